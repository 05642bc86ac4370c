//! JSON text to the texts of its objects, one at a time: a list of objects, one object, or one after another.

use std::io::BufRead;

use super::decode::unwrap_error;
use super::{LineCount, MAX_RECORD};
use crate::error::{Error, Kind, Result};

/// The text of one element and the line it starts on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::wire) struct Element {
    pub(in crate::wire) line: u64,
    pub(in crate::wire) text: String,
}

/// The elements of the list in a reader of UTF-8, or its values if it holds no list.
///
/// An element is cut out by its brackets and quotes alone; whether it is JSON shows later. So a faulty element
/// costs only itself, while a list that is not closed or has no commas is refused as a whole: it is likely the
/// half of a file.
pub(in crate::wire) struct Elements<R> {
    input: R,
    lines: LineCount,
    place: Place,
    limit: usize,
    begun: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Outside any list.
    Top,
    /// After `[`.
    First,
    /// After `,` in the list.
    Next,
    /// After an element of the list.
    After,
}

impl<R: BufRead> Elements<R> {
    pub(in crate::wire) fn new(input: R) -> Elements<R> {
        Elements {
            input,
            lines: LineCount::default(),
            place: Place::Top,
            limit: MAX_RECORD,
            begun: 1,
        }
    }

    #[cfg(test)]
    pub(in crate::wire) fn with_limit(mut self, limit: usize) -> Elements<R> {
        self.limit = limit;
        self
    }

    /// The line of what was looked at last: where an element begins, or what stands in its place.
    pub(in crate::wire) fn line(&self) -> u64 {
        self.begun
    }

    /// The next element; none at the end.
    ///
    /// # Errors
    ///
    /// Reading or decoding fails, or the list is not well formed around its elements.
    pub(in crate::wire) fn next_element(&mut self) -> Result<Option<Element>> {
        loop {
            let Some(byte) = self.peek()? else {
                return match self.place {
                    Place::Top => Ok(None),
                    _ => Err(self.refuse("the list is not closed: the text ends")),
                };
            };
            if !byte.is_ascii_whitespace() {
                self.begun = self.lines.line();
            }
            self.place = match (self.place, byte) {
                (_, b' ' | b'\t' | b'\n' | b'\r') => self.place,
                (Place::Top, b'[') => Place::First,
                (Place::First | Place::After, b']') => Place::Top,
                (Place::After, b',') => Place::Next,
                (Place::Next, b']') | (Place::First | Place::Next, b',') => {
                    return Err(self.refuse("a value is expected"));
                }
                (Place::After, _) => return Err(self.refuse("`,` or `]` is expected")),
                (Place::Top, b']' | b'}' | b',') => return Err(self.refuse("a value is expected")),
                (place, _) => {
                    self.place = if place == Place::Top {
                        Place::Top
                    } else {
                        Place::After
                    };
                    return self.element().map(Some);
                }
            };
            self.take(1);
        }
    }

    fn element(&mut self) -> Result<Element> {
        let line = self.lines.line();
        let mut bytes = Vec::new();
        let mut cut = Cut::default();
        loop {
            let chunk = self.input.fill_buf().map_err(unwrap_error)?;
            if chunk.is_empty() {
                if cut.depth > 0 || cut.quoted {
                    let what = "what begins here is not closed: a bracket or a quotation mark is missing";
                    return Err(Error::new(Kind::Invalid, format!("line {line}: {what}")));
                }
                break;
            }
            let (used, complete) = cut.find_end(chunk);
            bytes.extend_from_slice(chunk.get(..used).unwrap_or_default());
            self.take(used);
            if bytes.len() > self.limit {
                let what = format!(
                    "the element that starts on line {line} is longer than {} bytes",
                    self.limit
                );
                return Err(self.refuse(&what));
            }
            if complete {
                break;
            }
        }
        let text = String::from_utf8(bytes)
            .map_err(|error| Error::internal("decoded text is not UTF-8").with_source(error))?;
        Ok(Element { line, text })
    }

    fn peek(&mut self) -> Result<Option<u8>> {
        let chunk = self.input.fill_buf().map_err(unwrap_error)?;
        Ok(chunk.first().copied())
    }

    /// Consumes bytes that have been seen.
    fn take(&mut self, amount: usize) {
        if let Ok(chunk) = self.input.fill_buf() {
            self.lines.pass(chunk.get(..amount).unwrap_or_default());
        }
        self.input.consume(amount);
    }

    fn refuse(&self, what: &str) -> Error {
        Error::new(Kind::Invalid, format!("line {}: {what}", self.lines.line()))
    }
}

/// How far into an element we are.
#[derive(Default)]
struct Cut {
    depth: usize,
    quoted: bool,
    escaped: bool,
    started: bool,
}

impl Cut {
    /// How many bytes of `chunk` belong to the element, and whether it ends with them.
    fn find_end(&mut self, chunk: &[u8]) -> (usize, bool) {
        for (at, &byte) in chunk.iter().enumerate() {
            if self.quoted {
                match byte {
                    _ if self.escaped => self.escaped = false,
                    b'\\' => self.escaped = true,
                    b'"' => self.quoted = false,
                    _ => {}
                }
                continue;
            }
            match byte {
                b'"' => self.quoted = true,
                b'{' | b'[' => self.depth += 1,
                b'}' | b']' if self.depth > 1 => self.depth -= 1,
                b'}' | b']' if self.depth == 1 => return (at + 1, true),
                b'}' | b']' | b',' | b'\n' | b'\r' if self.depth == 0 && self.started => return (at, true),
                _ => {}
            }
            self.started = true;
        }
        (chunk.len(), false)
    }
}
