//! What the board and the popups about deals read.

use crm::domain::deal;
use crm::domain::id::Id;
use crm::domain::money::{Currency, Money};
use crm::domain::noun::Noun;
use crm::domain::pipeline::StageType;
use crm::domain::when::period::Period;
use crm::error::{Error, Result};
use crm::ops::board::{self, By, Column, Lane, Stretch, Totals};
use crm::ops::window::Anchor;
use crm::report::{self, Cell, Report};
use crm::store::sheets::{self, PickOption};
use crm::store::{ReadTx, pipelines, seed};

use crate::tui::query::Answer;

/// What is to be seen of a pipeline.
#[derive(Debug, Clone)]
pub(crate) struct Ask {
    /// The pipeline; none for the one that new deals go into.
    pub(crate) pipeline: Option<Id>,
    pub(crate) by: By,
    pub(crate) filters: Vec<String>,
    pub(crate) sort: Vec<String>,
    /// At most so many cards of a column.
    pub(crate) cards: usize,
    /// Columns that are not looked at from their beginning.
    pub(crate) around: Vec<(Lane, Anchor)>,
}

/// A question about pipelines.
#[derive(Debug, Clone)]
pub(crate) enum Question {
    /// The columns with their cards.
    Board(Ask),
    /// Some cards of one column.
    Lane(Ask, Lane, Anchor),
    /// The figures of the columns, and of all of them.
    Figures(Ask),
    /// The reasons for which a deal can be lost.
    Reasons,
    /// What was won this month.
    Won,
    /// The base currency.
    Currency,
}

/// What was found of pipelines.
#[derive(Debug)]
pub(crate) enum Found {
    Board(Box<Sight>),
    Lane(Lane, Stretch),
    Figures(Box<Figures>),
    Reasons(Vec<PickOption>),
    Won { deals: i64, amount: Money },
    Currency(Currency),
}

/// A pipeline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Process {
    pub(crate) id: Id,
    pub(crate) key: String,
    /// What people see, by language.
    pub(crate) labels: Vec<(String, String)>,
    /// Whether new deals go into it by themselves.
    pub(crate) is_default: bool,
}

/// A board as it was read.
#[derive(Debug)]
pub(crate) struct Sight {
    /// All pipelines.
    pub(crate) pipelines: Vec<Process>,
    /// The one that is shown.
    pub(crate) pipeline: Process,
    /// The base currency.
    pub(crate) currency: Currency,
    pub(crate) columns: Vec<(Column, Stretch)>,
}

/// The figures of a board, those of the reports.
#[derive(Debug, Clone)]
pub(crate) struct Figures {
    pub(crate) lanes: Vec<(Lane, Totals)>,
    /// Of all that is open.
    pub(crate) all: Totals,
    /// Of what should close this month.
    pub(crate) due: Money,
}

impl Question {
    pub(super) fn run(&self, tx: &ReadTx<'_>) -> Result<Answer> {
        Ok(Answer::Pipeline(match self {
            Question::Board(ask) => Found::Board(Box::new(sight(tx, ask)?)),
            Question::Lane(ask, lane, anchor) => {
                let (_, shown) = pipeline(tx, ask.pipeline)?;
                Found::Lane(
                    *lane,
                    board::stretch(tx, &request(ask, shown.id), *lane, *anchor)?,
                )
            }
            Question::Figures(ask) => Found::Figures(Box::new(figures(tx, ask)?)),
            Question::Reasons => Found::Reasons(reasons(tx)?),
            Question::Currency => Found::Currency(tx.base_currency()?),
            Question::Won => {
                let asked = report::Request {
                    period: this_month(tx),
                    ..report::Request::default()
                };
                let won = report::run(tx, report::won::NAME, &asked)?;
                Found::Won {
                    deals: count(&won, "won"),
                    amount: amount(tx, &won, "amount")?,
                }
            }
        }))
    }
}

fn request(ask: &Ask, pipeline: Id) -> board::Request {
    board::Request {
        pipeline,
        by: ask.by,
        filters: ask.filters.clone(),
        sort: ask.sort.clone(),
        cards: ask.cards,
        closed: true,
    }
}

fn processes(tx: &ReadTx<'_>) -> Result<Vec<Process>> {
    let default = seed::default_pipeline(tx)?;
    let all = pipelines::all(tx)?;
    all.into_iter()
        .map(|(id, key)| {
            Ok(Process {
                id,
                key,
                labels: sheets::labels(tx, id)?,
                is_default: default == Some(id),
            })
        })
        .collect()
}

