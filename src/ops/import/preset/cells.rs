//! A row of the file as rows of ours: cells named by our fields, and what no field takes as lines of the note.

use crate::domain::email::Email;
use crate::domain::field::FieldType;
use crate::domain::fold::fold;
use crate::domain::handle::Handle;
use crate::domain::input::Input;
use crate::domain::phone::Phone;
use crate::ops::import::Unknown;
use crate::ops::import::entry::{self, Entry, PLACE_CELL};
use crate::wire::read::rows::Row;

use super::feeds::{self, Feeds};
use super::plan::{Piece, Plan, Planned, Step};
use super::{As, Key, values};

/// What a row is.
pub(super) enum Cells {
    /// Left out, with the reason.
    Left(&'static str),
    /// Records, each by its place in the plan.
    Made(Vec<(usize, Entry)>),
}

/// A column and what it says.
pub(super) type Said<'p> = (&'p Step, String);

/// What has been gathered of one record.
pub(super) struct Gathered<'p> {
    pub(super) plan: &'p Plan,
    record: &'p Planned,
    pub(super) entry: Entry,
    /// Fields that take one value, and what was met for them: column and text.
    ones: Vec<(&'p str, FieldType, Vec<Said<'p>>)>,
    many: Vec<(&'p str, Vec<Input>)>,
    pub(super) names: [Option<Said<'p>>; 5],
    pub(super) addresses: Vec<(&'p str, Vec<(usize, Said<'p>)>)>,
}

impl Plan {
    /// The records of a row.
    pub(super) fn cells(&self, row: &Row) -> Cells {
        let text = |at: usize| {
            row.cells
                .get(at)
                .and_then(|(_, input)| input.as_text())
                .unwrap_or_default()
        };
        let filled = |at: &usize| !blank(text(*at));
        for (at, values) in &self.skip {
            if values.contains(&fold(text(*at))) {
                return Cells::Left("the file says that it is not wanted");
            }
        }
        if self.is_footer(row) {
            return Cells::Left("it ends the report");
        }
        if !self.need.is_empty() && !self.need.iter().any(filled) {
            return Cells::Left("it does not say who or what it is");
        }
        let mut used = vec![false; row.cells.len()];
        let mut made: Vec<(usize, Entry)> = Vec::new();
        for (at, record) in self.records.iter().enumerate() {
            let is_there = record.when.as_ref().is_none_or(|when| when.iter().any(filled));
            let is_there = is_there && record.with.as_ref().is_none_or(|with| with.iter().any(filled));
            let is_kind = record.only.as_ref().is_none_or(|only| {
                !only.is_empty() && only.iter().all(|(at, values)| values.contains(&fold(text(*at))))
            });
            if !is_there || !is_kind || record.unless.iter().any(filled) {
                continue;
            }
            if record.otherwise && !made.is_empty() {
                continue;
            }
            if !record.steps.iter().any(|step| filled(&step.column)) {
                continue;
            }
            let mut gathered = Gathered {
                plan: self,
                record,
                entry: Entry::default(),
                ones: Vec::new(),
                many: Vec::new(),
                names: [const { None }; 5],
                addresses: Vec::new(),
            };
            for step in &record.steps {
                let cell = text(step.column).trim();
                if !blank(cell) {
                    gathered.take(step, cell, row);
                    for at in step.labels.iter().chain([&step.column]) {
                        if let Some(used) = used.get_mut(*at) {
                            *used = true;
                        }
                    }
                }
            }
            gathered.constants(row, &mut used);
            self.use_conditions(at, row, &mut used);
            made.push((at, gathered.finish(row)));
        }
        if made.is_empty() {
            return Cells::Left("it has none of the cells that make a record");
        }
        self.leave_nothing(row, &used, &mut made);
        Cells::Made(made)
    }

    /// Takes note of the cells that told by a plain yes or no what sort of record the row is.
    fn use_conditions(&self, record: usize, row: &Row, used: &mut [bool]) {
        let records = self.records.get(..=record).unwrap_or_default();
        for (at, _) in records.iter().flat_map(|record| &record.only).flatten() {
            let text = row.cells.get(*at).and_then(|(_, input)| input.as_text());
            let text = text.map(str::trim).unwrap_or_default();
            let is_told = values::flag(text).is_some();
            if let Some(used) = used.get_mut(*at).filter(|_| is_told) {
                *used = true;
            }
        }
    }

