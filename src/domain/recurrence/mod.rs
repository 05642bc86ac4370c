//! How a task comes again: a rule as people write it, its one canonical form, and the day that follows a day.
//!
//! A rule is read once, when it is given, and kept in its canonical English form; relative dates in it are resolved then.
//! Nothing here asks for the time.

mod chinese;
mod english;
mod pattern;
#[cfg(test)]
mod tests;

use std::fmt;

use jiff::civil::Date;

use crate::domain::near::near;
use crate::domain::when::{Reading, instant, lexer, read as read_date};
use crate::error::Error;

pub use pattern::{MonthDay, Nth, Pattern, WeekdaySet, Which};

/// The longest rule that is looked at, in characters.
const LONGEST: usize = 120;

/// The largest number in front of a unit; more is a slip of the fingers.
const LARGEST: u32 = 1000;

/// Rules that show what is understood; in messages, and as the nearest ones.
pub const EXAMPLES: &[&str] = &[
    "daily",
    "every 3 days",
    "weekdays",
    "weekly",
    "every mon,thu",
    "every 2 weeks on tue",
    "monthly",
    "monthly on the 31st",
    "monthly on the last day",
    "monthly on the first mon",
    "quarterly",
    "yearly",
    "yearly on 29 feb",
];

/// What the next day is counted from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Anchor {
    /// The day that was planned: a task that is done late comes again as if it had been done in time.
    Plan,
    /// The day on which it was done.
    Done,
}

/// A rule by which a task comes again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recurrence {
    /// Which days.
    pub pattern: Pattern,
    /// What they are counted from.
    pub anchor: Anchor,
    /// No task comes after this day; none for no end.
    pub until: Option<Date>,
    /// How many times there are still, this one included; none for no end.
    pub count: Option<u32>,
}

impl Recurrence {
    /// Reads a rule: `weekly`, `every mon,thu until eoy`, `monthly on the last day x5`, `every 3 days after done`, `每周一`.
    ///
    /// # Errors
    ///
    /// The rule is not understood as a whole; the message says what would be.
    pub fn read(text: &str, reading: &Reading<'_>) -> Result<Recurrence, NotARule> {
        if text.chars().nth(LONGEST).is_some() {
            return Err(NotARule::new(format!("a rule has at most {LONGEST} characters")));
        }
        let plain = lexer::normalise(text);
        let found = if lexer::has_han(&plain) {
            chinese::read(&plain, reading)?
        } else {
            english::read(&plain, reading)?
        };
        found.ok_or_else(|| NotARule::not_understood(text, &plain))
    }

    /// The day on which a task that was planned for `plan` and was done on `done` comes again; the first one that is not
    /// before `earliest`. None if it does not.
    pub fn next(&self, plan: Date, done: Date, earliest: Date) -> Option<Date> {
        if self.count.is_some_and(|count| count <= 1) {
            return None;
        }
        let next = match self.anchor {
            Anchor::Plan => self.pattern.following(plan, earliest)?,
            Anchor::Done => match self.pattern.once_after(done)? {
                early if early < earliest => self.pattern.following(early, earliest)?,
                next => next,
            },
        };
        Some(next).filter(|next| self.until.is_none_or(|until| *next <= until))
    }

    /// The rule of the task that comes next: one time less.
    #[must_use]
    pub fn reduced(self) -> Recurrence {
        Recurrence {
            count: self.count.map(|count| count.saturating_sub(1)),
            ..self
        }
    }

    /// The rule with what a month without that day would make it forget: `monthly` from the 31st is `monthly on the 31st`.
    #[must_use]
    pub fn pinned(self, plan: Date) -> Recurrence {
        match self.anchor {
            Anchor::Plan => Recurrence {
                pattern: self.pattern.pinned(plan),
                ..self
            },
            Anchor::Done => self,
        }
    }
}

impl fmt::Display for Recurrence {
    /// The canonical form, which reads back as the same rule.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.pattern)?;
        if self.anchor == Anchor::Done {
            f.write_str(" after done")?;
        }
        if let Some(until) = self.until {
            write!(f, " until {until}")?;
        }
        if let Some(count) = self.count {
            write!(f, " x{count}")?;
        }
        Ok(())
    }
}

/// Why a rule was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotARule {
    /// What is wrong, lower case, no period.
    pub message: String,
    /// Rules that would be understood, best first.
    pub suggestions: Vec<String>,
}

impl NotARule {
    /// The refusal as an error about `field`, with the suggestions as the nearest words.
    pub fn on_field(self, field: &str) -> Error {
        Error::invalid(field, self.message).with_near(self.suggestions)
    }

    fn new(message: impl Into<String>) -> NotARule {
        NotARule {
            message: message.into(),
            suggestions: Vec::new(),
        }
    }

    fn suggesting(mut self, suggestion: impl Into<String>) -> NotARule {
        self.suggestions.push(suggestion.into());
        self
    }

    fn not_understood(text: &str, plain: &str) -> NotARule {
        NotARule {
            message: format!(
                "{text:?} is not a rule by which a task comes again; understood are {}, each with `after done`, \
                 `until 2026-12-31` or `x5` behind it",
                EXAMPLES.join(", ")
            ),
            suggestions: near(plain, EXAMPLES.iter().copied()),
        }
    }
}

/// The last day of what a date phrase after `until` means.
fn last_day(text: &str, reading: &Reading<'_>) -> Result<Date, NotARule> {
    let when = read_date(text, reading).map_err(|refusal| NotARule {
        message: format!("until {text:?}: {}", refusal.message),
        suggestions: refusal.suggestions,
    })?;
    let span = instant::to_span(when).map(|(_, last)| last);
    span.or(instant::first_day(when))
        .ok_or_else(|| NotARule::new("a rule without `until` has no end already"))
}

/// A count that makes sense.
fn times(count: u32) -> Result<u32, NotARule> {
    if (1..=LARGEST).contains(&count) {
        Ok(count)
    } else {
        Err(NotARule::new(format!(
            "a task can come from 1 to {LARGEST} times, not {count}"
        )))
    }
}

/// A number in front of a unit that makes sense.
fn every(count: u32) -> Result<u32, NotARule> {
    if (1..=LARGEST).contains(&count) {
        Ok(count)
    } else {
        Err(NotARule::new(format!(
            "the number in front of a unit is from 1 to {LARGEST}, not {count}"
        )))
    }
}
