//! One member of a rule as a line of text: `ann;weight=2;cap=30;where=city:Berlin`.
//!
//! First stands the user. `weight=` counts where the rule is weighted, `cap=` is the most that the rule gives the member
//! in a calendar month. `where=` is what a territory is, and takes the rest of the line.

use std::fmt;

use crate::domain::fold::fold;
use crate::error::{Error, Result};

/// The most that a weight may be, so that no sum of them is too large.
pub const MOST_WEIGHT: i64 = 1_000_000;

/// The most members of a rule.
pub const MOST_MEMBERS: usize = 1000;

/// One member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// The name of the user.
    pub user: String,
    /// The share in proportion to the others; 1 where nothing was said.
    pub weight: i64,
    /// The most in a calendar month; none for no limit.
    pub cap: Option<i64>,
    /// The territory as a filter; empty for everywhere.
    pub territory: String,
}

impl Member {
    /// Reads one line.
    ///
    /// # Errors
    ///
    /// `Invalid` for one without a user, or with a part that is not known.
    pub fn parse(text: &str) -> Result<Member> {
        let refuse = |what: &str| Error::invalid("members", format!("members: {:?}: {what}", text.trim()));
        let mut rest = text;
        let mut member = Member {
            user: part(&mut rest).to_owned(),
            weight: 1,
            cap: None,
            territory: String::new(),
        };
        if member.user.is_empty() {
            return Err(refuse("a line begins with the name of a user"));
        }
        while !rest.is_empty() {
            if let Some((key, territory)) = rest.split_once('=')
                && matches!(key.trim(), "where" | "filter")
            {
                member.territory = territory.trim().to_owned();
                break;
            }
            let word = part(&mut rest);
            if word.is_empty() {
                continue;
            }
            let (key, value) = word.split_once('=').unwrap_or((word, ""));
            let number = value.trim().parse::<i64>().ok();
            match key.trim() {
                "weight" => {
                    let weight = number.filter(|weight| (1..=MOST_WEIGHT).contains(weight));
                    member.weight = weight.ok_or_else(|| refuse("weight is a number from 1 to 1000000"))?;
                }
                "cap" => {
                    let cap = number.filter(|cap| *cap >= 0);
                    member.cap = Some(cap.ok_or_else(|| refuse("cap is a number of customers a month"))?);
                }
                _ => return Err(refuse("after `;` come weight, cap and, last, where")),
            }
        }
        Ok(member)
    }

    /// Reads several lines; where there is but one, commas stand between members of whom only the name is said.
    ///
    /// # Errors
    ///
    /// As [`Member::parse`]; `Invalid` for a user who is there twice without different territories, and for too many.
    pub fn parse_all(text: &str) -> Result<Vec<Member>> {
        let mut lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
        if let [line] = lines.as_slice()
            && !line.contains(['=', ';'])
        {
            let names = line.split([',', '，']).map(str::trim);
            lines = names.filter(|name| !name.is_empty()).collect();
        }
        if lines.len() > MOST_MEMBERS {
            let message = format!("members: a rule has at most {MOST_MEMBERS} members");
            return Err(Error::invalid("members", message));
        }
        let mut members: Vec<Member> = Vec::new();
        for line in lines {
            let member = Member::parse(line)?;
            let is_twice = members
                .iter()
                .any(|known| fold(&known.user) == fold(&member.user) && known.territory == member.territory);
            if is_twice {
                let message = format!("members: {} is a member twice", member.user);
                return Err(Error::invalid("members", message));
            }
            members.push(member);
        }
        Ok(members)
    }
}

/// Takes the text up to the next `;` off `rest`.
fn part<'t>(rest: &mut &'t str) -> &'t str {
    let (part, after) = rest.split_once(';').unwrap_or((rest, ""));
    *rest = after;
    part.trim()
}

impl fmt::Display for Member {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.user)?;
        if self.weight != 1 {
            write!(f, ";weight={}", self.weight)?;
        }
        if let Some(cap) = self.cap {
            write!(f, ";cap={cap}")?;
        }
        if !self.territory.is_empty() {
            write!(f, ";where={}", self.territory)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn lines_are_read_and_written() {
        for (text, written) in [
            ("ann", "ann"),
            (" Ann Lee ; weight = 2 ;cap=30", "Ann Lee;weight=2;cap=30"),
            (
                "陈晓;cap=0;where= city:北京; 上海 ",
                "陈晓;cap=0;where=city:北京; 上海",
            ),
            ("ann;weight=1;", "ann"),
        ] {
            assert_eq!(Member::parse(text).unwrap().to_string(), written, "{text}");
        }
        for text in [
            "",
            ";weight=2",
            "ann;weight=0",
            "ann;weight=x",
            "ann;cap=-1",
            "ann;colour=red",
        ] {
            assert_eq!(
                Member::parse(text).unwrap_err().field(),
                Some("members"),
                "{text}"
            );
        }
    }

    #[test]
    fn several_lines_or_names_with_commas() {
        let names = |text: &str| -> Vec<String> {
            let members = Member::parse_all(text).unwrap();
            members.into_iter().map(|member| member.user).collect()
        };
        assert_eq!(names("ann, ben，陈晓"), ["ann", "ben", "陈晓"]);
        assert_eq!(names("Lee, Ann;cap=3\n\nben"), ["Lee, Ann", "ben"]);
        assert!(names("").is_empty());
        assert!(Member::parse_all("ann,Ann").is_err());
        assert_eq!(names("ann;where=city:Bonn\nann;where=city:Ulm").len(), 2);
        assert!(Member::parse_all(&"a\n".repeat(MOST_MEMBERS + 1)).is_err());
    }

    proptest! {
        #[test]
        fn nothing_panics_and_what_was_read_is_read_again(text in "\\PC{0,60}|([ab;=0-9]|cap|weight|where){0,12}") {
            if let Ok(member) = Member::parse(&text) {
                prop_assert_eq!(Member::parse(&member.to_string()).unwrap(), member);
            }
            let _ = Member::parse_all(&text);
        }
    }
}
