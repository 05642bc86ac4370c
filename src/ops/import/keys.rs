//! Which record a row is about.
//!
//! A uid and an external id are certain. An e-mail address, a telephone number, a handle and a name are evidence,
//! which stronger evidence to the contrary outweighs: another external id of the same system, another type, and, for
//! numbers and handles, which people share, another name. A row without any of these is known by what it says.

use std::collections::HashSet;

use crate::domain::email::Email;
use crate::domain::field::{self, FieldType};
use crate::domain::fold::fold;
use crate::domain::handle::Handle;
use crate::domain::id::{Id, Ref};
use crate::domain::input::Input;
use crate::domain::noun::Noun;
use crate::domain::phone::Phone;
use crate::error::{Error, Kind, Result};
use crate::ops::refer;
use crate::query::context::Vocabulary;
use crate::query::plan::{Condition, Path, Target, Test};
use crate::store::customers::{self, Channel};
use crate::store::records::{self, Selected};
use crate::store::{ReadTx, WriteTx, fields, links};

use super::rows::Wanted;
use super::who::{ambiguous, share_a_word};
use super::{OnDuplicate, Request, restore, unread};

/// What is there for a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Found {
    /// Nothing.
    New,
    /// The record that the row is about.
    Record(Id),
    /// The record that the very same row has made before.
    Same(Id),
    /// A record in the trash, where it stays.
    Trashed(Id),
    /// A record that the caller may not see.
    Hidden,
}

/// One way to recognise a record.
#[derive(Debug)]
enum Key {
    Ref,
    Address(Channel),
    Sku,
    Name,
    Field(String, Target),
}

/// The ways in which rows of an import are recognised.
#[derive(Debug)]
pub(super) struct Keys {
    noun: Noun,
    chain: Vec<Key>,
    /// Whether somebody chose the chain: then its keys are taken at their word.
    chosen: bool,
    system: String,
    on_duplicate: OnDuplicate,
    kind: Option<&'static str>,
}

impl Keys {
    /// The keys of a request.
    ///
    /// # Errors
    ///
    /// `Usage` for a field by which nothing can be recognised.
    pub(super) fn new(tx: &ReadTx<'_>, request: &Request, system: &str) -> Result<Keys> {
        let chosen = request
            .key
            .iter()
            .filter(|name| !is_certain(request.noun, name))
            .map(|name| key(tx, request.noun, name.trim()))
            .collect::<Result<Vec<Key>>>()?;
        let usual = || match request.noun {
            Noun::Customer => vec![
                Key::Ref,
                Key::Address(Channel::Email),
                Key::Address(Channel::Phone),
                Key::Address(Channel::Handle),
                Key::Name,
            ],
            Noun::Product => vec![Key::Ref, Key::Sku, Key::Name],
            noun if noun.prefix().is_none() => vec![Key::Name],
            _ => vec![Key::Ref],
        };
        Ok(Keys {
            noun: request.noun,
            chosen: !request.key.is_empty(),
            chain: if request.key.is_empty() { usual() } else { chosen },
            system: system.to_owned(),
            on_duplicate: request.on_duplicate,
            kind: request.kind,
        })
    }

    /// Finds the record for a row; `touched` are those that earlier rows were about.
    ///
    /// # Errors
    ///
    /// `Ambiguous` if several records fit.
    pub(super) fn find(&self, tx: &ReadTx<'_>, wanted: &Wanted, touched: &HashSet<Id>) -> Result<Found> {
        if let Some(uid) = wanted.uid()
            && restore::is_here(tx, self.noun, uid, wanted)?
        {
            // A row that says itself that it was merged is no news of the survivor.
            if wanted.kept("merged_into").is_some() && links::is_trashed(tx, self.noun, uid)? {
                return Ok(Found::Trashed(uid));
            }
            return self.found(tx, uid);
        }
        let external = self.external_ids(wanted);
        for (system, value) in &external {
            if let Some(id) = links::by_external_id(tx, system, self.noun, value)? {
                return self.found(tx, id);
            }
        }
        let row = Evidence {
            keys: self,
            wanted,
            external,
            touched,
        };
        // What lies in the trash elsewhere is no news of who only resembles it here.
        let is_trash = wanted.is_full() && wanted.kept("deleted_at").is_some();
        if self.on_duplicate != OnDuplicate::Create && !is_trash {
            for key in &self.chain {
                if let Some(id) = row.by(tx, key)? {
                    return self.found(tx, id);
                }
            }
        }
        if !self.is_keyless(wanted) {
            return Ok(Found::New);
        }
        match links::by_external_id(tx, &self.row_system(), self.noun, &wanted.mark)? {
            Some(id) => Ok(match self.found(tx, id)? {
                Found::Record(id) => Found::Same(id),
                other => other,
            }),
            None => Ok(Found::New),
        }
    }

