//! Text to plan, shown by its explanation.

use super::{Base, explained, plan};
use crate::domain::noun::Noun;
use crate::query::plan::{Condition, Path, Predicate, Relation, Step, Target, Test};
use crate::query::{fields, predicates};

fn check(noun: Noun, rows: &[(&str, &str)]) {
    for (text, expected) in rows {
        assert_eq!(explained(noun, text), *expected, "{text}");
    }
}

#[test]
fn text_and_search() {
    check(
        Noun::Customer,
        &[
            ("", "everything"),
            ("acme", "found by \"acme\""),
            ("acme 张伟", "all of [found by \"acme\"; found by \"张伟\"]"),
            ("-\"acme\"", "not [found by \"acme\"]"),
            ("city:Łódź,köln", "city contains \"Łódź\" or \"köln\""),
            ("city:=berlin", "city is berlin"),
            ("city:ne:berlin", "not [city is berlin]"),
            ("-city:berlin", "not [city contains \"berlin\"]"),
            ("name:~^a(b|c)", "name matches /^a(b|c)/"),
            (
                "email:@acme.example phone:4567",
                "all of [emails contains \"@acme.example\"; phones contains \"4567\"]",
            ),
            ("handle:wechat:zw", "handles contains \"wechat:zw\""),
            (
                "country:de,China,德国,Narnia",
                "country is DE or CN or DE or Narnia",
            ),
            ("no:email", "emails is missing"),
            ("has:phone", "phones is there"),
            ("not has:phone", "not [phones is there]"),
            ("has:history", "intervals is there"),
            ("company:acme", "company is named like \"acme\""),
            ("company:c42,A1", "company is C42 or named like \"A1\""),
            ("company:=acme", "company is named \"acme\""),
            ("company:~^acme", "company matches /^acme/"),
            ("id:c1,C2", "id is C1 or C2"),
            ("id:0mf3w0000000a", "id is 0mf3w0000000a"),
            ("dnc:是", "do_not_contact is yes"),
        ],
    );
}

#[test]
fn keys() {
    check(
        Noun::Deal,
        &[
            ("stage:won,Negotiation", "stage is won or negotiation"),
            ("stage:proposal", "stage is proposal"),
            ("stage:方案/报价", "stage is proposal"),
            ("last_open_stage:ne:won", "not [last_open_stage is won]"),
            ("owner:@me", "owner is bob"),
            ("owner:anna-kowalski,BOB", "owner is Anna Kowalski or bob"),
            ("source:=展会", "source is trade_show"),
            ("tags:vip,重点", "tags is vip or 重点"),
            ("product:GTX,P3", "product is named like \"GTX\" or P3"),
        ],
    );
    check(
        Noun::Customer,
        &[
            ("+vip -cold-list", "all of [tag vip; not [tag cold-list]]"),
            ("level:..B", "level is A or B"),
            ("level:>B", "level is C"),
            ("level:>C", "level is none of the possible"),
            (
                "lifecycle:lead..opportunity",
                "lifecycle is lead or qualified or opportunity",
            ),
            ("fields.size:大", "fields.size is big"),
            ("fields.machines:3..", "fields.machines from 3"),
            ("no:fields.size", "fields.size is missing"),
        ],
    );
}

#[test]
fn one_label_of_two_stages_means_both() {
    let plan = plan(Noun::Deal, "stage:方案/报价,offer").unwrap();
    let Condition::Compare { test, .. } = plan else {
        panic!("{plan:?}")
    };
    assert_eq!(
        test,
        Test::Equals(vec!["proposal".to_owned(), "offer".to_owned()])
    );
}

#[test]
fn numbers_and_amounts() {
    check(
        Noun::Deal,
        &[
            ("amount:50k..", "amount from 50000.00 EUR"),
            ("value:gt:10k", "amount after 10000.00 EUR"),
            ("amount:<=10kUSD", "amount to 10000.00 USD"),
            ("amount:100,200", "amount is 100.00 EUR or 200.00 EUR"),
            ("amount:\"1,000\"..2000", "amount from 1000.00 EUR to 2000.00 EUR"),
            ("amount:ne:5", "not [amount is 5.00 EUR]"),
            ("probability:60%", "probability is 60%"),
            ("probability:<60", "probability before 60%"),
            ("version:>=2", "version from 2"),
        ],
    );
    check(
        Noun::Customer,
        &[
            ("employees:1k..2万", "employees from 1000 to 20000"),
            ("deals.count:3..", "deals.count from 3"),
            ("deals.sum.amount:10k..", "deals.sum.amount from 10000.00 EUR"),
            (
                "activities.sum.duration:>=2h",
                "activities.sum.duration from 7200s",
            ),
        ],
    );
    check(
        Noun::Activity,
        &[
            ("duration:18m", "duration is 1080s"),
            ("duration:1h30m..", "duration from 5400s"),
            ("duration:>30分钟", "duration after 1800s"),
        ],
    );
}

