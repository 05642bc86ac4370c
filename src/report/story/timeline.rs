//! What happened with a record, and what was changed of it, the latest first.

use jiff::Timestamp;

use super::{Entry, Fact, Limit, Section, facts};
use crate::domain::field::FieldType;
use crate::domain::id::Id;
use crate::domain::noun::Noun;
use crate::domain::value::{Link, Value};
use crate::error::Result;
use crate::store::history::{self, Edit};
use crate::store::{ReadTx, around};

/// Activities and changes in one order.
pub(super) fn section(tx: &ReadTx<'_>, noun: Noun, id: Id, limit: Limit) -> Result<Option<Section>> {
    let mut all: Vec<(Timestamp, Entry)> = Vec::new();
    if matches!(noun, Noun::Customer | Noun::Deal) {
        // One more than is shown tells whether there are more.
        let most = limit.0.map(|most| most + 1);
        for activity in around::activities(tx, noun, id, most)? {
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
