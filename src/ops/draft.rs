//! A record as somebody wants it: assignments sorted by how they are written, before anything is written.

use crate::domain::field::{self, Access, Field, FieldType};
use crate::domain::id::Id;
use crate::domain::input::{Assignment, Input};
use crate::domain::near::near;
use crate::domain::noun::Noun;
use crate::domain::value::Value;
use crate::error::{Error, Result};
use crate::ops::custom;
use crate::ops::typed::{self, Policy};
use crate::store::fields::CustomField;
use crate::store::rows::{self, Set};
use crate::store::{ReadTx, WriteTx, columns, fields, links, values};

/// How a list that is given meets the list that is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lists {
    /// The given one takes its place.
    Replace,
    /// What is new is added at the end.
    Add,
}

/// Typed assignments of one record.
#[derive(Debug, Default)]
pub struct Draft {
    /// Fields that are columns of the record.
    pub plain: Vec<Set>,
    /// Fields with rows of their own, which the noun's own operation reads; with the part after the point, if any.
    pub special: Vec<(&'static Field, Option<String>, Input)>,
    tags: Option<Vec<String>>,
    external_ids: Vec<(String, String)>,
    custom: Vec<(CustomField, Value)>,
}

impl Draft {
    /// Types and checks assignments to fields of `noun`.
    ///
    /// # Errors
    ///
    /// An unknown field (with what is near), one that cannot be set, or a value that is refused.
    pub fn read(tx: &WriteTx<'_>, noun: Noun, assignments: &[Assignment], policy: &Policy) -> Result<Draft> {
        let mut draft = Draft::default();
        for (name, input) in assignments {
            match find(tx, noun, name)? {
                Named::Custom(field) => {
                    if let Some(value) = custom::value(tx, &field, input, policy)? {
                        draft.take_custom(field, value);
                    }
                }
                Named::Field(field, part) => draft.take(tx, noun, field, part, input, policy)?,
            }
        }
        Ok(draft)
    }

    /// Several values that are given one by one are one list; of any other field the last stands.
    fn take_custom(&mut self, field: CustomField, value: Value) {
        let known = self.custom.iter_mut().find(|(known, _)| known.id == field.id);
        match (known, value) {
            (Some((_, Value::List(items))), Value::List(more)) => {
                for item in more {
                    if !items.contains(&item) {
                        items.push(item);
                    }
                }
            }
            (Some((_, old)), value) => *old = value,
            (None, value) => self.custom.push((field, value)),
        }
    }

    fn take(
        &mut self,
        tx: &WriteTx<'_>,
        noun: Noun,
        field: &'static Field,
        part: Option<String>,
        input: &Input,
        policy: &Policy,
    ) -> Result<()> {
        match field.kind {
            _ if field.access == Access::Read => {
                return Err(Error::invalid(
                    field.name,
                    format!("{} is kept by the program", field.name),
                ));
            }
            FieldType::Tags => self
                .tags
                .get_or_insert_default()
                .extend(texts(field.name, input)?),
            FieldType::ExternalIds => {
                for text in texts(field.name, input)? {
                    let (system, value) = match text.split_once(':') {
                        Some((system, value)) if part.is_none() => (system.to_owned(), value.to_owned()),
                        _ => (part.clone().unwrap_or_else(|| policy.system.clone()), text),
                    };
                    self.external_ids.push((system, value));
                }
            }
            _ if columns::source(noun, field).write.is_empty() => {
                self.special.push((field, part, input.clone()));
            }
            _ => {
                if let Some(value) = typed::value(tx, noun, field, input, policy)? {
                    self.set(field, value);
                }
            }
        }
        Ok(())
    }

    /// The value that a plain field is to have.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.plain
            .iter()
            .find(|(field, _)| field.name == name)
            .map(|(_, value)| value)
    }

    /// The text that a plain field is to have; none if it is not given or cleared.
    pub fn text(&self, name: &str) -> Option<&str> {
        match self.get(name) {
            Some(Value::Text(text)) => Some(text),
            _ => None,
        }
    }

