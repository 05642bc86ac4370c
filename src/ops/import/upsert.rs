//! From a noun to the operation that makes or changes its records.

use crate::domain::field::{self, FieldType};
use crate::domain::fold::fold;
use crate::domain::id::{Id, Ref};
use crate::domain::input::{Assignment, Input};
use crate::domain::noun::Noun;
use crate::error::{Error, Kind, Result};
use crate::ops::customer::{self, OnDuplicate};
use crate::ops::draft::Lists;
use crate::ops::typed::{self, OnMissing, Policy};
use crate::ops::{
    Outcome, activity, article, assignment, calendar, deal, feedback, field as custom, form, order, pipeline,
    pool, product, quote, refer, rule, score, sla, survey, tag, task, team, ticket, user, view,
};
use crate::store::rows::Identity;
use crate::store::{LAST_AT_ORIGIN, ReadTx, WriteTx, customers, fields};

use super::rows::Wanted;
use super::{restore, unread};

/// Makes a record.
pub(super) fn add(
    tx: &WriteTx<'_>,
    noun: Noun,
    identity: Identity,
    wanted: &Wanted,
    policy: &Policy,
) -> Result<Outcome> {
    let given = wanted.assignments.as_slice();
    unread::note(tx, noun, wanted, policy)?;
    match noun {
        // Who it is has been found out already.
        Noun::Customer => customer::add_as(tx, identity, given, OnDuplicate::Create, policy),
        Noun::Deal => deal::add_as(tx, identity, given, policy),
        Noun::Quote => quote::add_as(tx, identity, given, policy),
        Noun::Order => order::add_as(tx, identity, given, policy),
        Noun::Ticket => ticket::add_as(tx, identity, given, policy),
        Noun::Feedback => feedback::add_as(tx, identity, given, policy),
        Noun::Task => task::add_as(tx, identity, given, policy),
        Noun::Activity => activity::add_as(tx, identity, given, policy),
        Noun::Pipeline => {
            let outcome = pipeline::add_as(tx, identity, given, &restore::pipeline::stages(wanted)?, policy)?;
            restore::pipeline::align(tx, outcome.id, wanted)?;
            restore::pipeline::shorten(tx, outcome.id, wanted)?;
            Ok(outcome)
        }
        Noun::User => user::add_as(tx, identity, given, policy),
        Noun::Team => team::add_as(tx, identity, given, policy),
        Noun::Tag => tag::add_as(tx, identity, given, policy),
        Noun::Product => product::add_as(tx, identity, given, policy),
        Noun::Field => custom::add_as(tx, identity, given, policy),
        Noun::View => view::add_as(tx, identity, given, policy),
        Noun::Form => form::add_as(tx, identity, given, policy),
        Noun::Assignment => assignment::add_as(tx, identity, given, policy),
        Noun::Calendar => calendar::add_as(tx, identity, given, policy),
        Noun::Sla => sla::add_as(tx, identity, given, policy),
        Noun::Article => article::add_as(tx, identity, given, policy),
        Noun::Score => score::add_as(tx, identity, given, policy),
        Noun::Pool => pool::add_as(tx, identity, given, policy),
        Noun::Survey => survey::add_as(tx, identity, given, policy),
        Noun::Rule => rule::add_as(tx, identity, given, policy),
    }
}

/// Changes a record; lists are added to.
pub(super) fn edit(
    tx: &WriteTx<'_>,
    noun: Noun,
    id: Id,
    wanted: &Wanted,
    policy: &Policy,
) -> Result<Outcome> {
    let given = wanted.assignments.as_slice();
    unread::note(tx, noun, wanted, policy)?;
    match noun {
        Noun::Customer => customer::edit(tx, id, given, Lists::Add, policy),
        Noun::Deal => deal::edit(tx, id, given, Lists::Add, policy),
        Noun::Quote => quote::edit(tx, id, given, Lists::Add, policy),
        Noun::Order => order::edit(tx, id, given, Lists::Add, policy),
        Noun::Ticket => ticket::edit(tx, id, given, Lists::Add, policy),
        Noun::Feedback => feedback::edit(tx, id, given, Lists::Add, policy),
        Noun::Task => task::edit(tx, id, given, Lists::Add, policy),
        Noun::Activity => activity::edit(tx, id, given, Lists::Add, policy),
        Noun::Pipeline => {
            let mut outcome = pipeline::edit(tx, id, &of_pipeline(tx, id, given)?, Lists::Add, policy)?;
            outcome.changed |= restore::pipeline::align(tx, id, wanted)?;
            if id <= LAST_AT_ORIGIN {
                restore::pipeline::shorten(tx, id, wanted)?;
            }
            Ok(outcome)
        }
        Noun::User => user::edit(tx, id, given, Lists::Add, policy),
        Noun::Team => team::edit(tx, id, given, Lists::Add, policy),
        Noun::Tag => tag::edit(tx, id, given, Lists::Add, policy),
        Noun::Product => product::edit(tx, id, given, Lists::Add, policy),
        Noun::Field => custom::edit(tx, id, given, Lists::Add, policy),
        Noun::View => view::edit(tx, id, given, Lists::Add, policy),
        Noun::Form => form::edit(tx, id, given, Lists::Add, policy),
        Noun::Assignment => assignment::edit(tx, id, given, Lists::Add, policy),
        Noun::Calendar => calendar::edit(tx, id, given, Lists::Add, policy),
        Noun::Sla => sla::edit(tx, id, given, Lists::Add, policy),
        Noun::Article => article::edit(tx, id, given, Lists::Add, policy),
        Noun::Score => score::edit(tx, id, given, Lists::Add, policy),
        Noun::Pool => pool::edit(tx, id, given, Lists::Add, policy),
        Noun::Survey => survey::edit(tx, id, given, Lists::Add, policy),
        Noun::Rule => rule::edit(tx, id, given, Lists::Add, policy),
    }
}

