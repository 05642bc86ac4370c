//! Commands that run beside the dashboard: each in a group of its own, so that it can be stopped with all that it has
//! started, and with as much kept of what it prints as a person can look through.

use std::collections::HashMap;
use std::io::{Read, Write};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use crate::tui::effect::Address;
use crate::tui::event::{Ended, Event, Ran};

/// So much is kept of what a command prints, in bytes.
const MOST: usize = 1024 * 1024;
/// So long is waited for the rest of what a command has printed that has ended: what it left behind may hold the pipe.
const REST: Duration = Duration::from_millis(300);

/// The commands that run.
#[derive(Clone, Default)]
pub(crate) struct Children {
    running: Arc<Mutex<HashMap<Address, Running>>>,
}

#[derive(Debug, Clone, Copy)]
struct Running {
    group: u32,
    is_stopped: bool,
}

impl Children {
    fn lock(&self) -> MutexGuard<'_, HashMap<Address, Running>> {
        // Whoever panicked has left nothing half done in a map of numbers.
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs a command with this on its standard input; what it leaves behind goes to `events`.
    pub(crate) fn run(&self, address: Address, mut command: Command, input: String, events: &Sender<Event>) {
        let (children, events) = (self.clone(), events.clone());
        command
            .stdin(if input.is_empty() {
                Stdio::null()
            } else {
                Stdio::piped()
            })
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        own_group(&mut command);
        thread::spawn(move || {
            let ran = match children.spawn(address, &mut command) {
                Ok(child) => children.wait(address, child, input),
                Err(error) => {
                    let name = command.get_program().to_string_lossy().into_owned();
                    Ran {
                        end: Ended::Not(format!("{name}: {error}")),
                        ..Ran::default()
                    }
                }
            };
            // Nobody wants to know any more where this fails.
            let _ = events.send(Event::Ran(address, ran));
        });
    }

    /// Starts a program that shows something to a person, and leaves it alone; that it cannot is told.
    pub(crate) fn launch(address: Address, mut command: Command, events: &Sender<Event>) {
        let events = events.clone();
        command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        own_group(&mut command);
        thread::spawn(move || {
            let name = command.get_program().to_string_lossy().into_owned();
            let reason = match command.status() {
                Ok(status) if status.success() => return,
                Ok(status) => status.to_string(),
                Err(error) => error.to_string(),
            };
            let ran = Ran {
                end: Ended::Not(format!("{name}: {reason}")),
                ..Ran::default()
            };
            let _ = events.send(Event::Ran(address, ran));
        });
    }

    /// Starts a command, which can be stopped from its first moment on.
    fn spawn(&self, address: Address, command: &mut Command) -> std::io::Result<Child> {
        let mut running = self.lock();
        let child = command.spawn()?;
        let group = child.id();
        running.insert(
            address,
            Running {
                group,
                is_stopped: false,
            },
        );
        Ok(child)
    }

    /// Waits for the end of a command.
    fn wait(&self, address: Address, mut child: Child, input: String) -> Ran {
        if let Some(mut stdin) = child.stdin.take() {
            // A command may end without reading all of it, and may print before it has read.
            thread::spawn(move || {
                let _ = stdin.write_all(input.as_bytes());
            });
        }
        let output = child.stdout.take().map(kept);
        let talk = child.stderr.take().map(kept);
        let ended = child.wait();
        let is_stopped = self.lock().remove(&address).is_some_and(|known| known.is_stopped);
        let (output, one) = output.as_ref().map(rest).unwrap_or_default();
        let (talk, other) = talk.as_ref().map(rest).unwrap_or_default();
        Ran {
            output,
            talk,
            is_cut: one || other,
            end: match ended {
                _ if is_stopped => Ended::Stopped,
                Ok(status) => end(status),
                Err(error) => Ended::Not(error.to_string()),
            },
        }
    }

    /// Stops the command of this address, and insists the second time.
    pub(crate) fn stop(&self, address: Address) {
        if let Some(running) = self.lock().get_mut(&address) {
            end_group(running);
        }
    }

    /// Stops all commands, and insists the second time.
    pub(crate) fn stop_all(&self) {
        for running in self.lock().values_mut() {
            end_group(running);
        }
    }
}

fn end(status: ExitStatus) -> Ended {
    match status.code() {
        Some(0) => Ended::Well,
        Some(code) => Ended::Code(code),
        None => Ended::Not(status.to_string()),
    }
}

/// What a thread has read so far.
struct Kept {
    text: Arc<Mutex<(Vec<u8>, bool)>>,
    over: Receiver<()>,
}

/// Reads all of a stream, and keeps its beginning.
fn kept(mut stream: impl Read + Send + 'static) -> Kept {
    let text = Arc::new(Mutex::new((Vec::new(), false)));
    let (done, over) = channel();
    let shared = Arc::clone(&text);
    thread::spawn(move || {
        let mut bytes = vec![0; 16 * 1024];
        while let Ok(count) = stream.read(&mut bytes) {
            let Some(new) = bytes.get(..count).filter(|new| !new.is_empty()) else {
                break;
            };
            let mut kept = shared.lock().unwrap_or_else(PoisonError::into_inner);
            let room = MOST.saturating_sub(kept.0.len());
            kept.0
                .extend_from_slice(new.get(..room.min(count)).unwrap_or_default());
            kept.1 |= count > room;
        }
        let _ = done.send(());
    });
    Kept { text, over }
}

