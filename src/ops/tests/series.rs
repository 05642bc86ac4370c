//! Tasks that come again, their reminders, and what is told of them.

use std::collections::BTreeSet;

use super::taking_back::{change, new_customer};
use super::{Base, assignments};
use crate::domain::id::Id;
use crate::domain::noun::Noun;
use crate::ops::draft::Lists;
use crate::ops::remind::{self, Request};
use crate::ops::today::{self, Whose};
use crate::ops::typed::Policy;
use crate::ops::{activity, deal, field, repeat, tag, tagging, task, trash, undo};

const FIELDS: &str = "due repeat remind status";

fn add(base: &mut Base, text: &str) -> Id {
    base.write(|tx| task::add(tx, &assignments(text), &Policy::strict()))
        .id
}

fn set(base: &mut Base, id: Id, text: &str) {
    base.write(|tx| task::edit(tx, id, &assignments(text), Lists::Replace, &Policy::strict()));
}

fn following(base: &Base, id: Id) -> Option<Id> {
    base.read(|tx| repeat::next(tx, id)).map(|next| next.task.id)
}

/// Does a task and gives the one that follows.
fn done(base: &mut Base, id: Id) -> Option<Id> {
    base.write(|tx| task::done(tx, id));
    following(base, id)
}

#[test]
fn a_task_that_is_done_comes_again_with_all_it_has() {
    let mut base = Base::new();
    base.write(|tx| {
        field::add(
            tx,
            &assignments("noun=task; key=room; type=text"),
            &Policy::strict(),
        )
    });
    base.write(|tx| new_customer(tx, "name=Ada"));
    let text = "title=Call; customer=C1; type=call; priority=high; note=Ask; assignee=self; due=2026-03-02T15:00; \
                repeat=weekly x3; remind=1h, 1d; tags=vip; fields.room=12";
    let first = add(&mut base, text);
    let before = base.image();
    let second = done(&mut base, first).expect("it comes again");
    let all = "title customer.name type priority note assignee due repeat remind tags fields.room status";
    assert_eq!(
        base.shown(Noun::Task, second, all),
        "Call|Ada|call|high|Ask|self|2026-03-09T15:00|weekly x2|1h, 1d|vip|12|open"
    );
    assert_eq!(
        base.shown(Noun::Task, first, "series"),
        base.shown(Noun::Task, second, "series")
    );
    base.check();
    base.undo();
    assert_eq!(base.image(), before, "both are taken back");
    assert_eq!(following(&base, first), None);
    base.write(|tx| undo::redo(tx, None));
    base.check();
    let third = done(&mut base, second).expect("the third time");
    assert_eq!(
        base.shown(Noun::Task, third, "due repeat"),
        "2026-03-16T15:00|weekly x1"
    );
    assert_eq!(done(&mut base, third), None, "three times are over");
    // What is done already makes nothing more, nor does what was opened again and has its successor.
    assert_eq!(done(&mut base, first), None);
}

#[test]
fn a_forgotten_task_does_not_come_back_as_a_pile() {
    let mut base = Base::new();
    let daily = add(&mut base, "title=Water; due=2026-03-02; repeat=daily");
    let timed = add(&mut base, "title=Post; due=2026-03-02T09:00; repeat=daily");
    let after = add(
        &mut base,
        "title=Cut; due=2026-03-02; repeat=every 3 days after done",
    );
    base.on("2026-03-20");
    let next = |base: &mut Base, id: Id| {
        let next = done(base, id).expect("it comes again");
        base.shown(Noun::Task, next, "due")
    };
    assert_eq!(next(&mut base, daily), "2026-03-20");
    assert_eq!(
        next(&mut base, timed),
        "2026-03-21T09:00",
        "nine o'clock has passed"
    );
    assert_eq!(next(&mut base, after), "2026-03-23");
}

#[test]
fn what_is_put_off_keeps_its_plan_and_month_ends_come_back() {
    let mut base = Base::new();
    let id = add(&mut base, "title=Rent; due=2026-03-31; repeat=monthly");
    assert_eq!(base.shown(Noun::Task, id, "repeat"), "monthly on the 31st");
    base.write(|tx| task::snooze(tx, id, "+3d"));
    assert_eq!(
        base.shown(Noun::Task, id, "due planned_on"),
        "2026-04-03|2026-03-31"
    );
    base.write(|tx| task::snooze(tx, id, "推迟两天"));
    assert_eq!(
        base.shown(Noun::Task, id, "due planned_on"),
        "2026-04-05|2026-03-31"
    );
    base.write(|tx| task::snooze(tx, id, "＋1天"));
    assert_eq!(base.shown(Noun::Task, id, "due"), "2026-04-06");
    base.write(|tx| task::snooze(tx, id, "-1d"));
    base.on("2026-04-05");
    let april = done(&mut base, id).expect("it comes again");
    assert_eq!(base.shown(Noun::Task, april, "due planned_on"), "2026-04-30|");
    let may = done(&mut base, april).expect("it comes again");
    assert_eq!(base.shown(Noun::Task, may, "due"), "2026-05-31");
    // A new date is a new plan.
    base.write(|tx| task::snooze(tx, may, "2026-06-02"));
    set(&mut base, may, "due=2026-06-20; repeat=每两周的周二 共5次");
    assert_eq!(
        base.shown(Noun::Task, may, "planned_on repeat"),
        "|every 2 weeks on tue x5"
    );
    base.check();
}

