//! A line of the agenda: a sign, the time, the sort of task, whom and what it is about, why it is there.

use crm::domain::agenda::{Entry, Why};
use crm::domain::field::FieldType;
use crm::domain::noun::Noun;
use crm::domain::value::Value;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::text::{agenda, display};
use crate::tui::component::draw;
use crate::tui::page::today::read::Finished;
use crate::tui::world::World;

/// From so many cells on, a row about a deal has its stage.
const CELLS_WITH_STAGE: u16 = 50;
/// From so many cells on, a row has the subject beside the customer.
const CELLS_WITH_SUBJECT: usize = 30;

/// The cells of two columns in the rows of a section.
#[derive(Debug, Clone, Copy)]
pub(super) struct Widths {
    pub(super) kind: usize,
    pub(super) why: usize,
}

impl Widths {
    pub(super) fn of(entries: &[&Entry], room: u16, world: &World) -> Widths {
        let widest = |text: &dyn Fn(&Entry) -> String| {
            let cells = entries.iter().map(|entry| draw::cells(&text(entry)));
            cells.max().unwrap_or(0)
        };
        let is_about_deals = entries.iter().any(|entry| entry.record.noun == Noun::Deal);
        Widths {
            // Where there is little room, whose deal it is matters more than its stage.
            kind: match is_about_deals && room < CELLS_WITH_STAGE {
                true => 0,
                false => widest(&kind).min(13),
            },
            why: widest(&|entry| agenda::short(entry, world.clock())),
        }
    }
}

fn kind(entry: &Entry) -> String {
    agenda::kind(&entry.kind).replace('_', " ")
}

/// A line about a record, in parts.
pub(super) struct Row {
    sign: &'static str,
    style: Style,
    /// The time of day, or the day.
    when: String,
    kind: String,
    customer: String,
    subject: String,
    why: String,
}

impl Row {
    pub(super) fn of(entry: &Entry, world: &World) -> Row {
        let (look, clock) = (&world.look, world.clock());
        let (sign, style) = match entry.why {
            Why::Complaint(1..)
            | Why::Overdue(_)
            | Why::Unpaid(_)
            | Why::Undelivered(_)
            | Why::Expired(_)
            | Why::ClockOut(_) => (look.symbols.overdue, look.overdue),
            Why::Complaint(_)
            | Why::Unhappy(_)
            | Why::Today(_)
            | Why::Payable(_)
            | Why::Expiring(_)
            | Why::ClockDue(_) => (look.symbols.open, look.due),
            _ => (look.symbols.ahead, look.text),
        };
        let when = match &entry.why {
            Why::Today(Some(time)) => time.clone(),
            Why::Today(None) => "any".to_owned(),
            Why::On(day) => day.strftime("%a").to_string(),
            _ => String::new(),
        };
        let is_quiet = entry.record.noun == Noun::Customer;
        let name = |link: &crm::domain::value::Link| link.name.clone();
        Row {
            sign,
            style,
            when,
            kind: kind(entry),
            customer: entry.customer.as_ref().map(name).unwrap_or_default(),
            subject: if is_quiet {
                String::new()
            } else {
                entry.record.name.clone()
            },
            why: agenda::short(entry, clock),
        }
    }

    pub(super) fn finished(done: &Finished, world: &World) -> Row {
        let look = &world.look;
        let local = match &done.at {
            Value::Instant(at) => at
                .to_zoned(world.clock().zone().clone())
                .strftime("%H:%M")
                .to_string(),
            other => display::cell(other, FieldType::Text, world.clock()),
        };
        Row {
            sign: look.symbols.done,
            style: look.dim,
            when: local,
            kind: agenda::kind(&done.kind).to_owned(),
            customer: done
                .customer
                .as_ref()
                .map(|link| link.name.clone())
                .unwrap_or_default(),
            subject: done.task.name.clone(),
            why: "done".to_owned(),
        }
    }

    pub(super) fn draw(
        &self,
        (here, is_marked): (bool, bool),
        widths: Widths,
        buffer: &mut Buffer,
        place: Rect,
        world: &World,
    ) {
        let look = &world.look;
        let style = |own: Style| if here { look.selection } else { own };
        if here {
            draw::clear(buffer, place, look.selection);
        }
        let cursor = look.sign(here);
        let mark = if is_marked { look.symbols.mark } else { " " };
        let own = if is_marked { look.marked } else { look.text };
        let used = draw::texts(
            buffer,
            place,
            &[
                (cursor, style(look.accent)),
                (mark, style(look.marked)),
                (self.sign, style(self.style)),
                (" ", style(look.text)),
            ],
            look,
        );
        let rest = draw::right_of(place, used);
        let why_style = style(if self.style == look.text {
            look.dim
        } else {
            self.style
        });
        draw::text_right(buffer, shorter(rest, 1), &self.why, why_style, look);
        let why = u16::try_from(widths.why).unwrap_or(u16::MAX);
        let mut rest = shorter(rest, if why > 0 { why.saturating_add(3) } else { 1 });
        let mut cell = |text: &str, cells: usize, style: Style| {
            let cells = u16::try_from(cells).unwrap_or(rest.width).min(rest.width);
            let at = Rect { width: cells, ..rest };
            draw::text(buffer, at, text, style, look);
            rest = draw::right_of(rest, cells.saturating_add(1));
            usize::from(rest.width)
        };
        if !self.when.is_empty() {
            cell(&self.when, self.when.len().max(5), style(look.dim));
        }
        let room = match self.kind.is_empty() || widths.kind == 0 {
            true => cell("", 0, style(own)) + 1,
            false => cell(&self.kind, widths.kind, style(look.dim)),
        };
        match (self.customer.is_empty(), self.subject.is_empty()) {
            (true, _) => drop(cell(&self.subject, room, style(own))),
            (false, false) if room >= CELLS_WITH_SUBJECT => {
                cell(&self.customer, room * 2 / 5, style(own));
                cell(&self.subject, room, style(look.dim));
            }
            _ => drop(cell(&self.customer, room, style(own))),
        }
    }
}

/// Without so many cells at the right end.
fn shorter(area: Rect, cells: u16) -> Rect {
    Rect {
        width: area.width.saturating_sub(cells),
        ..area
    }
}
