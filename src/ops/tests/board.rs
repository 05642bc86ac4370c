//! The board: its columns, cards and figures, and what they cost.

use super::plans::{SMALL, factor, filled};
use super::taking_back::{new_customer, new_user};
use super::{Base, assignments};
use crate::domain::id::Id;
use crate::domain::money::Money;
use crate::domain::pipeline::StageType;
use crate::error::Kind;
use crate::ops::board::{self, By, Card, Column, Lane, Request};
use crate::ops::typed::Policy;
use crate::ops::window::Anchor;
use crate::ops::{deal, list, pipeline, rate, task};
use crate::report;
use crate::store::listing::Effort;
use crate::store::window::Way;
use crate::store::{records, seed};

fn request(base: &Base, by: By) -> Request {
    Request {
        pipeline: base.read(seed::default_pipeline).expect("the default pipeline"),
        by,
        filters: Vec::new(),
        sort: Vec::new(),
        cards: 2,
        closed: false,
    }
}

fn show(base: &Base, request: &Request) -> Vec<Column> {
    base.read(|tx| board::board(tx, request))
}

fn names(cards: &[Card]) -> String {
    let names: Vec<&str> = cards.iter().map(|card| card.deal.name.as_str()).collect();
    names.join(" ")
}

/// `name: cards` of every column that has any, a plus where there are more.
fn told(columns: &[Column]) -> Vec<String> {
    let full = columns.iter().filter(|column| !column.cards.is_empty());
    full.map(|column| {
        let name = column.name.as_deref().unwrap_or("-");
        format!(
            "{name}: {}{}",
            names(&column.cards),
            if column.more { " +" } else { "" }
        )
    })
    .collect()
}

/// Deals in two stages, two currencies, of two owners.
fn sales() -> (Base, Vec<Id>) {
    let mut base = Base::new();
    let strict = Policy::strict();
    base.write(|tx| new_user(tx, "Grace"));
    base.write(|tx| new_customer(tx, "type=company; name=杭州纸业"));
    base.write(|tx| new_customer(tx, "name=Ada; company=杭州纸业"));
    let mut deals = Vec::new();
    for text in [
        "name=Paper; customer=杭州纸业; people=Ada; stage=proposal; amount=100 USD; close=2026-03-20; owner=Grace",
        "name=Ink; stage=proposal; amount=300 USD; close=2026-03-10; owner=self",
        "name=Pens; stage=proposal; amount=50 EUR; owner=Grace",
        "name=Desks; stage=negotiation; amount=7 EUR; close=2026-05-01",
        "name=Chairs; stage=negotiation; owner=Grace; close=2026-03-02",
        "name=Lamps; stage=negotiation; amount=9 USD",
        "name=Old; stage=negotiation; amount=9 USD",
    ] {
        deals.push(base.write(|tx| deal::add(tx, &assignments(text), &strict)).id);
    }
    (base, deals)
}

fn usd(minor: i64) -> Money {
    Money {
        minor,
        currency: crate::domain::money::Currency::parse("USD").unwrap(),
    }
}

#[test]
fn stages_stand_in_order_with_their_first_cards() {
    let (mut base, deals) = sales();
    base.write(|tx| deal::lose(tx, deals[6], None, "price", None));
    let mut asked = request(&base, By::Stage);
    let columns = show(&base, &asked);
    assert!(
        columns
            .iter()
            .all(|column| column.kind == StageType::Open && column.totals.is_none())
    );
    assert_eq!(
        told(&columns),
        ["proposal: Pens Ink +", "negotiation: Lamps Chairs +"]
    );
    let proposal = columns
        .iter()
        .find(|column| column.name.as_deref() == Some("proposal"));
    let proposal = proposal.expect("a column");
    assert!(proposal.labels.iter().any(|(language, _)| language == "zh"));
    let stretch = |anchor| base.read(|tx| board::stretch(tx, &asked, proposal.lane, anchor));
    for (anchor, expected, first, last) in [
        (Anchor::After(deals[1]), "Paper", false, true),
        (Anchor::Last, "Ink Paper", false, true),
        (Anchor::Around(deals[0]), "Ink Paper", false, true),
        (Anchor::Before(deals[1]), "Pens", true, false),
        (Anchor::First, "Pens Ink", true, false),
    ] {
        let found = stretch(anchor);
        let found = (names(&found.cards), found.first, found.last);
        assert_eq!(found, (expected.to_owned(), first, last), "{anchor:?}");
    }
    asked.sort = vec!["-amount".to_owned()];
    asked.cards = 9;
    asked.closed = true;
    assert_eq!(
        told(&show(&base, &asked)),
        [
            "proposal: Ink Paper Pens",
            "negotiation: Lamps Chairs Desks",
            "lost: Old"
        ]
    );
    asked.filters = vec!["owner:grace".to_owned()];
    assert_eq!(
        told(&show(&base, &asked)),
        ["proposal: Paper Pens", "negotiation: Chairs"]
    );
    // What was closed long ago is no work any more.
    base.on("2026-08-01");
    asked.filters = vec!["is:closed".to_owned()];
    assert!(told(&show(&base, &asked)).is_empty());
}

