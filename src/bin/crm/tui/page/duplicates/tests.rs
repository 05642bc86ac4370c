//! The page of duplicates, driven by keys.

use crm::domain::input::Input;
use crm::domain::noun::Noun;

use crate::tui::deed::Deed;
use crate::tui::driver::Driver;
use crate::tui::page::Place;
use crate::tui::snapshot;

/// A base in which three people are there twice, and one company.
fn base(width: u16, height: u16) -> Driver {
    let mut person = Driver::empty(&Place::Customers, width, height);
    let all: &[&[(&str, &str)]] = &[
        &[
            ("name", "张伟"),
            ("phones", "+8657185551001"),
            ("title", "总经理"),
            ("city", "杭州"),
        ],
        &[
            ("name", "Zhang Wei"),
            ("phones", "+8657185551001"),
            ("emails", "zhangwei@yunfan.example"),
        ],
        &[
            ("name", "Jürgen Weiß"),
            ("emails", "juergen@weiss.example"),
            ("city", "Hamburg"),
            ("note", "Likes tea"),
        ],
        &[
            ("name", "Juergen Weiss"),
            ("emails", "juergen@weiss.example"),
            ("city", "Hamburg"),
            ("note", "Calls on Monday"),
        ],
        &[("name", "Nora Penhaligon"), ("emails", "nora@penhaligon.example")],
    ];
    for given in all {
        let assignments = given.iter().map(|(name, value)| {
            let input = match *name {
                "phones" | "emails" => Input::List(vec![Input::text(*value)]),
                _ => Input::text(*value),
            };
            ((*name).to_owned(), input)
        });
        person.does(Deed::Add {
            noun: Noun::Customer,
            assignments: assignments.collect(),
            anyway: true,
        });
    }
    person.open(&Place::Duplicates);
    person.press("j k");
    person
}

#[test]
fn at_a_glance() {
    for size in [(40, 20), (80, 24), (120, 40)] {
        let mut person = base(size.0, size.1);
        let buffer = person.buffer();
        snapshot::assert_sound(&buffer);
        insta::assert_snapshot!(format!("duplicates_{}", size.0), snapshot::text(&buffer));
        person.press("m");
        let buffer = person.buffer();
        insta::assert_snapshot!(format!("merging_{}", size.0), snapshot::text(&buffer));
    }
}

#[test]
fn a_pair_is_merged_as_it_was_chosen_and_taken_apart_again() {
    let mut person = base(100, 30);
    person.press("g g").shows("Duplicates 2").shows("1 of 2");
    // Whichever pair comes first: the other one stays, with the name of the first.
    let title = |person: &Driver| {
        let screen = person.screen();
        screen
            .lines()
            .find(|line| line.contains(" stays"))
            .unwrap_or_default()
            .to_owned()
    };
    let before = title(&person);
    person.press("tab");
    assert_ne!(title(&person), before);
    person.press("m").shows("Merge C").press("l");
    person.press("enter");
    assert!(person.said().starts_with("Merged "), "{}", person.said());
    person.shows("Duplicates 1");
    person.press("z").shows("Duplicates 2");
    person.press("tab m enter").shows("Duplicates 1");
    person.press("g c").shows("Customers 4");
    let merged = person.press("g d").shows("Duplicates 1").screen();
    assert!(!merged.contains("2 of 2"));
}

#[test]
fn who_are_two_are_not_shown_again_until_it_is_taken_back() {
    let mut person = base(80, 24);
    person.press("x");
    assert!(person.said().contains("are not one"), "{}", person.said());
    person
        .shows("Duplicates 1")
        .press("x")
        .shows("Nobody is here twice");
    person.press("m");
    assert_eq!(person.said(), "there are no two here");
    person
        .press("z")
        .shows("Duplicates 1")
        .press("R")
        .shows("Duplicates 1");
}

#[test]
fn a_pair_is_left_for_later_and_its_record_opened() {
    let mut person = base(80, 24);
    person.press("space").shows("2 of 2").press("k").shows("1 of 2");
    let stays = person.app.selection().current.map(|link| link.name);
    person.press("enter");
    assert_eq!(person.app.selection().current.map(|link| link.name), stays);
    person.press("esc").shows("Duplicates 2");
    person.press("?").shows("not the same");
    person.press("esc").press("J K Y");
}

#[test]
fn what_was_changed_meanwhile_is_shown_and_not_merged() {
    let mut person = base(100, 30);
    person.press("m");
    let of: Vec<_> = person.app.selection().current.into_iter().collect();
    person.does(Deed::Set {
        of,
        assignments: vec![("title".to_owned(), Input::text("Changed meanwhile"))],
        version: None,
    });
    person.press("enter");
    assert!(person.said().contains("has version"), "{}", person.said());
    person.shows("Changed meanwhile").press("enter");
    assert!(person.said().starts_with("Merged "), "{}", person.said());
}

#[test]
fn a_merge_is_taken_apart_from_the_menu() {
    let mut person = base(100, 30);
    person.press("g c D u");
    assert!(
        person.said().starts_with("nobody was merged into"),
        "{}",
        person.said()
    );
    person.press("g d m enter g c").shows("Customers 4");
    let survivor = |person: &mut Driver| {
        for _ in 0..4 {
            person.press("D u");
            if person.screen().contains("Take out of") {
                return true;
            }
            person.press("j");
        }
        false
    };
    assert!(survivor(&mut person));
    person.press("enter");
    assert!(person.said().starts_with("Took "), "{}", person.said());
    person.shows("Customers 5");
}
