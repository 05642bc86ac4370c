//! A menu that lies over the screen: a letter runs its item at once.

use crossterm::event::KeyCode;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect, Size};

use super::draw;
use super::look::Look;
use super::popup::{self, Popup};
use crate::tui::key::Key;

/// From this width on, a long menu has two columns.
const WIDE: u16 = 70;
/// The widest that one column of a menu becomes.
const WIDEST: u16 = 60;

/// One thing that can be chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Item {
    /// The key that runs it at once.
    pub(crate) key: Option<Key>,
    /// What it is called.
    pub(crate) label: String,
    /// What is said about it, after its name.
    pub(crate) note: String,
    /// Why it cannot be chosen now.
    pub(crate) off: Option<String>,
}

/// A menu that is open.
#[derive(Debug, Clone)]
pub(crate) struct Menu {
    title: String,
    items: Vec<Item>,
    cursor: usize,
}

/// What a key did to a menu.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MenuEvent {
    /// The item with this number was chosen.
    Chosen(usize),
    /// The item with this number cannot be chosen; it says why.
    Refused(usize),
    /// The menu is to be closed.
    Closed,
    /// The cursor may have moved.
    Kept,
    /// No item has this key.
    Unknown,
}

impl Menu {
    /// A menu with the cursor on the first item that can be chosen.
    pub(crate) fn new(title: &str, items: Vec<Item>) -> Menu {
        let cursor = items.iter().position(|item| item.off.is_none()).unwrap_or(0);
        Menu {
            title: title.to_owned(),
            items,
            cursor,
        }
    }

    /// The items.
    pub(crate) fn items(&self) -> &[Item] {
        &self.items
    }

    /// Does what `key` says. A menu lets no key through to what is behind it.
    pub(crate) fn key(&mut self, key: Key) -> MenuEvent {
        if let Some(item) = self.item_of(key) {
            return self.choose(item);
        }
        let last = self.items.len().saturating_sub(1);
        self.cursor = match key.code {
            KeyCode::Esc => return MenuEvent::Closed,
            KeyCode::Char('c') if key.control => return MenuEvent::Closed,
            KeyCode::Enter if self.items.is_empty() => return MenuEvent::Closed,
            KeyCode::Enter => return self.choose(self.cursor),
            KeyCode::Up if self.cursor == 0 => last,
            KeyCode::Down | KeyCode::Tab if self.cursor == last && !key.shift => 0,
            KeyCode::Up => self.cursor - 1,
            KeyCode::Tab if key.shift => self.cursor.checked_sub(1).unwrap_or(last),
            KeyCode::Down | KeyCode::Tab => self.cursor + 1,
            KeyCode::Home | KeyCode::PageUp => 0,
            KeyCode::End | KeyCode::PageDown => last,
            // Letters that no item has move as they do in lists.
            KeyCode::Char('q') => return MenuEvent::Closed,
            KeyCode::Char('j') => (self.cursor + 1).min(last),
            KeyCode::Char('k') => self.cursor.saturating_sub(1),
            _ => return MenuEvent::Unknown,
        };
        MenuEvent::Kept
    }

    /// The item that has `key`, or whose number among the first nine it is.
    fn item_of(&self, key: Key) -> Option<usize> {
        let own = self.items.iter().position(|item| item.key == Some(key));
        let number = || {
            let digit = usize::try_from(key.text()?.to_digit(10)?).ok()?;
            digit.checked_sub(1).filter(|number| *number < self.items.len())
        };
        own.or_else(number)
    }

    /// Chooses the item with this number, as a click does.
    pub(crate) fn choose(&mut self, item: usize) -> MenuEvent {
        self.cursor = item.min(self.items.len().saturating_sub(1));
        match self.items.get(item) {
            None => MenuEvent::Kept,
            Some(item) if item.off.is_some() => MenuEvent::Refused(self.cursor),
            Some(_) => MenuEvent::Chosen(item),
        }
    }

