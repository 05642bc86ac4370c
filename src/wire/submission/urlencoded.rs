//! `application/x-www-form-urlencoded`: `name=value&name=value`, with `+` for a blank and `%E5` for a byte.

use encoding_rs::Encoding;

use super::{Body, Bytes, MOST_BYTES, MOST_SUBMISSIONS, Sent, decode, too_long};

/// The submissions of a body, a line each: a browser writes no line ends into one.
pub(super) fn body(bytes: &[u8], encoding: Option<&'static Encoding>) -> Body {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let mut submissions = Vec::new();
    for (number, line) in (1..).zip(bytes.split(|byte| matches!(byte, b'\n'))) {
        let line = line.trim_ascii();
        if line.is_empty() {
            continue;
        }
        if submissions.len() > MOST_SUBMISSIONS {
            break;
        }
        let content = match line.contains(&b'=') {
            _ if line.len() > MOST_BYTES => Err(too_long()),
            true => decode(pairs(line), encoding),
            false => {
                Err("neither JSON nor what a browser sends for a form: name=value&name=value".to_owned())
            }
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
    Body {
        is_single: submissions.len() == 1,
        submissions,
    }
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
