//! Numbers, amounts and lengths of time as people read them. Machine formats do not come here.

use crm::domain::count::Count;
use crm::domain::money::{Currency, Money};

/// A whole number with its thousands grouped: `1,234,567`.
pub(crate) fn grouped(number: i64) -> String {
    let sign = if number < 0 { "-" } else { "" };
    format!("{sign}{}", group(&number.unsigned_abs().to_string()))
}

/// A count, as [`grouped`].
pub(crate) fn many(count: u64) -> String {
    grouped(i64::try_from(count).unwrap_or(i64::MAX))
}

/// A number of records, `1,284`; with a plus where not all were counted.
pub(crate) fn count(count: Count) -> String {
    let more = if count.is_more { "+" } else { "" };
    format!(
        "{}{more}",
        grouped(i64::try_from(count.counted).unwrap_or(i64::MAX))
    )
}

/// An amount with its sign and grouping: `€48,000`, `$99.50`, `CHF 1,200`. Decimal places that are all zero are
/// left out.
pub(crate) fn money(money: Money) -> String {
    let decimal = money.decimal();
    let (sign, digits) = match decimal.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", decimal.as_str()),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let symbol = sign_of(&money.currency);
    let whole = group(whole);
    if fraction.bytes().all(|digit| digit == b'0') {
        format!("{sign}{symbol}{whole}")
    } else {
        format!("{sign}{symbol}{whole}.{fraction}")
    }
}

/// An amount in a few characters, rounded half away from zero: `€950`, `€9.6k`, `€412k`, `€1.2m`.
pub(crate) fn money_short(amount: Money) -> String {
    let mut unit = 1_i64;
    for _ in 0..amount.currency.exponent() {
        unit = unit.saturating_mul(10);
    }
    let magnitude = amount.minor.unsigned_abs();
    let unit = unit.unsigned_abs();
    let units = magnitude.saturating_add(unit / 2) / unit;
    if units < 1_000 {
        let whole = i64::try_from(units.saturating_mul(unit)).unwrap_or(i64::MAX);
        return money(Money {
            minor: if amount.minor < 0 { -whole } else { whole },
            ..amount
        });
    }
    // What would be rounded up to 1000k is a million.
    let (scale, letter) = match magnitude / unit {
        0..999_500 => (1_000, "k"),
        999_500..999_500_000 => (1_000_000, "m"),
        _ => (1_000_000_000, "bn"),
    };
    let tenths = (magnitude / unit).saturating_mul(10).saturating_add(scale / 2) / scale;
    let (whole, tenth) = (tenths / 10, tenths % 10);
    let digits = match (whole, tenth) {
        (0..10, 1..) => format!("{whole}.{tenth}"),
        _ => group(&((magnitude / unit).saturating_add(scale / 2) / scale).to_string()),
    };
    let sign = if amount.minor < 0 { "-" } else { "" };
    format!("{sign}{}{digits}{letter}", sign_of(&amount.currency))
}

/// The sign or the code of a currency, as it stands before digits.
fn sign_of(currency: &Currency) -> String {
    let symbol = currency.symbol();
    // A code reads as a word and wants a blank; a sign does not.
    match symbol.ends_with(|last: char| last.is_ascii_alphabetic()) {
        true => format!("{symbol} "),
        false => symbol.to_owned(),
    }
}

/// A length of time given in seconds: `45s`, `18m`, `1h 5m`. Seconds are left out from an hour on.
pub(crate) fn duration(seconds: i64) -> String {
    let sign = if seconds < 0 { "-" } else { "" };
    let total = seconds.unsigned_abs();
    let (hours, minutes, rest) = (total / 3600, total / 60 % 60, total % 60);
    let text = match (hours, minutes, rest) {
        (0, 0, rest) => format!("{rest}s"),
        (0, minutes, 0) => format!("{minutes}m"),
        (0, minutes, rest) => format!("{minutes}m {rest}s"),
        (hours, 0, _) => format!("{hours}h"),
        (hours, minutes, _) => format!("{hours}h {minutes}m"),
    };
    format!("{sign}{text}")
}

/// Puts commas between groups of three digits.
fn group(digits: &str) -> String {
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_of_three() {
        for (number, expected) in [
            (0, "0"),
            (999, "999"),
            (1000, "1,000"),
            (-1_234_567, "-1,234,567"),
            (i64::MIN, "-9,223,372,036,854,775,808"),
        ] {
            assert_eq!(grouped(number), expected);
        }
    }

    #[test]
    fn amounts() {
        for (minor, code, expected) in [
            (4_800_000, "EUR", "€48,000"),
            (-9_950, "USD", "-$99.50"),
            (5, "GBP", "£0.05"),
            (1_200, "JPY", "¥1,200"),
            (1_234_500, "KWD", "KWD 1,234.500"),
            (120_000, "CHF", "CHF 1,200"),
            (100, "CNY", "CN¥1"),
        ] {
            let currency = Currency::parse(code).unwrap();
            assert_eq!(money(Money { minor, currency }), expected);
        }
    }

    #[test]
    fn short_amounts() {
        for (minor, code, expected) in [
            (0, "EUR", "€0"),
            (95_049, "EUR", "€950"),
            (99_950, "EUR", "€1k"),
            (960_000, "EUR", "€9.6k"),
            (-960_000, "EUR", "-€9.6k"),
            (41_249_900, "EUR", "€412k"),
            (99_949_999, "EUR", "€999k"),
            (99_950_000, "EUR", "€1m"),
            (123_456_789, "EUR", "€1.2m"),
            (5_000_000, "JPY", "¥5m"),
            (i64::MAX, "CHF", "CHF 92,233,720bn"),
            (i64::MIN, "EUR", "-€92,233,720bn"),
        ] {
            let currency = Currency::parse(code).unwrap();
            assert_eq!(money_short(Money { minor, currency }), expected);
        }
    }

    #[test]
    fn lengths_of_time() {
        for (seconds, expected) in [
            (0, "0s"),
            (45, "45s"),
            (1080, "18m"),
            (90, "1m 30s"),
            (3600, "1h"),
            (3905, "1h 5m"),
            (-60, "-1m"),
            (360_000, "100h"),
        ] {
            assert_eq!(duration(seconds), expected);
        }
    }
}
