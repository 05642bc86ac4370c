//! Files that have another name by now.

use std::collections::{HashMap, HashSet};

use crate::domain::id::Id;
use crate::domain::input::Input;
use crate::domain::noun::Noun;
use crate::error::Result;
use crate::store::folders::{self, Item};
use crate::store::{ReadTx, WriteTx, links};
use crate::wire::read::rows::Row;
use crate::wire::{calendar, vcard};

use super::record::{first, own_id};
use super::{Asked, Collection, Read, Seen};

/// Gives the items whose file is gone the name of the new file that is of the same record, so that nothing is taken for
/// deleted that was renamed.
///
/// # Errors
///
/// Whatever the base or reading a file fails with.
pub(super) fn follow(
    tx: &WriteTx<'_>,
    asked: &Asked,
    items: &mut [Item],
    seen: &[Seen],
    read: Read<'_>,
) -> Result<()> {
    let here: HashSet<&str> = seen.iter().map(|file| file.name.as_str()).collect();
    let known: HashSet<String> = items.iter().map(|item| item.name.clone()).collect();
    let mut gone: HashMap<Id, &mut Item> = items
        .iter_mut()
        .filter(|item| !here.contains(item.name.as_str()))
        .filter_map(|item| item.record.map(|id| (id, item)))
        .collect();
    for file in seen.iter().filter(|file| !known.contains(&file.name)) {
        if gone.is_empty() {
            return Ok(());
        }
        let Ok(row) = first(asked.collection, &read(&file.name)?) else {
            continue;
        };
        let Some(id) = record(tx, asked.collection, &row)? else {
            continue;
        };
        if let Some(item) = gone.remove(&id) {
            folders::forget(tx, &asked.folder, &item.name)?;
            item.name.clone_from(&file.name);
            folders::put(tx, &asked.folder, item)?;
        }
    }
    Ok(())
}

/// The record that a file is of by its UID.
fn record(tx: &ReadTx<'_>, collection: Collection, row: &Row) -> Result<Option<Id>> {
    if let Some(id) = own_id(row) {
        return Ok(Some(id));
    }
    if collection == Collection::Contacts {
        let cell = row.cells.iter().find(|(known, _)| known == "external_ids");
        let ids = match cell {
            Some((_, Input::List(ids))) => ids.as_slice(),
            Some((_, id)) => std::slice::from_ref(id),
            None => &[],
        };
        let mut uids = ids.iter().filter_map(Input::as_text);
        let uid = uids.find_map(|id| id.strip_prefix(vcard::SYSTEM)?.strip_prefix(':'));
        return links::by_external_id(tx, vcard::SYSTEM, Noun::Customer, uid.unwrap_or_default());
    }
    let cell = row.cells.iter().find(|(known, _)| known == "uid");
    let uid = cell.and_then(|(_, input)| input.as_text()).unwrap_or_default();
    for noun in collection.nouns() {
        if let Some(id) = links::by_external_id(tx, calendar::SYSTEM, *noun, uid)? {
            return Ok(Some(id));
        }
    }
    Ok(None)
}
