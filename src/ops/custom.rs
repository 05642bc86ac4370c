//! Values of custom fields: reading them, keeping them within their limits, filling in what nobody said.

use std::cmp::Ordering;

use crate::domain::custom::{self, Limit};
use crate::domain::email::Email;
use crate::domain::field::FieldType;
use crate::domain::fold::fold;
use crate::domain::id::Id;
use crate::domain::input::Input;
use crate::domain::noun::Noun;
use crate::domain::phone::Phone;
use crate::domain::value::Value;
use crate::domain::when::instant::{first_day, to_span};
use crate::domain::when::{Leaning, read as read_phrase};
use crate::error::{Error, Kind, Result};
use crate::ops::draft::texts;
use crate::ops::typed::{self, OnMissing, Policy};
use crate::ops::{customer, refer};
use crate::store::fields::{self, CustomField};
use crate::store::{ReadTx, WriteTx, customers, values};
use crate::wire::cell::cell;

/// A telephone number that no country is known of has so many digits at least.
const LEAST_DIGITS: usize = 3;

/// What stands for whoever acts.
const ME: &str = "@me";

/// The name of a custom field in messages and files.
pub fn name_of(field: &CustomField) -> String {
    format!("fields.{}", field.key)
}

/// Reads a value of a custom field. None if it is to be left alone.
///
/// # Errors
///
/// `Invalid` with the field: the value is of another sort, or outside of the limits; what finding a linked record fails
/// with.
pub fn value(tx: &WriteTx<'_>, field: &CustomField, input: &Input, policy: &Policy) -> Result<Option<Value>> {
    let value = read(tx, field, input, policy)?;
    if let Some(value) = &value {
        within(tx, field, value)?;
    }
    Ok(value)
}

fn read(tx: &WriteTx<'_>, field: &CustomField, input: &Input, policy: &Policy) -> Result<Option<Value>> {
    let name = name_of(field);
    let blank = match input {
        Input::Clear => true,
        Input::Text(text) => text.trim().is_empty(),
        Input::List(items) => items.is_empty(),
        Input::Map(parts) => parts.is_empty(),
    };
    if blank {
        return Ok(Some(Value::Null));
    }
    match field.kind {
        FieldType::Money => return typed::money(tx, &name, input).map(Some),
        FieldType::Choices(_) => return choices(tx, field, input, policy),
        FieldType::Link(linked) => return link(tx, field, linked, input, policy),
        FieldType::Days => return days(tx, &name, input).map(Some),
        _ => {}
    }
    let Input::Text(text) = input else {
        return Err(Error::invalid(&name, format!("{name} takes one value")));
    };
    let text = typed::clean(&name, text)?;
    let trimmed = text.trim();
    match (field.word.as_str(), field.kind) {
        (_, FieldType::Choice(_)) => typed::choice(tx, &name, &field.list(), trimmed, policy),
        ("email", _) => {
            let email = Email::parse(trimmed).map_err(|error| error.on_field(&name).context(&name))?;
            Ok(Some(Value::Text(email.as_str().to_owned())))
        }
        ("phone", _) => {
            let phone = Phone::parse(trimmed, tx.caller().region.as_deref());
            if phone.e164.is_none() && phone.key().len() < LEAST_DIGITS {
                let message = format!("{name}: {trimmed:?} is not a telephone number");
                return Err(Error::invalid(&name, message));
            }
            Ok(Some(Value::Text(phone.e164.unwrap_or(phone.raw))))
        }
        ("auto_number", _) => match trimmed.parse::<i64>() {
            Ok(number) if number > 0 => Ok(Some(Value::Int(number))),
            _ => Err(Error::invalid(
                &name,
                format!("{name}: {trimmed:?} is not a number from 1"),
            )),
        },
        (_, kind) => match typed::scalar(tx, &name, kind, &text, Leaning::None) {
            Ok(value) => Ok(Some(value)),
            Err(error) if error.message().starts_with(&name) => Err(error),
            Err(error) => Err(error.context(&name)),
        },
    }
}

