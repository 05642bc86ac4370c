//! The clocks of tickets through the store: one table, each case worked out by hand.
//!
//! The team works in Berlin, Monday to Friday 9 to 18. The first of May 2026, a Friday, is a holiday, and the Saturday after
//! it is worked. 27 April 2026 is a Monday; clocks go forward in the night before Sunday 29 March and back before Sunday
//! 25 October. What is promised is what is usual: urgent 30 m and 2 h, high 1 h and 4 h, normal 8 h and 24 h.

use jiff::civil::DateTime;

use super::*;
use crate::domain::service::{Kind, Reading, State};
use crate::domain::ticket::Wait;
use crate::ops::draft::Lists;
use crate::ops::ticket::{self, clock, steps, talk};
use crate::ops::{calendar, refer, sla};
use crate::store::tickets;

/// Something that happens.
#[derive(Clone, Copy)]
enum Act {
    /// A person answers.
    Reply,
    /// A program answers.
    Automatic,
    /// The customer says something.
    Message,
    /// We wait for the customer.
    Wait,
    /// We wait for a supplier.
    Supplier,
    /// We go on.
    Resume,
    /// It is solved.
    Solve,
    /// It is taken up again.
    Reopen,
    /// It is called off.
    Cancel,
    /// It presses more, or less.
    Press(&'static str),
    /// The policy promises something else.
    Promise(&'static str),
    /// The calendar says something else of days.
    Day(&'static str),
}

use Act::{Automatic, Cancel, Day, Message, Press, Promise, Reopen, Reply, Resume, Solve, Supplier};

/// What a clock shows: state, due in Berlin, minutes left.
type Shows = (State, &'static str, i64);

struct Case {
    what: &'static str,
    received: &'static str,
    priority: &'static str,
    course: &'static [(&'static str, Act)],
    now: &'static str,
    first: Shows,
    resolution: Shows,
}

const BASE: Case = Case {
    what: "both clocks run",
    received: "2026-04-27T10:00",
    priority: "high",
    course: &[],
    now: "2026-04-27T10:30",
    first: (State::Running, "2026-04-27T11:00", 30),
    resolution: (State::Running, "2026-04-27T14:00", 210),
};

const ANSWERED: (&str, Act) = ("2026-04-27T10:20", Reply);
const IN_TIME: Shows = (State::Met, "2026-04-27T11:00", 40);

#[rustfmt::skip]
const CASES: &[Case] = &[
    BASE,
    Case { what: "over the weekend: two hours on Friday, two on Monday",
        received: "2026-04-24T16:00", course: &[("2026-04-24T16:30", Reply)], now: "2026-04-27T10:00",
        first: (State::Met, "2026-04-24T17:00", 30), resolution: (State::Running, "2026-04-27T11:00", 60), ..BASE },
    Case { what: "it came in on a Sunday: the clock begins on Monday",
        received: "2026-04-26T12:00", now: "2026-04-26T20:00",
        first: (State::Running, "2026-04-27T10:00", 60), resolution: (State::Running, "2026-04-27T13:00", 240), ..BASE },
    Case { what: "over the holiday to the Saturday that is worked: half an hour on Thursday, the rest on Saturday",
        received: "2026-04-30T17:30", now: "2026-05-02T09:15",
        first: (State::Running, "2026-05-02T09:30", 15), resolution: (State::Running, "2026-05-02T12:30", 195), ..BASE },
    Case { what: "the clocks go forward on Sunday, which nobody works: an hour on Friday, three on Monday",
        received: "2026-03-27T17:00", course: &[("2026-03-27T17:05", Reply)], now: "2026-03-30T09:30",
        first: (State::Met, "2026-03-27T18:00", 55), resolution: (State::Running, "2026-03-30T12:00", 150), ..BASE },
    Case { what: "the clocks go back on Sunday: an hour on Friday, three on Monday",
        received: "2026-10-23T17:00", course: &[("2026-10-23T17:05", Reply)], now: "2026-10-26T09:30",
        first: (State::Met, "2026-10-23T18:00", 55), resolution: (State::Running, "2026-10-26T12:00", 150), ..BASE },
    Case { what: "an automatic reply is no answer",
        course: &[("2026-04-27T10:01", Automatic)], now: "2026-04-27T11:30",
        first: (State::Breached, "2026-04-27T11:00", -30), resolution: (State::Running, "2026-04-27T14:00", 150), ..BASE },
    Case { what: "an answer that comes late mends nothing",
        course: &[("2026-04-27T11:30", Reply)], now: "2026-04-27T12:00",
        first: (State::Breached, "2026-04-27T11:00", -30), resolution: (State::Running, "2026-04-27T14:00", 120), ..BASE },
    Case { what: "solved without a word before: who is told the solution is answered",
        course: &[("2026-04-27T10:45", Solve)], now: "2026-04-28T12:00",
        first: (State::Met, "2026-04-27T11:00", 15), resolution: (State::Met, "2026-04-27T14:00", 195), ..BASE },
    Case { what: "while it waits for the customer it is not due",
        course: &[ANSWERED, ("2026-04-27T10:30", Act::Wait)], now: "2026-04-29T12:00",
        first: IN_TIME, resolution: (State::Paused, "", 210), ..BASE },
    Case { what: "the answer of the customer ends the wait: three and a half hours from Wednesday noon",
        course: &[ANSWERED, ("2026-04-27T10:30", Act::Wait), ("2026-04-29T12:00", Message)], now: "2026-04-29T13:00",
        first: IN_TIME, resolution: (State::Running, "2026-04-29T15:30", 150), ..BASE },
    Case { what: "the answer comes over the weekend: nothing counts until Monday",
        received: "2026-04-24T16:00",
        course: &[("2026-04-24T16:10", Reply), ("2026-04-24T17:00", Act::Wait), ("2026-04-25T11:00", Message)],
        now: "2026-04-27T09:30",
        first: (State::Met, "2026-04-24T17:00", 50), resolution: (State::Running, "2026-04-27T12:00", 150), ..BASE },
    Case { what: "two waits, for the customer and a supplier; an hour late at the end: 10-11, 12-13, 10-12, due",
        course: &[ANSWERED, ("2026-04-27T11:00", Act::Wait), ("2026-04-27T12:00", Resume),
            ("2026-04-27T13:00", Supplier), ("2026-04-28T10:00", Resume), ("2026-04-28T13:00", Solve)],
        now: "2026-04-30T10:00",
        first: IN_TIME, resolution: (State::Breached, "2026-04-28T12:00", -60), ..BASE },
    Case { what: "a wait that begins when it is late takes nothing back",
        course: &[ANSWERED, ("2026-04-27T15:00", Act::Wait)], now: "2026-04-28T10:00",
        first: IN_TIME, resolution: (State::Breached, "", -60), ..BASE },
    Case { what: "made urgent: two hours from the start, not from then",
        course: &[ANSWERED, ("2026-04-27T11:00", Press("urgent"))], now: "2026-04-27T11:30",
        first: IN_TIME, resolution: (State::Running, "2026-04-27T12:00", 30), ..BASE },
    Case { what: "made urgent when two hours had passed: late from that moment",
        course: &[ANSWERED, ("2026-04-27T13:00", Press("urgent"))], now: "2026-04-27T13:15",
        first: IN_TIME, resolution: (State::Breached, "2026-04-27T12:00", -75), ..BASE },
    Case { what: "made normal in time: 8 h on Monday, 9 on Tuesday, 7 on Wednesday",
        course: &[ANSWERED, ("2026-04-27T13:00", Press("normal"))], now: "2026-04-27T15:00",
        first: IN_TIME, resolution: (State::Running, "2026-04-29T16:00", 19 * 60), ..BASE },
    Case { what: "made normal after it was late: the breach stays",
        course: &[ANSWERED, ("2026-04-27T14:30", Press("normal"))], now: "2026-04-27T15:00",
        first: IN_TIME, resolution: (State::Breached, "2026-04-29T16:00", 19 * 60), ..BASE },
    Case { what: "solved in time and reopened: four new hours for the solution, none for the answer",
        course: &[ANSWERED, ("2026-04-27T12:00", Solve), ("2026-04-28T16:00", Reopen)], now: "2026-04-28T17:00",
        first: IN_TIME, resolution: (State::Running, "2026-04-29T11:00", 180), ..BASE },
    Case { what: "solved late, reopened and solved quickly: the first breach stays",
        course: &[ANSWERED, ("2026-04-27T15:00", Solve), ("2026-04-28T10:00", Reopen), ("2026-04-28T11:00", Solve)],
        now: "2026-04-29T10:00",
        first: IN_TIME, resolution: (State::Breached, "2026-04-28T14:00", 180), ..BASE },
    Case { what: "called off in time",
        course: &[ANSWERED, ("2026-04-27T11:00", Cancel)], now: "2026-04-29T10:00",
        first: IN_TIME, resolution: (State::Met, "2026-04-27T14:00", 180), ..BASE },
    Case { what: "the policy promises two hours from noon on: what runs follows, late from that moment",
        course: &[ANSWERED, ("2026-04-27T12:30", Promise("high first=30m resolution=2h"))], now: "2026-04-27T13:00",
        first: IN_TIME, resolution: (State::Breached, "2026-04-27T12:00", -60), ..BASE },
    Case { what: "the policy promises less when it is solved: what has ended stays",
        course: &[ANSWERED, ("2026-04-27T13:30", Solve), ("2026-04-28T10:00", Promise("high first=5m resolution=30m"))],
        now: "2026-04-28T12:00",
        first: IN_TIME, resolution: (State::Met, "2026-04-27T14:00", 30), ..BASE },
    Case { what: "Tuesday becomes a holiday on Monday: what runs follows; 17-18 on Monday, then Wednesday",
        received: "2026-04-27T17:00",
        course: &[("2026-04-27T17:20", Reply), ("2026-04-27T17:30", Day("2026-04-28 off"))], now: "2026-04-28T12:00",
        first: (State::Met, "2026-04-27T18:00", 40), resolution: (State::Running, "2026-04-29T12:00", 180), ..BASE },
];

fn berlin(text: &str) -> Timestamp {
    let time: DateTime = text.parse().unwrap();
    time.to_zoned(TimeZone::get("Europe/Berlin").unwrap())
        .unwrap()
        .timestamp()
}

/// A base whose policy counts by the calendar of Berlin.
fn base() -> Base {
    let mut base = Base::new();
    base.write(|tx| {
        let id = refer::one(tx, Noun::Calendar, "standard")?;
        let given =
            assignments("zone=Europe/Berlin; week=mon-fri 09:00-18:00; days=2026-05-01 off\n2026-05-02 work");
        calendar::edit(tx, id, &given, Lists::Replace, &Policy::strict())
    });
    base
}

fn at(base: &mut Base, when: &str) {
    base.caller.clock = Clock::new(berlin(when), TimeZone::UTC);
}

fn received(base: &mut Base, when: &str, more: &str) -> Id {
    at(base, when);
    let given = assignments(&format!("name=It does not work; {more}"));
    base.write(|tx| ticket::add(tx, &given, &Policy::strict())).id
}

fn happen(base: &mut Base, id: Id, act: Act) {
    let said = talk::Said {
        text: "words",
        ..talk::Said::default()
    };
    let set = |tx: &WriteTx<'_>, given: &str| {
        ticket::edit(tx, id, &assignments(given), Lists::Replace, &Policy::strict()).map(drop)
    };
    base.write(|tx| match act {
        Reply => talk::reply(tx, id, &said).map(drop),
        Automatic => {
            let said = talk::Said {
                is_automatic: true,
                ..said
            };
            talk::reply(tx, id, &said).map(drop)
        }
        Message => talk::receive(tx, id, &said, None).map(drop),
        Act::Wait => steps::wait(tx, id, Wait::Customer, None).map(drop),
        Supplier => steps::wait(tx, id, Wait::ThirdParty, None).map(drop),
        Resume => steps::wait(tx, id, Wait::Nobody, None).map(drop),
        Solve => {
            let solution = steps::Solution {
                solution: Some("a new part"),
                ..steps::Solution::default()
            };
            steps::resolve(tx, id, &solution).map(drop)
        }
        Reopen => steps::reopen(tx, id, None, None).map(drop),
        Cancel => steps::cancel(tx, id, "a mistake", None).map(drop),
        Press(priority) => set(tx, &format!("priority={priority}")),
        Promise(targets) => {
            let policy = refer::one(tx, Noun::Sla, "standard")?;
            let given = assignments(&format!("targets={targets}"));
            sla::edit(tx, policy, &given, Lists::Replace, &Policy::strict()).map(drop)
        }
        Day(line) => {
            let calendar = refer::one(tx, Noun::Calendar, "standard")?;
            let line = crate::domain::hours::days::Line::read(line).unwrap();
            calendar::set_days(tx, calendar, &[line]).map(drop)
        }
    });
}

fn reading(base: &Base, id: Id, kind: Kind) -> Reading {
    let now = base.caller.clock.now();
    base.read(|tx| Ok(tickets::course(tx, id)?.unwrap().reading(kind, now)))
}

#[test]
fn clocks_show_what_was_worked_out_by_hand() {
    for case in CASES {
        let mut base = base();
        let before = base.image();
        let id = received(&mut base, case.received, &format!("priority={}", case.priority));
        for (when, act) in case.course {
            at(&mut base, when);
            happen(&mut base, id, *act);
        }
        at(&mut base, case.now);
        let now = base.caller.clock.now();
        let mut broken = Vec::new();
        for (kind, (state, due, left)) in [
            (Kind::FirstResponse, case.first),
            (Kind::Resolution, case.resolution),
        ] {
            let found = reading(&base, id, kind);
            let due = (!due.is_empty()).then(|| berlin(due));
            let shown = (found.state, found.due_at, found.left.map(|left| left.as_mins()));
            assert_eq!(shown, (state, due, Some(left)), "{}: {}", case.what, kind.name());
            broken.extend(found.breached_at.filter(|at| *at < now));
        }
        // What is kept up says the same, and is what it would be if it were made anew.
        let is_listed = |base: &Base| {
            base.read(|tx| {
                let condition = list::condition(tx, Noun::Ticket, &["is:breached".to_owned()])?;
                Ok(!records::ids(tx, Noun::Ticket, &condition)?.is_empty())
            })
        };
        assert_eq!(is_listed(&base), !broken.is_empty(), "{}", case.what);
        base.check();
        for _ in 0..=case.course.len() {
            base.undo();
        }
        assert_eq!(base.image(), before, "{}", case.what);
        base.check();
    }
}

#[test]
fn what_is_to_come_is_found_by_its_instant() {
    let mut base = base();
    let early = received(&mut base, "2026-04-27T10:00", "priority=high");
    let late = received(&mut base, "2026-04-27T10:00", "priority=normal");
    let mut found = |when: &str, filter: &str| -> Vec<Id> {
        at(&mut base, when);
        base.read(|tx| {
            let condition = list::condition(tx, Noun::Ticket, &[filter.to_owned()])?;
            records::ids(tx, Noun::Ticket, &condition)
        })
    };
    // Of one hour three quarters have passed at 10:45, of eight at 16:00.
    assert!(found("2026-04-27T10:44", "is:at_risk").is_empty());
    assert_eq!(found("2026-04-27T10:46", "is:at_risk"), [early]);
    assert!(found("2026-04-27T11:01", "is:at_risk").is_empty());
    assert_eq!(found("2026-04-27T11:01", "is:overdue"), [early]);
    assert_eq!(found("2026-04-27T16:01", "is:at_risk"), [late]);
    assert_eq!(found("2026-04-27T09:00", "is:today").len(), 2);
}

#[test]
fn a_later_message_wants_an_answer_of_its_own() {
    let mut base = base();
    happen_on_policy(
        &mut base,
        "urgent first=30m next=30m resolution=2h; high first=1h next=2h resolution=8h",
    );
    let id = received(&mut base, "2026-04-27T10:00", "priority=high");
    let shows = |base: &mut Base, when: &str| {
        at(base, when);
        let found = reading(base, id, Kind::NextResponse);
        (found.state, found.left.map(|left| left.as_mins()))
    };
    let course = |base: &mut Base, when: &str, act: Act| {
        at(base, when);
        happen(base, id, act);
    };
    assert_eq!(shows(&mut base, "2026-04-27T10:10"), (State::Off, None));
    course(&mut base, "2026-04-27T10:20", Reply);
    // The first of two messages counts; the answer in time, then one that is never answered.
    course(&mut base, "2026-04-27T11:00", Message);
    course(&mut base, "2026-04-27T11:30", Message);
    assert_eq!(shows(&mut base, "2026-04-27T12:00"), (State::Running, Some(60)));
    course(&mut base, "2026-04-27T12:30", Reply);
    assert_eq!(shows(&mut base, "2026-04-27T15:00"), (State::Met, Some(30)));
    course(&mut base, "2026-04-27T15:30", Message);
    assert_eq!(shows(&mut base, "2026-04-27T17:45"), (State::Breached, Some(-15)));
    base.check();
}

fn happen_on_policy(base: &mut Base, targets: &str) {
    base.write(|tx| {
        let policy = refer::one(tx, Noun::Sla, "standard")?;
        let given = [("targets".to_owned(), Input::text(targets))];
        sla::edit(tx, policy, &given, Lists::Replace, &Policy::strict())
    });
}

#[test]
fn a_ticket_has_the_first_policy_whose_filter_it_meets() {
    let mut base = base();
    let policy = |base: &mut Base, text: &str| {
        base.write(|tx| sla::add(tx, &assignments(text), &Policy::strict()))
            .id
    };
    policy(&mut base, "key=urgent; filter=priority:urgent; position=2");
    policy(
        &mut base,
        "key=phone; filter=channel:phone; position=1; calendar=",
    );
    let shown = |base: &Base, id: Id| base.shown(Noun::Ticket, id, "sla");
    let call = received(&mut base, "2026-04-27T10:00", "channel=phone; priority=urgent");
    let mail = received(&mut base, "2026-04-27T10:00", "channel=email");
    assert_eq!(
        (shown(&base, call), shown(&base, mail)),
        ("phone".into(), "standard".into())
    );
    let edit = |base: &mut Base, id: Id, text: &str| {
        base.write(|tx| ticket::edit(tx, id, &assignments(text), Lists::Replace, &Policy::strict()));
    };
    // One that has what is for it goes on following; what was chosen by hand stays.
    edit(&mut base, mail, "priority=urgent");
    assert_eq!(shown(&base, mail), "urgent");
    edit(&mut base, mail, "sla=phone");
    edit(&mut base, mail, "priority=low");
    assert_eq!(shown(&base, mail), "phone");
    let applied = base.write(|tx| sla::apply(tx, &[]));
    assert_eq!((applied.len(), applied[0].ticket), (1, mail));
    assert_eq!(shown(&base, mail), "standard");
    assert!(base.write(|tx| sla::apply(tx, &[])).is_empty());
    base.check();
    let reckoning = base.read(|tx| clock::reckon(tx, call));
    assert_eq!(
        (
            reckoning.policy.as_deref(),
            reckoning.calendar,
            reckoning.clocks.len()
        ),
        (Some("phone"), None, 2)
    );
}
