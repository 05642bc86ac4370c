//! What to know before a call, on one screen: who it is, the relation in numbers, the last contacts, what is open, and
//! what to ask next. Facts alone; the words are the business of whoever shows them.

mod ask;
mod order;
mod pending;
mod row;

use jiff::Timestamp;
use jiff::civil::Date;

pub use ask::{Ask, BIRTHDAY_DAYS, Rule};

use crate::domain::birthday::Birthday;
use crate::domain::deal::DECIDERS;
use crate::domain::field::FieldType;
use crate::domain::id::Id;
use crate::domain::money::Money;
use crate::domain::noun::Noun;
use crate::domain::relationship;
use crate::domain::value::{Link, Value};
use crate::domain::when::instant;
use crate::error::{Error, Result};
use crate::report::brief::ask::{Known, Loss, OpenDeal};
use crate::report::brief::order::{Order, orders};
use crate::report::brief::row::Row;
use crate::report::{Cell, Request, lost, pipeline, won};
use crate::store::customers::{self, Channel};
use crate::store::{ReadTx, activities, around, deal_people, links, relationships, timeline};

/// How many of the last contacts are told.
const CONTACTS: usize = 3;
/// How many people of a company are told.
const PEOPLE: usize = 5;

/// What is told.
#[derive(Debug, Clone, PartialEq)]
pub struct Brief {
    /// The instant of which it speaks.
    pub as_of: Timestamp,
    /// Who it is.
    pub customer: Link,
    /// The deal, quote, order, ticket, task or activity that it was asked for, if it was not the customer.
    pub about: Option<Link>,
    /// What is known of the customer, by the names of [`WHO`]; all of them, unknown ones too.
    pub who: Vec<(&'static str, Value, FieldType)>,
    /// Whose deals are counted: the customer and, of a person, the employer.
    pub parties: Vec<Link>,
    /// The people of a company, or those who are related to a person: who, and what they are.
    pub people: Vec<(Link, String)>,
    /// The relation in numbers.
    pub numbers: Numbers,
    /// The last contacts, the latest first.
    pub contacts: Vec<Contact>,
    /// What is open: what is overdue first, then by the day.
    pub open: Vec<Open>,
    /// What to ask next.
    pub ask: Vec<Ask>,
}

/// The fields that say who it is.
pub const WHO: &[&str] = &[
    "type",
    "title",
    "company",
    "phones",
    "emails",
    "handles",
    "city",
    "country",
    "lifecycle",
    "level",
    "owner",
    "tags",
    "industry",
    "language",
    "birthday",
    "needs",
    "interests",
    "note",
    "do_not_contact",
];

/// The relation in numbers. Amounts are in the base currency.
#[derive(Debug, Clone, PartialEq)]
pub struct Numbers {
    /// The first contact or the opening of the first deal.
    pub known_since: Option<Date>,
    /// When the first deal was won.
    pub customer_since: Option<Date>,
    /// Deals won.
    pub won: i64,
    /// Deals lost.
    pub lost: i64,
    /// Deals open.
    pub open: i64,
    /// What the won deals came to; none if no amount is known.
    pub won_amount: Option<Money>,
    /// What the open deals come to; none if no amount is known.
    pub open_amount: Option<Money>,
    /// Activities that were no mere notes.
    pub contacts: i64,
    /// The day of the last one.
    pub last_contact: Option<Date>,
    /// The day from which the customer counts as quiet.
    pub quiet_on: Option<Date>,
}

/// One contact.
#[derive(Debug, Clone, PartialEq)]
pub struct Contact {
    /// The activity.
    pub activity: Link,
    /// When.
    pub at: Timestamp,
    /// Its sort.
    pub kind: String,
    /// in, out or empty.
    pub direction: String,
    /// How it ended, a key.
    pub outcome: String,
    /// With whom, if that was another customer.
    pub with: Option<Link>,
    /// Who of us.
    pub by: String,
}

/// Something that is open.
#[derive(Debug, Clone, PartialEq)]
pub struct Open {
    /// The task, deal, quote, order or ticket.
    pub record: Link,
    /// The sort of task, the stage of the deal, the status of anything else.
    pub kind: String,
    /// When it is due, should close or runs out; of an order when it is to be paid, or else to be delivered: a day, or a day
    /// and a time.
    pub due: Option<Value>,
    /// Whether that has passed.
    pub is_overdue: bool,
    /// What a deal or quote is worth, or what is still to come of an order.
    pub amount: Option<Money>,
    /// The next open task of a deal.
    pub next: Option<Link>,
}

/// The brief for a customer; of anything that is about a customer, for the customer it is about.
///
/// # Errors
///
/// `NotFound` if it is out of sight; `Invalid` for a record that is about no customer.
pub fn of(tx: &ReadTx<'_>, noun: Noun, id: Id) -> Result<Brief> {
    let customer = whom(tx, noun, id)?;
    let link =
        |noun: Noun, id: Id| links::link(tx, noun, id)?.ok_or_else(|| Error::not_found(noun, &id.uid()));
    let about = if noun == Noun::Customer {
        None
    } else {
        Some(link(noun, id)?)
    };
    let row = Row::read(tx, Noun::Customer, customer, &who_and_days())?;
    let mut parties = vec![link(Noun::Customer, customer)?];
    parties.extend(row.link("company").filter(|_| row.text("type") == "person"));
    let deals = deals(tx, &parties)?;
    let open_deals: Vec<&Deal> = deals.iter().filter(|deal| deal.is_open).collect();
    let orders = orders(tx, &parties)?;
    let people = people(tx, customer, row.text("type") == "company")?;
    let known = Known {
        orders: orders.iter().map(Order::for_rules).collect(),
        ..known(tx, customer, &row, &deals, people.len())?
    };
    let today = tx.caller().clock.today();
    Ok(Brief {
        as_of: tx.caller().clock.now(),
        customer: link(Noun::Customer, customer)?,
        about,
        numbers: numbers(tx, customer, &parties, &row)?,
        contacts: contacts(tx, customer)?,
        open: open(
            tx,
            customer,
            &open_deals,
            &orders,
            pending::pending(tx, &parties)?,
        )?,
        ask: ask::asks(&known, today),
        people: people.into_iter().take(PEOPLE).collect(),
        who: row.who(),
        parties,
    })
}

/// The customer that a record is about.
fn whom(tx: &ReadTx<'_>, noun: Noun, id: Id) -> Result<Id> {
    let customer = match noun {
        Noun::Customer => Some(id),
        Noun::Deal => activities::customer_of_deal(tx, id)?,
        Noun::Activity => activities::about(tx, id)?.customer,
        Noun::Task | Noun::Order | Noun::Quote | Noun::Ticket | Noun::Feedback => {
            Row::read(tx, noun, id, &["customer"])?
                .link("customer")
                .map(|link| link.id)
        }
        _ => None,
    };
    customer.ok_or_else(|| {
        let message = format!("customer: this {noun} is about no customer");
        Error::invalid("customer", message)
    })
}

fn who_and_days() -> Vec<&'static str> {
    WHO.iter().copied().chain(["last_activity", "quiet_on"]).collect()
}

