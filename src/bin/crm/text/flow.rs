//! A sales process as lines of text: a box for each stage, one below the other, with the ways that lead on from it. What
//! leads to the next box is the trunk; all others branch off and say where they go.

use crm::domain::pipeline::StageType;
use crm::report::process::{Arrow, Node, Process};
use crm::wire::flow::{facts, figures};

use crate::text::style::{Paint, Style};
use crate::text::{cut, sanitise, width};

/// What boxes and ways are drawn with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Symbols {
    corners: [&'static str; 4],
    across: &'static str,
    down: &'static str,
    head: &'static str,
    begin: &'static str,
    on: &'static str,
    back: &'static str,
    out: &'static str,
    dot: &'static str,
}

/// For terminals with a UTF-8 font.
pub(crate) const UNICODE: Symbols = Symbols {
    corners: ["┌", "┐", "└", "┘"],
    across: "─",
    down: "│",
    head: "▼",
    begin: "●",
    on: "├─▶",
    back: "├─◀",
    out: "├─✕",
    dot: "·",
};

/// For all others.
pub(crate) const ASCII: Symbols = Symbols {
    corners: ["+", "+", "+", "+"],
    across: "-",
    down: "|",
    head: "v",
    begin: "o",
    on: "+->",
    back: "+-<",
    out: "+-x",
    dot: "-",
};

/// How a process is drawn.
#[derive(Debug, Clone, Copy)]
pub(crate) struct View {
    /// The widest that a line may be.
    pub(crate) width: usize,
    /// With what.
    pub(crate) symbols: Symbols,
    /// Whether there is colour.
    pub(crate) paint: Paint,
}

/// The widest that a box is.
const WIDEST: usize = 76;

/// What a box has besides its text.
const FRAME: usize = 4;

/// The lines of a drawing.
pub(crate) fn lines(process: &Process, view: View) -> Vec<String> {
    let drawing = Drawing {
        process,
        view,
        room: view.width.saturating_sub(FRAME).clamp(10, WIDEST),
    };
    let mut out = Vec::new();
    drawing.head(&mut out);
    let is_apart = |node: &Node| matches!(node.kind, StageType::Lost | StageType::Abandoned);
    let nodes = || process.nodes.iter().enumerate();
    if process.arrows.iter().any(|arrow| arrow.from.is_none()) {
        out.push(view.symbols.begin.to_owned());
        drawing.ways(None, &mut out);
    }
    for (at, node) in nodes().filter(|(_, node)| !is_apart(node)) {
        drawing.stage(node, &mut out);
        drawing.ways(Some(at), &mut out);
    }
    for (at, node) in nodes().filter(|(_, node)| is_apart(node)) {
        out.push(String::new());
        drawing.stage(node, &mut out);
        drawing.ways(Some(at), &mut out);
    }
    drawing.foot(&mut out);
    out
}

struct Drawing<'p> {
    process: &'p Process,
    view: View,
    /// The cells of text in a box.
    room: usize,
}

