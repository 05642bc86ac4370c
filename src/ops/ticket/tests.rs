use super::join;
use super::steps::{self, Solution};
use super::talk::{self, Said};
use super::*;
use crate::ops::tests::{Base, assignments};
use crate::ops::{customer, employment, find, list, trash, undo, user};
use crate::store::records;

/// A base with a company, two of its people, a user beside the first, and today at noon of 2026-03-02.
fn base() -> Base {
    let mut base = Base::new();
    let strict = Policy::strict();
    base.write(|tx| {
        let new = customer::OnDuplicate::Create;
        for text in [
            "name=Kuxun; type=company",
            "name=Jürgen Weiß; type=person; company=Kuxun",
            "name=张伟; type=person",
        ] {
            customer::add(tx, &assignments(text), new, &strict)?;
        }
        user::add(tx, &assignments("name=Mara"), &strict)
    });
    base
}

fn added(base: &mut Base, text: &str) -> Id {
    base.write(|tx| add(tx, &assignments(text), &Policy::strict())).id
}

fn state(base: &Base, id: Id) -> String {
    base.shown(Noun::Ticket, id, "step wait status")
}

fn said(text: &str) -> Said<'_> {
    Said {
        text,
        ..Said::default()
    }
}

fn solved(text: &str) -> Solution<'_> {
    Solution {
        solution: Some(text),
        ..Solution::default()
    }
}

/// The stays of a ticket in words: step, wait, hours.
fn stays(base: &Base, id: Id) -> String {
    let all = base.read(|tx| tickets::stays(tx, id));
    let words = all.iter().map(|stayed| {
        let stay = stayed.stay;
        let hours = stay
            .left_at
            .map(|left| left.duration_since(stay.entered_at).as_hours());
        let wait = match stay.wait {
            Wait::Nobody => String::new(),
            wait => format!("/{}", wait.name()),
        };
        format!(
            "{}{wait} {}",
            stay.step.name(),
            hours.map_or("-".to_owned(), |hours| hours.to_string())
        )
    });
    words.collect::<Vec<_>>().join(", ")
}

#[test]
fn a_ticket_goes_through_all_steps() {
    let mut base = base();
    let id = added(
        &mut base,
        "name=Scanner broken; customer=Kuxun; received_at=2026-03-02 08:00",
    );
    assert_eq!(state(&base, id), "received|none|open");
    assert_eq!(
        base.shown(Noun::Ticket, id, "id name priority customer.name"),
        "K1|Scanner broken|normal|Kuxun"
    );
    base.write(|tx| steps::assign(tx, id, steps::user(tx, "Mara")?, Some("2026-03-02 09:00")));
    assert_eq!(
        base.shown(Noun::Ticket, id, "step assignee owner"),
        "assigned|Mara|Mara"
    );
    let answer = Said {
        at: Some("2026-03-02 10:00"),
        channel: Some("电话"),
        ..said("We look at it")
    };
    base.write(|tx| talk::reply(tx, id, &answer));
    assert_eq!(
        base.shown(Noun::Ticket, id, "step first_responded_at replies"),
        "contacted|2026-03-02T10:00:00Z|1"
    );
    base.write(|tx| steps::advance(tx, id, None, Some("2026-03-02 11:00")));
    assert_eq!(state(&base, id), "analyzing|none|open");
    // Whoever is to confirm a solution is waited for.
    base.write(|tx| steps::advance(tx, id, None, None));
    assert_eq!(state(&base, id), "confirming|customer|waiting_customer");
    assert_eq!(
        base.shown(Noun::Ticket, id, "paused_since"),
        "2026-03-02T12:00:00Z"
    );
    base.on("2026-03-03");
    base.write(|tx| talk::receive(tx, id, &said("Please do"), None));
    assert_eq!(state(&base, id), "confirming|none|open");
    base.write(|tx| steps::advance(tx, id, None, None));
    let nothing = base.refused(|tx| steps::advance(tx, id, None, None));
    assert_eq!(nothing.0, "solution");
    base.on("2026-03-04");
    base.write(|tx| steps::resolve(tx, id, &solved("New cable")));
    assert_eq!(
        base.shown(Noun::Ticket, id, "step status resolved_at solution"),
        "verifying|resolved|2026-03-04T12:00:00Z|New cable"
    );
    base.write(|tx| steps::close(tx, id, None));
    assert_eq!(
        base.shown(Noun::Ticket, id, "step status closed_at"),
        "closed|closed|2026-03-04T12:00:00Z"
    );
    assert_eq!(
        stays(&base, id),
        "received 1, assigned 1, contacted 1, analyzing 1, confirming/customer 24, confirming 0, executing 24, verifying 0, closed -"
    );
    base.check();
}

