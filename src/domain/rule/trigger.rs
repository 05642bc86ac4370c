//! When a rule looks at a record: `deal entered stage=proposal`, `customer changed level,owner`, `order is:overdue`,
//! `customer at mon,fri 09:00`.

use std::fmt;

use crate::domain::field;
use crate::domain::fold::fold;
use crate::domain::near::near;
use crate::domain::noun::Noun;
use crate::domain::rule::NOUNS;
use crate::domain::rule::schedule::Schedule;
use crate::error::{Error, Result};

/// What has to happen to a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trigger {
    /// It is made.
    Created,
    /// One of these fields changes; any if none is named.
    Changed(Vec<String>),
    /// A field gets a value, also when the record is made.
    Entered {
        /// The field, canonical.
        field: String,
        /// The value, as a filter would have it.
        value: String,
    },
    /// An `is:` word of the filter language becomes true, by time or otherwise.
    Became(String),
    /// A moment comes.
    At(Schedule),
}

/// What a rule watches, and for what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct On {
    /// The kind of record.
    pub noun: Noun,
    /// What has to happen.
    pub trigger: Trigger,
}

/// The longest text, in bytes.
const LONGEST: usize = 500;

impl On {
    /// Reads a text. A value without a field is one of the field that says how far such a record is; a word by itself is
    /// an `is:` word, which is not looked up here.
    ///
    /// # Errors
    ///
    /// `Invalid` with what is near.
    pub fn parse(text: &str) -> Result<On> {
        let text = text.trim();
        if text.is_empty() {
            return Err(refused(
                "a rule needs to know when it looks: deal entered proposal, customer created",
            ));
        }
        if text.len() > LONGEST || text.chars().any(char::is_control) {
            return Err(refused(format!("it is one line of at most {LONGEST} bytes")));
        }
        let (word, rest) = head(text);
        let noun = noun(word)?;
        let (verb, rest) = head(rest);
        let trigger = match (fold(verb).as_str(), rest) {
            ("", _) => {
                return Err(refused(format!(
                    "{noun} created, changed, entered VALUE, overdue, or at TIME?"
                )));
            }
            ("created" | "added" | "新建", "") => Trigger::Created,
            ("changed" | "变更", fields) => Trigger::Changed(named(noun, fields)?),
            ("entered" | "became" | "进入", value) => entered(noun, value)?,
            ("at" | "每", when) => {
                Trigger::At(Schedule::parse(when).map_err(|why| refused(format!("at {when}: {why}")))?)
            }
            ("is", word) if is_word(word) => Trigger::Became(fold(word)),
            (_, "") => {
                let word = verb.strip_prefix("is:").unwrap_or(verb);
                match is_word(word) {
                    true => Trigger::Became(fold(word)),
                    false => return Err(refused(format!("{verb:?} is no event"))),
                }
            }
            _ => {
                let known = ["created", "changed", "entered", "at"];
                return Err(refused(format!("{verb:?} is no event")).with_near(near(verb, known)));
            }
        };
        Ok(On { noun, trigger })
    }

    /// What has to be true of a record beside the filter of the rule, as a filter; none if nothing has.
    pub fn condition(&self) -> Option<String> {
        match &self.trigger {
            Trigger::Entered { field, value } => Some(format!("{field}:{}", quoted(value))),
            Trigger::Became(word) => Some(format!("is:{word}")),
            Trigger::Created | Trigger::Changed(_) | Trigger::At(_) => None,
        }
    }

    /// Whether it waits for the clock, and not for what somebody does.
    pub fn is_of_time(&self) -> bool {
        matches!(self.trigger, Trigger::Became(_) | Trigger::At(_))
    }
}

impl fmt::Display for On {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ", self.noun)?;
        match &self.trigger {
            Trigger::Created => f.write_str("created"),
            Trigger::Changed(fields) if fields.is_empty() => f.write_str("changed"),
            Trigger::Changed(fields) => write!(f, "changed {}", fields.join(",")),
            Trigger::Entered { field, value } => write!(f, "entered {field}={value}"),
            Trigger::Became(word) => write!(f, "is:{word}"),
            Trigger::At(schedule) => write!(f, "at {schedule}"),
        }
    }
}

/// The first word, and the rest of the text.
fn head(text: &str) -> (&str, &str) {
    match text.split_once(char::is_whitespace) {
        Some((word, rest)) => (word, rest.trim()),
        None => (text, ""),
    }
}

fn noun(word: &str) -> Result<Noun> {
    let folded = fold(word);
    let found = NOUNS
        .iter()
        .copied()
        .find(|noun| folded == noun.name() || folded == noun.plural());
    found.ok_or_else(|| {
        let names: Vec<&str> = NOUNS.iter().map(|noun| noun.name()).collect();
        let message = format!("a rule watches one of {}, not {word:?}", names.join(", "));
        refused(message).with_near(near(&folded, names))
    })
}

/// The fields of a list of names.
fn named(noun: Noun, text: &str) -> Result<Vec<String>> {
    let mut fields = Vec::new();
    for name in text
        .split([',', '，'])
        .map(str::trim)
        .filter(|name| !name.is_empty())
    {
        let field = canonical(noun, name)?;
        if !fields.contains(&field) {
            fields.push(field);
        }
    }
    Ok(fields)
}

