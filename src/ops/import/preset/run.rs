//! All rows of a file of another program, as one operation.
//!
//! A row makes its records in the order of the preset, so that the later can lead to the earlier; it succeeds or fails as
//! a whole. What is said twice of a record stands as it was said first; the second is kept in the note.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::domain::id::Id;
use crate::domain::input::Input;
use crate::domain::noun::Noun;
use crate::error::{Error, Kind, Result};
use crate::ops::import::convention;
use crate::ops::import::entry::Entry;
use crate::ops::import::keys::Keys;
use crate::ops::import::verdict::{Judged, Origin, Sink, Summary, Verdict};
use crate::ops::import::{self as import, ASIDE, BATCH, DOUBTS, OnDuplicate, rows};
use crate::ops::typed::{OnMissing, Policy};
use crate::store::{WriteTx, links};
use crate::wire::read::rows::{Item, Row};

use super::cells::Cells;
use super::plan::Plan;
use super::typed::Typed;

/// Imports `rows` as `plan` says, within the operation `tx`. Of `request` the noun and the mapping count no more.
///
/// # Errors
///
/// `Usage` for fields or keys that make no sense; whatever reading the rows or the store fails with. A row that is refused
/// is no error.
pub fn run(
    tx: &WriteTx<'_>,
    plan: &Plan,
    rows: impl Iterator<Item = Result<Item>>,
    request: &import::Request,
    sink: &mut dyn Sink,
) -> Result<Summary> {
    if plan.history {
        return super::history::run(tx, plan, rows, request, sink);
    }
    let mut import = Import::new(tx, plan, request)?;
    for item in rows {
        match item? {
            Ok(row) => import.row(tx, row, sink)?,
            Err(error) => {
                import.summary.rejected += 1;
                sink.judged(&Judged::broken(&error))?;
            }
        }
    }
    import.last_pass = true;
    for row in std::mem::take(&mut import.waiting) {
        import.row(tx, row, sink)?;
    }
    let summary = import.summary();
    tx.describe(summary.title_of_all(&request.file));
    Ok(summary)
}

/// What became of one record of a row.
pub(super) struct Done {
    pub(super) id: Option<Id>,
    pub(super) verdict: Verdict,
    pub(super) reason: &'static str,
}

impl Done {
    pub(super) fn new(id: Id, verdict: Verdict) -> Done {
        Done {
            id: Some(id),
            verdict,
            reason: "",
        }
    }
}

/// What became of a row, as far as its own transaction knows.
pub(super) struct DoneRow {
    /// The record that is told of, by its place in the plan.
    main: (usize, Done),
    changed: bool,
    created: Vec<usize>,
    touched: Vec<Id>,
    /// Records that further rows may describe in the same words.
    pub(super) known: Vec<((usize, String), Id)>,
    pub(super) doubts: Vec<(String, String)>,
    /// Users who are named and are none here.
    pub(super) strangers: Vec<(String, String)>,
    pub(super) placed: Option<super::deal::Placed>,
}

/// The state of a running import.
pub(super) struct Import<'p> {
    pub(super) plan: Plan,
    pub(super) request: &'p import::Request,
    /// How each record of the plan is recognised.
    pub(super) keys: Vec<Keys>,
    /// The noun that `--set` is about.
    main: Noun,
    pub(super) policy: Policy,
    /// Records that a row of this import was about.
    pub(super) touched: HashSet<Id>,
    pub(super) known: HashMap<(usize, String), Id>,
    waiting: Vec<Row>,
    waiting_bytes: usize,
    pub(super) last_pass: bool,
    doubts: BTreeMap<(String, String), u64>,
    kept: BTreeMap<(String, String), u64>,
    strangers: BTreeMap<(String, String), u64>,
    placed: BTreeMap<(String, String), u64>,
    left: BTreeMap<&'static str, u64>,
    /// How many of each record were made.
    created: Vec<u64>,
    /// Which columns had anything in them.
    filled: Vec<bool>,
    /// Columns of numbers and days.
    typed: Vec<Typed>,
    summary: Summary,
    since_settled: u64,
}

