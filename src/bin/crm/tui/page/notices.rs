//! What rules told the one at the keyboard: the newest first, what was read already dimmed.

use crm::error::Result;
use crossterm::event::{MouseButton, MouseEvent, MouseEventKind};
use jiff::Timestamp;
use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::text::{cut, number, relative, sanitise};
use crate::tui::act;
use crate::tui::action::{Action, Scope};
use crate::tui::component::draw;
use crate::tui::component::table::{Column, Row, Table};
use crate::tui::deed::Deed;
use crate::tui::effect::{Effect, Message};
use crate::tui::page::records::view as panes;
use crate::tui::page::selection::Selection;
use crate::tui::page::{Page, Place, movement, targets};
use crate::tui::query::notices::Notice;
use crate::tui::query::{Answer, Query};
use crate::tui::world::World;

/// The question of this page.
const LIST: u8 = 0;
/// The most that are read.
pub(crate) const MOST: i64 = 500;
/// From so many rows on the whole text stands below the list.
const WITH_TEXT: u16 = 14;
/// The rows of the whole text, with its border.
const TEXT_ROWS: u16 = 7;

/// The list.
#[derive(Debug, Default)]
pub(crate) struct Notices {
    all: Vec<Notice>,
    read: bool,
    cursor: usize,
    top: usize,
    error: Option<String>,
}

impl Notices {
    /// A list of which nothing was read yet.
    pub(crate) fn new() -> Notices {
        Notices::default()
    }

    fn here(&self) -> Option<&Notice> {
        self.all.get(self.cursor)
    }

    fn unread(&self) -> usize {
        self.all.iter().filter(|notice| !notice.is_read).count()
    }

    fn put(&mut self, at: usize, world: &World) {
        self.cursor = at.min(self.all.len().saturating_sub(1));
        let height = rows_height(panes::area(world), world).max(1);
        let least = (self.cursor + 1).saturating_sub(height);
        self.top = self.top.min(self.cursor).max(least);
    }

    /// Marks the one under the cursor as read, if it is not.
    fn marked(&self) -> Vec<Effect> {
        match self.here() {
            Some(notice) if notice.is_read => vec![Effect::Say(Message::hint("this is read already"))],
            Some(notice) => vec![Effect::Write(Deed::Heard(vec![notice.no]))],
            None => nothing(),
        }
    }

    /// Opens the record, which is to have read what was told of it.
    fn opened(&self) -> Vec<Effect> {
        let Some(notice) = self.here() else {
            return nothing();
        };
        let Some(record) = &notice.record else {
            return vec![Effect::Say(Message::hint("the record is not there any more"))];
        };
        let mut effects = Vec::new();
        if !notice.is_read {
            effects.push(Effect::Write(Deed::Heard(vec![notice.no])));
        }
        effects.push(Effect::Open(Place::Record(record.clone())));
        effects
    }
}

fn nothing() -> Vec<Effect> {
    vec![Effect::Say(Message::hint("nobody told you anything"))]
}

/// The list and the whole text; the second is none where there is no room for it.
fn split(area: Rect) -> (Rect, Option<Rect>) {
    if area.height < WITH_TEXT {
        return (area, None);
    }
    let height = area.height - TEXT_ROWS;
    (Rect { height, ..area }, Some(draw::below(area, height)))
}

fn rows_height(area: Rect, world: &World) -> usize {
    let list = panes::inside(split(area).0, world);
    usize::from(list.height.saturating_sub(1))
}

fn when(notice: &Notice, world: &World) -> String {
    let at = Timestamp::from_millisecond(notice.at_ms).unwrap_or_default();
    relative::instant(at, world.clock())
}

impl Page for Notices {
    fn title(&self) -> String {
        "Notifications".to_owned()
    }