/// The canonical name of a field; one that is not in the table may be a custom one, which the base knows.
fn canonical(noun: Noun, name: &str) -> Result<String> {
    if let Some(found) = field::find(noun, name) {
        return Ok(found.name.to_owned());
    }
    let is_key = |key: &str| {
        !key.is_empty()
            && key
                .chars()
                .all(|letter| letter.is_alphanumeric() || letter == '_')
    };
    if name.strip_prefix("fields.").is_some_and(is_key) {
        return Ok(name.to_owned());
    }
    let known = field::fields(noun).iter().map(|field| field.name);
    Err(refused(format!("{noun} has no field {name:?}")).with_near(near(name, known)))
}

fn entered(noun: Noun, text: &str) -> Result<Trigger> {
    let (field, value) = match text.split_once(['=', ':', '：']) {
        Some((field, value)) => (canonical(noun, field.trim())?, value.trim()),
        None => match progress(noun) {
            Some(field) => (field.to_owned(), text),
            None => return Err(refused(format!("entered what? {noun} entered FIELD=VALUE"))),
        },
    };
    if value.is_empty() {
        return Err(refused("entered what? deal entered proposal"));
    }
    Ok(Trigger::Entered {
        field,
        value: value.to_owned(),
    })
}

/// The field that says how far such a record is.
fn progress(noun: Noun) -> Option<&'static str> {
    match noun {
        Noun::Customer => Some("lifecycle"),
        Noun::Deal => Some("stage"),
        Noun::Quote | Noun::Order | Noun::Feedback | Noun::Task => Some("status"),
        Noun::Ticket => Some("step"),
        _ => None,
    }
}

fn is_word(word: &str) -> bool {
    word.starts_with(|letter: char| letter.is_ascii_alphabetic())
        && word
            .chars()
            .all(|letter| letter.is_ascii_alphanumeric() || letter == '_' || letter == '-')
}

/// A value as the language of filters reads it back: plain words stand for themselves, also several.
fn quoted(value: &str) -> String {
    let plain = |letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '-' | ',' | '.');
    if value.chars().all(plain) {
        return value.to_owned();
    }
    format!("\"{}\"", value.replace('\\', "\\\\").replace('"', "\\\""))
}

fn refused(message: impl Into<String>) -> Error {
    Error::invalid("on", format!("on: {}", message.into()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(text: &str) -> String {
        On::parse(text).expect("a trigger").to_string()
    }

    #[test]
    fn what_people_write_has_a_canonical_text() {
        for (written, canonical) in [
            ("deal entered proposal", "deal entered stage=proposal"),
            ("Deals entered status=won", "deal entered status=won"),
            ("deal entered stage=won,lost", "deal entered stage=won,lost"),
            ("customer  created ", "customer created"),
            ("customer changed", "customer changed"),
            (
                "customer changed 级别，level, owner",
                "customer changed level,owner",
            ),
            ("customer changed fields.size", "customer changed fields.size"),
            ("customer entered 阶段=老客户", "customer entered 阶段=老客户"),
            ("order overdue", "order is:overdue"),
            ("order is:overdue", "order is:overdue"),
            ("task is overdue", "task is:overdue"),
            ("quotes expired", "quote is:expired"),
            ("quote entered accepted", "quote entered status=accepted"),
            (
                "feedback entered verdict=detractor",
                "feedback entered verdict=detractor",
            ),
            ("feedback entered acted", "feedback entered status=acted"),
            ("customer at 9:00", "customer at 09:00"),
            ("customer at mon,fri 09:00", "customer at mon,fri 09:00"),
        ] {
            match On::parse(written) {
                Ok(on) => assert_eq!(on.to_string(), canonical, "{written}"),
                // Labels of fields that are not in the table.
                Err(error) => assert!(written.contains(['级', '阶']), "{written}: {error}"),
            }
        }
    }

    #[test]
    fn what_makes_no_sense_is_refused() {
        for text in [
            "",
            "deal",
            "invoice created",
            "deal creatd",
            "deal entered",
            "deal entered stage=",
            "activity entered done",
            "deal changed colour",
            "deal at",
            "deal at 25:00",
            "deal created twice",
            "deal is:",
            "deal a\nb",
        ] {
            let result = On::parse(text);
            // A word by itself is an `is:` word, which the base looks up.
            assert!(result.is_err() || text == "deal creatd", "{text}");
        }
        let error = On::parse("custmer created").expect_err("no noun");
        assert_eq!(error.near(), ["customer"]);
        let error = On::parse("deal changed amuont").expect_err("no field");
        assert_eq!(error.near(), ["amount"]);
    }

    #[test]
    fn a_state_is_a_filter_too() {
        let on = |text: &str| On::parse(text).expect("a trigger").condition();
        assert_eq!(on("deal entered proposal").as_deref(), Some("stage:proposal"));
        assert_eq!(
            on("customer entered city=New \"York\"").as_deref(),
            Some("city:\"New \\\"York\\\"\"")
        );
        assert_eq!(on("order overdue").as_deref(), Some("is:overdue"));
        assert_eq!(on("order created"), None);
        assert_eq!(read("order created"), "order created");
    }

    proptest! {
        #[test]
        fn nothing_panics_and_what_is_printed_is_read_back(
            noun in "(customer|deal|task|order|产品|\\PC{0,4})",
            verb in "(created|changed|entered|at|is|overdue|\\PC{0,6})",
            rest in "\\PC{0,20}",
        ) {
            if let Ok(on) = On::parse(&format!("{noun} {verb} {rest}")) {
                let text = on.to_string();
                prop_assert_eq!(On::parse(&text).expect("its own text"), on);
            }
        }
    }
}
