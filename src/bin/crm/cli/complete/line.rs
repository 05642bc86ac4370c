//! Reads a line that is being typed over the tree of commands: which command it is, and what the last word may be.

use clap::{Arg, Command};
use crm::domain::noun::Noun;

/// What is known of the word that is being typed.
#[derive(Debug)]
pub(super) enum Place {
    /// It is a verb, or a word of the command itself.
    Word {
        /// The verbs of the command, each with its line in the help.
        verbs: Vec<(String, String)>,
        /// The argument that words without a flag go to.
        argument: Option<Arg>,
    },
    /// It is a flag.
    Flag(Vec<Arg>),
    /// It is the value of a flag.
    Value(Arg),
}

/// A line as far as it was typed.
#[derive(Debug)]
pub(super) struct Line {
    /// The words that name the command: `customer add`.
    pub(super) path: Vec<String>,
    /// What the last word is.
    pub(super) place: Place,
    /// What stands before the typed part in the same word, and stays: `--format=`.
    pub(super) before: String,
    /// The typed part of the last word.
    pub(super) typed: String,
    /// The flags with values that were given, by their long names.
    pub(super) flags: Vec<(String, String)>,
    /// The words that were given to the command itself.
    pub(super) words: Vec<String>,
}

impl Line {
    /// The noun that the command is about.
    pub(super) fn noun(&self) -> Option<Noun> {
        let first = self.path.first()?;
        match first.as_str() {
            "log" | "dupes" => Some(Noun::Customer),
            "activity" if self.path.iter().any(|word| word == "add") => Some(Noun::Customer),
            // The noun is the first word of the command itself.
            "import" | "export" | "filter" | "pick" => self.words.iter().find_map(|word| Noun::parse(word)),
            _ => Noun::parse(first),
        }
    }

    /// The value of a flag that was given.
    pub(super) fn flag(&self, long: &str) -> Option<&str> {
        let given = self.flags.iter().rev().find(|(name, _)| name == long);
        given.map(|(_, value)| value.as_str())
    }
}

/// The command that has been reached, its flags, and those that stand anywhere.
struct Reached {
    command: Command,
    global: Vec<Arg>,
    path: Vec<String>,
}

impl Reached {
    fn args(&self) -> impl Iterator<Item = &Arg> {
        let known = |arg: &Arg| self.global.iter().any(|global| global.get_id() == arg.get_id());
        self.command
            .get_arguments()
            .filter(move |arg| !known(arg))
            .chain(&self.global)
            .filter(|arg| !arg.is_positional() && !arg.is_hide_set())
    }

    fn long(&self, name: &str) -> Option<&Arg> {
        self.args().find(|arg| arg.get_long() == Some(name))
    }

    fn short(&self, letter: char) -> Option<&Arg> {
        self.args().find(|arg| arg.get_short() == Some(letter))
    }

    /// Goes down to the subcommand called `word`.
    fn descend(&mut self, word: &str) -> bool {
        let Some(command) = self.command.find_subcommand(word) else {
            return false;
        };
        // Only what was typed is built: the tree is large.
        let mut command = command.clone();
        command.build();
        self.path.push(command.get_name().to_owned());
        self.command = command;
        true
    }

    /// The argument that the word after `count` others goes to.
    fn argument(&self, count: usize) -> Option<Arg> {
        let all: Vec<&Arg> = self.command.get_positionals().collect();
        let last = all.last().copied().filter(|arg| {
            matches!(arg.get_action(), clap::ArgAction::Append)
                || arg.get_num_args().is_some_and(|range| range.max_values() > 1)
        });
        all.get(count).copied().or(last).cloned()
    }

    fn verbs(&self) -> Vec<(String, String)> {
        self.command
            .get_subcommands()
            .filter(|command| {
                !command.is_hide_set() && (self.path.is_empty() || command.get_name() != "help")
            })
            .map(|command| {
                let about = command.get_about().map(ToString::to_string).unwrap_or_default();
                (command.get_name().to_owned(), about)
            })
            .collect()
    }
}

