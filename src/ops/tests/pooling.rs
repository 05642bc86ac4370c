//! Public pools: who is taken back on which day, who may claim, and what is noted of it.

use jiff::tz::TimeZone;

use super::{Base, assignments};
use crate::domain::actor::Caller;
use crate::domain::clock::Clock;
use crate::domain::id::Id;
use crate::domain::noun::Noun;
use crate::ops::draft::Lists;
use crate::ops::pool::{self, Recycled, claim, give, release};
use crate::ops::tests::taking_back::new_customer;
use crate::ops::typed::Policy;
use crate::ops::{activity, assignment, customer, deal, list, merge, team, user};
use crate::store::pools::{self, Wanted};
use crate::store::records;

fn add_pool(base: &mut Base, text: &str) -> Id {
    base.write(|tx| pool::add(tx, &assignments(text), &Policy::strict()))
        .id
}

fn add_user(base: &mut Base, name: &str) -> Id {
    let given = assignments(&format!("name={name}"));
    base.write(|tx| user::add(tx, &given, &Policy::strict())).id
}

fn lead(base: &mut Base, text: &str) -> Id {
    base.write(|tx| new_customer(tx, &format!("lifecycle=lead; {text}")))
}

fn set(base: &mut Base, id: Id, text: &str) {
    let given = assignments(text);
    base.write(|tx| customer::edit(tx, id, &given, Lists::Replace, &Policy::strict()));
}

fn call(base: &mut Base, id: Id) {
    let given = assignments(&format!("type=call; text=hello; customer={}", id.uid()));
    base.write(|tx| activity::add(tx, &given, &Policy::strict()));
}

fn recycle(base: &mut Base) -> Recycled {
    base.write(|tx| pool::recycle(tx, None))
}

fn taken(recycled: &Recycled) -> Vec<Id> {
    recycled.taken.iter().map(|warning| warning.customer).collect()
}

fn place(base: &Base, id: Id) -> String {
    base.shown(Noun::Customer, id, "owner pool pooled_on")
}

/// What was noted of a customer, the oldest first.
fn log(base: &Base, customer: Id) -> Vec<String> {
    let wanted = Wanted {
        pool: None,
        customer: Some(customer),
    };
    let mut lines = Vec::new();
    base.read(|tx| {
        pools::list(tx, wanted, &mut |entry| {
            lines.push(format!("{}: {}", entry.reason.name(), entry.why));
            Ok(std::ops::ControlFlow::Continue(()))
        })
    });
    lines.reverse();
    lines
}

/// The base in the hands of another user.
fn as_user(base: &mut Base, name: &str) -> Caller {
    let actor = base.store.actor(name).expect("a user");
    let other = Caller {
        actor,
        ..base.caller.clone()
    };
    std::mem::replace(&mut base.caller, other)
}

/// Leads of 2 March: one is called on the 20th, one is locked, one has a deal, one was won, one is nobody's. After thirty days,
/// on 1 April, the first of them goes, and on 19 April the one that was called.
#[test]
fn whoever_nobody_follows_up_is_taken_back_once() {
    let mut base = Base::new();
    add_pool(&mut base, "key=east; no_follow_up=30; warn=5; filter=");
    let plain = lead(&mut base, "name=张伟; owner=self");
    let called = lead(&mut base, "name=Nora; owner=self");
    let locked = lead(&mut base, "name=Olaf; owner=self; locked=yes");
    let open = lead(&mut base, "name=Pia; owner=self");
    let none = lead(&mut base, "name=Quinn; owner=self; disqualified_reason=spam");
    let nobody = lead(&mut base, "name=Rob");
    base.write(|tx| deal::add(tx, &assignments("name=Depot; customer=C4"), &Policy::strict()));
    base.on("2026-03-20");
    call(&mut base, called);
    base.on("2026-03-31");
    assert!(recycle(&mut base).taken.is_empty());
    let warned = base.read(|tx| pool::warnings(tx, None, None));
    assert_eq!((warned.len(), warned[0].customer, warned[0].days), (1, plain, 1));
    base.on("2026-04-01");
    let before = base.image();
    let first = recycle(&mut base);
    assert_eq!(taken(&first), [plain]);
    assert_eq!(first.taken[0].why, "no follow-up for 30 days, since 2026-03-02");
    assert_eq!(place(&base, plain), "|east|2026-04-01");
    assert!(!base.shown(Noun::Customer, plain, "intervals").is_empty());
    assert!(recycle(&mut base).taken.is_empty(), "a second run takes nobody");
    base.check();
    base.undo();
    assert_eq!(base.image(), before);
    base.on("2026-04-19");
    assert_eq!(taken(&recycle(&mut base)), [plain, called]);
    for id in [locked, open, none] {
        assert!(place(&base, id).starts_with("self|"), "{}", place(&base, id));
    }
    assert_eq!(place(&base, nobody), "||");
}

