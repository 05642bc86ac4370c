//! Running a program that a rule or a hook names: no shell, a closed environment, a limit of time.

use std::ffi::OsString;
use std::io::{Read, Write};
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

/// So long a program may take.
const LIMIT: Duration = Duration::from_secs(30);

/// How often it is asked whether it has ended.
const PAUSE: Duration = Duration::from_millis(4);

/// So long is waited for the rest of what a program has printed: what it left behind may hold the pipe.
const REST: Duration = Duration::from_millis(300);

/// So much is kept of what a program prints, in bytes.
const MOST: u64 = 1024 * 1024;

/// The variable that says how many programs stand between this one and the person: what they call starts no more.
pub(crate) const DEPTH: &str = "CRM_HOOK_DEPTH";

/// How programs are run.
#[derive(Debug, Clone)]
pub(crate) struct Runner {
    /// What every program finds in its environment, and nothing else.
    pub(crate) variables: Vec<(&'static str, OsString)>,
    /// Whether rules may run programs.
    pub(crate) rules_may: bool,
    /// Where hooks are; none where none are to run.
    pub(crate) hooks: Option<PathBuf>,
    /// How many programs stand between this one and the person.
    pub(crate) depth: u32,
}

/// What a program left behind.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Ran {
    pub(crate) output: String,
    pub(crate) talk: String,
    /// Why it failed; none if it did not.
    pub(crate) failure: Option<String>,
}

impl Ran {
    fn failed(why: String) -> Ran {
        Ran {
            failure: Some(why),
            ..Ran::default()
        }
    }

    /// Why it failed, with the first line of what it said.
    pub(crate) fn why(&self) -> Option<String> {
        let failure = self.failure.as_ref()?;
        let said = self.talk.lines().map(str::trim).find(|line| !line.is_empty());
        Some(said.map_or_else(|| failure.clone(), |said| format!("{said} ({failure})")))
    }
}

impl Runner {
    /// Runs the program of a rule.
    pub(crate) fn of_rule(&self, words: &[String], input: &str, more: &[(&str, &str)]) -> Ran {
        if self.depth > 0 {
            return Ran::failed("not run: a rule or a hook is running already".to_owned());
        }
        if !self.rules_may {
            return Ran::failed(
                "not run: `crm config set rule_commands true` lets rules run programs on this machine"
                    .to_owned(),
            );
        }
        self.run(words, input, more)
    }

    /// Runs a program with this on its standard input and waits for its end.
    pub(crate) fn run(&self, words: &[String], input: &str, more: &[(&str, &str)]) -> Ran {
        let Some((program, arguments)) = words.split_first() else {
            return Ran::failed("there is nothing to run".to_owned());
        };
        let mut command = Command::new(program);
        command
            .args(arguments)
            .env_clear()
            .envs(self.variables.iter().map(|(name, value)| (name, value)))
            .envs(more.iter().copied())
            .env(DEPTH, (self.depth + 1).to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        own_group(&mut command);
        let mut child = match command.spawn() {
            Ok(child) => child,
            Err(error) => return Ran::failed(format!("{program}: {error}")),
        };
        if let Some(mut stdin) = child.stdin.take() {
            let input = input.to_owned();
            // A program may end without reading all of it, and may print before it has read.
            thread::spawn(move || {
                let _ = stdin.write_all(input.as_bytes());
            });
        }
        let output = child.stdout.take().map(kept);
        let talk = child.stderr.take().map(kept);
        let failure = match wait(&mut child) {
            Ok(Some(status)) if status.success() => None,
            Ok(Some(status)) => Some(status.code().map_or_else(
                || format!("{program} ended with {status}"),
                |code| format!("{program} ended with {code}"),
            )),
            Ok(None) => Some(format!("{program} took longer than {} s", LIMIT.as_secs())),
            Err(error) => Some(format!("{program}: {error}")),
        };
        let text = |stream: Option<Receiver<String>>| {
            stream
                .and_then(|stream| stream.recv_timeout(REST).ok())
                .unwrap_or_default()
        };
        Ran {
            output: text(output),
            talk: text(talk),
            failure,
        }
    }
}

/// Waits for the end of a program; none if that took too long, and it was ended.
fn wait(child: &mut Child) -> std::io::Result<Option<ExitStatus>> {
    let mut waited = Duration::ZERO;
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        if waited >= LIMIT {
            end_group(child);
            child.wait()?;
            return Ok(None);
        }
        thread::sleep(PAUSE);
        waited += PAUSE;
    }
}

