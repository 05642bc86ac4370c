//! What a thread needs to open the base for itself, and to know who acts and when.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crm::domain::actor::{Caller, Via};
use crm::domain::clock::Clock;
use crm::error::{Error, Kind, Result};
use crm::store::{Durability, Store};

use crate::runner::Runner;

/// How often the dashboard tries for the lock before it says that somebody else is writing, in seconds.
const PATIENCE_S: u32 = 10;

/// Opens the base again and again, and says who acts at the moment.
#[derive(Debug, Clone)]
pub(crate) struct Connector {
    path: PathBuf,
    durability: Durability,
    caller: Caller,
    /// A pinned clock stands still.
    pinned: bool,
    started: std::time::Instant,
    /// How many callers were made.
    calls: Arc<AtomicU64>,
    /// Which file the base is.
    file: Option<File>,
    /// How programs are run that rules and hooks name.
    pub(crate) runner: Arc<Runner>,
}

#[expect(clippy::disallowed_methods, reason = "the one place that asks for the time")]
pub(super) fn now() -> jiff::Timestamp {
    jiff::Timestamp::now()
}

/// What tells a file from another that came to its place; nothing where files have no such thing.
type File = (u64, u64);

#[cfg(unix)]
fn file(path: &Path) -> std::io::Result<Option<File>> {
    use std::os::unix::fs::MetadataExt;
    let about = std::fs::metadata(path)?;
    Ok(Some((about.dev(), about.ino())))
}

#[cfg(not(unix))]
fn file(path: &Path) -> std::io::Result<Option<File>> {
    // Where a file that is open cannot be replaced, it is enough that it is there.
    std::fs::metadata(path).map(|_| None)
}

impl Connector {
    /// A connector to the base at `path` for whoever `caller` is.
    pub(super) fn new(
        path: &Path,
        durability: Durability,
        caller: Caller,
        pinned: bool,
        started: std::time::Instant,
        runner: Runner,
    ) -> Connector {
        Connector {
            path: path.to_owned(),
            durability,
            caller: Caller {
                via: Via::Tui,
                ..caller
            },
            pinned,
            started,
            calls: Arc::new(AtomicU64::new(1)),
            file: file(path).ok().flatten(),
            runner: Arc::new(runner),
        }
    }

    /// Checks that the base that was opened is still the one at its place: what is written to a file that was moved away
    /// would be lost.
    ///
    /// # Errors
    ///
    /// `Io` if there is another file by now, or none.
    pub(crate) fn check(&self) -> Result<()> {
        let what = match file(&self.path) {
            Ok(now) if now == self.file => return Ok(()),
            Ok(_) => "the base was replaced by another file",
            Err(_) => "the base is not there any more",
        };
        let error = Error::new(
            Kind::Io,
            format!("{what}; leave the dashboard and start it again"),
        );
        Err(error.context(self.path.display()))
    }

    /// Opens the base for reading.
    ///
    /// # Errors
    ///
    /// Whatever the store refuses.
    pub(crate) fn reader(&self) -> Result<Store> {
        Store::look(&self.path)
    }

    /// Opens the base for writing.
    ///
    /// # Errors
    ///
    /// Whatever the store refuses.
    pub(crate) fn writer(&self) -> Result<Store> {
        let mut store = Store::open(&self.path, self.durability, self.clock().now_ms())?;
        store.set_patience(PATIENCE_S, None);
        Ok(store)
    }

    /// What time it is by now.
    pub(crate) fn clock(&self) -> Clock {
        let clock = &self.caller.clock;
        if self.pinned {
            return clock.clone();
        }
        // Not what has passed since the start: a computer that was asleep does not count that.
        Clock::new(now(), clock.zone().clone())
    }

    /// How long the program has been running, in milliseconds.
    pub(crate) fn elapsed_ms(&self) -> u64 {
        u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    /// Whoever acts, now, by something that `command` does as well.
    pub(crate) fn caller(&self, command: String) -> Caller {
        // Every operation gives out ids of its own, also those of the same millisecond.
        let call = self.calls.fetch_add(1, Ordering::Relaxed);
        Caller {
            clock: self.clock(),
            command,
            random: self
                .caller
                .random
                .wrapping_add(call.wrapping_mul(0x9E37_79B9_7F4A_7C15)),
            ..self.caller.clone()
        }
    }
}
