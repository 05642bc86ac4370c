//! Messages into activities: who they are with, which thread and deal they belong to, and never one of them twice.
//!
//! # Rules
//!
//! A message is known by its Message-ID, also in the trash; one without such an id by a hash of what it says. Whoever has
//! an address on it takes part. What one of us wrote went out, what a customer wrote came in. A deal is linked where the
//! thread says so, or where its customer has exactly one that was open by then. Newsletters, lists and automatic answers
//! are no correspondence. A report that a message could not be delivered marks the address and becomes a note, which is
//! no contact.

use std::collections::HashMap;

use jiff::Timestamp;

use crate::domain::email::Email;
use crate::domain::id::Id;
use crate::domain::input::{Assignment, Input};
use crate::domain::mailbox;
use crate::domain::noun::Noun;
use crate::error::{Error, Kind, Result};
use crate::ops::attachment;
use crate::ops::draft::Lists;
use crate::ops::mail::mark::{dated, identity, when};
use crate::ops::mail::parties::{self, Own, Parties, Party};
use crate::ops::mail::undelivered;
use crate::ops::mail::verdict::{Judged, Sink, Summary, Verdict};
use crate::ops::typed::{OnMissing, Policy};
use crate::ops::{activity, customer, refer};
use crate::store::letters::{self, SYSTEM};
use crate::store::{WriteTx, links};
use crate::wire::mail::letter::{self, Letter};
use crate::wire::time;

/// What becomes of people whom nobody knows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Unknown {
    /// They stay unknown; a message on which nobody is known is passed over.
    #[default]
    Skip,
    /// Whoever wrote to us, or was written to by us, becomes a customer.
    Create,
}

/// What becomes of newsletters, mailing lists and automatic answers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Bulk {
    /// They are passed over.
    #[default]
    Skip,
    /// They are messages as any other.
    Log,
}

/// How messages are taken in.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// What becomes of people whom nobody knows.
    pub unknown: Unknown,
    /// What becomes of what no person wrote.
    pub bulk: Bulk,
    /// Further addresses of ours, beside those of the users; `@firm.example` for all of a domain.
    pub own: Vec<String>,
    /// The deal that all of it is about.
    pub deal: Option<String>,
    /// Where the messages come from, as the title of the operation names it.
    pub source: String,
}

/// A message as it was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Where: a file, a line.
    pub place: String,
    /// Its bytes.
    pub raw: Vec<u8>,
    /// Whether it was longer than what is kept of one.
    pub is_cut: bool,
}

/// After so many messages what they touch is brought up to date.
const SETTLE_EVERY: u64 = 500;

/// Why a message is passed over.
const NOBODY: &str = "nobody on it is a customer";
const NAMELESS: &str = "no address on it can be read";
const OURSELVES: &str = "between ourselves";
const ERASED: &str = "its people were erased on request";

/// Takes in messages, each by itself: one that cannot be kept does not keep the others out.
///
/// # Errors
///
/// `Usage` for making customers of unknown people while nobody has said which addresses are ours; `NotFound` for the
/// deal; whatever reading or the sink fails with.
pub fn run(
    tx: &WriteTx<'_>,
    messages: &mut dyn Iterator<Item = Result<Message>>,
    options: &Options,
    sink: &mut dyn Sink,
) -> Result<Summary> {
    let own = Own::read(tx, &options.own)?;
    if own.is_empty() && options.unknown == Unknown::Create {
        return Err(Error::usage(
            "no user has an e-mail address, so that nobody knows who is a stranger: \
             `crm user set NAME email=ADDRESS`, or --own ADDRESS",
        ));
    }
    let deal = match &options.deal {
        Some(text) => Some(refer::one(tx, Noun::Deal, text)?),
        None => None,
    };
    let mut ingest = Ingest {
        tx,
        own,
        options,
        deal,
        companies: HashMap::new(),
        policy: Policy {
            words: Some(OnMissing::Skip),
            ..Policy::strict()
        },
        summary: Summary::default(),
    };
    ingest.summary.is_ours_unknown = ingest.own.is_empty();
    let mut count = 0;
    for message in messages {
        ingest.take(&message?, sink)?;
        count += 1;
        if count % SETTLE_EVERY == 0 {
            tx.settle()?;
        }
    }
    tx.describe(ingest.summary.title(&options.source));
    Ok(ingest.summary)
}

