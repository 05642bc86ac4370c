//! What is told of every row of an import, and where refused ones go.

use crm::domain::field::FieldType;
use crm::domain::value::Value;
use crm::error::Result;
use crm::ops::import::verdict::{Judged, Sink, Verdict};
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
