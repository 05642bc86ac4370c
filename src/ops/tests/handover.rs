//! Handing over: what goes, what stays, and to whom.

use crate::domain::actor::Via;
use crate::domain::id::Id;
use crate::domain::noun::Noun;
use crate::error::Kind;
use crate::ops::customer::OnDuplicate;
use crate::ops::draft::Lists;
use crate::ops::handover::{self, Move, What, Work};
use crate::ops::tests::{Base, assignments};
use crate::ops::typed::Policy;
use crate::ops::{customer, deal, refer, task, team, user};
use crate::store::users::Share;

/// A base in which anna looks after three customers with deals and tasks, leads a team, and has a report.
fn base() -> Base {
    let mut base = Base::new();
    let strict = Policy::strict();
    base.write(|tx| {
        for name in ["anna", "ben", "eva"] {
            user::add(tx, &assignments(&format!("name={name}")), &strict)?;
        }
        user::add(tx, &assignments("name=carl; manager=anna"), &strict)?;
        team::add(tx, &assignments("name=North; manager=anna"), &strict)?;
        for name in ["Ada; city=Ulm", "Bo; city=Bonn", "张伟; city=Ulm"] {
            let text = assignments(&format!("name={name}; owner=anna"));
            customer::add(tx, &text, OnDuplicate::Create, &strict)?;
        }
        for text in [
            "name=D1; customer=C1; owner=anna",
            "name=D2; customer=C2; owner=anna",
            "name=D3; customer=C3; owner=anna; stage=won",
            "name=D4; owner=anna",
        ] {
            deal::add(tx, &assignments(text), &strict)?;
        }
        for text in [
            "title=T1; customer=C1; assignee=anna",
            "title=T2; deal=D2; assignee=anna",
            "title=T3; customer=C3; assignee=anna; status=done",
        ] {
            task::add(tx, &assignments(text), &strict)?;
        }
        Ok(())
    });
    base
}

fn id(base: &Base, noun: Noun, name: &str) -> Id {
    base.read(|tx| refer::one(tx, noun, name))
}

fn transfer(base: &mut Base, to: &str, what: &What) -> Vec<Move> {
    let anna = id(base, Noun::User, "anna");
    let heirs = base.read(|tx| handover::heirs(tx, to));
    base.write(|tx| handover::transfer(tx, anna, &heirs, what))
}

fn owners(base: &Base) -> String {
    let of = |noun, names: &[&str], field: &str| {
        names
            .iter()
            .map(|name| base.shown(noun, id(base, noun, name), field))
            .collect::<Vec<_>>()
            .join(" ")
    };
    [
        of(Noun::Customer, &["C1", "C2", "C3"], "owner"),
        of(Noun::Deal, &["D1", "D2", "D3", "D4"], "owner"),
        of(Noun::Task, &["T1", "T2", "T3"], "assignee"),
        of(Noun::User, &["carl"], "manager"),
        of(Noun::Team, &["North"], "manager"),
    ]
    .join(", ")
}

#[test]
fn open_work_goes_and_history_stays() {
    let mut base = base();
    let before = base.image();
    let moves = transfer(&mut base, "ben", &What::default());
    assert_eq!(
        handover::counted(&moves),
        "3 customers, 3 deals, 2 tasks, 1 user, 1 team"
    );
    assert_eq!(
        owners(&base),
        "ben ben ben, ben ben anna ben, ben ben anna, ben, ben"
    );
    let ada = id(&base, Noun::Customer, "Ada");
    let past = base.shown(Noun::Customer, ada, "intervals");
    assert!(past.contains("anna") && past.contains("ben"), "{past}");
    base.check();
    base.undo();
    assert_eq!(base.image(), before);
}

#[test]
fn a_closed_deal_keeps_its_credit_whoever_owns_it() {
    let mut base = base();
    let what = What {
        shares: vec![Share::OpenDeals],
        closed: true,
        filters: Vec::new(),
    };
    transfer(&mut base, "ben", &what);
    assert_eq!(
        owners(&base),
        "anna anna anna, ben ben ben ben, anna anna anna, anna, anna"
    );
    let deal = id(&base, Noun::Deal, "D3");
    let credit = base.read(|tx| crate::store::deals::get(tx, deal));
    let credit = credit
        .and_then(|deal| deal.closed)
        .and_then(|closed| closed.owner);
    assert_eq!(credit, Some(id(&base, Noun::User, "anna")));
}

#[test]
fn heirs_share_round_and_what_a_customer_has_stays_together() {
    let mut base = base();
    transfer(&mut base, "ben, eva", &What::default());
    assert_eq!(
        owners(&base),
        "ben eva ben, ben eva anna eva, ben eva anna, ben, eva"
    );
}

#[test]
fn a_filter_of_customers_takes_their_deals_and_tasks_along() {
    let mut base = base();
    let what = What {
        filters: vec!["city:ulm".to_owned()],
        ..What::default()
    };
    transfer(&mut base, "ben", &what);
    assert_eq!(
        owners(&base),
        "ben anna ben, ben anna anna anna, ben anna anna, anna, anna"
    );
    base.undo();
    let what = What {
        shares: vec![Share::OpenDeals],
        filters: vec!["name:d4".to_owned()],
        ..What::default()
    };
    transfer(&mut base, "ben", &what);
    assert_eq!(
        owners(&base),
        "anna anna anna, anna anna anna ben, anna anna anna, anna, anna"
    );
}

