//! Keyboards that have no Latin letters: what a key would be on one that has them, by its place.

/// A keyboard: its letters, and those that are at the same places of a Latin one.
type Layout = (&'static str, &'static str);

const LAYOUTS: [Layout; 3] = [
    // Russian, with the letters of Ukrainian and Belarusian that stand elsewhere.
    (
        "йцукенгшщзхъфывапролджэячсмитьбюёіїєўґ",
        "qwertyuiop[]asdfghjkl;'zxcvbnm,.`s]'o\\",
    ),
    (
        "ЙЦУКЕНГШЩЗХЪФЫВАПРОЛДЖЭЯЧСМИТЬБЮЁІЇЄЎҐ",
        "QWERTYUIOP{}ASDFGHJKL:\"ZXCVBNM<>~S}\"O|",
    ),
    // Greek, small and large.
    (
        "ςερτυθιοπασδφγηξκλζχψωβνμΕΡΤΥΘΙΟΠΑΣΔΦΓΗΞΚΛΖΧΨΩΒΝΜ",
        "wertyuiopasdfghjklzxcvbnmERTYUIOPASDFGHJKLZXCVBNM",
    ),
];

/// The letter or sign that a Latin keyboard has where another one has `letter`; none if no known one has it.
pub(super) fn latin(letter: char) -> Option<char> {
    LAYOUTS.iter().find_map(|(letters, latin)| {
        let at = letters.chars().position(|known| known == letter)?;
        latin.chars().nth(at)
    })
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_letter_has_one_place() {
        let mut known = HashSet::new();
        for (letters, latin) in LAYOUTS {
            assert_eq!(letters.chars().count(), latin.chars().count(), "{letters}");
            assert!(latin.is_ascii());
            assert!(letters.chars().all(|letter| known.insert(letter)), "{letters}");
        }
    }

    #[test]
    fn keys_are_found_by_their_place() {
        for (letter, expected) in [
            ('о', Some('j')),
            ('л', Some('k')),
            ('П', Some('G')),
            ('ж', Some(';')),
            ('ξ', Some('j')),
            ('Γ', Some('G')),
            ('j', None),
            ('张', None),
        ] {
            assert_eq!(latin(letter), expected, "{letter}");
        }
    }
}
