//! Custom fields of every type: what they take, how they are found, and what holds of them among several records.

use crate::domain::custom::TYPES;
use crate::domain::field::FieldType;
use crate::domain::id::Id;
use crate::domain::noun::Noun;
use crate::error::{Kind, Result};
use crate::ops::customer::OnDuplicate;
use crate::ops::draft::Lists;
use crate::ops::list::{self, Request};
use crate::ops::merge::{self, Choices};
use crate::ops::tests::{Base, assignments};
use crate::ops::typed::Policy;
use crate::ops::{custom, customer, deal, field, find, refer, trash, undo};
use crate::store::{WriteTx, fields, records};
use crate::wire::cell::cell;
use crate::wire::column::Column;
use crate::wire::json;

fn define(base: &mut Base, text: &str) -> Id {
    base.write(|tx| field::add(tx, &assignments(text), &Policy::strict()))
        .id
}

fn make(tx: &WriteTx<'_>, text: &str) -> Result<Id> {
    let outcome = customer::add(tx, &assignments(text), OnDuplicate::Create, &Policy::strict())?;
    Ok(outcome.id)
}

fn change(tx: &WriteTx<'_>, id: Id, text: &str) -> Result<bool> {
    let outcome = customer::edit(tx, id, &assignments(text), Lists::Replace, &Policy::strict())?;
    Ok(outcome.changed)
}

/// The fields of all types, and the records that they lead to.
fn filled() -> Base {
    let mut base = Base::new();
    for text in ["name=Ada Byron", "name=Müller AG; type=company"] {
        base.write(|tx| make(tx, text));
    }
    base.write(|tx| deal::add(tx, &assignments("name=Big one"), &Policy::strict()));
    for word in TYPES {
        let options = if word.ends_with("select") {
            "; options=S:Small,M:Medium,超大"
        } else {
            ""
        };
        define(
            &mut base,
            &format!("noun=customer; key=a_{word}; type={word}{options}"),
        );
    }
    base
}

