//! Sizes, symbols, and what lies above what.

use crm::domain::input::Input;
use crm::domain::noun::Noun;

use crate::tui::action::Action;
use crate::tui::deed::Deed;
use crate::tui::driver::Driver;
use crate::tui::event::Event;
use crate::tui::page::Place;
use crate::tui::snapshot::assert_cells;

/// What is open when the window changes its size: keys, text, and what has to be seen of it in the end.
const OPEN: &[(&str, &str, &str)] = &[
    ("n", "陈晓明", "陈晓明"),
    ("a n", "问了报价", "问了报价"),
    ("/", "北京", "Filter › 北京"),
    (":", "trash", "trash"),
    ("?", "undo", "undo"),
    ("g", "", "Go to Today"),
    ("space space space d", "", "Move 3 customers to the trash?"),
    ("m", "", "Change Nora Penhaligon"),
];

#[test]
fn row_08_whatever_is_open_keeps_its_text_in_a_storm_of_sizes() {
    for (keys, text, seen) in OPEN {
        let mut person = Driver::at(&Place::Customers, 100, 30);
        person.press(keys).text(text).shows(seen);
        let before = person.screen();
        // Any numbers will do that come in no order.
        let mut state: u32 = 20_261_121;
        let mut next = |most: u32| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            u16::try_from(1 + (state >> 16) % most).expect("a small number")
        };
        for _ in 0..20 {
            person.happens(Event::Resize(next(500), next(200)));
            assert_cells(&person.buffer());
        }
        for (columns, rows) in [(1, 1), (40, 10), (500, 200), (100, 30)] {
            person.happens(Event::Resize(columns, rows));
            assert_cells(&person.buffer());
        }
        assert_eq!(person.screen(), before, "{keys}");
    }
}

/// A base of letters that every terminal has.
fn plain() -> Driver {
    let mut person = Driver::empty(&Place::Customers, 100, 30);
    person.happens(Event::Settings(Some("symbols = 'ascii'".to_owned())));
    let text = |field: &str, value: &str| (field.to_owned(), Input::text(value));
    let add = |noun, assignments| Deed::Add {
        noun,
        assignments,
        anyway: true,
    };
    for name in ["Anna Keller", "Ben Osei"] {
        person.does(add(
            Noun::Customer,
            vec![text("name", name), text("city", "Bonn")],
        ));
    }
    let deal = vec![
        text("name", "Fleet renewal"),
        text("customer", "C1"),
        text("amount", "5000"),
    ];
    person.does(add(Noun::Deal, deal));
    let task = vec![
        text("title", "Ring back"),
        text("customer", "C1"),
        text("due", "2026-11-20"),
    ];
    person.does(add(Noun::Task, task));
    let note = vec![
        text("type", "note"),
        text("customer", "C1"),
        text("text", "A long word. ".repeat(40).trim()),
    ];
    person.does(add(Noun::Activity, note));
    person
}

#[test]
fn row_12_ascii_means_ascii_on_every_screen() {
    let keys = [
        "1",
        "2",
        "2 enter",
        "2 /",
        "2 space",
        "2 comma",
        "3",
        "3 L",
        "4",
        "8",
        "8 enter",
        "g w",
        "g l",
        "g x",
        "?",
        ":",
        "2 n",
        "2 a c",
        "2 a f",
        "2 m",
        "2 D m",
        "2 y",
        "g",
        "2 s",
        "2 space j space d",
        "2 e",
    ];
    for keys in keys {
        for (columns, rows) in [(40, 20), (100, 30), (200, 60)] {
            let mut person = plain();
            person.happens(Event::Resize(columns, rows));
            person.press("2 k k").press(keys);
            let screen = person.screen();
            // Money is what was stored, like names.
            let is_strange = |letter: &char| !letter.is_ascii() && *letter != '€';
            let strange: String = screen.chars().filter(is_strange).collect();
            assert_eq!(strange, "", "{keys} at {columns}x{rows}\n{screen}");
        }
    }
}

#[test]
fn row_14_escape_peels_one_layer_at_a_time() {
    let mut person = Driver::at(&Place::Customers, 100, 30);
    person.press("n").text("陈晓明");
    for action in [Action::Palette, Action::Help] {
        let jobs = person.app.act(action);
        person.perform(jobs);
    }
    assert_eq!(person.app.popups.len(), 3);
    // The topmost has the keys and is drawn last.
    person.shows("Help").press("esc");
    assert_eq!(person.app.popups.len(), 2);
    person.text("trash").shows("Go to anything").press("esc");
    assert_eq!(person.app.popups.len(), 1);
    person.shows("New customer").shows("陈晓明").press("esc");
    assert!(person.app.popups.is_empty());
    person.shows("Customers 48");
}
