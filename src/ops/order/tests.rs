use super::*;
use crate::domain::sale::ShipmentStatus;
use crate::ops::tests::{Base, assignments, date};
use crate::ops::{customer, product, rate, refer};

fn strict() -> Policy {
    Policy::strict()
}

/// A base with a company C1, a good W1 (189.00, 19 %, costs 100.00) and a service S1 (120.00, 19 %).
fn base() -> Base {
    let mut base = Base::new();
    base.write(|tx| {
        let company = assignments("name=快讯信息; type=company");
        customer::add(tx, &company, customer::OnDuplicate::Refuse, &strict())?;
        product::add(
            tx,
            &assignments("name=Widget; sku=W1; price=189; cost=100; tax_rate=19%"),
            &strict(),
        )?;
        product::add(
            tx,
            &assignments("name=Setup; sku=S1; price=120; tax_rate=19; type=service"),
            &strict(),
        )
    });
    base
}

fn added(base: &mut Base, text: &str) -> Id {
    base.write(|tx| add(tx, &assignments(text), &strict())).id
}

fn shown(base: &Base, id: Id, names: &str) -> String {
    base.shown(Noun::Order, id, names)
}

fn confirmed(base: &mut Base, text: &str) -> Id {
    let id = added(base, text);
    base.write(|tx| move_to(tx, id, OrderStatus::Confirmed, None, None));
    id
}

fn paid(base: &mut Base, id: Id, amount: &str) {
    let given = pay::Given {
        amount: Some(amount),
        ..pay::Given::default()
    };
    base.write(|tx| pay::pay(tx, id, &given));
}

#[test]
fn an_order_comes_to_what_its_lines_do() {
    let mut base = base();
    let text = "customer=快讯信息; lines=W1 x3 -10%\nS1 x1.5\n培训 手册 x1 @20 +7%; discount=5%; shipping=5.90; due_on=2026-04-01";
    let id = added(&mut base, text);
    // 3 × 189 − 10 % = 510.30 and 1.5 × 120 = 180 at 19 %, 20.00 at 7 %: 710.30; 5 % of it are 35.52 (35.515).
    // Spread: 25.52, 9.00, 1.00. Tax: (484.78 + 171.00) × 19 % = 124.60, 19.00 × 7 % = 1.33. 674.78 + 125.93 + 5.90.
    let sums = "name subtotal discount_amount tax_amount total balance payment_status status";
    assert_eq!(
        shown(&base, id, sums),
        "W1|710.30|35.52|125.93|806.61|0.00|unpaid|draft"
    );
    assert_eq!(
        shown(&base, id, "lines").replace('\n', "/"),
        "W1 x3 @189.00 -10% +19%/S1 x1.5 @120.00 +19%/培训 手册 x1 @20.00 +7%"
    );
    // What is as it was is no change, and a text that says the same keeps what no text shows.
    let same = shown(&base, id, "lines");
    let edited = |base: &mut Base, assignments: &[Assignment]| {
        base.write(|tx| edit(tx, id, assignments, Lists::Replace, &strict()))
            .changed
    };
    assert!(!edited(&mut base, &[("lines".to_owned(), Input::text(same))]));
    assert!(edited(
        &mut base,
        &assignments("tax=included; discount=10; lines=W1 x2")
    ));
    // 378.00 − 10.00 = 368.00, of which 368 × 19 / 119 = 58.76 are tax; 368 − 58.76 − 200 = 109.24 remain.
    assert_eq!(shown(&base, id, "tax_amount total margin"), "58.76|373.90|109.24");
    base.undo();
    assert_eq!(shown(&base, id, "total"), "806.61");
    base.check();
}

#[test]
fn what_cannot_be_a_line_says_why() {
    let mut base = base();
    let mut refused = |lines: &str| {
        let text = format!("customer=C1; lines={lines}");
        base.refused(|tx| add(tx, &assignments(&text), &strict())).1
    };
    assert_eq!(
        refused("W1\nCrane x2"),
        "line 2: there is no product \"Crane\"; free text needs a price: Crane @189"
    );
    assert_eq!(
        refused("W1 @5EUR"),
        "line 1: price: \"5EUR\" is in EUR, not in USD"
    );
    let message = base.refused(|tx| add(tx, &assignments("customer=C1; currency=EUR; lines=W1"), &strict()));
    assert_eq!(message.1, "line 1: W1 has no price in EUR; say it: W1 @189");
    let without = base.refused(|tx| add(tx, &assignments("name=x"), &strict()));
    assert_eq!(without.1, "an order needs a customer");
    let discount = base.refused(|tx| add(tx, &assignments("customer=C1; discount=much"), &strict()));
    assert_eq!(discount.0, "discount");
}

