//! Help, labels, copying, pipes and keys: what a person meets by keys.

use std::collections::{BTreeMap, HashSet};

use crm::config::dashboard::Preset;

use crate::tui::action::{ACTIONS, Action, Scope};
use crate::tui::driver::Driver;
use crate::tui::effect::Job;
use crate::tui::event::{Ended, Event, Ran};
use crate::tui::key::{Key, shown};
use crate::tui::keymap::Keymap;
use crate::tui::modal::palette::item;
use crate::tui::page::Place;

fn copied(person: &Driver) -> (&str, &str) {
    let copied = person.left.iter().rev().find_map(|job| match job {
        Job::Copy(what, text) => Some((what.as_str(), text.as_str())),
        _ => None,
    });
    copied.expect("something was copied")
}

#[test]
fn help_shows_what_can_be_done_here_and_runs_it() {
    let mut person = Driver::at(&Place::Customers, 100, 40);
    person.press("?").shows("Help · Customers").shows("Lists");
    person.shows("In scripts: crm customer list");
    person.text("trash").shows("Move to the trash");
    assert!(!person.screen().contains("Sort by another column"));
    person.press("esc").shows("Sort by another column");
    person.text("@d").shows("Move to the trash");
    assert!(!person.screen().contains("Edit in a form"));
    person.press("enter").shows("Customers 47");
    person.press("? ?");
    assert!(person.app.popups.is_empty());
}

#[test]
fn help_says_why_something_is_off() {
    let mut person = Driver::at(&Place::Customers, 120, 40);
    person
        .press("?")
        .text("mark as done")
        .shows("(there is no task here)");
    person.press("enter");
    assert_eq!(person.said(), "there is no task here");
    person.shows("Help");
}

#[test]
fn help_finds_keys_of_two_letters_and_named_ones() {
    let mut person = Driver::at(&Place::Customers, 100, 40);
    person.press("?").text("@g t").shows("Go to Today");
    person.press("esc").text("@ctrl-d").shows("Go down half a page");
    person.press("esc").text("@Ctrl+D").shows("Go down half a page");
    person
        .press("esc")
        .text("@f12")
        .shows("nothing here is called so");
}

#[test]
fn labels_go_where_their_letters_say() {
    let mut person = Driver::at(&Place::Customers, 120, 30);
    person.press("s d");
    assert!(person.app.popups.is_empty());
    person.shows("3 of 48");
    person.press("s 9");
    assert!(person.app.popups.is_empty(), "anything else leaves it");
}

#[test]
fn a_record_is_copied_as_what_one_asks_for() {
    let mut person = Driver::at(&Place::Customers, 100, 30);
    person
        .press("G y")
        .shows("Copy of Nordlicht Logistik GmbH")
        .press("n");
    assert_eq!(copied(&person), ("the name", "Nordlicht Logistik GmbH"));
    person.press("y r");
    assert_eq!(copied(&person), ("the ref", "C1"));
    person.press("y c");
    assert_eq!(copied(&person).1, "crm customer show C1");
    person.press("y j");
    let (what, text) = copied(&person);
    assert_eq!(what, "the customer as JSON");
    let json: serde_json::Value = serde_json::from_str(text).expect("JSON");
    assert_eq!(json["kind"], "customer");
    assert_eq!(json["id"], "C1");
    assert_eq!(json["name"], "Nordlicht Logistik GmbH");
}

#[test]
fn several_records_are_copied_at_once() {
    let mut person = Driver::at(&Place::Customers, 100, 30);
    person.press("space space space y j");
    let (what, text) = copied(&person);
    assert_eq!(what, "3 customers as JSON");
    let json: serde_json::Value = serde_json::from_str(text).expect("JSON");
    assert_eq!(json.as_array().map(Vec::len), Some(3));
    person.press("y t");
    let text = copied(&person).1;
    assert_eq!(text.lines().count(), 3);
    assert!(text.starts_with("C46\t"), "{text}");
    person.press("y m");
    let text = copied(&person).1;
    assert_eq!(text.lines().count(), 5);
    assert!(
        text.lines().nth(1).is_some_and(|line| line.starts_with("| ---")),
        "{text}"
    );
}

#[test]
fn a_command_of_the_shell_gets_the_records_and_changes_come_back() {
    let mut person = Driver::at(&Place::Customers, 100, 30);
    person
        .press("G |")
        .shows("Send Nordlicht Logistik GmbH to a command");
    person.text("jq -c .").press("enter");
    let Some(Job::Shell(address, line, input)) = person.left.pop() else {
        panic!("no command");
    };
    assert_eq!(line, "jq -c .");
    let record: serde_json::Value = serde_json::from_str(&input).expect("a line of JSON");
    assert_eq!(record["id"], "C1");
    let mut other = record.clone();
    other["city"] = "哈尔滨".into();
    let output = format!("{other}\nnot a record\n{{\"id\":\"C999\",\"city\":\"x\"}}\n");
    person.happens(Event::Ran(
        address,
        Ran {
            output,
            ..Ran::default()
        },
    ));
    person.shows("e changes 1 record").press("e");
    let before = record["city"].as_str().unwrap_or("nothing").to_owned();
    person.shows(&format!("city: {before} → 哈尔滨"));
    person.press("y");
    assert!(person.app.popups.is_empty(), "{}", person.screen());
    assert!(
        person.said().contains("Changed C1 by $ jq -c ."),
        "{}",
        person.said()
    );
    person.press("| esc z").press("| up");
    assert!(person.screen().contains("jq -c ."), "it can be sent again");
}

