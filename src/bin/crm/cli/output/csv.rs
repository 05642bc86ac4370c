//! Comma-separated values as RFC 4180 has them: UTF-8, CRLF, a header unless refused.

use std::io::{self, Write};

use crm::Result;
use crm::domain::value::Value;
use crm::wire::cell;
use crm::wire::column::Column;

use super::{Encode, Options, guarded};

/// The mark by which spreadsheets tell UTF-8.
const BYTE_ORDER_MARK: &str = "\u{feff}";
/// What a cell must not begin with where a spreadsheet could take it for a formula.
const FORMULA_STARTS: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// The encoder.
pub(super) struct Csv<'a> {
    writer: csv::Writer<&'a mut dyn Write>,
    columns: Vec<Column>,
    cells: Vec<String>,
    safe: bool,
    terminal: bool,
}

impl<'a> Csv<'a> {
    /// Writes the mark and the header, if they are wanted.
    pub(super) fn begin(
        out: &'a mut dyn Write,
        columns: Vec<Column>,
        options: &Options<'_>,
    ) -> Result<Csv<'a>> {
        if options.bom {
            out.write_all(BYTE_ORDER_MARK.as_bytes())?;
        }
        let writer = csv::WriterBuilder::new()
            .terminator(csv::Terminator::CRLF)
            .from_writer(out);
        let cells = cell::expand_columns(&columns);
        let mut csv = Csv {
            writer,
            columns,
            cells,
            safe: options.csv_safe,
            terminal: options.terminal,
        };
        if options.header != Some(false) {
            csv.write_cells()?;
        }
        Ok(csv)
    }

    fn write_cells(&mut self) -> Result<()> {
        if self.safe {
            for cell in self
                .cells
                .iter_mut()
                .filter(|cell| cell.starts_with(FORMULA_STARTS))
            {
                cell.insert(0, '\'');
            }
        }
        let written = if self.terminal {
            self.writer
                .write_record(self.cells.iter().map(|cell| guarded(cell, true).into_owned()))
        } else {
            self.writer.write_record(&self.cells)
        };
        written.map_err(cause)?;
        Ok(())
    }
}

/// The I/O error behind `error`. The crate's own conversion would hide that a reader went away.
fn cause(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("a CSV record cannot be written: {other:?}")),
    }
}

impl Encode for Csv<'_> {
    fn row(&mut self, row: &[Value]) -> Result<()> {
        cell::expand_row(&self.columns, row, &mut self.cells);
        self.write_cells()
    }

    fn flush(&mut self) -> Result<()> {
        Ok(self.writer.flush()?)
    }

    fn finish(&mut self) -> Result<Vec<String>> {
        Ok(Vec::new())
    }
}
