//! Rules over a base in memory: what fires them, for whom, how often, and where it ends.

use crate::domain::actor::{Caller, Via};
use crate::domain::id::Id;
use crate::domain::noun::Noun;
use crate::error::Kind;
use crate::ops::customer::{self, OnDuplicate};
use crate::ops::draft::Lists;
use crate::ops::rule::engine::{self, Fired, Job};
use crate::ops::rule::{self, clock, trial};
use crate::ops::tests::{Base, assignments};
use crate::ops::typed::Policy;
use crate::ops::{deal, feedback, notify, order, quote, task, user};
use crate::store::notifications::Which;
use crate::store::rules;

fn add_rule(base: &mut Base, text: &str) -> Id {
    base.write(|tx| rule::add(tx, &assignments(text), &Policy::strict()))
        .id
}

fn add_customer(base: &mut Base, text: &str) -> Id {
    let given = assignments(text);
    base.write(|tx| customer::add(tx, &given, OnDuplicate::Refuse, &Policy::strict()))
        .id
}

fn set(base: &mut Base, id: Id, text: &str) {
    base.write(|tx| customer::edit(tx, id, &assignments(text), Lists::Replace, &Policy::strict()));
}

fn by_rule(base: &Base, job: &Job) -> Caller {
    Caller {
        actor: base.store.actor(&job.rule.maker).unwrap(),
        via: Via::Rule,
        ..base.caller.clone()
    }
}

fn fire(base: &mut Base, job: &Job) -> Fired {
    let caller = by_rule(base, job);
    base.store
        .write(&caller, |tx| engine::fire(tx, job))
        .unwrap()
        .value
}

/// Lets rules look as the program does, and tells what they did: the outcome and the words, or the reason.
fn react(base: &mut Base) -> Vec<String> {
    let mut told = Vec::new();
    for _ in 0..20 {
        let pending = base.read(|tx| engine::pending(tx, None));
        for job in &pending.jobs {
            for one in fire(base, job).told {
                told.push(format!(
                    "{} {} {} {}{}",
                    job.rule.key,
                    one.reference,
                    one.outcome.name(),
                    one.what,
                    one.why
                ));
            }
        }
        base.write(|tx| engine::advance(tx, &pending));
        if pending.jobs.is_empty() {
            return told;
        }
    }
    panic!("it does not end: {told:?}");
}

/// Lets rules look at the clock.
fn tick(base: &mut Base) -> Vec<String> {
    let mut told = Vec::new();
    for rule in base.read(clock::timed) {
        if let Some(job) = base.read(|tx| clock::due(tx, &rule)) {
            told.extend(
                fire(base, &job)
                    .told
                    .into_iter()
                    .map(|one| format!("{} {}", job.rule.key, one.reference)),
            );
        }
    }
    told
}

#[test]
fn each_event_fires_its_rules_once() {
    let mut base = Base::new();
    let before = add_customer(&mut base, "name=Old; level=A");
    add_rule(
        &mut base,
        "key=new; on=customer created; filter=level:A; actions=tag new",
    );
    add_rule(
        &mut base,
        "key=level; on=customer changed level,emails; actions=set industry=software",
    );
    add_rule(
        &mut base,
        "key=won; on=customer entered repeat_customer; actions=tag loyal",
    );
    assert_eq!(
        react(&mut base),
        [""; 0],
        "what was before the rules is none of their business"
    );
    let ann = add_customer(&mut base, "name=Ann; level=A");
    add_customer(&mut base, "name=Bob; level=B");
    assert_eq!(react(&mut base), ["new C2 done tag new"]);
    assert_eq!(react(&mut base), [""; 0]);
    set(&mut base, ann, "city=Berlin");
    assert_eq!(react(&mut base), [""; 0]);
    set(&mut base, ann, "level=B");
    set(&mut base, before, "emails=old@shop.example");
    assert_eq!(
        react(&mut base),
        ["level C2 done set industry", "level C1 done set industry"]
    );
    set(&mut base, ann, "lifecycle=repeat_customer");
    assert_eq!(react(&mut base), ["won C2 done tag loyal"]);
    set(&mut base, ann, "lifecycle=loyal");
    set(&mut base, ann, "lifecycle=repeat_customer");
    assert_eq!(
        react(&mut base),
        ["won C2 done tag loyal"],
        "it has entered again"
    );
    assert_eq!(
        base.shown(Noun::Customer, ann, "tags industry"),
        "loyal; new|software"
    );
}

