//! A question before something is done: what it would do, and that nothing happens unless one says so.

use crossterm::event::KeyCode;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect, Size};

use super::draw;
use super::edit::Answer;
use super::input::Input;
use super::line;
use super::look::Look;
use super::popup::{self, Popup};
use super::words;
use crate::tui::key::Key;

/// The widest that a question becomes.
const WIDEST: u16 = 76;

/// How much is asked for.
#[derive(Debug, Clone)]
pub(crate) enum Grade {
    /// `y`, or Enter on the button.
    Simple,
    /// This has to be typed: a name, or how many.
    Typed(String),
}

/// A question that is open.
#[derive(Debug, Clone)]
pub(crate) struct Confirm {
    title: String,
    question: String,
    preview: Vec<String>,
    yes: String,
    grade: Grade,
    input: Input,
    is_on_yes: bool,
    is_wrong: bool,
    scroll: usize,
}

/// A button as it is drawn.
struct Button {
    place: Rect,
    text: String,
    is_yes: bool,
}

/// What a key did to a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ConfirmEvent {
    /// It is to be done.
    Yes,
    /// It is not to be done.
    No,
    /// The question stays.
    Kept,
}

impl Confirm {
    /// A question with the lines of a preview under it; `yes` is what the button says. The other one has the focus.
    pub(crate) fn new(title: &str, question: &str, preview: Vec<String>, yes: &str, grade: Grade) -> Confirm {
        Confirm {
            title: title.to_owned(),
            question: question.to_owned(),
            preview,
            yes: yes.to_owned(),
            grade,
            input: Input::new(""),
            is_on_yes: false,
            is_wrong: false,
            scroll: 0,
        }
    }

    /// Does what `key` says. A question lets no key through to what is behind it.
    pub(crate) fn key(&mut self, key: Key) -> ConfirmEvent {
        match key.code {
            KeyCode::Esc => return ConfirmEvent::No,
            KeyCode::Char('c') if key.control => return ConfirmEvent::No,
            KeyCode::Up => self.scroll_by(-1),
            KeyCode::Down => self.scroll_by(1),
            KeyCode::PageUp => self.scroll_by(-5),
            KeyCode::PageDown => self.scroll_by(5),
            _ => {
                return match self.grade.clone() {
                    Grade::Simple => self.simple_key(key),
                    Grade::Typed(word) => self.typed_key(key, &word),
                };
            }
        }
        ConfirmEvent::Kept
    }

    fn scroll_by(&mut self, lines: isize) {
        let last = self.preview.len().saturating_sub(1);
        self.scroll = self.scroll.saturating_add_signed(lines).min(last);
    }

    fn simple_key(&mut self, key: Key) -> ConfirmEvent {
        match key.code {
            KeyCode::Char('y' | 'Y') => return ConfirmEvent::Yes,
            KeyCode::Char('n' | 'N' | 'q') => return ConfirmEvent::No,
            KeyCode::Enter if self.is_on_yes => return ConfirmEvent::Yes,
            KeyCode::Enter => return ConfirmEvent::No,
            KeyCode::Tab => self.is_on_yes = !self.is_on_yes,
            KeyCode::Left | KeyCode::Char('h') => self.is_on_yes = true,
            KeyCode::Right | KeyCode::Char('l') => self.is_on_yes = false,
            KeyCode::Char('j') => self.scroll_by(1),
            KeyCode::Char('k') => self.scroll_by(-1),
            _ => {}
        }
        ConfirmEvent::Kept
    }

    fn typed_key(&mut self, key: Key, word: &str) -> ConfirmEvent {
        if key.code == KeyCode::Enter {
            if self.input.text().trim() == word.trim() {
                return ConfirmEvent::Yes;
            }
            self.is_wrong = true;
        } else if self.input.key(key) == Answer::Changed {
            self.is_wrong = false;
        }
        ConfirmEvent::Kept
    }

    /// Takes a pasted text where something has to be typed.
    pub(crate) fn paste(&mut self, text: &str) {
        if matches!(self.grade, Grade::Typed(_)) {
            self.input.paste(text);
            self.is_wrong = false;
        }
    }

    /// What a click does.
    pub(crate) fn click(&self, screen: Rect, at: Position, look: &Look) -> ConfirmEvent {
        let area = self.area(screen);
        let (row, _) = draw::split_last(popup::inside(area));
        let hit = self
            .buttons(row, look)
            .into_iter()
            .find(|button| button.place.contains(at));
        match (hit, &self.grade) {
            (Some(button), Grade::Simple) if button.is_yes => ConfirmEvent::Yes,
            (Some(_), Grade::Simple) => ConfirmEvent::No,
            _ => ConfirmEvent::Kept,
        }
    }

