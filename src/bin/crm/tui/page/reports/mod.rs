//! The overview of the reports: four drawings, the list of all reports, and the chosen one in small.

mod charts;
#[cfg(test)]
mod tests;
mod view;
mod words;

use crm::domain::fold::fold;
use crm::error::Result;
use crm::report::{Entry, REPORTS, Report};
use crossterm::event::{KeyCode, MouseButton, MouseEvent, MouseEventKind};
use ratatui::Frame;
use ratatui::layout::{Position, Rect};

use crate::text::shell;
use crate::tui::act;
use crate::tui::action::{Action, Scope};
use crate::tui::component::input::Input;
use crate::tui::effect::{Effect, Message};
use crate::tui::page::report::asked::Asked;
use crate::tui::page::report::copy::Form;
use crate::tui::page::reports::charts::Chart;
use crate::tui::page::reports::view::Hit;
use crate::tui::page::selection::Selection;
use crate::tui::page::{Page, Place, Typed, movement, targets};
use crate::tui::query::{Answer, Query};
use crate::tui::world::World;

/// The question for the report in small; those before it are for the drawings.
const PREVIEW: u8 = 4;

/// The rows that half a page is half of, however many are seen.
const ROWS: usize = 10;

/// What was answered: reports, or why there are none.
type Answered = std::result::Result<Vec<Report>, String>;

/// The page.
#[derive(Debug)]
pub(crate) struct Reports {
    filter: Input,
    /// Whether the filter has the cursor.
    is_typing: bool,
    /// The place in the list.
    cursor: usize,
    /// The drawing that has the keys; none if the list has them.
    focus: Option<Chart>,
    charts: [Option<Answered>; 4],
    /// The report in small, and its name.
    preview: Option<(&'static str, Answered)>,
}

impl Reports {
    /// The overview, of which nothing was read yet.
    pub(crate) fn new() -> Reports {
        Reports {
            filter: Input::new(""),
            is_typing: false,
            cursor: 0,
            focus: None,
            charts: [const { None }; 4],
            preview: None,
        }
    }

    /// The reports that the filter leaves: those with all its words in their name or in what they answer.
    fn entries(&self) -> Vec<&'static Entry> {
        let filter = fold(&self.filter.text());
        let fits = |entry: &&Entry| {
            let text = fold(&format!("{} {}", entry.name, entry.help));
            filter.split_whitespace().all(|word| text.contains(word))
        };
        REPORTS.iter().filter(fits).collect()
    }

    fn entry(&self) -> Option<&'static Entry> {
        self.entries().get(self.cursor).copied()
    }

    /// The report that has the keys.
    fn asked(&self, world: &World) -> Option<Asked> {
        match self.focus {
            Some(chart) => chart.asked(world),
            None => self.entry().map(Asked::plain),
        }
    }

    /// Asks for the report under the cursor, where it is shown.
    fn follow(&mut self, world: &World) -> Vec<Effect> {
        let end = self.entries().len().saturating_sub(1);
        self.cursor = self.cursor.min(end);
        let is_shown = view::has_preview(world);
        let entry = self.entry().filter(|_| is_shown);
        let ask = |entry| Effect::Read(PREVIEW, Query::Reports(vec![Asked::plain(entry).ask()]));
        entry.map(ask).into_iter().collect()
    }

    fn go(&mut self, by: isize, world: &World) -> Vec<Effect> {
        self.cursor = self.cursor.saturating_add_signed(by);
        self.follow(world)
    }

    /// Gives the keys to the next of the list and the drawings.
    fn turn(&mut self, by: isize, world: &World) -> Vec<Effect> {
        if !view::has_charts(world) {
            return vec![Effect::Say(Message::hint("there is one pane here only"))];
        }
        let panes: Vec<Option<Chart>> = std::iter::once(None).chain(Chart::ALL.map(Some)).collect();
        let here = panes.iter().position(|pane| *pane == self.focus).unwrap_or(0);
        let here = isize::try_from(here).unwrap_or(0) + by;
        let at = usize::try_from(here.rem_euclid(5)).unwrap_or(0);
        self.focus = panes.get(at).copied().flatten();
        Vec::new()
    }

    fn open(&self, world: &World) -> Vec<Effect> {
        let Some(asked) = self.asked(world) else {
            return vec![Effect::Say(Message::refused(words::NONE_FITS))];
        };
        let words = asked.words();
        let line = shell::line(words.get(1..).unwrap_or_default());
        vec![Effect::Open(Place::Report(line))]
    }

    /// The report that has the keys, as a table on the clipboard.
    fn copy(&self) -> Vec<Effect> {
        let answered = match self.focus {
            Some(chart) => self.chart(chart),
            None => self.preview.as_ref().map(|(_, answered)| answered),
        };
        let Some(Ok(reports)) = answered else {
            return Vec::new();
        };
        let Some(report) = reports.last() else {
            return Vec::new();
        };
        vec![Effect::Copy(
            format!("the report {} as TSV", report.name),
            Form::Tsv.write(report),
        )]
    }

    fn chart(&self, chart: Chart) -> Option<&Answered> {
        let at = Chart::ALL.iter().position(|known| *known == chart)?;
        self.charts.get(at)?.as_ref()
    }

    fn type_in(&mut self, typed: &Typed, world: &World) -> Vec<Effect> {
        match typed {
            Typed::Key(key) => match key.code {
                KeyCode::Enter => self.is_typing = false,
                KeyCode::Esc => {
                    self.is_typing = false;
                    self.filter.set("");
                }
                KeyCode::Down => return self.go(1, world),
                KeyCode::Up => return self.go(-1, world),
                _ => {
                    self.filter.key(*key);
                    self.cursor = 0;
                }
            },
            Typed::Paste(text) => {
                self.filter.paste(text);
                self.cursor = 0;
            }
        }
        self.follow(world)
    }
}