#[test]
fn paths() {
    check(
        Noun::Customer,
        &[
            ("company.city:berlin", "company.city contains \"berlin\""),
            ("parent.owner.team:north", "parent.owner.team is north"),
            ("-deals.stage:proposal", "not [deals.stage is proposal]"),
            ("has:deals", "deals is there"),
            ("no:tasks", "tasks is missing"),
            ("no:deals.owner", "deals.owner is missing"),
            ("people:anna", "people is named like \"anna\""),
            ("people.deals.count:>1", "people.deals.count after 1"),
            ("company.fields.size:big", "company.fields.size is big"),
            ("deals.product.price:>5", "deals.product.price after 5.00 EUR"),
        ],
    );
    check(
        Noun::Deal,
        &[
            ("customer.city:berlin", "customer.city contains \"berlin\""),
            ("people.count:2..", "people.count from 2"),
            ("product.sum.price:..10", "product.sum.price to 10.00 EUR"),
            ("owner.manager:self", "owner.manager is self"),
        ],
    );
    let Ok(Condition::Compare { path, .. }) = plan(Noun::Customer, "people.deals.count:1") else {
        panic!("not a comparison");
    };
    let steps = vec![Step::Many(Relation::People), Step::Many(Relation::Deals)];
    assert_eq!(
        path,
        Path {
            steps,
            target: Target::Count
        }
    );
}

#[test]
fn iso_dates() {
    check(
        Noun::Deal,
        &[
            ("close:2026-12-01", "expected_close is 2026-12-01"),
            (
                "close:2026-12-01,2026-12-05",
                "expected_close is 2026-12-01 or 2026-12-05",
            ),
            (
                "close:2026-12-01..2026-12-05",
                "expected_close from 2026-12-01 to 2026-12-05",
            ),
            ("close:>2026-12-01", "expected_close after 2026-12-01"),
            (
                "created:2026-10-25",
                "created_at from 2026-10-24T22:00:00Z before 2026-10-25T23:00:00Z",
            ),
            ("created:..2026-11-26", "created_at before 2026-11-26T23:00:00Z"),
            ("created:>2026-11-26", "created_at from 2026-11-26T23:00:00Z"),
            ("created:<2026-11-26", "created_at before 2026-11-25T23:00:00Z"),
            ("created:>=2026-11-26", "created_at from 2026-11-25T23:00:00Z"),
            (
                "fields.pilot_ends:2026-12-01..",
                "fields.pilot_ends from 2026-12-01",
            ),
        ],
    );
    check(
        Noun::Task,
        &[
            ("due:..2026-11-26", "due to 2026-11-26"),
            ("due:2026-11-26", "due is 2026-11-26"),
        ],
    );
    check(
        Noun::Customer,
        &[
            ("birthday:05-17", "birthday is 05-17 of any year"),
            (
                "birthday:--12-20..01-05",
                "birthday from 12-20 to 01-05 of any year",
            ),
            ("birthday:1985-05-17", "birthday from 1985-05-17 to 1985-05-17"),
            ("birthday:..1985-05-17", "birthday to 1985-05-17"),
        ],
    );
}

#[test]
fn date_phrases() {
    check(
        Noun::Deal,
        &[
            ("close:2026-12", "expected_close from 2026-12-01 to 2026-12-31"),
            (
                "close:2026-12,2026-11-30",
                "any of [expected_close is 2026-11-30; expected_close from 2026-12-01 to 2026-12-31]",
            ),
            ("close:>2026-12", "expected_close after 2026-12-31"),
            ("close:>=2026-12", "expected_close from 2026-12-01"),
            ("close:<2026-12", "expected_close before 2026-12-01"),
            ("close:2026-Q4..", "expected_close from 2026-10-01"),
            ("close:..eoq", "expected_close to 2026-12-31"),
            ("close:none", "expected_close is missing"),
            (
                "close:none,today",
                "any of [expected_close is 2026-11-26; expected_close is missing]",
            ),
            ("close:ne:none", "expected_close is there"),
            ("last_activity:..-30d", "last_activity to 2026-10-27"),
        ],
    );
    check(
        Noun::Task,
        &[
            (
                "due:..today not is:done",
                "all of [due to 2026-11-26; not [is done [status is done]]]",
            ),
            (
                "due:\"fri 3pm\"",
                "due from 2026-11-27T14:00:00Z before 2026-11-27T14:01:00Z",
            ),
            ("due:今天..月底", "due from 2026-11-26 to 2026-11-30"),
            ("due:..now", "due to 2026-11-26T09:30:00Z"),
            (
                "due:now,today",
                "any of [due is 2026-11-26; due is 2026-11-26T09:30:00Z]",
            ),
            ("due_at:<now", "due_at before 2026-11-26T09:30:00Z"),
            ("completed:now", "completed_at is 2026-11-26T09:30:00Z"),
            (
                "completed:>2026-11-20T12:00",
                "completed_at from 2026-11-20T11:01:00Z",
            ),
            ("due:\"2026-10-25 02:30\"..", "due from 2026-10-25T01:30:00Z"),
        ],
    );
    check(
        Noun::Customer,
        &[
            ("birthday:today..+7d", "birthday from 11-26 to 12-03 of any year"),
            ("birthday:..-18y", "birthday to 2008-11-26"),
            ("birthday:1985-05", "birthday from 1985-05-01 to 1985-05-31"),
        ],
    );
}

