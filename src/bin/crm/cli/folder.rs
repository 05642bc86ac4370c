//! The folder of a dump: files that change only where their content does, each in one step.
//!
//! A file is written under another name and put in place when it is whole, so that a process that is killed leaves the
//! old one or the new one. While some are new and some are old, a mark says so; the next dump takes it away. What is not
//! of a dump is never touched.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};

use crm::error::{Error, Kind, Result};
use crm::ops::dump::{BASE, EXTENSION, MANIFEST, Shelf, is_bucket, is_of_records};
use crm::ops::load;
use tempfile::NamedTempFile;

/// Stands in a folder while a dump is being written.
const UNFINISHED: &str = "dump.unfinished";

/// How the name of a file begins and ends that is being written.
const WRITING: (&str, &str) = (".crm-dump-", ".tmp");

/// A folder that takes a dump.
pub(crate) struct Folder {
    path: PathBuf,
    open: Option<Open>,
    /// The files that the dump has, in no order.
    kept: BTreeSet<String>,
    /// Whether the mark stands.
    marked: bool,
    /// How many files are new or different.
    pub(crate) written: u64,
    /// How many files went.
    pub(crate) removed: u64,
}

/// A file that is being written.
struct Open {
    name: String,
    file: BufWriter<NamedTempFile>,
}

impl Folder {
    /// A folder that is empty, a dump, or not there yet.
    ///
    /// # Errors
    ///
    /// `Invalid` if something else is in it.
    pub(crate) fn prepare(path: &Path) -> Result<Folder> {
        let in_path = |error: std::io::Error| Error::from(error).context(path.display());
        match fs::read_dir(path) {
            Ok(entries) => {
                let mut strangers = Vec::new();
                for entry in entries {
                    let name = entry.map_err(in_path)?.file_name().to_string_lossy().into_owned();
                    // What begins with a dot is the business of git and the like.
                    if !name.starts_with('.') {
                        strangers.push(name);
                    }
                }
                let is_dump = is_marked(path) || path.join(MANIFEST).exists();
                if is_dump && !is_marked(path) {
                    manifest(path)?;
                }
                if !is_dump && !strangers.is_empty() {
                    return Err(Error::new(
                        Kind::Invalid,
                        format!(
                            "{} holds other files and no dump; name an empty folder or a new one",
                            path.display()
                        ),
                    ));
                }
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => make_folder(path)?,
            Err(error) => return Err(in_path(error)),
        }
        let mut folder = Folder {
            path: path.to_owned(),
            open: None,
            kept: BTreeSet::new(),
            marked: is_marked(path),
            written: 0,
            removed: 0,
        };
        folder.clear_leftovers()?;
        Ok(folder)
    }

    /// Takes away the halves that a killed process has left.
    fn clear_leftovers(&mut self) -> Result<()> {
        for entry in fs::read_dir(&self.path)?.flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            if name.starts_with(WRITING.0) && name.ends_with(WRITING.1) {
                fs::remove_file(entry.path())?;
            }
        }
        Ok(())
    }

    /// Takes away the files of records that are not there any more, and the mark.
    ///
    /// # Errors
    ///
    /// A file cannot be removed.
    pub(crate) fn finish(&mut self) -> Result<()> {
        for file in files(&self.path)? {
            if !self.kept.contains(&file) {
                self.mark()?;
                fs::remove_file(self.path.join(&file))?;
                self.removed += 1;
            }
        }
        // A folder that is empty now, and was made for files of records.
        for entry in fs::read_dir(&self.path)?.flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            if entry.path().is_dir() && is_of_records(&name) {
                fs::remove_dir(entry.path()).ok();
            }
        }
        if self.marked {
            fs::remove_file(self.path.join(UNFINISHED))?;
            self.marked = false;
        }
        Ok(())
    }

    fn mark(&mut self) -> Result<()> {
        if !self.marked {
            fs::write(
                self.path.join(UNFINISHED),
                "`crm dump` was writing here and has not come to its end; run it again.\n",
            )?;
            self.marked = true;
        }
        Ok(())
    }
}

impl Shelf for Folder {
    fn begin(&mut self, name: &str) -> Result<()> {
        let file = tempfile::Builder::new()
            .prefix(WRITING.0)
            .suffix(WRITING.1)
            .tempfile_in(&self.path)?;
        self.open = Some(Open {
            name: name.to_owned(),
            file: BufWriter::new(file),
        });
        Ok(())
    }

    fn line(&mut self, line: &str) -> Result<()> {
        let open = self
            .open
            .as_mut()
            .ok_or_else(|| Error::internal("no file is open"))?;
        open.file.write_all(line.as_bytes())?;
        open.file.write_all(b"\n")?;
        Ok(())
    }

