//! Records as text that a person changes in an editor: one as TOML, and what was changed read back.
//!
//! What is written reads back to no change, whatever the values hold. A field whose line was taken out is left alone;
//! an empty value clears it.

use toml::de::{DeTable, DeValue};

use crate::domain::input::Input;
use crate::domain::near::near;
use crate::domain::value::Value;
use crate::domain::when::duration::show_duration;
use crate::error::{Error, Kind, Result};
use crate::wire::cell;

/// The column in which the comments of short lines begin.
const COMMENT_AT: usize = 40;

/// What a custom field is called by, before its key.
const CUSTOM: &str = "fields.";

/// A value as a person changes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Item {
    /// One value; empty if nothing is known.
    One(String),
    /// Several values.
    Many(Vec<String>),
}

impl Item {
    /// The text of a value, as it is read back for the field that holds it.
    pub fn of(value: &Value) -> Item {
        match value {
            Value::List(items) => Item::Many(items.iter().map(one).collect()),
            other => Item::One(one(other)),
        }
    }

    /// What is given for the field by this text.
    pub fn input(&self) -> Input {
        match self {
            Item::One(text) if text.is_empty() => Input::Clear,
            Item::One(text) => Input::text(text.as_str()),
            Item::Many(items) if items.is_empty() => Input::Clear,
            Item::Many(items) => Input::List(items.iter().map(|item| Input::text(item.as_str())).collect()),
        }
    }

    /// The text for people, in one line of a message.
    pub fn shown(&self) -> String {
        let text = match self {
            Item::One(text) => text.clone(),
            Item::Many(items) => items.join("; "),
        };
        match text.is_empty() {
            true => "nothing".to_owned(),
            false => format!("{text:?}"),
        }
    }

    fn is_empty(&self) -> bool {
        match self {
            Item::One(text) => text.is_empty(),
            Item::Many(items) => items.is_empty(),
        }
    }

    /// True if both say the same of a field.
    pub fn same(&self, other: &Item) -> bool {
        self == other || (self.is_empty() && other.is_empty())
    }
}

fn one(value: &Value) -> String {
    match value {
        Value::Money(money) => format!("{} {}", money.decimal(), money.currency.code()),
        Value::Seconds(seconds) => show_duration(*seconds),
        other => cell::cell(other),
    }
}

/// One field of a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The canonical name; `fields.KEY` for a custom field.
    pub name: String,
    /// What it is, and what it can be.
    pub help: String,
    /// Its value.
    pub item: Item,
}

/// The text of a form: comments, then a line for each field, custom ones in a table of their own. `width` is how many
/// cells of a terminal a text takes.
pub fn write(head: &str, lines: &[Line], width: fn(&str) -> usize) -> String {
    let mut text = comments(head);
    let is_custom = |line: &&Line| line.name.starts_with(CUSTOM);
    for line in lines.iter().filter(|line| !is_custom(line)) {
        push(&mut text, &key(&line.name), line, width);
    }
    if lines.iter().any(|line| is_custom(&line)) {
        text.push_str("\n[fields]\n");
    }
    for line in lines.iter().filter(is_custom) {
        push(
            &mut text,
            &key(line.name.strip_prefix(CUSTOM).unwrap_or_default()),
            line,
            width,
        );
    }
    text
}

/// Lines as comments.
pub fn comments(text: &str) -> String {
    let lines = text.lines().map(|line| match line.is_empty() {
        true => "#\n".to_owned(),
        false => format!("# {}\n", plain(line)),
    });
    lines.collect()
}

/// A text without what ends a comment or drives an editor.
fn plain(text: &str) -> String {
    text.chars().filter(|letter| !is_hidden(*letter)).collect()
}

fn push(text: &mut String, key: &str, line: &Line, width: fn(&str) -> usize) {
    let assignment = format!("{key} = {}", literal(&line.item));
    let help = plain(&line.help);
    let wide = width(&assignment);
    if assignment.contains('\n') || wide > COMMENT_AT {
        text.push_str(&format!("# {help}\n{assignment}\n"));
    } else {
        let blanks = " ".repeat(COMMENT_AT - wide);
        text.push_str(&format!("{assignment}{blanks}  # {help}\n"));
    }
}

/// A key, with quotes where it needs them.
fn key(name: &str) -> String {
    let bare = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-');
    match !name.is_empty() && name.chars().all(bare) {
        true => name.to_owned(),
        false => quoted(name),
    }
}

fn literal(item: &Item) -> String {
    match item {
        Item::One(text) => scalar(text),
        Item::Many(items) => {
            let items: Vec<String> = items.iter().map(|item| quoted(item)).collect();
            format!("[{}]", items.join(", "))
        }
    }
}

