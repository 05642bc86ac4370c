//! Raw lines to properties: unfolded, decoded by their encoding and character set, split into name and parameters.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8};

use super::lines::RawLine;

/// One property of a component.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Property {
    /// The line of the file on which it starts.
    pub(crate) line: u64,
    /// The group, lower case; empty without one.
    pub(crate) group: String,
    /// The name, upper case.
    pub(crate) name: String,
    /// Parameters, names upper case; one without a name has an empty one.
    pub(crate) params: Vec<(String, String)>,
    /// The value as text, with its escapes; empty for binary ones.
    pub(crate) value: String,
    /// How many bytes a binary value has.
    pub(crate) binary: Option<usize>,
}

impl Property {
    /// The values of a parameter, split at commas, lower case.
    pub(crate) fn param(&self, name: &str) -> impl Iterator<Item = String> {
        self.params
            .iter()
            .filter(move |(known, _)| known == name)
            .flat_map(|(_, value)| value.split(','))
            .map(|word| word.trim().to_lowercase())
    }

    /// The first value of a parameter as it stands.
    pub(crate) fn first_param(&self, name: &str) -> Option<&str> {
        let found = self.params.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    /// The types: those of `TYPE=`, and in old cards the parameters without a name.
    pub(crate) fn types(&self) -> Vec<String> {
        let mut types: Vec<String> = self.param("TYPE").chain(self.param("")).collect();
        types.retain(|word| !word.is_empty());
        types
    }

    /// The value without escapes, with blanks around it gone.
    pub(crate) fn text(&self) -> String {
        super::unescape(&self.value).trim().to_owned()
    }
}

/// What the lines of a component say.
#[derive(Debug, Default)]
pub(crate) struct Parsed {
    pub(crate) properties: Vec<Property>,
    /// Lines that are no property, as text.
    pub(crate) strays: Vec<(u64, String)>,
}

impl Parsed {
    /// True for more than can be understood in a time that makes sense.
    pub(crate) fn is_too_much(&self) -> bool {
        self.properties.len() + self.strays.len() > super::lines::MAX_PROPERTIES
    }
}

/// How the bytes of a file become text.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Charset {
    /// The encoding that was said, if one was.
    pub(crate) said: Option<&'static Encoding>,
    /// What bytes are that are not UTF-8, as the beginning of the file shows.
    pub(crate) guess: &'static Encoding,
    /// Whether the text was UTF-8 from the start, whatever a property says: the file was decoded as a whole.
    pub(crate) whole: bool,
}

impl Charset {
    fn decode<'b>(&self, bytes: &'b [u8], label: Option<&str>) -> Cow<'b, str> {
        if self.whole {
            return String::from_utf8_lossy(bytes);
        }
        let named = label.and_then(|label| Encoding::for_label_no_replacement(label.as_bytes()));
        let encoding = match named.or(self.said) {
            // What is said of a property may be wrong, and then its bytes are UTF-8 all the same.
            Some(encoding) => encoding,
            None if std::str::from_utf8(bytes).is_ok() => UTF_8,
            None => self.guess,
        };
        match encoding.decode_without_bom_handling_and_without_replacement(bytes) {
            Some(text) => text,
            None => match std::str::from_utf8(bytes) {
                Ok(text) => Cow::Borrowed(text),
                Err(_) => self.guess.decode_without_bom_handling(bytes).0,
            },
        }
    }
}

