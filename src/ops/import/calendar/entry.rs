//! An entry of a calendar as a row of tasks or of activities.

use jiff::civil::{Date, Time};

use crate::domain::clock::Clock;
use crate::domain::email::Email;
use crate::domain::id::Id;
use crate::domain::input::{Assignment, Input};
use crate::domain::noun::Noun;
use crate::domain::recurrence::Recurrence;
use crate::domain::reminder::Reminder;
use crate::domain::when::{Leaning, Reading};
use crate::error::Result;
use crate::store::customers::{self, Channel};
use crate::store::{ReadTx, links};
use crate::wire::calendar::SYSTEM;
use crate::wire::calendar::moment::Moment;
use crate::wire::read::rows::Row;

use super::told::{give, shown, written};

/// From which time of day a reminder of a whole day counts back, in seconds.
const MORNING: i64 = 9 * 60 * 60;

/// An entry of a calendar on its way to a row.
pub(in crate::ops) struct Entry<'r> {
    row: &'r Row,
    /// Whether the note is what was written as one alone.
    is_bare: bool,
    /// Whether days are those that are written, and nobody is looked up.
    is_literal: bool,
}

impl<'r> Entry<'r> {
    pub(in crate::ops) fn new(row: &'r Row) -> Entry<'r> {
        Entry {
            row,
            is_bare: false,
            is_literal: false,
        }
    }

    /// An entry whose file stays, and with it what no field takes.
    pub(in crate::ops) fn of_file(row: &'r Row) -> Entry<'r> {
        Entry {
            is_bare: true,
            ..Entry::new(row)
        }
    }

    /// An entry as it is written, to be compared.
    pub(in crate::ops) fn literal(row: &'r Row) -> Entry<'r> {
        Entry {
            is_literal: true,
            ..Entry::of_file(row)
        }
    }

    fn cell(&self, name: &str) -> Option<&'r Input> {
        let found = self.row.cells.iter().find(|(known, _)| known == name);
        found.map(|(_, input)| input)
    }

    fn text(&self, name: &str) -> &'r str {
        self.cell(name).and_then(Input::as_text).unwrap_or_default()
    }

    fn moment(&self, name: &str) -> Option<Moment> {
        Moment::from_cell(self.text(name))
    }

    fn list(&self, name: &str) -> &'r [Input] {
        match self.cell(name) {
            Some(Input::List(items)) => items,
            _ => &[],
        }
    }

