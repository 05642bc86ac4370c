//! A message as RFC 5322 and MIME want it: words in headers encoded, lines folded, the text in an encoding that arrives.

use jiff::Zoned;
use mail_parser::MessageParser;

use super::letter::Mailbox;
use super::plain;
use crate::error::{Error, Result};

/// A message that is about to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// Who writes.
    pub from: Mailbox,
    /// To whom.
    pub to: Vec<Mailbox>,
    /// Headers of a template, in its order: `Cc`, `Bcc`, `Reply-To` with addresses, or others with words.
    pub more: Vec<(String, String)>,
    /// What it is about.
    pub subject: String,
    /// When.
    pub date: Zoned,
    /// Its Message-ID, without angle brackets.
    pub id: String,
    /// The messages above it in its thread, the oldest first.
    pub ancestors: Vec<String>,
    /// The text.
    pub text: String,
}

/// Headers of a template that hold addresses.
const ADDRESSED: [&str; 3] = ["cc", "bcc", "reply-to"];

/// The longest line of a header, and of a text that is sent as it is.
const LONGEST_HEADER: usize = 76;
const LONGEST_LINE: usize = 900;

/// The bytes of a message, with the ends of lines that files have here.
///
/// # Errors
///
/// `Invalid` for a header with addresses that are none.
pub fn bytes(draft: &Draft) -> Result<Vec<u8>> {
    let mut out = String::new();
    header(&mut out, "From", &mailbox(&draft.from));
    header(&mut out, "To", &mailboxes(&draft.to));
    for (name, value) in &draft.more {
        if ADDRESSED.contains(&name.to_lowercase().as_str()) {
            header(&mut out, name, &mailboxes(&addresses(name, value)?));
        } else {
            header(&mut out, name, &words(value));
        }
    }
    header(&mut out, "Subject", &words(&draft.subject));
    let date = jiff::fmt::rfc2822::to_string(&draft.date);
    let date = date.map_err(|error| Error::internal(format!("a date cannot be written: {error}")))?;
    header(&mut out, "Date", &date);
    header(&mut out, "Message-ID", &format!("<{}>", draft.id));
    if let Some(answered) = draft.ancestors.last() {
        header(&mut out, "In-Reply-To", &format!("<{answered}>"));
        let all: Vec<String> = draft.ancestors.iter().map(|id| format!("<{id}>")).collect();
        header(&mut out, "References", &all.join(" "));
    }
    let text = draft.text.replace("\r\n", "\n");
    let text = text.trim_end();
    let (encoding, body) = encoded(text);
    header(&mut out, "MIME-Version", "1.0");
    let charset = if text.is_ascii() { "us-ascii" } else { "utf-8" };
    header(
        &mut out,
        "Content-Type",
        &format!("text/plain; charset={charset}"),
    );
    header(&mut out, "Content-Transfer-Encoding", encoding);
    out.push('\n');
    out.push_str(&body);
    out.push('\n');
    Ok(out.into_bytes())
}

/// The addresses in the text of a header: `Ann Lee <ann@firm.example>, bo@firm.example`.
///
/// # Errors
///
/// `Invalid` if there is something that is none.
pub fn addresses(name: &str, value: &str) -> Result<Vec<Mailbox>> {
    let value = plain::line(value);
    let raw = format!("To: {value}\r\n\r\n");
    let parsed = MessageParser::default().parse(raw.as_bytes());
    let mut found = Vec::new();
    for one in parsed
        .iter()
        .filter_map(|message| message.to())
        .flat_map(|list| list.iter())
    {
        let address = one.address.as_deref().unwrap_or_default().to_owned();
        let name = plain::line(one.name.as_deref().unwrap_or_default());
        found.push(Mailbox { name, address });
    }
    if found.is_empty() || found.iter().any(|one| !one.address.contains('@')) {
        return Err(Error::invalid(
            name,
            format!("{name}: {value:?} is no list of addresses"),
        ));
    }
    Ok(found)
}

fn mailboxes(list: &[Mailbox]) -> String {
    let all: Vec<String> = list.iter().map(mailbox).collect();
    all.join(", ")
}

fn mailbox(one: &Mailbox) -> String {
    let name = plain::line(&one.name);
    let address = plain::line(&one.address).replace([' ', '<', '>'], "");
    let is_atom = |letter: char| letter.is_ascii_alphanumeric() || " !#$%&'*+-/=?^_`{|}~".contains(letter);
    if name.is_empty() {
        address
    } else if !name.is_ascii() {
        format!("{} <{address}>", words(&name))
    } else if name.chars().all(is_atom) && !name.contains("=?") {
        format!("{name} <{address}>")
    } else {
        format!(
            "\"{}\" <{address}>",
            name.replace('\\', "\\\\").replace('"', "\\\"")
        )
    }
}

/// A header, folded where it has blanks.
fn header(out: &mut String, name: &str, value: &str) {
    let mut length = name.len() + 1;
    out.push_str(name);
    out.push(':');
    for word in value.split(' ').filter(|word| !word.is_empty()) {
        let width = word.len() + 1;
        if length + width > LONGEST_HEADER && length > name.len() + 1 {
            out.push_str("\n ");
            length = width;
        } else {
            out.push(' ');
            length += width;
        }
        out.push_str(word);
    }
    out.push('\n');
}

