//! Merging customers who are one and the same: nothing is lost, nothing is linked twice, and it can be undone.
//!
//! The winner keeps what it has, and gets what it lacks from the losers in the order in which they are named. Who wants
//! another value says so by a [`Choice`].

use crate::domain::customer as rules;
use crate::domain::field::{self, Access, Field};
use crate::domain::id::Id;
use crate::domain::noun::Noun;
use crate::domain::value::{Link, Value};
use crate::error::{Error, Result};
use crate::ops::Outcome;
use crate::ops::customer::label;
use crate::store::merge::{self, Postal, Standing};
use crate::store::records::{self, Selected};
use crate::store::rows::{self, Set};
use crate::store::{ReadTx, WriteTx, columns, fields, links};

/// Whose value of a field the survivor is to have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// The field by its canonical name; `address` stands for the whole main address, `fields.KEY` for a custom field.
    pub field: String,
    /// The customer, one of those that are merged.
    pub from: Id,
}

/// How a merge is to go.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Choices {
    /// Values that are not the usual ones.
    pub fields: Vec<Choice>,
    /// Merges also customers with different tax ids.
    pub force: bool,
}

/// The parts of the main address, which is taken as a whole.
const ADDRESS: [&str; 5] = ["address", "city", "region", "postal_code", "country"];

/// Merges `losers` into `winner`.
///
/// Blanks of the winner are filled; notes are joined; addresses, labels and external ids are united; an opt-out of any
/// of them stands; the furthest lifecycle and the earliest date of creation hold. Whatever named a loser names the
/// winner then. The losers go into the trash and lead to the winner.
///
/// # Errors
///
/// `Invalid` for a person and a company, for different tax ids without force, for what is in the trash; `Usage` for a
/// choice that makes no sense; `NotFound` for a customer out of scope.
pub fn merge(tx: &WriteTx<'_>, winner: Id, losers: &[Id], choices: &Choices) -> Result<Outcome> {
    let mut all = vec![One::read(tx, winner)?];
    for loser in losers {
        if all.iter().any(|known| known.id == *loser) {
            return Err(Error::usage(format!("{} is named twice", refer_to(tx, *loser)?)));
        }
        all.push(One::read(tx, *loser)?);
    }
    let Some((first, rest)) = all.split_first().filter(|(_, rest)| !rest.is_empty()) else {
        return Err(Error::usage("a merge needs two customers at least"));
    };
    refuse_unlike(tx, first, rest, choices.force)?;
    let title = match rest {
        [one] => label(tx, one.id)?,
        several => format!("{} customers", several.len()),
    };
    let wanted = Wanted::read(tx, &all, choices)?;
    rows::set(tx, Noun::Customer, winner, &wanted.sets(tx, &all)?)?;
    wanted.keep_addresses(tx, winner, &all)?;
    wanted.take_customs(tx, winner)?;
    if let Some(oldest) = all.iter().min_by_key(|one| one.standing.created_at) {
        let standing = &oldest.standing;
        merge::set_birth(tx, winner, standing.created_at, standing.created_by)?;
    }
    for loser in rest {
        merge::absorb(tx, winner, loser.id)?;
    }
    tx.describe(format!("Merged {title} into {}", label(tx, winner)?));
    Ok(Outcome {
        id: winner,
        created: false,
        changed: true,
    })
}

/// One of the customers that are merged, as it is before.
struct One {
    id: Id,
    standing: Standing,
    values: Vec<Set>,
}

impl One {
    fn read(tx: &ReadTx<'_>, id: Id) -> Result<One> {
        let fields: Vec<&'static Field> = field::fields(Noun::Customer)
            .iter()
            .filter(|field| field.access == Access::Write)
            .filter(|field| !columns::source(Noun::Customer, field).write.is_empty())
            .collect();
        let selected: Vec<Selected> = fields.iter().map(|field| Selected::field(field)).collect();
        let missing = || Error::not_found(Noun::Customer, &id.uid());
        let values = records::get(tx, Noun::Customer, id, &selected)?.ok_or_else(missing)?;
        let standing = merge::standing(tx, id)?.ok_or_else(missing)?;
        Ok(One {
            id,
            standing,
            values: fields.into_iter().zip(values).collect(),
        })
    }