/// What was read of a stream, and whether more was printed.
fn rest(kept: &Kept) -> (String, bool) {
    let _ = kept.over.recv_timeout(REST);
    let text = kept.text.lock().unwrap_or_else(PoisonError::into_inner);
    (String::from_utf8_lossy(&text.0).into_owned(), text.1)
}

#[cfg(unix)]
fn own_group(command: &mut Command) {
    use std::os::unix::process::CommandExt;
    command.process_group(0);
}

#[cfg(not(unix))]
fn own_group(_command: &mut Command) {}

/// Ends a group politely, and the second time for sure.
#[cfg(unix)]
fn end_group(running: &mut Running) {
    let signal = if running.is_stopped {
        libc::SIGKILL
    } else {
        libc::SIGTERM
    };
    running.is_stopped = true;
    let Ok(group) = libc::pid_t::try_from(running.group) else {
        return;
    };
    #[expect(unsafe_code, reason = "the standard library ends no groups")]
    // SAFETY: no memory is involved.
    unsafe {
        libc::kill(-group, signal);
        // What was stopped by the terminal would not see the signal.
        libc::kill(-group, libc::SIGCONT);
    }
}

#[cfg(windows)]
fn end_group(running: &mut Running) {
    running.is_stopped = true;
    let _ = Command::new("taskkill")
        .args(["/T", "/F", "/PID", &running.group.to_string()])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
}

/// A command line as the shell of the system reads it.
pub(crate) fn shell(line: &str) -> Command {
    if cfg!(windows) {
        let mut command = Command::new("cmd");
        command.args(["/C", line]);
        return command;
    }
    let mut command = Command::new("sh");
    command.args(["-c", line]);
    command
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    const HERE: Address = Address { owner: 7, slot: 0 };

    fn ran(line: &str, input: &str) -> Ran {
        let (sender, events) = channel();
        Children::default().run(HERE, shell(line), input.to_owned(), &sender);
        match events.recv().expect("an end") {
            Event::Ran(HERE, ran) => ran,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn what_is_printed_is_kept_apart_from_what_is_said() {
        let found = ran("printf '张伟\\n'; echo oops >&2; exit 3", "");
        assert_eq!(found.output, "张伟\n");
        assert_eq!(found.talk, "oops\n");
        assert_eq!(found.end, Ended::Code(3));
        assert!(!found.is_cut);
    }

    #[test]
    fn records_are_read_and_need_not_be() {
        let input = "{\"id\":\"C1\"}\n".repeat(20_000);
        assert_eq!(ran("wc -l", &input).output.trim(), "20000");
        assert_eq!(ran("true", &input).end, Ended::Well);
        assert_eq!(ran("cat", "").output, "", "nothing is typed into a command");
    }

    #[test]
    fn more_than_a_person_looks_through_is_not_kept() {
        let found = ran("head -c 3000000 /dev/zero | tr '\\0' x", "");
        assert_eq!(found.output.len(), MOST);
        assert!(found.is_cut);
        assert_eq!(found.end, Ended::Well);
    }

    #[test]
    fn what_a_command_leaves_behind_keeps_nobody_waiting() {
        let found = ran("sleep 30 & echo $!", "");
        assert_eq!(found.end, Ended::Well);
        let left: i32 = found.output.trim().parse().expect("a number");
        // SAFETY: no memory is involved.
        #[expect(unsafe_code, reason = "the standard library ends no processes of others")]
        unsafe {
            libc::kill(left, libc::SIGTERM);
        }
    }

    #[test]
    fn a_command_is_stopped_with_all_that_it_has_started() {
        let children = Children::default();
        let (sender, events) = channel();
        let folder = tempfile::tempdir().expect("a folder");
        let pipe = folder.path().join("started");
        let made = Command::new("mkfifo").arg(&pipe).status().expect("a pipe");
        assert!(made.success());
        let line = format!("(echo begun > '{}'; exec sleep 600) | cat", pipe.display());
        children.run(HERE, shell(&line), String::new(), &sender);
        // It has begun when it has said so.
        assert_eq!(std::fs::read_to_string(&pipe).expect("a word"), "begun\n");
        children.stop(HERE);
        let Ok(Event::Ran(HERE, ran)) = events.recv_timeout(Duration::from_secs(20)) else {
            panic!("it has not ended");
        };
        assert_eq!(ran.end, Ended::Stopped);
    }

    #[test]
    fn what_cannot_be_run_says_why() {
        let (sender, events) = channel();
        let command = Command::new("/nowhere/to-be-found");
        Children::default().run(HERE, command, String::new(), &sender);
        let Ok(Event::Ran(_, ran)) = events.recv() else {
            panic!("nothing came");
        };
        assert!(matches!(ran.end, Ended::Not(reason) if reason.contains("to-be-found")));
    }
}
