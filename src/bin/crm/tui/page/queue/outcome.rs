//! How a contact went, and what it means: what is written down, and when to be in touch again.

use crm::domain::agenda::Entry;
use crm::domain::input::{Assignment, Input};
use crm::domain::noun::Noun;

/// How it went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    Reached,
    Voicemail,
    NoAnswer,
    CallBack,
    NotInterested,
}

impl Outcome {
    pub(super) const ALL: [Outcome; 5] = [
        Outcome::Reached,
        Outcome::Voicemail,
        Outcome::NoAnswer,
        Outcome::CallBack,
        Outcome::NotInterested,
    ];

    /// In a few words.
    pub(super) fn word(self) -> &'static str {
        match self {
            Outcome::Reached => "reached",
            Outcome::Voicemail => "voicemail",
            Outcome::NoAnswer => "no answer",
            Outcome::CallBack => "wants a call back",
            Outcome::NotInterested => "not interested",
        }
    }

    /// The key in the picklist.
    fn key(self) -> &'static str {
        match self {
            Outcome::Reached => "connected",
            Outcome::Voicemail => "left_message",
            Outcome::NoAnswer => "no_answer",
            Outcome::CallBack => "call_back",
            Outcome::NotInterested => "not_interested",
        }
    }

    /// When to be in touch again, if nobody says otherwise.
    pub(super) fn again(self) -> Option<&'static str> {
        match self {
            Outcome::Reached | Outcome::NotInterested => None,
            Outcome::Voicemail => Some("+2d"),
            Outcome::NoAnswer | Outcome::CallBack => Some("tomorrow"),
        }
    }

    /// What the next step is called.
    pub(super) fn next_title(self, entry: &Entry) -> String {
        match (self, entry.kind.as_str()) {
            (Outcome::Reached, _) => "Follow up".to_owned(),
            // Who was not reached is still to be asked the same.
            (Outcome::Voicemail | Outcome::NoAnswer, "call" | "follow_up") => entry.record.name.clone(),
            (Outcome::CallBack, _) => "Call back".to_owned(),
            _ => "Call again".to_owned(),
        }
    }

    /// The fields of what is logged.
    pub(super) fn activity(self, entry: &Entry, note: &str) -> Vec<Assignment> {
        let given = |name: &str, text: &str| (name.to_owned(), Input::text(text));
        let kind = match entry.kind.as_str() {
            kind @ ("email" | "meeting" | "visit") if self == Outcome::Reached => kind,
            _ => "call",
        };
        let text = match (note.is_empty(), entry.record.noun) {
            (false, _) => note,
            (true, Noun::Task) => &entry.record.name,
            (true, _) => self.word(),
        };
        let mut fields = vec![
            given("type", kind),
            given("text", text),
            given("direction", "out"),
            given("outcome", self.key()),
        ];
        if entry.record.noun == Noun::Deal {
            fields.push(given("deal", &entry.record.reference().to_string()));
        }
        fields
    }
}
