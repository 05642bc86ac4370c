//! What the dashboard writes: a deed is one operation, and it can say itself as the command that does the same.

use crm::domain::id::Id;
use crm::domain::input::{Assignment, Input};
use crm::domain::noun::Noun;
use crm::domain::value::Link;
use crm::error::{Candidate, Error, Result};
use crm::ops::activity::{Follow, NextStep};
use crm::ops::bulk::{self, Going, Plan};
use crm::ops::customer::OnDuplicate;
use crm::ops::draft::Lists;
use crm::ops::revise::{self, Change};
use crm::ops::typed::Policy;
use crm::ops::{self, Outcome};
use crm::store::{WriteTx, links, log};

use crate::reaction::Said;
use crate::text::shell;
use crate::tui::command;
use crate::tui::orders::OrderVerb;
use crate::tui::page::selection::Selection;
use crate::tui::same::Same;
use crate::tui::ticket::TicketVerb;
use crate::tui::verbs::{deals, tasks, without_step};

/// One operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Deed {
    /// Add a record. A customer whose address is known already is refused, with who has it, unless it is to be made anyway.
    Add {
        noun: Noun,
        assignments: Vec<Assignment>,
        anyway: bool,
    },
    /// Change fields; only if a single record still has this version, where one is named.
    Set {
        of: Vec<Link>,
        assignments: Vec<Assignment>,
        version: Option<i64>,
    },
    /// Add a customer, or what is new about the one whose address is known already.
    Adopt(Vec<Assignment>),
    /// Change fields of each record, unless somebody else has changed the same field since.
    Revise {
        of: Vec<Link>,
        changes: Vec<Vec<Change>>,
    },
    /// Make customers one, or say that they are not.
    Same(Same),
    /// Log what happened with a customer, with what comes next.
    Log {
        customer: Link,
        assignments: Vec<Assignment>,
        next: Option<Step>,
    },
    /// Tasks are done, put off …
    Tasks(TaskVerb, Vec<Link>),
    /// Deals are moved, won …
    Deals(DealVerb, Vec<Link>),
    /// Orders are confirmed, paid, sent …
    Orders(OrderVerb, Vec<Link>),
    /// Tickets are taken, answered …
    Tickets(TicketVerb, Vec<Link>),
    /// Put labels on records and take others off.
    Tag {
        of: Vec<Link>,
        add: Vec<String>,
        remove: Vec<String>,
    },
    /// Move records to the trash.
    Remove(Vec<Link>),
    /// Take records out of the trash.
    Restore(Vec<Link>),
    /// What rules told was read: what stands under these numbers, or everything where there are none.
    Heard(Vec<i64>),
    /// Take back an operation, by its number, or the latest.
    Undo(Option<i64>),
    /// Do an operation again.
    Redo(Option<i64>),
    /// Several deeds as one operation under a title of their own.
    All(String, Vec<Deed>),
}

/// What is to be done next, and by when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Step {
    pub(crate) title: String,
    /// A phrase; none for no day.
    pub(crate) due: Option<String>,
}

/// What can be done with tasks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum TaskVerb {
    Done,
    Reopen,
    Cancel,
    /// Put off to what the phrase means.
    Snooze(String),
}

/// What can be done with deals.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum DealVerb {
    /// To the stage with this key.
    Move(String),
    /// On the day that the phrase means; today without one.
    Win(Option<String>),
    /// For the reason with this key, with a note.
    Lose(String, Option<String>),
    Reopen,
    /// An item of the checklist of the stage is ticked off, or not any more.
    Tick(String, bool),
}

/// What a deed brought about.
#[derive(Debug, Default)]
pub(crate) struct Done {
    /// The operation; none if nothing was changed.
    pub(crate) op: Option<log::Op>,
    /// The records that were made or changed.
    pub(crate) records: Vec<Link>,
    /// Of several records those that were refused, each with the reason.
    pub(crate) refused: Vec<Candidate>,
    /// The customers who have no open task any more because of it.
    pub(crate) idle: Vec<Link>,
    /// What hooks and rules had to say of it.
    pub(crate) heard: Vec<Said>,
}

impl Deed {
    /// The words of the command that does the same, without the name of the program; several commands for several deeds.
    pub(crate) fn commands(&self) -> Vec<Vec<String>> {
        command::of(self)
    }

    /// What hooks call it: the noun and the verb of the command that does the same.
    pub(crate) fn operation(&self) -> String {
        let first = self.commands().into_iter().next().unwrap_or_default();
        let is_word = |word: &&String| word.chars().all(|letter| letter.is_ascii_lowercase());
        let words: Vec<String> = first.iter().take(2).take_while(is_word).cloned().collect();
        words.join("-")
    }

