//! The thread that listens to the terminal. It sleeps until something comes, and can be sent away at once, so that an
//! editor gets every key.

use std::sync::Arc;

use crossterm::event::{KeyCode, KeyModifiers};

use crate::tui::decode::{Answer, Input};

/// Where what was heard goes; false where nobody wants it any more.
type Send = Arc<dyn Fn(Input) -> bool + std::marker::Send + Sync>;

/// How long a paste that comes as keys may pause, in milliseconds.
#[cfg(unix)]
const BURST_MS: u16 = 5;
/// The mode in which pastes are told from keys.
const PASTE_MODE: u16 = 2004;
/// So many letters at once were not typed.
const NOT_TYPED: usize = 64;

/// Listens to the terminal as long as it is there.
pub(crate) struct Listener {
    send: Send,
    running: Option<os::Running>,
}

impl Listener {
    /// Starts to listen.
    ///
    /// # Errors
    ///
    /// The standard input cannot be read.
    pub(crate) fn start(
        send: impl Fn(Input) -> bool + std::marker::Send + Sync + 'static,
    ) -> std::io::Result<Listener> {
        let mut listener = Listener {
            send: Arc::new(send),
            running: None,
        };
        listener.resume()?;
        Ok(listener)
    }

    /// Stops to listen: whoever reads the terminal now gets all that is typed from now on.
    pub(crate) fn pause(&mut self) {
        self.running = None;
    }

    /// Listens again.
    ///
    /// # Errors
    ///
    /// As for [`Listener::start`].
    pub(crate) fn resume(&mut self) -> std::io::Result<()> {
        if self.running.is_none() {
            self.running = Some(os::Running::start(Arc::clone(&self.send))?);
        }
        Ok(())
    }
}

/// Whether a terminal has to be watched for pastes that come as keys.
#[derive(Debug, Default)]
struct Pastes {
    /// It tells them from keys.
    told: bool,
}

impl Pastes {
    /// Whether what came may be the beginning of a paste.
    fn may_go_on(&self, inputs: &[Input]) -> bool {
        !self.told && inputs.len() > 2 && inputs.last().is_some_and(|last| text(last).is_some())
    }

    /// Takes what came at once, and makes one paste of it where it cannot have been typed.
    ///
    /// Over a slow line keys that were typed one by one come together too. So a few of them are keys, unless a line ends
    /// between them: this is what would do harm.
    fn sort(&mut self, inputs: Vec<Input>) -> Vec<Input> {
        self.told |= inputs.iter().any(|input| {
            matches!(
                input,
                Input::Paste(_) | Input::Answer(Answer::Mode(PASTE_MODE, true))
            )
        });
        if self.told {
            return inputs;
        }
        let texts: Vec<Option<char>> = inputs.iter().map(text).collect();
        let first = texts.first().copied().flatten();
        let is_text = texts.iter().all(Option::is_some);
        // A key that is held.
        let is_one = texts.iter().all(|text| *text == first);
        let ends_within = texts
            .iter()
            .rev()
            .skip(1)
            .any(|text| matches!(text, Some('\n' | '\t')));
        let is_paste = texts.len() >= 3 && (ends_within || texts.len() >= NOT_TYPED);
        if is_text && is_paste && !is_one {
            return vec![Input::Paste(texts.into_iter().flatten().collect())];
        }
        inputs
    }
}

/// What a key types, with Enter and Tab.
fn text(input: &Input) -> Option<char> {
    let Input::Key(key) = input else { return None };
    match key.code {
        KeyCode::Enter if key.modifiers.is_empty() => Some('\n'),
        KeyCode::Tab if key.modifiers.is_empty() => Some('\t'),
        // Some terminals send line feeds.
        KeyCode::Char('j') if key.modifiers == KeyModifiers::CONTROL => Some('\n'),
        KeyCode::Char(letter) if (key.modifiers - KeyModifiers::SHIFT).is_empty() => Some(letter),
        _ => None,
    }
}

#[cfg(unix)]
mod os {
    //! Reading with `poll`: without end, and with a pipe that wakes.

