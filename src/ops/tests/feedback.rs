//! Feedback from end to end: what is refused, what follows, what comes back, what it comes to.

use super::exchange::{export, import};
use super::whole::{dumped, findings, loaded};
use super::{Base, assignments};
use crate::domain::actor::Via;
use crate::domain::feedback::Status;
use crate::domain::id::Id;
use crate::domain::noun::Noun;
use crate::error::Result;
use crate::ops::draft::Lists;
use crate::ops::form::intake;
use crate::ops::load::ORDER;
use crate::ops::typed::Policy;
use crate::ops::{customer, feedback, find, form, list, merge, order, privacy, refer, survey, trash};
use crate::report::{self, Cell, Request};
use crate::store::{WriteTx, records};
use crate::wire::submission::Sent;

fn add(tx: &WriteTx<'_>, text: &str) -> Result<Id> {
    Ok(feedback::add(tx, &assignments(text), &Policy::strict())?.id)
}

fn set(tx: &WriteTx<'_>, id: Id, text: &str) -> Result<()> {
    let given = assignments(text);
    feedback::edit(tx, id, &given, Lists::Add, &Policy::strict()).map(drop)
}

/// Two customers and an order of the second.
fn base() -> Base {
    let mut base = Base::new();
    base.write(|tx| {
        let new = customer::OnDuplicate::Create;
        let text = "name=Anna Keller; emails=anna@kuxun.example; source=website; level=A";
        customer::add(tx, &assignments(text), new, &Policy::strict())?;
        customer::add(tx, &assignments("name=张伟; level=B"), new, &Policy::strict())?;
        order::add(
            tx,
            &assignments("customer=C2; lines=Crane @100"),
            &Policy::strict(),
        )
    });
    base
}

fn count(base: &Base, noun: Noun, filter: &str) -> usize {
    base.read(|tx| {
        let condition = list::condition(tx, noun, &[filter.to_owned()])?;
        Ok(records::ids(tx, noun, &condition)?.len())
    })
}

#[test]
fn what_cannot_be_is_refused_and_says_why() {
    let mut base = base();
    for (text, reason) in [
        ("customer=C1; comment=Hm", "type: say what it is"),
        ("customer=C1; survey=nps", "an answer needs a score"),
        ("customer=C1; survey=nps; score=11", "goes from 0 to 10"),
        ("customer=C1; survey=csat; score=0", "goes from 1 to 5"),
        ("customer=C1; survey=ces; score=8", "goes from 1 to 7"),
        ("customer=C1; score=3", "an answer needs its survey"),
        (
            "customer=C1; type=complaint; score=3",
            "only an answer to a survey has a score",
        ),
        (
            "customer=C1; type=praise; survey=nps",
            "a praise answers no survey",
        ),
        (
            "customer=C1; survey=nps; score=9; sent_on=2026-03-02; answered_on=2026-03-01",
            "is before the customer was asked",
        ),
        ("customer=C1; survey=npx; score=9", "npx"),
        ("customer=C1; type=rant", "none of answer"),
    ] {
        let (_, message) = base.refused(|tx| add(tx, text));
        assert!(message.contains(reason), "{text}: {message}");
    }
    base.write(|tx| {
        let nps = refer::one(tx, Noun::Survey, "nps")?;
        survey::edit(tx, nps, &assignments("active=no"), Lists::Add, &Policy::strict())
    });
    let (_, message) = base.refused(|tx| add(tx, "customer=C1; survey=nps; score=9"));
    assert!(message.contains("not asked any more"));
}

