use jiff::civil::date;
use proptest::prelude::*;

use super::*;
use crate::domain::money::Currency;
use crate::domain::paper::{Due, Kind, Language, Received};

fn paper() -> Paper {
    Paper {
        kind: Kind::Order,
        language: Language::English,
        number: "O12".to_owned(),
        title: "Trackers | <b>".to_owned(),
        is_draft: false,
        is_void: false,
        on: date(2026, 11, 7),
        due_on: None,
        promised_on: Some(date(2026, 11, 30)),
        valid_until: None,
        seller: Some(Party {
            name: "Kontor & Sons".to_owned(),
            contact: String::new(),
            lines: vec!["1 Quay".to_owned(), "Leeds".to_owned()],
            tax_id: "GB 1".to_owned(),
        }),
        account: vec!["IBAN GB00".to_owned()],
        buyer: Party {
            name: "杭州云帆".to_owned(),
            contact: "张伟".to_owned(),
            lines: vec!["杭州".to_owned()],
            tax_id: String::new(),
        },
        items: items(),
        currency: Currency::parse("EUR").unwrap(),
        tax: Tax::Added,
        subtotal: 275_000,
        discount: 5_000,
        shipping: 990,
        taxes: vec![(1_900, 41_973)],
        total: 312_963,
        plan: vec![Due {
            on: date(2026, 12, 1),
            amount: 312_963,
            paid: 100_000,
        }],
        received: vec![
            Received {
                on: date(2026, 11, 8),
                amount: 110_000,
                is_refund: false,
                method: "wechat_pay".to_owned(),
                reference: "a_b".to_owned(),
            },
            Received {
                on: date(2026, 11, 9),
                amount: 10_000,
                is_refund: true,
                method: "bank_transfer".to_owned(),
                reference: String::new(),
            },
        ],
        paid: 100_000,
        balance: 212_963,
        terms: "30 days\n2 % off within 10".to_owned(),
    }
}

/// A product with everything, and a line of free text.
fn items() -> Vec<Item> {
    vec![
        Item {
            code: "TRK".to_owned(),
            name: "Tracker".to_owned(),
            quantity: 2_500,
            unit: "h".to_owned(),
            unit_price: 100_000,
            discount: 1_000,
            tax_rate: 1_900,
            amount: 225_000,
        },
        Item {
            name: "安装".to_owned(),
            quantity: 1_000,
            unit_price: 50_000,
            amount: 50_000,
            ..Item::default()
        },
    ]
}

#[test]
fn an_order_as_markdown() {
    let expected = "# Order O12

**Trackers \\| \\<b\\>**

**Seller**\\
Kontor \\& Sons\\
1 Quay\\
Leeds\\
Tax ID: GB 1

**Customer**\\
杭州云帆\\
杭州\\
Contact: 张伟

- Date: 7 November 2026
- Delivery by: 30 November 2026

| No. | Description | Quantity | Unit price | Discount | Tax | Amount |
| ---: | --- | ---: | ---: | ---: | ---: | ---: |
| 1 | Tracker (TRK) | 2.5 h | 1,000.00 EUR | 10% | 19% | 2,250.00 EUR |
| 2 | 安装 | 1 | 500.00 EUR |  |  | 500.00 EUR |

| | |
| --- | ---: |
| Subtotal | 2,750.00 EUR |
| Discount | -50.00 EUR |
| Shipping | 9.90 EUR |
| Tax 19% | 419.73 EUR |
| **Total** | **3,129.63 EUR** |
| Paid | 1,000.00 EUR |
| Balance due | 2,129.63 EUR |

## Payment plan

| To be paid by | Amount | Paid |
| --- | ---: | ---: |
| 1 December 2026 | 3,129.63 EUR | 1,000.00 EUR |

## Payments

| Date | Method | Reference | Amount |
| --- | --- | --- | ---: |
| 8 November 2026 | WeChat Pay | a\\_b | 1,100.00 EUR |
| 9 November 2026 | Refund, Bank transfer |  | -100.00 EUR |

## Payment to

IBAN GB00

## Terms

30 days\\
2 % off within 10
";
    assert_eq!(markdown(&paper()), expected);
}

#[test]
fn a_page_in_chinese_that_stands_alone() {
    let mut paper = paper();
    paper.language = Language::Chinese;
    paper.is_draft = true;
    paper.currency = Currency::parse("JPY").unwrap();
    let page = html(&paper);
    for text in [
        "<html lang=\"zh-CN\">",
        "<h1>订单 O12 <span class=\"mark\">草稿</span></h1>",
        "Trackers | &lt;b&gt;",
        "Kontor &amp; Sons<br>",
        "<dt>交货日期</dt><dd>2026年11月30日</dd>",
        "<td>Tracker (TRK)</td><td class=\"number\">2.5 h</td><td class=\"number\">100,000 JPY</td>",
        "<tr class=\"total\"><td>合计</td><td class=\"number\">312,963 JPY</td></tr>",
        "<td>退款, 银行转账</td>",
        "@page { size: A4",
    ] {
        assert!(page.contains(text), "{text}: {page}");
    }
    for text in ["<b>", "<script", "http", "url("] {
        assert!(!page.contains(text), "{text}");
    }
    paper.is_void = true;
    assert!(html(&paper).contains("作废"));
}

#[test]
fn what_is_not_there_is_not_told() {
    let mut paper = paper();
    paper.seller = None;
    paper.account.clear();
    paper.items.truncate(1);
    paper.items[0].discount = 0;
    paper.items[0].tax_rate = 0;
    paper.discount = 0;
    paper.taxes.clear();
    paper.plan.clear();
    paper.received.clear();
    paper.terms.clear();
    paper.due_on = Some(date(2026, 12, 7));
    paper.kind = Kind::Quote;
    paper.valid_until = Some(date(2026, 12, 1));
    let text = markdown(&paper);
    for word in [
        "Seller",
        "Payment",
        "Terms",
        "| Discount |",
        "Tax",
        "Paid",
        "Balance",
    ] {
        assert!(!text.contains(word), "{word}: {text}");
    }
    for word in [
        "# Quote O12",
        "Valid until: 1 December 2026",
        "To be paid by: 7 December 2026",
    ] {
        assert!(text.contains(word), "{word}: {text}");
    }
}

proptest! {
    #[test]
    fn nothing_that_stands_in_it_means_anything(text in "\\PC{0,40}", minor in any::<i64>()) {
        let mut paper = paper();
        paper.title.clone_from(&text);
        paper.buyer.name.clone_from(&text);
        paper.terms.clone_from(&text);
        paper.items[0].name = format!("<script>{text}</td>|\n");
        paper.total = minor;
        paper.discount = minor;
        paper.received[1].amount = minor;
        let page = html(&paper);
        prop_assert!(!page.contains("<script"));
        prop_assert_eq!(page.matches("</td>").count(), html(&super::tests::paper()).matches("</td>").count());
        let rows = |text: &str| text.lines().filter(|line| line.starts_with("| ")).count();
        let plain = markdown(&super::tests::paper());
        prop_assert_eq!(rows(&markdown(&paper)), rows(&plain));
    }
}
