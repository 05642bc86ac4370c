//! The clocks of a ticket in words: how long there is still, what was promised, and what came of it.

use crm::domain::value::Value;
use jiff::Timestamp;

use super::{Line, push};
use crate::text::{number, relative, sanitise};
use crate::tui::query::Sheet;
use crate::tui::world::World;

/// The lines; none for a ticket for which nothing was promised and nothing was done.
pub(super) fn lines(sheet: &Sheet, room: usize, world: &World) -> Vec<Line> {
    let at = |name: &str| match sheet.value(name) {
        Value::Instant(at) => Some(*at),
        _ => None,
    };
    let took = |name: &str| match sheet.value(name) {
        Value::Seconds(seconds) => Some(number::duration(*seconds)),
        _ => None,
    };
    let said = |at: Timestamp| relative::instant(at, world.clock());
    let due = |name: &str| at(name).map(|at| format!("due {}", said(at)));
    let is_late = |name: &str| at(name).is_some_and(|at| at <= world.clock().now());
    let broken = |text: String, name: &str| match is_late(name) {
        true => format!("{text} · later than promised"),
        false => text,
    };
    let answer = match (at("first_responded_at"), took("response_time")) {
        (Some(at), took) => Some(broken(done(&said(at), took), "first_response_late_at")),
        (None, _) => due("first_response_due_at"),
    };
    let solution = match (at("resolved_at"), took("resolution_time")) {
        (Some(at), took) => Some(broken(done(&said(at), took), "resolution_late_at")),
        (None, _) => due("resolution_due_at").map(|text| broken(text, "resolution_late_at")),
    };
    let left = at("due_at").map(|at| relative::left(at, world.clock()));
    let paused = at("paused_since").map(|at| format!("paused since {}", said(at)));
    let policy = match sheet.value("sla") {
        Value::Link(link) => Some(sanitise::line(&link.name).into_owned()),
        _ => None,
    };
    let told = [
        ("time left", left.or(paused)),
        ("first answer", answer),
        ("next answer", due("next_response_due_at")),
        ("solution", solution),
        ("promised by", policy),
    ];
    let mut lines = Vec::new();
    for (label, text) in told {
        if let Some(text) = text {
            push(&mut lines, (label, &text), None, room, world);
        }
    }
    let over = at("due_at").is_some_and(|at| at <= world.clock().now());
    if let Some((_, style)) = lines.first_mut().and_then(|line| line.texts.last_mut())
        && over
    {
        *style = world.look.overdue;
    }
    lines
}

/// When it was done, and after how much working time.
fn done(at: &str, took: Option<String>) -> String {
    match took {
        Some(took) => format!("{at}, after {took}"),
        None => at.to_owned(),
    }
}
