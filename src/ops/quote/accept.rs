//! What a customer's yes brings about: the order, and the amount of the deal.

use jiff::civil::Date;

use crate::domain::id::Id;
use crate::domain::input::Input;
use crate::domain::money::Money;
use crate::domain::noun::Noun;
use crate::domain::sale::{self as figures, QuoteStatus};
use crate::domain::value::Value;
use crate::error::{Error, Result};
use crate::ops::draft::{Draft, Lists};
use crate::ops::quote::{Move, get, label, moves, reference};
use crate::ops::typed::{self, Policy};
use crate::ops::{deal, order, sale};
use crate::store::quotes::{self, Quote};
use crate::store::sales::{self, Line};
use crate::store::{ReadTx, WriteTx, deals};

/// What became of accepting a quote.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Accepted {
    /// The order that was made of it, now or before; none if none was.
    pub order: Option<Id>,
    /// False if it was accepted before.
    pub changed: bool,
}

/// Accepts a quote on a day (none for today): its other open versions are void, the amount of its deal follows where that
/// was what its lines come to, and, with `makes_order`, an order is made of it. One that is accepted stays as it is.
///
/// # Errors
///
/// As [`moves::move_to`], and whatever an order can fail with.
pub fn accept(tx: &WriteTx<'_>, id: Id, on: Option<Date>, makes_order: bool) -> Result<Accepted> {
    let before = get(tx, id)?;
    if before.status == QuoteStatus::Accepted {
        return Ok(Accepted {
            order: quotes::orders(tx, id)?.first().copied(),
            changed: false,
        });
    }
    say_yes(tx, &before, on)?;
    let order = match makes_order {
        true => {
            let day = on.unwrap_or(tx.caller().clock.today());
            let given = [
                ("quote".to_owned(), Input::text(id.uid())),
                ("ordered_on".to_owned(), Input::text(day.to_string())),
            ];
            Some(order::add(tx, &given, &Policy::strict())?.id)
        }
        false => None,
    };
    tx.describe(match order {
        Some(order) => format!(
            "Accepted quote {} as order {}",
            label(tx, id)?,
            sale::reference(tx, Noun::Order, order)?
        ),
        None => format!("Accepted quote {}", label(tx, id)?),
    });
    Ok(Accepted { order, changed: true })
}

/// Says of an open quote that it is accepted.
fn say_yes(tx: &WriteTx<'_>, quote: &Quote, on: Option<Date>) -> Result<()> {
    let step = Move {
        on,
        ..Move::default()
    };
    moves::place(tx, quote, QuoteStatus::Accepted, &step)?;
    deal_follows(tx, quote)
}

/// Gives the deal of an accepted quote what was agreed on, if it is open and its amount was not somebody's own word: there
/// was none, or it was what its lines come to.
fn deal_follows(tx: &WriteTx<'_>, quote: &Quote) -> Result<()> {
    let Some(id) = quote.deal else { return Ok(()) };
    let Some(known) = deals::get(tx, id)? else {
        return Ok(());
    };
    if known.closed.is_some()
        || known
            .currency
            .is_some_and(|currency| currency != quote.terms.currency)
    {
        return Ok(());
    }
    if known.amount.is_some() && known.amount != listed(tx, id)? {
        return Ok(());
    }
    // What is agreed on may not be settled yet.
    tx.settle()?;
    let goods = get(tx, quote.id)?.goods;
    let money = Money {
        minor: goods,
        currency: quote.terms.currency,
    };
    let text = format!("{} {}", money.decimal(), money.currency.code());
    let amount = ("amount".to_owned(), Input::text(text));
    deal::edit(tx, id, &[amount], Lists::Replace, &Policy::strict())?;
    Ok(())
}

