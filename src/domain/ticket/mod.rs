//! What a ticket is: something that a customer wants from us, on its way through eight steps.
//!
//! Whether a ticket waits for somebody outside is said beside its step. Everything else that is told of its course (its
//! status, when it was solved, how often it was reopened) follows from its stays in steps: [`Life`].

mod fields;
mod life;
#[cfg(test)]
mod tests;

pub use fields::{COLUMNS, FIELDS};
pub use life::{Life, Stay, told};

/// Where a ticket is on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Step {
    /// It came in.
    Received,
    /// Somebody is to work on it.
    Assigned,
    /// A person has answered.
    Contacted,
    /// We look for the cause.
    Analyzing,
    /// The customer is asked whether the solution suits.
    Confirming,
    /// The solution is carried out.
    Executing,
    /// It is solved; the effect is checked.
    Verifying,
    /// The customer is content, or it was called off.
    Closed,
}

impl Step {
    /// All steps, in order.
    pub const ALL: [Step; 8] = [
        Step::Received,
        Step::Assigned,
        Step::Contacted,
        Step::Analyzing,
        Step::Confirming,
        Step::Executing,
        Step::Verifying,
        Step::Closed,
    ];

    /// The word.
    pub fn name(self) -> &'static str {
        match self {
            Step::Received => "received",
            Step::Assigned => "assigned",
            Step::Contacted => "contacted",
            Step::Analyzing => "analyzing",
            Step::Confirming => "confirming",
            Step::Executing => "executing",
            Step::Verifying => "verifying",
            Step::Closed => "closed",
        }
    }

    /// The step named by `word`.
    pub fn parse(word: &str) -> Option<Step> {
        Step::ALL.into_iter().find(|step| step.name() == word)
    }

    /// The step that comes next; none after the last.
    pub fn next(self) -> Option<Step> {
        let mut steps = Step::ALL.into_iter();
        steps.find(|step| *step > self)
    }

    /// The steps that may follow: any later one but the last, which only a solved ticket reaches; and back to the search for
    /// the cause, from wherever a solution was at hand.
    pub fn allowed(self) -> Vec<Step> {
        let forth = Step::ALL.into_iter().filter(|step| match step {
            Step::Closed => self == Step::Verifying,
            step => *step > self,
        });
        let back = (self > Step::Analyzing).then_some(Step::Analyzing);
        back.into_iter().chain(forth).collect()
    }

    /// Whether a solution is there.
    pub fn is_solved(self) -> bool {
        matches!(self, Step::Verifying | Step::Closed)
    }

    /// For whom a ticket waits that comes to this step: a solution is confirmed by the customer.
    pub fn wait(self) -> Wait {
        match self {
            Step::Confirming => Wait::Customer,
            _ => Wait::Nobody,
        }
    }
}

/// For whom outside a ticket waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Wait {
    /// Nobody: it is our turn.
    #[default]
    Nobody,
    /// The customer.
    Customer,
    /// Somebody else: a supplier, a carrier.
    ThirdParty,
}

impl Wait {
    /// All of them.
    pub const ALL: [Wait; 3] = [Wait::Nobody, Wait::Customer, Wait::ThirdParty];

    /// The word.
    pub fn name(self) -> &'static str {
        match self {
            Wait::Nobody => "none",
            Wait::Customer => "customer",
            Wait::ThirdParty => "third_party",
        }
    }

    /// The wait named by `word`.
    pub fn parse(word: &str) -> Option<Wait> {
        Wait::ALL.into_iter().find(|wait| wait.name() == word)
    }
}

/// How a ticket stands, in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Status {
    /// It is our turn.
    Open,
    /// It is the customer's turn.
    WaitingCustomer,
    /// It is somebody else's turn.
    WaitingThirdParty,
    /// It is solved, and that is checked.
    Resolved,
    /// It is done.
    Closed,
    /// Nothing comes of it.
    Cancelled,
}

impl Status {
    /// All of them.
    pub const ALL: [Status; 6] = [
        Status::Open,
        Status::WaitingCustomer,
        Status::WaitingThirdParty,
        Status::Resolved,
        Status::Closed,
        Status::Cancelled,
    ];

    /// The word.
    pub fn name(self) -> &'static str {
        match self {
            Status::Open => "open",
            Status::WaitingCustomer => "waiting_customer",
            Status::WaitingThirdParty => "waiting_third_party",
            Status::Resolved => "resolved",
            Status::Closed => "closed",
            Status::Cancelled => "cancelled",
        }
    }

    /// The status named by `word`.
    pub fn parse(word: &str) -> Option<Status> {
        Status::ALL.into_iter().find(|status| status.name() == word)
    }
}

/// What a comment is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CommentType {
    /// What we wrote or said to the customer.
    Reply,
    /// What the customer wrote or said.
    Message,
    /// What is for us alone.
    Note,
}

impl CommentType {
    /// All of them.
    pub const ALL: [CommentType; 3] = [CommentType::Reply, CommentType::Message, CommentType::Note];

    /// The word.
    pub fn name(self) -> &'static str {
        match self {
            CommentType::Reply => "reply",
            CommentType::Message => "message",
            CommentType::Note => "note",
        }
    }

    /// The type named by `word`.
    pub fn parse(word: &str) -> Option<CommentType> {
        CommentType::ALL.into_iter().find(|kind| kind.name() == word)
    }
}

/// The steps, as words.
pub const STEPS: &[&str] = &[
    "received",
    "assigned",
    "contacted",
    "analyzing",
    "confirming",
    "executing",
    "verifying",
    "closed",
];

/// For whom a ticket waits, as words.
pub const WAITS: &[&str] = &["none", "customer", "third_party"];

/// How tickets stand, as words.
pub const STATUSES: &[&str] = &[
    "open",
    "waiting_customer",
    "waiting_third_party",
    "resolved",
    "closed",
    "cancelled",
];

/// What comments are, as words.
pub const COMMENTS: &[&str] = &["reply", "message", "note"];

/// How much a ticket presses, the least first.
pub const PRIORITIES: &[&str] = &["low", "normal", "high", "urgent"];

/// The place of a priority in a list of what presses most: 1 is the first.
pub fn rank(priority: &str) -> i64 {
    let place = PRIORITIES.iter().rev().position(|word| *word == priority);
    place.map_or(3, |place| i64::try_from(place + 1).unwrap_or(3))
}