    /// Where the frame is.
    fn area(&self, screen: Rect) -> Rect {
        let width = screen.width.min(WIDEST);
        let question = self.question_rows(width).len();
        let rows = |count: usize| u16::try_from(count).unwrap_or(u16::MAX);
        let preview = rows(self.preview.len());
        let wanted = rows(question)
            .saturating_add(preview)
            .saturating_add(if preview > 0 { 5 } else { 4 });
        popup::centred(screen, Size::new(width, wanted))
    }

    /// The question in rows that fit into a frame of this width.
    fn question_rows(&self, width: u16) -> Vec<String> {
        let room = usize::from(width.saturating_sub(2));
        let pieces = line::pieces(&self.question);
        let rows = line::rows(&pieces, room).into_iter();
        rows.map(|row| {
            let pieces = pieces.get(row).unwrap_or_default();
            pieces.iter().map(|piece| piece.text).collect()
        })
        .collect()
    }

    /// Draws the question in the middle of `screen`; tells where the cursor is.
    pub(crate) fn render(&self, screen: Rect, buffer: &mut Buffer, look: &Look) -> Option<Position> {
        let area = self.area(screen);
        let popup = Popup {
            title: self.title.as_str().into(),
            ..Popup::default()
        };
        let inner = popup.render(area, buffer, look);
        let (last, above) = draw::split_last(inner);
        let cursor = self.render_answer(last, buffer, look);
        let mut used = 0;
        for row in self.question_rows(area.width) {
            draw::text(buffer, draw::row(above, used), row.trim_end(), look.title, look);
            used = used.saturating_add(1);
        }
        let preview = u16::try_from(self.preview.len()).unwrap_or(u16::MAX);
        if preview > 0 {
            let list = draw::below(above, used.saturating_add(1));
            let is_tight = list.height < preview.min(2);
            let list = if is_tight { draw::below(above, used) } else { list };
            let list = match list.height > preview {
                true => list,
                false if is_tight => list,
                // A blank row before the buttons.
                false => draw::split_last(list).1,
            };
            self.render_preview(list, buffer, look);
        }
        cursor
    }

    fn render_preview(&self, area: Rect, buffer: &mut Buffer, look: &Look) {
        let height = usize::from(area.height);
        let first = self.scroll.min(self.preview.len().saturating_sub(height));
        for (y, line) in (0..area.height).zip(self.preview.iter().skip(first)) {
            draw::text(buffer, draw::row(area, y), line, look.text, look);
        }
        let hidden = self.preview.len().saturating_sub(first + height);
        if hidden > 0 && height > 1 {
            let row = draw::row(area, area.height - 1);
            draw::clear(buffer, row, look.text);
            let more = format!("{} {}", look.symbols.down, words::more(hidden + 1));
            draw::text(buffer, row, &more, look.dim, look);
        }
    }

    /// The buttons, or the field in which something has to be typed.
    fn render_answer(&self, row: Rect, buffer: &mut Buffer, look: &Look) -> Option<Position> {
        let Grade::Typed(word) = &self.grade else {
            return self.render_buttons(row, buffer, look);
        };
        let ask = words::type_to_do(word);
        // The field keeps some room.
        let words = Rect {
            width: row.width.saturating_sub(8),
            ..row
        };
        let used = draw::text(buffer, words, &ask, look.warning, look);
        let rest = draw::right_of(row, used + 1);
        let field = Rect {
            width: rest.width.min(24),
            ..rest
        };
        let cursor = self.input.render(field, buffer, look);
        if self.is_wrong {
            let rest = draw::right_of(rest, field.width + 1);
            let note = words::not_the_word(word);
            draw::text(buffer, rest, &note, look.error, look);
        }
        cursor
    }

    fn render_buttons(&self, row: Rect, buffer: &mut Buffer, look: &Look) -> Option<Position> {
        let mut cursor = None;
        for button in self.buttons(row, look) {
            let is_here = button.is_yes == self.is_on_yes;
            let style = if is_here { look.selection } else { look.text };
            if is_here && !button.place.is_empty() {
                cursor = Some(button.place.as_position());
            }
            draw::text(buffer, button.place, &button.text, style, look);
        }
        cursor
    }

