//! Tests on other records that a record names, in SQL.

use rusqlite::types::Value as Sql;

use crate::domain::field::{Field, FieldType};
use crate::domain::fold::fold;
use crate::domain::noun::Noun;
use crate::error::Result;
use crate::query::plan::{Record, Test};
use crate::store::columns::{name_column, source, table};
use crate::store::filter::{Compiler, link_rows, narrow};
use crate::store::records::link_id;

impl Compiler<'_, '_, '_> {
    /// A test on one other record, or on several of which one passes.
    pub(super) fn link_test(
        &mut self,
        noun: Noun,
        field: &'static Field,
        alias: &str,
        test: &Test,
    ) -> Result<String> {
        match (field.kind, test) {
            (FieldType::Links(linked), Test::Records(_) | Test::Equals(_)) => {
                let next = self.alias();
                let named = match test {
                    Test::Records(records) => self.records(&format!("{next}.id"), linked, records)?,
                    Test::Equals(keys) => self.keyed(&format!("{next}.id"), linked, keys),
                    _ => "0".to_owned(),
                };
                let rows = link_rows(noun, field, alias)?;
                Ok(format!(
                    "EXISTS (SELECT 1 FROM {} AS {next} WHERE {next}.id IN ({rows}) AND {named})",
                    table(linked)
                ))
            }
            (FieldType::Link(Noun::Customer), Test::Records(records)) if noun == Noun::Activity => {
                let named = self.records("l.customer_id", Noun::Customer, records)?;
                Ok(format!(
                    "{alias}.id IN (SELECT l.activity_id FROM activity_customer AS l WHERE {named} AND +l.role = 'customer')"
                ))
            }
            (FieldType::Link(linked), Test::Records(records)) => {
                self.records(&link_id(noun, field, alias), linked, records)
            }
            (FieldType::Link(linked), Test::Equals(keys)) => {
                Ok(self.keyed(&link_id(noun, field, alias), linked, keys))
            }
            (FieldType::Link(linked), Test::Matches(pattern)) if linked.prefix().is_some() => {
                let pattern = self.bind_text(pattern);
                Ok(format!(
                    "matches({pattern}, (SELECT linked.{} FROM {} AS linked WHERE linked.id = {}))",
                    name_column(linked),
                    table(linked),
                    link_id(noun, field, alias)
                ))
            }
            _ => {
                let read = source(noun, field).read.replace('@', alias);
                self.plain_test(&read, field.kind, test)
            }
        }
    }

    /// Says that the id in `expression` is one of these records.
    pub(super) fn records(&mut self, expression: &str, noun: Noun, records: &[Record]) -> Result<String> {
        let name = name_column(noun);
        let table = table(noun);
        let key = match noun {
            Noun::Customer | Noun::Deal | Noun::Quote | Noun::Order | Noun::Ticket | Noun::Product => {
                "name_key".to_owned()
            }
            _ => format!("fold({name})"),
        };
        let sku = if noun == Noun::Product {
            " OR named.sku = "
        } else {
            ""
        };
        let mut tests = Vec::new();
        for record in records {
            if let Some(ids) = narrow::called(self.tx, noun, record)? {
                let ids: Vec<String> = ids.into_iter().map(|id| id.raw().to_string()).collect();
                tests.push(format!("{expression} IN ({})", ids.join(", ")));
                continue;
            }
            tests.push(match record {
                Record::Id(id) => format!("{expression} = {}", self.bind(Sql::Integer(id.raw()))),
                Record::Ref(reference) => {
                    let no = self.bind(Sql::Integer(reference.no));
                    let survivor = match noun {
                        Noun::Customer | Noun::Ticket => "coalesce(merged_into_id, id)",
                        _ => "id",
                    };
                    format!("{expression} = (SELECT {survivor} FROM {table} WHERE no = {no})")
                }
                Record::Named(text) | Record::Called(text) => {
                    let mark = self.bind_text(fold(text));
                    let by_name = match record {
                        Record::Called(_) => format!("named.{key} = {mark}"),
                        _ => format!("instr(named.{key}, {mark}) > 0"),
                    };
                    let by_name = by_name.replace("named.fold(", "fold(named.");
                    let by_sku = if sku.is_empty() { String::new() } else { format!("{sku}{}", self.bind_text(text)) };
                    format!(
                        "EXISTS (SELECT 1 FROM {table} AS named WHERE named.id = {expression} AND ({by_name}{by_sku}))"
                    )
                }
            });
        }
        Ok(format!("({})", tests.join(" OR ")))
    }

    /// Says that the id in `expression` is that of a record with one of these keys.
    fn keyed(&mut self, expression: &str, noun: Noun, keys: &[String]) -> String {
        let (column, keys): (&str, Vec<String>) = match noun {
            _ if noun.is_keyed() => ("key", keys.to_vec()),
            _ => ("name_key", keys.iter().map(|key| fold(key)).collect()),
        };
        let one = keys.len() == 1;
        let marks = self.marks(keys.into_iter());
        let found = format!(
            "SELECT id FROM {} WHERE {column} IN ({marks}) AND deleted_at IS NULL",
            table(noun)
        );
        // An equality keeps the order of ids inside the index; a list of one would not.
        if one {
            format!("{expression} = ({found} LIMIT 1)")
        } else {
            format!("{expression} IN ({found})")
        }
    }
}
