//! Where everything of a drawing stands. Stages that lead to a win stand below one another, each in a layer of its own; the
//! other endings stand apart, to the right. A way to the next layer goes straight down, one past others or back goes round
//! on the left, in a lane where no other is, one to an ending apart goes out to the right.

use super::{facts, figures, is_exit, line};
use crate::report::process::{Arrow, Node, Process};

/// How high a line of text is.
pub(super) const LINE: i32 = 17;
/// How wide a cell of text is, about: that of a narrow letter.
const CELL: i32 = 7;
/// Space within boxes, and around all.
pub(super) const PAD: i32 = 12;
/// Space between layers, for a line of text.
const GAP: i32 = 44;
/// The narrowest box.
const NARROW: i32 = 150;

/// A box.
#[derive(Debug, Clone)]
pub(super) struct Box {
    pub(super) x: i32,
    pub(super) y: i32,
    pub(super) w: i32,
    pub(super) h: i32,
    /// The name and what is said below it.
    pub(super) lines: Vec<String>,
}

/// How a way goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Course {
    /// Straight down.
    Down { x: i32, from: i32, to: i32 },
    /// Round on the left, in the lane at this x.
    Round {
        lane: i32,
        from: (i32, i32),
        to: (i32, i32),
    },
    /// Out to the right, or back from there.
    Out { from: (i32, i32), to: (i32, i32) },
}

/// A way with what is said of it, and where.
#[derive(Debug, Clone)]
pub(super) struct Way {
    pub(super) arrow: usize,
    pub(super) course: Course,
    pub(super) text: String,
    pub(super) at: (i32, i32),
    /// Whether the text ends at that place, and does not begin there.
    pub(super) ends: bool,
}

/// A drawing.
#[derive(Debug, Clone)]
pub(super) struct Layout {
    pub(super) width: i32,
    pub(super) height: i32,
    /// Where deals begin; none if no way leads from there.
    pub(super) start: Option<(i32, i32)>,
    /// One for each stage.
    pub(super) boxes: Vec<Box>,
    pub(super) ways: Vec<Way>,
}

/// How wide a text is, about.
pub(super) fn wide(text: &str) -> i32 {
    let cells: i32 = text
        .chars()
        .map(|letter| if letter >= '\u{1100}' { 2 } else { 1 })
        .sum();
    cells * CELL
}

/// The layers of the main column: where deals begin is the first.
fn layer(place: Option<usize>) -> usize {
    place.map_or(0, |place| place + 1)
}

/// A way of which one end stands apart.
fn leads_out(process: &Process, arrow: &Arrow) -> bool {
    let apart = |at: usize| process.nodes.get(at).is_some_and(|node| is_exit(node.kind));
    apart(arrow.to) || arrow.from.is_some_and(apart)
}

