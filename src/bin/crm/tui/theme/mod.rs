//! Themes: from what the settings want and what the terminal can do to the look of every part of a screen.

mod depth;
mod table;

use crm::config::dashboard::{Charts, Dashboard, Symbols, Theme};
use crm::config::pen::{Pen, Shade};
use ratatui::style::{Color, Modifier, Style};

use crate::ctx::Terminal;
use crate::text::style::has_unicode;
use crate::tui::component::look::{self, Look};
pub(crate) use depth::Depth;

/// What is behind the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Background {
    Dark,
    Light,
}

impl Background {
    /// What a terminal says in `COLORFGBG`: the numbers of the colours of text and background, `15;0`, perhaps with
    /// a word between them.
    fn hinted(colors: &str) -> Option<Background> {
        match colors.rsplit(';').next()?.trim().parse().ok()? {
            0..=6 | 8u8 => Some(Background::Dark),
            7 | 9..=15 => Some(Background::Light),
            _ => None,
        }
    }

    /// What a colour is: dark if white stands out from it more than black does.
    pub(crate) fn of(red: u8, green: u8, blue: u8) -> Background {
        // White and black are equally far from a luminance of 0.179.
        if luminance(red, green, blue) < 0.179 {
            Background::Dark
        } else {
            Background::Light
        }
    }
}

/// What the terminal can show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Display {
    /// How many colours; none too where nobody wants them.
    pub(crate) depth: Depth,
    /// What it says is behind the text; none if it does not say.
    pub(crate) background: Option<Background>,
    /// Whether it has lines, blocks and marks.
    pub(crate) unicode: bool,
}

impl Display {
    /// Of a terminal that has everything.
    #[cfg(test)]
    pub(crate) fn full() -> Display {
        Display {
            depth: Depth::True,
            background: None,
            unicode: true,
        }
    }

    /// What a terminal says of itself. `wanted` is whether colour is, if anybody says so.
    pub(crate) fn of(terminal: &Terminal, wanted: Option<bool>) -> Display {
        let term = terminal.term.as_deref();
        Display {
            depth: Depth::of(term, terminal.colors.as_deref(), wanted),
            background: terminal.background.as_deref().and_then(Background::hinted),
            unicode: has_unicode(term, terminal.locale.as_deref()),
        }
    }
}

/// The look that the settings want, as far as the terminal has it.
pub(crate) fn look(dashboard: &Dashboard, display: Display) -> Look {
    let table = table::of(theme(dashboard.theme.unwrap_or_default(), display));
    let style = |token: &str| {
        let pen = dashboard.styles.get(token).copied();
        let of_table = || {
            let row = table.iter().find(|(name, _)| *name == token);
            row.and_then(|(_, text)| Pen::parse(text).ok())
                .unwrap_or_default()
        };
        drawn(pen.unwrap_or_else(of_table), display.depth)
    };
    Look {
        text: style("text"),
        dim: style("dim"),
        accent: style("accent"),
        title: style("title"),
        selection: style("selection"),
        marked: style("marked"),
        matched: style("matched"),
        input: style("input"),
        error: style("error"),
        warning: style("warning"),
        good: style("good"),
        overdue: style("overdue"),
        due: style("due"),
        won: style("won"),
        lost: style("lost"),
        border: style("border"),
        border_focus: style("border_focus"),
        chart: ["chart_1", "chart_2", "chart_3", "chart_4", "chart_5", "chart_6"].map(style),
        symbols: symbols(dashboard, display),
    }
}

/// The symbols that are meant.
fn symbols(dashboard: &Dashboard, display: Display) -> &'static look::Symbols {
    let ascii = match dashboard.symbols.unwrap_or_default() {
        Symbols::Auto => !display.unicode,
        Symbols::Unicode => false,
        Symbols::Ascii => true,
    };
    match dashboard.charts.unwrap_or_default() {
        _ if ascii => &look::ASCII,
        Charts::Blocks => &look::UNICODE,
        Charts::Braille => &look::BRAILLE_CHARTS,
        Charts::Ascii => &look::ASCII_CHARTS,
    }
}

