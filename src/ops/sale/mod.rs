//! What quotes and orders have in common when they are written: lines and amounts, and what a deal brings into them.

pub(super) mod lines;

use crate::domain::actor::Via;
use crate::domain::field;
use crate::domain::id::Id;
use crate::domain::input::Input;
use crate::domain::money::{Currency, Money};
use crate::domain::noun::Noun;
use crate::domain::sale::{Discount, Tax, notation};
use crate::domain::value::Value;
use crate::error::{Error, Kind, Result};
use crate::ops::draft::Draft;
use crate::ops::{refer, typed};
use crate::store::sales::{self, Line, Terms};
use crate::store::{ReadTx, WriteTx, deal_people, deals, links};

/// What is given for what a quote or an order comes to, read with its rules.
pub(super) struct Given {
    /// The currency of all amounts.
    pub(super) currency: Currency,
    /// What sending it costs; none if that is not said.
    pub(super) shipping: Option<i64>,
    /// The lines; none if they are not said.
    pub(super) lines: Option<Vec<Line>>,
}

impl Given {
    /// Takes out of a draft what is not written word by word, and brings the rest into its usual form. `before` is what
    /// is there already.
    pub(super) fn read(
        tx: &WriteTx<'_>,
        noun: Noun,
        draft: &mut Draft,
        before: Option<(&Terms, &[Line])>,
    ) -> Result<Given> {
        let currency = match (draft.text("currency").map(str::to_owned), before) {
            (Some(code), _) => {
                let found = Currency::parse(&code).ok_or_else(|| {
                    Error::invalid("currency", format!("currency: there is no currency {code:?}"))
                })?;
                set(draft, noun, "currency", Value::text(found.code()))?;
                found
            }
            (None, Some((terms, _))) => terms.currency,
            (None, None) => tx.base_currency()?,
        };
        if let Some(text) = draft.text("discount").map(str::to_owned) {
            set(draft, noun, "discount", Value::text(discount(&text, currency)?))?;
        }
        if draft.get("tax").is_some_and(Value::is_empty) {
            set(draft, noun, "tax", Value::text("added"))?;
        }
        let shipping = match draft.specials("shipping").last() {
            Some((_, input)) => Some(lines::amount(tx, "shipping", input, currency)?.unwrap_or(0)),
            None => None,
        };
        let inputs: Vec<&Input> = draft.specials("lines").map(|(_, input)| input).collect();
        let known = before.map_or(&[][..], |(_, lines)| lines);
        let lines = match inputs.is_empty() {
            true => None,
            false => Some(lines::read(tx, &inputs, known, currency)?),
        };
        Ok(Given {
            currency,
            shipping,
            lines,
        })
    }

    /// Refuses another currency for prices that stay.
    pub(super) fn keeps_prices(&self, (terms, known): (&Terms, &[Line])) -> Result<()> {
        if self.currency != terms.currency && self.lines.is_none() && !known.is_empty() {
            let message = "currency: the prices of the lines are in the old one; give the lines too";
            return Err(Error::invalid("currency", message));
        }
        Ok(())
    }

    /// The first of the fields by which it would come to something else.
    pub(super) fn changes(&self, draft: &Draft, (terms, known): (&Terms, &[Line])) -> Option<&'static str> {
        let tax = match terms.tax {
            Tax::Added => "added",
            Tax::Included => "included",
        };
        let other = |name: &str, known: &str| {
            draft.get(name).is_some() && draft.text(name).unwrap_or_default() != known
        };
        if self.lines.as_deref().is_some_and(|lines| lines != known) {
            Some("lines")
        } else if self.currency != terms.currency {
            Some("currency")
        } else if self.shipping.is_some_and(|shipping| shipping != terms.shipping) {
            Some("shipping")
        } else if other("discount", &terms.discount) {
            Some("discount")
        } else if other("tax", tax) {
            Some("tax")
        } else {
            None
        }
    }
}

