//! `crm customer qualify` and `disqualify`: whether a lead is one.

use std::cell::RefCell;

use clap::{Args, Command};
use crm::domain::id::Id;
use crm::domain::input::{Assignment, Input};
use crm::domain::noun::Noun;
use crm::domain::when::{Leaning, instant, read};
use crm::error::{Error, Result};
use crm::ops::qualification::{self, Disqualifying, Qualifying};
use crm::store::WriteTx;

use crate::cli::args::TargetArgs;
use crate::cli::bulk::{self, Deed, Grade};
use crate::ctx::Ctx;

/// Find that leads are worth it
#[derive(Debug, Args)]
pub(crate) struct QualifyArgs {
    #[command(flatten)]
    pub(crate) target: TargetArgs,
    /// Name of the deal that comes of it; one of that name that is there already will do
    #[arg(long = "deal", value_name = "NAME")]
    deal_name: Option<String>,
    /// What the deal is worth: 48000, 48k, 48kEUR
    #[arg(long, requires = "deal_name")]
    amount: Option<String>,
    /// Sales process of the deal
    #[arg(long, value_name = "P", requires = "deal_name")]
    pipeline: Option<String>,
    /// Stage of the deal
    #[arg(long, value_name = "S", requires = "deal_name")]
    stage: Option<String>,
    /// Day on which the deal should close
    #[arg(long, value_name = "DATE", requires = "deal_name")]
    close: Option<String>,
    /// What is to be written down
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,
}

/// Find that leads are none
#[derive(Debug, Args)]
pub(crate) struct DisqualifyArgs {
    #[command(flatten)]
    pub(crate) target: TargetArgs,
    /// Why: no_budget, no_need, bad_timing, spam …; `other` needs a note
    #[arg(long)]
    reason: String,
    /// What is to be written down
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,
    /// Day on which to try again, which becomes a task
    #[arg(long, value_name = "DATE", allow_hyphen_values = true)]
    again: Option<String>,
}

/// Adds both verbs.
pub(crate) fn define(command: Command) -> Command {
    command
        .subcommand(
            Command::new("qualify")
                .about("Find that leads are worth it, and make the deal that comes of it")
                .defer(QualifyArgs::augment_args),
        )
        .subcommand(
            Command::new("disqualify")
                .about("Find that leads are none, and why")
                .defer(DisqualifyArgs::augment_args),
        )
}

/// So many leads that were qualified already are named.
const NAMED: usize = 10;

pub(crate) fn qualify(ctx: &Ctx, args: QualifyArgs) -> Result<()> {
    let given = [
        ("name", args.deal_name),
        ("amount", args.amount),
        ("pipeline", args.pipeline),
        ("stage", args.stage),
        ("expected_close", args.close),
    ];
    let deal: Vec<Assignment> = given
        .into_iter()
        .filter_map(|(field, text)| Some((field.to_owned(), Input::text(text?))))
        .collect();
    let how = Qualifying {
        deal,
        note: args.note,
    };
    let made: RefCell<Vec<Id>> = RefCell::default();
    let already: RefCell<Vec<String>> = RefCell::default();
    let act = |tx: &WriteTx<'_>, id: Id| {
        let qualified = qualification::qualify(tx, id, &how)?;
        made.borrow_mut().extend(qualified.deal);
        if !qualified.changed && already.borrow().len() < NAMED {
            already
                .borrow_mut()
                .push(qualification::told(tx, id, qualified.deal)?);
        }
        Ok(())
    };
    let deed = Deed {
        title: &|what| format!("Qualified {what}"),
        grade: Grade::Selected,
        made: (!how.deal.is_empty()).then_some((Noun::Deal, &made)),
        ..Deed::new(
            Noun::Customer,
            "qualify",
            &["lifecycle", "disqualified_on", "disqualified_reason"],
            &act,
        )
    };
    bulk::run(ctx, &args.target.bulk, &args.target.references, &deed)?;
    for line in already.borrow().iter() {
        ctx.ui.note(line);
    }
    Ok(())
}

pub(crate) fn disqualify(ctx: &Ctx, args: &DisqualifyArgs) -> Result<()> {
    let act = |tx: &WriteTx<'_>, id: Id| {
        let again = match &args.again {
            None => None,
            Some(phrase) => {
                let reading = tx.caller().reading(Leaning::Future);
                let when = read(phrase, &reading).map_err(|error| error.on_field("again"))?;
                let day = instant::first_day(when);
                Some(day.ok_or_else(|| Error::invalid("again", "again: that is no day"))?)
            }
        };
        let how = Disqualifying {
            reason: args.reason.clone(),
            note: args.note.clone(),
            again,
        };
        qualification::disqualify(tx, id, &how).map(drop)
    };
    let deed = Deed {
        title: &|what| format!("Disqualified {what}"),
        grade: Grade::Selected,
        ..Deed::new(
            Noun::Customer,
            "disqualify",
            &["disqualified_on", "disqualified_reason"],
            &act,
        )
    };
    bulk::run(ctx, &args.target.bulk, &args.target.references, &deed)
}
