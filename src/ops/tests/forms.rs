//! What is sent by forms: read, refused, made into customers, confirmed; and never twice.

use std::cell::Cell;

use proptest::prelude::*;

use super::{Base, assignments};
use crate::domain::form::Outcome;
use crate::domain::id::Id;
use crate::domain::noun::Noun;
use crate::error::Kind;
use crate::ops::draft::Lists;
use crate::ops::form::intake::{self, Answer, Name, Token};
use crate::ops::form::{self, Form};
use crate::ops::tests::taking_back::new_customer;
use crate::ops::typed::Policy;
use crate::ops::{privacy, tag, task, user};
use crate::store::submissions;
use crate::wire::submission::{self, Options, Sent};

const FIELDS: &str = "entries=name\nemail!=emails;label=E-mail\ntel=phones.mobile\nfirm=company\ncity\nmessage\nsize=;options=S|L";

fn with_form(base: &mut Base, more: &str) -> Form {
    let fields = if more.contains("entries=") { "" } else { FIELDS };
    let given = assignments(&format!("key=contact; region=DE; {fields}; {more}"));
    base.write(|tx| form::add(tx, &given, &Policy::strict()));
    base.read(|tx| form::named(tx, "contact"))
}

fn sent(text: &str) -> Vec<Sent> {
    submission::read(text.as_bytes(), &Options::default())
        .unwrap()
        .submissions
}

/// A token that counts.
fn tokens() -> impl Fn() -> Token {
    let count = Cell::new(0);
    move || {
        count.set(count.get() + 1);
        Token {
            text: format!("t{}", count.get()),
            hash: format!("h{}", count.get()),
        }
    }
}

fn send_as(base: &mut Base, form: &Form, text: &str, name: Option<&Name>) -> Answer {
    let sent = sent(text);
    assert_eq!(sent.len(), 1, "{text}");
    base.write(|tx| intake::submit(tx, form, &sent[0], name, &tokens()))
}

fn send(base: &mut Base, form: &Form, text: &str) -> Answer {
    send_as(base, form, text, None)
}

fn customer(base: &Base, answer: &Answer, names: &str) -> String {
    base.shown(Noun::Customer, answer.customer.expect("a customer"), names)
}

fn notes(base: &Base, customer: Id) -> Vec<String> {
    base.read(|tx| {
        let filter = format!("customer:{}", customer.uid());
        let request = crate::ops::list::Request {
            filters: vec![filter],
            columns: vec!["text".to_owned()],
            ..crate::ops::list::Request::default()
        };
        let listing = crate::ops::list::listing(tx, Noun::Activity, &request)?;
        let mut texts = Vec::new();
        crate::store::records::select(tx, &listing, |_, row| {
            texts.push(crate::wire::cell::cell(&row[0]));
            Ok(std::ops::ControlFlow::Continue(()))
        })?;
        Ok(texts)
    })
}

#[test]
fn somebody_new_comes_with_everything_that_the_form_says() {
    let mut base = Base::new();
    for name in ["name=Ann", "name=陈晓"] {
        base.write(|tx| user::add(tx, &assignments(name), &Policy::strict()));
    }
    let empty = base.image();
    let form = with_form(
        &mut base,
        "source=web_form; campaign=Fair 2026; tags=web; assign=round-robin:Ann,陈晓; next=Call back; due=tomorrow; \
         defaults=level=B",
    );
    let answer = send(
        &mut base,
        &form,
        "name=%E5%BC%A0%E4%BC%9F&email=zw@yunfan.example&tel=030+901820&firm=%E4%BA%91%E5%B8%86&message=Hello%0D%0Athere&size=L&url=x",
    );
    assert_eq!(
        (answer.outcome, answer.no, answer.repeated),
        (Outcome::Created, 1, false)
    );
    assert_eq!(answer.unknown, ["url"]);
    assert_eq!(
        customer(
            &base,
            &answer,
            "name emails phones company.name source tags owner lifecycle level"
        ),
        "张伟|zw@yunfan.example|+4930901820|云帆|web_form|Fair 2026; web|Ann|lead|B"
    );
    let task = answer.task.expect("a task");
    assert_eq!(
        base.shown(Noun::Task, task, "title due assignee type customer.name"),
        "Call back|2026-03-03|Ann|follow_up|张伟"
    );
    assert_eq!(
        notes(&base, answer.customer.unwrap()),
        ["Form contact\n\nHello\r\nthere\n\nsize: L"]
    );
    let second = send(&mut base, &form, "email=b@firm.example&firm=%E4%BA%91%E5%B8%86");
    assert_eq!(
        customer(&base, &second, "name owner company.name"),
        "b@firm.example|陈晓|云帆"
    );
    let third = send(&mut base, &form, "email=c@firm.example");
    assert_eq!(customer(&base, &third, "owner"), "Ann");
    base.check();
    for _ in 0..4 {
        base.undo();
    }
    assert_eq!(base.image(), empty, "each submission is one operation");
}

