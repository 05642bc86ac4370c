//! Rules that wait for the clock: what became so by itself, and times of day.

use std::collections::BTreeSet;

use crate::domain::id::Id;
use crate::domain::rule::trigger::Trigger;
use crate::error::Result;
use crate::ops::rule::Rule;
use crate::ops::rule::engine::{Cause, Job, all};
use crate::store::{ReadTx, WriteTx, cursors, rules};

/// The rules that wait for the clock.
pub fn timed(tx: &ReadTx<'_>) -> Result<Vec<Rule>> {
    let rules = rules::active(tx)?.into_iter().map(Rule::read);
    Ok(rules.flatten().filter(|rule| rule.on.is_of_time()).collect())
}

/// What the clock has for a rule by now; none if nothing. To be asked for whoever made the rule.
///
/// # Errors
///
/// `Usage` if its filter means nothing any more.
pub fn due(tx: &ReadTx<'_>, rule: &Rule) -> Result<Option<Job>> {
    let job = |moment: i64, records: Vec<Id>| {
        Some(Job {
            rule: rule.clone(),
            cause: Cause::Moment(moment),
            depth: 1,
            records,
            is_derived: false,
        })
    };
    let clock = &tx.caller().clock;
    if let Trigger::At(schedule) = &rule.on.trigger {
        let Some(slot) = schedule.latest(clock).map(jiff::Timestamp::as_millisecond) else {
            return Ok(None);
        };
        let last = cursors::position(tx, &cursor(rule))?.and_then(|text| text.parse().ok());
        if slot <= last.unwrap_or(rule.created_at) {
            return Ok(None);
        }
        return Ok(job(slot, all(tx, rule)?));
    }
    let now: BTreeSet<Id> = all(tx, rule)?.into_iter().collect();
    let turnover = cursors::turnover(tx, &cursor(rule), &now)?;
    match turnover.entered.is_empty() && turnover.left.is_empty() {
        true => Ok(None),
        false => Ok(job(clock.now_ms(), turnover.entered)),
    }
}

/// Remembers that the clock was heeded.
pub(super) fn heed(tx: &WriteTx<'_>, job: &Job) -> Result<()> {
    match (&job.rule.on.trigger, job.cause) {
        (Trigger::At(_), Cause::Moment(slot)) => cursors::move_to(tx, &cursor(&job.rule), &slot.to_string()),
        (Trigger::Became(_), _) => {
            let now: BTreeSet<Id> = all(tx, &job.rule)?.into_iter().collect();
            let mut turnover = cursors::turnover(tx, &cursor(&job.rule), &now)?;
            // Who became so since the question was asked is for the next time.
            turnover.entered.retain(|id| job.records.contains(id));
            cursors::move_members(tx, &cursor(&job.rule), &turnover)
        }
        _ => Ok(()),
    }
}

fn cursor(rule: &Rule) -> String {
    format!("rule/{}", rule.id.uid())
}
