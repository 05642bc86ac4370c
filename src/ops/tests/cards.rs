//! Laws: customers are what their cards say, tasks what their entries say, and a rule is written so that it reads back.

use std::io::Cursor;

use jiff::civil::date;
use proptest::prelude::*;

use super::Base;
use crate::domain::id::Id;
use crate::domain::input::{Assignment, Input};
use crate::domain::noun::Noun;
use crate::domain::recurrence::{Anchor, EXAMPLES, Recurrence};
use crate::domain::when::{Leaning, Reading};
use crate::ops::customer::{self, OnDuplicate};
use crate::ops::import::verdict::Silent;
use crate::ops::import::{Request, source};
use crate::ops::typed::Policy;
use crate::ops::{list, task};
use crate::store::records;
use crate::wire::calendar::rule;
use crate::wire::calendar::write::Calendar;
use crate::wire::cell::cell;
use crate::wire::column::Column;
use crate::wire::read::rows::{Options, Reader, Source};
use crate::wire::vcard::write::{Version, card};

/// Fields that are not carried, or that count what this base did.
const APART: &[&str] = &[
    "attachments",
    "intervals",
    "updated_at",
    "version",
    "employments",
    "relationships",
];

/// Every field of every record of a noun.
fn image(base: &Base, noun: Noun) -> Vec<String> {
    base.read(|tx| {
        let columns = list::all_columns(tx, noun)?;
        let mut all = Vec::new();
        for id in records::ids(tx, noun, &list::condition(tx, noun, &[])?)? {
            let row = records::get(tx, noun, id, &columns)?.unwrap();
            let fields = columns.iter().zip(&row);
            let fields = fields.filter(|(column, _)| !APART.contains(&column.name.as_str()));
            all.push(
                fields
                    .map(|(column, value)| format!("{}={}", column.name, cell(value)))
                    .collect::<Vec<_>>()
                    .join("|"),
            );
        }
        Ok(all)
    })
}

/// The file of all records of a noun.
fn file(base: &Base, noun: Noun, version: Version) -> Vec<u8> {
    base.read(|tx| {
        let selected = list::whole_columns(tx, noun)?;
        let columns: Vec<Column> = selected
            .iter()
            .map(|column| Column::new(column.name.clone(), column.kind))
            .collect();
        let mut calendar = Calendar::default();
        let mut text = String::new();
        for id in records::ids(tx, noun, &list::condition(tx, noun, &[])?)? {
            let row = records::get(tx, noun, id, &selected)?.unwrap();
            text.push_str(&match noun {
                Noun::Customer => card(&columns, &row, version),
                _ => calendar.entry(noun, &columns, &row),
            });
        }
        if noun != Noun::Customer {
            text = format!("{}{text}{}", calendar.begin(), calendar.end());
        }
        Ok(text.into_bytes())
    })
}

/// A new base of a file.
fn copy(of: &Base, bytes: Vec<u8>, source: Source, noun: Noun) -> Base {
    let mut base = Base::importing();
    base.caller.clock = of.caller.clock.clone();
    let options = Options {
        source: Some(source),
        ..Options::default()
    };
    let mut reader = Reader::open(Box::new(Cursor::new(bytes)), &options).unwrap();
    let summary = base.write(|tx| {
        source::run(
            tx,
            &mut reader,
            None,
            &Request::new(noun, "file", "file"),
            &mut Silent,
        )
    });
    assert_eq!((summary.rejected, summary.unmapped), (0, Vec::new()));
    base
}

fn assignments(fields: &[(&str, &str)]) -> Vec<Assignment> {
    let given = fields.iter().filter(|(_, text)| !text.trim().is_empty());
    given
        .map(|(name, text)| ((*name).to_owned(), Input::text(*text)))
        .collect()
}

