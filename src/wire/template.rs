//! Short texts with values of a record in braces: `Call {{ customer }} about {{ name }}`.
//!
//! Another record stands for its name and has parts, `{{ customer.id }}`; an amount reads `48000.00 EUR`. A value that is
//! not known is an empty text, one that is misspelt is a mistake. There are no loops, so that a text ends.

use std::fmt;
use std::sync::Arc;

use minijinja::value::{Object, Value};
use minijinja::{Environment, UndefinedBehavior};
use serde_json::{Map, Value as Json};

use crate::domain::near::near;
use crate::error::{Error, Result};

/// The longest text that comes of a template, in letters.
const LONGEST: usize = 2000;

/// Checks that a text can be filled, as far as that shows without values.
///
/// # Errors
///
/// `Invalid` for braces that mean nothing.
pub fn check(text: &str) -> Result<()> {
    if has_blocks(text) {
        return Err(refused(text, "only values and `if` may stand in a short text"));
    }
    environment()
        .template_from_str(text)
        .map_err(|error| refused(text, &told(&error)))?;
    Ok(())
}

/// Whether something else than values and `if` stands in a text: loops, and what makes or brings in other texts.
pub(super) fn has_blocks(text: &str) -> bool {
    text.split("{%").skip(1).any(|block| {
        let word = block.trim_start_matches(['-', '+']).trim_start();
        [
            "for", "macro", "call", "set", "include", "import", "extends", "filter",
        ]
        .iter()
        .any(|name| word.starts_with(name))
    })
}

/// The names at the beginning of the values that a text asks for.
pub fn names(text: &str) -> Vec<String> {
    let environment = environment();
    let found = environment
        .template_from_str(text)
        .map(|template| template.undeclared_variables(false));
    let mut names: Vec<String> = found.map_or_else(|_| Vec::new(), |names| names.into_iter().collect());
    names.sort_unstable();
    names
}

/// The text with the values of a record in it, as one line.
///
/// # Errors
///
/// `Invalid` for a value that nobody knows, with what is near.
pub fn fill(text: &str, record: &Map<String, Json>) -> Result<String> {
    if !text.contains(['{', '}']) {
        return Ok(text.to_owned());
    }
    check(text)?;
    if let Some(unknown) = names(text).iter().find(|name| !record.contains_key(*name)) {
        let known = record.keys().map(String::as_str);
        let message = format!("there is no value {unknown}");
        return Err(refused(text, &message).with_near(near(unknown, known)));
    }
    let values = Value::from_object(Named {
        text: String::new(),
        parts: record.clone(),
    });
    let filled = environment()
        .render_str(text, values)
        .map_err(|error| refused(text, &told(&error)))?;
    let line: String = filled
        .chars()
        .map(|letter| if letter.is_control() { ' ' } else { letter })
        .take(LONGEST)
        .collect();
    Ok(line.trim().to_owned())
}

fn environment<'e>() -> Environment<'e> {
    let mut environment = Environment::new();
    // What is known and empty has empty parts.
    environment.set_undefined_behavior(UndefinedBehavior::Chainable);
    environment
}

fn refused(text: &str, why: &str) -> Error {
    Error::invalid("actions", format!("{text:?}: {why}"))
}

fn told(error: &minijinja::Error) -> String {
    error.detail().map_or_else(|| error.to_string(), str::to_owned)
}

/// An object that reads as a text and has parts.
#[derive(Debug)]
struct Named {
    text: String,
    parts: Map<String, Json>,
}

impl Object for Named {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.parts.get(key.as_str()?).map(shown)
    }

    fn is_true(self: &Arc<Self>) -> bool {
        !self.parts.is_empty()
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// A value as a text shows it.
fn shown(value: &Json) -> Value {
    match value {
        Json::Null => Value::from(""),
        Json::Bool(truth) => Value::from(*truth),
        Json::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(whole), _) => Value::from(whole),
            (None, Some(other)) => Value::from(other),
            (None, None) => Value::from(""),
        },
        Json::String(text) => Value::from(text.as_str()),
        Json::Array(items) => {
            let texts: Vec<String> = items.iter().map(|item| shown(item).to_string()).collect();
            Value::from(texts.join(", "))
        }
        Json::Object(parts) => Value::from_object(Named {
            text: ["amount", "name", "id"]
                .iter()
                .find_map(|key| parts.get(*key)?.as_str())
                .map(|text| match parts.get("currency").and_then(Json::as_str) {
                    Some(currency) => format!("{text} {currency}"),
                    None => text.to_owned(),
                })
                .unwrap_or_default(),
            parts: parts.clone(),
        }),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn record() -> Map<String, Json> {
        let record = json!({
            "id": "D7", "name": "Fleet {{ id }}\u{1b}[31m", "customer": {"id": "C1", "name": "张伟"}, "owner": null,
            "amount": {"amount": "48000.00", "currency": "EUR"}, "tags": ["a", "b"], "probability": 0.6, "fields": {"size": "S"},
        });
        record.as_object().cloned().expect("an object")
    }

    #[test]
    fn values_stand_in_braces() {
        for (text, filled) in [
            ("Call {{ customer }}", "Call 张伟"),
            (
                "{{ customer.id }} {{amount}} {{ amount.currency }}",
                "C1 48000.00 EUR EUR",
            ),
            ("{{ tags }}, {{ probability }}, {{ fields.size }}", "a, b, 0.6, S"),
            ("[{{ owner }}] [{{ owner.name }}]", "[] []"),
            ("{% if owner %}x{% else %}nobody{% endif %}", "nobody"),
            (
                "{% if customer %}{{ customer }}{% else %}nobody{% endif %}",
                "张伟",
            ),
            // What a record says is text and nothing else.
            ("{{ name }}", "Fleet {{ id }} [31m"),
            ("no braces", "no braces"),
        ] {
            assert_eq!(fill(text, &record()).expect(text), filled, "{text}");
        }
    }

    #[test]
    fn mistakes_are_told() {
        let error = fill("{{ custmer }}", &record()).expect_err("no such value");
        assert_eq!(error.near(), ["customer"]);
        for text in [
            "{{ name",
            "{{ }}",
            "{% for a in tags %}x{% endfor %}",
            "{%- set a = 1 %}",
            "{% nonsense %}",
        ] {
            assert!(check(text).is_err(), "{text}");
        }
        assert!(check("100% {{ name | upper }} }").is_ok());
    }

    proptest! {
        #[test]
        fn nothing_panics(text in "([{}%| a-z\"]|\\PC){0,30}", name in "\\PC{0,20}") {
            let mut values = record();
            values.insert("name".to_owned(), Json::String(name));
            if let Ok(line) = fill(&text, &values) {
                prop_assert!(!line.contains(|letter: char| letter.is_control()));
            }
        }
    }
}
