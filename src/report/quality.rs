//! How good the data of customers is: what is known of how many, whether addresses work, whom nobody looks after, who
//! may be there twice.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::id::Id;
use crate::domain::noun::Noun;
use crate::domain::when::period::Period;
use crate::error::{Error, Result};
use crate::ops::{dupes, list};
use crate::query::plan::{Condition, Predicate};
use crate::report::behind::{Behind, Row};
use crate::report::cell::ratio;
use crate::report::drill::Drill;
use crate::report::{Cell, CellKind, Frame, Report, ReportColumn, Request, column};
use crate::store::customers::Channel;
use crate::store::rollups::quality;
use crate::store::{ReadTx, listing, records};

/// The name.
pub const NAME: &str = "data-quality";

/// The columns. `complete` is the share of the records that lack nothing.
pub const COLUMNS: &[ReportColumn] = &[
    column("check", CellKind::Text),
    column("records", CellKind::Count),
    column("lacking", CellKind::Count),
    column("complete", CellKind::Ratio),
];

const DEFINITION: &str = "records = customers of which it could be known, without the trash; lacking = those of which it is \
    not, who have an address that does not work, or who may be there twice; complete = records that lack nothing / records; \
    fresh = an activity within 30 days";

/// What customers should have: the name, whom it is asked of, and what lacks it.
const CHECKS: &[(&str, &str, &str)] = &[
    ("reachable", "", "no:emails no:phones"),
    ("email", "", "no:emails"),
    ("phone", "", "no:phones"),
    ("company", "type:person", "no:company"),
    ("title", "type:person", "no:title"),
    ("website", "type:company", "no:website"),
    ("industry", "type:company", "no:industry"),
    ("city", "", "no:city"),
    ("country", "", "no:country"),
    ("source", "", "no:source"),
    ("owner", "", "no:owner"),
    ("contacted", "", "no:last_activity"),
    ("fresh", "", "is:stale"),
];

/// Who cannot be reached or whom nobody looks after, and is to be mended first.
const FIRST: &str = "(no:emails no:phones) or no:owner";

/// Addresses that should work.
const VALID: &[(&str, Channel)] = &[("valid_email", Channel::Email), ("valid_phone", Channel::Phone)];

/// The check whether customers are there once.
const ONCE: &str = "once";

/// Among more customers than these, those who are there twice are not looked for on the way.
const MOST_COMPARED: i64 = 5_000;

/// Makes the report: a row for every check. Filters are of customers.
///
/// # Errors
///
/// `Usage` for a period or for rows by something, which make no sense here.
pub fn run(tx: &ReadTx<'_>, request: &Request) -> Result<Report> {
    request.dimension(NAME, &[])?;
    if request.period.is_some() {
        return Err(Error::usage(
            "the data is as it is now, in no period; a filter says of whom: -w 'created_at:this-month'",
        ));
    }
    let all = of(tx, request, &[])?;
    let mut rows = Vec::new();
    for (name, whom, lacks) in CHECKS {
        let records = count(tx, &of(tx, request, &[whom])?)?;
        let lacking = count(tx, &of(tx, request, &[whom, lacks])?)?;
        rows.push(cells(name, records, lacking));
    }
    for (name, channel) in VALID {
        let (holders, bad) = quality::addresses(tx, &all, *channel)?;
        rows.push(cells(name, holders, size(&bad)));
    }
    let records = count(tx, &all)?;
    let mut left_out = Vec::new();
    if records <= MOST_COMPARED {
        rows.push(cells(ONCE, records, size(&twice(tx, request)?)));
    } else {
        left_out.push(("compared with no other; `crm dupes` does it".to_owned(), records));
    }
    let frame = Frame {
        name: NAME,
        definition: DEFINITION,
        period: Period::ALL,
        by: None,
        columns: COLUMNS,
    };
    Ok(frame.report(tx, request, rows, Vec::new(), left_out))
}

/// The customers who cannot be reached or whom nobody looks after: what is to be mended first.
pub(super) fn behind_all(_: &ReadTx<'_>, request: &Request) -> Result<Drill> {
    Ok(Drill::filtered(Noun::Customer, request, FIRST.to_owned()))
}

