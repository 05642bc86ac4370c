//! How rules come to act: which of them an operation or the clock concerns, and what each does then.
//!
//! A front end asks after each write ([`is_idle`], [`pending`]), and has each job done in a transaction of its own
//! ([`fire`]), for whoever made the rule. What a rule did is an operation that rules look at in turn: until nothing is
//! left, or [`MOST_DEPTH`] have followed one upon another. A rule never looks at what it did itself. A rule, a record and a
//! cause come together once, so that asking twice does nothing.

use std::collections::BTreeSet;

use crate::domain::id::Id;
use crate::domain::noun::Noun;
use crate::domain::rule::trigger::Trigger;
use crate::domain::rule::{MOST_DEPTH, Outcome};
use crate::error::{Error, Kind, Result};
use crate::ops::list;
use crate::ops::rule::clock::heed;
use crate::ops::rule::{Rule, act, load};
use crate::store::rules::{self, Entry, Step, Touched};
use crate::store::{ReadTx, WriteTx, cursors, links, records};

/// Where the reading of the log has come to.
const CURSOR: &str = "rules";

/// So many operations are looked at in one go.
const STRETCH: i64 = 200;

/// The cursor is moved without need once so many operations were looked at.
const FAR: usize = 5;

/// So many records are asked about at a time.
const PART: usize = 200;

/// After so many records what they touch is brought up to date.
const SETTLE_EVERY: usize = 500;

/// Because of what a rule acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// An operation, by its number.
    Operation(i64),
    /// A moment of its schedule, or the one at which it was found that something had become true; milliseconds since 1970.
    Moment(i64),
}

/// A rule and the records that it may be about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    /// The rule.
    pub rule: Rule,
    /// Because of what.
    pub cause: Cause,
    /// How many rules have followed one upon another, this one too.
    pub depth: i64,
    /// The records, in order.
    pub records: Vec<Id>,
    /// The state is known only by itself, so that a record meets the rule once.
    pub(super) is_derived: bool,
}

/// What the log has for rules.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Pending {
    /// The jobs, in the order of the log and of the rules.
    pub jobs: Vec<Job>,
    /// Rules that cannot be read any more, and why.
    pub broken: Vec<(String, String)>,
    last: Option<Id>,
    steps: usize,
}

impl Pending {
    /// Whether it has to be noted how far the log was read.
    pub fn has_to_advance(&self) -> bool {
        !self.jobs.is_empty() || self.steps >= FAR
    }
}

/// Whether no rule does anything, so that nothing has to be asked.
pub fn is_idle(tx: &ReadTx<'_>) -> Result<bool> {
    Ok(!rules::is_any(tx)?)
}

/// What operations since the last time have for rules. Imports have nothing, but for the operation numbered `import`.
pub fn pending(tx: &ReadTx<'_>, import: Option<i64>) -> Result<Pending> {
    let mut pending = Pending::default();
    let mut known = Vec::new();
    for stored in rules::active(tx)? {
        let key = stored.key.clone();
        match Rule::read(stored) {
            Ok(rule) if !rule.on.is_of_time() => known.push(rule),
            Ok(_) => {}
            Err(error) => pending.broken.push((key, error.message().to_owned())),
        }
    }
    let Some(first) = known.iter().map(|rule| rule.since).min() else {
        return Ok(pending);
    };
    let told = cursors::position(tx, CURSOR)?.and_then(|text| text.parse().ok());
    let after = told.map_or(first, |raw| Id::from_raw(raw).max(first));
    for step in rules::steps(tx, after, STRETCH)? {
        pending.last = Some(step.op);
        pending.steps += 1;
        if step.is_new && (step.via != "import" || import == Some(step.no)) {
            of_step(tx, &step, &known, &mut pending.jobs)?;
        }
    }
    keep_last_entries(&mut pending.jobs);
    Ok(pending)
}

