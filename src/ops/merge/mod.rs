//! Merging customers who are one and the same: nothing is lost, nothing is linked twice, and it can be undone.
//!
//! The winner keeps what it has, and gets what it lacks from the losers in the order in which they are named. Who wants
//! another value says so by a [`Choice`].

mod apart;
pub mod preview;
mod rule;

use std::collections::BTreeSet;

use crate::domain::field;
use crate::domain::id::Id;
use crate::domain::noun::Noun;
use crate::domain::value::Value;
use crate::error::{Error, Result};
use crate::ops::Outcome;
use crate::ops::customer::label;
use crate::ops::merge::rule::{ADDRESS, ADDRESS_FIELDS, Portion, Rule, fold, portions};
use crate::store::merge::{self, Postal, Standing};
use crate::store::{ReadTx, WriteTx, fields, links, rows};

pub use apart::{Apart, Reason, Stayed, merged_away, parts_of, unmerge};

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
    let plan = Plan::read(tx, winner, losers, choices)?;
    plan.refuse_unlike(tx, choices.force)?;
    let title = match losers {
        [one] => label(tx, *one)?,
        several => format!("{} customers", several.len()),
    };
    rows::set_columns(tx, Noun::Customer, winner, &plan.columns())?;
    plan.keep_addresses(tx, winner)?;
    plan.take_customs(tx, winner)?;
    for loser in losers {
        merge::absorb(tx, winner, *loser)?;
    }
    tx.describe(format!("Merged {title} into {}", label(tx, winner)?));
    Ok(Outcome::kept(winner, true))
}

/// Whether [`merge()`] would make one of these customers.
///
/// # Errors
///
/// As [`merge()`].
pub fn allowed(tx: &ReadTx<'_>, winner: Id, losers: &[Id], choices: &Choices) -> Result<()> {
    Plan::read(tx, winner, losers, choices)?.refuse_unlike(tx, choices.force)
}

/// One of the customers that are merged, as it is before.
struct One {
    id: Id,
    standing: Standing,
    /// The values of every portion, in the order of the portions.
    values: Vec<Vec<Value>>,
}

impl One {
    fn read(tx: &ReadTx<'_>, id: Id, portions: &[Portion]) -> Result<One> {
        let missing = || Error::not_found(Noun::Customer, &id.uid());
        links::link(tx, Noun::Customer, id)?.ok_or_else(missing)?;
        Ok(One {
            id,
            standing: merge::standing(tx, id)?.ok_or_else(missing)?,
            values: values_of(tx, id, portions)?.ok_or_else(missing)?,
        })
    }
}

/// The values of every portion of a customer.
fn values_of(tx: &ReadTx<'_>, id: Id, portions: &[Portion]) -> Result<Option<Vec<Vec<Value>>>> {
    let names: Vec<&'static str> = portions
        .iter()
        .flat_map(|portion| portion.columns.iter().copied())
        .collect();
    let Some(values) = merge::columns(tx, id, &names)? else {
        return Ok(None);
    };
    let mut values = values.into_iter();
    let apiece = portions
        .iter()
        .map(|portion| values.by_ref().take(portion.columns.len()).collect());
    Ok(Some(apiece.collect()))
}

fn refer_to(tx: &ReadTx<'_>, id: Id) -> Result<String> {
    let link = links::link(tx, Noun::Customer, id)?;
    Ok(link.map_or_else(|| id.uid(), |link| link.reference().to_string()))
}

/// What is to become of the customers, with the choices checked.
struct Plan {
    portions: Vec<Portion>,
    /// The one who stays, then the others.
    all: Vec<One>,
    /// Portions with the place of the customer whose value is chosen.
    chosen: Vec<(&'static str, usize)>,
    /// Custom fields with the customer whose values are chosen.
    customs: Vec<(Id, Id)>,
}

impl Plan {
    fn read(tx: &ReadTx<'_>, winner: Id, losers: &[Id], choices: &Choices) -> Result<Plan> {
        let portions = portions();
        let mut all = vec![One::read(tx, winner, &portions)?];
        for loser in losers {
            if all.iter().any(|known| known.id == *loser) {
                return Err(Error::usage(format!("{} is named twice", refer_to(tx, *loser)?)));
            }
            all.push(One::read(tx, *loser, &portions)?);
        }
        if losers.is_empty() {
            return Err(Error::usage("a merge needs two customers at least"));
        }
        let mut plan = Plan {
            portions,
            all,
            chosen: Vec::new(),
            customs: Vec::new(),
        };
        for choice in &choices.fields {
            plan.choose(tx, choice)?;
        }
        Ok(plan)
    }

    fn choose(&mut self, tx: &ReadTx<'_>, Choice { field: name, from }: &Choice) -> Result<()> {
        let Some(place) = self.all.iter().position(|one| one.id == *from) else {
            let who = refer_to(tx, *from)?;
            return Err(Error::usage(format!(
                "{who} is none of the customers that are merged"
            )));
        };
        if let Some(key) = name.strip_prefix("fields.") {
            let custom = fields::custom(tx, Noun::Customer, key)?;
            let custom =
                custom.ok_or_else(|| Error::usage(format!("customer has no custom field {key:?}")))?;
            self.customs.retain(|(known, _)| *known != custom.id);
            self.customs.push((custom.id, *from));
            return Ok(());
        }
        let field = field::find(Noun::Customer, name);
        let field = field.ok_or_else(|| Error::usage(format!("{name:?} is no field to choose")))?;
        let name = match ADDRESS_FIELDS.contains(&field.name) {
            true => ADDRESS,
            false => field.name,
        };
        let portion = self.portions.iter().find(|portion| portion.name == name);
        match portion {
            Some(portion) if portion.is_free() => self.chosen.push((portion.name, place)),
            Some(_) => {
                return Err(Error::usage(format!(
                    "{name} cannot be chosen: it holds if it holds for any of them"
                )));
            }
            None if UNITED.contains(&name) => {
                return Err(Error::usage(format!(
                    "{name} cannot be chosen: those of all customers are united"
                )));
            }
            None => return Err(Error::usage(format!("{name:?} is no field to choose"))),
        }
        Ok(())
    }

