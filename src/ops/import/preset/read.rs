//! A preset from its text. What is wrong is said with its line, and with what to write instead.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::domain::near::near;
use crate::domain::noun::Noun;
use crate::error::{Error, Result};

use super::header::{is_pattern, normal};
use super::{As, Dates, Key, Preset, Record, Rule, Shape, plan};

const IN_PRESET: &[&str] = &["name", "title", "values", "shape"];
const IN_SHAPE: &[&str] = &[
    "title",
    "object",
    "files",
    "signature",
    "enough",
    "without",
    "skip",
    "need",
    "footer",
    "history",
    "after",
    "dates",
    "record",
    "values",
];
const IN_RECORD: &[&str] = &[
    "noun", "name", "set", "when", "unless", "only", "else", "prefix", "link", "main", "columns",
];
const IN_RULE: &[&str] = &[
    "field",
    "link",
    "split",
    "values",
    "as",
    "key",
    "label",
    "title",
    "join",
    "redundant",
];

/// Where the text is from, for errors.
struct Place<'t> {
    text: &'t str,
    source: &'t str,
}

type Value<'t> = Spanned<DeValue<'t>>;

/// A key, where it stands, and its value; in the order of the text.
type Entry<'v, 't> = (&'v str, Range<usize>, &'v Value<'t>);

impl Place<'_> {
    fn error(&self, span: &Range<usize>, message: impl std::fmt::Display) -> Error {
        let before = self.text.get(..span.start).unwrap_or_default();
        let line = before.matches('\n').count() + 1;
        Error::usage(format!("{}, line {line}: {message}", self.source))
    }

    fn text(&self, key: &str, value: &Value<'_>) -> Result<String> {
        match value.get_ref() {
            DeValue::String(text) => Ok(text.to_string()),
            _ => Err(self.error(&value.span(), format!("{key} takes a text in quotes"))),
        }
    }

    fn texts(&self, key: &str, value: &Value<'_>) -> Result<Vec<String>> {
        match value.get_ref() {
            DeValue::String(text) => Ok(vec![text.to_string()]),
            DeValue::Array(items) => items.iter().map(|item| self.text(key, item)).collect(),
            _ => Err(self.error(
                &value.span(),
                format!("{key} takes a list of texts, [\"one\", \"two\"]"),
            )),
        }
    }

    fn headers(&self, key: &str, value: &Value<'_>) -> Result<Vec<String>> {
        Ok(self.texts(key, value)?.iter().map(|text| normal(text)).collect())
    }

    fn flag(&self, key: &str, value: &Value<'_>) -> Result<bool> {
        match value.get_ref() {
            DeValue::Boolean(flag) => Ok(*flag),
            _ => Err(self.error(&value.span(), format!("{key} takes true or false"))),
        }
    }

    /// One of a few words.
    fn word<'w, T: Copy>(&self, key: &str, value: &Value<'_>, words: &'w [(&'w str, T)]) -> Result<T> {
        let text = self.text(key, value)?;
        let found = words.iter().find(|(word, _)| *word == text);
        found.map(|(_, meaning)| *meaning).ok_or_else(|| {
            let all: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
            self.error(&value.span(), format!("{key} takes one of {}", all.join(", ")))
        })
    }

    /// The entries of a table, in the order of the text.
    fn entries<'v, 't>(&self, key: &str, value: &'v Value<'t>) -> Result<Vec<Entry<'v, 't>>> {
        match value.get_ref() {
            DeValue::Table(table) => Ok(in_order(table)),
            _ => Err(self.error(&value.span(), format!("{key} takes a table"))),
        }
    }

    fn tables<'v, 't>(
        &self,
        key: &str,
        value: &'v Value<'t>,
    ) -> Result<Vec<(Range<usize>, Vec<Entry<'v, 't>>)>> {
        let DeValue::Array(items) = value.get_ref() else {
            return Err(self.error(&value.span(), format!("write [[{key}]]")));
        };
        items
            .iter()
            .map(|item| Ok((item.span(), self.entries(key, item)?)))
            .collect()
    }

    fn pairs(&self, key: &str, value: &Value<'_>) -> Result<Vec<(String, String)>> {
        self.entries(key, value)?
            .into_iter()
            .map(|(name, _, value)| Ok((name.to_owned(), self.text(name, value)?)))
            .collect()
    }

    fn unknown(&self, key: &str, span: &Range<usize>, known: &[&str]) -> Error {
        let error = self.error(
            span,
            format!("there is no {key:?} here; there are {}", known.join(", ")),
        );
        error.with_near(near(key, known.iter().copied()))
    }
}

