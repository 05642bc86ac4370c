use jiff::civil::DateTime;
use proptest::prelude::*;

use super::*;

const WEEK: &str = "mon-fri 09:00-12:00 13:00-18:00\nsat 10:00-14:00";

/// China in October 2026: a week of holidays, which the Saturday after it makes up for.
const DAYS: &str = "2026-10-01..2026-10-07 off 国庆节\n2026-10-10 work\n2026-10-12 09:00-11:30 # half a day";

fn hours(zone: &str) -> Hours {
    Hours::read(WEEK, DAYS, TimeZone::get(zone).unwrap()).unwrap()
}

fn at(hours: &Hours, text: &str) -> Timestamp {
    let time: DateTime = text.parse().unwrap();
    time.to_zoned(hours.zone().clone()).unwrap().timestamp()
}

fn minutes(count: i64) -> SignedDuration {
    SignedDuration::from_mins(count)
}

/// From, to, and the working minutes between them; added up by hand from the windows above.
const SPANS: &[(&str, &str, i64)] = &[
    // Within a window; over lunch; a whole Friday of 8 h.
    ("2026-09-25T09:15", "2026-09-25T10:00", 45),
    ("2026-09-25T11:30", "2026-09-25T13:30", 60),
    ("2026-09-25T00:00", "2026-09-25T23:59", 480),
    // Friday evening to Monday morning: Saturday's 4 h and half an hour.
    ("2026-09-25T18:00", "2026-09-28T09:30", 240 + 30),
    // Wednesday noon over the holidays to Thursday morning: 5 h, nothing, 1 h.
    ("2026-09-30T12:00", "2026-10-08T10:00", 300 + 60),
    // Saturday the 10th is worked like a Monday, not like a Saturday.
    ("2026-10-10T00:00", "2026-10-11T00:00", 480),
    ("2026-10-10T14:00", "2026-10-11T23:00", 240),
    // The half day.
    ("2026-10-12T08:00", "2026-10-12T20:00", 150),
    // Backwards and empty.
    ("2026-10-12T10:00", "2026-10-12T09:00", 0),
    ("2026-10-12T10:00", "2026-10-12T10:00", 0),
];

#[test]
fn working_time_is_counted_as_by_hand() {
    let hours = hours("Asia/Shanghai");
    for (from, to, expected) in SPANS {
        let found = hours.between(at(&hours, from), at(&hours, to));
        assert_eq!(found, minutes(*expected), "{from} to {to}");
    }
}

/// From, working minutes, and when they have passed.
const DUE: &[(&str, i64, &str)] = &[
    ("2026-09-25T09:15", 45, "2026-09-25T10:00"),
    ("2026-09-25T11:30", 60, "2026-09-25T13:30"),
    // The very end of a window is not pushed into the next.
    ("2026-09-25T11:30", 30, "2026-09-25T12:00"),
    ("2026-09-25T17:00", 60 + 240 + 1, "2026-09-28T09:01"),
    // It came in on a holiday: the clock begins on the 8th.
    ("2026-10-03T15:00", 120, "2026-10-08T11:00"),
    ("2026-10-09T17:30", 60, "2026-10-10T09:30"),
    ("2026-10-09T20:00", 0, "2026-10-09T20:00"),
];

#[test]
fn a_deadline_walks_through_the_windows() {
    let hours = hours("Asia/Shanghai");
    for (from, work, expected) in DUE {
        let found = hours.after(at(&hours, from), minutes(*work));
        assert_eq!(found, Some(at(&hours, expected)), "{work} after {from}");
    }
}

#[test]
fn the_night_in_which_the_clocks_change_is_as_long_as_it_was() {
    // Berlin puts the clock forward on 2026-03-29 at 02:00 and back on 2026-10-25 at 03:00.
    let zone = TimeZone::get("Europe/Berlin").unwrap();
    let hours = Hours::read("mon-sun 00:00-24:00", "", zone.clone()).unwrap();
    let day = |from: &str, to: &str| hours.between(at(&hours, from), at(&hours, to)).as_mins();
    assert_eq!(day("2026-03-29T00:00", "2026-03-30T00:00"), 23 * 60);
    assert_eq!(day("2026-10-25T00:00", "2026-10-26T00:00"), 25 * 60);
    assert_eq!(
        hours.after(at(&hours, "2026-03-29T00:00"), minutes(180)),
        Some(at(&hours, "2026-03-29T04:00"))
    );
    // A shift that begins in the hour that is left out begins an hour later, and is no longer than it was.
    let night = Hours::read("sun 02:30-06:00", "", zone).unwrap();
    let spring = night.between(at(&night, "2026-03-29T00:00"), at(&night, "2026-03-30T00:00"));
    assert_eq!(spring, minutes(150));
}

