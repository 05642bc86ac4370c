//! Who may be in the base twice: pair by pair, the surest first, with both side by side; merged, told apart or left for
//! later by one key.

pub(crate) mod read;
#[cfg(test)]
mod tests;
mod view;

use std::collections::BTreeSet;

use crm::domain::id::Id;
use crm::domain::value::Link;
use crm::error::Result;
use crm::ops::merge::preview::Preview;
use crossterm::event::{MouseButton, MouseEvent, MouseEventKind};
use ratatui::Frame;
use ratatui::layout::{Position, Rect};

use crate::tui::act;
use crate::tui::action::{Action, Scope};
use crate::tui::component::draw;
use crate::tui::deed::Deed;
use crate::tui::effect::{Effect, Message};
use crate::tui::modal::merge::Merge;
use crate::tui::page::duplicates::read::Double;
use crate::tui::page::records::view as panes;
use crate::tui::page::selection::Selection;
use crate::tui::page::{Page, Place, movement, targets};
use crate::tui::query::record::{Found, Question};
use crate::tui::query::{Answer, Query};
use crate::tui::same::{Same, Union};
use crate::tui::world::World;

/// Questions of this page.
const PAIRS: u8 = 0;
const SIDES: u8 = 1;

/// The page.
#[derive(Debug, Default)]
pub(crate) struct Duplicates {
    /// The pairs that were ever found here: what is taken back may show one of them again.
    known: Vec<Double>,
    pairs: Vec<Double>,
    total: usize,
    is_read: bool,
    cursor: usize,
    top: usize,
    /// Whether of each pair the second stays when they are merged.
    is_turned: bool,
    /// Pairs that are left for later.
    skipped: BTreeSet<(Id, Id)>,
    /// The two under the cursor, side by side, and how far they are scrolled.
    preview: Option<Preview>,
    scroll: usize,
    error: Option<String>,
}

impl Duplicates {
    /// The page, before anything is read.
    pub(crate) fn new() -> Duplicates {
        Duplicates::default()
    }

    fn here(&self) -> Option<&Double> {
        self.pairs.get(self.cursor)
    }

    /// The two under the cursor, the one who would stay first.
    fn both(&self) -> Option<(&Link, &Link)> {
        let pair = self.here()?;
        Some(match self.is_turned {
            true => (&pair.other, &pair.one),
            false => (&pair.one, &pair.other),
        })
    }

    /// What a merge of the two under the cursor would make of them, if it is known.
    fn shown(&self) -> Option<&Preview> {
        let (winner, loser) = self.both()?;
        self.preview.as_ref().filter(|preview| {
            let customers = preview.customers.iter().map(|(link, _)| link.id);
            customers.eq([winner.id, loser.id])
        })
    }

    fn put(&mut self, at: usize, world: &World) -> Vec<Effect> {
        self.cursor = at.min(self.pairs.len().saturating_sub(1));
        let height = view::list_height(panes::area(world), world).max(1);
        self.top = self
            .top
            .min(self.cursor)
            .max((self.cursor + 1).saturating_sub(height));
        self.scroll = 0;
        self.ask_sides()
    }

    fn ask_sides(&self) -> Vec<Effect> {
        let Some((winner, loser)) = self.both() else {
            return Vec::new();
        };
        let question = Question::Merging(Union::new(winner.clone(), loser.clone()));
        vec![Effect::Read(SIDES, Query::Change(question))]
    }

    /// Does something about the two under the cursor.
    fn with_both(&self, act: impl FnOnce(&Link, &Link) -> Effect) -> Vec<Effect> {
        match self.both() {
            Some((winner, loser)) => vec![act(winner, loser)],
            None => vec![Effect::Say(Message::refused("there are no two here"))],
        }
    }

    fn scrolled(&mut self, by: isize, world: &World) {
        let rows = self.shown().map_or(0, |preview| preview.rows.len());
        let seen = view::sides_height(panes::area(world), world);
        let last = rows.saturating_sub(seen);
        self.scroll = self.scroll.saturating_add_signed(by).min(last);
    }
}

/// A pair, whichever of the two is named first.
fn key(pair: &Double) -> (Id, Id) {
    let (one, other) = (pair.one.id, pair.other.id);
    (one.min(other), one.max(other))
}

