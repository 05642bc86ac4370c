//! The file of the rows that an import refused: the same columns and why, to be fixed and fed again.

use std::io::Write;

use super::csv::CsvWriter;
use super::read::json;
use super::read::rows::{Row, RowError};
use crate::domain::input::Input;
use crate::error::Result;

/// The columns that are added: the line in the file that was imported, the field at fault, the reason.
///
/// A file that has all three is one of ours, and reading leaves them out.
pub const NAMES: [&str; 3] = ["_line", "_field", "_reason"];

/// In the rejects of several files, the name of the file; reading leaves it out as well.
pub const FILE: &str = "_file";

/// In NDJSON, the name of the text of a line that is no JSON object; reading takes its text for the line.
pub const TEXT: &str = "_text";

/// Writes the rejected rows: as CSV if the source had columns, else as NDJSON.
///
/// Nothing at all is written until there is a row, so that an import without rejects leaves an empty file or, with
/// a writer that creates its file late, none.
pub struct RejectsWriter<W: Write> {
    shape: Shape<W>,
    file: Option<String>,
    count: u64,
}

enum Shape<W: Write> {
    Csv(Box<CsvWriter<W>>, Vec<String>),
    Ndjson(W),
}

impl<W: Write> RejectsWriter<W> {
    /// Writes to `writer` what was refused of a source with these columns
    /// ([`crate::wire::read::rows::Reader::columns`]).
    pub fn new(writer: W, columns: Option<&[String]>) -> RejectsWriter<W> {
        RejectsWriter {
            shape: match columns {
                Some(columns) => Shape::Csv(Box::new(CsvWriter::new(writer)), columns.to_vec()),
                None => Shape::Ndjson(writer),
            },
            file: None,
            count: 0,
        }
    }

    /// Says which file what is written from now on comes from; only for a writer without columns, since every file has
    /// its own.
    pub fn set_file(&mut self, name: &str) {
        self.file = Some(name.to_owned());
    }

    /// Writes a row that was read well and refused for what it says.
    ///
    /// # Errors
    ///
    /// Writing fails.
    pub fn write_row(&mut self, row: &Row, field: Option<&str>, reason: &str) -> Result<()> {
        self.count += 1;
        match &mut self.shape {
            Shape::Csv(rows, columns) => write_cells(
                rows,
                columns,
                &row.raw,
                self.count,
                [&row.line.to_string(), field.unwrap_or(""), reason],
            ),
            Shape::Ndjson(writer) => {
                let why = (row.line, field, reason);
                write_object(writer, row.cells.clone(), self.file.as_deref(), why)
            }
        }
    }

    /// Writes what could not be read as a row.
    ///
    /// # Errors
    ///
    /// Writing fails.
    pub fn write_error(&mut self, error: &RowError) -> Result<()> {
        self.count += 1;
        let column = error.column.as_deref();
        match &mut self.shape {
            Shape::Csv(rows, columns) => {
                let why = [
                    &error.line.to_string(),
                    column.unwrap_or(""),
                    error.reason.as_str(),
                ];
                write_cells(rows, columns, &error.raw, self.count, why)
            }
            Shape::Ndjson(writer) => {
                let text = (TEXT.to_owned(), Input::text(error.raw.concat()));
                let why = (error.line, column, error.reason.as_str());
                write_object(writer, vec![text], self.file.as_deref(), why)
            }
        }
    }

    /// How many rows have been written.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// Hands everything on to the writer; says how many rows there were.
    ///
    /// # Errors
    ///
    /// Writing fails.
    pub fn finish(mut self) -> Result<u64> {
        if self.count > 0 {
            match &mut self.shape {
                Shape::Csv(rows, _) => rows.flush()?,
                Shape::Ndjson(writer) => writer.flush()?,
            }
        }
        Ok(self.count)
    }
}

/// Writes a row as wide as its columns, then why, then the cells for which there is no column.
fn write_cells<W: Write>(
    rows: &mut CsvWriter<W>,
    columns: &[String],
    cells: &[String],
    count: u64,
    why: [&str; 3],
) -> Result<()> {
    if count == 1 {
        rows.write_row(columns.iter().map(String::as_str).chain(NAMES))?;
    }
    let own = cells.iter().map(String::as_str).chain(std::iter::repeat(""));
    let extra = cells.iter().skip(columns.len()).map(String::as_str);
    rows.write_row(own.take(columns.len()).chain(why).chain(extra))
}

fn write_object<W: Write>(
    writer: &mut W,
    mut parts: Vec<(String, Input)>,
    file: Option<&str>,
    (line, field, reason): (u64, Option<&str>, &str),
) -> Result<()> {
    parts.extend(file.map(|file| (FILE.to_owned(), Input::text(file))));
    let field = field.map_or(Input::Clear, Input::text);
    let why = [Input::text(line.to_string()), field, Input::text(reason)];
    parts.extend(NAMES.into_iter().map(str::to_owned).zip(why));
    let mut text = String::new();
    json::write_object(&parts, &mut text);
    text.push('\n');
    Ok(writer.write_all(text.as_bytes())?)
}
