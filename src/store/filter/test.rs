//! Tests on one field, in SQL.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use rusqlite::types::Value as Sql;

use crate::domain::field::{Field, FieldType};
use crate::domain::fold::fold;
use crate::domain::money::Money;
use crate::domain::noun::Noun;
use crate::domain::value::Value;
use crate::domain::when::instant::instant_of;
use crate::error::{Error, Result};
use crate::query::plan::{Bound, Test};
use crate::store::columns::source;
use crate::store::filter::kept::{comparable, folded, stored};
use crate::store::filter::{Compiler, narrow};
use crate::store::records::link_id;
use crate::store::seed;

/// The amount in the base currency, or the amount itself where no conversion is kept.
pub(crate) fn base_amount(noun: Noun, field: &Field, alias: &str) -> String {
    match (noun, field.name) {
        (Noun::Deal, "amount") => format!("{alias}.amount_base"),
        (Noun::Quote | Noun::Order, "total") => format!("{alias}.total_base"),
        (Noun::Order, "balance") => format!("{alias}.balance_base"),
        _ => source(noun, field).read.replace('@', alias),
    }
}

/// A column of a row; a plus in front of the name keeps SQLite from looking for an index on it.
fn on(alias: &str, column: &str) -> String {
    match column.strip_prefix('+') {
        Some(column) => format!("+{alias}.{column}"),
        None => format!("{alias}.{column}"),
    }
}

