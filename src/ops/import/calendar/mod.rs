//! Calendars: what is still to be done becomes a task, what has happened an activity, each of the customers who took part.

pub(in crate::ops) mod entry;

use crate::domain::noun::Noun;
use crate::error::Result;
use crate::store::WriteTx;
use crate::wire::read::rows::{Reader, Row};

use super::verdict::{Judged, Origin, Sink, Summary, Verdict};
use super::{Import, Request};
use entry::Entry;

/// Imports the entries of `reader`; all as records of `said`, if a noun was named.
///
/// # Errors
///
/// As [`super::run`].
pub(super) fn run(
    tx: &WriteTx<'_>,
    reader: Reader,
    said: Option<Noun>,
    request: &Request,
    sink: &mut dyn Sink,
) -> Result<Summary> {
    let requests = [Noun::Task, Noun::Activity].map(|noun| Request {
        noun,
        ..request.clone()
    });
    let [tasks, activities] = &requests;
    let mut tasks = Import::new(tx, None, tasks)?;
    let mut activities = Import::new(tx, None, activities)?;
    let mut left = Summary::default();
    for item in reader {
        let row = match item? {
            Ok(row) => row,
            Err(error) => {
                tasks.broken(&error, sink)?;
                continue;
            }
        };
        let entry = Entry::new(&row);
        let noun = entry.noun(tx)?;
        if let (Some(said), Some(own)) = (said, entry.own_noun())
            && said != own
        {
            left.skipped += 1;
            skip(&row, own, sink)?;
            continue;
        }
        match said.unwrap_or(noun) {
            Noun::Activity => activities.row(tx, entry.activity(tx)?, sink)?,
            _ => tasks.row(tx, entry.task(tx)?, sink)?,
        }
    }
    tasks.aside(tx, sink)?;
    activities.aside(tx, sink)?;
    let (tasks, activities) = (tasks.summary(), activities.summary());
    let count = |number: u64, noun: Noun| match number {
        1 => format!("1 {noun}"),
        number => format!("{number} {}", noun.plural()),
    };
    let made = [
        count(tasks.created, Noun::Task),
        count(activities.created, Noun::Activity),
    ];
    let mut total = left;
    total.add(tasks);
    total.add(activities);
    tx.describe(format!("Imported {} from {}", made.join(" and "), request.file));
    Ok(total)
}

fn skip(row: &Row, noun: Noun, sink: &mut dyn Sink) -> Result<()> {
    let reason = format!("this is of {}", noun.plural());
    sink.judged(&Judged {
        line: row.line,
        verdict: Verdict::Skipped,
        reference: None,
        name: super::rows::name_in(row),
        field: None,
        reason: &reason,
        origin: Origin::Row(row),
    })
}