impl Page for Duplicates {
    fn title(&self) -> String {
        "Duplicates".to_owned()
    }

    fn scopes(&self) -> &'static [Scope] {
        &[Scope::Duplicates, Scope::List, Scope::Global]
    }

    fn refresh(&mut self, _world: &World) -> Vec<Effect> {
        vec![Effect::Read(PAIRS, Query::Duplicates(self.known.clone()))]
    }

    fn look_again(&mut self, _world: &World) -> Vec<Effect> {
        // A minute makes nobody more alike.
        Vec::new()
    }

    fn act(&mut self, action: Action, world: &World) -> Option<Vec<Effect>> {
        let height = view::list_height(panes::area(world), world);
        if let Some(by) = movement::rows(action, height) {
            return Some(self.put(self.cursor.saturating_add_signed(by), world));
        }
        Some(match action {
            Action::Refresh => vec![Effect::Read(PAIRS, Query::Duplicates(Vec::new()))],
            Action::DetailDown | Action::DetailUp => {
                self.scrolled(if action == Action::DetailDown { 3 } else { -3 }, world);
                Vec::new()
            }
            Action::NextPane | Action::PreviousPane => {
                self.is_turned = !self.is_turned;
                self.ask_sides()
            }
            Action::Open => self.with_both(|winner, _| Effect::Open(Place::Record(winner.clone()))),
            Action::MergeBoth => self.with_both(|winner, loser| {
                Effect::Popup(Box::new(Merge::into(winner.clone(), loser.clone())))
            }),
            Action::NotSame => self.with_both(|winner, loser| {
                let both = vec![winner.clone(), loser.clone()];
                Effect::Write(Deed::Same(Same::Distinct(both)))
            }),
            Action::Skip => {
                self.skipped.extend(self.here().map(key));
                self.put(self.cursor + 1, world)
            }
            _ => return None,
        })
    }

    fn answer(&mut self, slot: u8, answer: Result<Answer>, world: &World) -> Vec<Effect> {
        match (slot, answer) {
            (PAIRS, Ok(Answer::Duplicates(found))) => {
                let here = self.here().map(key);
                self.pairs = found.pairs;
                match found.total {
                    Some(total) => {
                        self.total = total;
                        self.known.clone_from(&self.pairs);
                    }
                    None => self.total = self.pairs.len(),
                }
                self.is_read = true;
                self.error = None;
                let found = self.pairs.iter().position(|pair| Some(key(pair)) == here);
                // Where a pair has gone, the next one has its place.
                return self.put(found.unwrap_or(self.cursor), world);
            }
            (SIDES, Ok(Answer::Change(Found::Merging(preview)))) => self.preview = Some(*preview),
            (_, Err(error)) => self.error = Some(act::told(&error)),
            _ => {}
        }
        Vec::new()
    }

    fn selection(&self) -> Selection {
        match self.both() {
            Some((winner, loser)) => Selection::one(winner.clone(), [loser.clone()]),
            None => Selection::default(),
        }
    }

    fn command(&self) -> Vec<String> {
        vec!["dupes".to_owned()]
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, world: &World) -> Option<Position> {
        self.draw_all(frame.buffer_mut(), area, world);
        None
    }

    fn targets(&self, area: Rect, world: &World) -> Vec<(Position, Effect)> {
        let rows = view::rows(area, world);
        targets::probe(rows, |at| {
            let row = self.top + usize::from(at.y - rows.y);
            (row < self.pairs.len()).then_some(row)
        })
    }

    fn mouse(&mut self, event: MouseEvent, area: Rect, world: &World) -> Vec<Effect> {
        let at = Position::new(event.column, event.row);
        let rows = view::rows(area, world);
        let by = match event.kind {
            MouseEventKind::ScrollDown => 3,
            MouseEventKind::ScrollUp => -3,
            MouseEventKind::Down(MouseButton::Left) if rows.contains(at) => {
                let row = self.top + usize::from(at.y - rows.y);
                return match row < self.pairs.len() {
                    true => self.put(row, world),
                    false => Vec::new(),
                };
            }
            _ => return Vec::new(),
        };
        if draw::below(area, rows.bottom().saturating_sub(area.y)).contains(at) {
            self.scrolled(by, world);
            return Vec::new();
        }
        self.put(self.cursor.saturating_add_signed(by), world)
    }
}
