//! A person at the board.

use crate::tui::driver::Driver;
use crate::tui::page::Place;

fn board(width: u16, height: u16) -> Driver {
    Driver::at(&Place::Pipeline, width, height)
}

#[test]
fn a_card_goes_on_and_back_and_the_cursor_goes_along() {
    let mut person = board(120, 30);
    person.shows("Needs analysis 4").shows("Proposal 8");
    person.press("l l L");
    assert_eq!(
        person.said(),
        "Atelier Verne → Proposal, weighted +€7.5k; z takes it back"
    );
    person.shows("Needs analysis 3").shows("[Proposal 9]");
    person.press("H");
    assert_eq!(
        person.said(),
        "Atelier Verne → Needs analysis, weighted -€7.5k; z takes it back"
    );
    person
        .press("z")
        .shows("Proposal 9")
        .press("z")
        .shows("Proposal 8");
}

#[test]
fn several_cards_go_together_and_the_marks_come_off() {
    let mut person = board(120, 30);
    person.press("space space").shows("2 marked").press("L");
    assert!(person.said().starts_with("2 deals → Qualification, weighted +"));
    person.shows("Prospecting 2").shows("[Qualification 6]");
    assert!(!person.screen().contains("marked"));
    person.press("z").shows("Prospecting 4");
}
