//! What is told of a record: its history from the log, its story, the brief.

use proptest::prelude::*;

use super::law::{Two, act};
use super::taking_back::{change, new_customer};
use super::{Base, assignments, date};
use crate::domain::id::Id;
use crate::domain::input::Input;
use crate::domain::noun::Noun;
use crate::error::Kind;
use crate::ops::activity::{self, Follow};
use crate::ops::deal::people::{self, Part};
use crate::ops::draft::Lists;
use crate::ops::import::{self, verdict::Silent};
use crate::ops::merge::{self, Choices};
use crate::ops::typed::Policy;
use crate::ops::{attachment, deal, relationship, tagging, task};
use crate::report::brief;
use crate::report::story::{self, Limit, Story};
use crate::store::history;
use crate::wire::cell::cell;
use crate::wire::read::rows::{Options, Reader};

/// Each change as `field: old > new`, the latest operation first.
fn history(base: &Base, noun: Noun, id: Id) -> Vec<String> {
    let edits = base.read(|tx| history::of(tx, noun, id));
    let told = |edit: history::Edit| format!("{}: {} > {}", edit.field, cell(&edit.old), cell(&edit.new));
    edits.into_iter().map(told).collect()
}

#[test]
fn history_knows_every_value_and_who_changed_it() {
    let mut base = Base::new();
    let acme = base.write(|tx| new_customer(tx, "name=Acme; type=company"));
    let id = base.write(|tx| new_customer(tx, "name=张伟; emails=a@mail.example; level=B"));
    base.write(|tx| {
        change(
            tx,
            id,
            "name=王伟; level=A; annual_revenue=1200; birthday=--05-17",
        )
    });
    base.write(|tx| change(tx, id, &format!("company={}; emails=b@mail.example", acme.uid())));
    base.write(|tx| tagging::tag(tx, Noun::Customer, &[id], "vip"));
    base.write(|tx| tagging::untag(tx, Noun::Customer, &[id], "vip"));
    let told = history(&base, Noun::Customer, id);
    let expected = [
        "tags: vip > ",
        "tags:  > vip",
        "emails: a@mail.example > ",
        "emails:  > b@mail.example",
        "employments:  > C1 Acme",
        "name: 张伟 > 王伟",
        "level: B > A",
        "annual_revenue:  > 1200.00",
        "birthday:  > --05-17",
        "customer:  > 王伟",
        "emails:  > a@mail.example",
    ];
    let mut sorted: Vec<&str> = told.iter().map(String::as_str).collect();
    assert_eq!(&sorted[..2], &expected[..2]);
    let mut all = expected.to_vec();
    sorted.sort_unstable();
    all.sort_unstable();
    assert_eq!(sorted, all);
    base.undo();
    assert_eq!(
        history(&base, Noun::Customer, id)[0],
        "tags:  > vip",
        "an undo is a change too"
    );
    let first = base.read(|tx| history::of(tx, Noun::Customer, id)).swap_remove(0);
    assert_eq!((first.op.actor.as_str(), first.op.no), ("self", 7));
    assert!(history(&base, Noun::Customer, acme).contains(&"people:  > C2 王伟".to_owned()));
}

#[test]
fn history_of_a_deal_names_stages_people_and_amounts() {
    let mut base = Base::new();
    let anna = base.write(|tx| new_customer(tx, "name=Anna"));
    let fields = assignments(&format!("name=Rollout; customer={}; amount=100", anna.uid()));
    let id = base.write(|tx| deal::add(tx, &fields, &Policy::strict())).id;
    base.write(|tx| deal::move_to(tx, id, "proposal"));
    base.write(|tx| {
        deal::edit(
            tx,
            id,
            &assignments("amount=250 EUR"),
            Lists::Replace,
            &Policy::strict(),
        )
    });
    let part = Part {
        role: Some("champion".to_owned()),
        main: false,
    };
    base.write(|tx| people::put(tx, id, &[anna], &part));
    base.write(|tx| people::remove(tx, id, &[anna]));
    let told = history(&base, Noun::Deal, id);
    for line in [
        "people: C1 Anna, champion, main > ",
        "people:  > C1 Anna, champion, main",
        "amount: 100.00 > 250.00",
        "stage: prospecting > proposal",
        "deal:  > Rollout",
    ] {
        assert!(told.iter().any(|known| known == line), "{line}: {told:#?}");
    }
    let silent = [
        "probability_mode",
        "stage_entered_on",
        "last_open_stage",
        "closed_rate",
    ];
    assert!(
        !told
            .iter()
            .any(|line| silent.iter().any(|word| line.starts_with(word))),
        "{told:#?}"
    );
}

