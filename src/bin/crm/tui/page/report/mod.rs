//! One report: a drawing where it makes one, the table, the definition; and from each row to the records behind it.

pub(crate) mod asked;
mod change;
pub(crate) mod copy;
pub(crate) mod drawing;
pub(crate) mod grid;
#[cfg(test)]
mod tests;
mod typing;
pub(crate) mod view;
mod words;

use crm::domain::value::Link;
use crm::domain::when::period::Period;
use crm::error::{Error, Result};
use crm::report::behind::Row;
use crm::report::{Cell, Report};
use crossterm::event::{MouseButton, MouseEvent, MouseEventKind};
use ratatui::Frame;
use ratatui::layout::{Position, Rect};

use crate::tui::act;
use crate::tui::action::{Action, Scope};
use crate::tui::effect::{Effect, Message};
use crate::tui::page::report::asked::Asked;
use crate::tui::page::report::grid::Grid;
use crate::tui::page::report::typing::Typing;
use crate::tui::page::selection::Selection;
use crate::tui::page::{Page, Place, Typed, movement, targets};
use crate::tui::query::reports::Behind;
use crate::tui::query::{Answer, Query};
use crate::tui::world::World;

/// Questions of this page.
const REPORT: u8 = 0;
const BEHIND: u8 = 1;
const RECORD: u8 = 2;
const CURRENT: u8 = 3;

/// A report on a page of its own.
#[derive(Debug)]
pub(crate) struct ReportPage {
    /// What is wanted; none where it could not be read.
    asked: Option<Asked>,
    /// What is shown, and what was asked for to get it.
    shown: Option<(Asked, Report)>,
    error: Option<String>,
    typing: Option<Typing>,
    /// What is wrong with what was typed.
    problem: Option<String>,
    cursor: usize,
    /// The first line that is drawn.
    top: usize,
    /// How far the definition is scrolled.
    scroll: usize,
    /// What the list is called that is being asked for.
    behind: String,
    /// The record under the cursor, where rows are records.
    current: Option<Link>,
}

impl ReportPage {
    /// The report that a line names: its name, and flags as `crm report` has them.
    pub(crate) fn new(line: &str, world: &World) -> ReportPage {
        let asked = Asked::read(line, &world.caller);
        ReportPage {
            error: asked.as_ref().err().map(act::told),
            asked: asked.ok(),
            shown: None,
            typing: None,
            problem: None,
            cursor: 0,
            top: 0,
            scroll: 0,
            behind: String::new(),
            current: None,
        }
    }

    fn report(&self) -> Option<&Report> {
        self.shown.as_ref().map(|(_, report)| report)
    }

