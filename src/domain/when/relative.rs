//! Amounts of days, months and hours, and how a day or an instant is moved by them.

use jiff::civil::Date;
use jiff::{Span, Zoned};

use crate::domain::when::{Base, Leaning, NotADate, Parsed, Reading, calendar};

/// The largest count in front of a unit; more is a slip of the fingers.
const LARGEST: u32 = 99_999;

/// A unit of an amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    Day,
    WorkingDay,
    Week,
    Month,
    Quarter,
    Year,
    Hour,
    Minute,
}

impl Step {
    /// The unit as it is typed behind a number.
    pub(super) fn symbol(self) -> &'static str {
        match self {
            Step::Day => "d",
            Step::WorkingDay => "bd",
            Step::Week => "w",
            Step::Month => "m",
            Step::Quarter => "q",
            Step::Year => "y",
            Step::Hour => "h",
            Step::Minute => "min",
        }
    }

    fn is_clock(self) -> bool {
        matches!(self, Step::Hour | Step::Minute)
    }
}

/// Which way an amount goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Direction {
    Ahead,
    Back,
}

/// Numbers with units, in the order typed.
pub(super) type Amount = Vec<(u32, Step)>;

/// Where the reading leans, for an amount that does not say.
pub(super) fn leaning_of(amount: &Amount, reading: &Reading<'_>) -> Result<Direction, NotADate> {
    match reading.leaning {
        Leaning::Future => Ok(Direction::Ahead),
        Leaning::Past => Ok(Direction::Back),
        Leaning::None => {
            let text = written(amount);
            Err(
                NotADate::new(format!("{text} does not say whether it is ahead or back"))
                    .suggesting([format!("+{text}"), format!("-{text}")]),
            )
        }
    }
}

fn written(amount: &Amount) -> String {
    let parts: Vec<String> = amount
        .iter()
        .map(|(count, step)| format!("{count}{}", step.symbol()))
        .collect();
    parts.concat()
}

/// What lies `amount` from now: a moment if the amount has hours or minutes, else a day.
pub(super) fn from_now(amount: &Amount, direction: Direction, reading: &Reading<'_>) -> Parsed<Base> {
    let base = if amount.iter().any(|(_, step)| step.is_clock()) {
        Base::Moment(reading.clock.zoned().datetime())
    } else {
        Base::Day(reading.clock.today())
    };
    shift(base, amount, direction, reading)
}

/// Moves a day by days, or now by anything. Spans are not moved, and a day not by hours.
pub(super) fn shift(
    base: Base,
    amount: &Amount,
    direction: Direction,
    reading: &Reading<'_>,
) -> Parsed<Base> {
    let moved = match base {
        Base::Day(day) if amount.iter().all(|(_, step)| !step.is_clock()) => amount
            .iter()
            .try_fold(day, |day, &(count, step)| {
                shift_day(day, signed(count, direction)?, step, reading)
            })
            .map(Base::Day),
        // The only moment an amount is applied to is now, whose instant the clock knows exactly.
        Base::Moment(_) => amount
            .iter()
            .try_fold(reading.clock.zoned().clone(), |moment, &(count, step)| {
                shift_moment(&moment, signed(count, direction)?, step, reading)
            })
            .map(|moment| Base::Moment(moment.datetime())),
        Base::Day(_) | Base::Span(..) => return Ok(None),
    };
    match moved {
        Some(moved) => Ok(Some(moved)),
        None => Err(NotADate::new(format!("{} is too far away", written(amount)))),
    }
}

fn signed(count: u32, direction: Direction) -> Option<i32> {
    let count = i32::try_from(count).ok().filter(|_| count <= LARGEST)?;
    Some(match direction {
        Direction::Ahead => count,
        Direction::Back => -count,
    })
}

fn shift_day(day: Date, count: i32, step: Step, reading: &Reading<'_>) -> Option<Date> {
    match step {
        Step::Day => calendar::add_days(day, count),
        Step::WorkingDay => calendar::add_working_days(day, count, reading.holidays),
        Step::Week => calendar::add_days(day, count.checked_mul(7)?),
        Step::Month => calendar::add_months(day, count),
        Step::Quarter => calendar::add_months(day, count.checked_mul(3)?),
        Step::Year => calendar::add_months(day, count.checked_mul(12)?),
        Step::Hour | Step::Minute => None,
    }
}

fn shift_moment(moment: &Zoned, count: i32, step: Step, reading: &Reading<'_>) -> Option<Zoned> {
    let span = match step {
        Step::Hour => Span::new().try_hours(count).ok()?,
        Step::Minute => Span::new().try_minutes(count).ok()?,
        Step::Day | Step::WorkingDay | Step::Week | Step::Month | Step::Quarter | Step::Year => {
            let day = shift_day(moment.date(), count, step, reading)?;
            return day
                .to_datetime(moment.time())
                .to_zoned(moment.time_zone().clone())
                .ok();
        }
    };
    moment.checked_add(span).ok()
}
