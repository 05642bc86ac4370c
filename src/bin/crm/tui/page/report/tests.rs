//! A report by keys, and as it looks.

use std::fmt::Write;

use crm::ops::window;
use crm::report::behind::{Row, behind};
use crm::report::drill::Drill;
use crm::report::{REPORTS, Request};
use crossterm::event::{KeyModifiers, MouseButton, MouseEvent, MouseEventKind};

use crate::tui::component::look::Look;
use crate::tui::driver::Driver;
use crate::tui::effect::Job;
use crate::tui::event::Event;
use crate::tui::page::Place;
use crate::tui::page::report::grid::Grid;
use crate::tui::snapshot;

fn report(line: &str, width: u16, height: u16) -> Driver {
    Driver::at(&Place::Report(line.to_owned()), width, height)
}

/// What stands between the line of tabs and that of hints.
fn page(lines: &str) -> String {
    let lines: Vec<&str> = lines.lines().collect();
    let inner = lines.get(1..lines.len().saturating_sub(1)).unwrap_or_default();
    inner.join("\n")
}

/// The same page in four sizes.
fn sizes(place: &Place) -> String {
    let mut screens = String::new();
    let mut person = Driver::at(place, 40, 20);
    for (width, height) in [(40, 20), (80, 24), (120, 40), (200, 60)] {
        person.happens(Event::Resize(width, height));
        let buffer = person.buffer();
        snapshot::assert_sound(&buffer);
        writeln!(screens, "{width}x{height}\n{}\n", page(&snapshot::text(&buffer))).unwrap();
    }
    screens
}

#[test]
fn reports_look_right_in_every_size() {
    insta::assert_snapshot!("overview", sizes(&Place::Reports));
    insta::assert_snapshot!("funnel", sizes(&Place::Report("funnel".to_owned())));
    insta::assert_snapshot!(
        "win_rate",
        sizes(&Place::Report("win-rate --by owner".to_owned()))
    );
    insta::assert_snapshot!("forecast", sizes(&Place::Report("forecast".to_owned())));
}

#[test]
fn styles_tell_the_cursor_and_the_drawing() {
    let person = report("won --by month", 80, 24);
    insta::assert_snapshot!(
        "styles",
        page(&snapshot::styles(&person.buffer(), &Look::plain()))
    );
}

#[test]
fn every_report_is_drawn_at_any_size() {
    for look in [Look::plain(), Look::ascii()] {
        let is_ascii = look == Look::ascii();
        let mut person = Driver::at(&Place::Reports, 40, 10);
        person.app.world.look = look;
        for _ in REPORTS {
            person.press("enter");
            for (width, height) in [
                (40, 10),
                (59, 14),
                (60, 20),
                (80, 24),
                (119, 33),
                (120, 40),
                (220, 50),
            ] {
                person.happens(Event::Resize(width, height));
                let buffer = person.buffer();
                snapshot::assert_sound(&buffer);
                let is_drawn = |symbol: &str| "█▌▃░".contains(symbol) && !symbol.trim().is_empty();
                let drawn = buffer.content.iter().any(|cell| is_drawn(cell.symbol()));
                assert!(!(is_ascii && drawn), "{}", person.screen());
            }
            person.press("q");
            snapshot::assert_sound(&person.buffer());
            person.press("j");
        }
    }
}

#[test]
fn the_period_moves_by_its_own_length_and_is_chosen_by_a_phrase() {
    let mut person = report("team", 100, 24);
    person.shows("team by owner · 2026-11");
    person.press("[").shows("team by owner · 2026-10");
    person.press("(").shows("team by owner · 2026-09");
    person.press("] ) ]").shows("team by owner · 2026-12");
    person
        .press("m")
        .text("last quarter")
        .shows("→ 2026-Q3: 2026-07-01..2026-09-30");
    person.press("enter").shows("team by owner · 2026-Q3");
    person.press("[").shows("team by owner · 2026-Q2");
    person
        .press("m")
        .text("上个月")
        .shows("→ 2026-10: 2026-10-01..2026-10-31")
        .press("enter");
    person.shows("team by owner · 2026-10");
    // What is no period stays to be mended, and the report as it was.
    person
        .press("m")
        .text("last moon")
        .shows("periods are last quarter, 2026-Q4")
        .press("enter");
    person.shows("Period: last moon").shows("team by owner · 2026-10");
    person
        .press("esc")
        .press("m enter")
        .shows("team by owner · 2026-11");
    person.happens(Event::Key(crate::tui::key::Key::letter('m')));
    person.happens(Event::Paste("2026-05".to_owned()));
    person.press("enter").shows("team by owner · 2026-05");
    let mut person = report("won", 80, 24);
    person.press("[");
    assert_eq!(
        person.said(),
        "all has no period beside it; m chooses one that has"
    );
}