    fn scopes(&self) -> &'static [Scope] {
        &[Scope::Notices, Scope::List, Scope::Global]
    }

    fn refresh(&mut self, _world: &World) -> Vec<Effect> {
        vec![Effect::Read(LIST, Query::Notices(MOST))]
    }

    fn act(&mut self, action: Action, world: &World) -> Option<Vec<Effect>> {
        if let Some(by) = movement::rows(action, rows_height(panes::area(world), world)) {
            self.put(self.cursor.saturating_add_signed(by), world);
            return Some(Vec::new());
        }
        Some(match action {
            Action::Open => self.opened(),
            Action::NoticeRead => self.marked(),
            Action::NoticeReadAll if self.unread() > 0 => vec![Effect::Write(Deed::Heard(Vec::new()))],
            Action::NoticeReadAll => vec![Effect::Say(Message::hint("everything is read"))],
            _ => return None,
        })
    }

    fn answer(&mut self, _slot: u8, answer: Result<Answer>, world: &World) -> Vec<Effect> {
        match answer {
            Ok(Answer::Notices(all)) => {
                let here = self.here().map(|notice| notice.no);
                self.all = all;
                self.read = true;
                self.error = None;
                let found = here.and_then(|no| self.all.iter().position(|notice| notice.no == no));
                self.put(found.unwrap_or(self.cursor), world);
            }
            Err(error) => self.error = Some(act::told(&error)),
            Ok(_) => {}
        }
        Vec::new()
    }

    /// What was read leaves the cursor on the next one.
    fn wrote(&mut self, deed: &Deed) {
        if let Deed::Heard(numbers) = deed
            && self
                .here()
                .is_some_and(|notice| !notice.is_read && numbers.contains(&notice.no))
            && self.cursor + 1 < self.all.len()
        {
            self.cursor += 1;
        }
    }

    fn selection(&self) -> Selection {
        match self.here().and_then(|notice| notice.record.clone()) {
            Some(record) => Selection::one(record, []),
            None => Selection::default(),
        }
    }

    fn command(&self) -> Vec<String> {
        ["notify", "list", "--all"].map(str::to_owned).to_vec()
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, world: &World) -> Option<Position> {
        let (list, text) = split(area);
        let buffer = frame.buffer_mut();
        self.draw_list(buffer, list, world);
        if let Some(text) = text {
            self.draw_text(buffer, text, world);
        }
        None
    }

    fn targets(&self, area: Rect, world: &World) -> Vec<(Position, Effect)> {
        let rows = draw::below(panes::inside(split(area).0, world), 1);
        targets::probe(rows, |at| {
            let row = self.top + usize::from(at.y - rows.y);
            (row < self.all.len()).then_some(row)
        })
    }

    fn mouse(&mut self, event: MouseEvent, area: Rect, world: &World) -> Vec<Effect> {
        let rows = draw::below(panes::inside(split(area).0, world), 1);
        match event.kind {
            MouseEventKind::ScrollDown => self.put(self.cursor.saturating_add(3), world),
            MouseEventKind::ScrollUp => self.put(self.cursor.saturating_sub(3), world),
            MouseEventKind::Down(MouseButton::Left)
                if rows.contains(Position::new(event.column, event.row)) =>
            {
                let row = self.top + usize::from(event.row - rows.y);
                if row == self.cursor {
                    return self.opened();
                }
                if row < self.all.len() {
                    self.put(row, world);
                }
            }
            _ => {}
        }
        Vec::new()
    }
}

impl Notices {
    fn draw_list(&self, buffer: &mut Buffer, pane: Rect, world: &World) {
        let look = &world.look;
        let title = match self.unread() {
            0 => "Notifications".to_owned(),
            count => format!("Notifications {} {count} unread", look.symbols.dot),
        };
        let place = match self.all.len() {
            0 => String::new(),
            count => format!("{} of {}", self.cursor + 1, number::many(count as u64)),
        };
        let inner = panes::frame(buffer, pane, (&title, &place, true), world);
        let told = match (&self.error, self.read && self.all.is_empty()) {
            (Some(error), _) => Some((error.clone(), look.error)),
            (None, true) => Some((
                "Nobody told you anything; rules do, with `crm rule add … --notify`".to_owned(),
                look.dim,
            )),
            (None, false) => None,
        };
        if let Some((text, style)) = told {
            for (row, line) in (0..).zip(cut::wrap(&text, usize::from(inner.width.max(1)))) {
                draw::text(buffer, draw::row(inner, row), &line, style, look);
            }
            return;
        }
        let column = |head: &str, cut| Column {
            head: head.to_owned(),
            right: false,
            cut,
        };
        let mut columns = vec![column("", false), column("when", false), column("what", true)];
        if !world.is_narrow() {
            columns.push(column("about", true));
        }
        let height = usize::from(inner.height.saturating_sub(1));
        let shown = self.all.iter().skip(self.top).take(height);
        let rows: Vec<Row> = shown.map(|notice| row(notice, columns.len(), world)).collect();
        let table = Table {
            columns: &columns,
            rows: &rows,
            cursor: self.cursor.checked_sub(self.top).filter(|at| *at < height),
            wide: 2,
        };
        table.draw(buffer, inner, look);
    }

    /// The whole text of the one under the cursor.
    fn draw_text(&self, buffer: &mut Buffer, pane: Rect, world: &World) {
        let look = &world.look;
        let title = match self.here() {
            Some(notice) => format!("{} {} {}", notice.no, look.symbols.dot, when(notice, world)),
            None => String::new(),
        };
        let inner = panes::frame(buffer, pane, (&title, "", false), world);
        let Some(notice) = self.here() else { return };
        let about = about(notice);
        let room = usize::from(inner.width.max(1));
        let text = cut::wrap(&sanitise::line(&notice.text), room).into_iter();
        let about = cut::wrap(&about, room).into_iter();
        let lines = about
            .map(|line| (line, look.dim))
            .chain(text.map(|line| (line, look.text)));
        for (row, (line, style)) in (0..inner.height).zip(lines) {
            draw::text(buffer, draw::row(inner, row), &line, style, look);
        }
    }
}

/// The record by its name and its ref.
fn about(notice: &Notice) -> String {
    match &notice.record {
        Some(record) => format!("{} {}", sanitise::line(&record.name), record.reference()),
        None => String::new(),
    }
}

fn row(notice: &Notice, columns: usize, world: &World) -> Row {
    let symbols = world.look.symbols;
    let sign = if notice.is_read {
        symbols.done
    } else {
        symbols.open
    };
    let mut cells = vec![
        sign.to_owned(),
        when(notice, world),
        notice.text.clone(),
        about(notice),
    ];
    cells.truncate(columns);
    Row {
        cells,
        is_marked: false,
        is_dim: notice.is_read,
    }
}
