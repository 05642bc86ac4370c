//! Templates of messages: headers, an empty line, a text; in both stand values in braces, `{{ customer.name }}`.

use std::collections::BTreeSet;

use minijinja::value::{Serde, ValueKind};
use minijinja::{Environment, ErrorKind, UndefinedBehavior, escape_formatter};
use serde_json::Value;

use super::plain;
use crate::domain::near::near;
use crate::error::{Error, Result};
use crate::wire::template;

/// A template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    /// What sort of text it is, for messages.
    sort: &'static str,
    name: String,
    headers: Vec<(String, String)>,
    text: String,
}

/// A template with its values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filled {
    /// The subject.
    pub subject: String,
    /// The other headers.
    pub headers: Vec<(String, String)>,
    /// The text.
    pub text: String,
}

/// A value that a template asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// Where it is: `customer.name`.
    pub path: String,
    /// Whether there is no message without it.
    pub is_required: bool,
}

/// Headers that are made here, or that would make another message of it.
const OWN: &[&str] = &[
    "to",
    "from",
    "sender",
    "date",
    "message-id",
    "in-reply-to",
    "references",
    "mime-version",
    "received",
];

/// What a template looks like.
pub const SAMPLE: &str = "\
Subject: Our offer for {{ customer.company.name | default(customer.name) }}

