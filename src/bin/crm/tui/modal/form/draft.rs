//! What was typed into a form and not saved, as a text that is kept.

use crm::domain::clock::Clock;
use jiff::Timestamp;
use serde_json::{Value, json};

/// What was typed, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Draft {
    at: Timestamp,
    /// The names of the fields, and their texts.
    pub(super) fields: Vec<(String, String)>,
}

/// The text of a draft.
pub(super) fn write(now: Timestamp, fields: &[(String, String)]) -> String {
    json!({"at": now.to_string(), "fields": fields}).to_string()
}

/// The draft of a text; none if there is nothing in it, or it is no such text.
pub(super) fn read(text: &str) -> Option<Draft> {
    let value: Value = serde_json::from_str(text).ok()?;
    let at = value.get("at")?.as_str()?.parse().ok()?;
    let pairs = value.get("fields")?.as_array()?.iter();
    let fields: Vec<(String, String)> = pairs
        .filter_map(|pair| {
            let text = |at: usize| Some(pair.get(at)?.as_str()?.to_owned());
            Some((text(0)?, text(1)?))
        })
        .collect();
    (!fields.is_empty()).then_some(Draft { at, fields })
}

impl Draft {
    /// When it was typed: the time of day, with the day if that is another.
    pub(super) fn time(&self, clock: &Clock) -> String {
        let local = self.at.to_zoned(clock.zone().clone());
        match local.date() == clock.today() {
            true => local.strftime("%H:%M").to_string(),
            false => local.strftime("%Y-%m-%d %H:%M").to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_draft_is_read_as_it_was_written() {
        let now: Timestamp = "2026-11-21T09:00:00Z".parse().expect("an instant");
        let fields = vec![("name".to_owned(), "王 \"x\"\n2".to_owned())];
        let draft = read(&write(now, &fields)).expect("a draft");
        assert_eq!(draft.fields, fields);
        assert_eq!(read(&write(now, &[])), None);
        assert_eq!(read(""), None);
        assert_eq!(read("{\"at\": 3"), None);
    }
}
