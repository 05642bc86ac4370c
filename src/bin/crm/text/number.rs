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
    let blank = if is_word(symbol) { " " } else { "" };
    let whole = group(whole);
    if fraction.bytes().all(|digit| digit == b'0') {
        format!("{sign}{symbol}{blank}{whole}")
    } else {
        format!("{sign}{symbol}{blank}{whole}.{fraction}")
    }
}

/// An amount where there is little room: `€48k`, `€1.3m`, `€950`; rounded half away from zero.
pub(crate) fn short(amount: Money) -> String {
    let places = Money {
        minor: 1,
        currency: amount.currency,
    };
    let digits = places
        .decimal()
        .split_once('.')
        .map_or(0, |(_, places)| places.len());
    let scale = 10_i128.pow(u32::try_from(digits).unwrap_or(0));
    let minor = i128::from(amount.minor);
    let rounded = |by: i128| (minor.abs() + scale * by / 2) / (scale * by) * minor.signum();
    let (number, unit) = match rounded(1).abs() {
        ..10_000 => return money(whole(rounded(1), scale, amount)),
        10_000..999_500 => (rounded(1_000).to_string(), "k"),
        _ => {
            let tenths = rounded(100_000);
            let number = match (tenths % 10, tenths.abs() < 1_000) {
                (0, _) | (_, false) => (tenths / 10).to_string(),
                (rest, true) => format!("{}.{}", tenths / 10, rest.abs()),
            };
            (number, "m")
        }
    };
    let (sign, number) = match number.strip_prefix('-') {
        Some(number) => ("-", number.to_owned()),
        None => ("", number),
    };
    let symbol = amount.currency.symbol();
    let blank = if is_word(symbol) { " " } else { "" };
    format!("{sign}{symbol}{blank}{number}{unit}")
}

/// An amount of so many whole units.
fn whole(units: i128, scale: i128, like: Money) -> Money {
    Money {
        minor: i64::try_from(units * scale).unwrap_or(like.minor),
        currency: like.currency,
    }
}

/// A code reads as a word and wants a blank; a sign does not.
fn is_word(symbol: &str) -> bool {
    symbol.ends_with(|last: char| last.is_ascii_alphabetic())
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
    fn short_amounts() {
        for (minor, code, expected) in [
            (4_849_999, "EUR", "€48k"),
            (-4_850_000, "EUR", "-€49k"),
            (999_949, "EUR", "€9,999"),
            (999_950, "EUR", "€10k"),
            (5, "GBP", "£0"),
            (1_200, "JPY", "¥1,200"),
            (99_950_000, "USD", "$1m"),
            (125_000_000, "USD", "$1.3m"),
            (12_345_678_900, "CHF", "CHF 123m"),
            (i64::MAX, "EUR", "€92233720369m"),
        ] {
            let currency = Currency::parse(code).unwrap();
            assert_eq!(short(Money { minor, currency }), expected, "{minor} {code}");
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
