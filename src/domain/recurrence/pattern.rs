//! Which days a rule means: stepping through weeks, months and years, and the canonical words for them.

use std::fmt;

use jiff::Span;
use jiff::civil::{Date, Weekday};

/// The weekdays in their order, with the short names that rules are written with.
pub(super) const WEEKDAYS: [(Weekday, &str); 7] = [
    (Weekday::Monday, "mon"),
    (Weekday::Tuesday, "tue"),
    (Weekday::Wednesday, "wed"),
    (Weekday::Thursday, "thu"),
    (Weekday::Friday, "fri"),
    (Weekday::Saturday, "sat"),
    (Weekday::Sunday, "sun"),
];

/// The months in their order, as rules are written with.
pub(super) const MONTHS: [&str; 12] = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
];

/// Months in a quarter.
const QUARTER: u32 = 3;

/// Which days a rule means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pattern {
    /// Every so many days.
    Days(u32),
    /// On weekdays of every so manieth week, weeks beginning on Monday; without weekdays on that of the plan.
    Weeks(u32, WeekdaySet),
    /// On a day of every so manieth month.
    Months(u32, MonthDay),
    /// On a day of every so manieth year, by month and day; none for that of the plan.
    Years(u32, Option<(i8, i8)>),
}

/// A day of a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MonthDay {
    /// That of the plan.
    Plan,
    /// The day of this number, 1 to 31; in a shorter month its last day.
    Day(i8),
    /// The last day.
    Last,
    /// The first, …, the last of its weekdays or working days.
    Nth(Nth, Which),
}

/// A place in a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nth {
    /// The first.
    First,
    /// The second.
    Second,
    /// The third.
    Third,
    /// The fourth.
    Fourth,
    /// The last, be it the fourth or the fifth.
    Last,
}

impl Nth {
    /// All of them, with their words.
    pub(super) const ALL: [(Nth, &'static str); 5] = [
        (Nth::First, "first"),
        (Nth::Second, "second"),
        (Nth::Third, "third"),
        (Nth::Fourth, "fourth"),
        (Nth::Last, "last"),
    ];

    fn word(self) -> &'static str {
        let found = Nth::ALL.iter().find(|(nth, _)| *nth == self);
        found.map_or("", |(_, word)| word)
    }
}

/// What is counted in a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// The days of this name.
    Day(Weekday),
    /// Mondays to Fridays.
    Working,
}

/// A set of weekdays.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct WeekdaySet(u8);

impl WeekdaySet {
    /// Monday to Friday.
    pub const WORKING: WeekdaySet = WeekdaySet(0b001_1111);

    /// Saturday and Sunday.
    pub const WEEKEND: WeekdaySet = WeekdaySet(0b110_0000);

    /// The set with one day more.
    #[must_use]
    pub fn with(self, day: Weekday) -> WeekdaySet {
        WeekdaySet(self.0 | 1 << day.to_monday_zero_offset())
    }

    /// The days from one to another, both included.
    #[must_use]
    pub fn span(first: Weekday, last: Weekday) -> WeekdaySet {
        let to_last = first
            .cycle_forward()
            .take(1 + usize::from(last.since(first).unsigned_abs()));
        to_last.fold(WeekdaySet::default(), WeekdaySet::with)
    }

    /// The days of both sets.
    #[must_use]
    pub fn and(self, other: WeekdaySet) -> WeekdaySet {
        WeekdaySet(self.0 | other.0)
    }

    /// True if no day is in it.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// True if `day` is in it.
    pub fn has(self, day: Weekday) -> bool {
        self.0 & 1 << day.to_monday_zero_offset() != 0
    }
}

impl fmt::Display for WeekdaySet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = WEEKDAYS
            .iter()
            .filter(|(day, _)| self.has(*day))
            .map(|(_, name)| *name)
            .collect();
        f.write_str(&names.join(","))
    }
}