/// Who is warned of is found by the word too, alone and with others, and a pool cannot go by what pools do.
#[test]
fn whom_a_pool_warns_of_is_found_by_a_word() {
    let mut base = Base::new();
    add_pool(&mut base, "key=east; no_follow_up=30; warn=5; filter=");
    let soon = lead(&mut base, "name=张伟; owner=self");
    let called = lead(&mut base, "name=Nora; owner=self");
    let nobody = lead(&mut base, "name=Rob");
    base.on("2026-03-20");
    call(&mut base, called);
    let found = |base: &Base, filter: &str| {
        let filters = [filter.to_owned()];
        base.read(|tx| {
            let condition = list::condition(tx, Noun::Customer, &filters)?;
            records::ids(tx, Noun::Customer, &condition)
        })
    };
    for (day, expected) in [
        ("2026-03-26", vec![]),
        ("2026-03-27", vec![soon]),
        ("2026-04-12", vec![soon]),
    ] {
        base.on(day);
        assert_eq!(found(&base, "is:recycling"), expected, "{day}");
        let warned = base.read(|tx| pool::warnings(tx, None, None));
        let warned: Vec<Id> = warned.iter().map(|warning| warning.customer).collect();
        assert_eq!(warned, expected, "{day}");
    }
    base.on("2026-04-14");
    assert_eq!(found(&base, "is:leaving"), [called, soon]);
    assert_eq!(found(&base, "is:recycling name:nora"), [called]);
    assert_eq!(found(&base, "not is:recycling"), [nobody]);
    assert_eq!(found(&base, "is:recycling or no:owner"), [nobody, called, soon]);
    add_pool(&mut base, "key=west; no_follow_up=1; filter=is:recycling");
    let broken = recycle(&mut base).broken;
    assert_eq!((broken.len(), broken[0].0.as_str()), (1, "west"));
    assert_eq!(
        found(&base, "is:recycling"),
        [called],
        "who is in the pool is not taken again"
    );
}

/// The day is that of the pool: in Shanghai 1 April begins at 16:00 UTC on 31 March.
#[test]
fn the_set_is_that_of_the_day_at_whatever_hour_and_wherever_it_runs() {
    let mut base = Base::new();
    add_pool(&mut base, "key=east; no_follow_up=30; zone=Asia/Shanghai");
    for number in 0..20 {
        // Twenty leads at hours of two days, some of them at both ends of a day in Shanghai.
        let at = format!("2026-03-01T{number:02}:30:00Z");
        base.caller.clock = Clock::new(at.parse().expect("an instant"), TimeZone::UTC);
        lead(&mut base, &format!("name=L{number}; owner=self"));
    }
    let at = |base: &mut Base, now: &str, zone: &str| {
        base.caller.clock = Clock::new(
            now.parse().expect("an instant"),
            TimeZone::get(zone).expect("a zone"),
        );
        let caller = base.caller.clone();
        let found = base
            .store
            .rehearse(&caller, |tx| pool::recycle(tx, None))
            .expect("a run");
        taken(&found)
    };
    let mut of_day = Vec::new();
    for (now, zone) in [
        ("2026-03-30T16:00:00Z", "UTC"),
        ("2026-03-30T23:59:59Z", "America/Los_Angeles"),
        ("2026-03-31T03:00:00Z", "Asia/Shanghai"),
        ("2026-03-31T15:59:59Z", "Pacific/Kiritimati"),
    ] {
        of_day.push(at(&mut base, now, zone));
    }
    // Sixteen of them were added before 1 March ended in Shanghai.
    assert_eq!(of_day[0].len(), 16);
    assert!(of_day.iter().all(|found| *found == of_day[0]));
    assert_eq!(at(&mut base, "2026-03-30T15:59:59Z", "UTC").len(), 0);
    assert_eq!(at(&mut base, "2026-03-31T16:00:00Z", "UTC").len(), 20);
}

