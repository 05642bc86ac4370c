use super::*;
use crate::domain::actor::Via;
use crate::ops::tests::{Base, assignments, date};
use crate::ops::{customer, deal, list, order, product, rate, trash};
use crate::store::records;

fn strict() -> Policy {
    Policy::strict()
}

/// A base with a company C1, a person C2, a good W1 (189.00, 19 %, costs 100.00) and a service S1 (120.00, 19 %).
fn base() -> Base {
    let mut base = Base::new();
    base.write(|tx| {
        let new = customer::OnDuplicate::Refuse;
        customer::add(tx, &assignments("name=快讯信息; type=company"), new, &strict())?;
        customer::add(tx, &assignments("name=李娜"), new, &strict())?;
        let widget = assignments("name=Widget; sku=W1; price=189; cost=100; tax_rate=19%");
        product::add(tx, &widget, &strict())?;
        let setup = assignments("name=Setup; sku=S1; price=120; tax_rate=19; type=service");
        product::add(tx, &setup, &strict())
    });
    base
}

fn added(base: &mut Base, text: &str) -> Id {
    base.write(|tx| add(tx, &assignments(text), &strict())).id
}

fn shown(base: &Base, id: Id, names: &str) -> String {
    base.shown(Noun::Quote, id, names)
}

fn moved(base: &mut Base, id: Id, status: QuoteStatus) {
    base.write(|tx| move_to(tx, id, status, &Move::default()));
}

fn refused(base: &mut Base, id: Id, status: QuoteStatus) -> String {
    base.refused(|tx| move_to(tx, id, status, &Move::default())).1
}

/// The quotes that a filter selects.
fn found(base: &Base, filter: &str) -> String {
    base.read(|tx| {
        let condition = list::condition(tx, Noun::Quote, &[filter.to_owned()])?;
        let ids = records::ids(tx, Noun::Quote, &condition)?;
        let refs: Result<Vec<String>> = ids.into_iter().map(|id| reference(tx, id)).collect();
        Ok(refs?.join(" "))
    })
}

#[test]
fn a_quote_comes_to_what_its_lines_do_and_is_good_for_a_month() {
    let mut base = base();
    let text =
        "customer=快讯信息; lines=W1 x3 -10%\nS1 x1.5\n培训 手册 x1 @20 +7%; discount=5%; shipping=5.90";
    let id = added(&mut base, text);
    // Worked by hand where orders are: 710.30, 35.52 off, 125.93 tax, 5.90 for shipping.
    let names =
        "name subtotal discount_amount tax_amount total status revision version_of sent_on valid_until";
    assert_eq!(
        shown(&base, id, names),
        "W1|710.30|35.52|125.93|806.61|draft|1|||2026-04-01"
    );
    base.write(|tx| {
        edit(
            tx,
            id,
            &assignments("lines=W1 x2; valid_until="),
            Lists::Replace,
            &strict(),
        )
    });
    // 378.00 − 5 % = 359.10; + 19 % (68.23) + 5.90.
    assert_eq!(shown(&base, id, "total valid_until"), "433.23|");
    let without = base.refused(|tx| add(tx, &assignments("name=x"), &strict()));
    assert_eq!(without.1, "a quote needs a customer");
    let past = assignments("customer=C1; lines=W1; status=sent; valid_until=2026-03-01");
    assert_eq!(
        base.refused(|tx| add(tx, &past, &strict())).1,
        "valid_until: 2026-03-01 is before 2026-03-02, the day on which it is sent"
    );
    base.check();
}

