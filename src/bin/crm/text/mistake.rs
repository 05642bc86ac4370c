//! Mistakes in a text that a person has edited: told above it, when the editor is opened again.

use crm::error::{Error, Kind};

use crate::text::sanitise;

/// What a line begins with that tells of a mistake in the text below.
const MISTAKE: &str = "#! ";

/// True for what a person can mend in the text.
pub(crate) fn is_mendable(error: &Error) -> bool {
    matches!(
        error.kind(),
        Kind::Invalid | Kind::Usage | Kind::NotFound | Kind::Ambiguous | Kind::Duplicate
    )
}

/// A mistake as comments above the text.
pub(crate) fn told(error: &Error) -> String {
    let mut lines: Vec<String> = error.message().lines().map(str::to_owned).collect();
    lines.extend(error.candidates().iter().map(|candidate| {
        format!(
            "  {} {}: {}",
            candidate.reference, candidate.name, candidate.detail
        )
    }));
    if !error.near().is_empty() {
        lines.push(format!("did you mean {}?", error.near().join(", ")));
    }
    let lines = lines
        .iter()
        .map(|line| format!("{MISTAKE}{}\n", sanitise::line(line)));
    lines.collect()
}

/// The text without what was told of mistakes in it.
pub(crate) fn removed(text: &str) -> String {
    let lines = text
        .split_inclusive('\n')
        .filter(|line| !line.starts_with(MISTAKE.trim_end()));
    lines.collect()
}
