//! Where the table begins in a file that has other things above it, told from its first records.
//!
//! Programs write a title, notes or blank rows above the header. A record is taken for the header in spite of what is
//! above it only if that is no table, the record looks like names, and there is a break between the two.

use std::collections::HashSet;

use super::record::Record;
use super::rows::is_blank;

/// How many records are looked at.
pub(super) const RECORDS: usize = 50;

/// No name of a column is longer, in letters.
const LONGEST_NAME: usize = 60;

/// What the first records show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Shape {
    /// How many records stand above the header.
    pub(super) above: usize,
    /// How many columns have anything in them, in the records that were looked at.
    pub(super) used: usize,
}

/// The shape of a table that begins with `records`.
pub(super) fn shape(records: &[Record]) -> Shape {
    let above = above(records);
    let table = records.iter().skip(above);
    let used = table.map(|record| used(&record.cells)).max().unwrap_or(0);
    Shape { above, used }
}

fn above(records: &[Record]) -> usize {
    for (at, record) in records.iter().enumerate() {
        let (earlier, later) = (records.get(..at).unwrap_or_default(), records.get(at + 1..));
        if is_header(earlier, record, later.unwrap_or_default()) {
            return at;
        }
        if filled(&record.cells) > 1 && !is_group_row(record) {
            return 0;
        }
    }
    // Nothing looks like a header: the first record that says anything has to do.
    let blank = records
        .iter()
        .take_while(|record| filled(&record.cells) == 0)
        .count();
    if blank < records.len() { blank } else { 0 }
}

fn is_header(earlier: &[Record], record: &Record, later: &[Record]) -> bool {
    let count = filled(&record.cells);
    let notes = earlier.iter().filter(|above| filled(&above.cells) > 0);
    let Some(most) = notes.clone().map(|above| filled(&above.cells)).max() else {
        // Nothing above but padding: a header need not look like one.
        return count > 0 && !is_title(record, later);
    };
    if count < 2 || !looks_like_names(&record.cells) {
        return false;
    }
    let has_rows = later
        .first()
        .is_some_and(|next| next.cells.len() == record.cells.len() || filled(&next.cells) > 1);
    let parted = record.after_blank
        || earlier
            .iter()
            .any(|above| filled(&above.cells) == 0 || above.after_blank);
    let padded = notes.clone().all(|above| above.cells.len() == record.cells.len());
    let wordy = notes
        .clone()
        .all(|above| above.cells.iter().any(|cell| is_wordy(cell)));
    if most > 1 {
        // Names of groups over the names of their columns.
        return padded && has_rows && most * 2 <= count && has_values(later.first());
    }
    let stands_out = has_rows && (wordy || has_values(later.first()));
    match count {
        2 => has_rows && (parted || (padded && stands_out)),
        _ => parted || stands_out,
    }
}

/// True for a first record of one cell above a table of several columns.
fn is_title(record: &Record, later: &[Record]) -> bool {
    let alone = filled(&record.cells) == 1 || is_group_row(record);
    alone
        && later.iter().enumerate().any(|(at, next)| {
            let between = later.get(..at).unwrap_or_default();
            let only_notes = between.iter().all(|note| filled(&note.cells) < 2);
            let mut earlier = vec![record.clone()];
            earlier.extend(between.iter().cloned());
            only_notes && is_header(&earlier, next, later.get(at + 1..).unwrap_or_default())
        })
}

/// Names of groups leave most cells of their row blank, as merged cells do.
fn is_group_row(record: &Record) -> bool {
    let count = filled(&record.cells);
    count > 1 && count * 2 <= record.cells.len()
}

fn filled(cells: &[String]) -> usize {
    cells.iter().filter(|cell| !is_blank(cell)).count()
}

/// The number of cells up to the last one that says anything.
pub(super) fn used(cells: &[String]) -> usize {
    cells
        .iter()
        .rposition(|cell| !is_blank(cell))
        .map_or(0, |last| last + 1)
}

fn looks_like_names(cells: &[String]) -> bool {
    let mut seen = HashSet::new();
    cells.iter().filter(|cell| !is_blank(cell)).all(|cell| {
        let cell = cell.trim();
        cell.chars().count() <= LONGEST_NAME && !is_value(cell) && seen.insert(cell)
    })
}

fn has_values(record: Option<&Record>) -> bool {
    record.is_some_and(|record| record.cells.iter().any(|cell| is_value(cell)))
}

/// True for what stands under a header and never in it: numbers, days, addresses.
fn is_value(cell: &str) -> bool {
    let cell = cell.trim();
    let letters = cell.chars().filter(|letter| letter.is_alphabetic()).count();
    let digits = cell.chars().filter(char::is_ascii_digit).count();
    cell.contains('@') || cell.contains("://") || digits > letters
}

/// True for a sentence or a line with a label; a single word may be the name of a column.
fn is_wordy(cell: &str) -> bool {
    let words = cell.split_whitespace().count();
    words > 2
        || cell.trim_end().ends_with([':', '：'])
        || (words > 1 && cell.chars().any(|c| c.is_ascii_digit()))
}
