//! Text that is being edited, and the keys that edit it, without looks.
//!
//! The crate for text areas keeps the lines and what can be undone. It counts by `char`; here the cursor stands
//! only between characters as people see them, and deletes them whole.

use crossterm::event::KeyCode;
use ratatui_textarea::{CursorMove, TextArea};

use super::line::{self, Piece};
use crate::tui::key::Key;

/// The most lines of a text, and the most `char`s of a line: the text area counts with 16 bits.
const MOST: usize = 60_000;
/// How many edits can be undone.
const UNDO: usize = 500;

/// Whether a text may have several lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lines {
    /// Line breaks and tabs become blanks.
    One,
    /// Line breaks stay.
    Many,
}

/// What a key did to a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Answer {
    /// The text is another.
    Changed,
    /// The text stayed, but the key was one for it.
    Kept,
    /// The text stayed, because it would become longer than can be edited here.
    Full,
    /// The key is not for texts, or has nothing to do here.
    Ignored,
}

/// Where something stands in a text: the line, and the `char`s before it.
pub(crate) type Place = (usize, usize);

/// A text with its cursor.
#[derive(Debug, Clone)]
pub(crate) struct Edit {
    area: TextArea<'static>,
    lines: Lines,
}

/// What is looked at to see whether one letter was typed.
struct Typing {
    place: Place,
    length: usize,
    /// The one before the cursor.
    letter: Option<char>,
}

impl Typing {
    /// The letter by which this came from `before`, if one letter was typed.
    fn comes_from(&self, before: &Typing) -> Option<char> {
        let (row, column) = before.place;
        let is_one = self.place == (row, column + 1) && self.length == before.length + 1;
        self.letter.filter(|_| is_one)
    }
}

impl Edit {
    /// An edit of `text`, with the cursor at its end.
    pub(crate) fn new(text: &str, lines: Lines) -> Edit {
        let text = clean(text, lines);
        let mut edit = Edit {
            area: TextArea::new(text.split('\n').map(str::to_owned).collect()),
            lines,
        };
        edit.area.set_max_histories(UNDO);
        edit.area.move_cursor(CursorMove::Bottom);
        edit.area.move_cursor(CursorMove::End);
        edit
    }

    /// The text, with `\n` between its lines.
    pub(crate) fn text(&self) -> String {
        self.area.lines().join("\n")
    }

    /// The lines of the text, one at least.
    pub(crate) fn lines(&self) -> &[String] {
        self.area.lines()
    }

    /// Whether there is no text.
    pub(crate) fn is_empty(&self) -> bool {
        self.lines().iter().all(String::is_empty)
    }

    /// Where the cursor stands.
    pub(crate) fn cursor(&self) -> Place {
        let cursor = self.area.cursor();
        (cursor.0, cursor.1)
    }

    /// Whether the character at `place` is selected.
    pub(crate) fn is_selected(&self, place: Place) -> bool {
        self.area
            .selection_range()
            .is_some_and(|(start, end)| start <= place && place < end)
    }

    /// Sets the cursor; without selecting what it passes.
    pub(crate) fn go(&mut self, place: Place) {
        self.area.cancel_selection();
        self.jump(place);
    }

    /// Replaces the `char`s of the cursor's line from `start` to the cursor.
    pub(crate) fn replace_back_to(&mut self, start: usize, text: &str) -> Answer {
        let (row, column) = self.cursor();
        self.go((row, start));
        self.area.delete_str(column.saturating_sub(start));
        self.insert(text)
    }

    /// Puts `text` where the cursor is.
    pub(crate) fn insert(&mut self, text: &str) -> Answer {
        let text = clean(text, self.lines);
        let (row, _) = self.cursor();
        let line = self
            .lines()
            .get(row)
            .map_or(0, |line| line.chars().take(MOST).count());
        let longest = text
            .split('\n')
            .map(|line| line.chars().take(MOST).count())
            .max()
            .unwrap_or(0);
        if line + longest >= MOST || self.lines().len() + text.matches('\n').count() >= MOST {
            return Answer::Full;
        }
        self.area.insert_str(text);
        self.settle();
        Answer::Changed
    }