    fn grid(&self) -> Option<Grid<'_>> {
        self.report().map(Grid::of)
    }

    fn read(&self) -> Vec<Effect> {
        let asked = self.asked.iter();
        asked
            .map(|asked| Effect::Read(REPORT, Query::Reports(vec![asked.ask()])))
            .collect()
    }

    fn go(&mut self, by: isize, world: &World) -> Vec<Effect> {
        let end = self.grid().map_or(0, Grid::len).saturating_sub(1);
        self.cursor = self.cursor.saturating_add_signed(by).min(end);
        self.top = view::top(self, world);
        self.follow()
    }

    /// The ref of the record that the row under the cursor is, where rows are records.
    fn reference(&self) -> Option<&str> {
        let report = self.report()?;
        let is_record = report.columns.first().is_some_and(|column| column.name == "id");
        match report.rows.get(self.cursor)?.first()? {
            Cell::Text(reference) if is_record => Some(reference),
            _ => None,
        }
    }

    /// Asks for the record under the cursor, so that it can be worked with.
    fn follow(&self) -> Vec<Effect> {
        let reference = self.reference().into_iter();
        reference
            .map(|reference| Effect::Read(CURRENT, Query::Refer(reference.to_owned())))
            .collect()
    }

    /// Opens the record of the row, or the records behind it.
    fn open(&mut self, world: &World) -> Vec<Effect> {
        let Some((asked, report)) = &self.shown else {
            return Vec::new();
        };
        let grid = Grid::of(report);
        let row = Row::of(report, grid.row_of(self.cursor)).filter(|_| grid.len() > 0);
        let Some(row) = row else {
            return refused(words::NO_ROWS);
        };
        if let Some(reference) = self.reference() {
            return vec![Effect::Read(RECORD, Query::Refer(reference.to_owned()))];
        }
        let name = grid.cells(self.cursor, world).into_iter().next();
        let name = name.unwrap_or_default();
        self.behind = format!("{}: {name}", report.name);
        vec![Effect::Read(
            BEHIND,
            Query::Behind(Box::new(asked.ask()), Box::new(row)),
        )]
    }

    /// Takes a report that was made.
    fn take(&mut self, report: Report, world: &World) {
        let Some(asked) = self.asked.clone() else { return };
        if matches!(self.typing, Some(Typing::Filter(_))) {
            self.typing = None;
        }
        (self.error, self.problem) = (None, None);
        let here = self.report().map(|report| key(report, self.cursor));
        let here = here.filter(|words| !words.is_empty());
        let grid = Grid::of(&report);
        // The cursor stays on its group, wherever that stands now.
        let found = (0..grid.len()).find(|line| here.is_some() && here == Some(key(&report, *line)));
        self.cursor = found.unwrap_or_else(|| self.cursor.min(grid.len().saturating_sub(1)));
        self.shown = Some((asked, report));
        self.top = view::top(self, world);
    }

    /// Goes back to what is shown where it cannot be changed as was wanted, and says why.
    fn fail(&mut self, error: &Error) -> Vec<Effect> {
        let told = on_one_line(error);
        let Some((shown, _)) = &self.shown else {
            self.error = Some(told);
            return Vec::new();
        };
        let is_other = self.asked.as_ref().map(Asked::words) != Some(shown.words());
        if !is_other {
            self.error = Some(told);
            return Vec::new();
        }
        self.asked = Some(shown.clone());
        if matches!(self.typing, Some(Typing::Filter(_))) {
            self.problem = Some(told);
            return Vec::new();
        }
        refused(told)
    }
}

impl Page for ReportPage {
    fn title(&self) -> String {
        let name = self.asked.as_ref().map(|asked| asked.entry.name);
        name.unwrap_or("report").to_owned()
    }

