//! What the base, the clock and other people do to what is shown.

use crm::domain::clock::Clock;
use crm::domain::input::Input;
use crm::domain::noun::Noun;
use crm::domain::value::Link;
use crm::error::Error;
use crossterm::event::KeyCode;
use jiff::tz::TimeZone;

use crate::tui::deed::Deed;
use crate::tui::driver::Driver;
use crate::tui::effect::Job;
use crate::tui::event::Event;
use crate::tui::key::Key;
use crate::tui::page::Place;
use crate::tui::query::{Answer, Query};
use crate::tui::snapshot::assert_cells;

fn customers() -> Driver {
    Driver::at(&Place::Customers, 120, 30)
}

fn current(person: &Driver) -> Link {
    person.app.selection().current.expect("a record")
}

#[test]
fn row_37_a_base_that_cannot_be_written_keeps_the_text_in_the_form() {
    let mut person = customers();
    person.press("n").text("陈晓明");
    let jobs = {
        let save = Key::parse("ctrl-s").expect("a key");
        person.app.update(Event::Key(save))
    };
    let mut written = None;
    for job in jobs {
        match job {
            Job::Write(deed) => written = Some(deed),
            other => person.perform(vec![other]),
        }
    }
    let deed = written.expect("a deed");
    person.happens(Event::Written(deed, Err(Error::internal("the disk is full"))));
    assert!(person.said().contains("the disk is full"), "{}", person.said());
    person.shows("陈晓明").shows("New customer");
    // Once there is room, the same key saves it.
    person.press("ctrl-s").shows("Customers 49");
}

#[test]
fn row_38_what_is_due_follows_the_clock_and_the_zone() {
    let mut person = Driver::at(&Place::Today, 100, 30);
    let today = person.screen();
    // A minute before midnight in Berlin nothing has changed but the time.
    person.time("2026-11-21T22:59:00Z").shows("23:59");
    person.time("2026-11-21T23:00:00Z").shows("00:00");
    let tomorrow = person.screen();
    assert_ne!(headed(&today), headed(&tomorrow));
    // The computer was asleep for a week, then its clock was set back.
    person.time("2026-11-28T09:00:00Z");
    assert_ne!(headed(&person.screen()), headed(&tomorrow));
    person.time("2026-11-21T09:00:00Z");
    assert_eq!(person.screen(), today);
    // Where it is already tomorrow.
    let zone = TimeZone::get("Pacific/Auckland").expect("a zone");
    let clock = Clock::new("2026-11-21T12:00:00Z".parse().expect("an instant"), zone);
    person.happens(Event::Clock(clock));
    person.shows("01:00");
    assert_cells(&person.buffer());
}

/// The screen without the line of tabs, which has the time.
fn headed(screen: &str) -> Vec<&str> {
    screen.lines().skip(1).collect()
}

#[test]
fn row_39_what_was_typed_is_offered_after_the_end() {
    let mut person = customers();
    person.press("n").text("陈晓明").press("ctrl-c");
    person.happens(Event::Key(Key::parse("ctrl-c").expect("a key")));
    assert!(person.left.iter().any(|job| matches!(job, Job::Quit(0))));
    let mut next = customers();
    next.drafts = std::mem::take(&mut person.drafts);
    next.press("n").shows("A draft of").press("enter").shows("陈晓明");
    next.press("esc n").shows("A draft of").press("down enter");
    assert!(!next.screen().contains("陈晓明"), "{}", next.screen());
}

#[test]
fn row_41_the_delete_key_hammered_loses_nothing() {
    for key in ["d", "delete"] {
        let mut person = customers();
        let first = current(&person);
        for _ in 0..6 {
            person.press(key).press("enter esc esc esc");
            if person.app.depth() > 0 {
                person.press("esc");
            }
        }
        // Nothing is asked for one record, and each step can be taken back.
        for _ in 0..20 {
            person.press("z");
        }
        person.press("g c").press("g g").shows("Customers 48");
        assert_eq!(current(&person).id, first.id, "{key}");
    }
}

