//! Reading what somebody gave for a field: raw input in, a typed and checked value out.
//!
//! Flags, forms, imports and JSON all pass here, so that a value means the same whichever way it came.

use std::cell::RefCell;

use crate::domain::birthday::Birthday;
use crate::domain::country;
use crate::domain::customer;
use crate::domain::decimal;
use crate::domain::field::{Field, FieldType};
use crate::domain::fold::fold;
use crate::domain::id::Id;
use crate::domain::input::Input;
use crate::domain::money::{Currency, Money};
use crate::domain::near::near;
use crate::domain::noun::Noun;
use crate::domain::value::{Link, Value};
use crate::domain::web::Website;
use crate::domain::when::duration::read_duration;
use crate::domain::when::{self, Leaning, When, instant, read};
use crate::error::{Error, Kind, Result};
use crate::ops::refer;
use crate::query::context::Choice;
use crate::store::{ReadTx, WriteTx, fields, links};

/// The longest text that a field takes, in bytes.
const LONGEST: usize = 1_000_000;

/// What to do about a record or a word that is named and does not exist.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnMissing {
    /// Refuse.
    Fail,
    /// Make it.
    Create,
    /// Leave the field alone.
    Skip,
}

/// How input is read: strictly by hand, with more patience in an import.
#[derive(Debug)]
pub struct Policy {
    /// What to do about what does not exist.
    pub on_missing: OnMissing,
    /// The same for words of picklists; none for the same as everything else.
    pub words: Option<OnMissing>,
    /// The system of an external id that names none.
    pub system: String,
    /// The same for records that custom fields lead to.
    pub custom_links: Option<OnMissing>,
    /// What was made on the way: noun and name, in order.
    pub made: RefCell<Vec<(Noun, String)>>,
    /// Words that were made on the way: the picklist (or what else they belong to) and the key, in order.
    pub made_words: RefCell<Vec<(String, String)>>,
    /// What was kept although it could not be understood: field and text.
    pub doubts: RefCell<Vec<(&'static str, String)>>,
}

impl Policy {
    /// The policy of a person at the keyboard: whatever does not exist is refused.
    pub fn strict() -> Policy {
        Policy {
            on_missing: OnMissing::Fail,
            words: None,
            custom_links: None,
            system: "crm".to_owned(),
            made: RefCell::default(),
            made_words: RefCell::default(),
            doubts: RefCell::default(),
        }
    }
}

/// Reads a value of `field`, which holds one value. None if it is to be left alone.
///
/// # Errors
///
/// `Invalid` with the field, or what finding a linked record fails with.
pub fn value(
    tx: &WriteTx<'_>,
    noun: Noun,
    field: &'static Field,
    input: &Input,
    policy: &Policy,
) -> Result<Option<Value>> {
    let name = field.name;
    if let FieldType::Link(linked) = field.kind {
        return link(tx, noun, field, linked, input, policy);
    }
    if field.kind == FieldType::Money {
        return money(tx, name, input).map(Some);
    }
    let text = match input {
        Input::Clear => return Ok(Some(Value::Null)),
        Input::Text(text) => clean(name, text)?,
        Input::List(_) | Input::Map(_) => {
            return Err(Error::invalid(name, format!("{name} takes one value")));
        }
    };
    let trimmed = text.trim();
    if trimmed.is_empty() {
        return Ok(Some(Value::Null));
    }
    if let FieldType::Choice(list) = field.kind {
        return choice(tx, name, list, trimmed, policy);
    }
    if field.kind == FieldType::Country {
        return Ok(Some(Value::Text(match country::parse(trimmed) {
            Some(code) => code.to_owned(),
            None => {
                policy.doubts.borrow_mut().push((name, trimmed.to_owned()));
                trimmed.to_owned()
            }
        })));
    }
    scalar(tx, name, field.kind, &text, leaning(noun, name)).map(Some)
}

/// Reads a value whose type alone decides.
pub(crate) fn scalar(
    tx: &ReadTx<'_>,
    name: &str,
    kind: FieldType,
    text: &str,
    leaning: Leaning,
) -> Result<Value> {
    let trimmed = text.trim();
    let refuse = |what: &str| Error::invalid(name, format!("{name}: {trimmed:?} is not {what}"));
    Ok(match kind {
        FieldType::Word(words) => Value::Text(word(name, words, trimmed)?.to_owned()),
        FieldType::Integer => {
            let plain: String = trimmed
                .chars()
                .filter(|letter| !matches!(letter, ',' | '_' | '\''))
                .collect();
            let number = plain.parse().map_err(|_| refuse("a whole number"))?;
            if name == "keep_in_touch" && !customer::KEEP_IN_TOUCH.contains(&number) {
                return Err(refuse("a number of days from 1 to 3650"));
            }
            Value::Int(number)
        }
        FieldType::Decimal => Value::Decimal(
            decimal::parse(trimmed.trim_end_matches(['%', '％']))
                .ok_or_else(|| refuse("a number of at most nine digits and six decimal places"))?,
        ),
        FieldType::Time => {
            let reading = tx.caller().reading(Leaning::None);
            Value::Text(when::clock_time(trimmed, &reading).ok_or_else(|| refuse("a time of day, 09:30"))?)
        }
        FieldType::Percent => {
            Value::Percent(percent(trimmed).ok_or_else(|| refuse("a percentage from 0 to 100"))?)
        }
        FieldType::Bool => Value::Bool(match fold(trimmed).as_str() {
            "yes" | "y" | "true" | "1" | "on" | "是" => true,
            "no" | "n" | "false" | "0" | "off" | "否" => false,
            _ => return Err(refuse("yes or no")),
        }),
        FieldType::Date | FieldType::Due | FieldType::Instant => moment(tx, name, kind, trimmed, leaning)?,
        FieldType::Birthday => Value::Text(
            Birthday::parse(trimmed)
                .map_err(|error| error.on_field(name))?
                .to_string(),
        ),
        FieldType::Duration => Value::Seconds(read_duration(trimmed).map_err(|error| error.on_field(name))?),
        FieldType::Url => Value::Text(
            Website::parse(trimmed)
                .map_err(|error| error.on_field(name))?
                .as_str()
                .to_owned(),
        ),
        FieldType::Text => Value::Text(trimmed.to_owned()),
        FieldType::LongText => Value::Text(text.trim_end().to_owned()),
        _ => return Err(Error::internal(format!("{name} takes no single value"))),
    })
}

/// A day, a day and time, or an instant, from a phrase.
fn moment(tx: &ReadTx<'_>, name: &str, kind: FieldType, text: &str, leaning: Leaning) -> Result<Value> {
    if kind == FieldType::Instant
        && let Some(at) = instant::exact(text)
    {
        return Ok(Value::Instant(at));
    }
    let caller = tx.caller();
    let when = read(text, &caller.reading(leaning)).map_err(|error| error.on_field(name))?;
    let refuse = || Error::invalid(name, format!("{name}: {text:?} is more than a day"));
    Ok(match (kind, when) {
        (_, When::Never) => Value::Null,
        (FieldType::Instant, When::Day(day)) if day == caller.clock.today() => {
            Value::Instant(caller.clock.now())
        }
        (FieldType::Instant, When::Day(day)) => {
            Value::Instant(instant::instant_of(day.at(12, 0, 0, 0), caller.clock.zone()))
        }
        (FieldType::Instant, when) => {
            Value::Instant(instant::moment(when, &caller.clock).ok_or_else(refuse)?)
        }
        (FieldType::Due, When::Moment(at)) => Value::DateTime(at),
        (_, when) => Value::Date(instant::first_day(when).ok_or_else(refuse)?),
    })
}

/// Which way an undirected phrase points in this field.
pub(crate) fn leaning(noun: Noun, name: &str) -> Leaning {
    match (noun, name) {
        (_, "due" | "due_on" | "promised_on" | "valid_until" | "expected_close") => Leaning::Future,
        (Noun::Activity, "at")
        | (Noun::Deal, "opened_on" | "closed_on")
        | (Noun::Quote, "sent_on" | "decided_on")
        | (Noun::Order, "ordered_on")
        | (Noun::Ticket, "received_at" | "first_responded_at" | "resolved_at" | "closed_at")
        | (Noun::Feedback, "sent_on" | "answered_on")
        | (Noun::Task, "completed_at") => Leaning::Past,
        _ => Leaning::None,
    }
}

/// One of the words that the program knows.
pub fn word<'w>(name: &str, words: &'w [&'w str], text: &str) -> Result<&'w str> {
    let wanted = fold(text).replace([' ', '-'], "_");
    words
        .iter()
        .copied()
        .find(|word| fold(word) == wanted)
        .ok_or_else(|| {
            Error::invalid(name, format!("{name}: {text:?} is none of {}", words.join(", ")))
                .with_near(near(text, words.iter().copied()))
        })
}

pub(crate) fn percent(text: &str) -> Option<i64> {
    let number = text.strip_suffix(['%', '％']).unwrap_or(text).trim();
    if let Some(fraction) = number.strip_prefix("0.")
        && !text.ends_with(['%', '％'])
    {
        // JSON has 0..1: 0.6 is sixty percent.
        let digits: String = format!("{fraction:0<2}");
        return if digits.len() == 2 {
            digits.parse().ok()
        } else {
            None
        };
    }
    let number = number.strip_suffix(".0").unwrap_or(number);
    number.parse().ok().filter(|percent| (0..=100).contains(percent))
}

/// An amount: text, or `{"amount": "48000.00", "currency": "EUR"}`.
pub(crate) fn money(tx: &ReadTx<'_>, name: &str, input: &Input) -> Result<Value> {
    let base = tx.base_currency()?;
    let (text, currency) = match input {
        Input::Clear => return Ok(Value::Null),
        Input::Text(text) => (text.as_str(), base),
        Input::Map(_) => {
            let amount = input.part("amount").and_then(Input::as_text);
            let amount = amount.ok_or_else(|| Error::invalid(name, format!("{name} has no amount")))?;
            let code = input
                .part("currency")
                .and_then(Input::as_text)
                .unwrap_or_else(|| base.code());
            let currency = Currency::parse(code)
                .ok_or_else(|| Error::invalid(name, format!("{name}: there is no currency {code:?}")))?;
            (amount, currency)
        }
        Input::List(_) => return Err(Error::invalid(name, format!("{name} takes one value"))),
    };
    if text.trim().is_empty() || fold(text) == "none" {
        return Ok(Value::Null);
    }
    let money = Money::parse(text, currency)
        .map_err(|reason| Error::invalid(name, format!("{name}: {text:?} is {reason}")))?;
    Ok(Value::Money(money))
}

/// The key of a picklist entry, found by key or label; made if the policy says so.
pub(crate) fn choice(
    tx: &WriteTx<'_>,
    name: &str,
    list: &str,
    text: &str,
    policy: &Policy,
) -> Result<Option<Value>> {
    let entries = fields::choices(tx, list)?;
    if let Some(found) = matching(&entries, text) {
        return Ok(Some(Value::Text(found.key.clone())));
    }
    match policy.words.unwrap_or(policy.on_missing) {
        OnMissing::Skip => Ok(None),
        OnMissing::Create => {
            let key = fold(text).replace([' ', '-'], "_");
            policy
                .made_words
                .borrow_mut()
                .push((list.to_owned(), key.clone()));
            let id = fields::add_choice(tx, list, &key)?;
            if key != text {
                fields::set_label(tx, id, fields::ANY_LANGUAGE, text)?;
            }
            Ok(Some(Value::Text(key)))
        }
        OnMissing::Fail => {
            let known: Vec<&str> = entries.iter().map(|entry| entry.key.as_str()).collect();
            Err(
                Error::invalid(name, format!("{name}: {text:?} is none of {}", known.join(", ")))
                    .with_near(near(text, known)),
            )
        }
    }
}

/// The entry with this key or label.
pub fn matching<'e>(entries: &'e [Choice], text: &str) -> Option<&'e Choice> {
    let wanted = fold(text);
    let key = wanted.replace([' ', '-'], "_");
    entries
        .iter()
        .find(|entry| fold(&entry.key) == key || fold(&entry.key) == wanted)
        .or_else(|| {
            entries
                .iter()
                .find(|entry| entry.labels.iter().any(|label| fold(label) == wanted))
        })
}

