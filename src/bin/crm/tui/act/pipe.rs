//! What a command of the shell makes of records: objects that come back with other values are changes that are offered.

use crm::domain::input::{Assignment, Input};
use crm::domain::value::Link;
use crm::wire::read::json;

use crate::tui::act::copy::Rows;
use crate::tui::deed::Deed;

/// What one record would become.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Change {
    pub(crate) record: Link,
    pub(crate) assignments: Vec<Assignment>,
    /// The version of the record that was sent: what somebody else has written meanwhile is not written over.
    version: Option<i64>,
    /// Each field as `city: Berlin → Hamburg`.
    pub(crate) lines: Vec<String>,
}

/// The changes in what a command has printed: one object a line, each with the `id` of a record that was sent and
/// fields that differ. Lines that are none such are passed over.
pub(crate) fn changes(sent: &Rows, output: &str) -> Vec<Change> {
    let before = sent.lines();
    let before: Vec<Input> = before.lines().filter_map(|line| json::parse(line).ok()).collect();
    let mut changes = Vec::new();
    for line in output.lines().filter(|line| line.trim_start().starts_with('{')) {
        let Ok(object) = json::parse(line) else { continue };
        let Some(id) = object.part("id").and_then(Input::as_text) else {
            continue;
        };
        let found = before
            .iter()
            .zip(&sent.links)
            .find(|(known, _)| known.part("id").and_then(Input::as_text) == Some(id));
        if let Some((known, link)) = found {
            changes.extend(change(sent, link, known, &object));
        }
    }
    changes
}

/// The change of one record; none if nothing differs.
fn change(sent: &Rows, record: &Link, known: &Input, object: &Input) -> Option<Change> {
    let mut change = Change {
        record: record.clone(),
        assignments: Vec::new(),
        version: known
            .part("version")
            .and_then(Input::as_text)
            .and_then(|text| text.parse().ok()),
        lines: Vec::new(),
    };
    for name in sent.writable() {
        let Some(after) = at(object, name) else { continue };
        let before = at(known, name).unwrap_or(&Input::Clear);
        if after != before {
            change
                .lines
                .push(format!("{name}: {} → {}", said(before), said(after)));
            change.assignments.push((name.to_owned(), given(after)));
        }
    }
    (!change.assignments.is_empty()).then_some(change)
}

/// The part at a path with dots.
fn at<'i>(object: &'i Input, path: &str) -> Option<&'i Input> {
    path.split('.').try_fold(object, |object, name| object.part(name))
}

/// Another record is given by its ref, whatever else the object says of it.
fn given(input: &Input) -> Input {
    match input {
        Input::Map(_) => input.part("id").unwrap_or(input).clone(),
        Input::List(items) => Input::List(items.iter().map(given).collect()),
        other => other.clone(),
    }
}

/// A value in a line.
fn said(input: &Input) -> String {
    match input {
        Input::Clear => "nothing".to_owned(),
        Input::Text(text) => text.clone(),
        Input::List(items) if items.is_empty() => "nothing".to_owned(),
        Input::List(items) => items.iter().map(said).collect::<Vec<_>>().join("; "),
        Input::Map(parts) => {
            let name = input.part("name").or_else(|| input.part("amount"));
            name.map_or_else(
                || {
                    let parts: Vec<String> = parts.iter().map(|(_, part)| said(part)).collect();
                    parts.join(" ")
                },
                said,
            )
        }
    }
}

/// The deed that makes all changes, as one operation.
pub(crate) fn deed(changes: &[Change], command: &str) -> Deed {
    let deeds = changes.iter().map(|change| Deed::Set {
        of: vec![change.record.clone()],
        assignments: change.assignments.clone(),
        version: change.version,
    });
    let title = match changes {
        [one] => format!("Changed {} by {command}", one.record.reference()),
        all => format!("Changed {} records by {command}", all.len()),
    };
    Deed::All(title, deeds.collect())
}
