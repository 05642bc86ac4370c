//! What holds for every text and every filter.

use proptest::prelude::*;
use proptest::strategy::ValueTree;

use super::{plan, with_context};
use crate::domain::noun::Noun;
use crate::query::ast::{Compare, Expression, Filter, Flag, Operator, Place, Question, Values, Word};
use crate::query::{canonical, explain, parse, resolve};

/// Pieces of filters, right and wrong, to be thrown together.
const SOUP: &[&str] = &[
    "(",
    ")",
    "（",
    "）",
    "|",
    "!",
    "-",
    "+",
    ":",
    "：",
    ",",
    "，",
    ".",
    "..",
    "\"",
    "“",
    "”",
    "\\",
    " ",
    "\u{3000}",
    "and",
    "or",
    "not",
    "is:",
    "has:",
    "no:",
    "~",
    "=",
    ">",
    ">=",
    "<",
    "ne:",
    "gt:",
    "@me",
    "none",
    "today",
    "-30d",
    "2026-12",
    "2026-11-26",
    "9999-12-31",
    "10k",
    "10kEUR",
    "60%",
    "1h",
    "99999999999999999999",
    "yes",
    "acme",
    "张伟",
    "C42",
    "stage",
    "amount",
    "value",
    "due",
    "created",
    "birthday",
    "owner",
    "name",
    "company",
    "deals",
    "count",
    "sum",
    "fields",
    "size",
    "overdue",
    "won",
    "vip",
    "[",
    "*",
    "{",
];

fn soup() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(SOUP), 0..24).prop_map(|pieces| pieces.concat())
}

/// Terms that mostly resolve, so that resolving is reached.
fn likely() -> impl Strategy<Value = String> {
    const DATES: &[&str] = &[
        "2026-11-26",
        "0001-01-01",
        "9999-12-31",
        "-9999-01-01",
        "05-17",
        "today",
        "+1000000y",
        "now",
        "none",
        "2026-12",
    ];
    const NUMBERS: &[&str] = &[
        "10k",
        "-5",
        "0",
        "9223372036854775807",
        "50%",
        "2h",
        "1.5",
        "10kUSD",
    ];
    const WORDS: &[&str] = &[
        "a", "won", "bob", "vip", "A", "D7", "c1", "big", "stage", "@me", "(",
    ];
    const FIELDS: &[(&str, &[&str])] = &[
        ("close", DATES),
        ("created", DATES),
        ("customer.birthday", DATES),
        ("tasks.due", DATES),
        ("fields.pilot_ends", DATES),
        ("amount", NUMBERS),
        ("people.count", NUMBERS),
        ("probability", NUMBERS),
        ("activities.sum.duration", NUMBERS),
        ("product.sum.price", NUMBERS),
        ("name", WORDS),
        ("stage", WORDS),
        ("owner", WORDS),
        ("customer", WORDS),
        ("tags", WORDS),
        ("id", WORDS),
        ("customer.level", WORDS),
        ("customer.fields.size", WORDS),
        ("has", WORDS),
        ("is", WORDS),
        ("name", DATES),
        ("amount", WORDS),
    ];
    const SIGNS: &[&str] = &["", "", "=", "~", ">", ">=", "<", "<=", "ne:", ".."];
    let term = prop::sample::select(FIELDS).prop_flat_map(|(field, values)| {
        (
            Just(field),
            prop::sample::select(SIGNS),
            prop::sample::select(values),
            prop::option::weighted(0.3, prop::sample::select(values)),
            prop::sample::select(&[",", ".."][..]),
        )
    });
    term.prop_map(|(field, sign, value, second, between)| match second {
        Some(second) => format!("{field}:{sign}{value}{between}{second}"),
        None => format!("{field}:{sign}{value}"),
    })
}

fn word(text: String) -> Word {
    Word {
        text,
        place: Place::default(),
    }
}

/// Any text that a quotation can hold.
fn anything() -> impl Strategy<Value = Word> {
    prop_oneof![
        "[a-z]{1,6}",
        "[-+!.,:=<>~|()\"“”\\\\ a张：，0-9%@]{1,8}",
        any::<String>(),
        prop::sample::select(&["and", "OR", "not", "+491751234567", "gt:1", "a..b", "..", "a\\"][..])
            .prop_map(str::to_owned),
    ]
    .prop_filter("blank", |text| !text.trim().is_empty())
    .prop_map(word)
}

