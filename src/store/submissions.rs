//! The rows of what was sent by forms.

use rusqlite::types::Value as Sql;
use rusqlite::{Row, params_from_iter};

use crate::domain::form::Outcome;
use crate::domain::id::Id;
use crate::error::{Error, Result};
use crate::store::tx::{Column, ReadTx, WriteTx};

/// One submission.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Submission {
    /// The row.
    pub id: Id,
    /// The number by which people name it.
    pub no: i64,
    /// The form.
    pub form: Id,
    /// When it came, in milliseconds since 1970.
    pub received_at: i64,
    /// What became of it.
    pub outcome: Outcome,
    /// What the sender calls it, or the file that it came in; empty for nothing.
    pub identity: String,
    /// What was sent, as JSON.
    pub payload: String,
    /// What is wrong with it, as JSON; empty for nothing.
    pub errors: String,
    /// The campaign that it came from.
    pub campaign: String,
    /// Whom it is about.
    pub customer: Option<Id>,
    /// Whose turn it was.
    pub assignee: Option<Id>,
    /// The hash of what its sender confirms the address with; empty if nothing has to be confirmed.
    pub token_hash: String,
    /// Until when that can be done, in milliseconds since 1970.
    pub expires_at: Option<i64>,
    /// When that was done.
    pub confirmed_at: Option<i64>,
    /// The text that its sender agreed to; empty if there was no consent.
    pub consent: String,
    /// The version of that text.
    pub consent_version: String,
}

const COLUMNS: &str = "id, no, form_id, received_at, outcome, identity, payload, errors, campaign, customer_id, \
    assignee_id, token_hash, expires_at, confirmed_at, consent, consent_version";

fn read(row: &Row<'_>) -> rusqlite::Result<(Submission, String)> {
    let id = |at: usize| row.get::<_, Option<i64>>(at).map(|id| id.map(Id::from_raw));
    let submission = Submission {
        id: Id::from_raw(row.get(0)?),
        no: row.get(1)?,
        form: Id::from_raw(row.get(2)?),
        received_at: row.get(3)?,
        outcome: Outcome::Rejected,
        identity: row.get(5)?,
        payload: row.get(6)?,
        errors: row.get(7)?,
        campaign: row.get(8)?,
        customer: id(9)?,
        assignee: id(10)?,
        token_hash: row.get(11)?,
        expires_at: row.get(12)?,
        confirmed_at: row.get(13)?,
        consent: row.get(14)?,
        consent_version: row.get(15)?,
    };
    Ok((submission, row.get(4)?))
}

fn typed((submission, outcome): (Submission, String)) -> Result<Submission> {
    let known = Outcome::parse(&outcome)
        .ok_or_else(|| Error::internal(format!("a submission has the outcome {outcome:?}")))?;
    Ok(Submission {
        outcome: known,
        ..submission
    })
}

fn one(tx: &ReadTx<'_>, condition: &str, values: &[Sql]) -> Result<Option<Submission>> {
    let sql = format!("SELECT {COLUMNS} FROM form_submission WHERE {condition} ORDER BY id DESC LIMIT 1");
    tx.one(&sql, params_from_iter(values), read)?
        .map(typed)
        .transpose()
}

/// The submission with this number.
pub fn by_number(tx: &ReadTx<'_>, no: i64) -> Result<Option<Submission>> {
    one(tx, "no = ?1", &[Sql::Integer(no)])
}

/// The submission that its sender calls so.
pub fn by_identity(tx: &ReadTx<'_>, form: Id, identity: &str) -> Result<Option<Submission>> {
    let values = [Sql::Integer(form.raw()), Sql::Text(identity.to_owned())];
    one(tx, "form_id = ?1 AND identity = ?2 AND identity <> ''", &values)
}

/// The latest submission that says exactly this and came after `since`.
pub fn by_payload(tx: &ReadTx<'_>, form: Id, payload: &str, since: i64) -> Result<Option<Submission>> {
    let values = [
        Sql::Integer(form.raw()),
        Sql::Integer(hash(payload)),
        Sql::Text(payload.to_owned()),
        Sql::Integer(since),
    ];
    one(
        tx,
        "form_id = ?1 AND payload_key = ?2 AND payload = ?3 AND received_at > ?4",
        &values,
    )
}

/// The submission that is confirmed by what has this hash.
pub fn by_token(tx: &ReadTx<'_>, token_hash: &str) -> Result<Option<Submission>> {
    one(
        tx,
        "token_hash = ?1 AND token_hash <> ''",
        &[Sql::Text(token_hash.to_owned())],
    )
}

