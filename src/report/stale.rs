//! What has been left lying: customers and deals with which nothing happens, one by one and with the reason.

use std::ops::ControlFlow;

use jiff::civil::Date;

use crate::domain::noun::Noun;
use crate::domain::value::Value;
use crate::domain::when::period::Period;
use crate::error::{Error, Result};
use crate::ops::list;
use crate::query::plan::{Condition, Predicate};
use crate::query::predicates::{self, STALE_DAYS};
use crate::report::{Cell, CellKind, Frame, Report, ReportColumn, Request, column};
use crate::store::ReadTx;
use crate::store::listing;
use crate::store::records::{self, Listing, Sort};

/// The name.
pub const NAME: &str = "stale";

/// The columns. `days` is the time since the last activity or, where there was none, since the record began.
pub const COLUMNS: &[ReportColumn] = &[
    column("id", CellKind::Text),
    column("kind", CellKind::Text),
    column("name", CellKind::Text),
    column("owner", CellKind::Text),
    column("last_activity", CellKind::Day),
    column("days", CellKind::Count),
    column("reason", CellKind::Text),
];

/// The kinds of record that get stale.
const KINDS: [Noun; 2] = [Noun::Customer, Noun::Deal];

/// Makes the report: a row for every customer and every open deal without activity for so many days, 30 unless asked
/// otherwise, the longest silent first and those without any activity last. A filter that makes no sense for one of
/// the kinds leaves it out.
///
/// # Errors
///
/// `Usage` for a period or for rows by something, which make no sense here, and for a filter that fits no kind.
pub fn run(tx: &ReadTx<'_>, request: &Request) -> Result<Report> {
    request.dimension(NAME, &[])?;
    if request.period.is_some() {
        return Err(Error::usage(
            "what is stale now is so in no period; say for how many days nothing has happened",
        ));
    }
    let days = request.days.unwrap_or(STALE_DAYS);
    if days < 1 {
        return Err(Error::usage("nothing is stale before a day has passed"));
    }
    let mut rows = Vec::new();
    let mut left_out = Vec::new();
    for (noun, condition) in conditions(tx, request)? {
        let Some(meaning) = predicates::stale(noun, days) else {
            continue;
        };
        let condition = Condition::and([
            condition,
            list::condition(tx, noun, &[meaning])?,
            Condition::negation(Condition::Predicate(Predicate::Trashed)),
        ]);
        let shown = rows.len();
        silent(tx, noun, &condition, request.limit, &mut rows)?;
        let shown = u64::try_from(rows.len() - shown).unwrap_or(u64::MAX);
        if request.limit == Some(shown) {
            let all = listing::count(tx, noun, &condition)?.counted;
            let rest = i64::try_from(all.saturating_sub(shown)).unwrap_or(i64::MAX);
            left_out.push((format!("{} beyond the first {shown}", noun.plural()), rest));
        }
    }
    let definition = format!(
        "stale = a customer, or an open deal, without any activity but notes, and without a word for a \
         ticket, for more than {days} days, or, where there never was any, since it was added or opened"
    );
    let frame = Frame {
        name: NAME,
        definition: &definition,
        period: Period::ALL,
        by: None,
        columns: COLUMNS,
    };
    Ok(frame.report(tx, request, rows, Vec::new(), left_out))
}

/// The filters as conditions on each kind that is wanted and that they fit.
fn conditions(tx: &ReadTx<'_>, request: &Request) -> Result<Vec<(Noun, Condition)>> {
    let mut found = Vec::new();
    for noun in KINDS {
        if request.kind.is_some_and(|kind| kind != noun) {
            continue;
        }
        if let Some(condition) = request.condition_where_fitting(tx, noun)? {
            found.push((noun, condition));
        }
    }
    if found.is_empty() {
        let kind = request.kind.unwrap_or(Noun::Customer);
        if !KINDS.contains(&kind) {
            let message = format!("{} do not get stale, only customers and deals", kind.plural());
            return Err(Error::usage(message).with_near(KINDS.map(|noun| noun.name().to_owned()).to_vec()));
        }
        // Nothing fits: what is wrong is said by the filter itself.
        found.push((kind, request.condition_on(tx, kind)?));
    }
    Ok(found)
}

/// Adds a row for every record of `noun` under `condition`.
fn silent(
    tx: &ReadTx<'_>,
    noun: Noun,
    condition: &Condition,
    limit: Option<u64>,
    rows: &mut Vec<Vec<Cell>>,
) -> Result<()> {
    let began = match noun {
        Noun::Deal => "opened_on",
        _ => "created_at",
    };
    let columns = ["id", "name", "owner", "last_activity", began];
    let listing = Listing {
        noun,
        columns: columns
            .iter()
            .map(|name| list::column(tx, noun, name))
            .collect::<Result<_>>()?,
        condition: condition.clone(),
        sort: vec![Sort {
            by: list::column(tx, noun, "last_activity")?,
            descending: false,
        }],
        limit,
    };
    let clock = &tx.caller().clock;
    records::select(tx, &listing, |_, row| {
        let day = |at: usize| match row.get(at) {
            Some(Value::Date(day)) => Some(*day),
            Some(Value::Instant(instant)) => Some(clock.day_of(*instant)),
            _ => None,
        };
        let text = |at: usize| match row.get(at) {
            Some(Value::Ref(reference)) => Cell::Text(reference.to_string()),
            Some(Value::Text(text)) => Cell::Text(text.clone()),
            Some(Value::Link(link)) => Cell::Text(link.name.clone()),
            _ => Cell::Null,
        };
        let (last, began) = (day(3), day(4));
        let since = last.or(began).map_or(0, |day| days_between(day, clock.today()));
        let reason = match last {
            Some(_) if since == 1 => "silent for 1 day".to_owned(),
            Some(_) => format!("silent for {since} days"),
            None => "never any activity".to_owned(),
        };
        rows.push(vec![
            text(0),
            Cell::Text(noun.name().to_owned()),
            text(1),
            text(2),
            last.map_or(Cell::Null, Cell::Day),
            Cell::Count(since),
            Cell::Text(reason),
        ]);
        Ok(ControlFlow::Continue(()))
    })
}

fn days_between(from: Date, to: Date) -> i64 {
    from.until(to).map_or(0, |span| i64::from(span.get_days()))
}
