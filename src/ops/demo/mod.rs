//! A sample base: a believable, deterministic company around the injected day.
//!
//! Everything follows from the clock and from counters, so two bases made at the same instant are the same. What the
//! agenda shows is planned by distance from today, so that every section has something on every day of any year.

mod feedback;
mod names;
mod orders;
mod quotes;
mod tickets;

use jiff::ToSpan;
use jiff::civil::Date;

use crate::domain::id::Id;
use crate::domain::input::{Assignment, Input};
use crate::domain::noun::Noun;
use crate::domain::value::Value;
use crate::error::{Error, Result};
use crate::ops::customer::OnDuplicate;
use crate::ops::demo::names::{
    CHINESE, COLLEAGUES, COMPANIES, ENGLISH, GERMAN, JAPANESE, NEEDS, PRODUCTS, Person, REASONS, SOURCES,
    TALKS, Talk,
};
use crate::ops::typed::Policy;
use crate::ops::{activity, customer, deal, task, team, user};
use crate::store::WriteTx;
use crate::store::rows::{self, Identity};

/// How large a sample is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    /// Customers beside the named ones, with five activities each; for measuring.
    pub more_customers: u64,
}

/// After so many records of a large sample everything is brought up to date, so that memory stays small.
const BATCH: usize = 2_000;

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
    demo.colleagues()?;
    let people = demo.customers()?;
    demo.past_deals(&people)?;
    let deals = demo.deals(&people)?;
    demo.history(&people, &deals)?;
    demo.work(&people)?;
    demo.orders(&people)?;
    demo.quotes(&people)?;
    demo.tickets(&people)?;
    demo.feedback(&people)?;
    demo.crowd(size.more_customers)
}

