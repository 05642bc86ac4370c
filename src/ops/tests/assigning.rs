//! Who gets which lead: rules in their order, rings that keep their place, and a log that says why.

use jiff::Span;

use super::{Base, assignments};
use crate::domain::id::Id;
use crate::domain::noun::Noun;
use crate::ops::assignment::{self, Given};
use crate::ops::customer::OnDuplicate;
use crate::ops::draft::Lists;
use crate::ops::merge::Choices;
use crate::ops::tests::taking_back::new_customer;
use crate::ops::typed::Policy;
use crate::ops::{handover, merge, refer, tag, trash, user};
use crate::store::assignments::{self as log, Wanted};

fn with_users(base: &mut Base, names: &[&str]) -> Vec<Id> {
    let add = |name: &&str| {
        let given = assignments(&format!("name={name}"));
        base.write(|tx| user::add(tx, &given, &Policy::strict())).id
    };
    names.iter().map(add).collect()
}

fn rule(base: &mut Base, text: &str) -> Id {
    base.write(|tx| assignment::add(tx, &assignments(text), &Policy::strict()))
        .id
}

fn lead(base: &mut Base, text: &str) -> Id {
    base.write(|tx| new_customer(tx, &format!("lifecycle=lead; {text}")))
}

fn run(base: &mut Base) -> Given {
    base.write(|tx| assignment::run(tx, &[]))
}

fn owner(base: &Base, id: Id) -> String {
    base.shown(Noun::Customer, id, "owner")
}

fn reasons(base: &Base) -> Vec<String> {
    let mut found = Vec::new();
    base.read(|tx| {
        log::list(tx, Wanted::default(), &mut |entry| {
            found.push(entry.why);
            Ok(std::ops::ControlFlow::Continue(()))
        })
    });
    found.reverse();
    found
}

#[test]
fn members_take_turns_across_runs_and_undo_gives_the_turn_back() {
    let mut base = Base::new();
    with_users(&mut base, &["Ann", "Ben", "陈晓"]);
    let web = rule(&mut base, "key=web; members=Ann, Ben, 陈晓");
    let before = base.image();
    let ids: Vec<Id> = ["One", "Two", "Three", "Four"]
        .iter()
        .map(|name| lead(&mut base, &format!("name={name}")))
        .collect();
    let prospect = base.write(|tx| new_customer(tx, "name=Nobody"));
    let mine = lead(&mut base, "name=Mine; owner=Ben");
    assert_eq!(run(&mut base).told.len(), 4);
    let owners: Vec<String> = ids.iter().map(|id| owner(&base, *id)).collect();
    assert_eq!(owners, ["Ann", "Ben", "陈晓", "Ann"]);
    assert_eq!(
        (owner(&base, prospect), owner(&base, mine)),
        (String::new(), "Ben".to_owned())
    );
    assert_eq!(
        reasons(&base)[..2],
        ["round robin: Ann begins", "round robin: Ben comes after Ann"]
    );
    assert_eq!(
        base.shown(Noun::Assignment, web, "last given filter position"),
        "Ann|4|lifecycle:lead|1"
    );

    // Nothing is left to do, and what was done is not done again.
    assert_eq!(run(&mut base), Given::default());
    let fifth = lead(&mut base, "name=Five");
    run(&mut base);
    assert_eq!(owner(&base, fifth), "Ben");
    base.undo();
    assert_eq!((owner(&base, fifth), reasons(&base).len()), (String::new(), 4));
    run(&mut base);
    assert_eq!(owner(&base, fifth), "Ben");
    for _ in 0..9 {
        base.undo();
    }
    assert_eq!(base.image(), before);
    base.check();
}

