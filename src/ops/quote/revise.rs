//! Another version of an offer.

use jiff::civil::Date;

use crate::domain::id::Id;
use crate::domain::noun::Noun;
use crate::domain::sale::{QuoteStatus, Tax};
use crate::domain::value::Value;
use crate::error::{Error, Result};
use crate::ops::Outcome;
use crate::ops::draft::Draft;
use crate::ops::quote::{accept, get, label, reference, usual_end};
use crate::ops::{sale, typed};
use crate::store::quotes::{self, Facts, Quote};
use crate::store::rows::{self, Identity};
use crate::store::{WriteTx, links, values};

/// Makes another version of a quote, as a draft with the same lines, labels and custom fields; good until the given day,
/// or as long as any new quote. The old one is void once the new one is sent.
///
/// # Errors
///
/// `Invalid` for a draft, which can be changed itself; for one that is accepted; if there is a draft of a new version.
pub fn revise(tx: &WriteTx<'_>, id: Id, until: Option<Date>) -> Result<Outcome> {
    let before = get(tx, id)?;
    may_revise(tx, &before)?;
    let revision = quotes::newest(tx, before.first)? + 1;
    let until = match until {
        Some(until) => until,
        None => usual_end(tx)?,
    };
    let mut draft = Draft::default();
    let set = |draft: &mut Draft, name: &str, value: Value| sale::set(draft, Noun::Quote, name, value);
    let linked = |noun: Noun, id: Option<Id>| match id {
        Some(id) => typed::linked_value(tx, noun, id),
        None => Ok(Value::Null),
    };
    let tax = match before.terms.tax {
        Tax::Added => "added",
        Tax::Included => "included",
    };
    for (name, value) in [
        ("name", Value::text(named(&before, revision))),
        ("customer", linked(Noun::Customer, Some(before.customer))?),
        ("contact", linked(Noun::Customer, before.contact)?),
        ("deal", linked(Noun::Deal, before.deal)?),
        ("owner", linked(Noun::User, before.owner)?),
        ("currency", Value::text(before.terms.currency.code())),
        ("tax", Value::text(tax)),
        ("discount", Value::text(before.terms.discount.as_str())),
        ("terms", Value::text(before.conditions.as_str())),
        ("valid_until", Value::Date(until)),
    ] {
        if !value.is_empty() {
            set(&mut draft, name, value)?;
        }
    }
    let facts = Facts {
        status: Some(QuoteStatus::Draft),
        shipping: Some(before.terms.shipping),
        version: Some((before.first, revision)),
        ..Facts::default()
    };
    let new = rows::add(
        tx,
        Noun::Quote,
        Identity::default(),
        &draft.plain,
        facts.columns(),
    )?;
    quotes::set_lines(tx, new, &accept::fresh(quotes::lines(tx, id)?))?;
    for (tag, _) in links::tags(tx, id)? {
        links::tag(tx, Noun::Quote, new, tag)?;
    }
    values::copy(tx, Noun::Quote, id, new)?;
    let title = format!("Revised quote {} as {}", label(tx, id)?, reference(tx, new)?);
    tx.describe(title);
    Ok(Outcome {
        id: new,
        created: true,
        changed: true,
    })
}

fn may_revise(tx: &WriteTx<'_>, quote: &Quote) -> Result<()> {
    let reference = reference(tx, quote.id)?;
    let refuse = |message: String| Err(Error::invalid("status", format!("status: {message}")));
    match quote.status {
        QuoteStatus::Draft => {
            return refuse(format!(
                "quote {reference} is a draft; `crm quote edit {reference}` changes it"
            ));
        }
        QuoteStatus::Accepted => {
            return refuse(format!(
                "quote {reference} is accepted; there is nothing to offer"
            ));
        }
        _ => {}
    }
    for (other, status) in quotes::versions(tx, quote.first, quote.id)? {
        let other = super::reference(tx, other)?;
        match status {
            QuoteStatus::Draft => {
                return refuse(format!("{other} is the draft of a new version of {reference}"));
            }
            QuoteStatus::Accepted => {
                return refuse(format!("{other}, another version of {reference}, is accepted"));
            }
            _ => {}
        }
    }
    Ok(())
}

/// The name of another version: what the first one is called, with the number.
fn named(before: &Quote, revision: i64) -> String {
    let suffix = format!(" v{}", before.revision);
    let bare = before.name.strip_suffix(&suffix).unwrap_or(&before.name);
    format!("{bare} v{revision}")
}
