//! What single cells of foreign files need: keys in one form, marked-up text, labels, yes and no.

use crate::domain::fold::{fold, is_cjk};
use crate::domain::input::Input;
use crate::wire::read::json;
use crate::wire::read::rows::Row;

use super::As;
use super::wanted::text_of;

/// A Salesforce id in its form of 18 letters, which tells itself apart without case; anything else as it is.
pub(super) fn salesforce(id: &str) -> String {
    const SUMS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ012345";
    let is_short = id.len() == 15 && id.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if !is_short {
        return id.to_owned();
    }
    let mut long = id.to_owned();
    for block in id.as_bytes().chunks(5) {
        let capitals = block.iter().enumerate();
        let sum: usize = capitals
            .filter(|(_, byte)| byte.is_ascii_uppercase())
            .map(|(at, _)| 1 << at)
            .sum();
        long.push(SUMS.get(sum).map_or('A', |byte| char::from(*byte)));
    }
    long
}

/// A Zoho id without the mark that some of its exports put before it.
pub(super) fn zoho(id: &str) -> String {
    id.strip_prefix("zcrm_").unwrap_or(id).to_owned()
}

/// A cell without the stroke that some programs put before what a spreadsheet might take for a formula or a number.
pub(super) fn unguarded(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(rest) if rest.starts_with(|letter: char| "=+-@".contains(letter) || letter.is_ascii_digit()) => {
            rest
        }
        _ => cell,
    }
}

/// The values in a cell: JSON, or in quotes with commas between, or with commas alone.
pub(super) fn list(cell: &str) -> Vec<String> {
    if cell.starts_with('[')
        && let Ok(Input::List(items)) = json::parse(cell)
    {
        return items
            .iter()
            .map(text_of)
            .filter(|text| !text.is_empty())
            .collect();
    }
    let mut values = vec![String::new()];
    let mut quoted = false;
    for letter in cell.chars() {
        match (letter, values.last_mut()) {
            ('"', _) => quoted = !quoted,
            (',', _) if !quoted => values.push(String::new()),
            (letter, Some(value)) => value.push(letter),
            _ => {}
        }
    }
    let values = values.iter().map(|value| value.trim().to_owned());
    values.filter(|value| !value.is_empty()).collect()
}

/// A length of time as ours are written; one with colons says itself what it is, in hours or with seconds.
pub(super) fn length(text: &str, unit: As) -> String {
    let parts: Vec<u64> = text
        .split(':')
        .filter_map(|part| part.trim().parse().ok())
        .collect();
    let is_clock = parts.len() == text.split(':').count();
    let number: Option<f64> = text.trim().parse().ok().filter(|number: &f64| *number >= 0.0);
    let seconds = match (parts.as_slice(), number, unit) {
        ([hours, minutes, seconds], ..) if is_clock => hours * 3600 + minutes * 60 + seconds,
        ([hours, minutes], ..) if is_clock => hours * 3600 + minutes * 60,
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "it saturates"
        )]
        (_, Some(number), unit) => match unit {
            As::Milliseconds => (number / 1000.0).round() as u64,
            As::Minutes => (number * 60.0).round() as u64,
            _ => (number * 3600.0).round() as u64,
        },
        _ => return text.to_owned(),
    };
    format!("{seconds}s")
}

/// A share of one as percent; anything else as it is.
pub(super) fn share(text: &str) -> String {
    match text.trim().parse::<f64>() {
        Ok(share) if (0.0..=1.0).contains(&share) => format!("{:.0}", share * 100.0),
        _ => text.to_owned(),
    }
}

/// An amount that is written in millionths.
pub(super) fn millionths(text: &str) -> String {
    let digits = text.trim_start_matches('-');
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return text.to_owned();
    }
    let sign = if text.starts_with('-') { "-" } else { "" };
    let padded = format!("{digits:0>7}");
    let (whole, rest) = padded.split_at_checked(padded.len() - 6).unwrap_or((&padded, ""));
    format!("{sign}{whole}.{rest}")
        .trim_end_matches('0')
        .trim_end_matches('.')
        .to_owned()
}

/// Yes, no, or neither.
pub(super) fn flag(text: &str) -> Option<bool> {
    match fold(text).as_str() {
        "1" | "true" | "yes" | "y" | "x" | "on" | "是" | "ja" | "oui" | "si" => Some(true),
        "0" | "false" | "no" | "n" | "off" | "否" | "nein" | "non" => Some(false),
        _ => None,
    }
}

/// A label of an address or a number, as ours are: `* Work` is `work`.
pub(super) fn label(text: &str) -> String {
    let text = text.trim().trim_start_matches('*').trim();
    match fold(text).as_str() {
        "mobile" | "cell" | "手机" => "mobile".to_owned(),
        "work" | "business" | "工作" | "公司" => "work".to_owned(),
        "home" | "private" | "家庭" | "住宅" => "home".to_owned(),
        known @ ("fax" | "work fax" | "home fax" | "main" | "pager" | "other") => known.to_owned(),
        _ => text.to_owned(),
    }
}

/// Forms of address that are no part of a name.
pub(super) fn is_salutation(text: &str) -> bool {
    let word = fold(text);
    matches!(
        word.trim_end_matches('.'),
        "mr" | "mrs"
            | "ms"
            | "miss"
            | "mx"
            | "herr"
            | "frau"
            | "m"
            | "mme"
            | "mlle"
            | "sr"
            | "sra"
            | "先生"
            | "女士"
            | "小姐"
    )
}

