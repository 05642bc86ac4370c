//! Which column of a file feeds which field.

use std::collections::HashMap;

use crate::domain::customer;
use crate::domain::field::{self, Access, FieldType};
use crate::domain::fold::fold;
use crate::domain::handle;
use crate::domain::near::near;
use crate::domain::noun::Noun;
use crate::error::{Error, Result};
use crate::store::{ReadTx, WriteTx, fields};
use crate::wire::read::rows::Row;
use crate::wire::rejects;

use super::entry::note_field;
use super::rows::is_blank;
use super::{Request, Unknown, unknown};

/// What a column feeds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Target {
    /// A field, by the name of an assignment (`phones.mobile`), and what sort of value it takes.
    Field(String, FieldType),
    /// All custom fields, as JSON nests them.
    CustomFields,
    /// The currency of the amount in this field.
    Currency(String),
    /// The given name of a person.
    GivenName,
    /// The family name of a person.
    FamilyName,
    /// An identity of the file's own system.
    ExternalId,
    /// Something that the program keeps; a full export brings it back.
    Kept(&'static str),
    /// The noun, which the command has said.
    Kind,
    /// It is left out on purpose.
    Nothing,
    /// It feeds nothing.
    Unknown,
}

/// The columns of a file and what they feed.
#[derive(Debug)]
pub(super) struct Mapping {
    noun: Noun,
    said: HashMap<String, Target>,
    targets: HashMap<String, Target>,
    /// Columns that feed nothing, in the order in which they were met.
    unknown: Vec<String>,
    kind: Option<&'static str>,
    nameless_companies: bool,
    /// What becomes of columns that feed nothing.
    unknown_are: Unknown,
    /// Those of them that have said something.
    noted: Vec<String>,
}

impl Mapping {
    /// Maps what was said, and the columns of a file that has them.
    pub(super) fn new(tx: &ReadTx<'_>, request: &Request, columns: Option<&[String]>) -> Result<Mapping> {
        let mut mapping = Mapping {
            noun: request.noun,
            said: HashMap::new(),
            targets: HashMap::new(),
            unknown: Vec::new(),
            kind: request.kind,
            nameless_companies: false,
            unknown_are: request.unknown,
            noted: Vec::new(),
        };
        for (column, field) in &request.map {
            let target = said(tx, request.noun, field)?;
            mapping.said.insert(column_key(column), target);
        }
        let Some(columns) = columns else {
            return Ok(mapping);
        };
        for (column, _) in &request.map {
            if !columns
                .iter()
                .any(|known| column_key(known) == column_key(column))
            {
                let names = near(column, columns.iter().map(String::as_str));
                return Err(Error::usage(format!("the file has no column {column:?}")).with_near(names));
            }
        }
        for column in columns {
            mapping.target(tx, column)?;
        }
        if request.noun == Noun::Customer {
            mapping.tell_people_from_companies(columns);
        }
        mapping.refuse_conflicts(columns)?;
        Ok(mapping)
    }

    /// What a column feeds.
    pub(super) fn target(&mut self, tx: &ReadTx<'_>, column: &str) -> Result<Target> {
        if let Some(target) = self.targets.get(column) {
            return Ok(target.clone());
        }
        let said = self.said.get(&column_key(column)).cloned();
        let target = match said {
            Some(target) => target,
            None => {
                let found = find(tx, self.noun, column)?;
                // What was said wins over what a header only seems to say.
                let taken = self.said.values().any(|other| clash(&found, other));
                if taken { Target::Unknown } else { found }
            }
        };
        if target == Target::Unknown {
            self.unknown.push(column.to_owned());
        }
        self.targets.insert(column.to_owned(), target.clone());
        Ok(target)
    }

