//! What a merge would do, in words for a screen.

use crm::ops::merge::preview::{Preview, Row, Sort};

use crate::text::display;
use crate::tui::component::sides::Side;
use crate::tui::world::World;

/// What the customers are called, and their fields.
pub(crate) fn sides(preview: &Preview, world: &World) -> (Vec<String>, Vec<Side>) {
    let heads = preview.customers.iter();
    let heads = heads.map(|(link, _)| format!("{} {}", link.name, link.reference()));
    (
        heads.collect(),
        preview.rows.iter().map(|row| side(row, world)).collect(),
    )
}

fn side(row: &Row, world: &World) -> Side {
    let shown = |value| display::cell(value, row.kind, world.clock());
    let taken = match (row.sort, row.from) {
        (Sort::United, _) | (Sort::Joined, None) => (0..row.values.len()).collect(),
        (_, Some(from)) => vec![from],
        (_, None) => Vec::new(),
    };
    Side {
        label: row.label.clone(),
        values: row.values.iter().map(shown).collect(),
        taken,
    }
}

/// What would name the survivor: `2 deals, 1 task`; empty for nothing.
pub(crate) fn moves(preview: &Preview) -> String {
    let told = preview.moves.iter().map(|moved| {
        let what = match (moved.what, moved.count) {
            (what, 1) => what.to_owned(),
            ("activity", _) => "activities".to_owned(),
            ("part in a deal", _) => "parts in deals".to_owned(),
            (what, _) => format!("{what}s"),
        };
        format!("{} {what}", moved.count)
    });
    let told: Vec<String> = told.collect();
    match told.is_empty() {
        true => String::new(),
        false => format!("{} to move", told.join(", ")),
    }
}
