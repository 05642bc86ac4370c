//! What can be done with a rule: add, edit, and let it do what it is for.
//!
//! A rule looks at the log of operations, which nothing skips, or at the clock. What it does is an operation of its own, of
//! whoever made the rule. The front ends say when rules are asked ([`engine`]), because each of these is a transaction.

pub mod act;
pub mod clock;
pub mod engine;
pub mod trial;

use crate::domain::actor::Scope;
use crate::domain::field::{self, Access};
use crate::domain::id::Id;
use crate::domain::input::Assignment;
use crate::domain::noun::Noun;
use crate::domain::rule::action::{Action, NewTask};
use crate::domain::rule::trigger::{On, Trigger};
use crate::domain::task::{PRIORITIES, TYPES};
use crate::domain::value::Value;
use crate::domain::when::{Leaning, read};
use crate::error::{Error, Kind, Result};
use crate::ops::draft::{Draft, Lists};
use crate::ops::typed::{self, Policy};
use crate::ops::{Outcome, keyed, list, refer, view};
use crate::store::rows::{self, Identity};
use crate::store::rules::{self, Stored};
use crate::store::{ReadTx, WriteTx, fields, links};
use crate::wire::template;

/// A rule as records meet it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// The record.
    pub id: Id,
    /// Its name.
    pub key: String,
    /// When it looks.
    pub on: On,
    /// The records that it is about; empty for all.
    pub filter: String,
    /// What it does, in order.
    pub actions: Vec<Action>,
    /// Whether it does so once for each record.
    pub once: bool,
    /// The name of who made it, for whom it acts.
    pub maker: String,
    /// The operation that made it what it is.
    since: Id,
    /// When it was made, in milliseconds since 1970.
    created_at: i64,
}

/// Whom an action means by this word: whose record it is.
pub const OWNER: &str = "owner";

/// Adds a rule.
///
/// # Errors
///
/// `Duplicate` if there is one of that name; `Invalid` for what means nothing.
pub fn add(tx: &WriteTx<'_>, given: &[Assignment], policy: &Policy) -> Result<Outcome> {
    add_as(tx, Identity::default(), given, policy)
}

/// Adds a rule with a restored identity, which may speak of what is not here any more.
pub fn add_as(
    tx: &WriteTx<'_>,
    identity: Identity,
    given: &[Assignment],
    policy: &Policy,
) -> Result<Outcome> {
    let mut draft = Draft::read(tx, Noun::Rule, given, policy)?;
    let key = keyed::named(tx, Noun::Rule, &mut draft, (identity, "a rule"))?;
    draft.fallback(Noun::Rule, "active", Value::Bool(true));
    draft.fallback(Noun::Rule, "once", Value::Bool(false));
    let last = rules::next_position(tx)?;
    draft.fallback(Noun::Rule, "position", Value::Int(last));
    let on = On::parse(draft.text("on").unwrap_or_default())?;
    if identity.id.is_none() {
        canonical(tx, &mut draft, &on)?;
        if draft.text("actions").is_none() {
            return Err(Error::invalid(
                "actions",
                "a rule needs something to do: --set priority=high",
            ));
        }
    }
    let id = rows::add(tx, Noun::Rule, identity, &draft.plain, Vec::new())?;
    rules::begin(tx, id)?;
    draft.write_common(tx, Noun::Rule, id, Lists::Replace)?;
    tx.describe(format!("Added rule {key}"));
    Ok(Outcome::made(id))
}

