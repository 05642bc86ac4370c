//! A base of one's own in a few lines: made, filled, asked, taken back.
//!
//! Run it with `cargo run --example quickstart`.

#![expect(clippy::print_stdout, reason = "an example prints")]

use crm::domain::actor::{Actor, Caller};
use crm::domain::clock::Clock;
use crm::domain::input::{Assignment, Input};
use crm::domain::money::Currency;
use crm::domain::noun::Noun;
use crm::ops::activity::{self, Follow};
use crm::ops::customer::{self, OnDuplicate};
use crm::ops::found::{self, FIRST_USER, Founding};
use crm::ops::typed::Policy;
use crm::ops::{find, undo};
use crm::store::Store;
use jiff::Timestamp;
use jiff::tz::TimeZone;

fn main() -> crm::Result<()> {
    // The library never asks for the time, the zone or randomness: whoever calls it says so.
    let now: Timestamp = "2026-11-27T12:00:00Z".parse().expect("an instant");
    let mut caller = Caller::new(Actor::founder(FIRST_USER), Clock::new(now, TimeZone::UTC), 42);
    caller.region = Some("DE".to_owned());
    let founding = Founding {
        currency: Currency::parse("EUR").expect("the euro"),
        user: FIRST_USER.to_owned(),
        demo: false,
    };
    let mut store = Store::in_memory(&caller, |tx| found::found(tx, &founding))?;
    caller.actor = store.actor(FIRST_USER)?;

    let field = |name: &str, value: &str| -> Assignment { (name.to_owned(), Input::text(value)) };
    let person = [
        field("name", "张伟"),
        field("emails", "zhangwei@yunfan.example"),
        field("phones", "030 23125 100"),
    ];
    // One closure, one operation, one transaction.
    let added = store.write(&caller, |tx| {
        let added = customer::add(tx, &person, OnDuplicate::Refuse, &Policy::strict())?;
        let call = [
            field("type", "call"),
            field("text", "Wants the longer warranty"),
            field("customer", &added.id.uid()),
        ];
        activity::log(tx, &call, &Follow::default(), &Policy::strict())?;
        Ok(added.id)
    })?;
    let hits = store.read(&caller, |tx| find::find(tx, "zw", Some(Noun::Customer), 10))?;
    for hit in &hits {
        println!("{} {} {}", hit.link.reference(), hit.link.name, hit.detail);
    }
    assert_eq!(hits.first().map(|hit| hit.link.id), Some(added.value));

    // Anything can be taken back, the two of them together, because they were one operation.
    store.write(&caller, |tx| undo::undo(tx, None))?;
    let hits = store.read(&caller, |tx| find::find(tx, "zw", Some(Noun::Customer), 10))?;
    println!("after undo: {} found", hits.len());
    Ok(())
}
