//! SQL of the user's own, for reading only.
//!
//! A statement runs on a connection of its own that cannot write, and SQLite asks `allowed` about everything that it
//! is going to do: it reads and computes, and does nothing else. The file on the disk is never touched, even by a
//! statement that looks as if it read.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use rusqlite::fallible_iterator::FallibleIterator;
use rusqlite::hooks::{AuthAction, AuthContext, Authorization};
use rusqlite::types::{Value as Sql, ValueRef};
use rusqlite::{Batch, Connection, Row};

use crate::domain::actor::{Caller, Scope};
use crate::domain::near::near;
use crate::domain::value::Value;
use crate::error::{Error, Kind, Result};
use crate::store::{Store, open};

/// How many instructions SQLite runs before it asks whether it is to stop.
const STEPS_BETWEEN_QUESTIONS: i32 = 10_000;

/// Pragmas that only tell something; SQLite's own modules ask some of them.
const HARMLESS_PRAGMAS: &[&str] = &[
    "data_version",
    "foreign_key_list",
    "index_info",
    "index_list",
    "index_xinfo",
    "table_info",
    "table_list",
    "table_xinfo",
];

/// A value by the name that stands for it in the statement.
pub type Parameter = (String, String);

/// A column of the published views.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublishedColumn {
    /// The view.
    pub view: String,
    /// The column.
    pub column: String,
    /// TEXT or INTEGER, where it is known.
    pub kind: String,
}

/// What a statement is run with.
pub struct Question<'q> {
    /// The statement, one only.
    pub text: &'q str,
    /// Values for `:name`.
    pub parameters: &'q [Parameter],
}

/// Runs a statement: `begin` is told the names of the columns, `each` is given every row.
///
/// `stop` is asked now and then whether to give up.
///
/// # Errors
///
/// `ReadOnly` for an actor who does not see everything, and for a statement that would change something; `Usage`, with
/// the place, for a statement that SQLite does not understand, and for parameters that do not fit; `TimedOut` if it was
/// stopped.
pub fn ask(
    store: &Store,
    caller: &Caller,
    question: &Question<'_>,
    stop: impl FnMut() -> bool + Send + 'static,
    mut begin: impl FnMut(Vec<String>) -> Result<()>,
    mut each: impl FnMut(Vec<Value>) -> Result<()>,
) -> Result<()> {
    sees_everything(caller)?;
    let mut connection = connect(store)?;
    connection.progress_handler(STEPS_BETWEEN_QUESTIONS, Some(stop))?;
    let denied = Arc::new(AtomicBool::new(false));
    let note = Arc::clone(&denied);
    connection.authorizer(Some(move |context: AuthContext<'_>| {
        let verdict = allowed(&context.action);
        note.fetch_or(verdict == Authorization::Deny, Ordering::Relaxed);
        verdict
    }))?;
    let fault = |error: rusqlite::Error| match denied.load(Ordering::Relaxed) {
        true => refused().with_source(error),
        false => explained(store, caller, error, question.text),
    };
    let mut batch = Batch::new(&connection, question.text);
    let Some(mut statement) = batch.next().map_err(fault)? else {
        return Err(Error::usage("there is no statement"));
    };
    if !matches!(batch.next(), Ok(None)) {
        return Err(Error::usage("one statement at a time"));
    }
    if !statement.readonly() {
        return Err(refused());
    }
    bind(&mut statement, question)?;
    begin(statement.column_names().map(str::to_owned).collect())?;
    let width = statement.column_count();
    let mut rows = statement.raw_query();
    while let Some(row) = rows.next().map_err(fault)? {
        each((0..width).map(|at| decode(row, at)).collect::<Result<_>>()?)?;
    }
    Ok(())
}

/// The published views and their columns, in order.
///
/// # Errors
///
/// `ReadOnly` for an actor who does not see everything.
pub fn published(store: &Store, caller: &Caller) -> Result<Vec<PublishedColumn>> {
    sees_everything(caller)?;
    store.read(caller, |tx| {
        tx.all(
            "SELECT v.name, c.name, c.type FROM sqlite_master AS v JOIN pragma_table_info(v.name) AS c
             WHERE v.type = 'view' AND v.name LIKE 'v\\_%' ESCAPE '\\' ORDER BY v.rowid, c.cid",
            [],
            |row| {
                Ok(PublishedColumn {
                    view: row.get(0)?,
                    column: row.get(1)?,
                    kind: row.get(2)?,
                })
            },
        )
    })
}

/// Statements know no scope, so they are for those who have none.
fn sees_everything(caller: &Caller) -> Result<()> {
    if caller.actor.scope == Scope::All {
        return Ok(());
    }
    let message = format!(
        "{} sees only a part of the base, and SQL sees all of it",
        caller.actor.name
    );
    Err(Error::new(Kind::ReadOnly, message))
}

fn connect(store: &Store) -> Result<Connection> {
    match store.path() {
        Some(path) if store.connection.is_readonly("main")? => open::connect_at_rest(path),
        Some(path) => open::connect_read_only(path),
        // There is no file yet, and so nothing to be read but that.
        None => {
            let connection = open::in_memory()?;
            crate::store::migrate::run(&connection, 0, || Ok(()))?;
            Ok(connection)
        }
    }
}

