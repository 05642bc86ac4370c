//! A folder of cards or entries, one file for each record, that is kept in step with the base in both directions.
//!
//! * `plan.rs`: what changed on which side, and what follows.
//! * `record.rs`: what a new file makes, and what a changed one changes.
//! * `said.rs`: what a record and a file say, in the same words; what differs; a file with only that replaced.
//!
//! # Rules
//!
//! What every file and its record looked like is remembered. A change on one side goes to the other; of a file only the
//! properties that differ are replaced, so that whatever another program keeps in it stays. If both changed, neither is
//! touched, unless the caller prefers one. A file that is gone takes its record to the trash, a record that is gone its
//! file, unless the other side changed meanwhile; when many files are gone at once none is believed. A file that another
//! program made is never removed for any other reason than that its record is in the trash.
//!
//! The files stay with the caller, who names and reads them; what is to be written comes back as a plan, and is done
//! when everything that was read is in the base. Whoever is killed in between goes on where it stopped.

mod moved;
mod plan;
mod record;
mod said;

pub use plan::{Plan, Removal, Write, take_in};

use crate::domain::digest;
use crate::domain::id::Id;
use crate::domain::noun::Noun;
use crate::error::Result;
use crate::store::folders::{self, Item};
use crate::store::{ReadTx, WriteTx};
use crate::wire::vcard::write::Version;

/// What a folder holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Collection {
    /// Cards of customers.
    Contacts,
    /// Tasks and meetings.
    Calendar,
}

impl Collection {
    /// All of them.
    pub const ALL: [Collection; 2] = [Collection::Contacts, Collection::Calendar];

    /// The name of its folder.
    pub fn name(self) -> &'static str {
        match self {
            Collection::Contacts => "contacts",
            Collection::Calendar => "calendar",
        }
    }

    /// The end of the names of its files, without the dot.
    pub fn extension(self) -> &'static str {
        match self {
            Collection::Contacts => "vcf",
            Collection::Calendar => "ics",
        }
    }

    /// The kinds of record in it.
    pub fn nouns(self) -> &'static [Noun] {
        match self {
            Collection::Contacts => &[Noun::Customer],
            Collection::Calendar => &[Noun::Task, Noun::Activity],
        }
    }

    /// The records that are in it where nothing else is said: all customers, what is to be done, and the meetings of the
    /// last weeks.
    pub fn usual(self, noun: Noun) -> &'static str {
        match noun {
            Noun::Task => "status:open",
            Noun::Activity => "type:meeting,visit,demo at:-30d..",
            _ => "",
        }
    }
}

/// A file of the folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// Its name.
    pub name: String,
    /// The mark of its bytes, see [`digest::sha256`].
    pub mark: String,
}

/// Whose word counts where both sides changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// The base.
    Base,
    /// The folder.
    Files,
}

/// What was asked.
#[derive(Debug, Clone)]
pub struct Asked {
    /// What names the folder for good.
    pub folder: String,
    /// What it holds.
    pub collection: Collection,
    /// Filters for the records of each noun; none for the usual ones.
    pub filters: Vec<(Noun, Vec<String>)>,
    /// Whose word counts where both sides changed.
    pub prefer: Option<Side>,
    /// Whether any number of files may be gone on purpose.
    pub may_delete: bool,
    /// The version of new cards.
    pub version: Version,
}

/// Reads a file of the folder by its name.
pub type Read<'f> = &'f dyn Fn(&str) -> Result<Vec<u8>>;

/// The bytes that a file is to have: those of `old`, if there is such a file, with what differs replaced.
///
/// # Errors
///
/// The record is not there any more.
pub fn render(tx: &ReadTx<'_>, noun: Noun, id: Id, old: Option<&[u8]>, version: Version) -> Result<Vec<u8>> {
    let whole = said::whole(tx, noun, id, version)?;
    Ok(match old {
        Some(old) => said::patched(tx, noun, old, &whole)?.unwrap_or(whole),
        None => whole,
    })
}

/// Remembers what was written: the file `name` of the record has these `bytes` now.
///
/// # Errors
///
/// Whatever the base fails with.
pub fn written(tx: &WriteTx<'_>, asked: &Asked, write: &Write, bytes: &[u8]) -> Result<()> {
    let item = Item {
        name: write.name.clone(),
        noun: write.noun,
        record: Some(write.record),
        ours: said::mark(tx, write.noun, write.record)?,
        theirs: digest::sha256(bytes),
    };
    folders::put(tx, &asked.folder, &item)
}

/// Remembers that a file was removed.
///
/// # Errors
///
/// Whatever the base fails with.
pub fn removed(tx: &WriteTx<'_>, asked: &Asked, name: &str) -> Result<()> {
    folders::forget(tx, &asked.folder, name)
}
