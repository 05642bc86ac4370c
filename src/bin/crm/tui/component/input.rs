//! A field for one line of text.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::draw;
use super::edit::{Answer, Edit, Lines};
use super::line;
use super::look::Look;
use crate::tui::key::Key;

/// One line of text that is typed.
#[derive(Debug, Clone)]
pub(crate) struct Input {
    edit: Edit,
    placeholder: String,
}

impl Input {
    /// A field with `text` in it and the cursor at its end.
    pub(crate) fn new(text: &str) -> Input {
        Input {
            edit: Edit::new(text, Lines::One),
            placeholder: String::new(),
        }
    }

    /// The same with a text that is shown while the field is empty.
    pub(crate) fn placeholder(self, placeholder: &str) -> Input {
        Input {
            placeholder: placeholder.to_owned(),
            ..self
        }
    }

    /// What was typed.
    pub(crate) fn text(&self) -> String {
        self.edit.text()
    }

    /// Whether nothing was typed.
    pub(crate) fn is_empty(&self) -> bool {
        self.edit.is_empty()
    }

    /// Sets the text, with the cursor at its end; what was typed before cannot be taken back.
    pub(crate) fn set(&mut self, text: &str) {
        self.edit = Edit::new(text, Lines::One);
    }

    /// The `char`s before the cursor.
    pub(crate) fn cursor(&self) -> usize {
        self.edit.cursor().1
    }

    /// What was typed before the cursor.
    pub(crate) fn before_cursor(&self) -> String {
        self.text().chars().take(self.cursor()).collect()
    }

    /// Puts `text` where the `char`s from `start` to the cursor are.
    pub(crate) fn replace_back_to(&mut self, start: usize, text: &str) {
        self.edit.replace_back_to(start, text);
    }

    /// Does what `key` says, if it is a key for texts.
    pub(crate) fn key(&mut self, key: Key) -> Answer {
        self.edit.key(key)
    }

    /// Puts `text` in at the cursor; line breaks become blanks.
    pub(crate) fn paste(&mut self, text: &str) -> Answer {
        self.edit.insert(text)
    }

    /// Draws the field into the first row of `area`; tells where its cursor is.
    pub(crate) fn render(&self, area: Rect, buffer: &mut Buffer, look: &Look) -> Option<Position> {
        let area = draw::row(area.intersection(buffer.area), 0);
        if area.is_empty() {
            return None;
        }
        draw::clear(buffer, area, look.input);
        if self.is_empty() {
            let style = look.input.patch(look.dim);
            draw::text(buffer, area, &self.placeholder, style, look);
            return Some(area.as_position());
        }
        let text = self.text();
        let pieces = line::pieces(&text);
        let before: Vec<_> = pieces
            .iter()
            .take_while(|piece| piece.char_at < self.cursor())
            .cloned()
            .collect();
        let cursor = line::cells(&before);
        let skipped = first_cell(cursor, line::cells(&pieces), usize::from(area.width));
        let mut start = 0;
        let shown: Vec<_> = pieces
            .into_iter()
            .skip_while(|piece| {
                let is_hidden = start < skipped;
                if is_hidden {
                    start += piece.cells;
                }
                is_hidden
            })
            .collect();
        // The first visible character may begin later than the window, if a wide one was cut by its edge.
        let gap = u16::try_from(start - skipped).unwrap_or(area.width);
        let style = |piece: &line::Piece<'_>| match self.edit.is_selected((0, piece.char_at)) {
            true => look.input.patch(look.selection),
            false => look.input,
        };
        let room = draw::right_of(area, gap);
        line::draw(buffer, room, &shown, style, look);
        self.draw_cuts(
            area,
            buffer,
            skipped > 0,
            line::cells(&shown) > usize::from(room.width),
            look,
        );
        let column = u16::try_from(cursor.saturating_sub(skipped)).unwrap_or(u16::MAX);
        Some(Position::new(
            area.x + column.min(area.width.saturating_sub(1)),
            area.y,
        ))
    }

    /// Signs at the ends beyond which there is more.
    fn draw_cuts(&self, area: Rect, buffer: &mut Buffer, left: bool, right: bool, look: &Look) {
        // In a very short field every cell is for the text.
        if area.width < 8 {
            return;
        }
        let style = look.input.patch(look.dim);
        for (is_cut, x) in [(left, area.left()), (right, area.right() - 1)] {
            if is_cut {
                let cell = Rect { x, width: 1, ..area };
                draw::clear(buffer, cell, look.input);
                draw::text(buffer, cell, look.symbols.cut, style, look);
            }
        }
    }
}

/// The cell of a line that is shown first in a window of `room` cells, so that the cursor is in it with some text
/// on either side.
fn first_cell(cursor: usize, length: usize, room: usize) -> usize {
    // The cursor may stand after the last character.
    let most = (length + 1).saturating_sub(room);
    cursor.saturating_sub(room * 2 / 3).min(most)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::screen_tests::{draw_inside, hostile, lines, sizes};
    use super::*;

    fn shown(input: &Input, width: u16) -> (String, Option<u16>) {
        let mut buffer = Buffer::empty(Rect::new(0, 0, width, 1));
        let area = buffer.area;
        let cursor = input.render(area, &mut buffer, &Look::plain());
        (lines(&buffer).concat(), cursor.map(|cursor| cursor.x))
    }

    #[test]
    fn the_text_around_the_cursor_is_shown() {
        let mut input = Input::new("Hafenstrasse 12, Hamburg");
        assert_eq!(shown(&input, 30).0.trim_end(), "Hafenstrasse 12, Hamburg");
        assert_eq!(shown(&input, 10), ("… Hamburg ".to_owned(), Some(9)));
        for key in Key::sequence("home").expect("keys") {
            input.key(key);
        }
        assert_eq!(shown(&input, 10), ("Hafenstra…".to_owned(), Some(0)));
        input.set("");
        assert_eq!(
            shown(&input.placeholder("name or e-mail"), 14),
            ("name or e-mail".to_owned(), Some(0))
        );
    }

    #[test]
    fn wide_characters_are_whole_at_both_edges() {
        let input = Input::new("张伟张伟张伟");
        assert_eq!(shown(&input, 7), ("伟张伟 ".to_owned(), Some(6)));
        assert_eq!(shown(&input, 8), ("…伟张伟 ".to_owned(), Some(7)));
        assert_eq!(shown(&input, 4), (" 伟 ".to_owned(), Some(3)));
    }

    #[test]
    fn control_characters_are_seen() {
        let input = Input::new("a\u{1b}[2Jb\u{202e}");
        assert_eq!(shown(&input, 20).0, "a\\e[2Jb\\u{202e}     ");
    }

    proptest! {
        #[test]
        fn the_cursor_is_inside_the_field(text in hostile(), area in sizes(), steps in 0_usize..30) {
            let mut input = Input::new(&text);
            for _ in 0..steps {
                input.key(Key::parse("left").expect("a key"));
            }
            draw_inside(area, |area, buffer| match input.render(area, buffer, &Look::plain()) {
                Some(cursor) => assert!(area.contains(cursor)),
                None => assert!(area.is_empty()),
            });
        }
    }
}
