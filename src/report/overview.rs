//! How business goes: one row a figure, beside that of the period before.

use jiff::ToSpan;
use jiff::civil::Date;

use crate::domain::activity::TYPES;
use crate::domain::noun::Noun;
use crate::domain::pipeline::StageType;
use crate::domain::satisfaction::SurveyType;
use crate::domain::when::period::Period;
use crate::error::Result;
use crate::query::plan::Condition;
use crate::report::cell::{mean_days, money, ratio};
use crate::report::compare::{change, delta};
use crate::report::figure::count;
use crate::report::groups;
use crate::report::sla;
use crate::report::win_rate::rate;
use crate::report::{Cell, CellKind, Frame, Report, ReportColumn, Request, column};
use crate::store::ReadTx;
use crate::store::rollups::feedback::{Survey, surveys};
use crate::store::rollups::receivables::{Debtor, Owed, receivables};
use crate::store::rollups::{self, Deals, Group, Side, Which, activities, buyers, tasks};

/// The name.
pub const NAME: &str = "overview";

/// The columns. `good` is the direction in which a figure is better, `verdict` whether it went there.
pub const COLUMNS: &[ReportColumn] = &[
    column("figure", CellKind::Text),
    column("value", CellKind::Any),
    column("previous", CellKind::Any),
    column("delta", CellKind::Any),
    column("change", CellKind::Ratio),
    column("verdict", CellKind::Text),
    column("good", CellKind::Text),
    column("unit", CellKind::Text),
];

const DEFINITION: &str = "revenue = amount of deals won in the period; new customers = first deal ever won in it; active = \
    any; cycle = mean days from opening to close of won deals; pipeline and overdue tasks as they stood at the end of the \
    period, or now; weighted by the probability of the stage at that time; activities without notes; overdue receivable = what \
    orders still bring of parts that were due before today, only now; csat, nps by the day of the answer; sla = solutions of \
    tickets in time / all that were decided; previous = the same for the period before, of equal length";

/// Makes the report; for this month unless asked otherwise. Filters are of deals; where one makes no sense for other
/// records, their figures are missing.
///
/// # Errors
///
/// `Usage` for a period that has no beginning or no end, and for rows by something.
pub fn run(tx: &ReadTx<'_>, request: &Request) -> Result<Report> {
    request.dimension(NAME, &[])?;
    let period = super::period::or_phrase(tx.caller(), request.period, "this-month")?;
    let before = super::period::before(period)?;
    let conditions = Conditions {
        deals: request.condition(tx)?,
        activities: request.condition_where_fitting(tx, Noun::Activity)?,
        tasks: request.condition_where_fitting(tx, Noun::Task)?,
        orders: request.condition_where_fitting(tx, Noun::Order)?,
        feedback: request.condition_where_fitting(tx, Noun::Feedback)?,
        tickets: request.condition_where_fitting(tx, Noun::Ticket)?,
    };
    let (now, then) = (conditions.values(tx, period)?, conditions.values(tx, before)?);
    let currency = tx.base_currency()?;
    let mut rows = Vec::with_capacity(FIGURES.len());
    for ((figure, value), previous) in FIGURES.iter().zip(now.values).zip(then.values) {
        let delta = delta(&value, &previous);
        let change = match figure.unit {
            // From 10 points to 20 is no doubling.
            POINTS => Cell::Null,
            _ => change(&value, &previous),
        };
        let unit = if figure.unit == MONEY {
            currency.code()
        } else {
            figure.unit
        };
        let verdict = verdict(figure.is_good_up, &delta);
        rows.push(vec![
            Cell::Text(figure.name.to_owned()),
            value,
            previous,
            delta,
            change,
            verdict.map_or(Cell::Null, |verdict| Cell::Text(verdict.to_owned())),
            Cell::Text(if figure.is_good_up { "up" } else { "down" }.to_owned()),
            Cell::Text(unit.to_owned()),
        ]);
    }
    let definition = format!("{DEFINITION}: {}", before.label());
    let frame = Frame {
        name: NAME,
        definition: &definition,
        period,
        by: None,
        columns: COLUMNS,
    };
    let left_out = groups::without_amount(&[now.won, now.open]);
    Ok(frame.report(tx, request, rows, Vec::new(), left_out))
}

/// One figure of the overview.
struct Figure {
    name: &'static str,
    unit: &'static str,
    is_good_up: bool,
}

/// Stands for the base currency.
const MONEY: &str = "";

/// What is on no scale from nothing.
const POINTS: &str = "points";

const fn figure(name: &'static str, unit: &'static str, is_good_up: bool) -> Figure {
    Figure {
        name,
        unit,
        is_good_up,
    }
}

/// The figures, in the order of the rows.
const FIGURES: [Figure; 17] = [
    figure("revenue", MONEY, true),
    figure("deals_won", "deals", true),
    figure("average_deal", MONEY, true),
    figure("new_customers", "customers", true),
    figure("active_customers", "customers", true),
    figure("win_rate", "share", true),
    figure("cycle", "days", false),
    figure("deals_opened", "deals", true),
    figure("open_deals", "deals", true),
    figure("open_pipeline", MONEY, true),
    figure("weighted_pipeline", MONEY, true),
    figure("activities", "activities", true),
    figure("overdue_tasks", "tasks", false),
    figure("overdue_receivable", MONEY, false),
    figure("csat", "share", true),
    figure("nps", POINTS, true),
    figure("sla", "share", true),
];

/// What the filters mean for each kind of record; none where they make no sense.
struct Conditions {
    deals: Condition,
    activities: Option<Condition>,
    tasks: Option<Condition>,
    orders: Option<Condition>,
    feedback: Option<Condition>,
    tickets: Option<Condition>,
}

