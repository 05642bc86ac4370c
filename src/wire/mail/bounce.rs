//! Reports that a message could not be delivered (RFC 3464), as far as they say whose address is no good.

use mail_parser::{Message, MessagePart, MimeHeaders};

/// One address that a report is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bounce {
    /// The address.
    pub address: String,
    /// Whether nothing will ever reach it.
    pub is_hard: bool,
    /// What the report says, short.
    pub reason: String,
}

/// At most so many addresses are taken from one report.
const MOST: usize = 100;

/// Codes that speak of the address and not of the message, the day or the sender.
const DEAD: &[&str] = &[
    "5.1.0", "5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1", "5.4.310",
];

/// Words of servers that give no code of their own.
const UNKNOWN: &[&str] = &[
    "user unknown",
    "unknown user",
    "no such user",
    "no such recipient",
    "no such mailbox",
    "does not exist",
    "mailbox not found",
    "recipient not found",
    "address not found",
    "unknown recipient",
    "invalid recipient",
    "account has been disabled",
    "user not found",
];

/// True for a report on what became of a message.
pub(super) fn is_report(message: &Message<'_>) -> bool {
    message.is_content_type("multipart", "report")
        && !message
            .content_type()
            .and_then(|kind| kind.attribute("report-type"))
            .is_some_and(|kind| kind.eq_ignore_ascii_case("disposition-notification"))
}

/// The addresses that could not be reached.
pub(super) fn read(message: &Message<'_>) -> Vec<Bounce> {
    let mut bounces: Vec<Bounce> = Vec::new();
    for part in message.parts.iter().filter(|part| is_status(part)) {
        let text = String::from_utf8_lossy(part.contents()).replace("\r\n", "\n");
        for block in text.split("\n\n") {
            if let Some(bounce) = bounce(block)
                && bounces.len() < MOST
                && !bounces.iter().any(|known| known.address == bounce.address)
            {
                bounces.push(bounce);
            }
        }
    }
    bounces
}

fn is_status(part: &MessagePart<'_>) -> bool {
    part.is_content_type("message", "delivery-status")
        || part.is_content_type("message", "global-delivery-status")
}

fn bounce(block: &str) -> Option<Bounce> {
    let field = |name: &str| field(block, name);
    let action = field("Action").unwrap_or_default().to_lowercase();
    if !action.starts_with("failed") {
        return None;
    }
    let recipient = field("Original-Recipient").or_else(|| field("Final-Recipient"))?;
    let address = recipient
        .split_once(';')
        .map_or(recipient.as_str(), |(_, address)| address);
    let address = address.trim().trim_matches(['<', '>']).to_owned();
    let status = field("Status").unwrap_or_default();
    let status = status.split_whitespace().next().unwrap_or_default().to_owned();
    let said = field("Diagnostic-Code").unwrap_or_default();
    let words = said.to_lowercase();
    let is_vague = matches!(status.as_str(), "" | "5.0.0" | "5.5.0" | "5.5.4" | "5.4.1");
    let is_hard = DEAD.contains(&status.as_str())
        || DEAD
            .iter()
            .any(|code| words.split_whitespace().any(|word| word == *code))
        || is_vague && UNKNOWN.iter().any(|unknown| words.contains(unknown));
    let reason = if said.is_empty() { status } else { said };
    Some(Bounce {
        address,
        is_hard,
        reason: reason.chars().take(120).collect(),
    })
}

/// A field of a block, its lines joined.
fn field(block: &str, name: &str) -> Option<String> {
    let mut value: Option<String> = None;
    for line in block.lines() {
        match &mut value {
            Some(value) if line.starts_with([' ', '\t']) => {
                value.push(' ');
                value.push_str(line.trim());
            }
            Some(_) => break,
            None => {
                let (key, rest) = line.split_once(':').unwrap_or((line, ""));
                if key.trim().eq_ignore_ascii_case(name) {
                    value = Some(rest.trim().to_owned());
                }
            }
        }
    }
    value.filter(|value| !value.is_empty())
}
