//! English rules: `every 2 weeks on tue until eoy x5`.

use jiff::civil::{Date, Weekday};

use crate::domain::recurrence::pattern::{MONTHS, WEEKDAYS};
use crate::domain::recurrence::{
    Anchor, MonthDay, NotARule, Nth, Pattern, Recurrence, WeekdaySet, Which, every, last_day, times,
};
use crate::domain::when::Reading;

/// Numbers in words.
const NUMBERS: [(&str, u32); 8] = [
    ("one", 1),
    ("two", 2),
    ("other", 2),
    ("second", 2),
    ("three", 3),
    ("four", 4),
    ("five", 5),
    ("six", 6),
];

/// Reads a whole rule; none if it is none.
pub(super) fn read(plain: &str, reading: &Reading<'_>) -> Result<Option<Recurrence>, NotARule> {
    let words: Vec<&str> = plain
        .split([' ', ','])
        .filter(|word| !word.is_empty() && !matches!(*word, "and" | "&"))
        .collect();
    let end = (0..words.len())
        .find(|at| starts_tail(words.get(*at..).unwrap_or_default()))
        .unwrap_or(words.len());
    let (head, tail) = words.split_at(end);
    let mut head = Words { rest: head };
    let Some(pattern) = pattern(&mut head)? else {
        return Ok(None);
    };
    if !head.rest.is_empty() {
        return Ok(None);
    }
    let mut rule = Recurrence {
        pattern,
        anchor: Anchor::Plan,
        until: None,
        count: None,
    };
    let mut tail = Words { rest: tail };
    while !tail.rest.is_empty() {
        if !ending(&mut tail, &mut rule, reading)? {
            return Ok(None);
        }
    }
    Ok(Some(rule))
}

/// Whether what says from where, until when or how often begins here.
fn starts_tail(words: &[&str]) -> bool {
    match words {
        ["after", "done" | "completion", ..] | ["from", "plan", ..] | ["from", "the", "plan", ..] => true,
        ["until" | "till", ..] => true,
        ["for", count, "times", ..] | [count, "times", ..] => count.parse::<u32>().is_ok(),
        [word, ..] => count_of(word).is_some(),
        [] => false,
    }
}

/// `x5`, `5x`.
fn count_of(word: &str) -> Option<u32> {
    let digits = word.strip_prefix('x').or_else(|| word.strip_suffix('x'))?;
    digits.parse().ok()
}

/// Takes one of the endings.
fn ending(tail: &mut Words<'_>, rule: &mut Recurrence, reading: &Reading<'_>) -> Result<bool, NotARule> {
    if tail.eat(&["after"]) {
        rule.anchor = Anchor::Done;
        return Ok(tail.eat(&["done", "completion"]));
    }
    if tail.eat(&["from"]) {
        tail.eat(&["the"]);
        rule.anchor = Anchor::Plan;
        return Ok(tail.eat(&["plan"]));
    }
    if tail.eat(&["until", "till"]) {
        let end = (0..tail.rest.len())
            .find(|at| starts_tail(tail.rest.get(*at..).unwrap_or_default()))
            .unwrap_or(tail.rest.len());
        let (date, rest) = tail.rest.split_at(end);
        tail.rest = rest;
        let is_first = rule.until.is_none();
        rule.until = Some(last_day(&date.join(" "), reading)?);
        return Ok(is_first);
    }
    tail.eat(&["for"]);
    let Some(word) = tail.next() else {
        return Ok(false);
    };
    let count = match count_of(word) {
        Some(count) => Some(count),
        None if tail.eat(&["times"]) => word.parse().ok(),
        None => None,
    };
    match count {
        Some(count) if rule.count.is_none() => {
            rule.count = Some(times(count)?);
            Ok(true)
        }
        _ => Ok(false),
    }
}

/// Words from left to right.
#[derive(Debug, Clone, Copy)]
struct Words<'t> {
    rest: &'t [&'t str],
}

impl<'t> Words<'t> {
    fn next(&mut self) -> Option<&'t str> {
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(first)
    }

    /// Takes the next word if it is one of these.
    fn eat(&mut self, words: &[&str]) -> bool {
        self.take(|word| words.contains(&word).then_some(())).is_some()
    }

    /// Takes the next word if it means something.
    fn take<T>(&mut self, meaning: impl Fn(&str) -> Option<T>) -> Option<T> {
        let (first, rest) = self.rest.split_first()?;
        let found = meaning(first)?;
        self.rest = rest;
        Some(found)
    }
}

