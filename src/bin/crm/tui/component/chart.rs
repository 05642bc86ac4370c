//! Numbers as bars, columns and lines. Whatever is drawn is also printed as a number.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::draw;
use super::look::Look;
use crate::text::bar;

/// The widest that the names of bars become, of the whole width.
const NAMES: u16 = 3;
/// The narrowest bar that is still worth drawing.
const NARROWEST: u16 = 4;

/// One number with its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Bar {
    /// What it is the number of.
    pub(crate) label: String,
    /// The number, in any unit that all of them share.
    pub(crate) value: i64,
    /// The number as it is printed, perhaps with a share.
    pub(crate) text: String,
}

/// A number to be reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Goal {
    /// The number, in the unit of the columns.
    pub(crate) value: i64,
    /// The number with its name, as it is printed.
    pub(crate) text: String,
}

/// Many numbers of one thing, one after the other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Series {
    /// What they are the numbers of.
    pub(crate) label: String,
    /// The numbers, the latest last.
    pub(crate) values: Vec<i64>,
    /// What they come to, as it is printed.
    pub(crate) text: String,
}

/// Where the names and numbers of rows stand.
struct Columns {
    label: u16,
    bar: u16,
    text: u16,
}

impl Columns {
    fn of<'a>(area: Rect, rows: impl Iterator<Item = (&'a str, &'a str)> + Clone) -> Columns {
        let widest = |cells: Option<usize>| u16::try_from(cells.unwrap_or(0)).unwrap_or(u16::MAX);
        let label = widest(rows.clone().map(|(label, _)| draw::cells(label)).max());
        let text = widest(rows.map(|(_, text)| draw::cells(text)).max());
        // Numbers come first, then names, then bars.
        let text = text.min(area.width);
        let room = area.width - text;
        let label = label.min((area.width / NAMES).max(8)).min(room.saturating_sub(1));
        let bar = room.saturating_sub(label + 2);
        let bar = if bar < NARROWEST { 0 } else { bar };
        Columns { label, bar, text }
    }

    /// Where the bar and the number of a row are.
    fn split(&self, row: Rect) -> (Rect, Rect, Rect) {
        let label = Rect {
            width: self.label,
            ..row
        };
        let bar = Rect {
            width: self.bar,
            ..draw::right_of(row, self.label + 1)
        };
        let end = draw::right_of(row, row.width.saturating_sub(self.text));
        (label, bar, end)
    }
}

/// Draws one bar in a row, as many as `area` has room for, the longest over the whole width.
pub(crate) fn bars(rows: &[Bar], area: Rect, buffer: &mut Buffer, look: &Look) {
    bars_from(rows, 0, area, buffer, look);
}

/// The same from a row on, on the scale of all of them.
pub(crate) fn bars_from(rows: &[Bar], from: usize, area: Rect, buffer: &mut Buffer, look: &Look) {
    let area = area.intersection(buffer.area);
    let columns = Columns::of(
        area,
        rows.iter().map(|row| (row.label.as_str(), row.text.as_str())),
    );
    let max = rows.iter().map(|row| row.value).max().unwrap_or(0);
    for (y, row) in (0..area.height).zip(rows.iter().skip(from)) {
        let (label, place, end) = columns.split(draw::row(area, y));
        draw::text(buffer, label, &row.label, look.text, look);
        let drawn = bar::bar(row.value, max, place.width, steps(look));
        draw::text(buffer, place, &drawn, chart(look, 0), look);
        draw::text_right(buffer, end, &row.text, look.text, look);
    }
}

/// Draws the steps of a way as bars, each with its share of the step before it.
pub(crate) fn funnel(steps: &[Bar], area: Rect, buffer: &mut Buffer, look: &Look) {
    let before = std::iter::once(None).chain(steps.iter().map(Some));
    let number = steps
        .iter()
        .map(|step| draw::cells(&step.text))
        .max()
        .unwrap_or(0);
    let rows: Vec<Bar> = steps
        .iter()
        .zip(before)
        .map(|(step, before)| Bar {
            text: format!(
                "{}{}{:>6}",
                " ".repeat(number - draw::cells(&step.text)),
                step.text,
                share(step, before)
            ),
            ..step.clone()
        })
        .collect();
    bars(&rows, area, buffer, look);
}

/// A step in percent of the one before; nothing where there was nothing.
fn share(step: &Bar, before: Option<&Bar>) -> String {
    let (value, of) = match before {
        None => return "100%".to_owned(),
        Some(before) => (i128::from(step.value), i128::from(before.value)),
    };
    match of {
        ..=0 => String::new(),
        _ => format!("{}%", (value * 100 + of / 2) / of),
    }
}

