//! What is offered or bought: the lines of a quote and of an order, and what a product brings into one.

use rusqlite::types::Value as Sql;

use crate::domain::id::Id;
use crate::domain::money::{Currency, Money};
use crate::domain::sale;
use crate::domain::sale::notation;
use crate::error::Result;
use crate::store::sales::Of;
use crate::store::tx::{Column, ReadTx, WriteTx};

/// A line of a quote or an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The row; none for one that is not written yet.
    pub id: Option<Id>,
    /// What is sold; none for free text.
    pub product: Option<Id>,
    /// The code of the product, its ref where it has none; empty for free text.
    pub code: String,
    /// What is sold, where it is free text, or other words for the product.
    pub description: String,
    /// The unit of the quantity.
    pub unit: String,
    /// Quantity, price, discount, tax, cost.
    pub figures: sale::Line,
    /// Whether it has to be sent.
    pub is_shipped: bool,
}

impl Line {
    /// What people call it.
    pub fn name(&self) -> &str {
        if self.description.is_empty() {
            &self.code
        } else {
            &self.description
        }
    }
}

/// The lines of a quote or an order, in order.
pub fn lines(tx: &ReadTx<'_>, of: Of, id: Id) -> Result<Vec<Line>> {
    let sql = format!(
        "SELECT l.id, l.product_id, CASE WHEN p.id IS NULL THEN '' WHEN p.sku <> '' THEN p.sku ELSE 'P' || p.no END,
                l.description, l.unit, l.quantity, l.unit_price, l.discount, l.tax_rate, l.cost, l.is_shipped
         FROM {} AS l LEFT JOIN product AS p ON p.id = l.product_id WHERE l.{} = ?1 ORDER BY l.position",
        of.lines(),
        of.owner()
    );
    tx.all(&sql, [id.raw()], |row| {
        Ok(Line {
            id: Some(Id::from_raw(row.get(0)?)),
            product: row.get::<_, Option<i64>>(1)?.map(Id::from_raw),
            code: row.get(2)?,
            description: row.get(3)?,
            unit: row.get(4)?,
            figures: sale::Line {
                quantity: row.get(5)?,
                unit_price: row.get(6)?,
                discount: row.get(7)?,
                tax_rate: row.get(8)?,
                cost: row.get(9)?,
            },
            is_shipped: row.get(10)?,
        })
    })
}

/// A line as people write it.
pub(crate) fn canonical(line: &Line, currency: Currency) -> String {
    let price = Money {
        minor: line.figures.unit_price,
        currency,
    };
    let name = if line.code.is_empty() {
        &line.description
    } else {
        &line.code
    };
    let figures = &line.figures;
    notation::write(
        name,
        figures.quantity,
        &price.decimal(),
        figures.discount,
        figures.tax_rate,
    )
}

/// Makes `wanted` the lines of a quote or an order. Rows are kept by their place; those that go are asked of before.
///
/// # Errors
///
/// Whatever `may_go` says of a row that goes.
pub(crate) fn set_lines(
    tx: &WriteTx<'_>,
    of: Of,
    id: Id,
    wanted: &[Line],
    may_go: impl Fn(Id) -> Result<()>,
) -> Result<bool> {
    let known = lines(tx, of, id)?;
    let mut changed = false;
    for (position, (at, line)) in (1_i64..).zip(wanted.iter().enumerate()) {
        let mut columns = columns(line);
        columns.push(("position", Sql::Integer(position)));
        match known.get(at).and_then(|line| line.id) {
            Some(row) => changed |= tx.update(of.lines(), row, columns)?,
            None => {
                columns.push((of.owner(), Sql::Integer(id.raw())));
                tx.insert(of.lines(), tx.new_id(), columns)?;
                changed = true;
            }
        }
    }
    for row in known.iter().skip(wanted.len()).filter_map(|line| line.id) {
        may_go(row)?;
        tx.delete(of.lines(), row)?;
        changed = true;
    }
    Ok(changed)
}

fn columns(line: &Line) -> Vec<Column<'static>> {
    let number = |number: Option<i64>| number.map_or(Sql::Null, Sql::Integer);
    vec![
        ("product_id", number(line.product.map(Id::raw))),
        ("description", Sql::Text(line.description.clone())),
        ("unit", Sql::Text(line.unit.clone())),
        ("quantity", Sql::Integer(line.figures.quantity)),
        ("unit_price", Sql::Integer(line.figures.unit_price)),
        ("discount", Sql::Integer(line.figures.discount)),
        ("tax_rate", Sql::Integer(line.figures.tax_rate)),
        ("cost", number(line.figures.cost)),
        ("is_shipped", Sql::Integer(i64::from(line.is_shipped))),
    ]
}

/// What a product brings into a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Article {
    /// Its code, or its ref where it has none.
    pub code: String,
    /// Its unit.
    pub unit: String,
    /// Its list price, if there is one.
    pub price: Option<Money>,
    /// What one costs, if that is known.
    pub cost: Option<Money>,
    /// Its tax in hundredths of a percent, if one is stated.
    pub tax_rate: Option<i64>,
    /// Whether it has to be sent.
    pub is_shipped: bool,
}

/// A product as it comes into a line.
pub fn article(tx: &ReadTx<'_>, product: Id) -> Result<Option<Article>> {
    tx.one(
        "SELECT CASE sku WHEN '' THEN 'P' || no ELSE sku END, unit, price, currency, cost, cost_currency, tax_rate, type
         FROM product WHERE id = ?1",
        [product.raw()],
        |row| {
            let money = |minor: Option<i64>, code: String| {
                let currency = Currency::parse(&code)?;
                minor.map(|minor| Money { minor, currency })
            };
            Ok(Article {
                code: row.get(0)?,
                unit: row.get(1)?,
                price: money(row.get(2)?, row.get(3)?),
                cost: money(row.get(4)?, row.get(5)?),
                tax_rate: row.get::<_, Option<i64>>(6)?.map(|millionths| millionths / 10_000),
                is_shipped: row.get::<_, String>(7)? == "good",
            })
        },
    )
}
