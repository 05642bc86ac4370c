//! What can be gone to by a letter, found by asking every place what a click there would hit.

use ratatui::layout::{Position, Rect};

use crate::tui::effect::Effect;

/// The first place of everything that `hit` finds in `area`, from the top, each with a click there.
pub(crate) fn probe<T: PartialEq>(
    area: Rect,
    hit: impl Fn(Position) -> Option<T>,
) -> Vec<(Position, Effect)> {
    let mut known: Vec<T> = Vec::new();
    let mut targets = Vec::new();
    for at in area.positions() {
        if let Some(thing) = hit(at)
            && !known.contains(&thing)
        {
            known.push(thing);
            targets.push((at, Effect::Click(at)));
        }
    }
    targets
}
