//! Aligned columns for people: as wide as the terminal, cut with `…`, the widest texts first.
//!
//! Rows are gathered by the thousand to find the widths; the widths of the first thousand then hold, but for
//! columns that are never cut, which may still grow. What a cell says is decided in `display`, how wide it is in
//! `text::width`; the table crate lays out.

use std::io::Write;

use comfy_table::{Attribute, Cell, CellAlignment, ColumnConstraint, ContentArrangement, TableStyle, Width};
use crm::Result;
use crm::domain::field::FieldType;
use crm::domain::value::Value;
use crm::wire::column::Column;

use super::{Encode, Options};
use crate::text::{cut, display, sanitise, width};

/// How many rows are gathered before they are laid out.
const CHUNK: usize = 1000;
/// Blanks between columns.
const GAP: usize = 2;
/// What the first text keeps at least, by which people know the record; on a narrow screen a quarter of it.
const LEAST_FIRST: usize = 20;
/// What a further text keeps at least, before columns are left out.
const LEAST: usize = 10;

/// The encoder.
pub(super) struct Table<'a> {
    out: &'a mut dyn Write,
    columns: Vec<Column>,
    options: Options<'a>,
    rows: Vec<Vec<String>>,
    /// The widths of the columns that are shown, once they are known.
    widths: Option<Vec<usize>>,
}

impl<'a> Table<'a> {
    /// Nothing is written before the first rows are known; an empty list is nothing at all.
    pub(super) fn new(out: &'a mut dyn Write, columns: Vec<Column>, options: Options<'a>) -> Table<'a> {
        Table {
            out,
            columns,
            options,
            rows: Vec::new(),
            widths: None,
        }
    }

    /// Lays out and writes the rows that were gathered.
    fn write_chunk(&mut self) -> Result<()> {
        if self.rows.is_empty() {
            return Ok(());
        }
        let first = self.widths.is_none();
        let has_header = first && self.options.header != Some(false);
        let widths = self.measure(has_header);
        let mut table = self.layout(&widths, has_header);
        for row in self.rows.drain(..) {
            let cells = row.iter().zip(&widths).zip(&self.columns);
            let cells = cells.map(|((text, width), column)| {
                let text = if is_whole(column.kind) {
                    text.clone()
                } else {
                    cut::cut(text, *width).into_owned()
                };
                Cell::new_owned(text)
            });
            table.add_row(cells.collect::<Vec<_>>());
        }
        constrain(&mut table, &self.columns, &widths);
        for line in table.lines() {
            self.out.write_all(line.trim_end_matches(' ').as_bytes())?;
            self.out.write_all(b"\n")?;
        }
        self.widths = Some(widths);
        Ok(())
    }

    /// The widths for the rows that were gathered.
    fn measure(&self, has_header: bool) -> Vec<usize> {
        let natural = self.columns.iter().enumerate().map(|(at, column)| {
            let cells = self.rows.iter().filter_map(|row| row.get(at));
            let widest = cells.map(|cell| width::width(cell)).max().unwrap_or(0);
            if has_header {
                widest.max(width::width(&label(&column.name)))
            } else {
                widest
            }
        });
        match &self.widths {
            None => fit(natural.collect(), &self.columns, self.options.width),
            Some(widths) => {
                let grown = natural.zip(widths).zip(&self.columns);
                grown
                    .map(|((natural, width), column)| {
                        if is_whole(column.kind) {
                            natural.max(*width)
                        } else {
                            *width
                        }
                    })
                    .collect()
            }
        }
    }

    /// A table without borders, with its header.
    fn layout(&self, widths: &[usize], has_header: bool) -> comfy_table::Table {
        let mut table = comfy_table::Table::new();
        table.load_style(TableStyle::new());
        table.set_content_arrangement(ContentArrangement::Disabled);
        // The streams are ours to judge, not the crate's.
        table.force_no_tty();
        if self.options.color {
            table.enforce_styling();
            table.style_text_only();
        }
        if has_header {
            let cells = self.columns.iter().zip(widths).map(|(column, width)| {
                let name = label(&column.name);
                let cell = Cell::new(cut::cut(&name, *width));
                if self.options.color {
                    cell.add_attribute(Attribute::Bold)
                } else {
                    cell
                }
            });
            table.set_header(cells.collect::<Vec<_>>());
        }
        table
    }
}