/// A link: by reference, by a stub of JSON, or by the name of what is made on the way.
fn link(
    tx: &WriteTx<'_>,
    noun: Noun,
    field: &'static Field,
    linked: Noun,
    input: &Input,
    policy: &Policy,
) -> Result<Option<Value>> {
    let found = match input {
        Input::Clear => return Ok(Some(Value::Null)),
        Input::Map(_) => stub(tx, linked, input),
        Input::Text(text) => {
            let text = clean(field.name, text)?;
            let text = text.trim();
            if text.is_empty() || fold(text) == "none" {
                return Ok(Some(Value::Null));
            }
            // A company by name is what an employer, a parent and an account in a foreign file mean.
            if linked == Noun::Customer
                && noun != Noun::Activity
                && noun != Noun::Task
                && noun != Noun::Feedback
                && field.name != "contact"
            {
                refer::company(tx, text)
            } else {
                refer::one(tx, linked, text)
            }
        }
        Input::List(_) => {
            return Err(Error::invalid(
                field.name,
                format!("{} takes one record", field.name),
            ));
        }
    };
    let id = match found {
        Ok(id) => id,
        Err(error) if error.kind() == Kind::NotFound => match (policy.on_missing, input.as_text()) {
            (OnMissing::Skip, _) => return Ok(None),
            (OnMissing::Create, Some(text)) => make(tx, linked, text.trim(), policy)?,
            _ => return Err(error.on_field(field.name).context(field.name)),
        },
        Err(error) => return Err(error.on_field(field.name).context(field.name)),
    };
    Ok(Some(linked_value(tx, linked, id)?))
}

