//! What can be done with the definition of a custom field: add, edit.

use crate::domain::actor::Via;
use crate::domain::custom::TYPES;
use crate::domain::id::Id;
use crate::domain::input::{Assignment, Input};
use crate::domain::noun::Noun;
use crate::domain::value::Value;
use crate::error::{Error, Kind, Result};
use crate::ops::Outcome;
use crate::ops::draft::{Draft, Lists, texts};
use crate::ops::pipeline::key_of;
use crate::ops::typed::{self, Policy};
use crate::ops::{custom, refer};
use crate::store::fields::{self, CustomField};
use crate::store::rows::{self, Identity};
use crate::store::{ReadTx, WriteTx, values};

/// Adds a custom field; without a type it holds text.
///
/// # Errors
///
/// `Duplicate` if the noun has a field of that key; `Invalid` for a key that is not `[a-z][a-z0-9_]*`, for a select
/// without options, or for options of something else.
pub fn add(tx: &WriteTx<'_>, assignments: &[Assignment], policy: &Policy) -> Result<Outcome> {
    add_as(tx, Identity::default(), assignments, policy)
}

/// Adds a custom field with a restored identity.
pub fn add_as(
    tx: &WriteTx<'_>,
    identity: Identity,
    assignments: &[Assignment],
    policy: &Policy,
) -> Result<Outcome> {
    let mut draft = Draft::read(tx, Noun::Field, assignments, policy)?;
    draft.plain.retain(|(_, value)| !value.is_empty());
    draft.fallback(Noun::Field, "type", Value::Text("text".to_owned()));
    let noun = draft
        .text("noun")
        .and_then(Noun::parse)
        .ok_or_else(|| Error::invalid("noun", "a custom field needs the noun whose records have it"))?;
    let key = draft.text("key").unwrap_or_default().to_owned();
    check_key(&key)?;
    if let Some(known) = fields::custom(tx, noun, &key)?.filter(|_| identity.is_live()) {
        let error = Error::new(
            Kind::Duplicate,
            format!("{noun} has a custom field {key} already"),
        );
        return Err(error
            .on_field("key")
            .with_candidates(refer::described(tx, Noun::Field, &[known.id])?));
    }
    let kind = draft.text("type").unwrap_or_default().to_owned();
    let options = options(&draft)?;
    check_options(&kind, options.as_deref().unwrap_or_default())?;
    let position = fields::next_position(tx, noun)?;
    let id = rows::add(
        tx,
        Noun::Field,
        identity,
        &draft.plain,
        vec![("position", position.into())],
    )?;
    set_options(tx, id, &list(noun, &key), &options.unwrap_or_default())?;
    label(tx, id, &list(noun, &key), &draft)?;
    // A restored one may lead to records that are not there yet.
    if identity.id.is_none() {
        check(tx, id)?;
    }
    tx.describe(format!("Added field {noun}.{key}"));
    Ok(Outcome::made(id))
}

