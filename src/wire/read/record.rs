//! Delimited text to records of cells, as RFC 4180 means it and as programs really write it.
//!
//! Written here and not left to a library for three things an import needs and none offers: the right line of a
//! record after blank lines, lone CRs and cells of many lines; a quote that is never closed costs its own line
//! and not the rest of the file; and a bound on the memory of one record.
//!
//! A quote opens a quoted cell only as the first character of the cell; inside, a doubled quote is a quote; text
//! after the closing quote is taken as it stands. Elsewhere a quote is a character like others.

use std::io::BufRead;

use super::MAX_RECORD;
use super::decode::unwrap_error;
use crate::error::{Error, Kind, Result};

/// How often one file may be read again from after a line with an open quote; more often is no table.
const MAX_RECOVERIES: u32 = 100;

/// What stands in the file at one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Record {
    /// The line on which it starts, from 1.
    pub(super) line: u64,
    /// Whether a blank line comes before it.
    pub(super) after_blank: bool,
    pub(super) cells: Vec<String>,
    /// Why it is not a good record; the cells are what could be saved, the last one at fault.
    pub(super) fault: Option<String>,
}

/// The records of a reader of UTF-8; blank lines are skipped.
pub(super) struct Records<R> {
    input: R,
    /// Bytes to be read again before the input, after a fault.
    replay: Vec<u8>,
    replayed: usize,
    recoveries: u32,
    limit: usize,
    /// The number of cells of a record, once it is known.
    width: Option<usize>,
    builder: Builder,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// Before the first byte of a record.
    Between,
    /// Before the first byte of a cell.
    Start,
    Plain,
    Quoted,
    /// After a quote inside a quoted cell: it closes the cell unless another follows.
    Quote,
    /// Past the limit: everything up to the line end is dropped.
    Skip,
}

/// Where the first line of a record ended inside a quoted cell.
#[derive(Debug, Clone, Copy)]
struct Break {
    cells: usize,
    cell_length: usize,
    line: u64,
    after_return: bool,
}

struct Builder {
    delimiter: u8,
    state: State,
    /// The current line, from 1.
    line: u64,
    after_return: bool,
    after_blank: bool,
    started_on: u64,
    size: usize,
    cell: Vec<u8>,
    cells: Vec<Vec<u8>>,
    first_break: Option<Break>,
    /// Everything of the record after its first break, as in the file.
    tail: Vec<u8>,
}

impl<R: BufRead> Records<R> {
    pub(super) fn new(input: R, delimiter: u8) -> Records<R> {
        Records {
            input,
            replay: Vec::new(),
            replayed: 0,
            recoveries: 0,
            limit: MAX_RECORD,
            width: None,
            builder: Builder::new(delimiter),
        }
    }

    /// Says how many cells a record has: then a text that ends within a quoted cell is refused if it broke off there.
    pub(super) fn expect(&mut self, width: usize) {
        self.width = Some(width);
    }

    #[cfg(test)]
    pub(super) fn with_limit(mut self, limit: usize) -> Records<R> {
        self.limit = limit;
        self
    }

    /// The next record; none at the end.
    ///
    /// # Errors
    ///
    /// Reading or decoding fails.
    pub(super) fn next_record(&mut self) -> Result<Option<Record>> {
        self.builder.begin();
        loop {
            let replaying = self.replayed < self.replay.len();
            let chunk = if replaying {
                self.replay.get(self.replayed..).unwrap_or_default()
            } else {
                self.input.fill_buf().map_err(unwrap_error)?
            };
            if chunk.is_empty() {
                return self.at_end();
            }
            // Never more than one byte past the limit, so that what is refused does not depend on the chunks.
            let room = (self.limit + 1).saturating_sub(self.builder.size);
            let chunk = chunk.get(..room).unwrap_or(chunk);
            let recording = self.builder.first_break.is_some();
            let (used, complete) = self.builder.push(chunk);
            if recording {
                self.builder
                    .tail
                    .extend_from_slice(chunk.get(..used).unwrap_or_default());
            }
            if replaying {
                self.replayed += used;
            } else {
                self.input.consume(used);
            }
            if complete {
                return self.builder.finish(None).map(Some);
            }
            if self.builder.size > self.limit
                && let Some(record) = self.at_limit()?
            {
                return Ok(Some(record));
            }
        }
    }

