//! Orders with all that belongs to them: as full exports, as dumps, in merges, in the trash.

use super::exchange::{export, import};
use super::whole::{dumped, findings, loaded};
use super::{Base, assignments};
use crate::domain::actor::Via;
use crate::domain::id::Id;
use crate::domain::noun::Noun;
use crate::domain::sale::{OrderStatus, ShipmentStatus};
use crate::ops::load::ORDER;
use crate::ops::order::{self, pay, plan, ship};
use crate::ops::typed::Policy;
use crate::ops::{customer, find, merge, product, rate, refer, trash};

/// A base with an order that has everything, and one that has nothing but a line.
fn base() -> (Base, Id) {
    let mut base = Base::new();
    let strict = Policy::strict();
    let first = base.write(|tx| {
        let new = customer::OnDuplicate::Create;
        customer::add(tx, &assignments("name=Kuxun"), new, &strict)?;
        customer::add(tx, &assignments("name=张伟"), new, &strict)?;
        product::add(tx, &assignments("name=Widget; sku=W1; price=189; cost=99.5; tax_rate=19.6"), &strict)?;
        product::add(tx, &assignments("name=Setup; price=120; type=service; unit=h"), &strict)?;
        rate::set(tx, "EUR", "1.0875", None)?;
        let text = "customer=C1; contact=C2; currency=EUR; lines=W1 x3.5 @170 -2.25%\nP2 x2 @110\n培训 x1 @20 +7%; \
                    discount=2.5%; shipping=9.90; tags=key; promised_on=2026-03-20; status=confirmed";
        let first = order::add(tx, &assignments(text), &strict)?.id;
        order::add(tx, &assignments("customer=张伟; lines=W1"), &strict)?;
        Ok(first)
    });
    base.write(|tx| {
        plan::set(
            tx,
            first,
            &["100@2026-03-10".to_owned(), "rest@2026-04-10".to_owned()],
        )
    });
    let given = |amount: &'static str| pay::Given {
        amount: Some(amount),
        part: Some(2),
        method: Some("wechat pay"),
        reference: Some("4711"),
        ..pay::Given::default()
    };
    base.write(|tx| pay::pay(tx, first, &given("250")));
    base.write(|tx| pay::refund(tx, first, &given("10.5")));
    let announced = pay::Given {
        is_pending: true,
        ..pay::Given::default()
    };
    base.write(|tx| pay::pay(tx, first, &announced));
    let lines = ["W1 x1.5".to_owned()];
    let sent = ship::Given {
        carrier: Some("SF"),
        tracking: Some("SF1002003"),
        lines: &lines,
        ..ship::Given::default()
    };
    base.write(|tx| ship::send(tx, first, &sent));
    base.write(|tx| ship::mark(tx, first, None, ShipmentStatus::Delivered, None));
    (base, first)
}

#[test]
fn a_full_export_and_a_dump_make_the_same_orders() {
    let (mut base, first) = base();
    let state = "status total total_base paid payment_status fulfilment_status overdue_on rate";
    // 3.5 × 170 − 2.25 % = 581.61; + 220 + 20 = 821.61; − 2.5 % (20.54) = 801.07. Tax: 567.07 × 19.6 % = 111.15,
    // 19.50 × 7 % = 1.37 (1.365). 801.07 + 112.52 + 9.90 = 923.49, at 1.0875 1,004.30 (1,004.295…).
    assert_eq!(
        base.shown(Noun::Order, first, state),
        "processing|923.49|1004.30|239.50|partially_refunded|partially_shipped||1.0875"
    );
    let mut copy = Base::importing();
    copy.on("2026-06-01");
    for noun in ORDER {
        import(&mut copy, noun, &export(&base, noun));
    }
    copy.check();
    for noun in [Noun::Product, Noun::Order] {
        assert_eq!(export(&copy, noun), export(&base, noun), "{noun}");
    }
    base.caller.via = Via::Import;
    let text = export(&base, Noun::Order);
    let again = import(&mut base, Noun::Order, &text);
    assert_eq!(again.created + again.updated, 0);

    let new = loaded(&dumped(&base)).unwrap();
    assert_eq!(export(&new, Noun::Order), text);
    assert_eq!(findings(&new, true), []);
}

