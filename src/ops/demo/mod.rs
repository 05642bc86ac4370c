//! A sample base: a believable, deterministic company around the injected day.
//!
//! Everything follows from the clock and from counters, so two bases made at the same instant are the same. What the
//! agenda shows is planned by distance from today, so that every section has something on every day of any year.

mod names;

use jiff::ToSpan;
use jiff::civil::Date;

use crate::domain::id::Id;
use crate::domain::input::{Assignment, Input};
use crate::domain::noun::Noun;
use crate::domain::value::Value;
use crate::error::{Error, Result};
use crate::ops::customer::OnDuplicate;
use crate::ops::demo::names::{CHINESE, COMPANIES, ENGLISH, GERMAN, JAPANESE, PRODUCTS, Person, TALKS};
use crate::ops::typed::Policy;
use crate::ops::{activity, customer, deal, task};
use crate::store::WriteTx;
use crate::store::rows::{self, Identity};

/// How large a sample is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    /// Customers beside the named ones, with five activities each; for measuring.
    pub more_customers: u64,
}

/// After so many records of a large sample everything is brought up to date, so that memory stays small.
const BATCH: u64 = 2_000;

/// Fills a base that was just founded.
///
/// # Errors
///
/// Whatever the operations fail with.
pub fn fill(tx: &WriteTx<'_>, size: Size) -> Result<()> {
    let demo = Demo {
        tx,
        today: tx.caller().clock.today(),
        policy: Policy::strict(),
    };
    demo.products()?;
    let people = demo.customers()?;
    demo.deals(&people)?;
    demo.history(&people)?;
    demo.work(&people)?;
    demo.crowd(size.more_customers)
}

/// A person of the sample with the company.
struct Contact {
    person: Id,
    company: Id,
}

struct Demo<'t, 's> {
    tx: &'t WriteTx<'s>,
    today: Date,
    policy: Policy,
}

fn given(pairs: &[(&str, &str)]) -> Vec<Assignment> {
    pairs
        .iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(field, value)| ((*field).to_owned(), Input::text(*value)))
        .collect()
}

impl Demo<'_, '_> {
    /// The day so many days from today, as text.
    fn day(&self, distance: i64) -> Result<String> {
        let day = self.today.checked_add(distance.days());
        Ok(day
            .map_err(|_| Error::usage("the clock stands too close to the end of time"))?
            .to_string())
    }

    fn products(&self) -> Result<()> {
        for (sku, name, category, price) in PRODUCTS {
            let field = |name: &str| {
                crate::domain::field::find(Noun::Product, name)
                    .ok_or_else(|| Error::internal("a product lacks a field"))
            };
            let currency = self.tx.base_currency()?;
            let money = crate::domain::money::Money::parse(price, currency)
                .map_err(|_| Error::internal("a sample price cannot be read"))?;
            let sets = [
                (field("sku")?, Value::text(*sku)),
                (field("name")?, Value::text(*name)),
                (field("category")?, Value::text(*category)),
                (field("price")?, Value::Money(money)),
            ];
            rows::add(self.tx, Noun::Product, Identity::default(), &sets, Vec::new())?;
        }
        Ok(())
    }

    /// Every company with its people; the languages have their own names.
    fn customers(&self) -> Result<Vec<Contact>> {
        let mut taken = [0_usize; 4];
        let mut contacts = Vec::new();
        for (number, (name, city, country, industry, slug)) in COMPANIES.iter().enumerate() {
            let (list, pool): (usize, &[Person]) = match *country {
                "DE" => (1, GERMAN),
                "CN" => (2, CHINESE),
                "JP" => (3, JAPANESE),
                _ => (0, ENGLISH),
            };
            let level = ["A", "B", "C", "B"].get(number % 4).copied().unwrap_or("C");
            let source = ["referral", "website", "trade_show", "cold_call", "partner"];
            let source = source.get(number % source.len()).copied().unwrap_or("other");
            let company = self.customer(&[
                ("name", name),
                ("type", "company"),
                ("city", city),
                ("country", country),
                ("industry", industry),
                ("level", level),
                ("source", source),
                ("website", &format!("https://{slug}.example")),
                ("emails", &format!("info@{slug}.example")),
            ])?;
            for _ in 0..2 {
                let Some(at) = taken.get_mut(list) else { continue };
                let Some((name, title, local)) = pool.get(*at) else {
                    continue;
                };
                *at += 1;
                let person = self.customer(&[
                    ("name", name),
                    ("type", "person"),
                    ("title", title),
                    ("company", &company.uid()),
                    ("city", city),
                    ("country", country),
                    ("emails", &format!("{local}@{slug}.example")),
                    ("phones", &phone(country, contacts.len())),
                    ("tags", if contacts.len() % 7 == 0 { "vip" } else { "" }),
                ])?;
                contacts.push(Contact { person, company });
            }
        }
        Ok(contacts)
    }

