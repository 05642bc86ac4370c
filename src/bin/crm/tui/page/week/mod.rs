//! A week: what is to be done on which day, and what took place.

pub(crate) mod read;
#[cfg(test)]
mod tests;
mod view;

use crm::domain::id::Id;
use crm::domain::input::Input;
use crm::domain::noun::Noun;
use crm::error::Result;
use crossterm::event::{MouseButton, MouseEvent, MouseEventKind};
use jiff::ToSpan;
use jiff::civil::Date;
use ratatui::Frame;
use ratatui::layout::{Position, Rect};

use crate::tui::act;
use crate::tui::action::{Action, Scope};
use crate::tui::deed::{Deed, TaskVerb};
use crate::tui::effect::{Effect, Message};
use crate::tui::page::selection::Selection;
use crate::tui::page::week::read::{DAYS, Item, State, Week as Days};
use crate::tui::page::{Page, Place, targets};
use crate::tui::query::{Answer, Query};
use crate::tui::world::World;

/// The question of this page.
const WEEK: u8 = 0;

/// The week, and the cursor in it.
#[derive(Debug)]
pub(crate) struct Week {
    first: Date,
    days: Option<Box<Days>>,
    day: usize,
    entry: usize,
    /// The record that the cursor follows to another day.
    follow: Option<Id>,
    error: Option<String>,
}

impl Week {
    /// The week of today.
    pub(crate) fn new(world: &World) -> Week {
        let (first, day) = this_week(world);
        Week {
            first,
            days: None,
            day,
            entry: 0,
            follow: None,
            error: None,
        }
    }

    fn items(&self, day: usize) -> &[Item] {
        let days = self.days.as_ref().filter(|days| days.first == self.first);
        days.and_then(|days| days.days.get(day))
            .map_or(&[], Vec::as_slice)
    }

    fn current(&self) -> Option<&Item> {
        self.items(self.day).get(self.entry)
    }

    fn date(&self) -> Date {
        self.first
            .saturating_add(i64::try_from(self.day).unwrap_or(0).days())
    }

    fn read(&self) -> Vec<Effect> {
        vec![Effect::Read(WEEK, Query::Week(self.first))]
    }

    /// Shows the week so many weeks later.
    fn turn(&mut self, weeks: i64) -> Vec<Effect> {
        let Ok(first) = self.first.checked_add(weeks.weeks()) else {
            return vec![Effect::Say(Message::refused("there is no such week"))];
        };
        self.first = first;
        self.entry = 0;
        self.follow = None;
        self.read()
    }

    /// Goes to another day, over the edge into the next week.
    fn go_day(&mut self, by: isize) -> Vec<Effect> {
        let day = self.day.checked_add_signed(by).filter(|day| *day < DAYS);
        self.entry = 0;
        match day {
            Some(day) => {
                self.day = day;
                Vec::new()
            }
            None => {
                self.day = if by > 0 { 0 } else { DAYS - 1 };
                self.turn(by.signum() as i64)
            }
        }
    }

    /// Goes to another entry; where the days stand below each other, also to that of another day.
    fn go(&mut self, by: isize, world: &World) {
        let last = self.items(self.day).len().saturating_sub(1);
        let next = self.entry.checked_add_signed(by);
        let inside = next.filter(|next| *next <= last);
        if let Some(next) = inside {
            self.entry = next;
            return;
        }
        if view::is_side_by_side(world) {
            return;
        }
        let mut days: Box<dyn Iterator<Item = usize>> = match by > 0 {
            true => Box::new(self.day + 1..DAYS),
            false => Box::new((0..self.day).rev()),
        };
        if let Some(day) = days.find(|day| !self.items(*day).is_empty()) {
            let last = self.items(day).len().saturating_sub(1);
            (self.day, self.entry) = (day, if by > 0 { 0 } else { last });
        }
    }

    /// Moves the task under the cursor to another day; its time of day stays.
    fn shift(&mut self, by: i64, world: &World) -> Vec<Effect> {
        let refused = |text: &str| vec![Effect::Say(Message::refused(text))];
        let Some(item) = self.current() else {
            return refused("there is no task here to move");
        };
        if !matches!(item.state, State::Open | State::Late) {
            return refused("only what is still to be done can be moved");
        }
        let Ok(day) = self.date().checked_add(by.days()) else {
            return refused("there is no such day");
        };
        if day < world.clock().today() {
            return refused("this day is over");
        }
        let phrase = match item.time {
            Some(time) => day.to_datetime(time).to_string(),
            None => day.to_string(),
        };
        let task = item.record.clone();
        self.follow = Some(task.id);
        vec![Effect::Write(Deed::Tasks(TaskVerb::Snooze(phrase), vec![task]))]
    }

