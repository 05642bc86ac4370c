//! How much money the open deals bring per day, as things went lately.

use std::collections::{BTreeMap, HashMap};

use jiff::ToSpan;
use jiff::civil::Date;

use crate::domain::money::Currency;
use crate::domain::pipeline::StageType;
use crate::domain::when::period::Period;
use crate::error::Result;
use crate::report::cell::{mean_days, money};
use crate::report::groups::{self, Names};
use crate::report::win_rate::rate;
use crate::report::{Cell, CellKind, Frame, Report, ReportColumn, Request, column, period};
use crate::store::ReadTx;
use crate::store::rollups::{self, Deals, Group, Heading, Key, Side, Which};

/// The name.
pub const NAME: &str = "velocity";

/// The columns. `cycle` is in days, `velocity` an amount per day.
pub const COLUMNS: &[ReportColumn] = &[
    column("group", CellKind::Text),
    column("open", CellKind::Count),
    column("average", CellKind::Money),
    column("win_rate", CellKind::Ratio),
    column("cycle", CellKind::Days),
    column("velocity", CellKind::Money),
];

const DEFINITION: &str = "velocity per day = open deals at the end of the period x average amount won x win rate / \
    mean cycle in days; average, rate and cycle over deals closed in the period";

/// How many days count where no period is given.
const DAYS: i64 = 90;

/// The outcomes that make a rate.
const DECIDED: &[StageType] = &[StageType::Won, StageType::Lost];

/// Makes the report; over the last 90 days and as one row of all unless asked otherwise. A month or quarter takes the
/// deals that were closed in it, and those that were open at its end.
pub fn run(tx: &ReadTx<'_>, request: &Request) -> Result<Report> {
    let condition = request.condition(tx)?;
    let today = tx.caller().clock.today();
    let period = request.period.unwrap_or_else(|| period::trailing(today, DAYS));
    let group = request.by.map_or(Group::All, |by| by.group());
    // What will be open on a day to come is not known.
    let tomorrow = today.saturating_add(1.days());
    let end = period.to.map_or(tomorrow, |to| to.min(tomorrow));
    let decided = Deals {
        condition: &condition,
        which: Which::Closed(DECIDED, period),
    };
    let open = Deals {
        which: Which::OpenAt(end),
        ..decided
    };
    let closed = groups::read(tx, &decided, group)?;
    let opened = groups::side(&rollups::total(tx, &open)?, 0).deals;
    let mut lines: HashMap<Key, Line> = HashMap::new();
    for tally in &closed.tallies {
        let line = lines
            .entry(tally.key.clone())
            .or_insert_with(|| Line::new(&tally.heading));
        line.won = groups::side(&tally.sides, 0);
        line.lost = groups::side(&tally.sides, 1);
    }
    match group {
        Group::Month | Group::Quarter => flow(tx, &decided, group, period.from, end, &mut lines)?,
        _ => {
            for tally in rollups::tallies(tx, &open, group)? {
                let line = lines
                    .entry(tally.key)
                    .or_insert_with(|| Line::new(&tally.heading));
                line.open = groups::side(&tally.sides, 0).deals;
            }
        }
    }
    let currency = tx.base_currency()?;
    let mut lines: Vec<Line> = lines.into_values().collect();
    lines.sort_by(|a, b| groups::order(group, (&a.heading, a.open), (&b.heading, b.open)));
    let names = Names::of(group, lines.iter().map(|line| &line.heading));
    let rows = lines
        .iter()
        .map(|line| line.cells(names.cell(group, &line.heading), currency));
    let mut all = Line::new(&Heading::default());
    all.open = opened;
    all.won = closed.total(0);
    all.lost = closed.total(1);
    let frame = Frame {
        name: NAME,
        definition: DEFINITION,
        period,
        by: request.by,
        columns: COLUMNS,
    };
    let totals = all.cells(Cell::Null, currency);
    let left_out = groups::without_amount(&[all.won]);
    Ok(frame.report(tx, request, rows.collect(), totals, left_out))
}

/// Sets how many deals were open at the end of each month or quarter since `from`: those opened up to then, without
/// those closed up to then.
fn flow(
    tx: &ReadTx<'_>,
    deals: &Deals<'_>,
    group: Group,
    from: Option<Date>,
    end: Date,
    lines: &mut HashMap<Key, Line>,
) -> Result<()> {
    let past = Period {
        from: None,
        to: Some(end),
    };
    let mut changes: BTreeMap<String, i64> = BTreeMap::new();
    for (which, sign) in [(Which::Opened(past), 1), (Which::Closed(DECIDED, past), -1)] {
        for tally in rollups::tallies(tx, &Deals { which, ..*deals }, group)? {
            let count: i64 = tally.sides.iter().map(|side| side.deals).sum();
            if let Some(name) = tally.heading.name {
                *changes.entry(name).or_default() += sign * count;
            }
        }
    }
    let first = from.map(|from| match group {
        Group::Quarter => format!("{:04}-Q{}", from.year(), (from.month() + 2) / 3),
        _ => format!("{:04}-{:02}", from.year(), from.month()),
    });
    let mut open = 0;
    for (name, change) in changes {
        open += change;
        if first.as_ref().is_some_and(|first| name < *first) {
            continue;
        }
        let heading = Heading {
            name: Some(name.clone()),
            ..Heading::default()
        };
        let line = lines
            .entry(Key::Word(name))
            .or_insert_with(|| Line::new(&heading));
        line.open = open;
    }
    Ok(())
}

/// What velocity is made of.
struct Line {
    heading: Heading,
    open: i64,
    won: Side,
    lost: Side,
}

impl Line {
    fn new(heading: &Heading) -> Line {
        Line {
            heading: heading.clone(),
            open: 0,
            won: Side::default(),
            lost: Side::default(),
        }
    }

    fn cells(&self, name: Cell, currency: Currency) -> Vec<Cell> {
        let Side {
            deals,
            amount,
            in_sum,
            days,
            ..
        } = self.won;
        vec![
            name,
            Cell::Count(self.open),
            money(i128::from(amount), i128::from(in_sum), currency),
            rate(deals, self.lost.deals),
            mean_days(days, deals),
            self.velocity(currency).unwrap_or(Cell::Null),
        ]
    }

    /// (N x A x W) / L with A = amount / in_sum, W = won / decided, L = days / won: one exact fraction.
    fn velocity(&self, currency: Currency) -> Option<Cell> {
        let won = i128::from(self.won.deals);
        let decided = won + i128::from(self.lost.deals);
        let part = i128::from(self.open)
            .checked_mul(i128::from(self.won.amount))?
            .checked_mul(won)?
            .checked_mul(won)?;
        let whole = i128::from(self.won.in_sum)
            .checked_mul(decided)?
            .checked_mul(i128::from(self.won.days))?;
        (whole > 0).then(|| money(part, whole, currency))
    }
}
