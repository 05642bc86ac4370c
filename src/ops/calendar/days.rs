//! Days off and make-up workdays from a file: the calendars that people publish (.ics), and tables.

use jiff::ToSpan;
use jiff::civil::Date;

use crate::domain::clock::Clock;
use crate::domain::fold::fold;
use crate::domain::hours::days::{Line, Work};
use crate::domain::recurrence::Recurrence;
use crate::domain::when::{Leaning, Reading, When, read};
use crate::error::{Error, Result};
use crate::wire::calendar::moment::Moment;
use crate::wire::read::rows::{Reader, Row};

/// What a file says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Found {
    /// Its days, in the order of the file.
    pub lines: Vec<Line>,
    /// What was left out: the line of the file, and why.
    pub left_out: Vec<(u64, String)>,
}

/// The most days of one file.
const MOST: usize = 10_000;

/// An entry that comes every year is taken for this year and so many after it.
const YEARS_AHEAD: i16 = 3;

/// The longest time off that a line of a file says, in days.
const LONGEST: i64 = 366;

/// Columns that say the first day, the last day, what it is called, and what is done on it.
const FIRST: &[&str] = &[
    "date",
    "day",
    "start",
    "first",
    "from",
    "begin",
    "日期",
    "开始",
    "开始日期",
];
const LAST: &[&str] = &["end", "last", "to", "until", "结束", "结束日期"];
const NAME: &[&str] = &[
    "name",
    "title",
    "holiday",
    "summary",
    "description",
    "remark",
    "名称",
    "节日",
    "节假日",
    "备注",
];
const KIND: &[&str] = &["work", "off", "type", "status", "kind", "类型", "状态"];
const IS_OFF: &[&str] = &[
    "isoffday",
    "is_off_day",
    "is_off",
    "is_holiday",
    "isholiday",
    "是否放假",
    "放假",
];
const IS_WORK: &[&str] = &[
    "isworkday",
    "is_workday",
    "is_work",
    "workday",
    "是否上班",
    "上班",
];

/// Reads the days of a file. An all-day entry of a calendar is a day off, unless it says that it is worked on; what is
/// only observed, and what has a time of day, is left out.
///
/// # Errors
///
/// The file cannot be read, has no column with a day, or has too many days.
pub fn read_days(reader: &mut Reader, clock: &Clock) -> Result<Found> {
    if let Some(columns) = reader.columns()
        && !columns.iter().any(|column| is(column, FIRST))
    {
        return Err(Error::invalid(
            "days",
            format!(
                "no column says which day; one of them is to be called {}",
                FIRST.join(", ")
            ),
        ));
    }
    let mut found = Found::default();
    for row in reader {
        let row = match row? {
            Ok(row) => row,
            Err(error) => {
                found.left_out.push((error.line, error.reason));
                continue;
            }
        };
        match of_row(&row, clock) {
            Ok(lines) => found.lines.extend(lines),
            Err(why) => found.left_out.push((row.line, why)),
        }
        if found.lines.len() > MOST {
            return Err(Error::invalid(
                "days",
                format!("the file has more than {MOST} days"),
            ));
        }
    }
    Ok(found)
}

fn is(column: &str, names: &[&str]) -> bool {
    let column = fold(column.trim());
    names.contains(&column.as_str())
}

fn cell<'r>(row: &'r Row, names: &[&str]) -> &'r str {
    let cells = row.cells.iter().filter(|(name, _)| is(name, names));
    cells
        .filter_map(|(_, input)| input.as_text())
        .map(str::trim)
        .find(|text| !text.is_empty())
        .unwrap_or_default()
}

fn of_row(row: &Row, clock: &Clock) -> Result<Vec<Line>, String> {
    let is_entry = row.cells.iter().any(|(name, _)| name == "component");
    if is_entry {
        return of_entry(row, clock);
    }
    let first = cell(row, FIRST);
    if first.is_empty() {
        return Err("it says no day".to_owned());
    }
    let first = day(first, clock)?;
    let last = match cell(row, LAST) {
        "" => first,
        text => day(text, clock)?,
    };
    let off = yes(cell(row, IS_OFF)).or_else(|| yes(cell(row, IS_WORK)).map(|is_work| !is_work));
    let kind = cell(row, KIND);
    let work = match off {
        Some(true) => Work::Off,
        Some(false) => Work::Usual,
        None => of_words(kind, cell(row, NAME))?,
    };
    span(first, last, work, cell(row, NAME)).map(|line| vec![line])
}

