//! Tests of operations over a base in memory: the base they share, and the nouns that are too small for their own file.

#![allow(
    clippy::type_complexity,
    clippy::err_expect,
    function_casts_as_integer,
    reason = "tables of operations"
)]

mod assigning;
mod board;
mod bulk;
mod cards;
mod clocks;
mod customs;
mod deeds;
mod dupes;
mod exchange;
mod feedback;
mod feedback_tickets;
mod forms;
mod full;
mod handover;
mod keyed;
mod law;
mod leads;
mod merging;
mod narrow;
mod orders;
mod plans;
mod pooling;
mod privacy;
mod process;
mod propose;
mod quotes;
mod rules;
mod scoring;
mod series;
mod stages;
mod taking_back;
mod tickets;
mod ties;
mod told;
mod trash;
mod views;
mod whole;
mod why;
mod windows;

use std::fmt::Write as _;
use std::sync::{LazyLock, Mutex};

use jiff::Timestamp;
use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;

use crate::domain::actor::{Actor, Caller, Via};
use crate::domain::clock::Clock;
use crate::domain::id::Id;
use crate::domain::input::{Assignment, Input};
use crate::domain::money::Currency;
use crate::domain::noun::Noun;
use crate::error::Result;
use crate::ops::found::{self, FIRST_USER, Founding};
use crate::ops::typed::{OnMissing, Policy};
use crate::ops::{list, undo};
use crate::store::tables::TABLES;
use crate::store::{ReadTx, Store, WriteTx, anew, documents, records};
use crate::wire::cell::cell;

/// A new base in US dollars, its first user, and a clock that a test sets: at first noon UTC on 2026-03-02, a Monday.
pub(crate) struct Base {
    pub(crate) store: Store,
    pub(crate) caller: Caller,
}

impl Base {
    pub(crate) fn new() -> Base {
        static NEW: LazyLock<Mutex<Store>> = LazyLock::new(|| {
            let founder = caller(Actor::founder(FIRST_USER));
            let founding = Founding {
                currency: Currency::parse("USD").unwrap(),
                user: FIRST_USER.to_owned(),
                demo: false,
            };
            Mutex::new(Store::in_memory(&founder, |tx| found::found(tx, &founding)).unwrap())
        });
        let store = NEW.lock().unwrap().in_memory_copy().unwrap();
        let actor = store.actor(FIRST_USER).unwrap();
        Base {
            store,
            caller: caller(actor),
        }
    }

    /// The same base in the hands of an import.
    pub(crate) fn importing() -> Base {
        let mut base = Base::new();
        base.caller.via = Via::Import;
        base
    }

    /// Lets it be noon on `day`.
    pub(crate) fn on(&mut self, day: &str) {
        self.caller.clock = noon(day);
    }

