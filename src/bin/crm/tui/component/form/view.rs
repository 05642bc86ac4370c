//! How a form is drawn: labels at the left and answers at the right where there is room, and above and below the
//! fields where there is none. What does not fit is scrolled to.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect, Size};
use ratatui::style::Style;

use super::Form;
use super::field::{Control, Field, Sort};
use crate::tui::component::draw;
use crate::tui::component::look::Look;
use crate::tui::component::words;

/// Fewer columns than these have the label above its field.
const NARROW: u16 = 50;
/// The widest labels.
const LABELS: u16 = 20;
/// From so many columns beside the label on, the answer stands beside its field.
const BESIDE: u16 = 48;
/// The widest a field of one line becomes.
const WIDEST: u16 = 60;
/// The rows of a long text.
const LONG: u16 = 5;

/// Where the parts of one field stand on the screen. What is scrolled away is empty.
pub(super) struct Placed {
    label: Rect,
    field: Rect,
    answer: Rect,
    /// The size of the field where all of it is seen.
    pub(super) size: Size,
}

/// The widths that all fields share.
struct Columns {
    is_narrow: bool,
    label: u16,
    field: u16,
    /// None where answers stand below.
    answer: Option<u16>,
}

impl Form {
    /// How many rows the form would like to have in this width.
    pub(crate) fn height(&self, width: u16) -> u16 {
        let columns = self.columns(width);
        let rows = self.fields.iter().enumerate();
        let rows = rows.map(|(number, field)| self.rows(number, field, &columns, LONG));
        // A blank row and the foot.
        rows.fold(2, u16::saturating_add)
    }

    /// Draws the form; tells where its cursor is.
    pub(crate) fn render(&self, area: Rect, buffer: &mut Buffer, look: &Look) -> Option<Position> {
        let area = area.intersection(buffer.area);
        draw::clear(buffer, area, look.text);
        let (_, foot) = split(area);
        self.render_foot(foot, buffer, look);
        let placed = self.placed(area);
        let mut cursor = None;
        for (number, (field, place)) in self.fields.iter().zip(&placed).enumerate() {
            let is_here = number == self.focus;
            render_label(field, is_here, place.label, buffer, look);
            let at = render_control(field, is_here, place.field, buffer, look);
            self.render_answer(field, is_here, place.answer, buffer, look);
            if is_here {
                cursor = at;
            }
        }
        if let Some(field) = self.fields.get(self.focus)
            && let Control::Choice(choice) = &field.control
            && let Some(place) = placed.get(self.focus)
        {
            choice.render_list(place.field, area, buffer, look);
        }
        cursor
    }

    /// The field that is drawn at a place.
    pub(super) fn field_at(&self, area: Rect, at: Position) -> Option<usize> {
        let has = |placed: &Placed| {
            let parts = [placed.label, placed.field, placed.answer];
            parts.iter().any(|part| part.contains(at))
        };
        self.placed(area).iter().position(has)
    }

    fn columns(&self, width: u16) -> Columns {
        if width < NARROW {
            return Columns {
                is_narrow: true,
                label: width,
                field: width,
                answer: None,
            };
        }
        let labels = self.fields.iter().map(|field| draw::cells(&field.label));
        let label = u16::try_from(labels.max().unwrap_or(0)).unwrap_or(LABELS);
        // The cursor before it, the sign of a required field and a blank after it.
        let label = label.min(LABELS) + 4;
        let room = width - label;
        match room >= BESIDE {
            true => {
                let field = (room * 3 / 5).min(WIDEST);
                Columns {
                    is_narrow: false,
                    label,
                    field,
                    answer: Some(room - field - 1),
                }
            }
            false => Columns {
                is_narrow: false,
                label,
                field: room,
                answer: None,
            },
        }
    }

    /// How many rows a field takes.
    fn rows(&self, number: usize, field: &Field, columns: &Columns, long: u16) -> u16 {
        let label = u16::from(columns.is_narrow);
        let height = if field.sort == Sort::Long { long } else { 1 };
        let is_below = columns.answer.is_none() || field.sort == Sort::Long;
        let has_answer = self.answer_of(field, number == self.focus).is_some();
        label + height + u16::from(is_below && has_answer)
    }

    /// Where every field stands in `area`.
    pub(super) fn placed(&self, area: Rect) -> Vec<Placed> {
        let (body, _) = split(area);
        let columns = self.columns(body.width);
        let long = if body.height < 12 { 3 } else { LONG };
        let mut tops = Vec::with_capacity(self.fields.len() + 1);
        let mut top = 0_u16;
        for (number, field) in self.fields.iter().enumerate() {
            tops.push(top);
            top = top.saturating_add(self.rows(number, field, &columns, long));
        }
        let total = top;
        tops.push(total);
        let edge = |number: usize| tops.get(number).copied().unwrap_or(total);
        let (start, end) = (edge(self.focus), edge(self.focus + 1));
        // The field with the keys is in the middle, as far as there is something on both sides of it.
        let skipped = (start.saturating_add(end) / 2)
            .saturating_sub(body.height / 2)
            .min(total.saturating_sub(body.height))
            .min(start);
        let scrolled = Scrolled { body, skipped };
        self.fields
            .iter()
            .zip(tops)
            .map(|(field, top)| scrolled.place(field, top, &columns, long))
            .collect()
    }

