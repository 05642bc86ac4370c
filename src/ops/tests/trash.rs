//! Into the trash and back.

use crate::domain::id::Id;
use crate::domain::noun::Noun;
use crate::error::Kind;
use crate::ops::customer::OnDuplicate;
use crate::ops::draft::Lists;
use crate::ops::tests::{Base, assignments};
use crate::ops::trash::{remove, restore};
use crate::ops::typed::Policy;
use crate::ops::{customer, deal, pipeline, product, tag, team, user};

fn strict() -> Policy {
    Policy::strict()
}

fn add_customer(base: &mut Base, text: &str) -> Id {
    base.write(|tx| customer::add(tx, &assignments(text), OnDuplicate::Create, &strict()))
        .id
}

fn kind_of_failure<T>(outcome: crate::error::Result<T>) -> Kind {
    outcome.err().expect("it is refused").kind()
}

#[test]
fn records_go_and_come_back_as_they_were() {
    let mut base = Base::new();
    let who = add_customer(&mut base, "name=Acme; emails=a@acme.example; tags=vip");
    let what = base
        .write(|tx| product::add(tx, &assignments("name=Widget; sku=W1"), &strict()))
        .id;
    let chance = base
        .write(|tx| {
            deal::add(
                tx,
                &assignments("name=Deal; customer=Acme; product=W1"),
                &strict(),
            )
        })
        .id;
    let label = base
        .write(|tx| tag::add(tx, &assignments("name=old"), &strict()))
        .id;
    for (noun, id) in [
        (Noun::Customer, who),
        (Noun::Product, what),
        (Noun::Deal, chance),
        (Noun::Tag, label),
    ] {
        let before = base.image();
        assert_eq!(base.write(|tx| remove(tx, noun, &[id])), [id]);
        assert!(
            base.write(|tx| remove(tx, noun, &[id])).is_empty(),
            "{noun} is there already"
        );
        assert_ne!(base.image(), before);
        assert_eq!(base.write(|tx| restore(tx, noun, &[id])), [id]);
        assert_eq!(base.image(), before, "{noun}");
        assert!(base.write(|tx| restore(tx, noun, &[id])).is_empty());
        base.undo();
        base.undo();
        assert_eq!(base.image(), before, "{noun}");
    }
}

#[test]
fn a_customer_whose_address_is_taken_stays_in_the_trash() {
    let mut base = Base::new();
    let old = add_customer(&mut base, "name=Ann; emails=ann@acme.example");
    let twin = add_customer(&mut base, "name=Twin; emails=ann@acme.example");
    base.write(|tx| remove(tx, Noun::Customer, &[old, twin]));
    let both = base.write(|tx| restore(tx, Noun::Customer, &[old, twin]));
    assert_eq!(both.len(), 2, "what they shared they shared before");
    base.write(|tx| remove(tx, Noun::Customer, &[old, twin]));
    let new = add_customer(&mut base, "name=Anne; emails=ANN@acme.example");
    let error = base
        .try_write(|tx| restore(tx, Noun::Customer, &[old]))
        .expect_err("the address is taken");
    assert_eq!(error.kind(), Kind::Duplicate);
    assert_eq!(error.candidates().len(), 1);
    base.write(|tx| customer::edit(tx, new, &assignments("emails="), Lists::Replace, &strict()));
    assert_eq!(base.write(|tx| restore(tx, Noun::Customer, &[old])), [old]);
}

#[test]
fn a_name_that_was_taken_meanwhile_is_taken() {
    let mut base = Base::new();
    let old = base
        .write(|tx| team::add(tx, &assignments("name=North"), &strict()))
        .id;
    base.write(|tx| remove(tx, Noun::Team, &[old]));
    let new = base
        .write(|tx| team::add(tx, &assignments("name=north"), &strict()))
        .id;
    assert_eq!(
        kind_of_failure(base.try_write(|tx| restore(tx, Noun::Team, &[old]))),
        Kind::Duplicate
    );
    base.write(|tx| remove(tx, Noun::Team, &[new]));
    assert_eq!(
        kind_of_failure(base.try_write(|tx| restore(tx, Noun::Team, &[old, new]))),
        Kind::Duplicate
    );
    assert_eq!(base.write(|tx| restore(tx, Noun::Team, &[new])), [new]);
}

#[test]
fn what_others_depend_on_stays() {
    let mut base = Base::new();
    let me = base.caller.actor.id;
    let north = base
        .write(|tx| team::add(tx, &assignments("name=North"), &strict()))
        .id;
    let mona = base
        .write(|tx| user::add(tx, &assignments("name=Mona; team=North"), &strict()))
        .id;
    let side = base
        .write(|tx| pipeline::add(tx, &assignments("key=side"), &[], &strict()))
        .id;
    let chance = base
        .write(|tx| deal::add(tx, &assignments("name=D; owner=Mona; pipeline=side"), &strict()))
        .id;
    for (noun, id, message) in [
        (Noun::User, me, "cannot trash user self: it is the acting user"),
        (
            Noun::User,
            mona,
            "cannot trash user Mona: it still has open deals (1)",
        ),
        (Noun::Team, north, "cannot trash team North: users are in it (1)"),
        (
            Noun::Pipeline,
            side,
            "cannot trash pipeline side: deals are in it (1)",
        ),
    ] {
        assert_eq!(base.refused(|tx| remove(tx, noun, &[id])).1, message);
    }
    base.write(|tx| deal::win(tx, chance, None));
    base.write(|tx| remove(tx, Noun::User, &[mona]));
    assert_eq!(
        base.shown(Noun::Deal, chance, "owner"),
        "Mona",
        "closed credit stays"
    );
    base.write(|tx| remove(tx, Noun::Team, &[north]));
    base.write(|tx| remove(tx, Noun::Deal, &[chance]));
    base.write(|tx| remove(tx, Noun::Pipeline, &[side]));
    assert_eq!(
        base.refused(|tx| restore(tx, Noun::Deal, &[chance])).1,
        "cannot restore deal D1 D: pipeline side is in the trash"
    );
    base.write(|tx| restore(tx, Noun::Pipeline, &[side]));
    base.write(|tx| restore(tx, Noun::Deal, &[chance]));
}
