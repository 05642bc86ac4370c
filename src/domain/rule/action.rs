//! What a rule does, one action a line: `set priority=high`, `tag hot`, `assign by web`, `task 'Call {{ name }}' --due +2d`,
//! `notify owner 'It is late'`, `run notify-send crm`.

use std::fmt;

use crate::domain::near::near;
use crate::domain::shell;
use crate::error::{Error, Result};

/// One thing that a rule does with a record. Texts may have values of the record in braces.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// Gives a field a value; an empty one clears it.
    Set {
        /// The field.
        field: String,
        /// The value.
        value: String,
    },
    /// Puts a label on it.
    Tag(String),
    /// Takes a label off it.
    Untag(String),
    /// Gives it to a user.
    Assign(String),
    /// Lets a rule of assignment say to whom it goes.
    AssignBy(String),
    /// Makes a task about it.
    Task(NewTask),
    /// Makes a ticket about it, with this subject.
    Ticket(String),
    /// Tells a user something.
    Notify {
        /// The user; `owner` for whose record it is.
        to: String,
        /// What is told.
        text: String,
    },
    /// Runs a program with the record as JSON on its standard input. No shell reads the line, unless it is one: `sh -c`.
    Run(String),
}

/// A task that a rule makes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NewTask {
    /// What is to be done.
    pub title: String,
    /// When, as a phrase; empty for no day.
    pub due: String,
    /// Who; `owner` for whose record it is; empty for who made the rule.
    pub assignee: String,
    /// The sort of task; empty for the usual.
    pub kind: String,
    /// How urgent; empty for the usual.
    pub priority: String,
}

/// The longest line, in bytes.
const LONGEST: usize = 4000;

/// So many actions a rule can have.
pub const MOST: usize = 20;

/// The words with which a line begins.
pub const VERBS: [&str; 8] = ["set", "tag", "untag", "assign", "task", "ticket", "notify", "run"];

impl Action {
    /// Reads one line.
    ///
    /// # Errors
    ///
    /// `Invalid` with what is near.
    pub fn parse(line: &str) -> Result<Action> {
        let line = line.trim();
        if line.len() > LONGEST || line.chars().any(char::is_control) {
            return Err(refused(format!(
                "an action is one line of at most {LONGEST} bytes"
            )));
        }
        let (verb, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
        let rest = rest.trim();
        let words = || shell::words(rest).map_err(|why| refused(format!("{line}: {why}")));
        match verb {
            "set" => set(rest),
            "tag" => one(line, words()?).map(Action::Tag),
            "untag" => one(line, words()?).map(Action::Untag),
            "assign" => match words()?.as_slice() {
                [by, rule] if by == "by" && !rule.trim().is_empty() => Ok(Action::AssignBy(rule.clone())),
                [user] if user != "by" => one(line, vec![user.clone()]).map(Action::Assign),
                _ => Err(refused(format!("{line}: assign USER, or assign by RULE"))),
            },
            "task" => task(line, words()?),
            "ticket" => one(line, words()?).map(Action::Ticket),
            "notify" => match words()?.as_slice() {
                [to, text] if !to.trim().is_empty() && !text.trim().is_empty() => Ok(Action::Notify {
                    to: to.clone(),
                    text: text.clone(),
                }),
                _ => Err(refused(format!("{line}: notify USER 'TEXT'"))),
            },
            "run" => match words()?.first() {
                Some(program) if !program.trim().is_empty() => Ok(Action::Run(rest.to_owned())),
                _ => Err(refused("run what? run notify-send 'A deal was won'")),
            },
            _ => Err(
                refused(format!("{verb:?} is no action; there are {}", VERBS.join(", ")))
                    .with_near(near(verb, VERBS)),
            ),
        }
    }

    /// Reads several, one a line; empty lines count for nothing.
    ///
    /// # Errors
    ///
    /// As [`Action::parse`], and for more than [`MOST`].
    pub fn parse_all(text: &str) -> Result<Vec<Action>> {
        let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
        let actions = lines.map(Action::parse).collect::<Result<Vec<_>>>()?;
        if actions.len() > MOST {
            return Err(refused(format!("a rule does at most {MOST} things")));
        }
        Ok(actions)
    }

    /// The texts in which values of the record may stand.
    pub fn templates(&self) -> Vec<&str> {
        match self {
            Action::Set { value, .. } => vec![value],
            Action::Tag(name) | Action::Ticket(name) => vec![name],
            Action::Task(task) => vec![&task.title, &task.due],
            Action::Notify { text, .. } => vec![text],
            Action::Untag(_) | Action::Assign(_) | Action::AssignBy(_) | Action::Run(_) => Vec::new(),
        }
    }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let quoted = |text: &str| shell::quoted(text);
        match self {
            Action::Set { field, value } => write!(f, "set {field}={value}"),
            Action::Tag(name) => write!(f, "tag {}", quoted(name)),
            Action::Untag(name) => write!(f, "untag {}", quoted(name)),
            Action::Assign(user) => write!(f, "assign {}", quoted(user)),
            Action::AssignBy(rule) => write!(f, "assign by {}", quoted(rule)),
            Action::Task(task) => {
                write!(f, "task {}", quoted(&task.title))?;
                for (flag, value) in task.flags() {
                    if !value.is_empty() {
                        write!(f, " --{flag} {}", quoted(value))?;
                    }
                }
                Ok(())
            }
            Action::Ticket(name) => write!(f, "ticket {}", quoted(name)),
            Action::Notify { to, text } => write!(f, "notify {} {}", quoted(to), quoted(text)),
            Action::Run(command) => write!(f, "run {command}"),
        }
    }
}