/// A deal of one of the parties.
struct Deal {
    link: Link,
    is_open: bool,
    row: Row,
    next: Option<Link>,
}

fn deals(tx: &ReadTx<'_>, parties: &[Link]) -> Result<Vec<Deal>> {
    let mut all: Vec<Deal> = Vec::new();
    for party in parties {
        for id in around::deals(tx, party.id)? {
            let Some(link) = links::link(tx, Noun::Deal, id)? else {
                continue;
            };
            if all.iter().any(|deal| deal.link.id == id) {
                continue;
            }
            let names = [
                "status",
                "stage",
                "amount",
                "expected_close",
                "rotting_on",
                "next_task",
                "closed_on",
                "lost_reason",
            ];
            let row = Row::read(tx, Noun::Deal, id, &names)?;
            let next = around::open_tasks(tx, Noun::Deal, id)?.into_iter().next();
            let next = next
                .map(|task| links::link(tx, Noun::Task, task))
                .transpose()?
                .flatten();
            all.push(Deal {
                link,
                is_open: row.text("status") == "open",
                row,
                next,
            });
        }
    }
    Ok(all)
}

/// What the rules look at.
fn known(tx: &ReadTx<'_>, customer: Id, row: &Row, deals: &[Deal], people: usize) -> Result<Known> {
    let emails = customers::addresses(tx, customer, Channel::Email)?;
    let usable = emails
        .iter()
        .filter(|address| address.opted_out_at.is_none() && address.validity != "invalid");
    let mut open = Vec::new();
    for deal in deals.iter().filter(|deal| deal.is_open) {
        let parts = deal_people::parts(tx, deal.link.id)?;
        let next = deal.row.get("next_task");
        let is_ahead = matches!(next, Value::Instant(at) if *at > tx.caller().clock.now());
        open.push(OpenDeal {
            link: Some(deal.link.clone()),
            has_amount: !deal.row.get("amount").is_empty(),
            expected_close: deal.row.date("expected_close"),
            has_next_step: deal.next.is_some(),
            has_decider: parts.iter().any(|part| DECIDERS.contains(&part.role.as_str())),
            rotting_on: deal.row.date("rotting_on").filter(|_| !is_ahead),
        });
    }
    let decided = deals
        .iter()
        .filter(|deal| matches!(deal.row.text("status"), "won" | "lost"))
        .max_by_key(|deal| (deal.row.date("closed_on"), deal.link.id));
    let loss = decided
        .filter(|deal| deal.row.text("status") == "lost")
        .map(|deal| Loss {
            link: deal.link.clone(),
            on: deal.row.date("closed_on"),
            reason: deal.row.text("lost_reason").to_owned(),
        });
    Ok(Known {
        is_person: row.text("type") == "person",
        do_not_contact: *row.get("do_not_contact") == Value::Bool(true),
        phones: customers::addresses(tx, customer, Channel::Phone)?.len(),
        usable_emails: usable.count(),
        emails: emails.len(),
        has_company: row.link("company").is_some(),
        has_title: !row.text("title").is_empty(),
        has_needs: !row.text("needs").is_empty(),
        birthday: Birthday::parse(row.text("birthday")).ok(),
        last_contact: row.date("last_activity"),
        quiet_on: row.date("quiet_on"),
        people,
        deals: open,
        orders: Vec::new(),
        loss,
    })
}