#[test]
fn an_illegal_step_is_refused_with_the_legal_ones() {
    let mut base = base();
    let id = added(&mut base, "name=Scanner; customer=张伟");
    for (refused, field, words) in [
        (
            base.refused(|tx| steps::advance(tx, id, None, None)),
            "assignee",
            "crm ticket take K1",
        ),
        (
            base.refused(|tx| steps::close(tx, id, None)),
            "step",
            "crm ticket resolve K1 --solution",
        ),
        (
            base.refused(|tx| steps::advance(tx, id, Some(Step::Received), None)),
            "step",
            "can only become assigned, contacted, analyzing, confirming, executing, verifying; not received",
        ),
        (
            base.refused(|tx| steps::reopen(tx, id, None, None)),
            "step",
            "nothing to reopen",
        ),
        (
            base.refused(|tx| steps::resolve(tx, id, &Solution::default())),
            "solution",
            "says how",
        ),
        (
            base.refused(|tx| steps::cancel(tx, id, " ", None)),
            "reason",
            "called off for one",
        ),
        (
            base.refused(|tx| steps::advance(tx, id, Some(Step::Analyzing), Some("tomorrow"))),
            "at",
            "still to come",
        ),
        (
            base.refused(|tx| steps::advance(tx, id, Some(Step::Analyzing), Some("2026-03-01 10:00"))),
            "at",
            "since when it is received",
        ),
    ] {
        assert_eq!(refused.0, field, "{refused:?}");
        assert!(refused.1.contains(words), "{refused:?}");
    }
    base.write(|tx| steps::resolve(tx, id, &solved("Restart")));
    let off = base.refused(|tx| steps::cancel(tx, id, "no use", None));
    assert!(
        off.1.contains("can only become analyzing, closed; not cancelled"),
        "{off:?}"
    );
    let waits = base.refused(|tx| steps::wait(tx, id, Wait::Customer, None));
    assert_eq!(waits.0, "wait");
}

#[test]
fn what_is_no_ticket_and_no_talk_is_refused() {
    let mut base = base();
    let id = added(&mut base, "name=Scanner; customer=张伟");
    for (refused, field, words) in [
        (
            base.refused(|tx| talk::reply(tx, id, &said("  "))),
            "text",
            "nothing to write down",
        ),
        (
            base.refused(|tx| {
                let given = Said {
                    channel: Some("pigeon"),
                    ..said("x")
                };
                talk::reply(tx, id, &given)
            }),
            "channel",
            "none of phone, email",
        ),
        (
            base.refused(|tx| {
                edit(
                    tx,
                    id,
                    &assignments("step=closed"),
                    Lists::Replace,
                    &Policy::strict(),
                )
            }),
            "step",
            "resolve K1",
        ),
        (
            base.refused(|tx| {
                edit(
                    tx,
                    id,
                    &assignments("resolved_at=2026-03-02 10:00"),
                    Lists::Replace,
                    &Policy::strict(),
                )
            }),
            "resolved_at",
            "follows from what was done",
        ),
        (
            base.refused(|tx| add(tx, &assignments("customer=Kuxun"), &Policy::strict())),
            "name",
            "subject",
        ),
    ] {
        assert_eq!(refused.0, field, "{refused:?}");
        assert!(refused.1.contains(words), "{refused:?}");
    }
}