fn scalar(text: &str) -> String {
    match text {
        "true" | "false" => text.to_owned(),
        // The same text must come back: no leading zeros, nothing larger than TOML can hold.
        _ if text.parse::<i64>().is_ok_and(|number| number.to_string() == text) => text.to_owned(),
        _ if text.contains('\n') => paragraphs(text),
        _ => quoted(text),
    }
}

/// A text as a basic string of TOML, in one line.
pub fn quoted(text: &str) -> String {
    let mut written = String::from('"');
    for letter in text.chars() {
        match letter {
            '"' | '\\' => written.extend(['\\', letter]),
            '\n' => written.push_str("\\n"),
            '\t' => written.push_str("\\t"),
            letter => push_letter(&mut written, letter),
        }
    }
    written.push('"');
    written
}

/// A text as a string of TOML in several lines.
fn paragraphs(text: &str) -> String {
    let mut written = String::from("\"\"\"\n");
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => written.push_str("\\\\"),
            // Three in a row would end it, and one at its end would be taken for a part of the end.
            '"' if matches!(letters.peek(), Some('"') | None) => written.push_str("\\\""),
            '\n' | '\t' => written.push(letter),
            letter => push_letter(&mut written, letter),
        }
    }
    written.push_str("\"\"\"");
    written
}

fn push_letter(written: &mut String, letter: char) {
    if !is_hidden(letter) {
        written.push(letter);
    } else if u32::from(letter) <= 0xffff {
        written.push_str(&format!("\\u{:04x}", u32::from(letter)));
    } else {
        written.push_str(&format!("\\U{:08x}", u32::from(letter)));
    }
}

/// True for what an editor does not show as what it is: controls, turned directions, line ends of other kinds.
fn is_hidden(letter: char) -> bool {
    letter.is_control()
        || matches!(
            letter,
            '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}'
                | '\u{61c}' | '\u{e0000}'..='\u{e007f}'
        )
}

/// What a person has changed in a form that was written for `lines`: names and new values, in the order of the lines.
///
/// # Errors
///
/// `Invalid` with the line, for a text that is no TOML, a field that is not in the form, or a value with parts.
pub fn read(text: &str, lines: &[Line]) -> Result<Vec<(String, Item)>> {
    let text = lined(text);
    let table = DeTable::parse(&text)
        .map_err(|error| Error::new(Kind::Invalid, error.to_string().trim_end().to_owned()))?;
    let mut given = Vec::new();
    for (name, value) in table.get_ref() {
        match (name.get_ref().as_ref(), value.get_ref()) {
            ("fields", DeValue::Table(custom)) => {
                for (key, value) in custom {
                    given.push((format!("{CUSTOM}{}", key.get_ref()), value.get_ref()));
                }
            }
            (name, value) => given.push((name.to_owned(), value)),
        }
    }
    let mut changed = Vec::new();
    for (name, value) in given {
        let Some(at) = lines.iter().position(|line| line.name == name) else {
            let known = lines.iter().map(|line| line.name.as_str());
            let near = near(&name, known);
            let meant = near
                .first()
                .map_or_else(String::new, |near| format!("; did you mean {near}?"));
            return Err(Error::invalid(
                &name,
                format!("there is no field {name:?} here{meant}"),
            ));
        };
        let item = item(&name, value)?;
        if lines.get(at).is_some_and(|line| !line.item.same(&item)) {
            changed.push((at, name, item));
        }
    }
    changed.sort_by_key(|(at, ..)| *at);
    Ok(changed.into_iter().map(|(_, name, item)| (name, item)).collect())
}

/// The text with the line ends that it was written with, whatever an editor has made of them.
pub(crate) fn lined(text: &str) -> String {
    text.strip_prefix('\u{feff}')
        .unwrap_or(text)
        .replace("\r\n", "\n")
}

fn item(name: &str, value: &DeValue<'_>) -> Result<Item> {
    match value {
        DeValue::Array(items) => {
            let items = items.iter().map(|item| scalar_of(name, item.get_ref()));
            Ok(Item::Many(items.collect::<Result<_>>()?))
        }
        other => scalar_of(name, other).map(Item::One),
    }
}