    /// Draws the menu in the middle of `screen`; tells where which item stands.
    pub(crate) fn render(&self, screen: Rect, buffer: &mut Buffer, look: &Look) -> Vec<(Rect, usize)> {
        let label = self.widest(|item| item.label.as_str());
        let note = self.widest(note_of);
        let gap = if note > 0 { 2 } else { 0 };
        let column = (KEY + 1 + label + gap + note).clamp(12, WIDEST);
        let columns = match self.columns(screen) {
            1 => 1,
            _ if screen.width >= 2 * column + 5 => 2,
            _ => 1,
        };
        let rows = u16::try_from(self.items.len())
            .unwrap_or(u16::MAX)
            .div_ceil(columns);
        let title = u16::try_from(draw::cells(&self.title))
            .unwrap_or(u16::MAX)
            .saturating_add(6);
        let width = (columns * column + (columns - 1) * 2 + 3).max(title);
        let area = popup::centred(screen, Size::new(width, rows.saturating_add(2)));
        let popup = Popup {
            title: self.title.as_str().into(),
            // Where not all of it is seen, one is told how much there is.
            foot: match rows > popup::inside(area).height {
                true => format!("{}/{}", self.cursor + 1, self.items.len()).into(),
                false => "".into(),
            },
        };
        let inner = popup.render(area, buffer, look);
        self.render_items(inner, columns, label, buffer, look)
    }

    /// The item that is drawn at a place.
    pub(crate) fn item_at(&self, screen: Rect, at: Position, look: &Look) -> Option<usize> {
        let mut buffer = Buffer::empty(screen);
        let places = self.render(screen, &mut buffer, look);
        let hit = places.into_iter().find(|(place, _)| place.contains(at));
        hit.map(|(_, item)| item)
    }

    /// Two where the menu would otherwise be long and the screen is wide.
    fn columns(&self, screen: Rect) -> u16 {
        let is_long = self.items.len() > usize::from(screen.height.saturating_sub(4)).min(16);
        if is_long && screen.width >= WIDE { 2 } else { 1 }
    }

    fn widest(&self, text: impl Fn(&Item) -> &str) -> u16 {
        let cells = self.items.iter().map(|item| draw::cells(text(item)));
        u16::try_from(cells.max().unwrap_or(0))
            .unwrap_or(u16::MAX)
            .min(WIDEST)
    }

    fn render_items(
        &self,
        inner: Rect,
        columns: u16,
        label: u16,
        buffer: &mut Buffer,
        look: &Look,
    ) -> Vec<(Rect, usize)> {
        let rows = self.items.len().div_ceil(usize::from(columns)).max(1);
        let height = usize::from(inner.height).max(1);
        // The row of the cursor is always seen.
        let first = (self.cursor % rows)
            .saturating_sub(height - 1)
            .min(rows.saturating_sub(height));
        let width = inner.width / columns;
        let mut places = Vec::new();
        for (number, item) in self.items.iter().enumerate() {
            let (column, row) = (number / rows, number % rows);
            let Some(y) = row.checked_sub(first).filter(|y| *y < usize::from(inner.height)) else {
                continue;
            };
            let (y, column) = (u16::try_from(y).unwrap_or(0), u16::try_from(column).unwrap_or(0));
            let place = Rect {
                x: inner.x + column * width,
                width,
                ..draw::row(inner, y)
            };
            self.render_item(item, number, place, label, buffer, look);
            places.push((place, number));
        }
        places
    }

    fn render_item(
        &self,
        item: &Item,
        number: usize,
        place: Rect,
        label: u16,
        buffer: &mut Buffer,
        look: &Look,
    ) {
        let is_here = number == self.cursor;
        let base = if item.off.is_some() { look.dim } else { look.text };
        let base = if is_here { base.patch(look.selection) } else { base };
        draw::clear(buffer, place, base);
        let sign = look.sign(is_here);
        let used = draw::text(buffer, place, sign, base, look);
        let key = item.key.map(|key| key.to_string()).unwrap_or_default();
        let rest = draw::right_of(place, used);
        draw::text(buffer, rest, &key, base.patch(look.accent), look);
        let key_cells = u16::try_from(draw::cells(&key)).unwrap_or(KEY).max(KEY - 2);
        let rest = draw::right_of(rest, key_cells + 1);
        let used = draw::text(buffer, rest, &item.label, base, look);
        let rest = draw::right_of(rest, used.max(label) + 2);
        draw::text(buffer, rest, note_of(item), base.patch(look.dim), look);
    }
}

/// The cells of the cursor and of a key of one letter, with the blanks after them.
const KEY: u16 = 3;

