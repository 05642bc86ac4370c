//! The story of a record: details and sections on a terminal, headings and lists in Markdown.

use std::io::{self, Write};

use crm::domain::clock::Clock;
use crm::domain::field::FieldType;
use crm::domain::value::Value;
use crm::report::story::{Entry, Fact, Section, Story};
use crm::wire::cell;

use super::detail::{self, Line, View};
use super::{display, guarded};

/// What stands between the parts of an entry.
const BETWEEN: &str = " · ";
/// What is said where there is more than is shown.
const MORE: &str = "more with --all";

/// The sections as a terminal shows them, in the shape of details.
pub(crate) fn sections(story: &Story, clock: &Clock) -> Vec<detail::Section> {
    let screen = |fact: &Fact| match (&fact.value, fact.kind) {
        (Value::Link(_) | Value::Text(_), kind) => display::lines(&fact.value, kind, clock),
        (_, kind) => display::cell(&fact.value, kind, clock),
    };
    let shown = |section: &Section| {
        let line = |label: String, text: String| Line {
            label,
            kind: FieldType::LongText,
            value: Value::text(text),
        };
        let mut lines: Vec<Line> = section
            .entries
            .iter()
            .map(|entry| line(screen(&entry.label), said(entry, &screen)))
            .collect();
        if section.more {
            lines.push(line("…".to_owned(), MORE.to_owned()));
        }
        detail::Section {
            title: Some(section.title.to_owned()),
            lines,
        }
    };
    story.sections.iter().map(shown).collect()
}

/// What an entry says, each value as `shown` shows it.
fn said(entry: &Entry, shown: &dyn Fn(&Fact) -> String) -> String {
    let facts = entry.facts.iter().map(shown);
    let changes = entry.changes.iter().map(|(field, old, new)| {
        let value = |value: &Value| {
            shown(&Fact {
                value: value.clone(),
                kind: FieldType::Text,
            })
        };
        let field = field.replace('_', " ");
        match (old.is_empty(), new.is_empty()) {
            (true, _) => format!("{field} + {}", value(new)),
            (false, true) => format!("{field} - {}", value(old)),
            (false, false) => format!("{field} {} → {}", value(old), value(new)),
        }
    });
    let all: Vec<String> = changes.chain(facts).filter(|text| !text.is_empty()).collect();
    // What begins a list of its own ends with a colon.
    all.join(BETWEEN).replace(&format!(":{BETWEEN}"), ": ")
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
    all.extend(sections(story, view.clock));
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
    fields: &[Line],
    story: &Story,
    terminal: bool,
) -> io::Result<()> {
    let mut text = format!("# {}\n\n", escaped(title));
    for field in fields {
        let label = escaped(&field.label);
        text.push_str(&format!("- **{label}**: {}\n", escaped(&plain(&field.value))));
    }
    for section in &story.sections {
        text.push_str(&format!("\n## {}\n\n", escaped(section.title)));
        for entry in &section.entries {
            let label = escaped(&plain(&entry.label.value));
            let said = escaped(&said(entry, &|fact| plain(&fact.value)));
            text.push_str(&format!("- **{label}**: {said}\n"));
        }
        if section.more {
            text.push_str(&format!("- {MORE}\n"));
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
