//! Taking in what is sent by a form: each submission is one operation, and is kept whatever becomes of it.
//!
//! # Never twice
//!
//! A submission is the same as an earlier one if its sender calls it so, if it came in a file of the same name and says the
//! same, or if a form sent exactly this within a day: a visitor pressed the button twice. It is answered as it was the
//! first time. One that was refused is always tried anew, because the form may have been mended; it keeps its number, so
//! that nobody fills the base by sending the same nonsense again and again.
//!
//! # What the answer keeps to itself
//!
//! Whoever sends a form may be anybody. That somebody is known here, or was erased, is not theirs to find out: the answer
//! says only that it cannot be taken in, the same for both. The reason stands with the submission.
//!
//! # Confirming
//!
//! A form with double opt-in makes nothing of a submission before its sender gives back a token, which is sent to the address
//! that was given. The base keeps only a hash of it.

use crate::domain::digest::sha256;
use crate::domain::form::{Outcome, SAME_WITHIN_MS};
use crate::domain::id::Id;
use crate::error::{Error, Kind, Result};
use crate::ops::form::reading::Reading;
use crate::ops::form::{Form, effect};
use crate::ops::{customer, privacy};
use crate::store::submissions::{self, Submission, Wish};
use crate::store::{ReadTx, WriteTx};
use crate::wire::submission::payload;
use crate::wire::submission::{Pairs, Sent};

pub use super::reading::Faults;

/// What tells a submission from others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Name {
    /// What its sender calls it: who says the same word for something else is refused.
    Sender(String),
    /// The file that it came in, and its place there: another content is another submission.
    File(String),
}

/// What a sender confirms an address with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// The text that is sent to the address.
    pub text: String,
    /// The hash under which the base knows it.
    pub hash: String,
}

/// What became of a submission.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The number by which people name the submission.
    pub no: i64,
    /// What became of it.
    pub outcome: Outcome,
    /// Whom it is about.
    pub customer: Option<Id>,
    /// Whose turn it was.
    pub assignee: Option<Id>,
    /// The task that it made.
    pub task: Option<Id>,
    /// What its sender confirms the address with.
    pub token: Option<String>,
    /// What is wrong with it.
    pub faults: Faults,
    /// Names in it that the form does not know.
    pub unknown: Vec<String>,
    /// Whether it was there already.
    pub repeated: bool,
}

/// Why a submission of somebody who was erased is refused, for those inside.
const ERASED: &str = "what was known of this person was erased, and is not to come back";

/// What is said outside where the reason is nobody's business there.
const CLOSED: &str = "it cannot be taken in by this form; please write to us in another way";

impl Answer {
    /// The answer as anybody may see it.
    fn outside(mut self) -> Answer {
        for (field, reason) in &mut self.faults {
            if reason == ERASED || reason == effect::KNOWN {
                field.clear();
                CLOSED.clone_into(reason);
            }
        }
        self
    }

    /// Whether the reason for a refusal is kept from whoever sent it.
    pub fn is_reticent(&self) -> bool {
        self.faults.iter().any(|(_, reason)| reason == CLOSED)
    }

    fn of(submission: &Submission) -> Answer {
        Answer {
            no: submission.no,
            outcome: submission.outcome,
            customer: submission.customer,
            assignee: submission.assignee,
            task: None,
            token: None,
            faults: payload::errors(&submission.errors),
            unknown: Vec::new(),
            repeated: false,
        }
    }
}

