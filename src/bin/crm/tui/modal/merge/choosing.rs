//! Two customers side by side, and whose value of each field is to stay.

use crm::domain::value::Link;
use crm::ops::merge::preview::{Preview, Row, Sort};
use crossterm::event::KeyCode;
use ratatui::buffer::Buffer;
use ratatui::layout::{Rect, Size};

use crate::text::cut;
use crate::tui::component::draw;
use crate::tui::component::popup::{self, Popup};
use crate::tui::component::sides::Sides;
use crate::tui::key::Key;
use crate::tui::modal::merge::shown;
use crate::tui::same::Union;
use crate::tui::world::World;

const WIDEST: u16 = 110;
/// Below the fields: what is under the cursor as a whole, what goes along, what is in the way.
const FOOT: u16 = 4;

/// What a key did.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Chosen {
    /// Nothing but to move.
    Kept,
    /// Why it cannot be so.
    Refused(&'static str),
    /// Something else is to be merged: it has to be looked at anew.
    Changed,
    Merge,
    Close,
}

/// What is chosen so far.
#[derive(Debug)]
pub(super) struct Choosing {
    union: Union,
    preview: Preview,
    cursor: usize,
    top: usize,
}

impl Choosing {
    pub(super) fn new(union: Union, preview: Preview) -> Choosing {
        let cursor = preview.rows.iter().position(Row::differs).unwrap_or(0);
        Choosing {
            union,
            preview,
            cursor,
            top: 0,
        }
    }

    /// The same choices, at which somebody has looked anew.
    pub(super) fn look(&mut self, preview: Preview) {
        self.preview = preview;
        self.cursor = self.cursor.min(self.preview.rows.len().saturating_sub(1));
    }

    /// What is to be merged, as it was looked at.
    pub(super) fn union(&self) -> Union {
        let versions: Vec<i64> = self
            .preview
            .customers
            .iter()
            .map(|(_, version)| *version)
            .collect();
        Union {
            versions: match versions.as_slice() {
                [winner, loser] => Some((*winner, *loser)),
                _ => None,
            },
            ..self.union.clone()
        }
    }

    pub(super) fn obstacle(&self) -> Option<&str> {
        self.preview.obstacle.as_deref()
    }

    pub(super) fn key(&mut self, key: Key, world: &World) -> Chosen {
        let last = self.preview.rows.len().saturating_sub(1);
        let page = usize::from(self.height(world)).max(1);
        match key.code {
            KeyCode::Esc | KeyCode::Char('q') => return Chosen::Close,
            KeyCode::Char('c') if key.control => return Chosen::Close,
            KeyCode::Enter => return Chosen::Merge,
            KeyCode::Left | KeyCode::Char('h') => return self.take(0),
            KeyCode::Right | KeyCode::Char('l') => return self.take(1),
            KeyCode::Char(' ') => return self.take_next(),
            KeyCode::Char('w') | KeyCode::Tab => {
                let union = &mut self.union;
                std::mem::swap(&mut union.winner, &mut union.loser);
                return Chosen::Changed;
            }
            KeyCode::Char('f') => {
                self.union.force = !self.union.force;
                return Chosen::Changed;
            }
            KeyCode::Down | KeyCode::Char('j') => self.cursor = (self.cursor + 1).min(last),
            KeyCode::Up | KeyCode::Char('k') => self.cursor = self.cursor.saturating_sub(1),
            KeyCode::PageDown => self.cursor = (self.cursor + page).min(last),
            KeyCode::PageUp => self.cursor = self.cursor.saturating_sub(page),
            KeyCode::Home | KeyCode::Char('g') => self.cursor = 0,
            KeyCode::End | KeyCode::Char('G') => self.cursor = last,
            _ => {}
        }
        self.top = self
            .top
            .min(self.cursor)
            .max((self.cursor + 1).saturating_sub(page));
        Chosen::Kept
    }

    fn here(&self) -> Option<&Row> {
        self.preview.rows.get(self.cursor)
    }

    /// Takes the value of one of the two, as they stand.
    fn take(&mut self, place: usize) -> Chosen {
        let from: Option<Link> = self.preview.customers.get(place).map(|(link, _)| link.clone());
        let (Some(row), Some(from)) = (self.here(), from) else {
            return Chosen::Kept;
        };
        let name = row.name.clone();
        match row.sort {
            Sort::United => return Chosen::Refused("all of these are kept"),
            Sort::Fixed => return Chosen::Refused("this goes by a rule"),
            Sort::Chosen | Sort::Joined => {}
        }
        self.union.choices.retain(|(known, _)| *known != name);
        self.union.choices.push((name, from));
        Chosen::Changed
    }

    /// Takes the next one: of what is joined there is both, too.
    fn take_next(&mut self) -> Chosen {
        let Some(row) = self.here() else {
            return Chosen::Kept;
        };
        match (row.sort, row.from) {
            (Sort::Joined, Some(1)) => {
                let name = row.name.clone();
                self.union.choices.retain(|(known, _)| *known != name);
                Chosen::Changed
            }
            (_, Some(0)) => self.take(1),
            _ => self.take(0),
        }
    }

    fn place(&self, area: Rect) -> Rect {
        let rows = u16::try_from(self.preview.rows.len()).unwrap_or(u16::MAX);
        let height = rows.saturating_add(FOOT + 3);
        popup::centred(area, Size::new(area.width.min(WIDEST), height))
    }

    /// How many fields are seen at once.
    fn height(&self, world: &World) -> u16 {
        let inner = popup::inside(self.place(world.area));
        inner.height.saturating_sub(FOOT + 1)
    }

    pub(super) fn draw(&self, buffer: &mut Buffer, area: Rect, world: &World) {
        let look = &world.look;
        let place = self.place(area);
        let (winner, loser) = (&self.union.winner, &self.union.loser);
        let border = Popup {
            title: format!(
                "Merge {} {} into {} {}",
                loser.reference(),
                loser.name,
                winner.reference(),
                winner.name
            )
            .into(),
            foot: match place.width >= 70 {
                true => "h l Space choose  w the other stays  Enter merge  Esc close".into(),
                false => "h l choose  w turn  Enter merge".into(),
            },
        };
        let inner = border.render(place, buffer, look);
        let (heads, rows) = shown::sides(&self.preview, world);
        let seen = Rect {
            height: inner.height.saturating_sub(FOOT),
            ..inner
        };
        let sides = Sides {
            heads: &heads,
            rows: &rows,
            top: self.top.min(self.cursor),
            cursor: Some(self.cursor),
        };
        sides.draw(buffer, seen, look);
        let foot = draw::below(inner, seen.height);
        let result = self.here().map(|row| {
            let value = crm::wire::cell::cell(&row.result);
            format!("{}: {value}", row.label)
        });
        let room = usize::from(foot.width).max(1);
        let whole = cut::wrap(&crate::text::sanitise::line(&result.unwrap_or_default()), room);
        for (line, text) in (0..FOOT - 2).zip(&whole) {
            draw::text(buffer, draw::row(foot, line), text, look.text, look);
        }
        draw::text(
            buffer,
            draw::row(foot, FOOT - 2),
            &shown::moves(&self.preview),
            look.dim,
            look,
        );
        let (told, style) = match (self.obstacle(), self.union.force) {
            (Some(obstacle), _) => (
                format!("{obstacle}; f merges all the same where it can be"),
                look.warning,
            ),
            (None, true) => (
                "their tax ids are not compared; f does it again".to_owned(),
                look.dim,
            ),
            (None, false) => (String::new(), look.dim),
        };
        draw::text(buffer, draw::row(foot, FOOT - 1), &told, style, look);
    }
}
