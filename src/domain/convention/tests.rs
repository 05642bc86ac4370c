use jiff::civil::date;
use proptest::prelude::*;

use super::day;
use super::number::{self, Unit, Written};
use super::{Evidence, Finding, Mark, Order, Seen, Way};
use crate::domain::money::Currency;

fn plain(text: &str, mark: Mark) -> Option<String> {
    Written::parse(text)?.plain(mark)
}

#[test]
fn numbers_as_people_and_programs_write_them() {
    // Text, with a point, with a comma.
    let cases: &[(&str, Option<&str>, Option<&str>)] = &[
        ("48000", Some("48000"), Some("48000")),
        ("1,234.56", Some("1234.56"), None),
        ("1.234,56", None, Some("1234.56")),
        ("1.234", Some("1.234"), Some("1234")),
        ("1,234", Some("1234"), Some("1.234")),
        ("1.234.567", None, Some("1234567")),
        ("12,34,567.89", Some("1234567.89"), None),
        ("1'234.50", Some("1234.5"), None),
        ("1’234’567,5", None, Some("1234567.5")),
        ("1 234 567,89", None, Some("1234567.89")),
        ("1\u{202f}234,5 €", None, Some("1234.5")),
        ("12,5", None, Some("12.5")),
        ("0,500", None, Some("0.5")),
        ("1234.567", Some("1234.567"), None),
        ("1,23,45", None, None),
        ("1,234,56", None, None),
        ("1 234.567 8", None, None),
        ("$342.09K", Some("342090"), None),
        ("1.2万", Some("12000"), None),
        ("1.2万元", Some("12000"), None),
        ("3亿", Some("300000000"), Some("300000000")),
        ("￥１２，３４５．６０", Some("12345.6"), None),
        ("2.5 Mio. €", Some("2500000"), None),
        ("(1,234.50)", Some("-1234.5"), None),
        ("$(5.00)", Some("-5"), None),
        ("-$5.25", Some("-5.25"), None),
        ("5.25-", Some("-5.25"), None),
        ("−7", Some("-7"), Some("-7")),
        ("1.38E+10", Some("13800000000"), None),
        ("5e-3", Some("0.005"), Some("0.005")),
        ("60 %", Some("60"), Some("60")),
        (".5", Some("0.5"), None),
        ("007", Some("7"), Some("7")),
        ("-0.00", Some("0"), None),
        ("5 kr.", Some("5"), Some("5")),
        ("CHF 1'000.00", Some("1000"), None),
    ];
    for (text, point, comma) in cases {
        assert_eq!(plain(text, Mark::Point).as_deref(), *point, "{text} with a point");
        assert_eq!(plain(text, Mark::Comma).as_deref(), *comma, "{text} with a comma");
    }
    for text in [
        "",
        "EUR",
        "%",
        "abc",
        "1-2",
        "12 apples",
        "1..2 x",
        "--5",
        "5,",
        "1e99",
        "Q1",
        "()",
    ] {
        assert_eq!(Written::parse(text), None, "{text}");
    }
    for text in ["-", "—", "N/A", "na", " null "] {
        assert!(number::is_nothing(text), "{text}");
    }
    assert!(!number::is_nothing("0") && !number::is_nothing("none"));
}

#[test]
fn a_sign_that_several_currencies_have_is_that_of_the_base_or_the_country() {
    let currency = |code: &str| Currency::parse(code).unwrap();
    for (text, base, region, expected) in [
        ("5 EUR", "USD", None, Some("EUR")),
        ("€5", "USD", None, Some("EUR")),
        ("$5", "EUR", None, Some("USD")),
        ("$5", "AUD", None, Some("AUD")),
        ("$5", "EUR", Some("CA"), Some("CAD")),
        ("US$5", "AUD", None, Some("USD")),
        ("¥5", "CNY", None, Some("CNY")),
        ("¥5", "EUR", Some("cn"), Some("CNY")),
        ("¥5", "EUR", None, Some("JPY")),
        ("￥5", "JPY", None, Some("CNY")),
        ("5 kr", "SEK", None, Some("SEK")),
        ("5 kr", "EUR", Some("NO"), Some("NOK")),
        ("5 kr", "EUR", None, None),
    ] {
        let unit: Unit = Written::parse(text).unwrap().unit.unwrap();
        let found = unit.currency(currency(base), region);
        assert_eq!(found, expected.map(currency), "{text} {base} {region:?}");
    }
}

