//! The overview by keys.

use crate::tui::driver::Driver;
use crate::tui::effect::Job;
use crate::tui::page::Place;

fn reports(width: u16, height: u16) -> Driver {
    Driver::at(&Place::Reports, width, height)
}

/// What stands above all of them.
fn all() -> String {
    format!("Reports {}", crm::report::REPORTS.len())
}

#[test]
fn the_chosen_report_is_shown_in_small_and_opens() {
    let mut person = reports(80, 24);
    person.shows(&all()).shows("overview · 2026-11");
    person
        .press("j")
        .shows("forecast · 2026-Q4")
        .shows("best case forecast");
    person
        .press("G")
        .shows("agents · 2026-11")
        .press("g g k")
        .shows("overview · 2026-11");
    person
        .press("j enter")
        .shows("1 of 12")
        .press("q")
        .shows(&all())
        .shows("forecast · 2026-Q4");
    person.press("p");
    assert!(!person.screen().contains("forecast · 2026-Q4"));
}

#[test]
fn reports_are_found_by_what_they_answer() {
    let mut person = reports(80, 24);
    person
        .press("/")
        .text("who MOST")
        .shows("Reports 1")
        .shows("team by owner · 2026-11");
    person
        .press("enter")
        .press("enter")
        .shows("team by owner · 2026-11")
        .press("q");
    person.shows("Filter: who MOST").press("esc").shows(&all());
    person
        .press("/")
        .text("张三")
        .shows("no report has this in")
        .press("enter enter");
    assert_eq!(
        person.said(),
        "no report has this in its name or meaning; Esc shows all"
    );
    person.press("/ esc").shows(&all());
}

#[test]
fn each_drawing_opens_the_report_that_it_is_of() {
    let mut person = reports(120, 40);
    person
        .shows("Won by month")
        .shows("Mara Lindholm")
        .shows("陈晓")
        .shows("prospecting");
    for (keys, title) in [
        ("tab", "won by month · 2025-12-01..2026-11-30"),
        ("tab", "funnel by pipeline · 2026-08-24..2026-11-21"),
        ("tab", "won by owner · 2026-11"),
        ("j", "activity by owner · 2026-08-31..2026-11-22"),
        ("shift-tab", "won by owner · 2026-11"),
    ] {
        person.press(keys).press("enter").shows(title).press("q");
    }
    person.press("esc").press("Y");
    person.press("tab y");
    let copied: Vec<String> = person
        .left
        .iter()
        .map(|job| match job {
            Job::Copy(what, _) => what.clone(),
            other => format!("{other:?}"),
        })
        .collect();
    assert_eq!(copied, ["crm report overview", "the report won as TSV"]);
}

#[test]
fn nothing_can_be_added_and_an_empty_base_says_so() {
    let mut person = Driver::empty(&Place::Reports, 120, 40);
    person.shows("nothing in it yet").press("n");
    assert_eq!(
        person.said(),
        "n: a report is made of what is there; nothing can be added to it"
    );
    person.press("j enter").press("enter");
}
