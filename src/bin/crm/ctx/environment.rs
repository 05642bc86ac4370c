//! What the process was given: environment, streams, words. Read once, at the start.

use std::ffi::OsString;
use std::io::IsTerminal;
use std::path::PathBuf;

use crm::config::{self, Config};
use crm::error::{Error, Kind, Result};

use crate::cli::args::Global;
use crate::cli::output::pager::Pager;
use crate::cli::ui::{Ui, UiOptions};
use crate::paths::{self, Paths};
use crate::text::shell;

/// What the process was given besides its arguments.
#[derive(Debug, Clone, Default)]
pub(crate) struct Environment {
    pub(super) stdin_tty: bool,
    pub(super) stdout_tty: bool,
    pub(super) stderr_tty: bool,
    width: Option<u16>,
    height: Option<u16>,
    color: Option<bool>,
    /// The pager as a shell reads it; none where nobody wants one.
    pager: Option<String>,
    pub(super) folders: paths::Environment,
    pub(super) terminal: Terminal,
    pub(super) editor: Option<String>,
    pub(super) opener: Option<String>,
    pub(super) zone: Option<String>,
    pub(super) now: Option<String>,
    pub(super) user: Option<String>,
    /// What stands for the terminal in the memory of `@last`; none where nobody looks on.
    session: Option<String>,
    words: Vec<OsString>,
    /// Nothing is written to the streams: somebody else has the terminal.
    is_silent: bool,
}

/// What the terminal says of itself.
#[derive(Debug, Clone, Default)]
pub(crate) struct Terminal {
    /// `TERM`.
    pub(crate) term: Option<String>,
    /// The first of `LC_ALL`, `LC_CTYPE` and `LANG`.
    pub(crate) locale: Option<String>,
    /// `COLORTERM`.
    pub(crate) colors: Option<String>,
    /// `COLORFGBG`.
    pub(crate) background: Option<String>,
    /// Whether it is inside tmux.
    pub(crate) tmux: bool,
    /// Whether the screen is on another machine.
    pub(crate) remote: bool,
    /// Whether there is a screen of Wayland.
    pub(crate) wayland: bool,
    /// Whether there is one of X.
    pub(crate) x11: bool,
    /// The folders in which programs are looked for.
    pub(crate) programs: Vec<PathBuf>,
    /// Whether stdout leads to one.
    pub(crate) is_there: bool,
    /// Whether stdin comes from one.
    pub(crate) reads: bool,
    /// `TERM_PROGRAM`.
    pub(crate) program: Option<String>,
    /// `CRM_TEST_IDLE_MARK`: where the dashboard tells that nothing is outstanding.
    pub(crate) idle_mark: Option<PathBuf>,
    /// `CRM_TEST_PANIC`: where the dashboard is to fail.
    pub(crate) fault: Option<String>,
}

impl Terminal {
    /// Whether its window has a title; the console shows what it does not understand.
    pub(crate) fn has_title(&self) -> bool {
        self.term.as_deref().is_some_and(|term| term != "linux")
    }
}

