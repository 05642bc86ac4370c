//! Numbers as people and programs write them: signs, currencies, grouping and multipliers; exact, without floats.

use super::Mark;
use crate::domain::money::Currency;

/// The largest number of digits that is looked at.
const MOST_DIGITS: usize = 60;

/// A number taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    negative: bool,
    /// Digits and what stands between them.
    body: String,
    /// How many places the decimal mark moves to the right.
    shift: i32,
    /// Whether it stands for hundredths.
    pub percent: bool,
    /// The currency that it names.
    pub unit: Option<Unit>,
}

/// A currency as written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// By its code, or a sign that no other currency has.
    Sure(Currency),
    /// By a sign that several have; the usual one first, if there is one.
    Sign(&'static [&'static str]),
}

/// What stands for nothing in a column of numbers or days.
pub fn is_nothing(text: &str) -> bool {
    const WORDS: [&str; 4] = ["n/a", "na", "null", "(blank)"];
    let text = text.trim();
    let dashes = text.chars().all(|letter| "-–—−－/.".contains(letter));
    dashes || WORDS.iter().any(|word| text.eq_ignore_ascii_case(word))
}

impl Written {
    /// Takes `text` apart; none if it is no number with what people write around one.
    pub fn parse(text: &str) -> Option<Written> {
        if text.len() > 200 {
            return None;
        }
        let plain: String = text.trim().chars().map(plain).collect();
        let mut rest = plain.trim();
        let mut written = Written {
            negative: false,
            body: String::new(),
            shift: 0,
            percent: false,
            unit: None,
        };
        let mut signed = false;
        let mut scaled = false;
        loop {
            let before = rest;
            if let Some(inner) = rest.strip_prefix('(').and_then(|rest| rest.strip_suffix(')'))
                && !signed
            {
                (written.negative, signed, rest) = (true, true, inner.trim());
            }
            if let Some(after) = rest.strip_prefix(['-', '+'])
                && !signed
            {
                (written.negative, signed) = (rest.starts_with('-'), true);
                rest = after.trim();
            } else if let Some(inner) = rest.strip_suffix('-')
                && !signed
            {
                (written.negative, signed, rest) = (true, true, inner.trim());
            }
            if let Some(inner) = rest.strip_suffix('%')
                && !written.percent
            {
                (written.percent, rest) = (true, inner.trim());
            }
            if written.unit.is_none()
                && let Some((inner, unit)) = unit(rest)
            {
                (written.unit, rest) = (Some(unit), inner);
            }
            if !scaled && let Some((inner, zeros)) = multiplier(rest) {
                (scaled, rest) = (true, inner);
                written.shift = zeros;
            }
            if rest == before {
                break;
            }
        }
        if let Some((body, exponent)) = rest.split_once(['e', 'E']) {
            let exponent: i32 = exponent
                .parse()
                .ok()
                .filter(|exponent| (-30..=30).contains(exponent))?;
            written.shift += exponent;
            rest = body;
        }
        let digits = rest.bytes().filter(u8::is_ascii_digit).count();
        let fits = rest
            .bytes()
            .all(|byte| byte.is_ascii_digit() || b".,' _".contains(&byte));
        let ends = rest.starts_with(|c: char| c.is_ascii_digit() || c == '.' || c == ',')
            && rest.ends_with(|c: char| c.is_ascii_digit());
        if digits == 0 || digits > MOST_DIGITS || !fits || !ends {
            return None;
        }
        rest.clone_into(&mut written.body);
        Some(written)
    }

    /// True if all that stands between its digits is one comma before the last three: among whole numbers and amounts
    /// that is a thousand.
    pub fn is_plain_thousand(&self) -> bool {
        let mut parts = self.body.split(',');
        let (whole, last) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        self.shift == 0
            && last.len() == 3
            && parts.next().is_none()
            && (1..=3).contains(&whole.len())
            && is_digits(whole)
            && is_digits(last)
            && !whole.starts_with('0')
    }

