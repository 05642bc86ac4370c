//! Cards: customers, the groups that give them labels, and whom they name beside themselves.

use std::collections::{HashMap, HashSet};

use crate::domain::email::Email;
use crate::domain::fold::fold;
use crate::domain::id::{Id, Ref};
use crate::domain::input::{Assignment, Input};
use crate::domain::noun::Noun;
use crate::domain::value::Value;
use crate::error::{Kind, Result};
use crate::ops::draft::{Lists, tag_named};
use crate::ops::typed::Policy;
use crate::ops::{customer, list, relationship};
use crate::store::customers::{self, Channel};
use crate::store::{ReadTx, WriteTx, links, parts, records};
use crate::wire::read::rows::{Reader, Row};
use crate::wire::vcard::{MEMBERS, RELATIONS, SYSTEM};

use super::verdict::{Judged, Origin, Sink, Summary, Verdict};
use super::{Import, Request, rows};

/// Imports the cards of `reader`.
///
/// # Errors
///
/// As [`super::run`].
pub(super) fn run(
    tx: &WriteTx<'_>,
    reader: &mut Reader,
    request: &Request,
    sink: &mut dyn Sink,
) -> Result<Summary> {
    let mut import = Import::new(tx, None, request)?;
    let mut groups = Vec::new();
    let mut named = HashMap::new();
    let mut listener = Listener {
        sink,
        waiting: HashMap::new(),
        related: Vec::new(),
    };
    for item in reader {
        let mut row = match item? {
            Ok(row) => row,
            Err(error) => {
                import.broken(&error, &mut listener)?;
                continue;
            }
        };
        if row.cells.iter().any(|(name, _)| name == MEMBERS) {
            groups.push(row);
            continue;
        }
        listener
            .waiting
            .extend(Beside::take(&mut row).map(|beside| (row.line, beside)));
        import.row(tx, row, &mut listener)?;
    }
    import.aside(tx, &mut listener)?;
    let related = std::mem::take(&mut listener.related);
    tx.settle()?;
    for (customer, beside) in related {
        let Some(id) = links::by_number(tx, customer)? else {
            continue;
        };
        add_addresses(tx, id, &beside.addresses)?;
        add_note(tx, id, &beside.note)?;
        relate(tx, id, &beside.relations, &mut named)?;
    }
    let mut summary = import.summary();
    for row in groups {
        group(tx, &row, &mut summary, sink)?;
    }
    tx.describe(summary.title(request));
    Ok(summary)
}

/// Imports the row of one card.
///
/// # Errors
///
/// As [`super::run`].
pub(in crate::ops) fn one(
    tx: &WriteTx<'_>,
    mut row: Row,
    request: &Request,
    sink: &mut dyn Sink,
) -> Result<()> {
    let mut import = Import::new(tx, None, request)?;
    let mut listener = Listener {
        sink,
        waiting: HashMap::new(),
        related: Vec::new(),
    };
    listener
        .waiting
        .extend(Beside::take(&mut row).map(|beside| (row.line, beside)));
    import.row(tx, row, &mut listener)?;
    import.aside(tx, &mut listener)?;
    for (customer, beside) in listener.related {
        if let Some(id) = links::by_number(tx, customer)? {
            add_addresses(tx, id, &beside.addresses)?;
            add_note(tx, id, &beside.note)?;
        }
    }
    Ok(())
}

/// Makes the addresses beyond the main one those of a cell.
///
/// # Errors
///
/// Whatever the base fails with.
pub(in crate::ops) fn replace_addresses(tx: &WriteTx<'_>, id: Id, cells: &[Assignment]) -> Result<()> {
    parts::clear_addresses(tx, id)?;
    for (_, input) in cells {
        if let Input::List(addresses) = input {
            add_addresses(tx, id, addresses)?;
        }
    }
    Ok(())
}

/// What a card says that is written when its record stands.
#[derive(Default)]
struct Beside {
    /// Addresses beyond the main one.
    addresses: Vec<Input>,
    relations: Vec<Input>,
    /// What is to stand in the note, which may say something already.
    note: String,
}

