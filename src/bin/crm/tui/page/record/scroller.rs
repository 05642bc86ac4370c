//! Moving through lines, some of which lead somewhere: from one of these to the next, as far as they are in sight.

use crate::tui::page::sheet::{Line, Target};

/// Where a person is in lines.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Scroller {
    /// The first line that is drawn.
    top: usize,
    /// The line that is chosen.
    at: Option<usize>,
}

impl Scroller {
    /// The first line that is drawn of so many, and the chosen one.
    pub(super) fn shown(&self, count: usize, height: usize) -> (usize, Option<usize>) {
        (self.top.min(count.saturating_sub(height)), self.at)
    }

    /// Where the chosen line leads.
    pub(super) fn target(&self, lines: &[Line]) -> Option<Target> {
        lines.get(self.at?)?.target.clone()
    }

    /// Chooses the first line that leads somewhere, if none is chosen or the chosen one does not any more.
    pub(super) fn settle(&mut self, lines: &[Line]) {
        if self.target(lines).is_none() {
            self.at = lines.iter().position(|line| line.target.is_some());
        }
    }

    /// Chooses a line that is drawn, counted from the first; whether it was chosen before.
    pub(super) fn click(&mut self, row: usize, lines: &[Line], height: usize) -> bool {
        let (top, before) = self.shown(lines.len(), height);
        // A click on any line of an entry means its first, which leads somewhere.
        let upward = (0..=top + row).rev();
        let found = upward
            .take(12)
            .find(|at| lines.get(*at).is_some_and(|line| line.target.is_some()));
        self.at = found.or(self.at);
        found.is_some() && before == found
    }

    /// Goes to the next line that leads somewhere, or a line down if that is out of sight.
    pub(super) fn down(&mut self, lines: &[Line], height: usize) {
        let (top, _) = self.shown(lines.len(), height);
        let end = top + height;
        let from = match self.at {
            Some(at) if at >= top => at + 1,
            _ => top,
        };
        let next = lines
            .iter()
            .enumerate()
            .skip(from)
            .find(|(_, line)| line.target.is_some())
            .map(|(at, _)| at);
        self.top = top;
        match next {
            Some(next) if next <= end + 1 => {
                self.at = Some(next);
                // What belongs to the chosen line is to be seen too.
                self.top = self.top.max((next + 3).min(lines.len()).saturating_sub(height));
            }
            _ => self.scroll(1, lines, height),
        }
    }

    /// Goes to the line before that leads somewhere, or a line up if that is out of sight.
    pub(super) fn up(&mut self, lines: &[Line], height: usize) {
        let (top, _) = self.shown(lines.len(), height);
        self.top = top;
        let until = self.at.unwrap_or(top).min(top + height);
        let before = lines
            .iter()
            .enumerate()
            .take(until)
            .rev()
            .find(|(_, line)| line.target.is_some())
            .map(|(at, _)| at);
        match before {
            Some(before) if before + 1 >= top => {
                self.at = Some(before);
                self.top = self.top.min(before);
            }
            _ => self.scroll(-1, lines, height),
        }
    }

    /// Scrolls by so many lines; the chosen one stays where it is.
    pub(super) fn scroll(&mut self, by: isize, lines: &[Line], height: usize) {
        let last = lines.len().saturating_sub(height);
        let (top, _) = self.shown(lines.len(), height);
        self.top = top.saturating_add_signed(by).min(last);
    }

    /// Scrolls by so many lines, and chooses among those that are seen then.
    pub(super) fn page(&mut self, by: isize, lines: &[Line], height: usize) {
        self.scroll(by, lines, height);
        let seen = lines.iter().enumerate().skip(self.top).take(height);
        let mut leading = seen.filter(|(_, line)| line.target.is_some()).map(|(at, _)| at);
        let chosen = match by > 0 {
            true => leading.next_back(),
            false => leading.next(),
        };
        self.at = chosen.or(self.at);
    }

    /// Whether the last lines are in sight or nearly so.
    pub(super) fn is_near_end(&self, count: usize, height: usize) -> bool {
        let (top, at) = self.shown(count, height);
        top + 2 * height >= count || at.is_some_and(|at| at + height >= count)
    }
}

#[cfg(test)]
mod tests {
    use ratatui::style::Style;

    use super::*;

    fn lines(leading: &[usize], count: usize) -> Vec<Line> {
        (0..count)
            .map(|at| Line {
                target: leading
                    .contains(&at)
                    .then(|| Target::Operation(i64::try_from(at).unwrap())),
                ..Line::new("text", Style::new())
            })
            .collect()
    }

    #[test]
    fn the_next_line_in_sight_is_chosen_and_others_are_scrolled_to() {
        let lines = lines(&[1, 3, 30], 40);
        let mut scroller = Scroller::default();
        scroller.down(&lines, 10);
        assert_eq!(scroller.shown(40, 10), (0, Some(1)));
        scroller.down(&lines, 10);
        assert_eq!(scroller.shown(40, 10), (0, Some(3)));
        scroller.down(&lines, 10);
        assert_eq!(scroller.shown(40, 10), (1, Some(3)));
        for _ in 0..30 {
            scroller.down(&lines, 10);
        }
        assert_eq!(scroller.target(&lines), Some(Target::Operation(30)));
        for _ in 0..60 {
            scroller.up(&lines, 10);
        }
        assert_eq!(scroller.shown(40, 10), (0, Some(1)));
        scroller.page(isize::MAX, &lines, 10);
        assert_eq!(scroller.shown(40, 10), (30, Some(30)));
    }

    #[test]
    fn lines_that_lead_nowhere_are_scrolled() {
        let lines = lines(&[], 12);
        let mut scroller = Scroller::default();
        for _ in 0..20 {
            scroller.down(&lines, 10);
        }
        assert_eq!(scroller.shown(12, 10), (2, None));
        scroller.settle(&lines);
        assert_eq!(scroller.target(&lines), None);
    }
}