Dear {{ customer.first_name | default(\"Sir or Madam\") }},

thank you for your time. As agreed, here is our offer{% if deal %} for {{ deal.name }}{% endif %}.

Do you have questions? I am happy to call you on {{ today }} or at any other time that suits you.

Kind regards
{{ user.name }}
";

impl Template {
    /// Reads a template, which is called `name`.
    ///
    /// # Errors
    ///
    /// `Invalid` without a subject, for a header that is not its own to set, or for braces that mean nothing.
    pub fn parse(name: &str, text: &str) -> Result<Template> {
        let refused = |reason: String| Error::invalid("template", format!("template {name}: {reason}"));
        let text = text
            .strip_prefix('\u{feff}')
            .unwrap_or(text)
            .replace("\r\n", "\n");
        let (head, body) = text.split_once("\n\n").unwrap_or((text.trim_end(), ""));
        let mut headers: Vec<(String, String)> = Vec::new();
        for (number, line) in (1..).zip(head.lines()) {
            if line.starts_with([' ', '\t'])
                && let Some((_, value)) = headers.last_mut()
            {
                value.push(' ');
                value.push_str(line.trim());
                continue;
            }
            let Some((key, value)) = line.split_once(':').filter(|(key, _)| is_header(key)) else {
                return Err(refused(format!(
                    "line {number} is no header: a template begins with `Subject: …`, then an empty line and the text"
                )));
            };
            let low = key.to_lowercase();
            if OWN.contains(&low.as_str()) || low.starts_with("content-") {
                return Err(refused(format!("{key} is not for a template to say")));
            }
            headers.push((key.to_owned(), value.trim().to_owned()));
        }
        if !headers.iter().any(|(key, _)| key.eq_ignore_ascii_case("subject")) {
            return Err(refused("it has no `Subject:`".to_owned()));
        }
        let template = Template {
            sort: "template",
            name: name.to_owned(),
            headers,
            text: body.to_owned(),
        };
        template.readable()?;
        Ok(template)
    }

    /// Reads a text without headers, a `sort` that is called `name`. There are no loops in it, so that it ends.
    ///
    /// # Errors
    ///
    /// `Invalid` for braces that mean nothing, or something else than values and `if`.
    pub fn of_text(sort: &'static str, name: &str, text: &str) -> Result<Template> {
        let template = Template {
            sort,
            name: name.to_owned(),
            headers: Vec::new(),
            text: text.replace("\r\n", "\n"),
        };
        if template::has_blocks(text) {
            return Err(template.refused("only values and `if` may stand in it"));
        }
        template.readable()?;
        Ok(template)
    }

    /// Refuses braces that mean nothing.
    fn readable(&self) -> Result<()> {
        let environment = environment();
        for part in self.parts() {
            let parsed = environment.template_from_str(part);
            parsed.map_err(|error| self.refused(&told(&error)))?;
        }
        Ok(())
    }

    fn refused(&self, reason: &str) -> Error {
        Error::invalid("template", format!("{} {}: {reason}", self.sort, self.name))
    }

    /// The subject as it is written, values in braces.
    pub fn subject(&self) -> &str {
        let subject = self
            .headers
            .iter()
            .find(|(key, _)| key.eq_ignore_ascii_case("subject"));
        subject.map_or("", |(_, value)| value)
    }

    /// Puts values in. What is null or empty counts as missing.
    ///
    /// # Errors
    ///
    /// `Invalid` with the paths of all values that are missing and have no default: first those that nobody knows, with
    /// what is near, then those of which nothing is known here.
    pub fn fill(&self, values: &Value) -> Result<Filled> {
        let known = without_blanks(values.clone());
        let refused = |message: String| self.refused(&message);
        match self.render(&known) {
            Ok(filled) => Ok(filled),
            Err(error) if error.kind() == ErrorKind::UndefinedError => {
                let missing = self.missing(&known);
                let (empty, unknown): (Vec<String>, Vec<String>) =
                    missing.into_iter().partition(|path| is_known(values, path));
                match (unknown.first(), empty.as_slice()) {
                    (Some(first), _) => {
                        let all = paths_of(values);
                        let near = near(first, all.iter().map(String::as_str));
                        Err(refused(format!("there is no value {}", unknown.join(", "))).with_near(near))
                    }
                    (None, []) => Err(refused(told(&error))),
                    (None, empty) => Err(refused(format!(
                        "nothing is known of {}; `default(…)` says what stands in its place",
                        empty.join(", ")
                    ))),
                }
            }
            Err(error) => Err(refused(told(&error))),
        }
    }

    /// The values that it asks for, by path.
    pub fn wanted(&self) -> Vec<Wanted> {
        let paths = self.paths();
        let mut whole = Value::Object(serde_json::Map::new());
        for path in &paths {
            put(&mut whole, path, "x");
        }
        // What it cannot do without is found by leaving one out at a time.
        let can_tell = self.render(&whole).is_ok();
        paths
            .iter()
            .map(|path| {
                let mut values = Value::Object(serde_json::Map::new());
                for other in paths
                    .iter()
                    .filter(|other| *other != path && !other.starts_with(&format!("{path}.")))
                {
                    put(&mut values, other, "x");
                }
                Wanted {
                    path: path.clone(),
                    is_required: !can_tell || self.render(&values).is_err(),
                }
            })
            .collect()
    }

    fn parts(&self) -> impl Iterator<Item = &str> {
        let headers = self.headers.iter().map(|(_, value)| value.as_str());
        headers.chain([self.text.as_str()])
    }

    fn paths(&self) -> BTreeSet<String> {
        let environment = environment();
        let mut paths = BTreeSet::new();
        for part in self.parts() {
            if let Ok(template) = environment.template_from_str(part) {
                paths.extend(template.undeclared_variables(true));
            }
        }
        // Who asks for a part asks for the whole too.
        let all = paths.clone();
        paths.retain(|path| !all.iter().any(|other| other.starts_with(&format!("{path}."))));
        paths
    }

    /// The paths that are missing and needed: with all others there, there is still no message.
    fn missing(&self, values: &Value) -> Vec<String> {
        let paths: Vec<String> = self
            .paths()
            .into_iter()
            .filter(|path| get(values, path).is_none())
            .collect();
        let mut missing = Vec::new();
        for path in &paths {
            let mut values = values.clone();
            for other in paths.iter().filter(|other| *other != path) {
                put(&mut values, other, "x");
            }
            if self.render(&values).is_err() {
                missing.push(path.clone());
            }
        }
        missing
    }

    fn render(&self, values: &Value) -> std::result::Result<Filled, minijinja::Error> {
        let environment = environment();
        // A part of what is not there is as missing as the whole of it, and not a mistake of its own.
        let mut values = values.clone();
        for path in self.paths() {
            if let Some((parents, _)) = path.rsplit_once('.') {
                put_object(&mut values, parents);
            }
        }
        let values = minijinja::Value::from(Serde(values));
        let mut subject = String::new();
        let mut headers = Vec::new();
        for (key, value) in &self.headers {
            let value = plain::line(&environment.render_str(value, values.clone())?);
            if key.eq_ignore_ascii_case("subject") {
                subject = value;
            } else if !value.is_empty() {
                headers.push((key.clone(), value));
            }
        }
        let text = environment.render_str(&self.text, values)?;
        Ok(Filled {
            subject,
            headers,
            text,
        })
    }
}

fn environment<'e>() -> Environment<'e> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::SemiStrict);
    environment.set_formatter(|out, state, value| match shown(value)? {
        Some(text) => escape_formatter(out, state, &minijinja::Value::from(text)),
        None => escape_formatter(out, state, value),
    });
    environment
}

/// What has parts, as a text shows it: another record by its name, an amount with its currency, a list with commas; none for
/// what is a text by itself. Something of which nothing is known is missing.
fn shown(value: &minijinja::Value) -> std::result::Result<Option<String>, minijinja::Error> {
    match value.kind() {
        ValueKind::Map => {
            let part = |name: &str| value.get_attr(name).ok().filter(|part| !part.is_undefined());
            if let (Some(amount), Some(currency)) = (part("amount"), part("currency")) {
                return Ok(Some(format!("{amount} {currency}")));
            }
            let name = part("name").or_else(|| part("id"));
            match (name, value.len()) {
                (Some(name), _) => Ok(Some(name.to_string())),
                (None, Some(0)) => Err(ErrorKind::UndefinedError.into()),
                (None, _) => Ok(None),
            }
        }
        ValueKind::Seq => {
            let mut texts = Vec::new();
            for item in value.try_iter()? {
                texts.push(shown(&item)?.unwrap_or_else(|| item.to_string()));
            }
            Ok(Some(texts.join(", ")))
        }
        _ => Ok(None),
    }
}

fn is_header(key: &str) -> bool {
    !key.is_empty()
        && key
            .chars()
            .all(|letter| letter.is_ascii_alphanumeric() || letter == '-')
}

fn told(error: &minijinja::Error) -> String {
    match error.detail() {
        Some(detail) => detail.to_owned(),
        None => error.to_string(),
    }
}

/// The values without what is null or empty, which a template takes for missing.
fn without_blanks(value: Value) -> Value {
    match value {
        Value::Object(members) => Value::Object(
            members
                .into_iter()
                .map(|(key, value)| (key, without_blanks(value)))
                .filter(|(_, value)| !matches!(value, Value::Null) && value.as_str() != Some(""))
                .collect(),
        ),
        Value::Array(items) => Value::Array(items.into_iter().map(without_blanks).collect()),
        other => other,
    }
}

fn get<'v>(values: &'v Value, path: &str) -> Option<&'v Value> {
    path.split('.').try_fold(values, |value, key| value.get(key))
}

