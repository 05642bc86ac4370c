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
