//! A row as what it wants: assignments of fields, without what is blank.

use jiff::Timestamp;

use crate::domain::customer;
use crate::domain::field::{self, FieldType};
use crate::domain::fold::is_han;
use crate::domain::id::Id;
use crate::domain::input::{Assignment, Input};
use crate::domain::noun::Noun;
use crate::domain::value::Value;
use crate::error::{Error, Result};
use crate::ops::{list, typed};
use crate::store::records::{self, Selected};
use crate::store::{ReadTx, WriteTx, fields};
use crate::wire::read::json;
use crate::wire::read::rows::Row;

use super::Request;
use super::mapping::{Mapping, Target, is_many};

/// What a row wants.
#[derive(Debug, Default)]
pub(super) struct Wanted {
    /// Fields and their values; nothing blank.
    pub(super) assignments: Vec<Assignment>,
    /// Identities in the file's own system.
    pub(super) external_ids: Vec<String>,
    /// What the program keeps of a record, by the name of its field.
    pub(super) kept: Vec<(&'static str, Input)>,
    /// Stands for the row: two rows that say the same have the same mark.
    pub(super) mark: String,
    /// The type of customer that the row itself shows.
    pub(super) kind: Option<&'static str>,
}

impl Wanted {
    /// The first value for a field.
    pub(super) fn get(&self, name: &str) -> Option<&Input> {
        self.assignments
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, input)| input)
    }

    /// The text for a field.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.get(name).and_then(Input::as_text).map(str::trim)
    }

    /// What the program keeps.
    pub(super) fn kept(&self, name: &str) -> Option<&Input> {
        self.kept
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, input)| input)
    }

    /// The text of what the program keeps.
    pub(super) fn kept_text(&self, name: &str) -> Option<&str> {
        self.kept(name).and_then(Input::as_text).map(str::trim)
    }

    /// The uid, if the row has one.
    pub(super) fn uid(&self) -> Option<Id> {
        self.kept_text("uid").and_then(Id::parse_uid)
    }

    /// An instant that the program keeps, in milliseconds since 1970.
    pub(super) fn instant(&self, name: &str) -> Option<i64> {
        let at: Timestamp = self.kept_text(name)?.parse().ok()?;
        Some(at.as_millisecond())
    }

    /// True for a row of a full export: it says who the record is and how often it was changed.
    pub(super) fn is_full(&self) -> bool {
        self.uid().is_some() && self.kept("version").is_some()
    }

    /// Sets a field unless the row does.
    pub(super) fn fallback(&mut self, name: &str, text: &str) {
        if self.get(name).is_none() {
            self.assignments.push((name.to_owned(), Input::text(text)));
        }
    }

    /// Takes all assignments of a field away, those to its parts too.
    pub(super) fn drop(&mut self, name: &str) {
        self.assignments.retain(|(known, _)| !is_of(known, name));
    }

    /// All texts for a field with several values, those for its parts too: part and text.
    pub(super) fn texts(&self, name: &str) -> Vec<(Option<&str>, String)> {
        let mut all = Vec::new();
        for (known, input) in self.assignments.iter().filter(|(known, _)| is_of(known, name)) {
            let part = known.split_once('.').map(|(_, part)| part);
            // What cannot be read is refused when it is written.
            let texts = crate::ops::draft::texts(name, input).unwrap_or_default();
            all.extend(texts.into_iter().map(|text| (part, text)));
        }
        all
    }
}

