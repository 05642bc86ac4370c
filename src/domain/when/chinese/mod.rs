//! Chinese phrases: days, weeks that start on Monday, months, relative amounts, times of day.

mod time;

use jiff::civil::{Date, Weekday};

use crate::domain::when::calendar::{self, Days, Unit};
use crate::domain::when::chinese::time::read_time;
use crate::domain::when::english::date::{coming_day, no_such_day};
use crate::domain::when::relative::{self, Amount, Direction, Step};
use crate::domain::when::scan::Scan;
use crate::domain::when::time_of_day;
use crate::domain::when::{Base, NotADate, Parsed, Reading, When, english, lexer};

/// Days counted from today, the longer word before one that it begins with.
const DAYS: [(&str, i32); 12] = [
    ("今天", 0),
    ("今日", 0),
    ("明天", 1),
    ("明日", 1),
    ("大后天", 3),
    ("后天", 2),
    ("后日", 2),
    ("昨天", -1),
    ("昨日", -1),
    ("大前天", -3),
    ("前天", -2),
    ("前日", -2),
];

/// A day that runs into a part of the day: the second character belongs to the time.
const DAYS_WITH_PART: [(&str, i32); 5] = [("今早", 0), ("今晚", 0), ("明早", 1), ("明晚", 1), ("昨晚", -1)];

/// Which week, month or quarter, counted from the current one.
const STEPS: [(&str, i32); 8] = [
    ("下下", 2),
    ("上上", -2),
    ("下", 1),
    ("上", -1),
    ("本", 0),
    ("这", 0),
    ("当", 0),
    ("今", 0),
];

const YEARS: [(&str, i32); 6] = [
    ("今年", 0),
    ("本年", 0),
    ("明年", 1),
    ("后年", 2),
    ("去年", -1),
    ("前年", -2),
];

const WEEK: [(&str, ()); 3] = [("周", ()), ("星期", ()), ("礼拜", ())];

const WEEKDAYS: [(&str, Weekday); 14] = [
    ("一", Weekday::Monday),
    ("二", Weekday::Tuesday),
    ("三", Weekday::Wednesday),
    ("四", Weekday::Thursday),
    ("五", Weekday::Friday),
    ("六", Weekday::Saturday),
    ("日", Weekday::Sunday),
    ("天", Weekday::Sunday),
    ("1", Weekday::Monday),
    ("2", Weekday::Tuesday),
    ("3", Weekday::Wednesday),
    ("4", Weekday::Thursday),
    ("5", Weekday::Friday),
    ("6", Weekday::Saturday),
];

/// The start or the end of a stretch.
const EDGES: [(&str, Edge); 3] = [("底", Edge::Last), ("末", Edge::Last), ("初", Edge::First)];

const UNITS: [(&str, Step); 14] = [
    ("个工作日", Step::WorkingDay),
    ("工作日", Step::WorkingDay),
    ("天", Step::Day),
    ("周", Step::Week),
    ("个星期", Step::Week),
    ("星期", Step::Week),
    ("个礼拜", Step::Week),
    ("礼拜", Step::Week),
    ("个月", Step::Month),
    ("个季度", Step::Quarter),
    ("个小时", Step::Hour),
    ("小时", Step::Hour),
    ("分钟", Step::Minute),
    ("年", Step::Year),
];

