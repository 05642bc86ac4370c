//! A street address by what tells it from others: the number of the house and the name of the street.

use crate::domain::duplicate::{chinese, names::loose};
use crate::domain::fold::{self, fold};

/// A street address in parts; either may be empty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Street {
    /// The number of the house, `12a`.
    pub house: String,
    /// The name of the street without the word for street, words in order with blanks between.
    pub name: String,
}

/// Words for streets, units and directions, short and long, which are written or left out as one likes.
const GENERIC: &[&str] = &[
    "street",
    "st",
    "str",
    "strasse",
    "road",
    "rd",
    "avenue",
    "ave",
    "av",
    "boulevard",
    "blvd",
    "blv",
    "bld",
    "drive",
    "dr",
    "lane",
    "ln",
    "court",
    "ct",
    "place",
    "pl",
    "square",
    "sq",
    "terrace",
    "tce",
    "ter",
    "close",
    "cl",
    "crescent",
    "cres",
    "cr",
    "circuit",
    "cct",
    "parade",
    "pde",
    "highway",
    "hwy",
    "way",
    "wy",
    "parkway",
    "pkwy",
    "circle",
    "cir",
    "trail",
    "trl",
    "rue",
    "via",
    "calle",
    "platz",
    "weg",
    "gasse",
    "allee",
    "apt",
    "apartment",
    "suite",
    "ste",
    "unit",
    "flat",
    "floor",
    "fl",
    "no",
    "nr",
    "room",
    "rm",
    "north",
    "n",
    "south",
    "s",
    "east",
    "e",
    "west",
    "w",
    "the",
    "of",
    "off",
    "between",
    "near",
    "at",
    "and",
    "ul",
    "ulica",
];

/// Ends of words that mean a street: `hauptstr`, `hauptstrasse`.
const ENDS: &[&str] = &["strasse", "strase", "strass", "str", "straat", "gatan", "gade"];

/// Takes a street address apart; of several lines the first that has a number.
pub fn parse(address: &str) -> Street {
    let lines = || address.lines().map(str::trim).filter(|line| !line.is_empty());
    let line = lines()
        .find(|line| line.chars().any(char::is_numeric))
        .or_else(|| lines().next())
        .unwrap_or_default();
    let folded = fold(line);
    if folded.chars().any(fold::is_han) {
        return chinese_street(&folded);
    }
    let mut street = Street::default();
    for word in folded.split(|letter: char| letter.is_whitespace() || ",;/()#:-".contains(letter)) {
        let word: String = word.chars().filter(|letter| letter.is_alphanumeric()).collect();
        if word.is_empty() {
            continue;
        }
        if word.starts_with(|letter: char| letter.is_ascii_digit()) {
            let ordinal = ["st", "nd", "rd", "th"].iter().any(|end| word.ends_with(end));
            if street.house.is_empty() && !ordinal {
                street.house = word.trim_start_matches('0').to_owned();
                continue;
            }
            if !ordinal {
                continue;
            }
        }
        let word = loose(&word);
        if GENERIC.contains(&word.as_str()) {
            continue;
        }
        let bare = ENDS
            .iter()
            .find_map(|end| word.strip_suffix(end).filter(|rest| rest.len() > 2));
        if !street.name.is_empty() {
            street.name.push(' ');
        }
        street.name.push_str(bare.unwrap_or(&word));
    }
    street
}

/// `建国路88号` is 88 and 建国; districts and cities before the street are left out as far as they say what they are.
fn chinese_street(folded: &str) -> Street {
    let simple = chinese::simplified(folded);
    let mut street = Street::default();
    let mut name = String::new();
    let mut in_number = false;
    for letter in simple.chars() {
        let is_digit = letter.is_ascii_digit();
        in_number = is_digit && (in_number || street.house.is_empty());
        if in_number {
            street.house.push(letter);
        } else if "省市区县".contains(letter) && name.chars().count() > 1 {
            name.clear();
        } else if "号弄室层楼栋座".contains(letter) || "路街道巷".contains(letter) && !name.is_empty()
        {
            if street.name.is_empty() {
                street.name = std::mem::take(&mut name);
            }
        } else if !is_digit && letter.is_alphanumeric() && street.house.is_empty() {
            name.push(letter);
        }
    }
    if street.name.is_empty() {
        street.name = name;
    }
    street
}

/// A postal code by its letters and digits.
pub fn postal_code(text: &str) -> String {
    let folded = fold(text);
    let code: String = folded.chars().filter(|letter| letter.is_alphanumeric()).collect();
    // The four digits behind an American code say the block; few know them.
    match folded.split_once('-') {
        Some((five, four)) if five.len() == 5 && four.len() == 4 => five.to_owned(),
        _ => code,
    }
}

/// A city by its letters: `St. Gallen` and `Sankt Gallen` are one, 北京市 and 北京 too.
pub fn city(text: &str) -> String {
    let folded = chinese::simplified(&fold(text));
    if folded.chars().any(fold::is_han) {
        return folded.trim_end_matches(['市', '省']).to_owned();
    }
    let mut city = String::with_capacity(folded.len());
    for word in folded.split(|letter: char| !letter.is_alphanumeric()) {
        city.push_str(match word {
            "saint" | "sankt" | "st" | "sainte" => "st",
            "mount" | "mt" => "mt",
            "fort" | "ft" => "ft",
            word => word,
        });
    }
    loose(&city)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn takes_streets_apart() {
        for (address, house, name) in [
            ("12 Main Street", "12", "main"),
            ("Hauptstraße 12a", "12a", "haupt"),
            ("Hauptstr. 12 a", "12", "haupt a"),
            ("Am Müllerweg 3", "3", "am mullerweg"),
            ("435 S. La Cienega Blvd.", "435", "la cienega"),
            ("200 5th Ave", "200", "5th"),
            ("建国路88号", "88", "建国"),
            ("北京市朝阳区建国路88号3层", "88", "建国"),
            ("P.O. Box 12", "12", "po box"),
            ("", "", ""),
        ] {
            let found = parse(address);
            assert_eq!(
                (found.house.as_str(), found.name.as_str()),
                (house, name),
                "{address}"
            );
        }
    }

    #[test]
    fn codes_and_cities() {
        assert_eq!(postal_code("SW1A 1AA"), "sw1a1aa");
        assert_eq!(postal_code("90210-1234"), "90210");
        assert_eq!(city("Sankt Gallen"), city("St. Gallen"));
        assert_eq!(city("北京市"), city("北京"));
        assert_eq!(city("München"), city("Muenchen"));
    }

    proptest! {
        #[test]
        fn never_panics(text in "\\PC{0,40}|[0-9a-z路号区市 .,]{0,20}") {
            let _ = (parse(&text), postal_code(&text), city(&text));
        }
    }
}
