//! Taking a merge apart, also long after: what the customer brought goes back to it, what came since stays, and whatever
//! somebody has decided since is left as it is.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::id::Id;
use crate::domain::noun::Noun;
use crate::domain::value::{Link, Value};
use crate::error::{Error, Kind, Result};
use crate::ops::customer::label;
use crate::ops::merge::rule::{ADDRESS, Portion, fold, portions};
use crate::ops::merge::{postal, refer_to, values_of};
use crate::ops::refer;
use crate::store::merge::Postal;
use crate::store::merge::apart::{self, Kept, Why};
use crate::store::merge::past::{self, Merges, Step};
use crate::store::merge::told as told_of;
use crate::store::{ReadTx, WriteTx, around, customers, links};

/// What became of a merge that was taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Apart {
    /// Who lives by itself again.
    pub customer: Id,
    /// Of whom it was a part.
    pub survivor: Id,
    /// How many rows belong to the customer again.
    pub back: u64,
    /// What the survivor keeps, or nobody has any more.
    pub stayed: Vec<Stayed>,
}

/// Something that is not the customer's again, or never was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stayed {
    /// The record that it is or belongs to, if that has a ref.
    pub record: Option<Link>,
    /// What it is otherwise: `email anna@mail.example`.
    pub what: String,
    /// Why.
    pub why: Reason,
}

impl Stayed {
    /// In one line: `T5 Call back came after the merge`.
    pub fn line(&self) -> String {
        let what = match &self.record {
            Some(link) => format!("{} {}", link.reference(), link.name),
            None => self.what.clone(),
        };
        format!("{what} {}", self.why.text())
    }
}

/// Why something is not the customer's again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// It came after the merge: nobody can know whose it is.
    Added,
    /// Somebody has given it to another since.
    Moved,
    /// It was taken away since.
    Gone,
    /// What it was about is not there any more, or something else has its place.
    Homeless,
}

impl Reason {
    /// In words, behind what it is about.
    pub fn text(self) -> &'static str {
        match self {
            Reason::Added => "came after the merge",
            Reason::Moved => "was given to another since",
            Reason::Gone => "was taken away since",
            Reason::Homeless => "has lost what it belonged to",
        }
    }
}

/// The customer that `text` means, who is a part of another: the one itself, or the only one who is a part of who is
/// meant.
///
/// # Errors
///
/// `NotFound` for nobody, `Invalid` for who was never merged, `Ambiguous` with the candidates for who has several parts.
pub fn merged_away(tx: &ReadTx<'_>, text: &str) -> Result<Id> {
    match refer::trashed(tx, Noun::Customer, text) {
        Ok(id) if survivor_of(tx, id)?.is_some() => return Ok(id),
        Ok(id) => {
            let who = refer_to(tx, id)?;
            let message = format!("{who} is in the trash, and was merged into nobody");
            return Err(Error::invalid("merged_into", message));
        }
        Err(error) if error.kind() == Kind::NotFound => {}
        Err(error) => return Err(error),
    }
    let survivor = refer::one(tx, Noun::Customer, text)?;
    let parts = around::merged(tx, survivor)?;
    match parts.as_slice() {
        [one] => Ok(*one),
        [] => {
            let who = refer_to(tx, survivor)?;
            let message = format!("nobody was merged into {who}, nor {who} into another");
            Err(Error::invalid("merged_into", message))
        }
        several => {
            let who = refer_to(tx, survivor)?;
            let message = format!("{} customers were merged into {who}", several.len());
            let candidates = refer::described(tx, Noun::Customer, several)?;
            Err(Error::new(Kind::Ambiguous, message).with_candidates(candidates))
        }
    }
}

/// The customers who are a part of `survivor`, the one that was merged last first.
pub fn parts_of(tx: &ReadTx<'_>, survivor: Id) -> Result<Vec<Link>> {
    let group = Group::read(tx, survivor)?;
    let mut parts: Vec<(Option<(Id, i64)>, Id)> = group
        .steps
        .iter()
        .map(|(id, step)| (step.as_ref().map(|step| step.order), *id))
        .collect();
    parts.sort();
    let mut found = Vec::new();
    for (_, id) in parts.into_iter().rev() {
        found.extend(links::link(tx, Noun::Customer, id)?);
    }
    Ok(found)
}

