//! JSON text to [`Input`]: numbers keep every digit as written, which a parser that makes numbers of them loses.

use std::collections::HashSet;

use super::clean;
use crate::domain::input::Input;

/// How deep lists and objects may be nested.
const MAX_DEPTH: usize = 128;

/// Why a text is no JSON, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotJson {
    /// The byte at which it stops being JSON.
    pub offset: usize,
    /// What is wrong there, lower case, no period.
    pub message: &'static str,
}

/// Reads one JSON value (RFC 8259) and nothing after it but blanks.
///
/// Null is [`Input::Clear`]; strings, numbers, `true` and `false` are text, without NULs. Of parts with the same
/// name in one object the last is kept.
///
/// # Errors
///
/// The text is not JSON, or is nested more than 128 deep.
pub fn parse(text: &str) -> Result<Input, NotJson> {
    let mut parser = Parser { text, offset: 0 };
    parser.blanks();
    let input = parser.value(0)?;
    parser.blanks();
    match parser.peek() {
        None => Ok(input),
        Some(_) => Err(parser.not("the value is over and something follows")),
    }
}

struct Parser<'a> {
    text: &'a str,
    offset: usize,
}

impl Parser<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.offset).copied()
    }

    fn rest(&self) -> &str {
        self.text.get(self.offset..).unwrap_or_default()
    }

    fn not(&self, message: &'static str) -> NotJson {
        NotJson {
            offset: self.offset,
            message,
        }
    }

    fn blanks(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.offset += 1;
        }
    }

    fn take(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.offset += usize::from(found);
        found
    }

    fn value(&mut self, depth: usize) -> Result<Input, NotJson> {
        if depth >= MAX_DEPTH {
            return Err(self.not("lists and objects are nested too deep"));
        }
        match self.peek() {
            Some(b'"') => self.string().map(Input::Text),
            Some(b'{') => self.object(depth + 1),
            Some(b'[') => self.list(depth + 1),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b't') => self.word("true", Input::text("true")),
            Some(b'f') => self.word("false", Input::text("false")),
            Some(b'n') => self.word("null", Input::Clear),
            Some(_) => Err(self.not("a value is expected")),
            None => Err(self.not("a value is expected, and the text ends")),
        }
    }

    fn word(&mut self, word: &str, input: Input) -> Result<Input, NotJson> {
        if !self.rest().starts_with(word) {
            return Err(self.not("a value is expected"));
        }
        self.offset += word.len();
        Ok(input)
    }

    fn list(&mut self, depth: usize) -> Result<Input, NotJson> {
        let mut items = Vec::new();
        self.offset += 1;
        self.blanks();
        if self.take(b']') {
            return Ok(Input::List(items));
        }
        loop {
            self.blanks();
            items.push(self.value(depth)?);
            self.blanks();
            if self.take(b']') {
                return Ok(Input::List(items));
            }
            if !self.take(b',') {
                return Err(self.not("`,` or `]` is expected"));
            }
        }
    }

    fn object(&mut self, depth: usize) -> Result<Input, NotJson> {
        let mut parts = Vec::new();
        self.offset += 1;
        self.blanks();
        if self.take(b'}') {
            return Ok(Input::Map(parts));
        }
        loop {
            self.blanks();
            if self.peek() != Some(b'"') {
                return Err(self.not("a name in quotes is expected"));
            }
            let name = self.string()?;
            self.blanks();
            if !self.take(b':') {
                return Err(self.not("`:` is expected"));
            }
            self.blanks();
            parts.push((name, self.value(depth)?));
            self.blanks();
            if self.take(b'}') {
                return Ok(Input::Map(last_of_each(parts)));
            }
            if !self.take(b',') {
                return Err(self.not("`,` or `}` is expected"));
            }
        }
    }

    fn number(&mut self) -> Result<Input, NotJson> {
        let start = self.offset;
        self.take(b'-');
        if !self.take(b'0') && self.digits() == 0 {
            return Err(self.not("a digit is expected"));
        }
        if self.take(b'.') && self.digits() == 0 {
            return Err(self.not("a digit is expected after the point"));
        }
        if self.take(b'e') || self.take(b'E') {
            if !self.take(b'+') {
                self.take(b'-');
            }
            if self.digits() == 0 {
                return Err(self.not("a digit is expected in the exponent"));
            }
        }
        Ok(Input::text(self.text.get(start..self.offset).unwrap_or_default()))
    }

    fn digits(&mut self) -> usize {
        let start = self.offset;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.offset += 1;
        }
        self.offset - start
    }

    fn string(&mut self) -> Result<String, NotJson> {
        self.offset += 1;
        let mut text = String::new();
        loop {
            let rest = self.rest();
            let Some(end) = rest.find(|letter: char| letter == '"' || letter == '\\' || letter < ' ') else {
                self.offset = self.text.len();
                return Err(self.not("a string is not closed"));
            };
            text.push_str(rest.get(..end).unwrap_or_default());
            self.offset += end;
            match self.peek() {
                Some(b'"') => {
                    self.offset += 1;
                    return Ok(clean(&text));
                }
                Some(b'\\') => {
                    self.offset += 1;
                    text.push(self.escape()?);
                }
                _ => return Err(self.not("a control character is not escaped")),
            }
        }
    }

    /// The letter meant by what follows a backslash.
    fn escape(&mut self) -> Result<char, NotJson> {
        let letter = match self.peek() {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => {
                self.offset += 1;
                return self.code_point();
            }
            _ => return Err(self.not("there is no such escape")),
        };
        self.offset += 1;
        Ok(letter)
    }

    fn code_point(&mut self) -> Result<char, NotJson> {
        let first = self.four_digits()?;
        let code = if (0xD800..0xDC00).contains(&first) && self.rest().starts_with("\\u") {
            self.offset += 2;
            let second = self.four_digits()?;
            if !(0xDC00..0xE000).contains(&second) {
                return Err(self.not("half a character is escaped"));
            }
            0x1_0000 + ((first - 0xD800) << 10) + (second - 0xDC00)
        } else {
            first
        };
        char::from_u32(code).ok_or_else(|| self.not("half a character is escaped"))
    }

    fn four_digits(&mut self) -> Result<u32, NotJson> {
        let digits = self.text.get(self.offset..self.offset + 4).unwrap_or_default();
        let hexadecimal = digits.len() == 4 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        match u32::from_str_radix(digits, 16) {
            Ok(code) if hexadecimal => {
                self.offset += 4;
                Ok(code)
            }
            _ => Err(self.not("four hexadecimal digits are expected")),
        }
    }
}

