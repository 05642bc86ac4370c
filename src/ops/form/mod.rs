//! What can be done with an intake form: add, edit, and take in what is sent by it.

pub mod intake;

mod effect;
mod reading;
mod target;

use std::collections::BTreeMap;

use crate::domain::form::assignee::Assignee;
use crate::domain::form::entry::Entry;
use crate::domain::form::{CONFIRM_HOURS, OnDuplicate};
use crate::domain::id::Id;
use crate::domain::input::{Assignment, Input};
use crate::domain::noun::Noun;
use crate::domain::value::Value;
use crate::domain::when::{self, Leaning};
use crate::error::{Error, Kind, Result};
use crate::ops::Outcome;
use crate::ops::draft::{Draft, Lists};
use crate::ops::typed::Policy;
use crate::ops::{keyed, list, refer};
use crate::store::feedback::{self, Survey};
use crate::store::rows::{self, Identity};
use crate::store::{ReadTx, WriteTx, links, records};

pub use target::Target;

/// A form as submissions meet it.
#[derive(Debug, Clone, PartialEq)]
pub struct Form {
    /// The record.
    pub id: Id,
    /// Its name.
    pub key: String,
    /// Its heading; empty for none.
    pub label: String,
    /// Its fields, and where each leads.
    pub entries: Vec<(Entry, Target)>,
    /// What becomes of whoever sends it.
    pub making: Making,
    /// What a submission has to get past.
    pub guard: Guard,
    /// The survey that it asks.
    pub survey: Option<Survey>,
    /// What the visitor agrees to, and its version.
    pub consent: (String, String),
    /// The country of telephone numbers without a prefix; empty for that of the caller.
    pub region: String,
    /// What the visitor reads afterwards; empty for nothing in particular.
    pub thanks: String,
}

/// What becomes of whoever sends a form.
#[derive(Debug, Clone, PartialEq)]
pub struct Making {
    /// What every new customer gets, with the source.
    pub defaults: Vec<Assignment>,
    /// The labels of everybody who sends it.
    pub tags: Vec<String>,
    /// The campaign, where the sender names none.
    pub campaign: String,
    /// Who gets new customers.
    pub assign: Assignee,
    /// What happens to somebody who is in the base.
    pub on_duplicate: OnDuplicate,
    /// The title of the task that a submission makes; empty for none.
    pub next: String,
    /// When that is due, as a phrase.
    pub due: String,
}

/// What a submission has to get past.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Guard {
    /// Whether the form takes submissions at all.
    pub active: bool,
    /// The field that people do not see; empty for none.
    pub honeypot: String,
    /// Who needs fewer seconds is a machine.
    pub min_seconds: i64,
    /// For how many hours the address may be confirmed before anything is made; none if it need not be.
    pub confirm_hours: Option<i64>,
}

/// Adds a form.
///
/// # Errors
///
/// `Duplicate` if there is one of that name; `Invalid` for fields or defaults that lead nowhere.
pub fn add(tx: &WriteTx<'_>, assignments: &[Assignment], policy: &Policy) -> Result<Outcome> {
    add_as(tx, Identity::default(), assignments, policy)
}

/// Adds a form with a restored identity, which may speak of what is not here any more.
pub fn add_as(
    tx: &WriteTx<'_>,
    identity: Identity,
    assignments: &[Assignment],
    policy: &Policy,
) -> Result<Outcome> {
    let mut draft = Draft::read(tx, Noun::Form, assignments, policy)?;
    let key = keyed::named(tx, Noun::Form, &mut draft, (identity, "a form"))?;
    draft.fallback(
        Noun::Form,
        "on_duplicate",
        Value::text(OnDuplicate::UpdateBlank.name()),
    );
    draft.fallback(Noun::Form, "active", Value::Bool(true));
    draft.fallback(Noun::Form, "confirm_hours", Value::Int(CONFIRM_HOURS));
    if identity.id.is_none() {
        canonical(tx, &mut draft)?;
    }
    let id = rows::add(tx, Noun::Form, identity, &draft.plain, Vec::new())?;
    draft.write_common(tx, Noun::Form, id, Lists::Replace)?;
    if identity.id.is_none() {
        whole(&load(tx, id)?)?;
    }
    tx.describe(format!("Added form {key}"));
    Ok(Outcome::made(id))
}

