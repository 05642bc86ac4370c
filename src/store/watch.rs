//! Kept-up columns: how they are set, and who looks on while they are computed.
//!
//! In the daily work nobody does. A check compares what follows from other rows with what is there, and a repair sets it
//! too: so both go the way on which the columns are kept up.

use rusqlite::params_from_iter;
use rusqlite::types::Value as Sql;

use crate::domain::id::Id;
use crate::error::Result;
use crate::store::tx::{Column, WriteTx};

/// What is noted of rows in which something is not what follows from other rows.
#[derive(Debug, Default)]
pub(crate) struct Watch {
    /// Whether they are mended too.
    pub(crate) mends: bool,
    /// Table, row, and the columns at fault; the first of them.
    pub(crate) differences: Vec<(String, Id, Vec<String>)>,
    /// How many rows there are in all.
    pub(crate) count: u64,
}

impl Watch {
    /// So many rows are remembered.
    const MOST: usize = 1000;

    pub(crate) fn note(&mut self, table: &str, id: Id, columns: Vec<String>) {
        self.count += 1;
        if self.differences.len() < Watch::MOST {
            self.differences.push((table.to_owned(), id, columns));
        }
    }
}

impl WriteTx<'_> {
    /// Sets kept-up columns of a row, unlogged.
    pub(crate) fn keep(&self, name: &str, id: Id, columns: &[Column<'_>]) -> Result<()> {
        if let Some(watch) = self.watch() {
            let wrong = self.wrong(name, id, columns)?;
            if wrong.is_empty() {
                return Ok(());
            }
            let mut watch = watch.borrow_mut();
            watch.note(name, id, wrong);
            if !watch.mends {
                return Ok(());
            }
        }
        let sets: Vec<String> = columns
            .iter()
            .map(|(column, _)| format!("{column} = ?"))
            .collect();
        // The second half leaves an unchanged row alone, which saves the write.
        let differs: Vec<String> = columns
            .iter()
            .map(|(column, _)| format!("{column} IS NOT ?"))
            .collect();
        let sql = format!(
            "UPDATE {name} SET {} WHERE id = ? AND ({})",
            sets.join(", "),
            differs.join(" OR ")
        );
        let values = columns.iter().map(|(_, value)| value.clone());
        let all = values.clone().chain([Sql::Integer(id.raw())]).chain(values);
        self.connection()
            .prepare_cached(&sql)?
            .execute(params_from_iter(all))?;
        Ok(())
    }

    /// The columns of a row that are not as given.
    fn wrong(&self, name: &str, id: Id, columns: &[Column<'_>]) -> Result<Vec<String>> {
        let tests: Vec<String> = columns
            .iter()
            .map(|(column, _)| format!("{column} IS NOT ?"))
            .collect();
        let sql = format!("SELECT {} FROM {name} WHERE id = ?", tests.join(", "));
        let values = columns.iter().map(|(_, value)| value.clone());
        let differs: Option<Vec<bool>> = self.one(
            &sql,
            params_from_iter(values.chain([Sql::Integer(id.raw())])),
            |row| (0..columns.len()).map(|at| row.get(at)).collect(),
        )?;
        let names = columns.iter().map(|(column, _)| (*column).to_owned());
        Ok(names
            .zip(differs.unwrap_or_default())
            .filter_map(|(name, differs)| differs.then_some(name))
            .collect())
    }
}
