//! Telephone numbers: read in any format, kept in E.164 where that can be known, compared by digits.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::fmt;

use rlibphonenumber::{
    NumberLengthType, PHONE_NUMBER_UTIL, ParseError, PhoneNumberFormat, Region, ValidationError,
};

use crate::error::{Error, Result};

/// Longer texts are not telephone numbers, and are not handed to the number rules.
const LONGEST: usize = 100;

/// How many numbers are remembered: more than a record usually has.
const REMEMBERED: usize = 4;

/// A telephone number as it was given, and what could be made of it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Phone {
    /// The number in E.164, `+49305550100`. None where no country is known or the length is impossible there.
    pub e164: Option<String>,
    /// The number as it was written, trimmed.
    pub raw: String,
    /// True if the number can be in service: its length and range fit the numbering plan of its country.
    pub valid: bool,
    /// The digits of an extension, `12` in `+1 212 555 0123 ext. 12`.
    pub extension: Option<String>,
}

impl Phone {
    /// Reads a number. `region` is the country (two letters) of numbers that are written without one.
    ///
    /// Anything is accepted; `valid` tells whether it is good. Rules of numbering plans are loaded on first need, which
    /// costs more than all else that adding a customer does; Chinese mobile numbers, with or without +86, never need them.
    ///
    /// A number is read several times on its way in (to recognise a record, to refuse a double, to be stored), so the last
    /// few are remembered.
    pub fn parse(raw: &str, region: Option<&str>) -> Phone {
        thread_local! {
            static LAST: RefCell<VecDeque<(Option<String>, Phone)>> = const { RefCell::new(VecDeque::new()) };
        }
        let known =
            |(of, phone): &&(Option<String>, Phone)| phone.raw == raw.trim() && of.as_deref() == region;
        if let Some(phone) = LAST.with_borrow(|last| last.iter().find(known).map(|(_, phone)| phone.clone()))
        {
            return phone;
        }
        let phone = Phone::parse_anew(raw, region);
        LAST.with_borrow_mut(|last| {
            last.truncate(REMEMBERED - 1);
            last.push_front((region.map(str::to_owned), phone.clone()));
        });
        phone
    }

    fn parse_anew(raw: &str, region: Option<&str>) -> Phone {
        let raw = raw.trim();
        let unread = Phone {
            e164: None,
            raw: raw.to_owned(),
            valid: false,
            extension: None,
        };
        if let Some(e164) = chinese_mobile(raw, region) {
            return Phone {
                e164: Some(e164),
                valid: true,
                ..unread
            };
        }
        let digits = raw.chars().filter(|letter| letter.is_numeric()).count();
        if raw.len() > LONGEST || digits < 3 {
            return unread;
        }
        let region = region.and_then(|code| Region::from_code(code).ok());
        let Ok(number) = PHONE_NUMBER_UTIL.parse(with_extension(raw), region) else {
            return unread;
        };
        let valid = PHONE_NUMBER_UTIL.is_valid_number(&number);
        // A few numbers in service are as short as one without its area code: 310-1234 in Canada.
        let possible = valid
            || matches!(
                PHONE_NUMBER_UTIL.is_possible_number_with_reason(&number),
                Ok(NumberLengthType::IsPossible)
            );
        if !possible {
            return unread;
        }
        Phone {
            e164: Some(
                PHONE_NUMBER_UTIL
                    .format(&number, PhoneNumberFormat::E164)
                    .into_owned(),
            ),
            valid,
            extension: number.extension.filter(|extension| !extension.is_empty()),
            ..unread
        }
    }

    /// Reads a number and refuses one that cannot be in service.
    ///
    /// # Errors
    ///
    /// `Invalid` with the reason: no country, too short, too long, not a number of its country …
    pub fn parse_valid(raw: &str, region: Option<&str>) -> Result<Phone> {
        let phone = Phone::parse(raw, region);
        if phone.valid {
            return Ok(phone);
        }
        Err(Error::invalid(
            "phones",
            format!(
                "{:?} is not a telephone number: {}",
                phone.raw,
                why_not(&phone.raw, region)
            ),
        ))
    }

    /// True if nothing but the country is missing: with a region it could be read.
    pub fn lacks_country(&self) -> bool {
        let digits = self.raw.chars().filter(|letter| letter.is_numeric()).count();
        self.e164.is_none()
            && digits >= 3
            && self.raw.len() <= LONGEST
            && !self.raw.starts_with(['+', '＋'])
            && matches!(
                PHONE_NUMBER_UTIL.parse(with_extension(&self.raw), None),
                Err(ParseError::InvalidCountryCode)
            )
    }

    /// The digits by which two numbers are compared: those of E.164, else those that were written.
    pub fn key(&self) -> String {
        digits(self.e164.as_deref().unwrap_or(&self.raw))
    }

