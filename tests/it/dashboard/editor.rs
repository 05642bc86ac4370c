//! Editors that behave in all the ways in which editors behave: what a person gets back is a clean screen.

use crate::dashboard::{SIZE, base};
use crate::env::Env;
use crate::pty::Terminal;

/// An editor that is this script; the name of the file is its first argument.
fn editor(env: &Env, script: &str) -> String {
    let path = env.home().join("editor");
    std::fs::write(&path, format!("{script}\n")).expect("a script");
    format!("sh {}", path.display())
}

/// A terminal that shows the list of customers, with the cursor on Anna Keller.
#[track_caller]
fn on_a_customer(env: &Env, editor: &str) -> Terminal {
    let mut terminal = Terminal::dashboard(env, SIZE, &[("EDITOR", editor)]);
    terminal.press("2");
    terminal.press("j");
    terminal.shows("Anna Keller");
    terminal
}

/// What the dashboard shows is on a screen of its own, and nothing of the editor is on it.
#[track_caller]
fn is_clean(terminal: &mut Terminal, modes: &[String]) {
    terminal.settled();
    terminal.shows("Customers 4");
    assert!(terminal.screen().alternate_screen());
    assert!(!terminal.text().contains("EDITOR"), "{}", terminal.text());
    assert_eq!(terminal.modes(), modes);
    // Keys come one by one again.
    terminal.press("?");
    terminal.shows("Help");
    terminal.press("\u{1b}");
    terminal.input("Q", 1);
    assert_eq!(terminal.end(), 0);
}

#[test]
fn row_05_a_slow_editor_gets_every_key() {
    let env = base();
    let script = "printf 'EDITOR waits\\n'; read line < /dev/tty; sed -i.old \"s/Berlin/$line/\" \"$1\"";
    let editor = editor(&env, script);
    let mut terminal = on_a_customer(&env, &editor);
    let modes = terminal.modes();
    terminal.input("E", 1);
    terminal.shows("EDITOR waits");
    terminal.send("Quedlinburg\r");
    terminal.shows("Write 1 value?");
    terminal.press("\r");
    terminal.shows("takes it back");
    assert!(env.ok("customer show C3 --format json").contains("Quedlinburg"));
    is_clean(&mut terminal, &modes);
}

#[test]
fn row_05_an_editor_that_leaves_the_terminal_in_another_state() {
    let env = base();
    let script = "stty sane; printf '\\033[?25h\\033[?2004l\\033[31mEDITOR\\033[?1000h'; sed -i.old s/Berlin/Bonn/ \"$1\"; stty raw -echo";
    let editor = editor(&env, script);
    let mut terminal = on_a_customer(&env, &editor);
    let modes = terminal.modes();
    terminal.press("E");
    terminal.shows("Write 1 value?");
    terminal.press("\u{1b}");
    is_clean(&mut terminal, &modes);
}

#[test]
fn row_05_an_editor_that_fails_is_named_and_the_text_is_kept() {
    let env = base();
    let script = "sed -i.old s/Berlin/Bonn/ \"$1\"; exit 1";
    let editor = editor(&env, script);
    let mut terminal = on_a_customer(&env, &editor);
    let modes = terminal.modes();
    terminal.press("E");
    terminal.shows("ended with");
    assert!(env.ok("customer show C3 --format json").contains("Berlin"));
    is_clean(&mut terminal, &modes);
}

#[test]
fn row_05_an_editor_that_does_not_wait_or_is_missing_changes_nothing() {
    let env = base();
    for (editor, said) in [("true", "--wait"), ("/nowhere/to-be-found", "to-be-found")] {
        let mut terminal = on_a_customer(&env, editor);
        let modes = terminal.modes();
        terminal.press("E");
        terminal.shows(said);
        is_clean(&mut terminal, &modes);
    }
    assert!(env.ok("customer show C3 --format json").contains("Berlin"));
}