/// Whether a record has entered something is asked of what it is now, so of several changes that wait only the last counts.
fn keep_last_entries(jobs: &mut Vec<Job>) {
    let mut seen: BTreeSet<(Id, Id)> = BTreeSet::new();
    for job in jobs.iter_mut().rev() {
        if matches!(job.rule.on.trigger, Trigger::Entered { .. }) {
            let rule = job.rule.id;
            job.records.retain(|record| seen.insert((rule, *record)));
        }
    }
    jobs.retain(|job| !job.records.is_empty());
}

/// Notes how far the log was read.
pub fn advance(tx: &WriteTx<'_>, pending: &Pending) -> Result<()> {
    match pending.last {
        Some(last) => cursors::move_to(tx, CURSOR, &last.raw().to_string()),
        None => Ok(()),
    }
}

fn of_step(tx: &ReadTx<'_>, step: &Step, known: &[Rule], jobs: &mut Vec<Job>) -> Result<()> {
    let (makers, depth) = match step.via.as_str() {
        "rule" => rules::made_by(tx, step.op)?,
        _ => (Vec::new(), 0),
    };
    let mut seen: Vec<(Noun, Touched)> = Vec::new();
    for rule in known {
        if rule.since >= step.op || makers.contains(&rule.id) {
            continue;
        }
        if seen.iter().all(|(noun, _)| *noun != rule.on.noun) {
            seen.push((rule.on.noun, rules::touched(tx, step.op, rule.on.noun)?));
        }
        let Some((_, touched)) = seen.iter().find(|(noun, _)| *noun == rule.on.noun) else {
            continue;
        };
        let (records, is_derived) = concerned(rule, touched);
        if !records.is_empty() {
            jobs.push(Job {
                rule: rule.clone(),
                cause: Cause::Operation(step.no),
                depth: depth + 1,
                records,
                is_derived,
            });
        }
    }
    Ok(())
}

/// The records of an operation to which that happened which a rule waits for; and whether the log does not tell it of itself.
fn concerned(rule: &Rule, touched: &Touched) -> (Vec<Id>, bool) {
    let noun = rule.on.noun;
    let changed = |names: &[String]| -> BTreeSet<Id> {
        let columns: Vec<String> = names
            .iter()
            .flat_map(|name| rules::traces(noun, name).columns)
            .collect();
        let is_meant =
            |seen: &BTreeSet<String>| names.is_empty() || columns.iter().any(|name| seen.contains(name));
        let found = touched.changed.iter().filter(|(_, seen)| is_meant(seen));
        found.map(|(id, _)| *id).collect()
    };
    match &rule.on.trigger {
        Trigger::Created => (touched.created.iter().copied().collect(), false),
        Trigger::Changed(names) => (changed(names).into_iter().collect(), false),
        Trigger::Entered { field, .. } => {
            let is_derived = rules::traces(noun, field).is_derived;
            let names = match is_derived {
                true => Vec::new(),
                false => vec![field.clone()],
            };
            let mut all = changed(&names);
            all.extend(&touched.created);
            (all.into_iter().collect(), is_derived)
        }
        Trigger::Became(_) | Trigger::At(_) => (Vec::new(), false),
    }
}

/// All records for which everything holds that a rule asks, the oldest first.
pub(super) fn all(tx: &ReadTx<'_>, rule: &Rule) -> Result<Vec<Id>> {
    let condition = list::condition(tx, rule.on.noun, &rule.filters())?;
    let mut found = records::ids(tx, rule.on.noun, &condition)?;
    found.sort_unstable();
    Ok(found)
}

/// Those of `ids` for which all `filters` hold.
pub(super) fn matching(tx: &ReadTx<'_>, noun: Noun, ids: &[Id], filters: &[String]) -> Result<BTreeSet<Id>> {
    let mut found = BTreeSet::new();
    for part in ids.chunks(PART) {
        let mut references = Vec::with_capacity(part.len());
        for id in part {
            references.extend(links::link(tx, noun, *id)?.map(|link| link.reference().to_string()));
        }
        if references.is_empty() {
            continue;
        }
        let mut all = filters.to_vec();
        all.push(format!("id:{}", references.join(",")));
        found.extend(records::ids(tx, noun, &list::condition(tx, noun, &all)?)?);
    }
    Ok(found)
}