/// The people of a company with their titles, or those who are related to a person.
fn people(tx: &ReadTx<'_>, customer: Id, is_company: bool) -> Result<Vec<(Link, String)>> {
    let mut all = Vec::new();
    if is_company {
        for one in around::staff(tx, customer)?
            .into_iter()
            .filter(|one| one.ended_on.is_none())
        {
            let words: Vec<String> = [one.title, one.role]
                .into_iter()
                .filter(|word| !word.is_empty())
                .collect();
            let link = links::link(tx, Noun::Customer, one.person)?;
            all.extend(link.map(|link| (link, words.join(", "))));
        }
    }
    for relation in relationships::of(tx, customer)? {
        let sort = relationship::stored(&relation.sort);
        let (other, side) = if relation.from == customer {
            (relation.to, sort.map(|sort| sort.own))
        } else {
            (relation.from, sort.map(|sort| sort.inverse))
        };
        let link = links::link(tx, Noun::Customer, other)?;
        let word = side.map_or(relation.sort.as_str(), |side| side.english);
        all.extend(link.map(|link| (link, word.to_owned())));
    }
    Ok(all)
}

/// The figures, from the reports that define them.
fn numbers(tx: &ReadTx<'_>, customer: Id, parties: &[Link], row: &Row) -> Result<Numbers> {
    let refs: Vec<String> = parties
        .iter()
        .map(|party| party.reference().to_string())
        .collect();
    let request = Request {
        filters: vec![format!("customer:{}", refs.join(","))],
        ..Request::default()
    };
    let count = |cells: &[Cell]| match cells.get(1) {
        Some(Cell::Count(count)) => *count,
        _ => 0,
    };
    let amount = |cells: &[Cell]| match cells.get(2) {
        Some(Cell::Money(money)) => Some(*money),
        _ => None,
    };
    let won = won::run(tx, &request)?.totals;
    let lost = lost::run(tx, &request)?.totals;
    let open = pipeline::run(tx, &request)?.totals;
    let since = around::since(tx, customer)?;
    Ok(Numbers {
        known_since: since.known,
        customer_since: since.customer,
        won: count(&won),
        lost: count(&lost),
        open: count(&open),
        won_amount: amount(&won),
        open_amount: amount(&open),
        contacts: around::contacts(tx, customer)?,
        last_contact: row.date("last_activity"),
        quiet_on: row.date("quiet_on"),
    })
}

