//! What is refused, with the place and what was near.

use super::plan;
use crate::domain::noun::Noun;
use crate::error::Kind;
use crate::query::error::QueryErrorKind;
use crate::query::{MAX_DEPTH, parse};

/// The message, the expression, the carets and what is near, as a front end puts them.
fn shown(noun: Noun, text: &str) -> String {
    let error = plan(noun, text).expect_err(text);
    let near = if error.near.is_empty() {
        String::new()
    } else {
        format!("\n? {}", error.near.join(", "))
    };
    format!("{error}\n{}{near}", error.render(text))
}

#[test]
fn grammar() {
    for (text, expected) in [
        ("(a b", "the parenthesis is never closed\n(a b\n^"),
        ("a) b", "a closing parenthesis without an opening one\na) b\n ^"),
        ("a or", "a condition is missing at the end\na or\n    ^"),
        ("and a", "a condition is missing before this\nand a\n^^^"),
        ("a () b", "a condition is missing before this\na () b\n   ^"),
        ("not", "a condition is missing at the end\nnot\n   ^"),
        ("a | | b", "a condition is missing before this\na | | b\n    ^"),
        ("name:\"abc", "the quote is never closed\nname:\"abc\n     ^^^^"),
        ("\"abc\"def", "a blank is missing here\n\"abc\"def\n     ^"),
        ("ab\"c\"", "a quote in the middle of a word\nab\"c\"\n  ^"),
        ("a \"\"", "nothing between the quotes\na \"\"\n  ^^"),
        ("stage: won", "the value is missing\nstage: won\n      ^"),
        (
            "stage:won, lost",
            "a value is missing at the comma\nstage:won, lost\n          ^",
        ),
        ("amount:>1,2", "> takes one value\namount:>1,2\n        ^^^"),
        (
            "amount:>1..2",
            "> takes one value, not a range\namount:>1..2\n        ^^^^",
        ),
        (
            "amount:..",
            "a range needs one end at least\namount:..\n       ^^",
        ),
        (
            "amount:1..2,3",
            "a range ends with its second value\namount:1..2,3\n           ^",
        ),
        (
            "amount:1,2..3",
            "a range cannot be one of several values\namount:1,2..3\n          ^",
        ),
        (":x", "the name of a field is missing before the colon\n:x\n^"),
        (
            "a..b:x",
            "the name of a field is missing before the colon\na..b:x\n  ^",
        ),
        ("a/b:x", "'/' in the name of a field\na/b:x\n ^"),
        ("is:", "a name is missing after is:\nis:\n   ^"),
        (
            "is:won,lost",
            "',' after is:, which takes one name\nis:won,lost\n      ^",
        ),
        ("name:~", "the regular expression is missing\nname:~\n      ^"),
        (
            "name:x(y)",
            "a parenthesis directly after a word\nname:x(y)\n      ^",
        ),
        ("+", "the name of a tag is missing\n+\n ^"),
        ("a - b", "the name of a tag is missing\na - b\n   ^"),
        ("+a:b", "':' in the name of a tag\n+a:b\n  ^"),
    ] {
        assert_eq!(shown(Noun::Deal, text), expected, "{text}");
    }
}

