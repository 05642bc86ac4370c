//! The filter of the board: what is typed in its line, and what that means on cards.

use crm::domain::noun::Noun;
use crossterm::event::KeyCode;

use crate::tui::effect::{Effect, Message};
use crate::tui::page::Typed;
use crate::tui::page::board::{Board, WORDS};
use crate::tui::page::records::filter::Told;
use crate::tui::query::Query;
use crate::tui::world::World;

impl Board {
    /// The filter as expressions that all have to hold.
    pub(super) fn filters(&self) -> Vec<String> {
        expressions(&self.filter.text())
    }

    /// Gives the line of the filter the keys.
    pub(super) fn open_filter(&mut self) -> Vec<Effect> {
        self.filter.open();
        vec![self.ask_words()]
    }

    fn ask_words(&self) -> Effect {
        Effect::Read(WORDS, Query::Propose(Noun::Deal, self.filter.before_cursor()))
    }

    /// Takes what was typed, if the line of the filter has the keys.
    pub(super) fn type_filter(&mut self, typed: &Typed, world: &World) -> Option<Vec<Effect>> {
        if !self.filter.is_open() {
            return None;
        }
        let before = self.filter.text();
        let told = self.filter.typed(typed);
        let is_other = before != self.filter.text();
        let mut effects = Vec::new();
        if told == Told::Changed {
            effects.push(self.ask_words());
        }
        if is_other {
            effects.extend(self.read(world));
        }
        let is_enter = matches!(typed, Typed::Key(key) if key.code == KeyCode::Enter);
        if told == Told::Nothing
            && is_enter
            && let Some(problem) = self.filter.problem()
        {
            effects.push(Effect::Say(Message::refused(problem)));
        }
        Some(effects)
    }
}

/// A filter as expressions that all have to hold. Words alone are looked for in the names of customers too, because that is what
/// stands on the cards.
fn expressions(filter: &str) -> Vec<String> {
    let words: Vec<&str> = filter.split_whitespace().collect();
    let is_word = |word: &&str| {
        !word.starts_with(['-', '!'])
            && !word.contains([':', '(', ')', '+', '"', '|'])
            && !["and", "or", "not"].contains(word)
    };
    match words.iter().all(is_word) {
        true => words
            .iter()
            .map(|word| format!("{word} or customer:\"{word}\""))
            .collect(),
        false => vec![filter.to_owned()],
    }
}

#[cfg(test)]
mod tests {
    use super::expressions;

    #[test]
    fn words_alone_are_looked_for_in_the_names_of_customers_too() {
        for (filter, expected) in [
            ("", vec![]),
            (
                "深圳 pilot",
                vec!["深圳 or customer:\"深圳\"", "pilot or customer:\"pilot\""],
            ),
            ("owner:me pilot", vec!["owner:me pilot"]),
            ("-vip", vec!["-vip"]),
            ("pilot or swap", vec!["pilot or swap"]),
        ] {
            assert_eq!(expressions(filter), expected, "{filter}");
        }
    }
}
