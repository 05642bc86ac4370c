//! `crm survey`: questions that customers answer with a score.

use clap::{ArgMatches, Args, Command};
use crm::domain::input::{Assignment, Input};
use crm::domain::noun::Noun;
use crm::error::Result;
use crm::ops::survey;
use crm::ops::typed::Policy;

use crate::cli::{nouns, parsed, records, written};
use crate::ctx::{Access, Ctx};

/// Define a survey
#[derive(Debug, Args)]
struct AddArgs {
    /// Name of the survey
    #[arg(value_name = "KEY")]
    name: String,
    /// What is measured: csat (1 to 5), nps (0 to 10) or ces (1 to 7)
    #[arg(long = "type", value_name = "TYPE")]
    kind: Option<String>,
    /// What customers are asked; the usual question of the type if none is given
    #[arg(long, value_name = "TEXT")]
    question: Option<String>,
    /// The same in Chinese
    #[arg(long = "question-zh", value_name = "TEXT")]
    chinese: Option<String>,
    /// What it is about: customer, order or ticket
    #[arg(long, value_name = "WHAT")]
    about: Option<String>,
    /// Further fields: active=no description='After delivery'
    #[arg(value_name = "FIELD=VALUE")]
    more: Vec<String>,
}

const ADD: &str = "\
A base begins with one survey of each type, called csat, nps and ces.

Examples:
  crm survey add delivery --type csat --about order --question 'How did it go?'
  crm survey add 配送 --type csat --question 'How did it go?' --question-zh '配送满意吗？'
  crm survey add 年度调查 --type nps
  crm survey add onboarding --type ces active=no";

pub(crate) fn define(command: Command) -> Command {
    nouns::trash_verbs(nouns::verbs(command)).subcommand(
        Command::new("add")
            .about("Define a survey")
            .defer(AddArgs::augment_args)
            .after_help(ADD),
    )
}

pub(crate) fn run(ctx: &Ctx, matches: &ArgMatches) -> Result<()> {
    match matches.subcommand() {
        Some(("add", matches)) => add(ctx, &parsed(matches)?),
        _ => nouns::common(ctx, matches, Noun::Survey, survey::edit),
    }
}

fn add(ctx: &Ctx, args: &AddArgs) -> Result<()> {
    let given = [
        ("key", Some(&args.name)),
        ("type", args.kind.as_ref()),
        ("question", args.question.as_ref()),
        ("question_zh", args.chinese.as_ref()),
        ("about", args.about.as_ref()),
    ];
    let mut fields: Vec<Assignment> = given
        .into_iter()
        .filter_map(|(field, text)| Some((field.to_owned(), Input::text(text?.as_str()))))
        .collect();
    for text in &args.more {
        fields.push(records::assignment(text)?);
    }
    let mut session = ctx.open(Access::Create)?;
    let (outcome, op) = session.write(ctx, |tx| survey::add(tx, &fields, &Policy::strict()))?;
    written::report(ctx, &session, Noun::Survey, &[outcome.id], op.as_ref())
}