#[test]
fn what_the_customer_says_wakes_a_ticket_or_brings_it_back() {
    let mut base = base();
    let id = added(&mut base, "name=Scanner; customer=张伟; assignee=Mara");
    assert_eq!(stays(&base, id), "received 0, assigned -");
    let automatic = Said {
        is_automatic: true,
        ..said("We got it")
    };
    base.write(|tx| talk::reply(tx, id, &automatic));
    assert_eq!(
        base.shown(Noun::Ticket, id, "step first_responded_at replies"),
        "assigned||0"
    );
    let asked = Said {
        waits: true,
        ..said("Which one?")
    };
    base.write(|tx| talk::reply(tx, id, &asked));
    assert_eq!(state(&base, id), "contacted|customer|waiting_customer");
    base.write(|tx| talk::receive(tx, id, &automatic, None));
    assert_eq!(state(&base, id), "contacted|customer|waiting_customer");
    base.write(|tx| talk::receive(tx, id, &said("The left one"), None));
    assert_eq!(state(&base, id), "contacted|none|open");
    // Nobody else's turn is the customer's.
    base.write(|tx| steps::wait(tx, id, Wait::ThirdParty, None));
    base.write(|tx| talk::receive(tx, id, &said("Well?"), None));
    assert_eq!(state(&base, id), "contacted|third_party|waiting_third_party");
    base.write(|tx| steps::wait(tx, id, Wait::Nobody, None));
    base.write(|tx| steps::resolve(tx, id, &solved("Cleaned")));
    base.write(|tx| talk::receive(tx, id, &said("Broken again"), None));
    assert_eq!(state(&base, id), "analyzing|none|open");
    assert_eq!(base.shown(Noun::Ticket, id, "reopen_count resolved_at"), "1|");
    base.write(|tx| steps::resolve(tx, id, &Solution::default()));
    base.write(|tx| steps::close(tx, id, None));
    base.write(|tx| talk::receive(tx, id, &said("Thank you"), None));
    assert_eq!(state(&base, id), "closed|none|closed");
    base.write(|tx| steps::reopen(tx, id, Some("came back"), None));
    assert_eq!(
        base.shown(Noun::Ticket, id, "step reopen_count reason"),
        "analyzing|2|came back"
    );
    base.write(|tx| steps::cancel(tx, id, "sold", None));
    assert_eq!(
        base.shown(Noun::Ticket, id, "step status resolved_at reopen_count"),
        "closed|cancelled||2"
    );
    base.check();
}

#[test]
fn a_problem_is_behind_others_and_solves_them() {
    let mut base = base();
    let problem = added(&mut base, "name=Firmware 2.1; customer=Kuxun; type=problem");
    let one = added(&mut base, "name=No light; customer=张伟; parent=K1");
    let two = added(&mut base, "name=No sound; customer=Kuxun");
    base.write(|tx| join::link(tx, two, Some(problem)));
    for (refused, words) in [
        (
            base.refused(|tx| join::link(tx, problem, Some(problem))),
            "behind itself",
        ),
        (
            base.refused(|tx| join::link(tx, two, Some(one))),
            "has a problem behind it itself, K1",
        ),
        (
            base.refused(|tx| join::link(tx, problem, Some(two))),
            "has a problem behind it itself, K1",
        ),
    ] {
        assert_eq!(refused.0, "parent");
        assert!(refused.1.contains(words), "{refused:?}");
    }
    let found = |base: &Base, filter: &str| {
        base.read(|tx| {
            records::ids(
                tx,
                Noun::Ticket,
                &list::condition(tx, Noun::Ticket, &[filter.to_owned()])?,
            )
        })
    };
    assert_eq!(found(&base, "children.count:2"), [problem]);
    assert_eq!(found(&base, "parent:K1"), [two, one]);
    base.write(|tx| steps::wait(tx, one, Wait::Customer, None));
    let given = Solution {
        children: true,
        root_cause: Some("a race"),
        ..solved("Firmware 2.2")
    };
    base.write(|tx| steps::resolve(tx, problem, &given));
    for id in [problem, one, two] {
        assert_eq!(
            base.shown(Noun::Ticket, id, "status solution root_cause"),
            "resolved|Firmware 2.2|a race"
        );
    }
    base.write(|tx| join::link(tx, one, None));
    assert_eq!(found(&base, "parent:K1"), [two]);
    base.check();
}

#[test]
fn two_that_are_one_are_merged_and_taken_apart_by_undo() {
    let mut base = base();
    let first = added(&mut base, "name=Late parcel; customer=Kuxun; tags=dhl");
    let second = added(
        &mut base,
        "name=Where is my parcel; customer=张伟; tags=angry; external_ids=mail:7",
    );
    base.write(|tx| talk::reply(tx, second, &said("We ask the carrier 圆通")));
    let before = base.image();
    base.write(|tx| join::merge(tx, &[second], first));
    assert_eq!(
        base.shown(Noun::Ticket, first, "tags replies external_ids"),
        "angry; dhl|1|mail:7"
    );
    assert_eq!(base.shown(Noun::Ticket, second, "merged_into.id"), "K1");
    // Its ref leads to the survivor, and so does what was said.
    assert_eq!(base.read(|tx| refer::one(tx, Noun::Ticket, "K2")), first);
    let hits = base.read(|tx| find::find(tx, "圆通", None, 10));
    assert_eq!(hits.iter().map(|hit| hit.link.id).collect::<Vec<_>>(), [first]);
    let back = base.refused(|tx| trash::restore(tx, Noun::Ticket, &[second]));
    assert!(back.1.contains("was merged into ticket K1"), "{back:?}");
    let again = base.refused(|tx| join::merge(tx, &[second], first));
    assert!(again.1.contains("in the trash"), "{again:?}");
    base.check();
    base.undo();
    assert_eq!(base.image(), before);
}

