//! The course of a ticket, as its stays in steps tell it.

use jiff::Timestamp;

use super::{Status, Step, Wait};
use crate::domain::service::Round;

/// A stay in a step, waiting or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stay {
    /// The step.
    pub step: Step,
    /// For whom it waited.
    pub wait: Wait,
    /// Whether it was called off; only in the last step.
    pub is_cancelled: bool,
    /// When it came there.
    pub entered_at: Timestamp,
    /// When it went on; none for where it is.
    pub left_at: Option<Timestamp>,
}

impl Stay {
    /// How a ticket stands that is here.
    pub fn status(&self) -> Status {
        match (self.step, self.wait) {
            (Step::Closed, _) if self.is_cancelled => Status::Cancelled,
            (Step::Closed, _) => Status::Closed,
            (Step::Verifying, _) => Status::Resolved,
            (_, Wait::Customer) => Status::WaitingCustomer,
            (_, Wait::ThirdParty) => Status::WaitingThirdParty,
            (_, Wait::Nobody) => Status::Open,
        }
    }

    /// Whether the ticket is solved here; what was called off is not.
    fn is_solved(&self) -> bool {
        self.step.is_solved() && !self.is_cancelled
    }
}

/// What follows from the stays of a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Life {
    /// How it stands.
    pub status: Status,
    /// Where it is.
    pub step: Step,
    /// For whom it waits.
    pub wait: Wait,
    /// When it came in.
    pub received_at: Timestamp,
    /// When it came to the step where it is, whatever it waited for since.
    pub step_since: Timestamp,
    /// Since when it waits for somebody outside.
    pub paused_since: Option<Timestamp>,
    /// When a person first had contact with the customer, as far as the steps know.
    pub contacted_at: Option<Timestamp>,
    /// When it was solved; none while it is not, also after it was reopened.
    pub resolved_at: Option<Timestamp>,
    /// When it was closed or called off.
    pub closed_at: Option<Timestamp>,
    /// How often it was solved and came back.
    pub reopen_count: i64,
}

/// Tells a life by its stays, the earliest first; none of no stays.
pub fn told(stays: &[Stay]) -> Option<Life> {
    let first = stays.first()?;
    let last = stays.last()?;
    let since = |holds: &dyn Fn(&Stay) -> bool| {
        let run = stays.iter().rev().take_while(|stay| holds(stay));
        run.last().map(|stay| stay.entered_at)
    };
    let is_paused = |stay: &Stay| stay.wait != Wait::Nobody && !stay.step.is_solved();
    let pairs = stays.iter().zip(stays.iter().skip(1));
    let reopened = pairs.filter(|(one, next)| one.is_solved() && !next.step.is_solved());
    Some(Life {
        status: last.status(),
        step: last.step,
        wait: last.wait,
        received_at: first.entered_at,
        step_since: since(&|stay| stay.step == last.step).unwrap_or(last.entered_at),
        paused_since: since(&is_paused),
        contacted_at: stays
            .iter()
            .find(|stay| stay.step == Step::Contacted)
            .map(|stay| stay.entered_at),
        resolved_at: since(&Stay::is_solved),
        closed_at: (last.step == Step::Closed).then_some(last.entered_at),
        reopen_count: i64::try_from(reopened.count()).unwrap_or(i64::MAX),
    })
}

impl Life {
    /// From when the ticket came in, or was reopened, until it was solved, called off, or on; for its clock.
    pub fn rounds(stays: &[Stay]) -> Vec<Round> {
        let mut rounds: Vec<Round> = Vec::new();
        let mut is_running = false;
        for stay in stays {
            match (is_running, stay.step.is_solved()) {
                (false, false) => rounds.push(Round {
                    started_at: stay.entered_at,
                    resolved_at: None,
                }),
                (true, true) => {
                    if let Some(round) = rounds.last_mut() {
                        round.resolved_at = Some(stay.entered_at);
                    }
                }
                _ => {}
            }
            is_running = !stay.step.is_solved();
        }
        rounds
    }

    /// When the ticket waited for somebody outside, in order and apart; the last wait has no end while it lasts.
    pub fn waits(stays: &[Stay]) -> Vec<(Timestamp, Option<Timestamp>)> {
        let mut waits: Vec<(Timestamp, Option<Timestamp>)> = Vec::new();
        let waiting = stays
            .iter()
            .filter(|stay| stay.wait != Wait::Nobody && !stay.step.is_solved());
        for stay in waiting {
            match waits.last_mut() {
                Some((_, end)) if *end == Some(stay.entered_at) => *end = stay.left_at,
                _ => waits.push((stay.entered_at, stay.left_at)),
            }
        }
        waits
    }
}
