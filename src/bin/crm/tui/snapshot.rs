//! Frames as text for tests: the letters, and under them the styles by the names of their tokens.

use std::fmt::Write;

use ratatui::buffer::{Buffer, Cell};
use ratatui::style::{Color, Modifier, Style};
use unicode_segmentation::UnicodeSegmentation;

use crate::text::{sanitise, width};
use crate::tui::component::look::Look;
use crate::tui::theme;

/// The letters of a frame, a line per row, without blanks at the ends.
pub(crate) fn text(buffer: &Buffer) -> String {
    let mut lines: Vec<String> = rows(buffer)
        .map(|row| letters(&row).trim_end().to_owned())
        .collect();
    while lines.last().is_some_and(String::is_empty) {
        lines.pop();
    }
    lines.join("\n")
}

/// The styles of a frame: a line per row that has any, `ROW FROM-TO TOKEN, …`, all counted from 0.
///
/// What has no style of its own is left out. A style that several tokens share goes by the first of them; one of none
/// is written as settings would write it.
pub(crate) fn styles(buffer: &Buffer, look: &Look) -> String {
    let mut lines = Vec::new();
    for (number, row) in rows(buffer).enumerate() {
        let mut runs: Vec<(usize, usize, Style)> = Vec::new();
        for (column, cell) in row.iter().enumerate() {
            let style = of(cell);
            match runs.last_mut() {
                Some((_, to, last)) if *last == style => *to = column,
                _ => runs.push((column, column, style)),
            }
        }
        let plain = of(&Cell::default());
        let named: Vec<String> = runs
            .into_iter()
            .filter(|(.., style)| *style != plain)
            .map(|(from, to, style)| format!("{from}-{to} {}", name(style, look)))
            .collect();
        if !named.is_empty() {
            lines.push(format!("{number:>2} {}", named.join(", ")));
        }
    }
    lines.join("\n")
}

/// Both, for one snapshot.
pub(crate) fn frame(buffer: &Buffer, look: &Look) -> String {
    format!("{}\n---\n{}", text(buffer), styles(buffer, look))
}

/// Holds a frame to what is true of every one: each cell shows letters that fit into it, wide ones have their second
/// cell, no letter drives the terminal, and frames are closed.
///
/// # Panics
///
/// If it is not so, with the place.
pub(crate) fn assert_sound(buffer: &Buffer) {
    let area = buffer.area;
    assert_eq!(
        buffer.content.len(),
        usize::from(area.width) * usize::from(area.height)
    );
    for (y, row) in rows(buffer).enumerate() {
        let line = letters(&row);
        assert_eq!(
            width::width(&line),
            usize::from(area.width),
            "row {y} is not as wide as the screen: {line:?}"
        );
        let mut x = 0;
        while let Some(cell) = row.get(x) {
            let symbol = cell.symbol();
            assert!(
                !symbol.chars().any(sanitise::is_hazard),
                "row {y}, cell {x} drives the terminal: {symbol:?}"
            );
            let wide = width::width(symbol).max(1);
            assert_eq!(
                symbol.graphemes(true).count().max(1),
                1,
                "row {y}, cell {x} holds more than one letter: {symbol:?}"
            );
            assert!(wide <= 2, "row {y}, cell {x} holds more than fits: {symbol:?}");
            assert!(x + wide <= row.len(), "row {y}: {symbol:?} juts out");
            if wide == 2 {
                assert_eq!(
                    row[x + 1].symbol().trim(),
                    "",
                    "row {y}, cell {x}: half of {symbol:?} is covered"
                );
            }
            x += wide;
        }
    }
    assert_closed(buffer);
}

/// Every corner of a frame leads along its lines to the next.
fn assert_closed(buffer: &Buffer) {
    let at = |x: u16, y: u16| buffer.cell((x, y)).map_or("", Cell::symbol);
    let rights = ["┌", "┏", "└", "┗"];
    let downs = ["┌", "┏", "┐", "┓"];
    for y in 0..buffer.area.height {
        for x in 0..buffer.area.width {
            let symbol = at(x, y);
            if rights.contains(&symbol) {
                let ends = ["┐", "┓", "┘", "┛"];
                let far = (x + 1..buffer.area.width).any(|x| ends.contains(&at(x, y)));
                assert!(far, "row {y}: the line from {symbol} in cell {x} has no end");
            }
            if downs.contains(&symbol) {
                let ends = ["└", "┗", "┘", "┛"];
                let sides = ["│", "┃", "├", "┤", "┝", "┥", "┠", "┨"];
                let mut below = y + 1;
                while sides.contains(&at(x, below)) {
                    below += 1;
                }
                let end = at(x, below);
                assert!(
                    ends.contains(&end),
                    "the line down from {symbol} in row {y}, cell {x} is broken by {end:?} in row {below}"
                );
            }
        }
    }
}

