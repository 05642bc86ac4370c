//! Tasks and activities as entries.

use std::collections::HashSet;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

use crate::domain::noun::Noun;
use crate::domain::reminder::Reminder;
use crate::domain::value::Value;
use crate::wire::cell::cell;
use crate::wire::column::Column;
use crate::wire::content::own;
use crate::wire::content::write::Lines;

use super::{SYSTEM, alarm, moment, rule, zone};

/// Sorts of task by which people meet.
const MEETINGS: &[&str] = &["meeting", "visit"];

/// Sorts of activity that took a time of a day.
const EVENTS: &[&str] = &["call", "meeting", "visit", "demo"];

/// Fields that properties of others tell of.
const OF_TASKS: &[&str] = &[
    "title",
    "due",
    "note",
    "tags",
    "completed_at",
    "customer.emails",
    "customer.phones",
];

/// The same of what happened.
const OF_ACTIVITIES: &[&str] = &[
    "at",
    "text",
    "duration",
    "tags",
    "customer.emails",
    "customer.phones",
];

/// A calendar that grows.
#[derive(Debug, Default)]
pub struct Calendar {
    zones: HashSet<String>,
}

impl Calendar {
    /// What stands before the entries.
    pub fn begin(&self) -> String {
        let mut lines = Lines::default();
        lines.raw("BEGIN", "VCALENDAR");
        lines.raw("VERSION", "2.0");
        lines.raw("PRODID", "-//crm//crm//EN");
        lines.finish()
    }

    /// The entry of a row of tasks or activities, after the zone that it needs.
    pub fn entry(&mut self, noun: Noun, columns: &[Column], row: &[Value]) -> String {
        let mut lines = Lines::default();
        let entry = Entry { columns, row };
        match noun {
            Noun::Task => entry.task(&mut lines, &mut self.zones),
            _ => entry.activity(&mut lines),
        }
        lines.finish()
    }

    /// What stands after the entries.
    pub fn end(&self) -> String {
        let mut lines = Lines::default();
        lines.raw("END", "VCALENDAR");
        lines.finish()
    }
}

/// A row with what is asked of it again and again.
struct Entry<'r> {
    columns: &'r [Column],
    row: &'r [Value],
}