/// A label that a pipeline has in any language is no news, and no row takes the default away.
fn of_pipeline(tx: &ReadTx<'_>, id: Id, given: &[Assignment]) -> Result<Vec<Assignment>> {
    let labels = fields::labels(tx, id)?;
    let is_news = |(name, input): &&Assignment| match (name.as_str(), input.as_text()) {
        ("label", Some(text)) => !labels.iter().any(|label| label == text.trim()),
        ("default", Some(text)) => !matches!(fold(text).as_str(), "false" | "no" | "0"),
        _ => true,
    };
    Ok(given.iter().filter(is_news).cloned().collect())
}

/// Where an import is when it looks for a record.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pass {
    /// Whether all rows have been read, so that nothing more will come.
    pub(super) last: bool,
    /// Whether the employer of a person is made although nobody said so: the row describes both.
    pub(super) make_employer: bool,
}

/// Puts certain references in place of those to records of the same noun.
///
/// # Errors
///
/// `NotFound` for one that a later row may bring, or that is not to be made.
pub(super) fn resolve_links(
    tx: &WriteTx<'_>,
    noun: Noun,
    wanted: &mut Wanted,
    policy: &Policy,
    pass: Pass,
) -> Result<()> {
    for (name, input) in &mut wanted.assignments {
        let Some(found) = field::find(noun, name).filter(|field| field.kind == FieldType::Link(noun)) else {
            continue;
        };
        let text = input.as_text().map(|text| text.trim().to_owned());
        if text
            .as_deref()
            .is_some_and(|text| text.is_empty() || fold(text) == "none")
        {
            continue;
        }
        let id = match look_up(tx, noun, input) {
            Ok(id) => id,
            Err(error) if error.kind() != Kind::NotFound => {
                return Err(error.on_field(found.name).context(found.name));
            }
            Err(error) => {
                let is_ref = |text: &str| Ref::parse(text).is_some_and(|found| found.noun == noun);
                let employer = found.name == "company" && text.as_deref().is_some_and(|text| !is_ref(text));
                let make = policy.on_missing == OnMissing::Create || (employer && pass.make_employer);
                let name = text.or_else(|| input.part("name").and_then(Input::as_text).map(str::to_owned));
                match name {
                    // An employer is no row of a file of people; everybody else may come.
                    Some(name) if make && (pass.last || employer) => {
                        let id = refer::make(tx, noun, &name)?;
                        policy.made.borrow_mut().push((noun, name));
                        id
                    }
                    _ if policy.on_missing == OnMissing::Skip && pass.last => {
                        *input = Input::Map(Vec::new());
                        continue;
                    }
                    _ => return Err(error.on_field(found.name).context(found.name)),
                }
            }
        };
        *input = Input::text(id.uid());
    }
    // What is to be skipped was emptied above.
    wanted
        .assignments
        .retain(|(_, input)| *input != Input::Map(Vec::new()));
    Ok(())
}

/// The record of the same noun that an input means; of customers, by name, only a company.
pub(super) fn look_up(tx: &ReadTx<'_>, noun: Noun, input: &Input) -> Result<Id> {
    let text = match input {
        Input::Text(text) => text.trim(),
        stub => return typed::stub(tx, noun, stub),
    };
    if noun != Noun::Customer {
        return refer::one(tx, noun, text);
    }
    match customers::companies_by_name_key(tx, &fold(text))?.as_slice() {
        [id] => Ok(*id),
        // Several of that name, or a reference of another sort.
        _ => refer::company(tx, text).and_then(|id| match customers::kind_and_survivor(tx, id)? {
            Some((kind, _)) if kind == "company" || !is_name(text) => Ok(id),
            _ => Err(Error::not_found(noun, text)),
        }),
    }
}

/// True if a text is more likely a name than a ref, an address or an id.
fn is_name(text: &str) -> bool {
    crate::domain::id::Ref::parse(text).is_none()
        && Id::parse_uid(text).is_none()
        && !text.contains(['@', ':'])
        && text.chars().any(char::is_alphabetic)
}
