//! Importing rows from any reader, with a mapping, and hearing of every row.
//!
//! Run it with `cargo run --example bulk_import`.

#![expect(clippy::print_stdout, reason = "an example prints")]

use crm::domain::actor::{Actor, Caller, Via};
use crm::domain::clock::Clock;
use crm::domain::money::Currency;
use crm::domain::noun::Noun;
use crm::ops::found::{self, FIRST_USER, Founding};
use crm::ops::import::verdict::{Judged, Sink};
use crm::ops::import::{self, Request};
use crm::store::Store;
use crm::wire::read::rows::{Options, Reader};
use jiff::Timestamp;
use jiff::tz::TimeZone;

const FILE: &str = "Kunde;Mail;Ort
Anna Keller;anna@acme.example;Berlin
张伟;zhangwei@yunfan.example;杭州
Nobody;not an address;Lyon
";

/// Prints what became of every row.
struct Told;

impl Sink for Told {
    fn judged(&mut self, row: &Judged<'_>) -> crm::Result<()> {
        println!(
            "line {}: {} {} {}",
            row.line,
            row.verdict.name(),
            row.name,
            row.reason
        );
        Ok(())
    }
}

fn main() -> crm::Result<()> {
    let now: Timestamp = "2026-11-27T12:00:00Z".parse().expect("an instant");
    let mut caller = Caller::new(Actor::founder(FIRST_USER), Clock::new(now, TimeZone::UTC), 42);
    caller.via = Via::Import;
    let founding = Founding {
        currency: Currency::parse("EUR").expect("the euro"),
        user: FIRST_USER.to_owned(),
        demo: false,
    };
    let mut store = Store::in_memory(&caller, |tx| found::found(tx, &founding))?;
    caller.actor = store.actor(FIRST_USER)?;

    // Encoding and delimiter are found out.
    let reader = Reader::open(Box::new(FILE.as_bytes()), &Options::default())?;
    let columns = reader.columns().map(<[String]>::to_vec);
    let mut request = Request::new(Noun::Customer, "kunden.csv", "kunden");
    for (column, field) in [("Kunde", "name"), ("Mail", "emails"), ("Ort", "city")] {
        request.map.push((column.to_owned(), field.to_owned()));
    }
    let summary = store.write(&caller, |tx| {
        import::run(tx, columns.as_deref(), reader, &request, &mut Told)
    })?;
    let (created, rejected) = (summary.value.created, summary.value.rejected);
    println!("{created} created, {rejected} rejected");
    Ok(())
}
