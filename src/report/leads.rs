//! What becomes of leads, and how soon they hear from us.

use crate::domain::id::Id;
use crate::domain::noun::Noun;
use crate::domain::when::period::Period;
use crate::error::Result;
use crate::report::behind::{Behind, Row};
use crate::report::cell::{median_seconds, ratio};
use crate::report::drill::Drill;
use crate::report::groups::{Lines, Names};
use crate::report::{Cell, CellKind, Dimension, Frame, Report, ReportColumn, Request, column};
use crate::store::ReadTx;
use crate::store::rollups::Group;
use crate::store::rollups::leads::{Lead, leads};

/// The name.
pub const NAME: &str = "leads";

/// What its rows can be made by.
pub const BY: &[Dimension] = &[Dimension::Owner, Dimension::Team, Dimension::Source];

/// The columns. From `leads` to `open` they are of those who became leads in the period, whatever became of them since;
/// those with `flow` of what happened in the period to leads of any age; the others of how soon the leads of the period
/// heard from us: `median_s` in seconds, over those who did.
pub const COLUMNS: &[ReportColumn] = &[
    column("group", CellKind::Text),
    column("leads", CellKind::Count),
    column("converted", CellKind::Count),
    column("conversion", CellKind::Ratio),
    column("disqualified", CellKind::Count),
    column("open", CellKind::Count),
    column("flow_converted", CellKind::Count),
    column("flow_disqualified", CellKind::Count),
    column("flow_conversion", CellKind::Ratio),
    column("responded", CellKind::Count),
    column("median_s", CellKind::Seconds),
    column("within_5_min", CellKind::Ratio),
    column("within_1_h", CellKind::Ratio),
    column("within_24_h", CellKind::Ratio),
    column("untouched", CellKind::Count),
];

const DEFINITION: &str = "leads = customers who became leads in the period; conversion = of these, qualified or further on by \
    now / leads; flow conversion = converted in the period / (converted + disqualified in the period); response = time from \
    becoming a lead to the first activity that is no note and was not begun by the customer; shares = leads who heard from us \
    within that time / leads; untouched = never heard from us";

/// The figures of one group.
#[derive(Debug, Clone, Default)]
pub(super) struct Counts {
    /// The leads of the period.
    pub(super) ids: Vec<Id>,
    /// How many of them were converted.
    pub(super) converted: i64,
    disqualified: i64,
    open: i64,
    flow_converted: i64,
    flow_disqualified: i64,
    seconds: Vec<i64>,
    untouched: i64,
    known_before: i64,
}

impl Counts {
    /// How many leads there are.
    pub(super) fn leads(&self) -> i64 {
        i64::try_from(self.ids.len()).unwrap_or(i64::MAX)
    }

    fn take(&mut self, lead: &Lead, span: &Span) {
        if lead.converted_at.is_some_and(|at| span.has(at)) {
            self.flow_converted += 1;
        }
        if lead.disqualified_on.as_ref().is_some_and(|day| span.has_day(day)) {
            self.flow_disqualified += 1;
        }
        if !span.has(lead.entered_at) {
            return;
        }
        self.ids.push(lead.id);
        self.converted += i64::from(lead.converted_at.is_some());
        self.disqualified += i64::from(lead.disqualified_on.is_some());
        self.open += i64::from(lead.converted_at.is_none() && lead.disqualified_on.is_none());
        match lead.heard_at {
            None => self.untouched += 1,
            Some(at) if at < lead.entered_at => self.known_before += 1,
            Some(at) => self.seconds.push((at - lead.entered_at) / 1000),
        }
    }

    pub(super) fn add(&mut self, other: &Counts) {
        self.ids.extend(&other.ids);
        self.converted += other.converted;
        self.disqualified += other.disqualified;
        self.open += other.open;
        self.flow_converted += other.flow_converted;
        self.flow_disqualified += other.flow_disqualified;
        self.seconds.extend(&other.seconds);
        self.untouched += other.untouched;
        self.known_before += other.known_before;
    }

    fn is_empty(&self) -> bool {
        self.ids.is_empty() && self.flow_converted + self.flow_disqualified == 0
    }

