//! What follows a write: rules look at what it did, each acts in an operation of its own, and programs run when that stands.

use crm::domain::actor::{Caller, Via};
use crm::domain::id::Id;
use crm::domain::rule::Outcome;
use crm::error::Result;
use crm::ops::rule::clock;
use crm::ops::rule::engine::{self, Command, Fired, Job};
use crm::ops::rule::{Rule, load};
use crm::store::Store;

use crate::runner::Runner;

/// More rounds than rules can follow one upon another.
const MOST_ROUNDS: i64 = crm::domain::rule::MOST_DEPTH + 2;

/// What a rule did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Happened {
    pub(crate) rule: String,
    /// The record, as people name it; empty for a rule that could not be read.
    pub(crate) reference: String,
    pub(crate) outcome: Outcome,
    /// What was done, or why it was not.
    pub(crate) what: String,
    /// The number of the operation.
    pub(crate) op: Option<i64>,
}

/// Something that a rule or hook had to say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Said {
    pub(crate) text: String,
    /// Whether something failed.
    pub(crate) is_failure: bool,
}

impl Said {
    /// Something that failed.
    pub(crate) fn failure(text: String) -> Said {
        Said {
            text,
            is_failure: true,
        }
    }
}

impl Happened {
    /// What the rule did, in words.
    pub(crate) fn said(&self) -> Said {
        let whom = match self.reference.as_str() {
            "" => String::new(),
            reference => format!(" for {reference}"),
        };
        let text = format!("rule {}{whom}: {}", self.rule, self.what);
        match self.outcome {
            Outcome::Done | Outcome::Pending => {
                let undo = self
                    .op
                    .map_or_else(String::new, |no| format!(" (operation {no})"));
                Said {
                    text: format!("{text}{undo}"),
                    is_failure: false,
                }
            }
            Outcome::Failed | Outcome::Stopped => Said {
                text,
                is_failure: true,
            },
        }
    }
}

/// Lets rules look at what was written since they looked last. Of imports they see the one numbered `import` alone.
pub(crate) fn after(
    store: &mut Store,
    caller: &Caller,
    runner: &Runner,
    import: Option<i64>,
) -> Result<Vec<Happened>> {
    let mut all = Vec::new();
    if store.read(caller, engine::is_idle)? {
        return Ok(all);
    }
    for _ in 0..MOST_ROUNDS {
        let pending = store.read(caller, |tx| engine::pending(tx, import))?;
        for job in &pending.jobs {
            all.extend(fire(store, caller, runner, job)?);
        }
        all.extend(pending.broken.iter().map(|(rule, why)| Happened {
            rule: rule.clone(),
            reference: String::new(),
            outcome: Outcome::Failed,
            what: why.clone(),
            op: None,
        }));
        if pending.has_to_advance() {
            store.write(caller, |tx| engine::advance(tx, &pending))?;
        }
        if pending.jobs.is_empty() {
            break;
        }
    }
    Ok(all)
}

/// Does all that is due by now: what was written, what the clock says, and programs of which nobody knows what became. Of
/// the clock only what it says to the rule `only`, if one is named.
pub(crate) fn run(
    store: &mut Store,
    caller: &Caller,
    runner: &Runner,
    only: Option<Id>,
) -> Result<Vec<Happened>> {
    let mut all = after(store, caller, runner, None)?;
    for rule in store.read(caller, clock::timed)? {
        if only.is_some_and(|only| only != rule.id) {
            continue;
        }
        match due(store, caller, &rule) {
            Ok(Some(job)) => all.extend(fire(store, caller, runner, &job)?),
            Ok(None) => {}
            Err(error) => all.push(Happened {
                rule: rule.key.clone(),
                reference: String::new(),
                outcome: Outcome::Failed,
                what: error.message().to_owned(),
                op: None,
            }),
        }
    }
    for command in store.read(caller, engine::left)? {
        all.extend(execute(store, caller, runner, &command, "")?);
    }
    all.extend(after(store, caller, runner, None)?);
    Ok(all)
}

/// What would be done by [`run`], without the programs.
pub(crate) fn rehearse(store: &mut Store, caller: &Caller, only: Option<Id>) -> Result<Vec<Happened>> {
    let mut jobs = store.read(caller, |tx| engine::pending(tx, None))?.jobs;
    for rule in store.read(caller, clock::timed)? {
        if only.is_none_or(|only| only == rule.id) {
            jobs.extend(due(store, caller, &rule)?);
        }
    }
    let mut all = Vec::new();
    for job in &jobs {
        let maker = maker(store, caller, &job.rule)?;
        let fired = store.rehearse(&maker, |tx| engine::fire(tx, job))?;
        all.extend(told(&job.rule, &fired, None));
    }
    Ok(all)
}

