//! What a rule would do: a rehearsal, and why it would do nothing.

use crate::domain::id::Id;
use crate::error::{Kind, Result};
use crate::ops::rule::engine::matching;
use crate::ops::rule::{Rule, act, engine, label};
use crate::query;
use crate::query::ast::{Expression, Filter};
use crate::store::{ReadTx, WriteTx, rules};

/// What would become of one record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trial {
    /// The record, with its ref and name.
    pub record: String,
    /// Whether the rule would do something.
    pub acts: bool,
    /// What it would do, or why it would not.
    pub what: String,
}

/// Rehearses a rule with records, as if that had happened to them which it waits for: with these, or with all for which
/// everything holds, at most `most`. To be rolled back.
///
/// # Errors
///
/// `Usage` if a filter means nothing.
pub fn rehearse(tx: &WriteTx<'_>, rule: &Rule, ids: Option<&[Id]>, most: usize) -> Result<Vec<Trial>> {
    let noun = rule.on.noun;
    let all = match ids {
        Some(ids) => ids.to_vec(),
        None => {
            let mut all = engine::all(tx, rule)?;
            all.reverse();
            all
        }
    };
    let mut trials = Vec::new();
    for id in all.into_iter().take(most) {
        let record = label(tx, noun, id)?;
        if let Some(why) = obstacle(tx, rule, id)? {
            trials.push(Trial {
                record,
                acts: false,
                what: why,
            });
            continue;
        }
        let (acts, what) = match tx.attempt(|| act::all(tx, rule, id)) {
            Ok(deeds) => {
                let runs = deeds
                    .commands
                    .iter()
                    .map(|words| format!("run {}", crate::domain::shell::line(words)));
                let what: Vec<String> = deeds.what.iter().cloned().chain(runs).collect();
                (true, what.join("; "))
            }
            Err(error) if error.kind() == Kind::Internal => return Err(error),
            Err(error) => (false, format!("it would fail: {}", error.message())),
        };
        trials.push(Trial { record, acts, what });
    }
    Ok(trials)
}

/// Why a rule does nothing with a record; none if it does.
fn obstacle(tx: &ReadTx<'_>, rule: &Rule, id: Id) -> Result<Option<String>> {
    let noun = rule.on.noun;
    let holds =
        |filters: &[String]| Ok::<bool, crate::error::Error>(!matching(tx, noun, &[id], filters)?.is_empty());
    if !holds(&[])? {
        return Ok(Some("it is in the trash".to_owned()));
    }
    for text in rule.filters() {
        for part in parts(&text) {
            if !holds(std::slice::from_ref(&part))? {
                return Ok(Some(format!("{part} does not hold")));
            }
        }
    }
    if rule.once && rules::is_known(tx, rule.id, id, "once")? {
        return Ok(Some("it has been done once".to_owned()));
    }
    Ok(None)
}

/// The parts of a filter that all have to hold.
fn parts(text: &str) -> Vec<String> {
    match query::parse(text).ok().and_then(|filter| filter.expression) {
        Some(Expression::And(parts)) => parts
            .into_iter()
            .map(|part| {
                Filter {
                    expression: Some(part),
                }
                .to_string()
            })
            .collect(),
        _ => vec![text.to_owned()],
    }
}
