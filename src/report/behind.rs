//! The records behind one row of a report: just those that it counts.
//!
//! Where a filter selects them they are told by it, so that the list stays live and can be read. Where none does,
//! because somebody else has the credit or a deal was once further than it is, they are told one by one.

use jiff::ToSpan;

use crate::domain::id::{Id, Ref};
use crate::domain::noun::Noun;
use crate::domain::pipeline::StageType;
use crate::domain::when::period::Period;
use crate::error::Result;
use crate::ops::list;
use crate::report::drill::{Drill, within};
use crate::report::groups::Names;
use crate::report::{Cell, Dimension, Report, ReportColumn, Request, entry, funnel};
use crate::store::rollups::members;
use crate::store::rollups::{Deals, Group, Which};
use crate::store::{ReadTx, listing};

/// A row of a report, or its totals.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// What the rows are made by.
    pub by: Option<Dimension>,
    /// The columns.
    pub columns: Vec<ReportColumn>,
    /// The cells; the first of totals is null.
    pub cells: Vec<Cell>,
    /// Whether these are the totals.
    pub is_total: bool,
}

/// The records behind a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Behind {
    /// Themselves.
    pub drill: Drill,
    /// How many of them the report counts; none where no single figure counts them.
    pub counted: Option<i64>,
}

impl Row {
    /// The row with this number; the totals behind the last one.
    pub fn of(report: &Report, at: usize) -> Option<Row> {
        let is_total = at == report.rows.len();
        let cells = match is_total {
            true => Some(&report.totals).filter(|totals| !totals.is_empty()),
            false => report.rows.get(at),
        };
        Some(Row {
            by: Dimension::parse(report.by).ok(),
            columns: report.columns.clone(),
            cells: cells?.clone(),
            is_total,
        })
    }

    /// The number in a column.
    pub(super) fn count(&self, name: &str) -> Option<i64> {
        match self.cell(name)? {
            Cell::Count(count) => Some(*count),
            _ => None,
        }
    }

    pub(super) fn cell(&self, name: &str) -> Option<&Cell> {
        let at = self.columns.iter().position(|column| column.name == name)?;
        self.cells.get(at)
    }

    /// What the row is called; none for a group without anything there.
    pub(super) fn name(&self) -> Option<&str> {
        match self.cells.first()? {
            Cell::Text(name) => Some(name),
            _ => None,
        }
    }

    /// What tells the group from the others; none where there is one only.
    fn group(&self) -> Option<Dimension> {
        self.by.filter(|_| !self.is_total)
    }
}

/// The records behind a row of the report `name`; none where its figures are not made of records of one kind.
///
/// # Errors
///
/// As the report itself.
pub fn behind(tx: &ReadTx<'_>, name: &str, request: &Request, row: &Row) -> Result<Option<Behind>> {
    let entry = entry(name)?;
    if name == super::overview::NAME {
        return figure(tx, request, row);
    }
    if name == super::quality::NAME {
        return super::quality::records_of(tx, request, row);
    }
    let of_leads = match name {
        super::leads::NAME => Some(Group::All),
        super::sources::NAME => Some(Group::Source),
        _ => None,
    };
    if let Some(usual) = of_leads {
        return super::leads::records_of(tx, request, row, usual).map(Some);
    }
    if name == super::flow::NAME && !row.is_total {
        return super::flow::records_of(tx, request, row);
    }
    let of_tickets = match name {
        super::tickets::NAME => Some(super::tickets::records_of(tx, request, row)?),
        super::steps::NAME => Some(super::steps::records_of(tx, request, row)?),
        super::sla::NAME => Some(super::sla::records_of(tx, request, row)?),
        super::agents::NAME => Some(super::agents::records_of(tx, request, row)?),
        _ => None,
    };
    if of_tickets.is_some() {
        return Ok(of_tickets);
    }
    let Some(records) = entry.records else {
        return Ok(None);
    };
    let counted = counted(name).and_then(|column| row.count(column));
    let narrowed = narrowed(tx, name, request, row)?;
    let drill = match (name, row.group()) {
        (super::forecast::NAME, Some(Dimension::Month | Dimension::Quarter)) => {
            let period = narrowed.period.unwrap_or(Period::ALL);
            let (closed, expected) = (within("closed_on", period), within("expected_close", period));
            let filter = format!(
                "(status:won{closed}) or (status:open category:commit,best_case,pipeline{expected}) or (is:overdue{expected})"
            );
            Drill::filtered(Noun::Deal, &narrowed, filter)
        }
        (super::team::NAME, _) => super::drill::won(tx, &with_period(tx, name, &narrowed)?)?,
        _ => records(tx, &narrowed)?,
    };
    let drill = exactly(tx, name, request, row, (drill, counted))?;
    Ok(Some(Behind { drill, counted }))
}