    fn value(&self, name: &str) -> &Value {
        self.values
            .iter()
            .find(|(field, _)| field.name == name)
            .map_or(&Value::Null, |(_, value)| value)
    }

    fn text(&self, name: &str) -> &str {
        match self.value(name) {
            Value::Text(text) => text,
            _ => "",
        }
    }

    fn postal(&self) -> Postal {
        ADDRESS.map(|name| self.text(name).to_owned())
    }
}

fn refer_to(tx: &ReadTx<'_>, id: Id) -> Result<String> {
    let link = links::link(tx, Noun::Customer, id)?;
    Ok(link.map_or_else(|| id.uid(), |link| link.reference().to_string()))
}

fn refuse_unlike(tx: &ReadTx<'_>, winner: &One, losers: &[One], force: bool) -> Result<()> {
    for one in std::iter::once(winner).chain(losers) {
        if one.standing.is_trashed {
            let who = refer_to(tx, one.id)?;
            return Err(Error::invalid("deleted_at", format!("{who} is in the trash")));
        }
    }
    for loser in losers {
        let (ours, theirs) = (refer_to(tx, winner.id)?, refer_to(tx, loser.id)?);
        if loser.standing.kind != winner.standing.kind {
            let (our_kind, their_kind) = (&winner.standing.kind, &loser.standing.kind);
            return Err(Error::invalid(
                "type",
                format!("{ours} is a {our_kind}, {theirs} is a {their_kind}"),
            ));
        }
    }
    let mut known: Option<&One> = None;
    for one in std::iter::once(winner).chain(losers) {
        let tax_id = one.text("tax_id");
        match known {
            _ if tax_id.is_empty() => {}
            None => known = Some(one),
            Some(other) if other.text("tax_id") != tax_id && !force => {
                let (ours, theirs) = (refer_to(tx, other.id)?, refer_to(tx, one.id)?);
                let first = other.text("tax_id");
                return Err(Error::invalid(
                    "tax_id",
                    format!("{ours} has the tax id {first:?}, {theirs} has {tax_id:?}"),
                ));
            }
            Some(_) => {}
        }
    }
    Ok(())
}

/// The choices, checked.
struct Wanted {
    plain: Vec<(&'static Field, Id)>,
    customs: Vec<(Id, Id)>,
    postal: Postal,
}

impl Wanted {
    fn read(tx: &ReadTx<'_>, all: &[One], choices: &Choices) -> Result<Wanted> {
        let mut plain = Vec::new();
        let mut customs = Vec::new();
        for Choice { field: name, from } in &choices.fields {
            if !all.iter().any(|one| one.id == *from) {
                let who = refer_to(tx, *from)?;
                return Err(Error::usage(format!(
                    "{who} is none of the customers that are merged"
                )));
            }
            if let Some(key) = name.strip_prefix("fields.") {
                let custom = fields::custom(tx, Noun::Customer, key)?;
                let custom =
                    custom.ok_or_else(|| Error::usage(format!("customer has no custom field {key:?}")))?;
                customs.push((custom.id, *from));
                continue;
            }
            let field = field::find(Noun::Customer, name)
                .filter(|field| {
                    all.iter()
                        .any(|one| one.values.iter().any(|(known, _)| known.name == field.name))
                })
                .ok_or_else(|| Error::usage(format!("{name:?} is no field to choose")))?;
            plain.push((field, *from));
        }
        let mut wanted = Wanted {
            plain,
            customs,
            postal: Postal::default(),
        };
        wanted.postal = wanted.main_address(all);
        Ok(wanted)
    }