#[test]
fn who_left_is_passed_over_and_a_new_name_is_followed() {
    let mut base = Base::new();
    let users = with_users(&mut base, &["Ann", "Ben"]);
    let web = rule(&mut base, "key=web; members=Ann\nBen");
    base.write(|tx| {
        user::edit(
            tx,
            users[0],
            &assignments("status=disabled"),
            Lists::Replace,
            &Policy::strict(),
        )
    });
    let one = lead(&mut base, "name=One");
    run(&mut base);
    assert_eq!(owner(&base, one), "Ben");
    assert_eq!(reasons(&base), ["round robin: Ben begins; Ann is not at work"]);
    base.write(|tx| {
        user::edit(
            tx,
            users[0],
            &assignments("name=Anna; status=active"),
            Lists::Replace,
            &Policy::strict(),
        )
    });
    let two = lead(&mut base, "name=Two");
    run(&mut base);
    assert_eq!(
        (owner(&base, two), base.shown(Noun::Assignment, web, "members")),
        ("Anna".to_owned(), "Anna\nBen".to_owned())
    );
    let cid = with_users(&mut base, &["Cid"])[0];
    base.write(|tx| tag::add(tx, &assignments("name=vip"), &Policy::strict()));
    base.write(|tx| {
        assignment::edit(
            tx,
            web,
            &assignments("members=Cid,Ben; filter=+vip"),
            Lists::Replace,
            &Policy::strict(),
        )
    });
    base.write(|tx| trash::remove(tx, Noun::User, &[cid]));
    let three = lead(&mut base, "name=Three; tags=vip");
    assert_eq!(run(&mut base).unknown, [("web".to_owned(), "Cid".to_owned())]);
    assert_eq!(owner(&base, three), "Ben");
    let vip = base.read(|tx| refer::one(tx, Noun::Tag, "vip"));
    base.write(|tx| {
        tag::edit(
            tx,
            vip,
            &assignments("name=gold"),
            Lists::Replace,
            &Policy::strict(),
        )
    });
    assert_eq!(base.shown(Noun::Assignment, web, "filter"), "+gold");
    // A rule that means nothing any more is told of, and keeps no other from its work.
    base.write(|tx| trash::remove(tx, Noun::Tag, &[vip]));
    rule(&mut base, "key=rest; members=Ben");
    let four = lead(&mut base, "name=Four");
    let given = run(&mut base);
    assert_eq!((given.broken.len(), given.broken[0].0.as_str()), (1, "web"));
    assert_eq!(owner(&base, four), "Ben");
    base.check();
}

#[test]
fn rules_are_asked_in_order_and_a_cap_is_one_of_the_month() {
    let mut base = Base::new();
    with_users(&mut base, &["Ann", "Ben", "Cid"]);
    rule(&mut base, "key=rest; members=Cid; position=9; filter=");
    rule(
        &mut base,
        "key=big; members=Ann;cap=1; filter=level:A; position=1; strategy=fixed",
    );
    let big = lead(&mut base, "name=Big; level=A");
    let bigger = lead(&mut base, "name=Bigger; level=A");
    run(&mut base);
    // The first rule has nobody for the second: the next one is asked.
    assert_eq!(
        (owner(&base, big), owner(&base, bigger)),
        ("Ann".to_owned(), "Cid".to_owned())
    );
    // In April Ann has none yet.
    base.caller.clock = super::caller(base.caller.actor.clone()).clock;
    let later = base
        .caller
        .clock
        .now()
        .checked_add(Span::new().hours(24 * 40))
        .unwrap();
    base.caller.clock = crate::domain::clock::Clock::new(later, base.caller.clock.zone().clone());
    let next = lead(&mut base, "name=Next; level=A");
    run(&mut base);
    assert_eq!(owner(&base, next), "Ann");
}

#[test]
fn territories_weights_busy_people_and_fallbacks() {
    let mut base = Base::new();
    with_users(&mut base, &["Ann", "Ben", "Cid"]);
    let id = rule(
        &mut base,
        "key=where; strategy=territory; members=Ann;where=city:北京\nBen;where=city:Kiel or city:Bonn; fallback=Cid",
    );
    let north = lead(&mut base, "name=李雷; city=北京");
    let bonn = lead(&mut base, "name=Bonn AG; type=company; city=Bonn");
    let ulm = lead(&mut base, "name=Ulm; city=Ulm");
    let told = run(&mut base);
    assert_eq!(
        [north, bonn, ulm].map(|id| owner(&base, id)),
        ["Ann", "Ben", "Cid"]
    );
    assert_eq!(
        told.told[2].why,
        "fallback: nobody can take it: it is in no territory"
    );
    let edit = |base: &mut Base, text: &str| {
        base.write(|tx| assignment::edit(tx, id, &assignments(text), Lists::Replace, &Policy::strict()));
    };
    // Ann has one lead in hand, Ben two.
    edit(&mut base, "strategy=least_busy; members=Ben,Ann");
    lead(&mut base, "name=Bens; owner=Ben");
    let four = lead(&mut base, "name=Four");
    run(&mut base);
    assert_eq!(owner(&base, four), "Ann");
    // 3 : 1 over eight single runs, each of which takes up where the last one ended.
    edit(&mut base, "strategy=weighted; members=Ann;weight=3\nBen");
    let mut owners = Vec::new();
    for at in 0..8 {
        let id = lead(&mut base, &format!("name=W{at}"));
        run(&mut base);
        owners.push(owner(&base, id));
    }
    assert_eq!(owners, ["Ann", "Ann", "Ben", "Ann", "Ann", "Ann", "Ben", "Ann"]);
    base.check();
}