impl<'p> Import<'p> {
    fn new(tx: &WriteTx<'_>, plan: &'p Plan, request: &'p import::Request) -> Result<Import<'p>> {
        let main = plan.main();
        let noun = main.map_or(request.noun, |main| main.noun);
        rows::check_set(
            tx,
            &import::Request {
                noun,
                ..request.clone()
            },
        )?;
        let keys = plan.records.iter().map(|record| {
            let own = import::Request {
                noun: record.noun,
                kind: record.kind(),
                key: if record.main {
                    request.key.clone()
                } else {
                    Vec::new()
                },
                on_duplicate: match record.main {
                    true => request.on_duplicate,
                    // A company that stands in the rows of its people is one.
                    false => OnDuplicate::Update,
                },
                ..request.clone()
            };
            Keys::new(tx, &own, &plan.system)
        });
        Ok(Import {
            plan: plan.clone(),
            request,
            keys: keys.collect::<Result<_>>()?,
            main: noun,
            policy: Policy {
                on_missing: request.on_missing.unwrap_or(OnMissing::Fail),
                words: Some(request.on_missing.unwrap_or(OnMissing::Create)),
                system: plan.system.clone(),
                ..Policy::strict()
            },
            touched: HashSet::new(),
            known: HashMap::new(),
            waiting: Vec::new(),
            waiting_bytes: 0,
            last_pass: false,
            doubts: BTreeMap::new(),
            kept: BTreeMap::new(),
            strangers: BTreeMap::new(),
            placed: BTreeMap::new(),
            left: BTreeMap::new(),
            created: vec![0; plan.records.len()],
            filled: vec![false; plan.columns.len()],
            typed: plan.typed(),
            summary: Summary::default(),
            since_settled: 0,
        })
    }

    /// Does what one row says, puts it aside, or refuses it.
    fn row(&mut self, tx: &WriteTx<'_>, mut row: Row, sink: &mut dyn Sink) -> Result<()> {
        self.make_fields(tx, &row)?;
        if let Err(error) = self.spell(tx, &mut row) {
            return self.failed(row, error, sink);
        }
        let entries = match self.plan.cells(&row) {
            Cells::Made(entries) => entries,
            Cells::Left(reason) => {
                self.summary.skipped += 1;
                *self.left.entry(reason).or_default() += 1;
                return sink.judged(&judged(&row, Verdict::Skipped, reason));
            }
        };
        for (filled, (_, input)) in self.filled.iter_mut().zip(&row.cells) {
            *filled = *filled || !rows::is_blank(input);
        }
        let made = (
            self.policy.made.borrow().len(),
            self.policy.made_words.borrow().len(),
        );
        let done = tx.attempt(|| self.apply(tx, &row, entries));
        self.since_settled += 1;
        if self.since_settled >= BATCH {
            self.since_settled = 0;
            tx.settle()?;
        }
        match done {
            Ok(done) => self.done(tx, &row, done, sink),
            Err(error) => {
                self.policy.made.borrow_mut().truncate(made.0);
                self.policy.made_words.borrow_mut().truncate(made.1);
                self.policy.doubts.borrow_mut().clear();
                self.failed(row, error, sink)
            }
        }
    }

    /// Makes custom fields for columns that nothing takes, when they first say something.
    fn make_fields(&mut self, tx: &WriteTx<'_>, row: &Row) -> Result<()> {
        for at in self.plan.fieldless() {
            let Some((column, input)) = row.cells.get(at) else {
                continue;
            };
            if !rows::is_blank(input) {
                let field = import::unknown::field_for(tx, self.main, column)?;
                self.plan.feed(at, &field);
            }
        }
        Ok(())
    }

    /// Writes the numbers and days of a row as this program does. What is not written as its column is stays as it is, and
    /// goes the way of what no field takes; of deals it refuses the row.
    fn spell(&self, tx: &WriteTx<'_>, row: &mut Row) -> Result<()> {
        for typed in &self.typed {
            let Some((column, input)) = row.cells.get_mut(typed.column) else {
                continue;
            };
            if rows::is_blank(input) {
                continue;
            }
            let field = (typed.field.as_str(), typed.kind);
            match convention::read(tx, &self.request.conventions, column, field, input) {
                Ok(Some(Input::Map(parts))) => {
                    let parts = parts.iter().filter_map(|(_, part)| part.as_text());
                    *input = Input::Text(parts.collect::<Vec<_>>().join(" "));
                }
                Ok(Some(read)) => *input = read,
                Ok(None) => *input = Input::text(""),
                Err(error) if typed.noun == Noun::Deal => return Err(error),
                Err(_) => {}
            }
        }
        Ok(())
    }

    fn failed(&mut self, row: Row, error: Error, sink: &mut dyn Sink) -> Result<()> {
        if error.kind() == Kind::Erased {
            // The file still knows somebody whom the base had to forget: that is no fault of the row.
            self.summary.skipped += 1;
            return sink.judged(&Judged {
                field: error.field(),
                ..judged(&row, Verdict::Skipped, error.message())
            });
        }
        if !import::is_about_the_row(error.kind()) {
            return Err(error.context(format!("line {}", row.line)));
        }
        let may_come = error.kind() == Kind::NotFound && error.field().is_some();
        if may_come && !self.last_pass && self.waiting_bytes < ASIDE {
            self.waiting_bytes += row.raw.iter().map(String::len).sum::<usize>() * 2 + 64;
            self.waiting.push(row);
            return Ok(());
        }
        self.summary.rejected += 1;
        sink.judged(&Judged {
            field: error.field(),
            ..judged(&row, Verdict::Rejected, error.message())
        })
    }

    fn done(&mut self, tx: &WriteTx<'_>, row: &Row, done: DoneRow, sink: &mut dyn Sink) -> Result<()> {
        for (field, text) in self.policy.doubts.borrow_mut().drain(..) {
            count(&mut self.doubts, (field.to_owned(), text));
        }
        for doubt in done.doubts {
            count(&mut self.kept, doubt);
        }
        for (_, name) in done.strangers {
            count(&mut self.strangers, (name, String::new()));
        }
        if let Some(placed) = done.placed {
            count(&mut self.placed, placed);
        }
        self.touched.extend(done.touched);
        self.known.extend(done.known);
        for at in done.created {
            if let Some(created) = self.created.get_mut(at) {
                *created += 1;
            }
        }
        let (at, main) = done.main;
        let verdict = match main.verdict {
            Verdict::Unchanged if done.changed => Verdict::Updated,
            verdict => verdict,
        };
        *self.summary.count_of(verdict) += 1;
        let noun = self.plan.records.get(at).map_or(self.main, |record| record.noun);
        let link = match main.id {
            Some(id) => links::link(tx, noun, id)?,
            None => None,
        };
        let reference = link.as_ref().map(|link| match link.noun.prefix() {
            Some(_) => link.reference().to_string(),
            None => link.name.clone(),
        });
        sink.judged(&Judged {
            reference,
            name: link.map(|link| link.name).unwrap_or_default(),
            ..judged(row, verdict, main.reason)
        })
    }

    /// Makes or changes the records of a row.
    fn apply(&self, tx: &WriteTx<'_>, row: &Row, entries: Vec<(usize, Entry)>) -> Result<DoneRow> {
        let mut ids: Vec<(&str, Id)> = Vec::new();
        let mut whole = DoneRow {
            main: (
                0,
                Done {
                    id: None,
                    verdict: Verdict::Unchanged,
                    reason: "",
                },
            ),
            changed: false,
            created: Vec::new(),
            touched: Vec::new(),
            known: Vec::new(),
            doubts: Vec::new(),
            strangers: Vec::new(),
            placed: None,
        };
        let last = entries.len().saturating_sub(1);
        let mut told = false;
        for (place, (at, mut entry)) in entries.into_iter().enumerate() {
            let Some(record) = self.plan.records.get(at) else {
                continue;
            };
            for (field, name) in &record.link {
                if let Some((_, id)) = ids.iter().find(|(known, _)| known == name) {
                    entry.cells.retain(|(known, _)| known != field);
                    entry.cell(field, Input::text(id.uid()));
                }
            }
            for (header, text) in std::mem::take(&mut entry.doubts) {
                whole.doubts.push((header, text));
            }
            let done = self.record(tx, row, at, entry, &mut whole)?;
            ids.extend(done.id.map(|id| (record.name.as_str(), id)));
            whole.touched.extend(done.id);
            whole.changed |= matches!(done.verdict, Verdict::Created | Verdict::Updated);
            if done.verdict == Verdict::Created {
                whole.created.push(at);
            }
            if record.main || (place == last && !told) {
                told = true;
                whole.main = (at, done);
            }
        }
        Ok(whole)
    }

    fn summary(self) -> Summary {
        let mut made = self.policy.made.into_inner();
        let mut seen = HashSet::new();
        made.retain(|one| seen.insert(one.clone()));
        let flat = |counts: BTreeMap<(String, String), u64>| {
            let counts = counts.into_iter();
            counts.map(|((name, text), count)| (name, text, count)).collect()
        };
        let (noted, unmapped) = self.plan.unknown_columns(&self.filled);
        let records = self.plan.records.iter().zip(&self.created);
        let strangers = self.strangers.into_iter().map(|((name, _), count)| (name, count));
        Summary {
            made,
            made_words: self.policy.made_words.into_inner(),
            unmapped,
            noted,
            doubts: flat(self.doubts),
            kept: flat(self.kept),
            placed: flat(self.placed),
            strangers: strangers.collect(),
            left: self
                .left
                .into_iter()
                .map(|(reason, count)| (reason.to_owned(), count))
                .collect(),
            records: records
                .map(|(record, count)| (record.noun, record.kind(), *count))
                .collect(),
            ..self.summary
        }
    }
}

fn judged<'r>(row: &'r Row, verdict: Verdict, reason: &'r str) -> Judged<'r> {
    Judged {
        line: row.line,
        verdict,
        reference: None,
        name: String::new(),
        field: None,
        reason,
        origin: Origin::Row(row),
    }
}

fn count(counts: &mut BTreeMap<(String, String), u64>, one: (String, String)) {
    if counts.len() < DOUBTS || counts.contains_key(&one) {
        *counts.entry(one).or_default() += 1;
    }
}
