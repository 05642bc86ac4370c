//! What tells a message from all others: its identity, and its moment.

use jiff::{SignedDuration, Timestamp};

use crate::domain::digest::sha256;
use crate::wire::mail::letter::Letter;

/// What a message is known by. On its way it gets headers, so that without an id it is who said what when that tells it
/// from others; the same words come again, but not at the same second.
pub(super) fn identity(letter: &Letter, raw: &[u8]) -> String {
    if let Some(id) = &letter.id {
        return id.clone();
    }
    let hash = match letter.sent {
        None => sha256(raw),
        Some(sent) => {
            let from = letter.from.first().map_or("", |from| from.address.as_str());
            let sent = sent.at.to_string();
            sha256(
                [from, &sent, &letter.subject, &letter.whole]
                    .join("\n")
                    .as_bytes(),
            )
        }
    };
    format!("sha256.{hash}")
}

/// When a message was written, unless its clock was wrong by years; else when it came; else now.
pub(super) fn when(letter: &Letter, now: Timestamp) -> Timestamp {
    dated(letter, now).unwrap_or(now)
}

/// The moment that a message says, of those that can be right.
pub(super) fn dated(letter: &Letter, now: Timestamp) -> Option<Timestamp> {
    let first = Timestamp::from_second(315_532_800).unwrap_or(Timestamp::UNIX_EPOCH);
    let last = now.saturating_add(SignedDuration::from_hours(48)).unwrap_or(now);
    [letter.sent, letter.received]
        .into_iter()
        .flatten()
        .map(|moment| moment.at)
        .find(|at| (first..=last).contains(at))
}
