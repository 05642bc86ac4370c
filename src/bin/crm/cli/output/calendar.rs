//! Tasks and activities as one calendar.

use std::io::Write;

use crm::domain::noun::Noun;
use crm::domain::value::Value;
use crm::wire::calendar::write::Calendar;
use crm::wire::column::Column;
use crm::{Error, Result};

use super::{Encode, Options, guarded};

/// The encoder.
pub(super) struct Entries<'a> {
    out: &'a mut dyn Write,
    columns: Vec<Column>,
    noun: Noun,
    calendar: Calendar,
    terminal: bool,
}

impl<'a> Entries<'a> {
    /// Writes what stands before the entries.
    ///
    /// # Errors
    ///
    /// `Usage` for rows that have no place in a calendar; or the stream fails.
    pub(super) fn begin(
        out: &'a mut dyn Write,
        columns: Vec<Column>,
        kind: &str,
        options: &Options<'_>,
    ) -> Result<Entries<'a>> {
        let noun = Noun::parse(kind).filter(|noun| matches!(noun, Noun::Task | Noun::Activity));
        let Some(noun) = noun else {
            return Err(Error::usage("the format ics is for tasks and activities"));
        };
        let calendar = Calendar::default();
        out.write_all(calendar.begin().as_bytes())?;
        Ok(Entries {
            out,
            columns,
            noun,
            calendar,
            terminal: options.terminal,
        })
    }
}

impl Encode for Entries<'_> {
    fn row(&mut self, row: &[Value]) -> Result<()> {
        let text = self.calendar.entry(self.noun, &self.columns, row);
        Ok(self.out.write_all(guarded(&text, self.terminal).as_bytes())?)
    }

    fn flush(&mut self) -> Result<()> {
        Ok(self.out.flush()?)
    }

    fn finish(&mut self) -> Result<Vec<String>> {
        self.out.write_all(self.calendar.end().as_bytes())?;
        Ok(Vec::new())
    }
}