    /// Does what `key` says, if it is a key for texts. Up, down, Enter and pages are left to the caller.
    pub(crate) fn key(&mut self, key: Key) -> Answer {
        if let Some(letter) = key.text() {
            let mut bytes = [0; 4];
            return self.insert(letter.encode_utf8(&mut bytes));
        }
        let (row, column) = self.cursor();
        let selected = self.area.selection_range().filter(|_| !key.shift);
        let place = match (key.code, key.control, key.alt) {
            // An arrow goes to that end of what is selected.
            (KeyCode::Left, false, false) if let Some((start, _)) = selected => start,
            (KeyCode::Right, false, false) if let Some((_, end)) = selected => end,
            (KeyCode::Left, false, false) => self.before(),
            (KeyCode::Right, false, false) => self.after(),
            (KeyCode::Left, true, false) | (KeyCode::Char('b'), false, true) => {
                self.word_before(is_blank_or_sign)
            }
            (KeyCode::Right, true, false) | (KeyCode::Char('f'), false, true) => self.word_after(),
            (KeyCode::Home, false, _) | (KeyCode::Char('a'), true, false) => (row, 0),
            (KeyCode::End, false, _) | (KeyCode::Char('e'), true, false) => (row, self.length(row)),
            (KeyCode::Home, true, _) => (0, 0),
            (KeyCode::End, true, _) => {
                let last = self.lines().len().saturating_sub(1);
                (last, self.length(last))
            }
            _ => return self.delete_key(key, (row, column)),
        };
        match key.shift {
            true if !self.area.is_selecting() => self.area.start_selection(),
            true => {}
            false => self.area.cancel_selection(),
        }
        self.jump(place);
        Answer::Kept
    }

    /// The keys that delete, and those that take back.
    fn delete_key(&mut self, key: Key, (row, column): Place) -> Answer {
        let changed = match (key.code, key.control, key.alt) {
            (KeyCode::Backspace, false, false) | (KeyCode::Char('h'), true, false) => {
                self.delete(self.before())
            }
            (KeyCode::Delete, ..) | (KeyCode::Char('d'), true, false) => self.delete(self.after()),
            (KeyCode::Char('w'), true, false) => self.delete(self.word_before(is_blank)),
            (KeyCode::Backspace, ..) => self.delete(self.word_before(is_blank_or_sign)),
            (KeyCode::Char('d'), false, true) => self.delete(self.word_after()),
            (KeyCode::Char('u'), true, false) => self.delete((row, 0)),
            (KeyCode::Char('k'), true, false) if column == self.length(row) => self.delete(self.after()),
            (KeyCode::Char('k'), true, false) => self.delete((row, self.length(row))),
            (KeyCode::Char('z'), true, false) => self.undo(),
            (KeyCode::Char('y'), true, false) => self.redo(),
            _ => return Answer::Ignored,
        };
        self.settle();
        match changed {
            true => Answer::Changed,
            false => Answer::Kept,
        }
    }

    /// Takes the last edit back. Letters that were typed one after the other go together, up to a blank.
    fn undo(&mut self) -> bool {
        let mut is_any = false;
        loop {
            let before = self.typing();
            if !self.area.undo() {
                return is_any;
            }
            match before.comes_from(&self.typing()) {
                Some(letter) if !is_any || !letter.is_whitespace() => is_any = true,
                _ if is_any => {
                    // That was one edit too many.
                    self.area.redo();
                    self.go(before.place);
                    return true;
                }
                _ => return true,
            }
        }
    }

    /// Does again what was taken back.
    fn redo(&mut self) -> bool {
        let mut is_any = false;
        loop {
            let before = self.typing();
            if !self.area.redo() {
                return is_any;
            }
            match self.typing().comes_from(&before) {
                Some(letter) if !is_any || !letter.is_whitespace() => is_any = true,
                _ if is_any => {
                    self.area.undo();
                    self.go(before.place);
                    return true;
                }
                _ => return true,
            }
        }
    }

    fn typing(&self) -> Typing {
        let (row, column) = self.cursor();
        let line = self.lines().get(row);
        let letter = line.and_then(|line| line.chars().nth(column.checked_sub(1)?));
        Typing {
            place: (row, column),
            length: self.length(row),
            letter,
        }
    }

    /// Deletes what is selected, or else what is between the cursor and `place`.
    fn delete(&mut self, place: Place) -> bool {
        if self.area.selection_range().is_some() {
            return self.area.delete_char();
        }
        let cursor = self.cursor();
        let (start, end) = (cursor.min(place), cursor.max(place));
        // The text area would go elsewhere and delete what stands there.
        if end.0.max(end.1) > MOST {
            return false;
        }
        let characters = match end.0 - start.0 {
            0 => end.1 - start.1,
            // The line break between two lines.
            _ => 1,
        };
        self.go(start);
        self.area.delete_str(characters)
    }

    /// The place one character before the cursor.
    fn before(&self) -> Place {
        let (row, column) = self.cursor();
        let pieces = self.pieces(row);
        let before = pieces.iter().rev().find(|piece| piece.char_at < column);
        match (before, row.checked_sub(1)) {
            (Some(piece), _) => (row, piece.char_at),
            (None, Some(above)) => (above, self.length(above)),
            (None, None) => (row, column),
        }
    }