    /// Sets a plain field; a later value stands for an earlier one.
    pub fn set(&mut self, field: &'static Field, value: Value) {
        match self.plain.iter_mut().find(|(known, _)| known.name == field.name) {
            Some((_, old)) => *old = value,
            None => self.plain.push((field, value)),
        }
    }

    /// Sets a plain field of `noun` by its name, whatever was given.
    pub fn put(&mut self, noun: Noun, name: &str, value: Value) {
        if let Some(field) = field::find(noun, name) {
            self.set(field, value);
        }
    }

    /// Sets a plain field of `noun` by its name, unless it is given.
    pub fn fallback(&mut self, noun: Noun, name: &str, value: Value) {
        if self.get(name).is_none()
            && let Some(field) = field::find(noun, name)
        {
            self.set(field, value);
        }
    }

    /// Whether the field with this canonical name, which may be a custom one, gets a value; none if nothing is said of it.
    pub fn gives(&self, name: &str) -> Option<bool> {
        if let Some(key) = name.strip_prefix("fields.") {
            let given = self.custom.iter().find(|(field, _)| field.key == key);
            return given.map(|(_, value)| !value.is_empty());
        }
        let (tags, systems) = (self.tags.as_ref(), &self.external_ids);
        match name {
            "tags" => tags.map(|tags| !tags.is_empty()),
            "external_ids" => (!systems.is_empty()).then_some(true),
            _ => self.get(name).map(|value| !value.is_empty()).or_else(|| {
                let (_, input) = self.specials(name).last()?;
                Some(match input {
                    Input::Clear => false,
                    Input::Text(text) => !text.trim().is_empty(),
                    Input::List(items) => !items.is_empty(),
                    Input::Map(_) => true,
                })
            }),
        }
    }

    /// The special inputs for the field `name`, with the part after the point.
    pub fn specials(&self, name: &str) -> impl Iterator<Item = (Option<&str>, &Input)> {
        self.special
            .iter()
            .filter(move |(field, ..)| field.name == name)
            .map(|(_, part, input)| (part.as_deref(), input))
    }

    /// The identities in other systems.
    pub fn external_ids(&self) -> &[(String, String)] {
        &self.external_ids
    }

    /// Gives a new record what it has by default, and refuses it if it lacks a custom field that is required.
    pub fn complete_custom(&mut self, tx: &WriteTx<'_>, noun: Noun) -> Result<()> {
        for field in fields::customs(tx, noun)? {
            let given = self.custom.iter().find(|(known, _)| known.id == field.id);
            if given.is_none()
                && let Some(value) = custom::filled(tx, &field)?
            {
                self.custom.push((field, value));
                continue;
            }
            if field.required && given.is_none_or(|(_, value)| value.is_empty()) {
                let name = custom::name_of(&field);
                return Err(Error::invalid(&name, format!("{name} is required")));
            }
        }
        Ok(())
    }

    /// Writes what every noun has alike: tags, identities in other systems, custom fields. True if anything changed.
    pub fn write_common(&self, tx: &WriteTx<'_>, noun: Noun, id: Id, lists: Lists) -> Result<bool> {
        let mut changed = false;
        if let Some(tags) = &self.tags {
            changed |= write_tags(tx, noun, id, tags, lists)?;
        }
        for (system, value) in &self.external_ids {
            match links::by_external_id(tx, system, noun, value)? {
                Some(holder) if holder == id => {}
                Some(_) => {
                    let message = format!("external id {system}:{value} belongs to another {noun}");
                    return Err(Error::new(crate::error::Kind::Duplicate, message).on_field("external_ids"));
                }
                None => {
                    links::add_external_id(tx, noun, id, system, value)?;
                    changed = true;
                }
            }
        }
        for (field, value) in &self.custom {
            custom::fits(tx, id, field, value)?;
            changed |= match (lists, value) {
                (Lists::Add, Value::List(items)) => values::add_custom(tx, id, field, items)?,
                _ => values::set_custom(tx, id, field, value)?,
            };
        }
        Ok(changed)
    }
}