    fn buttons(&self, row: Rect, look: &Look) -> Vec<Button> {
        let mut rest = row;
        let mut buttons = Vec::new();
        for (label, is_yes) in [
            (format!("{} (y)", self.yes), true),
            (words::CANCEL.to_owned(), false),
        ] {
            let sign = look.sign(is_yes == self.is_on_yes);
            let text = format!("[{sign}{label} ]");
            let cells = u16::try_from(draw::cells(&text)).unwrap_or(u16::MAX);
            let place = Rect {
                width: cells.min(rest.width),
                ..rest
            };
            rest = draw::right_of(rest, cells.saturating_add(2));
            buttons.push(Button { place, text, is_yes });
        }
        buttons
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::screen_tests::{draw_inside, hostile, lines, sizes};
    use super::*;

    fn simple() -> Confirm {
        let preview = vec!["Acme GmbH".to_owned(), "北京数据公司".to_owned()];
        Confirm::new(
            "Trash",
            "Move 2 customers to the trash?",
            preview,
            "Trash",
            Grade::Simple,
        )
    }

    fn typed() -> Confirm {
        let grade = Grade::Typed("312".to_owned());
        Confirm::new("Erase", "Erase 312 customers for good?", vec![], "Erase", grade)
    }

    fn press(mut confirm: Confirm, keys: &str) -> ConfirmEvent {
        let keys = Key::sequence(keys).expect("keys");
        let events: Vec<_> = keys.into_iter().map(|key| confirm.key(key)).collect();
        *events.last().expect("an event")
    }

    fn shown(confirm: &Confirm, width: u16, height: u16) -> Vec<String> {
        let mut buffer = Buffer::empty(Rect::new(0, 0, width, height));
        let area = buffer.area;
        confirm.render(area, &mut buffer, &Look::plain());
        lines(&buffer)
    }

    #[test]
    fn nothing_is_done_unless_one_says_so() {
        for (keys, expected) in [
            ("enter", ConfirmEvent::No),
            ("esc", ConfirmEvent::No),
            ("n", ConfirmEvent::No),
            ("d", ConfirmEvent::Kept),
            ("y", ConfirmEvent::Yes),
            ("tab enter", ConfirmEvent::Yes),
            ("tab tab enter", ConfirmEvent::No),
            ("left enter", ConfirmEvent::Yes),
        ] {
            assert_eq!(press(simple(), keys), expected, "{keys}");
        }
        for (keys, expected) in [
            ("y", ConfirmEvent::Kept),
            ("enter", ConfirmEvent::Kept),
            ("3 1 enter", ConfirmEvent::Kept),
            ("3 1 2 enter", ConfirmEvent::Yes),
            ("3 1 2 esc", ConfirmEvent::No),
        ] {
            assert_eq!(press(typed(), keys), expected, "{keys}");
        }
    }

    #[test]
    fn a_question_shows_what_would_be_done() {
        assert_eq!(
            shown(&simple(), 34, 9),
            [
                "┏━ Trash ━━━━━━━━━━━━━━━━━━━━━━━━┓",
                "┃Move 2 customers to the trash?  ┃",
                "┃                                ┃",
                "┃Acme GmbH                       ┃",
                "┃北京数据公司                    ┃",
                "┃                                ┃",
                "┃[ Trash (y) ]  [▌Cancel ]       ┃",
                "┗━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┛",
                "                                  ",
            ]
        );
        let mut confirm = typed();
        confirm.key(Key::letter('7'));
        confirm.key(Key::code(KeyCode::Enter));
        let text = shown(&confirm, 76, 6).join("\n");
        assert!(text.contains("Type 312 to do it: 7"), "{text}");
        assert!(text.contains("type 312, or Esc"), "{text}");
    }

    #[test]
    fn a_click_on_a_button_answers() {
        let screen = Rect::new(0, 0, 34, 9);
        let click = |x| simple().click(screen, Position::new(x, 6), &Look::plain());
        assert_eq!(
            [click(2), click(14), click(18), click(32)],
            [
                ConfirmEvent::Yes,
                ConfirmEvent::Kept,
                ConfirmEvent::No,
                ConfirmEvent::Kept
            ]
        );
    }

    #[test]
    fn a_small_screen_keeps_the_question_and_the_buttons() {
        let text = shown(&simple(), 24, 5).join("\n");
        assert!(
            text.contains("Move 2 customers") && text.contains("Trash (y)"),
            "{text}"
        );
    }

    proptest! {
        #[test]
        fn questions_stay_in_their_area(texts in prop::collection::vec(hostile(), 3..12), area in sizes(), down in 0..9) {
            for grade in [Grade::Simple, Grade::Typed(texts[2].clone())] {
                let mut confirm = Confirm::new(&texts[0], &texts[1], texts.clone(), &texts[2], grade);
                for _ in 0..down {
                    confirm.key(Key::code(KeyCode::Down));
                }
                draw_inside(area, |area, buffer| {
                    let cursor = confirm.render(area, buffer, &Look::plain());
                    assert!(cursor.is_none_or(|cursor| area.contains(cursor)));
                });
            }
        }
    }
}
