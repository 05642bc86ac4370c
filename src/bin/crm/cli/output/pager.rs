//! A pager between stdout and a person, for what is longer than the screen. Shorter output never meets it.

use std::cell::RefCell;
use std::io::{self, Write};
use std::process::{Child, Command, Stdio};
use std::rc::Rc;

/// How a shell ends that has not found the command.
const NO_SUCH_COMMAND: i32 = 127;

/// Output on its way to a person.
enum State {
    /// It may still fit on the screen.
    Gathering(Vec<u8>),
    /// A pager has it. None once its input is closed.
    Paging(Option<Child>),
    /// It goes straight to stdout.
    Direct,
}

/// A handle to what is shown; clones share it.
#[derive(Clone)]
pub(crate) struct Pager(Rc<RefCell<Paged>>);

struct Paged {
    command: String,
    /// Lines that the screen has room for.
    rows: usize,
    state: State,
}

impl Pager {
    /// Sends what has more than `rows` lines through `command`, which a shell reads.
    pub(crate) fn new(command: String, rows: usize) -> Pager {
        Pager(Rc::new(RefCell::new(Paged {
            command,
            rows,
            state: State::Gathering(Vec::new()),
        })))
    }

    /// Whether a pager has the screen, so that nobody else may write on it.
    pub(crate) fn is_running(&self) -> bool {
        matches!(self.0.borrow().state, State::Paging(Some(_)))
    }

    /// Shows what was gathered so far, because something else comes on the screen; from now on nothing is paged.
    pub(crate) fn interrupt(&self) -> io::Result<()> {
        self.0.borrow_mut().interrupt()
    }

    /// Shows the rest, and waits until the reader has closed the pager.
    pub(crate) fn end(&self) -> io::Result<()> {
        let mut paged = self.0.borrow_mut();
        if let State::Paging(child) = &mut paged.state {
            if let Some(mut child) = child.take() {
                drop(child.stdin.take());
                if child.wait()?.code() == Some(NO_SUCH_COMMAND) {
                    let message = format!("there is no pager {:?}; --no-pager does without", paged.command);
                    return Err(io::Error::new(io::ErrorKind::NotFound, message));
                }
            }
            return Ok(());
        }
        paged.interrupt()
    }
}

impl Paged {
    fn interrupt(&mut self) -> io::Result<()> {
        let State::Gathering(gathered) = &mut self.state else {
            return Ok(());
        };
        let gathered = std::mem::take(gathered);
        self.state = State::Direct;
        let mut stdout = io::stdout().lock();
        stdout.write_all(&gathered)?;
        stdout.flush()
    }

    /// Starts the pager with what was gathered; stdout takes it all where there is none.
    fn page(&mut self) -> io::Result<()> {
        let State::Gathering(gathered) = &mut self.state else {
            return Ok(());
        };
        let gathered = std::mem::take(gathered);
        let mut command = Command::new("sh");
        command.args(["-c", &self.command]).stdin(Stdio::piped());
        let Ok(mut child) = command.spawn() else {
            self.state = State::Gathering(gathered);
            return self.interrupt();
        };
        leave_interrupts_to_the_pager();
        if let Some(stdin) = &mut child.stdin {
            let sent = stdin.write_all(&gathered);
            self.state = State::Paging(Some(child));
            sent?;
        }
        Ok(())
    }
}

impl Write for Pager {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut paged = self.0.borrow_mut();
        let rows = paged.rows;
        match &mut paged.state {
            State::Gathering(gathered) => {
                gathered.extend_from_slice(bytes);
                let lines = gathered.iter().filter(|byte| **byte == b'\n').count();
                if lines >= rows {
                    paged.page()?;
                }
                Ok(bytes.len())
            }
            State::Paging(Some(child)) => match &mut child.stdin {
                Some(stdin) => stdin.write(bytes),
                None => Err(io::ErrorKind::BrokenPipe.into()),
            },
            State::Paging(None) => Err(io::ErrorKind::BrokenPipe.into()),
            State::Direct => io::stdout().write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.0.borrow_mut().state {
            // What may still fit on the screen waits until it is known.
            State::Gathering(_) | State::Paging(None) => Ok(()),
            State::Paging(Some(child)) => child.stdin.as_mut().map_or(Ok(()), io::Write::flush),
            State::Direct => io::stdout().flush(),
        }
    }
}

/// Ctrl+C belongs to the pager as long as it runs: it searches and stops there, and the terminal must outlive neither.
#[cfg(unix)]
fn leave_interrupts_to_the_pager() {
    #[expect(unsafe_code, reason = "the standard library cannot ignore a signal")]
    // SAFETY: no handler of ours runs; ignoring a signal touches no memory.
    unsafe {
        libc::signal(libc::SIGINT, libc::SIG_IGN);
    }
}

#[cfg(not(unix))]
fn leave_interrupts_to_the_pager() {}
