//! One field of a form as a line of text: `email!=emails;label=E-mail;label.zh=邮箱;help=…;default=…`.
//!
//! Before the first `=` stands what the sender calls it, with a `!` if it is required; behind it the field of ours that
//! it feeds, nothing for one that is only kept. A backslash takes the meaning from the character behind it.
//!
//! Then come, in any order: `label=` and `help=`, also by language; `default=`; `max=`, the most letters; `options=a|b`, what
//! alone may be sent; `hidden=yes` for what visitors do not see.

use std::fmt;

use crate::domain::fold::fold;
use crate::error::{Error, Result};

/// Words by language; an empty language is for every other one.
pub type Words = Vec<(String, String)>;

/// What may follow a `;`.
const PARTS: &str =
    "after `;` come label, label.zh, help, help.zh, default, max, options, required and hidden";

/// One field of a form.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Entry {
    /// What it is called in a submission.
    pub name: String,
    /// The field that it feeds; empty if it is only kept, none if that was not said.
    pub feeds: Option<String>,
    /// Whether a submission without it is refused.
    pub required: bool,
    /// What it is where it is not sent.
    pub default: String,
    /// The most letters; none for the usual limit.
    pub longest: Option<usize>,
    /// What alone may be sent; empty for anything.
    pub options: Vec<String>,
    /// Whether visitors do not see it.
    pub hidden: bool,
    /// What the visitor reads above it.
    pub labels: Words,
    /// What the visitor reads below it.
    pub help: Words,
}

impl Entry {
    /// Reads one line.
    ///
    /// # Errors
    ///
    /// `Invalid` for one without a name, or with a part that is not known.
    pub fn parse(text: &str) -> Result<Entry> {
        let refuse = |what: &str| Error::invalid("entries", format!("{:?}: {what}", text.trim()));
        let parts = split(text, ';');
        let mut parts = parts.iter();
        let head = parts.next().copied().unwrap_or_default();
        let (name, feeds) = match split_once(head, '=') {
            Some((name, feeds)) => (name, Some(feeds)),
            None => (head, None),
        };
        let unmarked = |text| strip_mark(text).filter(|bare| !is_escaped(bare));
        let name = name.trim();
        let bare = unmarked(name);
        // No field of ours has the mark in its name: whoever writes it there means the same.
        let bare_feeds = feeds.and_then(|feeds| unmarked(feeds.trim()));
        let mut entry = Entry {
            name: plain(bare.unwrap_or(name)),
            feeds: bare_feeds.or(feeds).map(plain),
            required: bare.is_some() || bare_feeds.is_some(),
            ..Entry::default()
        };
        if entry.name.is_empty() {
            return Err(refuse("a field of a form needs a name"));
        }
        for part in parts {
            if part.trim().is_empty() {
                continue;
            }
            let (key, value) =
                split_once(part, '=').ok_or_else(|| refuse("what follows `;` is KEY=VALUE"))?;
            let (key, language) = match key.trim().split_once('.') {
                Some((key, language)) => (key, language.trim().to_lowercase()),
                None => (key.trim(), String::new()),
            };
            entry.take(key, language, value).map_err(refuse)?;
        }
        Ok(entry)
    }

    /// Takes what follows a `;`, or says what is wrong with it.
    fn take(&mut self, key: &str, language: String, given: &str) -> std::result::Result<(), &'static str> {
        let value = plain(given);
        match key {
            "label" => set(&mut self.labels, language, value),
            "help" => set(&mut self.help, language, value),
            _ if !language.is_empty() => return Err(PARTS),
            "default" => self.default = value,
            "required" => self.required = is_yes(&value),
            "hidden" => self.hidden = is_yes(&value),
            "max" => {
                let longest = value.parse().ok().filter(|longest| *longest > 0);
                self.longest = Some(longest.ok_or("max is a number of letters")?);
            }
            "options" => {
                let options = split(given, '|').into_iter().map(plain);
                self.options = options.filter(|option| !option.is_empty()).collect();
            }
            _ => return Err(PARTS),
        }
        Ok(())
    }

    /// Reads several lines.
    ///
    /// # Errors
    ///
    /// As [`Entry::parse`]; `Invalid` for two of one name.
    pub fn parse_all(text: &str) -> Result<Vec<Entry>> {
        let mut entries: Vec<Entry> = Vec::new();
        for line in text.lines().filter(|line| !line.trim().is_empty()) {
            let entry = Entry::parse(line)?;
            if entries.iter().any(|known| known.is(&entry.name)) {
                return Err(Error::invalid(
                    "entries",
                    format!("the form has two fields called {:?}", entry.name),
                ));
            }
            entries.push(entry);
        }
        Ok(entries)
    }

    /// True if a submission means this field by `name`.
    pub fn is(&self, name: &str) -> bool {
        self.name == name || canonical(&self.name) == canonical(name)
    }

    /// What the visitor reads above it in a language.
    pub fn label(&self, language: &str) -> &str {
        word(&self.labels, language).unwrap_or(&self.name)
    }

    /// What the visitor reads below it in a language; empty for nothing.
    pub fn help(&self, language: &str) -> &str {
        word(&self.help, language).unwrap_or_default()
    }
}

