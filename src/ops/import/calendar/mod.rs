//! Calendars: what is still to be done becomes a task, what has happened an activity, each of the customers who took part.

pub(in crate::ops) mod entry;

use std::collections::HashMap;

use crate::domain::digest;
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
    reader: &mut Reader,
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
    let mut seen: HashMap<String, String> = HashMap::new();
    for item in reader {
        let row = match item? {
            Ok(row) => row,
            Err(error) => {
                tasks.broken(&error, sink)?;
                continue;
            }
        };
        let entry = Entry::new(&row);
        // The same entry once more may say something else, of which a record has no place for both.
        let told = format!("{:?}", row.cells);
        let mark = digest::sha256(told.as_bytes());
        if let Some(before) = entry
            .uid()
            .and_then(|uid| seen.insert(uid.to_owned(), mark.clone()))
        {
            let verdict = match before == mark {
                true => Verdict::Skipped,
                false => Verdict::Rejected,
            };
            left.skipped += u64::from(before == mark);
            left.rejected += u64::from(before != mark);
            pass_over(&row, verdict, "an entry above has the same UID", sink)?;
            continue;
        }
        let noun = entry.noun(tx)?;
        if let (Some(said), Some(own)) = (said, entry.own_noun())
            && said != own
        {
            left.skipped += 1;
            pass_over(
                &row,
                Verdict::Skipped,
                &format!("this is of {}", own.plural()),
                sink,
            )?;
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

/// Tells of an entry that is not taken.
fn pass_over(row: &Row, verdict: Verdict, reason: &str, sink: &mut dyn Sink) -> Result<()> {
    sink.judged(&Judged {
        line: row.line,
        verdict,
        reference: None,
        name: super::rows::name_in(row),
        field: None,
        reason,
        origin: Origin::Row(row),
    })
}