#[test]
fn a_question_waits_for_its_answer_and_a_complaint_for_what_is_done() {
    let mut base = base();
    let asked = base.write(|tx| {
        let customers = [refer::one(tx, Noun::Customer, "anna@kuxun.example")?];
        feedback::send(tx, &customers, &assignments("survey=nps; channel=email"), None)
    })[0];
    let shown = "name type score verdict sent_on answered_on status";
    assert_eq!(
        base.shown(Noun::Feedback, asked, shown),
        "nps asked|answer|||2026-03-02||new"
    );
    assert_eq!(count(&base, Noun::Feedback, "is:unanswered"), 1);
    let (_, message) = base.refused(|tx| feedback::move_to(tx, asked, Status::Closed, None, None));
    assert!(message.contains("not answered yet"));
    base.write(|tx| feedback::answer(tx, asked, &assignments("score=3; comment=太慢了")));
    assert_eq!(
        base.shown(Noun::Feedback, asked, shown),
        "nps 3: 太慢了|answer|3|detractor|2026-03-02|2026-03-02|new"
    );
    let (_, message) = base.refused(|tx| feedback::answer(tx, asked, &assignments("score=4")));
    assert!(message.contains("was answered on"));
    base.write(|tx| set(tx, asked, "score=9"));
    assert_eq!(base.shown(Noun::Feedback, asked, "verdict"), "promoter");
    base.write(|tx| set(tx, asked, "score=; comment="));
    assert_eq!(
        base.shown(Noun::Feedback, asked, shown),
        "nps asked|answer|||2026-03-02||new"
    );

    let complaint = base.write(|tx| add(tx, "order=O1; type=complaint; comment=The crane squeaks"));
    assert_eq!(
        base.shown(Noun::Feedback, complaint, "customer.id name status answered_on"),
        "C2|complaint: The crane squeaks|new|2026-03-02"
    );
    base.write(|tx| feedback::move_to(tx, complaint, Status::Acted, None, Some("Oiled it")));
    base.write(|tx| feedback::move_to(tx, complaint, Status::Closed, None, Some("Oiled it again")));
    let dealt = "status action acknowledged_on acted_on closed_on";
    assert_eq!(
        base.shown(Noun::Feedback, complaint, dealt),
        "closed|Oiled it\n\nOiled it again||2026-03-02|2026-03-02"
    );
    let (_, message) = base.refused(|tx| set(tx, complaint, "status=acted"));
    assert!(message.contains("can only become new"));
    base.write(|tx| feedback::move_to(tx, complaint, Status::New, None, None));
    assert!(base.shown(Noun::Feedback, complaint, dealt).ends_with("|||"));
    base.check();
    for _ in 0..8 {
        base.undo();
    }
    assert_eq!(count(&base, Noun::Feedback, "is:any"), 0);
}

/// A base with feedback of every sort.
fn full() -> Base {
    let mut base = base();
    base.write(|tx| {
        let text = "key=delivery; type=csat; question=How was it?";
        survey::add(tx, &assignments(text), &Policy::strict())?;
        add(
            tx,
            "customer=C1; survey=delivery; score=2; comment=很慢; tags=key; sent_on=2026-02-01; answered_on=2026-02-03",
        )?;
        let complaint = add(tx, "customer=C2; contact=C1; type=complaint; order=O1; comment=Kaputt; channel=wechat")?;
        feedback::move_to(tx, complaint, Status::Acknowledged, None, None)?;
        feedback::move_to(tx, complaint, Status::Closed, None, Some("Repaired"))?;
        add(tx, "type=praise; comment=Anna helped well; note=ours")?;
        let customers = [refer::one(tx, Noun::Customer, "C2")?];
        feedback::send(tx, &customers, &assignments("survey=ces"), None)
    });
    base
}

#[test]
fn a_full_export_and_a_dump_make_the_same_feedback() {
    let mut base = full();
    let mut copy = Base::importing();
    copy.on("2026-06-01");
    for noun in ORDER {
        import(&mut copy, noun, &export(&base, noun));
    }
    copy.check();
    for noun in [Noun::Survey, Noun::Feedback] {
        assert_eq!(export(&copy, noun), export(&base, noun), "{noun}");
    }
    base.caller.via = Via::Import;
    let text = export(&base, Noun::Feedback);
    let again = import(&mut base, Noun::Feedback, &text);
    assert_eq!(again.created + again.updated, 0);
    let new = loaded(&dumped(&base)).unwrap();
    assert_eq!(export(&new, Noun::Feedback), text);
    assert_eq!(findings(&new, true), []);
}

