//! A morning at the dashboard by real keys: somebody is found, called and followed up, a deal moves, one is lost and comes
//! back. What it did is asked of the base by commands.

use crate::dashboard::base;
use crate::env::Env;
use crate::pty::Terminal;

/// The story in a terminal of this size.
fn told(env: &Env, size: (u16, u16)) {
    let mut terminal = Terminal::dashboard(env, size, &[]);
    // Somebody is found by the initials of the name, in two keys.
    terminal.press("2");
    terminal.press("/");
    terminal.enter("zw");
    terminal.press("\r");
    terminal.shows("Customers 1 of");
    // A call is logged.
    terminal.press("a");
    terminal.press("c");
    terminal.shows("Call with 张伟");
    terminal.enter("Wants the quote 报价 by Friday");
    terminal.press("\u{13}");
    terminal.shows("takes it back");
    // The next step is set by a phrase that answers.
    terminal.press("f");
    terminal.shows("Next step with 张伟");
    terminal.input(&"\u{7f}".repeat(3), 3);
    terminal.enter("fri 15:00");
    terminal.shows("Fri 27 Nov 2026 15:00");
    terminal.press("\r");
    terminal.shows("Added task T1");
    // A deal moves a stage on.
    terminal.press("3");
    terminal.shows("Fleet renewal");
    terminal.press("L");
    terminal.shows("Qualification 1");
    // It is lost for a reason, and that is taken back.
    terminal.press("m");
    terminal.press("x");
    terminal.press("p");
    terminal.shows("Reason: Price");
    terminal.enter("too dear");
    terminal.press("\u{13}");
    terminal.shows("Lost 1");
    assert_eq!(
        env.ok("deal show D1 --template '{status} {lost_reason}'"),
        "lost price\n"
    );
    terminal.press("z");
    terminal.shows("does it again");
    assert_eq!(
        env.ok("deal show D1 --template '{status} {stage}'"),
        "open qualification\n"
    );
    terminal.input("Q", 1);
    assert_eq!(terminal.end(), 0);
    assert_eq!(
        env.ok("activity list -w type:call --format tsv -F customer.name,text"),
        "张伟\tWants the quote 报价 by Friday\n"
    );
    assert_eq!(
        env.ok("task show T1 --template '{type} {due} {customer.name}'"),
        "follow_up 2026-11-27T15:00 张伟\n"
    );
}

#[test]
fn a_morning_at_eighty_columns() {
    told(&base(), (24, 80));
}

#[test]
fn a_morning_at_a_hundred_and_twenty() {
    told(&base(), (40, 120));
}