    /// The command line that does the same.
    pub(crate) fn line(&self) -> String {
        let lines: Vec<String> = self
            .commands()
            .iter()
            .map(|words| format!("crm {}", shell::line(words)))
            .collect();
        lines.join(" && ")
    }

    /// The records that it is about; none yet for one that is added.
    pub(crate) fn subjects(&self) -> &[Link] {
        match self {
            Deed::Set { of, .. }
            | Deed::Revise { of, .. }
            | Deed::Tasks(_, of)
            | Deed::Deals(_, of)
            | Deed::Orders(_, of)
            | Deed::Tickets(_, of)
            | Deed::Tag { of, .. }
            | Deed::Remove(of)
            | Deed::Restore(of) => of,
            Deed::Log { customer, .. } => std::slice::from_ref(customer),
            Deed::Same(same) => same.subjects(),
            Deed::Add { .. } | Deed::Adopt(_) | Deed::Heard(_) | Deed::Undo(_) | Deed::Redo(_) => &[],
            Deed::All(_, deeds) => deeds.first().map_or(&[], Deed::subjects),
        }
    }

    /// The same with other records; none if they are not of the noun that it is about.
    pub(crate) fn again(&self, selection: &Selection) -> Option<Deed> {
        let noun = self.subjects().first()?.noun;
        let of = selection.of(&[noun]);
        let first = of.first()?.clone();
        Some(match self.clone() {
            Deed::Set { assignments, .. } => Deed::Set {
                of,
                assignments,
                version: None,
            },
            Deed::Log {
                assignments, next, ..
            } => Deed::Log {
                customer: first,
                assignments,
                next,
            },
            Deed::Tasks(verb, _) => Deed::Tasks(verb, of),
            Deed::Deals(verb, _) => Deed::Deals(verb, of),
            Deed::Orders(verb, _) => Deed::Orders(verb, of),
            Deed::Tickets(verb, _) => Deed::Tickets(verb, of),
            Deed::Tag { add, remove, .. } => Deed::Tag { of, add, remove },
            Deed::Remove(_) => Deed::Remove(of),
            Deed::Restore(_) => Deed::Restore(of),
            Deed::Add { .. }
            | Deed::Adopt(_)
            | Deed::Revise { .. }
            | Deed::Same(_)
            | Deed::Heard(_)
            | Deed::Undo(_)
            | Deed::Redo(_)
            | Deed::All(..) => return None,
        })
    }

    /// Does it.
    ///
    /// # Errors
    ///
    /// Whatever the operation refuses; nothing was changed then.
    pub(crate) fn run(&self, tx: &WriteTx<'_>) -> Result<Done> {
        match self {
            Deed::Add {
                noun,
                assignments,
                anyway,
            } => {
                let on_duplicate = match anyway {
                    true => OnDuplicate::Create,
                    false => OnDuplicate::Refuse,
                };
                made(tx, *noun, add(tx, *noun, assignments, on_duplicate)?)
            }
            Deed::Adopt(assignments) => {
                let outcome = add(tx, Noun::Customer, assignments, OnDuplicate::Update)?;
                made(tx, Noun::Customer, outcome)
            }
            Deed::Revise { of, changes } => revised(tx, of, changes),
            Deed::Same(same) => same.run(tx),
            Deed::Set {
                of,
                assignments,
                version,
            } => set(tx, of, assignments, *version),
            Deed::Log {
                customer,
                assignments,
                next,
            } => {
                let mut assignments = assignments.clone();
                assignments.push(("customer".to_owned(), Input::text(customer.id.uid())));
                assignments.push(("owner".to_owned(), Input::text(tx.caller().actor.name.clone())));
                let follow = Follow {
                    next: next.as_ref().map(|step| NextStep {
                        title: step.title.clone(),
                        due: step.due.clone(),
                    }),
                    stage: None,
                };
                let outcome = ops::activity::log(tx, &assignments, &follow, &Policy::strict())?;
                made(tx, Noun::Activity, outcome)
            }
            Deed::Tasks(verb, of) => tasks(tx, verb, of),
            Deed::Deals(verb, of) => deals(tx, verb, of),
            Deed::Orders(verb, of) => verb.run(tx, of),
            Deed::Tickets(verb, of) => each(tx, of, |what| verb.title(what), &|tx, id| verb.run(tx, id)),
            Deed::Tag { of, add, remove } => tag(tx, of, add, remove),
            Deed::Remove(of) => trash(tx, of, ops::trash::remove),
            Deed::Restore(of) => trash(tx, of, ops::trash::restore),
            Deed::Heard(numbers) => {
                match numbers.is_empty() {
                    true => ops::notify::read_all(tx)?,
                    false => ops::notify::read(tx, numbers)?,
                };
                Ok(Done::default())
            }
            Deed::Undo(no) => ops::undo::undo(tx, *no).map(|_| Done::default()),
            Deed::Redo(no) => ops::undo::redo(tx, *no).map(|_| Done::default()),
            Deed::All(title, deeds) => {
                let mut done = Done::default();
                for deed in deeds {
                    let part = deed.run(tx)?;
                    done.records.extend(part.records);
                    done.refused.extend(part.refused);
                    done.idle.extend(part.idle);
                }
                // A deed after the one that left somebody idle may have made the next step.
                done.idle = without_step(tx, std::mem::take(&mut done.idle))?;
                tx.describe(title.clone());
                Ok(done)
            }
        }
    }
}

