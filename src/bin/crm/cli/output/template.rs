//! A text with placeholders, filled once per row: `{name}`, `{customer.name}`, `{amount|money}`, `{next_task|ago}`,
//! `{tags|json}`. `\n`, `\t` and `\\` are escapes; `{{` and `}}` are braces. Each row ends with a line break.

use std::io::Write;

use crm::domain::clock::Clock;
use crm::domain::field::FieldType;
use crm::domain::value::Value;
use crm::wire::column::Column;
use crm::wire::{cell, json};
use crm::{Error, Result};

use super::{Encode, Options, guarded};
use crate::text::{number, relative};

/// What a placeholder does with its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Helper {
    /// The text of a cell; another record shows its ref.
    Plain,
    /// An amount with its sign and grouping.
    Money,
    /// A time as its distance from now.
    Ago,
    /// JSON.
    Json,
}

/// A part of a template.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    /// Text as it is.
    Text(String),
    /// A value by the name of a column, perhaps with the name of a part of it.
    Field(String, Helper),
}

/// A template that is well formed; its names are not checked yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Template {
    parts: Vec<Part>,
}

impl Template {
    /// Reads a template.
    ///
    /// # Errors
    ///
    /// A brace without its partner, an empty name, an unknown helper or escape.
    pub(crate) fn parse(text: &str) -> Result<Template> {
        let mut parts = Vec::new();
        let mut plain = String::new();
        let mut characters = text.chars().peekable();
        while let Some(character) = characters.next() {
            match character {
                '{' | '}' if characters.peek() == Some(&character) => {
                    characters.next();
                    plain.push(character);
                }
                '{' => {
                    let mut inner = String::new();
                    loop {
                        match characters.next() {
                            Some('}') => break,
                            Some(letter) => inner.push(letter),
                            None => return Err(refused(text, "`{` is not closed")),
                        }
                    }
                    if !plain.is_empty() {
                        parts.push(Part::Text(std::mem::take(&mut plain)));
                    }
                    parts.push(placeholder(text, &inner)?);
                }
                '}' => return Err(refused(text, "`}` is not opened")),
                '\\' => plain.push(match characters.next() {
                    Some('n') => '\n',
                    Some('t') => '\t',
                    Some('\\') => '\\',
                    Some(other) => return Err(refused(text, &format!("there is no escape \\{other}"))),
                    None => return Err(refused(text, "it ends with a single backslash")),
                }),
                other => plain.push(other),
            }
        }
        if !plain.ends_with('\n') {
            plain.push('\n');
        }
        parts.push(Part::Text(plain));
        Ok(Template { parts })
    }

    /// The names that the template uses, in order: the columns that a list must have for it.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().filter_map(|part| match part {
            Part::Field(name, _) => Some(name.as_str()),
            Part::Text(_) => None,
        })
    }
}

/// Reads what stands between braces.
fn placeholder(text: &str, inner: &str) -> Result<Part> {
    let (name, helper) = inner.split_once('|').unwrap_or((inner, ""));
    let helper = match helper.trim() {
        "" => Helper::Plain,
        "money" => Helper::Money,
        "ago" => Helper::Ago,
        "json" => Helper::Json,
        other => {
            let near = ["money", "ago", "json"].map(str::to_owned).to_vec();
            return Err(refused(text, &format!("there is no helper {other:?}")).with_near(near));
        }
    };
    match name.trim() {
        "" => Err(refused(text, "a placeholder has no name")),
        name => Ok(Part::Field(name.to_owned(), helper)),
    }
}

/// An error about the template as a whole.
fn refused(text: &str, reason: &str) -> Error {
    Error::usage(format!("the template {text:?} cannot be read: {reason}"))
}

/// A part of a template whose column is known.
enum Slot {
    Text(String),
    Field {
        at: usize,
        kind: FieldType,
        path: Vec<String>,
        helper: Helper,
    },
}

/// The encoder.
pub(super) struct Filled<'a> {
    out: &'a mut dyn Write,
    slots: Vec<Slot>,
    options: Options<'a>,
    line: String,
}