#[test]
fn what_a_rule_did_is_an_operation_that_says_why_and_can_be_undone() {
    let mut base = Base::new();
    add_rule(
        &mut base,
        "key=stage; on=deal entered proposal; filter=amount:>10k; actions=set probability=70\ntask 'Call {{ customer }}' --due +2d",
    );
    let given = assignments("name=Fleet; amount=48000");
    let id = base
        .write(|tx| {
            let ann = customer::add(
                tx,
                &assignments("name=张伟"),
                OnDuplicate::Refuse,
                &Policy::strict(),
            )?
            .id;
            let mut given = given.clone();
            given.push((
                "customer".to_owned(),
                crate::domain::input::Input::Text(ann.uid()),
            ));
            deal::add(tx, &given, &Policy::strict())
        })
        .id;
    assert_eq!(react(&mut base), [""; 0]);
    let image = base.image();
    let moved = base
        .store
        .write(&base.caller, |tx| deal::move_to(tx, id, "proposal"))
        .unwrap()
        .op
        .unwrap();
    assert_eq!(react(&mut base), ["stage D1 done set probability; task T1"]);
    assert_eq!(base.shown(Noun::Deal, id, "probability open_tasks"), "70%|1");
    let done = base.read(|tx| crate::store::log::latest(tx, 1)).remove(0);
    assert_eq!(
        (done.via.as_str(), done.title),
        (
            "rule",
            format!("Rule stage for D1, because of operation {}", moved.no)
        )
    );
    base.undo();
    base.undo();
    assert_eq!(base.image(), image);
    assert_eq!(react(&mut base), [""; 0], "nothing follows from taking back");
}

#[test]
fn rules_that_follow_one_another_come_to_an_end() {
    let mut base = Base::new();
    add_rule(
        &mut base,
        "key=self; on=customer changed; filter=city:Bonn; actions=set industry=software",
    );
    let ann = add_customer(&mut base, "name=Ann");
    set(&mut base, ann, "city=Bonn");
    assert_eq!(
        react(&mut base),
        ["self C1 done set industry"],
        "not by its own change"
    );
    let mut base = Base::new();
    add_rule(
        &mut base,
        "key=one; on=customer changed; actions=set note={% if note == 'a' %}b{% else %}a{% endif %}",
    );
    add_rule(
        &mut base,
        "key=two; on=customer changed; actions=set title={% if title == 'a' %}b{% else %}a{% endif %}",
    );
    let ann = add_customer(&mut base, "name=Ann");
    react(&mut base);
    set(&mut base, ann, "city=Bonn");
    let told = react(&mut base);
    assert!(
        told.iter()
            .any(|line| line.contains("stopped") && line.contains("8 rules")),
        "{told:?}"
    );
    assert!(told.len() < 40, "{told:?}");
}

#[test]
fn once_means_once_and_the_clock_is_heeded_once() {
    let mut base = Base::new();
    add_rule(
        &mut base,
        "key=late; on=task overdue; actions=set priority=urgent\nnotify self 'Late: {{ title }}'",
    );
    add_rule(
        &mut base,
        "key=greet; on=customer changed city; once=yes; actions=tag moved",
    );
    add_rule(
        &mut base,
        "key=monday; on=customer at mon 09:00; filter=level:A; actions=tag weekly",
    );
    let ann = add_customer(&mut base, "name=Ann; level=A");
    for city in ["Bonn", "Ulm"] {
        set(&mut base, ann, &format!("city={city}"));
    }
    assert_eq!(react(&mut base), ["greet C1 done tag moved"]);
    let id = base
        .write(|tx| task::add(tx, &assignments("title=Call; due=2026-03-03"), &Policy::strict()))
        .id;
    assert_eq!(
        tick(&mut base),
        [""; 0],
        "this Monday at nine the rule was not there"
    );
    base.on("2026-03-04");
    assert_eq!(tick(&mut base), ["late T1"]);
    assert_eq!(tick(&mut base), [""; 0]);
    let told = base.read(|tx| notify::list(tx, Which::Unread, 9));
    assert_eq!(
        told.iter().map(|one| one.text.as_str()).collect::<Vec<_>>(),
        ["Late: Call"]
    );
    base.write(notify::read_all);
    assert_eq!(base.read(|tx| notify::list(tx, Which::Unread, 9)), []);
    // Put off and late again: again, unless it is to be once.
    base.write(|tx| {
        task::edit(
            tx,
            id,
            &assignments("due=2026-03-06"),
            Lists::Replace,
            &Policy::strict(),
        )
    });
    assert_eq!(tick(&mut base), [""; 0]);
    base.on("2026-03-09");
    let mut told = tick(&mut base);
    told.sort();
    assert_eq!(told, ["late T1", "monday C1"]);
    base.on("2026-03-11");
    assert_eq!(tick(&mut base), [""; 0]);
}

