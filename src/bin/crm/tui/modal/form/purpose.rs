//! What a form is for: which fields it has, and what is done with them.

use crm::domain::field::FieldType;
use crm::domain::input::{Assignment, Input};
use crm::domain::noun::Noun;
use crm::domain::value::Link;
use crm::ops::revise::Change;
use crm::wire::form::Item;

use super::fields::{self, item};
use crate::tui::component::form::Form;
use crate::tui::component::form::field::Field;
use crate::tui::deed::{Deed, Step};
use crate::tui::query::record::{Drawn, Sketch, given};
use crate::tui::ticket::Speech;

/// What the next step is called unless somebody says otherwise.
const STEP: &str = "Follow up";

/// What a form is for.
#[derive(Debug, Clone)]
pub(super) enum Purpose {
    /// A new record that begins with these values.
    Add(Noun, Vec<Assignment>),
    /// One record.
    Revise(Link),
    /// Several records, all of one noun.
    Bulk(Noun, Vec<Link>),
    /// One field of one or several records.
    One(Noun, Vec<Link>, String),
    /// What happened with a customer, and about a deal.
    Log(&'static str, Link, Option<Link>),
    /// What is said about tickets.
    Said(Speech, Vec<Link>),
    /// Labels to put on records and take off.
    Tags(Noun, Vec<Link>),
}

/// The fields that are asked first, in order.
fn usual(noun: Noun) -> &'static [&'static str] {
    match noun {
        Noun::Customer => CUSTOMER,
        Noun::Deal => &[
            "name",
            "customer",
            "amount",
            "stage",
            "expected_close",
            "owner",
            "pipeline",
            "type",
            "source",
            "tags",
            "note",
        ],
        Noun::Quote => QUOTE,
        Noun::Order => ORDER,
        Noun::Ticket => TICKET,
        Noun::Feedback => FEEDBACK,
        Noun::Task => &[
            "title", "customer", "deal", "due", "priority", "type", "assignee", "repeat", "remind", "tags",
            "note",
        ],
        Noun::Activity => &[
            "type",
            "customer",
            "deal",
            "at",
            "text",
            "outcome",
            "duration",
            "direction",
            "tags",
        ],
        Noun::Product => &["name", "sku", "category", "price", "unit", "active", "tags"],
        Noun::User => &["name", "email", "manager", "team", "scope", "status"],
        Noun::Team => &["name", "manager"],
        Noun::Tag => &["name", "description", "keep_in_touch"],
        Noun::View => &[
            "key",
            "noun",
            "filter",
            "columns",
            "sort",
            "visibility",
            "description",
        ],
        Noun::Field => &["noun", "key", "label", "type", "options", "required", "help"],
        Noun::Pipeline => &["key", "label", "default"],
        Noun::Form => FORM,
        Noun::Assignment => ASSIGNMENT,
        Noun::Calendar => &["key", "zone", "week", "days", "description"],
        Noun::Sla => &["key", "position", "filter", "calendar", "targets", "active"],
        Noun::Article => &[
            "key", "title", "type", "status", "language", "topic", "body", "tags",
        ],
        Noun::Score => SCORE,
        Noun::Pool => POOL,
        Noun::Survey => SURVEY,
        Noun::Rule => RULE,
    }
}

/// The fields of a customer, in order.
const CUSTOMER: &[&str] = &[
    "name",
    "type",
    "company",
    "title",
    "emails",
    "phones",
    "city",
    "country",
    "lifecycle",
    "level",
    "source",
    "owner",
    "tags",
    "note",
];

/// The fields of an intake form, in order.
const FORM: &[&str] = &[
    "key",
    "label",
    "entries",
    "on_duplicate",
    "assign",
    "next",
    "active",
];

/// The fields of a quote, in order.
const QUOTE: &[&str] = &[
    "name",
    "customer",
    "lines",
    "deal",
    "currency",
    "discount",
    "shipping",
    "valid_until",
    "owner",
    "tags",
    "note",
];

/// The fields of an order, in order.
const ORDER: &[&str] = &[
    "name",
    "customer",
    "lines",
    "deal",
    "currency",
    "discount",
    "shipping",
    "ordered_on",
    "due_on",
    "promised_on",
    "owner",
    "tags",
    "note",
];

/// The fields of a ticket, in order.
const TICKET: &[&str] = &[
    "name",
    "customer",
    "contact",
    "description",
    "priority",
    "type",
    "channel",
    "category",
    "assignee",
    "order",
    "product",
    "tags",
];