/// Whether a path leads to a value, be it empty; what lies in something that is not there counts as such.
fn is_known(values: &Value, path: &str) -> bool {
    let mut at = values;
    for key in path.split('.') {
        match at {
            Value::Object(members) => match members.get(key) {
                Some(value) => at = value,
                None => return false,
            },
            Value::Null => return true,
            _ => return false,
        }
    }
    true
}

/// The paths of all values, those that are empty too, in order.
pub fn paths_of(values: &Value) -> Vec<String> {
    let mut found = Vec::new();
    gather(values, "", &mut found);
    found.sort();
    found
}

fn gather(values: &Value, before: &str, found: &mut Vec<String>) {
    let Value::Object(members) = values else {
        found.push(before.to_owned());
        return;
    };
    for (key, value) in members {
        let path = match before {
            "" => key.clone(),
            before => format!("{before}.{key}"),
        };
        gather(value, &path, found);
    }
}

/// Lets there be an object at a path, unless there is something.
fn put_object(values: &mut Value, path: &str) {
    let mut at = values;
    for key in path.split('.') {
        let Value::Object(members) = at else {
            return;
        };
        at = members
            .entry(key.to_owned())
            .or_insert_with(|| Value::Object(serde_json::Map::new()));
    }
}

/// Sets the value at a path, unless there is one.
fn put(values: &mut Value, path: &str, text: &str) {
    let mut at = values;
    let mut keys = path.split('.').peekable();
    while let Some(key) = keys.next() {
        let Value::Object(members) = at else {
            return;
        };
        let fresh = || match keys.peek() {
            Some(_) => Value::Object(serde_json::Map::new()),
            None => Value::String(text.to_owned()),
        };
        at = members.entry(key.to_owned()).or_insert_with(fresh);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[test]
    fn values_are_put_in() {
        let template = Template::parse("t", SAMPLE).unwrap();
        let values = json!({
            "customer": {"name": "Ann Lee", "first_name": "Ann", "company": null, "title": ""},
            "deal": {"name": "Fleet"}, "user": {"name": "Bo"}, "today": "2026-11-21",
        });
        let filled = template.fill(&values).unwrap();
        assert_eq!(filled.subject, "Our offer for Ann Lee");
        assert!(
            filled.text.starts_with("Dear Ann,\n\nthank you"),
            "{}",
            filled.text
        );
        assert!(
            filled.text.contains("here is our offer for Fleet."),
            "{}",
            filled.text
        );
        let wanted: Vec<(String, bool)> = template
            .wanted()
            .into_iter()
            .map(|wanted| (wanted.path, wanted.is_required))
            .collect();
        let expected = [
            ("customer.company.name", false),
            ("customer.first_name", false),
            ("customer.name", false),
            ("deal.name", false),
            ("today", true),
            ("user.name", true),
        ];
        assert_eq!(
            wanted,
            expected.map(|(path, required)| (path.to_owned(), required))
        );
    }

    #[test]
    fn what_is_missing_is_named() {
        let template = Template::parse(
            "t",
            "Subject: {{ customer.title }}\n\n{{ deal.name }} {{ customer.city | default('x') }}",
        )
        .unwrap();
        let refused = |values: &Value| {
            let error = template.fill(values).unwrap_err();
            (error.message().to_owned(), error.near().to_vec())
        };
        assert_eq!(
            refused(&json!({"customer": {"title": "", "city": null}, "deal": null})),
            (
                "template t: nothing is known of customer.title, deal.name; `default(…)` says what stands in its place"
                    .to_owned(),
                vec![]
            )
        );
        assert_eq!(
            refused(&json!({"customer": {"titles": "x"}, "deal": {"name": "y"}})),
            (
                "template t: there is no value customer.title".to_owned(),
                vec!["customer.titles".to_owned()]
            )
        );
    }

    #[test]
    fn a_value_adds_no_header() {
        let template =
            Template::parse("t", "Subject: {{ a }}\nX-Note: {{ b | default('') }}\n\n{{ a }}").unwrap();
        let filled = template
            .fill(&json!({"a": "one\nBcc: all@x.example\n\nmore"}))
            .unwrap();
        assert_eq!(filled.subject, "one Bcc: all@x.example more");
        assert!(filled.headers.is_empty());
    }

    #[test]
    fn what_is_no_template_is_refused() {
        for text in [
            "",
            "Hello\n\nyou",
            "Cc: a@x.example\n\nno subject",
            "Subject: x\nTo: a@x.example\n\ny",
            "Subject: x\nContent-Type: text/html\n\ny",
            "Subject: {{ x\n\ny",
            "Subject: x\n\n{% for %}",
        ] {
            assert!(Template::parse("t", text).is_err(), "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_parsed_and_filled(text in "(Subject: )?[a-z{}%. |\n'(]{0,80}") {
            if let Ok(template) = Template::parse("t", &text) {
                template.wanted();
                let _ = template.fill(&json!({"a": {"b": "c"}}));
            }
        }
    }
}
