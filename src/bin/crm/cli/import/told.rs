//! What is told of every row of an import, and where refused ones go.

use crm::domain::field::{self, FieldType};
use crm::domain::noun::Noun;
use crm::domain::value::Value;
use crm::error::Result;
use crm::ops::import::verdict::{Judged, Sink, Verdict};
use crm::ops::process;
use crm::wire::column::Column;

use super::errors::Errors;
use crate::cli::output::Writer;
use crate::cli::records;
use crate::cli::ui::{Out, Progress};
use crate::ctx::Ctx;

/// The columns of the verdicts of a dry run.
const VERDICTS: [(&str, FieldType); 6] = [
    ("line", FieldType::Integer),
    ("verdict", FieldType::Text),
    ("id", FieldType::Text),
    ("name", FieldType::Text),
    ("field", FieldType::Text),
    ("reason", FieldType::Text),
];

/// At most so many refused rows, or records that were made, are told one by one.
pub(super) const MOST_TOLD: usize = 20;

/// What is told of every row: refused ones on stderr and into the file, the verdict of each in a dry run.
pub(super) struct Told<'c> {
    pub(super) ctx: &'c Ctx,
    /// The name of the file, if there are several.
    pub(super) file: String,
    pub(super) errors: Option<Errors>,
    pub(super) shown: usize,
    /// Whether a row was refused because nobody knows the stage or the pipeline that it names.
    pub(super) placeless: bool,
    /// Whether a row was refused because it names a user who is none.
    pub(super) userless: bool,
    pub(super) judged: u64,
    pub(super) progress: Progress<'c>,
    pub(super) verdicts: Option<Writer<'c>>,
}

impl<'c> Told<'c> {
    /// For one file, or for several, each named; a dry run writes its verdicts to `out`.
    pub(super) fn new(
        ctx: &'c Ctx,
        out: &'c mut Out<'_>,
        errors: Option<Errors>,
        several: bool,
    ) -> Result<Told<'c>> {
        let verdicts = if ctx.global.dry_run {
            let file = several.then_some(("file", FieldType::Text));
            let columns = file.into_iter().chain(VERDICTS);
            let columns: Vec<Column> = columns.map(|(name, kind)| Column::new(name, kind)).collect();
            let (format, options) = (records::format(ctx)?, records::options(ctx));
            Some(Writer::begin(format, options, out, &columns, "")?)
        } else {
            None
        };
        Ok(Told {
            ctx,
            file: String::new(),
            errors,
            shown: 0,
            placeless: false,
            userless: false,
            judged: 0,
            progress: ctx.ui.progress("importing", 0),
            verdicts,
        })
    }

    pub(super) fn finish(self) -> Result<()> {
        if self.placeless {
            self.ctx.ui.hint(
                "`crm pipeline stage add PIPELINE NAME` makes a stage, `crm pipeline add NAME` a pipeline; \
                 --on-missing create makes all that are named; then the same import once more",
            );
        }
        if self.userless {
            self.ctx.ui.note(
                "`crm user add NAME email=ADDRESS` makes a user; --on-missing create makes all that are named; then the same \
                 import once more",
            );
        }
        if let Some(errors) = self.errors {
            errors.finish()?;
        }
        if let Some(verdicts) = self.verdicts {
            verdicts.finish()?;
        }
        Ok(())
    }

    fn refused(&mut self, row: &Judged<'_>) -> Result<()> {
        if self.shown < MOST_TOLD {
            let file = match self.file.as_str() {
                "" => String::new(),
                file => format!("{file}, "),
            };
            let line = row.line;
            self.ctx.ui.warn(&format!("{file}line {line}: {}", row.reason));
        } else if self.shown == MOST_TOLD {
            self.ctx.ui.warn("and more; --errors FILE keeps all of them");
        }
        self.shown += 1;
        self.userless |= row.field.is_some_and(is_of_users) && row.reason.contains("there is no user");
        self.placeless |= matches!(row.field, Some("stage" | "pipeline"));
        match &mut self.errors {
            Some(errors) => errors.write(row),
            None => Ok(()),
        }
    }
}

