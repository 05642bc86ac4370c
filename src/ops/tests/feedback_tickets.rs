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
use crate::ops::today::Whose;
use crate::ops::typed::Policy;
use crate::ops::{customer, list, order, refer, remind, survey, task, ticket, today, trash, user};
use crate::report::{self, Cell, Request};
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

/// A base with an old complaint that Mara looks after, a detractor whom nobody does, and what waits for nothing.
fn unhappy() -> (Base, Id, Id, Id) {
    let (mut base, solved) = base();
    let (complaint, detractor) = base.write(|tx| {
        let text = "customer=C1; type=complaint; comment=坏了; answered_on=2026-02-28; owner=Mara";
        let complaint = said(tx, text)?;
        said(tx, "customer=C3; survey=nps; score=9")?;
        said(tx, "customer=C3; type=suggestion")?;
        Ok((complaint, said(tx, "customer=C3; survey=nps; score=2")?))
    });
    (base, solved, complaint, detractor)
}

#[test]
fn the_morning_tells_of_complaints_and_unhappy_customers() {
    let (mut base, _, complaint, _) = unhappy();
    let morning = |base: &Base, whose: Whose| -> Vec<String> {
        let asked = today::Request {
            whose,
            filters: Vec::new(),
            limit: 10,
        };
        let sections = base.read(|tx| today::agenda(tx, &asked));
        let own = sections.into_iter().find(|section| section.name == "feedback");
        let entries = own.into_iter().flat_map(|section| section.entries);
        entries
            .map(|entry| format!("{} {:?}", entry.record.name, entry.why))
            .collect()
    };
    let both = ["complaint: 坏了 Complaint(2)", "nps 2 Unhappy(0)"];
    assert_eq!(morning(&base, Whose::Everyone), both);
    let mara = base.read(|tx| refer::one(tx, Noun::User, "Mara"));
    // What nobody looks after is everybody's.
    assert_eq!(morning(&base, Whose::User(mara)), both);
    assert_eq!(morning(&base, Whose::User(base.caller.actor.id)), both[1..]);
    let brief = base.read(|tx| report::brief::of(tx, Noun::Feedback, complaint));
    let open = brief.open.iter().find(|open| open.record.id == complaint);
    assert!(open.is_some_and(|open| open.kind == "complaint" && open.is_overdue));
    let grounds = base.read(|tx| {
        let link = crate::store::links::link(tx, Noun::Feedback, complaint)?.expect("it is there");
        today::why(tx, &link)
    });
    assert_eq!(
        (grounds.kind.as_str(), grounds.note.as_str()),
        ("complaint", "坏了")
    );
    let told = |base: &mut Base| -> Vec<String> {
        let request = remind::Request {
            whose: Whose::Everyone,
            name: "mail".to_owned(),
            since: None,
        };
        let news = base.read(|tx| remind::news(tx, &request));
        base.write(|tx| remind::advance(tx, &request, &news, &std::collections::BTreeSet::new()));
        let own = news.items.iter().filter(|item| item.section == "feedback");
        own.map(|item| item.entry.record.name.clone()).collect()
    };
    assert_eq!(told(&mut base), ["complaint: 坏了", "nps 2"]);
    assert_eq!(told(&mut base), Vec::<String>::new());
}

