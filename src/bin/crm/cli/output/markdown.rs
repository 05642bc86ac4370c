//! A table in Markdown, for notes and issues: full values, names instead of refs, no alignment by blanks.

use std::io::Write;

use crm::Result;
use crm::domain::value::Value;
use crm::wire::column::Column;

use super::{Encode, Options, guarded};
use crate::text::markdown;

/// The encoder.
pub(super) struct Markdown<'a> {
    out: &'a mut dyn Write,
    columns: Vec<Column>,
    terminal: bool,
    begun: bool,
}

impl<'a> Markdown<'a> {
    /// Writes nothing before the first row: a job that prints an empty list sends no mail.
    pub(super) fn new(out: &'a mut dyn Write, columns: Vec<Column>, options: &Options<'_>) -> Markdown<'a> {
        Markdown {
            out,
            columns,
            terminal: options.terminal,
            begun: false,
        }
    }

    fn write(&mut self, line: &str) -> Result<()> {
        self.out.write_all(guarded(line, self.terminal).as_bytes())?;
        Ok(())
    }
}

impl Encode for Markdown<'_> {
    fn row(&mut self, row: &[Value]) -> Result<()> {
        if !std::mem::replace(&mut self.begun, true) {
            self.write(&markdown::head(&self.columns))?;
        }
        self.write(&markdown::row(self.columns.len(), row))
    }

    fn flush(&mut self) -> Result<()> {
        Ok(self.out.flush()?)
    }

    fn finish(&mut self) -> Result<Vec<String>> {
        Ok(Vec::new())
    }
}
