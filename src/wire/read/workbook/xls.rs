//! Sheets of `.xls`, which is read as a whole: it is not packed, so that its size says what it takes.

use std::io::{BufReader, Cursor, Read, Seek, SeekFrom};

use calamine::{Reader, SheetType, SheetVisible, Xls, XlsError};

use super::compound;
use super::lines::Lines;
use super::text::{self, Form};
use super::{Sheet, damaged};
use crate::error::{Error, Kind, Result};

/// The largest file.
const LARGEST: u64 = 128 << 20;

/// A workbook in memory.
pub(super) struct Book(Xls<Cursor<Vec<u8>>>);

/// Opens a workbook.
pub(super) fn open<R: Read + Seek>(mut input: R) -> Result<(Vec<Sheet>, Book)> {
    let size = input.seek(SeekFrom::End(0))?;
    if size > LARGEST {
        return Err(damaged(format!(
            "it is larger than {} MiB; saved as .xlsx it can be",
            LARGEST >> 20
        )));
    }
    input.seek(SeekFrom::Start(0))?;
    let book = Xls::new(compound::repacked(BufReader::new(input))?).map_err(fault)?;
    let sheets = book
        .sheets_metadata()
        .iter()
        .filter(|sheet| sheet.typ == SheetType::WorkSheet)
        .map(|sheet| Sheet {
            name: sheet.name.clone(),
            hidden: sheet.visible != SheetVisible::Visible,
        })
        .collect();
    Ok((sheets, Book(book)))
}

impl Book {
    /// Copies the cells of a sheet.
    pub(super) fn copy(&mut self, name: &str, lines: &mut Lines<'_>) -> Result<()> {
        let range = self.0.worksheet_range(name).map_err(fault)?;
        let (first_row, first_column) = range.start().unwrap_or_default();
        for (row, column, value) in range.used_cells() {
            let row = u32::try_from(row).unwrap_or(u32::MAX).saturating_add(first_row);
            lines.cell(row, column + first_column as usize, text::of(value, Form::Plain))?;
        }
        Ok(())
    }
}

fn fault(error: XlsError) -> Error {
    match error {
        XlsError::Password => Error::new(Kind::Invalid, "the workbook is locked by a password"),
        XlsError::Io(error) => Error::from(error),
        error => damaged(error),
    }
}