/// Drops every part that a later one of the same name replaces.
fn last_of_each(mut parts: Vec<(String, Input)>) -> Vec<(String, Input)> {
    let mut names = HashSet::with_capacity(parts.len());
    let repeated: Vec<bool> = parts
        .iter()
        .rev()
        .map(|(name, _)| !names.insert(name.as_str()))
        .collect();
    if repeated.contains(&true) {
        let mut repeated = repeated.into_iter().rev();
        parts.retain(|_| repeated.next() != Some(true));
    }
    parts
}

/// Writes `input` as JSON on one line, the reverse of [`parse`] except that all scalars are strings.
pub(crate) fn write(input: &Input, out: &mut String) {
    match input {
        Input::Clear => out.push_str("null"),
        Input::Text(text) => write_string(text, out),
        Input::List(items) => {
            out.push('[');
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                write(item, out);
            }
            out.push(']');
        }
        Input::Map(parts) => write_object(parts, out),
    }
}

/// Writes an object of `parts` as JSON on one line.
pub(crate) fn write_object(parts: &[(String, Input)], out: &mut String) {
    out.push('{');
    for (at, (name, input)) in parts.iter().enumerate() {
        if at > 0 {
            out.push(',');
        }
        write_string(name, out);
        out.push(':');
        write(input, out);
    }
    out.push('}');
}

fn write_string(text: &str, out: &mut String) {
    out.push('"');
    for letter in text.chars() {
        match letter {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            letter if letter < ' ' => out.push_str(&format!("\\u{:04x}", u32::from(letter))),
            letter => out.push(letter),
        }
    }
    out.push('"');
}