#[test]
fn it_follows_its_customer_is_found_and_filtered_and_forgets_who_is_erased() {
    let mut base = full();
    let before = base.image();
    for (noun, filter, found) in [
        (Noun::Customer, "feedback.count:1", 1),
        (Noun::Customer, "feedback.score:..2", 1),
        (Noun::Customer, "feedback.count:2", 1),
        (Noun::Order, "feedback.type:complaint", 1),
        (Noun::Feedback, "survey.type:csat", 1),
        (Noun::Feedback, "survey:delivery score:2", 1),
        (Noun::Feedback, "is:dissatisfied", 1),
        (Noun::Feedback, "is:complaint is:closed", 1),
        (Noun::Feedback, "is:open", 2),
        (Noun::Feedback, "no:customer", 1),
        (Noun::Feedback, "customer.level:A", 1),
        (Noun::Feedback, "kaputt", 1),
    ] {
        assert_eq!(count(&base, noun, filter), found, "{noun} {filter}");
    }
    assert_eq!(base.read(|tx| find::find(tx, "Repaired", None, 10)).len(), 1);
    let first = base.read(|tx| refer::one(tx, Noun::Feedback, "F1"));
    base.write(|tx| {
        let ids = [refer::one(tx, Noun::Customer, "C1")?];
        let choices = merge::Choices {
            force: true,
            ..merge::Choices::default()
        };
        merge::merge(tx, refer::one(tx, Noun::Customer, "C2")?, &ids, &choices)
    });
    assert_eq!(base.shown(Noun::Feedback, first, "customer.id"), "C2");
    base.undo();
    base.write(|tx| trash::remove(tx, Noun::Feedback, &[first]));
    base.write(|tx| trash::restore(tx, Noun::Feedback, &[first]));
    base.undo();
    base.undo();
    assert_eq!(base.image(), before);
    let delivery = base.read(|tx| refer::one(tx, Noun::Survey, "delivery"));
    base.write(|tx| {
        survey::edit(
            tx,
            delivery,
            &assignments("key=lieferung"),
            Lists::Add,
            &Policy::strict(),
        )
    });
    assert_eq!(
        base.shown(Noun::Feedback, first, "name survey"),
        "lieferung 2: 很慢|lieferung"
    );
    let (_, message) = base.refused(|tx| trash::remove(tx, Noun::Survey, &[delivery]));
    assert!(message.contains("customers were asked by it (1)"));
    let (_, message) = base.refused(|tx| {
        survey::edit(
            tx,
            delivery,
            &assignments("type=nps"),
            Lists::Add,
            &Policy::strict(),
        )
    });
    assert!(message.contains("has 1 answers"));
    base.write(|tx| {
        let anna = refer::one(tx, Noun::Customer, "C1")?;
        privacy::erase(tx, anna, "asked for it")
    });
    assert_eq!(
        base.shown(Noun::Feedback, first, "name score comment"),
        "lieferung 2|2|"
    );
    base.check();
}

/// The cells of all rows and the totals, each row as one text.
fn told(base: &Base, name: &str, request: &Request) -> Vec<String> {
    let report = base.read(|tx| report::run(tx, name, request));
    let text = |row: &Vec<Cell>| {
        let cells = row.iter().map(|cell| match cell {
            Cell::Text(text) => text.clone(),
            Cell::Count(count) => count.to_string(),
            ratio @ Cell::Ratio(..) => ratio.percent(1).unwrap_or_else(|| "-".to_owned()),
            Cell::Mean(_, 0) => "-".to_owned(),
            Cell::Mean(sum, count) => format!("{sum}/{count}"),
            _ => "-".to_owned(),
        });
        cells.collect::<Vec<_>>().join("|")
    };
    report.rows.iter().chain([&report.totals]).map(text).collect()
}

