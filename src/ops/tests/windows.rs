//! Windows give what the whole list gives, wherever they begin, and cost the same whatever the size of the base.

use std::ops::ControlFlow;

use proptest::prelude::*;

use super::plans::{PAGE, PAGES, SCREENS, SMALL, factor, filled};
use super::taking_back::new_customer;
use super::{Base, assignments};
use crate::domain::count::Count;
use crate::domain::id::Id;
use crate::domain::noun::Noun;
use crate::ops::typed::Policy;
use crate::ops::window::{self, Anchor, Request, Row, Window};
use crate::ops::{activity, customer, deal, field, list, task, trash};
use crate::store::listing::Effort;
use crate::store::{links, records};

fn words(text: &str) -> Vec<String> {
    text.split(' ')
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

fn request(noun: Noun, filter: &str, sort: &str, anchor: Anchor, rows: usize) -> Request {
    Request {
        noun,
        list: list::Request {
            filters: Some(filter.to_owned())
                .into_iter()
                .filter(|text| !text.is_empty())
                .collect(),
            sort: words(sort),
            ..list::Request::default()
        },
        anchor,
        rows,
    }
}

/// The whole list, in its order.
fn whole(base: &Base, request: &Request) -> Vec<Row> {
    base.read(|tx| {
        let listing = list::listing(tx, request.noun, &request.list)?;
        let mut rows = Vec::new();
        records::select(tx, &listing, |id, values| {
            rows.push(Row { id, values });
            Ok(ControlFlow::Continue(()))
        })?;
        Ok(rows)
    })
}

fn look(base: &Base, request: &Request, anchor: Anchor) -> Window {
    let request = Request {
        anchor,
        ..request.clone()
    };
    base.read(|tx| window::window(tx, &request))
}

/// What each record has, as a digit chooses: some are alike, some lack everything.
fn fill(base: &mut Base, records: &[(usize, usize, usize)]) {
    let strict = Policy::strict();
    for text in [
        "noun=customer; key=size; type=select; options=big,small",
        "noun=customer; key=seats; type=integer",
        "noun=deal; key=for; type=person",
    ] {
        base.write(|tx| field::add(tx, &assignments(text), &strict));
    }
    // A filter names tags that are there.
    base.write(|tx| new_customer(tx, "name=Tagged; tags=vip,new"));
    for (one, two, three) in records {
        let name = ["Anna", "李雷", "Ben Zebra", "李雷"][one % 4];
        let mut text = format!("name={name}");
        text += ["; city=Berlin", "; city=上海", ""][two % 3];
        text += ["; tags=vip", "", "; tags=vip,new"][three % 3];
        text += ["; fields.seats=7", "; fields.seats=1", "", "; fields.size=big"][(one + two) % 4];
        text += ["; level=A", "", "; level=B"][(two + three) % 3];
        let id = base.write(|tx| new_customer(tx, &text));
        let uid = id.uid();
        let close = ["; close=2026-03-0", "; close=2026-04-0", ""][two % 3];
        let close = if close.is_empty() {
            String::new()
        } else {
            format!("{close}{}", 1 + three % 3)
        };
        let amount = ["; amount=100", "; amount=200", "", "; amount=100 EUR"][(one + three) % 4];
        let person = ["", "; fields.for="][one % 2];
        let person = if person.is_empty() {
            String::new()
        } else {
            format!("{person}{uid}")
        };
        let text = format!("name={name}; customer={uid}{close}{amount}{person}");
        base.write(|tx| deal::add(tx, &assignments(&text), &strict));
        let due = [
            "; due=2026-03-05",
            "; due=2026-03-05 10:00",
            "",
            "; due=2026-03-01",
        ][(two + three) % 4];
        let text = format!("title=Call {name}; customer={uid}{due}");
        base.write(|tx| task::add(tx, &assignments(&text), &strict));
        if one % 2 == 0 {
            let text = format!(
                "type=call; text=Talk; customer={uid}; at=2026-02-0{}",
                1 + three % 4
            );
            base.write(|tx| activity::add(tx, &assignments(&text), &strict));
        }
        if (one + two + three) % 7 == 0 {
            base.write(|tx| trash::remove(tx, Noun::Customer, &[id]));
        }
    }
}

const LISTS: &[(Noun, &[&str], &[&str])] = &[
    (
        Noun::Customer,
        &[
            "",
            "+vip",
            "李雷",
            "anna",
            "fields.seats:7",
            "city:berlin",
            "is:trashed",
            "is:any",
            "level:A",
            "name:zebra",
            "+new or level:B",
        ],
        &[
            "",
            "name",
            "-name",
            "last_activity",
            "-last_activity",
            "city",
            "-city name",
            "level -last_activity",
            "uid",
            "-uid",
            "fields.seats",
            "-fields.seats",
            "created_at",
            "tags -city",
            "id",
            "-id",
        ],
    ),
    (
        Noun::Deal,
        &["", "is:open", "amount:150..", "no:close", "customer.city:berlin"],
        &[
            "",
            "close",
            "-close",
            "amount",
            "-amount",
            "amount -close",
            "-customer",
            "name -amount",
            "fields.for",
            "-fields.for",
            "stage",
        ],
    ),
    (
        Noun::Task,
        &["", "is:open", "no:due"],
        &["", "due", "-due", "-due title", "customer due"],
    ),
    (Noun::Activity, &["", "type:call"], &["", "at", "-at"]),
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 8, ..ProptestConfig::default() })]

    #[test]
    fn every_way_through_a_list_gives_the_list(
        records in prop::collection::vec((0..12_usize, 0..12_usize, 0..12_usize), 0..14),
        rows in 1..6_usize,
    ) {
        let mut base = Base::new();
        fill(&mut base, &records);
        for (noun, filters, sorts) in LISTS {
            for (filter, sort) in filters.iter().flat_map(|filter| sorts.iter().map(move |sort| (filter, sort))) {
                let request = request(*noun, filter, sort, Anchor::First, rows);
                check(&base, &request, &whole(&base, &request));
            }
        }
    }
}

