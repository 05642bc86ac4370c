//! `crm rule`: what is done when something happens, and what was done so.

mod log;
pub(crate) mod notify;
mod run;

use clap::{ArgMatches, Args, Command};
use crm::domain::input::{Assignment, Input};
use crm::domain::noun::Noun;
use crm::domain::rule::action::{Action, NewTask};
use crm::error::{Error, Result};
use crm::ops::rule;
use crm::ops::typed::Policy;

use crate::cli::{nouns, parsed, records, written};
use crate::ctx::{Access, Ctx};

/// Define a rule
#[derive(Debug, Args)]
struct AddArgs {
    /// Name of the rule
    #[arg(value_name = "KEY")]
    name: String,
    /// When it looks: 'deal entered proposal', 'customer created', 'customer changed level', 'order overdue', 'deal at mon 09:00'
    #[arg(long, value_name = "WHEN", allow_hyphen_values = true)]
    on: String,
    /// Records that it is about; all if nothing is given
    #[arg(short = 'w', long = "where", value_name = "EXPR", allow_hyphen_values = true)]
    filter: Option<String>,
    /// Do so once for each record, and not each time
    #[arg(long)]
    once: bool,
    /// Rules with lower numbers go first
    #[arg(long, value_name = "N")]
    position: Option<i64>,
    /// Give a field a value; like all that follows it may be given several times, and the order counts
    #[arg(long, value_name = "FIELD=VALUE")]
    set: Vec<String>,
    /// Put a label on it
    #[arg(long, value_name = "TAG")]
    tag: Vec<String>,
    /// Take a label off it
    #[arg(long, value_name = "TAG")]
    untag: Vec<String>,
    /// Give it to a user
    #[arg(long, value_name = "USER")]
    assign: Vec<String>,
    /// Let a rule of assignment say who gets it
    #[arg(long, value_name = "RULE")]
    assign_by: Vec<String>,
    /// Make a task about it: 'Call {{ customer }}'
    #[arg(long, value_name = "TITLE")]
    task: Vec<String>,
    /// When the task is due: +2d
    #[arg(long, value_name = "WHEN", allow_hyphen_values = true)]
    due: Vec<String>,
    /// Who does the task: a user, or owner for whose record it is; you if nothing is given
    #[arg(long, value_name = "USER")]
    assignee: Vec<String>,
    /// Make a ticket about it, with this subject; of feedback the one that it is escalated to
    #[arg(long, value_name = "SUBJECT")]
    ticket: Vec<String>,
    /// Tell somebody: 'Deal {{ name }} is in {{ stage }}'
    #[arg(long, value_name = "TEXT")]
    notify: Vec<String>,
    /// Whom to tell: a user, or owner for whose record it is, the usual
    #[arg(long, value_name = "USER")]
    to: Vec<String>,
    /// Run a program with the record as JSON on its standard input; `sh -c '…'` for a shell
    #[arg(long, value_name = "COMMAND", allow_hyphen_values = true)]
    run: Vec<String>,
    /// Further fields: active=no description='Spring fair'
    #[arg(value_name = "FIELD=VALUE")]
    more: Vec<String>,
}

pub(crate) fn define(command: Command) -> Command {
    nouns::trash_verbs(nouns::verbs(command))
        .subcommand(
            Command::new("add")
                .about("Define a rule")
                .defer(AddArgs::augment_args)
                .after_help(ADD),
        )
        .subcommand(run::define_test(
            Command::new("test").about("What a rule would do, and why not"),
        ))
        .subcommand(run::define_run(
            Command::new("run").about("Do what is due by now, for cron"),
        ))
        .subcommand(log::define(
            Command::new("log").about("What rules did to what, and why not"),
        ))
}

const ADD: &str = "\
A rule looks at what is written by commands and in the dashboard, and `crm rule run` lets it look at the clock: at `is:` \
words that became true, and at times (09:00, mon,fri 09:00, or the five fields of cron). Imports are none of its business \
without --rules. What it does is an operation of its own for you who made it, and can be undone. It never follows upon \
itself, and at most eight rules follow one upon another.

Values of the record stand in braces in texts. Programs run only where `crm config set rule_commands true` was said, \
without a shell, for 30 seconds at most, and find CRM_DB, CRM_USER, CRM_OP, CRM_RULE and CRM_REF in their environment.