    /// The plain decimal, `-1234.5`, read with `mark`; none if it does not fit.
    pub fn plain(&self, mark: Mark) -> Option<String> {
        let (whole, fraction) = match self.body.split_once(mark.character()) {
            Some((_, fraction)) if !fraction.bytes().all(|byte| byte.is_ascii_digit()) => return None,
            Some(parts) => parts,
            None => (self.body.as_str(), ""),
        };
        let whole = ungrouped(whole)?;
        if whole.is_empty() && fraction.is_empty() {
            return None;
        }
        Some(self.shifted(&whole, fraction))
    }

    /// The digits with the mark moved, and what says nothing left away.
    fn shifted(&self, whole: &str, fraction: &str) -> String {
        let mut digits = format!("{whole}{fraction}");
        let mut places = i64::try_from(fraction.len()).unwrap_or(0) - i64::from(self.shift);
        while places < 0 {
            digits.push('0');
            places += 1;
        }
        let places = usize::try_from(places).unwrap_or(0);
        if digits.len() <= places {
            digits = format!("{digits:0>width$}", width = places + 1);
        }
        let (whole, fraction) = digits.split_at(digits.len() - places);
        let whole = whole.trim_start_matches('0');
        let whole = if whole.is_empty() { "0" } else { whole };
        let fraction = fraction.trim_end_matches('0');
        let sign = if self.negative && (whole != "0" || !fraction.is_empty()) {
            "-"
        } else {
            ""
        };
        if fraction.is_empty() {
            format!("{sign}{whole}")
        } else {
            format!("{sign}{whole}.{fraction}")
        }
    }
}

impl Unit {
    /// The currency that is meant where `base` is that of the base and `region` the country of the file; none if that
    /// is not certain.
    pub fn currency(self, base: Currency, region: Option<&str>) -> Option<Currency> {
        const COUNTRIES: [(&str, &str); 12] = [
            ("CN", "CNY"),
            ("JP", "JPY"),
            ("SE", "SEK"),
            ("NO", "NOK"),
            ("DK", "DKK"),
            ("IS", "ISK"),
            ("CA", "CAD"),
            ("AU", "AUD"),
            ("NZ", "NZD"),
            ("SG", "SGD"),
            ("HK", "HKD"),
            ("TW", "TWD"),
        ];
        let codes = match self {
            Unit::Sure(currency) => return Some(currency),
            Unit::Sign(codes) => codes,
        };
        if codes.contains(&base.code()) {
            return Some(base);
        }
        let local = region.and_then(|region| {
            let code = COUNTRIES
                .iter()
                .find(|(country, _)| country.eq_ignore_ascii_case(region))?
                .1;
            codes.contains(&code).then_some(code)
        });
        Currency::parse(local.or_else(|| codes.first().copied())?)
    }
}

/// One character in the width and form in which it is compared.
fn plain(letter: char) -> char {
    match letter {
        '０'..='９' => char::from_digit(u32::from(letter) - u32::from('０'), 10).unwrap_or(letter),
        '，' | '٬' => ',',
        '．' => '.',
        '％' => '%',
        '−' | '–' | '－' => '-',
        '（' => '(',
        '）' => ')',
        '’' | '‘' | 'ʼ' | '´' | '`' => '\'',
        '\u{a0}' | '\u{202f}' | '\u{2009}' | '\u{2007}' | '\u{3000}' | '\t' => ' ',
        letter => letter,
    }
}

