//! What is read for changing records: the fields of a noun with their values and choices, what a typed text means, who
//! else is called so, how somebody can be reached.

use crm::domain::field::{self, Access, Field, FieldType};
use crm::domain::fold::fold;
use crm::domain::id::Id;
use crm::domain::input::{Assignment, Input};
use crm::domain::noun::Noun;
use crm::domain::value::{Link, Value};
use crm::domain::when::{When, show};
use crm::error::{Error, Result};
use crm::ops::merge::preview::{Preview, preview};
use crm::ops::transcript::{self, Transcript};
use crm::ops::understand::{self, Meaning};
use crm::ops::{complete, list, merge};
use crm::store::customers::{self, Channel};
use crm::store::records::{self, Fetch, Selected};
use crm::store::{ReadTx, fields};
use crm::wire::form::Item;

use crate::text::{display, number};
use crate::tui::component::choice::Listed;
use crate::tui::same::Union;

/// So many records are proposed.
const PROPOSED: usize = 20;

/// Something that has to be known for changing records.
#[derive(Debug, Clone)]
pub(crate) enum Question {
    /// The fields of a noun, with the values of these records.
    Sketch(Noun, Vec<Link>),
    /// What a text means in a field.
    Understand { noun: Noun, name: String, text: String },
    /// Who has the same name or address, other than this one.
    Similar {
        name: String,
        text: String,
        except: Option<Id>,
    },
    /// The records that a text may be the beginning of.
    Propose(Noun, String),
    /// How a customer can be reached.
    Reach(Link),
    /// Records as a text for the editor.
    Transcribe(Noun, Vec<Id>),
    /// What a merge would make of two customers.
    Merging(Union),
    /// The customers who became a part of this one.
    Parts(Link),
}

/// What is known then.
#[derive(Debug)]
pub(crate) enum Found {
    Sketch(Box<Sketch>),
    /// The field, the text, and what it means or why it is refused.
    Understood(String, String, std::result::Result<String, String>),
    Similar(Vec<Link>),
    Proposed(Vec<Listed>),
    Reach(Box<Reach>),
    Transcript(Box<Transcript>),
    Merging(Box<Preview>),
    /// The one that was merged last first.
    Parts(Vec<Link>),
}

/// The fields of a noun, as a form shows them.
#[derive(Debug, Clone)]
pub(crate) struct Sketch {
    pub(crate) noun: Noun,
    pub(crate) fields: Vec<Drawn>,
}

/// One field of a noun.
#[derive(Debug, Clone)]
pub(crate) struct Drawn {
    /// The canonical name; `fields.KEY` for a custom field.
    pub(crate) name: String,
    pub(crate) label: String,
    pub(crate) help: String,
    pub(crate) kind: FieldType,
    /// What it can be, where that is a list.
    pub(crate) options: Vec<Listed>,
    /// Whether a new record must have it.
    pub(crate) is_required: bool,
    /// The values of the records.
    pub(crate) items: Vec<Item>,
}

/// How a customer can be reached.
#[derive(Debug, Clone, Default)]
pub(crate) struct Reach {
    pub(crate) do_not_contact: bool,
    /// Numbers to dial, and whether one may.
    pub(crate) phones: Vec<(String, bool)>,
    pub(crate) emails: Vec<(String, bool)>,
    pub(crate) handles: Vec<(String, bool)>,
    /// The main address in one line.
    pub(crate) address: String,
    pub(crate) website: String,
}

impl Question {
    /// Asks the base.
    ///
    /// # Errors
    ///
    /// `NotFound` for a record that is gone; whatever else the base fails with.
    pub(crate) fn run(&self, tx: &ReadTx<'_>) -> Result<Found> {
        Ok(match self {
            Question::Sketch(noun, of) => Found::Sketch(Box::new(sketch(tx, *noun, of)?)),
            Question::Understand { noun, name, text } => {
                let meaning = understand::understood(tx, *noun, name, text);
                let answer = match meaning {
                    Ok(meaning) => Ok(shown(tx, &meaning, text)),
                    Err(error) => Err(error.to_string()),
                };
                Found::Understood(name.clone(), text.clone(), answer)
            }
            Question::Similar { name, text, except } => {
                Found::Similar(understand::similar(tx, name, text, *except)?)
            }
            Question::Propose(noun, text) => Found::Proposed(proposed(tx, *noun, text)?),
            Question::Reach(customer) => Found::Reach(Box::new(reach(tx, customer)?)),
            Question::Transcribe(noun, ids) => {
                let transcript = transcript::transcribe(tx, *noun, ids.clone(), &[])?;
                Found::Transcript(Box::new(transcript))
            }
            Question::Merging(union) => {
                let losers = [union.loser.id];
                let preview = preview(tx, union.winner.id, &losers, &union.choices())?;
                Found::Merging(Box::new(preview))
            }
            Question::Parts(link) => Found::Parts(merge::parts_of(tx, link.id)?),
        })
    }
}

