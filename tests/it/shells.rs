//! Completion in real shells: what a key makes of a word that was begun.

use crate::env::{Env, have};
use crate::pty::Terminal;

/// Two customers who are told apart by pinyin, two who begin alike, a deal, a label.
fn base() -> Env {
    let env = Env::new();
    for line in [
        "company add 云帆科技 --city 杭州",
        "customer add 张伟 --company C1 --email zhangwei@yunfan.example",
        "customer add 'Anna Keller' --email anna@keller.example --tag vip",
        "customer add 'Anna Kowalski'",
        "deal add 'Fleet renewal' --customer C3 --amount 5k",
        "tag add vienna",
        "view add quiet_ones --noun customer -w is:quiet",
    ] {
        env.ok(line);
    }
    env
}

/// What is typed before the key, and what the line is after it.
const LINES: &[(&str, &str)] = &[
    ("crm custo", "crm customer "),
    ("crm customer show zhangw", "crm customer show C2 "),
    ("crm customer show zw", "crm customer show C2 "),
    ("crm customer show 张", "crm customer show C2 "),
    ("crm customer show Keller", "crm customer show C3 "),
    ("crm customer list --form", "crm customer list --format "),
    (
        "crm customer list --format=js",
        "crm customer list --format=json ",
    ),
    (
        "crm customer list --format nd",
        "crm customer list --format ndjson ",
    ),
    ("crm customer list -F name,cit", "crm customer list -F name,city "),
    ("crm customer list -w is:comp", "crm customer list -w is:company "),
    ("crm customer set C2 lifecy", "crm customer set C2 lifecycle="),
    (
        "crm customer set C2 lifecycle=qual",
        "crm customer set C2 lifecycle=qualified ",
    ),
    ("crm customer tag C3 vie", "crm customer tag C3 vienna "),
    ("crm deal move D1 negot", "crm deal move D1 negotiation "),
    ("crm view run qui", "crm view run quiet_ones "),
    (
        "crm customer list --view qui",
        "crm customer list --view quiet_ones ",
    ),
    ("crm report win", "crm report win-rate "),
    (
        "crm config set durability no",
        "crm config set durability normal ",
    ),
];

fn check(mut terminal: Terminal, lines: &[(&str, &str)]) -> Terminal {
    for (typed, expected) in lines {
        terminal.send(typed);
        terminal.until(typed, |terminal| {
            terminal.line().trim_end().ends_with(typed.trim_end())
        });
        terminal.send("\t");
        // A mark tells where the cursor is: a blank that was put behind the word is a part of it.
        terminal.send("Q");
        let wanted = format!("> {expected}Q");
        terminal.until(&wanted, |terminal| terminal.line().trim_end().ends_with(&wanted));
        terminal.send("\u{5}\u{15}");
        terminal.until("an empty line", |terminal| terminal.line().trim_end() == ">");
    }
    terminal
}

fn bash(env: &Env) -> Terminal {
    let mut terminal = Terminal::start(env, "bash", &["--noprofile", "--norc", "-i"], &[("PS1", "> ")]);
    terminal.send("bind 'set bell-style none'; source <(crm completions bash); PS1='> '; clear\n");
    terminal.until("a prompt", |terminal| terminal.text().trim_end() == ">");
    terminal
}

#[test]
fn bash_completes() {
    if !have("bash") {
        return;
    }
    let env = base();
    let mut terminal = check(bash(&env), LINES);
    // Several that are meant by one name are shown, and what was typed stays.
    terminal.send("crm customer show Anna\t\t");
    terminal.shows("C4  Anna Kowalski");
    terminal.shows("C3  Anna Keller");
    terminal.until("the word", |terminal| {
        terminal.line().trim_end() == "> crm customer show Anna"
    });
    terminal.send("\u{15}crm customer show 'Anna Ko\t");
    terminal.until("a quoted name", |terminal| terminal.line().contains("show 'C4'"));
    terminal.send("\u{15}crm customer show anna@k\t");
    terminal.until("an address", |terminal| {
        terminal.line().trim_end() == "> crm customer show anna@keller.example"
    });
}

#[test]
fn zsh_completes() {
    if !have("zsh") {
        return;
    }
    let env = base();
    let mut terminal = Terminal::start(&env, "zsh", &["-f", "-i"], &[]);
    terminal.send("bindkey -e; PS1='> '; unsetopt beep; autoload -U compinit && compinit -u -D; source <(crm completions zsh); clear\n");
    terminal.until("a prompt", |terminal| terminal.text().trim_end() == ">");
    let mut terminal = check(terminal, LINES);
    terminal.send("crm customer show Anna\t");
    terminal.shows("C4  Anna Kowalski");
    terminal.shows("C3  Anna Keller");
    terminal.until("the first", |terminal| {
        terminal.line().contains("customer show C")
    });
    terminal.send("\u{15}crm customer show anna@k\t");
    terminal.until("a ref", |terminal| {
        terminal.line().trim_end() == "> crm customer show C3"
    });
}

#[test]
fn fish_completes() {
    if !have("fish") {
        return;
    }
    let env = base();
    let mut terminal = Terminal::start(&env, "fish", &["--no-config", "-i"], &[]);
    terminal.send("set -g fish_greeting; set -g fish_autosuggestion_enabled 0; function fish_prompt; echo '> '; end; crm completions fish | source; clear\n");
    terminal.until("a prompt", |terminal| terminal.text().trim_end() == ">");
    let mut terminal = check(terminal, LINES);
    terminal.send("crm customer show Anna\t");
    terminal.shows("Anna Kowalski");
    terminal.shows("Anna Keller");
}

#[test]
fn nothing_is_said_or_made_where_there_is_nothing() {
    let env = Env::new();
    for words in [
        "complete bash -- customer show a",
        "complete zsh -- --db nowhere.db deal move D1 ''",
        "complete fish -- --as nobody customer tag C1 ''",
        "complete zsh -- nonsense ''",
    ] {
        let run = env.run(words);
        assert_eq!(
            (run.code, run.stdout.as_str(), run.stderr.as_str()),
            (0, "", ""),
            "{words}"
        );
    }
    assert!(!env.base().exists());
    let entries = std::fs::read_dir(env.home()).expect("home").count();
    assert_eq!(entries, 0, "nothing is written");
}

#[test]
fn another_base_and_user_on_the_line_are_heeded() {
    let env = base();
    let other = env.home().join("other.db");
    env.ok("--db other.db customer add Bertha");
    env.ok("--db other.db user add Wei scope=own");
    let shown = |line: &str| env.ok(&format!("complete zsh -- {line}"));
    assert!(other.exists());
    assert_eq!(shown("--db other.db customer show Ber"), "C1\tBertha\n");
    assert_eq!(shown("--db=~/other.db customer show Ber"), "C1\tBertha\n");
    assert_eq!(shown("customer show Ber"), "");
    assert_eq!(
        shown("--db other.db --as Wei customer show Ber"),
        "",
        "out of scope"
    );
    // A base is looked at, and stays as it is.
    let before = std::fs::read(&other).expect("the base");
    shown("--db other.db customer show Ber");
    assert_eq!(std::fs::read(&other).expect("the base"), before);
}

#[test]
fn every_word_of_the_powershell_script_comes_with_a_mark() {
    let env = base();
    assert_eq!(
        env.ok("complete powershell -- report :win"),
        "win-rate\thow many of the decided deals were won\n"
    );
    assert!(env.ok("complete powershell -- customer :").contains("show\t"));
}