/// The submissions of a form, or of all, with one of these outcomes, or any; the newest first.
pub fn list(
    tx: &ReadTx<'_>,
    form: Option<Id>,
    outcomes: &[Outcome],
    each: &mut dyn FnMut(Submission) -> Result<std::ops::ControlFlow<()>>,
) -> Result<()> {
    let marks = vec!["?"; outcomes.len()].join(", ");
    let mut values: Vec<Sql> = form.map(|form| Sql::Integer(form.raw())).into_iter().collect();
    let mut tests: Vec<String> = form.map(|_| "form_id = ?".to_owned()).into_iter().collect();
    if !outcomes.is_empty() {
        tests.push(format!("outcome IN ({marks})"));
        values.extend(
            outcomes
                .iter()
                .map(|outcome| Sql::Text(outcome.name().to_owned())),
        );
    }
    let condition = match tests.is_empty() {
        true => String::new(),
        false => format!("WHERE {}", tests.join(" AND ")),
    };
    let sql = format!("SELECT {COLUMNS} FROM form_submission {condition} ORDER BY id DESC");
    let mut statement = tx.connection().prepare_cached(&sql)?;
    let mut rows = statement.query(params_from_iter(values))?;
    while let Some(row) = rows.next()? {
        if each(typed(read(row)?)?)?.is_break() {
            break;
        }
    }
    Ok(())
}

/// Whose turn it was last.
pub fn last_assignee(tx: &ReadTx<'_>, form: Id) -> Result<Option<Id>> {
    tx.one(
        "SELECT assignee_id FROM form_submission WHERE form_id = ?1 AND assignee_id IS NOT NULL ORDER BY id DESC LIMIT 1",
        [form.raw()],
        |row| Ok(Id::from_raw(row.get(0)?)),
    )
}

/// True if a customer has an open task of this title.
pub fn has_open_task(tx: &ReadTx<'_>, customer: Id, title: &str) -> Result<bool> {
    let found: Option<i64> = tx.one(
        "SELECT id FROM task WHERE customer_id = ?1 AND status = 'open' AND title = ?2 AND deleted_at IS NULL LIMIT 1",
        (customer.raw(), title),
        |row| row.get(0),
    )?;
    Ok(found.is_some())
}

/// What somebody has asked for an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wish {
    /// Nothing may be known of it.
    Erased,
    /// Nothing may be sent to it.
    Unsent,
}

/// What was asked for the address with this hash; none for nothing.
pub fn wish(tx: &ReadTx<'_>, channel: &str, hash: &str) -> Result<Option<Wish>> {
    let found = tx.one(
        "SELECT EXISTS (SELECT 1 FROM erased_address WHERE hash = ?1 AND channel = ?2),
                EXISTS (SELECT 1 FROM suppression WHERE hash = ?1 AND channel = ?2)",
        [hash, channel],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    Ok(match found {
        Some((true, _)) => Some(Wish::Erased),
        Some((_, true)) => Some(Wish::Unsent),
        _ => None,
    })
}

/// Adds a submission; its `id` and `no` are ignored, and the number that it got is given back.
pub(crate) fn add(tx: &WriteTx<'_>, submission: &Submission) -> Result<i64> {
    let no = tx.count("form_submission")?;
    let mut columns = columns(submission);
    columns.extend([
        ("no", Sql::Integer(no)),
        ("form_id", Sql::Integer(submission.form.raw())),
        ("received_at", Sql::Integer(submission.received_at)),
        ("identity", Sql::Text(submission.identity.clone())),
    ]);
    tx.insert("form_submission", tx.new_id(), columns)?;
    Ok(no)
}

/// Writes what became of a submission; true if anything was different.
pub(crate) fn set(tx: &WriteTx<'_>, submission: &Submission) -> Result<bool> {
    tx.update("form_submission", submission.id, columns(submission))
}

fn columns(submission: &Submission) -> Vec<Column<'static>> {
    let id = |id: Option<Id>| id.map_or(Sql::Null, |id| Sql::Integer(id.raw()));
    let number = |number: Option<i64>| number.map_or(Sql::Null, Sql::Integer);
    vec![
        ("outcome", Sql::Text(submission.outcome.name().to_owned())),
        ("payload_key", Sql::Integer(hash(&submission.payload))),
        ("payload", Sql::Text(submission.payload.clone())),
        ("errors", Sql::Text(submission.errors.clone())),
        ("campaign", Sql::Text(submission.campaign.clone())),
        ("customer_id", id(submission.customer)),
        ("assignee_id", id(submission.assignee)),
        ("token_hash", Sql::Text(submission.token_hash.clone())),
        ("expires_at", number(submission.expires_at)),
        ("confirmed_at", number(submission.confirmed_at)),
        ("consent", Sql::Text(submission.consent.clone())),
        ("consent_version", Sql::Text(submission.consent_version.clone())),
    ]
}

/// FNV-1a of 64 bits: it only has to gather what is likely equal, the texts themselves are compared.
fn hash(text: &str) -> i64 {
    let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    i64::from_ne_bytes(hash.to_ne_bytes())
}