impl Pattern {
    /// The first day of the pattern through `plan` that lies after it and not before `earliest`; none at the end of time.
    pub fn following(self, plan: Date, earliest: Date) -> Option<Date> {
        let floor = plan.tomorrow().ok()?.max(earliest);
        match self {
            Pattern::Days(every) => {
                let every = i64::from(every);
                let steps = (days(plan, floor) + every - 1) / every;
                add_days(plan, steps * every)
            }
            Pattern::Weeks(every, set) => {
                let every = i64::from(every);
                let set = if set.is_empty() {
                    set.with(plan.weekday())
                } else {
                    set
                };
                let first = monday(plan)?;
                let week = days(first, monday(floor)?) / 7;
                let week = week - week % every;
                [week, week + every]
                    .into_iter()
                    .filter_map(|week| add_days(first, week * 7))
                    .find_map(|start| in_week(start, set, floor))
            }
            Pattern::Months(every, on) => {
                let on = if on == MonthDay::Plan {
                    MonthDay::Day(plan.day())
                } else {
                    on
                };
                let every = i64::from(every);
                let months = month_number(floor) - month_number(plan);
                let start = months - months % every;
                [start, start + every]
                    .into_iter()
                    .filter_map(|steps| add_months(plan.first_of_month(), steps))
                    .filter_map(|first| in_month(first, on))
                    .find(|day| *day >= floor)
            }
            Pattern::Years(every, on) => {
                let (month, day) = on.unwrap_or((plan.month(), plan.day()));
                let every = i64::from(every);
                let years = i64::from(floor.year()) - i64::from(plan.year());
                let start = years - years % every;
                [start, start + every]
                    .into_iter()
                    .filter_map(|steps| in_year(i64::from(plan.year()) + steps, month, day))
                    .find(|day| *day >= floor)
            }
        }
    }

    /// The day of the pattern that is a whole step after `done`: three days, or the first Monday after it.
    pub fn once_after(self, done: Date) -> Option<Date> {
        let next = |base: Option<Date>| base?.tomorrow().ok();
        match self {
            Pattern::Days(every) => add_days(done, i64::from(every)),
            Pattern::Weeks(every, set) if set.is_empty() => add_days(done, i64::from(every) * 7),
            Pattern::Weeks(every, set) => {
                let floor = next(add_days(done, (i64::from(every) - 1) * 7))?;
                (0..7)
                    .filter_map(|more| add_days(floor, more))
                    .find(|day| set.has(day.weekday()))
            }
            Pattern::Months(every, MonthDay::Plan) => add_months(done, i64::from(every)),
            Pattern::Months(every, on) => {
                let floor = next(add_months(done, i64::from(every) - 1))?;
                [0, 1]
                    .into_iter()
                    .filter_map(|more| add_months(floor.first_of_month(), more))
                    .filter_map(|first| in_month(first, on))
                    .find(|day| *day >= floor)
            }
            Pattern::Years(every, None) => add_months(done, i64::from(every) * 12),
            Pattern::Years(every, Some((month, day))) => {
                let floor = next(add_months(done, (i64::from(every) - 1) * 12))?;
                [0, 1]
                    .into_iter()
                    .filter_map(|more| in_year(i64::from(floor.year()) + more, month, day))
                    .find(|day| *day >= floor)
            }
        }
    }

