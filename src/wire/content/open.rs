//! What a file of content lines is by its first line, and how its bytes become text.

use std::io::{BufReader, Cursor, Read};

use encoding_rs::{Encoding, WINDOWS_1252};

use super::property::Charset;
use crate::error::{Error, Result};
use crate::wire::read::decode::{Decoded, Told, unwrap_error};
use crate::wire::read::{SAMPLE, rows::Source};

/// A file whose beginning was looked at.
pub(crate) struct Looked {
    head: Vec<u8>,
    rest: Box<dyn Read>,
    /// What its first line says that it is.
    pub(crate) source: Option<Source>,
}

/// Bytes with how they become text, and what is known of their encoding.
pub(crate) type Opened = (BufReader<Box<dyn Read>>, Charset, Told);

/// Looks at the beginning of `input`.
///
/// # Errors
///
/// Reading fails.
pub(crate) fn look(mut input: Box<dyn Read>) -> Result<Looked> {
    let mut head = Vec::new();
    let limit = u64::try_from(SAMPLE).unwrap_or(u64::MAX);
    input
        .by_ref()
        .take(limit)
        .read_to_end(&mut head)
        .map_err(unwrap_error)?;
    let source = begins_with(&head);
    Ok(Looked {
        head,
        rest: input,
        source,
    })
}

impl Looked {
    /// The whole input, from its beginning.
    pub(crate) fn whole(self) -> Box<dyn Read> {
        Box::new(Cursor::new(self.head).chain(self.rest))
    }

    /// Opens the input as content lines; `label` is the encoding that was said.
    ///
    /// # Errors
    ///
    /// Usage when there is no such encoding; reading fails.
    pub(crate) fn content(self, label: Option<&str>) -> Result<Opened> {
        let said = match label {
            Some(label) => Some(
                Encoding::for_label_no_replacement(label.as_bytes())
                    .ok_or_else(|| Error::usage(format!("there is no encoding called {label:?}")))?,
            ),
            None => None,
        };
        // In UTF-16 no line can be told before all is decoded.
        let nuls = self.head.iter().filter(|byte| **byte == 0).count();
        let is_wide = nuls > self.head.len() / 4;
        if is_wide || self.head.starts_with(b"\xFE\xFF") || self.head.starts_with(b"\xFF\xFE") {
            let charset = Charset {
                said: None,
                guess: WINDOWS_1252,
                whole: true,
            };
            let decoded = Decoded::open(self.whole(), label)?;
            let told = decoded.told();
            return Ok((BufReader::new(Box::new(decoded)), charset, told));
        }
        let guess = guess(&self.head);
        let told = match says_nothing(&self.head) && said.is_none() {
            true => Told::assume(guess),
            false => Told::utf8(),
        };
        let charset = Charset {
            said: said.filter(|said| *said != encoding_rs::UTF_8),
            guess,
            whole: false,
        };
        Ok((BufReader::new(self.whole()), charset, told))
    }
}

/// What a file is whose first line that is not blank begins a component.
fn begins_with(head: &[u8]) -> Option<Source> {
    let letters: Vec<u8> = head
        .iter()
        .filter(|byte| **byte != 0)
        .skip_while(|byte| byte.is_ascii_whitespace() || !byte.is_ascii())
        .take(32)
        .map(u8::to_ascii_uppercase)
        .collect();
    let rest = letters.strip_prefix(b"BEGIN:")?.trim_ascii_start();
    if rest.starts_with(b"VCARD") {
        Some(Source::Vcard)
    } else if rest.starts_with(b"VCALENDAR") {
        Some(Source::Ics)
    } else {
        None
    }
}

/// True for bytes that are not UTF-8 and do not say themselves what else they are.
fn says_nothing(head: &[u8]) -> bool {
    let is_utf8 = std::str::from_utf8(head).map_or_else(|error| error.error_len().is_none(), |_| true);
    let names_it = |line: &[u8]| {
        line.to_ascii_uppercase()
            .windows(8)
            .any(|word| word == b"CHARSET=")
    };
    !is_utf8
        && head
            .split(|byte| *byte == b'\n')
            .any(|line| !line.is_ascii() && std::str::from_utf8(line).is_err() && !names_it(line))
}

/// What bytes are that are not UTF-8.
fn guess(head: &[u8]) -> &'static Encoding {
    if std::str::from_utf8(head).is_ok() {
        return WINDOWS_1252;
    }
    let opened = Decoded::open(Box::new(Cursor::new(head.to_vec())), None);
    let named = opened.and_then(|mut text| {
        text.peek(SAMPLE)?;
        Ok(text.told().name())
    });
    let found = named.ok().and_then(|name| Encoding::for_label(name.as_bytes()));
    found
        .filter(|found| *found != encoding_rs::UTF_8)
        .unwrap_or(WINDOWS_1252)
}
