//! Hours as people write them.

use std::fmt;

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

use super::{MIDNIGHT, Window};

/// The longest span of days in one line.
const LONGEST: i32 = 366;

/// The words for the days of the week, from Monday on.
const DAYS: [(Weekday, &str, &str); 7] = [
    (Weekday::Monday, "monday", "周一"),
    (Weekday::Tuesday, "tuesday", "周二"),
    (Weekday::Wednesday, "wednesday", "周三"),
    (Weekday::Thursday, "thursday", "周四"),
    (Weekday::Friday, "friday", "周五"),
    (Weekday::Saturday, "saturday", "周六"),
    (Weekday::Sunday, "sunday", "周日"),
];

/// A line that says no hours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotHours {
    /// The line, from 1.
    pub line: usize,
    /// Why.
    pub why: String,
}

impl fmt::Display for NotHours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.why)
    }
}

/// The windows of a week. A line names days and windows: `mon-fri 09:00-12:00 13:00-18:00`; lines may also be parted by `;`.
pub(super) fn week(text: &str) -> Result<[Vec<Window>; 7], NotHours> {
    let mut week: [Vec<Window>; 7] = std::array::from_fn(|_| Vec::new());
    for (line, said) in lines(text) {
        let refused = |why: String| NotHours { line, why };
        let (days, windows) = said.split_once(char::is_whitespace).unwrap_or((said, ""));
        let windows = self::windows(windows).map_err(refused)?;
        if windows.is_empty() {
            return Err(refused(format!(
                "{said:?} names no hours, as in `mon-fri 09:00-18:00`"
            )));
        }
        for part in days.split(',').filter(|part| !part.is_empty()) {
            for day in span(part).map_err(refused)? {
                let Some(open) = week.get_mut(usize::from(day)) else {
                    continue;
                };
                open.extend(&windows);
                open.sort_unstable();
                if overlap(open) {
                    return Err(refused(format!("{part} has hours that overlap")));
                }
            }
        }
    }
    Ok(week)
}

/// A week as text: `mon-fri 09:00-18:00; sat 10:00-14:00`.
pub(super) fn show_week(week: &[Vec<Window>; 7]) -> String {
    let mut parts: Vec<String> = Vec::new();
    let mut days = DAYS.iter().zip(week).peekable();
    while let Some(((_, first, _), windows)) = days.next() {
        let mut last = None;
        while let Some(((_, name, _), _)) = days.next_if(|(_, next)| *next == windows) {
            last = Some(name);
        }
        if windows.is_empty() {
            continue;
        }
        let short = |name: &str| name.chars().take(3).collect::<String>();
        let mut part = short(first);
        if let Some(last) = last {
            part = format!("{part}-{}", short(last));
        }
        for window in windows {
            part = format!("{part} {window}");
        }
        parts.push(part);
    }
    parts.join("; ")
}

/// The lines that say something, with their numbers; `;` parts lines too.
pub(super) fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let lines = text.lines().zip(1..);
    lines
        .flat_map(|(line, number)| line.split(';').map(move |part| (number, part.trim())))
        .filter(|(_, said)| !said.is_empty() && !said.starts_with('#'))
}

/// `mon`, `mon-fri` or `sat-mon`, as distances from Monday.
fn span(part: &str) -> Result<Vec<u8>, String> {
    let word = |word: &str| -> Result<u8, String> {
        let word = word.trim().to_lowercase();
        DAYS.iter()
            .position(|(_, english, chinese)| {
                (word.len() >= 3 && english.starts_with(&word)) || word == *chinese
            })
            .and_then(|at| u8::try_from(at).ok())
            .ok_or_else(|| format!("{word:?} is no day of the week: mon tue wed thu fri sat sun"))
    };
    let (first, last) = match part.split_once(['-', '至']) {
        Some((first, last)) => (word(first)?, word(last)?),
        None => (word(part)?, word(part)?),
    };
    let length = (last + 7 - first) % 7;
    Ok((0..=length).map(|step| (first + step) % 7).collect())
}

/// `2026-10-01` or `2026-10-01..2026-10-07`: the first and the last day.
pub(super) fn dates(text: &str) -> Result<(Date, Date), String> {
    let day = |text: &str| -> Result<Date, String> {
        text.trim()
            .parse()
            .map_err(|_| format!("{text:?} is no day, as in 2026-10-01"))
    };
    let (first, last) = match text.split_once("..") {
        Some((first, last)) => (day(first)?, day(last)?),
        None => (day(text)?, day(text)?),
    };
    if last < first {
        return Err(format!("{first}..{last} runs backwards"));
    }
    let is_too_long = first
        .checked_add(LONGEST.days())
        .is_ok_and(|latest| latest <= last);
    if is_too_long {
        return Err(format!("{first}..{last} is longer than a year"));
    }
    Ok((first, last))
}

/// Whether a word looks like a span of time.
pub(super) fn is_window(part: &str) -> bool {
    part.contains(':') && part.contains('-')
}

/// Spans of time, in order.
pub(super) fn windows(text: &str) -> Result<Vec<Window>, String> {
    let mut windows = text
        .split_whitespace()
        .map(|part| {
            let unclear = || format!("{part:?} is no span of time, as in 09:00-18:00");
            let (from, to) = part.split_once('-').ok_or_else(unclear)?;
            let window = Window {
                from: minutes(from).ok_or_else(unclear)?,
                to: minutes(to).ok_or_else(unclear)?,
            };
            if window.from < window.to {
                Ok(window)
            } else {
                Err(format!(
                    "{part:?} ends before it begins; a night is two spans, 22:00-24:00 and 00:00-06:00"
                ))
            }
        })
        .collect::<Result<Vec<Window>, String>>()?;
    windows.sort_unstable();
    if overlap(&windows) {
        return Err(format!("the hours {text:?} overlap"));
    }
    Ok(windows)
}

fn overlap(windows: &[Window]) -> bool {
    windows
        .iter()
        .zip(windows.iter().skip(1))
        .any(|(one, next)| next.from < one.to)
}

/// `9:00` or `24:00`, in minutes.
fn minutes(text: &str) -> Option<u16> {
    let (hours, minutes) = text.trim().split_once(':')?;
    let number = |text: &str| -> Option<u16> {
        (text.len() <= 2 && !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()))
            .then(|| text.parse().ok())?
    };
    let (hours, minutes) = (number(hours)?, number(minutes)?);
    let sum = hours * 60 + minutes;
    (minutes < 60 && sum <= MIDNIGHT).then_some(sum)
}