impl Beside {
    /// Takes it out of a row; none if there is nothing.
    fn take(row: &mut Row) -> Option<Beside> {
        let is_full = row.cells.iter().any(|(name, _)| name == "version");
        let mut beside = Beside::default();
        row.cells.retain_mut(|(name, input)| {
            let list = match name.as_str() {
                RELATIONS => &mut beside.relations,
                // A card of ours restores them with the record.
                "address_details" if !is_full => &mut beside.addresses,
                "note" if !is_full => {
                    beside.note = input.as_text().unwrap_or_default().to_owned();
                    return false;
                }
                _ => return true,
            };
            if let Input::List(items) = input {
                list.append(items);
            }
            false
        });
        let is_nothing = beside.addresses.is_empty() && beside.relations.is_empty() && beside.note.is_empty();
        (!is_nothing).then_some(beside)
    }

    /// Puts it back into the row it is of, but for the relations, which the note names.
    fn give_back(self, row: &mut Row) {
        if !self.addresses.is_empty() {
            row.cells
                .push(("address_details".to_owned(), Input::List(self.addresses)));
        }
        if !self.note.is_empty() {
            row.cells.push(("note".to_owned(), Input::Text(self.note)));
        }
    }
}

/// Hears which record became of the cards that say more than a row can.
struct Listener<'s> {
    sink: &'s mut dyn Sink,
    waiting: HashMap<u64, Beside>,
    related: Vec<(Ref, Beside)>,
}

impl Sink for Listener<'_> {
    fn judged(&mut self, judged: &Judged<'_>) -> Result<()> {
        let Some(beside) = self.waiting.remove(&judged.line) else {
            return self.sink.judged(judged);
        };
        match (judged.verdict, judged.origin) {
            // Whoever mends a refused card gets the whole of it back.
            (Verdict::Rejected, Origin::Row(row)) => {
                let mut whole = row.clone();
                beside.give_back(&mut whole);
                return self.sink.judged(&Judged {
                    name: judged.name.clone(),
                    reference: judged.reference.clone(),
                    origin: Origin::Row(&whole),
                    ..*judged
                });
            }
            (Verdict::Skipped | Verdict::Rejected, _) => {}
            _ => {
                let reference = judged.reference.as_deref().and_then(Ref::parse);
                self.related
                    .extend(reference.map(|reference| (reference, beside)));
            }
        }
        self.sink.judged(judged)
    }
}

/// Adds to the note of a customer what it does not say yet, line by line: several cards may be of one person.
fn add_note(tx: &WriteTx<'_>, id: Id, note: &str) -> Result<()> {
    if note.trim().is_empty() {
        return Ok(());
    }
    let column = list::column(tx, Noun::Customer, "note")?;
    let known = records::get(tx, Noun::Customer, id, &[column])?.and_then(|row| row.into_iter().next());
    let whole = match known {
        Some(Value::Text(known)) if !known.trim().is_empty() => {
            let lines: HashSet<&str> = known.lines().map(str::trim).collect();
            let is_news = |line: &&str| !lines.contains(line.trim());
            let news: Vec<&str> = note.lines().filter(is_news).collect();
            let news = news.join("\n");
            if news.trim().is_empty() {
                return Ok(());
            }
            format!("{}\n\n{}", known.trim_end(), news.trim())
        }
        _ => note.to_owned(),
    };
    let note = [("note".to_owned(), Input::Text(whole))];
    customer::edit(tx, id, &note, Lists::Replace, &Policy::strict()).map(drop)
}

/// Adds the addresses that a customer does not have yet.
pub(super) fn add_addresses(tx: &WriteTx<'_>, id: Id, addresses: &[Input]) -> Result<()> {
    for address in addresses {
        let texts = parts::ADDRESS.map(|name| {
            let text = address.part(name).and_then(Input::as_text);
            text.unwrap_or_default().to_owned()
        });
        parts::put_address(tx, id, &texts)?;
    }
    Ok(())
}

