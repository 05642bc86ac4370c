//! The work queue by keys.

use crm::domain::noun::Noun;
use crm::ops::window;

use crate::tui::driver::Driver;
use crate::tui::page::Place;
use crate::tui::snapshot;

fn queue(width: u16, height: u16) -> Driver {
    let mut person = Driver::at(&Place::Today, width, height);
    person.press("w");
    person
}

fn count(person: &Driver, noun: Noun, filter: &str) -> u64 {
    let caller = person.app.world.caller.clone();
    let total = person
        .store
        .read(&caller, |tx| window::total(tx, noun, &[filter.to_owned()]));
    total.expect("a number")
}

#[test]
fn every_size_has_its_layout() {
    insta::with_settings!({ snapshot_path => "../../snapshots", prepend_module_to_snapshot => false }, {
        for (width, height) in [(40, 20), (80, 24), (120, 40), (200, 60)] {
            let person = queue(width, height);
            let buffer = person.buffer();
            snapshot::assert_sound(&buffer);
            insta::assert_snapshot!(format!("queue_{width}x{height}"), snapshot::text(&buffer));
        }
    });
}

#[test]
fn a_voicemail_is_logged_done_and_planned_by_one_key_and_one_undo_takes_it_back() {
    let mut person = queue(120, 40);
    person
        .shows("Work queue · 1 of")
        .shows("Jürgen Weiß C2")
        .shows("+493023125100");
    person.press("v").shows("2 of").shows("张伟 C8");
    assert_eq!(person.said(), "Jürgen Weiß: voicemail; z takes it back");
    assert_eq!(count(&person, Noun::Activity, "outcome:left_message at:today"), 1);
    let again = "is:open \"gate in the depot\" due:2026-11-23";
    assert_eq!(count(&person, Noun::Task, again), 1);
    assert_eq!(count(&person, Noun::Task, "status:done completed_at:today"), 1);
    person.press("u").shows("1 of").shows("Jürgen Weiß C2");
    assert_eq!(count(&person, Noun::Task, again), 0);
    assert_eq!(count(&person, Noun::Task, "status:done completed_at:today"), 0);
}

#[test]
fn who_was_reached_may_have_a_next_step_and_a_note() {
    let mut person = queue(120, 40);
    person
        .press("enter")
        .text("想要新报价")
        .press("enter")
        .shows("note: 想要新报价");
    person
        .press("r")
        .shows("Next step?")
        .text("下周三")
        .shows("→ Wed 25 Nov 2026 (in 4 days)");
    person.press("enter").shows("2 of").shows("1 reached");
    assert_eq!(
        count(&person, Noun::Activity, "outcome:connected at:today 想要新报价"),
        1
    );
    assert_eq!(
        count(
            &person,
            Noun::Task,
            "is:open \"Follow up\" due:2026-11-25 customer:jürgen"
        ),
        1
    );
    // Without a next step nobody asks again.
    person.press("r enter").shows("3 of").shows("2 reached");
}

#[test]
fn what_is_no_date_is_refused_and_stays() {
    let mut person = queue(80, 24);
    person
        .press("b")
        .shows("Call back when?")
        .text("nxt week")
        .press("enter");
    assert!(person.said().contains("is not a date"), "{}", person.said());
    person
        .shows("nxt week")
        .press("ctrl-u")
        .text("1")
        .press("enter")
        .shows("2 of");
    assert_eq!(
        count(&person, Noun::Task, "is:open \"Call back\" due:tomorrow"),
        1
    );
}

#[test]
fn not_interested_loses_the_deal_only_with_a_yes() {
    let mut person = queue(120, 40);
    let lost = count(&person, Noun::Deal, "status:lost");
    person
        .press("i")
        .shows("Why not?")
        .text("has another one")
        .press("enter");
    // Two open deals: none of them is meant.
    person
        .shows("2 of")
        .press("i")
        .text("太贵")
        .press("enter")
        .shows("too? y or n")
        .press("y")
        .shows("3 of");
    assert_eq!(count(&person, Noun::Deal, "status:lost"), lost + 1);
    assert_eq!(
        count(&person, Noun::Activity, "outcome:not_interested at:today"),
        2
    );
    person.press("z");
    assert_eq!(count(&person, Noun::Deal, "status:lost"), lost);
}

#[test]
fn skipping_goes_on_to_the_end_and_back() {
    let mut person = queue(80, 24);
    person.press("z");
    assert_eq!(person.said(), "this is where the queue begins");
    person.press("space").shows("2 of").press("u").shows("1 of");
    for _ in 0..40 {
        person.press("space");
    }
    person
        .shows("Those were all")
        .shows("skipped")
        .press("u")
        .shows("WHY NOW");
    person.press("esc").shows("OVERDUE");
}

#[test]
fn a_task_that_is_done_there_goes_on_and_offers_a_next_step() {
    let mut person = queue(120, 40);
    person
        .press("x")
        .shows("How was it?")
        .press("n")
        .shows("2 of")
        .shows("1 done");
}
