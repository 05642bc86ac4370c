//! What a value can feed: the fields of a noun, and what is put together from several columns.

use crate::domain::field::{self, Access, FieldType};
use crate::domain::near::near;
use crate::domain::noun::Noun;
use crate::error::{Error, Result};
use crate::ops::import::entry::{DEAD_CELL, OPT_OUT_CELL, note_field};
use crate::ops::import::mapping::is_many;

use super::Rule;

/// The parts of an address, in the order in which its street is put together.
pub(super) const ADDRESS: &[&str] = &[
    "street",
    "extended",
    "po_box",
    "formatted",
    "city",
    "region",
    "postal_code",
    "country",
    "label",
];

/// The parts of a name, in their order.
pub(super) const NAME: &[&str] = &["prefix", "given_name", "middle_name", "family_name", "suffix"];

/// What a value feeds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Feeds {
    /// An identity in the system of the file.
    Id,
    /// A part of the name, by its place in [`NAME`].
    Name(usize),
    /// A part of an address: its group, and the place in [`ADDRESS`].
    Address(String, usize),
    /// Something of all addresses of the row, by the cell that says what, and the channel: the wish not to be written to
    /// or called, or that they do not work.
    Reach(&'static str, &'static str),
    /// A line of the note.
    Line,
    /// The pipeline or the stage of a deal.
    Place(String),
    /// A field that takes several values, with its label.
    Many(String),
    /// A field that takes one.
    One(String, FieldType),
}

/// What a rule feeds; its field is known.
pub(super) fn feeds(noun: Noun, rule: &Rule) -> Feeds {
    let name = rule.field.as_str();
    if name == "id" {
        return Feeds::Id;
    }
    if noun == Noun::Customer {
        if let Some(at) = NAME.iter().position(|part| *part == name) {
            return Feeds::Name(at);
        }
        if let Some(place) = address(name) {
            return place;
        }
        if let Some((cell, channel)) = reach(name) {
            return Feeds::Reach(cell, channel);
        }
    }
    if note_field(noun) == Some(name) && (!rule.label.is_empty() || rule.title.is_some() || rule.redundant) {
        return Feeds::Line;
    }
    match name {
        "closes_on" | "stage_since" if noun == Noun::Deal => {
            return Feeds::One(name.to_owned(), FieldType::Date);
        }
        "stage" | "pipeline" if noun == Noun::Deal => return Feeds::Place(name.to_owned()),
        _ => {}
    }
    let head = name.split_once('.').map_or(name, |(head, _)| head);
    match field::find(noun, name).or_else(|| field::find(noun, head).filter(|field| is_many(field.kind))) {
        Some(found) if is_many(found.kind) => Feeds::Many(match name.split_once('.') {
            Some((_, part)) if !matches!(found.kind, FieldType::Tags) => format!("{}.{part}", found.name),
            _ => found.name.to_owned(),
        }),
        Some(found) => Feeds::One(found.name.to_owned(), found.kind),
        // A custom field, or the currency of an amount.
        None => Feeds::One(name.to_owned(), FieldType::Text),
    }
}

/// What a field says of all addresses of a row: the cell, and the channel.
pub(super) fn reach(name: &str) -> Option<(&'static str, &'static str)> {
    match name {
        "email_opt_out" => Some((OPT_OUT_CELL, "email")),
        "phone_opt_out" => Some((OPT_OUT_CELL, "phone")),
        "email_invalid" => Some((DEAD_CELL, "email")),
        "phone_invalid" => Some((DEAD_CELL, "phone")),
        _ => None,
    }
}

fn address(name: &str) -> Option<Feeds> {
    let (group, part) = name.strip_prefix("addresses.")?.rsplit_once('.')?;
    let at = ADDRESS.iter().position(|known| *known == part)?;
    Some(Feeds::Address(group.to_owned(), at))
}

/// Refuses what is no field of `noun` that a column can feed.
pub(super) fn known_field(noun: Noun, name: &str) -> Result<()> {
    let customer =
        noun == Noun::Customer && (NAME.contains(&name) || address(name).is_some() || reach(name).is_some());
    let day = noun == Noun::Deal && matches!(name, "closes_on" | "stage_since");
    let kept = matches!(name, "created_at" | "id" | "currency") || name.ends_with("_currency");
    if customer || day || kept {
        return Ok(());
    }
    if name.strip_prefix("fields.").is_some_and(|key| !key.is_empty()) {
        return Ok(());
    }
    let found = field::find(noun, name).or_else(|| {
        let (head, _) = name.split_once('.')?;
        field::find(noun, head).filter(|field| is_many(field.kind))
    });
    if found.is_some_and(|field| field.access == Access::Write) {
        return Ok(());
    }
    let names = field::fields(noun)
        .iter()
        .filter(|field| field.access == Access::Write)
        .map(|field| field.name);
    let names = names.chain(NAME.iter().copied().filter(|_| noun == Noun::Customer));
    Err(Error::usage(format!("{noun} has no field {name:?} to write")).with_near(near(name, names)))
}
