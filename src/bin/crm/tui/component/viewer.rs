//! A text that is read: it scrolls, wraps and is searched. For the output of commands, help and notes.

use std::ops::Range;

use crossterm::event::KeyCode;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect, Size};
use ratatui::style::Style;

use super::draw;
use super::edit::Answer;
use super::input::Input;
use super::line::{self, Piece};
use super::look::Look;
use super::words;
use crate::tui::key::Key;

/// A text that is open.
#[derive(Debug, Clone)]
pub(crate) struct Viewer {
    lines: Vec<String>,
    /// The line at the top, and the row of it if it is wrapped.
    top: (usize, usize),
    is_wrapped: bool,
    /// How large the text is drawn.
    size: Size,
    /// A search that is being typed.
    search: Option<Input>,
    /// What was searched last.
    sought: String,
    is_missed: bool,
}

/// What a key did to a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ViewerEvent {
    /// The text is to be closed.
    Closed,
    /// The key was one for the text.
    Kept,
    /// The key is not for texts.
    Ignored,
}

impl Viewer {
    /// A view of `text` from its beginning.
    pub(crate) fn new(text: &str) -> Viewer {
        let text = text.strip_suffix('\n').unwrap_or(text);
        Viewer {
            lines: text
                .split('\n')
                .map(|line| line.strip_suffix('\r').unwrap_or(line).to_owned())
                .collect(),
            top: (0, 0),
            is_wrapped: true,
            size: Size::new(80, 20),
            search: None,
            sought: String::new(),
            is_missed: false,
        }
    }

    /// The same with lines that are cut and not wrapped, as tables want it.
    pub(crate) fn unwrapped(self) -> Viewer {
        Viewer {
            is_wrapped: false,
            ..self
        }
    }

    /// Says how large the text is drawn, with its last row for the search.
    pub(crate) fn resize(&mut self, size: Size) {
        self.size = size;
        let rows = self.rows_of(self.top.0).len();
        self.top.1 = self.top.1.min(rows.saturating_sub(1));
    }

    /// Whether a search is being typed, which takes every key.
    pub(crate) fn is_searching(&self) -> bool {
        self.search.is_some()
    }

    /// Does what `key` says.
    pub(crate) fn key(&mut self, key: Key) -> ViewerEvent {
        if let Some(search) = self.search.take() {
            return self.search_key(search, key);
        }
        let page = isize::try_from(self.page()).unwrap_or(1);
        match (key.code, key.control) {
            (KeyCode::Esc | KeyCode::Char('q'), false) => return ViewerEvent::Closed,
            (KeyCode::Down | KeyCode::Char('j') | KeyCode::Enter, false) => self.scroll(1),
            (KeyCode::Up | KeyCode::Char('k'), false) => self.scroll(-1),
            (KeyCode::PageDown | KeyCode::Char(' '), false) => self.scroll(page),
            (KeyCode::PageUp | KeyCode::Char('b'), false) => self.scroll(-page),
            (KeyCode::Char('d'), true) => self.scroll((page / 2).max(1)),
            (KeyCode::Char('u'), true) => self.scroll(-(page / 2).max(1)),
            (KeyCode::Home | KeyCode::Char('g'), false) => self.top = (0, 0),
            (KeyCode::End | KeyCode::Char('G'), false) => self.top = self.last_top(),
            (KeyCode::Char('/'), false) | (KeyCode::Char('f'), true) => self.search = Some(Input::new("")),
            (KeyCode::Char('n'), false) => self.next_match(),
            (KeyCode::Char('N'), false) => self.previous_match(),
            (KeyCode::Char('w'), false) => {
                self.is_wrapped = !self.is_wrapped;
                self.top.1 = 0;
            }
            _ => return ViewerEvent::Ignored,
        }
        ViewerEvent::Kept
    }

    fn search_key(&mut self, mut search: Input, key: Key) -> ViewerEvent {
        match key.code {
            KeyCode::Esc => {}
            KeyCode::Enter => {
                self.sought = search.text();
                self.seek(self.top.0..self.lines.len());
            }
            _ => {
                let answer = search.key(key);
                self.search = Some(search);
                return match answer {
                    Answer::Ignored => ViewerEvent::Ignored,
                    Answer::Changed | Answer::Kept | Answer::Full => ViewerEvent::Kept,
                };
            }
        }
        ViewerEvent::Kept
    }

    /// Takes a pasted text where a search is typed.
    pub(crate) fn paste(&mut self, text: &str) {
        if let Some(search) = &mut self.search {
            search.paste(text);
        }
    }

    /// Goes to the first of these lines that has what is sought, or else to the first of all.
    fn seek(&mut self, lines: Range<usize>) {
        let has = |number: &usize| {
            let line = self.lines.get(*number);
            line.is_some_and(|line| !found(line, &self.sought).is_empty())
        };
        let hit = lines.into_iter().find(has);
        let hit = hit.or_else(|| (0..self.lines.len()).find(has));
        self.go(hit);
    }

    fn next_match(&mut self) {
        self.seek(self.top.0 + 1..self.lines.len());
    }

