//! Changes of many records.

use std::cell::RefCell;

use crate::domain::id::Id;
use crate::domain::noun::Noun;
use crate::error::{Kind, Result};
use crate::ops::bulk::{self, Going, Plan, Tally};
use crate::ops::customer::{self, OnDuplicate};
use crate::ops::draft::Lists;
use crate::ops::list;
use crate::ops::tests::{Base, assignments};
use crate::ops::trash;
use crate::ops::typed::Policy;
use crate::store::WriteTx;
use crate::store::records::Selected;
use crate::wire::cell::cell;

fn base() -> (Base, Vec<Id>) {
    let mut base = Base::new();
    let ids = ["Ada; city=Ulm", "Bo; city=Bonn", "张伟"]
        .iter()
        .map(|text| {
            let text = assignments(&format!("name={text}"));
            base.write(|tx| customer::add(tx, &text, OnDuplicate::Create, &Policy::strict()))
                .id
        })
        .collect();
    (base, ids)
}

fn change(base: &mut Base, ids: &[Id], text: &str, going: Going) -> Result<Tally> {
    let act = |tx: &WriteTx<'_>, id| {
        customer::edit(tx, id, &assignments(text), Lists::Replace, &Policy::strict()).map(drop)
    };
    base.try_write(|tx| {
        let plan = Plan {
            noun: Noun::Customer,
            check: None,
            act: &act,
        };
        bulk::each(tx, &plan, ids)?.verdict(Noun::Customer, going)
    })
}

#[test]
fn what_was_so_already_is_counted_apart_and_one_undo_takes_all_back() {
    let (mut base, ids) = base();
    let before = base.image();
    let tally = change(&mut base, &ids, "city=Ulm", Going::Nowhere).unwrap();
    assert_eq!((tally.changed, tally.unchanged(), tally.refused), (2, 1, 0));
    assert_eq!(tally.accepted, ids);
    base.undo();
    assert_eq!(base.image(), before);
    base.check();
}

#[test]
fn one_that_is_refused_stops_all_unless_the_others_are_to_go_on() {
    let (mut base, ids) = base();
    let before = base.image();
    // An address can belong to one of them only.
    let error = change(
        &mut base,
        &ids,
        "emails=a@mail.example; city=Kiel",
        Going::Nowhere,
    )
    .err()
    .expect("it is refused");
    assert_eq!(error.kind(), Kind::Invalid);
    assert_eq!(
        error.message(),
        "2 of 3 customers cannot be changed so; nothing was changed"
    );
    let refused: Vec<(&str, &str)> = error
        .candidates()
        .iter()
        .map(|candidate| (candidate.reference.as_str(), candidate.detail.as_str()))
        .collect();
    assert_eq!(
        refused,
        [
            ("C2", "C1 Ada has the same address"),
            ("C3", "C1 Ada has the same address")
        ]
    );
    assert_eq!(base.image(), before);
    let tally = change(&mut base, &ids, "emails=a@mail.example; city=Kiel", Going::On).unwrap();
    assert_eq!((tally.changed, tally.refused), (1, 2));
    assert_eq!(
        base.shown(Noun::Customer, ids[1], "city emails"),
        "Bonn|",
        "nothing of a refused change is left"
    );
    base.check();
}

#[test]
fn what_is_wrong_with_every_record_is_said_once() {
    let (mut base, ids) = base();
    for going in [Going::Nowhere, Going::On] {
        let error = change(&mut base, &ids, "level=Z", going)
            .err()
            .expect("it is refused");
        assert_eq!((error.kind(), error.field()), (Kind::Invalid, Some("level")));
        assert!(
            error.message().starts_with("all of 3 customers: level:"),
            "{error}"
        );
        assert!(error.candidates().is_empty());
    }
    let error = change(&mut base, &ids, "colour=red", Going::On)
        .err()
        .expect("no field");
    assert_eq!(error.kind(), Kind::Usage);
    let error = change(&mut base, &ids[..1], "level=Z", Going::Nowhere)
        .err()
        .expect("refused");
    assert!(error.message().starts_with("level:"), "{error}");
}

#[test]
fn every_value_that_changes_is_told() {
    let (mut base, ids) = base();
    let text = assignments("city=Ulm; company=Bo");
    let told = RefCell::new(Vec::new());
    base.write(|tx| {
        let act =
            |tx: &WriteTx<'_>, id| customer::edit(tx, id, &text, Lists::Replace, &Policy::strict()).map(drop);
        let plan = Plan {
            noun: Noun::Customer,
            check: None,
            act: &act,
        };
        let columns: Vec<Selected> = ["city", "company", "level"]
            .iter()
            .map(|name| list::column(tx, Noun::Customer, name))
            .collect::<Result<_>>()?;
        bulk::watched(
            tx,
            &plan,
            &[ids[0], ids[2]],
            &columns,
            &mut |id, column, old, new| {
                let at = ids.iter().position(|known| *known == id).unwrap();
                told.borrow_mut()
                    .push(format!("{at} {} {}>{}", column.name, cell(old), cell(new)));
                Ok(())
            },
        )
    });
    assert_eq!(
        told.into_inner(),
        ["0 company >C2", "2 city >Ulm", "2 company >C2"]
    );
    base.check();
}

#[test]
fn what_several_share_comes_back_with_them() {
    let (mut base, ids) = base();
    let shared = assignments("name=Twin; emails=t@mail.example");
    let twins: Vec<Id> = (0..2)
        .map(|_| {
            base.write(|tx| customer::add(tx, &shared, OnDuplicate::Create, &Policy::strict()))
                .id
        })
        .collect();
    base.write(|tx| trash::remove(tx, Noun::Customer, &twins));
    let check = |tx: &WriteTx<'_>, id| trash::restorable(tx, Noun::Customer, id);
    let act = |tx: &WriteTx<'_>, id| trash::bring_back(tx, Noun::Customer, id);
    let tally = base.write(|tx| {
        let plan = Plan {
            noun: Noun::Customer,
            check: Some(&check),
            act: &act,
        };
        bulk::each(tx, &plan, &[twins[0], twins[1], ids[0]])
    });
    assert_eq!((tally.changed, tally.unchanged(), tally.refused), (2, 1, 0));
}

#[test]
fn a_version_that_has_passed_is_a_conflict() {
    let (mut base, ids) = base();
    base.write(|tx| bulk::at_version(tx, Noun::Customer, ids[0], 1));
    change(&mut base, &ids[..1], "city=Kiel", Going::Nowhere).unwrap();
    let error = base
        .try_write(|tx| bulk::at_version(tx, Noun::Customer, ids[0], 1))
        .err()
        .expect("it has passed");
    assert_eq!(error.kind(), Kind::Conflict);
    assert_eq!(
        error.message(),
        "customer C1 Ada has version 2, not 1: changed by self on 2026-03-02 at 12:00"
    );
}