#[test]
fn complaints_and_unhappy_answers_wait_until_something_is_done_or_planned() {
    let (mut base, solved, complaint, detractor) = unhappy();
    let waiting = |base: &Base| count(base, Noun::Feedback, "is:waiting");
    base.write(|tx| feedback::move_to(tx, complaint, Status::Acknowledged, None, None));
    assert_eq!(waiting(&base), 2);
    let ticket = base.write(|tx| feedback::escalate(tx, complaint, &[])).id;
    assert_eq!(waiting(&base), 1);
    // A ticket that is solved says nothing of what the customer thinks by now.
    base.write(|tx| {
        let solution = steps::Solution {
            solution: Some("New crane"),
            ..steps::Solution::default()
        };
        steps::resolve(tx, ticket, &solution)
    });
    assert_eq!(waiting(&base), 2);
    base.write(|tx| feedback::move_to(tx, complaint, Status::Acted, None, Some("Mended")));
    assert_eq!(waiting(&base), 1);
    base.write(|tx| {
        let text = "title=Call; customer=C3; due=2026-03-05";
        task::add(tx, &assignments(text), &Policy::strict())
    });
    assert_eq!(waiting(&base), 0);
    base.undo();
    base.write(|tx| feedback::move_to(tx, detractor, Status::Acknowledged, None, None));
    assert_eq!(waiting(&base), 0);
    base.write(|tx| feedback::rate(tx, solved, &rating("1"), None));
    base.write(|tx| said(tx, "type=complaint; comment=Nobody knows who"));
    assert_eq!(waiting(&base), 2);
    base.check();
}

// Domain: CSAT is the share of answers with a score of 4 or 5, and an agent's load has it beside the tickets.
#[test]
fn the_load_of_an_agent_has_the_satisfaction_of_customers() {
    let (mut base, solved) = base();
    let cells = |base: &Base, name: &str, by: Option<&str>, period: &str| -> Vec<String> {
        let request = base.read(|tx| {
            Ok(Request {
                by: by.and_then(|by| report::Dimension::parse(by).ok()),
                period: Some(report::period::read(tx.caller(), period)?),
                ..Request::default()
            })
        });
        let told = base.read(|tx| report::run(tx, name, &request));
        let wanted = ["group", "answers", "csat"];
        let places: Vec<usize> = wanted
            .iter()
            .filter_map(|name| told.columns.iter().position(|column| column.name == *name))
            .collect();
        let text = |row: &Vec<Cell>| {
            let cells = places
                .iter()
                .filter_map(|at| row.get(*at))
                .map(|cell| match cell {
                    Cell::Text(text) => text.clone(),
                    Cell::Count(count) => count.to_string(),
                    other => other.percent(1).unwrap_or_else(|| "-".to_owned()),
                });
            cells.collect::<Vec<_>>().join("|")
        };
        told.rows.iter().chain([&told.totals]).map(text).collect()
    };
    // Nobody has said anything about the ticket of Mara or the one that nobody works on.
    assert_eq!(
        cells(&base, "agents", None, "2026-03"),
        ["Mara|0|-", "-|0|-", "-|0|-"]
    );
    base.write(|tx| {
        for score in ["5", "4", "2"] {
            feedback::rate(tx, solved, &rating(score), None)?;
        }
        let open = refer::one(tx, Noun::Ticket, "K2")?;
        feedback::rate(tx, open, &rating("1"), Some("2026-02-27".parse().expect("a day")))?;
        // Of no ticket, by another survey, in the trash.
        said(tx, "customer=C1; survey=csat; score=1")?;
        said(tx, "ticket=K1; survey=ces; score=1")?;
        let gone = said(tx, "ticket=K1; survey=csat; score=1")?;
        trash::remove(tx, Noun::Feedback, &[gone])?;
        Ok(())
    });
    // 5 and 4 of 5, 4 and 2: 66.7 %. The 1 came in February.
    assert_eq!(
        cells(&base, "agents", None, "2026-03"),
        ["Mara|3|66.7", "-|0|-", "-|3|66.7"]
    );
    assert_eq!(
        cells(&base, "agents", None, "2026-02"),
        ["Mara|0|-", "-|1|0.0", "-|1|0.0"]
    );
    assert_eq!(
        cells(&base, "csat", Some("assignee"), "2026-03"),
        ["Mara|3|66.7", "-|1|0.0", "-|4|50.0"]
    );
    assert_eq!(
        count(&base, Noun::Feedback, "survey.type:csat ticket.assignee:Mara"),
        3
    );
}
