//! Saved views: what is kept of them, who sees them, and who came and went.

use crate::domain::actor::Scope;
use crate::domain::id::Id;
use crate::domain::noun::Noun;
use crate::error::{Kind, Result};
use crate::ops::customer::OnDuplicate;
use crate::ops::draft::Lists;
use crate::ops::list::Request;
use crate::ops::tests::{Base, assignments};
use crate::ops::typed::Policy;
use crate::ops::watch::{self, Event};
use crate::ops::{customer, refer, tag, tagging, team, trash, user, view};
use crate::store::{ReadTx, WriteTx, links};

fn add(base: &mut Base, text: &str) -> Id {
    base.write(|tx| view::add(tx, &assignments(text), &Policy::strict()))
        .id
}

fn edit(tx: &WriteTx<'_>, id: Id, text: &str) -> Result<bool> {
    view::edit(tx, id, &assignments(text), Lists::Replace, &Policy::strict()).map(|outcome| outcome.changed)
}

fn make(tx: &WriteTx<'_>, text: &str) -> Result<Id> {
    Ok(customer::add(tx, &assignments(text), OnDuplicate::Create, &Policy::strict())?.id)
}

const WHOLE: &str = "key noun owner visibility filter columns sort";

#[test]
fn what_is_kept_is_canonical_and_stays_relative() {
    let mut base = Base::new();
    base.write(|tx| tag::add(tx, &assignments("name=vip"), &Policy::strict()));
    let text = "key=Hot Deals; noun=deal; filter=value:gt:10k close:..today owner:@me stage:Negotiation; columns=name, value,nonsense.city; sort=-value,close";
    let refused = base.refused(|tx| view::add(tx, &assignments(text), &Policy::strict()));
    assert_eq!(refused.0, "columns", "a deal has no nonsense: {}", refused.1);
    let id = add(&mut base, &text.replace("nonsense.", "customer."));
    assert_eq!(
        base.shown(Noun::View, id, WHOLE),
        "hot_deals|deal|self|all|amount:>10k expected_close:..today owner:@me stage:negotiation|name,amount,customer.city|-amount,expected_close"
    );
    let chinese = add(
        &mut base,
        "key=华东 大客户; noun=customer; filter=城市:上海 +VIP; columns=+城市,-emails",
    );
    assert_eq!(
        base.shown(Noun::View, chinese, "key filter columns"),
        "华东_大客户|city:上海 +vip|+city,-emails"
    );
    for (name, found) in [("Hot Deals", id), ("hot_deals", id), ("华东 大客户", chinese)] {
        assert_eq!(base.read(|tx| refer::one(tx, Noun::View, name)), found, "{name}");
    }
    for (text, field) in [
        ("key=x; noun=deal; filter=nonsense:1", "filter"),
        ("key=x; noun=deal; filter=(", "filter"),
        ("key=x; noun=deal; sort=nonsense", "sort"),
        ("key=!; noun=deal", "key"),
        ("key=x", "noun"),
        ("key=x; noun=planet", "noun"),
        ("key=x; noun=deal; visibility=some", "visibility"),
    ] {
        let refused = base.refused(|tx| view::add(tx, &assignments(text), &Policy::strict()));
        assert_eq!(refused.0, field, "{text}: {}", refused.1);
    }
    // Another noun has to understand the whole of it.
    assert_eq!(base.refused(|tx| edit(tx, id, "noun=customer")).0, "filter");
    assert!(base.write(|tx| edit(tx, id, "noun=customer; filter=is:person; columns=; sort=")));
    assert!(!base.write(|tx| edit(tx, id, "filter=is:person; noun=customer")));
}