#[test]
fn claims_are_refused_by_membership_cool_down_and_caps_and_say_until_when() {
    let mut base = Base::new();
    add_user(&mut base, "Ann");
    add_user(&mut base, "Ben");
    let given = assignments("name=North");
    base.write(|tx| team::add(tx, &given, &Policy::strict()));
    let ann = base.read(|tx| crate::ops::refer::one(tx, Noun::User, "Ann"));
    base.write(|tx| {
        user::edit(
            tx,
            ann,
            &assignments("team=North"),
            Lists::Replace,
            &Policy::strict(),
        )
    });
    let east = add_pool(
        &mut base,
        "key=east; members=North, self; cool_down=7; claim_per_day=2; own_limit=3; filter=lifecycle:lead",
    );
    assert_eq!(base.shown(Noun::Pool, east, "members"), "team:North\nself");
    let ids: Vec<Id> = ["A", "B", "C", "D", "E"]
        .map(|name| lead(&mut base, &format!("name={name}; owner=self")))
        .to_vec();
    for id in &ids {
        base.write(|tx| release(tx, *id, None, Some("no answer")));
    }
    assert_eq!(base.shown(Noun::Pool, east, "customers"), "5");
    assert_eq!(log(&base, ids[0]), ["release: given up by self: no answer"]);
    let refused = base.refused(|tx| claim(tx, ids[0]));
    assert_eq!(refused.0, "cool_down");
    assert!(
        refused.1.ends_with("after 7 days, on 2026-03-09"),
        "{}",
        refused.1
    );

    as_user(&mut base, "Ben");
    assert_eq!(base.refused(|tx| claim(tx, ids[0])).0, "members");
    as_user(&mut base, "Ann");
    base.write(|tx| claim(tx, ids[0]));
    base.write(|tx| claim(tx, ids[1]));
    let refused = base.refused(|tx| claim(tx, ids[2]));
    assert_eq!(refused.0, "claim_per_day");
    assert!(
        refused.1.ends_with("the next can be on 2026-03-03"),
        "{}",
        refused.1
    );
    assert_eq!(place(&base, ids[0]), "Ann||");
    let refused = base.refused(|tx| claim(tx, ids[0]));
    assert!(
        refused.1.contains("Ann looks after this customer"),
        "{}",
        refused.1
    );

    base.on("2026-03-03");
    as_user(&mut base, "Ann");
    base.write(|tx| claim(tx, ids[2]));
    assert_eq!(base.refused(|tx| claim(tx, ids[3])).0, "own_limit");
    // Whoever is no lead any more is not counted.
    set(&mut base, ids[0], "lifecycle=loyal");
    base.write(|tx| claim(tx, ids[3]));
    base.on("2026-03-09");
    as_user(&mut base, "self");
    base.write(|tx| claim(tx, ids[4]));
    assert_eq!(
        log(&base, ids[4]),
        ["release: given up by self: no answer", "claim: claimed from east"]
    );
    base.check();
}