/// The value of a link to a record.
pub fn linked_value(tx: &WriteTx<'_>, noun: Noun, id: Id) -> Result<Value> {
    let link = links::link(tx, noun, id)?.unwrap_or(Link {
        noun,
        id,
        no: 0,
        name: String::new(),
    });
    Ok(Value::Link(link))
}

/// A link as JSON writes it. The uid is certain; a ref is only so if the name agrees, because another base gives the
/// same refs to others.
pub(crate) fn stub(tx: &ReadTx<'_>, linked: Noun, input: &Input) -> Result<Id> {
    let text = |key: &str| input.part(key).and_then(Input::as_text);
    if let Some(uid) = text("uid") {
        return refer::one(tx, linked, uid);
    }
    match (text("id"), text("name")) {
        (Some(reference), Some(name)) => {
            if let Ok(id) = refer::one(tx, linked, reference)
                && links::link(tx, linked, id)?.is_some_and(|link| fold(&link.name) == fold(name))
            {
                return Ok(id);
            }
            refer::one(tx, linked, name)
        }
        (Some(only), None) | (None, Some(only)) => refer::one(tx, linked, only),
        (None, None) => Err(Error::invalid(
            linked.name(),
            format!("the {linked} has neither uid, id nor name"),
        )),
    }
}

/// Makes a record of which only the name is known.
fn make(tx: &WriteTx<'_>, noun: Noun, name: &str, policy: &Policy) -> Result<Id> {
    let id = refer::make(tx, noun, name)?;
    policy.made.borrow_mut().push((noun, name.to_owned()));
    Ok(id)
}

/// Text that the base can keep: what would break lists inside it, and NUL, become replacement marks.
pub fn clean(name: &str, text: &str) -> Result<String> {
    if text.len() > LONGEST {
        return Err(Error::invalid(
            name,
            format!("{name} is longer than {LONGEST} bytes"),
        ));
    }
    Ok(text.replace(['\0', '\u{1e}', '\u{1f}'], "\u{fffd}"))
}
