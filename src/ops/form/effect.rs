//! What becomes of whoever sends a form: found or made, changed, noted, and looked after by somebody.

use crate::domain::feedback::ANSWER;
use crate::domain::fold::fold;
use crate::domain::form::assignee::Assignee;
use crate::domain::form::{OnDuplicate, Outcome};
use crate::domain::id::Id;
use crate::domain::input::{Assignment, Input};
use crate::domain::noun::Noun;
use crate::domain::value::Value;
use crate::error::{Error, Kind, Result};
use crate::ops::draft::Lists;
use crate::ops::form::Form;
use crate::ops::form::reading::Reading;
use crate::ops::typed::Policy;
use crate::ops::{activity, assignment, customer, feedback, list, task};
use crate::store::customers::{self, Channel};
use crate::store::{ReadTx, WriteTx, links, records, submissions, users};
use crate::wire::cell::cell;

/// Why a form that wants nobody twice refuses somebody, for those inside.
pub(super) const KNOWN: &str = "whoever has this address is known already";

/// What a submission did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Effect {
    pub(super) outcome: Outcome,
    pub(super) customer: Id,
    /// Whose turn it was; none if nobody got anything.
    pub(super) turn: Option<Id>,
    pub(super) task: Option<Id>,
}

/// Whom a submission is about.
enum Who {
    /// Somebody new; somebody else of another name may have the same number.
    New(Option<Id>),
    Known(Id),
    /// One of several.
    Several(Vec<Id>),
}

/// Does what a form wants done with a submission that is in order.
///
/// # Errors
///
/// `Duplicate` where the form wants nobody twice; whatever making or changing a customer fails with.
pub(super) fn apply(tx: &WriteTx<'_>, form: &Form, reading: &Reading, aside: &[String]) -> Result<Effect> {
    let wanted = form.making.on_duplicate;
    let who = who(tx, reading)?;
    let (known, others) = match (&who, wanted) {
        (Who::New(_), _) | (_, OnDuplicate::Create) => (None, Vec::new()),
        (Who::Known(id), _) => (Some(*id), Vec::new()),
        (Who::Several(ids), _) => (ids.first().copied(), ids.iter().skip(1).copied().collect()),
    };
    if wanted == OnDuplicate::Reject && known.is_some() {
        return Err(Error::new(Kind::Duplicate, KNOWN));
    }
    let mut lines = Vec::new();
    if let Who::New(Some(other)) = who {
        lines.push(format!("the same number as {}", customer::label(tx, other)?));
    }
    for other in &others {
        lines.push(format!("it may be {} too", customer::label(tx, *other)?));
    }
    let wanted = if others.is_empty() {
        wanted
    } else {
        OnDuplicate::Review
    };
    let campaign = campaign(form, reading);
    let labels = labels(tx, form, campaign)?;
    let (customer, outcome, turn, left) = match known {
        None => {
            let turn = turn(tx, form)?;
            let (id, left) = make(tx, form, reading, &labels, turn)?;
            let turn = match turn {
                None => by_rule(tx, form, id)?,
                turn => turn,
            };
            (id, Outcome::Created, turn, left)
        }
        Some(id) => {
            let (changed, left) = change(tx, id, reading, &labels, wanted)?;
            let turn = match (wanted, users::owner(tx, Noun::Customer, id)?) {
                (OnDuplicate::UpdateBlank | OnDuplicate::UpdateAll, None) => own(tx, form, id)?,
                _ => None,
            };
            let changed = changed || turn.is_some();
            (
                id,
                if changed {
                    Outcome::Updated
                } else {
                    Outcome::Matched
                },
                turn,
                left,
            )
        }
    };
    let owner = on_duty(tx, users::owner(tx, Noun::Customer, customer)?)?;
    note(
        tx,
        form,
        reading,
        (customer, owner),
        [left, lines, aside.to_vec()].concat(),
    )?;
    hear(tx, form, reading, (customer, owner))?;
    let review = known.is_some() && wanted == OnDuplicate::Review;
    Ok(Effect {
        outcome,
        customer,
        turn,
        task: next(tx, form, (customer, owner), review)?,
    })
}

/// The campaign of a submission: what the sender says, else that of the form.
pub(super) fn campaign<'a>(form: &'a Form, reading: &'a Reading) -> &'a str {
    match reading.campaign.as_str() {
        "" => &form.making.campaign,
        named => named,
    }
}

