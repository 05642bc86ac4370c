//! Amounts of money: integer minor units and a currency with its own exponent. No floats.

use std::fmt;
use std::str::FromStr;

/// An ISO 4217 currency code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Currency([u8; 3]);

impl Currency {
    /// The currency with this three-letter code, in any case; none if ISO 4217 does not list it.
    pub fn parse(code: &str) -> Option<Currency> {
        let upper = code.trim().to_ascii_uppercase();
        iso_currency::Currency::from_code(&upper)?;
        let bytes = upper.as_bytes().try_into().ok()?;
        Some(Currency(bytes))
    }

    /// The code, upper case.
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("XXX")
    }

    /// The number of decimal places of the minor unit: 2 for EUR, 0 for JPY, 3 for KWD.
    pub fn exponent(self) -> u32 {
        iso_currency::Currency::from_code(self.code())
            .and_then(iso_currency::Currency::exponent)
            .map_or(0, u32::from)
    }

    /// The sign that a terminal shows, `€`; the code where there is no well-known sign.
    pub fn symbol(&self) -> &str {
        match self.code() {
            "EUR" => "€",
            "USD" => "$",
            "GBP" => "£",
            "JPY" => "¥",
            "CNY" => "CN¥",
            "INR" => "₹",
            "KRW" => "₩",
            code => code,
        }
    }

    /// Minor units per unit: 100 for EUR.
    fn scale(self) -> i64 {
        10_i64.pow(self.exponent())
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// An amount in one currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Money {
    /// Minor units: cents for EUR.
    pub minor: i64,
    /// The currency.
    pub currency: Currency,
}

/// Why a text is not an amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotMoney {
    /// It is not a number with an optional k, m, bn and currency.
    Shape,
    /// It has more decimal places than the currency has.
    Precision,
    /// It does not fit into 63 bits of minor units.
    Size,
}

impl fmt::Display for NotMoney {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            NotMoney::Shape => "not an amount; write 48000, 48000.50, 48k or 48k EUR",
            NotMoney::Precision => "more decimal places than the currency has",
            NotMoney::Size => "too large",
        })
    }
}

impl Money {
    /// Reads what people write: `48000`, `48000.50`, `1,234,567`, `10k`, `1.5m`, `10kEUR`, `EUR 500`, `€99`, `1万`.
    ///
    /// Major units, a point as decimal mark, commas only between groups of three. A currency named in the text
    /// wins over `default`.
    pub fn parse(text: &str, default: Currency) -> Result<Money, NotMoney> {
        let (number, currency) = split_currency(text.trim());
        let currency = currency.unwrap_or(default);
        let (number, zeros) = split_multiplier(number.trim());
        let (negative, digits) = match number.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, number.strip_prefix('+').unwrap_or(number)),
        };
        let (whole, fraction) = match digits.split_once('.') {
            Some((whole, fraction)) => (whole, fraction),
            None => (digits, ""),
        };
        let whole = without_grouping(whole).ok_or(NotMoney::Shape)?;
        if (whole.is_empty() && fraction.is_empty()) || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(NotMoney::Shape);
        }
        let fraction = fraction.trim_end_matches('0');
        let places = zeros + currency.exponent();
        let missing = usize::try_from(places)
            .ok()
            .and_then(|places| places.checked_sub(fraction.len()))
            .ok_or(NotMoney::Precision)?;
        let all = format!("{whole}{fraction}{}", "0".repeat(missing));
        let minor: i64 = all.parse().map_err(|_| NotMoney::Size)?;
        Ok(Money {
            minor: if negative { -minor } else { minor },
            currency,
        })
    }

    /// The plain decimal of major units, `48000.00`, as machine formats write it.
    pub fn decimal(self) -> String {
        let exponent = usize::try_from(self.currency.exponent()).unwrap_or(0);
        let sign = if self.minor < 0 { "-" } else { "" };
        let digits = format!("{:0>width$}", self.minor.unsigned_abs(), width = exponent + 1);
        let (whole, fraction) = digits.split_at(digits.len() - exponent);
        if fraction.is_empty() {
            format!("{sign}{whole}")
        } else {
            format!("{sign}{whole}.{fraction}")
        }
    }

    /// This amount in `base` at `rate`, rounded half away from zero; none if it does not fit.
    pub fn convert(self, base: Currency, rate: Rate) -> Option<Money> {
        let scaled = i128::from(self.minor) * i128::from(rate.0) * i128::from(base.scale());
        let divisor = i128::from(Rate::ONE.0) * i128::from(self.currency.scale());
        let half = divisor / 2;
        let rounded = (scaled + if scaled < 0 { -half } else { half }) / divisor;
        Some(Money {
            minor: i64::try_from(rounded).ok()?,
            currency: base,
        })
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.decimal(), self.currency)
    }
}

/// How many units of the base currency one unit of another is worth, in thousand-millionths.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Rate(i64);

impl Rate {
    /// One for one.
    pub const ONE: Rate = Rate(1_000_000_000);

    /// The rate stored as `nano`, thousand-millionths.
    pub fn from_nano(nano: i64) -> Rate {
        Rate(nano)
    }

    /// Thousand-millionths, as stored.
    pub fn nano(self) -> i64 {
        self.0
    }
}

impl FromStr for Rate {
    type Err = NotMoney;