#[test]
fn every_fault_is_told_by_the_name_that_was_sent() {
    let mut base = Base::new();
    let form = with_form(&mut base, "");
    let long = "x".repeat(1001);
    let answer = send(
        &mut base,
        &form,
        &format!("email=nobody&tel=12&size=XXL&city={long}&name=Ann"),
    );
    let fields: Vec<&str> = answer.faults.iter().map(|(field, _)| field.as_str()).collect();
    assert_eq!(
        (answer.outcome, fields),
        (Outcome::Rejected, vec!["email", "tel", "city", "size"])
    );
    assert_eq!(
        answer.faults[0].1,
        "\"nobody\" is not an e-mail address: it has no @"
    );
    assert_eq!(answer.faults[3].1, "\"XXL\" is none of S, L");
    let answer = send(&mut base, &form, "name=Ann&email=");
    assert_eq!(answer.faults, [("email".to_owned(), "it is required".to_owned())]);
    let nested = send(&mut base, &form, "{\"email\": {\"work\": \"a@firm.example\"}}");
    assert_eq!(
        nested.faults,
        [(
            "email".to_owned(),
            "a value is wanted, and names with values came: email[work]".to_owned()
        )]
    );
    let unread = send(&mut base, &form, "{\"email\": }");
    assert_eq!((unread.outcome, unread.faults.len()), (Outcome::Rejected, 1));
    let kept = base.read(|tx| intake::numbered(tx, unread.no));
    assert_eq!(kept.payload, "\"{\\\"email\\\": }\"");
    assert_eq!(base.shown(Noun::Form, form.id, "submissions rejected"), "4|4");
    // The same nonsense once more is no further row.
    assert_eq!(send(&mut base, &form, "name=Ann&email=").no, answer.no);
    assert_eq!(base.shown(Noun::Form, form.id, "submissions"), "4");
}

#[test]
fn somebody_who_is_there_is_met_as_the_form_says() {
    for (on_duplicate, outcome, shown, noted) in [
        (
            "update_blank",
            Outcome::Updated,
            "Ann Lee|Hamburg|ann@firm.example|+4930901820|self",
            "Form contact\n\nHi\n\ncity: Berlin",
        ),
        (
            "update_all",
            Outcome::Updated,
            "Ann Lee|Berlin|ann@firm.example|+4930901820|self",
            "Form contact\n\nHi",
        ),
        (
            "new_activity",
            Outcome::Matched,
            "Ann Lee|Hamburg|ann@firm.example||self",
            "Form contact\n\nHi\n\nphone: +4930901820\ncity: Berlin",
        ),
        (
            "review",
            Outcome::Matched,
            "Ann Lee|Hamburg|ann@firm.example||self",
            "Form contact\n\nHi\n\nphone: +4930901820\ncity: Berlin",
        ),
    ] {
        let mut base = Base::new();
        let known = base.write(|tx| {
            new_customer(
                tx,
                "name=Ann Lee; emails=ann@firm.example; city=Hamburg; owner=self",
            )
        });
        let text = FIELDS.replace("tel=phones.mobile", "tel=phones.mobile;label=phone");
        let form = with_form(&mut base, &format!("{text}; on_duplicate={on_duplicate}"));
        let answer = send(
            &mut base,
            &form,
            "name=ann+lee&email=ANN@Firm.example&tel=030+901820&city=Berlin&message=Hi",
        );
        assert_eq!(
            (answer.outcome, answer.customer),
            (outcome, Some(known)),
            "{on_duplicate}"
        );
        let names = "name city emails phones owner";
        let shown = match on_duplicate {
            // The spelling of the visitor stands too.
            "update_all" => shown.replace("Ann Lee", "ann lee"),
            _ => shown.to_owned(),
        };
        assert_eq!(base.shown(Noun::Customer, known, names), shown, "{on_duplicate}");
        assert_eq!(notes(&base, known), [noted], "{on_duplicate}");
        let asked = answer.task.map(|task| base.shown(Noun::Task, task, "title"));
        let look = "Look at what was sent by the form contact".to_owned();
        assert_eq!(
            asked,
            (on_duplicate == "review").then_some(look),
            "{on_duplicate}"
        );
    }
}

