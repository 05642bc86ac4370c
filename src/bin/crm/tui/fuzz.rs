//! Anything may happen in any order: keys, text, pastes, clicks, other sizes. Whatever it is, the screen stays sound.

use crossterm::event::{KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use proptest::prelude::*;

use crate::tui::action::ACTIONS;
use crate::tui::driver::Driver;
use crate::tui::effect::Job;
use crate::tui::event::{Event, Ran};
use crate::tui::key::Key;
use crate::tui::page::Place;
use crate::tui::snapshot::assert_cells;

/// One thing that a person, a terminal or another process may do.
#[derive(Debug, Clone)]
enum Step {
    Keys(Vec<Key>),
    Paste(String),
    Click(u16, u16),
    Wheel(u16, u16, bool),
    Size(u16, u16),
    Changed,
}

fn step() -> impl Strategy<Value = Step> {
    let bound: Vec<Vec<Key>> = ACTIONS
        .iter()
        .flat_map(|entry| entry.keys)
        .filter_map(|keys| Key::sequence(keys))
        .collect();
    let edits = [
        "enter",
        "esc",
        "tab",
        "shift-tab",
        "backspace",
        "delete",
        "home",
        "end",
        "ctrl-s",
        "ctrl-w",
        "down",
        "up",
        "f4",
    ];
    let edits: Vec<Vec<Key>> = edits.iter().filter_map(|keys| Key::sequence(keys)).collect();
    let letters = "aenstvip 019.:+张伟é🇩🇪\u{202e}\u{301}".chars();
    let letters: Vec<Vec<Key>> = letters.map(|letter| vec![Key::letter(letter)]).collect();
    prop_oneof![
        8 => proptest::sample::select(bound).prop_map(Step::Keys),
        4 => proptest::sample::select(edits).prop_map(Step::Keys),
        4 => proptest::sample::select(letters).prop_map(Step::Keys),
        1 => "[a-z:\n\u{1b}张]{0,20}".prop_map(Step::Paste),
        1 => (0_u16..130, 0_u16..60).prop_map(|(x, y)| Step::Click(x, y)),
        1 => (0_u16..130, 0_u16..60, any::<bool>()).prop_map(|(x, y, up)| Step::Wheel(x, y, up)),
        2 => (1_u16..210, 1_u16..70).prop_map(|(columns, rows)| Step::Size(columns, rows)),
        1 => Just(Step::Changed),
    ]
}

fn mouse(kind: MouseEventKind, column: u16, row: u16) -> Event {
    Event::Mouse(MouseEvent {
        kind,
        column,
        row,
        modifiers: KeyModifiers::NONE,
    })
}

/// Does a step; what it brought about is drawn, and has to be sound.
fn take(person: &mut Driver, step: &Step) {
    match step {
        Step::Keys(keys) => keys.iter().for_each(|key| person.happens(Event::Key(*key))),
        Step::Paste(text) => person.happens(Event::Paste(text.clone())),
        Step::Click(x, y) => person.happens(mouse(MouseEventKind::Down(MouseButton::Left), *x, *y)),
        Step::Wheel(x, y, true) => person.happens(mouse(MouseEventKind::ScrollUp, *x, *y)),
        Step::Wheel(x, y, false) => person.happens(mouse(MouseEventKind::ScrollDown, *x, *y)),
        Step::Size(columns, rows) => person.happens(Event::Resize(*columns, *rows)),
        Step::Changed => person.happens(Event::Changed),
    }
    // What is to be run has ended at once.
    let is_run = |job: &Job| matches!(job, Job::Shell(..) | Job::Command(..));
    while let Some(at) = person.left.iter().position(is_run) {
        if let Job::Shell(address, ..) | Job::Command(address, ..) = person.left.remove(at) {
            person.happens(Event::Ran(address, Ran::default()));
        }
    }
    // Whoever leaves has nothing to look at; here nobody leaves.
    person.left.retain(|job| !matches!(job, Job::Quit(_)));
    assert_cells(&person.buffer());
    assert!(person.app.is_idle(), "everything that was asked is answered");
    assert!(person.app.page().is_some(), "there is a page");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn row_09_random_actions_at_random_sizes(
        root in 0_usize..Place::ROOTS.len(),
        steps in proptest::collection::vec(step(), 1..60),
    ) {
        let place = Place::ROOTS.get(root).map(|(place, ..)| place.clone());
        let mut person = Driver::at(&place.unwrap_or(Place::Customers), 100, 30);
        for step in &steps {
            take(&mut person, step);
        }
    }
}