/// A record as a list of choices shows it. The ref is part of the label, because names are not unique.
pub(crate) fn listed(link: &Link) -> Listed {
    let reference = link.reference().to_string();
    Listed {
        label: format!("{} {reference}", link.name),
        value: reference,
        note: String::new(),
    }
}

fn proposed(tx: &ReadTx<'_>, noun: Noun, text: &str) -> Result<Vec<Listed>> {
    // What stands behind the name is the ref of a choice that was taken.
    let found = complete::records(tx, noun, text.trim(), PROPOSED)?;
    Ok(found
        .into_iter()
        .map(|found| Listed {
            label: format!("{} {}", found.name, found.reference),
            note: found.details.join(", "),
            value: found.reference,
        })
        .collect())
}

/// What was understood, in a few words; nothing where it says no more than the text.
fn shown(tx: &ReadTx<'_>, meaning: &Meaning, text: &str) -> String {
    let clock = &tx.caller().clock;
    let shown = match meaning {
        Meaning::AsItIs => String::new(),
        Meaning::Value(_, Value::Null) => "none".to_owned(),
        Meaning::Value(_, Value::Date(day)) => show::echo(When::Day(*day), clock),
        Meaning::Value(_, Value::DateTime(at)) => show::echo(When::Moment(*at), clock),
        Meaning::Value(_, Value::Money(money)) => number::money(*money),
        Meaning::Value(kind, value) => display::cell(value, *kind, clock),
        Meaning::Phones(phones) => {
            let phones: Vec<String> = phones
                .iter()
                .map(|(phone, is_valid)| match is_valid {
                    true => phone.clone(),
                    false => "no valid number, kept as it is".to_owned(),
                })
                .collect();
            phones.join("; ")
        }
    };
    match shown == text.trim() {
        true => String::new(),
        false => shown,
    }
}

fn sketch(tx: &ReadTx<'_>, noun: Noun, of: &[Link]) -> Result<Sketch> {
    let mut columns = Vec::new();
    let mut fields = Vec::new();
    for field in field::fields(noun).iter().filter(|field| is_drawn(field)) {
        columns.push(Selected::field(field));
        fields.push(Drawn {
            name: field.name.to_owned(),
            label: titled(field.name),
            help: field.help.to_owned(),
            kind: field.kind,
            options: options(tx, noun, field.name, field.kind, None, of)?,
            is_required: is_required(noun, field.name),
            items: Vec::new(),
        });
    }
    for custom in fields::customs(tx, noun)? {
        let name = format!("fields.{}", custom.key);
        fields.push(Drawn {
            label: custom.label.clone(),
            help: custom.help.clone(),
            kind: custom.kind,
            options: options(tx, noun, &name, custom.kind, Some(&custom.list()), of)?,
            is_required: custom.required,
            items: Vec::new(),
            name,
        });
        columns.push(Selected::custom(custom));
    }
    let fetch = Fetch::new(tx, noun, &columns)?;
    for link in of {
        let row = fetch.get(tx, link.id)?;
        let row = row.ok_or_else(|| Error::not_found(noun, &link.reference().to_string()))?;
        for (drawn, value) in fields.iter_mut().zip(&row) {
            drawn.items.push(Item::of(value));
            if let Value::Link(link) = value
                && link.noun.prefix().is_some()
                && drawn.options.len() < PROPOSED
            {
                drawn.options.push(listed(link));
            }
        }
    }
    Ok(Sketch { noun, fields })
}

/// Identities in other systems come with imports; parts with full exports.
fn is_drawn(field: &Field) -> bool {
    field.access == Access::Write && !matches!(field.kind, FieldType::Parts | FieldType::ExternalIds)
}