#[test]
fn illegal_moves_name_the_legal_ones() {
    let mut base = base();
    let id = added(&mut base, "customer=C1");
    let confirm = |base: &mut Base| {
        base.refused(|tx| move_to(tx, id, OrderStatus::Confirmed, None, None))
            .1
    };
    assert_eq!(
        confirm(&mut base),
        "lines: an order without lines cannot be confirmed"
    );
    base.write(|tx| edit(tx, id, &assignments("lines=W1"), Lists::Replace, &strict()));
    let complete = base.refused(|tx| move_to(tx, id, OrderStatus::Completed, None, None));
    assert_eq!(
        complete.1,
        "status: order O1 is draft, and can only become confirmed, cancelled; not completed"
    );
    base.write(|tx| move_to(tx, id, OrderStatus::Confirmed, None, None));
    let locked = base.refused(|tx| edit(tx, id, &assignments("lines=W1 x2"), Lists::Replace, &strict()));
    assert!(
        locked.1.starts_with("lines: order O1 is confirmed"),
        "{}",
        locked.1
    );
    base.write(|tx| {
        edit(
            tx,
            id,
            &assignments("status=processing; note=soon"),
            Lists::Replace,
            &strict(),
        )
    });
    base.write(|tx| move_to(tx, id, OrderStatus::Cancelled, None, Some("too late")));
    assert_eq!(
        shown(&base, id, "status closed_on reason balance"),
        "cancelled|2026-03-02|too late|0.00"
    );
    base.write(|tx| move_to(tx, id, OrderStatus::Draft, None, None));
    assert_eq!(
        shown(&base, id, "status closed_on confirmed_on rate reason"),
        "draft||||"
    );
    base.check();
}

#[test]
fn the_rate_is_frozen_when_it_binds() {
    let mut base = base();
    base.write(|tx| rate::set(tx, "EUR", "1.10", Some(date("2026-01-01"))));
    let id = added(&mut base, "customer=C1; currency=EUR; lines=Crane x1 @1000");
    assert_eq!(shown(&base, id, "total total_base rate"), "1000.00|1100.00|");
    base.write(|tx| rate::set(tx, "EUR", "1.2", Some(date("2026-03-01"))));
    assert_eq!(shown(&base, id, "total_base"), "1200.00");
    base.write(|tx| move_to(tx, id, OrderStatus::Confirmed, None, None));
    base.write(|tx| rate::set(tx, "EUR", "1.5", Some(date("2026-03-02"))));
    assert_eq!(
        shown(&base, id, "total_base balance_base rate"),
        "1200.00|1200.00|1.2"
    );
    base.check();
}

#[test]
fn an_order_is_paid_by_its_plan() {
    let mut base = base();
    let id = confirmed(&mut base, "customer=C1; lines=Crane x1 @1000; due_on=2026-05-01");
    let state = "payment_status paid balance overdue_on";
    assert_eq!(shown(&base, id, state), "unpaid|0.00|1000.00|2026-05-01");
    let plan = |base: &mut Base, parts: &[&str]| {
        let parts: Vec<String> = parts.iter().map(|part| (*part).to_owned()).collect();
        base.try_write(|tx| plan::set(tx, id, &parts, None))
    };
    let short = plan(&mut base, &["300@2026-04-01", "50%@2026-05-01"]).unwrap_err();
    assert!(short.message().contains("come to"), "{}", short.message());
    plan(&mut base, &["30%@2026-04-01", "rest@2026-05-01"]).unwrap();
    assert_eq!(shown(&base, id, state), "unpaid|0.00|1000.00|2026-04-01");
    paid(&mut base, id, "300");
    assert_eq!(shown(&base, id, state), "partially_paid|300.00|700.00|2026-05-01");
    base.on("2026-05-02");
    let states = |base: &Base| -> Vec<&str> {
        let (_, due) = base.read(|tx| plan::list(tx, id));
        due.iter().map(|due| due.status).collect()
    };
    assert_eq!(states(&base), ["done", "overdue"]);
    // What is announced does not count before it came.
    let pending = pay::Given {
        is_pending: true,
        ..pay::Given::default()
    };
    base.write(|tx| pay::pay(tx, id, &pending));
    assert_eq!(shown(&base, id, state), "partially_paid|300.00|700.00|2026-05-01");
    base.write(|tx| pay::settle(tx, id, None, false));
    assert_eq!(shown(&base, id, state), "paid|1000.00|0.00|");
    let again = base.refused(|tx| pay::settle(tx, id, None, false));
    assert!(again.1.ends_with("none"), "{}", again.1);
    let much = pay::Given {
        amount: Some("1000.01"),
        ..pay::Given::default()
    };
    assert_eq!(base.refused(|tx| pay::refund(tx, id, &much)).0, "amount");
    base.write(|tx| pay::refund(tx, id, &pay::Given::default()));
    assert_eq!(shown(&base, id, state), "refunded|0.00|1000.00|");
    for _ in 0..3 {
        base.undo();
    }
    assert_eq!(shown(&base, id, state), "partially_paid|300.00|700.00|2026-05-01");
    base.check();
}