/// Days that are read in one way, and the way.
const SURE: &[(&str, &str)] = &[
    ("2024-03-05", "2024-03-05"),
    ("2024/3/5", "2024-03-05"),
    ("2024.03.05.", ""),
    ("20240305", "2024-03-05"),
    ("20240305103000", "2024-03-05 10:30:00"),
    ("2024年3月5日", "2024-03-05"),
    ("2024年3月5日 星期二 下午3:04", "2024-03-05 15:04:00"),
    ("2024年03月05日 10:30", "2024-03-05 10:30:00"),
    ("5 Mar 2024", "2024-03-05"),
    ("05-Mar-24", "2024-03-05"),
    ("Mar 5, 2024", "2024-03-05"),
    ("March 5th, 2024 3:04 PM", "2024-03-05 15:04:00"),
    ("Tue, 05 Mar 2024 10:00:00 +0100", "2024-03-05T09:00:00Z"),
    ("Thursday, March 7, 2024", "2024-03-07"),
    ("5. März 2024", "2024-03-05"),
    ("5 juillet 2024", "2024-07-05"),
    ("5 juin 2024", "2024-06-05"),
    ("5 de marzo de 2024", "2024-03-05"),
    ("2024-03-05 10:30", "2024-03-05 10:30:00"),
    ("2024-03-05 10:30:00 UTC", "2024-03-05T10:30:00Z"),
    ("2024-03-05 10:30:00 -0500", "2024-03-05T15:30:00Z"),
    ("45356", "2024-03-05"),
    ("45356.5", "2024-03-05 12:00:00"),
    ("1709600000", "2024-03-05T00:53:20Z"),
    ("25/12/2024", "2024-12-25"),
    ("12/25/2024", "2024-12-25"),
    ("12/25/2024 12:05 AM", "2024-12-25 00:05:00"),
    ("05.03.2024", "2024-03-05"),
    ("5.3.69", "2069-03-05"),
    ("31.12.70", "1970-12-31"),
    ("07/07/2024", "2024-07-07"),
    ("0/0/00", "nothing"),
    ("0000-00-00 00:00:00", "nothing"),
];

#[test]
fn days_as_programs_write_them() {
    for (text, expected) in SURE {
        let found = day::Written::parse(text).map(|written| {
            assert!(!written.is_open() || text.len() < 9, "{text}");
            let order = Order::ALL.into_iter().find(|order| written.fits(*order)).unwrap();
            match written.plain(order) {
                Some(text) if text.is_empty() => "nothing".to_owned(),
                other => other.unwrap(),
            }
        });
        assert_eq!(found.as_deref().unwrap_or(""), *expected, "{text}");
    }
    for (text, days) in [
        ("05/03/2024", [Some("2024-03-05"), Some("2024-05-03"), None]),
        ("5-3-2024", [Some("2024-03-05"), Some("2024-05-03"), None]),
        (
            "05/03/24 8:15 pm",
            [
                Some("2024-03-05 20:15:00"),
                Some("2024-05-03 20:15:00"),
                Some("2005-03-24 20:15:00"),
            ],
        ),
        ("24-03-05", [Some("2005-03-24"), None, Some("2024-03-05")]),
        ("24.03.05", [Some("2005-03-24"), None, Some("2024-03-05")]),
    ] {
        let written = day::Written::parse(text).unwrap();
        assert!(written.is_open(), "{text}");
        let found = Order::ALL.map(|order| written.plain(order));
        assert_eq!(found, days.map(|day| day.map(str::to_owned)), "{text}");
    }
    for text in [
        "",
        "tomorrow",
        "32/13/2024",
        "2024-02-30",
        "1/2",
        "5/2024",
        "12:30",
        "2024",
        "13800138000",
        "a/b/c",
        "5 Foo 2024",
        "下周三",
    ] {
        assert_eq!(day::Written::parse(text), None, "{text}");
    }
    assert_eq!(
        day::in_the_past(date(2045, 5, 17), date(2026, 1, 1)),
        date(1945, 5, 17)
    );
    assert_eq!(
        day::in_the_past(date(1985, 5, 17), date(2026, 1, 1)),
        date(1985, 5, 17)
    );
}

