//! Tickets as reports count them: what came of each, and its stays in steps.

use rusqlite::types::{Value as Sql, ValueRef};
use rusqlite::{Row, params_from_iter};

use crate::domain::id::Id;
use crate::domain::noun::Noun;
use crate::domain::ticket::Step;
use crate::error::{Error, Result};
use crate::query::plan::Condition;
use crate::store::filter;
use crate::store::rollups::tallies::Sums;
use crate::store::rollups::{Group, Heading, Key};
use crate::store::tx::ReadTx;

/// A ticket; instants are in milliseconds since 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fact {
    /// The record.
    pub id: Id,
    /// Whether nothing comes of it.
    pub is_cancelled: bool,
    /// When a person first answered.
    pub responded_at: Option<i64>,
    /// When it was solved, as it stands now.
    pub resolved_at: Option<i64>,
    /// When it was closed.
    pub closed_at: Option<i64>,
    /// When the first answer is, or was, due.
    pub first_due_at: Option<i64>,
    /// When the first answer was, or will be, late.
    pub first_late_at: Option<i64>,
    /// When the solution is, or was, due.
    pub resolution_due_at: Option<i64>,
    /// When the solution was, or will be, late.
    pub resolution_late_at: Option<i64>,
    /// Working time until a person answered, in seconds.
    pub response_s: Option<i64>,
    /// Working time that the solution took, in seconds.
    pub resolution_s: Option<i64>,
    /// How often a person answered.
    pub replies: i64,
    /// How often it came back.
    pub reopen_count: i64,
    /// Who works on it.
    pub assignee: Option<Id>,
    /// When the record was made.
    pub created_at: i64,
}

/// A stay in a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StayFact {
    /// The step.
    pub step: Step,
    /// Whether the ticket was called off there.
    pub is_cancelled: bool,
    /// When it came there.
    pub entered_at: i64,
    /// When it went on; none for where it is.
    pub left_at: Option<i64>,
}

impl StayFact {
    /// Whether the ticket is solved or over there.
    pub fn is_over(&self) -> bool {
        matches!(self.step, Step::Verifying | Step::Closed)
    }

    /// Whether it is solved there; what was called off is not.
    pub fn is_solved(&self) -> bool {
        self.is_over() && !self.is_cancelled
    }
}

const COLUMNS: &str = "r.id, r.status = 'cancelled', r.first_responded_at, r.resolved_at, r.closed_at,
    r.first_response_due_at, r.first_response_late_at, r.resolution_due_at, r.resolution_late_at, r.response_s,
    r.resolution_s, r.replies, r.reopen_count, r.assignee_id, r.created_at";

fn key(group: Group) -> &'static str {
    match group {
        Group::Assignee => "r.assignee_id",
        Group::Owner => "r.owner_id",
        Group::Team => "r.team_id",
        Group::Priority => "r.priority_rank",
        Group::Policy => "r.sla_id",
        Group::Customer => "r.customer_id",
        _ => "NULL",
    }
}

/// What is asked of tickets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Walk {
    /// What they are grouped by.
    pub group: Group,
    /// Tickets are left out that are over and with which nothing has happened since this instant: that came nowhere, and
    /// were not answered for the first time; none for all tickets.
    pub since: Option<i64>,
    /// What the figures need besides.
    pub needs: Needs,
}

/// What figures need of tickets besides themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Needs {
    /// Nothing.
    Clocks,
    /// Their stays in steps.
    Stays,
    /// The stays of those that came somewhere since the instant; the others that are open are told by [`still`].
    Moves,
    /// Their stays, and also those that were made here or changed hands since the instant.
    Hands,
}

/// A ticket whose stays are being read.
struct Reading {
    key: Sql,
    fact: Fact,
    stays: Vec<StayFact>,
}