    /// The type of customers whose rows do not say it.
    pub(super) fn default_type(&self) -> Option<&'static str> {
        self.kind.or(self.nameless_companies.then_some("company"))
    }

    /// Columns that feed nothing: those of which something stands in the note, and those that are left out.
    pub(super) fn unknown_columns(&self) -> (Vec<String>, Vec<String>) {
        match self.unknown_are == Unknown::Note && note_field(self.noun).is_some() {
            true => (self.noted.clone(), Vec::new()),
            false => (Vec::new(), self.unknown.clone()),
        }
    }

    /// True if what this column says, which feeds nothing, stands in the note.
    pub(super) fn notes(&mut self, column: &str) -> bool {
        let notes = self.unknown_are == Unknown::Note && note_field(self.noun).is_some();
        if notes && !self.noted.iter().any(|known| known == column) {
            self.noted.push(column.to_owned());
        }
        notes
    }

    /// Makes custom fields for columns that feed nothing, where that is wanted, when they first say something.
    pub(super) fn make_fields(&mut self, tx: &WriteTx<'_>, row: &Row) -> Result<()> {
        if self.unknown_are != Unknown::Field {
            return Ok(());
        }
        for (column, input) in &row.cells {
            if self.target(tx, column)? == Target::Unknown && !is_blank(input) {
                let name = unknown::field_for(tx, self.noun, column)?;
                self.unknown.retain(|known| known != column);
                self.targets
                    .insert(column.clone(), Target::Field(name, FieldType::Text));
            }
        }
        Ok(())
    }

    /// A file of people names their company beside them; one that only names companies is a file of companies.
    fn tell_people_from_companies(&mut self, columns: &[String]) {
        let feeds = |mapping: &Mapping, name: &str| -> Vec<String> {
            let fed = columns.iter().filter(|column| {
                matches!(mapping.targets.get(*column), Some(Target::Field(field, _)) if field == name)
            });
            fed.cloned().collect()
        };
        let companies = feeds(self, "company");
        let names = feeds(self, "name");
        let parts = self
            .targets
            .values()
            .any(|target| matches!(target, Target::GivenName | Target::FamilyName));
        let said = names.iter().any(|name| self.said.contains_key(&column_key(name)));
        let of_people = parts
            || names
                .iter()
                .any(|name| PEOPLE.contains(&column_key(name).as_str()));
        let rename = match self.kind {
            Some("person") => false,
            Some(_) => !said && (of_people || names.is_empty()),
            None => names.is_empty() && !parts,
        };
        if companies.is_empty() || !rename {
            return;
        }
        for column in names {
            self.unknown.push(column.clone());
            self.targets.insert(column, Target::Unknown);
        }
        self.targets
            .retain(|_, target| !matches!(target, Target::GivenName | Target::FamilyName));
        for column in companies {
            self.targets
                .insert(column, Target::Field("name".to_owned(), FieldType::Text));
        }
        self.nameless_companies = true;
    }

    /// Refuses two columns that feed the same single value.
    fn refuse_conflicts(&self, columns: &[String]) -> Result<()> {
        for (at, column) in columns.iter().enumerate() {
            let Some(target) = self.targets.get(column) else {
                continue;
            };
            let other = columns
                .iter()
                .take(at)
                .find(|other| self.targets.get(*other).is_some_and(|other| clash(target, other)));
            if let Some(other) = other {
                let what = match target {
                    Target::Field(name, _) => name.as_str(),
                    Target::Kept(name) => name,
                    _ => "value",
                };
                return Err(Error::usage(format!(
                    "the columns {other:?} and {column:?} both feed {what}"
                )));
            }
        }
        Ok(())
    }
}

/// True if two targets take the same single value.
fn clash(one: &Target, other: &Target) -> bool {
    match (one, other) {
        (Target::Field(one, kind), Target::Field(other, _)) => one == other && !is_many(*kind),
        (Target::Kept(one), Target::Kept(other)) => one == other,
        (Target::Currency(one), Target::Currency(other)) => one == other,
        (Target::GivenName, Target::GivenName) | (Target::FamilyName, Target::FamilyName) => true,
        _ => false,
    }
}

/// True for fields that take several values.
pub(super) fn is_many(kind: FieldType) -> bool {
    matches!(
        kind,
        FieldType::Emails
            | FieldType::Phones
            | FieldType::Handles
            | FieldType::Tags
            | FieldType::Choices(_)
            | FieldType::ExternalIds
            | FieldType::Links(_)
    )
}

