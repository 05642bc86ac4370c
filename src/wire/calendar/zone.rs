//! Time zones of calendars: names that are known, names of Windows, and zones that a file defines itself.

use std::collections::HashMap;

use jiff::civil::Weekday;
use jiff::tz::{Offset, TimeZone};
use jiff::{Timestamp, ToSpan, Zoned};

use crate::wire::content::property::Property;
use crate::wire::content::write::Lines;

use super::moment;

/// The zones of a file.
#[derive(Debug, Default)]
pub(crate) struct Zones {
    defined: HashMap<String, TimeZone>,
    /// The zone of times that name none.
    default: Option<TimeZone>,
}

impl Zones {
    /// The zone that is meant by a name; none if nothing is known of it.
    pub(crate) fn get(&self, name: &str) -> Option<TimeZone> {
        named(name).or_else(|| self.defined.get(name).cloned())
    }

    /// The zone of times that name none, if the file says one.
    pub(crate) fn of_floating(&self) -> Option<TimeZone> {
        self.default.clone()
    }

    /// Takes note of the zone of the whole calendar.
    pub(crate) fn set_default(&mut self, name: &str) {
        self.default = self.get(name).or(self.default.take());
    }

    /// Takes note of a `VTIMEZONE`.
    pub(crate) fn define(&mut self, properties: &[Property]) {
        let text = |name: &str| {
            let found = properties.iter().find(|property| property.name == name);
            found.map(Property::text).unwrap_or_default()
        };
        let id = text("TZID");
        if id.is_empty() || named(&id).is_some() || self.defined.len() >= 1000 {
            return;
        }
        let location = text("X-LIC-LOCATION");
        if let Some(zone) = named(&location).or_else(|| by_rules(properties)) {
            self.defined.insert(id, zone);
        }
    }
}

/// A zone by its name, that of Windows too; or by the last parts of a longer one, `/example.net/2026a/Europe/Berlin`.
fn named(name: &str) -> Option<TimeZone> {
    let name = name.trim().trim_matches('"');
    if name.is_empty() || name.len() > 200 {
        return None;
    }
    let windows = WINDOWS.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
    if let Some((_, name)) = windows {
        return TimeZone::get(name).ok();
    }
    let mut rest = name;
    loop {
        if let Ok(zone) = TimeZone::get(rest) {
            return Some(zone);
        }
        rest = rest.split_once('/')?.1;
    }
}

/// Offset and, for every year, the moment from which it holds.
#[derive(Debug, Default)]
struct Observance {
    /// In seconds.
    offset: Option<i32>,
    /// Month, week of the month (5 is the last), day of the week from Sunday, and the time.
    from: Option<(i8, i8, i8, String)>,
}

/// The zone of a `VTIMEZONE`, by its last rules: what held long ago is none of a calendar's business.
fn by_rules(properties: &[Property]) -> Option<TimeZone> {
    let (mut standard, mut daylight) = (Observance::default(), Observance::default());
    let mut current: Option<bool> = None;
    let mut start = None;
    for property in properties {
        let text = property.text().to_ascii_uppercase();
        match (property.name.as_str(), text.as_str()) {
            ("BEGIN", "STANDARD") => (current, start) = (Some(false), None),
            ("BEGIN", "DAYLIGHT") => (current, start) = (Some(true), None),
            ("END", _) => current = None,
            ("DTSTART", text) => start = text.split_once('T').map(|(_, time)| time.to_owned()),
            (name, text) => {
                let observance = match current {
                    Some(true) => &mut daylight,
                    Some(false) => &mut standard,
                    None => continue,
                };
                match name {
                    "TZOFFSETTO" => observance.offset = offset(text),
                    "RRULE" if !text.contains("UNTIL") => {
                        observance.from = yearly(text, start.as_deref().unwrap_or("000000"));
                    }
                    _ => {}
                }
            }
        }
    }
    let base = standard.offset.or(daylight.offset)?;
    match (daylight.offset, daylight.from, standard.from) {
        (Some(summer), Some(begins), Some(ends)) if standard.offset.is_some() => {
            let rule =
                |(month, week, day, time): (i8, i8, i8, String)| format!("M{month}.{week}.{day}/{time}");
            let text = format!(
                "<STD>{}<DST>{},{},{}",
                posix_offset(base),
                posix_offset(summer),
                rule(begins),
                rule(ends)
            );
            TimeZone::posix(&text).ok()
        }
        _ => Offset::from_seconds(base).ok().map(TimeZone::fixed),
    }
}