const DIRECTIONS: [(&str, Direction); 6] = [
    ("以后", Direction::Ahead),
    ("之后", Direction::Ahead),
    ("后", Direction::Ahead),
    ("以前", Direction::Back),
    ("之前", Direction::Back),
    ("前", Direction::Back),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Edge {
    First,
    Last,
}

impl Edge {
    fn of(self, (first, last): Days) -> Base {
        Base::Day(match self {
            Edge::First => first,
            Edge::Last => last,
        })
    }
}

/// Reads a whole phrase.
pub(super) fn read(plain: &str, reading: &Reading<'_>) -> Parsed<When> {
    let mut scan = Scan::new(plain);
    if let Some(base) = date(&mut scan, reading)? {
        if scan.is_done() {
            return Ok(Some(time_of_day::alone(base)));
        }
        return Ok(read_time(scan.rest, reading)?.and_then(|time| time_of_day::combine(base, time)));
    }
    if let Some(time) = read_time(plain, reading)? {
        return time_of_day::today_at(time, reading).map(Some);
    }
    // An ISO or English date before a Chinese time of day: `2026-12-05 下午三点`.
    let split = plain
        .find(lexer::is_han)
        .and_then(|at| plain.split_at_checked(at));
    let Some((front, back)) = split.filter(|(front, _)| front.ends_with(' ')) else {
        return Ok(None);
    };
    match (english::read_date(front, reading)?, read_time(back, reading)?) {
        (Some(base), Some(time)) => Ok(time_of_day::combine(base, time)),
        _ => Ok(None),
    }
}

type Reader = fn(&mut Scan<'_>, &Reading<'_>) -> Parsed<Base>;

const READERS: [Reader; 8] = [
    named_day,
    amount,
    half_amount,
    week,
    quarter,
    month,
    year,
    numbered,
];

fn date(scan: &mut Scan<'_>, reading: &Reading<'_>) -> Parsed<Base> {
    for reader in READERS {
        let mut ahead = *scan;
        let found = reader(&mut ahead, reading);
        if !matches!(found, Ok(None)) {
            *scan = ahead;
            return found;
        }
    }
    Ok(None)
}

fn named_day(scan: &mut Scan<'_>, reading: &Reading<'_>) -> Parsed<Base> {
    let today = reading.clock.today();
    if scan.eat("现在") {
        return Ok(Some(Base::Moment(reading.clock.zoned().datetime())));
    }
    let shortened = DAYS_WITH_PART
        .iter()
        .find(|(word, _)| scan.rest.starts_with(word));
    let days = match shortened {
        Some((_, days)) => {
            let mut characters = scan.rest.chars();
            characters.next();
            scan.rest = characters.as_str();
            Some(*days)
        }
        None => scan.any(&DAYS),
    };
    Ok(days
        .and_then(|days| calendar::add_days(today, days))
        .map(Base::Day))
}

/// 3天后, 两周前, and without a direction 3天.
fn amount(scan: &mut Scan<'_>, reading: &Reading<'_>) -> Parsed<Base> {
    let Some(count) = scan.number() else {
        return Ok(None);
    };
    let Some(step) = scan.any(&UNITS) else {
        return Ok(None);
    };
    let amount: Amount = vec![(count, step)];
    match scan.any(&DIRECTIONS) {
        Some(direction) => relative::from_now(&amount, direction, reading),
        // 3年 alone is as likely a year as an amount.
        None if step == Step::Year => Ok(None),
        None => {
            let direction = relative::leaning_of(&amount, reading)?;
            relative::from_now(&amount, direction, reading)
        }
    }
}

fn half_amount(scan: &mut Scan<'_>, reading: &Reading<'_>) -> Parsed<Base> {
    const HALVES: [(&str, (u32, Step)); 3] = [
        ("半年", (6, Step::Month)),
        ("半个小时", (30, Step::Minute)),
        ("半小时", (30, Step::Minute)),
    ];
    match (scan.any(&HALVES), scan.any(&DIRECTIONS)) {
        (Some(amount), Some(direction)) => relative::from_now(&vec![amount], direction, reading),
        _ => Ok(None),
    }
}

/// 周五 is the coming one; 下周三 is the Wednesday of next week; 下周 is the week.
fn week(scan: &mut Scan<'_>, reading: &Reading<'_>) -> Parsed<Base> {
    let steps = scan.any(&STEPS);
    if steps.is_some() {
        scan.eat("个");
    }
    if scan.any(&WEEK).is_none() {
        return Ok(None);
    }
    let weekday = scan.any(&WEEKDAYS);
    let Some(steps) = steps else {
        return Ok(weekday
            .and_then(|weekday| calendar::named_weekday(weekday, reading))
            .map(Base::Day));
    };
    let days = calendar::unit_of(Unit::Week, reading.clock.today(), steps, Weekday::Monday);
    Ok(days.and_then(|(first, last)| match weekday {
        Some(weekday) => calendar::add_days(first, i32::from(weekday.to_monday_zero_offset())).map(Base::Day),
        None => Some(Base::Span(first, last)),
    }))
}

/// 本季度, 下季度末, 四季度, 第四季度.
fn quarter(scan: &mut Scan<'_>, reading: &Reading<'_>) -> Parsed<Base> {
    let days = if let Some(steps) = scan.any(&STEPS) {
        scan.eat("个");
        calendar::unit_of(Unit::Quarter, reading.clock.today(), steps, Weekday::Monday)
    } else {
        scan.eat("第");
        scan.number()
            .and_then(|number| calendar::coming(reading, |year| calendar::quarter(year, number)))
    };
    if !scan.eat("季度") {
        return Ok(None);
    }
    Ok(days.map(|days| edge_or_span(scan, days)))
}

fn edge_or_span(scan: &mut Scan<'_>, days: Days) -> Base {
    match scan.any(&EDGES) {
        Some(edge) => edge.of(days),
        None => Base::Span(days.0, days.1),
    }
}

/// 月底, 下个月, 下月初, 下个月5号.
fn month(scan: &mut Scan<'_>, reading: &Reading<'_>) -> Parsed<Base> {
    let steps = scan.any(&STEPS);
    if steps.is_some() {
        scan.eat("个");
    }
    if !scan.eat("月") {
        return Ok(None);
    }
    let today = reading.clock.today();
    let days = calendar::unit_of(Unit::Month, today, steps.unwrap_or(0), Weekday::Monday);
    let Some(days) = days else {
        return Ok(None);
    };
    if steps.is_none() {
        return Ok(scan.any(&EDGES).map(|edge| edge.of(days)));
    }
    if let Some(number) = day_number(scan) {
        let month = u32::from(days.0.month().unsigned_abs());
        return day_in(days.0.year(), month, number).map(Some);
    }
    Ok(Some(edge_or_span(scan, days)))
}

/// 年底, 明年, 去年底, 明年3月, 明年3月5日.
fn year(scan: &mut Scan<'_>, reading: &Reading<'_>) -> Parsed<Base> {
    let steps = scan.any(&YEARS);
    if steps.is_none() && !scan.eat("年") {
        return Ok(None);
    }
    let today = reading.clock.today();
    let days = calendar::unit_of(Unit::Year, today, steps.unwrap_or(0), Weekday::Monday);
    let Some(days) = days else {
        return Ok(None);
    };
    if steps.is_none() {
        return Ok(scan.any(&EDGES).map(|edge| edge.of(days)));
    }
    let mut ahead = *scan;
    if let Some(month) = month_number(&mut ahead) {
        *scan = ahead;
        return month_of_year(scan, days.0.year(), month).map(Some);
    }
    Ok(Some(edge_or_span(scan, days)))
}

/// 2026年12月5日, 2026年12月, 2026年, 12月5号, 12月, 5号.
fn numbered(scan: &mut Scan<'_>, reading: &Reading<'_>) -> Parsed<Base> {
    let mut ahead = *scan;
    if let Some(year @ 1000..=9999) = ahead.number()
        && ahead.eat("年")
    {
        *scan = ahead;
        let year = i16::try_from(year).unwrap_or(i16::MAX);
        return match month_number(scan) {
            Some(month) => month_of_year(scan, year, month).map(Some),
            None => Ok(calendar::year(year).map(|days| edge_or_span(scan, days))),
        };
    }
    if let Some(month) = month_number(scan) {
        if let Some(day) = day_number(scan) {
            return coming_day(month, day, reading);
        }
        let days = calendar::coming(reading, |year| calendar::month(year, month));
        return Ok(days.map(|days| edge_or_span(scan, days)));
    }
    match day_number(scan) {
        Some(number) => Ok(calendar::coming_day_of_month(number, reading).map(Base::Day)),
        None => Ok(None),
    }
}

fn month_of_year(scan: &mut Scan<'_>, year: i16, month: u32) -> Result<Base, NotADate> {
    if let Some(day) = day_number(scan) {
        return day_in(year, month, day);
    }
    match calendar::month(year, month) {
        Some(days) => Ok(edge_or_span(scan, days)),
        None => Err(NotADate::new(format!("a year has no month {month}"))),
    }
}

fn day_in(year: i16, month: u32, day: u32) -> Result<Base, NotADate> {
    let found: Option<Date> = calendar::day(year, month, day);
    no_such_day(found, year, month, day).map(Base::Day)
}

fn month_number(scan: &mut Scan<'_>) -> Option<u32> {
    let mut ahead = *scan;
    let number = ahead.number()?;
    if !ahead.eat("月") {
        return None;
    }
    *scan = ahead;
    Some(number)
}

fn day_number(scan: &mut Scan<'_>) -> Option<u32> {
    let mut ahead = *scan;
    let number = ahead.number()?;
    if !ahead.eat("日") && !ahead.eat("号") {
        return None;
    }
    *scan = ahead;
    Some(number)
}
