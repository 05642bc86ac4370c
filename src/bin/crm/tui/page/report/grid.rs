//! A report as a table: its columns and, of any row, the cells as the command line writes them.

use crm::domain::clock::Clock;
use crm::report::{Cell, CellKind, Report};

use crate::text::{bar, display, report as figures};
use crate::tui::component::chart;
use crate::tui::component::look::Look;
use crate::tui::component::table::Column;
use crate::tui::world::World;

/// Cells of a bar.
const BAR: u16 = 20;

/// A table over a report.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Grid<'r> {
    report: &'r Report,
    is_upright: bool,
}

impl<'r> Grid<'r> {
    /// The table of a report; of a single row with many figures, a line for each figure.
    pub(crate) fn of(report: &'r Report) -> Grid<'r> {
        Grid {
            report,
            is_upright: figures::is_upright(report),
        }
    }

    /// How many lines it has, the totals included; none where there is nothing to count.
    pub(crate) fn len(self) -> usize {
        if self.report.rows.is_empty() {
            return 0;
        }
        match self.is_upright {
            true => self.report.columns.len().saturating_sub(1),
            false => self.report.rows.len() + usize::from(self.has_totals()),
        }
    }

    /// Whether the last line is that of the totals.
    pub(crate) fn has_totals(self) -> bool {
        let is_one = self.report.rows.len() == 1 && self.report.by == "all";
        !self.is_upright && !self.report.totals.is_empty() && !is_one
    }

    /// Which row of the report a line is about; the totals come after the last.
    pub(crate) fn row_of(self, line: usize) -> usize {
        if self.is_upright {
            self.report.rows.len()
        } else {
            line
        }
    }

    /// The columns.
    pub(crate) fn columns(self) -> Vec<Column> {
        if self.is_upright {
            return [("figure", false), ("value", true), ("", false)]
                .map(|(head, right)| Column {
                    head: head.to_owned(),
                    right,
                    cut: false,
                })
                .to_vec();
        }
        let columns = self.report.columns.iter();
        columns
            .map(|column| Column {
                head: named(column.name),
                right: display::is_right(figures::field(column.kind)),
                cut: false,
            })
            .collect()
    }

    /// The texts of a line.
    pub(crate) fn cells(self, line: usize, world: &World) -> Vec<String> {
        let clock = world.clock();
        if self.is_upright {
            let at = line + 1;
            let column = self.report.columns.get(at);
            let cell = self.report.totals.get(at);
            let (Some(column), Some(cell)) = (column, cell) else {
                return Vec::new();
            };
            let text = figures::shown(cell, column.kind, clock);
            return vec![named(column.name), text, self.bar(cell, &world.look)];
        }
        let is_total = line == self.report.rows.len();
        let cells = match is_total {
            true => Some(&self.report.totals),
            false => self.report.rows.get(line),
        };
        let kinds = self.report.columns.iter().map(|column| column.kind);
        let mut texts: Vec<String> = cells
            .into_iter()
            .flatten()
            .zip(kinds)
            .map(|(cell, kind)| figures::shown(cell, kind, clock))
            .collect();
        if let Some(first) = texts.first_mut() {
            if !matches!(self.report.by, "owner" | "customer" | "team") {
                *first = worded(first);
            }
            if is_total {
                *first = figures::TOTAL.to_owned();
            } else if first.is_empty() {
                *first = figures::UNKNOWN.to_owned();
            }
        }
        // The sign of what is not known is no letter of every terminal.
        let is_plain = world.look.symbols.line.is_ascii();
        let unknown = texts
            .iter_mut()
            .filter(|text| is_plain && *text == figures::UNKNOWN);
        unknown.for_each(|text| *text = "-".to_owned());
        texts
    }
}

impl Grid<'_> {
    /// The bar of an amount beside the other amounts of a single row.
    fn bar(self, cell: &Cell, look: &Look) -> String {
        let amount = |cell: &Cell| match cell {
            Cell::Money(money) => money.minor,
            _ => 0,
        };
        let most = self.report.totals.iter().map(amount).max().unwrap_or(0);
        bar::bar(amount(cell), most, BAR, chart::steps(look))
    }
}

/// The name of a column as it is read.
pub(crate) fn named(column: &str) -> String {
    column.replace('_', " ")
}

/// What groups are called: a key as words, anything else as it is.
fn worded(text: &str) -> String {
    let is_key = |letter: char| letter == '_' || letter.is_ascii_lowercase() || letter.is_ascii_digit();
    match text.chars().all(is_key) {
        true => named(text),
        false => text.to_owned(),
    }
}

/// A cell as the label of a bar.
pub(crate) fn label(cell: Option<&Cell>, clock: &Clock) -> String {
    let text = cell.map(|cell| figures::shown(cell, CellKind::Text, clock));
    text.filter(|text| !text.is_empty())
        .unwrap_or_else(|| figures::UNKNOWN.to_owned())
}