/// Lets a merged customer live by itself again.
///
/// What it brought into the merge goes back: addresses, labels, deals, tasks, activities and everything else that named
/// it, and so do those who had become a part of it before. What came since stays with the survivor. Values that the
/// survivor has by the merge become what they would be without it; values that somebody has set since stay.
///
/// # Errors
///
/// `Invalid` for who is merged into nobody, `Conflict` if the log does not know the merge any more or the data was erased
/// on request, `NotFound` for who is out of scope.
pub fn unmerge(tx: &WriteTx<'_>, customer: Id) -> Result<Apart> {
    let missing = || Error::not_found(Noun::Customer, &customer.uid());
    links::link(tx, Noun::Customer, customer)?.ok_or_else(missing)?;
    let who = refer_to(tx, customer)?;
    let survivor = survivor_of(tx, customer)?
        .ok_or_else(|| Error::invalid("merged_into", format!("{who} is merged into nobody")))?;
    if apart::is_erased(tx, customer, survivor)? {
        let message = format!("{who} cannot be taken apart: the data was erased on request");
        return Err(Error::new(Kind::Conflict, message));
    }
    let group = Group::read(tx, survivor)?;
    let Some(step) = group.steps.get(&customer).cloned().flatten() else {
        let other = refer_to(tx, survivor)?;
        let message = format!("how {who} became a part of {other} is beyond the horizon of undo");
        return Err(Error::new(Kind::Conflict, message));
    };
    let merges = Merges::default();
    let address = main_address(tx, customer)?;
    let leaving = group.below(customer);
    let remaining: BTreeSet<Id> = group.all().difference(&leaving).copied().collect();
    let is_last = remaining.len() == 1;
    let returned = apart::give_back(tx, (customer, &step), &merges, &group.all(), is_last)?;
    for node in group.above(step.winner) {
        let parts: Vec<Id> = group
            .parts(node)
            .into_iter()
            .filter(|part| *part != customer)
            .collect();
        let is_latest = parts.iter().all(|part| group.order(*part) < Some(step.order.0));
        recompute(tx, &merges, node, (&parts, &remaining), (&step, is_latest))?;
    }
    for (part, step) in &group.steps {
        if let Some(step) = step.as_ref().filter(|_| remaining.contains(part)) {
            apart::resettle(tx, survivor, (*part, step), &merges)?;
        }
    }
    let main = main_address(tx, survivor)?;
    let others = remaining.iter().filter(|one| **one != survivor);
    let still: Vec<Postal> = others.map(|one| main_address(tx, *one)).collect::<Result<_>>()?;
    apart::forget_addresses(tx, &merges, survivor, (&main, &address), &still)?;
    // What a merge had put beside the main address may be that again.
    let own = main_address(tx, customer)?;
    apart::forget_addresses(tx, &merges, customer, (&own, &own), &[])?;
    let added = told_of::added(tx, survivor, &step, &merges)?;
    let stayed = told(tx, &returned.kept, &added)?;
    let rest = match stayed.len() {
        0 => String::new(),
        1 => "; 1 thing did not go along".to_owned(),
        count => format!("; {count} things did not go along"),
    };
    tx.describe(format!(
        "Took {} out of {}{rest}",
        label(tx, customer)?,
        label(tx, survivor)?
    ));
    Ok(Apart {
        customer,
        survivor,
        back: returned.back.values().sum(),
        stayed,
    })
}

fn survivor_of(tx: &ReadTx<'_>, customer: Id) -> Result<Option<Id>> {
    Ok(customers::kind_and_survivor(tx, customer)?.and_then(|(_, survivor)| survivor))
}

/// Those who are one, and how they became it.
struct Group {
    survivor: Id,
    /// The parts, each with the step by which it became one; none where the log does not know it.
    steps: BTreeMap<Id, Option<Step>>,
}

impl Group {
    fn read(tx: &ReadTx<'_>, survivor: Id) -> Result<Group> {
        let mut steps = BTreeMap::new();
        for part in around::merged(tx, survivor)? {
            steps.insert(part, past::step(tx, part)?);
        }
        Ok(Group { survivor, steps })
    }

    fn all(&self) -> BTreeSet<Id> {
        self.steps.keys().copied().chain([self.survivor]).collect()
    }

    /// Of whom it became a part at first, before that one became a part itself.
    fn parent(&self, part: Id) -> Id {
        match self.steps.get(&part) {
            Some(Some(step)) if self.steps.contains_key(&step.winner) => step.winner,
            _ => self.survivor,
        }
    }

