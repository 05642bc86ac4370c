//! The settings of the dashboard, and what they choose between.

use std::collections::BTreeMap;

use crate::config::pen::Pen;

/// The parts of screens that have a style, by the names that settings give them.
pub const TOKENS: [&str; 23] = [
    "text",
    "dim",
    "accent",
    "title",
    "selection",
    "marked",
    "matched",
    "input",
    "error",
    "warning",
    "good",
    "overdue",
    "due",
    "won",
    "lost",
    "border",
    "border_focus",
    "chart_1",
    "chart_2",
    "chart_3",
    "chart_4",
    "chart_5",
    "chart_6",
];

/// What the settings say of the dashboard; none where they say nothing.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Dashboard {
    /// The screen with which it begins.
    pub start_screen: Option<StartScreen>,
    /// The theme.
    pub theme: Option<Theme>,
    /// Styles in place of those of the theme, by token.
    pub styles: BTreeMap<&'static str, Pen>,
    /// What it draws with.
    pub symbols: Option<Symbols>,
    /// What it draws charts with.
    pub charts: Option<Charts>,
    /// Whether it takes the mouse.
    pub mouse: Option<bool>,
    /// How it copies.
    pub clipboard: Option<Clipboard>,
    /// The set of keys with which it begins.
    pub keymap: Option<Preset>,
    /// Keys in place of those that actions have, by action; as written, not checked.
    pub keys: BTreeMap<String, Vec<String>>,
}

impl Dashboard {
    /// These settings, and where they say nothing those of `below`.
    #[must_use]
    pub fn over(self, below: Dashboard) -> Dashboard {
        let (mut styles, mut keys) = (below.styles, below.keys);
        styles.extend(self.styles);
        keys.extend(self.keys);
        Dashboard {
            start_screen: self.start_screen.or(below.start_screen),
            theme: self.theme.or(below.theme),
            styles,
            symbols: self.symbols.or(below.symbols),
            charts: self.charts.or(below.charts),
            mouse: self.mouse.or(below.mouse),
            clipboard: self.clipboard.or(below.clipboard),
            keymap: self.keymap.or(below.keymap),
            keys,
        }
    }
}

/// The screen with which the dashboard begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StartScreen {
    /// What the day asks for.
    Today,
    /// The list of customers.
    Customers,
    /// The deals by stage.
    Pipeline,
    /// The list of tasks.
    Tasks,
    /// The list of orders.
    Orders,
    /// What customers want from us.
    Tickets,
    /// Numbers.
    Reports,
}

/// The theme of the dashboard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Theme {
    /// Dark or light, as the background of the terminal is; the default one where it does not say.
    Auto,
    /// The sixteen colours of the terminal.
    #[default]
    Default,
    /// Colours of its own for a dark background.
    Dark,
    /// Colours of its own for a light background.
    Light,
    /// No colour at all.
    Mono,
    /// Black, white and few colours that are far from both.
    HighContrast,
}

/// What the dashboard draws with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Symbols {
    /// What the terminal most likely has.
    #[default]
    Auto,
    /// Lines, blocks and marks.
    Unicode,
    /// What every terminal has.
    Ascii,
}

/// What the dashboard draws charts with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Charts {
    /// Blocks, eight to a cell.
    #[default]
    Blocks,
    /// Braille dots.
    Braille,
    /// What every terminal has.
    Ascii,
}

/// How the dashboard copies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Clipboard {
    /// With a program of the system where there is one and the screen is on the same machine, else through the terminal.
    #[default]
    Auto,
    /// With a program of the system.
    Native,
    /// Through the terminal, by the sequence OSC 52.
    Osc52,
    /// Not at all.
    Off,
}

/// A set of keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Preset {
    /// Letters for what is done often.
    #[default]
    Default,
    /// The same, with what vim does otherwise as vim does it.
    Vim,
    /// Ctrl and function keys; letters look for names.
    Plain,
}
