//! What comes first in the join of a list and hands out ids in order: the search, a tag, a value of a custom field.

use crate::domain::field::FieldType;
use crate::domain::fold::fold;
use crate::domain::noun::Noun;
use crate::query::plan::{Condition, Path, Target, Test};
use crate::store::columns::table;
use crate::store::filter::{Compiler, narrow};

/// What can hand out ids in order.
pub(super) enum Driver<'c> {
    /// The search index, for a search word.
    Words(&'c str),
    /// The search index as a first sieve for a part of a name.
    Part(&'c str),
    /// The records with a tag.
    Tag(&'c str),
    /// The records with a value of a custom field.
    Value(narrow::OneValue),
}

impl Driver<'_> {
    /// True if what the driver hands out needs no further test for its own condition.
    pub(super) fn is_exact(&self) -> bool {
        !matches!(self, Driver::Part(_))
    }

    /// The driver that a condition on `noun` offers, if it offers one.
    pub(super) fn of(noun: Noun, condition: &Condition) -> Option<Driver<'_>> {
        match condition {
            Condition::Words(text) => Some(Driver::Words(text)),
            Condition::Tag(key) => Some(Driver::Tag(key)),
            Condition::Compare {
                path:
                    Path {
                        steps,
                        target: Target::Field(field),
                    },
                test: Test::Equals(keys),
            } if steps.is_empty() && field.kind == FieldType::Tags => match keys.as_slice() {
                [key] => Some(Driver::Tag(key)),
                _ => None,
            },
            Condition::Compare {
                path,
                test: Test::Contains(texts),
            } if path.steps.is_empty() => {
                let indexed = match &path.target {
                    Target::Field(field) => match noun {
                        Noun::Customer => {
                            matches!(field.name, "name" | "emails" | "handles" | "website" | "tax_id")
                        }
                        Noun::Deal | Noun::Quote | Noun::Order | Noun::Ticket | Noun::Product => {
                            field.name == "name"
                        }
                        Noun::Task => field.name == "title",
                        _ => false,
                    },
                    _ => false,
                };
                match texts.as_slice() {
                    [text] if indexed && narrow::sieves(text) => Some(Driver::Part(text)),
                    _ => None,
                }
            }
            _ => None,
        }
    }
}

impl Compiler<'_, '_, '_> {
    /// Where the rows come from, the id by which they run, and what they have to pass; `others` are words that a driver by
    /// search looks for at the same time.
    pub(super) fn drive(
        &mut self,
        noun: Noun,
        driver: &Driver<'_>,
        others: &[&str],
    ) -> (String, &'static str, Vec<String>) {
        let name = table(noun);
        match driver {
            Driver::Words(text) | Driver::Part(text) => {
                let all = std::iter::once(*text).chain(others.iter().copied());
                let expressions: Option<Vec<String>> = all.map(|text| self.expression(text, noun)).collect();
                let Some(expressions) = expressions else {
                    return (format!("{name} AS r"), "r.id", vec!["0".to_owned()]);
                };
                let expression = match expressions.as_slice() {
                    [one] => one.clone(),
                    several => format!("({})", several.join(") AND (")),
                };
                let mut tests = vec![format!("search MATCH {}", self.bind_text(expression))];
                let own = match driver {
                    Driver::Words(text) => Some(*text),
                    _ => None,
                };
                for text in own.into_iter().chain(others.iter().copied()) {
                    tests.push(format!("found({}, doc.text)", self.bind_text(text)));
                }
                let from = format!(
                    "search CROSS JOIN search_doc AS doc ON doc.id = search.rowid CROSS JOIN {name} AS r ON r.id = search.rowid"
                );
                (from, "search.rowid", tests)
            }
            Driver::Tag(key) => {
                let from = format!("tagging AS driver CROSS JOIN {name} AS r ON r.id = driver.record_id");
                let key = self.bind_text(fold(key));
                let tag = format!("(SELECT id FROM tag WHERE name_key = {key} AND deleted_at IS NULL)");
                (from, "driver.record_id", vec![format!("driver.tag_id = {tag}")])
            }
            Driver::Value(value) => {
                let from =
                    format!("custom_value AS driver CROSS JOIN {name} AS r ON r.id = driver.record_id");
                let field = value.field.raw();
                let mark = self.bind(value.value.clone());
                let column = value.column;
                let test = format!("driver.field_id = {field} AND driver.{column} = {mark}");
                (from, "driver.record_id", vec![test])
            }
        }
    }
}
