//! Rules of recurrence: those by which tasks come again, as `RRULE`, and back, as far as either can say it.

use jiff::Timestamp;
use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;

use crate::domain::clock::Clock;
use crate::domain::recurrence::{Anchor, MonthDay, Nth, Pattern, Recurrence, WeekdaySet, Which};
use crate::domain::when::{Leaning, Reading};

use super::moment;
use super::zone::short;

/// The days of the week in their order.
const DAYS: [Weekday; 7] = [
    Weekday::Monday,
    Weekday::Tuesday,
    Weekday::Wednesday,
    Weekday::Thursday,
    Weekday::Friday,
    Weekday::Saturday,
    Weekday::Sunday,
];

/// The most times that a rule of ours may say.
const MOST_TIMES: u32 = 1000;

/// The rule of a task in its canonical form; none if it is none.
pub(crate) fn stored(text: &str) -> Option<Recurrence> {
    // A canonical rule has no phrase that depends on the time.
    let clock = Clock::new(Timestamp::UNIX_EPOCH, TimeZone::UTC);
    Recurrence::read(text, &Reading::new(&clock, Leaning::Future)).ok()
}

/// A rule as a value; `is_day` tells whether what it is of has no time of day. None for what counts from when something
/// was done: no calendar knows that.
pub(crate) fn show(rule: &Recurrence, is_day: bool) -> Option<String> {
    if rule.anchor == Anchor::Done {
        return None;
    }
    let every = |count: u32| match count {
        1 => String::new(),
        count => format!(";INTERVAL={count}"),
    };
    let mut text = match rule.pattern {
        Pattern::Days(count) => format!("FREQ=DAILY{}", every(count)),
        Pattern::Weeks(count, days) => {
            let names: Vec<&str> = DAYS.into_iter().filter(|day| days.has(*day)).map(short).collect();
            let days = match names.is_empty() {
                true => String::new(),
                false => format!(";BYDAY={}", names.join(",")),
            };
            format!("FREQ=WEEKLY{}{days}", every(count))
        }
        Pattern::Months(count, day) => format!("FREQ=MONTHLY{}{}", every(count), in_month(day)),
        Pattern::Years(count, None) => format!("FREQ=YEARLY{}", every(count)),
        Pattern::Years(count, Some((month, day))) => {
            format!(
                "FREQ=YEARLY{};BYMONTH={month}{}",
                every(count),
                in_month(MonthDay::Day(day))
            )
        }
    };
    if let Some(until) = rule.until {
        let until = moment::show_day(until);
        text.push_str(&match is_day {
            true => format!(";UNTIL={until}"),
            false => format!(";UNTIL={until}T235959Z"),
        });
    } else if let Some(count) = rule.count {
        text.push_str(&format!(";COUNT={count}"));
    }
    Some(text)
}

fn in_month(day: MonthDay) -> String {
    match day {
        MonthDay::Plan => String::new(),
        MonthDay::Day(day) if day <= 28 => format!(";BYMONTHDAY={day}"),
        // In a shorter month its last day: the last of those that there are.
        MonthDay::Day(day) => {
            let days: Vec<String> = (28..=day).map(|day| day.to_string()).collect();
            format!(";BYMONTHDAY={};BYSETPOS=-1", days.join(","))
        }
        MonthDay::Last => ";BYMONTHDAY=-1".to_owned(),
        MonthDay::Nth(nth, Which::Day(day)) => format!(";BYDAY={}{}", place(nth), short(day)),
        MonthDay::Nth(nth, Which::Working) => format!(";BYDAY=MO,TU,WE,TH,FR;BYSETPOS={}", place(nth)),
    }
}

fn place(nth: Nth) -> i8 {
    match nth {
        Nth::First => 1,
        Nth::Second => 2,
        Nth::Third => 3,
        Nth::Fourth => 4,
        Nth::Last => -1,
    }
}

fn nth(place: i8) -> Option<Nth> {
    Some(match place {
        1 => Nth::First,
        2 => Nth::Second,
        3 => Nth::Third,
        4 => Nth::Fourth,
        -1 => Nth::Last,
        _ => return None,
    })
}

/// Reads a value as a rule of ours, for what is first on `start`; none if no rule of ours says the same.
pub(crate) fn read(text: &str, start: Option<Date>) -> Option<Recurrence> {
    let mut parts = Parts::default();
    for part in text
        .trim()
        .to_ascii_uppercase()
        .split(';')
        .filter(|part| !part.is_empty())
    {
        let (name, value) = part.split_once('=')?;
        parts.take(name.trim(), value.trim())?;
    }
    let pattern = parts.pattern(start)?;
    Some(Recurrence {
        pattern,
        anchor: Anchor::Plan,
        until: parts.until,
        count: parts.count,
    })
}

