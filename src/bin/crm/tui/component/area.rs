//! A field for a text of several lines, which are wrapped softly.

use std::ops::Range;

use crossterm::event::KeyCode;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect, Size};

use super::draw;
use super::edit::{Answer, Edit, Lines, Place};
use super::line::{self, Piece};
use super::look::Look;
use crate::tui::key::Key;

/// A text of several lines that is typed.
#[derive(Debug, Clone)]
pub(crate) struct Area {
    edit: Edit,
    placeholder: String,
    /// How large the field is drawn, which decides what is above and below.
    size: Size,
}

/// One row on the screen: a part of a line, in `char`s.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Row {
    line: usize,
    characters: Range<usize>,
    is_last: bool,
}

impl Area {
    /// A field with `text` in it and the cursor at its end.
    pub(crate) fn new(text: &str) -> Area {
        Area {
            edit: Edit::new(text, Lines::Many),
            placeholder: String::new(),
            size: Size::new(60, 5),
        }
    }

    /// The same with a text that is shown while the field is empty.
    pub(crate) fn placeholder(self, placeholder: &str) -> Area {
        Area {
            placeholder: placeholder.to_owned(),
            ..self
        }
    }

    /// What was typed, with `\n` between its lines.
    pub(crate) fn text(&self) -> String {
        self.edit.text()
    }

    /// Whether nothing was typed.
    pub(crate) fn is_empty(&self) -> bool {
        self.edit.is_empty()
    }

    /// Sets the text, with the cursor at its end; what was typed before cannot be taken back.
    pub(crate) fn set(&mut self, text: &str) {
        self.edit = Edit::new(text, Lines::Many);
    }

    /// Says how large the field is drawn: up, down and pages move by what is seen.
    pub(crate) fn resize(&mut self, size: Size) {
        self.size = size;
    }

    /// Puts `text` in at the cursor as it is.
    pub(crate) fn paste(&mut self, text: &str) -> Answer {
        self.edit.insert(text)
    }

    /// Does what `key` says. Up in the first row and down in the last are left to the caller.
    pub(crate) fn key(&mut self, key: Key) -> Answer {
        if key.control || key.alt {
            return self.edit.key(key);
        }
        let page = isize::try_from(self.size.height.saturating_sub(1).max(1)).unwrap_or(1);
        match key.code {
            KeyCode::Enter => self.edit.insert("\n"),
            KeyCode::Up => self.move_rows(-1),
            KeyCode::Down => self.move_rows(1),
            KeyCode::PageUp => self.move_page(-page),
            KeyCode::PageDown => self.move_page(page),
            _ => self.edit.key(key),
        }
    }

    fn move_page(&mut self, by: isize) -> Answer {
        self.move_rows(by);
        Answer::Kept
    }

    /// Moves the cursor up or down, in about the same column, as far as there are rows.
    fn move_rows(&mut self, by: isize) -> Answer {
        let rows = self.rows(usize::from(self.size.width));
        let (at, column) = self.cursor_in(&rows);
        let last = rows.len().saturating_sub(1);
        let target = at.saturating_add_signed(by).min(last);
        let Some(row) = rows.get(target).filter(|_| target != at) else {
            return Answer::Ignored;
        };
        let place = self.place_in(row, column);
        self.edit.go(place);
        Answer::Kept
    }

    /// The place in `row` whose cell is `column`, or the last of the row.
    fn place_in(&self, row: &Row, column: usize) -> Place {
        let mut used = 0;
        let mut place = row.characters.start;
        for piece in self.pieces(row.line) {
            if !row.characters.contains(&piece.char_at) {
                continue;
            }
            used += piece.cells;
            if used > column {
                return (row.line, piece.char_at);
            }
            place = piece.char_at;
        }
        match row.is_last {
            true => (row.line, row.characters.end),
            // The place after a softly broken row is the first of the next one.
            false => (row.line, place),
        }
    }

    /// The rows of the text in a field `width` cells wide.
    fn rows(&self, width: usize) -> Vec<Row> {
        // The cursor may stand after the last character of a row.
        let room = width.saturating_sub(1);
        let mut rows = Vec::new();
        for (number, text) in self.edit.lines().iter().enumerate() {
            let pieces = line::pieces(text);
            let length = text.chars().count();
            for part in line::rows(&pieces, room) {
                let place = |at: usize| pieces.get(at).map_or(length, |piece| piece.char_at);
                rows.push(Row {
                    line: number,
                    characters: place(part.start)..place(part.end),
                    is_last: part.end == pieces.len(),
                });
            }
        }
        rows
    }