fn contacts(tx: &ReadTx<'_>, customer: Id) -> Result<Vec<Contact>> {
    let mut all = Vec::new();
    let asked = timeline::Asked {
        most: Some(CONTACTS),
        ..timeline::Asked::default()
    };
    for id in timeline::activities(tx, Noun::Customer, customer, asked)? {
        let Some(activity) = links::link(tx, Noun::Activity, id)? else {
            continue;
        };
        let names = ["at", "type", "direction", "outcome", "customer", "owner"];
        let row = Row::read(tx, Noun::Activity, id, &names)?;
        let Value::Instant(at) = *row.get("at") else {
            continue;
        };
        all.push(Contact {
            activity,
            at,
            kind: row.text("type").to_owned(),
            direction: Some(row.text("direction"))
                .filter(|word| *word != "none")
                .unwrap_or_default()
                .to_owned(),
            outcome: row.text("outcome").to_owned(),
            with: row.link("customer").filter(|link| link.id != customer),
            by: row.text("owner").to_owned(),
        });
    }
    Ok(all)
}

/// Tasks of the customer and of its deals, the deals, the orders and what is pending, by the day on which they are due.
fn open(
    tx: &ReadTx<'_>,
    customer: Id,
    deals: &[&Deal],
    orders: &[Order],
    pending: Vec<(Option<Date>, Open)>,
) -> Result<Vec<Open>> {
    let clock = &tx.caller().clock;
    let mut tasks = around::open_tasks(tx, Noun::Customer, customer)?;
    for deal in deals {
        let more = around::open_tasks(tx, Noun::Deal, deal.link.id)?;
        tasks.extend(
            more.into_iter()
                .filter(|task| !tasks.contains(task))
                .collect::<Vec<_>>(),
        );
    }
    let mut all = pending;
    for id in tasks {
        let Some(record) = links::link(tx, Noun::Task, id)? else {
            continue;
        };
        let row = Row::read(tx, Noun::Task, id, &["type", "due"])?;
        let (day, is_overdue) = match row.get("due") {
            Value::Date(day) => (Some(*day), *day < clock.today()),
            Value::DateTime(moment) => {
                let at = instant::instant_of(*moment, clock.zone());
                (Some(moment.date()), at <= clock.now())
            }
            _ => (None, false),
        };
        all.push((
            day,
            Open {
                record,
                kind: row.text("type").to_owned(),
                due: Some(row.get("due").clone()).filter(|due| !due.is_empty()),
                is_overdue,
                amount: None,
                next: None,
            },
        ));
    }
    for deal in deals {
        let close = deal.row.date("expected_close");
        all.push((
            close,
            Open {
                record: deal.link.clone(),
                kind: deal.row.text("stage").to_owned(),
                due: close.map(Value::Date),
                is_overdue: close.is_some_and(|day| day < clock.today()),
                amount: deal.row.money("amount"),
                next: deal.next.clone(),
            },
        ));
    }
    all.extend(orders.iter().map(|order| {
        let open = order.open(clock.today());
        (order.due(clock.today()), open)
    }));
    all.sort_by_key(|(day, open)| (!open.is_overdue, day.is_none(), *day));
    Ok(all.into_iter().map(|(_, open)| open).collect())
}