#[test]
fn a_form_may_refuse_or_double_who_is_there() {
    let mut base = Base::new();
    let known = base.write(|tx| new_customer(tx, "name=Ann Lee; emails=ann@firm.example"));
    let form = with_form(&mut base, "on_duplicate=reject");
    let answer = send(&mut base, &form, "email=ann@firm.example");
    assert_eq!((answer.outcome, answer.customer), (Outcome::Rejected, None));
    base.write(|tx| {
        form::edit(
            tx,
            form.id,
            &assignments("on_duplicate=create"),
            Lists::Replace,
            &Policy::strict(),
        )
    });
    let tried = base.write(|tx| intake::retry(tx, answer.no, |_| {}, &tokens()));
    assert_eq!((tried.outcome, tried.no), (Outcome::Created, answer.no));
    assert_ne!(tried.customer, Some(known));
}

#[test]
fn a_number_may_be_that_of_a_firm_and_several_are_looked_at() {
    let mut base = Base::new();
    let ann = base.write(|tx| new_customer(tx, "name=Ann Lee; phones=+4930901820; emails=desk@firm.example"));
    let form = with_form(&mut base, "");
    let other = send(&mut base, &form, "name=Ben&email=ben@firm.example&tel=030+901820");
    assert_eq!(other.outcome, Outcome::Created);
    assert_eq!(
        notes(&base, other.customer.unwrap()),
        ["Form contact\n\nthe same number as C1 Ann Lee"]
    );
    let shared = base.write(|tx| new_customer(tx, "name=Cid; emails=desk@firm.example"));
    let named = send(&mut base, &form, "name=cid&email=desk@firm.example");
    assert_eq!(named.customer, Some(shared), "the name tells them apart");
    let doubtful = send(&mut base, &form, "name=Dora&email=desk@firm.example&city=Ulm");
    assert_eq!(
        (doubtful.outcome, doubtful.customer),
        (Outcome::Matched, Some(ann))
    );
    assert_eq!(base.shown(Noun::Customer, ann, "city"), "");
    assert!(doubtful.task.is_some());
}

#[test]
fn nothing_is_taken_in_twice() {
    let mut base = Base::new();
    let form = with_form(&mut base, "next=Call back");
    let first = send(&mut base, &form, "email=a@b.example&message=Hi");
    let again = send(&mut base, &form, "email=a@b.example&message=Hi");
    assert_eq!(
        (again.no, again.repeated, again.customer),
        (first.no, true, first.customer)
    );
    base.on("2026-03-05");
    let later = send(&mut base, &form, "email=a@b.example&message=Hi");
    assert_eq!(
        (later.repeated, later.outcome, later.task),
        (false, Outcome::Matched, None)
    );
    let key = Name::Sender("4711".to_owned());
    let keyed = send_as(&mut base, &form, "email=k@b.example", Some(&key));
    let again = send_as(&mut base, &form, "email=k@b.example", Some(&key));
    assert_eq!((again.no, again.repeated), (keyed.no, true));
    let other = send_as(&mut base, &form, "email=other@b.example", Some(&key));
    assert_eq!(other.outcome, Outcome::Rejected);
    let file = Name::File("1.json:1".to_owned());
    let one = send_as(&mut base, &form, "email=f@b.example", Some(&file));
    assert!(send_as(&mut base, &form, "email=f@b.example", Some(&file)).repeated);
    let two = send_as(&mut base, &form, "email=g@b.example", Some(&file));
    assert_eq!((two.outcome, two.repeated), (Outcome::Created, false));
    assert_ne!(one.no, two.no);
}

#[test]
fn a_sender_may_bring_the_key() {
    let mut base = Base::new();
    let form = with_form(&mut base, "entries=email!\nid=key");
    let first = send(&mut base, &form, "email=a@b.example&id=7");
    assert_eq!(first.outcome, Outcome::Created);
    base.on("2026-05-05");
    assert!(send(&mut base, &form, "email=a@b.example&id=7").repeated);
}