/// The fields of a rule of assignment.
const ASSIGNMENT: &[&str] = &[
    "key", "position", "filter", "strategy", "members", "fallback", "active",
];

/// The fields of a rule of scoring.
const RULE: &[&str] = &["key", "on", "filter", "actions", "once", "active", "description"];

/// The fields of a rule that gives points.
const SCORE: &[&str] = &[
    "key", "points", "side", "event", "filter", "cap", "decay", "active",
];

/// The fields of a public pool.
const POOL: &[&str] = &[
    "key",
    "members",
    "filter",
    "no_follow_up",
    "no_deal",
    "no_won",
    "warn",
    "cool_down",
    "claim_per_day",
    "own_limit",
    "active",
];

/// The fields of feedback, in order.
const FEEDBACK: &[&str] = &[
    "customer",
    "type",
    "survey",
    "score",
    "comment",
    "order",
    "ticket",
    "channel",
    "answered_on",
    "owner",
    "tags",
    "note",
];

/// The fields of a survey.
const SURVEY: &[&str] = &["key", "type", "question", "question_zh", "about", "active"];

/// The fields of a log entry, in order.
const LOG: &[&str] = &["text", "outcome", "duration", "at"];

impl Purpose {
    /// The records whose values are read.
    pub(super) fn of(&self) -> Vec<Link> {
        match self {
            Purpose::Add(..) | Purpose::Log(..) | Purpose::Said(..) | Purpose::Tags(..) => Vec::new(),
            Purpose::Revise(link) => vec![link.clone()],
            Purpose::Bulk(_, of) | Purpose::One(_, of, _) => of.clone(),
        }
    }

    /// Whose fields they are.
    pub(super) fn noun(&self) -> Noun {
        match self {
            Purpose::Add(noun, _)
            | Purpose::Bulk(noun, _)
            | Purpose::One(noun, ..)
            | Purpose::Tags(noun, _) => *noun,
            Purpose::Revise(link) => link.noun,
            // A text and nothing else.
            Purpose::Log(..) | Purpose::Said(..) => Noun::Activity,
        }
    }

    /// What stands above the form.
    pub(super) fn title(&self) -> String {
        match self {
            Purpose::Add(noun, _) => format!("New {noun}"),
            Purpose::Revise(link) => format!("Edit {}: {}", link.noun, link.name),
            Purpose::Bulk(noun, of) => format!("Edit {} {}", of.len(), noun.plural()),
            Purpose::One(noun, of, name) => format!("{} of {}", name.replace('_', " "), called(*noun, of)),
            Purpose::Log(kind, customer, _) => format!("{} with {}", titled(kind), customer.name),
            Purpose::Said(speech, of) => speech.title(&called(Noun::Ticket, of)),
            Purpose::Tags(noun, of) => format!("Labels of {}", called(*noun, of)),
        }
    }

    /// Under which key a draft is kept; none for what is typed again in a moment.
    pub(super) fn key(&self) -> Option<String> {
        match self {
            Purpose::Add(noun, _) => Some(format!("{noun}-new")),
            Purpose::Revise(link) => Some(format!("{}-{}", link.noun, link.id.uid())),
            Purpose::Bulk(noun, _) => Some(format!("{noun}-several")),
            Purpose::Log(kind, customer, _) => Some(format!("{kind}-{}", customer.id.uid())),
            Purpose::Said(speech, of) => match of.as_slice() {
                [one] => Some(format!("{}-{}", speech.word(), one.id.uid())),
                _ => None,
            },
            Purpose::One(..) | Purpose::Tags(..) => None,
        }
    }

    /// Of how many records the form is.
    pub(super) fn count(&self) -> usize {
        match self {
            Purpose::Add(..) | Purpose::Revise(_) | Purpose::Log(..) => 1,
            Purpose::Bulk(_, of) | Purpose::One(_, of, _) | Purpose::Said(_, of) | Purpose::Tags(_, of) => {
                of.len()
            }
        }
    }

    /// Whether it has no fields but its own.
    fn is_short(&self) -> bool {
        matches!(
            self,
            Purpose::One(..) | Purpose::Tags(..) | Purpose::Log(..) | Purpose::Said(..)
        )
    }