#[test]
fn whoever_gets_an_owner_leaves_the_pool_whichever_way() {
    let mut base = Base::new();
    let ann = add_user(&mut base, "Ann");
    add_pool(&mut base, "key=east; filter=");
    let ids: Vec<Id> = ["A", "B", "C"]
        .map(|name| lead(&mut base, &format!("name={name}; owner=self")))
        .to_vec();
    for id in &ids {
        base.write(|tx| release(tx, *id, None, None));
    }
    // Who waits to be claimed is not given away by rule.
    let rule = assignments("key=web; members=Ann; filter=lifecycle:lead");
    base.write(|tx| assignment::add(tx, &rule, &Policy::strict()));
    assert!(base.write(|tx| assignment::run(tx, &[])).told.is_empty());
    base.write(|tx| give(tx, ids[0], ann));
    set(&mut base, ids[1], "owner=Ann");
    assert_eq!(
        (place(&base, ids[0]), place(&base, ids[1])),
        ("Ann||".to_owned(), "Ann||".to_owned())
    );
    assert_eq!(log(&base, ids[0])[1], "give: given to Ann by self");
    // A merge with somebody who is looked after takes them out too.
    base.write(|tx| {
        merge::merge(
            tx,
            ids[2],
            &[ids[1]],
            &merge::Choices {
                force: true,
                ..merge::Choices::default()
            },
        )
    });
    assert_eq!(place(&base, ids[2]), "Ann||");
    set(&mut base, ids[2], "pool=east");
    assert_eq!(place(&base, ids[2]), "|east|2026-03-02");
    let refused = base.refused(|tx| release(tx, ids[2], None, None));
    assert!(refused.1.contains("nobody looks after"), "{}", refused.1);
    base.check();
}

#[test]
fn a_pool_says_something_that_holds_and_follows_new_names() {
    let mut base = Base::new();
    let ann = add_user(&mut base, "Ann");
    let strict = Policy::strict();
    let north = base
        .write(|tx| team::add(tx, &assignments("name=North"), &Policy::strict()))
        .id;
    for (text, field) in [
        ("no_follow_up=30", "key"),
        ("key=a; no_follow_up=soon", "no_follow_up"),
        ("key=a; no_deal=30;D=10", "no_deal"),
        ("key=a; members=Nobody", "members"),
        ("key=a; filter=colour:red", "filter"),
        ("key=a; warn=-1", "warn"),
        ("key=a; zone=Europe/Nowhere", "zone"),
        ("key=a; own_limit=-1", "own_limit"),
    ] {
        // A text with `;` cannot be said so; the one with a level is tested below.
        if text.contains(";D") {
            continue;
        }
        let refused = base.refused(|tx| pool::add(tx, &assignments(text), &Policy::strict()));
        assert_eq!(refused.0, field, "{text}: {}", refused.1);
    }
    let id = add_pool(
        &mut base,
        "key=East; members=Ann, team:North; no_follow_up=30,a=60",
    );
    assert_eq!(
        base.shown(Noun::Pool, id, "key members no_follow_up filter zone"),
        "east|Ann\nteam:North|30;A=60|lifecycle:lead,qualified|UTC"
    );
    base.write(|tx| user::edit(tx, ann, &assignments("name=Anna"), Lists::Replace, &strict));
    base.write(|tx| {
        team::edit(
            tx,
            north,
            &assignments("name=Nord"),
            Lists::Replace,
            &Policy::strict(),
        )
    });
    assert_eq!(base.shown(Noun::Pool, id, "members"), "Anna\nteam:Nord");
}

#[test]
fn who_sees_only_their_own_sees_the_pool_too() {
    let mut base = Base::new();
    let ann = add_user(&mut base, "Ann");
    base.write(|tx| {
        user::edit(
            tx,
            ann,
            &assignments("scope=own"),
            Lists::Replace,
            &Policy::strict(),
        )
    });
    let ids: Vec<Id> = ["A", "B", "C"]
        .map(|name| lead(&mut base, &format!("name={name}; owner=self")))
        .to_vec();
    let seen = |base: &mut Base| {
        let own = as_user(base, "Ann");
        let found = base.read(|tx| {
            let all = crate::ops::list::condition(tx, Noun::Customer, &[])?;
            crate::store::records::ids(tx, Noun::Customer, &all)
        });
        base.caller = own;
        found
    };
    assert!(seen(&mut base).is_empty());
    add_pool(&mut base, "key=east");
    assert!(seen(&mut base).is_empty(), "nobody is in it yet");
    base.write(|tx| release(tx, ids[1], None, None));
    assert_eq!(seen(&mut base), [ids[1]]);
    let own = as_user(&mut base, "Ann");
    base.write(|tx| claim(tx, crate::ops::refer::one(tx, Noun::Customer, "C2")?));
    base.caller = own;
    assert_eq!(
        (place(&base, ids[1]), seen(&mut base)),
        ("Ann||".to_owned(), vec![ids[1]])
    );
}
