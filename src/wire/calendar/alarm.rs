//! Reminders of tasks as `VALARM`, and what the trigger of one means.

use jiff::civil::Date;

use crate::domain::reminder::Reminder;
use crate::wire::content::own;
use crate::wire::content::property::Property;
use crate::wire::content::write::Lines;

use super::about::{USUAL, is_technical, shown};
use super::moment;

/// The time of day from which a reminder of a whole day counts back, in seconds.
pub(crate) const MORNING: i64 = 9 * 60 * 60;

/// When something is due, as a task keeps it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Due<'t> {
    /// The day; none for something that is never due.
    pub(super) day: Option<Date>,
    /// `HH:MM`, or empty.
    pub(super) time: &'t str,
    /// The name of the zone.
    pub(super) zone: &'t str,
    /// Whether it comes again.
    pub(super) repeats: bool,
    /// Whether its entry has a beginning only.
    pub(super) is_event: bool,
}

/// Writes the alarm of a reminder; nothing if it would never ring.
pub(super) fn write(lines: &mut Lines, reminder: Reminder, due: Due<'_>, title: &str) {
    let Some((head, value)) = trigger(reminder, due) else {
        return;
    };
    lines.raw("BEGIN", "VALARM");
    lines.raw("ACTION", "DISPLAY");
    lines.text("DESCRIPTION", title);
    lines.raw(head, &value);
    lines.raw("END", "VALARM");
}

fn trigger(reminder: Reminder, due: Due<'_>) -> Option<(&'static str, String)> {
    const AT: &str = "TRIGGER;VALUE=DATE-TIME";
    let (days, seconds) = match reminder {
        Reminder::At(at) => return Some((AT, moment::show_instant(at))),
        Reminder::Before { days, seconds } => (days, seconds),
    };
    due.day?;
    let before = days * 86_400 + seconds;
    match (due.time.is_empty(), due.repeats) {
        (false, _) if due.is_event => Some(("TRIGGER", moment::show_duration(-before))),
        (false, _) => Some(("TRIGGER;RELATED=END", moment::show_duration(-before))),
        // Of a whole day programs think differently about when it ends, but not about when it begins.
        (true, true) => Some(("TRIGGER", moment::show_duration(MORNING - before))),
        (true, false) => {
            let at = reminder.instant(due.day, due.time, due.zone).ok()??;
            Some((AT, moment::show_instant(at)))
        }
    }
}

/// The trigger of an alarm as a cell: seconds from the entry, or an instant. None if it is neither.
pub(super) fn read(property: &Property) -> Option<String> {
    let text = property.text();
    if let Some(seconds) = moment::duration(&text) {
        return Some(seconds.to_string());
    }
    let at = moment::read(property, &super::zone::Zones::default())?;
    match at {
        moment::Moment::At(..) => Some(at.cell()),
        _ => None,
    }
}

/// What an alarm says beside its trigger, as a line; none for what its entry has told already, what programs write by
/// themselves, and how it rings, which is a matter of whoever rings.
pub(super) fn said(property: &Property, told: &[String]) -> Option<String> {
    let name = property.name.as_str();
    if is_of_the_bell(name) || is_technical(name) || own::is_own(property) {
        return None;
    }
    let text = shown(property);
    let is_usual = name == "DESCRIPTION" && USUAL.iter().any(|usual| text.eq_ignore_ascii_case(usual));
    let is_told = text.is_empty() || told.contains(&property.text());
    (!is_usual && !is_told).then(|| format!("VALARM {name}: {text}"))
}

/// Properties of an alarm that say how it rings, and whether it did.
fn is_of_the_bell(name: &str) -> bool {
    matches!(
        name,
        "ACTION"
            | "REPEAT"
            | "DURATION"
            | "UID"
            | "ACKNOWLEDGED"
            | "X-WR-ALARMUID"
            | "X-APPLE-DEFAULT-ALARM"
            | "X-APPLE-LOCAL-DEFAULT-ALARM"
    )
}
