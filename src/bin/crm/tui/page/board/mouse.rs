//! The mouse on the board: a click takes a card, a second one opens it, a card that is dragged goes to another column.

use crm::domain::id::Id;
use crossterm::event::{MouseButton, MouseEvent, MouseEventKind};
use ratatui::layout::{Position, Rect};

use crate::tui::effect::Effect;
use crate::tui::page::Place;
use crate::tui::page::board::layout::slots;
use crate::tui::page::board::pile::Pile;
use crate::tui::page::board::{Board, view};
use crate::tui::page::targets;
use crate::tui::world::World;

/// How many cards the wheel moves by.
const WHEEL: isize = 2;

/// A card that the mouse has taken hold of.
#[derive(Debug, Clone, Copy)]
pub(super) struct Held {
    deal: Id,
    /// The column it was taken from.
    from: usize,
    /// The column that the mouse is over.
    over: Option<usize>,
    /// Whether the cursor was on it before.
    was_here: bool,
}

impl Held {
    /// Whether it would go to this column.
    pub(super) fn is_over(self, column: usize) -> bool {
        self.over == Some(column) && self.from != column
    }
}

impl Board {
    /// Does what the mouse says.
    pub(super) fn point(&mut self, event: MouseEvent, area: Rect, world: &World) -> Vec<Effect> {
        if self.picker.is_some() {
            return Vec::new();
        }
        let at = Position::new(event.column, event.row);
        let places = self.places(area);
        let column = places
            .columns
            .iter()
            .find(|(_, place)| place.contains(at))
            .copied();
        let is_press = event.kind == MouseEventKind::Down(MouseButton::Left);
        if let Some(line) = places.strip.filter(|line| is_press && line.contains(at)) {
            self.focus = view::head_at(self, line, event.column, world).unwrap_or(self.focus);
            return Vec::new();
        }
        match (event.kind, column) {
            // The head of the one stage that is shown leads to those beside it.
            (_, Some((_, place))) if is_press && places.is_narrow && event.row == place.y => {
                let is_left = event.column < place.x + place.width / 2;
                self.turn(if is_left { -1 } else { 1 })
            }
            (MouseEventKind::ScrollDown, Some((column, _))) => self.wheel(column, WHEEL, world),
            (MouseEventKind::ScrollUp, Some((column, _))) => self.wheel(column, -WHEEL, world),
            (MouseEventKind::Down(MouseButton::Left), Some((column, place))) => {
                let slot = slots(place, places.is_narrow).at(event.row);
                self.take_hold(column, slot, world);
                Vec::new()
            }
            (MouseEventKind::Drag(MouseButton::Left), column) => {
                if let Some(held) = &mut self.held {
                    held.over = column.map(|(column, _)| column);
                }
                Vec::new()
            }
            (MouseEventKind::Up(MouseButton::Left), _) => self.let_go(world),
            _ => Vec::new(),
        }
    }

    /// The cards that are shown, each where a click takes it.
    pub(super) fn cards_at(&self, area: Rect, world: &World) -> Vec<(Position, Effect)> {
        let (places, capacity) = (self.places(area), self.capacity(world));
        let mut targets = Vec::new();
        for (column, place) in &places.columns {
            let slots = slots(*place, places.is_narrow);
            let count = self
                .piles
                .get(*column)
                .map_or(0, |pile| pile.visible(capacity).count());
            targets.extend(targets::probe(*place, |at| {
                slots.at(at.y).filter(|slot| *slot < count)
            }));
        }
        targets
    }

    /// Scrolls a column, wherever the cursor is.
    fn wheel(&mut self, column: usize, by: isize, world: &World) -> Vec<Effect> {
        let focus = std::mem::replace(&mut self.focus, column);
        let effects = self.scroll(world, |pile, capacity| pile.go(by, capacity));
        self.focus = focus;
        effects
    }

    fn take_hold(&mut self, column: usize, slot: Option<usize>, world: &World) {
        let was_focused = std::mem::replace(&mut self.focus, column) == column;
        let capacity = self.capacity(world);
        let Some((pile, slot)) = self.piles.get_mut(column).zip(slot) else {
            return;
        };
        if pile.visible(capacity).nth(slot).is_none() {
            return;
        }
        let before = pile.current().map(|card| card.deal.id);
        pile.go_to_visible(slot);
        self.held = pile.current().map(|card| Held {
            deal: card.deal.id,
            from: column,
            over: Some(column),
            was_here: was_focused && before == Some(card.deal.id),
        });
    }

    fn let_go(&mut self, world: &World) -> Vec<Effect> {
        let Some(held) = self.held.take() else {
            return Vec::new();
        };
        let cards = self.piles.get(held.from).map_or(&[][..], Pile::cards);
        let Some(card) = cards.iter().find(|card| card.deal.id == held.deal).cloned() else {
            return Vec::new();
        };
        match held.over {
            Some(to) if to != held.from => self.carry(held.from, &[card], to, world),
            Some(_) if held.was_here => vec![Effect::Open(Place::Record(card.deal))],
            _ => Vec::new(),
        }
    }
}