    /// True for a row of which one cell alone is filled, with what ends a report.
    fn is_footer(&self, row: &Row) -> bool {
        if self.footer.is_empty() {
            return false;
        }
        let filled = row.cells.iter().filter_map(|(_, input)| input.as_text());
        let mut filled = filled.filter(|text| !blank(text));
        match (filled.next(), filled.next()) {
            (Some(text), None) => self
                .footer
                .iter()
                .any(|pattern| super::header::file_fits(pattern, text.trim())),
            _ => false,
        }
    }

    /// Puts cells that no record took into the note of the main one.
    fn leave_nothing(&self, row: &Row, used: &[bool], made: &mut [(usize, Entry)]) {
        let is_main = |at: usize| self.records.get(at).is_some_and(|record| record.main);
        let main = made.iter().position(|(at, _)| is_main(*at));
        let Some((_, entry)) = made.get_mut(main.unwrap_or(made.len().saturating_sub(1))) else {
            return;
        };
        for (at, (column, input)) in row.cells.iter().enumerate() {
            let is_used = used.get(at).copied().unwrap_or_default();
            let is_skip = self.skip.iter().any(|(skip, _)| *skip == at);
            let is_dropped = self.unknown != Unknown::Note && !self.takes(at);
            if is_used || is_skip || is_dropped || self.left_out.contains(&at) {
                continue;
            }
            if let Some(text) = input.as_text().filter(|text| !blank(text)) {
                entry.note(column, text.trim());
            }
        }
    }

    /// The columns that feed a field of a record, for what cannot be read.
    pub(super) fn columns_of(&self, record: usize, field: &str) -> Vec<usize> {
        let Some(record) = self.records.get(record) else {
            return Vec::new();
        };
        let feeds = |step: &&Step| match &step.feeds {
            Feeds::One(name, _) | Feeds::Place(name) => name == field,
            Feeds::Many(name) => name.split('.').next() == Some(field),
            _ => false,
        };
        record
            .steps
            .iter()
            .filter(feeds)
            .map(|step| step.column)
            .collect()
    }

    fn mapped(&self, name: &str, text: &str) -> Option<&str> {
        let (_, map) = self.values.iter().find(|(known, _)| known == name)?;
        let wanted = fold(text);
        map.iter()
            .find(|(from, _)| *from == wanted)
            .map(|(_, to)| to.as_str())
    }
}

/// The stage in a text like `Won (Sales)`, if another cell of the row says what stands in the parentheses: the pipeline.
fn before_pipeline<'t>(text: &'t str, row: &Row) -> Option<&'t str> {
    let (stage, pipeline) = text.trim_end().strip_suffix(')')?.rsplit_once('(')?;
    let says_it =
        |(_, input): &(String, Input)| input.as_text().is_some_and(|cell| cell.trim() == pipeline.trim());
    let stage = stage.trim_end();
    (!stage.is_empty() && row.cells.iter().any(says_it)).then_some(stage)
}

fn blank(text: &str) -> bool {
    text.chars()
        .all(|letter| letter.is_whitespace() || letter == '\0')
}