/// The column that says how many records are behind a row.
fn counted(name: &str) -> Option<&'static str> {
    Some(match name {
        super::pipeline::NAME => "deals",
        super::aging::NAME => "in_stage",
        super::slippage::NAME => "slipped",
        super::won::NAME | super::team::NAME => "won",
        super::lost::NAME => "lost",
        super::funnel::NAME => "reached",
        super::activity::NAME => "total",
        super::response::NAME => "customers",
        super::receivables::NAME | super::orders::NAME => "orders",
        super::satisfaction::CSAT | super::satisfaction::NPS | super::satisfaction::CES => "answers",
        _ => return None,
    })
}

/// The request with the period that the report has by itself.
fn with_period(tx: &ReadTx<'_>, name: &str, request: &Request) -> Result<Request> {
    let period = super::period::or_phrase(tx.caller(), request.period, entry(name)?.period)?;
    Ok(Request {
        period: Some(period),
        ..request.clone()
    })
}

/// The request, narrowed to what the row is about as far as a filter can.
fn narrowed(tx: &ReadTx<'_>, name: &str, request: &Request, row: &Row) -> Result<Request> {
    let mut narrowed = Request {
        by: None,
        ..request.clone()
    };
    if let Some(by) = row.group() {
        match (by, row.name()) {
            (Dimension::Month | Dimension::Quarter, Some(span)) => {
                let asked = with_period(tx, name, request)?.period.unwrap_or(Period::ALL);
                let span = super::period::read(tx.caller(), span)?;
                narrowed.period = Some(both(asked, span));
            }
            (Dimension::Month | Dimension::Quarter, None) => {
                narrowed.filters.push("no:expected_close".to_owned());
            }
            (by, group) => narrowed.filters.push(of_group(name, by, group)),
        }
    }
    if let (super::aging::NAME, Some(Cell::Text(bucket))) = (name, row.cell("days")) {
        narrowed.filters.extend(since(tx, bucket));
    }
    Ok(narrowed)
}

/// The days that both periods have.
fn both(one: Period, other: Period) -> Period {
    let later = |a: Option<_>, b: Option<_>| if a.is_none() { b } else { a.max(b) };
    let earlier = |a: Option<jiff::civil::Date>, b: Option<jiff::civil::Date>| match (a, b) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    };
    Period {
        from: later(one.from, other.from),
        to: earlier(one.to, other.to),
    }
}

/// The filter of a group; none for those that have nothing there.
pub(super) fn of_group(report: &str, by: Dimension, group: Option<&str>) -> String {
    let field = match by {
        Dimension::Team if report == super::tickets::NAME => "team",
        Dimension::Team => "owner.team",
        Dimension::Reason => "lost_reason",
        Dimension::Level => "customer.level",
        Dimension::Assignee if super::satisfaction::is(report) => "ticket.assignee",
        Dimension::Source if super::satisfaction::is(report) => "customer.source",
        by => by.name(),
    };
    let Some(group) = group else {
        return match by {
            Dimension::Stage => "no:last_open_stage".to_owned(),
            _ => format!("no:{field}"),
        };
    };
    match by {
        Dimension::Stage => {
            let (pipeline, stage) = match group.split_once('/') {
                Some((pipeline, stage)) => (format!("pipeline:{} ", quoted(pipeline)), stage),
                None => (String::new(), group),
            };
            let stage = quoted(stage);
            match report {
                super::pipeline::NAME | super::aging::NAME | super::slippage::NAME => {
                    format!("{pipeline}stage:{stage}")
                }
                _ => format!("{pipeline}(stage:{stage} or last_open_stage:{stage})"),
            }
        }
        Dimension::Customer | Dimension::Product => match reference(group) {
            Some(reference) => format!("{field}:{reference}"),
            None => format!("{field}:={}", quoted(group)),
        },
        Dimension::Competitor => format!("{field}:={}", quoted(group)),
        _ => format!("{field}:{}", quoted(group)),
    }
}

