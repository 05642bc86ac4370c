//! Days as programs write them: three numbers in one of three orders, months by name, counts of days, with times.

use jiff::civil::{Date, Time, date};
use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp};

use super::Order;
use crate::domain::fold::fold;

/// The longest text that is looked at, in bytes.
const LONGEST: usize = 80;

/// Years of two digits are of this century up to this one, and after it of the last.
const PIVOT: i16 = 69;

/// A day taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Written {
    /// It stands for nothing: `0/0/00`, `0000-00-00`.
    Nothing,
    /// A day that can be read in one way alone.
    Sure(Date, Clock),
    /// An instant.
    Instant(Timestamp),
    /// Three numbers whose order is open, and whether each of the orders is known to fit.
    Numbers([Option<Date>; 3], Clock),
}

/// The time beside a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Clock {
    time: Option<Time>,
    offset: Option<Offset>,
}

const NO_CLOCK: Clock = Clock {
    time: None,
    offset: None,
};

impl Written {
    /// Takes `text` apart; none if it is no day in any of the known forms.
    pub fn parse(text: &str) -> Option<Written> {
        if text.len() > LONGEST {
            return None;
        }
        let text = fold(text);
        let text = without_weekday(&text);
        if is_nothing(text) {
            return Some(Written::Nothing);
        }
        let is_count = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
        if is_count && let Some(counted) = counted(text) {
            return Some(counted);
        }
        chinese(text).or_else(|| by_name(text)).or_else(|| numbers(text))
    }

    /// The day in this order; none if it does not fit. What is sure fits every order.
    pub fn day(&self, order: Order) -> Option<Date> {
        match self {
            Written::Nothing | Written::Instant(_) => None,
            Written::Sure(day, _) => Some(*day),
            Written::Numbers(days, _) => {
                let at = Order::ALL.iter().position(|other| *other == order)?;
                days.get(at).copied().flatten()
            }
        }
    }

    /// The orders that fit; all of them where the order says nothing.
    pub fn fits(&self, order: Order) -> bool {
        match self {
            Written::Numbers(..) => self.day(order).is_some(),
            _ => true,
        }
    }

    /// True if two orders that fit give different days.
    pub fn is_open(&self) -> bool {
        let Written::Numbers(days, _) = self else {
            return false;
        };
        let mut known = days.iter().flatten();
        let first = known.next();
        known.any(|other| Some(other) != first)
    }

    /// The text that the rest of the program reads: `2024-03-05`, with a time `2024-03-05 15:04:05`, an instant where an
    /// offset is known. None if the order does not fit.
    pub fn plain(&self, order: Order) -> Option<String> {
        let clock = match self {
            Written::Nothing => return Some(String::new()),
            Written::Instant(instant) => return Some(instant.to_string()),
            Written::Sure(_, clock) | Written::Numbers(_, clock) => *clock,
        };
        let day = self.day(order)?;
        let Some(time) = clock.time else {
            return Some(day.to_string());
        };
        let moment = day.to_datetime(time);
        Some(match clock.offset {
            Some(offset) => offset.to_timestamp(moment).ok()?.to_string(),
            None => format!("{day} {}", moment.strftime("%H:%M:%S")),
        })
    }
}

/// `tue, 5 mar 2024`
fn without_weekday(text: &str) -> &str {
    const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    let Some((word, rest)) = text.split_once([',', ' ']) else {
        return text;
    };
    let is_day = word.is_ascii()
        && DAYS.iter().any(|day| word.starts_with(day))
        && word.ends_with(['n', 'e', 'd', 'u', 'i', 't', 'y', 's', '.']);
    let rest = rest.trim_start();
    if is_day && rest.chars().any(|letter| letter.is_ascii_digit()) {
        rest
    } else {
        text
    }
}

fn is_nothing(text: &str) -> bool {
    let day = text.split([' ', 't']).next().unwrap_or_default();
    let separated = day.contains(['/', '-', '.']);
    separated && day.bytes().all(|byte| b"0/-.".contains(&byte)) && day.contains('0')
}

/// A number that stands for a day: `20240305`, a count of days as spreadsheets have it, a count of seconds.
fn counted(text: &str) -> Option<Written> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    if fraction.contains('.') {
        return None;
    }
    let number: i64 = whole.parse().ok()?;
    let of_digits = |from: usize, to: usize| whole.get(from..to).and_then(|part| part.parse::<i8>().ok());
    match (whole.len(), fraction.is_empty()) {
        (8 | 14, true) => {
            let year = whole
                .get(..4)?
                .parse::<i16>()
                .ok()
                .filter(|year| (1900..=2100).contains(year))?;
            let day = Date::new(year, of_digits(4, 6)?, of_digits(6, 8)?).ok()?;
            let time = match whole.len() {
                14 => Some(Time::new(of_digits(8, 10)?, of_digits(10, 12)?, of_digits(12, 14)?, 0).ok()?),
                _ => None,
            };
            Some(Written::Sure(day, Clock { time, offset: None }))
        }
        (5, _) if (20_000..=80_000).contains(&number) => serial(number, fraction),
        (10, true) => Some(Written::Instant(Timestamp::from_second(number).ok()?)),
        (13, true) => Some(Written::Instant(Timestamp::from_millisecond(number).ok()?)),
        _ => None,
    }
}

