//! The story of a record: details and sections on a terminal, headings and lists in Markdown.

use std::io::{self, Write};

use crm::domain::field::FieldType;
use crm::domain::value::Value;
use crm::report::story::{Fact, Section, Story};
use crm::wire::cell;

use crate::text;

use super::detail::{self, Line, View};
use super::guarded;

/// What is said where there is more than is shown.
const MORE: &str = "more with --all";

/// The sections in the shape of details, each value as `shown` shows it.
fn laid(story: &Story, shown: &dyn Fn(&Fact) -> String) -> Vec<detail::Section> {
    let section = |section: &Section| {
        let line = |label: String, text: String| Line {
            label,
            kind: FieldType::LongText,
            value: Value::text(text),
        };
        let mut lines: Vec<Line> = section
            .entries
            .iter()
            .map(|entry| line(shown(&entry.label), text::story::said(entry, shown)))
            .collect();
        if section.more {
            lines.push(line("…".to_owned(), MORE.to_owned()));
        }
        detail::Section {
            title: Some(section.title.to_owned()),
            lines,
        }
    };
    story.sections.iter().map(section).collect()
}

/// Writes a record as details.
///
/// # Errors
///
/// The stream fails.
pub(crate) fn screen(
    out: &mut dyn Write,
    title: &str,
    fields: Vec<Line>,
    story: &Story,
    view: View<'_>,
) -> io::Result<()> {
    let mut all = vec![detail::Section {
        title: None,
        lines: fields,
    }];
    let shown = |fact: &Fact| text::story::fact(fact, view.clock);
    all.extend(laid(story, &shown));
    detail::write(out, title, &all, view)
}

/// Writes a record as Markdown: its name, its fields, its sections. Nothing depends on the clock or the screen.
///
/// # Errors
///
/// The stream fails.
pub(crate) fn markdown(
    out: &mut dyn Write,
    title: &str,
    fields: Vec<Line>,
    story: &Story,
    terminal: bool,
) -> io::Result<()> {
    let mut all = vec![detail::Section {
        title: None,
        lines: fields,
    }];
    all.extend(laid(story, &|fact: &Fact| plain(&fact.value)));
    page(out, title, &all, terminal)
}

/// Writes sections as Markdown.
///
/// # Errors
///
/// The stream fails.
pub(crate) fn page(
    out: &mut dyn Write,
    title: &str,
    sections: &[detail::Section],
    terminal: bool,
) -> io::Result<()> {
    let mut text = format!("# {}\n", escaped(title));
    let known = |section: &&detail::Section| section.lines.iter().any(|line| !line.value.is_empty());
    for section in sections.iter().filter(known) {
        if let Some(title) = &section.title {
            text.push_str(&format!("\n## {}\n", escaped(title)));
        }
        text.push('\n');
        for line in section.lines.iter().filter(|line| !line.value.is_empty()) {
            let label = escaped(&line.label);
            text.push_str(&format!("- **{label}**: {}\n", escaped(&plain(&line.value))));
        }
    }
    text.push('\n');
    out.write_all(guarded(&text, terminal).as_bytes())
}

/// A value that is the same everywhere, with names beside refs.
fn plain(value: &Value) -> String {
    match value {
        Value::Money(money) => money.to_string(),
        Value::Link(link) if link.noun.prefix().is_some() => format!("{} {}", link.name, link.reference()),
        Value::List(items) if !items.iter().any(|item| matches!(item, Value::Map(_))) => {
            items.iter().map(plain).collect::<Vec<_>>().join("; ")
        }
        other => cell::cell(other),
    }
}

/// What would be read as Markdown or end a line, made text.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.replace("\r\n", "\n").chars() {
        match letter {
            '\n' | '\r' => out.push_str("<br>"),
            '\\' | '*' | '`' | '[' | ']' | '<' | '|' | '#' => out.extend(['\\', letter]),
            other => out.push(other),
        }
    }
    out
}