/// Adds a record.
fn add(
    tx: &WriteTx<'_>,
    noun: Noun,
    assignments: &[Assignment],
    on_duplicate: OnDuplicate,
) -> Result<Outcome> {
    let policy = Policy::strict();
    let mut assignments = assignments.to_vec();
    let owner = match noun {
        Noun::Customer
        | Noun::Deal
        | Noun::Quote
        | Noun::Order
        | Noun::Ticket
        | Noun::Feedback
        | Noun::Activity => Some("owner"),
        Noun::Task => Some("assignee"),
        _ => None,
    };
    if let Some(owner) = owner
        && assignments.iter().all(|(name, _)| name != owner)
    {
        // What a person adds is that person's, unless it is said to be somebody else's.
        assignments.push((owner.to_owned(), Input::text(tx.caller().actor.name.clone())));
    }
    match noun {
        Noun::Customer => ops::customer::add(tx, &assignments, on_duplicate, &policy),
        Noun::Deal => ops::deal::add(tx, &assignments, &policy),
        Noun::Quote => ops::quote::add(tx, &assignments, &policy),
        Noun::Order => ops::order::add(tx, &assignments, &policy),
        Noun::Ticket => ops::ticket::add(tx, &assignments, &policy),
        Noun::Feedback => ops::feedback::add(tx, &assignments, &policy),
        Noun::Task => ops::task::add(tx, &assignments, &policy),
        Noun::Activity => ops::activity::add(tx, &assignments, &policy),
        Noun::Product => ops::product::add(tx, &assignments, &policy),
        Noun::Tag => ops::tag::add(tx, &assignments, &policy),
        Noun::Team => ops::team::add(tx, &assignments, &policy),
        Noun::User => ops::user::add(tx, &assignments, &policy),
        Noun::View => ops::view::add(tx, &assignments, &policy),
        Noun::Field => ops::field::add(tx, &assignments, &policy),
        Noun::Form => ops::form::add(tx, &assignments, &policy),
        Noun::Assignment => ops::assignment::add(tx, &assignments, &policy),
        Noun::Calendar => ops::calendar::add(tx, &assignments, &policy),
        Noun::Sla => ops::sla::add(tx, &assignments, &policy),
        Noun::Article => ops::article::add(tx, &assignments, &policy),
        Noun::Score => ops::score::add(tx, &assignments, &policy),
        Noun::Pool => ops::pool::add(tx, &assignments, &policy),
        Noun::Survey => ops::survey::add(tx, &assignments, &policy),
        Noun::Rule => ops::rule::add(tx, &assignments, &policy),
        Noun::Pipeline => Err(Error::usage("a pipeline is made by `crm pipeline add`")),
    }
}

