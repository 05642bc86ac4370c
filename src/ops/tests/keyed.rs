//! Pipelines (without their stages), products, users, teams, tags, custom fields, views, forms, rules of assignment and of
//! scoring, public pools, surveys, calendars, service policies and articles.

use crate::domain::input::Assignment;
use crate::domain::noun::Noun;
use crate::error::{Kind, Result};
use crate::ops::draft::Lists;
use crate::ops::tests::taking_back::new_customer;
use crate::ops::tests::{Base, assignments, creating};
use crate::ops::typed::Policy;
use crate::ops::{
    Outcome, article, assignment, calendar, customer, field, form, pipeline, pool, product, refer, rule,
    score, sla, survey, tag, team, user, view,
};
use crate::store::{WriteTx, fields, links, seed};

type Add = fn(&WriteTx<'_>, &[Assignment], &Policy) -> Result<Outcome>;
type Edit = fn(&WriteTx<'_>, crate::domain::id::Id, &[Assignment], Lists, &Policy) -> Result<Outcome>;

fn add_pipeline(tx: &WriteTx<'_>, assignments: &[Assignment], policy: &Policy) -> Result<Outcome> {
    pipeline::add(tx, assignments, &[], policy)
}

const NOUNS: [(Noun, &str, &str, Add, Edit); 16] = [
    (
        Noun::Product,
        "name=Widget; sku=W1",
        "sku=W1; name=Other",
        product::add,
        product::edit,
    ),
    (Noun::User, "name=Mona", "name=MONA", user::add, user::edit),
    (Noun::Team, "name=North", "name=north", team::add, team::edit),
    (Noun::Tag, "name=vip", "name=+VIP", tag::add, tag::edit),
    (
        Noun::Pipeline,
        "key=partners",
        "key=Partners",
        add_pipeline,
        pipeline::edit,
    ),
    (
        Noun::Field,
        "noun=deal; key=size",
        "noun=deal; key=size",
        field::add,
        field::edit,
    ),
    (
        Noun::View,
        "key=hot; noun=deal; filter=is:open",
        "key=Hot; noun=deal",
        view::add,
        view::edit,
    ),
    (
        Noun::Form,
        "key=contact; entries=email!; tags=web",
        "key=Contact",
        form::add,
        form::edit,
    ),
    (
        Noun::Assignment,
        "key=web; members=self",
        "key=Web; members=self",
        assignment::add,
        assignment::edit,
    ),
    (
        Noun::Score,
        "key=big; points=20; filter=type:company",
        "key=Big; points=5; event=order",
        score::add,
        score::edit,
    ),
    (
        Noun::Pool,
        "key=east; no_follow_up=30",
        "key=East; members=self",
        pool::add,
        pool::edit,
    ),
    (
        Noun::Survey,
        "key=delivery",
        "key=Delivery",
        survey::add,
        survey::edit,
    ),
    (
        Noun::Calendar,
        "key=cn; zone=Asia/Shanghai; days=2026-10-10 work",
        "key=CN",
        calendar::add,
        calendar::edit,
    ),
    (
        Noun::Sla,
        "key=vip; filter=priority:urgent; targets=low none",
        "key=VIP",
        sla::add,
        sla::edit,
    ),
    (
        Noun::Article,
        "key=卡纸; body=# 打印机卡纸; tags=硬件",
        "key=卡纸; type=reply",
        article::add,
        article::edit,
    ),
    (
        Noun::Rule,
        "key=vip; on=customer created; actions=tag vip",
        "key=Vip; on=deal created; actions=tag x",
        rule::add,
        rule::edit,
    ),
];

#[test]
fn names_are_given_once_and_everything_can_be_undone() {
    for (noun, first, second, add, edit) in NOUNS {
        let mut base = Base::new();
        let empty = base.image();
        let id = base
            .write(|tx| add(tx, &assignments(first), &Policy::strict()))
            .id;
        let error = base
            .try_write(|tx| add(tx, &assignments(second), &Policy::strict()))
            .expect_err("a second of that name");
        assert_eq!(error.kind(), Kind::Duplicate, "{noun}: {error}");
        assert_eq!(error.candidates().len(), 1, "{noun}");
        let again = base.write(|tx| edit(tx, id, &assignments(first), Lists::Add, &Policy::strict()));
        assert!(!again.changed, "{noun}");
        base.undo();
        assert_eq!(base.image(), empty, "{noun}");
    }
}

#[test]
fn names_are_needed() {
    for (noun, first, _, add, edit) in NOUNS {
        let mut base = Base::new();
        let name = if noun.is_keyed() { "key" } else { "name" };
        let id = base
            .write(|tx| add(tx, &assignments(first), &Policy::strict()))
            .id;
        let blank = format!("{name}=");
        let given = if noun == Noun::Field { "noun=deal" } else { "" };
        assert_eq!(
            base.refused(|tx| add(tx, &assignments(given), &Policy::strict()))
                .0,
            name,
            "{noun}"
        );
        let (field, _) =
            base.refused(|tx| edit(tx, id, &assignments(&blank), Lists::Replace, &Policy::strict()));
        assert_eq!(field, name, "{noun}");
    }
}

#[test]
fn an_import_makes_managers_and_teams_by_name() {
    let mut base = Base::importing();
    let policy = creating();
    let text = "name=Anna Snell; manager=Dustin Brink; team=Central; email=anna@seller.example";
    let id = base.write(|tx| user::add(tx, &assignments(text), &policy)).id;
    assert_eq!(
        base.shown(Noun::User, id, "name manager team email scope status"),
        "Anna Snell|Dustin Brink|Central|anna@seller.example|all|active"
    );
    assert_eq!(policy.made.borrow().len(), 2);
    assert!(
        !base
            .write(|tx| user::edit(tx, id, &assignments(text), Lists::Add, &policy))
            .changed
    );
    assert_eq!(policy.made.borrow().len(), 2);
    for noun in [Noun::Customer, Noun::Product, Noun::Tag, Noun::Pipeline] {
        let made = base.write(|tx| refer::make(tx, noun, "Something New"));
        assert!(base.read(|tx| links::link(tx, noun, made)).is_some());
    }
}

#[test]
fn nobody_reports_to_themselves_or_locks_themselves_out() {
    let mut base = Base::new();
    let mut ids = Vec::new();
    for text in ["name=Ann", "name=Bob; manager=Ann", "name=Cid; manager=Bob"] {
        ids.push(
            base.write(|tx| user::add(tx, &assignments(text), &Policy::strict()))
                .id,
        );
    }
    let me = base.caller.actor.id;
    for (id, text, field) in [
        (ids[0], "manager=Ann", "manager"),
        (ids[0], "manager=Cid", "manager"),
        (ids[0], "manager=Nobody", "manager"),
        (ids[0], "email=nonsense", "email"),
        (ids[0], "scope=galaxy", "scope"),
        (me, "status=disabled", "status"),
    ] {
        let refused =
            base.refused(|tx| user::edit(tx, id, &assignments(text), Lists::Replace, &Policy::strict()));
        assert_eq!(refused.0, field, "{text}: {}", refused.1);
    }
    base.write(|tx| {
        user::edit(
            tx,
            ids[2],
            &assignments("manager=Ann; scope="),
            Lists::Replace,
            &Policy::strict(),
        )
    });
    assert_eq!(base.shown(Noun::User, ids[2], "manager scope"), "Ann|all");
}

#[test]
fn a_renamed_tag_stays_on_its_records() {
    let mut base = Base::new();
    let who = base
        .write(|tx| {
            customer::add(
                tx,
                &assignments("name=Acme; tags=vip"),
                customer::OnDuplicate::Refuse,
                &Policy::strict(),
            )
        })
        .id;
    let tag = base.read(|tx| refer::one(tx, Noun::Tag, "vip"));
    let text = "name=key account; description=Worth a visit";
    base.write(|tx| tag::edit(tx, tag, &assignments(text), Lists::Replace, &Policy::strict()));
    assert_eq!(base.shown(Noun::Customer, who, "tags"), "key account");
    let (field, _) = base.refused(|tx| tag::add(tx, &assignments("name=a,b"), &Policy::strict()));
    assert_eq!(field, "name");
}

#[test]
fn one_pipeline_is_the_default() {
    let mut base = Base::new();
    let sales = base.read(|tx| refer::one(tx, Noun::Pipeline, "sales"));
    let (field, _) = base.refused(|tx| {
        pipeline::edit(
            tx,
            sales,
            &assignments("default=no"),
            Lists::Replace,
            &Policy::strict(),
        )
    });
    assert_eq!(field, "default");
    let other = base
        .write(|tx| {
            pipeline::add(
                tx,
                &assignments("key=renewals; default=yes"),
                &[],
                &Policy::strict(),
            )
        })
        .id;
    assert_ne!(
        base.shown(Noun::Pipeline, sales, "default"),
        base.shown(Noun::Pipeline, other, "default")
    );
    assert_eq!(base.read(seed::default_pipeline), Some(other));
    assert!(base.write(|tx| pipeline::set_default(tx, sales)));
    assert_eq!(base.read(seed::default_pipeline), Some(sales));
}

#[test]
fn custom_fields_are_typed_and_their_options_kept() {
    let mut base = Base::new();
    for (text, wrong) in [
        ("noun=user; key=size", "noun"),
        ("noun=deal; key=Size", "key"),
        ("noun=deal; key=1st", "key"),
        ("noun=deal; key=größe", "key"),
        ("noun=deal; key=size; type=number", "type"),
        ("noun=deal; key=size; type=select", "options"),
        ("noun=deal; key=size; type=integer; options=a", "options"),
    ] {
        let refused = base.refused(|tx| field::add(tx, &assignments(text), &Policy::strict()));
        assert_eq!(refused.0, wrong, "{text}: {}", refused.1);
    }
    let text = "noun=deal; key=size; label=Size; type=select; options=Small, Very large";
    let id = base
        .write(|tx| field::add(tx, &assignments(text), &Policy::strict()))
        .id;
    assert_eq!(
        base.shown(Noun::Field, id, "noun key label type options required"),
        format!("deal|size|Size|select|small,very_large|{}", no(&base, id))
    );
    let deal = base
        .write(|tx| {
            crate::ops::deal::add(
                tx,
                &assignments("name=D; fields.size=Very large"),
                &Policy::strict(),
            )
        })
        .id;
    assert_eq!(base.shown(Noun::Deal, deal, "fields.size"), "very_large");
    let mut set = |text: &str| {
        base.try_write(|tx| field::edit(tx, id, &assignments(text), Lists::Replace, &Policy::strict()))
            .map(|outcome| outcome.changed)
            .map_err(|error| error.field().unwrap_or_default().to_owned())
    };
    for (text, expected) in [
        ("options=small", Err("options")),
        ("type=text", Err("type")),
        ("key=other", Err("key")),
        ("noun=task", Err("noun")),
        ("noun=deal; key=size; type=select", Ok(false)),
        ("options=Very large, Huge", Ok(true)),
        ("options=very_large, huge", Ok(false)),
        ("label=", Ok(true)),
    ] {
        assert_eq!(set(text), expected.map_err(str::to_owned), "{text}");
    }
    assert_eq!(base.shown(Noun::Field, id, "label options"), "|very_large,huge");
    base.write(|tx| field::add(tx, &assignments("noun=task; key=size"), &Policy::strict()));
    let error = base
        .try_write(|tx| refer::one(tx, Noun::Field, "size"))
        .expect_err("two nouns");
    assert_eq!(error.kind(), Kind::Ambiguous);
    assert_eq!(error.candidates()[0].reference, "deal.size");
    assert_eq!(base.read(|tx| refer::one(tx, Noun::Field, "deal.size")), id);
    assert_eq!(base.read(|tx| fields::choices(tx, "deal.size")).len(), 2);
}

/// How a file writes no.
fn no(base: &Base, id: crate::domain::id::Id) -> String {
    base.shown(Noun::Field, id, "required")
}

#[test]
fn a_file_that_names_strangers_searches_for_none_of_them() {
    let near = |mut base: Base| {
        base.write(|tx| new_customer(tx, "name=Hafen Logistik; type=company").map(drop));
        let refused = base.read(|tx| Ok(refer::one(tx, Noun::Customer, "Hafen Logistig").err()));
        let error = refused.expect("there is nobody of that name");
        assert_eq!(error.kind(), Kind::NotFound);
        error.near().to_vec()
    };
    assert_eq!(near(Base::new()), ["Hafen Logistik"]);
    assert!(near(Base::importing()).is_empty());
}