/// A header as it is compared: without the star of a required field, width or case.
fn column_key(column: &str) -> String {
    fold(column.trim().trim_end_matches(['*', '＊', ':', '：'])).replace('_', " ")
}

/// What a field that was named for a column means.
fn said(tx: &ReadTx<'_>, noun: Noun, name: &str) -> Result<Target> {
    if matches!(name.trim(), "" | "-" | "none") {
        return Ok(Target::Nothing);
    }
    match find(tx, noun, name)? {
        Target::Kept(kept) if !matches!(kept, "id" | "uid") => Err(Error::usage(format!(
            "{kept} is kept by the program and takes no column"
        ))),
        Target::Unknown | Target::Kind | Target::Nothing => {
            let names = field::fields(noun)
                .iter()
                .filter(|field| field.access == Access::Write)
                .map(|field| field.name);
            Err(Error::usage(format!("{noun} has no field {name:?}")).with_near(near(name, names)))
        }
        target => Ok(target),
    }
}

/// What a header means by itself.
fn find(tx: &ReadTx<'_>, noun: Noun, header: &str) -> Result<Target> {
    let name = header.trim();
    if rejects::NAMES.contains(&name) {
        return Ok(Target::Nothing);
    }
    if name == "kind" {
        return Ok(Target::Kind);
    }
    if name == "fields" {
        return Ok(Target::CustomFields);
    }
    let key = column_key(header);
    if noun == Noun::Customer
        && let Some(target) = of_customers(&key)
    {
        return Ok(target);
    }
    if let Some(target) = of_table(noun, name, &key) {
        return Ok(target);
    }
    if let Some(target) = custom(tx, noun, name, &key)? {
        return Ok(target);
    }
    Ok(dotted(noun, name)
        .or_else(|| currency(noun, name, &key))
        .unwrap_or(Target::Unknown))
}

/// Fields by which people know a record, or from which a name can be made.
const CALLED: [&str; 10] = [
    "name", "title", "key", "label", "text", "company", "emails", "phones", "sku", "subject",
];

/// True if one of `columns` says what a record of `noun` is called, or which it is. Activities have no name.
pub(super) fn name_records(noun: Noun, columns: &[String]) -> bool {
    let calls = |column: &String| {
        let (name, key) = (column.trim(), column_key(column));
        let of_customer = (noun == Noun::Customer).then(|| of_customers(&key)).flatten();
        match of_customer.or_else(|| of_table(noun, name, &key)) {
            Some(Target::Field(field, _)) => {
                let head = field.split('.').next().unwrap_or_default();
                CALLED.contains(&head)
            }
            Some(Target::Kept(kept)) => matches!(kept, "id" | "uid"),
            Some(Target::GivenName | Target::FamilyName | Target::ExternalId) => true,
            _ => false,
        }
    };
    noun == Noun::Activity || columns.iter().any(calls)
}

/// A line of the field table.
fn of_table(noun: Noun, name: &str, key: &str) -> Option<Target> {
    let found = field::find(noun, name).or_else(|| field::find(noun, key))?;
    if found.access == Access::Read {
        // A foreign header that only resembles one of our own counts says nothing; it is reported.
        return Some(if found.name == name {
            Target::Kept(found.name)
        } else {
            Target::Unknown
        });
    }
    Some(match found.kind {
        // Our own lists write `system:value`; a foreign column holds the value alone.
        FieldType::ExternalIds if found.name != name => Target::ExternalId,
        kind => Target::Field(found.name.to_owned(), kind),
    })
}

/// A custom field: `fields.KEY`, or its key or label as a header.
fn custom(tx: &ReadTx<'_>, noun: Noun, name: &str, key: &str) -> Result<Option<Target>> {
    let known = fields::customs(tx, noun)?;
    let found = match name.strip_prefix("fields.") {
        Some(wanted) => known.iter().find(|field| field.key == wanted),
        None => known
            .iter()
            .find(|field| column_key(&field.key) == key || column_key(&field.label) == key),
    };
    Ok(found.map(|field| Target::Field(format!("fields.{}", field.key), field.kind)))
}

