//! What actions do with orders.

use crm::domain::noun::Noun;
use crm::domain::sale::OrderStatus;
use crm::domain::value::Link;

use crate::tui::action::Action;
use crate::tui::deed::Deed;
use crate::tui::effect::{Effect, Message};
use crate::tui::modal::outcome::order::{Dialogue, Sort};
use crate::tui::orders::OrderVerb;
use crate::tui::page::selection::Selection;

/// Does an action with the chosen orders; none if it is none of them.
pub(super) fn on(action: Action, selection: &Selection) -> Option<Vec<Effect>> {
    let of = || selection.of(&[Noun::Order]);
    let written = |verb: OrderVerb| vec![Effect::Write(Deed::Orders(verb, of()))];
    let asked = |sort: Sort| vec![Effect::Popup(Box::new(Dialogue::new(sort, of())))];
    Some(match action {
        Action::Confirm => written(OrderVerb::Move(OrderStatus::Confirmed, None)),
        Action::Complete => written(OrderVerb::Move(OrderStatus::Completed, None)),
        Action::Arrived => written(OrderVerb::Deliver),
        Action::Pay => one(&of(), asked(Sort::Pay)),
        Action::Refund => one(&of(), asked(Sort::Refund)),
        Action::Ship => one(&of(), asked(Sort::Ship)),
        Action::CancelOrder => asked(Sort::Cancel),
        _ => return None,
    })
}

fn one(of: &[Link], effects: Vec<Effect>) -> Vec<Effect> {
    match of.len() {
        1 => effects,
        _ => vec![Effect::Say(Message::refused(
            "this is done with one order at a time",
        ))],
    }
}
