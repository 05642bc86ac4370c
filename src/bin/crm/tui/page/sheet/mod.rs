//! A record with its story, as lines. Some of them lead somewhere.

mod clocks;

use crm::domain::field::FieldType;
use crm::domain::id::Ref;
use crm::domain::noun::Noun;
use crm::domain::value::{Link, Value};
use crm::report::story::{Entry, Section};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::text::{cut, display, sanitise, story};
use crate::tui::action::Action;
use crate::tui::component::draw;
use crate::tui::query::Sheet;
use crate::tui::world::World;

/// The section of a story in which stands what happened.
const TIMELINE: &str = "Timeline";
/// The section with what was said about a ticket.
const CONVERSATION: &str = "Conversation";
/// The section with what a stage wants done.
const CHECKLIST: &str = "Checklist";
/// Cells before the values.
const INDENT: usize = 14;
/// The most letters of one value that are laid out; the rest is for the editor.
const MOST_LETTERS: usize = 10_000;

/// Fields that a person does not ask for, or that the head or the story tells better.
const HIDDEN: &[&str] = &[
    "id",
    "uid",
    "version",
    "created_at",
    "created_by",
    "updated_at",
    "updated_by",
    "deleted_at",
    "sort_key",
    "name",
    "title",
    "people",
    "quiet_on",
    "amount_base",
    "intervals",
    "probability_mode",
    "category_mode",
    "last_open_stage",
    "do_not_contact",
    "attachments",
    "due_at",
    "on_date",
    "planned_on",
    "series",
    "rotting_on",
    "merged_into",
    "remind_on",
    "awaited_on",
    "total_base",
    "balance_base",
    "zone",
    "step_since",
    "last_message_at",
    "last_reply_at",
    "replies",
    "wait",
];

/// Fields of a customer that stand in the head or are told by where it can be reached.
const HIDDEN_OF_CUSTOMER: &[&str] = &[
    "type",
    "level",
    "lifecycle",
    "owner",
    "tags",
    "company",
    "emails",
    "phones",
    "handles",
    "address",
    "city",
    "region",
    "postal_code",
    "country",
];

/// Fields of an order that its lines and payments tell better.
const HIDDEN_OF_ORDER: &[&str] = &["lines", "product", "currency", "tax", "rate"];

/// Fields of a ticket that its clocks tell in words.
const HIDDEN_OF_TICKET: &[&str] = &[
    "sla",
    "first_responded_at",
    "resolved_at",
    "paused_since",
    "at_risk_at",
    "late_at",
    "first_response_due_at",
    "first_response_late_at",
    "next_response_due_at",
    "next_response_late_at",
    "resolution_due_at",
    "resolution_late_at",
    "response_time",
    "resolution_time",
];

/// What of a record is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    /// Everything.
    All,
    /// Everything but what happened.
    Facts,
    /// The head and the fields.
    Fields,
    /// What belongs to it, but what happened.
    Sections,
    /// What happened.
    Story,
    /// Everything but the head and what happened.
    Body,
}

/// Where a line leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Target {
    /// To a record.
    Record(Link),
    /// To the record with this ref.
    Reference(Ref),
    /// To a file or a web address.
    Address(String),
    /// To an operation, by its number.
    Operation(i64),
    /// To the tick of an item of the checklist, and whether it is there.
    Tick(String, bool),
}

/// One line: the texts in it, each in its style, and where it leads.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Line {
    pub(crate) texts: Vec<(String, Style)>,
    pub(crate) target: Option<Target>,
}

impl Line {
    /// A line of one text.
    pub(crate) fn new(text: impl Into<String>, style: Style) -> Line {
        Line {
            texts: vec![(text.into(), style)],
            target: None,
        }
    }
}

/// Draws the lines from `scroll` on.
pub(crate) fn draw(sheet: &Sheet, part: Part, buffer: &mut Buffer, area: Rect, scroll: u16, world: &World) {
    let lines = lines(sheet, part, usize::from(area.width), world);
    let last = lines.len().saturating_sub(usize::from(area.height));
    draw_lines(&lines, buffer, area, (usize::from(scroll).min(last), None), world);
}