/// Draws many numbers in one row as a line of small columns, as many of the latest as fit.
pub(crate) fn sparklines(rows: &[Series], area: Rect, buffer: &mut Buffer, look: &Look) {
    let area = area.intersection(buffer.area);
    let columns = Columns::of(
        area,
        rows.iter().map(|row| (row.label.as_str(), row.text.as_str())),
    );
    for (y, series) in (0..area.height).zip(rows) {
        let (label, place, end) = columns.split(draw::row(area, y));
        draw::text(buffer, label, &series.label, look.text, look);
        let room = usize::from(place.width);
        let latest = series.values.len().saturating_sub(room);
        let latest = series.values.get(latest..).unwrap_or_default();
        let max = latest.iter().copied().max().unwrap_or(0);
        let line: String = latest.iter().map(|value| level(*value, max, look)).collect();
        draw::text(buffer, place, &line, chart(look, 1), look);
        draw::text_right(buffer, end, &series.text, look.text, look);
    }
}

/// The symbol for a number on a scale from 0 to `max`.
fn level(value: i64, max: i64, look: &Look) -> &'static str {
    let levels = &look.symbols.levels;
    if value <= 0 || max <= 0 {
        return " ";
    }
    let (value, max) = (i128::from(value), i128::from(max));
    let step = (value * 8 + max - 1) / max;
    let at = usize::try_from(step - 1).unwrap_or(0).min(7);
    levels.get(at).copied().unwrap_or(" ")
}

/// Draws columns side by side, each over its name and under its number, with a line at the goal.
///
/// Where the numbers do not fit side by side, they are bars, one in a row.
pub(crate) fn columns(values: &[Bar], goal: Option<&Goal>, area: Rect, buffer: &mut Buffer, look: &Look) {
    let mut area = area.intersection(buffer.area);
    if let Some(goal) = goal
        && area.height > 1
    {
        let texts = [
            (look.symbols.line, look.dim),
            (" ", look.dim),
            (&goal.text, look.dim),
        ];
        draw::texts(buffer, draw::row(area, 0), &texts, look);
        area = draw::below(area, 1);
    }
    let count = u16::try_from(values.len()).unwrap_or(u16::MAX).max(1);
    let texts = values.iter().flat_map(|value| [&value.text, &value.label]);
    let widest = texts.map(|text| draw::cells(text)).max().unwrap_or(0);
    let width = area.width / count;
    if usize::from(width) < widest + 1 || area.height < 4 {
        return bars(values, area, buffer, look);
    }
    let width = width.min(16);
    // One row for the numbers above the highest column, one for the names.
    let height = area.height - 2;
    let (names, plot) = draw::split_last(area);
    let max = values.iter().map(|value| value.value);
    let max = max.chain(goal.map(|goal| goal.value)).max().unwrap_or(0);
    if let Some(goal) = goal
        && let Some(y) = row_of(goal.value, max, height)
    {
        let row = draw::row(plot, height - y);
        let line = format!("{} ", look.symbols.line).repeat(usize::from(width * count / 2));
        let row = Rect {
            width: row.width.min(width * count),
            ..row
        };
        draw::text(buffer, row, line.trim_end(), look.dim, look);
    }
    for (number, value) in (0..count).zip(values) {
        let cut = |row: Rect| Rect {
            width: width - 1,
            ..draw::right_of(row, number * width)
        };
        draw::text(buffer, cut(names), &value.label, look.text, look);
        let above = column(value.value, max, height, cut(plot), buffer, look);
        let row = cut(draw::row(plot, height - above));
        draw::clear(buffer, row, look.text);
        draw::text(buffer, row, &value.text, look.text, look);
    }
}

/// Draws one column from below; tells how many rows it has.
fn column(value: i64, max: i64, height: u16, area: Rect, buffer: &mut Buffer, look: &Look) -> u16 {
    if value <= 0 || max <= 0 {
        return 0;
    }
    let steps = (i128::from(value) * i128::from(height) * 8 / i128::from(max)).max(1);
    let steps = u16::try_from(steps).unwrap_or(u16::MAX).min(height * 8);
    let (whole, rest) = (steps / 8, steps % 8);
    let cells = usize::from(area.width.min(4));
    for y in 0..whole {
        let row = draw::row(area, height - y);
        draw::text(
            buffer,
            row,
            &look.symbols.full.repeat(cells),
            chart(look, 0),
            look,
        );
    }
    if rest == 0 {
        return whole;
    }
    let symbol = look.symbols.levels.get(usize::from(rest - 1)).copied();
    let row = draw::row(area, height - whole);
    draw::text(
        buffer,
        row,
        &symbol.unwrap_or(" ").repeat(cells),
        chart(look, 0),
        look,
    );
    whole + 1
}

/// The row, counted from below, in which a number is on a scale from 0 to `max`; none for what is below zero.
fn row_of(value: i64, max: i64, height: u16) -> Option<u16> {
    if value <= 0 || max <= 0 {
        return None;
    }
    let row = i128::from(value) * i128::from(height) / i128::from(max);
    Some(u16::try_from(row).ok()?.min(height.saturating_sub(1)))
}

