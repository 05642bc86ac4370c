//! Rows in columns: the columns that fit, one that takes what the others leave, a cursor, marks.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::draw;
use super::look::Look;

/// The most cells of a column that does not take the rest.
const MOST: usize = 24;
/// The cells that the column with the rest keeps at least, if it has so much to say: half of the room within these.
const LEAST: (usize, usize) = (16, 20);
/// The same where the rows are called by sentences.
const LEAST_OF_SENTENCES: (usize, usize) = (16, 28);
/// The fewest cells of a column that is cut, and of the one that gives room to it.
const SHARED: usize = 12;
/// The cursor and the mark before each row.
const HEAD: usize = 2;

/// A column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Column {
    /// What stands above it.
    pub(crate) head: String,
    /// Whether its cells stand at its right end, as numbers do.
    pub(crate) right: bool,
    /// Whether a part of it is better than nothing of it, as of a name.
    pub(crate) cut: bool,
}

/// A row.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Row {
    pub(crate) cells: Vec<String>,
    pub(crate) is_marked: bool,
    /// Drawn as something that is not quite here any more.
    pub(crate) is_dim: bool,
}

/// What is drawn.
#[derive(Debug)]
pub(crate) struct Table<'t> {
    pub(crate) columns: &'t [Column],
    pub(crate) rows: &'t [Row],
    /// The row under the cursor, if the cursor is shown.
    pub(crate) cursor: Option<usize>,
    /// The column that takes what the others leave, and stays when there is room for one only.
    pub(crate) wide: usize,
}

