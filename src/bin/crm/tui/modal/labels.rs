//! Letters on everything that can be gone to: typing them goes there.

use crossterm::event::KeyCode;
use ratatui::Frame;
use ratatui::layout::{Position, Rect};

use crate::tui::component::draw;
use crate::tui::effect::{Effect, Message};
use crate::tui::modal::Dialog;
use crate::tui::page::Typed;
use crate::tui::world::World;

/// The letters of labels, those first that lie under the fingers.
const LETTERS: &str = "asdfghjklqwertyuiopzxcvbnm";

/// The words of this popup.
mod words {
    pub(super) const NOTHING: &str = "no label begins so; Esc leaves everything as it is";
}

/// One thing that can be gone to.
#[derive(Debug)]
struct Target {
    label: String,
    at: Position,
    effect: Option<Effect>,
}

/// The labels that are shown.
#[derive(Debug)]
pub(crate) struct Labels {
    targets: Vec<Target>,
    typed: String,
}

impl Labels {
    /// Labels on these places, each with what is done by it.
    pub(crate) fn new(places: Vec<(Position, Effect)>) -> Labels {
        let targets = labels(places.len()).into_iter().zip(places);
        Labels {
            targets: targets
                .map(|(label, (at, effect))| Target {
                    label,
                    at,
                    effect: Some(effect),
                })
                .collect(),
            typed: String::new(),
        }
    }
}

/// So many labels, of which none is the beginning of another: as many of one letter as possible come first.
fn labels(count: usize) -> Vec<String> {
    let letters: Vec<char> = LETTERS.chars().collect();
    // Each letter that begins two-letter labels makes room for all but one more.
    let more = count.saturating_sub(letters.len());
    let firsts = more.div_ceil(letters.len() - 1).min(letters.len());
    let (singles, firsts) = letters.split_at(letters.len() - firsts);
    let pairs = firsts
        .iter()
        .flat_map(|first| letters.iter().map(move |second| format!("{first}{second}")));
    let singles = singles.iter().map(char::to_string);
    singles.chain(pairs).take(count).collect()
}

impl Dialog for Labels {
    fn typed(&mut self, typed: &Typed, _world: &World) -> Vec<Effect> {
        let Typed::Key(key) = typed else {
            return vec![Effect::Close];
        };
        let letter = match key.code {
            KeyCode::Backspace => {
                self.typed.pop();
                return Vec::new();
            }
            _ => key.text().map(|letter| letter.to_ascii_lowercase()),
        };
        let Some(letter) = letter.filter(char::is_ascii_alphabetic) else {
            return vec![Effect::Close];
        };
        let wanted = format!("{}{letter}", self.typed);
        if !self
            .targets
            .iter()
            .any(|target| target.label.starts_with(&wanted))
        {
            return vec![Effect::Say(Message::hint(words::NOTHING))];
        }
        self.typed = wanted;
        let found = self
            .targets
            .iter_mut()
            .find(|target| target.label == self.typed)
            .and_then(|target| target.effect.take());
        match found {
            Some(effect) => vec![Effect::Close, effect],
            None => Vec::new(),
        }
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, world: &World) -> Option<Position> {
        let look = &world.look;
        let style = look.accent.patch(look.selection);
        let shown = self
            .targets
            .iter()
            .filter_map(|target| Some((target.at, target.label.strip_prefix(&self.typed)?)));
        for (at, label) in shown {
            let width = u16::try_from(label.len()).unwrap_or(1);
            let place = Rect::new(at.x, at.y, width, 1).intersection(area);
            draw::clear(frame.buffer_mut(), place, look.text);
            draw::text(frame.buffer_mut(), place, label, style, look);
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn no_label_is_the_beginning_of_another() {
        assert_eq!(labels(3), ["a", "s", "d"]);
        for count in [0, 1, 26, 27, 51, 52, 200, 676] {
            let labels = labels(count);
            assert_eq!(labels.len(), count);
            assert_eq!(labels.iter().collect::<HashSet<_>>().len(), count);
            for label in &labels {
                let is_begun = labels
                    .iter()
                    .any(|other| other != label && other.starts_with(label.as_str()));
                assert!(!is_begun, "{label}");
            }
        }
    }
}
