//! One record on a terminal: a heading, sections, and lines of a label and what is known. What is unknown is left out.

use std::io::{self, Write};

use crm::domain::clock::Clock;
use crm::domain::field::FieldType;
use crm::domain::value::Value;

use crate::text::style::{Paint, Style};
use crate::text::{cut, display, sanitise, width};

/// Blanks between a label and its value.
const GAP: usize = 2;
/// What a value keeps at least, however narrow the terminal.
const LEAST: usize = 20;
/// What a label takes at most.
const LABEL: usize = 24;

/// A line of a record.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Line {
    /// What it is.
    pub(crate) label: String,
    /// What sort of value.
    pub(crate) kind: FieldType,
    /// The value.
    pub(crate) value: Value,
}

/// Lines that belong together.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Section {
    /// The heading; the first section usually has none.
    pub(crate) title: Option<String>,
    /// The lines.
    pub(crate) lines: Vec<Line>,
}

/// How a record is shown.
#[derive(Debug, Clone, Copy)]
pub(crate) struct View<'a> {
    /// Now.
    pub(crate) clock: &'a Clock,
    /// The width of the terminal; without one nothing is wrapped.
    pub(crate) width: Option<u16>,
    /// Whether there is colour.
    pub(crate) paint: Paint,
}

/// Writes a record: `title`, then the sections that have anything to say.
///
/// # Errors
///
/// The stream fails.
pub(crate) fn write(
    out: &mut dyn Write,
    title: &str,
    sections: &[Section],
    view: View<'_>,
) -> io::Result<()> {
    let whole = view.width.map_or(usize::MAX, usize::from);
    let title = sanitise::line(title);
    // Wrapping would make one blank of the two behind the ref.
    let title = match width::width(&title) <= whole {
        true => vec![title.into_owned()],
        false => cut::wrap(&title, whole),
    };
    for line in title {
        writeln!(out, "{}", view.paint.apply(Style::Bold, &line))?;
    }
    let most = LABEL.min(whole.saturating_sub(LEAST + GAP).max(1));
    let sections: Vec<Shown<'_>> = sections
        .iter()
        .map(|section| shown(section, most, view.clock))
        .filter(|section| !section.lines.is_empty())
        .collect();
    let labels = sections.iter().flat_map(|section| &section.lines);
    let indent = labels.map(|(label, _)| width::width(label)).max().unwrap_or(0) + GAP;
    for section in &sections {
        if let Some(title) = section.title {
            writeln!(out)?;
            writeln!(out, "{}", view.paint.apply(Style::Bold, &sanitise::line(title)))?;
        }
        for (label, text) in &section.lines {
            write_line(out, label, text, indent, view)?;
        }
    }
    Ok(())
}

/// A section as it will stand on the screen.
struct Shown<'a> {
    title: Option<&'a str>,
    /// Labels and texts of what is known.
    lines: Vec<(String, String)>,
}

/// What a section has to say, with labels of at most so many cells.
fn shown<'a>(section: &'a Section, most: usize, clock: &Clock) -> Shown<'a> {
    let texts = section.lines.iter().map(|line| {
        let label = cut::cut(&sanitise::line(&line.label), most).into_owned();
        (label, display::lines(&line.value, line.kind, clock))
    });
    Shown {
        title: section.title.as_deref(),
        lines: texts.filter(|(_, text)| !text.is_empty()).collect(),
    }
}

/// Writes a label and its value, wrapped beside it.
fn write_line(out: &mut dyn Write, label: &str, text: &str, indent: usize, view: View<'_>) -> io::Result<()> {
    let room = view.width.map_or(usize::MAX, |width| {
        usize::from(width).saturating_sub(indent).max(LEAST)
    });
    let wrapped = cut::wrap(text, room);
    for (at, line) in wrapped.iter().enumerate() {
        let head = if at == 0 { label } else { "" };
        let blanks = " ".repeat(indent.saturating_sub(width::width(head)));
        let head = view.paint.apply(Style::Dim, head);
        writeln!(out, "{}", format!("{head}{blanks}{line}").trim_end_matches(' '))?;
    }
    Ok(())
}
