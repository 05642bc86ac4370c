//! The values that templates may ask for.

use serde_json::{Value as Json, json};

use crate::domain::id::Id;
use crate::domain::noun::Noun;
use crate::error::{Error, Result};
use crate::ops::schema;
use crate::store::{ReadTx, customers, records};
use crate::wire::column::Column;
use crate::wire::json;
use crate::wire::mail::letter::Mailbox;

/// Words before a name that are no part of it; lower case.
const TITLES: &[&str] = &[
    "dr",
    "dr.",
    "prof",
    "prof.",
    "mr",
    "mr.",
    "mrs",
    "mrs.",
    "ms",
    "ms.",
    "miss",
    "herr",
    "frau",
    "dipl.-ing.",
    "ing.",
    "sir",
    "madame",
    "monsieur",
    "m.",
    "mme",
];

/// What a message to a customer, about a deal, may say: `customer`, `company`, `deal`, `user`, `today`.
///
/// # Errors
///
/// Whatever the store fails with.
pub(super) fn of(
    tx: &ReadTx<'_>,
    customer: Id,
    deal: Option<Id>,
    to: &Mailbox,
    from: &Mailbox,
) -> Result<Json> {
    let mut person = person(tx, customer)?;
    let is_person = !is_company(&person);
    if let Some(members) = person.as_object_mut() {
        members.insert("email".to_owned(), json!(to.address));
    }
    let company = match is_person {
        true => customers::employer(tx, customer)?.map(|employment| employment.company),
        false => Some(customer),
    };
    let company = match company {
        Some(company) => record(tx, Noun::Customer, company)?,
        None => Json::Null,
    };
    let deal = match deal {
        Some(deal) => record(tx, Noun::Deal, deal)?,
        None => Json::Null,
    };
    let mut user = record(tx, Noun::User, tx.caller().actor.id)?;
    if let Some(members) = user.as_object_mut() {
        members.insert("email".to_owned(), json!(from.address));
        if !from.name.is_empty() {
            members.insert("name".to_owned(), json!(from.name));
        }
    }
    Ok(json!({
        "customer": person,
        "company": company,
        "deal": deal,
        "user": user,
        "today": tx.caller().clock.today().to_string(),
    }))
}

/// A customer as programs read it, with what a person is called by friends and by the family; both empty for a company.
pub(crate) fn person(tx: &ReadTx<'_>, customer: Id) -> Result<Json> {
    let mut person = record(tx, Noun::Customer, customer)?;
    let name = person.get("name").and_then(Json::as_str).unwrap_or_default();
    let (first, last) = match is_company(&person) {
        true => (String::new(), String::new()),
        false => parts(name),
    };
    if let Some(members) = person.as_object_mut() {
        members.insert("first_name".to_owned(), json!(first));
        members.insert("last_name".to_owned(), json!(last));
    }
    Ok(person)
}

fn is_company(customer: &Json) -> bool {
    customer.get("type").and_then(Json::as_str) == Some("company")
}

/// A record as programs read it.
pub(crate) fn record(tx: &ReadTx<'_>, noun: Noun, id: Id) -> Result<Json> {
    let columns = schema::columns(tx, noun)?;
    let row = records::get(tx, noun, id, &columns)?;
    let row = row.ok_or_else(|| Error::not_found(noun, &id.uid()))?;
    let columns: Vec<Column> = columns
        .iter()
        .map(|column| Column::new(column.name.clone(), column.kind))
        .collect();
    Ok(json::record("", &columns, &row))
}

/// What a person is called by friends, and by the family; a name that is not in two parts is both.
fn parts(name: &str) -> (String, String) {
    if let Some((last, first)) = name.split_once(',') {
        return (first.trim().to_owned(), last.trim().to_owned());
    }
    let words: Vec<&str> = name
        .split_whitespace()
        .skip_while(|word| TITLES.contains(&word.to_lowercase().as_str()))
        .collect();
    match words.as_slice() {
        [first, .., last] => ((*first).to_owned(), (*last).to_owned()),
        [one] => ((*one).to_owned(), (*one).to_owned()),
        [] => (name.to_owned(), name.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_taken_apart() {
        for (name, first, last) in [
            ("Ann Lee", "Ann", "Lee"),
            ("Dr. Heike von Brandt", "Heike", "Brandt"),
            ("Lee, Ann", "Ann", "Lee"),
            ("张伟", "张伟", "张伟"),
            ("Ann", "Ann", "Ann"),
            ("Dr.", "Dr.", "Dr."),
        ] {
            assert_eq!(parts(name), (first.to_owned(), last.to_owned()), "{name}");
        }
    }
}