/// Changes a rule. What was before is none of its business then.
///
/// # Errors
///
/// As [`add`]; `ReadOnly` if somebody else made it, for whom it acts, and the caller does not see everything.
pub fn edit(tx: &WriteTx<'_>, id: Id, given: &[Assignment], how: Lists, policy: &Policy) -> Result<Outcome> {
    let mut draft = Draft::read(tx, Noun::Rule, given, policy)?;
    let before = stored(tx, id)?;
    let actor = &tx.caller().actor;
    if before.maker_id != actor.id && actor.scope != Scope::All {
        return Err(Error::new(
            Kind::ReadOnly,
            format!("the rule {} acts for {}, who made it", before.key, before.maker),
        ));
    }
    keyed::renamed(tx, Noun::Rule, id, &mut draft, "a rule")?;
    if draft.get("position").is_some_and(Value::is_empty) {
        let last = rules::next_position(tx)?;
        draft.put(Noun::Rule, "position", Value::Int(last));
    }
    let on = match draft.get("on") {
        Some(Value::Text(text)) => On::parse(text)?,
        Some(_) => On::parse("")?,
        None => On::parse(&before.on)?,
    };
    if draft.get("actions").is_some_and(Value::is_empty) {
        return Err(Error::invalid("actions", "a rule needs something to do"));
    }
    canonical(tx, &mut draft, &on)?;
    if draft.get("on").is_some() && (draft.get("filter").is_none() || draft.get("actions").is_none()) {
        // What was said of one kind of record has to mean something for another.
        filter(tx, &on, &before.filter)?;
        check_all(tx, &on, &Action::parse_all(&before.actions)?)?;
    }
    let mut changed = rows::set(tx, Noun::Rule, id, &draft.plain)?;
    changed |= draft.write_common(tx, Noun::Rule, id, how)?;
    if changed {
        rules::begin(tx, id)?;
        tx.describe(format!("Changed rule {}", stored(tx, id)?.key));
    }
    Ok(Outcome::kept(id, changed))
}

/// The rule with this identity.
///
/// # Errors
///
/// `NotFound` if there is none; `Invalid` if it cannot be read.
pub fn load(tx: &ReadTx<'_>, id: Id) -> Result<Rule> {
    Rule::read(stored(tx, id)?)
}

fn stored(tx: &ReadTx<'_>, id: Id) -> Result<Stored> {
    rules::get(tx, id)?.ok_or_else(|| Error::not_found(Noun::Rule, &id.uid()))
}

impl Rule {
    fn read(stored: Stored) -> Result<Rule> {
        Ok(Rule {
            on: On::parse(&stored.on)?,
            actions: Action::parse_all(&stored.actions)?,
            id: stored.id,
            key: stored.key,
            filter: stored.filter,
            once: stored.once,
            maker: stored.maker,
            since: stored.since,
            created_at: stored.created_at,
        })
    }

    /// What has to hold of a record, each as a filter.
    fn filters(&self) -> Vec<String> {
        let own = (!self.filter.is_empty()).then(|| self.filter.clone());
        self.on.condition().into_iter().chain(own).collect()
    }
}

/// Lets every rule that asks for the tag `old`, or puts it on, do so with `new`.
pub(crate) fn rename_tag(tx: &WriteTx<'_>, old: &str, new: &str) -> Result<()> {
    for (id, [filter, actions]) in rules::texts(tx)? {
        let mut texts = [filter.clone(), actions.clone()];
        if let [filter, _] = &mut texts
            && let Some(renamed) = view::with_renamed_tag(filter, old, new)
        {
            *filter = renamed;
        }
        if let ([_, actions], Ok(mut known)) = (&mut texts, Action::parse_all(actions.as_str())) {
            for action in &mut known {
                match action {
                    Action::Tag(name) | Action::Untag(name) if name == old => new.clone_into(name),
                    _ => {}
                }
            }
            *actions = lines(&known);
        }
        if texts != [filter, actions] {
            rules::set_texts(tx, id, texts)?;
        }
    }
    Ok(())
}

fn lines(actions: &[Action]) -> String {
    let lines: Vec<String> = actions.iter().map(ToString::to_string).collect();
    lines.join("\n")
}

/// Checks what is given, and puts canonical texts in its place.
fn canonical(tx: &WriteTx<'_>, draft: &mut Draft, on: &On) -> Result<()> {
    if draft.get("on").is_some() {
        if let Trigger::Changed(names) = &on.trigger {
            names
                .iter()
                .try_for_each(|name| exists(tx, on.noun, name).map(drop))?;
        }
        if let Some(state) = on.condition() {
            view::joined(tx, on.noun, &[state]).map_err(|error| {
                Error::invalid("on", format!("on: {}", error.message())).with_near(error.near().to_vec())
            })?;
        }
    }
    for (field, value) in &mut draft.plain {
        let Value::Text(text) = value else { continue };
        let checked = match field.name {
            "on" => on.to_string(),
            "filter" => filter(tx, on, text)?,
            "actions" => {
                let actions = Action::parse_all(text)?;
                check_all(tx, on, &actions)?;
                lines(&actions)
            }
            _ => continue,
        };
        *value = Value::text(checked);
    }
    Ok(())
}

