//! What was typed and not saved, in files that outlive the program: a thread writes them at most once a second, and at the
//! end.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// So long nothing is written after something was.
const PAUSE: Duration = Duration::from_secs(1);

/// Texts by key; none for one to be forgotten.
type Texts = BTreeMap<String, Option<String>>;

/// What the thread shares.
#[derive(Debug, Default)]
struct Shared {
    waiting: Texts,
    closed: bool,
}

/// The drafts in a folder.
#[derive(Debug)]
pub(crate) struct Drafts {
    folder: Option<PathBuf>,
    /// What was kept since the program began.
    known: Texts,
    shared: Arc<(Mutex<Shared>, Condvar)>,
    thread: Option<JoinHandle<()>>,
}

impl Drafts {
    /// Drafts in this folder, which is made when there is something to keep; without one they last as long as the
    /// program.
    pub(crate) fn open(folder: Option<PathBuf>) -> Drafts {
        let shared = Arc::new((Mutex::new(Shared::default()), Condvar::new()));
        let thread = folder.clone().map(|folder| {
            let shared = Arc::clone(&shared);
            thread::spawn(move || write_all(&folder, &shared))
        });
        Drafts {
            folder,
            known: Texts::new(),
            shared,
            thread,
        }
    }

    /// Keeps a text, or forgets it.
    pub(crate) fn keep(&mut self, key: &str, text: Option<String>) {
        self.known.insert(key.to_owned(), text.clone());
        let (lock, ready) = &*self.shared;
        locked(lock).waiting.insert(key.to_owned(), text);
        ready.notify_one();
    }

    /// What was kept; an empty text if nothing was.
    pub(crate) fn recall(&self, key: &str) -> String {
        if let Some(known) = self.known.get(key) {
            return known.clone().unwrap_or_default();
        }
        let file = self.folder.as_ref().map(|folder| folder.join(file_of(key)));
        file.and_then(|file| fs::read_to_string(file).ok())
            .unwrap_or_default()
    }
}

impl Drop for Drafts {
    fn drop(&mut self) {
        let (lock, ready) = &*self.shared;
        locked(lock).closed = true;
        ready.notify_all();
        if let Some(thread) = self.thread.take() {
            // A thread that panicked has nothing more to write.
            let _ = thread.join();
        }
    }
}

/// A thread that panicked left nothing half done in what is shared.
fn locked(lock: &Mutex<Shared>) -> MutexGuard<'_, Shared> {
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}

fn write_all(folder: &Path, shared: &(Mutex<Shared>, Condvar)) {
    let (lock, ready) = shared;
    loop {
        let waiting = ready.wait_while(locked(lock), |shared| shared.waiting.is_empty() && !shared.closed);
        let mut state = waiting.unwrap_or_else(PoisonError::into_inner);
        let texts = std::mem::take(&mut state.waiting);
        let is_last = state.closed;
        drop(state);
        for (key, text) in texts {
            // A folder that cannot be written is no reason to disturb somebody who types.
            let _ = write(folder, &key, text.as_deref());
        }
        if is_last {
            return;
        }
        // The guard is of no use here.
        let _ = ready.wait_timeout_while(locked(lock), PAUSE, |shared| !shared.closed);
    }
}

/// Writes one file whole, readable by its owner alone, or takes it away.
fn write(folder: &Path, key: &str, text: Option<&str>) -> std::io::Result<()> {
    let path = folder.join(file_of(key));
    let Some(text) = text else {
        return match fs::remove_file(path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        };
    };
    fs::create_dir_all(folder)?;
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(text.as_bytes())?;
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}

/// The name of the file of a key.
fn file_of(key: &str) -> String {
    let name: String = key
        .chars()
        .map(|letter| {
            if letter.is_ascii_alphanumeric() || letter == '-' {
                letter
            } else {
                '_'
            }
        })
        .collect();
    format!("{name}.json")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn drafts_outlive_the_program_until_they_are_forgotten() {
        let folder = tempfile::tempdir().expect("a folder");
        let place = folder.path().join("drafts");
        let mut drafts = Drafts::open(Some(place.clone()));
        drafts.keep("customer-new", Some("王".to_owned()));
        drafts.keep("a/../b", Some("x".to_owned()));
        assert_eq!(drafts.recall("customer-new"), "王");
        drop(drafts);
        let mut drafts = Drafts::open(Some(place.clone()));
        assert_eq!(drafts.recall("customer-new"), "王");
        assert_eq!(drafts.recall("a/../b"), "x");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let file = fs::metadata(place.join("customer-new.json")).expect("a file");
            assert_eq!(file.permissions().mode() & 0o777, 0o600);
        }
        drafts.keep("customer-new", None);
        drop(drafts);
        assert_eq!(Drafts::open(Some(place)).recall("customer-new"), "");
    }

    #[test]
    fn without_a_folder_they_last_as_long_as_the_program() {
        let mut drafts = Drafts::open(None);
        drafts.keep("x", Some("y".to_owned()));
        assert_eq!(drafts.recall("x"), "y");
    }
}