/// What was found out about one message.
struct Done {
    verdict: Verdict,
    id: Option<Id>,
    customer: Option<Id>,
    reason: String,
}

impl Done {
    fn skipped(reason: impl Into<String>) -> Done {
        Done {
            verdict: Verdict::Skipped,
            id: None,
            customer: None,
            reason: reason.into(),
        }
    }
}

struct Ingest<'t, 's> {
    tx: &'t WriteTx<'s>,
    own: Own,
    options: &'t Options,
    deal: Option<Id>,
    /// The company of each domain that was looked for.
    companies: HashMap<String, Option<Id>>,
    policy: Policy,
    summary: Summary,
}

impl Ingest<'_, '_> {
    fn take(&mut self, message: &Message, sink: &mut dyn Sink) -> Result<()> {
        let tx = self.tx;
        let letter = letter::read(&message.raw);
        let made = self.summary.made.len();
        let dead = self.summary.dead.len();
        let named = self.summary.named.len();
        let done = match &letter {
            None => Done {
                verdict: Verdict::Rejected,
                reason: "it is no e-mail message: it says neither who wrote it nor to whom".to_owned(),
                ..Done::skipped("")
            },
            Some(letter) => match tx.attempt(|| self.one(letter, message, sink)) {
                Ok(done) => done,
                Err(error) if is_about_the_message(error.kind()) => {
                    self.summary.made.truncate(made);
                    self.summary.dead.truncate(dead);
                    self.summary.named.truncate(named);
                    Done {
                        verdict: Verdict::Rejected,
                        reason: error.message().to_owned(),
                        ..Done::skipped("")
                    }
                }
                Err(error) => return Err(error.context(&message.place)),
            },
        };
        self.summary.count(done.verdict, &done.reason);
        let link = |noun: Noun, id: Option<Id>| match id {
            Some(id) => links::link(tx, noun, id),
            None => Ok(None),
        };
        sink.judged(&Judged {
            place: &message.place,
            verdict: done.verdict,
            activity: link(Noun::Activity, done.id)?,
            customer: link(Noun::Customer, done.customer)?,
            subject: letter.as_ref().map_or("", |letter| letter.subject.as_str()),
            reason: &done.reason,
        })
    }

    fn one(&mut self, letter: &Letter, message: &Message, sink: &mut dyn Sink) -> Result<Done> {
        let tx = self.tx;
        let id = identity(letter, &message.raw);
        if let Some(known) = links::by_external_id(tx, SYSTEM, Noun::Activity, &id)? {
            return Ok(Done {
                verdict: Verdict::Known,
                id: Some(known),
                ..Done::skipped("")
            });
        }
        if letter.is_report {
            return self.undelivered(letter, &id);
        }
        if let (Some(reason), Bulk::Skip) = (letter.bulk, self.options.bulk) {
            return Ok(Done::skipped(reason));
        }
        let mut parties = Parties::read(tx, &self.own, letter)?;
        let mut erased = false;
        if self.options.unknown == Unknown::Create {
            erased = self.make(&mut parties)?;
        }
        self.call_by_name(&parties)?;
        let customers = parties.customers();
        let Some((with, people)) = customers.split_first() else {
            let is_alone = parties.writer.is_none() && parties.others.is_empty();
            return Ok(Done::skipped(match is_alone {
                _ if erased => ERASED,
                true if parties.is_ours => OURSELVES,
                true => NAMELESS,
                false => NOBODY,
            }));
        };
        let thread = self.thread(letter, &id)?;
        let at = when(letter, tx.caller().clock.now());
        let deal = self.deal_for(&thread, *with, at)?;
        let files = match sink.keeps() {
            true => letter::files(&message.raw),
            false => Vec::new(),
        };
        let activity = self.log(&Entry {
            letter,
            id: &id,
            with: *with,
            people,
            deal,
            at,
            direction: parties.direction(self.own.is_empty()),
            user: parties.user.as_deref(),
            keeps: sink.keeps(),
        })?;
        letters::add(tx, activity, &self.kept(letter, thread))?;
        let mut all = Vec::new();
        for file in &files {
            all.push(sink.keep(file)?);
        }
        if !all.is_empty() {
            attachment::attach(tx, Noun::Activity, activity, &all)?;
        }
        self.summary.undated += u64::from(dated(letter, tx.caller().clock.now()).is_none());
        let reason = match message.is_cut {
            true => "it is too large: what stands at its end was left out",
            false => "",
        };
        Ok(Done {
            verdict: Verdict::Logged,
            id: Some(activity),
            customer: Some(*with),
            reason: reason.to_owned(),
        })
    }