    fn chosen<'a>(&self, name: &str, all: &'a [One]) -> Option<&'a One> {
        let (_, from) = self.plain.iter().rev().find(|(field, _)| field.name == name)?;
        all.iter().find(|one| one.id == *from)
    }

    /// The main address as a whole: the chosen one, else the winner's, else the fullest.
    fn main_address(&self, all: &[One]) -> Postal {
        let filled = |one: &One| one.postal().iter().filter(|part| !part.is_empty()).count();
        let chosen = ADDRESS.iter().find_map(|name| self.chosen(name, all));
        let own = all.first().filter(|winner| filled(winner) > 0);
        // Among equals the first: `max_by_key` takes the last.
        let fullest = || all.iter().rev().max_by_key(|one| filled(one));
        chosen
            .or(own)
            .or_else(fullest)
            .map(One::postal)
            .unwrap_or_default()
    }

    /// The fields of the survivor.
    fn sets(&self, tx: &ReadTx<'_>, all: &[One]) -> Result<Vec<Set>> {
        let mut sets: Vec<Set> = Vec::new();
        for field in all
            .first()
            .into_iter()
            .flat_map(|winner| winner.values.iter().map(|(field, _)| *field))
        {
            let value = match field.name {
                "type" => continue,
                name if ADDRESS.contains(&name) => self.address_part(name),
                "note" => self.note(all),
                "do_not_contact" => {
                    Value::Bool(all.iter().any(|one| *one.value(field.name) == Value::Bool(true)))
                }
                "lifecycle" => self.lifecycle(all),
                "owner" => self.owner(tx, all)?,
                "parent" => self.parent(all),
                name => match self.chosen(name, all) {
                    Some(one) => one.value(name).clone(),
                    None => first_known(all, name),
                },
            };
            debug_assert!(!matches!(value, Value::List(_)), "{} holds one value", field.name);
            sets.push((field, value));
        }
        Ok(sets)
    }

    fn address_part(&self, name: &str) -> Value {
        let part = ADDRESS.iter().zip(&self.postal).find(|(part, _)| **part == name);
        part.map_or(Value::Null, |(_, text)| Value::text(text.clone()))
    }

    /// All notes, each once, unless one is chosen.
    fn note(&self, all: &[One]) -> Value {
        if let Some(one) = self.chosen("note", all) {
            return one.value("note").clone();
        }
        let mut notes: Vec<&str> = Vec::new();
        for note in all
            .iter()
            .map(|one| one.text("note"))
            .filter(|note| !note.is_empty())
        {
            if !notes.contains(&note) {
                notes.push(note);
            }
        }
        Value::text(notes.join("\n\n"))
    }

    /// The furthest one, unless one is chosen.
    fn lifecycle(&self, all: &[One]) -> Value {
        let furthest = || {
            let rank = |one: &&One| rules::lifecycle_rank(one.text("lifecycle"));
            all.iter().rev().max_by_key(rank)
        };
        let one = self.chosen("lifecycle", all).or_else(furthest);
        one.map_or(Value::Null, |one| one.value("lifecycle").clone())
    }

    fn owner(&self, tx: &ReadTx<'_>, all: &[One]) -> Result<Value> {
        let owner = match self.chosen("owner", all) {
            Some(one) => one.standing.owner,
            None => all.iter().find_map(|one| one.standing.owner),
        };
        let Some(id) = owner else { return Ok(Value::Null) };
        let link = links::link(tx, Noun::User, id)?;
        Ok(link.map_or(Value::Null, Value::Link))
    }

    /// The parent, which must be none of those that become one company.
    fn parent(&self, all: &[One]) -> Value {
        let outside = |one: &One| match one.value("parent") {
            Value::Link(Link { id, .. }) if all.iter().any(|one| one.id == *id) => None,
            Value::Link(link) => Some(Value::Link(link.clone())),
            _ => None,
        };
        let parent = match self.chosen("parent", all) {
            Some(one) => outside(one),
            None => all.iter().find_map(outside),
        };
        parent.unwrap_or(Value::Null)
    }

    /// Keeps every main address that is not the survivor's beside it.
    fn keep_addresses(&self, tx: &WriteTx<'_>, winner: Id, all: &[One]) -> Result<()> {
        for postal in all.iter().map(One::postal) {
            if postal != self.postal && postal.iter().any(|part| !part.is_empty()) {
                merge::add_postal_address(tx, winner, &postal)?;
            }
        }
        Ok(())
    }

    /// Takes over the values of custom fields that are chosen from losers.
    fn take_customs(&self, tx: &WriteTx<'_>, winner: Id) -> Result<()> {
        for (field, from) in self.customs.iter().filter(|(_, from)| *from != winner) {
            merge::take_custom_value(tx, winner, *from, *field)?;
        }
        Ok(())
    }
}

/// The first value that is known, the winner's if it has one.
fn first_known(all: &[One], name: &str) -> Value {
    let known = all
        .iter()
        .map(|one| one.value(name))
        .find(|value| !value.is_empty());
    known.cloned().unwrap_or(Value::Null)
}
