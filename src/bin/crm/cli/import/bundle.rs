//! Several files at once: those of a folder and of archives, each opened by its place, as often as asked.
//!
//! Nothing is ever unpacked to a name: an entry of an archive is read through a file without one, so that memory stays
//! bounded and no name can lead anywhere. Each sheet of a workbook counts as a file. An archive whose names try to, or that grows beyond all proportion, is refused
//! as a whole.

use std::cell::RefCell;
use std::fs::{self, File};
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use crm::error::{Error, Kind, Result};
use crm::wire::read::workbook::{self, Workbook};
use zip::ZipArchive;

use crate::cli::input::Again;

/// The most files that are taken at once.
const MOST_FILES: usize = 10_000;

/// How deep folders may lie in each other.
const DEEPEST: usize = 16;

/// Unpacked, an archive may be so many times as large as it is; tables full of empty cells come near it.
const MOST_TIMES: u64 = 200;

/// So much may come out of every archive, in bytes.
const ALWAYS: u64 = 64 << 20;

/// So much of an entry is kept in memory, in bytes, and more in a file without a name.
const SPOOLED: usize = 1 << 20;

/// The files of a folder or an archive, by name.
pub(crate) struct Bundle {
    members: Vec<Member>,
    archives: Vec<RefCell<ZipArchive<File>>>,
    /// What cannot be read as a file, and why.
    pub(crate) left: Vec<(String, String)>,
}

#[derive(Debug)]
struct Member {
    /// With the folders inside of the bundle, `deals/2026.csv`.
    name: String,
    place: Place,
}

#[derive(Debug, Clone)]
enum Place {
    File(PathBuf),
    Entry {
        archive: usize,
        entry: usize,
    },
    /// A sheet of a workbook, which lies at another place.
    Sheet {
        workbook: Box<Place>,
        sheet: usize,
    },
}

impl Bundle {
    /// True if `path` is something that holds several files.
    pub(crate) fn is_one(path: &Path) -> bool {
        path.is_dir() || is_archive(path)
    }

    /// What is in a folder or an archive; archives inside of a folder too.
    ///
    /// # Errors
    ///
    /// `Invalid` for an archive that is none or not to be trusted; it cannot be read.
    pub(crate) fn open(path: &Path) -> Result<Bundle> {
        let mut bundle = Bundle {
            members: Vec::new(),
            archives: Vec::new(),
            left: Vec::new(),
        };
        if path.is_dir() {
            bundle.folder(path, "", 0)?;
        } else {
            bundle.archive(path, "")?;
        }
        bundle.open_workbooks();
        bundle.members.sort_by(|one, other| one.name.cmp(&other.name));
        Ok(bundle)
    }

    /// The names of the files, in order.
    pub(crate) fn names(&self) -> Vec<String> {
        self.members.iter().map(|member| member.name.clone()).collect()
    }

    /// The content of the file at a place in [`Bundle::names`], from its beginning.
    ///
    /// # Errors
    ///
    /// It is damaged, encrypted or packed in a way that is not known (`Invalid`), or cannot be read.
    pub(crate) fn read(&self, at: usize) -> Result<Box<dyn Read>> {
        let member = self
            .members
            .get(at)
            .ok_or_else(|| Error::internal("there is no such file"))?;
        match &member.place {
            Place::Sheet { workbook, sheet } => {
                let mut copy = tempfile::spooled_tempfile(SPOOLED);
                self.workbook(workbook)?.copy(*sheet, &mut copy)?;
                copy.seek(SeekFrom::Start(0))?;
                Ok(Box::new(copy))
            }
            place => Ok(Box::new(self.bytes(place)?)),
        }
    }

    fn bytes(&self, place: &Place) -> Result<Box<dyn Again>> {
        match place {
            Place::File(path) => Ok(Box::new(File::open(path)?)),
            Place::Entry { archive, entry } => {
                let archive = self
                    .archives
                    .get(*archive)
                    .ok_or_else(|| Error::internal("there is no such archive"))?;
                unpacked(&mut archive.borrow_mut(), *entry)
            }
            Place::Sheet { .. } => Err(Error::internal("a sheet is no file")),
        }
    }

    fn workbook(&self, place: &Place) -> Result<Workbook<Box<dyn Again>>> {
        let mut bytes = self.bytes(place)?;
        match workbook::recognise(&mut bytes)? {
            Some(kind) => Workbook::open(bytes, kind),
            None => Err(refused("this is no workbook".to_owned())),
        }
    }

