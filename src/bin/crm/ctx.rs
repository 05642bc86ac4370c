//! Where the program stands: environment, clock, randomness, files. The only place that asks the system for them.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};
use std::io::IsTerminal;
use std::path::{Path, PathBuf};

use crm::domain::actor::{Actor, Caller, Scope, Via};
use crm::domain::clock::Clock;
use crm::domain::id::Id;
use crm::domain::money::Currency;
use crm::domain::when::instant;
use crm::error::{Error, Kind, Result};
use crm::ops::demo::{self, Size};
use crm::ops::found::{self, FIRST_USER, Founding};
use crm::store::{Durability, Store, WriteTx, log};
use jiff::Timestamp;
use jiff::civil::Weekday;
use jiff::tz::TimeZone;

use crate::cli::args::Global;
use crate::cli::ui::{Ui, UiOptions};

/// What the process was given besides its arguments.
#[derive(Debug, Clone, Default)]
pub(crate) struct Environment {
    stdin_tty: bool,
    stdout_tty: bool,
    stderr_tty: bool,
    width: Option<u16>,
    color: Option<bool>,
    home_data: Option<PathBuf>,
    zone: Option<String>,
    now: Option<String>,
    user: Option<String>,
    command: String,
}

impl Environment {
    /// Reads it once, at the start.
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that reads the environment"
    )]
    pub(crate) fn read() -> Environment {
        let text = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
        let stdout_tty = std::io::stdout().is_terminal();
        let color = if text("NO_COLOR").is_some() {
            Some(false)
        } else if text("CLICOLOR_FORCE").is_some_and(|value| value != "0") {
            Some(true)
        } else if text("TERM").is_none_or(|term| term == "dumb") {
            Some(false)
        } else {
            None
        };
        Environment {
            stdin_tty: std::io::stdin().is_terminal(),
            stdout_tty,
            stderr_tty: std::io::stderr().is_terminal(),
            width: if stdout_tty {
                terminal_size::terminal_size().map(|(width, _)| width.0)
            } else {
                None
            },
            color,
            home_data: dirs::data_dir(),
            zone: text("TZ"),
            now: text("CRM_NOW"),
            user: text("CRM_USER"),
            command: std::env::args()
                .map(|word| quoted(&word))
                .collect::<Vec<_>>()
                .join(" "),
        }
    }

    /// The streams as the flags want them.
    pub(crate) fn ui(&self, global: &Global) -> Ui {
        let color = match global.color.as_deref() {
            Some("always") => true,
            Some("never") => false,
            _ => self.color.unwrap_or(self.stdout_tty),
        };
        Ui::stdio(UiOptions {
            stdout_tty: self.stdout_tty,
            stderr_tty: self.stderr_tty,
            width: self.width,
            color,
            quiet: global.quiet,
            verbose: global.verbose,
        })
    }
}

/// One word of a command line as a shell would read it back.
fn quoted(word: &str) -> String {
    let plain = |letter: char| letter.is_alphanumeric() || "-_./:=@,+%".contains(letter);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', "'\\''"))
    }
}

/// What every command is handed.
pub(crate) struct Ctx {
    pub(crate) ui: Ui,
    pub(crate) global: Global,
    pub(crate) clock: Clock,
    environment: Environment,
    random: u64,
    started: std::time::Instant,
}

/// What a command wants of the base.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    /// It reads; a default base that is not there yet is empty.
    Read,
    /// It changes what is there.
    Write,
    /// It adds, and may begin a base.
    Create,
}

/// An open base, and who works with it.
pub(crate) struct Session {
    pub(crate) store: Store,
    pub(crate) caller: Caller,
}

impl Ctx {
    /// Sets the clock and gathers what commands need.
    ///
    /// # Errors
    ///
    /// `Usage` for a clock or zone that cannot be read.
    pub(crate) fn new(ui: Ui, global: Global, environment: Environment) -> Result<Ctx> {
        let clock = clock(&global, &environment)?;
        // The hasher of the standard library is seeded by the system for every process.
        let random = RandomState::new().build_hasher().finish();
        Ok(Ctx {
            ui,
            global,
            clock,
            environment,
            random,
            started: started(),
        })
    }

    /// How long the program has been running, in milliseconds; for progress only, and never pinned.
    pub(crate) fn elapsed_ms(&self) -> i64 {
        i64::try_from(self.started.elapsed().as_millis()).unwrap_or(i64::MAX)
    }

    /// Where the base is.
    ///
    /// # Errors
    ///
    /// `Missing` if there is neither a path nor a home.
    pub(crate) fn base(&self) -> Result<PathBuf> {
        if let Some(path) = &self.global.db {
            return Ok(path.clone());
        }
        match &self.environment.home_data {
            Some(data) => Ok(data.join("crm").join("crm.db")),
            None => Err(Error::new(
                Kind::Missing,
                "there is no home folder to look for the base in; name it with --db",
            )),
        }
    }

    /// Opens the base as `access` wants it.
    ///
    /// # Errors
    ///
    /// `Missing` for a base that was named and is not there, whatever the store refuses, an unknown user.
    pub(crate) fn open(&self, access: Access) -> Result<Session> {
        let path = self.base()?;
        if !path.exists() {
            match access {
                Access::Create => self.begin(&path, None, false).map(|_| ())?,
                _ if self.global.db.is_some() => {
                    return Err(Error::new(
                        Kind::Missing,
                        format!("there is no base at {}", path.display()),
                    ));
                }
                Access::Write | Access::Read => {
                    self.ui.hint(
                        "there is no base yet; `crm init` or the first `add` makes one, `crm demo` a sample",
                    );
                    let founder = self.caller(nobody());
                    let store =
                        Store::in_memory(&founder, |tx| found::found(tx, &self.founding(None, false)))?;
                    return self.session(store);
                }
            }
        }
        let store = Store::open(&path, Durability::default(), self.clock.now_ms())?;
        self.session(store)
    }

