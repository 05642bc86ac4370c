//! What stands behind an entry of the agenda, and the timeline a page at a time.

use super::taking_back::{new_customer, new_user};
use super::{Base, assignments};
use crate::domain::actor::Scope;
use crate::domain::id::Id;
use crate::domain::noun::Noun;
use crate::domain::when::When;
use crate::error::Kind;
use crate::ops::draft::Lists;
use crate::ops::today::{Grounds, why};
use crate::ops::typed::Policy;
use crate::ops::{activity, customer, deal, task, trash};
use crate::report::story::{self, Asked, Page};
use crate::store::links;

fn grounds(base: &Base, noun: Noun, id: Id) -> Grounds {
    base.read(|tx| {
        let link = links::link(tx, noun, id)?.expect("the record is there");
        why(tx, &link)
    })
}

/// A company, somebody who works there, a deal and a task with both, and what was said.
fn known() -> (Base, [Id; 4]) {
    let mut base = Base::new();
    let strict = Policy::strict();
    let company = base.write(|tx| new_customer(tx, "type=company; name=杭州纸业; phones=+86 571 8888 0000"));
    let person = base.write(|tx| {
        new_customer(tx, "name=李雷; title=采购; company=杭州纸业; emails=lilei@mail.example; note=\n  likes tea\nand more")
    });
    let deal = base.write(|tx| {
        let text = "name=Paper; customer=杭州纸业; amount=100 USD; close=2026-03-20; stage=proposal";
        deal::add(tx, &assignments(text), &strict)
    });
    let call = base.write(|tx| {
        let text = "title=Call back; type=call; priority=high; customer=李雷; due=2026-03-05 10:30; note=about the price\nx";
        task::add(tx, &assignments(text), &strict)
    });
    for text in [
        "type=call; direction=out; outcome=reached; duration=10m; text=报价太高\n\n再联系; customer=杭州纸业; people=李雷; at=2026-02-10",
        "type=note; text=Wants a quote; customer=李雷; at=2026-02-20",
    ] {
        base.write(|tx| activity::add(tx, &assignments(text), &strict));
    }
    (base, [company, person, deal.id, call.id])
}

#[test]
fn a_task_says_when_and_whom() {
    let (mut base, [_, person, _, call]) = known();
    let told = grounds(&base, Noun::Task, call);
    assert_eq!(
        (told.record.name.as_str(), told.kind.as_str()),
        ("Call back", "call")
    );
    assert_eq!(
        (told.priority.as_str(), told.note.as_str()),
        ("high", "about the price")
    );
    assert_eq!(told.due, Some(When::Moment("2026-03-05T10:30".parse().unwrap())));
    assert_eq!(told.customer.as_ref().map(|link| link.id), Some(person));
    assert_eq!(
        (told.phone.as_str(), told.email.as_str()),
        ("", "lilei@mail.example")
    );
    let last = told.last.expect("something happened");
    assert_eq!(
        (last.kind.as_str(), last.text.as_str()),
        ("note", "Wants a quote")
    );
    // Whoever wants no mail is not offered an address.
    let text = "do_not_contact=yes";
    base.write(|tx| customer::edit(tx, person, &assignments(text), Lists::Replace, &Policy::strict()));
    assert!(grounds(&base, Noun::Task, call).do_not_contact);
}