/// What is taken off the whole, as it is kept.
fn discount(text: &str, currency: Currency) -> Result<String> {
    let text = text.trim();
    let refuse = || {
        let message = format!(
            "discount: {text:?} is neither percent (10%) nor an amount in {}",
            currency.code()
        );
        Error::invalid("discount", message)
    };
    if text.ends_with(['%', '％']) {
        let rate = notation::percent(text).ok_or_else(refuse)?;
        return Ok(match rate {
            0 => String::new(),
            rate => format!("{}%", notation::percent_text(rate)),
        });
    }
    let money = Money::parse(text, currency).map_err(|_| refuse())?;
    match sales::discount(&money.decimal(), currency) {
        Some(Discount::Amount(0)) => Ok(String::new()),
        Some(Discount::Amount(minor)) if minor > 0 && money.currency == currency => Ok(money.decimal()),
        _ => Err(refuse()),
    }
}

/// Gives a quote or an order the customer, the currency, the person and the lines of its deal, where none are given. An
/// import says itself who the person is and what the lines are.
pub(super) fn of_deal(tx: &WriteTx<'_>, noun: Noun, draft: &mut Draft) -> Result<Option<Vec<Line>>> {
    let Some(Value::Link(link)) = draft.get("deal").cloned() else {
        return Ok(None);
    };
    let Some(deal) = deals::get(tx, link.id)? else {
        return Ok(None);
    };
    if let Some(customer) = deal.customer {
        let customer = typed::linked_value(tx, Noun::Customer, customer)?;
        draft.fallback(noun, "customer", customer);
    }
    if let Some(currency) = deal.currency {
        draft.fallback(noun, "currency", Value::text(currency.code()));
    }
    if is_import(tx) {
        return Ok(None);
    }
    let is_theirs = match draft.get("customer") {
        Some(Value::Link(customer)) => Some(customer.id) == deal.customer,
        _ => false,
    };
    let people = deal_people::people(tx, deal.id)?;
    if let Some(main) = people.first()
        && is_theirs
        && Some(*main) != deal.customer
    {
        let contact = typed::linked_value(tx, Noun::Customer, *main)?;
        draft.fallback(noun, "contact", contact);
    }
    if draft.specials("lines").next().is_some() {
        return Ok(None);
    }
    let prices = match deal.currency {
        Some(currency) => currency,
        None => tx.base_currency()?,
    };
    let lines = lines::of_deal(tx, deal.id, prices)
        .map_err(|error| error.context(format!("{} {}", link.reference(), link.name)))?;
    if lines.is_empty() {
        return Ok(None);
    }
    if draft
        .text("currency")
        .is_some_and(|code| Currency::parse(code) != Some(prices))
    {
        let message = format!(
            "currency: the lines of {} are in {}; give the lines too",
            link.reference(),
            prices.code()
        );
        return Err(Error::invalid("currency", message));
    }
    draft.fallback(noun, "currency", Value::text(prices.code()));
    Ok(Some(lines))
}

/// Sets a plain field of a draft.
pub(super) fn set(draft: &mut Draft, noun: Noun, name: &str, value: Value) -> Result<()> {
    let field =
        field::find(noun, name).ok_or_else(|| Error::internal(format!("{noun} has no field {name}")))?;
    draft.set(field, value);
    Ok(())
}

/// An import brings what is known of the past; a person can be asked for the rest.
pub(super) fn is_import(tx: &ReadTx<'_>) -> bool {
    tx.caller().via == Via::Import
}

/// The ref and the name, as titles of operations show a record.
pub(super) fn label(tx: &ReadTx<'_>, noun: Noun, id: Id) -> Result<String> {
    let link = links::link(tx, noun, id)?;
    Ok(link
        .map(|link| format!("{} {}", link.reference(), link.name))
        .unwrap_or_default())
}

/// The ref.
pub(super) fn reference(tx: &ReadTx<'_>, noun: Noun, id: Id) -> Result<String> {
    let link = links::link(tx, noun, id)?;
    Ok(link.map(|link| link.reference().to_string()).unwrap_or_default())
}

/// Refuses an external id that another record has.
///
/// # Errors
///
/// `Duplicate`, with the other.
pub(super) fn taken_external_id(tx: &ReadTx<'_>, noun: Noun, draft: &Draft) -> Result<()> {
    for (system, value) in draft.external_ids() {
        if let Some(id) = links::by_external_id(tx, system, noun, value)? {
            let message = format!("external id {system}:{value} belongs to another {noun}");
            return Err(Error::new(Kind::Duplicate, message)
                .on_field("external_ids")
                .with_candidates(refer::described(tx, noun, &[id])?));
        }
    }
    Ok(())
}
