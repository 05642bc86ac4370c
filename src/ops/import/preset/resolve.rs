//! What a foreign row says in its own words, in those of the base: the records that it names, the place of a deal, the past.

use crate::domain::field::{self, FieldType};
use crate::domain::id::Id;
use crate::domain::input::Input;
use crate::domain::noun::Noun;
use crate::error::{Error, Kind, Result};
use crate::ops::privacy;
use crate::store::{WriteTx, customers, links};

use super::link::{self, Search};
use super::run::{DoneRow, Import};
use super::wanted::Request;

impl Import<'_> {
    /// Makes ready what is to be written of a record that is wanted.
    pub(super) fn prepare(
        &self,
        tx: &WriteTx<'_>,
        noun: Noun,
        request: &mut Request,
        title: &dyn Fn(&str) -> String,
        whole: &mut DoneRow,
    ) -> Result<()> {
        request.take_identities(noun);
        whole.doubts.extend(request.weed_created_at(tx, title));
        match noun {
            Noun::Deal => whole.placed = super::deal::settle(tx, request)?,
            Noun::Task => request.end_when_due(tx)?,
            _ => {}
        }
        self.follow_links(tx, noun, request, whole)
    }

    /// Puts certain references in place of what names a record; what is not there stands in the note.
    fn follow_links(
        &self,
        tx: &WriteTx<'_>,
        noun: Noun,
        request: &mut Request,
        whole: &mut DoneRow,
    ) -> Result<()> {
        let own = super::cells::system(&self.plan.system, &self.plan.object);
        let mut said = Said::default();
        let mut kept = Vec::new();
        for (name, input) in std::mem::take(&mut request.wanted.assignments) {
            let linked = field::find(noun, &name).and_then(|field| Some((field, link::leads_to(field)?)));
            let Some((field, linked)) = linked else {
                kept.push((name, input));
                continue;
            };
            let search = Search {
                policy: &self.policy,
                on_missing: self.request.on_missing,
                later: (!self.last_pass && linked == noun).then_some(own.as_str()),
                is_company: matches!(noun, Noun::Customer | Noun::Deal),
            };
            let items = match input {
                Input::Map(_) => vec![input],
                Input::List(items) => items,
                other => {
                    kept.push((name, other));
                    continue;
                }
            };
            let mut ids: Vec<Id> = Vec::new();
            for item in items {
                let line = link::line(&item).unwrap_or_default().to_owned();
                match search.find(tx, field, linked, &item) {
                    Ok(Some(id))
                        if linked == Noun::User && request.cannot_belong_to(tx, noun, field, id)? =>
                    {
                        let name = links::link(tx, linked, id)?.map_or_else(String::new, |link| link.name);
                        said.has_left(line, &name);
                    }
                    Ok(Some(id)) => {
                        let first = ids.first().filter(|_| matches!(field.kind, FieldType::Link(_)));
                        match first {
                            Some(first) if !is_same(tx, linked, *first, id)? => said.seconds.push(line),
                            _ => said.met.push(line),
                        }
                        ids.push(id);
                    }
                    // The note is no way back for whoever was erased.
                    Ok(None) if privacy::is_kept_out(tx, link::address(&item))? => {}
                    Ok(None) => said.missing.push((linked, line)),
                    Err(error) if error.kind() == Kind::NotFound => {
                        said.missing.push((linked, line));
                        said.refused.get_or_insert(error);
                    }
                    Err(error) => return Err(error),
                }
            }
            let one = |id: &Id| Input::text(id.uid());
            match (field.kind, ids.as_slice()) {
                (_, []) => {}
                (FieldType::Link(_), [first, ..]) => kept.push((name, one(first))),
                (_, several) => kept.push((name, Input::List(several.iter().map(one).collect()))),
            }
        }
        request.wanted.assignments = kept;
        if matches!(noun, Noun::Activity | Noun::Task) {
            request.follow_deal(tx)?;
            request.tell_people_once();
        }
        said.tell(request, whole)
    }
}

/// Lines of the note for what a row names.
#[derive(Debug, Default)]
struct Said {
    /// What is not there, with the noun that it would be.
    missing: Vec<(Noun, String)>,
    /// What is there, but second where a field takes one.
    seconds: Vec<String>,
    /// What is there. What one field knows by these words, another need not know.
    met: Vec<String>,
    /// Why the row is refused if anything is missing.
    refused: Option<Error>,
}

impl Said {
    /// Takes note of a user who has left.
    fn has_left(&mut self, line: String, name: &str) {
        let line = match line.contains(name) {
            true => line,
            false => format!("{line} ({name})"),
        };
        self.missing.push((Noun::User, line));
    }

    /// Puts into the note what no field takes, and says it.
    fn tell(self, request: &mut Request, whole: &mut DoneRow) -> Result<()> {
        let Said {
            missing,
            seconds,
            mut met,
            refused,
        } = self;
        let is_known = |line: &String| met.contains(line) || seconds.contains(line);
        let missing: Vec<_> = missing.into_iter().filter(|(_, line)| !is_known(line)).collect();
        if let Some(error) = refused.filter(|_| !missing.is_empty()) {
            return Err(error);
        }
        request
            .notes
            .extend(seconds.into_iter().filter(|line| !met.contains(line)));
        for (noun, line) in missing {
            let (title, text) = line.split_once(": ").unwrap_or(("", &line));
            let said = (title.to_owned(), text.to_owned());
            match noun {
                Noun::User => whole.strangers.push(said),
                _ => whole.doubts.push(said),
            }
            request.notes.push(line);
        }
        met.retain(|line| !request.notes.contains(line));
        request.met = met;
        Ok(())
    }
}

/// True if the second of two records is the first, or where the first works: then it is named already.
fn is_same(tx: &WriteTx<'_>, noun: Noun, first: Id, second: Id) -> Result<bool> {
    if first == second || noun != Noun::Customer {
        return Ok(first == second);
    }
    let employer = customers::employer(tx, first)?;
    Ok(employer.is_some_and(|employer| employer.company == second))
}
