//! A record with its story, as lines.

use crm::domain::field::FieldType;
use crm::domain::value::Value;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::text::{cut, display};
use crate::tui::component::draw;
use crate::tui::query::Sheet;
use crate::tui::world::World;

/// Fields that a person does not ask for, or that the story tells better.
const HIDDEN: &[&str] = &[
    "id",
    "uid",
    "version",
    "created_by",
    "updated_by",
    "sort_key",
    "name",
    "title",
    "people",
    "quiet_on",
    "amount_base",
    "intervals",
    "probability_mode",
    "category_mode",
    "last_open_stage",
];

/// One line: the texts in it, each in its style.
type Line = Vec<(String, Style)>;

/// Draws the lines from `scroll` on.
pub(crate) fn draw(sheet: &Sheet, buffer: &mut Buffer, area: Rect, scroll: u16, world: &World) {
    let lines = lines(sheet, usize::from(area.width), world);
    let last = u16::try_from(lines.len())
        .unwrap_or(u16::MAX)
        .saturating_sub(area.height);
    for (row, line) in (0..area.height).zip(lines.iter().skip(usize::from(scroll.min(last)))) {
        let texts: Vec<(&str, Style)> = line.iter().map(|(text, style)| (text.as_str(), *style)).collect();
        draw::texts(buffer, draw::row(area, row), &texts, &world.look);
    }
}

/// The lines of a record in so many cells.
pub(crate) fn lines(sheet: &Sheet, room: usize, world: &World) -> Vec<Line> {
    let look = &world.look;
    let mut lines: Vec<Line> = vec![vec![(
        format!("{}  {}", sheet.record.name, sheet.record.reference()),
        look.title,
    )]];
    let known = sheet
        .fields
        .iter()
        .filter(|(name, kind, _)| !HIDDEN.contains(&name.as_str()) && *kind != FieldType::Parts);
    for (name, kind, value) in known {
        push(&mut lines, &name.replace('_', " "), value, *kind, room, world);
    }
    for section in &sheet.story.sections {
        lines.push(Vec::new());
        lines.push(vec![(section.title.to_uppercase(), look.title)]);
        for entry in &section.entries {
            let label = display::cell(&entry.label.value, entry.label.kind, world.clock());
            let facts: Vec<String> = entry
                .facts
                .iter()
                .map(|fact| display::cell(&fact.value, fact.kind, world.clock()))
                .collect();
            lines.push(vec![
                (format!("{label}  "), look.dim),
                (facts.join(" "), look.text),
            ]);
        }
    }
    lines
}

/// A field and its value, wrapped beside it.
fn push(lines: &mut Vec<Line>, label: &str, value: &Value, kind: FieldType, room: usize, world: &World) {
    let look = &world.look;
    let text = display::lines(value, kind, world.clock());
    let indent = 14.min(room / 3);
    for (at, part) in cut::wrap(&text, room.saturating_sub(indent + 1))
        .into_iter()
        .enumerate()
    {
        let head = if at == 0 { label } else { "" };
        let head = draw::fit(head, indent, look).into_owned();
        let blanks = " ".repeat(indent + 1 - draw::cells(&head).min(indent));
        lines.push(vec![(format!("{head}{blanks}"), look.dim), (part, look.text)]);
    }
}