#[test]
fn machines_are_told_by_what_they_fill_and_how_fast() {
    let mut base = Base::new();
    let form = with_form(
        &mut base,
        "honeypot=url; min_seconds=5; entries=email!\nbegan=started",
    );
    let trapped = send(&mut base, &form, "email=a@b.example&url=x");
    assert_eq!((trapped.outcome, trapped.customer), (Outcome::Spam, None));
    let quick = send(&mut base, &form, "email=a@b.example&began=2026-03-02T11:59:57Z");
    assert_eq!(quick.outcome, Outcome::Spam);
    for (email, began) in [
        ("b", "1772452700"),
        ("c", "1772452700000"),
        ("d", "2026-03-02T11:59:55Z"),
    ] {
        let slow = send(
            &mut base,
            &form,
            &format!("email={email}@b.example&began={began}&url="),
        );
        assert_eq!(slow.outcome, Outcome::Created, "{began}");
    }
    let tried = base.write(|tx| intake::retry(tx, trapped.no, |_| {}, &tokens()));
    assert_eq!(tried.outcome, Outcome::Created, "somebody looked at it");
}

#[test]
fn nothing_is_made_before_the_address_is_confirmed() {
    let mut base = Base::new();
    let form = with_form(
        &mut base,
        "double_opt_in=yes; confirm_hours=24; consent=One letter a month; consent_version=2; entries=email!\nok!=consent",
    );
    for text in [
        "email=a@b.example",
        "email=a@b.example&ok=no",
        "email=a@b.example&ok=perhaps",
    ] {
        let refused = send(&mut base, &form, text);
        assert_eq!(
            (refused.outcome, refused.faults[0].0.as_str()),
            (Outcome::Rejected, "ok"),
            "{text}"
        );
    }
    let waiting = send(&mut base, &form, "email=a@b.example&ok=on");
    assert_eq!(
        (waiting.outcome, waiting.token.as_deref()),
        (Outcome::PendingConfirm, Some("t1"))
    );
    assert_eq!(waiting.customer, None);
    assert_eq!(
        base.try_write(|tx| intake::confirm(tx, "t1")).unwrap_err().kind(),
        Kind::NotFound
    );
    let done = base.write(|tx| intake::confirm(tx, "h1"));
    assert_eq!((done.outcome, done.no), (Outcome::Created, waiting.no));
    let text = notes(&base, done.customer.unwrap());
    assert_eq!(
        text,
        ["Form contact\n\naddress confirmed 2026-03-02\nconsent (2): One letter a month"]
    );
    let kept = base.read(|tx| intake::numbered(tx, done.no));
    assert_eq!(
        (kept.consent.as_str(), kept.consent_version.as_str()),
        ("One letter a month", "2")
    );
    assert!(kept.confirmed_at.is_some());
    assert!(base.write(|tx| intake::confirm(tx, "h1")).repeated);
    base.write(|tx| {
        let late = sent("email=late@b.example&ok=1");
        let token = || Token {
            text: "t9".to_owned(),
            hash: "h9".to_owned(),
        };
        intake::submit(tx, &form, &late[0], None, &token)
    });
    base.on("2026-03-04");
    assert_eq!(
        base.try_write(|tx| intake::confirm(tx, "h9")).unwrap_err().kind(),
        Kind::Conflict
    );
    let retried = base.try_write(|tx| intake::retry(tx, done.no, |_| {}, &tokens()));
    assert_eq!(retried.unwrap_err().kind(), Kind::Conflict);
}

#[test]
fn whoever_lost_a_token_gets_a_new_one() {
    let mut base = Base::new();
    let form = with_form(&mut base, "double_opt_in=yes; entries=email!");
    let next = tokens();
    let one = sent("email=a@b.example");
    let first = base.write(|tx| intake::submit(tx, &form, &one[0], None, &next));
    let second = base.write(|tx| intake::submit(tx, &form, &one[0], None, &next));
    assert_eq!(
        (second.no, second.repeated, second.token.as_deref()),
        (first.no, true, Some("t2"))
    );
    assert_eq!(
        base.try_write(|tx| intake::confirm(tx, "h1")).unwrap_err().kind(),
        Kind::NotFound
    );
    assert_eq!(
        base.write(|tx| intake::confirm(tx, "h2")).outcome,
        Outcome::Created
    );
}

#[test]
fn who_does_not_work_here_gets_nothing() {
    let mut base = Base::new();
    for name in ["name=Ann", "name=Ben", "name=Cid"] {
        base.write(|tx| user::add(tx, &assignments(name), &Policy::strict()));
    }
    let form = with_form(&mut base, "assign=round-robin:Ann,Ben,Cid");
    let owner = |base: &mut Base, email: &str| {
        let answer = send(base, &form, &format!("email={email}@b.example"));
        customer(base, &answer, "owner")
    };
    assert_eq!(owner(&mut base, "a"), "Ann");
    base.write(|tx| {
        let ben = crate::ops::refer::one(tx, Noun::User, "Ben")?;
        crate::ops::handover::disable(tx, ben, crate::ops::handover::Work::Kept)
    });
    assert_eq!(owner(&mut base, "b"), "Cid");
    assert_eq!(owner(&mut base, "c"), "Ann");
}

