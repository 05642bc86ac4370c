//! What is given for the lines of a quote or an order, found before anything is written.

use crate::domain::id::Id;
use crate::domain::input::Input;
use crate::domain::money::{Currency, Money};
use crate::domain::noun::Noun;
use crate::domain::sale as figures;
use crate::domain::sale::notation::{self, Written};
use crate::error::{Error, Kind, Result};
use crate::ops::refer;
use crate::ops::typed;
use crate::store::WriteTx;
use crate::store::sales::{self, Article, Line};

/// The most lines of a quote or an order.
const MOST: usize = 2_000;

/// Reads lines: texts with one a line, or maps with their parts. A text that says what the line at its place says already
/// leaves it as it is, with what no text shows.
///
/// # Errors
///
/// `Invalid` with the number of the line.
pub(in crate::ops) fn read(
    tx: &WriteTx<'_>,
    inputs: &[&Input],
    known: &[Line],
    currency: Currency,
) -> Result<Vec<Line>> {
    let mut items = Vec::new();
    for input in inputs {
        flatten(input, &mut items)?;
    }
    if items.len() > MOST {
        let message = format!("lines: there are more than {MOST}");
        return Err(Error::invalid("lines", message));
    }
    let mut lines = Vec::with_capacity(items.len());
    for (at, item) in items.iter().enumerate() {
        let known = known.get(at);
        let line = one(tx, item, known, currency);
        lines.push(line.map_err(|error| error.on_field("lines").context(format!("line {}", at + 1)))?);
    }
    Ok(lines)
}

/// The lines one by one.
fn flatten(input: &Input, items: &mut Vec<Input>) -> Result<()> {
    match input {
        Input::Clear => {}
        Input::Text(text) => {
            let text = typed::clean("lines", text)?;
            let texts = text.lines().map(str::trim).filter(|line| !line.is_empty());
            items.extend(texts.map(Input::text));
        }
        Input::List(list) => {
            for item in list {
                match item {
                    Input::List(_) => return Err(Error::invalid("lines", "lines: a line is no list")),
                    other => flatten(other, items)?,
                }
            }
        }
        map @ Input::Map(_) => items.push(map.clone()),
    }
    Ok(())
}

fn one(tx: &WriteTx<'_>, item: &Input, known: Option<&Line>, currency: Currency) -> Result<Line> {
    let Input::Text(text) = item else {
        return of_parts(tx, item, known, currency);
    };
    if let Some(known) = known
        && sales::canonical(known, currency) == *text
    {
        return Ok(known.clone());
    }
    let written = notation::read(text).ok_or_else(|| Error::invalid("lines", "nothing is named"))?;
    let price = match &written.price {
        Some(price) => amount(tx, "price", &Input::text(price.as_str()), currency)?,
        None => None,
    };
    made(tx, &written, price, known, currency)
}

/// A line by its parts, as JSON has them.
fn of_parts(tx: &WriteTx<'_>, item: &Input, known: Option<&Line>, currency: Currency) -> Result<Line> {
    let text = |name: &str| {
        item.part(name)
            .and_then(Input::as_text)
            .map(str::trim)
            .filter(|text| !text.is_empty())
    };
    let stub = item.part("product").filter(|part| matches!(part, Input::Map(_)));
    let named = text("product").or_else(|| text("sku"));
    let description = text("description").or_else(|| text("name"));
    let read = |name: &str, of: fn(&str) -> Option<i64>| match text(name) {
        None => Ok(None),
        Some(given) => of(given)
            .map(Some)
            .ok_or_else(|| Error::invalid("lines", format!("{name}: {given:?} is out of the question"))),
    };
    let price = match item.part("unit_price").or_else(|| item.part("price")) {
        Some(price) => amount(tx, "unit_price", price, currency)?,
        None => None,
    };
    let name = match (stub, named, description) {
        (Some(stub), ..) => typed::stub(tx, Noun::Product, stub)?.uid(),
        (None, Some(name), _) => refer::one(tx, Noun::Product, name)?.uid(),
        (None, None, Some(text)) => text.to_owned(),
        (None, None, None) => return Err(Error::invalid("lines", "nothing is named")),
    };
    let is_product = stub.is_some() || named.is_some();
    let written = Written {
        name,
        quantity: read("quantity", notation::quantity)?,
        price: None,
        discount: read("discount", notation::percent)?,
        tax_rate: read("tax_rate", notation::percent)?,
    };
    let mut line = made(tx, &written, price, known, currency)?;
    if let Some(cost) = item.part("cost") {
        line.figures.cost = amount(tx, "cost", cost, currency)?;
    }
    if let Some(unit) = text("unit") {
        unit.clone_into(&mut line.unit);
    }
    if is_product {
        line.description = description.unwrap_or_default().to_owned();
    }
    Ok(line)
}

/// A line of what was written. What is not said is as for the product.
fn made(
    tx: &WriteTx<'_>,
    written: &Written,
    price: Option<i64>,
    known: Option<&Line>,
    currency: Currency,
) -> Result<Line> {
    let product = match refer::one(tx, Noun::Product, &written.name) {
        Ok(id) => Some(id),
        Err(error) if error.kind() == Kind::NotFound => None,
        Err(error) => return Err(error),
    };
    let article = match product {
        Some(product) => sales::article(tx, product)?,
        None => None,
    };
    filled(written, price, product.zip(article), known, currency)
}

