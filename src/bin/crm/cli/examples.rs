//! Examples in the help of commands: each is a line that runs as it stands against the base that `crm demo` makes.
//!
//! A command that brings examples of its own keeps them. `contact` and `company` borrow those of `customer`.

use clap::Command;

/// Commands, each with its examples, indented, below. A line that is meant to fail ends in `# exit N`.
const EXAMPLES: &str = include_str!("help/examples.txt");

/// What stands above examples.
const TITLE: &str = "Examples:";

/// Puts examples under the help of a command and of its verbs, where they have none.
pub(crate) fn on(mut command: Command) -> Command {
    let words = command.get_name().to_owned();
    let more = command.get_after_help().map(ToString::to_string);
    if let Some(text) = of(&words) {
        command = command.after_help(match more {
            // One section, whatever the command says by itself.
            Some(more) if more.contains(TITLE) => more.replacen(TITLE, &text, 1),
            Some(more) => format!("{more}\n\n{text}"),
            None => text,
        });
    }
    below(command, &words)
}

/// The same for the verbs of the command that is called by `words`.
pub(crate) fn below(mut command: Command, words: &str) -> Command {
    let verbs: Vec<String> = command
        .get_subcommands()
        .filter(|verb| verb.get_after_help().is_none())
        .map(|verb| verb.get_name().to_owned())
        .collect();
    for verb in verbs {
        if let Some(text) = of(&format!("{words} {verb}")) {
            command = command.mut_subcommand(verb, |verb| verb.after_help(text));
        }
    }
    command
}

/// The examples of the command that is called by `words`, as they stand in the help.
fn of(words: &str) -> Option<String> {
    let borrowed = || {
        let (noun, verb) = words.split_once(' ')?;
        matches!(noun, "contact" | "company").then_some(())?;
        let text = lines(&format!("customer {verb}"))?;
        Some(text.replace("crm customer ", &format!("crm {noun} ")))
    };
    let text = lines(words).map(str::to_owned).or_else(borrowed)?;
    Some(format!("{TITLE}\n{text}"))
}

/// The lines below the one that is just `words`.
fn lines(words: &str) -> Option<&'static str> {
    let mut rest = EXAMPLES;
    loop {
        let (_, after) = rest.split_once(words)?;
        // The examples themselves say the words of commands too, but not alone on a line.
        let begins = EXAMPLES
            .get(..EXAMPLES.len() - after.len() - words.len())
            .is_some_and(|before| before.is_empty() || before.ends_with('\n'));
        if begins && let Some(block) = after.strip_prefix('\n') {
            let ends = block.match_indices('\n').find(|(at, _)| {
                let next = block.get(at + 1..).unwrap_or_default();
                !next.starts_with("  ")
            });
            return ends.and_then(|(at, _)| block.get(..at));
        }
        rest = after;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_entry_is_of_a_command() {
        let mut root = crate::cli::tree::command();
        root.build();
        let mut idle = Vec::new();
        for name in EXAMPLES.lines().filter(|line| !line.starts_with(' ')) {
            let mut at = &root;
            for word in name.split(' ') {
                at = at.find_subcommand(word).unwrap_or_else(|| panic!("{name}"));
            }
            let (help, lines) = (
                at.get_after_help().map(ToString::to_string),
                lines(name).unwrap_or_default(),
            );
            if !help.is_some_and(|help| help.contains(lines)) {
                idle.push(name);
            }
            assert!(
                lines.starts_with("  crm ") || lines.starts_with("  printf "),
                "{name}"
            );
        }
        assert!(idle.is_empty(), "these bring examples of their own: {idle:?}");
        assert_eq!(lines("customer"), None);
        assert_eq!(lines("locate"), Some("  crm locate"));
        assert!(of("company show").unwrap().contains("crm company show C1"));
    }
}