#[test]
fn a_customer_is_assigned_as_it_is_added_and_the_log_follows_a_merge() {
    let mut base = Base::new();
    with_users(&mut base, &["Ann"]);
    rule(&mut base, "key=web; members=Ann");
    let add = |base: &mut Base, text: &str| {
        let given = assignments(text);
        base.write(|tx| assignment::add_lead(tx, &given, OnDuplicate::Refuse, &Policy::strict()))
    };
    let (one, told) = add(&mut base, "name=One; lifecycle=lead");
    assert_eq!(
        told.and_then(|told| told.user).map(|user| user.name).as_deref(),
        Some("Ann")
    );
    let (two, told) = add(&mut base, "name=Two");
    assert_eq!((owner(&base, two.id), told), (String::new(), None));
    base.write(|tx| {
        merge::merge(
            tx,
            two.id,
            &[one.id],
            &Choices {
                force: true,
                ..Choices::default()
            },
        )
    });
    let wanted = Wanted {
        rule: None,
        customer: Some(two.id),
    };
    let mut found = 0;
    base.read(|tx| {
        log::list(tx, wanted, &mut |_| {
            found += 1;
            Ok(std::ops::ControlFlow::Continue(()))
        })
    });
    assert_eq!(found, 1);
    base.check();
}

#[test]
fn what_cannot_work_is_refused() {
    let mut base = Base::new();
    let users = with_users(&mut base, &["Ann"]);
    for (text, field) in [
        ("key=web", "members"),
        ("key=web; members=Nobody", "members"),
        ("key=web; members=Ann; filter=citty:Bonn", "filter"),
        (
            "key=web; members=Ann;where=citty:Bonn; strategy=territory",
            "members",
        ),
        ("key=web; members=Ann;where=city:Bonn", "members"),
        ("key=web; members=Ann; strategy=random", "strategy"),
        ("members=Ann", "key"),
    ] {
        let refused = base.refused(|tx| assignment::add(tx, &assignments(text), &Policy::strict()));
        assert_eq!(refused.0, field, "{text}");
    }
    let id = rule(&mut base, "key=off; members=Ann; active=no");
    lead(&mut base, "name=One");
    assert_eq!(run(&mut base), Given::default());
    base.write(|tx| {
        assignment::edit(
            tx,
            id,
            &assignments("active=yes"),
            Lists::Replace,
            &Policy::strict(),
        )
    });
    base.write(|tx| trash::remove(tx, Noun::Assignment, &[id]));
    assert_eq!(run(&mut base), Given::default());
    base.write(|tx| trash::restore(tx, Noun::Assignment, &[id]));
    base.write(|tx| {
        user::edit(
            tx,
            users[0],
            &assignments("status=disabled"),
            Lists::Replace,
            &Policy::strict(),
        )
    });
    let told = run(&mut base).told;
    assert_eq!(told.len(), 1);
    assert_eq!(
        (told[0].user.clone(), told[0].why.as_str()),
        (None, "nobody can take it: Ann is not at work")
    );
}

/// Fifty runs of thirty leads each, with users leaving and coming back between them: whoever is at work gets as many as the
/// others or one more, whoever is away gets none, and two who never left stay within one of each other all the time.
#[test]
fn turns_stay_fair_while_users_leave_and_return() {
    const RUNS: usize = 50;
    const LEADS: usize = 30;
    let mut base = Base::new();
    let names = ["Ann", "Ben", "Cat", "陈晓", "Eve"];
    let users = with_users(&mut base, &names);
    rule(&mut base, "key=web; members=Ann, Ben, Cat, 陈晓, Eve");
    let mut all = [0_usize; 5];
    for turn in 0..RUNS {
        // Ann and Eve always work, the others by turns of three, four and five runs.
        let is_at_work = [true, turn % 3 != 0, turn % 4 != 1, turn % 5 < 3, true];
        for (user, works) in users.iter().zip(is_at_work) {
            base.write(|tx| match works {
                true => handover::enable(tx, *user).map(drop),
                false => handover::disable(tx, *user, handover::Work::Kept).map(drop),
            });
        }
        base.write(|tx| {
            for number in 0..LEADS {
                new_customer(tx, &format!("lifecycle=lead; name=L{turn}-{number}"))?;
            }
            Ok(())
        });
        let mut given = [0_usize; 5];
        for told in run(&mut base).told {
            let user = told.user.expect("somebody is at work").id;
            let seat = users.iter().position(|known| *known == user).expect("a member");
            given[seat] += 1;
        }
        let at_work: Vec<usize> = (0..5)
            .filter(|seat| is_at_work[*seat])
            .map(|seat| given[seat])
            .collect();
        let (least, most) = (at_work.iter().min().unwrap(), at_work.iter().max().unwrap());
        assert!(most - least <= 1, "run {turn}: {given:?}");
        assert_eq!(at_work.iter().sum::<usize>(), LEADS, "whoever is away gets none");
        for (sum, more) in all.iter_mut().zip(given) {
            *sum += more;
        }
        assert!(all[0].abs_diff(all[4]) <= 1, "run {turn}: {all:?}");
    }
    assert_eq!(all.iter().sum::<usize>(), RUNS * LEADS);
}