    /// The place one character after the cursor.
    fn after(&self) -> Place {
        let (row, column) = self.cursor();
        let length = self.length(row);
        let pieces = self.pieces(row);
        let ends = pieces.iter().skip(1).map(|piece| piece.char_at).chain([length]);
        match ends.into_iter().find(|end| *end > column) {
            Some(end) => (row, end),
            None if row + 1 < self.lines().len() => (row + 1, 0),
            None => (row, column),
        }
    }

    /// Where the word before the cursor begins; words end at what `ends` says.
    fn word_before(&self, ends: fn(&Piece<'_>) -> bool) -> Place {
        let (row, column) = self.cursor();
        if column == 0 {
            return self.before();
        }
        let pieces = self.pieces(row);
        let before = pieces.iter().rev().filter(|piece| piece.char_at < column);
        let mut word = before.skip_while(|piece| ends(piece)).peekable();
        let start = match word.peek() {
            None => 0,
            Some(_) => word
                .take_while(|piece| !ends(piece))
                .last()
                .map_or(0, |piece| piece.char_at),
        };
        (row, start)
    }

    /// Where the word after the cursor ends.
    fn word_after(&self) -> Place {
        let (row, column) = self.cursor();
        let length = self.length(row);
        if column == length {
            return self.after();
        }
        let pieces = self.pieces(row);
        let end = pieces
            .iter()
            .filter(|piece| piece.char_at >= column)
            .skip_while(|piece| is_blank_or_sign(piece))
            .find(|piece| is_blank_or_sign(piece));
        (row, end.map_or(length, |piece| piece.char_at))
    }

    /// The characters of one line.
    fn pieces(&self, row: usize) -> Vec<Piece<'_>> {
        self.lines()
            .get(row)
            .map(|line| line::pieces(line))
            .unwrap_or_default()
    }

    /// The `char`s of one line.
    fn length(&self, row: usize) -> usize {
        self.lines().get(row).map_or(0, |line| line.chars().count())
    }

    /// Moves the cursor out of the middle of a character, where an edit beside it may have left it.
    fn settle(&mut self) {
        let (row, column) = self.cursor();
        let pieces = self.pieces(row);
        let is_between = column == self.length(row) || pieces.iter().any(|piece| piece.char_at == column);
        if !is_between {
            let place = self.after();
            self.jump(place);
        }
    }

    fn jump(&mut self, (row, column): Place) {
        let narrow = |number: usize| u16::try_from(number).unwrap_or(u16::MAX);
        self.area
            .move_cursor(CursorMove::Jump(narrow(row), narrow(column)));
    }
}

fn is_blank(piece: &Piece<'_>) -> bool {
    piece.is_blank()
}

fn is_blank_or_sign(piece: &Piece<'_>) -> bool {
    piece.is_blank()
        || piece
            .text
            .chars()
            .all(|sign| !sign.is_alphanumeric() && sign != '_')
}