    /// The number for people to read: grouped if in E.164, else as written.
    pub fn show(&self) -> String {
        let mut shown = self.e164.as_deref().map_or_else(|| self.raw.clone(), grouped);
        if let (Some(extension), Some(_)) = (&self.extension, &self.e164) {
            shown.push_str(" ext. ");
            shown.push_str(extension);
        }
        shown
    }
}

impl fmt::Display for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.e164.as_deref().unwrap_or(&self.raw))
    }
}

/// Why a number cannot be in service.
fn why_not(raw: &str, region: Option<&str>) -> String {
    if raw.len() > LONGEST {
        return "it is too long".to_owned();
    }
    if raw.chars().filter(|letter| letter.is_numeric()).count() < 3 {
        return "it has fewer than three digits".to_owned();
    }
    let home = region.and_then(|code| Region::from_code(code).ok());
    let number = match PHONE_NUMBER_UTIL.parse(with_extension(raw), home) {
        Ok(number) => number,
        Err(ParseError::TooShortAfterIdd | ParseError::TooShortNsn) => return "it is too short".to_owned(),
        Err(ParseError::TooLongNsn) => return "it is too long".to_owned(),
        Err(ParseError::InvalidCountryCode) if raw.starts_with(['+', '＋']) => {
            return "no country has its code".to_owned();
        }
        Err(ParseError::InvalidCountryCode) if region.is_none() => return "it names no country".to_owned(),
        Err(_) => return "it is written like no number".to_owned(),
    };
    let country = PHONE_NUMBER_UTIL.get_region_for_country_code(number.country_code);
    let of = country.map_or_else(
        || format!("+{}", number.country_code),
        |country| country.to_string(),
    );
    match PHONE_NUMBER_UTIL.is_possible_number_with_reason(&number) {
        Err(ValidationError::TooShort) => format!("it is too short for a number of {of}"),
        Err(ValidationError::TooLong) => format!("it is too long for a number of {of}"),
        Err(ValidationError::InvalidLength) => format!("no number of {of} has so many digits"),
        Err(ValidationError::InvalidCountryCode) => "no country has its code".to_owned(),
        Ok(NumberLengthType::IsPossibleLocalOnly) => format!("it lacks the area code of {of}"),
        Ok(NumberLengthType::IsPossible) => format!("it is not a number of {of}"),
    }
}

/// The text with the Chinese words for an extension as the number rules know them.
fn with_extension(raw: &str) -> String {
    raw.replace("分机", " ext ").replace(['转', '轉'], " ext ")
}

/// The decimal digits of `text` as ASCII, full-width ones included.
pub fn digits(text: &str) -> String {
    text.chars().filter_map(ascii_digit).collect()
}

/// An E.164 number in groups: country code, then three or four digits at a time.
///
/// Where area codes end is not known without the rules of every numbering plan, so only China and North America are
/// grouped as people there do it. Text that is not E.164 comes back as it is.
pub fn grouped(e164: &str) -> String {
    let Some(number) = e164
        .strip_prefix('+')
        .filter(|number| number.bytes().all(|byte| byte.is_ascii_digit()))
    else {
        return e164.to_owned();
    };
    let (country, rest) = number
        .split_at_checked(country_code_length(number))
        .unwrap_or((number, ""));
    let sizes: &[usize] = match (country, rest.len()) {
        ("1", 10) => &[3, 3, 4],
        ("86", 11) => &[3, 4, 4],
        (_, 4) => &[4],
        (_, 7) => &[3, 4],
        (_, 8) => &[4, 4],
        (_, 10) => &[3, 3, 4],
        (_, 11) => &[3, 4, 4],
        _ => &[],
    };
    let mut shown = format!("+{country}");
    let mut rest = rest;
    for size in sizes.iter().copied().chain(std::iter::repeat(3)) {
        if rest.is_empty() {
            break;
        }
        let (group, more) = rest.split_at_checked(size).unwrap_or((rest, ""));
        shown.push(' ');
        shown.push_str(group);
        rest = more;
    }
    shown
}

/// How many digits of an international number are the country code (ITU-T E.164, list of assigned codes).
fn country_code_length(number: &str) -> usize {
    let mut leading = number.bytes();
    match (leading.next(), leading.next()) {
        (Some(b'1' | b'7'), _) => 1,
        (Some(b'2'), Some(b'0' | b'7'))
        | (Some(b'3'), Some(b'0'..=b'4' | b'6' | b'9'))
        | (Some(b'4'), Some(b'0' | b'1' | b'3'..=b'9'))
        | (Some(b'5'), Some(b'1'..=b'8'))
        | (Some(b'6'), Some(b'0'..=b'6'))
        | (Some(b'8'), Some(b'1' | b'2' | b'4' | b'6'))
        | (Some(b'9'), Some(b'0'..=b'5' | b'8')) => 2,
        _ => 3,
    }
}