    fn customer(&self, pairs: &[(&str, &str)]) -> Result<Id> {
        let mut assignments = given(pairs);
        assignments.push((
            "owner".to_owned(),
            Input::text(self.tx.caller().actor.name.as_str()),
        ));
        Ok(customer::add(self.tx, &assignments, OnDuplicate::Create, &self.policy)?.id)
    }

    /// Deals in every stage, open and closed, with their products.
    fn deals(&self, people: &[Contact]) -> Result<()> {
        const STAGES: &[&str] = &[
            "prospecting",
            "qualification",
            "needs_analysis",
            "proposal",
            "negotiation",
            "won",
            "lost",
            "proposal",
        ];
        const NEEDS: &[&str] = &[
            "Fleet renewal",
            "Depot pilot",
            "Dispatch rollout",
            "Care plan",
            "Scanner swap",
        ];
        const REASONS: &[&str] = &["price", "timing", "competitor", "no_decision"];
        for (number, contact) in people.iter().enumerate() {
            let stage = STAGES
                .get(number % STAGES.len())
                .copied()
                .unwrap_or("prospecting");
            let need = NEEDS.get(number % NEEDS.len()).copied().unwrap_or("Renewal");
            let closed = matches!(stage, "won" | "lost");
            let age = 20 + (number as i64 * 17) % 120;
            let amount = 2_400 + (number as i64 * 3_700) % 61_000;
            let (sku, ..) = PRODUCTS.get(number % PRODUCTS.len()).copied().unwrap_or_default();
            let opened = self.day(-age)?;
            let closing = self.day(-(number as i64 % 15))?;
            let expected = self.day(7 + (number as i64 * 5) % 70)?;
            let reason = REASONS.get(number % REASONS.len()).copied().unwrap_or("price");
            let mut assignments = given(&[
                ("name", need),
                ("customer", &contact.company.uid()),
                ("stage", stage),
                ("amount", &amount.to_string()),
                ("opened_on", &opened),
                ("closed_on", if closed { &closing } else { "" }),
                ("expected_close", if closed { "" } else { &expected }),
                ("product", sku),
                ("lost_reason", if stage == "lost" { reason } else { "" }),
                ("source", if number % 2 == 0 { "referral" } else { "website" }),
            ]);
            assignments.push((
                "owner".to_owned(),
                Input::text(self.tx.caller().actor.name.as_str()),
            ));
            let id = deal::add(self.tx, &assignments, &self.policy)?.id;
            // Every other open deal has somebody to call; the rest have no next step, and the older of them rot.
            if !closed && number % 2 == 0 {
                self.task(
                    &format!("Follow up: {need}"),
                    "follow_up",
                    &self.day(1 + number as i64 % 6)?,
                    &[("deal", &id.uid()), ("customer", &contact.person.uid())],
                )?;
            }
        }
        Ok(())
    }

    /// Five contacts for everybody, in a rhythm of their own; every fourth person has fallen silent.
    fn history(&self, people: &[Contact]) -> Result<()> {
        for (number, contact) in people.iter().enumerate() {
            let rhythm = 5 + (number as i64 * 3) % 12;
            let last = if number % 4 == 3 {
                4 * rhythm + 30
            } else {
                1 + number as i64 % 9
            };
            for turn in 0..5 {
                let (kind, text, outcome) = TALKS
                    .get((number + turn) % TALKS.len())
                    .copied()
                    .unwrap_or_default();
                let hour = 9 + (number + turn) % 8;
                let at = format!(
                    "{}T{hour:02}:{:02}",
                    self.day(-(last + turn as i64 * rhythm))?,
                    (number * 7) % 60
                );
                self.activity(contact.person, kind, text, outcome, &at)?;
            }
        }
        Ok(())
    }

