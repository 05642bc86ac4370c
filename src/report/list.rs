//! The list of all reports: what each answers, over what, and how it can be made.

use crate::domain::noun::Noun;
use crate::error::Result;
use crate::report::drill::Drill;
use crate::report::{
    Dimension, Report, ReportColumn, Request, accuracy, activity, aging, drill, forecast, funnel, lost,
    overview, pipeline, quality, receivables, response, slippage, stale, team, velocity, win_rate, won,
};
use crate::store::ReadTx;

/// One report as the help lists it.
#[derive(Debug, Clone, Copy)]
pub struct Entry {
    /// The name.
    pub name: &'static str,
    /// What it answers, in one line.
    pub help: &'static str,
    /// What it counts, and what its filters are about.
    pub noun: Noun,
    /// The period where none is asked for.
    pub period: &'static str,
    /// What its rows can be made by.
    pub by: &'static [Dimension],
    /// Its columns.
    pub columns: &'static [ReportColumn],
    /// The column that is compared with the period before; none where nothing is.
    pub compared: Option<&'static str>,
    /// The records behind the figures; none where the rows are records, or are of several kinds.
    pub records: Option<fn(&ReadTx<'_>, &Request) -> Result<Drill>>,
    /// Makes it.
    pub run: fn(&ReadTx<'_>, &Request) -> Result<Report>,
}

/// Everything but the stages, which are the steps of a funnel.
const FUNNEL: &[Dimension] = &[
    Dimension::Owner,
    Dimension::Team,
    Dimension::Pipeline,
    Dimension::Product,
    Dimension::Source,
    Dimension::Customer,
    Dimension::Reason,
    Dimension::Competitor,
    Dimension::Month,
    Dimension::Quarter,
];

/// All reports, in the order of the help.
pub const REPORTS: &[Entry] = &[
    Entry {
        name: overview::NAME,
        help: "how business goes, figure by figure, beside the period before",
        noun: Noun::Deal,
        period: "this month",
        by: &[],
        columns: overview::COLUMNS,
        compared: None,
        records: None,
        run: overview::run,
    },
    Entry {
        name: forecast::NAME,
        help: "what will be won: closed, commit, best case, weighted, and what is overdue",
        noun: Noun::Deal,
        period: "this quarter",
        by: forecast::BY,
        columns: forecast::COLUMNS,
        compared: None,
        records: Some(drill::forecast),
        run: forecast::run,
    },
    Entry {
        name: accuracy::NAME,
        help: "what forecasts that were kept said, and what came",
        noun: Noun::Deal,
        period: "all",
        by: accuracy::BY,
        columns: accuracy::COLUMNS,
        compared: None,
        records: None,
        run: accuracy::run,
    },
    Entry {
        name: pipeline::NAME,
        help: "what is open, and what it is worth weighted by probability",
        noun: Noun::Deal,
        period: "all",
        by: &Dimension::ALL,
        columns: pipeline::COLUMNS,
        compared: None,
        records: Some(drill::pipeline),
        run: pipeline::run,
    },
    Entry {
        name: aging::NAME,
        help: "how long open deals have been in their stage, and how old they are",
        noun: Noun::Deal,
        period: "all",
        by: aging::BY,
        columns: aging::COLUMNS,
        compared: None,
        records: Some(drill::pipeline),
        run: aging::run,
    },
    Entry {
        name: slippage::NAME,
        help: "deals whose expected close was moved out of the period, to a later one",
        noun: Noun::Deal,
        period: "this quarter",
        by: slippage::BY,
        columns: slippage::COLUMNS,
        compared: None,
        records: Some(slippage::records),
        run: slippage::run,
    },
    Entry {
        name: win_rate::NAME,
        help: "how many of the decided deals were won",
        noun: Noun::Deal,
        period: "all",
        by: &Dimension::ALL,
        columns: win_rate::COLUMNS,
        compared: Some("win_rate"),
        records: Some(drill::decided),
        run: win_rate::run,
    },
    Entry {
        name: won::NAME,
        help: "what was won, how large, and how long it took",
        noun: Noun::Deal,
        period: "all",
        by: &Dimension::ALL,
        columns: won::COLUMNS,
        compared: Some("amount"),
        records: Some(drill::won),
        run: won::run,
    },
    Entry {
        name: lost::NAME,
        help: "what was lost, and why",
        noun: Noun::Deal,
        period: "all",
        by: &Dimension::ALL,
        columns: lost::COLUMNS,
        compared: Some("amount"),
        records: Some(drill::lost),
        run: lost::run,
    },
    Entry {
        name: funnel::NAME,
        help: "how far the deals that were opened came, stage by stage",
        noun: Noun::Deal,
        period: "all",
        by: FUNNEL,
        columns: funnel::COLUMNS,
        compared: None,
        records: Some(drill::opened),
        run: funnel::run,
    },
    Entry {
        name: velocity::NAME,
        help: "how much money the open deals bring per day",
        noun: Noun::Deal,
        period: "90d",
        by: &Dimension::ALL,
        columns: velocity::COLUMNS,
        compared: None,
        records: None,
        run: velocity::run,
    },
    Entry {
        name: team::NAME,
        help: "who won most, and what everybody did for it",
        noun: Noun::Deal,
        period: "this month",
        by: team::BY,
        columns: team::COLUMNS,
        compared: None,
        records: Some(team::records),
        run: team::run,
    },
    Entry {
        name: activity::NAME,
        help: "what everybody did, by type, and how much of it a won deal takes",
        noun: Noun::Activity,
        period: "this month",
        by: activity::BY,
        columns: activity::COLUMNS,
        compared: Some("total"),
        records: Some(activity::records),
        run: activity::run,
    },
    Entry {
        name: receivables::NAME,
        help: "what customers still owe, and how late it is",
        noun: Noun::Order,
        period: "all",
        by: receivables::BY,
        columns: receivables::COLUMNS,
        compared: None,
        records: Some(receivables::records),
        run: receivables::run,
    },
    Entry {
        name: response::NAME,
        help: "how soon new customers heard from us, and who never did",
        noun: Noun::Customer,
        period: "all",
        by: response::BY,
        columns: response::COLUMNS,
        compared: None,
        records: Some(response::records),
        run: response::run,
    },
    Entry {
        name: stale::NAME,
        help: "customers and open deals with which nothing has happened for long",
        noun: Noun::Customer,
        period: "all",
        by: &[],
        columns: stale::COLUMNS,
        compared: None,
        records: None,
        run: stale::run,
    },
    Entry {
        name: quality::NAME,
        help: "how much is known of customers, what does not work, and whom nobody looks after",
        noun: Noun::Customer,
        period: "all",
        by: &[],
        columns: quality::COLUMNS,
        compared: None,
        records: Some(quality::behind_all),
        run: quality::run,
    },
];
