//! Phrases against a pinned clock, as rows; and the laws that hold for any text.

use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use proptest::prelude::*;

use crate::domain::clock::Clock;
use crate::domain::when::duration::{read_duration, show_duration};
use crate::domain::when::instant::{bounds, exact, first_day, instant_of, moment, to_span};
use crate::domain::when::period::{Period, read_period};
use crate::domain::when::show::{echo, relative_day};
use crate::domain::when::{DateOrder, Leaning, NotADate, Reading, When, read};

/// Saturday, ten in the morning.
const NOW: &str = "2026-11-21T10:00";

fn clock(local: &str, zone: &str) -> Clock {
    let zone = TimeZone::get(zone).unwrap();
    Clock::new(instant_of(local.parse().unwrap(), &zone), zone)
}

fn berlin() -> Clock {
    clock(NOW, "Europe/Berlin")
}

fn shown(when: When) -> String {
    match when {
        When::Day(day) => day.to_string(),
        When::Span(first, last) => format!("{first}..{last}"),
        When::Moment(local) => local.strftime("%Y-%m-%dT%H:%M").to_string(),
        When::Never => String::from("never"),
    }
}

fn answer(result: Result<When, NotADate>) -> String {
    match result {
        Ok(when) => shown(when),
        Err(refusal) => format!("refused [{}]", refusal.suggestions.join("|")),
    }
}

/// Reads every phrase with the leaning and compares; all differences are shown at once.
fn check(clock: &Clock, leaning: Leaning, rows: &[(&str, &str)]) {
    check_reading(&Reading::new(clock, leaning), rows);
}