/// A person of the sample with the company.
struct Contact {
    /// The place in the list of people, of which every company has two.
    number: usize,
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
        Ok(self.date(distance)?.to_string())
    }

    /// The day so many days from today.
    fn date(&self, distance: i64) -> Result<Date> {
        let day = self.today.checked_add(distance.days());
        day.map_err(|_| Error::usage("the clock stands too close to the end of time"))
    }

    fn products(&self) -> Result<()> {
        for (sku, name, category, price, cost) in PRODUCTS {
            let field = |name: &str| {
                crate::domain::field::find(Noun::Product, name)
                    .ok_or_else(|| Error::internal("a product lacks a field"))
            };
            let currency = self.tx.base_currency()?;
            let money = |text: &str| {
                crate::domain::money::Money::parse(text, currency)
                    .map(Value::Money)
                    .map_err(|_| Error::internal("a sample price cannot be read"))
            };
            let kind = match *category {
                "Hardware" => "good",
                "Software" => "subscription",
                _ => "service",
            };
            let sets = [
                (field("sku")?, Value::text(*sku)),
                (field("name")?, Value::text(*name)),
                (field("category")?, Value::text(*category)),
                (field("type")?, Value::text(kind)),
                (field("price")?, money(price)?),
                (field("cost")?, money(cost)?),
            ];
            rows::add(self.tx, Noun::Product, Identity::default(), &sets, Vec::new())?;
        }
        Ok(())
    }

    /// Two sellers beside the one who looks on, in teams of their own region.
    fn colleagues(&self) -> Result<()> {
        for (name, email, region) in COLLEAGUES {
            team::add(self.tx, &given(&[("name", region)]), &self.policy)?;
            let seller = given(&[("name", name), ("email", email), ("team", region)]);
            user::add(self.tx, &seller, &self.policy)?;
        }
        Ok(())
    }

    /// Who looks after the company of this number: every third one is the business of a colleague.
    fn owner(&self, number: usize) -> &str {
        match number % 6 {
            2 => COLLEAGUES[0].0,
            5 => COLLEAGUES[1].0,
            _ => &self.tx.caller().actor.name,
        }
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
            let source = turn(SOURCES, number);
            let company = self.customer(
                self.owner(number),
                &[
                    ("name", name),
                    ("type", "company"),
                    ("city", city),
                    ("country", country),
                    ("industry", industry),
                    ("level", level),
                    ("source", source),
                    ("website", &format!("https://{slug}.example")),
                    ("emails", &format!("info@{slug}.example")),
                ],
            )?;
            for _ in 0..2 {
                let Some(at) = taken.get_mut(list) else { continue };
                let Some((name, title, local)) = pool.get(*at) else {
                    continue;
                };
                *at += 1;
                let person = self.customer(
                    self.owner(number),
                    &[
                        ("name", name),
                        ("type", "person"),
                        ("title", title),
                        ("company", &company.uid()),
                        ("city", city),
                        ("country", country),
                        ("emails", &format!("{local}@{slug}.example")),
                        ("phones", &phone(country, contacts.len())),
                        ("tags", if contacts.len() % 7 == 0 { "vip" } else { "" }),
                    ],
                )?;
                contacts.push(Contact {
                    number: contacts.len(),
                    person,
                    company,
                });
            }
        }
        Ok(contacts)
    }

    fn customer(&self, owner: &str, pairs: &[(&str, &str)]) -> Result<Id> {
        let mut assignments = given(pairs);
        assignments.extend(given(&[("owner", owner)]));
        Ok(customer::add(self.tx, &assignments, OnDuplicate::Create, &self.policy)?.id)
    }

    /// What was won and lost in the year before, a deal or two a week.
    fn past_deals(&self, people: &[Contact]) -> Result<()> {
        for number in 0..64 {
            let Some(contact) = people.get(number * 5 % people.len().max(1)) else {
                continue;
            };
            let at = number as i64;
            let closed = 16 + at * 11 / 2;
            let won = number % 5 < 3;
            let (sku, ..) = turn(PRODUCTS, number / 2);
            self.deal(
                contact.number / 2,
                &[
                    ("name", turn(NEEDS, number)),
                    ("customer", &contact.company.uid()),
                    ("stage", if won { "won" } else { "lost" }),
                    ("amount", &(1_900 + at * 4_300 % 57_000).to_string()),
                    ("opened_on", &self.day(-closed - 18 - at * 13 % 75)?),
                    ("closed_on", &self.day(-closed)?),
                    ("product", sku),
                    ("lost_reason", if won { "" } else { turn(REASONS, number / 2) }),
                    ("source", turn(SOURCES, number / 3)),
                ],
            )?;
        }
        Ok(())
    }

    fn deal(&self, number: usize, pairs: &[(&str, &str)]) -> Result<Id> {
        let mut assignments = given(pairs);
        assignments.extend(given(&[("owner", self.owner(number))]));
        Ok(deal::add(self.tx, &assignments, &self.policy)?.id)
    }

    /// Deals in every stage with their products, one for every person.
    fn deals(&self, people: &[Contact]) -> Result<Vec<Id>> {
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
        let mut deals = Vec::new();
        for (number, contact) in people.iter().enumerate() {
            let stage = turn(STAGES, number);
            let need = turn(NEEDS, number);
            let closed = matches!(stage, "won" | "lost");
            let at = number as i64;
            let (sku, ..) = turn(PRODUCTS, number);
            let id = self.deal(
                contact.number / 2,
                &[
                    ("name", need),
                    ("customer", &contact.company.uid()),
                    ("stage", stage),
                    ("amount", &(2_400 + at * 3_700 % 61_000).to_string()),
                    ("opened_on", &self.day(-20 - at * 17 % 120)?),
                    (
                        "closed_on",
                        &if closed {
                            self.day(-(at % 15))?
                        } else {
                            String::new()
                        },
                    ),
                    (
                        "expected_close",
                        &if closed {
                            String::new()
                        } else {
                            self.day(7 + at * 5 % 70)?
                        },
                    ),
                    ("product", sku),
                    (
                        "lost_reason",
                        if stage == "lost" {
                            turn(REASONS, number / 8)
                        } else {
                            ""
                        },
                    ),
                    ("source", turn(SOURCES, number / 2)),
                ],
            )?;
            // Every other open deal has somebody to call; the rest have no next step, and the older of them rot.
            if !closed && number % 2 == 0 {
                self.task(
                    &format!("Follow up: {need}"),
                    "follow_up",
                    &self.day(1 + at % 6)?,
                    &[("deal", &id.uid()), ("customer", &contact.person.uid())],
                )?;
            }
            deals.push(id);
        }
        Ok(deals)
    }

    /// Five contacts for everybody, in a rhythm of their own, about the deal; every fourth person has fallen silent.
    fn history(&self, people: &[Contact], deals: &[Id]) -> Result<()> {
        for (contact, deal) in people.iter().zip(deals) {
            let number = contact.number;
            let rhythm = 5 + (number as i64 * 3) % 12;
            let last = if number % 4 == 3 {
                4 * rhythm + 30
            } else {
                1 + number as i64 % 9
            };
            for round in 0..5 {
                let hour = 9 + (number + round) % 8;
                let day = self.day(-(last + round as i64 * rhythm))?;
                let at = format!("{day}T{hour:02}:{:02}", (number * 7) % 60);
                self.activity(contact.person, Some(*deal), turn(TALKS, number + round), &at)?;
            }
        }
        Ok(())
    }

    fn activity(&self, with: Id, about: Option<Id>, (kind, text, outcome): Talk, at: &str) -> Result<()> {
        let mut assignments = given(&[
            ("customer", &with.uid()),
            ("deal", &about.map_or_else(String::new, Id::uid)),
            ("type", kind),
            ("text", text),
            ("outcome", outcome),
            ("at", at),
        ]);
        assignments.extend(given(&[("owner", &self.tx.caller().actor.name)]));
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
        // What comes by a rule, and when to be reminded of it.
        let again = |title: &str| match title {
            "Prepare the quarterly review" => ("quarterly", "1d, 1h"),
            "Visit the yard" => ("every 2 weeks", "1d"),
            _ => ("", ""),
        };
        for (at, title, kind, due) in plan {
            let Some(contact) = people.get(*at) else { continue };
            let (repeat, remind) = again(title);
            let about = [
                ("customer", contact.person.uid()),
                ("repeat", repeat.to_owned()),
                ("remind", remind.to_owned()),
            ];
            let about: Vec<(&str, &str)> = about.iter().map(|(name, text)| (*name, text.as_str())).collect();
            self.task(title, kind, due, &about)?;
        }
        Ok(())
    }

    fn task(&self, title: &str, kind: &str, due: &str, about: &[(&str, &str)]) -> Result<()> {
        let mut assignments = given(&[("title", title), ("type", kind), ("due", due)]);
        assignments.extend(given(about));
        assignments.extend(given(&[("assignee", &self.tx.caller().actor.name)]));
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
        for number in 0..usize::try_from(count).unwrap_or(usize::MAX) {
            let name = format!("{} {} {number}", turn(FIRST, number), turn(LAST, number / 10));
            let id = self.customer(
                &self.tx.caller().actor.name,
                &[
                    ("name", &name),
                    ("city", turn(CITIES, number / 100)),
                    ("emails", &format!("customer{number}@crowd.example")),
                    ("phones", &format!("+86138{:08}", number % 100_000_000)),
                ],
            )?;
            for round in 0..5 {
                let day = self.day(-1 - round as i64 * 9 - number as i64 % 40)?;
                self.activity(id, None, turn(TALKS, number + round), &format!("{day}T12:00"))?;
            }
            if number % BATCH == BATCH - 1 {
                self.tx.settle()?;
            }
        }
        Ok(())
    }
}

/// The entry of a table whose turn it is, round and round.
fn turn<T: Copy + Default>(table: &[T], at: usize) -> T {
    table.get(at % table.len().max(1)).copied().unwrap_or_default()
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
