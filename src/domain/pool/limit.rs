//! After how many days something happens, by the level of the customer: `30`, `30;A=60;C=never`.

use std::fmt;

use crate::domain::customer::LEVELS;
use crate::domain::pool::DAYS;

/// So many days, with other numbers for some levels.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Limit {
    /// For all levels that have none of their own; none for never.
    usual: Option<i64>,
    /// For single levels; none inside for never.
    levels: Vec<(&'static str, Option<i64>)>,
}

impl Limit {
    /// Reads a limit; an empty text is never.
    ///
    /// # Errors
    ///
    /// What is wrong with it.
    pub fn parse(text: &str) -> Result<Limit, String> {
        let mut limit = Limit::default();
        let mut is_said = false;
        let parts = text.split([';', ',', '；', '，']).map(str::trim);
        for part in parts.filter(|part| !part.is_empty()) {
            let Some((level, days)) = part.split_once(['=', '＝', ':']) else {
                if std::mem::replace(&mut is_said, true) {
                    return Err(format!("{text:?} says twice after how many days"));
                }
                limit.usual = days_of(part)?;
                continue;
            };
            let level = level.trim();
            let known = LEVELS.iter().find(|known| known.eq_ignore_ascii_case(level));
            let Some(known) = known else {
                return Err(format!("{level:?} is no level; they are {}", LEVELS.join(", ")));
            };
            if limit.levels.iter().any(|(said, _)| said == known) {
                return Err(format!("{text:?} says twice what holds for {known}"));
            }
            limit.levels.push((known, days_of(days.trim())?));
        }
        limit.levels.sort_unstable_by_key(|(level, _)| *level);
        Ok(limit)
    }

    /// After how many days, for a customer of this level; none for never.
    pub fn of(&self, level: &str) -> Option<i64> {
        let own = self.levels.iter().find(|(known, _)| *known == level);
        own.map_or(self.usual, |(_, days)| *days)
    }
}

fn days_of(text: &str) -> Result<Option<i64>, String> {
    if matches!(text, "never" | "永不" | "不") {
        return Ok(None);
    }
    let digits = text
        .strip_suffix('d')
        .or_else(|| text.strip_suffix('天'))
        .unwrap_or(text);
    match digits.trim().parse::<i64>() {
        Ok(days) if DAYS.contains(&days) && days > 0 => Ok(Some(days)),
        _ => Err(format!(
            "{text:?} is no number of days from 1 to {}, nor never",
            DAYS.end()
        )),
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = |days: Option<i64>| days.map_or_else(|| "never".to_owned(), |days| days.to_string());
        let mut parts = Vec::new();
        if self.usual.is_some() {
            parts.push(shown(self.usual));
        }
        parts.extend(
            self.levels
                .iter()
                .map(|(level, days)| format!("{level}={}", shown(*days))),
        );
        f.write_str(&parts.join(";"))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn limits_are_read_and_written() {
        for (text, written) in [
            ("30", "30"),
            ("30d", "30"),
            ("30 天", "30"),
            ("", ""),
            ("never", ""),
            (" c=14 ; 30; A = 60", "30;A=60;C=14"),
            ("30，A＝永不", "30;A=never"),
            ("A=60", "A=60"),
        ] {
            assert_eq!(Limit::parse(text).unwrap().to_string(), written, "{text}");
        }
        for text in ["0", "-1", "x", "30;40", "D=10", "A=1;a=2", "A=", "3651", "30 60"] {
            assert!(Limit::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_level_has_its_own_days_or_the_usual_ones() {
        let limit = Limit::parse("30;A=60;C=never").unwrap();
        assert_eq!(
            ["A", "B", "C", ""].map(|level| limit.of(level)),
            [Some(60), Some(30), None, Some(30)]
        );
        assert_eq!(Limit::parse("A=60").unwrap().of("B"), None);
    }

    proptest! {
        #[test]
        fn nothing_panics_and_what_was_read_is_read_again(text in "\\PC{0,30}|([ABCabc;=,0-9 ]|never){0,10}") {
            if let Ok(limit) = Limit::parse(&text) {
                prop_assert_eq!(Limit::parse(&limit.to_string()).unwrap(), limit);
            }
        }
    }
}