#[test]
fn a_person_counts_for_the_employer_of_that_time() {
    let mut base = base();
    let id = added(&mut base, "name=Invoice; customer=Jürgen Weiß");
    let other = added(&mut base, "name=Invoice; customer=张伟; contact=Jürgen Weiß");
    assert_eq!(base.shown(Noun::Ticket, id, "company.name"), "Kuxun");
    let found = |base: &Base, filter: &str| {
        let ids = base.read(|tx| {
            records::ids(
                tx,
                Noun::Customer,
                &list::condition(tx, Noun::Customer, &[filter.to_owned()])?,
            )
        });
        ids.len()
    };
    assert_eq!(found(&base, "name:Kuxun tickets.count:1"), 1);
    assert_eq!(found(&base, "name:Jürgen tickets.count:2"), 1);
    assert_eq!(found(&base, "tickets.status:open"), 3);
    base.write(|tx| {
        let person = refer::one(tx, Noun::Customer, "Jürgen Weiß")?;
        employment::leave(tx, person, refer::one(tx, Noun::Customer, "Kuxun")?, None)
    });
    assert_eq!(base.shown(Noun::Ticket, id, "company.name"), "Kuxun");
    base.write(|tx| {
        edit(
            tx,
            other,
            &assignments("customer=Jürgen Weiß"),
            Lists::Replace,
            &Policy::strict(),
        )
    });
    assert_eq!(
        base.shown(Noun::Ticket, other, "customer.name company.name"),
        "Jürgen Weiß|"
    );
}