#[test]
fn rows_are_made_by_what_a_menu_offers() {
    let mut person = report("won", 80, 24);
    person.press("b").shows("Rows by").shows("all in one row");
    person.press("m").shows("won by month").shows("2025-12");
    person
        .press("b down enter")
        .shows("won by owner")
        .shows("Mara Lindholm");
    person.press("b esc").shows("won by owner");
    // A letter that no item has changes nothing, and goes no further.
    person.press("b Q").shows("Rows by").press("esc");
    assert!(person.left.is_empty());
    let mut person = report("stale", 80, 24);
    person.press("b");
    assert_eq!(person.said(), "this report is made in one way only");
}

#[test]
fn a_report_stands_beside_the_period_before() {
    let mut person = report("won --by owner --period 2026-Q4", 120, 30);
    person
        .press("c")
        .shows("PREVIOUS")
        .shows("previous = amount in 2026-Q3");
    person.press("c");
    assert!(!person.screen().contains("PREVIOUS"));
    let mut person = report("forecast", 80, 24);
    person.press("c");
    assert_eq!(
        person.said(),
        "the report forecast is not compared with the period before"
    );
    let mut person = report("won", 80, 24);
    person.press("c");
    assert!(
        person.said().contains("all has nothing before it"),
        "{}",
        person.said()
    );
    person.press("m").text("2026").press("enter").shows("won · 2026");
}

#[test]
fn a_filter_that_is_wrong_says_so_and_is_not_lost() {
    let mut person = report("pipeline", 100, 24);
    person.press("/").text("stage:propsal").press("enter");
    person
        .shows("Filter: stage:propsal")
        .shows("there is no stage \"propsal\"; did you mean proposal?")
        .shows("1 of 6");
    person.press("ctrl-u").text("stage:proposal").press("enter");
    person.shows("filter stage:proposal");
    person.press("/").shows("Filter: stage:proposal").press("esc");
    person.press("esc");
    assert!(!person.screen().contains("filter stage:proposal"));
    person.press("/").text("name:张三").press("enter");
    person
        .shows("nothing under name:张三")
        .press("esc")
        .shows("prospecting");
}

#[test]
fn a_report_is_copied_piped_and_told_as_a_command() {
    let mut person = report("won --by owner --period 2026-10", 80, 24);
    person.press("y").shows("Copy as").press("t y c y m y j");
    person
        .press("Y")
        .press("|")
        .text("sort -k2")
        .press("enter")
        .press("| esc");
    let left: Vec<String> = person
        .left
        .drain(..)
        .map(|job| match job {
            Job::Copy(what, text) => format!("{what}\n{text}"),
            Job::Shell(_, command, input) => format!("| {command}\n{input}"),
            other => format!("{other:?}"),
        })
        .collect();
    let [tsv, csv, markdown, json, command, piped] = left.as_slice() else {
        panic!("{left:?}");
    };
    let table = "group\twon\tamount\tamount_currency\taverage";
    assert!(
        tsv.starts_with(&format!("the report won as TSV\n{table}")),
        "{tsv}"
    );
    assert!(tsv.contains("\ntotal\t4\t67800.00\tEUR\t"), "{tsv}");
    assert!(csv.contains("\nself,2,51100.00,EUR,"), "{csv}");
    assert!(markdown.contains("| self | 2 | 51100.00 EUR |"), "{markdown}");
    assert!(json.contains("\"period\": \"2026-10\""), "{json}");
    assert!(
        command.ends_with("\ncrm report won --period 2026-10 --by owner"),
        "{command}"
    );
    assert!(piped.starts_with(&format!("| sort -k2\n{table}")), "{piped}");
}

#[test]
fn rows_that_are_records_are_opened_and_worked_with() {
    let mut person = report("stale", 100, 30);
    person.shows("Ben Hartley").press("d");
    assert_eq!(
        person.said(),
        "Moved customer C6 Ben Hartley to the trash; z takes it back"
    );
    assert!(!person.screen().contains("customer Ben"));
    person.press("z").shows("Ben Hartley").press("g g j enter");
    let words = person.app.page().unwrap().command();
    assert!(
        person.app.depth() > 0 && !words.contains(&"stale".to_owned()),
        "{words:?}"
    );
}

