//! Sheets of `.ods`, read from the text of the document as it goes by.

use std::collections::HashSet;
use std::io::{BufReader, Read, Seek};

use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;
use zip::ZipArchive;
use zip::result::ZipError;

use super::lines::{Lines, MOST_COLUMNS, MOST_ROWS};
use super::text;
use super::{Sheet, archive, damaged};
use crate::error::{Error, Result};

/// The most blanks that a run of them is good for.
const MOST_BLANKS: usize = 1000;

/// A cell that says something is not repeated more often than this, and neither is a row.
const MOST_COLUMNS_ALIKE: usize = 1000;
const MOST_ROWS_ALIKE: u32 = 100_000;

/// A document.
pub(super) struct Book<R: Read + Seek>(ZipArchive<BufReader<R>>);

/// Opens a document.
pub(super) fn open<R: Read + Seek>(input: R) -> Result<(Vec<Sheet>, Book<R>)> {
    let mut archive = ZipArchive::new(BufReader::new(input)).map_err(archive::fault)?;
    archive::measure(&mut archive)?;
    let mut sheets = Vec::new();
    let mut hidden_styles = HashSet::new();
    let mut style = None;
    let mut depth = 0_u32;
    each_event(&mut archive, |event| {
        match event {
            Event::Start(tag) => match tag.name().as_ref() {
                "style:style" => style = attribute(&tag, "style:name")?,
                "style:table-properties" if attribute(&tag, "table:display")?.as_deref() == Some("false") => {
                    hidden_styles.extend(style.take());
                }
                "table:table" => {
                    if depth == 0 {
                        let shown_as = attribute(&tag, "table:style-name")?;
                        sheets.push(Sheet {
                            name: attribute(&tag, "table:name")?.unwrap_or_default(),
                            hidden: shown_as.is_some_and(|name| hidden_styles.contains(&name)),
                        });
                    }
                    depth += 1;
                }
                _ => {}
            },
            Event::End(tag) if tag.name().as_ref() == "table:table" => depth = depth.saturating_sub(1),
            _ => {}
        }
        Ok(true)
    })?;
    Ok((sheets, Book(archive)))
}

impl<R: Read + Seek> Book<R> {
    /// Copies the cells of the sheet at `place`.
    pub(super) fn copy(&mut self, place: usize, lines: &mut Lines<'_>) -> Result<()> {
        let mut state = Copy {
            lines,
            place,
            sheets: 0,
            depth: 0,
            row: 0,
            row_times: 1,
            cells: Vec::new(),
            column: 0,
            cell: None,
            aside: 0,
        };
        each_event(&mut self.0, |event| state.take(&event))
    }
}

/// A cell whose text is being read.
#[derive(Default)]
struct Open {
    times: usize,
    /// What its attributes say.
    value: Option<String>,
    text: String,
    paragraphs: usize,
}

struct Copy<'l, 'o> {
    lines: &'l mut Lines<'o>,
    place: usize,
    /// How many sheets have begun.
    sheets: usize,
    /// How deep in tables the reading is; a table in a cell is no sheet.
    depth: u32,
    row: u32,
    row_times: u32,
    /// The cells of the row that say anything: column, how often, text.
    cells: Vec<(usize, usize, String)>,
    column: usize,
    cell: Option<Open>,
    /// How deep in notes the reading is.
    aside: u32,
}

impl Copy<'_, '_> {
    /// Takes an event; false when the sheet is over.
    fn take(&mut self, event: &Event<'_>) -> Result<bool> {
        match event {
            Event::Start(tag) => self.start(tag)?,
            Event::End(tag) => return self.end(tag.name().as_ref()),
            Event::Text(text) => self.text(&text.xml10_content()),
            Event::CData(text) => self.text(&text.xml10_content()),
            Event::GeneralRef(entity) => {
                let known = match entity.as_ref() {
                    "amp" => Some('&'),
                    "lt" => Some('<'),
                    "gt" => Some('>'),
                    "quot" => Some('"'),
                    "apos" => Some('\''),
                    _ => entity.resolve_char_ref().map_err(damaged)?,
                };
                self.text(&known.map(String::from).unwrap_or_default());
            }
            _ => {}
        }
        Ok(true)
    }

    fn is_here(&self) -> bool {
        self.sheets == self.place + 1 && self.depth == 1
    }

    fn start(&mut self, tag: &BytesStart<'_>) -> Result<()> {
        match tag.name().as_ref() {
            "table:table" => {
                self.sheets += usize::from(self.depth == 0);
                self.depth += 1;
            }
            _ if !self.is_here() => {}
            "table:table-row" => {
                self.row_times = times(tag, "table:number-rows-repeated", MOST_ROWS as usize)? as u32;
                self.cells.clear();
                self.column = 0;
            }
            "table:table-cell" | "table:covered-table-cell" => {
                self.cell = Some(Open {
                    times: times(tag, "table:number-columns-repeated", MOST_COLUMNS)?,
                    value: value(tag)?,
                    ..Open::default()
                });
            }
            "office:annotation" => self.aside += 1,
            "text:p" | "text:h" if self.aside == 0 => {
                if let Some(cell) = &mut self.cell {
                    cell.paragraphs += 1;
                    if cell.paragraphs > 1 {
                        cell.text.push('\n');
                    }
                }
            }
            "text:s" => {
                let count = times(tag, "text:c", MOST_BLANKS)?;
                self.text(&" ".repeat(count));
            }
            "text:tab" => self.text("\t"),
            "text:line-break" => self.text("\n"),
            _ => {}
        }
        Ok(())
    }

