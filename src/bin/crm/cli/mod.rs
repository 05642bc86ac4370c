//! The command line: a tree of commands, each a translation of arguments into one operation.
//!
//! The tree is built lazily: a command's own arguments are added only when it is the one that was typed, so that the
//! start of the program does not grow with the number of commands.

mod activity;
pub(crate) mod args;
mod article;
mod assignment;
mod attach;
mod backup;
mod book;
mod brief;
mod bulk;
mod calendar;
mod check;
mod compact;
mod complete;
mod config;
mod convention;
mod copies;
mod customer;
mod deal;
mod demo;
mod doctor;
mod dump;
mod dupes;
mod edit;
mod editor;
mod examples;
mod export;
mod failure;
mod feedback;
mod filter;
mod find;
mod flow;
mod folder;
mod form;
mod given;
mod help;
mod hyphen;
mod import;
mod init;
pub(crate) mod input;
mod mail;
mod man;
mod merge;
mod note;
mod nouns;
mod open_tui;
mod operations;
mod order;
pub(crate) mod output;
mod paper;
mod pick;
mod pipeline;
mod pool;
mod privacy;
mod qualification;
mod quote;
mod rate;
mod records;
mod relation;
mod remind;
mod report;
mod rule;
mod schema;
mod score;
mod show;
mod sla;
mod sql;
mod survey;
mod tags;
mod task;
mod ticket;
mod today;
mod trash;
mod tree;
pub(crate) mod ui;
mod user;
mod vdir;
mod view;
mod watch;
mod written;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::parser::ValueSource;
use clap::{ArgMatches, FromArgMatches};
use crm::config::Config;
use crm::error::{Error, Kind, Result};

use crate::cli::args::Global;
use crate::cli::ui::Outcome;
use crate::ctx::{Ctx, Environment};

/// The exit code of a command line that makes no sense.
const USAGE: u8 = 2;

/// Runs the command line and gives the exit code.
pub(crate) fn main(environment: &Environment) -> u8 {
    if let Some(code) = complete::answer(environment) {
        return code;
    }
    let words = match environment.words() {
        Ok(words) => words,
        Err(error) => {
            let ui = environment.ui(&Global::default(), &Config::default());
            return failure::report(&ui, &error, false);
        }
    };
    let matches = tree::part(&words)
        .try_get_matches_from(&words)
        .or_else(|error| match error.kind() {
            ErrorKind::DisplayVersion => Err(error),
            _ => tree::command().try_get_matches_from(&words),
        })
        .or_else(|error| hyphen::read_again(tree::command(), &words, error));
    let matches = match matches {
        Ok(matches) => matches,
        Err(error) => return usage(environment, error),
    };
    let mut global = match Global::from_arg_matches(&matches) {
        Ok(global) => global,
        Err(error) => return usage(environment, error),
    };
    global.db_on_line = matches.value_source("db") == Some(ValueSource::CommandLine);
    global.region_on_line = matches.value_source("region") == Some(ValueSource::CommandLine);
    let json = global.json.is_some() || matches!(global.format.as_deref(), Some("json" | "ndjson"));
    let mut ctx = match Ctx::new(global.clone(), environment.clone()) {
        Ok(ctx) => ctx,
        Err(error) => return failure::report(&environment.ui(&global, &Config::default()), &error, json),
    };
    if matches.subcommand_name().is_none() && !ctx.is_interactive() {
        ctx.ui.mistake(&tree::command().render_help().to_string());
        return USAGE;
    }
    let outcome = run(&mut ctx, &matches).and_then(|()| Ok(ctx.ui.finish()?));
    let code = match outcome {
        Ok(Outcome::Done | Outcome::Closed) => ctx.exit.get(),
        Err(error) => {
            // What was done in part, or found to be wrong, has its data all the same.
            let told = matches!(error.kind(), Kind::Partial | Kind::Altered);
            let kept = told && ctx.ui.finish().is_ok();
            let gone = if kept { Ok(()) } else { ctx.ui.give_up() };
            match (ui::is_closed(&error), gone) {
                (true, Ok(())) => 0,
                (true, Err(error)) => failure::report(&ctx.ui, &error.into(), json),
                (false, _) => failure::report(&ctx.ui, &error, json),
            }
        }
    };
    if ctx.global.stats {
        let (rows, ms) = (ctx.ui.rows.get(), ctx.elapsed_ms());
        let line = serde_json::json!({"rows": rows, "ms": ms, "op": ctx.op.get(), "exit": code});
        ctx.ui.machine_line(&line.to_string());
    }
    code
}

/// What works with settings that cannot be read, because it shows where they are, mends them or needs none.
const WITHOUT_SETTINGS: [&str; 7] = ["completions", "config", "doctor", "help", "locate", "man", "tui"];

fn run(ctx: &mut Ctx, matches: &ArgMatches) -> Result<()> {
    let Some((name, matches)) = matches.subcommand() else {
        return open_tui::run(ctx);
    };
    if !WITHOUT_SETTINGS.contains(&name) {
        ctx.settled()?;
    }
    ctx.ui.check_place()?;
    let entry = tree::ENTRIES.iter().find(|entry| entry.name == name);
    let entry = entry.ok_or_else(|| Error::internal(format!("the command {name} leads nowhere")))?;
    ctx.operation = operation(name, matches);
    let outcome = (entry.run)(ctx, matches);
    ctx.say_later();
    outcome
}

/// What hooks call a command: its words with hyphens; contacts and companies are customers.
fn operation(name: &str, matches: &ArgMatches) -> String {
    let mut words = vec![match name {
        "contact" | "company" => "customer",
        name => name,
    }];
    let mut at = matches;
    while let Some((verb, inner)) = at.subcommand() {
        words.push(verb);
        at = inner;
    }
    words.join("-")
}

/// Prints help, a version or a mistake in the arguments, which may hold anything.
fn usage(environment: &Environment, mut error: clap::Error) -> u8 {
    // Plurals are understood and shown nowhere, so that they are not proposed either.
    if let Some(ContextValue::Strings(names)) = error.get(ContextKind::SuggestedSubcommand).cloned() {
        let plurals: Vec<&str> = tree::ENTRIES
            .iter()
            .filter_map(|entry| tree::plural(entry.name))
            .collect();
        let names = names.into_iter().filter(|name| !plurals.contains(&name.as_str()));
        error.insert(
            ContextKind::SuggestedSubcommand,
            ContextValue::Strings(names.collect()),
        );
    }
    if error.use_stderr() {
        let ui = environment.ui(&Global::default(), &Config::default());
        ui.mistake(&error.render().to_string());
    } else {
        // Help that nobody reads to its end is no failure.
        let _ = error.print();
    }
    u8::try_from(error.exit_code()).unwrap_or(USAGE)
}

/// The arguments of a command, which clap has checked.
pub(crate) fn parsed<T: FromArgMatches>(matches: &ArgMatches) -> Result<T> {
    T::from_arg_matches(matches).map_err(|error| Error::new(Kind::Usage, error.to_string()))
}
