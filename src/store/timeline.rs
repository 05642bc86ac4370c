//! What happened with a record, the latest first, a page at a time.
//!
//! Contacts with a customer stand in an index by their days, so that a page of them costs what is on it, whoever has a hundred
//! thousand. The day is that of the place where it happened, and so within hours of the instant by which they are told.
//! Mere notes stand in no such index: they are what is left of all links, which are walked in the index alone.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use rusqlite::params_from_iter;
use rusqlite::types::Value as Sql;

use crate::domain::id::Id;
use crate::domain::noun::Noun;
use crate::domain::when::instant::instant_of;
use crate::error::Result;
use crate::store::customers::day;
use crate::store::filter;
use crate::store::tx::ReadTx;

/// Which activities are wanted.
#[derive(Debug, Clone, Copy, Default)]
pub struct Asked<'a> {
    /// Only those that come after this one, which need not be of the same record; none for all.
    pub after: Option<Id>,
    /// Only those of this type.
    pub kind: Option<&'a str>,
    /// At most so many; none for all.
    pub most: Option<usize>,
}

/// The type of what is no contact.
const NOTE: &str = "note";

/// Where an activity stands: its instant in milliseconds since 1970, and its id.
type Place = (i64, Id);

/// The activities with a customer, about a deal or for a ticket that the caller may see, the latest first.
pub fn activities(tx: &ReadTx<'_>, noun: Noun, id: Id, asked: Asked<'_>) -> Result<Vec<Id>> {
    let before = match asked.after {
        Some(activity) => tx.one("SELECT at FROM activity WHERE id = ?1", [activity.raw()], |row| {
            Ok((row.get(0)?, activity))
        })?,
        None => None,
    };
    let mut places = match (noun, asked.most) {
        (Noun::Customer, Some(most)) => {
            let mut places = Vec::new();
            if asked.kind != Some(NOTE) {
                places = contacts(tx, id, before, asked.kind, most)?;
            }
            if asked.kind.is_none_or(|kind| kind == NOTE) && has_notes(tx, id)? {
                places.extend(listed(tx, NOTES, id, before, asked.kind, Some(most))?);
            }
            places
        }
        (Noun::Customer, None) => listed(tx, ALL, id, before, asked.kind, None)?,
        (Noun::Ticket, most) => listed(tx, OF_TICKET, id, before, asked.kind, most)?,
        _ => listed(tx, OF_DEAL, id, before, asked.kind, asked.most)?,
    };
    latest(&mut places, asked.most);
    Ok(places.into_iter().map(|(_, id)| id).collect())
}

/// Keeps the latest, in order.
fn latest(places: &mut Vec<Place>, most: Option<usize>) {
    places.sort_by_key(|place| std::cmp::Reverse(*place));
    places.truncate(most.unwrap_or(usize::MAX));
}

const OF_DEAL: &str = "activity AS a WHERE a.deal_id = ?";
const OF_TICKET: &str = "activity AS a WHERE a.ticket_id = ?";
const ALL: &str =
    "activity_customer AS l CROSS JOIN activity AS a ON a.id = l.activity_id WHERE l.customer_id = ?";
const NOTES: &str = "activity_customer AS l CROSS JOIN activity AS a ON a.id = l.activity_id
    WHERE l.customer_id = ?1 AND l.id NOT IN (
      SELECT c.id FROM activity_customer AS c WHERE c.customer_id = ?1 AND c.contact_on IS NOT NULL)";

/// The activities that stand in `from`, the latest first.
fn listed(
    tx: &ReadTx<'_>,
    from: &str,
    id: Id,
    before: Option<Place>,
    kind: Option<&str>,
    most: Option<usize>,
) -> Result<Vec<Place>> {
    let mut bound = vec![Sql::Integer(id.raw())];
    let rest = narrowed(tx, before, kind, &mut bound);
    let limit = most.map_or(-1, |most| i64::try_from(most).unwrap_or(i64::MAX));
    let sql = format!("SELECT a.at, a.id FROM {from}{rest} ORDER BY a.at DESC, a.id DESC LIMIT {limit}");
    tx.all(&sql, params_from_iter(bound), |row| {
        Ok((row.get(0)?, Id::from_raw(row.get(1)?)))
    })
}

