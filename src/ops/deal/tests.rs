use proptest::prelude::*;

use super::*;
use crate::domain::pipeline::DEFAULT_STAGES;
use crate::ops::tests::{Base, assignments, creating, date};
use crate::ops::{customer, pipeline, product};
use crate::store::deals::Interval;
use crate::store::{pipelines, seed};

fn strict() -> Policy {
    Policy::strict()
}

fn added(base: &mut Base, text: &str) -> Id {
    base.write(|tx| add(tx, &assignments(text), &strict())).id
}

fn edited(base: &mut Base, id: Id, text: &str) -> bool {
    base.write(|tx| edit(tx, id, &assignments(text), Lists::Replace, &strict()))
        .changed
}

fn shown(base: &Base, id: Id, names: &str) -> String {
    base.shown(Noun::Deal, id, names)
}

/// The stays of a deal: `stage direction entered..left`.
fn history(base: &Base, id: Id) -> Vec<String> {
    base.read(|tx| {
        deals::intervals(tx, id)?
            .iter()
            .map(|stay| {
                let stage = pipelines::stage(tx, stay.stage)?.expect("a stage").key;
                let left = stay.left_on.map_or_else(String::new, |day| day.to_string());
                Ok(format!("{stage} {} {}..{left}", stay.direction, stay.entered_on))
            })
            .collect()
    })
}

/// What holds of every deal at any time.
fn check(base: &Base, id: Id) {
    let (deal, stays, kind, pipeline) = base.read(|tx| {
        let deal = moves::get(tx, id)?;
        let stage = pipelines::stage(tx, deal.stage)?.expect("a stage");
        Ok((
            deal.clone(),
            deals::intervals(tx, deal.id)?,
            stage.kind,
            stage.pipeline,
        ))
    });
    let row = shown(base, id, "status stage_since opened_on");
    let last: &Interval = stays.last().expect("a stay");
    assert_eq!(
        row,
        format!("{}|{}|{}", kind.name(), last.entered_on, deal.opened_on)
    );
    assert_eq!(deal.pipeline, pipeline, "a stage of its own pipeline");
    assert_eq!(last.stage, deal.stage);
    assert_eq!(deal.closed.is_some(), kind != StageType::Open);
    assert_eq!(
        stays.iter().filter(|stay| stay.left_on.is_none()).count(),
        1,
        "one stay goes on"
    );
    assert_eq!(stays[0].entered_on, deal.opened_on);
    assert_eq!(stays[0].direction, "create");
    for pair in stays.windows(2) {
        assert_eq!(pair[0].left_on, Some(pair[1].entered_on));
        assert_eq!(pair[0].left_at, Some(pair[1].entered_at));
        assert!(pair[0].entered_on <= pair[1].entered_on, "{stays:?}");
        assert_ne!(pair[1].direction, "create");
    }
    if let Some(closed) = &deal.closed {
        assert_eq!(closed.on, last.entered_on);
        assert!(closed.last_open_stage.is_some());
    }
}

#[derive(Debug, Clone)]
enum Act {
    Move(usize),
    Win(Option<i8>),
    Lose(Option<i8>),
    Reopen,
    Opened(i8),
    Closed(i8),
    Percent(Option<u8>),
    Wait(u8),
    RemoveStage(usize, usize),
    Pipeline(bool),
}

fn act() -> impl Strategy<Value = Act> {
    let stage = 0..DEFAULT_STAGES.len();
    let days = -40_i8..40;
    prop_oneof![
        4 => stage.clone().prop_map(Act::Move),
        2 => proptest::option::of(days.clone()).prop_map(Act::Win),
        2 => proptest::option::of(days.clone()).prop_map(Act::Lose),
        2 => Just(Act::Reopen),
        1 => days.clone().prop_map(Act::Opened),
        1 => days.prop_map(Act::Closed),
        1 => proptest::option::of(0..=100_u8).prop_map(Act::Percent),
        2 => (1..20_u8).prop_map(Act::Wait),
        1 => (stage.clone(), stage).prop_map(|(from, to)| Act::RemoveStage(from, to)),
        1 => any::<bool>().prop_map(Act::Pipeline),
    ]
}

