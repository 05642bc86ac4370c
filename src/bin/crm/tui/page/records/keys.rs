//! What keys and the mouse do to a list and its detail.

use crm::domain::field::FieldType;
use crm::domain::input::Input;
use crm::domain::noun::Noun;
use crm::domain::value::Link;
use crm::ops::view;
use crm::ops::window::{self, Anchor, Window};
use crossterm::event::{MouseButton, MouseEvent, MouseEventKind};
use ratatui::layout::{Position, Rect};

use crate::tui::action::Action;
use crate::tui::deed::Deed;
use crate::tui::effect::{Effect, Message};
use crate::tui::page::records::rows::{Rows, name_of};
use crate::tui::page::records::sort::{Chosen, Over};
use crate::tui::page::records::view as drawing;
use crate::tui::page::records::{EVERY, Every, Focus, Records, Zoom, marks, table, words};
use crate::tui::page::{Place, Typed};
use crate::tui::query::Query;
use crate::tui::world::World;

/// How many lines the wheel and J K move.
const LINES: u16 = 3;

impl Records {
    /// Does an action of a list; none for other actions.
    pub(super) fn acted(&mut self, action: Action, world: &World) -> Option<Vec<Effect>> {
        if self.focus == Focus::Detail
            && let Some(effects) = self.acted_in_detail(action, world)
        {
            return Some(effects);
        }
        let nothing = Some(Vec::new());
        match action {
            Action::DetailDown => self.scroll_detail(LINES, world),
            Action::DetailUp => self.scroll = self.scroll.saturating_sub(LINES),
            Action::Open => {
                let link = self.list.here()?;
                return Some(vec![Effect::Open(Place::Record(link))]);
            }
            Action::History => {
                let link = self.list.here()?;
                let opened = Effect::Open(Place::Record(link));
                return Some(vec![opened, Effect::Act(Action::History)]);
            }
            Action::Mark => {
                let link = self.list.here()?;
                self.marks.end_range();
                self.marks.toggle(link);
                let mut effects = self.list.scroll(1);
                effects.extend(self.count_hidden());
                return Some(effects);
            }
            Action::Range => {
                let link = self.list.here()?;
                self.marks.range(link);
                return Some(self.count_hidden().into_iter().collect());
            }
            Action::Invert => return Some(self.ask_every(Every::Invert)),
            Action::MarkAll => return Some(self.ask_every(Every::Mark)),
            Action::Back => return self.peeled(),
            Action::Sort => self.over = Some(Over::sort(&self.list, world)),
            Action::Columns => self.over = Some(Over::columns(&self.list)),
            Action::SaveView => self.over = Some(Over::name(self.view.as_deref().unwrap_or(""))),
            Action::View(number) => return Some(self.show_view(number, world)),
            Action::New => return Some(vec![Effect::New(self.list.noun, Vec::new())]),
            Action::Detail | Action::NextPane | Action::PreviousPane => {
                self.focus = match self.focus {
                    Focus::List => Focus::Detail,
                    Focus::Detail => Focus::List,
                };
                return Some(self.detail(world).into_iter().collect());
            }
            Action::Larger => self.zoom_by(true),
            Action::Smaller => self.zoom_by(false),
            other => return self.list.act(other),
        }
        nothing
    }

    /// What an action does while the detail has the keys; none if it does what it does in the list.
    fn acted_in_detail(&mut self, action: Action, world: &World) -> Option<Vec<Effect>> {
        let page = LINES * 4;
        match action {
            Action::Down => self.scroll_detail(1, world),
            Action::Up => self.scroll = self.scroll.saturating_sub(1),
            Action::PageDown => self.scroll_detail(page, world),
            Action::PageUp => self.scroll = self.scroll.saturating_sub(page),
            Action::First => self.scroll = 0,
            Action::Last => self.scroll_detail(u16::MAX, world),
            Action::Back => {
                self.focus = Focus::List;
                self.zoom = Zoom::Normal;
            }
            _ => return None,
        }
        Some(Vec::new())
    }

    fn scroll_detail(&mut self, by: u16, world: &World) {
        let most = drawing::detail_end(self, world);
        self.scroll = self.scroll.saturating_add(by).min(most);
    }

    fn zoom_by(&mut self, larger: bool) {
        self.zoom = match (self.zoom, larger) {
            (Zoom::Normal, true) | (Zoom::Full, false) => Zoom::Half,
            (_, true) => Zoom::Full,
            (_, false) => Zoom::Normal,
        };
    }

    /// Takes one layer away: a range, the marks, the filter; none if there is none.
    fn peeled(&mut self) -> Option<Vec<Effect>> {
        if self.marks.is_range() {
            self.marks.end_range();
            return Some(Vec::new());
        }
        if !self.marks.is_empty() {
            self.marks.clear();
            return Some(vec![Effect::Say(Message::hint("nothing is marked any more"))]);
        }
        if !self.list.filter.is_empty() || self.view.is_some() {
            self.view = None;
            return Some(self.list.clear());
        }
        None
    }

    /// Asks for all records that the filter finds.
    fn ask_every(&mut self, every: Every) -> Vec<Effect> {
        self.every = every;
        self.marks.end_range();
        let columns = vec!["id".to_owned(), name_of(self.list.noun).to_owned()];
        let request = window::Request {
            noun: self.list.noun,
            list: self.list.request(columns),
            anchor: Anchor::First,
            rows: marks::MOST,
        };
        vec![Effect::Read(EVERY, Query::Window(request))]
    }