fn days(texts: &[&str]) -> Finding {
    let mut evidence = Evidence::of_days();
    for (line, text) in (2..).zip(texts) {
        if let Some(written) = day::Written::parse(text) {
            let fits = |way| matches!(way, Way::Order(order) if written.fits(order));
            evidence.see(line, text, fits, written.is_open());
        }
    }
    evidence.finding()
}

#[test]
fn a_column_is_read_as_all_its_values_want() {
    let seen = |line, value: &str| Seen {
        line,
        value: value.to_owned(),
    };
    let day_first = Way::Order(Order::DayFirst);
    let month_first = Way::Order(Order::MonthFirst);
    assert_eq!(days(&[]), Finding::Plain);
    assert_eq!(
        days(&["2024-03-05", "x", "5 Mar 2024", "05.03.2024"]),
        Finding::One(day_first, seen(5, "05.03.2024"))
    );
    assert_eq!(days(&["2024-03-05", "45356"]), Finding::Plain);
    assert_eq!(
        days(&["05/03/2024", "25/12/2024", "01/02/2024"]),
        Finding::One(day_first, seen(3, "25/12/2024"))
    );
    assert!(matches!(days(&["05/03/2024", "12/25/2024"]), Finding::One(way, _) if way == month_first));
    assert_eq!(
        days(&["01/01/2024", "05/03/2024"]),
        Finding::Open(vec![day_first, month_first], seen(3, "05/03/2024"))
    );
    assert!(matches!(days(&["25/12/2024", "12/25/2024"]), Finding::None(all) if all.len() > 1));
    assert!(matches!(
        days(&["24-03-05", "32-12-31"]),
        Finding::One(Way::Order(Order::YearFirst), _)
    ));
}

proptest! {
    #[test]
    fn nothing_panics(text in "\\PC{0,30}", rough in "[0-9.,' ()$€¥%kKeE万亿/:年月日Ttamp+-]{0,24}") {
        for text in [text, rough] {
            if let Some(written) = Written::parse(&text) {
                for mark in Mark::ALL {
                    let _ = written.plain(mark);
                }
            }
            if let Some(written) = day::Written::parse(&text) {
                for order in Order::ALL {
                    let _ = written.plain(order);
                }
            }
            number::is_nothing(&text);
        }
    }

    #[test]
    fn numbers_come_back(minor in -10_i64.pow(15)..10_i64.pow(15), places in 0_usize..4, group in prop::sample::select(vec!["", ",", "'", " "]), sign in prop::sample::select(vec!["", "$", "€ "])) {
        let digits = format!("{:0>width$}", minor.unsigned_abs(), width = places + 1);
        let (whole, fraction) = digits.split_at(digits.len() - places);
        let mut grouped = String::new();
        for (at, digit) in whole.chars().enumerate() {
            if at > 0 && (whole.len() - at) % 3 == 0 {
                grouped.push_str(group);
            }
            grouped.push(digit);
        }
        let minus = if minor < 0 { "-" } else { "" };
        let plain_text = if places > 0 { format!("{whole}.{fraction}") } else { whole.to_owned() };
        let with_point = if places > 0 { format!("{minus}{sign}{grouped}.{fraction}") } else { format!("{minus}{sign}{grouped}") };
        let value = plain(&with_point, Mark::Point).unwrap();
        let expected = if plain_text.contains('.') { plain_text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { plain_text };
        prop_assert_eq!(value.trim_start_matches('-'), expected);
        let swapped: String = with_point.chars().map(|c| match c { '.' => ',', ',' => '.', c => c }).collect();
        prop_assert_eq!(plain(&swapped, Mark::Comma), plain(&with_point, Mark::Point));
    }

    #[test]
    fn days_come_back_in_every_order(days in 0_i64..40_000, separator in prop::sample::select(vec!["/", "-"])) {
        let day = date(1950, 1, 1).checked_add(jiff::SignedDuration::from_hours(days * 24)).unwrap();
        let [year, month, number] = [i32::from(day.year()), i32::from(day.month()), i32::from(day.day())];
        for (order, parts) in [(Order::DayFirst, [number, month, year]), (Order::MonthFirst, [month, number, year]), (Order::YearFirst, [year, month, number])] {
            let text = parts.map(|part| part.to_string()).join(separator);
            let written = day::Written::parse(&text).unwrap();
            prop_assert_eq!(written.day(order), Some(day), "{}", text);
        }
    }
}
