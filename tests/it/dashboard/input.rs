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

/// What must not be taken for keys, as terminals send it.
const PASTED: &str = "dd:q!\rline two\rxq";

#[test]
fn row_19_a_paste_goes_into_the_field_that_is_open() {
    for is_told in [true, false] {
        let env = base();
        let before = env.ok("customer list --format json");
        for (keys, seen) in [
            ("/", "dd:q! line two xq"),
            (":", "dd:q! line two xq"),
            ("n", "[dd:q! line two xq"),
            ("an", "line two"),
        ] {
            let mut terminal = Terminal::sized(&env, SIZE, "crm", &["tui"], &[]);
            if !is_told {
                terminal.answers = "";
            }
            terminal.settled();
            terminal.press("2");
            for key in keys.chars() {
                terminal.press(key.encode_utf8(&mut [0; 4]));
            }
            match is_told {
                true => terminal.paste(PASTED),
                // It comes as letters, all at once.
                false => {
                    terminal.input(PASTED, 1);
                    terminal.settled();
                }
            }
            terminal.shows(seen);
            terminal.input("\u{3}\u{3}", 2);
            assert_eq!(terminal.end(), 0, "{keys} {is_told}");
        }
        assert_eq!(env.ok("customer list --format json"), before);
    }
}

#[test]
fn row_20_a_key_that_is_held_counts_every_time_and_no_frame_is_late() {
    let env = base();
    for number in 0..30 {
        env.ok(&format!("customer add 'Newcomer {number}'"));
    }
    for is_told in [true, false] {
        let mut terminal = Terminal::sized(&env, SIZE, "crm", &["tui"], &[]);
        if !is_told {
            terminal.answers = "";
        }
        terminal.settled();
        terminal.press("2");
        terminal.shows("1 of 34");
        let before = terminal.log().len();
        terminal.input(&"j".repeat(20), 20);
        terminal.settled();
        terminal.shows("21 of 34");
        terminal.input(&"j".repeat(600), 600);
        terminal.settled();
        terminal.shows("34 of 34");
        // Keys that came together are one frame, and what has come to rest is drawn.
        let written = terminal.written_since(before);
        let frames = written
            .windows(8)
            .filter(|bytes| *bytes == b"\x1b[?2026h")
            .count();
        assert!((1..=620).contains(&frames), "{frames} frames");
        terminal.press("k");
        terminal.shows("33 of 34");
        terminal.input("q", 1);
        assert_eq!(terminal.end(), 0);
    }
}

#[test]
fn row_26_a_key_counts_when_it_is_pressed_and_not_when_it_is_let_go() {
    let env = base();
    let mut terminal = started(&env);
    terminal.press("2");
    terminal.shows("1 of 4");
    // As terminals tell it that tell when keys are let go: `j` pressed, held, let go; then Esc.
    terminal.input("\u{1b}[106;1:1u", 1);
    terminal.input("\u{1b}[106;1:3u", 0);
    terminal.settled();
    terminal.shows("2 of 4");
    terminal.input("\u{1b}[106;1:2u", 1);
    terminal.settled();
    terminal.shows("3 of 4");
    terminal.press("?");
    terminal.shows("Help");
    terminal.input("\u{1b}[27;1:1u\u{1b}[27;1:3u", 1);
    terminal.settled();
    assert!(!terminal.text().contains("Help ·"), "{}", terminal.text());
    terminal.input("q", 1);
    assert_eq!(terminal.end(), 0);
}
