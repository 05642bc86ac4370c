//! The records that cells of foreign files name: by an id of their system, as a user, or by name.

use crate::domain::field::{Field, FieldType};
use crate::domain::fold::fold;
use crate::domain::id::Id;
use crate::domain::input::Input;
use crate::domain::noun::Noun;
use crate::error::{Error, Kind, Result};
use crate::ops::import::entry::{EXTERNAL, LINE, PERSON, USER};
use crate::ops::import::upsert;
use crate::ops::refer;
use crate::ops::typed::{OnMissing, Policy};
use crate::store::{WriteTx, customers, links, users};

/// How records are looked for.
pub(super) struct Search<'a> {
    pub(super) policy: &'a Policy,
    /// None as long as nobody said what becomes of what is missing: then companies are made, and nothing else.
    pub(super) on_missing: Option<OnMissing>,
    /// The system whose records may come further down in the file; none if no more will come.
    pub(super) later: Option<&'a str>,
    /// Whether who is named and not there is a company that may be made.
    pub(super) is_company: bool,
}

/// A field that leads to one record, or to several.
pub(super) fn leads_to(field: &Field) -> Option<Noun> {
    match field.kind {
        FieldType::Link(noun) | FieldType::Links(noun) => Some(noun),
        _ => None,
    }
}

/// The line of the note for what is not there.
pub(super) fn line(input: &Input) -> Option<&str> {
    input.part(LINE).and_then(Input::as_text)
}

/// The address of who is named, if an address is said; else empty.
pub(super) fn address(input: &Input) -> &str {
    let named = [PERSON, "name"].into_iter().find_map(|part| input.part(part));
    named.and_then(Input::as_text).map_or("", |text| parts(text).1)
}