    /// Notes what a new record is recognised by next time: identities of the file's system, or the row itself.
    pub(super) fn mark(&self, tx: &WriteTx<'_>, id: Id, wanted: &Wanted) -> Result<()> {
        for value in &wanted.external_ids {
            if links::by_external_id(tx, &self.system, self.noun, value)?.is_none() {
                links::add_external_id(tx, self.noun, id, &self.system, value)?;
            }
        }
        if self.is_keyless(wanted) {
            links::add_external_id(tx, self.noun, id, &self.row_system(), &wanted.mark)?;
        }
        Ok(())
    }

    /// True if nothing but what it says identifies a row.
    fn is_keyless(&self, wanted: &Wanted) -> bool {
        if wanted.uid().is_some() || !self.external_ids(wanted).is_empty() {
            return false;
        }
        self.on_duplicate == OnDuplicate::Create || !self.chain.iter().any(|key| self.has(key, wanted))
    }

    fn has(&self, key: &Key, wanted: &Wanted) -> bool {
        match key {
            Key::Ref => wanted.kept_text("id").is_some(),
            Key::Address(channel) => !wanted.texts(field_of(*channel)).is_empty(),
            Key::Sku => wanted.text("sku").is_some(),
            Key::Name => match self.noun {
                Noun::Customer => self.named(wanted).is_some(),
                noun if noun.is_keyed() => wanted.text("key").is_some(),
                _ => wanted.text("name").is_some(),
            },
            Key::Field(name, _) => wanted.text(name).is_some(),
        }
    }

    /// The name by which a customer is recognised: that of a company, unless somebody chose names.
    fn named<'w>(&self, wanted: &'w Wanted) -> Option<&'w str> {
        let company = self.type_of(wanted) == Some("company");
        wanted.text("name").filter(|_| company || self.chosen)
    }

    fn type_of<'w>(&self, wanted: &'w Wanted) -> Option<&'w str> {
        wanted.text("type").or(self.kind).or(wanted.kind)
    }

    /// Where identities of rows are kept.
    fn row_system(&self) -> String {
        format!("crm.row.{}", self.system)
    }

    fn external_ids(&self, wanted: &Wanted) -> Vec<(String, String)> {
        let own = wanted
            .external_ids
            .iter()
            .map(|value| (self.system.clone(), value.clone()));
        let said = wanted.texts("external_ids");
        let said = said
            .into_iter()
            .map(|(part, text)| match (part, text.split_once(':')) {
                (None, Some((system, value))) => (system.to_owned(), value.to_owned()),
                (part, _) => (part.unwrap_or(&self.system).to_owned(), text),
            });
        own.chain(said).collect()
    }

    fn found(&self, tx: &ReadTx<'_>, id: Id) -> Result<Found> {
        let id = match self.noun {
            Noun::Customer => customers::kind_and_survivor(tx, id)?
                .and_then(|(_, survivor)| survivor)
                .unwrap_or(id),
            _ => id,
        };
        Ok(if links::link(tx, self.noun, id)?.is_none() {
            Found::Hidden
        } else if links::is_trashed(tx, self.noun, id)? {
            Found::Trashed(id)
        } else {
            Found::Record(id)
        })
    }
}

/// True for keys that are looked at anyway.
fn is_certain(noun: Noun, name: &str) -> bool {
    field::find(noun, name.trim()).is_some_and(|field| matches!(field.name, "uid" | "external_ids"))
}

fn key(tx: &ReadTx<'_>, noun: Noun, name: &str) -> Result<Key> {
    let refuse = |name: &str| Err(Error::usage(format!("{noun} cannot be recognised by {name}")));
    if let Some(custom) = name.strip_prefix("fields.")
        && let Some(custom) = tx.custom_field(noun, custom)
    {
        return Ok(Key::Field(name.to_owned(), Target::Custom(custom)));
    }
    let Some(found) = field::find(noun, name) else {
        crate::ops::list::column(tx, noun, name)?;
        return refuse(name);
    };
    Ok(match (found.name, found.kind) {
        ("id", _) => Key::Ref,
        ("emails", _) => Key::Address(Channel::Email),
        ("phones", _) => Key::Address(Channel::Phone),
        ("handles", _) => Key::Address(Channel::Handle),
        ("sku", _) => Key::Sku,
        ("name" | "key", _) => Key::Name,
        (_, FieldType::Text | FieldType::Url) => Key::Field(found.name.to_owned(), Target::Field(found)),
        _ => return refuse(found.name),
    })
}

