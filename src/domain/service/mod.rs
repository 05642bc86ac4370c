//! The clocks of a ticket: how long until somebody answers, how long until it is solved, and whether that was promised.
//!
//! They run in business hours ([`Hours`]). The clocks of answers never pause; that of the solution stands still while the
//! ticket waits for somebody outside, and begins anew when it is reopened. A promise that was broken stays broken,
//! whatever is answered, waited for or promised later: what was broken is found from the history and never taken back.
//! What is promised after a clock has ended is no business of that clock.

use std::rc::Rc;

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

/// A promise that held from some instant on: the priority, the policy, or what the policy says, was another before.
#[derive(Debug, Clone, PartialEq)]
pub struct Promise {
    /// Since when; the first one has held from the beginning, whatever is said here.
    pub since: Timestamp,
    /// What was promised.
    pub target: Target,
    /// In which hours its time counts.
    pub hours: Rc<Hours>,
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
#[derive(Debug, Clone, PartialEq)]
pub struct Course {
    /// The promises, the earliest first. Each counts from the start of the clock, not from when it was made.
    pub promises: Vec<Promise>,
    /// The rounds, the earliest first; there is at least one.
    pub rounds: Vec<Round>,
    /// When a person first answered.
    pub first_responded_at: Option<Timestamp>,
    /// What the customer said after that, and when it was answered, in order; the last one may not be yet.
    pub questions: Vec<(Timestamp, Option<Timestamp>)>,
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

/// What is known of a clock without looking at the time: what comes of it if nothing else happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Outlook {
    /// Whether it has not ended.
    pub is_running: bool,
    /// When it is due: none where nothing is promised, and while it is paused.
    pub due_at: Option<Timestamp>,
    /// When three quarters of the time have passed; none where it does not run.
    pub at_risk_at: Option<Timestamp>,
    /// When the promise was first broken, or will be: none if it was kept, and while it is paused.
    pub late_at: Option<Timestamp>,
}

/// What a clock shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reading {
    /// How it stands.
    pub state: State,
    /// The working time that is promised.
    pub target: Option<SignedDuration>,
    /// When it is due: none where nothing is promised, and while it is paused.
    pub due_at: Option<Timestamp>,
    /// The working time that has passed, pauses left out.
    pub used: SignedDuration,
    /// The working time that is left; negative if it is late. None where nothing is promised.
    pub left: Option<SignedDuration>,
    /// When the promise was first broken.
    pub breached_at: Option<Timestamp>,
}

/// A stretch of a clock between two things that happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stretch {
    /// From when.
    pub from: Timestamp,
    /// Until when; until now if it lasts.
    pub to: Timestamp,
    /// Whether it waited for somebody outside.
    pub is_paused: bool,
    /// The working time in it that counts.
    pub counted: SignedDuration,
}

/// Which clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Until somebody answers first.
    FirstResponse,
    /// Until a later message is answered.
    NextResponse,
    /// Until it is solved.
    Resolution,
}

impl Kind {
    /// All clocks.
    pub const ALL: [Kind; 3] = [Kind::FirstResponse, Kind::NextResponse, Kind::Resolution];

    /// The word.
    pub fn name(self) -> &'static str {
        match self {
            Kind::FirstResponse => "first_response",
            Kind::NextResponse => "next_response",
            Kind::Resolution => "resolution",
        }
    }

    fn of(self, target: &Target) -> Option<SignedDuration> {
        match self {
            Kind::FirstResponse => target.first_response,
            Kind::NextResponse => target.next_response,
            Kind::Resolution => target.resolution,
        }
    }
}

impl Course {
    /// The clock of this kind, as often as it began.
    fn clocks(&self, kind: Kind) -> Vec<Clock<'_>> {
        let clock = |start: Timestamp, end: Option<Timestamp>, waits| Clock {
            kind,
            start,
            end,
            waits,
            promises: self.until(end),
        };
        match kind {
            // Who is told the solution is answered.
            Kind::FirstResponse => {
                let first = self.rounds.iter().take(1);
                let end = |round: &Round| self.first_responded_at.or(round.resolved_at);
                first
                    .map(|round| clock(round.started_at, end(round), &[]))
                    .collect()
            }
            Kind::NextResponse => {
                let questions = self.questions.iter();
                questions.map(|(from, to)| clock(*from, *to, &[])).collect()
            }
            Kind::Resolution => {
                let rounds = self.rounds.iter();
                rounds
                    .map(|round| clock(round.started_at, round.resolved_at, self.waits.as_slice()))
                    .collect()
            }
        }
    }

    /// The promises that were made before `end`.
    fn until(&self, end: Option<Timestamp>) -> &[Promise] {
        let later = self.promises.iter().skip(1);
        let before = later.take_while(|promise| end.is_none_or(|end| promise.since < end));
        let count = 1 + before.count();
        self.promises.get(..count).unwrap_or(&self.promises)
    }

    /// What comes of a clock if nothing else happens: the last time that it began, broken if it ever was.
    pub fn outlook(&self, kind: Kind) -> Outlook {
        let clocks = self.clocks(kind);
        let outlooks = clocks.iter().map(Clock::outlook);
        outlooks.fold(Outlook::default(), |past, outlook| Outlook {
            late_at: past.late_at.or(outlook.late_at),
            ..outlook
        })
    }

    /// What a clock shows at `now`: the last time that it began, broken if it ever was.
    pub fn reading(&self, kind: Kind, now: Timestamp) -> Reading {
        let clocks = self.clocks(kind);
        let readings = clocks.iter().map(|clock| clock.reading(now));
        readings.fold(OFF, |past, reading| match past.breached_at {
            Some(at) => Reading {
                state: State::Breached,
                breached_at: Some(at),
                ..reading
            },
            None => reading,
        })
    }

    /// How a clock came to what it shows at `now`, the last time that it began.
    pub fn stretches(&self, kind: Kind, now: Timestamp) -> Vec<Stretch> {
        let clocks = self.clocks(kind);
        clocks.last().map_or_else(Vec::new, |clock| clock.stretches(now))
    }

    /// When a clock was stopped, the last time that it began; none while it runs.
    pub fn ended_at(&self, kind: Kind) -> Option<Timestamp> {
        self.clocks(kind).last().and_then(|clock| clock.end)
    }

    /// The working time from the first word until somebody answered.
    pub fn time_to_respond(&self) -> Option<SignedDuration> {
        let clock = self.clocks(Kind::FirstResponse).pop()?;
        Some(clock.used(self.first_responded_at?))
    }

    /// The working time that it took to solve it, all rounds together; none while it is not solved.
    pub fn time_to_resolve(&self) -> Option<SignedDuration> {
        self.clocks(Kind::Resolution)
            .iter()
            .try_fold(SignedDuration::ZERO, |sum, clock| {
                Some(sum + clock.used(clock.end?))
            })
    }
}

