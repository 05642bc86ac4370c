//! How things are drawn: styles by meaning, and the symbols that this terminal has. No component names a colour.

use ratatui::style::{Color, Modifier, Style};
use ratatui::symbols::border;

/// Styles by meaning, and symbols.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Look {
    /// Plain text.
    pub(crate) text: Style,
    /// What is less important.
    pub(crate) dim: Style,
    /// What leads the eye: the focused title, keys in hints.
    pub(crate) accent: Style,
    /// Headings.
    pub(crate) title: Style,
    /// The row under the cursor.
    pub(crate) selection: Style,
    /// Rows that are marked.
    pub(crate) marked: Style,
    /// What was typed and found.
    pub(crate) matched: Style,
    /// A text field.
    pub(crate) input: Style,
    /// What failed.
    pub(crate) error: Style,
    /// What needs attention.
    pub(crate) warning: Style,
    /// What went well.
    pub(crate) good: Style,
    /// What should have been done.
    pub(crate) overdue: Style,
    /// What is due today.
    pub(crate) due: Style,
    /// Deals that were won.
    pub(crate) won: Style,
    /// Deals that were lost.
    pub(crate) lost: Style,
    /// Borders.
    pub(crate) border: Style,
    /// The border of the pane that has the keys.
    pub(crate) border_focus: Style,
    /// Series of charts.
    pub(crate) chart: [Style; 6],
    /// Symbols.
    pub(crate) symbols: &'static Symbols,
}

/// What is drawn besides text. Every symbol takes one cell.
#[derive(Debug, PartialEq)]
pub(crate) struct Symbols {
    /// Before the row under the cursor.
    pub(crate) cursor: &'static str,
    /// Before a marked row.
    pub(crate) mark: &'static str,
    /// Before what is overdue.
    pub(crate) overdue: &'static str,
    /// Before what is to be done.
    pub(crate) open: &'static str,
    /// Before what is done.
    pub(crate) done: &'static str,
    /// Before what is ahead.
    pub(crate) ahead: &'static str,
    /// Something was left out here.
    pub(crate) cut: &'static str,
    /// There is more to the right or below.
    pub(crate) more: &'static str,
    /// An ascending order.
    pub(crate) up: &'static str,
    /// A descending order.
    pub(crate) down: &'static str,
    /// From one thing to the next.
    pub(crate) arrow: &'static str,
    /// Before what is not exact.
    pub(crate) about: &'static str,
    /// What stands between parts of a line.
    pub(crate) dot: &'static str,
    /// A full bar.
    pub(crate) full: &'static str,
    /// The empty rest of a bar.
    pub(crate) empty: &'static str,
    /// Bars from low to high, for columns and sparklines.
    pub(crate) levels: [&'static str; 8],
    /// A line across.
    pub(crate) line: &'static str,
    /// The border of a pane.
    pub(crate) border: border::Set<'static>,
    /// The border of the pane that has the keys.
    pub(crate) border_focus: border::Set<'static>,
}

/// For terminals with a UTF-8 font.
pub(crate) const UNICODE: Symbols = Symbols {
    cursor: "▌",
    mark: "●",
    overdue: "!",
    open: "○",
    done: "✓",
    ahead: "·",
    cut: "…",
    more: "▸",
    up: "▲",
    down: "▼",
    arrow: "→",
    about: "≈",
    dot: "·",
    full: "█",
    empty: "░",
    levels: ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"],
    line: "─",
    border: border::PLAIN,
    border_focus: border::THICK,
};

/// For all others.
pub(crate) const ASCII: Symbols = Symbols {
    cursor: ">",
    mark: "*",
    overdue: "!",
    open: "o",
    done: "x",
    ahead: ".",
    cut: "~",
    more: ">",
    up: "^",
    down: "v",
    arrow: ">",
    about: "~",
    dot: "-",
    full: "#",
    empty: ".",
    levels: ["_", "_", ".", ".", "-", "=", "#", "#"],
    line: "-",
    border: ASCII_BORDER,
    border_focus: ASCII_BORDER_FOCUS,
};

/// As `UNICODE`, with charts of braille dots.
pub(crate) const BRAILLE_CHARTS: Symbols = Symbols {
    full: "⣿",
    empty: "⠄",
    levels: ["⡀", "⣀", "⣄", "⣤", "⣦", "⣶", "⣷", "⣿"],
    ..UNICODE
};

/// As `UNICODE`, with charts of what every font has.
pub(crate) const ASCII_CHARTS: Symbols = Symbols {
    full: ASCII.full,
    empty: ASCII.empty,
    levels: ASCII.levels,
    ..UNICODE
};

const ASCII_BORDER: border::Set<'static> = border::Set {
    top_left: "+",
    top_right: "+",
    bottom_left: "+",
    bottom_right: "+",
    vertical_left: "|",
    vertical_right: "|",
    horizontal_top: "-",
    horizontal_bottom: "-",
};

const ASCII_BORDER_FOCUS: border::Set<'static> = border::Set {
    horizontal_top: "=",
    horizontal_bottom: "=",
    ..ASCII_BORDER
};

impl Look {
    /// What stands before a row: the sign of the cursor where that is, else a blank of the same width.
    pub(crate) fn sign(&self, is_here: bool) -> &'static str {
        if is_here { self.symbols.cursor } else { " " }
    }

    /// The sixteen colours of the terminal and its attributes, which suit dark and light backgrounds alike.
    pub(crate) fn plain() -> Look {
        let fg = |color| Style::new().fg(color);
        let bold = |color| Style::new().fg(color).add_modifier(Modifier::BOLD);
        Look {
            text: Style::new(),
            dim: Style::new().add_modifier(Modifier::DIM),
            accent: bold(Color::Cyan),
            title: Style::new().add_modifier(Modifier::BOLD),
            selection: Style::new().add_modifier(Modifier::REVERSED),
            marked: bold(Color::Magenta),
            matched: Style::new().add_modifier(Modifier::BOLD | Modifier::UNDERLINED),
            input: Style::new().add_modifier(Modifier::UNDERLINED),
            error: bold(Color::Red),
            warning: bold(Color::Magenta),
            good: fg(Color::Green),
            overdue: bold(Color::Red),
            due: fg(Color::Magenta),
            won: fg(Color::Green),
            lost: fg(Color::Red),
            border: Style::new().add_modifier(Modifier::DIM),
            border_focus: fg(Color::Cyan),
            chart: [
                fg(Color::Cyan),
                fg(Color::Green),
                fg(Color::Yellow),
                fg(Color::Magenta),
                fg(Color::Blue),
                fg(Color::Red),
            ],
            symbols: &UNICODE,
        }
    }

    /// The same with symbols that every terminal has.
    #[cfg(test)]
    pub(crate) fn ascii() -> Look {
        Look {
            symbols: &ASCII,
            ..Look::plain()
        }
    }
}