/// The ref by which one of several records of one name is told: that in `Anna Keller (C7)`.
fn reference(name: &str) -> Option<Ref> {
    let (_, reference) = name.strip_suffix(')')?.rsplit_once(" (")?;
    Ref::parse(reference)
}

/// A value of a filter, whatever letters it has.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// The days on which deals came into their stage that are in it for as long as a bucket says: `0-7`, `>90`.
fn since(tx: &ReadTx<'_>, bucket: &str) -> Option<String> {
    let today = tx.caller().clock.today();
    let before = |days: i64| today.saturating_sub(days.days());
    Some(match bucket.strip_prefix('>') {
        Some(days) => format!("stage_since:..{}", before(days.parse::<i64>().ok()? + 1)),
        None => {
            let (least, most) = bucket.split_once('-')?;
            let (first, last) = (before(most.parse().ok()?), before(least.parse().ok()?));
            format!("stage_since:{first}..{last}")
        }
    })
}

/// The records one by one, where the filter does not select as many as the report counts.
fn exactly(
    tx: &ReadTx<'_>,
    name: &str,
    request: &Request,
    row: &Row,
    (drill, counted): (Drill, Option<i64>),
) -> Result<Drill> {
    let (Drill::Filtered(noun, filters), Some(counted)) = (&drill, counted) else {
        return match &drill {
            Drill::Records(..) if row.group().is_some() => super::slippage::records_of(tx, request, row),
            _ => Ok(drill),
        };
    };
    let is_reached = name == funnel::NAME && !row.is_total;
    if !is_reached {
        let found = listing::count(tx, *noun, &list::condition(tx, *noun, filters)?)?;
        if i64::try_from(found.counted) == Ok(counted) || found.is_more {
            return Ok(drill);
        }
    }
    let period = with_period(tx, name, request)?.period.unwrap_or(Period::ALL);
    let which = match name {
        super::won::NAME | super::team::NAME => Which::Closed(&[StageType::Won], period),
        super::lost::NAME => Which::Closed(&[StageType::Lost], period),
        funnel::NAME => Which::Opened(period),
        super::pipeline::NAME => Which::Open(period),
        super::response::NAME => return super::response::records_of(tx, request, row),
        _ => return Ok(drill),
    };
    let condition = request.condition(tx)?;
    let deals = Deals {
        condition: &condition,
        which,
    };
    let group = row.group().map_or(Group::All, Dimension::group);
    let groups = members::members(tx, &deals, group)?;
    let names = Names::of(group, groups.iter().map(|(_, heading, _)| heading));
    let own = groups.iter().filter(|(_, heading, _)| {
        row.group().is_none() || row.cells.first() == Some(&names.cell(group, heading))
    });
    let own = own.flat_map(|(.., members)| members);
    let mut ids: Vec<Id> = match (is_reached, row.cell("stage")) {
        (true, Some(Cell::Text(stage))) => {
            let steps = funnel::Reached::of(tx, stage)?;
            own.filter(|member| steps.has(member))
                .map(|member| member.id)
                .collect()
        }
        _ => own.map(|member| member.id).collect(),
    };
    ids.sort_unstable();
    Ok(Drill::Records(Noun::Deal, ids))
}