#[test]
fn a_drawing_of_one_group_follows_the_cursor_and_says_whose_it_is() {
    let mut person = report("aging", 80, 24);
    let heading = |person: &Driver| person.screen().lines().nth(2).unwrap_or_default().to_owned();
    assert!(
        heading(&person).starts_with("┃prospecting  "),
        "{}",
        heading(&person)
    );
    person.press("j j j j j j");
    assert!(
        heading(&person).starts_with("┃qualification  "),
        "{}",
        heading(&person)
    );
}

#[test]
fn a_report_that_is_not_there_says_so() {
    let mut person = report("nonsense", 80, 24);
    let said = "there is no report \"nonsense\"";
    person
        .shows(said)
        .press("enter [ ] b c m esc j G y | /")
        .text("x")
        .press("enter");
    person.shows(said);
}

fn click(column: u16, row: u16) -> Event {
    Event::Mouse(MouseEvent {
        kind: MouseEventKind::Down(MouseButton::Left),
        column,
        row,
        modifiers: KeyModifiers::NONE,
    })
}

#[test]
fn clicks_choose_and_open() {
    let mut person = report("win-rate --by owner", 80, 24);
    let row = |person: &Driver, text: &str| {
        let screen = person.screen();
        let rows = screen.lines().enumerate().filter(|(_, line)| line.contains(text));
        u16::try_from(rows.last().unwrap().0).unwrap()
    };
    let place = row(&person, "陈晓");
    person.happens(click(10, place));
    person.shows("3 of 4");
    person.happens(click(10, place));
    person.shows("win-rate: 陈晓").press("q b");
    let place = row(&person, "o owner");
    person.happens(click(40, row(&person, "m month")));
    person.shows("win-rate by month").press("b");
    person.happens(click(0, place));
    person.shows("Rows by").press("esc");
    person.happens(Event::Mouse(MouseEvent {
        kind: MouseEventKind::ScrollDown,
        column: 10,
        row: 12,
        modifiers: KeyModifiers::NONE,
    }));
    person.shows("4 of 14");
}

/// Whoever opens a row gets a list of as many records as the row counts, or is told why there is none.
#[test]
fn behind_every_row_is_a_list_as_long_as_its_number() {
    let mut person = Driver::at(&Place::Customers, 60, 12);
    let caller = person.app.world.caller.clone();
    let mut lists = 0;
    for entry in REPORTS.iter().filter(|entry| entry.name != "stale") {
        let ways = std::iter::once(None).chain(entry.by.iter().copied().map(Some));
        for by in ways {
            let way = by.map_or_else(String::new, |by| format!(" --by {}", by.name()));
            person.open(&Place::Report(format!("{}{way}", entry.name)));
            let request = Request {
                by,
                ..Request::default()
            };
            let made = person.store.read(&caller, |tx| (entry.run)(tx, &request));
            let made = made.unwrap();
            let grid = Grid::of(&made);
            for line in 0..grid.len() {
                person.press("enter");
                let is_opened = person.app.depth() > 1;
                // Silence would be no answer.
                assert_ne!(is_opened, !person.said().is_empty(), "{}", entry.name);
                if is_opened {
                    let row = Row::of(&made, grid.row_of(line)).unwrap();
                    let words = person.app.page().unwrap().command();
                    let compared = person.store.read(&caller, |tx| {
                        let behind = behind(tx, entry.name, &request, &row)?.unwrap();
                        let (Drill::Filtered(noun, _) | Drill::Records(noun, _)) = behind.drill;
                        let filters = words.windows(2).filter(|pair| pair[0] == "-w");
                        let filters: Vec<String> = filters.map(|pair| pair[1].clone()).collect();
                        Ok((behind.counted, window::total(tx, noun, &filters)?))
                    });
                    if let (Some(counted), found) = compared.unwrap() {
                        assert_eq!(i64::try_from(found), Ok(counted), "{}: {words:?}", entry.name);
                        lists += 1;
                    }
                    person.press("q");
                }
                person.press("j");
            }
            person.press("q");
        }
    }
    assert!(lists > 150, "{lists}");
}