impl<'p> Gathered<'p> {
    pub(super) fn title(&self, step: &Step) -> &'p str {
        self.plan.columns.get(step.column).map_or("", String::as_str)
    }

    /// Takes a cell that is not blank.
    fn take(&mut self, step: &'p Step, cell: &str, row: &Row) {
        let cell = values::unguarded(cell);
        if let Feeds::Place(field) = &step.feeds {
            return self.place(step, field, cell, row);
        }
        let list;
        let texts: Vec<&str> = match &step.rule.split {
            Some(split) => cell
                .split(split.as_str())
                .map(str::trim)
                .filter(|text| !text.is_empty())
                .collect(),
            None if step.rule.reading == As::List => {
                list = values::list(cell);
                list.iter().map(String::as_str).collect()
            }
            None => vec![cell],
        };
        let label = step.labels.iter().find_map(|at| {
            let text = row.cells.get(*at)?.1.as_text()?.trim();
            (!text.is_empty()).then_some(text)
        });
        for text in texts {
            let text = match &step.rule.values {
                Some(name) => match self.plan.mapped(name, text) {
                    Some("") => continue,
                    Some(mapped) => mapped,
                    None => text,
                },
                None => text,
            };
            let text = match (step.rule.reading, step.rule.key) {
                (As::Html, _) => values::plain_text(text),
                (As::Milliseconds | As::Minutes | As::Hours, _) => values::length(text, step.rule.reading),
                (As::Millionths, _) => values::millionths(text),
                (As::Share, _) => values::share(text),
                (_, Key::Salesforce) => values::salesforce(text),
                (_, Key::Zoho) => values::zoho(text),
                _ => text.to_owned(),
            };
            if !text.is_empty() {
                self.value(step, text, label, row);
            }
        }
    }

    /// Where a deal is, as the file says; whether the base knows that place is found out later.
    fn place(&mut self, step: &Step, field: &str, text: &str, row: &Row) {
        let mapped = step.rule.values.as_deref();
        let bare = before_pipeline(text, row);
        let mapped = mapped.and_then(|name| {
            let whole = self.plan.mapped(name, text);
            whole.or_else(|| self.plan.mapped(name, bare?))
        });
        // What stands before the pipeline is the stage, whether or not the preset has a word for it.
        let mapped = mapped.or(bare);
        let part = |name: &str, text: &str| (name.to_owned(), Input::text(text));
        let mut parts = vec![
            part(entry::FIELD, field),
            part(entry::SAID, text),
            part(entry::LINE, &format!("{}: {text}", self.title(step))),
        ];
        parts.extend(mapped.map(|mapped| part(entry::MAPPED, mapped)));
        self.entry.cell(PLACE_CELL, Input::Map(parts));
    }

    fn value(&mut self, step: &'p Step, text: String, label: Option<&str>, row: &Row) {
        match &step.feeds {
            // It has been taken as it is written.
            Feeds::Place(_) => {}
            Feeds::Id => {
                let object = step.rule.link.as_deref().unwrap_or(&self.plan.object);
                let id = format!("{}:{text}", system(&self.plan.system, object));
                self.entry
                    .cell("external_ids", Input::List(vec![Input::Text(id)]));
            }
            Feeds::Reach(cell, channel) => match values::flag(&text) {
                Some(true) => self.entry.cell(cell, Input::text(*channel)),
                Some(false) => {}
                None => self.entry.note(self.title(step), &text),
            },
            Feeds::Line => {
                if step.rule.redundant && values::is_said(&text, step.column, row) {
                    return;
                }
                let title = step.rule.title.as_deref().unwrap_or_else(|| self.title(step));
                let line = label.map_or_else(
                    || title.to_owned(),
                    |label| label.trim_start_matches("* ").to_owned(),
                );
                self.entry.note(&line, &text);
            }
            Feeds::Name(at) => match self.names.get_mut(*at) {
                Some(place @ None) => *place = Some((step, text)),
                _ => self.entry.note(self.title(step), &text),
            },
            Feeds::Address(group, part) => {
                let known = self
                    .addresses
                    .iter_mut()
                    .find(|(known, _)| *known == group.as_str());
                match known {
                    Some((_, parts)) => parts.push((*part, (step, text))),
                    None => self.addresses.push((group, vec![(*part, (step, text))])),
                }
            }
            Feeds::Many(name) => self.several(step, name, text, label),
            Feeds::One(name, kind) => {
                let known = self.ones.iter_mut().find(|(known, ..)| *known == name.as_str());
                match known {
                    Some((_, _, texts)) => texts.push((step, text)),
                    None => self.ones.push((name, *kind, vec![(step, text)])),
                }
            }
        }
    }

    fn push(&mut self, name: &'p str, input: Input) {
        match self.many.iter_mut().find(|(known, _)| *known == name) {
            Some((_, items)) => items.push(input),
            None => self.many.push((name, vec![input])),
        }
    }

    /// A value of a field that takes several; what is none of its kind stands in the note.
    fn several(&mut self, step: &'p Step, name: &'p str, text: String, label: Option<&str>) {
        let (head, part) = name
            .split_once('.')
            .map_or((name, None), |(head, part)| (head, Some(part)));
        let texts: Vec<String> = match step.rule.split {
            None if matches!(head, "emails" | "phones") => {
                crate::ops::draft::texts(head, &Input::Text(text.clone())).unwrap_or_else(|_| vec![text])
            }
            _ => vec![text],
        };
        for text in texts {
            let fits = match head {
                "emails" => Email::parse(&text).is_ok(),
                "phones" => !Phone::parse(&text, None).key().is_empty(),
                "handles" => {
                    let whole = part.map_or_else(|| text.clone(), |kind| format!("{kind}:{text}"));
                    Handle::parse(&whole).is_ok()
                }
                "tags" => crate::ops::draft::tag_name("tags", &text).is_ok(),
                _ => true,
            };
            if !fits {
                self.entry.doubt(self.title(step), &text);
                let text = label.map_or_else(|| text.clone(), |label| format!("{text} ({label})"));
                self.entry.note(self.title(step), &text);
                continue;
            }
            match head {
                // One by one, because their order counts, and each may have a label of its own.
                "emails" | "phones" => {
                    let label = label.map(values::label).filter(|label| !label.is_empty());
                    let name = label.map_or_else(|| name.to_owned(), |label| format!("{head}.{label}"));
                    self.entry.cell(&name, Input::List(vec![Input::Text(text)]));
                }
                "people" | "product" => {
                    let link = self.link(step, &text);
                    self.push(name, link);
                }
                _ => self.push(name, Input::Text(text)),
            }
        }
    }

    /// Fields that are the same for every row; what a column says counts more.
    fn constants(&mut self, row: &Row, used: &mut [bool]) {
        for (name, pieces) in &self.record.set {
            if let Some((cell, channel)) = feeds::reach(name) {
                self.entry.cell(cell, Input::text(channel));
                continue;
            }
            if self.ones.iter().any(|(known, ..)| known == name) {
                continue;
            }
            let mut text = String::new();
            let mut cells = 0;
            for piece in pieces {
                match piece {
                    Piece::Text(piece) => text.push_str(piece),
                    Piece::Cell(at) => {
                        let cell = row.cells.get(*at).and_then(|(_, input)| input.as_text());
                        let cell = cell.map(str::trim).filter(|cell| !blank(cell));
                        if let (Some(cell), Some(used)) = (cell, used.get_mut(*at)) {
                            text.push_str(cell);
                            *used = true;
                            cells += 1;
                        }
                    }
                }
            }
            let is_made = pieces.iter().any(|piece| matches!(piece, Piece::Cell(_)));
            if name == "birthday" && text.starts_with('-') && !text.starts_with("--") {
                // Without the year.
                text.insert(0, '-');
            }
            if !text.trim().is_empty() && (cells > 0 || !is_made) {
                self.entry.cell(name, Input::text(text.trim()));
            }
        }
    }

    /// Puts the cells together.
    fn finish(mut self, row: &Row) -> Entry {
        for (name, kind, texts) in std::mem::take(&mut self.ones) {
            self.one(name, kind, texts);
        }
        self.name();
        for (name, items) in std::mem::take(&mut self.many) {
            self.entry.cell(name, Input::List(items));
        }
        self.addresses(row);
        self.entry
    }

    fn one(&mut self, name: &str, kind: FieldType, texts: Vec<(&Step, String)>) {
        if matches!(kind, FieldType::Link(_)) {
            return self.one_link(name, texts);
        }
        let mut distinct: Vec<(&Step, String)> = Vec::new();
        for (step, text) in texts {
            // A day says nothing besides the moment on that day.
            let is_day = matches!(kind, FieldType::Instant | FieldType::Date | FieldType::Due);
            let said = |known: &String| *known == text || (is_day && known.starts_with(&text));
            if !distinct.iter().any(|(_, known)| said(known)) {
                distinct.push((step, text));
            }
        }
        let join = match kind {
            FieldType::LongText => Some("\n"),
            FieldType::Text if name == "address" => Some(", "),
            FieldType::Text => distinct.iter().find_map(|(step, _)| step.rule.join.as_deref()),
            _ => None,
        };
        let joins = distinct.iter().find_map(|(step, _)| step.rule.join.clone());
        match (joins.as_deref().or(join), distinct.as_slice()) {
            (_, []) => {}
            (Some(join), several) => {
                let texts: Vec<&str> = several.iter().map(|(_, text)| text.as_str()).collect();
                self.entry.cell(name, Input::Text(texts.join(join)));
            }
            (None, [(_, first), others @ ..]) => {
                self.entry.cell(name, Input::text(first.as_str()));
                for (step, text) in others {
                    self.entry.note(self.title(step), text);
                }
            }
        }
    }
}

/// The system of the ids of an object.
pub(super) fn system(system: &str, object: &str) -> String {
    if object.is_empty() {
        system.to_owned()
    } else {
        format!("{system}.{object}")
    }
}