/// Splits a currency off either end.
fn unit(text: &str) -> Option<(&str, Unit)> {
    const SURE: [(&str, &str); 32] = [
        ("US$", "USD"),
        ("CN¥", "CNY"),
        ("HK$", "HKD"),
        ("NT$", "TWD"),
        ("NZ$", "NZD"),
        ("AU$", "AUD"),
        ("CA$", "CAD"),
        ("A$", "AUD"),
        ("C$", "CAD"),
        ("S$", "SGD"),
        ("R$", "BRL"),
        ("JP¥", "JPY"),
        ("RMB", "CNY"),
        ("人民币", "CNY"),
        ("美元", "USD"),
        ("欧元", "EUR"),
        ("港币", "HKD"),
        ("港元", "HKD"),
        ("日元", "JPY"),
        ("英镑", "GBP"),
        ("元", "CNY"),
        ("圆", "CNY"),
        ("円", "JPY"),
        ("￥", "CNY"),
        ("€", "EUR"),
        ("£", "GBP"),
        ("₹", "INR"),
        ("₩", "KRW"),
        ("zł", "PLN"),
        ("₺", "TRY"),
        ("₽", "RUB"),
        ("Kč", "CZK"),
    ];
    const SIGNS: [(&str, &[&str]); 4] = [
        ("$", &["USD", "CAD", "AUD", "NZD", "SGD", "HKD", "TWD", "MXN"]),
        ("¥", &["JPY", "CNY"]),
        ("kr.", &["", "SEK", "NOK", "DKK", "ISK"]),
        ("kr", &["", "SEK", "NOK", "DKK", "ISK"]),
    ];
    let cut = |sign: &str| text.strip_prefix(sign).or_else(|| text.strip_suffix(sign));
    for (sign, code) in SURE {
        if let Some(rest) = cut(sign) {
            return Some((rest.trim(), Unit::Sure(Currency::parse(code)?)));
        }
    }
    for (sign, codes) in SIGNS {
        if let Some(rest) = cut(sign) {
            return Some((rest.trim(), Unit::Sign(codes)));
        }
    }
    let code = |code: Option<&str>| {
        code.filter(|code| code.bytes().all(|byte| byte.is_ascii_alphabetic()))
            .and_then(Currency::parse)
    };
    if let Some(currency) = code(text.get(..3)) {
        return Some((text.get(3..)?.trim(), Unit::Sure(currency)));
    }
    let end = text.len().checked_sub(3)?;
    let currency = code(text.get(end..))?;
    Some((text.get(..end)?.trim(), Unit::Sure(currency)))
}

/// Splits a multiplier off the end, as a number of zeros.
fn multiplier(text: &str) -> Option<(&str, i32)> {
    const MULTIPLIERS: [(&str, i32); 22] = [
        ("thousand", 3),
        ("million", 6),
        ("billion", 9),
        ("百万", 6),
        ("千万", 7),
        ("mio.", 6),
        ("mio", 6),
        ("mrd.", 9),
        ("mrd", 9),
        ("mln", 6),
        ("bn", 9),
        ("mn", 6),
        ("k", 3),
        ("m", 6),
        ("b", 9),
        ("千", 3),
        ("万", 4),
        ("萬", 4),
        ("亿", 8),
        ("億", 8),
        ("tsd.", 3),
        ("tsd", 3),
    ];
    MULTIPLIERS.iter().find_map(|(word, zeros)| {
        let at = text.len().checked_sub(word.len())?;
        let end = text.get(at..)?;
        let rest = text.get(..at)?.trim_end();
        let fits = end.eq_ignore_ascii_case(word) && rest.ends_with(|c: char| c.is_ascii_digit());
        fits.then_some((rest, *zeros))
    })
}

/// The digits of a whole number without what stands between its groups: threes, or as in India two and two and then
/// three at the end. None for groups of another size, or of two sorts.
fn ungrouped(whole: &str) -> Option<String> {
    let is_separator = |letter: char| matches!(letter, '.' | ',' | '\'' | ' ' | '_');
    let mut separators = whole.chars().filter(|letter| is_separator(*letter));
    let first = separators.next();
    if separators.any(|other| Some(other) != first) {
        return None;
    }
    let groups: Vec<&str> = whole.split(is_separator).collect();
    let [head, middle @ .., last] = groups.as_slice() else {
        return Some(whole.to_owned());
    };
    // `0,500` is no five hundred.
    if head.starts_with('0') {
        return None;
    }
    let threes = middle.iter().all(|group| group.len() == 3) && (1..=3).contains(&head.len());
    let twos =
        !middle.is_empty() && middle.iter().all(|group| group.len() == 2) && (1..=2).contains(&head.len());
    (last.len() == 3 && (threes || twos)).then(|| groups.concat())
}