#[test]
fn nobody_comes_to_report_to_themselves() {
    let mut base = base();
    let (anna, carl) = (id(&base, Noun::User, "anna"), id(&base, Noun::User, "carl"));
    base.write(|tx| {
        let text = assignments("manager=self");
        user::edit(tx, anna, &text, Lists::Replace, &Policy::strict())?;
        let ben = refer::one(tx, Noun::User, "ben")?;
        user::edit(
            tx,
            ben,
            &assignments("manager=carl"),
            Lists::Replace,
            &Policy::strict(),
        )
    });
    transfer(&mut base, "ben", &What::default());
    // Ben reports to Carl, so Carl cannot report to Ben; he gets who led Anna.
    assert_eq!(base.shown(Noun::User, carl, "manager"), "self");
    base.undo();
    transfer(&mut base, "carl", &What::default());
    assert_eq!(base.shown(Noun::User, carl, "manager"), "self");
    base.check();
}

#[test]
fn who_leaves_hands_over_first() {
    let mut base = base();
    let (anna, ben) = (id(&base, Noun::User, "anna"), id(&base, Noun::User, "ben"));
    let refusal = base.refused(|tx| handover::disable(tx, anna, Work::None));
    assert_eq!(refusal.0, "status");
    assert_eq!(
        refusal.1,
        "status: anna still has open deals (3), open tasks (2), customers (3), users who report to them (1), \
         teams that they lead (1)"
    );
    let refusal = base.refused(|tx| {
        let text = assignments("status=disabled");
        user::edit(tx, anna, &text, Lists::Replace, &Policy::strict())
    });
    assert!(refusal.1.contains("still has"), "{refusal:?}");
    let before = base.image();
    let moves = base.write(|tx| handover::disable(tx, anna, Work::Goes(&[ben])));
    assert_eq!(moves.len(), 10);
    assert_eq!(base.shown(Noun::User, anna, "status"), "disabled");
    assert_eq!(
        base.store.actor("anna").err().map(|error| error.kind()),
        Some(Kind::ReadOnly)
    );
    base.undo();
    assert_eq!(base.image(), before);
    base.write(|tx| handover::disable(tx, anna, Work::Kept));
    assert!(owners(&base).starts_with("anna anna anna"));
    base.write(|tx| handover::enable(tx, anna));
    base.store.actor("anna").expect("anna works again");
    let own = base.caller.actor.id;
    base.refused(|tx| handover::disable(tx, own, Work::Kept));
}

#[test]
fn a_disabled_user_gets_no_new_work() {
    let mut base = base();
    let anna = id(&base, Noun::User, "anna");
    base.write(|tx| handover::disable(tx, anna, Work::Kept));
    let strict = Policy::strict();
    let said = |field: &str| {
        (
            field.to_owned(),
            format!("{field}: the user \"anna\" is disabled"),
        )
    };
    let add = base.refused(|tx| {
        let text = assignments("name=New; owner=anna");
        customer::add(tx, &text, OnDuplicate::Create, &strict)
    });
    assert_eq!(add, said("owner"));
    let (deal, task) = (id(&base, Noun::Deal, "D1"), id(&base, Noun::Task, "T1"));
    base.write(|tx| {
        // Who has it already keeps it while something else is changed.
        deal::edit(
            tx,
            deal,
            &assignments("owner=anna; amount=5"),
            Lists::Replace,
            &strict,
        )?;
        deal::edit(tx, deal, &assignments("owner=ben"), Lists::Replace, &strict)?;
        task::edit(tx, task, &assignments("assignee=ben"), Lists::Replace, &strict)
    });
    let back = base.refused(|tx| deal::edit(tx, deal, &assignments("owner=anna"), Lists::Replace, &strict));
    assert_eq!(back, said("owner"));
    let back =
        base.refused(|tx| task::edit(tx, task, &assignments("assignee=anna"), Lists::Replace, &strict));
    assert_eq!(back, said("assignee"));
    let ben = id(&base, Noun::User, "ben");
    let heir = base.refused(|tx| handover::transfer(tx, ben, &[anna], &What::default()));
    assert_eq!(heir.1, "the user \"anna\" is disabled");
}

#[test]
fn closed_history_in_a_file_may_name_who_has_left() {
    let mut base = base();
    let anna = id(&base, Noun::User, "anna");
    base.write(|tx| handover::disable(tx, anna, Work::Kept));
    base.caller.via = Via::Import;
    let policy = Policy::strict();
    let old = base
        .write(|tx| deal::add(tx, &assignments("name=Old; stage=won; owner=anna"), &policy))
        .id;
    assert_eq!(base.shown(Noun::Deal, old, "owner"), "anna");
    assert_eq!(policy.doubts.take(), [("owner", "anna".to_owned())]);
    base.refused(|tx| deal::add(tx, &assignments("name=New; owner=anna"), &policy));
}
