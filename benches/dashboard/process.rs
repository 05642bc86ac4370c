//! What the system says of a process: processor time, wake-ups, memory.

use std::time::Duration;

/// Ticks of the clock by which processor time is told, in a second.
const TICKS: u64 = 100;

fn read(id: u32, file: &str) -> String {
    std::fs::read_to_string(format!("/proc/{id}/{file}")).unwrap()
}

/// Processor time so far, of the process and the system for it, of all threads.
pub(crate) fn cpu(id: u32) -> Duration {
    let stat = read(id, "stat");
    let rest = stat.rsplit(')').next().unwrap();
    let fields: Vec<&str> = rest.split_whitespace().collect();
    let ticks: u64 = fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap();
    Duration::from_millis(ticks * 1000 / TICKS)
}

/// How often any thread has gone to sleep, which is how often it was woken.
pub(crate) fn switches(id: u32) -> u64 {
    let tasks = std::fs::read_dir(format!("/proc/{id}/task")).unwrap();
    tasks
        .flatten()
        .map(|task| {
            let status = std::fs::read_to_string(task.path().join("status")).unwrap_or_default();
            field(&status, "voluntary_ctxt_switches:")
        })
        .sum()
}

/// Memory that belongs to the process alone, in MiB.
pub(crate) fn memory_mib(id: u32) -> f64 {
    field(&read(id, "status"), "RssAnon:") as f64 / 1024.0
}

fn field(status: &str, name: &str) -> u64 {
    let line = status.lines().find_map(|line| line.strip_prefix(name));
    let number = line.and_then(|rest| rest.split_whitespace().next());
    number.and_then(|number| number.parse().ok()).unwrap_or(0)
}
