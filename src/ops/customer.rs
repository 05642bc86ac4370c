//! What can be done with a customer: add, edit, find out who it is.

use crate::domain::customer::lifecycle_rank;
use crate::domain::email::Email;
use crate::domain::field;
use crate::domain::handle::Handle;
use crate::domain::id::Id;
use crate::domain::input::{Assignment, Input};
use crate::domain::noun::Noun;
use crate::domain::phone::Phone;
use crate::domain::validity;
use crate::domain::value::Value;
use crate::error::{Error, Kind, Result};
use crate::ops::Outcome;
use crate::ops::draft::{Draft, Lists, texts};
use crate::ops::handover::{self, History};
use crate::ops::pool;
use crate::ops::privacy;
use crate::ops::qualification;
use crate::ops::refer;
use crate::ops::typed::{self, Policy};
use crate::store::customers::{self, Address, Channel, Employment};
use crate::store::rows::{self, Identity};
use crate::store::{ReadTx, WriteTx, links};

/// What to do when a new customer has the address of one that is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnDuplicate {
    /// Refuse, and name who is there.
    Refuse,
    /// Make it all the same.
    Create,
    /// Give what is new to the one that is there.
    Update,
}

/// Adds a customer.
///
/// # Errors
///
/// `Duplicate` with the candidates if somebody holds one of the addresses or external ids; `Invalid` for a value.
pub fn add(
    tx: &WriteTx<'_>,
    assignments: &[Assignment],
    on_duplicate: OnDuplicate,
    policy: &Policy,
) -> Result<Outcome> {
    add_as(tx, Identity::default(), assignments, on_duplicate, policy)
}

/// Adds a customer with a restored identity.
pub fn add_as(
    tx: &WriteTx<'_>,
    identity: Identity,
    assignments: &[Assignment],
    on_duplicate: OnDuplicate,
    policy: &Policy,
) -> Result<Outcome> {
    let mut draft = Draft::read(tx, Noun::Customer, assignments, policy)?;
    qualification::complete(tx, None, &mut draft)?;
    pool::complete(tx, &mut draft)?;
    let lists = Reached::read(tx, &draft)?;
    if on_duplicate != OnDuplicate::Create {
        let holders = lists.holders(tx, None)?;
        match (holders.as_slice(), on_duplicate) {
            ([], _) => {}
            ([one], OnDuplicate::Update) => return edit(tx, *one, assignments, Lists::Add, policy),
            (several, _) => return Err(duplicate(tx, several)?),
        }
    }
    taken_external_id(tx, &draft)?;
    if identity.id.is_none() {
        handover::may_own(tx, Noun::Customer, None, &draft, History::Open, policy)?;
    }
    if draft.text("name").is_none() {
        let Some(stand_in) = lists.stand_in() else {
            return Err(Error::invalid("name", "a customer needs a name"));
        };
        draft.fallback(Noun::Customer, "name", Value::Text(stand_in));
    }
    draft.fallback(Noun::Customer, "type", Value::Text("person".to_owned()));
    draft.fallback(Noun::Customer, "lifecycle", Value::Text("prospect".to_owned()));
    if identity.id.is_none() {
        // A restored record may be older than the wish.
        draft.complete_custom(tx, Noun::Customer)?;
    }
    let employer = wanted_employer(tx, &draft, policy)?;
    let follows = customers::follows_from(employer.flatten());
    let id = rows::add(tx, Noun::Customer, identity, &draft.plain, follows)?;
    lists.write(tx, id, Lists::Replace)?;
    draft.write_common(tx, Noun::Customer, id, Lists::Replace)?;
    employ(tx, id, &draft, employer)?;
    // A wish counts from the creation, and gives more than follows from the name.
    if draft.get("keep_in_touch").is_none() {
        customers::made(tx, id);
    }
    tx.describe(format!("Added customer {}", label(tx, id)?));
    Ok(Outcome::made(id))
}

/// Adds a company of which only the name is known.
pub fn add_company(tx: &WriteTx<'_>, name: &str) -> Result<Id> {
    let assignments = [
        ("name".to_owned(), Input::text(name)),
        ("type".to_owned(), Input::text("company")),
    ];
    Ok(add(tx, &assignments, OnDuplicate::Create, &Policy::strict())?.id)
}

