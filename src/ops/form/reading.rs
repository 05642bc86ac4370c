//! A submission against its form: what is given for which field, and everything that is wrong with it.

use crate::domain::feedback::TYPES;
use crate::domain::field::FieldType;
use crate::domain::fold::{fold, is_cjk};
use crate::domain::form::entry::{Entry, canonical};
use crate::domain::input::{Assignment, Input};
use crate::domain::noun::Noun;
use crate::domain::phone::Phone;
use crate::domain::when::instant;
use crate::error::{Error, Result};
use crate::ops::customer;
use crate::ops::draft::Draft;
use crate::ops::form::{Form, Target};
use crate::ops::typed::{self, Policy};
use crate::store::WriteTx;
use crate::store::customers::{Address, Channel};
use crate::wire::submission::Pairs;

/// The most letters of a value where the form does not say.
const LONGEST: usize = 1000;

/// The same for texts of several lines.
const LONGEST_TEXT: usize = 20_000;

/// So many names are told at most.
const MOST_NAMES: usize = 3;

/// What is wrong with a submission: the name of the field as it was sent, and the reason.
pub type Faults = Vec<(String, String)>;

/// What a submission says.
#[derive(Debug, Default)]
pub(super) struct Reading {
    /// What is given for fields of the customer, each with what the visitor reads above it.
    pub(super) given: Vec<(Assignment, String)>,
    /// The addresses in it, by which somebody is recognised.
    pub(super) addresses: Vec<(Channel, Address)>,
    /// The message.
    pub(super) message: String,
    /// What feeds no field, with what the visitor reads above it.
    pub(super) kept: Vec<(String, String)>,
    /// What is given for the feedback that it is: the field and the value.
    pub(super) feedback: Vec<(&'static str, String)>,
    /// Whether the consent was given.
    pub(super) consent: bool,
    /// The campaign that it names; empty for none.
    pub(super) campaign: String,
    /// What the sender calls it; empty for nothing.
    pub(super) key: String,
    /// When the visitor began, in milliseconds since 1970.
    pub(super) started: Option<i64>,
    /// Whether the field is filled that people do not see.
    pub(super) trapped: bool,
    /// What is wrong.
    pub(super) faults: Faults,
    /// The names that the form does not know.
    pub(super) unknown: Vec<String>,
}

impl Reading {
    /// Reads what was sent by `form`.
    ///
    /// # Errors
    ///
    /// Only what is no fault of the sender.
    pub(super) fn of(tx: &WriteTx<'_>, form: &Form, pairs: &Pairs) -> Result<Reading> {
        let mut reading = Reading::default();
        let sent: Vec<(String, &str, &str)> = pairs
            .iter()
            .map(|(name, value)| (canonical(name), name.as_str(), value.as_str()))
            .collect();
        let (mut first, mut last) = (String::new(), String::new());
        for (entry, target) in &form.entries {
            let own = canonical(&entry.name);
            let values: Vec<&str> = sent
                .iter()
                .filter(|(name, ..)| *name == own)
                .map(|(.., value)| value.trim())
                .filter(|value| !value.is_empty())
                .collect();
            let values = match (values.is_empty(), entry.default.as_str()) {
                (true, "") => {
                    match inside(&own, &sent) {
                        Some(names) => reading.fault(
                            entry,
                            format!("a value is wanted, and names with values came: {names}"),
                        ),
                        None if entry.required => reading.fault(entry, missing(target)),
                        None => {}
                    }
                    continue;
                }
                (true, default) => vec![default],
                (false, _) => values,
            };
            if let Some(reason) = unfit(entry, target, &values) {
                reading.fault(entry, reason);
                continue;
            }
            let joined = values.join("\n");
            match target {
                Target::FirstName => first = on_one_line(&joined),
                Target::LastName => last = on_one_line(&joined),
                _ => reading.take(tx, form, (entry, target), &values, joined)?,
            }
        }
        reading.name(&first, &last);
        reading.strangers(form, &sent);
        Ok(reading)
    }

    /// Whether it gives an e-mail address.
    pub(super) fn reaches_by_mail(&self) -> bool {
        self.addresses
            .iter()
            .any(|(channel, _)| *channel == Channel::Email)
    }

    fn fault(&mut self, entry: &Entry, reason: impl Into<String>) {
        self.faults.push((entry.name.clone(), reason.into()));
    }

