//! Everything about one record: what it is, what belongs to it, what happened, what was changed.

mod lines;
mod scroller;
mod tab;
#[cfg(test)]
mod tests;
mod view;

use crm::domain::activity;
use crm::domain::input::Input;
use crm::domain::noun::Noun;
use crm::domain::value::{Link, Value};
use crm::error::Result;
use crossterm::event::{MouseButton, MouseEvent, MouseEventKind};
use ratatui::Frame;
use ratatui::layout::{Position, Rect};

use crate::tui::act;
use crate::tui::action::{Action, Scope};
use crate::tui::component::menu::{Item, Menu, MenuEvent};
use crate::tui::deed::{DealVerb, Deed};
use crate::tui::effect::{Effect, Message};
use crate::tui::key::Key;
use crate::tui::page::record::tab::{Body, Came, Tab};
use crate::tui::page::selection::Selection;
use crate::tui::page::sheet::{Line, Target};
use crate::tui::page::{Page, Place, Typed, targets};
use crate::tui::query::{Answer, Query, Sheet};
use crate::tui::world::World;

/// Questions of this page, besides those of its tabs.
const SHEET: u8 = 0;
const REFER: u8 = 1;
const TABS: u8 = 2;

/// One record.
#[derive(Debug)]
pub(crate) struct Record {
    link: Link,
    tabs: Vec<Tab>,
    /// The tab that has the keys.
    at: usize,
    /// The tab that is shown beside the overview while that has the keys.
    beside: usize,
    sheet: Option<Box<Sheet>>,
    error: Option<String>,
    /// Which sort of activity is to be shown.
    sorts: Option<Menu>,
}

impl Record {
    /// The page of a record.
    pub(crate) fn new(link: Link) -> Record {
        Record {
            tabs: tab::tabs(&link, TABS),
            link,
            at: 0,
            beside: 1,
            sheet: None,
            error: None,
            sorts: None,
        }
    }

    fn tab(&self) -> Option<&Tab> {
        self.tabs.get(self.at)
    }

    fn is_trashed(&self) -> bool {
        let sheet = self.sheet.as_ref();
        sheet.is_some_and(|sheet| !sheet.value("deleted_at").is_empty())
    }

    /// What the keys of the tab with the keys are about: what its list shows, or else the record.
    fn noun(&self) -> Noun {
        let list = self.tab().and_then(Tab::list);
        list.map_or(self.link.noun, |list| list.noun)
    }

    fn is_changes(&self) -> bool {
        matches!(self.tab().map(|tab| &tab.body), Some(Body::Changes(..)))
    }

    /// The lines of a tab as they are drawn.
    fn lines(&self, at: usize, world: &World) -> Vec<Line> {
        view::lines(self, at, view::room(self, at, world).width, world)
    }

    /// Where the chosen line of the tab with the keys leads.
    fn target(&self, world: &World) -> Option<Target> {
        self.tab()?.scroller.target(&self.lines(self.at, world))
    }

    /// Asks for what the tabs in sight show.
    fn ask(&mut self, world: &World) -> Vec<Effect> {
        self.measure(world);
        let record = self.link.clone();
        let mut effects = Vec::new();
        for at in view::seen(self, world) {
            if let Some(tab) = self.tabs.get_mut(at) {
                effects.extend(tab.refresh(&record));
            }
        }
        effects
    }

    /// Fits lists to the room that they have.
    fn measure(&mut self, world: &World) {
        for at in view::seen(self, world) {
            let height = usize::from(view::room(self, at, world).height);
            if let Some(list) = self.tabs.get_mut(at).and_then(Tab::list_mut) {
                let filter = usize::from(list.filter.height());
                list.measure(height.saturating_sub(filter + 1));
            }
        }
    }

    /// Shows another tab.
    fn show(&mut self, at: usize, world: &World) -> Vec<Effect> {
        self.at = at.min(self.tabs.len().saturating_sub(1));
        if self.at > 0 {
            self.beside = self.at;
        }
        self.ask(world)
    }

    fn show_next(&mut self, by: isize, world: &World) -> Vec<Effect> {
        let count = self.tabs.len().max(1);
        let at = (self.at + count).saturating_add_signed(by) % count;
        self.show(at, world)
    }