/// Changes a customer.
///
/// # Errors
///
/// `Duplicate` if somebody else holds an address that is given; `Invalid` for a value.
pub fn edit(
    tx: &WriteTx<'_>,
    id: Id,
    assignments: &[Assignment],
    how: Lists,
    policy: &Policy,
) -> Result<Outcome> {
    let mut draft = Draft::read(tx, Noun::Customer, assignments, policy)?;
    qualification::complete(tx, Some(id), &mut draft)?;
    pool::complete(tx, &mut draft)?;
    if draft.get("name").is_some() && draft.text("name").is_none() {
        return Err(Error::invalid("name", "a customer needs a name"));
    }
    if let Some(Value::Link(parent)) = draft.get("parent")
        && parent.id == id
    {
        return Err(Error::invalid("parent", "a company cannot belong to itself"));
    }
    handover::may_own(tx, Noun::Customer, Some(id), &draft, History::Open, policy)?;
    let lists = Reached::read(tx, &draft)?;
    let holders = lists.holders(tx, Some(id))?;
    if !holders.is_empty() && how == Lists::Replace {
        return Err(duplicate(tx, &holders)?);
    }
    let mut changed = rows::set(tx, Noun::Customer, id, &draft.plain)?;
    changed |= lists.write(tx, id, how)?;
    changed |= draft.write_common(tx, Noun::Customer, id, how)?;
    changed |= employ(tx, id, &draft, wanted_employer(tx, &draft, policy)?)?;
    if changed {
        tx.describe(format!("Changed customer {}", label(tx, id)?));
    }
    Ok(Outcome::kept(id, changed))
}

/// The ref and the name, as titles of operations show a record.
pub fn label(tx: &ReadTx<'_>, id: Id) -> Result<String> {
    let link = links::link(tx, Noun::Customer, id)?;
    Ok(link
        .map(|link| format!("{} {}", link.reference(), link.name))
        .unwrap_or_default())
}

/// What tells a customer from others of the same name: the main address or the company.
pub fn summary(tx: &ReadTx<'_>, id: Id) -> Result<String> {
    for channel in [Channel::Email, Channel::Phone] {
        if let Some(first) = customers::addresses(tx, id, channel)?.into_iter().next() {
            return Ok(first.text);
        }
    }
    match customers::employer(tx, id)? {
        Some(employment) => label(tx, employment.company),
        None => Ok(String::new()),
    }
}

/// Addresses that a draft gives; none for a channel that it leaves alone.
struct Reached {
    channels: Vec<(Channel, Vec<Address>)>,
}

impl Reached {
    fn read(tx: &WriteTx<'_>, draft: &Draft) -> Result<Reached> {
        let mut channels = Vec::new();
        for (name, channel) in [
            ("emails", Channel::Email),
            ("phones", Channel::Phone),
            ("handles", Channel::Handle),
        ] {
            let mut given: Option<Vec<Address>> = None;
            for (part, input) in draft.specials(name) {
                let list = given.get_or_insert_default();
                for text in texts(name, input)? {
                    let address = address(tx, channel, part, &text)?;
                    if !list.iter().any(|known| known.same(&address, channel)) {
                        list.push(address);
                    }
                }
            }
            channels.extend(given.map(|list| (channel, list)));
        }
        privacy::refuse_erased(tx, &channels, draft.external_ids())?;
        Ok(Reached { channels })
    }

    /// The customers other than `except` who hold one of the addresses.
    fn holders(&self, tx: &ReadTx<'_>, except: Option<Id>) -> Result<Vec<Id>> {
        let mut found = Vec::new();
        for (channel, addresses) in &self.channels {
            for address in addresses.iter().filter(|address| !address.key.is_empty()) {
                let kind = if *channel == Channel::Handle {
                    address.kind.as_str()
                } else {
                    ""
                };
                let held = customers::holders(tx, *channel, kind, &address.key, except)?;
                found.extend(
                    held.into_iter()
                        .filter(|id| !found.contains(id))
                        .collect::<Vec<_>>(),
                );
            }
        }
        Ok(found)
    }

    /// A name for somebody of whom only an address is known.
    fn stand_in(&self) -> Option<String> {
        self.channels
            .iter()
            .find_map(|(_, addresses)| addresses.first().map(|address| address.text.clone()))
    }

    fn write(&self, tx: &WriteTx<'_>, id: Id, how: Lists) -> Result<bool> {
        let mut changed = false;
        for (channel, addresses) in &self.channels {
            let mut wanted = match how {
                Lists::Replace => Vec::new(),
                Lists::Add => customers::addresses(tx, id, *channel)?,
            };
            for address in addresses {
                if wanted
                    .iter()
                    .any(|known| known.same(address, *channel) || known.is_read_from(address))
                {
                    continue;
                }
                match wanted.iter_mut().find(|known| address.is_read_from(known)) {
                    Some(known) => known.read_as(address),
                    None => wanted.push(address.clone()),
                }
            }
            changed |= customers::set_addresses(tx, id, *channel, &wanted)?;
        }
        Ok(changed)
    }
}

