//! A part of the screen with a border, a title above and a note below. The one that has the keys has another border.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, Widget};

use super::draw;
use super::look::Look;

/// What is drawn around the content.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Pane<'p> {
    pub(crate) title: &'p str,
    /// Below, at the right.
    pub(crate) note: &'p str,
    /// Whether it has the keys.
    pub(crate) focused: bool,
}

impl Pane<'_> {
    /// The area inside the border, where this is drawn into `area`.
    pub(crate) fn inner(area: Rect) -> Rect {
        Block::bordered().inner(area)
    }

    /// Draws the border; the area inside.
    pub(crate) fn draw(self, buffer: &mut Buffer, area: Rect, look: &Look) -> Rect {
        let area = area.intersection(buffer.area);
        if area.is_empty() {
            return area;
        }
        let (set, style) = match self.focused {
            true => (look.symbols.border_focus, look.border_focus),
            false => (look.symbols.border, look.border),
        };
        let title = if self.focused { look.accent } else { look.title };
        let room = usize::from(area.width.saturating_sub(4));
        let framed = |text: &str| format!(" {} ", draw::fit(text, room, look));
        let mut block = Block::bordered().border_set(set).border_style(style);
        if !self.title.is_empty() && room > 0 {
            block = block.title(Span::styled(framed(self.title), title));
        }
        if !self.note.is_empty() && room > 0 {
            block = block.title_bottom(Line::styled(framed(self.note), look.dim).right_aligned());
        }
        let inner = block.inner(area);
        block.render(area, buffer);
        inner
    }
}
