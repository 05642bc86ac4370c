//! Tickets by keys: what runs out first stands first, and how long it has.

use crate::tui::driver::Driver;
use crate::tui::page::Place;
use crate::tui::snapshot;

#[test]
fn the_screen_of_tickets() {
    for size in [(40, 20), (80, 24), (80, 40), (120, 40)] {
        let person = Driver::at(&Place::Tickets, size.0, size.1);
        let buffer = person.buffer();
        snapshot::assert_sound(&buffer);
        let name = format!("tickets_{}x{}", size.0, size.1);
        insta::assert_snapshot!(name, snapshot::text(&buffer));
    }
}

#[test]
fn time_passes_and_an_answer_stops_the_clock() {
    let mut person = Driver::at(&Place::Tickets, 120, 40);
    person.press("/").text("name:firmware").press("enter");
    person.shows("over");
    person
        .press("r")
        .text("We send a new version tomorrow.")
        .press("ctrl-s");
    let told = person.screen();
    assert!(told.contains("left"), "{told}");
    // The solution is late in the end, and the row says so without anything being written.
    person.time("2026-12-24T10:00:00Z").shows("over");
}