/// A filter over the records of a rule with canonical names.
fn filter(tx: &ReadTx<'_>, on: &On, text: &str) -> Result<String> {
    if text.trim().is_empty() {
        return Ok(String::new());
    }
    view::joined(tx, on.noun, &[text.to_owned()]).map_err(|error| error.on_field("filter"))
}

fn check_all(tx: &WriteTx<'_>, on: &On, actions: &[Action]) -> Result<()> {
    actions.iter().try_for_each(|action| {
        check(tx, on.noun, action)
            .map_err(|error| error.on_field("actions").context(format!("actions: {action}")))
    })
}

/// Checks that an action can be done with records of a noun, as far as that shows without one.
fn check(tx: &WriteTx<'_>, noun: Noun, action: &Action) -> Result<()> {
    let known = record_keys(tx, noun)?;
    for text in action.templates() {
        template::check(text)?;
        if let Some(unknown) = template::names(text).iter().find(|name| !known.contains(name)) {
            let near = crate::domain::near::near(unknown, known.iter().map(String::as_str));
            let message = format!("there is no value {unknown}");
            return Err(Error::invalid("actions", message).with_near(near));
        }
    }
    match action {
        Action::Set { field, .. } => match exists(tx, noun, field)? {
            Access::Write => Ok(()),
            Access::Read => Err(Error::invalid(
                "actions",
                format!("{field} is kept by the program"),
            )),
        },
        Action::Assign(user) => {
            act::holder(noun)?;
            refer::one(tx, Noun::User, user).map(drop)
        }
        Action::AssignBy(rule) => {
            if noun != Noun::Customer {
                let message = "rules of assignment give customers away and nothing else";
                return Err(Error::invalid("actions", message));
            }
            refer::one(tx, Noun::Assignment, rule).map(drop)
        }
        Action::Notify { to, .. } => someone(tx, to),
        Action::Task(task) => check_task(tx, task),
        Action::Tag(_) | Action::Untag(_) | Action::Ticket(_) | Action::Run(_) => Ok(()),
    }
}

fn check_task(tx: &WriteTx<'_>, task: &NewTask) -> Result<()> {
    if !task.due.is_empty() && !task.due.contains("{{") {
        read(&task.due, &tx.caller().reading(Leaning::Future)).map_err(|error| error.on_field("due"))?;
    }
    if !task.assignee.is_empty() {
        someone(tx, &task.assignee)?;
    }
    for (name, words, given) in [
        ("type", TYPES, &task.kind),
        ("priority", PRIORITIES, &task.priority),
    ] {
        if !given.is_empty() {
            typed::word(name, words, given)?;
        }
    }
    Ok(())
}

fn someone(tx: &ReadTx<'_>, name: &str) -> Result<()> {
    match name {
        OWNER => Ok(()),
        name => refer::one(tx, Noun::User, name).map(drop),
    }
}

/// The names of the values of a record.
fn record_keys(tx: &ReadTx<'_>, noun: Noun) -> Result<Vec<String>> {
    let mut keys: Vec<String> = list::all_columns(tx, noun)?
        .into_iter()
        .map(|column| column.name.split('.').next().unwrap_or_default().to_owned())
        .collect();
    // A record without custom fields has none of them, and that is no mistake.
    keys.push("fields".to_owned());
    Ok(keys)
}

/// Who may write a field, if there is one of that name.
fn exists(tx: &ReadTx<'_>, noun: Noun, name: &str) -> Result<Access> {
    if let Some(found) = field::find(noun, name) {
        return Ok(found.access);
    }
    if let Some(key) = name.strip_prefix("fields.")
        && fields::custom(tx, noun, key)?.is_some()
    {
        return Ok(Access::Write);
    }
    // The part of a field: phones.mobile.
    if let Some((head, _)) = name.split_once('.')
        && let Some(found) = field::find(noun, head)
    {
        return Ok(found.access);
    }
    let known = field::fields(noun).iter().map(|field| field.name);
    Err(Error::invalid("on", format!("{noun} has no field {name:?}"))
        .with_near(crate::domain::near::near(name, known)))
}

/// The name of a record for people: its ref and its name.
pub(crate) fn label(tx: &ReadTx<'_>, noun: Noun, id: Id) -> Result<String> {
    let link = links::link(tx, noun, id)?;
    Ok(link.map_or_else(String::new, |link| format!("{} {}", link.reference(), link.name)))
}
