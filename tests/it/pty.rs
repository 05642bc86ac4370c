//! A terminal in which a program runs: keys go in, and what is on the screen is waited for.
//!
//! The dashboard says in between its frames how many inputs it has taken whenever nothing is outstanding (`idle.rs` of
//! the dashboard), so that a test knows when its keys have had their effect, and never sleeps.

use std::io::{Read, Write};
use std::path::Path;
use std::process::Command;
use std::sync::mpsc::{self, Receiver};
use std::time::Duration;

use portable_pty::{Child, CommandBuilder, PtySize, native_pty_system};

use crate::env::Env;

/// Rows and columns of the terminal, where nothing else is said.
pub(crate) const SIZE: (u16, u16) = (24, 100);

/// What a terminal that answers says to the questions of the dashboard: it knows frames that are shown at once, and pastes.
const ANSWERS: &str = "\u{1b}[?2026;2$y\u{1b}[?2004;1$y\u{1b}[?2031;0$y\u{1b}[?62;22c";
/// The last of the questions.
const LAST_QUESTION: &[u8] = b"\x1b[c";
/// How the idle mark begins and ends.
const MARK: (&[u8], &[u8]) = (b"\x1b_idle ", b"\x1b\\");

/// A program in a terminal.
pub(crate) struct Terminal {
    parser: vt100::Parser,
    bytes: Receiver<Vec<u8>>,
    writer: Box<dyn Write + Send>,
    child: Box<dyn Child + Send + Sync>,
    /// Kept open as long as the program runs.
    master: Box<dyn portable_pty::MasterPty + Send>,
    size: (u16, u16),
    /// All that was written to the terminal.
    log: Vec<u8>,
    /// Up to where marks and questions were looked for.
    seen: usize,
    /// What is said to the questions of the dashboard.
    pub(crate) answers: &'static str,
    /// Inputs that were sent.
    sent: u64,
    /// Inputs and size of the last mark.
    mark: Option<(u64, (u16, u16))>,
}

impl Terminal {
    /// Starts a program with the environment of the harness, `crm` on its path, and these variables.
    pub(crate) fn start(env: &Env, program: &str, words: &[&str], variables: &[(&str, &str)]) -> Terminal {
        Terminal::sized(env, SIZE, program, words, variables)
    }

    /// Starts the dashboard, and waits until it shows all that it has to show.
    #[track_caller]
    pub(crate) fn dashboard(env: &Env, size: (u16, u16), variables: &[(&str, &str)]) -> Terminal {
        let mut terminal = Terminal::sized(env, size, "crm", &["tui"], variables);
        terminal.settled();
        terminal
    }

