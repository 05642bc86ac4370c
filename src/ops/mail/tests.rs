//! Messages against a base in memory.

use proptest::prelude::*;

use super::book::{self, Whom};
use super::draft::{self, Request};
use super::ingest::{self, Bulk, Message, Options, Unknown};
use super::thread;
use super::verdict::{Judged, Sink, Summary};
use crate::domain::id::Id;
use crate::domain::noun::Noun;
use crate::error::{Kind, Result};
use crate::ops::customer::{self, OnDuplicate};
use crate::ops::tests::{Base, assignments};
use crate::ops::typed::Policy;
use crate::ops::{deal, privacy, refer, trash, user};
use crate::store::customers::{self, Channel};
use crate::store::{letters, sheets};
use crate::wire::mail::template::Template;

/// Notes every verdict as one line.
#[derive(Default)]
struct Noted(Vec<String>);

impl Sink for Noted {
    fn judged(&mut self, message: &Judged<'_>) -> Result<()> {
        let with = message.customer.as_ref().map_or("", |link| link.name.as_str());
        let line = format!("{} {with} {}", message.verdict.name(), message.reason);
        self.0.push(line.split_whitespace().collect::<Vec<_>>().join(" "));
        Ok(())
    }
}

/// A base with Ann of a firm and 张伟, and a user who has an address.
fn base() -> Base {
    let mut base = Base::new();
    let policy = Policy::strict();
    base.write(|tx| {
        for given in [
            "name=Firm; type=company; website=firm.example",
            "name=Ann Lee; email=ann@firm.example; company=Firm",
            "name=张伟; email=zhangwei@yunfan.example",
        ] {
            customer::add(tx, &assignments(given), OnDuplicate::Refuse, &policy)?;
        }
        let me = refer::one(tx, Noun::User, "self")?;
        user::edit(
            tx,
            me,
            &assignments("email=me@us.example"),
            crate::ops::draft::Lists::Replace,
            &policy,
        )
    });
    base
}

fn options() -> Options {
    Options {
        source: "test".to_owned(),
        ..Options::default()
    }
}

fn take(base: &mut Base, texts: &[&str], options: &Options) -> (Summary, Vec<String>) {
    let mut noted = Noted::default();
    let mut messages = texts.iter().enumerate().map(|(at, text)| {
        Ok(Message {
            place: format!("message {at}"),
            raw: text.as_bytes().to_vec(),
            is_cut: false,
        })
    });
    let summary = base.write(|tx| ingest::run(tx, &mut messages, options, &mut noted));
    base.check();
    (summary, noted.0)
}

fn activity(base: &Base, message: &str) -> Id {
    base.read(|tx| refer::one(tx, Noun::Activity, &format!("mail:{message}")))
}

fn shown(base: &Base, message: &str) -> String {
    base.shown(
        Noun::Activity,
        activity(base, message),
        "at direction customer people owner text",
    )
}

const IN: &str = "From: Ann <ANN@firm.example>\nTo: me@us.example, zhangwei@yunfan.example\nSubject: Offer\n\
                  Message-ID: <1@firm.example>\nDate: Sun, 1 Mar 2026 10:00:00 +0100\n\nPlease send it.\n\n-- \nAnn";
const OUT: &str = "From: me@us.example\nTo: ann@firm.example\nSubject: Re: Offer\nMessage-ID: <2@us.example>\n\
                   In-Reply-To: <1@firm.example>\nDate: Sun, 1 Mar 2026 11:00:00 +0100\n\n> Please send it.\nHere it is.";

#[test]
fn messages_become_activities() {
    let mut base = base();
    let before = base.image();
    let (summary, told) = take(&mut base, &[IN, OUT], &options());
    assert_eq!(summary.logged, 2);
    assert_eq!(told, ["logged Ann Lee", "logged Ann Lee"]);
    assert_eq!(
        shown(&base, "1@firm.example"),
        "2026-03-01T09:00:00Z|in|C2|C3|self|Offer\n\nPlease send it."
    );
    assert_eq!(
        shown(&base, "2@us.example"),
        "2026-03-01T10:00:00Z|out|C2||self|Re: Offer\n\nHere it is."
    );
    let answer = activity(&base, "2@us.example");
    let said = base.read(|tx| thread::of(tx, answer));
    let said: Vec<&str> = said.iter().map(|said| said.text.as_str()).collect();
    assert_eq!(
        said,
        [
            "Offer\n\nPlease send it.\n\n-- \nAnn",
            "Re: Offer\n\n> Please send it.\nHere it is."
        ]
    );
    base.undo();
    assert_eq!(base.image(), before);
}