#[test]
fn a_deal_and_a_customer_say_what_was_said_last() {
    let (mut base, [company, person, deal, _]) = known();
    let told = grounds(&base, Noun::Deal, deal);
    assert_eq!(
        (told.kind.as_str(), told.phone.as_str()),
        ("proposal", "+8657188880000")
    );
    assert_eq!(told.due, Some(When::Day(super::date("2026-03-20"))));
    assert_eq!(told.amount.map(|money| money.minor), Some(10_000));
    let last = told.last.expect("something happened with its customer");
    assert_eq!((last.text.as_str(), last.is_cut), ("Wants a quote", false));
    base.on("2026-03-03");
    let text = "type=call; text=报价太高\n再联系; customer=杭州纸业";
    base.write(|tx| activity::add(tx, &assignments(text), &Policy::strict()));
    let last = grounds(&base, Noun::Deal, deal).last.expect("a call");
    assert_eq!((last.text.as_str(), last.is_cut), ("报价太高", true));
    let text = format!("type=meeting; text=Signed; deal={}; at=2026-03-01", deal.uid());
    base.write(|tx| activity::add(tx, &assignments(&text), &Policy::strict()));
    assert_eq!(
        grounds(&base, Noun::Deal, deal).last.expect("a meeting").text,
        "Signed"
    );
    let told = grounds(&base, Noun::Customer, person);
    assert_eq!((told.kind.as_str(), told.note.as_str()), ("采购", "likes tea"));
    assert_eq!(
        grounds(&base, Noun::Customer, company)
            .last
            .expect("a meeting")
            .text,
        "报价太高"
    );
    let link = base
        .read(|tx| links::link(tx, Noun::Customer, person))
        .expect("a link");
    let mut other = base.caller.clone();
    other.actor.scope = Scope::Own;
    let refused = base
        .store
        .read(&other, |tx| why(tx, &link))
        .expect_err("out of sight");
    assert_eq!(refused.kind(), Kind::NotFound);
}

fn page(base: &Base, id: Id, after: Option<Id>, kind: Option<&str>) -> Page {
    let most = Some(2);
    base.read(|tx| story::page(tx, Noun::Customer, id, Asked { after, kind, most }))
}

fn texts(page: &Page) -> (Vec<&str>, bool) {
    (
        page.entries.iter().map(|entry| entry.text.as_str()).collect(),
        page.more,
    )
}

#[test]
fn a_timeline_goes_on_after_its_last_entry() {
    let (mut base, [_, person, ..]) = known();
    base.write(|tx| new_user(tx, "Grace"));
    let long = "长".repeat(500);
    let mut made = Vec::new();
    for text in [
        format!("type=email; direction=in; text={long}; customer=李雷; at=2026-02-25; owner=Grace"),
        "type=call; text=First; customer=李雷; at=2025-01-01".to_owned(),
        "type=call; text=Gone; customer=李雷; at=2026-02-26".to_owned(),
    ] {
        made.push(
            base.write(|tx| activity::add(tx, &assignments(&text), &Policy::strict()))
                .id,
        );
    }
    base.write(|tx| trash::remove(tx, Noun::Activity, &[made[2]]));
    let first = page(&base, person, None, None);
    let [mail, note] = first.entries.as_slice() else {
        panic!("two entries")
    };
    assert_eq!(
        (mail.text.chars().count(), mail.is_cut, mail.who.as_str()),
        (400, true, "Grace")
    );
    assert_eq!((mail.kind.as_str(), mail.direction.as_str()), ("email", "in"));
    assert_eq!(
        (note.text.as_str(), note.direction.as_str(), first.more),
        ("Wants a quote", "", true)
    );
    let second = page(&base, person, Some(note.id), None);
    assert_eq!(texts(&second), (vec!["报价太高\n\n再联系", "First"], false));
    let [call, _] = second.entries.as_slice() else {
        panic!("two entries")
    };
    assert_eq!((call.outcome.as_str(), call.duration_s), ("connected", Some(600)));
    assert_eq!(
        call.customer.as_ref().map(|link| link.name.as_str()),
        Some("杭州纸业")
    );
    assert_eq!(
        call.people.iter().map(|link| link.id).collect::<Vec<_>>(),
        [person]
    );
    assert_eq!(
        texts(&page(&base, person, None, Some("call"))),
        (vec!["报价太高\n\n再联系", "First"], false)
    );
    assert_eq!(
        texts(&page(&base, person, None, Some("note"))),
        (vec!["Wants a quote"], false)
    );
    assert!(
        page(&base, person, second.entries.last().map(|entry| entry.id), None)
            .entries
            .is_empty()
    );
}