/// A day as spreadsheets count them, with a part of it as the time.
fn serial(days: i64, fraction: &str) -> Option<Written> {
    let day = date(1899, 12, 30)
        .checked_add(SignedDuration::from_hours(days * 24))
        .ok()?;
    let part: f64 = format!("0.{fraction}0").parse().ok()?;
    let seconds = (part * 86_400.0).round().clamp(0.0, 86_399.0) as i32;
    let time = (seconds > 0).then(|| {
        let part = |number: i32| i8::try_from(number).unwrap_or(0);
        Time::new(
            part(seconds / 3600),
            part(seconds / 60 % 60),
            part(seconds % 60),
            0,
        )
        .ok()
    });
    let time = time.flatten();
    Some(Written::Sure(day, Clock { time, offset: None }))
}

/// `2024年3月5日`, with a day of the week and a time behind it.
fn chinese(text: &str) -> Option<Written> {
    let (year, rest) = text.split_once('年')?;
    let (month, rest) = rest.split_once('月')?;
    let (day, rest) = rest.split_once(['日', '号'])?;
    let year = year.trim();
    let day = Date::new(
        century(year.parse().ok()?, year.len())?,
        month.trim().parse().ok()?,
        day.trim().parse().ok()?,
    );
    let mut rest = rest.trim_start();
    for week in ["星期", "周"] {
        if let Some(after) = rest.strip_prefix(week) {
            let mut letters = after.chars();
            letters.next();
            rest = letters.as_str();
        }
    }
    Some(Written::Sure(day.ok()?, clock(rest)?))
}

/// The month that a word names, in the languages in which programs are sold most.
fn month(word: &str) -> Option<i8> {
    const MONTHS: [&[&str]; 12] = [
        &["jan", "ene", "gen"],
        &["feb", "fev"],
        &["mar", "mrz"],
        &["apr", "avr", "abr"],
        &["may", "mai", "mag", "mei"],
        &["jun", "juin", "giu"],
        &["jul", "juil", "lug"],
        &["aug", "aou", "ago"],
        &["sep", "set"],
        &["oct", "okt", "out", "ott"],
        &["nov"],
        &["dec", "dez", "dic"],
    ];
    let word = word.trim_end_matches('.');
    if word.len() < 3 || !word.chars().all(char::is_alphabetic) {
        return None;
    }
    // `juillet` begins as `jui`, and `juin` does too: the longest beginning decides.
    let known = (1_i8..)
        .zip(MONTHS)
        .flat_map(|(at, words)| words.iter().map(move |known| (at, *known)));
    known
        .filter(|(_, known)| word.starts_with(known))
        .max_by_key(|(_, known)| known.len())
        .map(|(at, _)| at)
}

/// `12 mar 2024`, `mar 12, 2024`, `12-mar-24`, with a time behind it.
fn by_name(text: &str) -> Option<Written> {
    let mut parts = Vec::new();
    let mut rest = text;
    while parts.len() < 3 {
        rest = rest.trim_start_matches([' ', ',', '-', '/', '.']);
        let end = rest.find([' ', ',', '-', '/']).unwrap_or(rest.len());
        let word = rest.get(..end)?;
        rest = rest.get(end..)?;
        if !matches!(word, "de" | "of" | "del") {
            parts.push(word);
        }
        if rest.is_empty() {
            break;
        }
    }
    let [first, second, third] = parts.as_slice() else {
        return None;
    };
    let (month, day, year) = match (month(first), month(second)) {
        (Some(month), None) => (month, *second, *third),
        // `2024-mar-05`
        (None, Some(month)) if first.len() == 4 => (month, *third, *first),
        (None, Some(month)) => (month, *first, *third),
        _ => return None,
    };
    let day = day.trim_end_matches(['.', ',', 's', 't', 'n', 'd', 'r', 'h', 'e']);
    let day = Date::new(century(year.parse().ok()?, year.len())?, month, day.parse().ok()?);
    Some(Written::Sure(day.ok()?, clock(rest)?))
}