/// The theme that is meant, which is never `Auto`.
fn theme(wanted: Theme, display: Display) -> Theme {
    // What a theme says with colours has to be said with attributes where there are none.
    if display.depth == Depth::None {
        return Theme::Mono;
    }
    match (wanted, display.background) {
        // Few colours leave nothing of a palette: those of the terminal itself suit its background better.
        (Theme::Auto, _) if display.depth <= Depth::Sixteen => Theme::Default,
        (Theme::Auto, Some(Background::Dark)) => Theme::Dark,
        (Theme::Auto, Some(Background::Light)) => Theme::Light,
        (Theme::Auto, None) => Theme::Default,
        (theme, _) => theme,
    }
}

/// A pen as a style with colours that the terminal has.
fn drawn(pen: Pen, depth: Depth) -> Style {
    let color = |shade| match shade {
        Shade::Plain => Color::Reset,
        Shade::Indexed(index) => depth::indexed(index),
        Shade::Rgb(red, green, blue) => Color::Rgb(red, green, blue),
    };
    let mut style = Style::new();
    style.fg = pen.text.and_then(|shade| depth.reduce(color(shade)));
    style.bg = pen.ground.and_then(|shade| depth.reduce(color(shade)));
    for (wanted, modifier) in [
        (pen.bold, Modifier::BOLD),
        (pen.dim, Modifier::DIM),
        (pen.italic, Modifier::ITALIC),
        (pen.underline, Modifier::UNDERLINED),
        (pen.reverse, Modifier::REVERSED),
    ] {
        if wanted {
            style = style.add_modifier(modifier);
        }
    }
    style
}

/// How light a colour is to the eye, from 0 to 1, as the accessibility guidelines of the web reckon it.
fn luminance(red: u8, green: u8, blue: u8) -> f64 {
    let linear = |part: u8| {
        let part = f64::from(part) / 255.0;
        if part <= 0.04045 {
            part / 12.92
        } else {
            ((part + 0.055) / 1.055).powf(2.4)
        }
    };
    0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
}

