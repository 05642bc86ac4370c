//! Handing over what a user looks after: to one heir or to several, who share round; and the end of a user's work.
//!
//! What is closed is history: a closed deal keeps its credit, a done task its name. What each customer has stays in one
//! hand: the deals and the tasks of a customer go where the customer goes.

use std::collections::{HashMap, HashSet};

use crate::domain::field;
use crate::domain::id::Id;
use crate::domain::noun::Noun;
use crate::domain::value::Value;
use crate::error::{Error, Kind, Result};
use crate::ops::draft::Draft;
use crate::ops::typed::{self, Policy};
use crate::ops::{Outcome, list, refer, user};
use crate::store::users::{self, Holding, Share};
use crate::store::{ReadTx, WriteTx, links, records, rows, tickets};

/// After so many records what they touch is brought up to date.
const SETTLE_EVERY: usize = 500;

/// What is handed over.
#[derive(Debug, Clone, Default)]
pub struct What {
    /// Customers, open deals, open tasks, open tickets, reports, teams; nothing for all of them.
    pub shares: Vec<Share>,
    /// Closed deals too: they get a new owner and keep their credit.
    pub closed: bool,
    /// Filters; of customers, whose deals and tasks come along, or of the only noun that is handed over.
    pub filters: Vec<String>,
}

/// One record that gets into other hands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Move {
    /// The kind of record.
    pub noun: Noun,
    /// The record.
    pub id: Id,
    /// Who gets it; none for a user who reports to nobody from then on.
    pub heir: Option<Id>,
}

/// What is to become of the work of a user who leaves.
#[derive(Debug, Clone, Copy)]
pub enum Work<'h> {
    /// There must be none.
    None,
    /// It stays in the name of the user.
    Kept,
    /// These share it.
    Goes(&'h [Id]),
}

/// The user that a text names, or the users with commas between.
///
/// # Errors
///
/// `NotFound` for one that is not there.
pub fn heirs(tx: &ReadTx<'_>, text: &str) -> Result<Vec<Id>> {
    match refer::one(tx, Noun::User, text) {
        Err(error) if error.kind() == Kind::NotFound && text.contains([',', '，']) => {
            let names: Vec<String> = text
                .split([',', '，'])
                .map(|name| name.trim().to_owned())
                .filter(|name| !name.is_empty())
                .collect();
            refer::all(tx, Noun::User, &names)
        }
        found => Ok(vec![found?]),
    }
}

/// What would get into whose hands, in the order in which it is shared out.
///
/// # Errors
///
/// `Invalid` for an heir who is disabled or is the user; `Usage` for a filter.
pub fn plan(tx: &ReadTx<'_>, from: Id, heirs: &[Id], what: &What) -> Result<Vec<Move>> {
    for heir in heirs {
        let name = user_name(tx, *heir)?;
        if *heir == from {
            return Err(Error::invalid("to", format!("{name} has it already")));
        }
        if users::is_disabled(tx, *heir)? {
            return Err(Error::invalid("to", disabled(&name)));
        }
    }
    let mut round = Round {
        heirs,
        of: HashMap::new(),
    };
    let mut moves = Vec::new();
    let filter = Selection::read(tx, what)?;
    for share in shares(what) {
        for holding in users::holdings(tx, from, share)? {
            let noun = noun(share);
            if !filter.selects(noun, &holding) {
                continue;
            }
            let heir = match share {
                Share::Reports => superior(tx, from, holding.id, round.next_for(holding.id))?,
                _ => round.next_for(key(noun, &holding)),
            };
            moves.push(Move {
                noun,
                id: holding.id,
                heir,
            });
        }
    }
    Ok(moves)
}

