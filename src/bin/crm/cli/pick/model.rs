//! What the picker knows, and what a key does to it. No terminal, no base.

use crm::domain::id::Id;
use crm::ops::complete::Found;
use crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

/// The state of a picker.
#[derive(Debug, Default)]
pub(super) struct Model {
    /// What was typed.
    pub(super) query: String,
    /// Where in it the cursor is, in bytes.
    pub(super) at: usize,
    /// What was found for it.
    pub(super) found: Vec<Found>,
    /// The row that is pointed at.
    pub(super) row: usize,
    /// The records that are marked, in the order in which they were; none but with `multi`.
    pub(super) marked: Vec<Id>,
    /// Several may be taken.
    pub(super) multi: bool,
}

/// What is to be done after a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Act {
    /// Look for something else.
    Search,
    /// Draw.
    Draw,
    /// Take what is marked or pointed at.
    Take,
    /// Leave with nothing.
    Leave,
    /// Nothing.
    Rest,
}

/// Rows that a page key moves.
const PAGE: isize = 10;

impl Model {
    /// A picker that begins with these words.
    pub(super) fn new(query: String, multi: bool) -> Model {
        Model {
            at: query.len(),
            query,
            multi,
            ..Model::default()
        }
    }

    /// Takes what was found, and points at the first of it.
    pub(super) fn show(&mut self, found: Vec<Found>) {
        self.found = found;
        self.row = 0;
    }

    /// The record that is pointed at.
    pub(super) fn current(&self) -> Option<&Found> {
        self.found.get(self.row)
    }

    /// The records that are taken: the marked ones, or the one that is pointed at.
    pub(super) fn taken(&self) -> Vec<Id> {
        if self.marked.is_empty() {
            return self.current().map(|found| found.id).into_iter().collect();
        }
        self.marked.clone()
    }

    /// Does what a key asks for.
    pub(super) fn key(&mut self, key: KeyEvent) -> Act {
        if key.kind == KeyEventKind::Release {
            return Act::Rest;
        }
        let control = key.modifiers.contains(KeyModifiers::CONTROL);
        match key.code {
            KeyCode::Char(letter) if control => self.control(letter),
            KeyCode::Char(letter) if !key.modifiers.contains(KeyModifiers::ALT) => {
                self.query.insert(self.at, letter);
                self.at += letter.len_utf8();
                Act::Search
            }
            KeyCode::Backspace => self.erase(self.before()),
            KeyCode::Delete => {
                let end = self.after();
                self.query.replace_range(self.at..end, "");
                Act::Search
            }
            KeyCode::Left => self.to(self.before()),
            KeyCode::Right => self.to(self.after()),
            KeyCode::Home => self.to(0),
            KeyCode::End => self.to(self.query.len()),
            KeyCode::Up => self.step(-1),
            KeyCode::Down => self.step(1),
            KeyCode::PageUp => self.step(-PAGE),
            KeyCode::PageDown => self.step(PAGE),
            KeyCode::Tab => self.mark(1),
            KeyCode::BackTab => self.mark(-1),
            KeyCode::Enter => self.take(),
            KeyCode::Esc => Act::Leave,
            _ => Act::Rest,
        }
    }

    fn control(&mut self, letter: char) -> Act {
        match letter {
            'c' | 'g' => Act::Leave,
            'd' if self.query.is_empty() => Act::Leave,
            'n' | 'j' => self.step(1),
            'p' | 'k' => self.step(-1),
            'a' => self.to(0),
            'e' => self.to(self.query.len()),
            'b' => self.to(self.before()),
            'f' => self.to(self.after()),
            'h' => self.erase(self.before()),
            'u' => self.erase(0),
            'w' => self.erase(self.word()),
            'm' => self.take(),
            'i' => self.mark(1),
            _ => Act::Rest,
        }
    }

    fn take(&self) -> Act {
        match self.taken().is_empty() {
            true => Act::Rest,
            false => Act::Take,
        }
    }

    /// The place one character before the cursor.
    fn before(&self) -> usize {
        let before = self.query.get(..self.at).unwrap_or_default();
        before.char_indices().next_back().map_or(0, |(at, _)| at)
    }

    /// The place one character behind the cursor.
    fn after(&self) -> usize {
        let after = self.query.get(self.at..).unwrap_or_default();
        self.at + after.chars().next().map_or(0, char::len_utf8)
    }

    /// The place where the word before the cursor begins.
    fn word(&self) -> usize {
        let before = self.query.get(..self.at).unwrap_or_default();
        let end = before.trim_end();
        end.rfind(char::is_whitespace).map_or(0, |at| at + 1)
    }

    fn to(&mut self, at: usize) -> Act {
        self.at = at;
        Act::Draw
    }