/// What changes a record of a noun.
type Changing = fn(&WriteTx<'_>, Id, &[Assignment], Lists, &Policy) -> Result<Outcome>;

fn change(noun: Noun) -> Result<Changing> {
    Ok(match noun {
        Noun::Customer => ops::customer::edit,
        Noun::Deal => ops::deal::edit,
        Noun::Quote => ops::quote::edit,
        Noun::Order => ops::order::edit,
        Noun::Ticket => ops::ticket::edit,
        Noun::Feedback => ops::feedback::edit,
        Noun::Task => ops::task::edit,
        Noun::Activity => ops::activity::edit,
        Noun::Product => ops::product::edit,
        Noun::Tag => ops::tag::edit,
        Noun::Team => ops::team::edit,
        Noun::User => ops::user::edit,
        Noun::View => ops::view::edit,
        Noun::Field => ops::field::edit,
        Noun::Pipeline => ops::pipeline::edit,
        Noun::Form => ops::form::edit,
        Noun::Assignment => ops::assignment::edit,
        Noun::Calendar => ops::calendar::edit,
        Noun::Sla => ops::sla::edit,
        Noun::Article => ops::article::edit,
        Noun::Score => ops::score::edit,
        Noun::Pool => ops::pool::edit,
        Noun::Survey => ops::survey::edit,
        Noun::Rule => ops::rule::edit,
    })
}

fn made(tx: &WriteTx<'_>, noun: Noun, outcome: Outcome) -> Result<Done> {
    Ok(Done {
        records: links::link(tx, noun, outcome.id)?.into_iter().collect(),
        ..Done::default()
    })
}

/// Does the same to each record; what several are refused for is told of each, and the others are done.
pub(crate) fn each(
    tx: &WriteTx<'_>,
    of: &[Link],
    title: impl FnOnce(&str) -> String,
    act: &bulk::Act<'_>,
) -> Result<Done> {
    let Some(first) = of.first() else {
        return Err(Error::usage("no record is chosen"));
    };
    let noun = first.noun;
    let ids: Vec<Id> = of.iter().map(|link| link.id).collect();
    let plan = Plan {
        noun,
        check: None,
        act,
    };
    let tally = bulk::each(tx, &plan, &ids)?.verdict(noun, Going::Nowhere)?;
    if of.len() > 1 {
        tx.describe(title(&format!("{} {}", tally.changed, noun.plural())));
    }
    Ok(Done {
        records: of
            .iter()
            .filter(|link| tally.accepted.contains(&link.id))
            .cloned()
            .collect(),
        refused: tally.reasons,
        ..Done::default()
    })
}

fn set(tx: &WriteTx<'_>, of: &[Link], assignments: &[Assignment], version: Option<i64>) -> Result<Done> {
    let Some(noun) = of.first().map(|link| link.noun) else {
        return Err(Error::usage("no record is chosen"));
    };
    let change = change(noun)?;
    let named: Vec<&str> = assignments.iter().map(|(name, _)| name.as_str()).collect();
    let named = named.join(" ");
    each(tx, of, |what| format!("Changed {what}: {named}"), &|tx, id| {
        if let Some(version) = version {
            bulk::at_version(tx, noun, id, version)?;
        }
        change(tx, id, assignments, Lists::Replace, &Policy::strict()).map(drop)
    })
}

fn revised(tx: &WriteTx<'_>, of: &[Link], changes: &[Vec<Change>]) -> Result<Done> {
    let Some(noun) = of.first().map(|link| link.noun) else {
        return Err(Error::usage("no record is chosen"));
    };
    let change = change(noun)?;
    each(tx, of, |what| format!("Edited {what}"), &|tx, id| {
        let at = of.iter().position(|link| link.id == id);
        let Some(changes) = at.and_then(|at| changes.get(at)) else {
            return Ok(());
        };
        revise::unmoved(tx, noun, id, changes)?;
        let assignments = revise::assignments(changes);
        change(tx, id, &assignments, Lists::Replace, &Policy::strict()).map(drop)
    })
}

fn tag(tx: &WriteTx<'_>, of: &[Link], add: &[String], remove: &[String]) -> Result<Done> {
    let Some(noun) = of.first().map(|link| link.noun) else {
        return Err(Error::usage("no record is chosen"));
    };
    let ids: Vec<Id> = of.iter().map(|link| link.id).collect();
    for name in add {
        ops::tagging::tag(tx, noun, &ids, name)?;
    }
    for name in remove {
        ops::tagging::untag(tx, noun, &ids, name)?;
    }
    Ok(Done {
        records: of.to_vec(),
        ..Done::default()
    })
}

/// Moves records into the trash, or out of it.
type Trash = fn(&WriteTx<'_>, Noun, &[Id]) -> Result<Vec<Id>>;

fn trash(tx: &WriteTx<'_>, of: &[Link], act: Trash) -> Result<Done> {
    let Some(noun) = of.first().map(|link| link.noun) else {
        return Err(Error::usage("no record is chosen"));
    };
    let ids: Vec<Id> = of.iter().map(|link| link.id).collect();
    act(tx, noun, &ids)?;
    Ok(Done {
        records: of.to_vec(),
        ..Done::default()
    })
}