impl Compiler<'_, '_, '_> {
    pub(super) fn test(
        &mut self,
        noun: Noun,
        field: &'static Field,
        alias: &str,
        test: &Test,
    ) -> Result<String> {
        let read = source(noun, field).read.replace('@', alias);
        match (field.kind, test) {
            (FieldType::Emails | FieldType::Phones | FieldType::Handles | FieldType::ExternalIds, _) => {
                self.rows_test(field, alias, test)
            }
            (FieldType::Tags, Test::Equals(keys)) => Ok(self.tagged(keys, alias)),
            (FieldType::Link(_) | FieldType::Links(_), _) => self.link_test(noun, field, alias, test),
            (FieldType::Money, _) => self.money_test(noun, field, alias, test),
            (FieldType::Due, Test::Range { .. } | Test::Values(_)) => self.due_test(alias, test),
            (FieldType::Birthday, Test::Anniversary { from, to }) => {
                let (from, to) = (
                    from.strftime("%m-%d").to_string(),
                    to.strftime("%m-%d").to_string(),
                );
                let by = if from <= to { "AND" } else { "OR" };
                let (from, to) = (self.bind_text(from), self.bind_text(to));
                Ok(format!(
                    "({read} <> '' AND (substr({read}, -5) >= {from} {by} substr({read}, -5) <= {to}))"
                ))
            }
            (FieldType::Ref, Test::Records(records)) => self.records(&format!("{alias}.id"), noun, records),
            (FieldType::Uid, Test::Records(records)) => self.records(&read, noun, records),
            (FieldType::Word(_), Test::Equals(keys)) => self.word_test((noun, field), alias, keys),
            (_, Test::Equals(keys)) if noun == Noun::Deal && field.name.ends_with("stage") => {
                self.stage_test(field, alias, keys)
            }
            (FieldType::Choice(_) | FieldType::Country, Test::Equals(keys)) => {
                let keys = self.marks(keys.iter().cloned());
                Ok(format!("({read} IN ({keys}) AND {read} <> '')"))
            }
            (FieldType::Text, Test::Contains(_) | Test::Equals(_))
                if (noun, field.name) == (Noun::Customer, "city") =>
            {
                self.city_test(&read, test)
            }
            (FieldType::Text | FieldType::LongText | FieldType::Url, Test::Contains(_) | Test::Equals(_)) => {
                let folded = folded(noun, field, alias).unwrap_or_else(|| format!("fold({read})"));
                Ok(self.text_test(&folded, test))
            }
            _ => self.plain_test(&read, field.kind, test),
        }
    }

    fn word_test(&mut self, (noun, field): (Noun, &Field), alias: &str, keys: &[String]) -> Result<String> {
        match (field.kind, noun, field.name) {
            (_, Noun::Quote, "status") => Ok(self.quote_status(alias, keys)),
            (FieldType::Word(words), ..) => {
                let read = source(noun, field).read.replace('@', alias);
                self.words_test(&read, words, keys)
            }
            _ => Err(Error::internal(format!("{} holds no words", field.name))),
        }
    }

    /// Whatever was sent and is past its day is expired, whichever word stands in the row.
    fn quote_status(&mut self, alias: &str, keys: &[String]) -> String {
        let has = |word: &str| keys.iter().any(|key| key == word);
        let (sent, expired) = (has("sent"), has("expired"));
        let stored = keys.iter().filter(|key| *key != "expired" && *key != "sent");
        let mut words: Vec<String> = stored.cloned().collect();
        if sent || expired {
            words.push("sent".to_owned());
        }
        let words = match words.as_slice() {
            // The word itself, for an index of what customers have.
            [only] if only == "sent" => format!("{alias}.status = 'sent'"),
            [only] => format!("{alias}.status = {}", self.bind_text(only)),
            _ => {
                let words = self.marks(words.into_iter());
                format!("{alias}.status IN ({words})")
            }
        };
        if sent == expired {
            return words;
        }
        let today = self.tx.caller().clock.today().to_string();
        let today = self.bind_text(today);
        let day = if sent {
            format!("coalesce({alias}.valid_until, '9999-99-99') >= {today}")
        } else {
            format!("{alias}.valid_until < {today}")
        };
        match words.contains(" IN ") {
            true => format!("({words} AND ({alias}.status <> 'sent' OR {day}))"),
            false => format!("({words} AND {day})"),
        }
    }

    /// The ids themselves: a single one is an equality, which keeps the order of ids inside the index.
    fn stage_test(&self, field: &Field, alias: &str, keys: &[String]) -> Result<String> {
        let column = if field.name == "stage" {
            "stage_id"
        } else {
            "last_open_stage_id"
        };
        let ids = seed::stages_by_key(self.tx, keys)?;
        let ids: Vec<String> = ids.into_iter().map(|id| id.raw().to_string()).collect();
        Ok(format!("{alias}.{column} IN ({})", ids.join(", ")))
    }

    fn city_test(&mut self, read: &str, test: &Test) -> Result<String> {
        let Some(cities) = narrow::cities(self.tx, test)? else {
            return Ok(self.text_test(&format!("fold({read})"), test));
        };
        let cities = self.marks(cities.into_iter());
        Ok(format!("({read} IN ({cities}) AND {read} <> '')"))
    }

    /// A test on an expression whose type decides everything.
    pub(super) fn plain_test(&mut self, expression: &str, kind: FieldType, test: &Test) -> Result<String> {
        match test {
            Test::Matches(pattern) => {
                let pattern = self.bind_text(pattern);
                Ok(format!("matches({pattern}, {expression})"))
            }
            Test::Contains(_) | Test::Equals(_) => Ok(self.text_test(&format!("fold({expression})"), test)),
            _ => self.number_test(expression, kind, test),
        }
    }

    /// A test on a number, a day or an instant.
    pub(super) fn number_test(&mut self, expression: &str, kind: FieldType, test: &Test) -> Result<String> {
        match test {
            Test::Values(values) => {
                let values: Vec<Sql> = values
                    .iter()
                    .map(|value| stored(value, kind))
                    .collect::<Result<_>>()?;
                let marks: Vec<&str> = values.into_iter().map(|value| self.bind(value)).collect();
                Ok(format!("{expression} IN ({})", marks.join(", ")))
            }
            Test::Range { from, to } => {
                let mut parts = Vec::new();
                for (bound, strict, loose) in [(from, ">", ">="), (to, "<", "<=")] {
                    if let Some(Bound { value, inclusive }) = bound {
                        let mark = self.bind(stored(value, kind)?);
                        parts.push(format!(
                            "{expression} {} {mark}",
                            if *inclusive { loose } else { strict }
                        ));
                    }
                }
                Ok(format!("({})", parts.join(" AND ")))
            }
            _ => Err(Error::internal(format!(
                "a {kind:?} cannot be tested by {test:?}"
            ))),
        }
    }

    fn text_test(&mut self, folded: &str, test: &Test) -> String {
        let (texts, whole) = match test {
            Test::Contains(texts) => (texts, false),
            Test::Equals(texts) => (texts, true),
            _ => return "0".to_owned(),
        };
        let tests: Vec<String> = texts
            .iter()
            .map(|text| {
                let mark = self.bind_text(fold(text));
                if whole {
                    format!("{folded} = {mark}")
                } else {
                    format!("instr({folded}, {mark}) > 0")
                }
            })
            .collect();
        format!("({})", tests.join(" OR "))
    }

    /// Words of the program stand in the statement itself, so that partial indexes on them can serve.
    fn words_test(&mut self, read: &str, words: &[&str], keys: &[String]) -> Result<String> {
        let known: Vec<String> = keys
            .iter()
            .map(|key| {
                words
                    .iter()
                    .find(|word| *word == key)
                    .map(|word| format!("'{word}'"))
                    .ok_or_else(|| Error::internal(format!("{key:?} is none of {words:?}")))
            })
            .collect::<Result<_>>()?;
        match known.as_slice() {
            [one] => Ok(format!("({read} = {one} AND {read} <> '')")),
            several => Ok(format!("({read} IN ({}) AND {read} <> '')", several.join(", "))),
        }
    }

    fn money_test(&mut self, noun: Noun, field: &Field, alias: &str, test: &Test) -> Result<String> {
        let base = self.tx.base_currency()?;
        let currency = match test {
            Test::Values(values) => values.first(),
            Test::Range { from, to } => from.as_ref().or(to.as_ref()).map(|bound| &bound.value),
            _ => None,
        };
        let source = source(noun, field);
        match (currency, source.write.get(1)) {
            (Some(Value::Money(Money { currency, .. })), Some(column)) if *currency != base => {
                let read = source.read.replace('@', alias);
                let inner = self.number_test(&read, FieldType::Money, test)?;
                let code = self.bind_text(currency.code());
                Ok(format!("({inner} AND {alias}.{column} = {code})"))
            }
            _ => self.number_test(&base_amount(noun, field, alias), FieldType::Money, test),
        }
    }

    /// Each bound for itself: days are compared with the day on which a task is due, instants with the instant at
    /// which it is.
    fn due_test(&mut self, alias: &str, test: &Test) -> Result<String> {
        let (from, to) = match test {
            Test::Range { from, to } => (from.clone(), to.clone()),
            Test::Values(values) => {
                let days = values.iter().all(|value| matches!(value, Value::Date(_)));
                let column = if days { "+due_on" } else { "due_at" };
                let kind = if days { FieldType::Date } else { FieldType::Instant };
                let exact = self.number_test(&on(alias, column), kind, test)?;
                let [Value::Date(day)] = values.as_slice() else {
                    return Ok(exact);
                };
                let window = [
                    self.due_around(alias, ">", *day),
                    self.due_around(alias, "<", *day),
                ];
                return Ok(format!("({exact} AND {})", window.join(" AND ")));
            }
            _ => return Err(Error::internal("a due date is tested by days and instants")),
        };
        let mut parts = Vec::new();
        for (bound, side) in [(from, ">"), (to, "<")] {
            let Some(bound) = bound else { continue };
            let (column, kind) = match &bound.value {
                Value::Date(day) => {
                    parts.push(self.due_around(alias, side, *day));
                    ("+due_on", FieldType::Date)
                }
                _ => ("due_at", FieldType::Instant),
            };
            let (from, to) = if side == ">" {
                (Some(bound), None)
            } else {
                (None, Some(bound))
            };
            parts.push(self.number_test(&on(alias, column), kind, &Test::Range { from, to })?);
        }
        Ok(format!("({})", parts.join(" AND ")))
    }

    /// A bound on the instant that is as wide as the zones of the world are apart: the day decides, and the index runs by
    /// instants, in the order of the list.
    fn due_around(&mut self, alias: &str, side: &str, day: Date) -> String {
        const HOUR: i64 = 3_600_000;
        let midnight = instant_of(day.at(0, 0, 0, 0), &TimeZone::UTC).as_millisecond();
        let bound = if side == ">" {
            midnight - 14 * HOUR
        } else {
            midnight + 36 * HOUR
        };
        let mark = self.bind(Sql::Integer(bound));
        format!("{alias}.due_at {side}= {mark}")
    }

    /// A test on addresses that have rows of their own: one row passes.
    fn rows_test(&mut self, field: &Field, alias: &str, test: &Test) -> Result<String> {
        let (rows, owner, key, shown) = match field.kind {
            FieldType::Emails => ("email", "customer_id", "x.key", "x.address"),
            FieldType::Phones => ("phone", "customer_id", "x.key", "x.raw"),
            FieldType::Handles => (
                "handle",
                "customer_id",
                "x.kind || ':' || x.key",
                "x.kind || ':' || x.value",
            ),
            _ => (
                "external_id",
                "record_id",
                "x.system || ':' || x.value",
                "x.system || ':' || x.value",
            ),
        };
        let inner = match test {
            Test::Contains(texts) | Test::Equals(texts) => {
                let whole = matches!(test, Test::Equals(_));
                let tests: Vec<String> = texts
                    .iter()
                    .map(|text| {
                        let mark = self.bind_text(comparable(field.kind, text));
                        if whole {
                            format!("{key} = {mark}")
                        } else {
                            format!("instr({key}, {mark}) > 0")
                        }
                    })
                    .collect();
                format!("({})", tests.join(" OR "))
            }
            Test::Matches(pattern) => format!("matches({}, {shown})", self.bind_text(pattern)),
            _ => {
                return Err(Error::internal(format!(
                    "{} cannot be tested by {test:?}",
                    field.name
                )));
            }
        };
        Ok(format!(
            "EXISTS (SELECT 1 FROM {rows} AS x WHERE x.{owner} = {alias}.id AND {inner})"
        ))
    }

    pub(super) fn tagged(&mut self, keys: &[String], alias: &str) -> String {
        let keys = self.marks(keys.iter().map(|key| fold(key)));
        format!(
            "EXISTS (SELECT 1 FROM tagging AS g WHERE g.record_id = {alias}.id AND g.tag_id IN
              (SELECT id FROM tag WHERE name_key IN ({keys}) AND deleted_at IS NULL))"
        )
    }

    /// Says that a field has no value.
    pub(super) fn absent(&mut self, noun: Noun, field: &Field, alias: &str) -> String {
        let source = source(noun, field);
        let read = source.read.replace('@', alias);
        match field.kind {
            FieldType::Link(_) => format!("{} IS NULL", link_id(noun, field, alias)),
            FieldType::Date
            | FieldType::Instant
            | FieldType::Integer
            | FieldType::Decimal
            | FieldType::Money
            | FieldType::Percent
            | FieldType::Bool
            | FieldType::Duration
            | FieldType::Ref
            | FieldType::Uid => format!("{read} IS NULL"),
            FieldType::Due => format!("{alias}.due_on IS NULL"),
            _ => format!("coalesce({read}, '') = ''"),
        }
    }

    pub(super) fn marks(&mut self, texts: impl Iterator<Item = String>) -> String {
        let marks: Vec<&str> = texts.map(|text| self.bind_text(text)).collect();
        marks.join(", ")
    }
}
