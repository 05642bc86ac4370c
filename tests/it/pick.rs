//! The picker in a real terminal: what it draws, what it prints, and how it leaves the terminal.

use crate::env::{Env, have};
use crate::pty::{SIZE, Terminal};

fn base() -> Env {
    let env = Env::new();
    for line in [
        "company add 云帆科技 --city 杭州",
        "customer add 张伟 --company C1 --city 杭州 --tag vip",
        "customer add 'Anna Keller' --city Berlin --title 'Head of IT'",
        "customer add 'Anna Kowalski' --tag vip",
        "deal add 'Fleet renewal' --customer C3 --amount 5k",
    ] {
        env.ok(line);
    }
    env
}

/// A shell that says what the picker printed, and what it ended with.
fn picking(env: &Env, words: &str) -> Terminal {
    picking_with(env, words, &[])
}

fn picking_with(env: &Env, words: &str, variables: &[(&str, &str)]) -> Terminal {
    let line = format!("echo before; it=$(crm pick {words}); echo \"[$it] $?\"; stty -a | grep -c ' icanon'");
    Terminal::start(env, "sh", &["-c", &line], variables)
}

#[test]
fn typing_finds_and_enter_prints() {
    let env = base();
    let mut terminal = picking(&env, "customer");
    terminal.shows("1 of 4");
    assert!(
        terminal
            .text()
            .starts_with("before\ncustomer> \n> C4  Anna Kowalski"),
        "{}",
        terminal.text()
    );
    terminal.send("zhangw");
    terminal.shows("> C2  张伟  云帆科技, 杭州");
    terminal.until("the cursor in the first line", |terminal| {
        terminal.line().starts_with("customer> zhangw")
    });
    terminal.send("\r");
    assert_eq!(terminal.end(), 0);
    // The lines are given back, and the terminal is as it was.
    assert_eq!(terminal.text(), "before\n[C2] 0\n1");
}

#[test]
fn arrows_and_marks() {
    let env = base();
    let mut terminal = picking(&env, "customer --multi --query anna");
    terminal.shows("1 of 2; Tab marks");
    terminal.send("\t");
    terminal.shows("2 of 2, 1 marked");
    terminal.send("\t\u{1b}[A");
    terminal.shows("1 of 2, 2 marked");
    assert_eq!(terminal.text().matches("* C").count(), 2);
    terminal.send("\r");
    assert_eq!(terminal.end(), 0);
    assert_eq!(terminal.text(), "before\n[C4\nC3] 0\n1");
    let mut terminal = picking(&env, "contact -w +vip --print name");
    terminal.shows("1 of 2");
    terminal.send("\u{e}");
    terminal.shows("2 of 2");
    terminal.send("\r");
    assert_eq!(terminal.end(), 0);
    assert_eq!(terminal.text(), "before\n[张伟] 0\n1");
}

#[test]
fn leaving_prints_nothing() {
    let env = base();
    for key in ["\u{1b}", "\u{3}"] {
        let mut terminal = picking(&env, "customer");
        terminal.shows("1 of 4");
        terminal.send(key);
        assert_eq!(terminal.end(), 0);
        assert_eq!(terminal.text(), "before\n[] 130\n1", "{key:?}");
    }
    let mut terminal = picking(&env, "customer --query nobody");
    terminal.shows("nothing found");
    terminal.send("\r\u{15}anna");
    terminal.shows("1 of 2");
    terminal.send("\u{1b}");
    assert_eq!(terminal.end(), 0);
}

#[test]
fn a_signal_leaves_a_usable_terminal() {
    let env = base();
    let line = "crm pick customer & wait $!; echo \"ended $?\"; stty -a | grep -c ' icanon'";
    // In the foreground, so that the picker may read; the shell names it to the test.
    let line = line.replace(
        "crm pick customer & wait $!",
        "sh -c 'echo $$ > pid; exec crm pick customer'",
    );
    let mut terminal = Terminal::start(&env, "sh", &["-c", &line], &[]);
    terminal.shows("1 of 4");
    let pid = std::fs::read_to_string(env.home().join("pid")).expect("a pid");
    let status = std::process::Command::new("kill")
        .args(["-TERM", pid.trim()])
        .status();
    assert!(status.is_ok_and(|status| status.success()));
    assert_eq!(terminal.end(), 0);
    let text = terminal.text();
    assert!(text.contains("ended 143") && text.ends_with("\n1"), "{text}");
    assert!(!text.contains("customer>"), "{text}");
    assert!(!terminal.screen().hide_cursor());
}

#[test]
fn a_preview_and_colours() {
    let env = base();
    let mut terminal = picking_with(&env, "customer --preview --query keller", &[("NO_COLOR", "1")]);
    terminal.shows("title Head of IT");
    assert!(!painted(&terminal));
    terminal.send("\r");
    assert_eq!(terminal.end(), 0);
    let mut terminal = picking(&env, "customer --query keller");
    terminal.shows("> C3");
    assert!(painted(&terminal));
    terminal.send("\r");
    assert_eq!(terminal.end(), 0);
}

/// Whether anything on the screen stands out.
fn painted(terminal: &Terminal) -> bool {
    let screen = terminal.screen();
    let (rows, columns) = SIZE;
    let cells = (0..rows).flat_map(|row| (0..columns).map(move |column| (row, column)));
    cells
        .filter_map(|(row, column)| screen.cell(row, column))
        .any(|cell| cell.bold() || cell.dim())
}

#[test]
fn scripts_get_the_only_one_or_an_error() {
    if !have("sh") {
        return;
    }
    let env = base();
    assert_eq!(env.ok("pick customer --query zw --select-1"), "C2\n");
    assert_eq!(
        env.ok("pick company --query yunfan --select-1 --print name"),
        "云帆科技\n"
    );
    let json = env.ok("pick deal --query fleet --select-1 --json=id,name");
    assert!(json.contains(r#""id":"D1","name":"Fleet renewal""#), "{json}");
    assert_eq!(env.ok("pick tag --query VI --select-1"), "vip\n");
    for words in [
        "pick customer",
        "pick customer --query anna --select-1",
        "pick customer --query nobody --select-1",
    ] {
        let run = env.run(words);
        assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{words}");
        assert!(run.stderr.contains("crm find"), "{}", run.stderr);
    }
    let run = env.run("pick custmer");
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("did you mean customer?"), "{}", run.stderr);
}
