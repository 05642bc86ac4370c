//! What others do with the base while the dashboard shows it, and what comes back after it was left.

use crate::dashboard::{SIZE, base, started};
use crate::env::Env;
use crate::pty::Terminal;

/// The line of the cursor, as it is drawn.
fn cursor(terminal: &Terminal) -> String {
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

/// A form for a new customer with a name that is not saved, and after `happens`, the save.
#[track_caller]
fn refused_save(happens: impl FnOnce(&Env), said: &str) {
    let env = base();
    let mut terminal = started(&env);
    terminal.press("2");
    // The writer has the base open.
    terminal.press("d");
    terminal.shows("to the trash");
    terminal.press("z");
    terminal.press("n");
    terminal.enter("王小明");
    happens(&env);
    terminal.press("\u{13}");
    terminal.shows(said);
    terminal.shows("王小明");
    terminal.input("\u{3}\u{3}", 2);
    assert_eq!(terminal.end(), 0);
}

#[test]
fn row_37_a_newer_schema_is_not_written_to() {
    let newer = |env: &Env| {
        #[expect(clippy::disallowed_methods, reason = "a program of another year")]
        let other = rusqlite::Connection::open(env.base()).expect("the base");
        let sql = "INSERT INTO migration (version, applied_at, program) VALUES (1000, 0, '9')";
        other.execute(sql, []).expect("a migration");
    };
    refused_save(newer, "the base has schema 1000");
}

#[test]
fn row_37_a_base_that_was_replaced_is_not_written_to() {
    let replaced = |env: &Env| {
        let copy = env.home().join("copy.db");
        std::fs::copy(env.base(), &copy).expect("a copy");
        std::fs::rename(copy, env.base()).expect("another file at the same place");
    };
    refused_save(replaced, "replaced by another file");
    let removed = |env: &Env| std::fs::remove_file(env.base()).expect("a file");
    refused_save(removed, "is not there any more");
}

#[test]
fn row_37_a_full_disk_keeps_what_was_typed() {
    let env = base();
    // No file may grow beyond so many blocks, and whoever tries gets an error.
    let line = "trap '' XFSZ; ulimit -f 128; exec crm tui";
    let mut terminal = Terminal::sized(&env, SIZE, "sh", &["-c", line], &[]);
    terminal.settled();
    terminal.press("2");
    terminal.press("j");
    terminal.shows("Anna Keller");
    terminal.press("a");
    terminal.press("n");
    terminal.paste(&"故事很长".repeat(14_000));
    terminal.press("\u{13}");
    terminal.shows("the base cannot be read or written");
    terminal.shows("故事很长");
    terminal.input("\u{3}\u{3}", 2);
    assert_eq!(terminal.end(), 0);
    assert!(env.ok("doctor").contains("ok"));
    assert_eq!(env.ok("activity list --format ids"), "");
}

#[test]
fn row_40_a_merge_is_taken_back_whole() {
    let env = base();
    for line in [
        "customer set C2 email=zhang@yunfan.example phone=+8657112345678 tag=vip",
        "log C2 call 'asked for a quote'",
        "log C3 note 'met at the fair'",
        "task add 'Ring back' --for C3",
    ] {
        env.ok(line);
    }
    let all = |env: &Env| {
        [
            "customer list -F id,name,company,city,emails,phones,tags,title,note --format tsv --sort id",
            "deal list -F id,name,customer.name --format tsv --sort id",
            "task list -F id,title,customer.name --format tsv --sort id",
            "activity list -F id,text,customer.name --format tsv --sort id",
        ]
        .map(|line| env.ok(line))
    };
    let before = all(&env);
    let mut terminal = started(&env);
    terminal.press("2");
    terminal.press("j");
    terminal.shows("Anna Keller");
    terminal.press("D");
    terminal.press("m");
    terminal.enter("C2");
    terminal.press("\r");
    terminal.shows("into C2");
    terminal.press("\r");
    terminal.shows("Merged C3");
    assert_ne!(all(&env), before);
    terminal.press("z");
    terminal.shows("Customers 4");
    terminal.input("Q", 1);
    assert_eq!(terminal.end(), 0);
    assert_eq!(all(&env), before);
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

#[test]
fn duplicates_are_reviewed_by_keys_alone() {
    let env = base();
    for line in [
        "customer add 李娜 --phone '+86 571 8555 2002' --city 杭州 --on-duplicate create",
        "customer add 'Li Na' --phone '+86 571 8555 2002' --title 采购 --on-duplicate create",
    ] {
        env.ok(line);
    }
    let mut terminal = started(&env);
    terminal.press("g");
    terminal.press("d");
    terminal.shows("李娜");
    terminal.shows("same phone");
    terminal.press("m");
    terminal.shows("Merge C");
    terminal.press("\r");
    terminal.shows("Merged C");
    terminal.shows("Nobody is here twice");
    terminal.press("z");
    terminal.shows("Duplicates 1");
    terminal.press("x");
    terminal.shows("are not one");
    terminal.shows("Nobody is here twice");
    terminal.input("Q", 1);
    assert_eq!(terminal.end(), 0);
    assert_eq!(env.ok("dupes --told --format ids").lines().count(), 1);
}
