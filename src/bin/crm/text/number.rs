//! Numbers, amounts and lengths of time as people read them. Machine formats do not come here.

use crm::domain::count::Count;
use crm::domain::money::Money;

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
    let symbol = money.currency.symbol();
    // A code reads as a word and wants a blank; a sign does not.
    let blank = if symbol.ends_with(|last: char| last.is_ascii_alphabetic()) {
        " "
    } else {
        ""
    };
    let whole = group(whole);
    if fraction.bytes().all(|digit| digit == b'0') {
        format!("{sign}{symbol}{blank}{whole}")
    } else {
        format!("{sign}{symbol}{blank}{whole}.{fraction}")
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
    use crm::domain::money::Currency;

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