/// Takes in one submission. `token` makes what its sender confirms the address with, if the form wants that.
///
/// # Errors
///
/// `Invalid` for a form that is not active. What is wrong with the submission is no error: it is in the answer.
pub fn submit(
    tx: &WriteTx<'_>,
    form: &Form,
    sent: &Sent,
    name: Option<&Name>,
    token: &dyn Fn() -> Token,
) -> Result<Answer> {
    form.open()?;
    let now = tx.caller().clock.now_ms();
    let mut submission = Submission {
        id: Id::from_raw(0),
        no: 0,
        form: form.id,
        received_at: now,
        outcome: Outcome::Rejected,
        identity: String::new(),
        payload: match &sent.content {
            Ok(pairs) => payload::of_pairs(pairs),
            Err(_) => payload::of_raw(&sent.raw),
        },
        errors: String::new(),
        campaign: String::new(),
        customer: None,
        assignee: None,
        token_hash: String::new(),
        expires_at: None,
        confirmed_at: None,
        consent: String::new(),
        consent_version: String::new(),
    };
    let reading = match &sent.content {
        Ok(pairs) => Reading::of(tx, form, pairs)?,
        Err(_) => Reading::default(),
    };
    let name = match (name, reading.key.as_str()) {
        (Some(name), _) => Some(name.clone()),
        (None, "") => None,
        (None, key) => Some(Name::Sender(key.to_owned())),
    };
    let mut reason = sent.content.as_ref().err().cloned();
    match earlier(tx, form, &mut submission, name.as_ref())? {
        Earlier::None => {}
        Earlier::Refused(known) => (submission.id, submission.no) = (known.id, known.no),
        Earlier::Same(known) => return again(tx, form, *known, token),
        Earlier::Other(known) => {
            submission.identity = String::new();
            reason = Some(format!(
                "submission {known} has the same key and says something else"
            ));
        }
    }
    let judged = match reason {
        Some(reason) => refused(vec![(String::new(), reason)]),
        None => judge(tx, form, &reading, &mut submission, &Stage::Sent(token))?,
    };
    submission.errors = payload::of_errors(&judged.faults);
    match submission.no {
        0 => submission.no = submissions::add(tx, &submission)?,
        _ => drop(submissions::set(tx, &submission)?),
    }
    let mut answer = finished(tx, form, &submission, judged)?;
    answer.unknown = reading.unknown;
    Ok(answer.outside())
}

/// Does what a submission is for, now that its sender has confirmed the address.
///
/// # Errors
///
/// `NotFound` for a token that was never given out, `Conflict` for one whose time is over.
pub fn confirm(tx: &WriteTx<'_>, token_hash: &str) -> Result<Answer> {
    let unknown = || Error::new(Kind::NotFound, "no submission waits for this token");
    let submission = submissions::by_token(tx, token_hash)?.ok_or_else(unknown)?;
    let now = tx.caller().clock.now_ms();
    if submission.confirmed_at.is_some() {
        return Ok(Answer {
            repeated: true,
            ..Answer::of(&submission)
        });
    }
    if submission.expires_at.is_some_and(|end| end < now) {
        let message = format!("the time to confirm submission {} is over", submission.no);
        return Err(Error::new(Kind::Conflict, message));
    }
    Ok(anew(tx, submission, |_| {}, &Stage::Confirmed)?.outside())
}

/// Tries a submission that was refused, or taken for that of a machine, once more; `mend` may change what was sent.
///
/// # Errors
///
/// `NotFound` for a number that was never given out; `Conflict` for a submission that went well or waits.
pub fn retry(
    tx: &WriteTx<'_>,
    no: i64,
    mend: impl FnOnce(&mut Pairs),
    token: &dyn Fn() -> Token,
) -> Result<Answer> {
    let submission = numbered(tx, no)?;
    match submission.outcome {
        Outcome::Rejected | Outcome::Spam => anew(tx, submission, mend, &Stage::Tried(token)),
        other => Err(Error::new(
            Kind::Conflict,
            format!("submission {no} is {} and needs no other try", other.name()),
        )),
    }
}

/// The submission with this number.
///
/// # Errors
///
/// `NotFound` for a number that was never given out.
pub fn numbered(tx: &ReadTx<'_>, no: i64) -> Result<Submission> {
    let unknown = || Error::new(Kind::NotFound, format!("there is no submission {no}"));
    submissions::by_number(tx, no)?.ok_or_else(unknown)
}

