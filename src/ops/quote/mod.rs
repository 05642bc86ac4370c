//! What can be done with a quote: add, edit, send, accept, reject, make void, reopen, and offer anew as another version.
//!
//! What was sent is never changed: another version takes its place. That a quote is expired is nowhere said: it was sent,
//! and its day is past.

mod accept;
mod moves;
mod revise;
#[cfg(test)]
mod tests;

use jiff::ToSpan;
use jiff::civil::Date;

use crate::domain::id::Id;
use crate::domain::input::{Assignment, Input};
use crate::domain::noun::Noun;
use crate::domain::quote::{STATUSES, VALID_DAYS};
use crate::domain::sale::QuoteStatus;
use crate::domain::value::Value;
use crate::error::{Error, Result};
use crate::ops::Outcome;
use crate::ops::draft::{Draft, Lists};
use crate::ops::sale::{self, Given};
use crate::ops::typed::{self, Policy};
use crate::store::quotes::{self, Facts, Quote};
use crate::store::rows::{self, Identity};
use crate::store::sales::{Line, Terms};
use crate::store::{ReadTx, WriteTx};

pub use accept::{Accepted, accept};
pub(super) use accept::{Brought, brought};
pub use moves::{Move, move_to, reopen};
pub use revise::revise;

/// Adds a quote, also one that was sent or decided already.
///
/// It needs a customer; without one, that of the deal gets it. Without a name it is called after its first line. It is
/// good for as many days as the caller says, else [`VALID_DAYS`], unless another day is given, or it is imported.
///
/// # Errors
///
/// `Duplicate` if an external id is taken; `Invalid` for a value, or a line that cannot be read.
pub fn add(tx: &WriteTx<'_>, assignments: &[Assignment], policy: &Policy) -> Result<Outcome> {
    add_as(tx, Identity::default(), assignments, policy)
}

/// Adds a quote with a restored identity.
pub fn add_as(
    tx: &WriteTx<'_>,
    identity: Identity,
    assignments: &[Assignment],
    policy: &Policy,
) -> Result<Outcome> {
    let mut draft = Draft::read(tx, Noun::Quote, assignments, policy)?;
    sale::taken_external_id(tx, Noun::Quote, &draft)?;
    let brought = sale::of_deal(tx, Noun::Quote, &mut draft)?;
    let Some(Value::Link(customer)) = draft.get("customer").cloned() else {
        return Err(Error::invalid("customer", "a quote needs a customer"));
    };
    if draft.get("currency").is_none_or(Value::is_empty) {
        sale::set(
            &mut draft,
            Noun::Quote,
            "currency",
            Value::text(tx.base_currency()?.code()),
        )?;
    }
    let mut wanted = Wanted::read(tx, &mut draft, None)?;
    wanted.given.lines = wanted.given.lines.or(brought);
    if draft.text("name").is_none() {
        let first = wanted.given.lines.as_ref().and_then(|lines| lines.first());
        let name = first.map_or(customer.name, |line| line.name().to_owned());
        sale::set(&mut draft, Noun::Quote, "name", Value::text(name))?;
    }
    let is_new = identity.id.is_none();
    if is_new {
        draft.complete_custom(tx, Noun::Quote)?;
    }
    let status = wanted.status.unwrap_or(QuoteStatus::Draft);
    let is_asked = is_new && !sale::is_import(tx);
    if is_asked && status != QuoteStatus::Draft && wanted.given.lines.as_ref().is_none_or(Vec::is_empty) {
        return Err(empty());
    }
    complete_days(tx, &mut draft, status, is_asked)?;
    let facts = Facts {
        status: Some(stored(status)),
        shipping: wanted.given.shipping,
        ..Facts::default()
    };
    let id = rows::add(tx, Noun::Quote, identity, &draft.plain, facts.columns())?;
    if let Some(lines) = &wanted.given.lines {
        quotes::set_lines(tx, id, lines)?;
    }
    draft.write_common(tx, Noun::Quote, id, Lists::Replace)?;
    tx.describe(format!("Added quote {}", label(tx, id)?));
    Ok(Outcome::made(id))
}

/// Gives a new quote the days that go with where it stands.
fn complete_days(tx: &WriteTx<'_>, draft: &mut Draft, status: QuoteStatus, is_asked: bool) -> Result<()> {
    let today = tx.caller().clock.today();
    if is_asked {
        let until = Value::Date(usual_end(tx)?);
        draft.fallback(Noun::Quote, "valid_until", until);
    }
    if matches!(status, QuoteStatus::Sent | QuoteStatus::Expired) && is_asked {
        draft.fallback(Noun::Quote, "sent_on", Value::Date(today));
    }
    if status.is_decided() && is_asked {
        draft.fallback(Noun::Quote, "decided_on", Value::Date(today));
    }
    let day = |name: &str| match draft.get(name) {
        Some(Value::Date(day)) => Some(*day),
        _ => None,
    };
    match (day("sent_on"), day("valid_until")) {
        (Some(sent_on), Some(until)) if until < sent_on && is_asked => Err(runs_out_before(until, sent_on)),
        _ => Ok(()),
    }
}

fn runs_out_before(until: Date, sent_on: Date) -> Error {
    let message = format!("valid_until: {until} is before {sent_on}, the day on which it is sent");
    Error::invalid("valid_until", message)
}

/// The last day of a quote that is made today and of which nothing else is said.
fn usual_end(tx: &ReadTx<'_>) -> Result<Date> {
    let caller = tx.caller();
    let days = caller.quote_days.map_or(VALID_DAYS, i64::from);
    caller
        .clock
        .today()
        .checked_add(days.days())
        .map_err(|_| Error::invalid("valid_until", "valid_until: the clock stands at the end of time"))
}

