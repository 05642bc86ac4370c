//! What has to hold of business rows, whatever was done.

use rusqlite::params_from_iter;
use rusqlite::types::Value as Sql;

use crate::domain::field::{self, FieldType};
use crate::domain::id::Id;
use crate::domain::noun::Noun;
use crate::error::Result;
use crate::store::check::{Finding, MOST};
use crate::store::columns::{source, table};
use crate::store::fields;
use crate::store::tables::{LOOSE_REFERENCES, TABLES};
use crate::store::tx::{ReadTx, WriteTx};
use crate::store::whole;

/// Runs a statement whose rows are an id and a problem, and makes findings of them.
fn gather(
    tx: &ReadTx<'_>,
    check: &'static str,
    name: &str,
    sql: &str,
    values: &[Sql],
    found: &mut Vec<Finding>,
) -> Result<()> {
    let sql = format!("{sql} LIMIT {MOST}");
    found.extend(tx.all(&sql, params_from_iter(values), |row| {
        let id: Option<i64> = row.get(0)?;
        Ok(Finding::new(check, name, id.map(Id::from_raw), row.get(1)?))
    })?);
    Ok(())
}

/// Rows that name a row which is not there.
pub(super) fn references(tx: &ReadTx<'_>) -> Result<Vec<Finding>> {
    let mut found = tx.all(
        &format!("SELECT \"table\", rowid, parent FROM pragma_foreign_key_check LIMIT {MOST}"),
        [],
        |row| {
            let (name, id, parent): (String, Option<i64>, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
            let problem = format!("names a {parent} that is not there");
            Ok(Finding::new("reference", &name, id.map(Id::from_raw), problem))
        },
    )?;
    let mut owners = Vec::new();
    for table in TABLES {
        if whole::may_own(tx, table)? {
            owners.push(table.name);
        }
    }
    for (name, column) in LOOSE_REFERENCES {
        let absent: Vec<String> = owners
            .iter()
            .map(|owner| format!("NOT EXISTS (SELECT 1 FROM \"{owner}\" AS p WHERE p.id = r.{column})"))
            .collect();
        let sql = format!(
            "SELECT r.id, 'belongs to a record that is not there' FROM \"{name}\" AS r WHERE r.{column} IS NOT NULL AND {}",
            absent.join(" AND ")
        );
        gather(tx, "reference", name, &sql, &[], &mut found)?;
    }
    Ok(found)
}

/// Stays in stages and former values: one ends when the next begins, and exactly the last has no end.
pub(super) fn intervals(tx: &ReadTx<'_>) -> Result<Vec<Finding>> {
    let mut found = Vec::new();
    for (name, sql) in [
        (
            "deal",
            "SELECT d.id, 'has ' || count(i.id) || ' stays in stages without an end; exactly one is right'
             FROM deal AS d LEFT JOIN stage_interval AS i ON i.deal_id = d.id AND i.left_on IS NULL
             GROUP BY d.id HAVING count(i.id) <> 1",
        ),
        (
            "deal",
            "SELECT i.deal_id, 'the open stay in a stage is not that of the deal itself'
             FROM stage_interval AS i JOIN deal AS d ON d.id = i.deal_id
             WHERE i.left_on IS NULL AND (i.stage_id <> d.stage_id OR i.entered_on <> d.stage_entered_on)",
        ),
        (
            "stage_interval",
            "SELECT id, 'ends on ' || coalesce(left_on, 'no day') || ', and the next begins on ' || next
             FROM (SELECT id, left_on, lead(entered_on) OVER (PARTITION BY deal_id ORDER BY id) AS next
                   FROM stage_interval) WHERE next IS NOT NULL AND left_on IS NOT next",
        ),
        (
            "stage_interval",
            "SELECT id, 'ends before it begins' FROM stage_interval WHERE left_on < entered_on",
        ),
        (
            "ticket",
            "SELECT t.id, 'has ' || count(s.id) || ' stays in steps without an end; exactly one is right'
             FROM ticket AS t LEFT JOIN ticket_step AS s ON s.ticket_id = t.id AND s.left_at IS NULL
             GROUP BY t.id HAVING count(s.id) <> 1",
        ),
        (
            "ticket_step",
            "SELECT id, 'does not end when the next begins'
             FROM (SELECT id, left_at, lead(entered_at) OVER (PARTITION BY ticket_id ORDER BY id) AS next FROM ticket_step)
             WHERE left_at IS NOT next",
        ),
        (
            "ticket_step",
            "SELECT id, 'ends before it begins' FROM ticket_step WHERE left_at < entered_at",
        ),
        (
            "value_interval",
            "SELECT id, 'the ' || attribute || ' before another does not end when that begins'
             FROM (SELECT id, attribute, ended_at,
                          lead(started_at) OVER (PARTITION BY record_id, attribute ORDER BY id) AS next
                   FROM value_interval) WHERE next IS NOT NULL AND ended_at IS NOT next",
        ),
        (
            "value_interval",
            "SELECT id, 'the last ' || attribute || ' has an end'
             FROM (SELECT id, attribute, ended_at,
                          lead(id) OVER (PARTITION BY record_id, attribute ORDER BY id) AS next
                   FROM value_interval) WHERE next IS NULL AND ended_at IS NOT NULL",
        ),
    ] {
        gather(tx, "interval", name, sql, &[], &mut found)?;
    }
    Ok(found)
}

/// Deals whose state is not that of their stage.
pub(super) fn stages(tx: &ReadTx<'_>) -> Result<Vec<Finding>> {
    let mut found = Vec::new();
    for sql in [
        "SELECT d.id, 'is ' || d.status || ' in a stage that is ' || s.type
         FROM deal AS d JOIN stage AS s ON s.id = d.stage_id WHERE d.status <> s.type",
        "SELECT d.id, 'is in a stage of another pipeline'
         FROM deal AS d JOIN stage AS s ON s.id = d.stage_id WHERE d.pipeline_id <> s.pipeline_id",
        "SELECT id, 'is ' || status || ', and ' || CASE status WHEN 'open' THEN 'has' ELSE 'lacks' END
                    || ' a day on which it was closed'
         FROM deal WHERE (status = 'open') <> (closed_on IS NULL)",
    ] {
        gather(tx, "stage", "deal", sql, &[], &mut found)?;
    }
    Ok(found)
}

/// Numbers that stand twice or would be given out again. A counter is mended by letting it go on behind them.
pub(super) fn numbers(tx: &WriteTx<'_>) -> Result<Vec<Finding>> {
    let mut found = Vec::new();
    for noun in Noun::ALL.into_iter().filter(|noun| noun.prefix().is_some()) {
        let name = table(noun);
        // Through the rows, not the unique index, which may be what is damaged.
        let sql = format!(
            "SELECT max(id), 'the number ' || no || ' stands ' || count(*) || ' times'
             FROM \"{name}\" NOT INDEXED GROUP BY no HAVING count(*) > 1"
        );
        gather(tx, "number", name, &sql, &[], &mut found)?;
        let sql = format!("SELECT max(no) FROM \"{name}\"");
        behind(tx, noun.name(), &sql, "number", &mut found)?;
    }
    let highest: Vec<String> = TABLES
        .iter()
        .map(|table| format!("SELECT max(id) AS id FROM \"{}\"", table.name))
        .collect();
    let sql = format!("SELECT max(id) FROM ({})", highest.join(" UNION ALL "));
    behind(tx, "id", &sql, "id", &mut found)?;
    Ok(found)
}

/// Finds a counter that would give out what is there already.
fn behind(tx: &WriteTx<'_>, name: &str, highest: &str, what: &str, found: &mut Vec<Finding>) -> Result<()> {
    let highest: i64 = tx.one(highest, [], |row| row.get(0))?.flatten().unwrap_or(0);
    let last: i64 = tx
        .one("SELECT last FROM counter WHERE name = ?1", [name], |row| {
            row.get(0)
        })?
        .unwrap_or(0);
    if highest <= last {
        return Ok(());
    }
    found.push(Finding {
        derived: true,
        ..Finding::new(
            "number",
            "counter",
            None,
            format!("the next {what} of {name} would be one that is there already"),
        )
    });
    if tx.watch().is_some_and(|watch| watch.borrow().mends) {
        tx.connection().execute(
            "INSERT INTO counter (name, last) VALUES (?1, ?2) ON CONFLICT DO UPDATE SET last = ?2",
            (name, highest),
        )?;
    }
    Ok(())
}

/// Values that no picklist and no rule of the program knows.
pub(super) fn options(tx: &ReadTx<'_>) -> Result<Vec<Finding>> {
    let mut found = Vec::new();
    for noun in Noun::ALL {
        for field in field::fields(noun) {
            let source = source(noun, field);
            let [column] = source.write else { continue };
            match field.kind {
                FieldType::Choice(list) => {
                    let sql = format!(
                        "SELECT NULL, '{column} is \"' || value || '\" in ' || rows || ' rows, which the picklist '
                                || ?1 || ' does not have'
                         FROM (SELECT {column} AS value, count(*) AS rows FROM \"{}\" WHERE {column} <> '' GROUP BY 1)
                         WHERE value NOT IN (SELECT key FROM option WHERE list = ?1)",
                        table(noun)
                    );
                    gather(
                        tx,
                        "option",
                        table(noun),
                        &sql,
                        &[Sql::Text(list.to_owned())],
                        &mut found,
                    )?;
                }
                FieldType::Word(words) => {
                    let sql = format!(
                        "SELECT NULL, '{column} is \"' || value || '\" in ' || rows || ' rows, which means nothing'
                         FROM (SELECT {column} AS value, count(*) AS rows FROM \"{}\" WHERE {column} <> '' GROUP BY 1)
                         WHERE value NOT IN (SELECT value FROM json_each(?1))",
                        table(noun)
                    );
                    let words = serde_json::json!(words).to_string();
                    gather(tx, "option", table(noun), &sql, &[Sql::Text(words)], &mut found)?;
                }
                _ => {}
            }
        }
        for custom in fields::customs(tx, noun)? {
            if !matches!(custom.kind, FieldType::Choice(_)) {
                continue;
            }
            let sql = "SELECT NULL, 'fields.' || ?1 || ' is \"' || text_value || '\" in ' || count(*)
                              || ' rows, which is none of its options'
                       FROM custom_value WHERE field_id = ?2 AND text_value NOT IN (SELECT key FROM option WHERE list = ?3)
                       GROUP BY text_value";
            let values = [
                Sql::Text(custom.key.clone()),
                Sql::Integer(custom.id.raw()),
                Sql::Text(custom.list()),
            ];
            gather(tx, "option", table(noun), sql, &values, &mut found)?;
        }
    }
    Ok(found)
}

/// Merged customers lead to the survivor in one step, and are in the trash.
pub(super) fn merges(tx: &ReadTx<'_>) -> Result<Vec<Finding>> {
    let mut found = Vec::new();
    for sql in [
        "SELECT lost.id, 'was merged into a record that was merged itself'
         FROM customer AS lost JOIN customer AS kept ON kept.id = lost.merged_into_id
         WHERE kept.merged_into_id IS NOT NULL",
        "SELECT id, 'was merged and is not in the trash' FROM customer
         WHERE merged_into_id IS NOT NULL AND deleted_at IS NULL",
    ] {
        gather(tx, "merge", "customer", sql, &[], &mut found)?;
    }
    for sql in [
        "SELECT lost.id, 'was merged into a record that was merged itself'
         FROM ticket AS lost JOIN ticket AS kept ON kept.id = lost.merged_into_id
         WHERE kept.merged_into_id IS NOT NULL",
        "SELECT id, 'was merged and is not in the trash' FROM ticket
         WHERE merged_into_id IS NOT NULL AND deleted_at IS NULL",
    ] {
        gather(tx, "merge", "ticket", sql, &[], &mut found)?;
    }
    Ok(found)
}