/// Hands over what `from` looks after; gives what got into whose hands.
///
/// # Errors
///
/// As [`plan`].
pub fn transfer(tx: &WriteTx<'_>, from: Id, heirs: &[Id], what: &What) -> Result<Vec<Move>> {
    let moves = plan(tx, from, heirs, what)?;
    let mut names = HashMap::new();
    for (at, step) in moves.iter().enumerate() {
        let value = match step.heir {
            None => Value::Null,
            Some(heir) => match names.get(&heir) {
                Some(value) => Value::clone(value),
                None => names
                    .entry(heir)
                    .or_insert(typed::linked_value(tx, Noun::User, heir)?)
                    .clone(),
            },
        };
        let names: &[&str] = match step.noun {
            Noun::Task => &["assignee"],
            Noun::Ticket => held_by(tx, step.id, from)?,
            Noun::User | Noun::Team => &["manager"],
            _ => &["owner"],
        };
        for name in names {
            let field = field::find(step.noun, name)
                .ok_or_else(|| Error::internal(format!("a {} has no {name}", step.noun)))?;
            rows::set(tx, step.noun, step.id, &[(field, value.clone())])?;
        }
        if (at + 1) % SETTLE_EVERY == 0 {
            tx.settle()?;
        }
    }
    let heirs: Vec<String> = heirs
        .iter()
        .map(|heir| user_name(tx, *heir))
        .collect::<Result<_>>()?;
    tx.describe(format!(
        "Transferred {} from {} to {}",
        counted(&moves),
        user_name(tx, from)?,
        heirs.join(", ")
    ));
    Ok(moves)
}

/// The fields of a ticket that name a user: who works on it need not be who answers for it.
fn held_by(tx: &ReadTx<'_>, ticket: Id, user: Id) -> Result<&'static [&'static str]> {
    let Some(ticket) = tickets::get(tx, ticket)? else {
        return Ok(&[]);
    };
    Ok(
        match (ticket.assignee == Some(user), ticket.owner == Some(user)) {
            (true, true) => &["assignee", "owner"],
            (true, false) => &["assignee"],
            (false, _) => &["owner"],
        },
    )
}

/// Ends the work of a user; gives what got into whose hands.
///
/// # Errors
///
/// `Invalid` for the acting user, and for a user who still looks after something with [`Work::None`], or with
/// [`Work::Goes`] after something that the caller may not see.
pub fn disable(tx: &WriteTx<'_>, id: Id, work: Work<'_>) -> Result<Vec<Move>> {
    user::refuse_self(tx, id)?;
    let moves = match work {
        Work::Goes(heirs) => transfer(tx, id, heirs, &What::default())?,
        Work::None | Work::Kept => Vec::new(),
    };
    if !matches!(work, Work::Kept) {
        user::refuse_duties(tx, id)?;
    }
    set_status(tx, id, "disabled")?;
    let name = user_name(tx, id)?;
    tx.describe(match moves.as_slice() {
        [] => format!("Disabled user {name}"),
        moves => format!("Disabled user {name}, and transferred {}", counted(moves)),
    });
    Ok(moves)
}

/// Lets a user work again. What was handed over stays where it is.
///
/// # Errors
///
/// Whatever the store fails with.
pub fn enable(tx: &WriteTx<'_>, id: Id) -> Result<Outcome> {
    let changed = set_status(tx, id, "active")?;
    tx.describe(format!("Enabled user {}", user_name(tx, id)?));
    Ok(Outcome::kept(id, changed))
}

/// Refuses a disabled user as the new owner of something.
///
/// In an import what is closed (`is_history`) may be anybody's; the file is told of it through the doubts of `policy`.
///
/// # Errors
///
/// `Invalid` on the owner or the assignee.
pub(crate) fn may_own(
    tx: &ReadTx<'_>,
    noun: Noun,
    record: Option<Id>,
    draft: &Draft,
    is_history: History,
    policy: &Policy,
) -> Result<()> {
    let name = match noun {
        Noun::Task => "assignee",
        _ => "owner",
    };
    let Some(Value::Link(wanted)) = draft.get(name) else {
        return Ok(());
    };
    if !users::is_disabled(tx, wanted.id)? {
        return Ok(());
    }
    if let Some(id) = record
        && users::owner(tx, noun, id)? == Some(wanted.id)
    {
        return Ok(());
    }
    if is_history == History::Closed && tx.caller().via == crate::domain::actor::Via::Import {
        policy.doubts.borrow_mut().push((name, wanted.name.clone()));
        return Ok(());
    }
    let message = format!("{name}: {}", disabled(&wanted.name));
    Err(Error::invalid(name, message))
}

/// Whether a record is done with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum History {
    /// Somebody has to look after it.
    Open,
    /// It is closed, done or called off.
    Closed,
}

/// How many of what, in words: `3 customers, 1 deal`.
pub fn counted(moves: &[Move]) -> String {
    let nouns = [
        Noun::Customer,
        Noun::Deal,
        Noun::Task,
        Noun::Ticket,
        Noun::User,
        Noun::Team,
    ];
    let parts: Vec<String> = nouns
        .into_iter()
        .map(|noun| (noun, moves.iter().filter(|step| step.noun == noun).count()))
        .filter(|(_, count)| *count > 0)
        .map(|(noun, count)| format!("{count} {}", if count == 1 { noun.name() } else { noun.plural() }))
        .collect();
    match parts.is_empty() {
        true => "nothing".to_owned(),
        false => parts.join(", "),
    }
}

