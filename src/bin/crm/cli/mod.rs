//! The command line: a tree of commands, each a translation of arguments into one operation.
//!
//! The tree is built lazily: a command's own arguments are added only when it is the one that was typed, so that the
//! start of the program does not grow with the number of commands.

mod activity;
pub(crate) mod args;
mod attach;
mod backup;
mod brief;
mod bulk;
mod check;
mod compact;
mod complete;
mod config;
mod customer;
mod deal;
mod demo;
mod doctor;
mod dump;
mod edit;
mod editor;
mod examples;
mod export;
mod failure;
mod filter;
mod find;
mod folder;
mod help;
mod hyphen;
mod import;
mod init;
mod man;
mod note;
mod nouns;
mod open_tui;
mod operations;
pub(crate) mod output;
mod pick;
mod pipeline;
mod rate;
mod records;
mod relation;
mod remind;
mod report;
mod schema;
mod show;
mod sql;
mod tags;
mod task;
mod today;
mod trash;
pub(crate) mod ui;
mod user;
mod view;
mod watch;
mod written;

use clap::error::{ContextKind, ContextValue};
use clap::parser::ValueSource;
use clap::{ArgMatches, Args, Command, FromArgMatches};
use crm::config::Config;
use crm::domain::noun::Noun;
use crm::error::{Error, Kind, Result};

use crate::cli::args::Global;
use crate::cli::ui::Outcome;
use crate::ctx::{Ctx, Environment};

/// One entry of the tree.
struct Entry {
    /// The word.
    name: &'static str,
    /// Its line in the help.
    about: &'static str,
    /// Adds its arguments and subcommands.
    define: fn(Command) -> Command,
    /// Runs it.
    run: fn(&Ctx, &ArgMatches) -> Result<()>,
}

/// All commands, in the order of the help.
const ENTRIES: &[Entry] = &[
    Entry {
        name: "today",
        about: "Whom to contact today, and why",
        define: today::define,
        run: today::run,
    },
    Entry {
        name: "tui",
        about: "The dashboard, which `crm` alone opens too",
        define: open_tui::define,
        run: open_tui::run,
    },
    Entry {
        name: "remind",
        about: "What became due since the last run, for cron",
        define: remind::define,
        run: remind::run,
    },
    Entry {
        name: "brief",
        about: "What to know before a call, on one screen",
        define: brief::define,
        run: brief::run,
    },
    Entry {
        name: "show",
        about: "The whole story of a record",
        define: show::define,
        run: show::run,
    },
    Entry {
        name: "customer",
        about: "People and companies",
        define: customer::define,
        run: customer::run,
    },
    Entry {
        name: "contact",
        about: "Customers of type person",
        define: customer::define,
        run: customer::run_contact,
    },
    Entry {
        name: "company",
        about: "Customers of type company",
        define: customer::define,
        run: customer::run_company,
    },
    Entry {
        name: "deal",
        about: "Chances to sell",
        define: deal::define,
        run: deal::run,
    },
    Entry {
        name: "task",
        about: "What is to be done",
        define: task::define,
        run: task::run,
    },
    Entry {
        name: "log",
        about: "Log what happened with a customer",
        define: activity::define_log,
        run: activity::log,
    },
    Entry {
        name: "activity",
        about: "What happened",
        define: activity::define,
        run: activity::run,
    },
    Entry {
        name: "attach",
        about: "Attach files and links to a record",
        define: attach::define_attach,
        run: attach::attach,
    },
    Entry {
        name: "attachment",
        about: "Files and links on records: list, verify, open, take off",
        define: attach::define,
        run: attach::run,
    },
    Entry {
        name: "product",
        about: "What is sold",
        define: nouns::define,
        run: nouns::product,
    },
    Entry {
        name: "pipeline",
        about: "Sales processes",
        define: pipeline::define,
        run: pipeline::run,
    },
    Entry {
        name: "user",
        about: "Who works with the base",
        define: user::define,
        run: user::run,
    },
    Entry {
        name: "team",
        about: "Groups of users",
        define: nouns::define,
        run: nouns::team,
    },
    Entry {
        name: "tag",
        about: "Labels",
        define: nouns::define_tag,
        run: nouns::tag,
    },
    Entry {
        name: "field",
        about: "Custom fields",
        define: nouns::define_field,
        run: nouns::field,
    },
    Entry {
        name: "view",
        about: "Saved lists, and who came and went",
        define: view::define,
        run: view::run,
    },
    Entry {
        name: "find",
        about: "Find anybody by any fragment",
        define: find::define,
        run: find::run,
    },
    Entry {
        name: "pick",
        about: "Choose records by typing parts of them; prints refs for other commands",
        define: pick::define,
        run: pick::run,
    },
    Entry {
        name: "filter",
        about: "What a filter means, and what filters can say",
        define: filter::define,
        run: filter::run,
    },
    Entry {
        name: "sql",
        about: "Ask the base in SQL, for reading only",
        define: sql::define,
        run: sql::run,
    },
    Entry {
        name: "schema",
        about: "The JSON Schema of what programs read",
        define: schema::define,
        run: schema::run,
    },
    Entry {
        name: "rate",
        about: "What other currencies are worth",
        define: rate::define,
        run: rate::run,
    },
    Entry {
        name: "report",
        about: "Numbers, each defined once",
        define: report::define,
        run: report::run,
    },
    Entry {
        name: "import",
        about: "Read a file",
        define: import::define,
        run: import::run,
    },
    Entry {
        name: "export",
        about: "Write records to a file or a pipe",
        define: export::define,
        run: export::run,
    },
    Entry {
        name: "history",
        about: "What was changed of a record, when and by whom",
        define: show::define_history,
        run: show::history,
    },
    Entry {
        name: "trash",
        about: "What was put into the trash",
        define: trash::define,
        run: trash::run,
    },
    Entry {
        name: "undo",
        about: "Take back the last operation, or the one named",
        define: operations::define_undo,
        run: operations::undo,
    },
    Entry {
        name: "redo",
        about: "Do again what was undone",
        define: operations::define_undo,
        run: operations::redo,
    },
    Entry {
        name: "op",
        about: "The log of operations",
        define: operations::define,
        run: operations::run,
    },
    Entry {
        name: "backup",
        about: "Copy the base, verified; list, verify and restore copies",
        define: backup::define,
        run: backup::run,
    },
    Entry {
        name: "dump",
        about: "Write the base as a tree of files, for git",
        define: dump::define_dump,
        run: dump::dump,
    },
    Entry {
        name: "load",
        about: "Make a base of such a tree",
        define: dump::define_load,
        run: dump::load,
    },
    Entry {
        name: "check",
        about: "Check the base, and mend what follows from the rest",
        define: check::define,
        run: check::run,
    },
    Entry {
        name: "compact",
        about: "Make the file of the base small again",
        define: compact::define,
        run: compact::run,
    },
    Entry {
        name: "doctor",
        about: "Look whether everything is well: base, backups, settings, terminal",
        define: doctor::define,
        run: doctor::run,
    },
    Entry {
        name: "config",
        about: "Settings: show, get, set, edit, check",
        define: config::define,
        run: config::run,
    },
    Entry {
        name: "completions",
        about: "Print the script that completes words in a shell",
        define: complete::define,
        run: complete::run,
    },
    Entry {
        name: "man",
        about: "Write manual pages into a folder",
        define: man::define,
        run: man::run,
    },
    Entry {
        name: "demo",
        about: "Make a sample base and print its agenda",
        define: demo::define,
        run: demo::run,
    },
    Entry {
        name: "init",
        about: "Make a base",
        define: init::define,
        run: init::run,
    },
    Entry {
        name: "help",
        about: "Explain a command, or: filter dates repeat formats exit-codes env",
        define: help::define,
        run: help::run,
    },
    Entry {
        name: "locate",
        about: "Print where the files are",
        define: init::define_locate,
        run: init::locate,
    },
];

