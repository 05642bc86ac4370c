//! The screens in the documents are what the program draws: each is made anew from the sample base, and has to show the
//! people, amounts and days that are named here. `CRM_TEST_UPDATE=1` writes them anew.

use crate::tui::driver::Driver;
use crate::tui::page::Place;

/// A screen in a document.
struct Capture {
    /// What the document calls it.
    name: &'static str,
    place: Place,
    size: (u16, u16),
    /// Keys that are pressed first; `'…'` types a text.
    keys: &'static [&'static str],
    /// What it has to show.
    shows: &'static [&'static str],
}

fn captures() -> Vec<Capture> {
    let capture = |name, place, size, keys, shows| Capture {
        name,
        place,
        size,
        keys,
        shows,
    };
    vec![
        capture(
            "today",
            Place::Today,
            (110, 26),
            &[],
            &["OVERDUE", "Jürgen Weiß", "late", "WHY NOW", "+49", "2026"],
        ),
        capture(
            "queue",
            Place::Queue,
            (96, 24),
            &[],
            &["1 of", "WHY NOW", "Jürgen Weiß"],
        ),
        capture("week", Place::Week, (110, 20), &[], &["Week 47", "张伟"]),
        capture(
            "customers",
            Place::Customers,
            (96, 24),
            &["/", "'zw'", "enter"],
            &[
                "Customers 1 of 48",
                "张伟  C8",
                "杭州云帆科技有限公司",
                "zhangwei@yunfan.example",
                "2026-11-",
            ],
        ),
        capture(
            "pipeline",
            Place::Pipeline,
            (110, 24),
            &["l"],
            &["Qualification 4", "€", "weighted", "北京清河教育", "by stage"],
        ),
        capture(
            "tasks",
            Place::Tasks,
            (120, 20),
            &[],
            &["Tasks 20", "Jürgen Weiß", "3 days ago", "2026-11-18"],
        ),
        capture(
            "reports",
            Place::Reports,
            (120, 32),
            &["j"],
            &["Won by month", "Mara Lindholm", "€", "Funnel, last 90 days"],
        ),
        capture(
            "telephone",
            Place::Customers,
            (40, 20),
            &["enter"],
            &["Nora Penhaligon", "2026-08-2"],
        ),
    ]
}

fn documents() -> [std::path::PathBuf; 2] {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    ["README.md", "ARCHITECTURE.md"].map(|name| root.join(name))
}

/// Draws a screen.
fn drawn(capture: &Capture) -> String {
    let mut person = Driver::at(&capture.place, capture.size.0, capture.size.1);
    for keys in capture.keys {
        match keys.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\'')) {
            Some(text) => person.text(text),
            None => person.press(keys),
        };
    }
    person.app.message = None;
    person.screen()
}

#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "the documents are written anew where that is wanted"
)]
fn the_screens_in_the_documents_are_what_the_program_draws() {
    let update = std::env::var_os("CRM_TEST_UPDATE").is_some();
    let mut found = Vec::new();
    for path in documents() {
        let mut text = std::fs::read_to_string(&path).expect("a document");
        for capture in captures() {
            let begin = format!("<!-- screen: {} -->\n\n```text\n", capture.name);
            let Some((before, rest)) = text.split_once(&begin) else {
                continue;
            };
            let (known, after) = rest.split_once("```\n").expect("the end of a screen");
            let screen = drawn(&capture);
            for wanted in capture.shows {
                assert!(
                    screen.contains(wanted),
                    "{wanted:?} is not in {}\n{screen}",
                    capture.name
                );
            }
            found.push(capture.name);
            assert!(
                update || known == screen,
                "{} is another one\n{screen}",
                capture.name
            );
            text = format!("{before}{begin}{screen}```\n{after}");
        }
        if update {
            std::fs::write(&path, text).expect("a document can be written");
        }
    }
    let mut missing = captures();
    missing.retain(|capture| !found.contains(&capture.name));
    let missing: Vec<&str> = missing.iter().map(|capture| capture.name).collect();
    assert_eq!(missing, [""; 0], "screens that no document shows");
}
