//! Signals as something that is waited for: a thread takes them, so that no handler has to be careful.

use std::mem::MaybeUninit;

/// Signals that come to whoever waits for them.
pub(crate) struct Watched(libc::sigset_t);

impl Watched {
    /// Keeps the signals from this thread, and from those that it starts from now on.
    pub(crate) fn block(signals: &[i32]) -> Watched {
        let set = set(signals);
        mask(libc::SIG_BLOCK, &set);
        Watched(set)
    }

    /// Waits for the next of them; none if that is impossible.
    pub(crate) fn wait(&self) -> Option<i32> {
        let mut signal = 0;
        #[expect(unsafe_code, reason = "the standard library knows no signals")]
        // SAFETY: both point to what is there for the whole call.
        let failed = unsafe { libc::sigwait(&raw const self.0, &raw mut signal) };
        (failed == 0).then_some(signal)
    }

    /// Takes a signal that has come already; false if it has not.
    pub(crate) fn take(&self, signal: i32) -> bool {
        let mut pending = MaybeUninit::<libc::sigset_t>::uninit();
        #[expect(unsafe_code, reason = "the standard library knows no signals")]
        // SAFETY: the set is read only where the system has filled it.
        let has_come = unsafe {
            libc::sigpending(pending.as_mut_ptr()) == 0 && libc::sigismember(pending.as_ptr(), signal) == 1
        };
        has_come && Watched(set(&[signal])).wait().is_some()
    }
}

/// Does to this process what the signal does where nobody waits for it: ends or stops it. Comes back once the process
/// goes on, or at once if nothing was done.
pub(crate) fn act(signal: i32) {
    unblocked(signal, || {
        #[expect(unsafe_code, reason = "the standard library knows no signals")]
        // SAFETY: no memory is involved. It goes to this thread alone: the others keep it blocked.
        unsafe {
            libc::raise(signal);
        }
    });
}

/// Does the same to this process and to all that were started with it as one job, at the same moment: a shell that sees
/// one of them stop may let all go on before another has stopped, which would then stop for good.
pub(crate) fn act_on_job(signal: i32) {
    unblocked(signal, || {
        #[expect(unsafe_code, reason = "the standard library knows no signals")]
        // SAFETY: no memory is involved. No other thread takes it, so it has come before this returns.
        unsafe {
            libc::kill(0, signal);
        }
    });
}

/// Wakes whoever waits for this signal in this process.
pub(crate) fn wake(signal: i32) {
    #[expect(unsafe_code, reason = "the standard library knows no signals")]
    // SAFETY: no memory is involved.
    unsafe {
        libc::kill(libc::getpid(), signal);
    }
}

/// Lets a signal have its usual effect meanwhile.
fn unblocked(signal: i32, work: impl FnOnce()) {
    let only = set(&[signal]);
    #[expect(unsafe_code, reason = "the standard library knows no signals")]
    // SAFETY: no handler of ours is set.
    unsafe {
        libc::signal(signal, libc::SIG_DFL);
    }
    mask(libc::SIG_UNBLOCK, &only);
    work();
    mask(libc::SIG_BLOCK, &only);
}

/// Lets signals that do nothing by themselves be waited for: some systems forget them otherwise.
pub(crate) fn notice(signals: &[i32]) {
    extern "C" fn nothing(_: i32) {}
    for signal in signals {
        #[expect(unsafe_code, reason = "the standard library knows no signals")]
        // SAFETY: the handler does nothing, and is not even called as long as the signal is blocked.
        unsafe {
            libc::signal(*signal, nothing as extern "C" fn(i32) as libc::sighandler_t);
        }
    }
}

fn set(signals: &[i32]) -> libc::sigset_t {
    let mut set = MaybeUninit::<libc::sigset_t>::uninit();
    #[expect(unsafe_code, reason = "the standard library knows no signals")]
    // SAFETY: the set is initialised before it is read.
    unsafe {
        libc::sigemptyset(set.as_mut_ptr());
        let mut set = set.assume_init();
        for signal in signals {
            libc::sigaddset(&raw mut set, *signal);
        }
        set
    }
}

fn mask(how: i32, set: &libc::sigset_t) {
    #[expect(unsafe_code, reason = "the standard library knows no signals")]
    // SAFETY: the set is there for the whole call, and the old one is not asked for.
    unsafe {
        libc::pthread_sigmask(how, set, std::ptr::null_mut());
    }
}
