//! What quotes and orders come to, how far an order is paid and delivered, and what may become of it.
//!
//! Amounts are minor units of one currency, quantities thousandths, rates hundredths of a percent. Halves are rounded away
//! from zero. A discount on the whole is spread over the lines by what they come to, so that no cent is lost; a tax is
//! computed once for each rate on the sum of its lines, as invoices do.

pub(crate) mod fields;
pub mod notation;
mod paid;
mod state;

#[cfg(test)]
mod tests;

pub use paid::{Age, Installment, MOST_REMIND_DAYS, Paid, PaymentStatus, REMIND_DAYS, age, cover, paid};
pub use state::{FulfilmentStatus, OrderStatus, QuoteStatus, Shipment, ShipmentStatus, fulfilment};

/// A whole, in hundredths of a percent.
const WHOLE: i128 = 10_000;

/// One, in thousandths.
const ONE: i128 = 1_000;

/// A line of a quote or an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Line {
    /// How much, in thousandths.
    pub quantity: i64,
    /// The price of one.
    pub unit_price: i64,
    /// What is taken off, in hundredths of a percent.
    pub discount: i64,
    /// The tax, in hundredths of a percent.
    pub tax_rate: i64,
    /// What one costs us; none if it is not known.
    pub cost: Option<i64>,
}

/// What is taken off the whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Discount {
    /// Nothing.
    None,
    /// Hundredths of a percent.
    Rate(i64),
    /// An amount, at most what the lines come to.
    Amount(i64),
}

/// How prices and tax go together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tax {
    /// The tax comes on top of the prices.
    Added,
    /// The prices have it in them.
    Included,
}

/// What a quote or an order comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sums {
    /// The lines after their own discounts.
    pub subtotal: i64,
    /// What is taken off the whole.
    pub discount: i64,
    /// The tax, whether in the prices or on top.
    pub tax: i64,
    /// What is to be paid, shipping included.
    pub total: i64,
    /// What remains of the lines without tax when their cost is taken off; none if a cost is not known.
    pub margin: Option<i64>,
}

/// What the lines, the discount on the whole and the shipping come to. None if that is beyond any amount.
pub fn sums(lines: &[Line], discount: Discount, shipping: i64, tax: Tax) -> Option<Sums> {
    let (subtotal, off, parts) = parts(lines, discount);
    let taxes: i128 = by_rate(lines, &parts, tax).iter().map(|(_, tax)| tax).sum();
    let goods = subtotal - off;
    let total = goods + i128::from(shipping) + if tax == Tax::Added { taxes } else { 0 };
    let net = goods - if tax == Tax::Included { taxes } else { 0 };
    let costs: Option<i128> = lines.iter().map(Line::costs).sum();
    Some(Sums {
        subtotal: i64::try_from(subtotal).ok()?,
        discount: i64::try_from(off).ok()?,
        tax: i64::try_from(taxes).ok()?,
        total: i64::try_from(total).ok()?,
        margin: costs.and_then(|costs| i64::try_from(net - costs).ok()),
    })
}

/// The taxes of lines by rate, the lowest first, without those of nothing. None if that is beyond any amount.
pub fn taxes(lines: &[Line], discount: Discount, tax: Tax) -> Option<Vec<(i64, i64)>> {
    let (.., parts) = parts(lines, discount);
    let all = by_rate(lines, &parts, tax).into_iter();
    all.filter(|(rate, _)| *rate != 0)
        .map(|(rate, tax)| Some((rate, i64::try_from(tax).ok()?)))
        .collect()
}

/// What the lines come to, what is taken off that, and what then remains of each.
fn parts(lines: &[Line], discount: Discount) -> (i128, i128, Vec<i128>) {
    let amounts: Vec<i128> = lines.iter().map(Line::amount).collect();
    let subtotal: i128 = amounts.iter().sum();
    let off = match discount {
        Discount::None => 0,
        Discount::Rate(rate) => rounded(subtotal * i128::from(rate), WHOLE),
        Discount::Amount(amount) => i128::from(amount).min(subtotal.max(0)),
    };
    let shares = spread(off, &amounts);
    let parts = amounts.iter().zip(shares);
    (
        subtotal,
        off,
        parts.map(|(amount, share)| amount - share).collect(),
    )
}

/// The tax of each rate on the sum of its lines.
fn by_rate(lines: &[Line], parts: &[i128], tax: Tax) -> Vec<(i64, i128)> {
    let mut rates: Vec<i64> = lines.iter().map(|line| line.tax_rate).collect();
    rates.sort_unstable();
    rates.dedup();
    let of_rate = |rate: i64| {
        let lines = lines.iter().zip(parts);
        let own = lines.filter(|(line, _)| line.tax_rate == rate);
        tax_of(own.map(|(_, part)| part).sum(), rate, tax)
    };
    rates.into_iter().map(|rate| (rate, of_rate(rate))).collect()
}

impl Line {
    /// What the line comes to after its own discount; none if that is beyond any amount.
    pub fn comes_to(&self) -> Option<i64> {
        i64::try_from(self.amount()).ok()
    }

    /// What the line comes to after its own discount.
    fn amount(&self) -> i128 {
        let gross = rounded(i128::from(self.quantity) * i128::from(self.unit_price), ONE);
        gross - rounded(gross * i128::from(self.discount), WHOLE)
    }

    fn costs(&self) -> Option<i128> {
        Some(rounded(i128::from(self.quantity) * i128::from(self.cost?), ONE))
    }
}

/// The tax in, or on, an amount.
fn tax_of(amount: i128, rate: i64, tax: Tax) -> i128 {
    let rate = i128::from(rate);
    match tax {
        Tax::Added => rounded(amount * rate, WHOLE),
        Tax::Included => amount - rounded(amount * WHOLE, WHOLE + rate),
    }
}

/// `amount` in parts in the proportion of `weights`, which add up to it exactly: what is left after rounding down goes to
/// those who lost most.
fn spread(amount: i128, weights: &[i128]) -> Vec<i128> {
    let whole: i128 = weights.iter().sum();
    if whole == 0 {
        return vec![0; weights.len()];
    }
    let mut parts: Vec<i128> = weights
        .iter()
        .map(|weight| (amount * weight).div_euclid(whole))
        .collect();
    let mut left = amount - parts.iter().sum::<i128>();
    let mut order: Vec<usize> = (0..weights.len()).collect();
    order.sort_by_key(|at| {
        let rest = weights
            .get(*at)
            .map_or(0, |weight| (amount * weight).rem_euclid(whole));
        (std::cmp::Reverse(rest), *at)
    });
    for at in order {
        if left == 0 {
            break;
        }
        if let Some(part) = parts.get_mut(at) {
            *part += left.signum();
            left -= left.signum();
        }
    }
    parts
}

/// A share of a whole, in hundredths of a percent. None if that is beyond any amount.
pub fn share(whole: i64, rate: i64) -> Option<i64> {
    i64::try_from(rounded(i128::from(whole) * i128::from(rate), WHOLE)).ok()
}

/// `numerator / denominator`, halves away from zero; the denominator is positive.
fn rounded(numerator: i128, denominator: i128) -> i128 {
    let half = denominator / 2;
    let away = if numerator < 0 {
        numerator - half
    } else {
        numerator + half
    };
    away / denominator
}