    pub(crate) fn try_write<T>(&mut self, work: impl FnOnce(&WriteTx<'_>) -> Result<T>) -> Result<T> {
        self.store.write(&self.caller, work).map(|written| written.value)
    }

    pub(crate) fn write<T>(&mut self, work: impl FnOnce(&WriteTx<'_>) -> Result<T>) -> T {
        self.try_write(work).unwrap()
    }

    /// The message that an operation fails with, and its field.
    pub(crate) fn refused<T>(&mut self, work: impl FnOnce(&WriteTx<'_>) -> Result<T>) -> (String, String) {
        let error = self.try_write(work).err().expect("it is refused");
        (
            error.field().unwrap_or_default().to_owned(),
            error.message().to_owned(),
        )
    }

    pub(crate) fn read<T>(&self, work: impl FnOnce(&ReadTx<'_>) -> Result<T>) -> T {
        self.store.read(&self.caller, work).unwrap()
    }

    /// Takes the last operation back.
    pub(crate) fn undo(&mut self) {
        self.write(|tx| undo::undo(tx, None));
    }

    /// Fields of a record, as a file would have them, with `|` between.
    pub(crate) fn shown(&self, noun: Noun, id: Id, names: &str) -> String {
        self.read(|tx| {
            let columns: Vec<_> = names
                .split(' ')
                .map(|name| list::column(tx, noun, name))
                .collect::<Result<_>>()?;
            let row = records::get(tx, noun, id, &columns)?.expect("the record is there");
            Ok(row.iter().map(cell).collect::<Vec<_>>().join("|"))
        })
    }

    /// Every business column of every row: what an undo has to restore.
    pub(crate) fn image(&self) -> String {
        self.read(image_of)
    }
}

fn image_of(tx: &ReadTx<'_>) -> Result<String> {
    let mut image = String::new();
    for table in TABLES {
        let columns: Vec<String> = tx.all(
            "SELECT name FROM pragma_table_info(?1) WHERE name NOT IN ('version', 'updated_at', 'updated_by')",
            [table.name],
            |row| row.get(0),
        )?;
        let quoted: Vec<String> = columns.iter().map(|name| format!("quote({name})")).collect();
        let sql = format!(
            "SELECT {} FROM {} ORDER BY id",
            quoted.join(" || ' ' || "),
            table.name
        );
        for row in tx.all(&sql, [], |row| row.get::<_, String>(0))? {
            writeln!(image, "{}: {row}", table.name).unwrap();
        }
    }
    Ok(image)
}

/// What has to hold of a base after any operation.
impl Base {
    /// Makes sure that kept-up columns and the search index are what they would be if all were made anew, and that no
    /// row refers to one that is not there.
    pub(crate) fn check(&mut self) {
        let dangling = self.read(|tx| {
            tx.all(
                "SELECT \"table\" || ' -> ' || parent FROM pragma_foreign_key_check",
                [],
                |row| row.get::<_, String>(0),
            )
        });
        assert!(dangling.is_empty(), "{dangling:?}");
        let (image, indexed) = (self.image(), self.read(index));
        let caller = self.caller.clone();
        let (anew, rebuilt) = self
            .store
            .rehearse(&caller, |tx| {
                anew::all(tx)?;
                let anew = image_of(tx)?;
                documents::rebuild(tx)?;
                Ok((anew, index(tx)?))
            })
            .unwrap();
        assert_eq!(image, anew, "kept-up columns");
        assert_eq!(indexed, rebuilt, "the search index");
    }
}

/// The documents, and every token of the search index with its document.
fn index(tx: &ReadTx<'_>) -> Result<Vec<String>> {
    tx.connection().execute_batch(
        "CREATE VIRTUAL TABLE IF NOT EXISTS temp.token USING fts5vocab(main, search, instance)",
    )?;
    let mut lines = tx.all(
        "SELECT id || ' ' || noun || ' ' || text FROM search_doc ORDER BY id",
        [],
        |row| row.get(0),
    )?;
    let tokens: Vec<String> = tx.all(
        "SELECT DISTINCT term || ' ' || doc FROM temp.token ORDER BY doc, term",
        [],
        |row| row.get(0),
    )?;
    lines.extend(tokens);
    Ok(lines)
}

fn caller(actor: Actor) -> Caller {
    Caller {
        actor,
        clock: noon("2026-03-02"),
        random: 7,
        via: Via::Cli,
        command: "test".to_owned(),
        region: None,
        date_order: None,
        week_start: Weekday::Monday,
        quote_days: None,
    }
}

fn noon(day: &str) -> Clock {
    let now: Timestamp = format!("{day}T12:00:00Z").parse().unwrap();
    Clock::new(now, TimeZone::UTC)
}

pub(crate) fn date(text: &str) -> Date {
    text.parse().unwrap()
}

/// `name=value` pairs, one a line or with `; ` between; an empty value clears.
pub(crate) fn assignments(text: &str) -> Vec<Assignment> {
    text.split("; ")
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').expect("a pair");
            let input = match value {
                "" => Input::Clear,
                value => Input::text(value),
            };
            (name.trim().to_owned(), input)
        })
        .collect()
}

/// The policy of a file called `file` that makes what it names.
pub(crate) fn creating() -> Policy {
    Policy {
        on_missing: OnMissing::Create,
        system: "file".to_owned(),
        ..Policy::strict()
    }
}