#[test]
fn unknown_names() {
    for (noun, text, expected) in [
        (
            Noun::Deal,
            "+vip stgae:won",
            "a deal has no field \"stgae\"\n+vip stgae:won\n     ^^^^^\n? stage",
        ),
        (
            Noun::Customer,
            "城市：北京 emial：x",
            "a customer has no field \"emial\"\n城市：北京 emial：x\n           ^^^^^\n? email",
        ),
        (
            Noun::Customer,
            "size:big",
            "a customer has no field \"size\"\nsize:big\n^^^^\n? fields.size",
        ),
        (
            Noun::Customer,
            "fields.siez:big",
            "a customer has no custom field \"siez\"\nfields.siez:big\n       ^^^^\n? size",
        ),
        (
            Noun::Customer,
            "company.ctiy:x",
            "a customer has no field \"ctiy\"\ncompany.ctiy:x\n        ^^^^\n? city",
        ),
        (
            Noun::Customer,
            "invoices.count:1",
            "a customer has no field \"invoices\"\ninvoices.count:1\n^^^^^^^^",
        ),
        (
            Noun::Deal,
            "is:wno",
            "a deal cannot be \"wno\"\nis:wno\n   ^^^\n? won",
        ),
        (
            Noun::Deal,
            "stage:propsal",
            "there is no stage \"propsal\"\nstage:propsal\n      ^^^^^^^\n? proposal, Proposal",
        ),
        (
            Noun::Deal,
            "owner:kowalski",
            "there is no user \"kowalski\"\nowner:kowalski\n      ^^^^^^^^\n? Anna Kowalski",
        ),
        (
            Noun::Deal,
            "a +重典",
            "there is no tag \"重典\"\na +重典\n   ^^^^\n? 重点",
        ),
        (
            Noun::Customer,
            "level:D",
            "there is no level \"D\"\nlevel:D\n      ^\n? A, B, C",
        ),
    ] {
        assert_eq!(shown(noun, text), expected, "{text}");
    }
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table of cases")]
fn senseless_requests() {
    for (noun, text, kind, message) in [
        (
            Noun::Customer,
            "city:>b",
            QueryErrorKind::Operator,
            "city has no order, it takes no range",
        ),
        (
            Noun::Customer,
            "city:a..b",
            QueryErrorKind::Operator,
            "city has no order, it takes no range",
        ),
        (
            Noun::Deal,
            "stage:won..",
            QueryErrorKind::Operator,
            "stage has no order, it takes no range",
        ),
        (
            Noun::Deal,
            "amount:~5",
            QueryErrorKind::Operator,
            "amount is not text, it takes no regular expression",
        ),
        (
            Noun::Deal,
            "lines:x",
            QueryErrorKind::Operator,
            "lines has no value to compare, it can only be there or not",
        ),
        (
            Noun::Customer,
            "has:deals.count",
            QueryErrorKind::Operator,
            "deals.count is never missing",
        ),
        (
            Noun::Deal,
            "amount:10..5",
            QueryErrorKind::Value,
            "the range ends before it begins",
        ),
        (
            Noun::Deal,
            "amount:1USD..5EUR",
            QueryErrorKind::Value,
            "the ends of the range are in two currencies",
        ),
        (
            Noun::Customer,
            "deals.sum.amount:5USD",
            QueryErrorKind::Value,
            "sums are in EUR, not in USD",
        ),
        (
            Noun::Customer,
            "deals.sum.name:5",
            QueryErrorKind::UnknownField,
            "name of a deal cannot be summed",
        ),
        (
            Noun::Customer,
            "city.name:x",
            QueryErrorKind::UnknownField,
            "city of a customer is not another record, it has no fields",
        ),
        (
            Noun::Customer,
            "company.parent.parent.parent.city:x",
            QueryErrorKind::UnknownField,
            "the path has more than 3 steps",
        ),
        (
            Noun::Customer,
            "company.parent.parent.deals:x",
            QueryErrorKind::UnknownField,
            "the path has more than 3 steps",
        ),
        (
            Noun::Deal,
            "probability:101",
            QueryErrorKind::Value,
            "\"101\" is not a percentage from 0 to 100",
        ),
        (
            Noun::Customer,
            "employees:few",
            QueryErrorKind::Value,
            "\"few\" is not a whole number",
        ),
        (
            Noun::Customer,
            "dnc:maybe",
            QueryErrorKind::Value,
            "\"maybe\" is neither yes nor no",
        ),
        (
            Noun::Customer,
            "id:D7",
            QueryErrorKind::Value,
            "\"D7\" is not the ref of a customer",
        ),
        (
            Noun::Customer,
            "uid:7",
            QueryErrorKind::Value,
            "\"7\" is not a uid",
        ),
        (
            Noun::Activity,
            "duration:1x",
            QueryErrorKind::Value,
            "\"1x\" is not a length of time",
        ),
        (
            Noun::Customer,
            "name:~a(",
            QueryErrorKind::Value,
            "not a regular expression: unclosed group",
        ),
        (
            Noun::Customer,
            "is.x:y",
            QueryErrorKind::UnknownField,
            "a customer has no field \"is\"",
        ),
        (
            Noun::Customer,
            "is:a.b",
            QueryErrorKind::Syntax,
            "is: takes one word, not a path",
        ),
    ] {
        let error = plan(noun, text).expect_err(text);
        assert_eq!((error.kind, error.message.as_str()), (kind, message), "{text}");
        assert!(
            text.get(error.span.clone()).is_some_and(|part| !part.is_empty()),
            "{text}"
        );
    }
}

#[test]
fn limits() {
    let nested = |depth: usize| format!("{}a{}", "(".repeat(depth), ")".repeat(depth));
    assert!(parse(&nested(MAX_DEPTH)).is_ok());
    assert_eq!(
        parse(&nested(MAX_DEPTH + 1)).unwrap_err().kind,
        QueryErrorKind::TooDeep
    );
    assert_eq!(
        parse(&"!".repeat(4000)).unwrap_err().kind,
        QueryErrorKind::TooDeep
    );
    assert!(parse(&"a ".repeat(2048)).is_ok());
    assert_eq!(
        parse(&"a ".repeat(2049)).unwrap_err().kind,
        QueryErrorKind::TooLong
    );
}

#[test]
fn hostile_and_long_text_is_shown_on_one_line() {
    let text = format!(
        "a\u{1b}[31m\n\u{202e}b {} nonsense:x {}",
        "长".repeat(80),
        "y".repeat(80)
    );
    let error = plan(Noun::Deal, &text).unwrap_err();
    let shown = error.render(&text);
    assert_eq!(shown.lines().count(), 2);
    assert!(!shown.contains('\u{1b}') && !shown.contains('\u{202e}'));
    let (line, carets) = shown.split_once('\n').unwrap();
    assert!(line.starts_with('…') && line.ends_with('…'), "{line}");
    assert_eq!(carets.trim_start().len(), "nonsense".len());
    // Found by a law: a combining mark alone has no width.
    let error = plan(Noun::Deal, "a\u{31c}:x").unwrap_err();
    assert_eq!(error.render("a\u{31c}:x"), "a\u{31c}:x\n ^");
}

#[test]
fn becomes_an_error_of_the_library() {
    let text = "stgae:won";
    let error = plan(Noun::Deal, text).unwrap_err().into_error(text);
    assert_eq!(error.kind(), Kind::Usage);
    assert_eq!(
        error.message(),
        "a deal has no field \"stgae\"\n  stgae:won\n  ^^^^^"
    );
    assert_eq!(error.near(), ["stage"]);
    let without_text: crate::Error = plan(Noun::Deal, text).unwrap_err().into();
    assert_eq!(without_text.message(), "a deal has no field \"stgae\"");
}
