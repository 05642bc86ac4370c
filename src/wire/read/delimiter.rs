//! Which character parts the cells, told from the first lines; quotes are respected.

use super::record::Records;

/// The characters that are tried; where two fit equally well the earlier one is taken.
pub const CANDIDATES: [u8; 4] = *b",;\t|";

/// How many records are looked at.
const RECORDS: usize = 50;

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

/// The share of the records that have the commonest number of cells above one, and that number.
fn agreement(sample: &str, delimiter: u8) -> Option<(f64, usize)> {
    let mut records = Records::new(sample.as_bytes(), delimiter);
    let mut widths = Vec::new();
    let mut headers = Vec::new();
    while widths.len() < RECORDS
        && let Ok(Some(record)) = records.next_record()
    {
        if widths.is_empty() || record.after_blank {
            headers.push(record.cells.len());
        }
        widths.push(record.cells.len());
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

/// How many records of `sample` stand above the header: notes of one cell each, then a blank line, then a record
/// of three cells or more.
pub(super) fn preamble(sample: &str, delimiter: u8) -> usize {
    let mut records = Records::new(sample.as_bytes(), delimiter);
    for above in 0..RECORDS {
        match records.next_record() {
            Ok(Some(record)) if record.cells.len() == 1 && (above == 0 || !record.after_blank) => {}
            Ok(Some(record)) if above > 0 && record.after_blank && record.cells.len() > 2 => return above,
            _ => return 0,
        }
    }
    0
}
