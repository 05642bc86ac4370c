//! Sheets of a workbook as tab-separated text: `.xlsx`, `.xls` and `.ods`, told by what is in them and not by their name.
//!
//! A sheet is copied row by row to a writer, in the form in which this program writes tables itself, so that line N of
//! the text is row N of the sheet and whatever reads tables reads sheets. Numbers are plain decimals, days and times are
//! ISO, formulas are their values; errors stand as the program shows them (`#N/A`).
//!
//! A small file can hold an endless sheet. The parts of a file are measured before they are read, and the text that a
//! sheet makes is bounded; an old `.xls` is not packed, and its file is bounded instead.

mod archive;
mod compound;
mod lines;
mod ods;
mod text;
mod xls;
mod xlsx;

#[cfg(test)]
mod tests;

use std::io::{Read, Seek, SeekFrom, Write};

use crate::domain::near::near;
use crate::error::{Error, Kind as ErrorKind, Result};
use crate::fault;

use lines::Lines;

/// A sort of workbook.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Office Open XML.
    Xlsx,
    /// The binary format before it.
    Xls,
    /// OpenDocument.
    Ods,
}

/// The sort of workbook that `input` is, which is left at its beginning; none for anything else.
///
/// # Errors
///
/// Reading fails, or it is a workbook of a sort that is not read.
pub fn recognise<R: Read + Seek>(input: &mut R) -> Result<Option<Kind>> {
    const ZIP: &[u8] = b"PK\x03\x04";
    const COMPOUND: &[u8] = &[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];
    let mut first = Vec::new();
    input.seek(SeekFrom::Start(0))?;
    input.by_ref().take(8).read_to_end(&mut first)?;
    input.seek(SeekFrom::Start(0))?;
    if first == COMPOUND {
        return Ok(Some(Kind::Xls));
    }
    if !first.starts_with(ZIP) {
        return Ok(None);
    }
    let kind = archive::kind(input)?;
    input.seek(SeekFrom::Start(0))?;
    Ok(kind)
}

/// A sheet of a workbook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    /// Its name.
    pub name: String,
    /// Whether the program that wrote it does not show it.
    pub hidden: bool,
}

/// A workbook that was opened.
pub struct Workbook<R: Read + Seek> {
    sheets: Vec<Sheet>,
    book: Book<R>,
}

enum Book<R: Read + Seek> {
    Xlsx(Box<xlsx::Book<R>>),
    Xls(Box<xls::Book>),
    Ods(ods::Book<R>),
}

impl<R: Read + Seek> Workbook<R> {
    /// Opens a workbook of the sort that [`recognise`] told.
    ///
    /// # Errors
    ///
    /// Invalid for a workbook that is damaged, locked by a password or too large to be meant; reading fails.
    pub fn open(mut input: R, kind: Kind) -> Result<Workbook<R>> {
        input.seek(SeekFrom::Start(0))?;
        let (sheets, book) = guarded(|| {
            Ok(match kind {
                Kind::Xlsx => {
                    let (sheets, book) = xlsx::open(input)?;
                    (sheets, Book::Xlsx(Box::new(book)))
                }
                Kind::Xls => {
                    let (sheets, book) = xls::open(input)?;
                    (sheets, Book::Xls(Box::new(book)))
                }
                Kind::Ods => {
                    let (sheets, book) = ods::open(input)?;
                    (sheets, Book::Ods(book))
                }
            })
        })?;
        Ok(Workbook { sheets, book })
    }

    /// The sheets, in order.
    pub fn sheets(&self) -> &[Sheet] {
        &self.sheets
    }

    /// The place of the sheet that is called `said`, or else has that number, from 1.
    ///
    /// # Errors
    ///
    /// Usage if there is none.
    pub fn find(&self, said: &str) -> Result<usize> {
        let said = said.trim();
        let named =
            |same: &dyn Fn(&str) -> bool| self.sheets.iter().position(|sheet| same(sheet.name.trim()));
        let found = named(&|name| name == said)
            .or_else(|| named(&|name| name.to_lowercase() == said.to_lowercase()))
            .or_else(|| {
                let number: usize = said.parse().ok()?;
                number.checked_sub(1).filter(|at| *at < self.sheets.len())
            });
        found.ok_or_else(|| {
            let names: Vec<&str> = self.sheets.iter().map(|sheet| sheet.name.as_str()).collect();
            let all = names.join(", ");
            Error::usage(format!("there is no sheet {said:?}; there are {all}")).with_near(near(said, names))
        })
    }

    /// Copies the sheet at `place` to `out`, one line a row; gives the number of rows that say anything.
    ///
    /// # Errors
    ///
    /// Invalid for a sheet that is damaged or too large to be meant; reading or writing fails.
    pub fn copy(&mut self, place: usize, out: &mut dyn Write) -> Result<u64> {
        let Some(sheet) = self.sheets.get(place) else {
            return Err(Error::internal("there is no such sheet"));
        };
        let mut lines = Lines::new(out);
        let book = &mut self.book;
        guarded(|| match book {
            Book::Xlsx(book) => book.copy(&sheet.name, &mut lines),
            Book::Xls(book) => book.copy(&sheet.name, &mut lines),
            Book::Ods(book) => book.copy(place, &mut lines),
        })?;
        lines.finish()
    }
}

/// What `work` gives. The decoders of sheets trust lengths that the file states and panic where these lie.
fn guarded<T>(work: impl FnOnce() -> Result<T>) -> Result<T> {
    fault::caught(work).unwrap_or_else(|why| Err(damaged(format!("it contradicts itself ({why})"))))
}

/// The refusal of a workbook, and why.
fn damaged(why: impl std::fmt::Display) -> Error {
    Error::new(ErrorKind::Invalid, format!("the workbook cannot be read: {why}"))
}
