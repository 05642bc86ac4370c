//! Orders as a seller meets them: on the agenda, as a document, in numbers.

use crate::env::Env;

/// An order of 杭州云帆 for 3,000.00, due yesterday.
fn base() -> Env {
    let env = Env::new();
    env.ok("init --currency EUR");
    env.ok("customer add 杭州云帆 --type company --city 杭州 --country CN --field language=zh --field tax_id=9133");
    env.ok("customer add 张伟 --company 杭州云帆");
    env.ok(
        "order add 'Trackers | pilot' --customer C1 --contact C2 --line 'Crane x3 @1000 -10% +19%' --due yesterday \
         --on -10d --promised yesterday --field 'terms=30 days <net>'",
    );
    env.ok("order confirm O1 --on -9d");
    env
}

#[test]
fn what_is_late_is_on_the_agenda_until_it_is_paid_and_there() {
    let env = base();
    let today = |filter: &str| env.ok(&format!("today {filter} --template '{{section}} {{id}} {{why}}'"));
    assert_eq!(today("-w is:undelivered"), "orders O1 payment 1 day late\n");
    let told = env.ok("remind --name mail --template '{section} {id} {why}'");
    assert_eq!(told, "orders O1 payment 1 day late\n");
    assert_eq!(env.ok("remind --name mail"), "");
    let brief = env.ok("brief C1");
    assert!(
        brief.contains("Ask when Trackers | pilot will be paid"),
        "{brief}"
    );
    env.ok("order pay O1");
    assert_eq!(today("-w is:undelivered"), "orders O1 delivery 1 day late\n");
    env.ok("order complete O1");
    assert_eq!(today("-w is:undelivered"), "");
    let parts = "order plan O1 30%@tomorrow rest@+30d --remind 91";
    assert_eq!(env.run(parts).code, 5);
}

#[test]
fn an_order_is_printed_in_the_language_of_the_customer() {
    let env = base();
    env.ok("config set seller 'Kontor & Sons'");
    env.ok("config set seller_address '1 Quay; Bristol'");
    env.ok("config set seller_account 'IBAN GB00'");
    let printed = env.ok("order print O1");
    for text in [
        "# 订单 O1",
        "Kontor \\& Sons\\\n1 Quay\\\nBristol",
        "杭州云帆\\\n杭州\\\n中国\\\n联系人: 张伟\\\n税号: 9133",
        "**Trackers \\| pilot**",
        "| 1 | Crane | 3 | 1,000.00 EUR | 10% | 19% | 2,700.00 EUR |",
        "| 税 19% | 513.00 EUR |",
        "| **合计** | **3,213.00 EUR** |",
        "IBAN GB00",
        "30 days \\<net\\>",
    ] {
        assert!(printed.contains(text), "{text}: {printed}");
    }
    let page = env.ok("order print O1 --lang en --format html");
    for text in [
        "<h1>Order O1</h1>",
        "Kontor &amp; Sons",
        "30 days &lt;net&gt;",
        "China",
    ] {
        assert!(page.contains(text), "{text}: {page}");
    }
    let file = env.home().join("order.html");
    env.ok(&format!("order print O1 -o {}", file.display()));
    let written = std::fs::read_to_string(&file).expect("the page");
    assert!(
        written.starts_with("<!DOCTYPE html>") && written.contains("订单 O1"),
        "{written}"
    );
    for refused in ["order print O1 --lang de", "order print O1 --format csv"] {
        assert_eq!(env.run(refused).code, 2, "{refused}");
    }
    assert_eq!(env.run("order print O2").code, 3);
}

#[test]
fn orders_are_counted_by_what_was_asked_for() {
    let env = base();
    env.ok("order pay O1 1000 --on today");
    let report = env.ok("report orders --by customer --format csv");
    let row = report.lines().nth(1).unwrap_or_default();
    assert!(
        row.starts_with("杭州云帆,1,3213.00,EUR,3213.00,EUR,1000.00,EUR,3213.00,EUR,"),
        "{report}"
    );
    assert!(env.ok("report orders --format csv").contains("revenue"));
    assert_eq!(env.ok("report orders --records --format ids"), "O1\n");
    assert_eq!(env.run("report won --by status").code, 2);
}
