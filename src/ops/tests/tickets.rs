//! Tickets with all that belongs to them: as full exports, as dumps, in merges of customers, erased, at any size.

use super::exchange::{export, import, import_from};
use super::whole::{dumped, findings, loaded};
use super::{Base, assignments};
use crate::domain::actor::Via;
use crate::domain::fold::fold;
use crate::domain::id::Id;
use crate::domain::noun::Noun;
use crate::domain::ticket::{Step, Wait};
use crate::ops::customer::{self, OnDuplicate};
use crate::ops::draft::Lists;
use crate::ops::load::ORDER;
use crate::ops::ticket::steps::{self, Solution};
use crate::ops::ticket::talk::{self, Said};
use crate::ops::ticket::{self, join};
use crate::ops::typed::Policy;
use crate::ops::{find, merge, privacy, refer, trash, user};
use crate::wire::read::rows::Source;

/// A base with a ticket that has everything, its problem, one that was merged into it, and one that is nothing but new.
fn base() -> (Base, Id) {
    let mut base = Base::new();
    let strict = Policy::strict();
    let id = base.write(|tx| {
        for text in ["name=Kuxun; type=company", "name=Eve Moss; type=person; company=Kuxun", "name=张伟"] {
            customer::add(tx, &assignments(text), OnDuplicate::Create, &strict)?;
        }
        user::add(tx, &assignments("name=Mara"), &strict)?;
        let text = "name=Gate shut; customer=Eve Moss; contact=张伟; type=incident; channel=电话; severity=major; \
                    category=technical; tags=key; external_ids=desk:7; received_at=2026-03-01 08:00";
        let id = ticket::add(tx, &assignments(text), &strict)?.id;
        ticket::add(tx, &assignments("name=Firmware; customer=Kuxun; type=problem; priority=urgent"), &strict)?;
        ticket::add(tx, &assignments("name=Gate shut again; customer=张伟"), &strict)?;
        ticket::add(tx, &assignments("name=只是新的; customer=张伟"), &strict)?;
        Ok(id)
    });
    let said = |text: &'static str| Said {
        text,
        ..Said::default()
    };
    base.write(|tx| steps::assign(tx, id, steps::user(tx, "Mara")?, Some("2026-03-01 09:00")));
    base.write(|tx| {
        talk::reply(
            tx,
            id,
            &Said {
                waits: true,
                ..said("Which gate?")
            },
        )
    });
    base.write(|tx| talk::receive(tx, id, &said("The left one\nby the yard"), None));
    base.write(|tx| talk::note(tx, id, "she was angry"));
    base.write(|tx| {
        ticket::edit(
            tx,
            id,
            &assignments("priority=high"),
            Lists::Replace,
            &Policy::strict(),
        )
    });
    base.write(|tx| join::link(tx, id, Some(refer::one(tx, Noun::Ticket, "K2")?)));
    base.write(|tx| join::merge(tx, &[refer::one(tx, Noun::Ticket, "K3")?], id));
    base.write(|tx| talk::visit(tx, id, &assignments("text=looked at it; duration=20m")));
    let solution = Solution {
        solution: Some("new relay"),
        root_cause: Some("rust"),
        ..Solution::default()
    };
    base.on("2026-03-04");
    base.write(|tx| steps::resolve(tx, id, &solution));
    base.write(|tx| steps::reopen(tx, id, Some("shut again"), None));
    base.write(|tx| steps::wait(tx, id, Wait::ThirdParty, None));
    (base, id)
}

#[test]
fn a_full_export_and_a_dump_make_the_same_tickets() {
    let (mut base, id) = base();
    let state =
        "step wait status priority assignee company.name parent.id reopen_count replies first_responded_at";
    assert_eq!(
        base.shown(Noun::Ticket, id, state),
        "analyzing|third_party|waiting_third_party|high|Mara|Kuxun|K2|1|1|2026-03-02T12:00:00Z"
    );
    let mut copy = Base::importing();
    copy.on("2026-06-01");
    for noun in ORDER {
        import(&mut copy, noun, &export(&base, noun));
    }
    copy.check();
    for noun in [Noun::Ticket, Noun::Activity] {
        assert_eq!(export(&copy, noun), export(&base, noun), "{noun}");
    }
    base.caller.via = Via::Import;
    let text = export(&base, Noun::Ticket);
    let again = import(&mut base, Noun::Ticket, &text);
    assert_eq!(again.created + again.updated, 0);

    let new = loaded(&dumped(&base)).unwrap();
    assert_eq!(export(&new, Noun::Ticket), text);
    assert_eq!(findings(&new, true), []);
}