/// Reads the lines of a component.
pub(crate) fn parse(lines: &[RawLine], charset: Charset) -> Parsed {
    let mut parsed = Parsed::default();
    // Old cards keep the blank at which a line was folded.
    let is_old = lines.iter().any(|line| {
        let bytes = line.bytes.trim_ascii();
        bytes.eq_ignore_ascii_case(b"VERSION:2.1")
    });
    let mut lines = lines.iter().peekable();
    while let Some(first) = lines.next() {
        if first.bytes.trim_ascii().is_empty() {
            continue;
        }
        let mut bytes = first.bytes.clone();
        // A folded head is unfolded before its parameters can be looked at.
        let mut in_head = !has_colon(&bytes);
        while let Some(next) = lines.next_if(|next| in_head && starts_blank(&next.bytes)) {
            in_head = !has_colon(&next.bytes);
            bytes.extend_from_slice(next.bytes.get(1..).unwrap_or_default());
        }
        let encoding = encoding(&bytes);
        match encoding {
            Transfer::QuotedPrintable => {
                while bytes.trim_ascii_end().ends_with(b"=") {
                    let Some(next) = lines.next() else { break };
                    let kept = bytes.trim_ascii_end().len() - 1;
                    bytes.truncate(kept);
                    bytes.extend_from_slice(&next.bytes);
                }
                while let Some(next) = lines.next_if(|next| starts_blank(&next.bytes)) {
                    bytes.extend_from_slice(next.bytes.get(1..).unwrap_or_default());
                }
            }
            Transfer::Base64 => {
                while let Some(next) = lines.next_if(|next| continues_base64(&next.bytes)) {
                    bytes.extend_from_slice(next.bytes.trim_ascii());
                }
            }
            Transfer::Plain => {
                while let Some(next) = lines.next_if(|next| starts_blank(&next.bytes)) {
                    let from = usize::from(!is_old);
                    bytes.extend_from_slice(next.bytes.get(from..).unwrap_or_default());
                }
            }
        }
        match property(first.number, &bytes, encoding, charset) {
            Some(property) => parsed.properties.push(property),
            None => {
                let text = charset.decode(&bytes, None).trim().to_owned();
                parsed.strays.push((first.number, text));
            }
        }
    }
    parsed
}

/// The lines as text, one a line.
pub(crate) fn lossy(lines: &[RawLine], charset: Charset) -> String {
    let mut text = String::new();
    for line in lines {
        text.push_str(&charset.decode(&line.bytes, None));
        text.push('\n');
    }
    text
}

fn starts_blank(bytes: &[u8]) -> bool {
    matches!(bytes.first(), Some(b' ' | b'\t')) && bytes.len() > 1
}

fn has_colon(bytes: &[u8]) -> bool {
    bytes.contains(&b':')
}

/// True for a further line of a value in base 64, indented or not.
fn continues_base64(bytes: &[u8]) -> bool {
    let bytes = bytes.trim_ascii();
    !bytes.is_empty()
        && bytes
            .iter()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'='))
}

/// How a value is made of letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Transfer {
    Plain,
    QuotedPrintable,
    Base64,
}

fn encoding(bytes: &[u8]) -> Transfer {
    let (head, _) = head_and_value(bytes);
    let head = head.to_ascii_uppercase();
    let has = |word: &[u8]| {
        head.split(|byte| *byte == b';')
            .skip(1)
            .any(|param| param.trim_ascii() == word)
    };
    if has(b"ENCODING=QUOTED-PRINTABLE") || has(b"QUOTED-PRINTABLE") || has(b"ENCODING=Q") {
        Transfer::QuotedPrintable
    } else if has(b"ENCODING=BASE64") || has(b"BASE64") || has(b"ENCODING=B") {
        Transfer::Base64
    } else {
        Transfer::Plain
    }
}

/// What stands before and after the first colon outside of quotes; without any, everything is head.
fn head_and_value(bytes: &[u8]) -> (&[u8], Option<&[u8]>) {
    let mut quoted = false;
    let outside = bytes.iter().position(|byte| {
        quoted ^= *byte == b'"';
        *byte == b':' && !quoted
    });
    // A quote that is never closed does not hide the value.
    let colon = outside.or_else(|| bytes.iter().position(|byte| *byte == b':'));
    match colon {
        Some(at) => (bytes.get(..at).unwrap_or_default(), bytes.get(at + 1..)),
        None => (bytes, None),
    }
}

