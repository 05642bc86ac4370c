//! Tab-separated values: one line per row, no header unless asked for. Tab, line feed, carriage return and
//! backslash are written `\t`, `\n`, `\r` and `\\`, so that a line is a row and a tab is a border.

use std::io::Write;

use crm::Result;
use crm::domain::value::Value;
use crm::wire::cell;
use crm::wire::column::Column;

use super::{Encode, Options, guarded};

/// The encoder.
pub(super) struct Tsv<'a> {
    out: &'a mut dyn Write,
    columns: Vec<Column>,
    cells: Vec<String>,
    line: String,
    terminal: bool,
}

impl<'a> Tsv<'a> {
    /// Writes the header, if one is wanted.
    pub(super) fn begin(
        out: &'a mut dyn Write,
        columns: Vec<Column>,
        options: &Options<'_>,
    ) -> Result<Tsv<'a>> {
        let cells = cell::expand_columns(&columns);
        let mut tsv = Tsv {
            out,
            columns,
            cells,
            line: String::new(),
            terminal: options.terminal,
        };
        if options.header == Some(true) {
            tsv.write_cells()?;
        }
        Ok(tsv)
    }

    fn write_cells(&mut self) -> Result<()> {
        self.line.clear();
        for (at, cell) in self.cells.iter().enumerate() {
            if at > 0 {
                self.line.push('\t');
            }
            push_escaped(&mut self.line, cell);
        }
        self.line.push('\n');
        self.out
            .write_all(guarded(&self.line, self.terminal).as_bytes())?;
        Ok(())
    }
}

impl Encode for Tsv<'_> {
    fn row(&mut self, row: &[Value]) -> Result<()> {
        cell::expand_row(&self.columns, row, &mut self.cells);
        self.write_cells()
    }

    fn flush(&mut self) -> Result<()> {
        Ok(self.out.flush()?)
    }

    fn finish(&mut self) -> Result<Vec<String>> {
        Ok(Vec::new())
    }
}

/// Appends `cell` with what would end it escaped.
fn push_escaped(line: &mut String, cell: &str) {
    for character in cell.chars() {
        match character {
            '\t' => line.push_str("\\t"),
            '\n' => line.push_str("\\n"),
            '\r' => line.push_str("\\r"),
            '\\' => line.push_str("\\\\"),
            other => line.push(other),
        }
    }
}
