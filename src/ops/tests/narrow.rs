//! Filters on names, cities and custom fields find the same, whether they are looked up before or walked for.

use crate::domain::noun::Noun;
use crate::ops::customer::OnDuplicate;
use crate::ops::list::{self, Request};
use crate::ops::tests::{Base, assignments};
use crate::ops::typed::Policy;
use crate::ops::{activity, customer, deal, field, trash};
use crate::store::{links, records};
use crate::wire::cell::cell;

/// Companies, people with their company and city, and what was said to them.
fn filled() -> Base {
    let mut base = Base::new();
    let strict = Policy::strict();
    for text in [
        "noun=customer; key=size; type=select; options=big,small",
        "noun=customer; key=seats; type=integer",
        "noun=customer; key=loud; type=bool",
    ] {
        base.write(|tx| field::add(tx, &assignments(text), &strict));
    }
    for text in [
        "type=company; name=Müller AG; city=München; fields.size=big; fields.seats=7; fields.loud=yes",
        "type=company; name=杭州阿里巴巴网络有限公司; city=杭州市; fields.size=small; fields.loud=no",
        "type=company; name=Gone Ltd; city=New York",
        "name=Anna; company=Müller AG; city=MÜNCHEN; fields.seats=7",
        "name=Ben; company=杭州阿里巴巴网络有限公司; city=York",
        "name=Cleo; company=Gone Ltd; fields.size=big",
        "name=Dora",
    ] {
        base.write(|tx| customer::add(tx, &assignments(text), OnDuplicate::Create, &strict));
    }
    for text in [
        "name=Machines; customer=Müller AG",
        "name=Servers; customer=杭州阿里巴巴网络有限公司",
        "name=Paper; customer=Gone Ltd",
    ] {
        base.write(|tx| deal::add(tx, &assignments(text), &strict));
    }
    for text in [
        "type=call; text=to the company; customer=Müller AG",
        "type=call; text=to Anna; customer=Anna",
        "type=call; text=to Cleo; customer=Cleo",
    ] {
        base.write(|tx| activity::add(tx, &assignments(text), &strict));
    }
    base
}

const TABLE: &[(Noun, &str, &str)] = &[
    (Noun::Customer, "city:munchen", "Anna|Müller AG"),
    (Noun::Customer, "city:york", "Ben|Gone Ltd"),
    (Noun::Customer, "city:=york", "Ben"),
    (
        Noun::Customer,
        "city:york,杭州",
        "Ben|Gone Ltd|杭州阿里巴巴网络有限公司",
    ),
    (Noun::Customer, "is:person -city:munchen", "Dora|Cleo|Ben"),
    (Noun::Customer, "city:nowhere", ""),
    (Noun::Customer, "company.city:munchen", "Anna"),
    (Noun::Customer, "company:muller", "Anna"),
    (Noun::Customer, "company:阿里", "Ben"),
    (Noun::Customer, "company:gone", "Cleo"),
    (Noun::Customer, "company:=\"Gone Ltd\"", "Cleo"),
    (Noun::Customer, "company:=gone", ""),
    (Noun::Customer, "company:muller,gone", "Cleo|Anna"),
    (Noun::Customer, "is:person -company:muller", "Dora|Cleo|Ben"),
    (Noun::Customer, "company:nobody", ""),
    (Noun::Customer, "name:阿里", "杭州阿里巴巴网络有限公司"),
    (Noun::Customer, "fields.size:big", "Cleo|Müller AG"),
    (
        Noun::Customer,
        "fields.size:big,small",
        "Cleo|杭州阿里巴巴网络有限公司|Müller AG",
    ),
    (Noun::Customer, "fields.seats:7", "Anna|Müller AG"),
    (Noun::Customer, "fields.seats:7 fields.size:big", "Müller AG"),
    (Noun::Customer, "fields.loud:no", "杭州阿里巴巴网络有限公司"),
    (Noun::Customer, "is:person -fields.seats:7", "Dora|Cleo|Ben"),
    (Noun::Customer, "deals.name:paper", "Gone Ltd"),
    (Noun::Deal, "customer:muller", "Machines"),
    (Noun::Deal, "customer:阿里", "Servers"),
    (Noun::Deal, "customer:gone", "Paper"),
    (Noun::Deal, "customer.city:york", "Paper"),
    (Noun::Deal, "-customer:muller", "Paper|Servers"),
    (Noun::Activity, "customer:muller", "to the company"),
    (Noun::Activity, "customer:anna", "to Anna"),
    (Noun::Activity, "-customer:anna", "to Cleo|to the company"),
    (Noun::Activity, "customer.company:gone", "to Cleo"),
];

fn found(base: &Base, noun: Noun, filter: &str) -> String {
    let name = if noun == Noun::Activity { "text" } else { "name" };
    let mut names = Vec::new();
    base.read(|tx| {
        let request = Request {
            filters: vec![filter.to_owned()],
            columns: vec![name.to_owned()],
            ..Request::default()
        };
        records::select(tx, &list::listing(tx, noun, &request)?, |_, values| {
            names.extend(values.first().map(cell));
            Ok(std::ops::ControlFlow::Continue(()))
        })
    });
    names.join("|")
}

#[test]
fn exactly_these_are_found() {
    let mut base = filled();
    for (noun, filter, names) in TABLE {
        assert_eq!(found(&base, *noun, filter), *names, "{noun} {filter}");
    }
    // A company in the trash is nobody's city any more, but whose deals were its are still found by its name.
    base.write(|tx| {
        let gone = links::by_name(tx, Noun::Customer, "Gone Ltd")?;
        trash::remove(tx, Noun::Customer, &gone)
    });
    assert_eq!(found(&base, Noun::Deal, "customer:gone"), "Paper");
    assert_eq!(found(&base, Noun::Deal, "customer:=\"Gone Ltd\""), "Paper");
    assert_eq!(found(&base, Noun::Customer, "city:york"), "Ben");
    assert_eq!(found(&base, Noun::Customer, "city:york is:trashed"), "Gone Ltd");
}

#[test]
fn a_name_that_very_many_have_is_found_as_well() {
    let mut base = Base::new();
    for number in 0..120 {
        let text = format!("type=company; name=Common {number}");
        base.write(|tx| customer::add(tx, &assignments(&text), OnDuplicate::Create, &Policy::strict()));
    }
    let text = "name=Anna; company=Common 5";
    base.write(|tx| customer::add(tx, &assignments(text), OnDuplicate::Create, &Policy::strict()));
    assert_eq!(found(&base, Noun::Customer, "company:common"), "Anna");
}
