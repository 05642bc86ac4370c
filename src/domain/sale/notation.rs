//! A line of a quote or an order as people write it: `SKU x3 @189 -10% +19%`.
//!
//! First what is sold, then how many, the price of one, what is taken off and the tax, each where it is not the usual.
//! The marks may stand in any order; of two of one sort the first belongs to the name.

use crate::domain::decimal;

/// A line as it was written, without what the name means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// The code, ref or name of a product, or free text; blanks are single.
    pub name: String,
    /// How many, in thousandths; above nothing.
    pub quantity: Option<i64>,
    /// The price of one, as it was written.
    pub price: Option<String>,
    /// What is taken off, in hundredths of a percent.
    pub discount: Option<i64>,
    /// The tax, in hundredths of a percent.
    pub tax_rate: Option<i64>,
}

/// A hundred percent, in hundredths.
const WHOLE: i64 = 10_000;

/// Reads a line; none if nothing is named.
pub fn read(text: &str) -> Option<Written> {
    let mut words: Vec<&str> = text.split_whitespace().collect();
    let mut written = Written {
        name: String::new(),
        quantity: None,
        price: None,
        discount: None,
        tax_rate: None,
    };
    while words.len() > 1 {
        let Some(word) = words.last() else { break };
        if !written.take(word) {
            break;
        }
        words.pop();
    }
    written.name = words.join(" ");
    (!written.name.is_empty()).then_some(written)
}

impl Written {
    /// Takes a mark; false if the word is none, or there was one of its sort behind it.
    fn take(&mut self, word: &str) -> bool {
        let Some(mark) = mark(word) else { return false };
        match mark {
            Mark::Quantity(number) if self.quantity.is_none() => self.quantity = Some(number),
            Mark::Price(text) if self.price.is_none() => self.price = Some(text),
            Mark::Discount(rate) if self.discount.is_none() => self.discount = Some(rate),
            Mark::Tax(rate) if self.tax_rate.is_none() => self.tax_rate = Some(rate),
            _ => return false,
        }
        true
    }
}

enum Mark {
    Quantity(i64),
    Price(String),
    Discount(i64),
    Tax(i64),
}

fn mark(word: &str) -> Option<Mark> {
    let times = ['x', 'X', '×'];
    if let Some(price) = word.strip_prefix(['@', '＠']) {
        return (!price.is_empty()).then(|| Mark::Price(price.to_owned()));
    }
    if let Some(number) = word.strip_suffix(['%', '％']) {
        return match (number.strip_prefix(['-', '−']), number.strip_prefix('+')) {
            (Some(rate), _) => Some(Mark::Discount(percent(rate)?)),
            (_, Some(rate)) => Some(Mark::Tax(percent(rate)?)),
            _ => None,
        };
    }
    let number = word.strip_prefix(times).or_else(|| word.strip_suffix(times))?;
    Some(Mark::Quantity(quantity(number)?))
}

/// A quantity above nothing, in thousandths; none for anything else.
pub fn quantity(text: &str) -> Option<i64> {
    let millionths = plain(text)?;
    (millionths % 1000 == 0 && millionths > 0).then_some(millionths / 1000)
}

/// A rate from 0 to 100, with or without its sign, in hundredths of a percent; none for anything else.
pub fn percent(text: &str) -> Option<i64> {
    let millionths = plain(text.trim_end_matches(['%', '％']))?;
    let rate = millionths / 10_000;
    (millionths % 10_000 == 0 && (0..=WHOLE).contains(&rate)).then_some(rate)
}

/// A number without a sign or a scale, in millionths.
fn plain(text: &str) -> Option<i64> {
    let is_plain = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    decimal::parse(text).filter(|_| is_plain)
}

/// A quantity as it is written.
pub fn quantity_text(thousandths: i64) -> String {
    decimal::text(thousandths.saturating_mul(1000))
}

/// A rate as it is written, without its sign.
pub fn percent_text(hundredths: i64) -> String {
    decimal::text(hundredths.saturating_mul(10_000))
}

/// A line as people write it. `price` is a plain decimal; the rates are hundredths of a percent.
pub fn write(name: &str, quantity: i64, price: &str, discount: i64, tax_rate: i64) -> String {
    let words: Vec<&str> = name.split_whitespace().collect();
    let mut text = words.join(" ");
    // What looks like a mark at the end of a name is kept from being one by a mark of its sort behind it.
    let misleading = words.len() > 1 && words.last().is_some_and(|word| mark(word).is_some());
    text.push_str(&format!(" x{} @{price}", quantity_text(quantity)));
    if discount != 0 || misleading {
        text.push_str(&format!(" -{}%", percent_text(discount)));
    }
    if tax_rate != 0 || misleading {
        text.push_str(&format!(" +{}%", percent_text(tax_rate)));
    }
    text
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn lines_are_read_as_they_are_written() {
        let written = read("TRK-100  x3 @189 -10% +19%").unwrap();
        assert_eq!(
            written,
            Written {
                name: "TRK-100".to_owned(),
                quantity: Some(3_000),
                price: Some("189".to_owned()),
                discount: Some(1_000),
                tax_rate: Some(1_900),
            }
        );
        let bare = read("现场安装 费用").unwrap();
        assert_eq!(
            (bare.name.as_str(), bare.quantity, bare.price),
            ("现场安装 费用", None, None)
        );
        assert_eq!(read("Care plan 1.5x ＠12.50EUR").unwrap().quantity, Some(1_500));
        assert_eq!(read("x3").unwrap().name, "x3");
        assert_eq!(read("Crane x0 +101%").unwrap().name, "Crane x0 +101%");
        assert_eq!(read("  "), None);
        assert_eq!(
            write("Cable 3x", 2_000, "4.00", 0, 0),
            "Cable 3x x2 @4.00 -0% +0%"
        );
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(
            name in "[a-zX×%+@0-9 -]{1,20}", quantity in 1_i64..10_000_000, price in 0_i64..1_000_000,
            discount in 0..=WHOLE, tax in 0..=WHOLE,
        ) {
            prop_assume!(!name.trim().is_empty());
            let price = price.to_string();
            let read = read(&write(&name, quantity, &price, discount, tax)).unwrap();
            let words: Vec<&str> = name.split_whitespace().collect();
            prop_assert_eq!(read.name, words.join(" "));
            prop_assert_eq!((read.quantity, read.price), (Some(quantity), Some(price)));
            prop_assert_eq!(read.discount.unwrap_or(0), discount);
            prop_assert_eq!(read.tax_rate.unwrap_or(0), tax);
        }

        #[test]
        fn nothing_makes_it_panic(text in any::<String>()) {
            let _ = read(&text);
        }
    }
}
