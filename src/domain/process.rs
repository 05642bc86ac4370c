//! What a stage of a sales process asks of its deals, and what it makes for them.

use std::fmt;

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

use crate::domain::near::near;
use crate::domain::task::TYPES;
use crate::error::{Error, Result};

/// The most of anything that one stage may ask or make.
pub const MOST: usize = 50;

/// The longest time after which a task may be due: ten years of days.
const LONGEST: i64 = 3650;

/// What a title is written with where the name of the deal is to stand.
const DEAL: &str = "{deal}";

/// The rules of a stage; one without any asks nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rules {
    /// Fields of a deal, or of its customer as `customer.email`, that it has from this stage on.
    pub required: Vec<String>,
    /// What is to be done before a deal moves on.
    pub checklist: Vec<String>,
    /// Tasks that are made when a deal comes in.
    pub tasks: Vec<Template>,
    /// Keys of the stages to which a deal may move from here; empty for any.
    pub next: Vec<String>,
}

impl Rules {
    /// Whether a deal may move from here to the stage with this key.
    pub fn allows(&self, key: &str) -> bool {
        self.next.is_empty() || self.next.iter().any(|next| next == key)
    }
}

/// A task that a stage makes: `follow_up: Send the offer +2d @Lena`.
///
/// The type comes first, before a colon; `todo` where none is said. A title that does not say where the name of the deal
/// stands (`{deal}`) has it at its end. `+2d` are days after the deal came in, `+3wd` working days, `+1w` weeks. The
/// assignee is the owner of the deal, unless another user is named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    /// The type of the task.
    pub kind: &'static str,
    /// What is to be done.
    pub title: String,
    /// When it is due; none for no day.
    pub after: Option<After>,
    /// Who is to do it; none for the owner of the deal.
    pub assignee: Option<String>,
}

/// How long after a deal came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct After {
    /// So many days.
    pub days: i64,
    /// Whether Saturdays and Sundays do not count.
    pub working: bool,
}

impl Template {
    /// Reads one.
    ///
    /// # Errors
    ///
    /// `Invalid` on `tasks` for one without a title, for a type that there is not, and for a time that is too long.
    pub fn parse(text: &str) -> Result<Template> {
        let refuse = |what: &str| Error::invalid("tasks", format!("tasks: {:?}: {what}", text.trim()));
        let (kind, mut rest) = kind(text.trim())?;
        if rest.chars().any(char::is_control) {
            return Err(refuse("a task is one line"));
        }
        let mut assignee = None;
        let mut after = None;
        if let Some((before, name)) = name(rest) {
            let mut name = name;
            while let (shorter, Some(span)) = span(name) {
                name = shorter;
                after.get_or_insert(span);
            }
            rest = before;
            assignee = Some(name.trim().to_owned()).filter(|name| !name.is_empty() && name != "owner");
        }
        if after.is_none() {
            (rest, after) = span(rest);
        }
        let title = rest.trim();
        if title.is_empty() {
            return Err(refuse("a task needs a title"));
        }
        if after.is_some_and(|after| after.days > LONGEST) {
            return Err(refuse("that is more than ten years"));
        }
        Ok(Template {
            kind,
            title: title.to_owned(),
            after,
            assignee,
        })
    }

    /// The title of the task for the deal of this name.
    pub fn titled(&self, deal: &str) -> String {
        match self.title.contains(DEAL) {
            true => self.title.replace(DEAL, deal),
            false => format!("{}: {deal}", self.title),
        }
    }
}

impl fmt::Display for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.kind, self.title)?;
        if let Some(after) = self.after {
            let unit = if after.working { "wd" } else { "d" };
            write!(f, " +{}{unit}", after.days)?;
        }
        match &self.assignee {
            Some(assignee) => write!(f, " @{assignee}"),
            // What ends like a name is none.
            None if name(&self.title).is_some() => write!(f, " @owner"),
            None => Ok(()),
        }
    }
}

impl After {
    /// The day that is so long after `day`; none beyond the calendar.
    pub fn from(self, day: Date) -> Option<Date> {
        if !self.working {
            return day.checked_add(self.days.days()).ok();
        }
        let mut day = day;
        let mut left = self.days;
        while left > 0 {
            day = day.tomorrow().ok()?;
            if !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday) {
                left -= 1;
            }
        }
        Some(day)
    }
}

