//! Importing: rows of any format become records, in one operation that can be taken back.
//!
//! * `convention.rs`: how the file writes numbers and days.
//! * `mapping.rs`: which column feeds which field.
//! * `memory.rs`: what a person chose for a header.
//! * `request.rs`: what is to be imported, and how.
//! * `rows.rs`: a row as assignments, without what is blank.
//! * `keys.rs`: which record a row is about.
//! * `named.rs`: records by their names.
//! * `restore.rs`: what only a full export says: identities, details, intervals.
//! * `upsert.rs`: from noun to operation.
//! * `several.rs`, `named.rs`: several files as one operation, and what the name of one says.
//! * `source.rs`, `card.rs`, `calendar.rs`: what a format brings beside rows.
//! * `unknown.rs`: columns that feed no field; `unread.rs`: what is kept as it was written.
//! * `verdict.rs`: what is told of rows.
//! * `preset/`: files of other programs, as data says what they mean; `entry.rs`: a row on the way from there.
//!
//! # Rules
//!
//! A blank cell leaves its field alone, lists are added to, a lifecycle never goes backward. A row succeeds or fails
//! as a whole. A row that names a record further down is put aside and tried once more at the end. Of two rows about
//! the same record the first stands, and the second only fills what is blank: so the same file again changes nothing.

pub(in crate::ops) mod calendar;
pub(in crate::ops) mod card;
pub mod convention;
mod entry;
mod keys;
mod mapping;
pub mod memory;
mod named;
pub mod preset;
mod request;
mod restore;
mod rows;
pub mod several;
pub mod sheet;
pub mod source;
pub mod unknown;
mod unread;
mod upsert;
pub mod verdict;
mod who;

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, HashSet};

use crate::domain::id::Id;
use crate::domain::input::Input;
use crate::domain::noun::Noun;
use crate::error::{Error, Kind, Result};
use crate::ops::typed::{OnMissing, Policy};
use crate::store::rows::{self as stored, Past};
use crate::store::{WriteTx, links};
use crate::wire::read::rows::{Item, Row, RowError};

use keys::{Found, Keys};
use mapping::Mapping;
pub use request::{OnDuplicate, Request};
use restore::custom::Links;
use rows::Wanted;
pub use unknown::Unknown;
use verdict::{Judged, Origin, Sink, Summary, Verdict};

/// How many rows are written between two settlings of what follows from them.
const BATCH: u64 = 2000;

/// The most that is kept of rows that were put aside, in bytes; what comes after is refused at once.
const ASIDE: usize = 64 << 20;

/// The most different doubts that are kept.
const DOUBTS: usize = 1000;

/// Imports `rows`, whose columns are `columns` (none for JSON), within the operation `tx`.
///
/// # Errors
///
/// `Usage` for a mapping that makes no sense; whatever reading the rows or the store fails with. A row that is refused
/// is no error.
pub fn run(
    tx: &WriteTx<'_>,
    columns: Option<&[String]>,
    rows: impl Iterator<Item = Result<Item>>,
    request: &Request,
    sink: &mut dyn Sink,
) -> Result<Summary> {
    let mut import = Import::new(tx, columns, request)?;
    for item in rows {
        match item? {
            Ok(row) => import.row(tx, row, sink)?,
            Err(error) => import.broken(&error, sink)?,
        }
    }
    import.aside(tx, sink)?;
    let summary = import.summary();
    tx.describe(summary.title(request));
    Ok(summary)
}

/// A row that waits for others.
struct Waiting {
    row: Row,
    /// The record that it has already made, of which only links are missing.
    made: Option<Id>,
}

/// What became of a row, as far as its own transaction knows.
struct Done {
    id: Option<Id>,
    verdict: Verdict,
    reason: &'static str,
    /// Whether links are missing that a later row may bring.
    incomplete: bool,
}