fn add_customer(base: &mut Base, fields: &[(&str, &str)]) -> Id {
    base.write(|tx| customer::add(tx, &assignments(fields), OnDuplicate::Create, &Policy::strict()))
        .id
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn customers_are_what_their_cards_say(
        name in "[A-Za-z张伟 ,;:\\\\\"'.öß\\n-]{1,24}",
        kind in prop::sample::select(vec!["person", "company"]),
        note in "[ -~张\\n\\t;,\\\\é]{0,60}",
        street in "[A-Za-z0-9张 ,;.\\\\]{0,20}",
        city in "[A-Za-z张 ,;]{0,12}",
        label in "[a-z ]{1,10}",
        title in "[A-Za-z张,; ]{0,12}",
        birthday in prop::sample::select(vec!["", "1985-05-17", "--02-29"]),
        gender in prop::sample::select(vec!["", "female", "male", "other"]),
        country in prop::sample::select(vec!["", "DE", "CN", "Neverland, far"]),
        version in prop::sample::select(vec![Version::V3, Version::V4]),
    ) {
        prop_assume!(name.chars().any(char::is_alphanumeric));
        let mut base = Base::new();
        let label = label.trim().to_owned();
        let email = format!("emails.{label}");
        add_customer(&mut base, &[("name", "Acme; GmbH"), ("type", "company"), ("website", "https://github.com/acme")]);
        add_customer(&mut base, &[
            ("name", &name), ("type", kind), ("note", &note), ("address", &street), ("city", &city), ("country", country),
            (if label.is_empty() { "emails" } else { &email }, "a@x.example"), ("emails.work", "b@x.example"),
            ("phones.mobile", "+49 171 1234567"), ("phones", "030/12 ext. 3"), ("handles", "wechat:zhang"),
            ("birthday", birthday), ("gender", gender), ("language", "de"), ("tags", "vip"), ("level", "A"),
            ("do_not_contact", "yes"), ("website", "https://x.example"), ("external_ids", "vcard:abc;shop:1"),
            ("keep_in_touch", "30"), ("title", if kind == "person" { &title } else { "" }),
            ("company", if kind == "person" { "Acme; GmbH" } else { "" }),
        ]);
        let copied = copy(&base, file(&base, Noun::Customer, version), Source::Vcard, Noun::Customer);
        prop_assert_eq!(image(&copied, Noun::Customer), image(&base, Noun::Customer));
        prop_assert_eq!(file(&copied, Noun::Customer, version), file(&base, Noun::Customer, version));
    }

    #[test]
    fn tasks_are_what_their_entries_say(
        title in "[A-Za-z张 ,;:\\\\\"'.-]{1,24}",
        note in "[ -~张\\n\\t;,\\\\é]{0,60}",
        kind in prop::sample::select(crate::domain::task::TYPES.to_vec()),
        status in prop::sample::select(crate::domain::task::STATUSES.to_vec()),
        priority in prop::sample::select(crate::domain::task::PRIORITIES.to_vec()),
        due in prop::sample::select(vec!["", "2026-03-29", "2026-12-04T15:00", "2026-10-25T02:30"]),
        repeat in prop::sample::select(EXAMPLES.to_vec()),
        remind in prop::sample::select(vec!["", "1h", "1d2h,1w", "2026-12-01T08:00:00Z"]),
        zone in prop::sample::select(vec!["UTC", "Europe/Berlin", "Asia/Shanghai", "America/New_York"]),
    ) {
        prop_assume!(title.chars().any(char::is_alphanumeric));
        let mut base = Base::new();
        let tz = jiff::tz::TimeZone::get(zone).unwrap();
        base.caller.clock = crate::domain::clock::Clock::new(base.caller.clock.now(), tz);
        add_customer(&mut base, &[("name", "Ann"), ("emails", "ann@x.example")]);
        let relative = remind.is_empty() || remind.contains('T') || !due.is_empty();
        base.write(|tx| task::add(tx, &assignments(&[
            ("title", &title), ("note", &note), ("type", kind), ("status", status), ("priority", priority), ("due", due),
            ("repeat", if due.is_empty() { "" } else { repeat }), ("remind", if relative { remind } else { "" }), ("tags", "vip"),
        ]), &Policy::strict()));
        let copied = copy(&base, file(&base, Noun::Task, Version::V4), Source::Ics, Noun::Task);
        prop_assert_eq!(image(&copied, Noun::Task), image(&base, Noun::Task));
    }
}

#[test]
fn rules_are_written_so_that_they_read_back() {
    let base = Base::new();
    let reading = Reading::new(&base.caller.clock, Leaning::Future);
    for text in EXAMPLES {
        for more in ["", " x5", " until 2027-03-01"] {
            let rule = Recurrence::read(&format!("{text}{more}"), &reading).unwrap();
            let shown = rule::show(&rule, true).unwrap();
            assert_eq!(rule::read(&shown, None), Some(rule), "{text}{more}: {shown}");
        }
        let after = Recurrence {
            anchor: Anchor::Done,
            ..Recurrence::read(text, &reading).unwrap()
        };
        assert_eq!(rule::show(&after, true), None);
    }
    for text in [
        "FREQ=HOURLY",
        "FREQ=DAILY;BYDAY=2MO",
        "FREQ=YEARLY;BYWEEKNO=20",
        "FREQ=MONTHLY;BYMONTHDAY=1,15",
        "x",
        "FREQ=DAILY;INTERVAL=0",
    ] {
        assert_eq!(rule::read(text, Some(date(2026, 3, 2))), None, "{text}");
    }
}