fn check(base: &Base, request: &Request, all: &[Row]) {
    let told = || {
        format!(
            "{} {:?} {:?}",
            request.noun, request.list.filters, request.list.sort
        )
    };
    let rows = request.rows;
    let mut walked: Vec<Row> = Vec::new();
    let mut anchor = Anchor::First;
    loop {
        let part = look(base, request, anchor);
        assert_eq!(part.first, walked.is_empty(), "first: {} {anchor:?}", told());
        let Some(end) = part.rows.last() else { break };
        anchor = Anchor::After(end.id);
        walked.extend(part.rows);
        assert_eq!(
            part.last,
            walked.len() == all.len(),
            "last: {} {anchor:?}",
            told()
        );
    }
    assert_eq!(walked, all, "forward: {}", told());
    let mut walked: Vec<Row> = Vec::new();
    let mut anchor = Anchor::Last;
    loop {
        let part = look(base, request, anchor);
        assert_eq!(part.last, walked.is_empty(), "last: {} {anchor:?}", told());
        let Some(start) = part.rows.first() else { break };
        anchor = Anchor::Before(start.id);
        walked.splice(0..0, part.rows);
        assert_eq!(
            part.first,
            walked.len() == all.len(),
            "first: {} {anchor:?}",
            told()
        );
    }
    assert_eq!(walked, all, "back: {}", told());
    let total = base.read(|tx| window::total(tx, request.noun, &request.list.filters));
    assert_eq!(total, all.len() as u64, "total: {}", told());
    for (at, row) in all.iter().enumerate() {
        let part = look(base, request, Anchor::Around(row.id));
        let from = at.saturating_sub(rows / 3).min(all.len().saturating_sub(rows));
        let to = all.len().min(from + rows);
        assert_eq!(part.rows, all[from..to], "around {at}: {}", told());
        assert_eq!(
            (part.first, part.last),
            (from == 0, to == all.len()),
            "around {at}: {}",
            told()
        );
        let position = base.read(|tx| window::position(tx, request, row.id));
        assert_eq!(position, Some(at as u64), "{}", told());
    }
}

