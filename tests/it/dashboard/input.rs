//! What comes from the keyboard and the mouse.

use crate::dashboard::{SIZE, base, shown, started};
use crate::pty::Terminal;

#[test]
fn row_19_a_paste_does_nothing_that_its_letters_would_do() {
    let env = base();
    let text = "dd:q!\rline two\rxq";
    let before = env.ok("customer list --format json");
    let mut terminal = started(&env);
    terminal.paste(text);
    assert!(terminal.runs());
    terminal.shows("Keller");
    terminal.press("\u{1b}");
    // A terminal that does not tell pastes from keys.
    let mut silent = Terminal::sized(&env, SIZE, "crm", &["tui"], &[]);
    silent.answers = "";
    silent.settled();
    silent.input(text, 1);
    silent.settled();
    assert!(silent.runs());
    assert_eq!(env.ok("customer list --format json"), before);
}

#[test]
fn row_21_escape_is_a_key_by_itself() {
    let env = base();
    let mut terminal = started(&env);
    terminal.press("2");
    let before = shown(&terminal);
    terminal.press("j");
    let after = shown(&terminal);
    assert_ne!(before, after);
    terminal.press("k");
    // Alone, and with a key so soon that it looks like one with Alt.
    terminal.press("\u{1b}");
    terminal.press("j");
    terminal.press("k");
    assert_ne!(shown(&terminal), after);
    terminal.press("\u{1b}j");
    let rows = usize::from(SIZE.0) - 1;
    assert_eq!(shown(&terminal)[..rows], after[..rows]);
    terminal.input("q", 1);
    assert_eq!(terminal.end(), 0);
}

#[test]
fn row_24_motion_of_the_mouse_is_not_even_asked_for() {
    let env = base();
    let mut terminal = started(&env);
    assert!(!terminal.modes().contains(&"1003".to_owned()));
    let before = terminal.log().len();
    // A terminal that tells it all the same.
    for column in 1..200 {
        terminal.input(&format!("\u{1b}[<35;{};5M", column % 90 + 1), 0);
    }
    // A key that does nothing shows that all were taken.
    terminal.press("\u{1b}[23~");
    let written = terminal.written_since(before);
    assert!(written.len() < 4000, "{} bytes", written.len());
    terminal.input("q", 1);
    assert_eq!(terminal.end(), 0);
}

#[test]
fn row_22_letters_of_all_scripts_arrive_whole() {
    let env = base();
    let mut terminal = started(&env);
    for letter in ["é", "张", "🙂", "ж"] {
        terminal.press(letter);
        terminal.shows(&format!("{letter} does nothing here"));
    }
}
