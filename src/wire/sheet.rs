//! Several records as a table that a person changes in an editor: a line for each, cells filled up with blanks and with
//! a tab between them, the reference first.
//!
//! What is written reads back to no change, whatever the values hold. A line that was taken out leaves its record alone,
//! and so does a column; lines may change their places. New lines are refused.

use std::collections::{HashMap, HashSet};

use crate::error::{Error, Kind, Result};
use crate::wire::form::{Item, comments, lined};

/// What an import takes for the end of a value in a list.
const SEPARATORS: [char; 5] = [';', ',', '；', '、', '\n'];

/// The name of the first column.
const ID: &str = "id";

/// No cell is filled up to more than this.
const WIDEST: usize = 40;

/// One record of a sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// What the record is called by.
    pub id: String,
    /// Its values, one for each column.
    pub items: Vec<Item>,
}

/// What a person has changed: the place of the row, the columns and their new values.
pub type Changed = Vec<(usize, Vec<(String, Item)>)>;

/// The text of a sheet; `width` is how many cells of a terminal a text takes.
pub fn write(head: &str, columns: &[String], rows: &[Row], width: fn(&str) -> usize) -> String {
    let header = std::iter::once(ID.to_owned()).chain(columns.iter().map(|name| escaped(name)));
    let mut table: Vec<Vec<String>> = vec![header.collect()];
    for row in rows {
        let cells = std::iter::once(escaped(&row.id)).chain(row.items.iter().map(cell));
        table.push(cells.collect());
    }
    let widest: Vec<usize> = (0..=columns.len())
        .map(|at| {
            let cells = table.iter().filter_map(|cells| cells.get(at));
            cells.map(|cell| width(cell)).max().unwrap_or(0).min(WIDEST)
        })
        .collect();
    let mut text = comments(head);
    for cells in &table {
        let last = cells.len().saturating_sub(1);
        for (at, cell) in cells.iter().enumerate() {
            text.push_str(cell);
            if at < last {
                let wanted = widest.get(at).copied().unwrap_or(0);
                text.push_str(&" ".repeat(wanted.saturating_sub(width(cell))));
                text.push('\t');
            }
        }
        text.push('\n');
    }
    text
}

/// What was changed in a sheet that was written for these columns and rows.
///
/// # Errors
///
/// `Invalid` with the line, for a column or a record that is not in the sheet, a record that is there twice, and a line
/// with more cells than columns.
pub fn read(text: &str, columns: &[String], rows: &[Row]) -> Result<Changed> {
    let text = lined(text);
    let mut lines = (1_usize..)
        .zip(text.lines())
        .filter(|(_, line)| !line.trim().is_empty() && !line.starts_with('#'));
    let refuse = |number: usize, what: String| Error::new(Kind::Invalid, format!("line {number}: {what}"));
    let Some((number, header)) = lines.next() else {
        return Ok(Vec::new());
    };
    let header: Vec<String> = header.split('\t').map(unescaped).collect();
    if header.first().map(String::as_str) != Some(ID) {
        return Err(refuse(number, format!("the first column is not {ID}")));
    }
    let mut places = Vec::new();
    for name in header.iter().skip(1) {
        let place = columns.iter().position(|column| column == name);
        places.push(place.ok_or_else(|| refuse(number, format!("there is no column {name:?} here")))?);
    }
    let known: HashMap<&str, usize> = rows
        .iter()
        .enumerate()
        .map(|(at, row)| (row.id.as_str(), at))
        .collect();
    let mut seen = HashSet::new();
    let mut changed = Vec::new();
    for (number, line) in lines {
        let mut cells = line.split('\t');
        let id = unescaped(cells.next().unwrap_or_default());
        let Some((at, row)) = known.get(id.as_str()).and_then(|at| Some((*at, rows.get(*at)?))) else {
            return Err(refuse(
                number,
                format!("{id:?} is none of these records, and new ones are made elsewhere"),
            ));
        };
        if !seen.insert(at) {
            return Err(refuse(number, format!("{id} is there twice")));
        }
        let cells: Vec<&str> = cells.collect();
        if cells.len() > places.len() {
            return Err(refuse(
                number,
                format!("there are more cells than columns; a tab is written {}", r"\t"),
            ));
        }
        let mut values = Vec::new();
        for (nth, place) in places.iter().enumerate() {
            // An editor may take blanks off the end of a line, and empty cells with them.
            let given = cells.get(nth).copied().unwrap_or_default().trim_matches(' ');
            let (Some(item), Some(name)) = (row.items.get(*place), columns.get(*place)) else {
                continue;
            };
            if given != cell(item) {
                values.push((name.clone(), item_of(given, item)));
            }
        }
        if !values.is_empty() {
            changed.push((at, values));
        }
    }
    Ok(changed)
}

