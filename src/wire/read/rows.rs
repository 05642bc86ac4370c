//! A file of any supported format to rows of named values; what the names mean is decided elsewhere.

use std::collections::{HashMap, HashSet};
use std::io::{BufReader, Read};

use super::decode::{Decoded, Told};
use super::element::Elements;
use super::layout::{self, Shape};
use super::line::Lines;
use super::record::{Record, Records};
pub use super::source::{Source, detect};
use super::source::{content_source, is_web_page};
use super::tab::{self, TabRecords};
use super::table::{Grid, LeftOut, Table};
use super::{SAMPLE, clean, delimiter, json};
use crate::domain::input::{Assignment, Input};
use crate::error::{Error, Kind, Result};
use crate::wire::calendar::read::Entries;
use crate::wire::content::{self, open::Looked};
use crate::wire::rejects;
use crate::wire::vcard::read::Cards;

/// The most columns that are read; no spreadsheet has more.
const MAX_COLUMNS: usize = 16_384;

/// What is known about a file before it is read; everything else is told from the file.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The format, if it was said.
    pub source: Option<Source>,
    /// The ending of the file's name, without the dot.
    pub extension: Option<String>,
    /// The encoding, by its WHATWG name, if it was said.
    pub encoding: Option<String>,
    /// The delimiter of CSV, if it was said; one ASCII character.
    pub delimiter: Option<char>,
}

/// A row with its values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The line of the file on which it starts, from 1.
    pub line: u64,
    /// The values by column, in the order of the file. A blank cell is a blank text, a missing one is absent.
    pub cells: Vec<Assignment>,
    /// The cells as in the file, for the file of rejects; empty if the source has no columns.
    pub raw: Vec<String>,
}

/// A part of the file that is no row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowError {
    /// The line of the file on which it starts, from 1.
    pub line: u64,
    /// The column at fault, if it is one.
    pub column: Option<String>,
    /// What is wrong, lower case, no period.
    pub reason: String,
    /// The cells, or of a source without columns the text; empty if they are too long to keep.
    pub raw: Vec<String>,
}

/// The rows of a file, one at a time, in memory that does not grow with the file.
///
/// As an iterator it gives rows and what is wrong with single ones; an error of the outer result is about the
/// whole file (it cannot be read or decoded, a JSON list is not closed) and is the last thing it gives.
pub struct Reader {
    encoding: Told,
    source: Source,
    columns: Vec<String>,
    /// Which of the cells of the file are the columns of the rejects; empty for most files.
    left_out: Vec<usize>,
    /// What the table left out, once it is over.
    left: Vec<LeftOut>,
    body: Body,
}

enum Body {
    Table(Box<Table>),
    Elements(Elements<Decoded>),
    Lines(Lines<Decoded>),
    Cards(Cards<BufReader<Box<dyn Read>>>),
    Entries(Entries<BufReader<Box<dyn Read>>>),
    Over,
}

impl Reader {
    /// Opens `input` and reads the header, if the format has one.
    ///
    /// # Errors
    ///
    /// Usage when the options name no encoding or delimiter, invalid when the encoding cannot be told or the
    /// header is not well formed, and reading fails.
    pub fn open(input: Box<dyn Read>, options: &Options) -> Result<Reader> {
        let looked = content::open::look(input)?;
        if let Some(source) = content_source(options, looked.source) {
            return Reader::of_content(looked, source, options);
        }
        let mut text = Decoded::open(looked.whole(), options.encoding.as_deref())?;
        text.peek(SAMPLE)?;
        let encoding = text.told();
        let sample = text.peek(SAMPLE)?;
        let source = match options.source {
            Some(source) => source,
            None if is_web_page(sample) => {
                return Err(Error::new(
                    Kind::Invalid,
                    "this is a web page and no table; saved as .xlsx or CSV it is one",
                ));
            }
            None => detect(sample, options.extension.as_deref()),
        };
        let mut header = None;
        let mut used = 0;
        let mut table = |grid, shape: Shape| -> Result<Body> {
            let (table, first) = Table::open(grid, shape.above)?;
            header = first;
            used = shape.used;
            Ok(Body::Table(Box::new(table)))
        };
        let body = match source {
            Source::Csv => {
                let (delimiter, shape, skip) = layout(sample, options.delimiter)?;
                let mut records = Records::new(text, delimiter);
                for _ in 0..skip {
                    records.next_record()?;
                }
                table(Grid::Records(records), shape)?
            }
            Source::Tsv => {
                let shape = layout::shape(&tab::records(sample));
                table(Grid::Tabs(TabRecords::new(text)), shape)?
            }
            Source::Json => Body::Elements(Elements::new(text)),
            // Those were opened above.
            Source::Ndjson | Source::Vcard | Source::Ics => Body::Lines(Lines::new(text)),
        };
        let mut reader = Reader {
            encoding,
            source,
            columns: Vec::new(),
            left_out: Vec::new(),
            left: Vec::new(),
            body,
        };
        if let Some(header) = header {
            reader.set_columns(header, used)?;
        }
        Ok(reader)
    }