/// Type, what is typed, the plain text, the JSON; then filters that find it and filters that do not.
const VALUES: &[(&str, &str, &str, &str, &[&str], &[&str])] = &[
    (
        "text",
        "Ärger",
        "Ärger",
        r#""Ärger""#,
        &["arger", "=ärger", "~^Ä"],
        &["=arg", "x"],
    ),
    (
        "long_text",
        "one two",
        "one two",
        r#""one two""#,
        &["two"],
        &["three"],
    ),
    (
        "integer",
        "1,200",
        "1200",
        "1200",
        &["1200", "1k..", ">1199", "..1200"],
        &["1201", "<1200"],
    ),
    (
        "decimal",
        "2.50",
        "2.5",
        "2.5",
        &["2.5", "2..3", ">2.49"],
        &["2.51", "<2.5", "2"],
    ),
    (
        "money",
        "48k EUR",
        "48000.00",
        r#"{"amount":"48000.00","currency":"EUR"}"#,
        &[],
        &[],
    ),
    ("percent", "60%", "60%", "0.6", &["60", "50..70"], &["61"]),
    ("bool", "是", "true", "true", &["yes"], &["no"]),
    (
        "date",
        "2026-03-14",
        "2026-03-14",
        r#""2026-03-14""#,
        &["2026-03", "2026-03-01..", ">2026-03-13"],
        &["2026-04"],
    ),
    (
        "datetime",
        "2026-03-14T15:00:00Z",
        "2026-03-14T15:00:00Z",
        r#""2026-03-14T15:00:00Z""#,
        &["2026-03-14", "2026-03", "..2026-03-14"],
        &["2026-03-15", ">2026-03-14"],
    ),
    (
        "time",
        "9:30",
        "09:30",
        r#""09:30""#,
        &["9:30", "9:00..10:00", ">8:59"],
        &["9:31", "<9:30"],
    ),
    ("duration", "1h 30m", "5400", "5400", &["90m", "1h..2h"], &["2h"]),
    (
        "date_range",
        "2026-03-10..2026-03-20",
        "2026-03-10..2026-03-20",
        r#"{"from":"2026-03-10","to":"2026-03-20"}"#,
        &[
            "2026-03-15",
            "2026-03",
            "2026-03-20..2026-04-01",
            "<2026-03-11",
            ">2026-03-19",
            "2026-01-01,2026-03-10",
        ],
        &["2026-03-09", "2026-04", ">2026-03-20", "<2026-03-10"],
    ),
    (
        "select",
        "medium",
        "m",
        r#""m""#,
        &["M", "medium", "s,m"],
        &["small", "超大"],
    ),
    (
        "multi_select",
        "超大, small",
        "超大; s",
        r#"["超大","s"]"#,
        &["S", "超大", "m,s"],
        &["m"],
    ),
    ("user", "@me", "self", r#""self""#, &["self", "@me"], &[]),
    (
        "person",
        "Ada Byron",
        "C1",
        r#"{"id":"C1","name":"Ada Byron"}"#,
        &["C1", "byron", "=\"ada byron\""],
        &["C2", "=ada"],
    ),
    (
        "company",
        "müller ag",
        "C2",
        r#"{"id":"C2","name":"Müller AG"}"#,
        &["C2", "muller", "~^Mü"],
        &["C1"],
    ),
    (
        "deal",
        "D1",
        "D1",
        r#"{"id":"D1","name":"Big one"}"#,
        &["D1", "big"],
        &["small"],
    ),
    (
        "email",
        "Ann@Firm.example",
        "Ann@firm.example",
        r#""Ann@firm.example""#,
        &["firm.example"],
        &["zz"],
    ),
    (
        "phone",
        "+49 30 9018245",
        "+49309018245",
        r#""+49309018245""#,
        &["9018"],
        &["77"],
    ),
    (
        "url",
        "firm.example/a",
        "https://firm.example/a",
        r#""https://firm.example/a""#,
        &["firm.example"],
        &["zz"],
    ),
    (
        "address",
        "Main Street 5",
        "Main Street 5",
        r#""Main Street 5""#,
        &["street"],
        &["x"],
    ),
    ("auto_number", "", "1", "1", &["1"], &["2"]),
];

fn finds(base: &Base, filter: &str) -> Vec<String> {
    let mut names = Vec::new();
    base.read(|tx| {
        let request = Request {
            filters: vec![filter.to_owned()],
            columns: vec!["name".to_owned()],
            ..Request::default()
        };
        records::select(tx, &list::listing(tx, Noun::Customer, &request)?, |_, values| {
            names.extend(values.first().map(cell));
            Ok(std::ops::ControlFlow::Continue(()))
        })
    });
    names
}

/// The first customer of a list in falling order of a field.
fn first(base: &Base, name: &str) -> Option<Id> {
    base.read(|tx| {
        let request = Request {
            sort: vec![format!("-{name}")],
            columns: vec![name.to_owned()],
            ..Request::default()
        };
        let listing = list::listing(tx, Noun::Customer, &request)?;
        let mut first = None;
        records::select(tx, &listing, |found, _| {
            first.get_or_insert(found);
            Ok(std::ops::ControlFlow::Continue(()))
        })?;
        Ok(first)
    })
}

#[test]
fn every_type_is_read_kept_written_and_found() {
    let tried: Vec<&str> = VALUES.iter().map(|row| row.0).collect();
    assert_eq!(tried, TYPES, "every type is tried");
    for (word, typed, text, shape, found, missed) in VALUES {
        let mut base = filled();
        let before = base.image();
        let name = format!("fields.a_{word}");
        let line = match *typed {
            "" => "name=Probe".to_owned(),
            typed => format!("name=Probe; {name}={typed}"),
        };
        let id = base.write(|tx| make(tx, &line));
        assert_eq!(base.shown(Noun::Customer, id, &name), *text, "{word}");
        base.read(|tx| {
            let column = list::column(tx, Noun::Customer, &name)?;
            let row =
                records::get(tx, Noun::Customer, id, std::slice::from_ref(&column))?.expect("it is there");
            let json = json::record("", &[Column::new("it", column.kind)], &row);
            assert_eq!(json["it"].to_string(), *shape, "{word}");
            Ok(())
        });
        for value in *found {
            assert_eq!(
                finds(&base, &format!("{name}:{value}")),
                ["Probe"],
                "{word}:{value}"
            );
            let not = finds(&base, &format!("not {name}:{value}"));
            assert!(!not.contains(&"Probe".to_owned()), "{word}:{value}");
        }
        for value in *missed {
            assert!(
                finds(&base, &format!("{name}:{value}")).is_empty(),
                "{word}:{value}"
            );
        }
        assert_eq!(
            finds(&base, &format!("has:{name} -name:ada -name:muller")),
            ["Probe"],
            "{word}"
        );
        assert!(
            finds(&base, &format!("no:{name} name:probe")).is_empty(),
            "{word}"
        );
        assert_eq!(first(&base, &name), Some(id), "{word} sorts what is known first");
        // What is written reads back as the same; beside an amount stands its currency, and an import knows seconds.
        let text = match *word {
            "money" => "48000.00 EUR",
            "duration" => "5400s",
            "multi_select" => "超大, s",
            _ => text,
        };
        assert!(
            !base.write(|tx| change(tx, id, &format!("{name}={text}"))),
            "{word}"
        );
        base.check();
        base.undo();
        assert_eq!(base.image(), before, "{word}");
    }
}

#[test]
fn what_is_no_value_of_a_type_is_refused() {
    let mut base = filled();
    for (word, typed) in [
        ("integer", "many"),
        ("decimal", "1.2345678"),
        ("money", "a lot"),
        ("percent", "120"),
        ("bool", "maybe"),
        ("date", "someday"),
        ("datetime", "someday"),
        ("time", "25:00"),
        ("time", "tomorrow 9:00"),
        ("duration", "long"),
        ("date_range", "2026-03-20..2026-03-10"),
        ("date_range", "2026-03-20..never ever"),
        ("select", "XL"),
        ("multi_select", "s, XL"),
        ("user", "Nobody"),
        ("person", "Müller AG"),
        ("company", "Ada Byron"),
        ("deal", "D9"),
        ("email", "nonsense"),
        ("phone", "-"),
        ("auto_number", "0"),
    ] {
        let name = format!("fields.a_{word}");
        let (field, message) = base.refused(|tx| make(tx, &format!("name=Probe; {name}={typed}")));
        assert_eq!(field, name, "{typed}: {message}");
        assert!(message.contains(&name), "{message}");
    }
}

#[test]
fn definitions_that_make_no_sense_are_refused() {
    let mut base = Base::new();
    for (text, part) in [
        ("type=integer; min=5; max=3", "max"),
        ("type=integer; min=few", "min"),
        ("type=text; max=long", "max"),
        ("type=bool; min=1", "min"),
        ("type=bool; unique=yes", "unique"),
        ("type=integer; default=9; max=3", "default"),
        ("type=select; options=a,b; default=c", "default"),
        ("type=auto_number; default=7", "default"),
        ("type=text; unique=yes; default=same", "default"),
        ("type=formula", "type"),
        ("type=text; label.chinese=x", "label"),
        ("type=select; options=a,b; options.zh=一", "options"),
    ] {
        let text = format!("noun=deal; key=probe; {text}");
        let refused = base.refused(|tx| field::add(tx, &assignments(&text), &Policy::strict()));
        assert_eq!(refused.0, part, "{text}: {}", refused.1);
    }
}

#[test]
fn limits_hold_and_defaults_fill_new_records_only() {
    let mut base = Base::new();
    let old = base.write(|tx| make(tx, "name=Old"));
    for text in [
        "key=seats; type=integer; min=1; max=10; default=2",
        "key=code; type=text; min=2; max=4",
        "key=since; type=date; default=today; max=today",
        "key=who; type=user; default=@me",
        "key=size; type=multi_select; options=s,m; default=s,m; required=yes",
        "key=spent; type=money; min=0; max=1k",
        "key=stay; type=date_range; min=2026-01-01; max=2026",
    ] {
        define(&mut base, &format!("noun=customer; {text}"));
    }
    assert_eq!(base.shown(Noun::Customer, old, "fields.seats fields.since"), "|");
    let id = base.write(|tx| make(tx, "name=New"));
    let names = "fields.seats fields.code fields.since fields.who fields.size";
    assert_eq!(base.shown(Noun::Customer, id, names), "2||2026-03-02|self|s; m");
    for (text, message) in [
        ("seats=11", "fields.seats: 11 is more than 10"),
        ("seats=0", "fields.seats: 0 is less than 1"),
        ("code=x", "fields.code: 1 letters are shorter than 2"),
        ("code=一二三四五", "fields.code: 5 letters are longer than 4"),
        (
            "since=2026-03-03",
            "fields.since: 2026-03-03 is more than 2026-03-02",
        ),
        ("size=", "fields.size is required"),
        ("spent=-1", "fields.spent: -1.00 is less than 0.00"),
        (
            "stay=2025-12-31..2026-01-02",
            "fields.stay: 2025-12-31..2026-01-02 is less than 2026-01-01..2026-01-01",
        ),
        (
            "stay=2026-12-31..2027-01-02",
            "fields.stay: 2026-12-31..2027-01-02 is more than 2026-01-01..2026-12-31",
        ),
    ] {
        let refused = base.refused(|tx| change(tx, id, &format!("fields.{text}")));
        assert_eq!(refused.1, message, "{text}");
    }
    // An amount in another currency is not weighed against the limit, a text of just so many letters fits.
    for text in [
        "spent=5k EUR",
        "code=一二三四",
        "seats=10",
        "stay=2026-12-30..2026-12-31",
    ] {
        base.write(|tx| change(tx, id, &format!("fields.{text}")));
    }
    // What is required was not asked of the old one, and is not now.
    base.write(|tx| change(tx, old, "note=new; fields.size="));
}

#[test]
fn what_is_unique_is_so_among_the_living() {
    let mut base = Base::new();
    define(&mut base, "noun=customer; key=code; type=text; unique=yes");
    let first = base.write(|tx| make(tx, "name=First; fields.code=A1"));
    let second = base.write(|tx| make(tx, "name=Second; fields.code=B2"));
    for id in [None, Some(second)] {
        let error = base
            .try_write(|tx| match id {
                None => make(tx, "name=Third; fields.code=A1").map(drop),
                Some(id) => change(tx, id, "fields.code=A1").map(drop),
            })
            .expect_err("A1 is taken");
        assert_eq!(error.kind(), Kind::Duplicate);
        assert_eq!(error.field(), Some("fields.code"));
        assert_eq!(error.candidates()[0].reference, "C1");
    }
    base.write(|tx| change(tx, first, "fields.code=A1"));
    base.write(|tx| trash::remove(tx, Noun::Customer, &[first]));
    base.write(|tx| change(tx, second, "fields.code=A1"));
    let error = base
        .try_write(|tx| trash::restore(tx, Noun::Customer, &[first]))
        .expect_err("A1 is taken meanwhile");
    assert_eq!(error.kind(), Kind::Duplicate);
    base.write(|tx| change(tx, second, "fields.code="));
    base.write(|tx| trash::restore(tx, Noun::Customer, &[first]));
    // Two that have the same stand against a new wish.
    let field = define(&mut base, "noun=customer; key=seat; type=integer");
    for id in [first, second] {
        base.write(|tx| change(tx, id, "fields.seat=7"));
    }
    let set = |tx: &WriteTx<'_>| {
        field::edit(
            tx,
            field,
            &assignments("unique=yes"),
            Lists::Replace,
            &Policy::strict(),
        )
    };
    assert_eq!(
        base.try_write(set).expect_err("two have 7").kind(),
        Kind::Duplicate
    );
    base.write(|tx| change(tx, second, "fields.seat=8"));
    base.write(set);
}

