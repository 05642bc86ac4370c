//! Words that begin with a hyphen, where free words are asked for: `crm find -sharp`, `crm filter explain deal -vip`; and
//! spans of time that do: `crm task snooze T1 -1d`.

use std::ffi::OsString;

use clap::error::ErrorKind;
use clap::{ArgMatches, Args, Command};

use crate::cli::args::Global;

/// Commands whose words are free.
const FREE: [&str; 2] = ["find", "filter"];

/// Commands whose words may be a span of time.
const TIMED: [&str; 1] = ["task"];

/// Reads a line again that failed with `error`, with its hyphened words behind a `--`; the error stands if that does
/// not help.
///
/// Letting the argument itself take hyphens would not do: it would swallow every flag that comes after the first
/// word. A word of two hyphens stays a mistake, because it is most likely a flag that was mistyped.
pub(crate) fn read_again(
    command: Command,
    words: &[OsString],
    error: clap::Error,
) -> Result<ArgMatches, clap::Error> {
    if error.kind() != ErrorKind::UnknownArgument {
        return Err(error);
    }
    let names = |names: &[&str]| words.iter().any(|word| names.iter().any(|name| word == name));
    let (apart, commands) = if names(&FREE) {
        (set_apart(words), FREE.as_slice())
    } else if names(&TIMED) {
        (moved(words, is_span), TIMED.as_slice())
    } else {
        return Err(error);
    };
    match command.try_get_matches_from(apart) {
        Ok(matches)
            if matches
                .subcommand_name()
                .is_some_and(|name| commands.contains(&name)) =>
        {
            Ok(matches)
        }
        _ => Err(error),
    }
}

/// True for `-1d`.
fn is_span(word: &OsString) -> bool {
    let word = word.to_string_lossy();
    let rest = word.strip_prefix('-');
    rest.is_some_and(|rest| rest.starts_with(|letter: char| letter.is_ascii_digit()))
}

/// The same words, with those of one hyphen that are no flags moved behind a `--`, in their order.
fn set_apart(words: &[OsString]) -> Vec<OsString> {
    let flags = Global::augment_args(Command::new("crm"));
    let letters: Vec<char> = flags
        .get_arguments()
        .filter_map(clap::Arg::get_short)
        .chain(['h', 'V'])
        .collect();
    let is_word = |word: &OsString| {
        let word = word.to_string_lossy();
        let rest = word.strip_prefix('-').filter(|rest| !rest.starts_with('-'));
        rest.is_some_and(|rest| rest.chars().any(|letter| !letters.contains(&letter)))
    };
    moved(words, is_word)
}

/// The same words, with those that `is_word` means moved behind a `--`, in their order.
fn moved(words: &[OsString], is_word: impl Fn(&OsString) -> bool) -> Vec<OsString> {
    let end = words.iter().position(|word| word == "--").unwrap_or(words.len());
    let (before, after) = words.split_at(end);
    let (moved, kept): (Vec<&OsString>, Vec<&OsString>) = before.iter().partition(|word| is_word(word));
    let mark = OsString::from("--");
    kept.into_iter()
        .chain([&mark])
        .chain(moved)
        .chain(after.iter().skip(1))
        .cloned()
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn apart(line: &str) -> String {
        let words: Vec<OsString> = line.split(' ').map(OsString::from).collect();
        let words: Vec<String> = set_apart(&words)
            .into_iter()
            .map(|word| word.into_string().unwrap())
            .collect();
        words.join(" ")
    }

    #[test]
    fn only_words_move() {
        assert_eq!(apart("crm find -sharp"), "crm find -- -sharp");
        assert_eq!(
            apart("crm find -b x -qn --limit 3 -a"),
            "crm find x -qn --limit 3 -- -b -a"
        );
        assert_eq!(apart("crm find -b -- -c --d"), "crm find -- -b -c --d");
        assert_eq!(apart("crm find - --limt 3"), "crm find - --limt 3 --");
    }
}