/// The type before the colon, and what follows it.
fn kind(text: &str) -> Result<(&'static str, &str)> {
    let Some((head, rest)) = text.split_once([':', '：']) else {
        return Ok(("todo", text));
    };
    let word = head.trim().to_lowercase().replace([' ', '-'], "_");
    if let Some(kind) = TYPES.iter().find(|kind| **kind == word) {
        return Ok((kind, rest));
    }
    // What is written like a type was meant as one; anything else is the beginning of a title.
    if !head.is_empty()
        && head
            .chars()
            .all(|letter| letter.is_ascii_lowercase() || letter == '_')
    {
        let message = format!("tasks: {word:?} is none of {}", TYPES.join(", "));
        return Err(Error::invalid("tasks", message).with_near(near(&word, TYPES.iter().copied())));
    }
    Ok(("todo", text))
}

/// Parts a text before the last `@` that begins a word.
fn name(text: &str) -> Option<(&str, &str)> {
    let (before, name) = text.rsplit_once('@')?;
    let begins = before.is_empty() || before.ends_with(char::is_whitespace);
    (begins && !name.trim().is_empty()).then_some((before, name))
}

/// Takes the time off the end of a text.
fn span(text: &str) -> (&str, Option<After>) {
    let trimmed = text.trim_end();
    let (rest, word) = match trimmed.rfind(char::is_whitespace) {
        Some(at) => trimmed.split_at_checked(at).unwrap_or((trimmed, "")),
        None => ("", trimmed),
    };
    match after(word.trim()) {
        Some(after) => (rest, Some(after)),
        None => (text, None),
    }
}

/// `+2d`, `+1w`, `+3wd`, `+3天`, `+1周`, `+3个工作日`.
fn after(word: &str) -> Option<After> {
    let word = word.strip_prefix(['+', '＋'])?;
    let unit = word.trim_start_matches(|letter: char| letter.is_ascii_digit());
    let number: i64 = word.strip_suffix(unit)?.parse().ok()?;
    let (days, working) = match unit {
        "d" | "天" | "日" => (number, false),
        "w" | "周" => (number.saturating_mul(7), false),
        "wd" | "工作日" | "个工作日" => (number, true),
        _ => return None,
    };
    Some(After { days, working })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_task_says_what_when_and_who() {
        for (text, shown) in [
            ("follow_up: Send the offer +2d", "follow_up: Send the offer +2d"),
            (
                "Follow-up：发送报价 +3个工作日 @王芳",
                "follow_up: 发送报价 +3wd @王芳",
            ),
            ("Check the price", "todo: Check the price"),
            (
                "call: {deal}: ask again @Mara Lindholm +1w",
                "call: {deal}: ask again +7d @Mara Lindholm",
            ),
            ("visit: See a+b @owner", "visit: See a+b"),
            ("Note: two parts +2d", "todo: Note: two parts +2d"),
        ] {
            let template = Template::parse(text).unwrap();
            assert_eq!(template.to_string(), shown);
            assert_eq!(Template::parse(shown).unwrap(), template, "{shown}");
        }
        for wrong in [
            "",
            "call:",
            "call: +2d",
            "call: @Lena",
            "cal: him",
            "x +99999d",
            "a\nb",
        ] {
            assert_eq!(
                Template::parse(wrong).unwrap_err().field(),
                Some("tasks"),
                "{wrong:?}"
            );
        }
    }

    #[test]
    fn a_title_names_the_deal() {
        let titled = |text: &str| Template::parse(text).unwrap().titled("年度续约");
        assert_eq!(titled("Send the offer"), "Send the offer: 年度续约");
        assert_eq!(
            titled("call: About {deal}, once more"),
            "About 年度续约, once more"
        );
    }

    #[test]
    fn working_days_pass_over_the_weekend() {
        let friday: Date = "2026-03-06".parse().unwrap();
        let after = |days, working| After { days, working }.from(friday).unwrap().to_string();
        assert_eq!(after(2, false), "2026-03-08");
        assert_eq!(after(1, true), "2026-03-09");
        assert_eq!(after(6, true), "2026-03-16");
        assert_eq!(after(0, true), "2026-03-06");
        let last = After {
            days: LONGEST,
            working: true,
        };
        assert_eq!(last.from(Date::MAX), None);
    }

    proptest! {
        #[test]
        fn what_is_read_is_written_and_read_again(text in "(call: |todo：|[a-z]{1,5}:)?[ -~é张@+0-9wd ]{0,30}") {
            if let Ok(template) = Template::parse(&text) {
                let shown = template.to_string();
                prop_assert_eq!(Template::parse(&shown).ok(), Some(template), "{}", shown);
            }
        }

        #[test]
        fn nothing_makes_it_panic(text in any::<String>()) {
            let _ = Template::parse(&text);
        }
    }
}