fn names() -> impl Strategy<Value = Vec<Word>> {
    let flag = |names: &Vec<Word>| matches!(names.as_slice(), [only] if ["is", "has", "no"].contains(&only.text.as_str()));
    prop::collection::vec("[a-z张][a-z0-9_张-]{0,6}".prop_map(word), 1..4)
        .prop_filter("a flag", move |names| !flag(names))
}

fn compare() -> impl Strategy<Value = Expression> {
    let any = |values: Vec<Word>| Values::Any(values);
    let several = prop::collection::vec(anything(), 1..4).prop_map(any);
    let one = anything().prop_map(|value| Values::Any(vec![value]));
    let range = prop_oneof![
        (anything(), prop::option::of(anything())).prop_map(|(low, high)| Values::Range(Some(low), high)),
        anything().prop_map(|high| Values::Range(None, Some(high))),
    ];
    let many = prop::sample::select(&[Operator::Plain, Operator::Whole, Operator::Unlike][..]);
    let single = prop::sample::select(
        &[
            Operator::Matches,
            Operator::Above,
            Operator::AtLeast,
            Operator::Below,
            Operator::AtMost,
        ][..],
    );
    let ranged = prop::sample::select(&[Operator::Plain, Operator::Whole][..]);
    let right = prop_oneof![(many, several), (single, one), (ranged, range)];
    (names(), right).prop_map(|(names, (operator, values))| {
        Expression::Compare(Compare {
            names,
            operator,
            values,
            place: Place::default(),
        })
    })
}

fn expression() -> impl Strategy<Value = Expression> {
    let question = prop::sample::select(&[Question::Is, Question::Has, Question::No][..]);
    let leaf = prop_oneof![
        anything().prop_map(Expression::Text),
        anything().prop_map(Expression::Tag),
        (question, names()).prop_map(|(question, names)| Expression::Flag(Flag { question, names })),
        compare(),
    ];
    leaf.prop_recursive(5, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 1..4).prop_map(Expression::and),
            prop::collection::vec(inner.clone(), 1..4).prop_map(Expression::or),
            inner.prop_map(Expression::negation),
        ]
    })
}

/// Parses, prints, resolves and renders whatever comes.
fn survive(text: &str) {
    let filter = match parse(text) {
        Ok(filter) => filter,
        Err(error) => {
            assert!(
                error.span.start <= error.span.end && error.span.end <= text.len(),
                "{error:?}"
            );
            assert_eq!(error.render(text).lines().count(), 2, "{error:?}");
            return;
        }
    };
    let printed = filter.to_string();
    assert_eq!(parse(&printed).as_ref(), Ok(&filter), "{printed}");
    for noun in Noun::ALL {
        with_context(|context| match resolve(&filter, noun, context) {
            Ok(condition) => {
                explain(&condition);
                if let Ok(form) = canonical(&filter, noun, context) {
                    assert_eq!(resolve(&form, noun, context), Ok(condition), "{form}");
                }
            }
            Err(error) => {
                let lines = error.render(text);
                assert!(lines.contains('^'), "{error:?}\n{lines}");
            }
        });
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn any_text_is_survived(text in any::<String>()) {
        survive(&text);
    }

    #[test]
    fn token_soup_is_survived(text in soup()) {
        survive(&text);
    }

    #[test]
    fn likely_terms_are_survived(text in likely()) {
        survive(&text);
    }

    #[test]
    fn printing_and_parsing_is_the_identity(expression in expression()) {
        let filter = Filter { expression: Some(expression) };
        let printed = filter.to_string();
        prop_assume!(printed.len() <= crate::query::MAX_BYTES);
        prop_assert_eq!(parse(&printed), Ok(filter), "{}", printed);
    }
}

#[test]
fn likely_terms_do_resolve() {
    // The laws above say little if everything is refused.
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let resolved = (0..500)
        .filter(|_| {
            let text = likely().new_tree(&mut runner).unwrap().current();
            plan(Noun::Deal, &text).is_ok()
        })
        .count();
    assert!(resolved > 100, "{resolved} of 500");
}
