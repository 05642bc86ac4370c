//! The agenda by keys.

use crm::domain::noun::Noun;
use crm::ops::window;

use crate::tui::driver::Driver;
use crate::tui::page::Place;
use crate::tui::snapshot;

fn today(width: u16, height: u16) -> Driver {
    Driver::at(&Place::Today, width, height)
}

/// The row under the cursor.
fn here(person: &Driver) -> String {
    let screen = person.screen();
    let line = screen.lines().find(|line| line.contains('▌')).unwrap_or_default();
    let row = line.split('▌').nth(1).unwrap_or_default();
    row.split('┃').next().unwrap_or_default().trim().to_owned()
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
        for (width, height) in [(40, 20), (60, 30), (80, 24), (120, 40), (200, 60)] {
            let person = today(width, height);
            let buffer = person.buffer();
            snapshot::assert_sound(&buffer);
            insta::assert_snapshot!(format!("today_{width}x{height}"), snapshot::text(&buffer));
        }
        let person = today(80, 24);
        insta::assert_snapshot!("today_styles", snapshot::styles(&person.buffer(), &person.app.world.look));
    });
}

#[test]
fn a_call_asks_how_it_went_and_is_one_operation() {
    let mut person = today(120, 40);
    assert_eq!(
        here(&person),
        "! Call  Jürgen Weiß    Call about the gate…  3d late"
    );
    let calls = count(&person, Noun::Activity, "type:call");
    person
        .press("x")
        .shows("How was it? Call about the gate in the depot");
    person.press("v");
    assert_eq!(
        person.said(),
        "Called Jürgen Weiß: voicemail; done T13; z takes it back"
    );
    assert_eq!(count(&person, Noun::Activity, "type:call"), calls + 1);
    assert_eq!(
        count(
            &person,
            Noun::Activity,
            "outcome:left_message at:today direction:out"
        ),
        1
    );
    person.shows("4 open, 1 done");
    person.press("z").shows("5 open, 0 done");
    assert_eq!(count(&person, Noun::Activity, "type:call"), calls);
}

#[test]
fn the_cursor_goes_to_the_next_row_when_a_row_is_done() {
    let mut person = today(120, 40);
    person.press("j x");
    // The title of the tickets of which some are folded.
    assert!(here(&person).contains("TICKETS"), "{}", here(&person));
    person.shows("✓ 10:00");
}

#[test]
fn a_customer_who_would_be_left_without_a_next_step_is_offered_one() {
    let mut person = today(120, 40);
    // A customer who has gone quiet gets a task for today, which is then the only one.
    person
        .press("G")
        .shows("Felix Ashdown C24")
        .press("f")
        .text("today")
        .press("enter");
    person
        .press("g g j j j j j j j j j")
        .shows("Follow-up is due Sat 21 Nov 2026 (today)");
    assert!(here(&person).contains("Felix Ashdown"), "{}", here(&person));
    person.press("x");
    person
        .shows("Next step with Felix Ashdown")
        .shows("→ Mon 23 Nov 2026 (in 2 days)");
    person.press("esc");
    assert_eq!(person.said(), "no next step with Felix Ashdown");
    person
        .press("z")
        .press("x")
        .text("下周三")
        .shows("→ Wed 25 Nov 2026 (in 4 days)");
    person.press("enter");
    assert!(person.said().starts_with("Added task T"), "{}", person.said());
    let made = "is:open customer:felix due:2026-11-25 type:follow_up";
    assert_eq!(count(&person, Noun::Task, made), 1);
}

#[test]
fn a_task_is_put_off_by_a_phrase_that_answers_back() {
    let mut person = today(120, 40);
    person
        .press("f")
        .shows("Put off: Call about the gate in the depot");
    person.shows("→ Sun 22 Nov 2026 (tomorrow)");
    person
        .text("nxt")
        .press("enter")
        .shows("Put off: Call about the gate");
    person
        .press("ctrl-u")
        .text("3")
        .shows("→ Mon 23 Nov 2026 (in 2 days)");
    person
        .text("d")
        .shows("→ Tue 24 Nov 2026 (in 3 days)")
        .press("enter");
    assert_eq!(
        person.said(),
        "Put off task T13 Call about the gate in the depot, Tue 24 Nov 2026; z takes it back"
    );
    person.press("z").shows("OVERDUE (2)");
}

#[test]
fn the_next_step_is_moved_where_there_is_one_and_made_where_there_is_none() {
    let mut person = today(120, 40);
    person.press("G").shows("Felix Ashdown C24");
    person.press("f").shows("Next step with Felix Ashdown");
    person
        .press("tab ctrl-u")
        .text("Ask about 预算")
        .press("tab")
        .text("1")
        .press("enter");
    assert_eq!(
        count(&person, Noun::Task, "is:open \"Ask about 预算\" due:tomorrow"),
        1
    );
}

#[test]
fn sections_fold_and_what_is_late_at_midnight_keeps_the_cursor() {
    let mut person = today(120, 40);
    person.shows("13 more ▸").press("j j j j j j");
    let row = here(&person);
    assert!(row.contains("Meeting"), "{row}");
    person.time("2026-11-21T22:45:00Z");
    assert!(here(&person).contains("Meeting"), "{}", here(&person));
    person.shows("OVERDUE (3)");
    person.press("j j j").shows("1 more ▸");
    person.press("k k k j enter");
    assert!(person.screen().contains('▼'), "{}", person.screen());
    person.press("enter").shows("1 more ▸");
}

#[test]
fn an_empty_agenda_says_what_else_there_is() {
    let mut person = Driver::empty(&Place::Today, 80, 24);
    person.shows("Nothing is due.").shows("3 looks at the pipeline");
    person.press("x");
    assert_eq!(person.said(), "x: there is no task here");
    person.press("f");
    assert_eq!(person.said(), "f: there is no record here for that");
}

#[test]
fn several_tasks_are_done_at_once() {
    let mut person = today(120, 40);
    person.press("space space").shows("2 marked");
    person.press("x").shows("3 open, 2 done");
    assert_eq!(person.said(), "Done: 2 tasks; z takes it back");
    person.press("z").shows("5 open, 0 done");
}

#[test]
fn a_filter_looks_through_all_tasks() {
    let mut person = today(80, 24);
    person
        .press("/")
        .text("gate")
        .press("enter")
        .shows("Tasks 1")
        .shows("Filter › gate");
    person.press("1").shows("OVERDUE");
}