/// Three numbers and what separates them, with a time behind them.
fn numbers(text: &str) -> Option<Written> {
    let (first, separator, rest) = number(text)?;
    let separator = separator.filter(|separator| matches!(separator, '/' | '-' | '.'))?;
    let (second, other, rest) = number(rest)?;
    if other != Some(separator) {
        return None;
    }
    let end = rest
        .find(|letter: char| !letter.is_ascii_digit())
        .unwrap_or(rest.len());
    let third = rest.get(..end)?;
    let clock = clock(rest.get(end..)?)?;
    if third.is_empty() || third.len() > 4 || second.len() > 2 {
        return None;
    }
    let day = |year: &str, month: &str, day: &str| {
        let fits = month.len() <= 2 && day.len() <= 2 && matches!(year.len(), 2 | 4);
        let date = fits.then(|| {
            Date::new(
                century(year.parse().ok()?, year.len())?,
                month.parse().ok()?,
                day.parse().ok()?,
            )
            .ok()
        });
        date.flatten()
    };
    if first.len() == 4 {
        return Some(Written::Sure(day(first, second, third)?, clock));
    }
    let by_day = day(third, second, first);
    // Nobody writes the month first and points after it; but where it is the only reading it is meant.
    let by_month = day(third, first, second).filter(|_| separator != '.' || by_day.is_none());
    let by_year = day(first, second, third).filter(|_| third.len() <= 2 && first.len() == 2);
    let days = [by_day, by_month, by_year];
    days.iter()
        .any(Option::is_some)
        .then_some(Written::Numbers(days, clock))
}

/// The number that `text` begins with, what follows it, and the rest.
fn number(text: &str) -> Option<(&str, Option<char>, &str)> {
    let end = text
        .find(|letter: char| !letter.is_ascii_digit())
        .unwrap_or(text.len());
    let digits = text.get(..end).filter(|digits| (1..=4).contains(&digits.len()))?;
    let mut letters = text.get(end..)?.chars();
    let separator = letters.next();
    // `5. 3. 2024`
    Some((digits, separator, letters.as_str().trim_start()))
}

/// The year that a number of so many digits means.
fn century(year: i16, digits: usize) -> Option<i16> {
    match digits {
        4 if year > 0 => Some(year),
        2 if year <= PIVOT => Some(2000 + year),
        2 => Some(1900 + year),
        _ => None,
    }
}

/// The time behind a day, if there is one: `15:04`, `3:04:05.6 pm`, `下午3:04`, with `z`, `utc` or an offset.
fn clock(text: &str) -> Option<Clock> {
    let mut text = text.trim_start_matches([',', ' ', 't', '\u{200e}']).trim();
    if text.is_empty() {
        return Some(NO_CLOCK);
    }
    let mut half = None;
    for (word, is_late) in [("上午", false), ("下午", true), ("am", false), ("pm", true)] {
        if let Some(rest) = text.strip_prefix(word) {
            (half, text) = (Some(is_late), rest.trim());
        }
    }
    let end = text
        .find(|letter: char| !(letter.is_ascii_digit() || matches!(letter, ':' | '.')))
        .unwrap_or(text.len());
    let (digits, mut rest) = (text.get(..end)?, text.get(end..)?.trim());
    for (word, is_late) in [("a.m.", false), ("p.m.", true), ("am", false), ("pm", true)] {
        if let Some(after) = rest.strip_prefix(word) {
            (half, rest) = (Some(is_late), after.trim());
        }
    }
    let mut parts = digits.split(':');
    let mut hour: i8 = parts.next()?.parse().ok()?;
    let minute: i8 = parts.next()?.parse().ok()?;
    let second: i8 = match parts.next() {
        Some(second) => second.split('.').next()?.parse().ok()?,
        None => 0,
    };
    match half {
        Some(_) if !(1..=12).contains(&hour) => return None,
        Some(is_late) => hour = hour % 12 + if is_late { 12 } else { 0 },
        None => {}
    }
    let time = Time::new(hour, minute, second, 0)
        .ok()
        .filter(|_| parts.next().is_none())?;
    let offset = match rest {
        "" => None,
        "z" | "utc" | "gmt" => Some(Offset::UTC),
        text => Some(offset(
            text.strip_prefix("gmt")
                .or_else(|| text.strip_prefix("utc"))
                .unwrap_or(text),
        )?),
    };
    Some(Clock {
        time: Some(time),
        offset,
    })
}

/// `+0800`, `-05:00`, `+8`.
fn offset(text: &str) -> Option<Offset> {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, text.strip_prefix('+')?),
    };
    let plain: String = digits.chars().filter(|letter| *letter != ':').collect();
    let plain = if plain.len() <= 2 {
        format!("{plain:0>2}00")
    } else {
        format!("{plain:0>4}")
    };
    if plain.len() != 4 || !plain.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let number: i32 = plain.parse().ok()?;
    Offset::from_seconds(sign * (number / 100 * 3600 + number % 100 * 60)).ok()
}

/// The day of a birthday that a year of two digits put into the future.
pub fn in_the_past(day: Date, today: Date) -> Date {
    if day <= today {
        return day;
    }
    Date::new(day.year().saturating_sub(100), day.month(), day.day()).unwrap_or(day)
}