#[test]
fn a_line_goes_on_from_a_view() {
    let mut base = Base::new();
    let id = add(
        &mut base,
        "key=v; noun=customer; filter=is:person or is:company; columns=name,city; sort=city",
    );
    let saved = base.read(|tx| view::saved(tx, id));
    let words = |text: &str| -> Vec<String> {
        text.split(' ')
            .filter(|word| !word.is_empty())
            .map(str::to_owned)
            .collect()
    };
    for (columns, sort, all_columns, all_sort) in [
        ("", "", "name city", "city"),
        ("+owner -city", "", "name city +owner -city", "city"),
        ("level", "-name", "level", "-name"),
    ] {
        let more = Request {
            filters: vec!["level:A".to_owned()],
            columns: words(columns),
            sort: words(sort),
            limit: Some(3),
        };
        let request = saved.begin(Noun::Customer, more).expect("of the same noun");
        assert_eq!(request.filters, ["is:person or is:company", "level:A"]);
        assert_eq!(
            (request.columns, request.sort),
            (words(all_columns), words(all_sort))
        );
        assert_eq!(request.limit, Some(3));
    }
    let error = saved
        .begin(Noun::Deal, Request::default())
        .expect_err("another noun");
    assert_eq!(error.message(), "the view v lists customers, not deals");
}

/// The keys that the caller sees.
fn seen(base: &Base) -> Vec<String> {
    base.read(|tx| crate::store::fields::keys(tx, Noun::View))
}

#[test]
fn views_are_seen_by_those_who_may() {
    let mut base = Base::new();
    base.write(|tx| {
        for name in ["North", "South"] {
            team::add(tx, &assignments(&format!("name={name}")), &Policy::strict())?;
        }
        for (name, team) in [("Ann", "North"), ("Bob", "North"), ("Cid", "South"), ("Dan", "")] {
            user::add(
                tx,
                &assignments(&format!("name={name}; team={team}")),
                &Policy::strict(),
            )?;
        }
        Ok(())
    });
    let act = |base: &mut Base, name: &str| base.caller.actor = base.store.actor(name).expect("a user");
    act(&mut base, "Ann");
    let mine = add(&mut base, "key=mine; noun=deal; visibility=private");
    let team = add(&mut base, "key=ours; noun=deal; visibility=team");
    add(&mut base, "key=all; noun=deal");
    act(&mut base, "Dan");
    add(&mut base, "key=lone; noun=deal; visibility=team");
    for (name, keys) in [
        ("Ann", "mine ours all lone"),
        ("Bob", "ours all lone"),
        ("Cid", "all lone"),
        ("Dan", "all lone"),
        ("self", "all lone"),
    ] {
        act(&mut base, name);
        assert_eq!(seen(&base).join(" "), keys, "{name}");
        let can = |tx: &ReadTx<'_>, id| Ok(links::link(tx, Noun::View, id)?.is_some());
        assert_eq!(base.read(|tx| can(tx, mine)), keys.contains("mine"), "{name}");
        let named = base
            .store
            .read(&base.caller, |tx| refer::one(tx, Noun::View, "mine"));
        assert_eq!(named.is_ok(), keys.contains("mine"), "{name}");
    }
    act(&mut base, "Bob");
    let (field, _) = base.refused(|tx| edit(tx, team, "visibility=private"));
    assert_eq!(field, "visibility", "it is Ann's");
    assert!(base.write(|tx| edit(tx, team, "visibility=")));
    assert_eq!(base.shown(Noun::View, team, "visibility owner"), "all|Ann");
}

#[test]
fn views_follow_their_tags() {
    let mut base = Base::new();
    let who = base.write(|tx| make(tx, "name=Acme; tags=vip,old"));
    let other = base.write(|tx| make(tx, "name=Bolt; tags=old"));
    let id = add(&mut base, "key=v; noun=customer; filter=+vip or tags:old");
    let [vip, old] = ["vip", "old"].map(|name| base.read(|tx| refer::one(tx, Noun::Tag, name)));
    base.write(|tx| {
        tag::edit(
            tx,
            vip,
            &assignments("name=key account"),
            Lists::Replace,
            &Policy::strict(),
        )
    });
    assert_eq!(
        base.shown(Noun::View, id, "filter"),
        "+\"key account\" or tags:old"
    );
    base.write(|tx| {
        tag::edit(
            tx,
            old,
            &assignments("description=Long ago"),
            Lists::Replace,
            &Policy::strict(),
        )
    });
    let before = base.image();
    base.write(|tx| tag::merge(tx, &[old], vip));
    assert_eq!(
        base.shown(Noun::View, id, "filter"),
        "+\"key account\" or tags:\"key account\""
    );
    for record in [who, other] {
        assert_eq!(base.shown(Noun::Customer, record, "tags"), "key account");
    }
    assert_eq!(
        base.shown(Noun::Tag, vip, "name records description"),
        "key account|2|Long ago"
    );
    assert_eq!(seen_tags(&base), ["key account"]);
    base.check();
    base.undo();
    assert_eq!(base.image(), before);
    let error = base
        .try_write(|tx| tag::merge(tx, &[vip], vip))
        .expect_err("itself");
    assert_eq!(error.kind(), Kind::Usage);
}

