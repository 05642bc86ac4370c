//! Erasing a person: nothing that was said of somebody is in any table, in the log or in the search, and nothing else goes.

use super::{Base, assignments, creating};
use crate::domain::id::Id;
use crate::domain::noun::Noun;
use crate::error::Kind;
use crate::ops::customer::{self, OnDuplicate};
use crate::ops::draft::Lists;
use crate::ops::typed::Policy;
use crate::ops::{activity, deal, find, merge, privacy, refer, task, trash, undo};
use crate::store::tables::TABLES;
use crate::store::{ReadTx, erasures};

/// Words of which none must be left.
const SECRETS: [&str; 8] = [
    "umbrella",
    "Moss",
    "eve@moss.example",
    "evmoss",
    "302312",
    "likes sailing",
    "Mossy",
    "said so",
];

/// Eve, of whom much is known, and Bo, who shares a number with her.
fn base() -> (Base, Id) {
    let mut base = Base::new();
    let policy = creating();
    let add = |base: &mut Base, given: &str, how| {
        base.caller.command = format!("crm customer add {given}");
        base.write(|tx| customer::add(tx, &assignments(given), how, &policy))
            .id
    };
    let eve = add(
        &mut base,
        "name=Eve Moss; email=eve@moss.example; phone=+49 30 2312 5100; handle=wechat:evmoss; note=likes sailing; \
         company=Firm; title=Chief of Mossy things; tags=vip; external_ids=other:evmoss1",
        OnDuplicate::Refuse,
    );
    add(
        &mut base,
        "name=Bo Hill; email=bo@hill.example; phone=+49 30 2312 5100",
        OnDuplicate::Create,
    );
    let given = [
        "type=call; customer=C1; text=Eve said so; people=C3",
        "type=meeting; customer=C3; people=C1; text=Bo was there",
    ];
    base.caller.command = "crm log eve@moss.example call".to_owned();
    for given in given {
        let who = given.replace(
            "C1",
            base.read(|tx| refer::name(tx, Noun::Customer, eve))
                .split(' ')
                .nth(1)
                .unwrap(),
        );
        base.write(|tx| activity::add(tx, &assignments(&who), &policy));
    }
    base.write(|tx| {
        task::add(
            tx,
            &assignments("title=Send the umbrella; customer=Eve Moss; note=said so"),
            &policy,
        )
    });
    base.write(|tx| {
        deal::add(
            tx,
            &assignments("name=Fleet for Moss; customer=Eve Moss; amount=100; note=said so"),
            &policy,
        )
    });
    base.write(|tx| {
        customer::edit(
            tx,
            eve,
            &assignments("note=likes sailing much; email=eve@moss.example"),
            Lists::Add,
            &policy,
        )
    });
    (base, eve)
}

/// Every text of every row of every table, the log and the index.
fn everything(tx: &ReadTx<'_>) -> crate::error::Result<String> {
    let mut all = String::new();
    let others = ["op", "op_change", "search_doc"];
    for name in TABLES.iter().map(|table| table.name).chain(others) {
        let columns: Vec<String> =
            tx.all("SELECT name FROM pragma_table_info(?1)", [name], |row| row.get(0))?;
        let quoted: Vec<String> = columns.iter().map(|column| format!("quote({column})")).collect();
        let sql = format!("SELECT {} FROM {name}", quoted.join(" || ' ' || "));
        for row in tx.all(&sql, [], |row| row.get::<_, String>(0))? {
            all.push_str(&format!("{name}: {row}\n"));
        }
    }
    Ok(all)
}

#[test]
fn nothing_is_left_of_whoever_is_erased() {
    let (mut base, eve) = base();
    let before = base.read(everything);
    for secret in SECRETS.iter().filter(|secret| **secret != "302312") {
        assert!(before.contains(secret), "{secret} is nowhere");
    }
    base.caller.command = "crm privacy erase".to_owned();
    let erased = base.write(|tx| privacy::erase(tx, eve, "asked"));
    base.check();
    let after = base.read(everything);
    let own: Vec<&str> = SECRETS.into_iter().filter(|secret| *secret != "302312").collect();
    for secret in own {
        let left: Vec<&str> = after.lines().filter(|line| line.contains(secret)).collect();
        assert!(left.is_empty(), "{secret}: {left:#?}");
    }
    // The number is Bo's too.
    assert_eq!(erased.shared.len(), 1);
    assert!(after.contains("bo@hill.example") && after.contains("Bo was there"));
    assert!(base.read(|tx| find::find(tx, "moss", None, 10)).is_empty());
    assert_eq!(base.read(erasures::all).len(), 1);
    assert_eq!(
        base.shown(
            Noun::Deal,
            base.read(|tx| refer::one(tx, Noun::Deal, "D1")),
            "id amount status"
        ),
        "D1|100.00|open"
    );
    assert_eq!(
        base.try_write(|tx| privacy::erase(tx, eve, ""))
            .unwrap_err()
            .kind(),
        Kind::Conflict
    );
}

