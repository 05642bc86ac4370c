//! What changed on which side of a folder, and what follows.

use std::collections::{BTreeMap, HashMap};

use crate::domain::id::Id;
use crate::domain::noun::Noun;
use crate::error::Result;
use crate::ops::import::calendar::entry::Entry;
use crate::ops::{list, trash};
use crate::store::folders::{self, Item};
use crate::store::{WriteTx, links, records};
use crate::wire::read::rows::Row;
use crate::wire::{calendar, vcard};

use super::moved;
use super::record::{assign, first, is_about_the_file, one, own_id};
use super::said;
use super::{Asked, Collection, Read, Seen, Side};

/// So many files may be gone at once without a word; or a tenth of all.
const FEW: usize = 5;

/// A file that is to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Write {
    /// Its name.
    pub name: String,
    /// The kind of record.
    pub noun: Noun,
    /// The record that it is of.
    pub record: Id,
    /// The mark that it has; none if there is no such file.
    pub expected: Option<String>,
}

/// A file that is to be removed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Removal {
    /// Its name.
    pub name: String,
    /// The mark that it has.
    pub expected: String,
}

/// What follows from a look at both sides.
#[derive(Debug, Default)]
pub struct Plan {
    /// Files to be written.
    pub writes: Vec<Write>,
    /// Files to be removed.
    pub removals: Vec<Removal>,
    /// Files whose changes are in the base now.
    pub read: u64,
    /// Files that made a record.
    pub made: u64,
    /// Records that went to the trash.
    pub trashed: u64,
    /// Files of which both sides say something else, and nobody said which is right.
    pub undecided: u64,
    /// What was left undone: the file and why.
    pub left: Vec<(String, String)>,
}

/// Brings what changed in the folder into the base, and says what is to be done in the folder.
///
/// # Errors
///
/// `Usage` for a filter that does not resolve; whatever the base or reading a file fails with. What a file says that is
/// refused is no error.
pub fn take_in(tx: &WriteTx<'_>, asked: &Asked, seen: &[Seen], read: Read<'_>) -> Result<Plan> {
    let mut work = Work {
        tx,
        asked,
        read,
        plan: Plan::default(),
        linked: HashMap::new(),
        gone: Vec::new(),
    };
    let wanted = work.wanted()?;
    let mut files: BTreeMap<&str, &Seen> = seen.iter().map(|file| (file.name.as_str(), file)).collect();
    let mut items = folders::items(tx, &asked.folder)?;
    moved::follow(tx, asked, &mut items, seen, read)?;
    for item in &items {
        work.linked.extend(item.record.map(|id| (id, item.name.clone())));
    }
    for item in &items {
        let file = files.remove(item.name.as_str());
        work.known(item, file, &wanted)?;
    }
    for file in files.into_values() {
        work.new_file(file)?;
    }
    for (id, noun) in wanted {
        if !work.linked.contains_key(&id) {
            work.plan.writes.push(Write {
                name: format!("{}.{}", id.uid(), asked.collection.extension()),
                noun,
                record: id,
                expected: None,
            });
        }
    }
    work.deletions(items.iter().filter(|item| item.record.is_some()).count())?;
    let plan = work.plan;
    tx.describe(format!(
        "Took in {}: {} changed, {} new, {} to the trash",
        asked.collection.name(),
        plan.read,
        plan.made,
        plan.trashed
    ));
    Ok(plan)
}

struct Work<'w> {
    tx: &'w WriteTx<'w>,
    asked: &'w Asked,
    read: Read<'w>,
    plan: Plan,
    /// Records that have a file.
    linked: HashMap<Id, String>,
    /// Files that are gone, with their records.
    gone: Vec<Item>,
}