    /// Moves in lines; none for other actions.
    fn moved(&mut self, action: Action, world: &World) -> Option<Vec<Effect>> {
        let lines = self.lines(self.at, world);
        let height = usize::from(view::room(self, self.at, world).height);
        let half = isize::try_from(height / 2).unwrap_or(1).max(1);
        let record = self.link.clone();
        let tab = self.tabs.get_mut(self.at)?;
        match action {
            Action::Down => tab.scroller.down(&lines, height),
            Action::Up => tab.scroller.up(&lines, height),
            Action::PageDown => tab.scroller.page(half, &lines, height),
            Action::PageUp => tab.scroller.page(-half, &lines, height),
            Action::First => tab.scroller.page(isize::MIN, &lines, height),
            Action::Last => tab.scroller.page(isize::MAX, &lines, height),
            _ => return None,
        }
        match tab.scroller.is_near_end(lines.len(), height) {
            true => Some(tab.more(&record)),
            false => Some(Vec::new()),
        }
    }

    /// Opens what the cursor is on.
    fn opened(&self, world: &World) -> Vec<Effect> {
        if let Some(list) = self.tab().and_then(Tab::list) {
            let here = list.here().map(|link| Effect::Open(Place::Record(link)));
            return here.into_iter().collect();
        }
        match self.target(world) {
            Some(Target::Record(link)) if link.id == self.link.id => Vec::new(),
            Some(Target::Record(link)) => vec![Effect::Open(Place::Record(link))],
            Some(Target::Reference(reference)) => {
                vec![Effect::Read(REFER, Query::Refer(reference.to_string()))]
            }
            Some(Target::Address(address)) => vec![Effect::Launch(address)],
            Some(Target::Tick(item, is_done)) => {
                let verb = DealVerb::Tick(item, !is_done);
                vec![Effect::Write(Deed::Deals(verb, vec![self.link.clone()]))]
            }
            Some(Target::Operation(no)) => {
                let undo = world.keymap.key(Action::UndoThis);
                let told = format!("operation {no}: {undo} takes it back");
                vec![Effect::Say(Message::hint(told))]
            }
            None => {
                let down = world.keymap.key(Action::Down);
                let told = format!("{down} goes to what can be opened");
                vec![Effect::Say(Message::hint(told))]
            }
        }
    }

    /// Begins a new record of the sort that the tab shows.
    fn added(&self) -> Vec<Effect> {
        let reference = self.link.reference().to_string();
        let about = || vec![(self.link.noun.name().to_owned(), Input::text(reference.clone()))];
        match self.tab().map(|tab| &tab.body) {
            Some(Body::Rows(list)) => vec![Effect::New(list.noun, about())],
            Some(Body::Activity(Some(kind), ..)) if kind == "note" => vec![Effect::Act(Action::Note)],
            Some(Body::Activity(..)) => vec![Effect::Act(Action::Add)],
            _ => vec![Effect::New(self.link.noun, Vec::new())],
        }
    }

    /// Opens the menu of sorts of activities.
    fn sort(&mut self) -> Option<Vec<Effect>> {
        let Body::Activity(..) = self.tab()?.body else {
            return Some(vec![Effect::Say(Message::hint("this has one order only"))]);
        };
        let item = |key: char, label: &str| Item {
            key: Some(Key::letter(key)),
            label: label.to_owned(),
            note: String::new(),
            off: None,
        };
        let mut items = vec![item('a', "all")];
        let mut taken = vec!['a', 'j', 'k', 'q'];
        for kind in activity::TYPES {
            let letter = kind.chars().find(|letter| !taken.contains(letter)).unwrap_or(' ');
            taken.push(letter);
            items.push(item(letter, kind));
        }
        self.sorts = Some(Menu::new("Show", items));
        Some(Vec::new())
    }

    fn choose_sort(&mut self, event: MenuEvent) -> Vec<Effect> {
        let chosen = match event {
            MenuEvent::Chosen(at) => at,
            MenuEvent::Closed => {
                self.sorts = None;
                return Vec::new();
            }
            _ => return Vec::new(),
        };
        self.sorts = None;
        let kind = chosen.checked_sub(1).and_then(|at| activity::TYPES.get(at));
        let record = self.link.clone();
        let Some(tab) = self.tabs.get_mut(self.at) else {
            return Vec::new();
        };
        tab.body = Body::Activity(kind.map(|kind| (*kind).to_owned()), Vec::new(), Came::Nothing);
        tab.scroller = scroller::Scroller::default();
        tab.refresh(&record)
    }

    /// Takes back the operation under the cursor.
    fn undone(&self, world: &World) -> Vec<Effect> {
        match self.target(world) {
            Some(Target::Operation(no)) => vec![Effect::Write(Deed::Undo(Some(no)))],
            _ => vec![Effect::Say(Message::refused("there is no operation here"))],
        }
    }
}

