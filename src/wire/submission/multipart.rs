//! `multipart/form-data`: parts between lines of a boundary, each with its name in a header. Of a file only its name and
//! size are kept.

use encoding_rs::Encoding;

use super::{Body, Bytes, MOST_BYTES, MOST_VALUES, Sent, decode, too_long};

/// A boundary is no longer than this, RFC 2046.
const LONGEST_BOUNDARY: usize = 72;

/// True if a body begins as one in several parts.
pub(super) fn begins(bytes: &[u8]) -> bool {
    boundary(bytes).is_some_and(|(_, rest)| {
        let head = rest.get(..rest.len().min(20)).unwrap_or_default();
        head.to_ascii_lowercase().starts_with(b"content-disposition")
    })
}

/// The one submission of a body.
pub(super) fn body(bytes: &[u8], encoding: Option<&'static Encoding>) -> Body {
    let content = match boundary(bytes) {
        Some((boundary, rest)) => parts(boundary, rest).and_then(|given| decode(given, encoding)),
        None => Err("the body does not begin with a boundary".to_owned()),
    };
    Body {
        submissions: vec![Sent {
            line: 1,
            raw: match &content {
                Ok(_) => String::new(),
                Err(_) => String::from_utf8_lossy(bytes).into_owned(),
            },
            content,
        }],
        is_single: true,
    }
}

/// The first line, and what follows it.
fn boundary(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = bytes
        .iter()
        .take(LONGEST_BOUNDARY + 2)
        .position(|byte| *byte == b'\n')?;
    let line = bytes.get(..end)?.trim_ascii_end();
    let known = line.len() > 2 && line.starts_with(b"--");
    known.then_some((line, bytes.get(end + 1..)?))
}

fn parts(boundary: &[u8], rest: &[u8]) -> Result<Bytes, String> {
    let mut given: Bytes = Vec::new();
    let mut total = 0;
    let mut rest = rest;
    loop {
        let end = find(rest, boundary).ok_or("the last part is not closed: the text ends")?;
        let part = rest.get(..end).unwrap_or_default();
        if let Some((name, value)) = one(part) {
            total += name.len() + value.len();
            given.push((name, value));
        }
        if total > MOST_BYTES || given.len() > MOST_VALUES {
            return Err(too_long());
        }
        rest = rest.get(end + boundary.len()..).unwrap_or_default();
        if rest.starts_with(b"--") || rest.trim_ascii().is_empty() {
            return Ok(given);
        }
        let line = rest
            .iter()
            .position(|byte| *byte == b'\n')
            .map_or(rest.len(), |at| at + 1);
        rest = rest.get(line..).unwrap_or_default();
    }
}

/// Where the next boundary is that begins a line.
fn find(text: &[u8], boundary: &[u8]) -> Option<usize> {
    let mut from = 0;
    loop {
        let part = text.get(from..)?;
        let at = from
            + part
                .windows(boundary.len())
                .position(|window| window == boundary)?;
        if at == 0 || text.get(at - 1) == Some(&b'\n') {
            return Some(at);
        }
        from = at + 1;
    }
}

/// The name and the value of one part; none for one without a name.
fn one(part: &[u8]) -> Option<(Vec<u8>, Vec<u8>)> {
    let (mut name, mut file, mut rest) = (None, None, part);
    loop {
        let end = rest.iter().position(|byte| *byte == b'\n')?;
        let line = rest.get(..end)?.trim_ascii();
        rest = rest.get(end + 1..)?;
        if line.is_empty() {
            break;
        }
        if line.to_ascii_lowercase().starts_with(b"content-disposition:") {
            name = quoted(line, b" name=\"").or_else(|| quoted(line, b";name=\""));
            file = quoted(line, b" filename=\"").or_else(|| quoted(line, b";filename=\""));
        }
    }
    let value = rest.strip_suffix(b"\n").unwrap_or(rest);
    let value = value.strip_suffix(b"\r").unwrap_or(value);
    let value = match file {
        Some(file) if !file.is_empty() => {
            let mut told = file;
            told.extend_from_slice(format!(" ({} bytes)", value.len()).as_bytes());
            told
        }
        Some(_) => Vec::new(),
        None => value.to_vec(),
    };
    Some((name?, value))
}

/// What stands in quotes behind `key`; browsers write a quote inside as `%22`.
fn quoted(line: &[u8], key: &[u8]) -> Option<Vec<u8>> {
    let at = line
        .windows(key.len())
        .position(|window| window.eq_ignore_ascii_case(key))?;
    let rest = line.get(at + key.len()..)?;
    let end = rest.iter().position(|byte| *byte == b'"')?;
    Some(rest.get(..end)?.to_vec())
}
