//! Where messages come from: stdin, a message, a mailbox in one file, a folder of messages or of folders.

use std::fs::{self, File};
use std::io::{BufReader, ErrorKind, Read};
use std::path::{Path, PathBuf};

use crm::error::{Error, Kind, Result};
use crm::ops::mail::ingest::Message;
use crm::wire::mail::mbox::Pieces;

use crate::cli::import::spooled;

/// Folders in folders are looked into to this depth.
const DEEPEST: usize = 12;

/// So much of a file is read at a time.
const BUFFER: usize = 1 << 18;

/// What there is to read, and what was left out of it.
#[derive(Debug, Default)]
pub(super) struct Sources {
    paths: Vec<PathBuf>,
    /// Files in folders that hold no messages.
    pub(super) left_out: usize,
}

impl Sources {
    /// The files behind the words of the command line; `-` is stdin.
    ///
    /// # Errors
    ///
    /// `NotFound` for what is not there; a folder that cannot be read.
    pub(super) fn find(words: &[PathBuf]) -> Result<Sources> {
        let mut sources = Sources::default();
        for word in words {
            if word == Path::new("-") {
                sources.paths.push(word.clone());
                continue;
            }
            let about = fs::metadata(word).map_err(|error| match error.kind() {
                ErrorKind::NotFound => Error::new(
                    Kind::NotFound,
                    format!("there is no file or folder {}", word.display()),
                ),
                _ => Error::from(error).context(word.display()),
            })?;
            match about.is_dir() {
                true => sources.walk(word, 0)?,
                false => sources.paths.push(word.clone()),
            }
        }
        Ok(sources)
    }

    /// Gathers the messages of a folder: all files of `cur` and `new`, and elsewhere what looks like a message.
    fn walk(&mut self, folder: &Path, depth: usize) -> Result<()> {
        let in_folder = |error: std::io::Error| Error::from(error).context(folder.display());
        let mut entries = Vec::new();
        for entry in fs::read_dir(folder).map_err(in_folder)? {
            let entry = entry.map_err(in_folder)?;
            // A link may lead in a circle.
            entries.push((entry.file_name(), entry.file_type().map_err(in_folder)?));
        }
        entries.sort_by(|(one, _), (other, _)| one.cmp(other));
        let is_box = folder
            .file_name()
            .is_some_and(|name| name == "cur" || name == "new");
        for (name, kind) in entries {
            let path = folder.join(&name);
            if kind.is_dir() {
                // What is in `tmp` is not whole yet.
                if depth < DEEPEST && name != "tmp" {
                    self.walk(&path, depth + 1)?;
                }
            } else if kind.is_file() && (is_box || looks_like_mail(&path)) {
                self.paths.push(path);
            } else {
                self.left_out += 1;
            }
        }
        Ok(())
    }

    /// How many files there are.
    pub(super) fn count(&self) -> usize {
        self.paths.len()
    }

    /// The messages, one after the other; without what is long in attachments unless they are `whole`.
    pub(super) fn messages(self, whole: bool) -> impl Iterator<Item = Result<Message>> {
        let several = self.paths.len() > 1;
        self.paths.into_iter().flat_map(move |path| {
            let messages: Box<dyn Iterator<Item = Result<Message>>> = match open(&path) {
                Ok(reader) => Box::new(of_file(reader, name(&path, several), whole)),
                Err(error) => Box::new(std::iter::once(Err(error))),
            };
            messages
        })
    }
}

/// How the place of a message begins; nothing where there is only one file.
fn name(path: &Path, several: bool) -> String {
    match several {
        true => path.display().to_string(),
        false => String::new(),
    }
}

fn open(path: &Path) -> Result<Box<dyn Read>> {
    if path == Path::new("-") {
        return Ok(Box::new(spooled()?));
    }
    let file = File::open(path).map_err(|error| Error::from(error).context(path.display()))?;
    Ok(Box::new(file))
}

fn of_file(reader: Box<dyn Read>, name: String, whole: bool) -> impl Iterator<Item = Result<Message>> {
    let pieces = Pieces::new(BufReader::with_capacity(BUFFER, reader));
    let pieces = if whole { pieces } else { pieces.thin() };
    pieces.map(move |piece| {
        let piece = piece.map_err(|error| Error::from(error).context(&name))?;
        let place = match (name.as_str(), piece.line) {
            (name, 1) if !name.is_empty() => name.to_owned(),
            ("", line) => format!("line {line}"),
            (name, line) => format!("{name}:{line}"),
        };
        Ok(Message {
            place,
            raw: piece.raw,
            is_cut: piece.is_cut,
        })
    })
}

/// Whether a file in any folder is a message or a mailbox: by its name, or by how it begins.
fn looks_like_mail(path: &Path) -> bool {
    let extension = path
        .extension()
        .unwrap_or_default()
        .to_string_lossy()
        .to_lowercase();
    if matches!(extension.as_str(), "eml" | "mbox" | "mbx" | "emlx") {
        return true;
    }
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let is_numbered = !name.is_empty() && name.chars().all(|letter| letter.is_ascii_digit());
    let mut head = [0; 5];
    let begins = File::open(path)
        .and_then(|mut file| file.read_exact(&mut head))
        .is_ok();
    begins && (head == *b"From " || is_numbered && head.is_ascii())
}
