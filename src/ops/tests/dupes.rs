//! Customers who are there twice, and those of whom somebody said that they are not.

use std::collections::BTreeSet;

use super::Base;
use super::taking_back::new_customer;
use crate::domain::id::Id;
use crate::domain::noun::Noun;
use crate::ops::dupes::{self, Request};
use crate::ops::merge::{self, Choices};
use crate::ops::trash;

/// Two who are one, one more of them who is written otherwise, and two who are alone.
fn base() -> (Base, Vec<Id>) {
    let mut base = Base::new();
    let made = [
        "name=Robert Quittenbaum; email=robert@quitten.example; city=Leeds",
        "name=Bob Quittenbaum; emails=bob@home.example; phone=+49 30 5550101; birthday=1985-05-17",
        "name=Quittenbaum, R.; phone=+49 30 5550101; city=Leeds; birthday=1985-05-17",
        "name=Ann Lee; city=Leeds",
        "type=company; name=Quittenbaum GmbH; city=Kiel",
    ]
    .map(|text| base.write(|tx| new_customer(tx, text)));
    (base, made.to_vec())
}

fn pairs(base: &Base, request: &Request) -> Vec<(Id, Id)> {
    base.read(|tx| {
        let found = dupes::find(tx, request)?;
        assert_eq!(found.len(), found.pairs().count());
        let pairs = found.pairs().map(|pair| {
            assert!(pair.score >= request.least && !pair.reasons.is_empty());
            (pair.one, pair.other)
        });
        Ok(pairs.collect())
    })
}

#[test]
fn finds_who_is_there_twice() {
    let (base, ids) = base();
    let all = Request {
        least: 50,
        ..Request::default()
    };
    let found = pairs(&base, &all);
    assert!(found.contains(&(ids[1], ids[2])), "{found:?}");
    let groups = base.read(|tx| Ok(dupes::find(tx, &all)?.groups()));
    assert_eq!(groups.len(), 1);
    assert!(groups[0].members.contains(&ids[1]) && groups[0].members.contains(&ids[2]));
    let companies = Request {
        kind: Some("company".to_owned()),
        ..all.clone()
    };
    assert_eq!(pairs(&base, &companies), []);
    let of_one = Request {
        of: vec![ids[2]],
        ..all.clone()
    };
    assert!(pairs(&base, &of_one).contains(&(ids[2], ids[1])));
    let of_none = Request {
        of: vec![ids[3]],
        ..all.clone()
    };
    assert_eq!(pairs(&base, &of_none), []);
    let filtered = |filter: &str| Request {
        filters: vec![filter.to_owned()],
        ..all.clone()
    };
    assert!(pairs(&base, &filtered("name:bob")).contains(&(ids[1], ids[2])));
    assert_eq!(pairs(&base, &filtered("city:Kiel")), []);
}

/// Two companies with one domain, and many people who have an address there.
fn firms() -> Base {
    let mut base = Base::new();
    let mut made = vec![
        "type=company; name=Quitten Holding; website=quitten.example".to_owned(),
        "type=company; name=Quitten; email=info@quitten.example; city=Kiel".to_owned(),
        "type=company; name=Nordlicht GmbH; city=Kiel".to_owned(),
        "name=Robert Quittenbaum; email=robert@quitten.example; phone=+49 30 5550101".to_owned(),
        "name=Bob Quittenbaum; email=bob@quitten.example; phone=+49 30 5550101; city=Kiel".to_owned(),
        "name=张伟; email=wei@quitten.example; phone=+86 138 0013 8000".to_owned(),
        "name=Wei Zhang; phone=+86 138 0013 8000; city=杭州".to_owned(),
    ];
    made.extend((0..40).map(|number| format!("name=Ann Lee{number}; email=ann{number}@quitten.example")));
    for text in made {
        base.write(|tx| new_customer(tx, &text));
    }
    base
}

#[test]
fn a_pair_has_one_score_whatever_is_asked_for() {
    let base = firms();
    let found = |kind: Option<&str>, of: Vec<Id>| {
        let request = Request {
            kind: kind.map(str::to_owned),
            least: 5,
            of,
            ..Request::default()
        };
        let mut pairs: Vec<(Id, Id, u8, String)> = base.read(|tx| {
            let found = dupes::find(tx, &request)?;
            let told = found.pairs().map(|pair| {
                let reasons = format!("{:?}", pair.reasons);
                (
                    pair.one.min(pair.other),
                    pair.one.max(pair.other),
                    pair.score,
                    reasons,
                )
            });
            Ok(told.collect())
        });
        pairs.sort();
        pairs
    };
    let all = found(None, Vec::new());
    let (people, companies) = (
        found(Some("person"), Vec::new()),
        found(Some("company"), Vec::new()),
    );
    assert!(people.len() > 1 && !companies.is_empty(), "{all:?}");
    let mut both = [people, companies].concat();
    both.sort();
    assert_eq!(both, all);
    let ids: BTreeSet<Id> = all.iter().flat_map(|pair| [pair.0, pair.1]).collect();
    for id in &ids {
        let own: Vec<_> = all
            .iter()
            .filter(|pair| pair.0 == *id || pair.1 == *id)
            .cloned()
            .collect();
        assert_eq!(found(None, vec![*id]), own);
    }
    assert_eq!(found(None, ids.into_iter().collect()), all);
}