/// Changes a quote; a status that is given moves it.
///
/// What a quote comes to can only be changed while it is a draft; an import may correct it later too.
///
/// # Errors
///
/// `Invalid` for a value, for an illegal move (with the legal ones), and for amounts of a quote that was sent.
pub fn edit(
    tx: &WriteTx<'_>,
    id: Id,
    assignments: &[Assignment],
    how: Lists,
    policy: &Policy,
) -> Result<Outcome> {
    let mut draft = Draft::read(tx, Noun::Quote, assignments, policy)?;
    for (name, needs) in [
        ("name", "a name"),
        ("customer", "a customer"),
        ("currency", "a currency"),
    ] {
        if draft.get(name).is_some_and(Value::is_empty) {
            return Err(Error::invalid(name, format!("a quote needs {needs}")));
        }
    }
    let before = get(tx, id)?;
    let lines = quotes::lines(tx, id)?;
    let known = (&before.terms, lines.as_slice());
    let wanted = Wanted::read(tx, &mut draft, Some(known))?;
    wanted.keeps_its_word(tx, &before, known, &draft)?;

    let changes = tx.changes();
    rows::set(tx, Noun::Quote, id, &draft.plain)?;
    let facts = Facts {
        shipping: wanted.given.shipping,
        ..Facts::default()
    };
    quotes::set(tx, id, &facts)?;
    if let Some(lines) = &wanted.given.lines {
        quotes::set_lines(tx, id, lines)?;
    }
    draft.write_common(tx, Noun::Quote, id, how)?;
    let given = |name: &str| match draft.get(name) {
        Some(Value::Date(day)) => Some(*day),
        _ => None,
    };
    let mut title = None;
    // That a day is past is seen, not said.
    let status = wanted
        .status
        .filter(|status| stored(*status) != stored(before.status));
    if let Some(status) = status {
        let step = Move {
            on: match status {
                QuoteStatus::Sent | QuoteStatus::Expired => given("sent_on"),
                _ => given("decided_on"),
            },
            ..Move::default()
        };
        moves::place(tx, &get(tx, id)?, stored(status), &step)?;
        title = Some(stored(status));
    }
    let changed = tx.changes() != changes;
    if changed {
        let label = label(tx, id)?;
        tx.describe(match title {
            Some(status) => format!("{} quote {label}", moves::done(status)),
            None => format!("Changed quote {label}"),
        });
    }
    Ok(Outcome::kept(id, changed))
}

/// Adds to what is written down about a quote.
///
/// # Errors
///
/// Whatever [`edit`] fails with.
pub fn note(tx: &WriteTx<'_>, id: Id, text: &str) -> Result<Outcome> {
    let known = quotes::note(tx, id)?;
    let whole = match known.is_empty() {
        true => text.to_owned(),
        false => format!("{known}\n\n{text}"),
    };
    let note = ("note".to_owned(), Input::Text(whole));
    edit(tx, id, &[note], Lists::Replace, &Policy::strict())
}

/// The status as it is kept: whatever was sent expires by itself.
fn stored(status: QuoteStatus) -> QuoteStatus {
    match status {
        QuoteStatus::Expired => QuoteStatus::Sent,
        status => status,
    }
}

fn empty() -> Error {
    Error::invalid("lines", "lines: a quote without lines offers nothing")
}

/// What is given for a quote and read with its rules.
struct Wanted {
    status: Option<QuoteStatus>,
    given: Given,
}

impl Wanted {
    /// Takes out of a draft what is not written word by word, and brings the rest into its usual form.
    fn read(tx: &WriteTx<'_>, draft: &mut Draft, before: Option<(&Terms, &[Line])>) -> Result<Wanted> {
        let given = Given::read(tx, Noun::Quote, draft, before)?;
        let status = match draft.specials("status").last() {
            Some((_, Input::Text(text))) if !text.trim().is_empty() => {
                QuoteStatus::parse(typed::word("status", STATUSES, text)?)
            }
            _ => None,
        };
        Ok(Wanted { status, given })
    }

    /// Refuses to change what a quote comes to once the customer has it.
    fn keeps_its_word(
        &self,
        tx: &ReadTx<'_>,
        before: &Quote,
        known: (&Terms, &[Line]),
        draft: &Draft,
    ) -> Result<()> {
        self.given.keeps_prices(known)?;
        if before.status == QuoteStatus::Draft || sale::is_import(tx) {
            return Ok(());
        }
        let Some(changed) = self.given.changes(draft, known) else {
            return Ok(());
        };
        let reference = reference(tx, before.id)?;
        let way = match before.status {
            QuoteStatus::Accepted => String::new(),
            _ => format!("; `crm quote revise {reference}` makes another version"),
        };
        let status = before.status.name();
        let message =
            format!("{changed}: quote {reference} is {status}, and what it offers stays as it is{way}");
        Err(Error::invalid(changed, message))
    }
}

/// A quote that must be there.
pub(crate) fn get(tx: &ReadTx<'_>, id: Id) -> Result<Quote> {
    quotes::get(tx, id)?.ok_or_else(|| Error::not_found(Noun::Quote, &id.uid()))
}

/// The ref and the name, as titles of operations show a record.
pub(crate) fn label(tx: &ReadTx<'_>, id: Id) -> Result<String> {
    sale::label(tx, Noun::Quote, id)
}

fn reference(tx: &ReadTx<'_>, id: Id) -> Result<String> {
    sale::reference(tx, Noun::Quote, id)
}