/// Relates a customer to those whom its card names, as far as they are known. The note names them in any case.
fn relate(
    tx: &WriteTx<'_>,
    id: Id,
    relations: &[Input],
    named: &mut HashMap<String, Option<Id>>,
) -> Result<()> {
    for relation in relations {
        let part = |name: &str| relation.part(name).and_then(Input::as_text).unwrap_or_default();
        let other = match named.get(part("customer")) {
            Some(known) => *known,
            None => {
                let found = person(tx, part("customer"))?;
                named.insert(part("customer").to_owned(), found);
                found
            }
        };
        if let Some(other) = other.filter(|other| *other != id) {
            // Two cards can name each other above themselves; then the first stands.
            match tx.attempt(|| relationship::add(tx, id, part("type"), other, None)) {
                Err(error) if error.kind() != Kind::Invalid => return Err(error),
                _ => {}
            }
        }
    }
    Ok(())
}

/// The only customer who is meant by the uid of a card, an e-mail address or a name.
fn person(tx: &ReadTx<'_>, text: &str) -> Result<Option<Id>> {
    let bare = text.trim().trim_start_matches("urn:uuid:");
    for uid in [text.trim(), bare] {
        if let Some(id) = links::by_external_id(tx, SYSTEM, Noun::Customer, uid)? {
            return Ok(Some(id));
        }
    }
    if let Some(id) = Id::parse_uid(bare)
        && links::link(tx, Noun::Customer, id)?.is_some()
    {
        return Ok(Some(id));
    }
    let address = bare.strip_prefix("mailto:").unwrap_or(bare);
    let found = match Email::parse(address) {
        Ok(email) => customers::holders(tx, Channel::Email, "", &email.key(), None)?,
        Err(_) => customers::by_name_key(tx, &fold(bare))?,
    };
    match found.as_slice() {
        [id] => Ok(Some(*id)),
        _ => Ok(None),
    }
}

/// Gives the members of a group its name as a label.
fn group(tx: &WriteTx<'_>, row: &Row, summary: &mut Summary, sink: &mut dyn Sink) -> Result<()> {
    let name = rows::name_in(row);
    let plain: String = name
        .chars()
        .map(|letter| {
            if matches!(letter, ',' | ';') || letter.is_control() {
                ' '
            } else {
                letter
            }
        })
        .collect();
    let members = row.cells.iter().find(|(name, _)| name == MEMBERS);
    let members: &[Input] = match members {
        Some((_, Input::List(members))) => members,
        _ => &[],
    };
    let mut strangers: Vec<&str> = Vec::new();
    let mut verdict = Verdict::Unchanged;
    let tag = match tag_named(tx, &plain) {
        Ok(tag) => Some(tag),
        Err(error) if error.kind() == Kind::Invalid => None,
        Err(error) => return Err(error),
    };
    for member in members.iter().filter_map(Input::as_text) {
        match (person(tx, member)?, tag) {
            (Some(id), Some(tag)) => {
                if links::tag(tx, Noun::Customer, id, tag)? {
                    verdict = Verdict::Updated;
                }
            }
            _ => strangers.push(member),
        }
    }
    let reason = match (tag, strangers.as_slice()) {
        (None, _) => format!("{name:?} is no name of a label"),
        (_, []) => String::new(),
        (_, strangers) => unknown_members(&name, members.len(), strangers),
    };
    // A group without anybody gives nothing; else those who are known have their label.
    if tag.is_none() || (!strangers.is_empty() && strangers.len() == members.len()) {
        verdict = Verdict::Rejected;
    }
    *summary.count_of(verdict) += 1;
    sink.judged(&Judged {
        line: row.line,
        verdict,
        reference: None,
        name,
        field: (!reason.is_empty()).then_some("tags"),
        reason: &reason,
        origin: Origin::Row(row),
    })
}

/// So many members of a group are named who are unknown.
const MOST_NAMED: usize = 5;

/// Which members of a group nobody knows, as the group names them.
fn unknown_members(group: &str, count: usize, strangers: &[&str]) -> String {
    let mut named = strangers
        .iter()
        .take(MOST_NAMED)
        .copied()
        .collect::<Vec<_>>()
        .join(", ");
    if let Some(more) = strangers.len().checked_sub(MOST_NAMED).filter(|more| *more > 0) {
        named.push_str(&format!(" and {more} more"));
    }
    let are = if strangers.len() == 1 { "is" } else { "are" };
    format!(
        "{} of the {count} members of {group} {are} not known here: {named}",
        strangers.len()
    )
}