/// Reads the words before the cursor and the one at it; `root` is the whole tree, unbuilt.
pub(super) fn read(root: Command, before: &[String], typed: &str) -> Line {
    let global = root.get_arguments().cloned().collect();
    let mut reached = Reached {
        command: root,
        global,
        path: Vec::new(),
    };
    let mut flags: Vec<(String, String)> = Vec::new();
    let mut words: Vec<String> = Vec::new();
    let mut waiting: Option<Arg> = None;
    let mut ended = false;
    for word in before {
        if let Some(arg) = waiting.take() {
            flags.push((arg.get_long().unwrap_or_default().to_owned(), word.clone()));
        } else if ended || word == "-" || !word.starts_with('-') {
            if ended || !words.is_empty() || !reached.descend(word) {
                words.push(word.clone());
            }
        } else if word == "--" {
            ended = true;
        } else {
            waiting = flag(&reached, word, &mut flags);
        }
    }
    let (place, stays, typed) = place(&reached, waiting, ended, &words, typed);
    Line {
        place,
        before: stays,
        typed,
        path: reached.path,
        flags,
        words,
    }
}

/// Notes a flag that was typed whole; the argument if its value is the next word.
fn flag(reached: &Reached, word: &str, flags: &mut Vec<(String, String)>) -> Option<Arg> {
    if let Some(long) = word.strip_prefix("--") {
        return match long.split_once('=') {
            Some((name, value)) => {
                flags.push((name.to_owned(), value.to_owned()));
                None
            }
            None => reached.long(long).filter(|arg| wants_word(arg)).cloned(),
        };
    }
    for (at, letter) in word.trim_start_matches('-').char_indices() {
        let arg = reached.short(letter)?;
        if !takes_value(arg) {
            continue;
        }
        let rest = word.get(at + 1 + letter.len_utf8()..).unwrap_or_default();
        if rest.is_empty() {
            return Some(arg.clone()).filter(wants_word);
        }
        let value = rest.strip_prefix('=').unwrap_or(rest).to_owned();
        flags.push((arg.get_long().unwrap_or_default().to_owned(), value));
        return None;
    }
    None
}

fn takes_value(arg: &Arg) -> bool {
    arg.get_action().takes_values()
}

/// True if the value may be the next word; `--json` takes one only behind an equals sign.
fn wants_word(arg: &Arg) -> bool {
    takes_value(arg) && !arg.is_require_equals_set()
}

/// What the last word is, what of it stays, and what was typed.
fn place(
    reached: &Reached,
    waiting: Option<Arg>,
    ended: bool,
    words: &[String],
    typed: &str,
) -> (Place, String, String) {
    if let Some(arg) = waiting {
        return (Place::Value(arg), String::new(), typed.to_owned());
    }
    if !ended && typed.starts_with('-') {
        let valued = typed.strip_prefix("--").and_then(|word| word.split_once('='));
        if let Some((name, value)) = valued
            && let Some(arg) = reached.long(name).filter(|arg| takes_value(arg))
        {
            return (Place::Value(arg.clone()), format!("--{name}="), value.to_owned());
        }
        let args = reached.args().cloned().collect();
        return (Place::Flag(args), String::new(), typed.to_owned());
    }
    let verbs = if words.is_empty() && !ended {
        reached.verbs()
    } else {
        Vec::new()
    };
    let argument = reached.argument(words.len());
    (Place::Word { verbs, argument }, String::new(), typed.to_owned())
}

