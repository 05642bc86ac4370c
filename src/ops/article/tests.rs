//! Articles: written, sent, suggested, and said to have helped.

use super::{canned, helped, suggest};
use crate::domain::id::Id;
use crate::domain::noun::Noun;
use crate::error::{Kind, Result};
use crate::ops::draft::Lists;
use crate::ops::list::{self, Request};
use crate::ops::tests::{Base, assignments};
use crate::ops::ticket::talk::Said;
use crate::ops::typed::Policy;
use crate::ops::{article, customer, find, refer, ticket, trash};
use crate::store::{WriteTx, articles, records, tickets};
use crate::wire::cell::cell;

fn add(tx: &WriteTx<'_>, text: &str) -> Result<Id> {
    article::add(tx, &assignments(text), &Policy::strict()).map(|outcome| outcome.id)
}

fn new_ticket(tx: &WriteTx<'_>, text: &str) -> Result<Id> {
    ticket::add(tx, &assignments(text), &Policy::strict()).map(|outcome| outcome.id)
}

/// A base with 张伟, who has a ticket, and Acme, which has another one.
fn filled() -> (Base, Id, Id) {
    let mut base = Base::new();
    let (first, second) = base.write(|tx| {
        for text in ["name=张伟; type=person", "name=Acme; type=company"] {
            customer::add(
                tx,
                &assignments(text),
                customer::OnDuplicate::Refuse,
                &Policy::strict(),
            )?;
        }
        let first = new_ticket(tx, "name=打印机卡纸; customer=C1; description=每天都卡")?;
        let second = new_ticket(
            tx,
            "name=The printers stop; customer=C2; description=After ten labels",
        )?;
        Ok((first, second))
    });
    (base, first, second)
}

fn ids(base: &Base, noun: Noun, filter: &str) -> Vec<Id> {
    base.read(|tx| {
        let request = Request {
            filters: vec![filter.to_owned()],
            ..Request::default()
        };
        let mut found = Vec::new();
        records::select(tx, &list::listing(tx, noun, &request)?, |id, _| {
            found.push(id);
            Ok(std::ops::ControlFlow::Continue(()))
        })?;
        found.sort_unstable();
        Ok(found)
    })
}

#[test]
fn an_article_is_a_draft_that_is_called_by_its_heading() {
    let mut base = Base::new();
    let shown = "key title type status language topic tickets";
    for (text, expected) in [
        (
            "key=Paper Jam; body=# Paper in the way",
            "paper_jam|Paper in the way|article|draft|||0",
        ),
        (
            "key=卡纸; body=打开盖子; language=zh; topic=打印机",
            "卡纸|卡纸|article|draft|zh|打印机|0",
        ),
        (
            "key=hello; type=reply; title=Hello; status=published; body=Hi {{ customer.name }}",
            "hello|Hello|reply|published|||0",
        ),
    ] {
        let id = base.write(|tx| add(tx, text));
        assert_eq!(base.shown(Noun::Article, id, shown), expected, "{text}");
    }
    let hello = base.read(|tx| refer::one(tx, Noun::Article, "hello"));
    for (text, field, said) in [
        ("body={{ ticket.nmae }}", "body", "there is no value ticket.nmae"),
        ("body={{ order.total }}", "body", "there is no value order.total"),
        ("body={{ customer", "body", "reply hello"),
        (
            "body={% for a in ticket.tags %}x{% endfor %}",
            "body",
            "only values and `if`",
        ),
        ("status=sent", "status", "draft, published, archived"),
        ("key=卡纸", "", "already"),
    ] {
        let error = base
            .try_write(|tx| article::edit(tx, hello, &assignments(text), Lists::Replace, &Policy::strict()))
            .expect_err(text);
        assert_eq!(error.field().unwrap_or_default(), field, "{text}: {error}");
        assert!(error.message().contains(said), "{text}: {error}");
    }
    // What is looked up may show braces.
    base.write(|tx| {
        let text = "type=article; status=; body={% for x in y %}";
        article::edit(tx, hello, &assignments(text), Lists::Replace, &Policy::strict())
    });
    assert_eq!(base.shown(Noun::Article, hello, "type status"), "article|draft");
}

