//! What the name of a file says of it.

use crate::ops::view;

use super::sheet::Sheet;

/// The end of a name, without the dot.
pub(super) fn extension(name: &str) -> Option<String> {
    let file = name.rsplit('/').next()?;
    file.rsplit_once('.')
        .map(|(_, extension)| extension.to_ascii_lowercase())
}

/// The ends of names that rows are read from.
const TABLES: [&str; 9] = [
    "csv", "tsv", "tab", "txt", "json", "ndjson", "jsonl", "vcf", "ics",
];

/// True for a name that may be that of a table.
pub(super) fn is_table(name: &str) -> bool {
    extension(name).is_some_and(|extension| TABLES.contains(&extension.as_str()))
}

/// The first word of the name of a file that says what its rows are: `2026/deals-open.csv`.
pub(super) fn word(name: &str) -> Option<String> {
    let file = name.rsplit('/').next()?;
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    stem.split(|letter: char| !letter.is_alphanumeric())
        .map(str::to_lowercase)
        .find(|word| Sheet::parse(word).is_some() || view::noun(word).is_ok())
}