/// How far a submission has come.
enum Stage<'t> {
    Sent(&'t dyn Fn() -> Token),
    /// Somebody looked at it.
    Tried(&'t dyn Fn() -> Token),
    Confirmed,
}

/// What becomes of a submission, before it is written.
struct Judged {
    faults: Faults,
    token: Option<String>,
    task: Option<Id>,
}

fn refused(faults: Faults) -> Judged {
    Judged {
        faults,
        token: None,
        task: None,
    }
}

/// Finds out what becomes of a submission, does it, and writes it into the row.
fn judge(
    tx: &WriteTx<'_>,
    form: &Form,
    reading: &Reading,
    submission: &mut Submission,
    stage: &Stage<'_>,
) -> Result<Judged> {
    effect::campaign(form, reading).clone_into(&mut submission.campaign);
    if matches!(stage, Stage::Sent(_)) && is_machine(form, reading, submission.received_at) {
        submission.outcome = Outcome::Spam;
        return Ok(refused(Faults::new()));
    }
    if !reading.faults.is_empty() {
        submission.outcome = Outcome::Rejected;
        return Ok(refused(reading.faults.clone()));
    }
    if reading.consent {
        form.consent.0.clone_into(&mut submission.consent);
        form.consent.1.clone_into(&mut submission.consent_version);
    }
    let mut aside = Vec::new();
    match wish(tx, reading)? {
        Some(Wish::Erased) => {
            // What must not come back is not kept here either.
            submission.outcome = Outcome::Rejected;
            submission.payload = payload::of_pairs(&Pairs::new());
            submission.consent = String::new();
            submission.identity = String::new();
            return Ok(refused(vec![(String::new(), ERASED.to_owned())]));
        }
        Some(Wish::Unsent) => aside.push("has asked that nothing be sent to this address".to_owned()),
        None => {}
    }
    let now = tx.caller().clock.now_ms();
    match (stage, form.guard.confirm_hours) {
        (Stage::Sent(token) | Stage::Tried(token), Some(hours)) => {
            if !reading.reaches_by_mail() {
                let reason = "an e-mail address is needed, which has to be confirmed".to_owned();
                submission.outcome = Outcome::Rejected;
                return Ok(refused(vec![(sent_name(form, "emails"), reason)]));
            }
            let token = token();
            submission.outcome = Outcome::PendingConfirm;
            submission.token_hash = token.hash;
            submission.expires_at = Some(now.saturating_add(hours.saturating_mul(HOUR_MS)));
            return Ok(Judged {
                token: Some(token.text),
                ..refused(Faults::new())
            });
        }
        (Stage::Confirmed, _) => {
            submission.confirmed_at = Some(now);
            aside.push(format!("address confirmed {}", tx.caller().clock.today()));
        }
        _ => {}
    }
    // A record that cannot be made is taken back whole; the submission stays.
    match tx.attempt(|| effect::apply(tx, form, reading, &aside)) {
        Ok(effect) => {
            submission.outcome = effect.outcome;
            submission.customer = Some(effect.customer);
            submission.assignee = effect.turn;
            Ok(Judged {
                task: effect.task,
                ..refused(Faults::new())
            })
        }
        Err(error) if matches!(error.kind(), Kind::Invalid | Kind::Duplicate | Kind::Usage) => {
            submission.outcome = Outcome::Rejected;
            submission.confirmed_at = None;
            let field = sent_name(form, error.field().unwrap_or_default());
            Ok(refused(vec![(field, error.message().to_owned())]))
        }
        Err(error) => Err(error),
    }
}

/// What was asked for the addresses of a submission; an erasure goes before all else.
fn wish(tx: &ReadTx<'_>, reading: &Reading) -> Result<Option<Wish>> {
    let mut found = None;
    for (channel, address) in &reading.addresses {
        let known = privacy::known(*channel, address);
        match submissions::wish(tx, channel.name(), &sha256(known.as_bytes()))? {
            Some(Wish::Erased) => return Ok(Some(Wish::Erased)),
            wish => found = found.or(wish),
        }
    }
    Ok(found)
}

/// What the sender calls one of our fields.
fn sent_name(form: &Form, field: &str) -> String {
    let entry = form
        .entries
        .iter()
        .find(|(_, target)| target.field() == Some(field));
    entry.map_or(field, |(entry, _)| &entry.name).to_owned()
}

const HOUR_MS: i64 = 60 * 60 * 1000;

/// Whether a submission shows the marks of a machine.
fn is_machine(form: &Form, reading: &Reading, received_at: i64) -> bool {
    let least = form.guard.min_seconds.saturating_mul(1000);
    let is_quick = reading
        .started
        .is_some_and(|began| received_at.saturating_sub(began) < least);
    reading.trapped || (least > 0 && is_quick)
}

/// An earlier submission that may be the same.
enum Earlier {
    None,
    Same(Box<Submission>),
    /// It says the same, and was refused.
    Refused(Box<Submission>),
    /// It has the same key, and says something else.
    Other(i64),
}

/// Looks for the same submission, and writes down what this one is called.
fn earlier(
    tx: &ReadTx<'_>,
    form: &Form,
    submission: &mut Submission,
    name: Option<&Name>,
) -> Result<Earlier> {
    let is_refused = |known: &Submission| known.outcome == Outcome::Rejected;
    let known = match name {
        Some(Name::Sender(key)) => {
            submission.identity = format!("key:{key}");
            match submissions::by_identity(tx, form.id, &submission.identity)? {
                Some(known) if !is_refused(&known) && known.payload != submission.payload => {
                    return Ok(Earlier::Other(known.no));
                }
                known => known,
            }
        }
        Some(Name::File(file)) => {
            submission.identity = format!("file:{file}");
            submissions::by_identity(tx, form.id, &submission.identity)?
                .filter(|known| known.payload == submission.payload)
        }
        None => {
            let since = submission.received_at.saturating_sub(SAME_WITHIN_MS);
            submissions::by_payload(tx, form.id, &submission.payload, since)?
        }
    };
    Ok(match known {
        Some(known) if !is_refused(&known) => Earlier::Same(Box::new(known)),
        Some(known) if known.payload == submission.payload => Earlier::Refused(Box::new(known)),
        _ => Earlier::None,
    })
}

/// Answers a submission as it was answered; one that waits gets a new token, because the first seems to be lost.
fn again(tx: &WriteTx<'_>, form: &Form, mut known: Submission, token: &dyn Fn() -> Token) -> Result<Answer> {
    let mut fresh = None;
    if let (Outcome::PendingConfirm, Some(hours)) = (known.outcome, form.guard.confirm_hours) {
        let token = token();
        let now = tx.caller().clock.now_ms();
        known.token_hash = token.hash;
        known.expires_at = Some(now.saturating_add(hours.saturating_mul(HOUR_MS)));
        submissions::set(tx, &known)?;
        tx.describe(format!("Form {}: submission {} waits anew", form.key, known.no));
        fresh = Some(token.text);
    }
    Ok(Answer {
        token: fresh,
        repeated: true,
        ..Answer::of(&known)
    })
}

/// Judges a submission that is in the base already.
fn anew(
    tx: &WriteTx<'_>,
    mut submission: Submission,
    mend: impl FnOnce(&mut Pairs),
    stage: &Stage<'_>,
) -> Result<Answer> {
    let form = super::load(tx, submission.form)?;
    form.open()?;
    let Some(mut pairs) = payload::pairs(&submission.payload) else {
        let message = format!(
            "submission {} could not be read, and cannot be now",
            submission.no
        );
        return Err(Error::new(Kind::Conflict, message));
    };
    mend(&mut pairs);
    submission.payload = payload::of_pairs(&pairs);
    let reading = Reading::of(tx, &form, &pairs)?;
    let judged = judge(tx, &form, &reading, &mut submission, stage)?;
    submission.errors = payload::of_errors(&judged.faults);
    submissions::set(tx, &submission)?;
    let mut answer = finished(tx, &form, &submission, judged)?;
    answer.unknown = reading.unknown;
    Ok(answer)
}

fn finished(tx: &WriteTx<'_>, form: &Form, submission: &Submission, judged: Judged) -> Result<Answer> {
    let label = match submission.customer {
        Some(id) => format!(" {}", customer::label(tx, id)?),
        None => String::new(),
    };
    let what = submission.outcome.name().replace('_', " ");
    tx.describe(format!(
        "Form {}: submission {} {what}{label}",
        form.key, submission.no
    ));
    Ok(Answer {
        task: judged.task,
        token: judged.token,
        ..Answer::of(submission)
    })
}