/// The field with the addresses of a channel.
fn field_of(channel: Channel) -> &'static str {
    match channel {
        Channel::Email => "emails",
        Channel::Phone => "phones",
        Channel::Handle => "handles",
    }
}

/// What a row says about whom it is about.
struct Evidence<'r> {
    keys: &'r Keys,
    wanted: &'r Wanted,
    external: Vec<(String, String)>,
    touched: &'r HashSet<Id>,
}

impl Evidence<'_> {
    fn by(&self, tx: &ReadTx<'_>, key: &Key) -> Result<Option<Id>> {
        match key {
            Key::Ref => self.by_ref(tx),
            Key::Address(channel) => self.by_address(tx, *channel),
            Key::Sku => match self.wanted.text("sku") {
                Some(sku) => links::by_sku(tx, sku),
                None => Ok(None),
            },
            Key::Name => self.by_name(tx),
            Key::Field(name, target) => self.by_field(tx, name, target),
        }
    }

    /// A ref is only sure in the base that gave it: without a word that it was meant so, the record it names must
    /// also have the name or an address of the row.
    fn by_ref(&self, tx: &ReadTx<'_>) -> Result<Option<Id>> {
        let reference = self.wanted.kept_text("id").and_then(Ref::parse);
        let Some(reference) = reference.filter(|reference| reference.noun == self.keys.noun) else {
            return Ok(None);
        };
        let Some(id) = links::by_number(tx, reference)? else {
            return Ok(None);
        };
        if self.keys.chosen {
            return Ok(Some(id));
        }
        let Some(link) = links::link(tx, self.keys.noun, id)? else {
            return Ok(None);
        };
        let name = self
            .wanted
            .text("name")
            .or(self.wanted.text("title"))
            .or(self.wanted.text("text"));
        let agrees = name.is_none_or(|name| fold(name) == fold(&link.name));
        if agrees && !self.contradicts(tx, id)? {
            return Ok(Some(id));
        }
        for channel in Channel::ALL {
            if self.keys.noun == Noun::Customer && self.holders(tx, channel)?.contains(&id) {
                return Ok(Some(id));
            }
        }
        Ok(None)
    }

    fn by_address(&self, tx: &ReadTx<'_>, channel: Channel) -> Result<Option<Id>> {
        let mut named = Vec::new();
        let mut others = Vec::new();
        let name = self.wanted.text("name").map(fold);
        let kind = self.keys.type_of(self.wanted);
        for id in self.holders(tx, channel)? {
            let Some((their_kind, _)) = customers::kind_and_survivor(tx, id)? else {
                continue;
            };
            if kind.is_some_and(|kind| kind != their_kind) || self.contradicts(tx, id)? {
                continue;
            }
            let theirs = links::link(tx, Noun::Customer, id)?.map(|link| fold(&link.name));
            match (&name, theirs) {
                (Some(name), Some(theirs)) if *name == theirs => named.push(id),
                (Some(name), Some(theirs))
                    if (channel != Channel::Email || self.touched.contains(&id))
                        && !share_a_word(name, &theirs) => {}
                (_, None) => {}
                _ => others.push(id),
            }
        }
        let fitting = if named.is_empty() { others } else { named };
        match fitting.as_slice() {
            [] => Ok(None),
            [id] => Ok(Some(*id)),
            several => {
                let what = field_of(channel);
                let candidates = refer::described(tx, Noun::Customer, several)?;
                let texts = self.wanted.texts(what).into_iter().map(|(_, text)| text);
                Err(ambiguous(what, &texts.collect::<Vec<_>>(), candidates))
            }
        }
    }

    /// The customers who hold an address of the row.
    fn holders(&self, tx: &ReadTx<'_>, channel: Channel) -> Result<Vec<Id>> {
        let mut found = Vec::new();
        let region = tx.caller().region.as_deref();
        for (part, text) in self.wanted.texts(field_of(channel)) {
            let (kind, key) = match channel {
                Channel::Email => (
                    "",
                    Email::parse(&text).map(|email| email.key()).unwrap_or_default(),
                ),
                Channel::Phone => ("", Phone::parse(&text, region).key()),
                Channel::Handle => {
                    let whole = part.map_or_else(|| text.clone(), |part| format!("{part}:{text}"));
                    match Handle::parse(&whole) {
                        Ok(handle) => (handle.kind, handle.key()),
                        Err(_) => continue,
                    }
                }
            };
            if key.is_empty() {
                continue;
            }
            let mut held = customers::holders(tx, channel, kind, &key, None)?;
            if channel == Channel::Phone && held.is_empty() {
                held = unread::holders(tx, &text)?;
            }
            for id in held {
                if !found.contains(&id) {
                    found.push(id);
                }
            }
        }
        Ok(found)
    }

    fn by_name(&self, tx: &ReadTx<'_>) -> Result<Option<Id>> {
        let found = match self.keys.noun {
            Noun::Customer => match (self.keys.named(self.wanted), self.keys.type_of(self.wanted)) {
                (Some(name), Some("company")) => customers::companies_by_name_key(tx, &fold(name))?,
                (Some(name), _) => customers::by_name_key(tx, &fold(name))?,
                (None, _) => Vec::new(),
            },
            Noun::Field => {
                let noun = self.wanted.text("noun").and_then(Noun::parse);
                return match (noun, self.wanted.text("key")) {
                    (Some(noun), Some(key)) => Ok(fields::custom(tx, noun, key)?.map(|field| field.id)),
                    _ => Ok(None),
                };
            }
            noun if noun.is_keyed() => match self.wanted.text("key") {
                Some(key) => return links::by_key(tx, self.keys.noun, key),
                None => Vec::new(),
            },
            noun => match self.wanted.text("name").or(self.wanted.text("title")) {
                Some(name) => links::by_name(tx, noun, name)?,
                None => Vec::new(),
            },
        };
        let mut fitting = Vec::new();
        for id in found {
            if !self.contradicts(tx, id)? {
                fitting.push(id);
            }
        }
        self.single(tx, "name", &fitting)
    }

    fn by_field(&self, tx: &ReadTx<'_>, name: &str, target: &Target) -> Result<Option<Id>> {
        let Some(text) = self.wanted.text(name) else {
            return Ok(None);
        };
        let condition = Condition::Compare {
            path: Path {
                steps: Vec::new(),
                target: target.clone(),
            },
            test: Test::Equals(vec![fold(text)]),
        };
        let found = records::ids(tx, self.keys.noun, &condition)?;
        self.single(tx, name, &found)
    }

    fn single(&self, tx: &ReadTx<'_>, name: &str, found: &[Id]) -> Result<Option<Id>> {
        match found {
            [] => Ok(None),
            [id] => Ok(Some(*id)),
            several => {
                let noun = self.keys.noun;
                let text = self.wanted.get(name).and_then(Input::as_text).unwrap_or_default();
                let message = format!("{name}: {text:?} fits {} {}", several.len(), noun.plural());
                Err(Error::new(Kind::Ambiguous, message)
                    .on_field(name)
                    .with_candidates(refer::described(tx, noun, several)?))
            }
        }
    }

    /// True if something certain says that the record is another one.
    fn contradicts(&self, tx: &ReadTx<'_>, id: Id) -> Result<bool> {
        if self.wanted.uid().is_some() && self.touched.contains(&id) {
            // Two records of the same export are two records.
            return Ok(true);
        }
        if !self.external.is_empty() {
            let theirs = links::external_ids(tx, id)?;
            let other = theirs.iter().any(|(system, value)| {
                self.external
                    .iter()
                    .any(|(own, mine)| own == system && mine != value)
            });
            if other {
                return Ok(true);
            }
        }
        match (self.keys.noun, self.wanted.text("sku")) {
            (Noun::Product, Some(sku)) => {
                let Some(column) = field::find(Noun::Product, "sku").map(Selected::field) else {
                    return Ok(false);
                };
                let theirs = records::get(tx, Noun::Product, id, &[column])?;
                let theirs = theirs.and_then(|values| values.into_iter().next());
                Ok(theirs.is_some_and(|theirs| {
                    !theirs.is_empty() && theirs != crate::domain::value::Value::Text(sku.to_owned())
                }))
            }
            _ => Ok(false),
        }
    }
}
