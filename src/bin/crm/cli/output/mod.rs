//! Rows in the format that was asked for: one writer, one file per format. No format knows a noun.

pub(crate) mod beside;
mod calendar;
mod card;
pub(crate) mod csv;
pub(crate) mod detail;
pub(crate) mod ids;
pub(crate) mod json;
pub(crate) mod markdown;
pub(crate) mod pager;
pub(crate) mod story;
pub(crate) mod table;
pub(crate) mod template;
pub(crate) mod tsv;
mod xlsx;

#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::cell::Cell;
use std::io::Write;

use crm::domain::clock::Clock;
use crm::domain::near::near;
use crm::domain::value::Value;
use crm::wire::column::Column;
use crm::wire::vcard::write::Version;
use crm::{Error, Result};

use crate::cli::ui::Ui;
use crate::text::sanitise;

/// The names of the formats.
pub(crate) const FORMATS: &[&str] = &[
    "auto", "table", "tsv", "csv", "json", "ndjson", "ids", "markdown", "template", "xlsx", "vcard", "ics",
];

/// A format of output.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Format {
    /// A table on a terminal, else TSV.
    Auto,
    /// Aligned columns for people.
    Table,
    /// Tab-separated values.
    Tsv,
    /// Comma-separated values, RFC 4180.
    Csv,
    /// One array, or one object.
    Json,
    /// One object per line.
    Ndjson,
    /// The first column alone.
    Ids,
    /// A table in Markdown.
    Markdown,
    /// A text with placeholders.
    Template(String),
    /// A workbook for spreadsheets; for a file or a pipe alone.
    Xlsx,
    /// Cards of customers.
    Vcard,
    /// A calendar of tasks or activities.
    Ics,
}

impl Format {
    /// The format called `name`; `template` is its text where the name is `template`.
    ///
    /// # Errors
    ///
    /// There is no such format, or the format `template` comes without a text.
    pub(crate) fn parse(name: &str, template: Option<&str>) -> Result<Format> {
        Ok(match name {
            "auto" => Format::Auto,
            "table" => Format::Table,
            "tsv" => Format::Tsv,
            "csv" => Format::Csv,
            "json" => Format::Json,
            "ndjson" => Format::Ndjson,
            "ids" => Format::Ids,
            "markdown" => Format::Markdown,
            "xlsx" => Format::Xlsx,
            "vcard" => Format::Vcard,
            "ics" => Format::Ics,
            "template" => match template {
                Some(text) => Format::Template(text.to_owned()),
                None => return Err(Error::usage("the format template comes without a template")),
            },
            _ => {
                let message = format!("there is no format {name:?}, only {}", FORMATS.join(", "));
                return Err(Error::usage(message).with_near(near(name, FORMATS.iter().copied())));
            }
        })
    }

    /// The format itself, `auto` decided.
    pub(crate) fn resolve(self, stdout_tty: bool) -> Format {
        match self {
            Format::Auto if stdout_tty => Format::Table,
            Format::Auto => Format::Tsv,
            named => named,
        }
    }

    /// Whether a record is written as a whole, whatever columns a list would have.
    pub(crate) fn is_whole(&self) -> bool {
        matches!(self, Format::Vcard | Format::Ics)
    }

    /// Whether errors, too, are to be JSON.
    pub(crate) fn is_json(&self) -> bool {
        matches!(self, Format::Json | Format::Ndjson)
    }
}

/// What the formats can be told.
#[derive(Debug, Clone)]
pub(crate) struct Options<'a> {
    /// A header or none; each format has its own habit otherwise.
    pub(crate) header: Option<bool>,
    /// CSV begins with a byte order mark.
    pub(crate) bom: bool,
    /// CSV keeps spreadsheets from reading cells as formulas.
    pub(crate) csv_safe: bool,
    /// Ids end with NUL instead of a line break.
    pub(crate) null: bool,
    /// JSON is ASCII only.
    pub(crate) ascii: bool,
    /// JSON says everything.
    pub(crate) full: bool,
    /// JSON is the one record instead of a list.
    pub(crate) single: bool,
    /// The version of cards.
    pub(crate) vcard: Version,
    /// stdout is a terminal: nothing that drives it may pass, whatever the format.
    pub(crate) terminal: bool,
    /// The width of the terminal; without one nothing is cut.
    pub(crate) width: Option<u16>,
    /// Colour is on.
    pub(crate) color: bool,
    /// Where rows are counted, for statistics.
    pub(crate) counted: Option<&'a Cell<u64>>,
    /// Now, for what is shown to people.
    pub(crate) clock: &'a Clock,
}