#[test]
fn without_answers_there_are_no_figures() {
    let base = base();
    let all = Request::default();
    for name in ["csat", "nps", "ces"] {
        let zeros = if name == "nps" {
            "0|0|0|-"
        } else if name == "csat" {
            "0|-|-"
        } else {
            "-|0|-"
        };
        assert_eq!(told(&base, name, &all), [format!("-|0|-|0|{zeros}")]);
    }
}

/// A base with answers to all three surveys.
fn answered() -> Base {
    let mut base = base();
    base.write(|tx| {
        // Five asked in January, of whom three answered, one of them in February; two answered unasked.
        for (customer, answer) in [
            ("C1", "score=10; answered_on=2026-01-20"),
            ("C1", "score=9; answered_on=2026-01-25"),
            ("C2", "score=6; answered_on=2026-02-02"),
            ("C2", ""),
            ("C2", ""),
        ] {
            add(
                tx,
                &format!("customer={customer}; survey=nps; sent_on=2026-01-10; type=answer; {answer}"),
            )?;
        }
        add(
            tx,
            "customer=C1; survey=nps; score=8; answered_on=2026-02-03; channel=phone",
        )?;
        add(
            tx,
            "customer=C2; survey=nps; score=0; answered_on=2026-02-04; channel=phone",
        )?;
        for score in [5, 4, 3] {
            add(tx, &format!("customer=C1; survey=csat; score={score}"))?;
        }
        for score in [7, 5, 4, 1] {
            add(tx, &format!("customer=C1; survey=ces; score={score}"))?;
        }
        Ok(())
    });
    base
}

// The definitions are those of `domain/satisfaction.rs`, with the source of each: Reichheld 2003 for the NPS, the two best
// boxes of five for the CSAT, Dixon, Toman and DeLisi 2013 for the CES.
#[test]
fn what_customers_answer_comes_to_figures() {
    let base = answered();
    let all = Request::default();
    // Promoters 10 and 9, a passive 8, detractors 6 and 0: 40 % - 40 % = 0; 3 of 5 answered.
    assert_eq!(
        told(&base, "nps", &all),
        ["all|5|60.0|5|2|1|2|0", "-|5|60.0|5|2|1|2|0"]
    );
    let by = |by: &str| Request {
        by: Some(report::Dimension::parse(by).unwrap()),
        ..Request::default()
    };
    // January: two promoters; February: 8, 6 and 0, which is -66.67.
    assert_eq!(
        told(&base, "nps", &by("month")),
        [
            "2026-01|5|60.0|2|2|0|0|100",
            "2026-02|0|-|3|0|1|2|-67",
            "-|5|60.0|5|2|1|2|0"
        ]
    );
    assert_eq!(
        told(&base, "nps", &by("level"))[..2],
        ["A|2|100.0|3|2|1|0|67", "B|3|33.3|2|0|0|2|-100"]
    );
    assert_eq!(told(&base, "nps", &by("channel"))[0], "phone|0|-|2|0|1|1|-50");
    // 5 and 4 of three: 66.7 %, the mean 12 / 3.
    assert_eq!(told(&base, "csat", &by("survey"))[0], "csat|0|-|3|2|66.7|12/3");
    assert_eq!(told(&base, "csat", &by("source"))[0], "website|0|-|3|2|66.7|12/3");
    // 7 + 5 + 4 + 1 = 17 of four; 7 and 5 found it easy.
    assert_eq!(told(&base, "ces", &by("owner"))[1], "-|0|-|4|17/4|2|50.0");
    let error = base.read(|tx| Ok(report::run(tx, "nps", &by("stage")).unwrap_err()));
    assert!(error.message().contains("only by owner"));
}

