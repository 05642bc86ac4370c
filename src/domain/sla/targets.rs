//! What a policy promises for each priority, a line each: `urgent first=30m next=1h resolution=2h`.
//!
//! `first` is the time until somebody answers first, `next` until a later message is answered, `resolution` until it is
//! solved; what is not named is not promised. `all` stands for every priority, `none` for no promise at all.

use std::fmt;

use jiff::SignedDuration;

use crate::domain::service::Target;
use crate::domain::when::duration::{read_duration, show_duration};

/// The priorities, the most pressing first.
pub const PRIORITIES: [&str; 4] = ["urgent", "high", "normal", "low"];

/// What is promised for each of [`PRIORITIES`], in that order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Targets([Target; 4]);

impl Targets {
    /// What is usual: half an hour and two for what is urgent, a day and three for what is not.
    pub const USUAL: Targets = Targets([
        usual(30, 2 * 60),
        usual(60, 4 * 60),
        usual(8 * 60, 24 * 60),
        usual(24 * 60, 72 * 60),
    ]);

    /// What is promised for a priority; nothing for a word that is none.
    pub fn of(&self, priority: &str) -> Target {
        let at = PRIORITIES.iter().position(|known| *known == priority);
        at.and_then(|at| self.0.get(at)).copied().unwrap_or_default()
    }

    /// Reads lines, which `;` parts too. A priority of which nothing is said has what `known` promises.
    ///
    /// # Errors
    ///
    /// The line that cannot be read, and why.
    pub fn read(text: &str, known: Targets) -> Result<Targets, String> {
        let mut targets = known;
        let lines = text.split(['\n', ';', '；']).map(str::trim);
        for line in lines.filter(|line| !line.is_empty()) {
            let mut words = line.split_whitespace();
            let priority = words.next().unwrap_or_default().trim_end_matches([':', '：']);
            let target = target(words).map_err(|why| format!("{line:?}: {why}"))?;
            let meant = PRIORITIES
                .iter()
                .zip(&mut targets.0)
                .filter(|(known, _)| matches!(priority, "all" | "全部") || **known == priority);
            let mut is_known = false;
            for (_, place) in meant {
                *place = target;
                is_known = true;
            }
            if !is_known {
                return Err(format!(
                    "{line:?}: {priority:?} is no priority: {} or all",
                    PRIORITIES.join(", ")
                ));
            }
        }
        Ok(targets)
    }
}

const fn usual(first: i64, resolution: i64) -> Target {
    Target {
        first_response: Some(SignedDuration::from_mins(first)),
        next_response: None,
        resolution: Some(SignedDuration::from_mins(resolution)),
    }
}

/// The words after a priority.
fn target<'w>(words: impl Iterator<Item = &'w str>) -> Result<Target, String> {
    let usage = "after a priority come first=, next= and resolution=, or none";
    let mut target = Target::default();
    let (mut is_none, mut is_any) = (false, false);
    for word in words {
        if matches!(word, "none" | "无") {
            is_none = true;
            continue;
        }
        is_any = true;
        let (name, length) = word.split_once(['=', ':', '：']).ok_or(usage)?;
        let place = match name {
            "first" | "first_response" | "首次响应" => &mut target.first_response,
            "next" | "next_response" | "后续响应" => &mut target.next_response,
            "resolution" | "resolve" | "解决" => &mut target.resolution,
            _ => return Err(format!("{name:?} is no promise; {usage}")),
        };
        let seconds = read_duration(length).map_err(|error| error.message)?;
        if seconds <= 0 {
            return Err(format!(
                "{length:?} is no time at all; what is not promised is left out"
            ));
        }
        *place = Some(SignedDuration::from_secs(seconds));
    }
    match is_none == is_any {
        true => Err(usage.to_owned()),
        false => Ok(target),
    }
}

impl fmt::Display for Targets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, (priority, target)) in PRIORITIES.iter().zip(&self.0).enumerate() {
            let newline = if at == 0 { "" } else { "\n" };
            write!(f, "{newline}{priority}")?;
            if *target == Target::default() {
                f.write_str(" none")?;
            }
            for (name, length) in [
                ("first", target.first_response),
                ("next", target.next_response),
                ("resolution", target.resolution),
            ] {
                if let Some(length) = length {
                    write!(f, " {name}={}", show_duration(length.as_secs()))?;
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_usual_is_shown() {
        assert_eq!(
            Targets::USUAL.to_string(),
            "urgent first=30m resolution=2h\nhigh first=1h resolution=4h\n\
             normal first=8h resolution=24h\nlow first=24h resolution=72h"
        );
        assert_eq!(Targets::USUAL.of("medium"), Target::default());
    }

    #[test]
    fn a_line_changes_its_priority_alone() {
        let read = |text: &str| Targets::read(text, Targets::USUAL);
        let some = read("urgent first=15m next=1.5h resolution=1h; low none").unwrap();
        assert_eq!(
            some.to_string(),
            "urgent first=15m next=1h30m resolution=1h\nhigh first=1h resolution=4h\n\
             normal first=8h resolution=24h\nlow none"
        );
        let all = read("all resolution=8h\nhigh 首次响应=1小时").unwrap();
        assert_eq!(all.of("low").resolution, Some(SignedDuration::from_hours(8)));
        assert_eq!(all.of("high").first_response, Some(SignedDuration::from_hours(1)));
        assert_eq!(all.of("high").resolution, None);
        for (wrong, why) in [
            ("medium first=1h", "no priority"),
            ("high", "after a priority come"),
            ("high none first=1h", "after a priority come"),
            ("high first=90", "no unit"),
            ("high first=0m", "no time at all"),
            ("high second=1h", "no promise"),
        ] {
            let refused = read(wrong).unwrap_err();
            assert!(refused.contains(why), "{wrong}: {refused}");
        }
    }

    proptest! {
        #[test]
        fn nothing_panics_and_what_was_read_is_read_again(
            text in "\\PC{0,60}|((urgent|high|all|low) ?(none|first=[0-9]{1,3}[mh]|next=1h| ){0,3};){0,5}",
        ) {
            if let Ok(targets) = Targets::read(&text, Targets::USUAL) {
                prop_assert_eq!(Targets::read(&targets.to_string(), Targets::default()).unwrap(), targets);
            }
        }
    }
}
