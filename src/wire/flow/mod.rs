//! A sales process for other programs: Mermaid, DOT, SVG, JSON. What a stage is called may be anything: it never becomes
//! part of the language that it is written in.

pub mod dot;
mod layout;
pub mod mermaid;
pub mod svg;
#[cfg(test)]
mod tests;

use serde_json::{Value as Json, json};

use crate::domain::pipeline::StageType;
use crate::domain::process::Template;
use crate::report::process::{Arrow, Node, Process};

/// The longest that a line in a drawing is, in letters.
const LONGEST: usize = 60;

/// What is said of a stage below its name, a line each.
pub fn facts(node: &Node) -> Vec<String> {
    let mut first = Vec::new();
    if node.kind == StageType::Open {
        first.push(format!("{}%", node.probability));
    }
    if node.rot_days > 0 {
        first.push(format!("rots after {} d", node.rot_days));
    }
    first.extend(node.stays.map(|stays| format!("{stays} came in")));
    if node.is_gone {
        first.push("gone".to_owned());
    }
    let mut lines = vec![first.join(" · ")];
    let rules = &node.rules;
    if !rules.required.is_empty() {
        lines.push(format!("needs {}", rules.required.join(", ")));
    }
    if !rules.checklist.is_empty() {
        lines.push(format!("to tick off: {}", rules.checklist.join("; ")));
    }
    for task in &rules.tasks {
        lines.push(format!("makes {task}"));
    }
    if !rules.next.is_empty() {
        lines.push(format!("then only {}", rules.next.join(", ")));
    }
    lines.retain(|line| !line.is_empty());
    lines
}

/// The figures of a way: how often, which share, how long; empty of a mere definition.
pub fn figures(arrow: &Arrow) -> String {
    let Some(figures) = &arrow.figures else {
        return String::new();
    };
    let mut parts = vec![figures.moves.to_string()];
    parts.extend(figures.conversion.percent(0).map(|percent| format!("{percent}%")));
    parts.extend(figures.median_days.days().map(|days| format!("{days} d")));
    parts.join(" · ")
}

/// A text in one line without control characters, cut where it is very long.
fn line(text: &str) -> String {
    let mut out = String::new();
    for (at, letter) in text.chars().enumerate() {
        if at == LONGEST {
            out.push('…');
            break;
        }
        // Neither a control character nor a noncharacter may stand in XML, and none helps anywhere.
        match letter {
            '\u{2028}' | '\u{2029}' | '\u{fffe}' | '\u{ffff}' => out.push(' '),
            letter if letter.is_control() => out.push(' '),
            letter => out.push(letter),
        }
    }
    out
}

/// The stages of a type.
fn of_kind(process: &Process, fits: impl Fn(StageType) -> bool) -> impl Iterator<Item = (usize, &Node)> {
    let nodes = process.nodes.iter().enumerate();
    nodes.filter(move |(_, node)| fits(node.kind))
}

/// Whether deals that come here are given up.
fn is_exit(kind: StageType) -> bool {
    matches!(kind, StageType::Lost | StageType::Abandoned)
}

/// A process as JSON: `pipeline label stages moves`, and `period deals abandoned elsewhere` of how it really ran. A stage
/// that allows every other has `next` null.
pub fn object(process: &Process) -> Json {
    let key = |at: usize| process.nodes.get(at).map(|node| node.key.as_str());
    let stages: Vec<Json> = process
        .nodes
        .iter()
        .map(|node| {
            let tasks: Vec<String> = node.rules.tasks.iter().map(Template::to_string).collect();
            json!({
                "key": node.key,
                "label": node.label,
                "type": node.kind.name(),
                "probability": node.probability as f64 / 100.0,
                "rot_days": node.rot_days,
                "required": node.rules.required,
                "checklist": node.rules.checklist,
                "tasks": tasks,
                "next": Some(&node.rules.next).filter(|next| !next.is_empty()),
                "gone": node.is_gone,
                "stays": node.stays,
            })
        })
        .collect();
    let moves: Vec<Json> = process
        .arrows
        .iter()
        .map(|arrow| {
            let figures = arrow.figures.as_ref();
            json!({
                "from": arrow.from.and_then(key),
                "to": key(arrow.to),
                "defined": arrow.is_defined,
                "allowed": arrow.is_allowed,
                "moves": figures.map(|figures| figures.moves),
                "conversion": figures.and_then(|figures| figures.conversion.share()),
                "median_days": figures.and_then(|figures| match figures.median_days {
                    crate::report::Cell::Days(days) => Some(days),
                    _ => None,
                }),
            })
        })
        .collect();
    let real = process.real.as_ref();
    json!({
        "pipeline": process.pipeline,
        "label": process.label,
        "period": real.map(|real| real.period.as_str()),
        "deals": real.map(|real| real.deals),
        "abandoned": real.map(|real| real.abandoned),
        "elsewhere": real.map(|real| real.elsewhere),
        "stages": stages,
        "moves": moves,
    })
}
