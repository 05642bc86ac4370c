//! Where a ticket is said to be, and since when: read from what is given, and made into stays.

use jiff::Timestamp;

use super::{get, is_import, past, steps};
use crate::domain::field::FieldType;
use crate::domain::input::Input;
use crate::domain::ticket::{STATUSES, STEPS, Status, Stay, Step, Wait};
use crate::domain::value::Value;
use crate::domain::when::Leaning;
use crate::error::{Error, Result};
use crate::ops::draft::Draft;
use crate::ops::typed;
use crate::store::tickets::{self, Ticket};
use crate::store::{ReadTx, WriteTx};

/// What is given of the course of a ticket.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Given {
    step: Option<Step>,
    status: Option<Status>,
    received_at: Option<Timestamp>,
    first_responded_at: Option<Timestamp>,
    resolved_at: Option<Timestamp>,
    closed_at: Option<Timestamp>,
}

impl Given {
    pub(super) fn read(tx: &ReadTx<'_>, draft: &Draft) -> Result<Given> {
        let text = |name: &str| match draft.specials(name).last() {
            Some((_, Input::Text(text))) if !text.trim().is_empty() => Some(text.trim().to_owned()),
            _ => None,
        };
        let instant = |name: &str| match text(name) {
            Some(phrase) => match typed::scalar(tx, name, FieldType::Instant, &phrase, Leaning::Past)? {
                Value::Instant(at) => past(tx, name, at).map(Some),
                _ => Ok(None),
            },
            None => Ok(None),
        };
        let step = text("step").map(|text| typed::word("step", STEPS, &text).map(Step::parse));
        let status = text("status").map(|text| typed::word("status", STATUSES, &text).map(Status::parse));
        Ok(Given {
            step: step.transpose()?.flatten(),
            status: status.transpose()?.flatten(),
            received_at: instant("received_at")?,
            first_responded_at: instant("first_responded_at")?,
            resolved_at: instant("resolved_at")?,
            closed_at: instant("closed_at")?,
        })
    }

    /// Where a new ticket is.
    fn target(&self, is_assigned: bool) -> Result<(Step, Wait, bool)> {
        let by_times = match (self.closed_at, self.resolved_at, self.first_responded_at) {
            (Some(_), ..) => Step::Closed,
            (_, Some(_), _) => Step::Verifying,
            (.., Some(_)) => Step::Contacted,
            _ if is_assigned => Step::Assigned,
            _ => Step::Received,
        };
        let step = match (self.step, self.status) {
            (_, Some(Status::Resolved)) => Step::Verifying,
            (_, Some(Status::Closed | Status::Cancelled)) => Step::Closed,
            (Some(step), _) => step,
            // What is open was solved once and came back: its times are of the past.
            (None, Some(_)) => by_times.min(Step::Contacted),
            (None, None) => by_times,
        };
        let said = |wait: Wait| match self.step {
            Some(step) if step.is_solved() => {
                let status = self.status.map_or("open", Status::name);
                let message = format!("status: what is {} is not {status}", step.name());
                Err(Error::invalid("status", message))
            }
            _ => Ok(wait),
        };
        let wait = match self.status {
            Some(Status::WaitingCustomer) => said(Wait::Customer)?,
            Some(Status::WaitingThirdParty) => said(Wait::ThirdParty)?,
            Some(Status::Open) => said(Wait::Nobody)?,
            Some(_) => Wait::Nobody,
            None => step.wait(),
        };
        Ok((step, wait, self.status == Some(Status::Cancelled)))
    }

    /// The stays of a new ticket. A step through which it came at an unknown time is left out; being received and assigned
    /// never is.
    pub(super) fn stays(&self, tx: &ReadTx<'_>, is_assigned: bool) -> Result<Vec<Stay>> {
        let (mut step, wait, is_cancelled) = self.target(is_assigned)?;
        let now = tx.caller().clock.now();
        let times = [self.first_responded_at, self.resolved_at, self.closed_at];
        let earliest = times.into_iter().flatten().chain([now]).min().unwrap_or(now);
        let mut course = Course {
            is_patient: is_import(tx),
            stays: Vec::new(),
        };
        course.enter(
            "received_at",
            Step::Received,
            self.received_at.unwrap_or(earliest),
        )?;
        let received = course.last_at().unwrap_or(now);
        if is_assigned && step != Step::Received {
            course.enter("received_at", Step::Assigned, received)?;
        }
        if let Some(at) = self.first_responded_at {
            course.enter("first_responded_at", Step::Contacted, at)?;
            step = step.max(Step::Contacted);
        }
        let last = course.last_at().unwrap_or(received);
        let solved_at = self.resolved_at.or(self.closed_at).unwrap_or(now);
        if step > Step::Assigned && !step.is_solved() && course.step() != Some(step) {
            course.enter("step", step, last)?;
        }
        if step == Step::Assigned && !is_assigned {
            course.enter("step", step, last)?;
        }
        if step.is_solved() && !is_cancelled {
            course.enter("resolved_at", Step::Verifying, solved_at)?;
        }
        if step == Step::Closed {
            let closed_at = self.closed_at.or(self.resolved_at).unwrap_or(now);
            course.enter("closed_at", Step::Closed, closed_at)?;
        }
        if let Some(stay) = course.stays.last_mut() {
            stay.wait = wait;
            stay.is_cancelled = is_cancelled;
        }
        Ok(course.stays)
    }