    use std::fs::File;
    use std::io::{self, PipeReader, PipeWriter, Read};
    use std::os::fd::{AsFd, AsRawFd};
    use std::thread::JoinHandle;

    use crate::tui::decode::{Decoder, Input};
    use crate::tui::input::{BURST_MS, Pastes, Send};

    /// The thread; it ends when this is dropped.
    pub(super) struct Running {
        wake: Option<PipeWriter>,
        thread: Option<JoinHandle<()>>,
    }

    impl Running {
        pub(super) fn start(send: Send) -> io::Result<Running> {
            let terminal = File::from(io::stdin().as_fd().try_clone_to_owned()?);
            let (end, wake) = io::pipe()?;
            let thread = std::thread::Builder::new().name("input".to_owned());
            let thread = thread.spawn(move || listen(terminal, &end, &send))?;
            Ok(Running {
                wake: Some(wake),
                thread: Some(thread),
            })
        }
    }

    impl Drop for Running {
        fn drop(&mut self) {
            // A pipe that is closed wakes whoever waits for it.
            self.wake = None;
            if let Some(thread) = self.thread.take() {
                let _ = thread.join();
            }
        }
    }

    fn listen(mut terminal: File, end: &PipeReader, send: &Send) {
        let mut decoder = Decoder::default();
        let mut pastes = Pastes::default();
        loop {
            let mut inputs = Vec::new();
            match ready(&terminal, end, decoder.patience()) {
                Ready::End => return,
                Ready::Nothing => inputs.extend(decoder.give_up()),
                Ready::Bytes => {
                    let mut is_open = read(&mut terminal, &mut decoder, &mut inputs);
                    // The rest of what came at once may be on its way.
                    while is_open
                        && pastes.may_go_on(&inputs)
                        && matches!(ready(&terminal, end, Some(BURST_MS)), Ready::Bytes)
                    {
                        is_open = read(&mut terminal, &mut decoder, &mut inputs);
                    }
                    if !is_open {
                        inputs.push(Input::Closed);
                    }
                }
            }
            let is_closed = inputs.last() == Some(&Input::Closed);
            for input in pastes.sort(inputs) {
                if !send(input) {
                    return;
                }
            }
            if is_closed {
                return;
            }
        }
    }

    /// Reads what is there; false if nothing will ever be there again.
    fn read(terminal: &mut File, decoder: &mut Decoder, inputs: &mut Vec<Input>) -> bool {
        let mut bytes = [0; 4096];
        match terminal.read(&mut bytes) {
            Ok(0) => false,
            Ok(count) => {
                inputs.extend(decoder.feed(bytes.get(..count).unwrap_or_default()));
                true
            }
            Err(error) => matches!(
                error.kind(),
                io::ErrorKind::Interrupted | io::ErrorKind::WouldBlock
            ),
        }
    }

    enum Ready {
        Bytes,
        Nothing,
        End,
    }

    /// Waits for bytes, for so many milliseconds or without end.
    fn ready(terminal: &File, end: &PipeReader, patience: Option<u16>) -> Ready {
        let watch = |fd| libc::pollfd {
            fd,
            events: libc::POLLIN,
            revents: 0,
        };
        let mut both = [watch(terminal.as_raw_fd()), watch(end.as_raw_fd())];
        let patience = patience.map_or(-1, i32::from);
        #[expect(unsafe_code, reason = "the standard library waits for one thing at a time")]
        // SAFETY: both descriptors are open, and there are as many as are told.
        let count = unsafe { libc::poll(both.as_mut_ptr(), 2, patience) };
        match both {
            _ if count == 0 => Ready::Nothing,
            // Interrupted: what was waited for is waited for again.
            _ if count < 0 => Ready::Nothing,
            [_, end] if end.revents != 0 => Ready::End,
            _ => Ready::Bytes,
        }
    }
}

#[cfg(not(unix))]
mod os {
    //! Reading with crossterm, which knows the console.

    use std::io;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::thread::JoinHandle;
    use std::time::Duration;