/// One address as it was given; `part` is what stood after the point of the field: `phone.mobile`.
pub(crate) fn address(tx: &ReadTx<'_>, channel: Channel, part: Option<&str>, text: &str) -> Result<Address> {
    let mut address = Address {
        text: text.to_owned(),
        key: String::new(),
        kind: String::new(),
        extension: String::new(),
        label: part.unwrap_or_default().to_owned(),
        validity: validity::UNVERIFIED.to_owned(),
        opted_out_at: None,
    };
    match channel {
        Channel::Email => {
            let email = Email::parse(text).map_err(|error| error.on_field("emails"))?;
            address.text = email.as_str().to_owned();
            address.key = email.key();
            address.validity = validity::of_email(&email).to_owned();
        }
        Channel::Phone => {
            let phone = Phone::parse(text, tx.caller().region.as_deref());
            if phone.key().is_empty() {
                return Err(Error::invalid(
                    "phones",
                    format!("phones: {text:?} has no digits"),
                ));
            }
            address.key = phone.key();
            address.validity = validity::of_phone(&phone).to_owned();
            address.kind = phone.e164.unwrap_or_default();
            address.extension = phone.extension.unwrap_or_default();
            address.text = phone.raw;
        }
        Channel::Handle => {
            let whole = part.map_or_else(|| text.to_owned(), |kind| format!("{kind}:{text}"));
            let handle = Handle::parse(&whole).map_err(|error| error.on_field("handles"))?;
            address.key = handle.key();
            address.kind = handle.kind.to_owned();
            address.text = handle.value;
            address.label = String::new();
        }
    }
    Ok(address)
}

/// The company that a draft names; none if it says nothing of it, none inside if there is to be no employer.
fn wanted_employer(tx: &WriteTx<'_>, draft: &Draft, policy: &Policy) -> Result<Option<Option<Id>>> {
    let Some((_, input)) = draft.specials("company").last() else {
        return Ok(None);
    };
    let field = field::find(Noun::Customer, "company").ok_or_else(|| Error::internal("no field company"))?;
    Ok(
        typed::value(tx, Noun::Customer, field, input, policy)?.map(|value| match value {
            Value::Link(link) => Some(link.id),
            _ => None,
        }),
    )
}

/// Brings employment in line with the wanted employer and the title of a draft; true if anything changed.
///
/// A new employer ends the stay at the old one today, so that a job move leaves its trace.
fn employ(tx: &WriteTx<'_>, id: Id, draft: &Draft, wanted: Option<Option<Id>>) -> Result<bool> {
    let title = draft
        .get("title")
        .map(|_| draft.text("title").unwrap_or_default().to_owned());
    let current = customers::employer(tx, id)?;
    let Some(wanted) = wanted else {
        return match (current, title) {
            (Some(employment), Some(title)) => customers::set_employment_title(tx, employment.id, &title),
            _ => Ok(false),
        };
    };
    if wanted == Some(id) {
        return Err(Error::invalid("company", "nobody is employed by themselves"));
    }
    if current.as_ref().map(|employment| employment.company) == wanted {
        return match (current, title) {
            (Some(employment), Some(title)) => customers::set_employment_title(tx, employment.id, &title),
            _ => Ok(false),
        };
    }
    if let Some(employment) = &current {
        customers::end_employment(tx, employment.id, tx.caller().clock.today())?;
    }
    if let Some(company) = wanted {
        let title = match (&current, title) {
            // What somebody does was known before where.
            (None, None) => customers::title(tx, id)?,
            (_, title) => title.unwrap_or_default(),
        };
        customers::add_employment(
            tx,
            id,
            &Employment {
                id,
                company,
                title,
                role: String::new(),
                is_primary: true,
                started_on: None,
                ended_on: None,
            },
        )?;
    }
    Ok(true)
}

fn taken_external_id(tx: &ReadTx<'_>, draft: &Draft) -> Result<()> {
    for (system, value) in draft.external_ids() {
        if let Some(id) = links::by_external_id(tx, system, Noun::Customer, value)? {
            return Err(duplicate(tx, &[id])?);
        }
    }
    Ok(())
}

fn duplicate(tx: &ReadTx<'_>, ids: &[Id]) -> Result<Error> {
    let candidates = refer::described(tx, Noun::Customer, ids)?;
    let message = match candidates.as_slice() {
        [one] => format!("{} {} has the same address", one.reference, one.name),
        _ => format!("{} customers have one of these addresses", ids.len()),
    };
    Ok(Error::new(Kind::Duplicate, message).with_candidates(candidates))
}

/// Moves the lifecycle of a customer on; never back.
pub(crate) fn raise(tx: &WriteTx<'_>, customer: Id, shown: &str) -> Result<()> {
    let known = customers::lifecycle(tx, customer)?.unwrap_or_default();
    if lifecycle_rank(shown) <= lifecycle_rank(&known) {
        return Ok(());
    }
    let field = field::find(Noun::Customer, "lifecycle")
        .ok_or_else(|| Error::internal("a customer has no lifecycle"))?;
    rows::set(
        tx,
        Noun::Customer,
        customer,
        &[(field, Value::Text(shown.to_owned()))],
    )?;
    Ok(())
}