/// True if every word of a text stands in other cells of the row.
pub(super) fn is_said(text: &str, column: usize, row: &Row) -> bool {
    let words = |text: &str| -> Vec<String> {
        fold(text)
            .split(|letter: char| !letter.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .map(str::to_owned)
            .collect()
    };
    let mut others: Vec<String> = Vec::new();
    for (at, (_, input)) in row.cells.iter().enumerate() {
        if at != column {
            others.extend(input.as_text().map(words).unwrap_or_default());
        }
    }
    if words(text).iter().all(|word| others.contains(word)) {
        return true;
    }
    // Where no blanks stand between words, what is said elsewhere is taken out of it.
    let mut rest = fold(text);
    others.sort_unstable_by_key(|word| std::cmp::Reverse(word.len()));
    for word in &others {
        rest = rest.replace(word.as_str(), " ");
    }
    text.chars().any(is_cjk) && !rest.chars().any(char::is_alphanumeric)
}

/// Marked-up text as plain text: without tags, with lines where blocks end, entities as letters.
pub(super) fn plain_text(text: &str) -> String {
    if !text.contains(['<', '&']) {
        return text.to_owned();
    }
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['<', '&']) {
        let (before, after) = rest.split_at_checked(at).unwrap_or((rest, ""));
        plain.push_str(before);
        rest = match tag(after) {
            Some((name, rest)) => {
                if ends_a_line(name) && !plain.ends_with('\n') && !plain.is_empty() {
                    plain.push('\n');
                }
                rest
            }
            None => match entity(after) {
                Some((letter, rest)) => {
                    plain.push(letter);
                    rest
                }
                None => {
                    let mut letters = after.chars();
                    plain.extend(letters.next());
                    letters.as_str()
                }
            },
        };
    }
    plain.push_str(rest);
    plain.trim().to_owned()
}

/// The longest tag that is looked for, in bytes.
const LONGEST_TAG: usize = 4096;

/// The name of a tag at the beginning of a text, and what follows.
fn tag(text: &str) -> Option<(&str, &str)> {
    let inside = text.strip_prefix('<')?;
    let is_tag =
        inside.starts_with(|letter: char| letter.is_ascii_alphabetic() || letter == '/' || letter == '!');
    if !is_tag {
        return None;
    }
    let end = inside.bytes().take(LONGEST_TAG).position(|byte| byte == b'>')?;
    let (tag, after) = inside.split_at_checked(end)?;
    let name = tag
        .trim_start_matches('/')
        .split(|letter: char| !letter.is_ascii_alphanumeric())
        .next()?;
    Some((name, after.strip_prefix('>')?))
}

fn ends_a_line(name: &str) -> bool {
    [
        "br", "p", "div", "li", "tr", "h1", "h2", "h3", "ul", "ol", "table",
    ]
    .iter()
    .any(|block| name.eq_ignore_ascii_case(block))
}

/// The letter of an entity at the beginning of a text, and what follows.
fn entity(text: &str) -> Option<(char, &str)> {
    let (name, rest) = text
        .strip_prefix('&')?
        .split_at_checked(text.bytes().skip(1).take(10).position(|byte| byte == b';')?)?;
    let rest = rest.strip_prefix(';')?;
    let letter = match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => ' ',
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code).filter(|letter| !letter.is_control() || *letter == '\n')?
        }
    };
    Some((letter, rest))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn numbers_of_other_programs_become_ours() {
        for (text, unit, wanted) in [
            ("330000", As::Milliseconds, "330s"),
            ("00:00:41", As::Milliseconds, "41s"),
            ("90", As::Minutes, "5400s"),
            ("00:15", As::Hours, "900s"),
            ("1.5", As::Hours, "5400s"),
            ("soon", As::Minutes, "soon"),
            ("-3", As::Minutes, "-3"),
        ] {
            assert_eq!(length(text, unit), wanted, "{text}");
        }
        for (text, wanted) in [
            ("48000000000", "48000"),
            ("1500000", "1.5"),
            ("7", "0.000007"),
            ("-2500000", "-2.5"),
            ("0", "0"),
            ("x", "x"),
        ] {
            assert_eq!(millionths(text), wanted, "{text}");
        }
        for (text, wanted) in [("0.9", "90"), ("1", "100"), ("0", "0"), ("60", "60"), ("", "")] {
            assert_eq!(share(text), wanted, "{text}");
        }
    }

    #[test]
    fn lists_and_guards_are_read() {
        assert_eq!(list(r#"["a@x.example","b, c"]"#), ["a@x.example", "b, c"]);
        assert_eq!(list(r#""VIP","News, weekly""#), ["VIP", "News, weekly"]);
        assert_eq!(list("one, two ,"), ["one", "two"]);
        assert_eq!(unguarded("'+49 40"), "+49 40");
        assert_eq!(unguarded("'7210"), "7210");
        assert_eq!(unguarded("'t Hooft"), "'t Hooft");
    }

    proptest! {
        #[test]
        fn no_text_panics(text in any::<String>()) {
            for unit in [As::Milliseconds, As::Minutes, As::Hours] {
                length(&text, unit);
            }
            millionths(&text);
            share(&text);
            list(&text);
            unguarded(&text);
        }

        #[test]
        fn a_list_in_quotes_comes_back(items in prop::collection::vec("[^\"]*[^\"\\s,][^\"]*", 1..5)) {
            let text: Vec<String> = items.iter().map(|item| format!("\"{item}\"")).collect();
            let wanted: Vec<&str> = items.iter().map(|item| item.trim()).collect();
            prop_assert_eq!(list(&text.join(",")), wanted);
        }
    }
}
