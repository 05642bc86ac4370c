//! What others do with the base while the dashboard shows it, and what comes back after it was left.

use crate::dashboard::{base, started};

/// The line of the cursor, as it is drawn.
fn cursor(terminal: &crate::pty::Terminal) -> String {
    let lines = terminal.text();
    let line = lines.lines().find(|line| line.contains('▌'));
    line.unwrap_or_default().to_owned()
}

#[test]
fn row_30_a_locked_base_keeps_nobody_waiting() {
    let env = base();
    let mut terminal = started(&env);
    terminal.press("2");
    terminal.press("G");
    #[expect(clippy::disallowed_methods, reason = "another program that has the base")]
    let other = rusqlite::Connection::open(env.base()).expect("the base");
    other.execute_batch("BEGIN IMMEDIATE").expect("a lock");
    // The write waits; keys do not.
    terminal.send("d");
    terminal.send("k");
    terminal.until("the cursor on the row above", |terminal| {
        cursor(terminal).contains("张伟")
    });
    other.execute_batch("ROLLBACK").expect("the lock is given back");
    terminal.shows("to the trash");
    terminal.shows("Customers 3");
    terminal.input("Q", 1);
    assert_eq!(terminal.end(), 0);
    assert_eq!(env.ok("customer list --format ids").lines().count(), 3);
}

#[test]
fn row_34_what_others_write_is_seen_and_the_cursor_stays() {
    let env = base();
    let mut one = started(&env);
    let mut other = started(&env);
    for terminal in [&mut one, &mut other] {
        terminal.press("2");
        terminal.press("j");
        terminal.shows("Anna Keller");
    }
    for number in 0..20 {
        env.ok(&format!("customer add 'Newcomer {number}'"));
    }
    for terminal in [&mut one, &mut other] {
        terminal.shows("Customers 24");
        assert!(cursor(terminal).contains("Anna Keller"), "{}", terminal.text());
    }
    // What one does, the other sees.
    one.press("d");
    other.until("the record to be gone", |terminal| {
        !cursor(terminal).contains("Anna Keller")
    });
    for mut terminal in [one, other] {
        terminal.input("Q", 1);
        assert_eq!(terminal.end(), 0);
    }
}

#[test]
fn row_36_undo_goes_on_after_a_restart_and_names_what_stands_in_the_way() {
    let env = base();
    let mut terminal = started(&env);
    terminal.press("2");
    terminal.press("d");
    terminal.shows("to the trash");
    terminal.input("Q", 1);
    terminal.end();
    let mut terminal = started(&env);
    terminal.press("2");
    terminal.press("z");
    terminal.shows("Anna Kowalski");
    assert_eq!(env.ok("customer list --format ids").lines().count(), 4);
    terminal.input("Q", 1);
    terminal.end();
    // Somebody else has gone on with what would be taken back.
    env.ok("user add Ben");
    env.ok("customer set C2 title=Buyer");
    env.ok("--as Ben customer set C2 title=Seller");
    let mut terminal = started(&env);
    terminal.press("z");
    terminal.shows("operation 10 (Changed customer C2 张伟)");
    assert_eq!(env.ok("customer show C2 --template '{title}'"), "Seller\n");
}

#[test]
fn what_was_asked_for_is_done_though_the_dashboard_is_left_at_once() {
    let env = base();
    let mut terminal = started(&env);
    terminal.press("2");
    #[expect(clippy::disallowed_methods, reason = "another program that has the base")]
    let other = rusqlite::Connection::open(env.base()).expect("the base");
    other.execute_batch("BEGIN IMMEDIATE").expect("a lock");
    terminal.send("dQ");
    // The terminal is given back before the write has its turn.
    terminal.until("the shell's screen", |terminal| terminal.modes().is_empty());
    other.execute_batch("ROLLBACK").expect("the lock is given back");
    assert_eq!(terminal.end(), 0);
    assert_eq!(env.ok("customer list --format ids").lines().count(), 3);
}
