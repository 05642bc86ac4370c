//! The column `id`, or the first where there is none, one per line or ended by NUL: what other commands take from `-`.

use std::io::Write;

use crm::Result;
use crm::domain::value::Value;
use crm::wire::cell;
use crm::wire::column::Column;

use super::{Encode, Options, guarded};

/// The encoder.
pub(super) struct Ids<'a> {
    out: &'a mut dyn Write,
    /// Where the id stands in a row.
    place: usize,
    end: &'static [u8],
    cell: String,
    terminal: bool,
}

impl<'a> Ids<'a> {
    /// Nothing is written yet.
    pub(super) fn new(out: &'a mut dyn Write, columns: &[Column], options: &Options<'_>) -> Ids<'a> {
        Ids {
            out,
            place: columns.iter().position(|column| column.name == "id").unwrap_or(0),
            end: if options.null { b"\0" } else { b"\n" },
            cell: String::new(),
            terminal: options.terminal,
        }
    }
}

impl Encode for Ids<'_> {
    fn row(&mut self, row: &[Value]) -> Result<()> {
        self.cell.clear();
        cell::push(&mut self.cell, row.get(self.place).unwrap_or(&Value::Null));
        self.out
            .write_all(guarded(&self.cell, self.terminal).as_bytes())?;
        self.out.write_all(self.end)?;
        Ok(())
    }

    fn flush(&mut self) -> Result<()> {
        Ok(self.out.flush()?)
    }

    fn finish(&mut self) -> Result<Vec<String>> {
        Ok(Vec::new())
    }
}
