//! What properties are of the file or the program and not of the entry, and a value as a line.

use crate::wire::content::property::Property;

/// A value as a line; of a picture, how large it is.
pub(super) fn shown(property: &Property) -> String {
    let text = property.text();
    match property.binary {
        Some(bytes) => format!("{bytes} bytes, left out"),
        None => match text.strip_prefix("data:").and_then(|data| data.split_once(',')) {
            Some((_, data)) => format!("{} bytes, left out", data.len() * 3 / 4),
            None => text.lines().map(str::trim).collect::<Vec<_>>().join(", "),
        },
    }
}

/// Properties of a calendar that say how its file is to be read, and nothing of what is in it.
pub(super) fn is_of_the_file(name: &str) -> bool {
    matches!(
        name,
        "BEGIN" | "END" | "CALSCALE" | "SOURCE" | "REFRESH-INTERVAL" | "X-PUBLISHED-TTL" | "X-WR-RELCALID"
    ) || is_technical(name)
}

/// What programs write into an alarm by themselves.
pub(super) const USUAL: &[&str] = &[
    "",
    "reminder",
    "alarm",
    "event reminder",
    "this is an event reminder",
    "default mozilla description",
    "mozilla standardbeschreibung",
];

/// Properties of the entry itself, and what a program notes for itself.
pub(super) fn is_technical(name: &str) -> bool {
    matches!(
        name,
        "DTSTAMP" | "CREATED" | "LAST-MODIFIED" | "SEQUENCE" | "PRODID" | "VERSION" | "METHOD"
    ) || [
        "X-MICROSOFT-CDO-",
        "X-MOZ-",
        "X-LIC-",
        "X-EVOLUTION-CALDAV-",
        "X-APPLE-TRAVEL-",
    ]
    .iter()
    .any(|prefix| name.starts_with(prefix))
}