impl Drawing<'_> {
    /// Words as the terminal has them.
    fn text(&self, text: &str) -> String {
        let text = sanitise::line(text);
        match self.view.symbols == ASCII {
            true => text.replace('·', self.view.symbols.dot).replace('…', "~"),
            false => text.into_owned(),
        }
    }

    fn head(&self, out: &mut Vec<String>) {
        let process = self.process;
        let title = named(&process.label, &process.pipeline);
        let what = match &process.real {
            None => "as defined".to_owned(),
            Some(real) => format!("as it really ran · {} · {} deals", real.period, real.deals),
        };
        for line in cut::wrap(&self.text(&title), self.view.width) {
            out.push(self.view.paint.apply(Style::Bold, &line));
        }
        for line in cut::wrap(&self.text(&what), self.view.width) {
            out.push(self.view.paint.apply(Style::Dim, &line));
        }
        out.push(String::new());
    }

    fn stage(&self, node: &Node, out: &mut Vec<String>) {
        let Symbols {
            corners: [top_left, top_right, bottom_left, bottom_right],
            across,
            down,
            ..
        } = self.view.symbols;
        let title = named(&node.label, &node.key);
        let mut lines: Vec<(bool, String)> = Vec::new();
        for line in cut::wrap(&self.text(&title), self.room) {
            lines.push((true, line));
        }
        for fact in facts(node) {
            lines.extend(
                cut::wrap(&self.text(&fact), self.room)
                    .into_iter()
                    .map(|line| (false, line)),
            );
        }
        let bar = across.repeat(self.room + 2);
        out.push(format!("{top_left}{bar}{top_right}"));
        for (is_title, line) in lines {
            let blanks = " ".repeat(self.room.saturating_sub(width::width(&line)));
            let style = match (is_title, node.kind) {
                (false, _) => Style::Dim,
                (true, StageType::Won) => Style::Green,
                (true, _) => Style::Bold,
            };
            out.push(format!(
                "{down} {}{blanks} {down}",
                self.view.paint.apply(style, &line)
            ));
        }
        out.push(format!("{bottom_left}{bar}{bottom_right}"));
    }

    /// The ways that lead on from a stage, the one to the next box last.
    fn ways(&self, from: Option<usize>, out: &mut Vec<String>) {
        let arrows: Vec<&Arrow> = self
            .process
            .arrows
            .iter()
            .filter(|arrow| arrow.from == from)
            .collect();
        let next = from.map_or(0, |from| from + 1);
        let node = |at: usize| self.process.nodes.get(at);
        let is_apart = |at: usize| {
            node(at).is_some_and(|node| matches!(node.kind, StageType::Lost | StageType::Abandoned))
        };
        let is_trunk = |arrow: &&&Arrow| arrow.to == next && !is_apart(arrow.to);
        let branches: Vec<(String, String)> = arrows
            .iter()
            .filter(|arrow| !is_trunk(arrow))
            .map(|arrow| {
                let symbol = match (is_apart(arrow.to), self.process.is_back(arrow)) {
                    (true, _) => self.view.symbols.out,
                    (_, true) => self.view.symbols.back,
                    _ => self.view.symbols.on,
                };
                let name = node(arrow.to).map_or("", |node| node.label.as_str());
                (format!("{symbol} {}", self.text(name)), self.told(arrow))
            })
            .collect();
        let half = self.view.width / 2;
        let widest = branches
            .iter()
            .map(|(name, _)| width::width(name))
            .max()
            .unwrap_or(0)
            .min(half);
        for (name, told) in branches {
            let name = cut::cut(&name, half).into_owned();
            let line = format!("{}  {told}", width::pad(&name, widest));
            out.push(cut::cut(line.trim_end(), self.view.width).into_owned());
        }
        if let Some(trunk) = arrows.iter().find(is_trunk) {
            let line = format!("{} {}", self.view.symbols.down, self.told(trunk));
            out.push(cut::cut(line.trim_end(), self.view.width).into_owned());
            out.push(self.view.symbols.head.to_owned());
        } else if from.is_some_and(|from| from + 1 < self.process.nodes.len()) && !is_apart(next) {
            out.push(String::new());
        }
    }

    /// The figures of a way, with a mark on one that the process does not allow.
    fn told(&self, arrow: &Arrow) -> String {
        let figures = self.text(&figures(arrow));
        match arrow.is_allowed {
            true => figures,
            false => format!("{figures} !"),
        }
    }

    fn foot(&self, out: &mut Vec<String>) {
        let process = self.process;
        let mut notes = Vec::new();
        if process.real.is_some() {
            notes.push(
                "on each way: moves · share of those who came into the stage · days before it, in the middle"
                    .to_owned(),
            );
        } else {
            notes.push("a stage that names no next ones allows any".to_owned());
        }
        if process.arrows.iter().any(|arrow| !arrow.is_allowed) {
            notes.push("! the process does not allow this now".to_owned());
        }
        if let Some(real) = &process.real {
            for (count, what) in [
                (real.abandoned, "abandoned deals left out"),
                (real.elsewhere, "moves from other pipelines not drawn"),
            ] {
                if count > 0 {
                    notes.push(format!("{count} {what}"));
                }
            }
        }
        out.push(String::new());
        for note in notes {
            for line in cut::wrap(&self.text(&note), self.view.width) {
                out.push(self.view.paint.apply(Style::Dim, &line));
            }
        }
    }
}

