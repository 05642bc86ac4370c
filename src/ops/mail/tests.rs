//! Messages against a base in memory.

use proptest::prelude::*;

use super::ingest::{self, Bulk, Message, Options, Unknown};
use super::thread;
use super::verdict::{Judged, Sink, Summary};
use crate::domain::id::Id;
use crate::domain::noun::Noun;
use crate::error::{Kind, Result};
use crate::ops::customer::{self, OnDuplicate};
use crate::ops::tests::{Base, assignments};
use crate::ops::typed::Policy;
use crate::ops::{deal, refer, user};
use crate::store::letters;

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
    assert_eq!(summary.made.len(), 1);
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
