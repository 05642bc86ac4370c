//! A dashboard that nobody uses does nothing.

use crate::dashboard::{base, started};

#[test]
fn row_29_what_has_not_changed_is_not_written_again() {
    let env = base();
    let mut terminal = started(&env);
    // The answers of the terminal are taken before the key.
    terminal.press("\u{1b}[23~");
    terminal.press("\u{1b}[23~");
    let before = terminal.log().len();
    terminal.press("\u{1b}[23~");
    let written = terminal.written_since(before);
    assert_eq!(String::from_utf8_lossy(&written), "");
    terminal.input("q", 1);
    assert_eq!(terminal.end(), 0);
}
