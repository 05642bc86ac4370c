//! Orders by keys: the screen, what is asked, and what becomes of it.

use crm::domain::noun::Noun;

use crate::tui::action::Action;
use crate::tui::driver::Driver;
use crate::tui::page::Place;
use crate::tui::snapshot;

#[track_caller]
fn shown(name: &str, place: &Place, keys: &str, (width, height): (u16, u16)) {
    let mut person = Driver::at(place, width, height);
    person.press(keys);
    let buffer = person.buffer();
    snapshot::assert_sound(&buffer);
    insta::assert_snapshot!(name, snapshot::text(&buffer));
}

#[test]
fn the_screen_of_orders() {
    for size in [(40, 20), (80, 24), (120, 40)] {
        shown(&format!("orders_{}", size.0), &Place::Orders, "j", size);
    }
    shown("order_120", &Place::Orders, "enter", (120, 40));
    let mut person = Driver::at(&Place::Orders, 80, 24);
    person.press("P");
    let buffer = person.buffer();
    snapshot::assert_cells(&buffer);
    insta::assert_snapshot!("order_pay", snapshot::text(&buffer));
}

/// One order, by its name.
fn order(name: &str) -> Driver {
    let place = Place::List {
        noun: Noun::Order,
        title: "Orders".to_owned(),
        filters: vec![format!("name:\"{name}\"")],
    };
    Driver::at(&place, 120, 40)
}

#[test]
fn an_order_goes_its_way_by_keys() {
    let mut person = order("二期设备");
    person.press("C");
    assert!(
        person.said().starts_with("Confirmed order O9"),
        "{}",
        person.said()
    );
    person.press("P").shows("Money for 二期设备").text("1000");
    person.press("ctrl-s").shows("partially paid");
    person
        .press("S")
        .shows("Send 二期设备")
        .text("TRK-PRO x3, TRK-PRO x9");
    // What is refused can be mended.
    person.press("ctrl-s").shows("only 8 of it are left");
    person
        .press("ctrl-u")
        .text("TRK-PRO x3")
        .press("tab")
        .text("SF")
        .press("ctrl-s");
    person.shows("partially shipped").shows("SF");
    person.press("A").shows("delivered");
    person
        .press("X")
        .shows("Cancel 二期设备")
        .text("太贵")
        .press("enter");
    person.shows("cancelled").shows("太贵");
    for _ in 0..5 {
        person.press("z");
    }
    person.shows("draft").shows("unfulfilled");
}

#[test]
fn money_goes_back_and_a_wrong_day_is_told() {
    let mut person = order("Trackers for the yard");
    let jobs = person.app.act(Action::Refund);
    person.perform(jobs);
    person
        .shows("Give back of Trackers for the yard")
        .text("100")
        .press("tab")
        .text("someday");
    person.press("ctrl-s");
    assert_eq!(person.app.popups.len(), 1, "{}", person.screen());
    person.press("ctrl-u").text("yesterday").press("ctrl-s");
    assert!(person.said().starts_with("Gave back "), "{}", person.said());
    let mut two = Driver::at(&Place::Orders, 120, 40);
    two.press("space space P");
    assert_eq!(two.said(), "this is done with one order at a time");
    two.press("X").shows("Cancel 2 orders").press("esc");
    assert!(two.app.popups.is_empty());
}

#[test]
fn a_customer_and_the_day_know_their_orders() {
    let mut person = Driver::at(&Place::Today, 120, 40);
    person.shows("ORDERS TO BE PAID OR DELIVERED");
    let place = Place::List {
        noun: Noun::Customer,
        title: "Customers".to_owned(),
        filters: vec!["name:Nordlicht".to_owned()],
    };
    let mut person = Driver::at(&place, 120, 40);
    person
        .press("enter ] ] ] ]")
        .shows("Fleet trackers")
        .shows("Trackers for the second depot");
    // Keys of orders count there, and what is added is an order of the customer.
    person
        .press("P")
        .shows("Money for")
        .press("esc n")
        .shows("New order");
}
