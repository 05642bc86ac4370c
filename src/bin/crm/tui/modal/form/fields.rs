//! Fields of the base as fields of a form, and what was typed as values.

use std::collections::HashSet;

use crm::domain::field::FieldType;
use crm::ops::understand::reference;
use crm::wire::form::Item;

use crate::tui::component::choice::{Listed, Takes};
use crate::tui::component::form::field::Field;
use crate::tui::query::record::{Drawn, fits};

/// What stands in a field at first.
pub(super) enum Initial {
    Text(String),
    /// The records have so many different values.
    Different(usize),
}

impl Initial {
    /// What the records have in common.
    pub(super) fn of(items: &[Item]) -> Initial {
        match items.split_first() {
            None => Initial::Text(String::new()),
            Some((first, rest)) if rest.iter().all(|item| item.same(first)) => Initial::Text(shown(first)),
            Some(_) => {
                let values: HashSet<String> = items.iter().map(shown).collect();
                Initial::Different(values.len())
            }
        }
    }
}

/// A value as it is typed.
pub(super) fn shown(item: &Item) -> String {
    match item {
        Item::One(text) => text.clone(),
        Item::Many(items) => items.join("; "),
    }
}

/// A field for a form.
pub(super) fn field(drawn: &Drawn, initial: &Initial, must: bool) -> Field {
    let text = match initial {
        Initial::Text(text) => text.as_str(),
        Initial::Different(_) => "",
    };
    let (name, label) = (drawn.name.as_str(), drawn.label.as_str());
    let field = match drawn.kind {
        FieldType::LongText => Field::long(name, label, text),
        FieldType::Bool => Field::tick(name, label, matches!(text, "true" | "yes")),
        FieldType::Date | FieldType::Due | FieldType::Instant => Field::date(name, label, text),
        FieldType::Money => Field::money(name, label, text),
        FieldType::Link(noun) if noun.prefix().is_some() => {
            let options = drawn.options.clone();
            let text = label_of(&options, text);
            Field::choice(name, label, &text, Takes::Anything, options, |_, _| true).asking_for_choices()
        }
        FieldType::Tags | FieldType::Choices(_) if is_words(drawn) => {
            let options = drawn.options.iter().map(|option| Listed {
                label: option.value.clone(),
                value: option.value.clone(),
                note: String::new(),
            });
            let text = text.replace("; ", " ");
            Field::choice(name, label, &text, Takes::Words, options.collect(), fits)
        }
        FieldType::Tags | FieldType::Choices(_) => Field::text(name, label, text),
        _ if !drawn.options.is_empty() => {
            let options = drawn.options.clone();
            Field::choice(
                name,
                label,
                &label_of(&options, text),
                Takes::OneOf,
                options,
                fits,
            )
        }
        _ => Field::text(name, label, text),
    };
    let field = match (must && drawn.is_required, initial) {
        (true, _) => field.required(),
        (false, Initial::Text(_)) if text.is_empty() => field.placeholder(example(drawn)),
        (false, _) => field,
    };
    let field = field.help(&drawn.help);
    match initial {
        Initial::Text(_) => field,
        Initial::Different(count) => field.differing(&format!("({count} different)")),
    }
}

/// Whether the values of a list have no blanks, so that blanks may stand between them.
fn is_words(drawn: &Drawn) -> bool {
    let plain = |item: &Item| match item {
        Item::One(text) => !text.contains(char::is_whitespace),
        Item::Many(items) => items.iter().all(|item| !item.contains(char::is_whitespace)),
    };
    drawn.items.iter().all(plain)
}

/// What is shown for a value.
fn label_of(options: &[Listed], text: &str) -> String {
    let known = options.iter().find(|option| option.value == text);
    known.map_or(text, |option| option.label.as_str()).to_owned()
}

/// What could stand in an empty field.
fn example(drawn: &Drawn) -> &'static str {
    match drawn.kind {
        FieldType::Date => "fri, in 2 weeks, 2026-12-24",
        FieldType::Due => "tomorrow, fri 15:00",
        FieldType::Instant => "now, yesterday 16:00",
        FieldType::Money => "48k, 1200 USD",
        FieldType::Percent => "60%",
        FieldType::Duration => "30m",
        FieldType::Birthday => "1985-05-17",
        FieldType::Emails | FieldType::Phones | FieldType::Handles => "several with ; between",
        _ => "",
    }
}

/// What was typed into a field, as its value.
pub(super) fn item(drawn: &Drawn, text: &str) -> Item {
    let text = text.trim();
    match drawn.kind {
        FieldType::Link(noun) if noun.prefix().is_some() => Item::One(reference(noun, text).to_owned()),
        FieldType::Tags | FieldType::Choices(_) if is_words(drawn) => Item::Many(
            text.split([' ', '\u{3000}', ',', '，', ';', '；', '、'])
                .filter(|word| !word.starts_with('-'))
                .map(|word| word.trim_start_matches('+').to_owned())
                .filter(|word| !word.is_empty())
                .collect(),
        ),
        FieldType::Tags
        | FieldType::Choices(_)
        | FieldType::Links(_)
        | FieldType::Emails
        | FieldType::Phones
        | FieldType::Handles => Item::Many(
            text.split([';', '；', ',', '、', '\n'])
                .map(|part| part.trim().to_owned())
                .filter(|part| !part.is_empty())
                .collect(),
        ),
        _ => Item::One(text.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use crm::domain::noun::Noun;

    use super::*;

    fn drawn(kind: FieldType) -> Drawn {
        Drawn {
            name: "x".to_owned(),
            label: "X".to_owned(),
            help: String::new(),
            kind,
            options: Vec::new(),
            is_required: false,
            items: Vec::new(),
        }
    }

    #[test]
    fn what_is_typed_becomes_a_value() {
        let many = |items: &[&str]| Item::Many(items.iter().map(|item| (*item).to_owned()).collect());
        assert_eq!(
            item(&drawn(FieldType::Tags), "+vip 新客户，-cold"),
            many(&["vip", "新客户"])
        );
        assert_eq!(
            item(&drawn(FieldType::Emails), "a@a.example; b@b.example"),
            many(&["a@a.example", "b@b.example"])
        );
        let link = drawn(FieldType::Link(Noun::Customer));
        assert_eq!(item(&link, "王伟 C12"), Item::One("C12".to_owned()));
        assert_eq!(item(&link, "Model D12"), Item::One("Model D12".to_owned()));
    }
}