    /// When a part became one; none where the log does not know it.
    fn order(&self, part: Id) -> Option<Id> {
        let step = self.steps.get(&part).and_then(Option::as_ref);
        step.map(|step| step.order.0)
    }

    /// Those who became parts of `whole` itself, in that order.
    fn parts(&self, whole: Id) -> Vec<Id> {
        let order = |part: &Id| self.steps.get(part).cloned().flatten().map(|step| step.order);
        let own = self
            .steps
            .keys()
            .copied()
            .filter(|part| self.parent(*part) == whole);
        let mut parts: Vec<Id> = own.collect();
        parts.sort_by_key(order);
        parts
    }

    /// A part with all who became parts of it.
    fn below(&self, part: Id) -> BTreeSet<Id> {
        let mut found = BTreeSet::from([part]);
        let mut open = vec![part];
        while let Some(one) = open.pop() {
            open.extend(self.parts(one).into_iter().filter(|part| found.insert(*part)));
        }
        found
    }

    /// One with all of whom it is a part, up to the survivor.
    fn above(&self, one: Id) -> Vec<Id> {
        let mut found = Vec::new();
        let mut node = if self.steps.contains_key(&one) {
            one
        } else {
            self.survivor
        };
        while node != self.survivor && !found.contains(&node) {
            found.push(node);
            node = self.parent(node);
        }
        found.push(self.survivor);
        found
    }
}

/// Gives a customer the values that it would have if of its parts only `parts` were left, after one has left that came by
/// `step`, maybe the latest of all. What somebody has set since stays.
fn recompute(
    tx: &WriteTx<'_>,
    merges: &Merges,
    node: Id,
    (parts, group): (&[Id], &BTreeSet<Id>),
    (step, is_latest): (&Step, bool),
) -> Result<()> {
    let portions = portions();
    let missing = || Error::not_found(Noun::Customer, &node.uid());
    let own = values_of(tx, node, &portions)?.ok_or_else(missing)?;
    let mut others = Vec::new();
    for part in parts {
        others.extend(values_of(tx, *part, &portions)?);
    }
    for (at, (portion, now)) in portions.iter().zip(&own).enumerate() {
        let before = |from| merges.before(tx, ("customer", node), &portion.columns, now, from);
        let Some((first, since)) = before(None)? else {
            continue;
        };
        if others.is_empty() {
            apart::set_first(tx, node, &columns(portion, first), since)?;
            continue;
        }
        let values: Vec<&[Value]> = std::iter::once(first.as_slice())
            .chain(
                others
                    .iter()
                    .filter_map(|values| values.get(at).map(Vec::as_slice)),
            )
            .collect();
        let usual = fold(portion.rule, &values, group);
        // A value of somebody who remains may have been chosen.
        let fits = |value: &Vec<Value>| *value == usual || values.contains(&value.as_slice());
        match before(Some(step.order.0))? {
            Some((then, _)) if is_latest && fits(&then) => {
                apart::set_first(tx, node, &columns(portion, then), step.order.0)?;
            }
            _ if fits(now) => {}
            _ => apart::set(tx, node, &columns(portion, usual))?,
        }
    }
    Ok(())
}

fn columns(portion: &Portion, values: Vec<Value>) -> Vec<(&'static str, Value)> {
    portion.columns.iter().copied().zip(values).collect()
}

fn main_address(tx: &ReadTx<'_>, customer: Id) -> Result<Postal> {
    let mut portions = portions();
    portions.retain(|portion| portion.name == ADDRESS);
    let values = values_of(tx, customer, &portions)?.unwrap_or_default();
    Ok(values.first().map(|values| postal(values)).unwrap_or_default())
}

/// What stayed, each record once.
fn told(tx: &ReadTx<'_>, kept: &[Kept], added: &[Kept]) -> Result<Vec<Stayed>> {
    let mut stayed: Vec<Stayed> = Vec::new();
    for kept in kept.iter().chain(added) {
        let record = match told_of::record_of(tx, kept)? {
            Some((noun, id)) => links::link(tx, noun, id)?,
            None => None,
        };
        let what = match record {
            Some(_) => String::new(),
            None => told_of::words(tx, kept)?,
        };
        let why = match kept.why {
            Why::Added => Reason::Added,
            Why::Moved => Reason::Moved,
            Why::Gone => Reason::Gone,
            Why::Homeless => Reason::Homeless,
        };
        let one = Stayed { record, what, why };
        if !stayed.contains(&one) {
            stayed.push(one);
        }
    }
    Ok(stayed)
}