#[test]
fn a_command_of_the_shell_shows_what_it_prints() {
    let mut person = Driver::at(&Place::Customers, 100, 30);
    person.press("!").text("cal").press("enter").shows("$ cal");
    let Some(Job::Shell(address, line, input)) = person.left.pop() else {
        panic!("no command");
    };
    assert_eq!((line.as_str(), input.as_str()), ("cal", ""));
    assert!(!person.app.is_idle());
    let ran = Ran {
        output: "\u{1b}[7mNovember\u{1b}[0m\n\u{1b}]52;c;eA==\u{7}second\n".to_owned(),
        end: Ended::Code(2),
        is_cut: true,
        ..Ran::default()
    };
    person.happens(Event::Ran(address, ran));
    person.shows("November").shows("exit code 2").shows("1 MiB");
    assert!(person.app.is_idle());
    crate::tui::snapshot::assert_cells(&person.buffer());
}

#[test]
fn y_copies_what_was_just_done_and_else_what_is_shown() {
    let mut person = Driver::at(&Place::Customers, 100, 30);
    person.press("Y");
    assert_eq!(copied(&person).1, "crm customer list");
    person.press("d Y");
    assert_eq!(copied(&person).1, "crm customer rm C48");
    person.press("4 Y");
    assert!(
        copied(&person).1.starts_with("crm task list"),
        "{}",
        copied(&person).1
    );
}

#[test]
fn letters_look_for_names_in_the_plain_preset() {
    let mut person = Driver::at(&Place::Customers, 100, 30);
    person.app.world.keymap = Keymap::new(Preset::Plain, &BTreeMap::new()).0;
    person.text("nord").shows("Nordlicht Logistik GmbH");
    assert!(
        !person.screen().contains("Nora Penhaligon"),
        "{}",
        person.screen()
    );
}

#[test]
fn a_click_on_a_tab_or_a_hint_does_what_it_says() {
    let mut person = Driver::at(&Place::Customers, 120, 30);
    let screen = person.screen();
    let line = screen.lines().next().expect("tabs");
    let column = line.find("4 Tasks").expect("a tab");
    let click = |column: usize, row: u16| {
        Event::Mouse(crossterm::event::MouseEvent {
            kind: crossterm::event::MouseEventKind::Down(crossterm::event::MouseButton::Left),
            column: u16::try_from(column).expect("a column"),
            row,
            modifiers: crossterm::event::KeyModifiers::NONE,
        })
    };
    person.happens(click(column, 0));
    person.shows("[4 Tasks]");
    let screen = person.screen();
    let column = screen
        .lines()
        .last()
        .and_then(|line| line.find("help"))
        .expect("a hint");
    person.happens(click(column, 29));
    person.shows("Help · Tasks");
}

/// Footer, help, palette and the page of all keys go by one table.
#[test]
fn row_47_footer_help_and_palette_agree_after_a_remap() {
    let settings = BTreeMap::from([
        ("remove".to_owned(), vec!["ctrl-x".to_owned()]),
        ("help".to_owned(), vec!["f1".to_owned()]),
        ("edit".to_owned(), vec!["g e".to_owned()]),
    ]);
    let mut person = Driver::at(&Place::Customers, 120, 40);
    person.app.world.keymap = Keymap::new(Preset::Default, &settings).0;
    let footer = person
        .screen()
        .lines()
        .last()
        .map(str::to_owned)
        .unwrap_or_default();
    assert!(
        footer.contains("F1 help") && footer.contains("g e edit"),
        "{footer}"
    );
    person.press("f1").text("trash");
    let line = |person: &Driver| {
        let screen = person.screen();
        let found = screen.lines().find(|line| line.contains("Move to the trash"));
        found.map(str::to_owned).unwrap_or_default()
    };
    assert!(line(&person).contains("Ctrl+X"), "{}", line(&person));
    person.press("esc esc :").text("trash");
    assert!(line(&person).contains("Ctrl+X"), "{}", line(&person));
    person.press("esc d");
    assert_eq!(person.said(), "d does nothing here; F1 shows what does");
    person.press("ctrl-x").shows("Customers 47");
}

/// Signs that a German, Nordic or French keyboard has behind AltGr, or that are dead there.
const HARD: &str = "[]{}@\\|~`^";

#[test]
fn rows_22_23_every_action_can_be_reached_on_any_keyboard() {
    for preset in [Preset::Default, Preset::Vim, Preset::Plain] {
        let (keymap, _) = Keymap::new(preset, &BTreeMap::new());
        for entry in ACTIONS {
            let is_easy = |keys: &String| {
                let keys: Vec<Key> = keys.split(' ').filter_map(Key::parse).collect();
                let texts: Vec<char> = keys.iter().filter_map(|key| key.text()).collect();
                !texts.iter().any(|letter| HARD.contains(*letter))
            };
            let easy = keymap.keys(entry.action).iter().any(is_easy);
            assert!(
                easy || item::has(entry.action),
                "{} has no easy key and is not in the palette ({preset:?})",
                entry.id
            );
        }
    }
}

#[test]
fn the_palette_is_reached_by_two_keys_everywhere() {
    for preset in [Preset::Default, Preset::Vim, Preset::Plain] {
        let (keymap, _) = Keymap::new(preset, &BTreeMap::new());
        assert!(keymap.keys(Action::Palette).len() >= 2);
        assert!(!keymap.keys(Action::Help).is_empty());
        let scopes = [Scope::Board, Scope::List, Scope::Global];
        let mut seen = HashSet::new();
        for entry in ACTIONS.iter().filter(|entry| scopes.contains(&entry.scope)) {
            for key in keymap.keys_here(&scopes, entry.action) {
                assert!(seen.insert(key.clone()), "{preset:?}: {key} means two things");
            }
        }
    }
    assert_eq!(shown(&[Key::letter('g'), Key::letter('t')]), "g t");
}
