//! Commands of the shell that run beside the dashboard.

use crate::dashboard::{base, started};

#[test]
fn a_command_of_the_shell_shows_what_it_prints_and_cannot_drive_the_terminal() {
    let env = base();
    let mut terminal = started(&env);
    terminal.press("!");
    terminal.enter("printf '张伟\\n\\033]0;evil\\007two\\n'; exit 3");
    terminal.press("\r");
    terminal.shows("张伟");
    terminal.shows("exit code 3");
    assert!(!terminal.log().windows(7).any(|bytes| bytes == b"\x1b]0;evi"));
    terminal.press("q");
    terminal.input("q", 1);
    assert_eq!(terminal.end(), 0);
}

#[test]
fn a_command_line_is_completed_and_run() {
    let env = base();
    let mut terminal = started(&env);
    terminal.press(":");
    terminal.enter("log C2 note hello");
    terminal.press("\r");
    terminal.shows("Logged A1 with C2 张伟");
    terminal.input("\u{3}\u{3}", 2);
    assert_eq!(terminal.end(), 0);
    assert!(env.ok("activity list --format tsv -F text").contains("hello"));
}
