//! What lies over a list for a moment: the menu of orders, the choice of columns, the name of a view.

use crm::domain::field::{self, FieldType};
use crm::domain::noun::Noun;
use crossterm::event::KeyCode;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect, Size};

use crate::tui::component::draw;
use crate::tui::component::input::Input;
use crate::tui::component::menu::{Item, Menu, MenuEvent};
use crate::tui::component::popup;
use crate::tui::key::Key;
use crate::tui::page::Typed;
use crate::tui::page::records::cells;
use crate::tui::page::records::list::List;
use crate::tui::page::records::rows::name_of;
use crate::tui::world::World;

/// What lies over a list.
#[derive(Debug)]
pub(crate) enum Over {
    /// By which column the list is sorted; the names of the columns.
    Sort(Menu, Vec<String>),
    /// Which columns are shown.
    Columns(Columns),
    /// What a view is to be called.
    Name(Box<Input>),
}

/// What was chosen there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Chosen {
    Sort(String),
    /// The choice of columns is to be shown.
    More,
    Columns(Vec<String>),
    Name(String),
    /// Nothing; it is to be closed.
    Closed,
    /// Nothing yet.
    Nothing,
}

impl Over {
    /// The menu of orders.
    pub(crate) fn sort(list: &List, world: &World) -> Over {
        let mut taken = vec!['c', 'j', 'k', 'q'];
        let sortable = list.shown().iter().filter(|(_, kind)| is_sortable(*kind));
        let names: Vec<String> = sortable.map(|(name, _)| name.clone()).collect();
        let mut items: Vec<Item> = names
            .iter()
            .map(|name| {
                let label = cells::head(list.noun, name);
                let letter = label
                    .chars()
                    .find(|letter| letter.is_ascii_lowercase() && !taken.contains(letter));
                taken.extend(letter);
                let note = match list.order(name) {
                    Some(true) => format!("{} now", world.look.symbols.down),
                    Some(false) => format!("{} now; again turns it round", world.look.symbols.up),
                    None => String::new(),
                };
                Item {
                    key: letter.map(Key::letter),
                    label,
                    note,
                    off: None,
                }
            })
            .collect();
        items.push(Item {
            key: Some(Key::letter('c')),
            label: "choose columns…".to_owned(),
            note: String::new(),
            off: None,
        });
        Over::Sort(Menu::new("Sort by", items), names)
    }

    /// The choice of columns.
    pub(crate) fn columns(list: &List) -> Over {
        Over::Columns(Columns::new(list.noun, &list.columns))
    }

    /// The question for the name of a view.
    pub(crate) fn name(proposed: &str) -> Over {
        Over::Name(Box::new(Input::new(proposed).placeholder("hot leads")))
    }

    /// Takes what was typed.
    pub(crate) fn typed(&mut self, typed: &Typed) -> Chosen {
        match (self, typed) {
            (Over::Sort(menu, names), Typed::Key(key)) => match menu.key(*key) {
                MenuEvent::Chosen(at) => names
                    .get(at)
                    .map_or(Chosen::More, |name| Chosen::Sort(name.clone())),
                MenuEvent::Closed => Chosen::Closed,
                _ => Chosen::Nothing,
            },
            (Over::Columns(columns), Typed::Key(key)) => columns.key(*key),
            (Over::Name(input), Typed::Paste(text)) => {
                input.paste(text);
                Chosen::Nothing
            }
            (Over::Name(input), Typed::Key(key)) => match key.code {
                KeyCode::Esc => Chosen::Closed,
                KeyCode::Enter if !input.text().trim().is_empty() => {
                    Chosen::Name(input.text().trim().to_owned())
                }
                _ => {
                    input.key(*key);
                    Chosen::Nothing
                }
            },
            (_, Typed::Paste(_)) => Chosen::Nothing,
        }
    }

    /// What a click chooses; beside a menu it closes it.
    pub(crate) fn clicked(&mut self, at: Position, screen: Rect, world: &World) -> Chosen {
        let Over::Sort(menu, names) = self else {
            return Chosen::Nothing;
        };
        let mut unseen = Buffer::empty(screen);
        let places = menu.render(screen, &mut unseen, &world.look);
        match places.iter().find(|(place, _)| place.contains(at)) {
            Some((_, item)) => names
                .get(*item)
                .map_or(Chosen::More, |name| Chosen::Sort(name.clone())),
            None => Chosen::Closed,
        }
    }

