//! How many colours a terminal has, and which of them is nearest to one that it has not.

use ratatui::style::Color;

/// How many colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd)]
pub(crate) enum Depth {
    /// None, or none is wanted.
    None,
    /// The eight without the bright ones.
    Eight,
    /// Those with a name.
    Sixteen,
    /// 256.
    Indexed,
    /// Any by red, green and blue.
    True,
}

impl Depth {
    /// What a terminal has, by `TERM`, `COLORTERM` and whether colour is wanted, if anybody says so.
    pub(crate) fn of(term: Option<&str>, colorterm: Option<&str>, wanted: Option<bool>) -> Depth {
        if wanted == Some(false) {
            return Depth::None;
        }
        let term = term.unwrap_or(if cfg!(windows) { "windows-direct" } else { "dumb" });
        let colorterm = colorterm.unwrap_or_default();
        let depth = match term {
            // The console of Linux, and what is like it, take eight for text whatever the session says of itself.
            "linux" | "ansi" | "cygwin" => Depth::Eight,
            "dumb" | "vt52" | "vt100" | "vt102" | "vt220" => Depth::None,
            _ if colorterm == "truecolor" || colorterm == "24bit" => Depth::True,
            term if term.ends_with("-direct") || term.contains("truecolor") => Depth::True,
            term if term.contains("256color") => Depth::Indexed,
            term if term.contains("kitty") || term.contains("ghostty") || term.contains("alacritty") => {
                Depth::True
            }
            _ => Depth::Sixteen,
        };
        match depth {
            Depth::None if wanted == Some(true) => Depth::Eight,
            depth => depth,
        }
    }

    /// The nearest colour that is there; none if there are none.
    pub(crate) fn reduce(self, color: Color) -> Option<Color> {
        match (self, color) {
            (Depth::None, _) => None,
            (Depth::True, _) | (_, Color::Reset) => Some(color),
            (Depth::Indexed, Color::Rgb(red, green, blue)) => Some(Color::Indexed(of_256(red, green, blue))),
            (Depth::Indexed, _) => Some(color),
            (Depth::Sixteen, _) => Some(of_16(color)),
            (Depth::Eight, _) => Some(match number(of_16(color)) {
                // The dark of the bright black is black, and black text may be on black.
                Some(8) | None => Color::Reset,
                Some(number) => indexed(number % 8),
            }),
        }
    }
}

/// The sixteen, by number.
const SIXTEEN: [(Color, (u8, u8, u8)); 16] = [
    (Color::Black, (0, 0, 0)),
    (Color::Red, (205, 0, 0)),
    (Color::Green, (0, 205, 0)),
    (Color::Yellow, (205, 205, 0)),
    (Color::Blue, (0, 0, 238)),
    (Color::Magenta, (205, 0, 205)),
    (Color::Cyan, (0, 205, 205)),
    (Color::Gray, (229, 229, 229)),
    (Color::DarkGray, (127, 127, 127)),
    (Color::LightRed, (255, 0, 0)),
    (Color::LightGreen, (0, 255, 0)),
    (Color::LightYellow, (255, 255, 0)),
    (Color::LightBlue, (92, 92, 255)),
    (Color::LightMagenta, (255, 0, 255)),
    (Color::LightCyan, (0, 255, 255)),
    (Color::White, (255, 255, 255)),
];

/// The steps of red, green and blue in the cube of colours from 16 to 231.
const STEPS: [u8; 6] = [0, 95, 135, 175, 215, 255];

/// The colour with a number, under its name where it has one.
pub(super) fn indexed(index: u8) -> Color {
    match SIXTEEN.get(usize::from(index)) {
        Some((color, _)) => *color,
        None => Color::Indexed(index),
    }
}

/// The number of a colour with a name.
pub(super) fn number(color: Color) -> Option<u8> {
    let found = (0..).zip(SIXTEEN).find(|(_, (named, _))| *named == color);
    found.map(|(number, _)| number)
}

/// Red, green and blue of a colour; those that terminals usually give to the ones with names.
pub(super) fn rgb(color: Color) -> Option<(u8, u8, u8)> {
    match color {
        Color::Reset => None,
        Color::Rgb(red, green, blue) => Some((red, green, blue)),
        Color::Indexed(index @ 16..=231) => {
            let step = |place: u8| STEPS.get(usize::from(place % 6)).copied();
            let place = index - 16;
            Some((step(place / 36)?, step(place / 6)?, step(place)?))
        }
        Color::Indexed(index @ 232..) => {
            let grey = 8 + (index - 232) * 10;
            Some((grey, grey, grey))
        }
        Color::Indexed(index) => rgb(indexed(index)),
        named => {
            let found = SIXTEEN.iter().find(|(color, _)| *color == named);
            found.map(|(_, rgb)| *rgb)
        }
    }
}

/// How far two colours are from one another, squared; green counts most and blue least, as to the eye.
fn distance(one: (u8, u8, u8), other: (u8, u8, u8)) -> u32 {
    let square = |one: u8, other: u8| u32::from(one.abs_diff(other)).pow(2);
    3 * square(one.0, other.0) + 4 * square(one.1, other.1) + 2 * square(one.2, other.2)
}

