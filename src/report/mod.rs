//! Reports: read-only figures, each defined once. Sums come from the store; here are ratios, means and words.
//!
//! # Rules of all reports
//!
//! * A period is whole days, half open, in the zone of the clock; days compare as days.
//! * A ratio without a whole is null, never 0 or 100. Nothing is rounded before it is shown, and then half away from
//!   zero; means and medians of amounts are shown to the minor unit.
//! * Sums are in the base currency: closed deals at the rate of their close, open ones at the newest. A deal without
//!   amount or rate counts as a deal, is not in the sum, and is counted as left out.
//! * The trash never counts. Abandoned deals count in no report; where they would have, they are left out.
//! * A closed deal belongs to who owned it at the close, an open one to its owner.
//! * Totals come from the deals, not from the rows: a deal with several products is in the row of each.

pub mod accuracy;
pub mod activity;
pub mod agents;
pub mod aging;
pub mod behind;
pub mod brief;
pub mod cell;
pub mod compare;
pub mod drill;
pub mod figure;
pub mod flow;
pub mod forecast;
pub mod funnel;
pub mod leads;
pub mod list;
pub mod lost;
pub mod orders;
pub mod overview;
pub mod paper;
pub mod period;
pub mod pipeline;
pub mod process;
pub mod quality;
pub mod receivables;
pub mod response;
pub mod satisfaction;
pub mod sla;
pub mod slippage;
pub mod sources;
pub mod stale;
pub mod steps;
pub mod story;
pub mod team;
pub mod tickets;
pub mod velocity;
pub mod win_rate;
pub mod won;

mod groups;
#[cfg(test)]
mod tests;

use jiff::Timestamp;

pub use crate::report::cell::Cell;
pub use crate::report::list::{Entry, REPORTS};

use crate::domain::near::near;
use crate::domain::noun::Noun;
use crate::domain::when::period::Period;
use crate::error::{Error, Kind, Result};
use crate::ops;
use crate::query::plan::Condition;
use crate::store::ReadTx;
use crate::store::rollups::Group;

/// What rows are made by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dimension {
    /// The user who gets the credit.
    Owner,
    /// The team of that user.
    Team,
    /// The pipeline.
    Pipeline,
    /// The stage; of a closed deal the last open one.
    Stage,
    /// The products in the lines.
    Product,
    /// Where it stands; only of orders.
    Status,
    /// Where the deal came from.
    Source,
    /// The customer.
    Customer,
    /// Why it was lost.
    Reason,
    /// Who else was in the race.
    Competitor,
    /// The survey.
    Survey,
    /// The level of the customer.
    Level,
    /// By which way it came.
    Channel,
    /// The month of the close, of the expected close or of the opening, as the report says.
    Month,
    /// The quarter of the same day.
    Quarter,
    /// Who works on a ticket.
    Assignee,
    /// How much a ticket presses.
    Priority,
    /// The service policy of a ticket.
    Policy,
}

impl Dimension {
    /// What deals can be grouped by.
    pub const OF_DEALS: [Dimension; 11] = [
        Dimension::Owner,
        Dimension::Team,
        Dimension::Pipeline,
        Dimension::Stage,
        Dimension::Product,
        Dimension::Source,
        Dimension::Customer,
        Dimension::Reason,
        Dimension::Competitor,
        Dimension::Month,
        Dimension::Quarter,
    ];

    /// What tickets can be grouped by.
    pub const OF_TICKETS: [Dimension; 5] = [
        Dimension::Assignee,
        Dimension::Team,
        Dimension::Priority,
        Dimension::Policy,
        Dimension::Customer,
    ];

    /// All dimensions, in the order of the help.
    pub const ALL: [Dimension; 18] = [
        Dimension::Owner,
        Dimension::Team,
        Dimension::Pipeline,
        Dimension::Stage,
        Dimension::Product,
        Dimension::Status,
        Dimension::Source,
        Dimension::Customer,
        Dimension::Reason,
        Dimension::Competitor,
        Dimension::Survey,
        Dimension::Level,
        Dimension::Channel,
        Dimension::Month,
        Dimension::Quarter,
        Dimension::Assignee,
        Dimension::Priority,
        Dimension::Policy,
    ];

