//! What an argument takes, told from its name: most flags are called like the field that they fill.

use clap::{Arg, ValueHint};
use crm::domain::field::{self, FieldType};
use crm::domain::noun::Noun;

use crate::cli::complete::line::Line;

/// What a word may be.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Kind {
    /// One of these words.
    Fixed(Vec<String>),
    /// A record of one of these nouns.
    Records(Vec<Noun>),
    /// A record of a noun, or a field of it and a value.
    RecordsAndFields(Noun),
    /// A record of a noun; once one is there, also what comes last.
    RecordsAnd(Noun, Box<Kind>),
    /// Names of fields, with commas between.
    Fields(Noun),
    /// A field and a value.
    Assignment(Noun),
    /// Something and a field: `Column=name`.
    Mapping(Noun),
    /// A filter.
    Filter(Noun),
    /// The value of a field.
    Value(FieldType),
    /// A stage; of this pipeline, if it is named.
    Stage,
    /// The name of a noun.
    Noun,
    /// A report.
    Report,
    /// A template of messages.
    Template,
    /// The name of a setting.
    Setting,
    /// What a setting takes.
    SettingValue,
    /// A topic of the help, or a command.
    Topic,
    /// A time zone.
    Zone,
    /// A file.
    File,
    /// Anything.
    Free,
}

/// Words for a day, as they are read everywhere.
const DAYS: &[&str] = &[
    "today",
    "tomorrow",
    "yesterday",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "+3d",
    "+1w",
    "+2w",
    "+1m",
    "eow",
    "eom",
    "eoq",
    "eoy",
    "今天",
    "明天",
    "后天",
    "下周一",
];
const PERIODS: &[&str] = &[
    "this-month",
    "last-month",
    "this-quarter",
    "last-quarter",
    "this-year",
    "last-year",
    "this-week",
    "last-week",
    "today",
    "yesterday",
    "30d",
    "90d",
    "wtd",
    "mtd",
    "qtd",
    "ytd",
    "all",
];

/// What the argument `arg` of the command of `line` takes.
pub(super) fn of(line: &Line, arg: &Arg) -> Kind {
    let possible = arg.get_possible_values();
    if !possible.is_empty() {
        return Kind::Fixed(possible.iter().map(|value| value.get_name().to_owned()).collect());
    }
    if matches!(
        arg.get_value_hint(),
        ValueHint::AnyPath | ValueHint::FilePath | ValueHint::DirPath
    ) {
        return Kind::File;
    }
    match arg.get_long() {
        Some(long) => flag(line, long, arg),
        None => positional(line, arg),
    }
}

fn flag(line: &Line, long: &str, arg: &Arg) -> Kind {
    let noun = line.noun();
    // Reports are about deals, the agenda about tasks first.
    let about = noun.unwrap_or(match line.path.first().map(String::as_str) {
        Some("today") => Noun::Task,
        Some("find") => Noun::Customer,
        _ => Noun::Deal,
    });
    if line.path.first().is_some_and(|word| word == "import")
        && let Some(words) = of_import(long)
    {
        return words;
    }
    if line.path.first().is_some_and(|word| word == "mail")
        && matches!(long, "to" | "from" | "own" | "set" | "new")
    {
        return Kind::Free;
    }
    if noun == Some(Noun::Form)
        && let Some(words) = of_form(long)
    {
        return words;
    }
    match long {
        "format" if line.path.first().is_some_and(|word| word == "flow") => {
            fixed(&["text", "mermaid", "dot", "svg", "json", "markdown", "csv"])
        }
        "format" => fixed(crate::cli::output::FORMATS),
        "json" | "fields" | "sort" | "key" if noun.is_some() => Kind::Fields(about),
        "json" | "fields" => Kind::Free,
        "where" => Kind::Filter(about),
        "view" => Kind::Records(vec![Noun::View]),
        "color" => fixed(&["auto", "always", "never"]),
        "as" => Kind::Records(vec![Noun::User]),
        "tz" => Kind::Zone,
        "by" => dimensions(),
        "period" => fixed(PERIODS),
        "records" => figures(line),
        "from" if noun == Some(Noun::Ticket) && line.path.get(1).is_some_and(|verb| verb == "add") => {
            Kind::Records(vec![Noun::Activity])
        }
        "from" if noun == Some(Noun::Ticket) => Kind::Records(vec![Noun::Customer]),
        "for" if noun == Some(Noun::Ticket) => fixed(&["customer", "third_party"]),
        "due" | "promised" | "close" | "on" | "at" | "now" | "from" | "until" | "since" | "again" => {
            fixed(DAYS)
        }
        "repeat" => fixed(crm::domain::recurrence::EXAMPLES),
        "remind" => fixed(&["10m", "30m", "1h", "2h", "1d", "2d", "1w"]),
        "kind" => Kind::Noun,
        "for" => Kind::Records(vec![Noun::Customer, Noun::Deal]),
        "to" if noun == Some(Noun::User) => Kind::Records(vec![Noun::User]),
        "to" if noun == Some(Noun::Customer) => fixed(DAYS),
        "to" | "stage" | "next" => Kind::Stage,
        "required" => Kind::Fields(Noun::Deal),
        "set" if noun == Some(Noun::Deal) => Kind::Assignment(Noun::Deal),
        "role" if noun == Some(Noun::Deal) => fixed(crm::domain::deal::ROLES),
        "type" if line.path.get(1).is_some_and(|verb| verb == "unrelate") => relations(),
        "on-duplicate" => fixed(&["refuse", "create", "update"]),
        "field" | "set" => Kind::Assignment(about),
        "reason" if matches!(noun, Some(Noun::Quote | Noun::Order | Noun::Ticket)) => Kind::Free,
        "method" => fixed(crm::ops::order::METHODS),
        "reason" if noun == Some(Noun::Customer) => Kind::Value(FieldType::Choice("disqualified_reason")),
        "reason" => Kind::Value(FieldType::Choice("lost_reason")),
        "choose" => Kind::Assignment(Noun::Customer),
        _ => by_field(line, long).unwrap_or_else(|| by_value_name(about, arg)),
    }
}

