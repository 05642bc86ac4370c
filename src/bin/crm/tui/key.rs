//! Keys as the dashboard knows them, and how they are written: `q`, `ctrl-d`, `shift-tab`, `f5`, `space`, `g t`.

use std::fmt;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

/// One key with what was held down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd)]
pub(crate) struct Key {
    pub(crate) code: KeyCode,
    pub(crate) control: bool,
    pub(crate) alt: bool,
    /// Of keys that are no letters; a letter with shift is another letter.
    pub(crate) shift: bool,
}

/// Keys with names, each by the name under which it is shown.
const NAMED: [(&str, KeyCode); 16] = [
    ("enter", KeyCode::Enter),
    ("esc", KeyCode::Esc),
    ("tab", KeyCode::Tab),
    ("space", KeyCode::Char(' ')),
    ("backspace", KeyCode::Backspace),
    ("delete", KeyCode::Delete),
    ("insert", KeyCode::Insert),
    ("home", KeyCode::Home),
    ("end", KeyCode::End),
    ("pageup", KeyCode::PageUp),
    ("pagedown", KeyCode::PageDown),
    ("up", KeyCode::Up),
    ("down", KeyCode::Down),
    ("left", KeyCode::Left),
    ("right", KeyCode::Right),
    ("comma", KeyCode::Char(',')),
];

impl Key {
    /// The key of an event.
    pub(crate) fn of(event: KeyEvent) -> Key {
        let held = |modifier| event.modifiers.contains(modifier);
        let (code, shift) = match event.code {
            KeyCode::BackTab => (KeyCode::Tab, true),
            KeyCode::Char(letter) => (KeyCode::Char(letter), false),
            code => (code, held(KeyModifiers::SHIFT)),
        };
        let alt = held(KeyModifiers::ALT);
        let control = held(KeyModifiers::CONTROL);
        // AltGr comes as both on some terminals, and makes a letter.
        let is_text =
            matches!(code, KeyCode::Char(letter) if !letter.is_ascii_alphanumeric()) && alt && control;
        Key {
            code,
            control: control && !is_text,
            alt: alt && !is_text,
            shift,
        }
    }

    /// A letter, digit or sign without anything held.
    pub(crate) fn letter(letter: char) -> Key {
        Key {
            code: KeyCode::Char(letter),
            control: false,
            alt: false,
            shift: false,
        }
    }

    /// A key without anything held.
    pub(crate) fn code(code: KeyCode) -> Key {
        Key {
            code,
            control: false,
            alt: false,
            shift: false,
        }
    }

    /// The text that the key types, if it types any.
    pub(crate) fn text(self) -> Option<char> {
        match self.code {
            KeyCode::Char(letter) if !self.control && !self.alt => Some(letter),
            _ => None,
        }
    }

    /// Reads one key; none for what is no key.
    pub(crate) fn parse(text: &str) -> Option<Key> {
        let mut key = Key::code(KeyCode::Null);
        let mut rest = text;
        loop {
            let folded = rest.to_ascii_lowercase();
            let modifier = ["ctrl-", "alt-", "shift-"]
                .into_iter()
                .find(|modifier| folded.starts_with(modifier) && folded.len() > modifier.len());
            let Some(modifier) = modifier else { break };
            match modifier {
                "ctrl-" => key.control = true,
                "alt-" => key.alt = true,
                _ => key.shift = true,
            }
            rest = rest.get(modifier.len()..).unwrap_or_default();
        }
        let folded = rest.to_ascii_lowercase();
        let mut letters = rest.chars();
        key.code = match (letters.next(), letters.next()) {
            (Some(letter), None) => KeyCode::Char(letter),
            _ => match NAMED.iter().find(|(name, _)| *name == folded) {
                Some((_, code)) => *code,
                None => {
                    let number: u8 = folded.strip_prefix('f')?.parse().ok()?;
                    KeyCode::F((1..=12).contains(&number).then_some(number)?)
                }
            },
        };
        if let KeyCode::Char(letter) = key.code
            && key.shift
        {
            let mut upper = letter.to_uppercase();
            key.code = KeyCode::Char(upper.next()?);
            key.shift = false;
        }
        Some(key)
    }

    /// Reads keys that are pressed one after the other, with blanks between them; none if any is no key.
    pub(crate) fn sequence(text: &str) -> Option<Vec<Key>> {
        let keys: Option<Vec<Key>> = text.split_whitespace().map(Key::parse).collect();
        keys.filter(|keys| !keys.is_empty())
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (held, name) in [
            (self.control, "Ctrl+"),
            (self.alt, "Alt+"),
            (self.shift, "Shift+"),
        ] {
            if held {
                f.write_str(name)?;
            }
        }
        match self.code {
            KeyCode::Char(' ') => f.write_str("Space"),
            KeyCode::Char(letter) if self.control => write!(f, "{}", letter.to_uppercase()),
            KeyCode::Char(letter) => write!(f, "{letter}"),
            KeyCode::F(number) => write!(f, "F{number}"),
            KeyCode::PageUp => f.write_str("PgUp"),
            KeyCode::PageDown => f.write_str("PgDn"),
            code => {
                let name = NAMED.iter().find(|(_, known)| *known == code);
                let name = name.map_or("?", |(name, _)| name);
                let mut letters = name.chars();
                let first = letters.next().map(|first| first.to_ascii_uppercase());
                write!(f, "{}{}", first.unwrap_or('?'), letters.as_str())
            }
        }
    }
}

/// Keys that are pressed one after the other, as they are shown.
pub(crate) fn shown(keys: &[Key]) -> String {
    let keys: Vec<String> = keys.iter().map(Key::to_string).collect();
    keys.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_read_as_they_are_written() {
        for (text, shown) in [
            ("q", "q"),
            ("Q", "Q"),
            ("shift-q", "Q"),
            ("ctrl-d", "Ctrl+D"),
            ("alt-1", "Alt+1"),
            ("shift-tab", "Shift+Tab"),
            ("f5", "F5"),
            ("space", "Space"),
            ("ctrl--", "Ctrl+-"),
            (":", ":"),
            ("PageDown", "PgDn"),
            ("comma", ","),
        ] {
            assert_eq!(Key::parse(text).expect(text).to_string(), shown);
        }
        for text in ["", "f13", "hyper-x", "qq", "ctrl-"] {
            assert_eq!(Key::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_shifted_letter_is_a_letter_and_altgr_is_text() {
        let shifted = Key::of(KeyEvent::new(KeyCode::Char('G'), KeyModifiers::SHIFT));
        assert_eq!(shifted, Key::letter('G'));
        let bracket = KeyEvent::new(KeyCode::Char('['), KeyModifiers::ALT | KeyModifiers::CONTROL);
        assert_eq!(Key::of(bracket).text(), Some('['));
        assert_eq!(
            Key::of(KeyEvent::new(KeyCode::BackTab, KeyModifiers::SHIFT)),
            Key::parse("shift-tab").expect("a key")
        );
    }

    #[test]
    fn sequences_have_blanks_between_their_keys() {
        let keys = Key::sequence("g t").expect("two keys");
        assert_eq!(keys, [Key::letter('g'), Key::letter('t')]);
        assert_eq!(shown(&keys), "g t");
        assert_eq!(Key::sequence("  "), None);
        assert_eq!(Key::sequence("g nonsense"), None);
    }
}