impl Table<'_> {
    /// Draws the head and as many rows as there is room for.
    pub(crate) fn draw(&self, buffer: &mut Buffer, area: Rect, look: &Look) {
        let fitting = self.fitting(usize::from(area.width));
        let heads: Vec<String> = self
            .columns
            .iter()
            .map(|column| column.head.to_uppercase())
            .collect();
        self.cells(
            buffer,
            draw::row(area, 0),
            ("  ", &heads),
            &fitting,
            (look.dim, look),
        );
        let below = draw::below(area, 1);
        for (at, (line, row)) in (0..below.height).zip(self.rows).enumerate() {
            let place = draw::row(below, line);
            let here = self.cursor == Some(at);
            let style = match (here, row.is_marked, row.is_dim) {
                (true, ..) => look.selection,
                (false, true, _) => look.marked,
                (false, false, true) => look.dim,
                (false, false, false) => look.text,
            };
            if here {
                draw::clear(buffer, place, style);
            }
            let cursor = look.sign(here);
            let mark = if row.is_marked { look.symbols.mark } else { " " };
            let head = format!("{cursor}{mark}");
            self.cells(buffer, place, (&head, &row.cells), &fitting, (style, look));
        }
    }

    /// Where which column stands in `area`, head and cells.
    pub(crate) fn places(&self, area: Rect) -> Vec<(Rect, usize)> {
        let mut used = u16::try_from(HEAD).unwrap_or(0);
        let mut places = Vec::new();
        for (at, width) in self.fitting(usize::from(area.width)) {
            let rest = draw::right_of(area, used);
            let cells = u16::try_from(width).unwrap_or(u16::MAX);
            let width = cells.min(rest.width);
            places.push((Rect { width, ..rest }, at));
            used = used.saturating_add(cells).saturating_add(1);
        }
        places
    }

    fn cells(
        &self,
        buffer: &mut Buffer,
        area: Rect,
        (head, texts): (&str, &[String]),
        fitting: &[(usize, usize)],
        (style, look): (ratatui::style::Style, &Look),
    ) {
        draw::text(buffer, area, head, style, look);
        let mut used = u16::try_from(HEAD).unwrap_or(0);
        for (at, width) in fitting {
            let rest = draw::right_of(area, used);
            let cells = u16::try_from(*width).unwrap_or(u16::MAX);
            let place = Rect {
                width: cells.min(rest.width),
                ..rest
            };
            if let Some(text) = texts.get(*at) {
                match self.columns.get(*at).is_some_and(|column| column.right) {
                    true => draw::text_right(buffer, place, text, style, look),
                    false => draw::text(buffer, place, text, style, look),
                };
            }
            used = used.saturating_add(cells).saturating_add(1);
        }
    }

    /// The columns for which there is no room in so many cells.
    pub(crate) fn hidden(&self, room: u16) -> Vec<usize> {
        let fitting = self.fitting(usize::from(room));
        let is_shown = |at: &usize| fitting.iter().any(|(shown, _)| shown == at);
        (0..self.columns.len()).filter(|at| !is_shown(at)).collect()
    }

    /// The columns that fit, in their order, each with its cells. The first ones stay longest.
    fn fitting(&self, room: usize) -> Vec<(usize, usize)> {
        let wanted = |at: usize| {
            let head = self.columns.get(at).map_or(0, |column| draw::cells(&column.head));
            let cells = self.rows.iter().filter_map(|row| row.cells.get(at));
            cells
                .map(|text| draw::cells(&crate::text::sanitise::line(text)))
                .fold(head, usize::max)
        };
        let whole = wanted(self.wide);
        let is_sentence = self.columns.get(self.wide).is_some_and(|column| column.cut);
        let (few, most) = if is_sentence { LEAST_OF_SENTENCES } else { LEAST };
        let least = whole.min((room / 2).clamp(few, most));
        let mut left = room.saturating_sub(HEAD + least);
        let mut chosen = vec![(self.wide, least)];
        for at in (0..self.columns.len()).filter(|at| *at != self.wide) {
            let mut width = wanted(at).min(MOST);
            if width + 1 > left && self.columns.get(at).is_some_and(|column| column.cut) {
                // The name of the row gives some of its room to another one.
                // The name keeps as much as it leaves, as long as there is enough of the other to tell.
                let fair = ((least + 1).saturating_sub(left) / 2).max((SHARED + 1).saturating_sub(left));
                let given = (width + 1 - left).min(fair).min(least.saturating_sub(SHARED));
                let enough = left + given > SHARED;
                if let Some((_, own)) = chosen.first_mut().filter(|_| enough) {
                    *own -= given;
                    left += given;
                    width = width.min(left - 1);
                }
            }
            if width + 1 > left {
                break;
            }
            left -= width + 1;
            chosen.push((at, width));
        }
        if let Some((_, width)) = chosen.first_mut() {
            *width += left.min(whole - *width);
        }
        chosen.sort_by_key(|(at, _)| *at);
        chosen
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(width: u16) -> Vec<String> {
        let column = |head: &str, right| Column {
            head: head.to_owned(),
            right,
            cut: false,
        };
        let row = |cells: [&str; 3]| Row {
            cells: cells.map(str::to_owned).to_vec(),
            ..Row::default()
        };
        let columns = [column("id", false), column("name", false), column("value", true)];
        let rows = [
            row(["C1", "Brandt & Söhne", "€48,000"]),
            row(["C2", "陳記食品\u{1b}[2J", "€900"]),
        ];
        let table = Table {
            columns: &columns,
            rows: &rows,
            cursor: Some(1),
            wide: 1,
        };
        let mut buffer = Buffer::empty(Rect::new(0, 0, width, 3));
        let area = buffer.area;
        table.draw(&mut buffer, area, &Look::plain());
        let symbols: Vec<&str> = buffer.content.iter().map(|cell| cell.symbol()).collect();
        symbols.chunks(usize::from(width)).map(<[&str]>::concat).collect()
    }

    #[test]
    fn columns_stand_under_each_other_and_the_name_stays() {
        assert_eq!(
            drawn(30),
            [
                "  ID NAME             VALUE   ",
                "  C1 Brandt & Söhne €48,000   ",
                "▌ C2 陳 記 食 品 \\e[2J     €900   ",
            ]
        );
        assert_eq!(drawn(16)[1], "  Brandt & Söhne");
        assert_eq!(drawn(9)[2], "▌ 陳 記 食 …");
    }
}
