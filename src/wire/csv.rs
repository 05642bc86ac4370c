//! Rows to CSV and TSV text; reading them is `read`.

use std::io::Write;

use crate::error::{Error, Result};

/// Writes rows as CSV: RFC 4180 with LF, quotes only where needed.
pub struct CsvWriter<W: Write> {
    rows: ::csv::Writer<W>,
}

impl<W: Write> CsvWriter<W> {
    /// Writes to `writer`.
    pub fn new(writer: W) -> CsvWriter<W> {
        CsvWriter {
            rows: ::csv::WriterBuilder::new().flexible(true).from_writer(writer),
        }
    }

    /// Writes one row.
    ///
    /// # Errors
    ///
    /// Writing fails.
    pub fn write_row<'a>(&mut self, cells: impl IntoIterator<Item = &'a str>) -> Result<()> {
        self.rows.write_record(cells).map_err(writing)
    }

    /// Hands everything on to the writer.
    ///
    /// # Errors
    ///
    /// Writing fails.
    pub fn flush(&mut self) -> Result<()> {
        Ok(self.rows.flush()?)
    }
}

fn writing(error: ::csv::Error) -> Error {
    match error.into_kind() {
        ::csv::ErrorKind::Io(error) => error.into(),
        kind => Error::internal(format!("a row could not be written: {kind:?}")),
    }
}

/// Adds a cell as TSV writes it: `\t \n \r \\` for tab, line feed, carriage return and backslash.
///
/// A cell that begins and ends with a quote begins with `\"`, so that it is not read as a quoted one.
pub fn push_tsv_cell(cell: &str, out: &mut String) {
    if cell.len() > 1 && cell.starts_with('"') && cell.ends_with('"') {
        out.push('\\');
    }
    for letter in cell.chars() {
        match letter {
            '\t' => out.push_str("\\t"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\\' => out.push_str("\\\\"),
            letter => out.push(letter),
        }
    }
}
