//! Content lines, of which vCard and iCalendar files are made: bytes to properties, and properties to folded lines.
//!
//! * `open.rs`: what a file is by its first line, and how its bytes become text.
//! * `lines.rs`: bytes to components (`BEGIN` … `END`) of raw lines, one at a time.
//! * `property.rs`: a raw line to a property: group, name, parameters, decoded value.
//! * `write.rs`: properties to lines of 75 octets.
//! * `patch.rs`: single properties of a file replaced, and every other line as it was.
//! * `own.rs`: what only this program knows of a record, as properties of its own.
//!
//! Why no crate reads them: those that are kept well take a whole file as one text, so that a card whose lines are in
//! several character sets, as telephones write them, is lost before it is read; and they drop lines that they do not
//! know, of which none may be lost here.

pub(crate) mod lines;
pub(crate) mod open;
pub(crate) mod own;
pub(crate) mod patch;
pub(crate) mod property;
pub(crate) mod write;

#[cfg(test)]
mod tests;

/// A value without its escapes: `\n` is a line break, and `\` before anything else stands for that.
pub(crate) fn unescape(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        if letter != '\\' {
            plain.push(letter);
            continue;
        }
        match letters.next() {
            Some('n' | 'N') => plain.push('\n'),
            Some(escaped @ ('\\' | ',' | ';' | ':' | '"')) => plain.push(escaped),
            // No escape at all: a path, as old programs write it.
            Some(other) => plain.extend(['\\', other]),
            None => plain.push('\\'),
        }
    }
    plain
}

/// A text as a value.
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '\n' => escaped.push_str("\\n"),
            '\r' => {}
            '\\' | ',' | ';' => escaped.extend(['\\', letter]),
            other => escaped.push(other),
        }
    }
    escaped
}

/// The parts of a value between separators that are not escaped; each still with its escapes.
pub(crate) fn split(text: &str, separator: char) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut rest = text;
    let mut from = 0;
    loop {
        let next = rest
            .get(from..)
            .and_then(|tail| tail.find(['\\', separator]).map(|at| from + at));
        let Some(at) = next else {
            parts.push(rest);
            return parts;
        };
        if rest.get(at..).is_some_and(|tail| tail.starts_with('\\')) {
            let escaped = rest.get(at + 1..).and_then(|tail| tail.chars().next());
            from = at + 1 + escaped.map_or(0, char::len_utf8);
            continue;
        }
        parts.push(rest.get(..at).unwrap_or_default());
        rest = rest.get(at + separator.len_utf8()..).unwrap_or_default();
        from = 0;
    }
}

/// The same, without escapes and blanks around.
pub(crate) fn texts(text: &str, separator: char) -> Vec<String> {
    split(text, separator)
        .into_iter()
        .map(|part| unescape(part).trim().to_owned())
        .collect()
}
