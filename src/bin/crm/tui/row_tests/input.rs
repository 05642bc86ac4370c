//! Pastes, keys that come in numbers, other keyboards, the mouse.

use crossterm::event::{KeyModifiers, MouseButton, MouseEvent, MouseEventKind};

use crate::tui::driver::Driver;
use crate::tui::event::Event;
use crate::tui::key::Key;
use crate::tui::page::Place;

/// What must not be taken for keys.
const PASTED: &str = "dd:q!\nline two\nxq";

fn customers() -> Driver {
    Driver::at(&Place::Customers, 120, 30)
}

fn mouse(person: &mut Driver, kind: MouseEventKind, column: u16, row: u16) {
    person.happens(Event::Mouse(MouseEvent {
        kind,
        column,
        row,
        modifiers: KeyModifiers::NONE,
    }));
}

#[test]
fn row_19_what_is_pasted_goes_where_text_goes_and_does_nothing_else() {
    for (keys, seen) in [
        ("/", "Filter › dd:q! line two xq"),
        (":", "dd:q! line two xq"),
        ("n", "[dd:q! line two xq"),
        ("a n", "line two"),
        ("?", "dd:q! line two xq"),
    ] {
        let mut person = customers();
        person.press(keys);
        person.happens(Event::Paste(PASTED.to_owned()));
        person.shows(seen);
        assert!(person.app.last.is_none(), "{keys}: something was done");
        assert!(person.left.is_empty() || keys == ":", "{keys}: {:?}", person.left);
    }
    // Lines stay lines where there is room for them.
    let mut person = customers();
    person.press("a n");
    person.happens(Event::Paste(PASTED.to_owned()));
    person.press("ctrl-s");
    assert!(person.said().starts_with("Logged "), "{}", person.said());
    person.press("enter").shows("dd:q!").shows("line two");
}

#[test]
fn row_20_of_many_keys_at_once_every_one_counts() {
    let mut person = customers();
    for _ in 0..30 {
        person.happens(Event::Key(Key::letter('j')));
    }
    person.shows("31 of 48");
    for _ in 0..500 {
        person.happens(Event::Key(Key::letter('j')));
    }
    person.shows("48 of 48");
    assert!(person.app.is_idle());
}

#[test]
fn row_23_keys_are_where_they_are_on_other_keyboards() {
    // Russian, then Greek, for `j`, `G`, `g c`, `d` and `z`.
    for [down, last, go, customers_key, remove, undo] in
        [['о', 'П', 'п', 'с', 'в', 'я'], ['ξ', 'Γ', 'γ', 'ψ', 'δ', 'ζ']]
    {
        let mut person = customers();
        let mut letter = |letter: char| person.happens(Event::Key(Key::letter(letter)));
        letter(down);
        letter(down);
        person.shows("3 of 48");
        let mut letter = |letter: char| person.happens(Event::Key(Key::letter(letter)));
        letter(last);
        person.shows("48 of 48").press("1");
        let mut letter = |letter: char| person.happens(Event::Key(Key::letter(letter)));
        letter(go);
        letter(customers_key);
        letter(remove);
        person.shows("Customers 47");
        person.happens(Event::Key(Key::letter(undo)));
        person.shows("Customers 48");
        // In a field they are what they are.
        person
            .press("/")
            .text("Привет γεια")
            .shows("Filter › Привет γεια");
    }
}

#[test]
fn row_24_a_click_beside_a_popup_does_nothing_behind_it() {
    for keys in ["n", "m", "space space space d", ":", "?"] {
        let mut person = customers();
        person.press(keys);
        let before = person.app.selection();
        // A tab, a row, the footer.
        for (column, row) in [(40, 0), (3, 12), (3, 5), (20, 29)] {
            mouse(&mut person, MouseEventKind::Down(MouseButton::Left), column, row);
            if person.app.popups.is_empty() {
                break;
            }
            mouse(&mut person, MouseEventKind::ScrollDown, column, row);
        }
        let after = person.app.selection();
        assert_eq!(after.current, before.current, "{keys}");
        assert_eq!(after.marked, before.marked, "{keys}");
        assert_eq!(person.app.root, 1, "{keys}");
        assert!(person.app.last.is_none(), "{keys}");
    }
}

#[test]
fn row_24_the_wheel_moves_what_is_under_the_mouse() {
    let mut person = Driver::at(&Place::Customers, 120, 16);
    let cursor = person.app.selection().current;
    let screen = person.screen();
    let line = screen.lines().find(|line| line.contains("Detail · 0 to focus"));
    let column = line
        .and_then(|line| line.split_once("Detail"))
        .map(|(before, _)| crate::text::width::width(before));
    let column = u16::try_from(column.expect("a detail")).expect("a column");
    // The detail has not the keys, and scrolls all the same; the list stays where it is.
    for _ in 0..5 {
        mouse(&mut person, MouseEventKind::ScrollDown, column, 6);
    }
    assert_eq!(person.app.selection().current, cursor);
    assert_ne!(person.screen(), screen);
    let detail = person.screen();
    mouse(&mut person, MouseEventKind::ScrollDown, 3, 6);
    assert_ne!(person.screen(), detail);
}
