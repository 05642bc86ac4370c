//! What can be done with tickets, and the commands that do the same.

use crm::domain::id::Id;
use crm::domain::ticket::Wait;
use crm::error::Result;
use crm::ops::ticket::steps::{self, Solution};
use crm::ops::ticket::talk::{self, Said};
use crm::store::WriteTx;

/// What can be done with tickets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum TicketVerb {
    /// The one at the keyboard works on them.
    Take,
    /// To the next step.
    Advance,
    /// They wait for somebody outside, or go on.
    Wait(Wait),
    /// They are solved so.
    Resolve(String),
    Close,
    Reopen,
    /// The customer is told so.
    Reply(String),
    /// The customer said so.
    Receive(String),
    /// It is written down for us alone.
    Note(String),
}

impl TicketVerb {
    /// The title of the operation for several tickets.
    pub(crate) fn title(&self, what: &str) -> String {
        let past = match self {
            TicketVerb::Take => "Took",
            TicketVerb::Advance => "Moved",
            TicketVerb::Wait(Wait::Nobody) => "Went on with",
            TicketVerb::Wait(_) => "Waiting with",
            TicketVerb::Resolve(_) => "Resolved",
            TicketVerb::Close => "Closed",
            TicketVerb::Reopen => "Reopened",
            TicketVerb::Reply(_) => "Replied to",
            TicketVerb::Receive(_) => "Received messages for",
            TicketVerb::Note(_) => "Noted on",
        };
        format!("{past} {what}")
    }

    /// Does it with one ticket.
    ///
    /// # Errors
    ///
    /// Whatever the operation refuses.
    pub(crate) fn run(&self, tx: &WriteTx<'_>, id: Id) -> Result<()> {
        let said = |text| Said {
            text,
            ..Said::default()
        };
        match self {
            TicketVerb::Take => steps::assign(tx, id, tx.caller().actor.id, None),
            TicketVerb::Advance => steps::advance(tx, id, None, None),
            TicketVerb::Wait(wait) => steps::wait(tx, id, *wait, None),
            TicketVerb::Resolve(text) => {
                let solution = Solution {
                    solution: Some(text),
                    ..Solution::default()
                };
                steps::resolve(tx, id, &solution)
            }
            TicketVerb::Close => steps::close(tx, id, None),
            TicketVerb::Reopen => steps::reopen(tx, id, None, None),
            TicketVerb::Reply(text) => talk::reply(tx, id, &said(text)),
            TicketVerb::Receive(text) => talk::receive(tx, id, &said(text), None),
            TicketVerb::Note(text) => talk::note(tx, id, text),
        }
        .map(drop)
    }

    /// The verb of the command that does the same; what stands behind the ref; its options.
    pub(crate) fn words(&self) -> (&'static str, Option<&str>, Vec<(&'static str, &str)>) {
        match self {
            TicketVerb::Take => ("take", None, Vec::new()),
            TicketVerb::Advance => ("advance", None, Vec::new()),
            TicketVerb::Wait(Wait::Nobody) => ("resume", None, Vec::new()),
            TicketVerb::Wait(wait) => ("wait", None, vec![("--for", wait.name())]),
            TicketVerb::Resolve(text) => ("resolve", None, vec![("--solution", text)]),
            TicketVerb::Close => ("close", None, Vec::new()),
            TicketVerb::Reopen => ("reopen", None, Vec::new()),
            TicketVerb::Reply(text) => ("reply", Some(text), Vec::new()),
            TicketVerb::Receive(text) => ("receive", Some(text), Vec::new()),
            TicketVerb::Note(text) => ("note", Some(text), Vec::new()),
        }
    }
}

/// What is typed about tickets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Speech {
    Reply,
    Message,
    Note,
    Solution,
}

impl Speech {
    /// The word under which what was typed is kept.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Speech::Reply => "reply",
            Speech::Message => "message",
            Speech::Note => "internal",
            Speech::Solution => "solution",
        }
    }

    /// What stands above the form.
    pub(crate) fn title(self, what: &str) -> String {
        match self {
            Speech::Reply => format!("Reply: {what}"),
            Speech::Message => format!("Message of the customer: {what}"),
            Speech::Note => format!("Internal note: {what}"),
            Speech::Solution => format!("Solution of {what}"),
        }
    }

    /// What is asked for.
    pub(crate) fn label(self) -> &'static str {
        match self {
            Speech::Reply => "To the customer",
            Speech::Message => "What was said",
            Speech::Note => "For us alone",
            Speech::Solution => "How it was solved",
        }
    }

    /// What becomes of what was typed.
    pub(crate) fn verb(self, text: String) -> TicketVerb {
        match self {
            Speech::Reply => TicketVerb::Reply(text),
            Speech::Message => TicketVerb::Receive(text),
            Speech::Note => TicketVerb::Note(text),
            Speech::Solution => TicketVerb::Resolve(text),
        }
    }
}
