//! What rules tell: beside what was done, as a number, and in a list in which it is marked as read.

use crm::domain::input::Input;
use crm::domain::noun::Noun;

use crate::tui::deed::Deed;
use crate::tui::driver::Driver;
use crate::tui::page::Place;
use crate::tui::snapshot;

fn add(noun: Noun, pairs: &[(&str, &str)]) -> Deed {
    Deed::Add {
        noun,
        assignments: pairs
            .iter()
            .map(|(name, text)| ((*name).to_owned(), Input::text(*text)))
            .collect(),
        anyway: false,
    }
}

/// A dashboard on a base with a rule that has told two things.
fn told(width: u16, height: u16) -> Driver {
    let mut person = Driver::at(&Place::Customers, width, height);
    let rule = [
        ("key", "hello"),
        ("on", "customer created"),
        (
            "actions",
            "notify self 'Say hello to {{ name }}, who is new here and wants to be called within a day'",
        ),
    ];
    person.does(add(Noun::Rule, &rule));
    person.does(add(Noun::Customer, &[("name", "Mia Lang"), ("type", "person")]));
    person.does(add(Noun::Customer, &[("name", "王芳"), ("type", "person")]));
    person
}

#[test]
fn what_a_rule_did_stands_beside_what_was_done() {
    let mut person = told(120, 24);
    let said = person.said();
    assert!(said.starts_with("Added customer C"), "{said}");
    assert!(said.contains("· rule hello for C50: notify"), "{said}");
    person.shows("2 unread g n");
    person.press("j").shows("2 unread g n");
}

#[test]
fn what_was_told_is_read_in_a_list() {
    let mut person = told(80, 24);
    person.press("g n").shows("Notifications · 2 unread");
    for (width, height) in [(80, 24), (40, 20)] {
        let mut other = told(width, height);
        other.press("g n");
        let buffer = other.buffer();
        snapshot::assert_sound(&buffer);
        insta::assert_snapshot!(format!("notices_{width}"), snapshot::text(&buffer));
    }
    person.press("x").shows("Notifications · 1 unread");
    assert!(
        person.said().starts_with("Read 1 notification"),
        "{}",
        person.said()
    );
    // The cursor goes on to the next; opening a record is reading what was told of it.
    person
        .press("enter")
        .shows("Mia Lang")
        .press("q")
        .shows("━ 2 of 2");
    assert!(!person.screen().contains("unread"), "{}", person.screen());
    person.press("X");
    assert_eq!(person.said(), "everything is read");
    person.press("z").shows("1 unread");
}
