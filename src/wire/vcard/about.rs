//! What a card says of somebody beside names and addresses, and what of it is left out.

use crate::domain::birthday::Birthday;
use crate::domain::input::Input;
use crate::wire::content;
use crate::wire::content::property::Property;

use super::Understood;

/// A birthday; what is none, or more than a day, is kept.
pub(super) fn birthday(property: &Property, text: &str, understood: &mut Understood) {
    let day = day(text);
    // A year that stands for none, as a telephone writes it.
    let omitted = property.first_param("X-APPLE-OMIT-YEAR");
    let day = match omitted {
        Some(year) if day.starts_with(year) => format!("-{}", day.get(year.len()..).unwrap_or_default()),
        _ => day,
    };
    let is_first = !understood.cells.iter().any(|(field, _)| field == "birthday");
    let time = text.split_once(['T', ' ']).map_or("", |(_, time)| time);
    if time.contains(|letter| matches!(letter, '1'..='9')) {
        understood.keep("BDAY", "", text);
    }
    match Birthday::parse(&day) {
        Ok(birthday) if is_first => understood.give("birthday", birthday.to_string()),
        _ => understood.keep("BDAY", "", text),
    }
}

/// A day of vCard as a birthday is written: `19800322` and `1980-03-22T00:00:00Z` are `1980-03-22`.
fn day(text: &str) -> String {
    let text = text.split(['T', ' ']).next().unwrap_or_default();
    let digits = text.trim_start_matches("--");
    let without_year = digits.len() != text.len();
    let is_plain = digits.bytes().all(|byte| byte.is_ascii_digit());
    match (is_plain, digits.len(), without_year) {
        (true, 8, false) => {
            let part = |from: usize, to: usize| digits.get(from..to).unwrap_or_default();
            format!("{}-{}-{}", part(0, 4), part(4, 6), part(6, 8))
        }
        (true, 4, true) => {
            let part = |from: usize, to: usize| digits.get(from..to).unwrap_or_default();
            format!("--{}-{}", part(0, 2), part(2, 4))
        }
        _ => text.to_owned(),
    }
}

/// A gender; what else is said of it is kept.
pub(super) fn gender(name: &str, text: &str, understood: &mut Understood) {
    let (letter, words) = text.split_once(';').unwrap_or((text, ""));
    let key = match letter.trim().to_lowercase().as_str() {
        "f" | "female" | "女" => "female",
        "m" | "male" | "男" => "male",
        "o" | "other" => "other",
        "" | "n" | "u" => "",
        _ => {
            understood.keep(name, "", text);
            return;
        }
    };
    if understood.cells.iter().any(|(field, _)| field == "gender") {
        understood.keep(name, "", text);
        return;
    }
    understood.give("gender", key);
    understood.keep(name, "", words);
}

/// Labels that a program gives every card.
const SYSTEM_LABELS: [&str; 4] = ["my contacts", "mycontacts", "all contacts", "contacts"];

/// The column of a category that is no label.
pub(super) const CATEGORY: &str = "CATEGORIES";

/// A category as a label, unless a program gives it to every card.
pub(super) fn category(tag: &str, is_own: bool, understood: &mut Understood) {
    let plain = tag.trim().trim_start_matches(['*', '+', '#']).trim();
    let is_system = tag.trim().starts_with('*') || SYSTEM_LABELS.contains(&plain.to_lowercase().as_str());
    if is_own && plain == super::write::DO_NOT_CONTACT {
        return;
    }
    if is_system {
        // Of everybody, and so of nobody: the import tells that it feeds no field.
        understood
            .cells
            .push((format!("{CATEGORY} ({plain})"), Input::text(plain)));
    } else {
        let plain: String = plain
            .chars()
            .map(|letter| {
                if matches!(letter, ',' | ';') || letter.is_control() {
                    ' '
                } else {
                    letter
                }
            })
            .collect();
        understood.add("tags", plain);
    }
}

/// A picture or key: the note says that there was one, and the import that it feeds no field.
pub(super) fn left_out(name: &str, property: &Property, bytes: usize, understood: &mut Understood) {
    let kind = property.types().join(" ");
    let said = format!("{bytes} bytes, left out");
    understood.keep(name, &kind, &said);
    understood.cells.push((name.to_owned(), Input::Text(said)));
}

/// The size of what an address with the data in it holds.
pub(super) fn data_url(text: &str) -> Option<usize> {
    let (_, data) = text.strip_prefix("data:").and_then(|text| text.split_once(','))?;
    Some(data.len() * 3 / 4)
}

/// A value as a line: parts are parted by blanks, lines by commas.
pub(super) fn readable(property: &Property) -> String {
    let parts: Vec<String> = content::texts(&property.value, ';')
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect();
    let text = parts.join("; ");
    text.lines().map(str::trim).collect::<Vec<_>>().join(", ")
}
