//! The text of a message: the best plain part, else HTML as text; in the encoding that it says, or the one it is in.

use encoding_rs::Encoding;
use mail_parser::decoders::base64::base64_decode;
use mail_parser::decoders::quoted_printable::quoted_printable_decode;
use mail_parser::{Encoding as Transfer, Message, MessagePart, MimeHeaders, PartType};

use super::{html, reply};

/// The most that is kept of a text, in bytes.
const MOST: usize = 64 << 10;

/// The most of a text that is looked through for what somebody wrote, in bytes.
const MOST_WHOLE: usize = 1 << 20;

/// All of the text of a message.
pub(super) fn whole(message: &Message<'_>) -> String {
    let mut text = joined(message, &message.text_body);
    if text.trim().is_empty() {
        text = joined(message, &message.html_body);
    }
    tidy(&text, MOST_WHOLE)
}

/// What somebody wrote, of all that a message says.
pub(super) fn own(whole: &str) -> String {
    tidy(&reply::cut(whole), MOST)
}

fn joined(message: &Message<'_>, parts: &[u32]) -> String {
    let mut all = String::new();
    for part in parts.iter().filter_map(|at| message.part(*at)) {
        let text = of_part(message, part);
        if !all.is_empty() && !text.is_empty() {
            all.push_str("\n\n");
        }
        all.push_str(&text);
        if all.len() > 2 * MOST_WHOLE {
            break;
        }
    }
    all
}

fn of_part(message: &Message<'_>, part: &MessagePart<'_>) -> String {
    let mended = |text: &str| {
        text.contains(char::REPLACEMENT_CHARACTER)
            .then(|| again(message, part))
            .flatten()
            .unwrap_or_else(|| text.to_owned())
    };
    match &part.body {
        PartType::Text(text) if part.is_content_type("text", "calendar") => {
            // An invitation is told of by its name, like any file.
            let _ = text;
            String::new()
        }
        PartType::Text(text) => mended(text),
        PartType::Html(text) => html::to_text(&mended(text)),
        _ => String::new(),
    }
}

/// The text of a part in the encoding that its bytes look like, because it is not in the one that it says.
fn again(message: &Message<'_>, part: &MessagePart<'_>) -> Option<String> {
    let start = usize::try_from(part.offset_body).ok()?;
    let end = usize::try_from(part.offset_end).ok()?;
    let raw = message.raw_message.get(start..end)?;
    let bytes = match part.encoding {
        Transfer::None => raw.to_vec(),
        Transfer::Base64 => base64_decode(raw)?,
        Transfer::QuotedPrintable => quoted_printable_decode(raw)?,
    };
    let label = part.content_type().and_then(|kind| kind.attribute("charset"));
    Some(guessed(&bytes, label))
}

/// Text from bytes: as their label says if they fit, else as they look.
pub(super) fn guessed(bytes: &[u8], label: Option<&str>) -> String {
    let labelled = label.and_then(|label| Encoding::for_label(label.as_bytes()));
    if let Some(encoding) = labelled
        && let Some(text) = encoding.decode_without_bom_handling_and_without_replacement(bytes)
    {
        return text.into_owned();
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return text.to_owned();
    }
    let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Allow);
    detector.feed(bytes, true);
    let looks = detector.guess(None, chardetng::Utf8Detection::Allow);
    looks.decode_without_bom_handling(bytes).0.into_owned()
}

/// Text without control characters, blanks at the end of lines, and more than one empty line; of at most `most` bytes.
fn tidy(text: &str, most: usize) -> String {
    let mut out = String::with_capacity(text.len().min(most));
    let mut empty = 0;
    for line in text.lines() {
        // A blank behind the dashes of a signature is what makes it one.
        let line = if line.trim_end_matches('\r') == "-- " {
            "-- "
        } else {
            line.trim_end()
        };
        if line.trim().is_empty() {
            empty += 1;
            continue;
        }
        if !out.is_empty() {
            out.push_str(if empty > 0 { "\n\n" } else { "\n" });
        }
        empty = 0;
        if out.len() + line.len() > most {
            out.push('…');
            break;
        }
        out.extend(
            line.chars()
                .map(|letter| if letter == '\t' { ' ' } else { letter })
                .filter(|letter| !is_control(*letter)),
        );
    }
    out.trim().to_owned()
}

/// One line without control characters and runs of blanks.
pub(super) fn line(text: &str) -> String {
    let words: String = text
        .chars()
        .map(|letter| if letter.is_whitespace() { ' ' } else { letter })
        .filter(|letter| !is_control(*letter))
        .collect();
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn is_control(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}
