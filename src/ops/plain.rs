//! Records that are no more than their fields: users, teams, products, tags, custom fields.

use crate::domain::field;
use crate::domain::id::Id;
use crate::domain::input::Assignment;
use crate::domain::noun::Noun;
use crate::domain::value::Value;
use crate::error::{Error, Kind, Result};
use crate::ops::draft::{Draft, Lists, texts};
use crate::ops::typed::Policy;
use crate::ops::{Outcome, pipeline, refer};
use crate::store::fields::{self, ANY_LANGUAGE};
use crate::store::rows::{self, Identity};
use crate::store::{ReadTx, WriteTx, links};

/// Adds a record of `noun`.
///
/// # Errors
///
/// `Duplicate` if the name, the key or the code is taken; `Invalid` for a value or without a name.
pub fn add(tx: &WriteTx<'_>, noun: Noun, assignments: &[Assignment], policy: &Policy) -> Result<Outcome> {
    add_as(tx, noun, Identity::default(), assignments, policy)
}

/// Adds a record of `noun` with a restored identity.
pub fn add_as(
    tx: &WriteTx<'_>,
    noun: Noun,
    identity: Identity,
    assignments: &[Assignment],
    policy: &Policy,
) -> Result<Outcome> {
    let mut draft = read(tx, noun, assignments, policy)?;
    let naming = naming(noun);
    if draft.text(naming).is_none() {
        return Err(Error::invalid(naming, format!("a {noun} needs a {naming}")));
    }
    let mut extra = Vec::new();
    if noun == Noun::Field {
        draft.fallback(noun, "type", Value::Text("text".to_owned()));
        if draft.text("noun").is_none() {
            return Err(Error::invalid("noun", "a field needs the noun whose records have it"));
        }
        extra.push(("position", fields::next_position(tx)?.into()));
    }
    refuse_taken(tx, noun, &draft, None)?;
    if identity.id.is_none() {
        // A restored record may be older than the wish.
        draft.require_custom(tx, noun)?;
    }
    let id = rows::add(tx, noun, identity, &draft.plain, extra)?;
    write(tx, noun, id, &draft, Lists::Replace)?;
    tx.describe(format!("Added {noun} {}", label(tx, noun, id)?));
    Ok(Outcome {
        id,
        created: true,
        changed: true,
    })
}

/// Changes a record of `noun`.
///
/// # Errors
///
/// `Duplicate` if the name, the key or the code is taken; `Invalid` for a value.
pub fn edit(
    tx: &WriteTx<'_>,
    noun: Noun,
    id: Id,
    assignments: &[Assignment],
    how: Lists,
    policy: &Policy,
) -> Result<Outcome> {
    let draft = read(tx, noun, assignments, policy)?;
    let naming = naming(noun);
    if draft.get(naming).is_some() && draft.text(naming).is_none() {
        return Err(Error::invalid(naming, format!("a {noun} needs a {naming}")));
    }
    for link in ["manager", "team"] {
        if let Some(Value::Link(other)) = draft.get(link)
            && other.id == id
        {
            return Err(Error::invalid(link, format!("{link}: nobody is their own {link}")));
        }
    }
    refuse_taken(tx, noun, &draft, Some(id))?;
    let changes = tx.changes();
    rows::set(tx, noun, id, &draft.plain)?;
    write(tx, noun, id, &draft, how)?;
    let changed = tx.changes() != changes;
    if changed {
        tx.describe(format!("Changed {noun} {}", label(tx, noun, id)?));
    }
    Ok(Outcome {
        id,
        created: false,
        changed,
    })
}

/// The ref and the name, or the name alone where it is the key.
pub fn label(tx: &ReadTx<'_>, noun: Noun, id: Id) -> Result<String> {
    let link = links::link(tx, noun, id)?;
    Ok(match link {
        Some(link) if noun.prefix().is_some() => format!("{} {}", link.reference(), link.name),
        Some(link) => link.name,
        None => String::new(),
    })
}

/// The field by which people name a record.
fn naming(noun: Noun) -> &'static str {
    match noun {
        Noun::Field => "key",
        _ => "name",
    }
}

fn read(tx: &WriteTx<'_>, noun: Noun, assignments: &[Assignment], policy: &Policy) -> Result<Draft> {
    let mut draft = Draft::read(tx, noun, assignments, policy)?;
    if noun == Noun::Field
        && let Some(key) = draft.text("key")
        && let Some(field) = field::find(noun, "key")
    {
        let key = pipeline::key_of("key", key)?;
        draft.set(field, Value::Text(key));
    }
    Ok(draft)
}

/// Refuses a name, key or code that another record has.
fn refuse_taken(tx: &ReadTx<'_>, noun: Noun, draft: &Draft, except: Option<Id>) -> Result<()> {
    let (name, holder) = match (noun, draft.text(naming(noun)), draft.text("sku")) {
        (Noun::Product, _, Some(sku)) => ("sku", links::by_sku(tx, sku)?),
        (Noun::Product, ..) | (_, None, _) => return Ok(()),
        (Noun::Field, Some(key), _) => match draft.text("noun").and_then(Noun::parse) {
            Some(of) => ("key", fields::custom(tx, of, key)?.map(|field| field.id)),
            None => return Ok(()),
        },
        (_, Some(name), _) => ("name", links::by_key(tx, noun, name)?),
    };
    match holder.filter(|id| Some(*id) != except) {
        None => Ok(()),
        Some(id) => Err(
            Error::new(Kind::Duplicate, format!("there is such a {noun} already"))
                .on_field(name)
                .with_candidates(refer::described(tx, noun, &[id])?),
        ),
    }
}

fn write(tx: &WriteTx<'_>, noun: Noun, id: Id, draft: &Draft, how: Lists) -> Result<()> {
    if noun == Noun::Field {
        write_field(tx, id, draft)?;
    }
    draft.write_common(tx, noun, id, how)?;
    Ok(())
}

/// What people see of a custom field, and the choices of a select.
fn write_field(tx: &WriteTx<'_>, id: Id, draft: &Draft) -> Result<()> {
    if let Some(label) = pipeline::label_text(draft)? {
        let label = label.unwrap_or_default();
        if !fields::labels(tx, id)?.contains(&label) {
            pipeline::relabel(tx, id, &label)?;
        }
    }
    let Some((_, input)) = draft.specials("options").last() else {
        return Ok(());
    };
    let Some(field) = fields::by_id(tx, id)? else {
        return Ok(());
    };
    let known = fields::choices(tx, &field.list())?;
    for text in texts("options", input)? {
        let key = pipeline::key_of("options", &text)?;
        if known.iter().any(|choice| choice.key == key) {
            continue;
        }
        let choice = fields::add_choice(tx, &field.list(), &key)?;
        if key != text {
            fields::set_label(tx, choice, ANY_LANGUAGE, &text)?;
        }
    }
    Ok(())
}
