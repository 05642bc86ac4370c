//! The lines of the picker, and where the cursor stands in the first of them.

use crate::cli::pick::model::Model;
use crate::text::cut::cut;
use crate::text::sanitise;
use crate::text::style::{Paint, Style};
use crate::text::width::{pad, width};

/// The most records that are shown at once.
const ROWS: usize = 10;
/// Lines of a preview.
pub(super) const PREVIEW: usize = 3;
/// The most cells of a name.
const NAME: usize = 32;

/// What the lines are drawn for.
#[derive(Debug, Clone, Copy)]
pub(super) struct View<'v> {
    /// Columns of the terminal.
    pub(super) columns: usize,
    /// Rows of the terminal.
    pub(super) rows: usize,
    /// Colours.
    pub(super) paint: Paint,
    /// What is picked.
    pub(super) noun: &'v str,
    /// Whether there is a preview.
    pub(super) preview: bool,
}

impl View<'_> {
    /// How many lines are drawn, whatever there is to show.
    pub(super) fn height(&self) -> usize {
        2 + self.list() + if self.preview { PREVIEW } else { 0 }
    }

    /// How many records are shown.
    fn list(&self) -> usize {
        let others = 3 + if self.preview { PREVIEW } else { 0 };
        self.rows.saturating_sub(others).clamp(1, ROWS)
    }
}

/// The lines, all of [`View::height`], and the column of the cursor.
pub(super) fn lines(model: &Model, view: &View<'_>, preview: &[String]) -> (Vec<String>, usize) {
    // The last column stays free: a character in it makes some terminals go on in the next line.
    let room = view.columns.saturating_sub(1);
    let paint = view.paint;
    let prompt = format!("{}> ", view.noun);
    let typed = sanitise::line(&model.query);
    let mut lines = vec![format!(
        "{}{}",
        paint.apply(Style::Bold, &cut(&prompt, room)),
        cut(&typed, room.saturating_sub(width(&prompt)))
    )];
    let before = sanitise::line(model.query.get(..model.at).unwrap_or_default()).into_owned();
    let cursor = (width(&prompt) + width(&before)).min(room);
    let rows = view.list();
    let first = (model.row + 1).saturating_sub(rows);
    let shown = model.found.iter().enumerate().skip(first).take(rows);
    let references = shown
        .clone()
        .map(|(_, found)| width(&found.reference))
        .max()
        .unwrap_or(0);
    let names = shown
        .clone()
        .map(|(_, found)| width(&sanitise::line(&found.name)))
        .max()
        .unwrap_or(0);
    for (row, found) in shown {
        let marked = match (model.multi, model.marked.contains(&found.id)) {
            (false, _) => "",
            (true, true) => "* ",
            (true, false) => "  ",
        };
        let pointer = if row == model.row { "> " } else { "  " };
        let name = sanitise::line(&found.name).into_owned();
        let head = format!(
            "{pointer}{marked}{}  {}",
            pad(&found.reference, references),
            pad(&cut(&name, NAME), names.min(NAME))
        );
        let head = cut(&head, room).into_owned();
        let details = found.details.join(", ");
        let details = sanitise::line(&details);
        let rest = room.saturating_sub(width(&head) + 2);
        let style = if row == model.row {
            paint.apply(Style::Bold, &head)
        } else {
            head
        };
        let details = cut(&details, rest);
        lines.push(match details.is_empty() {
            true => style,
            false => format!("{style}  {}", paint.apply(Style::Dim, &details)),
        });
    }
    lines.resize(rows + 1, String::new());
    if view.preview {
        let texts = preview
            .iter()
            .map(|line| cut(&sanitise::line(line), room).into_owned());
        lines.extend(texts.take(PREVIEW));
        lines.resize(rows + 1 + PREVIEW, String::new());
    }
    lines.push(paint.apply(Style::Dim, &cut(&status(model), room)));
    (lines, cursor)
}

fn status(model: &Model) -> String {
    let found = match model.found.len() {
        0 => "nothing found".to_owned(),
        count => format!("{} of {count}", model.row + 1),
    };
    let marked = match model.marked.len() {
        0 => String::new(),
        count => format!(", {count} marked"),
    };
    let mark = if model.multi { "Tab marks, " } else { "" };
    format!("{found}{marked}; {mark}Enter takes, Esc leaves")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::pick::model::tests::{found, three};

    fn view(columns: usize, rows: usize) -> View<'static> {
        View {
            columns,
            rows,
            paint: Paint { on: false },
            noun: "customer",
            preview: false,
        }
    }

    #[test]
    fn columns_stand_under_each_other() {
        let mut model = three(true);
        model.query = "张".to_owned();
        model.at = model.query.len();
        model.marked = model.taken();
        let (lines, cursor) = lines(&model, &view(60, 6), &[]);
        assert_eq!(
            lines,
            [
                "customer> 张",
                "> * C1  Anna  Acme",
                "    C2  张伟  云帆",
                "    C3  Zoë ",
                "1 of 3, 1 marked; Tab marks, Enter takes, Esc leaves",
            ]
        );
        assert_eq!(cursor, 12);
    }

    #[test]
    fn nothing_is_wider_than_the_terminal_or_drives_it() {
        let mut model = three(false);
        model.show(vec![found(
            1,
            "A\u{1b}[2J name that is far too long for anything",
            &["株式会社 \u{202e}x", "y"],
        )]);
        for columns in 1..70 {
            for rows in [1, 2, 5, 24] {
                let mut view = view(columns, rows);
                view.preview = rows % 2 == 1;
                let (lines, cursor) = lines(&model, &view, &["one\u{7}".to_owned()]);
                assert_eq!(lines.len(), view.height());
                assert!(cursor < columns.max(1));
                for line in lines {
                    assert!(
                        width(&line) < columns.max(1) || line.is_empty(),
                        "{columns}: {line:?}"
                    );
                    assert!(!line.contains(char::is_control), "{line:?}");
                }
            }
        }
    }

    #[test]
    fn the_row_that_is_pointed_at_is_shown() {
        let mut model = three(false);
        model.show((1..40).map(|no| found(no, "X", &[])).collect());
        model.row = 20;
        let (lines, _) = lines(&model, &view(60, 24), &[]);
        assert_eq!(lines.iter().filter(|line| line.starts_with("> C21")).count(), 1);
        assert_eq!(lines.len(), 12);
    }
}
