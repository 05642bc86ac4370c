//! Cards go to other columns: a stage on or back, to another owner, to another month.

use crm::domain::input::Input;
use crm::domain::money::Money;
use crm::domain::pipeline::StageType;
use crm::domain::value::Link;
use crm::ops::board::{By, Card, Column, Lane};
use jiff::ToSpan;
use jiff::civil::Date;

use crate::text::number;
use crate::tui::action::Action;
use crate::tui::deed::{DealVerb, Deed};
use crate::tui::effect::{Effect, Message};
use crate::tui::modal::outcome::lose::Lose;
use crate::tui::modal::outcome::win::Win;
use crate::tui::page::Place;
use crate::tui::page::board::pile::Pile;
use crate::tui::page::board::{Board, words};
use crate::tui::query::board::{Figures, is_legal};
use crate::tui::world::World;

/// A move that was asked for, until the figures after it are known.
#[derive(Debug)]
pub(super) struct Moved {
    /// The cards, and what they are called together.
    cards: Vec<Link>,
    what: String,
    /// The column that they went to, and what it is called.
    to: Lane,
    name: String,
    /// The weighted total before.
    before: Option<Money>,
    /// Whether the cards were seen there.
    has_arrived: bool,
}

impl Moved {
    /// What is said of it; none if it did not happen.
    pub(super) fn said(&self, figures: &Figures, world: &World) -> Option<String> {
        if !self.has_arrived {
            return None;
        }
        let undo = world.keymap.key(Action::Undo);
        let after = figures.all.weighted;
        let change = self
            .before
            .map_or(0, |before| after.minor.saturating_sub(before.minor));
        let sign = if change > 0 { "+" } else { "" };
        let change = match change {
            0 => String::new(),
            minor => {
                let change = Money { minor, ..after };
                format!(", weighted {sign}{}", number::money_short(change))
            }
        };
        Some(format!(
            "{} {} {}{change}; {undo} takes it back",
            self.what, world.look.symbols.arrow, self.name
        ))
    }
}

impl Board {
    /// Moves the chosen cards to the column beside theirs.
    pub(super) fn step(&mut self, by: isize, world: &World) -> Vec<Effect> {
        let (from, cards) = match self.chosen() {
            Ok(chosen) => chosen,
            Err(reason) => return vec![Effect::Say(Message::refused(reason))],
        };
        if self.by == By::Month {
            return self.shift(from, &cards, by, world);
        }
        let is_closed = self
            .piles
            .get(from)
            .filter(|pile| pile.column.kind != StageType::Open);
        if let Some(pile) = is_closed {
            let first = cards.first().map_or("", |card| card.deal.name.as_str());
            if by > 0 {
                let key = world.keymap.key(Action::MoveLeft);
                let text = words::is_closed(first, pile.column.kind, &key);
                return vec![Effect::Say(Message::refused(text))];
            }
            return vec![Effect::Write(Deed::Deals(DealVerb::Reopen, links(&cards)))];
        }
        match from.checked_add_signed(by).filter(|to| *to < self.piles.len()) {
            Some(to) => self.carry(from, &cards, to, world),
            None => vec![Effect::Say(Message::refused(words::no_column(by, self.by)))],
        }
    }

    /// Moves cards from one column to another.
    pub(super) fn carry(&mut self, from: usize, cards: &[Card], to: usize, world: &World) -> Vec<Effect> {
        let (Some(source), Some(target)) = (self.piles.get(from), self.piles.get(to)) else {
            return Vec::new();
        };
        let (source, target) = (&source.column, &target.column);
        let of = links(cards);
        if !is_legal(source.kind, target.kind) {
            let key = world.keymap.key(Action::MoveLeft);
            let first = of.first().map_or("", |link| link.name.as_str());
            let text = words::is_closed(first, source.kind, &key);
            return vec![Effect::Say(Message::refused(text))];
        }
        let deed = match (target.lane, target.kind) {
            (_, StageType::Won) => return vec![Effect::Popup(Box::new(Win::new(of)))],
            (_, StageType::Lost) => return vec![Effect::Popup(Box::new(Lose::new(of)))],
            (Lane::Month(month), _) => dated(cards, |card| month.map(|month| in_month(card.close, month))),
            (Lane::Owner(_), _) => Deed::Set {
                of,
                assignments: vec![("owner".to_owned(), given(target.name.clone()))],
                version: None,
            },
            _ => Deed::Deals(DealVerb::Move(target.name.clone().unwrap_or_default()), of),
        };
        self.expect(cards, to);
        vec![Effect::Write(deed)]
    }

    /// Moves the expected close by months.
    fn shift(&mut self, from: usize, cards: &[Card], by: isize, world: &World) -> Vec<Effect> {
        let Some(Lane::Month(month)) = self.piles.get(from).map(|pile| pile.column.lane) else {
            return Vec::new();
        };
        let months = i64::try_from(by).unwrap_or(0);
        // A deal without a day gets one in this month.
        let wanted = month.map_or_else(
            || world.clock().today().first_of_month(),
            |month| month.saturating_add(months.months()),
        );
        let column = |pile: &Pile| pile.column.lane == Lane::Month(Some(wanted));
        match self.piles.iter().position(column) {
            Some(to) => self.carry(from, cards, to, world),
            None => vec![Effect::Write(dated(cards, |card| {
                Some(in_month(card.close, wanted))
            }))],
        }
    }

