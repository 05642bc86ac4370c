//! Values of one record by name.

use jiff::civil::Date;

use super::WHO;
use crate::domain::field::FieldType;
use crate::domain::id::Id;
use crate::domain::money::Money;
use crate::domain::noun::Noun;
use crate::domain::value::{Link, Value};
use crate::error::{Error, Result};
use crate::ops::list;
use crate::store::{ReadTx, records};

/// Values of one record by name.
pub(super) struct Row {
    names: Vec<&'static str>,
    kinds: Vec<FieldType>,
    values: Vec<Value>,
}

impl Row {
    pub(super) fn read(tx: &ReadTx<'_>, noun: Noun, id: Id, names: &[&'static str]) -> Result<Row> {
        let columns = names
            .iter()
            .map(|name| list::column(tx, noun, name))
            .collect::<Result<Vec<_>>>()?;
        let values = records::get(tx, noun, id, &columns)?;
        Ok(Row {
            names: names.to_vec(),
            kinds: columns.iter().map(|column| column.kind).collect(),
            values: values.ok_or_else(|| Error::not_found(noun, &id.uid()))?,
        })
    }

    pub(super) fn get(&self, name: &str) -> &Value {
        let at = self.names.iter().position(|known| *known == name);
        at.and_then(|at| self.values.get(at)).unwrap_or(&Value::Null)
    }

    pub(super) fn text(&self, name: &str) -> &str {
        match self.get(name) {
            Value::Text(text) => text,
            _ => "",
        }
    }

    pub(super) fn date(&self, name: &str) -> Option<Date> {
        match self.get(name) {
            Value::Date(day) => Some(*day),
            _ => None,
        }
    }

    pub(super) fn link(&self, name: &str) -> Option<Link> {
        match self.get(name) {
            Value::Link(link) => Some(link.clone()),
            _ => None,
        }
    }

    pub(super) fn money(&self, name: &str) -> Option<Money> {
        match self.get(name) {
            Value::Money(money) => Some(*money),
            _ => None,
        }
    }

    /// The fields of [`WHO`].
    pub(super) fn who(&self) -> Vec<(&'static str, Value, FieldType)> {
        let all = self.names.iter().zip(&self.values).zip(&self.kinds);
        all.take(WHO.len())
            .map(|((name, value), kind)| (*name, value.clone(), *kind))
            .collect()
    }
}