impl Page for Record {
    fn title(&self) -> String {
        self.link.name.clone()
    }

    fn scopes(&self) -> &'static [Scope] {
        match (self.is_changes(), self.is_trashed()) {
            (true, _) => &[Scope::Operations, Scope::Record, Scope::List, Scope::Global],
            (false, true) => &[Scope::Trash, Scope::Record, Scope::List, Scope::Global],
            (false, false) if self.noun() == Noun::Order => {
                &[Scope::Record, Scope::Orders, Scope::List, Scope::Global]
            }
            (false, false) if self.noun() == Noun::Ticket => {
                &[Scope::Record, Scope::Tickets, Scope::List, Scope::Global]
            }
            (false, false) => &[Scope::Record, Scope::List, Scope::Global],
        }
    }

    fn refresh(&mut self, world: &World) -> Vec<Effect> {
        let mut effects = vec![Effect::Read(SHEET, Query::Sheet(self.link.noun, self.link.id))];
        effects.extend(self.ask(world));
        // The other lists only say how many they are.
        let seen = view::seen(self, world);
        let others = self.tabs.iter().enumerate().filter(|(at, _)| !seen.contains(at));
        effects.extend(
            others
                .filter_map(|(_, tab)| tab.list())
                .flat_map(|list| list.refresh_total()),
        );
        effects
    }

    fn act(&mut self, action: Action, world: &World) -> Option<Vec<Effect>> {
        match action {
            Action::NextTab => return Some(self.show_next(1, world)),
            Action::PreviousTab => return Some(self.show_next(-1, world)),
            Action::NextPane | Action::PreviousPane | Action::Detail if view::is_wide(world) => {
                let at = if self.at == 0 { self.beside } else { 0 };
                return Some(self.show(at, world));
            }
            Action::NextPane => return Some(self.show_next(1, world)),
            Action::PreviousPane => return Some(self.show_next(-1, world)),
            Action::History => return Some(self.show(usize::MAX, world)),
            Action::NextRecord => return Some(vec![Effect::Neighbour(1)]),
            Action::PreviousRecord => return Some(vec![Effect::Neighbour(-1)]),
            Action::Open => return Some(self.opened(world)),
            Action::Mark | Action::Done if matches!(self.target(world), Some(Target::Tick(..))) => {
                return Some(self.opened(world));
            }
            Action::New => return Some(self.added()),
            Action::UndoThis => return Some(self.undone(world)),
            Action::Sort => return self.sort(),
            _ => {}
        }
        if self.tab()?.list().is_none() {
            return self.moved(action, world);
        }
        let list = self.tabs.get_mut(self.at)?.list_mut()?;
        let effects = match action {
            Action::Back if !list.filter.is_empty() => list.clear(),
            other => list.act(other)?,
        };
        self.measure(world);
        Some(effects)
    }

    fn typed(&mut self, typed: &Typed, world: &World) -> Option<Vec<Effect>> {
        if let Some(menu) = &mut self.sorts {
            let Typed::Key(key) = typed else {
                return Some(Vec::new());
            };
            let event = menu.key(*key);
            return Some(self.choose_sort(event));
        }
        let effects = self.tabs.get_mut(self.at)?.list_mut()?.typed(typed)?;
        self.measure(world);
        Some(effects)
    }

    fn answer(&mut self, slot: u8, answer: Result<Answer>, world: &World) -> Vec<Effect> {
        match (slot, answer) {
            (SHEET, Ok(Answer::Sheet(sheet))) => {
                self.error = None;
                self.link = sheet.record.clone();
                self.sheet = Some(sheet);
            }
            (SHEET, Err(error)) => self.error = Some(act::told(&error)),
            (REFER, Ok(Answer::Refer(link))) => return vec![Effect::Open(Place::Record(link))],
            (REFER, Err(error)) => return vec![Effect::Say(Message::refused(act::told(&error)))],
            (slot, answer) => {
                let mut answer = Some(answer);
                let took = self.tabs.iter_mut().any(|tab| tab.answer(slot, &mut answer));
                if let (true, Some(Err(error))) = (took, answer) {
                    self.error = Some(act::told(&error));
                }
                for at in view::seen(self, world) {
                    let lines = self.lines(at, world);
                    if let Some(tab) = self.tabs.get_mut(at).filter(|_| at > 0) {
                        tab.scroller.settle(&lines);
                    }
                }
            }
        }
        Vec::new()
    }

    fn selection(&self) -> Selection {
        let Some(tab) = self.tab() else {
            return Selection::one(self.link.clone(), []);
        };
        if let Some(here) = tab.list().and_then(|list| list.here()) {
            return Selection::one(here, [self.link.clone()]);
        }
        let fields = self.sheet.iter().flat_map(|sheet| &sheet.fields);
        let related = fields.filter_map(|(_, _, value)| match value {
            Value::Link(link) => Some(link.clone()),
            _ => None,
        });
        let mut fields = self.sheet.iter().flat_map(|sheet| &sheet.fields);
        let status = fields.find(|(name, ..)| *name == "status");
        Selection::one(self.link.clone(), related.collect::<Vec<_>>())
            .with_status(status.map(|(_, _, value)| value))
    }

    fn command(&self) -> Vec<String> {
        let verb = if self.is_changes() { "history" } else { "show" };
        let name = match self.link.noun.prefix() {
            Some(_) => self.link.reference().to_string(),
            None => self.link.name.clone(),
        };
        match (verb, self.link.noun) {
            ("show", noun) if noun != Noun::Customer => vec![noun.name().to_owned(), "show".to_owned(), name],
            (verb, _) => vec![verb.to_owned(), name],
        }
    }

    fn wrote(&mut self, deed: &Deed) {
        if let Some(list) = self.tabs.get_mut(self.at).and_then(Tab::list_mut) {
            list.wrote(deed);
        }
    }

    fn turn(&mut self, record: &Link, _world: &World) {
        let (at, beside) = (self.at, self.beside);
        let is_alike = record.noun == self.link.noun;
        *self = Record::new(record.clone());
        if is_alike {
            (self.at, self.beside) = (at, beside);
        }
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, world: &World) -> Option<Position> {
        view::draw(self, frame, area, world)
    }

    fn targets(&self, area: Rect, world: &World) -> Vec<(Position, Effect)> {
        let mut targets = targets::probe(area, |at| view::tab_at(self, area, at, world));
        for pane in view::seen(self, world) {
            let room = view::room(self, pane, world);
            targets.extend(targets::probe(room, |at| Some(at.y)));
        }
        targets
    }

    fn mouse(&mut self, event: MouseEvent, area: Rect, world: &World) -> Vec<Effect> {
        let at = Position::new(event.column, event.row);
        let is_click = event.kind == MouseEventKind::Down(MouseButton::Left);
        if self.sorts.is_some() {
            return match is_click {
                true => self.choose_sort(MenuEvent::Closed),
                false => Vec::new(),
            };
        }
        if is_click && let Some(tab) = view::tab_at(self, area, at, world) {
            return self.show(tab, world);
        }
        let pane = view::seen(self, world)
            .into_iter()
            .find(|tab| view::room(self, *tab, world).contains(at));
        let Some(pane) = pane else { return Vec::new() };
        let by = match event.kind {
            MouseEventKind::ScrollDown => 3,
            MouseEventKind::ScrollUp => -3,
            _ if is_click => return self.clicked(pane, at, world),
            _ => return Vec::new(),
        };
        let room = view::room(self, pane, world);
        let lines = self.lines(pane, world);
        let record = self.link.clone();
        let Some(tab) = self.tabs.get_mut(pane) else {
            return Vec::new();
        };
        if let Some(list) = tab.list_mut() {
            return list.scroll(by);
        }
        tab.scroller.scroll(by, &lines, usize::from(room.height));
        match tab.scroller.is_near_end(lines.len(), usize::from(room.height)) {
            true => tab.more(&record),
            false => Vec::new(),
        }
    }
}

impl Record {
    /// A click chooses a line, a second one opens it.
    fn clicked(&mut self, pane: usize, at: Position, world: &World) -> Vec<Effect> {
        let mut effects = match pane == self.at {
            true => Vec::new(),
            false => self.show(pane, world),
        };
        let room = view::room(self, pane, world);
        let row = usize::from(at.y - room.y);
        let lines = self.lines(pane, world);
        let Some(tab) = self.tabs.get_mut(pane) else {
            return effects;
        };
        let is_again = match tab.list_mut() {
            Some(list) => {
                let before = list.here().map(|link| link.id);
                let filter = usize::from(list.filter.height());
                let Some(line) = row.checked_sub(filter + 1) else {
                    return effects;
                };
                effects.extend(list.click(line).unwrap_or_default());
                before.is_some() && before == list.here().map(|link| link.id)
            }
            None => tab.scroller.click(row, &lines, usize::from(room.height)),
        };
        if is_again {
            effects.extend(self.opened(world));
        }
        effects
    }
}
