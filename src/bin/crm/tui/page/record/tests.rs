//! The page of a record by keys.

use crm::domain::noun::Noun;
use crm::error::Result;
use crm::ops::pipeline::{self, StageSpec};
use crm::ops::refer;
use crm::store::WriteTx;

use crate::tui::driver::Driver;
use crate::tui::page::Place;
use crate::tui::snapshot;

/// The page of the customer whom a filter finds first.
fn of(filter: &str, width: u16, height: u16) -> Driver {
    let mut person = Driver::at(&Place::Customers, width, height);
    person.press("/").text(filter).press("enter enter");
    person
}

#[test]
fn a_customer_is_told_in_tabs() {
    let mut person = of("Jürgen", 100, 30);
    person
        .shows("Customer C2")
        .shows("[Overview]")
        .shows("juergen.weiss@nordlicht.example");
    person
        .press("]")
        .shows("[Activity]")
        .shows("Went through the open questions");
    person
        .press("]")
        .shows("[Deals]")
        .shows("No deals yet; n adds one");
    person
        .press("]")
        .shows("[Quotes]")
        .shows("No quotes yet; n adds one");
    person
        .press("]")
        .shows("[Orders]")
        .shows("No orders yet; n adds one");
    person
        .press("]")
        .shows("[Tickets 1]")
        .shows("The gate in the depot");
    person.press("]").shows("[Tasks 2]").shows("Call about the gate");
    person
        .press("] ]")
        .shows("[Files]")
        .shows("No files or links yet");
    person
        .press("]")
        .shows("[Changes]")
        .press("]")
        .shows("[Overview]");
    person.press("esc").shows("Filter › Jürgen");
}

#[test]
fn a_company_has_deals_and_people() {
    let mut person = of("is:company Nordlicht", 100, 40);
    person.shows("PEOPLE").shows("Jürgen Weiß").press("] ]");
    person.shows("[Deals 6]").shows("Fleet renewal").shows("€");
}

#[test]
fn on_a_wide_terminal_the_facts_stand_beside_what_happened() {
    let mut person = of("Jürgen", 140, 36);
    person
        .shows("REACH")
        .shows("[Activity]")
        .shows("Went through the open questions");
    person.press("tab ]").shows("[Deals").shows("REACH");
}

#[test]
fn enter_opens_what_the_line_leads_to() {
    let mut person = of("Jürgen", 100, 30);
    person.press("enter");
    assert!(
        person.said().contains("goes to what can be opened"),
        "{}",
        person.said()
    );
    person
        .press("j enter")
        .shows("Customer C1")
        .shows("Nordlicht Logistik GmbH");
    person.press("esc").shows("Customer C2");
    person.press("] enter").shows("Activity A1");
    person.press("esc").shows("[Activity]");
}

#[test]
fn the_next_record_of_the_list_is_shown_and_the_list_follows() {
    let mut person = Driver::at(&Place::Customers, 100, 30);
    person
        .press("enter ]")
        .shows("Customer C48")
        .press("J")
        .shows("Customer C47");
    person.shows("[Activity]").press("J K").shows("Customer C47");
    person.press("K K");
    assert!(person.said().contains("no further record"), "{}", person.said());
    person.press("J esc").shows("2 of 48");
}

#[test]
fn a_task_of_the_customer_is_done_there() {
    let mut person = of("Jürgen", 100, 30);
    // It is a call: how it went is asked.
    person.press("] ] ] ] ] ] x r");
    person.shows("done").press("z");
    assert!(person.said().contains("does it again"), "{}", person.said());
}

#[test]
fn a_change_is_taken_back_where_it_is_told() {
    let mut person = of("Jürgen", 100, 30);
    person.press("d").shows("IN THE TRASH").press("[");
    person.shows("[Changes]").shows("Moved customer C2").press("x");
    assert!(!person.screen().contains("IN THE TRASH"), "{}", person.screen());
    person.shows("taken back");
}

#[test]
fn what_is_in_the_trash_is_restored_from_its_page() {
    let mut person = of("Jürgen", 100, 30);
    person.press("d").shows("IN THE TRASH").press("r");
    assert!(person.said().starts_with("Restored"), "{}", person.said());
    assert!(!person.screen().contains("IN THE TRASH"), "{}", person.screen());
}

