//! The line that says what just happened. The latest message wins; it stays until the next key.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::draw;
use super::look::Look;

/// What a message is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Something was done.
    Done,
    /// Something failed.
    Error,
    /// Something to know.
    Hint,
}

/// The latest message, if it was not yet read.
#[derive(Debug, Clone, Default)]
pub(crate) struct Toast {
    message: Option<(Kind, String)>,
}

impl Toast {
    /// Says `text` in place of what was said before.
    pub(crate) fn say(&mut self, kind: Kind, text: impl Into<String>) {
        self.message = Some((kind, text.into()));
    }

    /// Takes the message away, as a key does before anything else.
    pub(crate) fn clear(&mut self) {
        self.message = None;
    }

    /// What is being said.
    pub(crate) fn message(&self) -> Option<(Kind, &str)> {
        self.message.as_ref().map(|(kind, text)| (*kind, text.as_str()))
    }

    /// Draws the message into the first row of `area`; false if there is none, and the row is as it was.
    pub(crate) fn render(&self, area: Rect, buffer: &mut Buffer, look: &Look) -> bool {
        let Some((kind, text)) = self.message() else {
            return false;
        };
        let (sign, style) = match kind {
            Kind::Done => (look.symbols.done, look.good),
            Kind::Error => (look.symbols.overdue, look.error),
            Kind::Hint => (look.symbols.dot, look.accent),
        };
        let row = draw::row(area, 0);
        draw::clear(buffer, row, look.text);
        let texts = [(sign, style), (" ", look.text), (text, style)];
        draw::texts(buffer, row, &texts, look);
        true
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::screen_tests::{draw_inside, hostile, lines, sizes};
    use super::*;

    #[test]
    fn the_latest_message_is_shown_until_it_is_taken_away() {
        let mut toast = Toast::default();
        toast.say(Kind::Error, "no");
        toast.say(Kind::Done, "Acme → Proposal. z undo");
        let mut buffer = Buffer::empty(Rect::new(0, 0, 16, 1));
        let area = buffer.area;
        assert!(toast.render(area, &mut buffer, &Look::plain()));
        assert_eq!(lines(&buffer), ["✓ Acme → Propos…"]);
        toast.clear();
        assert!(!toast.render(area, &mut buffer, &Look::plain()));
        assert_eq!(toast.message(), None);
    }

    proptest! {
        #[test]
        fn messages_stay_in_their_area(text in hostile(), area in sizes()) {
            let mut toast = Toast::default();
            toast.say(Kind::Hint, text);
            draw_inside(area, |area, buffer| {
                draw::clear(buffer, area, Look::plain().text);
                toast.render(area, buffer, &Look::plain());
            });
        }
    }
}