/// The tests on an activity `a`, to follow others. The plus keeps SQLite from walking all activities of a type.
fn narrowed(tx: &ReadTx<'_>, before: Option<Place>, kind: Option<&str>, bound: &mut Vec<Sql>) -> String {
    let mut sql = " AND a.deleted_at IS NULL".to_owned();
    if let Some((at, id)) = before {
        sql.push_str(" AND (+a.at, a.id) < (?, ?)");
        bound.extend([Sql::Integer(at), Sql::Integer(id.raw())]);
    }
    if let Some(kind) = kind {
        sql.push_str(" AND +a.type = ?");
        bound.push(Sql::Text(kind.to_owned()));
    }
    sql.push_str(&filter::scope(tx, Noun::Activity, "a", bound));
    sql
}

const LINKS: &str = "SELECT (SELECT count(*) FROM activity_customer WHERE customer_id = ?1)
    > (SELECT count(*) FROM activity_customer WHERE customer_id = ?1 AND contact_on IS NOT NULL)";

/// Whether there is anything with a customer that was no contact.
fn has_notes(tx: &ReadTx<'_>, customer: Id) -> Result<bool> {
    Ok(tx
        .one(LINKS, [customer.raw()], |row| row.get(0))?
        .unwrap_or(false))
}

/// The contacts with a customer as they come out of the index: the last day first, in no order within it.
fn by_day(tx: &ReadTx<'_>, before: Option<Place>, kind: Option<&str>, bound: &mut Vec<Sql>) -> String {
    let rest = narrowed(tx, before, kind, bound);
    format!(
        "SELECT l.contact_on, a.at, a.id FROM activity_customer AS l CROSS JOIN activity AS a ON a.id = l.activity_id
         WHERE l.customer_id = ? AND l.contact_on <= ?{rest} ORDER BY l.contact_on DESC"
    )
}

/// The latest contacts with a customer, and maybe some more.
fn contacts(
    tx: &ReadTx<'_>,
    customer: Id,
    before: Option<Place>,
    kind: Option<&str>,
    most: usize,
) -> Result<Vec<Place>> {
    let last = match before {
        Some((at, _)) => last_day(at)?.to_string(),
        None => "9999-12-31".to_owned(),
    };
    let mut bound = vec![Sql::Integer(customer.raw()), Sql::Text(last)];
    let sql = by_day(tx, before, kind, &mut bound);
    let mut statement = tx.connection().prepare_cached(&sql)?;
    let mut rows = statement.query(params_from_iter(bound))?;
    let (mut places, mut current): (Vec<Place>, String) = (Vec::new(), String::new());
    while let Some(row) = rows.next()? {
        let on = row.get_ref(0)?.as_str().unwrap_or_default();
        if on != current {
            on.clone_into(&mut current);
            latest(&mut places, Some(most));
            // What is still to come happened before the end of its day, wherever that was.
            let end = end_of(day(on)?);
            if places.len() >= most && places.last().is_none_or(|(at, _)| *at >= end) {
                break;
            }
        }
        places.push((row.get(1)?, Id::from_raw(row.get(2)?)));
    }
    Ok(places)
}

/// The hours by which the zones of the world are apart from UTC, and one to spare.
const HOURS: i64 = 15;

/// The last day on which what happened at an instant can have happened, wherever that was.
fn last_day(at_ms: i64) -> Result<Date> {
    let at = Timestamp::from_millisecond(at_ms.saturating_add(HOURS * 3_600_000));
    let at = at.map_err(|error| {
        crate::Error::internal(format!("the base holds an instant {at_ms}")).with_source(error)
    })?;
    Ok(at.to_zoned(TimeZone::UTC).date())
}

