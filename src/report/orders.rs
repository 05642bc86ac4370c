//! What was ordered, what it brought, and how it was delivered.

use crate::domain::money::Currency;
use crate::domain::noun::Noun;
use crate::domain::when::period::Period;
use crate::error::Result;
use crate::report::cell::{mean_days, money};
use crate::report::drill::{Drill, within};
use crate::report::groups::{Lines, Names};
use crate::report::{Cell, CellKind, Dimension, Frame, Report, ReportColumn, Request, column};
use crate::store::ReadTx;
use crate::store::rollups::Group;
use crate::store::rollups::orders::{Sold, sold};

/// The name.
pub const NAME: &str = "orders";

/// What its rows can be made by.
pub const BY: &[Dimension] = &[
    Dimension::Owner,
    Dimension::Team,
    Dimension::Status,
    Dimension::Source,
    Dimension::Customer,
    Dimension::Month,
    Dimension::Quarter,
];

/// The columns.
pub const COLUMNS: &[ReportColumn] = &[
    column("group", CellKind::Text),
    column("orders", CellKind::Count),
    column("revenue", CellKind::Money),
    column("average", CellKind::Money),
    column("collected", CellKind::Money),
    column("due", CellKind::Money),
    column("collection_rate", CellKind::Ratio),
    column("receivable", CellKind::Money),
    column("on_time", CellKind::Ratio),
    column("days_to_ship", CellKind::Days),
    column("days_on_way", CellKind::Days),
    column("exceptions", CellKind::Ratio),
];

const DEFINITION: &str = "orders = those made in the period that are confirmed, processing or completed; revenue = total - \
    refunds, at the rate of the order; average = revenue / orders; collected = payments - refunds of the period; due = what \
    plans, or the days of orders without one, ask for in the period; collection rate = paid of that / due; receivable = total \
    - paid of these orders; on time = delivered by the promised day / delivered with one; days to ship = from the \
    confirmation to the first shipment, days on way = from there to the delivery, means; exceptions = shipments that went \
    wrong / shipments that left";

/// Makes the report; over all time and as one row of all unless asked otherwise. Filters are of orders.
pub fn run(tx: &ReadTx<'_>, request: &Request) -> Result<Report> {
    let by = request.dimension(NAME, BY)?;
    let group = by.map_or(Group::All, Dimension::group);
    let condition = request.condition_on(tx, Noun::Order)?;
    let period = request.period.unwrap_or(Period::ALL);
    let currency = tx.base_currency()?;
    let mut lines: Lines<Sold> = Lines::new();
    for (key, heading, sold) in sold(tx, &condition, period, group)? {
        *lines.at(&key, &heading) = sold;
    }
    let lines = lines.sorted(group, |sold| sold.orders);
    let names = Names::of(group, lines.iter().map(|(_, heading, _)| heading));
    let mut all = Sold::default();
    let mut rows = Vec::with_capacity(lines.len());
    for (_, heading, sold) in &lines {
        all.add(sold);
        // A group of which nothing is counted is no row.
        let counted = Sold { returned: 0, ..*sold };
        if counted != Sold::default() {
            rows.push(cells(names.cell(group, heading), sold, currency));
        }
    }
    let frame = Frame {
        name: NAME,
        definition: DEFINITION,
        period,
        by,
        columns: COLUMNS,
    };
    let left_out = vec![
        ("returned".to_owned(), all.returned),
        ("no rate".to_owned(), all.orders - all.in_sum),
        ("payments without a rate".to_owned(), all.money_without_rate),
    ];
    let totals = cells(Cell::Null, &all, currency);
    Ok(frame.report(tx, request, rows, totals, left_out))
}

/// The orders that were made in the period, and count.
pub(super) fn records(_: &ReadTx<'_>, request: &Request) -> Result<Drill> {
    let within = within("ordered_on", request.period.unwrap_or(Period::ALL));
    let filter = format!("status:confirmed,processing,completed{within}");
    Ok(Drill::filtered(Noun::Order, request, filter))
}

