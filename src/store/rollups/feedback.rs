//! How customers answer surveys: scores by how often they were given, and who was asked.

use std::collections::HashMap;

use rusqlite::params_from_iter;
use rusqlite::types::Value as Sql;

use crate::domain::noun::Noun;
use crate::domain::satisfaction::{Answers, SurveyType};
use crate::domain::when::period::Period;
use crate::error::Result;
use crate::query::plan::Condition;
use crate::store::feedback::surveys_of;
use crate::store::filter;
use crate::store::rollups::tallies::Sums;
use crate::store::rollups::{Group, Heading, Key};
use crate::store::tx::ReadTx;

/// What became of the surveys of one type in one group.
#[derive(Debug, Clone)]
pub struct Survey {
    /// How often somebody was asked in the period.
    pub sent: i64,
    /// How many of these have answered since.
    pub came: i64,
    /// The scores that came in the period, asked or not.
    pub answers: Answers,
}

impl Survey {
    /// Nothing yet.
    pub fn new(kind: SurveyType) -> Survey {
        Survey {
            sent: 0,
            came: 0,
            answers: Answers::new(kind),
        }
    }
}

/// What became of the surveys of a type, by groups in no order. Answers count by the day on which they came, and who was
/// asked by the day of that.
pub fn surveys(
    tx: &ReadTx<'_>,
    condition: &Condition,
    kind: SurveyType,
    period: Period,
    group: Group,
) -> Result<Vec<(Key, Heading, Survey)>> {
    let mut found: HashMap<Key, (Heading, Survey)> = HashMap::new();
    for day in ["r.answered_on", "r.sent_on"] {
        let mut bound = Vec::new();
        let sql = statement(tx, condition, (kind, period, group), day, &mut bound)?;
        let mut sums: Sums<Survey> = Sums::default();
        let counts_answers = day == "r.answered_on";
        tx.each_row(&sql, params_from_iter(&bound), |row| {
            let survey = sums.at(row.get_ref(0)?, || Survey::new(kind))?;
            let score: Option<i64> = row.get(1)?;
            match (counts_answers, score) {
                (true, Some(score)) => survey.answers.add(score, 1),
                (true, None) => {}
                (false, score) => {
                    survey.sent += 1;
                    survey.came += i64::from(score.is_some());
                }
            }
            Ok(())
        })?;
        for (key, heading, part) in sums.named(tx, group)? {
            let whole = found.entry(key).or_insert_with(|| (heading, Survey::new(kind)));
            whole.1.sent += part.sent;
            whole.1.came += part.came;
            if counts_answers {
                whole.1.answers = part.answers;
            }
        }
    }
    let found = found.into_iter();
    Ok(found
        .map(|(key, (heading, survey))| (key, heading, survey))
        .collect())
}

/// How satisfied customers are with the tickets that meet the condition, by who works on these, in no order: answers of the
/// period to surveys of type csat about them.
pub fn of_agents(
    tx: &ReadTx<'_>,
    condition: &Condition,
    period: Period,
) -> Result<Vec<(Key, Heading, Answers)>> {
    let mut bound = Vec::new();
    let chosen = filter::selection(tx, Noun::Ticket, condition, &mut bound)?;
    let mut sql = format!(
        "SELECT r.assignee_id, said.score FROM {} JOIN feedback AS said ON said.ticket_id = r.id
         WHERE {} AND r.deleted_at IS NULL AND said.deleted_at IS NULL AND said.score IS NOT NULL
           AND +said.survey_id IN (SELECT id FROM survey WHERE type = 'csat')",
        chosen.from, chosen.condition
    );
    for (operator, limit) in [(">=", period.from), ("<", period.to)] {
        if let Some(limit) = limit {
            sql.push_str(&format!(" AND said.answered_on {operator} ?"));
            bound.push(Sql::Text(limit.to_string()));
        }
    }
    let mut sums: Sums<Answers> = Sums::default();
    tx.each_row(&sql, params_from_iter(&bound), |row| {
        let answers = sums.at(row.get_ref(0)?, || Answers::new(SurveyType::Csat))?;
        answers.add(row.get(1)?, 1);
        Ok(())
    })?;
    sums.named(tx, Group::Assignee)
}

/// The group and the score of all that has a day in the period.
fn statement(
    tx: &ReadTx<'_>,
    condition: &Condition,
    (kind, period, group): (SurveyType, Period, Group),
    day: &str,
    bound: &mut Vec<Sql>,
) -> Result<String> {
    let chosen = filter::selection(tx, Noun::Feedback, condition, bound)?;
    let surveys: Vec<String> = surveys_of(tx, kind)?
        .into_iter()
        .map(|id| id.raw().to_string())
        .collect();
    let mut tests = vec![
        chosen.condition,
        "r.deleted_at IS NULL".to_owned(),
        format!("+r.survey_id IN ({})", surveys.join(", ")),
        format!("{day} IS NOT NULL"),
    ];
    for (operator, limit) in [(">=", period.from), ("<", period.to)] {
        if let Some(limit) = limit {
            tests.push(format!("{day} {operator} ?"));
            bound.push(Sql::Text(limit.to_string()));
        }
    }
    Ok(format!(
        "SELECT {}, r.score FROM {} WHERE {}",
        key(group, day),
        chosen.from,
        tests.join(" AND ")
    ))
}

/// The expression whose values are the groups.
fn key(group: Group, day: &str) -> String {
    let of_customer = |column: &str| {
        format!("(SELECT nullif(c.{column}, '') FROM customer AS c WHERE c.id = r.customer_id)")
    };
    match group {
        Group::Owner => "r.owner_id".to_owned(),
        Group::Team => "(SELECT team_id FROM user WHERE id = r.owner_id)".to_owned(),
        Group::Survey => "r.survey_id".to_owned(),
        Group::Customer => "r.customer_id".to_owned(),
        Group::Assignee => "(SELECT assignee_id FROM ticket WHERE id = r.ticket_id)".to_owned(),
        Group::Source => of_customer("source"),
        Group::Level => of_customer("level"),
        Group::Channel => "nullif(r.channel, '')".to_owned(),
        Group::Month => format!("substr({day}, 1, 7)"),
        Group::Quarter => {
            format!("substr({day}, 1, 5) || 'Q' || ((CAST(substr({day}, 6, 2) AS INTEGER) + 2) / 3)")
        }
        _ => "NULL".to_owned(),
    }
}
