//! Words that begin with a hyphen, where free words are asked for: `crm find -sharp`, `crm filter explain deal -vip`,
//! `crm task snooze T1 -1d`.

use std::ffi::OsString;

use clap::error::ErrorKind;
use clap::{ArgMatches, Args, Command};

use crate::cli::args::Global;

/// Commands whose words are free.
const FREE: [&str; 3] = ["find", "filter", SNOOZE];

/// The verb whose last word may be a span into the past, and which has a flag of one letter of its own.
const SNOOZE: &str = "snooze";

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
    if error.kind() != ErrorKind::UnknownArgument || !words.iter().any(is_free) {
        return Err(error);
    }
    match command.try_get_matches_from(set_apart(words)) {
        Ok(matches) if takes_free_words(&matches) => Ok(matches),
        _ => Err(error),
    }
}

/// True for a free command, and for a verb that is one.
fn takes_free_words(matches: &ArgMatches) -> bool {
    matches
        .subcommand()
        .is_some_and(|(name, below)| FREE.contains(&name) || takes_free_words(below))
}

fn is_free(word: &OsString) -> bool {
    FREE.iter().any(|name| word == name)
}

/// The same words, with those of one hyphen that are no flags moved behind a `--`, in their order.
fn set_apart(words: &[OsString]) -> Vec<OsString> {
    let flags = Global::augment_args(Command::new("crm"));
    let letters: Vec<char> = flags
        .get_arguments()
        .filter_map(clap::Arg::get_short)
        .chain(['h', 'V'])
        .chain(words.iter().any(|word| word == SNOOZE).then_some('w'))
        .collect();
    let is_word = |word: &OsString| {
        let word = word.to_string_lossy();
        let rest = word.strip_prefix('-').filter(|rest| !rest.starts_with('-'));
        rest.is_some_and(|rest| rest.chars().any(|letter| !letters.contains(&letter)))
    };
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
        assert_eq!(
            apart("crm task snooze -w mine -1d -y"),
            "crm task snooze -w mine -y -- -1d"
        );
        assert_eq!(apart("crm find -w"), "crm find -- -w");
        assert_eq!(apart("crm find -b -- -c --d"), "crm find -- -b -c --d");
        assert_eq!(apart("crm find - --limt 3"), "crm find - --limt 3 --");
    }
}
