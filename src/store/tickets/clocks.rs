//! The clocks of a ticket, from the rows: what was promised since when, and what happened.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::rc::Rc;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use rusqlite::types::Value as Sql;

use super::comments::{Comment, comments};
use super::steps::stays;
use crate::domain::hours::Hours;
use crate::domain::id::Id;
use crate::domain::service::{Course, Kind, Outlook, Promise, Target};
use crate::domain::sla::targets::Targets;
use crate::domain::ticket::{CommentType, Life, Stay, told};
use crate::error::{Error, Result};
use crate::store::service;
use crate::store::tx::{Column, ReadTx};

/// The course of a ticket as its clocks know it; none if it is not there, or was nowhere yet.
pub fn course(tx: &ReadTx<'_>, ticket: Id) -> Result<Option<Course>> {
    let stays: Vec<Stay> = stays(tx, ticket)?.into_iter().map(|stayed| stayed.stay).collect();
    course_of(tx, ticket, &stays, &comments(tx, ticket)?)
}

/// The same of a ticket whose stays and comments are at hand.
pub(super) fn course_of(
    tx: &ReadTx<'_>,
    ticket: Id,
    stays: &[Stay],
    comments: &[Comment],
) -> Result<Option<Course>> {
    let Some(life) = told(stays) else {
        return Ok(None);
    };
    let rounds = Life::rounds(stays);
    let first_responded_at = first_answer(&life, comments);
    let settled: Vec<Timestamp> = rounds.iter().filter_map(|round| round.resolved_at).collect();
    Ok(Some(Course {
        promises: promises(tx, ticket)?,
        questions: questions(comments, first_responded_at, &settled),
        rounds,
        first_responded_at,
        waits: Life::waits(stays),
    }))
}

/// When a person first answered or had contact.
pub(super) fn first_answer(life: &Life, comments: &[Comment]) -> Option<Timestamp> {
    let answers = comments.iter().filter(|comment| is_answer(comment));
    answers.map(|comment| comment.at).chain(life.contacted_at).min()
}

/// An automatic reply is no answer.
fn is_answer(comment: &Comment) -> bool {
    comment.kind == CommentType::Reply && !comment.is_automatic
}

/// What the customer said after the first answer: from the first message that is not answered to the next answer, or
/// until the ticket is solved.
fn questions(
    comments: &[Comment],
    first: Option<Timestamp>,
    settled: &[Timestamp],
) -> Vec<(Timestamp, Option<Timestamp>)> {
    let Some(first) = first else {
        return Vec::new();
    };
    let mut open: Option<Timestamp> = None;
    let mut questions = Vec::new();
    let settled_after = |from: Timestamp| settled.iter().copied().find(|at| *at > from);
    for comment in comments.iter().filter(|comment| comment.at > first) {
        let is_message = comment.kind == CommentType::Message && !comment.is_automatic;
        if let Some(from) = open
            && let Some(end) = settled_after(from).filter(|end| *end <= comment.at)
        {
            questions.push((from, Some(end)));
            open = None;
        }
        match open {
            Some(from) if is_answer(comment) => {
                questions.push((from, Some(comment.at)));
                open = None;
            }
            None if is_message => open = Some(comment.at),
            _ => {}
        }
    }
    if let Some(from) = open {
        questions.push((from, settled_after(from)));
    }
    questions
}

/// A value that changed: what it was since when, the first since ever.
struct Past<T> {
    values: Vec<(i64, T)>,
    now: T,
}

impl<T: Clone> Past<T> {
    fn at(&self, ms: i64) -> T {
        let known = self.values.iter().rev().find(|(since, _)| *since <= ms);
        let found = known.or(self.values.first()).map(|(_, value)| value);
        found.unwrap_or(&self.now).clone()
    }

    fn changes(&self) -> impl Iterator<Item = i64> {
        self.values.iter().skip(1).map(|(since, _)| *since)
    }
}

/// The policies and the priorities of a ticket.
type Pasts = (Past<Option<Id>>, Past<String>);

