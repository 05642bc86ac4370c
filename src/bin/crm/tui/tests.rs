//! The frame by keys: what they do, what is said where they do nothing.

use crate::tui::driver::Driver;
use crate::tui::event::Event;
use crate::tui::page::Place;
use crate::tui::snapshot;

#[test]
fn the_cursor_moves_and_the_detail_follows() {
    let mut person = Driver::at(&Place::Customers, 120, 30);
    person.shows("Customers 48").shows("Nora Penhaligon  C48");
    person.press("j").shows("Mona Achterberg  C47");
    person
        .press("G")
        .shows("48 of 48")
        .shows("Nordlicht Logistik GmbH  C1");
    person.press("g g").shows("1 of 48");
}

#[test]
fn what_does_nothing_says_so() {
    let mut person = Driver::at(&Place::Customers, 80, 24);
    person.press("f12");
    assert_eq!(person.said(), "F12 does nothing here; ? shows what does");
    person.press("x");
    assert_eq!(person.said(), "x: there is no task here");
    person.press("z");
    assert_eq!(person.said(), "there is nothing to undo");
}

#[test]
fn a_record_goes_to_the_trash_and_comes_back() {
    let mut person = Driver::at(&Place::Customers, 120, 30);
    person.press("d");
    assert_eq!(
        person.said(),
        "Moved customer C48 Nora Penhaligon to the trash; z takes it back"
    );
    person.shows("Customers 47").press("z").shows("Customers 48");
    person.press("Z").shows("Customers 47");
}

#[test]
fn esc_and_q_peel_one_layer_and_q_quits_at_the_top() {
    let mut person = Driver::at(&Place::Customers, 80, 24);
    person.press("enter esc").press("esc");
    assert_eq!(person.said(), "this is the top; q quits");
    assert!(person.left.is_empty());
    person.press("q");
    assert!(matches!(
        person.left.as_slice(),
        [crate::tui::effect::Job::Quit(0)]
    ));
}

#[test]
fn screens_at_four_sizes_in_ascii_and_by_the_styles_of_four_themes() {
    for (name, place, keys) in [
        ("today", Place::Today, ""),
        ("customers", Place::Customers, "j space j"),
        ("record", Place::Customers, "G enter"),
        ("pipeline", Place::Pipeline, "l j"),
        ("tasks", Place::Tasks, "j"),
        ("reports", Place::Reports, "j j"),
        ("week", Place::Week, ""),
        ("queue", Place::Queue, ""),
        ("help", Place::Customers, "?"),
        ("palette", Place::Customers, ":"),
        ("form", Place::Customers, "n"),
        ("menu", Place::Pipeline, "m"),
    ] {
        insta::assert_snapshot!(format!("screen_{name}"), snapshot::screen(&place, keys));
    }
}

#[test]
fn a_minute_asks_for_nothing_that_is_of_a_day() {
    let later = |seconds: i64| {
        let zone = jiff::tz::TimeZone::get("Europe/Berlin").expect("a zone");
        let begun: jiff::Timestamp = "2026-11-21T09:00:00Z".parse().expect("an instant");
        let now = begun + jiff::SignedDuration::from_secs(seconds);
        Event::Clock(crm::domain::clock::Clock::new(now, zone))
    };
    for (place, asked) in [
        (Place::Reports, 0),
        (Place::Pipeline, 0),
        (Place::Customers, 2),
        (Place::Today, 2),
    ] {
        let mut person = Driver::at(&place, 120, 40);
        assert_eq!(
            person.app.update(later(20)).len(),
            0,
            "{place:?}: the same minute"
        );
        assert_eq!(
            person.app.update(later(61)).len(),
            asked,
            "{place:?}: the next one"
        );
        assert!(
            person.app.update(later(86_400)).len() > asked,
            "{place:?}: the next day"
        );
    }
}
