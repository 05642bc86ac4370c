//! What a hook is told of an operation, before it happens or after, and what its answer does.
//!
//! A plan is made in a rehearsal, so that it cannot differ from the act. The program runs the hook without a transaction;
//! inside the one that writes, the versions are looked at again.

use serde_json::{Map, Value as Json, json};

use crate::domain::id::Id;
use crate::domain::input::{Assignment, Input};
use crate::domain::noun::Noun;
use crate::error::{Error, Kind, Result};
use crate::ops::rule::act;
use crate::store::{ReadTx, WriteTx, links, log, rules};

/// So many records are told of one by one.
const MOST: usize = 1000;

/// A record that an operation touches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planned {
    /// The kind of record.
    pub noun: Noun,
    /// The record; one that is made by a rehearsal is another one later.
    pub id: Id,
    /// Whether the operation makes it.
    pub is_new: bool,
    /// The version that it has before.
    version: Option<i64>,
    /// The record before; none if it is made.
    pub before: Option<Map<String, Json>>,
    /// The record afterwards.
    pub after: Map<String, Json>,
}

/// The records that an operation touches.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Plan {
    /// The records, by noun.
    pub records: Vec<Planned>,
    /// How many there are in all.
    pub count: usize,
}

/// What an operation of the log did, which may be rolled back yet. What was before is told by [`Plan::look_back`].
pub fn plan(tx: &ReadTx<'_>, op: &log::Op) -> Result<Plan> {
    let mut plan = Plan::default();
    for noun in Noun::ALL {
        let touched = rules::touched(tx, op.id, noun)?;
        let new = touched.created.into_iter().map(|id| (id, true));
        let old = touched.changed.into_keys().map(|id| (id, false));
        for (id, is_new) in new.chain(old) {
            plan.count += 1;
            if plan.records.len() >= MOST {
                continue;
            }
            match act::values(tx, noun, id) {
                Ok(after) => plan.records.push(Planned {
                    noun,
                    id,
                    is_new,
                    version: None,
                    before: None,
                    after,
                }),
                // It is none of the caller's to see.
                Err(error) if error.kind() == Kind::NotFound => {}
                Err(error) => return Err(error),
            }
        }
    }
    Ok(plan)
}

impl Plan {
    /// Adds what the records are without the operation, which has been rolled back.
    ///
    /// # Errors
    ///
    /// Whatever the base fails with.
    pub fn look_back(&mut self, tx: &ReadTx<'_>) -> Result<()> {
        for planned in self.records.iter_mut().filter(|planned| !planned.is_new) {
            planned.before = act::values(tx, planned.noun, planned.id).ok();
            planned.version = links::version(tx, planned.noun, planned.id)?;
        }
        Ok(())
    }

    /// Refuses to go on if somebody has changed a record since the plan was made.
    ///
    /// # Errors
    ///
    /// `Conflict` with the record.
    pub fn still_holds(&self, tx: &ReadTx<'_>) -> Result<()> {
        for planned in self.records.iter().filter(|planned| !planned.is_new) {
            if links::version(tx, planned.noun, planned.id)? != planned.version {
                let name = crate::ops::rule::label(tx, planned.noun, planned.id)?;
                let message = format!("{name} was changed by somebody else while a hook looked at it");
                return Err(Error::new(Kind::Conflict, message));
            }
        }
        Ok(())
    }

    /// Takes over what was before from a plan of the same operation.
    pub fn remember(&mut self, plan: &Plan) {
        for planned in &mut self.records {
            let known = plan.records.iter().find(|known| known.id == planned.id);
            planned.before = known.and_then(|known| known.before.clone());
        }
    }

    /// What a hook is given on its standard input.
    pub fn json(&self, operation: &str, tx: &log::Op) -> Json {
        let record = |planned: &Planned| {
            json!({
                "noun": planned.noun.name(),
                "id": planned.after.get("id").or_else(|| planned.after.get("key")),
                "action": if planned.is_new { "created" } else { "changed" },
                "before": planned.before,
                "after": planned.after,
            })
        };
        let noun = self.noun(operation);
        let (main, rest): (Vec<&Planned>, Vec<&Planned>) = self
            .records
            .iter()
            .partition(|planned| Some(planned.noun) == noun);
        json!({
            "operation": operation,
            "title": tx.title,
            "command": tx.command,
            "user": tx.actor,
            "count": self.count,
            "records": main.iter().chain(&rest).map(|planned| record(planned)).collect::<Vec<Json>>(),
        })
    }

    /// The records that the answer of a hook is about: those of the noun of the operation, else of the first noun.
    fn noun(&self, operation: &str) -> Option<Noun> {
        let named = Noun::ALL
            .into_iter()
            .find(|noun| operation.split('-').next() == Some(noun.name()));
        let is_there = |noun: &Noun| self.records.iter().any(|planned| planned.noun == *noun);
        named
            .filter(is_there)
            .or_else(|| self.records.first().map(|planned| planned.noun))
    }
}

/// What a hook has answered: values to write in place of others.
///
/// # Errors
///
/// `Invalid` for what is no JSON object.
pub fn answer(text: &str) -> Result<Vec<Assignment>> {
    if text.trim().is_empty() {
        return Ok(Vec::new());
    }
    let refused = |why: String| Error::new(Kind::Invalid, format!("its answer is no JSON object: {why}"));
    let json: Json = serde_json::from_str(text).map_err(|error| refused(error.to_string()))?;
    match json {
        Json::Object(values) => Ok(values
            .into_iter()
            .map(|(name, value)| (name, input(value)))
            .collect()),
        _ => Err(refused("it is something else".to_owned())),
    }
}

fn input(value: Json) -> Input {
    match value {
        Json::Null => Input::Clear,
        Json::String(text) => Input::Text(text),
        Json::Array(items) => Input::List(items.into_iter().map(input).collect()),
        Json::Object(parts) => Input::Map(
            parts
                .into_iter()
                .map(|(name, value)| (name, input(value)))
                .collect(),
        ),
        other => Input::Text(other.to_string()),
    }
}

/// Writes what a hook has answered into the records that the operation has made or changed.
///
/// # Errors
///
/// Whatever the edit refuses.
pub fn rewrite(tx: &WriteTx<'_>, plan: &Plan, operation: &str, answer: &[Assignment]) -> Result<()> {
    let Some(noun) = plan.noun(operation).filter(|_| !answer.is_empty()) else {
        return Ok(());
    };
    let title = tx.title();
    let changed = plan
        .records
        .iter()
        .filter(|planned| planned.noun == noun && !planned.is_new);
    let mut ids: Vec<Id> = changed.map(|planned| planned.id).collect();
    ids.extend(rules::made(tx, noun)?);
    for id in ids {
        act::edit(tx, noun, id, answer).map_err(|error| error.context("what a hook answered"))?;
    }
    tx.describe(title);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_an_object_or_nothing() {
        assert_eq!(answer(" \n").expect("nothing"), []);
        let given =
            answer(r#"{"level": "A", "tags": ["x"], "keep_in_touch": 30, "note": null}"#).expect("an object");
        let text = |name: &str| {
            given
                .iter()
                .find(|(known, _)| known == name)
                .map(|(_, input)| input.clone())
        };
        assert_eq!(text("level"), Some(Input::text("A")));
        assert_eq!(text("keep_in_touch"), Some(Input::text("30")));
        assert_eq!(text("note"), Some(Input::Clear));
        for wrong in ["ok", "[]", "{", "3"] {
            assert_eq!(
                answer(wrong).expect_err("no object").kind(),
                Kind::Invalid,
                "{wrong}"
            );
        }
    }
}
