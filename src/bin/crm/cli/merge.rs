//! `crm customer merge` and `unmerge`: customers who are the same become one, and one of them lives by itself again.

use clap::Args;
use crm::domain::field::FieldType;
use crm::domain::noun::Noun;
use crm::domain::value::Value;
use crm::error::{Error, Result};
use crm::ops::merge::preview::{Preview, Sort, preview};
use crm::ops::merge::{self, Choice, Choices};
use crm::ops::refer;
use crm::store::ReadTx;
use crm::wire::cell::cell;
use crm::wire::column::Column;

use crate::cli::output::{Format, Writer};
use crate::cli::{records, written};
use crate::ctx::{Access, Ctx};

/// Make one of several customers
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  crm customer merge C2 C3 --yes
  crm customer merge C2 C3 --choose title=C3 --force --yes
  crm customer merge C2 C3 C5 --dry-run

What the winner has stays, and blanks are filled from the others in the order in which they are named.
E-mails, phones, handles, further addresses, labels, files and ids of other programs are united, notes
are joined, an opt-out of any of them holds, the furthest lifecycle and the earliest date of creation
stand. Deals, tasks, activities and whatever else named one of the others names the winner, and so do
the others' own refs. --dry-run shows every field side by side.")]
pub(crate) struct MergeArgs {
    /// Customer who stays
    #[arg(value_name = "WINNER")]
    winner: String,
    /// Customers who become a part of the winner; `-` reads them from stdin
    #[arg(value_name = "LOSER", required = true)]
    losers: Vec<String>,
    /// Field, and the customer whose value the winner takes: title=C7; `address` is the whole main address
    #[arg(long, value_name = "FIELD=REF")]
    choose: Vec<String>,
    /// Merge customers with different tax ids
    #[arg(long)]
    force: bool,
}

/// Take a merge apart
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  crm customer merge C2 C3 --force --yes && crm customer unmerge C3
  crm customer merge C2 C3 --force --yes && crm customer unmerge C2 --dry-run

What the customer brought into the merge goes back to it, also long after. What came since stays with
the one who stayed, values that somebody has set since stay as they are, and both are told. `crm undo`
takes back a merge as a whole, while nothing stands on it yet.")]
pub(crate) struct UnmergeArgs {
    /// Customer who was merged into another; or the other, if only one was merged into it
    #[arg(value_name = "REF")]
    customer: String,
}

/// Makes one of several customers.
pub(crate) fn merge(ctx: &Ctx, args: &MergeArgs) -> Result<()> {
    let losers = records::with_stdin(&args.losers)?;
    let mut session = ctx.open(Access::Write)?;
    let named = |tx: &ReadTx<'_>| -> Result<_> {
        let winner = refer::one(tx, Noun::Customer, &args.winner)?;
        let losers = refer::all(tx, Noun::Customer, &losers)?;
        let mut choices = Choices {
            fields: Vec::new(),
            force: args.force,
        };
        for text in &args.choose {
            let (field, from) = text
                .split_once('=')
                .ok_or_else(|| Error::usage(format!("{text:?} is not FIELD=REF")))?;
            choices.fields.push(Choice {
                field: field.trim().to_owned(),
                from: refer::one(tx, Noun::Customer, from)?,
            });
        }
        Ok((winner, losers, choices))
    };
    // What cannot be done is not asked for.
    session.store.read(&session.caller, |tx| {
        let (winner, losers, choices) = named(tx)?;
        merge::allowed(tx, winner, &losers, &choices)
    })?;
    written::confirmed(ctx, &format!("merge {} into {}", losers.join(", "), args.winner))?;
    let ((outcome, shown), op) = session.write(ctx, |tx| {
        let (winner, losers, choices) = named(tx)?;
        let shown = match ctx.global.dry_run {
            true => Some(preview(tx, winner, &losers, &choices)?),
            false => None,
        };
        Ok((merge::merge(tx, winner, &losers, &choices)?, shown))
    })?;
    if let Some(shown) = &shown {
        side_by_side(ctx, shown)?;
    }
    written::report(ctx, &session, Noun::Customer, &[outcome.id], op.as_ref())
}

/// Takes a merge apart.
pub(crate) fn unmerge(ctx: &Ctx, args: &UnmergeArgs) -> Result<()> {
    let mut session = ctx.open(Access::Write)?;
    let (apart, op) = session.write(ctx, |tx| {
        let customer = merge::merged_away(tx, &args.customer)?;
        merge::unmerge(tx, customer)
    })?;
    written::report(ctx, &session, Noun::Customer, &[apart.customer], op.as_ref())?;
    let mut stayed = apart.stayed.iter();
    for stayed in stayed.by_ref().take(MOST_TOLD) {
        ctx.ui.note(&stayed.line());
    }
    match stayed.count() {
        0 => {}
        more => ctx.ui.note(&format!("… and {more} more")),
    }
    Ok(())
}

/// So many things that did not go back are told one by one.
const MOST_TOLD: usize = 20;

/// Every field of the customers, and what would become of it.
fn side_by_side(ctx: &Ctx, preview: &Preview) -> Result<()> {
    let format = records::format(ctx)?;
    if matches!(format, Format::Ids) {
        return Ok(());
    }
    let text = |name: &str| Column::new(name, FieldType::Text);
    let mut columns = vec![text("field")];
    let customers = preview.customers.iter();
    columns.extend(customers.map(|(link, _)| text(&link.reference().to_string())));
    columns.extend([text("result"), text("how")]);
    let mut out = ctx.ui.out();
    let mut writer = Writer::begin(format, records::options(ctx), &mut out, &columns, "")?;
    for row in &preview.rows {
        let how = match row.sort {
            Sort::Chosen => "chosen",
            Sort::Joined => "joined",
            Sort::United => "united",
            Sort::Fixed => "fixed",
        };
        let mut cells = vec![Value::text(row.label.clone())];
        cells.extend(row.values.iter().chain([&row.result]).map(|value| match value {
            Value::Link(link) => Value::text(format!("{} {}", link.name, link.reference())),
            value => Value::text(cell(value)),
        }));
        cells.push(Value::text(how));
        writer.row(&cells)?;
    }
    writer.finish()?;
    Ok(())
}