    fn take(
        &mut self,
        tx: &WriteTx<'_>,
        form: &Form,
        (entry, target): (&Entry, &Target),
        values: &[&str],
        joined: String,
    ) -> Result<()> {
        match target {
            Target::Kept => self.kept.push((entry.label("").to_owned(), joined)),
            Target::Message if self.message.is_empty() => self.message = joined,
            Target::Message => self.message = format!("{}\n\n{joined}", self.message),
            Target::Campaign => self.campaign = on_one_line(&joined),
            Target::Key => self.key = on_one_line(&joined),
            Target::Consent => match is_yes(&joined) {
                Some(yes) => self.consent = yes,
                None => self.fault(entry, format!("{joined:?} is neither yes nor no")),
            },
            Target::Started => match moment(&joined) {
                Some(at) => self.started = Some(at),
                None => self.fault(entry, format!("{joined:?} is no instant")),
            },
            Target::Feedback(part) => match fits_feedback(form, part, &joined) {
                Ok(text) => self.feedback.push((part, text)),
                Err(reason) => self.fault(entry, reason),
            },
            Target::Field(name) => self.field(tx, form, entry, name, target.kind(), values)?,
            Target::FirstName | Target::LastName => {}
        }
        if *target == Target::Consent && entry.required && !self.consent {
            let is_known = self.faults.iter().any(|(name, _)| *name == entry.name);
            if !is_known {
                self.fault(entry, missing(target));
            }
        }
        Ok(())
    }

    /// What is given for a field of the customer. It is checked by itself, so that every fault is told and not the first.
    fn field(
        &mut self,
        tx: &WriteTx<'_>,
        form: &Form,
        entry: &Entry,
        name: &str,
        kind: Option<FieldType>,
        values: &[&str],
    ) -> Result<()> {
        let channel = match kind {
            Some(FieldType::Emails) => Some(Channel::Email),
            Some(FieldType::Phones) => Some(Channel::Phone),
            Some(FieldType::Handles) => Some(Channel::Handle),
            _ => None,
        };
        let input = match (channel, values) {
            (Some(channel), values) => {
                let mut texts = Vec::new();
                for value in values {
                    match address(tx, form, channel, name, value) {
                        Ok((text, address)) => {
                            texts.push(Input::Text(text));
                            self.addresses.push((channel, address));
                        }
                        Err(error) => {
                            self.fault(entry, plain(&error, name));
                            return Ok(());
                        }
                    }
                }
                Input::List(texts)
            }
            (None, several) if kind == Some(FieldType::LongText) => Input::Text(several.join("\n")),
            (None, [one]) => Input::Text(on_one_line(one)),
            (None, several) if matches!(kind, None | Some(FieldType::Tags)) => Input::List(
                several
                    .iter()
                    .map(|value| Input::Text(on_one_line(value)))
                    .collect(),
            ),
            (None, several) => Input::Text(several.join("; ")),
        };
        let given = (name.to_owned(), input);
        // An employer by name is looked for when it is written, and made where it is new.
        if name != "company"
            && let Err(error) = Draft::read(
                tx,
                Noun::Customer,
                std::slice::from_ref(&given),
                &Policy::strict(),
            )
        {
            self.fault(entry, plain(&error, name));
            return Ok(());
        }
        self.given.push((given, entry.label("").to_owned()));
        Ok(())
    }

    /// A name of its two parts, unless it is given whole. The family name stands first where names are written so.
    fn name(&mut self, first: &str, last: &str) {
        let is_given = self.given.iter().any(|((name, _), _)| name == "name");
        let name = match (first, last) {
            ("", "") => return,
            (one, "") | ("", one) => one.to_owned(),
            _ if first.chars().chain(last.chars()).all(is_cjk) => format!("{last}{first}"),
            _ => format!("{first} {last}"),
        };
        match is_given {
            true => self.kept.push(("name".to_owned(), name)),
            false => self
                .given
                .push((("name".to_owned(), Input::Text(name)), "name".to_owned())),
        }
    }

    /// What the form does not know; a machine fills what people do not see.
    fn strangers(&mut self, form: &Form, sent: &[(String, &str, &str)]) {
        let trap = canonical(&form.guard.honeypot);
        for (own, name, value) in sent {
            if form
                .entries
                .iter()
                .any(|(entry, _)| canonical(&entry.name) == *own)
                || *name == "_charset_"
            {
                continue;
            }
            if !form.guard.honeypot.is_empty() && *own == trap {
                self.trapped |= !value.trim().is_empty();
            } else if !self.unknown.iter().any(|known| known == name) {
                self.unknown.push((*name).to_owned());
            }
        }
    }
}

/// The names of what came inside an entry that is a value by itself, as JSON and brackets nest them; none if nothing came.
fn inside(own: &str, sent: &[(String, &str, &str)]) -> Option<String> {
    let is_inside = |name: &str| name.strip_prefix(own).is_some_and(|rest| rest.starts_with('.'));
    let names: Vec<&str> = sent
        .iter()
        .filter(|(name, _, value)| is_inside(name) && !value.trim().is_empty())
        .map(|(_, name, _)| *name)
        .take(MOST_NAMES)
        .collect();
    (!names.is_empty()).then(|| names.join(", "))
}

fn missing(target: &Target) -> &'static str {
    match target {
        Target::Consent => "the consent is required",
        _ => "it is required",
    }
}