/// Words for a header: as they are if they are plain, else as encoded words of RFC 2047.
fn words(text: &str) -> String {
    let text = plain::line(text);
    if text.is_ascii() && !text.contains("=?") && text.split(' ').all(|word| word.len() < LONGEST_HEADER - 20)
    {
        return text;
    }
    // An encoded word has at most 75 letters, and no letter is torn apart.
    let mut parts = Vec::new();
    let mut part = String::new();
    for letter in text.chars() {
        if part.len() + letter.len_utf8() > 42 {
            parts.push(std::mem::take(&mut part));
        }
        part.push(letter);
    }
    parts.push(part);
    let encoded: Vec<String> = parts
        .iter()
        .map(|part| format!("=?utf-8?B?{}?=", base64(part.as_bytes())))
        .collect();
    encoded.join(" ")
}

/// The text in the plainest encoding that arrives, and what that is called.
fn encoded(text: &str) -> (&'static str, String) {
    let is_short = text.lines().all(|line| line.len() <= LONGEST_LINE);
    let is_tame = text
        .chars()
        .all(|letter| letter == '\n' || letter == '\t' || !letter.is_control());
    if is_short && is_tame {
        let name = if text.is_ascii() { "7bit" } else { "8bit" };
        return (name, text.to_owned());
    }
    ("quoted-printable", quoted_printable(text))
}

fn quoted_printable(text: &str) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    for (at, line) in text.split('\n').enumerate() {
        if at > 0 {
            out.push('\n');
        }
        let mut length = 0;
        let last = line.len();
        for (place, byte) in (1..).zip(line.bytes()) {
            let plain =
                matches!(byte, b'!'..=b'<' | b'>'..=b'~') || matches!(byte, b' ' | b'\t') && place != last;
            let width = if plain { 1 } else { 3 };
            if length + width > 75 {
                out.push_str("=\n");
                length = 0;
            }
            if plain {
                out.push(char::from(byte));
            } else {
                out.push_str(&format!("={byte:02X}"));
            }
            length += width;
        }
    }
    out
}

fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let byte = |at: usize| u32::from(chunk.get(at).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for at in 0..4 {
            let letter = (bits >> (18 - 6 * at)) & 63;
            if at <= chunk.len() {
                let letter = LETTERS.get(usize::try_from(letter).unwrap_or(0));
                out.push(letter.map_or('=', |letter| char::from(*letter)));
            } else {
                out.push('=');
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::letter;
    use super::*;

    fn draft(name: &str, subject: &str, text: &str) -> Draft {
        Draft {
            from: Mailbox {
                name: "陈晓".to_owned(),
                address: "chen@us.example".to_owned(),
            },
            to: vec![Mailbox {
                name: name.to_owned(),
                address: "ann@firm.example".to_owned(),
            }],
            more: vec![("Cc".to_owned(), "Bo <bo@firm.example>, c@firm.example".to_owned())],
            subject: subject.to_owned(),
            date: "2026-11-21T10:00:00+01:00[Europe/Berlin]".parse().unwrap(),
            id: "1.2@us.example".to_owned(),
            ancestors: vec!["a@x.example".to_owned(), "b@x.example".to_owned()],
            text: text.to_owned(),
        }
    }

    #[test]
    fn a_message_has_what_it_needs() {
        let bytes = bytes(&draft("Ann Lee", "Your offer", "Dear Ann,\n\nhere it is.")).unwrap();
        let expected = "From: =?utf-8?B?6ZmI5pmT?= <chen@us.example>\n\
            To: Ann Lee <ann@firm.example>\n\
            Cc: Bo <bo@firm.example>, c@firm.example\n\
            Subject: Your offer\n\
            Date: Sat, 21 Nov 2026 10:00:00 +0100\n\
            Message-ID: <1.2@us.example>\n\
            In-Reply-To: <b@x.example>\n\
            References: <a@x.example> <b@x.example>\n\
            MIME-Version: 1.0\n\
            Content-Type: text/plain; charset=us-ascii\n\
            Content-Transfer-Encoding: 7bit\n\n\
            Dear Ann,\n\nhere it is.\n";
        assert_eq!(String::from_utf8(bytes).unwrap(), expected);
    }

    #[test]
    fn what_is_no_address_is_refused() {
        assert!(addresses("Cc", "nobody").is_err());
        assert!(addresses("Cc", "").is_err());
        let mut draft = draft("Ann", "x", "y");
        draft.more = vec![("Cc".to_owned(), "Bo\nBcc: all@firm.example <x>".to_owned())];
        assert!(bytes(&draft).is_err());
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(name in "\\PC{0,40}", subject in "\\PC{0,200}", text in "(\\PC{0,40}|[a-z张 =]{0,1200})(\n\\PC{0,40}){0,3}") {
            let draft = draft(&name, &subject, &text);
            let bytes = bytes(&draft).unwrap();
            let whole = String::from_utf8(bytes.clone()).unwrap();
            prop_assert!(whole.lines().all(|line| line.len() <= 998));
            let read = letter::read(&bytes).unwrap();
            prop_assert_eq!(read.id.as_deref(), Some("1.2@us.example"));
            prop_assert_eq!(&read.ancestors, &draft.ancestors);
            prop_assert_eq!(read.to.first().map(|one| one.address.as_str()), Some("ann@firm.example"));
            let kept: String = plain::line(&subject).chars().take(500).collect();
            prop_assert_eq!(read.subject, kept);
            prop_assert_eq!(read.cc.len(), 2);
        }
    }
}