#[test]
fn articles_are_found_by_their_words() {
    let mut base = Base::new();
    let (paper, 卡纸) = base.write(|tx| {
        let paper = add(tx, "key=paper; title=Paper jam; body=Open the lid of the printer")?;
        Ok((
            paper,
            add(tx, "key=jam; title=打印机卡纸怎么办; body=先打开上盖; topic=硬件")?,
        ))
    });
    let found = |words: &str| {
        let hits = base.read(|tx| find::find(tx, words, None, 10));
        hits.into_iter().map(|hit| hit.link.id).collect::<Vec<_>>()
    };
    assert_eq!(found("paper"), [paper]);
    assert_eq!(found("printer lid"), [paper]);
    for words in ["卡纸", "上盖", "硬件", "dayinji", "jam 打印"] {
        assert_eq!(found(words), [卡纸], "{words}");
    }
    assert_eq!(ids(&base, Noun::Article, "title:卡纸"), [卡纸]);
    assert_eq!(ids(&base, Noun::Article, "上盖 topic:硬件"), [卡纸]);
    let hits = base.read(|tx| find::find(tx, "上盖", None, 10));
    assert_eq!(
        hits[0].row().map(|value| cell(&value)),
        ["article", "jam", "打印机卡纸怎么办", ""]
    );
    base.write(|tx| trash::remove(tx, Noun::Article, &[卡纸]));
    assert!(base.read(|tx| find::find(tx, "卡纸", None, 10)).is_empty());
}

#[test]
fn a_canned_reply_is_sent_with_its_values() {
    let (mut base, first, second) = filled();
    let before = base.image();
    base.write(|tx| {
        add(
            tx,
            "key=hello; type=reply; status=published; body={{ customer.name }}，您好！{{ ticket.id }} 由 {{ actor.name }} 处理。{% if ticket.order %}{{ ticket.order }}{% endif %}",
        )?;
        add(tx, "key=soon; type=reply; status=published; body=We come on {{ ticket.due_at }}, {{ contact.name }} of {{ ticket.customer }}")?;
        add(tx, "key=late; type=reply; body=Sorry")?;
        add(tx, "key=old; type=reply; status=archived; body=Sorry")?;
        add(tx, "key=manual; status=published; body=Sorry")
    });
    let said = Said {
        text: "稍后联系。",
        waits: true,
        ..Said::default()
    };
    let (_, text) = base.write(|tx| canned::reply(tx, first, "hello", &said));
    assert_eq!(text, "张伟，您好！K1 由 self 处理。\n\n稍后联系。");
    let comments = base.read(|tx| tickets::comments(tx, first));
    assert_eq!(comments.len(), 1);
    assert_eq!(comments[0].text, text);
    assert_eq!(
        base.shown(Noun::Ticket, first, "articles status step"),
        "hello|waiting_customer|contacted"
    );
    for (key, message) in [
        (
            "soon",
            "reply soon: nothing is known of contact.name; `default(…)` says what stands in its place",
        ),
        (
            "late",
            "the reply late is still a draft; `crm article set late status=published` lets it be sent",
        ),
        (
            "old",
            "the reply old is archived; `crm article set old status=published` lets it be sent",
        ),
        (
            "manual",
            "manual is an article and no canned reply; `crm article set manual type=reply` makes it one",
        ),
    ] {
        let (field, told) = base.refused(|tx| canned::reply(tx, second, key, &Said::default()));
        assert_eq!((field.as_str(), told.as_str()), ("canned", message), "{key}");
    }
    let error = base
        .try_write(|tx| canned::reply(tx, second, "helo", &Said::default()))
        .expect_err("no such reply");
    assert_eq!(
        (error.kind(), error.near()),
        (Kind::NotFound, ["hello".to_owned()].as_slice())
    );
    base.undo();
    assert_eq!(base.shown(Noun::Ticket, first, "articles replies"), "|0");
    base.undo();
    assert_eq!(base.image(), before);
}

