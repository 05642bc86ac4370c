//! The document as a page that stands alone and prints well on A4: no scripts, nothing from elsewhere.

use std::fmt::Write;

use crate::domain::paper::Paper;
use crate::wire::paper::{Block, Column, blocks, words};
use crate::wire::submission::html::escaped;

const STYLE: &str = "\
@page { size: A4; margin: 18mm 16mm; }
body { font: 10.5pt/1.45 -apple-system, 'Segoe UI', 'Noto Sans', 'Noto Sans CJK SC', 'PingFang SC', 'Microsoft YaHei', sans-serif; \
color: #1a1a1a; max-width: 178mm; margin: 2em auto; padding: 0 1em; }
h1 { font-size: 19pt; margin: 0 0 .2em; }
h2 { font-size: 11.5pt; margin: 1.6em 0 .4em; }
.mark { color: #a40000; border: 1.5pt solid #a40000; font-size: 11pt; padding: .1em .5em; margin-left: .6em; }
.title { margin: 0 0 1.4em; color: #555; }
.parties { display: flex; gap: 2em; margin-bottom: 1.2em; }
.parties > div { flex: 1; }
.label { color: #555; font-size: 9pt; }
dl { display: grid; grid-template-columns: max-content auto; gap: .1em 1.2em; margin: 0 0 1.4em; }
dt { color: #555; } dd { margin: 0; }
table { border-collapse: collapse; width: 100%; }
th { text-align: left; border-bottom: 1pt solid #1a1a1a; font-size: 9pt; padding: .3em .5em; }
td { border-bottom: .5pt solid #ccc; padding: .35em .5em; vertical-align: top; }
.number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
tr { break-inside: avoid; } thead { display: table-header-group; }
.sums { width: auto; margin: .8em 0 0 auto; break-inside: avoid; }
.sums td { border: 0; } .total td { border-top: 1pt solid #1a1a1a; font-weight: bold; }
@media print { body { margin: 0; padding: 0; max-width: none; } }
";

/// The whole page, in UTF-8.
pub fn html(paper: &Paper) -> String {
    let mut html = String::new();
    // Writing to a string cannot fail.
    page(&mut html, paper).unwrap_or_default();
    html
}

fn page(html: &mut String, paper: &Paper) -> std::fmt::Result {
    let heading = escaped(&format!("{} {}", words::heading(paper), paper.title));
    writeln!(
        html,
        "<!DOCTYPE html>\n<html lang=\"{}\">\n<head>",
        paper.language.tag()
    )?;
    writeln!(html, "<meta charset=\"utf-8\">")?;
    writeln!(
        html,
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
    )?;
    writeln!(
        html,
        "<title>{heading}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>"
    )?;
    for part in blocks(paper) {
        block(html, &part)?;
    }
    writeln!(html, "</body>\n</html>")
}

fn block(html: &mut String, block: &Block) -> std::fmt::Result {
    match block {
        Block::Heading { text, mark, title } => {
            let mark = mark.as_ref().map_or_else(String::new, |mark| {
                format!(" <span class=\"mark\">{}</span>", escaped(mark))
            });
            writeln!(html, "<h1>{}{mark}</h1>", escaped(text))?;
            writeln!(html, "<p class=\"title\">{}</p>", escaped(title))
        }
        Block::Parties(parties) => {
            writeln!(html, "<div class=\"parties\">")?;
            for (label, lines) in parties {
                writeln!(html, "<div><span class=\"label\">{}</span><br>", escaped(label))?;
                writeln!(html, "{}</div>", broken(lines))?;
            }
            writeln!(html, "</div>")
        }
        Block::Facts(facts) => {
            writeln!(html, "<dl>")?;
            for (label, text) in facts {
                writeln!(html, "<dt>{}</dt><dd>{}</dd>", escaped(label), escaped(text))?;
            }
            writeln!(html, "</dl>")
        }
        Block::Table { title, columns, rows } => table(html, title, columns, rows),
        Block::Sums { rows, total, rest } => {
            writeln!(html, "<table class=\"sums\">")?;
            for pair in rows {
                sum(html, "", pair)?;
            }
            sum(html, " class=\"total\"", total)?;
            for pair in rest {
                sum(html, "", pair)?;
            }
            writeln!(html, "</table>")
        }
        Block::Text { title, lines } => {
            writeln!(html, "<h2>{}</h2>\n<p>{}</p>", escaped(title), broken(lines))
        }
    }
}

fn table(html: &mut String, title: &str, columns: &[Column], rows: &[Vec<String>]) -> std::fmt::Result {
    if !title.is_empty() {
        writeln!(html, "<h2>{}</h2>", escaped(title))?;
    }
    let class = |column: &Column| if column.is_number { " class=\"number\"" } else { "" };
    writeln!(html, "<table>\n<thead><tr>")?;
    for column in columns {
        writeln!(html, "<th{}>{}</th>", class(column), escaped(&column.name))?;
    }
    writeln!(html, "</tr></thead>\n<tbody>")?;
    for row in rows {
        write!(html, "<tr>")?;
        for (column, cell) in columns.iter().zip(row) {
            write!(html, "<td{}>{}</td>", class(column), escaped(cell))?;
        }
        writeln!(html, "</tr>")?;
    }
    writeln!(html, "</tbody>\n</table>")
}

fn sum(html: &mut String, class: &str, (label, text): &(String, String)) -> std::fmt::Result {
    let (label, text) = (escaped(label), escaped(text));
    writeln!(
        html,
        "<tr{class}><td>{label}</td><td class=\"number\">{text}</td></tr>"
    )
}

/// Lines with breaks between them.
fn broken(lines: &[String]) -> String {
    let lines: Vec<String> = lines.iter().map(|line| escaped(line)).collect();
    lines.join("<br>\n")
}
