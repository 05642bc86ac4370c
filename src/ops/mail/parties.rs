//! Who is on a message: which of its addresses are our own, which are customers, and which nobody knows.

use std::collections::HashMap;

use crate::domain::email::Email;
use crate::domain::fold::fold;
use crate::domain::id::Id;
use crate::domain::mailbox;
use crate::domain::noun::Noun;
use crate::domain::web;
use crate::error::Result;
use crate::store::customers::{self, Channel};
use crate::store::{ReadTx, letters, links};
use crate::wire::mail::letter::{Letter, Mailbox};

/// At most so many customers take part in one message.
const MOST: usize = 50;

/// Our own addresses.
pub(super) struct Own {
    /// By key, and who has them, where that is a user.
    users: HashMap<String, Option<String>>,
    /// Whole domains.
    domains: Vec<String>,
}

impl Own {
    /// The addresses of all users, and further addresses or `@domains`.
    ///
    /// # Errors
    ///
    /// `Invalid` for one that is no address.
    pub(super) fn read(tx: &ReadTx<'_>, more: &[String]) -> Result<Own> {
        let mut own = Own {
            users: HashMap::new(),
            domains: Vec::new(),
        };
        for (_, name, address) in letters::own_addresses(tx)? {
            if let Ok(email) = Email::parse(&address) {
                own.users.entry(email.key()).or_insert(Some(name));
            }
        }
        for text in more {
            match text.trim().strip_prefix('@') {
                Some(domain) => own.domains.push(domain.to_lowercase()),
                None => {
                    own.users.entry(Email::parse(text)?.key()).or_insert(None);
                }
            }
        }
        Ok(own)
    }

    /// Whether nobody has said which addresses are ours.
    pub(super) fn is_empty(&self) -> bool {
        self.users.is_empty() && self.domains.is_empty()
    }

    fn has(&self, email: &Email) -> bool {
        self.users.contains_key(&email.key()) || self.domains.iter().any(|domain| domain == email.domain())
    }

    /// The user among these addresses.
    fn user<'o>(&'o self, all: &[Mailbox]) -> Option<&'o str> {
        all.iter()
            .filter_map(|one| Email::parse(&one.address).ok())
            .find_map(|email| self.users.get(&email.key())?.as_deref())
    }
}

/// Somebody on a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Party {
    /// The name that the message gives.
    pub(super) name: String,
    /// The address.
    pub(super) email: Email,
    /// The customers who have it; several for a shared one, none for somebody whom nobody knows.
    pub(super) holders: Vec<Id>,
}

/// Who wrote to whom.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Parties {
    /// Who wrote it, and is none of us.
    pub(super) writer: Option<Party>,
    /// Who else is on it and is none of us: first those to whom it is.
    pub(super) others: Vec<Party>,
    /// How many of `others` it is addressed to.
    pub(super) addressed: usize,
    /// Whether one of us wrote it.
    pub(super) is_ours: bool,
    /// Whether one of us got it.
    pub(super) to_us: bool,
    /// The user who wrote it or got it.
    pub(super) user: Option<String>,
}

impl Parties {
    /// Reads the addresses of a message.
    pub(super) fn read(tx: &ReadTx<'_>, own: &Own, letter: &Letter) -> Result<Parties> {
        let from = parsed(&letter.from);
        let is_ours = from.iter().any(|(_, email)| own.has(email));
        let mut writer = None;
        if !is_ours {
            // Forms on websites write in their own name, and say who is to be answered.
            for (name, email) in from.iter().chain(&parsed(&letter.reply_to)) {
                if own.has(email) {
                    continue;
                }
                let party = party(tx, name, email)?;
                let is_known = !party.holders.is_empty();
                if writer.is_none() || is_known {
                    writer = Some(party);
                }
                if is_known {
                    break;
                }
            }
        }
        let mut parties = Parties {
            user: if is_ours {
                own.user(&letter.from)
            } else {
                own.user(&letter.to).or_else(|| own.user(&letter.cc))
            }
            .map(str::to_owned),
            writer,
            others: Vec::new(),
            addressed: 0,
            is_ours,
            to_us: false,
        };
        for (list, is_addressed) in [(&letter.to, true), (&letter.cc, false)] {
            for (name, email) in parsed(list) {
                if own.has(&email) {
                    parties.to_us = true;
                    continue;
                }
                let is_there = |known: &Party| known.email.key() == email.key();
                if parties.others.len() >= MOST
                    || parties.writer.as_ref().is_some_and(is_there)
                    || parties.others.iter().any(is_there)
                {
                    continue;
                }
                parties.others.push(party(tx, &name, &email)?);
                parties.addressed += usize::from(is_addressed);
            }
        }
        Ok(parties)
    }

    /// The customers on it, each once, the one that it is with first.
    pub(super) fn customers(&self) -> Vec<Id> {
        let mut found: Vec<Id> = Vec::new();
        for id in self
            .writer
            .iter()
            .chain(&self.others)
            .flat_map(|party| &party.holders)
        {
            if !found.contains(id) {
                found.push(*id);
            }
        }
        found
    }
}

fn parsed(list: &[Mailbox]) -> Vec<(String, Email)> {
    list.iter()
        .filter_map(|one| Some((one.name.clone(), Email::parse(&one.address).ok()?)))
        .collect()
}

fn party(tx: &ReadTx<'_>, name: &str, email: &Email) -> Result<Party> {
    Ok(Party {
        name: name.to_owned(),
        holders: holders(tx, name, email)?,
        email: email.clone(),
    })
}

/// The customers whom an address means: of several, the one who is called as the message says, else the only person.
pub(super) fn holders(tx: &ReadTx<'_>, name: &str, email: &Email) -> Result<Vec<Id>> {
    let mut found = Vec::new();
    for id in customers::holders(tx, Channel::Email, "", &email.key(), None)? {
        if let Some(link) = links::link(tx, Noun::Customer, id)? {
            found.push(link);
        }
    }
    if found.len() > 1 {
        let wanted = fold(name);
        if let Some(named) = found.iter().find(|link| fold(&link.name) == wanted) {
            return Ok(vec![named.id]);
        }
        let mut people = Vec::new();
        for link in &found {
            let kind = customers::kind_and_survivor(tx, link.id)?;
            people.extend(kind.filter(|(kind, _)| kind == "person").map(|_| link.id));
        }
        if let [only] = people.as_slice() {
            return Ok(vec![*only]);
        }
    }
    Ok(found.into_iter().map(|link| link.id).collect())
}

/// The company whose website is at the domain of an address; none for hosts that give anybody an address.
pub(super) fn company(tx: &ReadTx<'_>, email: &Email) -> Result<Option<Id>> {
    if mailbox::is_free_host(email.domain()) {
        return Ok(None);
    }
    let domain = email.domain();
    let at = letters::companies_at(tx, domain)?;
    let mut exact = at
        .iter()
        .filter(|(_, website)| web::domain(website).is_some_and(|own| own.eq_ignore_ascii_case(domain)));
    match (exact.next(), exact.next()) {
        (Some((id, _)), None) => Ok(Some(*id)),
        _ => Ok(None),
    }
}