fn write_tags(tx: &WriteTx<'_>, noun: Noun, id: Id, names: &[String], lists: Lists) -> Result<bool> {
    let mut changed = false;
    let mut wanted = Vec::new();
    for name in names {
        wanted.push(tag_named(tx, name)?);
    }
    if lists == Lists::Replace {
        for (known, _) in links::tags(tx, id)? {
            if !wanted.contains(&known) {
                changed |= links::untag(tx, id, known)?;
            }
        }
    }
    for tag in wanted {
        changed |= links::tag(tx, noun, id, tag)?;
    }
    Ok(changed)
}

/// The tag with this name; made if it is new, as labels are.
pub fn tag_named(tx: &WriteTx<'_>, name: &str) -> Result<Id> {
    let name = tag_name("tags", name)?;
    if let Some(id) = links::by_key(tx, Noun::Tag, name)? {
        return Ok(id);
    }
    let field = field::find(Noun::Tag, "name").ok_or_else(|| Error::internal("a tag has no name"))?;
    rows::add(
        tx,
        Noun::Tag,
        rows::Identity::default(),
        &[(field, Value::Text(name.to_owned()))],
        Vec::new(),
    )
}

/// The name of a tag as it is kept.
///
/// # Errors
///
/// `Invalid` on `field` for what could not be written in a list of tags.
pub(crate) fn tag_name<'n>(field: &str, name: &'n str) -> Result<&'n str> {
    let name = name.trim().trim_start_matches(['+', '#']);
    if name.is_empty() || name.contains([',', ';']) || name.chars().any(char::is_control) {
        return Err(Error::invalid(field, format!("{name:?} is no tag")));
    }
    Ok(name)
}

/// A field as it was named.
enum Named {
    Field(&'static Field, Option<String>),
    Custom(CustomField),
}

fn find(tx: &ReadTx<'_>, noun: Noun, name: &str) -> Result<Named> {
    if let Some(field) = field::find(noun, name) {
        return Ok(Named::Field(field, None));
    }
    if let Some(key) = name.strip_prefix("fields.") {
        let known = fields::customs(tx, noun)?;
        return known
            .iter()
            .find(|field| field.key == key)
            .cloned()
            .map(Named::Custom)
            .ok_or_else(|| {
                let keys = near(key, known.iter().map(|field| field.key.as_str()));
                Error::usage(format!("{noun} has no custom field {key:?}"))
                    .with_near(keys.into_iter().map(|key| format!("fields.{key}")).collect())
            });
    }
    if let Some((head, part)) = name.split_once('.')
        && let Some(field) = field::find(noun, head)
        && (noun == Noun::Field && matches!(field.name, "label" | "options")
            || matches!(
                field.kind,
                FieldType::Emails | FieldType::Phones | FieldType::Handles | FieldType::ExternalIds
            ))
    {
        return Ok(Named::Field(field, Some(part.to_owned())));
    }
    let names = field::fields(noun)
        .iter()
        .filter(|field| field.access == Access::Write)
        .map(|field| field.name);
    Err(Error::usage(format!("{noun} has no field {name:?}")).with_near(near(name, names)))
}

/// The texts of an input for a list: several values, or one text with `;` or `,` between them.
pub fn texts(name: &str, input: &Input) -> Result<Vec<String>> {
    match input {
        Input::Clear => Ok(Vec::new()),
        Input::Text(text) => {
            let text = typed::clean(name, text)?;
            Ok(text
                .split([';', ',', '；', '、', '\n'])
                .map(|part| part.trim().to_owned())
                .filter(|part| !part.is_empty())
                .collect())
        }
        Input::List(items) => {
            let mut all = Vec::new();
            for item in items {
                match item {
                    Input::Text(text) => all.push(typed::clean(name, text)?),
                    _ => return Err(Error::invalid(name, format!("{name} is a list of texts"))),
                }
            }
            Ok(all)
        }
        Input::Map(_) => Err(Error::invalid(name, format!("{name} is a list of texts"))),
    }
}