/// What is said in a column of its own, or else in the name.
fn of_words(kind: &str, name: &str) -> Result<Work, String> {
    match fold(kind).as_str() {
        "" => Ok(if is_worked(name) { Work::Usual } else { Work::Off }),
        "off" | "holiday" | "public holiday" | "休" | "休息" | "放假" | "假期" | "节假日" => {
            Ok(Work::Off)
        }
        "work" | "workday" | "working day" | "班" | "上班" | "补班" | "工作日" | "调休" => {
            Ok(Work::Usual)
        }
        _ => {
            let line = Line::read(&format!("2000-01-01 {kind}"));
            line.map(|line| line.work)
                .map_err(|_| format!("{kind:?} is neither off, work nor hours"))
        }
    }
}

/// Whether the name of a day says that people work on it.
fn is_worked(name: &str) -> bool {
    let name = fold(name);
    let says = [
        "补班",
        "上班",
        "(班)",
        "（班）",
        "调休工作",
        "working day",
        "workday",
        "work day",
    ];
    says.iter().any(|word| name.contains(word)) || name.trim_end().ends_with('班')
}

fn of_entry(row: &Row, clock: &Clock) -> Result<Vec<Line>, String> {
    let text = |name: &str| {
        let found = row.cells.iter().find(|(cell, _)| cell == name);
        found.and_then(|(_, input)| input.as_text()).unwrap_or_default()
    };
    if text("component") != "event" {
        return Err("it is no event".to_owned());
    }
    if text("status") == "cancelled" {
        return Err("it was cancelled".to_owned());
    }
    let Some(Moment::Day(first)) = Moment::from_cell(text("start")) else {
        return Err("it is no whole day".to_owned());
    };
    let (name, note) = (text("title"), text("note"));
    if fold(note).starts_with("observance") {
        return Err(format!("{name} is observed, and no day off"));
    }
    let last = match Moment::from_cell(text("end")) {
        // The end of an entry is the day after it.
        Some(Moment::Day(end)) if end > first => end.yesterday().unwrap_or(first),
        _ => match text("seconds").parse::<i64>() {
            Ok(seconds) => first
                .checked_add((seconds / 86_400 - 1).clamp(0, LONGEST).days())
                .unwrap_or(first),
            Err(_) => first,
        },
    };
    let works = note.contains("ALTERNATE-WORKDAY") || is_worked(name);
    let work = if works { Work::Usual } else { Work::Off };
    match text("repeat") {
        "" => span(first, last, work, name).map(|line| vec![line]),
        rule => every_year(rule, first, last, clock)?
            .into_iter()
            .map(|(first, last)| span(first, last, work.clone(), name))
            .collect(),
    }
}

/// The days of this year and of those ahead on which an entry comes that began on `first`.
fn every_year(rule: &str, first: Date, last: Date, clock: &Clock) -> Result<Vec<(Date, Date)>, String> {
    let reading = Reading::new(clock, Leaning::Future);
    let rule = Recurrence::read(rule, &reading).map_err(|error| error.message)?;
    let this_year = clock.today().first_of_year();
    let end = this_year
        .checked_add(i32::from(YEARS_AHEAD + 1).years())
        .unwrap_or(Date::MAX);
    let length = first.until(last).map(|span| span.get_days()).unwrap_or_default();
    let mut days = Vec::new();
    let mut next = Some(first);
    if first < this_year {
        let before = this_year.yesterday().unwrap_or(first);
        next = rule.next(first, before, this_year);
    }
    while let Some(day) = next.filter(|day| *day < end && rule.until.is_none_or(|until| *day <= until)) {
        days.push((day, day.checked_add(length.days()).unwrap_or(day)));
        if days.len() > 366 {
            return Err("it comes too often".to_owned());
        }
        let after = day.tomorrow().unwrap_or(Date::MAX);
        next = rule.next(day, day, after).filter(|later| *later > day);
    }
    match days.is_empty() {
        true => Err("it comes no more".to_owned()),
        false => Ok(days),
    }
}

fn day(text: &str, clock: &Clock) -> Result<Date, String> {
    match read(text, &Reading::new(clock, Leaning::None)) {
        Ok(When::Day(day)) => Ok(day),
        Ok(When::Moment(moment)) => Ok(moment.date()),
        _ => Err(format!("{text:?} is no day, as in 2026-10-01")),
    }
}