    /// Brings the fields into order, and takes away and adds what there is for this alone.
    pub(super) fn arrange(&self, sketch: &mut Sketch) {
        let order: Vec<&str> = match self {
            Purpose::One(_, _, name) => vec![name],
            Purpose::Tags(..) => vec!["tags"],
            Purpose::Said(..) => vec!["text"],
            Purpose::Log("call", ..) => LOG.to_vec(),
            Purpose::Log("meeting", ..) => vec!["text", "duration", "at"],
            Purpose::Log(..) => vec!["text", "at"],
            Purpose::Add(noun, _) | Purpose::Bulk(noun, _) => usual(*noun).to_vec(),
            Purpose::Revise(link) => usual(link.noun).to_vec(),
        };
        let place = |drawn: &Drawn| order.iter().position(|name| *name == drawn.name);
        if self.is_short() {
            sketch.fields.retain(|drawn| place(drawn).is_some());
        }
        sketch
            .fields
            .sort_by_key(|drawn| place(drawn).unwrap_or(usize::MAX));
        if let (Purpose::Tags(..), Some(tags)) = (self, sketch.fields.first_mut()) {
            "+vip puts a label on, -cold takes it off; several with blanks between"
                .clone_into(&mut tags.help);
        }
        if let (Purpose::Said(speech, _), Some(text)) = (self, sketch.fields.first_mut()) {
            text.is_required = true;
            speech.label().clone_into(&mut text.label);
        }
        if let Purpose::Log(kind, ..) = self {
            for drawn in &mut sketch.fields {
                // Of a note there is nothing but the text; how a call went may say enough.
                drawn.is_required = drawn.name == "text" && *kind == "note";
                if drawn.name == "text" {
                    "What happened".clone_into(&mut drawn.label);
                }
            }
            let step = |name: &str, label: &str, help: &str, kind: FieldType| Drawn {
                name: name.to_owned(),
                label: label.to_owned(),
                help: help.to_owned(),
                kind,
                options: Vec::new(),
                is_required: false,
                items: Vec::new(),
            };
            let what = "what is to be done next; empty for nothing";
            sketch.fields.extend([
                step("next", "Next step", what, FieldType::Text),
                step("due", "By when", "when the next step is due", FieldType::Due),
            ]);
        }
    }

    /// The fields of the form: the usual ones and those with a value, or all; and how many are left out.
    pub(super) fn fields(&self, sketch: &Sketch, all: bool) -> (Vec<Field>, usize) {
        let mut shown = Vec::new();
        let mut hidden = 0;
        let must = !matches!(self, Purpose::Bulk(..));
        let is_short = self.is_short();
        for drawn in &sketch.fields {
            let initial = match self {
                Purpose::Add(_, values) => {
                    fields::Initial::Text(given(values, &drawn.name).unwrap_or_default())
                }
                _ => fields::Initial::of(&drawn.items),
            };
            let has_value =
                matches!(&initial, fields::Initial::Text(text) if !text.is_empty() && text != "false");
            let is_usual = usual(sketch.noun).contains(&drawn.name.as_str());
            if all || is_short || is_usual || has_value || drawn.is_required {
                shown.push(fields::field(drawn, &initial, must));
            } else {
                hidden += 1;
            }
        }
        (shown, hidden)
    }

    /// What is to be done; none if there is nothing to do.
    pub(super) fn deed(&self, sketch: &Sketch, form: &Form) -> Option<Deed> {
        match self {
            Purpose::Add(noun, values) => Some(Deed::Add {
                noun: *noun,
                assignments: filled(sketch, form, values),
                anyway: false,
            }),
            Purpose::Revise(link) => revised(std::slice::from_ref(link), sketch, form),
            Purpose::One(_, of, _) if of.len() == 1 => revised(of, sketch, form),
            Purpose::Bulk(_, of) | Purpose::One(_, of, _) => {
                let assignments = changed(sketch, form);
                (!assignments.is_empty()).then(|| Deed::Set {
                    of: of.clone(),
                    assignments,
                    version: None,
                })
            }
            Purpose::Log(kind, customer, deal) => Some(logged(kind, customer, deal.as_ref(), form)),
            Purpose::Said(speech, of) => Some(Deed::Tickets(speech.verb(form.value("text")), of.clone())),
            Purpose::Tags(_, of) => tagged(of, &form.value("tags")),
        }
    }