#[test]
fn calling_off_ends_one_task_or_the_series() {
    let mut base = Base::new();
    let id = add(&mut base, "title=Call; due=2026-03-03; repeat=every tue");
    base.write(|tx| task::cancel(tx, id));
    let next = following(&base, id).expect("the series goes on");
    assert_eq!(base.shown(Noun::Task, next, FIELDS), "2026-03-10|every tue||open");
    base.write(|tx| task::cancel_series(tx, next));
    assert_eq!(following(&base, next), None);
    base.write(|tx| task::reopen(tx, id));
    set(&mut base, id, "status=done; repeat=");
    assert_eq!(following(&base, id), None, "the rule went with the same change");
}

#[test]
fn rules_and_reminders_want_a_due_date() {
    let mut base = Base::new();
    let mut refused = |text: &str| base.refused(|tx| task::add(tx, &assignments(text), &Policy::strict()));
    assert_eq!(refused("title=A; repeat=weekly").0, "due");
    assert_eq!(refused("title=A; remind=1h").0, "remind");
    let (name, message) = refused("title=A; due=2026-03-03; repeat=every blue moon");
    assert_eq!(name, "repeat");
    assert!(message.contains("monthly on the last day"), "{message}");
    assert_eq!(refused("title=A; due=2026-03-03; remind=soon").0, "remind");
    let id = add(&mut base, "title=A; due=2026-03-03; repeat=weekly");
    let refused =
        base.refused(|tx| task::edit(tx, id, &assignments("due="), Lists::Replace, &Policy::strict()));
    assert_eq!(refused.0, "due");
    assert_eq!(base.refused(|tx| task::snooze(tx, id, "none")).0, "due");
    set(&mut base, id, "due=; repeat=");
    add(&mut base, "title=B; remind=2026-03-04T10:00");
}

fn request(name: &str) -> Request {
    Request {
        whose: Whose::Everyone,
        name: name.to_owned(),
        since: None,
    }
}

/// What a run tells, as section and name.
fn told(base: &mut Base, name: &str, fails: &[usize]) -> Vec<String> {
    let request = request(name);
    let news = base.read(|tx| remind::news(tx, &request));
    let failed: BTreeSet<usize> = fails.iter().copied().collect();
    base.write(|tx| remind::advance(tx, &request, &news, &failed));
    let line = |item: &remind::Item| format!("{} {}", item.section, item.entry.record.name);
    news.items.iter().map(line).collect()
}

#[test]
fn each_run_tells_what_became_due_since_the_last_one() {
    let mut base = Base::new();
    add(&mut base, "title=Late; due=2026-02-20; remind=1d");
    let today = add(&mut base, "title=Today; due=2026-03-02");
    add(&mut base, "title=Evening; due=2026-03-02T18:00; remind=7h");
    add(&mut base, "title=Week; due=2026-03-05T09:00; remind=1d");
    assert_eq!(
        told(&mut base, "mail", &[]),
        ["reminder Evening", "overdue Late", "today Evening", "today Today"],
        "the agenda, and no reminders of days before"
    );
    assert!(told(&mut base, "mail", &[]).is_empty());
    assert_eq!(
        told(&mut base, "other", &[]).len(),
        4,
        "each name is told for itself"
    );
    // What somebody adds late is news, whatever its date.
    add(&mut base, "title=Added; due=2026-02-27");
    assert_eq!(told(&mut base, "mail", &[0]), ["overdue Added"]);
    assert_eq!(
        told(&mut base, "mail", &[]),
        ["overdue Added"],
        "what failed comes again"
    );
    base.on("2026-03-03");
    assert_eq!(told(&mut base, "mail", &[]), ["overdue Evening", "overdue Today"]);
    base.on("2026-03-04");
    assert_eq!(told(&mut base, "mail", &[]), ["reminder Week"]);
    // Put off and due again before the next run: news once more.
    base.write(|tx| task::snooze(tx, today, "2026-03-05"));
    base.on("2026-03-07");
    assert_eq!(told(&mut base, "mail", &[]), ["overdue Week", "overdue Today"]);
    base.write(|tx| task::done(tx, today));
    assert!(told(&mut base, "mail", &[]).is_empty());
    let since = |at: &str| {
        let at: jiff::Timestamp = at.parse().unwrap();
        let request = Request {
            since: Some(at.as_millisecond()),
            ..request("mail")
        };
        base.read(|tx| remind::news(tx, &request)).items.len()
    };
    assert_eq!(
        (since("2026-03-05T08:00:00Z"), since("2026-03-06T00:00:00Z")),
        (1, 0)
    );
}

