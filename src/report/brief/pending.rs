//! The quotes that wait for an answer, the tickets that are not solved and what customers are not content with, as a brief tells of them.

use jiff::civil::Date;

use crate::domain::clock::Clock;
use crate::domain::id::Id;
use crate::domain::noun::Noun;
use crate::domain::value::{Link, Value};
use crate::error::Result;
use crate::ops::list;
use crate::report::brief::Open;
use crate::report::brief::row::Row;
use crate::store::{ReadTx, around, links, records};

/// Those of the parties, each once, with the day on which it is due.
pub(super) fn pending(tx: &ReadTx<'_>, parties: &[Link]) -> Result<Vec<(Option<Date>, Open)>> {
    let clock = &tx.caller().clock;
    let (mut quotes, mut tickets): (Vec<Id>, Vec<Id>) = (Vec::new(), Vec::new());
    for party in parties {
        quotes.extend(around::open_quotes(tx, party.id)?);
        tickets.extend(around::open_tickets(tx, party.id)?);
    }
    let mut all = Vec::new();
    for id in quotes {
        if let Some(record) = links::link(tx, Noun::Quote, id)? {
            let row = Row::read(tx, Noun::Quote, id, &["status", "valid_until", "total"])?;
            all.push(quote(record, &row, clock.today()));
        }
    }
    for party in parties {
        for id in waiting(tx, party)? {
            if let Some(record) = links::link(tx, Noun::Feedback, id)? {
                let row = Row::read(tx, Noun::Feedback, id, &["type", "verdict", "waiting_on"])?;
                all.push(feedback(record, &row, clock.today()));
            }
        }
    }
    tickets.sort_unstable();
    // A ticket of a person is one of the employer too.
    tickets.dedup();
    for id in tickets {
        if let Some(record) = links::link(tx, Noun::Ticket, id)? {
            let row = Row::read(tx, Noun::Ticket, id, &["status", "due_at"])?;
            all.push(ticket(record, &row, clock));
        }
    }
    Ok(all)
}

fn quote(record: Link, row: &Row, today: Date) -> (Option<Date>, Open) {
    let until = row.date("valid_until");
    let open = Open {
        record,
        kind: row.text("status").to_owned(),
        due: until.map(Value::Date),
        is_overdue: until.is_some_and(|day| day < today),
        amount: row.money("total"),
        next: None,
    };
    (until, open)
}

/// What a party is not content with and nothing was done about, in no order.
fn waiting(tx: &ReadTx<'_>, party: &Link) -> Result<Vec<Id>> {
    let filters = [format!("is:waiting customer:{}", party.reference())];
    records::ids(
        tx,
        Noun::Feedback,
        &list::condition(tx, Noun::Feedback, &filters)?,
    )
}

fn feedback(record: Link, row: &Row, today: Date) -> (Option<Date>, Open) {
    let since = row.date("waiting_on");
    let kind = match row.text("verdict") {
        "" => row.text("type"),
        verdict => verdict,
    };
    let open = Open {
        record,
        kind: kind.to_owned(),
        due: since.map(Value::Date),
        is_overdue: since.is_some_and(|day| day < today),
        amount: None,
        next: None,
    };
    (since, open)
}

fn ticket(record: Link, row: &Row, clock: &Clock) -> (Option<Date>, Open) {
    let at = match row.get("due_at") {
        Value::Instant(at) => Some(*at),
        _ => None,
    };
    let local = at.map(|at| at.to_zoned(clock.zone().clone()).datetime());
    let open = Open {
        record,
        kind: row.text("status").to_owned(),
        due: local.map(Value::DateTime),
        is_overdue: at.is_some_and(|at| at <= clock.now()),
        amount: None,
        next: None,
    };
    (local.map(|local| local.date()), open)
}