/// The text of one cell.
fn cell(item: &Item) -> String {
    match item {
        Item::One(text) => escaped(text),
        Item::Many(items)
            if items
                .iter()
                .any(|item| item.contains(SEPARATORS) || item.trim() != item || item.is_empty()) =>
        {
            escaped(&serde_json::json!(items).to_string())
        }
        Item::Many(items) => escaped(&items.join("; ")),
    }
}

/// What a changed cell says, of a field that had a value like `before`.
fn item_of(given: &str, before: &Item) -> Item {
    let text = unescaped(given);
    if let Item::Many(_) = before
        && text.starts_with('[')
        && let Ok(items) = serde_json::from_str(&text)
    {
        return Item::Many(items);
    }
    Item::One(text)
}

/// A text in one cell: what would end the cell or the line, and blanks at either end, are written with a backslash.
fn escaped(text: &str) -> String {
    let mut written = String::with_capacity(text.len());
    let last = text.chars().count().saturating_sub(1);
    for (at, letter) in text.chars().enumerate() {
        match letter {
            '\\' => written.push_str("\\\\"),
            '\t' => written.push_str("\\t"),
            '\n' => written.push_str("\\n"),
            '\r' => written.push_str("\\r"),
            ' ' if at == 0 || at == last => written.push_str("\\s"),
            '#' if at == 0 => written.push_str("\\#"),
            letter
                if letter.is_control() || letter.is_whitespace() && letter != ' ' && letter != '\u{3000}' =>
            {
                written.push_str(&format!("\\u{{{:x}}}", u32::from(letter)));
            }
            letter => written.push(letter),
        }
    }
    written
}

/// The text of a cell; a backslash that means nothing stands for itself.
fn unescaped(cell: &str) -> String {
    let mut text = String::with_capacity(cell.len());
    let mut rest = cell.trim_matches(' ');
    while let Some(at) = rest.find('\\') {
        let (before, after) = rest.split_at(at);
        text.push_str(before);
        let (letter, taken) = escape(after);
        text.push(letter);
        rest = after.get(taken..).unwrap_or_default();
    }
    text.push_str(rest);
    text
}

