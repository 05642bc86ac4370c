//! The rows of surveys and feedback.

use jiff::civil::Date;
use rusqlite::types::Value as Sql;

use crate::domain::feedback::{self, Status};
use crate::domain::id::Id;
use crate::domain::satisfaction::{SurveyType, Verdict};
use crate::error::{Error, Result};
use crate::store::keep;
use crate::store::tx::{ReadTx, WriteTx};

/// A survey, also one in the trash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Survey {
    /// The row.
    pub id: Id,
    /// Its name.
    pub key: String,
    /// What is measured.
    pub kind: SurveyType,
    /// Whether customers are asked.
    pub active: bool,
}

/// Feedback, also that in the trash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Feedback {
    /// The row.
    pub id: Id,
    /// The sort.
    pub kind: String,
    /// The survey.
    pub survey: Option<Id>,
    /// The score.
    pub score: Option<i64>,
    /// The customer who says it.
    pub customer: Option<Id>,
    /// The ticket that it is about, or that was made of it.
    pub ticket: Option<Id>,
    /// How far it is dealt with.
    pub status: Status,
    /// The day on which the customer was asked.
    pub sent_on: Option<Date>,
    /// The day on which it came.
    pub answered_on: Option<Date>,
    /// What was done about it.
    pub action: String,
    /// Free text of ours.
    pub note: String,
}

/// The survey with this identity.
pub fn survey(tx: &ReadTx<'_>, id: Id) -> Result<Option<Survey>> {
    let row: Option<(String, String, bool)> = tx.one(
        "SELECT key, type, active FROM survey WHERE id = ?1",
        [id.raw()],
        |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
    )?;
    let Some((key, word, active)) = row else {
        return Ok(None);
    };
    let kind = SurveyType::parse(&word)
        .ok_or_else(|| Error::internal(format!("the base holds a type of survey {word:?}")))?;
    Ok(Some(Survey {
        id,
        key,
        kind,
        active,
    }))
}

/// The surveys of a type, also those in the trash.
pub fn surveys_of(tx: &ReadTx<'_>, kind: SurveyType) -> Result<Vec<Id>> {
    tx.all(
        "SELECT id FROM survey WHERE type = ?1 ORDER BY id",
        [kind.name()],
        |row| Ok(Id::from_raw(row.get(0)?)),
    )
}

/// The surveys of a type that are asked, each with what it is about.
pub fn asked_of(tx: &ReadTx<'_>, kind: SurveyType) -> Result<Vec<(String, Survey)>> {
    tx.all(
        "SELECT about, id, key FROM survey WHERE type = ?1 AND active AND deleted_at IS NULL ORDER BY key",
        [kind.name()],
        |row| {
            let survey = Survey {
                id: Id::from_raw(row.get(1)?),
                key: row.get(2)?,
                kind,
                active: true,
            };
            Ok((row.get(0)?, survey))
        },
    )
}

/// How much feedback a survey has, the trash too; and how much of it has a score.
pub fn uses(tx: &ReadTx<'_>, survey: Id) -> Result<(i64, i64)> {
    let counts = tx.one(
        "SELECT count(*), count(score) FROM feedback WHERE survey_id = ?1",
        [survey.raw()],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    Ok(counts.unwrap_or_default())
}

/// Lets every form that asks the survey `old` ask it by its new name, also those in the trash.
pub(crate) fn rename_in_forms(tx: &WriteTx<'_>, old: &str, new: &str) -> Result<()> {
    let forms: Vec<i64> = tx.all("SELECT id FROM form WHERE survey = ?1", [old], |row| row.get(0))?;
    for form in forms {
        tx.update(
            "form",
            Id::from_raw(form),
            vec![("survey", Sql::Text(new.to_owned()))],
        )?;
    }
    Ok(())
}

/// The feedback with this identity.
pub fn get(tx: &ReadTx<'_>, id: Id) -> Result<Option<Feedback>> {
    type Row = (String, [Option<i64>; 4], String, [Option<String>; 2], [String; 2]);
    let row: Option<Row> = tx.one(
        "SELECT type, survey_id, score, customer_id, ticket_id, status, sent_on, answered_on, action, note
         FROM feedback WHERE id = ?1",
        [id.raw()],
        |row| {
            Ok((
                row.get(0)?,
                [row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?],
                row.get(5)?,
                [row.get(6)?, row.get(7)?],
                [row.get(8)?, row.get(9)?],
            ))
        },
    )?;
    let Some((kind, [survey, score, customer, ticket], status, [sent_on, answered_on], [action, note])) = row
    else {
        return Ok(None);
    };
    let day = |text: Option<String>| text.as_deref().map(keep::date).transpose();
    Ok(Some(Feedback {
        id,
        kind,
        survey: survey.map(Id::from_raw),
        score,
        customer: customer.map(Id::from_raw),
        ticket: ticket.map(Id::from_raw),
        status: Status::parse(&status)
            .ok_or_else(|| Error::internal(format!("the base holds a status {status:?}")))?,
        sent_on: day(sent_on)?,
        answered_on: day(answered_on)?,
        action,
        note,
    }))
}

/// The feedback that a customer was asked for by a survey and has not given yet, the latest.
pub fn asked(tx: &ReadTx<'_>, survey: Id, customer: Id) -> Result<Option<Id>> {
    tx.one(
        "SELECT id FROM feedback WHERE customer_id = ?1 AND +survey_id = ?2 AND answered_on IS NULL AND deleted_at IS NULL
         ORDER BY id DESC LIMIT 1",
        [customer.raw(), survey.raw()],
        |row| Ok(Id::from_raw(row.get(0)?)),
    )
}

/// The feedback that somebody was asked for by a survey about a ticket and has not given yet, the latest.
pub fn asked_about(tx: &ReadTx<'_>, survey: Id, ticket: Id) -> Result<Option<Id>> {
    tx.one(
        "SELECT id FROM feedback WHERE ticket_id = ?1 AND +survey_id = ?2 AND answered_on IS NULL AND deleted_at IS NULL
         ORDER BY id DESC LIMIT 1",
        [ticket.raw(), survey.raw()],
        |row| Ok(Id::from_raw(row.get(0)?)),
    )
}

/// A day that feedback has because of what was done with it.
pub(crate) fn stamp(status: Status) -> Option<&'static str> {
    match status {
        Status::New => None,
        Status::Acknowledged => Some("acknowledged_on"),
        Status::Acted => Some("acted_on"),
        Status::Closed => Some("closed_on"),
    }
}