/// The labels of whoever sends the form. A campaign that only the sender names is none, unless there is such a label:
/// otherwise anybody outside could fill the base with labels.
fn labels(tx: &ReadTx<'_>, form: &Form, campaign: &str) -> Result<Vec<String>> {
    let mut labels = form.making.tags.clone();
    if !campaign.is_empty()
        && (campaign == form.making.campaign || links::by_key(tx, Noun::Tag, campaign)?.is_some())
    {
        labels.push(campaign.replace([',', ';'], " "));
    }
    Ok(labels)
}

/// Whom the addresses mean. An e-mail address is somebody's own; a number may be that of a firm, so that somebody of
/// another name who has it is somebody else.
fn who(tx: &ReadTx<'_>, reading: &Reading) -> Result<Who> {
    let mut own: Vec<Id> = Vec::new();
    let mut shared: Vec<Id> = Vec::new();
    for (channel, address) in &reading.addresses {
        let kind = match channel {
            Channel::Handle => address.kind.as_str(),
            _ => "",
        };
        let found = match channel {
            Channel::Email => &mut own,
            _ => &mut shared,
        };
        for id in customers::holders(tx, *channel, kind, &address.key, None)? {
            if !found.contains(&id) {
                found.push(id);
            }
        }
    }
    let name = reading.given.iter().find(|((field, _), _)| field == "name");
    let name = name.and_then(|((_, input), _)| input.as_text()).map(fold);
    let mut named = Vec::new();
    for id in own.iter().chain(&shared).copied() {
        let known = links::link(tx, Noun::Customer, id)?.map(|link| fold(&link.name));
        if !named.contains(&id) && name.is_some() && known == name {
            named.push(id);
        }
    }
    Ok(match (own.as_slice(), shared.as_slice(), named.as_slice()) {
        ([id], ..) | (.., [id]) => Who::Known(*id),
        ([], [], _) => Who::New(None),
        ([], [id], []) if name.is_none() => Who::Known(*id),
        ([], [first, ..], []) if name.is_some() => Who::New(Some(*first)),
        (own, shared, _) => Who::Several([own, shared].concat()),
    })
}

/// A new customer; and what the form could not give it.
fn make(
    tx: &WriteTx<'_>,
    form: &Form,
    reading: &Reading,
    labels: &[String],
    turn: Option<Id>,
) -> Result<(Id, Vec<String>)> {
    let mut wanted: Vec<Assignment> = vec![("lifecycle".to_owned(), Input::text("lead"))];
    wanted.extend(form.making.defaults.iter().cloned());
    let mut left = Vec::new();
    for ((name, input), label) in &reading.given {
        match employed(tx, name, input)? {
            Some(input) => wanted.push((name.clone(), input)),
            None => left.push(line(label, input)),
        }
    }
    wanted.push(tags(labels));
    wanted.extend(turn.map(|user| ("owner".to_owned(), Input::Text(user.uid()))));
    let outcome = customer::add(tx, &wanted, customer::OnDuplicate::Create, &Policy::strict())?;
    Ok((outcome.id, left))
}

/// Changes a customer as far as the form wants it; whether anything changed, and what was not taken.
fn change(
    tx: &WriteTx<'_>,
    id: Id,
    reading: &Reading,
    labels: &[String],
    wanted: OnDuplicate,
) -> Result<(bool, Vec<String>)> {
    let mut taken: Vec<Assignment> = vec![tags(labels)];
    let mut left = Vec::new();
    for ((name, input), label) in &reading.given {
        let head = match name.starts_with("fields.") {
            true => name,
            false => name.split('.').next().unwrap_or(name),
        };
        let takes = match wanted {
            OnDuplicate::UpdateAll => true,
            OnDuplicate::UpdateBlank => is_blank(tx, id, head)?,
            _ => false,
        };
        let input = if takes { employed(tx, name, input)? } else { None };
        match input {
            Some(input) => taken.push((name.clone(), input)),
            None if is_so(tx, id, head, reading)? => {}
            None => left.push(line(label, &given(reading, name))),
        }
    }
    let outcome = customer::edit(tx, id, &taken, Lists::Add, &Policy::strict())?;
    Ok((outcome.changed, left))
}