    /// Moves a ticket to where it is said to be; true if it moved. By hand a step must be allowed; an import knows what
    /// happened elsewhere.
    pub(super) fn apply(&self, tx: &WriteTx<'_>, before: &Ticket) -> Result<bool> {
        self.correct_arrival(tx, before)?;
        let life = &before.life;
        let (step, wait, is_cancelled) = match (self.step, self.status) {
            (None, None) => (life.step, life.wait, life.status == Status::Cancelled),
            (None, Some(status)) if status == life.status => {
                (life.step, life.wait, status == Status::Cancelled)
            }
            // It goes on where it is, or comes back.
            (None, Some(Status::Open | Status::WaitingCustomer | Status::WaitingThirdParty)) => {
                let step = match life.step.is_solved() {
                    true => Step::Analyzing,
                    false => life.step,
                };
                let (_, wait, _) = self.target(true)?;
                (step, wait, false)
            }
            // Said again, it keeps its wait.
            (Some(step), None) if step == life.step => (step, life.wait, life.status == Status::Cancelled),
            _ => self.target(true)?,
        };
        let is_news = (step, wait, is_cancelled) != (life.step, life.wait, life.status == Status::Cancelled);
        if !is_news {
            self.told_again(tx, before)?;
            return Ok(false);
        }
        let at = match step {
            Step::Verifying => self.resolved_at,
            Step::Closed => self.closed_at.or(self.resolved_at),
            Step::Contacted => self.first_responded_at,
            _ => None,
        };
        if is_import(tx) {
            steps::arrive(tx, before, step, wait, is_cancelled, at)?;
            return Ok(true);
        }
        match step {
            Step::Closed if is_cancelled => steps::may_cancel(tx, before)?,
            step if step == life.step => {}
            step => steps::may_come(tx, before, step)?,
        }
        steps::arrive(tx, before, step, wait, is_cancelled, at)?;
        Ok(true)
    }

    /// When it came in may be corrected, as long as nothing happened before that.
    fn correct_arrival(&self, tx: &WriteTx<'_>, before: &Ticket) -> Result<()> {
        let Some(at) = self.received_at.filter(|at| *at != before.life.received_at) else {
            return Ok(());
        };
        let first = tickets::stays(tx, before.id)?
            .first()
            .and_then(|stayed| stayed.stay.left_at);
        if first.is_some_and(|left_at| at > left_at) {
            let message = format!("received_at: {at} is after its first step");
            return Err(Error::invalid("received_at", message));
        }
        tickets::set_received(tx, before.id, at)?;
        Ok(())
    }

    /// Times that follow from steps can be said again, and not otherwise; of those in a file the base knows better.
    fn told_again(&self, tx: &ReadTx<'_>, before: &Ticket) -> Result<()> {
        if is_import(tx) {
            return Ok(());
        }
        let life = get(tx, before.id)?.life;
        for (name, given, known) in [
            ("resolved_at", self.resolved_at, life.resolved_at),
            ("closed_at", self.closed_at, life.closed_at),
            (
                "first_responded_at",
                self.first_responded_at,
                super::talk::first_response(tx, before.id)?,
            ),
        ] {
            if given.is_some() && given != known {
                let message = format!("{name}: it follows from what was done and when; give --at there");
                return Err(Error::invalid(name, message));
            }
        }
        Ok(())
    }
}

/// Stays that are gathered.
struct Course {
    /// Whether times that are out of order are brought into it.
    is_patient: bool,
    stays: Vec<Stay>,
}

impl Course {
    fn last_at(&self) -> Option<Timestamp> {
        self.stays.last().map(|stay| stay.entered_at)
    }

    fn step(&self) -> Option<Step> {
        self.stays.last().map(|stay| stay.step)
    }

    fn enter(&mut self, field: &str, step: Step, at: Timestamp) -> Result<()> {
        let at = match self.last_at() {
            Some(last) if at < last && self.is_patient => last,
            Some(last) if at < last => {
                let message = format!(
                    "{field}: {at} is before {last}, when it was {}",
                    self.step().map_or("", Step::name)
                );
                return Err(Error::invalid(field, message));
            }
            _ => at,
        };
        if let Some(last) = self.stays.last_mut() {
            last.left_at = Some(at);
        }
        self.stays.push(Stay {
            step,
            wait: Wait::Nobody,
            is_cancelled: false,
            entered_at: at,
            left_at: None,
        });
        Ok(())
    }
}
