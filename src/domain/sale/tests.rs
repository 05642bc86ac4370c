use jiff::civil::{Date, date};
use proptest::prelude::*;

use super::*;

fn line(quantity: i64, unit_price: i64, discount: i64, tax_rate: i64) -> Line {
    Line {
        quantity,
        unit_price,
        discount,
        tax_rate,
        cost: None,
    }
}

#[test]
fn an_order_comes_to_what_was_added_up_by_hand() {
    // 3 × 189.00 less 10 % = 510.30 at 19 %; 1.5 h × 120.00 = 180.00 at 19 %; a book of 20.00 at 7 %.
    let lines = [
        line(3_000, 18_900, 1000, 1900),
        line(1_500, 12_000, 0, 1900),
        line(1_000, 2000, 0, 700),
    ];
    // 690.30 × 19 % = 131.157, 20.00 × 7 % = 1.40; with 5.90 for shipping.
    let added = sums(&lines, Discount::None, 590, Tax::Added).unwrap();
    assert_eq!(
        added,
        Sums {
            subtotal: 71_030,
            discount: 0,
            tax: 13_116 + 140,
            total: 71_030 + 13_256 + 590,
            margin: None,
        }
    );
    // In the prices: 690.30 ÷ 1.19 = 580.0840…, 20.00 ÷ 1.07 = 18.6915….
    let included = sums(&lines, Discount::None, 0, Tax::Included).unwrap();
    assert_eq!((included.tax, included.total), (11_022 + 131, 71_030));
}

#[test]
fn a_discount_on_the_whole_is_spread_to_the_last_cent() {
    // 10.00 off 3 × 33.33: thirds of a cent, of which the first line gets the one that is left.
    assert_eq!(spread(1000, &[3333, 3333, 3333]), [334, 333, 333]);
    // 100.00 at 19 % and 100.00 at 7 %, 5 % off: 95.00 of each.
    let lines = [line(1_000, 10_000, 0, 1900), line(1_000, 10_000, 0, 700)];
    let sums = sums(&lines, Discount::Rate(500), 0, Tax::Added).unwrap();
    assert_eq!(
        (sums.discount, sums.tax, sums.total),
        (1000, 1805 + 665, 19_000 + 2470)
    );
}

#[test]
fn no_more_is_taken_off_than_there_is_and_costs_make_a_margin() {
    let sold = Line {
        cost: Some(6000),
        ..line(2_000, 10_000, 0, 0)
    };
    let sums_of = |discount| sums(&[sold], discount, 0, Tax::Added).unwrap();
    assert_eq!(sums_of(Discount::Amount(50_000)).total, 0);
    assert_eq!(sums_of(Discount::Amount(3000)).margin, Some(5000));
    // Halves go away from zero, also below it: a credit of half a cent is a cent.
    let credit = sums(&[line(-500, 1, 0, 0)], Discount::None, 0, Tax::Added).unwrap();
    assert_eq!(credit.total, -1);
    let beyond = line(i64::MAX, i64::MAX, 0, 0);
    assert_eq!(sums(&[beyond, beyond], Discount::None, 0, Tax::Added), None);
}

fn due(day: Option<Date>, amount: i64, paid: i64) -> Installment {
    Installment {
        due_on: day,
        amount,
        paid,
        remind_days: REMIND_DAYS,
    }
}

#[test]
fn an_order_is_paid_in_steps() {
    let (may, june) = (date(2026, 5, 1), date(2026, 6, 1));
    let parts = [due(Some(june), 700, 0), due(Some(may), 300, 0)];
    let status = |received, refunded| {
        let paid = paid(1_000, received, refunded, &parts);
        (paid.status.name(), paid.balance, paid.overdue_on)
    };
    assert_eq!(status(0, 0), ("unpaid", 1_000, Some(may)));
    // What came without a word goes to what was due first.
    assert_eq!(status(300, 0), ("partially_paid", 700, Some(june)));
    assert_eq!(status(299, 0), ("partially_paid", 701, Some(may)));
    assert_eq!(status(1_000, 0), ("paid", 0, None));
    assert_eq!(status(1_200, 0), ("overpaid", -200, None));
    assert_eq!(status(1_000, 400), ("partially_refunded", 400, None));
    assert_eq!(status(1_000, 1_000), ("refunded", 1_000, None));
    // What was paid for the second part is not taken for the first.
    let said = [due(Some(june), 700, 300), due(Some(may), 300, 0)];
    assert_eq!(cover(300, &said), [300, 0]);
    assert_eq!(cover(700, &said), [400, 300]);
    assert_eq!(paid(0, 0, 0, &[]).status, PaymentStatus::Paid);
    // One is reminded of the part that is due first, by its own days; never more than a quarter of a year before.
    let reminded = |remind_days: i32| {
        let first = Installment {
            remind_days,
            ..due(Some(may), 300, 0)
        };
        paid(1_000, 0, 0, &[due(Some(june), 700, 0), first]).remind_on
    };
    assert_eq!(reminded(3), Some(date(2026, 4, 28)));
    assert_eq!(reminded(0), Some(may));
    assert_eq!(reminded(-1), Some(may));
    assert_eq!(reminded(1_000), Some(date(2026, 1, 31)));
    assert_eq!(paid(1_000, 300, 0, &parts).remind_on, Some(date(2026, 5, 29)));
    assert_eq!(paid(1_000, 1_000, 0, &parts).remind_on, None);
}