    /// Puts the sheets of workbooks in their place, `customers.xlsx/Sheet1.tsv`.
    fn open_workbooks(&mut self) {
        for member in std::mem::take(&mut self.members) {
            if !is_workbook(Path::new(&member.name)) {
                self.members.push(member);
                continue;
            }
            let sheets = self
                .workbook(&member.place)
                .map(|workbook| workbook.sheets().to_vec());
            match sheets {
                Ok(sheets) => {
                    for (sheet, known) in sheets.iter().enumerate().filter(|(_, sheet)| !sheet.hidden) {
                        self.members.push(Member {
                            name: format!("{}/{}.tsv", member.name, known.name.replace(['/', '\\'], "-")),
                            place: Place::Sheet {
                                workbook: Box::new(member.place.clone()),
                                sheet,
                            },
                        });
                    }
                }
                Err(error) => self.leave(&member.name, &error.to_string()),
            }
        }
    }

    fn folder(&mut self, path: &Path, within: &str, depth: usize) -> Result<()> {
        let in_path = |error: std::io::Error| Error::from(error).context(path.display());
        for entry in fs::read_dir(path).map_err(in_path)? {
            let entry = entry.map_err(in_path)?;
            let name = entry.file_name().to_string_lossy().into_owned();
            if is_noise(&name) {
                continue;
            }
            let name = format!("{within}{name}");
            let is_link = entry.file_type().map_err(in_path)?.is_symlink();
            let path = entry.path();
            match fs::metadata(&path) {
                Ok(found) if found.is_dir() && is_link => {
                    self.leave(&name, "a link to a folder is not followed");
                }
                Ok(found) if found.is_dir() && depth >= DEEPEST => {
                    self.leave(&name, "it lies too deep");
                }
                Ok(found) if found.is_dir() => self.folder(&path, &format!("{name}/"), depth + 1)?,
                Ok(found) if !found.is_file() => self.leave(&name, "it is no file"),
                Ok(_) if is_archive(&path) => self.archive(&path, &format!("{name}/"))?,
                Ok(_) => self.add(name, Place::File(path))?,
                Err(error) => self.leave(&name, &error.to_string()),
            }
        }
        Ok(())
    }

    fn archive(&mut self, path: &Path, within: &str) -> Result<()> {
        let in_path = |error: Error| error.context(path.display());
        let file = File::open(path).map_err(|error| in_path(Error::from(error)))?;
        let packed = file
            .metadata()
            .map_err(|error| in_path(Error::from(error)))?
            .len();
        let mut archive = ZipArchive::new(file).map_err(|error| in_path(broken(error)))?;
        let place = self.archives.len();
        let mut unpacked: u64 = 0;
        for entry in 0..archive.len() {
            let found = archive
                .by_index_raw(entry)
                .map_err(|error| in_path(broken(error)))?;
            let name = written(found.name_raw());
            if !stays_inside(&name) || found.is_symlink() {
                return Err(in_path(refused(format!(
                    "the entry {name:?} leads out of the archive"
                ))));
            }
            unpacked = unpacked.saturating_add(found.size());
            if unpacked > packed.saturating_mul(MOST_TIMES).max(ALWAYS) {
                return Err(in_path(refused(format!(
                    "unpacked it would be more than {MOST_TIMES} times as large"
                ))));
            }
            if found.is_dir() || name.split('/').any(is_noise) {
                continue;
            }
            let name = format!("{within}{name}");
            if found.encrypted() {
                self.leave(&name, "it is encrypted");
            } else if is_archive(Path::new(&name)) {
                self.leave(&name, "an archive inside of an archive is not opened");
            } else {
                self.add(
                    name,
                    Place::Entry {
                        archive: place,
                        entry,
                    },
                )?;
            }
        }
        self.archives.push(RefCell::new(archive));
        Ok(())
    }

    fn add(&mut self, name: String, place: Place) -> Result<()> {
        if self.members.len() >= MOST_FILES {
            return Err(refused(format!("these are more than {MOST_FILES} files")));
        }
        self.members.push(Member { name, place });
        Ok(())
    }

    fn leave(&mut self, name: &str, reason: &str) {
        self.left.push((name.to_owned(), reason.to_owned()));
    }
}

/// True for names that mean an archive.
fn is_archive(path: &Path) -> bool {
    path.extension()
        .is_some_and(|extension| extension.eq_ignore_ascii_case("zip"))
}

/// True for names that mean a workbook.
fn is_workbook(path: &Path) -> bool {
    let extension = path
        .extension()
        .map(|extension| extension.to_string_lossy().to_lowercase());
    extension.is_some_and(|extension| matches!(extension.as_str(), "xlsx" | "xlsm" | "xls" | "ods"))
}

/// True for what systems and programs leave in folders without being asked.
fn is_noise(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.starts_with('.')
        || name.starts_with("~$")
        || matches!(name.as_str(), "__macosx" | "thumbs.db" | "desktop.ini")
}

