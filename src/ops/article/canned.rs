//! Canned replies: a text with values of a ticket, of its customer and of whoever answers, sent in the words of an article.

use serde_json::{Value as Json, json};

use crate::domain::article::{PUBLISHED, REPLY};
use crate::domain::field;
use crate::domain::id::Id;
use crate::domain::near::near;
use crate::domain::noun::Noun;
use crate::domain::value::Value;
use crate::error::{Error, Result};
use crate::ops::mail::values;
use crate::ops::ticket::talk::{self, Said};
use crate::ops::{Outcome, refer, schema, ticket};
use crate::store::articles::{self, Article};
use crate::store::{ReadTx, WriteTx, records};
use crate::wire::column::Column;
use crate::wire::json;
use crate::wire::mail::template::Template;

/// What a canned reply may speak of, with the noun whose fields it has.
pub const VALUES: &[(&str, Option<Noun>)] = &[
    ("ticket", Some(Noun::Ticket)),
    ("customer", Some(Noun::Customer)),
    ("contact", Some(Noun::Customer)),
    ("actor", Some(Noun::User)),
    ("today", None),
];

/// What people have beyond their fields.
const NAMES: &[&str] = &["first_name", "last_name"];

/// Answers the customer of a ticket with a canned reply, and with what `said` adds below it; the reply helped the ticket
/// then. Gives the whole text.
///
/// # Errors
///
/// As [`text`], and as for any reply.
pub fn reply(tx: &WriteTx<'_>, id: Id, article: &str, said: &Said<'_>) -> Result<(Outcome, String)> {
    let (article, mut whole) = text(tx, id, article)?;
    let more = said.text.trim();
    if !more.is_empty() {
        whole = format!("{whole}\n\n{more}");
    }
    let outcome = talk::reply(
        tx,
        id,
        &Said {
            text: &whole,
            ..*said
        },
    )?;
    articles::link(tx, id, article.id)?;
    let label = ticket::label(tx, id)?;
    tx.describe(format!("Replied to ticket {label} with {}", article.key));
    Ok((outcome, whole))
}

/// What a canned reply says about a ticket.
///
/// # Errors
///
/// `NotFound` for the article; `Invalid` on `canned` for one that is no reply or not published, and for values that are
/// missing, with their names.
pub fn text(tx: &ReadTx<'_>, id: Id, article: &str) -> Result<(Article, String)> {
    let article = super::get(tx, refer::one(tx, Noun::Article, article)?)?;
    let key = &article.key;
    let refused = |message: String| Err(Error::invalid("canned", message));
    if article.kind != REPLY {
        return refused(format!(
            "{key} is an article and no canned reply; `crm article set {key} type=reply` makes it one"
        ));
    }
    if article.status != PUBLISHED {
        let status = match article.status.as_str() {
            "draft" => "still a draft",
            status => status,
        };
        return refused(format!(
            "the reply {key} is {status}; `crm article set {key} status=published` lets it be sent"
        ));
    }
    let filled = parsed(&article)?.fill(&about(tx, id)?);
    let text = filled.map_err(|error| error.on_field("canned"))?.text;
    Ok((article, text.trim().to_owned()))
}

/// Refuses a canned reply with braces that mean nothing, or that ask for what nobody knows.
pub(super) fn check(article: &Article) -> Result<()> {
    let refused = |path: &str, near: Vec<String>| {
        let message = format!("reply {}: there is no value {path}", article.key);
        Err(Error::invalid("body", message).with_near(near))
    };
    let template = parsed(article).map_err(|error| error.on_field("body"))?;
    for wanted in template.wanted() {
        let mut parts = wanted.path.split('.');
        let head = parts.next().unwrap_or_default();
        let Some((_, noun)) = VALUES.iter().find(|(name, _)| *name == head) else {
            return refused(&wanted.path, near(head, VALUES.iter().map(|(name, _)| *name)));
        };
        let (Some(noun), Some(name)) = (noun, parts.next()) else {
            continue;
        };
        let more: &[&str] = match noun {
            Noun::Customer => NAMES,
            _ => &[],
        };
        let fields = field::fields(*noun).iter().map(|field| field.name);
        let known: Vec<&str> = fields.chain(more.iter().copied()).chain(["fields"]).collect();
        if !known.contains(&name) {
            let near = near(name, known).into_iter();
            return refused(&wanted.path, near.map(|name| format!("{head}.{name}")).collect());
        }
    }
    Ok(())
}

fn parsed(article: &Article) -> Result<Template> {
    Template::of_text("reply", &article.key, &article.body)
}

/// What is known about a ticket and those who speak about it.
fn about(tx: &ReadTx<'_>, id: Id) -> Result<Json> {
    let ticket = ticket::get(tx, id)?;
    let person = |id: Option<Id>| match id {
        Some(id) => values::person(tx, id),
        None => Ok(Json::Null),
    };
    Ok(json!({
        "ticket": local(tx, Noun::Ticket, id)?,
        "customer": person(ticket.customer)?,
        "contact": person(ticket.contact)?,
        "actor": values::record(tx, Noun::User, tx.caller().actor.id)?,
        "today": tx.caller().clock.today().to_string(),
    }))
}

/// A record as programs read it, but with instants as clocks here show them: a customer reads them.
fn local(tx: &ReadTx<'_>, noun: Noun, id: Id) -> Result<Json> {
    let columns = schema::columns(tx, noun)?;
    let row = records::get(tx, noun, id, &columns)?;
    let zone = tx.caller().clock.zone();
    let row: Vec<Value> = row
        .ok_or_else(|| Error::not_found(noun, &id.uid()))?
        .into_iter()
        .map(|value| match value {
            Value::Instant(at) => {
                let local = at.to_zoned(zone.clone());
                Value::text(local.strftime("%Y-%m-%d %H:%M").to_string())
            }
            other => other,
        })
        .collect();
    let columns: Vec<Column> = columns
        .iter()
        .map(|column| Column::new(column.name.clone(), column.kind))
        .collect();
    Ok(json::record("", &columns, &row))
}
