//! The two faces agree: what a deed of the dashboard does, and what the command does as which it says itself, leave the
//! same base behind.

use std::path::Path;
use std::sync::LazyLock;

use crm::domain::actor::{Actor, Caller};
use crm::domain::clock::Clock;
use crm::domain::input::Input;
use crm::domain::money::Currency;
use crm::domain::noun::Noun;
use crm::domain::sale::OrderStatus;
use crm::domain::ticket::Wait;
use crm::domain::value::{Link, Value};
use crm::ops::demo::{self, Size};
use crm::ops::found::{self, FIRST_USER, Founding};
use crm::ops::revise::Change;
use crm::ops::typed::Policy;
use crm::ops::{customer, dupes, list, notify, pipeline, refer, rule};
use crm::store::notifications::Which;
use crm::store::{Durability, Store, links, records};
use crm::wire::form::Item;
use jiff::tz::TimeZone;

use crate::cli;
use crate::ctx::Environment;
use crate::reaction;
use crate::runner::Runner;
use crate::tui::deed::{DealVerb, Deed, Step, TaskVerb};
use crate::tui::orders::{Given, OrderVerb};
use crate::tui::same::{Same, Union};
use crate::tui::ticket::TicketVerb;

const NOW: &str = "2026-11-21T09:00:00Z";

/// Who acts; what random bits are for is left to `call`.
fn caller(call: u64) -> Caller {
    let zone = TimeZone::get("Europe/Berlin").expect("a zone");
    let clock = Clock::new(NOW.parse().expect("an instant"), zone);
    Caller {
        random: call,
        ..Caller::new(Actor::founder(FIRST_USER), clock, call)
    }
}

/// A sample base in `folder`.
fn sample(folder: &Path) -> Store {
    // The file, made once.
    static MADE: LazyLock<Vec<u8>> = LazyLock::new(|| {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("base.db");
        make(&path);
        std::fs::read(&path).expect("the file")
    });
    let path = folder.join("base.db");
    std::fs::write(&path, &*MADE).expect("written");
    Store::open(&path, Durability::default(), 0).expect("a base")
}

fn make(path: &Path) {
    let founding = Founding {
        currency: Currency::parse("EUR").expect("a currency"),
        user: FIRST_USER.to_owned(),
        demo: true,
    };
    Store::create(path, &caller(1), |tx| {
        found::found(tx, &founding)?;
        demo::fill(tx, Size { more_customers: 0 })
    })
    .expect("a base");
}

/// Everything in a base but what no two bases have alike: identities, and the numbers behind them.
fn content(store: &Store) -> Vec<String> {
    let mut content = Vec::new();
    let read = store.read(&caller(2), |tx| {
        for noun in Noun::ALL {
            let mut listing = list::listing(tx, noun, &list::Request::default())?;
            listing.columns = list::all_columns(tx, noun)?;
            let kept = |name: &str| !matches!(name, "uid" | "external_ids") && !name.ends_with("details");
            listing.columns.retain(|column| kept(&column.name));
            let names: Vec<String> = listing.columns.iter().map(|column| column.name.clone()).collect();
            records::select(tx, &listing, |_, row| {
                let cells: Vec<String> = names
                    .iter()
                    .zip(&row)
                    .map(|(name, value)| format!("{name}={}", text(value)))
                    .collect();
                content.push(format!("{noun} {}", cells.join(" ")));
                Ok(std::ops::ControlFlow::Continue(()))
            })?;
        }
        for told in notify::list(tx, Which::All, i64::MAX)? {
            content.push(format!("told {} {:?}", told.text, told.read_at));
        }
        for (one, other) in dupes::distinct(tx, None)? {
            let number = |id| links::number(tx, Noun::Customer, id);
            content.push(format!("{:?} is not {:?}", number(one)?, number(other)?));
        }
        Ok(())
    });
    read.expect("a base that can be read");
    content.sort();
    content
}

/// A value without identities inside.
fn text(value: &Value) -> String {
    match value {
        Value::Link(link) => format!("{}{}", link.noun, link.no),
        Value::List(items) => items.iter().map(text).collect::<Vec<_>>().join(","),
        Value::Map(parts) => parts
            .iter()
            .filter(|(name, _)| !matches!(name.as_str(), "uid" | "id"))
            .map(|(name, value)| format!("{name}:{}", text(value)))
            .collect::<Vec<_>>()
            .join(","),
        other => crm::wire::cell::cell(other),
    }
}

/// Records by what a person calls them.
fn links_of(store: &Store, names: &[&str]) -> Vec<Link> {
    let read = store.read(&caller(3), |tx| {
        names
            .iter()
            .map(|name| {
                let (noun, id) = refer::any(tx, name)?;
                Ok(links::link(tx, noun, id)?.expect("a record"))
            })
            .collect()
    });
    read.expect("records")
}