/// The clock of a ticket for which nothing is promised.
const OFF: Reading = Reading {
    state: State::Off,
    target: None,
    due_at: None,
    used: SignedDuration::ZERO,
    left: None,
    breached_at: None,
};

struct Clock<'a> {
    kind: Kind,
    start: Timestamp,
    end: Option<Timestamp>,
    waits: &'a [(Timestamp, Option<Timestamp>)],
    promises: &'a [Promise],
}

impl Clock<'_> {
    fn outlook(&self) -> Outlook {
        let is_running = self.end.is_none();
        let is_paused = is_running && self.waits.last().is_some_and(|(_, end)| end.is_none());
        let (target, hours) = self.last();
        let runs = target.filter(|_| !is_paused);
        Outlook {
            is_running: is_running && target.is_some(),
            due_at: runs.and_then(|target| self.reached(target, hours)),
            at_risk_at: runs
                .filter(|_| is_running)
                .and_then(|target| self.reached(target * 3 / 4, hours)),
            late_at: self.late(self.end),
        }
    }

    /// What is promised at last, and in which hours.
    fn last(&self) -> (Option<SignedDuration>, Option<&Hours>) {
        let last = self.promises.last();
        (
            last.and_then(|promise| self.kind.of(&promise.target)),
            last.map(|promise| promise.hours.as_ref()),
        )
    }

    /// When a promise was first broken before `stop`, or ever.
    fn late(&self, stop: Option<Timestamp>) -> Option<Timestamp> {
        let next = self.promises.iter().skip(1).map(|promise| promise.since);
        let ends = next.map(Some).chain([None]);
        let promises = self.promises.iter().zip(ends).enumerate();
        promises.into_iter().find_map(|(at, (promise, end))| {
            let target = self.kind.of(&promise.target)?;
            let due = self.reached(target, Some(promise.hours.as_ref()))?;
            // What was promised late is broken then at the earliest.
            let late = if at == 0 { due } else { due.max(promise.since) };
            let stop = [end, stop].into_iter().flatten().min();
            stop.is_none_or(|stop| late < stop).then_some(late)
        })
    }

    fn reading(&self, now: Timestamp) -> Reading {
        let stop = self.end.map_or(now, |end| end.min(now));
        let breached_at = self.late(Some(stop));
        let used = self.used(stop);
        let (target, hours) = self.last();
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
            target,
            due_at: target
                .filter(|_| !is_paused)
                .and_then(|target| self.reached(target, hours)),
            used,
            left: target.map(|target| target - used),
            breached_at,
        }
    }

    fn stretches(&self, now: Timestamp) -> Vec<Stretch> {
        let stop = self.end.map_or(now, |end| end.min(now)).max(self.start);
        let (_, hours) = self.last();
        let mut ends: Vec<Timestamp> = self
            .promises
            .iter()
            .skip(1)
            .map(|promise| promise.since)
            .collect();
        for (from, to) in self.waits {
            ends.push(*from);
            ends.extend(*to);
        }
        ends.retain(|end| self.start < *end && *end < stop);
        ends.push(stop);
        ends.sort_unstable();
        ends.dedup();
        let mut from = self.start;
        let stretch = |to: Timestamp| {
            let is_paused = self
                .waits
                .iter()
                .any(|(start, end)| *start <= from && end.is_none_or(|end| from < end));
            let stretch = Stretch {
                from,
                to,
                is_paused,
                counted: match (is_paused, hours) {
                    (false, Some(hours)) => hours.between(from, to),
                    _ => SignedDuration::ZERO,
                },
            };
            from = to;
            stretch
        };
        ends.into_iter().map(stretch).collect()
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
        let (_, Some(hours)) = self.last() else {
            return SignedDuration::ZERO;
        };
        self.runs()
            .into_iter()
            .map(|(from, to)| hours.between(from, to.map_or(at, |to| to.min(at))))
            .fold(SignedDuration::ZERO, |sum, run| sum + run)
    }

    /// When so much working time has passed, pauses left out; never, if it waits without an end before.
    fn reached(&self, work: SignedDuration, hours: Option<&Hours>) -> Option<Timestamp> {
        let hours = hours?;
        let mut left = work;
        for (from, to) in self.runs() {
            let Some(to) = to else {
                return hours.after(from, left);
            };
            let run = hours.between(from, to);
            if left <= run {
                return hours.after(from, left);
            }
            left -= run;
        }
        None
    }
}

#[cfg(test)]
mod tests;