#[test]
fn a_card_says_what_there_is_to_say() {
    let (mut base, deals) = sales();
    let text = format!("title=Call; deal={}; due=2026-03-05", deals[0].uid());
    base.write(|tx| task::add(tx, &assignments(&text), &Policy::strict()));
    base.on("2026-03-04");
    let asked = Request {
        filters: vec!["paper".to_owned()],
        ..request(&base, By::Stage)
    };
    let columns = show(&base, &asked);
    let [card] = columns
        .iter()
        .flat_map(|column| &column.cards)
        .collect::<Vec<_>>()[..]
    else {
        panic!("one card");
    };
    assert_eq!(
        card.customer.as_ref().map(|link| link.name.as_str()),
        Some("杭州纸业")
    );
    assert_eq!(card.contact.as_ref().map(|link| link.name.as_str()), Some("Ada"));
    assert_eq!(
        (card.amount, card.base_amount),
        (Some(usd(10_000)), Some(usd(10_000)))
    );
    assert_eq!(card.days_in_stage, 2);
    assert_eq!(card.close, Some(super::date("2026-03-20")));
    assert_eq!(card.next_task, Some(super::date("2026-03-05")));
    assert_eq!((card.owner.as_deref(), card.closed_on), (Some("Grace"), None));
    // It rots where the filter says so, and not while a task is ahead.
    for day in ["2026-03-04", "2026-12-01"] {
        base.on(day);
        let found = base.read(|tx| {
            let rotting = list::condition(tx, crate::domain::noun::Noun::Deal, &["is:rotting".to_owned()])?;
            records::ids(tx, crate::domain::noun::Noun::Deal, &rotting)
        });
        let all = Request {
            cards: 99,
            ..request(&base, By::Stage)
        };
        let mut shown: Vec<Id> = show(&base, &all)
            .iter()
            .flat_map(|column| &column.cards)
            .filter(|card| card.is_rotting)
            .map(|card| card.deal.id)
            .collect();
        shown.sort();
        let mut found = found;
        found.sort();
        assert_eq!(shown, found, "{day}");
        assert_eq!(found.is_empty(), day == "2026-03-04");
    }
}

#[test]
fn figures_are_those_of_the_report() {
    let (mut base, deals) = sales();
    base.write(|tx| deal::lose(tx, deals[6], None, "price", None));
    for with_rate in [false, true] {
        if with_rate {
            base.write(|tx| rate::set(tx, "EUR", "1.2", Some(super::date("2026-01-01"))));
        }
        for (by, dimension) in [
            (By::Stage, report::Dimension::Stage),
            (By::Owner, report::Dimension::Owner),
            (By::Month, report::Dimension::Month),
        ] {
            let asked = request(&base, by);
            let mut columns = show(&base, &asked);
            let totals = base.read(|tx| board::totals(tx, &asked));
            if by == By::Stage {
                board::put(&mut columns, &totals);
            }
            let report = base.read(|tx| {
                let request = report::Request {
                    by: Some(dimension),
                    ..report::Request::default()
                };
                report::run(tx, "pipeline", &request)
            });
            let full: Vec<Vec<report::Cell>> = columns
                .iter()
                .filter_map(|column| column.totals.map(|totals| (column, totals)))
                .map(|(column, totals)| {
                    let name = column.name.clone();
                    vec![
                        name.map_or(report::Cell::Null, report::Cell::Text),
                        report::Cell::Count(totals.deals),
                        report::Cell::Money(totals.amount),
                        report::Cell::Money(totals.weighted),
                        report::Cell::Count(totals.no_amount),
                    ]
                })
                .collect();
            assert_eq!(full, report.rows, "{by:?}");
            let no_rate: i64 = totals.iter().map(|(_, totals)| totals.no_rate).sum();
            assert_eq!(no_rate, if with_rate { 0 } else { 2 });
            let cards: usize = columns.iter().map(|column| column.cards.len()).sum();
            assert!(cards >= 4, "{by:?}: {cards} cards");
        }
    }
}

