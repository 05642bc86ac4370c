//! The clocks of a ticket: how long until somebody answers, how long until it is solved, and whether that was promised.
//!
//! Both run in business hours ([`Hours`]). The clock of the first answer never pauses; that of the solution stands still
//! while the ticket waits for somebody outside, and begins anew when it is reopened. A promise that was broken stays
//! broken, whatever is answered, waited for or promised later: what was broken is found from the history and never
//! taken back.

use jiff::{SignedDuration, Timestamp};

use crate::domain::hours::Hours;

/// What is promised for a ticket of some priority, in working time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Target {
    /// Until the first answer by a person; none is promised if it is not there.
    pub first_response: Option<SignedDuration>,
    /// Until a later message of the customer is answered by a person.
    pub next_response: Option<SignedDuration>,
    /// Until it is solved.
    pub resolution: Option<SignedDuration>,
}

/// A promise that held from some instant on: the priority, or the policy, was another before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Promise {
    /// Since when.
    pub since: Timestamp,
    /// What was promised.
    pub target: Target,
}

/// From when a ticket came in, or was reopened, until it was solved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Round {
    /// When it began.
    pub started_at: Timestamp,
    /// When it was solved; never before it began.
    pub resolved_at: Option<Timestamp>,
}

/// What happened to a ticket, as far as its clocks know it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Course {
    /// The promises, the earliest first. Each counts from the start of the clock, not from when it was made.
    pub promises: Vec<Promise>,
    /// The rounds, the earliest first; there is at least one.
    pub rounds: Vec<Round>,
    /// When a person first answered.
    pub first_responded_at: Option<Timestamp>,
    /// When it waited for somebody outside, in order and apart; the last wait has no end while it lasts.
    pub waits: Vec<(Timestamp, Option<Timestamp>)>,
}

/// How a clock stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Nothing is promised.
    Off,
    /// It runs, and nothing is broken.
    Running,
    /// It waits for somebody outside.
    Paused,
    /// What was promised was done in time.
    Met,
    /// It was not, or is not yet and late.
    Breached,
}

impl State {
    /// The word.
    pub fn name(self) -> &'static str {
        match self {
            State::Off => "off",
            State::Running => "running",
            State::Paused => "paused",
            State::Met => "met",
            State::Breached => "breached",
        }
    }
}

/// What a clock shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reading {
    /// How it stands.
    pub state: State,
    /// When it is due: none where nothing is promised, and while it is paused.
    pub due_at: Option<Timestamp>,
    /// The working time that has passed, pauses left out.
    pub used: SignedDuration,
    /// The working time that is left; negative if it is late. None where nothing is promised.
    pub left: Option<SignedDuration>,
    /// When the promise was first broken.
    pub breached_at: Option<Timestamp>,
}

/// The clock of the first answer, read at `now`.
pub fn first_response(course: &Course, hours: &Hours, now: Timestamp) -> Reading {
    let Some(first) = course.rounds.first() else {
        return OFF;
    };
    let clock = Clock {
        start: first.started_at,
        end: course.first_responded_at,
        waits: &[],
        hours,
    };
    clock.read(&course.promises, now, |target| target.first_response)
}

/// The clock of the solution, read at `now`: that of the last round, broken if any round was.
pub fn resolution(course: &Course, hours: &Hours, now: Timestamp) -> Reading {
    let readings = course.rounds.iter().map(|round| {
        let clock = Clock {
            start: round.started_at,
            end: round.resolved_at,
            waits: &course.waits,
            hours,
        };
        clock.read(&course.promises, now, |target| target.resolution)
    });
    readings.fold(OFF, |past, reading| match past.breached_at {
        Some(at) => Reading {
            state: State::Breached,
            breached_at: Some(at),
            ..reading
        },
        None => reading,
    })
}

/// The clock of a ticket for which nothing is promised.
const OFF: Reading = Reading {
    state: State::Off,
    due_at: None,
    used: SignedDuration::ZERO,
    left: None,
    breached_at: None,
};

struct Clock<'a> {
    start: Timestamp,
    end: Option<Timestamp>,
    waits: &'a [(Timestamp, Option<Timestamp>)],
    hours: &'a Hours,
}

impl Clock<'_> {
    fn read(
        &self,
        promises: &[Promise],
        now: Timestamp,
        of: impl Fn(&Target) -> Option<SignedDuration>,
    ) -> Reading {
        let stop = self.end.map_or(now, |end| end.min(now));
        let next = promises.iter().skip(1).map(|promise| promise.since);
        let ends = next.map(Some).chain([None]);
        let breached_at = promises.iter().zip(ends).find_map(|(promise, end)| {
            let due = self.reached(of(&promise.target)?)?;
            let late = due.max(promise.since);
            (late < end.map_or(stop, |end| end.min(stop))).then_some(late)
        });
        let used = self.used(stop);
        let target = promises.last().and_then(|promise| of(&promise.target));
        let is_paused = self.end.is_none()
            && self
                .waits
                .iter()
                .any(|(from, to)| *from <= now && to.is_none_or(|to| now < to));
        let state = match (breached_at, target, self.end) {
            (Some(_), _, _) => State::Breached,
            (None, None, _) => State::Off,
            (None, Some(_), Some(_)) => State::Met,
            (None, Some(_), None) if is_paused => State::Paused,
            (None, Some(_), None) => State::Running,
        };
        Reading {
            state,
            due_at: target
                .filter(|_| !is_paused)
                .and_then(|target| self.reached(target)),
            used,
            left: target.map(|target| target - used),
            breached_at,
        }
    }

    /// The spans in which the clock runs; the last one without an end.
    fn runs(&self) -> Vec<(Timestamp, Option<Timestamp>)> {
        let mut runs = Vec::new();
        let mut from = self.start;
        for (wait, end) in self.waits {
            if end.is_some_and(|end| end <= from) {
                continue;
            }
            if from < *wait {
                runs.push((from, Some(*wait)));
            }
            match end {
                Some(end) => from = *end,
                None => return runs,
            }
        }
        runs.push((from, None));
        runs
    }

    /// The working time until `at`, pauses left out.
    fn used(&self, at: Timestamp) -> SignedDuration {
        self.runs()
            .into_iter()
            .map(|(from, to)| self.hours.between(from, to.map_or(at, |to| to.min(at))))
            .fold(SignedDuration::ZERO, |sum, run| sum + run)
    }

    /// When so much working time has passed, pauses left out; never, if it waits without an end before.
    fn reached(&self, work: SignedDuration) -> Option<Timestamp> {
        let mut left = work;
        for (from, to) in self.runs() {
            let Some(to) = to else {
                return self.hours.after(from, left);
            };
            let run = self.hours.between(from, to);
            if left <= run {
                return self.hours.after(from, left);
            }
            left -= run;
        }
        None
    }
}

#[cfg(test)]
mod tests;
