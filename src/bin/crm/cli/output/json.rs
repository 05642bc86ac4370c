//! JSON: an array with an object on each line, one object alone, or objects line by line. The shapes are `wire`'s.

use std::fmt::Write as _;
use std::io::{self, Write};

use crm::Result;
use crm::domain::value::Value;
use crm::wire::column::Column;
use crm::wire::json::{self, Record};

use super::{Encode, Options};
use crate::text::sanitise;

/// What stands around the objects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Frame {
    /// Brackets and commas.
    Array,
    /// Nothing: the one object.
    Single,
    /// A line break after each.
    Lines,
}

/// What is escaped beyond the rules of JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Escape {
    /// Nothing.
    Nothing,
    /// What drives a terminal.
    Hazards,
    /// Whatever is not ASCII.
    NonAscii,
}

/// The encoder.
pub(super) struct Json<'a> {
    out: &'a mut dyn Write,
    columns: Vec<Column>,
    kind: String,
    options: json::Options,
    frame: Frame,
    escape: Escape,
    line: Vec<u8>,
    begun: bool,
}

impl<'a> Json<'a> {
    /// One array, or the one object if that is what the options say.
    pub(super) fn array(
        out: &'a mut dyn Write,
        columns: Vec<Column>,
        kind: &str,
        options: &Options<'_>,
    ) -> Json<'a> {
        let frame = if options.single {
            Frame::Single
        } else {
            Frame::Array
        };
        Json::new(out, columns, kind, options, frame)
    }

    /// One object per line.
    pub(super) fn lines(
        out: &'a mut dyn Write,
        columns: Vec<Column>,
        kind: &str,
        options: &Options<'_>,
    ) -> Json<'a> {
        Json::new(out, columns, kind, options, Frame::Lines)
    }

    fn new(
        out: &'a mut dyn Write,
        columns: Vec<Column>,
        kind: &str,
        options: &Options<'_>,
        frame: Frame,
    ) -> Json<'a> {
        Json {
            out,
            columns,
            kind: kind.to_owned(),
            options: json::Options { full: options.full },
            frame,
            escape: match (options.ascii, options.terminal) {
                (true, _) => Escape::NonAscii,
                (false, true) => Escape::Hazards,
                (false, false) => Escape::Nothing,
            },
            line: Vec::new(),
            begun: false,
        }
    }
}

impl Encode for Json<'_> {
    fn row(&mut self, row: &[Value]) -> Result<()> {
        self.line.clear();
        match (self.frame, self.begun) {
            (Frame::Array, false) => self.line.extend_from_slice(b"[\n"),
            (Frame::Array, true) => self.line.extend_from_slice(b",\n"),
            (Frame::Single | Frame::Lines, _) => {}
        }
        self.begun = true;
        let record = Record {
            kind: &self.kind,
            columns: &self.columns,
            row,
            options: self.options,
        };
        serde_json::to_writer(&mut self.line, &record).map_err(io::Error::from)?;
        if self.frame != Frame::Array {
            self.line.push(b'\n');
        }
        if self.escape == Escape::Nothing {
            self.out.write_all(&self.line)?;
        } else {
            let text = String::from_utf8_lossy(&self.line);
            self.out.write_all(escaped(&text, self.escape).as_bytes())?;
        }
        Ok(())
    }

    fn flush(&mut self) -> Result<()> {
        Ok(self.out.flush()?)
    }

    fn finish(&mut self) -> Result<Vec<String>> {
        let end: &[u8] = match (self.frame, self.begun) {
            (Frame::Array, true) => b"\n]\n",
            (Frame::Array, false) => b"[]\n",
            (Frame::Single | Frame::Lines, _) => b"",
        };
        self.out.write_all(end)?;
        Ok(Vec::new())
    }
}

/// A JSON text that means the same and does not drive a terminal.
pub(crate) fn harmless(text: &str) -> String {
    escaped(text, Escape::Hazards)
}

/// Escapes further characters of a JSON text. They stand in strings only, so the text means the same as before;
/// the only control character outside of strings is the line break.
fn escaped(text: &str, escape: Escape) -> String {
    let mut ascii = String::with_capacity(text.len());
    let mut units = [0_u16; 2];
    for character in text.chars() {
        let keep = match escape {
            Escape::Nothing => true,
            Escape::Hazards => character == '\n' || !sanitise::is_hazard(character),
            Escape::NonAscii => character.is_ascii() && character != '\u{7f}',
        };
        if keep {
            ascii.push(character);
            continue;
        }
        for unit in character.encode_utf16(&mut units) {
            // Writing into a string cannot fail.
            let _ = write!(ascii, "\\u{unit:04x}");
        }
    }
    ascii
}
