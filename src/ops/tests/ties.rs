//! Relationships, employments and the people of deals.

use super::taking_back::new_customer;
use super::{Base, assignments, date};
use crate::domain::field::{self, FieldType};
use crate::domain::id::Id;
use crate::domain::noun::Noun;
use crate::error::Result;
use crate::ops::attachment::{self, Content, New};
use crate::ops::deal::people::{self, Part};
use crate::ops::employment::{self, Job};
use crate::ops::merge::{self, Choices};
use crate::ops::relationship::{relate, unrelate};
use crate::ops::typed::Policy;
use crate::ops::{deal, list};
use crate::store::{WriteTx, attachments, records, relationships};

fn three(base: &mut Base) -> [Id; 3] {
    ["Anna", "张伟", "Łukasz"].map(|name| base.write(|tx| new_customer(tx, &format!("name={name}"))))
}

fn related(base: &Base, id: Id) -> Vec<(Id, String, Id, String)> {
    let all = base.read(|tx| relationships::of(tx, id)).into_iter();
    all.map(|known| (known.from, known.sort, known.to, known.note))
        .collect()
}

fn said(tx: &WriteTx<'_>, one: Id, sort: &str, other: Id) -> Result<()> {
    relate(tx, one, sort, other, None).map(drop)
}

#[test]
fn a_relation_is_one_row_whichever_side_says_it() {
    let mut base = Base::new();
    let [one, two, _] = three(&mut base);
    base.write(|tx| said(tx, one, "reports_to", two));
    let before = base.image();
    base.write(|tx| said(tx, two, "manages", one));
    assert_eq!(base.image(), before, "the other side says the same");
    base.write(|tx| relate(tx, two, "管理", one, Some("since May")));
    base.write(|tx| said(tx, one, "spouse", two));
    base.write(|tx| said(tx, two, "spouse", one));
    let expected = vec![
        (one, "reports_to".to_owned(), two, "since May".to_owned()),
        (one, "spouse".to_owned(), two, String::new()),
    ];
    assert_eq!(related(&base, one), expected);
    assert_eq!(related(&base, two), expected);
    base.write(|tx| unrelate(tx, two, Some("spouse"), one));
    assert_eq!(related(&base, one).len(), 1);
    base.undo();
    assert_eq!(related(&base, one), expected);
    base.write(|tx| unrelate(tx, two, None, one));
    assert_eq!(related(&base, two), []);
    assert!(
        base.refused(|tx| unrelate(tx, two, None, one))
            .1
            .contains("not related")
    );
    base.check();
}

#[test]
fn filters_see_relations_from_either_side() {
    let mut base = Base::new();
    let [one, two, three] = three(&mut base);
    base.write(|tx| said(tx, one, "reports_to", two));
    base.write(|tx| said(tx, three, "referred_by", two));
    for (filter, found) in [
        ("related:C2", vec![three, one]),
        ("related.name:anna", vec![two]),
        ("has:reports", vec![two]),
        ("reports.count:1 referrals:C3", vec![two]),
        ("no:related", vec![]),
    ] {
        let ids = base.read(|tx| {
            let condition = list::condition(tx, Noun::Customer, &[filter.to_owned()])?;
            records::ids(tx, Noun::Customer, &condition)
        });
        assert_eq!(ids, found, "{filter}");
    }
}

#[test]
fn nobody_comes_out_above_themselves() {
    let mut base = Base::new();
    let [one, two, three] = three(&mut base);
    base.write(|tx| said(tx, one, "reports_to", two));
    base.write(|tx| said(tx, two, "reports_to", three));
    for (from, sort, to) in [
        (three, "reports_to", one),
        (one, "manages", three),
        (one, "friend", one),
        (one, "repotrs_to", two),
    ] {
        assert_eq!(
            base.refused(|tx| said(tx, from, sort, to)).0,
            "relationships",
            "{sort}"
        );
    }
    base.write(|tx| said(tx, one, "reports_to", three));
    base.write(|tx| said(tx, three, "referred_by", one));
}

