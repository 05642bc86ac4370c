//! Properties to content lines: parameters quoted, lines of 75 octets that never break inside of a letter.

use std::fmt::Write as _;

use super::escape;

/// The most octets of a line without its end.
const WIDTH: usize = 75;

/// A text of content lines that grows.
#[derive(Debug, Default)]
pub(crate) struct Lines {
    text: String,
}

impl Lines {
    /// Appends a line, folded. `value` has its escapes already.
    pub(crate) fn raw(&mut self, head: &str, value: &str) {
        let mut room = WIDTH;
        for letter in head.chars().chain([':']).chain(value.chars()) {
            // A control character would end the line or the file for others.
            if letter.is_control() && letter != '\t' {
                continue;
            }
            if letter.len_utf8() > room {
                self.text.push_str("\r\n ");
                room = WIDTH - 1;
            }
            self.text.push(letter);
            room -= letter.len_utf8();
        }
        self.text.push_str("\r\n");
    }

    /// Appends a property with a text; nothing if the text is empty.
    pub(crate) fn text(&mut self, head: &str, text: &str) {
        if !text.is_empty() {
            self.raw(head, &escape(text));
        }
    }

    /// Appends a property with parts between semicolons; nothing if all are empty.
    pub(crate) fn parts(&mut self, head: &str, parts: &[&str]) {
        if parts.iter().any(|part| !part.is_empty()) {
            let parts: Vec<String> = parts.iter().map(|part| escape(part)).collect();
            self.raw(head, &parts.join(";"));
        }
    }

    /// The whole text.
    pub(crate) fn finish(self) -> String {
        self.text
    }
}

/// A head with a parameter more.
pub(crate) fn with_param(head: &mut String, name: &str, value: &str) {
    let mut plain = String::with_capacity(value.len());
    for letter in value.chars() {
        match letter {
            '\n' => plain.push_str("^n"),
            '"' => plain.push_str("^'"),
            '^' => plain.push_str("^^"),
            letter if letter.is_control() => {}
            letter => plain.push(letter),
        }
    }
    // Writing into a string cannot fail.
    let _ = if plain.contains([':', ';', ',', ' ']) || plain.is_empty() || !plain.is_ascii() {
        write!(head, ";{name}=\"{plain}\"")
    } else {
        write!(head, ";{name}={plain}")
    };
}
