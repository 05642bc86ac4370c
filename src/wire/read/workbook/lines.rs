//! Cells to lines of tab-separated text, in constant memory and of bounded length.

use std::io::Write;

use super::damaged;
use crate::error::Result;
use crate::wire::csv::push_tsv_cell;

/// The most rows of a sheet, in any program.
pub(super) const MOST_ROWS: u32 = 1 << 20;

/// The most columns of a sheet, in any program.
pub(super) const MOST_COLUMNS: usize = 1 << 14;

/// The longest text that a sheet makes, in bytes.
const LONGEST: u64 = 2 << 30;

/// The most cells of a sheet, with the blank ones before the last of a row.
const MOST_CELLS: u64 = 64 << 20;

/// Writes the cells of a sheet, which come in the order of its rows.
pub(super) struct Lines<'o> {
    out: &'o mut dyn Write,
    /// The row whose cells are gathered, from 0.
    row: u32,
    cells: Vec<String>,
    line: String,
    written: u64,
    counted: u64,
    rows: u64,
}

impl Lines<'_> {
    pub(super) fn new(out: &mut dyn Write) -> Lines<'_> {
        Lines {
            out,
            row: 0,
            cells: Vec::new(),
            line: String::new(),
            written: 0,
            counted: 0,
            rows: 0,
        }
    }

    /// Takes the cell in `row` and `column`, both from 0.
    pub(super) fn cell(&mut self, row: u32, column: usize, text: String) -> Result<()> {
        if text.is_empty() {
            return Ok(());
        }
        if row >= MOST_ROWS || column >= MOST_COLUMNS {
            return Err(damaged("it has a cell beyond the last row or column"));
        }
        if row < self.row {
            return Err(damaged(format!(
                "row {} comes after row {}",
                row + 1,
                self.row + 1
            )));
        }
        while self.row < row {
            self.end_row()?;
        }
        if self.cells.len() <= column {
            self.cells.resize(column + 1, String::new());
        }
        if let Some(cell) = self.cells.get_mut(column) {
            *cell = text;
        }
        Ok(())
    }

    /// Ends the last row; gives the number of rows that say anything.
    pub(super) fn finish(mut self) -> Result<u64> {
        self.end_row()?;
        Ok(self.rows)
    }

    fn end_row(&mut self) -> Result<()> {
        self.line.clear();
        for (at, cell) in self.cells.iter().enumerate() {
            if at > 0 {
                self.line.push('\t');
            }
            push_tsv_cell(cell, &mut self.line);
        }
        self.line.push('\n');
        self.rows += u64::from(!self.cells.is_empty());
        self.counted += self.cells.len() as u64;
        self.cells.clear();
        self.row += 1;
        self.written += self.line.len() as u64;
        if self.written > LONGEST || self.counted > MOST_CELLS {
            return Err(damaged("the sheet is too large to be meant"));
        }
        Ok(self.out.write_all(self.line.as_bytes())?)
    }
}
