//! Undo and redo, case by case. The law over random sequences stands in `law.rs`.

use rusqlite::types::Value as Sql;

use super::{Base, assignments, date};
use crate::domain::actor::Scope;
use crate::domain::field;
use crate::domain::id::Id;
use crate::domain::noun::Noun;
use crate::domain::value::Value;
use crate::error::{Kind, Result};
use crate::ops::customer::{self, OnDuplicate};
use crate::ops::draft::Lists;
use crate::ops::typed::Policy;
use crate::ops::{deal, tagging, task, undo};
use crate::store::rows::{self, Identity};
use crate::store::tables::TABLES;
use crate::store::{WriteTx, links, log};

pub(super) fn new_customer(tx: &WriteTx<'_>, text: &str) -> Result<Id> {
    Ok(customer::add(tx, &assignments(text), OnDuplicate::Create, &Policy::strict())?.id)
}

pub(super) fn change(tx: &WriteTx<'_>, id: Id, text: &str) -> Result<()> {
    customer::edit(tx, id, &assignments(text), Lists::Replace, &Policy::strict())?;
    Ok(())
}

pub(super) fn new_user(tx: &WriteTx<'_>, name: &str) -> Result<Id> {
    let field = field::find(Noun::User, "name").unwrap();
    let sets = [(field, Value::Text(name.to_owned()))];
    tx.describe(format!("Added user {name}"));
    rows::add(tx, Noun::User, Identity::default(), &sets, Vec::new())
}