/// Lays a process out.
pub(super) fn of(process: &Process) -> Layout {
    let ways: Vec<(usize, &Arrow)> = process.arrows.iter().enumerate().collect();
    let told = |arrow: &Arrow| {
        let text = figures(arrow);
        if arrow.is_allowed {
            text
        } else {
            format!("{text} !")
        }
    };
    let (out, inner): (Vec<_>, Vec<_>) = ways.into_iter().partition(|(_, arrow)| leads_out(process, arrow));
    let (round, down): (Vec<_>, Vec<_>) = inner
        .into_iter()
        .partition(|(_, arrow)| arrow.to != layer(arrow.from));
    let widest = |arrows: &[(usize, &Arrow)]| {
        arrows
            .iter()
            .map(|(_, arrow)| wide(&told(arrow)))
            .max()
            .unwrap_or(0)
    };
    let lanes = lanes(&round);
    let step = widest(&round) + 2 * PAD;
    let taken = lanes.iter().map(|lane| lane + 1).max().unwrap_or(0);
    let left = PAD + i32::try_from(taken).unwrap_or(0) * step + if taken > 0 { PAD } else { 0 };

    let mut boxes: Vec<Box> = process.nodes.iter().map(measured).collect();
    let is_main = |at: usize| process.nodes.get(at).is_some_and(|node| !is_exit(node.kind));
    let count = |arrows: &[(usize, &Arrow)], at: usize| {
        let ends = |(_, arrow): &&(usize, &Arrow)| arrow.from == Some(at) || arrow.to == at;
        i32::try_from(arrows.iter().filter(ends).count()).unwrap_or(0)
    };
    // So high that what goes out of a side has a line of its own.
    for (at, shape) in boxes.iter_mut().enumerate() {
        let ports = count(&out, at).max(count(&round, at));
        shape.h = shape.h.max((ports + 1) * LINE);
    }
    let column = |main: bool, boxes: &[Box]| {
        let shapes = boxes.iter().enumerate().filter(|(at, _)| is_main(*at) == main);
        shapes.map(|(_, shape)| shape.w).max().unwrap_or(0)
    };
    let (main, apart) = (column(true, &boxes), column(false, &boxes));
    let start = process.arrows.iter().any(|arrow| arrow.from.is_none());
    let mut y = PAD + if start { 16 + GAP } else { 0 };
    let exits = left + main + PAD + widest(&out) + 4 * PAD;
    for (_, shape) in boxes.iter_mut().enumerate().filter(|(at, _)| is_main(*at)) {
        (shape.x, shape.y, shape.w) = (left, y, main);
        y += shape.h + GAP;
    }
    let bottom = y - GAP;
    let high: i32 = boxes
        .iter()
        .enumerate()
        .filter(|(at, _)| !is_main(*at))
        .map(|(_, shape)| shape.h + GAP)
        .sum();
    let mut apart_y = ((bottom - high + GAP) / 2).max(PAD);
    for (_, shape) in boxes.iter_mut().enumerate().filter(|(at, _)| !is_main(*at)) {
        (shape.x, shape.y, shape.w) = (exits, apart_y, apart);
        apart_y += shape.h + GAP;
    }
    let begin = start.then_some((left + main / 2, PAD + 8));
    let mut drawn = Vec::new();
    for (arrow, way) in &down {
        drawn.extend(straight(*arrow, way, &boxes, begin, told(way)));
    }
    let mut sides = Sides::new(&boxes);
    for ((arrow, way), lane) in round.iter().zip(&lanes) {
        let x = left - PAD - i32::try_from(*lane).unwrap_or(0) * step - PAD;
        let from = match way.from {
            Some(from) => (left, sides.left(from)),
            None => begin.map_or((left, PAD), |(x, y)| (x - 8, y)),
        };
        let to = (left, sides.left(way.to));
        drawn.push(Way {
            arrow: *arrow,
            course: Course::Round { lane: x, from, to },
            text: told(way),
            at: (x - 4, i32::midpoint(from.1, to.1)),
            ends: true,
        });
    }
    for (arrow, way) in &out {
        drawn.extend(outward(
            process,
            *arrow,
            way,
            &mut sides,
            (begin, left + main, exits),
            told(way),
        ));
    }
    let right = if apart > 0 { exits + apart } else { left + main };
    // Words beside a way straight down may be wider than the boxes.
    let words = drawn
        .iter()
        .filter(|way| !way.ends)
        .map(|way| way.at.0 + wide(&way.text))
        .max();
    Layout {
        width: right.max(words.unwrap_or(0)) + PAD,
        height: bottom.max(apart_y - GAP) + PAD,
        start: begin,
        boxes,
        ways: drawn,
    }
}

/// The box of a stage, without a place.
fn measured(node: &Node) -> Box {
    let mut lines = vec![line(&node.label)];
    lines.extend(facts(node).iter().map(|fact| line(fact)));
    let w = lines.iter().map(|line| wide(line)).max().unwrap_or(0) + 2 * PAD;
    let h = i32::try_from(lines.len()).unwrap_or(1) * LINE + PAD;
    Box {
        x: 0,
        y: 0,
        w: w.max(NARROW),
        h,
        lines,
    }
}

