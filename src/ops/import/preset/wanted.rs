//! A made-ready row as what it wants of a record, and what goes with the record.

use crate::domain::country;
use crate::domain::field::{self, FieldType};
use crate::domain::input::{Assignment, Input};
use crate::domain::noun::Noun;
use crate::error::{Kind, Result};
use crate::ops::import::entry::{ADDRESS_CELL, Entry, NOTE_CELL, OPT_OUT_CELL, note_field};
use crate::ops::import::mapping::is_many;
use crate::ops::import::rows::{self, Wanted};
use crate::ops::typed::{self, Policy};
use crate::store::WriteTx;
use crate::wire::read::rows::Row;

use super::plan::Plan;

/// The parts of a further address, in the order in which the base keeps them.
const ADDRESS: [&str; 7] = [
    "label",
    "address",
    "district",
    "city",
    "region",
    "postal_code",
    "country",
];

/// What is wanted of one record.
#[derive(Debug, Default)]
pub(super) struct Request {
    pub(super) wanted: Wanted,
    /// What is to stand in the note, each as lines of its own.
    pub(super) notes: Vec<String>,
    /// Further addresses.
    pub(super) addresses: Vec<[String; 7]>,
    /// Channels on which the customer does not want to be reached.
    pub(super) opt_outs: Vec<String>,
}

impl Request {
    /// Reads what a row says of a record of `noun`; `set` is what every row gets.
    pub(super) fn read(noun: Noun, entry: Entry, set: &[Assignment]) -> Request {
        let mut request = Request::default();
        let mut currencies = Vec::new();
        let note = note_field(noun);
        for (name, input) in entry.cells {
            match (name.as_str(), input) {
                (NOTE_CELL, Input::Text(line)) => request.notes.push(line),
                (ADDRESS_CELL, parts) => {
                    let text = |name: &str| parts.part(name).and_then(Input::as_text).unwrap_or_default();
                    request.addresses.push(ADDRESS.map(|name| match name {
                        "country" => country::parse(text(name)).unwrap_or(text(name)).to_owned(),
                        name => text(name).to_owned(),
                    }));
                }
                (OPT_OUT_CELL, Input::Text(channel)) => request.opt_outs.push(channel),
                (name, Input::Text(text)) if Some(name) == note => request.notes.insert(0, text),
                ("currency", Input::Text(code)) => currencies.push((amount(noun).to_owned(), code)),
                (name, Input::Text(code)) if name.ends_with("_currency") => {
                    let amount = name.trim_end_matches("_currency");
                    currencies.push((amount.to_owned(), code));
                }
                (name, input) => request
                    .wanted
                    .assignments
                    .push((name.to_owned(), plain(noun, name, input))),
            }
        }
        for (name, code) in &currencies {
            if request.wanted.get(name).is_none() {
                request.notes.push(format!("Currency: {code}"));
            }
        }
        rows::pair_amounts(&mut request.wanted, &currencies);
        request.mark(note);
        for (name, input) in set {
            let name = field::find(noun, name).map_or(name.as_str(), |field| field.name);
            if Some(name) == note {
                request.notes.extend(input.as_text().map(str::to_owned));
                continue;
            }
            let many = field::find(noun, name).is_some_and(|field| is_many(field.kind));
            if !many && !name.contains('.') {
                request.wanted.drop(name);
            }
            request.wanted.assignments.push((name.to_owned(), input.clone()));
        }
        request
    }

    /// Gives the row what it is known by if nothing else identifies it: all that it says.
    fn mark(&mut self, note: Option<&'static str>) {
        let wanted = &mut self.wanted;
        let plain = wanted.assignments.len();
        if let Some(note) = note.filter(|_| !self.notes.is_empty()) {
            wanted
                .assignments
                .push((note.to_owned(), Input::Text(self.notes.join("\n"))));
        }
        wanted.mark = rows::mark(wanted);
        wanted.assignments.truncate(plain);
    }

    /// Moves what cannot be read as its field into the note, and says so; amounts and days of deals stay, and refuse the
    /// row.
    pub(super) fn weed(
        &mut self,
        tx: &WriteTx<'_>,
        noun: Noun,
        policy: &Policy,
        title: &dyn Fn(&str) -> String,
    ) -> Result<Vec<(String, String)>> {
        let mut weeds = Vec::new();
        for (name, input) in &self.wanted.assignments {
            let Some(found) = field::find(noun, name).filter(|field| is_exact(field.kind)) else {
                continue;
            };
            let counts = noun == Noun::Deal && matches!(found.kind, FieldType::Money | FieldType::Date);
            match typed::value(tx, noun, found, input, policy) {
                Err(error) if error.kind() == Kind::Invalid && !counts => {
                    weeds.push((found.name, text_of(input)));
                }
                other => {
                    other?;
                }
            }
        }
        let mut doubts = Vec::new();
        for (name, text) in weeds {
            self.wanted.drop(name);
            let title = title(name);
            self.notes.push(format!("{title}: {text}"));
            doubts.push((title, text));
        }
        Ok(doubts)
    }
}

/// The amount that a currency without a name belongs to.
fn amount(noun: Noun) -> &'static str {
    match noun {
        Noun::Customer => "annual_revenue",
        Noun::Product => "price",
        _ => "amount",
    }
}

/// An input in the form in which the field is typed by hand.
fn plain(noun: Noun, name: &str, input: Input) -> Input {
    let duration = field::find(noun, name).is_some_and(|field| field.kind == FieldType::Duration);
    match input {
        Input::Text(text) if duration && text.bytes().all(|byte| byte.is_ascii_digit()) => {
            Input::Text(format!("{text}s"))
        }
        input => input,
    }
}

/// True for fields whose values can be wrong.
fn is_exact(kind: FieldType) -> bool {
    matches!(
        kind,
        FieldType::Word(_)
            | FieldType::Integer
            | FieldType::Decimal
            | FieldType::Percent
            | FieldType::Money
            | FieldType::Bool
            | FieldType::Date
            | FieldType::Time
            | FieldType::Birthday
            | FieldType::Due
            | FieldType::Instant
            | FieldType::Duration
            | FieldType::Url
    )
}

/// What was written, as one text.
pub(super) fn text_of(input: &Input) -> String {
    match input {
        Input::Clear => String::new(),
        Input::Text(text) => text.clone(),
        Input::List(items) => items.iter().map(text_of).collect::<Vec<_>>().join("; "),
        Input::Map(parts) => {
            let texts: Vec<String> = parts.iter().map(|(_, input)| text_of(input)).collect();
            texts.join(" ")
        }
    }
}

/// The headers that feed a field of a record, as far as the row fills them.
pub(super) fn title(plan: &Plan, record: usize, row: &Row, field: &str) -> String {
    let columns = plan.columns_of(record, field).into_iter().filter(|at| {
        let cell = row.cells.get(*at).and_then(|(_, input)| input.as_text());
        cell.is_some_and(|text| !text.trim().is_empty())
    });
    let headers: Vec<&str> = columns
        .filter_map(|at| plan.columns.get(at).map(String::as_str))
        .collect();
    match headers.as_slice() {
        [] => {
            let mut letters = field.chars();
            let first = letters.next().map(|letter| letter.to_uppercase().to_string());
            first.unwrap_or_default() + letters.as_str()
        }
        headers => headers.join(", "),
    }
}
