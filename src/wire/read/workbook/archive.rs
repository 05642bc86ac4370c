//! The zip around a workbook: what sort it is, and whether its parts are of a size that can be meant.

use std::io::{Read, Seek};

use zip::ZipArchive;
use zip::result::ZipError;

use super::{Kind, damaged};
use crate::error::{Error, Kind as ErrorKind, Result};

/// The largest part that is read as a whole, unpacked.
const LARGEST_PART: u64 = 256 << 20;

/// The largest sheet, unpacked; it is read row by row.
const LARGEST_SHEET: u64 = 4 << 30;

/// The most shared texts.
const MOST_TEXTS: u64 = 4 << 20;

/// The most bytes without a new tag: no cell holds that much.
const LONGEST_TEXT: u64 = 2 << 20;

/// The most bytes of one cell or shared text, with its tags.
const LONGEST_CELL: u64 = 16 << 20;

/// What an error of reading an archive says.
pub(super) fn fault(error: ZipError) -> Error {
    match error {
        ZipError::Io(error)
            if error.kind() != std::io::ErrorKind::UnexpectedEof
                && error.kind() != std::io::ErrorKind::InvalidData
                && error.kind() != std::io::ErrorKind::InvalidInput =>
        {
            Error::from(error)
        }
        error => damaged(error),
    }
}

/// The sort of workbook that is in an archive; none if it is none.
pub(super) fn kind<R: Read + Seek>(input: &mut R) -> Result<Option<Kind>> {
    let mut archive = ZipArchive::new(input).map_err(fault)?;
    if archive.index_for_name("xl/workbook.xml").is_some() {
        return Ok(Some(Kind::Xlsx));
    }
    if archive.index_for_name("xl/workbook.bin").is_some() {
        return Err(Error::new(
            ErrorKind::Invalid,
            "a binary workbook (.xlsb) is not read; saved as .xlsx it is",
        ));
    }
    let mut told = String::new();
    if let Ok(part) = archive.by_name("mimetype") {
        part.take(100).read_to_string(&mut told).unwrap_or_default();
    }
    let is_sheet = told.trim_end() == "application/vnd.oasis.opendocument.spreadsheet";
    Ok(is_sheet.then_some(Kind::Ods))
}

/// Measures what is going to be read of a workbook.
///
/// # Errors
///
/// Invalid if a part is too large to be meant, or not what it says.
pub(super) fn measure<R: Read + Seek>(archive: &mut ZipArchive<R>) -> Result<()> {
    let names: Vec<String> = archive
        .file_names()
        .filter_map(|name| name.ok().map(|name| name.into_owned()))
        .filter(|name| name.ends_with(".xml") || name.ends_with(".rels"))
        .collect();
    for name in names {
        let part = archive.by_name(&name).map_err(fault)?;
        let is_sheet = name.starts_with("xl/worksheets/") || name == "content.xml";
        let largest = if is_sheet { LARGEST_SHEET } else { LARGEST_PART };
        Measure::new(&name, largest).all(part)?;
    }
    Ok(())
}

/// Counts what goes by of one part.
struct Measure<'n> {
    name: &'n str,
    largest: u64,
    size: u64,
    texts: u64,
    /// Bytes since the last tag began.
    since_tag: u64,
    /// Bytes since the last cell, row or text began.
    since_cell: u64,
    /// The bytes after a `<`, until it is known what begins there.
    tag: Vec<u8>,
    in_tag: bool,
    /// Whether a cell or text has begun: before the first one may be much else.
    has_begun: bool,
}

impl<'n> Measure<'n> {
    fn new(name: &'n str, largest: u64) -> Measure<'n> {
        Measure {
            name,
            largest,
            size: 0,
            texts: 0,
            since_tag: 0,
            since_cell: 0,
            tag: Vec::new(),
            in_tag: false,
            has_begun: false,
        }
    }

    fn all(mut self, mut part: impl Read) -> Result<()> {
        let mut chunk = vec![0; 64 << 10];
        loop {
            let read = part
                .read(&mut chunk)
                .map_err(|error| fault(ZipError::Io(error)))?;
            if read == 0 {
                return Ok(());
            }
            self.size += read as u64;
            self.pass(chunk.get(..read).unwrap_or_default());
            self.check()?;
        }
    }

    /// Takes note of the next bytes. Tags are looked for by their first letters alone, in whatever place.
    fn pass(&mut self, bytes: &[u8]) {
        for piece in bytes.split_inclusive(|&byte| byte == b'<') {
            if self.in_tag {
                let wanted = 10_usize.saturating_sub(self.tag.len());
                self.tag.extend(piece.iter().take(wanted));
                if self.tag.len() >= 10 || piece.contains(&b'>') || piece.ends_with(b"<") {
                    self.begin();
                }
            }
            self.since_tag += piece.len() as u64;
            self.since_cell += piece.len() as u64;
            if piece.ends_with(b"<") {
                self.since_tag = 0;
                self.in_tag = true;
                self.tag.clear();
            }
        }
    }

    fn begin(&mut self) {
        self.in_tag = false;
        let name = self
            .tag
            .split(|byte| !(byte.is_ascii_alphanumeric() || matches!(byte, b':' | b'-')))
            .next();
        let name = name.unwrap_or_default();
        // In ODS, of `table:table-cell` and the like only the beginning was kept.
        let local = match name.iter().position(|&byte| byte == b':') {
            Some(at) if !name.starts_with(b"table:") => name.get(at + 1..).unwrap_or_default(),
            _ => name,
        };
        if matches!(local, b"c" | b"row" | b"si") || name.starts_with(b"table:") {
            self.since_cell = 0;
            self.has_begun = true;
        }
        self.texts += u64::from(local == b"si");
    }

    fn check(&self) -> Result<()> {
        let is_cells = self.name.starts_with("xl/worksheets/")
            || self.name == "content.xml"
            || self.name.starts_with("xl/sharedStrings");
        let too_much = self.size > self.largest
            || self.texts > MOST_TEXTS
            || self.since_tag > LONGEST_TEXT
            || (is_cells && self.has_begun && self.since_cell > LONGEST_CELL);
        if too_much {
            return Err(damaged(format!("{} is too large to be meant", self.name)));
        }
        Ok(())
    }
}