#[test]
fn tickets_know_what_helped_them() {
    let (mut base, first, second) = filled();
    let (paper, lid) = base.write(|tx| Ok((add(tx, "key=paper")?, add(tx, "key=lid; topic=hardware")?)));
    let before = base.image();
    base.write(|tx| helped::link(tx, first, &[paper, lid]));
    assert!(!base.write(|tx| helped::link(tx, first, &[lid])).changed);
    base.write(|tx| {
        let text = assignments("articles=lid");
        ticket::edit(tx, second, &text, Lists::Add, &Policy::strict())
    });
    assert_eq!(base.shown(Noun::Ticket, first, "articles"), "paper; lid");
    assert_eq!(base.shown(Noun::Article, lid, "tickets"), "2");
    for (noun, filter, expected) in [
        (Noun::Ticket, "article:paper", vec![first]),
        (Noun::Ticket, "article:paper,lid", vec![first, second]),
        (Noun::Ticket, "not article:paper", vec![second]),
        (Noun::Ticket, "articles.topic:hardware", vec![first, second]),
        (Noun::Ticket, "no:article", vec![]),
        (Noun::Article, "is:used", vec![paper, lid]),
        (Noun::Article, "is:unused", vec![]),
        (Noun::Article, "tickets:>1", vec![lid]),
        (Noun::Article, "is:archived", vec![]),
    ] {
        assert_eq!(ids(&base, noun, filter), expected, "{filter}");
    }
    let (field, message) = base.refused(|tx| trash::remove(tx, Noun::Article, &[lid]));
    assert!(
        field.is_empty() && message.contains("it helped tickets (2)"),
        "{message}"
    );
    // Of two that are one ticket, what helped either helped that one, once.
    base.write(|tx| ticket::join::merge(tx, &[first], second));
    assert_eq!(base.shown(Noun::Ticket, second, "articles"), "lid; paper");
    assert_eq!(base.shown(Noun::Article, lid, "tickets"), "1");
    base.undo();
    base.write(|tx| helped::unlink(tx, first, &[paper]));
    assert_eq!(ids(&base, Noun::Article, "is:unused"), [paper]);
    base.write(|tx| {
        let text = assignments("articles=paper");
        ticket::edit(tx, first, &text, Lists::Replace, &Policy::strict())
    });
    assert_eq!(base.shown(Noun::Ticket, first, "articles"), "paper");
    let (field, _) = base.refused(|tx| {
        let text = assignments("articles=nothing");
        ticket::edit(tx, first, &text, Lists::Replace, &Policy::strict())
    });
    assert_eq!(field, "articles");
    for _ in 0..4 {
        base.undo();
    }
    assert_eq!(base.image(), before);
}

#[test]
fn articles_that_share_rare_words_come_first() {
    let (mut base, first, second) = filled();
    base.write(|tx| {
        for text in [
            "key=paper; title=Paper jam in the printer; body=Open it; status=published",
            "key=labels; title=Labels; body=The printer needs labels of ten metres; status=published; type=reply",
            "key=invoice; title=Invoices; body=They come on Monday; status=published",
            "key=draft; title=The printer stops after ten labels",
            "key=卡纸; title=打印机卡纸怎么办; body=打开上盖; status=published",
            "key=发票; title=发票; body=每天开具; status=published",
        ] {
            add(tx, text)?;
        }
        let paper = refer::one(tx, Noun::Article, "paper")?;
        articles::link(tx, second, paper)
    });
    let suggested = |ticket: Id, kind: Option<&str>, limit: usize| {
        let found = base.read(|tx| suggest::suggest(tx, ticket, kind, limit));
        found
            .into_iter()
            .map(|one| format!("{} {} {}", one.article.key, one.words.join(","), one.is_linked))
            .collect::<Vec<_>>()
    };
    assert_eq!(
        suggested(second, None, 9),
        ["labels label,ten,printer false", "paper printer true"]
    );
    assert_eq!(suggested(second, Some("article"), 9), ["paper printer true"]);
    assert_eq!(suggested(first, None, 1), ["卡纸 打印,印机,机卡,卡纸 false"]);
    assert_eq!(suggested(first, None, 9)[1], "发票 每天 false");
}
