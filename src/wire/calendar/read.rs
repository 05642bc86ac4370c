//! Entries of a file as rows of neutral cells, one at a time.
//!
//! The cells: `component` (`event`, `todo`, `journal`), `uid`, `title`, `note`, `start`, `end`, `due`, `completed` (as
//! `moment.rs` writes them), `status`, `priority`, `tags`, `repeat`, `alarms`, `people` (maps of `email` and `name`),
//! `recurrence` and `sequence` (which one of a series it is, and which version), and `own`, a map of what only this
//! program knows. What no cell takes stands at the end of the note.

use std::collections::HashSet;
use std::io::BufRead;

use jiff::civil::Date;

use crate::domain::input::{Assignment, Input};
use crate::error::Result;
use crate::wire::content::lines::{Component, Components, OUTSIDE};
use crate::wire::content::own;
use crate::wire::content::property::{self, Charset, Property};
use crate::wire::content::{self};
use crate::wire::read::rows::{Item, Row, RowError};
use crate::wire::read::table::LeftOut;

use super::about::{is_of_the_file, is_technical, shown};
use super::moment::{self, Moment};
use super::zone::Zones;
use super::{alarm, rule};

/// The components that are taken one by one.
const COMPONENTS: &[&str] = &["vevent", "vtodo", "vjournal", "vtimezone", "vfreebusy"];

/// The first entry of a file as its own properties say it, which every program reads: nothing of ours, and nothing of
/// what no cell takes. None if there is none.
pub fn plain(bytes: &[u8]) -> Option<Row> {
    let (input, charset, _) = content::open::look(Box::new(std::io::Cursor::new(bytes.to_vec())))
        .and_then(|looked| looked.content(None))
        .ok()?;
    let mut entries = Entries::new(input, charset);
    entries.is_plain = true;
    entries.next_entry().ok()??.ok()
}

/// The entries of a reader of bytes.
pub(crate) struct Entries<R> {
    components: Components<R>,
    charset: Charset,
    zones: Zones,
    /// Whether only what every program reads is taken.
    is_plain: bool,
    /// What the calendar says of itself, for which there is no place.
    left_out: Vec<LeftOut>,
}

/// The most that is told of what a calendar says of itself.
const MOST_LEFT_OUT: usize = 100;

impl<R: BufRead> Entries<R> {
    /// Reads `input`, whose bytes are text by `charset`.
    pub(crate) fn new(input: R, charset: Charset) -> Entries<R> {
        Entries {
            components: Components::new(input, COMPONENTS),
            charset,
            zones: Zones::default(),
            is_plain: false,
            left_out: Vec::new(),
        }
    }

    /// What was read so far and is of no entry.
    pub(crate) fn left_out(&self) -> &[LeftOut] {
        &self.left_out
    }

    /// The next entry as a row; none at the end.
    ///
    /// # Errors
    ///
    /// Reading fails.
    pub(crate) fn next_entry(&mut self) -> Result<Option<Item>> {
        while let Some(component) = self.components.next_component()? {
            if let Some(item) = self.item(&component) {
                return Ok(Some(item));
            }
        }
        Ok(None)
    }

    fn item(&mut self, component: &Component) -> Option<Item> {
        let mut parsed = property::parse(&component.lines, self.charset);
        if self.is_plain {
            parsed.properties.retain(|property| !own::is_own(property));
        }
        if component.fault == Some(OUTSIDE) {
            return self.around(component, &parsed);
        }
        if component.name == "vtimezone" && component.fault.is_none() {
            self.zones.define(&parsed.properties);
            return None;
        }
        let too_much = parsed
            .is_too_much()
            .then_some("the entry has too many properties");
        let unknown = (component.name == "vfreebusy").then_some("times that are free or busy are no entry");
        if let Some(fault) = component.fault.or(too_much).or(unknown) {
            return Some(self.refuse(component, fault));
        }
        let mut entry = Entry::new(&parsed.properties, &self.zones);
        entry.is_plain = self.is_plain;
        let version = entry.version();
        let mut cells = entry.cells(component.name, &parsed.strays);
        if cells.len() <= 1 {
            return Some(self.refuse(component, "the entry says nothing"));
        }
        cells.extend(version);
        Some(Ok(Row {
            line: component.line,
            cells,
            raw: Vec::new(),
        }))
    }