/// Ageing as the A/R aging summary of QuickBooks has it: current, 1 to 30, 31 to 60, 61 to 90, 91 and over days past due.
#[test]
fn ages_have_the_usual_columns() {
    let today = date(2026, 7, 31);
    let late = |days: i64| {
        age(
            Some(today.checked_sub(jiff::Span::new().days(days)).unwrap()),
            today,
        )
        .name()
    };
    assert_eq!([-5, 0, 1, 30].map(late), ["current", "current", "1-30", "1-30"]);
    assert_eq!([31, 60, 61, 90].map(late), ["31-60", "31-60", "61-90", "61-90"]);
    assert_eq!([91, 4000].map(late), ["over 90", "over 90"]);
    assert_eq!(age(None, today), Age::Current);
}

#[test]
fn an_order_is_delivered_in_steps() {
    use ShipmentStatus::{Delivered, Exception, InTransit, Preparing, Returned, Shipped};
    let told = |shipments: &[(ShipmentStatus, i64)]| {
        let shipments: Vec<Shipment> = shipments
            .iter()
            .map(|(status, quantity)| Shipment {
                status: *status,
                quantity: *quantity,
            })
            .collect();
        fulfilment(3_000, &shipments).name()
    };
    assert_eq!(told(&[]), "unfulfilled");
    assert_eq!(told(&[(Preparing, 3_000)]), "unfulfilled");
    assert_eq!(told(&[(Shipped, 1_000)]), "partially_shipped");
    assert_eq!(
        told(&[(Delivered, 1_000), (Preparing, 2_000)]),
        "partially_shipped"
    );
    assert_eq!(told(&[(Delivered, 1_000), (InTransit, 2_000)]), "shipped");
    assert_eq!(told(&[(Delivered, 1_000), (Delivered, 2_000)]), "delivered");
    assert_eq!(told(&[(Delivered, 1_000), (Exception, 2_000)]), "failed");
    assert_eq!(told(&[(Returned, 3_000)]), "returned");
}

#[test]
fn every_state_is_reached_from_the_first() {
    fn reached<S: Copy + PartialEq + 'static>(first: S, allowed: impl Fn(S) -> &'static [S]) -> usize {
        let mut seen = vec![first];
        let mut at = 0;
        while let Some(state) = seen.get(at).copied() {
            for next in allowed(state) {
                assert!(*next != state);
                if !seen.contains(next) {
                    seen.push(*next);
                }
            }
            at += 1;
        }
        seen.len()
    }
    assert_eq!(
        reached(OrderStatus::Draft, OrderStatus::allowed),
        OrderStatus::ALL.len()
    );
    // No word makes a quote expire.
    assert_eq!(
        reached(QuoteStatus::Draft, QuoteStatus::allowed),
        QuoteStatus::ALL.len() - 1
    );
    assert_eq!(
        reached(ShipmentStatus::Preparing, ShipmentStatus::allowed),
        ShipmentStatus::ALL.len()
    );
}

proptest! {
    #[test]
    fn parts_add_up(amount in -1_000_000_i128..1_000_000, weights in prop::collection::vec(0_i128..100_000, 1..20)) {
        let parts = spread(amount, &weights);
        let whole: i128 = weights.iter().sum();
        prop_assert_eq!(parts.iter().sum::<i128>(), if whole == 0 { 0 } else { amount });
    }

    #[test]
    fn prices_with_tax_and_without_come_to_the_same(amount in 0_i64..1_000_000, rate in 0_i64..3_000) {
        let added = sums(&[line(1_000, amount, 0, rate)], Discount::None, 0, Tax::Added).unwrap();
        let included = sums(&[line(1_000, added.total, 0, rate)], Discount::None, 0, Tax::Included).unwrap();
        prop_assert_eq!((included.tax, included.total), (added.tax, added.total));
    }

    #[test]
    fn nothing_is_covered_twice(kept in 0_i64..5_000, parts in prop::collection::vec((0_i64..1_000, 0_i64..1_500), 0..8)) {
        let parts: Vec<Installment> = parts.iter().map(|(amount, paid)| due(None, *amount, *paid)).collect();
        let covered = cover(kept, &parts);
        let whole: i64 = parts.iter().map(|part| part.amount).sum();
        prop_assert_eq!(covered.iter().sum::<i64>(), kept.min(whole));
        prop_assert!(covered.iter().zip(&parts).all(|(covered, part)| *covered <= part.amount));
    }
}
