//! Relations to others: of a kind that we know they are links, if the other is known; else they are in the note.

use crate::domain::input::Input;
use crate::wire::content::property::Property;

use super::Understood;

/// Properties of relations, and what the owner of the card is to the one they name.
const PROPERTIES: &[(&str, &str)] = &[
    ("RELATED", "_"),
    ("X-ABRELATEDNAMES", "_"),
    ("X-SPOUSE", "spouse"),
    ("X-KADDRESSBOOK-X-SPOUSESNAME", "spouse"),
    ("X-EVOLUTION-SPOUSE", "spouse"),
    ("X-MS-SPOUSE", "spouse"),
    ("X-ASSISTANT", "assisted_by"),
    ("X-EVOLUTION-ASSISTANT", "assisted_by"),
    ("X-KADDRESSBOOK-X-ASSISTANTSNAME", "assisted_by"),
    ("X-MS-ASSISTANT", "assisted_by"),
    ("X-MANAGER", "reports_to"),
    ("X-EVOLUTION-MANAGER", "reports_to"),
    ("X-KADDRESSBOOK-X-MANAGERSNAME", "reports_to"),
    ("X-MS-MANAGER", "reports_to"),
    ("X-MS-CHILD", "parent"),
    ("AGENT", "assisted_by"),
];

/// Words for whom a property names, and what the owner of the card is to them.
const WORDS: &[(&str, &str)] = &[
    ("spouse", "spouse"),
    ("partner", "spouse"),
    ("domesticpartner", "spouse"),
    ("husband", "spouse"),
    ("wife", "spouse"),
    ("child", "parent"),
    ("son", "parent"),
    ("daughter", "parent"),
    ("parent", "child"),
    ("father", "child"),
    ("mother", "child"),
    ("sibling", "sibling"),
    ("brother", "sibling"),
    ("sister", "sibling"),
    ("friend", "friend"),
    ("colleague", "colleague"),
    ("co-worker", "colleague"),
    ("manager", "reports_to"),
    ("assistant", "assisted_by"),
    ("agent", "assisted_by"),
    ("referredby", "referred_by"),
];

/// True for a property of a relation.
pub(super) fn is_relation(property: &Property) -> bool {
    PROPERTIES.iter().any(|(name, _)| *name == property.name)
}

/// The word of vCard for what a customer is to the other; none if there is none.
pub(super) fn word(sort: &str) -> Option<&'static str> {
    const WORDS: &[(&str, &str)] = &[
        ("spouse", "spouse"),
        ("parent", "child"),
        ("child", "parent"),
        ("sibling", "sibling"),
        ("friend", "friend"),
        ("colleague", "co-worker"),
        ("assisted_by", "agent"),
    ];
    WORDS
        .iter()
        .find(|(known, _)| *known == sort)
        .map(|(_, word)| *word)
}

/// What a property of a relation says. The note has it in any case: whoever is meant may never be known here.
pub(super) fn read(
    property: &Property,
    label: &str,
    understood: &mut Understood,
    relations: &mut Vec<Input>,
) {
    let text = property.text();
    if text.is_empty() {
        return;
    }
    let own = PROPERTIES.iter().find(|(name, _)| *name == property.name);
    let sort = match own {
        Some((_, "_")) | None => {
            let mut words = property
                .types()
                .into_iter()
                .chain([label.to_lowercase().replace(' ', "")]);
            words.find_map(|word| {
                WORDS
                    .iter()
                    .find(|(known, _)| *known == word)
                    .map(|(_, sort)| *sort)
            })
        }
        Some((_, sort)) => Some(*sort),
    };
    let said = match label {
        "" => property.types().join(" "),
        label => label.to_owned(),
    };
    understood.keep(&property.name, &said, &text);
    if let Some(sort) = sort {
        let target = text.strip_prefix("urn:uuid:").unwrap_or(&text);
        let parts = [("type", sort), ("customer", target)];
        relations.push(Input::Map(
            parts
                .into_iter()
                .map(|(name, text)| (name.to_owned(), Input::text(text)))
                .collect(),
        ));
    }
}
