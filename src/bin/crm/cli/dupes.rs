//! `crm dupes`: who is in the base twice, and who was said not to be.

use clap::{ArgMatches, Args, Command};
use crm::domain::duplicate::USUAL_SCORE;
use crm::domain::field::FieldType;
use crm::domain::id::Id;
use crm::domain::noun::Noun;
use crm::domain::value::Value;
use crm::error::{Error, Kind, Result};
use crm::ops::dupes::{self, Group, Pair, Request};
use crm::ops::refer;
use crm::store::{ReadTx, links};
use crm::wire::column::Column;

use crate::cli::output::{Format, Writer};
use crate::cli::{parsed, records, written};
use crate::ctx::{Access, Ctx, Session};
use crate::text::number;

/// How many pairs a terminal shows unless it is told otherwise.
const SCREENFUL: usize = 50;

/// Find who is in the base twice
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  crm dupes
  crm dupes --min 90 --type company --format ndjson
  crm dupes C1 --min 50
  crm dupes -w city:杭州 --groups
  crm dupes --template 'crm customer merge {id} {other} --yes'
  crm dupes --not C1 C2 && crm dupes --told && crm dupes --forget C1 C2

A score of 0 to 100 says how sure it is; it is the same whatever else is asked for. What is equal counts
the more the rarer it is among all people, or all companies, of the base: names in any order and script,
short forms, typing errors, e-mail, phone, handles, street and place, birthday, employer, domain, tax id.
What differs counts against it. Nothing is changed: `crm customer merge` makes one of two, --not remembers
that they are two, also when either is merged. With REF only the pairs that name it are shown.")]
struct DupesArgs {
    /// Customers whose doubles are looked for; without any the whole base is compared
    #[arg(value_name = "REF")]
    refs: Vec<String>,
    /// The least score that is shown
    #[arg(long, value_name = "SCORE", default_value_t = USUAL_SCORE, value_parser = clap::value_parser!(u8).range(0..=100))]
    min: u8,
    /// Only people, or only companies
    #[arg(long = "type", value_name = "TYPE", value_parser = ["person", "company"])]
    kind: Option<String>,
    /// Filter; one of the two has to match it
    #[arg(short = 'w', long = "where", value_name = "EXPR", allow_hyphen_values = true)]
    filters: Vec<String>,
    /// Sets of customers who hang together, instead of pairs
    #[arg(long)]
    groups: bool,
    /// At most so many; 0 for all
    #[arg(long, value_name = "N")]
    limit: Option<usize>,
    /// Remember that these are not one; they are not shown again
    #[arg(long, requires = "refs", conflicts_with_all = ["forget", "told", "groups", "filters", "kind"])]
    not: bool,
    /// Take --not back
    #[arg(long, requires = "refs", conflicts_with_all = ["told", "groups", "filters", "kind"])]
    forget: bool,
    /// Show who was said not to be one
    #[arg(long, conflicts_with_all = ["groups", "filters", "kind"])]
    told: bool,
    /// Exit with 3 if there is nothing
    #[arg(long)]
    fail_empty: bool,
}

pub(crate) fn define(command: Command) -> Command {
    DupesArgs::augment_args(command)
}

pub(crate) fn run(ctx: &Ctx, matches: &ArgMatches) -> Result<()> {
    let args: DupesArgs = parsed(matches)?;
    let references = records::with_stdin(&args.refs)?;
    if args.not || args.forget {
        return tell(ctx, &args, &references);
    }
    let session = ctx.open(Access::Read)?;
    let shown = session.store.read(&session.caller, |tx| {
        let of = refer::all(tx, Noun::Customer, &references)?;
        if args.told {
            return told(ctx, tx, &of);
        }
        if of.is_empty() && !args.refs.is_empty() {
            // `-` without a line names nobody, not everybody.
            return Ok(0);
        }
        let request = Request {
            kind: args.kind.clone(),
            least: args.min,
            filters: args.filters.clone(),
            of,
        };
        let found = dupes::find(tx, &request)?;
        if args.groups {
            let groups = found.groups();
            let count = groups.len();
            return groups_table(ctx, tx, &groups, limit(ctx, &args, count)?).map(|()| count);
        }
        pairs_table(ctx, tx, found.pairs(), limit(ctx, &args, found.len())?)?;
        Ok(found.len())
    })?;
    if shown == 0 && args.fail_empty {
        return Err(Error::new(Kind::NotFound, "no duplicates found"));
    }
    if shown == 0 && matches!(records::format(ctx)?, Format::Table) {
        ctx.ui.note("no duplicates found");
    }
    Ok(())
}

