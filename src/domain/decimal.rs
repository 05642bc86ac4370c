//! Numbers with decimal places, exact: whole millionths. No floats but to hand one to JSON.

/// Millionths per one.
const ONE: i64 = 1_000_000;

/// The largest number, in millionths: fifteen digits, as many as JSON numbers hold without loss.
pub const LARGEST: i64 = 999_999_999_999_999;

/// Reads `1234.5`, `-0.25`, `1,234.5`, `1k`, `2万`; at most six decimal places and nine digits before them. None for
/// anything else.
pub fn parse(text: &str) -> Option<i64> {
    let text = text.trim();
    let (text, scale) = SCALES
        .iter()
        .find_map(|(suffix, scale)| Some((text.strip_suffix(suffix)?, *scale)))
        .unwrap_or((text, 1));
    let (negative, digits) = match text.strip_prefix(['-', '−']) {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let plain: String = whole
        .chars()
        .filter(|letter| !matches!(letter, ',' | '_' | '\''))
        .collect();
    let are_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let fraction = fraction.trim_end_matches('0');
    if (plain.is_empty() && fraction.is_empty())
        || !are_digits(&plain)
        || !are_digits(fraction)
        || fraction.len() > 6
    {
        return None;
    }
    let millionths: i64 = format!("{plain}{fraction:0<6}").parse().ok()?;
    let millionths = millionths
        .checked_mul(scale)
        .filter(|number| *number <= LARGEST)?;
    Some(if negative { -millionths } else { millionths })
}

const SCALES: [(&str, i64); 5] = [
    ("k", 1_000),
    ("K", 1_000),
    ("m", 1_000_000),
    ("千", 1_000),
    ("万", 10_000),
];

/// The plain decimal, without zeros at its end.
pub fn text(millionths: i64) -> String {
    let sign = if millionths < 0 { "-" } else { "" };
    let (whole, rest) = (
        millionths.unsigned_abs() / ONE.unsigned_abs(),
        millionths.unsigned_abs() % ONE.unsigned_abs(),
    );
    if rest == 0 {
        return format!("{sign}{whole}");
    }
    let digits = format!("{rest:06}");
    format!("{sign}{whole}.{}", digits.trim_end_matches('0'))
}

/// The number, if it is whole.
pub fn whole(millionths: i64) -> Option<i64> {
    (millionths % ONE == 0).then_some(millionths / ONE)
}

/// The nearest number of the sort that JSON has, which prints as the decimal that was meant.
pub fn number(millionths: i64) -> f64 {
    millionths as f64 / ONE as f64
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn numbers_as_people_write_them() {
        for (typed, expected) in [
            ("1234.5", Some(1_234_500_000)),
            ("1,234.50", Some(1_234_500_000)),
            ("-0.25", Some(-250_000)),
            (".5", Some(500_000)),
            ("7", Some(7_000_000)),
            ("1.5k", Some(1_500_000_000)),
            ("2万", Some(20_000_000_000)),
            ("0.0000001", None),
            ("1.2.3", None),
            ("", None),
            ("-", None),
            ("1e3", None),
            ("abc", None),
            ("9999999999", None),
        ] {
            assert_eq!(parse(typed), expected, "{typed}");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_reads_back(millionths in -LARGEST..=LARGEST) {
            let written = text(millionths);
            prop_assert_eq!(parse(&written), Some(millionths));
            let json: f64 = number(millionths).to_string().parse().expect("a number");
            prop_assert_eq!(number(millionths), json);
            prop_assert_eq!(parse(&number(millionths).to_string()), Some(millionths));
        }

        #[test]
        fn nothing_panics(typed in "\\PC{0,20}") {
            parse(&typed);
        }
    }
}
