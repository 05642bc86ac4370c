//! Sheets of `.xlsx`.

use std::io::{BufReader, Read, Seek};

use calamine::{Data, Reader, SheetType, SheetVisible, Xlsx, XlsxError};
use zip::ZipArchive;

use super::lines::Lines;
use super::text::{self, Form};
use super::{Sheet, archive, damaged};
use crate::error::{Error, Result};

/// A workbook, of which the shared texts and the styles are in memory.
pub(super) struct Book<R: Read + Seek>(Xlsx<BufReader<R>>);

/// Opens a workbook.
pub(super) fn open<R: Read + Seek>(input: R) -> Result<(Vec<Sheet>, Book<R>)> {
    let mut archive = ZipArchive::new(input).map_err(archive::fault)?;
    archive::measure(&mut archive)?;
    let book = Xlsx::new(BufReader::new(archive.into_inner())).map_err(fault)?;
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

impl<R: Read + Seek> Book<R> {
    /// Copies the cells of a sheet.
    pub(super) fn copy(&mut self, name: &str, lines: &mut Lines<'_>) -> Result<()> {
        let mut cells = match self.0.worksheet_cells_reader(name) {
            Ok(cells) => cells,
            Err(XlsxError::NotAWorksheet(_)) => return Ok(()),
            Err(error) => return Err(fault(error)),
        };
        let forms: Vec<Form> = cells
            .styles()
            .iter()
            .map(|style| match &style.number_format {
                Some(format) => Form::of(&format.format_code),
                None => Form::Plain,
            })
            .collect();
        while let Some((cell, style)) = cells.next_cell_with_style_id().map_err(fault)? {
            let (row, column) = cell.get_position();
            let form = forms.get(style).copied().unwrap_or(Form::Plain);
            let value = Data::from(cell.get_value().clone());
            lines.cell(row, column as usize, text::of(&value, form))?;
        }
        Ok(())
    }
}

fn fault(error: XlsxError) -> Error {
    match error {
        XlsxError::Zip(error) => archive::fault(error),
        XlsxError::Io(error) => archive::fault(error.into()),
        error => damaged(error),
    }
}
