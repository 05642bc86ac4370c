//! The log of operations: who did what, when and through what; what each has changed; and taking one back.

mod changes;

use crm::domain::id::Id;
use crm::error::Result;
use crm::store::log::{Op, OpKind};
use crossterm::event::{MouseButton, MouseEvent, MouseEventKind};
use jiff::Timestamp;
use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::text::{cut, relative, sanitise};
use crate::tui::act;
use crate::tui::action::{Action, Scope};
use crate::tui::component::draw;
use crate::tui::component::table::{Column, Row, Table};
use crate::tui::deed::Deed;
use crate::tui::effect::{Effect, Message};
use crate::tui::page::records::view as panes;
use crate::tui::page::selection::Selection;
use crate::tui::page::sheet::{self, Line};
use crate::tui::page::{Page, Place, movement, targets};
use crate::tui::query::work::Touched;
use crate::tui::query::{Answer, Query};
use crate::tui::world::World;

/// Questions of this page.
const FIRST: u8 = 0;
const FURTHER: u8 = 1;
const CHANGES: u8 = 2;

/// How many operations are read at once.
const PAGE: usize = 200;

/// The log.
#[derive(Debug)]
pub(crate) struct Operations {
    ops: Vec<Op>,
    /// How many were asked for when the log was read from its end.
    wanted: usize,
    /// Whether there is nothing after those that were read.
    is_whole: bool,
    read: bool,
    cursor: usize,
    top: usize,
    /// What the operation with this identity changed.
    changes: Option<(Id, Vec<Touched>)>,
    /// Whether the changes have the keys, and how far they are scrolled.
    focused: bool,
    scroll: usize,
    error: Option<String>,
}

impl Operations {
    /// The log, from its end on.
    pub(crate) fn new() -> Operations {
        Operations {
            ops: Vec::new(),
            wanted: PAGE,
            is_whole: false,
            read: false,
            cursor: 0,
            top: 0,
            changes: None,
            focused: false,
            scroll: 0,
            error: None,
        }
    }

    fn here(&self) -> Option<&Op> {
        self.ops.get(self.cursor)
    }

    /// Puts the cursor on a row, and asks for what is to be known then.
    fn put(&mut self, at: usize, world: &World) -> Vec<Effect> {
        self.cursor = at.min(self.ops.len().saturating_sub(1));
        let height = rows_height(panes::area(world), world, self.focused);
        self.top = self
            .top
            .min(self.cursor)
            .max((self.cursor + 1).saturating_sub(height.max(1)));
        let mut effects = self.ask_changes();
        if !self.is_whole && self.cursor + 2 * height.max(1) >= self.ops.len() {
            let last = self.ops.last().map(|op| op.id);
            effects.push(Effect::Read(FURTHER, Query::Log(last, most(PAGE))));
        }
        effects
    }

    fn ask_changes(&mut self) -> Vec<Effect> {
        let Some(id) = self.here().map(|op| op.id) else {
            return Vec::new();
        };
        if self.changes.as_ref().is_some_and(|(known, _)| *known == id) {
            return Vec::new();
        }
        self.scroll = 0;
        vec![Effect::Read(CHANGES, Query::Operation(id))]
    }

    fn moved(&mut self, by: isize, world: &World) -> Vec<Effect> {
        if self.focused {
            let (detail, count) = (
                detail_area(panes::area(world), world, true),
                self.lines(world).len(),
            );
            let last = count.saturating_sub(usize::from(detail.map_or(0, |detail| detail.height)));
            self.scroll = self.scroll.saturating_add_signed(by).min(last);
            return Vec::new();
        }
        self.put(self.cursor.saturating_add_signed(by), world)
    }

    /// What the operation under the cursor changed, as lines.
    fn lines(&self, world: &World) -> Vec<Line> {
        let look = &world.look;
        let Some(op) = self.here() else { return Vec::new() };
        let room =
            detail_area(panes::area(world), world, self.focused).map_or(40, |area| usize::from(area.width));
        let mut lines = Vec::new();
        let mut push = |text: &str, style| {
            let wrapped = cut::wrap(text, room.max(1)).into_iter();
            lines.extend(wrapped.map(|line| Line::new(line, style)));
        };
        push(&sanitise::line(&op.title), look.title);
        let at = Timestamp::from_millisecond(op.at_ms).unwrap_or_default();
        let local = at.to_zoned(world.clock().zone().clone());
        let when = local.strftime("%Y-%m-%d %H:%M");
        let about = format!(
            "operation {} · {when} · {} · {}",
            op.no,
            sanitise::line(&op.actor),
            op.via
        );
        push(&about, look.dim);
        if !op.active {
            push("taken back", look.warning);
        }
        if !op.command.is_empty() {
            push(&sanitise::line(&op.command), look.dim);
        }
        let known = self.changes.as_ref().filter(|(id, _)| *id == op.id);
        for touched in known.into_iter().flat_map(|(_, changes)| changes) {
            push("", look.text);
            push(&changes::subject(touched), look.text);
            for line in changes::values(touched, world) {
                push(&format!("  {line}"), look.dim);
            }
        }
        lines
    }
}

