//! Orders and quotes as printed documents: what stands in the base, brought together.

use jiff::civil::Date;

use crate::domain::country;
use crate::domain::id::Id;
use crate::domain::noun::Noun;
use crate::domain::paper::{Due, Item, Kind, Language, Paper, Party, Received};
use crate::domain::sale::{self, OrderStatus, QuoteStatus};
use crate::domain::value::Value;
use crate::error::{Error, Result};
use crate::ops::list;
use crate::ops::order::plan;
use crate::store::orders::{self, Order};
use crate::store::sales::{self, Line};
use crate::store::{ReadTx, links, quotes, records};

/// What the base does not say of a document.
#[derive(Debug, Clone, Default)]
pub struct Frame {
    /// Its language; none for that of the customer.
    pub language: Option<Language>,
    /// Who sells; none if nobody said.
    pub seller: Option<Party>,
    /// How the seller is paid, line by line.
    pub account: Vec<String>,
}

/// An order as it is printed.
///
/// # Errors
///
/// `NotFound` if it is gone or out of sight.
pub fn of_order(tx: &ReadTx<'_>, id: Id, frame: Frame) -> Result<Paper> {
    let gone = || Error::not_found(Noun::Order, &id.uid());
    let link = links::link(tx, Noun::Order, id)?.ok_or_else(gone)?;
    let order = orders::get(tx, id)?.ok_or_else(gone)?;
    let lines = orders::lines(tx, id)?;
    let [contact, terms] = texts(tx, Noun::Order, id, ["contact", "terms"])?;
    let [tongue] = texts(tx, Noun::Customer, order.customer, ["language"])?;
    let language = frame
        .language
        .or_else(|| Language::parse(&tongue))
        .unwrap_or_default();
    let figures: Vec<sale::Line> = lines.iter().map(|line| line.figures).collect();
    let off = sales::discount(&order.discount, order.currency).unwrap_or(sale::Discount::None);
    let sums = sale::sums(&figures, off, order.shipping, order.tax).unwrap_or_default();
    let is_open = !matches!(order.status, OrderStatus::Cancelled | OrderStatus::Returned);
    let (_, parts) = plan::list(tx, id)?;
    let has_plan = !orders::plan(tx, id)?.is_empty();
    Ok(Paper {
        kind: Kind::Order,
        language,
        number: link.reference().to_string(),
        title: link.name,
        is_draft: order.status == OrderStatus::Draft,
        is_void: !is_open,
        on: order.ordered_on,
        due_on: order.due_on,
        promised_on: order.promised_on,
        valid_until: None,
        seller: frame.seller,
        account: frame.account,
        buyer: buyer(tx, order.customer, contact, language)?,
        items: lines.iter().map(|line| item(tx, line)).collect::<Result<_>>()?,
        currency: order.currency,
        tax: order.tax,
        subtotal: sums.subtotal,
        discount: sums.discount,
        shipping: order.shipping,
        taxes: sale::taxes(&figures, off, order.tax).unwrap_or_default(),
        total: sums.total,
        plan: parts
            .iter()
            .filter(|_| has_plan)
            .map(|due| Due {
                on: due.part.due_on,
                amount: due.part.amount,
                paid: due.paid,
            })
            .collect(),
        received: received(tx, &order)?,
        paid: order.paid,
        balance: order.balance,
        terms,
    })
}

