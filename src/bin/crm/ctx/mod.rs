//! Where the program stands: environment, clock, randomness, files. The only place that asks the system for them.

mod connector;
mod environment;
mod reacting;
mod secret;

use std::cell::{Cell, RefCell};
use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};
use std::path::{Path, PathBuf};

use crm::config::{self, Config};
use crm::domain::actor::{Actor, Caller};
use crm::domain::clock::Clock;
use crm::domain::money::Currency;
use crm::domain::when::instant;
use crm::error::{Error, Kind, Result};
use crm::ops::demo::{self, Size};
use crm::ops::found::{self, FIRST_USER, Founding};
use crm::store::{Durability, Store};
use jiff::Timestamp;
use jiff::civil::Weekday;
use jiff::tz::TimeZone;

use crate::cli::args::Global;
use crate::cli::ui::Ui;
use crate::paths::{Paths, Said};
use crate::text::style::Paint;

pub(crate) use connector::Connector;
pub(crate) use environment::{Environment, Terminal};
use reacting::Later;
pub(crate) use secret::secret;

/// What every command is handed.
pub(crate) struct Ctx {
    pub(crate) ui: Ui,
    pub(crate) global: Global,
    pub(crate) clock: Clock,
    /// The settings of the file; nothing where it cannot be read.
    pub(crate) config: Config,
    /// Why the settings cannot be read.
    broken: Option<Error>,
    paths: Paths,
    environment: Environment,
    random: u64,
    started: std::time::Instant,
    /// The operation that this call has recorded.
    pub(crate) op: Cell<Option<i64>>,
    /// The exit code of a command that went well.
    pub(crate) exit: Cell<u8>,
    /// What hooks call the command: `deal-win`.
    pub(crate) operation: String,
    /// Whether rules look at what this call imports.
    pub(crate) rules_see_imports: Cell<bool>,
    /// What is said once the command has said what it did.
    later: RefCell<Vec<Later>>,
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
    /// Reads the settings, sets the clock and gathers what commands need.
    ///
    /// # Errors
    ///
    /// `Usage` for a clock or zone that cannot be read.
    pub(crate) fn new(global: Global, environment: Environment) -> Result<Ctx> {
        let mut folders = environment.folders.clone();
        match global.db_on_line {
            true => folders.base_flag.clone_from(&global.db),
            false => folders.base_variable.clone_from(&global.db),
        }
        let paths = Paths::new(folders);
        let (config, warnings, broken) = match settings(&paths) {
            Ok((config, warnings)) => (config, warnings, None),
            Err(error) => (Config::default(), Vec::new(), Some(error)),
        };
        let clock = clock(&global, &environment, &config)?;
        let ui = environment.ui(&global, &config);
        for warning in warnings {
            let near = warning.near.first();
            let meant = near.map_or_else(String::new, |near| format!("; did you mean {near}?"));
            ui.warn(&format!("settings, {warning}{meant}"));
        }
        // The hasher of the standard library is seeded by the system for every process.
        let random = RandomState::new().build_hasher().finish();
        Ok(Ctx {
            ui,
            global,
            clock,
            config,
            broken,
            paths,
            environment,
            random,
            started: started(),
            op: Cell::new(None),
            exit: Cell::new(0),
            operation: String::new(),
            rules_see_imports: Cell::new(false),
            later: RefCell::default(),
        })
    }

    /// How long the program has been running, in milliseconds; for progress only, and never pinned.
    pub(crate) fn elapsed_ms(&self) -> i64 {
        i64::try_from(self.started.elapsed().as_millis()).unwrap_or(i64::MAX)
    }