fn of_import(long: &str) -> Option<Kind> {
    match long {
        "from" => Some(fixed(&["csv", "tsv", "json", "ndjson"])),
        "on-duplicate" => Some(fixed(&["update", "skip", "create"])),
        "on-missing" => Some(fixed(&["fail", "create", "skip"])),
        "encoding" => Some(fixed(&[
            "utf-8",
            "gbk",
            "gb18030",
            "big5",
            "shift_jis",
            "windows-1252",
            "utf-16le",
        ])),
        "date-order" => Some(fixed(&["dmy", "mdy", "ymd"])),
        "decimal" => Some(fixed(&[".", ","])),
        _ => None,
    }
}

fn of_form(long: &str) -> Option<Kind> {
    match long {
        "from" => Some(fixed(crm::wire::submission::Source::NAMES)),
        "on-duplicate" => Some(fixed(&[
            "update",
            "update_all",
            "note",
            "review",
            "new",
            "reject",
        ])),
        "outcome" => Some(fixed(
            &crm::domain::form::Outcome::ALL.map(crm::domain::form::Outcome::name),
        )),
        "assign" => Some(Kind::Records(vec![Noun::User])),
        "customer" => Some(Kind::Records(vec![Noun::Customer])),
        "form" => Some(Kind::Records(vec![Noun::Form])),
        "lang" => Some(fixed(&["en", "zh"])),
        "set" => Some(Kind::Assignment(Noun::Customer)),
        _ => None,
    }
}

/// A flag that is called like a field takes what the field takes.
fn by_field(line: &Line, long: &str) -> Option<Kind> {
    let kind = |noun: Noun| field::find(noun, long).map(|field| field.kind);
    let own = match line.path.first().map(String::as_str) {
        Some("log") => Some(Noun::Activity),
        Some("activity") => Some(Noun::Activity),
        _ => line.noun(),
    };
    let kind = own
        .and_then(kind)
        .or_else(|| kind(Noun::Deal))
        .or_else(|| kind(Noun::Task))?;
    Some(of_type(kind))
}

/// What a value of this type may be.
pub(super) fn of_type(kind: FieldType) -> Kind {
    match kind {
        FieldType::Link(noun) | FieldType::Links(noun) => Kind::Records(vec![noun]),
        FieldType::Date | FieldType::Due => fixed(DAYS),
        kind => Kind::Value(kind),
    }
}

fn by_value_name(about: Noun, arg: &Arg) -> Kind {
    let name = arg
        .get_value_names()
        .and_then(|names| names.first())
        .map(ToString::to_string);
    match name.unwrap_or_default().as_str() {
        "REF" => Kind::Records(vec![Noun::Customer, Noun::Deal, Noun::Task]),
        "USER" => Kind::Records(vec![Noun::User]),
        "KEY" => Kind::Records(vec![Noun::View]),
        "TEAM" => Kind::Records(vec![Noun::Team]),
        "T" | "TAG" => Kind::Value(FieldType::Tags),
        "STAGE" => Kind::Stage,
        "NOUN" => Kind::Noun,
        "FIELDS" => Kind::Fields(about),
        "FIELD=VALUE" | "K=V" => Kind::Assignment(about),
        "COLUMN=FIELD" => Kind::Mapping(about),
        "EXPR" => Kind::Filter(about),
        "DATE" | "PHRASE" | "WHEN" | "FROM-WHEN" | "TO-WHEN" => fixed(DAYS),
        "CALENDAR" => Kind::Records(vec![Noun::Calendar]),
        "ARTICLE" => Kind::Records(vec![Noun::Article]),
        "FILE" | "DIR" | "FOLDER" => Kind::File,
        _ => Kind::Free,
    }
}

