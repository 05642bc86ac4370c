//! Templates into messages: to whom, with which values, in which thread; and the activity that it is.

use jiff::Zoned;
use serde_json::{Map, Value as Json, json};

use crate::domain::digest::sha256;
use crate::domain::email::Email;
use crate::domain::id::Id;
use crate::domain::input::{Assignment, Input};
use crate::domain::noun::Noun;
use crate::error::{Error, Kind, Result};
use crate::ops::mail::values;
use crate::ops::typed::Policy;
use crate::ops::{Outcome, activity, refer};
use crate::store::customers::{self, Channel};
use crate::store::letters::{self, SYSTEM};
use crate::store::{ReadTx, WriteTx, activities, deal_people, erasures, links, refusals};
use crate::wire::mail::compose::{self, Draft};
use crate::wire::mail::letter::Mailbox;
use crate::wire::mail::template::Template;

/// What a message is to be.
#[derive(Debug, Clone, Default)]
pub struct Request {
    /// A customer, a deal, or an activity that is a message to be answered.
    pub about: String,
    /// The deal that it is about, where `about` is none.
    pub deal: Option<String>,
    /// The address that it goes to, in place of the first one of the customer that may be written to.
    pub to: Option<String>,
    /// The address that it comes from, in place of that of the user.
    pub from: Option<String>,
    /// Further values: a path and a text.
    pub sets: Vec<(String, String)>,
}

/// A message that was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// The customer to whom it goes.
    pub customer: Id,
    /// The deal that it is about.
    pub deal: Option<Id>,
    /// What it says.
    pub draft: Draft,
    /// As it is sent.
    pub bytes: Vec<u8>,
}

/// Whom and what a message is about.
struct About {
    customer: Id,
    deal: Option<Id>,
    /// The message that it answers.
    answers: Option<Id>,
}

/// Writes a message.
///
/// # Errors
///
/// `NotFound` for what it is about; `Invalid` for a customer who may not or cannot be written to, for a user without an
/// address, and for values that are missing.
pub fn write(tx: &ReadTx<'_>, template: &Template, request: &Request) -> Result<Written> {
    let about = about(tx, request)?;
    let to = recipient(tx, about.customer, request.to.as_deref())?;
    let from = sender(tx, request.from.as_deref())?;
    let mut values = values::of(tx, about.customer, about.deal, &to, &from)?;
    for (path, text) in &request.sets {
        set(&mut values, path, text)?;
    }
    let filled = template.fill(&values)?;
    refuse_copies(tx, &filled.headers)?;
    let (ancestors, subject) = thread(tx, about.answers, filled.subject)?;
    let caller = tx.caller();
    let domain = from
        .address
        .rsplit_once('@')
        .map_or("localhost", |(_, domain)| domain);
    let draft = Draft {
        id: format!("{:x}.{:016x}@{domain}", caller.clock.now_ms(), caller.random),
        date: Zoned::new(caller.clock.now(), caller.clock.zone().clone()),
        from,
        to: vec![to],
        more: filled.headers,
        subject,
        ancestors,
        text: filled.text,
    };
    Ok(Written {
        customer: about.customer,
        deal: about.deal,
        bytes: compose::bytes(&draft)?,
        draft,
    })
}

/// Every value that a template may ask for; what is not known of whom it comes from or goes to is empty.
///
/// # Errors
///
/// `NotFound` for what it is about.
pub fn values(tx: &ReadTx<'_>, request: &Request) -> Result<Json> {
    let about = about(tx, request)?;
    let nobody = || Mailbox {
        name: String::new(),
        address: String::new(),
    };
    let to = recipient(tx, about.customer, None).unwrap_or_else(|_| nobody());
    let from = sender(tx, None).unwrap_or_else(|_| nobody());
    values::of(tx, about.customer, about.deal, &to, &from)
}