#[test]
fn a_foreign_file_brings_the_past_of_tickets() {
    let mut base = Base::importing();
    base.on("2026-06-01");
    let csv = |text: &str| text.replace('|', ",");
    let text = csv(
        "external_id|subject|status|priority|received_at|first_responded_at|resolved_at|closed_at\n\
         1|Old|closed|high|2026-01-05T08:00:00Z|2026-01-05T09:00:00Z|2026-01-06T08:00:00Z|2026-01-07T08:00:00Z\n\
         2|Waits|waiting_customer|low|2026-02-01T08:00:00Z|||\n\
         3|In a muddle|closed||2026-02-03T08:00:00Z||2026-02-01T08:00:00Z|2026-02-02T08:00:00Z\n",
    );
    let first = import_from(&mut base, Noun::Ticket, &text, Source::Csv);
    assert_eq!(first.created, 3);
    let shown = |base: &Base, reference: &str| {
        let id = base.read(|tx| refer::one(tx, Noun::Ticket, reference));
        base.shown(
            Noun::Ticket,
            id,
            "status received_at first_responded_at resolved_at closed_at",
        )
    };
    assert_eq!(
        shown(&base, "K1"),
        "closed|2026-01-05T08:00:00Z|2026-01-05T09:00:00Z|2026-01-06T08:00:00Z|2026-01-07T08:00:00Z"
    );
    assert_eq!(shown(&base, "K2"), "waiting_customer|2026-02-01T08:00:00Z|||");
    assert_eq!(
        shown(&base, "K3"),
        "closed|2026-02-03T08:00:00Z||2026-02-03T08:00:00Z|2026-02-03T08:00:00Z"
    );
    let again = import_from(&mut base, Noun::Ticket, &text, Source::Csv);
    assert_eq!(again.created + again.updated, 0);
    let later = text.replace("waiting_customer|low".replace('|', ",").as_str(), "resolved,low");
    let later = import_from(&mut base, Noun::Ticket, &later, Source::Csv);
    assert_eq!((later.created, later.updated), (0, 1));
    assert_eq!(
        shown(&base, "K2"),
        "resolved|2026-02-01T08:00:00Z||2026-06-01T12:00:00Z|"
    );
    base.check();
}

#[test]
fn a_ticket_follows_its_customer_and_goes_to_the_trash_and_back() {
    let (mut base, id) = base();
    let before = base.image();
    let found = |base: &Base| base.read(|tx| find::find(tx, "by the yard", None, 10)).len();
    assert_eq!(found(&base), 1);
    base.write(|tx| {
        let ids = [refer::one(tx, Noun::Customer, "C2")?];
        merge::merge(
            tx,
            refer::one(tx, Noun::Customer, "C3")?,
            &ids,
            &merge::Choices::default(),
        )
    });
    assert_eq!(
        base.shown(Noun::Ticket, id, "customer.id contact.id company.id"),
        "C3|C3|C1"
    );
    base.undo();
    base.write(|tx| trash::remove(tx, Noun::Ticket, &[id]));
    assert_eq!(found(&base), 0);
    base.write(|tx| trash::restore(tx, Noun::Ticket, &[id]));
    assert_eq!(found(&base), 1);
    base.undo();
    base.undo();
    assert_eq!(base.image(), before);
    base.check();
}

#[test]
fn what_an_erased_person_said_is_gone_and_the_figures_stay() {
    let (mut base, id) = base();
    base.write(|tx| {
        let text = "name=Complaint of Eve Moss; description=she lives at the lake";
        ticket::edit(tx, id, &assignments(text), Lists::Replace, &Policy::strict())
    });
    base.write(|tx| {
        let eve = refer::one(tx, Noun::Customer, "Eve Moss")?;
        privacy::erase(tx, eve, "asked")
    });
    let rows = base.read(|tx| {
        tx.all(
            "SELECT name || description || solution || root_cause || reason FROM ticket
             UNION ALL SELECT text FROM ticket_comment UNION ALL SELECT text FROM search_doc
             UNION ALL SELECT coalesce(before, '') || coalesce(after, '') FROM op_change UNION ALL SELECT title FROM op",
            [],
            |row| row.get::<_, String>(0),
        )
    });
    for word in ["Moss", "the lake", "by the yard", "Which gate", "angry"] {
        assert!(!rows.iter().any(|row| row.contains(word)), "{word} is left");
    }
    assert_eq!(
        base.shown(Noun::Ticket, id, "status priority replies"),
        "waiting_third_party|high|1"
    );
    base.check();
}

#[test]
fn labels_of_the_picklists_are_folded_as_all_are() {
    let base = Base::new();
    let rows = base.read(|tx| {
        tx.all(
            "SELECT l.text, l.text_key, o.list FROM option AS o JOIN label AS l ON l.record_id = o.id
             WHERE o.list LIKE 'ticket_%'",
            [],
            |row| {
                Ok((
                    row.get::<_, String>(0)?,
                    row.get::<_, String>(1)?,
                    row.get::<_, String>(2)?,
                ))
            },
        )
    });
    // Nine channels, ten types, seven categories, four severities, each in two languages.
    assert_eq!(rows.len(), 2 * (9 + 10 + 7 + 4));
    for (text, key, list) in rows {
        assert_eq!(fold(&text), key, "{list}");
    }
}

#[test]
fn steps_are_told_in_the_history_of_a_ticket() {
    let (base, id) = base();
    let edits = base.read(|tx| crate::store::history::of(tx, Noun::Ticket, id));
    let told: Vec<String> = edits
        .iter()
        .filter(|edit| edit.field == "step")
        .map(|edit| crate::wire::cell::cell(&edit.new))
        .collect();
    assert_eq!(
        told.first().map(String::as_str),
        Some("analyzing, waits for third party")
    );
    assert!(told.iter().any(|step| step == Step::Verifying.name()), "{told:?}");
    let story =
        base.read(|tx| crate::report::story::of(tx, Noun::Ticket, id, crate::report::story::Limit::NONE));
    let titles: Vec<&str> = story.sections.iter().map(|section| section.title).collect();
    assert_eq!(titles, ["Conversation", "Steps", "History of values", "Timeline"]);
}
