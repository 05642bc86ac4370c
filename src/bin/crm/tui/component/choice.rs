//! A field with a list of choices: what is typed narrows the list down. One choice, or several as tags.

use crossterm::event::KeyCode;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect, Size};

use super::draw;
use super::edit::Answer;
use super::input::Input;
use super::look::Look;
use super::popup;
use super::words;
use crate::tui::key::Key;

/// The most choices that are seen at once.
const MOST: u16 = 8;

/// Whether a typed text, the first one, fits a choice.
pub(crate) type Fits = fn(&str, &str) -> bool;

/// One thing that can be chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Listed {
    /// What is saved.
    pub(crate) value: String,
    /// What is shown and typed.
    pub(crate) label: String,
    /// What is said about it.
    pub(crate) note: String,
}

/// What may be typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Takes {
    /// One of the choices, or nothing.
    OneOf,
    /// Anything; the choices are proposals.
    Anything,
    /// Several words, each a choice or a new one; a `-` before a word takes it away.
    Words,
}

/// A field with its choices.
#[derive(Debug, Clone)]
pub(crate) struct Choice {
    input: Input,
    options: Vec<Listed>,
    takes: Takes,
    fits: Fits,
    is_open: bool,
    /// The number among the choices that are shown.
    cursor: Option<usize>,
    /// The text was not typed since a choice was taken: all choices are shown.
    is_settled: bool,
}

impl Choice {
    /// A field with `text` in it.
    pub(crate) fn new(text: &str, takes: Takes, options: Vec<Listed>, fits: Fits) -> Choice {
        Choice {
            input: Input::new(text),
            options,
            takes,
            fits,
            is_open: false,
            cursor: None,
            is_settled: true,
        }
    }

    /// The same with a text that is shown while the field is empty.
    pub(crate) fn placeholder(self, placeholder: &str) -> Choice {
        Choice {
            input: self.input.placeholder(placeholder),
            ..self
        }
    }

    /// What stands in the field.
    pub(crate) fn text(&self) -> String {
        self.input.text()
    }

    /// Sets what stands in the field.
    pub(crate) fn set(&mut self, text: &str) {
        self.input.set(text);
        self.is_settled = true;
    }

    /// Gives the choices, where they come from outside. The cursor stays on its choice, if it is still there.
    pub(crate) fn set_options(&mut self, options: Vec<Listed>) {
        let before = self.under_cursor().cloned();
        self.options = options;
        let shown = self.shown();
        self.cursor = before
            .and_then(|before| shown.iter().position(|option| **option == before))
            .or_else(|| self.first_cursor());
    }

    /// Shows the choices that came from outside for what is being typed, if there are any.
    pub(crate) fn offer(&mut self) {
        if !self.is_settled && self.takes != Takes::OneOf {
            self.is_open = !self.shown().is_empty();
        }
    }

    /// What is to be saved: the value of the choice whose label stands in the field, or else the text.
    pub(crate) fn value(&self) -> String {
        let text = self.text();
        match self.takes {
            Takes::Words => text.split_whitespace().collect::<Vec<_>>().join(" "),
            Takes::OneOf | Takes::Anything => {
                let listed = self.options.iter().find(|option| option.label == text.trim());
                listed.map_or_else(|| text.trim().to_owned(), |option| option.value.clone())
            }
        }
    }

    /// Whether the text is something that may be saved.
    pub(crate) fn is_valid(&self) -> bool {
        let text = self.text();
        let is_listed = |option: &Listed| option.label == text.trim() || option.value == text.trim();
        self.takes != Takes::OneOf || text.trim().is_empty() || self.options.iter().any(is_listed)
    }

    /// Whether the list is shown.
    pub(crate) fn is_open(&self) -> bool {
        self.is_open
    }

    /// Shows the list.
    pub(crate) fn open(&mut self) {
        self.is_open = true;
        let text = self.text();
        let here = self.shown().iter().position(|option| option.label == text.trim());
        self.cursor = here.or_else(|| self.first_cursor());
    }

