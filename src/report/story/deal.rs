//! What is told of a deal: who has a part in it, what is in it, what is to be done.

use super::{Entry, Fact, Limit, ORDER, QUOTE, Section, TASK, entries, facts};
use crate::domain::field::FieldType;
use crate::domain::id::Id;
use crate::domain::noun::Noun;
use crate::domain::value::Value;
use crate::error::Result;
use crate::store::{ReadTx, around, deal_people, links};

/// The sections of a deal, but for those that every record has.
pub(super) fn sections(tx: &ReadTx<'_>, id: Id, limit: Limit) -> Result<Vec<Section>> {
    let mut sections = Vec::new();
    sections.extend(limit.section("Checklist", checklist(tx, id)?));
    sections.extend(limit.section("People", people(tx, id)?));
    sections.extend(limit.section("Lines", lines(tx, id)?));
    let quotes = around::quotes(tx, Noun::Deal, id)?;
    sections.extend(limit.section("Quotes", entries(tx, Noun::Quote, &quotes, QUOTE)?));
    let orders = around::orders(tx, Noun::Deal, id)?;
    sections.extend(limit.section("Orders", entries(tx, Noun::Order, &orders, ORDER)?));
    let tasks = around::open_tasks(tx, Noun::Deal, id)?;
    sections.extend(limit.section("Open tasks", entries(tx, Noun::Task, &tasks, TASK)?));
    Ok(sections)
}

fn people(tx: &ReadTx<'_>, id: Id) -> Result<Vec<Entry>> {
    let mut all = Vec::new();
    for person in deal_people::parts(tx, id)? {
        let Some(link) = links::link(tx, Noun::Customer, person.customer)? else {
            continue;
        };
        let role = if person.role.is_empty() {
            "person".to_owned()
        } else {
            person.role.replace('_', " ")
        };
        let main = if person.is_primary { "main" } else { "" };
        let mut entry = Entry::new(Fact::text(role), [Fact::link(link), Fact::text(main)]);
        let title = facts(tx, Noun::Customer, person.customer, &["title"])?;
        entry
            .facts
            .extend(title.into_iter().flatten().filter(|fact| !fact.value.is_empty()));
        all.push(entry);
    }
    Ok(all)
}

/// What the stage wants done: what is ticked off, since when and by whom.
fn checklist(tx: &ReadTx<'_>, id: Id) -> Result<Vec<Entry>> {
    let items = parts(tx, id, "checklist")?.into_iter().map(|item| {
        let is_done = item.part("is_done") == Value::Bool(true);
        let by = Fact {
            value: item.part("done_by"),
            kind: FieldType::Text,
        };
        let at = Fact {
            value: item.part("done_at"),
            kind: FieldType::Instant,
        };
        let text = Fact {
            value: item.part("item"),
            kind: FieldType::Text,
        };
        Entry::new(Fact::text(if is_done { "[x]" } else { "[ ]" }), [text, at, by])
    });
    Ok(items.collect())
}

/// The named values of one entry of a list.
struct Parts(Vec<(String, Value)>);

impl Parts {
    /// A value; nothing if it is not known.
    fn part(&self, name: &str) -> Value {
        let found = self.0.iter().find(|(key, _)| key == name);
        found.map_or(Value::Null, |(_, value)| value.clone())
    }
}

/// The entries of a field with named parts.
fn parts(tx: &ReadTx<'_>, id: Id, name: &str) -> Result<Vec<Parts>> {
    let facts = facts(tx, Noun::Deal, id, &[name])?;
    let items = match facts.and_then(|mut facts| facts.pop()).map(|fact| fact.value) {
        Some(Value::List(items)) => items,
        _ => Vec::new(),
    };
    let maps = items.into_iter().filter_map(|item| match item {
        Value::Map(parts) => Some(Parts(parts)),
        _ => None,
    });
    Ok(maps.collect())
}

/// The products of a deal with quantity and price.
fn lines(tx: &ReadTx<'_>, id: Id) -> Result<Vec<Entry>> {
    let mut all = Vec::new();
    for item in parts(tx, id, "lines")? {
        let part = |name: &str| item.part(name);
        let fact = |value: Value, kind: FieldType| Fact { value, kind };
        let quantity = match part("quantity") {
            Value::Int(number) => Value::text(format!("{number} ×")),
            Value::Text(number) => Value::text(format!("{number} ×")),
            other => other,
        };
        let discount = match part("discount") {
            Value::Int(0) | Value::Null => Value::Null,
            Value::Int(percent) => Value::text(format!("-{percent}%")),
            Value::Text(percent) => Value::text(format!("-{percent}%")),
            other => other,
        };
        let facts = [
            fact(part("product"), FieldType::Link(Noun::Product)),
            fact(part("description"), FieldType::Text),
            fact(part("unit_price"), FieldType::Money),
            fact(discount, FieldType::Text),
        ];
        all.push(Entry::new(fact(quantity, FieldType::Text), facts));
    }
    Ok(all)
}
