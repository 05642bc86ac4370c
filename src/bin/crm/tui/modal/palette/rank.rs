//! What fits best what was typed.

use nucleo_matcher::pattern::{AtomKind, CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};

/// What initials are worth: less than words that are there.
const INITIALS: u32 = 1;

/// Tells how well texts fit what was typed.
pub(super) struct Ranking {
    typed: String,
    /// Every word has to be in the text: letters that are strewn over it are no match.
    pattern: Pattern,
    matcher: Matcher,
}

impl Ranking {
    /// For what was typed.
    pub(super) fn new(typed: &str) -> Ranking {
        let typed = typed.trim().to_lowercase();
        Ranking {
            pattern: Pattern::new(
                &typed,
                CaseMatching::Ignore,
                Normalization::Smart,
                AtomKind::Substring,
            ),
            typed,
            matcher: Matcher::new(Config::DEFAULT),
        }
    }

    /// How well something fits that is called `title`, and `exact` by those who know it; none if it does not.
    pub(super) fn score(&mut self, title: &str, exact: &[&str]) -> Option<u32> {
        if self.typed.is_empty() {
            return Some(0);
        }
        let is_it = |name: &str| !name.is_empty() && name.to_lowercase() == self.typed;
        if is_it(title) || exact.iter().any(|name| is_it(name)) {
            return Some(u32::MAX);
        }
        let names = std::iter::once(title).chain(exact.iter().copied());
        let mut letters = Vec::new();
        let best = names
            .filter_map(|name| {
                let text = Utf32Str::new(name, &mut letters);
                self.pattern.score(text, &mut self.matcher)
            })
            .max();
        best.or_else(|| self.is_initials(title).then_some(INITIALS))
    }

    /// Whether the words of a title begin with what was typed, letter by letter.
    fn is_initials(&self, title: &str) -> bool {
        let words = title.split_whitespace();
        let initials: String = words
            .filter_map(|word| word.chars().next())
            .flat_map(char::to_lowercase)
            .collect();
        self.typed.chars().count() > 1 && initials.starts_with(&self.typed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn best<'t>(typed: &str, titles: &[&'t str]) -> Vec<&'t str> {
        let mut ranking = Ranking::new(typed);
        let mut found: Vec<(u32, &str)> = titles
            .iter()
            .filter_map(|title| Some((ranking.score(title, &[])?, *title)))
            .collect();
        found.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
        found.into_iter().map(|(_, title)| title).collect()
    }

    #[test]
    fn what_is_typed_together_stands_together() {
        let titles = [
            "Add a note, call, e-mail, meeting, task or deal",
            "Go to Today",
            "Go to Tasks",
            "Move to the trash",
            "Mark as done",
        ];
        assert_eq!(best("today", &titles), ["Go to Today"]);
        assert_eq!(best("TASKS", &titles), ["Go to Tasks"]);
        assert_eq!(best("done", &titles), ["Mark as done"]);
        assert_eq!(best("trash move", &titles), ["Move to the trash"]);
        assert_eq!(best("gtt", &titles).len(), 2, "initials");
        // Its letters are in the first title, one here and one there.
        assert_eq!(best("acme", &titles), [""; 0]);
        assert_eq!(best("", &titles).len(), titles.len());
    }

    #[test]
    fn a_key_or_a_whole_name_comes_first() {
        let mut ranking = Ranking::new("f");
        assert_eq!(
            ranking.score("Set or move the next step", &["follow_up", "f"]),
            Some(u32::MAX)
        );
        assert!(
            ranking
                .score("Filter", &["filter", "/"])
                .is_some_and(|score| score < u32::MAX)
        );
        assert_eq!(Ranking::new("张伟").score("张伟", &[]), Some(u32::MAX));
    }
}
