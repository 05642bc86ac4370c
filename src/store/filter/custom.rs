//! Custom fields in SQL: the expressions for their values, and tests on them.

use crate::domain::field::FieldType;
use crate::domain::fold::fold;
use crate::domain::noun::Noun;
use crate::error::{Error, Result};
use crate::query::plan::{Bound, Test};
use crate::store::columns::{name_column, table};
use crate::store::fields::{self, CustomField};
use crate::store::filter::Compiler;
use crate::store::filter::kept::stored;

/// The expressions for a custom field's value. The plus keeps SQLite from walking all values of the field for each record.
pub(crate) fn custom_expressions(field: &CustomField, alias: &str) -> Vec<String> {
    let own = format!("v.record_id = {alias}.id AND +v.field_id = {}", field.id.raw());
    let of = |column: &str| format!("(SELECT v.{column} FROM custom_value AS v WHERE {own} LIMIT 1)");
    match field.kind {
        FieldType::Money => vec![of("int_value"), of("text_value")],
        FieldType::Integer
        | FieldType::Decimal
        | FieldType::Percent
        | FieldType::Bool
        | FieldType::Duration
        | FieldType::Instant => vec![of("int_value")],
        FieldType::Link(linked) => {
            let there = |column: &str| {
                format!(
                    "(SELECT linked.{column} FROM custom_value AS v JOIN {} AS linked ON linked.id = v.link_id WHERE {own} LIMIT 1)",
                    table(linked)
                )
            };
            match linked.prefix() {
                Some(_) => vec![of("link_id"), there("no"), there(name_column(linked))],
                None => vec![there(name_column(linked))],
            }
        }
        FieldType::Choices(_) => vec![format!(
            "(SELECT group_concat(text_value, char(30)) FROM
              (SELECT v.text_value FROM custom_value AS v WHERE {own} ORDER BY v.position))"
        )],
        _ => vec![of("text_value")],
    }
}

impl Compiler<'_, '_, '_> {
    /// A custom field and the expression that reads it; none if it is gone.
    fn custom_read(&self, noun: Noun, key: &str, alias: &str) -> Result<Option<(CustomField, String)>> {
        Ok(fields::custom(self.tx, noun, key)?.map(|field| {
            let read = custom_expressions(&field, alias).into_iter().next();
            (field, read.unwrap_or_default())
        }))
    }

    pub(super) fn custom_test(&mut self, noun: Noun, key: &str, alias: &str, test: &Test) -> Result<String> {
        let Some((field, read)) = self.custom_read(noun, key, alias)? else {
            return Ok("0".to_owned());
        };
        match (field.kind, test) {
            (FieldType::Choice(_), Test::Equals(keys)) => {
                let keys = self.marks(keys.iter().cloned());
                Ok(format!("{read} IN ({keys})"))
            }
            (FieldType::Choices(_), Test::Equals(keys)) => {
                let keys = self.marks(keys.iter().cloned());
                Ok(format!(
                    "EXISTS (SELECT 1 FROM custom_value AS v WHERE v.record_id = {alias}.id AND +v.field_id = {}
                      AND v.text_value IN ({keys}))",
                    field.id.raw()
                ))
            }
            (FieldType::Link(linked), Test::Records(records)) => self.records(&read, linked, records),
            (FieldType::Link(_), Test::Equals(keys)) => {
                let names = self.marks(keys.iter().map(|key| fold(key)));
                Ok(format!("fold({read}) IN ({names})"))
            }
            (FieldType::Link(_), Test::Matches(pattern)) => {
                let name = custom_expressions(&field, alias).pop().unwrap_or_default();
                Ok(format!("matches({}, {name})", self.bind_text(pattern)))
            }
            (FieldType::Days, test) => self.days_test(&read, test),
            (kind, test) => self.plain_test(&read, kind, test),
        }
    }

    /// A range of days passes if one of its days is asked for: its last is not before the first of those, nor its first
    /// after the last.
    fn days_test(&mut self, read: &str, test: &Test) -> Result<String> {
        let (first, last) = (format!("substr({read}, 1, 10)"), format!("substr({read}, -10)"));
        match test {
            Test::Values(values) => {
                let mut tests = Vec::new();
                for value in values {
                    let day = stored(value, FieldType::Date)?;
                    let (low, high) = (self.bind(day.clone()), self.bind(day));
                    tests.push(format!("({last} >= {low} AND {first} <= {high})"));
                }
                Ok(format!("({})", tests.join(" OR ")))
            }
            Test::Range { from, to } => {
                let mut tests = Vec::new();
                for (expression, bound, signs) in [(last, from, [">", ">="]), (first, to, ["<", "<="])] {
                    if let Some(Bound { value, inclusive }) = bound {
                        let mark = self.bind(stored(value, FieldType::Date)?);
                        let [strict, loose] = signs;
                        tests.push(format!(
                            "{expression} {} {mark}",
                            if *inclusive { loose } else { strict }
                        ));
                    }
                }
                Ok(format!("({})", tests.join(" AND ")))
            }
            other => Err(Error::internal(format!("days cannot be tested by {other:?}"))),
        }
    }

    pub(super) fn custom_present(&mut self, noun: Noun, key: &str, alias: &str) -> Result<String> {
        let Some((_, read)) = self.custom_read(noun, key, alias)? else {
            return Ok("0".to_owned());
        };
        Ok(format!("{read} IS NOT NULL"))
    }
}