    /// The word.
    pub fn name(self) -> &'static str {
        match self {
            Dimension::Owner => "owner",
            Dimension::Team => "team",
            Dimension::Pipeline => "pipeline",
            Dimension::Stage => "stage",
            Dimension::Product => "product",
            Dimension::Status => "status",
            Dimension::Source => "source",
            Dimension::Customer => "customer",
            Dimension::Reason => "reason",
            Dimension::Competitor => "competitor",
            Dimension::Survey => "survey",
            Dimension::Level => "level",
            Dimension::Channel => "channel",
            Dimension::Month => "month",
            Dimension::Quarter => "quarter",
            Dimension::Assignee => "assignee",
            Dimension::Priority => "priority",
            Dimension::Policy => "policy",
        }
    }

    /// The dimension named by `word`.
    ///
    /// # Errors
    ///
    /// `Usage` with what is near.
    pub fn parse(word: &str) -> Result<Dimension> {
        let names = || Dimension::ALL.into_iter().map(Dimension::name);
        Dimension::ALL
            .into_iter()
            .find(|dimension| dimension.name() == word)
            .ok_or_else(|| {
                Error::usage(format!("no report is made by {word:?}")).with_near(near(word, names()))
            })
    }

    fn group(self) -> Group {
        match self {
            Dimension::Owner => Group::Owner,
            Dimension::Team => Group::Team,
            Dimension::Pipeline => Group::Pipeline,
            Dimension::Stage => Group::Stage,
            Dimension::Product => Group::Product,
            Dimension::Status => Group::Status,
            Dimension::Source => Group::Source,
            Dimension::Customer => Group::Customer,
            Dimension::Reason => Group::LostReason,
            Dimension::Competitor => Group::Competitor,
            Dimension::Survey => Group::Survey,
            Dimension::Level => Group::Level,
            Dimension::Channel => Group::Channel,
            Dimension::Month => Group::Month,
            Dimension::Quarter => Group::Quarter,
            Dimension::Assignee => Group::Assignee,
            Dimension::Priority => Group::Priority,
            Dimension::Policy => Group::Policy,
        }
    }
}

/// What a rate is made of.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Measure {
    /// Numbers of deals.
    #[default]
    Count,
    /// Their amounts.
    Value,
}

/// What was asked for.
#[derive(Debug, Clone, Default)]
pub struct Request {
    /// The days it is about; none for what the report has by itself.
    pub period: Option<Period>,
    /// What rows are made by; none for what the report has by itself.
    pub by: Option<Dimension>,
    /// Filters of what the report counts; each is a whole expression, and all have to hold.
    pub filters: Vec<String>,
    /// What a win rate is made of.
    pub measure: Measure,
    /// For how many days nothing has happened with what is stale; none for the usual.
    pub days: Option<i64>,
    /// The only kind of record that is wanted, of a report that has several.
    pub kind: Option<Noun>,
    /// At most so many rows of a kind, of a report whose rows are records.
    pub limit: Option<u64>,
    /// The figure whose records are wanted, of a report that has several such; none for the usual one.
    pub figure: Option<String>,
}

impl Request {
    /// The filters as a condition on deals.
    pub(crate) fn condition(&self, tx: &ReadTx<'_>) -> Result<Condition> {
        self.condition_on(tx, Noun::Deal)
    }

    /// The filters as a condition on records of `noun`.
    fn condition_on(&self, tx: &ReadTx<'_>, noun: Noun) -> Result<Condition> {
        ops::list::condition(tx, noun, &self.filters)
    }

    /// The filters as a condition on records of `noun`; none if they ask for what these do not have.
    fn condition_where_fitting(&self, tx: &ReadTx<'_>, noun: Noun) -> Result<Option<Condition>> {
        match self.condition_on(tx, noun) {
            Ok(condition) => Ok(Some(condition)),
            Err(error) if error.kind() == Kind::Usage => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// What the rows of the report `name` are made by, which is one of `known`.
    ///
    /// # Errors
    ///
    /// `Usage` with those that are known.
    fn dimension(&self, name: &str, known: &[Dimension]) -> Result<Option<Dimension>> {
        match self.by {
            Some(by) if !known.contains(&by) => {
                let names: Vec<String> = known.iter().map(|by| by.name().to_owned()).collect();
                let message = match names.as_slice() {
                    [] => format!("the report {name} is made in one way only"),
                    names => format!(
                        "the report {name} is not made by {}, only by {}",
                        by.name(),
                        names.join(", ")
                    ),
                };
                Err(Error::usage(message).with_near(names))
            }
            by => Ok(by),
        }
    }

    /// All filters as one.
    pub(crate) fn filter(&self) -> String {
        match self.filters.as_slice() {
            [one] => one.clone(),
            several => several
                .iter()
                .map(|filter| format!("({filter})"))
                .collect::<Vec<_>>()
                .join(" "),
        }
    }
}

/// The type of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CellKind {
    /// Names and keys.
    Text,
    /// Numbers of records.
    Count,
    /// Amounts.
    Money,
    /// Shares.
    Ratio,
    /// Lengths of time in days.
    Days,
    /// Lengths of time in seconds.
    Seconds,
    /// How many of one thing there are for one of another.
    Mean,
    /// Calendar days.
    Day,
    /// Any of these, as the row has it.
    Any,
}

/// A column of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReportColumn {
    /// The name, the same in every format.
    pub name: &'static str,
    /// What its cells are, where they are not null.
    pub kind: CellKind,
}

