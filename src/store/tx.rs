//! Transactions as types: code without one cannot touch a row.
//!
//! # How a write is recorded
//!
//! Every row is written through [`WriteTx::insert`], [`WriteTx::update`] and [`WriteTx::delete`]. They log what they
//! do (see `log.rs`), and remember what the change touches, so that kept-up columns and the search index are brought
//! up to date once, when the transaction settles (see `keep.rs`). Nothing else writes a row of business data.

use crate::domain::actor::FOUNDER;
use std::cell::{Cell, OnceCell, RefCell};
use std::collections::BTreeMap;
use std::ops::Deref;

use rusqlite::types::Value as Sql;
use rusqlite::{Connection, OptionalExtension, Row, params_from_iter};

use crate::domain::actor::Caller;
use crate::domain::id::Id;
use crate::domain::money::Currency;
use crate::domain::noun::Noun;
use crate::error::{Error, Result};
use crate::store::keep::Dirty;
use crate::store::log;
use crate::store::tables::{AUDIT, Table, table};
use crate::store::watch::Watch;

/// One column and its value.
pub(crate) type Column<'c> = (&'c str, Sql);

/// No row from the founding of a base has a higher id, and no other row has a lower one.
pub const LAST_AT_ORIGIN: Id = Id::from_raw(1 << 21);

/// A snapshot of the base, seen by one caller.
pub struct ReadTx<'s> {
    connection: &'s Connection,
    caller: &'s Caller,
    base_currency: OnceCell<Currency>,
}

impl<'s> ReadTx<'s> {
    pub(crate) fn new(connection: &'s Connection, caller: &'s Caller) -> Self {
        ReadTx {
            connection,
            caller,
            base_currency: OnceCell::new(),
        }
    }