    /// The row in which the cursor is, and its cell there.
    fn cursor_in(&self, rows: &[Row]) -> (usize, usize) {
        let (line, column) = self.edit.cursor();
        let is_here = |row: &Row| {
            row.line == line
                && (row.characters.contains(&column) || (row.is_last && row.characters.end == column))
        };
        let at = rows.iter().position(is_here).unwrap_or(0);
        let start = rows.get(at).map_or(0, |row| row.characters.start);
        let before = self.pieces(line).into_iter();
        let cells = before
            .filter(|piece| (start..column).contains(&piece.char_at))
            .map(|piece| piece.cells)
            .sum();
        (at, cells)
    }

    fn pieces(&self, line: usize) -> Vec<Piece<'_>> {
        let text = self.edit.lines().get(line);
        text.map(|text| line::pieces(text)).unwrap_or_default()
    }

    /// Draws the field; tells where its cursor is.
    pub(crate) fn render(&self, area: Rect, buffer: &mut Buffer, look: &Look) -> Option<Position> {
        let area = area.intersection(buffer.area);
        if area.is_empty() {
            return None;
        }
        draw::clear(buffer, area, look.input);
        if self.is_empty() && self.edit.lines().len() == 1 {
            draw::text(buffer, area, &self.placeholder, look.input.patch(look.dim), look);
            return Some(area.as_position());
        }
        let rows = self.rows(usize::from(area.width));
        let (at, column) = self.cursor_in(&rows);
        let height = usize::from(area.height);
        let first = at
            .saturating_sub(height * 2 / 3)
            .min(rows.len().saturating_sub(height));
        for (y, row) in (0..area.height).zip(rows.iter().skip(first)) {
            let pieces: Vec<_> = self
                .pieces(row.line)
                .into_iter()
                .filter(|piece| row.characters.contains(&piece.char_at))
                .collect();
            let style = |piece: &Piece<'_>| match self.edit.is_selected((row.line, piece.char_at)) {
                true => look.input.patch(look.selection),
                false => look.input,
            };
            line::draw(buffer, draw::row(area, y), &pieces, style, look);
        }
        let column = u16::try_from(column).unwrap_or(u16::MAX).min(area.width - 1);
        let y = u16::try_from(at - first).unwrap_or(0).min(area.height - 1);
        Some(Position::new(area.x + column, area.y + y))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::screen_tests::{draw_inside, hostile, lines, sizes};
    use super::*;

    fn shown(field: &Area, width: u16, height: u16) -> (Vec<String>, Option<(u16, u16)>) {
        let mut buffer = Buffer::empty(Rect::new(0, 0, width, height));
        let area = buffer.area;
        let cursor = field.render(area, &mut buffer, &Look::plain());
        (lines(&buffer), cursor.map(|cursor| (cursor.x, cursor.y)))
    }

    fn press(field: &mut Area, keys: &str) -> Vec<Answer> {
        let keys = Key::sequence(keys).expect("keys");
        keys.into_iter().map(|key| field.key(key)).collect()
    }

    #[test]
    fn lines_are_wrapped_and_the_cursor_is_seen() {
        let field = Area::new("call back on friday\n客户要求下周回电。");
        let (rows, cursor) = shown(&field, 11, 4);
        assert_eq!(rows, ["call back  ", "on friday  ", "客户要求下 ", "周回电。   "]);
        assert_eq!(cursor, Some((8, 3)));
        assert_eq!(shown(&field, 20, 1).0, ["客户要求下周回电。  "]);
    }

    #[test]
    fn up_and_down_go_by_rows_and_leave_at_the_ends() {
        let mut field = Area::new("call back on friday\nok");
        field.resize(Size::new(11, 2));
        let answers = press(&mut field, "up up up");
        assert_eq!(answers, [Answer::Kept, Answer::Kept, Answer::Ignored]);
        press(&mut field, "x");
        assert_eq!(field.text(), "caxll back on friday\nok");
        assert_eq!(
            press(&mut field, "pagedown pagedown down"),
            [Answer::Kept, Answer::Kept, Answer::Ignored]
        );
        press(&mut field, "enter y");
        assert_eq!(field.text(), "caxll back on friday\nok\ny");
    }

    #[test]
    fn a_paste_keeps_its_lines() {
        let mut field = Area::new("");
        assert_eq!(field.paste("one\r\n\ttwo\n"), Answer::Changed);
        assert_eq!(field.text(), "one\n\ttwo\n");
        assert_eq!(shown(&field, 8, 3).0, ["one     ", "    two ", "        "]);
    }

    proptest! {
        #[test]
        fn the_cursor_is_inside_the_field(text in hostile(), area in sizes(), steps in 0_usize..12) {
            let mut field = Area::new(&text);
            field.resize(area.as_size());
            for _ in 0..steps {
                press(&mut field, "up left");
            }
            draw_inside(area, |area, buffer| match field.render(area, buffer, &Look::plain()) {
                Some(cursor) => assert!(area.contains(cursor)),
                None => assert!(area.is_empty()),
            });
        }
    }
}
