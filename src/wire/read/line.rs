//! Text to lines: LF, CR and CRLF end one; a line that is too long is cut, and says so.

use std::io::BufRead;

use super::MAX_RECORD;
use super::decode::unwrap_error;
use crate::error::{Error, Result};

/// One line without its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    /// From 1.
    pub(super) number: u64,
    pub(super) text: String,
    /// Whether it was longer than the longest record and is not all here.
    pub(super) cut: bool,
}

/// The lines of a reader of UTF-8.
pub(super) struct Lines<R> {
    input: R,
    number: u64,
    after_return: bool,
    limit: usize,
}

impl<R: BufRead> Lines<R> {
    pub(super) fn new(input: R) -> Lines<R> {
        Lines {
            input,
            number: 0,
            after_return: false,
            limit: MAX_RECORD,
        }
    }

    #[cfg(test)]
    pub(super) fn with_limit(mut self, limit: usize) -> Lines<R> {
        self.limit = limit;
        self
    }

    /// The next line; none at the end. The last line need not be ended.
    ///
    /// # Errors
    ///
    /// Reading or decoding fails.
    pub(super) fn next_line(&mut self) -> Result<Option<Line>> {
        let mut bytes = Vec::new();
        let mut cut = false;
        self.number += 1;
        loop {
            let chunk = self.input.fill_buf().map_err(unwrap_error)?;
            if chunk.is_empty() {
                return match (bytes.is_empty(), cut) {
                    (true, false) => Ok(None),
                    _ => self.line(bytes, cut).map(Some),
                };
            }
            if std::mem::take(&mut self.after_return) && chunk.starts_with(b"\n") {
                self.input.consume(1);
                continue;
            }
            let end = chunk.iter().position(|byte| matches!(byte, b'\n' | b'\r'));
            let piece = chunk.get(..end.unwrap_or(chunk.len())).unwrap_or_default();
            if cut || bytes.len() + piece.len() > self.limit {
                cut = true;
            } else {
                bytes.extend_from_slice(piece);
            }
            let used = piece.len();
            self.after_return = end.is_some_and(|end| chunk.get(end) == Some(&b'\r'));
            self.input.consume(used + usize::from(end.is_some()));
            if end.is_some() {
                return self.line(bytes, cut).map(Some);
            }
        }
    }

    fn line(&self, bytes: Vec<u8>, cut: bool) -> Result<Line> {
        let text = String::from_utf8(bytes)
            .map_err(|error| Error::internal("decoded text is not UTF-8").with_source(error))?;
        Ok(Line {
            number: self.number,
            text,
            cut,
        })
    }
}
