//! A file that is written beside its place, and put there when it is whole: a reader never sees half of it, and what was
//! there stays if something fails.

use std::ffi::OsString;
use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crm::error::{Error, Kind, Result};

/// The file while it is written. It comes into being with the first byte.
pub(crate) struct Beside {
    place: PathBuf,
    building: PathBuf,
    file: Option<File>,
}

impl Beside {
    /// A file that is to stand at `place`.
    pub(crate) fn new(place: &Path) -> Beside {
        Beside {
            place: place.to_owned(),
            building: building(place),
            file: None,
        }
    }
}

impl Write for Beside {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.file {
            Some(file) => file.write(bytes),
            None => self
                .file
                .insert(create(&self.building, &self.place)?)
                .write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.as_mut().map_or(Ok(()), File::flush)
    }
}

/// Puts what was written at its place; an empty file where nothing was.
///
/// # Errors
///
/// The folder is not there or cannot be written.
pub(crate) fn put(place: &Path) -> io::Result<()> {
    let building = building(place);
    if !building.exists() {
        create(&building, place)?;
    }
    std::fs::rename(&building, place).map_err(|error| named(place, &error))
}

/// Refuses a place where no file can come to stand, before anything is done for it.
///
/// # Errors
///
/// `Usage` for a folder, `NotFound` where there is no folder for it.
pub(crate) fn check(place: &Path) -> Result<()> {
    if place.is_dir() {
        let message = format!("{} is a folder; name a file in it", place.display());
        return Err(Error::usage(message));
    }
    match place.parent() {
        Some(folder) if !folder.as_os_str().is_empty() && !folder.is_dir() => Err(Error::new(
            Kind::NotFound,
            format!("{}: there is no folder {}", place.display(), folder.display()),
        )),
        _ => Ok(()),
    }
}

/// The file that is built; an error names the place where it is to stand.
fn create(building: &Path, place: &Path) -> io::Result<File> {
    File::create(building).map_err(|error| named(place, &error))
}

/// An error that says which file it is about.
fn named(path: &Path, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{}: {error}", path.display()))
}

/// Takes away what was written so far.
pub(crate) fn give_up(place: &Path) {
    // It may never have come into being.
    std::fs::remove_file(building(place)).ok();
}

fn building(place: &Path) -> PathBuf {
    let mut name: OsString = place.as_os_str().to_owned();
    name.push(".part");
    PathBuf::from(name)
}