#[test]
fn numbers_count_by_themselves_and_stay() {
    let mut base = Base::new();
    let old = base.write(|tx| make(tx, "name=Old"));
    define(&mut base, "noun=customer; key=no; type=auto_number");
    let first = base.write(|tx| make(tx, "name=First"));
    let given = base.write(|tx| make(tx, "name=Given; fields.no=40"));
    let next = base.write(|tx| make(tx, "name=Next"));
    let shown = |base: &Base, id| base.shown(Noun::Customer, id, "fields.no");
    assert_eq!(
        [old, first, given, next].map(|id| shown(&base, id)),
        ["", "1", "40", "41"].map(str::to_owned)
    );
    for (id, text) in [(first, "fields.no=2"), (old, "fields.no=41")] {
        assert_eq!(base.refused(|tx| change(tx, id, text)).0, "fields.no", "{text}");
    }
    base.write(|tx| change(tx, old, "fields.no=2"));
    base.write(|tx| trash::remove(tx, Noun::Customer, &[next]));
    let later = base.write(|tx| make(tx, "name=Later"));
    assert_eq!(shown(&base, later), "42", "a number is not given twice");
}

#[test]
fn links_follow_a_merge_and_come_back() {
    let mut base = Base::new();
    define(&mut base, "noun=customer; key=partner; type=company");
    define(
        &mut base,
        "noun=customer; key=tags2; type=multi_select; options=a,b,c",
    );
    let winner = base.write(|tx| make(tx, "name=Winner; type=company; fields.tags2=a"));
    let loser = base.write(|tx| make(tx, "name=Loser; type=company; fields.tags2=b,c"));
    let third = base.write(|tx| make(tx, "name=Third; fields.partner=Loser"));
    let before = base.image();
    assert_eq!(finds(&base, "fields.partner:loser"), ["Third"]);
    base.write(|tx| merge::merge(tx, winner, &[loser], &Choices::default()));
    assert_eq!(base.shown(Noun::Customer, third, "fields.partner"), "C1");
    assert_eq!(finds(&base, "fields.partner:winner"), ["Third"]);
    assert_eq!(base.shown(Noun::Customer, winner, "fields.tags2"), "a");
    base.check();
    base.undo();
    assert_eq!(base.image(), before);
    // What is linked cannot be unmade under the link.
    base.write(|tx| {
        let error = undo::undo(tx, Some(4))
            .map(drop)
            .expect_err("the third leads to the loser");
        assert_eq!(error.kind(), Kind::Conflict);
        Ok(())
    });
}

