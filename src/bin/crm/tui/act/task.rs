//! What is done with tasks and next steps, on whichever page.

use crm::domain::input::{Assignment, Input};
use crm::domain::noun::Noun;
use crm::domain::value::Link;
use ratatui::layout::Position;

use crate::tui::deed::{Deed, TaskVerb};
use crate::tui::effect::Effect;
use crate::tui::modal::date_line::DateLine;
use crate::tui::modal::finish::Finish;
use crate::tui::page::selection::Selection;

/// Marks a task of a sort as done; of a call it is asked how it went.
pub(crate) fn done(task: &Link, kind: &str, customer: Option<Link>) -> Vec<Effect> {
    match customer {
        Some(customer) if kind == "call" => vec![popup(Finish::call(task.clone(), customer))],
        _ => vec![Effect::Write(Deed::Tasks(TaskVerb::Done, vec![task.clone()]))],
    }
}

/// Marks the chosen tasks as done; a single one is looked up first, and asked about if it is a call.
pub(crate) fn done_chosen(selection: &Selection) -> Vec<Effect> {
    match selection.of(&[Noun::Task]).as_slice() {
        [task] => vec![popup(Finish::new(task.clone()))],
        tasks => vec![Effect::Write(Deed::Tasks(TaskVerb::Done, tasks.to_vec()))],
    }
}

/// Puts the chosen tasks off, or sets or moves the next step with the customer; asked for under `anchor`.
pub(crate) fn follow_up(selection: &Selection, anchor: Option<Position>) -> Vec<Effect> {
    let tasks = match &selection.current {
        // The next step about a deal is asked for by the deal, whatever else belongs to it.
        Some(current) if current.noun == Noun::Deal && selection.marked.is_empty() => Vec::new(),
        _ => selection.of(&[Noun::Task]),
    };
    if !tasks.is_empty() {
        return vec![popup(DateLine::put_off(tasks, anchor))];
    }
    let deal = selection.single(&[Noun::Deal]);
    let customer = selection.single(&[Noun::Customer]);
    customer
        .map(|customer| popup(DateLine::follow_up(customer, deal, anchor)))
        .into_iter()
        .collect()
}

/// Makes the next step with a customer.
pub(crate) fn next_step(customer: &Link, deal: Option<Link>, anchor: Option<Position>) -> Vec<Effect> {
    vec![popup(DateLine::next_step(customer.clone(), deal, anchor))]
}

/// The fields that a new task about a customer begins with.
pub(crate) fn about(customer: Option<&Link>) -> Vec<Assignment> {
    customer
        .map(|customer| {
            let reference = Input::text(customer.reference().to_string());
            ("customer".to_owned(), reference)
        })
        .into_iter()
        .collect()
}

fn popup(dialog: impl crate::tui::modal::Dialog + 'static) -> Effect {
    Effect::Popup(Box::new(dialog))
}