    use crossterm::event::{self, Event, KeyEventKind, MouseEventKind};

    use crate::tui::decode::Input;
    use crate::tui::input::{Pastes, Send};

    /// The console cannot be woken: it is looked up from time to time whether somebody wants to.
    const LOOK: Duration = Duration::from_millis(500);

    pub(super) struct Running {
        ended: Arc<AtomicBool>,
        thread: Option<JoinHandle<()>>,
    }

    impl Running {
        pub(super) fn start(send: Send) -> io::Result<Running> {
            let ended = Arc::new(AtomicBool::new(false));
            let end = Arc::clone(&ended);
            let thread = std::thread::Builder::new().name("input".to_owned());
            let thread = thread.spawn(move || listen(&end, &send))?;
            Ok(Running {
                ended,
                thread: Some(thread),
            })
        }
    }

    impl Drop for Running {
        fn drop(&mut self) {
            self.ended.store(true, Ordering::Relaxed);
            if let Some(thread) = self.thread.take() {
                let _ = thread.join();
            }
        }
    }

    fn listen(end: &AtomicBool, send: &Send) {
        let mut pastes = Pastes::default();
        while !end.load(Ordering::Relaxed) {
            let heard = match event::poll(LOOK) {
                Ok(false) => continue,
                Ok(true) => event::read(),
                Err(error) => Err(error),
            };
            let input = match heard {
                Ok(Event::Key(key)) if key.kind != KeyEventKind::Release => Input::Key(key),
                Ok(Event::Mouse(mouse)) if mouse.kind != MouseEventKind::Moved => Input::Mouse(mouse),
                Ok(Event::Paste(text)) => Input::Paste(text),
                Ok(Event::FocusGained) => Input::Focus(true),
                Ok(Event::FocusLost) => Input::Focus(false),
                Ok(Event::Resize(columns, rows)) => Input::Resize(columns, rows),
                Ok(_) => continue,
                Err(_) => Input::Closed,
            };
            for input in pastes.sort(vec![input]) {
                if !send(input) {
                    return;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::decode::Decoder;

    /// What comes of bytes that come at once, from a terminal that tells pastes or does not.
    fn sorted(told: bool, bytes: &str) -> Vec<Input> {
        let mut pastes = Pastes { told };
        pastes.sort(Decoder::default().feed(bytes.as_bytes()))
    }

    #[test]
    fn lines_that_nobody_typed_are_one_paste() {
        let paste = |text: &str| vec![Input::Paste(text.to_owned())];
        assert_eq!(sorted(false, "dd:q!\rx"), paste("dd:q!\nx"));
        assert_eq!(sorted(false, "a\nb\r"), paste("a\nb\n"));
        assert_eq!(sorted(false, "Acme\t张伟"), paste("Acme\t张伟"));
        let long = "Rue de l’Église ".repeat(8);
        assert_eq!(sorted(false, &long), paste(&long));
        assert_eq!(sorted(true, "dd:q!\rx").len(), 7, "it would have said so");
    }

    #[test]
    fn keys_that_a_slow_line_gathered_are_keys() {
        for keys in [
            "dd",
            "acme\r",
            "Anna Keller\r",
            "j\rq",
            &"j".repeat(200),
            "\u{1b}[A\rgg",
        ] {
            let inputs = sorted(false, keys);
            // Enter in the middle of three is the one doubt, and harm is worse than a key pressed twice.
            let is_paste = inputs.iter().any(|input| matches!(input, Input::Paste(_)));
            assert_eq!(is_paste, keys == "j\rq", "{keys:?}");
        }
    }

    #[test]
    fn a_terminal_that_tells_pastes_is_believed() {
        let mut pastes = Pastes::default();
        let known = Input::Answer(Answer::Mode(PASTE_MODE, true));
        pastes.sort(vec![known]);
        assert!(pastes.told);
        let mut pastes = Pastes::default();
        pastes.sort(vec![Input::Paste("x".to_owned())]);
        assert!(pastes.told);
    }
}
