//! The few lines of the terminal below the prompt: taken, drawn on, and given back whatever happens.

use std::io::{self, Write};

use crossterm::terminal;

/// The lines, and the terminal in a state in which every key comes at once.
pub(super) struct Lines {
    out: Box<dyn Write>,
    height: usize,
}

/// Clears from here on, and shows the cursor.
const CLEAR: &str = "\r\u{1b}[J\u{1b}[?25h";

impl Lines {
    /// Takes `height` lines.
    ///
    /// # Errors
    ///
    /// There is no terminal.
    pub(super) fn take(height: usize) -> io::Result<Lines> {
        // stdout is most likely a pipe: what is picked goes there.
        let out = screen()?;
        give_back_on_signals();
        terminal::enable_raw_mode()?;
        let mut lines = Lines { out, height: 0 };
        lines.reserve(height)?;
        Ok(lines)
    }

    /// Makes room for `height` lines below the one where the cursor is.
    pub(super) fn reserve(&mut self, height: usize) -> io::Result<()> {
        let below = height.saturating_sub(1);
        write!(self.out, "{CLEAR}{}", "\r\n".repeat(below))?;
        if below > 0 {
            write!(self.out, "\u{1b}[{below}A")?;
        }
        self.height = height;
        self.out.flush()
    }

    /// Draws the lines, of which there are as many as were taken, and puts the cursor into the first.
    pub(super) fn draw(&mut self, lines: &[String], column: usize) -> io::Result<()> {
        let mut frame = String::from("\u{1b}[?25l\r");
        for (number, line) in lines.iter().take(self.height).enumerate() {
            if number > 0 {
                frame.push_str("\r\n");
            }
            frame.push_str("\u{1b}[2K");
            frame.push_str(line);
        }
        let up = self.height.saturating_sub(1);
        if up > 0 {
            frame.push_str(&format!("\u{1b}[{up}A"));
        }
        frame.push('\r');
        if column > 0 {
            frame.push_str(&format!("\u{1b}[{column}C"));
        }
        frame.push_str("\u{1b}[?25h");
        self.out.write_all(frame.as_bytes())?;
        self.out.flush()
    }
}

impl Drop for Lines {
    fn drop(&mut self) {
        give_back();
    }
}

/// The screen itself, wherever the streams lead.
fn screen() -> io::Result<Box<dyn Write>> {
    if cfg!(unix) {
        let file = std::fs::OpenOptions::new().write(true).open("/dev/tty")?;
        return Ok(Box::new(file));
    }
    Ok(Box::new(io::stderr()))
}

/// Clears the lines, and lets the terminal be what it was. There is nobody to tell where that fails.
fn give_back() {
    if let Ok(mut out) = screen() {
        let _ = out.write_all(CLEAR.as_bytes()).and_then(|()| out.flush());
    }
    let _ = terminal::disable_raw_mode();
}

/// Gives the terminal back before a signal ends the program as it would have.
#[cfg(unix)]
fn give_back_on_signals() {
    let watched = crate::signals::Watched::block(&[libc::SIGTERM, libc::SIGHUP, libc::SIGINT, libc::SIGQUIT]);
    std::thread::spawn(move || {
        if let Some(signal) = watched.wait() {
            give_back();
            crate::signals::act(signal);
        }
    });
}

#[cfg(not(unix))]
fn give_back_on_signals() {}
