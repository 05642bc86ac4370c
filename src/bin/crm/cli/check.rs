//! `crm check`: whether everything holds that has to hold of a base.

use clap::{ArgMatches, Args, Command};
use crm::domain::field::FieldType;
use crm::domain::value::Value;
use crm::error::{Error, Kind, Result};
use crm::store::WriteTx;
use crm::store::check::{self, Depth, Finding};
use crm::wire::column::Column;

use crate::cli::output::Writer;
use crate::cli::{parsed, records};
use crate::ctx::{Access, Ctx};

/// Check the base
#[derive(Debug, Args)]
struct CheckArgs {
    /// Compare every index with its rows too, and every word of the search index; takes long on a large base
    #[arg(long)]
    full: bool,
    /// Make anew what follows from other rows: kept-up columns, the search index, counters
    #[arg(long)]
    repair: bool,
}

pub(crate) fn define(command: Command) -> Command {
    CheckArgs::augment_args(command).after_help(
        "Checked are the pages of the file, references, stays in stages and former values, deals and their stages, numbers, \
         options, merges, kept-up columns and the search index. Findings go to stdout, and the exit code is 11 if any is \
         left.\n\nExamples:\n  crm check\n  crm check --full --repair\n  crm check --format json",
    )
}

/// The columns of findings.
const COLUMNS: [(&str, FieldType); 6] = [
    ("check", FieldType::Text),
    ("table", FieldType::Text),
    ("id", FieldType::Text),
    ("uid", FieldType::Text),
    ("problem", FieldType::Text),
    ("state", FieldType::Text),
];

/// How many findings there are.
#[derive(Default)]
struct Count {
    all: u64,
    mended: u64,
    derived: u64,
}

pub(crate) fn run(ctx: &Ctx, matches: &ArgMatches) -> Result<()> {
    let args: CheckArgs = parsed(matches)?;
    let depth = Depth { full: args.full };
    let mends = args.repair && !ctx.global.dry_run;
    let mut session = ctx.open(if mends { Access::Write } else { Access::Read })?;
    let columns: Vec<Column> = COLUMNS
        .iter()
        .map(|(name, kind)| Column::new(*name, *kind))
        .collect();
    let format = records::format(ctx)?;
    let mut out = ctx.ui.out();
    let mut writer = Writer::begin(format, records::options(ctx), &mut out, &columns, "finding")?;
    let mut count = Count::default();
    let mut work = |tx: &WriteTx<'_>| {
        for name in check::CHECKS {
            ctx.ui.detail(&format!("checking: {name}"));
            for finding in check::run(tx, name, depth)? {
                count.all += 1;
                count.derived += u64::from(finding.derived);
                count.mended += u64::from(finding.derived && mends);
                writer.row(&row(tx, &finding, mends)?)?;
            }
        }
        Ok(())
    };
    if mends {
        session.store.mend(&session.caller, work)?;
    } else {
        session.store.inspect(&session.caller, &mut work)?;
    }
    writer.finish()?;
    drop(out);
    verdict(ctx, &count, mends)
}

fn row(tx: &WriteTx<'_>, finding: &Finding, mends: bool) -> Result<Vec<Value>> {
    let reference = check::reference(tx, finding)?.map(|reference| reference.to_string());
    let state = match (finding.derived, mends) {
        (true, true) => "mended",
        (true, false) => "can be mended",
        (false, _) => "look at it",
    };
    Ok(vec![
        Value::text(finding.check),
        Value::text(finding.table.as_str()),
        Value::text(reference.unwrap_or_default()),
        Value::text(finding.row.map(crm::domain::id::Id::uid).unwrap_or_default()),
        Value::text(finding.problem.as_str()),
        Value::text(state),
    ])
}

/// Says how it stands; findings that are left are a failure.
fn verdict(ctx: &Ctx, count: &Count, mends: bool) -> Result<()> {
    if count.all == 0 {
        ctx.ui.note("the base is whole");
        return Ok(());
    }
    let left = count.all - count.mended;
    let findings = |count: u64| match count {
        1 => "1 finding".to_owned(),
        count => format!("{count} findings"),
    };
    if left == 0 {
        ctx.ui.note(&format!(
            "{} mended; the base is whole now",
            findings(count.mended)
        ));
        return Ok(());
    }
    // What was found is data, whatever the exit code.
    ctx.ui.finish()?;
    if mends && count.mended > 0 {
        ctx.ui.note(&format!("{} mended", findings(count.mended)));
    }
    if !mends && count.derived > 0 {
        ctx.ui.note(&format!(
            "`crm check --repair` mends {}, without loss",
            findings(count.derived)
        ));
    }
    Err(Error::new(Kind::Corrupt, format!("{} left", findings(left))))
}
