//! iCalendar: tasks and what happened, in and out (RFC 5545).
//!
//! * `read.rs`: the entries of a file, one at a time, as neutral cells; whether an event is a task or an activity depends
//!   on the clock and is decided by whoever imports.
//! * `about.rs`: which properties say nothing of an entry.
//! * `moment.rs`, `zone.rs`, `rule.rs`, `alarm.rs`: days and times, zones, rules of recurrence, reminders.
//! * `write.rs`: tasks and activities as entries.
//!
//! # What is promised
//!
//! A task is a `VTODO`, and a `VEVENT` if people meet by it, because a calendar shows nothing else. What happened is a
//! `VEVENT`, or a `VJOURNAL` if it took no time of a day. The UID never changes, and SEQUENCE rises with every change.
//! Who is meant is named by `CONTACT` and never by `ATTENDEE`: a server would write to everybody whom it finds there.
//! The same records make the same file.

mod about;
pub(crate) mod alarm;
pub mod moment;
pub mod read;
pub(crate) mod rule;
pub mod write;
pub(crate) mod zone;

/// The system of the external ids of entries.
pub const SYSTEM: &str = "ics";