/// Several keys of a picklist, each once, in the order in which they were given.
fn choices(tx: &WriteTx<'_>, field: &CustomField, input: &Input, policy: &Policy) -> Result<Option<Value>> {
    let name = name_of(field);
    let mut keys: Vec<Value> = Vec::new();
    for text in texts(&name, input)? {
        if let Some(key) = typed::choice(tx, &name, &field.list(), text.trim(), policy)?
            && !keys.contains(&key)
        {
            keys.push(key);
        }
    }
    Ok(Some(Value::List(keys)))
}

/// Another record.
fn link(
    tx: &WriteTx<'_>,
    field: &CustomField,
    linked: Noun,
    input: &Input,
    policy: &Policy,
) -> Result<Option<Value>> {
    let name = name_of(field);
    let found = match input {
        Input::Text(text) => match text.trim() {
            none if fold(none) == "none" => return Ok(Some(Value::Null)),
            ME if linked == Noun::User => Ok(tx.caller().actor.id),
            text if field.word == "company" => refer::company(tx, text),
            text => refer::one(tx, linked, text),
        },
        Input::Map(_) => typed::stub(tx, linked, input),
        _ => return Err(Error::invalid(&name, format!("{name} takes one record"))),
    };
    let id = match (found, policy.custom_links.unwrap_or(policy.on_missing)) {
        (Ok(id), _) => id,
        (Err(error), OnMissing::Skip) if error.kind() == Kind::NotFound => {
            let named = input
                .as_text()
                .or_else(|| input.part("name").and_then(Input::as_text));
            let doubt = format!("{}: {}", field.key, named.unwrap_or_default());
            policy.doubts.borrow_mut().push(("fields", doubt));
            return Ok(None);
        }
        (Err(error), OnMissing::Create) if error.kind() == Kind::NotFound => {
            match made(tx, field, input, policy)? {
                Some(id) => id,
                None => return Err(error.on_field(&name).context(&name)),
            }
        }
        (Err(error), _) => return Err(error.on_field(&name).context(&name)),
    };
    if let ("person" | "company", Some((kind, _))) =
        (field.word.as_str(), customers::kind_and_survivor(tx, id)?)
        && kind != field.word
    {
        let message = format!(
            "{name}: {} is a {kind}, not a {}",
            customer::label(tx, id)?,
            field.word
        );
        return Err(Error::invalid(&name, message));
    }
    Ok(Some(typed::linked_value(tx, linked, id)?))
}

/// Makes the user or company of that name, on behalf of an import.
fn made(tx: &WriteTx<'_>, field: &CustomField, input: &Input, policy: &Policy) -> Result<Option<Id>> {
    let noun = match field.word.as_str() {
        "user" => Noun::User,
        "company" => Noun::Customer,
        _ => return Ok(None),
    };
    let Some(name) = input.as_text().map(str::trim) else {
        return Ok(None);
    };
    let id = refer::make(tx, noun, name)?;
    policy.made.borrow_mut().push((noun, name.to_owned()));
    Ok(Some(id))
}

/// What stands between the ends of a range of days.
const BETWEEN: [&str; 4] = ["..", "/", "至", "到"];

/// Days from a first to a last one: `2026-03-01..2026-03-14`, `2026-03`, one day alone; or named parts.
fn days(tx: &WriteTx<'_>, name: &str, input: &Input) -> Result<Value> {
    let reading = tx.caller().reading(Leaning::None);
    let span = |text: &str| {
        let when = read_phrase(text.trim(), &reading).map_err(|error| error.on_field(name).context(name))?;
        to_span(when)
            .or_else(|| first_day(when).map(|day| (day, day)))
            .ok_or_else(|| Error::invalid(name, format!("{name}: {text:?} is no day")))
    };
    let (first, last) = match input {
        Input::Map(_) => {
            let end = |part: &str| {
                let text = input.part(part).and_then(Input::as_text).unwrap_or_default();
                span(text)
            };
            (end("from")?.0, end("to")?.1)
        }
        Input::Text(text) => {
            let ends = BETWEEN.iter().find_map(|sign| {
                let (from, to) = text.split_once(sign)?;
                // `1/2/2026` is one day, if it is any.
                (*sign != "/" || !to.contains('/')).then_some((from, to))
            });
            match ends {
                Some((from, to)) => (span(from)?.0, span(to)?.1),
                None => span(text)?,
            }
        }
        _ => return Err(Error::invalid(name, format!("{name} takes one range of days"))),
    };
    if first > last {
        return Err(Error::invalid(
            name,
            format!("{name}: {first} comes after {last}"),
        ));
    }
    Ok(Value::Days(first, last))
}