#[test]
fn a_message_comes_in_once() {
    let mut base = base();
    take(&mut base, &[IN], &options());
    let (summary, told) = take(&mut base, &[IN, OUT, OUT], &options());
    assert_eq!((summary.logged, summary.known), (1, 2));
    assert_eq!(told, ["known", "logged Ann Lee", "known"]);
    let nameless = "From: ann@firm.example\nSubject: x\n\nhi";
    let (summary, _) = take(&mut base, &[nameless, nameless], &options());
    assert_eq!((summary.logged, summary.known), (1, 1));
}

#[test]
fn a_thread_is_one_in_any_order() {
    let third = "From: ann@firm.example\nTo: me@us.example\nMessage-ID: <3@firm.example>\n\
                 In-Reply-To: <2@us.example>\nDate: Sun, 1 Mar 2026 12:00:00 +0100\n\nThanks";
    for order in [[IN, OUT, third], [third, OUT, IN], [third, IN, OUT]] {
        let mut base = base();
        take(&mut base, &order, &options());
        let answer = activity(&base, "2@us.example");
        let said = base.read(|tx| thread::of(tx, answer));
        let refs: Vec<Id> = said.iter().map(|said| said.activity).collect();
        let expected = ["1@firm.example", "2@us.example", "3@firm.example"];
        assert_eq!(refs, expected.map(|id| activity(&base, id)));
    }
}

#[test]
fn strangers_stay_out_or_become_customers() {
    let stranger = "From: Eve Moss <eve@firm.example>\nTo: me@us.example\nMessage-ID: <5@x>\n\nhi";
    let machine = "From: no-reply@firm.example\nTo: me@us.example\nMessage-ID: <6@x>\n\nhi";
    let ours = "From: me@us.example\nTo: me@us.example\nMessage-ID: <7@x>\n\nhi";
    let mut base = base();
    let (_, told) = take(&mut base, &[stranger, machine, ours], &options());
    assert_eq!(
        told,
        [
            "skipped nobody on it is a customer",
            "skipped sent by no person: its sender reads no mail",
            "skipped between ourselves"
        ]
    );
    let create = Options {
        unknown: Unknown::Create,
        bulk: Bulk::Log,
        ..options()
    };
    let (summary, told) = take(&mut base, &[stranger, machine], &create);
    assert_eq!(told, ["logged Eve Moss", "skipped nobody on it is a customer"]);
    assert_eq!((summary.made.len(), summary.undated), (1, 1));
    assert_eq!(
        base.shown(
            Noun::Customer,
            *summary.made.first().unwrap(),
            "name company emails source owner"
        ),
        "Eve Moss|C1|eve@firm.example|email|self"
    );
    let mut empty = Base::new();
    let refused =
        empty.try_write(|tx| ingest::run(tx, &mut std::iter::empty(), &create, &mut Noted::default()));
    assert_eq!(refused.unwrap_err().kind(), Kind::Usage);
}

#[test]
fn a_deal_is_linked_where_it_is_sure() {
    let mut base = base();
    let policy = Policy::strict();
    let add = |base: &mut Base, given: &str| base.write(|tx| deal::add(tx, &assignments(given), &policy)).id;
    let first = add(&mut base, "name=Fleet; customer=C1; opened_on=2026-02-01");
    take(&mut base, &[IN], &options());
    assert_eq!(
        base.shown(Noun::Activity, activity(&base, "1@firm.example"), "deal"),
        "D1"
    );
    // A second one makes it unsure, but for a thread that is about the first.
    add(&mut base, "name=Depot; customer=C2; opened_on=2026-02-01");
    let other = "From: ann@firm.example\nTo: me@us.example\nMessage-ID: <8@x>\nDate: Sun, 1 Mar 2026 10:00:00 +0100\n\nhi";
    take(&mut base, &[OUT, other], &options());
    assert_eq!(
        base.shown(Noun::Activity, activity(&base, "2@us.example"), "deal"),
        "D1"
    );
    assert_eq!(base.shown(Noun::Activity, activity(&base, "8@x"), "deal"), "");
    assert_eq!(
        base.read(|tx| letters::deals_of_thread(tx, "1@firm.example")),
        [first]
    );
}