/// What the clock has for a rule by now.
fn due(store: &Store, caller: &Caller, rule: &Rule) -> Result<Option<Job>> {
    let maker = maker(store, caller, rule)?;
    store.read(&maker, |tx| clock::due(tx, rule))
}

/// Whoever made a rule, in the place of who has written.
pub(crate) fn maker(store: &Store, caller: &Caller, rule: &Rule) -> Result<Caller> {
    Ok(Caller {
        actor: store.actor(&rule.maker)?,
        via: Via::Rule,
        command: format!("rule {}", rule.key),
        ..caller.clone()
    })
}

/// Does one job, for whoever made the rule.
fn fire(store: &mut Store, caller: &Caller, runner: &Runner, job: &Job) -> Result<Vec<Happened>> {
    let by_rule = Caller {
        via: Via::Rule,
        command: format!("rule {}", job.rule.key),
        ..caller.clone()
    };
    let maker = match maker(store, caller, &job.rule) {
        Ok(maker) => maker,
        Err(error) => return give_up(store, &by_rule, job, error.message()),
    };
    match store.read(&maker, |tx| engine::wanted(tx, job)) {
        // The clock is heeded also where nothing comes of it.
        Ok(wanted) if wanted.is_empty() && !job.rule.on.is_of_time() => return Ok(Vec::new()),
        Ok(_) => {}
        Err(error) => return give_up(store, &maker, job, error.message()),
    }
    let written = store.write(&maker, |tx| engine::fire(tx, job))?;
    let number = written.op.as_ref().map(|op| op.no);
    let mut all = told(&job.rule, &written.value, number);
    let because = number.map(|no| no.to_string()).unwrap_or_default();
    for command in &written.value.commands {
        let failed = execute(store, &maker, runner, command, &because)?;
        let place = all.iter_mut().find(|one| one.reference == command.reference);
        if let Some(place) = place {
            place.outcome = Outcome::Done;
            *place = failed.unwrap_or_else(|| place.clone());
        }
    }
    Ok(all)
}

fn give_up(store: &mut Store, caller: &Caller, job: &Job, why: &str) -> Result<Vec<Happened>> {
    let written = store.write(caller, |tx| engine::give_up(tx, job, why))?;
    let number = written.op.as_ref().map(|op| op.no);
    Ok(told(&job.rule, &written.value, number))
}

fn told(rule: &Rule, fired: &Fired, op: Option<i64>) -> Vec<Happened> {
    let told = fired.told.iter().map(|told| Happened {
        rule: rule.key.clone(),
        reference: told.reference.clone(),
        outcome: told.outcome,
        what: match told.why.is_empty() {
            true => told.what.clone(),
            false => told.why.clone(),
        },
        op,
    });
    told.collect()
}

/// Runs the programs of a rule for one record, and notes what became of them; what failed is told.
fn execute(
    store: &mut Store,
    caller: &Caller,
    runner: &Runner,
    command: &Command,
    number: &str,
) -> Result<Option<Happened>> {
    let more = [
        ("CRM_OP", format!("rule {}", command.rule)),
        ("CRM_OP_NO", number.to_owned()),
        ("CRM_RULE", command.rule.clone()),
        ("CRM_REF", command.reference.clone()),
    ];
    let more: Vec<(&str, &str)> = more.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let mut failure = None;
    for words in &command.lines {
        failure = runner.of_rule(words, &command.input, &more).why();
        if failure.is_some() {
            break;
        }
    }
    let rule = store.read(caller, |tx| {
        crm::ops::refer::one(tx, crm::domain::noun::Noun::Rule, &command.rule).and_then(|id| load(tx, id))
    });
    let by = match &rule {
        Ok(rule) => maker(store, caller, rule).unwrap_or_else(|_| caller.clone()),
        Err(_) => caller.clone(),
    };
    store.write(&by, |tx| engine::ran(tx, command, failure.as_deref()))?;
    Ok(failure.map(|why| Happened {
        rule: command.rule.clone(),
        reference: command.reference.clone(),
        outcome: Outcome::Failed,
        what: why,
        op: None,
    }))
}
