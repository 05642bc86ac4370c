//! Building a file under another name beside its place, so that nobody ever sees half of it.
//!
//! A process that is killed while it builds leaves `.NAME.HEX.new` and what SQLite keeps beside it. The next one takes that
//! away: whoever builds holds a shared lock on the folder, and where nobody holds one, nobody builds, and what lies there is
//! stale. Where a folder cannot be locked (some network file systems, Windows), nothing is taken away.

use std::fs::{self, File};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};

/// A file that is being built; what was not put in place is gone with it.
pub(crate) struct Building {
    path: PathBuf,
    place: PathBuf,
    /// The shared lock on the folder; none where folders cannot be locked.
    _lock: Option<File>,
}

impl Building {
    /// A name beside `place`, in a folder that is made if it is not there; `random` parts builders of the same file.
    pub(crate) fn begin(place: &Path, random: u64) -> Result<Building> {
        make_folder(place)?;
        let folder = folder(place);
        let name = name(place);
        let lock = File::open(folder).ok();
        if lock.as_ref().is_some_and(|lock| lock.try_lock().is_ok()) {
            // Not to be able to take something stale away is no reason to build nothing.
            take_away_stale(folder, &name).ok();
        }
        let lock = lock.filter(|lock| lock.unlock().and_then(|()| lock.lock_shared()).is_ok());
        Ok(Building {
            path: folder.join(format!(".{name}.{random:016x}.new")),
            place: place.to_owned(),
            _lock: lock,
        })
    }

    /// Where to build.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Puts the finished file at its place, unless somebody was faster; true if it was put there.
    pub(crate) fn put_in_place(self) -> Result<bool> {
        let outcome = match fs::hard_link(&self.path, &self.place) {
            // Some file systems have no second names. Then nothing but looking first keeps from writing over another's.
            Err(error) if error.kind() != ErrorKind::AlreadyExists && !self.place.exists() => {
                fs::rename(&self.path, &self.place)
            }
            outcome => outcome,
        };
        match outcome {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == ErrorKind::AlreadyExists || self.place.exists() => Ok(false),
            Err(error) => Err(Error::from(error).context(format!("cannot create {}", self.place.display()))),
        }
    }
}

impl Drop for Building {
    fn drop(&mut self) {
        for file in with_logs(&self.path) {
            // It is gone already if it was renamed; what cannot be removed is stale for the next one.
            fs::remove_file(file).ok();
        }
    }
}

/// A base, and the files beside it that belong to it.
pub(crate) fn with_logs(base: &Path) -> [PathBuf; 3] {
    ["", "-wal", "-shm"].map(|end| {
        let mut name = base.as_os_str().to_owned();
        name.push(end);
        PathBuf::from(name)
    })
}

/// The name of a file without its folder.
pub(crate) fn name(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default();
    name.to_string_lossy().into_owned()
}

/// The folder in which `place` is.
fn folder(place: &Path) -> &Path {
    match place.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

/// Makes the folder in which `place` is, one that only its owner can look into; one that is there is left as it is.
pub(crate) fn make_folder(place: &Path) -> Result<()> {
    let folder = folder(place);
    if folder.exists() {
        return Ok(());
    }
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    let cannot =
        |error: std::io::Error| Error::from(error).context(format!("cannot create {}", folder.display()));
    builder.create(folder).map_err(cannot)
}

fn take_away_stale(folder: &Path, name: &str) -> std::io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if is_building(&entry.file_name().to_string_lossy(), name) {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

/// True for what lies beside the place of the file `name` while it is built: `.NAME.HEX.new`, and its log.
fn is_building(file: &str, name: &str) -> bool {
    let middle = file
        .strip_prefix('.')
        .and_then(|rest| rest.strip_prefix(name))
        .and_then(|rest| rest.strip_prefix('.'));
    let Some((hex, end)) = middle.and_then(|rest| rest.split_once('.')) else {
        return false;
    };
    let digits = hex.bytes().all(|byte| byte.is_ascii_hexdigit());
    hex.len() == 16 && digits && matches!(end, "new" | "new-wal" | "new-shm" | "new-journal")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap();
        let mut names: Vec<_> = entries.map(|entry| name(&entry.unwrap().path())).collect();
        names.sort();
        names
    }

    #[test]
    fn tells_what_is_being_built() {
        for (file, expected) in [
            (".base.db.0123456789abcdef.new", true),
            (".base.db.0123456789abcdef.new-wal", true),
            (".base.db.0123456789abcdef.new-shm", true),
            (".base.db.0123456789abcdef.newer", false),
            (".base.db.0123456789abcde.new", false),
            (".base.db.0123456789abcdeg.new", false),
            (".other.db.0123456789abcdef.new", false),
            (".base.db.x.0123456789abcdef.new", false),
            ("base.db.0123456789abcdef.new", false),
            ("base.db", false),
            (".base.db", false),
        ] {
            assert_eq!(is_building(file, "base.db"), expected, "{file}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn what_a_killed_process_left_goes_when_nobody_builds() {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("base.db");
        let stale = ".base.db.00000000000000aa.new";
        let lay = |name: &str| fs::write(folder.path().join(name), "x").unwrap();
        for file in [
            stale,
            ".base.db.00000000000000aa.new-wal",
            ".else.db.00000000000000aa.new",
        ] {
            lay(file);
        }
        let first = Building::begin(&place, 1).unwrap();
        assert_eq!(names(folder.path()), [".else.db.00000000000000aa.new"]);
        fs::write(first.path(), "first").unwrap();
        // Somebody builds now: nothing is stale beyond doubt.
        lay(stale);
        let second = Building::begin(&place, 2).unwrap();
        fs::write(second.path(), "second").unwrap();
        assert!(first.path().exists() && folder.path().join(stale).exists());
        assert!(first.put_in_place().unwrap());
        assert!(!second.put_in_place().unwrap(), "the first one stands");
        assert_eq!(fs::read_to_string(&place).unwrap(), "first");
        drop(Building::begin(&place, 3).unwrap());
        assert_eq!(names(folder.path()), [".else.db.00000000000000aa.new", "base.db"]);
    }

    #[test]
    fn what_was_not_put_in_place_is_gone() {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("deep").join("base.db");
        let building = Building::begin(&place, 1).unwrap();
        for file in with_logs(building.path()) {
            fs::write(file, "half").unwrap();
        }
        drop(building);
        assert_eq!(names(&folder.path().join("deep")), Vec::<String>::new());
    }
}