    /// Starts a program in a terminal of so many rows and columns.
    pub(crate) fn sized(
        env: &Env,
        size: (u16, u16),
        program: &str,
        words: &[&str],
        variables: &[(&str, &str)],
    ) -> Terminal {
        let pair = native_pty_system().openpty(pty_size(size)).expect("a terminal");
        let mut builder = CommandBuilder::new(program);
        builder.args(words);
        builder.cwd(env.home());
        builder.env_clear();
        for (name, value) in env.command("").get_envs() {
            builder.env(name, value.expect("the harness sets variables"));
        }
        let folder = Path::new(env!("CARGO_BIN_EXE_crm")).parent().expect("a folder");
        builder.env(
            "PATH",
            format!("{}:/usr/local/bin:/usr/bin:/bin", folder.display()),
        );
        builder.env("TERM", "xterm-256color");
        builder.env("LANG", "C.UTF-8");
        // Between the frames, so that a mark never comes before what it speaks of.
        builder.env("CRM_TEST_IDLE_MARK", "/dev/tty");
        for (name, value) in variables {
            builder.env(name, value);
        }
        let child = pair.slave.spawn_command(builder).expect("it starts");
        drop(pair.slave);
        let mut reader = pair.master.try_clone_reader().expect("a reader");
        let (sender, bytes) = mpsc::channel();
        std::thread::spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok(count @ 1..) = reader.read(&mut buffer) {
                let read = buffer.iter().take(count).copied().collect();
                if sender.send(read).is_err() {
                    break;
                }
            }
        });
        Terminal {
            parser: parser(size),
            bytes,
            writer: pair.master.take_writer().expect("a writer"),
            child,
            master: pair.master,
            size,
            log: Vec::new(),
            seen: 0,
            answers: ANSWERS,
            sent: 0,
            mark: None,
        }
    }

    /// Types, for programs other than the dashboard, or what is no input to it.
    pub(crate) fn send(&mut self, keys: &str) {
        self.writer.write_all(keys.as_bytes()).expect("it listens");
        self.writer.flush().expect("it listens");
    }

    /// Sends what the dashboard takes as so many inputs.
    pub(crate) fn input(&mut self, bytes: &str, inputs: u64) {
        self.sent += inputs;
        self.send(bytes);
    }

    /// Presses one key, given by what terminals send for it, and waits until it has had its effect.
    #[track_caller]
    pub(crate) fn press(&mut self, key: &str) {
        self.input(key, 1);
        self.settled();
    }

    /// Types a text, letter by letter, and waits until it has had its effect.
    #[allow(dead_code, reason = "screens with fields and buttons are tested by it")]
    #[track_caller]
    pub(crate) fn enter(&mut self, text: &str) {
        for letter in text.chars() {
            self.input(letter.encode_utf8(&mut [0; 4]), 1);
        }
        self.settled();
    }

    /// Pastes, as terminals do that tell a paste from keys.
    #[track_caller]
    pub(crate) fn paste(&mut self, text: &str) {
        self.input(&format!("\u{1b}[200~{text}\u{1b}[201~"), 1);
        self.settled();
    }

    /// Presses the left button of the mouse and lets it go, at a row and a column from zero.
    #[allow(dead_code, reason = "screens with fields and buttons are tested by it")]
    #[track_caller]
    pub(crate) fn click(&mut self, row: u16, column: u16) {
        for last in ['M', 'm'] {
            self.input(&format!("\u{1b}[<0;{};{}{last}", column + 1, row + 1), 1);
        }
        self.settled();
    }

    /// Makes the terminal larger or smaller; the program is told.
    pub(crate) fn resize(&mut self, size: (u16, u16)) {
        // What is on its way was drawn for the size before.
        while let Ok(bytes) = self.bytes.try_recv() {
            self.take(&bytes);
        }
        self.size = size;
        self.master.resize(pty_size(size)).expect("a size");
        self.parser
            .screen_mut()
            .set_size(non_zero(size.0), non_zero(size.1));
    }

    /// Sends a signal to the program, by its name.
    pub(crate) fn signal(&self, name: &str) {
        let id = self.child.process_id().expect("it runs");
        kill(name, id);
    }

    /// All that was written to the terminal.
    pub(crate) fn log(&self) -> &[u8] {
        &self.log
    }

    /// What was written after so many bytes, without the marks.
    pub(crate) fn written_since(&self, bytes: usize) -> Vec<u8> {
        let mut rest = self.log.get(bytes..).unwrap_or_default();
        let mut written = Vec::new();
        while let Some(begin) = find(rest, MARK.0) {
            let (before, after) = rest.split_at(begin);
            written.extend_from_slice(before);
            let end = find(after, MARK.1).map_or(after.len(), |end| end + MARK.1.len());
            rest = after.get(end..).unwrap_or_default();
        }
        written.extend_from_slice(rest);
        written
    }

    /// The modes that were switched on and are not off again: private modes by number, `title`, `keys`, `cursor` if it
    /// is hidden.
    pub(crate) fn modes(&self) -> Vec<String> {
        let mut on: Vec<String> = Vec::new();
        let text = String::from_utf8_lossy(&self.log).into_owned();
        for sequence in text.split("\u{1b}[").skip(1) {
            let end = sequence.find(|letter: char| letter.is_ascii_alphabetic());
            let Some((content, last)) = end.and_then(|end| sequence.split_at_checked(end)) else {
                continue;
            };
            let is_on = match last.chars().next() {
                Some('h') => true,
                Some('l') => false,
                Some('t') => content == "22;0",
                Some('u') => content == ">1",
                _ => continue,
            };
            let (name, is_on) = match (content, content.strip_prefix('?')) {
                ("22;0" | "23;0", _) => ("title", is_on),
                (">1" | "<", _) => ("keys", is_on),
                (_, Some("25")) => ("cursor", !is_on),
                (_, Some(mode)) => (mode, is_on),
                _ => continue,
            };
            on.retain(|mode| mode != name);
            if is_on {
                on.push(name.to_owned());
            }
        }
        on.sort();
        on
    }

    /// What is on the screen.
    pub(crate) fn text(&self) -> String {
        self.parser.screen().contents()
    }

    /// The line in which the cursor is.
    pub(crate) fn line(&self) -> String {
        let (row, _) = self.parser.screen().cursor_position();
        self.parser
            .screen()
            .rows(0, self.size.1)
            .nth(usize::from(row))
            .unwrap_or_default()
    }

    /// The screen itself.
    pub(crate) fn screen(&self) -> &vt100::Screen {
        self.parser.screen()
    }

    /// Waits until the screen is as wanted; fails where that does not happen within a long time.
    #[track_caller]
    pub(crate) fn until(&mut self, what: &str, wanted: impl Fn(&Terminal) -> bool) {
        while !wanted(self) {
            match self.bytes.recv_timeout(Duration::from_secs(20)) {
                Ok(bytes) => self.take(&bytes),
                Err(_) => panic!("waited for {what}; the screen:\n{}", self.text()),
            }
        }
    }

    /// Waits until a text is on the screen.
    #[track_caller]
    pub(crate) fn shows(&mut self, text: &str) {
        self.until(text, |terminal| terminal.text().contains(text));
    }

    /// Waits until the dashboard has taken all inputs, knows the size of the terminal, and has nothing left to do.
    #[track_caller]
    pub(crate) fn settled(&mut self) {
        let (sent, (rows, columns)) = (self.sent, self.size);
        self.until("the dashboard to settle", |terminal| {
            terminal
                .mark
                .is_some_and(|(taken, size)| taken >= sent && size == (columns, rows))
        });
    }

    /// Waits for the end, and gives the exit code.
    #[track_caller]
    pub(crate) fn end(&mut self) -> u32 {
        loop {
            match self.bytes.recv_timeout(Duration::from_secs(20)) {
                Ok(bytes) => self.take(&bytes),
                Err(mpsc::RecvTimeoutError::Disconnected) => break,
                Err(mpsc::RecvTimeoutError::Timeout) => {
                    panic!("waited for the end; the screen:\n{}", self.text())
                }
            }
        }
        self.child.wait().expect("it ends").exit_code()
    }

    /// Whether the program is still there.
    pub(crate) fn runs(&mut self) -> bool {
        self.child.try_wait().expect("a child").is_none()
    }

    /// Takes what the program wrote.
    fn take(&mut self, bytes: &[u8]) {
        self.parser.process(bytes);
        self.log.extend_from_slice(bytes);
        while let Some(at) = find(self.log.get(self.seen..).unwrap_or_default(), b"\x1b") {
            let begin = self.seen + at;
            let rest = self.log.get(begin..).unwrap_or_default();
            if let Some(text) = rest.strip_prefix(MARK.0) {
                // The rest of it is on its way.
                let Some(end) = find(text, MARK.1) else { return };
                self.mark = read(&String::from_utf8_lossy(text.get(..end).unwrap_or_default()));
                self.seen = begin + MARK.0.len() + end + MARK.1.len();
            } else if rest.starts_with(LAST_QUESTION) {
                self.seen = begin + LAST_QUESTION.len();
                self.send(self.answers);
            } else if MARK.0.starts_with(rest) || LAST_QUESTION.starts_with(rest) {
                return;
            } else {
                self.seen = begin + 1;
            }
        }
        self.seen = self.log.len();
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        // A shell that waits for keys ends with its terminal.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Sends a signal to a process, by its name.
pub(crate) fn kill(name: &str, id: u32) {
    let status = Command::new("kill")
        .args([&format!("-{name}"), &id.to_string()])
        .status();
    assert!(status.is_ok_and(|status| status.success()), "kill -{name} {id}");
}

/// `12 100x24`, as inputs, columns and rows.
fn read(mark: &str) -> Option<(u64, (u16, u16))> {
    let (taken, size) = mark.split_once(' ')?;
    let (columns, rows) = size.split_once('x')?;
    Some((taken.parse().ok()?, (columns.parse().ok()?, rows.parse().ok()?)))
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}

fn non_zero(number: u16) -> std::num::NonZeroU16 {
    std::num::NonZero::new(number).expect("more than nothing")
}

fn parser(size: (u16, u16)) -> vt100::Parser {
    vt100::Parser::new(non_zero(size.0), non_zero(size.1), 0)
}

fn pty_size(size: (u16, u16)) -> PtySize {
    PtySize {
        rows: size.0,
        cols: size.1,
        pixel_width: 0,
        pixel_height: 0,
    }
}