/// Changes a form.
///
/// # Errors
///
/// As [`add`].
pub fn edit(
    tx: &WriteTx<'_>,
    id: Id,
    assignments: &[Assignment],
    how: Lists,
    policy: &Policy,
) -> Result<Outcome> {
    let mut draft = Draft::read(tx, Noun::Form, assignments, policy)?;
    keyed::renamed(tx, Noun::Form, id, &mut draft, "a form")?;
    for (name, usual) in [
        ("on_duplicate", Value::text(OnDuplicate::UpdateBlank.name())),
        ("confirm_hours", Value::Int(CONFIRM_HOURS)),
        ("min_seconds", Value::Int(0)),
    ] {
        if draft.get(name).is_some_and(Value::is_empty) {
            draft.plain.retain(|(field, _)| field.name != name);
            draft.fallback(Noun::Form, name, usual);
        }
    }
    canonical(tx, &mut draft)?;
    let mut changed = rows::set(tx, Noun::Form, id, &draft.plain)?;
    changed |= draft.write_common(tx, Noun::Form, id, how)?;
    let form = load(tx, id)?;
    if changed {
        whole(&form)?;
        tx.describe(format!("Changed form {}", form.key));
    }
    Ok(Outcome::kept(id, changed))
}

/// The form that `name` means.
///
/// # Errors
///
/// `NotFound` if there is none.
pub fn named(tx: &ReadTx<'_>, name: &str) -> Result<Form> {
    load(tx, refer::one(tx, Noun::Form, name)?)
}

/// What a form asks is read from the base.
const READ: &[&str] = &[
    "key",
    "label",
    "entries",
    "defaults",
    "on_duplicate",
    "assign",
    "source",
    "tags",
    "campaign",
    "survey",
    "next",
    "due",
    "double_opt_in",
    "confirm_hours",
    "honeypot",
    "min_seconds",
    "consent",
    "consent_version",
    "region",
    "thanks",
    "active",
];

/// The form with this identity.
///
/// # Errors
///
/// `NotFound` if there is none; `Invalid` if it speaks of a field that is not there any more.
pub fn load(tx: &ReadTx<'_>, id: Id) -> Result<Form> {
    let columns = READ
        .iter()
        .map(|name| list::column(tx, Noun::Form, name))
        .collect::<Result<Vec<_>>>()?;
    let row =
        records::get(tx, Noun::Form, id, &columns)?.ok_or_else(|| Error::not_found(Noun::Form, &id.uid()))?;
    let row = Row(READ.iter().copied().zip(row).collect());
    let entries = Entry::parse_all(row.text("entries"))?
        .into_iter()
        .map(|entry| target::of(tx, &entry).map(|target| (entry, target)))
        .collect::<Result<_>>()?;
    let survey = match row.text("survey") {
        "" => None,
        key => match links::by_key(tx, Noun::Survey, key)? {
            Some(survey) => feedback::survey(tx, survey)?,
            None => None,
        },
    };
    let mut defaults = target::defaults(row.text("defaults"))?;
    if !row.text("source").is_empty() {
        defaults.push(("source".to_owned(), Input::text(row.text("source"))));
    }
    Ok(Form {
        id,
        key: row.text("key").to_owned(),
        label: row.text("label").to_owned(),
        entries,
        making: Making {
            defaults,
            tags: row.texts("tags"),
            campaign: row.text("campaign").to_owned(),
            assign: Assignee::parse(row.text("assign"))?,
            on_duplicate: OnDuplicate::parse(row.text("on_duplicate")).unwrap_or(OnDuplicate::UpdateBlank),
            next: row.text("next").to_owned(),
            due: row.text("due").to_owned(),
        },
        guard: Guard {
            active: row.is("active"),
            honeypot: row.text("honeypot").to_owned(),
            min_seconds: row.number("min_seconds"),
            confirm_hours: row.is("double_opt_in").then(|| row.number("confirm_hours")),
        },
        survey,
        consent: (
            row.text("consent").to_owned(),
            row.text("consent_version").to_owned(),
        ),
        region: row.text("region").to_owned(),
        thanks: row.text("thanks").to_owned(),
    })
}

