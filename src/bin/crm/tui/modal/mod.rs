//! Popups: a stack of dialogs above the page. The topmost has the keys.

pub(crate) mod confirm;
pub(crate) mod contact;
pub(crate) mod copy;
pub(crate) mod date_line;
pub(crate) mod editing;
pub(crate) mod finish;
pub(crate) mod form;
pub(crate) mod help;
pub(crate) mod labels;
pub(crate) mod menu;
pub(crate) mod merge;
pub(crate) mod outcome;
pub(crate) mod output;
pub(crate) mod palette;
pub(crate) mod pick_field;
pub(crate) mod shell;
pub(crate) mod tutorial;

use crm::error::{Error, Result};
use crossterm::event::MouseEvent;
use ratatui::Frame;
use ratatui::layout::{Position, Rect};

use crate::tui::deed::{Deed, Done};
use crate::tui::effect::Effect;
use crate::tui::event::{Completion, Ran, Returned};
use crate::tui::page::Typed;
use crate::tui::query::Answer;
use crate::tui::world::World;

/// A popup.
pub(crate) type Modal = Box<dyn Dialog>;

/// What a popup is. Like a page it changes by what it is told, and says what it wants in return.
pub(crate) trait Dialog: std::fmt::Debug {
    /// What it wants to know when it opens.
    fn begin(&mut self, _world: &World) -> Vec<Effect> {
        Vec::new()
    }

    /// Takes a key or a paste; nothing goes past it.
    fn typed(&mut self, typed: &Typed, world: &World) -> Vec<Effect>;

    /// Takes the answer to what it asked for.
    fn answer(&mut self, _slot: u8, _answer: Result<Answer>, _world: &World) -> Vec<Effect> {
        Vec::new()
    }

    /// Whether it is told what becomes of this deed, because it has asked for it.
    fn waits_for(&self, _deed: &Deed) -> bool {
        false
    }

    /// What it waited for is done.
    fn done(&mut self, _deed: &Deed, _done: &Done) -> Vec<Effect> {
        vec![Effect::Close]
    }

    /// What it waited for was refused; what was typed is kept.
    fn refused(&mut self, _deed: &Deed, _error: &Error, _world: &World) -> Vec<Effect> {
        Vec::new()
    }

    /// A program that it gave the terminal to has come back.
    fn returned(&mut self, _returned: Returned, _world: &World) -> Vec<Effect> {
        Vec::new()
    }

    /// A command that it had run has ended.
    fn ran(&mut self, _ran: Ran, _world: &World) -> Vec<Effect> {
        Vec::new()
    }

    /// What may stand at the end of the command line in it.
    fn completed(&mut self, _completions: Vec<Completion>, _world: &World) -> Vec<Effect> {
        Vec::new()
    }

    /// Draws itself over the page; where the cursor of the terminal belongs.
    fn draw(&self, frame: &mut Frame<'_>, area: Rect, world: &World) -> Option<Position>;

    /// What the mouse did.
    fn mouse(&mut self, _event: MouseEvent, _area: Rect, _world: &World) -> Vec<Effect> {
        Vec::new()
    }
}