#[test]
fn history_of_what_came_with_many_others() {
    let mut base = Base::importing();
    let rows: String = (0..40)
        .map(|no| format!("Person {no},p{no}@mail.example\n"))
        .collect();
    let text = format!("name,email\n{rows}");
    base.write(|tx| {
        let options = Options {
            extension: Some("csv".to_owned()),
            ..Options::default()
        };
        let reader = Reader::open(
            Box::new(std::io::Cursor::new(text.clone().into_bytes())),
            &options,
        )?;
        let columns = reader.columns().map(<[String]>::to_vec);
        let request = import::Request::new(Noun::Customer, "people", "people");
        import::run(tx, columns.as_deref(), reader, &request, &mut Silent)
    });
    let ids: Vec<Id> = base.read(|tx| {
        tx.all("SELECT id FROM customer ORDER BY id", [], |row| {
            Ok(Id::from_raw(row.get(0)?))
        })
    });
    for at in [0, 17, 39] {
        let told = history(&base, Noun::Customer, ids[at]);
        assert!(told.contains(&format!("customer:  > Person {at}")), "{told:?}");
        assert!(
            told.contains(&format!("emails:  > p{at}@mail.example")),
            "{told:?}"
        );
        assert!(told.len() <= 3, "{told:?}");
    }
}

/// The words of a story: `Section | label | facts`.
fn words(story: &Story) -> Vec<String> {
    let mut all = Vec::new();
    for section in &story.sections {
        for entry in &section.entries {
            let facts: Vec<String> = entry.facts.iter().map(|fact| cell(&fact.value)).collect();
            all.push(format!(
                "{} | {} | {}",
                section.title,
                cell(&entry.label.value),
                facts.join(" · ")
            ));
        }
    }
    all
}

#[test]
fn a_story_tells_who_belongs_to_a_customer_and_what_is_open() {
    let mut base = Base::new();
    let acme = base.write(|tx| new_customer(tx, "name=Acme; type=company"));
    let anna = base.write(|tx| {
        new_customer(
            tx,
            &format!(
                "name=Anna; company={}; title=CTO; emails=anna@mail.example",
                acme.uid()
            ),
        )
    });
    let twin = base.write(|tx| new_customer(tx, "name=Anne"));
    base.write(|tx| merge::merge(tx, anna, &[twin], &Choices::default()));
    let bo = base.write(|tx| new_customer(tx, "name=Bo"));
    base.write(|tx| relationship::relate(tx, bo, "reports_to", anna, Some("since May")));
    let fields = assignments(&format!(
        "name=Rollout; customer={}; amount=100; people={}",
        acme.uid(),
        anna.uid()
    ));
    let rollout = base.write(|tx| deal::add(tx, &fields, &Policy::strict())).id;
    let fields = assignments(&format!("title=Call; deal={}; due=2026-03-05", rollout.uid()));
    base.write(|tx| task::add(tx, &fields, &Policy::strict()));
    let link = attachment::New {
        location: "https://a.example/x.pdf".to_owned(),
        title: None,
        content: None,
    };
    base.write(|tx| attachment::attach(tx, Noun::Customer, acme, &[link]));
    let fields = assignments(&format!("type=call; text=Hello; customer={}", anna.uid()));
    base.write(|tx| activity::log(tx, &fields, &Follow::default(), &Policy::strict()));
    let story = |id: Id| words(&base.read(|tx| story::of(tx, Noun::Customer, id, Limit::PAGE)));
    let (company, person) = (story(acme), story(anna));
    for line in [
        "People | C2 | Anna · CTO · anna@mail.example",
        "Open deals | D1 | Rollout · prospecting · 100.00 · 10% · next: · T1 · Call · 2026-03-05",
        "Open tasks | T1 | Call · todo · due: · 2026-03-05 · normal · D1",
        "Attachments | link | x.pdf · https://a.example/x.pdf",
        "Timeline | 2026-03-02T12:00:00Z | call · Hello · C2 · A1",
    ] {
        assert!(company.iter().any(|known| known == line), "{line}: {company:#?}");
    }
    for line in [
        "Reach | email | anna@mail.example",
        "Jobs | main | C1 · CTO",
        "Related | manages | C4 · since May",
        "Open deals | D1 | Rollout · prospecting · 100.00 · 10% · next: · T1 · Call · 2026-03-05",
        "Merged into this one | C3 | Anne · 2026-03-02T12:00:00Z",
    ] {
        assert!(person.iter().any(|known| known == line), "{line}: {person:#?}");
    }
    let of_deal = words(&base.read(|tx| story::of(tx, Noun::Deal, rollout, Limit::PAGE)));
    assert!(
        of_deal.contains(&"People | person | C2 · main · CTO".to_owned()),
        "{of_deal:#?}"
    );
}

