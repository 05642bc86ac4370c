//! A report of one's own over the figures of the library: how much of what was won came from whom.
//!
//! Run it with `cargo run --example custom_report -- FILE`, where FILE is a base; without one a sample is made in memory.

#![expect(clippy::print_stdout, reason = "an example prints")]

use std::path::PathBuf;

use crm::domain::actor::{Actor, Caller};
use crm::domain::clock::Clock;
use crm::domain::money::Currency;
use crm::ops::demo::{self, Size};
use crm::ops::found::{self, FIRST_USER, Founding};
use crm::report::{self, Cell, Dimension, Measure, Request};
use crm::store::{Durability, Store};
use jiff::Timestamp;
use jiff::tz::TimeZone;

fn main() -> crm::Result<()> {
    let now: Timestamp = "2026-11-27T12:00:00Z".parse().expect("an instant");
    let mut caller = Caller::new(Actor::founder(FIRST_USER), Clock::new(now, TimeZone::UTC), 42);
    let store = match std::env::args_os().nth(1).map(PathBuf::from) {
        Some(path) => Store::open(&path, Durability::default(), caller.clock.now_ms())?,
        None => {
            let founding = Founding {
                currency: Currency::parse("EUR").expect("the euro"),
                user: FIRST_USER.to_owned(),
                demo: true,
            };
            Store::in_memory(&caller, |tx| {
                found::found(tx, &founding)?;
                demo::fill(tx, Size { more_customers: 0 })
            })?
        }
    };
    caller.actor = store.actor(FIRST_USER)?;

    // The library defines what "won" means; here is only what is made of it.
    let request = Request {
        by: Some(Dimension::parse("owner")?),
        filters: vec!["amount:1k..".to_owned()],
        measure: Measure::Count,
        ..Request::default()
    };
    let won = store.read(&caller, |tx| report::run(tx, "won", &request))?;
    let at = |name: &str| won.columns.iter().position(|column| column.name == name);
    let amount = |row: &[Cell]| match at("amount").and_then(|at| row.get(at)) {
        Some(Cell::Money(money)) => money.minor,
        _ => 0,
    };
    let all: i64 = won.rows.iter().map(|row| amount(row)).sum();
    println!("{}", won.definition);
    for row in &won.rows {
        if let Some(Cell::Text(owner)) = row.first() {
            let share = amount(row) as f64 * 100.0 / all.max(1) as f64;
            println!("{owner}: {share:.1} %");
        }
    }
    Ok(())
}
