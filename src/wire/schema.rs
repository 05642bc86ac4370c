//! JSON Schema (2020-12) of the objects that programs read, made of the same columns that write them.

use serde_json::{Map, Value as Json, json};

use crate::domain::field::FieldType;
use crate::domain::noun::Noun;
use crate::wire::column::Column;

/// The number of the shapes. It rises when a key goes or changes its meaning; new keys leave it alone.
pub const NUMBER: u32 = 1;

/// The dialect that a schema is written in.
const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";

/// One key of an object.
#[derive(Debug, Clone)]
pub struct Member {
    /// The column that writes it; a dotted one is nested.
    pub column: Column,
    /// What it is, in a line.
    pub help: String,
    /// The words that are possible; empty for any.
    pub words: Vec<String>,
}

/// The schema of one object of `kind`, as `show --json` writes it.
pub fn object(kind: &str, members: &[Member]) -> Json {
    let mut properties = Map::new();
    if !kind.is_empty() && !members.iter().any(|member| member.column.name == "kind") {
        properties.insert("kind".to_owned(), json!({"const": kind}));
    }
    for member in members {
        insert(&mut properties, &member.column.name, value(member));
    }
    closed(properties, kind)
}

/// A whole document: a schema with its dialect and number.
pub fn document(title: &str, schema: Json) -> Json {
    let mut document = Map::new();
    document.insert("$schema".to_owned(), DIALECT.into());
    document.insert("title".to_owned(), title.into());
    document.insert("x-schema-number".to_owned(), NUMBER.into());
    match schema {
        Json::Object(members) => document.extend(members),
        other => {
            document.insert("anyOf".to_owned(), json!([other]));
        }
    }
    Json::Object(document)
}

/// A document of several schemas, by name.
pub fn collection(schemas: Vec<(&str, Json)>) -> Json {
    let any: Vec<Json> = schemas
        .iter()
        .map(|(name, _)| json!({"$ref": format!("#/$defs/{name}")}))
        .collect();
    let defs: Map<String, Json> = schemas
        .into_iter()
        .map(|(name, schema)| (name.to_owned(), schema))
        .collect();
    document("crm", json!({"anyOf": any, "$defs": defs}))
}

/// An object in which every key is always there, and new ones may come.
fn closed(properties: Map<String, Json>, title: &str) -> Json {
    let required: Vec<Json> = properties.keys().map(|key| Json::from(key.as_str())).collect();
    let mut object = Map::new();
    if !title.is_empty() {
        object.insert("title".to_owned(), title.into());
    }
    object.insert("type".to_owned(), "object".into());
    object.insert("properties".to_owned(), Json::Object(properties));
    object.insert("required".to_owned(), required.into());
    Json::Object(object)
}

/// Puts a schema at a dotted path.
fn insert(properties: &mut Map<String, Json>, path: &str, schema: Json) {
    let Some((head, rest)) = path.split_once('.') else {
        properties.insert(path.to_owned(), schema);
        return;
    };
    let inner = properties.entry(head).or_insert_with(|| closed(Map::new(), ""));
    if let Some(Json::Object(nested)) = inner.get_mut("properties") {
        insert(nested, rest, schema);
    }
    if let Some(Json::Array(required)) = inner.get_mut("required") {
        let name = rest.split('.').next().unwrap_or(rest);
        if !required.iter().any(|known| known == name) {
            required.push(name.into());
        }
    }
}