/// How many of `count` rows are shown; says so where a terminal gets fewer.
fn limit(ctx: &Ctx, args: &DupesArgs, count: usize) -> Result<usize> {
    let terminal = matches!(records::format(ctx)?, Format::Table) && ctx.ui.options().stdout_tty;
    let limit = match args.limit {
        Some(0) => usize::MAX,
        Some(limit) => limit,
        None if terminal => SCREENFUL,
        None => usize::MAX,
    };
    if terminal && count > limit {
        let all = number::grouped(i64::try_from(count).unwrap_or(i64::MAX));
        ctx.ui
            .note(&format!("showing {limit} of {all}; --limit 0 shows all"));
    }
    Ok(limit)
}

fn tell(ctx: &Ctx, args: &DupesArgs, references: &[String]) -> Result<()> {
    let mut session: Session = ctx.open(Access::Write)?;
    let (ids, op) = session.write(ctx, |tx| {
        let ids = refer::all(tx, Noun::Customer, references)?;
        if args.not {
            dupes::distinguish(tx, &ids)?;
        } else {
            dupes::reconsider(tx, &ids)?;
        }
        Ok(ids)
    })?;
    written::report(ctx, &session, Noun::Customer, &ids, op.as_ref())
}

/// The ref and the name of a customer.
fn named(tx: &ReadTx<'_>, id: Id) -> Result<[Value; 2]> {
    Ok(match links::link(tx, Noun::Customer, id)? {
        Some(link) => [Value::Ref(link.reference()), Value::text(link.name)],
        None => [Value::Null, Value::Null],
    })
}

fn pairs_table(ctx: &Ctx, tx: &ReadTx<'_>, pairs: impl Iterator<Item = Pair>, limit: usize) -> Result<()> {
    let columns = [
        Column::new("id", FieldType::Ref),
        Column::new("other", FieldType::Ref),
        Column::new("score", FieldType::Integer),
        Column::new("name", FieldType::Text),
        Column::new("other_name", FieldType::Text),
        Column::new("reasons", FieldType::Text),
    ];
    let mut out = ctx.ui.out();
    let mut writer = Writer::begin(
        records::format(ctx)?,
        records::options(ctx),
        &mut out,
        &columns,
        "",
    )?;
    for pair in pairs.take(limit) {
        let [one, name] = named(tx, pair.one)?;
        let [other, other_name] = named(tx, pair.other)?;
        let reasons = pair.reasons.iter().map(|reason| Value::Text(reason.words()));
        let reasons = Value::List(reasons.collect());
        writer.row(&[
            one,
            other,
            Value::Int(i64::from(pair.score)),
            name,
            other_name,
            reasons,
        ])?;
    }
    writer.finish()?;
    Ok(())
}

fn groups_table(ctx: &Ctx, tx: &ReadTx<'_>, groups: &[Group], limit: usize) -> Result<()> {
    let columns = [
        ("id", FieldType::Ref),
        ("others", FieldType::Text),
        ("size", FieldType::Integer),
        ("score", FieldType::Integer),
        ("names", FieldType::Text),
    ];
    let mut rows = Vec::new();
    for group in groups.iter().take(limit) {
        let mut refs = Vec::new();
        let mut names: Vec<Value> = Vec::new();
        for id in &group.members {
            let [reference, name] = named(tx, *id)?;
            refs.push(reference);
            if !names.contains(&name) {
                names.push(name);
            }
        }
        let others = refs.split_off(1.min(refs.len()));
        rows.push(vec![
            refs.pop().unwrap_or(Value::Null),
            Value::List(others),
            Value::Int(i64::try_from(group.members.len()).unwrap_or(i64::MAX)),
            Value::Int(i64::from(group.score)),
            Value::List(names),
        ]);
    }
    records::table(ctx, "", &columns, rows)
}

fn told(ctx: &Ctx, tx: &ReadTx<'_>, of: &[Id]) -> Result<usize> {
    let mut pairs = Vec::new();
    if of.is_empty() {
        pairs = dupes::distinct(tx, None)?;
    }
    for id in of {
        pairs.extend(dupes::distinct(tx, Some(*id))?);
    }
    pairs.sort_unstable();
    pairs.dedup();
    let columns = [
        ("id", FieldType::Ref),
        ("other", FieldType::Ref),
        ("name", FieldType::Text),
        ("other_name", FieldType::Text),
    ];
    let mut rows = Vec::new();
    for (one, other) in &pairs {
        let [id, name] = named(tx, *one)?;
        let [other, other_name] = named(tx, *other)?;
        // Who is out of the caller's scope is not named.
        if id != Value::Null && other != Value::Null {
            rows.push(vec![id, other, name, other_name]);
        }
    }
    let count = rows.len();
    records::table(ctx, "", &columns, rows)?;
    Ok(count)
}