impl<'r> Entry<'r> {
    fn value(&self, name: &str) -> &'r Value {
        let at = self.columns.iter().position(|column| column.name == name);
        at.and_then(|at| self.row.get(at)).unwrap_or(&Value::Null)
    }

    fn text(&self, name: &str) -> String {
        match self.value(name) {
            Value::Link(link) => link.name.clone(),
            value => cell(value),
        }
    }

    fn instant(&self, name: &str) -> Option<Timestamp> {
        match self.value(name) {
            Value::Instant(at) => Some(*at),
            _ => None,
        }
    }

    /// Who the entry is, and which state of it this is.
    fn identity(&self, lines: &mut Lines, noun: Noun) {
        let ids: &[Value] = match self.value("external_ids") {
            Value::List(items) => items,
            _ => &[],
        };
        let foreign = ids.iter().map(cell).find_map(|id| {
            let uid = id.strip_prefix(SYSTEM)?.strip_prefix(':')?;
            // One occurrence among others has no UID of its own.
            (!uid.contains('#')).then(|| uid.to_owned())
        });
        lines.text("UID", &foreign.unwrap_or_else(|| self.text("uid")));
        let changed = self.instant("updated_at").or(self.instant("created_at"));
        let changed = changed.unwrap_or(Timestamp::UNIX_EPOCH);
        lines.raw("DTSTAMP", &moment::show_instant(changed));
        if let Some(made) = self.instant("created_at") {
            lines.raw("CREATED", &moment::show_instant(made));
        }
        lines.raw("LAST-MODIFIED", &moment::show_instant(changed));
        if let Value::Int(version) = self.value("version") {
            lines.raw("SEQUENCE", &version.to_string());
        }
        lines.raw("X-CRM-NOUN", noun.name());
    }

    /// With whom it is, to be read by people.
    fn contact(&self, lines: &mut Lines) {
        let first = |name: &str| match self.value(name) {
            Value::List(items) => items.first().map(cell).unwrap_or_default(),
            value => cell(value),
        };
        let parts = [
            self.text("customer"),
            first("customer.emails"),
            first("customer.phones"),
        ];
        let parts: Vec<&str> = parts
            .iter()
            .map(String::as_str)
            .filter(|part| !part.is_empty())
            .collect();
        lines.text("CONTACT", &parts.join(", "));
    }

    fn tags(&self, lines: &mut Lines) {
        if let Value::List(tags) = self.value("tags") {
            let tags: Vec<String> = tags
                .iter()
                .map(|tag| super::super::content::escape(&cell(tag)))
                .collect();
            if !tags.is_empty() {
                lines.raw("CATEGORIES", &tags.join(","));
            }
        }
    }

    /// Writes a text that other programs read; true if it comes back from there as it is.
    fn said(&self, lines: &mut Lines, property: &str, field: &str) -> bool {
        let text = self.text(field);
        lines.text(property, &text);
        own::survives(&text)
    }

    fn task(&self, lines: &mut Lines, zones: &mut HashSet<String>) {
        let kind = self.text("type");
        let status = self.text("status");
        let (day, time) = match self.value("due") {
            Value::Date(day) => (Some(*day), None),
            Value::DateTime(at) => (Some(at.date()), Some(*at)),
            _ => (None, None),
        };
        let is_event = day.is_some() && MEETINGS.contains(&kind.as_str());
        let mut zone_name = self.text("zone");
        if zone_name.is_empty() {
            zone_name = "UTC".to_owned();
        }
        let tz = TimeZone::get(&zone_name).unwrap_or(TimeZone::UTC);
        let repeat = rule::stored(&self.text("repeat"));
        let rrule = repeat.and_then(|repeat| rule::show(&repeat, time.is_none()));
        // Only what comes again must know how the clocks of its zone change.
        let named = (rrule.is_some() && tz != TimeZone::UTC && time.is_some()).then_some(zone_name.as_str());
        if let (Some(name), Some(day)) = (named, day)
            && zones.insert(name.to_owned())
        {
            zone::write(lines, name, &tz, day.year());
        }
        let component = if is_event { "VEVENT" } else { "VTODO" };
        lines.raw("BEGIN", component);
        self.identity(lines, Noun::Task);
        let mut said = OF_TASKS.to_vec();
        for (property, field) in [("SUMMARY", "title"), ("DESCRIPTION", "note")] {
            if !self.said(lines, property, field) {
                said.retain(|name| *name != field);
            }
        }
        if let Some(day) = day {
            let at = When {
                day,
                time,
                zone: &tz,
                named,
            };
            if is_event || rrule.is_some() {
                at.write(lines, "DTSTART");
            }
            if !is_event {
                at.write(lines, "DUE");
            }
        }
        if let Some(rrule) = &rrule {
            lines.raw("RRULE", rrule);
        }
        self.status(lines, &status, is_event, &mut said);
        self.priority(lines, &mut said);
        self.contact(lines);
        self.tags(lines);
        let clock = time
            .map(|time| time.strftime("%H:%M").to_string())
            .unwrap_or_default();
        let due = alarm::Due {
            day,
            time: &clock,
            zone: &zone_name,
            repeats: rrule.is_some(),
            is_event,
        };
        if status == "open" {
            let title = self.text("title");
            let reminders = self.text("remind");
            for reminder in reminders.split(", ").filter_map(Reminder::stored) {
                alarm::write(lines, reminder, due, &title);
            }
        }
        own::write(lines, self.columns, self.row, &said);
        lines.raw("END", component);
    }

    fn status(&self, lines: &mut Lines, status: &str, is_event: bool, said: &mut Vec<&'static str>) {
        let word = match (status, is_event) {
            ("cancelled", _) => "CANCELLED",
            (_, true) => "CONFIRMED",
            ("done", false) => "COMPLETED",
            (_, false) => "NEEDS-ACTION",
        };
        lines.raw("STATUS", word);
        if is_event {
            // An event is never done.
            said.retain(|name| *name != "completed_at");
            return;
        }
        said.push("status");
        if let Some(at) = self.instant("completed_at") {
            // A calendar has no parts of seconds.
            if at.subsec_nanosecond() != 0 {
                said.retain(|name| *name != "completed_at");
            }
            lines.raw("COMPLETED", &moment::show_instant(at));
        }
        if status == "done" {
            lines.raw("PERCENT-COMPLETE", "100");
        }
    }

    fn priority(&self, lines: &mut Lines, said: &mut Vec<&'static str>) {
        let number = match self.text("priority").as_str() {
            "urgent" => "1",
            "high" => "3",
            "normal" => "5",
            "low" => "9",
            _ => return,
        };
        lines.raw("PRIORITY", number);
        said.push("priority");
    }

    fn activity(&self, lines: &mut Lines) {
        let kind = self.text("type");
        let is_event = EVENTS.contains(&kind.as_str());
        let component = if is_event { "VEVENT" } else { "VJOURNAL" };
        lines.raw("BEGIN", component);
        self.identity(lines, Noun::Activity);
        let text = self.text("text");
        let mut said = OF_ACTIVITIES.to_vec();
        lines.text("SUMMARY", &summary(&text, &kind));
        if !self.said(lines, "DESCRIPTION", "text") {
            said.retain(|name| *name != "text");
        }
        if let Some(at) = self.instant("at") {
            if at.subsec_nanosecond() != 0 {
                said.retain(|name| *name != "at");
            }
            lines.raw("DTSTART", &moment::show_instant(at));
            match self.value("duration") {
                Value::Seconds(seconds) if is_event && *seconds > 0 => {
                    lines.raw("DURATION", &moment::show_duration(*seconds));
                }
                _ => said.retain(|name| *name != "duration"),
            }
        }
        lines.raw("STATUS", if is_event { "CONFIRMED" } else { "FINAL" });
        self.contact(lines);
        self.tags(lines);
        own::write(lines, self.columns, self.row, &said);
        lines.raw("END", component);
    }
}

/// The line by which a calendar shows what happened: the first of the text, else the sort.
pub(crate) fn summary(text: &str, kind: &str) -> String {
    let first = text.lines().map(str::trim).find(|line| !line.is_empty());
    let first: String = first.unwrap_or(kind).chars().take(120).collect();
    own::what_survives(&first)
}

/// When something is due, and how that is written.
struct When<'z> {
    day: Date,
    time: Option<DateTime>,
    zone: &'z TimeZone,
    named: Option<&'z str>,
}

impl When<'_> {
    fn write(&self, lines: &mut Lines, property: &str) {
        match (self.time, self.named) {
            (None, _) => lines.raw(&format!("{property};VALUE=DATE"), &moment::show_day(self.day)),
            (Some(time), Some(name)) => {
                lines.raw(&format!("{property};TZID={name}"), &moment::show_local(time));
            }
            (Some(time), None) => {
                let at = crate::domain::when::instant::instant_of(time, self.zone);
                lines.raw(property, &moment::show_instant(at));
            }
        }
    }
}