/// What a statement may do.
fn allowed(action: &AuthAction<'_>) -> Authorization {
    match action {
        AuthAction::Select | AuthAction::Read { .. } | AuthAction::Recursive => Authorization::Allow,
        AuthAction::Function { function_name } if !function_name.eq_ignore_ascii_case("load_extension") => {
            Authorization::Allow
        }
        AuthAction::Pragma { pragma_name, .. } if HARMLESS_PRAGMAS.contains(pragma_name) => {
            Authorization::Allow
        }
        _ => Authorization::Deny,
    }
}

fn refused() -> Error {
    Error::new(
        Kind::ReadOnly,
        "SQL only reads here; what changes a base are the commands, so that it can be undone",
    )
}

/// What SQLite says, with the place in the statement.
fn explained(store: &Store, caller: &Caller, error: rusqlite::Error, text: &str) -> Error {
    use rusqlite::ErrorCode;
    let (code, message, offset) = match &error {
        rusqlite::Error::SqlInputError {
            error, msg, offset, ..
        } => (error.code, msg.clone(), usize::try_from(*offset).ok()),
        rusqlite::Error::SqliteFailure(failure, message) => {
            (failure.code, message.clone().unwrap_or_default(), None)
        }
        _ => return Error::from(error),
    };
    match code {
        ErrorCode::ReadOnly => refused().with_source(error),
        ErrorCode::OperationInterrupted => {
            Error::new(Kind::TimedOut, "the statement took too long").with_source(error)
        }
        ErrorCode::Unknown => {
            let near = suggestions(store, caller, &message);
            Error::usage(match offset {
                Some(offset) => format!("{message}\n  {}", crate::query::error::pointed(text, offset)),
                None => message,
            })
            .with_near(near)
            .with_source(error)
        }
        ErrorCode::TooBig | ErrorCode::TypeMismatch => Error::usage(message).with_source(error),
        _ => Error::from(error),
    }
}

/// Names of published views or columns like the one that SQLite does not know.
fn suggestions(store: &Store, caller: &Caller, message: &str) -> Vec<String> {
    let Some((what, name)) = message.split_once(": ") else {
        return Vec::new();
    };
    let published = published(store, caller).unwrap_or_default();
    let mut names: Vec<&str> = Vec::new();
    for column in &published {
        let known = match what {
            "no such table" => column.view.as_str(),
            _ => column.column.as_str(),
        };
        if !names.contains(&known) {
            names.push(known);
        }
    }
    near(name.rsplit('.').next().unwrap_or(name), names)
}

/// Gives the parameters their values: numbers that are written as numbers are, everything else is text.
fn bind(statement: &mut rusqlite::Statement<'_>, question: &Question<'_>) -> Result<()> {
    let mut missing = Vec::new();
    for at in 1..=statement.parameter_count() {
        let Some(name) = statement.parameter_name(at).map(str::to_owned) else {
            return Err(Error::usage("a parameter needs a name: :name"));
        };
        let bare = name.trim_start_matches([':', '@', '$']);
        match question.parameters.iter().rev().find(|(known, _)| known == bare) {
            Some((_, text)) => statement.raw_bind_parameter(at, typed(text))?,
            None => missing.push(format!("{bare}=VALUE")),
        }
    }
    if !missing.is_empty() {
        return Err(Error::usage(format!("the statement needs {}", missing.join(" "))));
    }
    for (name, _) in question.parameters {
        let known = |sign: &str| statement.parameter_index(&format!("{sign}{name}"));
        if known(":")?.or(known("@")?).or(known("$")?).is_none() {
            return Err(Error::usage(format!("the statement has no parameter :{name}")));
        }
    }
    Ok(())
}

/// A text as the value that it is written like. `007` and `+49` are texts, because no number is written so.
fn typed(text: &str) -> Sql {
    if let Ok(number) = text.parse::<i64>()
        && number.to_string() == text
    {
        return Sql::Integer(number);
    }
    let is_decimal = text.contains('.')
        && text
            .bytes()
            .all(|byte| byte.is_ascii_digit() || b"-.".contains(&byte));
    match text.parse::<f64>() {
        Ok(number) if is_decimal => Sql::Real(number),
        _ => Sql::Text(text.to_owned()),
    }
}

