//! Measuring: wall time, processor time of child processes, anonymous memory; medians of many runs.

use std::ffi::OsStr;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Milliseconds that `work` takes.
#[expect(clippy::disallowed_methods, reason = "this is what a benchmark is for")]
pub(crate) fn wall<T>(work: impl FnOnce() -> T) -> (T, f64) {
    let started = Instant::now();
    let value = work();
    (value, started.elapsed().as_secs_f64() * 1000.0)
}

pub(crate) fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures[figures.len() / 2]
}

/// The figure below which `share` of them lie.
pub(crate) fn percentile(figures: &mut [f64], share: f64) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures[((figures.len() - 1) as f64 * share) as usize]
}

/// The program with a base, in an environment without surprises.
pub(crate) fn crm(base: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_crm"));
    command
        .env_clear()
        .env("HOME", base.parent().unwrap())
        .env("CRM_DB", base)
        .env("CRM_NOW", bases_now())
        .env("CRM_TZ", "UTC")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command
}

/// The moment at which all bases were made.
pub(crate) fn bases_now() -> &'static str {
    "2026-11-27T12:00:00Z"
}

pub(crate) fn sqlite(base: &Path, words: &[&str]) -> Command {
    let mut command = Command::new("sqlite3");
    command
        .args(words.iter().take(words.len() - 1))
        .arg(base)
        .arg(words[words.len() - 1])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command
}

pub(crate) fn have_sqlite() -> bool {
    Command::new("sqlite3")
        .arg("--version")
        .stdout(Stdio::null())
        .status()
        .is_ok()
}

/// User and system time of one run of a command, in milliseconds.
pub(crate) fn cpu(command: &mut Command) -> f64 {
    let before = children();
    let status = command.status().unwrap();
    assert!(status.success(), "{command:?}: {status}");
    (children() - before).as_secs_f64() * 1000.0
}

/// The median of the processor time over `runs`, without that of a process that does nothing.
pub(crate) fn net_cpu(runs: usize, mut command: impl FnMut() -> Command) -> f64 {
    let floor = median((0..runs).map(|_| cpu(&mut Command::new("/bin/true"))).collect());
    let spent = median((0..runs).map(|_| cpu(&mut command())).collect());
    (spent - floor).max(0.001)
}

/// The median of the wall time over `runs`, without that of a process that does nothing.
pub(crate) fn net_wall(runs: usize, mut command: impl FnMut() -> Command) -> f64 {
    let run = |mut command: Command| {
        let (status, spent) = wall(|| command.status().unwrap());
        assert!(status.success(), "{command:?}: {status}");
        spent
    };
    let floor = median((0..runs).map(|_| run(Command::new("/bin/true"))).collect());
    let spent = median((0..runs).map(|_| run(command())).collect());
    (spent - floor).max(0.001)
}

/// Processor time of all children that have ended, in ticks of a hundredth of a second at worst; `getrusage` gives
/// microseconds.
fn children() -> Duration {
    // SAFETY: `usage` is a plain C struct, and `getrusage` fills it.
    #[expect(unsafe_code, reason = "the standard library has no way to ask for this")]
    let usage = unsafe {
        let mut usage: libc::rusage = std::mem::zeroed();
        libc::getrusage(libc::RUSAGE_CHILDREN, &raw mut usage);
        usage
    };
    let time = |value: libc::timeval| {
        Duration::from_secs(value.tv_sec.unsigned_abs()) + Duration::from_micros(value.tv_usec.unsigned_abs())
    };
    time(usage.ru_utime) + time(usage.ru_stime)
}

/// Runs a command to its end and gives the wall time in milliseconds and the most anonymous memory in MiB, sampled
/// every few milliseconds. On systems without `/proc` the memory is 0.
pub(crate) fn watched(command: &mut Command) -> (f64, f64) {
    let ((status, most), spent) = wall(|| {
        let mut child = command.spawn().unwrap();
        let path = format!("/proc/{}/status", child.id());
        let mut most = 0.0_f64;
        loop {
            if let Some(status) = child.try_wait().unwrap() {
                return (status, most);
            }
            most = most.max(anonymous(Path::new(&path)));
            std::thread::sleep(Duration::from_millis(3));
        }
    });
    assert!(status.success(), "{command:?}: {status}");
    (spent, most)
}

/// Runs a command to its end and gives the most memory that it had at once, shared libraries and file pages included, in
/// MB: what tools print as the peak of a process. On systems without `/proc` it is 0.
pub(crate) fn resident(command: &mut Command) -> f64 {
    let mut child = command.spawn().unwrap();
    let path = format!("/proc/{}/status", child.id());
    let mut most = 0.0_f64;
    let status = loop {
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        most = most.max(kib(Path::new(&path), "VmHWM:"));
        std::thread::sleep(Duration::from_millis(1));
    };
    assert!(status.success(), "{command:?}: {status}");
    most * 1024.0 / 1e6
}

fn anonymous(path: &Path) -> f64 {
    kib(path, "RssAnon:") / 1024.0
}

/// A figure of `/proc/PID/status`.
fn kib(path: &Path, name: &str) -> f64 {
    let text = std::fs::read_to_string(path).unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix(name));
    let kib = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<f64>().ok());
    kib.unwrap_or(0.0)
}

/// Runs a command that prepares something, and shows what it said if it fails.
pub(crate) fn prepare(command: &mut Command) {
    let output = command.stderr(Stdio::piped()).output().unwrap();
    assert!(
        output.status.success(),
        "{:?}: {}",
        command.get_args().collect::<Vec<&OsStr>>(),
        String::from_utf8_lossy(&output.stderr)
    );
}