#[test]
fn months_begin_with_what_should_close_first() {
    let (base, _) = sales();
    let asked = Request {
        cards: 9,
        ..request(&base, By::Month)
    };
    assert_eq!(
        told(&show(&base, &asked)),
        ["2026-03: Chairs Ink Paper", "2026-05: Desks", "-: Old Lamps Pens"]
    );
    let owners = Request {
        by: By::Owner,
        ..asked
    };
    assert_eq!(
        told(&show(&base, &owners)),
        ["Grace: Chairs Pens Paper", "self: Ink", "-: Old Lamps Desks"]
    );
}

#[test]
fn a_board_needs_a_pipeline() {
    let base = Base::new();
    let asked = Request {
        pipeline: Id::from_raw(7),
        ..request(&base, By::Stage)
    };
    let refused = base.store.read(&base.caller, |tx| board::board(tx, &asked));
    assert_eq!(refused.expect_err("there is none").kind(), Kind::NotFound);
}

#[test]
fn a_board_shows_one_pipeline() {
    let (mut base, _) = sales();
    base.write(|tx| pipeline::add(tx, &assignments("key=partners"), &[], &Policy::strict()));
    let text = "name=Foreign; pipeline=partners; amount=5 USD; close=2026-03-03; owner=self";
    base.write(|tx| deal::add(tx, &assignments(text), &Policy::strict()));
    for by in [By::Stage, By::Owner, By::Month] {
        let asked = Request {
            cards: 99,
            ..request(&base, by)
        };
        let totals = base.read(|tx| board::totals(tx, &asked));
        let deals: i64 = totals.iter().map(|(_, totals)| totals.deals).sum();
        assert_eq!(deals, 7, "{by:?}");
        let columns = show(&base, &asked);
        let cards: usize = columns.iter().map(|column| column.cards.len()).sum();
        assert_eq!(cards, 7, "{by:?}");
    }
}

/// What the first cards of a column cost.
fn cost(base: &Base, lane: Lane, sort: &str) -> Effort {
    base.read(|tx| {
        let request = list::Request {
            sort: Some(sort.to_owned())
                .into_iter()
                .filter(|sort| !sort.is_empty())
                .collect(),
            columns: vec!["id".to_owned()],
            ..list::Request::default()
        };
        let listing = list::listing(tx, crate::domain::noun::Noun::Deal, &request)?;
        let pipeline = seed::default_pipeline(tx)?.expect("the default pipeline");
        let walk = lane.walk(tx, pipeline, &listing)?;
        let rows = walk.end(Way::Forward, 20)?;
        assert!(!rows.is_empty(), "{lane:?}");
        Ok(walk.spent())
    })
}

#[test]
fn the_first_cards_cost_the_same_at_any_size() {
    let (small, large) = (filled(SMALL * factor()), filled(SMALL * factor() * 10));
    let stage = |base: &Base, key: &str| {
        let stages = base.read(|tx| {
            let pipeline = seed::default_pipeline(tx)?.expect("the default pipeline");
            seed::stages(tx, pipeline)
        });
        stages
            .into_iter()
            .find(|stage| stage.key == key)
            .expect("a stage")
            .id
    };
    let day = super::date("2026-01-01");
    type Pick<'p> = &'p dyn Fn(&Base) -> Lane;
    let lanes: [(Pick<'_>, &str); 6] = [
        (&|base| Lane::Stage(stage(base, "proposal")), ""),
        (&|base| Lane::Stage(stage(base, "negotiation")), ""),
        (&|base| Lane::Closed(stage(base, "won"), day), "-closed_on"),
        (&|base| Lane::Owner(Some(base.caller.actor.id)), ""),
        (
            &|_| Lane::Month(Some(super::date("2026-04-15"))),
            "expected_close",
        ),
        (&|base| Lane::Stage(stage(base, "proposal")), "-amount"),
    ];
    for (at, (lane, sort)) in lanes.iter().enumerate() {
        let (little, much) = (cost(&small, lane(&small), sort), cost(&large, lane(&large), sort));
        if *sort == "-amount" {
            // Another order looks at the deals of the stage, and at no others.
            let deals = 10 * i32::try_from(SMALL * factor()).expect("a count");
            assert!(much.steps < 30 * deals && much.scanned == 0, "{much:?}");
        } else {
            assert!(
                f64::from(much.steps) < 1.3 * f64::from(little.steps),
                "{at}: {little:?} {much:?}"
            );
            assert_eq!((much.scanned, much.sorts), (0, 0), "{at}: {much:?}");
        }
    }
}
