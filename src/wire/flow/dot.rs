//! A process in the language of Graphviz.

use std::fmt::Write as _;

use super::{facts, figures, is_exit, line, of_kind};
use crate::domain::pipeline::StageType;
use crate::report::process::{Node, Process};

/// The graph.
pub fn write(process: &Process) -> String {
    let mut out = format!(
        "digraph process {{\n  rankdir=TB;\n  label=\"{}\";\n  node [shape=box, style=rounded, fontname=\"sans-serif\"];\n  \
         edge [fontname=\"sans-serif\", fontsize=10];\n",
        escaped(&line(&process.label))
    );
    if process.arrows.iter().any(|arrow| arrow.from.is_none()) {
        out.push_str("  begin [shape=circle, label=\"\", width=0.2];\n");
    }
    for (at, node) in of_kind(process, |kind| !is_exit(kind)) {
        out.push_str(&format!("  {}\n", shape(at, node)));
    }
    let mut exits = of_kind(process, is_exit).peekable();
    if exits.peek().is_some() {
        out.push_str("  subgraph cluster_endings {\n    label=\"\";\n    style=dotted;\n");
        for (at, node) in exits {
            out.push_str(&format!("    {}\n", shape(at, node)));
        }
        out.push_str("  }\n");
    }
    for arrow in &process.arrows {
        let from = arrow
            .from
            .map_or_else(|| "begin".to_owned(), |from| format!("s{from}"));
        let mut told = Vec::new();
        let mut label = escaped(&figures(arrow));
        if !arrow.is_allowed {
            label.push_str(" !");
        }
        if !label.is_empty() {
            told.push(format!("label=\"{label}\""));
        }
        if process.is_back(arrow) {
            told.push("style=dashed, constraint=false".to_owned());
        } else if !arrow.is_defined {
            told.push("style=dashed".to_owned());
        }
        let told = if told.is_empty() {
            String::new()
        } else {
            format!(" [{}]", told.join(", "))
        };
        // Writing into a string cannot fail.
        let _ = writeln!(out, "  {from} -> s{}{told};", arrow.to);
    }
    out.push_str("}\n");
    out
}

fn shape(at: usize, node: &Node) -> String {
    let lines = facts(node);
    let text: Vec<String> = std::iter::once(node.label.as_str())
        .chain(lines.iter().map(String::as_str))
        .map(|text| escaped(&line(text)))
        .collect();
    let more = match node.kind {
        StageType::Open => "",
        StageType::Won => ", penwidth=2",
        StageType::Lost | StageType::Abandoned => ", style=\"rounded,dashed\"",
    };
    format!("s{at} [label=\"{}\"{more}];", text.join("\\n"))
}

/// Text in quotes. In a label a backslash begins an escape of Graphviz and an ampersand an entity of HTML.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '"' | '\\' => out.extend(['\\', letter]),
            '&' => out.push_str("&amp;"),
            letter => out.push(letter),
        }
    }
    out
}
