//! `crm sql`: the base in SQL, for reading only.

use std::cell::RefCell;
use std::io::Read;

use clap::{ArgMatches, Args, Command};
use crm::domain::field::FieldType;
use crm::domain::value::Value;
use crm::error::{Error, Result};
use crm::store::sql::{self, Parameter, Question};
use crm::wire::column::Column;

use crate::cli::output::{Format, Writer};
use crate::cli::{parsed, records};
use crate::ctx::{Access, Ctx};

/// Ask in SQL
#[derive(Debug, Args)]
struct SqlArgs {
    /// Statement; `-` reads it from stdin, @FILE from a file
    #[arg(value_name = "STATEMENT", required_unless_present = "tables")]
    statement: Option<String>,
    /// Values for :name in the statement
    #[arg(value_name = "NAME=VALUE", conflicts_with = "tables")]
    parameters: Vec<String>,
    /// List the views that are made for SQL, and their columns
    #[arg(long)]
    tables: bool,
    /// Exit with 3 if there is nothing
    #[arg(long)]
    fail_empty: bool,
}

pub(crate) fn define(command: Command) -> Command {
    SqlArgs::augment_args(command).after_help(
        "Nothing can be changed this way. The views v_… stay as they are from version to version; the tables behind them \
         may change. --timeout SECONDS ends a statement that takes longer.\n\n\
         Examples:\n  crm sql --tables\n  \
         crm sql 'SELECT city, count(*) AS customers FROM v_customer GROUP BY city ORDER BY 2 DESC' --format csv\n  \
         crm sql 'SELECT ref, name FROM v_deal WHERE amount_base >= :least' least=100000 --json\n  \
         echo 'SELECT count(*) FROM v_task' | crm sql -\n  \
         crm sql 'DELETE FROM customer'   # exit 9",
    )
}

pub(crate) fn run(ctx: &Ctx, matches: &ArgMatches) -> Result<()> {
    let args: SqlArgs = parsed(matches)?;
    let Some(statement) = &args.statement else {
        return tables(ctx);
    };
    let text = written(statement)?;
    let parameters = args
        .parameters
        .iter()
        .map(|text| {
            let (name, value) = text
                .split_once('=')
                .ok_or_else(|| Error::usage(format!("{text:?} is not NAME=VALUE")))?;
            let name = name.trim().trim_start_matches(':');
            Ok((name.to_owned(), value.to_owned()))
        })
        .collect::<Result<Vec<Parameter>>>()?;
    let rows = ask(ctx, &text, &parameters)?;
    if rows == 0 && args.fail_empty {
        return Err(Error::new(
            crm::error::Kind::NotFound,
            "the statement found nothing",
        ));
    }
    Ok(())
}

/// The statement, from where it is written.
fn written(statement: &str) -> Result<String> {
    if statement == "-" {
        let mut text = String::new();
        std::io::stdin().lock().read_to_string(&mut text)?;
        return Ok(text);
    }
    match statement.strip_prefix('@') {
        Some(path) => std::fs::read_to_string(path).map_err(|error| Error::from(error).context(path)),
        None => Ok(statement.to_owned()),
    }
}

fn tables(ctx: &Ctx) -> Result<()> {
    let session = ctx.open(Access::Read)?;
    let published = sql::published(&session.store, &session.caller)?;
    let columns = [
        ("view", FieldType::Text),
        ("column", FieldType::Text),
        ("type", FieldType::Text),
    ];
    let rows = published.into_iter().map(|column| {
        vec![
            Value::text(column.view),
            Value::text(column.column),
            Value::text(column.kind.to_lowercase()),
        ]
    });
    records::table(ctx, "", &columns, rows)
}

fn ask(ctx: &Ctx, text: &str, parameters: &[Parameter]) -> Result<u64> {
    let session = ctx.open(Access::Read)?;
    let format = records::format(ctx)?;
    let mut out = ctx.ui.out();
    // The layout waits for the first row, which tells numbers from texts.
    let names = RefCell::new(Vec::new());
    let mut place = Some(&mut out);
    let mut writer: Option<Writer<'_>> = None;
    let mut rows = 0;
    let limit = ctx.global.timeout.map(i64::from);
    let elapsed = ctx.stopwatch();
    sql::ask(
        &session.store,
        &session.caller,
        &Question { text, parameters },
        move || limit.is_some_and(|limit| elapsed() >= limit * 1000),
        |found| {
            *names.borrow_mut() = found;
            Ok(())
        },
        |row| {
            rows += 1;
            let writer = match (&mut writer, place.take()) {
                (Some(writer), _) => writer,
                (none, Some(out)) => {
                    let columns = columns(&names.borrow(), &row, &format);
                    none.insert(Writer::begin(
                        format.clone(),
                        records::options(ctx),
                        out,
                        &columns,
                        "",
                    )?)
                }
                (None, None) => return Err(Error::internal("rows came without a place for them")),
            };
            writer.row(&row)
        },
    )?;
    match (writer, place.take()) {
        (Some(writer), _) => writer.finish()?,
        (None, Some(out)) => {
            let columns = columns(&names.borrow(), &[], &format);
            Writer::begin(format, records::options(ctx), out, &columns, "")?.finish()?
        }
        (None, None) => return Err(Error::internal("there is no place for rows")),
    };
    Ok(rows)
}

/// The columns by their names, each once; in formats where a point leads into a record it is none here.
fn columns(names: &[String], row: &[Value], format: &Format) -> Vec<Column> {
    let nests = format.is_json() || matches!(format, Format::Template(_));
    let mut columns: Vec<Column> = Vec::with_capacity(names.len());
    for (at, name) in names.iter().enumerate() {
        let name = if nests {
            name.replace('.', "_")
        } else {
            name.clone()
        };
        let is_taken = |wanted: &str| columns.iter().any(|column| column.name == wanted);
        let mut unique = name.clone();
        let mut number = 2;
        while is_taken(&unique) {
            unique = format!("{name}_{number}");
            number += 1;
        }
        let kind = match row.get(at) {
            Some(Value::Int(_)) => FieldType::Integer,
            Some(Value::Real(_)) => FieldType::Decimal,
            _ => FieldType::Text,
        };
        columns.push(Column::new(unique, kind));
    }
    columns
}