/// Every style of a look, by token.
#[cfg(test)]
pub(crate) fn styles(look: &Look) -> Vec<(&'static str, Style)> {
    let [one, two, three, four, five, six] = look.chart;
    let styles = [
        look.text,
        look.dim,
        look.accent,
        look.title,
        look.selection,
        look.marked,
        look.matched,
        look.input,
        look.error,
        look.warning,
        look.good,
        look.overdue,
        look.due,
        look.won,
        look.lost,
        look.border,
        look.border_focus,
        one,
        two,
        three,
        four,
        five,
        six,
    ];
    crm::config::dashboard::TOKENS.into_iter().zip(styles).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crm::config::Config;
    use crm::config::dashboard::TOKENS;

    const THEMES: [Theme; 5] = [
        Theme::Default,
        Theme::Dark,
        Theme::Light,
        Theme::Mono,
        Theme::HighContrast,
    ];
    const DEPTHS: [Depth; 5] = [
        Depth::None,
        Depth::Eight,
        Depth::Sixteen,
        Depth::Indexed,
        Depth::True,
    ];

    fn display(depth: Depth) -> Display {
        Display {
            depth,
            background: None,
            unicode: true,
        }
    }

    fn of(theme: Theme, depth: Depth) -> Look {
        let dashboard = Dashboard {
            theme: Some(theme),
            ..Dashboard::default()
        };
        look(&dashboard, display(depth))
    }

    #[test]
    fn every_theme_gives_every_token_one_style() {
        for theme in THEMES {
            let names: Vec<&str> = table::of(theme).iter().map(|(name, _)| *name).collect();
            assert_eq!(names, TOKENS, "{theme:?}");
            for (name, text) in table::of(theme) {
                let pen = Pen::parse(text).expect(name);
                assert_eq!(pen.to_string(), *text, "{theme:?} {name}");
            }
        }
    }

    #[test]
    fn every_token_can_be_set() {
        for token in TOKENS {
            let text = format!("[theme]\nbase = 'mono'\n{token} = 'italic 201'\n");
            let (config, warnings) = Config::parse(&text).expect("settings");
            assert_eq!(warnings, []);
            let set = look(&config.dashboard, display(Depth::True));
            let changed: Vec<&str> = styles(&set)
                .into_iter()
                .zip(styles(&of(Theme::Mono, Depth::True)))
                .filter(|(new, old)| new != old)
                .map(|(new, _)| new.0)
                .collect();
            assert_eq!(changed, [token]);
        }
    }

    #[test]
    fn the_selection_is_reverse_in_every_theme_and_depth() {
        for theme in THEMES {
            for depth in DEPTHS {
                let look = of(theme, depth);
                assert!(look.selection.add_modifier.contains(Modifier::REVERSED));
                assert!(look.input.add_modifier.contains(Modifier::UNDERLINED));
            }
        }
    }

    #[test]
    fn no_colour_is_outside_the_depth() {
        for theme in THEMES {
            for depth in DEPTHS {
                for (token, style) in styles(&of(theme, depth)) {
                    for color in [style.fg, style.bg].into_iter().flatten() {
                        let fits = match depth {
                            Depth::None => false,
                            Depth::Eight => {
                                matches!(depth::number(color), Some(0..8) | None)
                                    && !matches!(color, Color::Rgb(..))
                            }
                            Depth::Sixteen => !matches!(color, Color::Rgb(..) | Color::Indexed(_)),
                            Depth::Indexed => !matches!(color, Color::Rgb(..)),
                            Depth::True => true,
                        };
                        assert!(fits, "{theme:?} {token} {color:?} at {depth:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn without_colours_every_theme_speaks_by_attributes() {
        for theme in THEMES {
            assert_eq!(of(theme, Depth::None), of(Theme::Mono, Depth::True));
        }
        let (config, _) = Config::parse("[theme]\noverdue = 'underline red on white'").expect("settings");
        let look = look(&config.dashboard, display(Depth::None));
        assert_eq!(look.overdue, Style::new().add_modifier(Modifier::UNDERLINED));
    }

    #[test]
    fn auto_follows_the_background_where_it_is_known() {
        let auto = |depth, background| {
            let dashboard = Dashboard {
                theme: Some(Theme::Auto),
                ..Dashboard::default()
            };
            let display = Display {
                background,
                ..display(depth)
            };
            look(&dashboard, display)
        };
        let (light, dark) = (Some(Background::Light), Some(Background::Dark));
        assert_eq!(auto(Depth::True, light), of(Theme::Light, Depth::True));
        assert_eq!(auto(Depth::True, dark), of(Theme::Dark, Depth::True));
        assert_eq!(auto(Depth::True, None), of(Theme::Default, Depth::True));
        assert_eq!(auto(Depth::Sixteen, dark), of(Theme::Default, Depth::Sixteen));
        for (colors, background) in [
            ("15;0", Some(Background::Dark)),
            ("0;default;15", Some(Background::Light)),
            ("0;7", Some(Background::Light)),
            ("12;8", Some(Background::Dark)),
            ("15;default", None),
            ("", None),
            ("0;200", None),
        ] {
            assert_eq!(Background::hinted(colors), background, "{colors}");
        }
    }

    #[test]
    fn a_terminal_says_what_it_can_show() {
        let terminal = Terminal {
            term: Some("xterm-256color".to_owned()),
            colors: Some("truecolor".to_owned()),
            background: Some("0;15".to_owned()),
            locale: Some("en_GB.UTF-8".to_owned()),
            ..Terminal::default()
        };
        let display = Display::of(&terminal, None);
        assert_eq!(display.depth, Depth::True);
        assert_eq!(display.background, Some(Background::Light));
        assert!(display.unicode);
        assert_eq!(Display::of(&terminal, Some(false)).depth, Depth::None);
    }

    #[test]
    fn the_default_theme_is_the_plain_look() {
        assert_eq!(of(Theme::Default, Depth::True), Look::plain());
        assert_eq!(of(Theme::Default, Depth::Sixteen), Look::plain());
    }

    #[test]
    fn symbols_are_those_that_the_terminal_has() {
        assert!(has_unicode(Some("xterm"), Some("de_DE.UTF-8")));
        assert!(has_unicode(Some("tmux-256color"), Some("C.utf8")));
        assert!(!has_unicode(Some("linux"), Some("de_DE.UTF-8")));
        assert_eq!(has_unicode(Some("xterm"), Some("zh_CN.GB18030")), cfg!(windows));
        assert_eq!(has_unicode(Some("xterm"), None), cfg!(windows));
        let with = |symbols, unicode| {
            let dashboard = Dashboard {
                symbols,
                ..Dashboard::default()
            };
            let display = Display {
                unicode,
                ..display(Depth::True)
            };
            look(&dashboard, display).symbols == &look::ASCII
        };
        assert!(with(None, false) && !with(None, true));
        assert!(with(Some(Symbols::Ascii), true) && !with(Some(Symbols::Unicode), false));
        let of_charts = |charts, unicode| {
            let dashboard = Dashboard {
                charts: Some(charts),
                ..Dashboard::default()
            };
            let display = Display {
                unicode,
                ..display(Depth::True)
            };
            let symbols = look(&dashboard, display).symbols;
            (symbols.full, symbols.cursor)
        };
        assert_eq!(of_charts(Charts::Blocks, true), ("█", "▌"));
        assert_eq!(of_charts(Charts::Braille, true), ("⣿", "▌"));
        assert_eq!(of_charts(Charts::Ascii, true), ("#", "▌"));
        assert_eq!(of_charts(Charts::Braille, false), ("#", ">"));
    }

    fn contrast(one: (u8, u8, u8), other: (u8, u8, u8)) -> f64 {
        let of = |(red, green, blue)| luminance(red, green, blue) + 0.05;
        let (one, other) = (of(one), of(other));
        if one > other { one / other } else { other / one }
    }

    /// Everything that is read is far enough from every background that a terminal with such a theme has.
    #[test]
    fn text_stands_out_from_its_background() {
        const DARK: [(u8, u8, u8); 5] = [
            (0, 0, 0),
            (0x1e, 0x1e, 0x2e),
            (0x28, 0x2c, 0x34),
            (0x00, 0x2b, 0x36),
            (0x2e, 0x34, 0x40),
        ];
        const LIGHT: [(u8, u8, u8); 3] = [(255, 255, 255), (0xfd, 0xf6, 0xe3), (0xee, 0xee, 0xee)];
        for (theme, grounds, text, lines) in [
            (Theme::Dark, DARK.as_slice(), 4.5, 3.0),
            (Theme::Light, LIGHT.as_slice(), 4.5, 3.0),
            (Theme::HighContrast, &[], 7.0, 7.0),
        ] {
            let look = of(theme, Depth::True);
            assert_eq!(contrast((0, 0, 0), (255, 255, 255)).round(), 21.0);
            for (token, style) in styles(&look) {
                // A style without a colour of its own is drawn on the one of plain text.
                let front = style.fg.or(look.text.fg).and_then(depth::rgb).expect(token);
                let behind = style.bg.or(look.text.bg).and_then(depth::rgb);
                let least = match token.starts_with("chart") || token.starts_with("border") {
                    true => lines,
                    false => text,
                };
                let mut grounds = grounds.to_vec();
                grounds.extend(behind);
                assert!(!grounds.is_empty(), "{theme:?} {token}");
                for ground in grounds {
                    let found = contrast(front, ground);
                    assert!(found >= least, "{theme:?} {token} on {ground:?}: {found:.2}");
                }
            }
        }
    }
}
