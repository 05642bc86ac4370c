//! What each column of a file feeds, worked out once from its header.

use crate::domain::customer::TYPES;
use crate::domain::field::{self, Access, FieldType};
use crate::domain::near::near;
use crate::domain::noun::Noun;
use crate::error::{Error, Result};
use crate::ops::import::entry::note_field;
use crate::ops::import::mapping::is_many;
use crate::ops::import::verdict;

use super::header::{is_pattern, normal, number, numbered};
use super::{Preset, Record, Rule, Shape};

/// What becomes of columns that feed no field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Unknown {
    /// Their cells are lines of the note.
    #[default]
    Note,
    /// They are left out, and told.
    Drop,
    /// Custom fields are made for them.
    Field,
}

/// The parts of an address, in the order in which its street is put together.
pub(super) const ADDRESS: &[&str] = &[
    "street",
    "extended",
    "po_box",
    "formatted",
    "city",
    "region",
    "postal_code",
    "country",
    "label",
];

/// The parts of a name, in their order.
pub(super) const NAME: &[&str] = &["prefix", "given_name", "middle_name", "family_name", "suffix"];

/// What a value feeds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Feeds {
    /// An identity in the system of the file.
    Id,
    /// A part of the name, by its place in [`NAME`].
    Name(usize),
    /// A part of an address: its group, and the place in [`ADDRESS`].
    Address(String, usize),
    /// The wish not to be written to or called.
    OptOut(&'static str),
    /// A line of the note.
    Line,
    /// The pipeline or the stage of a deal.
    Place(String),
    /// A field that takes several values, with its label.
    Many(String),
    /// A field that takes one.
    One(String, FieldType),
}

/// One column and what it feeds.
#[derive(Debug, Clone)]
pub(super) struct Step {
    pub(super) column: usize,
    pub(super) rule: Rule,
    pub(super) feeds: Feeds,
    /// Columns of which one says the label.
    pub(super) labels: Vec<usize>,
}

/// A part of a text that is put together from cells.
#[derive(Debug, Clone)]
pub(super) enum Piece {
    Text(String),
    Cell(usize),
}

/// One record that a row makes, as far as the file has columns for it.
#[derive(Debug, Clone)]
pub(super) struct Planned {
    pub(super) noun: Noun,
    pub(super) kind: Option<String>,
    pub(super) name: String,
    pub(super) set: Vec<(String, Vec<Piece>)>,
    /// Columns of which one is filled; none if the record is always made.
    pub(super) when: Option<Vec<usize>>,
    pub(super) unless: Vec<usize>,
    /// Columns of the file and the values that they must hold; none where there is no such wish.
    pub(super) only: Option<Vec<(usize, Vec<String>)>>,
    pub(super) otherwise: bool,
    pub(super) link: Vec<(String, String)>,
    pub(super) main: bool,
    pub(super) steps: Vec<Step>,
}

impl Planned {
    /// The type of its records, if all have one.
    pub(super) fn kind(&self) -> Option<&'static str> {
        TYPES
            .iter()
            .copied()
            .find(|kind| Some(*kind) == self.kind.as_deref())
    }
}

/// What the rows of a file make.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The name of the preset.
    pub preset: String,
    /// What the file is, for people: `Google Contacts: contacts`.
    pub title: String,
    /// The title of the shape, and of those whose files go first.
    pub(in crate::ops::import) shape: String,
    pub(in crate::ops::import) after: Vec<String>,
    /// The system of external ids.
    pub(super) system: String,
    pub(super) object: String,
    pub(super) columns: Vec<String>,
    pub(super) records: Vec<Planned>,
    pub(super) skip: Vec<(usize, Vec<String>)>,
    pub(super) need: Vec<usize>,
    pub(super) footer: Vec<String>,
    pub(super) history: bool,
    pub(super) values: Vec<(String, Vec<(String, String)>)>,
    pub(super) unknown: Unknown,
    /// Columns that were left out by choice.
    pub(super) left_out: Vec<usize>,
}

/// What somebody asked for beyond the preset.
#[derive(Debug, Clone, Copy, Default)]
pub struct Asked<'a> {
    /// Only records of this noun, and of this type if there is one.
    pub noun: Option<(Noun, Option<&'a str>)>,
    /// Columns and the fields that they feed instead.
    pub map: &'a [(String, String)],
    /// The system of external ids; the name of the preset where it is none.
    pub system: Option<&'a str>,
    /// What becomes of columns that feed no field.
    pub unknown: Unknown,
}

