//! Colours that are not there are not used.

use crate::dashboard::{SIZE, base};
use crate::pty::Terminal;

/// The parameters of all sequences that choose colours or attributes.
fn styles(log: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(log).into_owned();
    let sequences = text.split("\u{1b}[").skip(1);
    let styles = sequences.filter_map(|sequence| {
        let end = sequence.find(|letter: char| !letter.is_ascii_digit() && letter != ';')?;
        let (numbers, last) = sequence.split_at_checked(end)?;
        last.starts_with('m').then(|| numbers.to_owned())
    });
    styles.collect()
}

/// Whether a sequence chooses a colour; going back to the usual one is none.
fn is_color(style: &str) -> bool {
    style.split(';').any(|number| {
        let number: u8 = number.parse().unwrap_or(0);
        matches!(number, 30..=38 | 40..=48 | 58 | 90..=97 | 100..=107)
    })
}

#[test]
fn row_15_without_colour_what_is_chosen_still_stands_out() {
    let env = base();
    for (words, variables) in [
        (&["tui"][..], &[("NO_COLOR", "1")][..]),
        (&["tui", "--color", "never"][..], &[][..]),
    ] {
        let mut terminal = Terminal::sized(&env, SIZE, "crm", words, variables);
        terminal.settled();
        terminal.press("j");
        let styles = styles(terminal.log());
        assert!(!styles.iter().any(|style| is_color(style)), "{styles:?}");
        let stands_out = (0..SIZE.0).any(|row| {
            let cell = terminal.screen().cell(row, 2);
            cell.is_some_and(|cell| cell.inverse() || cell.bold())
        });
        assert!(stands_out, "{}", terminal.text());
        // Nothing but the sequences differs.
        let mut coloured = Terminal::dashboard(&env, SIZE, &[]);
        coloured.press("j");
        assert_eq!(coloured.text(), terminal.text());
    }
}

/// Whether any sequence chooses one of 256 colours, or one by red, green and blue.
fn chooses(styles: &[String], kind: &str) -> bool {
    let prefixes = [format!("38;{kind};"), format!("48;{kind};")];
    styles
        .iter()
        .any(|style| prefixes.iter().any(|prefix| style.contains(prefix.as_str())))
}

#[test]
fn row_16_no_colour_that_the_terminal_has_not() {
    let env = base();
    env.ok("config set theme dark");
    for (variables, rgb, indexed) in [
        (&[("TERM", "xterm"), ("COLORTERM", "truecolor")][..], true, false),
        (&[("TERM", "xterm-256color")][..], false, true),
        (&[("TERM", "xterm")][..], false, false),
        (&[("TERM", "linux")][..], false, false),
    ] {
        let mut terminal = Terminal::dashboard(&env, SIZE, variables);
        terminal.press("j");
        let styles = styles(terminal.log());
        assert!(styles.iter().any(|style| is_color(style)), "{variables:?}");
        assert_eq!(chooses(&styles, "2"), rgb, "{variables:?}: {styles:?}");
        assert_eq!(chooses(&styles, "5"), indexed, "{variables:?}: {styles:?}");
        if variables == [("TERM", "linux")] {
            let bright = styles.iter().flat_map(|style| style.split(';'));
            assert!(
                !bright
                    .into_iter()
                    .any(|number| matches!(number.parse(), Ok(90..=107)))
            );
        }
    }
}

#[test]
fn row_17_the_theme_follows_the_background_and_knows_it_the_next_time() {
    const LIGHT: &str = "\u{1b}]11;rgb:fdfd/f6f6/e3e3\u{1b}\\\u{1b}[?2031;2$y\u{1b}[?62c";
    let env = base();
    env.ok("config set theme auto");
    let variables = [("COLORTERM", "truecolor")];
    let start = |answers| {
        let mut terminal = Terminal::sized(&env, SIZE, "crm", &["tui"], &variables);
        terminal.answers = answers;
        terminal.settled();
        terminal
    };
    let plain = styles(start("").log());
    assert!(!chooses(&plain, "2"), "nothing is known yet: {plain:?}");
    let mut light = start(LIGHT);
    light.until("another theme", |terminal| chooses(&styles(terminal.log()), "2"));
    // It asked to be told of changes, and is told of one.
    light.until("notices", |terminal| {
        terminal.modes().contains(&"2031".to_owned())
    });
    let before = light.log().len();
    light.input("\u{1b}[?997;1n", 0);
    light.until("a dark theme", |terminal| {
        chooses(&styles(&terminal.written_since(before)), "2")
    });
    light.input("q", 1);
    assert_eq!(light.end(), 0);
    assert_eq!(light.modes(), [""; 0]);
    // The next time it is dark from the first frame on, without an answer.
    assert!(chooses(&styles(start("").log()), "2"));
}