fn most(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// The list and what an operation changed; the second is none where there is no room for both.
fn split(area: Rect, world: &World, focused: bool) -> (Option<Rect>, Option<Rect>) {
    if !world.is_wide() {
        return match focused {
            true => (None, Some(area)),
            false => (Some(area), None),
        };
    }
    let width = area.width * 58 / 100;
    (Some(Rect { width, ..area }), Some(draw::right_of(area, width)))
}

fn detail_area(area: Rect, world: &World, focused: bool) -> Option<Rect> {
    split(area, world, focused)
        .1
        .map(|pane| panes::inside(pane, world))
}

fn rows_height(area: Rect, world: &World, focused: bool) -> usize {
    let list = split(area, world, focused)
        .0
        .map(|pane| panes::inside(pane, world));
    usize::from(list.map_or(0, |list| list.height.saturating_sub(1)))
}

impl Page for Operations {
    fn title(&self) -> String {
        "Operations".to_owned()
    }

    fn scopes(&self) -> &'static [Scope] {
        &[Scope::Operations, Scope::List, Scope::Global]
    }

    fn refresh(&mut self, _world: &World) -> Vec<Effect> {
        // As many as a person has walked through are there again.
        self.wanted = self.ops.len().max(PAGE);
        vec![Effect::Read(FIRST, Query::Log(None, most(self.wanted)))]
    }

    fn act(&mut self, action: Action, world: &World) -> Option<Vec<Effect>> {
        if let Some(by) = movement::rows(action, rows_height(panes::area(world), world, self.focused)) {
            return Some(self.moved(by, world));
        }
        Some(match action {
            Action::DetailDown | Action::DetailUp => {
                let focused = std::mem::replace(&mut self.focused, true);
                let by = if action == Action::DetailDown { 3 } else { -3 };
                let effects = self.moved(by, world);
                self.focused = focused;
                effects
            }
            Action::Open if self.focused => {
                let record = self.changes.iter().flat_map(|(_, changes)| changes);
                let record = record.filter_map(|touched| touched.record.clone()).next();
                match record.filter(|link| link.noun.prefix().is_some()) {
                    Some(link) => vec![Effect::Open(Place::Record(link))],
                    None => vec![Effect::Say(Message::hint("there is no record to open"))],
                }
            }
            Action::Open | Action::Detail | Action::NextPane | Action::PreviousPane => {
                self.focused = !self.focused;
                Vec::new()
            }
            Action::Back if self.focused => {
                self.focused = false;
                Vec::new()
            }
            Action::UndoThis => match self.here() {
                Some(op) if !matches!(op.kind, OpKind::Do) => {
                    let redo = world.keymap.key(Action::Redo);
                    let told =
                        format!("this took something back or did it again; {redo} and undo turn that round");
                    vec![Effect::Say(Message::refused(told))]
                }
                Some(op) => vec![Effect::Write(Deed::Undo(Some(op.no)))],
                None => vec![Effect::Say(Message::refused("there is no operation here"))],
            },
            _ => return None,
        })
    }

    fn answer(&mut self, slot: u8, answer: Result<Answer>, world: &World) -> Vec<Effect> {
        match (slot, answer) {
            (FIRST, Ok(Answer::Operations(_, ops))) => {
                let here = self.here().map(|op| op.id);
                let is_top = self.cursor == 0;
                self.is_whole = ops.len() < self.wanted;
                self.ops = ops;
                self.read = true;
                self.error = None;
                let found = here.and_then(|id| self.ops.iter().position(|op| op.id == id));
                // Who stands at the end of the log sees what is new.
                let at = if is_top { 0 } else { found.unwrap_or(self.cursor) };
                return self.put(at, world);
            }
            // The log may have been read anew meanwhile, and end elsewhere.
            (FURTHER, Ok(Answer::Operations(after, ops))) if after == self.ops.last().map(|op| op.id) => {
                self.is_whole = ops.len() < PAGE;
                self.ops.extend(ops);
            }
            // The cursor may have gone back to an operation that is known.
            (CHANGES, Ok(Answer::Operation(op, changes)))
                if self.here().is_some_and(|here| here.id == op) =>
            {
                self.changes = Some((op, changes));
            }
            (_, Err(error)) => self.error = Some(act::told(&error)),
            _ => {}
        }
        Vec::new()
    }

    fn selection(&self) -> Selection {
        Selection::default()
    }

    fn command(&self) -> Vec<String> {
        match self.here().filter(|_| self.focused) {
            Some(op) => vec!["op".to_owned(), "show".to_owned(), op.no.to_string()],
            None => vec!["op".to_owned(), "list".to_owned()],
        }
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, world: &World) -> Option<Position> {
        let (list, detail) = split(area, world, self.focused);
        let buffer = frame.buffer_mut();
        if let Some(list) = list {
            self.draw_list(buffer, list, world);
        }
        if let Some(detail) = detail {
            let title = "What it changed";
            let inner = panes::frame(buffer, detail, (title, "", self.focused), world);
            sheet::draw_lines(&self.lines(world), buffer, inner, (self.scroll, None), world);
        }
        None
    }

    fn targets(&self, area: Rect, world: &World) -> Vec<(Position, Effect)> {
        let Some(list) = split(area, world, self.focused).0 else {
            return Vec::new();
        };
        let rows = draw::below(panes::inside(list, world), 1);
        targets::probe(rows, |at| {
            let row = self.top + usize::from(at.y - rows.y);
            (row < self.ops.len()).then_some(row)
        })
    }

    fn mouse(&mut self, event: MouseEvent, area: Rect, world: &World) -> Vec<Effect> {
        let at = Position::new(event.column, event.row);
        let (list, detail) = split(area, world, self.focused);
        let is_detail = detail.is_some_and(|pane| pane.contains(at));
        let was = std::mem::replace(&mut self.focused, is_detail);
        match event.kind {
            MouseEventKind::ScrollDown | MouseEventKind::ScrollUp => {
                let by = if event.kind == MouseEventKind::ScrollDown {
                    3
                } else {
                    -3
                };
                let effects = self.moved(by, world);
                self.focused = was;
                effects
            }
            MouseEventKind::Down(MouseButton::Left) => {
                let inner = list.map(|pane| panes::inside(pane, world)).filter(|_| !is_detail);
                let line = inner.and_then(|inner| at.y.checked_sub(inner.y + 1));
                match line.map(|line| self.top + usize::from(line)) {
                    Some(row) if row < self.ops.len() => self.put(row, world),
                    _ => Vec::new(),
                }
            }
            _ => {
                self.focused = was;
                Vec::new()
            }
        }
    }
}

