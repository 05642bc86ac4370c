//! Answers that come late: the page or popup that they are for is gone, hidden or shows something else by then.

use crm::domain::noun::Noun;

use crate::tui::action::Action;
use crate::tui::driver::Driver;
use crate::tui::effect::Job;
use crate::tui::event::Event;
use crate::tui::key::Key;
use crate::tui::page::Place;

/// Presses keys, of which the questions and deeds are kept back.
fn held(person: &mut Driver, keys: &str) -> Vec<Job> {
    let keys = Key::sequence(keys).expect("keys");
    keys.into_iter()
        .flat_map(|key| person.app.update(Event::Key(key)))
        .collect()
}

fn writes(jobs: &[Job]) -> usize {
    jobs.iter().filter(|job| matches!(job, Job::Write(_))).count()
}

#[test]
fn a_menu_of_fields_that_are_not_known_yet_can_be_left() {
    let mut person = Driver::at(&Place::Customers, 80, 24);
    let late = person.app.act(Action::EditCell);
    assert_eq!(person.app.popups.len(), 1);
    person.press("j esc");
    assert!(person.app.popups.is_empty());
    person.perform(late);
    assert!(person.app.popups.is_empty());
}

#[test]
fn who_presses_enter_twice_has_it_done_once() {
    let place = Place::List {
        noun: Noun::Deal,
        title: "Deals".to_owned(),
        filters: vec!["is:open stage:negotiation".to_owned()],
    };
    let mut person = Driver::at(&place, 80, 24);
    let jobs = person.app.act(Action::Win);
    person.perform(jobs);
    let jobs = held(&mut person, "enter enter enter");
    assert_eq!(writes(&jobs), 1);
    person.perform(jobs);
    person.shows("Next step");
    let jobs = held(&mut person, "ctrl-s ctrl-s enter");
    assert_eq!(writes(&jobs), 1);
}

#[test]
fn what_a_form_waits_for_is_told_to_it_under_another_popup() {
    let mut person = Driver::at(&Place::Customers, 80, 24);
    let jobs = person.app.act(Action::New);
    person.perform(jobs);
    person.text("Bea Ohler");
    let late = held(&mut person, "ctrl-s");
    assert_eq!(writes(&late), 1);
    let jobs = person.app.act(Action::Help);
    person.perform(jobs);
    assert_eq!(person.app.popups.len(), 2);
    person.perform(late);
    assert_eq!(person.app.popups.len(), 1);
    person.shows("Help").press("esc").shows("Customers 49");
    assert!(person.app.popups.is_empty());
}

#[test]
fn a_page_that_was_left_opens_nothing_above_another() {
    let mut person = Driver::at(&Place::Report("win-rate --by owner".to_owned()), 120, 30);
    let late = held(&mut person, "enter");
    assert!(late.iter().any(|job| matches!(job, Job::Read(..))), "{late:?}");
    person.press("2").shows("Customers 48");
    let depth = person.app.depth();
    person.perform(late);
    assert_eq!(person.app.depth(), depth);
}

#[test]
fn the_lists_of_the_trash_take_only_their_own_answers() {
    let mut person = Driver::at(&Place::Tasks, 120, 30);
    person.press("d g c d d g x").shows("Trash › Customers 2");
    let late = held(&mut person, "ctrl-a");
    person.press("] ]").shows("[Tasks]");
    person.perform(late);
    assert!(!person.screen().contains("marked"), "{}", person.screen());
    person.press("[ [").shows("2 marked");
}

#[test]
fn changes_of_an_operation_are_shown_at_no_other_one() {
    let mut person = Driver::at(&Place::Customers, 120, 30);
    person.press("d j d g l").shows("changed customer");
    let screen = person.screen();
    let late = held(&mut person, "j");
    person.press("k");
    person.perform(late);
    assert_eq!(person.screen(), screen);
}

#[test]
fn a_deal_of_the_customer_before_is_not_lost_with_the_next_one() {
    let mut person = Driver::at(&Place::Today, 120, 40);
    // Whose only open deal is known.
    person.press("w space").shows("2 of").shows("张伟 C8");
    let late = held(&mut person, "space");
    person.press("i").text("太贵").press("enter");
    assert!(!person.screen().contains("too? y or n"), "{}", person.screen());
    person.shows("4 of");
    person.perform(late);
}
