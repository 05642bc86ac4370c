//! The palette by keys.

use crm::domain::noun::Noun;

use crate::tui::driver::Driver;
use crate::tui::effect::Job;
use crate::tui::event::{Completion, Ended, Event, Ran};
use crate::tui::page::Place;

fn person(width: u16, height: u16) -> Driver {
    let mut person = Driver::at(&Place::Customers, width, height);
    person.app.commands = ["log", "customer", "find", "report"]
        .map(|name| (name.to_owned(), format!("about {name}")))
        .to_vec();
    person
}

/// The rows of the list of the palette.
fn rows(person: &Driver) -> Vec<String> {
    let screen = person.screen();
    let lines = screen.lines().map(|line| line.trim().to_owned());
    let inside: Vec<String> = lines
        .skip_while(|line| !line.contains("┏━"))
        .skip(3)
        .take_while(|line| !line.trim_matches(['┃', ' ']).is_empty())
        .map(|line| line.trim_matches(['┃', ' ', '▌']).to_owned())
        .collect();
    inside
}

#[test]
fn an_action_is_found_by_its_name_and_its_key_is_taught_once() {
    let mut person = person(100, 30);
    person.press(":").shows("Go to anything");
    person.text("trash move").shows("Move to the trash");
    person.press("enter").shows("Customers 47");
    assert_eq!(
        person.said(),
        "Moved customer C48 Nora Penhaligon to the trash; z takes it back; next time: d"
    );
    person.press("z ctrl-p").text("trash move").press("enter");
    assert!(!person.said().contains("next time"), "{}", person.said());
    // What was used last stands first.
    person.press("ctrl-p");
    assert!(
        rows(&person)[0].contains("Move to the trash"),
        "{:?}",
        rows(&person)
    );
}

#[test]
fn the_key_of_an_action_finds_it_first_and_what_is_not_possible_stands_last_with_the_reason() {
    let mut person = person(100, 40);
    person.press(":").text("x");
    let last = rows(&person);
    let done = last
        .iter()
        .position(|row| row.contains("Mark as done"))
        .expect("a row");
    assert!(last[done].contains("there is no task here"), "{last:?}");
    assert!(
        last[..done].iter().all(|row| !row.contains("there is no")),
        "{last:?}"
    );
    person.press("esc :").text("mark as done").press("enter");
    assert_eq!(person.said(), "there is no task here");
    person.press("esc :").text("d");
    assert!(
        rows(&person)[0].contains("Move to the trash"),
        "{:?}",
        rows(&person)
    );
}

#[test]
fn records_are_found_in_any_writing_and_come_behind_what_is_there() {
    let mut person = person(100, 30);
    person
        .press(":")
        .text("nordlicht")
        .shows("Nordlicht Logistik GmbH");
    person.press("esc :").text("C1");
    assert!(
        rows(&person)[0].contains("Nordlicht Logistik GmbH"),
        "{:?}",
        rows(&person)
    );
    person.press("enter");
    assert!(person.app.popups.is_empty());
    assert_eq!(person.app.depth(), 1, "its page is open");
}

#[test]
fn chinese_people_are_found_by_characters_and_pinyin() {
    let mut person = person(100, 30);
    let found = person.store.read(&person.app.world.caller.clone(), |tx| {
        super::reach::records(tx, "张", Some(Noun::Customer))
    });
    let name = found
        .expect("a base")
        .first()
        .expect("a customer")
        .link
        .name
        .clone();
    person
        .press(":")
        .text("@")
        .text(&name)
        .shows("People and companies");
    assert!(rows(&person)[0].contains(&name), "{:?}", rows(&person));
    person.press("enter");
    assert_eq!(person.app.depth(), 1, "its page is open");
}

#[test]
fn signs_narrow_it_and_ctrl_t_goes_through_them() {
    let mut person = person(100, 30);
    person.press(":").text("vip");
    for title in [
        "Actions and commands",
        "People and companies",
        "Labels",
        "Filter what is shown",
        "Go to anything",
    ] {
        person.press("ctrl-t").shows(title);
    }
    person.press("esc :").text("#").shows("customers with this label");
}

#[test]
fn a_filter_of_the_page_is_typed_here_too() {
    let mut person = person(100, 30);
    person.press(":").text("/nordlicht").press("enter");
    assert!(person.app.popups.is_empty());
    person.shows("Nordlicht Logistik GmbH");
    assert!(
        !person.screen().contains("Nora Penhaligon"),
        "{}",
        person.screen()
    );
}