/// Those records of a job that the rule has to deal with.
///
/// # Errors
///
/// `Usage` if the filter of the rule means nothing any more.
pub fn wanted(tx: &ReadTx<'_>, job: &Job) -> Result<Vec<Id>> {
    let mut wanted = Vec::new();
    let cause = cause(job);
    let matching = matching(tx, job.rule.on.noun, &job.records, &job.rule.filters())?;
    for id in job.records.iter().filter(|id| matching.contains(id)) {
        if !rules::is_known(tx, job.rule.id, *id, &cause)? {
            wanted.push(*id);
        }
    }
    Ok(wanted)
}

/// What a cause is called in the log of rules.
fn cause(job: &Job) -> String {
    match (job.rule.once || job.is_derived, job.cause) {
        (true, _) => "once".to_owned(),
        (false, Cause::Operation(no)) => format!("op:{no}"),
        (false, Cause::Moment(at)) => format!("at:{at}"),
    }
}

/// A program that a rule has run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Command {
    /// The line of the log of rules that says what becomes of it.
    pub entry: Id,
    /// The rule.
    pub rule: String,
    /// The record, as people name it.
    pub reference: String,
    /// The program and its arguments, of each that is to run.
    pub lines: Vec<Vec<String>>,
    /// The record as JSON, a line.
    pub input: String,
}

/// What a rule did with one record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// The record, as people name it.
    pub reference: String,
    /// What became of it.
    pub outcome: Outcome,
    /// What was done.
    pub what: String,
    /// Why it failed.
    pub why: String,
}

/// What a rule did.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Fired {
    /// Record by record.
    pub told: Vec<Told>,
    /// What is to run now.
    pub commands: Vec<Command>,
}

/// Does a job. Whatever fails with one record is noted, and the others go on.
///
/// # Errors
///
/// Whatever has nothing to do with a record: a full disk, a filter that means nothing any more.
pub fn fire(tx: &WriteTx<'_>, job: &Job) -> Result<Fired> {
    let mut fired = Fired::default();
    for (at, id) in wanted(tx, job)?.into_iter().enumerate() {
        if job.depth > MOST_DEPTH {
            let why = format!("{MOST_DEPTH} rules have followed one upon another");
            note(tx, job, id, (Outcome::Stopped, String::new(), why), &mut fired)?;
            continue;
        }
        match tx.attempt(|| act::all(tx, &job.rule, id)) {
            Ok(deeds) if deeds.commands.is_empty() => {
                let done = (Outcome::Done, deeds.what.join("; "), String::new());
                note(tx, job, id, done, &mut fired)?;
            }
            Ok(deeds) => {
                let names = deeds.commands.iter().filter_map(|words| words.first());
                let runs = names.map(|name| format!("run {name}"));
                let what: Vec<String> = deeds.what.iter().cloned().chain(runs).collect();
                let pending = (Outcome::Pending, what.join("; "), String::new());
                let entry = note(tx, job, id, pending, &mut fired)?;
                tx.settle()?;
                fired
                    .commands
                    .push(command(tx, &job.rule, entry, id, deeds.commands)?);
            }
            Err(error) if is_of_record(&error) => {
                let failed = (Outcome::Failed, String::new(), error.message().to_owned());
                note(tx, job, id, failed, &mut fired)?;
            }
            Err(error) => return Err(error),
        }
        if (at + 1) % SETTLE_EVERY == 0 {
            tx.settle()?;
        }
    }
    heed(tx, job)?;
    tx.describe(title(job, &fired));
    Ok(fired)
}