    /// Marks all records that the filter finds, or those that are not marked.
    pub(super) fn every(&mut self, window: Window, world: &World) -> Vec<Effect> {
        let is_all = window.last;
        let mut rows = Rows::new(self.list.noun);
        rows.take(window, Anchor::First, 1);
        let links: Vec<Link> = rows.all().collect();
        let count = links.len();
        let mut effects = Vec::new();
        match self.every {
            Every::Mark => {
                self.marks.add(links);
                let told = words::every(count, self.list.noun, is_all);
                effects.push(Effect::Say(Message::hint(told)));
            }
            Every::Invert => self.marks.invert(links),
        }
        self.measure(world);
        effects.extend(self.count_hidden());
        effects
    }

    fn show_view(&mut self, number: u8, world: &World) -> Vec<Effect> {
        let found = usize::from(number)
            .checked_sub(1)
            .and_then(|at| self.views.get(at));
        let Some(view) = found.cloned() else {
            let save = world.keymap.key(Action::SaveView);
            let told = words::no_view(number, self.views.len(), self.list.noun, &save);
            return vec![Effect::Say(Message::refused(told))];
        };
        self.view = Some(view.key.clone());
        self.list.show(&view, world)
    }

    /// Keeps the list as a view of this name; one that has it already becomes this list.
    fn save_view(&mut self, name: &str) -> Vec<Effect> {
        let key = match view::key(name) {
            Ok(key) => key,
            Err(error) => return vec![Effect::Say(Message::refused(error.to_string()))],
        };
        let text = |field: &str, value: String| (field.to_owned(), Input::text(value));
        let mut assignments = vec![
            text("filter", self.list.filters().join(" ")),
            text("columns", self.list.columns.join(",")),
            text("sort", self.list.sort.join(",")),
        ];
        let known = self.views.iter().find(|view| view.key == key).map(|view| view.id);
        self.view = Some(key.clone());
        self.over = None;
        let deed = match known {
            Some(id) => Deed::Set {
                of: vec![Link {
                    noun: Noun::View,
                    id,
                    no: 0,
                    name: key,
                }],
                assignments,
                version: None,
            },
            None => {
                let noun = self.list.noun.name().to_owned();
                assignments.splice(0..0, [text("key", name.to_owned()), text("noun", noun)]);
                Deed::Add {
                    noun: Noun::View,
                    assignments,
                    anyway: false,
                }
            }
        };
        vec![Effect::Write(deed)]
    }

    /// Takes what was typed into what lies over the list.
    pub(super) fn typed_over(&mut self, typed: &Typed, world: &World) -> Vec<Effect> {
        let Some(over) = &mut self.over else {
            return Vec::new();
        };
        let chosen = over.typed(typed);
        self.chosen(chosen, world)
    }

    fn chosen(&mut self, chosen: Chosen, world: &World) -> Vec<Effect> {
        match chosen {
            Chosen::Nothing => Vec::new(),
            Chosen::Closed => {
                self.over = None;
                Vec::new()
            }
            Chosen::More => {
                self.over = Some(Over::columns(&self.list));
                Vec::new()
            }
            Chosen::Sort(name) => {
                self.over = None;
                self.list.sort_by(&name)
            }
            Chosen::Columns(columns) => {
                self.over = None;
                self.list.set_columns(columns);
                self.measure(world);
                self.list.refresh()
            }
            Chosen::Name(name) => self.save_view(&name),
        }
    }

    /// What the mouse does.
    pub(super) fn clicked(&mut self, event: MouseEvent, area: Rect, world: &World) -> Vec<Effect> {
        let at = Position::new(event.column, event.row);
        let is_click = event.kind == MouseEventKind::Down(MouseButton::Left);
        if let Some(over) = &mut self.over {
            if !is_click {
                return Vec::new();
            }
            let chosen = over.clicked(at, area, world);
            return self.chosen(chosen, world);
        }
        let layout = drawing::layout(self, area, world);
        let is_in = |pane: Option<Rect>| pane.is_some_and(|pane| pane.contains(at));
        let is_detail = is_in(layout.detail) || is_in(layout.story);
        let by = isize::try_from(LINES).unwrap_or(1);
        match event.kind {
            MouseEventKind::ScrollDown if is_detail => self.scroll_detail(LINES, world),
            MouseEventKind::ScrollUp if is_detail => self.scroll = self.scroll.saturating_sub(LINES),
            MouseEventKind::ScrollDown => return self.list.scroll(by),
            MouseEventKind::ScrollUp => return self.list.scroll(-by),
            _ if is_click && is_detail => self.focus = Focus::Detail,
            _ if is_click && is_in(layout.list) => {
                self.focus = Focus::List;
                return self.clicked_list(at, area, world);
            }
            _ => {}
        }
        Vec::new()
    }

    fn clicked_list(&mut self, at: Position, area: Rect, world: &World) -> Vec<Effect> {
        let Some(parts) = drawing::parts(self, area, world) else {
            return Vec::new();
        };
        if parts.filter.contains(at) {
            return self.list.act(Action::Filter).unwrap_or_default();
        }
        if !parts.table.contains(at) {
            return Vec::new();
        }
        let Some(line) = at.y.checked_sub(parts.table.y + 1) else {
            let column = table::column_at(&self.list, parts.table, at.x, world);
            return match column {
                Some((name, kind)) if kind != FieldType::Parts => self.list.sort_by(&name),
                _ => Vec::new(),
            };
        };
        let before = self.list.here().map(|link| link.id);
        let Some(mut effects) = self.list.click(usize::from(line)) else {
            return Vec::new();
        };
        let Some(here) = self.list.here() else {
            return effects;
        };
        if at.x < parts.table.x + 2 {
            self.marks.toggle(here);
            effects.extend(self.count_hidden());
        } else if before == Some(here.id) {
            effects.push(Effect::Open(Place::Record(here)));
        }
        effects
    }
}
