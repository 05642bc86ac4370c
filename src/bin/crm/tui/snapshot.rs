//! Frames as text for tests: the letters, and under them the styles by the names of their tokens.

use std::fmt::Write;

use ratatui::buffer::{Buffer, Cell};
use ratatui::style::{Color, Modifier, Style};
use unicode_segmentation::UnicodeSegmentation;

use crate::text::{sanitise, width};
use crate::tui::component::look::Look;
use crate::tui::driver::Driver;
use crate::tui::event::Event;
use crate::tui::page::Place;
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
/// Plain text is left out. A style that several tokens share goes by the first of them; one of none
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
        let plain = of(Cell::default().set_style(look.text));
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

/// Where snapshots of a screen are taken: a telephone, the classic terminal, a large window, half of a wide monitor.
pub(crate) const SIZES: [(u16, u16); 4] = [(40, 20), (80, 24), (120, 40), (200, 60)];

/// A screen as one text: what `place` shows after `keys`, the letters at every size and once in ASCII, the styles in
/// every theme that is not the default one.
pub(crate) fn screen(place: &Place, keys: &str) -> String {
    let at = |(width, height), settings: &str| {
        let mut driver = Driver::at(place, width, height);
        driver.happens(Event::Settings(Some(settings.to_owned())));
        driver.app.message = None;
        if !keys.is_empty() {
            driver.press(keys);
        }
        let buffer = driver.buffer();
        match driver.app.popups.is_empty() {
            true => assert_sound(&buffer),
            false => assert_cells(&buffer),
        }
        (buffer, driver.app.world.look)
    };
    let mut parts = Vec::new();
    for (width, height) in SIZES {
        let (buffer, _) = at((width, height), "");
        parts.push(format!("{width}x{height}\n{}", text(&buffer)));
    }
    let (buffer, _) = at((80, 24), "symbols = 'ascii'");
    parts.push(format!("80x24 ascii\n{}", text(&buffer)));
    for theme in ["dark", "light", "mono", "high-contrast"] {
        let (buffer, look) = at((80, 24), &format!("theme = '{theme}'"));
        parts.push(format!("80x24 {theme}\n{}", styles(&buffer, &look)));
    }
    parts.join("\n\n")
}

/// Holds a frame to what is true of every one: each cell shows letters that fit into it, wide ones have their second
/// cell, no letter drives the terminal, and frames are closed.
///
/// # Panics
///
/// If it is not so, with the place.
pub(crate) fn assert_sound(buffer: &Buffer) {
    assert_cells(buffer);
    assert_closed(buffer);
}

/// The same but for frames, which a popup may cover in part.
pub(crate) fn assert_cells(buffer: &Buffer) {
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

/// The cells of a row that a terminal shows; the second one of a wide letter is covered.
fn shown(row: Vec<&Cell>) -> Vec<&Cell> {
    let mut covered = 0;
    let is_seen = |cell: &&Cell| {
        let is_seen = covered == 0;
        covered = match is_seen {
            true => width::width(cell.symbol()).max(1) - 1,
            false => covered - 1,
        };
        is_seen
    };
    row.into_iter().filter(is_seen).collect()
}

/// The letters of a row.
fn letters(row: &[&Cell]) -> String {
    shown(row.to_vec()).into_iter().map(Cell::symbol).collect()
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

    #[test]
    fn every_screen_is_sound_at_every_size_and_with_any_symbols() {
        let sizes = [(1, 1), (39, 9), (40, 10), (46, 19), (79, 23), (300, 100)];
        for (place, ..) in Place::ROOTS {
            let mut driver = Driver::at(place, 80, 24);
            for (width, height) in SIZES.into_iter().chain(sizes) {
                driver.happens(Event::Resize(width, height));
                for symbols in ["unicode", "ascii"] {
                    let settings = format!("symbols = '{symbols}'");
                    driver.happens(Event::Settings(Some(settings)));
                    assert_sound(&driver.buffer());
                }
            }
        }
    }

    #[test]
    fn a_theme_with_a_background_covers_the_screen() {
        for (place, ..) in Place::ROOTS {
            let mut driver = Driver::at(place, 80, 24);
            let settings = "theme = 'high-contrast'".to_owned();
            driver.happens(Event::Settings(Some(settings)));
            for keys in ["j", "?", "esc", ":"] {
                driver.press(keys);
                let buffer = driver.buffer();
                let rows = rows(&buffer).flat_map(shown);
                let bare = rows.filter(|cell| cell.bg == Color::Reset);
                assert_eq!(bare.count(), 0, "{place:?} after {keys}\n{}", text(&buffer));
            }
        }
    }
}
