//! Lists what a filter of a noun can ask about: fields, custom fields and relations, from the tables that resolve them.

use crate::domain::field::{self, FieldType};
use crate::domain::noun::Noun;
use crate::query::context::Vocabulary;
use crate::query::path;

/// The longest list of words that is written out.
const MOST_WORDS: usize = 12;

/// One line of `filter fields`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldLine {
    /// The canonical name.
    pub name: String,
    /// What values it takes, in a few words.
    pub kind: String,
    /// Other names.
    pub aliases: Vec<String>,
    /// What it is.
    pub help: String,
}

/// The lines of `noun`: its fields in the order of the table, then custom fields, then relations.
pub(super) fn fields(noun: Noun, vocabulary: &dyn Vocabulary) -> Vec<FieldLine> {
    let built_in = field::fields(noun).iter().map(|field| FieldLine {
        name: field.name.to_owned(),
        kind: words(field.kind, vocabulary),
        aliases: field.aliases.iter().map(ToString::to_string).collect(),
        help: field.help.to_owned(),
    });
    let names = path::custom_names(noun, vocabulary);
    let custom = names.into_iter().filter_map(|name| {
        let field = vocabulary.custom_field(noun, name.split_once('.')?.1)?;
        let kind = match field.kind {
            FieldType::Choice(_) | FieldType::Choices(_) => {
                one_of(field.options.iter().map(|option| option.key.as_str()))
            }
            kind => words(kind, vocabulary),
        };
        Some(FieldLine {
            name,
            kind,
            aliases: Vec::new(),
            help: field.label,
        })
    });
    let relations = path::relations(noun).map(|relation| FieldLine {
        name: relation.name().to_owned(),
        kind: relation.to().plural().to_owned(),
        aliases: Vec::new(),
        help: format!(
            "also {0}.count, {0}.sum.FIELD, and {0}.FIELD, which holds for one of them at least",
            relation.name()
        ),
    });
    built_in.chain(custom).chain(relations).collect()
}

fn words(kind: FieldType, vocabulary: &dyn Vocabulary) -> String {
    let word = match kind {
        FieldType::Ref => "ref",
        FieldType::Uid => "uid",
        FieldType::Text | FieldType::LongText => "text",
        FieldType::Word(words) => return one_of(words.iter().copied()),
        FieldType::Choice(set) | FieldType::Choices(set) => {
            let choices = vocabulary.choices(set);
            return one_of(choices.iter().map(|choice| choice.key.as_str()));
        }
        FieldType::Integer => "whole number",
        FieldType::Decimal => "number",
        FieldType::Percent => "percent",
        FieldType::Money => "amount",
        FieldType::Bool => "yes or no",
        FieldType::Date => "day",
        FieldType::Days => "range of days",
        FieldType::Time => "time of day",
        FieldType::Birthday => "day of the year",
        FieldType::Due => "day or time",
        FieldType::Instant => "time",
        FieldType::Duration => "length of time",
        FieldType::Country => "country",
        FieldType::Url => "web address",
        FieldType::Link(noun) => return noun.name().to_owned(),
        FieldType::Links(noun) => return noun.plural().to_owned(),
        FieldType::Emails => "e-mail addresses",
        FieldType::Phones => "telephone numbers",
        FieldType::Handles => "handles",
        FieldType::Tags => "tags",
        FieldType::ExternalIds => "system:value",
        FieldType::Parts => "details, only has: and no:",
    };
    word.to_owned()
}

fn one_of<'a>(words: impl Iterator<Item = &'a str>) -> String {
    let words: Vec<&str> = words.collect();
    if words.is_empty() || words.len() > MOST_WORDS {
        return "choice".to_owned();
    }
    words.join(", ")
}