/// Draws lines from the one with the number `top` on, the chosen one so that it is seen.
pub(crate) fn draw_lines(
    lines: &[Line],
    buffer: &mut Buffer,
    area: Rect,
    (top, chosen): (usize, Option<usize>),
    world: &World,
) {
    for (row, (at, line)) in (0..area.height).zip(lines.iter().enumerate().skip(top)) {
        let place = draw::row(area, row);
        let is_here = chosen == Some(at);
        if is_here {
            draw::clear(buffer, place, world.look.selection);
        }
        let style = |style: Style| if is_here { world.look.selection } else { style };
        let texts: Vec<(&str, Style)> = line
            .texts
            .iter()
            .map(|(text, own)| (text.as_str(), style(*own)))
            .collect();
        draw::texts(buffer, place, &texts, &world.look);
    }
}

/// The lines of a record in so many cells.
pub(crate) fn lines(sheet: &Sheet, part: Part, room: usize, world: &World) -> Vec<Line> {
    let mut lines = Vec::new();
    if matches!(part, Part::All | Part::Facts | Part::Fields) {
        lines.extend(head(sheet, room, world));
    }
    let has_fields = !matches!(part, Part::Story | Part::Sections);
    if has_fields {
        lines.extend(facts(sheet, room, world));
    }
    if has_fields && sheet.record.noun == Noun::Ticket {
        lines.extend(clocks::lines(sheet, room, world));
    }
    let wanted = |section: &&Section| match part {
        Part::All => true,
        // What was said has a tab of its own.
        Part::Facts | Part::Body | Part::Sections => {
            section.title != TIMELINE && section.title != CONVERSATION
        }
        Part::Fields => false,
        Part::Story => section.title == TIMELINE,
    };
    for section in sheet.story.sections.iter().filter(wanted) {
        if part != Part::Story {
            if !lines.is_empty() {
                lines.push(Line::default());
            }
            let mut title = Line::new(section.title.to_uppercase(), world.look.title);
            if section.title == CHECKLIST {
                let hint = format!("  {} ticks off", world.keymap.key(Action::Open));
                title.texts.push((hint, world.look.dim));
            }
            lines.push(title);
        }
        for entry in &section.entries {
            match section.title == CHECKLIST {
                true => push_item(&mut lines, entry, room, world),
                false => push_entry(&mut lines, entry, room, world),
            }
        }
        if section.more {
            lines.push(Line::new("…", world.look.dim));
        }
    }
    if has_fields {
        lines.extend(made(sheet, room, world));
    }
    lines
}

/// What was said about a ticket, each whole under when and by whom.
pub(crate) fn conversation(sheet: &Sheet, room: usize, world: &World) -> Vec<Line> {
    let mut lines = Vec::new();
    let sections = sheet.story.sections.iter();
    for section in sections.filter(|section| section.title == CONVERSATION) {
        for entry in &section.entries {
            let Some((text, facts)) = entry.facts.split_last() else {
                continue;
            };
            let about = facts.iter().map(|fact| story::fact(fact, world.clock()));
            let parts: Vec<String> = std::iter::once(story::fact(&entry.label, world.clock()))
                .chain(about)
                .filter(|part| !part.is_empty())
                .collect();
            if !lines.is_empty() {
                lines.push(Line::default());
            }
            let head = draw::fit(&parts.join(" · "), room, &world.look).into_owned();
            lines.push(Line::new(head, world.look.dim));
            let said = match &text.value {
                Value::Text(said) => sanitise::block(said).into_owned(),
                _ => story::fact(text, world.clock()),
            };
            let wrapped = cut::wrap(&shortened(&said), room.saturating_sub(2).max(1)).into_iter();
            lines.extend(wrapped.map(|line| Line::new(format!("  {line}"), world.look.text)));
        }
        if section.more {
            lines.push(Line::new("…", world.look.dim));
        }
    }
    lines
}