#[test]
fn a_merge_leaves_each_relation_once() {
    let mut base = Base::new();
    let [one, two, three] = three(&mut base);
    base.write(|tx| said(tx, one, "spouse", three));
    base.write(|tx| relate(tx, three, "spouse", two, Some("since 2020")));
    base.write(|tx| said(tx, two, "reports_to", three));
    base.write(|tx| said(tx, one, "friend", two));
    let before = base.image();
    base.write(|tx| merge::merge(tx, one, &[two], &Choices::default()));
    assert_eq!(
        related(&base, three),
        vec![
            (one, "spouse".to_owned(), three, "since 2020".to_owned()),
            (one, "reports_to".to_owned(), three, String::new()),
        ]
    );
    assert_eq!(related(&base, one).len(), 2);
    base.undo();
    assert_eq!(base.image(), before);
}

#[test]
fn a_job_move_keeps_what_was() {
    let mut base = Base::new();
    let acme = base.write(|tx| new_customer(tx, "name=Acme; type=company"));
    let globex = base.write(|tx| new_customer(tx, "name=Globex; type=company"));
    let anna = base.write(|tx| new_customer(tx, &format!("name=Anna; company={}; title=CTO", acme.uid())));
    let told = |base: &Base| base.shown(Noun::Customer, anna, "company title employments");
    let job = |text: &str| Job {
        title: Some(text.to_owned()),
        ..Job::default()
    };
    let from = Job {
        from: Some(date("2026-02-01")),
        ..job("CEO")
    };
    base.write(|tx| employment::employ(tx, anna, globex, &from));
    let shown = told(&base);
    assert!(shown.contains("C2|CEO"), "{shown}");
    assert!(
        shown.contains(r#""title":"CTO""#) && shown.contains(r#""ended_on":"2026-02-01""#),
        "{shown}"
    );
    // A further job, then the main one ends: the further one is the main one.
    let beside = Job {
        beside: true,
        ..job("Advisor")
    };
    base.write(|tx| employment::employ(tx, anna, acme, &beside));
    assert!(told(&base).contains("C2|CEO"), "{}", told(&base));
    base.write(|tx| employment::leave(tx, anna, globex, Some(date("2026-03-01"))));
    assert!(told(&base).contains("C1|Advisor"), "{}", told(&base));
    base.undo();
    assert!(told(&base).contains("C2|CEO"));
    // The same company again changes the stay.
    base.write(|tx| employment::employ(tx, anna, globex, &job("Chair")));
    assert!(told(&base).contains("C2|Chair"));
    base.write(|tx| employment::employ(tx, anna, globex, &Job::default()));
    assert!(told(&base).contains("C2|Chair"), "nothing was said of the title");
    base.check();
    let early = Some(date("2026-01-31"));
    for (message, refused) in [
        (
            "begin",
            base.refused(|tx| employment::leave(tx, anna, globex, early)),
        ),
        (
            "no company",
            base.refused(|tx| employment::employ(tx, anna, anna, &Job::default())),
        ),
        (
            "is a company",
            base.refused(|tx| employment::employ(tx, acme, globex, &Job::default())),
        ),
    ] {
        assert_eq!(refused.0, "employments");
        let fits = refused.1.contains(message) || message == "begin" && refused.1.contains("began on");
        assert!(fits, "{}", refused.1);
    }
    base.write(|tx| employment::leave(tx, anna, acme, None));
    let gone = base.refused(|tx| employment::leave(tx, anna, acme, None));
    assert!(gone.1.contains("works at C2 Globex"), "{}", gone.1);
}

#[test]
fn people_of_a_deal_have_parts() {
    let mut base = Base::new();
    let [one, two, three] = three(&mut base);
    let fields = assignments(&format!(
        "name=Rollout; customer={}; people={}",
        one.uid(),
        one.uid()
    ));
    let rollout = base.write(|tx| deal::add(tx, &fields, &Policy::strict())).id;
    let told = |base: &Base| base.shown(Noun::Deal, rollout, "person_details");
    let part = |role: &str, main: bool| Part {
        role: Some(role.to_owned()),
        main,
    };
    base.write(|tx| people::put(tx, rollout, &[two], &part("决策人", true)));
    base.write(|tx| people::put(tx, rollout, &[three], &part("champion", false)));
    let shown = told(&base);
    assert!(
        shown.contains(r#""role":"decision_maker","is_primary":true"#),
        "{shown}"
    );
    assert_eq!(shown.matches(r#""is_primary":true"#).count(), 1, "{shown}");
    assert_eq!(base.shown(Noun::Deal, rollout, "people"), "C2; C1; C3");
    let error = base.try_write(|tx| people::put(tx, rollout, &[two], &part("desision_maker", false)));
    assert_eq!(error.expect_err("no role").near(), ["decision_maker"]);
    base.write(|tx| people::remove(tx, rollout, &[two]));
    assert!(
        base.refused(|tx| people::remove(tx, rollout, &[two]))
            .1
            .contains("no part")
    );
    assert_eq!(base.shown(Noun::Deal, rollout, "people"), "C1; C3");
    base.undo();
    assert_eq!(told(&base), shown);
    base.check();
}

#[test]
fn every_detail_can_be_asked_for() {
    let base = Base::new();
    for noun in Noun::ALL {
        for field in field::fields(noun)
            .iter()
            .filter(|field| field.kind == FieldType::Parts)
        {
            for question in ["has", "no"] {
                let filter = format!("{question}:{}", field.name);
                base.read(|tx| {
                    let condition = list::condition(tx, noun, std::slice::from_ref(&filter))?;
                    records::ids(tx, noun, &condition)
                });
            }
        }
    }
}

fn file(location: &str, bytes: u64) -> New {
    New {
        location: location.to_owned(),
        title: None,
        content: Some(Content {
            bytes,
            sha256: format!("{bytes:064x}"),
        }),
    }
}

#[test]
fn a_file_is_attached_once_and_looked_at_anew() {
    let mut base = Base::new();
    let [one, two, _] = three(&mut base);
    let customer = Noun::Customer;
    base.write(|tx| {
        attachment::attach(
            tx,
            customer,
            one,
            &[file("/a/合同.pdf", 7), file("/b/plan.txt", 8)],
        )
    });
    base.write(|tx| attachment::attach(tx, customer, one, &[file("/a/合同.pdf", 9)]));
    let told = |base: &Base, id: Id| -> Vec<(String, Option<i64>)> {
        let all = base.read(|tx| attachments::of(tx, id)).into_iter();
        all.map(|one| (one.title, one.bytes)).collect()
    };
    let both = vec![("合同.pdf".to_owned(), Some(9)), ("plan.txt".to_owned(), Some(8))];
    assert_eq!(told(&base, one), both);
    for (text, no) in [("2", 2), ("plan.txt", 2), ("/a/合同.pdf", 1), ("合同.pdf", 1)] {
        assert_eq!(
            base.read(|tx| attachment::find(tx, customer, one, text)).0,
            no,
            "{text}"
        );
    }
    let error = base.try_write(|tx| attachment::detach(tx, customer, one, &["plam.txt".to_owned()]));
    assert_eq!(error.expect_err("no such file").near(), ["plan.txt"]);
    // Of two customers who become one, each file stays once.
    base.write(|tx| {
        attachment::attach(
            tx,
            customer,
            two,
            &[file("/b/plan.txt", 8), file("/c/new.txt", 1)],
        )
    });
    let before = base.image();
    base.write(|tx| merge::merge(tx, one, &[two], &Choices::default()));
    assert_eq!(told(&base, one).len(), 3);
    base.undo();
    assert_eq!(base.image(), before);
    base.write(|tx| attachment::detach(tx, customer, one, &["1".to_owned(), "2".to_owned()]));
    assert_eq!(told(&base, one), []);
    base.undo();
    assert_eq!(told(&base, one), both);
    assert!(
        base.refused(|tx| attachment::attach(tx, Noun::Tag, one, &[]))
            .1
            .contains("to a tag")
    );
}
