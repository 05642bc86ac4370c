//! Quotes with all that belongs to them: as full exports, as dumps, in merges, in the trash, in sums over relations.

use super::exchange::{export, import};
use super::whole::{dumped, findings, loaded};
use super::{Base, assignments, date};
use crate::domain::actor::Via;
use crate::domain::id::Id;
use crate::domain::noun::Noun;
use crate::domain::sale::QuoteStatus;
use crate::ops::load::ORDER;
use crate::ops::quote::{self, Move};
use crate::ops::typed::Policy;
use crate::ops::{
    customer, field, find, list, merge, privacy, product, rate, refer, remind, ticket, today, trash,
};
use crate::report::brief;
use crate::store::agenda::Whose;
use crate::store::records;

/// A base with a quote in three versions, of which the second is accepted as an order, and one that is expired on 1 June.
fn base() -> (Base, Id) {
    let mut base = Base::new();
    let strict = Policy::strict();
    let first = base.write(|tx| {
        let new = customer::OnDuplicate::Create;
        customer::add(tx, &assignments("name=Kuxun"), new, &strict)?;
        customer::add(tx, &assignments("name=张伟"), new, &strict)?;
        let widget = "name=Widget; sku=W1; price=189; cost=99.5; tax_rate=19.6";
        product::add(tx, &assignments(widget), &strict)?;
        rate::set(tx, "EUR", "1.0875", None)?;
        field::add(tx, &assignments("noun=quote; key=incoterm; type=text"), &strict)?;
        let text = "customer=C1; contact=C2; currency=EUR; lines=W1 x3.5 @170 -2.25%\n培训 x1 @20 +7%; discount=2.5%; \
                    shipping=9.90; tags=key; fields.incoterm=FCA; note=about 张伟; status=sent";
        let first = quote::add(tx, &assignments(text), &strict)?.id;
        quote::add(
            tx,
            &assignments("customer=张伟; lines=W1; status=sent; valid_until=2026-03-10"),
            &strict,
        )?;
        Ok(first)
    });
    let second = base
        .write(|tx| quote::revise(tx, first, Some(date("2026-12-01"))))
        .id;
    base.write(|tx| quote::move_to(tx, second, QuoteStatus::Sent, &Move::default()));
    base.write(|tx| quote::revise(tx, second, None));
    base.write(|tx| quote::accept(tx, second, None, true));
    (base, second)
}

#[test]
fn a_full_export_and_a_dump_make_the_same_quotes() {
    let (mut base, second) = base();
    // 3.5 × 170 − 2.25 % = 581.61; + 20 = 601.61; − 2.5 % (15.04) = 586.57. Tax: 567.07 × 19.6 % = 111.15, 19.50 × 7 % =
    // 1.37. 586.57 + 112.52 + 9.90 = 708.99, at 1.0875 771.03 (771.026…).
    let names = "name status total total_base revision version_of.id fields.incoterm tags contact.id";
    assert_eq!(
        base.shown(Noun::Quote, second, names),
        "W1 v2|accepted|708.99|771.03|2|Q1|FCA|key|C2"
    );
    base.on("2026-06-01");
    let mut copy = Base::importing();
    copy.on("2026-06-01");
    copy.write(|tx| rate::set(tx, "EUR", "1.0875", None));
    for noun in ORDER {
        import(&mut copy, noun, &export(&base, noun));
    }
    copy.check();
    for noun in [Noun::Quote, Noun::Order] {
        assert_eq!(export(&copy, noun), export(&base, noun), "{noun}");
    }
    base.caller.via = Via::Import;
    let text = export(&base, Noun::Quote);
    assert!(text.contains("\"status\":\"expired\""), "{text}");
    let again = import(&mut base, Noun::Quote, &text);
    assert_eq!(again.created + again.updated, 0);

    let mut new = loaded(&dumped(&base)).unwrap();
    new.on("2026-06-01");
    assert_eq!(export(&new, Noun::Quote), text);
    assert_eq!(findings(&new, true), []);
}

#[test]
fn a_quote_follows_its_customer_and_goes_to_the_trash_and_back() {
    let (mut base, second) = base();
    let before = base.image();
    let found = |base: &Base| {
        let hits = base.read(|tx| find::find(tx, "培训", None, 20));
        hits.iter().filter(|hit| hit.link.noun == Noun::Quote).count()
    };
    assert_eq!(found(&base), 3);
    base.write(|tx| {
        let ids = [refer::one(tx, Noun::Customer, "C1")?];
        let choices = merge::Choices {
            force: true,
            ..merge::Choices::default()
        };
        merge::merge(tx, refer::one(tx, Noun::Customer, "C2")?, &ids, &choices)
    });
    assert_eq!(base.shown(Noun::Quote, second, "customer.id contact.id"), "C2|C2");
    base.undo();
    base.write(|tx| trash::remove(tx, Noun::Quote, &[second]));
    assert_eq!(found(&base), 2);
    base.write(|tx| trash::restore(tx, Noun::Quote, &[second]));
    assert_eq!(found(&base), 3);
    base.undo();
    base.undo();
    assert_eq!(base.image(), before);
    base.check();
}