#[derive(Default)]
struct Parts {
    frequency: String,
    every: Option<u32>,
    days: Vec<(i8, Weekday)>,
    month_days: Vec<i8>,
    month: Option<i8>,
    position: Option<i8>,
    until: Option<Date>,
    count: Option<u32>,
}

impl Parts {
    fn take(&mut self, name: &str, value: &str) -> Option<()> {
        let count = || {
            value
                .parse()
                .ok()
                .filter(|count: &u32| (1..=MOST_TIMES).contains(count))
        };
        match name {
            "FREQ" => value.clone_into(&mut self.frequency),
            "INTERVAL" => self.every = Some(count()?),
            "BYDAY" => {
                for day in value.split(',') {
                    let (place, name) = day.trim().split_at_checked(day.trim().len().checked_sub(2)?)?;
                    let weekday = DAYS.into_iter().find(|known| short(*known) == name)?;
                    let place = match place {
                        "" => 0,
                        place => place.trim_start_matches('+').parse().ok()?,
                    };
                    self.days.push((place, weekday));
                }
            }
            "BYMONTHDAY" => {
                for day in value.split(',') {
                    self.month_days.push(day.trim().parse().ok()?);
                }
            }
            "BYMONTH" => self.month = Some(value.parse().ok().filter(|month| (1..=12).contains(month))?),
            "BYSETPOS" => self.position = Some(value.parse().ok()?),
            "UNTIL" => self.until = Some(moment::date(value.split('T').next()?)?),
            "COUNT" => self.count = Some(count()?),
            "WKST" if value == "MO" || self.every.is_none_or(|every| every == 1) => {}
            // Times of day and numbers of weeks: no rule of ours says them.
            _ => return None,
        }
        Some(())
    }

    fn pattern(&self, start: Option<Date>) -> Option<Pattern> {
        let every = self.every.unwrap_or(1);
        let plain_days = || {
            let is_plain = self.days.iter().all(|(place, _)| *place == 0);
            let set = self
                .days
                .iter()
                .fold(WeekdaySet::default(), |set, (_, day)| set.with(*day));
            is_plain.then_some(set)
        };
        match self.frequency.as_str() {
            "DAILY" if self.month_days.is_empty() && self.month.is_none() && self.position.is_none() => {
                match (self.days.is_empty(), every) {
                    (true, _) => Some(Pattern::Days(every)),
                    (false, 1) => Some(Pattern::Weeks(1, plain_days()?)),
                    _ => None,
                }
            }
            "WEEKLY" if self.month_days.is_empty() && self.month.is_none() && self.position.is_none() => {
                Some(Pattern::Weeks(every, plain_days()?))
            }
            "MONTHLY" if self.month.is_none() => Some(Pattern::Months(every, self.month_day()?)),
            "YEARLY" => match (self.month, self.month_day()?) {
                (None, MonthDay::Plan) => Some(Pattern::Years(every, None)),
                (Some(month), MonthDay::Day(day)) => Some(Pattern::Years(every, Some((month, day)))),
                (Some(month), MonthDay::Plan) => {
                    let start = start.filter(|start| start.month() == month)?;
                    Some(Pattern::Years(every, Some((month, start.day()))))
                }
                _ => None,
            },
            _ => None,
        }
    }

    fn month_day(&self) -> Option<MonthDay> {
        match (self.month_days.as_slice(), self.days.as_slice(), self.position) {
            ([], [], None) => Some(MonthDay::Plan),
            ([-1], [], None) => Some(MonthDay::Last),
            // In a month without that day a calendar leaves it out; a task comes on the last day.
            ([day], [], None) if (1..=28).contains(day) => Some(MonthDay::Day(*day)),
            ([28, rest @ ..], [], Some(-1)) => {
                let last = 28 + i8::try_from(rest.len()).ok()?;
                let is_row = rest.iter().zip(29_i8..).all(|(day, expected)| *day == expected);
                (is_row && last <= 31).then_some(MonthDay::Day(last))
            }
            ([], [(place, day)], None) if *place != 0 => Some(MonthDay::Nth(nth(*place)?, Which::Day(*day))),
            ([], [(0, day)], Some(place)) => Some(MonthDay::Nth(nth(place)?, Which::Day(*day))),
            ([], days, Some(place)) => {
                let is_working = days.len() == 5
                    && days
                        .iter()
                        .all(|(place, day)| *place == 0 && WeekdaySet::WORKING.has(*day));
                is_working.then_some(MonthDay::Nth(nth(place)?, Which::Working))
            }
            _ => None,
        }
    }
}