    fn at_limit(&mut self) -> Result<Option<Record>> {
        if self.builder.state == State::Skip {
            self.builder.size = 0;
            return Ok(None);
        }
        if let Some(at) = self.builder.first_break
            && self.may_recover()
        {
            return self.recover(at).map(Some);
        }
        let fault = format!("the record is longer than {} bytes", self.limit);
        let mut record = self.builder.finish(Some(fault))?;
        record.cells.clear();
        self.builder.state = State::Skip;
        Ok(Some(record))
    }

    fn at_end(&mut self) -> Result<Option<Record>> {
        let fault = match self.builder.state {
            State::Between | State::Skip => return Ok(None),
            State::Quoted => Some(open_quote()),
            State::Start | State::Plain | State::Quote => None,
        };
        if fault.is_some() {
            if let Some(at) = self.builder.first_break
                && self.builder.goes_on(self.width)
                && self.may_recover()
            {
                return self.recover(at).map(Some);
            }
            if self.width.is_some() {
                let line = self.builder.started_on;
                return Err(Error::new(
                    Kind::Invalid,
                    format!("line {line}: {}, and the text ends in that cell", open_quote()),
                ));
            }
        }
        self.builder.finish(fault).map(Some)
    }

    fn may_recover(&mut self) -> bool {
        self.recoveries += 1;
        self.recoveries <= MAX_RECOVERIES
    }

    /// Gives up the line on which the quote was opened and goes back to the one after it.
    fn recover(&mut self, at: Break) -> Result<Record> {
        let mut replay = std::mem::take(&mut self.builder.tail);
        replay.extend_from_slice(self.replay.get(self.replayed..).unwrap_or_default());
        self.replay = replay;
        self.replayed = 0;
        let builder = &mut self.builder;
        let mut last = match builder.cells.get_mut(at.cells) {
            Some(cell) => std::mem::take(cell),
            None => std::mem::take(&mut builder.cell),
        };
        last.truncate(at.cell_length);
        builder.cells.truncate(at.cells);
        builder.cell = last;
        let record = builder.finish(Some(open_quote()))?;
        builder.line = at.line;
        builder.after_return = at.after_return;
        Ok(record)
    }
}

fn open_quote() -> String {
    "a quote is opened and never closed".to_owned()
}

impl Builder {
    fn new(delimiter: u8) -> Builder {
        Builder {
            delimiter,
            state: State::Between,
            line: 1,
            after_return: false,
            after_blank: false,
            started_on: 1,
            size: 0,
            cell: Vec::new(),
            cells: Vec::new(),
            first_break: None,
            tail: Vec::new(),
        }
    }

    fn begin(&mut self) {
        if self.state != State::Skip {
            self.state = State::Between;
        }
        self.after_blank = false;
        self.size = 0;
    }

    /// Takes bytes until the record is complete, its first line breaks inside a quoted cell, or none are left;
    /// says how many and whether the record is complete.
    fn push(&mut self, chunk: &[u8]) -> (usize, bool) {
        let mut used = 0;
        while let Some(rest) = chunk.get(used..)
            && let Some(&byte) = rest.first()
        {
            let (taken, complete) = match self.state {
                State::Between => (self.between(byte), false),
                State::Start if byte == b'"' => {
                    self.state = State::Quoted;
                    (1, false)
                }
                State::Start | State::Plain => self.plain(rest),
                State::Quoted => {
                    let unbroken = self.first_break.is_none();
                    let taken = self.quoted(rest);
                    if unbroken && self.first_break.is_some() {
                        self.size += taken;
                        return (used + taken, false);
                    }
                    (taken, false)
                }
                State::Quote if byte == b'"' => {
                    self.cell.push(b'"');
                    self.state = State::Quoted;
                    (1, false)
                }
                State::Quote => {
                    self.state = State::Plain;
                    (0, false)
                }
                State::Skip => (self.skip(rest), false),
            };
            used += taken;
            self.size += taken;
            if complete {
                return (used, true);
            }
        }
        (used, false)
    }