    /// Draws it over the page; where the cursor is.
    pub(crate) fn draw(&self, buffer: &mut Buffer, screen: Rect, world: &World) -> Option<Position> {
        let look = &world.look;
        match self {
            Over::Sort(menu, _) => {
                menu.render(screen, buffer, look);
                None
            }
            Over::Columns(columns) => {
                columns.draw(buffer, screen, world);
                None
            }
            Over::Name(input) => {
                let place = popup::centred(screen, Size::new(52, 3));
                let frame = popup::Popup {
                    title: "Keep this list as a view called".into(),
                    foot: "Enter keeps · Esc leaves".into(),
                };
                let inner = frame.render(place, buffer, look);
                input.render(inner, buffer, look)
            }
        }
    }
}

/// Whether a list can be in the order of such a field.
fn is_sortable(kind: FieldType) -> bool {
    !matches!(
        kind,
        FieldType::Parts
            | FieldType::Tags
            | FieldType::Emails
            | FieldType::Phones
            | FieldType::Handles
            | FieldType::Links(_)
            | FieldType::Choices(_)
            | FieldType::ExternalIds
    )
}

/// A choice of columns and their order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Columns {
    noun: Noun,
    /// Each with whether it is shown.
    fields: Vec<(String, bool)>,
    cursor: usize,
}

impl Columns {
    fn new(noun: Noun, shown: &[String]) -> Columns {
        let fixed = ["id", name_of(noun)];
        let all = field::fields(noun).iter();
        let all = all.filter(|field| field.kind != FieldType::Parts && !fixed.contains(&field.name));
        let rest = all.filter(|field| !shown.iter().any(|name| name == field.name));
        let shown = shown.iter().filter(|name| !fixed.contains(&name.as_str()));
        Columns {
            noun,
            fields: shown
                .map(|name| (name.clone(), true))
                .chain(rest.map(|field| (field.name.to_owned(), false)))
                .collect(),
            cursor: 0,
        }
    }

    fn key(&mut self, key: Key) -> Chosen {
        let last = self.fields.len().saturating_sub(1);
        match key.code {
            KeyCode::Esc => return Chosen::Closed,
            KeyCode::Enter => {
                let shown = self.fields.iter().filter(|(_, shown)| *shown);
                return Chosen::Columns(shown.map(|(name, _)| name.clone()).collect());
            }
            KeyCode::Char(' ') => {
                if let Some((_, shown)) = self.fields.get_mut(self.cursor) {
                    *shown = !*shown;
                }
            }
            KeyCode::Char('J') if self.cursor < last => {
                self.fields.swap(self.cursor, self.cursor + 1);
                self.cursor += 1;
            }
            KeyCode::Char('K') if self.cursor > 0 => {
                self.fields.swap(self.cursor, self.cursor - 1);
                self.cursor -= 1;
            }
            KeyCode::Char('j') | KeyCode::Down => self.cursor = (self.cursor + 1).min(last),
            KeyCode::Char('k') | KeyCode::Up => self.cursor = self.cursor.saturating_sub(1),
            KeyCode::Home => self.cursor = 0,
            KeyCode::End => self.cursor = last,
            _ => {}
        }
        Chosen::Nothing
    }

    fn draw(&self, buffer: &mut Buffer, screen: Rect, world: &World) {
        let look = &world.look;
        let height = u16::try_from(self.fields.len() + 2).unwrap_or(u16::MAX);
        let place = popup::centred(
            screen,
            Size::new(44, height.min(screen.height.saturating_sub(2).max(5))),
        );
        let frame = popup::Popup {
            title: "Columns".into(),
            foot: "space shows · J K move · enter".into(),
        };
        let inner = frame.render(place, buffer, look);
        let rows = usize::from(inner.height);
        let top = (self.cursor + 1).saturating_sub(rows);
        for (row, (at, (name, shown))) in (0..inner.height).zip(self.fields.iter().enumerate().skip(top)) {
            let line = draw::row(inner, row);
            let style = if at == self.cursor {
                look.selection
            } else {
                look.text
            };
            draw::clear(buffer, line, style);
            let cursor = look.sign(at == self.cursor);
            let sign = if *shown { look.symbols.done } else { " " };
            draw::text(
                buffer,
                line,
                &format!("{cursor}[{sign}] {}", cells::head(self.noun, name)),
                style,
                look,
            );
        }
    }
}