    /// Puts the cursor on a record, wherever it is.
    fn find(&mut self, record: Id) -> bool {
        let found = (0..DAYS).find_map(|day| {
            let at = self.items(day).iter().position(|item| item.record.id == record)?;
            Some((day, at))
        });
        if let Some(found) = found {
            (self.day, self.entry) = found;
        }
        found.is_some()
    }
}

/// The first day of the week of today, and which day of it today is.
fn this_week(world: &World) -> (Date, usize) {
    let today = world.clock().today();
    let after = today.weekday().since(world.caller.week_start);
    let first = today.saturating_sub(i64::from(after).days());
    (first, usize::try_from(after).unwrap_or(0))
}

impl Page for Week {
    fn title(&self) -> String {
        "Week".to_owned()
    }

    fn scopes(&self) -> &'static [Scope] {
        &[Scope::Week, Scope::List, Scope::Global]
    }

    fn refresh(&mut self, _world: &World) -> Vec<Effect> {
        self.read()
    }

    fn act(&mut self, action: Action, world: &World) -> Option<Vec<Effect>> {
        Some(match action {
            Action::Left => self.go_day(-1),
            Action::Right => self.go_day(1),
            Action::MoveLeft => self.shift(-1, world),
            Action::MoveRight => self.shift(1, world),
            Action::PreviousTab => self.turn(-1),
            Action::NextTab => self.turn(1),
            Action::ThisWeek => {
                (self.first, self.day) = this_week(world);
                self.entry = 0;
                self.read()
            }
            Action::Down => {
                self.go(1, world);
                Vec::new()
            }
            Action::Up => {
                self.go(-1, world);
                Vec::new()
            }
            Action::First => {
                (self.day, self.entry) = (0, 0);
                Vec::new()
            }
            Action::Last => {
                self.day = DAYS - 1;
                self.entry = self.items(self.day).len().saturating_sub(1);
                Vec::new()
            }
            Action::Open => match self.current() {
                Some(item) => vec![Effect::Open(Place::Record(item.record.clone()))],
                None => vec![Effect::Say(Message::hint("there is nothing on this day"))],
            },
            Action::Filter => vec![Effect::Go(Place::Tasks), Effect::Act(Action::Filter)],
            Action::New => {
                let due = ("due".to_owned(), Input::text(self.date().to_string()));
                vec![Effect::New(Noun::Task, vec![due])]
            }
            _ => return None,
        })
    }

    fn answer(&mut self, _slot: u8, answer: Result<Answer>, _world: &World) -> Vec<Effect> {
        match answer {
            Ok(Answer::Week(days)) => {
                self.error = None;
                let known = self.current().map(|item| item.record.id);
                self.days = Some(days);
                let is_followed = self.follow.take().is_some_and(|record| self.find(record));
                let stays = |page: &Week| {
                    let items = page.items(page.day);
                    items.iter().position(|item| Some(item.record.id) == known)
                };
                if !is_followed {
                    let last = self.items(self.day).len().saturating_sub(1);
                    self.entry = stays(self).unwrap_or_else(|| self.entry.min(last));
                }
            }
            Ok(_) => {}
            Err(error) => self.error = Some(act::told(&error)),
        }
        Vec::new()
    }

    fn selection(&self) -> Selection {
        let Some(item) = self.current() else {
            return Selection::default();
        };
        Selection::one(item.record.clone(), item.customer.clone())
    }

    fn command(&self) -> Vec<String> {
        let last = self.first.saturating_add(6.days());
        let words = ["task", "list", "-w"].map(str::to_owned);
        words
            .into_iter()
            .chain([format!("due:{}..{last}", self.first)])
            .collect()
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, world: &World) -> Option<Position> {
        view::draw(self, frame.buffer_mut(), area, world);
        None
    }

    fn targets(&self, area: Rect, world: &World) -> Vec<(Position, Effect)> {
        targets::probe(area, |at| view::at(self, area, at, world))
    }

    fn mouse(&mut self, event: MouseEvent, area: Rect, world: &World) -> Vec<Effect> {
        match event.kind {
            MouseEventKind::ScrollDown => self.go(1, world),
            MouseEventKind::ScrollUp => self.go(-1, world),
            MouseEventKind::Down(MouseButton::Left) => {
                let at = Position::new(event.column, event.row);
                if let Some((day, entry)) = view::at(self, area, at, world) {
                    let is_here = (self.day, self.entry) == (day, entry);
                    (self.day, self.entry) = (day, entry);
                    if is_here && let Some(item) = self.current() {
                        return vec![Effect::Open(Place::Record(item.record.clone()))];
                    }
                }
            }
            _ => {}
        }
        Vec::new()
    }
}
