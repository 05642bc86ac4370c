//! Handing a text to the editor of a person, and taking it back.
//!
//! The file is readable by its owner alone, and goes when it is no longer needed; where something failed after it was
//! changed it stays, and its place is told.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crm::error::{Error, Kind, Result};
use tempfile::TempPath;

/// An editor that comes back sooner has most likely only told a window to open.
pub(crate) const TOO_SOON_MS: i64 = 1000;

/// What is said then.
pub(crate) const TOO_SOON: &str =
    "the editor came back at once; one with windows of its own needs a flag to wait, as in `code --wait`";

/// A text in a file of its own.
pub(crate) struct Draft {
    path: TempPath,
}

impl Draft {
    /// A file whose name ends with `extension`.
    ///
    /// # Errors
    ///
    /// It cannot be written.
    pub(crate) fn new(extension: &str, text: &str) -> Result<Draft> {
        let file = tempfile::Builder::new()
            .prefix("crm-edit-")
            .suffix(extension)
            .tempfile()?;
        let draft = Draft {
            path: file.into_temp_path(),
        };
        draft.write(text)?;
        Ok(draft)
    }

    pub(crate) fn write(&self, text: &str) -> Result<()> {
        std::fs::write(&self.path, text).map_err(|error| self.at(error))
    }

    /// What the file holds after a person has changed it.
    ///
    /// # Errors
    ///
    /// `Invalid` if it is no UTF-8.
    pub(crate) fn read(&self) -> Result<String> {
        let bytes = std::fs::read(&self.path).map_err(|error| self.at(error))?;
        String::from_utf8(bytes).map_err(|_| Error::new(Kind::Invalid, "the text is not UTF-8"))
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Leaves the file where it is, and tells where.
    ///
    /// # Errors
    ///
    /// It cannot be kept.
    pub(crate) fn keep(self) -> Result<PathBuf> {
        self.path.keep().map_err(|error| Error::from(error.error))
    }

    fn at(&self, error: std::io::Error) -> Error {
        Error::from(error).context(self.path.display())
    }
}

/// The editor of a person: a command line of its own, which may have words of its own.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Editor<'e> {
    pub(crate) command: &'e str,
    /// Whether the program itself reads from a terminal, and writes to one.
    pub(crate) reads_terminal: bool,
    pub(crate) writes_terminal: bool,
}

impl Editor<'_> {
    /// Opens a file and waits until it is closed. The editor gets the terminal, also where the program itself reads from
    /// a pipe or writes into one.
    ///
    /// # Errors
    ///
    /// `Io` if it cannot be started, or ends with a failure.
    pub(crate) fn open(self, path: &Path) -> Result<()> {
        let mut command = Command::new("sh");
        command
            .args(["-c", &format!("{} \"$1\"", self.command), "crm"])
            .arg(path);
        if !self.reads_terminal {
            command.stdin(terminal().map_or_else(Stdio::null, Stdio::from));
        }
        if !self.writes_terminal {
            command.stdout(terminal().map_or_else(|| Stdio::from(std::io::stderr()), Stdio::from));
        }
        let failed = |error: std::io::Error| Error::from(error).context(self.command);
        let mut child = command.spawn().map_err(failed)?;
        let status = {
            let _ours = interrupts::leave();
            child.wait().map_err(failed)?
        };
        match status.success() {
            true => Ok(()),
            false => Err(Error::new(
                Kind::Io,
                format!("{} ended with {status}", self.command),
            )),
        }
    }
}

/// The terminal of the process, whatever its streams are.
#[cfg(unix)]
fn terminal() -> Option<std::fs::File> {
    std::fs::File::options()
        .read(true)
        .write(true)
        .open("/dev/tty")
        .ok()
}

#[cfg(not(unix))]
fn terminal() -> Option<std::fs::File> {
    None
}

#[cfg(unix)]
mod interrupts {
    //! Ctrl+C belongs to the editor as long as it runs: were the program to end, the terminal would have two readers.

    pub(super) struct Ours(libc::sighandler_t);

    pub(super) fn leave() -> Ours {
        #[expect(unsafe_code, reason = "the standard library cannot ignore a signal")]
        // SAFETY: no handler of ours runs; ignoring a signal touches no memory.
        Ours(unsafe { libc::signal(libc::SIGINT, libc::SIG_IGN) })
    }

    impl Drop for Ours {
        fn drop(&mut self) {
            #[expect(unsafe_code, reason = "the standard library cannot ignore a signal")]
            // SAFETY: what is put back is what was there before.
            unsafe {
                libc::signal(libc::SIGINT, self.0);
            }
        }
    }
}

#[cfg(not(unix))]
mod interrupts {
    pub(super) fn leave() {}
}