/// True if `known` is the field `name` or one of its parts.
fn is_of(known: &str, name: &str) -> bool {
    known
        .strip_prefix(name)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// Refuses fields for every row that do not exist.
pub(super) fn check_set(tx: &WriteTx<'_>, request: &Request) -> Result<()> {
    for (name, _) in &request.set {
        let head = name.split('.').next().unwrap_or(name);
        let custom = match name.strip_prefix("fields.") {
            Some(key) => fields::custom(tx, request.noun, key)?.is_some(),
            None => false,
        };
        if !custom && field::find(request.noun, head).is_none() {
            list::column(tx, request.noun, name)?;
        }
    }
    Ok(())
}

/// Reads a row.
///
/// # Errors
///
/// `Invalid` if the row is about another kind of record.
pub(super) fn read(
    tx: &ReadTx<'_>,
    mapping: &mut Mapping,
    request: &Request,
    row: &Row,
    json: bool,
) -> Result<Wanted> {
    let mut wanted = Wanted::default();
    let mut currencies: Vec<(String, String)> = Vec::new();
    let mut names = [None, None];
    for (column, input) in &row.cells {
        if is_blank(input) {
            // Still, the column is met, and reported if it feeds nothing. A list that is said to be empty is news of what
            // else would be put together from other fields.
            if let (Target::Kept(name), Input::List(_)) = (mapping.target(tx, column)?, input) {
                wanted.kept.push((name, input.clone()));
            }
            continue;
        }
        let text = input.as_text().map(str::trim);
        match mapping.target(tx, column)? {
            Target::Field(name, kind) => wanted.assignments.push((name, plain(input, kind, json))),
            Target::CustomFields => custom_fields(tx, mapping, &mut wanted, input, json)?,
            Target::Currency(name) => currencies.extend(text.map(|code| (name, code.to_owned()))),
            Target::GivenName => names[0] = text,
            Target::FamilyName => names[1] = text,
            Target::ExternalId => wanted.external_ids.extend(text.map(str::to_owned)),
            Target::Kept(name) => wanted.kept.push((name, parts(request.noun, name, input))),
            Target::Kind => check_kind(request.noun, text.unwrap_or_default())?,
            Target::Nothing | Target::Unknown => {}
        }
    }
    pair_amounts(&mut wanted, &currencies);
    join_name(&mut wanted, names);
    if request.noun == Noun::Customer {
        show_type(&mut wanted, request.kind);
    }
    adopt_foreign_id(request.noun, &mut wanted);
    wanted.mark = mark(&wanted);
    for (name, input) in &request.set {
        let canonical = canonical(request.noun, name);
        let many = field::find(request.noun, &canonical).is_some_and(|field| is_many(field.kind));
        if !many && !canonical.contains('.') {
            wanted.drop(&canonical);
        }
        wanted.assignments.push((canonical, input.clone()));
    }
    Ok(wanted)
}

/// The canonical name of a field, also before a part.
fn canonical(noun: Noun, name: &str) -> String {
    if let Some(found) = field::find(noun, name) {
        return found.name.to_owned();
    }
    match name.split_once('.') {
        Some((head, part)) if head != "fields" => match field::find(noun, head) {
            Some(found) => format!("{}.{part}", found.name),
            None => name.to_owned(),
        },
        _ => name.to_owned(),
    }
}

fn check_kind(noun: Noun, kind: &str) -> Result<()> {
    match Noun::parse(kind) {
        Some(other) if other != noun => {
            Err(Error::invalid("kind", format!("this is a {other}, not a {noun}")))
        }
        _ => Ok(()),
    }
}

fn custom_fields(
    tx: &ReadTx<'_>,
    mapping: &mut Mapping,
    wanted: &mut Wanted,
    input: &Input,
    json: bool,
) -> Result<()> {
    let Input::Map(parts) = input else { return Ok(()) };
    for (key, input) in parts {
        if let Target::Field(name, kind) = mapping.target(tx, &format!("fields.{key}"))?
            && !is_blank(input)
        {
            wanted.assignments.push((name, plain(input, kind, json)));
        }
    }
    Ok(())
}

/// What the program keeps, as JSON has it: a cell of text holds named parts as JSON too.
fn parts(noun: Noun, name: &str, input: &Input) -> Input {
    let is_parts = field::find(noun, name).is_some_and(|field| field.kind == FieldType::Parts);
    match input.as_text() {
        Some(text) if is_parts => json::parse(text).unwrap_or_else(|_| input.clone()),
        _ => input.clone(),
    }
}

/// An input in the form in which the field is typed by hand.
fn plain(input: &Input, kind: FieldType, json: bool) -> Input {
    let Input::Text(text) = input else {
        return input.clone();
    };
    let text = text.trim();
    match kind {
        // JSON has shares of one: 1 is certainty, not one percent.
        FieldType::Percent if json && matches!(text, "1" | "1.0") => Input::text("100"),
        // Our own formats write seconds.
        FieldType::Duration if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) => {
            Input::text(format!("{text}s"))
        }
        // In a JSON text of several values, each is its own.
        FieldType::Emails
        | FieldType::Phones
        | FieldType::Handles
        | FieldType::Tags
        | FieldType::Choices(_)
            if json =>
        {
            Input::List(vec![Input::text(text)])
        }
        // Our own tables write several values as JSON where one of them contains a separator.
        kind if is_many(kind) && text.starts_with("[\"") => match json::parse(text) {
            Ok(list @ Input::List(_)) => list,
            _ => input.clone(),
        },
        _ => input.clone(),
    }
}

