//! Windows into lists: some rows around a place in a list of any length, found by key and never by counting.

use crate::domain::count::Count;
use crate::domain::field::FieldType;
use crate::domain::id::Id;
use crate::domain::noun::Noun;
use crate::error::Result;
use crate::ops::list;
use crate::store::ReadTx;
use crate::store::listing::{self, Effort};
use crate::store::window::{self as walk, Edge, Place, Walk, Way};

pub use crate::store::window::Row;

/// Where a window begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Anchor {
    /// With the first row.
    First,
    /// So that the last row is its last.
    Last,
    /// After this record.
    After(Id),
    /// So that this record comes next after it.
    Before(Id),
    /// About a third of the rows before this record, the record itself, and the rest after it.
    Around(Id),
}

/// What part of a list is wanted.
///
/// A record that is no longer in the list, because it is in the trash or does not pass the filters any more, still has its
/// place there. One that is gone for good, or out of sight, has none: then the window begins with the first row.
#[derive(Debug, Clone)]
pub struct Request {
    /// The kind of record.
    pub noun: Noun,
    /// Filters, columns and order; the limit is not looked at.
    pub list: list::Request,
    /// Where the window begins.
    pub anchor: Anchor,
    /// At most so many rows.
    pub rows: usize,
}

/// A part of a list.
#[derive(Debug, Clone, PartialEq)]
pub struct Window {
    /// The columns: name and type.
    pub columns: Vec<(String, FieldType)>,
    /// The rows, in the order of the list.
    pub rows: Vec<Row>,
    /// Whether nothing comes before them.
    pub first: bool,
    /// Whether nothing comes after them.
    pub last: bool,
}

/// Reads a window.
///
/// # Errors
///
/// `Usage` with what is near, for an unknown column or a filter that does not resolve.
pub fn window(tx: &ReadTx<'_>, request: &Request) -> Result<Window> {
    Ok(spending(tx, request)?.0)
}

/// Reads a window, and says what it cost.
pub(crate) fn spending(tx: &ReadTx<'_>, request: &Request) -> Result<(Window, Effort)> {
    let listing = list::listing(tx, request.noun, &request.list)?;
    let walk = Walk::new(tx, &listing)?;
    let part = part(&walk, request.anchor, request.rows)?;
    let window = Window {
        columns: listing
            .columns
            .into_iter()
            .map(|column| (column.name, column.kind))
            .collect(),
        rows: part.rows,
        first: part.first,
        last: part.last,
    };
    Ok((window, walk.spent()))
}

/// The rows of a window in the order of the list, and whether it ends where the list does.
pub(crate) struct Part {
    pub(crate) rows: Vec<Row>,
    pub(crate) first: bool,
    pub(crate) last: bool,
}

/// At most so many rows of a walk, from an anchor on.
pub(crate) fn part(walk: &Walk<'_, '_>, anchor: Anchor, most: usize) -> Result<Part> {
    let beside = match anchor {
        Anchor::First => return first(walk, most),
        Anchor::Last => return last(walk, most),
        Anchor::After(id) | Anchor::Before(id) | Anchor::Around(id) => id,
    };
    let Some(place) = walk.place(beside)? else {
        return first(walk, most);
    };
    match anchor {
        Anchor::After(id) => after(walk, &place, id, most),
        Anchor::Before(id) => before(walk, &place, id, most),
        _ => around(walk, &place, most),
    }
}

fn first(walk: &Walk<'_, '_>, most: usize) -> Result<Part> {
    let mut rows = walk.end(Way::Forward, most.saturating_add(1))?;
    let last = rows.len() <= most;
    rows.truncate(most);
    Ok(Part {
        rows,
        first: true,
        last,
    })
}

fn last(walk: &Walk<'_, '_>, most: usize) -> Result<Part> {
    let mut rows = walk.end(Way::Back, most.saturating_add(1))?;
    let first = rows.len() <= most;
    rows.truncate(most);
    rows.reverse();
    Ok(Part {
        rows,
        first,
        last: true,
    })
}

fn after(walk: &Walk<'_, '_>, place: &Place, id: Id, most: usize) -> Result<Part> {
    let mut rows = walk.beyond(place, Way::Forward, Edge::Left, most.saturating_add(1))?;
    let last = rows.len() <= most;
    rows.truncate(most);
    let first = !walk.holds(id)? && !walk.has_beyond(place, Way::Back, Edge::Left)?;
    Ok(Part { rows, first, last })
}

fn before(walk: &Walk<'_, '_>, place: &Place, id: Id, most: usize) -> Result<Part> {
    let mut rows = walk.beyond(place, Way::Back, Edge::Left, most.saturating_add(1))?;
    let first = rows.len() <= most;
    rows.truncate(most);
    rows.reverse();
    let last = !walk.holds(id)? && !walk.has_beyond(place, Way::Forward, Edge::Left)?;
    Ok(Part { rows, first, last })
}

/// Near an end of the list, what is not there on one side comes from the other.
fn around(walk: &Walk<'_, '_>, place: &Place, most: usize) -> Result<Part> {
    let mut rest = walk.beyond(place, Way::Forward, Edge::Included, most.saturating_add(1))?;
    let wanted = (most / 3).max(most.saturating_sub(rest.len()));
    let mut rows = walk.beyond(place, Way::Back, Edge::Left, wanted.saturating_add(1))?;
    let first = rows.len() <= wanted;
    rows.truncate(wanted);
    rows.reverse();
    let left = most.saturating_sub(rows.len());
    let last = rest.len() <= left;
    rest.truncate(left);
    rows.append(&mut rest);
    Ok(Part { rows, first, last })
}

/// How many records pass the filters, each of them counted. Over a large base this takes as long as visiting them all.
///
/// # Errors
///
/// `Usage` for a filter that does not resolve.
pub fn total(tx: &ReadTx<'_>, noun: Noun, filters: &[String]) -> Result<u64> {
    walk::total(tx, noun, &list::condition(tx, noun, filters)?)
}

/// What words find is counted up to here: each record that a word may have found is compared with it.
const GLANCE: u64 = 1_000;

/// How many records there are, or pass the filters: all of them are counted where there are no filters, up to
/// [`Count::MOST`] where there are, and up to a thousand where these search for words.
///
/// # Errors
///
/// As for [`total`].
pub fn counted(tx: &ReadTx<'_>, noun: Noun, filters: &[String]) -> Result<Count> {
    if filters.is_empty() {
        return Ok(Count {
            counted: total(tx, noun, filters)?,
            is_more: false,
        });
    }
    let condition = list::condition(tx, noun, filters)?;
    let most = if condition.has_words() {
        GLANCE
    } else {
        Count::MOST
    };
    listing::count_up_to(tx, noun, &condition, most)
}

/// How many rows of a list come before a record; none if it is not in the list, or has more before it than are counted
/// ([`Count::MOST`]). The anchor and the number of rows of the request are not looked at.
///
/// # Errors
///
/// As for [`window`].
pub fn position(tx: &ReadTx<'_>, request: &Request, id: Id) -> Result<Option<u64>> {
    let listing = list::listing(tx, request.noun, &request.list)?;
    let walk = Walk::new(tx, &listing)?;
    let Some(place) = walk.place(id)? else {
        return Ok(None);
    };
    if !walk.holds(id)? {
        return Ok(None);
    }
    let count = walk.before(&place, Count::MOST + 1)?;
    Ok((count <= Count::MOST).then_some(count))
}