    fn of_content(looked: Looked, source: Source, options: &Options) -> Result<Reader> {
        let (input, charset, encoding) = looked.content(options.encoding.as_deref())?;
        let body = match source {
            Source::Vcard => Body::Cards(Cards::new(input, charset)),
            _ => Body::Entries(Entries::new(input, charset)),
        };
        Ok(Reader {
            encoding,
            source,
            columns: Vec::new(),
            left_out: Vec::new(),
            left: Vec::new(),
            body,
        })
    }

    /// The format.
    pub fn source(&self) -> Source {
        self.source
    }

    /// The name of the encoding, as told from the beginning of the file; pure ASCII counts as UTF-8.
    pub fn encoding(&self) -> &'static str {
        self.encoding.name()
    }

    /// The name of the encoding that was assumed because the letters of what was read so far look like it; none if the file
    /// shows its encoding by itself, or somebody said it.
    pub fn assumed_encoding(&self) -> Option<&'static str> {
        self.encoding.assumed()
    }

    /// What was read so far and is no part of the table: notes above it, sums and notices below. Of a calendar, what it
    /// says of itself.
    pub fn left_out(&self) -> &[LeftOut] {
        match &self.body {
            Body::Table(table) => table.left_out(),
            Body::Entries(entries) => entries.left_out(),
            _ => &self.left,
        }
    }

    /// The columns of a CSV or TSV: trimmed, `column N` where the header is blank, with ` 2` after a name that was
    /// there before; those of a file of rejects are left out.
    pub fn columns(&self) -> Option<&[String]> {
        match self.source {
            Source::Csv | Source::Tsv => Some(&self.columns),
            Source::Json | Source::Ndjson | Source::Vcard | Source::Ics => None,
        }
    }

    /// Calls `each` with the line and the cells of every record of a table that is well formed, to the end of the file.
    /// Files of another format have none.
    ///
    /// # Errors
    ///
    /// Reading or decoding fails.
    pub fn each_record(&mut self, each: &mut dyn FnMut(u64, &[String])) -> Result<()> {
        let Body::Table(table) = &mut self.body else {
            return Ok(());
        };
        while let Some(record) = table.next_record()? {
            if record.fault.is_none() {
                let mut cells = record.cells;
                if !self.left_out.is_empty() {
                    let mut at = 0..;
                    cells.retain(|_| at.next().is_none_or(|at| !self.left_out.contains(&at)));
                }
                each(record.line, &cells);
            }
        }
        Ok(())
    }

    fn set_columns(&mut self, mut header: Record, used: usize) -> Result<()> {
        if let Some(fault) = header.fault {
            return Err(Error::new(
                Kind::Invalid,
                format!("line {}: {fault}", header.line),
            ));
        }
        // Blank columns at the end are none, unless something stands in them.
        header.cells.truncate(used.max(layout::used(&header.cells)));
        if header.cells.len() > MAX_COLUMNS {
            let count = header.cells.len();
            let message = format!("line {}: {count} columns, more than {MAX_COLUMNS}", header.line);
            return Err(Error::new(Kind::Invalid, message));
        }
        let names = column_names(&header.cells);
        if rejects::NAMES
            .iter()
            .all(|name| names.iter().any(|other| other == name))
        {
            let places = names.iter().enumerate();
            self.left_out = places
                .filter(|(_, name)| rejects::NAMES.contains(&name.as_str()))
                .map(|(at, _)| at)
                .collect();
        }
        self.columns = self.without_left_out(names);
        Ok(())
    }

    fn without_left_out(&self, mut cells: Vec<String>) -> Vec<String> {
        if !self.left_out.is_empty() {
            let mut at = 0..;
            cells.retain(|_| at.next().is_none_or(|at| !self.left_out.contains(&at)));
        }
        cells
    }

    fn next_item(&mut self) -> Result<Option<Item>> {
        loop {
            let item = match &mut self.body {
                Body::Table(table) => table.next_record()?.map(|record| self.tabular(record)),
                Body::Elements(elements) => elements
                    .next_element()?
                    .map(|element| Some(object(element.line, element.text))),
                Body::Lines(lines) => lines.next_line()?.map(|line| match line.text.trim() {
                    "" if !line.cut => None,
                    _ if line.cut => Some(Err(RowError {
                        line: line.number,
                        column: None,
                        reason: "the line is too long".to_owned(),
                        raw: Vec::new(),
                    })),
                    _ => Some(object(line.number, line.text)),
                }),
                Body::Cards(cards) => cards.next_card()?.map(Some),
                Body::Entries(entries) => entries.next_entry()?.map(Some),
                Body::Over => None,
            };
            match item {
                None => return Ok(None),
                Some(None) => {}
                Some(item) => return Ok(item),
            }
        }
    }

    /// The row of a record; none if all its cells are blank.
    fn tabular(&self, record: Record) -> Option<Item> {
        let line = record.line;
        let raw = self.without_left_out(record.cells);
        let error = |column: Option<&String>, reason, raw| {
            let column = column.cloned();
            Some(Err(RowError {
                line,
                column,
                reason,
                raw,
            }))
        };
        if let Some(fault) = record.fault {
            let column = raw.len().checked_sub(1).and_then(|last| self.columns.get(last));
            return error(column, fault, raw);
        }
        if raw.iter().all(|cell| is_blank(cell)) {
            return None;
        }
        let extra = raw.iter().skip(self.columns.len());
        if extra.clone().any(|cell| !is_blank(cell)) {
            let reason = format!(
                "more cells than columns: {} for {}",
                raw.len(),
                self.columns.len()
            );
            return error(None, reason, raw);
        }
        let cells = self.columns.iter().zip(&raw);
        let cells = cells
            .map(|(column, cell)| (column.clone(), Input::Text(clean(cell))))
            .collect();
        Some(Ok(Row { line, cells, raw }))
    }
}