/// Gives amounts the currency that stands in a column of its own.
pub(super) fn pair_amounts(wanted: &mut Wanted, currencies: &[(String, String)]) {
    for (name, input) in &mut wanted.assignments {
        let code = currencies.iter().find(|(of, _)| of == name);
        if let (Some((_, code)), Input::Text(amount)) = (code, &*input) {
            *input = Input::Map(vec![
                ("amount".to_owned(), Input::text(amount.as_str())),
                ("currency".to_owned(), Input::text(code.to_uppercase())),
            ]);
        }
    }
}

/// Joins the parts of a name as people of the language write it.
fn join_name(wanted: &mut Wanted, names: [Option<&str>; 2]) {
    let name = match names {
        [Some(given), Some(family)] if family.chars().any(is_han) => format!("{family}{given}"),
        [Some(given), Some(family)] => format!("{given} {family}"),
        [Some(name), None] | [None, Some(name)] => name.to_owned(),
        [None, None] => return,
    };
    wanted.fallback("name", &name);
}

/// In a file of people with their companies, a row without a person is a company.
fn show_type(wanted: &mut Wanted, said: Option<&str>) {
    let named = wanted.text("name").is_some();
    let company = wanted.text("company").map(str::to_owned);
    match company {
        Some(company) if !named && said.is_none() && wanted.get("type").is_none() => {
            wanted.drop("company");
            wanted.fallback("name", &company);
            wanted.kind = Some("company");
        }
        Some(_) if said.is_none() => wanted.kind = Some("person"),
        _ => {}
    }
}

/// An `id` or `uid` that is none of ours is an identity in the system of the file.
fn adopt_foreign_id(noun: Noun, wanted: &mut Wanted) {
    let foreign = |name: &str, text: &str| match name {
        "id" => crate::domain::id::Ref::parse(text).is_none_or(|reference| reference.noun != noun),
        "uid" => Id::parse_uid(text).is_none(),
        _ => false,
    };
    let mut ids = Vec::new();
    wanted.kept.retain(|(name, input)| match input.as_text() {
        Some(text) if foreign(name, text.trim()) => {
            ids.push(text.trim().to_owned());
            false
        }
        _ => true,
    });
    wanted.external_ids.extend(ids);
}

/// True if nothing is given.
pub(super) fn is_blank(input: &Input) -> bool {
    match input {
        Input::Clear => true,
        Input::Text(text) => text
            .chars()
            .all(|letter| letter.is_whitespace() || letter == '\0'),
        Input::List(items) => items.iter().all(is_blank),
        Input::Map(parts) => parts.iter().all(|(_, input)| is_blank(input)),
    }
}

/// Roughly how many bytes an input takes.
pub(super) fn size(input: &Input) -> usize {
    match input {
        Input::Clear => 8,
        Input::Text(text) => text.len() + 24,
        Input::List(items) => items.iter().map(size).sum::<usize>() + 24,
        Input::Map(parts) => {
            let parts = parts.iter().map(|(name, input)| name.len() + 24 + size(input));
            parts.sum::<usize>() + 24
        }
    }
}