/// Seconds of `+0100`, `-053000`.
fn offset(text: &str) -> Option<i32> {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    let part = |from: usize| -> Option<i32> { digits.get(from..from + 2)?.parse().ok() };
    let seconds = part(0)? * 3600 + part(2)? * 60 + part(4).unwrap_or(0);
    Some(sign * seconds).filter(|seconds| seconds.abs() < 26 * 3600)
}

/// POSIX counts westward.
fn posix_offset(seconds: i32) -> String {
    let sign = if seconds > 0 { "-" } else { "" };
    let whole = seconds.abs();
    format!("{sign}{}:{:02}:{:02}", whole / 3600, whole / 60 % 60, whole % 60)
}

/// Month, week, day of the week and time of `FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU`.
fn yearly(rule: &str, start: &str) -> Option<(i8, i8, i8, String)> {
    let part = |name: &str| {
        rule.split(';')
            .find_map(|part| part.split_once('=').filter(|(known, _)| *known == name))
            .map(|(_, value)| value)
    };
    let month: i8 = part("BYMONTH")?.parse().ok()?;
    let day = part("BYDAY")?;
    let (week, name) = day.split_at_checked(day.len().checked_sub(2)?)?;
    let week: i8 = match week {
        "-1" => 5,
        week => week.parse().ok()?,
    };
    let at = ["SU", "MO", "TU", "WE", "TH", "FR", "SA"]
        .iter()
        .position(|known| *known == name)?;
    let digit = |from: usize| start.get(from..from + 2);
    let time = format!("{}:{}:{}", digit(0)?, digit(2)?, digit(4).unwrap_or("00"));
    let is_sound = (1..=12).contains(&month) && (1..=5).contains(&week);
    is_sound.then_some((month, week, i8::try_from(at).ok()?, time))
}

/// Writes the `VTIMEZONE` of a zone, as it is from `year` on.
pub(crate) fn write(lines: &mut Lines, name: &str, zone: &TimeZone, year: i16) {
    lines.raw("BEGIN", "VTIMEZONE");
    lines.raw("TZID", name);
    let first = jiff::civil::date(year.clamp(1, 9000), 1, 1).to_zoned(TimeZone::UTC);
    let first = first.map_or(Timestamp::UNIX_EPOCH, |first| first.timestamp());
    let changes: Vec<_> = zone.following(first).take(2).collect();
    if changes.len() < 2 {
        let info = zone.to_offset_info(first);
        observance(
            lines,
            "STANDARD",
            info.offset(),
            info.offset(),
            info.abbreviation(),
            "19700101T000000",
            None,
        );
    }
    if changes.len() == 2 {
        for change in changes {
            let before = zone.to_offset_info(moment::away(change.timestamp(), -1)).offset();
            let local = before.to_datetime(change.timestamp());
            let sort = if change.dst().is_dst() {
                "DAYLIGHT"
            } else {
                "STANDARD"
            };
            let rule = rule(zone, change.timestamp());
            let start = moment::show_local(local);
            observance(
                lines,
                sort,
                before,
                change.offset(),
                change.abbreviation(),
                &start,
                rule.as_deref(),
            );
        }
    }
    lines.raw("END", "VTIMEZONE");
}

fn observance(
    lines: &mut Lines,
    sort: &str,
    from: Offset,
    to: Offset,
    abbreviation: &str,
    start: &str,
    rule: Option<&str>,
) {
    lines.raw("BEGIN", sort);
    lines.raw("DTSTART", start);
    lines.raw("TZOFFSETFROM", &show_offset(from));
    lines.raw("TZOFFSETTO", &show_offset(to));
    lines.text("TZNAME", abbreviation);
    if let Some(rule) = rule {
        lines.raw("RRULE", rule);
    }
    lines.raw("END", sort);
}

fn show_offset(offset: Offset) -> String {
    let seconds = offset.seconds();
    let sign = if seconds < 0 { '-' } else { '+' };
    let whole = seconds.unsigned_abs();
    let text = format!("{sign}{:02}{:02}", whole / 3600, whole / 60 % 60);
    match whole % 60 {
        0 => text,
        seconds => format!("{text}{seconds:02}"),
    }
}