fn pattern(words: &mut Words<'_>) -> Result<Option<Pattern>, NotARule> {
    if words.eat(&["daily"]) {
        return Ok(Some(Pattern::Days(1)));
    }
    if words.eat(&["weekdays", "workdays"]) {
        return Ok(Some(Pattern::Weeks(1, WeekdaySet::WORKING)));
    }
    let named = words.take(|word| {
        Some(match word {
            "weekly" => (Unit::Week, 1),
            "fortnightly" | "biweekly" => (Unit::Week, 2),
            "monthly" => (Unit::Month, 1),
            "quarterly" => (Unit::Month, 3),
            "yearly" | "annually" => (Unit::Year, 1),
            _ => return None,
        })
    });
    if let Some((unit, count)) = named {
        return unit_on(unit, count, words);
    }
    if words.eat(&["every", "each"]) {
        return every_so(words);
    }
    words.eat(&["on"]);
    let days = weekdays(words);
    if !days.is_empty() {
        return Ok(Some(Pattern::Weeks(1, days)));
    }
    // A number alone says neither of what nor how often.
    if let [number] = words.rest
        && number.parse::<u32>().is_ok()
    {
        return Ok(None);
    }
    let day = month_day(words)?;
    Ok(day.map(|day| Pattern::Months(1, day)))
}

/// What follows `every`.
fn every_so(words: &mut Words<'_>) -> Result<Option<Pattern>, NotARule> {
    let days = weekdays(words);
    if !days.is_empty() {
        return Ok(Some(Pattern::Weeks(1, days)));
    }
    // `every second monday` is one of the month; `every second week` is not.
    let is_count = words.rest.first().is_some_and(|word| word.parse::<u32>().is_ok());
    let mut ahead = *words;
    if !is_count && let Some(day @ (MonthDay::Nth(..) | MonthDay::Last)) = month_day(&mut ahead)? {
        *words = ahead;
        return Ok(Some(Pattern::Months(1, day)));
    }
    let count = words.take(|word| {
        let known = NUMBERS.iter().find(|(name, _)| *name == word);
        known.map(|(_, count)| *count).or_else(|| word.parse().ok())
    });
    let count = every(count.unwrap_or(1))?;
    if words.eat(&["weekday", "workday", "weekdays", "workdays"])
        || words.eat(&["working"]) && words.eat(&["day", "days"])
    {
        return Ok((count == 1).then_some(Pattern::Weeks(1, WeekdaySet::WORKING)));
    }
    let unit = words.take(|word| {
        Some(match word {
            "day" | "days" => (None, 1),
            "week" | "weeks" => (Some(Unit::Week), 1),
            "month" | "months" => (Some(Unit::Month), 1),
            "quarter" | "quarters" => (Some(Unit::Month), 3),
            "year" | "years" => (Some(Unit::Year), 1),
            _ => return None,
        })
    });
    match unit {
        None => Ok(month_day(words)?.map(|day| Pattern::Months(count, day))),
        Some((None, _)) => Ok(Some(Pattern::Days(count))),
        Some((Some(unit), times)) => unit_on(unit, every(count.saturating_mul(times))?, words),
    }
}

#[derive(Debug, Clone, Copy)]
enum Unit {
    Week,
    Month,
    Year,
}

/// A unit and the days in it: `on tue`, `on the 15th`, `on 24 dec`.
fn unit_on(unit: Unit, count: u32, words: &mut Words<'_>) -> Result<Option<Pattern>, NotARule> {
    let has_on = words.eat(&["on"]);
    let is_alone = words.rest.is_empty();
    if is_alone && has_on {
        return Ok(None);
    }
    Ok(match unit {
        Unit::Week => {
            let days = weekdays(words);
            (is_alone || !days.is_empty()).then_some(Pattern::Weeks(count, days))
        }
        Unit::Month if is_alone => Some(Pattern::Months(count, MonthDay::Plan)),
        Unit::Month => month_day(words)?.map(|day| Pattern::Months(count, day)),
        Unit::Year if is_alone => Some(Pattern::Years(count, None)),
        Unit::Year => year_day(words)?.map(|day| Pattern::Years(count, Some(day))),
    })
}

/// One weekday by any of its names.
fn weekday(word: &str) -> Option<Weekday> {
    let name = word.strip_suffix('.').unwrap_or(word);
    let (day, _) = WEEKDAYS.iter().find(|(_, short)| name.starts_with(short))?;
    let full = match day {
        Weekday::Monday => "mondays",
        Weekday::Tuesday => "tuesdays",
        Weekday::Wednesday => "wednesdays",
        Weekday::Thursday => "thursdays",
        Weekday::Friday => "fridays",
        Weekday::Saturday => "saturdays",
        Weekday::Sunday => "sundays",
    };
    full.starts_with(name).then_some(*day)
}

/// As many weekdays as there are.
fn weekdays(words: &mut Words<'_>) -> WeekdaySet {
    let mut days = WeekdaySet::default();
    while let Some(more) = words.take(|word| match word {
        "weekend" | "weekends" => Some(WeekdaySet::WEEKEND),
        word => match word.split_once('-') {
            Some((first, last)) => Some(WeekdaySet::span(weekday(first)?, weekday(last)?)),
            None => weekday(word).map(|day| WeekdaySet::default().with(day)),
        },
    }) {
        days = days.and(more);
    }
    days
}

