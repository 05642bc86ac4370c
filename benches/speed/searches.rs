//! The published mix of searches: every shape that people type, in this process.

use crm::domain::actor::Scope;
use crm::domain::noun::Noun;
use crm::ops::find;

use crate::Row;
use crate::bases::{Bases, open};
use crate::measure::{percentile, wall};

/// Two characters, one, inside a run, pinyin, initials, a part of a word, the beginning, without accents, full width,
/// a number in any form, its tail, part of an address, words of notes, several words, nobody.
const MIX: &[&str] = &[
    "张伟",
    "李娜",
    "王",
    "云帆",
    "zhangwei",
    "zhang",
    "zw",
    "lina",
    "ekom",
    "hoff",
    "hoffmann",
    "anna",
    "a",
    "gar",
    "garcia",
    "weissensee",
    "ｈｕｇｏ",
    "+86 138 0000 4711",
    "13800004711",
    "4711",
    "customer4711@crowd",
    "crowd.example",
    "4711@",
    "warranty",
    "gate depot",
    "anna hoffmann",
    "hoffmann anna 4711",
    "jansen 99",
    "bruno be",
    "nobody at all",
    "zzz",
    "延长保修",
];

pub(crate) fn search(bases: &Bases, size: u64) -> Vec<Row> {
    let mut rows = Vec::new();
    for (scope, word) in [(Scope::All, "everything seen"), (Scope::Own, "own records only")] {
        let (store, caller) = open(&bases.customers(size), scope);
        let once = |words: &str| {
            let found = store.read(&caller, |tx| find::find(tx, words, Some(Noun::Customer), 20));
            assert!(found.is_ok(), "{words}");
        };
        let mut spent = Vec::new();
        for words in MIX {
            once(words);
            let mut of_this: Vec<f64> = (0..15).map(|_| wall(|| once(words)).1).collect();
            eprintln!("  {words}: {:.3} ms", percentile(&mut of_this.clone(), 0.5));
            spent.append(&mut of_this);
        }
        let what = format!("mix of {} queries, {word}", MIX.len());
        rows.push(Row::figure(
            "search, p95",
            &what,
            percentile(&mut spent, 0.95),
            5.0,
            "ms",
        ));
        rows.push(Row::figure(
            "search, slowest",
            &what,
            percentile(&mut spent, 1.0),
            50.0,
            "ms",
        ));
    }
    rows
}
