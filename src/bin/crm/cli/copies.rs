//! Files that are kept beside the base: copies of attached ones, and what came with messages.

use std::fs::File;
use std::io::{ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

use crm::domain::digest;
use crm::error::{Error, Kind, Result};
use crm::ops::attachment::{Content, New};
use sha2::{Digest, Sha256};

use crate::paths::Paths;

/// Copies that this command has made, which go again if it fails.
#[derive(Default)]
pub(crate) struct Copies(Vec<PathBuf>);

impl Copies {
    /// Takes them away again.
    pub(crate) fn take_back(&self) {
        for path in &self.0 {
            // What cannot be taken away is a file too many, and does no harm.
            std::fs::remove_file(path).unwrap_or_default();
        }
    }
}

/// The size and the hash of a file.
///
/// # Errors
///
/// `NotFound` if it is not there, `Invalid` if it is no file.
pub(crate) fn read(path: &Path) -> Result<Content> {
    let failed = |error: std::io::Error| match error.kind() {
        ErrorKind::NotFound => Error::new(Kind::NotFound, format!("there is no file {}", path.display())),
        _ => Error::from(error).context(path.display()),
    };
    let mut file = File::open(path).map_err(failed)?;
    if !file.metadata().map_err(failed)?.is_file() {
        return Err(Error::invalid(
            "attachments",
            format!("{} is no file", path.display()),
        ));
    }
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 64 * 1024];
    let mut bytes = 0;
    loop {
        let count = file.read(&mut buffer).map_err(failed)?;
        if count == 0 {
            break;
        }
        hash.update(buffer.get(..count).unwrap_or_default());
        bytes += u64::try_from(count).unwrap_or_default();
    }
    Ok(Content {
        bytes,
        sha256: digest::hexadecimal(&hash.finalize()),
    })
}

/// Puts a copy beside the base, readable by its owner alone; gives its place from the folder of the base.
///
/// # Errors
///
/// The copy cannot be written, or is not what was read before.
pub(crate) fn copy(base: &Path, from: &Path, content: &Content, copies: &mut Copies) -> Result<String> {
    let own = from.file_name().unwrap_or_default().to_string_lossy();
    let source = || File::open(from).map_err(|error| Error::from(error).context(from.display()));
    place_beside(base, &own, content, copies, || Ok(Box::new(source()?)))
}

/// Keeps what came from elsewhere as a file beside the base; gives it as it is to be attached.
///
/// # Errors
///
/// The file cannot be written.
pub(crate) fn keep(base: &Path, name: &str, bytes: &[u8], copies: &mut Copies) -> Result<New> {
    let content = content_of(bytes);
    let location = place_beside(base, name, &content, copies, || Ok(Box::new(bytes)))?;
    Ok(New {
        location,
        title: Some(name.to_owned()),
        content: Some(content),
    })
}

/// What it would be as a file beside the base.
pub(crate) fn would_keep(base: &Path, name: &str, bytes: &[u8]) -> New {
    let content = content_of(bytes);
    let location = location(base, name, &content);
    New {
        location,
        title: Some(name.to_owned()),
        content: Some(content),
    }
}

fn content_of(bytes: &[u8]) -> Content {
    Content {
        bytes: u64::try_from(bytes.len()).unwrap_or(u64::MAX),
        sha256: digest::sha256(bytes),
    }
}

/// The place of a copy, from the folder of the base.
fn location(base: &Path, name: &str, content: &Content) -> String {
    let folder = Paths::files(base);
    let folder = folder.file_name().unwrap_or_default().to_string_lossy();
    format!("{folder}/{}", copy_name(name, content))
}

/// The hash keeps files of one name apart, and makes one file of two that are the same.
fn copy_name(own: &str, content: &Content) -> String {
    let own: String = own
        .chars()
        .filter(|letter| !letter.is_control() && !matches!(letter, '/' | '\\'))
        .collect();
    let short = content.sha256.get(..16).unwrap_or(&content.sha256);
    // A folder takes names of 255 bytes.
    let mut end = own.len().min(200);
    while !own.is_char_boundary(end) {
        end -= 1;
    }
    format!("{short}-{}", own.get(..end).unwrap_or_default())
}

fn place_beside<'s>(
    base: &Path,
    own: &str,
    content: &Content,
    copies: &mut Copies,
    source: impl FnOnce() -> Result<Box<dyn Read + 's>>,
) -> Result<String> {
    let folder = Paths::files(base);
    let at_folder = |error: std::io::Error| Error::from(error).context(folder.display());
    if !folder.exists() {
        let mut builder = std::fs::DirBuilder::new();
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(&folder).map_err(at_folder)?;
    }
    let place = folder.join(copy_name(own, content));
    if read(&place).ok().as_ref() != Some(content) {
        let mut file = tempfile::NamedTempFile::new_in(&folder).map_err(at_folder)?;
        std::io::copy(&mut source()?, &mut file).map_err(at_folder)?;
        file.flush().map_err(at_folder)?;
        file.as_file().sync_all().map_err(at_folder)?;
        file.persist(&place).map_err(|error| at_folder(error.error))?;
        if read(&place)? != *content {
            copies.0.push(place);
            copies.take_back();
            return Err(Error::invalid(
                "attachments",
                format!("{own} changed while it was copied"),
            ));
        }
        copies.0.push(place);
    }
    Ok(location(base, own, content))
}
