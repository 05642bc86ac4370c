//! A made-ready row as what it wants of a record, and what goes with the record.

use crate::domain::country;
use crate::domain::field::{self, Field, FieldType};
use crate::domain::id::Id;
use crate::domain::input::{Assignment, Input};
use crate::domain::noun::Noun;
use crate::domain::value::Value;
use crate::domain::when::Leaning;
use crate::error::{Kind, Result};
use crate::ops::import::entry::{
    ADDRESS_CELL, DEAD_CELL, Entry, FIELD, LINE, MAPPED, NOTE_CELL, OPT_OUT_CELL, PLACE_CELL, SAID,
    note_field,
};
use crate::ops::import::mapping::is_many;
use crate::ops::import::rows::{self, Wanted};
use crate::ops::typed::{self, Policy};
use crate::store::{WriteTx, activities, users};
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
    /// Channels whose addresses do not work.
    pub(super) dead: Vec<String>,
    /// Where a deal is, in the words of the file.
    pub(super) places: Vec<Place>,
    /// The day when a deal closed, or when it should.
    pub(super) closes_on: Option<String>,
    /// The day on which a deal came into its stage.
    pub(super) stage_since: Option<String>,
    /// When the record was made.
    pub(super) created_at: Option<String>,
    /// Lines that would stand in the note if what they name were not there.
    pub(super) met: Vec<String>,
    /// Identities of a record whose noun has no field for them: system and value.
    pub(super) identities: Vec<(String, String)>,
}

/// The pipeline or the stage of a deal, as a file says it.
#[derive(Debug)]
pub(super) struct Place {
    pub(super) field: String,
    pub(super) said: String,
    /// What the preset takes it for, where the base does not know it.
    pub(super) mapped: Option<String>,
    /// The line of the note.
    pub(super) line: String,
}

impl Place {
    fn of(parts: &Input) -> Place {
        let text = |name: &str| parts.part(name).and_then(Input::as_text).map(str::to_owned);
        Place {
            field: text(FIELD).unwrap_or_default(),
            said: text(SAID).unwrap_or_default(),
            mapped: text(MAPPED),
            line: text(LINE).unwrap_or_default(),
        }
    }
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
                (DEAD_CELL, Input::Text(channel)) => request.dead.push(channel),
                (PLACE_CELL, parts) => request.places.push(Place::of(&parts)),
                ("closes_on", Input::Text(day)) => request.closes_on = Some(day),
                ("stage_since", Input::Text(day)) => request.stage_since = Some(day),
                ("created_at", Input::Text(at)) => request.created_at = Some(at),
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

    /// Takes out the identities of a record whose noun has no field for them.
    pub(super) fn take_identities(&mut self, noun: Noun) {
        if field::find(noun, "external_ids").is_some() {
            return;
        }
        for (_, text) in self.wanted.texts("external_ids") {
            let named = text.split_once(':');
            self.identities
                .extend(named.map(|(system, value)| (system.to_owned(), value.to_owned())));
        }
        self.wanted.drop("external_ids");
    }

    /// Lets what is about a deal alone be about its customer as well.
    pub(super) fn follow_deal(&mut self, tx: &WriteTx<'_>) -> Result<()> {
        let is_alone = self.wanted.get("customer").is_none() && self.wanted.get("people").is_none();
        let deal = self
            .wanted
            .text("deal")
            .filter(|_| is_alone)
            .and_then(Id::parse_uid);
        if let Some(deal) = deal
            && let Some(customer) = activities::customer_of_deal(tx, deal)?
        {
            self.wanted.fallback("customer", &customer.uid());
        }
        Ok(())
    }

    /// Takes whom an activity was with out of those who took part besides.
    pub(super) fn tell_people_once(&mut self) {
        let Some(with) = self.wanted.get("customer").cloned() else {
            return;
        };
        for (name, input) in &mut self.wanted.assignments {
            if let (true, Input::List(people)) = (name == "people", input) {
                people.retain(|one| *one != with);
            }
        }
        let is_none = |input: &Input| matches!(input, Input::List(people) if people.is_empty());
        self.wanted
            .assignments
            .retain(|(name, input)| name != "people" || !is_none(input));
    }

    /// Lets a task that is done have been done when it was due, if the file does not say when it was.
    pub(super) fn end_when_due(&mut self, tx: &WriteTx<'_>) -> Result<()> {
        let is_done = self.wanted.text("status") == Some("done") && self.wanted.get("completed_at").is_none();
        let due = self.wanted.text("due").filter(|_| is_done).map(str::to_owned);
        let Some(due) = due else { return Ok(()) };
        let now = tx.caller().clock.now();
        match typed::scalar(tx, "due", FieldType::Instant, &due, Leaning::Past) {
            Ok(Value::Instant(at)) if at <= now => self.wanted.fallback("completed_at", &due),
            _ => {}
        }
        Ok(())
    }

    /// When the record was made, in milliseconds since 1970; none if the file does not say it, or says what cannot be.
    pub(super) fn made_at(&self, tx: &WriteTx<'_>) -> Option<i64> {
        let text = self.created_at.as_deref()?;
        match typed::scalar(tx, "created_at", FieldType::Instant, text, Leaning::Past) {
            Ok(Value::Instant(at)) if at <= tx.caller().clock.now() => Some(at.as_millisecond()),
            _ => None,
        }
    }

    /// Moves what cannot be the moment when a record was made into the note, and says so.
    pub(super) fn weed_created_at(
        &mut self,
        tx: &WriteTx<'_>,
        title: &dyn Fn(&str) -> String,
    ) -> Option<(String, String)> {
        if self.made_at(tx).is_some() {
            return None;
        }
        let text = self.created_at.take()?;
        let title = title("created_at");
        self.notes.push(format!("{title}: {text}"));
        Some((title, text))
    }

    /// True if a user who has left would have to look after the record: what is done with keeps the name.
    pub(super) fn cannot_belong_to(
        &self,
        tx: &WriteTx<'_>,
        noun: Noun,
        field: &Field,
        user: Id,
    ) -> Result<bool> {
        let is_done = match noun {
            Noun::Task => matches!(self.wanted.text("status"), Some("done" | "cancelled")),
            Noun::Ticket => matches!(self.wanted.text("status"), Some("closed" | "cancelled")),
            Noun::Deal => self.wanted.get("closed_on").is_some(),
            Noun::Activity => true,
            _ => false,
        };
        Ok(!is_done && matches!(field.name, "owner" | "assignee") && users::is_disabled(tx, user)?)
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
        for place in &self.places {
            let said = (place.field.clone(), Input::text(place.said.as_str()));
            wanted.assignments.push(said);
        }
        let day = self.closes_on.as_deref().map(Input::text);
        wanted
            .assignments
            .extend(day.map(|day| ("closes_on".to_owned(), day)));
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
