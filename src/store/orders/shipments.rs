//! What was sent of an order, and where it is.

use jiff::civil::Date;
use rusqlite::types::Value as Sql;

use crate::domain::id::Id;
use crate::error::Result;
use crate::store::keep::date;
use crate::store::orders::{day, next_position};
use crate::store::tx::{Column, ReadTx, WriteTx};

/// A part of a line that is in a shipment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sent {
    /// The line of the order.
    pub line: Id,
    /// How much of it, in thousandths.
    pub quantity: i64,
}

/// A shipment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shipped {
    /// The row.
    pub id: Id,
    /// Its place among those of the order, from 1.
    pub position: i64,
    /// preparing, shipped, in_transit, delivered, exception or returned.
    pub status: String,
    /// Who carries it.
    pub carrier: String,
    /// What the carrier calls it.
    pub tracking: String,
    /// When it left; none if it did not.
    pub shipped_on: Option<Date>,
    /// When it arrived; none if it did not.
    pub delivered_on: Option<Date>,
    /// Free text.
    pub note: String,
    /// What is in it.
    pub contents: Vec<Sent>,
}

/// The shipments of an order, in order.
pub fn shipments(tx: &ReadTx<'_>, order: Id) -> Result<Vec<Shipped>> {
    let mut found = Vec::new();
    tx.each_row(
        "SELECT id, position, status, carrier, tracking, shipped_on, delivered_on, note
         FROM shipment WHERE order_id = ?1 ORDER BY position",
        [order.raw()],
        |row| {
            let days: [Option<String>; 2] = [row.get(5)?, row.get(6)?];
            let [shipped_on, delivered_on] = days.map(|day| day.as_deref().map(date).transpose());
            found.push(Shipped {
                id: Id::from_raw(row.get(0)?),
                position: row.get(1)?,
                status: row.get(2)?,
                carrier: row.get(3)?,
                tracking: row.get(4)?,
                shipped_on: shipped_on?,
                delivered_on: delivered_on?,
                note: row.get(7)?,
                contents: Vec::new(),
            });
            Ok(())
        },
    )?;
    for shipment in &mut found {
        shipment.contents = tx.all(
            "SELECT order_line_id, quantity FROM shipment_line WHERE shipment_id = ?1 ORDER BY id",
            [shipment.id.raw()],
            |row| {
                Ok(Sent {
                    line: Id::from_raw(row.get(0)?),
                    quantity: row.get(1)?,
                })
            },
        )?;
    }
    Ok(found)
}

/// Writes a shipment down, behind those that the order has; its id and place are made here.
pub(crate) fn add_shipment(tx: &WriteTx<'_>, order: Id, shipment: &Shipped) -> Result<Id> {
    let id = tx.new_id();
    let mut columns = columns(shipment);
    columns.push(("order_id", Sql::Integer(order.raw())));
    columns.push(("position", Sql::Integer(next_position(tx, "shipment", order)?)));
    tx.insert("shipment", id, columns)?;
    for sent in &shipment.contents {
        let columns = vec![
            ("shipment_id", Sql::Integer(id.raw())),
            ("order_id", Sql::Integer(order.raw())),
            ("order_line_id", Sql::Integer(sent.line.raw())),
            ("quantity", Sql::Integer(sent.quantity)),
        ];
        tx.insert("shipment_line", tx.new_id(), columns)?;
    }
    Ok(id)
}

/// Writes what is said of a shipment itself; true if anything was different.
pub(crate) fn set_shipment(tx: &WriteTx<'_>, shipment: &Shipped) -> Result<bool> {
    tx.update("shipment", shipment.id, columns(shipment))
}

fn columns(shipment: &Shipped) -> Vec<Column<'static>> {
    vec![
        ("status", Sql::Text(shipment.status.clone())),
        ("carrier", Sql::Text(shipment.carrier.clone())),
        ("tracking", Sql::Text(shipment.tracking.clone())),
        ("shipped_on", day(shipment.shipped_on)),
        ("delivered_on", day(shipment.delivered_on)),
        ("note", Sql::Text(shipment.note.clone())),
    ]
}