#[test]
fn behind_the_figures_are_the_answers() {
    let base = answered();
    for (name, period, found) in [("nps", None, 5), ("csat", None, 3), ("nps", Some("2026-01"), 2)] {
        let ids = base.read(|tx| {
            let period = period
                .map(|text| report::period::read(tx.caller(), text))
                .transpose()?;
            let request = Request {
                period,
                ..Request::default()
            };
            let drill = (report::entry(name)?.records.unwrap())(tx, &request)?;
            let report::drill::Drill::Filtered(noun, filters) = drill else {
                panic!("it is a filter");
            };
            records::ids(tx, noun, &list::condition(tx, noun, &filters)?)
        });
        assert_eq!(ids.len(), found, "{name} {period:?}");
    }
}

/// Adds a form.
fn form(tx: &WriteTx<'_>, text: &str) -> Result<()> {
    form::add(tx, &assignments(text), &Policy::strict()).map(drop)
}

#[test]
fn a_form_asks_a_survey_that_is_there() {
    let mut base = base();
    for (text, reason) in [
        (
            "key=a; entries=email=emails\nscore=feedback.score",
            "names no survey",
        ),
        (
            "key=a; entries=email=emails; survey=nps",
            "no field that feeds feedback.score",
        ),
        (
            "key=a; entries=email=emails\nscore=feedback.mood",
            "feedback.mood",
        ),
        (
            "key=a; entries=email=emails\nscore=feedback.score; survey=npx",
            "npx",
        ),
    ] {
        let (_, message) = base.refused(|tx| form(tx, text));
        assert!(message.contains(reason), "{text}: {message}");
    }
}

#[test]
fn a_form_makes_feedback_and_answers_what_was_asked() {
    let mut base = base();
    let asked = base.write(|tx| {
        form(
            tx,
            "key=nps; entries=email!=emails\nscore!=feedback.score\nwhy=feedback.comment; survey=nps",
        )?;
        form(
            tx,
            "key=box; entries=email!=emails\nkind=feedback.type\nwhy!=feedback.comment",
        )?;
        let customers = [refer::one(tx, Noun::Customer, "C1")?];
        feedback::send(tx, &customers, &assignments("survey=nps"), None)
    })[0];
    let mut sent = |form: &str, pairs: &[(&str, &str)]| {
        let pairs: Vec<(String, String)> = pairs
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        let sent = Sent {
            line: 1,
            content: Ok(pairs),
            raw: String::new(),
        };
        let token = || intake::Token {
            text: String::new(),
            hash: String::new(),
        };
        base.write(|tx| intake::submit(tx, &form::named(tx, form)?, &sent, None, &token))
    };
    let anna = ("email", "anna@kuxun.example");
    let refused = sent("nps", &[anna, ("score", "11")]);
    assert_eq!(refused.faults[0].1, "\"11\" is no score from 0 to 10");
    sent("nps", &[anna, ("score", "９"), ("why", "很好")]);
    sent("nps", &[("email", "tom@kuxun.example"), ("score", "2")]);
    sent("box", &[anna, ("kind", "complaint"), ("why", "Too loud")]);
    sent("box", &[anna, ("why", "Paint it green")]);
    let shown = "customer.id survey score name channel";
    assert_eq!(
        base.shown(Noun::Feedback, asked, shown),
        "C1|nps|9|nps 9: 很好|web"
    );
    for (reference, expected) in [
        ("F2", "C3|nps|2|nps 2|web"),
        ("F3", "C1|||complaint: Too loud|web"),
        ("F4", "C1|||suggestion: Paint it green|web"),
    ] {
        let id = base.read(|tx| refer::one(tx, Noun::Feedback, reference));
        assert_eq!(base.shown(Noun::Feedback, id, shown), expected);
    }
    base.check();
    base.write(|tx| {
        let nps = refer::one(tx, Noun::Survey, "nps")?;
        survey::edit(
            tx,
            nps,
            &assignments("key=recommend"),
            Lists::Add,
            &Policy::strict(),
        )
    });
    assert!(base.read(|tx| form::named(tx, "nps")).survey.is_some());
}