    /// The pattern with the day of the plan in it, where some month does not have that day.
    #[must_use]
    pub fn pinned(self, plan: Date) -> Pattern {
        match self {
            Pattern::Months(every, MonthDay::Plan) if plan.day() > 28 => {
                Pattern::Months(every, MonthDay::Day(plan.day()))
            }
            Pattern::Years(every, None) if (plan.month(), plan.day()) == (2, 29) => {
                Pattern::Years(every, Some((2, 29)))
            }
            other => other,
        }
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Pattern::Days(1) => f.write_str("daily"),
            Pattern::Days(every) => write!(f, "every {every} days"),
            Pattern::Weeks(1, WeekdaySet::WORKING) => f.write_str("weekdays"),
            Pattern::Weeks(1, set) if set.is_empty() => f.write_str("weekly"),
            Pattern::Weeks(1, set) => write!(f, "every {set}"),
            Pattern::Weeks(every, set) if set.is_empty() => write!(f, "every {every} weeks"),
            Pattern::Weeks(every, set) => write!(f, "every {every} weeks on {set}"),
            Pattern::Months(every, on) => {
                match *every {
                    1 => f.write_str("monthly")?,
                    QUARTER => f.write_str("quarterly")?,
                    every => write!(f, "every {every} months")?,
                }
                match on {
                    MonthDay::Plan => Ok(()),
                    MonthDay::Day(day) => write!(f, " on the {day}{}", ending(*day)),
                    MonthDay::Last => f.write_str(" on the last day"),
                    MonthDay::Nth(nth, Which::Working) => write!(f, " on the {} weekday", nth.word()),
                    MonthDay::Nth(nth, Which::Day(day)) => {
                        write!(f, " on the {} {}", nth.word(), WeekdaySet::default().with(*day))
                    }
                }
            }
            Pattern::Years(every, on) => {
                match *every {
                    1 => f.write_str("yearly")?,
                    every => write!(f, "every {every} years")?,
                }
                match on {
                    None => Ok(()),
                    Some((month, day)) => {
                        let name = usize::try_from(*month - 1).ok().and_then(|at| MONTHS.get(at));
                        write!(f, " on {day} {}", name.unwrap_or(&""))
                    }
                }
            }
        }
    }
}

/// What follows the number of a day: `1st`, `22nd`, `13th`.
fn ending(day: i8) -> &'static str {
    match (day, day % 10) {
        (11..=13, _) => "th",
        (_, 1) => "st",
        (_, 2) => "nd",
        (_, 3) => "rd",
        _ => "th",
    }
}

/// Whole days from one day to another.
fn days(from: Date, to: Date) -> i64 {
    from.until(to).map_or(0, |span| i64::from(span.get_days()))
}

fn add_days(day: Date, count: i64) -> Option<Date> {
    day.checked_add(Span::new().try_days(count).ok()?).ok()
}

fn add_months(day: Date, count: i64) -> Option<Date> {
    day.checked_add(Span::new().try_months(count).ok()?).ok()
}

fn month_number(day: Date) -> i64 {
    i64::from(day.year()) * 12 + i64::from(day.month())
}

fn monday(day: Date) -> Option<Date> {
    add_days(day, -i64::from(day.weekday().to_monday_zero_offset()))
}

/// The first day of the set, not before `floor`, in the week that begins at `start`.
fn in_week(start: Date, set: WeekdaySet, floor: Date) -> Option<Date> {
    (0..7)
        .filter_map(|more| add_days(start, more))
        .find(|day| set.has(day.weekday()) && *day >= floor)
}

/// The day that is meant in the month which begins at `first`.
fn in_month(first: Date, on: MonthDay) -> Option<Date> {
    let last = first.last_of_month();
    match on {
        MonthDay::Plan | MonthDay::Last => Some(last),
        MonthDay::Day(day) => Date::new(first.year(), first.month(), day.min(last.day())).ok(),
        MonthDay::Nth(nth, Which::Day(weekday)) => {
            let nth = match nth {
                Nth::First => 1,
                Nth::Second => 2,
                Nth::Third => 3,
                Nth::Fourth => 4,
                Nth::Last => -1,
            };
            first.nth_weekday_of_month(nth, weekday).ok()
        }
        MonthDay::Nth(nth, Which::Working) => {
            let working = |day: &Date| WeekdaySet::WORKING.has(day.weekday());
            let mut ahead = (0..).map_while(|more| add_days(first, more)).filter(working);
            match nth {
                Nth::First => ahead.next(),
                Nth::Second => ahead.nth(1),
                Nth::Third => ahead.nth(2),
                Nth::Fourth => ahead.nth(3),
                Nth::Last => (0..7).filter_map(|back| add_days(last, -back)).find(working),
            }
        }
    }
}

/// A day of a year; the 29th of February is the 28th where there is none.
fn in_year(year: i64, month: i8, day: i8) -> Option<Date> {
    let first = Date::new(i16::try_from(year).ok()?, month, 1).ok()?;
    in_month(first, MonthDay::Day(day))
}