fn rows(buffer: &Buffer) -> impl Iterator<Item = Vec<&Cell>> {
    let width = usize::from(buffer.area.width).max(1);
    buffer.content.chunks(width).map(|row| row.iter().collect())
}

/// The letters of a row; the second cell of a wide letter is no letter.
fn letters(row: &[&Cell]) -> String {
    let mut line = String::new();
    let mut x = 0;
    while let Some(cell) = row.get(x) {
        line.push_str(cell.symbol());
        x += width::width(cell.symbol()).max(1);
    }
    line
}

fn of(cell: &Cell) -> Style {
    Style::new().fg(cell.fg).bg(cell.bg).add_modifier(cell.modifier)
}

/// The first token with this style, else the style itself.
fn name(style: Style, look: &Look) -> String {
    let shown = |style: Style| {
        (
            style.fg.unwrap_or_default(),
            style.bg.unwrap_or_default(),
            style.add_modifier,
        )
    };
    let tokens = theme::styles(look).into_iter();
    let mut named = tokens.filter(|(_, known)| shown(*known) == shown(style));
    if let Some((token, _)) = named.next() {
        return token.to_owned();
    }
    let mut written = String::new();
    for (modifier, word) in [
        (Modifier::BOLD, "bold"),
        (Modifier::DIM, "dim"),
        (Modifier::ITALIC, "italic"),
        (Modifier::UNDERLINED, "underline"),
        (Modifier::REVERSED, "reverse"),
    ] {
        if style.add_modifier.contains(modifier) {
            let _ = write!(written, "{word} ");
        }
    }
    if let Some(color) = style.fg.filter(|color| *color != Color::Reset) {
        let _ = write!(written, "{color} ");
    }
    if let Some(color) = style.bg.filter(|color| *color != Color::Reset) {
        let _ = write!(written, "on {color}");
    }
    written.trim_end().to_lowercase()
}

#[cfg(test)]
mod tests {
    use ratatui::layout::Rect;

    use super::*;

    fn buffer(lines: &[&str]) -> Buffer {
        Buffer::with_lines(lines.iter().copied())
    }

    #[test]
    fn a_frame_is_its_letters_and_the_names_of_its_styles() {
        let look = Look::plain();
        let mut buffer = buffer(&["名 Anna   ", "  late    ", "          "]);
        buffer.set_style(Rect::new(0, 0, 10, 1), look.selection);
        buffer.set_style(Rect::new(0, 1, 1, 1), look.overdue);
        buffer.set_style(
            Rect::new(2, 1, 4, 1),
            Style::new().fg(Color::Yellow).bg(Color::Rgb(1, 2, 3)),
        );
        buffer.set_style(
            Rect::new(7, 1, 1, 1),
            Style::new().add_modifier(Modifier::BOLD | Modifier::REVERSED),
        );
        insta::assert_snapshot!(frame(&buffer, &look), @"
        名 Anna
          late
        ---
         0 0-9 selection
         1 0-0 error, 2-5 yellow on #010203, 7-7 bold reverse
        ");
        assert_sound(&buffer);
    }

    #[test]
    fn what_is_not_sound_is_found() {
        let refuses = |buffer: &Buffer| {
            let buffer = buffer.clone();
            std::panic::catch_unwind(move || assert_sound(&buffer)).is_err()
        };
        let good = buffer(&["┌──┐", "│名│", "└──┘"]);
        assert!(!refuses(&good));
        let mut control = good.clone();
        control[(1, 1)].set_symbol("\u{1b}");
        assert!(refuses(&control));
        let mut covered = good.clone();
        covered[(2, 1)].set_symbol("x");
        assert!(refuses(&covered), "half of a wide letter");
        let mut juts = good.clone();
        juts[(3, 1)].set_symbol("名");
        assert!(refuses(&juts));
        let mut broken = good.clone();
        broken[(3, 1)].set_symbol(" ");
        assert!(refuses(&broken), "a border with a hole");
        let mut long = good;
        long[(1, 1)].set_symbol("ab");
        assert!(refuses(&long));
    }
}