fn check_reading(reading: &Reading<'_>, rows: &[(&str, &str)]) {
    let wrong: Vec<String> = rows
        .iter()
        .filter_map(|(phrase, expected)| {
            let found = answer(read(phrase, reading));
            (found != *expected).then(|| format!("{phrase}: expected {expected}, found {found}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

const ISO: &[(&str, &str)] = &[
    ("2026-11-27", "2026-11-27"),
    (" 2026-11-27 ", "2026-11-27"),
    ("2026-11-27T15:00", "2026-11-27T15:00"),
    ("2026-11-27 15:00", "2026-11-27T15:00"),
    ("2026-11-27t15:00:30.5", "2026-11-27T15:00"),
    ("2026-11-27 at 3pm", "2026-11-27T15:00"),
    ("2026-11-27T15:00:00Z", "2026-11-27T16:00"),
    ("2026-11-27T15:00:00+08:00", "2026-11-27T08:00"),
    ("2026-11", "2026-11-01..2026-11-30"),
    ("2028-02", "2028-02-01..2028-02-29"),
    ("2026-W48", "2026-11-23..2026-11-29"),
    ("2026-W01", "2025-12-29..2026-01-04"),
    ("2026-W53", "2026-12-28..2027-01-03"),
    ("2026-W48-5", "2026-11-27"),
    ("2026-Q4", "2026-10-01..2026-12-31"),
    ("2026", "2026-01-01..2026-12-31"),
    ("2026/11/27", "2026-11-27"),
    ("2028-02-29", "2028-02-29"),
    ("27.11.2026", "2026-11-27"),
    ("5.1.2027", "2027-01-05"),
    ("27.11.", "2026-11-27"),
    ("２０２６－１１－２７", "2026-11-27"),
    ("27 Nov 2026", "2026-11-27"),
    ("27th november", "2026-11-27"),
    ("Nov 27, 2026", "2026-11-27"),
    ("20 nov", "2027-11-20"),
    ("21 nov", "2026-11-21"),
    ("29 feb", "2028-02-29"),
    ("Fri 27 Nov 2026 15:00", "2026-11-27T15:00"),
    ("none", "never"),
    ("never", "never"),
    ("无", "never"),
    ("無", "never"),
];

const AHEAD: &[(&str, &str)] = &[
    ("today", "2026-11-21"),
    ("Tomorrow", "2026-11-22"),
    ("yesterday", "2026-11-20"),
    ("now", "2026-11-21T10:00"),
    ("now+2h", "2026-11-21T12:00"),
    ("+3d", "2026-11-24"),
    ("-2w", "2026-11-07"),
    ("+1m", "2026-12-21"),
    ("+1y", "2027-11-21"),
    ("+1q", "2027-02-21"),
    ("+3bd", "2026-11-25"),
    ("-1bd", "2026-11-20"),
    ("+90min", "2026-11-21T11:30"),
    ("+1h30m", "2026-11-21T11:30"),
    ("+3 weeks", "2026-12-12"),
    ("+1w 2d", "2026-11-30"),
    ("3d", "2026-11-24"),
    ("2w", "2026-12-05"),
    ("90min", "2026-11-21T11:30"),
    ("in 3 days", "2026-11-24"),
    ("in an hour", "2026-11-21T11:00"),
    ("3 days ago", "2026-11-18"),
    ("3 weeks", "2026-12-12"),
    ("two weeks ago", "2026-11-07"),
    ("3 working days", "2026-11-25"),
    ("3 days from now", "2026-11-24"),
    ("mon", "2026-11-23"),
    ("friday", "2026-11-27"),
    ("sat", "2026-11-28"),
    ("sun", "2026-11-22"),
    ("fri+1w", "2026-12-04"),
    ("fri +1w 3pm", "2026-12-04T15:00"),
    ("2026-11-27-2w", "2026-11-13"),
    ("eom-1bd", "2026-11-27"),
    ("eow", "2026-11-22"),
    ("eom", "2026-11-30"),
    ("eoq", "2026-12-31"),
    ("eoy", "2026-12-31"),
    ("sow", "2026-11-16"),
    ("som", "2026-11-01"),
    ("soq", "2026-10-01"),
    ("soy", "2026-01-01"),
    ("q4", "2026-10-01..2026-12-31"),
    ("q1", "2027-01-01..2027-03-31"),
    ("q4 2025", "2025-10-01..2025-12-31"),
    ("2025 q4", "2025-10-01..2025-12-31"),
    ("2025q4", "2025-10-01..2025-12-31"),
    ("2q", "2027-05-21"),
    ("dec", "2026-12-01..2026-12-31"),
    ("november", "2026-11-01..2026-11-30"),
    ("oct", "2027-10-01..2027-10-31"),
    ("dec 2027", "2027-12-01..2027-12-31"),
    ("dec 5", "2026-12-05"),
    ("week 48", "2026-11-23..2026-11-29"),
    ("week 47", "2026-11-16..2026-11-22"),
    ("w1", "2027-01-04..2027-01-10"),
    ("next month", "2026-12-01..2026-12-31"),
    ("this month", "2026-11-01..2026-11-30"),
    ("last month", "2026-10-01..2026-10-31"),
    ("next week", "2026-11-23..2026-11-29"),
    ("this quarter", "2026-10-01..2026-12-31"),
    ("last quarter", "2026-07-01..2026-09-30"),
    ("this year", "2026-01-01..2026-12-31"),
    ("last year", "2025-01-01..2025-12-31"),
    ("15:00", "2026-11-21T15:00"),
    ("10:00", "2026-11-21T10:00"),
    ("3pm", "2026-11-21T15:00"),
    ("3 PM", "2026-11-21T15:00"),
    ("3:30pm", "2026-11-21T15:30"),
    ("12pm", "2026-11-21T12:00"),
    ("tomorrow 12am", "2026-11-22T00:00"),
    ("fri 3pm", "2026-11-27T15:00"),
    ("tomorrow 9:30", "2026-11-22T09:30"),
    ("3pm tomorrow", "2026-11-22T15:00"),
    ("15:00 on friday", "2026-11-27T15:00"),
    ("tomorrow at 3pm", "2026-11-22T15:00"),
    ("today 9:00", "2026-11-21T09:00"),
    ("noon", "2026-11-21T12:00"),
    ("evening", "2026-11-21T18:00"),
    ("tomorrow morning", "2026-11-22T09:00"),
    ("15：00", "2026-11-21T15:00"),
];

const CHINESE: &[(&str, &str)] = &[
    ("今天", "2026-11-21"),
    ("明天", "2026-11-22"),
    ("后天", "2026-11-23"),
    ("後天", "2026-11-23"),
    ("大后天", "2026-11-24"),
    ("昨天", "2026-11-20"),
    ("前天", "2026-11-19"),
    ("大前天", "2026-11-18"),
    ("周五", "2026-11-27"),
    ("星期五", "2026-11-27"),
    ("礼拜五", "2026-11-27"),
    ("周六", "2026-11-28"),
    ("周日", "2026-11-22"),
    ("星期天", "2026-11-22"),
    ("下周三", "2026-11-25"),
    ("下个星期三", "2026-11-25"),
    ("下下周一", "2026-11-30"),
    ("上周五", "2026-11-13"),
    ("本周五", "2026-11-20"),
    ("这周五", "2026-11-20"),
    ("下周", "2026-11-23..2026-11-29"),
    ("月底", "2026-11-30"),
    ("月初", "2026-11-01"),
    ("年底", "2026-12-31"),
    ("本月底", "2026-11-30"),
    ("下月底", "2026-12-31"),
    ("下个月底", "2026-12-31"),
    ("下个月", "2026-12-01..2026-12-31"),
    ("上个月", "2026-10-01..2026-10-31"),
    ("本月", "2026-11-01..2026-11-30"),
    ("下个月5号", "2026-12-05"),
    ("今年", "2026-01-01..2026-12-31"),
    ("明年", "2027-01-01..2027-12-31"),
    ("去年", "2025-01-01..2025-12-31"),
    ("去年底", "2025-12-31"),
    ("明年3月5日", "2027-03-05"),
    ("本季度", "2026-10-01..2026-12-31"),
    ("下季度", "2027-01-01..2027-03-31"),
    ("上个季度末", "2026-09-30"),
    ("第四季度", "2026-10-01..2026-12-31"),
    ("3天后", "2026-11-24"),
    ("三天后", "2026-11-24"),
    ("３天后", "2026-11-24"),
    ("十五天后", "2026-12-06"),
    ("两周后", "2026-12-05"),
    ("2个月后", "2027-01-21"),
    ("半年后", "2027-05-21"),
    ("一年后", "2027-11-21"),
    ("3天前", "2026-11-18"),
    ("两周前", "2026-11-07"),
    ("3个工作日后", "2026-11-25"),
    ("两小时后", "2026-11-21T12:00"),
    ("三天", "2026-11-24"),
    ("12月5日", "2026-12-05"),
    ("2026年12月5日", "2026-12-05"),
    ("二〇二六年十二月五日", "2026-12-05"),
    ("12月5号", "2026-12-05"),
    ("十二月二十五号", "2026-12-25"),
    ("12月", "2026-12-01..2026-12-31"),
    ("2026年12月", "2026-12-01..2026-12-31"),
    ("5号", "2026-12-05"),
    ("21号", "2026-11-21"),
    ("31号", "2026-12-31"),
    ("下午三点", "2026-11-21T15:00"),
    ("下午3点", "2026-11-21T15:00"),
    ("下午三点半", "2026-11-21T15:30"),
    ("上午10点", "2026-11-21T10:00"),
    ("明天早上9点", "2026-11-22T09:00"),
    ("晚上8点", "2026-11-21T20:00"),
    ("今晚8点", "2026-11-21T20:00"),
    ("明早九点", "2026-11-22T09:00"),
    ("今晚", "2026-11-21T18:00"),
    ("中午", "2026-11-21T12:00"),
    ("15点30分", "2026-11-21T15:30"),
    ("明天三点一刻", "2026-11-22T03:15"),
    ("下午三点一刻", "2026-11-21T15:15"),
    ("明天下午三点", "2026-11-22T15:00"),
    ("明天 下午 三点", "2026-11-22T15:00"),
    ("下周三上午10点半", "2026-11-25T10:30"),
    ("周五15:00", "2026-11-27T15:00"),
    ("周五15：00", "2026-11-27T15:00"),
    ("周五 3pm", "2026-11-27T15:00"),
    ("周五下午3:30", "2026-11-27T15:30"),
    ("周一十点十分", "2026-11-23T10:10"),
    ("2026-12-05 下午三点", "2026-12-05T15:00"),
    ("3天后下午三点", "2026-11-24T15:00"),
];

const REFUSED: &[(&str, &str)] = &[
    ("", "refused []"),
    ("   ", "refused []"),
    ("　", "refused []"),
    ("3 foo", "refused []"),
    ("fri fri", "refused []"),
    ("fri, fri", "refused []"),
    ("tomorrow tomorrow", "refused []"),
    ("2026-02-30", "refused [2026-02-28]"),
    ("2026-13-01", "refused []"),
    ("2026-13", "refused []"),
    ("2026-00", "refused []"),
    ("2026-1", "refused []"),
    ("2027-W53", "refused []"),
    ("2026-Q5", "refused []"),
    ("q5", "refused []"),
    ("week 54", "refused []"),
    ("30 feb", "refused [2026-02-28]"),
    ("29.2.2026", "refused [2026-02-28]"),
    ("25:00", "refused []"),
    ("24:00", "refused []"),
    ("12:60", "refused []"),
    ("13pm", "refused []"),
    ("0am", "refused []"),
    ("15", "refused []"),
    ("1530", "refused [15:30]"),
    ("0011", "refused [tomorrow 00:11|12:11]"),
    ("2460", "refused []"),
    ("+3", "refused [+3d|+3w|+3m]"),
    ("+", "refused []"),
    ("+3d 2", "refused []"),
    ("+3dd", "refused []"),
    ("+100000d", "refused []"),
    ("+9999999999d", "refused []"),
    ("-9999y", "refused []"),
    ("+9999y", "refused []"),
    ("fri+2h", "refused []"),
    ("dec+1w", "refused []"),
    ("dec 15:00", "refused []"),
    ("now 15:00", "refused []"),
    ("none fri", "refused []"),
    ("2026-11-27x", "refused []"),
    ("2026-11-27 T15:00", "refused []"),
    ("2026-11-2715:00", "refused []"),
    ("1/2/2026", "refused [2026-02-01|2026-01-02]"),
    ("25/12/2026", "refused [2026-12-25]"),
    ("3/3/2027", "refused [2027-03-03]"),
    ("27.11", "refused []"),
    ("27.11.26", "refused []"),
    ("9:00", "refused [tomorrow 09:00|21:00]"),
    ("9am", "refused [tomorrow 09:00]"),
    ("morning", "refused [tomorrow 09:00]"),
    ("早上9点", "refused [tomorrow 09:00]"),
    ("三点一刻", "refused [tomorrow 03:15|15:15]"),
    ("next fri", "refused [2026-11-27|2026-12-04]"),
    ("next fri 3pm", "refused [2026-11-27 15:00|2026-12-04 15:00]"),
    ("3pm next fri", "refused [2026-11-27 15:00|2026-12-04 15:00]"),
    ("this fri", "refused [2026-11-27|2026-11-20]"),
    ("this sunday", "refused [2026-11-22|2026-11-29]"),
    ("last fri", "refused [2026-11-20|2026-11-13]"),
    ("sat 27 nov 2026", "refused [2026-11-27]"),
    ("周八", "refused []"),
    ("周末", "refused []"),
    ("下下下周一", "refused []"),
    ("后天后天", "refused []"),
    ("2月30日", "refused [2026-02-28]"),
    ("32号", "refused []"),
    ("13月5日", "refused []"),
    ("3年", "refused []"),
    ("晚上12点", "refused []"),
    ("下午25点", "refused []"),
    ("下午三点吧", "refused []"),
    ("三天后后", "refused []"),
    ("十十天后", "refused []"),
    ("明天 foo", "refused []"),
    ("fri ☃", "refused []"),
];

#[test]
fn iso_and_written_dates() {
    check(&berlin(), Leaning::Future, ISO);
}

#[test]
fn english_phrases_ahead() {
    check(&berlin(), Leaning::Future, AHEAD);
}

#[test]
fn chinese_phrases() {
    check(&berlin(), Leaning::Future, CHINESE);
}

#[test]
fn what_is_not_understood_whole_is_refused() {
    check(&berlin(), Leaning::Future, REFUSED);
    let long = "1".repeat(5000);
    let refusal = read(&long, &Reading::new(&berlin(), Leaning::Future)).unwrap_err();
    assert!(refusal.message.len() < 100, "{}", refusal.message);
}

#[test]
fn undirected_phrases_point_back_in_the_past() {
    let rows = [
        ("3d", "2026-11-18"),
        ("3 weeks", "2026-10-31"),
        ("+3d", "2026-11-24"),
        ("in 3 days", "2026-11-24"),
        ("90min", "2026-11-21T08:30"),
        ("friday", "2026-11-20"),
        ("sat", "2026-11-14"),
        ("周五", "2026-11-20"),
        ("dec", "2025-12-01..2025-12-31"),
        ("nov", "2026-11-01..2026-11-30"),
        ("q4", "2026-10-01..2026-12-31"),
        ("27 nov", "2025-11-27"),
        ("29 feb", "2024-02-29"),
        ("30号", "2026-10-30"),
        ("21号", "2026-11-21"),
        ("9:00", "2026-11-21T09:00"),
        ("15:00", "refused [yesterday 15:00]"),
        ("last fri", "refused [2026-11-20|2026-11-13]"),
        ("三天", "2026-11-18"),
    ];
    check(&berlin(), Leaning::Past, &rows);
}

#[test]
fn filters_want_the_sign_written() {
    let rows = [
        ("3d", "refused [+3d|-3d]"),
        ("two weeks", "refused [+2w|-2w]"),
        ("1h30m", "refused [+1h30min|-1h30min]"),
        ("三天", "refused [+3d|-3d]"),
        ("-3d", "2026-11-18"),
        ("3 days ago", "2026-11-18"),
        ("friday", "2026-11-27"),
        ("dec", "2026-12-01..2026-12-31"),
        ("9:00", "2026-11-21T09:00"),
        ("15:00", "2026-11-21T15:00"),
    ];
    check(&berlin(), Leaning::None, &rows);
}

#[test]
fn the_reading_can_be_configured() {
    let clock = berlin();
    let usual = Reading::new(&clock, Leaning::Future);
    let day_first = Reading {
        order: Some(DateOrder::DayMonthYear),
        ..usual
    };
    check_reading(
        &day_first,
        &[
            ("1/2/2026", "2026-02-01"),
            ("1/2", "2027-02-01"),
            ("1/13/2026", "refused []"),
            ("1/2/26", "refused []"),
        ],
    );
    let month_first = Reading {
        order: Some(DateOrder::MonthDayYear),
        ..usual
    };
    check_reading(
        &month_first,
        &[("1/2/2026", "2026-01-02"), ("2/30/2026", "refused [2026-02-28]")],
    );
    let sunday = Reading {
        week_start: Weekday::Sunday,
        ..usual
    };
    check_reading(
        &sunday,
        &[
            ("eow", "2026-11-21"),
            ("sow", "2026-11-15"),
            ("next week", "2026-11-22..2026-11-28"),
            ("下周一", "2026-11-23"),
            ("2026-W48", "2026-11-23..2026-11-29"),
        ],
    );
    let holidays: [Date; 1] = ["2026-11-24".parse().unwrap()];
    let with_holiday = Reading {
        holidays: &holidays,
        morning: "08:15".parse().unwrap(),
        ..usual
    };
    check_reading(
        &with_holiday,
        &[("+3bd", "2026-11-26"), ("tomorrow morning", "2026-11-22T08:15")],
    );
}

#[test]
fn ends_of_months_years_and_weeks() {
    let rows = |local: &str, rows: &[(&str, &str)]| {
        check(&clock(local, "Asia/Shanghai"), Leaning::Future, rows);
    };
    rows(
        "2026-01-31T10:00",
        &[
            ("+1m", "2026-02-28"),
            ("+25m", "2028-02-29"),
            ("1个月后", "2026-02-28"),
            ("next month", "2026-02-01..2026-02-28"),
            ("31号", "2026-01-31"),
            ("30号", "2026-03-30"),
        ],
    );
    rows(
        "2028-02-29T10:00",
        &[
            ("+1y", "2029-02-28"),
            ("-4y", "2024-02-29"),
            ("eom", "2028-02-29"),
            ("29 feb", "2028-02-29"),
        ],
    );
    rows(
        "2026-12-31T23:59",
        &[
            ("tomorrow", "2027-01-01"),
            ("+2min", "2027-01-01T00:01"),
            ("week 53", "2026-12-28..2027-01-03"),
            ("week 1", "2027-01-04..2027-01-10"),
            ("this week", "2026-12-28..2027-01-03"),
            ("next quarter", "2027-01-01..2027-03-31"),
            ("eoy", "2026-12-31"),
            ("明年", "2027-01-01..2027-12-31"),
            ("q4", "2026-10-01..2026-12-31"),
        ],
    );
    rows(
        "2027-01-02T10:00",
        &[
            ("week 53", "2026-12-28..2027-01-03"),
            ("last year", "2026-01-01..2026-12-31"),
        ],
    );
    rows(
        "2027-01-04T10:00",
        &[
            ("week 53", "2032-12-27..2033-01-02"),
            ("mon", "2027-01-11"),
            ("周一", "2027-01-11"),
        ],
    );
    rows("2097-03-01T10:00", &[("29 feb", "2104-02-29")]);
}

#[test]
fn the_day_is_the_day_of_the_zone() {
    let instant = "2026-11-21T23:30:00Z".parse().unwrap();
    for (zone, today) in [
        ("Europe/Berlin", "2026-11-22"),
        ("America/New_York", "2026-11-21"),
        ("Asia/Tokyo", "2026-11-22"),
    ] {
        let clock = Clock::new(instant, TimeZone::get(zone).unwrap());
        check(&clock, Leaning::Future, &[("today", today)]);
    }
}

#[test]
fn clock_changes_take_the_later_instant() {
    let zone = TimeZone::get("Europe/Berlin").unwrap();
    let at = |local: &str| instant_of(local.parse().unwrap(), &zone).to_string();
    assert_eq!(at("2026-03-29T01:59"), "2026-03-29T00:59:00Z");
    assert_eq!(at("2026-03-29T02:30"), "2026-03-29T01:30:00Z");
    assert_eq!(at("2026-03-29T03:30"), "2026-03-29T01:30:00Z");
    assert_eq!(at("2026-10-25T02:30"), "2026-10-25T01:30:00Z");
    assert_eq!(at("2026-07-01T12:00"), "2026-07-01T10:00:00Z");
    assert_eq!(at("9999-12-31T23:59"), "9999-12-30T22:00:00.999999999Z");

    let saturday = clock("2026-03-28T10:00", "Europe/Berlin");
    let when = read("tomorrow 2:30", &Reading::new(&saturday, Leaning::Future)).unwrap();
    assert_eq!(moment(when, &saturday), "2026-03-29T01:30:00Z".parse().ok());
    assert_eq!(
        echo(when, &saturday),
        "Sun 29 Mar 2026 03:30 (tomorrow; the clock change skips 02:30)"
    );
    let october = clock("2026-10-24T10:00", "Europe/Berlin");
    let when = read("tomorrow 2:30", &Reading::new(&october, Leaning::Future)).unwrap();
    assert_eq!(
        echo(when, &october),
        "Sun 25 Oct 2026 02:30 (tomorrow; the second 02:30 of the clock change)"
    );
    // Three real hours from midnight, over the hour that is skipped.
    let night = clock("2026-03-29T00:30", "Europe/Berlin");
    check(
        &night,
        Leaning::Future,
        &[("+3h", "2026-03-29T04:30"), ("+1d", "2026-03-30")],
    );
}

#[test]
fn now_in_a_doubled_hour_is_the_instant_itself() {
    let first: jiff::Timestamp = "2026-10-25T00:30:00.25Z".parse().unwrap();
    let clock = Clock::new(first, TimeZone::get("Europe/Berlin").unwrap());
    let when = read("now", &Reading::new(&clock, Leaning::Past)).unwrap();
    assert_eq!(moment(when, &clock), Some(first));
    assert_eq!(echo(when, &clock), "Sun 25 Oct 2026 02:30 (today)");
}

#[test]
fn days_become_instants_where_they_begin() {
    let zone = TimeZone::get("Europe/Berlin").unwrap();
    let day: Date = "2026-03-29".parse().unwrap();
    let (from, to) = bounds(day, day, &zone);
    assert_eq!(from.to_string(), "2026-03-28T23:00:00Z");
    assert_eq!(to.duration_since(from).as_hours(), 23);
    // Cairo skips midnight in spring; Havana doubled it in autumn, as long as it changed its clocks.
    let cairo = TimeZone::get("Africa/Cairo").unwrap();
    let day: Date = "2026-04-24".parse().unwrap();
    assert_eq!(bounds(day, day, &cairo).0.to_string(), "2026-04-23T22:00:00Z");
    let havana = TimeZone::get("America/Havana").unwrap();
    let day: Date = "2024-11-03".parse().unwrap();
    let (from, to) = bounds(day, day, &havana);
    assert_eq!(to.duration_since(from).as_hours(), 25);
}

#[test]
fn days_of_what_was_read() {
    let day: Date = "2026-11-27".parse().unwrap();
    let end: Date = "2026-11-30".parse().unwrap();
    let local = day.at(15, 0, 0, 0);
    let clock = berlin();
    let rows = [
        (When::Day(day), Some((day, day)), Some(day), None),
        (When::Span(day, end), Some((day, end)), Some(day), None),
        (When::Moment(local), None, Some(day), Some("2026-11-27T14:00:00Z")),
        (When::Never, None, None, None),
    ];
    for (when, span, first, instant) in rows {
        assert_eq!(to_span(when), span, "{when:?}");
        assert_eq!(first_day(when), first, "{when:?}");
        assert_eq!(
            moment(when, &clock).map(|found| found.to_string()).as_deref(),
            instant,
            "{when:?}"
        );
    }
    assert_eq!(
        exact("2026-11-27T15:00:00+01:00"),
        "2026-11-27T14:00:00Z".parse().ok()
    );
    assert_eq!(exact("2026-11-27T15:00:00"), None);
    assert_eq!(exact("2026-11-27"), None);
}

#[test]
fn echoes() {
    let clock = berlin();
    let reading = Reading::new(&clock, Leaning::Future);
    for (phrase, expected) in [
        ("fri 3pm", "Fri 27 Nov 2026 15:00 (in 6 days)"),
        ("today", "Sat 21 Nov 2026 (today)"),
        ("tomorrow", "Sun 22 Nov 2026 (tomorrow)"),
        ("yesterday", "Fri 20 Nov 2026 (yesterday)"),
        ("-6d", "Sun 15 Nov 2026 (6 days ago)"),
        ("+3w", "Sat 12 Dec 2026 (in 3 weeks)"),
        ("+1y", "Sun 21 Nov 2027 (in 12 months)"),
        ("dec", "Tue 1 Dec 2026 to Thu 31 Dec 2026 (2026-12)"),
        ("none", "none"),
    ] {
        assert_eq!(
            echo(read(phrase, &reading).unwrap(), &clock),
            expected,
            "{phrase}"
        );
    }
    let today: Date = "2026-11-21".parse().unwrap();
    for (day, expected) in [
        ("2026-12-11", "in 20 days"),
        ("2026-12-12", "in 3 weeks"),
        ("2026-10-30", "3 weeks ago"),
        ("2027-02-19", "in 12 weeks"),
        ("2027-02-20", "in 13 weeks"),
        ("2027-02-21", "in 3 months"),
        ("2028-11-20", "in 23 months"),
        ("2028-11-21", "in 2 years"),
        ("2024-11-21", "2 years ago"),
        ("2024-11-22", "23 months ago"),
    ] {
        assert_eq!(relative_day(day.parse().unwrap(), today), expected, "{day}");
    }
}

#[test]
fn every_accepted_phrase_is_echoed_and_its_day_read_back() {
    let clock = berlin();
    let reading = Reading::new(&clock, Leaning::Future);
    for (phrase, _) in ISO.iter().chain(AHEAD).chain(CHINESE) {
        let when = read(phrase, &reading).unwrap();
        let said = echo(when, &clock);
        assert!(!said.is_empty(), "{phrase}");
        let front = said.split(" (").next().unwrap();
        match when {
            When::Day(_) => assert_eq!(read(front, &reading), Ok(when), "{phrase}: {front}"),
            When::Moment(local) => {
                let back = read(front, &reading).unwrap();
                assert_eq!(shown(back), shown(When::Moment(local)), "{phrase}: {front}");
            }
            When::Span(..) | When::Never => {}
        }
    }
}

#[test]
fn lengths_of_time() {
    for (text, seconds) in [
        ("18m", 1080),
        ("1h", 3600),
        ("1h30m", 5400),
        ("1h 30m", 5400),
        ("1.5h", 5400),
        ("0.25h", 900),
        ("90min", 5400),
        ("45s", 45),
        ("1:30", 5400),
        ("0:05", 300),
        ("2 hours", 7200),
        ("0m", 0),
        ("18分钟", 1080),
        ("１８分钟", 1080),
        ("一小时", 3600),
        ("两个小时", 7200),
        ("一个半小时", 5400),
        ("半小时", 1800),
        ("1小时30分", 5400),
        ("三刻钟", 2700),
        ("三十秒", 30),
    ] {
        assert_eq!(read_duration(text), Ok(seconds), "{text}");
        assert_eq!(read_duration(&show_duration(seconds)), Ok(seconds), "{text}");
    }
    for text in [
        "",
        " ",
        "h",
        "1:3",
        "1:60",
        "1:30:00",
        "-18m",
        "18x",
        "18m 18m",
        "30m1h",
        "18m5",
        "1.m",
        "0.01s",
        "999999999h",
        "小时",
        "十十分钟",
        "3天",
        "18分钟吧",
    ] {
        assert!(read_duration(text).is_err(), "{text}");
    }
    assert_eq!(read_duration("18").unwrap_err().suggestions, ["18m", "18h"]);
    for (seconds, text) in [
        (1080, "18m"),
        (5400, "1h30m"),
        (90, "1m30s"),
        (0, "0m"),
        (3601, "1h1s"),
        (-60, "-1m"),
    ] {
        assert_eq!(show_duration(seconds), text);
    }
}

/// A text, its label, and the label of the period before.
const PERIODS: &[(&str, &str, &str)] = &[
    ("today", "2026-11-21", "2026-11-20"),
    ("this-week", "2026-W47", "2026-W46"),
    ("this-month", "2026-11", "2026-10"),
    ("this-quarter", "2026-Q4", "2026-Q3"),
    ("this-year", "2026", "2025"),
    ("last-week", "2026-W46", "2026-W45"),
    ("last-month", "2026-10", "2026-09"),
    ("last quarter", "2026-Q3", "2026-Q2"),
    ("last-year", "2025", "2024"),
    ("2026", "2026", "2025"),
    ("2026-Q1", "2026-Q1", "2025-Q4"),
    ("2026-03", "2026-03", "2026-02"),
    ("2026-W48", "2026-W48", "2026-W47"),
    ("2026-11-05", "2026-11-05", "2026-11-04"),
    (
        "2026-11-05..2026-11-06",
        "2026-11-05..2026-11-06",
        "2026-11-03..2026-11-04",
    ),
    (
        "2026-11-05 .. tomorrow",
        "2026-11-05..2026-11-22",
        "2026-10-18..2026-11-04",
    ),
    (
        "2026-01..2026-06",
        "2026-01-01..2026-06-30",
        "2025-07-01..2025-12-31",
    ),
    ("2026-Q1..now", "2026-01-01..2026-11-21", "2025-02-10..2025-12-31"),
    ("90d", "2026-08-24..2026-11-21", "2026-05-26..2026-08-23"),
    ("last-90d", "2026-08-24..2026-11-21", "2026-05-26..2026-08-23"),
    ("last 2 weeks", "2026-11-08..2026-11-21", "2026-10-25..2026-11-07"),
    ("-60d..today", "2026-09-22..2026-11-21", "2026-07-23..2026-09-21"),
    ("mtd", "2026-11-01..2026-11-21", "2026-10-11..2026-10-31"),
    ("qtd", "2026-10-01..2026-11-21", "2026-08-10..2026-09-30"),
    ("ytd", "2026-01-01..2026-11-21", "2025-02-10..2025-12-31"),
    ("本月", "2026-11", "2026-10"),
    ("去年", "2025", "2024"),
    ("next month", "2026-12", "2026-11"),
];

#[test]
fn periods() {
    let clock = berlin();
    let reading = Reading::new(&clock, Leaning::None);
    for &(text, label, previous) in PERIODS {
        let period = read_period(text, &reading).unwrap_or_else(|refusal| panic!("{text}: {refusal}"));
        assert_eq!(period.label(), label, "{text}");
        let before = period.previous().unwrap();
        assert_eq!(before.label(), previous, "{text}");
        assert_eq!(before.next(), Some(period), "{text}");
        let (first, last) = period.days().unwrap();
        assert!(period.contains(first) && period.contains(last), "{text}");
        assert!(!period.contains(first.yesterday().unwrap()), "{text}");
        assert!(!period.contains(last.tomorrow().unwrap()), "{text}");
    }
    for (text, label) in [
        ("all", "all"),
        ("2026..", "2026-01-01.."),
        ("..2026-11", "..2026-11-30"),
    ] {
        let period = read_period(text, &reading).unwrap();
        assert_eq!((period.label().as_str(), period.previous()), (label, None));
        assert_eq!(period.next(), None);
        assert_eq!(read_period(label, &reading), Ok(period));
    }
    for text in [
        "",
        "..",
        "none",
        "15:00",
        "fri 3pm",
        "2026-11-06..2026-11-05",
        "2026..2027..2028",
        "2026..foo",
        "2026..none",
        "last-90x",
        "0d",
        "last-90d foo",
        "this-foo",
        "now..15:00",
    ] {
        assert!(read_period(text, &reading).is_err(), "{text}");
    }
    let backwards = read_period("2026-12..2026-11", &reading).unwrap_err();
    assert_eq!(backwards.suggestions, ["2026-11-30..2026-12-01"]);
    assert!(Period::ALL.contains(Date::MIN));
}

/// Pieces out of which phrases are made, right and wrong ones.
const PIECES: &[&str] = &[
    "fri", "next", "last", "3", "99999", "w", "bd", "+", "-", " ", ":", "/", ".", ",", "2026", "11", "27",
    "q4", "dec", "ago", "in", "at", "t", "z", "pm", "eom", "now", "y", "下", "周", "三", "点", "半", "月",
    "底", "年", "号", "天", "后", "上午", "晚", "十", "百", "个", "..", "99", "00", "h", "min", "小时", "分",
];

fn anything() -> impl Strategy<Value = String> {
    let pieces = prop::collection::vec(prop::sample::select(PIECES), 0..9).prop_map(|parts| parts.concat());
    prop_oneof![any::<String>(), "\\PC{0,30}", pieces.clone(), pieces]
}

fn clocks() -> impl Strategy<Value = Clock> {
    let locals = [
        NOW,
        "2028-02-29T23:59",
        "0001-01-01T12:00",
        "9999-12-30T12:00",
        "2026-03-29T03:00",
        "2026-12-31T00:00",
    ];
    let zones = ["Europe/Berlin", "Asia/Shanghai", "America/St_Johns", "UTC"];
    (
        prop::sample::select(Vec::from(locals)),
        prop::sample::select(Vec::from(zones)),
    )
        .prop_map(|(local, zone)| clock(local, zone))
}

fn leanings() -> impl Strategy<Value = Leaning> {
    prop::sample::select(&[Leaning::Future, Leaning::Past, Leaning::None][..])
}

fn days() -> impl Strategy<Value = Date> {
    (1_i16..=9990, 1_i8..=12, 1_i8..=31).prop_filter_map("a day of the calendar", |(year, month, day)| {
        Date::new(year, month, day).ok()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn no_text_panics(text in anything(), clock in clocks(), leaning in leanings()) {
        let reading = Reading { order: Some(DateOrder::DayMonthYear), ..Reading::new(&clock, leaning) };
        if let Ok(when) = read(&text, &reading) {
            prop_assert!(!echo(when, &clock).is_empty());
            if let When::Span(first, last) = when {
                prop_assert!(first <= last);
            }
            moment(when, &clock);
        }
        if let Ok(seconds) = read_duration(&text) {
            prop_assert_eq!(read_duration(&show_duration(seconds)), Ok(seconds));
        }
        if let Ok(period) = read_period(&text, &reading) {
            prop_assert_eq!(read_period(&period.label(), &reading), Ok(period));
            period.previous();
        }
    }

    #[test]
    fn suggestions_are_understood(text in anything(), clock in clocks(), leaning in leanings()) {
        let reading = Reading::new(&clock, leaning);
        if let Err(refusal) = read(&text, &reading) {
            for suggestion in refusal.suggestions {
                prop_assert!(read(&suggestion, &reading).is_ok(), "{text:?} suggests {suggestion:?}");
            }
        }
    }

    #[test]
    fn iso_texts_round_trip(day in days(), hour in 0_i8..24, minute in 0_i8..60, leaning in leanings()) {
        let clock = berlin();
        let reading = Reading::new(&clock, leaning);
        prop_assert_eq!(read(&day.to_string(), &reading), Ok(When::Day(day)));
        let local = day.at(hour, minute, 0, 0);
        prop_assert_eq!(read(&local.to_string(), &reading), Ok(When::Moment(local)));
        let spelled = echo(When::Day(day), &clock);
        let front = spelled.split(" (").next().unwrap_or_default();
        prop_assert_eq!(read(front, &reading), Ok(When::Day(day)));
    }

    #[test]
    fn labels_of_periods_round_trip(first in days(), length in 0_i32..800) {
        let clock = berlin();
        let reading = Reading::new(&clock, Leaning::None);
        let last = first.saturating_add(jiff::Span::new().days(length));
        let period = Period::of(first, last).unwrap();
        prop_assert_eq!(read_period(&period.label(), &reading), Ok(period));
        if let Some(before) = period.previous() {
            prop_assert_eq!(before.to, period.from);
            prop_assert!(before.from < before.to);
        }
    }

    #[test]
    fn lengths_round_trip(seconds in 0_i64..360_000_000) {
        prop_assert_eq!(read_duration(&show_duration(seconds)), Ok(seconds));
    }
}
