//! A terminal in which a program runs: keys go in, and what is on the screen is waited for.

use std::io::{Read, Write};
use std::path::Path;
use std::sync::mpsc::{self, Receiver};
use std::time::Duration;

use portable_pty::{Child, CommandBuilder, PtySize, native_pty_system};

use crate::env::Env;

/// Rows and columns of the terminal.
pub(crate) const SIZE: (u16, u16) = (24, 100);

/// A program in a terminal.
pub(crate) struct Terminal {
    parser: vt100::Parser,
    bytes: Receiver<Vec<u8>>,
    writer: Box<dyn Write + Send>,
    child: Box<dyn Child + Send + Sync>,
    /// Kept open as long as the program runs.
    _master: Box<dyn portable_pty::MasterPty + Send>,
}

impl Terminal {
    /// Starts a program with the environment of the harness, `crm` on its path, and these variables.
    pub(crate) fn start(env: &Env, program: &str, words: &[&str], variables: &[(&str, &str)]) -> Terminal {
        let pair = native_pty_system()
            .openpty(PtySize {
                rows: SIZE.0,
                cols: SIZE.1,
                pixel_width: 0,
                pixel_height: 0,
            })
            .expect("a terminal");
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
            parser: vt100::Parser::new(
                std::num::NonZero::new(SIZE.0).expect("rows"),
                std::num::NonZero::new(SIZE.1).expect("columns"),
                0,
            ),
            bytes,
            writer: pair.master.take_writer().expect("a writer"),
            child,
            _master: pair.master,
        }
    }

    /// Types.
    pub(crate) fn send(&mut self, keys: &str) {
        self.writer.write_all(keys.as_bytes()).expect("it listens");
        self.writer.flush().expect("it listens");
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
            .rows(0, SIZE.1)
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
                Ok(bytes) => self.parser.process(&bytes),
                Err(_) => panic!("waited for {what}; the screen:\n{}", self.text()),
            }
        }
    }

    /// Waits until a text is on the screen.
    #[track_caller]
    pub(crate) fn shows(&mut self, text: &str) {
        self.until(text, |terminal| terminal.text().contains(text));
    }

    /// Waits for the end, and gives the exit code.
    pub(crate) fn end(&mut self) -> u32 {
        while let Ok(bytes) = self.bytes.recv_timeout(Duration::from_secs(20)) {
            self.parser.process(&bytes);
        }
        self.child.wait().expect("it ends").exit_code()
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        // A shell that waits for keys ends with its terminal.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
