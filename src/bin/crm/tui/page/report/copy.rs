//! A report as text for another program: with the columns and totals of `crm report`, in full.

use crm::domain::value::Value;
use crm::report::Report;
use crm::wire::cell;
use crm::wire::column::Column;
use crm::wire::csv::{CsvWriter, push_tsv_cell};

use crate::text::{display, report as figures};

/// What a table is copied as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    Tsv,
    Csv,
    Markdown,
    Json,
}

impl Form {
    /// All of them, each with its key and name.
    pub(crate) const ALL: [(Form, char, &'static str); 4] = [
        (Form::Tsv, 't', "TSV"),
        (Form::Csv, 'c', "CSV"),
        (Form::Markdown, 'm', "Markdown"),
        (Form::Json, 'j', "JSON"),
    ];

    /// The report in this form.
    pub(crate) fn write(self, report: &Report) -> String {
        match self {
            Form::Tsv => {
                let mut text = String::new();
                for row in rows(report) {
                    for (at, cell) in row.iter().enumerate() {
                        if at > 0 {
                            text.push('\t');
                        }
                        push_tsv_cell(cell, &mut text);
                    }
                    text.push('\n');
                }
                text
            }
            Form::Csv => {
                let mut bytes = Vec::new();
                let mut writer = CsvWriter::new(&mut bytes);
                for row in rows(report) {
                    // Writing into memory cannot fail.
                    let _ = writer.write_row(row.iter().map(String::as_str));
                }
                let _ = writer.flush();
                drop(writer);
                String::from_utf8_lossy(&bytes).into_owned()
            }
            Form::Markdown => markdown(report),
            Form::Json => {
                let report = crm::wire::report::report(report);
                serde_json::to_string_pretty(&report).unwrap_or_default()
            }
        }
    }
}

fn columns(report: &Report) -> Vec<Column> {
    let columns = report.columns.iter();
    columns
        .map(|column| Column::new(column.name, figures::field(column.kind)))
        .collect()
}

/// The rows and, last, the totals.
fn values(report: &Report) -> Vec<Vec<Value>> {
    let row = |cells: &Vec<_>| cells.iter().map(|cell| figures::value(cell, false)).collect();
    let mut values: Vec<Vec<Value>> = report.rows.iter().map(row).collect();
    if !report.totals.is_empty() {
        values.push(figures::totals(report, false));
    }
    values
}

/// The header and the rows as cells, an amount with its currency in a cell of its own.
fn rows(report: &Report) -> Vec<Vec<String>> {
    let columns = columns(report);
    let mut rows = vec![cell::expand_columns(&columns)];
    for row in values(report) {
        let mut cells = Vec::new();
        cell::expand_row(&columns, &row, &mut cells);
        rows.push(cells);
    }
    rows
}

fn markdown(report: &Report) -> String {
    let line = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
    let columns = columns(report);
    let names: Vec<String> = columns.iter().map(|column| column.name.clone()).collect();
    let rules = columns.iter().map(|column| match display::is_right(column.kind) {
        true => "---:".to_owned(),
        false => "---".to_owned(),
    });
    let mut text = line(&names);
    text.push_str(&line(&rules.collect::<Vec<_>>()));
    for row in values(report) {
        let cells = row.iter().map(|value| match value {
            Value::Money(money) => money.to_string(),
            other => cell::cell(other).replace('|', "\\|").replace('\n', " "),
        });
        text.push_str(&line(&cells.collect::<Vec<_>>()));
    }
    text
}
