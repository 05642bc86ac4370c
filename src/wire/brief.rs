//! A brief as JSON. The shape is fixed: every key is always there, unknown is null, a list without entries is `[]`.

use jiff::civil::Date;
use serde_json::{Value as Json, json};

use crate::domain::field::FieldType;
use crate::domain::money::Money;
use crate::domain::value::{Link, Value};
use crate::report::brief::{Ask, Brief};
use crate::wire::json::{self as wire, Options};

/// The object. `words` gives the question and its reason for each thing to ask.
pub fn brief(brief: &Brief, words: impl Fn(&Ask) -> (String, String)) -> Json {
    let numbers = &brief.numbers;
    let mut who = serde_json::Map::new();
    for (name, value, kind) in &brief.who {
        who.insert((*name).to_owned(), wire::value(value, *kind, Options::default()));
    }
    let people = brief
        .people
        .iter()
        .map(|(one, what)| json!({"customer": link(Some(one)), "what": known(what)}));
    let contacts = brief.contacts.iter().map(|contact| {
        json!({
            "id": contact.activity.reference().to_string(),
            "at": typed(&Value::Instant(contact.at)),
            "type": contact.kind,
            "direction": known(&contact.direction),
            "outcome": known(&contact.outcome),
            "text": contact.activity.name,
            "with": link(contact.with.as_ref()),
            "owner": known(&contact.by),
        })
    });
    let open = brief.open.iter().map(|open| {
        json!({
            "kind": open.record.noun.name(),
            "id": open.record.reference().to_string(),
            "name": open.record.name,
            "what": known(&open.kind),
            "due": open.due.as_ref().map_or(Json::Null, typed),
            "overdue": open.is_overdue,
            "amount": money(open.amount),
            "next": link(open.next.as_ref()),
        })
    });
    let ask = brief.ask.iter().map(|ask| {
        let (question, reason) = words(ask);
        json!({
            "rule": ask.rule.name(),
            "about": link(ask.about.as_ref()),
            "day": day(ask.day),
            "question": question,
            "reason": reason,
        })
    });
    json!({
        "kind": "brief",
        "as_of": typed(&Value::Instant(brief.as_of)),
        "customer": link(Some(&brief.customer)),
        "about": link(brief.about.as_ref()),
        "who": who,
        "parties": brief.parties.iter().map(|party| link(Some(party))).collect::<Vec<_>>(),
        "people": people.collect::<Vec<_>>(),
        "numbers": {
            "known_since": day(numbers.known_since),
            "customer_since": day(numbers.customer_since),
            "won": numbers.won,
            "lost": numbers.lost,
            "open": numbers.open,
            "won_amount": money(numbers.won_amount),
            "open_amount": money(numbers.open_amount),
            "contacts": numbers.contacts,
            "last_contact": day(numbers.last_contact),
            "quiet_on": day(numbers.quiet_on),
        },
        "contacts": contacts.collect::<Vec<_>>(),
        "open": open.collect::<Vec<_>>(),
        "ask": ask.collect::<Vec<_>>(),
    })
}

fn typed(value: &Value) -> Json {
    wire::value(value, FieldType::Text, Options::default())
}

fn known(text: &str) -> Json {
    typed(&Value::text(text))
}

fn link(link: Option<&Link>) -> Json {
    link.map_or(Json::Null, |link| typed(&Value::Link(link.clone())))
}

fn day(day: Option<Date>) -> Json {
    day.map_or(Json::Null, |day| typed(&Value::Date(day)))
}

fn money(money: Option<Money>) -> Json {
    money.map_or(Json::Null, |money| typed(&Value::Money(money)))
}