    fn refuse_unlike(&self, tx: &ReadTx<'_>, force: bool) -> Result<()> {
        match self.unlike(tx, force)? {
            Some(error) => Err(error),
            None => Ok(()),
        }
    }

    /// Why these customers cannot be one.
    fn unlike(&self, tx: &ReadTx<'_>, force: bool) -> Result<Option<Error>> {
        for one in &self.all {
            if one.standing.is_trashed {
                let who = refer_to(tx, one.id)?;
                let error = Error::invalid("deleted_at", format!("{who} is in the trash"));
                return Ok(Some(error));
            }
        }
        let Some((winner, losers)) = self.all.split_first() else {
            return Ok(None);
        };
        for loser in losers {
            if loser.standing.kind != winner.standing.kind {
                let (ours, theirs) = (refer_to(tx, winner.id)?, refer_to(tx, loser.id)?);
                let (our_kind, their_kind) = (&winner.standing.kind, &loser.standing.kind);
                let error = Error::invalid(
                    "type",
                    format!("{ours} is a {our_kind}, {theirs} is a {their_kind}"),
                );
                return Ok(Some(error));
            }
        }
        if force {
            return Ok(None);
        }
        let mut known = self.all.iter().map(|one| (one, self.text(one, "tax_id")));
        let Some((first, tax_id)) = known.find(|(_, tax_id)| !tax_id.is_empty()) else {
            return Ok(None);
        };
        let Some((one, other)) = known.find(|(_, other)| !other.is_empty() && *other != tax_id) else {
            return Ok(None);
        };
        let (ours, theirs) = (refer_to(tx, first.id)?, refer_to(tx, one.id)?);
        let message = format!("{ours} has the tax id {tax_id:?}, {theirs} has {other:?}");
        Ok(Some(Error::invalid("tax_id", message)))
    }

    fn text<'o>(&self, one: &'o One, name: &str) -> &'o str {
        let at = self.portions.iter().position(|portion| portion.name == name);
        match at
            .and_then(|at| one.values.get(at))
            .and_then(|values| values.first())
        {
            Some(Value::Text(text)) => text,
            _ => "",
        }
    }

    /// Whose value of a portion is chosen.
    fn choice(&self, name: &str) -> Option<usize> {
        let chosen = self.chosen.iter().rev().find(|(known, _)| *known == name);
        chosen.map(|(_, place)| *place)
    }

    fn group(&self) -> BTreeSet<Id> {
        self.all.iter().map(|one| one.id).collect()
    }

    /// The value of a portion that the survivor is to have.
    fn outcome(&self, at: usize, portion: &Portion) -> Vec<Value> {
        let values = self
            .all
            .iter()
            .filter_map(|one| one.values.get(at).map(Vec::as_slice));
        match self.choice(portion.name) {
            Some(place) => {
                let values: Vec<&[Value]> = values.skip(place).take(1).collect();
                // Of the rules only that holds which keeps a company from belonging to itself.
                let rule = match portion.rule {
                    Rule::Outside => Rule::Outside,
                    _ => Rule::First,
                };
                fold(rule, &values, &self.group())
            }
            None => fold(portion.rule, &values.collect::<Vec<_>>(), &self.group()),
        }
    }

    /// The columns of the survivor.
    fn columns(&self) -> Vec<(&'static str, Value)> {
        let mut columns = Vec::new();
        for (at, portion) in self.portions.iter().enumerate() {
            let outcome = self.outcome(at, portion);
            columns.extend(portion.columns.iter().copied().zip(outcome));
        }
        columns
    }

    /// The main addresses of all, and the one that the survivor is to have.
    fn addresses(&self) -> (Vec<Postal>, Postal) {
        let at = self.portions.iter().position(|portion| portion.name == ADDRESS);
        let Some((at, portion)) = at.and_then(|at| Some((at, self.portions.get(at)?))) else {
            return (Vec::new(), Postal::default());
        };
        let all = self.all.iter().filter_map(|one| one.values.get(at));
        (
            all.map(|values| postal(values)).collect(),
            postal(&self.outcome(at, portion)),
        )
    }

    /// Keeps every main address that is not the survivor's beside it.
    fn keep_addresses(&self, tx: &WriteTx<'_>, winner: Id) -> Result<()> {
        let (all, main) = self.addresses();
        for address in all {
            if address != main && address.iter().any(|part| !part.is_empty()) {
                merge::add_postal_address(tx, winner, &address)?;
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

/// The lists of which a merge keeps all entries.
const UNITED: [&str; 5] = ["emails", "phones", "handles", "tags", "external_ids"];

fn postal(values: &[Value]) -> Postal {
    let mut postal = Postal::default();
    for (part, value) in postal.iter_mut().zip(values) {
        if let Value::Text(text) = value {
            part.clone_from(text);
        }
    }
    postal
}