    /// What tells how long the program has been running, for limits of time.
    pub(crate) fn stopwatch(&self) -> impl Fn() -> i64 + Send + 'static {
        let started = self.started;
        move || i64::try_from(started.elapsed().as_millis()).unwrap_or(i64::MAX)
    }

    /// The clock after a person has had the time to do something; a pinned one stands still.
    pub(crate) fn clock_by_now(&self) -> Clock {
        if self.global.now.is_some() || self.environment.now.is_some() {
            return self.clock.clone();
        }
        let passed = jiff::SignedDuration::from_millis(self.elapsed_ms());
        let now = self.clock.now().saturating_add(passed);
        Clock::new(
            now.unwrap_or_else(|_| self.clock.now()),
            self.clock.zone().clone(),
        )
    }

    /// Refuses to go on with settings that cannot be read.
    ///
    /// # Errors
    ///
    /// `Usage`, with the file, the line and the place in it.
    pub(crate) fn settled(&mut self) -> Result<()> {
        match self.broken.take() {
            Some(error) => Err(error),
            None => Ok(()),
        }
    }

    /// Why the settings cannot be read; none if they can.
    pub(crate) fn broken_settings(&self) -> Option<&Error> {
        self.broken.as_ref()
    }

    /// What the terminal says of itself.
    pub(crate) fn terminal(&self) -> &Terminal {
        &self.environment.terminal
    }

    /// Whether colour is wanted, if anybody says so.
    pub(crate) fn color(&self) -> Option<bool> {
        self.environment.color(&self.global, &self.config)
    }

    /// What the process was given.
    pub(crate) fn environment(&self) -> &Environment {
        &self.environment
    }

    /// The variables under which another process works on the base at `path` as this one does.
    pub(crate) fn surroundings(&self, path: &Path) -> Vec<(&'static str, String)> {
        let name = self.said_user().map_or(FIRST_USER, String::as_str);
        let mut variables = vec![
            ("CRM_DB", path.display().to_string()),
            ("CRM_USER", name.to_owned()),
        ];
        if let Some(now) = self.global.now.as_ref().or(self.environment.now.as_ref()) {
            variables.push(("CRM_NOW", now.clone()));
        }
        if let Some(zone) = self.global.tz.as_ref() {
            variables.push(("CRM_TZ", zone.clone()));
        }
        variables
    }

    /// Who acts, if anybody says so.
    fn said_user(&self) -> Option<&String> {
        let said = [&self.global.user, &self.environment.user, &self.config.user];
        said.into_iter().flatten().next()
    }

    /// Where the base is.
    ///
    /// # Errors
    ///
    /// `Usage` if there is neither a path nor a home.
    pub(crate) fn base(&self) -> Result<PathBuf> {
        Ok(self.place()?.0)
    }

    /// Where the base is, and who says so.
    ///
    /// # Errors
    ///
    /// As for [`Ctx::base`].
    pub(crate) fn place(&self) -> Result<(PathBuf, Said)> {
        self.paths.base(self.config.database.as_deref())
    }

    /// Where the settings are.
    ///
    /// # Errors
    ///
    /// `Usage` if there is neither a path nor a home.
    pub(crate) fn settings(&self) -> Result<PathBuf> {
        self.paths.config()
    }

    /// The folder of what is remembered between runs; none where there is no place for it.
    pub(crate) fn state(&self) -> Option<PathBuf> {
        self.paths.state().ok()
    }

    /// Notes the record that `@last` means from now on.
    pub(crate) fn remember(&self, reference: &str) {
        self.environment.remember(reference);
    }

    /// The command that opens a file for a person to change.
    pub(crate) fn editor(&self) -> &str {
        self.environment.editor.as_deref().unwrap_or("vi")
    }

    /// The command that shows a file or an address to a person: `CRM_OPENER`, else that of the system.
    pub(crate) fn opener(&self) -> &str {
        let usual = match std::env::consts::OS {
            "macos" => "open",
            "windows" => "explorer",
            _ => "xdg-open",
        };
        self.environment.opener.as_deref().unwrap_or(usual)
    }

    /// The program itself, as a job that runs without a shell has to name it.
    pub(crate) fn program(&self) -> PathBuf {
        std::env::current_exe().unwrap_or_else(|_| PathBuf::from("crm"))
    }

    /// Opens the base as `access` wants it.
    ///
    /// # Errors
    ///
    /// `Missing` for a base that was named and is not there, whatever the store refuses, an unknown user.
    pub(crate) fn open(&self, access: Access) -> Result<Session> {
        let (path, said) = self.place()?;
        if !path.exists() {
            match access {
                Access::Create => {
                    let currency = self.currency();
                    self.begin(&path, currency, false)?;
                    self.ui.hint(&format!(
                        "made a base in {currency} at {}; `crm init --currency CODE` makes one in another",
                        path.display()
                    ));
                }
                _ if said.is_named() => {
                    return Err(Error::new(
                        Kind::Missing,
                        format!("there is no base at {}", path.display()),
                    ));
                }
                Access::Write | Access::Read => {
                    self.ui.hint(
                        "there is no base yet; `crm init` or the first `add` makes one, `crm demo` a sample",
                    );
                    let founder = self.caller(Actor::founder(FIRST_USER));
                    let store = Store::in_memory(&founder, |tx| {
                        found::found(tx, &self.founding(self.currency(), false))
                    })?;
                    return self.session(store);
                }
            }
        }
        self.open_at(&path)
    }

    /// Opens the base that is there for a look, with which nothing is changed, made or said.
    ///
    /// # Errors
    ///
    /// There is no base, or it is none that can be looked at as it is.
    pub(crate) fn look(&self) -> Result<Session> {
        let (path, _) = self.place()?;
        self.session(Store::look(&path)?)
    }

    /// The currency of a new base, where nobody names one.
    pub(crate) fn currency(&self) -> Currency {
        #[expect(clippy::expect_used, reason = "ISO 4217 has the dollar")]
        let dollar = Currency::parse("USD").expect("USD is a currency");
        self.config.currency.unwrap_or(dollar)
    }

    /// Makes the base unless it is there; true if it was made.
    pub(crate) fn begin(&self, path: &Path, currency: Currency, demo: bool) -> Result<bool> {
        let founder = self.caller(Actor::founder(FIRST_USER));
        Store::create(path, &founder, |tx| {
            found::found(tx, &self.founding(currency, demo))
        })
    }

    /// Where the sample base is: `CRM_DB` names a base of real data and is left alone, `--db` may name another place.
    ///
    /// # Errors
    ///
    /// `Usage` if there is neither a path nor a home.
    pub(crate) fn demo_base(&self) -> Result<PathBuf> {
        self.paths.demo()
    }

    /// Makes a sample base unless there is one; true if it was made.
    pub(crate) fn begin_demo(&self, path: &Path, size: Size, made: &str) -> Result<bool> {
        let founding = self.founding(Currency::parse("EUR").unwrap_or_else(|| self.currency()), true);
        Store::create(path, &self.caller(Actor::founder(FIRST_USER)), |tx| {
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
        self.session(Store::open(path, self.durability(), self.clock.now_ms())?)
    }

    /// What the threads of the dashboard open the base with that is there.
    ///
    /// # Errors
    ///
    /// As for [`Ctx::open_at`]; the base is brought to the schema of this program before a thread sees it.
    pub(crate) fn connector(&self, path: &Path) -> Result<Connector> {
        let session = self.open_at(path)?;
        let pinned = self.global.now.is_some() || self.environment.now.is_some();
        Ok(Connector::new(
            path,
            self.durability(),
            session.caller,
            pinned,
            self.started,
            self.runner(Some(path)),
        ))
    }

    fn durability(&self) -> Durability {
        Durability {
            full: self.config.durability == Some(config::Durability::Full),
        }
    }

    fn founding(&self, currency: Currency, demo: bool) -> Founding {
        Founding {
            currency,
            user: FIRST_USER.to_owned(),
            demo,
        }
    }

    fn session(&self, mut store: Store) -> Result<Session> {
        let actor = store.actor(self.said_user().map_or(FIRST_USER, String::as_str))?;
        store.set_patience(self.global.timeout.unwrap_or(300), Some(tell_waiting));
        Ok(Session {
            store,
            caller: self.caller(actor),
        })
    }

    /// Who makes a base, before there is a user in it.
    pub(crate) fn founder(&self) -> Caller {
        self.caller(Actor::founder(FIRST_USER))
    }

    fn caller(&self, actor: Actor) -> Caller {
        Caller {
            command: self.environment.command(),
            region: self.global.region.clone().or_else(|| self.config.region.clone()),
            date_order: self.config.date_order,
            week_start: self.config.week_start.unwrap_or(Weekday::Monday),
            quote_days: self.config.quote_days,
            ..Caller::new(actor, self.clock.clone(), self.random)
        }
    }

    /// True if a person looks on, wherever stdout goes.
    pub(crate) fn has_terminal(&self) -> bool {
        (self.environment.stdin_tty || self.environment.stderr_tty) && !self.global.no_input
    }

    /// How to style what is drawn on the terminal itself, wherever stdout goes.
    pub(crate) fn terminal_paint(&self) -> Paint {
        Paint {
            on: self.environment.color(&self.global, &self.config).unwrap_or(true),
        }
    }

    /// True if keys come from a terminal and the whole of it can be drawn on.
    pub(crate) fn is_interactive(&self) -> bool {
        self.environment.stdin_tty && self.environment.stdout_tty && !self.global.no_input
    }

    /// True if stdin is a terminal.
    pub(crate) fn reads_terminal(&self) -> bool {
        self.environment.stdin_tty
    }

    /// True if a person can be asked.
    pub(crate) fn can_ask(&self) -> bool {
        self.environment.stdin_tty && self.environment.stderr_tty && !self.global.no_input
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

/// The settings of the file; no file is no setting.
fn settings(paths: &Paths) -> Result<(Config, Vec<config::Warning>)> {
    // Without a home there is no place for settings either; what needs a place will say so.
    let Ok(path) = paths.config() else {
        return Ok((Config::default(), Vec::new()));
    };
    let in_file = |error: Error| error.context(path.display());
    match std::fs::read_to_string(&path) {
        Ok(text) => Config::parse(&text).map_err(in_file),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok((Config::default(), Vec::new())),
        Err(error) => Err(in_file(Error::new(Kind::Usage, error.to_string()))),
    }
}

fn clock(global: &Global, environment: &Environment, config: &Config) -> Result<Clock> {
    let zone = match (global.tz.as_ref().or(environment.zone.as_ref()), &config.zone) {
        (Some(name), _) => TimeZone::get(name.trim_start_matches(':'))
            .map_err(|_| Error::usage(format!("there is no time zone {name:?}")))?,
        (None, Some(zone)) => zone.clone(),
        (None, None) => TimeZone::system(),
    };
    let now = match global.now.as_ref().or(environment.now.as_ref()) {
        None => connector::now(),
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
