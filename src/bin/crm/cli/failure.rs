//! From an error to words, hints and an exit code.

use crm::domain::noun::Noun;
use crm::error::{Error, Kind, Lack};
use crm::ops::import::convention;
use crm::wire::read::decode;
use serde_json::{Value as Json, json};

use crate::cli::ui::Ui;
use crate::text::shell;

/// The exit code of a kind of error; the table is in the manual.
pub(crate) fn exit_code(kind: Kind) -> u8 {
    match kind {
        Kind::Full | Kind::Io | Kind::Internal => 1,
        Kind::Usage => 2,
        Kind::NotFound => 3,
        Kind::Ambiguous | Kind::Duplicate | Kind::Conflict => 4,
        Kind::Invalid | Kind::Erased => 5,
        Kind::Partial => 6,
        Kind::Busy => 7,
        Kind::Unconfirmed => 8,
        Kind::ReadOnly => 9,
        Kind::Missing | Kind::Foreign | Kind::TooNew => 10,
        Kind::Corrupt | Kind::Altered => 11,
        Kind::TimedOut => 124,
        Kind::Interrupted => 130,
    }
}

/// Says what failed, in words or as one line of JSON, and gives the exit code.
pub(crate) fn report(ui: &Ui, error: &Error, json: bool) -> u8 {
    let code = exit_code(error.kind());
    // Who ends something by a key needs no words.
    if error.kind() == Kind::Interrupted && error.message().is_empty() {
        return code;
    }
    let hints = hints(error);
    if json {
        let candidates: Vec<Json> = error
            .candidates()
            .iter()
            .map(|candidate| {
                json!({
                    "kind": candidate.noun.name(),
                    "id": candidate.reference,
                    "name": candidate.name,
                    "detail": candidate.detail,
                })
            })
            .collect();
        let line = json!({"error": {
            "code": error.kind().code(),
            "exit": code,
            "message": error.message(),
            "field": error.field(),
            "hint": hints.first(),
            "candidates": candidates,
        }});
        ui.machine_line(&line.to_string());
        return code;
    }
    ui.error(error.message(), &[]);
    for candidate in error.candidates() {
        ui.note(&format!(
            "  {}  {}  {}",
            candidate.reference, candidate.name, candidate.detail
        ));
    }
    for hint in hints {
        ui.note(&format!("hint: {hint}"));
    }
    let mut cause = std::error::Error::source(error);
    while let Some(source) = cause {
        ui.detail(&format!("because: {source}"));
        cause = source.source();
    }
    code
}

/// What can be done about it.
fn hints(error: &Error) -> Vec<String> {
    let mut hints = Vec::new();
    if !error.near().is_empty() {
        hints.push(format!("did you mean {}?", error.near().join(", ")));
    }
    hints.extend(ways(error));
    let advice = match error.kind() {
        // Of anything else there is one of a name.
        Kind::Duplicate if error.candidates().iter().any(|one| one.noun == Noun::Customer) => {
            Some("`--on-duplicate create` adds it all the same, `update` adds to the one that is there")
        }
        Kind::Ambiguous => Some("use one of these refs"),
        Kind::Busy => Some("try again, or wait longer with --timeout SECONDS"),
        Kind::TimedOut => Some("give it longer with --timeout SECONDS"),
        Kind::Missing => Some("`crm init` makes a base; --db FILE names one"),
        Kind::TooNew => Some("use a newer version of crm"),
        Kind::Unconfirmed => Some("add --yes"),
        Kind::Altered => Some("put the file back, or attach it anew to take it as it is now"),
        Kind::Corrupt => {
            Some("`crm backup list` names copies, and `crm backup restore FILE` brings one back")
        }
        Kind::Full => Some("make room, and say it again"),
        Kind::Usage if error.field() == Some(convention::DAYS) => {
            Some("--date-order dmy|mdy|ymd says how days are meant, and refuses what is written otherwise")
        }
        Kind::Usage if error.field() == Some(convention::NUMBERS) => {
            Some("--decimal . or , says how numbers are meant, and refuses what is written otherwise")
        }
        Kind::Usage if error.field() == Some(convention::CONVENTION) => Some(
            "--date-order dmy|mdy|ymd or --decimal .|, says how it is meant, and refuses what is written otherwise",
        ),
        Kind::Invalid if error.field() == Some(decode::ENCODING) => {
            Some("--encoding NAME says what it is written in: utf-8, gbk, big5, shift_jis, windows-1252 …")
        }
        _ => None,
    };
    hints.extend(advice.map(str::to_owned));
    hints
}

/// How what is missing can be given: with the same command, or by one before it.
fn ways(error: &Error) -> Vec<String> {
    let mut ways: Vec<String> = Vec::new();
    let mut together: Vec<String> = Vec::new();
    let mut before: Vec<(String, Vec<String>)> = Vec::new();
    let mut add = |command: String, word: String| match before.iter_mut().find(|(known, _)| *known == command)
    {
        Some((_, words)) => words.push(word),
        None => before.push((command, vec![word])),
    };
    for lack in error.lacks() {
        match lack {
            Lack::Field { reference, name, .. } if reference.is_empty() => {
                together.push(format!("--field {name}=…"));
            }
            Lack::Field {
                noun,
                reference,
                name,
            } => {
                if *noun == Noun::Deal {
                    together.push(format!("--set {name}=…"));
                }
                add(format!("crm {noun} set {reference}"), format!("{name}=…"));
            }
            Lack::Item { reference, item } => {
                add(format!("crm deal check {reference}"), item.clone());
            }
        }
    }
    if !together.is_empty() {
        ways.push(format!("give it with the same command: {}", together.join(" ")));
    }
    for (command, words) in before {
        let words = match command.contains(" check ") {
            true => shell::line(&[words.join("; ")]),
            false => words.join(" "),
        };
        ways.push(format!("`{command} {words}`"));
    }
    ways
}
