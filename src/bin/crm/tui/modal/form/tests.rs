//! Forms and menus by keys, on the sample base.

use crm::domain::input::Input;
use crm::domain::noun::Noun;
use crm::domain::value::Link;
use crm::ops::draft::Lists;
use crm::ops::typed::Policy;
use crm::ops::{customer, refer};
use crm::store::links;

use crossterm::event::{KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use ratatui::Terminal;
use ratatui::backend::TestBackend;

use crate::tui::driver::Driver;
use crate::tui::effect::Job;
use crate::tui::event::{Event, Returned};
use crate::tui::page::Place;
use crate::tui::snapshot;

fn customers(width: u16, height: u16) -> Driver {
    Driver::at(&Place::Customers, width, height)
}

/// The link of a record.
fn link(person: &mut Driver, name: &str) -> Link {
    let caller = person.app.world.caller.clone();
    let read = person.store.read(&caller, |tx| {
        let (noun, id) = refer::any(tx, name)?;
        links::link(tx, noun, id)
    });
    read.expect("a base").expect("a record")
}

/// The value of a field of a record, as it is typed.
fn value(person: &mut Driver, record: &str, field: &str) -> String {
    let link = link(person, record);
    let caller = person.app.world.caller.clone();
    let read = person.store.read(&caller, |tx| {
        let column = crm::ops::list::column(tx, link.noun, field)?;
        crm::store::records::get(tx, link.noun, link.id, &[column])
    });
    let row = read.expect("a base").expect("a record");
    row.first().map(crm::wire::cell::cell).unwrap_or_default()
}

#[test]
fn a_customer_is_added_by_a_form_and_taken_back() {
    let mut person = customers(120, 40);
    person.press("n").shows("New customer");
    person.text("陈晓明").press("tab").press("tab tab tab");
    person.text("chen@xiaoming.example").press("ctrl-s");
    assert_eq!(person.said(), "Added customer C49 陈晓明; z takes it back");
    person.shows("陈晓明");
    assert_eq!(value(&mut person, "C49", "emails"), "chen@xiaoming.example");
    assert!(person.drafts.is_empty(), "what was saved is no draft any more");
    person.press("z").shows("Customers 48");
}

#[test]
fn texts_are_understood_while_they_are_typed() {
    let mut person = customers(120, 40);
    person.press("a t").shows("New task");
    person.text("Send it").press("tab tab tab").text("fri 15:00");
    person.shows("Fri 27 Nov 2026 15:00");
    person.press("ctrl-a ctrl-k").text("no day").press("tab");
    person.shows("no day").press("ctrl-s");
    assert_eq!(person.said(), "a field needs attention");
}

#[test]
fn a_record_is_chosen_by_what_is_typed_of_its_name() {
    let mut person = customers(120, 40);
    person.press("a t").text("Ring back").press("tab");
    assert!(alone(&person).contains("Nora Penhaligon"), "{}", alone(&person));
    person
        .press("ctrl-a ctrl-k")
        .text("achter")
        .shows("Mona Achterberg C47");
    person.press("down enter tab");
    assert!(
        alone(&person).contains("[Mona Achterberg C47"),
        "{}",
        alone(&person)
    );
    person.press("ctrl-s");
    assert!(person.said().contains("Ring back"), "{}", person.said());
    person
        .press("n")
        .text("X")
        .press("tab tab")
        .text("no such company")
        .press("tab");
    assert!(alone(&person).contains("no such company"), "{}", alone(&person));
    person.press("ctrl-s");
    assert_eq!(person.said(), "a field needs attention");
}

#[test]
fn a_refused_field_gets_the_message_and_nothing_is_lost() {
    let mut person = customers(100, 30);
    person.press("e").press("tab tab tab tab").text("; nobody@");
    person.press("ctrl-s").shows("Edit customer");
    assert!(!person.said().is_empty());
    person.shows("; nobody@");
}

#[test]
fn what_was_typed_is_offered_again() {
    let mut person = customers(100, 30);
    person.press("n").text("Halbfertig").press("esc");
    assert!(person.said().contains("kept as a draft"), "{}", person.said());
    person
        .press("n")
        .shows("A draft of 10:00")
        .press("enter")
        .shows("Halbfertig");
    person.press("esc n").text("nt");
    assert_eq!(
        person.said(),
        "first the draft: Enter takes it, Down and Enter begin anew"
    );
    assert!(!person.drafts.is_empty());
    person.press("down enter");
    assert!(!person.screen().contains("Halbfertig"));
    assert!(person.drafts.is_empty());
}

#[test]
fn somebody_who_is_there_already_is_told_of() {
    let mut person = customers(100, 30);
    let emails = value(&mut person, "C48", "emails");
    person.press("n").text("Nora P.").press("tab tab tab tab");
    person.text(&emails).press("tab").shows("1 similar: F1 shows it");
    person.press("ctrl-s").shows("is there already");
    person.press("u");
    assert!(person.said().contains("C48"), "{}", person.said());
    person.press("n").text("Nora P.").press("tab tab tab tab");
    person.text(&emails).press("ctrl-s").press("a");
    assert_eq!(person.said(), "Added customer C49 Nora P.; z takes it back");
}

#[test]
fn what_somebody_else_has_changed_is_asked_about_by_field() {
    let mut person = customers(100, 30);
    let nora = link(&mut person, "C48");
    person.press("i").shows("Edit one field");
    person
        .press("esc")
        .press("e")
        .press("tab tab tab ctrl-a ctrl-k")
        .text("Head");
    let mut caller = person.app.world.caller.clone();
    caller.random += 99;
    let theirs = [("title".to_owned(), Input::text("Boss"))];
    person
        .store
        .write(&caller, |tx| {
            customer::edit(tx, nora.id, &theirs, Lists::Replace, &Policy::strict())
        })
        .expect("a change");
    person
        .press("ctrl-s")
        .shows("was changed by somebody else")
        .shows("Boss");
    person.press("t").press("ctrl-s");
    assert_eq!(value(&mut person, "C48", "title"), "Boss");
}

#[test]
fn several_are_changed_after_a_preview() {
    let mut person = customers(120, 40);
    let of: Vec<Link> = ["C46", "C47", "C48"]
        .iter()
        .map(|name| link(&mut person, name))
        .collect();
    let owner = super::RecordForm::bulk(Noun::Customer, of);
    let jobs = person.app.apply(
        crate::tui::app::FRAME,
        vec![crate::tui::effect::Effect::Popup(Box::new(owner))],
    );
    person.perform(jobs);
    person
        .shows("Edit 3 customers")
        .shows("(3 different)")
        .shows("(2 different)");
    person
        .press("tab tab tab tab tab tab ctrl-a ctrl-k")
        .text("杭州")
        .press("ctrl-s");
    person.shows("Change 3 customers?").shows("杭州");
    // Enter is on the button that does nothing.
    person.press("enter").shows("Edit 3 customers").press("ctrl-s y");
    assert_eq!(value(&mut person, "C47", "city"), "杭州");
    person.press("z");
    assert_ne!(value(&mut person, "C47", "city"), "杭州");
}

#[test]
fn one_thing_is_changed_by_letters() {
    let mut person = customers(100, 30);
    person
        .press("m")
        .shows("Change Nora Penhaligon")
        .press("v")
        .press("1");
    assert_eq!(value(&mut person, "C48", "level"), "A");
    person.press("m t ctrl-a ctrl-k").text("主任").press("enter");
    assert_eq!(value(&mut person, "C48", "title"), "主任");
    person.press("t").text("+vip 新客户").press("enter");
    let tags = value(&mut person, "C48", "tags");
    assert!(tags.contains("vip") && tags.contains("新客户"), "{tags}");
    person.press("t").text("-vip").press("enter");
    assert!(!value(&mut person, "C48", "tags").contains("vip"));
}

#[test]
fn a_call_is_logged_with_the_next_step() {
    let mut person = customers(100, 30);
    person.press("a c").shows("Call with Nora Penhaligon");
    person
        .text("问了报价")
        .press("tab tab tab tab tab")
        .text("mon 9:00");
    person.shows("Mon 23 Nov 2026 09:00").press("enter");
    assert!(person.said().starts_with("Logged "), "{}", person.said());
    assert!(person.said().contains("Follow up"), "{}", person.said());
}

#[test]
fn two_customers_become_one() {
    let mut person = customers(100, 30);
    person
        .press("D m")
        .shows("Merge into")
        .text("achter")
        .shows("Mona Achterberg C47");
    person.press("down enter enter");
    person.shows("into C47").press("enter");
    assert!(person.said().starts_with("Merged C48"), "{}", person.said());
    person.shows("Customers 47").press("z").shows("Customers 48");
}

#[test]
fn a_record_is_edited_as_a_text_and_shown_before_it_is_written() {
    let mut person = customers(100, 30);
    person.press("E");
    let Some(Job::Edit(".toml", to, text)) = person.left.pop() else {
        panic!("no editor was opened: {:?}", person.left);
    };
    let broken = text.replace("title = \"", "title = ");
    assert_ne!(broken, text);
    person.happens(Event::Returned(Returned { to, text: Ok(broken) }));
    let Some(Job::Edit(_, to, again)) = person.left.pop() else {
        panic!("the mistake is not told");
    };
    assert!(again.starts_with("#! "), "{again}");
    let lines: Vec<String> = text
        .lines()
        .map(|line| match line.starts_with("title = ") {
            true => "title = \"院长\"".to_owned(),
            false => line.to_owned(),
        })
        .collect();
    person.happens(Event::Returned(Returned {
        to,
        text: Ok(lines.join("\n")),
    }));
    person.shows("Write 1 value?").shows("院长").press("enter");
    assert_eq!(value(&mut person, "C48", "title"), "院长");
}

#[test]
fn who_wants_no_contact_is_left_alone() {
    let mut person = customers(100, 30);
    person.press("m d 1");
    assert_eq!(value(&mut person, "C48", "do_not_contact"), "true");
    person.press("c").press("1");
    assert!(
        person.said().contains("asked not to be contacted"),
        "{}",
        person.said()
    );
    assert!(!person.left.iter().any(|job| matches!(job, Job::Launch(_))));
    person.press("esc z c 1");
    assert!(person.left.iter().any(|job| matches!(job, Job::Launch(_))));
    person.shows("with Nora Penhaligon");
}

#[test]
fn enter_hammered_changes_nothing() {
    let mut person = customers(80, 24);
    person.press("n enter enter enter esc");
    person.shows("Customers 48");
    person.press("D enter esc esc").shows("Customers 48");
}

#[test]
fn forms_fit_small_screens() {
    for (width, height) in [(40, 20), (80, 24), (200, 60)] {
        let mut person = customers(width, height);
        person.press("e").shows("Nora Penhaligon").shows("Ctrl+S save");
        person.press("esc m").shows("Owner").press("esc");
    }
}

#[test]
fn several_are_edited_as_a_table() {
    let mut person = customers(100, 30);
    person.press("space space E");
    let Some(Job::Edit(".tsv", to, text)) = person.left.pop() else {
        panic!("no editor was opened: {:?}", person.left);
    };
    let edited = text
        .replace("Nora Penhaligon", "诺拉")
        .replace("Mona Achterberg", "莫娜");
    person.happens(Event::Returned(Returned { to, text: Ok(edited) }));
    person.shows("Write 2 values of 2 customers?").press("y");
    assert_eq!(person.said(), "Edited 2 customers; z takes it back");
    assert_eq!(value(&mut person, "C47", "name"), "莫娜");
    person.press("z");
    assert_eq!(value(&mut person, "C47", "name"), "Mona Achterberg");
}

#[test]
fn many_go_to_the_trash_after_a_question() {
    let mut person = customers(100, 30);
    person
        .press("space space space d")
        .shows("Move 3 customers to the trash?");
    // Enter is on the button that does nothing.
    person.press("enter").shows("Customers 48");
    person
        .press("d y")
        .shows("Customers 45")
        .press("z")
        .shows("Customers 48");
}

#[test]
fn forms_at_four_sizes() {
    for (width, height) in [(40, 20), (80, 24), (120, 40), (200, 60)] {
        let mut person = customers(width, height);
        person
            .press("e tab tab tab ctrl-a ctrl-k")
            .text("市场总监")
            .press("tab");
        insta::assert_snapshot!(format!("form_{width}x{height}"), alone(&person));
        person
            .press("esc")
            .press("a c")
            .text("问了报价")
            .press("tab tab tab tab tab");
        person.text("mon 9:00");
        insta::assert_snapshot!(format!("log_{width}x{height}"), alone(&person));
    }
}

#[test]
fn the_mouse_chooses_in_menus_and_forms() {
    let mut person = customers(100, 30);
    person.press("m");
    click(&mut person, "Job title");
    person.shows("title of Nora Penhaligon").press("esc").press("e");
    click(&mut person, "City");
    person.press("ctrl-a ctrl-k").text("Oslo").press("ctrl-s");
    assert_eq!(value(&mut person, "C48", "city"), "Oslo");
}

/// The form without what is behind it.
fn alone(person: &Driver) -> String {
    let area = person.app.world.area;
    let popup = person.app.popups.last().expect("a form");
    let mut terminal = Terminal::new(TestBackend::new(area.width, area.height)).expect("a terminal");
    let drawn = terminal.draw(|frame| {
        popup.modal.draw(frame, area, &person.app.world);
    });
    snapshot::text(drawn.expect("a frame").buffer)
}

/// Presses the left button on a text.
#[track_caller]
fn click(person: &mut Driver, text: &str) {
    let screen = person.screen();
    let found = screen.lines().enumerate().find_map(|(row, line)| {
        let before = line.split_once(text)?.0;
        Some((row, crate::text::width::width(before)))
    });
    let (row, column) = found.unwrap_or_else(|| panic!("{text} is not in\n{screen}"));
    person.happens(Event::Mouse(MouseEvent {
        kind: MouseEventKind::Down(MouseButton::Left),
        column: u16::try_from(column).expect("a column"),
        row: u16::try_from(row).expect("a row"),
        modifiers: KeyModifiers::NONE,
    }));
}
