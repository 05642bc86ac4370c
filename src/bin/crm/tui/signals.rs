//! Signals, as the dashboard is told of them: one thread waits for them, so that the terminal is given back and drafts
//! are kept whoever ends it.

#[cfg(unix)]
use std::sync::atomic::{AtomicBool, Ordering};

/// What others want of the dashboard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Signal {
    /// To end with this code.
    End(u8),
    /// To hand the terminal back to the shell: call [`Signals::stop`] once that is done.
    Suspend,
    /// It was stopped and goes on: nothing is known of the terminal.
    Resumed,
    /// The terminal has another size.
    Resized,
}

/// Set while another program has the terminal: what is typed there is not meant for the dashboard.
#[cfg(unix)]
static AWAY: AtomicBool = AtomicBool::new(false);

/// Set while the dashboard is about to stop itself.
#[cfg(unix)]
static STOPPING: AtomicBool = AtomicBool::new(false);

/// How long an orderly end may take.
#[cfg(unix)]
const GRACE: std::time::Duration = std::time::Duration::from_secs(2);

/// The thread that waits for signals.
pub(crate) struct Signals {
    #[cfg(unix)]
    resumed: std::sync::mpsc::Receiver<()>,
}

/// As long as it is there, Ctrl+C and Ctrl+\ belong to the program that was given the terminal, and Ctrl+Z stops both.
pub(crate) struct Away;

impl Away {
    pub(crate) fn new() -> Away {
        #[cfg(unix)]
        AWAY.store(true, Ordering::SeqCst);
        Away
    }
}

impl Drop for Away {
    fn drop(&mut self) {
        #[cfg(unix)]
        AWAY.store(false, Ordering::SeqCst);
    }
}

#[cfg(unix)]
impl Signals {
    /// Waits for signals from now on, and tells of them; `send` gives false where nobody listens any more. To be called
    /// before other threads are started, so that they leave the signals alone.
    ///
    /// # Errors
    ///
    /// There can be no thread.
    pub(crate) fn listen(send: impl Fn(Signal) -> bool + Send + 'static) -> std::io::Result<Signals> {
        crate::signals::notice(&[libc::SIGWINCH, libc::SIGCONT]);
        let watched = crate::signals::Watched::block(&[
            libc::SIGTERM,
            libc::SIGHUP,
            libc::SIGINT,
            libc::SIGQUIT,
            libc::SIGTSTP,
            libc::SIGCONT,
            libc::SIGWINCH,
        ]);
        let (resume, resumed) = std::sync::mpsc::channel();
        let thread = std::thread::Builder::new().name("signals".to_owned());
        thread.spawn(move || {
            let mut is_ending = false;
            while let Some(signal) = watched.wait() {
                let is_away = AWAY.load(Ordering::SeqCst);
                let told = match signal {
                    libc::SIGWINCH if STOPPING.swap(false, Ordering::SeqCst) => {
                        crate::signals::act_on_job(libc::SIGTSTP);
                        watched.take(libc::SIGCONT);
                        resume.send(()).is_ok() && send(Signal::Resized)
                    }
                    libc::SIGWINCH => send(Signal::Resized),
                    libc::SIGCONT => is_away || send(Signal::Resumed),
                    libc::SIGTSTP if is_away => {
                        // The other program has stopped all that belong to the job.
                        crate::signals::act(libc::SIGTSTP);
                        watched.take(libc::SIGCONT);
                        true
                    }
                    libc::SIGTSTP => send(Signal::Suspend),
                    libc::SIGINT | libc::SIGQUIT if is_away => true,
                    signal if is_ending => end(signal),
                    signal => {
                        is_ending = true;
                        let told = send(Signal::End(code(signal)));
                        if told {
                            std::thread::spawn(move || {
                                std::thread::sleep(GRACE);
                                end(signal);
                            });
                        }
                        told
                    }
                };
                if !told && !matches!(signal, libc::SIGWINCH | libc::SIGCONT) {
                    end(signal);
                }
            }
        })?;
        Ok(Signals { resumed })
    }

    /// Stops the process and all that belong to the same job, as scripts that started it: else the shell would not come
    /// to the front. Comes back when they go on, and at once where nobody could let them go on.
    pub(crate) fn stop(&self) {
        STOPPING.store(true, Ordering::SeqCst);
        // The thread does it that waits for signals, so that it takes none meanwhile.
        crate::signals::wake(libc::SIGWINCH);
        // Only the thread itself can end before it answers, and it never does.
        let _ = self.resumed.recv();
    }
}

/// Ends the process with the terminal given back, whatever the rest of it does.
#[cfg(unix)]
fn end(signal: i32) -> bool {
    let (done, is_done) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        crate::tui::terminal::leave();
        let _ = done.send(());
    });
    // A terminal that takes nothing any more must not keep the process.
    let _ = is_done.recv_timeout(GRACE / 4);
    #[expect(unsafe_code, reason = "the rest of the process is not asked to agree")]
    // SAFETY: the process ends here; every change to a base is a transaction.
    unsafe {
        libc::_exit(i32::from(code(signal)))
    }
}

/// The exit code that shells know for a signal.
#[cfg(unix)]
fn code(signal: i32) -> u8 {
    u8::try_from(128 + signal).unwrap_or(u8::MAX)
}

#[cfg(not(unix))]
impl Signals {
    pub(crate) fn listen(_send: impl Fn(Signal) -> bool + Send + 'static) -> std::io::Result<Signals> {
        Ok(Signals {})
    }

    pub(crate) fn stop(&self) {}
}