#[test]
fn whoever_never_works_has_no_deadline() {
    let never = Hours::read("", "", TimeZone::UTC).unwrap();
    let now = Timestamp::UNIX_EPOCH;
    assert_eq!(never.after(now, minutes(1)), None);
    assert_eq!(never.between(now, now + minutes(9000)), SignedDuration::ZERO);
    assert!(Hours::always().is_open(now) && !never.is_open(now));
}

#[test]
fn what_says_no_hours_is_told_with_its_line() {
    let week = |text: &str| Hours::read(text, "", TimeZone::UTC).unwrap_err().to_string();
    assert_eq!(
        week("mon-fri 09:00-18:00\nsaturn 9:00-10:00"),
        "line 2: \"saturn\" is no day of the week: mon tue wed thu fri sat sun"
    );
    assert_eq!(
        week("mon 18:00-09:00"),
        "line 1: \"18:00-09:00\" ends before it begins; a night is two spans, 22:00-24:00 and 00:00-06:00"
    );
    assert_eq!(
        week("mon 9:00-12:00; mon 11:00-13:00"),
        "line 1: mon has hours that overlap"
    );
    assert!(week("mon").contains("names no hours"));
    assert!(week("mon 25:00-26:00").contains("is no span of time"));
    let days = |text: &str| Hours::read(WEEK, text, TimeZone::UTC).unwrap_err().to_string();
    assert!(days("2026-10-01 maybe").contains("says neither off, work nor hours"));
    assert!(days("2026-13-01 off").contains("is no day"));
    assert!(days("2026-10-07..2026-10-01 off").contains("runs backwards"));
    assert!(days("2026-10-01 off\n2026-10-01 work").contains("stands there twice"));
    assert!(days("2026-01-01..2099-01-01 off").contains("longer than a year"));
}

#[test]
fn chinese_days_are_read() {
    let zone = TimeZone::get("Asia/Shanghai").unwrap();
    let chinese = Hours::read("周一至周五 09:00-12:00 13:00-18:00；", "", zone.clone());
    assert!(chinese.is_err(), "a full-width mark is no part of a time");
    let chinese = Hours::read("周一至周五 09:00-12:00 13:00-18:00; 周六 10:00-14:00", DAYS, zone).unwrap();
    assert_eq!(chinese, hours("Asia/Shanghai"));
}

#[test]
fn a_week_is_shown_as_it_is_read() {
    for (given, shown) in [
        (WEEK, "mon-fri 09:00-12:00 13:00-18:00; sat 10:00-14:00"),
        (
            "周日 0:00-24:00; tue,thu 9:30-10:00",
            "tue 09:30-10:00; thu 09:30-10:00; sun 00:00-24:00",
        ),
        ("sat-mon 8:00-9:00", "mon 08:00-09:00; sat-sun 08:00-09:00"),
        ("", ""),
    ] {
        let read = |text: &str| Hours::read(text, "", TimeZone::UTC).unwrap();
        assert_eq!(read(given).week(), shown);
        assert_eq!(read(shown), read(given));
    }
}

proptest! {
    #[test]
    fn no_text_panics(week in "[a-z周一至 0-9:,;-]{0,40}", days in "[0-9. offwrk:-]{0,40}") {
        let _ = Hours::read(&week, &days, TimeZone::UTC);
        let _ = Hours::read(WEEK, &days, TimeZone::UTC);
    }

    #[test]
    fn a_deadline_is_as_far_as_its_work(start in 0_i64..400 * 86_400, work in 1_i64..100_000) {
        let hours = hours("Europe/Berlin");
        let from = Timestamp::from_second(1_770_000_000 + start).unwrap();
        let work = SignedDuration::from_secs(work);
        let due = hours.after(from, work).unwrap();
        prop_assert_eq!(hours.between(from, due), work);
        // No earlier instant has as much behind it.
        prop_assert!(hours.between(from, due - SignedDuration::from_secs(1)) < work);
    }

    #[test]
    fn spans_add_up(start in 0_i64..400 * 86_400, first in 0_i64..1_000_000, second in 0_i64..1_000_000) {
        let hours = hours("Europe/Berlin");
        let one = Timestamp::from_second(1_770_000_000 + start).unwrap();
        let two = one + SignedDuration::from_secs(first);
        let three = two + SignedDuration::from_secs(second);
        prop_assert_eq!(hours.between(one, three), hours.between(one, two) + hours.between(two, three));
    }
}
