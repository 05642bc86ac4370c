//! Leads: whether they are any.

use super::{Base, assignments};
use crate::domain::id::Id;
use crate::domain::noun::Noun;
use crate::ops::customer::{self, OnDuplicate};
use crate::ops::draft::Lists;
use crate::ops::merge::{self, Choices};
use crate::ops::qualification::{AGAIN, Disqualifying, Qualified, Qualifying, disqualify, qualify};
use crate::ops::tests::taking_back::new_customer;
use crate::ops::typed::Policy;
use crate::ops::{deal, list, task};
use crate::store::{customers, records};

fn lead(base: &mut Base, text: &str) -> Id {
    base.write(|tx| new_customer(tx, &format!("lifecycle=lead; {text}")))
}

fn with_deal(text: &str) -> Qualifying {
    Qualifying {
        deal: assignments(text),
        note: None,
    }
}

fn because(reason: &str) -> Disqualifying {
    Disqualifying {
        reason: reason.to_owned(),
        ..Disqualifying::default()
    }
}

fn standing(base: &Base, id: Id) -> String {
    base.shown(
        Noun::Customer,
        id,
        "lifecycle disqualified_on disqualified_reason open_deals open_tasks",
    )
}

fn found(base: &Base, filter: &str) -> usize {
    base.read(|tx| {
        let condition = list::condition(tx, Noun::Customer, &[filter.to_owned()])?;
        Ok(records::ids(tx, Noun::Customer, &condition)?.len())
    })
}

#[test]
fn a_lead_becomes_a_deal_once_and_undo_takes_all_of_it_back() {
    let mut base = Base::new();
    let id = lead(&mut base, "name=张伟; source=web_form; owner=self");
    let before = base.image();
    let how = Qualifying {
        note: Some("预算已批".to_owned()),
        ..with_deal("name=云仓; amount=48000")
    };
    let first = base.write(|tx| qualify(tx, id, &how));
    let made = first.deal.expect("a deal");
    assert!(first.changed);
    // What has a deal is an opportunity, which is further than qualified.
    assert_eq!(standing(&base, id), "opportunity|||1|0");
    assert_eq!(
        base.shown(Noun::Deal, made, "name customer amount source owner status"),
        "云仓|C1|48000.00|web_form|self|open"
    );
    base.check();
    let after = base.image();
    // The second time nothing happens, whatever has become of the deal.
    base.write(|tx| deal::win(tx, made, None));
    let again = base.write(|tx| qualify(tx, id, &how));
    assert_eq!(
        again,
        Qualified {
            deal: Some(made),
            changed: false
        }
    );
    base.undo();
    assert_eq!(base.image(), after);
    base.undo();
    assert_eq!(base.image(), before);
}

#[test]
fn qualifying_never_goes_backward_and_takes_a_disqualification_back() {
    let mut base = Base::new();
    let loyal = base.write(|tx| new_customer(tx, "name=Nora; lifecycle=loyal"));
    let plain = Qualifying::default();
    assert!(!base.write(|tx| qualify(tx, loyal, &plain)).changed);
    assert_eq!(standing(&base, loyal), "loyal|||0|0");

    let id = lead(&mut base, "name=Olaf");
    let until = Disqualifying {
        again: Some("2026-06-01".parse().expect("a day")),
        ..because("bad_timing")
    };
    base.write(|tx| disqualify(tx, id, &until));
    assert_eq!(standing(&base, id), "lead|2026-03-02|bad_timing|0|1");
    base.write(|tx| qualify(tx, id, &plain));
    assert_eq!(standing(&base, id), "qualified|||0|0");
    base.check();
}

#[test]
fn a_disqualified_lead_keeps_its_day_and_comes_back_as_a_task() {
    let mut base = Base::new();
    let id = lead(&mut base, "name=Pia");
    let how = Disqualifying {
        note: Some("no money before summer".to_owned()),
        again: Some("2026-06-01".parse().expect("a day")),
        ..because("没有预算")
    };
    assert!(base.write(|tx| disqualify(tx, id, &how)));
    base.on("2026-03-09");
    assert!(!base.write(|tx| disqualify(tx, id, &how)), "it is so already");
    assert_eq!(standing(&base, id), "lead|2026-03-02|no_budget|0|1");
    let later = Disqualifying {
        again: Some("2026-09-01".parse().expect("a day")),
        ..because("no_budget")
    };
    base.write(|tx| disqualify(tx, id, &later));
    let again = base
        .read(|tx| customers::open_task(tx, id, AGAIN))
        .expect("a task");
    assert_eq!(
        base.shown(Noun::Task, again, "title type due customer"),
        "Try again|follow_up|2026-09-01|C1"
    );
    base.write(|tx| task::done(tx, again));
    base.check();
}

