//! The document as Markdown with tables.

use crate::domain::paper::Paper;
use crate::wire::paper::{Block, blocks};

/// The whole document, in UTF-8.
pub fn markdown(paper: &Paper) -> String {
    let parts: Vec<String> = blocks(paper).iter().map(block).collect();
    let parts: Vec<&str> = parts
        .iter()
        .map(String::as_str)
        .filter(|part| !part.is_empty())
        .collect();
    format!("{}\n", parts.join("\n\n"))
}

fn block(block: &Block) -> String {
    match block {
        Block::Heading { text, mark, title } => {
            let mark = mark
                .as_ref()
                .map_or_else(String::new, |mark| format!(" ({})", escaped(mark)));
            format!("# {}{mark}\n\n**{}**", escaped(text), escaped(title))
        }
        Block::Parties(parties) => {
            let party = |(label, lines): &(String, Vec<String>)| {
                let lines: Vec<String> = lines.iter().map(|line| escaped(line)).collect();
                format!("**{}**\\\n{}", escaped(label), lines.join("\\\n"))
            };
            let parties: Vec<String> = parties.iter().map(party).collect();
            parties.join("\n\n")
        }
        Block::Facts(facts) => {
            let fact = |(label, text): &(String, String)| format!("- {}: {}", escaped(label), escaped(text));
            facts.iter().map(fact).collect::<Vec<_>>().join("\n")
        }
        Block::Table { title, columns, rows } => {
            let mut lines = Vec::new();
            if !title.is_empty() {
                lines.push(format!("## {}\n", escaped(title)));
            }
            let names: Vec<String> = columns.iter().map(|column| column.name.clone()).collect();
            lines.push(row(&names));
            let rules = columns
                .iter()
                .map(|column| if column.is_number { "---:" } else { "---" });
            lines.push(format!("| {} |", rules.collect::<Vec<_>>().join(" | ")));
            lines.extend(rows.iter().map(|cells| row(cells)));
            lines.join("\n")
        }
        Block::Sums { rows, total, rest } => {
            let mut lines = vec!["| | |\n| --- | ---: |".to_owned()];
            let pair = |(label, text): &(String, String)| row(&[label.clone(), text.clone()]);
            lines.extend(rows.iter().map(pair));
            let (label, text) = total;
            lines.push(format!("| **{}** | **{}** |", escaped(label), escaped(text)));
            lines.extend(rest.iter().map(pair));
            lines.join("\n")
        }
        Block::Text { title, lines } => {
            let lines: Vec<String> = lines.iter().map(|line| escaped(line)).collect();
            format!("## {}\n\n{}", escaped(title), lines.join("\\\n"))
        }
    }
}

fn row(cells: &[String]) -> String {
    let cells: Vec<String> = cells.iter().map(|cell| escaped(cell)).collect();
    format!("| {} |", cells.join(" | "))
}

/// A text in which nothing means anything to Markdown, on one line.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.trim().chars() {
        match letter {
            '\n' | '\r' | '\t' => escaped.push(' '),
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '#' | '~' | '&' => {
                escaped.push('\\');
                escaped.push(letter);
            }
            letter if letter.is_control() => {}
            letter => escaped.push(letter),
        }
    }
    // A line that begins so would be a list.
    match escaped.chars().next() {
        Some('-' | '+') if escaped.chars().nth(1) == Some(' ') => format!("\\{escaped}"),
        _ => escaped,
    }
}
