//! The themes that come with the program, as a user would write them: a style for every token.

use crm::config::dashboard::Theme;

/// A style for every token, in the order of the tokens.
pub(super) type Table = [(&'static str, &'static str); 23];

/// The table of a theme.
pub(super) fn of(theme: Theme) -> &'static Table {
    match theme {
        Theme::Auto | Theme::Default => &DEFAULT,
        Theme::Dark => &DARK,
        Theme::Light => &LIGHT,
        Theme::Mono => &MONO,
        Theme::HighContrast => &HIGH_CONTRAST,
    }
}

/// The colours of the terminal. No text is yellow, which cannot be read on white, or blue, which cannot on black.
const DEFAULT: Table = [
    ("text", "plain"),
    ("dim", "dim"),
    ("accent", "bold cyan"),
    ("title", "bold"),
    ("selection", "reverse"),
    ("marked", "bold magenta"),
    ("matched", "bold underline"),
    ("input", "underline"),
    ("error", "bold red"),
    ("warning", "bold magenta"),
    ("good", "green"),
    ("overdue", "bold red"),
    ("due", "magenta"),
    ("won", "green"),
    ("lost", "red"),
    ("border", "dim"),
    ("border_focus", "cyan"),
    ("chart_1", "cyan"),
    ("chart_2", "green"),
    ("chart_3", "yellow"),
    ("chart_4", "magenta"),
    ("chart_5", "blue"),
    ("chart_6", "red"),
];

const DARK: Table = [
    ("text", "#e5e9f0"),
    ("dim", "#a8b2c3"),
    ("accent", "bold #8fc7d9"),
    ("title", "bold #ffffff"),
    ("selection", "reverse #e5e9f0"),
    ("marked", "bold #d9aee6"),
    ("matched", "bold underline #f0cf7f"),
    ("input", "underline #e5e9f0"),
    ("error", "bold #ff9d9d"),
    ("warning", "bold #f0cf7f"),
    ("good", "#a9d18e"),
    ("overdue", "bold #ff9d9d"),
    ("due", "#f0cf7f"),
    ("won", "#a9d18e"),
    ("lost", "#ff9d9d"),
    ("border", "#7b869a"),
    ("border_focus", "#8fc7d9"),
    ("chart_1", "#8fc7d9"),
    ("chart_2", "#a9d18e"),
    ("chart_3", "#f0cf7f"),
    ("chart_4", "#d9aee6"),
    ("chart_5", "#8fb1f0"),
    ("chart_6", "#f2a97e"),
];

const LIGHT: Table = [
    ("text", "#1f2430"),
    ("dim", "#535d6b"),
    ("accent", "bold #0b5c85"),
    ("title", "bold #000000"),
    ("selection", "reverse #1f2430"),
    ("marked", "bold #7a2d8f"),
    ("matched", "bold underline #7a4a00"),
    ("input", "underline #1f2430"),
    ("error", "bold #a8121f"),
    ("warning", "bold #7a4a00"),
    ("good", "#17652a"),
    ("overdue", "bold #a8121f"),
    ("due", "#7a4a00"),
    ("won", "#17652a"),
    ("lost", "#a8121f"),
    ("border", "#7a8494"),
    ("border_focus", "#0b5c85"),
    ("chart_1", "#0b5c85"),
    ("chart_2", "#17652a"),
    ("chart_3", "#7a4a00"),
    ("chart_4", "#7a2d8f"),
    ("chart_5", "#2a49b8"),
    ("chart_6", "#a33d0f"),
];

/// Attributes alone. Series of charts are told by their names and numbers.
const MONO: Table = [
    ("text", "plain"),
    ("dim", "dim"),
    ("accent", "bold"),
    ("title", "bold"),
    ("selection", "reverse"),
    ("marked", "bold"),
    ("matched", "bold underline"),
    ("input", "underline"),
    ("error", "bold"),
    ("warning", "bold"),
    ("good", "plain"),
    ("overdue", "bold"),
    ("due", "plain"),
    ("won", "plain"),
    ("lost", "plain"),
    ("border", "dim"),
    ("border_focus", "bold"),
    ("chart_1", "plain"),
    ("chart_2", "dim"),
    ("chart_3", "bold"),
    ("chart_4", "plain"),
    ("chart_5", "dim"),
    ("chart_6", "bold"),
];

/// On black, whatever the terminal has, because no colour is far from every background.
const HIGH_CONTRAST: Table = [
    ("text", "#ffffff on #000000"),
    ("dim", "#e0e0e0 on #000000"),
    ("accent", "bold #ffff00 on #000000"),
    ("title", "bold underline #ffffff on #000000"),
    ("selection", "bold reverse #ffffff on #000000"),
    ("marked", "bold #00ffff on #000000"),
    ("matched", "bold underline #ffff00 on #000000"),
    ("input", "underline #ffffff on #000000"),
    ("error", "bold #ff9090 on #000000"),
    ("warning", "bold #ffff00 on #000000"),
    ("good", "bold #80ff80 on #000000"),
    ("overdue", "bold underline #ff9090 on #000000"),
    ("due", "bold #ffff00 on #000000"),
    ("won", "bold #80ff80 on #000000"),
    ("lost", "bold #ff9090 on #000000"),
    ("border", "#ffffff on #000000"),
    ("border_focus", "bold #ffff00 on #000000"),
    ("chart_1", "#00ffff on #000000"),
    ("chart_2", "#80ff80 on #000000"),
    ("chart_3", "#ffff00 on #000000"),
    ("chart_4", "#ffa0ff on #000000"),
    ("chart_5", "#a0c0ff on #000000"),
    ("chart_6", "#ff9090 on #000000"),
];