fn positional(line: &Line, arg: &Arg) -> Kind {
    let noun = line.noun();
    let name = arg
        .get_value_names()
        .and_then(|names| names.first())
        .map(ToString::to_string);
    let name = name.unwrap_or_default();
    let path: Vec<&str> = line.path.iter().map(String::as_str).collect();
    match (path.as_slice(), arg.get_id().as_str()) {
        (["log"] | ["activity", "add"], "kind") => {
            let kind = field::find(Noun::Activity, "type").map(|field| field.kind);
            return kind.map_or(Kind::Free, Kind::Value);
        }
        (["help"], _) => return Kind::Topic,
        (["report", ..], "name") => return Kind::Report,
        (["mail", "draft"], "name") => return Kind::Template,
        (["mail", "ingest"], _) => return Kind::File,
        (["config", ..], "key") => return Kind::Setting,
        (["config", ..], "value") => return Kind::SettingValue,
        (_, "noun") => return Kind::Noun,
        (["field", "add"], "name") => {
            return Kind::Fixed(Noun::ALL.iter().map(|noun| format!("{noun}.")).collect());
        }
        (["find"], _)
        | (
            [
                "view" | "form" | "assignment" | "score" | "pool" | "survey" | "calendar" | "sla" | "rule"
                | "article",
                "add",
            ],
            "name",
        ) => {
            return Kind::Free;
        }
        (_, "stage") => return Kind::Stage,
        (_, "sort") => return relations(),
        (["deal", "person"], "people") | (_, "other" | "company") => {
            return Kind::Records(vec![Noun::Customer]);
        }
        (_, "pipeline") => return Kind::Records(vec![Noun::Pipeline]),
        _ => {}
    }
    let about = noun.unwrap_or(Noun::Customer);
    match name.as_str() {
        "DEAL" => Kind::Records(vec![Noun::Deal]),
        "KEY" => match noun {
            Some(noun) if noun.is_keyed() && noun != Noun::View => Kind::Records(vec![noun]),
            _ if path != ["view", "add"] => Kind::Records(vec![Noun::View]),
            _ => by_value_name(about, arg),
        },
        "OLD… NEW" => Kind::Records(vec![Noun::Tag]),
        "FILE|URL" | "FILE|-" => Kind::File,
        "REF" | "WINNER" | "LOSER" => match noun {
            Some(noun) => Kind::Records(vec![noun]),
            None => Kind::Records(vec![Noun::Customer, Noun::Deal, Noun::Task]),
        },
        "REF|FIELD=VALUE" => Kind::RecordsAndFields(about),
        "REF… TAG" => Kind::RecordsAnd(about, Box::new(Kind::Value(FieldType::Tags))),
        "REF… ITEM" => Kind::Records(vec![about]),
        "REF… STAGE" => Kind::RecordsAnd(about, Box::new(Kind::Stage)),
        "REF… USER" => Kind::RecordsAnd(about, Box::new(Kind::Records(vec![Noun::User]))),
        "REF… [STEP]" => Kind::RecordsAnd(about, Box::new(fixed(crm::domain::ticket::STEPS))),
        "REF… INTO" => Kind::Records(vec![about]),
        "REF… PHRASE" => Kind::RecordsAnd(about, Box::new(fixed(DAYS))),
        "FROM" | "TO[,TO…]" => Kind::Records(vec![Noun::User]),
        _ => by_value_name(about, arg),
    }
}

/// What rows of a report can be made by.
fn dimensions() -> Kind {
    let names = crm::report::Dimension::ALL.iter().map(|by| by.name().to_owned());
    Kind::Fixed(names.collect())
}

/// The columns of the report whose records can be listed.
fn figures(line: &Line) -> Kind {
    let report = line.words.first().map_or("", String::as_str);
    fixed(crm::report::figure::figures(report))
}

/// How customers can be related.
fn relations() -> Kind {
    Kind::Fixed(crm::domain::relationship::keys().map(str::to_owned).collect())
}

fn fixed(words: &[&str]) -> Kind {
    Kind::Fixed(words.iter().map(|word| (*word).to_owned()).collect())
}