#[test]
fn lists_are_added_to_and_replaced() {
    let mut base = Base::new();
    define(
        &mut base,
        "noun=customer; key=sizes; type=multi_select; options=a,b,c",
    );
    let id = base.write(|tx| make(tx, "name=One; fields.sizes=a; fields.sizes=b,a"));
    let shown = |base: &Base| base.shown(Noun::Customer, id, "fields.sizes");
    assert_eq!(shown(&base), "a; b");
    let add = |tx: &WriteTx<'_>, text: &str| {
        customer::edit(tx, id, &assignments(text), Lists::Add, &Policy::strict())
            .map(|outcome| outcome.changed)
    };
    assert!(base.write(|tx| add(tx, "fields.sizes=c,a")));
    assert!(!base.write(|tx| add(tx, "fields.sizes=c,b")));
    assert_eq!(shown(&base), "a; b; c");
    base.write(|tx| change(tx, id, "fields.sizes=c"));
    assert_eq!(shown(&base), "c");
    base.undo();
    assert_eq!(shown(&base), "a; b; c");
    let sizes = base.read(|tx| refer::one(tx, Noun::Field, "sizes"));
    let (field, _) = base.refused(|tx| {
        field::edit(
            tx,
            sizes,
            &assignments("options=a,b"),
            Lists::Replace,
            &Policy::strict(),
        )
    });
    assert_eq!(field, "options", "a record has c");
}