fn scalar_of(name: &str, value: &DeValue<'_>) -> Result<String> {
    Ok(match value {
        DeValue::String(text) => text.to_string(),
        DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix())
            .map_err(|_| Error::invalid(name, format!("{name}: {} is too large", number.as_str())))?
            .to_string(),
        DeValue::Float(number) => number.as_str().to_owned(),
        DeValue::Boolean(yes) => yes.to_string(),
        DeValue::Datetime(at) => at.to_string(),
        DeValue::Array(_) | DeValue::Table(_) => {
            return Err(Error::invalid(name, format!("{name} takes no value with parts")));
        }
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn line(name: &str, item: Item) -> Line {
        Line {
            name: name.to_owned(),
            help: "what it is".to_owned(),
            item,
        }
    }

    /// Wide letters take two cells.
    fn width(text: &str) -> usize {
        text.chars()
            .map(|letter| if letter > '\u{2e80}' { 2 } else { 1 })
            .sum()
    }

    fn lines() -> Vec<Line> {
        vec![
            line("name", Item::One("张伟 \"the\" great".to_owned())),
            line("tags", Item::Many(vec!["vip".to_owned(), "冷".to_owned()])),
            line("note", Item::One("one\n\"\"two\"\"\"\nC:\\dir\\\n".to_owned())),
            line("employees", Item::One("12".to_owned())),
            line("do_not_contact", Item::One("false".to_owned())),
            line("city", Item::One(String::new())),
            line("fields.规模", Item::One("L".to_owned())),
        ]
    }

    #[test]
    fn a_form_is_made_for_people() {
        insta::assert_snapshot!(write("C1 张伟\n\nSave.", &lines(), width), @r#"
        # C1 张伟
        #
        # Save.
        name = "张伟 \"the\" great"               # what it is
        tags = ["vip", "冷"]                      # what it is
        # what it is
        note = """
        one
        \""two\"\""
        C:\\dir\\
        """
        employees = 12                            # what it is
        do_not_contact = false                    # what it is
        city = ""                                 # what it is

        [fields]
        "规模" = "L"                              # what it is
        "#);
    }

    #[test]
    fn what_was_changed_comes_back() {
        let text = write("", &lines(), width);
        let check = |from: &str, to: &str| {
            assert!(text.contains(from), "{from}");
            read(&text.replacen(from, to, 1), &lines()).map_err(|error| error.message().to_owned())
        };
        let one = |name: &str, text: &str| Ok(vec![(name.to_owned(), Item::One(text.to_owned()))]);
        assert_eq!(check("\"L\"", "'M'"), one("fields.规模", "M"));
        assert_eq!(check("12", "1_300"), one("employees", "1300"));
        assert_eq!(check("12", "2026-12-01"), one("employees", "2026-12-01"));
        assert_eq!(check("false", "true"), one("do_not_contact", "true"));
        assert_eq!(
            check(", \"冷\"", ""),
            Ok(vec![("tags".to_owned(), Item::Many(vec!["vip".to_owned()]))])
        );
        // A line that is gone, and another kind of nothing, change nothing.
        assert_eq!(check("employees = 12", ""), Ok(Vec::new()));
        assert_eq!(check("city = \"\"", "city = []"), Ok(Vec::new()));
        assert_eq!(read(&text.replace('\n', "\r\n"), &lines()).ok(), Some(Vec::new()));
        let unknown = check("city", "citty").expect_err("no field");
        assert_eq!(unknown, "there is no field \"citty\" here; did you mean city?");
        assert!(check("12", "{ a = 1 }").is_err());
        assert!(
            check("12", "twelve")
                .expect_err("no TOML")
                .contains("employees = twelve")
        );
        assert!(
            check("city = \"\"", "name = \"\"")
                .expect_err("twice")
                .contains("duplicate")
        );
    }

    fn any_item() -> impl Strategy<Value = Item> {
        let text = prop_oneof![
            any::<String>(),
            "[\"\\\\\n\r\t a中]{0,12}",
            "-?[0-9]{1,20}",
            Just("true".to_owned()),
            "[\u{0}-\u{ff}\u{2028}\u{202e}\u{e0041}]{0,8}",
        ];
        prop_oneof![
            text.clone().prop_map(Item::One),
            prop::collection::vec(text, 0..4).prop_map(Item::Many),
        ]
    }

    proptest! {
        #[test]
        fn a_form_reads_back_to_no_change(
            items in prop::collection::vec(any_item(), 1..6),
            help in any::<String>(),
            custom in any::<String>(),
        ) {
            let mut lines: Vec<Line> = items
                .iter()
                .enumerate()
                .map(|(at, item)| Line { help: help.clone(), ..line(&format!("field_{at}"), item.clone()) })
                .collect();
            lines.push(line(&format!("fields.{custom}"), Item::One(custom)));
            let text = write(&help, &lines, width);
            prop_assert_eq!(read(&text, &lines).map_err(|error| error.message().to_owned()), Ok(Vec::new()), "{}", text);
        }

        #[test]
        fn no_text_makes_it_panic(text in any::<String>()) {
            let _ = read(&text, &lines());
        }

        #[test]
        fn any_new_value_comes_back_as_it_was_written(item in any_item()) {
            let before = vec![line("name", Item::One("\u{1}before".to_owned()))];
            let after = vec![line("name", item.clone())];
            let changed = read(&write("", &after, width), &before).unwrap();
            prop_assert_eq!(changed, vec![("name".to_owned(), item)]);
        }
    }
}