/// The letter that an escape at the beginning of a text stands for, and how many bytes of it that takes.
fn escape(text: &str) -> (char, usize) {
    match text.chars().nth(1) {
        Some('\\') => ('\\', 2),
        Some('t') => ('\t', 2),
        Some('n') => ('\n', 2),
        Some('r') => ('\r', 2),
        Some('s') => (' ', 2),
        Some('#') => ('#', 2),
        Some('u') => {
            let code = text.strip_prefix("\\u{").and_then(|rest| rest.split_once('}'));
            let letter = code.and_then(|(code, _)| {
                let letter = char::from_u32(u32::from_str_radix(code, 16).ok()?)?;
                Some((letter, "\\u{}".len() + code.len()))
            });
            letter.unwrap_or(('\\', 1))
        }
        _ => ('\\', 1),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn one(text: &str) -> Item {
        Item::One(text.to_owned())
    }

    fn sheet() -> (Vec<String>, Vec<Row>) {
        let columns = ["name", "city", "tags"].map(str::to_owned).to_vec();
        let row = |id: &str, name: &str, city: &str, tags: &[&str]| Row {
            id: id.to_owned(),
            items: vec![
                one(name),
                one(city),
                Item::Many(tags.iter().map(|tag| (*tag).to_owned()).collect()),
            ],
        };
        let rows = vec![
            row("C1", "Ada Byron", "Ulm", &["vip", "cold"]),
            row("C2", "张伟", "", &[]),
            row("C10", "two\nlines\tand \\tabs ", "Łódź", &["a,b"]),
        ];
        (columns, rows)
    }

    /// Wide letters take two cells.
    fn width(text: &str) -> usize {
        text.chars()
            .map(|letter| if letter > '\u{2e80}' { 2 } else { 1 })
            .sum()
    }

    #[test]
    fn columns_stand_under_each_other() {
        let (columns, rows) = sheet();
        let text = write("Save.", &columns, &rows, width).replace('\t', "|");
        insta::assert_snapshot!(text, @r#"
        # Save.
        id |name                    |city|tags
        C1 |Ada Byron               |Ulm |vip; cold
        C2 |张伟                    |    |
        C10|two\nlines\tand \\tabs\s|Łódź|["a,b"]
        "#);
    }

    #[test]
    fn lines_may_go_and_move_but_not_come() {
        let (columns, rows) = sheet();
        let text = write("", &columns, &rows, width);
        let check = |text: &str| read(text, &columns, &rows).map_err(|error| error.message().to_owned());
        let mut lines: Vec<&str> = text.lines().collect();
        lines.swap(1, 2);
        assert_eq!(check(&lines.join("\n")), Ok(Vec::new()));
        lines.remove(3);
        assert_eq!(check(&lines.join("\r\n")), Ok(Vec::new()));
        assert_eq!(check(""), Ok(Vec::new()));
        assert_eq!(
            check("id\tcity\nC2\tBonn"),
            Ok(vec![(1, vec![("city".to_owned(), one("Bonn"))])])
        );
        assert_eq!(
            check("id\ttags\tcity\nC1\tx; y\nC10\t[\"b\"]\tŁódź\n"),
            Ok(vec![
                (
                    0,
                    vec![("tags".to_owned(), one("x; y")), ("city".to_owned(), one(""))]
                ),
                (2, vec![("tags".to_owned(), Item::Many(vec!["b".to_owned()]))]),
            ])
        );
        for (text, expected) in [
            (
                "id\tcity\nC9\tBonn",
                "line 2: \"C9\" is none of these records, and new ones are made elsewhere",
            ),
            (
                "id\tcity\n\tBonn",
                "line 2: \"\" is none of these records, and new ones are made elsewhere",
            ),
            ("# x\nid\tcity\nC1\tBonn\nC1\tUlm", "line 4: C1 is there twice"),
            (
                "id\tcolour\nC1\tred",
                "line 1: there is no column \"colour\" here",
            ),
            ("city\nUlm", "line 1: the first column is not id"),
            (
                "id\tcity\nC1\ta\tb",
                "line 2: there are more cells than columns; a tab is written \\t",
            ),
        ] {
            assert_eq!(check(text), Err(expected.to_owned()), "{text}");
        }
    }

    fn any_text() -> impl Strategy<Value = String> {
        prop_oneof![
            any::<String>(),
            "[ #\\\\tnsu{}0-9;,\t\n\r\u{a0}\u{3000}中\\[\"]{0,8}"
        ]
    }

    proptest! {
        #[test]
        fn a_sheet_reads_back_to_no_change(
            texts in prop::collection::vec((any_text(), prop::collection::vec(any_text(), 0..3)), 1..5),
        ) {
            let columns = ["name", "tags"].map(str::to_owned).to_vec();
            let rows: Vec<Row> = texts
                .into_iter()
                .enumerate()
                .map(|(at, (text, list))| Row {
                    id: format!("C{at}"),
                    items: vec![Item::One(text), Item::Many(list)],
                })
                .collect();
            let text = write("", &columns, &rows, width);
            prop_assert_eq!(read(&text, &columns, &rows).map_err(|error| error.message().to_owned()), Ok(Vec::new()), "{}", text);
        }

        #[test]
        fn a_cell_says_what_was_put_into_it(text in any_text()) {
            prop_assert_eq!(unescaped(&escaped(&text)), text);
        }

        #[test]
        fn no_text_makes_it_panic(text in any::<String>()) {
            let (columns, rows) = sheet();
            let _ = read(&text, &columns, &rows);
            let _ = read(&format!("id\tname\nC1\t{text}"), &columns, &rows);
        }
    }
}