impl fmt::Display for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&escaped(&self.name, &['\\', ';', '=', '!', '！']))?;
        if self.required {
            f.write_str("!")?;
        }
        if let Some(feeds) = &self.feeds {
            write!(f, "={}", escaped(feeds, &['\\', ';']))?;
        }
        let value = |text: &str| escaped(text, &['\\', ';']);
        if !self.default.is_empty() {
            write!(f, ";default={}", value(&self.default))?;
        }
        if let Some(longest) = self.longest {
            write!(f, ";max={longest}")?;
        }
        if !self.options.is_empty() {
            let options = self
                .options
                .iter()
                .map(|option| escaped(option, &['\\', ';', '|']));
            write!(f, ";options={}", options.collect::<Vec<String>>().join("|"))?;
        }
        if self.hidden {
            f.write_str(";hidden=yes")?;
        }
        for (key, words) in [("label", &self.labels), ("help", &self.help)] {
            for (language, text) in words {
                match language.as_str() {
                    "" => write!(f, ";{key}={}", value(text))?,
                    language => write!(f, ";{key}.{language}={}", value(text))?,
                }
            }
        }
        Ok(())
    }
}

/// The form in which two names of a submission are compared: `contact[email]`, `Contact.Email` and `contact.email[]` are
/// one.
pub fn canonical(name: &str) -> String {
    let dotted = name.replace('[', ".").replace(']', "");
    let parts: Vec<String> = dotted
        .split('.')
        .map(|part| fold(part.trim()))
        .filter(|part| !part.is_empty() && !part.bytes().all(|byte| byte.is_ascii_digit()))
        .collect();
    match parts.is_empty() {
        true => fold(name),
        false => parts.join("."),
    }
}

/// The text without the mark of what has to be filled; none if it has none.
fn strip_mark(text: &str) -> Option<&str> {
    text.strip_suffix(['!', '！'])
}

fn word<'w>(words: &'w Words, language: &str) -> Option<&'w str> {
    let language = language.to_lowercase();
    let main = language.split(['-', '_']).next().unwrap_or_default();
    let find = |wanted: &str| {
        let found = words.iter().find(|(known, _)| known == wanted);
        found.map(|(_, text)| text.as_str())
    };
    find(&language)
        .or_else(|| find(main))
        .or_else(|| find(""))
        .or_else(|| find("en"))
        .or_else(|| words.first().map(|(_, text)| text.as_str()))
}

fn set(words: &mut Words, language: String, text: String) {
    words.retain(|(known, _)| *known != language);
    if !text.is_empty() {
        words.push((language, text));
    }
}

fn is_yes(text: &str) -> bool {
    matches!(fold(text).as_str(), "yes" | "true" | "1" | "是")
}

/// True if a text ends in a backslash that takes the meaning from what follows.
fn is_escaped(before: &str) -> bool {
    before.chars().rev().take_while(|letter| *letter == '\\').count() % 2 == 1
}

/// Splits at every `mark` that has its meaning.
fn split(text: &str, mark: char) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some((part, after)) = split_once(rest, mark) {
        parts.push(part);
        rest = after;
    }
    parts.push(rest);
    parts
}

/// Splits at the first `mark` that has its meaning.
fn split_once(text: &str, mark: char) -> Option<(&str, &str)> {
    let mut quiet = false;
    for (at, letter) in text.char_indices() {
        if quiet {
            quiet = false;
        } else if letter == '\\' {
            quiet = true;
        } else if letter == mark {
            return Some((text.get(..at)?, text.get(at + mark.len_utf8()..)?));
        }
    }
    None
}