impl Plan {
    /// What a file of this shape with these columns makes.
    ///
    /// # Errors
    ///
    /// `Usage` if the shape makes nothing of what was asked for, or a column or field that was named is none.
    pub fn new(preset: &Preset, shape: &Shape, columns: &[String], asked: &Asked<'_>) -> Result<Plan> {
        let headers: Vec<String> = columns.iter().map(|column| normal(column)).collect();
        let mut plan = Plan {
            preset: preset.name.clone(),
            title: format!("{}: {}", preset.title, shape.title),
            shape: shape.title.clone(),
            after: shape.after.clone(),
            system: asked.system.unwrap_or(&preset.name).replace([':', ';', ','], "-"),
            object: shape.object.clone(),
            columns: columns.to_vec(),
            records: Vec::new(),
            skip: Vec::new(),
            need: Vec::new(),
            footer: shape.footer.clone(),
            history: shape.history,
            values: shape.values.clone(),
            unknown: asked.unknown,
            left_out: Vec::new(),
        };
        let place = |header: &String| headers.iter().position(|known| known == header);
        for (header, values) in &shape.skip {
            plan.skip.extend(place(header).map(|at| (at, values.clone())));
        }
        plan.need = shape.need.iter().filter_map(place).collect();
        for record in &shape.records {
            if wanted(record, &shape.records, asked.noun) {
                plan.records.push(planned(record, &headers)?);
            }
        }
        if plan.records.is_empty() {
            let what = asked.noun.map_or("records", |(noun, _)| noun.plural());
            return Err(Error::usage(format!(
                "{} {} make no {what}; without a noun they are read as what they are",
                preset.title, shape.title
            )));
        }
        for (column, field) in asked.map {
            plan.map(column, field, asked.noun.map(|(noun, _)| noun), &headers)?;
        }
        Ok(plan)
    }

    /// What the record that is told of is: its noun, and its type if all have one.
    pub fn about(&self) -> (Noun, Option<&'static str>) {
        let main = self.main();
        main.map_or((Noun::Customer, None), |main| (main.noun, main.kind()))
    }

    /// The record that is told of and gets the note of what nothing takes.
    pub(super) fn main(&self) -> Option<&Planned> {
        self.records
            .iter()
            .find(|record| record.main)
            .or(self.records.last())
    }

    /// Columns that no record takes, of those that the rows fill: those that stand in the note, and those that are left out
    /// without anybody having said so.
    pub(super) fn unknown_columns(&self, filled: &[bool]) -> (Vec<String>, Vec<String>) {
        let places = self.columns.iter().zip(filled).enumerate();
        let unknown =
            places.filter(|(at, (_, filled))| **filled && !self.takes(*at) && !self.left_out.contains(at));
        let unknown = unknown.map(|(_, (column, _))| column.clone()).collect();
        match self.has_note() {
            true => (unknown, Vec::new()),
            false => (Vec::new(), unknown),
        }
    }

    fn has_note(&self) -> bool {
        self.unknown == Unknown::Note && self.main().is_some_and(|main| note_field(main.noun).is_some())
    }

    /// What each column feeds, for people: column, noun and field; nothing for one that no record takes.
    pub fn mapping(&self) -> Vec<(String, Vec<String>)> {
        let columns = self.columns.iter().enumerate();
        columns
            .map(|(at, column)| {
                let mut fields: Vec<String> = Vec::new();
                for record in &self.records {
                    let steps = record.steps.iter().filter(|step| step.column == at);
                    let own = steps.map(|step| step.rule.field.clone());
                    let labels = record.steps.iter().filter(|step| step.labels.contains(&at));
                    let labels = labels.map(|step| format!("label of {}", step.rule.field));
                    let set = record.set.iter().filter(|(_, pieces)| {
                        pieces
                            .iter()
                            .any(|piece| matches!(piece, Piece::Cell(cell) if *cell == at))
                    });
                    let set = set.map(|(name, _)| name.clone());
                    let (one, _) = verdict::words(record.noun, record.kind());
                    for field in own.chain(labels).chain(set) {
                        let field = format!("{one} {field}");
                        if !fields.contains(&field) {
                            fields.push(field);
                        }
                    }
                }
                (column.clone(), fields)
            })
            .collect()
    }