#[test]
fn every_verb_can_be_taken_back_and_done_again() {
    type Verb = fn(&WriteTx<'_>, Id) -> Result<Outcome>;
    let verbs: &[Verb] = &[
        |tx, id| steps::assign(tx, id, steps::user(tx, "Mara")?, None),
        |tx, id| talk::reply(tx, id, &said("Hello 张伟")),
        |tx, id| talk::note(tx, id, "he sounded tired"),
        |tx, id| steps::wait(tx, id, Wait::Customer, None),
        |tx, id| talk::receive(tx, id, &said("Yes"), None),
        |tx, id| {
            edit(
                tx,
                id,
                &assignments("priority=urgent; type=complaint; tags=vip"),
                Lists::Add,
                &Policy::strict(),
            )
        },
        |tx, id| talk::visit(tx, id, &assignments("text=on site; duration=45m")),
        |tx, id| steps::resolve(tx, id, &solved("New cable")),
        |tx, id| steps::close(tx, id, None),
        |tx, id| steps::reopen(tx, id, Some("again"), None),
        |tx, id| steps::cancel(tx, id, "sold", None),
        |tx, id| join::merge(tx, &[id], refer::one(tx, Noun::Ticket, "K1")?),
    ];
    let mut base = base();
    added(&mut base, "name=Other; customer=Kuxun");
    let id = added(&mut base, "name=Scanner; customer=张伟");
    let mut images = vec![base.image()];
    for verb in verbs {
        base.write(|tx| verb(tx, id));
        base.check();
        images.push(base.image());
    }
    for image in images.iter().rev().skip(1) {
        base.undo();
        assert_eq!(base.image(), *image);
    }
    for image in images.iter().skip(1) {
        base.write(|tx| undo::redo(tx, None));
        assert_eq!(base.image(), *image);
    }
}

#[test]
fn history_is_told_after_the_fact() {
    let mut base = base();
    let strict = Policy::strict();
    let text = "name=Old; customer=Kuxun; assignee=Mara; received_at=2026-02-01 09:00; first_responded_at=2026-02-01 10:00; \
                resolved_at=2026-02-02 09:00; closed_at=2026-02-03 09:00; solution=done";
    let id = added(&mut base, text);
    assert_eq!(
        stays(&base, id),
        "received 0, assigned 1, contacted 23, verifying 24, closed -"
    );
    let state = "status received_at first_responded_at resolved_at closed_at";
    assert_eq!(
        base.shown(Noun::Ticket, id, state),
        "closed|2026-02-01T09:00:00Z|2026-02-01T10:00:00Z|2026-02-02T09:00:00Z|2026-02-03T09:00:00Z"
    );
    // Said again, it is no news.
    let again = base.write(|tx| edit(tx, id, &assignments(text), Lists::Replace, &strict));
    assert!(!again.changed);
    let early = base.refused(|tx| {
        add(
            tx,
            &assignments("name=x; received_at=2026-02-02 10:00; resolved_at=2026-02-01 10:00"),
            &strict,
        )
    });
    assert_eq!(early.0, "resolved_at");
    let odd = base.refused(|tx| add(tx, &assignments("name=x; step=closed; status=open"), &strict));
    assert_eq!(odd.0, "status");
    for (text, expected) in [
        ("status=waiting_customer", "received|customer|waiting_customer"),
        ("status=cancelled", "closed|none|cancelled"),
        ("status=resolved", "verifying|none|resolved"),
        ("step=executing", "executing|none|open"),
        ("step=confirming", "confirming|customer|waiting_customer"),
        ("status=open; resolved_at=2026-02-01", "contacted|none|open"),
    ] {
        let id = added(&mut base, &format!("name=x; {text}"));
        assert_eq!(self::state(&base, id), expected, "{text}");
    }
    let moved = added(
        &mut base,
        "name=Arrival; received_at=2026-03-01 10:00; assignee=Mara",
    );
    base.write(|tx| {
        edit(
            tx,
            moved,
            &assignments("received_at=2026-02-28 10:00"),
            Lists::Replace,
            &strict,
        )
    });
    assert_eq!(
        base.shown(Noun::Ticket, moved, "received_at"),
        "2026-02-28T10:00:00Z"
    );
    let late = base.refused(|tx| {
        edit(
            tx,
            moved,
            &assignments("received_at=2026-03-02 10:00"),
            Lists::Replace,
            &strict,
        )
    });
    assert_eq!(late.0, "received_at");
    base.check();
}

#[test]
fn a_ticket_is_made_of_what_happened() {
    use crate::ops::activity;
    let mut base = base();
    base.write(|tx| {
        let text = "type=call; customer=张伟; text=The gate does not open\nsince Monday; at=2026-03-01 15:00";
        activity::add(tx, &assignments(text), &Policy::strict())
    });
    let id = base
        .write(|tx| talk::from_activity(tx, "A1", &assignments("priority=high")))
        .id;
    assert_eq!(
        base.shown(
            Noun::Ticket,
            id,
            "name channel priority customer.name received_at"
        ),
        "The gate does not open|phone|high|张伟|2026-03-01T15:00:00Z"
    );
    let found = base.read(|tx| {
        records::ids(
            tx,
            Noun::Activity,
            &list::condition(tx, Noun::Activity, &["ticket:K1".to_owned()])?,
        )
    });
    assert_eq!(found.len(), 1);
    base.undo();
    base.check();
}

#[test]
fn a_user_who_leaves_leaves_no_ticket_behind() {
    let mut base = base();
    let open = added(&mut base, "name=Open; customer=Kuxun; assignee=Mara");
    let done = added(
        &mut base,
        "name=Done; customer=Kuxun; assignee=Mara; status=closed",
    );
    let refused = base.refused(|tx| user::refuse_duties(tx, refer::one(tx, Noun::User, "Mara")?));
    assert!(refused.1.contains("open tickets (1)"), "{refused:?}");
    base.write(|tx| {
        use crate::ops::handover;
        let (mara, own) = (refer::one(tx, Noun::User, "Mara")?, tx.caller().actor.id);
        handover::disable(tx, mara, handover::Work::Goes(&[own]))
    });
    assert_eq!(base.shown(Noun::Ticket, open, "assignee owner"), "self|self");
    assert_eq!(base.shown(Noun::Ticket, done, "assignee owner"), "Mara|Mara");
    let disabled = base.refused(|tx| steps::assign(tx, open, steps::user(tx, "Mara")?, None));
    assert!(disabled.1.contains("disabled"), "{disabled:?}");
}