/// `the 15th`, `last day`, `first monday`, `last weekday`, each with `of the month` behind it or not.
fn month_day(words: &mut Words<'_>) -> Result<Option<MonthDay>, NotARule> {
    let mut ahead = *words;
    ahead.eat(&["the"]);
    let Some(word) = ahead.next() else {
        return Ok(None);
    };
    let nth = Nth::ALL
        .iter()
        .find(|(_, name)| *name == word)
        .map(|(nth, _)| *nth)
        .or(match word {
            "1st" => Some(Nth::First),
            "2nd" => Some(Nth::Second),
            "3rd" => Some(Nth::Third),
            "4th" => Some(Nth::Fourth),
            _ => None,
        });
    let which = ahead.take(|word| match word {
        "weekday" | "workday" => Some(Which::Working),
        word => weekday(word).map(Which::Day),
    });
    let working = || Some(Which::Working);
    let which = which.or_else(|| {
        let mut further = ahead;
        let found = further.eat(&["working"]) && further.eat(&["day"]);
        if found {
            ahead = further;
        }
        found.then(working)?
    });
    let day = match (nth, which) {
        (Some(nth), Some(which)) => MonthDay::Nth(nth, which),
        (None, Some(Which::Day(_))) if matches!(word, "fifth" | "5th") => {
            return Err(NotARule::new(
                "not every month has a fifth weekday of that name; the last one may be meant",
            )
            .suggesting("monthly on the last fri"));
        }
        (None, Some(_)) => return Ok(None),
        (Some(Nth::Last), None) => {
            if !ahead.eat(&["day"]) {
                return Ok(None);
            }
            MonthDay::Last
        }
        (nth, None) => {
            let spelled = nth.and_then(|nth| Nth::ALL.iter().position(|(known, _)| *known == nth));
            let number = number_of(word).or_else(|| spelled.map(|at| at as u32 + 1));
            let Some(number) = number else {
                return Ok(None);
            };
            if nth.is_some() && number_of(word).is_none() || ahead.rest.first() == Some(&"day") {
                // `first` alone is no day; `first day` is.
                if !ahead.eat(&["day"]) {
                    return Ok(None);
                }
            }
            MonthDay::Day(day_number(number)?)
        }
    };
    if ahead.eat(&["of"]) {
        ahead.eat(&["the", "each", "every"]);
        if !ahead.eat(&["month", "months"]) {
            return Ok(None);
        }
    }
    *words = ahead;
    Ok(Some(day))
}

/// `15`, `15th`, `15.`.
fn number_of(word: &str) -> Option<u32> {
    let digits = ["st", "nd", "rd", "th", "."]
        .iter()
        .find_map(|ending| word.strip_suffix(ending))
        .unwrap_or(word);
    digits.parse().ok()
}

fn day_number(number: u32) -> Result<i8, NotARule> {
    let day = i8::try_from(number).ok().filter(|day| (1..=31).contains(day));
    day.ok_or_else(|| NotARule::new(format!("no month has a day {number}")))
}

/// `24 dec`, `dec 24`, `12-24`.
fn year_day(words: &mut Words<'_>) -> Result<Option<(i8, i8)>, NotARule> {
    words.eat(&["the"]);
    let (month, day) = if let Some(month) = words.take(month) {
        (month, words.take(number_of))
    } else if let Some(both) = words.take(|word| {
        let (month, day) = word.split_once('-')?;
        Some((month.parse::<i8>().ok()?, day.parse::<u32>().ok()?))
    }) {
        (both.0, Some(both.1))
    } else {
        let Some(day) = words.take(number_of) else {
            return Ok(None);
        };
        words.eat(&["of"]);
        match words.take(month) {
            Some(month) => (month, Some(day)),
            None => return Ok(None),
        }
    };
    let Some(number) = day else {
        return Ok(None);
    };
    day_of_year(month, number).map(Some)
}

/// A day that some year has.
pub(super) fn day_of_year(month: i8, number: u32) -> Result<(i8, i8), NotARule> {
    let day = day_number(number)?;
    // A leap year has them all.
    match Date::new(2024, month, day) {
        Ok(_) => Ok((month, day)),
        Err(_) => Err(NotARule::new(format!("no year has a day {day} in month {month}"))),
    }
}

fn month(word: &str) -> Option<i8> {
    let name = word.strip_suffix('.').unwrap_or(word);
    let at = MONTHS.iter().position(|short| name.starts_with(short))?;
    let full = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let fits = full.get(at).is_some_and(|full| full.starts_with(name)) || name == "sept";
    fits.then_some(i8::try_from(at + 1).ok()?)
}