#[test]
fn what_was_sent_stays_as_it_is_and_runs_out() {
    let mut base = base();
    let id = added(&mut base, "customer=C1; lines=W1; valid_until=2026-03-09");
    assert_eq!(found(&base, "is:open"), "Q1");
    let bare = added(&mut base, "customer=C1");
    assert_eq!(
        refused(&mut base, bare, QuoteStatus::Sent),
        "lines: a quote without lines offers nothing"
    );
    moved(&mut base, id, QuoteStatus::Sent);
    assert_eq!(shown(&base, id, "status sent_on"), "sent|2026-03-02");
    let change = assignments("lines=W1 x2");
    assert_eq!(
        base.refused(|tx| edit(tx, id, &change, Lists::Replace, &strict()))
            .1,
        "lines: quote Q1 is sent, and what it offers stays as it is; `crm quote revise Q1` makes another version"
    );
    assert_eq!(found(&base, "is:expiring"), "Q1");
    base.on("2026-03-09");
    assert_eq!(found(&base, "is:today status:sent not is:expired"), "Q1");
    base.on("2026-03-10");
    assert_eq!(shown(&base, id, "status"), "expired");
    assert_eq!(found(&base, "status:expired is:expired"), "Q1");
    assert_eq!(found(&base, "status:sent"), "");
    assert_eq!(found(&base, "status:draft,sent"), "Q2");
    assert_eq!(found(&base, "status:draft,expired"), "Q2 Q1");
    assert_eq!(found(&base, "not status:sent"), "Q2 Q1");
    // It can be sent again, until another day.
    assert_eq!(
        refused(&mut base, id, QuoteStatus::Sent),
        "valid_until: quote Q1 was good until 2026-03-09; say until when it is: --until +30d"
    );
    let again = Move {
        until: Some(date("2026-03-20")),
        ..Move::default()
    };
    base.write(|tx| move_to(tx, id, QuoteStatus::Sent, &again));
    assert_eq!(
        shown(&base, id, "status sent_on valid_until"),
        "sent|2026-03-10|2026-03-20"
    );
    base.undo();
    assert_eq!(shown(&base, id, "status sent_on"), "expired|2026-03-02");
    base.check();
}

#[test]
fn illegal_moves_name_the_legal_ones() {
    let mut base = base();
    let id = added(&mut base, "customer=C1; lines=W1");
    moved(&mut base, id, QuoteStatus::Sent);
    assert_eq!(
        refused(&mut base, id, QuoteStatus::Sent),
        "status: quote Q1 is sent, and can only become accepted, rejected, void; not sent"
    );
    let no = Move {
        reason: Some("太贵".to_owned()),
        ..Move::default()
    };
    base.write(|tx| move_to(tx, id, QuoteStatus::Rejected, &no));
    assert_eq!(
        shown(&base, id, "status decided_on reason"),
        "rejected|2026-03-02|太贵"
    );
    base.on("2026-03-05");
    base.write(|tx| reopen(tx, id, &Move::default()));
    // The customer has had it since it was sent.
    assert_eq!(
        shown(&base, id, "status sent_on decided_on reason"),
        "sent|2026-03-02||"
    );
    moved(&mut base, id, QuoteStatus::Void);
    base.write(|tx| reopen(tx, id, &Move::default()));
    assert_eq!(shown(&base, id, "status sent_on decided_on"), "draft||");
}

#[test]
fn accepting_makes_an_order_once_and_undo_takes_all_of_it_back() {
    let mut base = base();
    base.write(|tx| {
        let text = "name=Depot; customer=C1; people=李娜; product=W1, S1; amount=309";
        deal::add(tx, &assignments(text), &strict())
    });
    let first = added(&mut base, "deal=D1; discount=10%; shipping=5; terms=30 days net");
    // What the deal knows comes along: the customer, the person, the lines at list prices.
    assert_eq!(
        shown(&base, first, "customer.id contact.id deal.id name subtotal"),
        "C1|C2|D1|W1|309.00"
    );
    moved(&mut base, first, QuoteStatus::Sent);
    let second = base.write(|tx| revise(tx, first, None)).id;
    assert_eq!(
        shown(
            &base,
            second,
            "name revision version_of.id status subtotal discount shipping"
        ),
        "W1 v2|2|Q1|draft|309.00|10%|5.00"
    );
    let again = base.refused(|tx| revise(tx, first, None)).1;
    assert_eq!(again, "status: Q2 is the draft of a new version of Q1");
    base.write(|tx| {
        edit(
            tx,
            second,
            &assignments("lines=W1 x2\nS1"),
            Lists::Replace,
            &strict(),
        )
    });
    moved(&mut base, second, QuoteStatus::Sent);
    assert_eq!(shown(&base, first, "status"), "void");
    let third = base.write(|tx| revise(tx, second, Some(date("2026-03-31")))).id;
    assert_eq!(
        shown(&base, third, "name revision version_of.id valid_until"),
        "W1 v3|3|Q1|2026-03-31"
    );

    let before = base.image();
    let accepted = base.write(|tx| accept(tx, second, None, true));
    let made = accepted.order.unwrap();
    assert!(accepted.changed);
    assert_eq!(shown(&base, second, "status decided_on"), "accepted|2026-03-02");
    assert_eq!(shown(&base, third, "status"), "void");
    let names = "name customer.id contact.id deal.id quote.id status discount shipping terms total";
    // 498.00 − 10 % = 448.20; + 19 % (85.16) + 5.00.
    assert_eq!(
        base.shown(Noun::Order, made, names),
        "W1 v2|C1|C2|D1|Q2|draft|10%|5.00|30 days net|538.36"
    );
    // The amount of the deal was what its lines come to; now it is what was agreed on.
    let deal = base.read(|tx| crate::ops::refer::one(tx, Noun::Deal, "D1"));
    assert_eq!(base.shown(Noun::Deal, deal, "amount"), "448.20");
    base.check();
    // Once more changes nothing and says the same.
    let image = base.image();
    let twice = base.write(|tx| accept(tx, second, None, true));
    assert_eq!((twice.order, twice.changed), (Some(made), false));
    assert_eq!(base.image(), image);
    // What an order stands on is not taken back.
    assert_eq!(
        refused(&mut base, second, QuoteStatus::Void),
        "status: order O1 was made of quote Q2; `crm order cancel O1` first"
    );
    base.undo();
    assert_eq!(base.image(), before);
    let left = base.write(|tx| accept(tx, second, Some(date("2026-03-01")), false));
    assert_eq!(left.order, None);
    assert_eq!(shown(&base, second, "decided_on"), "2026-03-01");
    assert_eq!(found(&base, "orders.count:0 is:closed status:accepted"), "Q2");
}

