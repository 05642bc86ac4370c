//! Importing and exporting rows that are no records: rates, options of picklists, opt-outs, settings of the base.

use jiff::civil::Date;

use crate::domain::field::FieldType;
use crate::domain::input::Input;
use crate::domain::near::near;
use crate::domain::value::Value;
use crate::error::{Error, Kind, Result};
use crate::ops::rate;
use crate::store::sheets::{self, PickOption, Suppression};
use crate::store::{ReadTx, WriteTx, rates};
use crate::wire::read::json;
use crate::wire::read::rows::{Item, Row};

use super::verdict::{Judged, Origin, Sink, Summary, Verdict};
use super::{is_about_the_row, rows};

/// A sort of rows that are no records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sheet {
    /// What other currencies are worth.
    Rate,
    /// Entries of picklists, with their labels.
    Option,
    /// Opt-outs that outlive their records.
    Suppression,
    /// Settings of the base.
    Setting,
}

/// One column: name and sort of value.
type Column = (&'static str, FieldType);

impl Sheet {
    /// All of them, in the order in which a whole base is imported.
    pub const ALL: [Sheet; 4] = [Sheet::Option, Sheet::Rate, Sheet::Suppression, Sheet::Setting];

    /// The word, singular.
    pub fn name(self) -> &'static str {
        match self {
            Sheet::Rate => "rate",
            Sheet::Option => "option",
            Sheet::Suppression => "suppression",
            Sheet::Setting => "setting",
        }
    }

    /// The sheet named by `word`, singular or plural.
    pub fn parse(word: &str) -> Option<Sheet> {
        let word = word.strip_suffix('s').unwrap_or(word);
        Sheet::ALL.into_iter().find(|sheet| sheet.name() == word)
    }

    /// Its columns, in order.
    pub fn columns(self) -> &'static [Column] {
        match self {
            Sheet::Rate => &[
                ("currency", FieldType::Text),
                ("on", FieldType::Date),
                ("rate", FieldType::Text),
            ],
            Sheet::Option => &[
                ("list", FieldType::Text),
                ("key", FieldType::Text),
                ("position", FieldType::Integer),
                ("active", FieldType::Bool),
                ("labels", FieldType::Parts),
            ],
            Sheet::Suppression => &[
                ("channel", FieldType::Text),
                ("hash", FieldType::Text),
                ("reason", FieldType::Text),
                ("created_at", FieldType::Instant),
            ],
            Sheet::Setting => &[("key", FieldType::Text), ("value", FieldType::Text)],
        }
    }
}

/// Calls `each` with the values of every row of a sheet, in the order of its columns.
///
/// # Errors
///
/// Whatever the base or `each` fails with.
pub fn each(tx: &ReadTx<'_>, sheet: Sheet, each: &mut dyn FnMut(Vec<Value>) -> Result<()>) -> Result<()> {
    match sheet {
        Sheet::Rate => rates::all(tx)?.into_iter().try_for_each(|dated| {
            each(vec![
                Value::text(dated.currency.code()),
                Value::Date(dated.on),
                Value::text(dated.rate.to_string()),
            ])
        }),
        Sheet::Option => sheets::options(tx, &mut |option| {
            let labels = option.labels.into_iter();
            each(vec![
                Value::text(option.list),
                Value::text(option.key),
                Value::Int(option.position),
                Value::Bool(option.active),
                Value::Map(
                    labels
                        .map(|(language, text)| (language, Value::text(text)))
                        .collect(),
                ),
            ])
        }),
        Sheet::Suppression => sheets::suppressions(tx, &mut |suppression| {
            each(vec![
                Value::text(suppression.channel),
                Value::text(suppression.hash),
                Value::text(suppression.reason),
                Value::Instant(suppression.created_at),
            ])
        }),
        Sheet::Setting => sheets::settings(tx)?
            .into_iter()
            .try_for_each(|(key, value)| each(vec![Value::text(key), Value::text(value)])),
    }
}

/// Imports the rows of a sheet, whose columns are `columns` (none for JSON), within the operation `tx`.
///
/// # Errors
///
/// `Usage` for a column that the sheet does not have; whatever reading the rows or the store fails with. A row that is
/// refused is no error.
pub fn run(
    tx: &WriteTx<'_>,
    sheet: Sheet,
    columns: Option<&[String]>,
    items: impl Iterator<Item = Result<Item>>,
    file: &str,
    sink: &mut dyn Sink,
) -> Result<Summary> {
    let names = sheet.columns().iter().map(|(name, _)| *name);
    if let Some(stranger) = columns
        .into_iter()
        .flatten()
        .find(|column| names.clone().all(|name| name != column.trim()) && column.trim() != "kind")
    {
        let error = Error::usage(format!("{} has no column {stranger:?}", sheet.name()));
        return Err(error.with_near(near(stranger, names)));
    }
    let mut summary = Summary::default();
    for item in items {
        match item? {
            Ok(row) => {
                let done = tx.attempt(|| put(tx, sheet, &row));
                judge(&row, done, &mut summary, sink)?;
            }
            Err(error) => {
                summary.rejected += 1;
                sink.judged(&Judged::broken(&error))?;
            }
        }
    }
    let plural = if summary.created == 1 { "" } else { "s" };
    tx.describe(format!(
        "Imported {} {}{plural} from {file}",
        summary.created,
        sheet.name()
    ));
    Ok(summary)
}

