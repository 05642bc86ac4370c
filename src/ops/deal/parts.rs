//! The people and the products that are given for a deal, found before anything is written.

use crate::domain::id::Id;
use crate::domain::input::Input;
use crate::domain::noun::Noun;
use crate::error::{Error, Kind, Result};
use crate::ops::customer::{self, OnDuplicate};
use crate::ops::draft::{Draft, Lists, texts};
use crate::ops::refer;
use crate::ops::typed::{self, OnMissing, Policy};
use crate::store::deals::{self, Deal};
use crate::store::{WriteTx, deal_people, links};

/// People and products as they are given; none for what is left alone.
pub(super) struct Parts {
    people: Option<Vec<Id>>,
    products: Option<Vec<Id>>,
}

impl Parts {
    pub(super) fn read(tx: &WriteTx<'_>, draft: &Draft, policy: &Policy) -> Result<Parts> {
        Ok(Parts {
            people: linked(tx, draft, "people", Noun::Customer, policy)?,
            products: linked(tx, draft, "product", Noun::Product, policy)?,
        })
    }

    /// The name of the first product.
    pub(super) fn product_name(&self, tx: &WriteTx<'_>) -> Result<Option<String>> {
        match self.products.as_ref().and_then(|products| products.first()) {
            Some(product) => Ok(links::link(tx, Noun::Product, *product)?.map(|link| link.name)),
            None => Ok(None),
        }
    }

    pub(super) fn write(&self, tx: &WriteTx<'_>, deal: &Deal, lists: Lists) -> Result<()> {
        if let Some(given) = &self.people {
            let known = || deal_people::people(tx, deal.id);
            deal_people::set_people(tx, deal.id, &joined(given, lists, known)?)?;
        }
        if let Some(given) = &self.products {
            let known = || {
                let lines = deals::lines(tx, deal.id)?;
                Ok(lines.into_iter().map(|line| line.product).collect())
            };
            let currency = match deal.currency {
                Some(currency) => currency,
                None => tx.base_currency()?,
            };
            deals::set_products(tx, deal.id, &joined(given, lists, known)?, currency)?;
        }
        Ok(())
    }
}

/// The list as it is to be.
fn joined(given: &[Id], lists: Lists, known: impl FnOnce() -> Result<Vec<Id>>) -> Result<Vec<Id>> {
    let mut wanted = match lists {
        Lists::Replace => Vec::new(),
        Lists::Add => known()?,
    };
    for id in given {
        if !wanted.contains(id) {
            wanted.push(*id);
        }
    }
    Ok(wanted)
}

/// The records given for the field `name`; none if it is not given.
fn linked(
    tx: &WriteTx<'_>,
    draft: &Draft,
    name: &str,
    noun: Noun,
    policy: &Policy,
) -> Result<Option<Vec<Id>>> {
    let mut found: Option<Vec<Id>> = None;
    for (_, input) in draft.specials(name) {
        let list = found.get_or_insert_default();
        for id in records(tx, name, noun, input, policy)? {
            if !list.contains(&id) {
                list.push(id);
            }
        }
    }
    Ok(found)
}

fn records(tx: &WriteTx<'_>, name: &str, noun: Noun, input: &Input, policy: &Policy) -> Result<Vec<Id>> {
    match input {
        Input::Clear => Ok(Vec::new()),
        Input::Text(text) => {
            let text = typed::clean(name, text)?;
            if text.trim().is_empty() {
                return Ok(Vec::new());
            }
            // A name may hold a comma, so the whole text comes first.
            match refer::one(tx, noun, &text) {
                Ok(id) => Ok(vec![id]),
                Err(error) if error.kind() == Kind::NotFound => {
                    let mut ids = Vec::new();
                    for part in texts(name, input)? {
                        ids.extend(record(tx, name, noun, &part, policy)?);
                    }
                    Ok(ids)
                }
                Err(error) => Err(error.on_field(name).context(name)),
            }
        }
        Input::List(items) => {
            let mut ids = Vec::new();
            for item in items {
                match item {
                    Input::Text(text) => {
                        ids.extend(record(tx, name, noun, typed::clean(name, text)?.trim(), policy)?);
                    }
                    other => ids.extend(records(tx, name, noun, other, policy)?),
                }
            }
            Ok(ids)
        }
        Input::Map(_) => {
            let text = ["uid", "id", "name"]
                .iter()
                .find_map(|key| input.part(key).and_then(Input::as_text))
                .ok_or_else(|| {
                    Error::invalid(name, format!("{name}: the {noun} has neither uid, id nor name"))
                })?;
            record(tx, name, noun, text, policy).map(|id| id.into_iter().collect())
        }
    }
}

/// One record by its reference; made if the policy says so.
fn record(tx: &WriteTx<'_>, name: &str, noun: Noun, text: &str, policy: &Policy) -> Result<Option<Id>> {
    let error = match refer::one(tx, noun, text) {
        Ok(id) => return Ok(Some(id)),
        Err(error) => error,
    };
    match (error.kind(), policy.on_missing) {
        (Kind::NotFound, OnMissing::Skip) => Ok(None),
        (Kind::NotFound, OnMissing::Create) => {
            let id = match noun {
                // Whoever has a part in a deal is a person; `refer::make` makes companies.
                Noun::Customer => {
                    let assignments = [("name".to_owned(), Input::text(text))];
                    customer::add(tx, &assignments, OnDuplicate::Create, policy)?.id
                }
                _ => refer::make(tx, noun, text)?,
            };
            policy.made.borrow_mut().push((noun, text.to_owned()));
            Ok(Some(id))
        }
        _ => Err(error.on_field(name).context(name)),
    }
}