/// The name and the ref, what must not be overlooked, and what sort of record it is.
pub(crate) fn head(sheet: &Sheet, room: usize, world: &World) -> Vec<Line> {
    let look = &world.look;
    let reference = sheet.record.reference().to_string();
    let name = shortened(&sanitise::line(&sheet.record.name));
    let mut lines: Vec<Line> = cut::wrap(&name, room.saturating_sub(draw::cells(&reference) + 2).max(8))
        .into_iter()
        .take(3)
        .map(|line| Line::new(line, look.title))
        .collect();
    if let Some(first) = lines.first_mut() {
        first.texts.push((format!("  {reference}"), look.dim));
    }
    if !sheet.value("deleted_at").is_empty() {
        lines.push(Line::new("IN THE TRASH", look.error));
    }
    if *sheet.value("do_not_contact") == Value::Bool(true) {
        lines.push(Line::new("DO NOT CONTACT", look.error));
    }
    if sheet.record.noun == Noun::Customer {
        let about = about(sheet, world);
        lines.extend(
            cut::wrap(&about, room.max(1))
                .into_iter()
                .map(|line| Line::new(line, look.text)),
        );
    }
    lines
}

/// What sort of customer it is, in one line.
fn about(sheet: &Sheet, world: &World) -> String {
    let shown = |name: &str| {
        let found = sheet.fields.iter().find(|(known, ..)| known == name);
        let text = found.map(|(_, kind, value)| display::cell(value, *kind, world.clock()));
        text.unwrap_or_default().replace('_', " ")
    };
    let level = match shown("level") {
        level if level.is_empty() => level,
        level => format!("level {level}"),
    };
    let owner = match shown("owner") {
        owner if owner.is_empty() => "no owner".to_owned(),
        owner => format!("owner {owner}"),
    };
    let tags = match shown("tags") {
        tags if tags.is_empty() => tags,
        tags => tags
            .split(", ")
            .map(|tag| format!("+{tag}"))
            .collect::<Vec<_>>()
            .join(" "),
    };
    let job = match (shown("title"), shown("company")) {
        (title, company) if title.is_empty() || company.is_empty() => title + &company,
        (title, company) => format!("{title}, {company}"),
    };
    let parts = [shown("type"), job, level, shown("lifecycle"), owner, tags];
    let known: Vec<&str> = parts
        .iter()
        .map(String::as_str)
        .filter(|part| !part.is_empty())
        .collect();
    known.join(" · ")
}

/// The fields with a value.
fn facts(sheet: &Sheet, room: usize, world: &World) -> Vec<Line> {
    let told: &[&str] = match sheet.record.noun {
        Noun::Customer => HIDDEN_OF_CUSTOMER,
        Noun::Order => HIDDEN_OF_ORDER,
        Noun::Ticket => HIDDEN_OF_TICKET,
        _ => &[],
    };
    let is_order = sheet.record.noun == Noun::Order;
    let known = sheet.fields.iter().filter(|(name, kind, value)| {
        let is_no_money = is_order && matches!(value, Value::Money(money) if money.minor == 0);
        let is_nothing = is_no_money || matches!(value, Value::Bool(false) | Value::Int(0));
        let is_told = told.contains(&name.as_str());
        !is_nothing && !is_told && !HIDDEN.contains(&name.as_str()) && *kind != FieldType::Parts
    });
    let mut lines = Vec::new();
    for (name, kind, value) in known {
        let text = display::lines(value, *kind, world.clock());
        let text = match kind {
            FieldType::Word(_) | FieldType::Choice(_) => text.replace('_', " "),
            _ => text,
        };
        let label = match name.as_str() {
            "payment_status" => "payment".to_owned(),
            "fulfilment_status" => "delivery".to_owned(),
            name => name.trim_start_matches("fields.").replace('_', " "),
        };
        push(&mut lines, (&label, &text), target(value), room, world);
    }
    lines
}

