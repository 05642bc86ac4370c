//! Orders with all that belongs to them: as full exports, as dumps, in merges, in the trash.

use std::collections::BTreeSet;

use super::exchange::{export, import};
use super::taking_back::new_user;
use super::whole::{dumped, findings, loaded};
use super::{Base, assignments};
use crate::domain::actor::{Scope, Via};
use crate::domain::id::Id;
use crate::domain::noun::Noun;
use crate::domain::sale::{OrderStatus, ShipmentStatus};
use crate::ops::load::ORDER;
use crate::ops::order::{self, pay, plan, ship};
use crate::ops::today::{self, Whose};
use crate::ops::typed::Policy;
use crate::ops::{customer, find, merge, product, rate, refer, remind, trash};
use crate::report::brief;
use crate::store::links;

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
            Some(7),
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

/// What the agenda says of orders.
fn lacks(base: &Base, whose: Whose, filters: &[&str]) -> Vec<String> {
    let request = today::Request {
        whose,
        filters: filters.iter().map(|filter| (*filter).to_owned()).collect(),
        limit: 10,
    };
    let sections = base.read(|tx| today::agenda(tx, &request));
    let orders = sections.into_iter().find(|section| section.name == "orders");
    let orders = orders.expect("a section of orders");
    assert_eq!(orders.count.counted, orders.entries.len() as u64);
    let entry = |entry: today::Entry| format!("{} {:?}", entry.record.name, entry.why);
    orders.entries.into_iter().map(entry).collect()
}

/// Orders that lack something, or not yet, or are somebody else's.
fn lacking() -> Base {
    let mut base = Base::new();
    let strict = Policy::strict();
    base.write(|tx| {
        customer::add(
            tx,
            &assignments("name=酷讯"),
            customer::OnDuplicate::Create,
            &strict,
        )?;
        new_user(tx, "Grace")?;
        for text in [
            "name=Draft; due_on=2026-01-01; promised_on=2026-01-01",
            "name=Late; due_on=2026-02-25; promised_on=2026-02-20; status=confirmed",
            "name=Today; due_on=2026-03-02; promised_on=2026-03-02; status=confirmed",
            "name=送货; due_on=2026-06-01; promised_on=2026-03-01; status=processing",
            "name=Soon; due_on=2026-03-05; status=confirmed",
            "name=Later; due_on=2026-03-06; status=confirmed",
            "name=Hers; due_on=2026-03-01; status=confirmed; owner=Grace",
        ] {
            let owner = if text.contains("owner=") {
                ""
            } else {
                "; owner=self"
            };
            let text = format!("customer=酷讯; lines=Crane @100; ordered_on=2026-01-01; {text}{owner}");
            order::add(tx, &assignments(&text), &strict)?;
        }
        Ok(())
    });
    base
}

#[test]
fn the_agenda_knows_what_is_to_be_paid_and_delivered() {
    let base = lacking();
    let own = Whose::User(base.caller.actor.id);
    assert_eq!(
        lacks(&base, own, &[]),
        [
            "Late Unpaid(5)",
            "送货 Undelivered(1)",
            "Today Payable(2026-03-02)",
            "Soon Payable(2026-03-05)"
        ]
    );
    assert_eq!(
        lacks(&base, own, &["is:late"]),
        ["Late Unpaid(5)", "送货 Undelivered(1)"]
    );
    assert_eq!(lacks(&base, own, &["name:Soon"]), ["Soon Payable(2026-03-05)"]);
    assert_eq!(lacks(&base, own, &["due:today"]), ["Today Payable(2026-03-02)"]);
    assert_eq!(
        lacks(&base, Whose::Everyone, &["owner:Grace"]),
        ["Hers Unpaid(1)"]
    );
}