/// The schema of one value. What may be unknown may be null; what is always known may not.
fn value(member: &Member) -> Json {
    let kind = member.column.kind;
    let mut schema = match kind {
        FieldType::Ref | FieldType::Uid => text(json!({})),
        FieldType::Word(words) => word(words.iter().map(|word| Json::from(*word)).collect()),
        FieldType::Choice(_) if !member.words.is_empty() => word(
            member
                .words
                .iter()
                .map(|word| Json::from(word.as_str()))
                .collect(),
        ),
        FieldType::Choices(_) if !member.words.is_empty() => {
            let words: Vec<Json> = member
                .words
                .iter()
                .map(|word| Json::from(word.as_str()))
                .collect();
            list(&json!({"enum": words}))
        }
        FieldType::Integer => json!({"type": ["integer", "null"]}),
        FieldType::Duration => json!({"type": ["integer", "null"], "description": "seconds"}),
        FieldType::Decimal => json!({"type": ["number", "null"]}),
        FieldType::Percent => json!({"type": ["number", "null"], "minimum": 0, "maximum": 1}),
        FieldType::Bool => json!({"type": ["boolean", "null"]}),
        FieldType::Money => nullable(&json!({
            "type": "object",
            "properties": {
                "amount": {"type": "string", "pattern": "^-?[0-9]+(\\.[0-9]+)?$"},
                "currency": {"type": "string", "pattern": "^[A-Z]{3}$"},
            },
            "required": ["amount", "currency"],
        })),
        FieldType::Days => nullable(&json!({
            "type": "object",
            "properties": {
                "from": {"type": "string", "format": "date"},
                "to": {"type": "string", "format": "date"},
            },
            "required": ["from", "to"],
        })),
        FieldType::Date => text(json!({"format": "date"})),
        FieldType::Instant => text(json!({"format": "date-time"})),
        FieldType::Url => text(json!({"format": "uri-reference"})),
        FieldType::Link(noun) => nullable(&link(noun)),
        FieldType::Links(noun) => list(&link(noun)),
        FieldType::Emails
        | FieldType::Phones
        | FieldType::Handles
        | FieldType::Tags
        | FieldType::Choices(_)
        | FieldType::ExternalIds => list(&json!({"type": "string"})),
        FieldType::Parts => list(&json!({"type": "object"})),
        FieldType::Text
        | FieldType::LongText
        | FieldType::Choice(_)
        | FieldType::Birthday
        | FieldType::Due
        | FieldType::Time
        | FieldType::Country => text(json!({})),
    };
    if let (Json::Object(schema), false) = (&mut schema, member.help.is_empty()) {
        let unit = schema.remove("description");
        let help = match unit.as_ref().and_then(Json::as_str) {
            Some(unit) => format!("{}; {unit}", member.help),
            None => member.help.clone(),
        };
        schema.insert("description".to_owned(), help.into());
    }
    schema
}

fn text(more: Json) -> Json {
    let mut schema = Map::new();
    schema.insert("type".to_owned(), json!(["string", "null"]));
    if let Json::Object(more) = more {
        schema.extend(more);
    }
    Json::Object(schema)
}

fn word(words: Vec<Json>) -> Json {
    let mut words = words;
    words.push(Json::Null);
    json!({"enum": words})
}

fn list(items: &Json) -> Json {
    json!({"type": "array", "items": items})
}

fn nullable(schema: &Json) -> Json {
    json!({"anyOf": [schema, {"type": "null"}]})
}

/// Another record: its key, or its ref and name.
fn link(noun: Noun) -> Json {
    match noun.prefix() {
        None => json!({"type": "string"}),
        Some(letter) => json!({
            "type": "object",
            "properties": {
                "id": {"type": "string", "pattern": format!("^{letter}[0-9]+$")},
                "name": {"type": "string"},
            },
            "required": ["id", "name"],
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn member(name: &str, kind: FieldType) -> Member {
        Member {
            column: Column::new(name, kind),
            help: String::new(),
            words: vec!["s".to_owned()],
        }
    }

    #[test]
    fn custom_fields_are_nested_and_every_key_is_required() {
        let members = [
            member("name", FieldType::Text),
            member("fields.size", FieldType::Choice("")),
            member("fields.seats", FieldType::Integer),
        ];
        let schema = object("customer", &members);
        assert_eq!(schema["required"], json!(["kind", "name", "fields"]));
        let fields = &schema["properties"]["fields"];
        assert_eq!(fields["required"], json!(["size", "seats"]));
        assert_eq!(fields["properties"]["size"]["enum"], json!(["s", null]));
        assert_eq!(schema["properties"]["kind"], json!({"const": "customer"}));
    }
}
