//! What quotes and orders have in common in the base: their lines, and what these come to.

mod lines;

use rusqlite::types::Value as Sql;

use crate::domain::id::Id;
use crate::domain::money::{Currency, Money, Rate};
use crate::domain::sale::{self, Discount, Sums, Tax, notation};
use crate::error::{Error, Result};
use crate::store::tx::{Column, ReadTx};

pub use lines::{Article, Line, article, lines};
pub(crate) use lines::{canonical, set_lines};

/// What lines belong to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Of {
    /// A quote.
    Quote,
    /// An order.
    Order,
}

impl Of {
    /// The table of the lines.
    fn lines(self) -> &'static str {
        match self {
            Of::Quote => "quote_line",
            Of::Order => "order_line",
        }
    }

    /// The column with what a line belongs to.
    fn owner(self) -> &'static str {
        match self {
            Of::Quote => "quote_id",
            Of::Order => "order_id",
        }
    }
}

/// What beside its lines says what a quote or an order comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terms {
    /// The currency of all amounts.
    pub currency: Currency,
    /// How prices and tax go together.
    pub tax: Tax,
    /// What is taken off the whole, as kept.
    pub discount: String,
    /// What sending it costs.
    pub shipping: i64,
}

impl Terms {
    /// Terms as they are kept.
    ///
    /// # Errors
    ///
    /// `Internal` if there is no such currency.
    pub(crate) fn stored(currency: &str, tax: &str, discount: String, shipping: i64) -> Result<Terms> {
        Ok(Terms {
            currency: Currency::parse(currency)
                .ok_or_else(|| Error::internal(format!("the base holds a currency {currency:?}")))?,
            tax: if tax == "included" {
                Tax::Included
            } else {
                Tax::Added
            },
            discount,
            shipping,
        })
    }

    /// What lines come to under these terms.
    ///
    /// # Errors
    ///
    /// `Invalid` if that is more than any amount.
    pub(crate) fn sums(&self, lines: &[Line]) -> Result<Sums> {
        let figures: Vec<sale::Line> = lines.iter().map(|line| line.figures).collect();
        let off = discount(&self.discount, self.currency)
            .ok_or_else(|| Error::internal(format!("the base holds a discount {:?}", self.discount)))?;
        sale::sums(&figures, off, self.shipping, self.tax)
            .ok_or_else(|| Error::invalid("lines", "lines: they come to more than any amount"))
    }

    /// An amount in the base currency at a rate; null where none is known.
    pub(crate) fn in_base(&self, tx: &ReadTx<'_>, minor: i64, rate: Option<Rate>) -> Result<Sql> {
        let base = tx.base_currency()?;
        let money = Money {
            minor,
            currency: self.currency,
        };
        let converted = rate.and_then(|rate| money.convert(base, rate));
        Ok(converted.map_or(Sql::Null, |money| Sql::Integer(money.minor)))
    }

    /// The kept-up columns that say what lines come to.
    pub(crate) fn columns(&self, lines: &[Line], sums: &Sums) -> Vec<Column<'static>> {
        let texts: Vec<String> = lines.iter().map(|line| canonical(line, self.currency)).collect();
        vec![
            ("lines", Sql::Text(texts.join("\n"))),
            ("subtotal", Sql::Integer(sums.subtotal)),
            ("discount_amount", Sql::Integer(sums.discount)),
            ("tax_amount", Sql::Integer(sums.tax)),
            ("total", Sql::Integer(sums.total)),
            ("margin", sums.margin.map_or(Sql::Null, Sql::Integer)),
        ]
    }
}

/// What is taken off the whole, as it is kept: nothing, percent with their sign, or a plain amount.
pub(crate) fn discount(text: &str, currency: Currency) -> Option<Discount> {
    if text.is_empty() {
        return Some(Discount::None);
    }
    match text.strip_suffix('%') {
        Some(rate) => notation::percent(rate).map(Discount::Rate),
        None => Money::parse(text, currency)
            .ok()
            .map(|money| Discount::Amount(money.minor)),
    }
}

/// What a deal brings into a quote or an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DealLine {
    /// What is sold; none for free text.
    pub product: Option<Id>,
    /// What is sold, where it is free text, or other words for the product.
    pub description: String,
    /// How much, in thousandths.
    pub quantity: i64,
    /// The price of one; none if it is not known.
    pub unit_price: Option<i64>,
    /// What is taken off, in hundredths of a percent.
    pub discount: i64,
}

/// The lines of a deal, those of free text too, in order.
pub fn deal_lines(tx: &ReadTx<'_>, deal: Id) -> Result<Vec<DealLine>> {
    tx.all(
        "SELECT product_id, description, quantity, unit_price, discount FROM deal_line WHERE deal_id = ?1 ORDER BY position",
        [deal.raw()],
        |row| {
            Ok(DealLine {
                product: row.get::<_, Option<i64>>(0)?.map(Id::from_raw),
                description: row.get(1)?,
                quantity: row.get(2)?,
                unit_price: row.get(3)?,
                discount: row.get(4)?,
            })
        },
    )
}