    /// Takes away what stands between a place and the cursor behind it.
    fn erase(&mut self, from: usize) -> Act {
        if from == self.at {
            return Act::Rest;
        }
        self.query.replace_range(from..self.at, "");
        self.at = from;
        Act::Search
    }

    fn step(&mut self, by: isize) -> Act {
        let last = self.found.len().saturating_sub(1);
        self.row = self.row.saturating_add_signed(by).min(last);
        Act::Draw
    }

    fn mark(&mut self, by: isize) -> Act {
        let Some(id) = self.current().map(|found| found.id).filter(|_| self.multi) else {
            return Act::Rest;
        };
        match self.marked.iter().position(|marked| *marked == id) {
            Some(at) => {
                self.marked.remove(at);
            }
            None => self.marked.push(id),
        }
        self.step(by)
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(in crate::cli::pick) fn found(no: i64, name: &str, details: &[&str]) -> Found {
        Found {
            id: Id::from_raw(no),
            reference: format!("C{no}"),
            name: name.to_owned(),
            details: details.iter().map(|detail| (*detail).to_owned()).collect(),
        }
    }

    pub(in crate::cli::pick) fn three(multi: bool) -> Model {
        let mut model = Model::new(String::new(), multi);
        model.show(vec![
            found(1, "Anna", &["Acme"]),
            found(2, "张伟", &["云帆"]),
            found(3, "Zoë", &[]),
        ]);
        model
    }

    fn press(model: &mut Model, code: KeyCode, modifiers: KeyModifiers) -> Act {
        model.key(KeyEvent::new(code, modifiers))
    }

    fn control(model: &mut Model, letter: char) -> Act {
        press(model, KeyCode::Char(letter), KeyModifiers::CONTROL)
    }

    fn plain(model: &mut Model, code: KeyCode) -> Act {
        press(model, code, KeyModifiers::NONE)
    }

    #[test]
    fn typing_and_erasing() {
        let mut model = Model::new("ab 张".to_owned(), false);
        assert_eq!(plain(&mut model, KeyCode::Char('伟')), Act::Search);
        assert_eq!(plain(&mut model, KeyCode::Left), Act::Draw);
        assert_eq!(plain(&mut model, KeyCode::Char('x')), Act::Search);
        assert_eq!(model.query, "ab 张x伟");
        plain(&mut model, KeyCode::Backspace);
        plain(&mut model, KeyCode::Delete);
        assert_eq!(model.query, "ab 张");
        assert_eq!(plain(&mut model, KeyCode::Delete), Act::Search);
        control(&mut model, 'w');
        assert_eq!(model.query, "ab ");
        control(&mut model, 'u');
        assert_eq!((model.query.as_str(), model.at), ("", 0));
        assert_eq!(plain(&mut model, KeyCode::Backspace), Act::Rest);
        assert_eq!(control(&mut model, 'd'), Act::Leave);
    }

    #[test]
    fn moving_and_marking() {
        let mut model = three(true);
        plain(&mut model, KeyCode::Up);
        assert_eq!(model.row, 0);
        plain(&mut model, KeyCode::Tab);
        control(&mut model, 'n');
        plain(&mut model, KeyCode::Tab);
        assert_eq!((model.row, model.taken().len()), (2, 2));
        plain(&mut model, KeyCode::Tab);
        assert_eq!(
            model.taken(),
            [Id::from_raw(1)],
            "a second time takes the mark away"
        );
        assert_eq!(plain(&mut model, KeyCode::Enter), Act::Take);
        let mut model = three(false);
        assert_eq!(plain(&mut model, KeyCode::Tab), Act::Rest);
        plain(&mut model, KeyCode::PageDown);
        assert_eq!(model.taken(), [Id::from_raw(3)]);
        model.show(Vec::new());
        assert_eq!(
            plain(&mut model, KeyCode::Enter),
            Act::Rest,
            "there is nothing to take"
        );
        assert_eq!(plain(&mut model, KeyCode::Esc), Act::Leave);
        assert_eq!(control(&mut model, 'c'), Act::Leave);
    }

    proptest::proptest! {
        #[test]
        fn the_cursor_stays_between_characters(keys in proptest::collection::vec((0usize..12, "\\PC"), 0..40)) {
            let mut model = three(true);
            for (key, letter) in keys {
                let code = match key {
                    0 => KeyCode::Left,
                    1 => KeyCode::Right,
                    2 => KeyCode::Backspace,
                    3 => KeyCode::Delete,
                    4 => KeyCode::Home,
                    5 => KeyCode::Tab,
                    _ => KeyCode::Char(letter.chars().next().unwrap_or('a')),
                };
                let modifiers = if key == 6 { KeyModifiers::CONTROL } else { KeyModifiers::NONE };
                press(&mut model, code, modifiers);
                proptest::prop_assert!(model.query.is_char_boundary(model.at));
                proptest::prop_assert!(model.row < 3);
            }
        }
    }
}