/// A quote as it is printed; from the day on which it was sent, or today.
///
/// # Errors
///
/// `NotFound` if it is gone or out of sight.
pub fn of_quote(tx: &ReadTx<'_>, id: Id, frame: Frame) -> Result<Paper> {
    let gone = || Error::not_found(Noun::Quote, &id.uid());
    let link = links::link(tx, Noun::Quote, id)?.ok_or_else(gone)?;
    let quote = quotes::get(tx, id)?.ok_or_else(gone)?;
    let lines = quotes::lines(tx, id)?;
    let [contact] = texts(tx, Noun::Quote, id, ["contact"])?;
    let [tongue] = texts(tx, Noun::Customer, quote.customer, ["language"])?;
    let language = frame
        .language
        .or_else(|| Language::parse(&tongue))
        .unwrap_or_default();
    let figures: Vec<sale::Line> = lines.iter().map(|line| line.figures).collect();
    let terms = &quote.terms;
    let off = sales::discount(&terms.discount, terms.currency).unwrap_or(sale::Discount::None);
    let sums = sale::sums(&figures, off, terms.shipping, terms.tax).unwrap_or_default();
    Ok(Paper {
        kind: Kind::Quote,
        language,
        number: link.reference().to_string(),
        title: link.name,
        is_draft: quote.status == QuoteStatus::Draft,
        is_void: matches!(quote.status, QuoteStatus::Rejected | QuoteStatus::Void),
        on: quote.sent_on.unwrap_or(tx.caller().clock.today()),
        due_on: None,
        promised_on: None,
        valid_until: quote.valid_until,
        seller: frame.seller,
        account: frame.account,
        buyer: buyer(tx, quote.customer, contact, language)?,
        items: lines.iter().map(|line| item(tx, line)).collect::<Result<_>>()?,
        currency: terms.currency,
        tax: terms.tax,
        subtotal: sums.subtotal,
        discount: sums.discount,
        shipping: terms.shipping,
        taxes: sale::taxes(&figures, off, terms.tax).unwrap_or_default(),
        total: sums.total,
        plan: Vec::new(),
        received: Vec::new(),
        paid: 0,
        balance: sums.total,
        terms: quote.conditions,
    })
}

/// Who buys: the name, the person to speak with and the address.
pub fn buyer(tx: &ReadTx<'_>, customer: Id, contact: String, language: Language) -> Result<Party> {
    let names = [
        "name",
        "tax_id",
        "address",
        "postal_code",
        "city",
        "region",
        "country",
    ];
    let [name, tax_id, address, postal_code, city, region, code] =
        texts(tx, Noun::Customer, customer, names)?;
    let country = match language {
        Language::English => country::name(&code),
        Language::Chinese => country::chinese_name(&code),
    };
    let country = country.map_or(code, str::to_owned);
    let joined = |parts: [&str; 2], between: &str| {
        let known: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        known.join(between)
    };
    let mut lines: Vec<String> = address.lines().map(str::to_owned).collect();
    lines.extend([
        joined([&postal_code, &city], " "),
        joined([&region, &country], ", "),
    ]);
    lines.retain(|line| !line.is_empty());
    Ok(Party {
        contact: if contact == name { String::new() } else { contact },
        name,
        lines,
        tax_id,
    })
}

/// A line; a product is told by its name and its code.
pub fn item(tx: &ReadTx<'_>, line: &Line) -> Result<Item> {
    let product = match line.product {
        Some(product) => links::link(tx, Noun::Product, product)?,
        None => None,
    };
    let name = match (product, line.description.as_str()) {
        (Some(product), "") => product.name,
        (Some(product), description) => format!("{}: {description}", product.name),
        (None, _) => line.name().to_owned(),
    };
    Ok(Item {
        code: line.code.clone(),
        name,
        quantity: line.figures.quantity,
        unit: line.unit.clone(),
        unit_price: line.figures.unit_price,
        discount: line.figures.discount,
        tax_rate: line.figures.tax_rate,
        amount: line.figures.comes_to().unwrap_or_default(),
    })
}

/// What came and went back, the first first; what is only announced, or failed, is nothing yet.
fn received(tx: &ReadTx<'_>, order: &Order) -> Result<Vec<Received>> {
    let mut all: Vec<(Date, Received)> = orders::payments(tx, order.id)?
        .into_iter()
        .filter(|payment| payment.status == "confirmed")
        .map(|payment| {
            let received = Received {
                on: payment.received_on,
                amount: payment.amount,
                is_refund: payment.is_refund,
                method: payment.method,
                reference: payment.reference,
            };
            (payment.received_on, received)
        })
        .collect();
    all.sort_by_key(|(on, _)| *on);
    Ok(all.into_iter().map(|(_, received)| received).collect())
}

/// Fields of a record as texts; a record by its name.
fn texts<const N: usize>(tx: &ReadTx<'_>, noun: Noun, id: Id, names: [&str; N]) -> Result<[String; N]> {
    let columns = names
        .iter()
        .map(|name| list::column(tx, noun, name))
        .collect::<Result<Vec<_>>>()?;
    let row = records::get(tx, noun, id, &columns)?.unwrap_or_default();
    let mut values = row.into_iter();
    Ok(names.map(|_| match values.next() {
        Some(Value::Text(text)) => text,
        Some(Value::Link(link)) => link.name,
        _ => String::new(),
    }))
}