/// Why values cannot stand in an entry, whatever it feeds.
fn unfit(entry: &Entry, target: &Target, values: &[&str]) -> Option<String> {
    let long = matches!(
        target,
        Target::Message | Target::Kept | Target::Feedback("comment")
    ) || target.kind() == Some(FieldType::LongText);
    let longest = entry.longest.unwrap_or(if long { LONGEST_TEXT } else { LONGEST });
    let letters = values.iter().map(|value| value.chars().count()).sum::<usize>();
    if letters > longest {
        return Some(format!("it has {letters} letters, and {longest} are allowed"));
    }
    if entry.options.is_empty() {
        return None;
    }
    let is_option = |value: &&&str| entry.options.iter().any(|option| fold(option) == fold(value));
    let wrong = values.iter().find(|value| !is_option(value))?;
    Some(format!("{wrong:?} is none of {}", entry.options.join(", ")))
}

/// A value for a field of feedback as it is to be written, or why it cannot be.
fn fits_feedback(form: &Form, part: &str, text: &str) -> std::result::Result<String, String> {
    match (part, &form.survey) {
        ("score", Some(survey)) => {
            let scale = survey.kind.scale();
            let score: Option<i64> = fold(text).parse().ok();
            match score.filter(|score| scale.contains(score)) {
                Some(score) => Ok(score.to_string()),
                None => Err(format!(
                    "{text:?} is no score from {} to {}",
                    scale.start(),
                    scale.end()
                )),
            }
        }
        ("type", _) => typed::word("type", TYPES, text)
            .map(str::to_owned)
            .map_err(|error| plain(&error, "type")),
        _ => Ok(text.to_owned()),
    }
}

/// An address as it is to be written. A telephone number is read as of the country of the form.
fn address(
    tx: &WriteTx<'_>,
    form: &Form,
    channel: Channel,
    name: &str,
    text: &str,
) -> Result<(String, Address)> {
    let text = typed::clean(name, text)?;
    let part = name.split_once('.').map(|(_, part)| part);
    let text = match channel {
        Channel::Phone => {
            let region = match form.region.as_str() {
                "" => tx.caller().region.as_deref(),
                region => Some(region),
            };
            let phone = Phone::parse_valid(&text, region)?;
            match (phone.e164, phone.extension) {
                (Some(e164), Some(extension)) => format!("{e164} ext. {extension}"),
                (Some(e164), None) => e164,
                (None, _) => text,
            }
        }
        Channel::Email | Channel::Handle => text,
    };
    let address = customer::address(tx, channel, part, &text)?;
    Ok((text, address))
}

/// A reason without the name of our field before it, which the sender does not know.
fn plain(error: &Error, name: &str) -> String {
    let head = name.split('.').next().unwrap_or(name);
    let message = error.message();
    let rest = message
        .strip_prefix(head)
        .and_then(|rest| rest.strip_prefix(": "));
    rest.unwrap_or(message).to_owned()
}

/// A text without line ends and other marks that only pretend to be text.
fn on_one_line(text: &str) -> String {
    let plain: String = text
        .chars()
        .map(|letter| if letter.is_control() { ' ' } else { letter })
        .collect();
    plain.trim().to_owned()
}

/// A yes as browsers and people write it; none for what is neither.
fn is_yes(text: &str) -> Option<bool> {
    match fold(text).as_str() {
        "yes" | "y" | "true" | "1" | "on" | "是" | "同意" | "agree" | "accepted" => Some(true),
        "no" | "n" | "false" | "0" | "off" | "否" | "不同意" => Some(false),
        _ => None,
    }
}

/// An instant as ISO 8601 or seconds or milliseconds since 1970; in milliseconds.
fn moment(text: &str) -> Option<i64> {
    /// Seconds reach this in the year 5138, milliseconds did so in 1973.
    const SECONDS_END: i64 = 100_000_000_000;
    if let Some(at) = instant::exact(text) {
        return Some(at.as_millisecond());
    }
    let number: i64 = text.parse().ok().filter(|number| *number >= 0)?;
    Some(if number < SECONDS_END {
        number * 1000
    } else {
        number
    })
}