    /// Skips line ends between records; anything else starts one and is not taken.
    fn between(&mut self, byte: u8) -> usize {
        let after_return = std::mem::take(&mut self.after_return);
        self.size = 0;
        match byte {
            b'\n' if after_return => 1,
            b'\n' | b'\r' => {
                self.after_blank = true;
                self.end_line(byte);
                1
            }
            _ => {
                self.started_on = self.line;
                self.state = State::Start;
                0
            }
        }
    }

    fn plain(&mut self, rest: &[u8]) -> (usize, bool) {
        self.state = State::Plain;
        let delimiter = self.delimiter;
        let end = rest
            .iter()
            .position(|&byte| byte == delimiter || byte == b'\n' || byte == b'\r');
        let text = rest.get(..end.unwrap_or(rest.len())).unwrap_or_default();
        self.cell.extend_from_slice(text);
        match end.and_then(|end| rest.get(end)) {
            None => (text.len(), false),
            Some(&byte) if byte == delimiter => {
                self.cells.push(std::mem::take(&mut self.cell));
                self.state = State::Start;
                (text.len() + 1, false)
            }
            Some(&byte) => {
                self.end_line(byte);
                (text.len() + 1, true)
            }
        }
    }

    fn quoted(&mut self, rest: &[u8]) -> usize {
        let end = rest.iter().position(|byte| matches!(byte, b'"' | b'\n' | b'\r'));
        let text = rest.get(..end.unwrap_or(rest.len())).unwrap_or_default();
        if !text.is_empty() {
            self.after_return = false;
        }
        self.cell.extend_from_slice(text);
        match end.and_then(|end| rest.get(end)) {
            None => text.len(),
            Some(b'"') => {
                self.after_return = false;
                self.state = State::Quote;
                text.len() + 1
            }
            Some(&byte) => {
                let cell_length = self.cell.len();
                self.cell.push(byte);
                if byte == b'\n' && std::mem::take(&mut self.after_return) {
                    return text.len() + 1;
                }
                self.end_line(byte);
                if self.first_break.is_none() {
                    self.first_break = Some(Break {
                        cells: self.cells.len(),
                        cell_length,
                        line: self.line,
                        after_return: self.after_return,
                    });
                }
                text.len() + 1
            }
        }
    }

    fn skip(&mut self, rest: &[u8]) -> usize {
        match rest.iter().position(|byte| matches!(byte, b'\n' | b'\r')) {
            Some(end) => {
                self.end_line(rest.get(end).copied().unwrap_or_default());
                self.state = State::Between;
                end + 1
            }
            None => rest.len(),
        }
    }

    /// Whether what comes after the first break of the record reads as records of `width` cells: then a quote is one too
    /// many, and the text did not break off in a long cell.
    fn goes_on(&self, width: Option<usize>) -> bool {
        let Some(width) = width else { return true };
        let (mut lines, mut whole) = (0_usize, 0_usize);
        for line in self.tail.split(|byte| matches!(byte, b'\n' | b'\r')) {
            if !line.trim_ascii().is_empty() {
                let cells = line.iter().filter(|&&byte| byte == self.delimiter).count() + 1;
                lines += 1;
                whole += usize::from(cells >= width);
            }
        }
        lines > 0 && whole * 2 >= lines
    }

    fn end_line(&mut self, byte: u8) {
        self.line += 1;
        self.after_return = byte == b'\r';
    }

    /// The record from what has been collected; the builder is empty after it.
    fn finish(&mut self, fault: Option<String>) -> Result<Record> {
        self.cells.push(std::mem::take(&mut self.cell));
        self.first_break = None;
        self.tail.clear();
        let room = self.cells.len();
        let cells = std::mem::replace(&mut self.cells, Vec::with_capacity(room))
            .into_iter()
            .map(String::from_utf8)
            .collect::<Result<Vec<String>, _>>()
            .map_err(|error| Error::internal("decoded text is not UTF-8").with_source(error))?;
        Ok(Record {
            line: self.started_on,
            after_blank: self.after_blank,
            cells,
            fault,
        })
    }
}