    /// Makes the base unless it is there; true if it was made.
    pub(crate) fn begin(&self, path: &Path, currency: Option<Currency>, demo: bool) -> Result<bool> {
        let founder = self.caller(nobody());
        Store::create(path, &founder, |tx| {
            found::found(tx, &self.founding(currency, demo))
        })
    }

    /// Where the sample base is: `CRM_DB` names a base of real data and is left alone, `--db` may name another place.
    ///
    /// # Errors
    ///
    /// `Missing` if there is neither a path nor a home.
    pub(crate) fn demo_base(&self) -> Result<PathBuf> {
        match (
            &self.global.db,
            self.global.db_on_line,
            &self.environment.home_data,
        ) {
            (Some(path), true, _) => Ok(path.clone()),
            (_, _, Some(data)) => Ok(data.join("crm").join("demo.db")),
            _ => Err(Error::new(
                Kind::Missing,
                "there is no home folder for the sample base; name a file with --db",
            )),
        }
    }

    /// Makes a sample base unless there is one; true if it was made.
    pub(crate) fn begin_demo(&self, path: &Path, size: Size, made: &str) -> Result<bool> {
        let founding = self.founding(Currency::parse("EUR"), true);
        Store::create(path, &self.caller(nobody()), |tx| {
            found::found(tx, &founding)?;
            found::note(tx, "demo_made", made)?;
            demo::fill(tx, size)
        })
    }

    /// Opens the base at `path`.
    ///
    /// # Errors
    ///
    /// Whatever the store refuses.
    pub(crate) fn open_at(&self, path: &Path) -> Result<Session> {
        self.session(Store::open(path, Durability::default(), self.clock.now_ms())?)
    }

    fn founding(&self, currency: Option<Currency>, demo: bool) -> Founding {
        let currency = currency.or_else(|| Currency::parse("USD"));
        #[expect(clippy::expect_used, reason = "ISO 4217 has the dollar")]
        let currency = currency.expect("USD is a currency");
        Founding {
            currency,
            user: FIRST_USER.to_owned(),
            demo,
        }
    }

    fn session(&self, mut store: Store) -> Result<Session> {
        let name = self.global.user.as_ref().or(self.environment.user.as_ref());
        let actor = store.actor(name.map_or(FIRST_USER, String::as_str))?;
        store.set_patience(self.global.timeout.unwrap_or(300), Some(tell_waiting));
        Ok(Session {
            store,
            caller: self.caller(actor),
        })
    }

    fn caller(&self, actor: Actor) -> Caller {
        Caller {
            actor,
            clock: self.clock.clone(),
            random: self.random,
            via: Via::Cli,
            command: self.environment.command.clone(),
            region: self.global.region.clone(),
            date_order: None,
            week_start: Weekday::Monday,
        }
    }

    /// True if a person can be asked.
    pub(crate) fn can_ask(&self) -> bool {
        self.environment.stdin_tty && self.environment.stderr_tty && !self.global.no_input
    }
}

impl Session {
    /// Runs an operation, or rehearses it with `--dry-run`.
    ///
    /// # Errors
    ///
    /// Whatever the operation fails with; nothing was changed then.
    pub(crate) fn write<T>(
        &mut self,
        ctx: &Ctx,
        work: impl FnOnce(&WriteTx<'_>) -> Result<T>,
    ) -> Result<(T, Option<log::Op>)> {
        if ctx.global.dry_run {
            return Ok((self.store.rehearse(&self.caller, work)?, None));
        }
        let written = self.store.write(&self.caller, work)?;
        Ok((written.value, written.op))
    }
}

/// The founder of a base, before there is a user.
fn nobody() -> Actor {
    Actor {
        id: Id::from_raw(0),
        name: FIRST_USER.to_owned(),
        team: None,
        scope: Scope::All,
    }
}

fn tell_waiting() {
    use std::io::Write;
    // The talk of the program is not at hand inside the store; one plain line is enough.
    let _ = writeln!(
        std::io::stderr(),
        "waiting for another process that is writing to the base"
    );
}

#[expect(clippy::disallowed_methods, reason = "the one place that asks for the time")]
fn started() -> std::time::Instant {
    std::time::Instant::now()
}

#[expect(clippy::disallowed_methods, reason = "the one place that asks for the time")]
fn clock(global: &Global, environment: &Environment) -> Result<Clock> {
    let zone = match global.tz.as_ref().or(environment.zone.as_ref()) {
        Some(name) => TimeZone::get(name.trim_start_matches(':'))
            .map_err(|_| Error::usage(format!("there is no time zone {name:?}")))?,
        None => TimeZone::system(),
    };
    let now = match global.now.as_ref().or(environment.now.as_ref()) {
        None => Timestamp::now(),
        Some(text) => pinned(text, &zone)?,
    };
    Ok(Clock::new(now, zone))
}

/// A pinned clock: an instant, or a day, which means nine in the morning.
fn pinned(text: &str, zone: &TimeZone) -> Result<Timestamp> {
    if let Some(at) = instant::exact(text) {
        return Ok(at);
    }
    let local = text
        .parse::<jiff::civil::DateTime>()
        .map(|at| {
            if text.len() > 10 {
                at
            } else {
                at.date().at(9, 0, 0, 0)
            }
        })
        .map_err(|_| Error::usage(format!("{text:?} is neither a day nor an instant")))?;
    Ok(instant::instant_of(local, zone))
}