    /// True if a record takes the column.
    pub(super) fn takes(&self, column: usize) -> bool {
        let in_steps = |record: &Planned| {
            record
                .steps
                .iter()
                .any(|step| step.column == column || step.labels.contains(&column))
        };
        let in_set = |record: &Planned| {
            let pieces = record.set.iter().flat_map(|(_, pieces)| pieces);
            pieces
                .into_iter()
                .any(|piece| matches!(piece, Piece::Cell(at) if *at == column))
        };
        self.records
            .iter()
            .any(|record| in_steps(record) || in_set(record))
            || self.skip.iter().any(|(at, _)| *at == column)
    }

    /// Lets a column feed what somebody said instead of what the preset says.
    fn map(&mut self, column: &str, field: &str, noun: Option<Noun>, headers: &[String]) -> Result<()> {
        let wanted = normal(column);
        let Some(at) = headers.iter().position(|header| *header == wanted) else {
            let names = near(column, self.columns.iter().map(String::as_str));
            return Err(Error::usage(format!("the file has no column {column:?}")).with_near(names));
        };
        for record in &mut self.records {
            record.steps.retain(|step| step.column != at);
        }
        if matches!(field.trim(), "" | "-" | "none") {
            self.left_out.push(at);
            return Ok(());
        }
        let noun = noun.or_else(|| self.records.last().map(|record| record.noun));
        let target = self
            .records
            .iter_mut()
            .rev()
            .find(|record| Some(record.noun) == noun);
        let Some(record) = target else { return Ok(()) };
        known_field(record.noun, field)?;
        let rule = Rule::of(field);
        record.steps.push(Step {
            column: at,
            feeds: feeds(record.noun, &rule),
            rule,
            labels: Vec::new(),
        });
        Ok(())
    }
}

/// True for a record of the noun that was asked for, and for one to which such a record leads.
fn wanted(record: &Record, all: &[Record], asked: Option<(Noun, Option<&str>)>) -> bool {
    let Some((noun, kind)) = asked else { return true };
    let fits = |record: &Record| {
        record.noun == noun && (kind.is_none() || record.kind().is_none_or(|own| Some(own) == kind))
    };
    let leads_here = |other: &Record| other.link.iter().any(|(_, name)| *name == record.name);
    fits(record) || (!record.name.is_empty() && all.iter().any(|other| fits(other) && leads_here(other)))
}

fn planned(record: &Record, headers: &[String]) -> Result<Planned> {
    let before = format!("{} - ", record.prefix);
    let prefixed = !record.prefix.is_empty() && headers.iter().any(|header| header.starts_with(&before));
    // With the prefix in the file, the same header without it is something else.
    let bare = |header: &str| -> String {
        match header.strip_prefix(&before) {
            Some(rest) if prefixed => rest.to_owned(),
            _ => header.to_owned(),
        }
    };
    let own: Vec<(usize, String)> = headers
        .iter()
        .enumerate()
        .map(|(at, header)| (at, bare(header)))
        .collect();
    let is_own = |at: usize, pattern: &str| {
        let header = headers.get(at).map_or("", String::as_str);
        !prefixed || header.starts_with(&before) || header == pattern && pattern.contains(" - ")
    };
    let find = |wanted: &str| -> Option<usize> {
        own.iter()
            .find(|(at, header)| header == wanted && is_own(*at, wanted))
            .or_else(|| {
                own.iter()
                    .find(|(at, _)| headers.get(*at).is_some_and(|header| header == wanted))
            })
            .map(|(at, _)| *at)
    };
    let mut steps = Vec::new();
    for (pattern, rules) in &record.columns {
        let mut found: Vec<(u64, usize, String)> = own
            .iter()
            .filter(|(at, _)| is_own(*at, pattern))
            .filter_map(|(at, header)| match is_pattern(pattern) {
                true => number(pattern, header).map(|n| (n.parse().unwrap_or(u64::MAX), *at, n.to_owned())),
                false => (header == pattern).then(|| (0, *at, String::new())),
            })
            .collect();
        found.sort();
        for (_, column, n) in found {
            for rule in rules {
                let mut rule = rule.clone();
                rule.field = numbered(&rule.field, &n);
                steps.push(Step {
                    column,
                    feeds: feeds(record.noun, &rule),
                    labels: rule
                        .label
                        .iter()
                        .filter_map(|label| find(&numbered(label, &n)))
                        .collect(),
                    rule,
                });
            }
        }
    }
    let set = |(name, text): &(String, String)| (name.clone(), pieces(text, &find));
    let places = |names: &[String]| -> Vec<usize> { names.iter().filter_map(|name| find(name)).collect() };
    Ok(Planned {
        noun: record.noun,
        kind: record.kind().map(str::to_owned),
        name: record.name.clone(),
        set: record.set.iter().map(set).collect(),
        when: (!record.when.is_empty()).then(|| places(&record.when)),
        unless: places(&record.unless),
        only: only(record, &find),
        otherwise: record.otherwise,
        link: record.link.clone(),
        main: record.main,
        steps,
    })
}

