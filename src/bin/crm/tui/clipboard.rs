//! Copying, with a program of the system or through the terminal.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crm::config::dashboard::Clipboard;
use crm::error::{Error, Result};

use crate::ctx::Terminal;
use crate::text::number;

/// The most that is copied through a terminal, in bytes of the sequence; some cut what is longer.
const LONGEST: usize = 75_000;

/// A program that takes what is copied on its standard input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Tool {
    name: &'static str,
    path: PathBuf,
    arguments: &'static [&'static str],
}

/// How something is copied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Way {
    /// With a program.
    Tool(Tool),
    /// Through the terminal.
    Terminal {
        /// It is inside tmux, which has to pass the sequence on.
        tmux: bool,
    },
}

/// What each program is called, whether it works on this screen, and what it is told.
type Known = (&'static str, fn(&Terminal) -> bool, &'static [&'static str]);

const TOOLS: [Known; 5] = [
    ("wl-copy", |terminal| terminal.wayland, &[]),
    ("xclip", |terminal| terminal.x11, &["-selection", "clipboard"]),
    ("xsel", |terminal| terminal.x11, &["--clipboard", "--input"]),
    ("pbcopy", |_| true, &[]),
    ("clip.exe", |_| true, &[]),
];

impl Way {
    /// How to copy here.
    ///
    /// # Errors
    ///
    /// `Usage` if the settings forbid it, or want a program and there is none.
    pub(crate) fn of(wanted: Clipboard, terminal: &Terminal) -> Result<Way> {
        Way::by(wanted, terminal, &|path| path.is_file())
    }

    fn by(wanted: Clipboard, terminal: &Terminal, is_there: &dyn Fn(&Path) -> bool) -> Result<Way> {
        let through = Way::Terminal { tmux: terminal.tmux };
        let tool = || {
            TOOLS.iter().find_map(|(name, works, arguments)| {
                let folders = terminal.programs.iter().filter(|_| works(terminal));
                let path = folders
                    .map(|folder| folder.join(name))
                    .find(|path| is_there(path))?;
                Some(Way::Tool(Tool {
                    name,
                    path,
                    arguments,
                }))
            })
        };
        match wanted {
            Clipboard::Off => Err(Error::usage(
                "copying is off; the setting clipboard = \"auto\" turns it on",
            )),
            Clipboard::Osc52 => Ok(through),
            // A program would copy on the far machine, whose clipboard nobody looks at.
            Clipboard::Auto if terminal.remote => Ok(through),
            Clipboard::Auto => Ok(tool().unwrap_or(through)),
            Clipboard::Native => tool().ok_or_else(|| {
                Error::usage(format!(
                    "there is no program that copies; one of {} is needed, or the setting clipboard = \"osc52\"",
                    TOOLS.map(|(name, ..)| name).join(", ")
                ))
            }),
        }
    }

    /// Copies `text`; what the terminal has to be sent for it, which is nothing where a program took the text.
    ///
    /// # Errors
    ///
    /// `Usage` if the terminal cannot take so much; else if the program cannot be run or fails.
    pub(crate) fn copy(&self, text: &str) -> Result<Vec<u8>> {
        match self {
            Way::Terminal { tmux } => sequence(text, *tmux),
            Way::Tool(tool) => {
                tool.take(text).map_err(|error| error.context(tool.name))?;
                Ok(Vec::new())
            }
        }
    }

    /// What was copied, and how: `copied the e-mail address with wl-copy`.
    pub(crate) fn said(&self, what: &str) -> String {
        match self {
            Way::Terminal { tmux: false } => format!("copied {what} through the terminal"),
            // It may refuse, and does not say so.
            Way::Terminal { tmux: true } => {
                format!("copied {what} through tmux, which has to allow it (set -g set-clipboard on)")
            }
            Way::Tool(tool) => format!("copied {what} with {}", tool.name),
        }
    }
}

impl Tool {
    fn take(&self, text: &str) -> Result<()> {
        let mut child = Command::new(&self.path)
            .args(self.arguments)
            .stdin(Stdio::piped())
            // What stays in the background to hand the text out must not hold the streams of the screen.
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        let written = match child.stdin.take() {
            Some(mut input) => input.write_all(text.as_bytes()),
            None => Ok(()),
        };
        let status = child.wait()?;
        written?;
        match status.success() {
            true => Ok(()),
            false => Err(Error::usage(format!("it did not copy: {status}"))),
        }
    }
}

/// The sequence OSC 52 that has the terminal copy `text`.
///
/// # Errors
///
/// `Usage` if it would be longer than terminals take.
fn sequence(text: &str, tmux: bool) -> Result<Vec<u8>> {
    let coded = base64(text.as_bytes());
    if coded.len() > LONGEST {
        return Err(Error::usage(format!(
            "{} letters are too many for the terminal to copy; a program can, with the setting clipboard = \"native\"",
            number::many(text.chars().count() as u64)
        )));
    }
    let plain = format!("\u{1b}]52;c;{coded}\u{7}");
    Ok(match tmux {
        // As it is for a tmux that copies for programs, and wrapped for one that passes on; inside the wrapper every
        // escape is doubled.
        true => {
            let doubled = plain.replace('\u{1b}', "\u{1b}\u{1b}");
            format!("{plain}\u{1b}Ptmux;{doubled}\u{1b}\\")
        }
        false => plain,
    }
    .into_bytes())
}

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Bytes in base64 with padding.
fn base64(bytes: &[u8]) -> String {
    let mut coded = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let byte = |at: usize| u32::from(chunk.get(at).copied().unwrap_or_default());
        let group = byte(0) << 16 | byte(1) << 8 | byte(2);
        for at in 0..4 {
            // Three bytes are four letters, two are three, one is two.
            let letter = match at > chunk.len() {
                true => None,
                false => ALPHABET.get((group >> (18 - 6 * at) & 63) as usize),
            };
            coded.push(letter.map_or('=', |letter| char::from(*letter)));
        }
    }
    coded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_that_of_the_standard() {
        for (text, coded) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
            ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
            ("张伟", "5byg5Lyf"),
            ("\u{ff}>?", "w78+Pw=="),
        ] {
            assert_eq!(base64(text.as_bytes()), coded);
        }
    }

    #[test]
    fn the_terminal_is_told_in_its_way() {
        assert_eq!(sequence("foo", false).expect("short"), b"\x1b]52;c;Zm9v\x07");
        assert_eq!(
            sequence("foo", true).expect("short"),
            b"\x1b]52;c;Zm9v\x07\x1bPtmux;\x1b\x1b]52;c;Zm9v\x07\x1b\\"
        );
        let way = Way::Terminal { tmux: false };
        assert_eq!(way.copy("foo").expect("copied"), b"\x1b]52;c;Zm9v\x07");
        assert_eq!(way.said("the name"), "copied the name through the terminal");
        assert!(sequence(&"x".repeat(56_250), false).is_ok());
        let error = way.copy(&"x".repeat(60_000)).expect_err("too long");
        assert!(
            error.message().starts_with("60,000 letters are too many"),
            "{error}"
        );
    }

    #[test]
    fn the_way_follows_the_setting_and_the_screen() {
        let terminal = |wayland, x11, remote| Terminal {
            wayland,
            x11,
            remote,
            programs: vec![PathBuf::from("/one"), PathBuf::from("/two")],
            ..Terminal::default()
        };
        let both = |path: &Path| path == Path::new("/two/wl-copy") || path == Path::new("/one/xclip");
        let name = |wanted, terminal: &Terminal, is_there: &dyn Fn(&Path) -> bool| {
            Way::by(wanted, terminal, is_there).map(|way| way.said("it"))
        };
        let through = "copied it through the terminal";
        for (wanted, terminal, said) in [
            (
                Clipboard::Auto,
                terminal(true, true, false),
                "copied it with wl-copy",
            ),
            (
                Clipboard::Auto,
                terminal(false, true, false),
                "copied it with xclip",
            ),
            (Clipboard::Auto, terminal(false, false, false), through),
            (Clipboard::Auto, terminal(true, true, true), through),
            (
                Clipboard::Native,
                terminal(true, true, true),
                "copied it with wl-copy",
            ),
            (Clipboard::Osc52, terminal(true, true, false), through),
        ] {
            assert_eq!(name(wanted, &terminal, &both).expect("a way"), said);
        }
        let none = |_: &Path| false;
        let error = name(Clipboard::Native, &terminal(true, true, false), &none).expect_err("none is there");
        assert!(error.message().contains("wl-copy, xclip"), "{error}");
        let error = name(Clipboard::Off, &terminal(true, true, false), &both).expect_err("off");
        assert!(error.message().contains("copying is off"), "{error}");
    }

    #[cfg(unix)]
    #[test]
    fn a_program_gets_the_text_and_its_failure_is_told() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("copied");
        let tool = |arguments| {
            Way::Tool(Tool {
                name: "tee",
                path: PathBuf::from("/usr/bin/env"),
                arguments,
            })
        };
        let leaked: &'static str = Box::leak(file.display().to_string().into_boxed_str());
        let arguments: &'static [&'static str] = Box::leak(Box::new(["tee", leaked]));
        let rest = tool(arguments).copy("张伟 & Co").expect("copied");
        assert_eq!(rest, b"", "the terminal has no part in it");
        assert_eq!(std::fs::read_to_string(&file).expect("a file"), "张伟 & Co");
        let error = tool(&["false"]).copy("x").expect_err("it fails");
        assert!(error.to_string().contains("tee"), "{error}");
    }
}
