//! The log of operations and the trash by keys.

use crate::tui::driver::Driver;
use crate::tui::page::Place;

#[test]
fn exactly_the_chosen_operation_is_taken_back() {
    let mut person = Driver::at(&Place::Customers, 120, 30);
    person.press("d j d g l");
    person
        .shows("Operations")
        .shows("Moved customer C48 Nora Penhaligon to the trash")
        .shows("moved to the trash");
    person.press("j x");
    assert!(person.said().contains("Nora Penhaligon"), "{}", person.said());
    person.shows("(taken back) Moved customer C48");
    person
        .press("g c g g")
        .shows("Nora Penhaligon")
        .shows("Customers 47");
}

#[test]
fn what_stands_in_the_way_is_named() {
    let mut person = Driver::at(&Place::Customers, 120, 30);
    person.press("d g x r").press("g c d g l G");
    person.press("g g j j x");
    assert!(person.said().contains("operation"), "{}", person.said());
}

#[test]
fn an_empty_log_and_an_empty_trash_say_so() {
    let mut person = Driver::empty(&Place::Customers, 80, 24);
    person.press("g x").shows("No customers in the trash");
    person.press("]").shows("[Deals]").shows("No deals in the trash");
    person.press("n");
    assert_eq!(
        person.said(),
        "n: this is the trash; r takes a record out of it first"
    );
    person.press("esc").shows("Customers");
}

#[test]
fn deleted_records_come_back_one_kind_at_a_time() {
    let mut person = Driver::at(&Place::Tasks, 120, 30);
    person.press("d g c d d g x");
    person.shows("[Customers]").shows("Trash › Customers 2");
    person.press("ctrl-a").shows("2 marked").press("r");
    assert!(person.said().contains("2 customers"), "{}", person.said());
    person.shows("No customers in the trash");
    person.press("] ]").shows("[Tasks]").press("r");
    person.shows("No tasks in the trash");
}