/// `text` as it may be edited.
fn clean(text: &str, lines: Lines) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    match lines {
        Lines::Many => text,
        Lines::One => text.trim_end_matches('\n').replace(['\n', '\t'], " "),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn press(edit: &mut Edit, keys: &str) -> Vec<Answer> {
        let keys = Key::sequence(keys).expect("keys");
        keys.into_iter().map(|key| edit.key(key)).collect()
    }

    fn check(text: &str, keys: &str, expected: &str) {
        let mut edit = Edit::new(text, Lines::One);
        press(&mut edit, keys);
        let (_, column) = edit.cursor();
        let mut shown: String = edit.text().chars().take(column).collect();
        shown.push('|');
        shown.extend(edit.text().chars().skip(column));
        assert_eq!(shown, expected, "{text:?} after {keys}");
    }

    #[test]
    fn the_keys_of_a_shell_edit_a_line() {
        for (text, keys, expected) in [
            ("", "a b space c", "ab c|"),
            ("abc", "left left x", "ax|bc"),
            ("abc", "home delete", "|bc"),
            ("abc", "ctrl-a right ctrl-k", "a|"),
            ("abc def", "alt-b ctrl-u", "|def"),
            ("abc def ", "ctrl-w", "abc |"),
            ("mail anna@acme.example", "ctrl-w", "mail |"),
            ("mail anna@acme", "alt-backspace", "mail anna@|"),
            ("abc def", "home alt-f", "abc| def"),
            ("abc def", "home ctrl-right alt-d", "abc|"),
            ("abc def", "ctrl-left ctrl-left ctrl-left", "|abc def"),
            ("cafe\u{301}", "backspace", "caf|"),
            ("👨‍👩‍👧‍👦x", "left left x", "x|👨‍👩‍👧‍👦x"),
            ("👨‍👩‍👧‍👦x", "home delete", "|x"),
            ("张伟", "left backspace", "|伟"),
            ("abc", "shift-left shift-left x", "ax|"),
            ("abc", "shift-home backspace", "|"),
            ("abc", "shift-home right", "abc|"),
            ("", "left right backspace delete ctrl-w ctrl-u ctrl-k", "|"),
        ] {
            check(text, keys, expected);
        }
    }

    #[test]
    fn what_was_typed_can_be_taken_back() {
        for (text, keys, expected) in [
            ("abc", "x y ctrl-z", "abc|"),
            ("abc", "x y ctrl-z ctrl-y", "abcxy|"),
            ("", "a b space c d ctrl-z", "ab |"),
            ("", "a b space c d ctrl-z ctrl-z", "|"),
            ("", "a b space c d ctrl-z ctrl-z ctrl-y", "ab|"),
            ("", "a b c backspace ctrl-z", "abc|"),
            ("", "a b c backspace ctrl-z ctrl-z", "|"),
            ("ab", "x left y ctrl-z", "ab|x"),
            ("abc def", "ctrl-w ctrl-z", "abc def|"),
            ("cafe\u{301}", "backspace ctrl-z", "cafe\u{301}|"),
            ("abc", "ctrl-z", "abc|"),
        ] {
            check(text, keys, expected);
        }
    }

    #[test]
    fn other_keys_are_left_to_others() {
        let mut edit = Edit::new("abc", Lines::One);
        let answers = press(&mut edit, "esc tab enter f1 ctrl-s up down ctrl-g left ctrl-z");
        let (ignored, kept) = answers.split_at(8);
        assert!(ignored.iter().all(|answer| *answer == Answer::Ignored));
        assert_eq!(kept, [Answer::Kept, Answer::Kept]);
    }

    #[test]
    fn pasted_lines_become_one_or_stay() {
        let mut one = Edit::new("", Lines::One);
        assert_eq!(one.insert("Hauptstr. 1\r\n10115\tBerlin\n"), Answer::Changed);
        assert_eq!(one.text(), "Hauptstr. 1 10115 Berlin");
        let mut many = Edit::new("a\nb", Lines::Many);
        assert_eq!(many.insert("\r\nc"), Answer::Changed);
        assert_eq!(many.lines(), ["a", "b", "c"]);
        press(&mut many, "home backspace left ctrl-k delete");
        assert_eq!(many.text(), "a\n");
        press(&mut many, "backspace");
        assert_eq!((many.text().as_str(), many.cursor()), ("a", (0, 1)));
    }

    #[test]
    fn a_text_that_cannot_be_edited_any_longer_is_refused_and_not_cut() {
        let mut edit = Edit::new("abc", Lines::One);
        assert_eq!(edit.insert(&"x".repeat(MOST)), Answer::Full);
        assert_eq!(edit.text(), "abc");
        let stored = "x".repeat(70_000);
        let mut edit = Edit::new(&stored, Lines::One);
        assert_eq!(edit.key(Key::code(KeyCode::Backspace)), Answer::Kept);
        assert_eq!(edit.key(Key::letter('y')), Answer::Full);
        assert_eq!(edit.text(), stored);
    }

    fn any_key() -> impl Strategy<Value = Key> {
        let keys = "a e 张 \u{301} \u{200d} 👩 🇩 - space left right home end up ctrl-left ctrl-right alt-b alt-f \
                    ctrl-home ctrl-end backspace delete ctrl-w ctrl-u ctrl-k alt-d alt-backspace ctrl-z ctrl-y \
                    shift-left shift-right shift-home shift-end";
        prop::sample::select(Key::sequence(keys).expect("keys"))
    }

    proptest! {
        #[test]
        fn the_cursor_stands_between_characters(
            text in "[a-z \u{301}\u{200d}👩张\n]{0,20}",
            keys in prop::collection::vec(any_key(), 0..40),
            many in any::<bool>(),
        ) {
            let mut edit = Edit::new(&text, if many { Lines::Many } else { Lines::One });
            for key in keys {
                let before = edit.text();
                let answer = edit.key(key);
                let (row, column) = edit.cursor();
                prop_assert!(row < edit.lines().len());
                let is_between =
                    column == edit.length(row) || edit.pieces(row).iter().any(|piece| piece.char_at == column);
                prop_assert!(is_between, "{:?} at {column} after {key}", edit.text());
                prop_assert!(answer == Answer::Changed || edit.text() == before);
            }
        }
    }
}
