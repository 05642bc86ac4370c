//! Times of day in Chinese phrases.

use crate::domain::when::scan::Scan;
use crate::domain::when::time_of_day::{self, TimeOfDay};
use crate::domain::when::{Parsed, Reading, english, lexer};

/// A part of the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Dawn,
    Morning,
    Noon,
    Afternoon,
    Dusk,
    Evening,
}

const PARTS: [(&str, Part); 9] = [
    ("凌晨", Part::Dawn),
    ("早上", Part::Morning),
    ("早晨", Part::Morning),
    ("上午", Part::Morning),
    ("中午", Part::Noon),
    ("正午", Part::Noon),
    ("下午", Part::Afternoon),
    ("傍晚", Part::Dusk),
    ("晚上", Part::Evening),
];

impl Part {
    /// The hour in 24 that is meant by `hour` in this part of the day; none where people differ.
    fn hour(self, hour: u32) -> Option<u32> {
        match (self, hour) {
            (Part::Dawn, 0..=6) | (Part::Morning, 1..=11) | (Part::Noon, 11..=12) => Some(hour),
            (Part::Noon, 1..=2) | (Part::Afternoon, 1..=11) | (Part::Dusk, 4..=7) => Some(hour + 12),
            (Part::Evening, 5..=11) => Some(hour + 12),
            (Part::Afternoon, 12..=18) | (Part::Dusk, 16..=19) | (Part::Evening, 17..=23) => Some(hour),
            _ => None,
        }
    }
}

/// Reads a time of day, to its end: 下午三点半, 15点30分, 中午, 15:30, 3pm.
pub(super) fn read_time(text: &str, reading: &Reading<'_>) -> Parsed<TimeOfDay> {
    if !lexer::has_han(text) {
        return english::read_time(text.trim(), reading);
    }
    let mut scan = Scan::new(text);
    let part = match scan.any(&PARTS) {
        Some(part) => Some(part),
        None if scan.eat("早") => Some(Part::Morning),
        None if scan.eat("晚") => Some(Part::Evening),
        None => None,
    };
    if scan.is_done() {
        let time = match part {
            Some(Part::Morning) if text.contains('早') => reading.morning,
            Some(Part::Noon) => time_of_day::NOON,
            Some(Part::Evening) => time_of_day::EVENING,
            _ => return Ok(None),
        };
        return Ok(Some(TimeOfDay {
            time,
            is_marked: true,
        }));
    }
    let Some(hour) = scan.number() else {
        return Ok(None);
    };
    let Some(minute) = minutes(&mut scan).filter(|_| scan.is_done()) else {
        return Ok(None);
    };
    let hour = match part {
        Some(part) => part
            .hour(hour)
            .ok_or_else(|| time_of_day::not_a_time(text.trim()))?,
        None => hour,
    };
    let time = time_of_day::time_of(hour, minute, 0, text.trim())?;
    Ok(Some(TimeOfDay {
        time,
        is_marked: part.is_some(),
    }))
}

/// What follows the hour: 点, 点半, 点一刻, 点30分, or `:30`.
fn minutes(scan: &mut Scan<'_>) -> Option<u32> {
    const SPOKEN: [(&str, u32); 6] = [
        ("半", 30),
        ("一刻", 15),
        ("1刻", 15),
        ("三刻", 45),
        ("3刻", 45),
        ("整", 0),
    ];
    if scan.eat(":") {
        return scan.number();
    }
    if !scan.eat("点") && !scan.eat("时") {
        return None;
    }
    scan.eat("钟");
    if let Some(minute) = scan.any(&SPOKEN) {
        return Some(minute);
    }
    match scan.number() {
        Some(minute) => {
            scan.eat("分");
            Some(minute)
        }
        None => Some(0),
    }
}