/// A name in an archive, with strokes between folders: programs on Chinese systems write GB18030 and do not say so.
fn written(raw: &[u8]) -> String {
    let name = match std::str::from_utf8(raw) {
        Ok(name) => name.to_owned(),
        Err(_) => encoding_rs::GB18030.decode(raw).0.into_owned(),
    };
    name.replace('\\', "/")
}

/// True for a name that stays inside of the folder in which it would be unpacked.
fn stays_inside(name: &str) -> bool {
    let drive = name.as_bytes().get(1) == Some(&b':');
    !name.starts_with('/')
        && !drive
        && !name.chars().any(char::is_control)
        && name.split('/').all(|part| part != "..")
}

/// The content of an entry, never more than it was said to be.
fn unpacked(archive: &mut ZipArchive<File>, entry: usize) -> Result<Box<dyn Again>> {
    let found = archive.by_index(entry).map_err(broken)?;
    let size = found.size();
    let mut spool = tempfile::spooled_tempfile(SPOOLED);
    let got = std::io::copy(&mut found.take(size.saturating_add(1)), &mut spool).map_err(|error| {
        // What is wrong with the archive, and what with the disk, come by the same way.
        match error.kind() {
            std::io::ErrorKind::StorageFull => Error::from(error),
            _ => refused(format!("it is damaged: {error}")),
        }
    })?;
    if got > size {
        return Err(refused("it is larger than the archive says".to_owned()));
    }
    spool.seek(SeekFrom::Start(0))?;
    Ok(Box::new(spool))
}

fn broken(error: zip::result::ZipError) -> Error {
    match error {
        zip::result::ZipError::Io(error) => Error::from(error),
        error => refused(format!("this is no archive that can be read: {error}")),
    }
}

fn refused(message: String) -> Error {
    Error::new(Kind::Invalid, message)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use proptest::prelude::*;
    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    use super::*;

    fn archive(folder: &Path, entries: &[(&str, &[u8])]) -> PathBuf {
        let path = folder.join("all.zip");
        let mut writer = ZipWriter::new(File::create(&path).unwrap());
        for (name, content) in entries {
            writer.start_file(*name, SimpleFileOptions::default()).unwrap();
            writer.write_all(content).unwrap();
        }
        writer.finish().unwrap();
        path
    }

    fn text(bundle: &Bundle, at: usize) -> String {
        let mut text = String::new();
        bundle.read(at).unwrap().read_to_string(&mut text).unwrap();
        text
    }

    #[test]
    fn a_folder_is_walked_with_the_archives_in_it() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("sub/deep")).unwrap();
        fs::write(folder.path().join("sub/deep/b.csv"), "b").unwrap();
        fs::write(folder.path().join(".hidden.csv"), "x").unwrap();
        archive(
            folder.path(),
            &[("a.csv", b"a"), ("__MACOSX/a.csv", b"x"), ("in.zip", b"x")],
        );
        let bundle = Bundle::open(folder.path()).unwrap();
        assert_eq!(bundle.names(), ["all.zip/a.csv", "sub/deep/b.csv"]);
        assert_eq!(
            (text(&bundle, 0), text(&bundle, 1)),
            ("a".to_owned(), "b".to_owned())
        );
        assert_eq!(text(&bundle, 0), "a", "and once more");
        assert_eq!(bundle.left.len(), 1);
    }

    #[test]
    fn what_leads_out_or_grows_beyond_proportion_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["../a.csv", "/etc/a.csv", "x/../../a.csv", "..\\a.csv", "c:/a.csv"] {
            let path = archive(folder.path(), &[(name, b"a")]);
            let error = Bundle::open(&path).err().unwrap();
            assert_eq!(error.kind(), Kind::Invalid, "{name}");
        }
        let path = archive(folder.path(), &[("a.csv", &vec![b'a'; 65 << 20])]);
        let error = Bundle::open(&path).err().unwrap();
        assert!(error.to_string().contains("200 times"), "{error}");
        fs::write(&path, "no archive").unwrap();
        assert_eq!(Bundle::open(&path).err().unwrap().kind(), Kind::Invalid);
    }

    #[test]
    fn a_name_in_gbk_is_read() {
        assert_eq!(written(&encoding_rs::GB18030.encode("客户.csv").0), "客户.csv");
    }

    proptest! {
        #[test]
        fn no_damage_panics(at in 0..200_usize, byte: u8) {
            let folder = tempfile::tempdir().unwrap();
            let path = archive(folder.path(), &[("a.csv", b"name\nAnna\n"), ("b.csv", b"x")]);
            let mut bytes = fs::read(&path).unwrap();
            let at = at % bytes.len();
            if let Some(place) = bytes.get_mut(at) {
                *place = byte;
            }
            fs::write(&path, bytes).unwrap();
            if let Ok(bundle) = Bundle::open(&path) {
                for at in 0..bundle.names().len() {
                    let _ = bundle.read(at);
                }
            }
        }
    }
}