/// The customers who are to be mended first, at most as many as the request says, and by which checks each of them lacks
/// something.
///
/// # Errors
///
/// As the report itself.
pub fn lacking(tx: &ReadTx<'_>, request: &Request) -> Result<Vec<(Id, Vec<&'static str>)>> {
    let mut wanted = records::ids(tx, Noun::Customer, &of(tx, request, &[FIRST])?)?;
    if let Some(limit) = request.limit {
        wanted.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    }
    let mut lacks: BTreeMap<Id, Vec<&'static str>> = wanted.iter().map(|id| (*id, Vec::new())).collect();
    let mut note = |name: &'static str, ids: Vec<Id>| {
        for id in ids {
            lacks.entry(id).and_modify(|names| names.push(name));
        }
    };
    for (name, whom, lack) in CHECKS {
        note(
            name,
            records::ids(tx, Noun::Customer, &of(tx, request, &[FIRST, whom, lack])?)?,
        );
    }
    for (name, channel) in VALID {
        note(
            name,
            quality::addresses(tx, &of(tx, request, &[FIRST])?, *channel)?.1,
        );
    }
    if count(tx, &of(tx, request, &[])?)? <= MOST_COMPARED {
        note(ONCE, twice(tx, request)?);
    }
    let of_each = wanted
        .into_iter()
        .map(|id| (id, lacks.remove(&id).unwrap_or_default()));
    Ok(of_each.collect())
}

/// The customers who lack what a row is about.
pub(super) fn records_of(tx: &ReadTx<'_>, request: &Request, row: &Row) -> Result<Option<Behind>> {
    let (Some(Cell::Text(name)), Some(Cell::Count(counted))) = (row.cells.first(), row.cells.get(2)) else {
        return Ok(None);
    };
    let drill = if let Some((_, whom, lacks)) = CHECKS.iter().find(|(check, ..)| check == name) {
        let filter = [*whom, *lacks].join(" ");
        Drill::filtered(Noun::Customer, request, filter.trim().to_owned())
    } else if let Some((_, channel)) = VALID.iter().find(|(check, _)| check == name) {
        let (_, bad) = quality::addresses(tx, &of(tx, request, &[])?, *channel)?;
        Drill::Records(Noun::Customer, bad)
    } else {
        Drill::Records(Noun::Customer, twice(tx, request)?)
    };
    Ok(Some(Behind {
        drill,
        counted: Some(*counted),
    }))
}

/// The customers of the request for whom these hold too, without the trash.
fn of(tx: &ReadTx<'_>, request: &Request, more: &[&str]) -> Result<Condition> {
    let more: Vec<String> = more
        .iter()
        .filter(|filter| !filter.is_empty())
        .map(|filter| (*filter).to_owned())
        .collect();
    Ok(Condition::and([
        request.condition_on(tx, Noun::Customer)?,
        list::condition(tx, Noun::Customer, &more)?,
        Condition::negation(Condition::Predicate(Predicate::Trashed)),
    ]))
}

fn count(tx: &ReadTx<'_>, condition: &Condition) -> Result<i64> {
    let most = u64::from(u32::MAX);
    let found = listing::count_up_to(tx, Noun::Customer, condition, most)?;
    Ok(i64::try_from(found.counted).unwrap_or(i64::MAX))
}

fn size(ids: &[Id]) -> i64 {
    i64::try_from(ids.len()).unwrap_or(i64::MAX)
}

/// The customers who may be one with another.
fn twice(tx: &ReadTx<'_>, request: &Request) -> Result<Vec<Id>> {
    let wanted = dupes::Request {
        filters: request.filters.clone(),
        ..dupes::Request::default()
    };
    let found = dupes::find(tx, &wanted)?;
    let both: BTreeSet<Id> = found.pairs().flat_map(|pair| [pair.one, pair.other]).collect();
    // A filter need hold for one of two only there.
    let own = records::ids(tx, Noun::Customer, &of(tx, request, &[])?)?;
    Ok(own.into_iter().filter(|id| both.contains(id)).collect())
}

fn cells(name: &str, records: i64, lacking: i64) -> Vec<Cell> {
    vec![
        Cell::Text(name.to_owned()),
        Cell::Count(records),
        Cell::Count(lacking),
        ratio(records - lacking, records),
    ]
}
