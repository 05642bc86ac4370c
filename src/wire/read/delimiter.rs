//! Which character parts the cells, told from the first lines; quotes are respected.

use super::layout::RECORDS;
use super::record::{Record, Records};

/// The characters that are tried; where two fit equally well the earlier one is taken.
pub const CANDIDATES: [u8; 4] = *b",;\t|";

/// The delimiter of a table that begins with `sample`; none if it seems to have one column.
///
/// The one is taken that gives most records the same number of cells, more than one. The first record, or one
/// after a blank line (some programs write notes above the header), has to have that number too, so that commas
/// in the sentences of a single column do not make several of it.
pub fn sniff(sample: &str) -> Option<u8> {
    let mut best: Option<(f64, usize, u8)> = None;
    for delimiter in CANDIDATES {
        if let Some((share, width)) = agreement(sample, delimiter)
            && best.is_none_or(|(other, cells, _)| share > other || (share == other && width > cells))
        {
            best = Some((share, width, delimiter));
        }
    }
    best.map(|(_, _, delimiter)| delimiter)
}

/// The first records of a table that begins with `sample`.
pub(super) fn records(sample: &str, delimiter: u8) -> Vec<Record> {
    let mut records = Records::new(sample.as_bytes(), delimiter);
    let mut first = Vec::new();
    while first.len() < RECORDS
        && let Ok(Some(record)) = records.next_record()
    {
        first.push(record);
    }
    first
}

/// The share of the records that have the commonest number of cells above one, and that number.
fn agreement(sample: &str, delimiter: u8) -> Option<(f64, usize)> {
    let mut widths = Vec::new();
    let mut headers = Vec::new();
    for record in records(sample, delimiter) {
        if widths.is_empty() || record.after_blank {
            headers.push(record.cells.len());
        }
        widths.push(record.cells.len());
    }
    if let Some(width) = below_a_title(&widths) {
        headers.push(width);
    }
    if widths.len() > 2 && widths.len() < RECORDS {
        // The sample may end inside its last record.
        widths.pop();
    }
    let count = |width: usize| widths.iter().filter(|&&other| other == width).count();
    let width = headers
        .into_iter()
        .filter(|&width| width > 1)
        .max_by_key(|&width| (count(width), width))?;
    Some((count(width) as f64 / widths.len() as f64, width))
}

/// The width of a table of three columns or more that begins below lines of one cell, all rows of which have that width.
fn below_a_title(widths: &[usize]) -> Option<usize> {
    let title = widths.iter().take_while(|&&width| width == 1).count();
    // The sample may end inside its last record.
    let rows = widths
        .get(title..widths.len().saturating_sub(1))
        .unwrap_or_default();
    let width = *rows.first()?;
    (title > 0 && width > 2 && rows.len() > 1 && rows.iter().all(|other| *other == width)).then_some(width)
}