/// Does the deed to one base and the commands to another that was the same, and compares them.
#[track_caller]
fn check(make: impl Fn(&Store) -> Deed) {
    check_after(|_| None, make);
}

/// The same after another deed, which both bases have behind them.
#[track_caller]
fn check_after(first: impl Fn(&Store) -> Option<Deed>, make: impl Fn(&Store) -> Deed) {
    let prepare = |store: &mut Store| {
        if let Some(first) = first(store) {
            store.write(&caller(5), |tx| first.run(tx)).expect("a deed");
        }
    };
    check_prepared(prepare, make);
}

/// The same on bases of which something was made before.
#[track_caller]
fn check_prepared(prepare: impl Fn(&mut Store), make: impl Fn(&Store) -> Deed) {
    let (one, other) = (
        tempfile::tempdir().expect("a folder"),
        tempfile::tempdir().expect("a folder"),
    );
    let mut by_deed = sample(one.path());
    let mut by_command = sample(other.path());
    for base in [&mut by_deed, &mut by_command] {
        prepare(base);
    }
    let before = content(&by_deed);
    assert_eq!(before, content(&by_command), "two samples are alike");
    let deed = make(&by_deed);
    by_deed
        .write(&caller(4), |tx| deed.run(tx))
        .unwrap_or_else(|error| panic!("{deed:?}: {error}"));
    for words in deed.commands() {
        let base = other.path().join("base.db");
        let mut line = vec!["crm".to_owned(), "--db".to_owned(), base.display().to_string()];
        line.extend(["--now", NOW, "--tz", "Europe/Berlin", "--quiet", "--yes", "-o"].map(str::to_owned));
        line.push(other.path().join("said").display().to_string());
        line.extend(words);
        let environment = Environment::of(other.path(), &line);
        assert_eq!(cli::main(&environment), 0, "{}", deed.line());
    }
    let after = content(&by_deed);
    assert_ne!(after, before, "{} changes something", deed.line());
    let commanded = content(&by_command);
    let differ: Vec<_> = after
        .iter()
        .zip(&commanded)
        .filter(|(one, other)| one != other)
        .collect();
    assert!(differ.is_empty(), "{}\n{differ:#?}", deed.line());
    assert_eq!(after.len(), commanded.len(), "{}", deed.line());
}

fn given(pairs: &[(&str, &str)]) -> Vec<(String, Input)> {
    pairs
        .iter()
        .map(|(name, value)| ((*name).to_owned(), Input::text(*value)))
        .collect()
}

#[test]
fn records_are_added_alike() {
    check(|_| Deed::Add {
        noun: Noun::Customer,
        assignments: given(&[
            ("name", "陳 O'Hara"),
            ("type", "person"),
            ("emails", "chen@ohara.example"),
            ("phones", "+4930123456"),
            ("city", "杭州"),
            ("birthday", "1985-05-17"),
        ]),
        anyway: false,
    });
    check(|_| Deed::Add {
        noun: Noun::Deal,
        assignments: given(&[
            ("name", "-Dash deal"),
            ("customer", "C1"),
            ("amount", "48k"),
            ("expected_close", "2026-12-24"),
        ]),
        anyway: false,
    });
    check(|_| Deed::Add {
        noun: Noun::Deal,
        assignments: given(&[("name", "Nobody's yet")]),
        anyway: false,
    });
    check(|_| Deed::Add {
        noun: Noun::Task,
        assignments: given(&[
            ("title", "Call 'em"),
            ("customer", "C1"),
            ("due", "fri 15:00"),
            ("priority", "high"),
        ]),
        anyway: false,
    });
}

#[test]
fn records_are_changed_alike() {
    check(|store| Deed::Set {
        of: links_of(store, &["C1", "C2"]),
        assignments: given(&[("city", "Bad Homburg"), ("level", "B")]),
        version: None,
    });
    check(|store| Deed::Set {
        of: links_of(store, &["C1"]),
        assignments: vec![("city".to_owned(), Input::Clear)],
        version: Some(3),
    });
    check(|store| Deed::Tag {
        of: links_of(store, &["C1", "C5"]),
        add: vec!["vip".to_owned(), "新客户".to_owned()],
        remove: Vec::new(),
    });
    check(|store| Deed::Remove(links_of(store, &["C48", "C45", "C44"])));
}