impl NewTask {
    /// What a line says of it beside the title.
    fn flags(&self) -> [(&'static str, &str); 4] {
        [
            ("due", &self.due),
            ("assignee", &self.assignee),
            ("type", &self.kind),
            ("priority", &self.priority),
        ]
    }
}

fn set(rest: &str) -> Result<Action> {
    let found = rest
        .split_once('=')
        .map(|(field, value)| (field.trim(), value.trim()));
    match found {
        Some((field, value)) if !field.is_empty() && !field.contains(char::is_whitespace) => {
            Ok(Action::Set {
                field: field.to_owned(),
                value: value.to_owned(),
            })
        }
        _ => Err(refused(format!("set {rest}: set FIELD=VALUE"))),
    }
}

/// The one word that a line has to have.
fn one(line: &str, words: Vec<String>) -> Result<String> {
    match <[String; 1]>::try_from(words) {
        Ok([word]) if !word.trim().is_empty() => Ok(word),
        _ => Err(refused(format!(
            "{line}: one name is wanted, in quotes if it has blanks"
        ))),
    }
}

fn task(line: &str, words: Vec<String>) -> Result<Action> {
    let mut task = NewTask::default();
    let mut words = words.into_iter();
    task.title = words
        .next()
        .filter(|title| !title.trim().is_empty() && !title.starts_with("--"))
        .ok_or_else(|| refused(format!("{line}: a task needs a title")))?;
    while let Some(flag) = words.next() {
        let place = match flag.as_str() {
            "--due" => &mut task.due,
            "--assignee" => &mut task.assignee,
            "--type" => &mut task.kind,
            "--priority" => &mut task.priority,
            _ => {
                let known = ["--due", "--assignee", "--type", "--priority"];
                return Err(
                    refused(format!("{line}: a task has no {flag:?}; put the title in quotes"))
                        .with_near(near(&flag, known)),
                );
            }
        };
        let value = words
            .next()
            .ok_or_else(|| refused(format!("{line}: {flag} what?")))?;
        *place = value.trim().to_owned();
    }
    Ok(Action::Task(task))
}

fn refused(message: impl Into<String>) -> Error {
    Error::invalid("actions", message)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn lines_are_canonical() {
        for (written, canonical) in [
            ("set  priority = high ", "set priority=high"),
            ("set note=it's, like, late", "set note=it's, like, late"),
            ("set source=", "set source="),
            ("tag hot", "tag hot"),
            ("tag \"big fish\"", "tag 'big fish'"),
            ("untag 大客户", "untag 大客户"),
            ("assign Ann", "assign Ann"),
            ("assign by web", "assign by web"),
            ("task Call", "task Call"),
            (
                "task \"Call {{ name }}\" --assignee owner --due +2d",
                "task 'Call {{ name }}' --due +2d --assignee owner",
            ),
            ("ticket \"{{ name }}\"", "ticket '{{ name }}'"),
            ("notify owner 'It''s late'", "notify owner 'Its late'"),
            ("notify 陈晓 '到期了'", "notify 陈晓 到期了"),
            ("run sh -c 'cat > /dev/null'", "run sh -c 'cat > /dev/null'"),
        ] {
            assert_eq!(Action::parse(written).expect(written).to_string(), canonical);
        }
    }

    #[test]
    fn what_makes_no_sense_is_refused() {
        for line in [
            "",
            "sett a=b",
            "set priority",
            "set =high",
            "set two words=x",
            "tag",
            "tag a b",
            "tag ''",
            "assign",
            "assign by",
            "assign by ''",
            "task",
            "ticket",
            "ticket Two words",
            "task --due friday",
            "task Call --due",
            "task Call --day friday",
            "task Call back",
            "notify owner",
            "notify owner ''",
            "run",
            "run ''",
            "run it's",
            "tag a\u{7}",
        ] {
            assert!(Action::parse(line).is_err(), "{line}");
        }
        assert_eq!(Action::parse("sett a=b").expect_err("no verb").near(), ["set"]);
        let many = "tag a\n".repeat(MOST);
        assert_eq!(
            Action::parse_all(&format!("\n{many}\n"))
                .expect("as many as may be")
                .len(),
            MOST
        );
        assert!(Action::parse_all(&format!("{many}tag b")).is_err());
    }

    proptest! {
        #[test]
        fn nothing_panics_and_what_is_printed_is_read_back(
            verb in "(set|tag|untag|assign|assign by|task|ticket|notify|run|\\PC{0,5})",
            rest in "([a-z{}'\"= -]|\\PC){0,30}",
        ) {
            if let Ok(action) = Action::parse(&format!("{verb} {rest}")) {
                prop_assert_eq!(Action::parse(&action.to_string()).expect("its own text"), action);
            }
        }

        #[test]
        fn any_task_is_read_back(title in "[^\\p{C}-][^\\p{C}]{0,20}", due in "[^\\p{C}\\s]{0,8}", assignee in "[^\\p{C}\\s]{0,8}") {
            let task = NewTask { title, due, assignee, ..NewTask::default() };
            if !task.title.trim().is_empty() {
                let action = Action::Task(task);
                prop_assert_eq!(Action::parse(&action.to_string()).expect("its own text"), action);
            }
        }
    }
}
