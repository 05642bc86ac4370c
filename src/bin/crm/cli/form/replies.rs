//! What is answered to whoever hands in submissions: a line of JSON each, or rows where a format is asked for.

use crm::domain::digest::sha256;
use crm::domain::field::FieldType;
use crm::domain::form::Outcome;
use crm::domain::near::near;
use crm::domain::noun::Noun;
use crm::domain::value::Value;
use crm::error::{Error, Kind, Result};
use crm::ops::form::intake::{Answer, Token};
use crm::store::{ReadTx, links};
use crm::wire::submission::reply::{Person, Reply};
use serde_json::{Map, Value as Json};

use crate::cli::output::Format;
use crate::cli::records;
use crate::ctx::{Ctx, Session, secret};

/// The columns where no JSON is wanted. Each fault has a row of its own.
const COLUMNS: [(&str, FieldType); 9] = [
    ("submission", FieldType::Integer),
    ("outcome", FieldType::Text),
    ("customer", FieldType::Text),
    ("name", FieldType::Text),
    ("owner", FieldType::Text),
    ("task", FieldType::Text),
    ("field", FieldType::Text),
    ("reason", FieldType::Text),
    ("token", FieldType::Text),
];

/// Answers, in the order of what was handed in.
#[derive(Debug, Default)]
pub(super) struct Replies {
    replies: Vec<Reply>,
    /// The first submission whose sender is not told why it was refused.
    reticent: Option<i64>,
}

impl Replies {
    /// Adds the answer to the submission that began on `line` of its body.
    pub(super) fn add(
        &mut self,
        session: &Session,
        ctx: &Ctx,
        line: Option<u64>,
        answer: Answer,
    ) -> Result<()> {
        if answer.is_reticent() && !ctx.global.dry_run {
            self.reticent = self.reticent.or(Some(answer.no));
        }
        // What a dry run made is not there.
        let reply = match ctx.global.dry_run {
            true => bare(line, answer),
            false => session
                .store
                .read(&session.caller, |tx| reply(tx, line, answer))?,
        };
        self.replies.push(reply);
        Ok(())
    }

    /// All of them.
    pub(super) fn all(&self) -> &[Reply] {
        &self.replies
    }

    /// How many were refused.
    pub(super) fn refused(&self) -> usize {
        self.replies.iter().filter(|reply| reply.is_refused()).count()
    }

    /// Whether somebody has to send a secret to an address.
    pub(super) fn has_tokens(&self) -> bool {
        self.replies.iter().any(|reply| reply.token.is_some())
    }

    /// Adds the answers to what stands in a file.
    pub(super) fn extend(&mut self, others: Replies, file: &str) {
        let named = |reply: Reply| Reply {
            file: Some(file.to_owned()),
            ..reply
        };
        self.reticent = self.reticent.or(others.reticent);
        self.replies.extend(others.replies.into_iter().map(named));
    }

    /// All of them as lines of JSON.
    pub(super) fn lines(&self) -> String {
        self.replies
            .iter()
            .map(|reply| format!("{}\n", reply.json()))
            .collect()
    }

    /// Writes all of them if a format is asked for.
    pub(super) fn write_if_asked(&self, ctx: &Ctx) -> Result<()> {
        match is_asked(ctx) {
            true => self.write(ctx),
            false => Ok(()),
        }
    }

    /// Writes all of them, as lines of JSON unless another format is asked for.
    pub(super) fn write(&self, ctx: &Ctx) -> Result<()> {
        let format = match is_asked(ctx) {
            true => records::format(ctx)?,
            false => Format::Ndjson,
        };
        if format.is_json() {
            let objects = picked(ctx, self.replies.iter().map(Reply::json))?;
            return records::json_objects(ctx, &format, &objects, false);
        }
        records::table(ctx, "", &COLUMNS, self.replies.iter().flat_map(rows))
    }

    /// Tells those inside where the reason stands that the answer keeps from whoever sent it.
    pub(super) fn tell_where(&self, ctx: &Ctx) {
        if let Some(no) = self.reticent {
            ctx.ui.note(&format!(
                "submission {no}: the answer does not say why; `crm form submissions --number {no}` does"
            ));
        }
    }