    /// What only this program knows.
    fn own(&self) -> &'r [Assignment] {
        match self.cell("own") {
            Some(Input::Map(parts)) => parts,
            _ => &[],
        }
    }

    /// What tells the entry from others; none for one that does not say.
    pub(in crate::ops) fn uid(&self) -> Option<&'r str> {
        Some(self.text("uid")).filter(|uid| !uid.is_empty())
    }

    /// Which one of a series the entry is; empty for the series itself and for one alone.
    pub(super) fn recurrence(&self) -> &'r str {
        self.text("recurrence")
    }

    /// Which version of the entry it is; later ones count more.
    pub(super) fn sequence(&self) -> u64 {
        self.text("sequence").parse().unwrap_or(0)
    }

    fn own_text(&self, name: &str) -> &'r str {
        let found = self.own().iter().find(|(known, _)| known == name);
        found.and_then(|(_, input)| input.as_text()).unwrap_or_default()
    }

    fn is_own(&self) -> bool {
        self.cell("own").is_some()
    }

    pub(in crate::ops) fn own_noun(&self) -> Option<Noun> {
        self.is_own()
            .then(|| Noun::parse(self.own_text("noun")))
            .flatten()
    }

    /// Whether an entry is a task or an activity: an event is a task as long as it is to come, and stays what it is.
    pub(in crate::ops) fn noun(&self, tx: &ReadTx<'_>) -> Result<Noun> {
        if let Some(noun) = self.own_noun() {
            return Ok(noun);
        }
        let uid = self.text("uid");
        for noun in [Noun::Task, Noun::Activity] {
            if !uid.is_empty() && links::by_external_id(tx, SYSTEM, noun, uid)?.is_some() {
                return Ok(noun);
            }
        }
        let clock = &tx.caller().clock;
        Ok(match self.text("component") {
            "todo" => Noun::Task,
            "journal" => Noun::Activity,
            // What was called off did not happen.
            _ if self.text("status") == "cancelled" => Noun::Task,
            _ if self.next_day(clock).is_some() => Noun::Task,
            _ => match self.moment("start") {
                Some(start) if start.instant(clock.zone()) > clock.now() => Noun::Task,
                Some(Moment::Day(day)) if day >= clock.today() => Noun::Task,
                Some(_) => Noun::Activity,
                None => Noun::Task,
            },
        })
    }

    /// The next day of an event that comes again and began before.
    fn next_day(&self, clock: &Clock) -> Option<Date> {
        let rule = self.rule(clock)?;
        let (first, _) = self.moment("start").or(self.moment("due"))?.local(clock.zone());
        let today = clock.today();
        if first >= today {
            return Some(first);
        }
        if rule.count.is_some() || self.text("component") == "todo" {
            // Which of so many times this is cannot be told without going through all of them; a task waits to be done.
            return (self.text("component") == "todo").then_some(first);
        }
        rule.next(first, first, today)
    }

    fn rule(&self, clock: &Clock) -> Option<Recurrence> {
        let text = self.text("repeat");
        let reading = Reading::new(clock, Leaning::Future);
        (!text.is_empty())
            .then(|| Recurrence::read(text, &reading).ok())
            .flatten()
    }

    /// Who the entry is.
    fn identity(&self, cells: &mut Vec<Assignment>) {
        let uid = self.text("uid");
        if !self.is_own() && Id::parse_uid(uid).is_some() {
            cells.push(("uid".to_owned(), Input::text(uid)));
        } else if !self.is_own() && !uid.is_empty() {
            let id = Input::Text(format!("{SYSTEM}:{uid}"));
            cells.push(("external_ids".to_owned(), Input::List(vec![id])));
        }
    }

    /// What only this program knows, as far as nothing else says it.
    fn take_own(&self, cells: &mut Vec<Assignment>) {
        for (name, input) in self.own() {
            if name == "noun" {
                continue;
            }
            let told = crate::wire::calendar::read::what_survives(input);
            match cells.iter_mut().find(|(known, _)| known == name) {
                Some((_, known)) if told.is_some() && known.as_text().map(str::trim) == told.as_deref() => {
                    *known = input.clone();
                }
                Some(_) => {}
                None => cells.push((name.clone(), input.clone())),
            }
        }
    }

    /// The row of a task.
    pub(in crate::ops) fn task(&self, tx: &ReadTx<'_>) -> Result<Row> {
        let clock = &tx.caller().clock;
        let mut cells = Vec::new();
        let mut notes = Vec::new();
        self.identity(&mut cells);
        let title = self.text("title");
        let is_event = self.text("component") == "event";
        let title = match (title, self.text("note").lines().next()) {
            ("", Some(line)) => line.chars().take(120).collect(),
            ("", None) => if is_event { "Event" } else { "Task" }.to_owned(),
            (title, _) => title.to_owned(),
        };
        give(&mut cells, "title", &title);
        if is_event && !self.is_own() && !self.is_literal {
            give(&mut cells, "type", "meeting");
        }
        let due = self.due(clock, &mut notes);
        if let Some((day, time)) = due {
            give(&mut cells, "due", &written(day, time));
        }
        self.status(clock, &mut cells);
        self.priority(&mut cells, &mut notes);
        self.repeat(&mut cells, due.is_some());
        if !self.is_own() {
            let reminders = self.reminders(clock, due, &mut notes);
            if !reminders.is_empty() {
                cells.push(("remind".to_owned(), Input::List(reminders)));
            }
            self.people(tx, &mut cells, &mut notes)?;
        }
        self.tags(&mut cells);
        self.note(&mut cells, &notes);
        self.take_own(&mut cells);
        Ok(self.row(cells))
    }

    fn row(&self, cells: Vec<Assignment>) -> Row {
        Row {
            line: self.row.line,
            cells,
            raw: Vec::new(),
        }
    }

    /// The day and time by which it is due: of an event its beginning, and of one that comes again the next one.
    fn due(&self, clock: &Clock, notes: &mut Vec<String>) -> Option<(Date, Option<Time>)> {
        let zone = jiff::tz::TimeZone::get(self.own_text("zone")).unwrap_or_else(|_| clock.zone().clone());
        let (start, due) = (self.moment("start"), self.moment("due"));
        let seconds: Option<i64> = self.text("seconds").parse().ok();
        if let (Some(start), Some(due)) = (&start, &due)
            && start != due
        {
            notes.push(format!("DTSTART: {}", shown(start, &zone)));
        }
        if let Some(end) = self.moment("end") {
            notes.push(format!("DTEND: {}", shown(&end, &zone)));
        }
        if let (Some(seconds), None) = (seconds, &due) {
            let length = crate::domain::when::duration::show_duration(seconds);
            notes.push(format!("DURATION: {length}"));
        }
        let moment = due.or(start)?;
        let (mut day, time) = moment.local(&zone);
        if self.text("component") == "event"
            && !self.is_own()
            && !self.is_literal
            && let Some(next) = self.next_day(clock)
        {
            if day != next {
                // When the series began is told by nothing else.
                notes.push(format!("DTSTART: {}", shown(&moment, &zone)));
            }
            day = next;
        }
        // Whole minutes, as tasks have them.
        Some((
            day,
            time.map(|time| Time::constant(time.hour(), time.minute(), 0, 0)),
        ))
    }

    fn status(&self, clock: &Clock, cells: &mut Vec<Assignment>) {
        let word = match self.text("status") {
            "completed" => "done",
            "cancelled" => "cancelled",
            "needs-action" | "in-process" => "open",
            "" if self.moment("completed").is_some() => "done",
            _ if self.is_own() => return,
            _ => "open",
        };
        give(cells, "status", word);
        if let Some(at) = self.moment("completed").filter(|_| word == "done") {
            give(cells, "completed_at", &at.instant(clock.zone()).to_string());
        }
    }

    fn priority(&self, cells: &mut Vec<Assignment>, notes: &mut Vec<String>) {
        let text = self.text("priority");
        let word = match text {
            "" | "0" => return,
            "1" => "urgent",
            "2" | "3" | "4" => "high",
            "5" => "normal",
            "6" | "7" | "8" | "9" => "low",
            other => {
                notes.push(format!("PRIORITY: {other}"));
                return;
            }
        };
        give(cells, "priority", word);
    }

    fn repeat(&self, cells: &mut Vec<Assignment>, has_day: bool) {
        let text = self.text("repeat");
        if text.is_empty() || !has_day {
            return;
        }
        // The rule of one of ours is the one that it was written from, unless somebody changed it.
        let own = crate::wire::calendar::read::same_rule(self.own_text("repeat"), text);
        let rule = if own { self.own_text("repeat") } else { text };
        give(cells, "repeat", rule);
    }

    /// Alarms as reminders; one that rings afterwards is kept in the note.
    fn reminders(
        &self,
        clock: &Clock,
        due: Option<(Date, Option<Time>)>,
        notes: &mut Vec<String>,
    ) -> Vec<Input> {
        let mut found: Vec<Input> = Vec::new();
        for trigger in self.list("alarms").iter().filter_map(Input::as_text) {
            let before = match (trigger.parse::<i64>(), due) {
                (Ok(seconds), Some((_, Some(_)))) => Some(-seconds),
                (Ok(seconds), Some((_, None))) => Some(MORNING - seconds),
                (Ok(_), None) => None,
                (Err(_), Some((day, time))) => trigger.parse::<jiff::Timestamp>().ok().map(|at| {
                    let morning = Time::constant(9, 0, 0, 0);
                    let local = day.to_datetime(time.unwrap_or(morning));
                    let base = crate::domain::when::instant::instant_of(local, clock.zone());
                    base.as_second() - at.as_second()
                }),
                (Err(_), None) => {
                    let at = trigger.parse().ok().map(Reminder::At);
                    found.extend(at.map(|at| Input::Text(at.text(clock.zone()))));
                    continue;
                }
            };
            let reminder = before.filter(|seconds| (0..=86_400 * 3660).contains(seconds));
            match reminder {
                Some(seconds) => {
                    let reminder = Reminder::Before {
                        days: seconds / 86_400,
                        seconds: seconds % 86_400 / 60 * 60,
                    };
                    let text = Input::Text(reminder.text(clock.zone()));
                    if !found.contains(&text) {
                        found.push(text);
                    }
                }
                None => notes.push(format!("TRIGGER: {trigger}")),
            }
        }
        found
    }

    /// Links those who took part and are known; names the others.
    fn people(&self, tx: &ReadTx<'_>, cells: &mut Vec<Assignment>, notes: &mut Vec<String>) -> Result<()> {
        if self.is_literal {
            return Ok(());
        }
        let mut known: Vec<Id> = Vec::new();
        for person in self.list("people") {
            let part = |name: &str| person.part(name).and_then(Input::as_text).unwrap_or_default();
            let found = match Email::parse(part("email")) {
                Ok(email) => customers::holders(tx, Channel::Email, "", &email.key(), None)?,
                Err(_) => Vec::new(),
            };
            if let [id] = found.as_slice() {
                if !known.contains(id) {
                    known.push(*id);
                }
                continue;
            }
            let (name, email) = (part("name"), part("email"));
            let who = match (name, email) {
                ("", email) => email.to_owned(),
                (name, email) if name == email || email.is_empty() => name.to_owned(),
                (name, email) => format!("{name} <{email}>"),
            };
            let status = match part("status") {
                "" => String::new(),
                status => format!(" ({})", status.to_lowercase()),
            };
            notes.push(format!("{}: {who}{status}", part("property")));
        }
        let mut known = known.into_iter();
        if let Some(first) = known.next() {
            give(cells, "customer", &first.uid());
        }
        let others: Vec<Input> = known.map(|id| Input::Text(id.uid())).collect();
        if !others.is_empty() {
            cells.push(("people".to_owned(), Input::List(others)));
        }
        Ok(())
    }

    fn tags(&self, cells: &mut Vec<Assignment>) {
        let tags = self.list("tags");
        if !tags.is_empty() {
            cells.push(("tags".to_owned(), Input::List(tags.to_vec())));
        }
    }

    fn note(&self, cells: &mut Vec<Assignment>, notes: &[String]) {
        let note = match (self.text("note"), notes.is_empty() || self.is_bare) {
            (note, true) => note.to_owned(),
            ("", false) => notes.join("\n"),
            (note, false) => format!("{}\n\n{}", note.trim_end(), notes.join("\n")),
        };
        give(cells, "note", &note);
    }

    /// The row of an activity.
    pub(in crate::ops) fn activity(&self, tx: &ReadTx<'_>) -> Result<Row> {
        let clock = &tx.caller().clock;
        let mut cells = Vec::new();
        let mut notes = Vec::new();
        self.identity(&mut cells);
        if !self.is_own() && !self.is_literal {
            let kind = if self.text("component") == "event" {
                "meeting"
            } else {
                "note"
            };
            give(&mut cells, "type", kind);
        }
        let start = self.moment("start").or(self.moment("due"));
        if let Some(start) = &start {
            let at = match start {
                Moment::Day(day) => Moment::Floating(day.at(12, 0, 0, 0)),
                other => other.clone(),
            };
            give(&mut cells, "at", &at.instant(clock.zone()).to_string());
        }
        let until = self.moment("end").zip(start);
        let seconds = match (self.text("seconds").parse::<i64>(), until) {
            (Ok(seconds), _) => Some(seconds),
            (Err(_), Some((Moment::Day(last), Moment::Day(first)))) => {
                if first.tomorrow().is_ok_and(|next| next < last) {
                    notes.push(format!("DTEND: {last}"));
                }
                None
            }
            (Err(_), Some((end, start))) => {
                let (end, start) = (end.instant(clock.zone()), start.instant(clock.zone()));
                Some(end.as_second() - start.as_second())
            }
            (Err(_), None) => None,
        };
        if let Some(seconds) = seconds.filter(|seconds| *seconds > 0) {
            give(&mut cells, "duration", &seconds.to_string());
        }
        if !self.is_own() {
            self.people(tx, &mut cells, &mut notes)?;
            if !matches!(self.text("status"), "" | "confirmed" | "final") {
                notes.push(format!("STATUS: {}", self.text("status")));
            }
            if !self.text("repeat").is_empty() {
                notes.push(format!("RRULE: {}", self.text("repeat")));
            }
            self.priority(&mut Vec::new(), &mut notes);
        }
        self.tags(&mut cells);
        give(&mut cells, "text", &self.what(&notes));
        self.take_own(&mut cells);
        Ok(self.row(cells))
    }

    /// What happened: the title and what is written about it.
    fn what(&self, notes: &[String]) -> String {
        let (title, note) = (self.text("title"), self.text("note"));
        let kind = self.own_text("type");
        let is_told = title.is_empty() || crate::wire::calendar::write::summary(note, kind) == title;
        let is_kind = self.is_own() && note.is_empty() && title == kind;
        let mut paragraphs = Vec::new();
        if !is_told && !is_kind {
            paragraphs.push(title.to_owned());
        }
        if !note.is_empty() {
            paragraphs.push(note.to_owned());
        }
        if !notes.is_empty() && !self.is_bare {
            paragraphs.push(notes.join("\n"));
        }
        paragraphs.join("\n\n")
    }
}