#[test]
fn texts_of_custom_fields_are_found_by_the_search() {
    let mut base = Base::new();
    for text in [
        "key=nick; type=text",
        "key=fax; type=phone",
        "key=story; type=long_text",
    ] {
        define(&mut base, &format!("noun=customer; {text}"));
    }
    let id = base.write(|tx| {
        make(
            tx,
            "name=Ada; fields.nick=小张; fields.fax=+49 30 9018245; fields.story=met in Łódź",
        )
    });
    let found = |base: &Base, words: &str| {
        let hits = base.read(|tx| find::find(tx, words, None, 10));
        hits.iter().any(|hit| hit.link.id == id)
    };
    for words in ["小张", "8245", "lodz"] {
        assert!(found(&base, words), "{words}");
    }
    base.write(|tx| change(tx, id, "fields.nick="));
    assert!(!found(&base, "小张"));
    base.check();
}

#[test]
fn labels_are_kept_by_language() {
    let mut base = Base::new();
    let text = "noun=customer; key=size; type=select; label=Size; label.zh=尺寸; options=S:Small,L:Large; options.zh=小,大";
    let id = define(&mut base, text);
    let labels = |base: &Base| base.shown(Noun::Field, id, "labels option_details");
    let all = labels(&base);
    for part in ["尺寸", "小", "Large"] {
        assert!(all.contains(part), "{all}");
    }
    let who = base.write(|tx| make(tx, "name=Ada; fields.size=大"));
    assert_eq!(base.shown(Noun::Customer, who, "fields.size"), "l");
    assert_eq!(finds(&base, "fields.size:大"), ["Ada"]);
    base.write(|tx| {
        field::edit(
            tx,
            id,
            &assignments("label.zh="),
            Lists::Replace,
            &Policy::strict(),
        )
    });
    assert!(!labels(&base).contains("尺寸"));
    let kinds: Vec<FieldType> = TYPES
        .iter()
        .map(|word| crate::domain::custom::kind(word))
        .collect();
    assert!(kinds.contains(&FieldType::Days));
    let field = base
        .read(|tx| fields::custom(tx, Noun::Customer, "size"))
        .expect("it is there");
    assert_eq!(custom::name_of(&field), "fields.size");
}