/// Folds every ticket that meets the condition into the figures of its group; in no order.
pub fn fold<T: Default>(
    tx: &ReadTx<'_>,
    condition: &Condition,
    walk: Walk,
    work: &mut dyn FnMut(&mut T, &Fact, &[StayFact]),
) -> Result<Vec<(Key, Heading, T)>> {
    let mut bound = Vec::new();
    let chosen = filter::selection(tx, Noun::Ticket, condition, &mut bound)?;
    let touched = touched(walk, &mut bound);
    let (stays, join, order) = match walk.needs {
        Needs::Clocks => ("NULL, NULL, NULL, NULL", "", ""),
        Needs::Stays | Needs::Moves | Needs::Hands => (
            "s.step, s.is_cancelled, s.entered_at, s.left_at",
            "LEFT JOIN ticket_step AS s ON s.ticket_id = r.id",
            "ORDER BY r.id, s.id",
        ),
    };
    let sql = format!(
        "SELECT {}, {COLUMNS}, {stays} FROM {} {join} WHERE {} AND r.deleted_at IS NULL{touched} {order}",
        key(walk.group),
        chosen.from,
        chosen.condition
    );
    let mut sums: Sums<T> = Sums::default();
    let mut current: Option<Reading> = None;
    let mut done = |reading: &Reading, sums: &mut Sums<T>| -> Result<()> {
        let figures = sums.at(ValueRef::from(&reading.key), T::default)?;
        work(figures, &reading.fact, &reading.stays);
        Ok(())
    };
    tx.each_row(&sql, params_from_iter(&bound), |row| {
        let id: i64 = row.get(1)?;
        if current.as_ref().is_none_or(|reading| reading.fact.id.raw() != id) {
            // The stays of the ticket before are all there, and their place is used again.
            let mut stays = Vec::new();
            if let Some(reading) = current.take() {
                done(&reading, &mut sums)?;
                stays = reading.stays;
                stays.clear();
            }
            current = Some(Reading {
                key: row.get(0)?,
                fact: fact(row)?,
                stays,
            });
        }
        if let (Some(reading), ValueRef::Text(step)) = (&mut current, row.get_ref(16)?) {
            let step = Step::ALL
                .into_iter()
                .find(|known| known.name().as_bytes() == step);
            reading.stays.push(StayFact {
                step: step.ok_or_else(|| Error::internal("a ticket is in a step that is none"))?,
                is_cancelled: row.get(17)?,
                entered_at: row.get(18)?,
                left_at: row.get(19)?,
            });
        }
        Ok(())
    })?;
    if let Some(reading) = current {
        done(&reading, &mut sums)?;
    }
    sums.named(tx, walk.group)
}

/// The tickets that are not solved and came nowhere since an instant, by groups in no order.
pub fn still(
    tx: &ReadTx<'_>,
    condition: &Condition,
    group: Group,
    since: i64,
) -> Result<Vec<(Key, Heading, Vec<Id>)>> {
    let mut bound = Vec::new();
    let chosen = filter::selection(tx, Noun::Ticket, condition, &mut bound)?;
    bound.push(Sql::Integer(since));
    let sql = format!(
        "SELECT {}, r.id FROM {} WHERE {} AND r.deleted_at IS NULL
           AND r.status IN ('open', 'waiting_customer', 'waiting_third_party') AND r.id NOT IN ({MOVED})",
        key(group),
        chosen.from,
        chosen.condition
    );
    let mut sums: Sums<Vec<Id>> = Sums::default();
    tx.each_row(&sql, params_from_iter(&bound), |row| {
        sums.at(row.get_ref(0)?, Vec::new)?
            .push(Id::from_raw(row.get(1)?));
        Ok(())
    })?;
    sums.named(tx, group)
}

/// The tickets that came somewhere since an instant.
const MOVED: &str = "SELECT ticket_id FROM ticket_step WHERE entered_at >= ?";

/// The condition that leaves out what is over and was not touched; empty for none.
fn touched(walk: Walk, bound: &mut Vec<Sql>) -> String {
    let Some(since) = walk.since else {
        return String::new();
    };
    if walk.needs == Needs::Moves {
        bound.push(Sql::Integer(since));
        return format!(" AND r.id IN ({MOVED})");
    }
    bound.extend([since, since].map(Sql::Integer));
    let mut tickets = "SELECT id FROM ticket
          WHERE deleted_at IS NULL AND status IN ('open', 'waiting_customer', 'waiting_third_party')
        UNION SELECT ticket_id FROM ticket_step WHERE entered_at >= ?
        UNION SELECT id FROM ticket WHERE deleted_at IS NULL AND first_responded_at >= ?"
        .to_owned();
    if walk.needs == Needs::Hands {
        // Ids sort by time, and no record was made after its id was.
        bound.extend([Id::first(since, 0).raw(), since].map(Sql::Integer));
        tickets.push_str(
            " UNION SELECT id FROM ticket WHERE id >= ?
              UNION SELECT record_id FROM value_interval WHERE attribute = 'assignee' AND started_at >= ?",
        );
    }
    format!(" AND r.id IN ({tickets})")
}