/// The instant at which a day has ended everywhere.
fn end_of(day: Date) -> i64 {
    let next = day.saturating_add(1.day());
    instant_of(next.at(0, 0, 0, 0), &TimeZone::UTC).as_millisecond() + HOURS * 3_600_000
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rusqlite::StatementStatus;

    use super::*;
    use crate::ops::tests::Base;
    use crate::store::WriteTx;

    const CUSTOMER: Id = Id::from_raw(900_000_001);
    const FIRST: i64 = 910_000_000;

    /// A customer with activities: the hour at which each happened, whether it was a note, the hours of its zone.
    fn filled(activities: &[(i64, bool, i64)]) -> Base {
        let mut base = Base::new();
        base.write(|tx| fill(tx, activities));
        base
    }

    fn fill(tx: &WriteTx<'_>, activities: &[(i64, bool, i64)]) -> Result<()> {
        let user = tx.caller().actor.id.raw();
        let connection = tx.connection();
        connection.execute(
            "INSERT INTO customer (id, no, type, name, created_at, created_by, updated_at, updated_by)
             VALUES (?1, 7, 'person', 'Busy', 0, ?2, 0, ?2)",
            (CUSTOMER.raw(), user),
        )?;
        let mut activity = connection.prepare(
            "INSERT INTO activity (id, no, type, at, on_date, owner_id, created_at, created_by, updated_at, updated_by)
             VALUES (?1, ?1, ?2, ?3 * 3600000, date((?3 + ?4) * 3600, 'unixepoch'), ?5, 0, ?5, 0, ?5)",
        )?;
        let mut link = connection.prepare(
            "INSERT INTO activity_customer (id, activity_id, customer_id, role, contact_on)
             SELECT id + 500000000, id, ?2, 'customer', iif(type = 'note', NULL, on_date) FROM activity WHERE id = ?1",
        )?;
        for (id, (hour, is_note, zone)) in (FIRST..).zip(activities) {
            activity.execute((id, if *is_note { NOTE } else { "call" }, hour, zone, user))?;
            link.execute((id, CUSTOMER.raw()))?;
        }
        Ok(())
    }

    fn asked(after: Option<Id>, kind: Option<&str>, most: usize) -> Asked<'_> {
        Asked {
            after,
            kind,
            most: Some(most),
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

        #[test]
        fn pages_are_the_whole(
            activities in prop::collection::vec((480_000..480_200_i64, any::<bool>(), -12..15_i64), 0..40),
            most in 1..5_usize,
        ) {
            let base = filled(&activities);
            for kind in [None, Some(NOTE), Some("call")] {
                let whole = Asked { kind, ..Asked::default() };
                let whole = base.read(|tx| super::activities(tx, Noun::Customer, CUSTOMER, whole));
                let mut paged: Vec<Id> = Vec::new();
                loop {
                    let asked = asked(paged.last().copied(), kind, most);
                    let page = base.read(|tx| super::activities(tx, Noun::Customer, CUSTOMER, asked));
                    if page.is_empty() {
                        break;
                    }
                    paged.extend(page);
                }
                prop_assert_eq!(paged, whole);
            }
        }
    }

    /// The instructions that a statement has taken so far.
    fn steps(tx: &ReadTx<'_>, sql: &str) -> Result<i32> {
        Ok(tx
            .connection()
            .prepare_cached(sql)?
            .reset_status(StatementStatus::VmStep))
    }

    #[test]
    fn a_page_of_a_hundred_thousand_contacts_costs_what_is_on_it() {
        let every_six_hours: Vec<(i64, bool, i64)> = (0..100_000).map(|at| (at * 6, false, 8)).collect();
        let base = filled(&every_six_hours);
        let middle = Id::from_raw(FIRST + 50_000);
        for after in [None, Some(middle)] {
            base.read(|tx| {
                let page = activities(tx, Noun::Customer, CUSTOMER, asked(after, None, 11))?;
                let newest = after.map_or(FIRST + 99_999, |id| id.raw() - 1);
                let expected: Vec<Id> = (0..11).map(|at| Id::from_raw(newest - at)).collect();
                assert_eq!(page, expected);
                let before = after.map(|id| (0, id));
                let walked = steps(tx, &by_day(tx, before, None, &mut Vec::new()))?;
                assert!((1..1_000).contains(&walked), "{walked} steps after {after:?}");
                let counted = steps(tx, LINKS)?;
                assert!((1..1_000_000).contains(&counted), "{counted} steps to count");
                Ok(())
            });
        }
    }
}