    /// Old and new values of a change of several records, a line for each.
    pub(super) fn preview(&self, sketch: &Sketch, form: &Form, most: usize) -> Vec<String> {
        let touched: Vec<(&Drawn, Item)> = touched(sketch, form).collect();
        let mut lines = Vec::new();
        for (at, link) in self.of().iter().enumerate() {
            for (drawn, wanted) in &touched {
                let old = drawn.items.get(at);
                if old.is_some_and(|old| old.same(wanted)) || lines.len() >= most {
                    continue;
                }
                lines.push(format!(
                    "{} {}: {} {} → {}",
                    link.reference(),
                    link.name,
                    drawn.label,
                    old.map_or_else(String::new, Item::shown),
                    wanted.shown()
                ));
            }
        }
        lines
    }
}

/// What records are called together: the one, or how many.
pub(super) fn called(noun: Noun, of: &[Link]) -> String {
    match of {
        [one] => one.name.clone(),
        several => format!("{} {}", several.len(), noun.plural()),
    }
}

fn titled(word: &str) -> String {
    let mut letters = word.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => String::new(),
    }
}

/// The fields that hold something else than at first, with what they hold.
fn touched<'s>(sketch: &'s Sketch, form: &Form) -> impl Iterator<Item = (&'s Drawn, Item)> {
    let changed: Vec<(String, String)> = form
        .changed()
        .into_iter()
        .map(|(name, text)| (name.to_owned(), text))
        .collect();
    sketch.fields.iter().filter_map(move |drawn| {
        let (_, text) = changed.iter().find(|(name, _)| *name == drawn.name)?;
        Some((drawn, item(drawn, text)))
    })
}

fn changed(sketch: &Sketch, form: &Form) -> Vec<Assignment> {
    touched(sketch, form)
        .map(|(drawn, item)| (drawn.name.clone(), item.input()))
        .collect()
}

/// Every field with a value; what was given and has no field stays.
fn filled(sketch: &Sketch, form: &Form, values: &[Assignment]) -> Vec<Assignment> {
    let mut assignments = Vec::new();
    for field in form.fields() {
        let drawn = sketch.fields.iter().find(|drawn| drawn.name == field.name());
        let text = field.value();
        // A tick that nobody made is no answer.
        let is_unsaid = text.is_empty() || (text == "false" && !field.is_changed());
        if let Some(drawn) = drawn.filter(|_| !is_unsaid) {
            assignments.push((drawn.name.clone(), item(drawn, &text).input()));
        }
    }
    let rest = values.iter().filter(|(name, _)| form.find(name).is_none());
    assignments.extend(rest.cloned());
    assignments
}

fn revised(of: &[Link], sketch: &Sketch, form: &Form) -> Option<Deed> {
    let changes: Vec<Change> = touched(sketch, form)
        .map(|(drawn, wanted)| Change {
            name: drawn.name.clone(),
            before: drawn.items.first().cloned().unwrap_or(Item::One(String::new())),
            wanted,
        })
        .collect();
    (!changes.is_empty()).then(|| Deed::Revise {
        of: of.to_vec(),
        changes: vec![changes],
    })
}

fn logged(kind: &str, customer: &Link, deal: Option<&Link>, form: &Form) -> Deed {
    let mut assignments = vec![("type".to_owned(), Input::text(kind))];
    for name in LOG {
        let text = form.value(name);
        if !text.is_empty() {
            assignments.push(((*name).to_owned(), Input::text(text)));
        }
    }
    if let Some(deal) = deal {
        assignments.push(("deal".to_owned(), Input::text(deal.reference().to_string())));
    }
    let (title, due) = (form.value("next"), form.value("due"));
    let is_wanted = !title.is_empty() || !due.is_empty();
    let title = if title.is_empty() { STEP.to_owned() } else { title };
    Deed::Log {
        customer: customer.clone(),
        assignments,
        next: is_wanted.then(|| Step {
            title,
            due: (!due.is_empty()).then_some(due),
        }),
    }
}

/// `+vip -cold`: a label is put on unless there is a minus before it.
fn tagged(of: &[Link], text: &str) -> Option<Deed> {
    let (mut add, mut remove) = (Vec::new(), Vec::new());
    for word in text.split([' ', '\u{3000}', ',', '，', ';', '；', '、']) {
        match word.strip_prefix(['-', '－']) {
            Some(name) if !name.is_empty() => remove.push(name.to_owned()),
            Some(_) => {}
            None => {
                let name = word.trim_start_matches(['+', '＋']);
                if !name.is_empty() {
                    add.push(name.to_owned());
                }
            }
        }
    }
    (!add.is_empty() || !remove.is_empty()).then(|| Deed::Tag {
        of: of.to_vec(),
        add,
        remove,
    })
}