fn given(reading: &Reading, name: &str) -> Input {
    let found = reading.given.iter().find(|((field, _), _)| field == name);
    found.map_or(Input::Clear, |((_, input), _)| input.clone())
}

fn value(tx: &ReadTx<'_>, id: Id, name: &str) -> Result<Option<Value>> {
    let column = list::column(tx, Noun::Customer, name)?;
    Ok(records::get(tx, Noun::Customer, id, &[column])?.and_then(|row| row.into_iter().next()))
}

fn is_blank(tx: &ReadTx<'_>, id: Id, name: &str) -> Result<bool> {
    Ok(value(tx, id, name)?.is_none_or(|value| value.is_empty()))
}

/// Whether a customer has already what is given; it need not be said again then.
fn is_so(tx: &ReadTx<'_>, id: Id, name: &str, reading: &Reading) -> Result<bool> {
    let known: Vec<String> = match value(tx, id, name)? {
        Some(Value::List(items)) => items.iter().map(cell).collect(),
        Some(Value::Link(link)) => vec![link.name],
        Some(value) => vec![cell(&value)],
        None => Vec::new(),
    };
    let is_known = |text: &str| known.iter().any(|known| fold(known) == fold(text));
    Ok(match given(reading, name) {
        Input::Text(text) => is_known(&text),
        Input::List(items) => items.iter().filter_map(Input::as_text).all(is_known),
        _ => false,
    })
}

/// An employer is meant by name and by nothing else, so that nobody outside joins a customer by a ref or an address;
/// none where several have the name.
fn employed(tx: &WriteTx<'_>, name: &str, input: &Input) -> Result<Option<Input>> {
    let ("company", Some(text)) = (name, input.as_text()) else {
        return Ok(Some(input.clone()));
    };
    Ok(
        match customers::companies_by_name_key(tx, &fold(text))?.as_slice() {
            [id] => Some(Input::Text(id.uid())),
            [] => Some(Input::Text(customer::add_company(tx, text)?.uid())),
            _ => None,
        },
    )
}

fn tags(labels: &[String]) -> Assignment {
    let labels = labels.iter().map(|label| Input::text(label.as_str())).collect();
    ("tags".to_owned(), Input::List(labels))
}

fn line(label: &str, input: &Input) -> String {
    let text = match input {
        Input::Text(text) => text.clone(),
        Input::List(items) => items
            .iter()
            .filter_map(Input::as_text)
            .collect::<Vec<_>>()
            .join(", "),
        _ => String::new(),
    };
    format!("{label}: {text}")
}

/// Whose turn it is; none if nobody who works here is named.
fn turn(tx: &ReadTx<'_>, form: &Form) -> Result<Option<Id>> {
    let mut users = Vec::new();
    for name in form.making.assign.users() {
        users.extend(links::by_key(tx, Noun::User, name)?);
    }
    let last = match form.making.assign {
        Assignee::InTurn(_) => submissions::last_assignee(tx, form.id)?,
        _ => None,
    };
    let after = last.and_then(|last| users.iter().position(|user| *user == last));
    let begin = after.map_or(0, |at| at + 1);
    for user in users.iter().cycle().skip(begin).take(users.len()) {
        if !users::is_disabled(tx, *user)? {
            return Ok(Some(*user));
        }
    }
    Ok(None)
}

/// Gives a customer who belongs to nobody to whose turn it is.
fn own(tx: &WriteTx<'_>, form: &Form, customer: Id) -> Result<Option<Id>> {
    let Some(user) = turn(tx, form)? else {
        return by_rule(tx, form, customer);
    };
    let owner = [("owner".to_owned(), Input::Text(user.uid()))];
    customer::edit(tx, customer, &owner, Lists::Add, &Policy::strict())?;
    Ok(Some(user))
}

/// Lets the rules of assignment give a customer away where the form names nobody itself.
fn by_rule(tx: &WriteTx<'_>, form: &Form, customer: Id) -> Result<Option<Id>> {
    if form.making.assign != Assignee::Nobody {
        return Ok(None);
    }
    let told = assignment::one(tx, customer)?;
    Ok(told.and_then(|told| told.user).map(|user| user.id))
}

