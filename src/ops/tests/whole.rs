//! A base as a whole: what is dumped is loaded equal, what is damaged is found and mended, what is forgotten is gone.

use std::collections::BTreeMap;
use std::io::Cursor;

use proptest::prelude::*;

use super::law::{Two, act, policy};
use super::taking_back::new_customer;
use super::{Base, assignments};
use crate::domain::actor::Actor;
use crate::domain::noun::Noun;
use crate::error::{Error, Kind, Result};
use crate::ops::dump::{self, BASE, MANIFEST, Shelf};
use crate::ops::found::FIRST_USER;
use crate::ops::load::{self, Manifest};
use crate::ops::{customer, undo};
use crate::store::check::{self, Depth, Finding};
use crate::store::trim::{self, Keep};
use crate::store::{Store, WriteTx};

/// Files in memory.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
struct Files {
    all: BTreeMap<String, String>,
    open: String,
}

impl Shelf for Files {
    fn begin(&mut self, file: &str) -> Result<()> {
        assert!(self.open.is_empty(), "{} is open", self.open);
        assert!(
            self.all.insert(file.to_owned(), String::new()).is_none(),
            "{file} twice"
        );
        file.clone_into(&mut self.open);
        Ok(())
    }

    fn line(&mut self, line: &str) -> Result<()> {
        assert!(!line.contains('\n'));
        let text = self.all.get_mut(&self.open).unwrap();
        text.push_str(line);
        text.push('\n');
        Ok(())
    }

    fn end(&mut self) -> Result<()> {
        self.open.clear();
        Ok(())
    }
}

pub(super) fn dumped(base: &Base) -> BTreeMap<String, String> {
    let mut files = Files::default();
    let dumped = base.read(|tx| dump::dump(tx, &mut files));
    assert_eq!(dumped.left, []);
    files.all
}

fn load_into(tx: &WriteTx<'_>, files: &BTreeMap<String, String>) -> Result<u64> {
    let manifest = Manifest::parse(&files[MANIFEST])?;
    let records = files.iter().filter(|(name, _)| name.ends_with(".ndjson"));
    let records = records.map(|(name, text)| {
        let content: Box<dyn std::io::BufRead> = Box::new(Cursor::new(text.clone().into_bytes()));
        Ok((name.clone(), content))
    });
    load::load(tx, &manifest, &files[BASE], records)
}

/// A base that is made of files.
pub(super) fn loaded(files: &BTreeMap<String, String>) -> Result<Base> {
    let founder = super::caller(Actor::founder(FIRST_USER));
    let store = Store::in_memory(&founder, |tx| load_into(tx, files).map(drop))?;
    Ok(Base {
        store,
        caller: founder,
    })
}

fn refused(files: &BTreeMap<String, String>) -> String {
    loaded(files).err().expect("it is refused").message().to_owned()
}

pub(super) fn findings(base: &Base, full: bool) -> Vec<Finding> {
    let found = base.store.inspect(&base.caller, |tx| all(tx, full));
    found.unwrap()
}

fn all(tx: &WriteTx<'_>, full: bool) -> Result<Vec<Finding>> {
    let mut found = Vec::new();
    for name in check::CHECKS {
        found.extend(check::run(tx, name, Depth { full })?);
    }
    Ok(found)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn whatever_was_done_a_dump_makes_the_same_base(acts in proptest::collection::vec(act(), 1..24)) {
        let mut two = Two::new();
        for act in &acts {
            two.perform(act);
        }
        let old = &two.base;
        prop_assert_eq!(findings(old, true), vec![]);
        let files = dumped(old);
        let mut new = loaded(&files).unwrap();
        prop_assert_eq!(new.image(), old.image());
        prop_assert_eq!(&dumped(&new), &files);
        new.check();
        prop_assert_eq!(findings(&new, true), vec![]);
    }
}

/// A base with a few customers.
fn few() -> Base {
    let mut base = Base::new();
    for name in ["Ada Byron", "张伟", "O'Neil \"the\" {best} 😀"] {
        base.write(|tx| {
            let text = format!("name={name}; emails={}@mail.example; tags=vip", name.len());
            new_customer(tx, &text)
        });
    }
    base
}

#[test]
fn one_changed_record_is_one_changed_line() {
    let mut base = few();
    let before = dumped(&base);
    base.write(|tx| {
        let id = super::law::nth(tx, Noun::Customer, 1)?.unwrap();
        customer::edit(
            tx,
            id,
            &assignments("city=杭州"),
            crate::ops::draft::Lists::Replace,
            &policy(),
        )
    });
    let after = dumped(&base);
    let changed: Vec<&String> = after
        .keys()
        .filter(|name| after[*name] != before[*name])
        .collect();
    assert_eq!(changed, ["customers/0001.ndjson"]);
    let lines = |files: &BTreeMap<String, String>| -> Vec<String> {
        files["customers/0001.ndjson"]
            .lines()
            .map(str::to_owned)
            .collect()
    };
    let differ = lines(&before)
        .iter()
        .zip(lines(&after))
        .filter(|(old, new)| *old != new)
        .count();
    assert_eq!(differ, 1);
}

