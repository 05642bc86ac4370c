//! Finds what the names of a path mean: fields, links, relations, custom fields, counts and sums.

use crate::domain::field::{self, Field, FieldType};
use crate::domain::near::near;
use crate::domain::noun::Noun;
use crate::query::ast::Word;
use crate::query::context::{Context, CustomField, Vocabulary};
use crate::query::error::{QueryError, QueryErrorKind};
use crate::query::plan::{CUSTOM, Path, Relation, Step, Target};

/// What a path leads to.
pub(super) struct Found {
    pub path: Path,
    /// The noun of the record that has the target.
    pub noun: Noun,
}

/// Finds the path of `names`, which are not empty, from a record of `noun`.
pub(super) fn find(noun: Noun, names: &[Word], context: &Context<'_>) -> Result<Found, QueryError> {
    let mut noun = noun;
    let mut steps: Vec<Step> = Vec::new();
    let mut rest = names.iter();
    while let Some(name) = rest.next() {
        let after_many = steps.last().is_some_and(|step| step.is_many());
        let target = match (name.text.to_ascii_lowercase().as_str(), rest.as_slice()) {
            (CUSTOM, [key]) if has_custom_fields(noun) => Some(Target::Custom(custom(noun, key, context)?)),
            ("count", []) if after_many => Some(Target::Count),
            ("sum", [of]) if after_many => Some(Target::Sum(summed(noun, of, context)?)),
            (_, []) => match field::find(noun, &name.text) {
                Some(field) => Some(Target::Field(field)),
                None => {
                    let relation = relation(noun, &name.text).ok_or_else(|| no_field(noun, name, context))?;
                    push(&mut steps, Step::Many(relation), name)?;
                    noun = relation.to();
                    Some(Target::Record)
                }
            },
            _ => None,
        };
        if let Some(target) = target {
            return Ok(Found {
                path: Path { steps, target },
                noun,
            });
        }
        let (step, next) = step(noun, name, context)?;
        push(&mut steps, step, name)?;
        noun = next;
    }
    // Only reached without names, which the parser does not make.
    Err(QueryError::syntax(0..0, "the name of a field is missing"))
}

fn push(steps: &mut Vec<Step>, step: Step, name: &Word) -> Result<(), QueryError> {
    if steps.len() == Path::MAX_STEPS {
        let message = format!("the path has more than {} steps", Path::MAX_STEPS);
        return Err(unknown(name, message));
    }
    steps.push(step);
    Ok(())
}

fn step(noun: Noun, name: &Word, context: &Context<'_>) -> Result<(Step, Noun), QueryError> {
    match field::find(noun, &name.text) {
        Some(field) => match field.kind {
            FieldType::Link(to) | FieldType::Links(to) => Ok((Step::Link(field), to)),
            _ => {
                let message = format!(
                    "{} of a {noun} is not another record, it has no fields",
                    field.name
                );
                Err(unknown(name, message))
            }
        },
        None => match relation(noun, &name.text) {
            Some(relation) => Ok((Step::Many(relation), relation.to())),
            None => Err(no_field(noun, name, context)),
        },
    }
}

fn relation(noun: Noun, name: &str) -> Option<Relation> {
    Relation::ALL
        .into_iter()
        .find(|relation| relation.from().contains(&noun) && relation.name().eq_ignore_ascii_case(name))
}

/// True for nouns whose records can have custom fields.
pub(super) fn has_custom_fields(noun: Noun) -> bool {
    crate::domain::custom::NOUNS.contains(&noun.name())
}

fn custom(noun: Noun, key: &Word, context: &Context<'_>) -> Result<CustomField, QueryError> {
    let keys = context.vocabulary.custom_fields(noun);
    let wanted = normal(&key.text);
    keys.iter()
        .find(|known| normal(known) == wanted)
        .and_then(|known| context.vocabulary.custom_field(noun, known))
        .ok_or_else(|| {
            let message = format!("a {noun} has no custom field {:?}", key.text);
            unknown(key, message).with_near(near(&key.text, keys.iter().map(String::as_str)))
        })
}

fn summed(noun: Noun, name: &Word, context: &Context<'_>) -> Result<&'static Field, QueryError> {
    let field = field::find(noun, &name.text).ok_or_else(|| no_field(noun, name, context))?;
    match field.kind {
        FieldType::Money | FieldType::Integer | FieldType::Duration => Ok(field),
        _ => Err(unknown(
            name,
            format!("{} of a {noun} cannot be summed", field.name),
        )),
    }
}

fn no_field(noun: Noun, name: &Word, context: &Context<'_>) -> QueryError {
    let custom = custom_names(noun, context.vocabulary);
    let bare = custom
        .iter()
        .filter_map(|name| Some((name.split_once('.')?.1, name)));
    // `size` for `fields.size` is the likeliest slip, so it comes before everything else.
    let exact = bare
        .filter(|(key, _)| normal(key) == normal(&name.text))
        .map(|(_, name)| name.clone());
    let mut names: Vec<&str> = Vec::new();
    for field in field::fields(noun) {
        names.push(field.name);
        names.extend(field.aliases);
    }
    for relation in relations(noun) {
        names.push(relation.name());
    }
    names.extend(custom.iter().map(String::as_str));
    let mut suggestions: Vec<String> = exact.collect();
    for suggestion in near(&name.text, names) {
        if suggestions.len() < 3 && !suggestions.contains(&suggestion) {
            suggestions.push(suggestion);
        }
    }
    let message = format!("a {noun} has no field {:?}", name.text);
    unknown(name, message).with_near(suggestions)
}

/// The relations of `noun`.
pub(super) fn relations(noun: Noun) -> impl Iterator<Item = Relation> {
    Relation::ALL
        .into_iter()
        .filter(move |relation| relation.from().contains(&noun))
}

/// The canonical names of the custom fields of `noun`.
pub(super) fn custom_names(noun: Noun, vocabulary: &dyn Vocabulary) -> Vec<String> {
    if !has_custom_fields(noun) {
        return Vec::new();
    }
    let keys = vocabulary.custom_fields(noun);
    keys.iter().map(|key| format!("{CUSTOM}.{key}")).collect()
}

/// A key, label or name as it is compared: without case; blanks, `-` and `_` are one.
pub(super) fn normal(text: &str) -> String {
    text.trim().to_lowercase().replace([' ', '-'], "_")
}

fn unknown(name: &Word, message: String) -> QueryError {
    QueryError::new(QueryErrorKind::UnknownField, name.place.range(), message)
}
