//! What the tests of components share: what a screen shows as text, hostile texts, and odd sizes.

use proptest::prelude::*;
use ratatui::buffer::{Buffer, CellWidth};
use ratatui::layout::Rect;

use super::chart::{Bar, Goal, Series};
use super::choice::{Listed, Takes};
use super::confirm::{Confirm, Grade};
use super::form::{Form, field::Field};
use super::look::Look;
use super::menu::{Item, Menu};
use super::tabs::Tab;
use super::viewer::Viewer;
use super::{chart, tabs};
use crate::tui::key::Key;

/// The rows of a buffer as text; the second cells of wide characters are left out.
pub(crate) fn lines(buffer: &Buffer) -> Vec<String> {
    let width = usize::from(buffer.area.width.max(1));
    buffer
        .content
        .chunks(width)
        .map(|row| {
            let mut line = String::new();
            let mut skip = 0;
            for cell in row {
                if skip == 0 {
                    line.push_str(cell.symbol());
                    skip = usize::from(cell.symbol().cell_width());
                }
                skip = skip.saturating_sub(1);
            }
            line
        })
        .collect()
}

/// Text with wide characters, emoji of several parts, marks, right-to-left letters and control characters.
pub(crate) fn hostile() -> impl Strategy<Value = String> {
    let parts = prop::sample::select(vec![
        "a",
        "Hafen",
        " ",
        "  ",
        "张伟",
        "한국",
        "👨‍👩‍👧‍👦",
        "🇩🇪",
        "👍🏽",
        "☎️",
        "ｶﾞ",
        "क्षि",
        "مرحبا",
        "e\u{301}",
        "\u{301}",
        "\u{200b}",
        "\u{202e}",
        "\u{1b}[2J",
        "\u{7}",
        "\t",
        "\n",
        "\r\n",
        "\0",
        "…",
    ]);
    prop::collection::vec(parts, 0..14).prop_map(|parts| parts.concat())
}

/// Areas from nothing to a small screen, not always at the corner.
pub(crate) fn sizes() -> impl Strategy<Value = Rect> {
    (0_u16..4, 0_u16..4, 0_u16..50, 0_u16..14)
        .prop_map(|(x, y, width, height)| Rect::new(x, y, width, height))
}

/// Draws into the middle of a larger screen and checks that nothing else on it was touched, and that no character
/// reaches over the right edge.
pub(crate) fn draw_inside(area: Rect, draw: impl FnOnce(Rect, &mut Buffer)) -> Buffer {
    let screen = Rect::new(0, 0, area.right() + 3, area.bottom() + 3);
    let mut buffer = Buffer::empty(screen);
    for cell in &mut buffer.content {
        cell.set_symbol("~");
    }
    draw(area, &mut buffer);
    for y in screen.top()..screen.bottom() {
        for x in screen.left()..screen.right() {
            let symbol = buffer[(x, y)].symbol();
            if area.contains((x, y).into()) {
                let end = usize::from(x) + usize::from(symbol.cell_width().max(1));
                assert!(
                    end <= usize::from(area.right()),
                    "{symbol} at {x},{y} reaches out of {area}"
                );
                assert!(!symbol.contains(char::is_control), "{symbol:?} at {x},{y}");
            } else {
                assert_eq!(symbol, "~", "{x},{y} is outside of {area}");
            }
        }
    }
    buffer
}

/// A form with an open list, an answer and an error.
fn form(long: &str) -> Form {
    let listed = |label: &str| Listed {
        value: label.to_owned(),
        label: label.to_owned(),
        note: long.to_owned(),
    };
    let choices = (0..12).map(|number| listed(&number.to_string())).collect();
    let mut form = Form::new(vec![
        Field::choice("a", long, "", Takes::OneOf, choices, |_, _| true).required(),
        Field::text("b", "b", long),
        Field::tick("c", "c", true),
        Field::date("d", "d", "fri"),
    ]);
    form.refuse(vec![(2, long.to_owned())]);
    form.set_answer(3, "fri", Ok(format!("→ {long}")));
    form.go(0);
    form.key(Key::parse("down").expect("a key"));
    form
}

/// One of each component, with longer texts than there is room for.
fn draw_all(look: &Look, area: Rect, buffer: &mut Buffer, draw: usize) {
    let long = "a text that is longer than a row of this little screen can be";
    let bar = |value| Bar {
        label: "March".to_owned(),
        value,
        text: "3.5k".to_owned(),
    };
    match draw {
        0 => {
            form(long).render(area, buffer, look);
        }
        1 => {
            let item = Item {
                key: Some(Key::letter('x')),
                label: long.to_owned(),
                note: long.to_owned(),
                off: None,
            };
            Menu::new(long, vec![item; 20]).render(area, buffer, look);
        }
        2 => {
            let preview = vec![long.to_owned(); 30];
            Confirm::new(long, long, preview, "Do it", Grade::Simple).render(area, buffer, look);
        }
        3 => {
            Viewer::new(long).unwrapped().render(area, buffer, look);
        }
        4 => {
            let tab = Tab {
                key: "1".to_owned(),
                name: long.to_owned(),
            };
            tabs::render(&[tab], 0, area, buffer, look);
        }
        7 => chart::bars(&[bar(3), bar(2)], area, buffer, look),
        8 => chart::funnel(&[bar(3), bar(2)], area, buffer, look),
        9 => {
            let goal = Goal {
                value: 4,
                text: "goal".to_owned(),
            };
            chart::columns(&[bar(3), bar(2)], Some(&goal), area, buffer, look);
        }
        _ => {
            let series = Series {
                label: long.to_owned(),
                values: (0..9).collect(),
                text: "9".to_owned(),
            };
            chart::sparklines(&[series], area, buffer, look);
        }
    }
}

#[test]
fn a_terminal_without_symbols_is_given_none() {
    for component in 0..11 {
        let area = Rect::new(0, 0, 30, 12);
        let (mut plain, mut rich) = (Buffer::empty(area), Buffer::empty(area));
        draw_all(&Look::ascii(), area, &mut plain, component);
        draw_all(&Look::plain(), area, &mut rich, component);
        let text = lines(&plain).join("\n");
        assert!(text.is_ascii(), "{component}:\n{text}");
        assert_ne!(rich, Buffer::empty(area), "{component} draws nothing");
    }
}