/// What the lines of a deal come to; none if there are none, or one has no price.
fn listed(tx: &ReadTx<'_>, deal: Id) -> Result<Option<i64>> {
    let lines = sales::deal_lines(tx, deal)?;
    let priced: Option<Vec<figures::Line>> = lines
        .iter()
        .map(|line| {
            Some(figures::Line {
                quantity: line.quantity,
                unit_price: line.unit_price?,
                discount: line.discount,
                ..figures::Line::default()
            })
        })
        .collect();
    let sums = priced
        .filter(|lines| !lines.is_empty())
        .and_then(|lines| figures::sums(&lines, figures::Discount::None, 0, figures::Tax::Added));
    Ok(sums.map(|sums| sums.subtotal))
}

/// What a quote brings into its order beside plain fields; none where something else is given.
#[derive(Debug, Default)]
pub(in crate::ops) struct Brought {
    /// The lines.
    pub(in crate::ops) lines: Option<Vec<Line>>,
    /// What sending it costs.
    pub(in crate::ops) shipping: Option<i64>,
}

/// Gives an order what its quote says, where nothing else is given; the lines and the shipping come back. Making an order
/// of an open quote accepts it.
///
/// # Errors
///
/// `Invalid` for a quote that is rejected or void.
pub(in crate::ops) fn brought(tx: &WriteTx<'_>, draft: &mut Draft) -> Result<Option<Brought>> {
    let Some(Value::Link(link)) = draft.get("quote").cloned() else {
        return Ok(None);
    };
    let quote = get(tx, link.id)?;
    let customer = typed::linked_value(tx, Noun::Customer, quote.customer)?;
    draft.fallback(Noun::Order, "customer", customer);
    let currency = Value::text(quote.terms.currency.code());
    if sale::is_import(tx) {
        draft.fallback(Noun::Order, "currency", currency);
        return Ok(None);
    }
    match quote.status {
        QuoteStatus::Accepted => {}
        QuoteStatus::Rejected | QuoteStatus::Void => {
            let message = format!(
                "quote: {} is {}; `crm quote reopen {0}` first",
                reference(tx, quote.id)?,
                quote.status.name()
            );
            return Err(Error::invalid("quote", message));
        }
        QuoteStatus::Draft | QuoteStatus::Sent | QuoteStatus::Expired => say_yes(tx, &quote, None)?,
    }
    for (name, noun, id) in [
        ("contact", Noun::Customer, quote.contact),
        ("deal", Noun::Deal, quote.deal),
        ("owner", Noun::User, quote.owner),
    ] {
        if let Some(id) = id {
            draft.fallback(Noun::Order, name, typed::linked_value(tx, noun, id)?);
        }
    }
    let has_lines = draft.specials("lines").next().is_some();
    if !has_lines
        && draft
            .text("currency")
            .is_some_and(|code| !code.eq_ignore_ascii_case(quote.terms.currency.code()))
    {
        let message = format!(
            "currency: the lines of {} are in {}; give the lines too",
            reference(tx, quote.id)?,
            quote.terms.currency.code()
        );
        return Err(Error::invalid("currency", message));
    }
    let tax = match quote.terms.tax {
        figures::Tax::Added => "added",
        figures::Tax::Included => "included",
    };
    for (name, value) in [
        ("currency", currency),
        ("tax", Value::text(tax)),
        ("discount", Value::text(quote.terms.discount.as_str())),
        ("terms", Value::text(quote.conditions.as_str())),
        ("name", Value::text(quote.name.as_str())),
    ] {
        if !value.is_empty() {
            draft.fallback(Noun::Order, name, value);
        }
    }
    let shipping = match draft.specials("shipping").next() {
        Some(_) => None,
        None => Some(quote.terms.shipping),
    };
    let lines = match has_lines {
        true => None,
        false => Some(fresh(quotes::lines(tx, quote.id)?)),
    };
    Ok(Some(Brought { lines, shipping }))
}

/// Lines as they are written anew elsewhere.
pub(super) fn fresh(mut lines: Vec<Line>) -> Vec<Line> {
    for line in &mut lines {
        line.id = None;
    }
    lines
}