    /// Who is reading, when, and through what.
    pub fn caller(&self) -> &'s Caller {
        self.caller
    }

    /// The currency in which sums are made.
    pub fn base_currency(&self) -> Result<Currency> {
        if let Some(currency) = self.base_currency.get() {
            return Ok(*currency);
        }
        let code = self.setting("base_currency")?.unwrap_or_default();
        let currency = Currency::parse(&code)
            .ok_or_else(|| Error::internal(format!("the base has no valid base currency: {code:?}")))?;
        Ok(*self.base_currency.get_or_init(|| currency))
    }

    /// A setting of the base.
    pub fn setting(&self, key: &str) -> Result<Option<String>> {
        self.one("SELECT value FROM setting WHERE key = ?1", [key], |row| {
            row.get(0)
        })
    }

    pub(crate) fn connection(&self) -> &'s Connection {
        self.connection
    }

    /// The row that `sql` finds, if there is one.
    pub(crate) fn one<T>(
        &self,
        sql: &str,
        params: impl rusqlite::Params,
        read: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Option<T>> {
        Ok(self
            .connection
            .prepare_cached(sql)?
            .query_row(params, read)
            .optional()?)
    }

    /// All rows that `sql` finds; for lists that are short by nature.
    pub(crate) fn all<T>(
        &self,
        sql: &str,
        params: impl rusqlite::Params,
        read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>> {
        let mut statement = self.connection.prepare_cached(sql)?;
        let rows = statement.query_map(params, read)?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Calls `each` for every row that `sql` finds, without gathering them.
    pub(crate) fn each_row(
        &self,
        sql: &str,
        params: impl rusqlite::Params,
        mut each: impl FnMut(&Row<'_>) -> Result<()>,
    ) -> Result<()> {
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query(params)?;
        while let Some(row) = rows.next()? {
            each(row)?;
        }
        Ok(())
    }
}

/// The one write transaction of an operation.
pub struct WriteTx<'s> {
    read: ReadTx<'s>,
    op: Id,
    next: Cell<Id>,
    numbers: RefCell<BTreeMap<&'static str, i64>>,
    title: RefCell<String>,
    inserted: RefCell<BTreeMap<&'static str, (Id, Id)>>,
    dirty: RefCell<Dirty>,
    changes: Cell<u64>,
    kind: Cell<log::OpKind>,
    /// Who looks on while what follows from other rows is computed; nobody in the daily work.
    watch: Option<RefCell<Watch>>,
}

impl<'s> Deref for WriteTx<'s> {
    type Target = ReadTx<'s>;

    fn deref(&self) -> &ReadTx<'s> {
        &self.read
    }
}

impl<'s> WriteTx<'s> {
    /// Starts recording; the transaction itself has been begun by the store.
    pub(crate) fn new(read: ReadTx<'s>) -> Result<Self> {
        let last: i64 = read
            .one("SELECT last FROM counter WHERE name = 'id'", [], |row| row.get(0))?
            .unwrap_or(0);
        let fresh = Id::first(read.caller.clock.now_ms(), read.caller.random);
        let op = fresh.max(Id::from_raw(last).next());
        Ok(WriteTx {
            read,
            op,
            next: Cell::new(op.next()),
            numbers: RefCell::default(),
            title: RefCell::default(),
            inserted: RefCell::default(),
            dirty: RefCell::default(),
            changes: Cell::new(0),
            kind: Cell::new(log::OpKind::Do),
            watch: None,
        })
    }

    /// Lets what follows from other rows be compared with what is there; it is set only if `mends`.
    pub(crate) fn watching(mut self, mends: bool) -> Self {
        self.watch = Some(RefCell::new(Watch {
            mends,
            ..Watch::default()
        }));
        self
    }

    /// Who looks on.
    pub(crate) fn watch(&self) -> Option<&RefCell<Watch>> {
        self.watch.as_ref()
    }

    /// Says what the operation did, as people will see it in the log; the last call stands.
    pub fn describe(&self, title: impl Into<String>) {
        *self.title.borrow_mut() = title.into();
    }

    /// What was said last of what the operation did.
    pub(crate) fn title(&self) -> String {
        self.title.borrow().clone()
    }

    /// The first and the last id that were given to new rows of a table.
    pub(crate) fn inserted(&self, name: &str) -> Option<(Id, Id)> {
        self.inserted.borrow().get(name).copied()
    }

    /// A new id of this operation's run.
    pub fn new_id(&self) -> Id {
        let id = self.next.get();
        self.next.set(id.next());
        id
    }

    /// The first of `count` new ids in a row.
    pub(crate) fn new_ids(&self, count: i64) -> Id {
        let first = self.next.get();
        self.next.set(Id::from_raw(first.raw() + count));
        first
    }

    /// Does `work` with ids from the beginning of time: what every base has from its founding is the same in all of
    /// them, so that one base recognises it in the export of another.
    pub(crate) fn at_origin<T>(&self, work: impl FnOnce() -> Result<T>) -> Result<T> {
        self.at_origin_from(FOUNDER, work)
    }

    /// The same from this id on, for what a later schema brings to bases that are there.
    pub(crate) fn at_origin_from<T>(&self, first: Id, work: impl FnOnce() -> Result<T>) -> Result<T> {
        let next = self.next.replace(first);
        let value = work()?;
        self.next.set(next);
        Ok(value)
    }

    /// The next number of `noun`, for its ref.
    pub fn new_number(&self, noun: Noun) -> Result<i64> {
        self.count(noun.name())
    }

    /// Makes sure that `no` will not be given out again.
    pub(crate) fn reserve_number(&self, noun: Noun, no: i64) -> Result<()> {
        let last = self.last(noun.name())?;
        self.numbers.borrow_mut().insert(noun.name(), last.max(no));
        Ok(())
    }

    /// The next number of what is called `name`.
    pub(crate) fn count(&self, name: &'static str) -> Result<i64> {
        let next = self.last(name)? + 1;
        self.numbers.borrow_mut().insert(name, next);
        Ok(next)
    }

    fn last(&self, name: &'static str) -> Result<i64> {
        if let Some(last) = self.numbers.borrow().get(name) {
            return Ok(*last);
        }
        let stored = self.one("SELECT last FROM counter WHERE name = ?1", [name], |row| {
            row.get(0)
        })?;
        Ok(stored.unwrap_or(0))
    }

    /// Does `work` or nothing: what it wrote is taken back if it fails, and the operation goes on.
    ///
    /// An import tries each row so. Numbers are given back; ids are not, nobody counts them. `work` must not call
    /// [`WriteTx::settle`], which would bring up to date what is then taken back.
    pub fn attempt<T>(&self, work: impl FnOnce() -> Result<T>) -> Result<T> {
        let run = |sql: &str| -> Result<()> {
            self.connection.prepare_cached(sql)?.execute([])?;
            Ok(())
        };
        let numbers = self.numbers.borrow().clone();
        let inserted = self.inserted.borrow().clone();
        let changes = self.changes.get();
        run("SAVEPOINT attempt")?;
        match work() {
            Ok(value) => {
                run("RELEASE attempt")?;
                Ok(value)
            }
            Err(error) => {
                // If SQLite has rolled back everything by itself (disk full), the first error says why.
                if run("ROLLBACK TO attempt").is_ok() {
                    run("RELEASE attempt")?;
                }
                *self.numbers.borrow_mut() = numbers;
                *self.inserted.borrow_mut() = inserted;
                self.changes.set(changes);
                // What was touched is remembered still: bringing a row up to date that did not change costs
                // nothing, and one that is gone is passed over.
                Err(error)
            }
        }
    }

    /// Sets columns of a row that this operation has made, as a part of making it: no version, no change of its own.
    pub(crate) fn amend(&self, name: &'static str, id: Id, columns: &[Column<'_>]) -> Result<()> {
        let table = known(name)?;
        let sets: Vec<String> = columns
            .iter()
            .map(|(column, _)| format!("{column} = ?"))
            .collect();
        let sql = format!("UPDATE {name} SET {} WHERE id = ?", sets.join(", "));
        let own = Sql::Integer(id.raw());
        let values = columns.iter().map(|(_, value)| value).chain([&own]);
        self.connection
            .prepare_cached(&sql)?
            .execute(params_from_iter(values))?;
        let touched = columns.iter().map(|(column, value)| (*column, value));
        self.dirty
            .borrow_mut()
            .touch(table, id, touched.chain([("id", &own)]));
        Ok(())
    }

    /// Takes out rows of `name` in which `column` is `owner`, all of which this operation has made.
    pub(crate) fn unmake(&self, name: &'static str, column: &str, owner: Id) -> Result<()> {
        let table = known(name)?;
        let sql = format!("DELETE FROM {name} WHERE {column} = ?1");
        self.connection.prepare_cached(&sql)?.execute([owner.raw()])?;
        let own = Sql::Integer(owner.raw());
        self.dirty
            .borrow_mut()
            .touch(table, owner, std::iter::once((column, &own)));
        Ok(())
    }

    /// Adds a row. Audited tables get their audit columns here.
    pub(crate) fn insert(&self, name: &'static str, id: Id, columns: Vec<Column<'_>>) -> Result<()> {
        let table = known(name)?;
        if id >= self.next.get() {
            // A restored id from ahead of us: the run goes on behind it, so that it is not given out again and no
            // row of another operation ever lies inside the run.
            self.next.set(id.next());
        }
        let mut columns = columns;
        columns.push(("id", Sql::Integer(id.raw())));
        if table.audited {
            self.stamp(&mut columns);
        }
        let names: Vec<&str> = columns.iter().map(|(column, _)| *column).collect();
        let marks = vec!["?"; names.len()].join(", ");
        let sql = format!("INSERT INTO {name} ({}) VALUES ({marks})", names.join(", "));
        self.connection
            .prepare_cached(&sql)?
            .execute(params_from_iter(columns.iter().map(|(_, value)| value)))?;
        self.log_insert(name, id)?;
        self.dirty
            .borrow_mut()
            .touch(table, id, columns.iter().map(|(column, value)| (*column, value)));
        Ok(())
    }

    /// Sets columns of a row; true if anything was different. Only what differs is written and logged.
    pub(crate) fn update(&self, name: &'static str, id: Id, columns: Vec<Column<'_>>) -> Result<bool> {
        let table = known(name)?;
        // What the row belongs to has changed too, although its column stays: read along.
        let owners: Vec<&str> = table
            .owners()
            .filter(|owner| columns.iter().all(|(column, _)| column != owner))
            .collect();
        let names: Vec<&str> = columns
            .iter()
            .map(|(column, _)| *column)
            .chain(owners.iter().copied())
            .collect();
        let sql = format!("SELECT {} FROM {name} WHERE id = ?1", names.join(", "));
        let old: Option<Vec<Sql>> = self.one(&sql, [id.raw()], |row| {
            (0..names.len()).map(|at| row.get(at)).collect()
        })?;
        let mut old = old.ok_or_else(|| Error::internal(format!("no row {id} in {name}")))?;
        let kept = old.split_off(columns.len());
        let changed: Vec<(&str, Sql, Sql)> = columns
            .into_iter()
            .zip(old)
            .filter(|((_, new), old)| new != old)
            .map(|((column, new), old)| (column, old, new))
            .collect();
        if changed.is_empty() {
            return Ok(false);
        }
        self.write_columns(table, id, &changed)?;
        log::update(self, name, id, &changed)?;
        self.changes.set(self.changes.get() + 1);
        let before = changed.iter().map(|(column, old, _)| (*column, old));
        let after = changed.iter().map(|(column, _, new)| (*column, new));
        let around = owners.iter().copied().zip(&kept);
        let mut dirty = self.dirty.borrow_mut();
        dirty.touch(table, id, before.chain(after).chain(around));
        Ok(true)
    }

    fn write_columns(&self, table: &Table, id: Id, changed: &[(&str, Sql, Sql)]) -> Result<()> {
        let mut sets: Vec<String> = changed
            .iter()
            .map(|(column, ..)| format!("{column} = ?"))
            .collect();
        let mut values: Vec<Sql> = changed.iter().map(|(_, _, new)| new.clone()).collect();
        if table.audited {
            sets.push("updated_at = ?, updated_by = ?, version = version + 1".to_owned());
            values.push(Sql::Integer(self.caller().clock.now_ms()));
            values.push(Sql::Integer(self.caller().actor.id.raw()));
        }
        values.push(Sql::Integer(id.raw()));
        let sql = format!("UPDATE {} SET {} WHERE id = ?", table.name, sets.join(", "));
        self.connection
            .prepare_cached(&sql)?
            .execute(params_from_iter(values))?;
        Ok(())
    }

    /// Takes a row out; its image goes into the log.
    pub(crate) fn delete(&self, name: &'static str, id: Id) -> Result<()> {
        log::delete_range(self, known(name)?, id, id, &|_| false)?;
        Ok(())
    }

    fn stamp(&self, columns: &mut Vec<Column<'_>>) {
        let now = Sql::Integer(self.caller().clock.now_ms());
        let by = Sql::Integer(self.caller().actor.id.raw());
        for (column, value) in [
            ("created_at", &now),
            ("created_by", &by),
            ("updated_at", &now),
            ("updated_by", &by),
        ] {
            if !columns.iter().any(|(given, _)| *given == column) {
                columns.push((column, value.clone()));
            }
        }
    }

    /// Notes an inserted row. Ids of this operation's run are gathered into one range per table; an id that came
    /// from elsewhere (a restored uid) is noted by itself, because other rows may lie between.
    fn log_insert(&self, name: &'static str, id: Id) -> Result<()> {
        self.changes.set(self.changes.get() + 1);
        if id < self.op || id >= self.next.get() {
            return log::insert(self, name, id, id);
        }
        let mut inserted = self.inserted.borrow_mut();
        let range = inserted.entry(name).or_insert((id, id));
        *range = (range.0.min(id), range.1.max(id));
        Ok(())
    }

    pub(crate) fn op(&self) -> Id {
        self.op
    }

    pub(crate) fn set_kind(&self, kind: log::OpKind) {
        self.kind.set(kind);
    }

    pub(crate) fn kind(&self) -> log::OpKind {
        self.kind.get()
    }

    pub(crate) fn add_changes(&self, count: u64) {
        self.changes.set(self.changes.get() + count);
    }

    pub(crate) fn dirty(&self) -> &RefCell<Dirty> {
        &self.dirty
    }

    /// How many rows were changed so far.
    pub fn changes(&self) -> u64 {
        self.changes.get()
    }

    /// Brings kept-up columns and the search index up to date; long operations call it now and then, so that what
    /// is remembered stays small. The store calls it before every commit.
    pub fn settle(&self) -> Result<()> {
        crate::store::keep::settle(self)
    }

    /// Ends the recording: writes the operation and its inserts into the log, and the counters. None if nothing
    /// was changed; then there is no operation.
    pub(crate) fn finish(&self) -> Result<Option<log::Op>> {
        self.settle()?;
        if self.changes.get() == 0 {
            return Ok(None);
        }
        for (name, (first, last)) in self.inserted.borrow().iter() {
            log::insert(self, name, *first, *last)?;
        }
        let no = self.count("op")?;
        let title = self.title.borrow().clone();
        let op = log::record(self, no, title)?;
        // After the last id was given out.
        self.numbers.borrow_mut().insert("id", self.next.get().raw() - 1);
        for (name, last) in self.numbers.borrow().iter() {
            self.connection
                .prepare_cached(
                    "INSERT INTO counter (name, last) VALUES (?1, ?2) ON CONFLICT DO UPDATE SET last = ?2",
                )?
                .execute((name, last))?;
        }
        Ok(Some(op))
    }

    pub(crate) fn last_id(&self) -> Id {
        Id::from_raw(self.next.get().raw() - 1)
    }
}

fn known(name: &str) -> Result<&'static Table> {
    table(name).ok_or_else(|| Error::internal(format!("{name} is not a logged table")))
}

/// True for columns that a log image leaves alone.
pub(crate) fn is_audit(column: &str) -> bool {
    AUDIT.contains(&column)
}
