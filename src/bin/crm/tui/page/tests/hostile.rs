//! Names and texts that would drive a terminal or break a border.

use crm::domain::input::Input;
use crm::domain::noun::Noun;

use crate::tui::deed::Deed;
use crate::tui::driver::Driver;
use crate::tui::page::Place;
use crate::tui::snapshot;

/// Sizes at which every layout is drawn.
const SIZES: &[(u16, u16)] = &[(40, 20), (64, 30), (80, 24), (120, 40), (200, 60)];

/// A base in which every field that takes text has something that no terminal should be told.
fn hostile(width: u16, height: u16) -> Driver {
    let mut person = Driver::empty(&Place::Customers, width, height);
    let long = "W".repeat(5000);
    let names = [
        "\u{1b}[2J\u{1b}]0;owned\u{7}Ecma",
        "\u{202e}gnp.exe\u{2066} bidi",
        "👨‍👩‍👧‍👦 🇩🇪 é\u{301}\u{200b} 陳記食品株式会社",
        "   \u{3000} ‎x",
        long.as_str(),
    ];
    for (at, name) in names.iter().enumerate() {
        let text = |field: &str, value: String| (field.to_owned(), Input::text(value));
        let customer = vec![
            text("name", (*name).to_owned()),
            text("title", (*name).to_owned()),
            text("city", (*name).to_owned()),
            text("note", format!("one\n{name}\ttwo\r\nthree")),
            text("email", format!("person{at}@mail.example")),
        ];
        let add = |noun, assignments| Deed::Add {
            noun,
            assignments,
            anyway: true,
        };
        person.does(add(Noun::Customer, customer));
        let reference = format!("C{}", at + 1);
        let task = vec![
            text("title", (*name).to_owned()),
            text("customer", reference.clone()),
        ];
        person.does(add(Noun::Task, task));
        let deal = vec![
            text("name", (*name).to_owned()),
            text("customer", reference.clone()),
            text("amount", "12000".to_owned()),
        ];
        person.does(add(Noun::Deal, deal));
        let activity = vec![
            text("type", "note".to_owned()),
            text("customer", reference),
            text("text", format!("{name}\n{name}")),
        ];
        person.does(add(Noun::Activity, activity));
    }
    assert_eq!(
        person.app.selection().current.map(|link| link.noun),
        Some(Noun::Customer)
    );
    person
}

#[test]
fn borders_stay_straight_whatever_is_stored() {
    for (width, height) in SIZES {
        let mut person = hostile(*width, *height);
        let check = |person: &Driver| snapshot::assert_sound(&person.buffer());
        for keys in [
            "j", "j", "j", "j", "tab", "J", "esc", "enter", "]", "]", "]", "]", "]", "]", "esc",
        ] {
            person.press(keys);
            check(&person);
        }
        for keys in [
            "space",
            "/ \u{202e}",
            "esc",
            "g l",
            "j",
            "enter",
            "esc",
            "g x",
            "g d",
            "m",
            "esc",
            "g a",
            "j",
            "enter",
            "]",
            "]",
        ] {
            for key in keys.split(' ') {
                person.press(key);
            }
            check(&person);
        }
    }
}

#[test]
fn every_size_is_drawn_without_a_fault() {
    let mut person = hostile(80, 24);
    for places in [
        "g c",
        "g c enter",
        "g c enter ]",
        "g l",
        "g x",
        "g d",
        "g d m",
        "g c /",
    ] {
        person.press("esc");
        person.press(places);
        for width in (1..220).step_by(37) {
            for height in (1..70).step_by(11) {
                person.happens(crate::tui::event::Event::Resize(width, height));
                snapshot::assert_sound(&person.buffer());
            }
        }
        person.press("esc esc");
    }
}

#[test]
fn rows_11_13_forms_board_today_palette_and_reports_stay_whole() {
    for (width, height) in SIZES {
        let mut person = hostile(*width, *height);
        for keys in [
            "1", "j", "j", "j", "j", "f", "esc", "w", "esc", "esc", "3", "j", "j", "L", "enter", "esc", "m",
            "esc", "2", "g g", "e", "tab", "end", "tab", "esc", "n", "esc", "j", "e", "esc", "j", "m t",
            "esc", "j", "e", "esc", "a c", "esc", "D m", "esc", "y", "esc", "g w", "j", "8", "enter", "j",
            "enter", "j",
        ] {
            person.press(keys);
            snapshot::assert_cells(&person.buffer());
        }
    }
}

#[test]
fn rows_11_13_what_is_typed_or_pasted_drives_no_terminal() {
    for keys in [":", "/", "n", "a n", "?", "!", "D m"] {
        let mut person = hostile(80, 24);
        person.press("2").press(keys);
        let text = "\u{1b}[2J\u{7}\u{202e}x\u{200b}👨‍👩‍👧‍👦 🇩🇪 é\u{301} 陳記";
        person.happens(crate::tui::event::Event::Paste(text.to_owned()));
        snapshot::assert_cells(&person.buffer());
        person.text("\u{202e}陳\u{301}");
        snapshot::assert_cells(&person.buffer());
    }
}
