//! A disk that is full: whatever was being done, it says so, and everything is as it was.
//!
//! SQLite is told the most pages that a file may have, which it meets as it meets the end of a disk.

use std::path::{Path, PathBuf};

use super::*;
use crate::error::{Error, Kind};
use crate::ops::import::verdict::{Judged, Sink};
use crate::ops::import::{self, Request};
use crate::store::{Durability, MOST_PAGES, backup, log};
use crate::wire::read::rows::{Options, Reader};

/// A base in a folder of its own.
struct Disk {
    folder: tempfile::TempDir,
}

impl Disk {
    fn new() -> Disk {
        let disk = Disk {
            folder: tempfile::tempdir().unwrap(),
        };
        assert!(disk.create("base.db").unwrap());
        disk
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn create(&self, name: &str) -> Result<bool> {
        let founding = Founding {
            currency: Currency::parse("USD").unwrap(),
            user: FIRST_USER.to_owned(),
            demo: false,
        };
        let founder = caller(Actor::founder(FIRST_USER));
        Store::create(&self.file(name), &founder, |tx| found::found(tx, &founding))
    }

    fn try_open(&self) -> Result<Base> {
        let store = Store::open(&self.file("base.db"), Durability::default(), 0)?;
        let actor = store.actor(FIRST_USER)?;
        Ok(Base {
            store,
            caller: caller(actor),
        })
    }

    fn open(&self) -> Base {
        self.try_open().unwrap()
    }

    fn image(&self) -> String {
        self.open().image()
    }

    /// What lies in the folder while nobody has the base open.
    fn names(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.folder.path()).unwrap();
        let mut names: Vec<String> = entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    /// How many pages the base has.
    fn pages(&self) -> u32 {
        let bytes = std::fs::metadata(self.file("base.db")).unwrap().len();
        u32::try_from(bytes / 4096).unwrap()
    }
}

/// Does `work` on a disk with room for files of so many pages.
fn within<T>(pages: u32, work: impl FnOnce() -> T) -> T {
    MOST_PAGES.set(Some(pages));
    let value = work();
    MOST_PAGES.set(None);
    value
}

#[track_caller]
fn is_full<T>(outcome: Result<T>) -> Error {
    let error = outcome.err().expect("the disk is full");
    assert_eq!(error.kind(), Kind::Full, "{}", error.message());
    assert!(
        error.message().contains("the disk is full"),
        "{}",
        error.message()
    );
    error
}

struct Silent;

impl Sink for Silent {
    fn judged(&mut self, _: &Judged<'_>) -> Result<()> {
        Ok(())
    }
}

fn import(base: &mut Base, rows: usize) -> Result<u64> {
    let mut csv = "name,email,company\n".to_owned();
    for at in 0..rows {
        writeln!(csv, "Somebody {at},s{at}@full.example,Company {at}").unwrap();
    }
    let file = std::io::Cursor::new(csv.into_bytes());
    let reader = Reader::open(Box::new(file), &Options::default())?;
    let columns = reader.columns().map(<[String]>::to_vec);
    let request = Request::new(Noun::Customer, "many.csv", "many");
    base.try_write(|tx| Ok(import::run(tx, columns.as_deref(), reader, &request, &mut Silent)?.created))
}

#[test]
fn an_import_leaves_nothing_behind() {
    let disk = Disk::new();
    let before = disk.image();
    // The end comes at once, in the middle of rows, and while what follows from them is brought up to date.
    for room in [0, 10, 40, 100] {
        let error = within(disk.pages() + room, || is_full(import(&mut disk.open(), 600)));
        assert!(error.message().contains("base.db"), "{}", error.message());
        assert_eq!(disk.image(), before, "room for {room} pages");
        backup::verify(&disk.file("base.db")).unwrap();
    }
    let mut base = disk.open();
    assert_eq!(import(&mut base, 600).unwrap(), 600, "there is room again");
    let ops = base.read(|tx| log::latest(tx, 10));
    assert_eq!(ops.iter().map(|op| op.no).collect::<Vec<_>>(), [1]);
}

#[test]
fn a_first_creation_leaves_nothing_behind() {
    let disk = Disk {
        folder: tempfile::tempdir().unwrap(),
    };
    for pages in [1, 20, 60, 120] {
        within(pages, || is_full(disk.create("base.db")));
        assert_eq!(disk.names(), Vec::<String>::new(), "{pages} pages");
    }
    assert!(disk.create("base.db").unwrap());
}

#[test]
fn a_copy_is_whole_or_not_there() {
    let disk = Disk::new();
    let (base, copy) = (disk.file("base.db"), disk.file("copy.db"));
    let error = within(disk.pages() - 1, || is_full(backup::copy(&base, &copy)));
    assert!(error.message().contains("copy.db"), "{}", error.message());
    assert_eq!(disk.names(), ["base.db"]);
    backup::copy(&base, &copy).unwrap();
    assert_eq!(disk.names(), ["base.db", "copy.db"]);
}

#[test]
fn a_base_that_cannot_be_replaced_stays() {
    let disk = Disk::new();
    let (base, copy, kept) = (disk.file("base.db"), disk.file("copy.db"), disk.file("kept.db"));
    let small = disk.pages();
    let before = disk.image();
    import(&mut disk.open(), 600).unwrap();
    backup::copy(&base, &copy).unwrap();
    assert!(disk.pages() > small);
    // The base of before, which the larger copy has no room to replace.
    std::fs::remove_file(&base).unwrap();
    assert!(disk.create("base.db").unwrap());
    within(small, || is_full(backup::restore(&base, &copy, &kept)));
    assert_eq!(disk.image(), before);
    backup::verify(&base).unwrap();
}

/// Takes all steps of the schema but the first back, as if an older program had made the base.
#[expect(
    clippy::disallowed_methods,
    reason = "the test does what another program would"
)]
fn age(base: &Path) {
    let first = include_str!("../../store/migrations/0001_init.sql");
    let connection = rusqlite::Connection::open(base).unwrap();
    let later: Vec<(String, String)> = connection
        .prepare("SELECT type, name FROM sqlite_schema WHERE type IN ('view', 'table') ORDER BY type DESC")
        .unwrap()
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
        .unwrap()
        .map(|entry| entry.unwrap())
        .filter(|(kind, name): &(String, String)| {
            let is_first = first.contains(&format!("TABLE {name} ")) || name.starts_with("search_");
            kind == "view" || !is_first && !name.starts_with("sqlite_")
        })
        .collect();
    // What a table refers to may go before it.
    connection.execute_batch("PRAGMA foreign_keys = OFF").unwrap();
    for (kind, name) in later {
        connection.execute_batch(&format!("DROP {kind} {name}")).unwrap();
    }
    let indices: Vec<String> = connection
        .prepare("SELECT name FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL")
        .unwrap()
        .query_map([], |row| row.get(0))
        .unwrap()
        .map(|name| name.unwrap())
        .filter(|name: &String| !first.contains(&format!("INDEX {name} ")))
        .collect();
    for index in indices {
        connection.execute_batch(&format!("DROP INDEX {index}")).unwrap();
    }
    for (table, columns) in [
        (
            "product",
            ["type", "cost", "cost_currency", "tax_rate"].as_slice(),
        ),
        ("stage", &["required", "checklist", "tasks", "next"]),
        (
            "customer",
            &[
                "disqualified_on",
                "disqualified_reason",
                "score",
                "score_fit",
                "score_engagement",
                "scored_at",
                "pool_id",
                "pooled_on",
                "locked",
            ],
        ),
        ("activity", &["ticket_id"]),
    ] {
        for column in columns {
            connection
                .execute_batch(&format!("ALTER TABLE {table} DROP COLUMN {column}"))
                .unwrap();
        }
    }
    connection
        .execute_batch(
            "DELETE FROM label WHERE record_id IN (
               SELECT id FROM option WHERE list = 'disqualified_reason' OR list LIKE 'ticket_%');
             DELETE FROM option WHERE list = 'disqualified_reason' OR list LIKE 'ticket_%'",
        )
        .unwrap();
    connection
        .execute_batch("DELETE FROM migration WHERE version > 1; VACUUM")
        .unwrap();
}

#[test]
fn a_migration_is_whole_or_did_not_happen() {
    let disk = Disk::new();
    let before = disk.image();
    age(&disk.file("base.db"));
    let pages = disk.pages();
    // First there is no room for the copy that comes before it, then none for the step itself.
    within(pages - 1, || is_full(disk.try_open()));
    assert_eq!(disk.names(), ["base.db"]);
    within(pages, || is_full(disk.try_open()));
    assert_eq!(disk.names(), ["base.db", "base.db.schema-1.backup"]);
    backup::verify(&disk.file("base.db")).unwrap();
    assert_eq!(disk.image(), before, "there is room again");
    assert_eq!(
        disk.names(),
        ["base.db", "base.db.schema-1-2.backup", "base.db.schema-1.backup"],
        "a copy of the first attempt does not stand in the way"
    );
}
