//! Which columns name rows of other tables: the declared foreign keys, and the columns that name a record of any table.

use crate::error::Result;
use crate::store::tables::{LOOSE_REFERENCES, TABLES, Table};
use crate::store::tx::ReadTx;

/// Every column that can name a row of `name`.
pub(crate) fn references_to(tx: &ReadTx<'_>, name: &str) -> Result<Vec<(&'static str, String)>> {
    let mut found = Vec::new();
    for table in TABLES {
        let columns = declared(tx, table)?;
        let columns = columns.into_iter().filter(|(_, parent)| parent == name);
        found.extend(columns.map(|(column, _)| (table.name, column)));
    }
    found.extend(
        LOOSE_REFERENCES
            .iter()
            .map(|(table, column)| (*table, (*column).to_owned())),
    );
    Ok(found)
}

/// Every column of `table` that names another row, with the tables in one of which that row is.
pub(crate) fn references_from(tx: &ReadTx<'_>, table: &Table) -> Result<Vec<(String, Vec<String>)>> {
    let mut found: Vec<(String, Vec<String>)> = declared(tx, table)?
        .into_iter()
        .map(|(column, parent)| (column, vec![parent]))
        .collect();
    let loose = LOOSE_REFERENCES.iter().filter(|(name, _)| *name == table.name);
    found.extend(loose.map(|(_, column)| {
        let anywhere = TABLES.iter().map(|parent| parent.name.to_owned()).collect();
        ((*column).to_owned(), anywhere)
    }));
    Ok(found)
}

/// The declared references of a table: column and parent. A kept-up column follows from a row that is looked at itself.
fn declared(tx: &ReadTx<'_>, table: &Table) -> Result<Vec<(String, String)>> {
    let columns = tx.all(
        "SELECT \"from\", \"table\" FROM pragma_foreign_key_list(?1)",
        [table.name],
        |row| Ok((row.get::<_, String>(0)?, row.get(1)?)),
    )?;
    Ok(columns
        .into_iter()
        .filter(|(column, _)| !table.kept_up.contains(&column.as_str()))
        .collect())
}