fn set_status(tx: &WriteTx<'_>, id: Id, word: &str) -> Result<bool> {
    let field = field::find(Noun::User, "status").ok_or_else(|| Error::internal("a user has no status"))?;
    rows::set(tx, Noun::User, id, &[(field, Value::Text(word.to_owned()))])
}

fn user_name(tx: &ReadTx<'_>, id: Id) -> Result<String> {
    Ok(links::link(tx, Noun::User, id)?.map_or_else(String::new, |link| link.name))
}

fn disabled(name: &str) -> String {
    format!("the user {name:?} is disabled")
}

fn shares(what: &What) -> Vec<Share> {
    let usual = [
        Share::Customers,
        Share::OpenDeals,
        Share::OpenTasks,
        Share::OpenTickets,
        Share::Reports,
        Share::Teams,
    ];
    usual
        .into_iter()
        .filter(|share| what.shares.is_empty() || what.shares.contains(share))
        .map(|share| match share {
            Share::OpenDeals if what.closed => Share::AllDeals,
            other => other,
        })
        .collect()
}

fn noun(share: Share) -> Noun {
    match share {
        Share::Customers => Noun::Customer,
        Share::OpenDeals | Share::AllDeals => Noun::Deal,
        Share::OpenTasks => Noun::Task,
        Share::OpenTickets => Noun::Ticket,
        Share::Reports => Noun::User,
        Share::Teams => Noun::Team,
    }
}

/// What has to stay in one hand: the customer, or else what it is about.
fn key(noun: Noun, holding: &Holding) -> Id {
    match noun {
        Noun::Deal | Noun::Task | Noun::Ticket => holding.customer.or(holding.deal).unwrap_or(holding.id),
        _ => holding.id,
    }
}

/// Who leads a user whose manager hands over: the heir, unless the heir is led by the user; then who led the manager.
fn superior(tx: &ReadTx<'_>, from: Id, led: Id, heir: Option<Id>) -> Result<Option<Id>> {
    let mut seen = HashSet::new();
    let mut next = heir;
    while let Some(above) = next.filter(|above| seen.insert(*above)) {
        if above == led {
            return Ok(users::manager(tx, from)?.filter(|manager| *manager != led));
        }
        // Nobody reports to the one who hands over any more.
        next = users::manager(tx, above)?.filter(|manager| *manager != from);
    }
    Ok(heir)
}

/// Heirs in turn, the same for the same key.
struct Round<'h> {
    heirs: &'h [Id],
    of: HashMap<Id, usize>,
}

impl Round<'_> {
    fn next_for(&mut self, key: Id) -> Option<Id> {
        let turn = self.of.len();
        let turn = *self.of.entry(key).or_insert(turn);
        self.heirs.get(turn % self.heirs.len().max(1)).copied()
    }
}

/// The records that the filters of a transfer select.
enum Selection {
    All,
    /// Customers, and whatever is about them.
    Customers(HashSet<Id>),
    /// Records of the only noun that is handed over.
    Own(HashSet<Id>),
}

impl Selection {
    fn read(tx: &ReadTx<'_>, what: &What) -> Result<Selection> {
        if what.filters.is_empty() {
            return Ok(Selection::All);
        }
        let own = match what.shares.as_slice() {
            [share] => noun(*share),
            _ => Noun::Customer,
        };
        let condition = list::condition(tx, own, &what.filters)?;
        let found = records::ids(tx, own, &condition)?.into_iter().collect();
        Ok(match what.shares.as_slice() {
            [_] => Selection::Own(found),
            _ => Selection::Customers(found),
        })
    }

    fn selects(&self, noun: Noun, holding: &Holding) -> bool {
        match (self, noun) {
            (Selection::All, _) => true,
            (Selection::Own(found), _) | (Selection::Customers(found), Noun::Customer) => {
                found.contains(&holding.id)
            }
            (Selection::Customers(found), Noun::Deal | Noun::Task | Noun::Ticket) => {
                holding.customer.is_some_and(|customer| found.contains(&customer))
            }
            (Selection::Customers(_), _) => false,
        }
    }
}