/// When and by whom it was made and changed.
fn made(sheet: &Sheet, room: usize, world: &World) -> Vec<Line> {
    let shown = |name: &str| {
        let found = sheet.fields.iter().find(|(known, ..)| known == name);
        let text = found.map(|(_, kind, value)| display::cell(value, *kind, world.clock()));
        // In a sentence, now is just now.
        match text.unwrap_or_default() {
            now if now == "now" => "just now".to_owned(),
            other => other,
        }
    };
    let mut text = format!("added {} by {}", shown("created_at"), shown("created_by"));
    if shown("created_at") != shown("updated_at") {
        text = format!(
            "{text} · changed {} by {}",
            shown("updated_at"),
            shown("updated_by")
        );
    }
    let mut lines = vec![Line::default()];
    let wrapped = cut::wrap(&text, room.max(1)).into_iter();
    lines.extend(wrapped.map(|line| Line::new(line, world.look.dim)));
    lines
}

/// One entry of a story.
fn push_entry(lines: &mut Vec<Line>, entry: &Entry, room: usize, world: &World) {
    let label = story::fact(&entry.label, world.clock());
    let text = story::said(entry, &|fact| story::fact(fact, world.clock()));
    let named = match &entry.label.value {
        Value::Text(text) => Ref::parse(text).map(Target::Reference),
        value => target(value),
    };
    let linked = || entry.facts.iter().find_map(|fact| target(&fact.value));
    push(lines, (&label, &text), named.or_else(linked), room, world);
}

/// One item of a checklist, which can be ticked off.
fn push_item(lines: &mut Vec<Line>, entry: &Entry, room: usize, world: &World) {
    let is_done = entry.label.value == Value::text("[x]");
    let item = match entry.facts.first().map(|fact| &fact.value) {
        Some(Value::Text(item)) => item.clone(),
        _ => String::new(),
    };
    let sign = if is_done { world.look.symbols.done } else { " " };
    let text = story::said(entry, &|fact| story::fact(fact, world.clock()));
    let style = if is_done { world.look.dim } else { world.look.text };
    for (at, part) in cut::wrap(&shortened(&text), room.saturating_sub(4).max(1))
        .into_iter()
        .enumerate()
    {
        let head = if at == 0 {
            format!("[{sign}] ")
        } else {
            "    ".to_owned()
        };
        lines.push(Line {
            texts: vec![(head, world.look.dim), (part, style)],
            target: (at == 0).then(|| Target::Tick(item.clone(), is_done)),
        });
    }
}

/// Where a value leads.
fn target(value: &Value) -> Option<Target> {
    match value {
        Value::Link(link) if link.noun.prefix().is_some() => Some(Target::Record(link.clone())),
        Value::Ref(reference) => Some(Target::Reference(*reference)),
        Value::Text(text) if text.starts_with("https://") || text.starts_with("http://") => {
            Some(Target::Address(text.clone()))
        }
        Value::List(items) => items.iter().find_map(target),
        _ => None,
    }
}

/// A label and a text, wrapped beside it.
pub(crate) fn push(
    lines: &mut Vec<Line>,
    (label, text): (&str, &str),
    mut target: Option<Target>,
    room: usize,
    world: &World,
) {
    let look = &world.look;
    let indent = INDENT.min(room / 3);
    let text = shortened(text);
    for (at, part) in cut::wrap(&text, room.saturating_sub(indent + 1).max(1))
        .into_iter()
        .enumerate()
    {
        let head = if at == 0 { label } else { "" };
        let head = draw::fit(head, indent, look).into_owned();
        let blanks = " ".repeat(indent + 1 - draw::cells(&head).min(indent));
        lines.push(Line {
            texts: vec![(format!("{head}{blanks}"), look.dim), (part, look.text)],
            target: target.take(),
        });
    }
}

/// The beginning of a text that is too long to be laid out.
fn shortened(text: &str) -> String {
    match text.char_indices().nth(MOST_LETTERS) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}
