//! The terminal of the dashboard: taken as a whole, drawn on, and given back whatever happens.
//!
//! What is on is kept beside the screen, so that any thread can undo it: the one that was told to end, and the one that
//! panicked. A frame is one write, between marks that let the terminal show it at once.

use std::cell::RefCell;
use std::io::{self, Write};
use std::rc::Rc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Mutex, TryLockError};
use std::time::Duration;

use ratatui::backend::CrosstermBackend;
use ratatui::layout::Rect;
use ratatui::style::Color;
use ratatui::{Frame, TerminalOptions, Viewport};

use crate::text::sanitise;
use crate::tui::frame::{recolor, short};
use crate::tui::input::Listener;
use crate::tui::signals::{Away, Signals};

/// What is on, of [`MODES`] and the two below.
static ON: AtomicU8 = AtomicU8::new(0);
/// Held by whoever writes, so that nothing is drawn on a terminal that was given back.
static WRITING: Mutex<()> = Mutex::new(());

const SCREEN: u8 = 1;
const TITLE: u8 = 1 << 1;
const MOUSE: u8 = 1 << 2;
const KEYS: u8 = 1 << 3;
const NOTICES: u8 = 1 << 4;

/// What is switched on and off: the bit, how it goes on, how it goes off. Those above are switched on first and off last.
const MODES: [(u8, &str, &str); 5] = [
    // The title of the window is put aside.
    (TITLE, "\x1b[22;0t", "\x1b[23;0t"),
    // The other screen; pastes told from keys; whether the window is at the front.
    (
        SCREEN,
        "\x1b[?1049h\x1b[2J\x1b[?2004h\x1b[?1004h\x1b[?25l",
        "\x1b[?2026l\x1b[0m\x1b[?1004l\x1b[?2004l\x1b[?25h\x1b[?1049l",
    ),
    // Buttons, and motion while one is held; never motion alone, which nobody needs.
    (
        MOUSE,
        "\x1b[?1000h\x1b[?1002h\x1b[?1006h",
        "\x1b[?1006l\x1b[?1002l\x1b[?1000l",
    ),
    // Keys that cannot be told apart otherwise.
    (KEYS, "\x1b[>1u", "\x1b[<u"),
    // A word when dark becomes light.
    (NOTICES, "\x1b[?2031h", "\x1b[?2031l"),
];

/// Begins and ends what is shown at once.
const FRAME: (&[u8], &[u8]) = (b"\x1b[?2026h", b"\x1b[?2026l");
/// What the library writes after the cells of a frame, also where there were none.
const CELLS_END: &[u8] = b"\x1b[39m\x1b[49m\x1b[59m\x1b[0m";

/// What the dashboard wants of the terminal.
pub(crate) struct Options {
    /// The mouse is used.
    pub(crate) mouse: bool,
    /// The window has a title: not every terminal knows what to do with one.
    pub(crate) title: bool,
    /// Keys are told apart that look alike otherwise.
    pub(crate) keys: bool,
    /// What a colour becomes on this terminal: the nearest that it has, or none.
    pub(crate) color: Box<dyn Fn(Color) -> Color>,
}

/// The terminal, as long as the dashboard has it.
pub(crate) struct Screen {
    terminal: ratatui::Terminal<CrosstermBackend<Bytes>>,
    /// What was drawn on the last time.
    area: Rect,
    bytes: Bytes,
    out: Out,
    options: Options,
    /// What came after the cells of the last frame: where the cursor is.
    cursor: Vec<u8>,
    title: String,
}

/// What is to be written next.
#[derive(Debug, Clone, Default)]
struct Bytes(Rc<RefCell<Vec<u8>>>);