fn decode(row: &Row<'_>, at: usize) -> Result<Value> {
    Ok(match row.get_ref(at)? {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(number) => Value::Int(number),
        ValueRef::Real(number) => Value::Real(number),
        ValueRef::Text(bytes) => Value::Text(String::from_utf8_lossy(bytes).into_owned()),
        ValueRef::Blob(bytes) => Value::Text(bytes.iter().map(|byte| format!("{byte:02x}")).collect()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ops::tests::Base;

    fn answer(text: &str, parameters: &[(&str, &str)]) -> Result<(Vec<String>, Vec<Vec<Value>>)> {
        let base = Base::new();
        let parameters: Vec<Parameter> = parameters
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        let question = Question {
            text,
            parameters: &parameters,
        };
        let (mut names, mut rows) = (Vec::new(), Vec::new());
        ask(
            &base.store,
            &base.caller,
            &question,
            || false,
            |columns| {
                names = columns;
                Ok(())
            },
            |row| {
                rows.push(row);
                Ok(())
            },
        )?;
        Ok((names, rows))
    }

    #[test]
    fn values_keep_their_types() {
        let text =
            "SELECT :n + 1 AS n, :r * 2 AS r, :t AS t, NULL AS void, x'0aff' AS bytes, typeof(:p) AS p";
        let parameters = [("n", "41"), ("r", "1.25"), ("t", "张伟"), ("p", "007")];
        let (names, rows) = answer(text, &parameters).expect("rows");
        assert_eq!(names, ["n", "r", "t", "void", "bytes", "p"]);
        assert_eq!(
            rows,
            [[
                Value::Int(42),
                Value::Real(2.5),
                Value::text("张伟"),
                Value::Null,
                Value::text("0aff"),
                Value::text("text"),
            ]]
        );
    }

    #[test]
    fn what_reads_is_allowed() {
        for text in [
            "SELECT * FROM v_customer",
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3) SELECT sum(i) FROM n",
            "SELECT rowid FROM search WHERE search MATCH 'a'",
            "SELECT value FROM json_each('[1,2]')",
            "SELECT name FROM pragma_table_info('customer')",
            "EXPLAIN QUERY PLAN SELECT 1",
            "VALUES (1), (2);",
            "SELECT fold('ÄÖ') -- and a remark",
        ] {
            answer(text, &[]).unwrap_or_else(|error| panic!("{text}: {error}"));
        }
    }

    #[test]
    fn whatever_changes_something_is_refused() {
        for text in [
            "DELETE FROM customer",
            "UPDATE customer SET name = 'x'",
            "INSERT INTO tag (name) VALUES ('x')",
            "DROP TABLE customer",
            "CREATE TEMP TABLE t (a)",
            "ATTACH 'other.db' AS other",
            "PRAGMA journal_mode = DELETE",
            "PRAGMA query_only = 0",
            "PRAGMA user_version = 7",
            "BEGIN IMMEDIATE",
            "VACUUM INTO 'copy.db'",
            "SELECT load_extension('x')",
            "INSERT INTO search (search) VALUES ('delete-all')",
            "WITH x AS (SELECT 1) DELETE FROM customer RETURNING *",
            "REINDEX",
            "ANALYZE",
        ] {
            let error = answer(text, &[]).expect_err(text);
            assert_eq!(error.kind(), Kind::ReadOnly, "{text}: {error}");
        }
    }

    #[test]
    fn mistakes_are_pointed_at() {
        for (text, parameters, message) in [
            (
                "SELEC 1",
                &[][..],
                "near \"SELEC\": syntax error\n  SELEC 1\n  ^^^^^",
            ),
            (
                "SELECT nam FROM v_customer",
                &[],
                "no such column: nam\n  SELECT nam FROM v_customer\n         ^^^",
            ),
            (
                "SELECT '张伟', x",
                &[],
                "no such column: x\n  SELECT '张伟', x\n                 ^",
            ),
            ("", &[], "there is no statement"),
            ("SELECT 1; SELECT 2", &[], "one statement at a time"),
            ("SELECT :a, :b", &[("a", "1")], "the statement needs b=VALUE"),
            (
                "SELECT :a",
                &[("a", "1"), ("c", "1")],
                "the statement has no parameter :c",
            ),
            ("SELECT ?", &[], "a parameter needs a name: :name"),
        ] {
            let error = answer(text, parameters).expect_err(text);
            assert_eq!(error.kind(), Kind::Usage, "{text}");
            assert_eq!(error.message(), message);
        }
    }

    #[test]
    fn a_statement_without_end_is_stopped_and_a_narrow_actor_refused() {
        let mut base = Base::new();
        let text = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n";
        let question = Question {
            text,
            parameters: &[],
        };
        let run = |base: &Base| {
            let asked = std::sync::atomic::AtomicU32::new(0);
            let stop = move || asked.fetch_add(1, std::sync::atomic::Ordering::Relaxed) > 3;
            ask(&base.store, &base.caller, &question, stop, |_| Ok(()), |_| Ok(()))
        };
        assert_eq!(run(&base).expect_err("it has no end").kind(), Kind::TimedOut);
        base.caller.actor.scope = Scope::Team;
        assert_eq!(run(&base).expect_err("a part only").kind(), Kind::ReadOnly);
        let error = published(&base.store, &base.caller).expect_err("a part only");
        assert_eq!(error.kind(), Kind::ReadOnly);
        base.caller.actor.scope = Scope::All;
        let columns = published(&base.store, &base.caller).expect("columns");
        assert!(
            columns
                .iter()
                .any(|column| column.view == "v_deal" && column.column == "amount_base")
        );
    }
}