#[test]
fn an_erasure_stands() {
    let (mut base, eve) = base();
    base.write(|tx| privacy::erase(tx, eve, "asked"));
    for no in [None, Some(1)] {
        let error = base.try_write(|tx| undo::undo(tx, no)).unwrap_err();
        assert_eq!(error.kind(), Kind::Conflict, "{}", error.message());
    }
    let error = base
        .try_write(|tx| trash::restore(tx, Noun::Customer, &[eve]))
        .unwrap_err();
    assert_eq!(error.kind(), Kind::Conflict);
    let policy = Policy::strict();
    for given in [
        "name=Eve; email=EVE@moss.example",
        "name=Eve; handle=wechat:evmoss",
        "name=Eve; external_ids=other:evmoss1",
    ] {
        let refused =
            base.try_write(|tx| customer::add(tx, &assignments(given), OnDuplicate::Create, &policy));
        assert_eq!(refused.unwrap_err().kind(), Kind::Erased, "{given}");
    }
    let same = "name=Someone; phone=+49 30 2312 5100";
    base.write(|tx| customer::add(tx, &assignments(same), OnDuplicate::Create, &policy));
    base.write(|tx| privacy::lift(tx, "eve@moss.example"));
    base.write(|tx| {
        customer::add(
            tx,
            &assignments("name=Eve; email=eve@moss.example"),
            OnDuplicate::Refuse,
            &policy,
        )
    });
    let error = base
        .try_write(|tx| privacy::lift(tx, "eve@moss.example"))
        .unwrap_err();
    assert_eq!(error.kind(), Kind::NotFound);
    base.check();
}

#[test]
fn all_of_it_is_exported_first() {
    let (base, eve) = base();
    let entries = base.read(|tx| privacy::entries(tx, eve));
    let all: String = entries.iter().map(|entry| entry.data.to_string()).collect();
    for secret in [
        "Eve Moss",
        "eve@moss.example",
        "evmoss",
        "likes sailing",
        "said so",
        "evmoss1",
    ] {
        assert!(all.contains(secret), "{secret}: {all}");
    }
    let kinds = [
        "record", "customer", "email", "phone", "handle", "activity", "task", "deal", "log",
    ];
    for kind in kinds {
        assert!(entries.iter().any(|entry| entry.what == kind), "{kind}");
    }
    let firm = base.store.read(&base.caller, |tx| privacy::person(tx, "Firm"));
    assert_eq!(firm.unwrap_err().kind(), Kind::Invalid);
}

#[test]
fn who_was_merged_goes_too() {
    let (mut base, eve) = base();
    let bo = base.read(|tx| refer::one(tx, Noun::Customer, "bo@hill.example"));
    base.write(|tx| merge::merge(tx, bo, &[eve], &merge::Choices::default()));
    base.write(|tx| privacy::erase(tx, bo, "asked"));
    let after = base.read(everything);
    for secret in ["Moss", "evmoss", "Hill", "bo@hill", "said so"] {
        assert!(!after.contains(secret), "{secret}");
    }
    let error = base.try_write(|tx| merge::unmerge(tx, eve)).unwrap_err();
    assert_eq!(error.kind(), Kind::Conflict);
    base.check();
}

#[test]
fn what_others_say_of_whoever_is_erased_is_told() {
    let (mut base, eve) = base();
    let policy = creating();
    base.write(|tx| {
        activity::add(
            tx,
            &assignments("type=call; customer=C3; text=EVE MOSS was there"),
            &policy,
        )
    });
    base.write(|tx| {
        deal::add(
            tx,
            &assignments("name=Other; customer=C3; note=ask eve@moss.example"),
            &policy,
        )
    });
    let erased = base.write(|tx| privacy::erase(tx, eve, "asked"));
    assert_eq!(erased.mentions, ["D2", "A3"]);
    assert!(base.read(everything).contains("EVE MOSS was there"));
    base.check();
}