impl Environment {
    /// Reads it once, at the start.
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that reads the environment"
    )]
    pub(crate) fn read() -> Environment {
        let text = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
        let is_terminal = std::io::stdout().is_terminal();
        let size = is_terminal.then(terminal_size::terminal_size).flatten();
        // Whoever shows what is printed to a person says how wide.
        let told: Option<u16> = text("CRM_WIDTH").and_then(|width| width.parse().ok());
        let stdout_tty = is_terminal || told.is_some();
        let color = if text("NO_COLOR").is_some() {
            Some(false)
        } else if text("CLICOLOR_FORCE").is_some_and(|value| value != "0") {
            Some(true)
        } else if text("TERM").is_none_or(|term| term == "dumb" || term == "unknown") {
            Some(false)
        } else {
            None
        };
        Environment {
            stdin_tty: std::io::stdin().is_terminal(),
            stdout_tty,
            stderr_tty: std::io::stderr().is_terminal(),
            width: told.or(size.map(|(width, _)| width.0)),
            height: size.map(|(_, height)| height.0),
            color,
            pager: pager(
                std::env::var("CRM_PAGER").ok(),
                text("PAGER"),
                text("LESS").is_some(),
            )
            .filter(|_| text("TERM").is_some_and(|term| term != "dumb")),
            folders: paths::Environment {
                home: dirs::home_dir(),
                data: dirs::data_dir(),
                config: dirs::config_dir(),
                state: dirs::state_dir(),
                current: std::env::current_dir().ok(),
                base_flag: None,
                base_variable: None,
                config_variable: text("CRM_CONFIG").map(PathBuf::from),
            },
            terminal: Terminal {
                term: text("TERM"),
                locale: text("LC_ALL").or(text("LC_CTYPE")).or(text("LANG")),
                colors: text("COLORTERM"),
                background: text("COLORFGBG"),
                tmux: text("TMUX").is_some(),
                remote: text("SSH_CONNECTION").is_some() || text("SSH_TTY").is_some(),
                wayland: text("WAYLAND_DISPLAY").is_some(),
                x11: text("DISPLAY").is_some(),
                programs: std::env::var_os("PATH")
                    .map(|path| std::env::split_paths(&path).collect())
                    .unwrap_or_default(),
                is_there: is_terminal,
                reads: std::io::stdin().is_terminal(),
                program: text("TERM_PROGRAM"),
                idle_mark: text("CRM_TEST_IDLE_MARK").map(PathBuf::from),
                fault: text("CRM_TEST_PANIC"),
            },
            editor: text("CRM_EDITOR").or(text("VISUAL")).or(text("EDITOR")),
            opener: text("CRM_OPENER"),
            zone: text("TZ"),
            now: text("CRM_NOW"),
            user: text("CRM_USER"),
            session: text("CRM_SESSION").or_else(|| {
                let looks_on =
                    stdout_tty || std::io::stdin().is_terminal() || std::io::stderr().is_terminal();
                looks_on.then(shell)
            }),
            words: std::env::args_os().collect(),
            is_silent: false,
        }
    }

    /// What a process is given that runs these words in an empty home, without a terminal.
    #[cfg(test)]
    pub(crate) fn of(home: &std::path::Path, words: &[String]) -> Environment {
        Environment {
            folders: paths::Environment {
                home: Some(home.to_owned()),
                data: Some(home.join("data")),
                config: Some(home.join("config")),
                state: Some(home.join("state")),
                current: Some(home.to_owned()),
                ..paths::Environment::default()
            },
            words: words.iter().map(OsString::from).collect(),
            ..Environment::default()
        }
    }

    /// The home folder.
    pub(crate) fn home(&self) -> Option<&std::path::Path> {
        self.folders.home.as_deref()
    }

    /// The same for work beside a dashboard, which has the streams to itself.
    pub(crate) fn silent(mut self) -> Environment {
        self.is_silent = true;
        self
    }

    /// The words of the command line as they were given.
    pub(crate) fn given(&self) -> &[OsString] {
        &self.words
    }

    /// The words of the command line, with the record that this terminal showed or made last in place of `@last`.
    ///
    /// # Errors
    ///
    /// `NotFound` if there is none.
    pub(crate) fn words(&self) -> Result<Vec<OsString>> {
        if !self.words.iter().any(|word| word == LAST) {
            return Ok(self.words.clone());
        }
        let last = self.session.as_ref().and_then(|session| {
            let memory = std::fs::read_to_string(self.memory()?).ok()?;
            let mine = |line: &str| {
                line.strip_prefix(session.as_str())?
                    .strip_prefix('\t')
                    .map(str::to_owned)
            };
            memory.lines().rev().find_map(mine)
        });
        let last = last.ok_or_else(|| {
            Error::new(
                Kind::NotFound,
                "@last: this terminal has shown and made no record yet",
            )
        })?;
        let words = self.words.iter();
        Ok(words
            .map(|word| {
                if word == LAST {
                    OsString::from(&last)
                } else {
                    word.clone()
                }
            })
            .collect())
    }

    /// Where the last records of terminals are remembered.
    fn memory(&self) -> Option<PathBuf> {
        let folder = Paths::new(self.folders.clone()).state().ok()?;
        Some(folder.join("last"))
    }

    /// Notes what `@last` means from now on. It is a comfort: where it cannot be noted, it is not.
    pub(super) fn remember(&self, reference: &str) -> Option<()> {
        let session = self.session.as_ref()?;
        let memory = self.memory()?;
        let known = std::fs::read_to_string(&memory).unwrap_or_default();
        let others: Vec<&str> = known
            .lines()
            .filter(|line| line.split('\t').next() != Some(session))
            .collect();
        let recent = others.iter().skip(others.len().saturating_sub(REMEMBERED));
        let text: String = recent.map(|line| format!("{line}\n")).collect();
        std::fs::create_dir_all(memory.parent()?).ok()?;
        std::fs::write(&memory, format!("{text}{session}\t{reference}\n")).ok()
    }

    /// The command line as a shell would read it back.
    pub(super) fn command(&self) -> String {
        let words: Vec<_> = self.words.iter().map(|word| word.to_string_lossy()).collect();
        shell::line(&words)
    }

    /// Whether colour is wanted, if anybody says so.
    pub(super) fn color(&self, global: &Global, config: &Config) -> Option<bool> {
        let asked = global.color.as_deref().filter(|color| *color != "auto");
        match (asked, self.color, config.color) {
            (Some(color), ..) => Some(color == "always"),
            (None, Some(color), _) => Some(color),
            (None, None, Some(config::Color::Always)) => Some(true),
            (None, None, Some(config::Color::Never)) => Some(false),
            (None, None, _) => None,
        }
    }

    /// The streams as the flags, the environment and the settings want them, in this order.
    pub(crate) fn ui(&self, global: &Global, config: &Config) -> Ui {
        let asked = global.color.as_deref().filter(|color| *color != "auto");
        let color = self.color(global, config).unwrap_or(self.terminal.is_there);
        // A file is no terminal, whatever the screen is.
        let file = global.output.as_deref();
        let options = UiOptions {
            stdout_tty: self.stdout_tty && file.is_none(),
            stderr_tty: self.stderr_tty,
            width: self.width.filter(|_| file.is_none()),
            color: color && (file.is_none() || asked == Some("always")),
            quiet: global.quiet,
            verbose: global.verbose,
        };
        if self.is_silent {
            return Ui::new(options, Box::new(std::io::sink()), Box::new(std::io::sink()));
        }
        let paged = options.stdout_tty && self.stdin_tty && !global.no_pager;
        let pager = self.pager.as_ref().filter(|_| paged);
        match (file, pager, self.height) {
            (Some(path), ..) => Ui::file(options, path),
            // The prompt needs a line too.
            (None, Some(pager), Some(rows)) if rows > 2 => {
                Ui::paged(options, Pager::new(pager.clone(), usize::from(rows) - 1))
            }
            _ => Ui::stdio(options),
        }
    }
}