#[test]
fn a_dead_address_is_marked() {
    let report = "From: MAILER-DAEMON@mx.example\nTo: me@us.example\nSubject: Undelivered\nMessage-ID: <9@mx>\n\
                  MIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n\
                  --b\n\nIt failed.\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example\n\n\
                  Final-Recipient: rfc822; ann@firm.example\nAction: failed\nStatus: 5.1.1\n\n--b--\n";
    let mut base = base();
    let (summary, told) = take(&mut base, &[report, report], &options());
    assert_eq!(told, ["bounced Ann Lee ann@firm.example: 5.1.1", "known"]);
    assert_eq!(summary.dead, ["ann@firm.example"]);
    let ann = base.read(|tx| refer::one(tx, Noun::Customer, "ann@firm.example"));
    assert!(
        base.shown(Noun::Customer, ann, "email_details")
            .contains("invalid")
    );
    assert_eq!(base.shown(Noun::Customer, ann, "last_activity"), "");
}

#[test]
fn what_is_no_message_keeps_nothing_out() {
    let mut base = base();
    let (summary, told) = take(&mut base, &["", "name,email\nAnn,a@x", IN], &options());
    assert_eq!((summary.rejected, summary.logged), (2, 1));
    assert!(
        told.first()
            .unwrap()
            .starts_with("rejected it is no e-mail message"),
        "{told:?}"
    );
}

fn draft(about: &str, text: &str) -> (Template, Request) {
    let request = Request {
        about: about.to_owned(),
        ..Request::default()
    };
    (Template::parse("t", text).unwrap(), request)
}

const HELLO: &str = "Subject: Hello {{ customer.last_name }}\n\nDear {{ customer.first_name }} of {{ company.name }},\n\
                     {{ user.name }} {{ today }}";

#[test]
fn a_template_becomes_a_message_and_an_activity() {
    let mut base = base();
    let (template, request) = draft("C2", HELLO);
    let written = base.write(|tx| {
        let written = draft::write(tx, &template, &request)?;
        draft::log(tx, &written)?;
        Ok(written)
    });
    base.check();
    let text = String::from_utf8(written.bytes.clone()).unwrap();
    assert!(
        text.contains("From: self <me@us.example>\nTo: Ann Lee <ann@firm.example>\nSubject: Hello Lee\n"),
        "{text}"
    );
    assert!(
        text.ends_with("\n\nDear Ann of Firm,\nself 2026-03-02\n"),
        "{text}"
    );
    assert_eq!(
        shown(&base, &written.draft.id),
        "2026-03-02T12:00:00Z|out|C2||self|Hello Lee\n\nDear Ann of Firm,\nself 2026-03-02"
    );
    // The one that was sent is the one that was written.
    let (summary, _) = take(&mut base, &[&text], &options());
    assert_eq!((summary.logged, summary.known), (0, 1));
}

#[test]
fn an_answer_stays_in_its_conversation() {
    let mut base = base();
    take(&mut base, &[IN], &options());
    let (template, request) = draft("mail:1@firm.example", "Subject: Re: Offer\n\nYes");
    let written = base.write(|tx| {
        let written = draft::write(tx, &template, &request)?;
        draft::log(tx, &written)?;
        Ok(written)
    });
    let text = String::from_utf8(written.bytes).unwrap();
    assert!(
        text.contains("In-Reply-To: <1@firm.example>\nReferences: <1@firm.example>\n"),
        "{text}"
    );
    let first = activity(&base, "1@firm.example");
    assert_eq!(base.read(|tx| thread::of(tx, first)).len(), 2);
}