#[test]
fn nobody_outside_reaches_further_than_the_form() {
    let mut base = Base::new();
    let known = base.write(|tx| new_customer(tx, "name=Acme; type=company"));
    let form = with_form(&mut base, "");
    for (email, firm) in [("a", "C1"), ("b", &*known.uid())] {
        let answer = send(
            &mut base,
            &form,
            &format!("email={email}@b.example&firm={firm}&owner=self&level=A"),
        );
        assert_eq!(
            customer(&base, &answer, "company.name level owner"),
            format!("{firm}||")
        );
        assert_eq!(answer.unknown, ["owner", "level"]);
    }
    let two = send(&mut base, &form, "email=c@b.example,d@b.example");
    assert_eq!(two.outcome, Outcome::Rejected, "one address is one address");
    let labels = send(&mut base, &form, "email=e@b.example&utm_campaign=x");
    assert_eq!(customer(&base, &labels, "tags"), "");
    for (entries, wrong) in [
        ("boss=owner", "entries"),
        ("a=fields.none", "entries"),
        ("wat", "entries"),
    ] {
        let given = assignments(&format!("key=x; entries={entries}"));
        assert_eq!(
            base.refused(|tx| form::add(tx, &given, &Policy::strict())).0,
            wrong,
            "{entries}"
        );
    }
}

#[test]
fn a_campaign_of_the_sender_is_a_label_only_where_there_is_one() {
    let mut base = Base::new();
    base.write(|tx| tag::add(tx, &assignments("name=spring"), &Policy::strict()));
    let form = with_form(&mut base, "campaign=house; entries=email!\nutm_campaign");
    for (email, campaign, tags) in [("a", "spring", "spring"), ("b", "wild", ""), ("c", "", "house")] {
        let answer = send(
            &mut base,
            &form,
            &format!("email={email}@b.example&utm_campaign={campaign}"),
        );
        assert_eq!(customer(&base, &answer, "tags"), tags);
        let kept = base.read(|tx| intake::numbered(tx, answer.no));
        assert_eq!(
            kept.campaign,
            if campaign.is_empty() { "house" } else { campaign }
        );
    }
}

#[test]
fn what_people_have_asked_for_their_addresses_holds() {
    let mut base = Base::new();
    let form = with_form(&mut base, "");
    let hash = |address: &str| crate::domain::digest::sha256(address.as_bytes());
    base.write(|tx| {
        let gone = new_customer(tx, "name=Gone")?;
        let now = tx.caller().clock.now_ms();
        let (erasure, by) = (tx.new_id(), tx.caller().actor.id);
        let sql = |id: Id| rusqlite::types::Value::Integer(id.raw());
        let text = |text: &str| rusqlite::types::Value::Text(text.to_owned());
        tx.insert(
            "erasure",
            erasure,
            vec![
                ("customer_id", sql(gone)),
                ("created_at", now.into()),
                ("created_by", sql(by)),
            ],
        )?;
        tx.insert(
            "erased_address",
            tx.new_id(),
            vec![
                ("erasure_id", sql(erasure)),
                ("channel", text("email")),
                ("hash", text(&hash("gone@firm.example"))),
            ],
        )?;
        let suppression = crate::store::sheets::Suppression {
            channel: "email".to_owned(),
            hash: hash("quiet@firm.example"),
            reason: "unsubscribe".to_owned(),
            created_at: tx.caller().clock.now(),
        };
        crate::store::sheets::add_suppression(tx, &suppression)
    });
    let gone = send(&mut base, &form, "email=GONE@firm.example&message=secret");
    assert_eq!((gone.outcome, gone.customer), (Outcome::Rejected, None));
    let kept = base.read(|tx| intake::numbered(tx, gone.no));
    assert_eq!(kept.payload, "{}");
    assert!(kept.errors.contains("erased"), "{}", kept.errors);
    // That somebody was erased, or is known, is no stranger's business: both are answered alike.
    let mut strict = Base::new();
    let reject = with_form(&mut strict, "on_duplicate=reject");
    send(&mut strict, &reject, "email=there@firm.example");
    let there = send(&mut strict, &reject, "email=there@firm.example&message=again");
    assert_eq!((&there.faults, there.is_reticent()), (&gone.faults, true));
    assert!(!gone.faults[0].1.contains("erased"));
    let tried = strict.write(|tx| intake::retry(tx, there.no, |_| {}, &tokens()));
    assert!(tried.faults[0].1.contains("known"), "who works here is told");
    let quiet = send(&mut base, &form, "email=quiet@firm.example");
    assert_eq!(quiet.outcome, Outcome::Created);
    assert!(notes(&base, quiet.customer.unwrap())[0].contains("nothing be sent"));
}