#[test]
fn an_order_follows_its_customer_and_goes_to_the_trash_and_back() {
    let (mut base, first) = base();
    let before = base.image();
    let found = |base: &Base| base.read(|tx| find::find(tx, "SF1002003", None, 10)).len();
    assert_eq!(found(&base), 1);
    base.write(|tx| {
        let ids = [refer::one(tx, Noun::Customer, "C1")?];
        let choices = merge::Choices {
            force: true,
            ..merge::Choices::default()
        };
        merge::merge(tx, refer::one(tx, Noun::Customer, "C2")?, &ids, &choices)
    });
    assert_eq!(base.shown(Noun::Order, first, "customer.id contact.id"), "C2|C2");
    base.undo();
    base.write(|tx| trash::remove(tx, Noun::Order, &[first]));
    assert_eq!(found(&base), 0);
    base.write(|tx| trash::restore(tx, Noun::Order, &[first]));
    assert_eq!(found(&base), 1);
    base.undo();
    base.undo();
    assert_eq!(base.image(), before);
    base.write(|tx| order::move_to(tx, first, OrderStatus::Completed, None, None));
    base.check();
}

#[test]
fn what_is_owed_has_an_age() {
    use crate::report::{self, Request};
    let mut base = Base::new();
    let strict = Policy::strict();
    base.write(|tx| {
        let new = customer::OnDuplicate::Create;
        customer::add(tx, &assignments("name=Kuxun; type=company"), new, &strict)?;
        customer::add(tx, &assignments("name=张伟"), new, &strict)?;
        rate::set(tx, "EUR", "1.1", None)
    });
    // Today is 2026-03-02: 0 days late, 1, 30, 31 and 91; one without a day; one that nobody confirmed; one in a currency
    // without a rate.
    for (who, text) in [
        ("Kuxun", "lines=Crane @100; due_on=2026-03-02; status=confirmed"),
        ("Kuxun", "lines=Crane @10; due_on=2026-03-01; status=confirmed"),
        ("Kuxun", "lines=Crane @20; due_on=2026-01-31; status=processing"),
        ("Kuxun", "lines=Crane @30; due_on=2026-01-30; status=completed"),
        (
            "Kuxun",
            "lines=Crane @40; currency=EUR; due_on=2025-12-01; status=confirmed",
        ),
        ("张伟", "lines=Crane @7; status=confirmed"),
        ("张伟", "lines=Crane @5000; due_on=2026-01-01"),
        ("张伟", "lines=Crane @9; currency=GBP; status=confirmed"),
    ] {
        let text = format!("customer={who}; {text}");
        base.write(|tx| order::add(tx, &assignments(&text), &strict));
    }
    // In two parts, of which the first was due 75 days ago and 10 of its 60 are paid.
    let planned = base.write(|tx| {
        let text = "customer=张伟; lines=Crane @100; status=confirmed";
        let id = order::add(tx, &assignments(text), &strict)?.id;
        plan::set(
            tx,
            id,
            &["60@2025-12-17".to_owned(), "rest@2026-05-01".to_owned()],
        )?;
        Ok(id)
    });
    let part = pay::Given {
        amount: Some("10"),
        ..pay::Given::default()
    };
    base.write(|tx| pay::pay(tx, planned, &part));
    let report = base.read(|tx| report::run(tx, "receivables", &Request::default()));
    let text = |row: &Vec<report::Cell>| {
        let cells = row.iter().map(|cell| match cell {
            report::Cell::Text(text) => text.clone(),
            report::Cell::Count(count) => count.to_string(),
            report::Cell::Money(money) => money.decimal(),
            _ => "-".to_owned(),
        });
        cells.collect::<Vec<_>>().join("|")
    };
    let rows: Vec<String> = report.rows.iter().chain([&report.totals]).map(text).collect();
    // 44.00 are 40 euros at 1.1. Of the plan 50 are 75 days late and 40 are not due.
    assert_eq!(
        rows,
        [
            "Kuxun|5|204.00|100.00|30.00|30.00|0.00|44.00",
            "张伟|3|97.00|47.00|0.00|0.00|50.00|0.00",
            "-|8|301.00|147.00|30.00|30.00|50.00|44.00",
        ]
    );
    assert_eq!(report.left_out, [("no rate".to_owned(), 1)]);
}
