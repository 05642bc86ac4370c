//! What the actions of a rule do with one record.

use serde_json::{Map, Value as Json};

use crate::domain::id::Id;
use crate::domain::input::{Assignment, Input};
use crate::domain::noun::Noun;
use crate::domain::rule::action::{Action, NewTask};
use crate::domain::shell;
use crate::domain::value::Value;
use crate::error::{Error, Result};
use crate::ops::draft::Lists;
use crate::ops::rule::{OWNER, Rule};
use crate::ops::typed::Policy;
use crate::ops::{
    Outcome, activity, assignment, customer, deal, feedback, list, order, product, quote, refer, schema,
    tagging, task, ticket,
};
use crate::store::records;
use crate::store::{ReadTx, WriteTx, links, notifications, users};
use crate::wire::column::Column;
use crate::wire::{json, template};

/// What was done with one record.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Deeds {
    /// What was done, a few words each, without what the record says.
    pub what: Vec<String>,
    /// Programs that are to run once all this stands.
    pub commands: Vec<Vec<String>>,
}

/// Does what a rule says with a record.
///
/// # Errors
///
/// Whatever one of the actions fails with; what was done before it stands in the transaction.
pub(super) fn all(tx: &WriteTx<'_>, rule: &Rule, id: Id) -> Result<Deeds> {
    let mut deeds = Deeds::default();
    for action in &rule.actions {
        let done = one(tx, rule.on.noun, id, action).map_err(|error| error.context(action))?;
        match action {
            Action::Run(command) => deeds
                .commands
                .push(shell::words(command).map_err(|why| Error::invalid("actions", why))?),
            _ => deeds.what.push(done),
        }
    }
    Ok(deeds)
}

/// Does one thing; what it was, in a few words.
fn one(tx: &WriteTx<'_>, noun: Noun, id: Id, action: &Action) -> Result<String> {
    let given = |name: &str, text: &str| vec![(name.to_owned(), input(text))];
    match action {
        Action::Set { field, value } => {
            let value = filled(tx, noun, id, value)?;
            edit(tx, noun, id, &given(field, &value))?;
            Ok(format!("set {field}"))
        }
        Action::Tag(name) => {
            let name = filled(tx, noun, id, name)?;
            tagging::tag(tx, noun, &[id], &name)?;
            Ok(format!("tag {name}"))
        }
        Action::Untag(name) => {
            // A label that nobody has is on nothing.
            if links::by_key(tx, Noun::Tag, name)?.is_some() {
                tagging::untag(tx, noun, &[id], name)?;
            }
            Ok(format!("untag {name}"))
        }
        Action::Assign(user) => {
            edit(tx, noun, id, &given(holder(noun)?, user))?;
            Ok(format!("assign {user}"))
        }
        Action::AssignBy(name) => {
            let told = assignment::by(tx, refer::one(tx, Noun::Assignment, name)?, id)?;
            Ok(match told.and_then(|told| told.user) {
                Some(user) => format!("assign {} by {name}", user.name),
                None => format!("assign nobody by {name}"),
            })
        }
        Action::Task(task) => new_task(tx, noun, id, task),
        Action::Ticket(name) => {
            let name = filled(tx, noun, id, name)?;
            new_ticket(tx, noun, id, &name)
        }
        Action::Notify { to, text } => {
            let text = filled(tx, noun, id, text)?;
            let Some(user) = someone(tx, noun, id, to)? else {
                return Ok("notify nobody: it has no owner".to_owned());
            };
            let about = customer_of(tx, noun, id)?;
            notifications::add(tx, user, (noun, id), about, &text)?;
            let link = links::link(tx, Noun::User, user)?;
            Ok(format!(
                "notify {}",
                link.map(|link| link.name).unwrap_or_default()
            ))
        }
        Action::Run(_) => Ok(String::new()),
    }
}

fn input(text: &str) -> Input {
    match text.is_empty() {
        true => Input::Clear,
        false => Input::text(text),
    }
}

/// Changes a record of a noun that a rule can watch.
///
/// # Errors
///
/// Whatever the edit refuses.
pub fn edit(tx: &WriteTx<'_>, noun: Noun, id: Id, given: &[Assignment]) -> Result<Outcome> {
    let policy = Policy::strict();
    let edit = match noun {
        Noun::Customer => customer::edit,
        Noun::Deal => deal::edit,
        Noun::Quote => quote::edit,
        Noun::Order => order::edit,
        Noun::Ticket => ticket::edit,
        Noun::Feedback => feedback::edit,
        Noun::Task => task::edit,
        Noun::Activity => activity::edit,
        Noun::Product => product::edit,
        _ => return Err(Error::internal(format!("a rule cannot change a {noun}"))),
    };
    edit(tx, id, given, Lists::Replace, &policy)
}