/// A label, with the key that commands take where it is another.
fn named(label: &str, key: &str) -> String {
    match label.to_lowercase().replace([' ', '-'], "_") == key {
        true => label.to_owned(),
        false => format!("{label} · {key}"),
    }
}

#[cfg(test)]
mod tests {
    use crm::domain::process::Rules;
    use crm::report::Cell;
    use crm::report::process::{Figures, Real};

    use super::*;

    fn node(key: &str, label: &str, kind: StageType, stays: Option<i64>) -> Node {
        Node {
            key: key.to_owned(),
            label: label.to_owned(),
            kind,
            probability: 40,
            rot_days: 14,
            rules: Rules::default(),
            is_gone: false,
            stays,
        }
    }

    fn arrow(from: Option<usize>, to: usize, moves: i64) -> Arrow {
        Arrow {
            from,
            to,
            is_defined: true,
            is_allowed: true,
            figures: Some(Figures {
                moves,
                conversion: Cell::Ratio(moves.into(), 20),
                median_days: Cell::Days(6.5),
            }),
        }
    }

    fn process() -> Process {
        let mut nodes = vec![
            node("talk", "初步接触", StageType::Open, Some(20)),
            node("offer", "方案/报价 \u{1b}[31m\"; DROP", StageType::Open, Some(12)),
            node("won", "Won", StageType::Won, Some(5)),
            node("lost", "输单", StageType::Lost, Some(8)),
        ];
        nodes[1].rules.required = vec!["amount".to_owned(), "customer.emails".to_owned()];
        nodes[1].rules.checklist = vec!["Budget confirmed".to_owned(), "关键人已见面".to_owned()];
        nodes[1].rules.next = vec!["won".to_owned(), "lost".to_owned()];
        let mut back = arrow(Some(1), 0, 2);
        back.is_allowed = false;
        Process {
            pipeline: "sales".to_owned(),
            label: "销售".to_owned(),
            nodes,
            arrows: vec![
                arrow(None, 0, 20),
                arrow(Some(0), 1, 12),
                arrow(Some(0), 3, 5),
                back,
                arrow(Some(1), 2, 5),
                arrow(Some(1), 3, 3),
            ],
            real: Some(Real {
                period: "2026-Q4".to_owned(),
                deals: 20,
                abandoned: 1,
                elsewhere: 0,
            }),
        }
    }

    fn drawn(width: usize, symbols: Symbols) -> String {
        let paint = Paint { on: false };
        let view = View {
            width,
            symbols,
            paint,
        };
        lines(&process(), view).join("\n")
    }

    #[test]
    fn a_process_at_a_glance() {
        insta::assert_snapshot!("flow_80", drawn(80, UNICODE));
        insta::assert_snapshot!("flow_40_ascii", drawn(40, ASCII));
    }

    #[test]
    fn lines_fit_and_boxes_line_up() {
        for size in [12, 20, 40, 80, 120, 300] {
            for symbols in [UNICODE, ASCII] {
                let text = drawn(size, symbols);
                assert!(!text.contains('\u{1b}'));
                let boxes: Vec<usize> = text
                    .lines()
                    .filter(|line| line.starts_with(symbols.down) && line.ends_with(symbols.down))
                    .map(width::width)
                    .collect();
                assert!(boxes.len() > 4, "{text}");
                assert!(boxes.iter().all(|cells| *cells == boxes[0]), "{text}");
                let widest = text.lines().map(width::width).max().unwrap_or(0);
                assert!(widest <= size.max(14), "{size}: {text}");
            }
        }
    }

    #[test]
    fn without_colour_there_are_no_sequences_and_with_it_the_same_words() {
        let paint = Paint { on: true };
        let view = View {
            width: 80,
            symbols: UNICODE,
            paint,
        };
        let painted = lines(&process(), view).join("\n");
        let mut plain = painted.clone();
        for code in ["\u{1b}[0m", "\u{1b}[1m", "\u{1b}[2m", "\u{1b}[32m"] {
            plain = plain.replace(code, "");
        }
        assert!(painted.contains("\u{1b}[1m"));
        assert_eq!(plain, drawn(80, UNICODE));
    }
}
