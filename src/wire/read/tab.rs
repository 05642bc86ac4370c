//! Tab-separated text to records: as this program writes it, and as spreadsheets do.
//!
//! This program writes one record a line and, in a cell, `\t \n \r \\` for tab, line feed, carriage return and
//! backslash (and `\"` where a cell would look quoted). Spreadsheets write cells with tabs, quotes or line ends
//! in quotes, and backslashes as they are. Both are read: a cell that begins with a quote and has its matching
//! quote at its end is a quoted one, unless only the other reading has as many cells as the header; in other
//! cells the escapes are undone, unless a backslash is followed by something else, for then the cell
//! (`C:\Users\new`) was not written by this program. A quoted cell may go over several lines if these do not have
//! the cells of a record of their own.

use std::collections::VecDeque;
use std::io::BufRead;

use super::MAX_RECORD;
use super::layout::RECORDS;
use super::line::{Line, Lines};
use super::record::Record;
use crate::error::Result;

/// How many lines one quoted cell may have.
const MAX_LINES: usize = 1000;

/// The records of a reader of UTF-8; blank lines are skipped.
pub(super) struct TabRecords<R> {
    lines: Lines<R>,
    /// Lines read ahead.
    ahead: VecDeque<Line>,
    /// The number of cells of the first record.
    width: Option<usize>,
}

impl<R: BufRead> TabRecords<R> {
    pub(super) fn new(input: R) -> TabRecords<R> {
        TabRecords {
            lines: Lines::new(input),
            ahead: VecDeque::new(),
            width: None,
        }
    }

    /// Says how many cells a record has, where the first one is not the header.
    pub(super) fn expect(&mut self, width: usize) {
        self.width = Some(width);
    }

    /// The next record; none at the end.
    ///
    /// # Errors
    ///
    /// Reading or decoding fails.
    pub(super) fn next_record(&mut self) -> Result<Option<Record>> {
        let mut after_blank = false;
        loop {
            let line = match self.ahead.pop_front() {
                Some(line) => line,
                None => match self.lines.next_line()? {
                    Some(line) => line,
                    None => return Ok(None),
                },
            };
            if line.text.is_empty() && !line.cut {
                after_blank = true;
                continue;
            }
            let fault = line
                .cut
                .then(|| format!("the record is longer than {MAX_RECORD} bytes"));
            let cells = if line.cut {
                Vec::new()
            } else {
                self.cells(&line.text)?
            };
            self.width.get_or_insert(cells.len());
            return Ok(Some(Record {
                line: line.number,
                after_blank,
                cells,
                fault,
            }));
        }
    }

    fn cells(&mut self, line: &str) -> Result<Vec<String>> {
        let quoted = split(line);
        let literal = line.split('\t').count();
        let width = self.width.unwrap_or(quoted.cells.len());
        if quoted.open
            && literal <= width
            && width > 1
            && let Some(cells) = self.join(line, literal, width)?
        {
            return Ok(cells);
        }
        if quoted.cells.len() != width && literal == width {
            return Ok(line.split('\t').map(unescape).collect());
        }
        Ok(quoted.cells)
    }

    /// The record that `first` makes with the lines after it, which are used up; none, and none used up, if they
    /// do not make one of `width` cells. If the first line has all cells of a record, the others must have one.
    fn join(&mut self, first: &str, literal: usize, width: usize) -> Result<Option<Vec<String>>> {
        let mut text = first.to_owned();
        for taken in 0..MAX_LINES {
            if taken == self.ahead.len() {
                match self.lines.next_line()? {
                    Some(line) => self.ahead.push_back(line),
                    None => return Ok(None),
                }
            }
            let Some(line) = self.ahead.get(taken) else {
                return Ok(None);
            };
            let count = line.text.split('\t').count();
            if line.cut || count >= width + usize::from(literal < width) || (literal == width && count > 1) {
                return Ok(None);
            }
            text.push('\n');
            text.push_str(&line.text);
            if text.len() > MAX_RECORD {
                return Ok(None);
            }
            if line.text.contains('"') {
                let split = split(&text);
                if !split.open {
                    let whole = split.cells.len() == width;
                    if whole {
                        self.ahead.drain(..=taken);
                    }
                    return Ok(whole.then_some(split.cells));
                }
            }
        }
        Ok(None)
    }
}

struct Split {
    cells: Vec<String>,
    /// Whether a quoted cell goes on beyond the end.
    open: bool,
}

/// The cells of `text` with quotes understood.
fn split(text: &str) -> Split {
    let mut cells = Vec::new();
    let mut open = false;
    let mut rest = Some(text);
    while let Some(text) = rest {
        let quoted = text.strip_prefix('"').map(quoted);
        if let Some(Quoted::Closed(cell, after)) = quoted {
            cells.push(cell);
            rest = after;
            continue;
        }
        open |= matches!(quoted, Some(Quoted::Open));
        let (cell, after) = match text.split_once('\t') {
            Some((cell, after)) => (cell, Some(after)),
            None => (text, None),
        };
        cells.push(unescape(cell));
        rest = after;
    }
    Split { cells, open }
}

enum Quoted<'a> {
    /// The cell and what comes after its tab, if it has one.
    Closed(String, Option<&'a str>),
    /// The text ends first.
    Open,
    /// The quote is closed inside the cell: it is no quoted cell.
    Not,
}

/// Reads a cell from after its opening quote.
fn quoted(text: &str) -> Quoted<'_> {
    let mut cell = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('"') {
        cell.push_str(before);
        if let Some(after) = after.strip_prefix('"') {
            cell.push('"');
            rest = after;
        } else if after.is_empty() {
            return Quoted::Closed(cell, None);
        } else if let Some(after) = after.strip_prefix('\t') {
            return Quoted::Closed(cell, Some(after));
        } else {
            return Quoted::Not;
        }
    }
    Quoted::Open
}

/// Undoes the escapes of a cell, or gives it as it is if one of them is none of ours.
fn unescape(cell: &str) -> String {
    let mut text = String::with_capacity(cell.len());
    let mut letters = cell.chars();
    while let Some(letter) = letters.next() {
        if letter != '\\' {
            text.push(letter);
            continue;
        }
        match letters.next() {
            Some('t') => text.push('\t'),
            Some('n') => text.push('\n'),
            Some('r') => text.push('\r'),
            Some('\\') => text.push('\\'),
            Some('"') => text.push('"'),
            _ => return cell.to_owned(),
        }
    }
    text
}

/// The first records of a table that begins with `sample`.
pub(super) fn records(sample: &str) -> Vec<Record> {
    let mut records = TabRecords::new(sample.as_bytes());
    let mut first = Vec::new();
    while first.len() < RECORDS
        && let Ok(Some(record)) = records.next_record()
    {
        first.push(record);
    }
    first
}