impl<'a> Filled<'a> {
    /// Finds the column of each placeholder.
    ///
    /// # Errors
    ///
    /// A name that is no column, nor a part of one.
    pub(super) fn begin(
        out: &'a mut dyn Write,
        template: Template,
        columns: &[Column],
        options: Options<'a>,
    ) -> Result<Filled<'a>> {
        let mut slots = Vec::with_capacity(template.parts.len());
        for part in template.parts {
            slots.push(match part {
                Part::Text(text) => Slot::Text(text),
                Part::Field(name, helper) => bind(&name, helper, columns)?,
            });
        }
        Ok(Filled {
            out,
            slots,
            options,
            line: String::new(),
        })
    }
}

/// Finds the column of a name: the longest one that the name begins with, the rest being parts of its value.
fn bind(name: &str, helper: Helper, columns: &[Column]) -> Result<Slot> {
    let found = columns
        .iter()
        .enumerate()
        .filter_map(|(at, column)| {
            let rest = name.strip_prefix(column.name.as_str())?;
            let fits = rest.is_empty() || rest.starts_with('.') && has_part(column.kind, rest);
            fits.then_some((at, column, rest))
        })
        .max_by_key(|(_, column, _)| column.name.len());
    let Some((at, column, rest)) = found else {
        let names = columns.iter().map(|column| column.name.clone()).collect();
        return Err(
            Error::usage(format!("the template names {name:?}, which is no column here")).with_near(names),
        );
    };
    Ok(Slot::Field {
        at,
        kind: column.kind,
        path: rest.split('.').skip(1).map(str::to_owned).collect(),
        helper,
    })
}

/// Whether values of this type have a part at `path`, which begins with a dot.
fn has_part(kind: FieldType, path: &str) -> bool {
    match kind {
        FieldType::Link(_) => matches!(path, ".id" | ".uid" | ".name"),
        FieldType::Money => matches!(path, ".amount" | ".currency"),
        FieldType::Parts => true,
        _ => false,
    }
}

impl Encode for Filled<'_> {
    fn row(&mut self, row: &[Value]) -> Result<()> {
        self.line.clear();
        for slot in &self.slots {
            match slot {
                Slot::Text(text) => self.line.push_str(text),
                Slot::Field {
                    at,
                    kind,
                    path,
                    helper,
                } => {
                    let whole = row.get(*at).unwrap_or(&Value::Null);
                    let text = if path.is_empty() {
                        filled(whole, *kind, *helper, self.options.clock)
                    } else {
                        filled(&part(whole, path), FieldType::Text, *helper, self.options.clock)
                    };
                    self.line.push_str(&guarded(&text, self.options.terminal));
                }
            }
        }
        self.out.write_all(self.line.as_bytes())?;
        Ok(())
    }

    fn flush(&mut self) -> Result<()> {
        Ok(self.out.flush()?)
    }

    fn finish(&mut self) -> Result<Vec<String>> {
        Ok(Vec::new())
    }
}

/// The part of `value` at `path`; unknown if it has none.
fn part(value: &Value, path: &[String]) -> Value {
    let Some((name, rest)) = path.split_first() else {
        return value.clone();
    };
    let inner = match (value, name.as_str()) {
        (Value::Link(link), "id") if link.noun.prefix().is_some() => Value::Ref(link.reference()),
        (Value::Link(link), "uid") => Value::Text(link.id.uid()),
        (Value::Link(link), "id" | "name") => Value::Text(link.name.clone()),
        // Records that are named by a key come as the key.
        (Value::Text(key), "id" | "name") => Value::Text(key.clone()),
        (Value::Money(money), "amount") => Value::Text(money.decimal()),
        (Value::Money(money), "currency") => Value::text(money.currency.code()),
        (Value::Map(entries), name) => {
            let found = entries.iter().find(|(key, _)| key == name);
            found.map_or(Value::Null, |(_, value)| value.clone())
        }
        _ => Value::Null,
    };
    part(&inner, rest)
}

/// The text of a value; a helper that does not fit the value leaves it plain.
fn filled(value: &Value, kind: FieldType, helper: Helper, clock: &Clock) -> String {
    match (helper, value) {
        (Helper::Money, Value::Money(money)) => number::money(*money),
        (Helper::Ago, Value::Date(date)) => relative::day(*date, clock),
        (Helper::Ago, Value::DateTime(moment)) => relative::moment(*moment, clock),
        (Helper::Ago, Value::Instant(instant)) => relative::instant(*instant, clock),
        (Helper::Json, _) => json::value(value, kind, json::Options::default()).to_string(),
        _ => cell::cell(value),
    }
}