/// What is said after the name: why not, or else the note.
fn note_of(item: &Item) -> &str {
    item.off.as_deref().unwrap_or(&item.note)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::screen_tests::{draw_inside, hostile, lines, sizes};
    use super::*;

    fn item(key: &str, label: &str, note: &str) -> Item {
        Item {
            key: Key::parse(key),
            label: label.to_owned(),
            note: note.to_owned(),
            off: None,
        }
    }

    fn contact() -> Menu {
        let mut items = vec![
            item("c", "Call", "+49 30 5550 100"),
            item("m", "Mail", "anna@acme.example"),
            item("s", "Chat", ""),
        ];
        items[2].off = Some("no handle".to_owned());
        Menu::new("Contact 张伟", items)
    }

    fn press(menu: &mut Menu, key: &str) -> MenuEvent {
        menu.key(Key::parse(key).expect("a key"))
    }

    #[test]
    fn a_menu_shows_its_keys_and_reasons() {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 32, 5));
        let screen = buffer.area;
        let places = contact().render(screen, &mut buffer, &Look::plain());
        assert_eq!(
            lines(&buffer),
            [
                " ┏━ Contact 张伟 ━━━━━━━━━━━━━┓ ",
                " ┃▌c Call  +49 30 5550 100    ┃ ",
                " ┃ m Mail  anna@acme.example  ┃ ",
                " ┃ s Chat  no handle          ┃ ",
                " ┗━━━━━━━━━━━━━━━━━━━━━━━━━━━━┛ ",
            ]
        );
        assert_eq!(places[1], (Rect::new(2, 2, 28, 1), 1));
        let item_at = |x, y| contact().item_at(screen, Position::new(x, y), &Look::plain());
        assert_eq!(
            [item_at(5, 3), item_at(0, 3), item_at(5, 0)],
            [Some(2), None, None]
        );
    }

    #[test]
    fn letters_digits_and_the_cursor_choose() {
        for (keys, expected) in [
            ("m", MenuEvent::Chosen(1)),
            ("2", MenuEvent::Chosen(1)),
            ("3", MenuEvent::Refused(2)),
            ("s", MenuEvent::Refused(2)),
            ("4", MenuEvent::Unknown),
            ("esc", MenuEvent::Closed),
            ("q", MenuEvent::Closed),
            ("down enter", MenuEvent::Chosen(1)),
            ("j j enter", MenuEvent::Refused(2)),
            ("up enter", MenuEvent::Refused(2)),
            ("end down enter", MenuEvent::Chosen(0)),
            ("shift-tab shift-tab enter", MenuEvent::Chosen(1)),
        ] {
            let mut menu = contact();
            let events: Vec<_> = keys.split(' ').map(|key| press(&mut menu, key)).collect();
            assert_eq!(events.last(), Some(&expected), "{keys}");
        }
    }

    #[test]
    fn the_letter_of_an_item_comes_before_everything_else() {
        let mut menu = Menu::new(
            "",
            vec![item("a", "One", ""), item("1", "Two", ""), item("q", "Three", "")],
        );
        assert_eq!(press(&mut menu, "1"), MenuEvent::Chosen(1));
        assert_eq!(press(&mut menu, "q"), MenuEvent::Chosen(2));
        assert_eq!(press(&mut Menu::new("", vec![]), "enter"), MenuEvent::Closed);
    }

    #[test]
    fn a_long_menu_has_two_columns_where_there_is_room_and_scrolls_where_not() {
        let items = (1..=20)
            .map(|number| item("x", &format!("stage {number}"), ""))
            .collect();
        let mut menu = Menu::new("Stage", items);
        press(&mut menu, "end");
        let mut buffer = Buffer::empty(Rect::new(0, 0, 80, 14));
        let screen = buffer.area;
        let places = menu.render(screen, &mut buffer, &Look::plain());
        assert_eq!(places.len(), 20);
        assert_eq!(places[10].0.y, places[0].0.y);
        let mut buffer = Buffer::empty(Rect::new(0, 0, 20, 6));
        let screen = buffer.area;
        let places = menu.render(screen, &mut buffer, &Look::ascii());
        let shown: Vec<_> = places.iter().map(|(_, item)| *item).collect();
        assert_eq!(shown, [16, 17, 18, 19]);
        assert!(lines(&buffer)[4].contains(">x stage 20"));
        assert!(lines(&buffer)[5].contains(" 20/20 "));
    }

    proptest! {
        #[test]
        fn menus_stay_in_their_area(texts in prop::collection::vec(hostile(), 1..24), area in sizes(), cursor in 0_usize..30) {
            let items = texts.iter().map(|text| item("x", text, text)).collect();
            let mut menu = Menu::new(&texts[0], items);
            for _ in 0..cursor {
                press(&mut menu, "down");
            }
            draw_inside(area, |area, buffer| {
                let places = menu.render(area, buffer, &Look::plain());
                let is_seen = area.height == 0 || places.iter().any(|(_, item)| *item == menu.cursor);
                assert!(is_seen);
            });
        }
    }
}
