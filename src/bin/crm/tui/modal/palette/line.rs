//! A command line of the program that is being typed: where its last word begins, and what may become of it.

use crate::text::shell;

/// What is typed for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    /// Anything.
    All,
    /// Actions and commands.
    Commands,
    /// People and companies.
    People,
    /// Labels.
    Tags,
    /// A filter of the page below.
    Filter,
    /// A command line of the program.
    Line,
}

/// The signs that begin what is typed for something in particular.
const SIGILS: [(char, Mode); 4] = [
    ('>', Mode::Commands),
    ('@', Mode::People),
    ('#', Mode::Tags),
    ('/', Mode::Filter),
];

/// What a text is typed for, and the text without its sign. `is_command` knows the words that begin command lines.
pub(super) fn mode(text: &str, is_command: impl Fn(&str) -> bool) -> (Mode, &str) {
    let sigil = SIGILS.iter().find(|(sigil, _)| text.starts_with(*sigil));
    let (mode, rest) = match sigil {
        Some((sigil, mode)) => (*mode, text.strip_prefix(*sigil).unwrap_or_default()),
        None => (Mode::All, text),
    };
    if !matches!(mode, Mode::All | Mode::Commands) {
        return (mode, rest);
    }
    let line = rest.trim_start();
    let own = line.strip_prefix("crm ").map(str::trim_start);
    let begun = own.unwrap_or(line).split_once(char::is_whitespace);
    match (own, begun) {
        (Some(line), _) => (Mode::Line, line),
        (None, Some((word, _))) if is_command(word) => (Mode::Line, line),
        _ => (mode, rest),
    }
}

/// The text with the next sign in place of the one that it has.
pub(super) fn next_sigil(text: &str) -> String {
    let at = SIGILS.iter().position(|(sigil, _)| text.starts_with(*sigil));
    let (rest, next) = match at.and_then(|at| SIGILS.get(at)) {
        Some((sigil, _)) => (
            text.strip_prefix(*sigil).unwrap_or(text),
            at.map_or(0, |at| at + 1),
        ),
        None => (text, 0),
    };
    match SIGILS.get(next) {
        Some((sigil, _)) => format!("{sigil}{rest}"),
        None => rest.to_owned(),
    }
}

/// Where the last word of a line begins, in `char`s: behind the last blank that is in no quotes.
pub(super) fn last_word(line: &str) -> usize {
    let (mut start, mut within) = (0, None);
    let mut letters = line.chars().enumerate();
    while let Some((at, letter)) = letters.next() {
        match (within, letter) {
            (Some(mark), _) if letter == mark => within = None,
            (Some('"') | None, '\\') => drop(letters.next()),
            (Some(_), _) => {}
            (None, '\'' | '"') => within = Some(letter),
            (None, _) if letter.is_whitespace() => start = at + 1,
            (None, _) => {}
        }
    }
    start
}

/// A word as it is put into a line, with a blank after it unless it goes on.
pub(super) fn put(word: &str) -> String {
    if word.ends_with(['=', ':', ',', '/']) {
        return word.to_owned();
    }
    // A value is quoted, not the flag before it.
    let quoted = match word.split_once('=') {
        Some((name, value)) if name.starts_with("--") => format!("{name}={}", shell::quoted(value)),
        _ => shell::quoted(word),
    };
    format!("{quoted} ")
}

/// What becomes of a line that is run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Run {
    /// What it prints is shown.
    Captured(Vec<String>),
    /// It is given the terminal.
    HandedOver(Vec<String>),
    /// It cannot be run here, and why.
    Refused(String),
}

/// What becomes of a line.
pub(super) fn run(line: &str) -> Run {
    let mut words = match shell::words(line) {
        Ok(words) => words,
        Err(error) => return Run::Refused(error),
    };
    if words.first().is_some_and(|word| word == "crm") {
        words.remove(0);
    }
    let verbs: Vec<&str> = words
        .iter()
        .map(String::as_str)
        .filter(|word| !word.starts_with('-'))
        .take(2)
        .collect();
    match verbs.as_slice() {
        [] => Run::Refused("type a command, as in a shell but without crm".to_owned()),
        ["tui", ..] => Run::Refused("this is the dashboard already".to_owned()),
        ["demo", ..] => Run::Refused("the sample is another base: run crm demo in a shell".to_owned()),
        ["pick", ..] => Run::Refused("the palette picks: type a name".to_owned()),
        [_, "edit"] => Run::HandedOver(words),
        _ => Run::Captured(words),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_and_words_say_what_is_typed_for() {
        let known = |word: &str| ["log", "company"].contains(&word);
        for (text, expected) in [
            ("acme", (Mode::All, "acme")),
            ("log", (Mode::All, "log")),
            ("log C1 call", (Mode::Line, "log C1 call")),
            (" log ", (Mode::Line, "log ")),
            (">log C1", (Mode::Line, "log C1")),
            (">undo", (Mode::Commands, "undo")),
            ("crm find 张伟", (Mode::Line, "find 张伟")),
            ("crm", (Mode::All, "crm")),
            ("@wei", (Mode::People, "wei")),
            ("#log x", (Mode::Tags, "log x")),
            ("/is:quiet", (Mode::Filter, "is:quiet")),
            ("张 伟", (Mode::All, "张 伟")),
        ] {
            assert_eq!(mode(text, known), expected, "{text}");
        }
    }

    #[test]
    fn signs_go_round() {
        let mut text = "wei".to_owned();
        let mut seen = Vec::new();
        for _ in 0..5 {
            text = next_sigil(&text);
            seen.push(text.clone());
        }
        assert_eq!(seen, [">wei", "@wei", "#wei", "/wei", "wei"]);
    }

    #[test]
    fn the_last_word_begins_behind_a_blank_outside_quotes() {
        for (line, start) in [
            ("", 0),
            ("log", 0),
            ("log ", 4),
            ("log C1 'two wo", 7),
            ("find 张伟 x", 8),
            ("a \"b c\" d", 8),
            (r"a b\ c", 2),
        ] {
            assert_eq!(last_word(line), start, "{line}");
        }
    }

    #[test]
    fn words_are_put_as_a_shell_reads_them() {
        for (word, text) in [
            ("customer", "customer "),
            ("city=", "city="),
            ("two words", "'two words' "),
            ("--owner=Jo Do", "--owner='Jo Do' "),
            ("C42", "C42 "),
        ] {
            assert_eq!(put(word), text);
        }
    }

    #[test]
    fn what_wants_the_terminal_gets_it_or_is_refused() {
        let words = |text: &str| text.split(' ').map(str::to_owned).collect();
        for (line, expected) in [
            ("crm log C1 call", Run::Captured(words("log C1 call"))),
            ("customer edit C1", Run::HandedOver(words("customer edit C1"))),
            ("config edit", Run::HandedOver(words("config edit"))),
            ("undo", Run::Captured(words("undo"))),
        ] {
            assert_eq!(run(line), expected, "{line}");
        }
        for line in ["tui", "pick customer", "--yes demo", "crm", "", "log 'C1"] {
            assert!(matches!(run(line), Run::Refused(_)), "{line}");
        }
    }
}