/// A Chinese mobile number in E.164, if `raw` is one beyond doubt: 1, 3 to 9, nine more digits.
fn chinese_mobile(raw: &str, region: Option<&str>) -> Option<String> {
    let plain = |letter: char| ascii_digit(letter).is_some() || matches!(letter, '+' | '＋' | ' ' | '-');
    if raw.len() > LONGEST
        || !raw.chars().all(plain)
        || raw.trim_start_matches(['+', '＋']).contains(['+', '＋'])
    {
        return None;
    }
    let digits = digits(raw);
    let national = if raw.starts_with(['+', '＋']) {
        digits.strip_prefix("86")?
    } else if region.is_some_and(|region| region.eq_ignore_ascii_case("CN")) {
        digits.as_str()
    } else {
        return None;
    };
    let fits = national.len() == 11
        && national.starts_with('1')
        && !matches!(national.as_bytes().get(1), Some(b'0'..=b'2'));
    fits.then(|| format!("+86{national}"))
}

fn ascii_digit(letter: char) -> Option<char> {
    match letter {
        '0'..='9' => Some(letter),
        '０'..='９' => char::from_digit(u32::from(letter) - u32::from('０'), 10),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rlibphonenumber::PhoneNumber;

    use super::*;

    #[test]
    fn parses() {
        let cases = [
            ("+49 30 5550100", None, Some("+49305550100"), true),
            ("+49 (0)30 555-0100", None, Some("+49305550100"), true),
            ("030 5550100", Some("DE"), Some("+49305550100"), true),
            ("(030) 555 01 00", Some("de"), Some("+49305550100"), true),
            ("0049 30 5550100", Some("DE"), Some("+49305550100"), true),
            ("030 5550100", None, None, false),
            ("030 5550100", Some("nowhere"), None, false),
            ("(212) 555-0123", Some("US"), Some("+12125550123"), true),
            ("+1 555 010 0100", None, Some("+15550100100"), false),
            ("13800138000", Some("CN"), Some("+8613800138000"), true),
            ("138-0013-8000", Some("CN"), Some("+8613800138000"), true),
            ("+86 138 0013 8000", None, Some("+8613800138000"), true),
            (
                "＋８６ １３８００１３８０００",
                None,
                Some("+8613800138000"),
                true,
            ),
            ("13800138000", None, None, false),
            ("021-82927915", Some("CN"), Some("+862182927915"), true),
            ("020 7946 0018", Some("GB"), Some("+442079460018"), true),
            ("123", Some("DE"), None, false),
            ("call me", Some("DE"), None, false),
            ("", Some("DE"), None, false),
        ];
        for (raw, region, e164, valid) in cases {
            let phone = Phone::parse(raw, region);
            assert_eq!(
                (phone.e164.as_deref(), phone.valid),
                (e164, valid),
                "{raw:?} {region:?}"
            );
            assert_eq!(phone.raw, raw.trim());
        }
    }

    #[test]
    fn extensions_stand_apart() {
        for raw in [
            "+1 212 555 0123 ext. 12",
            "+1 212 555 0123 x12",
            "+1 212 555 0123 转12",
            "+1 212 555 0123 分机12",
        ] {
            let phone = Phone::parse(raw, None);
            assert_eq!(phone.e164.as_deref(), Some("+12125550123"), "{raw}");
            assert_eq!(phone.extension.as_deref(), Some("12"), "{raw}");
            assert_eq!(phone.show(), "+1 212 555 0123 ext. 12");
        }
    }

    #[test]
    fn the_short_way_agrees_with_the_numbering_plan() {
        for second in 3..=9 {
            let raw = format!("1{second}800138000");
            let rules = PHONE_NUMBER_UTIL.parse(&raw, Some(Region::CN)).unwrap();
            let long = PHONE_NUMBER_UTIL
                .format(&rules, PhoneNumberFormat::E164)
                .into_owned();
            assert_eq!(Phone::parse(&raw, Some("CN")).e164, Some(long), "{raw}");
        }
    }

    #[test]
    fn refusals_say_why() {
        let cases = [
            ("030 5550100", None, "it names no country"),
            ("12", Some("DE"), "fewer than three digits"),
            ("call me 123", Some("DE"), "lacks the area code of DE"),
            ("+49 1", None, "too short"),
            ("+49 30 555010055501005550100", None, "too long"),
            ("+1 212 555 01234", None, "too long for a number of US"),
            ("212 555", Some("US"), "too short for a number of US"),
            ("555-0123", Some("US"), "lacks the area code of US"),
            ("+1 555 010 0100", None, "not a number of US"),
            ("+999 123456789", None, "no country has its code"),
            ("+86 138 0013 800", None, "CN"),
        ];
        for (raw, region, expected) in cases {
            let error = Phone::parse_valid(raw, region).unwrap_err();
            assert!(error.message().contains(expected), "{raw}: {}", error.message());
        }
        assert!(Phone::parse_valid("+49 30 5550100", None).is_ok());
    }

    /// Checks one example of the metadata: as people of its country write it, and as all others do.
    fn is_accepted(number: &PhoneNumber, region: Option<Region>) -> Vec<String> {
        let util = &PHONE_NUMBER_UTIL;
        let e164 = util.format(number, PhoneNumberFormat::E164).into_owned();
        let mut wrong = Vec::new();
        let national = region.map(|region| (PhoneNumberFormat::National, Some(region.to_string())));
        let abroad = (PhoneNumberFormat::International, None);
        let plain = (PhoneNumberFormat::E164, None);
        for (format, region) in [abroad, plain].into_iter().chain(national) {
            let raw = util.format(number, format).into_owned();
            let phone = Phone::parse(&raw, region.as_deref());
            if phone.e164.as_deref() != Some(&e164) || Phone::parse_valid(&raw, region.as_deref()).is_err() {
                wrong.push(format!("{raw} {region:?}: {phone:?}, not {e164}"));
            }
        }
        wrong
    }

    #[test]
    fn every_example_of_the_numbering_plans_is_accepted() {
        let util = &PHONE_NUMBER_UTIL;
        let mut examples = 0;
        let mut wrong = Vec::new();
        for region in util.get_supported_regions() {
            for kind in util.get_supported_types_for_region(region).into_iter().flatten() {
                let Ok(number) = util.get_example_number_for_type_and_region(region, kind) else {
                    continue;
                };
                examples += 1;
                wrong.extend(is_accepted(&number, Some(region)));
            }
        }
        for code in util.get_supported_global_network_calling_codes() {
            let number = util.get_example_number_for_non_geo_entity(code).unwrap();
            examples += 1;
            wrong.extend(is_accepted(&number, None));
        }
        assert!(
            wrong.is_empty(),
            "{} of {examples}:\n{}",
            wrong.len(),
            wrong.join("\n")
        );
        assert!(examples > 1_000, "{examples} examples");
    }

    #[test]
    fn every_region_refuses_what_cannot_be_its_number() {
        let util = &PHONE_NUMBER_UTIL;
        let mut wrong = Vec::new();
        for region in util.get_supported_regions() {
            let Ok(number) = util.get_invalid_example_number(region) else {
                continue;
            };
            let raw = util.format(&number, PhoneNumberFormat::E164).into_owned();
            let long = format!("{raw}{}", "1".repeat(12));
            for (raw, words) in [
                (raw, ["too short", "not a number", "so many digits", "area code"]),
                (long, ["too long"; 4]),
            ] {
                match Phone::parse_valid(&raw, Some(&region.to_string())) {
                    Ok(phone) => wrong.push(format!("{raw} is accepted: {phone:?}")),
                    Err(error) if words.iter().any(|word| error.message().contains(word)) => {}
                    Err(error) => wrong.push(error.message().to_owned()),
                }
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    #[test]
    fn groups() {
        let cases = [
            ("+8613800138000", "+86 138 0013 8000"),
            ("+12125550123", "+1 212 555 0123"),
            ("+49305550100", "+49 305 550 100"),
            ("+358401234567", "+358 401 234 567"),
            ("+4", "+4"),
            ("+", "+"),
            ("", ""),
            ("030 1", "030 1"),
        ];
        for (e164, expected) in cases {
            assert_eq!(grouped(e164), expected);
        }
    }

    proptest! {
        #[test]
        fn never_panics(raw in "\\PC*|[+0-9 ()x./#;=,-]{0,40}|.*", region in proptest::option::of("[A-Za-z]{2}|.{0,4}")) {
            let phone = Phone::parse(&raw, region.as_deref());
            let _ = (phone.key(), phone.show());
            if let Some(e164) = &phone.e164 {
                prop_assert_eq!(digits(&grouped(e164)), digits(e164));
            }
        }

        #[test]
        fn e164_parses_to_itself(number in "\\+(49|1|86|44|81|48)[0-9]{8,11}") {
            let phone = Phone::parse(&number, None);
            // A number that is merely possible may begin with what is taken for a trunk prefix the next time.
            if let Some(e164) = phone.e164.filter(|_| phone.valid) {
                prop_assert_eq!(Phone::parse(&e164, None).e164, Some(e164));
            }
        }
    }
}