impl Page for Reports {
    fn title(&self) -> String {
        words::REPORTS.to_owned()
    }

    fn scopes(&self) -> &'static [Scope] {
        &[Scope::Reports, Scope::List, Scope::Global]
    }

    fn refresh(&mut self, world: &World) -> Vec<Effect> {
        let mut effects = Vec::new();
        if view::has_charts(world) {
            let slots = (0..).zip(Chart::ALL);
            effects.extend(slots.map(|(slot, chart)| Effect::Read(slot, Query::Reports(chart.asks(world)))));
        } else {
            self.focus = None;
        }
        effects.extend(self.follow(world));
        effects
    }

    /// Figures are of a day; nobody wants to wait for them again every minute.
    fn look_again(&mut self, _world: &World) -> Vec<Effect> {
        Vec::new()
    }

    fn act(&mut self, action: Action, world: &World) -> Option<Vec<Effect>> {
        if self.focus.is_some() && matches!(action, Action::Down | Action::Up) {
            let by = if action == Action::Down { 1 } else { -1 };
            return Some(self.turn(by, world));
        }
        if let Some(by) = movement::rows(action, ROWS) {
            return Some(self.go(by, world));
        }
        Some(match action {
            Action::NextPane => self.turn(1, world),
            Action::PreviousPane => self.turn(-1, world),
            Action::Open | Action::Larger => self.open(world),
            Action::Filter => {
                (self.is_typing, self.focus) = (true, None);
                Vec::new()
            }
            Action::Copy => self.copy(),
            Action::Back if self.focus.is_some() => {
                self.focus = None;
                Vec::new()
            }
            Action::Back if !self.filter.is_empty() => {
                self.filter.set("");
                self.follow(world)
            }
            _ => return None,
        })
    }

    fn typed(&mut self, typed: &Typed, world: &World) -> Option<Vec<Effect>> {
        self.is_typing.then(|| self.type_in(typed, world))
    }

    fn answer(&mut self, slot: u8, answer: Result<Answer>, _world: &World) -> Vec<Effect> {
        let answered = match answer {
            Ok(Answer::Reports(reports)) => Ok(reports),
            Ok(_) => return Vec::new(),
            Err(error) => Err(act::told(&error)),
        };
        match self.charts.get_mut(usize::from(slot)) {
            Some(chart) => *chart = Some(answered),
            None => self.preview = self.entry().map(|entry| (entry.name, answered)),
        }
        Vec::new()
    }

    fn selection(&self) -> Selection {
        Selection::default()
    }

    fn command(&self) -> Vec<String> {
        let focused = self.focus.is_none().then(|| self.entry()).flatten();
        match focused {
            Some(entry) => Asked::plain(entry).words(),
            None => vec!["report".to_owned()],
        }
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, world: &World) -> Option<Position> {
        view::draw(self, frame.buffer_mut(), area, world)
    }

    fn targets(&self, area: Rect, world: &World) -> Vec<(Position, Effect)> {
        targets::probe(area, |at| view::hit(self, area, world, at))
    }

    fn mouse(&mut self, event: MouseEvent, area: Rect, world: &World) -> Vec<Effect> {
        match event.kind {
            MouseEventKind::ScrollDown => self.go(1, world),
            MouseEventKind::ScrollUp => self.go(-1, world),
            MouseEventKind::Down(MouseButton::Left) => {
                match view::hit(self, area, world, Position::new(event.column, event.row)) {
                    Some(Hit::Entry(at)) if at == self.cursor && self.focus.is_none() => self.open(world),
                    Some(Hit::Entry(at)) => {
                        (self.cursor, self.focus) = (at, None);
                        self.follow(world)
                    }
                    Some(Hit::Chart(chart)) if self.focus == Some(chart) => self.open(world),
                    Some(Hit::Chart(chart)) => {
                        self.focus = Some(chart);
                        Vec::new()
                    }
                    None => Vec::new(),
                }
            }
            _ => Vec::new(),
        }
    }
}