    fn cells(&mut self, name: Cell) -> Vec<Cell> {
        let responded = i64::try_from(self.seconds.len()).unwrap_or(i64::MAX);
        let waited = responded + self.untouched;
        let within = |seconds: &[i64], limit: i64| {
            let soon = seconds.iter().filter(|wait| **wait <= limit).count();
            ratio(i64::try_from(soon).unwrap_or(i64::MAX), waited)
        };
        let shares = [300, 3_600, 86_400].map(|limit| within(&self.seconds, limit));
        let mut row = vec![
            name,
            Cell::Count(self.leads()),
            Cell::Count(self.converted),
            ratio(self.converted, self.leads()),
            Cell::Count(self.disqualified),
            Cell::Count(self.open),
            Cell::Count(self.flow_converted),
            Cell::Count(self.flow_disqualified),
            ratio(self.flow_converted, self.flow_converted + self.flow_disqualified),
            Cell::Count(responded),
            median_seconds(&mut self.seconds),
        ];
        row.extend(shares);
        row.push(Cell::Count(self.untouched));
        row
    }
}

/// A period in days and in instants.
struct Span {
    period: Period,
    from_ms: Option<i64>,
    to_ms: Option<i64>,
}

impl Span {
    fn has(&self, at_ms: i64) -> bool {
        self.from_ms.is_none_or(|from| at_ms >= from) && self.to_ms.is_none_or(|to| at_ms < to)
    }

    fn has_day(&self, day: &str) -> bool {
        let after = self
            .period
            .from
            .is_none_or(|from| day >= from.to_string().as_str());
        after && self.period.to.is_none_or(|to| day < to.to_string().as_str())
    }
}

/// The figures of every group.
pub(super) fn lines(tx: &ReadTx<'_>, request: &Request, group: Group) -> Result<Lines<Counts>> {
    let condition = request.condition_on(tx, Noun::Customer)?;
    let period = request.period.unwrap_or(Period::ALL);
    let (from_ms, to_ms) = super::period::instants(tx.caller(), period);
    let span = Span {
        period,
        from_ms,
        to_ms,
    };
    let mut lines: Lines<Counts> = Lines::new();
    for (key, heading, found) in leads(tx, &condition, group)? {
        let counts = lines.at(&key, &heading);
        for lead in &found {
            counts.take(lead, &span);
        }
    }
    Ok(lines)
}

/// Makes the report; over all time and as one row of all unless asked otherwise. Filters are of customers.
pub fn run(tx: &ReadTx<'_>, request: &Request) -> Result<Report> {
    let by = request.dimension(NAME, BY)?;
    let group = by.map_or(Group::All, Dimension::group);
    let lines = lines(tx, request, group)?.sorted(group, Counts::leads);
    let names = Names::of(group, lines.iter().map(|(_, heading, _)| heading));
    let mut all = Counts::default();
    let mut rows = Vec::with_capacity(lines.len());
    for (_, heading, mut counts) in lines {
        all.add(&counts);
        if !counts.is_empty() {
            rows.push(counts.cells(names.cell(group, &heading)));
        }
    }
    let frame = Frame {
        name: NAME,
        definition: DEFINITION,
        period: request.period.unwrap_or(Period::ALL),
        by,
        columns: COLUMNS,
    };
    let left_out = vec![(
        "heard from us before they were leads, in the response".to_owned(),
        all.known_before,
    )];
    let totals = all.cells(Cell::Null);
    Ok(frame.report(tx, request, rows, totals, left_out))
}

/// The leads of the period.
pub(super) fn records(tx: &ReadTx<'_>, request: &Request) -> Result<Drill> {
    let found = lines(tx, request, Group::All)?.sorted(Group::All, Counts::leads);
    Ok(drill(found.into_iter().flat_map(|(_, _, counts)| counts.ids)))
}

/// The leads of one row.
pub(super) fn records_of(tx: &ReadTx<'_>, request: &Request, row: &Row, usual: Group) -> Result<Behind> {
    let group = row.by.map_or(usual, Dimension::group);
    let found = lines(tx, request, group)?.sorted(group, Counts::leads);
    let names = Names::of(group, found.iter().map(|(_, heading, _)| heading));
    let own = found
        .iter()
        .filter(|(_, heading, _)| row.is_total || row.cells.first() == Some(&names.cell(group, heading)));
    let ids: Vec<Id> = own
        .flat_map(|(_, _, counts)| counts.ids.iter().copied())
        .collect();
    let counted = i64::try_from(ids.len()).ok();
    Ok(Behind {
        drill: drill(ids),
        counted,
    })
}

fn drill(ids: impl IntoIterator<Item = Id>) -> Drill {
    let mut ids: Vec<Id> = ids.into_iter().collect();
    ids.sort_unstable();
    Drill::Records(Noun::Customer, ids)
}
