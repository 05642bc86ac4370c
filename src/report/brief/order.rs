//! The orders with which something is still to be done, as a brief tells of them.

use jiff::civil::Date;

use crate::domain::noun::Noun;
use crate::domain::value::{Link, Value};
use crate::error::Result;
use crate::report::brief::Open;
use crate::report::brief::ask::OpenOrder;
use crate::report::brief::row::Row;
use crate::store::{ReadTx, around, links};

/// An order of one of the parties with which something is still to be done.
pub(super) struct Order {
    link: Link,
    row: Row,
}

impl Order {
    pub(super) fn for_rules(&self) -> OpenOrder {
        OpenOrder {
            link: Some(self.link.clone()),
            overdue_on: self.row.date("overdue_on"),
            awaited_on: self.row.date("awaited_on"),
        }
    }

    /// When it is to be paid; where it is late to arrive and no payment is late, when it was to be delivered.
    pub(super) fn due(&self, today: Date) -> Option<Date> {
        let [payment, delivery] = ["overdue_on", "awaited_on"].map(|name| self.row.date(name));
        let is_late = |day: Option<Date>| day.is_some_and(|day| day < today);
        match is_late(delivery) && !is_late(payment) {
            true => delivery,
            false => payment.or(delivery),
        }
    }

    /// The order as something that is open.
    pub(super) fn open(&self, today: Date) -> Open {
        let due = self.due(today);
        Open {
            record: self.link.clone(),
            kind: self.row.text("status").to_owned(),
            due: due.map(Value::Date),
            is_overdue: due.is_some_and(|day| day < today),
            amount: self.row.money("balance").filter(|money| money.minor > 0),
            next: None,
        }
    }
}

/// Those of the parties, the oldest first.
pub(super) fn orders(tx: &ReadTx<'_>, parties: &[Link]) -> Result<Vec<Order>> {
    let mut all = Vec::new();
    for party in parties {
        for id in around::open_orders(tx, party.id)? {
            let Some(link) = links::link(tx, Noun::Order, id)? else {
                continue;
            };
            let names = ["status", "balance", "overdue_on", "awaited_on"];
            let row = Row::read(tx, Noun::Order, id, &names)?;
            all.push(Order { link, row });
        }
    }
    Ok(all)
}