/// A name that tells people which row is meant.
pub(super) fn name_in(row: &Row) -> String {
    let named = |wanted: &[&str]| {
        row.cells
            .iter()
            .filter(|(column, _)| wanted.contains(&column.to_lowercase().as_str()))
            .find_map(|(_, input)| input.as_text().filter(|text| !text.trim().is_empty()))
    };
    let first = || {
        row.cells
            .iter()
            .find_map(|(_, input)| input.as_text().filter(|text| !text.trim().is_empty()))
    };
    named(&["name", "title", "key"])
        .or_else(first)
        .unwrap_or_default()
        .trim()
        .to_owned()
}

/// 128 bits that stand for what a row says, whatever the order of its columns (FNV-1a).
pub(super) fn mark(wanted: &Wanted) -> String {
    const BASIS: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
    const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013b;
    let mut lines: Vec<String> = wanted
        .assignments
        .iter()
        .map(|(name, input)| {
            let mut line = format!("{name}=");
            write(input, &mut line);
            line
        })
        .collect();
    lines.sort_unstable();
    let mut hash = BASIS;
    for line in lines {
        for byte in line.bytes().chain([0]) {
            hash = (hash ^ u128::from(byte)).wrapping_mul(PRIME);
        }
    }
    format!("{hash:032x}")
}

fn write(input: &Input, line: &mut String) {
    match input {
        Input::Clear => {}
        Input::Text(text) => line.push_str(text.trim()),
        Input::List(items) => {
            for item in items {
                write(item, line);
                line.push('\u{1e}');
            }
        }
        Input::Map(parts) => {
            for (name, input) in parts {
                line.push_str(name);
                line.push('\u{1f}');
                write(input, line);
                line.push('\u{1e}');
            }
        }
    }
}

/// Takes out of an update what must not change: a lifecycle that would go backward, and, where a row of the same
/// file was about the record before (`again`), every single value that is there.
pub(super) fn prepare_update(
    tx: &ReadTx<'_>,
    noun: Noun,
    id: Id,
    wanted: &mut Wanted,
    again: bool,
) -> Result<()> {
    let full = wanted.is_full();
    let mut names: Vec<String> = Vec::new();
    for (name, _) in &wanted.assignments {
        let single = field::find(noun, name).is_none_or(|field| !is_many(field.kind)) && !is_part(name);
        let asked = match name.as_str() {
            "lifecycle" => true,
            // The employer has a title of its own; only a different one is news.
            "title" | "company" if full => true,
            // To say what is so already is no wish to keep it so, whatever the stage.
            "probability" | "category" => noun == Noun::Deal,
            _ => again && single,
        };
        if asked && !names.contains(name) {
            names.push(name.clone());
        }
    }
    if names.is_empty() {
        return Ok(());
    }
    let columns: Vec<Selected> = names
        .iter()
        .map(|name| list::column(tx, noun, name))
        .collect::<Result<_>>()?;
    let Some(values) = records::get(tx, noun, id, &columns)? else {
        return Ok(());
    };
    for (name, value) in names.iter().zip(values) {
        let keep = match (name.as_str(), &value) {
            (_, value) if again && !value.is_empty() => true,
            ("lifecycle", Value::Text(now)) if noun == Noun::Customer => {
                wanted.text("lifecycle").is_some_and(|new| {
                    let known = |word: &&&str| word.eq_ignore_ascii_case(&new.replace([' ', '-'], "_"));
                    customer::LIFECYCLES
                        .iter()
                        .find(known)
                        .is_some_and(|new| customer::lifecycle_rank(new) <= customer::lifecycle_rank(now))
                })
            }
            ("title", Value::Text(now)) if full => wanted.text("title") == Some(now.as_str()),
            ("probability", Value::Percent(now)) => {
                wanted.text("probability").and_then(typed::percent) == Some(*now)
            }
            ("category", Value::Text(now)) => wanted.text("category") == Some(now.as_str()),
            _ => false,
        };
        if keep {
            wanted.drop(name);
        }
    }
    Ok(())
}

/// True for a part of a field with several values: `phones.mobile`.
fn is_part(name: &str) -> bool {
    name.contains('.') && !name.starts_with("fields.")
}