impl Operations {
    fn draw_list(&self, buffer: &mut Buffer, pane: Rect, world: &World) {
        let look = &world.look;
        let place = match self.here() {
            Some(op) => format!("operation {}", op.no),
            None => String::new(),
        };
        let inner = panes::frame(buffer, pane, ("Operations", &place, !self.focused), world);
        let told = match (&self.error, self.read && self.ops.is_empty()) {
            (Some(error), _) => Some((error.as_str(), look.error)),
            (None, true) => Some(("Nothing was done yet", look.dim)),
            (None, false) => None,
        };
        if let Some((text, style)) = told {
            draw::text(buffer, draw::row(inner, 0), text, style, look);
            return;
        }
        let column = |head: &str, right| Column {
            head: head.to_owned(),
            right,
            cut: false,
        };
        let columns = match world.is_narrow() {
            true => vec![column("when", false), column("what", false)],
            false => vec![
                column("no", true),
                column("when", false),
                column("what", false),
                column("who", false),
                column("via", false),
            ],
        };
        let height = usize::from(inner.height.saturating_sub(1));
        let shown = self.ops.iter().skip(self.top).take(height);
        let rows: Vec<Row> = shown.map(|op| row(op, world)).collect();
        let table = Table {
            columns: &columns,
            rows: &rows,
            cursor: self.cursor.checked_sub(self.top).filter(|at| *at < height),
            wide: if world.is_narrow() { 1 } else { 2 },
        };
        table.draw(buffer, inner, look);
    }
}

fn row(op: &Op, world: &World) -> Row {
    let at = Timestamp::from_millisecond(op.at_ms).unwrap_or_default();
    let when = relative::instant(at, world.clock());
    let sign = match (op.kind, op.active) {
        (OpKind::Do, false) => "(taken back) ",
        _ => "",
    };
    let what = format!("{sign}{}", op.title);
    let cells = match world.is_narrow() {
        true => vec![when, what],
        false => vec![op.no.to_string(), when, what, op.actor.clone(), op.via.clone()],
    };
    Row {
        cells,
        is_marked: false,
        is_dim: !op.active,
    }
}
