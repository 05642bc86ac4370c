//! What actions do with deals, and what follows when deals are moved or won.

use crm::domain::input::Input;
use crm::domain::noun::Noun;
use crm::domain::value::Link;
use crm::error::{Error, Kind, Lack};

use crate::tui::action::Action;
use crate::tui::deed::{DealVerb, Deed, Done};
use crate::tui::effect::Effect;
use crate::tui::modal::Modal;
use crate::tui::modal::outcome::ask::Ask;
use crate::tui::modal::outcome::lose::Lose;
use crate::tui::modal::outcome::next::Next;
use crate::tui::modal::outcome::win::Win;
use crate::tui::page::selection::Selection;

/// Fields that say why a deal was lost.
const EXCUSES: &[&str] = &["lost_reason", "lost_note"];
/// Fields of which nothing that could be typed would help a move.
const PLACES: &[&str] = &["stage", "pipeline", "closed_on"];

/// Does an action with the chosen deals; none if it is none of them.
pub(super) fn on(action: Action, selection: &Selection) -> Option<Vec<Effect>> {
    let deals = || selection.of(&[Noun::Deal]);
    let modal: Modal = match action {
        Action::Win => Box::new(Win::new(deals())),
        Action::Lose => Box::new(Lose::new(deals())),
        Action::Deal => {
            let customer = selection.single(&[Noun::Customer])?;
            let customer = (
                "customer".to_owned(),
                Input::text(customer.reference().to_string()),
            );
            return Some(vec![Effect::New(Noun::Deal, vec![customer])]);
        }
        _ => return None,
    };
    Some(vec![Effect::Popup(modal)])
}

/// What follows a deed with deals: one that was won gets a next step.
pub(super) fn after(deed: &Deed, done: &Done) -> Vec<Effect> {
    match (wins(deed), done.op.is_some(), deed.subjects()) {
        (true, true, [one]) => {
            let modal: Modal = Box::new(Next::new(one.clone()));
            vec![Effect::Popup(modal)]
        }
        _ => Vec::new(),
    }
}

fn wins(deed: &Deed) -> bool {
    match deed {
        Deed::Deals(DealVerb::Win(_), _) => true,
        Deed::All(_, deeds) => deeds.iter().any(wins),
        _ => false,
    }
}

/// Asks for what a move was refused for; none if asking would not help.
pub(crate) fn refused(deed: &Deed, error: &Error) -> Option<Vec<Effect>> {
    let of = moves(deed)?;
    let field = error.field().filter(|_| error.kind() == Kind::Invalid)?;
    let is_asked = |lack: &Lack| match lack {
        Lack::Field {
            noun: Noun::Customer, ..
        } => true,
        Lack::Field { noun, name, .. } => *noun == Noun::Deal && !PLACES.contains(&name.as_str()),
        // Each deal has its own ticks.
        Lack::Item { .. } => of.len() == 1,
    };
    if !error.lacks().iter().all(is_asked) {
        return None;
    }
    let modal: Modal = match field {
        excuse if EXCUSES.contains(&excuse) => Box::new(Lose::new(of.to_vec())),
        _ if !error.lacks().is_empty() => Box::new(Ask::new(deed.clone(), field, error)),
        place if PLACES.contains(&place) => return None,
        _ => Box::new(Ask::new(deed.clone(), field, error)),
    };
    Some(vec![Effect::Popup(modal)])
}

/// The deals that a deed moves or ends; none if it is no such deed.
fn moves(deed: &Deed) -> Option<&[Link]> {
    match deed {
        Deed::Deals(DealVerb::Tick(..), _) => None,
        Deed::Deals(_, of) => Some(of),
        Deed::All(_, deeds) => deeds.iter().find_map(moves),
        _ => None,
    }
}