/// What a program that a rule or a hook names finds of the environment: where things are, and how people read.
const PASSED_ON: [&str; 22] = [
    "PATH",
    "HOME",
    "USER",
    "LOGNAME",
    "LANG",
    "LC_ALL",
    "LC_CTYPE",
    "TZ",
    "TMPDIR",
    "TERM",
    "DISPLAY",
    "WAYLAND_DISPLAY",
    "DBUS_SESSION_BUS_ADDRESS",
    "XDG_RUNTIME_DIR",
    "XDG_DATA_HOME",
    "XDG_CONFIG_HOME",
    "XDG_STATE_HOME",
    "CRM_CONFIG",
    "SYSTEMROOT",
    "USERPROFILE",
    "APPDATA",
    "TEMP",
];

/// What is passed on of the environment, read when it is needed.
#[expect(
    clippy::disallowed_methods,
    reason = "the one place that reads the environment"
)]
pub(super) fn passed_on() -> Vec<(&'static str, OsString)> {
    PASSED_ON
        .into_iter()
        .filter_map(|name| Some((name, std::env::var_os(name)?)))
        .collect()
}

/// How many programs of rules and hooks stand between this one and the person.
#[expect(
    clippy::disallowed_methods,
    reason = "the one place that reads the environment"
)]
pub(super) fn depth() -> u32 {
    match std::env::var(crate::runner::DEPTH) {
        Ok(text) if text.is_empty() => 0,
        // What cannot be read was set by somebody for something.
        Ok(text) => text.parse().unwrap_or(1),
        Err(_) => 0,
    }
}

/// The pager to use: that of `CRM_PAGER`, of `PAGER`, or `less` where there is one; none if the first is empty.
///
/// `less` ends at once if all fits, keeps colours and leaves the text on the screen, unless `LESS` says otherwise.
fn pager(own: Option<String>, general: Option<String>, less_is_told: bool) -> Option<String> {
    let told = if less_is_told { "" } else { "LESS=FRX " };
    match own.or(general) {
        Some(command) => {
            let command = command.trim();
            (!command.is_empty() && command != "cat").then(|| format!("{told}{command}"))
        }
        None => Some(format!(
            "if command -v less >/dev/null; then {told}exec less; else exec cat; fi"
        )),
    }
}

/// Stands for the record that was shown or made last.
const LAST: &str = "@last";

/// Of how many terminals the last record is remembered.
const REMEMBERED: usize = 50;

/// The shell that called, which is another one in every terminal.
#[cfg(unix)]
fn shell() -> String {
    std::os::unix::process::parent_id().to_string()
}

#[cfg(not(unix))]
fn shell() -> String {
    String::new()
}
