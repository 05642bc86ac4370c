//! Customers as cards, one after another.

use std::io::Write;

use crm::domain::noun::Noun;
use crm::domain::value::Value;
use crm::wire::column::Column;
use crm::wire::vcard::write::{Version, card};
use crm::{Error, Result};

use super::{Encode, Options, guarded};

/// The encoder.
pub(super) struct Cards<'a> {
    out: &'a mut dyn Write,
    columns: Vec<Column>,
    version: Version,
    terminal: bool,
}

impl<'a> Cards<'a> {
    /// Nothing is written yet.
    ///
    /// # Errors
    ///
    /// `Usage` for rows that are no customers.
    pub(super) fn begin(
        out: &'a mut dyn Write,
        columns: Vec<Column>,
        kind: &str,
        options: &Options<'_>,
    ) -> Result<Cards<'a>> {
        if kind != Noun::Customer.name() {
            return Err(Error::usage("the format vcard is for customers"));
        }
        Ok(Cards {
            out,
            columns,
            version: options.vcard,
            terminal: options.terminal,
        })
    }
}

impl Encode for Cards<'_> {
    fn row(&mut self, row: &[Value]) -> Result<()> {
        let text = card(&self.columns, row, self.version);
        Ok(self.out.write_all(guarded(&text, self.terminal).as_bytes())?)
    }

    fn flush(&mut self) -> Result<()> {
        Ok(self.out.flush()?)
    }

    fn finish(&mut self) -> Result<Vec<String>> {
        Ok(Vec::new())
    }
}