#[test]
fn what_is_not_whole_or_not_ours_is_refused_with_its_place() {
    let files = dumped(&few());
    let with = |name: &str, change: &dyn Fn(&str) -> String| {
        let mut files = files.clone();
        let text = change(&files[name]);
        files.insert(name.to_owned(), text);
        files
    };
    let customers = "customers/0001.ndjson";
    let short = with(customers, &|text| {
        text.lines().skip(1).map(|line| format!("{line}\n")).collect()
    });
    assert_eq!(
        refused(&short),
        "the dump is not whole: 2 of 3 records of customer are there; dump again"
    );
    let twice = with(customers, &|text| {
        text.replacen("\"id\":\"C2\"", "\"id\":\"C1\"", 1)
    });
    assert_eq!(
        refused(&twice),
        "customers/0001.ndjson, line 2: this customer cannot stand beside the others: its uid or its key is there twice"
    );
    let column = with(customers, &|text| text.replacen("\"name\"", "\"nmae\"", 1));
    assert_eq!(
        refused(&column),
        "customers/0001.ndjson, line 1: customer has no column \"nmae\""
    );
    let broken = with(customers, &|text| text.replacen('{', "[", 1));
    assert!(refused(&broken).starts_with("customers/0001.ndjson, line 1: this is no record"));
    let loose = with("tags.ndjson", &|_| String::new());
    assert!(refused(&loose).starts_with("the dump is not whole: 0 of 1 records of tag"));
    let newer = with(MANIFEST, &|text| {
        text.replacen("\"schema\": ", "\"schema\": 99", 1)
    });
    assert_eq!(loaded(&newer).err().map(|error| error.kind()), Some(Kind::TooNew));
    let foreign = with(MANIFEST, &|_| "{}".to_owned());
    assert_eq!(
        loaded(&foreign).err().map(|error| error.kind()),
        Some(Kind::Foreign)
    );
}

#[test]
fn a_base_with_records_takes_no_dump_and_one_without_is_replaced() {
    let files = dumped(&few());
    let mut used = few();
    let error = used.try_write(|tx| load_into(tx, &files)).unwrap_err();
    assert_eq!(error.kind(), Kind::Conflict);
    let mut fresh = Base::new();
    fresh.write(|tx| load_into(tx, &files));
    assert_eq!(dumped(&fresh), files);
    fresh.check();
    // Numbers go on where they were.
    let id = fresh.write(|tx| new_customer(tx, "name=Next"));
    assert_eq!(fresh.shown(Noun::Customer, id, "id"), "C4");
}

/// Damages rows without anybody noticing.
fn damage(base: &mut Base, sql: &str) {
    base.write(|tx| {
        tx.connection().execute_batch(sql)?;
        Ok::<_, Error>(())
    });
}

#[test]
fn every_damage_is_found_and_what_follows_from_the_rest_is_mended() {
    let cases = [
        (
            "UPDATE customer SET sort_key = 'x' WHERE no = 1",
            "kept",
            "sort_key is not what follows from other rows",
        ),
        (
            "UPDATE search_doc SET text = 'x' WHERE id = (SELECT max(id) FROM search_doc)",
            "search",
            "the indexed text is not that of the record",
        ),
        (
            "DELETE FROM search_doc",
            "search",
            "the indexed text is not that of the record",
        ),
        (
            "INSERT INTO search (rowid, tokens) VALUES (5, 'ghost')",
            "search",
            "the search index holds words of no record",
        ),
        (
            "INSERT INTO search (search) VALUES ('delete-all')",
            "search",
            "a word of the record is not in the search index",
        ),
        (
            "UPDATE counter SET last = 1 WHERE name = 'customer'",
            "number",
            "the next number of customer would be one that is there already",
        ),
    ];
    for (sql, name, problem) in cases {
        let mut base = few();
        assert_eq!(findings(&base, true), [], "before {sql}");
        let whole = base.image();
        damage(&mut base, sql);
        let found = findings(&base, true);
        assert!(
            found
                .iter()
                .any(|finding| finding.check == name && finding.problem == problem && finding.derived),
            "{sql}: {found:?}"
        );
        let caller = base.caller.clone();
        let mended = base.store.mend(&caller, |tx| all(tx, true)).unwrap();
        assert!(mended.iter().all(|finding| finding.derived), "{sql}: {mended:?}");
        assert_eq!(findings(&base, true), [], "after {sql}");
        assert_eq!(base.image(), whole, "{sql}");
        base.check();
    }
}