fn judge(row: &Row, done: Result<Verdict>, summary: &mut Summary, sink: &mut dyn Sink) -> Result<()> {
    let error = match &done {
        Err(error) if !is_about_the_row(error.kind()) => {
            return done
                .map(drop)
                .map_err(|error| error.context(format!("line {}", row.line)));
        }
        Err(error) => Some(error),
        Ok(_) => None,
    };
    let verdict = *done.as_ref().unwrap_or(&Verdict::Rejected);
    match verdict {
        Verdict::Created => summary.created += 1,
        Verdict::Updated => summary.updated += 1,
        Verdict::Unchanged => summary.unchanged += 1,
        Verdict::Skipped => summary.skipped += 1,
        Verdict::Rejected => summary.rejected += 1,
    }
    sink.judged(&Judged {
        line: row.line,
        verdict,
        reference: None,
        name: rows::name_in(row),
        field: error.and_then(Error::field),
        reason: error.map_or("", Error::message),
        origin: Origin::Row(row),
    })
}

/// Does what a row says.
fn put(tx: &WriteTx<'_>, sheet: Sheet, row: &Row) -> Result<Verdict> {
    let is_new = |changed: bool, was_there: bool| match (changed, was_there) {
        (true, false) => Verdict::Created,
        (true, true) => Verdict::Updated,
        (false, _) => Verdict::Unchanged,
    };
    match sheet {
        Sheet::Rate => {
            let (currency, rate) = (needed(row, "currency")?, needed(row, "rate")?);
            let day = needed(row, "on")?;
            let on: Date = day
                .parse()
                .map_err(|_| Error::invalid("on", format!("on: {day:?} is no day, 2026-01-31")))?;
            let known = rates::all(tx)?
                .iter()
                .any(|dated| dated.on == on && dated.currency.code().eq_ignore_ascii_case(&currency));
            Ok(is_new(rate::set(tx, &currency, &rate, Some(on))?, known))
        }
        Sheet::Option => {
            let option = option(tx, row)?;
            let known = sheets::position(tx, &option.list, &option.key)?.is_some();
            Ok(is_new(sheets::set_option(tx, &option)?, known))
        }
        Sheet::Suppression => {
            let created = text(row, "created_at");
            let created_at = match created.as_deref() {
                None => tx.caller().clock.now(),
                Some(text) => text.parse().map_err(|_| {
                    Error::invalid("created_at", format!("created_at: {text:?} is no instant"))
                })?,
            };
            let channel = needed(row, "channel")?;
            if !matches!(channel.as_str(), "email" | "phone") {
                return Err(Error::invalid("channel", "channel: takes email or phone"));
            }
            let added = sheets::add_suppression(
                tx,
                &Suppression {
                    channel,
                    hash: needed(row, "hash")?,
                    reason: text(row, "reason").unwrap_or_default(),
                    created_at,
                },
            )?;
            Ok(is_new(added, false))
        }
        Sheet::Setting => {
            let (key, value) = (needed(row, "key")?, text(row, "value").unwrap_or_default());
            if tx.setting(&key)?.as_deref() == Some(value.as_str()) {
                return Ok(Verdict::Unchanged);
            }
            Err(Error::new(
                Kind::Invalid,
                format!("{key}: a setting of the base is made with it, and cannot be changed"),
            ))
        }
    }
}

fn option(tx: &WriteTx<'_>, row: &Row) -> Result<PickOption> {
    let (list, key) = (needed(row, "list")?, needed(row, "key")?);
    let position = match text(row, "position") {
        Some(text) => text
            .parse()
            .map_err(|_| Error::invalid("position", format!("position: {text:?} is no whole number")))?,
        None => sheets::position(tx, &list, &key)?.unwrap_or(1),
    };
    let active = match text(row, "active").as_deref() {
        None | Some("true" | "yes" | "1" | "是") => true,
        Some("false" | "no" | "0" | "否") => false,
        Some(other) => {
            return Err(Error::invalid(
                "active",
                format!("active: {other:?} is neither yes nor no"),
            ));
        }
    };
    let labels = match cell(row, "labels") {
        Some(Input::Text(text)) if text.trim_start().starts_with('{') => {
            json::parse(text).map_err(|_| Error::invalid("labels", "labels: this is no JSON"))?
        }
        Some(input) => input.clone(),
        None => Input::Clear,
    };
    let labels = match labels {
        Input::Map(parts) => parts
            .into_iter()
            .filter_map(|(language, input)| Some((language, input.as_text()?.to_owned())))
            .collect(),
        Input::Clear => Vec::new(),
        Input::Text(text) if text.trim().is_empty() => Vec::new(),
        _ => {
            return Err(Error::invalid(
                "labels",
                "labels: takes a text for each language, {\"en\": \"Website\"}",
            ));
        }
    };
    Ok(PickOption {
        list,
        key,
        position,
        active,
        labels,
    })
}

fn cell<'r>(row: &'r Row, name: &str) -> Option<&'r Input> {
    let found = row.cells.iter().find(|(column, _)| column.trim() == name);
    found.map(|(_, input)| input)
}

/// What a row says in a column; none if that is nothing.
fn text(row: &Row, name: &str) -> Option<String> {
    let text = cell(row, name)?.as_text()?.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

fn needed(row: &Row, name: &'static str) -> Result<String> {
    text(row, name).ok_or_else(|| Error::invalid(name, format!("{name} is missing")))
}
