//! Chinese rules: 每天, 每周一、四, 每两周的周二, 每月15日, 每月最后一天, 每季度, 每年2月29日, 完成后每3天, 每周一直到年底, 每天共5次.

use jiff::civil::Weekday;

use crate::domain::recurrence::english::day_of_year;
use crate::domain::recurrence::{
    Anchor, MonthDay, NotARule, Nth, Pattern, Recurrence, WeekdaySet, Which, every, last_day, times,
};
use crate::domain::when::Reading;
use crate::domain::when::scan::Scan;

const WEEKDAYS: [(&str, Weekday); 8] = [
    ("一", Weekday::Monday),
    ("二", Weekday::Tuesday),
    ("三", Weekday::Wednesday),
    ("四", Weekday::Thursday),
    ("五", Weekday::Friday),
    ("六", Weekday::Saturday),
    ("日", Weekday::Sunday),
    ("天", Weekday::Sunday),
];

const WEEK: [(&str, ()); 6] = [
    ("个星期", ()),
    ("个礼拜", ()),
    ("个周", ()),
    ("星期", ()),
    ("礼拜", ()),
    ("周", ()),
];

const AFTER_DONE: [(&str, ()); 3] = [("完成之后", ()), ("完成以后", ()), ("完成后", ())];

const UNTIL: [(&str, ()); 6] = [
    ("一直到", ()),
    ("直到", ()),
    ("截止到", ()),
    ("截止", ()),
    ("到", ()),
    ("至", ()),
];

/// Reads a whole rule; none if it is none.
pub(super) fn read(plain: &str, reading: &Reading<'_>) -> Result<Option<Recurrence>, NotARule> {
    let plain: String = plain
        .chars()
        .map(|letter| {
            if matches!(letter, '(' | ')' | '。') {
                ' '
            } else {
                letter
            }
        })
        .collect();
    let mut scan = Scan::new(&plain);
    let mut anchor = match scan.any(&AFTER_DONE) {
        Some(()) => Anchor::Done,
        None => Anchor::Plan,
    };
    scan.eat(",");
    let Some(pattern) = pattern(&mut scan)? else {
        return Ok(None);
    };
    let (mut until, mut count) = (None, None);
    while !scan.is_done() {
        if scan.eat(",") || scan.eat("、") {
            continue;
        }
        if scan.any(&AFTER_DONE).is_some() {
            anchor = Anchor::Done;
        } else if let Some(found) = counted(&mut scan) {
            count = Some(times(found)?);
        } else if scan.any(&UNTIL).is_some() {
            let (date, rest) = split_count(scan.rest);
            until = Some(last_day(date.trim(), reading)?);
            scan = Scan::new(rest);
        } else {
            return Ok(None);
        }
    }
    Ok(Some(Recurrence {
        pattern,
        anchor,
        until,
        count,
    }))
}

/// 共5次, 五次, x5.
fn counted(scan: &mut Scan<'_>) -> Option<u32> {
    let mut ahead = *scan;
    let is_short = ahead.eat("x");
    let found = if is_short {
        ahead.number()
    } else {
        ahead.eat("共");
        ahead.number().filter(|_| ahead.eat("次"))
    };
    if found.is_some() {
        *scan = ahead;
    }
    found
}

/// The date of an `until`, and a count behind it.
fn split_count(rest: &str) -> (&str, &str) {
    let end = rest
        .find(['共', 'x', ','])
        .or_else(|| {
            let head = rest.trim_end().strip_suffix('次')?;
            head.rfind(' ')
        })
        .unwrap_or(rest.len());
    rest.split_at_checked(end).unwrap_or((rest, ""))
}

fn pattern(scan: &mut Scan<'_>) -> Result<Option<Pattern>, NotARule> {
    if scan.eat("隔天") || scan.eat("隔日") {
        return Ok(Some(Pattern::Days(2)));
    }
    if scan.eat("隔周") || scan.eat("每双周") || scan.eat("双周") {
        return Ok(Some(Pattern::Weeks(2, weekdays(scan))));
    }
    if scan.eat("隔月") {
        return Ok(month_day(scan)?.map(|day| Pattern::Months(2, day)));
    }
    if scan.eat("隔年") {
        return Ok(year_day(scan)?.map(|day| Pattern::Years(2, day)));
    }
    if scan.eat("工作日") {
        return Ok(Some(Pattern::Weeks(1, WeekdaySet::WORKING)));
    }
    if !scan.eat("每") {
        return Ok(None);
    }
    scan.eat("隔");
    if scan.eat("个工作日") || scan.eat("工作日") {
        return Ok(Some(Pattern::Weeks(1, WeekdaySet::WORKING)));
    }
    if scan.eat("半年") {
        return Ok(Some(Pattern::Months(6, MonthDay::Plan)));
    }
    let count = every(scan.number().unwrap_or(1))?;
    if scan.eat("天") || scan.eat("日") {
        return Ok(Some(Pattern::Days(count)));
    }
    if scan.eat("个季度") || scan.eat("季度") || scan.eat("季") {
        let months = every(count.saturating_mul(3))?;
        return Ok(month_day(scan)?.map(|day| Pattern::Months(months, day)));
    }
    if scan.any(&WEEK).is_some() {
        return Ok(Some(Pattern::Weeks(count, weekdays(scan))));
    }
    if scan.eat("个月") || scan.eat("月") {
        return Ok(month_day(scan)?.map(|day| Pattern::Months(count, day)));
    }
    if scan.eat("年") {
        return Ok(year_day(scan)?.map(|day| Pattern::Years(count, day)));
    }
    Ok(None)
}