#[test]
fn records_are_revised_and_merged_alike() {
    let change = |name: &str, before: Item, wanted: Item| Change {
        name: name.to_owned(),
        before,
        wanted,
    };
    check(|store| Deed::Revise {
        of: links_of(store, &["C1", "C2"]),
        changes: vec![
            vec![
                change(
                    "interests",
                    Item::One(String::new()),
                    Item::One("客户 says \"hi\"".to_owned()),
                ),
                change(
                    "handles",
                    Item::Many(Vec::new()),
                    Item::Many(vec!["wechat:zhangwei".to_owned(), "telegram:wei".to_owned()]),
                ),
            ],
            vec![change(
                "needs",
                Item::One(String::new()),
                Item::One("- CEO".to_owned()),
            )],
        ],
    });
    check(|store| {
        let mut both = links_of(store, &["C47", "C48"]);
        let loser = both.remove(1);
        Deed::Same(Same::Merge(Box::new(Union {
            choices: vec![
                ("name".to_owned(), loser.clone()),
                ("note".to_owned(), loser.clone()),
            ],
            ..Union::new(both.remove(0), loser)
        })))
    });
    check(|store| Deed::Same(Same::Distinct(links_of(store, &["C47", "C48"]))));
    let merge = |store: &Store| {
        let mut both = links_of(store, &["C47", "C48"]);
        let loser = both.remove(1);
        Deed::Same(Same::Merge(Box::new(Union::new(both.remove(0), loser))))
    };
    check_after(
        |store| Some(merge(store)),
        |store| {
            // By its own ref it is the survivor.
            let parts = store.read(&caller(3), |tx| {
                let (_, survivor) = refer::any(tx, "C48")?;
                crm::ops::merge::parts_of(tx, survivor)
            });
            Deed::Same(Same::Apart(parts.expect("a base").remove(0)))
        },
    );
    check(|_| {
        Deed::Adopt(given(&[
            ("name", "-Neu"),
            ("emails", "neu@neu.example"),
            ("city", "Köln"),
        ]))
    });
}

#[test]
fn what_happened_is_logged_alike() {
    check(|store| Deed::Log {
        customer: links_of(store, &["C8"]).remove(0),
        assignments: given(&[
            ("type", "call"),
            ("text", "- 问了报价 \"v2\""),
            ("outcome", "connected"),
            ("duration", "18m"),
        ]),
        next: Some(Step {
            title: "Send it".to_owned(),
            due: Some("mon 9:00".to_owned()),
        }),
    });
}

#[test]
fn tasks_and_deals_move_alike() {
    let open = |store: &Store, noun: Noun, count: usize| {
        let read = store.read(&caller(5), |tx| {
            let ids = list::condition(tx, noun, &["status:open".to_owned()])
                .and_then(|condition| records::ids(tx, noun, &condition))?;
            ids.into_iter()
                .take(count)
                .map(|id| Ok(links::link(tx, noun, id)?.expect("a record")))
                .collect::<crm::Result<Vec<Link>>>()
        });
        read.expect("records")
    };
    check(|store| Deed::Tasks(TaskVerb::Done, open(store, Noun::Task, 3)));
    check(|store| Deed::Tasks(TaskVerb::Snooze("+3d".to_owned()), open(store, Noun::Task, 2)));
    check(|store| Deed::Tasks(TaskVerb::Cancel, open(store, Noun::Task, 1)));
    check(|store| {
        Deed::Deals(
            DealVerb::Move("negotiation".to_owned()),
            open(store, Noun::Deal, 2),
        )
    });
    check(|store| Deed::Deals(DealVerb::Win(None), open(store, Noun::Deal, 1)));
    let tickets = |verb: TicketVerb, names: &'static [&'static str]| {
        check(|store| Deed::Tickets(verb.clone(), links_of(store, names)));
    };
    tickets(TicketVerb::Take, &["K3", "K5"]);
    tickets(TicketVerb::Advance, &["K1"]);
    tickets(TicketVerb::Wait(Wait::ThirdParty), &["K1", "K4"]);
    tickets(TicketVerb::Wait(Wait::Nobody), &["K5"]);
    tickets(
        TicketVerb::Resolve("-10% and a new cable".to_owned()),
        &["K1", "K2"],
    );
    tickets(TicketVerb::Close, &["K6"]);
    tickets(TicketVerb::Reopen, &["K7"]);
    tickets(
        TicketVerb::Reply("- 马上处理\nand a second line".to_owned()),
        &["K3"],
    );
    tickets(TicketVerb::Receive("Still shut".to_owned()), &["K6"]);
    tickets(TicketVerb::Note("call before noon".to_owned()), &["K1"]);
    check(|store| {
        Deed::Deals(
            DealVerb::Win(Some("yesterday".to_owned())),
            open(store, Noun::Deal, 1),
        )
    });
    check(|store| {
        let verb = DealVerb::Lose("price".to_owned(), Some("- 太贵".to_owned()));
        Deed::Deals(verb, open(store, Noun::Deal, 1))
    });
    check(|store| {
        let deals = open(store, Noun::Deal, 1);
        Deed::All(
            "Won and thanked".to_owned(),
            vec![
                Deed::Deals(DealVerb::Win(None), deals),
                Deed::Tasks(TaskVerb::Done, open(store, Noun::Task, 1)),
            ],
        )
    });
}