/// The policies and the priorities that a ticket has had; none if it is not there.
fn pasts(tx: &ReadTx<'_>, ticket: Id) -> Result<Option<Pasts>> {
    let row: Option<(Option<i64>, String)> = tx.one(
        "SELECT sla_id, priority FROM ticket WHERE id = ?1",
        [ticket.raw()],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    let Some((policy, priority)) = row else {
        return Ok(None);
    };
    let mut policies = Past {
        values: Vec::new(),
        now: policy.map(Id::from_raw),
    };
    let mut priorities = Past {
        values: Vec::new(),
        now: priority,
    };
    tx.each_row(
        "SELECT attribute, value, started_at FROM value_interval
         WHERE record_id = ?1 AND attribute IN ('sla', 'priority') ORDER BY started_at, id",
        [ticket.raw()],
        |row| {
            let since: i64 = row.get(2)?;
            match row.get::<_, String>(0)?.as_str() {
                "sla" => {
                    let policy: Option<i64> = row.get(1)?;
                    policies.values.push((since, policy.map(Id::from_raw)));
                }
                _ => priorities
                    .values
                    .push((since, row.get::<_, Option<String>>(1)?.unwrap_or_default())),
            }
            Ok(())
        },
    )?;
    Ok(Some((policies, priorities)))
}

/// What was promised for a ticket, and since when.
fn promises(tx: &ReadTx<'_>, ticket: Id) -> Result<Vec<Promise>> {
    let Some((policies, priorities)) = pasts(tx, ticket)? else {
        return Ok(Vec::new());
    };
    let mut contents: BTreeMap<Id, Vec<Content>> = BTreeMap::new();
    let named = policies.values.iter().filter_map(|(_, policy)| *policy);
    for policy in named.chain(policies.now) {
        if let Entry::Vacant(place) = contents.entry(policy) {
            place.insert(content(tx, policy)?);
        }
    }
    let mut since: Vec<i64> = vec![i64::MIN];
    since.extend(policies.changes());
    since.extend(priorities.changes());
    let untils = contents.values().flatten().filter_map(|content| content.until);
    since.extend(untils);
    since.sort_unstable();
    since.dedup();
    let always = Rc::new(Hours::always());
    let mut promises: Vec<Promise> = Vec::new();
    for ms in since {
        let content = policies.at(ms).and_then(|policy| {
            let versions = contents.get(&policy)?;
            versions
                .iter()
                .find(|version| version.until.is_none_or(|until| ms < until))
        });
        let (target, hours) = match content {
            Some(content) => (content.targets.of(&priorities.at(ms)), Rc::clone(&content.hours)),
            None => (Target::default(), Rc::clone(&always)),
        };
        let is_same = promises
            .last()
            .is_some_and(|last| last.target == target && last.hours == hours);
        if !is_same {
            promises.push(Promise {
                since: Timestamp::from_millisecond(ms).unwrap_or(Timestamp::MIN),
                target,
                hours,
            });
        }
    }
    Ok(promises)
}

/// What a policy says, or said until then.
struct Content {
    until: Option<i64>,
    targets: Targets,
    hours: Rc<Hours>,
}

/// What a policy said, the earliest first; what it says now comes last.
fn content(tx: &ReadTx<'_>, policy: Id) -> Result<Vec<Content>> {
    let texts = service::contents(tx, policy)?;
    texts
        .into_iter()
        .map(|(until, texts)| {
            let foreign = |why: String| Error::internal(format!("the base holds a policy that says {why}"));
            let hours = match texts.zone.as_str() {
                "" => Hours::always(),
                zone => {
                    let zone = TimeZone::get(zone).map_err(|_| foreign(format!("the time zone {zone:?}")))?;
                    Hours::read(&texts.week, &texts.days, zone).map_err(|error| foreign(error.to_string()))?
                }
            };
            Ok(Content {
                until,
                targets: Targets::read(&texts.targets, Targets::default()).map_err(foreign)?,
                hours: Rc::new(hours),
            })
        })
        .collect()
}

/// What is kept of the clocks.
pub(super) fn columns(course: Option<&Course>) -> Vec<Column<'static>> {
    let instant = |at: Option<Timestamp>| at.map_or(Sql::Null, |at| Sql::Integer(at.as_millisecond()));
    let outlook = |kind| course.map(|course| course.outlook(kind)).unwrap_or_default();
    let [first, next, resolution] = Kind::ALL.map(outlook);
    let all = [first, next, resolution];
    let running = || all.iter().filter(|outlook| outlook.is_running);
    let earliest = |of: fn(&Outlook) -> Option<Timestamp>| running().filter_map(of).min();
    let seconds =
        |time: Option<jiff::SignedDuration>| time.map_or(Sql::Null, |time| Sql::Integer(time.as_secs()));
    vec![
        ("first_response_due_at", instant(first.due_at)),
        ("first_response_late_at", instant(first.late_at)),
        ("next_response_due_at", instant(next.due_at)),
        ("next_response_late_at", instant(next.late_at)),
        ("resolution_due_at", instant(resolution.due_at)),
        ("resolution_late_at", instant(resolution.late_at)),
        ("due_at", instant(earliest(|outlook| outlook.due_at))),
        ("at_risk_at", instant(earliest(|outlook| outlook.at_risk_at))),
        (
            "late_at",
            instant(all.iter().filter_map(|outlook| outlook.late_at).min()),
        ),
        ("response_s", seconds(course.and_then(Course::time_to_respond))),
        ("resolution_s", seconds(course.and_then(Course::time_to_resolve))),
    ]
}

/// The tickets of a policy whose clocks a change of what it says can touch: those that are not solved, and those that
/// were solved since the earliest instant until which it said something else.
pub(crate) fn under(tx: &ReadTx<'_>, policy: Id) -> Result<Vec<Id>> {
    tx.all(
        "SELECT id FROM ticket WHERE sla_id = ?1
           AND (resolved_at IS NULL AND closed_at IS NULL
                OR max(coalesce(resolved_at, 0), coalesce(closed_at, 0))
                   >= (SELECT coalesce(max(until), 0) FROM sla_past WHERE sla_id = ?1))
         UNION SELECT record_id FROM value_interval WHERE attribute = 'sla' AND value = ?1 ORDER BY 1",
        [policy.raw()],
        |row| Ok(Id::from_raw(row.get(0)?)),
    )
}
