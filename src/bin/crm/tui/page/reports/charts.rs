//! The four drawings of the overview: what they ask, and how each answer is drawn.

use crm::domain::when::period::Period;
use crm::report::{self, Cell, Dimension, Report};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::text::{number, report as figures};
use crate::tui::component::chart::{self, Bar, Series};
use crate::tui::component::draw;
use crate::tui::page::report::asked::Asked;
use crate::tui::page::report::drawing::Drawing;
use crate::tui::page::report::grid::{label, named};
use crate::tui::page::reports::words;
use crate::tui::query::reports::Ask;
use crate::tui::world::World;

/// How many months and weeks are looked back on.
const MONTHS: usize = 12;
const WEEKS: usize = 12;

/// One of the drawings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Chart {
    Won,
    Funnel,
    Owners,
    Activity,
}

impl Chart {
    /// In the order in which they stand.
    pub(super) const ALL: [Chart; 4] = [Chart::Won, Chart::Funnel, Chart::Owners, Chart::Activity];

    pub(super) fn title(self) -> &'static str {
        match self {
            Chart::Won => words::WON_BY_MONTH,
            Chart::Funnel => words::FUNNEL,
            Chart::Owners => words::WON_BY_OWNER,
            Chart::Activity => words::ACTIVITY,
        }
    }

    /// The report that shows the same with all its figures.
    pub(super) fn asked(self, world: &World) -> Option<Asked> {
        let name = match self {
            Chart::Won | Chart::Owners => report::won::NAME,
            Chart::Funnel => report::funnel::NAME,
            Chart::Activity => report::activity::NAME,
        };
        let period = match self {
            Chart::Won => span(&spans("this month", MONTHS, world)),
            Chart::Funnel => read("90d", world),
            Chart::Owners => read("this month", world),
            Chart::Activity => span(&spans("this week", WEEKS, world)),
        };
        Some(Asked {
            period,
            by: match self {
                Chart::Won => Some(Dimension::Month),
                Chart::Owners => Some(Dimension::Owner),
                Chart::Funnel | Chart::Activity => None,
            },
            compare: self == Chart::Owners,
            ..Asked::plain(report::entry(name).ok()?)
        })
    }

    /// What has to be known for it.
    pub(super) fn asks(self, world: &World) -> Vec<Ask> {
        let Some(asked) = self.asked(world) else {
            return Vec::new();
        };
        if self != Chart::Activity {
            return vec![asked.ask()];
        }
        let weeks = spans("this week", WEEKS, world).into_iter();
        weeks
            .map(|week| {
                let asked = Asked {
                    period: Some(week),
                    ..asked.clone()
                };
                asked.ask()
            })
            .collect()
    }

    /// Draws what was answered.
    pub(super) fn draw(self, reports: &[Report], area: Rect, buffer: &mut Buffer, world: &World) {
        let look = &world.look;
        let Some(first) = reports.first() else { return };
        let drawn = match self {
            Chart::Won | Chart::Funnel => Drawing::of(first, 0, world.clock()).map(|drawing| {
                drawing.draw(0, area, buffer, look);
            }),
            Chart::Owners => Some(owners(first, world))
                .filter(|bars| !bars.is_empty())
                .map(|bars| {
                    chart::bars(&bars, area, buffer, look);
                }),
            Chart::Activity => Some(types(reports)).filter(|rows| !rows.is_empty()).map(|rows| {
                chart::sparklines(&rows, area, buffer, look);
            }),
        };
        if drawn.is_none() {
            draw::text(buffer, draw::row(area, 0), words::NOTHING, look.dim, look);
        }
    }
}

fn read(phrase: &str, world: &World) -> Option<Period> {
    report::period::read(&world.caller, phrase).ok()
}

/// So many months or weeks, the last of them the one that the phrase means.
fn spans(phrase: &str, count: usize, world: &World) -> Vec<Period> {
    let last = read(phrase, world);
    let mut spans: Vec<Period> = std::iter::successors(last, |span| span.previous())
        .take(count)
        .collect();
    spans.reverse();
    spans
}

fn span(spans: &[Period]) -> Option<Period> {
    Some(Period {
        from: spans.first()?.from,
        to: spans.last()?.to,
    })
}

/// What everybody won, and how much more that is than in the month before.
fn owners(report: &Report, world: &World) -> Vec<Bar> {
    let look = &world.look;
    let at = |name: &str| report.columns.iter().position(|column| column.name == name);
    let (amount, delta, change) = (at("amount"), at("delta"), at("change"));
    let rows = report.rows.iter();
    rows.map(|row| {
        let cell = |at: Option<usize>| at.and_then(|at| row.get(at));
        let sum = match cell(amount) {
            Some(Cell::Money(sum)) => number::money_short(*sum),
            _ => figures::UNKNOWN.to_owned(),
        };
        let more = cell(delta).map_or(0, figures::size).signum();
        let sign = match more {
            1 => look.symbols.up,
            -1 => look.symbols.down,
            _ => " ",
        };
        let share = cell(change).and_then(|cell| cell.percent(0));
        let share = share.map_or_else(
            || words::NEW.to_owned(),
            |share| format!("{}%", share.trim_start_matches('-')),
        );
        let share = if more == 0 { String::new() } else { share };
        Bar {
            label: label(row.first(), world.clock()),
            value: cell(amount).map_or(0, figures::size),
            text: format!("{sum} {sign}{share:>5}"),
        }
    })
    .collect()
}

/// How much of each type was done, week by week; types of which nothing was done are not there.
fn types(reports: &[Report]) -> Vec<Series> {
    let Some(first) = reports.first() else {
        return Vec::new();
    };
    // Behind the column of the mean there is one for each type.
    let columns = first.columns.iter().enumerate();
    let types = columns.skip_while(|(_, column)| column.name != "per_won").skip(1);
    types
        .filter_map(|(at, column)| {
            let values: Vec<i64> = reports
                .iter()
                .map(|week| week.totals.get(at).map_or(0, figures::size))
                .collect();
            let sum: i64 = values.iter().sum();
            (sum > 0).then(|| Series {
                label: named(column.name),
                values,
                text: number::grouped(sum),
            })
        })
        .collect()
}