impl<'a> Options<'a> {
    /// What holds where nothing was asked for and stdout is a pipe.
    pub(crate) fn new(clock: &'a Clock) -> Options<'a> {
        Options {
            header: None,
            bom: false,
            csv_safe: false,
            null: false,
            ascii: false,
            full: false,
            single: false,
            vcard: Version::default(),
            terminal: false,
            width: None,
            color: false,
            counted: None,
            clock,
        }
    }
}

/// What was written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Summary {
    /// The number of rows.
    pub(crate) rows: u64,
    /// Columns that did not fit on the screen and were left out.
    pub(crate) hidden: Vec<String>,
}

impl Summary {
    /// Names the columns that had no room.
    pub(crate) fn tell_hidden(&self, ui: &Ui) {
        if !self.hidden.is_empty() {
            ui.note(&format!("not enough room for: {}", self.hidden.join(", ")));
        }
    }
}

/// What every format can do.
trait Encode {
    /// Takes a row; missing values are unknown.
    fn row(&mut self, row: &[Value]) -> Result<()>;

    /// Hands on what was gathered so far, as far as the format can.
    fn flush(&mut self) -> Result<()>;

    /// Writes the end; returns the columns that were left out.
    fn finish(&mut self) -> Result<Vec<String>>;
}

/// Writes rows in a format, each as it comes; no format holds more than a screenful or a thousand rows.
///
/// A failure is an I/O failure of the stream, which may be a reader that went away: see `ui::is_closed`.
pub(crate) struct Writer<'a> {
    encoder: Box<dyn Encode + 'a>,
    rows: u64,
    counted: Option<&'a Cell<u64>>,
}

impl<'a> Writer<'a> {
    /// Begins a list of records of `kind`, a noun; rows of a report have an empty kind.
    ///
    /// # Errors
    ///
    /// A template is not well formed or names a column that is not there; or the stream fails.
    pub(crate) fn begin(
        format: Format,
        options: Options<'a>,
        out: &'a mut dyn Write,
        columns: &[Column],
        kind: &str,
    ) -> Result<Writer<'a>> {
        let columns = columns.to_vec();
        let counted = options.counted;
        let encoder: Box<dyn Encode + 'a> = match format.resolve(options.terminal) {
            Format::Auto | Format::Table => Box::new(table::Table::new(out, columns, options)),
            Format::Tsv => Box::new(tsv::Tsv::begin(out, columns, &options)?),
            Format::Csv => Box::new(csv::Csv::begin(out, columns, &options)?),
            Format::Json => Box::new(json::Json::array(out, columns, kind, &options)),
            Format::Ndjson => Box::new(json::Json::lines(out, columns, kind, &options)),
            Format::Ids => Box::new(ids::Ids::new(out, &columns, &options)),
            Format::Xlsx => Box::new(xlsx::Xlsx::begin(out, columns, kind, &options)?),
            Format::Markdown => Box::new(markdown::Markdown::new(out, columns, &options)),
            Format::Vcard => Box::new(card::Cards::begin(out, columns, kind, &options)?),
            Format::Ics => Box::new(calendar::Entries::begin(out, columns, kind, &options)?),
            Format::Template(text) => {
                let template = template::Template::parse(&text)?;
                Box::new(template::Filled::begin(out, template, &columns, options)?)
            }
        };
        Ok(Writer {
            encoder,
            rows: 0,
            counted,
        })
    }

    /// Writes a row.
    ///
    /// # Errors
    ///
    /// The stream fails.
    pub(crate) fn row(&mut self, row: &[Value]) -> Result<()> {
        self.encoder.row(row)?;
        self.rows += 1;
        if let Some(counted) = self.counted {
            counted.set(counted.get() + 1);
        }
        // Whoever reads only the first line has it at once; the rest travels in large pieces.
        if self.rows == 1 {
            self.encoder.flush()?;
        }
        Ok(())
    }

    /// Writes the end.
    ///
    /// # Errors
    ///
    /// The stream fails.
    pub(crate) fn finish(mut self) -> Result<Summary> {
        let hidden = self.encoder.finish()?;
        self.encoder.flush()?;
        Ok(Summary {
            rows: self.rows,
            hidden,
        })
    }
}

/// The text of a machine format, made harmless where a terminal shows it.
pub(crate) fn guarded(text: &str, terminal: bool) -> Cow<'_, str> {
    if terminal {
        sanitise::stream(text)
    } else {
        Cow::Borrowed(text)
    }
}