/// The same of what is known of the product, if it is one.
fn filled(
    written: &Written,
    price: Option<i64>,
    article: Option<(Id, Article)>,
    known: Option<&Line>,
    currency: Currency,
) -> Result<Line> {
    let (product, article) = article.unzip();
    let own = |money: Option<Money>| {
        money
            .filter(|money| money.currency == currency)
            .map(|money| money.minor)
    };
    let list_price = article.as_ref().and_then(|article| own(article.price));
    let Some(unit_price) = price.or(list_price) else {
        return Err(unpriced(&written.name, article.as_ref(), currency));
    };
    let row = known.and_then(|line| line.id);
    let figures = figures::Line {
        quantity: written.quantity.unwrap_or(1_000),
        unit_price,
        discount: written.discount.unwrap_or(0),
        tax_rate: written
            .tax_rate
            .or(article.as_ref().and_then(|article| article.tax_rate))
            .unwrap_or(0),
        cost: article.as_ref().and_then(|article| own(article.cost)),
    };
    Ok(match article {
        Some(article) => Line {
            id: row,
            product,
            code: article.code,
            description: String::new(),
            unit: article.unit,
            figures,
            is_shipped: article.is_shipped,
        },
        None => Line {
            id: row,
            product: None,
            code: String::new(),
            description: written.name.clone(),
            unit: String::new(),
            figures,
            is_shipped: false,
        },
    })
}

/// The lines of a deal whose prices are in `currency`. What the deal does not say is as for the product.
///
/// # Errors
///
/// `Invalid` with the number of a line that has no price.
pub(super) fn of_deal(tx: &WriteTx<'_>, deal: Id, currency: Currency) -> Result<Vec<Line>> {
    let mut lines = Vec::new();
    for (at, line) in sales::deal_lines(tx, deal)?.into_iter().enumerate() {
        let refuse = |error: Error| error.on_field("lines").context(format!("line {}", at + 1));
        let article = match line.product {
            Some(product) => sales::article(tx, product)?,
            None => None,
        };
        let written = Written {
            name: line.description.clone(),
            quantity: Some(line.quantity),
            price: None,
            discount: Some(line.discount),
            tax_rate: None,
        };
        let mut made = filled(
            &written,
            line.unit_price,
            line.product.zip(article),
            None,
            currency,
        )
        .map_err(refuse)?;
        made.description = line.description;
        lines.push(made);
    }
    Ok(lines)
}

fn unpriced(name: &str, article: Option<&Article>, currency: Currency) -> Error {
    let code = currency.code();
    Error::invalid(
        "lines",
        match article {
            Some(article) => format!(
                "{} has no price in {code}; say it: {} @189",
                article.code, article.code
            ),
            None => format!("there is no product {name:?}; free text needs a price: {name} @189"),
        },
    )
}

/// An amount in the currency of the whole, in minor units; none where it is cleared.
///
/// # Errors
///
/// `Invalid` for what is no amount, or in another currency.
pub(in crate::ops) fn amount(
    _: &WriteTx<'_>,
    name: &str,
    input: &Input,
    currency: Currency,
) -> Result<Option<i64>> {
    let (text, named) = match input {
        Input::Clear => return Ok(None),
        Input::Text(text) => (text.as_str(), None),
        Input::Map(_) => {
            let part = |key: &str| input.part(key).and_then(Input::as_text);
            (part("amount").unwrap_or_default(), part("currency"))
        }
        Input::List(_) => return Err(Error::invalid(name, format!("{name} takes one amount"))),
    };
    if text.trim().is_empty() {
        return Ok(None);
    }
    let default = named.map_or(Some(currency), Currency::parse);
    let money = default.and_then(|default| Money::parse(text, default).ok());
    match money {
        Some(money) if money.currency == currency => Ok(Some(money.minor)),
        Some(money) => Err(Error::invalid(
            name,
            format!(
                "{name}: {text:?} is in {}, not in {}",
                money.currency.code(),
                currency.code()
            ),
        )),
        None => Err(Error::invalid(name, format!("{name}: {text:?} is no amount"))),
    }
}

/// The line of an order that a text names: by its place, from 1, or by the code, ref or name of what is sold.
pub(in crate::ops) fn named(tx: &WriteTx<'_>, lines: &[Line], text: &str) -> Option<(usize, Id)> {
    let place = text.parse::<usize>().ok().and_then(|place| place.checked_sub(1));
    let by_product = || {
        let product = refer::one(tx, Noun::Product, text).ok()?;
        lines.iter().position(|line| line.product == Some(product))
    };
    let fold = crate::domain::fold::fold;
    let by_name = || lines.iter().position(|line| fold(line.name()) == fold(text));
    let at = place
        .filter(|place| *place < lines.len())
        .or_else(by_product)
        .or_else(by_name)?;
    Some((at, lines.get(at)?.id?))
}