    /// Reads a positive decimal with at most nine places.
    fn from_str(text: &str) -> Result<Rate, NotMoney> {
        let (whole, fraction) = text.trim().split_once('.').unwrap_or((text.trim(), ""));
        if fraction.len() > 9 {
            return Err(NotMoney::Precision);
        }
        let all = format!("{whole}{fraction:0<9}");
        if !all.bytes().all(|byte| byte.is_ascii_digit()) || whole.is_empty() {
            return Err(NotMoney::Shape);
        }
        match all.parse() {
            Ok(0) => Err(NotMoney::Shape),
            Ok(nano) => Ok(Rate(nano)),
            Err(_) => Err(NotMoney::Size),
        }
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = format!("{}.{:09}", self.0 / Rate::ONE.0, self.0 % Rate::ONE.0);
        f.write_str(text.trim_end_matches('0').trim_end_matches('.'))
    }
}

/// Splits a currency code or sign off either end.
fn split_currency(text: &str) -> (&str, Option<Currency>) {
    const SIGNS: [(&str, &str); 9] = [
        ("CN¥", "CNY"),
        ("€", "EUR"),
        ("US$", "USD"),
        ("$", "USD"),
        ("£", "GBP"),
        ("¥", "JPY"),
        ("￥", "CNY"),
        ("元", "CNY"),
        ("円", "JPY"),
    ];
    for (sign, code) in SIGNS {
        if let Some(rest) = text.strip_prefix(sign).or_else(|| text.strip_suffix(sign)) {
            return (rest, Currency::parse(code));
        }
    }
    let code_at = |code: Option<&str>| code.filter(|code| code.is_ascii()).and_then(Currency::parse);
    if let Some(currency) = code_at(text.get(..3)) {
        return (text.get(3..).unwrap_or(""), Some(currency));
    }
    let cut = text.len().saturating_sub(3);
    if let Some(currency) = code_at(text.get(cut..)) {
        return (text.get(..cut).unwrap_or(""), Some(currency));
    }
    (text, None)
}

/// Splits a multiplier off the end, as a number of zeros.
fn split_multiplier(number: &str) -> (&str, u32) {
    const MULTIPLIERS: [(&str, u32); 10] = [
        ("bn", 9),
        ("k", 3),
        ("K", 3),
        ("m", 6),
        ("M", 6),
        ("b", 9),
        ("B", 9),
        ("千", 3),
        ("万", 4),
        ("亿", 8),
    ];
    MULTIPLIERS
        .into_iter()
        .find_map(|(suffix, zeros)| number.strip_suffix(suffix).map(|rest| (rest.trim_end(), zeros)))
        .unwrap_or((number, 0))
}

/// Removes commas, apostrophes or underscores that stand between groups of three digits.
fn without_grouping(whole: &str) -> Option<String> {
    let mut groups = whole.split([',', '\'', '_']);
    let first = groups.next()?;
    let mut digits = first.to_owned();
    for group in groups {
        if group.len() != 3 || first.is_empty() || first.len() > 3 {
            return None;
        }
        digits.push_str(group);
    }
    digits.bytes().all(|byte| byte.is_ascii_digit()).then_some(digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn eur(text: &str) -> Result<(i64, String), NotMoney> {
        let money = Money::parse(text, Currency::parse("EUR").unwrap())?;
        Ok((money.minor, money.currency.to_string()))
    }

    #[test]
    fn reads_what_people_write() {
        for (text, minor, currency) in [
            ("48000", 4_800_000, "EUR"),
            ("48000.5", 4_800_050, "EUR"),
            ("1,234,567.89", 123_456_789, "EUR"),
            ("10k", 1_000_000, "EUR"),
            ("1.5m", 150_000_000, "EUR"),
            ("10kUSD", 1_000_000, "USD"),
            ("USD 500", 50_000, "USD"),
            ("JPY 500", 500, "JPY"),
            ("€99", 9_900, "EUR"),
            ("1万元", 1_000_000, "CNY"),
            ("-3.10", -310, "EUR"),
            ("1.500", 150, "EUR"),
        ] {
            assert_eq!(eur(text), Ok((minor, currency.to_owned())), "{text}");
        }
    }

    #[test]
    fn refuses_the_rest() {
        for text in [
            "", "EUR", "k", ".", "1,23", "1.2.3", "12,3456", "abc", "1e5", "0x10", "1 2", "--1",
        ] {
            assert_eq!(eur(text), Err(NotMoney::Shape), "{text}");
        }
        assert_eq!(eur("1.234"), Err(NotMoney::Precision));
        assert_eq!(eur("JPY 1.5"), Err(NotMoney::Precision));
        assert_eq!(eur("99999999999999999999"), Err(NotMoney::Size));
    }

    #[test]
    fn decimals_and_conversion() {
        let money = |text: &str| Money::parse(text, Currency::parse("EUR").unwrap()).unwrap();
        assert_eq!(money("0.05").decimal(), "0.05");
        assert_eq!(money("-0.05").decimal(), "-0.05");
        assert_eq!(money("JPY 1200").decimal(), "1200");
        let rate: Rate = "0.0061".parse().unwrap();
        let base = Currency::parse("EUR").unwrap();
        assert_eq!(money("JPY 1000").convert(base, rate).unwrap().decimal(), "6.10");
        assert_eq!(rate.to_string(), "0.0061");
        assert_eq!(Rate::ONE.to_string(), "1");
    }
}