/// A user, unless they do not work here any more.
fn on_duty(tx: &ReadTx<'_>, user: Option<Id>) -> Result<Option<Id>> {
    match user {
        Some(user) if users::is_disabled(tx, user)? => Ok(None),
        user => Ok(user),
    }
}

/// Notes what was sent with whom it is about.
fn note(
    tx: &WriteTx<'_>,
    form: &Form,
    reading: &Reading,
    (customer, owner): (Id, Option<Id>),
    lines: Vec<String>,
) -> Result<()> {
    let mut text = format!("Form {}", form.title());
    if !reading.message.is_empty() {
        text.push_str(&format!("\n\n{}", reading.message));
    }
    let kept = reading
        .kept
        .iter()
        .map(|(label, value)| format!("{label}: {value}"));
    let mut rest: Vec<String> = kept.chain(lines).collect();
    if reading.consent {
        let version = match form.consent.1.as_str() {
            "" => String::new(),
            version => format!(" ({version})"),
        };
        rest.push(format!("consent{version}: {}", form.consent.0));
    }
    if !rest.is_empty() {
        text.push_str(&format!("\n\n{}", rest.join("\n")));
    }
    let mut wanted: Vec<Assignment> = vec![
        ("type".to_owned(), Input::text("message")),
        ("direction".to_owned(), Input::text("in")),
        ("text".to_owned(), Input::Text(text)),
        ("customer".to_owned(), Input::Text(customer.uid())),
    ];
    wanted.extend(owner.map(|user| ("owner".to_owned(), Input::Text(user.uid()))));
    activity::add(tx, &wanted, &Policy::strict())?;
    Ok(())
}

/// Makes feedback of what a submission says. A score answers the survey of the form, for which the customer may have been
/// asked; a comment without one is a suggestion unless the sender says what it is.
fn hear(tx: &WriteTx<'_>, form: &Form, reading: &Reading, (customer, owner): (Id, Option<Id>)) -> Result<()> {
    let part = |name: &str| {
        let found = reading.feedback.iter().find(|(part, _)| *part == name);
        found.map(|(_, text)| text.as_str())
    };
    let text = |name: &str, text: &str| (name.to_owned(), Input::text(text));
    let comment = part("comment").map(|comment| text("comment", comment));
    let mut wanted: Vec<Assignment> = vec![text("channel", "web")];
    match (&form.survey, part("score")) {
        (Some(survey), Some(score)) => {
            wanted.push(text("score", score));
            wanted.extend(comment);
            if let Some(asked) = crate::store::feedback::asked(tx, survey.id, customer)? {
                feedback::answer(tx, asked, &wanted)?;
                return Ok(());
            }
            wanted.push(text("survey", &survey.id.uid()));
        }
        _ if comment.is_none() => return Ok(()),
        _ => {
            let kind = part("type").filter(|kind| *kind != ANSWER);
            wanted.push(text("type", kind.unwrap_or("suggestion")));
            wanted.extend(comment);
        }
    }
    wanted.push(text("customer", &customer.uid()));
    wanted.extend(owner.map(|user| text("owner", &user.uid())));
    feedback::add(tx, &wanted, &Policy::strict())?;
    Ok(())
}

/// The task that a submission makes, unless the same one is open: who sends a form twice is called back once.
fn next(
    tx: &WriteTx<'_>,
    form: &Form,
    (customer, owner): (Id, Option<Id>),
    review: bool,
) -> Result<Option<Id>> {
    let title = match (review, form.making.next.as_str()) {
        (true, _) => format!("Look at what was sent by the form {}", form.title()),
        (false, "") => return Ok(None),
        (false, next) => next.to_owned(),
    };
    if submissions::has_open_task(tx, customer, &title)? {
        return Ok(None);
    }
    let due = match form.making.due.as_str() {
        "" => "today",
        due => due,
    };
    let assignee = owner.unwrap_or(tx.caller().actor.id);
    let wanted = [
        ("title".to_owned(), Input::Text(title)),
        ("type".to_owned(), Input::text("follow_up")),
        ("due".to_owned(), Input::text(due)),
        ("customer".to_owned(), Input::Text(customer.uid())),
        ("assignee".to_owned(), Input::Text(assignee.uid())),
    ];
    Ok(Some(task::add(tx, &wanted, &Policy::strict())?.id))
}
