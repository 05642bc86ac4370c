//! When something that cannot happen has happened: the terminal is given back, and the person learns what was lost
//! (nothing) and where to look.

use std::backtrace::Backtrace;
use std::fmt::Write as _;
use std::io::Write as _;
use std::panic::PanicHookInfo;
use std::path::PathBuf;

use crm::fault;

/// Writes panics into a file from now on; one that nothing catches gives the terminal back first and tells the person.
pub(crate) fn watch(log: PathBuf) {
    std::panic::set_hook(Box::new(move |info| {
        let is_caught = fault::is_caught();
        if !is_caught {
            crate::tui::terminal::leave();
        }
        let told = what(info);
        let kept = keep(&log, &told);
        if !is_caught {
            let _ = std::io::stderr().write_all(message(&told, kept.then_some(&log)).as_bytes());
        }
    }));
}

/// What happened, and where.
fn what(info: &PanicHookInfo<'_>) -> String {
    let why = info.payload_as_str().unwrap_or("no reason was given");
    match info.location() {
        Some(place) => format!("{why} ({}:{})", place.file(), place.line()),
        None => why.to_owned(),
    }
}

/// What the person reads on the normal screen.
fn message(what: &str, log: Option<&PathBuf>) -> String {
    let mut text = format!("error: the dashboard has a fault and had to end: {what}\n");
    text.push_str(
        "Your data is safe: every change is a transaction. What you were typing is kept as a draft.\n",
    );
    if let Some(log) = log {
        let _ = writeln!(text, "The details are in {}", log.display());
    }
    text
}

/// Adds to the log; false if that was not possible.
fn keep(log: &PathBuf, what: &str) -> bool {
    let thread = std::thread::current();
    let name = thread.name().unwrap_or("worker");
    let text = format!(
        "crm {}, thread {name}: {what}\n{}\n",
        env!("CARGO_PKG_VERSION"),
        Backtrace::force_capture()
    );
    let written = || -> std::io::Result<()> {
        if let Some(folder) = log.parent() {
            std::fs::create_dir_all(folder)?;
        }
        let mut file = std::fs::File::options().create(true).append(true).open(log)?;
        file.write_all(text.as_bytes())
    };
    written().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_reads_what_happened_and_where_the_details_are() {
        let log = PathBuf::from("/state/crm/panic.log");
        let text = message("no row (list.rs:7)", Some(&log));
        assert!(text.contains("no row (list.rs:7)") && text.contains("/state/crm/panic.log"));
        assert!(!message("x", None).contains("details"));
    }

    #[test]
    fn the_log_grows() {
        let folder = tempfile::tempdir().unwrap();
        let log = folder.path().join("new").join("panic.log");
        assert!(keep(&log, "one") && keep(&log, "two"));
        let text = std::fs::read_to_string(&log).unwrap();
        assert!(text.contains(": one\n") && text.contains(": two\n"));
        assert!(!keep(&log.join("below a file"), "three"));
    }
}