/// The records behind a figure of the overview.
fn figure(tx: &ReadTx<'_>, request: &Request, row: &Row) -> Result<Option<Behind>> {
    let request = with_period(tx, super::overview::NAME, request)?;
    let period = request.period.unwrap_or(Period::ALL);
    let is_over = period.to.is_some_and(|to| to <= tx.caller().clock.today());
    let (noun, filter) = match row.name() {
        Some("revenue" | "deals_won" | "average_deal" | "cycle") => {
            (Noun::Deal, format!("status:won{}", within("closed_on", period)))
        }
        Some("win_rate") => (
            Noun::Deal,
            format!("status:won,lost{}", within("closed_on", period)),
        ),
        Some("deals_opened") => (
            Noun::Deal,
            format!("status:open,won,lost{}", within("opened_on", period)),
        ),
        // What was open then cannot be told by a filter of today.
        Some("open_deals" | "open_pipeline" | "weighted_pipeline") if !is_over => {
            (Noun::Deal, "status:open".to_owned())
        }
        Some("activities") => (
            Noun::Activity,
            format!("not type:note{}", within("on_date", period)),
        ),
        Some("overdue_tasks") if !is_over => (Noun::Task, "is:overdue".to_owned()),
        Some("overdue_receivable") if !is_over => (Noun::Order, "is:overdue".to_owned()),
        Some(kind @ ("csat" | "nps")) => (
            Noun::Feedback,
            format!("has:score survey.type:{kind}{}", within("answered_on", period)),
        ),
        Some("sla") => {
            let Some(condition) = request.condition_where_fitting(tx, Noun::Ticket)? else {
                return Ok(None);
            };
            let mut ids = super::sla::solutions(tx, &condition, period)?.concat();
            ids.sort_unstable();
            return Ok(Some(Behind {
                drill: Drill::Records(Noun::Ticket, ids),
                counted: None,
            }));
        }
        _ => return Ok(None),
    };
    let counted = match row.name() {
        Some("deals_won" | "deals_opened" | "open_deals" | "activities" | "overdue_tasks") => {
            row.count("value")
        }
        _ => None,
    };
    Ok(Some(Behind {
        drill: Drill::filtered(noun, &request, filter),
        counted,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::actor::{Actor, Caller};
    use crate::domain::clock::Clock;
    use crate::domain::money::Currency;
    use crate::ops::demo::{self, Size};
    use crate::ops::draft::Lists;
    use crate::ops::found::{self, FIRST_USER, Founding};
    use crate::ops::tests::{Base, assignments};
    use crate::ops::typed::Policy;
    use crate::ops::{deal, user};
    use crate::report::{REPORTS, figure, run};
    use crate::store::{Store, records};

    fn sample() -> (Store, Caller) {
        let clock = Clock::new(
            "2026-11-21T09:00:00Z".parse().unwrap(),
            jiff::tz::TimeZone::get("Europe/Berlin").unwrap(),
        );
        let caller = Caller::new(Actor::founder(FIRST_USER), clock, 7);
        let founding = Founding {
            currency: Currency::parse("EUR").unwrap(),
            user: FIRST_USER.to_owned(),
            demo: true,
        };
        let store = Store::in_memory(&caller, |tx| {
            found::found(tx, &founding)?;
            demo::fill(tx, Size { more_customers: 0 })
        });
        (store.unwrap(), caller)
    }

    fn size(tx: &ReadTx<'_>, drill: &Drill) -> Result<i64> {
        let found = match drill {
            Drill::Records(_, ids) => ids.len(),
            Drill::Filtered(noun, filters) => {
                records::ids(tx, *noun, &list::condition(tx, *noun, filters)?)?.len()
            }
        };
        Ok(i64::try_from(found).unwrap())
    }

    #[test]
    fn behind_every_row_of_every_report_are_as_many_records_as_it_counts() {
        let (store, caller) = sample();
        let mut compared = 0;
        let mut walk = |request: &Request, name: &'static str| {
            let told = store.read(&caller, |tx| {
                let report = run(tx, name, request)?;
                for at in 0..=report.rows.len() {
                    let Some(row) = Row::of(&report, at) else { continue };
                    let Some(behind) = behind(tx, name, request, &row)? else {
                        continue;
                    };
                    let found = size(tx, &behind.drill)?;
                    if let Some(counted) = behind.counted {
                        compared += 1;
                        let Row { cells, .. } = &row;
                        assert_eq!(
                            found, counted,
                            "{name} {request:?}: {cells:?} by {:?}",
                            behind.drill
                        );
                    }
                }
                Ok(())
            });
            // A report that makes no sense for a period says so by itself.
            if let Err(error) = told {
                assert_eq!(
                    error.kind(),
                    crate::error::Kind::Usage,
                    "{name} {request:?}: {error}"
                );
            }
        };
        for entry in REPORTS {
            let ways = std::iter::once(None).chain(entry.by.iter().copied().map(Some));
            for by in ways {
                for period in [None, Some("2026-Q3"), Some("2026-05-10..2026-11-10"), Some("all")] {
                    let request = Request {
                        by,
                        period: period.map(|text| super::super::period::read(&caller, text).unwrap()),
                        filters: period
                            .filter(|text| *text == "all")
                            .map(|_| "source:website".to_owned())
                            .into_iter()
                            .collect(),
                        ..Request::default()
                    };
                    walk(&request, entry.name);
                }
            }
        }
        assert!(compared > 500, "{compared}");
    }

    /// The records of a figure of tickets are as many as it says, in every row, whatever the rows are made by.
    #[test]
    fn behind_every_figure_of_tickets_are_its_records() {
        let (store, caller) = sample();
        let mut compared = 0;
        for entry in REPORTS {
            for figure in figure::figures(entry.name) {
                for by in std::iter::once(None).chain(entry.by.iter().copied().map(Some)) {
                    for period in ["2026-11", "2026-05-10..2026-11-10", "all"] {
                        let request = Request {
                            by,
                            period: Some(super::super::period::read(&caller, period).unwrap()),
                            figure: Some((*figure).to_owned()),
                            ..Request::default()
                        };
                        let told = store.read(&caller, |tx| {
                            let report = run(tx, entry.name, &request)?;
                            for at in 0..=report.rows.len() {
                                let row = Row::of(&report, at).unwrap();
                                let behind = behind(tx, entry.name, &request, &row)?.unwrap();
                                let found = size(tx, &behind.drill)?;
                                assert_eq!(
                                    (row.count(figure), behind.counted),
                                    (Some(found), Some(found)),
                                    "{} {figure} {request:?} {:?}",
                                    entry.name,
                                    row.cells
                                );
                                compared += i64::from(found > 0);
                            }
                            let all = size(tx, &(entry.records.unwrap())(tx, &request)?)?;
                            let totals = Row::of(&report, report.rows.len()).unwrap();
                            assert_eq!(Some(all), totals.count(figure), "{} {figure}", entry.name);
                            Ok(())
                        });
                        told.unwrap();
                    }
                }
            }
        }
        assert!(compared > 100, "{compared}");
    }

    /// What no filter selects is told one by one: the credit of somebody who gave the deal away, and how far a deal came
    /// that went back.
    #[test]
    fn who_won_is_not_who_has_the_deal_now() {
        let mut base = Base::new();
        base.write(|tx| user::add(tx, &assignments("name=Mara"), &Policy::strict()));
        let mut add = |text: &str| {
            base.write(|tx| deal::add(tx, &assignments(text), &Policy::strict()))
                .id
        };
        let won = add("name=A; stage=won; owner=Mara; opened_on=2026-01-11; closed_on=2026-02-10");
        let back = add("name=B; stage=negotiation; owner=Mara; opened_on=2026-01-11");
        add("name=C; stage=prospecting; owner=Mara; opened_on=2026-01-11");
        for (deal, change) in [(won, "owner=self"), (back, "stage=prospecting")] {
            let change = assignments(change);
            base.write(|tx| deal::edit(tx, deal, &change, Lists::Replace, &Policy::strict()));
        }
        let found = |name: &str, by: Dimension, at: usize| {
            base.read(|tx| {
                let request = Request {
                    by: Some(by),
                    ..Request::default()
                };
                let report = run(tx, name, &request)?;
                let row = Row::of(&report, at).unwrap();
                Ok(behind(tx, name, &request, &row)?.unwrap().drill)
            })
        };
        assert_eq!(
            found("won", Dimension::Owner, 0),
            Drill::Records(Noun::Deal, vec![won])
        );
        // Prospecting, qualification, needs analysis, proposal, negotiation.
        assert_eq!(
            found("funnel", Dimension::Pipeline, 4),
            Drill::Records(Noun::Deal, vec![won, back])
        );
    }
}