#[test]
fn quotes_are_counted_from_customers_and_deals() {
    let (base, _) = base();
    let found = |filter: &str| {
        base.read(|tx| {
            let condition = list::condition(tx, Noun::Customer, &[filter.to_owned()])?;
            Ok(records::ids(tx, Noun::Customer, &condition)?.len())
        })
    };
    assert_eq!(found("quotes.count:3"), 1);
    assert_eq!(found("quotes.status:sent"), 1);
    assert_eq!(found("has:quotes"), 2);
    assert_eq!(found("quotes.sum.total:2000.."), 1);
    assert_eq!(found("no:quotes"), 0);
}

#[test]
fn who_is_erased_is_in_no_quote() {
    let (mut base, _) = base();
    base.write(|tx| {
        let id = refer::one(tx, Noun::Customer, "C2")?;
        privacy::erase(tx, id, "asked")
    });
    let first = base.read(|tx| refer::one(tx, Noun::Quote, "Q1"));
    assert_eq!(base.shown(Noun::Quote, first, "name note"), "W1|");
    base.check();
}

#[test]
fn the_agenda_and_reminders_know_quotes_that_run_out() {
    let mut base = Base::new();
    let strict = Policy::strict();
    base.write(|tx| {
        let new = customer::OnDuplicate::Create;
        customer::add(tx, &assignments("name=酷讯; type=company"), new, &strict)?;
        for text in [
            "name=Draft; valid_until=2026-03-02",
            "name=园区; status=sent; valid_until=2026-03-02",
            "name=Later; status=sent; valid_until=2026-03-10",
            "name=Endless; status=sent; valid_until=",
            "name=Taken; status=accepted; valid_until=2026-03-02",
        ] {
            let text = format!("customer=C1; owner=self; lines=Crane @100; {text}");
            quote::add(tx, &assignments(&text), &strict)?;
        }
        Ok(())
    });
    let agenda = |base: &Base, filters: &[&str]| -> Vec<String> {
        let request = today::Request {
            whose: Whose::Everyone,
            filters: filters.iter().map(|filter| (*filter).to_owned()).collect(),
            limit: 10,
        };
        let sections = base.read(|tx| today::agenda(tx, &request));
        let quotes = sections.into_iter().find(|section| section.name == "quotes");
        let entry = |entry: today::Entry| format!("{} {:?}", entry.record.name, entry.why);
        quotes.unwrap().entries.into_iter().map(entry).collect()
    };
    let told = |base: &mut Base| -> Vec<String> {
        let request = remind::Request {
            whose: Whose::Everyone,
            name: "mail".to_owned(),
            since: None,
        };
        let news = base.read(|tx| remind::news(tx, &request));
        base.write(|tx| remind::advance(tx, &request, &news, &std::collections::BTreeSet::new()));
        let quotes = news.items.iter().filter(|item| item.section == "quotes");
        quotes.map(|item| format!("{:?}", item.entry.why)).collect()
    };
    assert_eq!(agenda(&base, &[]), ["园区 Expiring(2026-03-02)"]);
    assert_eq!(told(&mut base), ["Expiring(2026-03-02)"]);
    base.on("2026-03-03");
    let both = ["园区 Expired(1)", "Later Expiring(2026-03-10)"];
    assert_eq!(agenda(&base, &[]), both);
    assert_eq!(agenda(&base, &["valid_until:2026-03-10"]), both[1..]);
    assert_eq!(told(&mut base), ["Expired(1)", "Expiring(2026-03-10)"]);
    assert_eq!(told(&mut base), Vec::<String>::new());
}

#[test]
fn a_brief_tells_of_quotes_and_tickets_that_are_open() {
    let mut base = Base::new();
    let strict = Policy::strict();
    let (company, person) = base.write(|tx| {
        let add = |text: &str| customer::add(tx, &assignments(text), customer::OnDuplicate::Create, &strict);
        let company = add("name=酷讯; type=company")?.id;
        let person = add("name=王芳; company=酷讯")?.id;
        let text = "customer=酷讯; name=Crane; lines=Crane @100; valid_until=2026-02-27";
        quote::add(tx, &assignments(text), &strict)?;
        let text = "customer=王芳; name=打不开; priority=urgent";
        ticket::add(tx, &assignments(text), &strict)?;
        Ok((company, person))
    });
    for (noun, id) in [(Noun::Customer, company), (Noun::Customer, person)] {
        let open = base.read(|tx| brief::of(tx, noun, id)).open;
        let told: Vec<(String, &str, bool)> = open
            .iter()
            .map(|open| {
                (
                    open.record.reference().to_string(),
                    open.kind.as_str(),
                    open.is_overdue,
                )
            })
            .collect();
        assert_eq!(
            told,
            [("Q1".to_owned(), "draft", true), ("K1".to_owned(), "open", false)]
        );
    }
    let ticket = base.read(|tx| refer::one(tx, Noun::Ticket, "K1"));
    let asked = base.read(|tx| brief::of(tx, Noun::Ticket, ticket));
    assert_eq!(asked.customer.id, person);
}
