//! What web forms send, as names and values in the order in which they were sent: JSON, a line of JSON each, bodies as
//! browsers make them (`name=value&…`, or in several parts).
//!
//! Nothing of what was sent is lost: what cannot be read comes back as it is, with the reason.

pub mod html;
mod multipart;
pub mod payload;
pub mod reply;
mod urlencoded;

#[cfg(test)]
mod tests;

use std::io::{Cursor, Read};

use encoding_rs::{Encoding, UTF_8};

use super::read::clean;
use super::read::decode::Decoded;
use super::read::element::Elements;
use super::read::json;
use crate::domain::input::Input;
use crate::error::{Error, Kind, Result};

/// The most bytes that are read at once.
const LONGEST: u64 = 64 << 20;

/// The most submissions of one body.
const MOST_SUBMISSIONS: usize = 100_000;

/// The most bytes of one submission, without the files that come with it.
const MOST_BYTES: usize = 1 << 20;

/// So much is kept of what cannot be read.
const KEPT_BYTES: usize = 64 << 10;

/// The most values of one submission.
const MOST_VALUES: usize = 2000;

/// The longest name of a value, in bytes. Names of nested values repeat those around them.
const LONGEST_NAME: usize = 1000;

/// So many letters of a place at fault are shown.
const SHOWN_LETTERS: usize = 12;

/// Names and values before their encoding is known.
type Bytes = Vec<(Vec<u8>, Vec<u8>)>;

/// Names and values, in the order in which they were sent. Nested names are written `contact[email]`; a name may come
/// several times.
pub type Pairs = Vec<(String, String)>;

/// A way of writing submissions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// One object, a list of them, or one after another.
    Json,
    /// `name=value&name=value`, a line for each submission.
    Urlencoded,
    /// `multipart/form-data`.
    Multipart,
}

impl Source {
    /// The words for them.
    pub const NAMES: &[&str] = &["json", "ndjson", "urlencoded", "multipart"];

    /// The one named by a word.
    pub fn parse(word: &str) -> Option<Source> {
        match word {
            "json" | "ndjson" | "jsonl" => Some(Source::Json),
            "urlencoded" | "form" => Some(Source::Urlencoded),
            "multipart" => Some(Source::Multipart),
            _ => None,
        }
    }
}

/// How a body is to be read.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// How it is written; found out where it is not given.
    pub source: Option<Source>,
    /// The WHATWG name of the encoding, where it cannot be found out.
    pub encoding: Option<String>,
}

/// One submission as it was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent {
    /// The line on which it begins.
    pub line: u64,
    /// What was sent, or why that cannot be read.
    pub content: std::result::Result<Pairs, String>,
    /// The text itself; only where it cannot be read.
    pub raw: String,
}

/// Everything in one body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Body {
    /// The submissions, in order.
    pub submissions: Vec<Sent>,
    /// True if there is one, and it is no list of one.
    pub is_single: bool,
}