#[test]
fn a_page_is_limited_and_says_so() {
    let mut base = Base::new();
    let anna = base.write(|tx| new_customer(tx, "name=Anna"));
    for day in 1..=12 {
        base.on(&format!("2026-03-{day:02}"));
        let fields = assignments(&format!("type=call; text=Call {day}; customer={}", anna.uid()));
        base.write(|tx| activity::log(tx, &fields, &Follow::default(), &Policy::strict()));
    }
    let timeline = |limit: Limit| {
        let story = base.read(|tx| story::of(tx, Noun::Customer, anna, limit));
        let found = story
            .sections
            .into_iter()
            .find(|section| section.title == "Timeline");
        found
            .map(|section| (section.entries.len(), section.more))
            .expect("a timeline")
    };
    assert_eq!(timeline(Limit::PAGE), (10, true));
    assert_eq!(
        timeline(Limit::NONE),
        (13, false),
        "twelve calls and the beginning"
    );
}

#[test]
fn a_brief_counts_the_deals_of_a_person_and_the_employer() {
    let mut base = Base::new();
    let acme = base.write(|tx| new_customer(tx, "name=Acme; type=company"));
    let anna = base.write(|tx| new_customer(tx, &format!("name=Anna; company={}", acme.uid())));
    let mut add = |text: &str, customer: Id| {
        let fields = assignments(&format!("{text}; customer={}", customer.uid()));
        base.write(|tx| deal::add(tx, &fields, &Policy::strict())).id
    };
    let (first, second) = (
        add("name=One; amount=100", acme),
        add("name=Two; amount=50", anna),
    );
    let third = add("name=Three; amount=7; expected_close=2026-02-01", acme);
    base.write(|tx| deal::win(tx, first, None));
    base.write(|tx| deal::lose(tx, second, None, "price", None));
    let told = base.read(|tx| brief::of(tx, Noun::Customer, anna));
    let numbers = &told.numbers;
    assert_eq!((numbers.won, numbers.lost, numbers.open), (1, 1, 1));
    assert_eq!(numbers.won_amount.map(|money| money.minor), Some(10_000));
    assert_eq!(numbers.open_amount.map(|money| money.minor), Some(700));
    assert_eq!(told.parties.len(), 2);
    let asked: Vec<(&str, bool)> = told
        .ask
        .iter()
        .map(|ask| (ask.rule.name(), ask.about.is_some()))
        .collect();
    for rule in [
        ("close_passed", true),
        ("lost_last_time", true),
        ("no_email", false),
        ("no_birthday", false),
    ] {
        assert!(asked.contains(&rule), "{rule:?}: {asked:?}");
    }
    let lost = told
        .ask
        .iter()
        .find(|ask| ask.rule.name() == "lost_last_time")
        .expect("a loss");
    assert_eq!(
        (lost.word.as_str(), lost.day),
        ("price", Some(date("2026-03-02")))
    );
    assert!(told.open[0].is_overdue);
    // A deal that rots while its step lies ahead does not ask; with none ahead it does.
    base.on("2026-08-01");
    let of_deal = base.read(|tx| brief::of(tx, Noun::Deal, third));
    assert!(of_deal.ask.iter().any(|ask| ask.rule.name() == "rotting"));
    assert_eq!(of_deal.customer.id, acme);
    let fields = assignments(&format!("title=Call; deal={}; due=2026-08-05", third.uid()));
    base.write(|tx| task::add(tx, &fields, &Policy::strict()));
    let of_deal = base.read(|tx| brief::of(tx, Noun::Deal, third));
    assert!(
        !of_deal
            .ask
            .iter()
            .any(|ask| matches!(ask.rule.name(), "rotting" | "no_next_step"))
    );
    let nobody = base
        .write(|tx| deal::add(tx, &[("name".to_owned(), Input::text("x"))], &Policy::strict()))
        .id;
    let error = base
        .store
        .read(&base.caller, |tx| brief::of(tx, Noun::Deal, nobody));
    assert_eq!(error.expect_err("about nobody").kind(), Kind::Invalid);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn whatever_was_done_can_be_told(acts in prop::collection::vec(act(), 1..30)) {
        let mut two = Two::new();
        for act in &acts {
            two.perform(act);
        }
        for noun in [Noun::Customer, Noun::Deal, Noun::Task, Noun::Activity, Noun::Product, Noun::Tag, Noun::Pipeline] {
            let sql = format!("SELECT id FROM {} ORDER BY id", noun.name());
            let ids: Vec<i64> = two.base.read(|tx| tx.all(&sql, [], |row| row.get(0)));
            for id in ids.into_iter().map(Id::from_raw) {
                let edits = two.base.read(|tx| history::of(tx, noun, id));
                prop_assert!(edits.iter().all(|edit| edit.old != edit.new), "{:?}", edits);
                prop_assert!(edits.is_sorted_by(|one, next| one.op.id >= next.op.id));
                two.base.read(|tx| story::of(tx, noun, id, Limit::NONE));
                if let Err(error) = two.base.store.read(&two.base.caller, |tx| brief::of(tx, noun, id)) {
                    prop_assert_eq!(error.kind(), Kind::Invalid, "{:?}", error);
                }
            }
        }
    }
}