/// The lane of each way that goes round: short ones inside, and never two in the same lane where they would meet.
fn lanes(round: &[(usize, &Arrow)]) -> Vec<usize> {
    let span = |arrow: &Arrow| {
        let (from, to) = (layer(arrow.from), arrow.to + 1);
        (from.min(to), from.max(to))
    };
    let mut order: Vec<usize> = (0..round.len()).collect();
    let length = |at: &usize| {
        round
            .get(*at)
            .map(|(_, arrow)| span(arrow))
            .map(|(low, high)| (high - low, low))
    };
    order.sort_by_key(|at| (length(at), *at));
    let mut lanes = vec![0; round.len()];
    let mut taken: Vec<Vec<(usize, usize)>> = Vec::new();
    for at in order {
        let Some((_, arrow)) = round.get(at) else { continue };
        let (low, high) = span(arrow);
        let is_free = |spans: &Vec<(usize, usize)>| spans.iter().all(|(from, to)| *to < low || high < *from);
        let lane = taken.iter().position(is_free).unwrap_or(taken.len());
        if lane == taken.len() {
            taken.push(Vec::new());
        }
        if let (Some(spans), Some(place)) = (taken.get_mut(lane), lanes.get_mut(at)) {
            spans.push((low, high));
            *place = lane;
        }
    }
    lanes
}

/// The next free heights at the sides of boxes.
struct Sides {
    left: Vec<i32>,
    right: Vec<i32>,
}

impl Sides {
    fn new(boxes: &[Box]) -> Sides {
        let tops: Vec<i32> = boxes.iter().map(|shape| shape.y).collect();
        Sides {
            left: tops.clone(),
            right: tops,
        }
    }

    fn next(side: &mut [i32], at: usize) -> i32 {
        let Some(y) = side.get_mut(at) else { return 0 };
        *y += LINE;
        *y
    }

    fn left(&mut self, at: usize) -> i32 {
        Sides::next(&mut self.left, at)
    }

    fn right(&mut self, at: usize) -> i32 {
        Sides::next(&mut self.right, at)
    }
}

/// A way straight down.
fn straight(
    arrow: usize,
    way: &Arrow,
    boxes: &[Box],
    begin: Option<(i32, i32)>,
    text: String,
) -> Option<Way> {
    let to = boxes.get(way.to)?;
    let from = match way.from {
        Some(from) => boxes.get(from).map(|shape| shape.y + shape.h)?,
        None => begin?.1 + 8,
    };
    let x = to.x + to.w / 2;
    Some(Way {
        arrow,
        course: Course::Down { x, from, to: to.y },
        text,
        at: (x + 8, i32::midpoint(from, to.y) + 4),
        ends: false,
    })
}

/// A way out to the right, or back from there; between endings apart it goes from the one to the other.
fn outward(
    process: &Process,
    arrow: usize,
    way: &Arrow,
    sides: &mut Sides,
    (begin, right, exits): (Option<(i32, i32)>, i32, i32),
    text: String,
) -> Option<Way> {
    let apart = |at: usize| process.nodes.get(at).is_some_and(|node| is_exit(node.kind));
    let mut end = |place: Option<usize>| {
        Some(match place {
            Some(at) if apart(at) => (exits, sides.left(at)),
            Some(at) => (right, sides.right(at)),
            None => begin.map(|(x, y)| (x + 8, y))?,
        })
    };
    let (from, to) = (end(way.from)?, end(Some(way.to))?);
    let near = if from.0 < exits { from } else { to };
    Some(Way {
        arrow,
        course: Course::Out { from, to },
        text,
        at: (near.0 + 6, near.1 - 4),
        ends: false,
    })
}
