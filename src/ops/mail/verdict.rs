//! What is told of messages that are taken in: of each by itself, and of all.

use crate::domain::id::Id;
use crate::domain::value::Link;
use crate::error::{Error, Result};
use crate::ops::attachment::New;
use crate::wire::mail::letter::File;

/// What became of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It is an activity now.
    Logged,
    /// It was there.
    Known,
    /// It was left out on purpose.
    Skipped,
    /// It said that a message could not be delivered.
    Bounced,
    /// It is no message, or could not be kept.
    Rejected,
}

impl Verdict {
    /// The word.
    pub fn name(self) -> &'static str {
        match self {
            Verdict::Logged => "logged",
            Verdict::Known => "known",
            Verdict::Skipped => "skipped",
            Verdict::Bounced => "bounced",
            Verdict::Rejected => "rejected",
        }
    }
}

/// What is told of a message.
#[derive(Debug)]
pub struct Judged<'m> {
    /// Where it was found.
    pub place: &'m str,
    /// What became of it.
    pub verdict: Verdict,
    /// The activity that it is.
    pub activity: Option<Link>,
    /// The customer that it is with.
    pub customer: Option<Link>,
    /// What it is about.
    pub subject: &'m str,
    /// Why it was not logged, or what else there is to say; may be empty.
    pub reason: &'m str,
}

/// Who hears of every message and keeps the files that came with it.
pub trait Sink {
    /// Takes note of a verdict.
    ///
    /// # Errors
    ///
    /// Ends the work, of which nothing stays.
    fn judged(&mut self, message: &Judged<'_>) -> Result<()>;

    /// Whether files are kept at all.
    fn keeps(&self) -> bool {
        false
    }

    /// Keeps a file, and says where it is.
    ///
    /// # Errors
    ///
    /// It cannot be kept.
    fn keep(&mut self, file: &File) -> Result<New> {
        Err(Error::internal(format!("nobody keeps the file {}", file.name)))
    }
}

/// How many messages became what.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Summary {
    /// Those that are activities now.
    pub logged: u64,
    /// Those that were there.
    pub known: u64,
    /// Those that were left out on purpose, by reason.
    pub skipped: Vec<(String, u64)>,
    /// Those of the logged ones that are of no known date, and count as of now.
    pub undated: u64,
    /// Reports that a message could not be delivered.
    pub bounced: u64,
    /// Those that could not be read or kept.
    pub rejected: u64,
    /// The people who were made because of them.
    pub made: Vec<Id>,
    /// The people of whom only the address was known, and whose name a message told.
    pub named: Vec<Id>,
    /// Addresses that are known to be dead now.
    pub dead: Vec<String>,
    /// Whether nobody has said which addresses are ours.
    pub is_ours_unknown: bool,
}

impl Summary {
    /// How many were left out on purpose.
    pub fn left_out(&self) -> u64 {
        self.skipped.iter().map(|(_, count)| count).sum()
    }

    /// How many messages there were.
    pub fn messages(&self) -> u64 {
        self.logged + self.known + self.left_out() + self.bounced + self.rejected
    }

    /// Counts one more.
    pub(super) fn count(&mut self, verdict: Verdict, reason: &str) {
        match verdict {
            Verdict::Logged => self.logged += 1,
            Verdict::Known => self.known += 1,
            Verdict::Bounced => self.bounced += 1,
            Verdict::Rejected => self.rejected += 1,
            Verdict::Skipped => match self.skipped.iter_mut().find(|(known, _)| known == reason) {
                Some((_, count)) => *count += 1,
                None => self.skipped.push((reason.to_owned(), 1)),
            },
        }
    }

    /// The title of the operation.
    pub(super) fn title(&self, source: &str) -> String {
        let noun = if self.logged == 1 { "message" } else { "messages" };
        let mut title = format!("Logged {} {noun} from {source}", self.logged);
        if self.bounced > 0 {
            title.push_str(&format!(", {} undelivered", self.bounced));
        }
        title
    }
}