fn span(first: Date, last: Date, work: Work, name: &str) -> Result<Line, String> {
    let line = Line {
        first,
        last,
        work,
        remark: name.to_owned(),
    };
    // Read once more, so that what is kept can be read.
    Line::read(&line.to_string())
}

fn yes(text: &str) -> Option<bool> {
    match fold(text).as_str() {
        "1" | "true" | "yes" | "y" | "是" => Some(true),
        "0" | "false" | "no" | "n" | "否" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use jiff::tz::TimeZone;

    use super::*;
    use crate::wire::read::rows::Options;

    fn found(text: &str) -> Found {
        let mut reader = Reader::open(
            Box::new(Cursor::new(text.as_bytes().to_vec())),
            &Options::default(),
        )
        .unwrap();
        let clock = Clock::new("2026-03-02T12:00:00Z".parse().unwrap(), TimeZone::UTC);
        read_days(&mut reader, &clock).unwrap()
    }

    fn lines(found: &Found) -> Vec<String> {
        found.lines.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_published_calendar_gives_days_off_and_days_of_work() {
        let event = |lines: &str| format!("BEGIN:VEVENT\r\n{}\r\nEND:VEVENT\r\n", lines.replace('|', "\r\n"));
        let text = format!(
            "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{}{}{}{}{}{}{}END:VCALENDAR\r\n",
            event("UID:1|DTSTART;VALUE=DATE:20261001|DTEND;VALUE=DATE:20261008|SUMMARY:国庆节（休）"),
            event("UID:2|DTSTART;VALUE=DATE:20261010|DTEND;VALUE=DATE:20261011|SUMMARY:国庆节（班）"),
            event("UID:3|DTSTART;VALUE=DATE:20260214|SUMMARY:春节 补班 第1天/共1天"),
            event("UID:4|DTSTART;VALUE=DATE:20260214|SUMMARY:Valentine's Day|DESCRIPTION:Observance"),
            event("UID:5|DTSTART:20260501T100000Z|DTEND:20260501T110000Z|SUMMARY:A meeting"),
            event("UID:6|DTSTART;VALUE=DATE:20200501|SUMMARY:Labour Day|RRULE:FREQ=YEARLY"),
            event("UID:7|DTSTART;VALUE=DATE:20260501|DURATION:P3D|SUMMARY:劳动节"),
        );
        let found = found(&text);
        assert_eq!(
            lines(&found),
            [
                "2026-10-01..2026-10-07 off 国庆节（休）",
                "2026-10-10 work 国庆节（班）",
                "2026-02-14 work 春节 补班 第1天/共1天",
                "2026-05-01 off Labour Day",
                "2027-05-01 off Labour Day",
                "2028-05-01 off Labour Day",
                "2029-05-01 off Labour Day",
                "2026-05-01..2026-05-03 off 劳动节",
            ]
        );
        let why: Vec<&str> = found.left_out.iter().map(|(_, why)| why.as_str()).collect();
        assert_eq!(
            why,
            [
                "Valentine's Day is observed, and no day off",
                "it is no whole day"
            ]
        );
    }

    #[test]
    fn tables_say_it_in_columns() {
        let days = found("date,name,isOffDay\n2026-02-14,春节,false\n2026-02-15,春节,true\n");
        assert_eq!(lines(&days), ["2026-02-14 work 春节", "2026-02-15 off 春节"]);
        let days = found(
            "From;To;Type;Holiday\n2026-12-24;;09:00-12:00;Christmas Eve\n2026-12-25;2026-12-26;;Christmas\n2026-12-27;;perhaps;\n",
        );
        assert_eq!(
            lines(&days),
            [
                "2026-12-24 09:00-12:00 Christmas Eve",
                "2026-12-25..2026-12-26 off Christmas"
            ]
        );
        assert_eq!(
            days.left_out,
            [(4, "\"perhaps\" is neither off, work nor hours".to_owned())]
        );
        let clock = Clock::new("2026-03-02T12:00:00Z".parse().unwrap(), TimeZone::UTC);
        let text = b"a,b\n1,2\n".to_vec();
        let mut reader = Reader::open(Box::new(Cursor::new(text)), &Options::default()).unwrap();
        assert!(
            read_days(&mut reader, &clock)
                .unwrap_err()
                .message()
                .contains("no column")
        );
    }
}