Examples:
  crm rule add call --on 'deal entered proposal' --task 'Call {{ customer }}' --due +2d
  crm rule add late --on 'order overdue' --notify '{{ id }} is overdue' --to self --once
  crm rule add vip --on 'customer changed level' -w level:A --task 'Say hello' --assignee owner
  crm rule add unhappy --on 'feedback entered verdict=detractor' --ticket '{{ name }}' --notify '{{ name }}'
  crm rule add over --on 'quote expired' --task 'Ask about {{ name }}' --assignee owner --once
  crm rule add big --on 'deal created' -w 'amount:>10k' --set probability=50 --assign self
  crm rule add cold --on 'customer changed level' --untag vip --position 2 active=no
  crm assignment add web -m self && crm rule add turn --on 'customer created' --assign-by web
  crm rule add list --on 'deal at mon 09:00' -w is:open --run 'mail -s Monday team@example.com'";

pub(crate) fn run(ctx: &Ctx, matches: &ArgMatches) -> Result<()> {
    match matches.subcommand() {
        Some(("add", matches)) => add(ctx, &parsed(matches)?, &actions(matches)?),
        Some(("test", matches)) => run::test(ctx, &parsed(matches)?),
        Some(("run", matches)) => run::run(ctx, &parsed(matches)?),
        Some(("log", matches)) => log::run(ctx, &parsed(matches)?),
        _ => nouns::common(ctx, matches, Noun::Rule, rule::edit),
    }
}

/// The actions that flags name, in the order in which they stand.
fn actions(matches: &ArgMatches) -> Result<String> {
    const FLAGS: [&str; 11] = [
        "set",
        "tag",
        "untag",
        "assign",
        "assign_by",
        "task",
        "due",
        "assignee",
        "ticket",
        "notify",
        "to",
    ];
    let mut given: Vec<(usize, &str, String)> = Vec::new();
    for flag in FLAGS.into_iter().chain(["run"]) {
        let (Some(indices), Some(values)) = (matches.indices_of(flag), matches.get_many::<String>(flag))
        else {
            continue;
        };
        given.extend(
            indices
                .zip(values)
                .map(|(index, value)| (index, flag, value.clone())),
        );
    }
    given.sort_unstable();
    let mut actions: Vec<Action> = Vec::new();
    for (_, flag, value) in given {
        let last = actions.last_mut();
        match (flag, last) {
            ("due", Some(Action::Task(task))) => task.due = value,
            ("assignee", Some(Action::Task(task))) => task.assignee = value,
            ("to", Some(Action::Notify { to, .. })) => *to = value,
            ("due" | "assignee", _) => {
                return Err(Error::usage(format!(
                    "--{flag} {value}: it stands behind the --task that it is about"
                )));
            }
            ("to", _) => {
                return Err(Error::usage(format!(
                    "--to {value}: it stands behind the --notify that it is about"
                )));
            }
            ("tag", _) => actions.push(Action::Tag(value)),
            ("untag", _) => actions.push(Action::Untag(value)),
            ("assign", _) => actions.push(Action::Assign(value)),
            ("assign_by", _) => actions.push(Action::AssignBy(value)),
            ("task", _) => actions.push(Action::Task(NewTask {
                title: value,
                ..NewTask::default()
            })),
            ("ticket", _) => actions.push(Action::Ticket(value)),
            ("notify", _) => actions.push(Action::Notify {
                to: rule::OWNER.to_owned(),
                text: value,
            }),
            (verb, _) => actions.push(Action::parse(&format!("{verb} {value}"))?),
        }
    }
    let lines: Vec<String> = actions.iter().map(ToString::to_string).collect();
    Ok(lines.join("\n"))
}

fn add(ctx: &Ctx, args: &AddArgs, actions: &str) -> Result<()> {
    let position = args.position.map(|position| position.to_string());
    let given = [
        ("key", Some(args.name.as_str())),
        ("on", Some(args.on.as_str())),
        ("filter", args.filter.as_deref()),
        ("actions", (!actions.is_empty()).then_some(actions)),
        ("position", position.as_deref()),
        ("once", args.once.then_some("yes")),
    ];
    let mut fields: Vec<Assignment> = given
        .into_iter()
        .filter_map(|(field, text)| Some((field.to_owned(), Input::text(text?))))
        .collect();
    for text in &args.more {
        fields.push(records::assignment(text)?);
    }
    let mut session = ctx.open(Access::Create)?;
    let (outcome, op) = session.write(ctx, |tx| rule::add(tx, &fields, &Policy::strict()))?;
    written::report(ctx, &session, Noun::Rule, &[outcome.id], op.as_ref())
}
