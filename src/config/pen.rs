//! A style as settings write it: attributes, a colour, and `on` with the colour behind: `bold red`, `#88c0d0 on black`.

use std::fmt;

/// The sixteen colours of a terminal by number.
pub const NAMED: [&str; 16] = [
    "black",
    "red",
    "green",
    "yellow",
    "blue",
    "magenta",
    "cyan",
    "white",
    "bright-black",
    "bright-red",
    "bright-green",
    "bright-yellow",
    "bright-blue",
    "bright-magenta",
    "bright-cyan",
    "bright-white",
];

/// The attributes.
const ATTRIBUTES: [&str; 5] = ["bold", "dim", "italic", "underline", "reverse"];

/// Stands before the colour behind.
const ON: &str = "on";

/// Text as the terminal shows it, or the colour that it has without a word.
const PLAIN: &str = "plain";

/// Other spellings.
const ALIASES: [(&str, &str); 6] = [
    ("gray", "bright-black"),
    ("grey", "bright-black"),
    ("reversed", "reverse"),
    ("underlined", "underline"),
    ("default", PLAIN),
    ("none", PLAIN),
];

/// A colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shade {
    /// That of the terminal.
    Plain,
    /// One of the 256, of which the first sixteen have names.
    Indexed(u8),
    /// Red, green and blue.
    Rgb(u8, u8, u8),
}

/// A style.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Pen {
    /// The colour of the text.
    pub text: Option<Shade>,
    /// The colour behind it.
    pub ground: Option<Shade>,
    /// Whether it is bold.
    pub bold: bool,
    /// Whether it is faint.
    pub dim: bool,
    /// Whether it is slanted.
    pub italic: bool,
    /// Whether there is a line under it.
    pub underline: bool,
    /// Whether the colours change places.
    pub reverse: bool,
}

impl Pen {
    /// Reads a style; nothing of it is `plain`.
    ///
    /// # Errors
    ///
    /// The word that has no place in a style.
    pub fn parse(text: &str) -> Result<Pen, String> {
        let mut pen = Pen::default();
        let mut words = text.split_whitespace();
        let mut any = false;
        while let Some(written) = words.next() {
            any = true;
            let word = unaliased(written);
            match word.as_str() {
                "bold" => pen.bold = true,
                "dim" => pen.dim = true,
                "italic" => pen.italic = true,
                "underline" => pen.underline = true,
                "reverse" => pen.reverse = true,
                ON if pen.ground.is_none() => {
                    let behind = words.next().unwrap_or_default();
                    let shade = Shade::parse(&unaliased(behind));
                    pen.ground = Some(shade.ok_or_else(|| format!("{written} {behind}").trim().to_owned())?);
                }
                word => match Shade::parse(word) {
                    Some(shade) if pen.text.is_none() => pen.text = Some(shade),
                    _ => return Err(written.to_owned()),
                },
            }
        }
        let nothing = Pen {
            text: Some(Shade::Plain),
            ..Pen::default()
        };
        match any {
            true if pen == nothing => Ok(Pen::default()),
            true => Ok(pen),
            false => Err(String::new()),
        }
    }
}

impl Shade {
    fn parse(word: &str) -> Option<Shade> {
        if word == PLAIN {
            return Some(Shade::Plain);
        }
        if let Some(index) = NAMED.iter().position(|name| *name == word) {
            return u8::try_from(index).ok().map(Shade::Indexed);
        }
        let digits = word.bytes().all(|byte| byte.is_ascii_digit());
        if digits {
            return word.parse().ok().map(Shade::Indexed);
        }
        let hex = word.strip_prefix('#')?;
        if !hex.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        let number = u32::from_str_radix(hex, 16).ok()?;
        let [_, red, green, blue] = match hex.len() {
            6 => number.to_be_bytes(),
            // `#8cd` is `#88ccdd`.
            3 => {
                let [_, _, first, rest] = number.to_be_bytes();
                [0, first * 17, (rest >> 4) * 17, (rest & 15) * 17]
            }
            _ => return None,
        };
        Some(Shade::Rgb(red, green, blue))
    }
}

/// Every word that a style may have, for who has to be told.
pub(super) fn words() -> impl Iterator<Item = &'static str> {
    let aliases = ALIASES.iter().map(|(alias, _)| *alias);
    ATTRIBUTES
        .into_iter()
        .chain(NAMED)
        .chain([ON, PLAIN])
        .chain(aliases)
}

fn unaliased(word: &str) -> String {
    let word = word.to_ascii_lowercase().replace('_', "-");
    match ALIASES.iter().find(|(alias, _)| *alias == word) {
        Some((_, name)) => (*name).to_owned(),
        None => word,
    }
}

impl fmt::Display for Shade {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Shade::Plain => f.write_str(PLAIN),
            Shade::Rgb(red, green, blue) => write!(f, "#{red:02x}{green:02x}{blue:02x}"),
            Shade::Indexed(index) => match NAMED.get(usize::from(index)) {
                Some(name) => f.write_str(name),
                None => write!(f, "{index}"),
            },
        }
    }
}

impl fmt::Display for Pen {
    /// As it would be written.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let has = [self.bold, self.dim, self.italic, self.underline, self.reverse];
        let attributes = ATTRIBUTES.iter().zip(has).filter(|(_, has)| *has);
        let mut words: Vec<String> = attributes.map(|(name, _)| (*name).to_owned()).collect();
        words.extend(self.text.map(|shade| shade.to_string()));
        words.extend(self.ground.map(|shade| format!("{ON} {shade}")));
        if words.is_empty() {
            words.push(PLAIN.to_owned());
        }
        f.write_str(&words.join(" "))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn styles_are_read_as_they_are_written() {
        for (text, written) in [
            ("bold red", "bold red"),
            ("Red BOLD", "bold red"),
            ("#88C0D0 on black", "#88c0d0 on black"),
            ("#8cd", "#88ccdd"),
            ("214 underlined", "underline 214"),
            ("9", "bright-red"),
            ("bright_red", "bright-red"),
            ("gray", "bright-black"),
            ("reverse", "reverse"),
            ("on 17", "on 17"),
            ("default", "plain"),
            ("dim italic plain on plain", "dim italic plain on plain"),
        ] {
            assert_eq!(Pen::parse(text).expect(text).to_string(), written, "{text}");
        }
    }

    #[test]
    fn the_word_that_is_no_style_is_named() {
        for (text, word) in [
            ("bold rde", "rde"),
            ("red blue", "blue"),
            ("256", "256"),
            ("#12345", "#12345"),
            ("#+12345", "#+12345"),
            ("red on", "on"),
            ("red on mars", "on mars"),
            ("on red on blue", "on"),
            ("", ""),
            ("  ", ""),
            ("红", "红"),
        ] {
            assert_eq!(Pen::parse(text), Err(word.to_owned()), "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_is_read_is_written_and_read_again(text in "([a-z#0-9-]{1,7} ?){0,4}|(bold |on |red |#12ab9f |200 |dim ){0,5}") {
            if let Ok(pen) = Pen::parse(&text) {
                prop_assert_eq!(Pen::parse(&pen.to_string()), Ok(pen));
            }
        }
    }
}