    fn previous_match(&mut self) {
        let has = |number: &usize| {
            let line = self.lines.get(*number);
            line.is_some_and(|line| !found(line, &self.sought).is_empty())
        };
        let hit = (0..self.top.0).rev().find(has);
        let hit = hit.or_else(|| (0..self.lines.len()).rev().find(has));
        self.go(hit);
    }

    fn go(&mut self, line: Option<usize>) {
        self.is_missed = line.is_none() && !self.sought.is_empty();
        if let Some(line) = line {
            self.top = (line, 0);
        }
    }

    /// The rows of text that are seen at once.
    fn page(&self) -> usize {
        usize::from(self.size.height.saturating_sub(1).max(1))
    }

    /// Scrolls by rows of the screen, as far as the text goes.
    pub(crate) fn scroll(&mut self, rows: isize) {
        for _ in 0..rows.unsigned_abs() {
            let (line, row) = self.top;
            self.top = if rows < 0 {
                match (row.checked_sub(1), line.checked_sub(1)) {
                    (Some(row), _) => (line, row),
                    (None, Some(line)) => (line, self.rows_of(line).len().saturating_sub(1)),
                    (None, None) => return,
                }
            } else if row + 1 < self.rows_of(line).len() {
                (line, row + 1)
            } else if line + 1 < self.lines.len() {
                (line + 1, 0)
            } else {
                return;
            };
            if rows > 0 && self.top > self.last_top() {
                self.top = (line, row);
                return;
            }
        }
    }

    /// The top at which the last row of the text is the last that is seen.
    fn last_top(&self) -> (usize, usize) {
        let mut missing = self.page();
        for line in (0..self.lines.len()).rev() {
            let rows = self.rows_of(line).len();
            if rows >= missing {
                return (line, rows - missing);
            }
            missing -= rows;
        }
        (0, 0)
    }

    /// The rows of one line, one at least, as ranges of its characters.
    fn rows_of(&self, line: usize) -> Vec<Range<usize>> {
        let pieces = self.pieces(line);
        match self.is_wrapped {
            true => line::rows(&pieces, usize::from(self.size.width)),
            false => std::iter::once(0..pieces.len()).collect(),
        }
    }

    fn pieces(&self, line: usize) -> Vec<Piece<'_>> {
        let text = self.lines.get(line);
        text.map(|text| line::pieces(text)).unwrap_or_default()
    }

    /// How much of the text is above the end of the screen, in percent.
    fn percent(&self) -> usize {
        if self.top >= self.last_top() {
            return 100;
        }
        (self.top.0 * 100) / self.lines.len().max(1)
    }

    /// Draws the text, and the search or the place in the last row; tells where the cursor is.
    pub(crate) fn render(&self, area: Rect, buffer: &mut Buffer, look: &Look) -> Option<Position> {
        let area = area.intersection(buffer.area);
        draw::clear(buffer, area, look.text);
        let (last, text) = draw::split_last(area);
        let (mut line, mut row) = self.top;
        let mut y = 0;
        while y < text.height && line < self.lines.len() {
            let pieces = self.pieces(line);
            let hits = self.lines.get(line).map(|line| found(line, &self.sought));
            let hits = hits.unwrap_or_default();
            let style = |piece: &Piece<'_>| -> Style {
                match hits.iter().any(|hit| hit.contains(&piece.at)) {
                    true => look.matched,
                    false => look.text,
                }
            };
            for part in self.rows_of(line).into_iter().skip(row) {
                let place = draw::row(text, y);
                let part = pieces.get(part).unwrap_or_default();
                line::draw(buffer, place, part, style, look);
                if !self.is_wrapped && line::cells(part) > usize::from(place.width) {
                    let end = draw::right_of(place, place.width.saturating_sub(1));
                    draw::clear(buffer, end, look.text);
                    draw::text(buffer, end, look.symbols.cut, look.dim, look);
                }
                y += 1;
            }
            line += 1;
            row = 0;
        }
        self.render_last(last, buffer, look)
    }

    fn render_last(&self, row: Rect, buffer: &mut Buffer, look: &Look) -> Option<Position> {
        if let Some(search) = &self.search {
            let used = draw::text(buffer, row, words::SEARCH, look.accent, look);
            return search.render(draw::right_of(row, used), buffer, look);
        }
        let percent = format!("{}%", self.percent());
        let used = draw::text_right(buffer, row, &percent, look.dim, look);
        if self.is_missed {
            let rest = Rect {
                width: row.width.saturating_sub(used + 1),
                ..row
            };
            let note = words::not_found(&self.sought);
            draw::text(buffer, rest, &note, look.warning, look);
        }
        None
    }
}

