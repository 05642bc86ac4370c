//! The program behind a pseudo-terminal: keys go in, and the ends of frames and the marks of rest are waited for.

use std::io::{Read, Write};
use std::path::Path;
use std::sync::mpsc::{self, Receiver};
use std::time::Duration;

use portable_pty::{Child, CommandBuilder, PtySize, native_pty_system};

use crate::NOW;

/// The end of a frame.
const FRAME: &[u8] = b"\x1b[?2026l";
/// The beginning of a mark of rest, which is followed by how many inputs were taken.
const REST: &[u8] = b"\x1b_idle ";

/// A running dashboard.
pub(crate) struct Terminal {
    bytes: Receiver<Vec<u8>>,
    writer: Box<dyn Write + Send>,
    child: Box<dyn Child + Send + Sync>,
    _master: Box<dyn portable_pty::MasterPty + Send>,
    /// What was read and not yet looked at.
    rest: Vec<u8>,
    taken: usize,
    frames: u64,
    /// How many inputs the program says it has taken, when it rested last.
    known: Option<u64>,
    sent: u64,
}

impl Terminal {
    /// Starts at a clock that stands still; the word is the first screen, if there is one.
    pub(crate) fn start(base: &Path, size: (u16, u16), screen: &[&str]) -> Terminal {
        Terminal::spawn(base, size, screen.first().copied(), Some(NOW))
    }

    /// Starts with the clock of the machine.
    pub(crate) fn start_by_the_clock(base: &Path, size: (u16, u16), screen: &str) -> Terminal {
        Terminal::spawn(base, size, Some(screen), None)
    }

    fn spawn(base: &Path, (cols, rows): (u16, u16), screen: Option<&str>, now: Option<&str>) -> Terminal {
        let pair = native_pty_system()
            .openpty(PtySize {
                rows,
                cols,
                pixel_width: 0,
                pixel_height: 0,
            })
            .unwrap();
        let home = base.parent().unwrap().join("home");
        std::fs::create_dir_all(&home).unwrap();
        let settings = home.join(format!("{}.toml", screen.unwrap_or("usual")));
        let text = screen.map_or_else(String::new, |screen| format!("start_screen = \"{screen}\"\n"));
        std::fs::write(&settings, text).unwrap();
        let mut builder = CommandBuilder::new(env!("CARGO_BIN_EXE_crm"));
        builder.arg("--db");
        builder.arg(base);
        builder.arg("tui");
        builder.env_clear();
        for (name, value) in [
            ("HOME", home.to_str().unwrap()),
            ("TERM", "xterm-256color"),
            ("LANG", "C.UTF-8"),
            ("CRM_CONFIG", settings.to_str().unwrap()),
            ("CRM_TEST_IDLE_MARK", "/dev/tty"),
        ] {
            builder.env(name, value);
        }
        if let Some(now) = now {
            builder.env("CRM_NOW", now);
        }
        let child = pair.slave.spawn_command(builder).unwrap();
        drop(pair.slave);
        let mut reader = pair.master.try_clone_reader().unwrap();
        let (sender, bytes) = mpsc::channel();
        std::thread::spawn(move || {
            let mut buffer = [0; 65_536];
            while let Ok(count @ 1..) = reader.read(&mut buffer) {
                if sender.send(buffer[..count].to_vec()).is_err() {
                    break;
                }
            }
        });
        Terminal {
            bytes,
            writer: pair.master.take_writer().unwrap(),
            child,
            _master: pair.master,
            rest: Vec::new(),
            taken: 0,
            frames: 0,
            known: None,
            sent: 0,
        }
    }

    /// The process.
    pub(crate) fn id(&self) -> u32 {
        self.child.process_id().unwrap()
    }

    /// How many bytes of frames were written so far.
    pub(crate) fn taken(&self) -> usize {
        self.taken
    }

    /// Presses keys, each a character.
    pub(crate) fn press(&mut self, keys: &str) {
        self.sent += keys.chars().count() as u64;
        self.writer.write_all(keys.as_bytes()).unwrap();
        self.writer.flush().unwrap();
    }

    /// Waits for the end of another frame.
    pub(crate) fn frame(&mut self) {
        let before = self.frames;
        while self.frames == before {
            self.read();
        }
    }

    /// Waits until everything that was pressed was taken, and nothing is outstanding.
    pub(crate) fn settle(&mut self) {
        while self.known.is_none_or(|known| known < self.sent) {
            self.read();
        }
    }

    /// Leaves, and waits for the end.
    pub(crate) fn quit(mut self) {
        // Whatever has the keys, a field too.
        self.press("\u{3}\u{3}");
        while self.bytes.recv().is_ok() {}
        self.child.wait().unwrap();
    }

    fn read(&mut self) {
        let bytes = self
            .bytes
            .recv_timeout(Duration::from_secs(60))
            .expect("the dashboard says something");
        self.rest.extend(bytes);
        // A sequence may be cut in two by the pipe; what cannot be one any more is counted.
        let mut done = 0;
        while let Some(at) = self.rest[done..].iter().position(|byte| *byte == 0x1b) {
            self.taken += at;
            let tail = &self.rest[done + at..];
            if tail.starts_with(FRAME) {
                self.frames += 1;
                self.taken += FRAME.len();
                done += at + FRAME.len();
            } else if tail.starts_with(REST) {
                let Some(end) = tail.windows(2).position(|two| two == b"\x1b\\") else {
                    done += at;
                    self.rest.drain(..done);
                    return;
                };
                let mark = String::from_utf8_lossy(&tail[REST.len()..end]).into_owned();
                self.known = mark.split(' ').next().and_then(|taken| taken.parse().ok());
                done += at + end + 2;
            } else if tail.len() < FRAME.len() {
                done += at;
                self.rest.drain(..done);
                return;
            } else {
                self.taken += 1;
                done += at + 1;
            }
        }
        self.taken += self.rest.len() - done;
        self.rest.clear();
    }
}