    /// Deals with a report on the delivery of a message of ours.
    fn undelivered(&mut self, letter: &Letter, id: &str) -> Result<Done> {
        let at = when(letter, self.tx.caller().clock.now());
        let Some(noted) = undelivered::note(self.tx, letter, id, at, &self.policy)? else {
            return Ok(Done::skipped("a report on the delivery of a message"));
        };
        self.summary.dead.extend(noted.dead);
        Ok(Done {
            verdict: Verdict::Bounced,
            id: Some(noted.activity),
            customer: Some(noted.customer),
            reason: noted.reason,
        })
    }

    /// What is kept of a message beside its activity.
    fn kept(&self, letter: &Letter, thread: String) -> letters::Letter {
        letters::Letter {
            thread,
            ancestors: letter.ancestors.clone(),
            subject: letter.subject.clone(),
            text: match letter.whole == letter.text {
                true => String::new(),
                false => letter.whole.clone(),
            },
        }
    }

    fn log(&self, entry: &Entry<'_>) -> Result<Id> {
        let tx = self.tx;
        let given = |name: &str, text: &str| (name.to_owned(), Input::text(text));
        let owner = entry.user.unwrap_or(tx.caller().actor.name.as_str());
        let mut assignments: Vec<Assignment> = vec![
            given("type", "email"),
            given("at", &time::instant(entry.at)),
            given("direction", entry.direction),
            given("text", &entry.text()),
            given("customer", &entry.with.uid()),
            given("owner", owner),
        ];
        if !entry.people.is_empty() {
            let people = entry.people.iter().map(|id| Input::text(id.uid())).collect();
            assignments.push(("people".to_owned(), Input::List(people)));
        }
        if let Some(deal) = entry.deal {
            assignments.push(given("deal", &deal.uid()));
        }
        let id = activity::add(tx, &assignments, &self.policy)?.id;
        links::add_external_id(tx, Noun::Activity, id, SYSTEM, entry.id)?;
        Ok(id)
    }

    /// The conversation that a message belongs to, which may join two that were apart until now.
    fn thread(&self, letter: &Letter, id: &str) -> Result<String> {
        let tx = self.tx;
        let mut thread = None;
        for ancestor in letter.ancestors.iter().rev() {
            thread = letters::thread_of(tx, ancestor)?;
            if thread.is_some() {
                break;
            }
        }
        let thread = thread
            .or_else(|| letter.ancestors.first().cloned())
            .unwrap_or_else(|| id.to_owned());
        if thread != id {
            letters::join_threads(tx, id, &thread)?;
        }
        Ok(thread)
    }

    /// The deal that a message is about, as far as that is sure.
    fn deal_for(&self, thread: &str, customer: Id, at: Timestamp) -> Result<Option<Id>> {
        if self.deal.is_some() {
            return Ok(self.deal);
        }
        let tx = self.tx;
        let of_thread = letters::deals_of_thread(tx, thread)?;
        if let [deal] = of_thread.as_slice() {
            return Ok(Some(*deal));
        }
        let on = at.to_zoned(tx.caller().clock.zone().clone()).date();
        match letters::open_deals(tx, customer, &on.to_string())?.as_slice() {
            [deal] if of_thread.is_empty() => Ok(links::link(tx, Noun::Deal, *deal)?.map(|link| link.id)),
            _ => Ok(None),
        }
    }

