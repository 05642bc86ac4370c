//! A table in Markdown, for notes and issues: full values, names instead of refs, no alignment by blanks.

use std::io::Write;

use crm::Result;
use crm::domain::value::Value;
use crm::wire::cell;
use crm::wire::column::Column;

use super::{Encode, Options, guarded};
use crate::text::display::is_right;

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

    fn header(&mut self) -> Result<()> {
        let names: Vec<String> = self.columns.iter().map(|column| escaped(&column.name)).collect();
        let rules: Vec<String> = self
            .columns
            .iter()
            .map(|column| if is_right(column.kind) { "---:" } else { "---" }.to_owned())
            .collect();
        self.line(&names)?;
        self.line(&rules)
    }

    fn line(&mut self, cells: &[String]) -> Result<()> {
        let line = format!("| {} |\n", cells.join(" | "));
        self.out.write_all(guarded(&line, self.terminal).as_bytes())?;
        Ok(())
    }
}

impl Encode for Markdown<'_> {
    fn row(&mut self, row: &[Value]) -> Result<()> {
        if !std::mem::replace(&mut self.begun, true) {
            self.header()?;
        }
        let cells: Vec<String> = (0..self.columns.len())
            .map(|at| escaped(&plain(row.get(at).unwrap_or(&Value::Null))))
            .collect();
        self.line(&cells)
    }

    fn flush(&mut self) -> Result<()> {
        Ok(self.out.flush()?)
    }

    fn finish(&mut self) -> Result<Vec<String>> {
        Ok(Vec::new())
    }
}

/// The text of a value: that of a cell, but with the currency in it, and names of other records.
fn plain(value: &Value) -> String {
    match value {
        Value::Money(money) => money.to_string(),
        Value::Link(link) => link.name.clone(),
        Value::List(items) if !items.iter().any(|item| matches!(item, Value::Map(_))) => {
            items.iter().map(plain).collect::<Vec<_>>().join("; ")
        }
        other => cell::cell(other),
    }
}

/// What would end a cell or a row, made text.
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\")
        .replace('|', "\\|")
        .replace("\r\n", "<br>")
        .replace(['\n', '\r'], "<br>")
}