fn property(line: u64, bytes: &[u8], encoding: Transfer, charset: Charset) -> Option<Property> {
    let (head, value) = head_and_value(bytes);
    let value = value?;
    let head = charset.decode(head, None);
    let head = head.trim_start_matches('\u{feff}');
    let mut parts = outside_quotes(head, ';');
    let (group, name) = match parts.next()?.rsplit_once('.') {
        Some((group, name)) => (group.trim().to_lowercase(), name),
        None => (String::new(), parts_name(head)),
    };
    let name = name.trim().to_uppercase();
    let is_name = |name: &str| {
        name.bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
    };
    if name.is_empty() || !is_name(&name) || !is_name(&group) {
        return None;
    }
    let params: Vec<(String, String)> = parts.map(parameter).collect();
    let label = params
        .iter()
        .find(|(name, _)| name == "CHARSET")
        .map(|(_, label)| label.as_str());
    let (value, binary) = match encoding {
        Transfer::Plain => (charset.decode(value, label).into_owned(), None),
        Transfer::QuotedPrintable => {
            let value = quoted_printable(value);
            // These bytes were never part of the text of the file.
            let charset = Charset {
                whole: false,
                ..charset
            };
            let text = charset
                .decode(&value, label)
                .replace("\r\n", "\n")
                .replace('\r', "\n");
            // A line break that was written out is no escape yet.
            (text.replace('\n', "\\n"), None)
        }
        Transfer::Base64 => base64_text(value, label, &name, charset),
    };
    Some(Property {
        line,
        group,
        name,
        params,
        value: value.trim_end_matches('\0').replace('\0', "\u{FFFD}"),
        binary,
    })
}

/// The name of a head without a group.
fn parts_name(head: &str) -> &str {
    head.split(';').next().unwrap_or_default()
}

/// The parts between separators outside of quotes.
fn outside_quotes(text: &str, separator: char) -> impl Iterator<Item = &str> {
    let mut quoted = false;
    text.split(move |letter: char| {
        quoted ^= letter == '"';
        letter == separator && !quoted
    })
}

/// A parameter without quotes and escapes (RFC 6868).
fn parameter(text: &str) -> (String, String) {
    let (name, value) = text.split_once('=').unwrap_or(("", text));
    let value = value.trim();
    let mut plain = String::with_capacity(value.len());
    let mut letters = value.chars().filter(|letter| *letter != '"').peekable();
    while let Some(letter) = letters.next() {
        match (letter, letters.peek()) {
            ('^', Some('n')) => plain.push('\n'),
            ('^', Some('\'')) => plain.push('"'),
            ('^', Some('^')) => plain.push('^'),
            (other, _) => {
                plain.push(other);
                continue;
            }
        }
        letters.next();
    }
    (name.trim().to_uppercase(), plain)
}

fn quoted_printable(bytes: &[u8]) -> Vec<u8> {
    let mut plain = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some((&byte, behind)) = rest.split_first() {
        rest = behind;
        let digits = behind.get(..2).and_then(|pair| std::str::from_utf8(pair).ok());
        match digits.and_then(|pair| u8::from_str_radix(pair, 16).ok()) {
            Some(decoded) if byte == b'=' => {
                plain.push(decoded);
                rest = behind.get(2..).unwrap_or_default();
            }
            _ => plain.push(byte),
        }
    }
    plain
}

/// A value in base 64: text for properties that hold text, else only its size.
fn base64_text(value: &[u8], label: Option<&str>, name: &str, charset: Charset) -> (String, Option<usize>) {
    const BINARY: [&str; 4] = ["PHOTO", "LOGO", "SOUND", "KEY"];
    let digits = value.iter().filter(|byte| !byte.is_ascii_whitespace()).count();
    let padding = value.iter().filter(|byte| **byte == b'=').count();
    let size = digits.saturating_sub(padding) * 3 / 4;
    if BINARY.contains(&name) {
        return (String::new(), Some(size));
    }
    match base64(value) {
        Some(bytes) if label.is_some() || std::str::from_utf8(&bytes).is_ok() => {
            let charset = Charset {
                whole: false,
                ..charset
            };
            let text = charset.decode(&bytes, label);
            (super::escape(&text), None)
        }
        _ => (String::new(), Some(size)),
    }
}

/// The bytes of a text in base 64; none if it is not.
fn base64(text: &[u8]) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() * 3 / 4);
    let (mut bits, mut count) = (0_u32, 0);
    for letter in text.iter().filter(|letter| !letter.is_ascii_whitespace()) {
        let digit = match letter {
            b'A'..=b'Z' => letter - b'A',
            b'a'..=b'z' => letter - b'a' + 26,
            b'0'..=b'9' => letter - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            b'=' => break,
            _ => return None,
        };
        bits = bits << 6 | u32::from(digit);
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push(u8::try_from(bits >> count & 0xFF).unwrap_or_default());
        }
    }
    Some(bytes)
}
