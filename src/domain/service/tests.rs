use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use proptest::prelude::*;

use super::*;

/// Monday to Friday, 9 to 18, in a zone whose clocks change; the first of May 2026, a Friday, is a holiday and the Saturday
/// after it is worked.
fn hours() -> Hours {
    let zone = TimeZone::get("Europe/Berlin").unwrap();
    Hours::read("mon-fri 09:00-18:00", "2026-05-01 off\n2026-05-02 work", zone).unwrap()
}

fn at(text: &str) -> Timestamp {
    let time: DateTime = text.parse().unwrap();
    time.to_zoned(hours().zone().clone()).unwrap().timestamp()
}

fn hours_of(count: f64) -> SignedDuration {
    SignedDuration::from_secs_f64(count * 3600.0)
}

/// One hour until an answer, four until it is solved.
const HIGH: Target = Target {
    first_response: Some(SignedDuration::from_hours(1)),
    next_response: None,
    resolution: Some(SignedDuration::from_hours(4)),
};

/// Half an hour and two.
const URGENT: Target = Target {
    first_response: Some(SignedDuration::from_mins(30)),
    next_response: None,
    resolution: Some(SignedDuration::from_hours(2)),
};

/// Eight hours and twenty-four.
const NORMAL: Target = Target {
    first_response: Some(SignedDuration::from_hours(8)),
    next_response: None,
    resolution: Some(SignedDuration::from_hours(24)),
};