/// Reads all of a stream, and keeps its beginning.
fn kept(mut stream: impl Read + Send + 'static) -> Receiver<String> {
    let (done, text) = channel();
    thread::spawn(move || {
        let mut bytes = Vec::new();
        let _ = stream.by_ref().take(MOST).read_to_end(&mut bytes);
        // Nobody may listen any more.
        let _ = done.send(String::from_utf8_lossy(&bytes).into_owned());
        let _ = std::io::copy(&mut stream, &mut std::io::sink());
    });
    text
}

#[cfg(unix)]
fn own_group(command: &mut Command) {
    use std::os::unix::process::CommandExt;
    command.process_group(0);
}

#[cfg(not(unix))]
fn own_group(_command: &mut Command) {}

#[cfg(unix)]
fn end_group(child: &mut Child) {
    if let Ok(group) = libc::pid_t::try_from(child.id()) {
        #[expect(unsafe_code, reason = "the standard library ends no groups")]
        // SAFETY: no memory is involved.
        unsafe {
            libc::kill(-group, libc::SIGKILL);
        }
    }
}

#[cfg(not(unix))]
fn end_group(child: &mut Child) {
    let _ = child.kill();
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn runner() -> Runner {
        Runner {
            variables: vec![("PATH", "/usr/bin:/bin".into()), ("CRM_DB", "/tmp/a b.db".into())],
            rules_may: true,
            hooks: None,
            depth: 0,
        }
    }

    fn words(line: &str) -> Vec<String> {
        crm::domain::shell::words(line).expect("a line")
    }

    #[test]
    fn no_shell_reads_the_line_unless_it_is_one() {
        let ran = runner().run(&words("echo '$CRM_DB; 张伟'"), "", &[]);
        assert_eq!(ran.output, "$CRM_DB; 张伟\n");
        let ran = runner().run(
            &words("sh -c 'cat; echo \"$CRM_DB $CRM_OP $CRM_HOOK_DEPTH $HOME\"'"),
            "{}\n",
            &[("CRM_OP", "x")],
        );
        assert_eq!(ran.output, "{}\n/tmp/a b.db x 1 \n");
        assert_eq!(ran.why(), None);
    }

    #[test]
    fn a_failure_says_why() {
        let ran = runner().run(&words("sh -c 'echo too late >&2; exit 3'"), "", &[]);
        assert_eq!(ran.why().as_deref(), Some("too late (sh ended with 3)"));
        let ran = runner().run(&words("/nowhere/at-all"), "", &[]);
        assert!(ran.why().is_some_and(|why| why.starts_with("/nowhere/at-all: ")));
        let many = "x".repeat(1 << 20);
        assert_eq!(runner().run(&words("true"), &many, &[]).failure, None);
    }

    #[test]
    fn what_a_program_calls_runs_none_and_a_base_needs_leave() {
        let inner = Runner { depth: 1, ..runner() };
        assert!(inner.of_rule(&words("true"), "", &[]).failure.is_some());
        let other = Runner {
            rules_may: false,
            ..runner()
        };
        assert!(
            other
                .of_rule(&words("true"), "", &[])
                .failure
                .is_some_and(|why| why.contains("rule_commands"))
        );
        assert_eq!(runner().of_rule(&words("true"), "", &[]).failure, None);
    }
}