#[test]
fn every_sort_of_address_is_known_after_an_erasure() {
    let mut base = Base::new();
    let form = with_form(
        &mut base,
        "entries=name\nemail=emails\ntel=phones\nwechat=handles",
    );
    base.write(|tx| {
        let gone = new_customer(
            tx,
            "name=Gone; email=gone@firm.example; phone=+49 30 23125100; handle=wechat:gone88",
        )?;
        privacy::erase(tx, gone, "asked")
    });
    for address in [
        "email=Gone@firm.example",
        "tel=030 23125100",
        "wechat=wechat:Gone88",
    ] {
        let answer = send(&mut base, &form, &format!("name=Somebody&{address}"));
        assert_eq!(
            (answer.outcome, answer.customer),
            (Outcome::Rejected, None),
            "{address}"
        );
        assert_eq!(base.read(|tx| intake::numbered(tx, answer.no)).payload, "{}");
    }
    let other = send(&mut base, &form, "name=Somebody&wechat=qq:gone88");
    assert_eq!(other.outcome, Outcome::Created);
}

#[test]
fn forms_that_make_no_sense_are_refused() {
    let mut base = Base::new();
    for (text, field) in [
        ("key=a; honeypot=email; entries=email", "honeypot"),
        ("key=a; double_opt_in=yes; entries=name", "double_opt_in"),
        ("key=a; min_seconds=3; entries=email", "min_seconds"),
        ("key=a; min_seconds=-3", "min_seconds"),
        ("key=a; confirm_hours=0", "confirm_hours"),
        ("key=a; entries=ok=consent", "consent"),
        ("key=a; assign=nobody", "assign"),
        ("key=a; assign=round-robin:", "assign"),
        ("key=a; defaults=level=Z", "defaults"),
        ("key=a; defaults=level", "defaults"),
        ("key=a; due=someday", "due"),
        ("key=a; on_duplicate=shrug", "on_duplicate"),
        ("key=a; source=mars", "source"),
    ] {
        assert_eq!(
            base.refused(|tx| form::add(tx, &assignments(text), &Policy::strict()))
                .0,
            field,
            "{text}"
        );
    }
    let form = with_form(&mut base, "active=no");
    let one = sent("email=a@b.example");
    assert_eq!(
        base.refused(|tx| intake::submit(tx, &form, &one[0], None, &tokens()))
            .0,
        "active"
    );
}

#[test]
fn a_task_that_is_open_is_not_made_again() {
    let mut base = Base::new();
    let form = with_form(&mut base, "next=Call back");
    let first = send(&mut base, &form, "email=a@b.example&message=one");
    let second = send(&mut base, &form, "email=a@b.example&message=two");
    assert_eq!((first.task.is_some(), second.task), (true, None));
    base.write(|tx| task::done(tx, first.task.unwrap()));
    assert!(
        send(&mut base, &form, "email=a@b.example&message=three")
            .task
            .is_some()
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn whatever_is_sent_is_answered_and_kept(bodies in proptest::collection::vec("[a-c&=%@;.+张\u{0}\u{1e}\n{}\":,\\[\\]]{0,40}", 1..6)) {
        let mut base = Base::new();
        let form = with_form(&mut base, "next=Call back; tags=web");
        let mut rows = 0;
        for text in bodies {
            let text = format!("{text}&email=a{rows}@b.example");
            for sent in sent(&text) {
                let answer = base.write(|tx| intake::submit(tx, &form, &sent, None, &tokens()));
                rows = rows.max(answer.no);
                let kept = base.read(|tx| submissions::by_number(tx, answer.no)).expect("it is kept");
                prop_assert_eq!(kept.outcome, answer.outcome);
                prop_assert_eq!(kept.customer.is_some(), answer.outcome != Outcome::Rejected);
            }
        }
        base.check();
    }
}
