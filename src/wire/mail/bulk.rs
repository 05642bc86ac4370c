//! Whether a message was sent to many at once or by no person, as its headers say.

use mail_parser::{HeaderName, Message};

use crate::domain::mailbox;

/// Why a message is no correspondence; none if nothing says so.
pub(super) fn reason(message: &Message<'_>, from: Option<&str>) -> Option<&'static str> {
    let raw = |name: &'static str| {
        let text = message.header_raw(name)?;
        Some(text.trim().to_ascii_lowercase())
    };
    let says = |name: &'static str, words: &[&str]| {
        raw(name).is_some_and(|text| words.iter().any(|word| text.starts_with(word)))
    };
    if message.header(HeaderName::ListUnsubscribe).is_some() {
        return Some("bulk mail: it can be unsubscribed from");
    }
    if message.header(HeaderName::ListId).is_some() || message.header(HeaderName::ListPost).is_some() {
        return Some("from a mailing list");
    }
    if raw("Auto-Submitted").is_some_and(|text| !text.starts_with("no")) {
        return Some("sent by no person: Auto-Submitted");
    }
    if raw("X-Autoreply").is_some() || raw("X-Autorespond").is_some() {
        return Some("sent by no person: an automatic answer");
    }
    if says("Precedence", &["bulk", "list", "junk", "auto_reply"]) {
        return Some("bulk mail: Precedence");
    }
    if from.is_some_and(mailbox::is_automatic) {
        return Some("sent by no person: its sender reads no mail");
    }
    None
}