fn cells(name: Cell, sold: &Sold, currency: Currency) -> Vec<Cell> {
    let amount = |minor: i64| money(i128::from(minor), 1, currency);
    let share = |part: i64, whole: i64| Cell::Ratio(part.into(), whole.into());
    vec![
        name,
        Cell::Count(sold.orders),
        amount(sold.revenue),
        money(sold.revenue.into(), sold.in_sum.into(), currency),
        amount(sold.collected),
        amount(sold.due),
        share(sold.covered, sold.due),
        amount(sold.receivable),
        share(sold.on_time, sold.promised),
        mean_days(sold.days_to_send, sold.sent),
        mean_days(sold.days_on_way, sold.arrived),
        share(sold.exceptions, sold.shipments),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::id::Id;
    use crate::domain::sale::{OrderStatus, ShipmentStatus};
    use crate::ops::order::{self, pay, plan, ship};
    use crate::ops::tests::{Base, assignments, date};
    use crate::ops::typed::Policy;
    use crate::ops::{customer, rate};
    use crate::report;
    use crate::store::WriteTx;

    fn paid(tx: &WriteTx<'_>, id: Id, amount: &str, on: &str) {
        let given = pay::Given {
            amount: Some(amount),
            on: Some(date(on)),
            ..pay::Given::default()
        };
        pay::pay(tx, id, &given).unwrap();
    }

    /// Sends an order, and says where the shipment is.
    fn sent(tx: &WriteTx<'_>, id: Id, on: &str, (to, then): (ShipmentStatus, &str)) {
        let given = ship::Given {
            on: Some(date(on)),
            ..ship::Given::default()
        };
        ship::send(tx, id, &given).unwrap();
        ship::mark(tx, id, None, to, Some(date(then))).unwrap();
    }

    /// Seven orders of two months, of which four count.
    fn base() -> Base {
        let mut base = Base::new();
        base.write(|tx| {
            let strict = Policy::strict();
            let new = customer::OnDuplicate::Create;
            customer::add(tx, &assignments("name=酷讯; type=company"), new, &strict)?;
            crate::ops::product::add(tx, &assignments("name=Crane; sku=CR; price=1"), &strict)?;
            rate::set(tx, "EUR", "1.2", Some(date("2026-01-01")))?;
            let add = |text: &str| -> Result<Id> {
                let text = format!("customer=C1; {text}");
                Ok(order::add(tx, &assignments(&text), &strict)?.id)
            };
            // Paid in time, delivered after 4 + 4 days, in time.
            let one = add(
                "lines=CR @1000; ordered_on=2026-01-10; due_on=2026-01-20; promised_on=2026-01-20; \
                 status=confirmed; source=website",
            )?;
            paid(tx, one, "1000", "2026-01-19");
            sent(tx, one, "2026-01-14", (ShipmentStatus::Delivered, "2026-01-18"));
            // 500 EUR are 600; 200 of them paid; delivered after 2 + 6 days, three days late.
            let two = add(
                "lines=CR @500; currency=EUR; ordered_on=2026-01-20; promised_on=2026-01-25; status=confirmed",
            )?;
            let parts = ["200@2026-02-01".to_owned(), "rest@2026-02-20".to_owned()];
            plan::set(tx, two, &parts, None)?;
            paid(tx, two, "200", "2026-02-01");
            sent(tx, two, "2026-01-22", (ShipmentStatus::Delivered, "2026-01-28"));
            // Nothing paid, no day; sent after a day, and lost.
            let three = add("lines=CR @300; ordered_on=2026-02-05; status=confirmed; source=website")?;
            sent(tx, three, "2026-02-06", (ShipmentStatus::Exception, "2026-02-08"));
            // Paid, and 100 of 400 given back; nothing to be sent.
            let four =
                add("lines=Advice @400; ordered_on=2026-02-06; due_on=2026-02-28; status=confirmed")?;
            paid(tx, four, "400", "2026-02-06");
            let back = pay::Given {
                amount: Some("100"),
                on: Some(date("2026-02-10")),
                ..pay::Given::default()
            };
            pay::refund(tx, four, &back)?;
            add("lines=CR @999; ordered_on=2026-02-06")?;
            let cancelled = add("lines=CR @500; ordered_on=2026-02-06; due_on=2026-02-20")?;
            order::move_to(tx, cancelled, OrderStatus::Cancelled, None, None)?;
            let returned = add("lines=CR @200; ordered_on=2026-02-07; status=processing")?;
            order::move_to(tx, returned, OrderStatus::Returned, None, None)?;
            Ok(())
        });
        base
    }

    fn shown(base: &Base, request: &Request) -> Vec<String> {
        let report = base.read(|tx| report::run(tx, NAME, request));
        let cell = |cell: &Cell| match cell {
            Cell::Null => "-".to_owned(),
            Cell::Text(text) => text.clone(),
            Cell::Count(count) => count.to_string(),
            Cell::Money(money) => money.decimal(),
            Cell::Days(_) => cell.days().unwrap(),
            ratio => ratio.percent(1).unwrap_or_else(|| "-".to_owned()),
        };
        let line = |row: &Vec<Cell>| row.iter().map(cell).collect::<Vec<_>>().join(" ");
        let mut lines: Vec<String> = report.rows.iter().map(line).collect();
        lines.push(line(&report.totals));
        for (reason, count) in &report.left_out {
            lines.push(format!("{reason} {count}"));
        }
        lines
    }

    /// Revenue 1,000 + 600 + 300 + (400 − 100) = 2,200, a quarter of it 550. Collected 1,000 + 200 × 1.2 + 400 − 100 =
    /// 1,540. Due 1,000 + 600 + 400 = 2,000, of it paid 1,000 + 240 + 300 = 1,540: 77 %. To come 300 × 1.2 + 300 = 660; what
    /// was given back is not asked for again. In time one of two. Sent after 4, 2 and 1 days, under way 4 and 6. Lost one of
    /// three.
    const ALL: &str = "4 2200.00 550.00 1540.00 2000.00 77.0 660.00 50.0 2.3 5.0 33.3";

    #[test]
    fn figures_by_hand() {
        let base = base();
        let all = shown(&base, &Request::default());
        assert_eq!(
            all,
            [format!("all {ALL}"), format!("- {ALL}"), "returned 1".to_owned()]
        );
        let months = shown(
            &base,
            &Request {
                by: Some(Dimension::Month),
                ..Request::default()
            },
        );
        assert_eq!(
            months[..3],
            [
                // Of the money of January there is one payment, and one day on which it was due.
                "2026-01 2 1600.00 800.00 1000.00 1000.00 100.0 360.00 50.0 3.0 5.0 0.0".to_owned(),
                // 240 + 400 − 100 of 600 + 400.
                "2026-02 2 600.00 300.00 540.00 1000.00 54.0 300.00 - 1.0 - 100.0".to_owned(),
                format!("- {ALL}"),
            ]
        );
    }

    #[test]
    fn groups_periods_and_filters() {
        let base = base();
        let first = |request: &Request| -> Vec<String> {
            let rows = shown(&base, request);
            rows.iter()
                .map(|row| row.split(' ').take(3).collect::<Vec<_>>().join(" "))
                .collect()
        };
        let by = |by: Dimension| Request {
            by: Some(by),
            ..Request::default()
        };
        // One order is confirmed still, and the cancelled one has no row, for nothing was paid for it.
        assert_eq!(
            first(&by(Dimension::Status)),
            [
                "processing 3 1900.00",
                "confirmed 1 300.00",
                "- 4 2200.00",
                "returned 1"
            ]
        );
        assert_eq!(
            first(&by(Dimension::Source)),
            ["website 2 1300.00", "- 2 900.00", "- 4 2200.00", "returned 1"]
        );
        assert_eq!(first(&by(Dimension::Customer))[0], "酷讯 4 2200.00");
        let february = report::period::read(&base.caller, "2026-02").unwrap();
        let request = Request {
            period: Some(february),
            filters: vec!["source:website".to_owned()],
            ..Request::default()
        };
        assert_eq!(
            shown(&base, &request),
            [
                "all 1 300.00 300.00 0.00 0.00 - 300.00 - 1.0 - 100.0",
                "- 1 300.00 300.00 0.00 0.00 - 300.00 - 1.0 - 100.0"
            ]
        );
    }
}