/// All pipelines, and the one that is wanted: the default one if it is gone.
fn pipeline(tx: &ReadTx<'_>, wanted: Option<Id>) -> Result<(Vec<Process>, Process)> {
    let all = processes(tx)?;
    let found = all.iter().find(|process| Some(process.id) == wanted);
    let found = found.or_else(|| all.iter().find(|process| process.is_default));
    let found = found.or_else(|| all.first()).cloned();
    let found = found.ok_or_else(|| Error::not_found(Noun::Pipeline, ""))?;
    Ok((all, found))
}

fn sight(tx: &ReadTx<'_>, ask: &Ask) -> Result<Sight> {
    let (pipelines, pipeline) = pipeline(tx, ask.pipeline)?;
    let request = request(ask, pipeline.id);
    let mut columns = Vec::new();
    for mut column in board::board(tx, &request)? {
        let anchor = ask.around.iter().find(|(lane, _)| *lane == column.lane);
        let stretch = match anchor {
            Some((lane, anchor)) => board::stretch(tx, &request, *lane, *anchor)?,
            None => Stretch {
                cards: std::mem::take(&mut column.cards),
                first: true,
                last: !column.more,
            },
        };
        columns.push((column, stretch));
    }
    Ok(Sight {
        pipelines,
        pipeline,
        currency: tx.base_currency()?,
        columns,
    })
}

fn figures(tx: &ReadTx<'_>, ask: &Ask) -> Result<Figures> {
    let (_, pipeline) = pipeline(tx, ask.pipeline)?;
    let lanes = board::totals(tx, &request(ask, pipeline.id))?;
    let mut filters = ask.filters.clone();
    filters.push(format!("pipeline:\"{}\"", pipeline.key));
    let asked = report::Request {
        filters,
        ..report::Request::default()
    };
    let all = report::run(tx, report::pipeline::NAME, &asked)?;
    let due = report::Request {
        period: this_month(tx),
        ..asked
    };
    let due = report::run(tx, report::pipeline::NAME, &due)?;
    Ok(Figures {
        all: Totals {
            deals: count(&all, "deals"),
            amount: amount(tx, &all, "amount")?,
            weighted: amount(tx, &all, "weighted")?,
            no_amount: count(&all, "no_amount"),
            no_rate: lanes.iter().map(|(_, totals)| totals.no_rate).sum(),
        },
        due: amount(tx, &due, "amount")?,
        lanes,
    })
}

fn this_month(tx: &ReadTx<'_>) -> Option<Period> {
    let today = tx.caller().clock.today();
    Period::of(today.first_of_month(), today.last_of_month())
}

/// A figure of the line of sums.
fn sum<'r>(report: &'r Report, name: &str) -> Option<&'r Cell> {
    let at = report.columns.iter().position(|column| column.name == name)?;
    report.totals.get(at)
}

fn count(report: &Report, name: &str) -> i64 {
    match sum(report, name) {
        Some(Cell::Count(count)) => *count,
        _ => 0,
    }
}

fn amount(tx: &ReadTx<'_>, report: &Report, name: &str) -> Result<Money> {
    match sum(report, name) {
        Some(Cell::Money(money)) => Ok(*money),
        _ => Ok(Money {
            minor: 0,
            currency: tx.base_currency()?,
        }),
    }
}

fn reasons(tx: &ReadTx<'_>) -> Result<Vec<PickOption>> {
    let mut found = Vec::new();
    sheets::options(tx, &mut |option| {
        if option.list == "lost_reason" && option.active {
            found.push(option);
        }
        Ok(())
    })?;
    Ok(found)
}

/// The word of the dashboard for a record with labels: the English one, one of no language, any, else its key.
pub(crate) fn label<'l>(labels: &'l [(String, String)], key: &'l str) -> &'l str {
    let of = |wanted: &str| labels.iter().find(|(language, _)| language == wanted);
    let found = of("en").or_else(|| of("und")).or_else(|| labels.first());
    found.map_or(key, |(_, text)| text)
}

/// Whether a deal may go from a stage of one type to one of another in one step.
pub(crate) fn is_legal(from: StageType, to: StageType) -> bool {
    deal::direction((from, 0), (to, 1)).is_some()
}