/// A report as it was computed.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// The name: `win-rate`.
    pub name: &'static str,
    /// How its figures are defined, in one line.
    pub definition: String,
    /// The instant of which it speaks.
    pub as_of: Timestamp,
    /// The zone in which a day is a day.
    pub zone: String,
    /// The period as it can be asked for: `2026-Q4`, `all`.
    pub period: String,
    /// The filters as one; empty for none.
    pub filter: String,
    /// What the rows are made by: the name of a dimension, or `all` for one row.
    pub by: &'static str,
    /// The columns; the first says what a row is about, mostly a `group`.
    pub columns: Vec<ReportColumn>,
    /// The rows, as many cells as there are columns.
    pub rows: Vec<Vec<Cell>>,
    /// The same figures over everything; its first cell is null. Empty for a report without a sum.
    pub totals: Vec<Cell>,
    /// What is counted.
    pub noun: Noun,
    /// Why records are not in a figure, and how many; reasons without any are not there.
    pub left_out: Vec<(String, i64)>,
}

impl Report {
    /// The same report with these columns alone, in this order.
    ///
    /// # Errors
    ///
    /// `Usage` with what is near, for a column that it does not have.
    pub fn with_columns(mut self, names: &[String]) -> Result<Report> {
        let mut places = Vec::with_capacity(names.len());
        for name in names {
            let place = self.columns.iter().position(|column| column.name == name);
            places.push(place.ok_or_else(|| {
                let known = self.columns.iter().map(|column| column.name);
                Error::usage(format!("the report {} has no column {name:?}", self.name))
                    .with_near(near(name, known))
            })?);
        }
        fn chosen<T: Clone>(places: &[usize], all: &[T]) -> Vec<T> {
            places.iter().filter_map(|at| all.get(*at).cloned()).collect()
        }
        self.columns = chosen(&places, &self.columns);
        self.totals = chosen(&places, &self.totals);
        for row in &mut self.rows {
            *row = chosen(&places, row);
        }
        Ok(self)
    }
}

/// Makes the report called `name`.
///
/// # Errors
///
/// `Usage` with what is near, for an unknown report, a filter that does not resolve, or a dimension that the report
/// cannot be made by.
pub fn run(tx: &ReadTx<'_>, name: &str, request: &Request) -> Result<Report> {
    let entry = entry(name)?;
    request.dimension(entry.name, entry.by)?;
    (entry.run)(tx, request)
}

/// The report called `name`.
///
/// # Errors
///
/// `Usage` with what is near.
pub fn entry(name: &str) -> Result<&'static Entry> {
    REPORTS.iter().find(|entry| entry.name == name).ok_or_else(|| {
        let names = REPORTS.iter().map(|entry| entry.name);
        Error::usage(format!("there is no report {name:?}")).with_near(near(name, names))
    })
}

const fn column(name: &'static str, kind: CellKind) -> ReportColumn {
    ReportColumn { name, kind }
}

/// What every report says of itself.
struct Frame<'r> {
    name: &'static str,
    definition: &'r str,
    period: Period,
    by: Option<Dimension>,
    columns: &'static [ReportColumn],
}

impl Frame<'_> {
    fn report(
        self,
        tx: &ReadTx<'_>,
        request: &Request,
        rows: Vec<Vec<Cell>>,
        totals: Vec<Cell>,
        left_out: Vec<(String, i64)>,
    ) -> Report {
        let clock = &tx.caller().clock;
        let several = if self.by == Some(Dimension::Product) {
            "; a deal with several products is in the row of each, and once in the totals"
        } else {
            ""
        };
        Report {
            name: self.name,
            definition: format!("{}{several}", self.definition),
            as_of: clock.now(),
            zone: clock.zone().iana_name().unwrap_or("UTC").to_owned(),
            period: self.period.label(),
            filter: request.filter(),
            by: self.by.map_or("all", Dimension::name),
            columns: self.columns.to_vec(),
            rows,
            totals,
            noun: entry(self.name).map_or(Noun::Deal, |entry| entry.noun),
            left_out: left_out.into_iter().filter(|(_, count)| *count > 0).collect(),
        }
    }
}
