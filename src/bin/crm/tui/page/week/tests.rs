//! The week by keys.

use crm::domain::noun::Noun;
use crm::ops::window;

use crate::tui::driver::Driver;
use crate::tui::page::Place;
use crate::tui::snapshot;

fn week(width: u16, height: u16) -> Driver {
    let mut person = Driver::at(&Place::Today, width, height);
    person.press("g w");
    person
}

fn count(person: &Driver, filter: &str) -> u64 {
    let caller = person.app.world.caller.clone();
    let total = person
        .store
        .read(&caller, |tx| window::total(tx, Noun::Task, &[filter.to_owned()]));
    total.expect("a number")
}

#[test]
fn every_size_has_its_layout() {
    insta::with_settings!({ snapshot_path => "../../snapshots", prepend_module_to_snapshot => false }, {
        for (width, height) in [(40, 20), (80, 24), (120, 40), (200, 60)] {
            let person = week(width, height);
            let buffer = person.buffer();
            snapshot::assert_sound(&buffer);
            insta::assert_snapshot!(format!("week_{width}x{height}"), snapshot::text(&buffer));
        }
    });
}

#[test]
fn a_task_moves_a_day_on_and_back_with_its_time() {
    let mut person = week(120, 40);
    person.shows("Week 47").shows("Today 21 Nov");
    // The meeting of today has a time; what is late comes before it.
    person.press("j j").press("L");
    assert_eq!(
        person.said(),
        "Put off task T15 Demo of the dispatch board, Sun 22 Nov 2026 23:30; z takes it back"
    );
    assert_eq!(count(&person, "is:open dispatch board due:2026-11-22"), 1);
    // The cursor has gone with it.
    person.press("H");
    assert_eq!(count(&person, "is:open dispatch board due:2026-11-21"), 1);
    person.press("H");
    assert_eq!(person.said(), "this day is over");
    person.press("z");
    assert_eq!(count(&person, "is:open dispatch board due:2026-11-22"), 1);
}

#[test]
fn weeks_turn_and_today_is_found_again() {
    let mut person = week(80, 24);
    person
        .press("]")
        .shows("Week 48")
        .press("[ [")
        .shows("Week 46")
        .press("t")
        .shows("Week 47");
    // Over the edge of the week.
    person.press("l l").shows("Week 48").press("h").shows("Week 47");
    person.press("] ] ] ] ] ] ] ] ] ] ] ]").press("x");
    assert_eq!(person.said(), "x: there is no task here");
    person.press("L");
    assert_eq!(person.said(), "there is no task here to move");
}

#[test]
fn weeks_begin_where_the_settings_say() {
    let mut person = Driver::at(&Place::Today, 120, 40);
    person.app.world.caller.week_start = jiff::civil::Weekday::Sunday;
    person.press("g w").shows("15 Nov - 21 Nov 2026");
}
