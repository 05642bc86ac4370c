//! A report as a drawing: columns in time, steps of a way, bars of groups. Not every report makes one.

use crm::domain::clock::Clock;
use crm::report::{Cell, CellKind, Report, aging, funnel};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::text::{number, report as figures};
use crate::tui::component::chart::{self, Bar};
use crate::tui::component::draw::{self, cells};
use crate::tui::component::look::Look;
use crate::tui::page::report::grid::label;

/// A drawing, and what it is of where the report has several.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Drawing {
    heading: Option<String>,
    shape: Shape,
}

/// What is drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Shape {
    /// Months or quarters, the latest last.
    Columns(Vec<Bar>),
    /// Stages.
    Funnel(Vec<Bar>),
    /// Groups.
    Bars(Vec<Bar>),
}

impl Drawing {
    /// The drawing of a report; where it has several rows for each group, that of the group of row `at`. None for a
    /// report whose figures are of many kinds, or that has nothing in it.
    pub(crate) fn of(report: &Report, at: usize, clock: &Clock) -> Option<Drawing> {
        if report.rows.is_empty() {
            return None;
        }
        let of_group = |shape| {
            let group = report.rows.get(at).or_else(|| report.rows.first())?.first();
            let is_one = report.rows.iter().all(|row| row.first() == group);
            let heading = (!is_one).then(|| label(group, clock));
            Some(Drawing { heading, shape })
        };
        if report.name == funnel::NAME {
            return of_group(Shape::Funnel(parts(report, at, "reached", clock)));
        }
        if report.name == aging::NAME {
            return of_group(Shape::Bars(parts(report, at, "in_stage", clock)));
        }
        let measured = figures::measured(report)?;
        if report.rows.len() == 1 && report.by == "all" {
            return None;
        }
        let shape = match report.by {
            "month" | "quarter" => Shape::Columns(in_time(report, measured, clock)),
            _ => Shape::Bars(bars(report, measured, clock)),
        };
        Some(Drawing { heading: None, shape })
    }

    /// How many rows it wants.
    pub(crate) fn height(&self) -> usize {
        let heading = usize::from(self.heading.is_some());
        heading
            + match &self.shape {
                Shape::Columns(_) => 14,
                Shape::Funnel(bars) | Shape::Bars(bars) => bars.len(),
            }
    }

    /// Draws it; of bars that do not all fit, those from `from` on.
    pub(crate) fn draw(&self, from: usize, area: Rect, buffer: &mut Buffer, look: &Look) {
        let area = match &self.heading {
            Some(heading) => {
                draw::text(buffer, draw::row(area, 0), heading, look.title, look);
                draw::below(area, 1)
            }
            None => area,
        };
        match &self.shape {
            Shape::Columns(bars) => chart::columns(latest(bars, area), None, area, buffer, look),
            Shape::Funnel(bars) => chart::funnel(bars, area, buffer, look),
            Shape::Bars(bars) => {
                let last = bars.len().saturating_sub(usize::from(area.height));
                chart::bars_from(bars, from.min(last), area, buffer, look);
            }
        }
    }
}

/// As many of the latest as stand side by side, but at least four.
fn latest(bars: &[Bar], area: Rect) -> &[Bar] {
    let cells = |bar: &Bar| cells(&bar.text).max(cells(&bar.label)) + 1;
    let widest = bars.iter().map(cells).max().unwrap_or(1);
    let fitting = (usize::from(area.width) / widest.max(1)).max(4);
    bars.get(bars.len().saturating_sub(fitting)..).unwrap_or(bars)
}

/// A bar for every row, of the column that is measured.
fn bars(report: &Report, measured: usize, clock: &Clock) -> Vec<Bar> {
    let kind = report
        .columns
        .get(measured)
        .map_or(CellKind::Text, |column| column.kind);
    let rows = report.rows.iter();
    rows.map(|row| {
        let cell = row.get(measured);
        Bar {
            label: label(row.first(), clock),
            value: cell.map_or(0, figures::size),
            text: cell.map_or_else(String::new, |cell| figures::shown(cell, kind, clock)),
        }
    })
    .collect()
}

/// The most columns that are told by the name of the month alone.
const YEAR: usize = 12;

/// A column for every month or quarter from the first row to the last, those without a row too.
fn in_time(report: &Report, measured: usize, clock: &Clock) -> Vec<Bar> {
    let mut found = Vec::new();
    for row in &report.rows {
        let Some(Cell::Text(span)) = row.first() else {
            continue;
        };
        let cell = row.get(measured);
        let text = match cell {
            Some(Cell::Money(amount)) => number::money_short(*amount),
            Some(cell) => figures::shown(cell, CellKind::Any, clock),
            None => String::new(),
        };
        let bar = Bar {
            label: span.clone(),
            value: cell.map_or(0, figures::size),
            text,
        };
        while let Some(before) = found.last().map(|bar: &Bar| bar.label.clone())
            && let Some(next) = next(&before).filter(|next| next < span)
        {
            found.push(Bar {
                label: next,
                value: 0,
                text: "0".to_owned(),
            });
        }
        found.push(bar);
    }
    if found.len() <= YEAR {
        for bar in &mut found {
            if let Some(name) = month(&bar.label) {
                bar.label = name;
            }
        }
    }
    found
}

/// The month or quarter after `2026-11` or `2026-Q4`.
fn next(span: &str) -> Option<String> {
    let (year, part) = span.split_once('-')?;
    let year: i16 = year.parse().ok()?;
    Some(match part.strip_prefix('Q') {
        Some("4") => format!("{:04}-Q1", year + 1),
        Some(quarter) => format!("{year:04}-Q{}", quarter.parse::<u8>().ok()? + 1),
        None => match part.parse::<u8>().ok()? {
            12 => format!("{:04}-01", year + 1),
            month => format!("{year:04}-{:02}", month + 1),
        },
    })
}

/// The name of a month of some year.
fn month(span: &str) -> Option<String> {
    let first: jiff::civil::Date = format!("{span}-01").parse().ok()?;
    Some(first.strftime("%b").to_string())
}

/// The rows of one group, each by its second cell.
fn parts(report: &Report, at: usize, column: &str, clock: &Clock) -> Vec<Bar> {
    let place = report.columns.iter().position(|known| known.name == column);
    let row = report.rows.get(at).or_else(|| report.rows.first());
    let group = row.and_then(|row| row.first());
    let own = report.rows.iter().filter(|row| row.first() == group);
    own.map(|row| {
        let cell = place.and_then(|at| row.get(at));
        Bar {
            label: label(row.get(1), clock),
            value: cell.map_or(0, figures::size),
            text: cell.map_or_else(String::new, |cell| figures::shown(cell, CellKind::Count, clock)),
        }
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_goes_on() {
        for (span, after) in [
            ("2026-11", Some("2026-12")),
            ("2026-12", Some("2027-01")),
            ("2026-Q3", Some("2026-Q4")),
            ("2026-Q4", Some("2027-Q1")),
            ("sales", None),
        ] {
            assert_eq!(next(span).as_deref(), after, "{span}");
        }
        assert_eq!(month("2026-11").as_deref(), Some("Nov"));
        assert_eq!(month("2026-Q4"), None);
    }
}