/// By which rule a change comes every year: the nth or the last such day of its month. None if the next years differ.
fn rule(zone: &TimeZone, change: Timestamp) -> Option<String> {
    let place = |at: Timestamp| {
        let before = zone.to_offset_info(moment::away(at, -1)).offset();
        let local = before.to_datetime(at);
        let is_last = local
            .date()
            .checked_add(7.days())
            .is_ok_and(|next| next.month() != local.month());
        (
            local.month(),
            local.weekday(),
            (local.day() - 1) / 7 + 1,
            is_last,
            local.time(),
        )
    };
    let (month, weekday, nth, mut is_last, time) = place(change);
    let mut is_nth = true;
    let zoned: Zoned = change.to_zoned(zone.clone());
    for later in zone.following(zoned.timestamp()).skip(1).step_by(2).take(4) {
        let (other_month, other_day, other_nth, other_last, other_time) = place(later.timestamp());
        if (other_month, other_day, other_time) != (month, weekday, time) {
            return None;
        }
        is_last &= other_last;
        is_nth &= other_nth == nth;
    }
    let day = short(weekday);
    match (is_last, is_nth) {
        (true, _) => Some(format!("FREQ=YEARLY;BYMONTH={month};BYDAY=-1{day}")),
        (false, true) => Some(format!("FREQ=YEARLY;BYMONTH={month};BYDAY={nth}{day}")),
        (false, false) => None,
    }
}

/// The two letters of a day of the week.
pub(crate) fn short(weekday: Weekday) -> &'static str {
    match weekday {
        Weekday::Monday => "MO",
        Weekday::Tuesday => "TU",
        Weekday::Wednesday => "WE",
        Weekday::Thursday => "TH",
        Weekday::Friday => "FR",
        Weekday::Saturday => "SA",
        Weekday::Sunday => "SU",
    }
}

/// Names that Windows has for zones.
#[rustfmt::skip]
const WINDOWS: &[(&str, &str)] = &[
    ("GMT Standard Time", "Europe/London"), ("Greenwich Standard Time", "Atlantic/Reykjavik"),
    ("W. Europe Standard Time", "Europe/Berlin"), ("Central Europe Standard Time", "Europe/Budapest"),
    ("Romance Standard Time", "Europe/Paris"), ("Central European Standard Time", "Europe/Warsaw"),
    ("E. Europe Standard Time", "Europe/Chisinau"), ("GTB Standard Time", "Europe/Bucharest"),
    ("FLE Standard Time", "Europe/Kiev"), ("Turkey Standard Time", "Europe/Istanbul"),
    ("Russian Standard Time", "Europe/Moscow"), ("Israel Standard Time", "Asia/Jerusalem"),
    ("Egypt Standard Time", "Africa/Cairo"), ("South Africa Standard Time", "Africa/Johannesburg"),
    ("Arab Standard Time", "Asia/Riyadh"), ("Arabian Standard Time", "Asia/Dubai"),
    ("Iran Standard Time", "Asia/Tehran"), ("Pakistan Standard Time", "Asia/Karachi"),
    ("India Standard Time", "Asia/Kolkata"), ("Bangladesh Standard Time", "Asia/Dhaka"),
    ("SE Asia Standard Time", "Asia/Bangkok"), ("China Standard Time", "Asia/Shanghai"),
    ("Singapore Standard Time", "Asia/Singapore"), ("Taipei Standard Time", "Asia/Taipei"),
    ("W. Australia Standard Time", "Australia/Perth"), ("Tokyo Standard Time", "Asia/Tokyo"),
    ("Korea Standard Time", "Asia/Seoul"), ("Cen. Australia Standard Time", "Australia/Adelaide"),
    ("AUS Eastern Standard Time", "Australia/Sydney"), ("E. Australia Standard Time", "Australia/Brisbane"),
    ("New Zealand Standard Time", "Pacific/Auckland"), ("Hawaiian Standard Time", "Pacific/Honolulu"),
    ("Alaskan Standard Time", "America/Anchorage"), ("Pacific Standard Time", "America/Los_Angeles"),
    ("US Mountain Standard Time", "America/Phoenix"), ("Mountain Standard Time", "America/Denver"),
    ("Central Standard Time", "America/Chicago"), ("Canada Central Standard Time", "America/Regina"),
    ("Central Standard Time (Mexico)", "America/Mexico_City"), ("Eastern Standard Time", "America/New_York"),
    ("US Eastern Standard Time", "America/Indianapolis"), ("Atlantic Standard Time", "America/Halifax"),
    ("Newfoundland Standard Time", "America/St_Johns"), ("SA Pacific Standard Time", "America/Bogota"),
    ("E. South America Standard Time", "America/Sao_Paulo"), ("Argentina Standard Time", "America/Buenos_Aires"),
];