impl Sink for Told<'_> {
    fn judged(&mut self, row: &Judged<'_>) -> Result<()> {
        self.judged += 1;
        match &mut self.verdicts {
            Some(verdicts) if self.file.is_empty() => verdicts.row(&verdict(row))?,
            Some(verdicts) => {
                let mut cells = vec![Value::text(self.file.as_str())];
                cells.extend(verdict(row));
                verdicts.row(&cells)?;
            }
            None => {
                self.progress.tick(self.judged, self.ctx.elapsed_ms());
                if row.verdict == Verdict::Rejected {
                    self.refused(row)?;
                } else if matches!(row.verdict, Verdict::Updated | Verdict::Unchanged)
                    && !row.reason.is_empty()
                {
                    // Taken, but not the whole of it.
                    self.ctx.ui.warn(&format!("line {}: {}", row.line, row.reason));
                } else if row.verdict == Verdict::Skipped && row.field.is_some() {
                    self.ctx
                        .ui
                        .note(&format!("line {} skipped: {}", row.line, row.reason));
                }
            }
        }
        Ok(())
    }
}

/// Warns of what was kept although it could not be understood, or counts for less than it could: field, text, and how often.
pub(super) fn doubts(ctx: &Ctx, noun: Option<Noun>, doubts: &[(String, String, u64)]) {
    for (name, text, count) in doubts {
        match (name.as_str(), noun) {
            ("phones", _) if text.is_empty() => ctx.ui.warn(&format!(
                "{} no country and stay as they are; the same import once more with --region CC, the country they are of, \
                 reads them",
                several(*count, "telephone number names", "telephone numbers name")
            )),
            ("amount", _) => ctx.ui.warn(&format!(
                "{} in {text}, for which there is no rate: no sum counts them; `crm rate set {text} RATE` says what it is worth",
                several(*count, "deal", "deals")
            )),
            (process::UNMET, _) => ctx.ui.warn(&format!(
                "{} into a stage that asks for more: {text}",
                several(*count, "deal comes", "deals come")
            )),
            _ => ctx.ui.warn(&doubt(noun, name, text, *count)),
        }
    }
}

fn doubt(noun: Option<Noun>, name: &str, text: &str, count: u64) -> String {
    let kind = noun
        .and_then(|noun| field::find(noun, name))
        .map(|field| field.kind);
    let linked = matches!(kind, Some(FieldType::Link(_)));
    let times = times(count);
    if kind == Some(FieldType::Parts) && text.is_empty() {
        return format!(
            "{name}: read only in rows of a full export, which have uid and version; left out {times}"
        );
    }
    if matches!(name, "owner" | "assignee") {
        format!("{name}: {text:?} is disabled; what is closed was kept in that name ({times})")
    } else if linked {
        format!("{name}: {text:?} is not there yet; import this file once more when it is ({times})")
    } else {
        format!("{name}: {text:?} is not known and was kept as it is ({times})")
    }
}

/// True for a field that leads to a user, of whatever noun.
fn is_of_users(name: &str) -> bool {
    Noun::ALL.iter().any(|noun| {
        field::find(*noun, name).is_some_and(|field| matches!(field.kind, FieldType::Link(Noun::User)))
    })
}

/// A count with what is counted.
pub(super) fn several(count: u64, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

/// How often.
pub(super) fn times(count: u64) -> String {
    match count {
        1 => "once".to_owned(),
        count => format!("{count} times"),
    }
}

/// The cells of [`VERDICTS`].
fn verdict(row: &Judged<'_>) -> [Value; 6] {
    let text = |text: &str| match text {
        "" => Value::Null,
        text => Value::text(text),
    };
    [
        Value::Int(i64::try_from(row.line).unwrap_or(i64::MAX)),
        Value::text(row.verdict.name()),
        text(row.reference.as_deref().unwrap_or_default()),
        text(&row.name),
        text(row.field.unwrap_or_default()),
        text(row.reason),
    ]
}