#[test]
fn a_type_that_does_not_exist_is_refused() {
    let (base, _) = base();
    let request = Request {
        kind: Some("robot".to_owned()),
        ..Request::default()
    };
    let error = base
        .store
        .read(&base.caller, |tx| dupes::find(tx, &request))
        .unwrap_err();
    assert!(error.message().contains("robot"));
}

#[test]
fn the_trash_is_no_duplicate() {
    let (mut base, ids) = base();
    base.write(|tx| trash::remove(tx, Noun::Customer, &[ids[2]]));
    assert!(
        !pairs(&base, &Request::default())
            .iter()
            .any(|(one, other)| *one == ids[2] || *other == ids[2])
    );
}

#[test]
fn who_is_said_to_be_another_is_not_shown_again() {
    let (mut base, ids) = base();
    let all = Request::default();
    assert!(pairs(&base, &all).contains(&(ids[1], ids[2])));
    let before = base.image();
    base.write(|tx| dupes::distinguish(tx, &[ids[2], ids[1]]));
    assert!(!pairs(&base, &all).contains(&(ids[1], ids[2])));
    assert_eq!(
        base.read(|tx| dupes::distinct(tx, Some(ids[2]))),
        [(ids[1], ids[2])]
    );
    let said = base.image();
    // Once is enough.
    assert!(!base.write(|tx| dupes::distinguish(tx, &[ids[1], ids[2]])).changed);
    assert_eq!(base.image(), said);
    base.undo();
    assert_eq!(base.image(), before);
    assert!(pairs(&base, &all).contains(&(ids[1], ids[2])));
    base.write(|tx| dupes::distinguish(tx, &[ids[1], ids[2]]));
    base.write(|tx| dupes::reconsider(tx, &[ids[2], ids[1]]));
    assert!(pairs(&base, &all).contains(&(ids[1], ids[2])));
    assert!(
        base.refused(|tx| dupes::reconsider(tx, &[ids[2], ids[1]]))
            .1
            .contains("nobody")
    );
    assert!(
        base.refused(|tx| dupes::distinguish(tx, &[ids[2], ids[2]]))
            .1
            .contains("twice")
    );
    assert!(
        base.refused(|tx| dupes::distinguish(tx, &[ids[2]]))
            .1
            .contains("two customers")
    );
    base.check();
}

#[test]
fn what_was_said_outlives_a_merge() {
    let (mut base, ids) = base();
    // Of 1, 2 and 3 each is another; 3 becomes 0, and then 1 becomes 0 too.
    base.write(|tx| dupes::distinguish(tx, &[ids[1], ids[2], ids[3]]));
    let before = base.image();
    base.write(|tx| merge::merge(tx, ids[0], &[ids[3]], &Choices::default()));
    let told = base.read(|tx| dupes::distinct(tx, Some(ids[0])));
    assert_eq!(told, [(ids[0], ids[1]), (ids[0], ids[2])]);
    base.undo();
    assert_eq!(base.image(), before);
    base.write(|tx| merge::merge(tx, ids[1], &[ids[2]], &Choices::default()));
    assert_eq!(base.read(|tx| dupes::distinct(tx, None)), [(ids[1], ids[3])]);
    // A merged one means its survivor.
    base.write(|tx| dupes::reconsider(tx, &[ids[2], ids[3]]));
    assert_eq!(base.read(|tx| dupes::distinct(tx, None)), []);
    base.check();
}

#[test]
fn namesakes_are_named_where_more_than_the_name_speaks_for_it() {
    let mut base = Base::new();
    let first = base.write(|tx| new_customer(tx, "name=Robert Quittenbaum; city=Leeds; birthday=1985-05-17"));
    let second = base.write(|tx| new_customer(tx, "name=Robert Quittenbaum; city=Leeds"));
    let other = base.write(|tx| new_customer(tx, "name=Ann Lee"));
    let found = base.read(|tx| dupes::namesakes(tx, second));
    assert_eq!(found.iter().map(|pair| pair.other).collect::<Vec<_>>(), [first]);
    assert_eq!(base.read(|tx| dupes::namesakes(tx, other)), []);
}
