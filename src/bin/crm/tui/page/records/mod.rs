//! A list of records of one noun, with the detail of the one under the cursor beside it.

pub(crate) mod rows;
mod view;

use crm::domain::field;
use crm::domain::noun::Noun;
use crm::domain::value::{Link, Value};
use crm::error::Result;
use crm::ops::list;
use crm::ops::window::{self, Anchor};
use ratatui::Frame;
use ratatui::layout::{Position, Rect};

use crate::tui::act;
use crate::tui::action::{Action, Scope};
use crate::tui::effect::{Effect, Message};
use crate::tui::page::records::rows::{Rows, name_of};
use crate::tui::page::selection::Selection;
use crate::tui::page::{Page, Place};
use crate::tui::query::{Answer, Query, Sheet};
use crate::tui::world::World;

/// Questions of this page.
const WINDOW: u8 = 0;
const TOTAL: u8 = 1;
const SHEET: u8 = 2;

/// A list and its detail.
#[derive(Debug)]
pub(crate) struct Records {
    noun: Noun,
    title: String,
    /// Filters that belong to the place, and cannot be cleared.
    base: Vec<String>,
    columns: Vec<String>,
    sort: Vec<String>,
    rows: Rows,
    /// Where the rows are being read from.
    asked: Anchor,
    marked: Vec<Link>,
    sheet: Option<Box<Sheet>>,
    /// How far the detail is scrolled.
    scroll: u16,
    error: Option<String>,
    /// How many rows are drawn.
    height: usize,
}

impl Records {
    /// A list of records of `noun` that all of `base` select.
    pub(crate) fn new(noun: Noun, title: &str, base: Vec<String>, world: &World) -> Records {
        let named = world.columns.get(&noun).cloned();
        let usual = || {
            field::columns(noun)
                .iter()
                .map(|name| (*name).to_owned())
                .collect()
        };
        let mut columns: Vec<String> = named.unwrap_or_else(usual);
        columns.retain(|name| name != "id" && name != name_of(noun));
        columns.splice(0..0, ["id".to_owned(), name_of(noun).to_owned()]);
        Records {
            noun,
            title: title.to_owned(),
            base,
            columns,
            sort: Vec::new(),
            rows: Rows::new(noun),
            asked: Anchor::First,
            marked: Vec::new(),
            sheet: None,
            scroll: 0,
            error: None,
            height: usize::from(world.area.height),
        }
    }

    fn filters(&self) -> Vec<String> {
        self.base.clone()
    }

    fn read(&mut self, anchor: Anchor) -> Effect {
        self.asked = anchor;
        Effect::Read(
            WINDOW,
            Query::Window(window::Request {
                noun: self.noun,
                list: list::Request {
                    filters: self.filters(),
                    columns: self.columns.clone(),
                    sort: self.sort.clone(),
                    limit: None,
                },
                anchor,
                rows: Rows::wanted(self.height),
            }),
        )
    }

    /// Asks for the detail of the record under the cursor, and for more rows where the window ends.
    fn follow(&mut self, anchor: Option<Anchor>, world: &World) -> Vec<Effect> {
        let mut effects: Vec<Effect> = anchor.map(|anchor| self.read(anchor)).into_iter().collect();
        effects.extend(self.detail(world));
        effects
    }

    fn detail(&mut self, world: &World) -> Option<Effect> {
        let link = self.rows.link_here()?;
        if !world.preview || !world.is_wide() {
            return None;
        }
        if self.sheet.as_ref().is_none_or(|sheet| sheet.record.id != link.id) {
            self.scroll = 0;
        }
        Some(Effect::Read(SHEET, Query::Sheet(link.noun, link.id)))
    }

    fn mark(&mut self) {
        let Some(link) = self.rows.link_here() else { return };
        match self.marked.iter().position(|known| known.id == link.id) {
            Some(at) => drop(self.marked.remove(at)),
            None => self.marked.push(link),
        }
    }
}

impl Page for Records {
    fn title(&self) -> String {
        self.title.clone()
    }

    fn scopes(&self) -> &'static [Scope] {
        &[Scope::List, Scope::Global]
    }

    fn refresh(&mut self, world: &World) -> Vec<Effect> {
        self.height = usize::from(view::list_area(world).height);
        let mut effects = vec![
            self.read(self.rows.anchor()),
            Effect::Read(TOTAL, Query::Total(self.noun, self.filters())),
        ];
        effects.extend(self.detail(world));
        effects
    }

    fn act(&mut self, action: Action, world: &World) -> Option<Vec<Effect>> {
        let height = self.height;
        let half = isize::try_from(height / 2).unwrap_or(1).max(1);
        let anchor = match action {
            Action::Down => self.rows.go(1, height),
            Action::Up => self.rows.go(-1, height),
            Action::PageDown => self.rows.go(half, height),
            Action::PageUp => self.rows.go(-half, height),
            Action::First => self.rows.go_first(height),
            Action::Last => self.rows.go_last(height),
            Action::Mark => {
                self.mark();
                self.rows.go(1, height)
            }
            Action::DetailDown => {
                self.scroll = self.scroll.saturating_add(5);
                return Some(Vec::new());
            }
            Action::DetailUp => {
                self.scroll = self.scroll.saturating_sub(5);
                return Some(Vec::new());
            }
            Action::Open => {
                let link = self.rows.link_here()?;
                return Some(vec![Effect::Open(Place::Record(link))]);
            }
            Action::Back if !self.marked.is_empty() => {
                self.marked.clear();
                return Some(vec![Effect::Say(Message::hint("nothing is marked any more"))]);
            }
            Action::New => return Some(vec![Effect::New(self.noun, Vec::new())]),
            _ => return None,
        };
        Some(self.follow(anchor, world))
    }

    fn answer(&mut self, slot: u8, answer: Result<Answer>, world: &World) -> Vec<Effect> {
        match (slot, answer) {
            (_, Ok(Answer::Window(window))) => {
                self.error = None;
                let here = self.rows.current().map(|row| row.id);
                self.rows.take(window, self.asked, self.height);
                match self.rows.current().map(|row| row.id) {
                    now if now != here => self.detail(world).into_iter().collect(),
                    _ => Vec::new(),
                }
            }
            (_, Ok(Answer::Total(total))) => {
                self.rows.total = Some(total);
                Vec::new()
            }
            (_, Ok(Answer::Sheet(sheet))) => {
                self.sheet = Some(sheet);
                Vec::new()
            }
            (WINDOW, Err(error)) => {
                self.error = Some(act::told(&error));
                Vec::new()
            }
            _ => Vec::new(),
        }
    }

    fn selection(&self) -> Selection {
        let Some(current) = self.rows.link_here() else {
            return Selection::default();
        };
        let row = self.rows.current();
        let links = row.into_iter().flat_map(|row| &row.values);
        let related = links.filter_map(|value| match value {
            Value::Link(link) => Some(link.clone()),
            _ => None,
        });
        Selection {
            marked: self.marked.clone(),
            ..Selection::one(current, related.collect::<Vec<_>>())
        }
    }

    fn command(&self) -> Vec<String> {
        let mut words = vec![self.noun.name().to_owned(), "list".to_owned()];
        for filter in self.filters() {
            words.extend(["-w".to_owned(), filter]);
        }
        if !self.sort.is_empty() {
            words.extend(["--sort".to_owned(), self.sort.join(",")]);
        }
        words
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, world: &World) -> Option<Position> {
        view::draw(self, frame, area, world)
    }
}