    /// The error with which a command ends that had submissions refused.
    pub(super) fn verdict(&self, ctx: &Ctx) -> Result<()> {
        if ctx.global.dry_run {
            ctx.ui.note("dry run: nothing was changed");
        }
        self.tell_where(ctx);
        let refused = match self.refused() {
            0 => return Ok(()),
            1 => "1 submission was refused".to_owned(),
            count => format!("{count} submissions were refused"),
        };
        let rest = match self.refused() == self.replies.len() {
            true => "",
            false => "; the others are in",
        };
        Err(Error::new(Kind::Partial, format!("{refused}{rest}")))
    }
}

/// Objects with the fields alone that are asked for by name; what kind of thing they are stays.
///
/// # Errors
///
/// `Usage` for a field that they do not have.
pub(super) fn picked(ctx: &Ctx, objects: impl Iterator<Item = Json>) -> Result<Vec<Json>> {
    let names = records::json_fields(ctx);
    if names.is_empty() {
        return Ok(objects.collect());
    }
    objects
        .map(|object| {
            let mut parts = Map::new();
            parts.extend(object.get("kind").map(|kind| ("kind".to_owned(), kind.clone())));
            for name in &names {
                let Some(part) = object.get(name.as_str()) else {
                    let parts = object.as_object().into_iter().flatten();
                    let known: Vec<&str> = parts.map(|(name, _)| name.as_str()).collect();
                    let message = format!("there is no field {name:?}, only {}", known.join(", "));
                    return Err(Error::usage(message).with_near(near(name, known)));
                };
                parts.insert(name.clone(), part.clone());
            }
            Ok(Json::Object(parts))
        })
        .collect()
}

/// Whether a format of output is asked for.
fn is_asked(ctx: &Ctx) -> bool {
    let global = &ctx.global;
    let file = global.output.as_deref().and_then(records::by_extension);
    global.format.is_some() || global.json.is_some() || global.template.is_some() || file.is_some()
}

/// A secret for the address that has to be confirmed, and the hash by which the base knows it.
///
/// # Errors
///
/// The system gives no randomness.
pub(super) fn token() -> Result<Token> {
    let text = secret()?;
    Ok(Token {
        hash: hash(&text),
        text,
    })
}

/// The hash by which the base knows a secret.
pub(super) fn hash(text: &str) -> String {
    sha256(text.trim().as_bytes())
}

fn bare(line: Option<u64>, answer: Answer) -> Reply {
    Reply {
        file: None,
        line,
        submission: None,
        outcome: answer.outcome.name(),
        customer: None,
        owner: String::new(),
        task: String::new(),
        token: None,
        faults: answer.faults,
        unknown: answer.unknown,
        repeated: answer.repeated,
    }
}

fn reply(tx: &ReadTx<'_>, line: Option<u64>, answer: Answer) -> Result<Reply> {
    let customer = match answer.customer {
        Some(id) => links::link(tx, Noun::Customer, id)?,
        None => None,
    };
    let owner = match answer.customer {
        Some(id) => crm::store::users::owner(tx, Noun::Customer, id)?,
        None => None,
    };
    let owner = match owner {
        Some(id) => links::link(tx, Noun::User, id)?,
        None => None,
    };
    let task = match answer.task {
        Some(id) => links::link(tx, Noun::Task, id)?,
        None => None,
    };
    Ok(Reply {
        submission: Some(answer.no),
        customer: customer.map(|link| Person {
            reference: link.reference().to_string(),
            name: link.name,
        }),
        owner: owner.map(|link| link.name).unwrap_or_default(),
        task: task.map(|link| link.reference().to_string()).unwrap_or_default(),
        token: answer.token.clone(),
        ..bare(line, answer)
    })
}

fn rows(reply: &Reply) -> Vec<Vec<Value>> {
    let row = |field: &str, reason: &str| {
        let customer = reply.customer.as_ref();
        let text = |text: Option<&String>| Value::text(text.cloned().unwrap_or_default());
        vec![
            reply.submission.map_or(Value::Null, Value::Int),
            Value::text(reply.outcome),
            text(customer.map(|person| &person.reference)),
            text(customer.map(|person| &person.name)),
            Value::text(reply.owner.as_str()),
            Value::text(reply.task.as_str()),
            Value::text(field),
            Value::text(reason),
            text(reply.token.as_ref()),
        ]
    };
    match reply.faults.is_empty() || reply.outcome != Outcome::Rejected.name() {
        true => vec![row("", "")],
        false => reply
            .faults
            .iter()
            .map(|(field, reason)| row(field, reason))
            .collect(),
    }
}