#[test]
fn the_words_of_is() {
    check(
        Noun::Task,
        &[(
            "is:overdue",
            "is overdue [all of [status is open; due_at to 2026-11-26T09:30:00Z]]",
        )],
    );
    check(
        Noun::Deal,
        &[
            ("is:mine", "is mine [owner is bob]"),
            (
                "is:rotting",
                "is rotting [all of [status is open; rotting_on to 2026-11-26; not [next_task after 2026-11-26T09:30:00Z]]]",
            ),
            (
                "is:week",
                "is week [all of [status is open; expected_close from 2026-11-26 to 2026-12-02]]",
            ),
        ],
    );
    check(
        Noun::Customer,
        &[
            ("is:cold", "is quiet [quiet_on to 2026-11-26]"),
            ("is:trashed", "is trashed"),
        ],
    );
    for definition in predicates::DEFINITIONS {
        for word in std::iter::once(&definition.word).chain(definition.aliases) {
            let plan = plan(definition.noun, &format!("is:{word}")).unwrap_or_else(|error| {
                panic!("{} {word}: {error}", definition.noun);
            });
            assert!(!plan.mentions_trash(), "{word}");
            super::with_context(|context| {
                assert_eq!(predicates::condition(definition.noun, word, context), Ok(plan));
            });
        }
    }
}

#[test]
fn no_word_is_defined_twice() {
    let mut seen = std::collections::HashSet::new();
    for noun in Noun::ALL {
        for (state, _) in predicates::STATES {
            assert!(seen.insert((noun, state.name())));
        }
        for definition in predicates::definitions(noun) {
            for word in std::iter::once(&definition.word).chain(definition.aliases) {
                assert!(seen.insert((noun, word)), "{noun} {word}");
            }
        }
    }
}

#[test]
fn the_trash_is_mentioned() {
    for (text, expected) in [
        ("acme", false),
        ("is:trashed", true),
        ("not is:trashed", true),
        ("a or (b is:any)", true),
        ("is:archived +vip", true),
        ("no:deleted_at", false),
    ] {
        assert_eq!(
            plan(Noun::Customer, text).unwrap().mentions_trash(),
            expected,
            "{text}"
        );
    }
    assert_eq!(
        plan(Noun::Tag, "is:any"),
        Ok(Condition::Predicate(Predicate::Any))
    );
}

#[test]
fn several_filters_become_one() {
    let each = ["", "a b", "c or d"].map(|text| plan(Noun::Customer, text).unwrap());
    let Condition::And(parts) = Condition::and(each) else {
        panic!("not an and")
    };
    assert_eq!(parts.len(), 3);
    assert_eq!(Condition::and([]), Condition::All);
}

#[test]
fn the_catalogue_lists_what_resolves() {
    for noun in Noun::ALL {
        for line in fields(noun, &Base) {
            for name in std::iter::once(&line.name).chain(&line.aliases) {
                let asked = plan(noun, &format!("has:{name}"));
                assert!(asked.is_ok(), "{noun} {name}: {asked:?}");
            }
            assert!(
                !line.kind.is_empty() && !line.help.is_empty(),
                "{noun} {}",
                line.name
            );
        }
    }
    let lines = fields(Noun::Customer, &Base);
    let kind = |name: &str| {
        lines
            .iter()
            .find(|line| line.name == name)
            .map(|line| line.kind.as_str())
    };
    assert_eq!(kind("fields.size"), Some("small, big"));
    assert_eq!(kind("type"), Some("person, company"));
    assert_eq!(kind("deals"), Some("deals"));
}

#[test]
fn stale_takes_another_number_of_days() {
    use crate::query::predicates::{STALE_DAYS, definitions, stale};
    for noun in [Noun::Customer, Noun::Deal] {
        let usual = definitions(noun).find(|definition| definition.word == "stale");
        assert_eq!(
            stale(noun, STALE_DAYS).as_deref(),
            usual.map(|definition| definition.filter)
        );
    }
    assert_eq!(
        stale(Noun::Customer, 7).as_deref(),
        Some("last_activity:<-7d or (no:last_activity created_at:<-7d)")
    );
    assert_eq!(stale(Noun::Task, 7), None);
}