#[test]
fn damage_that_cannot_be_mended_is_told() {
    let cases = [
        (
            "UPDATE customer SET source = 'nowhere' WHERE no = 2",
            "option",
            "source is \"nowhere\" in 1 rows, which the picklist source does not have",
        ),
        (
            "UPDATE customer SET lifecycle = 'wild' WHERE no = 2",
            "option",
            "lifecycle is \"wild\" in 1 rows, which means nothing",
        ),
        (
            "UPDATE tagging SET record_id = 4194304 WHERE id = (SELECT min(id) FROM tagging)",
            "reference",
            "belongs to a record that is not there",
        ),
        (
            "UPDATE customer SET merged_into_id = (SELECT id FROM customer WHERE no = 1) WHERE no = 2",
            "merge",
            "was merged and is not in the trash",
        ),
        (
            "INSERT INTO value_interval (id, record_id, attribute, value, started_at, ended_at)
          SELECT 4194305, id, 'owner', 1, 1, 2 FROM customer WHERE no = 1",
            "interval",
            "the last owner has an end",
        ),
    ];
    for (sql, name, problem) in cases {
        let mut base = few();
        damage(&mut base, sql);
        let found = findings(&base, false);
        assert!(
            found
                .iter()
                .any(|finding| finding.check == name && finding.problem == problem && !finding.derived),
            "{sql}: {found:?}"
        );
    }
}

#[test]
fn what_was_forgotten_cannot_be_undone_and_the_rest_can() {
    let mut base = few();
    base.write(|tx| undo::undo(tx, None));
    let forgotten = base.write(|tx| undo::trim(tx, Keep::Newest(2)));
    assert_eq!((forgotten.operations, forgotten.first, forgotten.last), (2, 1, 2));
    let horizon = base.read(trim::horizon);
    assert_eq!((horizon.first, horizon.forgotten), (Some(3), 2));
    for no in [1, 2] {
        let (_, message) = base.refused(|tx| undo::undo(tx, Some(no)));
        assert_eq!(
            message,
            format!("operation {no} is beyond the horizon of undo: the log begins with operation 3")
        );
    }
    assert_eq!(
        base.refused(|tx| undo::undo(tx, Some(9))).1,
        "there is no operation 9"
    );
    base.write(|tx| undo::redo(tx, Some(3)));
    base.write(|tx| undo::undo(tx, Some(3)));
    // The undo outlives what it was about.
    base.write(|tx| undo::trim(tx, Keep::Newest(1)));
    let last = base.read(trim::horizon).first.unwrap();
    let (_, message) = base.refused(|tx| undo::redo(tx, Some(last)));
    assert!(
        message.starts_with(&format!("what operation {last} was about is beyond")),
        "{message}"
    );
    assert_eq!(
        base.refused(|tx| undo::redo(tx, None)).1,
        "there is nothing to redo"
    );
    base.write(|tx| undo::trim(tx, Keep::Newest(0)));
    assert_eq!(
        base.refused(|tx| undo::undo(tx, Some(3))).1,
        "operation 3 is beyond the horizon of undo: the log is empty"
    );
    base.check();
}

#[test]
fn a_trim_by_day_keeps_that_day() {
    let mut base = Base::new();
    for day in ["2026-03-02", "2026-03-03", "2026-03-04"] {
        base.on(day);
        base.write(|tx| new_customer(tx, &format!("name=Of {day}")));
    }
    let keep = undo::since("2026-03-03".parse().unwrap(), &base.caller.clock);
    let plan = base.read(|tx| trim::plan(tx, keep));
    assert_eq!((plan.operations, plan.last), (1, 1));
    assert_eq!(base.write(|tx| undo::trim(tx, keep)), plan);
    assert_eq!(base.read(|tx| trim::plan(tx, keep)).operations, 0);
    base.write(|tx| undo::undo(tx, Some(2)));
    base.check();
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    /// Whatever is forgotten, what is left is undone as before, or not at all.
    #[test]
    fn a_shorter_log_undoes_what_it_has(acts in proptest::collection::vec(act(), 1..16), keep in 0..12_u64) {
        let mut two = Two::new();
        for act in &acts {
            two.perform(act);
        }
        let base = &mut two.base;
        base.write(|tx| undo::trim(tx, Keep::Newest(keep)));
        while base.try_write(|tx| undo::undo(tx, None)).is_ok() {}
        base.check();
        prop_assert_eq!(findings(base, true), vec![]);
    }
}

#[test]
fn compacting_keeps_everything_but_what_is_behind_the_horizon() {
    let mut base = few();
    let (image, caller) = (base.image(), base.caller.clone());
    let done = base.store.compact(&caller, Some(Keep::Newest(1))).unwrap();
    assert_eq!(done.forgotten.operations, 2);
    assert_eq!(base.image(), image);
    assert_eq!(base.read(trim::horizon).first, Some(3));
    base.check();
}