impl Encode for Table<'_> {
    fn row(&mut self, row: &[Value]) -> Result<()> {
        let cells = self.columns.iter().enumerate().map(|(at, column)| {
            let value = row.get(at).unwrap_or(&Value::Null);
            display::cell(value, column.kind, self.options.clock)
        });
        self.rows.push(cells.collect());
        if self.rows.len() >= CHUNK {
            self.write_chunk()?;
        }
        Ok(())
    }

    fn flush(&mut self) -> Result<()> {
        Ok(self.out.flush()?)
    }

    fn finish(&mut self) -> Result<Vec<String>> {
        self.write_chunk()?;
        let shown = self.widths.as_ref().map_or(self.columns.len(), Vec::len);
        let hidden = self.columns.iter().skip(shown);
        Ok(hidden.map(|column| column.name.clone()).collect())
    }
}

/// Fixes the widths and the sides of the columns.
fn constrain(table: &mut comfy_table::Table, columns: &[Column], widths: &[usize]) {
    let last = widths.len().saturating_sub(1);
    for (at, (column, width)) in columns.iter().zip(widths).enumerate() {
        let Some(laid) = table.column_mut(at) else {
            continue;
        };
        let gap = if at == last { 0 } else { GAP };
        let as_cells = |number: usize| u16::try_from(number).unwrap_or(u16::MAX);
        laid.set_padding((0, as_cells(gap)));
        // A column without a width would be given one by the crate.
        laid.set_constraint(ColumnConstraint::Absolute(Width::Fixed(as_cells(
            (*width).max(1) + gap,
        ))));
        if display::is_right(column.kind) {
            laid.set_cell_alignment(CellAlignment::Right);
        }
    }
}

/// The heading of a column: its name in capitals, without the prefix of custom fields.
fn label(name: &str) -> String {
    let own = name.strip_prefix("fields.").unwrap_or(name);
    sanitise::line(own).replace('_', " ").to_uppercase()
}

/// Whether a column is shown whole or not at all: a part of an id, a number or a day would be another one.
fn is_whole(kind: FieldType) -> bool {
    display::is_right(kind)
        || matches!(
            kind,
            FieldType::Ref
                | FieldType::Uid
                | FieldType::Bool
                | FieldType::Date
                | FieldType::Birthday
                | FieldType::Due
                | FieldType::Instant
                | FieldType::Phones
        )
}

/// The widths of as many columns as fit into `available` cells, from the left; the first is always there.
///
/// Texts give way, the widest first, down to a few cells each; then columns at the right are left out.
fn fit(natural: Vec<usize>, columns: &[Column], available: Option<u16>) -> Vec<usize> {
    let Some(available) = available.map(usize::from) else {
        return natural;
    };
    // A text that is wider than the whole terminal need not be counted down from there.
    let mut widths: Vec<usize> = natural
        .iter()
        .zip(columns)
        .map(|(width, column)| {
            if is_whole(column.kind) {
                *width
            } else {
                (*width).min(available)
            }
        })
        .collect();
    let first = columns.iter().position(|column| !is_whole(column.kind));
    let least = |at: usize| match first == Some(at) {
        true => (available / 4).min(LEAST_FIRST),
        false => LEAST,
    };
    loop {
        let mut fitted = widths.clone();
        while total(&fitted) > available {
            let widest = fitted
                .iter_mut()
                .zip(columns)
                .enumerate()
                .filter(|(at, (width, column))| !is_whole(column.kind) && **width > least(*at))
                .max_by_key(|(_, (width, _))| **width);
            let Some((_, (width, _))) = widest else { break };
            *width -= 1;
        }
        if total(&fitted) <= available || widths.len() <= 1 {
            return fitted;
        }
        widths.pop();
    }
}

/// The width of a line.
fn total(widths: &[usize]) -> usize {
    widths.iter().sum::<usize>() + GAP * widths.len().saturating_sub(1)
}