impl Work<'_> {
    /// The records that are to have a file.
    fn wanted(&self) -> Result<BTreeMap<Id, Noun>> {
        let mut wanted = BTreeMap::new();
        for noun in self.asked.collection.nouns() {
            let said = self.asked.filters.iter().find(|(known, _)| known == noun);
            let filters = match said {
                Some((_, filters)) if !filters.is_empty() => filters.clone(),
                _ => vec![self.asked.collection.usual(*noun).to_owned()],
            };
            let condition = list::condition(self.tx, *noun, &filters)?;
            wanted.extend(
                records::ids(self.tx, *noun, &condition)?
                    .into_iter()
                    .map(|id| (id, *noun)),
            );
        }
        Ok(wanted)
    }

    fn leave(&mut self, name: &str, why: impl Into<String>) {
        self.plan.left.push((name.to_owned(), why.into()));
    }

    fn is_live(&self, noun: Noun, id: Id) -> Result<bool> {
        Ok(links::link(self.tx, noun, id)?.is_some() && !links::is_trashed(self.tx, noun, id)?)
    }

    /// True for a record that another program made.
    fn is_foreign(&self, id: Id) -> Result<bool> {
        let ids = links::external_ids(self.tx, id)?;
        Ok(ids
            .iter()
            .any(|(system, _)| [vcard::SYSTEM, calendar::SYSTEM].contains(&system.as_str())))
    }

    /// A file that was there before, or is gone.
    fn known(&mut self, item: &Item, file: Option<&Seen>, wanted: &BTreeMap<Id, Noun>) -> Result<()> {
        let Some(id) = item.record else {
            // It was left alone; once it has changed it is looked at again.
            match file {
                Some(file) if file.mark != item.theirs => self.new_file(file)?,
                Some(_) => {}
                None => folders::forget(self.tx, &self.asked.folder, &item.name)?,
            }
            return Ok(());
        };
        let live = self.is_live(item.noun, id)?;
        let has_place = live && (wanted.contains_key(&id) || self.is_foreign(id)?);
        let changed_here = live && said::mark(self.tx, item.noun, id)? != item.ours;
        match file {
            None if !has_place => folders::forget(self.tx, &self.asked.folder, &item.name),
            None if changed_here && self.asked.prefer != Some(Side::Files) => {
                self.leave(
                    &item.name,
                    "the file is gone, but its record was changed: it is written again",
                );
                self.write(item, None);
                Ok(())
            }
            None => {
                self.gone.push(item.clone());
                Ok(())
            }
            Some(file) => {
                let changed_there = file.mark != item.theirs;
                match (has_place, changed_here, changed_there) {
                    (true, false, false) => Ok(()),
                    (true, true, false) => {
                        self.write(item, Some(file));
                        Ok(())
                    }
                    (_, false, true) if live => self.apply(item, file, id),
                    (true, true, true) => self.both(item, file, id),
                    (false, _, true) if !live && self.asked.prefer != Some(Side::Base) => {
                        self.leave(&item.name, "the file was changed, but its record is in the trash");
                        Ok(())
                    }
                    (false, true, true) if live => self.apply(item, file, id),
                    (false, ..) => {
                        self.plan.removals.push(Removal {
                            name: item.name.clone(),
                            expected: file.mark.clone(),
                        });
                        Ok(())
                    }
                    (true, false, true) => self.apply(item, file, id),
                }
            }
        }
    }

    fn write(&mut self, item: &Item, file: Option<&Seen>) {
        if let Some(record) = item.record {
            self.plan.writes.push(Write {
                name: item.name.clone(),
                noun: item.noun,
                record,
                expected: file.map(|file| file.mark.clone()),
            });
        }
    }

    fn remember(&self, name: &str, noun: Noun, id: Option<Id>, theirs: &str) -> Result<()> {
        let ours = match id {
            Some(id) => said::mark(self.tx, noun, id)?,
            None => String::new(),
        };
        let item = Item {
            name: name.to_owned(),
            noun,
            record: id,
            ours,
            theirs: theirs.to_owned(),
        };
        folders::put(self.tx, &self.asked.folder, &item)
    }

    /// Both sides changed: they may say the same by now.
    fn both(&mut self, item: &Item, file: &Seen, id: Id) -> Result<()> {
        let bytes = (self.read)(&file.name)?;
        let theirs = said::of_file(self.tx, item.noun, &bytes)?;
        let ours = said::of_record(self.tx, item.noun, id)?;
        let differs = theirs.as_ref().map(|theirs| said::difference(&ours, theirs));
        match (differs, self.asked.prefer) {
            (Some(differs), _) if differs.is_empty() => {
                self.remember(&item.name, item.noun, Some(id), &file.mark)
            }
            (_, Some(Side::Base)) => {
                self.write(item, Some(file));
                Ok(())
            }
            (_, Some(Side::Files)) => self.apply(item, file, id),
            (differs, None) => {
                let fields = differs.unwrap_or_default().join(", ");
                self.plan.undecided += 1;
                self.leave(
                    &item.name,
                    format!("both the file and its record were changed ({fields})"),
                );
                Ok(())
            }
        }
    }

    /// Brings the changes of a file into its record.
    fn apply(&mut self, item: &Item, file: &Seen, id: Id) -> Result<()> {
        let bytes = (self.read)(&file.name)?;
        if !said::is_single(&bytes) {
            self.leave(&file.name, "the file has several entries");
            return Ok(());
        }
        let Some(theirs) = said::of_file(self.tx, item.noun, &bytes)? else {
            let why = first(self.asked.collection, &bytes).err();
            self.leave(
                &file.name,
                why.unwrap_or_else(|| "the file cannot be understood".to_owned()),
            );
            return Ok(());
        };
        let ours = said::of_record(self.tx, item.noun, id)?;
        let done = self.tx.attempt(|| assign(self.tx, item.noun, id, &ours, &theirs));
        match done {
            Ok(changed) => {
                self.plan.read += u64::from(changed);
                self.remember(&item.name, item.noun, Some(id), &file.mark)
            }
            Err(error) if is_about_the_file(error.kind()) => {
                self.leave(&file.name, error.to_string());
                Ok(())
            }
            Err(error) => Err(error),
        }
    }

    /// A file that nobody knows: it makes a record, or is that of one.
    fn new_file(&mut self, file: &Seen) -> Result<()> {
        let bytes = (self.read)(&file.name)?;
        let row = match first(self.asked.collection, &bytes) {
            Ok(row) => row,
            Err(reason) => {
                self.leave(&file.name, reason);
                return Ok(());
            }
        };
        let calendar = self.asked.collection == Collection::Calendar;
        let own = own_id(&row);
        if own.is_none() && calendar && said::repeats(&bytes) {
            // What a calendar repeats by itself is no task, of which there is one at a time.
            return self.remember(&file.name, Noun::Task, None, &file.mark);
        }
        let noun = match calendar {
            true => Entry::new(&row).noun(self.tx)?,
            false => Noun::Customer,
        };
        if let Some(id) = own.filter(|id| !self.linked.contains_key(id))
            && links::link(self.tx, noun, id)?.is_some()
        {
            return self.found_again(file, noun, id, &bytes);
        }
        let row = self.bare(row, noun, &bytes)?;
        let done = self.tx.attempt(|| one(self.tx, noun, row));
        let (id, is_new) = match done {
            Ok(Ok(made)) => made,
            Ok(Err(reason)) => {
                self.leave(&file.name, reason);
                return Ok(());
            }
            Err(error) if is_about_the_file(error.kind()) => {
                self.leave(&file.name, error.to_string());
                return Ok(());
            }
            Err(error) => return Err(error),
        };
        if let Some(other) = self.linked.get(&id).cloned() {
            self.leave(
                &file.name,
                format!("it is about the same as {other}, and is left as it is"),
            );
            return self.remember(&file.name, noun, None, &file.mark);
        }
        self.linked.insert(id, file.name.clone());
        self.plan.made += u64::from(is_new);
        self.plan.read += u64::from(!is_new);
        self.remember(&file.name, noun, Some(id), &file.mark)?;
        let theirs = said::of_file(self.tx, noun, &bytes)?.unwrap_or_default();
        let knows_more = !said::difference(&said::of_record(self.tx, noun, id)?, &theirs).is_empty();
        if !is_new && !calendar && knows_more {
            self.plan.writes.push(Write {
                name: file.name.clone(),
                noun,
                record: id,
                expected: Some(file.mark.clone()),
            });
        }
        Ok(())
    }

    /// A file of one of ours that is not known: it is as it was written, or it was changed somewhere.
    fn found_again(&mut self, file: &Seen, noun: Noun, id: Id, bytes: &[u8]) -> Result<()> {
        if !self.is_live(noun, id)? {
            self.leave(&file.name, "its record is in the trash");
            return Ok(());
        }
        self.linked.insert(id, file.name.clone());
        let item = Item {
            name: file.name.clone(),
            noun,
            record: Some(id),
            ours: String::new(),
            theirs: String::new(),
        };
        let theirs = said::of_file(self.tx, noun, bytes)?.unwrap_or_default();
        let differs = said::difference(&said::of_record(self.tx, noun, id)?, &theirs);
        match (differs.is_empty(), self.asked.prefer) {
            (true, _) => self.remember(&file.name, noun, Some(id), &file.mark),
            (false, Some(Side::Base)) => {
                self.write(&item, Some(file));
                Ok(())
            }
            (false, Some(Side::Files)) => self.apply(&item, file, id),
            (false, None) => {
                let fields = differs.join(", ");
                self.plan.undecided += 1;
                self.leave(
                    &file.name,
                    format!("it differs from its record ({fields}), and nothing tells which is right"),
                );
                Ok(())
            }
        }
    }

    /// The row of a new file, whose note is what was written as one: what no field takes stays in the file.
    fn bare(&self, row: Row, noun: Noun, bytes: &[u8]) -> Result<Row> {
        if noun != Noun::Customer {
            let entry = Entry::of_file(&row);
            return match noun {
                Noun::Task => entry.task(self.tx),
                _ => entry.activity(self.tx),
            };
        }
        let Some(mut cells) = vcard::read::plain(bytes) else {
            return Ok(row);
        };
        let is_full = row.cells.iter().any(|(name, _)| name == "version");
        if is_full {
            return Ok(row);
        }
        let line = row.line;
        let identity = row.cells.into_iter();
        cells.extend(identity.filter(|(name, _)| matches!(name.as_str(), "uid" | "external_ids")));
        Ok(Row {
            line,
            cells,
            raw: Vec::new(),
        })
    }

    /// Takes the records of files that are gone to the trash; too many at once are no news that is believed.
    fn deletions(&mut self, known: usize) -> Result<()> {
        let count = self.gone.len();
        let limit = FEW.max(known / 10);
        if (count > limit || (count == known && count > 1)) && !self.asked.may_delete {
            let name = self.asked.collection.name();
            self.leave(
                name,
                format!("{count} of {known} files are gone; their records stay where they are"),
            );
            return Ok(());
        }
        for item in std::mem::take(&mut self.gone) {
            if let Some(id) = item.record {
                self.plan.trashed +=
                    u64::try_from(trash::remove(self.tx, item.noun, &[id])?.len()).unwrap_or(0);
            }
            folders::forget(self.tx, &self.asked.folder, &item.name)?;
        }
        Ok(())
    }
}