/// A text without its backslashes and the blanks around it, on one line.
fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut quiet = false;
    for letter in text.trim().chars() {
        if letter == '\\' && !quiet {
            quiet = true;
            continue;
        }
        quiet = false;
        plain.push(if letter.is_control() { ' ' } else { letter });
    }
    plain.trim().to_owned()
}

fn escaped(text: &str, marks: &[char]) -> String {
    let mut written = String::with_capacity(text.len());
    for letter in text.chars() {
        if marks.contains(&letter) {
            written.push('\\');
        }
        written.push(letter);
    }
    written
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(text: &str, name: &str, feeds: Option<&str>, required: bool, written: &str) {
        let entry = Entry::parse(text).unwrap();
        assert_eq!(
            (entry.name.as_str(), entry.feeds.as_deref(), entry.required),
            (name, feeds, required),
            "{text}"
        );
        assert_eq!(entry.to_string(), written, "{text}");
        assert_eq!(Entry::parse(written).unwrap(), entry, "{text}");
    }

    #[test]
    fn lines_are_read_and_written() {
        check("email!", "email", None, true, "email!");
        check(" message = note ", "message", Some("note"), false, "message=note");
        check("budget=", "budget", Some(""), false, "budget=");
        check("邮箱！=emails", "邮箱", Some("emails"), true, "邮箱!=emails");
        check("邮箱=emails!", "邮箱", Some("emails"), true, "邮箱!=emails");
        check(
            "contact[email]!=emails;label=E-mail;label.ZH=邮箱",
            "contact[email]",
            Some("emails"),
            true,
            "contact[email]!=emails;label=E-mail;label.zh=邮箱",
        );
        check(
            r"why\?\!=message",
            "why?!",
            Some("message"),
            false,
            r"why?\!=message",
        );
        check(
            "a;required=yes;default=x\\;y",
            "a",
            None,
            true,
            "a!;default=x\\;y",
        );
        let entry = Entry::parse("tel=phones;label=Phone;label.zh=电话;help.zh=带区号").unwrap();
        assert_eq!(
            ["en", "zh-CN", "de"].map(|language| entry.label(language)),
            ["Phone", "电话", "Phone"]
        );
        assert_eq!((entry.help("zh"), entry.help("en")), ("带区号", "带区号"));
        assert_eq!(Entry::parse("tel").unwrap().label("zh"), "tel");
    }

    #[test]
    fn mistakes_are_named() {
        check(
            "size;max=20;options=S| very \\| large |;hidden=yes",
            "size",
            None,
            false,
            "size;max=20;options=S|very \\| large;hidden=yes",
        );
        for text in [
            "",
            "!",
            "=emails",
            "a;label",
            "a;colour=red",
            "a;max=0",
            "a;max.zh=3",
        ] {
            assert_eq!(Entry::parse(text).unwrap_err().field(), Some("entries"), "{text}");
        }
        assert!(Entry::parse_all("email\nE-Mail=").is_ok());
        assert!(Entry::parse_all("contact[email]\n\ncontact.Email=").is_err());
    }

    #[test]
    fn names_are_compared_without_their_spelling() {
        for (one, other) in [
            ("contact[email]", "contact.email"),
            ("phones[]", "Phones"),
            ("phones[0]", "phones[1]"),
            ("ＥＭＡＩＬ", "email"),
        ] {
            assert_eq!(canonical(one), canonical(other));
        }
        assert_ne!(canonical("a[b]"), canonical("ab"));
        assert_ne!(canonical("0"), "");
    }

    proptest! {
        #[test]
        fn never_panics(text in any::<String>()) {
            let _ = Entry::parse_all(&text);
            let _ = canonical(&text);
        }

        #[test]
        fn what_was_written_is_read(
            name in "[^\\p{Cc}\\s]{1,12}",
            feeds in proptest::option::of("[a-z.]{0,8}"),
            required in any::<bool>(),
            default in "[^\\p{Cc}\\s]{0,8}",
            label in "[^\\p{Cc}\\s]{1,8}",
            longest in proptest::option::of(1_usize..9),
            options in proptest::collection::vec("[^\\p{Cc}\\s]{1,4}", 0..3),
            hidden in any::<bool>(),
        ) {
            let entry = Entry {
                name,
                feeds,
                required,
                default,
                longest,
                options,
                hidden,
                labels: vec![(String::new(), label.clone()), ("zh".to_owned(), label)],
                help: Words::new(),
            };
            prop_assert_eq!(Entry::parse(&entry.to_string()).unwrap(), entry);
        }
    }
}
