//! What is asked about texts while they are typed: what they mean, and who else is called so.

use crm::domain::field::FieldType;
use crm::domain::noun::Noun;

use super::purpose::Purpose;
use super::{MEANING, RecordForm, SIMILAR, ask};
use crate::tui::effect::Effect;
use crate::tui::query::record::Question;

impl RecordForm {
    /// Asks what the texts of all fields mean.
    pub(super) fn understand_all(&self) -> Vec<Effect> {
        let count = self.form.as_ref().map_or(0, |form| form.fields().len());
        (0..count).filter_map(|field| self.understand(field)).collect()
    }

    /// Asks what the text of a field means.
    pub(super) fn understand(&self, number: usize) -> Option<Effect> {
        let field = self.form.as_ref()?.fields().get(number)?;
        let drawn = self.drawn(field.name())?;
        let slot = MEANING.checked_add(u8::try_from(number).ok()?)?;
        let text = field.content();
        // The name of a record that is there already says it all.
        let is_plain = matches!(drawn, FieldType::Link(_)) && !field.is_changed() && text.contains(' ');
        if text.trim().is_empty() || is_plain || !has_meaning(drawn) {
            return None;
        }
        let noun = match (&self.purpose, field.name()) {
            (Purpose::Log(..), "due") => Noun::Task,
            (purpose, _) => purpose.noun(),
        };
        Some(ask(
            slot,
            Question::Understand {
                noun,
                name: field.name().to_owned(),
                text,
            },
        ))
    }

    /// What sort of value a field holds.
    pub(super) fn drawn(&self, name: &str) -> Option<FieldType> {
        let fields = &self.sketch.as_ref()?.fields;
        let drawn = fields.iter().find(|drawn| drawn.name == name)?;
        Some(drawn.kind)
    }

    /// Asks who has the same name or address.
    pub(super) fn look_for_similar(&self, number: usize) -> Option<Effect> {
        let field = self.form.as_ref()?.fields().get(number)?;
        let is_asked = self.purpose.noun() == Noun::Customer
            && self.purpose.count() == 1
            && field.is_changed()
            && matches!(field.name(), "name" | "emails" | "phones" | "handles");
        let except = self.purpose.of().first().map(|link| link.id);
        is_asked.then(|| {
            ask(
                SIMILAR,
                Question::Similar {
                    name: field.name().to_owned(),
                    text: field.value(),
                    except,
                },
            )
        })
    }
}

/// Whether there is something to say about a text for a field of this sort.
fn has_meaning(kind: FieldType) -> bool {
    match kind {
        FieldType::Money
        | FieldType::Date
        | FieldType::Due
        | FieldType::Instant
        | FieldType::Percent
        | FieldType::Integer
        | FieldType::Decimal
        | FieldType::Time
        | FieldType::Duration
        | FieldType::Birthday
        | FieldType::Url
        | FieldType::Emails
        | FieldType::Phones
        | FieldType::Handles => true,
        FieldType::Link(noun) => noun.prefix().is_some(),
        _ => false,
    }
}