/// The state of a running import.
struct Import<'r> {
    request: &'r Request,
    json: bool,
    mapping: Mapping,
    keys: Keys,
    policy: Policy,
    /// Records that a row of this import was about.
    touched: HashSet<Id>,
    waiting: Vec<Waiting>,
    waiting_bytes: usize,
    /// Pipelines that get the past that their export tells of when all rows are done, and whether they are new: until
    /// then a later row may take the default away from them.
    behind: Vec<(Id, Past, bool)>,
    links: Links,
    /// Whether rows that were put aside are being tried again.
    last_pass: bool,
    doubts: BTreeMap<(String, String), u64>,
    summary: Summary,
    since_settled: u64,
}

impl<'r> Import<'r> {
    fn new(tx: &WriteTx<'_>, columns: Option<&[String]>, request: &'r Request) -> Result<Import<'r>> {
        let on_missing = request.on_missing.unwrap_or(OnMissing::Fail);
        let system = request.system.replace([':', ';', ','], "-");
        let policy = Policy {
            on_missing,
            system: system.clone(),
            ..Policy::strict()
        };
        rows::check_set(tx, request)?;
        Ok(Import {
            request,
            json: columns.is_none(),
            mapping: Mapping::new(tx, request, columns)?,
            keys: Keys::new(tx, request, &system)?,
            policy,
            touched: HashSet::new(),
            waiting: Vec::new(),
            waiting_bytes: 0,
            behind: Vec::new(),
            links: Links::default(),
            last_pass: false,
            doubts: BTreeMap::new(),
            summary: Summary::default(),
            since_settled: 0,
        })
    }

    fn broken(&mut self, error: &RowError, sink: &mut dyn Sink) -> Result<()> {
        self.summary.rejected += 1;
        sink.judged(&Judged::broken(error))
    }

    /// Does what one row says, puts it aside, or refuses it.
    fn row(&mut self, tx: &WriteTx<'_>, row: Row, sink: &mut dyn Sink) -> Result<()> {
        self.mapping.make_fields(tx, &row)?;
        let made = (
            self.policy.made.borrow().len(),
            self.policy.made_words.borrow().len(),
        );
        let done = tx.attempt(|| self.apply(tx, &row));
        self.settle_now_and_then(tx)?;
        match done {
            Ok(done) if done.incomplete && !self.last_pass => {
                self.note_doubts();
                self.touched.extend(done.id);
                self.wait(row, done.id);
                Ok(())
            }
            Ok(done) => {
                self.note_doubts();
                self.touched.extend(done.id);
                self.report(tx, &row, &done, sink)
            }
            Err(error) => {
                self.policy.made.borrow_mut().truncate(made.0);
                self.policy.made_words.borrow_mut().truncate(made.1);
                self.policy.doubts.borrow_mut().clear();
                self.failed(row, error, sink)
            }
        }
    }

    fn failed(&mut self, row: Row, error: Error, sink: &mut dyn Sink) -> Result<()> {
        if error.kind() == Kind::Erased {
            // The file still knows somebody whom the base had to forget: that is no fault of the row.
            self.summary.skipped += 1;
            return sink.judged(&Judged {
                line: row.line,
                verdict: Verdict::Skipped,
                reference: None,
                name: rows::name_in(&row),
                field: error.field(),
                reason: error.message(),
                origin: Origin::Row(&row),
            });
        }
        if !is_about_the_row(error.kind()) {
            return Err(error.context(format!("line {}", row.line)));
        }
        let may_come = error.kind() == Kind::NotFound
            && error.field().is_some_and(|field| {
                restore::leads_back(self.request.noun, field) || field.starts_with("fields.")
            });
        if may_come && !self.last_pass && self.waiting_bytes < ASIDE {
            self.wait(row, None);
            return Ok(());
        }
        self.refuse(&row, error.field(), error.message(), sink)
    }

    fn refuse(&mut self, row: &Row, field: Option<&str>, reason: &str, sink: &mut dyn Sink) -> Result<()> {
        self.summary.rejected += 1;
        sink.judged(&Judged {
            line: row.line,
            verdict: Verdict::Rejected,
            reference: None,
            name: rows::name_in(row),
            field,
            reason,
            origin: Origin::Row(row),
        })
    }

    fn wait(&mut self, row: Row, made: Option<Id>) {
        let cells = row
            .cells
            .iter()
            .map(|(name, input)| name.len() + rows::size(input));
        self.waiting_bytes += cells.sum::<usize>() + row.raw.iter().map(String::len).sum::<usize>() + 64;
        self.waiting.push(Waiting { row, made });
    }

    /// Tries once more what was put aside, in the order of the file.
    fn aside(&mut self, tx: &WriteTx<'_>, sink: &mut dyn Sink) -> Result<()> {
        self.last_pass = true;
        for waiting in std::mem::take(&mut self.waiting) {
            match waiting.made {
                None => self.row(tx, waiting.row, sink)?,
                Some(id) => self.finish(tx, &waiting.row, id, sink)?,
            }
        }
        self.policy.custom_links = Some(OnMissing::Skip);
        self.links.finish(tx, &self.policy)?;
        self.note_doubts();
        for (id, past, is_new) in std::mem::take(&mut self.behind) {
            if is_new {
                stored::take_past(tx, Noun::Pipeline, id, past)?;
            } else {
                stored::catch_up(tx, Noun::Pipeline, id, past)?;
            }
        }
        Ok(())
    }

    /// Adds the links of a record that was made before those to whom they lead.
    fn finish(&mut self, tx: &WriteTx<'_>, row: &Row, id: Id, sink: &mut dyn Sink) -> Result<()> {
        let wanted = self.read(tx, row)?;
        let missing = tx.attempt(|| restore::complete(tx, self.request.noun, id, &wanted, true))?;
        if !missing.is_empty() {
            restore::leave_open(tx, self.request.noun, id, &wanted)?;
        }
        for (field, name) in missing {
            self.policy.doubts.borrow_mut().push((field, name));
        }
        self.note_doubts();
        self.settle_now_and_then(tx)?;
        let done = Done {
            id: Some(id),
            verdict: Verdict::Created,
            reason: "",
            incomplete: false,
        };
        self.report(tx, row, &done, sink)
    }

    fn read(&mut self, tx: &WriteTx<'_>, row: &Row) -> Result<Wanted> {
        rows::read(tx, &mut self.mapping, self.request, row, self.json)
    }

    /// Does what a row says.
    fn apply(&mut self, tx: &WriteTx<'_>, row: &Row) -> Result<Done> {
        let noun = self.request.noun;
        let mut wanted = self.read(tx, row)?;
        let found = self.keys.find(tx, &wanted, &self.touched)?;
        let done = |id, verdict, reason| Done {
            id,
            verdict,
            reason,
            incomplete: false,
        };
        let id = match found {
            Found::Same(id) => return Ok(done(Some(id), Verdict::Unchanged, "")),
            Found::Trashed(id) => return Ok(done(Some(id), Verdict::Skipped, "the record is in the trash")),
            Found::Hidden => {
                return Err(Error::new(
                    Kind::Duplicate,
                    format!("there is such a {noun} already, out of reach"),
                ));
            }
            Found::Record(id) if self.request.on_duplicate == OnDuplicate::Skip => {
                return Ok(done(Some(id), Verdict::Skipped, "the record is there already"));
            }
            Found::Record(id) => Some(id),
            Found::New => None,
        };
        self.policy.words = wanted.is_full().then_some(OnMissing::Create);
        // What a custom field leads to may be of a noun that comes later, or gone where the export was made.
        self.policy.custom_links = (wanted.is_full() && self.last_pass).then_some(OnMissing::Skip);
        self.resolve_links(tx, &mut wanted)?;
        match id {
            Some(id) => {
                let again = self.touched.contains(&id);
                rows::prepare_update(tx, noun, id, &mut wanted, again)?;
                unknown::add_to_note(tx, noun, id, &mut wanted)?;
                let older = restore::past_of_copy(tx, noun, id, &wanted)?;
                let outcome = upsert::edit(tx, noun, id, &wanted, &self.policy)?;
                match older {
                    Some(past) if noun == Noun::Pipeline => self.behind.push((id, past, false)),
                    Some(past) => stored::catch_up(tx, noun, id, past)?,
                    None => {}
                }
                let verdict = if outcome.changed {
                    Verdict::Updated
                } else {
                    Verdict::Unchanged
                };
                Ok(done(Some(outcome.id), verdict, ""))
            }
            None => self.create(tx, wanted),
        }
    }

    fn create(&mut self, tx: &WriteTx<'_>, wanted: Wanted) -> Result<Done> {
        let noun = self.request.noun;
        let identity = restore::identity(tx, noun, &wanted)?;
        let mut wanted = wanted;
        unknown::put_into_note(noun, &mut wanted);
        let full = wanted.is_full();
        let mut links = Vec::new();
        if full {
            restore::take_over(noun, &mut wanted);
            links = restore::custom::take_links(tx, noun, &mut wanted)?;
        }
        if let Some(kind) = self.mapping.default_type().or(wanted.kind) {
            wanted.fallback("type", kind);
        }
        let outcome = upsert::add(tx, noun, identity, &wanted, &self.policy)?;
        let mut incomplete = false;
        if full && outcome.created {
            restore::details(tx, noun, outcome.id, &wanted)?;
            if noun == Noun::Pipeline {
                self.behind.push((outcome.id, identity.past, true));
            }
            incomplete = !restore::complete(tx, noun, outcome.id, &wanted, self.last_pass)?.is_empty();
        }
        if let (false, Some(Input::List(addresses))) = (full, wanted.kept("address_details")) {
            card::add_addresses(tx, outcome.id, addresses)?;
        }
        self.keys.mark(tx, outcome.id, &wanted)?;
        self.links.set(tx, outcome.id, links, &self.policy)?;
        Ok(Done {
            id: Some(outcome.id),
            verdict: Verdict::Created,
            reason: "",
            incomplete,
        })
    }

    /// Finds the records of the same noun to which a row leads, which another row of the file may bring.
    fn resolve_links(&mut self, tx: &WriteTx<'_>, wanted: &mut Wanted) -> Result<()> {
        if wanted.is_full() {
            // Its links follow when the record stands.
            return Ok(());
        }
        let employer = self.request.on_missing.is_none();
        upsert::resolve_links(
            tx,
            self.request.noun,
            wanted,
            &self.policy,
            upsert::Pass {
                last: self.last_pass,
                make_employer: employer,
            },
        )
    }

    fn report(&mut self, tx: &WriteTx<'_>, row: &Row, done: &Done, sink: &mut dyn Sink) -> Result<()> {
        *self.summary.count_of(done.verdict) += 1;
        let link = match done.id {
            Some(id) => links::link(tx, self.request.noun, id)?,
            None => None,
        };
        let reference = link.as_ref().map(|link| match link.noun.prefix() {
            Some(_) => link.reference().to_string(),
            None => link.name.clone(),
        });
        sink.judged(&Judged {
            line: row.line,
            verdict: done.verdict,
            reference,
            name: link.map(|link| link.name).unwrap_or_default(),
            field: None,
            reason: done.reason,
            origin: Origin::Row(row),
        })
    }

    fn note_doubts(&mut self) {
        for (field, text) in self.policy.doubts.borrow_mut().drain(..) {
            let doubt = (field.to_owned(), text);
            if self.doubts.len() < DOUBTS || self.doubts.contains_key(&doubt) {
                *self.doubts.entry(doubt).or_default() += 1;
            }
        }
    }

    /// Keeps what is remembered small.
    fn settle_now_and_then(&mut self, tx: &WriteTx<'_>) -> Result<()> {
        self.since_settled += 1;
        if self.since_settled >= BATCH {
            self.since_settled = 0;
            tx.settle()?;
        }
        Ok(())
    }

    fn summary(self) -> Summary {
        let (noted, unmapped) = self.mapping.unknown_columns();
        let mut made = self.policy.made.into_inner();
        let mut seen = HashSet::new();
        made.retain(|one| seen.insert(one.clone()));
        Summary {
            made,
            made_words: self.policy.made_words.into_inner(),
            unmapped,
            noted,
            doubts: self
                .doubts
                .into_iter()
                .map(|((field, text), count)| (field, text, count))
                .collect(),
            ..self.summary
        }
    }
}

/// True if an error says that the row is wrong, and not that the base or the program is.
fn is_about_the_row(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::NotFound | Kind::Ambiguous | Kind::Duplicate | Kind::Conflict | Kind::Invalid | Kind::Usage
    )
}
