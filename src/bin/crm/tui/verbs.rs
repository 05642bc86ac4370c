//! What the verbs of tasks and deals do, and who is left without a next step by them.

use crm::domain::noun::Noun;
use crm::domain::value::{Link, Value};
use crm::domain::when::{Leaning, instant, read};
use crm::error::Result;
use crm::ops::{self, list};
use crm::store::{WriteTx, around, records};

use crate::tui::deed::{DealVerb, Done, TaskVerb, each};

/// Does it to each task; tells which customers have no next step because of it.
pub(super) fn tasks(tx: &WriteTx<'_>, verb: &TaskVerb, of: &[Link]) -> Result<Done> {
    let title = |what: &str| match verb {
        TaskVerb::Done => format!("Done: {what}"),
        TaskVerb::Reopen => format!("Reopened: {what}"),
        TaskVerb::Cancel => format!("Cancelled: {what}"),
        TaskVerb::Snooze(phrase) => format!("Put off {what}: {phrase}"),
    };
    let mut done = each(tx, of, title, &|tx, id| {
        match verb {
            TaskVerb::Done => ops::task::done(tx, id),
            TaskVerb::Reopen => ops::task::reopen(tx, id),
            TaskVerb::Cancel => ops::task::cancel(tx, id),
            TaskVerb::Snooze(phrase) => ops::task::snooze(tx, id, phrase),
        }
        .map(drop)
    })?;
    if matches!(verb, TaskVerb::Done | TaskVerb::Cancel) {
        let customers = list::column(tx, Noun::Task, "customer")?;
        let mut found = Vec::new();
        for task in &done.records {
            let row = records::get(tx, Noun::Task, task.id, std::slice::from_ref(&customers))?;
            if let Some(Value::Link(customer)) = row.and_then(|row| row.into_iter().next()) {
                found.push(customer);
            }
        }
        done.idle = without_step(tx, found)?;
    }
    Ok(done)
}

/// Those of these customers who have no open task, each once.
pub(super) fn without_step(tx: &WriteTx<'_>, customers: Vec<Link>) -> Result<Vec<Link>> {
    let mut idle: Vec<Link> = Vec::new();
    for customer in customers {
        let is_known = idle.iter().any(|known| known.id == customer.id);
        if !is_known && around::open_tasks(tx, Noun::Customer, customer.id)?.is_empty() {
            idle.push(customer);
        }
    }
    Ok(idle)
}

/// Does it to each deal.
pub(super) fn deals(tx: &WriteTx<'_>, verb: &DealVerb, of: &[Link]) -> Result<Done> {
    let title = |what: &str| match verb {
        DealVerb::Move(stage) => format!("Moved {what} to {stage}"),
        DealVerb::Win(_) => format!("Won {what}"),
        DealVerb::Lose(..) => format!("Lost {what}"),
        DealVerb::Reopen => format!("Reopened {what}"),
        DealVerb::Tick(item, true) => format!("Ticked off for {what}: {item}"),
        DealVerb::Tick(item, false) => format!("No longer ticked off for {what}: {item}"),
    };
    each(tx, of, title, &|tx, id| {
        match verb {
            DealVerb::Move(stage) => ops::deal::move_to(tx, id, stage),
            DealVerb::Win(phrase) => {
                let day = match phrase {
                    Some(phrase) => instant::first_day(
                        read(phrase, &tx.caller().reading(Leaning::Past))
                            .map_err(|error| error.on_field("closed_on"))?,
                    ),
                    None => None,
                };
                ops::deal::win(tx, id, day)
            }
            DealVerb::Lose(reason, note) => ops::deal::lose(tx, id, None, reason, note.as_deref()),
            DealVerb::Reopen => ops::deal::reopen(tx, id),
            DealVerb::Tick(item, is_done) => ops::process::tick(tx, id, item, *is_done),
        }
        .map(drop)
    })
}
