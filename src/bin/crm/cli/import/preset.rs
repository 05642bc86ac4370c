//! What a file of another program means: recognised by its header, chosen, or written by the user.

use std::path::Path;

use crm::domain::field::FieldType;
use crm::domain::value::Value;
use crm::error::{Error, Kind, Result};
use crm::ops::import::Unknown;
use crm::ops::import::preset::{self, Asked, BUILT_IN, Choice, Preset};
use crm::ops::import::verdict::Summary;
use crm::wire::column::Column;

use super::told;
use super::{ImportArgs, MOST_TOLD, What, file_name, noun, request};
use crate::cli::output::Writer;
use crate::cli::records;
use crate::ctx::Ctx;

/// What the rows of a file of records are, by a preset or as they stand.
pub(super) fn what(ctx: &Ctx, args: &ImportArgs, columns: Option<&[String]>) -> Result<What> {
    let said = noun(args)?;
    let choice = choice(args)?;
    let unknown = unknown(args)?;
    let name = file_name(args);
    let Some(columns) = columns else {
        if let Choice::Preset(preset) = choice {
            let title = preset.title;
            return Err(Error::usage(format!(
                "{name} has no columns, of which alone {title} says something"
            )));
        }
        return plain(args);
    };
    if columns.is_empty() && said.is_none() {
        return Err(Error::new(Kind::Invalid, format!("{name} is empty")));
    }
    let map = super::map(args)?;
    let asked = Asked {
        noun: said,
        map: &map,
        system: args.system.as_deref(),
        unknown,
    };
    let Some(plan) = preset::meaning(&choice, &[], columns, &name, &asked)? else {
        return plain(args);
    };
    let how = match choice {
        Choice::Preset(_) => "",
        _ => " (--preset none takes it as it stands)",
    };
    ctx.ui.note(&format!("{name} is read as {}{how}", plan.title));
    if ctx.global.dry_run {
        for (column, fields) in plan.mapping() {
            ctx.ui.note(&match (fields.is_empty(), unknown) {
                (false, _) => format!("{column} -> {}", fields.join(", ")),
                (true, Unknown::Note) => format!("{column} -> a line of the note"),
                (true, Unknown::Field) => format!("{column} -> a custom field"),
                (true, Unknown::Drop) => format!("{column} -> nothing"),
            });
        }
    }
    let request = request(args, plan.about())?;
    Ok(What::Foreign(Box::new(plan), request))
}

fn plain(args: &ImportArgs) -> Result<What> {
    match noun(args)? {
        Some(noun) => Ok(What::Records(request(args, noun)?)),
        None => Err(Error::usage(format!(
            "nothing says what the rows of {} are: `crm import NOUN {0}`, where NOUN is contact, company, deal, task or another \
             of `crm import --help`",
            args.path().display()
        ))),
    }
}

/// What `--preset` says.
pub(super) fn choice(args: &ImportArgs) -> Result<Choice> {
    let Some(said) = args.preset.as_deref() else {
        return Ok(Choice::Recognise);
    };
    if said == "none" {
        return Ok(Choice::Plain);
    }
    let is_name = BUILT_IN.iter().any(|(name, _)| *name == said);
    let is_path = said.contains(['/', '\\']) || said.ends_with(".toml") || Path::new(said).is_file();
    let preset = match is_path && !is_name {
        true => from_file(Path::new(said))?,
        false => preset::built_in(said)?,
    };
    Ok(Choice::Preset(Box::new(preset)))
}

fn from_file(path: &Path) -> Result<Preset> {
    let name = path.display().to_string();
    let text = std::fs::read_to_string(path).map_err(|error| Error::from(error).context(&name))?;
    Preset::parse(&text, &name)
}

/// What `--unknown` says.
pub(super) fn unknown(args: &ImportArgs) -> Result<Unknown> {
    match args.unknown.as_deref() {
        None | Some("note") => Ok(Unknown::Note),
        Some("drop") => Ok(Unknown::Drop),
        Some("field") => Ok(Unknown::Field),
        Some(other) => Err(Error::usage(format!(
            "--unknown takes note, drop or field, not {other:?}"
        ))),
    }
}

/// `crm import presets [NAME]`: the presets, or the text of one.
pub(super) fn list_or_show(ctx: &Ctx, args: &ImportArgs) -> Result<()> {
    let mut out = ctx.ui.out();
    if let Some(name) = &args.file {
        let name = name.to_string_lossy();
        return match BUILT_IN.iter().find(|(known, _)| *known == name) {
            Some((_, text)) => Ok(std::io::Write::write_all(&mut out, text.as_bytes())?),
            None => preset::built_in(&name).map(drop),
        };
    }
    let columns = [
        ("name", FieldType::Text),
        ("title", FieldType::Text),
        ("files", FieldType::Text),
    ];
    let columns = columns.map(|(name, kind)| Column::new(name, kind));
    let (format, options) = (records::format(ctx)?, records::options(ctx));
    let mut writer = Writer::begin(format, options, &mut out, &columns, "")?;
    for (name, _) in BUILT_IN {
        let preset = preset::built_in(name)?;
        let files: Vec<&str> = preset.shapes.iter().map(|shape| shape.title.as_str()).collect();
        writer.row(&[
            Value::text(*name),
            Value::text(preset.title.as_str()),
            Value::text(files.join(", ")),
        ])?;
    }
    writer.finish()?;
    Ok(())
}

/// What a preset made of a file, as far as it is to be known.
pub(super) fn tell(ctx: &Ctx, summary: &Summary) {
    if !summary.noted.is_empty() {
        ctx.ui.note(&format!(
            "columns that stand in the note: {}",
            summary.noted.join(", ")
        ));
    }
    let placed: Vec<String> = summary
        .placed
        .iter()
        .map(|(said, key, _)| format!("{said} -> {key}"))
        .collect();
    if !placed.is_empty() {
        ctx.ui.note(&format!(
            "stages that go by another name here: {}",
            placed.join(", ")
        ));
    }
    for (name, count) in summary.strangers.iter().take(MOST_TOLD) {
        ctx.ui.warn(&format!(
            "{name:?} is no active user here; {} the name in the note",
            told::several(*count, "record has", "records have")
        ));
    }
    if !summary.strangers.is_empty() {
        ctx.ui
            .note("`crm user add NAME email=ADDRESS`, and the same import once more gives them their owners");
    }
    for (reason, count) in &summary.left {
        let rows = told::several(*count, "row", "rows");
        ctx.ui.note(&format!("{rows} left out: {reason}"));
    }
    for (column, text, count) in summary.kept.iter().take(MOST_TOLD) {
        ctx.ui.warn(&format!(
            "{column}: {text:?} stands in the note, because no field takes it ({})",
            told::times(*count)
        ));
    }
    if let Some(more) = summary.kept.len().checked_sub(MOST_TOLD).filter(|more| *more > 0) {
        let texts = told::several(
            u64::try_from(more).unwrap_or(u64::MAX),
            "more text stands",
            "more texts stand",
        );
        ctx.ui.warn(&format!("{texts} in the note"));
    }
}
