//! Bytes to components of raw lines, one at a time, in memory that does not grow with the file.

use std::io::BufRead;

use crate::error::Result;
use crate::wire::read::MAX_RECORD;
use crate::wire::read::decode::unwrap_error;

/// The most lines of one component; more is no card and no event. A photo alone may have a hundred thousand.
const MAX_LINES: usize = 250_000;

/// The most properties of one component: no person has so many, and the time for it is bounded.
pub(crate) const MAX_PROPERTIES: usize = 10_000;

/// So many lines that are in no component are told of at once.
const STRAYS: usize = 100;

/// What is wrong with lines that are in no component.
pub(crate) const OUTSIDE: &str = "this is outside of every entry: no BEGIN stands before it";

/// One line of the file without its end, still in the encoding of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RawLine {
    /// From 1.
    pub(crate) number: u64,
    pub(crate) bytes: Vec<u8>,
}

/// What stands between `BEGIN:X` and `END:X`, or is not in any component.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Component {
    /// What it is, lower case: `vcard`; empty for what is in none.
    pub(crate) name: &'static str,
    /// The line on which it begins.
    pub(crate) line: u64,
    /// The lines between the first and the last; those of components inside too.
    pub(crate) lines: Vec<RawLine>,
    /// Why it is none; the lines are what could be saved.
    pub(crate) fault: Option<&'static str>,
}

/// The line of a `BEGIN`, and of what.
type Begin = (u64, &'static str);

/// The components of a reader of bytes.
pub(crate) struct Components<R> {
    input: R,
    /// The names of the components, lower case: `vcard`.
    names: &'static [&'static str],
    number: u64,
    after_return: bool,
    /// A first line that was read to its end while looking for the end of the component before.
    begun: Option<Begin>,
    /// The first of more lines that are in no component, after as many as are told of at once.
    stray: Option<RawLine>,
    ended: bool,
    /// Whether the last line of the file has an end.
    closed: bool,
}