/// The values of a form by the names of their fields.
struct Row(BTreeMap<&'static str, Value>);

impl Row {
    fn text(&self, name: &str) -> &str {
        match self.0.get(name) {
            Some(Value::Text(text)) => text,
            _ => "",
        }
    }

    fn texts(&self, name: &str) -> Vec<String> {
        let Some(Value::List(items)) = self.0.get(name) else {
            return Vec::new();
        };
        let text = |item: &Value| match item {
            Value::Text(text) => Some(text.clone()),
            _ => None,
        };
        items.iter().filter_map(text).collect()
    }

    fn number(&self, name: &str) -> i64 {
        match self.0.get(name) {
            Some(Value::Int(number)) => *number,
            _ => 0,
        }
    }

    fn is(&self, name: &str) -> bool {
        self.0.get(name) == Some(&Value::Bool(true))
    }
}

impl Form {
    /// Refuses to take anything in by a form that is switched off.
    ///
    /// # Errors
    ///
    /// `Invalid` on `active`.
    pub fn open(&self) -> Result<()> {
        if self.guard.active {
            return Ok(());
        }
        Err(Error::invalid(
            "active",
            format!("the form {} takes no submissions: it is not active", self.key),
        ))
    }

    /// What people call it.
    pub fn title(&self) -> &str {
        match self.label.as_str() {
            "" => &self.key,
            label => label,
        }
    }
}

/// Checks what is given for single fields, and puts canonical texts in its place.
fn canonical(tx: &WriteTx<'_>, draft: &mut Draft) -> Result<()> {
    for (field, value) in &mut draft.plain {
        if let Value::Int(number) = value {
            let least = i64::from(field.name == "confirm_hours");
            if *number < least && matches!(field.name, "confirm_hours" | "min_seconds") {
                let message = format!("{} is at least {least}", field.name);
                return Err(Error::invalid(field.name, message));
            }
        }
        let Value::Text(text) = value else { continue };
        let checked = match field.name {
            "entries" => {
                let mut lines = Vec::new();
                for mut entry in Entry::parse_all(text)? {
                    entry.feeds = Some(target::of(tx, &entry)?.name());
                    lines.push(entry.to_string());
                }
                lines.join("\n")
            }
            "defaults" => target::checked_defaults(tx, text)?,
            "assign" => assigned(tx, text)?,
            "survey" => surveyed(tx, text)?,
            "due" => {
                when::read(text, &tx.caller().reading(Leaning::Future))
                    .map_err(|error| error.on_field("due"))?;
                continue;
            }
            _ => continue,
        };
        *value = Value::text(checked);
    }
    Ok(())
}

/// The survey that a form names, as it is called.
fn surveyed(tx: &ReadTx<'_>, text: &str) -> Result<String> {
    if text.trim().is_empty() {
        return Ok(String::new());
    }
    let id = refer::one(tx, Noun::Survey, text).map_err(|error| match error.kind() {
        Kind::NotFound => Error::invalid("survey", error.message()).with_near(error.near().to_vec()),
        _ => error,
    })?;
    let link = links::link(tx, Noun::Survey, id)?;
    Ok(link.map(|link| link.name).unwrap_or_default())
}

/// The users whom a form names, as they are called.
fn assigned(tx: &ReadTx<'_>, text: &str) -> Result<String> {
    let called = |name: &String| -> Result<String> {
        let id = refer::one(tx, Noun::User, name).map_err(|error| match error.kind() {
            Kind::NotFound => Error::invalid("assign", error.message()).with_near(error.near().to_vec()),
            _ => error,
        })?;
        let link = links::link(tx, Noun::User, id)?;
        Ok(link.map(|link| link.name).unwrap_or_default())
    };
    let assignee = match Assignee::parse(text)? {
        Assignee::Nobody => Assignee::Nobody,
        Assignee::User(user) => Assignee::User(called(&user)?),
        Assignee::InTurn(users) => Assignee::InTurn(users.iter().map(called).collect::<Result<_>>()?),
    };
    Ok(assignee.to_string())
}

/// Checks what has to hold between the fields of a form.
fn whole(form: &Form) -> Result<()> {
    let feeds = |wanted: &str| {
        form.entries
            .iter()
            .any(|(_, target)| target.field() == Some(wanted) || target.name() == wanted)
    };
    if let Some((entry, _)) = form
        .entries
        .iter()
        .find(|(entry, _)| !form.guard.honeypot.is_empty() && entry.is(&form.guard.honeypot))
    {
        let message = format!("honeypot: {:?} is a field that people fill", entry.name);
        return Err(Error::invalid("honeypot", message));
    }
    if form.guard.confirm_hours.is_some() && !feeds("emails") {
        return Err(Error::invalid(
            "double_opt_in",
            "double_opt_in: a form without a field for the e-mail address has nothing to confirm",
        ));
    }
    if form.guard.min_seconds > 0 && !feeds("started") {
        return Err(Error::invalid(
            "min_seconds",
            "min_seconds: the form needs a field that feeds `started`",
        ));
    }
    match (&form.survey, feeds("feedback.score")) {
        (None, true) => {
            let message = "survey: the form asks for a score, and names no survey; survey=nps does";
            return Err(Error::invalid("survey", message));
        }
        (Some(survey), false) => {
            let message = format!(
                "survey: the form asks {}, and has no field that feeds feedback.score",
                survey.key
            );
            return Err(Error::invalid("survey", message));
        }
        _ => {}
    }
    if feeds("consent") && form.consent.0.is_empty() {
        return Err(Error::invalid(
            "consent",
            "consent: the form asks for a consent, and says nowhere to what",
        ));
    }
    Ok(())
}
