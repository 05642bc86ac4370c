//! What a terminal is asked after the first frame, and what is made of its answers. They come like keys do, or never;
//! nothing waits for them. What was found out is kept, so that the next start draws right at once.

use std::path::{Path, PathBuf};

use crate::ctx::Terminal;
use crate::tui::decode::Answer;
use crate::tui::theme::Background;

/// All questions: the colour behind text, synchronized frames, told pastes, notices of dark and light, and the one
/// that every terminal answers.
pub(crate) const QUESTIONS: &[u8] = b"\x1b]11;?\x1b\\\x1b[?2026$p\x1b[?2004$p\x1b[?2031$p\x1b[c";

/// The mode in which a terminal tells when dark becomes light.
pub(crate) const NOTICES: u16 = 2031;

/// What is known of the terminal.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Probe {
    /// What text stands on; none if it does not say.
    pub(crate) background: Option<Background>,
    /// It tells when dark becomes light.
    pub(crate) notices: bool,
    /// It has answered, so that nothing is outstanding.
    pub(crate) answered: bool,
}

impl Probe {
    /// Takes an answer; true if something is known now that was not.
    pub(crate) fn take(&mut self, answer: Answer) -> bool {
        let before = self.clone();
        match answer {
            Answer::Background(red, green, blue) => {
                self.background = Some(Background::of(red, green, blue));
            }
            Answer::Dark(true) => self.background = Some(Background::Dark),
            Answer::Dark(false) => self.background = Some(Background::Light),
            Answer::Mode(NOTICES, known) => self.notices = known,
            Answer::Mode(..) => {}
            Answer::Attributes => self.answered = true,
        }
        *self != before
    }
}

/// What was found out about terminals, in the folder of state.
#[derive(Debug, Clone)]
pub(crate) struct Memory {
    file: PathBuf,
    key: String,
}

/// How many terminals are remembered.
const REMEMBERED: usize = 20;

impl Memory {
    /// What is remembered of terminals that say the same of themselves as this one.
    pub(crate) fn of(state: &Path, terminal: &Terminal) -> Memory {
        let word = |text: &Option<String>| text.clone().unwrap_or_default().replace(['\t', '\n'], " ");
        Memory {
            file: state.join("terminals"),
            key: format!(
                "{} {} {}",
                word(&terminal.term),
                word(&terminal.program),
                if terminal.tmux { "tmux" } else { "-" }
            ),
        }
    }

    /// The background as it was the last time.
    pub(crate) fn background(&self) -> Option<Background> {
        let known = std::fs::read_to_string(&self.file).unwrap_or_default();
        let mine = |line: &str| match line.split_once('\t')? {
            (key, "dark") if key == self.key => Some(Background::Dark),
            (key, "light") if key == self.key => Some(Background::Light),
            _ => None,
        };
        known.lines().rev().find_map(mine)
    }

    /// Keeps the background for the next time. It is a comfort: where it cannot be kept, it is not.
    pub(crate) fn keep(&self, background: Background) -> Option<()> {
        let word = match background {
            Background::Dark => "dark",
            Background::Light => "light",
        };
        let known = std::fs::read_to_string(&self.file).unwrap_or_default();
        let others = known
            .lines()
            .filter(|line| line.split('\t').next() != Some(self.key.as_str()));
        let others: Vec<&str> = others.collect();
        let recent = others.iter().skip(others.len().saturating_sub(REMEMBERED));
        let text: String = recent.map(|line| format!("{line}\n")).collect();
        std::fs::create_dir_all(self.file.parent()?).ok()?;
        std::fs::write(&self.file, format!("{text}{}\t{word}\n", self.key)).ok()
    }
}

/// Why the dashboard cannot be drawn here; none if it can. Nothing was written to the terminal then.
pub(crate) fn refusal(terminal: &Terminal) -> Option<&'static str> {
    if !terminal.is_there {
        return Some(
            "the dashboard needs a terminal, and stdout is none; `crm today` prints the day anywhere",
        );
    }
    if !terminal.reads {
        return Some(
            "the dashboard needs a terminal, and stdin is none; `crm today` prints the day anywhere",
        );
    }
    match terminal.term.as_deref() {
        None => {
            Some("the dashboard cannot be drawn where TERM is not set; `crm today` prints the day anywhere")
        }
        Some("dumb" | "unknown") => Some(
            "the dashboard cannot be drawn on a dumb terminal (TERM); `crm today` prints the day anywhere",
        ),
        Some(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_make_a_picture() {
        let mut probe = Probe::default();
        assert!(probe.take(Answer::Background(0x1e, 0x1e, 0x2e)));
        assert_eq!(probe.background, Some(Background::Dark));
        assert!(!probe.take(Answer::Background(0, 0, 0)), "dark is dark");
        assert!(probe.take(Answer::Background(0xfd, 0xf6, 0xe3)));
        assert!(probe.take(Answer::Mode(NOTICES, true)));
        assert!(!probe.take(Answer::Mode(2026, true)));
        assert!(probe.take(Answer::Attributes));
        let expected = Probe {
            background: Some(Background::Light),
            notices: true,
            answered: true,
        };
        assert_eq!(probe, expected);
        assert!(probe.take(Answer::Dark(true)));
    }

    #[test]
    fn each_kind_of_terminal_is_remembered() {
        let folder = tempfile::tempdir().unwrap();
        let state = folder.path().join("state");
        let terminal = |term: &str, tmux| Terminal {
            term: Some(term.to_owned()),
            tmux,
            ..Terminal::default()
        };
        let memory = |term: &str, tmux| Memory::of(&state, &terminal(term, tmux));
        let plain = memory("xterm", false);
        assert_eq!(plain.background(), None);
        plain.keep(Background::Light).unwrap();
        memory("xterm", true).keep(Background::Dark).unwrap();
        assert_eq!(plain.background(), Some(Background::Light));
        assert_eq!(memory("xterm", true).background(), Some(Background::Dark));
        plain.keep(Background::Dark).unwrap();
        assert_eq!(plain.background(), Some(Background::Dark));
        for number in 0..30 {
            memory(&format!("term{number}"), false)
                .keep(Background::Dark)
                .unwrap();
        }
        assert_eq!(plain.background(), None, "it was long ago");
    }

    #[test]
    fn what_cannot_be_drawn_on_is_refused() {
        let good = Terminal {
            term: Some("xterm".to_owned()),
            is_there: true,
            reads: true,
            ..Terminal::default()
        };
        assert_eq!(refusal(&good), None);
        for bad in [
            Terminal {
                is_there: false,
                ..good.clone()
            },
            Terminal {
                reads: false,
                ..good.clone()
            },
            Terminal {
                term: None,
                ..good.clone()
            },
            Terminal {
                term: Some("dumb".to_owned()),
                ..good
            },
        ] {
            assert!(refusal(&bad).is_some(), "{bad:?}");
        }
    }
}