#[test]
fn each_part_of_a_plan_has_its_days_and_what_is_done_is_on_no_agenda() {
    let mut base = lacking();
    let own = Whose::User(base.caller.actor.id);
    let later = base.read(|tx| refer::one(tx, Noun::Order, "O6"));
    let parts = ["30@2026-03-20".to_owned(), "rest@2026-05-01".to_owned()];
    base.write(|tx| plan::set(tx, later, &parts, Some(18)));
    assert_eq!(lacks(&base, own, &["name:Later"]), ["Later Payable(2026-03-20)"]);
    let first = pay::Given {
        amount: Some("30"),
        ..pay::Given::default()
    };
    base.write(|tx| pay::pay(tx, later, &first));
    assert!(lacks(&base, own, &["name:Later"]).is_empty());
    assert_eq!(
        base.shown(Noun::Order, later, "overdue_on remind_on"),
        "2026-05-01|2026-04-13"
    );
    assert_eq!(
        base.refused(|tx| plan::set(tx, later, &parts, Some(91))).0,
        "remind"
    );
    // What arrives and is paid is on no agenda; whoever sees the own records alone hears of no others.
    let late = base.read(|tx| refer::one(tx, Noun::Order, "O2"));
    base.write(|tx| pay::pay(tx, late, &pay::Given::default()));
    assert_eq!(lacks(&base, own, &["name:Late"]), ["Late Undelivered(10)"]);
    let grounds = base.read(|tx| {
        let link = links::link(tx, Noun::Order, late)?.expect("it is there");
        today::why(tx, &link)
    });
    assert_eq!(
        (
            grounds.kind.as_str(),
            grounds.due,
            grounds.amount.map(|money| money.minor)
        ),
        ("confirmed", None, Some(0))
    );
    assert_eq!(grounds.customer.map(|link| link.name), Some("酷讯".to_owned()));
    base.write(|tx| order::move_to(tx, late, OrderStatus::Completed, None, None));
    assert!(lacks(&base, own, &["name:Late"]).is_empty());
    base.caller.actor.scope = Scope::Own;
    assert_eq!(
        lacks(&base, Whose::Everyone, &["is:overdue"]),
        Vec::<String>::new()
    );
    base.caller.actor.scope = Scope::All;
    base.check();
}

#[test]
fn reminders_and_briefs_speak_of_orders() {
    let mut base = Base::new();
    let strict = Policy::strict();
    let customer = base.write(|tx| {
        let new = customer::OnDuplicate::Create;
        let customer = customer::add(tx, &assignments("name=酷讯; type=company"), new, &strict)?;
        let text = "customer=酷讯; name=Crane; lines=Crane @100; ordered_on=2026-01-01; due_on=2026-03-06; \
                    promised_on=2026-03-04; status=confirmed";
        order::add(tx, &assignments(text), &strict)?;
        Ok(customer.id)
    });
    let told = |base: &mut Base| -> Vec<String> {
        let request = remind::Request {
            whose: Whose::Everyone,
            name: "mail".to_owned(),
            since: None,
        };
        let news = base.read(|tx| remind::news(tx, &request));
        base.write(|tx| remind::advance(tx, &request, &news, &BTreeSet::new()));
        let orders = news.items.iter().filter(|item| item.section == "orders");
        orders.map(|item| format!("{:?}", item.entry.why)).collect()
    };
    assert!(told(&mut base).is_empty());
    base.on("2026-03-03");
    assert_eq!(told(&mut base), ["Payable(2026-03-06)"]);
    base.on("2026-03-04");
    assert!(told(&mut base).is_empty());
    base.on("2026-03-05");
    assert_eq!(told(&mut base), ["Undelivered(1)"]);
    base.on("2026-03-07");
    assert_eq!(told(&mut base), ["Unpaid(1)"]);
    assert!(told(&mut base).is_empty());
    let brief = base.read(|tx| brief::of(tx, Noun::Customer, customer));
    let open = &brief.open[0];
    assert_eq!(
        (open.record.name.as_str(), open.kind.as_str(), open.is_overdue),
        ("Crane", "confirmed", true)
    );
    assert_eq!(open.amount.map(|money| money.minor), Some(10_000));
    let rules: Vec<&str> = brief.ask.iter().map(|ask| ask.rule.name()).collect();
    assert_eq!(rules[..2], ["payment_overdue", "delivery_late"]);
    let order = brief.open[0].record.id;
    let brief = base.read(|tx| brief::of(tx, Noun::Order, order));
    assert_eq!(
        (brief.customer.id, brief.about.map(|link| link.id)),
        (customer, Some(order))
    );
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
            None,
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
