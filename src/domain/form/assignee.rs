//! Who gets the customers that a form brings: one user, or several in turn.

use std::fmt;

use crate::error::{Error, Result};

/// Before the users who take turns.
const IN_TURN: &str = "round-robin:";

/// Who gets what comes in.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Assignee {
    /// Nobody in particular.
    #[default]
    Nobody,
    /// This user.
    User(String),
    /// These users, one after another.
    InTurn(Vec<String>),
}

impl Assignee {
    /// Reads `ann` or `round-robin:ann,ben`.
    ///
    /// # Errors
    ///
    /// `Invalid` for a turn without users.
    pub fn parse(text: &str) -> Result<Assignee> {
        let text = text.trim();
        if text.is_empty() {
            return Ok(Assignee::Nobody);
        }
        let Some(rest) = text.strip_prefix(IN_TURN) else {
            return Ok(Assignee::User(text.to_owned()));
        };
        let mut users: Vec<String> = Vec::new();
        for user in rest
            .split([',', '，', ';'])
            .map(str::trim)
            .filter(|user| !user.is_empty())
        {
            if !users.iter().any(|known| known == user) {
                users.push(user.to_owned());
            }
        }
        if users.is_empty() {
            return Err(Error::invalid(
                "assign",
                "assign: name the users who take turns, round-robin:ann,ben",
            ));
        }
        Ok(Assignee::InTurn(users))
    }

    /// The users in it.
    pub fn users(&self) -> &[String] {
        match self {
            Assignee::Nobody => &[],
            Assignee::User(user) => std::slice::from_ref(user),
            Assignee::InTurn(users) => users,
        }
    }
}

impl fmt::Display for Assignee {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Assignee::Nobody => Ok(()),
            Assignee::User(user) => f.write_str(user),
            Assignee::InTurn(users) => write!(f, "{IN_TURN}{}", users.join(",")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_or_several_in_turn() {
        for (text, written) in [
            ("", ""),
            (" Ann Lee ", "Ann Lee"),
            ("round-robin: Ann , 陈晓，Ann", "round-robin:Ann,陈晓"),
        ] {
            let read = Assignee::parse(text).unwrap();
            assert_eq!(read.to_string(), written);
            assert_eq!(Assignee::parse(written).unwrap(), read);
        }
        assert_eq!(
            Assignee::parse("round-robin: ,").unwrap_err().field(),
            Some("assign")
        );
        assert_eq!(Assignee::parse("round-robin:a,b").unwrap().users(), ["a", "b"]);
    }
}
