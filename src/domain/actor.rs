//! Who is acting, through what, and how far they may see.

use jiff::civil::Weekday;

use crate::domain::clock::Clock;
use crate::domain::id::Id;
use crate::domain::when::{DateOrder, Leaning, Reading};

/// How far an actor sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Only what the actor owns.
    Own,
    /// What the actor or a member of the actor's team owns.
    Team,
    /// Everything.
    All,
}

impl Scope {
    /// The word as stored.
    pub fn name(self) -> &'static str {
        match self {
            Scope::Own => "own",
            Scope::Team => "team",
            Scope::All => "all",
        }
    }

    /// The scope named by `word`.
    pub fn parse(word: &str) -> Option<Scope> {
        [Scope::Own, Scope::Team, Scope::All]
            .into_iter()
            .find(|scope| scope.name() == word)
    }
}

/// Through what a write came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Via {
    /// A command.
    Cli,
    /// The dashboard.
    Tui,
    /// An import.
    Import,
    /// A rule, for whoever made it.
    Rule,
}

impl Via {
    /// The word as stored in the log.
    pub fn name(self) -> &'static str {
        match self {
            Via::Cli => "cli",
            Via::Tui => "tui",
            Via::Import => "import",
            Via::Rule => "rule",
        }
    }
}

/// The id of the user whom every base has from its founding.
pub const FOUNDER: Id = Id::from_raw(1);

/// A user of the base in the act of reading or writing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// The user's row.
    pub id: Id,
    /// The user's name, which is also the key.
    pub name: String,
    /// The user's team.
    pub team: Option<Id>,
    /// How far the user sees.
    pub scope: Scope,
}

impl Actor {
    /// Who makes a base, before there is a user in it.
    pub fn founder(name: &str) -> Actor {
        Actor {
            id: FOUNDER,
            name: name.to_owned(),
            team: None,
            scope: Scope::All,
        }
    }
}

/// Who acts, when, and through what: what every read and write is told.
#[derive(Debug, Clone)]
pub struct Caller {
    /// The user.
    pub actor: Actor,
    /// Now, and the zone in which a day is a day.
    pub clock: Clock,
    /// Random bits for new ids.
    pub random: u64,
    /// Through what the call came.
    pub via: Via,
    /// The command line, or what stands for it in the dashboard; kept in the log.
    pub command: String,
    /// The country whose telephone numbers need no prefix, as an ISO code.
    pub region: Option<String>,
    /// How slashed dates are read.
    pub date_order: Option<DateOrder>,
    /// The first day of the week.
    pub week_start: Weekday,
    /// How many days a quote is good for, where nothing else is said; none for as many as usual.
    pub quote_days: Option<u16>,
}

impl Caller {
    /// An actor at a moment, from the command line, in a place without habits of its own. `random` makes ids that no
    /// other base gives out.
    pub fn new(actor: Actor, clock: Clock, random: u64) -> Caller {
        Caller {
            actor,
            clock,
            random,
            via: Via::Cli,
            command: String::new(),
            region: None,
            date_order: None,
            week_start: Weekday::Monday,
            quote_days: None,
        }
    }

    /// What a date phrase is read against.
    pub fn reading(&self, leaning: Leaning) -> Reading<'_> {
        Reading {
            week_start: self.week_start,
            order: self.date_order,
            ..Reading::new(&self.clock, leaning)
        }
    }
}