    /// Closes the list, and takes the only choice that what was typed can mean.
    pub(crate) fn leave(&mut self) {
        self.is_open = false;
        if self.takes != Takes::OneOf || self.is_valid() {
            return;
        }
        if let [only] = self.shown().as_slice() {
            let label = only.label.clone();
            self.set(&label);
        }
    }

    /// Does what `key` says. Enter, Esc and Tab belong to the list while it is open, and to the caller otherwise.
    pub(crate) fn key(&mut self, key: Key) -> Answer {
        let opens = key.code == KeyCode::Down || (key.code == KeyCode::Char(' ') && key.control);
        match key.code {
            _ if opens && !self.is_open => self.open(),
            _ if !self.is_open && key.text().is_none() => return self.edit(key),
            KeyCode::Esc => self.is_open = false,
            KeyCode::Enter => return self.take(),
            KeyCode::Down => self.step(1),
            KeyCode::Up => self.step(-1),
            KeyCode::PageDown => self.step(isize::try_from(MOST).unwrap_or(1)),
            KeyCode::PageUp => self.step(-isize::try_from(MOST).unwrap_or(1)),
            _ => return self.edit(key),
        }
        Answer::Kept
    }

    /// Puts a pasted text in.
    pub(crate) fn paste(&mut self, text: &str) -> Answer {
        self.is_settled = false;
        self.input.paste(text)
    }

    fn edit(&mut self, key: Key) -> Answer {
        let answer = self.input.key(key);
        if answer == Answer::Changed {
            self.is_settled = false;
            // Where anything may be typed, a list of nothing would only be in the way.
            self.is_open = self.takes == Takes::OneOf || !self.shown().is_empty();
            self.cursor = self.first_cursor();
        }
        answer
    }

    /// Takes the choice under the cursor into the field and closes the list.
    fn take(&mut self) -> Answer {
        self.is_open = false;
        let Some(label) = self.under_cursor().map(|option| option.label.clone()) else {
            return Answer::Ignored;
        };
        match self.takes {
            Takes::Words => {
                let start = self.input.cursor() - self.word().chars().count();
                self.input.replace_back_to(start, &format!("{label} "));
            }
            Takes::OneOf | Takes::Anything => self.set(&label),
        }
        self.is_settled = true;
        Answer::Changed
    }

    fn step(&mut self, by: isize) {
        let last = self.shown().len().checked_sub(1);
        self.cursor = match (self.cursor, last) {
            (_, None) => None,
            (None, Some(_)) if by > 0 => Some(0),
            (None | Some(0), Some(_)) if by < 0 && self.takes != Takes::OneOf => None,
            (cursor, Some(last)) => Some(cursor.unwrap_or(0).saturating_add_signed(by).min(last)),
        };
    }

    /// Where the cursor is at first. Where anything may be typed, Enter must not replace it by a proposal.
    fn first_cursor(&self) -> Option<usize> {
        (self.takes == Takes::OneOf && !self.shown().is_empty()).then_some(0)
    }

    fn under_cursor(&self) -> Option<&Listed> {
        self.shown().get(self.cursor?).copied()
    }

    /// What narrows the list down: the text, or the word before the cursor without its sign.
    pub(crate) fn query(&self) -> String {
        match self.takes {
            Takes::Words => self.word(),
            Takes::OneOf | Takes::Anything if self.is_settled => String::new(),
            Takes::OneOf | Takes::Anything => self.text().trim().to_owned(),
        }
    }

    fn word(&self) -> String {
        let before = self.input.before_cursor();
        let word = before.rsplit(char::is_whitespace).next().unwrap_or("");
        word.trim_start_matches(['+', '-']).to_owned()
    }

    /// The choices that fit what was typed.
    fn shown(&self) -> Vec<&Listed> {
        let query = self.query();
        let fit = |option: &&Listed| query.is_empty() || (self.fits)(&query, &option.label);
        self.options.iter().filter(fit).collect()
    }