impl Base {
    /// The number of the operation that `work` is.
    fn done(&mut self, work: impl FnOnce(&WriteTx<'_>) -> Result<()>) -> i64 {
        let written = self.store.write(&self.caller, work).unwrap();
        written.op.expect("it changed something").no
    }

    fn undo_no(&mut self, no: i64) -> Result<String> {
        self.try_write(|tx| undo::undo(tx, Some(no))).map(|op| op.title)
    }

    fn redo_no(&mut self, no: i64) -> Result<String> {
        self.try_write(|tx| undo::redo(tx, Some(no))).map(|op| op.title)
    }

    fn conflict(&mut self, work: impl FnOnce(&WriteTx<'_>) -> Result<log::Op>) -> String {
        let before = self.image();
        let error = self.try_write(work).err().expect("a conflict");
        assert_eq!(error.kind(), Kind::Conflict, "{error}");
        assert_eq!(self.image(), before, "a conflict changes nothing");
        error.message().to_owned()
    }
}

/// There and back twice: every state returns, and the search index with it.
fn there_and_back(base: &mut Base, works: &[&dyn Fn(&WriteTx<'_>) -> Result<()>]) {
    let mut states = vec![base.image()];
    let mut numbers = Vec::new();
    for work in works {
        numbers.push(base.done(work));
        base.check();
        states.push(base.image());
    }
    for _ in 0..2 {
        for (at, no) in numbers.iter().enumerate().rev() {
            base.undo_no(*no).unwrap();
            base.check();
            assert_eq!(base.image(), states[at], "after the undo of {no}");
        }
        for (at, no) in numbers.iter().enumerate() {
            base.redo_no(*no).unwrap();
            base.check();
            assert_eq!(base.image(), states[at + 1], "after the redo of {no}");
        }
    }
}

#[test]
fn inserts_updates_and_deletes_come_and_go() {
    let mut base = Base::new();
    let ada = base.write(|tx| new_customer(tx, "name=Ada Byron; emails=ada@mail.example; tags=vip"));
    there_and_back(
        &mut base,
        &[
            &|tx| new_customer(tx, "name=Bo; phones=+49 30 901820; handles=wechat:bo").map(drop),
            &|tx| change(tx, ada, "name=Ada King; note=Likes engines"),
            &|tx| change(tx, ada, "emails=; phones=+49 30 901821"),
            &|tx| tagging::untag(tx, Noun::Customer, &[ada], "vip"),
            &|tx| {
                let acme = new_customer(tx, "name=Acme; type=company")?;
                change(tx, ada, &format!("company={}", acme.uid()))
            },
            &|tx| {
                let plan = format!("name=Engine; customer={}; amount=4800", ada.uid());
                let deal = deal::add(tx, &assignments(&plan), &Policy::strict())?.id;
                deal::win(tx, deal, Some(date("2026-03-04")))?;
                task::add(tx, &assignments("title=Call; due=2026-03-05"), &Policy::strict())?;
                Ok(())
            },
            &|tx| links::set_trashed(tx, Noun::Customer, ada, true).map(drop),
        ],
    );
}

#[test]
fn what_one_operation_does_to_a_row_twice_is_undone_as_one() {
    let mut base = Base::new();
    let ada = base.write(|tx| new_customer(tx, "name=Ada; emails=ada@mail.example; tags=vip"));
    there_and_back(
        &mut base,
        &[
            // A row that is made, changed and gone.
            &|tx| {
                let bo = new_customer(tx, "name=Bo; emails=bo@mail.example")?;
                change(tx, bo, "name=Bob; emails=")
            },
            // A unique key that is freed and taken again.
            &|tx| {
                tagging::untag(tx, Noun::Customer, &[ada], "vip")?;
                tagging::tag(tx, Noun::Customer, &[ada], "vip")
            },
            &|tx| {
                change(tx, ada, "name=B")?;
                change(tx, ada, "name=C; note=x")?;
                change(tx, ada, "name=D; note=")
            },
            &|tx| {
                change(tx, ada, "emails=")?;
                change(tx, ada, "emails=ada@mail.example")
            },
        ],
    );
}

#[test]
fn an_operation_that_came_to_nothing_can_be_undone_once() {
    let mut base = Base::new();
    let ada = base.write(|tx| new_customer(tx, "name=Ada"));
    let no = base.done(|tx| {
        tagging::tag(tx, Noun::Customer, &[ada], "vip")?;
        tagging::untag(tx, Noun::Customer, &[ada], "vip")
    });
    base.undo_no(no).unwrap();
    assert_eq!(base.undo_no(no).unwrap_err().kind(), Kind::Conflict);
    base.redo_no(no).unwrap();
    base.check();
}

#[test]
fn without_a_number_the_own_latest_goes_and_comes() {
    let mut base = Base::new();
    let nothing = base.try_write(|tx| undo::undo(tx, None)).unwrap_err();
    assert_eq!(nothing.kind(), Kind::NotFound);
    let nothing = base.try_write(|tx| undo::redo(tx, None)).unwrap_err();
    assert_eq!(nothing.kind(), Kind::NotFound);
    let first = base.done(|tx| new_customer(tx, "name=Ada").map(drop));
    let second = base.done(|tx| new_customer(tx, "name=Bo").map(drop));
    let mut step = |back: bool| {
        let act = if back { undo::undo } else { undo::redo };
        let written = base.store.write(&base.caller, |tx| act(tx, None)).unwrap();
        (written.value.no, written.op.unwrap().title)
    };
    assert_eq!(step(true), (second, "Undid 2: Added customer C2 Bo".to_owned()));
    assert_eq!(step(true), (first, "Undid 1: Added customer C1 Ada".to_owned()));
    assert_eq!(step(false), (first, "Redid 1: Added customer C1 Ada".to_owned()));
    assert_eq!(step(true), (first, "Undid 1: Added customer C1 Ada".to_owned()));
    assert_eq!(step(false).0, first);
    assert_eq!(step(false).0, second);
    assert_eq!(step(true).0, second, "what was redone stands again");
    // The number of an undo means what it undid.
    assert_eq!(
        base.undo_no(3).unwrap_err().message(),
        "operation 2 is undone already"
    );
    assert_eq!(
        base.redo_no(1).unwrap_err().message(),
        "operation 1 is not undone"
    );
    assert_eq!(base.undo_no(99).unwrap_err().kind(), Kind::NotFound);
    // Numbers are never given twice.
    let id = base.write(|tx| new_customer(tx, "name=Cy"));
    assert_eq!(base.shown(Noun::Customer, id, "id"), "C3");
}

#[test]
fn later_work_stands_in_the_way_and_is_named() {
    let mut base = Base::new();
    let mut ada = Id::from_raw(0);
    let added = base.done(|tx| {
        ada = new_customer(tx, "name=Ada; note=one")?;
        Ok(())
    });
    let renamed = base.done(|tx| change(tx, ada, "name=Ada King"));
    let noted = base.done(|tx| change(tx, ada, "note=two"));
    let again = base.done(|tx| change(tx, ada, "name=Countess"));
    let told = base.conflict(|tx| undo::undo(tx, Some(renamed)));
    assert_eq!(
        told,
        format!(
            "cannot undo: operation {again} (Changed customer C1 Countess) has changed the same values since"
        )
    );
    let told = base.conflict(|tx| undo::undo(tx, Some(added)));
    assert!(told.ends_with("has changed what would go"), "{told}");
    // Another column of the same row is nobody's business.
    base.undo_no(noted).unwrap();
    assert_eq!(base.shown(Noun::Customer, ada, "name note"), "Countess|one");
    // What is undone stands in nobody's way.
    base.undo_no(again).unwrap();
    base.undo_no(renamed).unwrap();
    base.undo_no(added).unwrap();
    base.check();
}

#[test]
fn nothing_that_is_referred_to_goes() {
    let mut base = Base::new();
    let mut ada = Id::from_raw(0);
    let added = base.done(|tx| {
        ada = new_customer(tx, "name=Ada")?;
        Ok(())
    });
    let links: [&dyn Fn(&WriteTx<'_>) -> Result<()>; 4] = [
        &|tx| {
            let text = format!("title=Call; customer={}", ada.uid());
            task::add(tx, &assignments(&text), &Policy::strict()).map(drop)
        },
        &|tx| tagging::tag(tx, Noun::Customer, &[ada], "vip"),
        &|tx| links::add_external_id(tx, Noun::Customer, ada, "old", "7"),
        &|tx| {
            let text = format!("name=Kid; type=company; parent={}", ada.uid());
            new_customer(tx, &text).map(drop)
        },
    ];
    for link in links {
        let later = base.done(link);
        let told = base.conflict(|tx| undo::undo(tx, Some(added)));
        assert!(told.contains(&format!("operation {later} (")), "{told}");
        assert!(told.ends_with("refers to what would go"), "{told}");
        base.undo_no(later).unwrap();
    }
    base.undo_no(added).unwrap();
    base.check();
}

#[test]
fn nothing_comes_back_without_what_it_stood_on() {
    let mut base = Base::new();
    let mut ada = Id::from_raw(0);
    let added = base.done(|tx| {
        ada = new_customer(tx, "name=Ada; emails=ada@mail.example")?;
        Ok(())
    });
    let tagged = base.done(|tx| tagging::tag(tx, Noun::Customer, &[ada], "vip"));
    let renamed = base.done(|tx| change(tx, ada, "name=Ada King"));
    let married = base.done(|tx| change(tx, ada, "name=Countess"));
    let silent = base.done(|tx| change(tx, ada, "emails="));
    for no in [silent, married, renamed, tagged] {
        base.undo_no(no).unwrap();
    }
    let told = base.conflict(|tx| undo::redo(tx, Some(married)));
    assert!(told.starts_with("cannot redo: operation 8 (Undid 3"), "{told}");
    let gone = base.done(|tx| undo::undo(tx, Some(added)).map(drop));
    for no in [tagged, renamed, silent] {
        let told = base.conflict(|tx| undo::redo(tx, Some(no)));
        assert!(
            told.contains(&format!("operation {gone} (Undid 1")),
            "{no}: {told}"
        );
    }
    for no in [added, tagged, renamed, married, silent] {
        base.redo_no(no).unwrap();
    }
    base.check();
    assert_eq!(
        base.shown(Noun::Customer, ada, "name tags emails"),
        "Countess|vip|"
    );
}

#[test]
fn a_place_that_was_taken_is_a_conflict() {
    let mut base = Base::new();
    let added = base.done(|tx| new_user(tx, "Grace").map(drop));
    base.undo_no(added).unwrap();
    base.done(|tx| new_user(tx, "grace").map(drop));
    let told = base.conflict(|tx| undo::redo(tx, Some(added)));
    assert_eq!(
        told,
        "cannot redo: something else has taken the place of what would come back"
    );
}

#[test]
fn a_user_who_has_worked_stays() {
    let mut base = Base::new();
    let added = base.done(|tx| new_user(tx, "Grace").map(drop));
    let me = std::mem::replace(&mut base.caller.actor, base.store.actor("Grace").unwrap());
    base.done(|tx| new_customer(tx, "name=Ada").map(drop));
    base.caller.actor = me;
    let told = base.conflict(|tx| undo::undo(tx, Some(added)));
    assert!(told.ends_with("is the work of the user who would go"), "{told}");
}

#[test]
fn who_does_not_see_everything_undoes_only_own_work() {
    let mut base = Base::new();
    base.write(|tx| new_user(tx, "Grace"));
    let mine = base.done(|tx| new_customer(tx, "name=Ada").map(drop));
    let grace = base.store.actor("Grace").unwrap();
    let me = std::mem::replace(&mut base.caller.actor, grace);
    for scope in [Scope::Own, Scope::Team] {
        base.caller.actor.scope = scope;
        assert_eq!(base.undo_no(mine).unwrap_err().kind(), Kind::ReadOnly);
        let nothing = base.try_write(|tx| undo::undo(tx, None)).unwrap_err();
        assert_eq!(
            nothing.kind(),
            Kind::NotFound,
            "somebody else's is not the latest"
        );
    }
    let hers = base.done(|tx| new_customer(tx, "name=Bo; owner=Grace").map(drop));
    base.undo_no(hers).unwrap();
    base.caller.actor = me;
    assert_eq!(base.redo_no(hers).unwrap(), "Added customer C2 Bo");
}

#[test]
fn restored_ids_are_undone_by_themselves() {
    let mut base = Base::new();
    let old = Identity {
        id: Some(Id::from_raw((1 << 22) + 77)),
        no: Some(900),
        ..Identity::default()
    };
    let newer = Identity {
        id: Some(Id::from_raw((1 << 22) + 99)),
        no: Some(901),
        ..Identity::default()
    };
    let between = Identity {
        id: Some(Id::from_raw((1 << 22) + 88)),
        no: None,
        ..Identity::default()
    };
    let policy = Policy::strict();
    let add = |tx: &WriteTx<'_>, identity, name: &str| {
        let text = assignments(&format!("name={name}; emails={name}@mail.example"));
        customer::add_as(tx, identity, &text, OnDuplicate::Refuse, &policy).map(drop)
    };
    let both = base.done(|tx| {
        add(tx, old, "ada")?;
        add(tx, newer, "bo")
    });
    // An id between the two belongs to another operation.
    base.done(|tx| add(tx, between, "cy"));
    let state = base.image();
    base.undo_no(both).unwrap();
    base.check();
    assert_eq!(
        base.shown(Noun::Customer, Id::from_raw((1 << 22) + 88), "id name"),
        "C902|cy"
    );
    base.redo_no(both).unwrap();
    base.check();
    assert_eq!(base.image(), state);
}

#[test]
fn a_row_of_every_table_can_be_taken_out_and_put_back() {
    let mut base = Base::new();
    base.write(|tx| {
        for table in TABLES {
            let columns = log::logged_columns(tx, table)?;
            assert!(columns.len() > 2, "{}", table.name);
            // As far as the statement goes: nothing is in the range.
            log::delete_range(tx, table, Id::from_raw(1 << 22), Id::from_raw(1 << 23), &|_| {
                false
            })?;
        }
        Ok(())
    });
    // The picklists hold text of all sorts.
    let before = base.image();
    let first: Vec<i64> = base.read(|tx| tx.all("SELECT id FROM option", [], |row| row.get(0)));
    let no = base.done(|tx| {
        for id in &first {
            tx.update(
                "option",
                Id::from_raw(*id),
                vec![("position", Sql::Integer(-*id))],
            )?;
            tx.delete("option", Id::from_raw(*id))?;
        }
        Ok(())
    });
    assert_ne!(base.image(), before);
    base.undo_no(no).unwrap();
    assert_eq!(base.image(), before);
}