/// A word as a shell would hand it over: quotes and backslashes taken off. An open quote is closed at the end.
pub(super) fn unquoted(word: &str) -> String {
    let mut plain = String::new();
    let mut quote = None;
    let mut letters = word.chars();
    while let Some(letter) = letters.next() {
        match (quote, letter) {
            (None, '\'' | '"') => quote = Some(letter),
            (Some(open), closing) if open == closing => quote = None,
            (None | Some('"'), '\\') => plain.extend(letters.next()),
            _ => plain.push(letter),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(text: &str) -> Line {
        let mut words: Vec<String> = text.split(' ').map(str::to_owned).collect();
        let typed = words.pop().unwrap();
        read(crate::cli::tree::command(), &words, &typed)
    }

    /// The place in short: what of the word stays, and the argument or the sort of word.
    fn shown(text: &str) -> String {
        let line = line(text);
        let place = match &line.place {
            Place::Word { verbs, argument } => {
                let argument = argument.as_ref().map_or("", |arg| arg.get_id().as_str());
                format!(
                    "{} verbs {argument}",
                    if verbs.is_empty() { "no" } else { "some" }
                )
            }
            Place::Flag(_) => "flag".to_owned(),
            Place::Value(arg) => format!("value of {}", arg.get_id()),
        };
        format!("{}|{}|{}|{place}", line.path.join(" "), line.before, line.typed)
    }

    #[test]
    fn places() {
        for (text, expected) in [
            ("", "||".to_owned() + "|some verbs "),
            ("cust", "||cust|some verbs ".to_owned()),
            ("customer ", "customer|||some verbs ".to_owned()),
            (
                "customers show C",
                "customer show||C|no verbs references".to_owned(),
            ),
            (
                "customer show C1 C",
                "customer show||C|no verbs references".to_owned(),
            ),
            (
                "--db x customer --as me show ",
                "customer show|||no verbs references".to_owned(),
            ),
            ("-qn customer add --ow", "customer add||--ow|flag".to_owned()),
            (
                "customer add --owner s",
                "customer add||s|value of owner".to_owned(),
            ),
            (
                "customer add --owner=s",
                "customer add|--owner=|s|value of owner".to_owned(),
            ),
            (
                "customer list -w is:",
                "customer list||is:|value of filters".to_owned(),
            ),
            ("customer list -wis:open ", "customer list|||no verbs ".to_owned()),
            ("customer list --json n", "customer list||n|no verbs ".to_owned()),
            (
                "customer list --json=n",
                "customer list|--json=|n|value of json".to_owned(),
            ),
            ("find -- --x", "find||--x|no verbs words".to_owned()),
            ("deal move D1 ", "deal move|||no verbs words".to_owned()),
            (
                "pipeline stage set sales ",
                "pipeline stage set|||no verbs stage".to_owned(),
            ),
            ("nonsense ", "|||no verbs ".to_owned()),
        ] {
            assert_eq!(shown(text), expected, "{text:?}");
        }
    }

    #[test]
    fn flags_are_noted() {
        let line = line("customer list -w is:mine --db=a.db -Fname --as wei --sort ");
        assert_eq!(line.flag("db"), Some("a.db"));
        assert_eq!(line.flag("fields"), Some("name"));
        assert_eq!(line.flag("as"), Some("wei"));
        assert_eq!(line.flag("where"), Some("is:mine"));
    }

    #[test]
    fn quotes_are_taken_off() {
        for (word, expected) in [
            ("plain", "plain"),
            ("'Anna K", "Anna K"),
            (r#""Anna "K"#, "Anna K"),
            (r"Anna\ K", "Anna K"),
            (r"'a\b'", r"a\b"),
            ("张\\", "张"),
        ] {
            assert_eq!(unquoted(word), expected, "{word}");
        }
    }

    proptest::proptest! {
        #[test]
        fn nothing_that_is_typed_panics(words in proptest::collection::vec("(-{0,2}[a-z]{0,9}[=:,]?|customer|list|--|-w|\\PC{0,4})", 0..6), typed in "\\PC{0,8}") {
            let line = read(crate::cli::tree::command(), &words, &typed);
            proptest::prop_assert!(typed.ends_with(&line.typed));
        }
    }
}