    /// The cards to move, all in one column: those that are marked, else the one under the cursor. Else why there is none.
    fn chosen(&self) -> Result<(usize, Vec<Card>), &'static str> {
        let focus = self.pile().ok_or(words::NO_CARD)?;
        if self.marked.is_empty() {
            let card = focus.current().ok_or(words::NO_CARD)?;
            return Ok((self.focus, vec![card.clone()]));
        }
        let is_marked = |card: &&Card| self.marked.iter().any(|link| link.id == card.deal.id);
        let here: Vec<Card> = focus.cards().iter().filter(is_marked).cloned().collect();
        match here.is_empty() {
            true => Err(words::MARKED_ELSEWHERE),
            false => Ok((self.focus, here)),
        }
    }

    /// Remembers a move, so that the cursor goes along and what it changed can be told.
    fn expect(&mut self, cards: &[Card], to: usize) {
        let Some(first) = cards.first() else { return };
        let Some(pile) = self.piles.get_mut(to) else {
            return;
        };
        pile.expect(first.deal.id);
        let what = match cards {
            [one] => called(one).to_owned(),
            many => format!("{} deals", many.len()),
        };
        self.moved = Some(Moved {
            cards: links(cards),
            what,
            to: pile.column.lane,
            name: words::name(&pile.column),
            before: self.figures.as_ref().map(|figures| figures.all.weighted),
            has_arrived: false,
        });
    }

    /// Goes to where cards have gone that were moved.
    pub(super) fn arrive(&mut self) {
        let Some(moved) = &mut self.moved else { return };
        let first = moved.cards.first().map(|link| link.id);
        let to = self.piles.iter().position(|pile| pile.column.lane == moved.to);
        let is_there = to.and_then(|to| self.piles.get(to)).zip(first);
        if !is_there.is_some_and(|(pile, deal)| pile.has(deal)) {
            self.moved = None;
            return;
        }
        if !std::mem::replace(&mut moved.has_arrived, true) {
            self.marked
                .retain(|link| moved.cards.iter().all(|card| card.id != link.id));
            self.focus = to.unwrap_or(self.focus);
        }
    }

    /// The deals of the column with the cursor as a list.
    pub(super) fn zoom(&self) -> Option<Effect> {
        let column = &self.pile()?.column;
        let pipeline = self.sight.as_ref().map(|sight| sight.pipeline.key.clone())?;
        let mut filters = vec![format!("pipeline:\"{pipeline}\"")];
        filters.extend(of_column(column));
        filters.extend(self.filters());
        Some(Effect::Open(Place::List {
            noun: crm::domain::noun::Noun::Deal,
            title: words::name(column),
            filters,
        }))
    }

    /// Lets every column be seen from its beginning.
    pub(super) fn go_to_top(&mut self) {
        for pile in &mut self.piles {
            pile.go_first(1);
        }
    }
}

/// Filters that select the deals of a column.
fn of_column(column: &Column) -> Vec<String> {
    let name = column.name.as_deref().unwrap_or_default();
    match column.lane {
        Lane::Stage(_) => vec![format!("stage:\"{name}\""), "is:open".to_owned()],
        Lane::Closed(_, since) => vec![format!("stage:\"{name}\""), format!("closed_on:>={since}")],
        Lane::Owner(Some(_)) => vec![format!("owner:\"{name}\""), "is:open".to_owned()],
        Lane::Owner(None) => vec!["no:owner".to_owned(), "is:open".to_owned()],
        Lane::Month(Some(day)) => {
            let last = day.last_of_month();
            vec![format!("expected_close:{day}..{last}"), "is:open".to_owned()]
        }
        Lane::Month(None) => vec!["no:expected_close".to_owned(), "is:open".to_owned()],
    }
}

fn links(cards: &[Card]) -> Vec<Link> {
    cards.iter().map(|card| card.deal.clone()).collect()
}

/// What a card goes by: its customer.
pub(super) fn called(card: &Card) -> &str {
    let customer = card.customer.as_ref();
    customer.map_or(card.deal.name.as_str(), |customer| customer.name.as_str())
}

fn given(value: Option<String>) -> Input {
    value.map_or(Input::Clear, Input::text)
}

/// The same day in another month; its last day for a deal that has none.
fn in_month(day: Option<Date>, month: Date) -> Date {
    let last = month.last_of_month();
    let wanted = day.map_or(last.day(), |day| day.day().min(last.day()));
    month.saturating_add(i64::from(wanted - 1).days())
}

/// Gives each card a day of its own on which it should close.
fn dated(cards: &[Card], day: impl Fn(&Card) -> Option<Date>) -> Deed {
    let mut deeds: Vec<Deed> = Vec::new();
    for card in cards {
        let day = day(card).map(|day| day.to_string());
        deeds.push(Deed::Set {
            of: vec![card.deal.clone()],
            assignments: vec![("expected_close".to_owned(), given(day))],
            version: None,
        });
    }
    match deeds.len() {
        1 => deeds.remove(0),
        many => Deed::All(format!("Moved the close of {many} deals"), deeds),
    }
}