#[test]
fn orders_move_alike() {
    let deed = |verb: OrderVerb, names: &'static [&'static str]| {
        move |store: &Store| Deed::Orders(verb.clone(), links_of(store, names))
    };
    let moved = |to: OrderStatus, reason: Option<&str>| OrderVerb::Move(to, reason.map(str::to_owned));
    check(deed(moved(OrderStatus::Confirmed, None), &["O9"]));
    check(deed(moved(OrderStatus::Completed, None), &["O4", "O11"]));
    check(deed(moved(OrderStatus::Cancelled, Some("- 太晚")), &["O9"]));
    check(deed(moved(OrderStatus::Draft, None), &["O7"]));
    check(deed(OrderVerb::Pay(Given::default()), &["O11"]));
    let given = Given {
        amount: Some("500".to_owned()),
        on: Some("yesterday".to_owned()),
        method: Some("wechat pay".to_owned()),
        reference: Some("-42".to_owned()),
    };
    check(deed(OrderVerb::Pay(given.clone()), &["O12"]));
    check(deed(OrderVerb::Refund(given), &["O12"]));
    let sent = |lines: &[&str]| OrderVerb::Ship {
        lines: lines.iter().map(|line| (*line).to_owned()).collect(),
        carrier: Some("SF".to_owned()),
        tracking: Some("- 1".to_owned()),
    };
    check(deed(sent(&[]), &["O6"]));
    check(deed(sent(&["TRK-100 x1"]), &["O12"]));
    check(deed(OrderVerb::Deliver, &["O4", "O12"]));
}

#[test]
fn what_a_stage_wants_is_ticked_off() {
    let prepare = |store: &mut Store| {
        let spec = pipeline::StageSpec {
            checklist: Some(vec!["预算已确认".to_owned(), "-1 visit; made".to_owned()]),
            ..pipeline::StageSpec::default()
        };
        let done = store.write(&caller(5), |tx| {
            let (_, deal) = refer::any(tx, "D1")?;
            let stage = list::column(tx, Noun::Deal, "stage")?;
            let row = records::get(tx, Noun::Deal, deal, &[stage])?.unwrap_or_default();
            let key = row.first().map(text).unwrap_or_default();
            let sales = refer::one(tx, Noun::Pipeline, "sales")?;
            pipeline::stage_set(tx, pipeline::stage_named(tx, sales, &key)?.id, &spec)
        });
        done.expect("a checklist");
    };
    for item in ["预算已确认", "-1 visit; made"] {
        let verb = |is_done| DealVerb::Tick(item.to_owned(), is_done);
        check_prepared(prepare, |store| Deed::Deals(verb(true), links_of(store, &["D1"])));
        check_prepared(
            |store| {
                prepare(store);
                let of = links_of(store, &["D1"]);
                store
                    .write(&caller(6), |tx| Deed::Deals(verb(true), of.clone()).run(tx))
                    .expect("a tick");
            },
            |store| Deed::Deals(verb(false), links_of(store, &["D1"])),
        );
    }
}

#[test]
fn what_rules_told_is_read() {
    let prepare = |store: &mut Store| {
        let rung = store.write(&caller(5), |tx| {
            let rule = given(&[
                ("key", "hello"),
                ("on", "customer created"),
                ("actions", "notify self 'Say hello to {{ name }}'"),
            ]);
            rule::add(tx, &rule, &Policy::strict()).map(drop)
        });
        rung.expect("a rule");
        for (call, name) in [(6, "Mia"), (7, "王芳")] {
            let added = store.write(&caller(call), |tx| {
                let new = customer::OnDuplicate::Create;
                customer::add(tx, &given(&[("name", name)]), new, &Policy::strict()).map(drop)
            });
            added.expect("a customer");
        }
        let runner = Runner {
            variables: Vec::new(),
            rules_may: false,
            hooks: None,
            depth: 0,
        };
        reaction::after(store, &caller(8), &runner, None).expect("the rule looks");
    };
    check_prepared(prepare, |_| Deed::Heard(vec![2]));
    check_prepared(prepare, |_| Deed::Heard(Vec::new()));
}