/// The whole tree.
fn command() -> Command {
    let root = Command::new("crm")
        .version(env!("CARGO_PKG_VERSION"))
        .subcommand_required(true)
        .arg_required_else_help(true)
        .disable_help_subcommand(true)
        .infer_subcommands(false)
        .max_term_width(100);
    // The flags bring a description of their own, which is not that of the program.
    let root = Global::augment_args(root)
        .about("Customer relationship management for people who live in a terminal");
    ENTRIES.iter().fold(root, |root, entry| {
        let command = Command::new(entry.name).about(entry.about).defer(define);
        root.subcommand(match plural(entry.name) {
            Some(word) => command.alias(word),
            None => command,
        })
    })
}

/// Adds the arguments, subcommands and examples of the command that is called so.
fn define(command: Command) -> Command {
    match ENTRIES.iter().find(|entry| entry.name == command.get_name()) {
        Some(entry) => examples::on((entry.define)(command)),
        None => command,
    }
}

/// The plural of a noun, which is understood in its place and shown nowhere.
fn plural(name: &str) -> Option<&'static str> {
    match name {
        "contact" => Some("contacts"),
        "company" => Some("companies"),
        _ => Noun::ALL
            .into_iter()
            .find(|noun| noun.name() == name)
            .map(Noun::plural),
    }
}

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
    let matches = command()
        .try_get_matches_from(&words)
        .or_else(|error| hyphen::read_again(command(), &words, error));
    let matches = match matches {
        Ok(matches) => matches,
        Err(error) => return usage(environment, error),
    };
    let mut global = match Global::from_arg_matches(&matches) {
        Ok(global) => global,
        Err(error) => return usage(environment, error),
    };
    global.db_on_line = matches.value_source("db") == Some(ValueSource::CommandLine);
    let json = global.json.is_some() || matches!(global.format.as_deref(), Some("json" | "ndjson"));
    let mut ctx = match Ctx::new(global.clone(), environment.clone()) {
        Ok(ctx) => ctx,
        Err(error) => return failure::report(&environment.ui(&global, &Config::default()), &error, json),
    };
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
    let (name, matches) = matches
        .subcommand()
        .ok_or_else(|| Error::usage("no command was given"))?;
    if !WITHOUT_SETTINGS.contains(&name) {
        ctx.settled()?;
    }
    let entry = ENTRIES.iter().find(|entry| entry.name == name);
    let entry = entry.ok_or_else(|| Error::internal(format!("the command {name} leads nowhere")))?;
    (entry.run)(ctx, matches)
}

/// Prints help, a version or a mistake in the arguments, which may hold anything.
fn usage(environment: &Environment, mut error: clap::Error) -> u8 {
    // Plurals are understood and shown nowhere, so that they are not proposed either.
    if let Some(ContextValue::Strings(names)) = error.get(ContextKind::SuggestedSubcommand).cloned() {
        let plurals: Vec<&str> = ENTRIES.iter().filter_map(|entry| plural(entry.name)).collect();
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
    u8::try_from(error.exit_code()).unwrap_or(2)
}

/// The arguments of a command, which clap has checked.
pub(crate) fn parsed<T: FromArgMatches>(matches: &ArgMatches) -> Result<T> {
    T::from_arg_matches(matches).map_err(|error| Error::new(Kind::Usage, error.to_string()))
}