struct Case {
    what: &'static str,
    received: &'static str,
    promises: &'static [(&'static str, Target)],
    responded: &'static str,
    waits: &'static [(&'static str, &'static str)],
    /// Solved, reopened, solved, …
    turns: &'static [&'static str],
    now: &'static str,
    /// State, due, hours left.
    first: (State, &'static str, f64),
    resolution: (State, &'static str, f64),
}

const BASE: Case = Case {
    what: "",
    received: "2026-04-27T10:00",
    promises: &[("2026-04-27T10:00", HIGH)],
    responded: "",
    waits: &[],
    turns: &[],
    now: "2026-04-27T10:30",
    first: (State::Running, "2026-04-27T11:00", 0.5),
    resolution: (State::Running, "2026-04-27T14:00", 3.5),
};

/// Worked by hand: 27 April 2026 is a Monday.
const CASES: &[Case] = &[
    Case {
        what: "both clocks run",
        ..BASE
    },
    Case {
        what: "answered and solved in time, at the very last moment",
        responded: "2026-04-27T11:00",
        turns: &["2026-04-27T14:00"],
        now: "2026-04-28T10:00",
        first: (State::Met, "2026-04-27T11:00", 0.0),
        resolution: (State::Met, "2026-04-27T14:00", 0.0),
        ..BASE
    },
    Case {
        what: "an answer that comes late mends nothing",
        responded: "2026-04-27T11:30",
        now: "2026-04-27T12:00",
        first: (State::Breached, "2026-04-27T11:00", -0.5),
        resolution: (State::Running, "2026-04-27T14:00", 2.0),
        ..BASE
    },
    Case {
        what: "it came in on Thursday evening; Friday is a holiday, Saturday is worked",
        received: "2026-04-30T17:30",
        promises: &[("2026-04-30T17:30", HIGH)],
        now: "2026-05-02T09:15",
        // Half an hour on Thursday, half an hour on Saturday; then three and a half more.
        first: (State::Running, "2026-05-02T09:30", 0.25),
        resolution: (State::Running, "2026-05-02T12:30", 3.25),
        ..BASE
    },
    Case {
        what: "it came in on Sunday: the clock begins on Monday",
        received: "2026-05-03T12:00",
        promises: &[("2026-05-03T12:00", HIGH)],
        now: "2026-05-03T20:00",
        first: (State::Running, "2026-05-04T10:00", 1.0),
        resolution: (State::Running, "2026-05-04T13:00", 4.0),
        ..BASE
    },
    Case {
        what: "while it waits for the customer it is not due, and only the solution waits",
        waits: &[("2026-04-27T10:30", "")],
        now: "2026-04-29T12:00",
        first: (State::Breached, "2026-04-27T11:00", 1.0 - 20.0),
        resolution: (State::Paused, "", 3.5),
        ..BASE
    },
    Case {
        what: "after the wait the rest is left: three and a half hours from Wednesday noon",
        responded: "2026-04-27T10:20",
        waits: &[("2026-04-27T10:30", "2026-04-29T12:00")],
        now: "2026-04-29T13:00",
        first: (State::Met, "2026-04-27T11:00", 2.0 / 3.0),
        resolution: (State::Running, "2026-04-29T15:30", 2.5),
        ..BASE
    },
    Case {
        what: "two waits, one of them over a night; late by an hour at the end",
        responded: "2026-04-27T10:20",
        // Runs 10-11, 12-13 on Monday, then from Tuesday 10:00: two hours are left, until 12:00.
        waits: &[
            ("2026-04-27T11:00", "2026-04-27T12:00"),
            ("2026-04-27T13:00", "2026-04-28T10:00"),
        ],
        turns: &["2026-04-28T13:00"],
        now: "2026-04-30T10:00",
        first: (State::Met, "2026-04-27T11:00", 2.0 / 3.0),
        resolution: (State::Breached, "2026-04-28T12:00", -1.0),
        ..BASE
    },
    Case {
        what: "a wait that begins after it is late takes nothing back",
        responded: "2026-04-27T10:20",
        waits: &[("2026-04-27T15:00", "")],
        now: "2026-04-28T10:00",
        first: (State::Met, "2026-04-27T11:00", 2.0 / 3.0),
        resolution: (State::Breached, "", -1.0),
        ..BASE
    },
    Case {
        what: "made urgent: two hours from the start, not from then; what was answered by then is answered",
        responded: "2026-04-27T10:20",
        promises: &[("2026-04-27T10:00", HIGH), ("2026-04-27T11:00", URGENT)],
        now: "2026-04-27T11:30",
        first: (State::Met, "2026-04-27T11:00", 2.0 / 3.0),
        resolution: (State::Running, "2026-04-27T12:00", 0.5),
        ..BASE
    },
    Case {
        what: "made urgent when two hours had passed: late from that moment",
        responded: "2026-04-27T10:20",
        promises: &[("2026-04-27T10:00", HIGH), ("2026-04-27T13:00", URGENT)],
        now: "2026-04-27T13:15",
        first: (State::Met, "2026-04-27T11:00", 2.0 / 3.0),
        resolution: (State::Breached, "2026-04-27T12:00", -1.25),
        ..BASE
    },
    Case {
        what: "made normal before it was late: there is time again",
        responded: "2026-04-27T10:20",
        promises: &[("2026-04-27T10:00", HIGH), ("2026-04-27T13:00", NORMAL)],
        now: "2026-04-27T15:00",
        first: (State::Met, "2026-04-27T11:00", 2.0 / 3.0),
        // Eight hours on Monday, nine on Tuesday, seven on Wednesday.
        resolution: (State::Running, "2026-04-29T16:00", 19.0),
        ..BASE
    },
    Case {
        what: "made normal after it was late: the breach stays",
        responded: "2026-04-27T10:20",
        promises: &[("2026-04-27T10:00", HIGH), ("2026-04-27T14:30", NORMAL)],
        now: "2026-04-27T15:00",
        first: (State::Met, "2026-04-27T11:00", 2.0 / 3.0),
        resolution: (State::Breached, "2026-04-29T16:00", 19.0),
        ..BASE
    },
    Case {
        what: "reopened: four new hours for the solution, none for the answer",
        responded: "2026-04-27T10:20",
        turns: &["2026-04-27T12:00", "2026-04-28T16:00"],
        now: "2026-04-28T17:00",
        first: (State::Met, "2026-04-27T11:00", 2.0 / 3.0),
        resolution: (State::Running, "2026-04-29T11:00", 3.0),
        ..BASE
    },
    Case {
        what: "solved late, reopened and solved quickly: the first breach stays",
        responded: "2026-04-27T10:20",
        turns: &["2026-04-27T15:00", "2026-04-28T10:00", "2026-04-28T11:00"],
        now: "2026-04-29T10:00",
        first: (State::Met, "2026-04-27T11:00", 2.0 / 3.0),
        resolution: (State::Breached, "2026-04-28T14:00", 3.0),
        ..BASE
    },
    Case {
        what: "solved in time and reopened: the time between is nobody's fault",
        responded: "2026-04-27T10:20",
        turns: &["2026-04-27T13:00", "2026-05-04T10:00", "2026-05-04T13:00"],
        now: "2026-05-05T10:00",
        first: (State::Met, "2026-04-27T11:00", 2.0 / 3.0),
        resolution: (State::Met, "2026-05-04T14:00", 1.0),
        ..BASE
    },
    Case {
        what: "over the night in which the clocks go forward, working time is the same",
        received: "2026-03-27T17:00",
        promises: &[("2026-03-27T17:00", HIGH)],
        responded: "2026-03-27T17:05",
        now: "2026-03-30T09:30",
        first: (State::Met, "2026-03-27T18:00", 11.0 / 12.0),
        resolution: (State::Running, "2026-03-30T12:00", 2.5),
        ..BASE
    },
    Case {
        what: "nothing is promised",
        promises: &[],
        first: (State::Off, "", f64::NAN),
        resolution: (State::Off, "", f64::NAN),
        ..BASE
    },
];

fn course(case: &Case) -> Course {
    let instant = |text: &str| (!text.is_empty()).then(|| at(text));
    let mut rounds = vec![Round {
        started_at: at(case.received),
        resolved_at: None,
    }];
    for (turn, text) in case.turns.iter().enumerate() {
        if turn % 2 == 0 {
            rounds.last_mut().unwrap().resolved_at = instant(text);
        } else {
            rounds.push(Round {
                started_at: at(text),
                resolved_at: None,
            });
        }
    }
    Course {
        promises: case
            .promises
            .iter()
            .map(|(since, target)| Promise {
                since: at(since),
                target: *target,
                hours: Rc::new(hours()),
            })
            .collect(),
        rounds,
        first_responded_at: instant(case.responded),
        questions: Vec::new(),
        waits: case
            .waits
            .iter()
            .map(|(from, to)| (at(from), instant(to)))
            .collect(),
    }
}

#[test]
fn clocks_show_what_was_worked_out_by_hand() {
    for case in CASES {
        let course = course(case);
        let now = at(case.now);
        let readings = [
            (course.reading(Kind::FirstResponse, now), case.first),
            (course.reading(Kind::Resolution, now), case.resolution),
        ];
        for (reading, (state, due, left)) in readings {
            assert_eq!(reading.state, state, "{}: {reading:?}", case.what);
            let due = (!due.is_empty()).then(|| at(due));
            assert_eq!(reading.due_at, due, "{}: {reading:?}", case.what);
            match reading.left {
                None => assert!(left.is_nan(), "{}", case.what),
                Some(found) => {
                    let off = (found - hours_of(left)).abs();
                    assert!(off < SignedDuration::from_secs(1), "{}: {found:?}", case.what);
                }
            }
            assert_eq!(
                reading.breached_at.is_some(),
                state == State::Breached,
                "{}: {reading:?}",
                case.what
            );
        }
    }
}

proptest! {
    /// Whatever happens later, a breach stays, at the same instant.
    #[test]
    fn a_breach_is_for_good(
        minutes in prop::collection::vec(1_i64..3000, 1..6),
        later in 0_i64..10_000,
        is_answered in any::<bool>(),
        made_normal in any::<bool>(),
    ) {
        let hours = Rc::new(hours());
        let start = at("2026-04-27T10:00");
        let mut waits = Vec::new();
        let mut clock = start;
        for pair in minutes.chunks(2) {
            clock += SignedDuration::from_mins(pair[0]);
            let end = pair.get(1).map(|length| clock + SignedDuration::from_mins(*length));
            waits.push((clock, end));
            clock = end.unwrap_or(clock);
        }
        let now = clock + SignedDuration::from_mins(30);
        let mut course = Course {
            promises: vec![Promise { since: start, target: HIGH, hours: Rc::clone(&hours) }],
            rounds: vec![Round { started_at: start, resolved_at: None }],
            first_responded_at: None,
            questions: Vec::new(),
            waits,
        };
        let before = Kind::ALL.map(|kind| course.reading(kind, now));
        for (kind, reading) in Kind::ALL.into_iter().zip(before) {
            let late = course.outlook(kind).late_at;
            prop_assert_eq!(reading.breached_at, late.filter(|late| *late < now));
            let stretches = course.stretches(kind, now);
            let counted = stretches.iter().map(|stretch| stretch.counted);
            prop_assert_eq!(counted.fold(SignedDuration::ZERO, |sum, next| sum + next), reading.used);
        }
        let then = now + SignedDuration::from_mins(later);
        if is_answered {
            course.first_responded_at = Some(now);
            course.rounds[0].resolved_at = Some(now);
        }
        if made_normal {
            course.promises.push(Promise { since: now, target: NORMAL, hours: Rc::clone(&hours) });
        }
        let after = Kind::ALL.map(|kind| course.reading(kind, then));
        for (before, after) in before.iter().zip(after) {
            if before.breached_at.is_some() {
                prop_assert_eq!(before.breached_at, after.breached_at);
                prop_assert_eq!(after.state, State::Breached);
            }
        }
    }
}