/// The number of the nearest of the 240 colours that look the same everywhere.
fn of_256(red: u8, green: u8, blue: u8) -> u8 {
    let wanted = (red, green, blue);
    let far = |index: &u8| rgb(Color::Indexed(*index)).map_or(u32::MAX, |there| distance(wanted, there));
    (16..=255).min_by_key(far).unwrap_or(15)
}

/// The nearest of the sixteen. A grey is nearest to a grey; what is none keeps its hue, because by distance alone pale
/// green is yellow, and green means something.
fn of_16(color: Color) -> Color {
    let Some(wanted) = rgb(color) else { return color };
    if number(color).is_some() {
        return color;
    }
    let (red, green, blue) = wanted;
    let (most, least) = (red.max(green).max(blue), red.min(green).min(blue));
    if most - least <= GREYISH {
        let greys = [Color::Black, Color::DarkGray, Color::Gray, Color::White];
        let far = |grey: &Color| rgb(*grey).map_or(u32::MAX, |there| distance(wanted, there));
        return greys.into_iter().min_by_key(far).unwrap_or(color);
    }
    let middle = least + (most - least) / 2;
    let hue = u8::from(red > middle) + 2 * u8::from(green > middle) + 4 * u8::from(blue > middle);
    indexed(if most >= BRIGHT { hue + 8 } else { hue })
}

/// The most by which the parts of a grey differ.
const GREYISH: u8 = 32;

/// The strongest part of a bright colour has at least this.
const BRIGHT: u8 = 230;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_depth_is_what_the_terminal_says() {
        for (term, colorterm, wanted, depth) in [
            ("xterm", "", None, Depth::Sixteen),
            ("xterm-256color", "", None, Depth::Indexed),
            ("xterm-256color", "truecolor", None, Depth::True),
            ("tmux-256color", "24bit", None, Depth::True),
            ("xterm-direct", "", None, Depth::True),
            ("xterm-kitty", "", None, Depth::True),
            ("linux", "truecolor", None, Depth::Eight),
            ("vt100", "", None, Depth::None),
            ("vt100", "", Some(true), Depth::Eight),
            ("xterm-256color", "truecolor", Some(false), Depth::None),
            ("screen", "", Some(true), Depth::Sixteen),
        ] {
            assert_eq!(Depth::of(Some(term), Some(colorterm), wanted), depth, "{term}");
        }
        assert_eq!(Depth::of(None, None, Some(false)), Depth::None);
    }

    #[test]
    fn colours_become_the_nearest_that_is_there() {
        let rgb = Color::Rgb;
        for (color, indexed, sixteen, eight) in [
            (rgb(255, 255, 255), Color::Indexed(231), Color::White, Color::Gray),
            (rgb(0, 0, 0), Color::Indexed(16), Color::Black, Color::Black),
            (rgb(250, 10, 10), Color::Indexed(196), Color::LightRed, Color::Red),
            (rgb(170, 20, 30), Color::Indexed(124), Color::Red, Color::Red),
            (
                rgb(128, 128, 128),
                Color::Indexed(244),
                Color::DarkGray,
                Color::Reset,
            ),
            (
                rgb(0x88, 0xc0, 0xd0),
                Color::Indexed(110),
                Color::Cyan,
                Color::Cyan,
            ),
            (
                Color::Indexed(208),
                Color::Indexed(208),
                Color::LightYellow,
                Color::Yellow,
            ),
            (
                rgb(0xa9, 0xd1, 0x8e),
                Color::Indexed(150),
                Color::Green,
                Color::Green,
            ),
            (Color::Yellow, Color::Yellow, Color::Yellow, Color::Yellow),
            (Color::LightBlue, Color::LightBlue, Color::LightBlue, Color::Blue),
            (Color::Reset, Color::Reset, Color::Reset, Color::Reset),
        ] {
            assert_eq!(Depth::True.reduce(color), Some(color));
            assert_eq!(Depth::Indexed.reduce(color), Some(indexed), "{color:?}");
            assert_eq!(Depth::Sixteen.reduce(color), Some(sixteen), "{color:?}");
            assert_eq!(Depth::Eight.reduce(color), Some(eight), "{color:?}");
            assert_eq!(Depth::None.reduce(color), None);
        }
    }

    proptest! {
        #[test]
        fn what_is_there_stays_what_it_is(index in any::<u8>()) {
            let color = indexed(index);
            prop_assert_eq!(Depth::Indexed.reduce(color), Some(color));
            let (red, green, blue) = rgb(color).unwrap();
            let again = of_256(red, green, blue);
            prop_assert_eq!(rgb(Color::Indexed(again)).map(|there| distance(there, (red, green, blue)) <= 4500), Some(true));
            if index >= 16 {
                prop_assert_eq!(rgb(Color::Indexed(again)), rgb(color));
            }
        }

        #[test]
        fn a_reduced_colour_is_in_the_depth(red in any::<u8>(), green in any::<u8>(), blue in any::<u8>()) {
            let color = Color::Rgb(red, green, blue);
            prop_assert!(number(Depth::Sixteen.reduce(color).unwrap()).is_some());
            let eight = Depth::Eight.reduce(color).unwrap();
            prop_assert!(eight == Color::Reset || number(eight).unwrap() < 8);
            prop_assert!(matches!(Depth::Indexed.reduce(color), Some(Color::Indexed(16..))));
        }
    }
}
