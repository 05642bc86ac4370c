//! Calendars: what is still to be done becomes a task, what has happened an activity, each of the customers who took part.

pub(in crate::ops) mod entry;
mod told;
mod version;

use crate::domain::noun::Noun;
use crate::error::Result;
use crate::store::WriteTx;
use crate::wire::read::rows::Reader;

use super::verdict::{Judged, Origin, Sink, Summary, Verdict};
use super::{Import, Request};
use entry::Entry;
use version::{Step, Versions};

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
    let mut taker = Taker {
        tx,
        said,
        tasks: Import::new(tx, None, tasks)?,
        activities: Import::new(tx, None, activities)?,
        left: Summary::default(),
    };
    let mut versions = Versions::default();
    for item in reader {
        versions.push(item?);
        while let Some(step) = versions.due() {
            taker.step(step, sink)?;
        }
    }
    while let Some(step) = versions.pop() {
        taker.step(step, sink)?;
    }
    let Taker {
        mut tasks,
        mut activities,
        left,
        ..
    } = taker;
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
    for mut part in [tasks, activities] {
        total.unmapped.append(&mut part.unmapped);
        total.doubts.append(&mut part.doubts);
        total.add(part);
    }
    tx.describe(format!("Imported {} from {}", made.join(" and "), request.file));
    Ok(total)
}

/// Takes the entries, tasks and activities each as records of their own.
struct Taker<'t, 'r> {
    tx: &'t WriteTx<'t>,
    /// The noun that was named.
    said: Option<Noun>,
    tasks: Import<'r>,
    activities: Import<'r>,
    /// What was not taken.
    left: Summary,
}

impl Taker<'_, '_> {
    fn step(&mut self, step: Step, sink: &mut dyn Sink) -> Result<()> {
        let row = match step {
            Step::Take(row) => row,
            Step::Broken(error) => return self.tasks.broken(&error, sink),
            Step::Pass {
                row,
                verdict,
                reason,
                is_news,
            } => {
                *self.left.count_of(verdict) += 1;
                return sink.judged(&Judged {
                    line: row.line,
                    verdict,
                    reference: None,
                    name: super::rows::name_in(&row),
                    field: is_news.then_some("uid"),
                    reason: &reason,
                    origin: Origin::Row(&row),
                });
            }
        };
        let entry = Entry::new(&row);
        let noun = entry.noun(self.tx)?;
        if let (Some(said), Some(own)) = (self.said, entry.own_noun())
            && said != own
        {
            self.left.skipped += 1;
            return sink.judged(&Judged {
                line: row.line,
                verdict: Verdict::Skipped,
                reference: None,
                name: super::rows::name_in(&row),
                field: None,
                reason: &format!("this is of {}", own.plural()),
                origin: Origin::Row(&row),
            });
        }
        match self.said.unwrap_or(noun) {
            Noun::Activity => self.activities.row(self.tx, entry.activity(self.tx)?, sink),
            _ => self.tasks.row(self.tx, entry.task(self.tx)?, sink),
        }
    }
}