/// Does one act in one operation; false if it is refused or changes nothing.
fn perform(base: &mut Base, id: Id, act: &Act) -> bool {
    let today = base.caller.clock.today();
    let day = |days: i8| today.saturating_add(jiff::Span::new().days(i64::from(days)));
    let set =
        |text: String| move |tx: &WriteTx<'_>| edit(tx, id, &assignments(&text), Lists::Replace, &strict());
    let key = |at: usize| DEFAULT_STAGES[at].key;
    let outcome = match act {
        Act::Wait(days) => {
            let later = today.saturating_add(jiff::Span::new().days(i64::from(*days)));
            base.on(&later.to_string());
            return false;
        }
        Act::Move(stage) => base.try_write(|tx| move_to(tx, id, key(*stage))),
        Act::Win(on) => base.try_write(|tx| win(tx, id, on.map(day))),
        Act::Lose(on) => base.try_write(|tx| lose(tx, id, on.map(day), "price", None)),
        Act::Reopen => base.try_write(|tx| reopen(tx, id)),
        Act::Opened(days) => base.try_write(set(format!("opened_on={}", day(*days)))),
        Act::Closed(days) => base.try_write(set(format!("closed_on={}", day(*days)))),
        Act::Percent(None) => base.try_write(set("probability=".to_owned())),
        Act::Percent(Some(percent)) => base.try_write(set(format!("probability={percent}"))),
        Act::Pipeline(first) => base.try_write(set(format!(
            "pipeline={}",
            if *first { "sales" } else { "partners" }
        ))),
        Act::RemoveStage(from, to) => base.try_write(|tx| {
            let pipeline = moves::get(tx, id)?.pipeline;
            let from = pipeline::stage_named(tx, pipeline, key(*from))?.id;
            let to = pipeline::stage_named(tx, pipeline, key(*to))?.id;
            pipeline::stage_remove(tx, from, Some(to))?;
            Ok(Outcome::kept(id, true))
        }),
    };
    match outcome {
        Ok(outcome) => outcome.changed,
        Err(error) => {
            let expected = matches!(error.kind(), Kind::Invalid | Kind::NotFound);
            assert!(expected, "{act:?}: {error:?}");
            false
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    #[test]
    fn history_is_whole_after_any_moves_and_undo_goes_all_the_way_back(
        acts in proptest::collection::vec(act(), 1..16)
    ) {
        let mut base = Base::new();
        base.write(|tx| pipeline::add(tx, &assignments("key=partners"), &[], &strict()));
        let id = added(&mut base, "name=Big one; opened_on=2026-02-20; amount=1000");
        check(&base, id);
        let mut images = Vec::new();
        for act in &acts {
            let before = base.image();
            if perform(&mut base, id, act) {
                images.push(before);
            } else {
                prop_assert_eq!(&base.image(), &before, "{:?} changed something", act);
            }
            check(&base, id);
        }
        while let Some(before) = images.pop() {
            base.undo();
            prop_assert_eq!(base.image(), before);
        }
    }
}

#[test]
fn a_deal_begins_in_the_first_open_stage_and_follows_it() {
    let mut base = Base::new();
    let id = added(&mut base, "name=Big one");
    assert_eq!(
        shown(
            &base,
            id,
            "id pipeline stage status probability probability_mode category opened_on"
        ),
        "D1|sales|prospecting|open|10%|stage|pipeline|2026-03-02"
    );
    base.on("2026-03-09");
    base.write(|tx| move_to(tx, id, "方案/报价"));
    assert_eq!(
        shown(&base, id, "stage probability category"),
        "proposal|60%|best_case"
    );
    base.write(|tx| move_to(tx, id, "Needs analysis"));
    base.write(|tx| move_to(tx, id, "proposal"));
    assert!(!base.write(|tx| move_to(tx, id, "proposal")).changed);
    assert_eq!(
        history(&base, id),
        [
            "prospecting create 2026-03-02..2026-03-09",
            "proposal skip 2026-03-09..2026-03-09",
            "needs_analysis backward 2026-03-09..2026-03-09",
            "proposal forward 2026-03-09..",
        ]
    );
}

#[test]
fn what_a_person_sets_outlives_the_stage_until_it_is_cleared() {
    let mut base = Base::new();
    let id = added(&mut base, "name=Big one; probability=35");
    base.write(|tx| move_to(tx, id, "negotiation"));
    let names = "probability probability_mode category category_mode";
    assert_eq!(shown(&base, id, names), "35%|manual|commit|stage");
    assert!(edited(&mut base, id, "category=omitted"));
    assert!(!edited(&mut base, id, "category=omitted; probability=35"));
    base.write(|tx| win(tx, id, None));
    assert_eq!(shown(&base, id, names), "35%|manual|omitted|manual");
    assert!(edited(&mut base, id, "probability=; category="));
    assert_eq!(shown(&base, id, names), "100%|stage|closed|stage");
}

#[test]
fn the_default_of_a_stage_never_rewrites_deals() {
    let mut base = Base::new();
    let id = added(&mut base, "name=Big one");
    base.write(|tx| {
        let sales = moves::get(tx, id)?.pipeline;
        let stage = pipeline::stage_named(tx, sales, "prospecting")?;
        let spec = pipeline::StageSpec {
            probability: Some(25),
            category: Some("omitted".to_owned()),
            ..pipeline::StageSpec::default()
        };
        pipeline::stage_set(tx, stage.id, &spec)
    });
    assert_eq!(shown(&base, id, "probability category"), "10%|pipeline");
    base.write(|tx| move_to(tx, id, "proposal"));
    base.write(|tx| move_to(tx, id, "prospecting"));
    assert_eq!(shown(&base, id, "probability category"), "25%|omitted");
}

#[test]
fn a_loss_wants_a_reason_and_other_a_note() {
    let mut base = Base::new();
    let id = added(&mut base, "name=Big one");
    for (field, refused) in [
        ("lost_reason", base.refused(|tx| move_to(tx, id, "lost"))),
        ("lost_reason", base.refused(|tx| lose(tx, id, None, "", None))),
        (
            "lost_reason",
            base.refused(|tx| lose(tx, id, None, "nonsense", None)),
        ),
        ("lost_note", base.refused(|tx| lose(tx, id, None, "other", None))),
        (
            "lost_note",
            base.refused(|tx| lose(tx, id, None, "other", Some(" "))),
        ),
        (
            "lost_reason",
            base.refused(|tx| {
                edit(
                    tx,
                    id,
                    &assignments("lost_reason=price"),
                    Lists::Replace,
                    &strict(),
                )
            }),
        ),
        (
            "lost_reason",
            base.refused(|tx| add(tx, &assignments("name=New; stage=lost"), &strict())),
        ),
    ] {
        assert_eq!(refused.0, field, "{}", refused.1);
    }
    base.write(|tx| lose(tx, id, None, "价格", None));
    assert_eq!(
        shown(&base, id, "status lost_reason closed_on last_open_stage"),
        "lost|price|2026-03-02|prospecting"
    );
    assert!(edited(&mut base, id, "lost_reason=other; lost_note=went quiet"));
    let (field, _) = base.refused(|tx| edit(tx, id, &assignments("lost_note="), Lists::Replace, &strict()));
    assert_eq!(field, "lost_note");
}

#[test]
fn illegal_moves_name_the_legal_ones() {
    let mut base = Base::new();
    let id = added(&mut base, "name=Big one");
    base.write(|tx| win(tx, id, None));
    let (field, message) = base.refused(|tx| lose(tx, id, None, "price", None));
    assert_eq!(field, "stage");
    assert_eq!(
        message,
        "stage: a deal that is won cannot move to lost, only to prospecting, qualification, needs_analysis, \
         proposal, negotiation"
    );
    let (_, message) = base.refused(|tx| move_to(tx, id, "nowhere"));
    assert!(
        message.starts_with("stage: \"nowhere\" is none of prospecting, "),
        "{message}"
    );
}

#[test]
fn reopening_takes_back_what_the_close_has_frozen_and_keeps_the_history() {
    let mut base = Base::new();
    let id = added(&mut base, "name=Big one; stage=proposal; amount=500");
    base.on("2026-03-05");
    base.write(|tx| lose(tx, id, Some(date("2026-03-04")), "price", None));
    base.on("2026-03-08");
    base.write(|tx| reopen(tx, id));
    assert_eq!(
        shown(
            &base,
            id,
            "stage status probability closed_on lost_reason last_open_stage"
        ),
        "proposal|open|60%|||"
    );
    assert_eq!(
        history(&base, id),
        [
            "proposal create 2026-03-02..2026-03-04",
            "lost close 2026-03-04..2026-03-08",
            "proposal reopen 2026-03-08..",
        ]
    );
    let (_, message) = base.refused(|tx| reopen(tx, id));
    assert_eq!(message, "stage: the deal is open");
}

#[test]
fn days_fit_each_other() {
    let mut base = Base::new();
    let id = added(&mut base, "name=Big one");
    let refused = |base: &mut Base, text: &str| {
        base.refused(|tx| edit(tx, id, &assignments(text), Lists::Replace, &strict()))
            .0
    };
    assert_eq!(refused(&mut base, "closed_on=2026-03-02"), "closed_on");
    assert_eq!(refused(&mut base, "stage=won; closed_on=2026-03-01"), "closed_on");
    assert!(edited(
        &mut base,
        id,
        "stage=won; closed_on=2026-03-01; opened_on=2026-02-01"
    ));
    assert_eq!(refused(&mut base, "closed_on="), "closed_on");
    assert_eq!(refused(&mut base, "closed_on=2026-01-31"), "closed_on");
    assert_eq!(refused(&mut base, "opened_on="), "opened_on");
    assert!(edited(&mut base, id, "closed_on=2026-02-10"));
    assert_eq!(
        history(&base, id),
        [
            "prospecting create 2026-02-01..2026-02-10",
            "won close 2026-02-10.."
        ]
    );
    check(&base, id);
}

#[test]
fn an_imported_deal_has_its_past() {
    let mut base = Base::importing();
    let text = "external_ids=1C1I7A6R; owner=Mona Finch; product=GTX Plus; customer=Cancity; stage=Won; \
                opened_on=2016-10-20; closed_on=2017-03-01; amount=1054";
    let policy = creating();
    let id = base.write(|tx| add(tx, &assignments(text), &policy)).id;
    let made: Vec<String> = policy
        .made
        .borrow()
        .iter()
        .map(|(noun, name)| format!("{noun} {name}"))
        .collect();
    assert_eq!(made, ["user Mona Finch", "customer Cancity", "product GTX Plus"]);
    assert_eq!(
        shown(
            &base,
            id,
            "name status opened_on closed_on last_open_stage owner external_ids"
        ),
        "Cancity – GTX Plus|won|2016-10-20|2017-03-01|prospecting|Mona Finch|file:1C1I7A6R"
    );
    assert_eq!(
        history(&base, id),
        [
            "prospecting create 2016-10-20..2017-03-01",
            "won close 2017-03-01.."
        ]
    );
    check(&base, id);
    let again = base.write(|tx| edit(tx, id, &assignments(text), Lists::Add, &creating()));
    assert!(!again.changed, "the same once more");

    let (_, message) = base.refused(|tx| add(tx, &assignments(text), &creating()));
    assert_eq!(message, "external id file:1C1I7A6R belongs to another deal");
}

#[test]
fn an_import_may_lack_name_reason_and_days() {
    let mut base = Base::importing();
    for (text, expected) in [
        (
            "external_ids=Z1; stage=Lost; closed_on=2017-01-05",
            "Z1|lost|2017-01-05|2017-01-05",
        ),
        ("external_ids=Z2", "Z2|open|2026-03-02|"),
        ("customer=Isdom", "Isdom|open|2026-03-02|"),
        (
            "customer=Isdom; external_ids=Z3; stage=closed won",
            "Isdom|won|2026-03-02|2026-03-02",
        ),
    ] {
        let id = base.write(|tx| add(tx, &assignments(text), &creating())).id;
        let name = if text.contains("Z3") {
            "Z3"
        } else {
            expected.split('|').next().unwrap()
        };
        let rest = expected.split_once('|').unwrap().1;
        assert_eq!(
            shown(&base, id, "name status opened_on closed_on"),
            format!("{name}|{rest}"),
            "{text}"
        );
        check(&base, id);
    }
    assert_eq!(
        base.refused(|tx| add(tx, &assignments("amount=5"), &creating()))
            .0,
        "name"
    );
    base.caller.via = Via::Cli;
    assert_eq!(
        base.refused(|tx| add(tx, &assignments("external_ids=Z9"), &creating()))
            .0,
        "name"
    );
}

#[test]
fn a_later_file_moves_an_imported_deal() {
    let mut base = Base::importing();
    let open = "external_ids=Z1; stage=Engaging; opened_on=2016-10-20";
    let policy = creating();
    let id = base.write(|tx| add(tx, &assignments(open), &policy)).id;
    assert_eq!(
        policy.made.borrow().as_slice(),
        [(Noun::Pipeline, "sales/Engaging".to_owned())]
    );
    let keys: Vec<String> = base.read(|tx| {
        let sales = moves::get(tx, id)?.pipeline;
        Ok(seed::stages(tx, sales)?
            .into_iter()
            .map(|stage| stage.key)
            .collect())
    });
    assert_eq!(keys[4..], ["negotiation", "engaging", "won", "lost", "abandoned"]);
    let lost = "stage=Lost; opened_on=2016-10-20; closed_on=2016-12-01; amount=0";
    assert!(
        base.write(|tx| edit(tx, id, &assignments(lost), Lists::Add, &strict()))
            .changed
    );
    assert!(
        !base
            .write(|tx| edit(tx, id, &assignments(lost), Lists::Add, &strict()))
            .changed
    );
    assert_eq!(
        history(&base, id),
        [
            "engaging create 2016-10-20..2016-12-01",
            "lost close 2016-12-01.."
        ]
    );
}

#[test]
fn a_deal_moves_its_customer_on_and_never_back() {
    let mut base = Base::new();
    let who = base
        .write(|tx| {
            customer::add(
                tx,
                &assignments("name=Acme; type=company"),
                customer::OnDuplicate::Refuse,
                &strict(),
            )
        })
        .id;
    let lifecycle = |base: &Base| base.shown(Noun::Customer, who, "lifecycle");
    let first = added(&mut base, "name=One; customer=Acme");
    assert_eq!(lifecycle(&base), "opportunity");
    base.write(|tx| win(tx, first, None));
    assert_eq!(lifecycle(&base), "first_customer");
    let second = added(&mut base, "name=Two; customer=Acme");
    assert_eq!(lifecycle(&base), "first_customer");
    base.write(|tx| win(tx, second, None));
    assert_eq!(lifecycle(&base), "repeat_customer");
    base.write(|tx| reopen(tx, second));
    assert_eq!(lifecycle(&base), "repeat_customer");
    base.undo();
    base.undo();
    assert_eq!(lifecycle(&base), "first_customer");
}

#[test]
fn the_close_freezes_rate_and_owner() {
    let mut base = Base::new();
    let rate = |base: &mut Base, day: &str, nano: i64| {
        let (day, nano) = (day.to_owned(), nano);
        base.write(|tx| {
            let columns = vec![
                ("currency", "EUR".to_owned().into()),
                ("on_date", day.into()),
                ("rate", nano.into()),
            ];
            tx.insert("rate", tx.new_id(), columns)
        });
    };
    rate(&mut base, "2026-01-01", 1_100_000_000);
    base.write(|tx| crate::ops::user::add(tx, &assignments("name=Mona"), &strict()));
    let id = added(&mut base, "name=Big one; amount=1000 EUR; owner=self");
    base.write(|tx| win(tx, id, None));
    rate(&mut base, "2026-02-01", 2_000_000_000);
    edited(&mut base, id, "amount=2000 EUR; owner=Mona");
    assert_eq!(shown(&base, id, "amount_base"), "2200.00");
    let closed = base.read(|tx| Ok(moves::get(tx, id)?.closed)).unwrap();
    assert_eq!(closed.owner, Some(base.caller.actor.id));
    edited(&mut base, id, "closed_on=2026-03-03");
    assert_eq!(shown(&base, id, "amount_base"), "4000.00");
    edited(&mut base, id, "amount=3 JPY");
    assert_eq!(shown(&base, id, "amount_base"), "", "no rate is known");
    edited(&mut base, id, "amount=3 USD");
    assert_eq!(shown(&base, id, "amount_base"), "3.00");
}

#[test]
fn people_and_products_follow_the_lists() {
    let mut base = Base::new();
    for name in ["Ann Ash", "Bob Birch"] {
        let text = format!("name={name}");
        base.write(|tx| customer::add(tx, &assignments(&text), customer::OnDuplicate::Refuse, &strict()));
    }
    for text in [
        "name=Widget, large; sku=W1; price=55",
        "name=Gadget; sku=G1; price=7 EUR",
    ] {
        base.write(|tx| product::add(tx, &assignments(text), &strict()));
    }
    let id = added(&mut base, "name=Big one; people=Ann Ash; product=Widget, large");
    assert_eq!(shown(&base, id, "people product"), "C1|P1");
    let add_to = |base: &mut Base, text: &str| {
        base.write(|tx| edit(tx, id, &assignments(text), Lists::Add, &strict()))
            .changed
    };
    assert!(add_to(&mut base, "people=Bob Birch; product=G1"));
    assert!(!add_to(&mut base, "people=Bob Birch, Ann Ash; product=G1"));
    let lines = |base: &Base| {
        base.read(|tx| {
            tx.all(
                "SELECT coalesce(unit_price, 'none') FROM deal_line WHERE deal_id = ?1 ORDER BY position",
                [id.raw()],
                |row| row.get::<_, rusqlite::types::Value>(0),
            )
        })
    };
    assert_eq!(
        lines(&base),
        [5500.into(), "none".to_owned().into()],
        "prices of the base currency"
    );
    edited(&mut base, id, "amount=20 EUR");
    assert_eq!(lines(&base), ["none".to_owned().into(), 700.into()]);
    edited(&mut base, id, "people=Bob Birch; product=");
    assert_eq!(shown(&base, id, "people product"), "C2|");
    let (field, _) = base.refused(|tx| add(tx, &assignments("name=New; people=Nobody"), &strict()));
    assert_eq!(field, "people");
}

#[test]
fn another_pipeline_has_a_counterpart_of_the_stage() {
    let mut base = Base::new();
    let stage = |key: &str, probability: i64| pipeline::StageSpec {
        key: Some(key.to_owned()),
        probability: Some(probability),
        ..pipeline::StageSpec::default()
    };
    let stages = [stage("signed up", 5), stage("proposal", 50)];
    base.write(|tx| pipeline::add(tx, &assignments("key=Partner Sales"), &stages, &strict()));
    let id = added(&mut base, "name=Big one; stage=proposal");
    edited(&mut base, id, "pipeline=Partner Sales");
    assert_eq!(
        shown(&base, id, "pipeline stage probability"),
        "partner_sales|proposal|50%"
    );
    edited(&mut base, id, "pipeline=sales; stage=negotiation");
    edited(&mut base, id, "pipeline=partner_sales");
    assert_eq!(
        shown(&base, id, "pipeline stage probability"),
        "partner_sales|signed_up|5%"
    );
    let (field, _) = base.refused(|tx| move_to(tx, id, "negotiation"));
    assert_eq!(field, "stage");
    base.write(|tx| win(tx, id, None));
    edited(&mut base, id, "pipeline=sales");
    assert_eq!(shown(&base, id, "pipeline stage status"), "sales|won|won");
    check(&base, id);
}

/// Stays as another program tells them: day of 2026-01 and the place of the stage.
fn told(base: &Base, stays: &[(i8, usize)]) -> Vec<past::Stay> {
    base.read(|tx| {
        let pipeline = seed::default_pipeline(tx)?.expect("a pipeline");
        let stages = seed::stages(tx, pipeline)?;
        let stay = |(day, at): &(i8, usize)| past::Stay {
            on: Date::constant(2026, 1, *day),
            stage: stages.get(*at).expect("a stage").clone(),
            amount: None,
            probability: None,
        };
        Ok(stays.iter().map(stay).collect())
    })
}

#[test]
fn a_history_told_by_others_takes_the_place_of_a_guess() {
    let mut base = Base::new();
    base.on("2026-03-01");
    let id = added(
        &mut base,
        "name=Depot; stage=lost; opened_on=2026-01-05; closed_on=2026-02-01; lost_reason=price",
    );
    let stays = told(&base, &[(20, 3), (7, 0), (9, 1), (12, 1)]);
    assert!(base.write(|tx| past::retell(tx, id, stays.clone())));
    assert_eq!(
        history(&base, id),
        [
            "prospecting create 2026-01-05..2026-01-09",
            "qualification forward 2026-01-09..2026-01-20",
            "proposal skip 2026-01-20..2026-02-01",
            "lost close 2026-02-01..",
        ]
    );
    assert_eq!(shown(&base, id, "last_open_stage"), "proposal");
    check(&base, id);
    assert!(
        !base.write(|tx| past::retell(tx, id, stays.clone())),
        "and once more"
    );
}

#[test]
fn a_history_that_tells_the_end_alone_changes_nothing() {
    let mut base = Base::new();
    base.on("2026-03-01");
    let id = added(
        &mut base,
        "name=Depot; stage=won; opened_on=2026-01-10; closed_on=2026-02-01",
    );
    let known = history(&base, id);
    let stays = told(&base, &[(10, 5)]);
    assert_eq!(stays.first().map(|stay| stay.stage.key.as_str()), Some("won"));
    assert!(!base.write(|tx| past::retell(tx, id, stays.clone())));
    assert_eq!(history(&base, id), known);
    check(&base, id);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn any_history_leaves_a_deal_whole_and_is_news_once(
        stays in prop::collection::vec((1_i8..29, 0_usize..8), 0..6),
        stage in prop::sample::select(vec!["prospecting", "proposal", "won", "abandoned"]),
    ) {
        let mut base = Base::new();
        base.on("2026-03-01");
        let text = match stage {
            "won" | "abandoned" => format!("name=Depot; stage={stage}; opened_on=2026-01-10; closed_on=2026-02-01"),
            open => format!("name=Depot; stage={open}; opened_on=2026-01-10"),
        };
        let id = added(&mut base, &text);
        let stays = told(&base, &stays);
        base.write(|tx| past::retell(tx, id, stays.clone()));
        check(&base, id);
        let known = history(&base, id);
        base.write(|tx| past::retell(tx, id, stays.clone()));
        prop_assert_eq!(history(&base, id), known);
    }
}
