//! Points of customers: what rules give, why, and what is kept of it.

use super::{Base, assignments};
use crate::domain::id::Id;
use crate::domain::noun::Noun;
use crate::ops::draft::Lists;
use crate::ops::qualification::{Disqualifying, disqualify};
use crate::ops::score::{self, Ran};
use crate::ops::tests::taking_back::new_customer;
use crate::ops::typed::Policy;
use crate::ops::{activity, deal, list, order, tag, trash};
use crate::store::records;
use crate::store::scores::{self, Points};

fn rule(base: &mut Base, text: &str) -> Id {
    base.write(|tx| score::add(tx, &assignments(text), &Policy::strict()))
        .id
}

fn someone(base: &mut Base, text: &str) -> Id {
    base.write(|tx| new_customer(tx, text))
}

fn call(base: &mut Base, id: Id, day: &str) -> Id {
    let given = format!(
        "type=call; text=hello; direction=in; at={day}T10:00:00Z; customer={}",
        id.uid()
    );
    base.write(|tx| activity::add(tx, &assignments(&given), &Policy::strict()))
        .id
}

fn run(base: &mut Base) -> Ran {
    base.write(|tx| score::run(tx, &[], None))
}

fn kept(base: &Base, id: Id) -> String {
    base.shown(Noun::Customer, id, "score_fit score_engagement score")
}

/// What each rule gives, as `key times whole faded given`.
fn reasons(base: &Base, id: Id) -> Vec<String> {
    let counted = base.read(|tx| score::of(tx, id));
    let line = |reason: &score::Reason| {
        let given = reason.given;
        let numbers = [given.times, given.whole, given.faded, given.given].map(|number| number.to_string());
        format!("{} {}", reason.rule.key, numbers.join(" "))
    };
    counted.reasons.iter().map(line).collect()
}

/// On 2026-03-02 a vip with calls of today, ten days and forty days ago: 30 for the label, 10 + 6 + 0 for the calls, of
/// which a cap leaves 12, and 5 for a deal.
#[test]
fn fit_and_engagement_are_apart_and_each_point_has_its_reason() {
    let mut base = Base::new();
    let vip = someone(&mut base, "name=张伟; tags=vip");
    let other = someone(&mut base, "name=Nora");
    rule(&mut base, "key=vip; points=30; filter=+vip");
    rule(
        &mut base,
        "key=calls; points=10; event=activity; filter=type:call; cap=12; decay=30",
    );
    rule(&mut base, "key=deals; points=5; event=deal; side=fit");
    rule(&mut base, "key=off; points=500; filter=+vip; active=no");
    for day in ["2026-03-02", "2026-02-20", "2026-01-21"] {
        call(&mut base, vip, day);
    }
    let note = format!("type=note; text=x; customer={}", other.uid());
    base.write(|tx| activity::add(tx, &assignments(&note), &Policy::strict()));
    base.write(|tx| deal::add(tx, &assignments("name=Depot; customer=C1"), &Policy::strict()));
    assert_eq!(
        reasons(&base, vip),
        ["calls 2 20 16 12", "deals 1 5 5 5", "vip 1 30 30 30"]
    );
    assert!(reasons(&base, other).is_empty(), "a mere note is none");

    let before = base.image();
    let ran = run(&mut base);
    assert_eq!(ran.changes.len(), 1);
    assert_eq!(
        ran.changes[0].after,
        Points {
            fit: 35,
            engagement: 12
        }
    );
    assert_eq!(
        (kept(&base, vip), kept(&base, other)),
        ("35|12|47".to_owned(), "||".to_owned())
    );
    assert!(run(&mut base).changes.is_empty(), "a second run changes nothing");
    base.check();
    let lines = |image: &str| image.lines().count();
    assert_eq!(lines(&base.image()), lines(&before), "no row is made by it");

    // Twelve days later 6 of the first and 2 of the second call are left, and of the label nothing: it was taken off.
    base.on("2026-03-14");
    base.write(|tx| {
        tag::edit(
            tx,
            crate::ops::refer::one(tx, Noun::Tag, "vip")?,
            &assignments("name=gold"),
            Lists::Add,
            &Policy::strict(),
        )
    });
    assert_eq!(
        base.read(|tx| Ok(score::load(tx, scores::active(tx)?[2])?.filter)),
        "+gold"
    );
    let given = assignments("tags=");
    base.write(|tx| crate::ops::customer::edit(tx, vip, &given, Lists::Replace, &Policy::strict()));
    let ran = run(&mut base);
    assert_eq!(
        ran.changes[0].after,
        Points {
            fit: 5,
            engagement: 8
        }
    );
    assert_eq!(kept(&base, vip), "5|8|13");
    let found = base.read(|tx| {
        let condition = list::condition(tx, Noun::Customer, &["score:>10 score_fit:..5".to_owned()])?;
        records::ids(tx, Noun::Customer, &condition)
    });
    assert_eq!(found, [vip]);
}