/// What bars are drawn with.
pub(crate) fn steps(look: &Look) -> bar::Symbols {
    match look.symbols.full {
        "#" => bar::Symbols::Ascii,
        "⣿" => bar::Symbols::Braille,
        _ => bar::Symbols::Unicode,
    }
}

fn chart(look: &Look, number: usize) -> ratatui::style::Style {
    look.chart.get(number).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::screen_tests::{draw_inside, hostile, lines, sizes};
    use super::*;

    fn bar(label: &str, value: i64, text: &str) -> Bar {
        Bar {
            label: label.to_owned(),
            value,
            text: text.to_owned(),
        }
    }

    fn drawn(width: u16, height: u16, draw: impl FnOnce(Rect, &mut Buffer)) -> Vec<String> {
        let mut buffer = Buffer::empty(Rect::new(0, 0, width, height));
        let area = buffer.area;
        draw(area, &mut buffer);
        lines(&buffer)
    }

    #[test]
    fn bars_have_names_and_numbers_at_any_width() {
        let rows = [
            bar("me", 31, "€31k"),
            bar("李娜", 22, "€22k"),
            bar("sven", 0, "€0"),
        ];
        let shown = |width, look: &Look| drawn(width, 3, |area, buffer| bars(&rows, area, buffer, look));
        assert_eq!(
            shown(24, &Look::plain()),
            [
                "me   ██████████████ €31k",
                "李娜 █████████▉     €22k",
                "sven                  €0"
            ]
        );
        assert_eq!(shown(14, &Look::ascii())[1], "李娜 ###  €22k");
        assert_eq!(shown(9, &Look::plain())[1], "李娜 €22k");
        assert_eq!(shown(4, &Look::plain())[1], "€22k");
    }

    #[test]
    fn a_funnel_tells_the_share_of_the_step_before() {
        let steps = [
            bar("Lead", 96, "96"),
            bar("Qualified", 54, "54"),
            bar("Won", 0, "0"),
            bar("Paid", 1, "1"),
        ];
        let shown = drawn(30, 4, |area, buffer| funnel(&steps, area, buffer, &Look::plain()));
        assert_eq!(
            shown,
            [
                "Lead      ███████████ 96  100%",
                "Qualified ██████▎     54   56%",
                "Won                    0    0%",
                "Paid      ▏            1      ",
            ]
        );
    }

    #[test]
    fn sparklines_show_the_latest_numbers() {
        let rows = [Series {
            label: "Calls".to_owned(),
            values: vec![9, 9, 1, 2, 0, 4, 8],
            text: "48".to_owned(),
        }];
        let shown = |look: &Look| drawn(14, 1, |area, buffer| sparklines(&rows, area, buffer, look));
        assert_eq!(shown(&Look::plain()), ["Calls ▁▂ ▄█ 48"]);
        assert_eq!(shown(&Look::ascii()), ["Calls __ .# 48"]);
    }

    #[test]
    fn columns_stand_over_their_names_under_their_numbers_and_at_the_goal() {
        let months = [bar("Sep", 30, "30"), bar("10月", 60, "60"), bar("Nov", 0, "0")];
        let goal = Goal {
            value: 80,
            text: "goal 80".to_owned(),
        };
        let shown = |width, height| {
            drawn(width, height, |area, buffer| {
                columns(&months, Some(&goal), area, buffer, &Look::plain());
            })
        };
        assert_eq!(
            shown(18, 8),
            [
                "─ goal 80         ",
                "                  ",
                "─ ─ ─ 60    ─ ─ ─ ",
                "      ▆▆▆▆        ",
                "30    ████        ",
                "▇▇▇▇  ████        ",
                "████  ████  0     ",
                "Sep   10月  Nov   ",
            ]
        );
        assert_eq!(shown(12, 5)[1..3], ["Sep  ██   30", "10月 ████ 60"]);
    }

    proptest! {
        #[test]
        fn charts_stay_in_their_area(
            rows in prop::collection::vec((hostile(), any::<i64>(), hostile()), 0..8), area in sizes(), goal in any::<i64>(),
        ) {
            let rows: Vec<_> = rows.iter().map(|(label, value, text)| bar(label, *value, text)).collect();
            let series = rows.iter().map(|row| Series {
                label: row.label.clone(),
                values: rows.iter().map(|row| row.value).collect(),
                text: row.text.clone(),
            });
            let series: Vec<_> = series.collect();
            let goal = Goal { value: goal, text: "goal".to_owned() };
            for look in [Look::plain(), Look::ascii()] {
                draw_inside(area, |area, buffer| {
                    for chart in 0..4 {
                        draw::clear(buffer, area, look.text);
                        match chart {
                            0 => bars(&rows, area, buffer, &look),
                            1 => funnel(&rows, area, buffer, &look),
                            2 => sparklines(&series, area, buffer, &look),
                            _ => columns(&rows, Some(&goal), area, buffer, &look),
                        }
                    }
                });
            }
        }
    }
}
