//! A process as a picture that needs nothing else, in light and dark.

use std::fmt::Write as _;

use super::layout::{self, Box, Course, LINE, Layout, Way};
use super::{is_exit, line};
use crate::domain::pipeline::StageType;
use crate::report::process::Process;

/// Colours, and what has which.
const STYLE: &str = "\
    svg{--ink:#1f2328;--dim:#59636e;--edge:#818b98;--box:#f6f8fa;--won:#1a7f37;--lost:#b35900;--page:#ffffff}\
    @media(prefers-color-scheme:dark){svg{--ink:#f0f6fc;--dim:#9198a1;--edge:#7d8590;--box:#212830;--won:#3fb950;\
    --lost:#d29922;--page:#0d1117}}\
    text{font:12px ui-sans-serif,system-ui,sans-serif;fill:var(--dim);paint-order:stroke;stroke:var(--page);stroke-width:3px}\
    .n text{stroke:none}.n .t{font-weight:600;fill:var(--ink)}\
    .n rect{fill:var(--box);stroke:var(--edge)}.won rect{stroke:var(--won);stroke-width:2}\
    .lost rect{stroke:var(--lost)}.gone rect{stroke-dasharray:2 3}\
    path{fill:none;stroke:var(--edge);stroke-width:1.4}.b{stroke-dasharray:5 4}.x{stroke:var(--lost)}\
    .p{fill:var(--page)}.h,.s{fill:var(--edge);stroke:none}";

/// The picture.
pub fn write(process: &Process) -> String {
    let layout = layout::of(process);
    let Layout { width, height, .. } = layout;
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" \
         role=\"img\">\n<title>{}</title>\n<style>{STYLE}</style>\n\
         <defs><marker id=\"head\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"8\" markerHeight=\"8\" \
         orient=\"auto\"><path class=\"h\" d=\"M0,0L8,4L0,8z\"/></marker></defs>\n\
         <rect class=\"p\" width=\"{width}\" height=\"{height}\"/>\n",
        escaped(&line(&process.label))
    );
    for way in &layout.ways {
        let Some(arrow) = process.arrows.get(way.arrow) else {
            continue;
        };
        let mut class = Vec::new();
        if process.is_back(arrow) || !arrow.is_defined {
            class.push("b");
        }
        if !arrow.is_allowed {
            class.push("x");
        }
        let class = class.join(" ");
        // Writing into a string cannot fail.
        let _ = writeln!(
            out,
            "<path class=\"{class}\" marker-end=\"url(#head)\" d=\"{}\"/>",
            course(way.course)
        );
    }
    for way in layout.ways.iter().filter(|way| !way.text.is_empty()) {
        out.push_str(&words(way));
    }
    if let Some((x, y)) = layout.start {
        let _ = writeln!(out, "<circle class=\"s\" cx=\"{x}\" cy=\"{y}\" r=\"8\"/>");
    }
    for (node, shape) in process.nodes.iter().zip(&layout.boxes) {
        let mut class = "n".to_owned();
        match node.kind {
            StageType::Won => class.push_str(" won"),
            kind if is_exit(kind) => class.push_str(" lost"),
            _ => {}
        }
        if node.is_gone {
            class.push_str(" gone");
        }
        out.push_str(&stage(shape, &class, &node.key));
    }
    out.push_str("</svg>\n");
    out
}

/// A way as a path.
fn course(course: Course) -> String {
    match course {
        Course::Down { x, from, to } => format!("M{x},{from}V{to}"),
        Course::Round { lane, from, to } => {
            let ((x1, y1), (x2, y2)) = (from, to);
            let turn = if y2 > y1 { 8 } else { -8 };
            let inner = lane + 8;
            let (bend, end) = (y1 + turn, y2 - turn);
            format!("M{x1},{y1}H{inner}Q{lane},{y1},{lane},{bend}V{end}Q{lane},{y2},{inner},{y2}H{x2}")
        }
        Course::Out { from, to } => {
            let ((x1, y1), (x2, y2)) = (from, to);
            let middle = (x1.max(x2) - 40).max(i32::midpoint(x1, x2));
            if x1 <= x2 {
                format!(
                    "M{x1},{y1}H{middle}C{},{y1},{},{y2},{x2},{y2}",
                    middle + 20,
                    middle + 20
                )
            } else {
                format!(
                    "M{x1},{y1}C{},{y1},{},{y2},{middle},{y2}H{x2}",
                    middle + 20,
                    middle + 20
                )
            }
        }
    }
}

/// What is said of a way.
fn words(way: &Way) -> String {
    let anchor = if way.ends { " text-anchor=\"end\"" } else { "" };
    let (x, y) = way.at;
    format!(
        "<text x=\"{x}\" y=\"{y}\"{anchor}>{}</text>\n",
        escaped(&way.text)
    )
}

fn stage(shape: &Box, class: &str, key: &str) -> String {
    let Box { x, y, w, h, lines } = shape;
    let mut out = format!(
        "<g class=\"{class}\"><title>{}</title><rect x=\"{x}\" y=\"{y}\" width=\"{w}\" height=\"{h}\" rx=\"7\"/>",
        escaped(&line(key))
    );
    let left = x + layout::PAD;
    for (baseline, (at, line)) in (0..)
        .map(|row| y + LINE + row * LINE)
        .zip(lines.iter().enumerate())
    {
        let title = if at == 0 { " class=\"t\"" } else { "" };
        let _ = write!(
            out,
            "<text{title} x=\"{left}\" y=\"{baseline}\">{}</text>",
            escaped(line)
        );
    }
    out.push_str("</g>\n");
    out
}

/// Text in XML.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            letter => out.push(letter),
        }
    }
    out
}