#[test]
fn what_follows_from_other_rows_is_entered_too() {
    let mut base = Base::new();
    add_rule(
        &mut base,
        "key=paid; on=order entered payment_status=paid; actions=tag thanks",
    );
    add_customer(&mut base, "name=Acme; type=company");
    let id = base
        .write(|tx| {
            order::add(
                tx,
                &assignments("name=Parts; customer=C1; lines=Work @100"),
                &Policy::strict(),
            )
        })
        .id;
    base.write(|tx| {
        order::edit(
            tx,
            id,
            &assignments("status=confirmed"),
            Lists::Replace,
            &Policy::strict(),
        )
    });
    assert_eq!(react(&mut base), [""; 0]);
    base.write(|tx| order::pay::pay(tx, id, &order::pay::Given::default()));
    assert_eq!(base.shown(Noun::Order, id, "payment_status"), "paid");
    assert_eq!(react(&mut base), ["paid O1 done tag thanks"]);
}

#[test]
fn a_failure_is_told_and_takes_nothing_back() {
    let mut base = Base::new();
    let id = add_rule(
        &mut base,
        "key=bad; on=customer created; actions=tag seen\nset level={{ city }}",
    );
    let ann = add_customer(&mut base, "name=Ann; city=Berlin");
    let told = react(&mut base);
    assert!(
        told.len() == 1 && told[0].starts_with("bad C1 failed set level={{ city }}: level: \"Berlin\""),
        "{told:?}"
    );
    assert_eq!(
        base.shown(Noun::Customer, ann, "name tags"),
        "Ann|",
        "all of it or nothing"
    );
    assert_eq!(base.shown(Noun::Rule, id, "fired failed"), "0|1");
    // An import is none of their business, unless it is named.
    base.caller.via = Via::Import;
    let op = base
        .store
        .write(&base.caller, |tx| {
            customer::add(
                tx,
                &assignments("name=Bob"),
                OnDuplicate::Create,
                &Policy::strict(),
            )
        })
        .unwrap()
        .op
        .unwrap();
    assert_eq!(base.read(|tx| engine::pending(tx, None)).jobs, []);
    assert_eq!(base.read(|tx| engine::pending(tx, Some(op.no))).jobs.len(), 1);
}

#[test]
fn a_rule_sees_what_its_maker_sees() {
    let mut base = Base::new();
    base.write(|tx| user::add(tx, &assignments("name=Ann; scope=own"), &Policy::strict()));
    let me = base.caller.actor.clone();
    base.caller.actor = base.store.actor("Ann").unwrap();
    let id = add_rule(&mut base, "key=mine; on=customer created; actions=tag mine");
    base.caller.actor = me;
    let policy = Policy::strict();
    for text in ["name=Her; owner=Ann", "name=Other; owner=self"] {
        base.write(|tx| customer::add(tx, &assignments(text), OnDuplicate::Refuse, &policy));
    }
    assert_eq!(react(&mut base), ["mine C1 done tag mine"]);
    // Whoever does not see everything changes no rule of others, which acts for them.
    base.write(|tx| user::add(tx, &assignments("name=Eve; scope=own"), &Policy::strict()));
    base.caller.actor = base.store.actor("Eve").unwrap();
    let error = base.try_write(|tx| {
        rule::edit(
            tx,
            id,
            &assignments("actions=tag hers"),
            Lists::Replace,
            &Policy::strict(),
        )
    });
    assert_eq!(error.expect_err("not hers").kind(), Kind::ReadOnly);
}