#[test]
fn the_score_is_of_the_day_and_not_of_the_hour() {
    let mut base = Base::new();
    let id = someone(&mut base, "name=Olaf");
    rule(&mut base, "key=calls; points=100; event=activity; decay=10");
    call(&mut base, id, "2026-03-01");
    for hour in ["00:00:01", "11:59:59", "23:59:59"] {
        let now = format!("2026-03-02T{hour}Z").parse().expect("an instant");
        base.caller.clock = crate::domain::clock::Clock::new(now, jiff::tz::TimeZone::UTC);
        assert_eq!(reasons(&base, id), ["calls 1 100 90 90"], "{hour}");
    }
}

#[test]
fn orders_count_once_both_sides_are_bound() {
    let mut base = Base::new();
    let id = someone(&mut base, "name=Pia");
    rule(&mut base, "key=orders; points=7; event=order");
    let given = assignments("customer=C1; name=Scanner; lines=2 x Scanner @10");
    let made = base.write(|tx| order::add(tx, &given, &Policy::strict())).id;
    assert!(reasons(&base, id).is_empty());
    base.write(|tx| {
        order::edit(
            tx,
            made,
            &assignments("status=confirmed"),
            Lists::Replace,
            &Policy::strict(),
        )
    });
    assert_eq!(reasons(&base, id), ["orders 1 7 7 7"]);
    base.write(|tx| trash::remove(tx, Noun::Order, &[made]));
    assert!(reasons(&base, id).is_empty());
}

#[test]
fn leads_with_enough_points_are_qualified_and_nobody_goes_back() {
    let mut base = Base::new();
    rule(&mut base, "key=here; points=60; filter=city:Ulm");
    let ids = ["lead", "prospect", "loyal"].map(|lifecycle| {
        someone(
            &mut base,
            &format!("name=Q {lifecycle}; city=Ulm; lifecycle={lifecycle}"),
        )
    });
    let none = someone(&mut base, "name=Rob; city=Ulm; lifecycle=lead");
    let spam = Disqualifying {
        reason: "spam".to_owned(),
        ..Disqualifying::default()
    };
    base.write(|tx| disqualify(tx, none, &spam));
    let lifecycles = |base: &Base| {
        ids.map(|id| base.shown(Noun::Customer, id, "lifecycle"))
            .join(" ")
    };
    base.write(|tx| score::run(tx, &[], Some(61)));
    assert_eq!(lifecycles(&base), "lead prospect loyal");
    let ran = base.write(|tx| score::run(tx, &[], Some(60)));
    assert_eq!(ran.changes.iter().filter(|change| change.raised).count(), 2);
    assert_eq!(lifecycles(&base), "qualified qualified loyal");
    assert_eq!(base.shown(Noun::Customer, none, "lifecycle"), "lead");
    base.undo();
    assert_eq!(lifecycles(&base), "lead prospect loyal");
    base.check();
}

#[test]
fn a_rule_says_something_that_holds() {
    let mut base = Base::new();
    for (text, field) in [
        ("key=a; filter=is:person", "points"),
        ("key=a; points=0; filter=is:person", "points"),
        ("key=a; points=1001; filter=is:person", "points"),
        ("key=a; points=5", "filter"),
        ("key=a; points=5; filter=colour:red", "filter"),
        ("key=a; points=5; event=deal; filter=city:Ulm", "filter"),
        ("key=a; points=5; event=form; filter=nowhere", "filter"),
        ("key=a; points=5; event=click", "event"),
        ("key=a; points=5; filter=is:person; decay=10", "decay"),
        ("key=a; points=5; event=deal; decay=0", "decay"),
        ("key=a; points=5; event=deal; cap=-1", "cap"),
        ("points=5; filter=is:person", "key"),
    ] {
        let refused = base.refused(|tx| score::add(tx, &assignments(text), &Policy::strict()));
        assert_eq!(refused.0, field, "{text}: {}", refused.1);
    }
    let id = rule(&mut base, "key=Große Firma; points=5; filter=is:company");
    assert_eq!(
        base.shown(Noun::Score, id, "key side points active"),
        "grosse_firma|fit|5|true"
    );
}