    fn scopes(&self) -> &'static [Scope] {
        &[Scope::Report, Scope::List, Scope::Global]
    }

    fn refresh(&mut self, _world: &World) -> Vec<Effect> {
        self.read()
    }

    /// Figures are of a day; nobody wants to wait for them again every minute.
    fn look_again(&mut self, _world: &World) -> Vec<Effect> {
        Vec::new()
    }

    fn act(&mut self, action: Action, world: &World) -> Option<Vec<Effect>> {
        if let Some(by) = movement::rows(action, view::height(self, world)) {
            return Some(self.go(by, world));
        }
        Some(match action {
            Action::DetailDown => {
                self.scroll = view::scrolled(self, world, 1);
                Vec::new()
            }
            Action::DetailUp => {
                self.scroll = view::scrolled(self, world, -1);
                Vec::new()
            }
            Action::Open => self.open(world),
            Action::Earlier => self.shift(false, world),
            Action::Later => self.shift(true, world),
            Action::Period => {
                self.typing = Some(Typing::period());
                Vec::new()
            }
            Action::Dimension => self.choose_dimension(),
            Action::Compare => self.compare(),
            Action::Filter => {
                let filters = self.asked.as_ref().map(|asked| asked.ask().request.filters);
                self.typing = Some(Typing::filter(&filters.unwrap_or_default().join(" ")));
                Vec::new()
            }
            Action::Copy if self.report().is_some() => {
                self.typing = Some(Typing::copy());
                Vec::new()
            }
            Action::Pipe if self.report().is_some() => {
                self.typing = Some(Typing::pipe());
                Vec::new()
            }
            Action::Back if self.asked.as_ref().is_some_and(|asked| !asked.filters.is_empty()) => {
                self.change(|asked| asked.filters.clear())
            }
            _ => return None,
        })
    }

    fn typed(&mut self, typed: &Typed, world: &World) -> Option<Vec<Effect>> {
        let typing = self.typing.as_mut()?;
        if typing.menu().is_some() {
            return Some(match typed {
                Typed::Key(key) => self.menu_key(*key),
                Typed::Paste(_) => Vec::new(),
            });
        }
        let input = typing.field_mut()?;
        match typed {
            Typed::Key(key) => {
                if let Some(taken) = typing::ending(*key) {
                    return Some(self.finish(taken, world));
                }
                input.key(*key);
            }
            Typed::Paste(text) => {
                input.paste(text);
            }
        }
        self.problem = None;
        Some(Vec::new())
    }

    fn answer(&mut self, slot: u8, answer: Result<Answer>, world: &World) -> Vec<Effect> {
        match (slot, answer) {
            (REPORT, Ok(Answer::Reports(reports))) => {
                if let Some(report) = reports.into_iter().next() {
                    self.take(report, world);
                }
                self.follow()
            }
            (CURRENT, Ok(Answer::Refer(link))) => {
                self.current = Some(link);
                Vec::new()
            }
            (CURRENT, Err(_)) => {
                self.current = None;
                Vec::new()
            }
            (_, Ok(Answer::Behind(Behind::List(noun, filters)))) => vec![Effect::Open(Place::List {
                noun,
                title: self.behind.clone(),
                filters,
            })],
            (_, Ok(Answer::Behind(Behind::Nothing))) => refused(words::NO_RECORD),
            (_, Ok(Answer::Behind(Behind::Unknown))) => refused(words::NOT_OF_RECORDS),
            (_, Ok(Answer::Refer(link))) => vec![Effect::Open(Place::Record(link))],
            (REPORT, Err(error)) => self.fail(&error),
            (_, Err(error)) => refused(act::told(&error)),
            _ => Vec::new(),
        }
    }

    fn selection(&self) -> Selection {
        let current = self.current.clone();
        let current = current.filter(|link| self.reference() == Some(&link.reference().to_string()));
        Selection {
            current,
            ..Selection::default()
        }
    }

    fn command(&self) -> Vec<String> {
        self.asked.as_ref().map(Asked::words).unwrap_or_default()
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, world: &World) -> Option<Position> {
        view::draw(self, frame.buffer_mut(), area, world)
    }

    fn targets(&self, area: Rect, world: &World) -> Vec<(Position, Effect)> {
        targets::probe(area, |at| view::line_at(self, area, world, at))
    }

    fn mouse(&mut self, event: MouseEvent, area: Rect, world: &World) -> Vec<Effect> {
        let place = Position::new(event.column, event.row);
        if self.typing.is_some() {
            let is_click = event.kind == MouseEventKind::Down(MouseButton::Left);
            let item = is_click
                .then(|| view::menu_item(self, area, world, place))
                .flatten();
            return item.map_or_else(Vec::new, |number| self.chosen(number));
        }
        match event.kind {
            MouseEventKind::ScrollDown => self.go(3, world),
            MouseEventKind::ScrollUp => self.go(-3, world),
            MouseEventKind::Down(MouseButton::Left) => match view::line_at(self, area, world, place) {
                Some(line) if line == self.cursor => self.open(world),
                Some(line) => {
                    self.cursor = line;
                    self.follow()
                }
                None => Vec::new(),
            },
            _ => Vec::new(),
        }
    }
}

/// What is asked for by itself, where nothing else is.
pub(crate) fn title_of(asked: &Asked, report: &Report, world: &World) -> String {
    let by = Some(report.by).filter(|by| *by != "all");
    let period = match asked.days(&world.caller) {
        Period::ALL => words::ALL_DAYS.to_owned(),
        period => period.label(),
    };
    words::title(report.name, by, &period, &world.look)
}

/// An error in one line, without the filter that stands above it anyway.
fn on_one_line(error: &Error) -> String {
    let mut text = error.to_string();
    if let Some((what, _)) = text.split_once('\n') {
        text = what.to_owned();
    }
    match error.near().first() {
        Some(near) => format!("{text}; did you mean {near}?"),
        None => text,
    }
}

/// What tells a line from the others: the words at its beginning.
fn key(report: &Report, line: usize) -> Vec<String> {
    let row = report.rows.get(Grid::of(report).row_of(line));
    let words = row.into_iter().flatten().map_while(|cell| match cell {
        Cell::Text(word) => Some(word.clone()),
        _ => None,
    });
    words.collect()
}

fn refused(text: impl Into<String>) -> Vec<Effect> {
    vec![Effect::Say(Message::refused(text))]
}