    /// What stands around entries: properties of the calendar.
    fn around(&mut self, component: &Component, parsed: &property::Parsed) -> Option<Item> {
        for property in &parsed.properties {
            if property.name == "X-WR-TIMEZONE" {
                self.zones.set_default(&property.text());
            } else if !is_of_the_file(&property.name) && self.left_out.len() < MOST_LEFT_OUT {
                let said = shown(property);
                self.left_out.extend((!said.is_empty()).then(|| LeftOut {
                    line: property.line,
                    text: format!("{}: {said}", property.name),
                }));
            }
        }
        let is_calendar = |property: &Property| {
            property.name.starts_with("X-")
                || matches!(
                    property.name.as_str(),
                    "BEGIN"
                        | "END"
                        | "VERSION"
                        | "PRODID"
                        | "METHOD"
                        | "CALSCALE"
                        | "NAME"
                        | "DESCRIPTION"
                        | "COLOR"
                        | "UID"
                        | "URL"
                        | "SOURCE"
                        | "REFRESH-INTERVAL"
                        | "LAST-MODIFIED"
                        | "IMAGE"
                        | "CATEGORIES"
                )
        };
        let is_strange = !parsed.strays.is_empty() || !parsed.properties.iter().all(is_calendar);
        is_strange.then(|| self.refuse(component, OUTSIDE))
    }

    fn refuse(&self, component: &Component, reason: &str) -> Item {
        let whole = property::lossy(&component.lines, self.charset);
        let name = component.name.to_uppercase();
        let raw = match name.as_str() {
            "" => whole,
            name => format!("BEGIN:{name}\n{whole}END:{name}\n"),
        };
        Err(RowError {
            line: component.line,
            column: None,
            reason: reason.to_owned(),
            raw: vec![raw],
        })
    }
}

/// An entry with what is looked up in it again and again.
struct Entry<'p> {
    properties: Vec<&'p Property>,
    alarms: Vec<Vec<&'p Property>>,
    /// What parts of the entry say that are no alarms.
    inside: Vec<&'p Property>,
    zones: &'p Zones,
    is_own: bool,
    is_plain: bool,
    rest: Vec<String>,
    known: HashSet<String>,
}

