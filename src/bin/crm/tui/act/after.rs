//! What follows a deed: a customer does not fall out of sight without a next step by accident.

use crate::tui::act::deal;
use crate::tui::deed::{Deed, Done, TaskVerb};
use crate::tui::effect::{Effect, Message};
use crate::tui::modal::date_line::DateLine;
use crate::tui::world::World;

/// What a deed asks for once it is done.
pub(crate) fn after(deed: &Deed, done: &Done, _world: &World) -> Vec<Effect> {
    let of_deals = deal::after(deed, done);
    if !of_deals.is_empty() {
        return of_deals;
    }
    match done.idle.as_slice() {
        [] => Vec::new(),
        [customer] if finishes(deed) => {
            let line = DateLine::next_step(customer.clone(), None, None).offered();
            vec![Effect::Popup(Box::new(line))]
        }
        [customer] => warned(&customer.name),
        [customer, others @ ..] => warned(&format!("{} and {} more", customer.name, others.len())),
    }
}

fn warned(whom: &str) -> Vec<Effect> {
    vec![Effect::Say(Message::refused(format!("no next step with {whom}")))]
}

/// Whether a single task was done by it.
fn finishes(deed: &Deed) -> bool {
    match deed {
        Deed::Tasks(TaskVerb::Done, tasks) => tasks.len() == 1,
        Deed::All(_, deeds) => deeds.iter().any(finishes),
        _ => false,
    }
}