impl<R: BufRead> Components<R> {
    /// The components with one of these names.
    pub(crate) fn new(input: R, names: &'static [&'static str]) -> Components<R> {
        Components {
            input,
            names,
            number: 0,
            after_return: false,
            begun: None,
            stray: None,
            ended: false,
            closed: true,
        }
    }

    /// The next component; none at the end.
    ///
    /// # Errors
    ///
    /// Reading fails.
    pub(crate) fn next_component(&mut self) -> Result<Option<Component>> {
        let (line, name) = match self.begun.take() {
            Some(begun) => begun,
            None => match self.find_begin()? {
                Ok(Some(begun)) => begun,
                Ok(None) => return Ok(None),
                Err(stray) => return Ok(Some(stray)),
            },
        };
        self.collect(line, name).map(Some)
    }

    /// The line of the next `BEGIN`; or what stands before it, outside of every component.
    fn find_begin(&mut self) -> Result<std::result::Result<Option<Begin>, Component>> {
        let mut strays: Vec<RawLine> = self.stray.take().into_iter().collect();
        loop {
            let line = self.next_line()?;
            let named = |line: &RawLine| Some((line.number, self.named(&line.bytes, "begin:")?));
            let begin = line.as_ref().and_then(named);
            if begin.is_none()
                && let Some(line) = line
            {
                if is_blank(&line.bytes) {
                    continue;
                }
                // A value is not cut in two, unless it never ends.
                let continues =
                    matches!(line.bytes.first(), Some(b' ' | b'\t')) && strays.len() < 10 * STRAYS;
                if strays.len() < STRAYS || continues {
                    strays.push(line);
                    continue;
                }
                self.stray = Some(line);
            }
            let Some(first) = strays.first() else {
                return Ok(Ok(begin));
            };
            let stray = Component {
                name: "",
                line: first.number,
                lines: strays,
                fault: Some(OUTSIDE),
            };
            self.begun = begin;
            return Ok(Err(stray));
        }
    }

    fn collect(&mut self, begin: u64, name: &'static str) -> Result<Component> {
        let mut lines: Vec<RawLine> = Vec::new();
        let mut size = 0;
        let mut depth = 0;
        let mut fault = None;
        loop {
            let Some(line) = self.next_line()? else {
                // A file without the last line may be whole; one that ends inside of a line is not.
                if !self.closed {
                    fault = fault.or(Some("the file breaks off here"));
                }
                break;
            };
            if self.named(&line.bytes, "end:") == Some(name) {
                if depth == 0 {
                    break;
                }
                depth -= 1;
            } else if let Some(other) = self.named(&line.bytes, "begin:") {
                // Of an old card, the agent is a card inside.
                let inside = lines.last().is_some_and(|before| opens_agent(&before.bytes));
                if !inside {
                    self.begun = Some((line.number, other));
                    break;
                }
                depth += 1;
            }
            size += line.bytes.len();
            if size > MAX_RECORD || lines.len() >= MAX_LINES {
                fault = fault.or(Some("the entry is too long"));
                lines.truncate(100);
                size = 0;
                continue;
            }
            if fault.is_none() {
                lines.push(line);
            }
        }
        Ok(Component {
            name,
            line: begin,
            lines,
            fault,
        })
    }

    /// The name of a component behind `BEGIN:` or `END:`.
    fn named(&self, bytes: &[u8], word: &str) -> Option<&'static str> {
        let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes).trim_ascii();
        let (head, rest) = bytes.split_at_checked(word.len())?;
        if !head.eq_ignore_ascii_case(word.as_bytes()) {
            return None;
        }
        let mut names = self.names.iter();
        names
            .find(|name| rest.trim_ascii().eq_ignore_ascii_case(name.as_bytes()))
            .copied()
    }

    /// The next line; LF, CR and CRLF end one.
    fn next_line(&mut self) -> Result<Option<RawLine>> {
        if self.ended {
            return Ok(None);
        }
        let mut bytes = Vec::new();
        self.number += 1;
        loop {
            let chunk = self.input.fill_buf().map_err(unwrap_error)?;
            if chunk.is_empty() {
                self.ended = true;
                self.closed = bytes.is_empty() || ends_component(&bytes);
                return Ok((!bytes.is_empty()).then_some(RawLine {
                    number: self.number,
                    bytes,
                }));
            }
            if std::mem::take(&mut self.after_return) && chunk.starts_with(b"\n") {
                self.input.consume(1);
                continue;
            }
            let end = chunk.iter().position(|byte| matches!(byte, b'\n' | b'\r'));
            let piece = chunk.get(..end.unwrap_or(chunk.len())).unwrap_or_default();
            // One byte over is enough to be refused.
            let room = (MAX_RECORD + 1).saturating_sub(bytes.len());
            bytes.extend_from_slice(piece.get(..room).unwrap_or(piece));
            let used = piece.len();
            self.after_return = end.is_some_and(|end| chunk.get(end) == Some(&b'\r'));
            self.input.consume(used + usize::from(end.is_some()));
            if end.is_some() {
                return Ok(Some(RawLine {
                    number: self.number,
                    bytes,
                }));
            }
        }
    }
}

/// True for the end of any component, of the file itself too.
fn ends_component(bytes: &[u8]) -> bool {
    bytes
        .get(..4)
        .is_some_and(|head| head.eq_ignore_ascii_case(b"end:"))
}

fn is_blank(bytes: &[u8]) -> bool {
    bytes
        .iter()
        .all(|byte| byte.is_ascii_whitespace() || matches!(byte, 0 | 0x1A))
}

/// True for an `AGENT:` without a value, after which the card of the agent stands.
fn opens_agent(bytes: &[u8]) -> bool {
    let bytes = bytes.trim_ascii_end();
    bytes.last() == Some(&b':')
        && bytes
            .get(..5)
            .is_some_and(|name| name.eq_ignore_ascii_case(b"agent"))
}