#[test]
fn a_record_that_left_the_list_still_has_its_place() {
    let mut base = Base::new();
    let mut all: Vec<Id> = Vec::new();
    for name in ["Anna", "Ben", "Cleo", "Dora", "Emil", "Frida"] {
        all.push(base.write(|tx| new_customer(tx, &format!("name={name}; level=A"))));
    }
    let request = request(Noun::Customer, "level:A", "name", Anchor::First, 3);
    let ids = |part: &Window| part.rows.iter().map(|row| row.id).collect::<Vec<_>>();
    base.write(|tx| {
        customer::edit(
            tx,
            all[2],
            &assignments("level=B"),
            crate::ops::draft::Lists::Replace,
            &Policy::strict(),
        )?;
        trash::remove(tx, Noun::Customer, &[all[4]])
    });
    let filtered = look(&base, &request, Anchor::Around(all[2]));
    assert_eq!(ids(&filtered), [all[1], all[3], all[5]]);
    assert_eq!((filtered.first, filtered.last), (false, true));
    assert_eq!(ids(&look(&base, &request, Anchor::After(all[4]))), [all[5]]);
    assert_eq!(
        ids(&look(&base, &request, Anchor::Before(all[4]))),
        [all[0], all[1], all[3]]
    );
    assert!(look(&base, &request, Anchor::Before(all[4])).first);
    assert_eq!(base.read(|tx| window::position(tx, &request, all[4])), None);
    // One that never was has no place.
    let never = base.write(|tx| Ok(tx.new_id()));
    assert!(base.read(|tx| links::link(tx, Noun::Customer, never)).is_none());
    for anchor in [Anchor::Around(never), Anchor::After(never), Anchor::Before(never)] {
        assert_eq!(ids(&look(&base, &request, anchor)), [all[0], all[1], all[3]]);
    }
}

fn cost(base: &Base, noun: Noun, filter: &str, sort: &str, anchor: Anchor) -> (Effort, Window) {
    let rows = usize::try_from(PAGE).expect("a count");
    base.read(|tx| {
        let (window, effort) = window::spending(tx, &request(noun, filter, sort, anchor, rows))?;
        Ok((effort, window))
    })
}

/// The windows at the ends, and those around, after and before a record in the middle of the list.
fn costs(base: &Base, noun: Noun, filter: &str, sort: &str) -> Vec<(Anchor, Effort)> {
    let all = whole(base, &request(noun, filter, sort, Anchor::First, 0));
    let middle = all[all.len() / 2].id;
    let anchors = [
        Anchor::First,
        Anchor::Last,
        Anchor::Around(middle),
        Anchor::After(middle),
        Anchor::Before(middle),
    ];
    let cost = |anchor| (anchor, cost(base, noun, filter, sort, anchor).0);
    anchors.into_iter().map(cost).collect()
}

#[test]
fn windows_cost_the_same_at_any_size() {
    let (small, large) = (filled(SMALL * factor()), filled(SMALL * factor() * 10));
    let mut bad = Vec::new();
    // Of products and users these bases have next to none.
    let many = PAGES
        .iter()
        .filter(|(noun, ..)| !matches!(noun, Noun::Product | Noun::User));
    let asked = many.flat_map(|(noun, filters, sorts)| {
        let filters = filters.iter().map(|filter| (*noun, *filter, ""));
        filters.chain(sorts.iter().map(|sort| (*noun, "", *sort)))
    });
    for (noun, filter, sort) in asked.chain(SCREENS.iter().copied()) {
        let pairs = costs(&small, noun, filter, sort)
            .into_iter()
            .zip(costs(&large, noun, filter, sort));
        for ((anchor, little), (_, much)) in pairs {
            // The smaller base may not have as many rows left on that side.
            let each = |effort: Effort| f64::from(effort.steps) / effort.rows.max(1) as f64;
            let grows = each(much) > 1.3 * each(little);
            let scanned = u64::try_from(much.scanned).expect("a count") > 3 * PAGE;
            // The tasks of one moment are found by their moment, also where few of them are somebody's.
            let grows = grows && !(noun == Noun::Task && filter == "assignee:rare is:open");
            if grows || scanned || much.sorts > 0 {
                bad.push(format!(
                    "{noun} {filter:?} {sort:?} {anchor:?}: {little:?} -> {much:?}"
                ));
            }
        }
    }
    assert!(bad.is_empty(), "{}", bad.join("\n"));
}

#[test]
fn a_position_is_counted_as_far_as_it_is_worth() {
    let base = filled(20_000);
    let request = request(Noun::Customer, "", "name", Anchor::Last, 1);
    let last = base.read(|tx| window::window(tx, &request)).rows[0].id;
    let far = base.read(|tx| window::position(tx, &request, last));
    assert_eq!(far, None, "more than {} come before", Count::MOST);
    let first = base
        .read(|tx| {
            let request = Request {
                anchor: Anchor::First,
                rows: 500,
                ..request.clone()
            };
            window::window(tx, &request)
        })
        .rows[499]
        .id;
    assert_eq!(base.read(|tx| window::position(tx, &request, first)), Some(499));
}
