//! What actions do with the records that are chosen, whichever page they are chosen on.

mod after;
pub(crate) mod copy;
pub(crate) mod deal;
mod order;
pub(crate) mod pipe;
mod record;
pub(crate) mod task;
mod ticket;

use crm::domain::noun::Noun;
use crm::error::{Error, Kind, Lack};

use crate::text::shell;
use crate::tui::action::Action;
use crate::tui::deed::{DealVerb, Deed, TaskVerb};
use crate::tui::effect::{Effect, Message};
use crate::tui::event::Returned;
use crate::tui::page::selection::Selection;
use crate::tui::world::World;

pub(crate) use after::after;

/// Does an action with what is chosen.
pub(crate) fn on(action: Action, selection: &Selection, _world: &World) -> Vec<Effect> {
    let of_noun = ticket::on(action, selection).or_else(|| deal::on(action, selection));
    if let Some(effects) = of_noun
        .or_else(|| order::on(action, selection))
        .or_else(|| record::on(action, selection))
    {
        return effects;
    }
    match action {
        Action::Done => task::done_chosen(selection),
        Action::FollowUp => task::follow_up(selection, None),
        Action::Reopen => match selection.of(&[Noun::Task]) {
            tasks if !tasks.is_empty() => vec![Effect::Write(Deed::Tasks(TaskVerb::Reopen, tasks))],
            _ => vec![Effect::Write(Deed::Deals(
                DealVerb::Reopen,
                selection.of(&[Noun::Deal]),
            ))],
        },
        _ => vec![Effect::Say(Message::refused("this does nothing here"))],
    }
}

/// Says why a deed was refused.
pub(crate) fn refused(deed: &Deed, error: &Error, _world: &World) -> Vec<Effect> {
    if let Some(effects) = deal::refused(deed, error) {
        return effects;
    }
    vec![Effect::Say(Message::refused(told(error)))]
}

/// An error in one line: what is wrong, and what may have been meant.
pub(crate) fn told(error: &Error) -> String {
    let mut text = error.to_string();
    if let Some(Lack::Item { reference, item }) = error
        .lacks()
        .iter()
        .find(|lack| matches!(lack, Lack::Item { .. }))
    {
        text.push_str(&format!(
            "; :deal check {reference} {} ticks it off",
            shell::quoted(item)
        ));
    } else if let Some(near) = error.near().first() {
        text.push_str(&format!("; did you mean {near}?"));
    } else if error.kind() == Kind::Partial
        && let Some(first) = error.candidates().first()
    {
        text.push_str(&format!("; {}: {}", first.reference, first.detail));
    }
    text
}

/// What a program that was given the terminal has left behind, where no popup waits for it.
pub(crate) fn returned(returned: Returned, _world: &World) -> Vec<Effect> {
    match returned.text {
        Ok(_) => Vec::new(),
        Err(message) => vec![Effect::Say(Message::refused(message))],
    }
}

/// A text was pasted where no field has the cursor: nothing in it is taken for keys.
pub(crate) fn pasted(_text: &str, _selection: &Selection) -> Vec<Effect> {
    vec![Effect::Say(Message::hint(
        "nothing was done with what was pasted: open a field for it first",
    ))]
}