/// Reads a body to its end.
///
/// # Errors
///
/// `Invalid` for more than 64 MiB, `Usage` for an encoding that is not known; reading fails. What is no submission is no
/// error.
pub fn read(input: impl Read, options: &Options) -> Result<Body> {
    let encoding = match &options.encoding {
        Some(label) => Some(
            Encoding::for_label_no_replacement(label.as_bytes())
                .ok_or_else(|| Error::usage(format!("there is no encoding called {label:?}")))?,
        ),
        None => None,
    };
    let mut bytes = Vec::new();
    input.take(LONGEST + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LONGEST {
        return Err(Error::new(
            Kind::Invalid,
            format!("the body is longer than {} MiB", LONGEST >> 20),
        ));
    }
    let mut body = match options.source.unwrap_or_else(|| found_out(&bytes)) {
        Source::Json => json_body(bytes, encoding),
        Source::Urlencoded => urlencoded::body(&bytes, encoding),
        Source::Multipart => multipart::body(&bytes, encoding),
    };
    if body.submissions.len() > MOST_SUBMISSIONS {
        return Err(Error::new(
            Kind::Invalid,
            format!("the body holds more than {MOST_SUBMISSIONS} submissions"),
        ));
    }
    body.submissions.iter_mut().for_each(Sent::bound);
    Ok(body)
}

impl Sent {
    /// Keeps only the beginning of what cannot be read, and says so.
    fn bound(&mut self) {
        let Err(reason) = &mut self.content else { return };
        if self.raw.len() > KEPT_BYTES {
            let end = self.raw.floor_char_boundary(KEPT_BYTES);
            self.raw.truncate(end);
            reason.push_str(&format!(
                "; of what was sent the first {} KiB are kept",
                KEPT_BYTES >> 10
            ));
        }
    }
}

/// What is said of a submission that is too long.
fn too_long() -> String {
    format!("a submission is no longer than {} KiB", MOST_BYTES >> 10)
}

/// How a body is written, by how it begins. UTF-16 has NULs in its brackets.
fn found_out(bytes: &[u8]) -> Source {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let mut letters = bytes.iter().filter(|byte| !matches!(byte, 0 | 0xFE | 0xFF));
    match letters.find(|byte| !byte.is_ascii_whitespace()) {
        Some(b'{' | b'[') => Source::Json,
        _ if multipart::begins(bytes) => Source::Multipart,
        _ => Source::Urlencoded,
    }
}

fn json_body(bytes: Vec<u8>, encoding: Option<&'static Encoding>) -> Body {
    let raw = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    // The line is told by itself.
    let broken = |line: u64, reason: &Error, text: String| {
        let reason = reason.message();
        let bare = reason.strip_prefix(format!("line {line}: ").as_str());
        Sent {
            line,
            content: Err(bare.unwrap_or(reason).to_owned()),
            raw: text,
        }
    };
    let copy = bytes.clone();
    let mut decoded = match Decoded::open(Box::new(Cursor::new(bytes)), encoding.map(Encoding::name)) {
        Ok(decoded) => decoded,
        Err(error) => {
            return Body {
                submissions: vec![broken(1, &error, raw(&copy))],
                is_single: true,
            };
        }
    };
    let is_list = decoded
        .peek(1)
        .is_ok_and(|text| text.trim_start().starts_with('['));
    let mut elements = Elements::new(decoded);
    let mut submissions = Vec::new();
    while submissions.len() <= MOST_SUBMISSIONS {
        match elements.next_element() {
            Ok(Some(element)) => submissions.push(of_json(element.line, element.text)),
            Ok(None) => break,
            // What comes behind the place where a list breaks cannot be told apart any more.
            Err(error) => {
                submissions.push(broken(elements.line(), &error, raw(&copy)));
                break;
            }
        }
    }
    Body {
        is_single: !is_list && submissions.len() == 1,
        submissions,
    }
}

fn of_json(line: u64, text: String) -> Sent {
    let content = match json::parse(&text) {
        _ if text.len() > MOST_BYTES => Err(too_long()),
        Ok(Input::Map(parts)) => {
            let mut pairs = Pairs::new();
            let flat = parts
                .into_iter()
                .try_for_each(|(name, input)| flatten(&name, input, &mut pairs));
            flat.map(|()| pairs)
        }
        Ok(_) => Err(r#"a submission is an object of names and values: {"name": "value"}"#.to_owned()),
        Err(error) => Err(at_fault(line, &text, error.offset, error.message)),
    };
    Sent {
        line,
        raw: if content.is_err() { text } else { String::new() },
        content,
    }
}

/// What is said of JSON that breaks at a byte of its text: the line of the body, and what stands there.
fn at_fault(line: u64, text: &str, offset: usize, reason: &str) -> String {
    let (before, after) = text
        .split_at_checked(text.floor_char_boundary(offset))
        .unwrap_or((text, ""));
    let line = line.saturating_add(before.matches('\n').count() as u64);
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    let found = match after.lines().next().unwrap_or_default() {
        "" => "the text ends".to_owned(),
        rest => format!(
            "it goes on with {:?}",
            rest.chars().take(SHOWN_LETTERS).collect::<String>()
        ),
    };
    format!("line {line}, column {column} is no JSON: {reason}, and {found}")
}

/// Values inside values as names with brackets.
fn flatten(name: &str, input: Input, pairs: &mut Pairs) -> std::result::Result<(), String> {
    match input {
        Input::Clear => push(pairs, name, ""),
        Input::Text(text) => push(pairs, name, &text),
        Input::List(items) => items
            .into_iter()
            .enumerate()
            .try_for_each(|(at, item)| match item {
                plain @ (Input::Clear | Input::Text(_)) => flatten(name, plain, pairs),
                nested => flatten(&format!("{name}[{at}]"), nested, pairs),
            }),
        Input::Map(parts) => parts
            .into_iter()
            .try_for_each(|(key, input)| flatten(&format!("{name}[{key}]"), input, pairs)),
    }
}

/// Adds a value, unless there are too many or the name is too long.
fn push(pairs: &mut Pairs, name: &str, value: &str) -> std::result::Result<(), String> {
    if pairs.len() >= MOST_VALUES {
        return Err(format!("there are more than {MOST_VALUES} values"));
    }
    if name.len() > LONGEST_NAME {
        return Err(format!("a name is longer than {LONGEST_NAME} bytes"));
    }
    pairs.push((clean(name), clean(value)));
    Ok(())
}

/// The name under which a browser says in which encoding it writes.
const CHARSET: &str = "_charset_";

/// Bytes as text: in the encoding that was named, in the one that the form itself names, or in the one that they show.
fn decode(given: Bytes, encoding: Option<&'static Encoding>) -> std::result::Result<Pairs, String> {
    let said = given
        .iter()
        .find(|(name, _)| name == CHARSET.as_bytes())
        .and_then(|(_, label)| Encoding::for_label_no_replacement(label));
    let encoding = match encoding.or(said) {
        Some(encoding) => encoding,
        None => shown(&given)?,
    };
    let text = |bytes: &[u8]| {
        let decoded = encoding.decode_without_bom_handling_and_without_replacement(bytes);
        decoded.map_or_else(
            || Err(format!("the text is not valid {}", encoding.name())),
            |text| Ok(text.into_owned()),
        )
    };
    let mut pairs = Pairs::new();
    for (name, value) in given {
        push(&mut pairs, &text(&name)?, &text(&value)?)?;
    }
    Ok(pairs)
}

/// The encoding that the bytes themselves show.
fn shown(given: &[(Vec<u8>, Vec<u8>)]) -> std::result::Result<&'static Encoding, String> {
    let mut parts = given.iter().flat_map(|(name, value)| [name, value]);
    if parts.all(|bytes| std::str::from_utf8(bytes).is_ok()) {
        return Ok(UTF_8);
    }
    let mut all = Vec::new();
    for (name, value) in given {
        all.extend_from_slice(name);
        all.push(b'=');
        all.extend_from_slice(value);
        all.push(b'\n');
    }
    let mut text = String::new();
    let told = |error: Error| {
        format!(
            "{}; the form can say its encoding in a field {CHARSET}",
            error.message()
        )
    };
    let mut decoded = Decoded::open(Box::new(Cursor::new(all)), None).map_err(told)?;
    decoded
        .read_to_string(&mut text)
        .map_err(|error| told(super::read::decode::unwrap_error(error)))?;
    Ok(Encoding::for_label(decoded.told().name().as_bytes()).unwrap_or(UTF_8))
}
