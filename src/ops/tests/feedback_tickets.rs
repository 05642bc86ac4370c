//! Feedback and tickets: what is said about one, how satisfied the customer is at its end, what becomes of a complaint.

use super::exchange::{export, import};
use super::whole::{dumped, findings, loaded};
use super::{Base, assignments};
use crate::domain::feedback::Status;
use crate::domain::id::Id;
use crate::domain::noun::Noun;
use crate::domain::ticket::Step;
use crate::error::Result;
use crate::ops::draft::Lists;
use crate::ops::feedback::{self, Rating};
use crate::ops::load::ORDER;
use crate::ops::ticket::{join, steps};
use crate::ops::typed::Policy;
use crate::ops::{customer, list, order, refer, survey, ticket, trash, user};
use crate::store::{WriteTx, records};

fn said(tx: &WriteTx<'_>, text: &str) -> Result<Id> {
    Ok(feedback::add(tx, &assignments(text), &Policy::strict())?.id)
}

fn count(base: &Base, noun: Noun, filter: &str) -> usize {
    base.read(|tx| {
        let condition = list::condition(tx, noun, &[filter.to_owned()])?;
        Ok(records::ids(tx, noun, &condition)?.len())
    })
}

fn rating(score: &str) -> Rating<'_> {
    Rating {
        score,
        ..Rating::default()
    }
}

/// A company, one of its people, a stranger, an order, a user beside the first, a ticket that waits for its end, and one
/// that just came in.
fn base() -> (Base, Id) {
    let mut base = Base::new();
    let solved = base.write(|tx| {
        let new = customer::OnDuplicate::Create;
        for text in [
            "name=Kuxun; type=company",
            "name=张伟; type=person; company=Kuxun",
            "name=Tom",
        ] {
            customer::add(tx, &assignments(text), new, &Policy::strict())?;
        }
        user::add(tx, &assignments("name=Mara"), &Policy::strict())?;
        let text = "customer=C1; lines=Crane @100";
        order::add(tx, &assignments(text), &Policy::strict())?;
        let text = "name=Crane stops; customer=C1; contact=C2; assignee=Mara; solution=Oiled; step=verifying";
        let solved = ticket::add(tx, &assignments(text), &Policy::strict())?.id;
        ticket::add(
            tx,
            &assignments("name=Where is it; customer=C3"),
            &Policy::strict(),
        )?;
        Ok(solved)
    });
    (base, solved)
}

#[test]
fn what_is_said_about_a_ticket_is_of_its_customer_and_goes_where_it_goes() {
    let (mut base, solved) = base();
    let told = base.write(|tx| said(tx, "ticket=K1; type=complaint; comment=很慢"));
    assert_eq!(
        base.shown(
            Noun::Feedback,
            told,
            "customer.id contact.id ticket.id ticket.status"
        ),
        "C1|C2|K1|resolved"
    );
    let other = base.write(|tx| said(tx, "ticket=K1; customer=C3; type=praise; comment=Well done"));
    assert_eq!(
        base.shown(Noun::Feedback, other, "customer.id contact.id ticket.id"),
        "C3||K1"
    );
    for (noun, filter, found) in [
        (Noun::Feedback, "ticket:K1", 2),
        (Noun::Feedback, "ticket.assignee:Mara", 2),
        (Noun::Feedback, "no:ticket", 0),
        (Noun::Ticket, "feedback.type:complaint", 1),
        (Noun::Ticket, "feedback.count:2", 1),
        (Noun::Ticket, "no:feedback", 1),
    ] {
        assert_eq!(count(&base, noun, filter), found, "{noun} {filter}");
    }
    base.check();
    let mut copy = Base::importing();
    copy.on("2026-06-01");
    for noun in ORDER {
        import(&mut copy, noun, &export(&base, noun));
    }
    let text = export(&base, Noun::Feedback);
    assert_eq!(export(&copy, Noun::Feedback), text);
    let new = loaded(&dumped(&base)).unwrap();
    assert_eq!(export(&new, Noun::Feedback), text);
    assert_eq!(findings(&new, true), []);

    let before = base.image();
    base.write(|tx| join::merge(tx, &[solved], refer::one(tx, Noun::Ticket, "K2")?));
    assert_eq!(base.shown(Noun::Feedback, told, "ticket.id customer.id"), "K2|C1");
    base.check();
    base.undo();
    base.write(|tx| trash::remove(tx, Noun::Ticket, &[solved]));
    base.write(|tx| trash::restore(tx, Noun::Ticket, &[solved]));
    base.undo();
    base.undo();
    assert_eq!(base.image(), before);
    let story =
        base.read(|tx| crate::report::story::of(tx, Noun::Ticket, solved, crate::report::story::Limit::NONE));
    assert!(story.sections.iter().any(|section| section.title == "Feedback"));
}

