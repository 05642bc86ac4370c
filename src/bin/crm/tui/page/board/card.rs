//! One card: whose deal it is and how much, who to talk to, how long it has been there.

use crm::domain::pipeline::StageType;
use crm::ops::board::{By, Card};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::text::number;
use crate::tui::component::draw;
use crate::tui::component::look::Look;
use crate::tui::page::board::moves::called;
use crate::tui::world::World;

/// From so many cells on amounts have all their digits.
const ROOM_FOR_DIGITS: u16 = 24;
/// From so many cells on the second line has the deal and the person.
const ROOM_FOR_BOTH: u16 = 30;
/// From so many cells on it has the owner too.
const ROOM_FOR_OWNER: u16 = 48;

/// A card, and where it is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Drawn<'b> {
    pub(super) card: &'b Card,
    /// The type of its stage.
    pub(super) kind: StageType,
    /// What the columns are.
    pub(super) by: By,
    /// Whether the cursor is on it.
    pub(super) is_here: bool,
    pub(super) is_marked: bool,
}

impl Drawn<'_> {
    /// Draws it in two lines, or in one where the terminal is narrow.
    pub(super) fn draw(self, buffer: &mut Buffer, area: Rect, is_narrow: bool, world: &World) {
        let look = &world.look;
        let base = match (self.is_here, self.is_marked) {
            (true, _) => look.selection,
            (false, true) => look.marked,
            (false, false) => look.text,
        };
        draw::clear(buffer, area, base);
        let cursor = look.sign(self.is_here);
        let mark = if self.is_marked { look.symbols.mark } else { cursor };
        let amount = self.amount(area.width, look);
        let (age, age_style) = self.age(base, world);
        let first = draw::row(area, 0);
        if is_narrow {
            let signs = if self.is_here { cursor } else { mark };
            // The sign stands in a column of its own, so that days stand under days.
            let days = age.split(' ').next().unwrap_or_default();
            let sign = if self.card.is_rotting {
                look.symbols.overdue
            } else {
                " "
            };
            let right = match self.by {
                By::Month => format!("{amount} {age:>8}"),
                _ => format!("{amount} {days:>4} {sign}"),
            };
            line(
                buffer,
                first,
                (signs, called(self.card)),
                (&right, age_style),
                base,
                look,
            );
            return;
        }
        line(
            buffer,
            first,
            (cursor, called(self.card)),
            (&amount, base),
            base,
            look,
        );
        let dim = if self.is_here { base } else { base.patch(look.dim) };
        let detail = self.detail(area.width, look);
        line(
            buffer,
            draw::row(area, 1),
            (mark, &detail),
            (&age, age_style),
            dim,
            look,
        );
    }

    /// The amount in its own currency, with a star where the probability is not that of the stage.
    fn amount(self, room: u16, look: &Look) -> String {
        let Some(amount) = self.card.amount else {
            return look.symbols.line.to_owned();
        };
        let star = if self.card.is_manual { "*" } else { "" };
        let full = format!("{}{star}", number::money(amount));
        // In a narrow column the name is worth more than the last digits.
        match room >= ROOM_FOR_DIGITS && draw::cells(&full) * 2 <= usize::from(room) {
            true => full,
            false => format!("{}{star}", number::money_short(amount)),
        }
    }

    /// The days in the stage, with a sign if they are too many; of a closed deal the days since.
    fn age(self, base: Style, world: &World) -> (String, Style) {
        let look = &world.look;
        let dim = if self.is_here { base } else { base.patch(look.dim) };
        if self.kind != StageType::Open {
            let closed = self.card.closed_on;
            let days = closed.map_or(0, |day| (world.clock().today() - day).get_days());
            return (format!("{}d", days.max(0)), dim);
        }
        let text = match (self.by, self.card.close) {
            (By::Month, Some(day)) => day.strftime("%-d %b").to_string(),
            _ => format!("{}d", self.card.days_in_stage),
        };
        match self.card.is_rotting {
            true => (
                format!("{text} {}", look.symbols.overdue),
                base.patch(look.overdue),
            ),
            false => (text, dim),
        }
    }

    /// Who to talk to, or what it is about; both where there is room.
    fn detail(self, room: u16, look: &Look) -> String {
        let card = self.card;
        let name = card.customer.as_ref().map(|_| card.deal.name.as_str());
        let contact = card.contact.as_ref().map(|contact| contact.name.as_str());
        // A customer who is a person is the contact; it is said once.
        let contact = contact.filter(|contact| *contact != called(card));
        let owner = card
            .owner
            .as_deref()
            .filter(|_| room >= ROOM_FOR_OWNER && self.by != By::Owner);
        let known: Vec<&str> = match room >= ROOM_FOR_BOTH {
            true => name.into_iter().chain(contact).chain(owner).collect(),
            false => contact.or(name).into_iter().collect(),
        };
        known.join(&format!(" {} ", look.symbols.dot))
    }
}

/// A line with a sign before it and something at its right end.
fn line(
    buffer: &mut Buffer,
    area: Rect,
    (sign, text): (&str, &str),
    (right, right_style): (&str, Style),
    style: Style,
    look: &Look,
) {
    let used = draw::text_right(buffer, area, right, right_style, look);
    let left = Rect {
        width: area.width.saturating_sub(used + 1),
        ..area
    };
    let used = draw::text(buffer, left, sign, style, look);
    draw::text(buffer, draw::right_of(left, used), text, style, look);
}