    fn activity(&self, with: Id, kind: &str, text: &str, outcome: &str, at: &str) -> Result<()> {
        let mut assignments = given(&[
            ("customer", &with.uid()),
            ("type", kind),
            ("text", text),
            ("outcome", outcome),
            ("at", at),
        ]);
        assignments.push((
            "owner".to_owned(),
            Input::text(self.tx.caller().actor.name.as_str()),
        ));
        activity::add(self.tx, &assignments, &self.policy).map(|_| ())
    }

    /// Tasks that are late, due today with and without a time, and due this week.
    fn work(&self, people: &[Contact]) -> Result<()> {
        let today = self.day(0)?;
        let plan: &[(usize, &str, &str, String)] = &[
            (0, "Call about the gate in the depot", "call", self.day(-3)?),
            (4, "Send the signed contract", "send_quote", self.day(-1)?),
            (
                1,
                "Demo of the dispatch board",
                "meeting",
                format!("{today}T23:30"),
            ),
            (2, "Ask for the purchase order", "email", today.clone()),
            (8, "跟进报价", "follow_up", today),
            (
                5,
                "Prepare the quarterly review",
                "meeting",
                format!("{}T10:00", self.day(1)?),
            ),
            (6, "Congratulate on the new depot", "email", self.day(4)?),
            (9, "Visit the yard", "visit", self.day(7)?),
        ];
        for (at, title, kind, due) in plan {
            let Some(contact) = people.get(*at) else { continue };
            self.task(title, kind, due, &[("customer", &contact.person.uid())])?;
        }
        Ok(())
    }

    fn task(&self, title: &str, kind: &str, due: &str, about: &[(&str, &str)]) -> Result<()> {
        let mut assignments = given(&[("title", title), ("type", kind), ("due", due)]);
        assignments.extend(given(about));
        assignments.push((
            "assignee".to_owned(),
            Input::text(self.tx.caller().actor.name.as_str()),
        ));
        task::add(self.tx, &assignments, &self.policy).map(|_| ())
    }

    /// As many more customers as are wanted, made from syllables and numbers, with five activities each.
    fn crowd(&self, count: u64) -> Result<()> {
        const FIRST: &[&str] = &[
            "Anna", "Bruno", "Clara", "David", "Elena", "Farid", "Greta", "Hugo", "Ines", "Jakub",
        ];
        const LAST: &[&str] = &[
            "Albrecht", "Bennett", "Castro", "Dvorak", "Eriksen", "Fontaine", "García", "Hoffmann",
            "Ivanova", "Jansen",
        ];
        const CITIES: &[&str] = &["Berlin", "Leeds", "上海", "Lyon", "Denver", "大阪", "Kraków"];
        let pick = |list: &[&'static str], at: u64| {
            usize::try_from(at % list.len() as u64)
                .ok()
                .and_then(|at| list.get(at))
                .copied()
                .unwrap_or("")
        };
        for number in 0..count {
            let name = format!("{} {} {number}", pick(FIRST, number), pick(LAST, number / 10));
            let id = self.customer(&[
                ("name", &name),
                ("city", pick(CITIES, number / 100)),
                ("emails", &format!("customer{number}@crowd.example")),
                ("phones", &format!("+86138{:08}", number % 100_000_000)),
            ])?;
            for turn in 0..5 {
                let (kind, text, outcome) = usize::try_from((number + turn) % TALKS.len() as u64)
                    .ok()
                    .and_then(|at| TALKS.get(at))
                    .copied()
                    .unwrap_or_default();
                let distance = i64::try_from(turn * 9 + number % 40).unwrap_or(0);
                self.activity(
                    id,
                    kind,
                    text,
                    outcome,
                    &format!("{}T12:00", self.day(-1 - distance)?),
                )?;
            }
            if number % BATCH == BATCH - 1 {
                self.tx.settle()?;
            }
        }
        Ok(())
    }
}

/// A number from a range that is reserved for invented people, or that nobody is given.
fn phone(country: &str, number: usize) -> String {
    match country {
        "DE" => format!("+49 30 23125 {:03}", 100 + number),
        "CN" => format!("+86 10 5550 {:04}", 1000 + number),
        "JP" => format!("+81 3 5550 {:04}", 1000 + number),
        "GB" => format!("+44 20 7946 {:04}", 100 + number),
        _ => format!("+1 202 555 {:04}", 100 + number),
    }
}