/// Refuses a value outside of the limits of its field.
fn within(tx: &WriteTx<'_>, field: &CustomField, value: &Value) -> Result<()> {
    if value.is_empty() {
        return Ok(());
    }
    let name = name_of(field);
    let shown = |value: &Value| cell(value);
    for (text, wrong, words) in [
        (&field.min, Ordering::Less, ("less than", "shorter than")),
        (&field.max, Ordering::Greater, ("more than", "longer than")),
    ] {
        let Some(limit) = limit(tx, field, text)? else {
            continue;
        };
        let (order, message) = match (custom::limit(&field.word), &limit, value) {
            (Limit::Letters, Value::Int(most), Value::Text(text)) => {
                let letters = i64::try_from(text.chars().count()).unwrap_or(i64::MAX);
                (
                    Some(letters.cmp(most)),
                    format!("{name}: {} letters are {} {most}", letters, words.1),
                )
            }
            _ => (
                order(value, &limit, wrong),
                format!("{name}: {} is {} {}", shown(value), words.0, shown(&limit)),
            ),
        };
        if order == Some(wrong) {
            return Err(Error::invalid(&name, message));
        }
    }
    Ok(())
}

/// How a value stands to a limit; of a range of days the end that the limit is about. None for amounts in two currencies.
fn order(value: &Value, limit: &Value, wrong: Ordering) -> Option<Ordering> {
    match (value, limit) {
        (Value::Int(value), Value::Int(limit))
        | (Value::Decimal(value), Value::Decimal(limit))
        | (Value::Percent(value), Value::Percent(limit))
        | (Value::Seconds(value), Value::Seconds(limit)) => Some(value.cmp(limit)),
        (Value::Money(value), Value::Money(limit)) if value.currency == limit.currency => {
            Some(value.minor.cmp(&limit.minor))
        }
        (Value::Date(value), Value::Date(limit)) => Some(value.cmp(limit)),
        (Value::Instant(value), Value::Instant(limit)) => Some(value.cmp(limit)),
        (Value::Text(value), Value::Text(limit)) => Some(value.cmp(limit)),
        (Value::Days(first, last), Value::Days(low, high)) => Some(match wrong {
            Ordering::Less => first.cmp(low),
            _ => last.cmp(high),
        }),
        _ => None,
    }
}

/// A limit as a value of its field; a number of letters for texts. None if there is none.
fn limit(tx: &WriteTx<'_>, field: &CustomField, text: &str) -> Result<Option<Value>> {
    if text.is_empty() {
        return Ok(None);
    }
    match custom::limit(&field.word) {
        Limit::None => Ok(None),
        Limit::Letters => Ok(text.parse().ok().map(Value::Int)),
        Limit::Value => read(tx, field, &Input::text(text), &Policy::strict()),
    }
}

