//! What becomes of each value of customers who become one: which portions a customer's own row has, and by which rule
//! several values of a portion are made one.

use std::collections::BTreeSet;

use crate::domain::customer as rules;
use crate::domain::field::{self, Access};
use crate::domain::id::Id;
use crate::domain::noun::Noun;
use crate::domain::value::Value;
use crate::store::columns;

/// The name of the portion that is the whole main address.
pub(super) const ADDRESS: &str = "address";

/// The fields of the main address, which is taken as a whole.
pub(super) const ADDRESS_FIELDS: [&str; 5] = [ADDRESS, "city", "region", "postal_code", "country"];

/// By which rule several values become one. The first value is that of the one who stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rule {
    /// The first that is known.
    First,
    /// The furthest lifecycle.
    Furthest,
    /// Yes, if any says so. Nobody can choose otherwise.
    Any,
    /// All of them, each once, one below the other.
    Joined,
    /// The first, if anything of it is known; else the one of which most is known.
    Fullest,
    /// The first that is none of those who become one.
    Outside,
    /// The first, if all of them have one.
    Unanimous,
    /// The one with the least number at its head. Nobody can choose otherwise.
    Earliest,
}

/// Columns of a customer that are one value.
#[derive(Debug, Clone)]
pub(super) struct Portion {
    /// The field by its canonical name; `created` for by whom and when the record was made.
    pub(super) name: &'static str,
    pub(super) columns: Vec<&'static str>,
    pub(super) rule: Rule,
}

impl Portion {
    pub(super) fn is_free(&self) -> bool {
        !matches!(self.rule, Rule::Any | Rule::Earliest)
    }
}

/// The portions of a customer, in the order of the field table. The type is none: it is the same in all.
pub(super) fn portions() -> Vec<Portion> {
    let mut portions: Vec<Portion> = Vec::new();
    for field in field::fields(Noun::Customer) {
        let written = columns::source(Noun::Customer, field).write;
        if field.access != Access::Write || written.is_empty() || field.name == "type" {
            continue;
        }
        if field.name != ADDRESS && ADDRESS_FIELDS.contains(&field.name) {
            if let Some(address) = portions.iter_mut().find(|portion| portion.name == ADDRESS) {
                address.columns.extend(written);
            }
            continue;
        }
        // Why goes with when, and when with where.
        let with = match field.name {
            "disqualified_reason" => Some("disqualified_on"),
            "pooled_on" => Some("pool"),
            _ => None,
        };
        if let Some(with) = with {
            if let Some(portion) = portions.iter_mut().find(|portion| portion.name == with) {
                portion.columns.extend(written);
            }
            continue;
        }
        portions.push(Portion {
            name: field.name,
            columns: written.to_vec(),
            rule: match field.name {
                ADDRESS => Rule::Fullest,
                "lifecycle" => Rule::Furthest,
                "disqualified_on" | "pool" => Rule::Unanimous,
                "do_not_contact" | "locked" => Rule::Any,
                "note" => Rule::Joined,
                "parent" => Rule::Outside,
                _ => Rule::First,
            },
        });
    }
    portions.push(Portion {
        name: "created",
        columns: vec!["created_at", "created_by"],
        rule: Rule::Earliest,
    });
    portions
}

/// True if nothing is known.
pub(super) fn is_blank(value: &Value) -> bool {
    match value {
        Value::Text(text) => text.is_empty(),
        value => value.is_empty(),
    }
}

fn filled(values: &[Value]) -> usize {
    values.iter().filter(|value| !is_blank(value)).count()
}

/// Makes one of several values of a portion. `group` are those who become one.
pub(super) fn fold(rule: Rule, values: &[&[Value]], group: &BTreeSet<Id>) -> Vec<Value> {
    let Some(first) = values.first() else {
        return Vec::new();
    };
    if rule == Rule::Joined {
        return vec![joined(values)];
    }
    // Who is a lead in one of the records is one.
    if rule == Rule::Unanimous
        && let Some(blank) = values.iter().find(|value| value.first().is_none_or(is_blank))
    {
        return blank.to_vec();
    }
    if rule == Rule::Outside {
        let kept = outside(values, group);
        return kept.map_or_else(|| vec![Value::Null], <[Value]>::to_vec);
    }
    let which = match rule {
        Rule::Furthest => last_max(values, |value| rules::lifecycle_rank(text(value))),
        Rule::Any => values.iter().find(|value| value.first() == Some(&Value::Int(1))),
        Rule::Earliest => values.iter().min_by_key(|value| match value.first() {
            Some(Value::Int(number)) => *number,
            _ => i64::MAX,
        }),
        Rule::Fullest if filled(first) == 0 => last_max(values, filled),
        Rule::Fullest => Some(first),
        _ => values.iter().find(|value| filled(value) > 0),
    };
    which.unwrap_or(first).to_vec()
}

/// Among equals the first: `max_by_key` takes the last.
fn last_max<'v, K: Ord>(values: &'v [&'v [Value]], key: impl Fn(&[Value]) -> K) -> Option<&'v &'v [Value]> {
    values.iter().rev().max_by_key(|value| key(value))
}

fn text(value: &[Value]) -> &str {
    match value.first() {
        Some(Value::Text(text)) => text,
        _ => "",
    }
}

fn joined(values: &[&[Value]]) -> Value {
    let mut parts: Vec<&str> = Vec::new();
    for part in values.iter().map(|value| text(value)) {
        if !part.is_empty() && !parts.contains(&part) {
            parts.push(part);
        }
    }
    Value::Text(parts.join("\n\n"))
}

/// Somebody cannot belong to who is the same.
fn outside<'v>(values: &[&'v [Value]], group: &BTreeSet<Id>) -> Option<&'v [Value]> {
    values.iter().copied().find(|value| match value.first() {
        Some(Value::Int(id)) => !group.contains(&Id::from_raw(*id)),
        _ => false,
    })
}
