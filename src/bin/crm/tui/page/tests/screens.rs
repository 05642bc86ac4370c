//! Lists, records, the log and the trash at a glance, at the sizes that people have.

use crate::tui::driver::Driver;
use crate::tui::page::Place;
use crate::tui::snapshot;

#[track_caller]
fn shown(name: &str, place: &Place, keys: &str, (width, height): (u16, u16)) {
    let mut person = Driver::at(place, width, height);
    person.press(keys);
    let buffer = person.buffer();
    snapshot::assert_sound(&buffer);
    insta::assert_snapshot!(name, snapshot::text(&buffer));
}

#[test]
fn customers() {
    for size in [(40, 20), (64, 30), (80, 24), (120, 40), (200, 60)] {
        shown(&format!("customers_{}", size.0), &Place::Customers, "j", size);
    }
}

#[test]
fn tasks() {
    for size in [(40, 20), (80, 24), (120, 40)] {
        shown(&format!("tasks_{}", size.0), &Place::Tasks, "j", size);
    }
}

#[test]
fn one_customer() {
    for size in [(40, 20), (80, 24), (120, 40), (200, 60)] {
        let keys = "G k enter ]";
        shown(&format!("customer_{}", size.0), &Place::Customers, keys, size);
    }
}

#[test]
fn one_deal() {
    shown("deal_120", &Place::Customers, "G enter ] ] enter", (120, 40));
}

#[test]
fn the_log_and_the_trash() {
    for size in [(40, 20), (80, 24), (120, 40)] {
        shown(&format!("log_{}", size.0), &Place::Customers, "d d g l j", size);
        shown(&format!("trash_{}", size.0), &Place::Customers, "d d g x", size);
    }
}