fn in_order<'v, 't>(table: &'v DeTable<'t>) -> Vec<Entry<'v, 't>> {
    let entries = table.iter();
    let mut entries: Vec<Entry<'_, '_>> = entries
        .map(|(key, value)| (key.get_ref().as_ref(), key.span(), value))
        .collect();
    entries.sort_by_key(|(_, span, _)| span.start);
    entries
}

/// Reads a preset.
pub(super) fn preset(text: &str, source: &str) -> Result<Preset> {
    let place = Place { text, source };
    let table = DeTable::parse(text).map_err(|error| {
        let span = error.span().unwrap_or_default();
        place.error(&span, error.message())
    })?;
    let mut preset = Preset {
        name: String::new(),
        title: String::new(),
        shapes: Vec::new(),
    };
    let mut shared = Vec::new();
    if let Some(maps) = table.get_ref().get("values") {
        for (name, _, map) in place.entries("values", maps)? {
            shared.push((name.to_owned(), map_of(&place, name, map)?));
        }
    }
    for (key, span, value) in in_order(table.get_ref()) {
        match key {
            "name" => {
                preset.name = place.text(key, value)?;
                let fits = |letter: char| letter.is_alphanumeric() || "-_".contains(letter);
                if preset.name.is_empty() || !preset.name.chars().all(fits) {
                    return Err(place.error(&value.span(), "a name takes letters, digits, - and _"));
                }
            }
            "title" => preset.title = place.text(key, value)?,
            "values" => {}
            "shape" => {
                for (span, entries) in place.tables(key, value)? {
                    preset.shapes.push(shape(&place, &span, entries, &shared)?);
                }
            }
            other => return Err(place.unknown(other, &span, IN_PRESET)),
        }
    }
    if preset.name.is_empty() {
        return Err(place.error(&(0..0), "a preset needs a name: name = \"mine\""));
    }
    if preset.shapes.is_empty() {
        return Err(place.error(&(0..0), "a preset needs a [[shape]]: one kind of file"));
    }
    if preset.title.is_empty() {
        preset.title.clone_from(&preset.name);
    }
    for shape in &mut preset.shapes {
        if shape.title.is_empty() {
            let nouns = shape.nouns();
            shape.title = nouns.last().map_or("", |noun| noun.plural()).to_owned();
        }
    }
    Ok(preset)
}

/// A map of values with its name.
type NamedMap = (String, Vec<(String, String)>);