fn fact(row: &Row<'_>) -> rusqlite::Result<Fact> {
    Ok(Fact {
        id: Id::from_raw(row.get(1)?),
        is_cancelled: row.get(2)?,
        responded_at: row.get(3)?,
        resolved_at: row.get(4)?,
        closed_at: row.get(5)?,
        first_due_at: row.get(6)?,
        first_late_at: row.get(7)?,
        resolution_due_at: row.get(8)?,
        resolution_late_at: row.get(9)?,
        response_s: row.get(10)?,
        resolution_s: row.get(11)?,
        replies: row.get(12)?,
        reopen_count: row.get(13)?,
        assignee: row.get::<_, Option<i64>>(14)?.map(Id::from_raw),
        created_at: row.get(15)?,
    })
}

/// Since when somebody works on a ticket that changed hands: the ticket, who, and since when.
pub fn hands(tx: &ReadTx<'_>) -> Result<Vec<(Id, Id, i64)>> {
    tx.all(
        "SELECT i.record_id, i.value, i.started_at FROM value_interval AS i JOIN ticket AS t ON t.id = i.record_id
         WHERE i.attribute = 'assignee' AND i.value IS NOT NULL ORDER BY i.record_id, i.started_at",
        [],
        |row| {
            Ok((
                Id::from_raw(row.get(0)?),
                Id::from_raw(row.get(1)?),
                row.get(2)?,
            ))
        },
    )
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::ops::tests::{Base, assignments};
    use crate::ops::ticket::{self, talk};
    use crate::ops::typed::Policy;

    fn ids(base: &Base, since: Option<i64>, needs: Needs) -> BTreeSet<Id> {
        base.read(|tx| {
            let mut found = BTreeSet::new();
            let walk = Walk {
                group: Group::All,
                since,
                needs,
            };
            fold(tx, &Condition::All, walk, &mut |(): &mut (), fact, _| {
                found.insert(fact.id);
            })?;
            Ok(found)
        })
    }

    /// What is left out has nothing that a report from that day on could count.
    #[test]
    fn only_what_is_over_and_untouched_is_left_out() {
        let mut base = Base::new();
        base.on("2026-03-02");
        let text =
            "status=closed; received_at=2026-01-05; resolved_at=2026-01-06; closed_at=2026-01-07; name=";
        let add = |base: &mut Base, name: &str| {
            let given = assignments(&format!("{text}{name}"));
            base.write(|tx| ticket::add(tx, &given, &Policy::strict())).id
        };
        let over = add(&mut base, "Over");
        let answered = add(&mut base, "Answered");
        let open = base
            .write(|tx| {
                ticket::add(
                    tx,
                    &assignments("name=Open; received_at=2026-01-05"),
                    &Policy::strict(),
                )
            })
            .id;
        base.on("2026-04-02");
        let late = base
            .write(|tx| ticket::add(tx, &assignments("name=Late; status=closed"), &Policy::strict()))
            .id;
        let said = talk::Said {
            text: "yes",
            ..talk::Said::default()
        };
        base.write(|tx| talk::reply(tx, answered, &said));
        let all: BTreeSet<Id> = [over, answered, open, late].into();
        let since = |day: &str| {
            let day: jiff::civil::Date = day.parse().expect("a day");
            let start = day.to_zoned(jiff::tz::TimeZone::UTC).expect("a start");
            Some(start.timestamp().as_millisecond())
        };
        for needs in [Needs::Clocks, Needs::Stays, Needs::Hands] {
            assert_eq!(ids(&base, None, needs), all);
            assert_eq!(ids(&base, since("2026-01-01"), needs), all);
            assert_eq!(
                ids(&base, since("2026-04-01"), needs),
                [answered, open, late].into()
            );
            assert_eq!(ids(&base, since("2026-05-01"), needs), [open].into());
        }
        // They were made here on 2 March, and came in long before.
        let march = since("2026-03-01");
        assert_eq!(ids(&base, march, Needs::Stays), [answered, open, late].into());
        assert_eq!(ids(&base, march, Needs::Hands), all);
    }
}