impl Write for Bytes {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    /// A frame is written as a whole, or not at all.
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Screen {
    /// Takes the terminal.
    ///
    /// # Errors
    ///
    /// There is none, or it cannot be written to. It is as it was then.
    pub(crate) fn enter(options: Options) -> io::Result<Screen> {
        // The frame has the colours that it is to have; the library would write half of a sequence instead.
        crossterm::style::force_color_output(true);
        let bytes = Bytes::default();
        let viewport = TerminalOptions {
            viewport: Viewport::Fixed(Rect::ZERO),
        };
        let mut screen = Screen {
            terminal: ratatui::Terminal::with_options(CrosstermBackend::new(bytes.clone()), viewport)?,
            area: Rect::ZERO,
            bytes,
            out: Out::new()?,
            options,
            cursor: Vec::new(),
            title: String::new(),
        };
        screen.take()?;
        Ok(screen)
    }

    /// Draws on `area`, unless nothing has changed since the last time. The model says how large the terminal is, so that
    /// what it has counted fits what is drawn.
    ///
    /// # Errors
    ///
    /// The terminal is gone.
    pub(crate) fn draw(&mut self, area: Rect, view: impl FnOnce(&mut Frame<'_>)) -> io::Result<()> {
        if self.area != area {
            self.area = area;
            self.clear()?;
        }
        let color = &*self.options.color;
        self.terminal.draw(|frame| {
            view(frame);
            recolor(frame.buffer_mut(), color);
        })?;
        let frame = self.bytes.0.take();
        let cursor = match frame.strip_prefix(CELLS_END) {
            Some(cursor) if cursor == self.cursor => return Ok(()),
            Some(cursor) => cursor.to_vec(),
            None => {
                let end = frame
                    .windows(CELLS_END.len())
                    .rposition(|bytes| bytes == CELLS_END);
                let end = end.map_or(frame.len(), |end| end + CELLS_END.len());
                frame.get(end..).unwrap_or_default().to_vec()
            }
        };
        self.cursor = cursor;
        self.write(&[FRAME.0, &short(&frame), FRAME.1].concat())
    }

    /// Lets the next frame be drawn as if nothing was there.
    ///
    /// # Errors
    ///
    /// The library has its reasons.
    pub(crate) fn clear(&mut self) -> io::Result<()> {
        self.cursor.clear();
        self.bytes.write_all(b"\x1b[2J")?;
        // The library has a function that clears, which asks the terminal where the cursor is and waits for the answer.
        self.terminal.resize(self.area)
    }

    /// Asks the terminal something; its answers come as input.
    ///
    /// # Errors
    ///
    /// The terminal is gone.
    pub(crate) fn ask(&mut self, questions: &[u8]) -> io::Result<()> {
        self.write(questions)
    }

    /// Lets the mouse be used, or the terminal select text with it.
    ///
    /// # Errors
    ///
    /// The terminal is gone.
    pub(crate) fn use_mouse(&mut self, on: bool) -> io::Result<()> {
        self.options.mouse = on;
        self.switch(MOUSE, on)
    }

    /// Lets the terminal tell when dark becomes light. To be called if it knows how.
    ///
    /// # Errors
    ///
    /// The terminal is gone.
    pub(crate) fn watch_background(&mut self) -> io::Result<()> {
        self.switch(NOTICES, true)
    }

    /// Names the window.
    ///
    /// # Errors
    ///
    /// The terminal is gone.
    pub(crate) fn set_title(&mut self, title: &str) -> io::Result<()> {
        if !self.options.title || self.title == title {
            return Ok(());
        }
        title.clone_into(&mut self.title);
        self.write_title()
    }

    /// Gives the terminal back to the shell until somebody lets the dashboard go on.
    ///
    /// # Errors
    ///
    /// The terminal is gone.
    pub(crate) fn suspend(&mut self, signals: &Signals) -> io::Result<()> {
        leave();
        self.out.write(b"crm is stopped: fg brings it back\n")?;
        signals.stop();
        self.take_again()
    }

    /// Takes the terminal once more after the process was stopped and goes on: nothing is known of its state.
    ///
    /// # Errors
    ///
    /// The terminal is gone.
    pub(crate) fn take_again(&mut self) -> io::Result<()> {
        leave();
        self.take()?;
        self.clear()
    }

    /// Hands the terminal to another program, and takes it back when that has ended.
    ///
    /// # Errors
    ///
    /// The terminal is gone.
    pub(crate) fn hand_over<T>(
        &mut self,
        listener: &mut Listener,
        work: impl FnOnce() -> T,
    ) -> io::Result<T> {
        listener.pause();
        let away = Away::new();
        leave();
        let done = work();
        drop(away);
        self.take()?;
        // What was typed while the other program ended was meant for it.
        forget_input();
        listener.resume()?;
        self.clear()?;
        Ok(done)
    }

    /// Switches on what is wanted.
    fn take(&mut self) -> io::Result<()> {
        crossterm::terminal::enable_raw_mode()?;
        let wanted = [
            (SCREEN, true),
            (TITLE, self.options.title),
            (MOUSE, self.options.mouse),
            (KEYS, self.options.keys),
        ];
        let wanted = wanted.into_iter().filter(|(_, wanted)| *wanted);
        let bits = wanted.fold(0, |bits, (bit, _)| bits | bit);
        // Before it is written: what was not switched on can be switched off without harm.
        ON.store(bits, Ordering::SeqCst);
        let on: String = MODES
            .iter()
            .filter(|(bit, ..)| bits & bit != 0)
            .map(|(_, on, _)| *on)
            .collect();
        let taken = self.write(on.as_bytes()).and_then(|()| self.write_title());
        if taken.is_err() {
            leave();
        }
        taken
    }

    fn switch(&mut self, bit: u8, on: bool) -> io::Result<()> {
        let before = match on {
            true => ON.fetch_or(bit, Ordering::SeqCst),
            false => ON.fetch_and(!bit, Ordering::SeqCst),
        };
        if (before & bit != 0) == on {
            return Ok(());
        }
        let mode = MODES.iter().find(|(mode, ..)| *mode == bit);
        let text = mode.map_or("", |(_, go_on, go_off)| if on { go_on } else { go_off });
        self.write(text.as_bytes())
    }

    fn write_title(&mut self) -> io::Result<()> {
        if !self.options.title || self.title.is_empty() {
            return Ok(());
        }
        let title = format!("\x1b]2;{}\x07", sanitise::line(&self.title));
        self.write(title.as_bytes())
    }

    /// Writes, unless the terminal was given back in the meantime.
    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        // Whoever panicked while writing has left nothing that matters.
        let _writing = WRITING.lock();
        if bytes.is_empty() || ON.load(Ordering::SeqCst) & SCREEN == 0 {
            return Ok(());
        }
        self.out.write(bytes)
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        leave();
    }
}

/// How large the terminal is, in columns and rows; what is usual where it does not say.
pub(crate) fn size() -> (u16, u16) {
    let known = crossterm::terminal::size().ok();
    known
        .filter(|(columns, rows)| *columns > 0 && *rows > 0)
        .unwrap_or((80, 24))
}

/// Gives the terminal back as it was found; does nothing if that was done. Any thread may call it at any time.
pub(crate) fn leave() {
    // A thread that cannot write any more must not keep the terminal: after a while nobody waits for it.
    let mut writing = WRITING.try_lock();
    for _ in 0..100 {
        if !matches!(writing, Err(TryLockError::WouldBlock)) {
            break;
        }
        std::thread::sleep(Duration::from_millis(1));
        writing = WRITING.try_lock();
    }
    let on = ON.swap(0, Ordering::SeqCst);
    if on == 0 {
        return;
    }
    let off: String = MODES
        .iter()
        .rev()
        .filter(|(bit, ..)| on & bit != 0)
        .map(|(.., off)| *off)
        .collect();
    // There is nobody to tell where this fails.
    let _ = Out::new().and_then(|out| out.write(off.as_bytes()));
    let _ = crossterm::terminal::disable_raw_mode();
    drop(writing);
}

/// Where the terminal is written to, past the buffers of the standard library, which another thread may hold.
#[cfg(unix)]
struct Out(std::fs::File);

#[cfg(unix)]
impl Out {
    fn new() -> io::Result<Out> {
        use std::os::fd::AsFd;
        let stdout = io::stdout().as_fd().try_clone_to_owned()?;
        Ok(Out(std::fs::File::from(stdout)))
    }

