//! Which format a file has: what was said, what its name says, what it begins with.

use super::rows::Options;
use super::{delimiter, json};

/// A format that rows are read from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// A header and records, parted by a comma, semicolon, tab or bar.
    Csv,
    /// A header and records parted by tabs, as this program's own lists or as a spreadsheet writes them.
    Tsv,
    /// A list of objects, one object, or several one after another.
    Json,
    /// One object a line.
    Ndjson,
    /// Cards of people and companies, of any version.
    Vcard,
    /// Tasks and events, iCalendar.
    Ics,
}

impl Source {
    /// The format called `name`, as in `--from`.
    pub fn parse(name: &str) -> Option<Source> {
        match name {
            "csv" => Some(Source::Csv),
            "tsv" => Some(Source::Tsv),
            "json" => Some(Source::Json),
            "ndjson" | "jsonl" => Some(Source::Ndjson),
            "vcard" | "vcf" => Some(Source::Vcard),
            "ics" | "icalendar" => Some(Source::Ics),
            _ => None,
        }
    }

    /// The name of the format.
    pub fn name(self) -> &'static str {
        match self {
            Source::Csv => "csv",
            Source::Tsv => "tsv",
            Source::Json => "json",
            Source::Ndjson => "ndjson",
            Source::Vcard => "vcard",
            Source::Ics => "ics",
        }
    }
}

/// The format of a file that begins with `sample` and whose name ends in `extension` (without the dot).
///
/// The name decides; `txt`, an unknown ending or none leave it to the text.
pub fn detect(sample: &str, extension: Option<&str>) -> Source {
    let extension = extension.map(str::to_ascii_lowercase);
    let text = sample.trim_start();
    match extension.as_deref() {
        Some("csv") => Source::Csv,
        Some("tsv" | "tab") => Source::Tsv,
        Some("ndjson" | "jsonl") => Source::Ndjson,
        _ if text.starts_with('{') => {
            let first = text.lines().next().unwrap_or_default();
            if json::parse(first).is_ok() {
                Source::Ndjson
            } else {
                Source::Json
            }
        }
        Some("json") => Source::Json,
        _ if opens_a_list(text) => Source::Json,
        _ if delimiter::sniff(sample) == Some(b'\t') => Source::Tsv,
        _ => Source::Csv,
    }
}

/// Whether `text` begins as a page does: some programs hand out their tables as pages that are called `.xls`.
pub(super) fn is_web_page(text: &str) -> bool {
    let first: String = text
        .trim_start()
        .chars()
        .take(14)
        .collect::<String>()
        .to_ascii_lowercase();
    ["<html", "<!doctype html", "<table", "<?xml"]
        .iter()
        .any(|beginning| first.starts_with(beginning))
}

/// The format of a file of content lines: the one that was said, that of its first line, or that of its name.
pub(super) fn content_source(options: &Options, first_line: Option<Source>) -> Option<Source> {
    if let Some(said) = options.source {
        return Some(said).filter(|said| matches!(said, Source::Vcard | Source::Ics));
    }
    let extension = options.extension.as_deref().map(str::to_ascii_lowercase);
    first_line.or(match extension.as_deref() {
        Some("vcf" | "vcard") => Some(Source::Vcard),
        Some("ics" | "ical" | "ifb") => Some(Source::Ics),
        _ => None,
    })
}

/// Whether `text` begins as a JSON list of objects, and not as a header that happens to begin with a bracket.
fn opens_a_list(text: &str) -> bool {
    text.strip_prefix('[').is_some_and(|rest| {
        let rest = rest.trim_start();
        rest.starts_with(['{', ']'])
    })
}