fn seen_tags(base: &Base) -> Vec<String> {
    base.read(|tx| crate::store::fields::keys(tx, Noun::Tag))
}

/// What a watcher is told, after which it has seen everything.
fn told(base: &mut Base, watcher: &str) -> Vec<String> {
    base.write(|tx| {
        let view = view::named(tx, "v")?;
        let watched = watch::look(tx, &view, watcher, Request::default())?;
        watch::move_on(tx, &watched, watched.entries.iter())?;
        Ok(watched
            .entries
            .iter()
            .map(|entry| format!("{} {}", entry.event.name(), entry.reference))
            .collect())
    })
}

#[test]
fn a_watcher_is_told_once_who_came_and_who_left() {
    let mut base = Base::new();
    let ids = ["A", "B"].map(|name| base.write(|tx| make(tx, &format!("name={name}; tags=hot; owner=self"))));
    let id = add(&mut base, "key=v; noun=customer; filter=+hot; columns=city");
    let ops = |base: &Base| base.read(|tx| tx.all("SELECT count(*) FROM op", [], |row| row.get::<_, i64>(0)));
    let before = ops(&base);
    assert_eq!(told(&mut base, ""), ["entered C1", "entered C2"]);
    assert_eq!(told(&mut base, ""), Vec::<String>::new());
    assert_eq!(
        told(&mut base, "other"),
        ["entered C1", "entered C2"],
        "each watcher for itself"
    );
    assert_eq!(ops(&base), before, "watching is no operation");
    base.write(|tx| tagging::untag(tx, Noun::Customer, &ids[..1], "hot"));
    base.write(|tx| make(tx, "name=C; tags=hot"));
    assert_eq!(told(&mut base, ""), ["entered C3", "left C1"]);
    base.write(|tx| trash::remove(tx, Noun::Customer, &ids[1..]));
    assert_eq!(told(&mut base, ""), ["left C2"]);
    // Whoever is out of reach by now is known by the ref alone.
    base.write(|tx| {
        user::add(tx, &assignments("name=Ann; scope=own"), &Policy::strict())?;
        let text = "name=Hers; tags=hot; owner=Ann";
        make(tx, text).map(drop)
    });
    base.caller.actor = base.store.actor("Ann").expect("a user");
    assert_eq!(base.caller.actor.scope, Scope::Own);
    assert_eq!(told(&mut base, ""), ["entered C4"]);
    base.caller.actor = base.store.actor("self").expect("a user");
    let hers = base.read(|tx| refer::one(tx, Noun::Customer, "Hers"));
    base.write(|tx| {
        customer::edit(
            tx,
            hers,
            &assignments("owner=self"),
            Lists::Replace,
            &Policy::strict(),
        )
    });
    base.caller.actor = base.store.actor("Ann").expect("a user");
    base.read(|tx| {
        let view = view::saved(tx, id)?;
        let watched = watch::look(tx, &view, "", Request::default())?;
        assert!(!watched.is_first);
        let names: Vec<&str> = watched
            .columns
            .iter()
            .map(|column| column.name.as_str())
            .collect();
        assert_eq!(names, ["id", "name", "city"]);
        let texts: Vec<String> = watched.entries[0]
            .values
            .iter()
            .map(crate::wire::cell::cell)
            .collect();
        assert_eq!(watched.entries[0].event, Event::Left);
        assert_eq!(texts, ["C4", "", ""]);
        Ok(())
    });
}
