//! What actions do with the records that are chosen, whichever page they are chosen on.

pub(crate) mod copy;
pub(crate) mod pipe;

use crm::domain::noun::Noun;
use crm::error::Error;

use crate::tui::action::{Action, RECORDS};
use crate::tui::deed::{DealVerb, Deed, Done, TaskVerb};
use crate::tui::effect::{Effect, Message};
use crate::tui::event::Returned;
use crate::tui::page::selection::Selection;
use crate::tui::world::World;

/// Does an action with what is chosen.
pub(crate) fn on(action: Action, selection: &Selection, _world: &World) -> Vec<Effect> {
    match action {
        Action::Done => vec![Effect::Write(Deed::Tasks(
            TaskVerb::Done,
            selection.of(&[Noun::Task]),
        ))],
        Action::Reopen => match selection.of(&[Noun::Task]) {
            tasks if !tasks.is_empty() => vec![Effect::Write(Deed::Tasks(TaskVerb::Reopen, tasks))],
            _ => vec![Effect::Write(Deed::Deals(
                DealVerb::Reopen,
                selection.of(&[Noun::Deal]),
            ))],
        },
        Action::Remove => vec![Effect::Write(Deed::Remove(selection.of(RECORDS)))],
        Action::Restore => vec![Effect::Write(Deed::Restore(selection.of(RECORDS)))],
        _ => vec![Effect::Say(Message::refused("this does nothing here"))],
    }
}

/// What a deed asks for once it is done.
pub(crate) fn after(_deed: &Deed, _done: &Done, _world: &World) -> Vec<Effect> {
    Vec::new()
}

/// Says why a deed was refused.
pub(crate) fn refused(_deed: &Deed, error: &Error, _world: &World) -> Vec<Effect> {
    vec![Effect::Say(Message::refused(told(error)))]
}

/// An error in one line: what is wrong, and what may have been meant.
pub(crate) fn told(error: &Error) -> String {
    let mut text = error.to_string();
    if let Some(near) = error.near().first() {
        text.push_str(&format!("; did you mean {near}?"));
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
