//! One column of a row as JSON, and back.

use jiff::Timestamp;
use rusqlite::types::Value as Sql;
use serde_json::Value as Json;

use crate::domain::id::Id;
use crate::error::{Error, Result};
use crate::store::tables::Table;
use crate::store::tx::ReadTx;

/// How the values of a column are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    /// The number behind a ref.
    Number,
    /// An id, as a uid.
    Id,
    /// Milliseconds since 1970, as ISO 8601.
    Instant,
    /// A whole number.
    Integer,
    /// A text.
    Text,
    /// A number with a fraction.
    Real,
    /// Bytes, as hexadecimal digits.
    Bytes,
    /// Whatever stands there: a whole number or a text.
    Any,
}

/// One column.
#[derive(Debug)]
pub(super) struct Stored {
    pub(super) name: String,
    pub(super) format: Format,
    /// What stands there where nothing is said.
    pub(super) default: Sql,
    /// Whether it has to be said.
    pub(super) required: bool,
}

/// The columns of a table that follow from nothing else, without the one that names the row to which a row belongs.
pub(super) fn columns(tx: &ReadTx<'_>, table: &Table, owner: Option<&str>) -> Result<Vec<Stored>> {
    let is_numbered = crate::store::columns::noun_of(table.name).is_some_and(|noun| noun.prefix().is_some());
    let all = tx.all(
        "SELECT name, type, \"notnull\", dflt_value FROM pragma_table_info(?1)
         ORDER BY CASE name WHEN 'no' THEN -2 WHEN 'id' THEN -1 ELSE cid END",
        [table.name],
        |row| {
            let (name, declared): (String, String) = (row.get(0)?, row.get(1)?);
            let default = default(row.get::<_, Option<String>>(3)?.as_deref());
            Ok(Stored {
                format: if name == "no" && is_numbered {
                    Format::Number
                } else {
                    format(&name, &declared)
                },
                required: name == "id" || (row.get::<_, bool>(2)? && default == Sql::Null),
                default,
                name,
            })
        },
    )?;
    Ok(all
        .into_iter()
        .filter(|column| !table.kept_up.contains(&column.name.as_str()) && owner != Some(&column.name))
        .collect())
}

fn format(name: &str, declared: &str) -> Format {
    match declared {
        "INTEGER" if name == "id" || name.ends_with("_id") || name.ends_with("_by") => Format::Id,
        "INTEGER" if name == "at" || name.ends_with("_at") => Format::Instant,
        "INTEGER" | "INT" => Format::Integer,
        "REAL" => Format::Real,
        "BLOB" => Format::Bytes,
        "TEXT" => Format::Text,
        _ => Format::Any,
    }
}

/// A default as the schema spells it.
fn default(spelled: Option<&str>) -> Sql {
    let Some(spelled) = spelled else { return Sql::Null };
    let quoted = spelled
        .strip_prefix('\'')
        .and_then(|rest| rest.strip_suffix('\''));
    match (quoted, spelled.parse()) {
        (Some(text), _) => Sql::Text(text.replace("''", "'")),
        (None, Ok(number)) => Sql::Integer(number),
        (None, Err(_)) => Sql::Null,
    }
}

impl Stored {
    /// The key in JSON.
    pub(super) fn key(&self) -> &str {
        match (self.name.as_str(), self.format) {
            ("id", _) => "uid",
            ("no", Format::Number) => "id",
            (name, _) => name,
        }
    }

    /// The value as it leaves the base.
    pub(super) fn write(&self, value: &Sql) -> Json {
        match (self.format, value) {
            (_, Sql::Null) => Json::Null,
            (Format::Id, Sql::Integer(raw)) if *raw >= 0 => Json::from(Id::from_raw(*raw).uid()),
            (Format::Instant, Sql::Integer(ms)) => match Timestamp::from_millisecond(*ms) {
                Ok(at) => Json::from(at.to_string()),
                Err(_) => Json::from(*ms),
            },
            (_, Sql::Integer(number)) => Json::from(*number),
            (_, Sql::Real(number)) => Json::from(*number),
            (_, Sql::Text(text)) => Json::from(text.as_str()),
            (_, Sql::Blob(bytes)) => {
                let digits: Vec<String> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
                Json::from(digits.concat())
            }
        }
    }

