//! An `.xls` is a small file system, in it a stream of records. The decoder trusts both: it follows chains that bite their
//! own tail and reserves whatever sizes are stated. Here the stream is taken out, measured and packed anew, so that
//! the decoder only ever meets what was checked.
//!
//! The records are those of \[MS-XLS\]: a type and a length of two bytes each, then that many bytes.

use std::io::{Cursor, Read, Seek, Write};

use cfb::{CompoundFile, Version};

use super::damaged;
use crate::error::{Error, Kind, Result};

/// The most cells that the sheets may span together, empty ones counted: the decoder makes room for each.
const MOST_CELLS: u64 = 3_000_000;

/// The names of the stream, of the program's later and earlier versions.
const STREAMS: [&str; 2] = ["Workbook", "Book"];

const EOF: u16 = 0x000A;
const BOUND_SHEET: u16 = 0x0085;
const DIMENSIONS: u16 = 0x0200;
const BLANK: u16 = 0x0201;
const BOF: u16 = 0x0809;
/// Rows of numbers: the last column is told at the end.
const MUL_RK: u16 = 0x00BD;
/// Formula, RString, LabelSst, Number, Label, BoolErr and RK: each begins with its row and column.
const CELLS: [u16; 7] = [0x0006, 0x00D6, 0x00FD, 0x0203, 0x0204, 0x0205, 0x027E];

/// The workbook of `input` and nothing else, in a file of its own.
///
/// # Errors
///
/// Invalid for a file that is damaged, holds no workbook or one that is too large to be meant; reading fails.
pub(super) fn repacked<R: Read + Seek>(input: R) -> Result<Cursor<Vec<u8>>> {
    let mut file = CompoundFile::open(input).map_err(damaged)?;
    let Some(name) = STREAMS.into_iter().find(|name| file.is_stream(name)) else {
        return Err(damaged(
            "there is no workbook in the file; it may be locked by a password",
        ));
    };
    let mut stream = Vec::new();
    file.open_stream(name)
        .and_then(|mut stored| stored.read_to_end(&mut stream))
        .map_err(damaged)?;
    measure(&mut stream)?;
    let packed = || -> std::io::Result<Cursor<Vec<u8>>> {
        let mut file = CompoundFile::create_with_version(Version::V3, Cursor::new(Vec::new()))?;
        file.create_stream(name)?.write_all(&stream)?;
        file.flush()?;
        Ok(file.into_inner())
    };
    packed().map_err(Error::from)
}

/// Refuses sheets that span too much, and takes out what they state of their own size.
fn measure(stream: &mut [u8]) -> Result<()> {
    let mut starts = Vec::new();
    walk(stream, 0, |kind, data| {
        if kind == BOUND_SHEET {
            starts.extend(long(data, 0));
        }
        kind
    });
    let mut span = 0_u64;
    let mut walked = 0_usize;
    for start in starts {
        let (mut rows, mut columns) = (None, None);
        walked += walk(stream, start as usize, |kind, data| {
            let column = if CELLS.contains(&kind) {
                short(data, 2)
            } else if kind == MUL_RK {
                short(data, data.len().saturating_sub(2))
            } else {
                None
            };
            if let (Some(row), Some(column)) = (short(data, 0), column) {
                rows = rows.max(Some(row));
                columns = columns.max(Some(column));
            }
            if kind == DIMENSIONS { BLANK } else { kind }
        });
        if let (Some(row), Some(column)) = (rows, columns) {
            span += (u64::from(row) + 1) * (u64::from(column) + 1);
        }
        // Sheets that share their records are none; a few bytes of each could be walked for ever.
        if span > MOST_CELLS || walked > 2 * stream.len() {
            return Err(Error::new(
                Kind::Invalid,
                format!(
                    "the workbook spans more than {MOST_CELLS} cells, which is too large for an .xls; saved as .xlsx it can \
                     be read"
                ),
            ));
        }
    }
    Ok(())
}

/// Shows every record from `start` to the end of the part that begins there; `see` gives the type that it is to have.
/// Gives the number of bytes that were walked over.
fn walk(stream: &mut [u8], start: usize, mut see: impl FnMut(u16, &[u8]) -> u16) -> usize {
    let mut at = start;
    let mut depth = 0_usize;
    while let (Some(kind), Some(length)) = (short(stream, at), short(stream, at + 2)) {
        let end = at + 4 + usize::from(length);
        let Some(data) = stream.get(at + 4..end) else {
            break;
        };
        let wanted = see(kind, data);
        if wanted != kind
            && let Some(place) = stream.get_mut(at..at + 2)
        {
            place.copy_from_slice(&wanted.to_le_bytes());
        }
        at = end;
        match kind {
            BOF => depth += 1,
            EOF if depth <= 1 => break,
            EOF => depth -= 1,
            _ => {}
        }
    }
    at.saturating_sub(start)
}

fn short(bytes: &[u8], at: usize) -> Option<u16> {
    let bytes = bytes.get(at..at.checked_add(2)?)?;
    Some(u16::from_le_bytes(bytes.try_into().ok()?))
}

fn long(bytes: &[u8], at: usize) -> Option<u32> {
    let bytes = bytes.get(at..at.checked_add(4)?)?;
    Some(u32::from_le_bytes(bytes.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(kind: u16, data: &[u8]) -> Vec<u8> {
        let mut bytes = kind.to_le_bytes().to_vec();
        bytes.extend(u16::try_from(data.len()).unwrap().to_le_bytes());
        bytes.extend(data);
        bytes
    }

    /// A workbook of one sheet with one number at this row and column, which states that it is as large as can be.
    fn book(row: u16, column: u16) -> Vec<u8> {
        let cell = [row.to_le_bytes(), column.to_le_bytes()].concat();
        let sheet = [
            record(BOF, &[0; 4]),
            record(DIMENSIONS, &[255; 14]),
            record(0x0203, &cell),
            record(EOF, &[]),
        ];
        let mut bytes = record(BOUND_SHEET, &[12, 0, 0, 0]);
        bytes.extend(record(EOF, &[]));
        bytes.extend(sheet.concat());
        bytes
    }

    #[test]
    fn what_a_sheet_states_of_its_size_is_taken_out_and_what_it_spans_is_measured() {
        let mut small = book(9, 9);
        measure(&mut small).unwrap();
        assert!(!small.windows(2).any(|two| two == DIMENSIONS.to_le_bytes()));
        let error = measure(&mut book(u16::MAX, 255)).unwrap_err();
        assert!(
            error.message().contains("spans more than 3000000 cells"),
            "{}",
            error.message()
        );
    }

    #[test]
    fn sheets_that_share_their_records_are_refused() {
        let mut shared = record(BOUND_SHEET, &[0, 0, 0, 0]).repeat(1000);
        shared.extend(record(EOF, &[]));
        assert!(measure(&mut shared).is_err());
    }
}