#[test]
fn the_first_paid_order_makes_a_customer_and_the_second_a_faithful_one() {
    let mut base = base();
    let company = base.read(|tx| refer::one(tx, Noun::Customer, "C1"));
    let stage = |base: &Base| base.shown(Noun::Customer, company, "lifecycle");
    let first = confirmed(&mut base, "customer=C1; lines=W1");
    paid(&mut base, first, "1");
    assert_ne!(stage(&base), "first_customer");
    base.write(|tx| pay::pay(tx, first, &pay::Given::default()));
    assert_eq!(stage(&base), "first_customer");
    let second = confirmed(&mut base, "customer=C1; lines=S1");
    base.write(|tx| pay::pay(tx, second, &pay::Given::default()));
    assert_eq!(stage(&base), "repeat_customer");
    // 189 × 1.19 = 224.91, 120 × 1.19 = 142.80.
    let found = |filter: &str| {
        base.read(|tx| {
            let condition = crate::ops::list::condition(tx, Noun::Customer, &[filter.to_owned()])?;
            crate::store::records::ids(tx, Noun::Customer, &condition)
        })
    };
    assert_eq!(found("orders.count:2"), [company]);
    assert_eq!(found("orders.sum.total:367.71..367.71"), [company]);
    assert_eq!(found("orders.sum.total:>368"), []);
}

#[test]
fn an_order_is_delivered_in_parts() {
    let mut base = base();
    let id = confirmed(&mut base, "customer=C1; lines=W1 x3\nS1");
    let ship = |base: &mut Base, lines: &[&str]| {
        let lines: Vec<String> = lines.iter().map(|line| (*line).to_owned()).collect();
        let given = ship::Given {
            carrier: Some("顺丰"),
            tracking: Some("SF100200300"),
            lines: &lines,
            ..ship::Given::default()
        };
        base.try_write(|tx| ship::send(tx, id, &given))
    };
    let state = "status fulfilment_status";
    ship(&mut base, &["W1 x1"]).unwrap();
    assert_eq!(shown(&base, id, state), "processing|partially_shipped");
    let much = ship(&mut base, &["1 x2.5"]).unwrap_err();
    assert_eq!(
        much.message(),
        "lines: \"1 x2.5\": only 2 of it are left to be sent"
    );
    ship(&mut base, &[]).unwrap();
    assert_eq!(shown(&base, id, state), "processing|shipped");
    assert!(
        ship(&mut base, &[])
            .unwrap_err()
            .message()
            .contains("nothing of order O1 is left")
    );
    base.write(|tx| ship::mark(tx, id, Some(1), ShipmentStatus::Delivered, None));
    let again = base.refused(|tx| ship::mark(tx, id, Some(1), ShipmentStatus::Shipped, None));
    assert!(
        again.1.ends_with("can only become returned; not shipped"),
        "{}",
        again.1
    );
    base.write(|tx| ship::mark(tx, id, None, ShipmentStatus::Delivered, None));
    assert_eq!(shown(&base, id, state), "processing|delivered");
    // It is found by what the carrier calls it, and the import of a full export makes the same.
    base.undo();
    assert_eq!(shown(&base, id, state), "processing|shipped");
    base.check();
}

#[test]
fn a_rate_that_becomes_known_late_is_filled_in() {
    let mut base = base();
    let id = confirmed(&mut base, "customer=C1; currency=EUR; lines=Crane @1000");
    paid(&mut base, id, "400");
    assert_eq!(shown(&base, id, "total_base rate"), "|");
    let before = base.image();
    // It holds from a day before; one of a later day would not.
    base.write(|tx| rate::set(tx, "EUR", "1.5", Some(date("2026-03-03"))));
    assert_eq!(shown(&base, id, "total_base rate"), "|");
    base.undo();
    base.write(|tx| rate::set(tx, "EUR", "1.2", Some(date("2026-02-01"))));
    assert_eq!(
        shown(&base, id, "total_base balance_base rate"),
        "1200.00|720.00|1.2"
    );
    let worth = base.read(|tx| tx.one("SELECT amount_base FROM payment", [], |row| row.get::<_, i64>(0)));
    assert_eq!(worth, Some(48_000));
    base.check();
    // What is known stays; and an undo takes all of it back.
    base.write(|tx| rate::set(tx, "EUR", "1.3", Some(date("2026-02-01"))));
    assert_eq!(shown(&base, id, "total_base"), "1200.00");
    base.undo();
    base.undo();
    assert_eq!(base.image(), before);
}