#[test]
fn reports_and_commands_are_there() {
    let mut person = person(100, 30);
    person.press(":").text("win-rate").shows("report");
    person.press("esc :").text("lo");
    assert!(
        rows(&person).iter().any(|row| row.contains("crm log")),
        "{:?}",
        rows(&person)
    );
}

#[test]
fn tab_makes_a_command_line_of_an_action() {
    let mut person = person(100, 30);
    person
        .press(":")
        .text("log a call")
        .shows("Go to anything")
        .press("tab");
    person.shows("Command line").shows("log C48 call ");
}

#[test]
fn a_command_line_is_completed_word_by_word() {
    let mut person = person(100, 30);
    person.press(":").text("log C1 ca").shows("Command line");
    let (address, generation, line) = person
        .left
        .iter()
        .rev()
        .find_map(|job| match job {
            Job::Complete(address, generation, line) => Some((*address, *generation, line.clone())),
            _ => None,
        })
        .expect("a question");
    assert_eq!(line, "log C1 ca");
    let words = vec![Completion {
        word: "call".to_owned(),
        note: "a call".to_owned(),
    }];
    // An answer to what was typed before counts no more.
    person.happens(Event::Completed(address, generation - 1, Vec::new()));
    person.happens(Event::Completed(address, generation, words));
    person.shows("a call").press("tab").shows("log C1 call ");
}

/// The words of the command that was to be run.
fn to_run(person: &Driver) -> Vec<String> {
    let words = person.left.iter().rev().find_map(|job| match job {
        Job::Command(_, words, _) => Some(words.clone()),
        _ => None,
    });
    words.expect("a command")
}

fn ends(person: &mut Driver, ran: Ran) {
    let address = person
        .left
        .iter()
        .rev()
        .find_map(|job| match job {
            Job::Command(address, ..) | Job::Shell(address, ..) => Some(*address),
            _ => None,
        })
        .expect("a command");
    person.happens(Event::Ran(address, ran));
}

#[test]
fn a_command_line_runs_and_its_one_line_is_said() {
    let mut person = person(100, 30);
    person
        .press(":")
        .text("log C1 call 'about the offer'")
        .press("enter");
    person.shows("running").shows("Esc stops it");
    assert_eq!(to_run(&person), ["log", "C1", "call", "about the offer"]);
    let ran = Ran {
        talk: "Logged call A9 with Nordlicht\n".to_owned(),
        ..Ran::default()
    };
    ends(&mut person, ran);
    assert_eq!(person.said(), "Logged call A9 with Nordlicht");
    assert!(person.app.popups.is_empty());
    // It can be run again.
    person
        .press(":")
        .shows("again")
        .shows("log C1 call 'about the offer'");
}

#[test]
fn a_command_that_fails_keeps_the_line_that_was_typed() {
    let mut person = person(100, 30);
    person.press(":").text("find nobody").press("enter");
    let ran = Ran {
        talk: "error: nothing found\n".to_owned(),
        end: Ended::Code(3),
        ..Ran::default()
    };
    ends(&mut person, ran);
    person.shows("error: nothing found").shows("exit code 3");
    person.press("esc").shows("Command line").shows("find nobody");
    person.text("'").press("enter");
    assert!(person.said().contains('\''), "{}", person.said());
}

#[test]
fn what_is_long_is_shown_and_what_runs_can_be_stopped() {
    let mut person = person(80, 24);
    person
        .press(":")
        .text("customer list")
        .press("enter")
        .press("esc");
    assert!(matches!(person.left.last(), Some(Job::Stop(_))));
    person.press("enter");
    let output: String = (1..=60).map(|number| format!("row {number}\n")).collect();
    let ran = Ran {
        output,
        ..Ran::default()
    };
    ends(&mut person, ran);
    person.shows("row 1").press("G").shows("row 60").press("y");
    assert!(matches!(person.left.last(), Some(Job::Copy(..))));
    person.press("esc");
    assert!(person.app.popups.is_empty(), "the palette has done its work");
}

#[test]
fn the_palette_fits_small_and_large_screens() {
    for (width, height) in [(40, 20), (80, 24), (120, 40), (200, 60)] {
        let mut person = person(width, height);
        person.press(":").text("no");
        crate::tui::snapshot::assert_cells(&person.buffer());
        person.press("esc ?");
        crate::tui::snapshot::assert_cells(&person.buffer());
        person.press("esc y");
        crate::tui::snapshot::assert_cells(&person.buffer());
        person.press("esc s");
        crate::tui::snapshot::assert_cells(&person.buffer());
    }
}