/// Logs a message that was written, so that it does not come in once more when the sent one is read.
///
/// # Errors
///
/// Whatever an activity is refused for.
pub fn log(tx: &WriteTx<'_>, written: &Written) -> Result<Outcome> {
    let given = |name: &str, text: &str| (name.to_owned(), Input::text(text));
    let draft = &written.draft;
    let text = [draft.subject.as_str(), draft.text.trim()];
    let text: Vec<&str> = text.into_iter().filter(|part| !part.is_empty()).collect();
    let mut assignments: Vec<Assignment> = vec![
        given("type", "email"),
        given("direction", "out"),
        given("text", &text.join("\n\n")),
        given("customer", &written.customer.uid()),
        given("owner", &tx.caller().actor.name),
    ];
    assignments.extend(written.deal.map(|deal| given("deal", &deal.uid())));
    let outcome = activity::add(tx, &assignments, &Policy::strict())?;
    links::add_external_id(tx, Noun::Activity, outcome.id, SYSTEM, &draft.id)?;
    let thread = match draft.ancestors.first() {
        None => draft.id.clone(),
        Some(first) => letters::thread_of(tx, first)?.unwrap_or_else(|| first.clone()),
    };
    letters::add(
        tx,
        outcome.id,
        &letters::Letter {
            thread,
            ancestors: draft.ancestors.clone(),
            subject: draft.subject.clone(),
            text: String::new(),
        },
    )?;
    tx.describe(format!("Wrote {}", activity::label(tx, outcome.id)?));
    Ok(outcome)
}

fn about(tx: &ReadTx<'_>, request: &Request) -> Result<About> {
    let named = match &request.deal {
        Some(text) => Some(refer::one(tx, Noun::Deal, text)?),
        None => None,
    };
    let (noun, id) = refer::any(tx, &request.about)?;
    let nobody = |what: &str| Error::invalid("customer", format!("{what} is about no customer; name one"));
    match noun {
        Noun::Customer => Ok(About {
            customer: id,
            deal: named,
            answers: None,
        }),
        Noun::Deal => {
            let person = deal_people::parts(tx, id)?.into_iter().next();
            let customer = match person {
                Some(person) => Some(person.customer),
                None => activities::customer_of_deal(tx, id)?,
            };
            Ok(About {
                customer: customer.ok_or_else(|| nobody(&request.about))?,
                deal: Some(id),
                answers: None,
            })
        }
        Noun::Activity => {
            let about = activities::about(tx, id)?;
            Ok(About {
                customer: about.customer.ok_or_else(|| nobody(&request.about))?,
                deal: named.or(about.deal),
                answers: Some(id),
            })
        }
        noun => Err(Error::usage(format!(
            "a message goes to a customer, about a deal or in answer to an activity, not to a {noun}"
        ))),
    }
}

/// The address that a message to a customer goes to.
fn recipient(tx: &ReadTx<'_>, customer: Id, wanted: Option<&str>) -> Result<Mailbox> {
    let link = links::link(tx, Noun::Customer, customer)?;
    let link = link.ok_or_else(|| Error::not_found(Noun::Customer, &customer.uid()))?;
    let name = format!("{} {}", link.reference(), link.name);
    let refused = |reason: &str| Err(Error::invalid("to", format!("{name} {reason}")));
    if links::is_trashed(tx, Noun::Customer, customer)? {
        return refused("is in the trash");
    }
    if customers::wants_no_contact(tx, customer)? {
        return refused("does not want to be contacted");
    }
    let known = customers::addresses(tx, customer, Channel::Email)?;
    let mailbox = |address: &str| Mailbox {
        name: link.name.clone(),
        address: address.to_owned(),
    };
    if let Some(text) = wanted {
        let email = Email::parse(text).map_err(|error| error.on_field("to"))?;
        let is_own = known.iter().any(|address| address.key == email.key());
        return match refusal(tx, &email, is_own)? {
            Some(reason) if is_own => refused(&format!("{reason} at {email}")),
            Some(reason) => Err(Error::invalid("to", format!("whoever has {email} {reason}"))),
            None => Ok(mailbox(email.as_str())),
        };
    }
    let mut reason = "has no e-mail address";
    for address in &known {
        let refusal = match Email::parse(&address.text) {
            Ok(email) => refusal(tx, &email, true)?,
            Err(_) => None,
        };
        match refusal {
            Some(found) => reason = found,
            None if address.validity == "invalid" => reason = "has no e-mail address that works",
            None => return Ok(mailbox(&address.text)),
        }
    }
    refused(reason)
}