    /// The value that `json` stands for.
    ///
    /// # Errors
    ///
    /// `Invalid` for what the column cannot hold.
    pub(super) fn read(&self, json: &Json) -> Result<Sql> {
        let value = match (self.format, json) {
            (_, Json::Null) => Some(Sql::Null),
            (Format::Id, Json::String(uid)) => Id::parse_uid(uid).map(|id| Sql::Integer(id.raw())),
            (Format::Instant, Json::String(text)) => {
                let at = text.parse::<Timestamp>().ok();
                at.map(|at| Sql::Integer(at.as_millisecond()))
            }
            (Format::Bytes, Json::String(digits)) => bytes(digits).map(Sql::Blob),
            (Format::Text | Format::Any, Json::String(text)) => Some(Sql::Text(text.clone())),
            (Format::Real, Json::Number(number)) => number.as_f64().map(Sql::Real),
            (Format::Text | Format::Bytes, Json::Number(_)) => None,
            (Format::Any, Json::Number(number)) => match number.as_i64() {
                Some(whole) => Some(Sql::Integer(whole)),
                None => number.as_f64().map(Sql::Real),
            },
            (_, Json::Number(number)) => number.as_i64().map(Sql::Integer),
            _ => None,
        };
        match value {
            Some(Sql::Null) if self.required => Err(self.missing()),
            Some(value) => Ok(value),
            None => Err(Error::invalid(
                self.key(),
                format!("{}: {json} cannot stand there", self.key()),
            )),
        }
    }

    pub(super) fn missing(&self) -> Error {
        Error::invalid(self.key(), format!("{} is missing", self.key()))
    }
}

fn bytes(digits: &str) -> Option<Vec<u8>> {
    let pairs = digits.as_bytes().chunks(2);
    pairs
        .map(|pair| {
            let pair = std::str::from_utf8(pair).ok().filter(|pair| pair.len() == 2)?;
            u8::from_str_radix(pair, 16).ok()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn column(name: &str, declared: &str) -> Stored {
        Stored {
            name: name.to_owned(),
            format: format(name, declared),
            default: Sql::Null,
            required: false,
        }
    }

    proptest! {
        #[test]
        fn whatever_is_stored_comes_back(
            number in any::<i64>(),
            text in "\\PC*|[a\"\\\\\n\r\t张😀'{}]*",
            bytes in proptest::collection::vec(any::<u8>(), 0..9),
        ) {
            for (name, declared, value) in [
                ("size", "INTEGER", Sql::Integer(number)),
                ("owner_id", "INTEGER", Sql::Integer(number)),
                ("created_at", "INTEGER", Sql::Integer(number)),
                ("name", "TEXT", Sql::Text(text.clone())),
                ("value", "ANY", Sql::Integer(number)),
                ("value", "ANY", Sql::Text(text)),
                ("seen_at", "INTEGER", Sql::Null),
                ("key", "BLOB", Sql::Blob(bytes)),
            ] {
                let column = column(name, declared);
                let line = column.write(&value).to_string();
                prop_assert!(!line.contains('\n'));
                let read: Json = serde_json::from_str(&line).unwrap();
                prop_assert_eq!(column.read(&read).unwrap(), value, "{}", line);
            }
        }
    }

    #[test]
    fn what_cannot_stand_there_is_refused() {
        let refused = |column: &Stored, json: &str| {
            let json = serde_json::from_str(json).unwrap();
            column.read(&json).unwrap_err().message().to_owned()
        };
        let owner = column("owner_id", "INTEGER");
        assert_eq!(refused(&owner, "\"C1\""), "owner_id: \"C1\" cannot stand there");
        assert_eq!(
            refused(&column("size", "INTEGER"), "1.5"),
            "size: 1.5 cannot stand there"
        );
        assert_eq!(
            refused(&column("name", "TEXT"), "[]"),
            "name: [] cannot stand there"
        );
        let mut id = column("id", "INTEGER");
        id.required = true;
        assert_eq!(refused(&id, "null"), "uid is missing");
    }

    #[test]
    fn defaults_are_read_as_the_schema_spells_them() {
        assert_eq!(default(None), Sql::Null);
        assert_eq!(default(Some("''")), Sql::Text(String::new()));
        assert_eq!(default(Some("'it''s'")), Sql::Text("it's".to_owned()));
        assert_eq!(default(Some("1000")), Sql::Integer(1000));
    }
}