#[test]
fn whoever_closes_a_ticket_says_how_satisfied_the_customer_is() {
    let (mut base, solved) = base();
    let open = base.read(|tx| refer::one(tx, Noun::Ticket, "K2"));
    let before = base.image();
    let refused = |base: &mut Base, id: Id, to: Option<Step>, rating: &Rating<'_>| {
        base.refused(|tx| feedback::close(tx, id, to, None, rating)).1
    };
    for (id, to, score, reason) in [
        (solved, None, "7", "goes from 1 to 5"),
        (solved, None, "good", "score"),
        (open, Some(Step::Closed), "5", "and not solved"),
        (open, Some(Step::Contacted), "5", "and not to its end"),
    ] {
        let message = refused(&mut base, id, to, &rating(score));
        assert!(message.contains(reason), "{score}: {message}");
    }
    let named = Rating {
        survey: Some("nps"),
        ..rating("5")
    };
    assert!(refused(&mut base, solved, None, &named).contains("is of type nps"));
    let named = Rating {
        survey: Some("csta"),
        ..rating("5")
    };
    assert!(refused(&mut base, solved, None, &named).contains("csta"));
    assert_eq!(base.image(), before);

    let told = base.write(|tx| {
        let said = Rating {
            comment: Some("很快"),
            ..rating("5")
        };
        feedback::close(tx, solved, None, Some("2026-03-02 12:00"), &said)
    });
    assert_eq!(base.shown(Noun::Ticket, solved, "status"), "closed");
    let shown = "name ticket.id customer.id contact.id owner answered_on sent_on";
    assert_eq!(
        base.shown(Noun::Feedback, told.id, shown),
        "csat 5: 很快|K1|C1|C2|Mara|2026-03-02|"
    );
    base.check();
    base.undo();
    assert_eq!(base.image(), before);
}

#[test]
fn the_survey_is_the_one_that_is_asked_and_an_open_question_is_answered() {
    let (mut base, solved) = base();
    let asked = base.write(|tx| {
        let customers = [feedback::customer_of(tx, Noun::Ticket, solved)?];
        feedback::send(tx, &customers, &assignments("survey=csat; ticket=K1"), None)
    })[0];
    // Another one about something else does not stand in the way; one about tickets does.
    base.write(|tx| {
        survey::add(
            tx,
            &assignments("key=visit; type=csat; about=customer"),
            &Policy::strict(),
        )
    });
    let told = base.write(|tx| feedback::rate(tx, solved, &rating("2"), None));
    assert_eq!(told.id, asked);
    assert_eq!(
        base.shown(Noun::Feedback, asked, "score verdict sent_on"),
        "2|dissatisfied|2026-03-02"
    );
    base.write(|tx| {
        survey::add(
            tx,
            &assignments("key=service; type=csat; about=ticket"),
            &Policy::strict(),
        )
    });
    let (field, message) = base.refused(|tx| feedback::rate(tx, solved, &rating("4"), None));
    assert_eq!(field, "survey");
    assert!(
        message.contains("(csat, service); say which with --survey"),
        "{message}"
    );
    let named = Rating {
        survey: Some("service"),
        ..rating("4")
    };
    let told = base.write(|tx| feedback::rate(tx, solved, &named, None));
    assert_eq!(base.shown(Noun::Feedback, told.id, "survey score"), "service|4");
    base.write(|tx| {
        for key in ["csat", "service", "visit"] {
            let id = refer::one(tx, Noun::Survey, key)?;
            survey::edit(tx, id, &assignments("active=no"), Lists::Add, &Policy::strict())?;
        }
        Ok(())
    });
    let (_, message) = base.refused(|tx| feedback::rate(tx, solved, &rating("4"), None));
    assert!(message.contains("no survey of type csat is asked"));
}

#[test]
fn a_complaint_becomes_a_ticket_in_one_operation() {
    let (mut base, solved) = base();
    let told = base.write(|tx| {
        said(
            tx,
            "customer=C1; contact=C2; order=O1; type=complaint; channel=wechat; comment=坏了\nZwei; owner=Mara",
        )
    });
    let before = base.image();
    let made = base
        .write(|tx| feedback::escalate(tx, told, &assignments("priority=high")))
        .id;
    assert_eq!(
        base.shown(
            Noun::Ticket,
            made,
            "id name description customer.id contact.id order.id type channel priority owner assignee"
        ),
        "K3|坏了|坏了\nZwei|C1|C2|O1|complaint|wechat|high|Mara|"
    );
    assert_eq!(base.shown(Noun::Feedback, told, "ticket.id status"), "K3|new");
    let (field, message) = base.refused(|tx| feedback::escalate(tx, told, &[]));
    assert_eq!(
        (field.as_str(), message.as_str()),
        ("ticket", "F1 is about ticket K3 坏了 already")
    );
    base.check();
    base.undo();
    assert_eq!(base.image(), before);

    let detractor = base.write(|tx| said(tx, "customer=C3; survey=nps; score=1"));
    let made = base
        .write(|tx| feedback::escalate(tx, detractor, &assignments("assignee=Mara")))
        .id;
    assert_eq!(
        base.shown(Noun::Ticket, made, "name customer.id type assignee owner step"),
        "nps 1|C3|complaint|Mara|Mara|assigned"
    );
    for (text, reason) in [
        ("customer=C3; type=praise", "is content"),
        ("customer=C3; survey=csat; score=5", "is content"),
        (
            "customer=C3; survey=nps; type=answer; sent_on=2026-03-01",
            "not answered yet",
        ),
        (
            "ticket=K1; survey=csat; score=1",
            "`crm ticket reopen K1 --reason TEXT`",
        ),
    ] {
        let id = base.write(|tx| said(tx, text));
        let (_, message) = base.refused(|tx| feedback::escalate(tx, id, &[]));
        assert!(message.contains(reason), "{text}: {message}");
    }
    base.write(|tx| steps::reopen(tx, solved, Some("It stops again"), None));
    base.write(|tx| feedback::move_to(tx, told, Status::Acted, None, None));
}