#[test]
fn customers_who_fell_quiet_and_deals_that_rot_are_told() {
    let mut base = Base::new();
    base.write(|tx| new_customer(tx, "name=Ada; keep_in_touch=10"));
    assert!(told(&mut base, "mail", &[]).is_empty());
    base.on("2026-03-12");
    assert_eq!(
        told(&mut base, "mail", &[]),
        ["quiet Ada"],
        "no contact since it was added"
    );
    log(&mut base, "2026-03-12");
    assert!(told(&mut base, "mail", &[]).is_empty());
    base.on("2026-03-22");
    assert_eq!(told(&mut base, "mail", &[]), ["quiet Ada"], "silent once more");
    base.write(|tx| deal::add(tx, &assignments("name=Engine; customer=C1"), &Policy::strict()).map(drop));
    assert!(told(&mut base, "mail", &[]).is_empty());
    base.on("2026-06-22");
    assert_eq!(
        told(&mut base, "mail", &[]),
        ["deals Engine"],
        "its stage has had no news"
    );
    assert!(told(&mut base, "mail", &[]).is_empty());
}

fn log(base: &mut Base, day: &str) {
    let text = format!("customer=C1; type=call; text=Hello; at={day}");
    base.write(|tx| activity::add(tx, &assignments(&text), &Policy::strict()).map(drop));
}

#[test]
fn the_shortest_wish_of_a_customer_and_its_labels_counts() {
    let mut base = Base::new();
    let id = base.write(|tx| new_customer(tx, "name=Ada; tags=vip"));
    let quiet = |base: &mut Base| {
        base.check();
        base.shown(Noun::Customer, id, "quiet_on")
    };
    assert_eq!(quiet(&mut base), "");
    let vip = base.write(|tx| crate::ops::refer::one(tx, Noun::Tag, "vip"));
    let wish = |base: &mut Base, text: &str| {
        base.write(|tx| tag::edit(tx, vip, &assignments(text), Lists::Replace, &Policy::strict()).map(drop));
    };
    wish(&mut base, "keep_in_touch=30");
    assert_eq!(quiet(&mut base), "2026-04-01", "from its creation");
    log(&mut base, "2026-03-01");
    assert_eq!(quiet(&mut base), "2026-03-31", "from the last contact");
    base.write(|tx| change(tx, id, "keep_in_touch=7"));
    assert_eq!(quiet(&mut base), "2026-03-08");
    base.undo();
    assert_eq!(quiet(&mut base), "2026-03-31");
    base.write(|tx| tagging::untag(tx, Noun::Customer, &[id], "vip"));
    assert_eq!(quiet(&mut base), "");
    base.undo();
    assert_eq!(quiet(&mut base), "2026-03-31");
    base.write(|tx| trash::remove(tx, Noun::Tag, &[vip]));
    assert_eq!(quiet(&mut base), "");
    base.write(|tx| trash::restore(tx, Noun::Tag, &[vip]));
    wish(&mut base, "keep_in_touch=");
    assert_eq!(quiet(&mut base), "");
    base.undo();
    assert_eq!(quiet(&mut base), "2026-03-31");
    // A customer that is made with the label has its day at once.
    let late = base.write(|tx| new_customer(tx, "name=Bob; tags=vip"));
    assert_eq!(base.shown(Noun::Customer, late, "quiet_on"), "2026-04-01");
    base.check();
}

#[test]
fn an_agenda_since_the_last_run_has_only_what_is_new_in_its_section() {
    let mut base = Base::new();
    add(&mut base, "title=Today; due=2026-03-02");
    let run = |base: &mut Base, name: &str| {
        let request = today::Request {
            whose: Whose::Everyone,
            filters: Vec::new(),
            limit: 1,
        };
        let news = base.read(|tx| today::since_last_run(tx, name, &request));
        base.write(|tx| today::remember(tx, &news));
        let lines = news.sections.iter().flat_map(|section| {
            section
                .entries
                .iter()
                .map(|entry| format!("{} {}", section.name, entry.record.name))
        });
        lines.collect::<Vec<_>>()
    };
    assert_eq!(run(&mut base, "mail"), ["today Today"]);
    assert!(run(&mut base, "mail").is_empty());
    add(&mut base, "title=New; due=2026-03-04");
    assert_eq!(run(&mut base, "mail"), ["week New"]);
    assert_eq!(run(&mut base, "other").len(), 2);
    base.on("2026-03-03");
    assert_eq!(run(&mut base, "mail"), ["overdue Today"]);
}