#[test]
fn an_order_of_an_open_quote_accepts_it() {
    let mut base = base();
    let id = added(
        &mut base,
        "customer=C1; lines=W1 x2 @170 -2.5%; tax=included; name=Hall 3",
    );
    let made = base.write(|tx| order::add(tx, &assignments("quote=Q1; name=Hall; shipping=9"), &strict()));
    assert_eq!(shown(&base, id, "status"), "accepted");
    assert_eq!(
        base.shown(
            Noun::Order,
            made.id,
            "name customer.id quote.id tax lines shipping"
        ),
        "Hall|C1|Q1|included|W1 x2 @170.00 -2.5% +19%|9.00"
    );
    let void = added(&mut base, "customer=C1; lines=W1");
    moved(&mut base, void, QuoteStatus::Void);
    assert_eq!(
        base.refused(|tx| order::add(tx, &assignments("quote=Q2"), &strict()))
            .1,
        "quote: Q2 is void; `crm quote reopen Q2` first"
    );
    base.write(|tx| trash::remove(tx, Noun::Quote, &[id]));
    base.undo();
    base.check();
}

#[test]
fn a_deal_in_another_currency_keeps_its_lines() {
    let mut base = base();
    base.write(|tx| {
        rate::set(tx, "EUR", "1.1", None)?;
        let text = "name=Depot; customer=C1; product=W1; amount=10 USD";
        deal::add(tx, &assignments(text), &strict())
    });
    let text = assignments("deal=D1; currency=EUR");
    assert_eq!(
        base.refused(|tx| add(tx, &text, &strict())).1,
        "currency: the lines of D1 are in USD; give the lines too"
    );
    let id = added(&mut base, "deal=D1; currency=EUR; lines=Crane @100");
    assert_eq!(shown(&base, id, "total total_base"), "100.00|110.00");
    base.write(|tx| rate::set(tx, "EUR", "1.2", None));
    assert_eq!(shown(&base, id, "total_base"), "120.00");
    // The amount was somebody's own word, in another currency: it stays.
    base.write(|tx| accept(tx, id, None, true));
    let deal = base.read(|tx| crate::ops::refer::one(tx, Noun::Deal, "D1"));
    assert_eq!(base.shown(Noun::Deal, deal, "amount"), "10.00");
    base.check();
}

#[test]
fn an_import_brings_what_is_known_of_the_past() {
    let mut base = base();
    base.caller.via = Via::Import;
    let text = "customer=C1; status=accepted; decided_on=2025-04-03; sent_on=2025-03-20; lines=Crane @100";
    let id = added(&mut base, text);
    assert_eq!(
        shown(&base, id, "status sent_on decided_on valid_until"),
        "accepted|2025-03-20|2025-04-03|"
    );
}
