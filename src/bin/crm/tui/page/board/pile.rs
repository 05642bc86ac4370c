//! The cards of one column that were read, and where the cursor stands in them. A column may be endless.

use crm::domain::id::Id;
use crm::ops::board::{Card, Column, Stretch};
use crm::ops::window::Anchor;

/// Where the cursor is to go once the cards there were read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Goal {
    First,
    Last,
    Card(Id),
}

/// A column with a window into its cards.
#[derive(Debug, Clone)]
pub(super) struct Pile {
    /// What it is, without its cards.
    pub(super) column: Column,
    cards: Vec<Card>,
    /// Nothing comes before the first card.
    first: bool,
    /// Nothing comes after the last card.
    last: bool,
    /// Where the first card stands in the whole column, if that is known.
    start: Option<usize>,
    cursor: usize,
    /// The first card that is drawn.
    top: usize,
    goal: Option<Goal>,
}

impl Pile {
    /// A column as it was read. The cursor stays on its card where the same column was known before; whether it is in sight
    /// is seen to by [`Pile::keep_in_sight`].
    pub(super) fn new(column: Column, stretch: Stretch, old: Option<Pile>) -> Pile {
        let mut pile = match old {
            Some(old) => Pile {
                // The figures come later than the cards; until then the old ones stand.
                column: Column {
                    totals: column.totals.or(old.column.totals),
                    ..column
                },
                ..old
            },
            None => Pile {
                column,
                cards: Vec::new(),
                first: true,
                last: true,
                start: Some(0),
                cursor: 0,
                top: 0,
                goal: None,
            },
        };
        pile.take(stretch);
        pile
    }

    /// Takes another part of the cards, as [`Pile::new`] does.
    pub(super) fn take(&mut self, stretch: Stretch) {
        let known = self.current().map(|card| card.deal.id);
        let offset = self.cursor.saturating_sub(self.top);
        let was_at_top = self.first && self.top == 0;
        self.start = self.start_of(&stretch);
        self.cards = stretch.cards;
        (self.first, self.last) = (stretch.first, stretch.last);
        let end = self.cards.len().saturating_sub(1);
        let place = |wanted| self.cards.iter().position(|card| card.deal.id == wanted);
        let found = match self.goal.take() {
            Some(Goal::First) => Some(0),
            Some(Goal::Last) => Some(end),
            Some(Goal::Card(id)) => place(id),
            None => None,
        };
        // A card that has gone leaves the cursor where it was.
        let found = found.or_else(|| known.and_then(place));
        self.cursor = found.unwrap_or_else(|| self.cursor.min(end));
        // Who looks at the top sees what comes there.
        self.top = match was_at_top && self.first {
            true => 0,
            false => self.cursor.saturating_sub(offset),
        };
    }

    /// Where the first card of a new part stands in the whole column.
    fn start_of(&self, stretch: &Stretch) -> Option<usize> {
        if stretch.first {
            return Some(0);
        }
        if stretch.last {
            return self.total()?.checked_sub(stretch.cards.len());
        }
        let (new, old) = stretch.cards.iter().enumerate().find_map(|(new, card)| {
            let same = |known: &Card| known.deal.id == card.deal.id;
            Some((new, self.cards.iter().position(same)?))
        })?;
        (self.start? + old).checked_sub(new)
    }

    /// How many deals the column has, if that is known.
    pub(super) fn total(&self) -> Option<usize> {
        if self.first && self.last {
            return Some(self.cards.len());
        }
        let totals = self.column.totals?;
        usize::try_from(totals.deals).ok()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.cards.is_empty()
    }

    /// All cards that were read.
    pub(super) fn cards(&self) -> &[Card] {
        &self.cards
    }

    /// The card under the cursor.
    pub(super) fn current(&self) -> Option<&Card> {
        self.cards.get(self.cursor)
    }

    /// The cards that are drawn, each with whether the cursor is on it.
    pub(super) fn visible(&self, capacity: usize) -> impl Iterator<Item = (&Card, bool)> {
        let cursor = self.cursor;
        let cards = self.cards.iter().enumerate().skip(self.top).take(capacity);
        cards.map(move |(at, card)| (card, at == cursor))
    }

    /// How many cards come before those that are drawn, and how many after; none where there are some, but nobody has
    /// counted them.
    pub(super) fn hidden(&self, capacity: usize) -> (Option<usize>, Option<usize>) {
        let above = self.start.map(|start| start + self.top);
        let end = (self.top + capacity).min(self.cards.len());
        let below = match self.last {
            true => Some(self.cards.len() - end),
            false => self
                .total()
                .zip(self.start)
                .and_then(|(total, start)| total.checked_sub(start + end)),
        };
        (above, below)
    }

    /// Whether a card is among those that were read.
    pub(super) fn has(&self, deal: Id) -> bool {
        self.cards.iter().any(|card| card.deal.id == deal)
    }

    /// Puts the cursor on the card that is drawn at this place.
    pub(super) fn go_to_visible(&mut self, place: usize) {
        self.cursor = (self.top + place).min(self.cards.len().saturating_sub(1));
    }

    /// Moves the cursor; where to read on, if the cards that were read end near it.
    pub(super) fn go(&mut self, by: isize, capacity: usize) -> Option<Anchor> {
        let end = self.cards.len().saturating_sub(1);
        self.cursor = self.cursor.saturating_add_signed(by).min(end);
        self.keep_in_sight(capacity);
        let near_start = !self.first && self.cursor < capacity;
        let near_end = !self.last && self.cursor + capacity > end;
        let card = self.current()?;
        (near_start || near_end).then_some(Anchor::Around(card.deal.id))
    }

    /// Moves the cursor to the first card; where to read, if it was not read.
    pub(super) fn go_first(&mut self, capacity: usize) -> Option<Anchor> {
        if self.first {
            self.cursor = 0;
            self.keep_in_sight(capacity);
            return None;
        }
        self.goal = Some(Goal::First);
        Some(Anchor::First)
    }

    /// Moves the cursor to the last card; where to read, if it was not read.
    pub(super) fn go_last(&mut self, capacity: usize) -> Option<Anchor> {
        if self.last {
            self.cursor = self.cards.len().saturating_sub(1);
            self.keep_in_sight(capacity);
            return None;
        }
        self.goal = Some(Goal::Last);
        Some(Anchor::Last)
    }

    /// Puts the cursor on a card that will be in this column when it is read next.
    pub(super) fn expect(&mut self, deal: Id) {
        self.goal = Some(Goal::Card(deal));
    }

    /// Where to read again to keep what is seen; none for the beginning.
    pub(super) fn anchor(&self, capacity: usize) -> Option<Anchor> {
        match self.goal {
            Some(Goal::First) => return None,
            Some(Goal::Last) => return Some(Anchor::Last),
            Some(Goal::Card(id)) => return Some(Anchor::Around(id)),
            None => {}
        }
        let card = self.current()?;
        let is_at_top = self.first && self.cursor < capacity;
        (!is_at_top).then_some(Anchor::Around(card.deal.id))
    }

    /// Lets so many cards be seen, the one under the cursor among them.
    pub(super) fn keep_in_sight(&mut self, capacity: usize) {
        let capacity = capacity.max(1);
        self.top = self
            .top
            .min(self.cursor)
            .max((self.cursor + 1).saturating_sub(capacity));
        self.top = self.top.min(self.cards.len().saturating_sub(capacity));
    }
}
