//! `application/x-www-form-urlencoded`: `name=value&name=value`, with `+` for a blank and `%E5` for a byte.

use encoding_rs::Encoding;

use super::{Body, Bytes, MOST_BYTES, MOST_SUBMISSIONS, Sent, decode, too_long};

/// What is said of lines that hold no names and values.
const NEITHER: &str = "neither JSON nor what a browser sends for a form: name=value&name=value";

/// The submissions of a body, a line each: a browser writes no line ends into one. Lines that are none and follow one
/// another are one submission that cannot be read, and a body of which that is the beginning is one as a whole.
pub(super) fn body(bytes: &[u8], encoding: Option<&'static Encoding>) -> Body {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let mut submissions: Vec<Sent> = Vec::new();
    let mut broken: Option<(u64, Vec<u8>)> = None;
    for (number, line) in (1..).zip(bytes.split(|byte| *byte == b'\n')) {
        let line = line.trim_ascii();
        if line.is_empty() {
            continue;
        }
        let is_other = broken.as_ref().is_some_and(|_| submissions.is_empty());
        if is_other || !is_pairs(line) {
            let (_, text) = broken.get_or_insert_with(|| (number, Vec::new()));
            if !text.is_empty() {
                text.push(b'\n');
            }
            text.extend_from_slice(line);
            continue;
        }
        submissions.extend(broken.take().map(unread));
        if submissions.len() > MOST_SUBMISSIONS {
            break;
        }
        let content = match line.len() > MOST_BYTES {
            true => Err(too_long()),
            false => decode(pairs(line), encoding),
        };
        submissions.push(Sent {
            line: number,
            raw: match &content {
                Ok(_) => String::new(),
                Err(_) => String::from_utf8_lossy(line).into_owned(),
            },
            content,
        });
    }
    submissions.extend(broken.map(unread));
    Body {
        is_single: submissions.len() == 1,
        submissions,
    }
}

fn unread((line, text): (u64, Vec<u8>)) -> Sent {
    Sent {
        line,
        content: Err(NEITHER.to_owned()),
        raw: String::from_utf8_lossy(&text).into_owned(),
    }
}

/// Whether a line holds names and values. Whoever writes one by hand need not escape anything, but markup, JSON and what is
/// no text have marks in the first name that nobody calls a field by.
fn is_pairs(line: &[u8]) -> bool {
    let Some(end) = line.iter().position(|byte| *byte == b'=') else {
        return false;
    };
    let name = line.get(..end).unwrap_or_default();
    !name
        .iter()
        .any(|byte| byte.is_ascii_control() || matches!(byte, b'<' | b'>' | b'"' | b'{' | b'}'))
}

fn pairs(line: &[u8]) -> Bytes {
    line.split(|byte| *byte == b'&')
        .filter(|part| !part.is_empty())
        .map(|part| {
            let mut halves = part.splitn(2, |byte| *byte == b'=');
            let mut half = || unescaped(halves.next().unwrap_or_default());
            (half(), half())
        })
        .collect()
}

/// The bytes behind their escapes; a `%` that begins none stands for itself, as browsers take it.
fn unescaped(text: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        match first {
            b'+' => bytes.push(b' '),
            b'%' => match after {
                [high, low, behind @ ..] => match (hex(*high), hex(*low)) {
                    (Some(high), Some(low)) => {
                        bytes.push(high * 16 + low);
                        rest = behind;
                    }
                    _ => bytes.push(b'%'),
                },
                _ => bytes.push(b'%'),
            },
            byte => bytes.push(*byte),
        }
    }
    bytes
}

fn hex(digit: u8) -> Option<u8> {
    let digit = char::from(digit).to_digit(16)?;
    u8::try_from(digit).ok()
}