#[test]
fn a_trial_says_what_would_be_done_and_why_not() {
    let mut base = Base::new();
    let id = add_rule(
        &mut base,
        "key=vip; on=customer entered lead; filter=level:A city:Bonn; actions=tag vip\nrun mail -s 'A lead' boss",
    );
    let ids = [
        add_customer(&mut base, "name=Ann; level=A; city=Bonn; lifecycle=lead"),
        add_customer(&mut base, "name=Bob; level=B; city=Bonn; lifecycle=lead"),
        add_customer(&mut base, "name=Cid; level=A; city=Bonn; lifecycle=loyal"),
    ];
    let image = base.image();
    let caller = base.caller.clone();
    let trials = base
        .store
        .rehearse(&caller, |tx| {
            trial::rehearse(tx, &rule::load(tx, id)?, Some(&ids), 9)
        })
        .unwrap();
    let told: Vec<(bool, &str)> = trials
        .iter()
        .map(|trial| (trial.acts, trial.what.as_str()))
        .collect();
    assert_eq!(
        told,
        [
            (true, "tag vip; run mail -s 'A lead' boss"),
            (false, "level:A does not hold"),
            (false, "lifecycle:lead does not hold"),
        ]
    );
    let all = base
        .store
        .rehearse(&caller, |tx| trial::rehearse(tx, &rule::load(tx, id)?, None, 9))
        .unwrap();
    assert_eq!(all.len(), 1);
    assert_eq!(base.image(), image);
}

#[test]
fn what_means_nothing_is_refused_when_the_rule_is_made() {
    let mut base = Base::new();
    for (text, field, part) in [
        ("key=a; actions=tag x", "on", "when it looks"),
        ("key=a; on=customer created", "actions", "something to do"),
        ("key=a; on=customer overdeu; actions=tag x", "on", "overdeu"),
        ("key=a; on=deal entered nowhere; actions=tag x", "on", "nowhere"),
        ("key=a; on=deal changed fields.size; actions=tag x", "on", "size"),
        (
            "key=a; on=customer created; actions=set colour=red",
            "actions",
            "colour",
        ),
        (
            "key=a; on=customer created; actions=set open_deals=3",
            "actions",
            "kept by the program",
        ),
        (
            "key=a; on=customer created; actions=assign Nobody",
            "actions",
            "Nobody",
        ),
        (
            "key=a; on=deal created; actions=assign by web",
            "actions",
            "nothing else",
        ),
        (
            "key=a; on=customer created; actions=task 'Call {{ nmae }}'",
            "actions",
            "nmae",
        ),
        (
            "key=a; on=customer created; actions=task Call --due someday soon",
            "actions",
            "soon",
        ),
        (
            "key=a; on=customer created; actions=task Call --priority enormous",
            "actions",
            "enormous",
        ),
    ] {
        let (on, message) = base.refused(|tx| rule::add(tx, &assignments(text), &Policy::strict()));
        assert_eq!(on, field, "{text}: {message}");
        assert!(message.contains(part), "{text}: {message}");
    }
    let id = add_rule(
        &mut base,
        "key=a; on=Deals entered Proposal; filter=amount:>10k; actions=tag hot",
    );
    assert_eq!(
        base.shown(Noun::Rule, id, "on noun filter actions once active owner"),
        "deal entered stage=Proposal|deal|amount:>10k|tag hot|false|true|self"
    );
    let (field, _) = base.refused(|tx| {
        rule::edit(
            tx,
            id,
            &assignments("on=customer created"),
            Lists::Replace,
            &Policy::strict(),
        )
    });
    assert_eq!(field, "filter", "a customer has no amount");
}

#[test]
fn a_program_that_was_to_run_is_not_forgotten() {
    let mut base = Base::new();
    add_rule(
        &mut base,
        "key=tell; on=customer created; actions=tag told\nrun mail boss",
    );
    add_customer(&mut base, "name=张伟 $(rm -rf /)");
    let pending = base.read(|tx| engine::pending(tx, None));
    let fired = fire(&mut base, &pending.jobs[0]);
    let command = &fired.commands[0];
    assert_eq!(command.lines, [["mail", "boss"]]);
    let json: serde_json::Value = serde_json::from_str(&command.input).unwrap();
    assert_eq!(json["name"], "张伟 $(rm -rf /)");
    assert_eq!(
        base.read(engine::left),
        fired.commands,
        "whoever was to run it was ended"
    );
    base.write(|tx| engine::ran(tx, command, Some("no mail today")));
    assert_eq!(base.read(engine::left), []);
    let mut lines = Vec::new();
    base.read(|tx| {
        rules::list(tx, rules::Wanted::default(), &mut |line| {
            lines.push((line.outcome, line.what, line.why));
            Ok(std::ops::ControlFlow::Continue(()))
        })
    });
    let expected = ("failed", "tag told; run mail", "no mail today");
    assert_eq!(
        lines,
        [(
            expected.0.to_owned(),
            expected.1.to_owned(),
            expected.2.to_owned()
        )]
    );
}