    /// Draws the field into the first row of `area`; tells where its cursor is.
    pub(crate) fn render(&self, area: Rect, buffer: &mut Buffer, look: &Look) -> Option<Position> {
        let row = draw::row(area.intersection(buffer.area), 0);
        if row.width < 4 {
            return self.input.render(row, buffer, look);
        }
        let field = Rect {
            width: row.width - 2,
            ..row
        };
        let sign = draw::right_of(row, field.width);
        draw::clear(buffer, sign, look.input);
        draw::text(
            buffer,
            draw::right_of(sign, 1),
            look.symbols.down,
            look.input.patch(look.dim),
            look,
        );
        self.input.render(field, buffer, look)
    }

    /// Draws the list over whatever is there, under or above the `field`; does nothing while it is closed.
    pub(crate) fn render_list(&self, field: Rect, screen: Rect, buffer: &mut Buffer, look: &Look) {
        if !self.is_open {
            return;
        }
        let shown = self.shown();
        let widest = shown
            .iter()
            .map(|option| draw::cells(&option.label) + draw::cells(&option.note) + 6);
        let width = u16::try_from(widest.max().unwrap_or(0))
            .unwrap_or(u16::MAX)
            .clamp(16, 60);
        let width = width.max(field.width.min(40));
        let height = u16::try_from(shown.len()).unwrap_or(MOST).clamp(1, MOST);
        let wanted = Size::new(width, height + 2);
        let area = popup::anchored(screen.intersection(buffer.area), field.as_position(), wanted);
        let frame = popup::Popup {
            foot: match shown.len() > usize::from(MOST) {
                true => format!("{}/{}", self.cursor.map_or(0, |cursor| cursor + 1), shown.len()).into(),
                false => "".into(),
            },
            ..popup::Popup::default()
        };
        let inner = frame.render(area, buffer, look);
        if shown.is_empty() {
            draw::text(buffer, inner, words::NOTHING_FITS, look.dim, look);
        }
        let height = usize::from(inner.height);
        let first = self.cursor.unwrap_or(0).saturating_sub(height.saturating_sub(1));
        let rows = (0..inner.height).zip(shown.iter().enumerate().skip(first));
        for (y, (number, option)) in rows {
            let row = draw::row(inner, y);
            let is_here = self.cursor == Some(number);
            let style = if is_here { look.selection } else { look.text };
            draw::clear(buffer, row, style);
            let sign = look.sign(is_here);
            let texts = [
                (sign, style),
                (option.label.as_str(), style),
                ("  ", style),
                (option.note.as_str(), style.patch(look.dim)),
            ];
            draw::texts(buffer, row, &texts, look);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::screen_tests::{draw_inside, hostile, lines, sizes};
    use super::*;

    fn options(labels: &[&str]) -> Vec<Listed> {
        let option = |label: &&str| Listed {
            value: label.to_lowercase(),
            label: (*label).to_owned(),
            note: String::new(),
        };
        labels.iter().map(option).collect()
    }

    fn fits(typed: &str, label: &str) -> bool {
        label.to_lowercase().contains(&typed.to_lowercase())
    }

    fn stages(takes: Takes) -> Choice {
        let labels = ["Lead", "Qualified", "Proposal", "谈判"];
        Choice::new("", takes, options(&labels), fits)
    }

    fn press(choice: &mut Choice, keys: &str) -> Vec<Answer> {
        let keys = Key::sequence(keys).expect("keys");
        keys.into_iter().map(|key| choice.key(key)).collect()
    }

    fn check(takes: Takes, keys: &str, text: &str, value: &str) {
        let mut choice = stages(takes);
        press(&mut choice, keys);
        assert_eq!(
            (choice.text().as_str(), choice.value().as_str()),
            (text, value),
            "{keys}"
        );
    }

    #[test]
    fn typing_narrows_the_list_down() {
        check(Takes::OneOf, "down enter", "Lead", "lead");
        check(Takes::OneOf, "ctrl-space down down enter", "Proposal", "proposal");
        check(Takes::OneOf, "l down enter", "Qualified", "qualified");
        check(Takes::OneOf, "判 enter", "谈判", "谈判");
        check(Takes::OneOf, "p r esc", "pr", "pr");
        check(Takes::OneOf, "p r enter down up enter", "Qualified", "qualified");
    }

    #[test]
    fn a_free_text_is_not_replaced_by_a_proposal() {
        check(Takes::Anything, "l e a enter", "lea", "lea");
        check(Takes::Anything, "l e a down enter", "Lead", "lead");
        check(Takes::Anything, "l e a down up enter", "lea", "lea");
    }

    #[test]
    fn tags_are_taken_word_by_word() {
        check(
            Takes::Words,
            "+ l e down enter - q down enter",
            "+Lead -Qualified ",
            "+Lead -Qualified",
        );
        check(
            Takes::Words,
            "n e w space p down enter",
            "new Proposal ",
            "new Proposal",
        );
        check(Takes::Words, "space a space space b", " a  b", "a b");
    }

    #[test]
    fn what_can_mean_one_choice_only_is_that_one_when_left() {
        for (keys, text, is_valid) in [
            ("p r o", "Proposal", true),
            ("l", "l", false),
            ("x", "x", false),
            ("", "", true),
        ] {
            let mut choice = stages(Takes::OneOf);
            for letter in keys.split(' ').filter(|letter| !letter.is_empty()) {
                press(&mut choice, letter);
            }
            choice.leave();
            assert_eq!(
                (choice.text().as_str(), choice.is_valid()),
                (text, is_valid),
                "{keys}"
            );
            assert!(!choice.is_open());
        }
    }

    #[test]
    fn a_closed_list_leaves_the_keys_of_the_form_alone() {
        let mut choice = stages(Takes::OneOf);
        assert!(
            press(&mut choice, "enter esc tab up")
                .iter()
                .all(|answer| *answer == Answer::Ignored)
        );
        press(&mut choice, "down");
        assert_eq!(
            press(&mut choice, "tab ctrl-s"),
            [Answer::Ignored, Answer::Ignored]
        );
    }

    #[test]
    fn new_choices_keep_the_cursor_on_its_own() {
        let mut choice = stages(Takes::OneOf);
        press(&mut choice, "down down");
        choice.set_options(options(&["New", "Lead", "Qualified"]));
        press(&mut choice, "enter");
        assert_eq!(choice.text(), "Qualified");
    }

    #[test]
    fn the_list_is_drawn_under_its_field() {
        let mut choice = stages(Takes::OneOf);
        press(&mut choice, "down down");
        let mut buffer = Buffer::empty(Rect::new(0, 0, 18, 7));
        let screen = buffer.area;
        let field = Rect::new(1, 0, 12, 1);
        choice.render(field, &mut buffer, &Look::plain());
        choice.render_list(field, screen, &mut buffer, &Look::plain());
        assert_eq!(
            lines(&buffer),
            [
                "            ▼     ",
                " ┏━━━━━━━━━━━━━━┓ ",
                " ┃ Lead         ┃ ",
                " ┃▌Qualified    ┃ ",
                " ┃ Proposal     ┃ ",
                " ┃ 谈判         ┃ ",
                " ┗━━━━━━━━━━━━━━┛ ",
            ]
        );
    }

    proptest! {
        #[test]
        fn lists_stay_in_their_area(labels in prop::collection::vec(hostile(), 0..12), area in sizes(), down in 1_usize..14) {
            let labels: Vec<&str> = labels.iter().map(String::as_str).collect();
            let mut choice = Choice::new("", Takes::OneOf, options(&labels), fits);
            for _ in 0..down {
                press(&mut choice, "down");
            }
            draw_inside(area, |area, buffer| {
                choice.render(area, buffer, &Look::plain());
                choice.render_list(draw::row(area, 0), area, buffer, &Look::plain());
            });
        }
    }
}
