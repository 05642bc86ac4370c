//! The rows of a table without what programs write among and below them: headers that come again, sums, notices.
//!
//! Nothing goes silently: what is left out is kept, as far as it is not endless, for whoever wants to tell it.

use std::collections::VecDeque;

use super::decode::Decoded;
use super::layout;
use super::record::{Record, Records};
use super::rows::is_blank;
use super::tab::TabRecords;
use crate::error::Result;

/// The most lines that can stand below a table.
const FOOTER: usize = 30;

/// The most lines that are kept of what was left out.
const KEPT: usize = 100;

/// Where the records come from.
pub(super) enum Grid {
    Records(Records<Decoded>),
    Tabs(TabRecords<Decoded>),
}

impl Grid {
    /// The next record; none at the end.
    pub(super) fn next_record(&mut self) -> Result<Option<Record>> {
        match self {
            Grid::Records(records) => records.next_record(),
            Grid::Tabs(records) => records.next_record(),
        }
    }

    /// Says how many cells a record has.
    fn expect(&mut self, width: usize) {
        match self {
            Grid::Records(records) => records.expect(width),
            Grid::Tabs(records) => records.expect(width),
        }
    }
}

/// A line of a file that is no part of its table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut {
    /// The line, from 1.
    pub line: u64,
    /// What stands in it.
    pub text: String,
}

/// The records of a table from its header on.
pub(super) struct Table {
    grid: Grid,
    header: Vec<String>,
    /// Whether the record before was blank.
    after_blank: bool,
    /// What may be the end of the file, below the table.
    held: Vec<Record>,
    ready: VecDeque<Record>,
    left_out: Vec<LeftOut>,
}

impl Table {
    /// Reads up to the header, above which `above` records stand; none if there is none.
    ///
    /// # Errors
    ///
    /// Reading or decoding fails.
    pub(super) fn open(mut grid: Grid, above: usize) -> Result<(Table, Option<Record>)> {
        let mut left_out = Vec::new();
        for _ in 0..above {
            left_out.extend(grid.next_record()?.and_then(|record| left(&record)));
        }
        let header = grid.next_record()?;
        let cells = header.as_ref().map(|header| header.cells.clone());
        let header_cells = cells.unwrap_or_default();
        grid.expect(header_cells.len());
        let table = Table {
            grid,
            header: header_cells,
            after_blank: false,
            held: Vec::new(),
            ready: VecDeque::new(),
            left_out,
        };
        Ok((table, header))
    }

    /// What was left out so far.
    pub(super) fn left_out(&self) -> &[LeftOut] {
        &self.left_out
    }

    /// The next record that says anything; none at the end.
    ///
    /// # Errors
    ///
    /// Reading or decoding fails.
    pub(super) fn next_record(&mut self) -> Result<Option<Record>> {
        loop {
            if let Some(record) = self.ready.pop_front() {
                return Ok(Some(record));
            }
            let Some(record) = self.grid.next_record()? else {
                if self.held.is_empty() {
                    return Ok(None);
                }
                self.end();
                continue;
            };
            if record.fault.is_none() && record.cells.iter().all(|cell| is_blank(cell)) {
                self.after_blank = true;
                continue;
            }
            let parted = std::mem::take(&mut self.after_blank) || record.after_blank;
            if self.may_be_below(&record, parted) {
                self.held.push(record);
                continue;
            }
            if self.is_header(&record) {
                self.leave_out(&record);
                continue;
            }
            if self.held.is_empty() {
                return Ok(Some(record));
            }
            self.ready.extend(self.held.drain(..));
            self.ready.push_back(record);
        }
    }

    fn may_be_below(&self, record: &Record, parted: bool) -> bool {
        if record.fault.is_some() || self.header.len() < 2 || self.held.len() >= FOOTER {
            return false;
        }
        if !self.held.is_empty() {
            return is_note(record) || is_sum(record, true);
        }
        (parted && is_note(record)) || is_sum(record, parted)
    }

    /// The end of the file: what was held is below the table if it says so, else it is rows like others.
    fn end(&mut self) {
        let held = std::mem::take(&mut self.held);
        let closes = held
            .iter()
            .any(|record| is_sum(record, true) || record.cells.iter().any(|cell| is_closing(cell)));
        if closes {
            for record in &held {
                self.leave_out(record);
            }
        } else {
            self.ready.extend(held);
        }
    }

    fn is_header(&self, record: &Record) -> bool {
        record.cells.first() == self.header.first() && record.cells == self.header
    }

    fn leave_out(&mut self, record: &Record) {
        if self.left_out.len() < KEPT {
            self.left_out.extend(left(record));
        }
    }
}

fn left(record: &Record) -> Option<LeftOut> {
    let cells = record.cells.iter().filter(|cell| !is_blank(cell));
    let text = cells.map(|cell| cell.trim()).collect::<Vec<_>>().join(" | ");
    (!text.is_empty()).then_some(LeftOut {
        line: record.line,
        text,
    })
}

/// One text, at the beginning of its row.
fn is_note(record: &Record) -> bool {
    layout::used(&record.cells) == 1
}

/// A row of sums: its name and numbers. `Total` may be a company, except after a blank row.
fn is_sum(record: &Record, parted: bool) -> bool {
    const SURE: &[&str] = &[
        "合计",
        "总计",
        "合计：",
        "合计:",
        "总计：",
        "总计:",
        "totals",
        "totals:",
        "total:",
        "grand total",
    ];
    let mut cells = record
        .cells
        .iter()
        .map(|cell| cell.trim())
        .filter(|cell| !cell.is_empty());
    let Some(first) = cells.next().filter(|first| first.len() <= 16) else {
        return false;
    };
    let named = |name: &str| first.eq_ignore_ascii_case(name);
    let is_named = SURE.iter().any(|name| named(name)) || (parted && named("total"));
    let mut numbers = cells.peekable();
    is_named && numbers.peek().is_some() && numbers.all(is_amount)
}

fn is_amount(cell: &str) -> bool {
    let digits = cell.chars().filter(char::is_ascii_digit).count();
    digits > 0 && cell.chars().filter(|letter| letter.is_alphabetic()).count() <= 3
}

/// True for what programs write below a table.
fn is_closing(cell: &str) -> bool {
    const WORDS: &[&str] = &[
        "copyright",
        "©",
        "all rights reserved",
        "confidential information",
        "generated by",
        "exported by",
        "exported on",
        "grand total",
        "end of report",
        "导出时间",
        "制表人",
        "制表时间",
        "总计",
        "合计",
    ];
    let cell = cell.to_lowercase();
    WORDS.iter().any(|word| cell.contains(word))
}