    fn write(&self, bytes: &[u8]) -> io::Result<()> {
        let mut rest = bytes;
        while !rest.is_empty() {
            match (&self.0).write(rest) {
                Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
                Ok(count) => rest = rest.get(count..).unwrap_or_default(),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => self.wait(),
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// Another program has left the terminal in a state in which nobody waits: so wait here.
    fn wait(&self) {
        use std::os::fd::AsRawFd;
        let mut out = libc::pollfd {
            fd: self.0.as_raw_fd(),
            events: libc::POLLOUT,
            revents: 0,
        };
        #[expect(unsafe_code, reason = "the standard library cannot wait for a file")]
        // SAFETY: the descriptor is open, and there is one.
        unsafe {
            libc::poll(&raw mut out, 1, -1);
        }
    }
}

#[cfg(not(unix))]
struct Out(io::Stdout);

#[cfg(not(unix))]
impl Out {
    fn new() -> io::Result<Out> {
        Ok(Out(io::stdout()))
    }

    fn write(&self, bytes: &[u8]) -> io::Result<()> {
        let mut out = self.0.lock();
        out.write_all(bytes)?;
        out.flush()
    }
}

/// Forgets what was typed and not read.
fn forget_input() {
    #[cfg(unix)]
    #[expect(unsafe_code, reason = "the standard library knows no terminals")]
    // SAFETY: no memory is involved.
    unsafe {
        libc::tcflush(libc::STDIN_FILENO, libc::TCIFLUSH);
    }
}

#[cfg(test)]
mod tests {

    use super::*;

    #[test]
    fn what_goes_on_goes_off_and_in_the_other_order() {
        for (bit, on, off) in MODES {
            assert!(bit.is_power_of_two());
            let modes = |text: &str, last: char| -> Vec<String> {
                let parts = text.split("\x1b[?").skip(1);
                let modes = parts.filter_map(|part| {
                    let number: String = part.chars().take_while(char::is_ascii_digit).collect();
                    (part.chars().nth(number.len()) == Some(last)).then_some(number)
                });
                modes.collect()
            };
            // The cursor is the other way round, and a frame may have been cut off.
            let own = |mode: &String| !["25", "2026"].contains(&mode.as_str());
            let on: Vec<String> = modes(on, 'h').into_iter().filter(own).collect();
            let off: Vec<String> = modes(off, 'l').into_iter().filter(own).rev().collect();
            assert_eq!(on, off);
            assert!(!on.contains(&"1003".to_owned()), "every motion would wake us");
        }
    }

    #[test]
    fn a_frame_without_a_change_is_known_by_its_end() {
        let bytes = Bytes::default();
        let mut backend = CrosstermBackend::new(bytes.clone());
        ratatui::backend::Backend::draw(&mut backend, std::iter::empty()).unwrap();
        assert_eq!(bytes.0.take(), CELLS_END);
    }

    #[test]
    fn nothing_is_given_back_that_was_not_taken() {
        leave();
        assert_eq!(ON.load(Ordering::SeqCst), 0);
    }
}
