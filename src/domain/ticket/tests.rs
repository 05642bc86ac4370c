use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;

use super::*;
use crate::domain::service::Round;

fn at(hour: i64) -> Timestamp {
    Timestamp::from_second(1_780_000_000 + hour * 3600).unwrap()
}

/// Stays from steps with the hour at which each began; what stands behind a slash is for whom it waited.
fn stays(text: &str) -> Vec<Stay> {
    let mut all: Vec<Stay> = Vec::new();
    for word in text.split(' ') {
        let (hour, what) = word.split_once(':').unwrap();
        let entered_at = at(hour.parse().unwrap());
        let (step, wait) = what.split_once('/').unwrap_or((what, "none"));
        let is_cancelled = step == "cancelled";
        if let Some(last) = all.last_mut() {
            last.left_at = Some(entered_at);
        }
        all.push(Stay {
            step: if is_cancelled {
                Step::Closed
            } else {
                Step::parse(step).unwrap()
            },
            wait: Wait::parse(wait).unwrap(),
            is_cancelled,
            entered_at,
            left_at: None,
        });
    }
    all
}

#[test]
fn words_are_those_of_the_states() {
    assert_eq!(Step::ALL.map(Step::name).as_slice(), STEPS);
    assert_eq!(Wait::ALL.map(Wait::name).as_slice(), WAITS);
    assert_eq!(Status::ALL.map(Status::name).as_slice(), STATUSES);
    assert_eq!(CommentType::ALL.map(CommentType::name).as_slice(), COMMENTS);
    assert_eq!(
        PRIORITIES.iter().map(|word| rank(word)).collect::<Vec<_>>(),
        [4, 3, 2, 1]
    );
    assert_eq!(rank(""), 3);
}

#[test]
fn a_step_leads_on_and_from_a_solution_back() {
    let allowed = |step: Step| {
        step.allowed()
            .into_iter()
            .map(Step::name)
            .collect::<Vec<_>>()
            .join(" ")
    };
    for (step, next, expected) in [
        (
            Step::Received,
            "assigned",
            "assigned contacted analyzing confirming executing verifying",
        ),
        (Step::Analyzing, "confirming", "confirming executing verifying"),
        (Step::Executing, "verifying", "analyzing verifying"),
        (Step::Verifying, "closed", "analyzing closed"),
        (Step::Closed, "", "analyzing"),
    ] {
        assert_eq!(allowed(step), expected, "{step:?}");
        assert_eq!(step.next().map_or("", Step::name), next);
    }
}

#[test]
fn a_life_is_told_by_its_stays() {
    let all = stays(
        "0:received 1:assigned 2:contacted 3:analyzing 4:confirming/customer 6:executing 7:verifying 9:closed",
    );
    let life = told(&all).unwrap();
    assert_eq!(life.status, Status::Closed);
    assert_eq!(
        (
            life.received_at,
            life.contacted_at,
            life.resolved_at,
            life.closed_at
        ),
        (at(0), Some(at(2)), Some(at(7)), Some(at(9)))
    );
    assert_eq!((life.paused_since, life.reopen_count), (None, 0));
    assert_eq!(Life::waits(&all), [(at(4), Some(at(6)))]);
    assert_eq!(
        Life::rounds(&all),
        [Round {
            started_at: at(0),
            resolved_at: Some(at(7))
        }]
    );
    assert_eq!(told(&[]), None);
}

#[test]
fn a_wait_that_changes_is_one_wait() {
    let all = stays("0:received 2:analyzing 3:analyzing/customer 5:analyzing/third_party");
    let life = told(&all).unwrap();
    assert_eq!(life.status, Status::WaitingThirdParty);
    assert_eq!((life.step_since, life.paused_since), (at(2), Some(at(3))));
    assert_eq!(Life::waits(&all), [(at(3), None)]);
    let apart = stays("0:received 1:analyzing/customer 2:analyzing 3:analyzing/customer 4:executing");
    assert_eq!(Life::waits(&apart), [(at(1), Some(at(2))), (at(3), Some(at(4)))]);
}

#[test]
fn what_comes_back_is_reopened_and_what_was_called_off_is_not() {
    let all = stays("0:received 1:verifying 2:analyzing 3:verifying 4:closed 5:analyzing");
    let life = told(&all).unwrap();
    assert_eq!((life.status, life.reopen_count), (Status::Open, 2));
    assert_eq!((life.resolved_at, life.closed_at), (None, None));
    let rounds = [(0, Some(1)), (2, Some(3)), (5, None)].map(|(from, to)| Round {
        started_at: at(from),
        resolved_at: to.map(at),
    });
    assert_eq!(Life::rounds(&all), rounds);
    let off = told(&stays("0:received 1:cancelled")).unwrap();
    assert_eq!(
        (off.status, off.resolved_at, off.closed_at),
        (Status::Cancelled, None, Some(at(1)))
    );
    let again = told(&stays("0:received 1:cancelled 2:analyzing")).unwrap();
    assert_eq!((again.status, again.reopen_count), (Status::Open, 0));
}

proptest! {
    /// Whatever the way, waits lie in order within the life, and one round ends before the next begins.
    #[test]
    fn rounds_and_waits_lie_in_order(way in prop::collection::vec((0..8_usize, 0..3_usize, 0..5_i64), 1..12)) {
        let mut all: Vec<Stay> = Vec::new();
        let mut clock = at(0);
        for (step, wait, hours) in way {
            if let Some(last) = all.last_mut() {
                last.left_at = Some(clock);
            }
            all.push(Stay {
                step: Step::ALL[step],
                wait: Wait::ALL[wait],
                is_cancelled: false,
                entered_at: clock,
                left_at: None,
            });
            clock += SignedDuration::from_hours(hours);
        }
        let life = told(&all).unwrap();
        prop_assert_eq!(life.received_at, at(0));
        let rounds = Life::rounds(&all);
        for pair in rounds.windows(2) {
            prop_assert!(pair[0].resolved_at.unwrap() <= pair[1].started_at);
        }
        let waits = Life::waits(&all);
        for pair in waits.windows(2) {
            prop_assert!(pair[0].1.unwrap() <= pair[1].0);
        }
        let is_waiting = waits.last().is_some_and(|(_, end)| end.is_none());
        prop_assert_eq!(life.paused_since.is_some(), is_waiting);
    }
}