#[test]
fn who_wants_no_mail_gets_none() {
    let mut base = base();
    let policy = Policy::strict();
    let refused = |base: &mut Base, text: &str, about: &str| {
        let (template, request) = draft(about, text);
        base.refused(|tx| draft::write(tx, &template, &request)).1
    };
    let plain = "Subject: x\n\ny";
    assert_eq!(refused(&mut base, plain, "C1"), "C1 Firm has no e-mail address");
    assert_eq!(
        refused(
            &mut base,
            "Subject: {{ customer.title }}\n\n{{ customer.naem }}",
            "C2"
        ),
        "template t: there is no value customer.naem"
    );
    assert_eq!(
        refused(&mut base, "Subject: {{ customer.title }}\n\ny", "C2"),
        "template t: nothing is known of customer.title; `default(…)` says what stands in its place"
    );
    base.write(|tx| {
        sheets::add_suppression(
            tx,
            &sheets::Suppression {
                channel: "email".to_owned(),
                hash: crate::domain::digest::sha256(b"zhangwei@yunfan.example"),
                reason: "asked".to_owned(),
                created_at: tx.caller().clock.now(),
            },
        )
    });
    assert_eq!(refused(&mut base, plain, "C3"), "C3 张伟 wants no e-mail");
    let ann = base.read(|tx| refer::one(tx, Noun::Customer, "C2"));
    let book = |base: &Base, words: &str, whom: Whom| {
        let found = base.read(|tx| book::look_up(tx, words, whom, 10));
        let lines = found
            .into_iter()
            .map(|one| format!("{} {} {}", one.email, one.name, one.detail));
        lines.collect::<Vec<_>>()
    };
    assert_eq!(
        book(&base, "lee", Whom::Willing),
        ["ann@firm.example Ann Lee Firm"]
    );
    assert_eq!(book(&base, "zw", Whom::Willing), Vec::<String>::new());
    assert_eq!(
        book(&base, "zw", Whom::All),
        ["zhangwei@yunfan.example 张伟 wants no mail"]
    );
    let replace = crate::ops::draft::Lists::Replace;
    base.write(|tx| customer::edit(tx, ann, &assignments("do_not_contact=yes"), replace, &policy));
    assert_eq!(
        refused(&mut base, plain, "C2"),
        "C2 Ann Lee does not want to be contacted"
    );
    assert_eq!(book(&base, "lee", Whom::Willing), Vec::<String>::new());
}

#[test]
fn a_bare_address_gets_the_name_when_a_message_tells_it() {
    let mut base = base();
    let create = Options {
        unknown: Unknown::Create,
        ..options()
    };
    let from = |from: &str, id: u8| {
        format!("From: {from}\nTo: me@us.example\nMessage-ID: <n{id}@x>\nSubject: x\n\nhi")
    };
    let (summary, _) = take(&mut base, &[&from("Wei.Li@cloud.example", 1)], &create);
    assert_eq!(summary.made.len(), 1);
    let id = base.read(|tx| refer::one(tx, Noun::Customer, "wei.li@cloud.example"));
    assert_eq!(base.shown(Noun::Customer, id, "name"), "Wei.Li@cloud.example");
    // An address in place of a name tells nothing, and a name that is known stands.
    let texts = [
        from("\"wei.li@cloud.example\" <wei.li@cloud.example>", 2),
        from("李伟 <wei.li@cloud.example>", 3),
        from("Somebody Else <wei.li@cloud.example>", 4),
        from("Annie <ann@firm.example>", 5),
    ];
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let (summary, _) = take(&mut base, &texts, &options());
    assert_eq!((summary.logged, summary.named.len()), (4, 1));
    assert_eq!(base.shown(Noun::Customer, id, "name"), "李伟");
    let ann = base.read(|tx| refer::one(tx, Noun::Customer, "ann@firm.example"));
    assert_eq!(base.shown(Noun::Customer, ann, "name"), "Ann Lee");
    for text in ["mail:n3@x", "mail:<n3@x>", "<n3@x>"] {
        assert_eq!(
            base.read(|tx| refer::one(tx, Noun::Activity, text)),
            activity(&base, "n3@x")
        );
    }
    base.undo();
    assert_eq!(base.shown(Noun::Customer, id, "name"), "Wei.Li@cloud.example");
}