/// The columns by which feedback gets a status on a day. What is new again forgets what was done.
pub(crate) fn placed(status: Status, day: Date) -> Vec<(&'static str, Sql)> {
    let mut columns = vec![("status", Sql::Text(status.name().to_owned()))];
    match stamp(status) {
        Some(column) => columns.push((column, Sql::Text(day.to_string()))),
        None => {
            columns.extend(["acknowledged_on", "acted_on", "closed_on"].map(|column| (column, Sql::Null)));
        }
    }
    columns
}

/// Gives feedback a status on a day.
pub(crate) fn place(tx: &WriteTx<'_>, id: Id, status: Status, day: Date) -> Result<()> {
    tx.update("feedback", id, placed(status, day)).map(drop)
}

/// Says what was done about feedback.
pub(crate) fn set_action(tx: &WriteTx<'_>, id: Id, action: String) -> Result<()> {
    let columns = vec![("action", Sql::Text(action))];
    tx.update("feedback", id, columns).map(drop)
}

/// Brings the name, the verdict and since when it waits up to date.
pub(crate) fn keep(tx: &WriteTx<'_>, id: Id) -> Result<()> {
    type Row = (
        String,
        [Option<String>; 2],
        Option<i64>,
        String,
        String,
        Option<String>,
    );
    let row: Option<Row> = tx.one(
        "SELECT f.type, s.key, s.type, f.score, f.comment, f.status, f.answered_on
         FROM feedback AS f LEFT JOIN survey AS s ON s.id = f.survey_id WHERE f.id = ?1",
        [id.raw()],
        |row| {
            Ok((
                row.get(0)?,
                [row.get(1)?, row.get(2)?],
                row.get(3)?,
                row.get(4)?,
                row.get(5)?,
                row.get(6)?,
            ))
        },
    )?;
    let Some((kind, [survey, measured], score, comment, status, answered_on)) = row else {
        return Ok(());
    };
    let measured = measured.as_deref().and_then(SurveyType::parse);
    let verdict = measured
        .zip(score)
        .and_then(|(measured, score)| Verdict::of(measured, score));
    let name = feedback::name(&kind, survey.as_deref(), score, &comment);
    let is_waiting =
        Status::parse(&status).is_some_and(|status| feedback::is_waiting(&kind, verdict, status));
    let waiting_on = answered_on.filter(|_| is_waiting);
    let columns = [
        ("name", Sql::Text(name)),
        (
            "verdict",
            Sql::Text(verdict.map(Verdict::name).unwrap_or_default().to_owned()),
        ),
        ("waiting_on", waiting_on.map_or(Sql::Null, Sql::Text)),
    ];
    tx.keep("feedback", id, &columns)
}

/// The feedback of a survey, the trash too.
pub(crate) fn of_survey(tx: &ReadTx<'_>, survey: Id) -> Result<Vec<Id>> {
    tx.all(
        "SELECT id FROM feedback WHERE survey_id = ?1",
        [survey.raw()],
        |row| Ok(Id::from_raw(row.get(0)?)),
    )
}
