//! Names: of a person from their parts, and the parts from a name.

use crate::domain::fold::{is_cjk, is_han};
use crate::wire::content;
use crate::wire::content::property::Property;

use super::Understood;

/// Surnames of two characters that are common; all others have one.
const LONG_SURNAMES: [&str; 20] = [
    "欧阳", "上官", "司马", "诸葛", "东方", "皇甫", "尉迟", "公孙", "慕容", "令狐", "司徒", "夏侯", "宇文",
    "长孙", "端木", "南宫", "独孤", "轩辕", "歐陽", "諸葛",
];

/// The five parts of `N`: family, given, additional, prefix, suffix.
pub(super) fn parts(property: &Property) -> [String; 5] {
    let mut parts = content::split(&property.value, ';').into_iter();
    std::array::from_fn(|_| {
        let part = parts.next().unwrap_or_default();
        content::texts(part, ',')
            .into_iter()
            .filter(|text| !text.is_empty())
            .collect::<Vec<_>>()
            .join(" ")
    })
}

/// A name made of its parts, as people of the language write it.
pub(super) fn joined([family, given, additional, prefix, suffix]: &[String; 5]) -> String {
    if family.chars().any(is_han) || given.chars().any(is_han) {
        return format!("{family}{additional}{given}{suffix}");
    }
    // Names in kana and hangul are written family first, too.
    let order = if family.chars().any(is_cjk) {
        [family, additional, given, suffix, prefix]
    } else {
        [prefix, given, additional, family, suffix]
    };
    order
        .into_iter()
        .filter(|part| !part.is_empty())
        .map(String::as_str)
        .collect::<Vec<_>>()
        .join(" ")
}

/// The name of a card, and what its parts say beyond it.
///
/// Chinese names whose parts were put together the Western way are turned round.
pub(super) fn name(formatted: Option<&str>, n: Option<&Property>, understood: &mut Understood) -> String {
    let parts = n.map(parts);
    let made = parts.as_ref().map(joined).unwrap_or_default();
    let Some(formatted) = formatted.filter(|name| !name.is_empty()) else {
        return made;
    };
    let Some(parts) = parts else {
        return formatted.to_owned();
    };
    let [family, given, ..] = &parts;
    let is_han_name = family.chars().any(is_han) && given.chars().any(is_han);
    let plain = |text: &str| {
        text.chars()
            .filter(|letter| !letter.is_whitespace())
            .collect::<String>()
    };
    if is_han_name && [format!("{given}{family}"), format!("{family}{given}")].contains(&plain(formatted)) {
        return format!("{family}{given}");
    }
    let whole = plain(formatted).to_lowercase();
    let is_news = parts
        .iter()
        .flat_map(|part| part.split_whitespace())
        .any(|word| !whole.contains(&plain(word).to_lowercase()));
    if is_news {
        understood.keep("N", "", &made);
    }
    formatted.to_owned()
}

/// Family and given name of a person; a guess, as no field tells them apart.
pub(super) fn split(name: &str) -> (String, String) {
    let name = name.trim();
    if name.chars().all(is_han) && (2..=5).contains(&name.chars().count()) {
        let length = if LONG_SURNAMES.iter().any(|long| name.starts_with(long)) && name.chars().count() > 2 {
            2
        } else {
            1
        };
        let family = name.chars().take(length).collect();
        return (family, name.chars().skip(length).collect());
    }
    let halves = if name.chars().any(is_cjk) {
        name.split_once(char::is_whitespace)
    } else {
        name.rsplit_once(char::is_whitespace)
            .map(|(given, family)| (family, given))
    };
    match halves {
        Some((family, given)) => (family.trim().to_owned(), given.trim().to_owned()),
        None => (name.to_owned(), String::new()),
    }
}