#[test]
fn feedback_makes_tasks_tickets_and_notifications() {
    let mut base = Base::new();
    add_customer(&mut base, "name=张伟");
    for text in [
        "key=a; on=feedback entered verdict=detractor; actions=task 'Call {{ customer }}' --due +1d\nnotify owner '{{ name }}'\ntag lost",
        "key=b; on=feedback created; filter=is:complaint; actions=ticket 'Complaint: {{ comment }}'",
        "key=c; on=feedback changed score; actions=set note=changed",
    ] {
        add_rule(&mut base, text);
    }
    let said = |base: &mut Base, text: &str| {
        base.write(|tx| feedback::add(tx, &assignments(text), &Policy::strict()))
            .id
    };
    let asked = said(
        &mut base,
        "customer=C1; survey=nps; type=answer; sent_on=2026-03-01; owner=self",
    );
    said(&mut base, "customer=C1; survey=nps; score=9");
    assert_eq!(react(&mut base), [""; 0]);
    base.write(|tx| feedback::answer(tx, asked, &assignments("score=3")));
    let told = react(&mut base);
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(told[0].starts_with("a F1 done task T1; notify "), "{told:?}");
    assert_eq!(told[1], "c F1 done set note");
    assert_eq!(
        base.shown(Noun::Feedback, asked, "tags note verdict"),
        "lost|changed|detractor"
    );
    let complaint = said(&mut base, "customer=C1; type=complaint; comment=坏了; owner=self");
    assert_eq!(react(&mut base), ["b F3 done ticket K1"]);
    assert_eq!(
        base.shown(
            Noun::Feedback,
            complaint,
            "ticket.id ticket.name ticket.customer.id"
        ),
        "K1|Complaint: 坏了|C1"
    );
    base.undo();
    assert_eq!(base.shown(Noun::Feedback, complaint, "ticket.id"), "");
    base.check();
}

#[test]
fn quotes_are_watched_when_they_move_change_and_run_out() {
    let mut base = Base::new();
    add_customer(&mut base, "name=Ann");
    for text in [
        "key=big; on=quote created; filter=total:>1k; actions=tag big",
        "key=lines; on=quote changed lines; actions=set note=changed",
        "key=yes; on=quote entered accepted; actions=ticket 'Install {{ name }}'",
        "key=over; on=quote expired; actions=task 'Ask about {{ name }}' --assignee owner",
    ] {
        add_rule(&mut base, text);
    }
    let add = |base: &mut Base, text: &str| {
        let given = assignments(&format!("customer=C1; owner=self; {text}"));
        base.write(|tx| quote::add(tx, &given, &Policy::strict())).id
    };
    let first = add(
        &mut base,
        "name=Crane; lines=Crane @5000; status=sent; valid_until=2026-03-05",
    );
    let second = add(&mut base, "name=Hook; lines=Hook @10");
    assert_eq!(react(&mut base), ["big Q1 done tag big"]);
    base.write(|tx| {
        quote::edit(
            tx,
            second,
            &assignments("lines=Hook @20"),
            Lists::Replace,
            &Policy::strict(),
        )
    });
    assert_eq!(react(&mut base), ["lines Q2 done set note"]);
    assert_eq!(tick(&mut base), [""; 0]);
    base.on("2026-03-06");
    assert_eq!(tick(&mut base), ["over Q1"]);
    assert_eq!(tick(&mut base), [""; 0]);
    base.write(|tx| {
        quote::edit(
            tx,
            second,
            &assignments("status=accepted"),
            Lists::Replace,
            &Policy::strict(),
        )
    });
    assert_eq!(react(&mut base), ["yes Q2 done ticket K1"]);
    let ticket = base.read(|tx| crate::ops::refer::one(tx, Noun::Ticket, "K1"));
    assert_eq!(
        base.shown(Noun::Ticket, ticket, "name customer.id"),
        "Install Hook|C1"
    );
    let task = base.read(|tx| crate::ops::refer::one(tx, Noun::Task, "T1"));
    assert_eq!(
        base.shown(Noun::Task, task, "title customer.id"),
        "Ask about Crane|C1"
    );
    assert_eq!(base.shown(Noun::Quote, first, "tags status"), "big|expired");
    base.check();
}