/// A row, or what is wrong with it.
pub type Item = std::result::Result<Row, RowError>;

impl Iterator for Reader {
    type Item = Result<Item>;

    fn next(&mut self) -> Option<Result<Item>> {
        let item = self.next_item().transpose();
        if !matches!(item, Some(Ok(_))) {
            self.left = self.left_out().to_vec();
            self.body = Body::Over;
        }
        item
    }
}

/// The delimiter, the shape of the table, and how many records say what the delimiter is (`sep=;`).
fn layout(sample: &str, said: Option<char>) -> Result<(u8, Shape, usize)> {
    let first = sample.lines().next().unwrap_or_default();
    let first = first.split('\r').next().unwrap_or_default();
    let named = first.trim_matches('"').strip_prefix("sep=").map(str::as_bytes);
    let delimiter = match (said, named) {
        (Some(said), _) => {
            let delimiter = u8::try_from(said)
                .ok()
                .filter(|&byte| byte.is_ascii() && !b"\"\r\n".contains(&byte));
            delimiter.ok_or_else(|| Error::usage(format!("{said:?} cannot be a delimiter")))?
        }
        (None, Some(&[delimiter])) if delimiter != b'"' => delimiter,
        (None, _) => delimiter::sniff(sample).unwrap_or(b','),
    };
    let skip = usize::from(matches!(named, Some([_])));
    let records = delimiter::records(sample, delimiter);
    let shape = layout::shape(records.get(skip..).unwrap_or_default());
    Ok((delimiter, shape, skip))
}

pub(super) fn is_blank(cell: &str) -> bool {
    cell.chars()
        .all(|letter| letter.is_whitespace() || letter == '\0')
}

/// Names for the columns: each one different, none blank.
fn column_names(header: &[String]) -> Vec<String> {
    let names: Vec<String> = header
        .iter()
        .enumerate()
        .map(|(at, cell)| match clean(cell.trim()).trim() {
            "" => format!("column {}", at + 1),
            name => name.to_owned(),
        })
        .collect();
    let written: HashSet<&str> = names.iter().map(String::as_str).collect();
    let mut uses: HashMap<&str, usize> = HashMap::new();
    let mut unique = Vec::with_capacity(names.len());
    for name in &names {
        let count = uses.entry(name).or_insert(0);
        *count += 1;
        let mut numbered = name.clone();
        while *count > 1 {
            numbered = format!("{name} {count}");
            if !written.contains(numbered.as_str()) {
                break;
            }
            *count += 1;
        }
        unique.push(numbered);
    }
    unique
}

/// The row of the JSON object in `text`.
fn object(line: u64, text: String) -> Item {
    let reason = match json::parse(&text) {
        Ok(Input::Map(parts)) => {
            let whys = parts
                .iter()
                .filter(|(name, _)| rejects::NAMES.contains(&name.as_str()))
                .count();
            return if whys == rejects::NAMES.len() {
                fed_again(line, parts)
            } else {
                Ok(json_row(line, parts))
            };
        }
        Ok(_) => "this is not a JSON object".to_owned(),
        Err(error) => {
            let before = text.get(..error.offset).unwrap_or_default();
            let last = before.rsplit('\n').next().unwrap_or_default();
            let (on, character) = (
                line + before.matches('\n').count() as u64,
                last.chars().count() + 1,
            );
            format!("not JSON: {} (line {on}, character {character})", error.message)
        }
    };
    Err(RowError {
        line,
        column: None,
        reason,
        raw: vec![text],
    })
}

fn json_row(line: u64, cells: Vec<Assignment>) -> Row {
    Row {
        line,
        cells,
        raw: Vec::new(),
    }
}

/// The row of an object from a file of rejects: without the reasons, or what its text says.
fn fed_again(line: u64, mut parts: Vec<Assignment>) -> Item {
    parts.retain(|(name, _)| !rejects::NAMES.contains(&name.as_str()) && name != rejects::FILE);
    match parts.as_slice() {
        [(name, Input::Text(text))] if name == rejects::TEXT => object(line, text.clone()),
        _ => Ok(json_row(line, parts)),
    }
}
