//! The tree of commands: every one of them, in the order of the help.

use std::ffi::OsString;

use clap::{ArgMatches, Args, Command};
use crm::domain::noun::Noun;
use crm::error::Result;

use crate::cli::args::Global;
use crate::cli::{
    activity, article, assignment, attach, backup, book, brief, calendar, check, compact, complete, config,
    customer, deal, demo, doctor, dump, dupes, examples, export, feedback, filter, find, flow, form, help,
    import, init, mail, man, nouns, open_tui, operations, order, pick, pipeline, pool, privacy, quote, rate,
    remind, report, rule, schema, score, show, sla, sql, survey, task, ticket, today, trash, user, vdir,
    view,
};
use crate::ctx::Ctx;

/// One entry of the tree.
pub(super) struct Entry {
    /// The word.
    pub(super) name: &'static str,
    /// Its line in the help.
    pub(super) about: &'static str,
    /// Adds its arguments and subcommands.
    pub(super) define: fn(Command) -> Command,
    /// Runs it.
    pub(super) run: fn(&Ctx, &ArgMatches) -> Result<()>,
}

/// All commands, in the order of the help.
pub(super) const ENTRIES: &[Entry] = &[
    Entry {
        name: "today",
        about: "Whom to contact today, and why",
        define: today::define,
        run: today::run,
    },
    Entry {
        name: "tui",
        about: "The dashboard, which `crm` alone opens too",
        define: |command| command,
        run: |ctx, _| open_tui::run(ctx),
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
        name: "quote",
        about: "What was offered",
        define: quote::define,
        run: quote::run,
    },
    Entry {
        name: "order",
        about: "What was bought, paid and delivered",
        define: order::define,
        run: order::run,
    },
    Entry {
        name: "ticket",
        about: "Questions, faults and complaints, step by step",
        define: ticket::define,
        run: ticket::run,
    },
    Entry {
        name: "feedback",
        about: "What people say: answers to surveys, complaints, suggestions",
        define: feedback::define,
        run: feedback::run,
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
        name: "mail",
        about: "E-mail: take messages in, write them from templates",
        define: mail::define,
        run: mail::run,
    },
    Entry {
        name: "address-book",
        about: "Look up e-mail addresses, for mutt and aerc",
        define: book::define,
        run: book::run,
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
        name: "flow",
        about: "The sales process, drawn as defined and as it really ran",
        define: flow::define,
        run: flow::run,
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
        name: "form",
        about: "What people outside may send, and what was sent",
        define: form::define,
        run: form::run,
    },
    Entry {
        name: "assignment",
        about: "Rules that say who gets a lead, and who got which",
        define: assignment::define,
        run: assignment::run,
    },
    Entry {
        name: "score",
        about: "Rules that give points for fit and engagement",
        define: score::define,
        run: score::run,
    },
    Entry {
        name: "pool",
        about: "Public pools: whom nobody follows up goes there, who claims gets them",
        define: pool::define,
        run: pool::run,
    },
    Entry {
        name: "survey",
        about: "Questions that people answer with a score: CSAT, NPS, CES",
        define: survey::define,
        run: survey::run,
    },
    Entry {
        name: "calendar",
        about: "When a team works: hours, holidays, make-up workdays",
        define: calendar::define,
        run: calendar::run,
    },
    Entry {
        name: "sla",
        about: "What is promised for which tickets",
        define: sla::define,
        run: sla::run,
    },
    Entry {
        name: "article",
        about: "Canned replies and articles of knowledge",
        define: article::define,
        run: article::run,
    },
    Entry {
        name: "rule",
        about: "Rules that do something when something happens, and what they did",
        define: rule::define,
        run: rule::run,
    },
    Entry {
        name: "notify",
        about: "What rules told you",
        define: rule::notify::define,
        run: rule::notify::run,
    },
    Entry {
        name: "find",
        about: "Find anybody by any fragment",
        define: find::define,
        run: find::run,
    },
    Entry {
        name: "dupes",
        about: "Find who is in the base twice",
        define: dupes::define,
        run: dupes::run,
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
        name: "vdir",
        about: "A folder of cards and entries for vdirsyncer, khard and khal",
        define: vdir::define,
        run: vdir::run,
    },
    Entry {
        name: "history",
        about: "What was changed of a record, when and by whom",
        define: show::define_history,
        run: show::history,
    },
    Entry {
        name: "privacy",
        about: "What is held of a person: show, export, erase for good",
        define: privacy::define,
        run: privacy::run,
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
        about: "Make a sample base and open the dashboard on it",
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
        about: "Explain a command, or: filter dates repeat formats exit-codes env keys",
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
pub(super) fn command() -> Command {
    ENTRIES.iter().fold(root(), |root, entry| {
        let command = Command::new(entry.name).about(entry.about).defer(define);
        root.subcommand(with_plural(command, entry.name))
    })
}

/// The part of the tree that `words` can mean. Each command has a copy of each flag that all have, and to make
/// these copies is most of the work of a start. What this part refuses is to be read again with the whole tree.
pub(super) fn part(words: &[OsString]) -> Command {
    let is_said = |name: &str| words.iter().any(|word| word == name);
    let said = ENTRIES
        .iter()
        .filter(|entry| is_said(entry.name) || plural(entry.name).is_some_and(is_said));
    said.fold(root(), |root, entry| {
        let mut command = (entry.define)(Command::new(entry.name));
        if command.get_arguments().next().is_none() {
            let verbs: Vec<Command> = command
                .get_subcommands()
                .filter(|verb| is_said(verb.get_name()) || verb.get_all_aliases().any(is_said))
                .cloned()
                .collect();
            if !verbs.is_empty() {
                command = Command::new(entry.name)
                    .subcommand_required(true)
                    .subcommands(verbs);
            }
        }
        root.subcommand(with_plural(command, entry.name))
    })
}

fn with_plural(command: Command, name: &str) -> Command {
    match plural(name).filter(|word| *word != name) {
        Some(word) => command.alias(word),
        None => command,
    }
}

fn root() -> Command {
    let root = Command::new("crm")
        .version(env!("CARGO_PKG_VERSION"))
        .disable_help_subcommand(true)
        .infer_subcommands(false)
        .max_term_width(100);
    // The flags bring a description of their own, which is not that of the program.
    Global::augment_args(root)
        .about("Customer relationship management for people who live in a terminal")
        .after_help("Without a command it opens the dashboard, where there is a terminal.")
}

/// The names of all commands, each with its line in the help.
pub(super) fn names() -> Vec<(String, String)> {
    ENTRIES
        .iter()
        .map(|entry| (entry.name.to_owned(), entry.about.to_owned()))
        .collect()
}

/// Adds the arguments, subcommands and examples of the command that is called so.
pub(super) fn define(command: Command) -> Command {
    match ENTRIES.iter().find(|entry| entry.name == command.get_name()) {
        Some(entry) => examples::on((entry.define)(command)),
        None => command,
    }
}

/// The plural of a noun, which is understood in its place and shown nowhere.
pub(super) fn plural(name: &str) -> Option<&'static str> {
    match name {
        "contact" => Some("contacts"),
        "company" => Some("companies"),
        _ => Noun::ALL
            .into_iter()
            .find(|noun| noun.name() == name)
            .map(Noun::plural),
    }
}