/// Changes a custom field. Noun and key are for good, because filters and files name them; the type can change as
/// long as no record has a value; options that are given take the place of the old ones.
///
/// # Errors
///
/// `Invalid` for what cannot change, or for an option that is taken away while records have it; `Duplicate` if two
/// records have the same value of what is to be unique.
pub fn edit(
    tx: &WriteTx<'_>,
    id: Id,
    assignments: &[Assignment],
    how: Lists,
    policy: &Policy,
) -> Result<Outcome> {
    let mut draft = Draft::read(tx, Noun::Field, assignments, policy)?;
    let known = fields::custom_by_id(tx, id)?.ok_or_else(|| Error::not_found(Noun::Field, &id.uid()))?;
    for (name, own) in [("noun", known.noun.name()), ("key", known.key.as_str())] {
        if draft.get(name).is_some() && draft.text(name) != Some(own) {
            return Err(Error::invalid(
                name,
                format!("{name}: the {name} of a custom field cannot change"),
            ));
        }
    }
    let old = known.word.as_str();
    let kind = draft.text("type").unwrap_or(old).to_owned();
    if kind != old && values::is_used(tx, id, None)? {
        let message = format!("type: records have a {old} in {} already", known.key);
        return Err(Error::invalid("type", message));
    }
    draft
        .plain
        .retain(|(field, _)| !matches!(field.name, "noun" | "key" | "type"));
    draft.fallback(Noun::Field, "type", Value::Text(kind.clone()));
    let mut wanted: Vec<String> = Vec::new();
    let present: Vec<String> = fields::choices(tx, &known.list())?
        .into_iter()
        .map(|choice| choice.key)
        .collect();
    let given = options(&draft)?;
    if given.is_none() || how == Lists::Add {
        wanted.extend(present);
    }
    for option in given.into_iter().flatten() {
        let key = key_of("options", parts_of(&option).0)?;
        if !wanted.contains(&option) && !wanted.contains(&key) {
            wanted.push(option);
        }
    }
    if !is_select(&kind) && is_select(old) {
        wanted.clear();
    }
    check_options(&kind, &wanted)?;

    let changes = tx.changes();
    rows::set(tx, Noun::Field, id, &draft.plain)?;
    set_options(tx, id, &known.list(), &wanted)?;
    label(tx, id, &known.list(), &draft)?;
    let changed = tx.changes() != changes;
    if changed {
        if tx.caller().via != Via::Import {
            check(tx, id)?;
        }
        tx.describe(format!("Changed field {}.{}", known.noun, known.key));
    }
    Ok(Outcome::kept(id, changed))
}

/// Refuses a definition whose parts do not go together.
fn check(tx: &WriteTx<'_>, id: Id) -> Result<()> {
    match fields::custom_by_id(tx, id)? {
        Some(field) => custom::check_definition(tx, &field),
        None => Ok(()),
    }
}

/// Sets what people see: `label` in any language, `label.zh` in one; `options.zh` of the choices, in their order.
fn label(tx: &WriteTx<'_>, id: Id, list: &str, draft: &Draft) -> Result<()> {
    for (part, input) in draft.specials("label") {
        let text = match input {
            Input::Clear => String::new(),
            Input::Text(text) => typed::clean("label", text)?.trim().to_owned(),
            _ => return Err(Error::invalid("label", "label takes one value")),
        };
        set_label(tx, id, &language("label", part)?, &text)?;
    }
    for (part, input) in draft.specials("options").filter(|(part, _)| part.is_some()) {
        let language = language("options", part)?;
        let labels = texts("options", input)?;
        let known = fields::choices(tx, list)?;
        if labels.len() != known.len() {
            let message = format!("options: {} labels for {} choices", labels.len(), known.len());
            return Err(Error::invalid("options", message));
        }
        for (choice, text) in known.iter().zip(labels) {
            if let Some(option) = fields::choice_id(tx, list, &choice.key)? {
                set_label(tx, option, &language, &text)?;
            }
        }
    }
    Ok(())
}

fn set_label(tx: &WriteTx<'_>, record: Id, language: &str, text: &str) -> Result<()> {
    match text {
        "" => fields::clear_label(tx, record, language),
        text => fields::set_label(tx, record, language, text),
    }
}

/// The language after a point: `zh`, `en`, `pt-br`; `und` and none stand for any.
fn language(field: &str, part: Option<&str>) -> Result<String> {
    let Some(part) = part.filter(|part| *part != "und") else {
        return Ok(fields::ANY_LANGUAGE.to_owned());
    };
    let part = part.to_lowercase();
    let (head, tail) = part.split_once('-').unwrap_or((part.as_str(), ""));
    let letters = |text: &str| text.chars().all(|letter| letter.is_ascii_alphanumeric());
    if matches!(head.len(), 2 | 3) && letters(head) && letters(tail) {
        return Ok(part);
    }
    Err(Error::invalid(
        field,
        format!("{field}: {part:?} is no language, as zh or en is"),
    ))
}