    fn end(&mut self, name: &str) -> Result<bool> {
        match name {
            "table:table" => {
                let over = self.is_here();
                self.depth = self.depth.saturating_sub(1);
                return Ok(!over);
            }
            _ if !self.is_here() => {}
            "office:annotation" => self.aside = self.aside.saturating_sub(1),
            "table:table-cell" | "table:covered-table-cell" => {
                if let Some(cell) = self.cell.take() {
                    let text = cell.value.unwrap_or(cell.text);
                    if !text.is_empty() {
                        if cell.times > MOST_COLUMNS_ALIKE || self.row_times > MOST_ROWS_ALIKE {
                            return Err(damaged("the sheet is too large to be meant"));
                        }
                        self.cells.push((self.column, cell.times, text));
                    }
                    self.column = self.column.saturating_add(cell.times).min(MOST_COLUMNS);
                }
            }
            "table:table-row" => self.end_row()?,
            _ => {}
        }
        Ok(true)
    }

    fn end_row(&mut self) -> Result<()> {
        for time in 0..self.row_times {
            if self.cells.is_empty() {
                break;
            }
            for (column, times, text) in &self.cells {
                for again in 0..*times {
                    let row = self.row.saturating_add(time);
                    self.lines.cell(row, column + again, text.clone())?;
                }
            }
        }
        self.row = self.row.saturating_add(self.row_times);
        Ok(())
    }

    /// Adds to the text of the cell.
    fn text(&mut self, text: &str) {
        if let Some(cell) = self.cell.as_mut().filter(|cell| cell.paragraphs > 0)
            && self.aside == 0
        {
            cell.text.push_str(text);
        }
    }
}

/// Calls `each` with every event of the content until it says that this was enough.
fn each_event<R: Read + Seek>(
    archive: &mut ZipArchive<R>,
    mut each: impl FnMut(Event<'_>) -> Result<bool>,
) -> Result<()> {
    let part = match archive.by_name("content.xml") {
        Ok(part) => part,
        Err(ZipError::FileNotFound) => return Err(damaged("it has no content")),
        Err(error) => return Err(archive::fault(error)),
    };
    let mut reader = Reader::from_reader(BufReader::new(part));
    reader.config_mut().expand_empty_elements = true;
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        let event = reader.read_event_into(&mut buffer).map_err(fault)?;
        if matches!(event, Event::Eof) || !each(event)? {
            return Ok(());
        }
    }
}

fn fault(error: quick_xml::Error) -> Error {
    damaged(error)
}

fn attribute(tag: &BytesStart<'_>, name: &str) -> Result<Option<String>> {
    for attribute in tag.attributes() {
        let attribute = attribute.map_err(damaged)?;
        if attribute.key.as_ref() == name {
            let value = attribute
                .normalized_value(quick_xml::XmlVersion::Implicit1_0)
                .map_err(damaged)?;
            return Ok(Some(value.into_owned()));
        }
    }
    Ok(None)
}

/// How often something is repeated; once where it is not said.
fn times(tag: &BytesStart<'_>, name: &str, most: usize) -> Result<usize> {
    Ok(match attribute(tag, name)? {
        Some(text) => text.trim().parse::<usize>().unwrap_or(most).min(most),
        None => 1,
    })
}

/// The value that the attributes of a cell tell; none if its text is its value.
fn value(tag: &BytesStart<'_>) -> Result<Option<String>> {
    // An error has a value too, which is nothing.
    if attribute(tag, "calcext:value-type")?.as_deref() == Some("error") {
        return Ok(None);
    }
    let kind = attribute(tag, "office:value-type")?.unwrap_or_default();
    let number = |form: text::Form| -> Result<Option<String>> {
        let number = attribute(tag, "office:value")?.and_then(|text| text.trim().parse::<f64>().ok());
        Ok(number.map(|number| text::shown(number, form)))
    };
    Ok(match kind.as_str() {
        "float" => number(text::Form::Plain)?,
        "percentage" => number(text::Form::Percent)?,
        "currency" => {
            let code =
                attribute(tag, "office:currency")?.and_then(|code| <[u8; 3]>::try_from(code.as_bytes()).ok());
            number(code.map_or(text::Form::Plain, text::Form::Money))?
        }
        "date" => attribute(tag, "office:date-value")?.map(|day| text::iso_moment(&day)),
        "time" => attribute(tag, "office:time-value")?.map(|time| text::iso_duration(&time)),
        "boolean" => attribute(tag, "office:boolean-value")?.map(|yes| yes.to_lowercase()),
        "string" => attribute(tag, "office:string-value")?,
        _ => None,
    })
}