/// As many weekdays as follow; each may have its 周 in front.
fn weekdays(scan: &mut Scan<'_>) -> WeekdaySet {
    let mut days = WeekdaySet::default();
    let mut before = None;
    loop {
        let mut ahead = *scan;
        // 周一到周五 is a range; 周一到年底 is an end.
        if let Some(first) = before
            && (ahead.eat("到") || ahead.eat("至"))
            && ahead.any(&WEEK).is_some()
            && let Some(last) = ahead.any(&WEEKDAYS)
        {
            *scan = ahead;
            days = days.and(WeekdaySet::span(first, last));
            before = None;
            continue;
        }
        let mut ahead = *scan;
        for between in ["的", "在", "、", ",", "和", "及"] {
            ahead.eat(between);
        }
        ahead.any(&WEEK);
        // 一直到 begins like a Monday and is none.
        if ahead.rest.trim_start().starts_with("一直到") && !days.is_empty() {
            return days;
        }
        days = match ahead.any(&WEEKDAYS) {
            Some(day) => {
                before = Some(day);
                days.with(day)
            }
            None if ahead.eat("末") => days.and(WeekdaySet::WEEKEND),
            None => return days,
        };
        *scan = ahead;
    }
}

/// 15日, 最后一天, 月底, 第一个周一, 最后一个工作日; the day of the plan where nothing of the kind follows.
fn month_day(scan: &mut Scan<'_>) -> Result<Option<MonthDay>, NotARule> {
    let mut ahead = *scan;
    ahead.eat("的");
    ahead.eat("在");
    let nth = if ahead.eat("最后一天") || ahead.eat("月底") || ahead.eat("月末") || ahead.eat("底") {
        *scan = ahead;
        return Ok(Some(MonthDay::Last));
    } else if ahead.eat("最后一个") || ahead.eat("最后") {
        Some(Nth::Last)
    } else if ahead.eat("第") {
        let nth = match ahead.number() {
            Some(1) => Nth::First,
            Some(2) => Nth::Second,
            Some(3) => Nth::Third,
            Some(4) => Nth::Fourth,
            Some(5) => {
                return Err(NotARule::new(
                    "not every month has a fifth weekday of that name; the last one may be meant",
                )
                .suggesting("每月最后一个周五"));
            }
            _ => return Ok(None),
        };
        if ahead.eat("天") {
            *scan = ahead;
            let day = match nth {
                Nth::First => 1,
                Nth::Second => 2,
                Nth::Third => 3,
                _ => 4,
            };
            return Ok(Some(MonthDay::Day(day)));
        }
        ahead.eat("个");
        Some(nth)
    } else {
        None
    };
    if let Some(nth) = nth {
        let which = if ahead.eat("工作日") {
            Some(Which::Working)
        } else if ahead.any(&WEEK).is_some() {
            ahead.any(&WEEKDAYS).map(Which::Day)
        } else {
            None
        };
        *scan = ahead;
        return Ok(which.map(|which| MonthDay::Nth(nth, which)));
    }
    if let Some(number) = ahead.number() {
        if !(ahead.eat("日") || ahead.eat("号")) {
            return Ok(Some(MonthDay::Plan));
        }
        *scan = ahead;
        // January has every day.
        return day_of_year(1, number).map(|(_, day)| Some(MonthDay::Day(day)));
    }
    Ok(Some(MonthDay::Plan))
}

/// 2月29日; the day of the plan where nothing of the kind follows. None for half of one.
fn year_day(scan: &mut Scan<'_>) -> Result<Option<Option<(i8, i8)>>, NotARule> {
    let mut ahead = *scan;
    ahead.eat("的");
    let Some(month) = ahead.number().filter(|_| ahead.eat("月")) else {
        return Ok(Some(None));
    };
    let Some(day) = ahead.number() else {
        return Ok(None);
    };
    if !(ahead.eat("日") || ahead.eat("号")) {
        return Ok(None);
    }
    *scan = ahead;
    let month = i8::try_from(month).unwrap_or(i8::MAX);
    day_of_year(month, day).map(|day| Some(Some(day)))
}