/// The custom fields that `text` names: one by `deal.size`, one for each noun that has it by `size` alone.
pub(crate) fn candidates(tx: &ReadTx<'_>, text: &str) -> Result<Vec<CustomField>> {
    if let Some((noun, key)) = text.split_once('.')
        && let Some(noun) = Noun::parse(noun)
    {
        return Ok(fields::custom(tx, noun, key)?.into_iter().collect());
    }
    fields::customs_by_key(tx, text)
}

fn list(noun: Noun, key: &str) -> String {
    format!("{}.{key}", noun.name())
}

fn is_select(kind: &str) -> bool {
    matches!(kind, "select" | "multi_select")
}

fn check_key(key: &str) -> Result<()> {
    let mut letters = key.chars();
    let is_key = letters.next().is_some_and(|first| first.is_ascii_lowercase())
        && letters.all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_');
    if is_key {
        return Ok(());
    }
    Err(Error::invalid(
        "key",
        format!("key: {key:?} is not a lower-case letter followed by letters, digits and _"),
    ))
}

fn check_options(kind: &str, options: &[String]) -> Result<()> {
    debug_assert!(TYPES.contains(&kind));
    match (is_select(kind), options.is_empty()) {
        (true, true) => Err(Error::invalid(
            "options",
            format!("options: a {kind} needs something to choose from"),
        )),
        (false, false) => Err(Error::invalid(
            "options",
            format!("options: only a select has options, not a {kind}"),
        )),
        _ => Ok(()),
    }
}

/// The options that a draft gives; none if it gives none.
fn options(draft: &Draft) -> Result<Option<Vec<String>>> {
    let mut given: Option<Vec<String>> = None;
    for (_, input) in draft.specials("options").filter(|(part, _)| part.is_none()) {
        given.get_or_insert_default().extend(texts("options", input)?);
    }
    Ok(given)
}

/// The key and the label of an option that is written as `S:Small`; one that is written without is both.
fn parts_of(option: &str) -> (&str, Option<&str>) {
    match option.split_once([':', '：']) {
        Some((key, label)) if !key.trim().is_empty() && !label.trim().is_empty() => {
            (key.trim(), Some(label.trim()))
        }
        _ => (option, None),
    }
}

/// Makes the picklist of a field exactly this, in this order.
fn set_options(tx: &WriteTx<'_>, field: Id, list: &str, wanted: &[String]) -> Result<()> {
    let mut keys = Vec::with_capacity(wanted.len());
    let known: Vec<String> = fields::choices(tx, list)?
        .into_iter()
        .map(|choice| choice.key)
        .collect();
    for option in wanted {
        let (name, label) = parts_of(option);
        // A key that is there may have been made by an import, by other rules.
        let key = match (known.contains(option), known.iter().any(|key| key == name)) {
            (true, _) => option.clone(),
            (_, true) => name.to_owned(),
            _ => key_of("options", name)?,
        };
        if keys.contains(&key) {
            continue;
        }
        let is_new = !known.contains(&key);
        let id = match is_new {
            true => Some(fields::add_choice(tx, list, &key)?),
            false => fields::choice_id(tx, list, &key)?,
        };
        let label = label.or((is_new && key != *option).then_some(option));
        if let (Some(id), Some(label)) = (id, label) {
            fields::set_label(tx, id, fields::ANY_LANGUAGE, label)?;
        }
        keys.push(key);
    }
    for gone in known.iter().filter(|key| !keys.contains(key)) {
        if values::is_used(tx, field, Some(gone))? {
            let message = format!("options: records have {gone:?}, so it cannot go");
            return Err(Error::invalid("options", message));
        }
        fields::remove_choice(tx, list, gone)?;
    }
    for (position, key) in (1_i64..).zip(&keys) {
        fields::place_choice(tx, list, key, position)?;
    }
    Ok(())
}