impl<'p> Entry<'p> {
    fn new(all: &'p [Property], zones: &'p Zones) -> Entry<'p> {
        let mut properties = Vec::new();
        let mut alarms: Vec<Vec<&Property>> = Vec::new();
        let mut inside = Vec::new();
        let mut depth = 0_usize;
        // How deep the alarm is; zero outside of one.
        let mut alarm_depth = 0;
        for property in all {
            match property.name.as_str() {
                "BEGIN" => {
                    depth += 1;
                    if property.text().eq_ignore_ascii_case("VALARM") {
                        alarm_depth = depth;
                        alarms.push(Vec::new());
                    }
                }
                "END" => {
                    if depth == alarm_depth {
                        alarm_depth = 0;
                    }
                    depth = depth.saturating_sub(1);
                }
                _ => match alarms.last_mut() {
                    Some(alarm) if depth > 0 && depth == alarm_depth => alarm.push(property),
                    // A place or a person, told in a part of its own.
                    _ if depth > 0 => inside.push(property),
                    _ => properties.push(property),
                },
            }
        }
        let has = |name: &str| properties.iter().any(|property| property.name == name);
        let is_own = has("X-CRM-UID") && has("X-CRM-NOUN") && has("X-CRM-VERSION");
        Entry {
            properties,
            alarms,
            inside,
            zones,
            is_own,
            is_plain: false,
            rest: Vec::new(),
            known: HashSet::new(),
        }
    }

    fn first(&self, name: &str) -> Option<&'p Property> {
        self.properties
            .iter()
            .find(|property| property.name == name)
            .copied()
    }

    fn text(&self, name: &str) -> String {
        self.first(name).map(Property::text).unwrap_or_default()
    }

    /// The first moment that a property says; one that says none is kept.
    fn moment(&mut self, name: &str) -> Option<Moment> {
        let property = self.first(name)?;
        let found = moment::read(property, self.zones);
        let named = property.first_param("TZID");
        let unknown = named.filter(|zone| self.zones.get(zone).is_none());
        if found.is_none() || (unknown.is_some() && !property.value.trim_end().ends_with('Z')) {
            let zone = unknown.map(|zone| format!(" ({zone})")).unwrap_or_default();
            self.keep(format!("{name}{zone}: {}", property.text()));
        }
        found
    }

    fn keep(&mut self, line: String) {
        if self.known.insert(line.clone()) {
            self.rest.push(line);
        }
    }

    /// Which one of a series it is, and which version of it.
    fn version(&self) -> Vec<Assignment> {
        [("recurrence", "RECURRENCE-ID"), ("sequence", "SEQUENCE")]
            .into_iter()
            .map(|(cell, name)| (cell, self.text(name)))
            .filter(|(_, text)| !text.is_empty())
            .map(|(cell, text)| (cell.to_owned(), Input::Text(text)))
            .collect()
    }

    fn cells(mut self, component: &str, strays: &[(u64, String)]) -> Vec<Assignment> {
        let mut cells = Vec::new();
        let mut give = |name: &str, text: String| {
            if !text.trim().is_empty() {
                cells.push((name.to_owned(), Input::Text(text)));
            }
        };
        give("component", component.trim_start_matches('v').to_owned());
        let mut uid = self.text("UID");
        if let Some(which) = self.first("RECURRENCE-ID").filter(|_| !uid.is_empty()) {
            uid = format!("{uid}#{}", which.text());
        }
        give("uid", uid);
        give("title", self.text("SUMMARY"));
        for (cell, name) in [
            ("start", "DTSTART"),
            ("end", "DTEND"),
            ("due", "DUE"),
            ("completed", "COMPLETED"),
        ] {
            if let Some(moment) = self.moment(name) {
                give(cell, moment.cell());
            }
        }
        if let Some(seconds) = moment::duration(&self.text("DURATION")) {
            give("seconds", seconds.to_string());
        }
        give("status", self.text("STATUS").to_lowercase());
        give("priority", self.text("PRIORITY"));
        let start = self.moment("DTSTART").map(|start| match start {
            Moment::Day(day) => day,
            Moment::Floating(moment) | Moment::At(moment, _) => moment.date(),
        });
        if let Some(rule) = self.rule(start) {
            give("repeat", rule);
        }
        let lists = [
            ("tags", self.tags()),
            ("people", self.people()),
            ("alarms", self.triggers()),
        ];
        for property in self.properties.clone() {
            self.further(property);
        }
        for property in self.inside.clone() {
            let said = shown(property);
            if !said.is_empty() && !is_technical(&property.name) {
                self.keep(format!("{}: {said}", property.name));
            }
        }
        for (_, text) in strays {
            self.keep(text.clone());
        }
        let note = self.note();
        cells.extend(
            lists
                .into_iter()
                .filter(|(_, list)| !list.is_empty())
                .map(list_cell),
        );
        if !note.is_empty() {
            cells.push(("note".to_owned(), Input::Text(note)));
        }
        if self.is_own {
            let told: Vec<Property> = self.properties.iter().copied().cloned().collect();
            cells.push(("own".to_owned(), Input::Map(own::cells(&told))));
        }
        cells
    }

    /// The rule by which it comes again, if a task can have one that says the same; else it is kept.
    fn rule(&mut self, start: Option<Date>) -> Option<String> {
        let property = self.first("RRULE")?;
        let text = property.text();
        let is_single = self
            .properties
            .iter()
            .filter(|other| other.name == "RRULE")
            .count()
            == 1;
        let rule = rule::read(&text, start).filter(|_| is_single);
        if rule.is_none() {
            self.keep(format!("RRULE: {text}"));
        }
        rule.map(|rule| rule.to_string())
    }

    fn tags(&self) -> Vec<Input> {
        let named = self
            .properties
            .iter()
            .filter(|property| property.name == "CATEGORIES");
        named
            .flat_map(|property| content::texts(&property.value, ','))
            .map(|tag| {
                let plain: String = tag
                    .chars()
                    .map(|letter| {
                        if matches!(letter, ';' | ',') || letter.is_control() {
                            ' '
                        } else {
                            letter
                        }
                    })
                    .collect();
                plain.trim().trim_start_matches(['+', '#']).trim().to_owned()
            })
            .filter(|tag| !tag.is_empty())
            .map(Input::Text)
            .collect()
    }

    /// Who takes part, by address and name; the organizer first.
    fn people(&self) -> Vec<Input> {
        let named = |wanted: &'static str| {
            self.properties
                .iter()
                .filter(move |property| property.name == wanted)
        };
        named("ORGANIZER")
            .chain(named("ATTENDEE"))
            .map(|property| {
                let text = property.text();
                let mut address = text.as_str();
                if let Some((scheme, rest)) = text.split_once(':')
                    && scheme.eq_ignore_ascii_case("mailto")
                {
                    address = rest;
                }
                let email = property.first_param("EMAIL").filter(|_| !address.contains('@'));
                let parts = [
                    ("email", email.unwrap_or(address)),
                    ("name", property.first_param("CN").unwrap_or_default()),
                    ("property", property.name.as_str()),
                    ("status", property.first_param("PARTSTAT").unwrap_or_default()),
                ];
                let parts = parts.into_iter().filter(|(_, text)| !text.trim().is_empty());
                Input::Map(
                    parts
                        .map(|(name, text)| (name.to_owned(), Input::text(text.trim())))
                        .collect(),
                )
            })
            .collect()
    }

    fn triggers(&mut self) -> Vec<Input> {
        let mut found = Vec::new();
        for alarm in self.alarms.clone() {
            for property in alarm {
                match property.name.as_str() {
                    "TRIGGER" => match alarm::read(property) {
                        Some(trigger) => found.push(Input::Text(trigger)),
                        None => self.keep(format!("TRIGGER: {}", property.text())),
                    },
                    _ => {
                        let told = [self.text("SUMMARY"), self.text("DESCRIPTION")];
                        if let Some(line) = alarm::said(property, &told) {
                            self.keep(line);
                        }
                    }
                }
            }
        }
        found
    }

    /// A property that no cell takes.
    fn further(&mut self, property: &Property) {
        let name = property.name.as_str();
        let text = property.text();
        match name {
            "UID" | "SUMMARY" | "DESCRIPTION" | "DTSTART" | "DTEND" | "DUE" | "COMPLETED" | "DURATION"
            | "STATUS" | "PRIORITY" | "RRULE" | "CATEGORIES" | "ORGANIZER" | "ATTENDEE" | "RECURRENCE-ID" => {
                // Each of them once is what was read; and who wrote one twice meant something.
                let is_list = matches!(name, "CATEGORIES" | "ATTENDEE" | "RRULE" | "ORGANIZER");
                let is_first = self
                    .first(name)
                    .is_some_and(|first| std::ptr::eq(first, property));
                if !is_list && !is_first {
                    self.keep(format!("{name}: {text}"));
                }
            }
            "CLASS" | "TRANSP" if matches!(text.as_str(), "PUBLIC" | "OPAQUE") => {}
            "PERCENT-COMPLETE" if matches!(text.as_str(), "0" | "100") => {}
            "CONTACT" if self.is_own => {}
            _ if is_technical(name) || own::is_own(property) => {}
            _ => {
                let text = shown(property);
                if !text.is_empty() {
                    self.keep(format!("{name}: {text}"));
                }
            }
        }
    }

    fn note(&mut self) -> String {
        let mut paragraphs = Vec::new();
        let description = self
            .first("DESCRIPTION")
            .map(|property| content::unescape(&property.value));
        paragraphs.extend(description.filter(|text| !text.trim().is_empty()));
        if !self.rest.is_empty() && !self.is_plain {
            paragraphs.push(std::mem::take(&mut self.rest).join("\n"));
        }
        paragraphs.join("\n\n")
    }
}

fn list_cell((name, list): (&str, Vec<Input>)) -> Assignment {
    (name.to_owned(), Input::List(list))
}

/// What comes back of a text from a property; none for what is no text.
pub fn what_survives(input: &Input) -> Option<String> {
    input.as_text().map(own::what_survives)
}

/// True if the rule of a task, `own`, is written as the same `RRULE` as `read`, so that nobody changed it.
pub fn same_rule(own: &str, read: &str) -> bool {
    let shown = |text: &str| rule::stored(text).and_then(|rule| rule::show(&rule, true));
    shown(own).is_some_and(|own| Some(own) == shown(read))
}
