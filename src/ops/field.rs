//! What can be done with the definition of a custom field: add, edit.

use crate::domain::custom::TYPES;
use crate::domain::id::Id;
use crate::domain::input::Assignment;
use crate::domain::noun::Noun;
use crate::domain::value::Value;
use crate::error::{Error, Kind, Result};
use crate::ops::Outcome;
use crate::ops::draft::{Draft, Lists, texts};
use crate::ops::pipeline::{key_of, label_text, relabel};
use crate::ops::refer;
use crate::ops::typed::Policy;
use crate::store::fields::{self, CustomField};
use crate::store::rows::{self, Identity};
use crate::store::{ReadTx, WriteTx};

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
    let label = label_text(&draft)?.flatten();
    let position = fields::next_position(tx, noun)?;
    let id = rows::add(
        tx,
        Noun::Field,
        identity,
        &draft.plain,
        vec![("position", position.into())],
    )?;
    if let Some(label) = label {
        fields::set_label(tx, id, fields::ANY_LANGUAGE, &label)?;
    }
    set_options(tx, id, &list(noun, &key), &options.unwrap_or_default())?;
    tx.describe(format!("Added field {noun}.{key}"));
    Ok(Outcome {
        id,
        created: true,
        changed: true,
    })
}

/// Changes a custom field. Noun and key are for good, because filters and files name them; the type can change as
/// long as no record has a value; options that are given take the place of the old ones.
///
/// # Errors
///
/// `Invalid` for what cannot change, or for an option that is taken away while records have it.
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
    let old = fields::type_word(tx, id)?;
    let kind = draft.text("type").unwrap_or(&old).to_owned();
    if kind != old && fields::is_used(tx, id, None)? {
        let message = format!("type: records have a {old} in {} already", known.key);
        return Err(Error::invalid("type", message));
    }
    draft.plain.retain(|(field, _)| field.name == "required");
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
        let key = key_of("options", &option)?;
        if !wanted.contains(&option) && !wanted.contains(&key) {
            wanted.push(option);
        }
    }
    if !is_select(&kind) && is_select(&old) {
        wanted.clear();
    }
    check_options(&kind, &wanted)?;
    let label = label_text(&draft)?;

    let changes = tx.changes();
    rows::set(tx, Noun::Field, id, &draft.plain)?;
    if let Some(label) = label {
        relabel(tx, id, label.as_deref().unwrap_or_default())?;
    }
    set_options(tx, id, &known.list(), &wanted)?;
    let changed = tx.changes() != changes;
    if changed {
        tx.describe(format!("Changed field {}.{}", known.noun, known.key));
    }
    Ok(Outcome {
        id,
        created: false,
        changed,
    })
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
    for (_, input) in draft.specials("options") {
        given.get_or_insert_default().extend(texts("options", input)?);
    }
    Ok(given)
}

/// Makes the picklist of a field exactly this, in this order.
fn set_options(tx: &WriteTx<'_>, field: Id, list: &str, wanted: &[String]) -> Result<()> {
    let mut keys = Vec::with_capacity(wanted.len());
    let known: Vec<String> = fields::choices(tx, list)?
        .into_iter()
        .map(|choice| choice.key)
        .collect();
    for option in wanted {
        // A key that is there may have been made by an import, by other rules.
        let key = match known.contains(option) {
            true => option.clone(),
            false => key_of("options", option)?,
        };
        if keys.contains(&key) {
            continue;
        }
        if !known.contains(&key) {
            let id = fields::add_choice(tx, list, &key)?;
            if key != *option {
                fields::set_label(tx, id, fields::ANY_LANGUAGE, option)?;
            }
        }
        keys.push(key);
    }
    for gone in known.iter().filter(|key| !keys.contains(key)) {
        if fields::is_used(tx, field, Some(gone))? {
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
