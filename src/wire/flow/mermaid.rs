//! A process as a Mermaid flowchart, as Markdown pages on code hosts draw it.

use std::fmt::Write as _;

use super::{facts, figures, is_exit, line, of_kind};
use crate::domain::pipeline::StageType;
use crate::report::process::{Arrow, Node, Process};

/// The flowchart.
pub fn write(process: &Process) -> String {
    let mut out = "flowchart TD\n".to_owned();
    if process.arrows.iter().any(|arrow| arrow.from.is_none()) {
        out.push_str("  begin((\" \"))\n");
    }
    for (at, node) in of_kind(process, |kind| !is_exit(kind)) {
        out.push_str(&format!("  {}\n", shape(at, node)));
    }
    let mut exits = of_kind(process, is_exit).peekable();
    if exits.peek().is_some() {
        out.push_str("  subgraph endings[\" \"]\n");
        for (at, node) in exits {
            out.push_str(&format!("    {}\n", shape(at, node)));
        }
        out.push_str("  end\n");
    }
    for arrow in &process.arrows {
        let from = arrow
            .from
            .map_or_else(|| "begin".to_owned(), |from| format!("s{from}"));
        let label = match told(arrow) {
            text if text.is_empty() => String::new(),
            text => format!("|\"{text}\"|"),
        };
        let line = if process.is_back(arrow) || !arrow.is_defined {
            "-.->"
        } else {
            "-->"
        };
        // Writing into a string cannot fail.
        let _ = writeln!(out, "  {from} {line}{label} s{}", arrow.to);
    }
    out
}

fn told(arrow: &Arrow) -> String {
    let mut text = escaped(&figures(arrow));
    if !arrow.is_allowed {
        text.push_str(" #33;");
    }
    text
}

/// A stage: a box, one to win in rounded.
fn shape(at: usize, node: &Node) -> String {
    let lines = facts(node);
    let text: Vec<String> = std::iter::once(node.label.as_str())
        .chain(lines.iter().map(String::as_str))
        .map(|text| escaped(&line(text)))
        .collect();
    let text = text.join("<br/>");
    match node.kind {
        StageType::Won => format!("s{at}([\"{text}\"])"),
        _ => format!("s{at}[\"{text}\"]"),
    }
}

/// Text in quotes: whatever is neither a letter, a digit nor harmless is written by its number.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        if letter.is_alphanumeric() || " ,.:/()+-_·…".contains(letter) {
            out.push(letter);
        } else {
            let _ = write!(out, "#{};", u32::from(letter));
        }
    }
    out
}