/// The field with the user who looks after such a record.
pub(super) fn holder(noun: Noun) -> Result<&'static str> {
    match noun {
        Noun::Task | Noun::Ticket => Ok("assignee"),
        Noun::Customer | Noun::Deal | Noun::Quote | Noun::Order | Noun::Feedback | Noun::Activity => {
            Ok("owner")
        }
        _ => Err(Error::invalid("actions", format!("a {noun} belongs to nobody"))),
    }
}

/// The user whom an action means; none if it means the owner and there is none.
fn someone(tx: &ReadTx<'_>, noun: Noun, id: Id, name: &str) -> Result<Option<Id>> {
    match name {
        OWNER => users::owner(tx, noun, id),
        name => refer::one(tx, Noun::User, name).map(Some),
    }
}

fn new_task(tx: &WriteTx<'_>, noun: Noun, id: Id, wanted: &NewTask) -> Result<String> {
    let mut given: Vec<Assignment> = Vec::new();
    let mut give = |name: &str, text: String| {
        if !text.is_empty() {
            given.push((name.to_owned(), Input::Text(text)));
        }
    };
    give("title", filled(tx, noun, id, &wanted.title)?);
    give("due", filled(tx, noun, id, &wanted.due)?);
    give("type", wanted.kind.clone());
    give("priority", wanted.priority.clone());
    let assignee = match wanted.assignee.as_str() {
        "" => Some(tx.caller().actor.id),
        name => someone(tx, noun, id, name)?,
    };
    give("assignee", assignee.map(Id::uid).unwrap_or_default());
    let deal = match noun {
        Noun::Deal => Some(id),
        _ => linked(tx, noun, id, "deal")?,
    };
    give(
        "customer",
        customer_of(tx, noun, id)?.map(Id::uid).unwrap_or_default(),
    );
    give("deal", deal.map(Id::uid).unwrap_or_default());
    let made = task::add(tx, &given, &Policy::strict())?;
    let link = links::link(tx, Noun::Task, made.id)?;
    Ok(link.map_or_else(|| "task".to_owned(), |link| format!("task {}", link.reference())))
}

/// Makes a ticket about a record: of feedback the one that it is escalated to.
fn new_ticket(tx: &WriteTx<'_>, noun: Noun, id: Id, name: &str) -> Result<String> {
    let mut given: Vec<Assignment> = vec![("name".to_owned(), Input::text(name))];
    let made = if noun == Noun::Feedback {
        feedback::escalate(tx, id, &given)?
    } else {
        let customer = customer_of(tx, noun, id)?;
        let order = match noun {
            Noun::Order => Some(id),
            _ => linked(tx, noun, id, "order")?,
        };
        let owner = users::owner(tx, noun, id)?.unwrap_or(tx.caller().actor.id);
        for (field, link) in [("customer", customer), ("order", order), ("owner", Some(owner))] {
            given.extend(link.map(|link| (field.to_owned(), Input::Text(link.uid()))));
        }
        ticket::add(tx, &given, &Policy::strict())?
    };
    let link = links::link(tx, Noun::Ticket, made.id)?;
    Ok(link.map_or_else(
        || "ticket".to_owned(),
        |link| format!("ticket {}", link.reference()),
    ))
}

/// The customer whom a record is about.
fn customer_of(tx: &ReadTx<'_>, noun: Noun, id: Id) -> Result<Option<Id>> {
    match noun {
        Noun::Customer => Ok(Some(id)),
        _ => linked(tx, noun, id, "customer"),
    }
}

/// The record behind a link of a record.
fn linked(tx: &ReadTx<'_>, noun: Noun, id: Id, name: &str) -> Result<Option<Id>> {
    if crate::domain::field::find(noun, name).is_none_or(|field| field.name != name) {
        return Ok(None);
    }
    let column = list::column(tx, noun, name)?;
    let row = records::get(tx, noun, id, &[column])?.unwrap_or_default();
    Ok(match row.into_iter().next() {
        Some(Value::Link(link)) => Some(link.id),
        _ => None,
    })
}

/// A text with the values of a record as it is by now.
fn filled(tx: &WriteTx<'_>, noun: Noun, id: Id, text: &str) -> Result<String> {
    if !text.contains('{') {
        return Ok(text.to_owned());
    }
    tx.settle()?;
    template::fill(text, &values(tx, noun, id)?)
}

/// A record as JSON has it; what a text may ask for, and what a program is given.
///
/// # Errors
///
/// `NotFound` if it is not there, or out of scope.
pub fn values(tx: &ReadTx<'_>, noun: Noun, id: Id) -> Result<Map<String, Json>> {
    let columns = schema::columns(tx, noun)?;
    let row = records::get(tx, noun, id, &columns)?.ok_or_else(|| Error::not_found(noun, &id.uid()))?;
    let columns: Vec<Column> = columns
        .into_iter()
        .map(|column| Column::new(column.name, column.kind))
        .collect();
    let mut record = match json::record(noun.name(), &columns, &row) {
        Json::Object(record) => record,
        _ => Map::new(),
    };
    record.entry("fields").or_insert_with(|| Json::Object(Map::new()));
    Ok(record)
}