/// The figures of one period, and what they were made of.
struct Values {
    values: [Cell; FIGURES.len()],
    won: Side,
    open: Side,
}

impl Conditions {
    fn values(&self, tx: &ReadTx<'_>, period: Period) -> Result<Values> {
        let currency = tx.base_currency()?;
        let deals = |which| Deals {
            condition: &self.deals,
            which,
        };
        let decided = Which::Closed(&[StageType::Won, StageType::Lost], period);
        let decided = rollups::total(tx, &deals(decided))?;
        let (won, lost) = (groups::side(&decided, 0), groups::side(&decided, 1));
        let opened = groups::side(&rollups::total(tx, &deals(Which::Opened(period)))?, 0);
        let buyers = buyers::buyers(tx, &self.deals, period)?;
        let open = self.open(tx, period)?;
        let amount = |sum: i64| money(i128::from(sum), 1, currency);
        let values = [
            amount(won.amount),
            Cell::Count(won.deals),
            money(i128::from(won.amount), i128::from(won.in_sum), currency),
            Cell::Count(buyers.first),
            Cell::Count(buyers.active),
            rate(won.deals, lost.deals),
            mean_days(won.days, won.deals),
            Cell::Count(opened.deals),
            Cell::Count(open.deals),
            amount(open.amount),
            money(open.weighted, 100, currency),
            self.activities(tx, period)?,
            self.late(tx, period)?,
            self.receivable(tx, period)?,
            self.answers(tx, SurveyType::Csat, period)?,
            self.answers(tx, SurveyType::Nps, period)?,
            self.solutions(tx, period)?,
        ];
        Ok(Values { values, won, open })
    }

    /// What was open at the end of the period; for a period that is not over, what is open now.
    fn open(&self, tx: &ReadTx<'_>, period: Period) -> Result<Side> {
        let which = match ended(tx, period) {
            None => Which::Open(Period::ALL),
            Some(end) => Which::WeighedAt(end),
        };
        let deals = Deals {
            condition: &self.deals,
            which,
        };
        Ok(groups::side(&rollups::total(tx, &deals)?, 0))
    }

    fn activities(&self, tx: &ReadTx<'_>, period: Period) -> Result<Cell> {
        let Some(condition) = &self.activities else {
            return Ok(Cell::Null);
        };
        let groups = activities::by_type(tx, condition, period, Group::All)?;
        let held = |(_, _, counts): &(_, _, activities::ByType)| -> i64 {
            // The last type is the note, which is no activity with anybody.
            counts.iter().take(TYPES.len() - 1).sum()
        };
        Ok(Cell::Count(groups.iter().map(held).sum()))
    }

    fn late(&self, tx: &ReadTx<'_>, period: Period) -> Result<Cell> {
        let Some(condition) = &self.tasks else {
            return Ok(Cell::Null);
        };
        let now = tx.caller().clock.now_ms();
        let (_, end) = super::period::instants(tx.caller(), period);
        let at = end.map_or(now, |end| end.min(now));
        Ok(Cell::Count(tasks::late(tx, condition, at)?))
    }

    /// What is owed and was due before today; what was owed at the end of a period that is over is not known any more.
    fn receivable(&self, tx: &ReadTx<'_>, period: Period) -> Result<Cell> {
        let (Some(condition), None) = (&self.orders, ended(tx, period)) else {
            return Ok(Cell::Null);
        };
        let today = tx.caller().clock.today();
        let mut all = Owed::default();
        for (.., owed) in receivables(tx, condition, Debtor::Owner, today)? {
            all.add(&owed);
        }
        let late: i64 = all.ages.iter().skip(1).sum();
        Ok(money(i128::from(late), 1, tx.base_currency()?))
    }

    /// How satisfied those were who answered.
    fn answers(&self, tx: &ReadTx<'_>, kind: SurveyType, period: Period) -> Result<Cell> {
        let Some(condition) = &self.feedback else {
            return Ok(Cell::Null);
        };
        let found = surveys(tx, condition, kind, period, Group::All)?;
        let none = Survey::new(kind);
        let answers = &found.first().map_or(&none, |(.., survey)| survey).answers;
        Ok(match kind {
            SurveyType::Nps => answers.nps().map_or(Cell::Null, Cell::Count),
            SurveyType::Csat | SurveyType::Ces => ratio(answers.good(), answers.count()),
        })
    }

    /// How many solutions of tickets came in time.
    fn solutions(&self, tx: &ReadTx<'_>, period: Period) -> Result<Cell> {
        let Some(condition) = &self.tickets else {
            return Ok(Cell::Null);
        };
        let [met, breached] = sla::solutions(tx, condition, period)?.map(|tickets| count(&tickets));
        Ok(ratio(met, met + breached))
    }
}

/// The day after the last one of a period that is over; none for one that is not.
fn ended(tx: &ReadTx<'_>, period: Period) -> Option<Date> {
    let tomorrow = tx.caller().clock.today().saturating_add(1.days());
    period.to.filter(|to| *to < tomorrow)
}

/// Whether a difference is for the better; none where there is none.
fn verdict(is_good_up: bool, delta: &Cell) -> Option<&'static str> {
    let sign = match delta {
        Cell::Count(more) => more.signum(),
        Cell::Money(more) => more.minor.signum(),
        Cell::Days(more) if *more == 0.0 => 0,
        Cell::Days(more) => more.signum() as i64,
        Cell::Ratio(part, whole) if *whole != 0 => i64::try_from(part.signum()).unwrap_or(0),
        _ => return None,
    };
    Some(match (sign, is_good_up) {
        (0, _) => "same",
        (1, true) | (-1, false) => "better",
        _ => "worse",
    })
}
