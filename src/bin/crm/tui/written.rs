//! What becomes of the model once a deed was done or refused.

use crm::error::{Error, Result};

use crate::tui::act;
use crate::tui::action::Action;
use crate::tui::app::{App, FRAME, Popup};
use crate::tui::deed::{Deed, Done};
use crate::tui::effect::{Effect, Job, Message, Owner};
use crate::tui::said;

impl App {
    /// Says what was done, and reads what is shown anew.
    pub(super) fn written(&mut self, deed: Deed, done: Result<Done>) -> Vec<Job> {
        self.end_write();
        self.dirty = true;
        let done = match done {
            Ok(done) => done,
            Err(error) => return self.refused(&deed, &error),
        };
        let mut jobs = Vec::new();
        if let Some(popup) = waiting(&mut self.popups, &deed) {
            let owner = popup.owner;
            let effects = popup.modal.done(&deed, &done);
            jobs.extend(self.apply(owner, effects));
        }
        let undo = self.world.keymap.key(Action::Undo);
        self.message = Some(match &done.op {
            None => Message::hint("nothing to change"),
            Some(op) if matches!(deed, Deed::Undo(_)) => {
                let redo = self.world.keymap.key(Action::Redo);
                Message::done(format!("{}; {redo} does it again", op.title))
            }
            Some(op) => Message::done(format!("{}; {undo} takes it back", op.title)),
        });
        if let Some(refused) = done.refused.first() {
            self.message = Some(Message::refused(format!(
                "{} refused; {}: {}",
                done.refused.len(),
                refused.reference,
                refused.detail
            )));
        }
        if let Some(heard) = said::heard(&done.heard) {
            self.message = Some(said::beside(self.message.take(), heard));
        }
        self.teach();
        self.tutorial.wrote(&deed);
        let own = self.settle(&deed, Some(&done));
        let after = own.unwrap_or_else(|| (FRAME, act::after(&deed, &done, &self.world)));
        if let Some((shown, _)) = self.shown_mut() {
            shown.page.wrote(&deed);
        }
        if !matches!(deed, Deed::Undo(_) | Deed::Redo(_)) {
            self.last = Some(deed);
            self.fresh = true;
        }
        jobs.extend(self.look_around());
        let (owner, effects) = after;
        jobs.extend(self.apply(owner, effects));
        jobs
    }

    /// Tells the pages what became of a deed; what the one wants that has waited for it.
    fn settle(&mut self, deed: &Deed, done: Option<&Done>) -> Option<(Owner, Vec<Effect>)> {
        let mut wanted = None;
        for shown in self.stacks.iter_mut().flatten() {
            if let Some(effects) = shown.page.settled(deed, done, &self.world) {
                wanted = Some((shown.owner, effects));
            }
        }
        wanted
    }

    fn refused(&mut self, deed: &Deed, error: &Error) -> Vec<Job> {
        if let Some(popup) = waiting(&mut self.popups, deed) {
            let owner = popup.owner;
            let effects = popup.modal.refused(deed, error, &self.world);
            return self.apply(owner, effects);
        }
        self.settle(deed, None);
        let effects = act::refused(deed, error, &self.world);
        self.apply(FRAME, effects)
    }
}

/// The popup that is told what becomes of this deed, wherever it lies; the topmost first.
fn waiting<'p>(popups: &'p mut [Popup], deed: &Deed) -> Option<&'p mut Popup> {
    let mut popups = popups.iter_mut().rev();
    popups.find(|popup| popup.modal.waits_for(deed))
}
