//! What happens to data: typing errors, digits in the wrong order, the same thing written otherwise.

use crate::chance::Chance;

/// One typing error: a letter left out, doubled, taken for a neighbour, or two of them swapped. Never the first one.
pub(crate) fn slip(chance: &mut Chance, text: &str) -> String {
    let mut letters: Vec<char> = text.chars().collect();
    if letters.len() < 4 {
        return text.to_owned();
    }
    // Marks stay where they are: two dots in a row are no address.
    let fits: Vec<usize> = (1..letters.len() - 1)
        .filter(|place| (place - 1..=place + 1).all(|place| letters[place].is_alphanumeric()))
        .collect();
    if fits.is_empty() {
        return text.to_owned();
    }
    let place = fits[chance.below(fits.len())];
    match chance.below(4) {
        0 => drop(letters.remove(place)),
        1 => letters.insert(place, letters[place]),
        2 => letters.swap(place, place + 1),
        _ => letters[place] = if letters[place].is_ascii_digit() { '7' } else { 'e' },
    }
    letters.into_iter().collect()
}

/// A telephone number as people write it, from its country code and digits.
pub(crate) fn telephone(chance: &mut Chance, country: &str, digits: &str) -> String {
    let (head, tail) = digits.split_at(3);
    match chance.below(4) {
        0 => format!("+{country}{digits}"),
        1 => format!("+{country} {head} {tail}"),
        2 => format!("+{country} ({head}) {}-{}", &tail[..3], &tail[3..]),
        _ => format!("00{country} {head}/{tail}"),
    }
}

/// Two neighbouring digits swapped.
pub(crate) fn turned(chance: &mut Chance, digits: &str) -> String {
    let mut digits: Vec<char> = digits.chars().collect();
    let place = 3 + chance.below(digits.len() - 4);
    digits.swap(place, place + 1);
    digits.into_iter().collect()
}

/// Capitals, or none, as forms and old systems have them.
pub(crate) fn shouted(chance: &mut Chance, text: String) -> String {
    match chance.below(12) {
        0 => text.to_uppercase(),
        1 => text.to_lowercase(),
        _ => text,
    }
}
