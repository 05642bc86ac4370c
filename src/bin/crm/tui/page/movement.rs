//! The keys that go through lists of rows, alike on every page that has all of its rows.

use crate::tui::action::Action;

/// By how many rows an action moves in a list of which `height` are seen at once; none if it does not move.
pub(crate) fn rows(action: Action, height: usize) -> Option<isize> {
    let half = isize::try_from(height / 2).unwrap_or(1).max(1);
    Some(match action {
        Action::Down => 1,
        Action::Up => -1,
        Action::PageDown => half,
        Action::PageUp => -half,
        // There is no row before so many, and the way back can be said too.
        Action::First => -isize::MAX,
        Action::Last => isize::MAX,
        _ => return None,
    })
}
