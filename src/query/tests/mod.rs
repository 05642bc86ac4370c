//! The filter language, tested from the text to the plan against a made-up base.

mod laws;
mod mistakes;
mod plans;
mod printing;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::domain::clock::Clock;
use crate::domain::field::FieldType;
use crate::domain::money::Currency;
use crate::domain::noun::Noun;
use crate::domain::pipeline::DEFAULT_STAGES;
use crate::query::context::{Choice, Context, CustomField, Vocabulary};
use crate::query::error::QueryError;
use crate::query::plan::Condition;

/// The words of a small base.
struct Base;

fn choice(key: &str, labels: &[&str]) -> Choice {
    Choice {
        key: key.to_owned(),
        labels: labels.iter().map(ToString::to_string).collect(),
    }
}

impl Vocabulary for Base {
    fn custom_field(&self, noun: Noun, key: &str) -> Option<CustomField> {
        let (kind, options) = match (noun, key) {
            (Noun::Customer, "size") => (
                FieldType::Choice(""),
                vec![choice("small", &["Small", "小"]), choice("big", &["Big", "大"])],
            ),
            (Noun::Customer, "machines") => (FieldType::Integer, Vec::new()),
            (Noun::Deal, "pilot_ends") => (FieldType::Date, Vec::new()),
            _ => return None,
        };
        Some(CustomField {
            key: key.to_owned(),
            kind,
            options,
            label: format!("the {key}"),
        })
    }

    fn custom_fields(&self, noun: Noun) -> Vec<String> {
        let keys: &[&str] = match noun {
            Noun::Customer => &["size", "machines"],
            Noun::Deal => &["pilot_ends"],
            _ => &[],
        };
        keys.iter().map(ToString::to_string).collect()
    }

    fn choices(&self, set: &str) -> Vec<Choice> {
        match set {
            "source" => vec![
                choice("trade_show", &["Trade show", "展会"]),
                choice("referral", &["Referral", "转介绍"]),
            ],
            "industry" => vec![choice("retail", &["Retail", "零售"])],
            "ticket_type" => vec![choice("complaint", &["Complaint", "投诉"])],
            _ => Vec::new(),
        }
    }

    fn keys(&self, noun: Noun) -> Vec<String> {
        let keys: &[&str] = match noun {
            Noun::User => &["Anna Kowalski", "bob", "self"],
            Noun::Team => &["north", "south"],
            Noun::Pipeline => &["sales"],
            Noun::Tag => &["vip", "key account", "cold-list", "重点"],
            _ => &[],
        };
        keys.iter().map(ToString::to_string).collect()
    }

    fn stages(&self) -> Vec<Choice> {
        let mut stages: Vec<Choice> = DEFAULT_STAGES
            .iter()
            .map(|stage| choice(stage.key, &[stage.english, stage.chinese]))
            .collect();
        // A second pipeline may use a label again under another key.
        stages.push(choice("offer", &["Proposal"]));
        stages
    }
}

/// Thursday, 26 November 2026, 10:30 in Berlin.
fn clock() -> Clock {
    let now: Timestamp = "2026-11-26T09:30:00Z".parse().unwrap();
    Clock::new(now, TimeZone::get("Europe/Berlin").unwrap())
}

fn with_context<T>(act: impl FnOnce(&Context<'_>) -> T) -> T {
    let clock = clock();
    let euro = Currency::parse("EUR").unwrap();
    act(&Context::new(&clock, euro, "bob", &Base))
}

fn plan(noun: Noun, text: &str) -> Result<Condition, QueryError> {
    let filter = super::parse(text)?;
    with_context(|context| super::resolve(&filter, noun, context))
}

/// The explanation of the plan on one line: brackets for indents.
fn explained(noun: Noun, text: &str) -> String {
    let condition = plan(noun, text).unwrap_or_else(|error| panic!("{text}\n{}", error.render(text)));
    let mut line = String::new();
    let mut depth = 0;
    for part in super::explain(&condition).lines() {
        let indent = (part.len() - part.trim_start().len()) / 2;
        if indent > depth {
            line.push_str(" [");
        } else {
            line.push_str(&"]".repeat(depth - indent));
            line.push_str(if line.is_empty() { "" } else { "; " });
        }
        line.push_str(part.trim_start());
        depth = indent;
    }
    line + &"]".repeat(depth)
}