#[test]
fn an_address_that_wants_no_mail_gets_none_by_any_way() {
    let mut base = base();
    let policy = Policy::strict();
    base.write(|tx| {
        for given in [
            "name=Eve; email=eve@moss.example",
            "name=Bo; email=bo@hill.example; do_not_contact=yes",
            "name=Shared; emails=ann@firm.example,shared@firm.example; do_not_contact=yes",
            "name=Gone; email=gone@away.example",
        ] {
            customer::add(tx, &assignments(given), OnDuplicate::Create, &policy)?;
        }
        let eve = refer::one(tx, Noun::Customer, "eve@moss.example")?;
        let mut all = customers::addresses(tx, eve, Channel::Email)?;
        all.iter_mut().for_each(|address| address.opted_out_at = Some(7));
        customers::set_addresses(tx, eve, Channel::Email, &all)?;
        let gone = refer::one(tx, Noun::Customer, "gone@away.example")?;
        privacy::erase(tx, gone, "asked")
    });
    let refused = |base: &mut Base, to: &str, cc: &str| {
        let (template, mut request) = draft("C3", &format!("Subject: x\nCc: {cc}\n\ny"));
        request.to = Some(to.to_owned()).filter(|to| !to.is_empty());
        match base.try_write(|tx| draft::write(tx, &template, &request)) {
            Ok(_) => String::new(),
            Err(error) => error.message().to_owned(),
        }
    };
    for (to, reason) in [
        ("EVE@moss.example", "whoever has EVE@moss.example wants no e-mail"),
        (
            "bo@hill.example",
            "whoever has bo@hill.example does not want to be contacted",
        ),
        (
            "gone@away.example",
            "whoever has gone@away.example was erased on request",
        ),
        ("new@where.example", ""),
    ] {
        assert_eq!(refused(&mut base, to, ""), reason);
        let copied = refused(&mut base, "", &format!("Ann <ann2@firm.example>, {to}"));
        assert_eq!(copied.trim_start_matches("Cc: "), reason);
    }
    // Who shares an address is written to.
    let (template, request) = draft("C2", "Subject: x\n\ny");
    base.read(|tx| draft::write(tx, &template, &request));

    // The wish outlives whoever had the address.
    let (eve, everybody) = (
        base.read(|tx| refer::one(tx, Noun::Customer, "eve@moss.example")),
        OnDuplicate::Create,
    );
    base.write(|tx| trash::remove(tx, Noun::Customer, &[eve]));
    base.write(|tx| {
        customer::add(
            tx,
            &assignments("name=Eva; email=eve@moss.example"),
            everybody,
            &policy,
        )
    });
    let eva = base.read(|tx| refer::one(tx, Noun::Customer, "eve@moss.example"));
    let known = base.read(|tx| customers::addresses(tx, eva, Channel::Email));
    assert_eq!(known.first().and_then(|address| address.opted_out_at), Some(7));
    base.check();
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn whatever_comes_in_leaves_the_base_whole(texts in proptest::collection::vec("(From: (ann@firm|me@us|eve@x)\\.example\n)?(To: [a-z]{0,3}(ann@firm|me@us)\\.example\n)?(Message-ID: <[ab]>\n)?(References: <[ab]> <c>\n)?(Date: [ -~]{0,30}\n)?(Subject: \\PC{0,9}\n)?\n\\PC{0,30}", 1..5)) {
        let mut base = base();
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let create = Options { unknown: Unknown::Create, ..options() };
        let (summary, told) = take(&mut base, &texts, &create);
        prop_assert_eq!(told.len(), texts.len());
        prop_assert_eq!(summary.messages(), u64::try_from(texts.len()).unwrap());
        let (again, _) = take(&mut base, &texts, &create);
        prop_assert_eq!(again.logged, 0);
    }
}
