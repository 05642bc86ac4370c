//! What happened with a record, and what was changed of it, the latest first.

use jiff::Timestamp;

use super::{Entry, Fact, Limit, Section, facts};
use crate::domain::field::FieldType;
use crate::domain::id::{Id, Ref};
use crate::domain::noun::Noun;
use crate::domain::value::{Link, Value};
use crate::error::Result;
use crate::ops::list;
use crate::store::history::{self, Edit};
use crate::store::records::Fetch;
use crate::store::{ReadTx, timeline};

pub use crate::store::timeline::Asked;

/// So many characters of what was said are told.
const TEXT: usize = 400;

/// One activity.
#[derive(Debug, Clone, PartialEq)]
pub struct Happening {
    /// The activity.
    pub id: Id,
    /// Its ref.
    pub reference: Ref,
    /// Its type.
    pub kind: String,
    /// in, out; empty for neither.
    pub direction: String,
    /// How it ended, a key; may be empty.
    pub outcome: String,
    /// How long it took, in seconds.
    pub duration_s: Option<i64>,
    /// When it happened.
    pub at: Timestamp,
    /// What was said, its first 400 characters.
    pub text: String,
    /// Whether more was said.
    pub is_cut: bool,
    /// The name of who of us it was; empty for nobody.
    pub who: String,
    /// The customer it was with.
    pub customer: Option<Link>,
    /// Further people who took part.
    pub people: Vec<Link>,
    /// The deal it was about.
    pub deal: Option<Link>,
}

/// Some activities of a record, the latest first.
#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    /// The activities.
    pub entries: Vec<Happening>,
    /// Whether there are earlier ones.
    pub more: bool,
}

/// What happened with a customer or about a deal, the latest first; nothing for other records. What comes next is asked
/// for after the last entry of a page.
///
/// # Errors
///
/// Whatever the base fails with.
pub fn page(tx: &ReadTx<'_>, noun: Noun, id: Id, asked: Asked<'_>) -> Result<Page> {
    let mut page = Page {
        entries: Vec::new(),
        more: false,
    };
    if !matches!(noun, Noun::Customer | Noun::Deal | Noun::Ticket) {
        return Ok(page);
    }
    let one_more = Asked {
        most: asked.most.map(|most| most.saturating_add(1)),
        ..asked
    };
    let mut ids = timeline::activities(tx, noun, id, one_more)?;
    if let Some(most) = asked.most {
        page.more = ids.len() > most;
        ids.truncate(most);
    }
    let columns = TOLD
        .iter()
        .map(|name| list::column(tx, Noun::Activity, name))
        .collect::<Result<Vec<_>>>()?;
    let fetch = Fetch::new(tx, Noun::Activity, &columns)?;
    for id in ids {
        let row = fetch.get(tx, id)?;
        page.entries.extend(row.and_then(|row| happening(id, row)));
    }
    Ok(page)
}

/// The columns of an entry, in the order in which [`happening`] takes them.
const TOLD: &[&str] = &[
    "id",
    "type",
    "direction",
    "outcome",
    "duration",
    "at",
    "text",
    "owner",
    "customer",
    "people",
    "deal",
];

fn happening(id: Id, row: Vec<Value>) -> Option<Happening> {
    let mut row = row.into_iter();
    let mut next = || row.next().unwrap_or(Value::Null);
    let Value::Ref(reference) = next() else {
        return None;
    };
    let (kind, direction, outcome) = (text(next()), text(next()), text(next()));
    let duration_s = match next() {
        Value::Seconds(seconds) => Some(seconds),
        _ => None,
    };
    let Value::Instant(at) = next() else {
        return None;
    };
    let whole = text(next());
    let told: String = whole.chars().take(TEXT).collect();
    Some(Happening {
        id,
        reference,
        kind,
        direction: if direction == "none" {
            String::new()
        } else {
            direction
        },
        outcome,
        duration_s,
        at,
        is_cut: told.len() < whole.len(),
        text: told,
        who: text(next()),
        customer: link(next()),
        people: match next() {
            Value::List(items) => items.into_iter().filter_map(link).collect(),
            _ => Vec::new(),
        },
        deal: link(next()),
    })
}

fn text(value: Value) -> String {
    match value {
        Value::Text(text) => text,
        _ => String::new(),
    }
}

fn link(value: Value) -> Option<Link> {
    match value {
        Value::Link(link) => Some(link),
        _ => None,
    }
}

/// Activities and changes in one order.
pub(super) fn section(tx: &ReadTx<'_>, noun: Noun, id: Id, limit: Limit) -> Result<Option<Section>> {
    let mut all: Vec<(Timestamp, Entry)> = Vec::new();
    if matches!(noun, Noun::Customer | Noun::Deal | Noun::Ticket) {
        // One more than is shown tells whether there are more.
        let asked = timeline::Asked {
            most: limit.0.map(|most| most + 1),
            ..timeline::Asked::default()
        };
        for activity in timeline::activities(tx, noun, id, asked)? {
            all.extend(happened(tx, noun, id, activity)?);
        }
    }
    all.extend(changed(&history::of(tx, noun, id)?));
    // Stable: what happened stands before what was changed at the same moment.
    all.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
    Ok(limit.section("Timeline", all.into_iter().map(|(_, entry)| entry).collect()))
}

/// One activity.
fn happened(tx: &ReadTx<'_>, noun: Noun, id: Id, activity: Id) -> Result<Option<(Timestamp, Entry)>> {
    let names = [
        "at",
        "type",
        "direction",
        "outcome",
        "duration",
        "text",
        "customer",
        "people",
        "deal",
        "owner",
        "id",
    ];
    let Some(found) = facts(tx, Noun::Activity, activity, &names)? else {
        return Ok(None);
    };
    let mut found = found.into_iter();
    let Some(label) = found.next() else {
        return Ok(None);
    };
    let Value::Instant(at) = label.value else {
        return Ok(None);
    };
    let is_known = |link: &Link| link.noun == noun && link.id == id;
    let told = found.filter(|fact| match &fact.value {
        // Whoever reads knows whose story it is.
        Value::Link(link) => !is_known(link),
        Value::Text(text) => text != "none",
        _ => true,
    });
    Ok(Some((at, Entry::new(label, told))))
}

/// The changes of each operation as one entry.
fn changed(edits: &[Edit]) -> Vec<(Timestamp, Entry)> {
    let mut all = Vec::new();
    for same in edits.chunk_by(|one, other| one.op.id == other.op.id) {
        let Some(first) = same.first() else { continue };
        let Ok(at) = Timestamp::from_millisecond(first.op.at_ms) else {
            continue;
        };
        let label = Fact {
            value: Value::Instant(at),
            kind: FieldType::Instant,
        };
        let whole = Entry {
            label,
            facts: vec![Fact::text(format!(
                "{}, operation {}",
                first.op.actor, first.op.no
            ))],
            changes: same
                .iter()
                .map(|edit| (edit.field.clone(), edit.old.clone(), edit.new.clone()))
                .collect(),
        };
        all.push((at, whole));
    }
    all
}
