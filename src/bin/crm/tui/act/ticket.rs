//! What is done with tickets, on whichever page.

use crm::domain::noun::Noun;
use crm::domain::ticket::Wait;
use crm::domain::value::Link;

use crate::tui::action::Action;
use crate::tui::component::menu::Item;
use crate::tui::deed::Deed;
use crate::tui::effect::{Effect, Message};
use crate::tui::modal::form::RecordForm;
use crate::tui::modal::menu::{Options, item};
use crate::tui::page::selection::Selection;
use crate::tui::ticket::{Speech, TicketVerb};

/// Does an action with the chosen tickets; none if it is none of them.
pub(super) fn on(action: Action, selection: &Selection) -> Option<Vec<Effect>> {
    let of = || selection.of(&[Noun::Ticket]);
    Some(match action {
        Action::TicketReply => said(Speech::Reply, selection),
        Action::TicketMessage => said(Speech::Message, selection),
        Action::TicketNote => said(Speech::Note, selection),
        Action::TicketResolve => said(Speech::Solution, selection),
        Action::TicketTake => write(TicketVerb::Take, of()),
        Action::TicketAdvance => write(TicketVerb::Advance, of()),
        Action::TicketClose => write(TicketVerb::Close, of()),
        Action::TicketWait => vec![waits(&of())],
        Action::Reopen if !of().is_empty() => write(TicketVerb::Reopen, of()),
        _ => return None,
    })
}

fn write(verb: TicketVerb, of: Vec<Link>) -> Vec<Effect> {
    vec![Effect::Write(Deed::Tickets(verb, of))]
}

/// Asks for the words; a solution is that of all chosen, anything else is said of one.
fn said(speech: Speech, selection: &Selection) -> Vec<Effect> {
    let of = selection.of(&[Noun::Ticket]);
    if speech != Speech::Solution && of.len() > 1 {
        return vec![Effect::Say(Message::refused(
            "this is done with one ticket at a time",
        ))];
    }
    vec![Effect::Popup(Box::new(RecordForm::said(speech, of)))]
}

/// Asks for whom is waited.
fn waits(of: &[Link]) -> Effect {
    let option = |letter: char, label: &str, wait: Wait| -> (Item, Vec<Effect>) {
        (item(letter, label), write(TicketVerb::Wait(wait), of.to_vec()))
    };
    let options = vec![
        option('c', "For the customer", Wait::Customer),
        option('t', "For somebody else", Wait::ThirdParty),
        option('g', "For nobody any more: go on", Wait::Nobody),
    ];
    Options::popup("Wait", options)
}