/// `shared` are maps of values that all shapes have.
fn shape(
    place: &Place<'_>,
    at: &Range<usize>,
    entries: Vec<Entry<'_, '_>>,
    shared: &[NamedMap],
) -> Result<Shape> {
    const ORDERS: [(&str, Dates); 3] = [("ymd", Dates::Ymd), ("dmy", Dates::Dmy), ("mdy", Dates::Mdy)];
    let mut shape = Shape::default();
    let mut enough = None;
    for (key, span, value) in entries {
        match key {
            "title" => shape.title = place.text(key, value)?,
            "object" => shape.object = place.text(key, value)?,
            "files" => shape.files = place.texts(key, value)?,
            "signature" => shape.signature = signature(place, value)?,
            "enough" => enough = Some((span, count(place, value)?)),
            "without" => shape.without = place.headers(key, value)?,
            "need" => shape.need = place.headers(key, value)?,
            "history" => shape.history = place.flag(key, value)?,
            "footer" => shape.footer = place.texts(key, value)?,
            "after" => shape.after = place.texts(key, value)?,
            "skip" => shape.skip = cells(place, key, value)?,
            "dates" => shape.dates = Some(place.word(key, value, &ORDERS)?),
            "record" => {
                for (span, entries) in place.tables("shape.record", value)? {
                    let record = record(place, &span, entries, &shape.records)?;
                    shape.records.push(record);
                }
            }
            "values" => {
                for (name, _, map) in place.entries(key, value)? {
                    shape.values.push((name.to_owned(), map_of(place, name, map)?));
                }
            }
            other => return Err(place.unknown(other, &span, IN_SHAPE)),
        }
    }
    shape.enough = enough
        .as_ref()
        .map_or(shape.signature.len(), |(_, enough)| *enough);
    if let Some((span, _)) = enough.filter(|(_, enough)| *enough == 0 || *enough > shape.signature.len()) {
        return Err(place.error(&span, "enough takes a number of headers of the signature"));
    }
    for (name, map) in shared {
        if !shape.values.iter().any(|(known, _)| known == name) {
            shape.values.push((name.clone(), map.clone()));
        }
    }
    if shape.records.is_empty() {
        return Err(place.error(at, "a shape needs a [[shape.record]]: what a row makes"));
    }
    for rule in shape.records.iter().flat_map(|record| &record.columns) {
        let (header, rules) = rule;
        for name in rules.iter().filter_map(|rule| rule.values.as_ref()) {
            if !shape.values.iter().any(|(known, _)| known == name) {
                let message = format!("{header:?} names the values {name:?}; write [shape.values.{name}]");
                return Err(place.error(at, message));
            }
        }
    }
    Ok(shape)
}

/// Columns and values that their cells may hold.
fn cells(place: &Place<'_>, key: &str, value: &Value<'_>) -> Result<Vec<(String, Vec<String>)>> {
    let columns = place.entries(key, value)?.into_iter();
    columns
        .map(|(header, _, values)| Ok((normal(header), place.headers(header, values)?)))
        .collect()
}

fn signature(place: &Place<'_>, value: &Value<'_>) -> Result<Vec<Vec<String>>> {
    let DeValue::Array(items) = value.get_ref() else {
        return Err(place.error(&value.span(), "signature takes a list of headers"));
    };
    items
        .iter()
        .map(|item| place.headers("signature", item))
        .collect()
}

fn count(place: &Place<'_>, value: &Value<'_>) -> Result<usize> {
    let number = match value.get_ref() {
        DeValue::Integer(number) => number.as_str().parse().ok(),
        _ => None,
    };
    number.ok_or_else(|| place.error(&value.span(), "enough takes a number of headers"))
}

/// A map of values, folded on the left.
fn map_of(place: &Place<'_>, name: &str, value: &Value<'_>) -> Result<Vec<(String, String)>> {
    let pairs = place.pairs(name, value)?;
    Ok(pairs
        .into_iter()
        .map(|(from, to)| (crate::domain::fold::fold(&from), to))
        .collect())
}

