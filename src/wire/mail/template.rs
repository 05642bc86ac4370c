//! Templates of messages: headers, an empty line, a text; in both stand values in braces, `{{ customer.name }}`.

use std::collections::BTreeSet;

use minijinja::value::Serde;
use minijinja::{Environment, ErrorKind, UndefinedBehavior};
use serde_json::Value;

use super::plain;
use crate::error::{Error, Result};

/// A template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
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
            name: name.to_owned(),
            headers,
            text: body.to_owned(),
        };
        let environment = environment();
        for part in template.parts() {
            let parsed = environment.template_from_str(part);
            parsed.map_err(|error| refused(told(&error)))?;
        }
        Ok(template)
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
    /// `Invalid` with the paths of all values that are missing and have no default.
    pub fn fill(&self, values: &Value) -> Result<Filled> {
        let values = without_blanks(values.clone());
        match self.render(&values) {
            Ok(filled) => Ok(filled),
            Err(error) if error.kind() == ErrorKind::UndefinedError => {
                let missing = self.missing(&values);
                let what = match missing.as_slice() {
                    [] => told(&error),
                    paths => paths.join(", "),
                };
                Err(Error::invalid(
                    "template",
                    format!("template {}: there is no {what}", self.name),
                ))
            }
            Err(error) => Err(Error::invalid(
                "template",
                format!("template {}: {}", self.name, told(&error)),
            )),
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
    environment
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
        let error = template
            .fill(&json!({"customer": {"title": "", "city": null}}))
            .unwrap_err();
        assert_eq!(
            error.message(),
            "template t: there is no customer.title, deal.name"
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
