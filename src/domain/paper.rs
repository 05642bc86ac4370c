//! A document that a customer is handed: an order or a quote as it is printed. Facts alone; the words and the layout are the
//! business of whoever writes it.

use jiff::civil::Date;

use crate::domain::money::{Currency, Money};
use crate::domain::sale::Tax;

/// What it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// What a customer ordered.
    Order,
    /// What a customer is offered.
    Quote,
}

/// In which language it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Language {
    /// English.
    #[default]
    English,
    /// Simplified Chinese.
    Chinese,
}

impl Language {
    /// The language that a tag names: `zh`, `zh-CN`, `en`; none for others.
    pub fn parse(tag: &str) -> Option<Language> {
        match tag.split(['-', '_']).next()?.to_ascii_lowercase().as_str() {
            "en" => Some(Language::English),
            "zh" => Some(Language::Chinese),
            _ => None,
        }
    }

    /// Its tag.
    pub fn tag(self) -> &'static str {
        match self {
            Language::English => "en",
            Language::Chinese => "zh-CN",
        }
    }
}

/// One of the two sides.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Party {
    /// What it is called; may be empty.
    pub name: String,
    /// Whom to speak with; may be empty.
    pub contact: String,
    /// The address and whatever else stands below the name, line by line.
    pub lines: Vec<String>,
    /// Its number with the tax office; may be empty.
    pub tax_id: String,
}

/// A line.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Item {
    /// The code of what is sold; empty for a line of free text.
    pub code: String,
    /// What it is.
    pub name: String,
    /// How much, in thousandths.
    pub quantity: i64,
    /// Of which unit; may be empty.
    pub unit: String,
    /// The price of one.
    pub unit_price: i64,
    /// What is taken off, in hundredths of a percent.
    pub discount: i64,
    /// The tax, in hundredths of a percent.
    pub tax_rate: i64,
    /// What it comes to after its own discount.
    pub amount: i64,
}

/// Something that is to be paid by a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Due {
    /// The day.
    pub on: Date,
    /// How much.
    pub amount: i64,
    /// How much of it was paid.
    pub paid: i64,
}

/// Money that came, or went back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Received {
    /// The day.
    pub on: Date,
    /// How much.
    pub amount: i64,
    /// Whether it went back.
    pub is_refund: bool,
    /// How, as a word with `_`: `bank_transfer`.
    pub method: String,
    /// What the bank calls it; may be empty.
    pub reference: String,
}

/// The document. Amounts are in minor units of its currency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paper {
    /// What it is.
    pub kind: Kind,
    /// Its language.
    pub language: Language,
    /// Its number, as people see it.
    pub number: String,
    /// What it is called.
    pub title: String,
    /// Whether nobody is bound by it yet.
    pub is_draft: bool,
    /// Whether nothing came of it, or a later one took its place.
    pub is_void: bool,
    /// The day from which it is.
    pub on: Date,
    /// The day by which it is to be paid.
    pub due_on: Option<Date>,
    /// The day by which it is to be delivered.
    pub promised_on: Option<Date>,
    /// The last day of an offer.
    pub valid_until: Option<Date>,
    /// Who sells; none if nobody said.
    pub seller: Option<Party>,
    /// How the seller is paid: an account, line by line.
    pub account: Vec<String>,
    /// Who buys.
    pub buyer: Party,
    /// What is sold.
    pub items: Vec<Item>,
    /// The currency of all amounts.
    pub currency: Currency,
    /// How prices and tax go together.
    pub tax: Tax,
    /// The lines after their own discounts.
    pub subtotal: i64,
    /// What is taken off the whole.
    pub discount: i64,
    /// What sending it costs.
    pub shipping: i64,
    /// The taxes by rate, in hundredths of a percent, the lowest first; without those of nothing.
    pub taxes: Vec<(i64, i64)>,
    /// What is to be paid.
    pub total: i64,
    /// In which parts it is to be paid; empty for at once.
    pub plan: Vec<Due>,
    /// What came and went back.
    pub received: Vec<Received>,
    /// What was kept of that.
    pub paid: i64,
    /// What is still to come.
    pub balance: i64,
    /// The terms, in the words of the seller; may be empty.
    pub terms: String,
}

impl Paper {
    /// An amount of it.
    pub fn money(&self, minor: i64) -> Money {
        Money {
            minor,
            currency: self.currency,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages_have_tags() {
        for (tag, language) in [
            ("zh", Some(Language::Chinese)),
            ("zh-CN", Some(Language::Chinese)),
            ("ZH_hans", Some(Language::Chinese)),
            ("en", Some(Language::English)),
            ("de", None),
            ("", None),
        ] {
            assert_eq!(Language::parse(tag), language, "{tag}");
        }
        for language in [Language::English, Language::Chinese] {
            assert_eq!(Language::parse(language.tag()), Some(language));
        }
    }
}
