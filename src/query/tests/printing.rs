//! Text to canonical text.

use super::with_context;
use crate::domain::noun::Noun;
use crate::query::{canonical, parse};

#[test]
fn printed_form() {
    for (text, expected) in [
        ("", ""),
        ("  \u{3000} ", ""),
        ("status:active city:berlin", "status:active city:berlin"),
        ("a and b or c", "a b or c"),
        ("a (b | c) d", "a (b or c) d"),
        ("(a b) c", "a b c"),
        ("(a | b) | c", "a or b or c"),
        ("((a))", "a"),
        ("a AND NOT b", "a -\"b\""),
        ("!is:done", "not is:done"),
        ("-is:done", "not is:done"),
        ("not not a", "not -\"a\""),
        ("not (a b)", "not (a b)"),
        ("-(a | b)", "not (a or b)"),
        ("not stage:won", "-stage:won"),
        ("+vip -cold", "+vip -cold"),
        ("not +vip", "-vip"),
        (
            "+\"key account\" -\"key account\"",
            "+\"key account\" -\"key account\"",
        ),
        ("not +\"key account\"", "not +\"key account\""),
        ("+vip:x\"", "error"),
        ("\"schmidt & co\" no:email", "\"schmidt & co\" no:email"),
        ("\"plain\"", "plain"),
        ("\"or\" or \"and\"", "\"or\" or \"and\""),
        ("“张 伟”", "\"张 伟\""),
        ("城市：北京，上海", "城市:北京,上海"),
        ("（张伟 | 李娜）\u{3000}+vip", "(张伟 or 李娜) +vip"),
        ("value:gt:10k", "value:>10k"),
        (
            "value:GE:10k value:le:5 a:lt:1 b:ne:x",
            "value:>=10k value:<=5 a:<1 b:ne:x",
        ),
        ("name:=Acme", "name:=Acme"),
        ("name:\"gt:x\"", "name:\"gt:x\""),
        ("name:\"=x\"", "name:\"=x\""),
        ("due:..today", "due:..today"),
        ("due:\"fri 3pm\"..", "due:\"fri 3pm\".."),
        ("a:1.5..2.5", "a:1.5..2.5"),
        ("name:\"a..b\"", "name:\"a..b\""),
        ("name:\"a,b\",c", "name:\"a,b\",c"),
        ("name:~^a(b|c)+,d{1,2}$ x", "name:~^a(b|c)+,d{1,2}$ x"),
        ("(name:~a(b|c))", "name:~a(b|c)"),
        ("name:~\"\\d \\\"\"", "name:~\"\\\\d \\\"\""),
        ("name:~\"a|b\"", "name:~a|b"),
        ("+4915112345678 +2024", "+4915112345678 +2024"),
        ("+\"123456\"", "+\"123456\""),
        ("o'brien a,b wow! x-y", "o'brien a,b wow! x-y"),
        ("deals.sum.amount:10k..", "deals.sum.amount:10k.."),
        ("external_id:erp:17", "external_id:erp:17"),
    ] {
        let printed = parse(text).map_or_else(|_| "error".to_owned(), |filter| filter.to_string());
        assert_eq!(printed, expected, "{text}");
        if printed != "error" {
            assert_eq!(parse(&printed), parse(text), "{text}");
        }
    }
}

#[test]
fn canonical_form() {
    for (noun, text, expected) in [
        (
            Noun::Deal,
            "value:50k.. close:2026-12-01",
            "amount:50k.. expected_close:2026-12-01",
        ),
        (
            Noun::Deal,
            "阶段:商务谈判,\"needs analysis\"",
            "stage:negotiation,needs_analysis",
        ),
        (Noun::Deal, "stage:Proposal", "stage:proposal"),
        (Noun::Deal, "Forecast-Category:COMMIT", "category:commit"),
        (
            Noun::Deal,
            "owner:@me sales_agent:\"anna kowalski\"",
            "owner:@me owner:\"Anna Kowalski\"",
        ),
        (Noun::Deal, "is:nextless -is:Won", "is:no_next_step not is:won"),
        (
            Noun::Customer,
            "no:email has:phone no:deals",
            "no:emails has:phones no:deals",
        ),
        (Noun::Customer, "company.town:berlin", "company.city:berlin"),
        (
            Noun::Customer,
            "Deals.SUM.value:10k.. DEALS.count:>1",
            "deals.sum.amount:10k.. deals.count:>1",
        ),
        (Noun::Customer, "Fields.SIZE:大", "fields.size:big"),
        (
            Noun::Customer,
            "+VIP -Cold-List lead_source:展会",
            "+vip -cold-list source:trade_show",
        ),
        (
            Noun::Task,
            "priority:High.. for:acme",
            "priority:high.. customer:acme",
        ),
    ] {
        let filter = parse(text).unwrap();
        let form = with_context(|context| canonical(&filter, noun, context)).unwrap();
        assert_eq!(form.to_string(), expected, "{text}");
        let again = with_context(|context| canonical(&form, noun, context)).unwrap();
        assert_eq!(again, form, "canonical twice: {text}");
    }
}

#[test]
fn canonical_text_stays_within_the_limit() {
    let text = vec!["close:2026-01-01"; 200].join(" ");
    let filter = parse(&text).unwrap();
    let refused = with_context(|context| canonical(&filter, Noun::Deal, context)).unwrap_err();
    assert_eq!(refused.kind, crate::query::error::QueryErrorKind::TooLong);
}