    /// Makes customers of those whom nobody knows: of who wrote, and of those to whom we wrote. True if somebody must not
    /// come back.
    fn make(&mut self, parties: &mut Parties) -> Result<bool> {
        let mut erased = false;
        let owner = parties.user.clone();
        let addressed = if parties.is_ours { parties.addressed } else { 0 };
        let strangers = parties
            .writer
            .iter_mut()
            .chain(parties.others.iter_mut().take(addressed))
            .filter(|party| party.holders.is_empty() && !mailbox::is_automatic(party.email.as_str()));
        for party in strangers {
            match self.add(party, owner.as_deref())? {
                Some(id) => party.holders.push(id),
                None => erased = true,
            }
        }
        Ok(erased)
    }

    /// Gives customers of whom nothing but the address was known the name that the message has for them.
    fn call_by_name(&mut self, parties: &Parties) -> Result<()> {
        for party in parties.writer.iter().chain(&parties.others) {
            let [id] = party.holders.as_slice() else { continue };
            let name = party.name.trim();
            if name.is_empty() || name.contains('@') {
                continue;
            }
            let Some(link) = links::link(self.tx, Noun::Customer, *id)? else {
                continue;
            };
            let is_address = Email::parse(&link.name).is_ok_and(|known| known.key() == party.email.key());
            if is_address {
                let given = [("name".to_owned(), Input::text(name))];
                customer::edit(self.tx, *id, &given, Lists::Replace, &self.policy)?;
                self.summary.named.push(*id);
            }
        }
        Ok(())
    }

    /// Makes a customer; none for somebody who was erased.
    fn add(&mut self, party: &Party, owner: Option<&str>) -> Result<Option<Id>> {
        let tx = self.tx;
        let domain = party.email.domain().to_owned();
        let company = match self.companies.get(&domain) {
            Some(known) => *known,
            None => {
                let found = parties::company(tx, &party.email)?;
                self.companies.insert(domain, found);
                found
            }
        };
        let given = |name: &str, text: &str| (name.to_owned(), Input::text(text));
        let name = match party.name.as_str() {
            "" => party.email.as_str(),
            name => name,
        };
        let mut assignments = vec![
            given("name", name),
            given("email", party.email.as_str()),
            given("source", "email"),
        ];
        assignments.extend(company.map(|company| given("company", &company.uid())));
        assignments.extend(owner.map(|owner| given("owner", owner)));
        let on_duplicate = customer::OnDuplicate::Refuse;
        match customer::add(tx, &assignments, on_duplicate, &self.policy) {
            Ok(outcome) => {
                self.summary.made.push(outcome.id);
                Ok(Some(outcome.id))
            }
            Err(error) if error.kind() == Kind::Erased => Ok(None),
            Err(error) => Err(error),
        }
    }
}

/// An activity that is about to be made.
struct Entry<'e> {
    letter: &'e Letter,
    id: &'e str,
    with: Id,
    people: &'e [Id],
    deal: Option<Id>,
    at: Timestamp,
    direction: &'static str,
    user: Option<&'e str>,
    keeps: bool,
}

impl Entry<'_> {
    /// What the activity says: the subject, what was new in the text, and what came with it unless that is kept.
    fn text(&self) -> String {
        let letter = self.letter;
        let mut parts = vec![letter.subject.clone(), letter.text.clone()];
        if !letter.attachments.is_empty() && !self.keeps {
            parts.push(format!("[{}]", letter.attachments.join(", ")));
        }
        parts.retain(|part| !part.is_empty());
        match parts.is_empty() {
            true => "(no text)".to_owned(),
            false => parts.join("\n\n"),
        }
    }
}

/// True if an error says that a message is wrong, and not that the base or the program is.
fn is_about_the_message(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::NotFound | Kind::Ambiguous | Kind::Duplicate | Kind::Conflict | Kind::Invalid
    )
}