/// `phones.mobile`, `handles.wechat`, `external_ids.shop`; a path to another record is only for reading.
fn dotted(noun: Noun, name: &str) -> Option<Target> {
    let (head, part) = name.split_once('.')?;
    let found = field::find(noun, head)?;
    match found.kind {
        FieldType::Emails | FieldType::Phones | FieldType::Handles | FieldType::ExternalIds => {
            Some(Target::Field(format!("{}.{part}", found.name), found.kind))
        }
        FieldType::Link(_) => Some(Target::Nothing),
        _ => None,
    }
}

/// The currency beside an amount, as our own lists write it; or of the only amount.
fn currency(noun: Noun, name: &str, key: &str) -> Option<Target> {
    let amounts = || {
        field::fields(noun)
            .iter()
            .filter(|field| field.kind == FieldType::Money && field.access == Access::Write)
    };
    if let Some(amount) = name.strip_suffix("_currency") {
        if amount.starts_with("fields.") {
            return Some(Target::Currency(amount.to_owned()));
        }
        let found = field::find(noun, amount).filter(|field| field.kind == FieldType::Money)?;
        return Some(match found.access {
            Access::Write => Target::Currency(found.name.to_owned()),
            Access::Read => Target::Nothing,
        });
    }
    let mut all = amounts();
    match (all.next(), all.next()) {
        (Some(only), None) if matches!(key, "currency" | "币种" | "货币") => {
            Some(Target::Currency(only.name.to_owned()))
        }
        _ => None,
    }
}

/// Headers that name a person, and so tell that a company beside them is the employer.
const PEOPLE: &[&str] = &["full name", "姓名", "联系人", "联系人姓名"];

/// Headers of customers that say more than a field: what a number is for, which part of a name.
const HEADERS: &[(&str, &str)] = &[
    ("手机", "phones.mobile"),
    ("手机号", "phones.mobile"),
    ("手机号码", "phones.mobile"),
    ("移动电话", "phones.mobile"),
    ("mobile", "phones.mobile"),
    ("mobile phone", "phones.mobile"),
    ("mobile number", "phones.mobile"),
    ("cell", "phones.mobile"),
    ("cell phone", "phones.mobile"),
    ("座机", "phones.work"),
    ("固定电话", "phones.work"),
    ("办公电话", "phones.work"),
    ("office phone", "phones.work"),
    ("work phone", "phones.work"),
    ("business phone", "phones.work"),
    ("家庭电话", "phones.home"),
    ("home phone", "phones.home"),
    ("传真", "phones.fax"),
    ("fax", "phones.fax"),
    ("business fax", "phones.fax"),
    ("工作邮箱", "emails.work"),
    ("work email", "emails.work"),
    ("business email", "emails.work"),
    ("个人邮箱", "emails.home"),
    ("home email", "emails.home"),
    ("personal email", "emails.home"),
];

fn of_customers(key: &str) -> Option<Target> {
    match key {
        "first name" | "given name" | "firstname" | "vorname" | "名" => return Some(Target::GivenName),
        "last name" | "family name" | "lastname" | "surname" | "nachname" | "姓" => {
            return Some(Target::FamilyName);
        }
        _ => {}
    }
    if let Some((_, name)) = HEADERS.iter().find(|(header, _)| *header == key) {
        let kind = if name.starts_with("emails") {
            FieldType::Emails
        } else {
            FieldType::Phones
        };
        return Some(Target::Field((*name).to_owned(), kind));
    }
    // A single letter or "other" is no name of a service on its own.
    let kind = handle::kind_named(key).filter(|kind| *kind != "other" && key.chars().count() > 1)?;
    debug_assert!(customer::HANDLE_KINDS.contains(&kind), "{kind}");
    Some(Target::Field(format!("handles.{kind}"), FieldType::Handles))
}