/// Without these there is no record. A customer of whom only an address is known is called by that.
fn is_required(noun: Noun, name: &str) -> bool {
    matches!(
        (noun, name),
        (
            Noun::Deal
                | Noun::Quote
                | Noun::Order
                | Noun::Ticket
                | Noun::Product
                | Noun::Tag
                | Noun::User
                | Noun::Team,
            "name"
        ) | (Noun::Task, "title")
            | (
                Noun::View
                    | Noun::Form
                    | Noun::Assignment
                    | Noun::Calendar
                    | Noun::Sla
                    | Noun::Article
                    | Noun::Score
                    | Noun::Pool
                    | Noun::Survey
                    | Noun::Rule
                    | Noun::Field
                    | Noun::Pipeline,
                "key"
            )
    )
}

/// The name of a field as a label.
fn titled(name: &str) -> String {
    let name = name.replace('_', " ");
    let mut letters = name.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => name,
    }
}

/// What a field can be. Of a picklist the first label is shown, and the others beside it.
fn options(
    tx: &ReadTx<'_>,
    noun: Noun,
    name: &str,
    kind: FieldType,
    list: Option<&str>,
    of: &[Link],
) -> Result<Vec<Listed>> {
    if let FieldType::Choice(known) = kind {
        let choices = fields::choices(tx, list.unwrap_or(known))?.into_iter();
        return Ok(choices
            .map(|choice| {
                let mut labels = choice.labels.into_iter();
                Listed {
                    label: labels.next().unwrap_or_else(|| choice.key.clone()),
                    note: labels.collect::<Vec<_>>().join(", "),
                    value: choice.key,
                }
            })
            .collect());
    }
    let words = match (noun, name) {
        (Noun::Deal, "stage") => {
            let pipeline = match of.first() {
                Some(deal) => complete::pipeline_of(tx, &deal.reference().to_string())?,
                None => None,
            };
            complete::stages(tx, pipeline.as_deref())?
        }
        _ if kind == FieldType::Bool => Vec::new(),
        _ => complete::values(tx, kind, list)?,
    };
    Ok(words
        .into_iter()
        .map(|word| Listed {
            label: match kind {
                FieldType::Word(_) => word.value.replace('_', " "),
                _ => word.value.clone(),
            },
            value: word.value,
            note: word.note,
        })
        .collect())
}

fn reach(tx: &ReadTx<'_>, customer: &Link) -> Result<Reach> {
    let names = [
        "do_not_contact",
        "address",
        "postal_code",
        "city",
        "country",
        "website",
    ];
    let columns = names
        .iter()
        .map(|name| list::column(tx, Noun::Customer, name))
        .collect::<Result<Vec<_>>>()?;
    let row = records::get(tx, Noun::Customer, customer.id, &columns)?;
    let row = row.ok_or_else(|| Error::not_found(Noun::Customer, &customer.reference().to_string()))?;
    let mut values = row.iter();
    let do_not_contact = values.next() == Some(&Value::Bool(true));
    let mut texts: Vec<String> = values.map(crm::wire::cell::cell).collect();
    let website = texts.pop().unwrap_or_default();
    texts.retain(|text| !text.is_empty());
    let of = |channel: Channel| -> Result<Vec<(String, bool)>> {
        let addresses = customers::addresses(tx, customer.id, channel)?.into_iter();
        Ok(addresses
            .map(|address| {
                let may = address.opted_out_at.is_none();
                let text = match channel {
                    Channel::Phone if !address.kind.is_empty() => address.kind,
                    Channel::Handle => format!("{}:{}", address.kind, address.text),
                    _ => address.text,
                };
                (text, may)
            })
            .collect())
    };
    Ok(Reach {
        do_not_contact,
        phones: of(Channel::Phone)?,
        emails: of(Channel::Email)?,
        handles: of(Channel::Handle)?,
        address: texts.join(", "),
        website,
    })
}

/// The text that is given for a field, if there is one.
pub(crate) fn given(assignments: &[Assignment], name: &str) -> Option<String> {
    let found = assignments.iter().find(|(known, _)| known == name);
    match found.map(|(_, input)| input) {
        Some(Input::Text(text)) => Some(text.clone()),
        _ => None,
    }
}

/// Whether what was typed fits a choice: letters without case and accents, anywhere.
pub(crate) fn fits(typed: &str, label: &str) -> bool {
    fold(label).contains(&fold(typed))
}