/// Why nothing may be sent to an address, as what is said of whoever has it. It counts whose it is, and not for whom the
/// message is meant; `is_own` says that it is theirs.
fn refusal(tx: &ReadTx<'_>, email: &Email, is_own: bool) -> Result<Option<&'static str>> {
    let key = email.key();
    if refusals::stands(tx, Channel::Email, &key)? {
        return Ok(Some("wants no e-mail"));
    }
    if erasures::by_hash(tx, Channel::Email.name(), &sha256(key.as_bytes()))?.is_some() {
        return Ok(Some("was erased on request"));
    }
    // Who shares an address is written to there whatever the others wish.
    if is_own {
        return Ok(None);
    }
    for holder in customers::holders(tx, Channel::Email, "", &key, None)? {
        if customers::wants_no_contact(tx, holder)? {
            return Ok(Some("does not want to be contacted"));
        }
    }
    Ok(None)
}

/// Refuses further addresses of a message to which nothing may be sent.
fn refuse_copies(tx: &ReadTx<'_>, headers: &[(String, String)]) -> Result<()> {
    for (name, text) in headers {
        if !["cc", "bcc"].iter().any(|known| name.eq_ignore_ascii_case(known)) {
            continue;
        }
        for mailbox in compose::addresses(name, text)? {
            let Ok(email) = Email::parse(&mailbox.address) else {
                continue;
            };
            if let Some(reason) = refusal(tx, &email, false)? {
                let message = format!("{name}: whoever has {email} {reason}");
                return Err(Error::invalid("template", message));
            }
        }
    }
    Ok(())
}

fn sender(tx: &ReadTx<'_>, wanted: Option<&str>) -> Result<Mailbox> {
    let actor = &tx.caller().actor;
    if let Some(text) = wanted {
        let given = compose::addresses("From", text)?;
        return given
            .into_iter()
            .next()
            .ok_or_else(|| Error::invalid("from", format!("{text:?} is no address")));
    }
    let own = letters::own_addresses(tx)?;
    let own = own.into_iter().find(|(id, ..)| *id == actor.id);
    match own {
        Some((_, name, address)) => Ok(Mailbox { name, address }),
        None => Err(Error::invalid(
            "from",
            format!(
                "the user {} has no e-mail address: `crm user set {} email=ADDRESS`, or --from",
                actor.name, actor.name
            ),
        )),
    }
}

/// The messages above one that answers another, and its subject.
fn thread(tx: &ReadTx<'_>, answers: Option<Id>, subject: String) -> Result<(Vec<String>, String)> {
    let Some(answered) = answers else {
        return Ok((Vec::new(), subject));
    };
    let (Some(letter), Some(id)) = (letters::of(tx, answered)?, letters::message_of(tx, answered)?) else {
        return Ok((Vec::new(), subject));
    };
    let mut ancestors = letter.ancestors;
    ancestors.push(id);
    Ok((ancestors, subject))
}

/// Sets a value by its path.
fn set(values: &mut Json, path: &str, text: &str) -> Result<()> {
    let refused = || Error::usage(format!("{path:?} is no place for a value"));
    let mut at = values;
    let mut keys = path.split('.').peekable();
    while let Some(key) = keys.next() {
        if at.is_null() {
            *at = Json::Object(Map::new());
        }
        let members = at.as_object_mut().ok_or_else(refused)?;
        if keys.peek().is_none() {
            members.insert(key.to_owned(), json!(text));
            return Ok(());
        }
        at = members.entry(key.to_owned()).or_insert(Json::Null);
    }
    Err(Error::new(Kind::Usage, "a value needs a name"))
}