/// Refuses a definition whose parts do not go together.
///
/// # Errors
///
/// `Invalid` with the part.
pub(crate) fn check_definition(tx: &WriteTx<'_>, field: &CustomField) -> Result<()> {
    let word = &field.word;
    let has = |part: &'static str, text: &str| (!text.is_empty()).then_some(part);
    if custom::limit(word) == Limit::None
        && let Some(part) = has("min", &field.min).or(has("max", &field.max))
    {
        return Err(Error::invalid(part, format!("{part}: a {word} has no limits")));
    }
    let mut limits = Vec::new();
    for (part, text) in [("min", &field.min), ("max", &field.max)] {
        if text.is_empty() {
            continue;
        }
        let refuse = |reason: &str| Error::invalid(part, format!("{part}: {reason}"));
        match limit(tx, field, text) {
            Ok(Some(value)) => limits.push(value),
            Ok(None) => return Err(refuse(&format!("{text:?} is not a number of letters"))),
            Err(error) => return Err(refuse(error.message())),
        }
    }
    if let [low, high] = limits.as_slice()
        && order(low, high, Ordering::Less) == Some(Ordering::Greater)
    {
        return Err(Error::invalid("max", "max: it is less than the least"));
    }
    if field.unique && custom::never_unique(word) {
        return Err(Error::invalid(
            "unique",
            format!("unique: two records may well have the same {word}"),
        ));
    }
    if word == "auto_number" && !field.default.is_empty() {
        return Err(Error::invalid(
            "default",
            "default: an auto_number counts by itself",
        ));
    }
    if field.unique && !field.default.is_empty() {
        let message = "default: only one record could have it, because it is unique";
        return Err(Error::invalid("default", message));
    }
    if !field.default.is_empty() {
        value(tx, field, &Input::text(&field.default), &Policy::strict())
            .map_err(|error| Error::invalid("default", format!("default: {}", error.message())))?;
    }
    if field.unique
        && let Some((one, other)) = values::doubled(tx, field)?
    {
        let message = format!("unique: two {} have the same {}", field.noun.plural(), field.key);
        let error = Error::new(Kind::Duplicate, message).on_field("unique");
        return Err(error.with_candidates(refer::described(tx, field.noun, &[one, other])?));
    }
    Ok(())
}

/// The value that a new record gets where nobody gave one; none if it gets none.
pub(crate) fn filled(tx: &WriteTx<'_>, field: &CustomField) -> Result<Option<Value>> {
    if field.word == "auto_number" {
        return Ok(Some(Value::Int(values::last_number(tx, field)? + 1)));
    }
    if field.default.is_empty() {
        return Ok(None);
    }
    value(tx, field, &Input::text(&field.default), &Policy::strict())
        .map_err(|error| error.context("the default"))
}

/// Refuses a value that a record may not get: nothing where something is required, what another has, another number.
pub(crate) fn fits(tx: &ReadTx<'_>, record: Id, field: &CustomField, value: &Value) -> Result<()> {
    let name = name_of(field);
    if value.is_empty() {
        return match field.required && values::has(tx, record, field)? {
            true => Err(Error::invalid(&name, format!("{name} is required"))),
            false => Ok(()),
        };
    }
    let counts = field.word == "auto_number";
    if counts && values::has(tx, record, field)? && !values::holds(tx, record, field, value)? {
        return Err(Error::invalid(&name, format!("{name} is kept by the program")));
    }
    if (field.unique || counts)
        && let Some(holder) = values::holder(tx, field, value, record)?
    {
        return Err(taken(tx, field, value, holder)?);
    }
    Ok(())
}

/// Says that another record has a value that only one may have.
fn taken(tx: &ReadTx<'_>, field: &CustomField, value: &Value, holder: Id) -> Result<Error> {
    let name = name_of(field);
    let message = format!("{name}: another {} has {:?}", field.noun, cell(value));
    let error = Error::new(Kind::Duplicate, message).on_field(&name);
    Ok(error.with_candidates(refer::described(tx, field.noun, &[holder])?))
}

/// Refuses to bring back a record that has a value which another has meanwhile and only one may have.
pub(crate) fn still_unique(tx: &ReadTx<'_>, noun: Noun, record: Id) -> Result<()> {
    for field in fields::customs(tx, noun)? {
        if !field.unique && field.word != "auto_number" {
            continue;
        }
        if let Some(holder) = values::double_of(tx, record, &field)? {
            let message = format!(
                "cannot restore: another {noun} has the same {} now, which is unique",
                name_of(&field)
            );
            let error = Error::new(Kind::Duplicate, message).on_field(name_of(&field));
            return Err(error.with_candidates(refer::described(tx, noun, &[holder])?));
        }
    }
    Ok(())
}