/// The columns of the file that must hold certain values, if a record has any such wish.
fn only(record: &Record, find: &dyn Fn(&str) -> Option<usize>) -> Option<Vec<(usize, Vec<String>)>> {
    let only = record.only.iter();
    let found = only.filter_map(|(name, values)| Some((find(name)?, values.clone())));
    (!record.only.is_empty()).then(|| found.collect())
}

/// A text with `{header}` in it, as pieces; what the file does not have is blank.
fn pieces(text: &str, find: &dyn Fn(&str) -> Option<usize>) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{')
        && let Some((header, after)) = after.split_once('}')
    {
        pieces.push(Piece::Text(before.to_owned()));
        pieces.extend(find(&normal(header)).map(Piece::Cell));
        rest = after;
    }
    pieces.push(Piece::Text(rest.to_owned()));
    pieces
}

/// What a rule feeds; its field is known.
fn feeds(noun: Noun, rule: &Rule) -> Feeds {
    let name = rule.field.as_str();
    if name == "id" {
        return Feeds::Id;
    }
    if noun == Noun::Customer {
        if let Some(at) = NAME.iter().position(|part| *part == name) {
            return Feeds::Name(at);
        }
        if let Some(place) = address(name) {
            return place;
        }
        match name {
            "email_opt_out" => return Feeds::OptOut("email"),
            "phone_opt_out" => return Feeds::OptOut("phone"),
            _ => {}
        }
    }
    if name == "note" && (!rule.label.is_empty() || rule.title.is_some() || rule.redundant) {
        return Feeds::Line;
    }
    match name {
        "closes_on" | "stage_since" if noun == Noun::Deal => {
            return Feeds::One(name.to_owned(), FieldType::Date);
        }
        "stage" | "pipeline" if noun == Noun::Deal => return Feeds::Place(name.to_owned()),
        _ => {}
    }
    let head = name.split_once('.').map_or(name, |(head, _)| head);
    match field::find(noun, name).or_else(|| field::find(noun, head).filter(|field| is_many(field.kind))) {
        Some(found) if is_many(found.kind) => Feeds::Many(match name.split_once('.') {
            Some((_, part)) if !matches!(found.kind, FieldType::Tags) => format!("{}.{part}", found.name),
            _ => found.name.to_owned(),
        }),
        Some(found) => Feeds::One(found.name.to_owned(), found.kind),
        // A custom field, or the currency of an amount.
        None => Feeds::One(name.to_owned(), FieldType::Text),
    }
}

fn address(name: &str) -> Option<Feeds> {
    let (group, part) = name.strip_prefix("addresses.")?.rsplit_once('.')?;
    let at = ADDRESS.iter().position(|known| *known == part)?;
    Some(Feeds::Address(group.to_owned(), at))
}

/// Refuses what is no field of `noun` that a column can feed.
pub(super) fn known_field(noun: Noun, name: &str) -> Result<()> {
    let customer = noun == Noun::Customer
        && (NAME.contains(&name)
            || address(name).is_some()
            || matches!(name, "email_opt_out" | "phone_opt_out"));
    let day = noun == Noun::Deal && matches!(name, "closes_on" | "stage_since");
    if customer
        || day
        || name == "created_at"
        || name == "id"
        || name == "currency"
        || name.ends_with("_currency")
    {
        return Ok(());
    }
    if name.strip_prefix("fields.").is_some_and(|key| !key.is_empty()) {
        return Ok(());
    }
    let found = field::find(noun, name).or_else(|| {
        let (head, _) = name.split_once('.')?;
        field::find(noun, head).filter(|field| is_many(field.kind))
    });
    if found.is_some_and(|field| field.access == Access::Write) {
        return Ok(());
    }
    let names = field::fields(noun)
        .iter()
        .filter(|field| field.access == Access::Write)
        .map(|field| field.name);
    let names = names.chain(NAME.iter().copied().filter(|_| noun == Noun::Customer));
    Err(Error::usage(format!("{noun} has no field {name:?} to write")).with_near(near(name, names)))
}
