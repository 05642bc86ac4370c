//! What was chosen for a file is remembered by its header, said when it holds, and can be forgotten.

use crm::domain::field::FieldType;
use crm::domain::value::Value;
use crm::error::{Error, Result};
use crm::ops::import::memory::{self, Choices};
use crm::ops::import::preset::BUILT_IN;
use crm::store::WriteTx;
use crm::wire::column::Column;

use super::{ImportArgs, file_name};
use crate::cli::output::Writer;
use crate::cli::records;
use crate::ctx::{Access, Ctx, Session};

/// The noun that was said; nothing if the file says it.
fn noun(args: &ImportArgs) -> &str {
    match args.file {
        Some(_) => &args.noun,
        None => "",
    }
}

/// What the command line chooses. A preset in a file is not remembered: the file may be gone next time.
pub(super) fn chosen(args: &ImportArgs) -> Choices {
    let is_known = |name: &&String| *name == "none" || BUILT_IN.iter().any(|(known, _)| known == *name);
    Choices {
        preset: args.preset.as_ref().filter(is_known).cloned(),
        unknown: args.unknown.clone(),
        map: super::map(args).unwrap_or_default(),
    }
}

/// Lets what was chosen for a file with this header hold, if nothing is chosen now.
pub(super) fn recall(
    ctx: &Ctx,
    session: &Session,
    args: &mut ImportArgs,
    columns: Option<&[String]>,
) -> Result<()> {
    let Some(columns) = columns.filter(|_| args.preset.is_none() && chosen(args).is_empty()) else {
        return Ok(());
    };
    let word = noun(args).to_owned();
    let found = session
        .store
        .read(&session.caller, |tx| memory::remembered(tx, columns, &word))?;
    let Some(found) = found else { return Ok(()) };
    ctx.ui.note(&format!(
        "read as {} was: {} (`crm import forget {}` ends this)",
        found.file,
        found.choices.words(),
        found.number
    ));
    args.preset = found.choices.preset;
    args.unknown = found.choices.unknown;
    let map = found.choices.map.into_iter();
    args.map = map.map(|(column, field)| format!("{column}={field}")).collect();
    Ok(())
}

/// Remembers what was chosen, for files that have a header.
pub(super) fn remember(
    tx: &WriteTx<'_>,
    args: &ImportArgs,
    columns: Option<&[String]>,
    chosen: &Choices,
) -> Result<()> {
    match columns.filter(|_| !chosen.is_empty()) {
        Some(columns) => memory::remember(tx, columns, noun(args), &file_name(args), chosen),
        None => Ok(()),
    }
}

/// `crm import remembered` and `crm import forget NUMBER`.
pub(super) fn run(ctx: &Ctx, args: &ImportArgs) -> Result<()> {
    if args.noun == "forget" {
        let number = args.file.as_ref().map(|word| word.to_string_lossy());
        let number = number.as_deref().and_then(|word| word.parse().ok());
        let number = number.ok_or_else(|| {
            Error::usage("forget takes a number of the list that `crm import remembered` shows")
        })?;
        let mut session = ctx.open(Access::Write)?;
        let (gone, _) = session.write(ctx, |tx| memory::forget(tx, number))?;
        ctx.ui.note(&format!("{} is read by itself again", gone.file));
        return Ok(());
    }
    let session = ctx.open(Access::Read)?;
    let all = session.store.read(&session.caller, memory::all)?;
    let columns = [
        ("number", FieldType::Integer),
        ("noun", FieldType::Text),
        ("file", FieldType::Text),
        ("columns", FieldType::Text),
        ("choices", FieldType::Text),
        ("at", FieldType::Instant),
    ];
    let columns = columns.map(|(name, kind)| Column::new(name, kind));
    let mut out = ctx.ui.out();
    let (format, options) = (records::format(ctx)?, records::options(ctx));
    let mut writer = Writer::begin(format, options, &mut out, &columns, "")?;
    for one in all {
        writer.row(&[
            Value::Int(i64::try_from(one.number).unwrap_or(i64::MAX)),
            Value::text(one.noun.as_str()),
            Value::text(one.file.as_str()),
            Value::text(one.columns.join(", ")),
            Value::text(one.choices.words()),
            Value::Instant(one.at),
        ])?;
    }
    writer.finish()?;
    Ok(())
}
