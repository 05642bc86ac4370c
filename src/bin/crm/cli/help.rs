//! `crm help`: what there is to know beside the flags of a command, as plain text.

use std::io::Write;

use clap::{ArgMatches, Args, Command};
use crm::domain::near::near;
use crm::error::{Error, Kind, Result};

use crate::cli::open_tui;
use crate::ctx::Ctx;

/// The topics, each with its text.
pub(crate) const TOPICS: [(&str, &str); 7] = [
    ("filter", include_str!("help/filter.txt")),
    ("dates", include_str!("help/dates.txt")),
    ("repeat", include_str!("help/repeat.txt")),
    ("formats", include_str!("help/formats.txt")),
    ("exit-codes", include_str!("help/exit-codes.txt")),
    ("env", include_str!("help/env.txt")),
    ("hooks", include_str!("help/hooks.txt")),
];

/// The topic that is made of the actions of the dashboard and the keys that the settings give them.
pub(crate) const KEYS: &str = "keys";

/// Explain a topic or a command
#[derive(Debug, Args)]
struct HelpArgs {
    /// filter, dates, repeat, formats, exit-codes, env, hooks or keys; or a command: customer add
    words: Vec<String>,
}

pub(crate) fn define(command: Command) -> Command {
    HelpArgs::augment_args(command)
}

pub(crate) fn run(ctx: &Ctx, matches: &ArgMatches) -> Result<()> {
    let args: HelpArgs = crate::cli::parsed(matches)?;
    let topic = match args.words.as_slice() {
        [word] => TOPICS.iter().find(|(name, _)| name == word),
        _ => None,
    };
    let text = match topic {
        Some((_, text)) => (*text).to_owned(),
        None if args.words == [KEYS] => open_tui::keys(&ctx.config),
        None => of_command(&args.words)?,
    };
    ctx.ui.out().write_all(text.as_bytes())?;
    Ok(())
}

/// What `--help` says of a command.
fn of_command(words: &[String]) -> Result<String> {
    // Found word by word first: a stray word behind a command would be taken for its argument.
    let mut known = crate::cli::tree::command();
    known.build();
    let mut at = &known;
    for word in words {
        at = at.find_subcommand(word).ok_or_else(|| {
            let names = at.get_subcommands().map(Command::get_name);
            let topics = TOPICS.iter().map(|(name, _)| *name).chain([KEYS]);
            let names: Vec<&str> = names.chain(topics).collect();
            Error::new(
                Kind::Usage,
                format!("there is no command or topic {:?}", words.join(" ")),
            )
            .with_near(near(word, names))
        })?;
    }
    let line = ["crm"]
        .into_iter()
        .chain(words.iter().map(String::as_str))
        .chain(["--help"]);
    match crate::cli::tree::command().try_get_matches_from(line) {
        Err(help) => Ok(help.to_string()),
        Ok(_) => Err(Error::internal("help was taken for a command")),
    }
}

#[cfg(test)]
mod tests {
    use crm::domain::clock::Clock;
    use crm::domain::when::{Leaning, Reading, read};
    use crm::query;

    use crm::domain::recurrence::Recurrence;
    use crm::domain::reminder::Reminder;

    use super::*;
    use crate::cli::failure::exit_code;

    fn topic(name: &str) -> &'static str {
        TOPICS.iter().find(|(known, _)| *known == name).unwrap().1
    }

    /// What stands at the left of each indented line.
    fn examples(name: &str) -> impl Iterator<Item = &'static str> {
        topic(name)
            .lines()
            .filter_map(|line| line.strip_prefix("  "))
            .filter(|line| !line.starts_with(' '))
            .map(|line| line.split("  ").next().unwrap().trim())
    }

    #[test]
    fn every_filter_in_the_text_is_one() {
        for filter in examples("filter") {
            query::parse(filter).unwrap_or_else(|error| panic!("{filter}: {error:?}"));
        }
        assert!(examples("filter").count() > 15);
    }

    #[test]
    fn every_phrase_in_the_text_is_read() {
        let clock = Clock::new(
            "2026-11-21T09:00:00Z".parse().unwrap(),
            jiff::tz::TimeZone::get("Europe/Berlin").unwrap(),
        );
        let reading = Reading::new(&clock, Leaning::Future);
        for phrase in examples("dates").flat_map(|phrases| phrases.split(", ")) {
            read(phrase, &reading).unwrap_or_else(|error| panic!("{phrase}: {error:?}"));
        }
        assert!(examples("dates").count() > 10);
    }

    #[test]
    fn every_rule_and_reminder_in_the_text_is_one() {
        let clock = Clock::new(
            "2026-11-21T09:00:00Z".parse().unwrap(),
            jiff::tz::TimeZone::get("Europe/Berlin").unwrap(),
        );
        let reading = Reading::new(&clock, Leaning::Future);
        let mut count = 0;
        for text in examples("repeat").flat_map(|texts| texts.split("; ")) {
            let is_rule = Recurrence::read(text, &reading).is_ok();
            assert!(is_rule || Reminder::read(text, &reading).is_ok(), "{text}");
            count += 1;
        }
        assert!(count > 20, "{count}");
    }

    #[test]
    fn every_exit_code_is_in_the_text() {
        let codes: Vec<u8> = examples("exit-codes").map(|code| code.parse().unwrap()).collect();
        for kind in [
            Kind::Io,
            Kind::Usage,
            Kind::NotFound,
            Kind::Ambiguous,
            Kind::Invalid,
            Kind::Partial,
            Kind::Busy,
            Kind::Unconfirmed,
            Kind::ReadOnly,
            Kind::Missing,
            Kind::Corrupt,
            Kind::Interrupted,
        ] {
            assert!(codes.contains(&exit_code(kind)), "{kind:?}");
        }
        assert!(codes.is_sorted(), "{codes:?}");
    }

    #[test]
    fn every_variable_that_is_read_is_in_the_text() {
        let mut sources = concat!(include_str!("args.rs"), include_str!("../ctx/environment.rs")).to_owned();
        sources.push_str(&format!("{:?}", crate::runner::DEPTH));
        let read: Vec<&str> = sources
            .split('"')
            .filter(|text| text.starts_with("CRM_") || ["NO_COLOR", "TZ"].contains(text))
            // What only tests set is nothing for people.
            .filter(|text| !text.starts_with("CRM_TEST_"))
            .collect();
        let told: Vec<&str> = examples("env").collect();
        assert!(read.len() > 8, "{read:?}");
        for name in read {
            assert!(told.contains(&name), "{name}");
        }
        for name in told.iter().filter(|name| name.starts_with("CRM_")) {
            assert!(sources.contains(&format!("\"{name}\"")), "{name} is not read");
        }
    }
}