impl Search<'_> {
    /// The record that an input of a foreign file names; none if there is none and none is to be made.
    ///
    /// # Errors
    ///
    /// `NotFound` if it may come further down, or if what is missing is to be refused.
    pub(super) fn find(
        &self,
        tx: &WriteTx<'_>,
        field: &'static Field,
        noun: Noun,
        input: &Input,
    ) -> Result<Option<Id>> {
        let external = input.part(EXTERNAL).and_then(Input::as_text);
        let external = external.and_then(|text| text.split_once(':'));
        let user = input.part(USER).and_then(Input::as_text);
        let name = input.part("name").and_then(Input::as_text);
        let person = input.part(PERSON).and_then(Input::as_text);
        let person = person.or(name.filter(|_| noun == Noun::Customer && field.name == "people"));
        let name = name.filter(|name| person != Some(*name));
        if let Some((system, value)) = external
            && let Some(id) = links::by_external_id(tx, system, noun, value)?
        {
            let id = refer::survivor(tx, noun, id)?;
            if links::link(tx, noun, id)?.is_some() && !links::is_trashed(tx, noun, id)? {
                return Ok(Some(id));
            }
        }
        let missing = || {
            let text = name
                .or(user)
                .or(person)
                .or(external.map(|(_, value)| value))
                .unwrap_or_default();
            Error::not_found(noun, text)
                .on_field(field.name)
                .context(field.name)
        };
        if let Some((system, _)) = external
            && self.later == Some(system)
        {
            return Err(missing());
        }
        if let Some(user) = user
            && let Some(id) = user_called(tx, user)?
        {
            return Ok(Some(id));
        }
        if let Some(name) = name {
            match self.named(tx, field, noun, name, external)? {
                Named::One(id) => return Ok(Some(id)),
                // One more of the name would help nobody, and each import would make another.
                Named::Several if external.is_none() => {
                    return match self.on_missing {
                        Some(OnMissing::Fail) => Err(missing()),
                        _ => Ok(None),
                    };
                }
                Named::Several | Named::Nobody => {}
            }
        }
        if let Some(person) = person
            && let Some(id) = person_called(tx, parts(person).0)?
        {
            return Ok(Some(id));
        }
        let makes = match noun {
            Noun::Customer => name.filter(|_| self.is_company),
            Noun::User => user.or(name),
            _ => name,
        };
        match self.on_missing {
            Some(OnMissing::Fail) => Err(missing()),
            _ => self.made(tx, noun, makes, external),
        }
    }

    /// Makes the record of this name, if it is to be made.
    fn made(
        &self,
        tx: &WriteTx<'_>,
        noun: Noun,
        name: Option<&str>,
        external: Option<(&str, &str)>,
    ) -> Result<Option<Id>> {
        let make = match self.on_missing {
            None => noun == Noun::Customer,
            Some(on_missing) => on_missing == OnMissing::Create,
        };
        let Some(name) = name.filter(|_| make) else {
            return Ok(None);
        };
        let name = match (noun, parts(name)) {
            (Noun::User, ("", address)) => address,
            (Noun::User, (name, _)) => name,
            _ => name,
        };
        let id = refer::make(tx, noun, name)?;
        if let Some((system, value)) = external.filter(|_| noun != Noun::User) {
            links::add_external_id(tx, noun, id, system, value)?;
        }
        self.policy.made.borrow_mut().push((noun, name.to_owned()));
        Ok(Some(id))
    }

    /// The record of this name.
    fn named(
        &self,
        tx: &WriteTx<'_>,
        field: &'static Field,
        noun: Noun,
        name: &str,
        external: Option<(&str, &str)>,
    ) -> Result<Named> {
        let input = Input::text(name);
        let found = match field.name {
            "company" | "parent" => upsert::look_up(tx, Noun::Customer, &input),
            _ if noun == Noun::Customer => refer::company(tx, name),
            _ => refer::one(tx, noun, name),
        };
        let id = match found {
            Ok(id) => id,
            Err(error) if error.kind() == Kind::NotFound => return Ok(Named::Nobody),
            Err(error) if error.kind() == Kind::Ambiguous => return Ok(Named::Several),
            Err(error) => return Err(error),
        };
        // Another identity in the same system is another record of the same name.
        if let Some((system, value)) = external {
            let known = links::external_ids(tx, id)?;
            if known.iter().any(|(own, other)| own == system && other != value) {
                return Ok(Named::Nobody);
            }
            if !known.iter().any(|(own, _)| own == system) {
                links::add_external_id(tx, noun, id, system, value)?;
            }
        }
        Ok(Named::One(id))
    }
}

/// Who has a name.
enum Named {
    Nobody,
    One(Id),
    /// Nobody can tell which of them is meant.
    Several,
}

/// The person of this name; of several nobody, because nobody can tell.
fn person_called(tx: &WriteTx<'_>, name: &str) -> Result<Option<Id>> {
    let mut found = None;
    for id in customers::by_name_key(tx, &fold(name))? {
        let is_person = customers::kind_and_survivor(tx, id)?.is_some_and(|(kind, _)| kind == "person");
        if is_person && links::link(tx, Noun::Customer, id)?.is_some() && found.replace(id).is_some() {
            return Ok(None);
        }
    }
    Ok(found)
}

/// The user of this name or address, or of both: `Ann Lee (ann@firm.example)`.
fn user_called(tx: &WriteTx<'_>, text: &str) -> Result<Option<Id>> {
    let (name, address) = parts(text);
    if !address.is_empty()
        && let Some(id) = users::by_email(tx, address)?
    {
        return Ok(Some(id));
    }
    if name.is_empty() {
        return Ok(None);
    }
    links::by_key(tx, Noun::User, name)
}

/// The name and the address in a text that may have either.
fn parts(text: &str) -> (&str, &str) {
    let text = text.trim();
    let ends = text.strip_suffix(')').or_else(|| text.strip_suffix('>'));
    let split = ends.and_then(|text| text.rsplit_once(['(', '<']));
    match split {
        Some((name, address)) if address.contains('@') => (name.trim(), address.trim()),
        _ if text.contains('@') => ("", text),
        _ => (text, ""),
    }
}
