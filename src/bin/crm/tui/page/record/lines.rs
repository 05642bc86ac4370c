//! What the tabs of a record show, as lines.

use crm::domain::field::FieldType;
use crm::domain::id::Id;
use crm::domain::value::{Link, Value};
use crm::report::story::Happening;
use crm::store::attachments::Attachment;
use crm::store::history::Edit;
use jiff::Timestamp;

use crate::text::{cut, display, number, relative, sanitise, story};
use crate::tui::component::draw;
use crate::tui::page::record::tab::{Body, Came, Tab};
use crate::tui::page::sheet::{Line, Part, Target, conversation, lines as whole, push};
use crate::tui::query::Sheet;
use crate::tui::world::World;

/// The most lines of what was said in one activity.
const SAID: usize = 6;

/// The lines of a tab in so many cells; none for one that is a list.
pub(super) fn lines(tab: &Tab, sheet: Option<&Sheet>, part: Part, room: usize, world: &World) -> Vec<Line> {
    let found = match &tab.body {
        Body::Overview => sheet
            .map(|sheet| whole(sheet, part, room, world))
            .unwrap_or_default(),
        Body::Goods => sheet
            .map(|sheet| whole(sheet, Part::Sections, room, world))
            .unwrap_or_default(),
        Body::Talk => sheet
            .map(|sheet| conversation(sheet, room, world))
            .unwrap_or_default(),
        Body::Activity(_, entries, _) => activities(entries, tab.record, room, world),
        Body::Files(files, _) => self::files(files, room, world),
        Body::Changes(edits, _) => changes(edits, room, world),
        Body::Rows(_) => Vec::new(),
    };
    match nothing(tab) {
        // What comes with the fields is known once they are.
        Some(text)
            if found.is_empty() && (sheet.is_some() || !matches!(tab.body, Body::Talk | Body::Goods)) =>
        {
            cut::wrap(&text, room.max(1))
                .into_iter()
                .map(|line| Line::new(line, world.look.dim))
                .collect()
        }
        _ => found,
    }
}

/// What stands where there is nothing, once that is known.
fn nothing(tab: &Tab) -> Option<String> {
    let text = match &tab.body {
        Body::Goods => "No lines yet; e adds them".to_owned(),
        Body::Talk => "Nothing was said yet; r answers the customer, a notes something".to_owned(),
        Body::Activity(None, _, Came::All) => {
            "Nothing happened yet; a adds a note, a call, an e-mail …".to_owned()
        }
        Body::Activity(Some(kind), _, Came::All) if kind == "note" => "No notes yet; a adds one".to_owned(),
        Body::Activity(Some(kind), _, Came::All) => format!("No {kind} yet; , shows other sorts"),
        Body::Files(_, Came::All) => "No files or links yet; `crm attach` adds them".to_owned(),
        Body::Changes(_, Came::All) => "Nothing was changed that the log still knows".to_owned(),
        _ => return None,
    };
    Some(text)
}

fn activities(entries: &[Happening], record: Id, room: usize, world: &World) -> Vec<Line> {
    let mut lines = Vec::new();
    for entry in entries {
        let day = relative::instant(entry.at, world.clock());
        let about = |link: &Link| format!("{} {}", sanitise::line(&link.name), link.reference());
        let direction = match entry.direction.as_str() {
            "" | "none" => String::new(),
            word => format!(" {word}"),
        };
        let duration = entry.duration_s.map(number::duration).unwrap_or_default();
        let people: Vec<String> = entry.people.iter().map(about).collect();
        // Whoever reads knows whose page it is.
        let deal = entry.deal.as_ref().filter(|deal| deal.id != record);
        let deal = deal.map(about).unwrap_or_default();
        let parts = [
            format!("{}{direction}", sanitise::line(&entry.kind)),
            sanitise::line(&entry.outcome).replace('_', " "),
            duration,
            deal,
            people.join(", "),
            sanitise::line(&entry.who).into_owned(),
        ];
        let known: Vec<&str> = parts
            .iter()
            .map(String::as_str)
            .filter(|part| !part.is_empty())
            .collect();
        let link = Link {
            noun: crm::domain::noun::Noun::Activity,
            id: entry.id,
            no: entry.reference.no,
            name: entry.text.clone(),
        };
        push(
            &mut lines,
            (&day, &known.join(" · ")),
            Some(Target::Record(link)),
            room,
            world,
        );
        let indent = 15.min(room / 3 + 1);
        let more = if entry.is_cut { " …" } else { "" };
        let text = format!("{}{more}", sanitise::block(&entry.text));
        let wrapped = cut::wrap(&text, room.saturating_sub(indent).max(1));
        for part in wrapped.iter().take(SAID).filter(|_| !entry.text.is_empty()) {
            lines.push(Line::new(
                format!("{}{part}", " ".repeat(indent)),
                world.look.text,
            ));
        }
        if wrapped.len() > SAID {
            lines.push(Line::new(format!("{}…", " ".repeat(indent)), world.look.dim));
        }
    }
    lines
}

fn files(files: &[Attachment], room: usize, world: &World) -> Vec<Line> {
    let mut lines = Vec::new();
    for file in files {
        let label = if file.is_link() { "link" } else { "file" };
        let size = file
            .bytes
            .map(|bytes| format!(" · {} bytes", number::grouped(bytes)));
        let title = match file.title == file.location {
            true => String::new(),
            false => format!("{} · ", sanitise::line(&file.title)),
        };
        let text = format!(
            "{title}{}{}",
            sanitise::line(&file.location),
            size.unwrap_or_default()
        );
        let target = Target::Address(file.location.clone());
        push(&mut lines, (label, &text), Some(target), room, world);
    }
    lines
}

fn changes(edits: &[Edit], room: usize, world: &World) -> Vec<Line> {
    let look = &world.look;
    let mut lines = Vec::new();
    for same in edits.chunk_by(|one, other| one.op.id == other.op.id) {
        let Some(first) = same.first() else { continue };
        let at = Timestamp::from_millisecond(first.op.at_ms).unwrap_or_default();
        let day = relative::instant(at, world.clock());
        let stands = if first.op.active { "" } else { " · taken back" };
        let head = format!(
            "{} · {} · {}{stands} · operation {}",
            sanitise::line(&first.op.title),
            sanitise::line(&first.op.actor),
            first.op.via,
            first.op.no
        );
        push(
            &mut lines,
            (&day, &head),
            Some(Target::Operation(first.op.no)),
            room,
            world,
        );
        let indent = 15.min(room / 3 + 1);
        for edit in same {
            let shown =
                |value: &Value| display::lines(value, FieldType::Text, world.clock()).replace('\n', " ");
            let text = story::changed(&edit.field, (&edit.old, &edit.new), &shown);
            let text = draw::fit(&text, room.saturating_sub(indent), look).into_owned();
            lines.push(Line::new(format!("{}{text}", " ".repeat(indent)), look.dim));
        }
    }
    lines
}