#[test]
fn what_is_no_lead_is_not_disqualified() {
    let mut base = Base::new();
    let bought = base.write(|tx| new_customer(tx, "name=Quinn; lifecycle=first_customer"));
    let open = lead(&mut base, "name=Rob");
    base.write(|tx| qualify(tx, open, &with_deal("name=Depot")));
    let fresh = lead(&mut base, "name=Sam");
    let before = base.image();
    for (field, id, reason) in [
        ("lifecycle", bought, "spam"),
        ("open_deals", open, "spam"),
        ("note", fresh, "other"),
        ("disqualified_reason", fresh, ""),
        ("disqualified_reason", fresh, "weather"),
    ] {
        assert_eq!(
            base.refused(|tx| disqualify(tx, id, &because(reason))).0,
            field,
            "{reason}"
        );
    }
    assert_eq!(base.image(), before);
}

#[test]
fn lists_of_leads_leave_out_who_is_none() {
    let mut base = Base::new();
    let ids: Vec<Id> = ["name=A", "name=B", "name=C"]
        .map(|text| lead(&mut base, text))
        .to_vec();
    base.write(|tx| new_customer(tx, "name=D"));
    let counted = |base: &Base| {
        ["lead", "untouched", "working", "disqualified"].map(|word| found(base, &format!("is:{word}")))
    };
    assert_eq!(counted(&base), [3, 3, 0, 0]);
    base.write(|tx| disqualify(tx, ids[0], &because("spam")));
    let call = format!("type=call; text=hello; customer={}", ids[1].uid());
    base.write(|tx| crate::ops::activity::add(tx, &assignments(&call), &Policy::strict()));
    assert_eq!(counted(&base), [2, 1, 1, 1]);
    assert_eq!(found(&base, "not is:lead"), 2);
}

#[test]
fn the_day_and_the_reason_come_and_go_together() {
    let mut base = Base::new();
    let id = lead(&mut base, "name=Tom");
    let set = |base: &mut Base, text: &str| {
        let given = assignments(text);
        base.write(|tx| customer::edit(tx, id, &given, Lists::Replace, &Policy::strict()));
        base.shown(Noun::Customer, id, "disqualified_on disqualified_reason")
    };
    assert_eq!(set(&mut base, "disqualified_reason=spam"), "2026-03-02|spam");
    base.on("2026-03-05");
    assert_eq!(
        set(&mut base, "disqualified_reason=no_need"),
        "2026-03-02|no_need"
    );
    assert_eq!(set(&mut base, "disqualified_on="), "|");
    assert_eq!(
        set(&mut base, "disqualified_reason=spam; disqualified_on=2026-01-05"),
        "2026-01-05|spam"
    );
    assert_eq!(set(&mut base, "disqualified_reason="), "|");
    let given = assignments("name=Uma; disqualified_reason=duplicate");
    let id = base
        .write(|tx| customer::add(tx, &given, OnDuplicate::Refuse, &Policy::strict()))
        .id;
    assert_eq!(base.shown(Noun::Customer, id, "disqualified_on"), "2026-03-05");
}

#[test]
fn who_is_a_lead_in_one_record_is_one_after_a_merge() {
    let mut base = Base::new();
    let merged = |base: &mut Base, first: bool, second: bool| {
        let ids = [first, second].map(|is_none| {
            let id = lead(base, "name=Vera");
            if is_none {
                base.write(|tx| disqualify(tx, id, &because("spam")));
            }
            id
        });
        base.write(|tx| merge::merge(tx, ids[0], &[ids[1]], &Choices::default()));
        base.check();
        base.shown(Noun::Customer, ids[0], "disqualified_on disqualified_reason")
    };
    assert_eq!(merged(&mut base, true, false), "|");
    assert_eq!(merged(&mut base, false, true), "|");
    assert_eq!(merged(&mut base, true, true), "2026-03-02|spam");
}