/// Where `sought` stands in `line`, without regard to case, in bytes.
fn found(line: &str, sought: &str) -> Vec<Range<usize>> {
    if sought.is_empty() {
        return Vec::new();
    }
    let fold = |text: &str| text.chars().flat_map(char::to_lowercase).collect::<Vec<char>>();
    let sought = fold(sought);
    // Each lower-case character with the bytes that it came from.
    let folded: Vec<(char, Range<usize>)> = line
        .char_indices()
        .flat_map(|(at, letter)| {
            letter
                .to_lowercase()
                .map(move |lower| (lower, at..at + letter.len_utf8()))
        })
        .collect();
    let windows = folded.windows(sought.len());
    windows
        .filter(|window| window.iter().map(|(letter, _)| letter).eq(&sought))
        .filter_map(|window| {
            let (first, last) = (window.first()?, window.last()?);
            Some(first.1.start..last.1.end)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::screen_tests::{draw_inside, hostile, lines, sizes};
    use super::*;

    fn press(viewer: &mut Viewer, keys: &str) {
        for key in Key::sequence(keys).expect("keys") {
            viewer.key(key);
        }
    }

    fn shown(viewer: &Viewer) -> Vec<String> {
        let size = viewer.size;
        let mut buffer = Buffer::empty(Rect::new(0, 0, size.width, size.height));
        let area = buffer.area;
        viewer.render(area, &mut buffer, &Look::plain());
        lines(&buffer)
    }

    fn numbered(size: Size) -> Viewer {
        let text: String = (1..=20).map(|number| format!("line {number}\n")).collect();
        let mut viewer = Viewer::new(&text);
        viewer.resize(size);
        viewer
    }

    #[test]
    fn a_text_scrolls_to_its_ends_and_no_further() {
        let mut viewer = numbered(Size::new(10, 4));
        for (keys, first, percent) in [
            ("k", "line 1", "0%"),
            ("j down", "line 3", "10%"),
            ("space", "line 6", "25%"),
            ("G", "line 18", "100%"),
            ("j pagedown", "line 18", "100%"),
            ("ctrl-u", "line 17", "80%"),
            ("g", "line 1", "0%"),
        ] {
            press(&mut viewer, keys);
            let rows = shown(&viewer);
            assert_eq!(rows[0].trim_end(), first, "{keys}");
            assert!(rows[3].ends_with(percent), "{keys}: {}", rows[3]);
        }
        assert_eq!(viewer.key(Key::letter('q')), ViewerEvent::Closed);
    }

    #[test]
    fn long_lines_wrap_or_are_cut() {
        let mut viewer = Viewer::new("one two three\n客户要求下周回电");
        viewer.resize(Size::new(8, 6));
        assert_eq!(
            shown(&viewer),
            [
                "one two ",
                "three   ",
                "客户要求",
                "下周回电",
                "        ",
                "    100%"
            ]
        );
        press(&mut viewer, "w");
        assert_eq!(shown(&viewer)[..2], ["one two…", "客户要 …"]);
        press(&mut viewer, "w");
        viewer.resize(Size::new(8, 3));
        press(&mut viewer, "j");
        assert_eq!(shown(&viewer)[..2], ["three   ", "客户要求"]);
    }

    #[test]
    fn a_search_goes_from_one_match_to_the_next() {
        let mut viewer = numbered(Size::new(20, 4));
        press(&mut viewer, "/ L I N E space 1 2 enter");
        assert_eq!(shown(&viewer)[0].trim_end(), "line 12");
        press(&mut viewer, "/ 1 enter n");
        assert_eq!(shown(&viewer)[0].trim_end(), "line 13");
        press(&mut viewer, "N N");
        assert_eq!(shown(&viewer)[0].trim_end(), "line 11");
        press(&mut viewer, "/ x enter");
        let rows = shown(&viewer);
        assert_eq!(rows[0].trim_end(), "line 11");
        assert!(rows[3].starts_with("not found: x"), "{}", rows[3]);
        press(&mut viewer, "/ q");
        assert!(viewer.is_searching());
        press(&mut viewer, "esc");
        assert!(!viewer.is_searching());
    }

    #[test]
    fn matches_are_found_in_any_case() {
        for (line, sought, expected) in [
            ("Straße STRASSE", "straße", vec![(0, 7)]),
            ("ÄäÄ", "ä", vec![(0, 2), (2, 4), (4, 6)]),
            ("张伟", "伟", vec![(3, 6)]),
            ("İx", "x", vec![(2, 3)]),
            ("abc", "", vec![]),
            ("a", "abc", vec![]),
        ] {
            let hits = found(line, sought).into_iter();
            let hits: Vec<_> = hits.map(|hit| (hit.start, hit.end)).collect();
            assert_eq!(hits, expected, "{sought} in {line}");
        }
    }

    proptest! {
        #[test]
        fn texts_stay_in_their_area(
            text in prop::collection::vec(hostile(), 0..8), sought in hostile(), area in sizes(), down in 0_isize..40,
        ) {
            for wrap in [true, false] {
                let mut viewer = Viewer::new(&text.join("\n"));
                viewer.is_wrapped = wrap;
                viewer.sought.clone_from(&sought);
                viewer.resize(area.as_size());
                viewer.scroll(down);
                draw_inside(area, |area, buffer| {
                    viewer.render(area, buffer, &Look::plain());
                });
            }
        }
    }
}