fn record(
    place: &Place<'_>,
    at: &Range<usize>,
    entries: Vec<Entry<'_, '_>>,
    earlier: &[Record],
) -> Result<Record> {
    let mut noun = None;
    let mut columns = None;
    let mut links = None;
    let mut record = Record {
        noun: Noun::Customer,
        name: String::new(),
        set: Vec::new(),
        when: Vec::new(),
        unless: Vec::new(),
        only: Vec::new(),
        otherwise: false,
        prefix: String::new(),
        link: Vec::new(),
        main: false,
        columns: Vec::new(),
    };
    for (key, span, value) in entries {
        match key {
            "noun" => {
                let word = place.text(key, value)?;
                noun = Some(Noun::parse(&word).ok_or_else(|| {
                    let error = place.error(&value.span(), format!("there is no noun {word:?}"));
                    error.with_near(near(&word, Noun::ALL.iter().map(|noun| noun.name())))
                })?);
            }
            "name" => record.name = place.text(key, value)?,
            "set" => record.set = place.pairs(key, value)?,
            "when" => record.when = place.headers(key, value)?,
            "unless" => record.unless = place.headers(key, value)?,
            "only" => record.only = cells(place, key, value)?,
            "else" => record.otherwise = place.flag(key, value)?,
            "prefix" => record.prefix = normal(&place.text(key, value)?),
            "link" => {
                record.link = place.pairs(key, value)?;
                links = Some(value.span());
            }
            "main" => record.main = place.flag(key, value)?,
            "columns" => columns = Some(value),
            other => return Err(place.unknown(other, &span, IN_RECORD)),
        }
    }
    record.noun = noun.ok_or_else(|| place.error(at, "a record needs a noun: noun = \"customer\""))?;
    for (field, name) in &record.link {
        let span = links.clone().unwrap_or_default();
        if !earlier
            .iter()
            .any(|earlier| earlier.name == *name && !name.is_empty())
        {
            return Err(place.error(
                &span,
                format!("no earlier record of the row has the name {name:?}"),
            ));
        }
        plan::known_field(record.noun, field).map_err(|error| place.error(&span, error))?;
    }
    for (field, _) in &record.set {
        plan::known_field(record.noun, field).map_err(|error| place.error(at, error))?;
    }
    if let Some(columns) = columns {
        for (header, span, value) in place.entries("columns", columns)? {
            let rules = rules(place, record.noun, header, &span, value)?;
            record.columns.push((normal(header), rules));
        }
    }
    Ok(record)
}

/// What becomes of the cells of a column: a field, a table with more, or several of these.
fn rules(
    place: &Place<'_>,
    noun: Noun,
    header: &str,
    at: &Range<usize>,
    value: &Value<'_>,
) -> Result<Vec<Rule>> {
    if let DeValue::Array(items) = value.get_ref() {
        let items = items.iter();
        return items.map(|item| rule(place, noun, header, at, item)).collect();
    }
    Ok(vec![rule(place, noun, header, at, value)?])
}

fn rule(place: &Place<'_>, noun: Noun, header: &str, at: &Range<usize>, value: &Value<'_>) -> Result<Rule> {
    const READINGS: [(&str, As); 9] = [
        ("text", As::Text),
        ("user", As::User),
        ("html", As::Html),
        ("list", As::List),
        ("milliseconds", As::Milliseconds),
        ("minutes", As::Minutes),
        ("hours", As::Hours),
        ("millionths", As::Millionths),
        ("share", As::Share),
    ];
    const KEYS: [(&str, Key); 2] = [("salesforce", Key::Salesforce), ("zoho", Key::Zoho)];
    let mut rule = Rule {
        field: String::new(),
        link: None,
        split: None,
        values: None,
        reading: As::Text,
        key: Key::Plain,
        label: Vec::new(),
        title: None,
        join: None,
        redundant: false,
    };
    match value.get_ref() {
        DeValue::String(field) => rule.field = field.to_string(),
        DeValue::Table(table) => {
            for (key, span, value) in in_order(table) {
                match key {
                    "field" => rule.field = place.text(key, value)?,
                    "link" => rule.link = Some(place.text(key, value)?),
                    "split" => rule.split = Some(place.text(key, value)?).filter(|split| !split.is_empty()),
                    "values" => rule.values = Some(place.text(key, value)?),
                    "as" => rule.reading = place.word(key, value, &READINGS)?,
                    "key" => rule.key = place.word(key, value, &KEYS)?,
                    "label" => rule.label = place.headers(key, value)?,
                    "title" => rule.title = Some(place.text(key, value)?),
                    "join" => rule.join = Some(place.text(key, value)?),
                    "redundant" => rule.redundant = place.flag(key, value)?,
                    other => return Err(place.unknown(other, &span, IN_RULE)),
                }
            }
        }
        _ => {
            let message = format!("{header:?} takes a field, \"name\", or {{ field = \"name\", … }}");
            return Err(place.error(&value.span(), message));
        }
    }
    let numbered = rule.field.contains("{n}") || rule.label.iter().any(|label| is_pattern(label));
    if numbered && !is_pattern(header) {
        return Err(place.error(at, format!("{header:?} has no {{n}} that could be filled in")));
    }
    plan::known_field(noun, &rule.field).map_err(|error| place.error(&value.span(), error))?;
    Ok(rule)
}