#[test]
fn row_41_nothing_leaves_the_trash_for_good_by_enter() {
    let mut person = customers();
    person.press("d g x").shows("Trash");
    for key in ["enter", "delete", "d", "x", "X", "enter", "y", "enter", "esc"] {
        person.press(key);
        person.happens(Event::Key(Key::code(KeyCode::Enter)));
    }
    let caller = person.app.world.caller.clone();
    let ids = person
        .store
        .read(&caller, |tx| crm::ops::refer::any(tx, "C48").map(|(_, id)| id));
    // Back in the list or still in the trash, it is there.
    let is_there = ids.is_ok();
    let mut trash = person;
    trash.app.popups.clear();
    trash.open(&Place::Trash);
    assert!(
        is_there || trash.screen().contains("Nora Penhaligon"),
        "{}",
        trash.screen()
    );
}

fn text(field: &str, value: impl Into<String>) -> (String, Input) {
    (field.to_owned(), Input::text(value.into()))
}

fn add(noun: Noun, assignments: Vec<(String, Input)>) -> Deed {
    Deed::Add {
        noun,
        assignments,
        anyway: true,
    }
}

#[test]
fn row_33_a_long_note_is_shown_and_not_harmed() {
    let mut person = Driver::empty(&Place::Customers, 120, 40);
    let note = "word 词 ".repeat(110_000);
    person.does(add(
        Noun::Customer,
        vec![text("name", "张伟"), text("note", note.clone())],
    ));
    person.shows("张伟");
    for key in ["j", "k", "tab", "J", "K", "esc", "enter", "]", "[", "esc"] {
        person.press(key);
        assert_cells(&person.buffer());
    }
    // Something else is changed in the form: a field that holds less than the note does not shorten it.
    person.press("e tab tab tab").text("主任").press("ctrl-s");
    assert!(person.app.popups.is_empty(), "{}", person.screen());
    let (noun, id) = (Noun::Customer, current(&person).id);
    let caller = person.app.world.caller.clone();
    let sheet = person.store.read(&caller, |tx| Query::Sheet(noun, id).run(tx));
    let Ok(Answer::Sheet(sheet)) = sheet else {
        panic!("no sheet: {sheet:?}");
    };
    assert_eq!(crm::wire::cell::cell(sheet.value("title")), "主任");
    assert!(
        crm::wire::cell::cell(sheet.value("note")).trim() == note.trim(),
        "the note is another"
    );
}

#[test]
fn row_33_of_many_activities_as_many_are_read_as_are_seen() {
    const MANY: usize = 3_000;
    let mut person = Driver::empty(&Place::Customers, 120, 40);
    person.does(add(Noun::Customer, vec![text("name", "张伟")]));
    let caller = person.app.world.caller.clone();
    let filled = person.store.write(&caller, |tx| {
        for number in 0..MANY {
            let about = vec![
                text("type", "note"),
                text("customer", "C1"),
                text("text", format!("word {number}")),
            ];
            add(Noun::Activity, about).run(tx)?;
        }
        Ok(())
    });
    filled.expect("activities");
    let record = current(&person);
    let queries = [
        Query::Sheet(Noun::Customer, record.id),
        Query::Timeline {
            record,
            after: None,
            kind: None,
            most: 50,
        },
    ];
    for query in queries {
        let answer = person.store.read(&caller, |tx| query.run(tx)).expect("an answer");
        let count = match answer {
            Answer::Sheet(sheet) => sheet
                .story
                .sections
                .iter()
                .map(|section| section.entries.len())
                .sum(),
            Answer::Timeline(page) => page.entries.len(),
            other => panic!("{other:?}"),
        };
        assert!((1..=60).contains(&count), "{count} are read");
    }
    person.happens(Event::Changed);
    person.shows("word 2999").press("enter");
    for key in ["]", "j", "G", "g g", "esc"] {
        person.press(key);
        assert_cells(&person.buffer());
    }
}