#[test]
fn activities_are_shown_by_sort() {
    let mut person = of("Jürgen", 100, 30);
    person.press("] comma").shows("meeting").press("m");
    person
        .shows("[Activity: meeting]")
        .shows("Walked through the depot");
    assert!(
        !person.screen().contains("Sent the revised quote"),
        "{}",
        person.screen()
    );
    person.press("comma v").shows("No visit yet");
    person.press("comma a").shows("Sent the revised quote");
}

#[test]
fn a_narrow_terminal_has_short_tabs() {
    let mut person = of("Jürgen", 40, 20);
    person.shows("[Inf] Act  Dls  Quo  Ord  Tic  Tsk  Nts");
    person.press("] ]").shows("Inf  Act [Dls] Quo");
    person.press("[ [ [").shows("Fil [Log]");
}

#[test]
fn a_ticket_is_told_with_what_was_said_and_what_was_promised() {
    let place = Place::List {
        noun: Noun::Ticket,
        title: "Tickets".to_owned(),
        filters: vec!["name:扫描枪".to_owned()],
    };
    for (width, height) in [(80, 24), (120, 40)] {
        let mut person = Driver::at(&place, width, height);
        person.press("enter");
        let buffer = person.buffer();
        snapshot::assert_sound(&buffer);
        insta::assert_snapshot!(format!("ticket_{width}"), snapshot::text(&buffer));
        person
            .press("]")
            .shows("[Conversation]")
            .shows("请把设置页面的截图发给我们。");
    }
}

/// The stage in which a deal is wants two things done.
fn checklist(tx: &WriteTx<'_>) -> Result<()> {
    let spec = StageSpec {
        checklist: Some(vec!["预算已确认".to_owned(), "Decision maker met".to_owned()]),
        ..StageSpec::default()
    };
    let sales = refer::one(tx, Noun::Pipeline, "sales")?;
    let stage = pipeline::stage_named(tx, sales, "qualification")?;
    pipeline::stage_set(tx, stage.id, &spec).map(drop)
}

#[test]
fn what_the_stage_wants_is_ticked_off_on_the_page_of_the_deal() {
    let place = Place::List {
        noun: Noun::Deal,
        title: "Deals".to_owned(),
        filters: vec!["stage:qualification".to_owned()],
    };
    let mut person = Driver::at(&place, 100, 44);
    person
        .changes(checklist)
        .press("enter")
        .shows("CHECKLIST  Enter ticks off");
    person.shows("[ ] 预算已确认");
    while !person.screen().contains("[✓] 预算已确认") {
        person.press("j space");
        assert!(person.screen().contains("CHECKLIST"), "{}", person.screen());
    }
    assert!(
        person.said().starts_with("Ticked off for deal"),
        "{}",
        person.said()
    );
    person.press("j enter").shows("[✓] Decision maker met");
    person.press("enter").shows("[ ] Decision maker met");
    person.press("z").shows("[✓] Decision maker met");
}

#[test]
fn what_a_stage_wants_is_asked_for_where_a_card_is_moved() {
    let mut person = Driver::at(&Place::Pipeline, 120, 40);
    person.changes(checklist).press("l L");
    person
        .shows("needs")
        .shows("[ ] 预算已确认")
        .shows("Space ticks it off");
    // What is not ticked off is told at its line.
    person.press("ctrl-s").shows("this is to be ticked off");
    let buffer = person.buffer();
    snapshot::assert_cells(&buffer);
    insta::assert_snapshot!("board_needs", snapshot::text(&buffer));
    person.press("space tab x ctrl-s");
    assert!(person.said().contains("takes it back"), "{}", person.said());
    assert!(!person.screen().contains("ticks it off"), "{}", person.screen());
}

#[test]
fn what_a_stage_wants_of_the_customer_is_asked_for_too() {
    let mut person = Driver::at(&Place::Pipeline, 120, 40);
    person.changes(|tx| {
        let spec = StageSpec {
            required: Some(vec!["customer.needs".to_owned(), "note".to_owned()]),
            ..StageSpec::default()
        };
        let sales = refer::one(tx, Noun::Pipeline, "sales")?;
        let stage = pipeline::stage_named(tx, sales, "negotiation")?;
        pipeline::stage_set(tx, stage.id, &spec).map(drop)
    });
    person.press("l l l L").shows("needs").shows("of the customer");
    person
        .text("熟悉我们")
        .press("enter")
        .text("Rack")
        .press("ctrl-s");
    assert!(person.said().contains("takes it back"), "{}", person.said());
    person.shows("[Negotiation 5]").press("enter").shows("Rack");
}
