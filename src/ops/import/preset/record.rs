//! One record that a row makes: found or made, with what it leads to and what stands beside it.

use crate::domain::field::{self, FieldType};
use crate::domain::id::Id;
use crate::domain::input::Input;
use crate::domain::noun::Noun;
use crate::domain::validity;
use crate::error::{Error, Kind, Result};
use crate::ops::import::entry::{Entry, note_field, with_lines, without_lines};
use crate::ops::import::keys::{Found, Keys};
use crate::ops::import::mapping::is_many;
use crate::ops::import::verdict::Verdict;
use crate::ops::import::{OnDuplicate, rows, upsert};
use crate::ops::{list, typed};
use crate::store::customers::{self, Channel};
use crate::store::records::{self, Selected};
use crate::store::rows::{self as stored, Identity, Past};
use crate::store::{WriteTx, links, parts};
use crate::wire::cell;
use crate::wire::read::rows::Row;

use super::link;
use super::run::{Done, DoneRow, Import};
use super::wanted::{self, Request};

impl Import<'_> {
    /// Makes or changes one record.
    pub(super) fn record(
        &self,
        tx: &WriteTx<'_>,
        row: &Row,
        at: usize,
        entry: Entry,
        whole: &mut DoneRow,
    ) -> Result<Done> {
        let (Some(record), Some(keys)) = (self.plan.records.get(at), self.keys.get(at)) else {
            return Err(Error::internal("the plan has no such record"));
        };
        let noun = record.noun;
        let is_main = record.main;
        let set: &[_] = if is_main { &self.request.set } else { &[] };
        let mut request = Request::read(noun, entry, set);
        let key = (at, request.wanted.mark.clone());
        if let Some(id) = self.known.get(&key).filter(|_| !is_main) {
            return Ok(Done::new(*id, Verdict::Unchanged));
        }
        let title = |field: &str| wanted::title(&self.plan, at, row, field);
        let doubts = request.weed(tx, noun, &self.policy, &title)?;
        whole.doubts.extend(doubts);
        let found = keys.find(tx, &request.wanted, &self.touched)?;
        let id = match found {
            Found::Same(id) => return Ok(Done::new(id, Verdict::Unchanged)),
            Found::Trashed(id) => {
                return Ok(Done {
                    id: Some(id).filter(|_| is_main),
                    verdict: Verdict::Skipped,
                    reason: "the record is in the trash",
                });
            }
            Found::Hidden => {
                let message = format!("there is such a {noun} already, out of reach");
                return Err(Error::new(Kind::Duplicate, message));
            }
            Found::Record(id) if is_main && self.request.on_duplicate == OnDuplicate::Skip => {
                return Ok(Done {
                    id: Some(id),
                    verdict: Verdict::Skipped,
                    reason: "the record is there already",
                });
            }
            Found::Record(id) => Some(id),
            Found::New => None,
        };
        self.prepare(tx, noun, &mut request, &title, whole)?;
        let done = match id {
            Some(id) => self.update(tx, noun, id, request, &title)?,
            None => self.create(tx, noun, keys, request)?,
        };
        if !is_main {
            whole.known.extend(done.id.map(|id| (key, id)));
        }
        Ok(done)
    }

    fn create(&self, tx: &WriteTx<'_>, noun: Noun, keys: &Keys, mut request: Request) -> Result<Done> {
        let past = Past {
            created_at: request.made_at(tx),
            ..Past::default()
        };
        let identity = Identity {
            past,
            ..Identity::default()
        };
        if let Some(note) = note_field(noun).filter(|_| !request.notes.is_empty()) {
            let text = with_lines("", &request.notes);
            request
                .wanted
                .assignments
                .push((note.to_owned(), Input::Text(text)));
        }
        let outcome = upsert::add(tx, noun, identity, &request.wanted, &self.policy)?;
        keys.mark(tx, outcome.id, &request.wanted)?;
        beside(tx, noun, outcome.id, &request)?;
        if let Some(day) = &request.stage_since {
            super::deal::enter(tx, outcome.id, day)?;
        }
        Ok(Done::new(outcome.id, Verdict::Created))
    }

    fn update(
        &self,
        tx: &WriteTx<'_>,
        noun: Noun,
        id: Id,
        mut request: Request,
        title: &dyn Fn(&str) -> String,
    ) -> Result<Done> {
        let again = self.touched.contains(&id);
        if again {
            self.keep_first(tx, noun, id, &mut request, title)?;
        }
        rows::prepare_update(tx, noun, id, &mut request.wanted, again)?;
        if let (Some(at), Some(text)) = (request.made_at(tx), request.created_at.take())
            && stored::past(tx, noun, id)?.is_some_and(|past| past.created_at != Some(at))
        {
            request.notes.push(format!("{}: {text}", title("created_at")));
        }
        let has_lines = !(request.notes.is_empty() && request.met.is_empty());
        if let Some(note) = note_field(noun).filter(|_| has_lines) {
            let columns = [list::column(tx, noun, note)?];
            let values = records::get(tx, noun, id, &columns)?.unwrap_or_default();
            let known = values.first().map(cell::cell).unwrap_or_default();
            let text = with_lines(&without_lines(&known, &request.met), &request.notes);
            if text != known.trim_end() {
                request
                    .wanted
                    .assignments
                    .push((note.to_owned(), Input::Text(text)));
            }
        }
        let outcome = upsert::edit(tx, noun, id, &request.wanted, &self.policy)?;
        let changed = beside(tx, noun, id, &request)? || outcome.changed;
        let verdict = if changed {
            Verdict::Updated
        } else {
            Verdict::Unchanged
        };
        Ok(Done::new(outcome.id, verdict))
    }

    /// Keeps in the note what a second row says otherwise of a record than the first, whose word stands.
    fn keep_first(
        &self,
        tx: &WriteTx<'_>,
        noun: Noun,
        id: Id,
        request: &mut Request,
        title: &dyn Fn(&str) -> String,
    ) -> Result<()> {
        for (name, input) in &request.wanted.assignments {
            let Some(field) = field::find(noun, name).filter(|field| !is_many(field.kind)) else {
                continue;
            };
            let known = records::get(tx, noun, id, &[Selected::field(field)])?;
            let Some(known) = known
                .and_then(|values| values.into_iter().next())
                .filter(|known| !known.is_empty())
            else {
                continue;
            };
            let said = match typed::value(tx, noun, field, input, &self.policy) {
                Ok(said) => said,
                // What stands apart from the record has no single value of its own.
                Err(error) if error.kind() == Kind::Internal => None,
                Err(error) => return Err(error),
            };
            if said.is_some_and(|said| said != known) {
                let text = match cell::cell(&known) == wanted::text_of(input) {
                    true => continue,
                    false => wanted::text_of(input),
                };
                let is_id = matches!(field.kind, FieldType::Link(_));
                let text = match Id::parse_uid(&text).filter(|_| is_id) {
                    Some(id) => link::leads_to(field)
                        .map(|noun| links::link(tx, noun, id))
                        .transpose()?
                        .flatten()
                        .map_or(text, |link| link.name),
                    None => text,
                };
                request.notes.push(format!("{}: {text}", title(name)));
            }
        }
        Ok(())
    }
}

/// Writes what stands beside a record: further addresses, and the wish not to be reached. True if anything changed.
fn beside(tx: &WriteTx<'_>, noun: Noun, id: Id, request: &Request) -> Result<bool> {
    let mut changed = false;
    for (system, value) in &request.identities {
        if links::by_external_id(tx, system, noun, value)?.is_none() {
            links::add_external_id(tx, noun, id, system, value)?;
            changed = true;
        }
    }
    for address in &request.addresses {
        changed |= parts::put_address(tx, id, address)?;
    }
    for channel in Channel::ALL {
        let is_among = |names: &[String]| names.iter().any(|name| name == channel.name());
        let (opts_out, is_dead) = (is_among(&request.opt_outs), is_among(&request.dead));
        if !opts_out && !is_dead {
            continue;
        }
        let mut addresses = customers::addresses(tx, id, channel)?;
        for address in &mut addresses {
            if opts_out {
                let now = tx.caller().clock.now().as_millisecond();
                address.opted_out_at.get_or_insert(now);
            }
            if is_dead {
                address.validity = validity::INVALID.to_owned();
            }
        }
        changed |= customers::set_addresses(tx, id, channel, &addresses)?;
    }
    Ok(changed)
}