/// Notes for the records of a job that the rule could not even begin.
///
/// # Errors
///
/// Whatever the base fails with.
pub fn give_up(tx: &WriteTx<'_>, job: &Job, why: &str) -> Result<Fired> {
    let mut fired = Fired::default();
    for id in job.records.iter().take(PART) {
        if !rules::is_known(tx, job.rule.id, *id, &cause(job))? {
            let failed = (Outcome::Failed, String::new(), why.to_owned());
            note(tx, job, *id, failed, &mut fired)?;
        }
    }
    tx.describe(title(job, &fired));
    Ok(fired)
}

fn note(
    tx: &WriteTx<'_>,
    job: &Job,
    id: Id,
    (outcome, what, why): (Outcome, String, String),
    fired: &mut Fired,
) -> Result<Id> {
    let noun = job.rule.on.noun;
    let link = links::link(tx, noun, id)?;
    fired.told.push(Told {
        reference: link.map(|link| link.reference().to_string()).unwrap_or_default(),
        outcome,
        what: what.clone(),
        why: why.clone(),
    });
    rules::note(
        tx,
        &Entry {
            rule: job.rule.id,
            noun,
            record: id,
            cause: cause(job),
            because: match job.cause {
                Cause::Operation(no) => Some(no),
                Cause::Moment(_) => None,
            },
            depth: job.depth,
            outcome,
            what,
            why,
        },
    )
}

fn title(job: &Job, fired: &Fired) -> String {
    let whom = match fired.told.as_slice() {
        [one] => one.reference.clone(),
        several => format!("{} {}", several.len(), job.rule.on.noun.plural()),
    };
    match job.cause {
        Cause::Operation(no) => format!("Rule {} for {whom}, because of operation {no}", job.rule.key),
        Cause::Moment(_) => format!("Rule {} for {whom}", job.rule.key),
    }
}

/// Whether another record may fare better.
fn is_of_record(error: &Error) -> bool {
    !matches!(
        error.kind(),
        Kind::Full | Kind::Io | Kind::Corrupt | Kind::Busy | Kind::Internal | Kind::Interrupted
    )
}

fn command(tx: &ReadTx<'_>, rule: &Rule, entry: Id, id: Id, lines: Vec<Vec<String>>) -> Result<Command> {
    let record = act::values(tx, rule.on.noun, id)?;
    let text = |name: &str| {
        record
            .get(name)
            .and_then(|value| value.as_str())
            .unwrap_or_default()
    };
    Ok(Command {
        entry,
        rule: rule.key.clone(),
        reference: text("id").to_owned(),
        lines,
        input: format!("{}\n", serde_json::Value::Object(record.clone())),
    })
}

/// The programs that were to run and of which nobody knows what became: whoever ran them was ended.
pub fn left(tx: &ReadTx<'_>) -> Result<Vec<Command>> {
    let mut commands = Vec::new();
    for open in rules::open(tx)? {
        let rule = load(tx, open.rule)?;
        let lines = rule.actions.iter().filter_map(|action| match action {
            crate::domain::rule::action::Action::Run(line) => crate::domain::shell::words(line).ok(),
            _ => None,
        });
        let lines = lines.collect();
        match command(tx, &rule, open.entry, open.record, lines) {
            Ok(found) => commands.push(found),
            // It is gone, or none of the caller's.
            Err(error) if error.kind() == Kind::NotFound => {}
            Err(error) => return Err(error),
        }
    }
    Ok(commands)
}

/// Notes what became of a program: why it failed, if it did.
///
/// # Errors
///
/// Whatever the base fails with.
pub fn ran(tx: &WriteTx<'_>, command: &Command, failure: Option<&str>) -> Result<()> {
    let outcome = match failure {
        Some(_) => Outcome::Failed,
        None => Outcome::Done,
    };
    rules::finish(tx, command.entry, outcome, failure.unwrap_or_default())?;
    let how = match failure {
        Some(_) => "failed",
        None => "ran",
    };
    tx.describe(format!(
        "The command of rule {} for {} {how}",
        command.rule, command.reference
    ));
    Ok(())
}