    fn end(&mut self) -> Result<()> {
        let open = self
            .open
            .take()
            .ok_or_else(|| Error::internal("no file is open"))?;
        let file = open
            .file
            .into_inner()
            .map_err(|error| Error::from(error.into_error()))?;
        let target = self.path.join(&open.name);
        self.kept.insert(open.name);
        if is_equal(file.path(), &target)? {
            return Ok(());
        }
        self.mark()?;
        if let Some(parent) = target.parent().filter(|parent| !parent.exists()) {
            make_folder(parent)?;
        }
        file.as_file().sync_data()?;
        file.persist(&target)
            .map_err(|error| Error::from(error.error).context(target.display()))?;
        self.written += 1;
        Ok(())
    }
}

/// Whether a file is there and has the same content.
fn is_equal(new: &Path, old: &Path) -> Result<bool> {
    let old = match File::open(old) {
        Ok(old) => old,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(false),
        Err(error) => return Err(Error::from(error).context(old.display())),
    };
    let new = File::open(new)?;
    if new.metadata()?.len() != old.metadata()?.len() {
        return Ok(false);
    }
    let (mut new, mut old) = (BufReader::new(new), BufReader::new(old));
    loop {
        let (one, other) = (new.fill_buf()?, old.fill_buf()?);
        let length = one.len().min(other.len());
        if one.get(..length) != other.get(..length) {
            return Ok(false);
        }
        if length == 0 {
            return Ok(true);
        }
        new.consume(length);
        old.consume(length);
    }
}

fn is_marked(path: &Path) -> bool {
    path.join(UNFINISHED).exists()
}

/// Makes a folder that only its owner can read.
fn make_folder(path: &Path) -> Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder
        .create(path)
        .map_err(|error| Error::from(error).context(path.display()))
}

/// The manifest of the dump in a folder.
///
/// # Errors
///
/// `NotFound` if there is no folder, `Foreign` if there is no dump in it, `Invalid` for one that was not finished.
pub(crate) fn manifest(path: &Path) -> Result<load::Manifest> {
    if !path.is_dir() {
        return Err(Error::new(
            Kind::NotFound,
            format!("there is no folder {}", path.display()),
        ));
    }
    if is_marked(path) {
        return Err(Error::new(
            Kind::Invalid,
            format!("the dump in {} was not finished; dump again", path.display()),
        ));
    }
    let text = match fs::read_to_string(path.join(MANIFEST)) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return Err(Error::new(
                Kind::Foreign,
                format!("there is no dump in {}: it has no {MANIFEST}", path.display()),
            ));
        }
        Err(error) => return Err(Error::from(error).context(path.join(MANIFEST).display())),
    };
    load::Manifest::parse(&text).map_err(|error| error.context(path.join(MANIFEST).display()))
}

/// The text of the file with what is of the base itself.
///
/// # Errors
///
/// It cannot be read.
pub(crate) fn base(path: &Path) -> Result<String> {
    let path = path.join(BASE);
    fs::read_to_string(&path)
        .map_err(|error| Error::new(Kind::Invalid, format!("{}: {error}", path.display())))
}

/// The names of the files of records in a folder, with their own folders, in order.
pub(crate) fn files(path: &Path) -> Result<Vec<String>> {
    let in_path = |error: std::io::Error| Error::from(error).context(path.display());
    let mut found = Vec::new();
    for entry in fs::read_dir(path).map_err(in_path)? {
        let entry = entry.map_err(in_path)?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if !entry.path().is_dir() {
            let known = name
                .strip_suffix(EXTENSION)
                .and_then(|name| name.strip_suffix('.'));
            if known.is_some_and(is_of_records) {
                found.push(name);
            }
            continue;
        }
        if !is_of_records(&name) {
            continue;
        }
        for inside in fs::read_dir(entry.path()).map_err(in_path)? {
            let file = inside
                .map_err(in_path)?
                .file_name()
                .to_string_lossy()
                .into_owned();
            if is_bucket(&file) {
                found.push(format!("{name}/{file}"));
            }
        }
    }
    found.sort();
    Ok(found)
}

/// Opens one file after the other.
pub(crate) fn open(path: &Path, names: Vec<String>) -> impl Iterator<Item = Result<load::File>> {
    let path = path.to_owned();
    names.into_iter().map(move |name| {
        let file = File::open(path.join(&name)).map_err(|error| Error::from(error).context(&name))?;
        let content: Box<dyn BufRead> = Box::new(BufReader::with_capacity(1 << 16, file));
        Ok((name, content))
    })
}
