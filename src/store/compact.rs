//! Making the file of a base small again: the log behind the horizon goes, the search index becomes one piece, free pages
//! are given back, the write-ahead log is emptied.
//!
//! Each step is a transaction of its own or none at all, so that a process that is killed in between leaves a whole base
//! that is merely less small.

use crate::domain::actor::Caller;
use crate::error::{Error, Kind, Result};
use crate::store::trim::{self, Forgotten, Keep};
use crate::store::{Store, Watched};

/// What the files of a base take, in bytes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Size {
    /// The file itself.
    pub file: u64,
    /// Pages in it that hold nothing.
    pub free: u64,
    /// The write-ahead log beside it.
    pub wal: u64,
}

/// What was done.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Compacted {
    /// What the files took.
    pub before: Size,
    /// What they take now.
    pub after: Size,
    /// The operations that were forgotten.
    pub forgotten: Forgotten,
    /// Whether free pages were given back.
    pub vacuumed: bool,
}

/// The file is written anew if at least one page in so many is free.
const WORTHWHILE: u64 = 20;

impl Store {
    /// What the files take now.
    pub fn size(&self) -> Result<Size> {
        let pragma = |name: &str| -> Result<u64> {
            let number: i64 = self
                .connection
                .query_row(&format!("PRAGMA {name}"), [], |row| row.get(0))?;
            Ok(number.unsigned_abs())
        };
        let page = pragma("page_size")?;
        Ok(Size {
            file: pragma("page_count")? * page,
            free: pragma("freelist_count")? * page,
            wal: self.wal_size(),
        })
    }

    fn wal_size(&self) -> u64 {
        let Some(path) = &self.path else { return 0 };
        let mut name = path.as_os_str().to_owned();
        name.push("-wal");
        std::fs::metadata(name).map_or(0, |file| file.len())
    }

    /// Makes the file small again; of the log only what `keep` says stays, all of it where nothing is said.
    ///
    /// # Errors
    ///
    /// `Busy` while another process writes, `Full` if there is no room for the second copy that this takes for a
    /// moment; what was done before stays done.
    pub fn compact(&mut self, caller: &Caller, keep: Option<Keep>) -> Result<Compacted> {
        let before = self.size()?;
        let mut forgotten = Forgotten::default();
        if let Some(keep) = keep {
            self.begin(caller, Watched::No, |tx| {
                forgotten = trim::trim(tx, keep)?;
                Ok(true)
            })?;
        }
        self.join_index()?;
        let size = self.size()?;
        let vacuumed = size.free * WORTHWHILE >= size.file || self.has_erasures()?;
        if vacuumed {
            self.vacuum()?;
        }
        // Readers of an older state may keep the log from being emptied; it is then emptied when the last one closes.
        self.empty_log()?;
        Ok(Compacted {
            before,
            after: self.size()?,
            forgotten,
            vacuumed,
        })
    }

    /// Writes the file anew from what the base holds, so that no byte of what was deleted is left in it, in the search
    /// index or in the write-ahead log. For a moment this takes as much room again as the base has.
    ///
    /// False if somebody reads an older state, whose pages stay in the log until the last one closes.
    ///
    /// # Errors
    ///
    /// `Busy` while another process writes, `Full` if there is no room; the base is whole then, and a compaction does the
    /// same once more.
    pub fn scrub(&mut self) -> Result<bool> {
        self.join_index()?;
        self.vacuum()?;
        self.empty_log()
    }

    /// Makes the search index one piece, which no longer has the tokens of documents that are gone.
    fn join_index(&self) -> Result<()> {
        self.patiently("INSERT INTO search (search) VALUES ('optimize')")
    }

    fn vacuum(&self) -> Result<()> {
        // The second copy is as large as the base: it belongs on the disk.
        self.connection.pragma_update(None, "temp_store", "FILE")?;
        let outcome = self.patiently("VACUUM");
        self.connection.pragma_update(None, "temp_store", "MEMORY")?;
        outcome
    }

    /// Empties the write-ahead log; false if readers keep it.
    fn empty_log(&self) -> Result<bool> {
        let is_kept: i64 = self
            .connection
            .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
        Ok(is_kept == 0)
    }

    /// Whether pages that are free may hold words of somebody who was erased.
    fn has_erasures(&self) -> Result<bool> {
        let found = self
            .connection
            .query_row("SELECT EXISTS (SELECT 1 FROM erasure)", [], |row| row.get(0))?;
        Ok(found)
    }

    /// Runs a statement that writes, and waits for others as long as the store has patience.
    pub(super) fn patiently(&self, sql: &str) -> Result<()> {
        let mut waited = 0;
        loop {
            let Err(error) = self.connection.execute_batch(sql) else {
                return Ok(());
            };
            let error = Error::from(error);
            // Each attempt has waited for a second, see the busy timeout of the connection.
            waited += 1;
            if error.kind() != Kind::Busy || waited >= self.patience_s {
                return Err(error);
            }
            if let (1, Some(tell)) = (waited, self.waiting) {
                tell();
            }
        }
    }
}