    /// What is said about a field beside it.
    fn answer_of<'f>(&self, field: &'f Field, is_here: bool) -> Option<Result<&'f str, &'f str>> {
        if field.was_left
            && let Some(error) = field.error()
        {
            return Some(Err(error));
        }
        match &field.answer {
            Some(Ok(text)) => Some(Ok(text.as_str())),
            _ if field.is_emptied() && !is_here => Some(Ok(words::EMPTIED)),
            _ => None,
        }
    }

    fn render_answer(&self, field: &Field, is_here: bool, place: Rect, buffer: &mut Buffer, look: &Look) {
        match self.answer_of(field, is_here) {
            None => {}
            Some(Err(message)) => {
                let texts = [
                    (look.symbols.overdue, look.error),
                    (" ", look.text),
                    (message, look.error),
                ];
                draw::texts(buffer, place, &texts, look);
            }
            Some(Ok(text)) => {
                let text = text.strip_prefix("→ ").unwrap_or(text);
                let texts = [(look.symbols.arrow, look.dim), (" ", look.dim), (text, look.dim)];
                draw::texts(buffer, place, &texts, look);
            }
        }
    }

    /// How many fields are wrong, or else the help for the one that has the keys; at the right what else is said.
    fn render_foot(&self, foot: Rect, buffer: &mut Buffer, look: &Look) {
        let used = match self.status.is_empty() {
            true => 0,
            false => draw::text_right(buffer, foot, &self.status, look.dim, look) + 2,
        };
        let room = Rect {
            width: foot.width.saturating_sub(used),
            ..foot
        };
        let help = self
            .fields
            .get(self.focus)
            .map_or("", |field| field.help.as_str());
        match self.errors() {
            0 => draw::text(buffer, room, help, look.dim, look),
            errors => {
                let text = format!("{} {}", look.symbols.overdue, words::need_attention(errors));
                draw::text(buffer, room, &text, look.warning, look)
            }
        };
    }
}

/// The fields and the foot.
fn split(area: Rect) -> (Rect, Rect) {
    if area.height < 3 {
        return (area, Rect::default());
    }
    let (foot, above) = draw::split_last(area);
    // A blank row between them, unless every row is needed.
    match above.height > 8 {
        true => (draw::split_last(above).1, foot),
        false => (above, foot),
    }
}

/// The part of a form that is seen.
struct Scrolled {
    body: Rect,
    skipped: u16,
}

impl Scrolled {
    /// Rows of the form on the screen; empty where they are scrolled away.
    fn rows(&self, top: u16, height: u16) -> Rect {
        match top.checked_sub(self.skipped) {
            Some(top) => {
                let rest = draw::below(self.body, top);
                Rect {
                    height: rest.height.min(height),
                    ..rest
                }
            }
            None => Rect::default(),
        }
    }

    fn place(&self, field: &Field, top: u16, columns: &Columns, long: u16) -> Placed {
        let height = if field.sort == Sort::Long { long } else { 1 };
        let label = self.rows(top, 1);
        let label_rows = u16::from(columns.is_narrow);
        let label_cells = if columns.is_narrow { 0 } else { columns.label };
        let row = draw::right_of(self.rows(top + label_rows, height), label_cells);
        let is_wide = field.sort == Sort::Long && columns.answer.is_some();
        let wanted = if is_wide {
            row.width.min(WIDEST + 20)
        } else {
            columns.field
        };
        let rect = Rect {
            width: wanted.min(row.width),
            ..row
        };
        let answer = match columns.answer {
            Some(_) if field.sort != Sort::Long => draw::right_of(row, columns.field + 1),
            _ => draw::right_of(self.rows(top + label_rows + height, 1), label_cells),
        };
        Placed {
            label: Rect {
                width: columns.label.min(label.width),
                ..label
            },
            field: rect,
            answer,
            size: Size::new(rect.width, height),
        }
    }
}

fn render_label(field: &Field, is_here: bool, place: Rect, buffer: &mut Buffer, look: &Look) {
    let style = if is_here { look.accent } else { look.text };
    let sign = look.sign(is_here);
    let used = draw::text(buffer, place, sign, style, look);
    let required = if field.is_required { 2 } else { 0 };
    let rest = draw::right_of(place, used);
    let room = Rect {
        width: rest.width.saturating_sub(required),
        ..rest
    };
    let used = draw::text(buffer, room, &field.label, style, look);
    if field.is_required {
        draw::text(buffer, draw::right_of(rest, used), " *", look.warning, look);
    }
}

fn render_control(
    field: &Field,
    is_here: bool,
    place: Rect,
    buffer: &mut Buffer,
    look: &Look,
) -> Option<Position> {
    let bracket: Style = if is_here { look.border_focus } else { look.border };
    match &field.control {
        Control::Area(area) => area.render(place, buffer, look),
        Control::Tick(tick) => {
            let (sign, word) = match tick {
                Some(true) => (look.symbols.done, words::YES),
                Some(false) => (" ", words::NO),
                None => ("-", words::DIFFERENT),
            };
            let text = format!("[{sign}] {word}");
            draw::text(buffer, place, &text, look.text, look);
            // On the sign between the brackets.
            (!place.is_empty()).then(|| Position::new(place.x + 1.min(place.width - 1), place.y))
        }
        Control::Input(_) | Control::Choice(_) => {
            let inner = match place.width > 4 {
                true => {
                    draw::text(buffer, place, "[", bracket, look);
                    draw::text(buffer, draw::right_of(place, place.width - 1), "]", bracket, look);
                    Rect {
                        width: place.width - 2,
                        ..draw::right_of(place, 1)
                    }
                }
                false => place,
            };
            match &field.control {
                Control::Choice(choice) => choice.render(inner, buffer, look),
                Control::Input(input) => input.render(inner, buffer, look),
                Control::Area(_) | Control::Tick(_) => None,
            }
        }
    }
}
