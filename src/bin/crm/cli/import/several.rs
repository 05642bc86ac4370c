//! `crm import FOLDER|ZIP`: several files in, as one operation.

use crm::domain::actor::Via;
use crm::domain::noun::Noun;
use crm::error::{Error, Kind, Result};
use crm::ops::dump::MANIFEST;
use crm::ops::import::several::{self, Asked, Files, Plan};
use crm::ops::import::verdict::Summary;

use super::bundle::Bundle;
use super::errors::Errors;
use super::{ImportArgs, MOST_TOLD, Told, by_rule, file_name, preset, tell_given, tell_of};
use crate::ctx::{Access, Ctx};

pub(super) fn run(ctx: &Ctx, args: &ImportArgs) -> Result<()> {
    let path = args.path();
    refuse_what_is_for_one(args)?;
    let bundle = Bundle::open(path)?;
    let names = bundle.names();
    if names.iter().any(|name| name == MANIFEST) {
        return Err(Error::usage(format!(
            "this is a dump: `crm load {}` reads it",
            path.display()
        )));
    }
    let asked = Asked {
        system: args.system(),
        on_duplicate: args.on_duplicate()?,
        on_missing: args.on_missing()?,
        encoding: args.input.encoding.clone(),
        conventions: args.convention.said()?,
        preset: preset::choice(args)?,
        own: Vec::new(),
        said_system: args.system.clone(),
        unknown: preset::unknown(args)?,
    };
    let open = |at: usize| bundle.read(at);
    let mut plan = Plan::new(&names, &open, &asked)?;
    plan.left.extend(bundle.left.iter().cloned());
    plan.left.sort();
    for (name, title) in plan.files().take(MOST_TOLD) {
        if let Some(title) = title {
            ctx.ui.note(&format!("{name} is read as {title}"));
        }
    }
    tell_left(ctx, &plan.left);
    if plan.is_empty() {
        let what = path.display();
        return Err(Error::new(
            Kind::Invalid,
            format!("there is nothing to import in {what}"),
        ));
    }
    import(ctx, args, &plan, &open, &asked)
}

fn import(ctx: &Ctx, args: &ImportArgs, plan: &Plan, open: several::Open<'_>, asked: &Asked) -> Result<()> {
    let errors = match &args.errors {
        Some(path) if !ctx.global.dry_run => Some(Errors::of_several(path)?),
        _ => None,
    };
    let mut session = ctx.open(Access::Create)?;
    session.caller.via = Via::Import;
    let mut out = ctx.ui.out();
    let mut sink = Told::new(ctx, &mut out, errors, true)?;
    let from = file_name(args);
    let ((total, given), op) = session.write_once(ctx, |tx| {
        by_rule(tx, args, || several::run(tx, plan, open, asked, &from, &mut sink))
    })?;
    sink.finish()?;
    drop(out);
    tell_given(ctx, given.as_ref());
    ctx.ui.note(&format!(
        "{} created, {} updated, {} unchanged, {} skipped, {} rejected",
        total.created, total.updated, total.unchanged, total.skipped, total.rejected
    ));
    if ctx.global.dry_run {
        ctx.ui.note("dry run: nothing was changed");
    }
    if let Some(op) = op {
        ctx.ui.hint(&format!("`crm undo {}` takes all of it back", op.no));
    }
    ending(ctx, &total, plan.left.len())
}

/// What a file that has its own columns takes, and several do not.
fn refuse_what_is_for_one(args: &ImportArgs) -> Result<()> {
    let given = [
        (!args.map.is_empty(), "--map"),
        (!args.sets.is_empty(), "--set"),
        (!args.key.is_empty(), "--key"),
        (args.input.from.is_some(), "--from"),
        (args.input.sheet.is_some(), "--sheet"),
        (args.input.delimiter.is_some(), "--delimiter"),
    ];
    match given.iter().find(|(given, _)| *given) {
        Some((_, flag)) => Err(Error::usage(format!(
            "{flag} is for one file: `crm import NOUN FILE {flag} …`"
        ))),
        None => Ok(()),
    }
}

/// Says which files are left out; there may be thousands.
fn tell_left(ctx: &Ctx, left: &[(String, String)]) {
    for (name, reason) in left.iter().take(MOST_TOLD) {
        ctx.ui.warn(&format!("{name} is left out: {reason}"));
    }
    if let Some(more) = left.len().checked_sub(MOST_TOLD).filter(|more| *more > 0) {
        ctx.ui.warn(&format!("{more} more files are left out"));
    }
}

/// The end of an import that was not done in full is an error.
fn ending(ctx: &Ctx, total: &Summary, left: usize) -> Result<()> {
    let mut what = Vec::new();
    match total.rejected {
        0 => {}
        1 => what.push("1 row".to_owned()),
        count => what.push(format!("{count} rows")),
    }
    match left {
        0 => {}
        1 => what.push("1 file".to_owned()),
        count => what.push(format!("{count} files")),
    }
    if what.is_empty() {
        return Ok(());
    }
    let end = match ctx.global.dry_run {
        true => "would be left out",
        false => "left out; the others are in",
    };
    Err(Error::new(Kind::Partial, format!("{} {end}", what.join(" and "))))
}

impl Files for Told<'_> {
    fn begin(&mut self, file: &str, columns: Option<&[String]>) -> Result<()> {
        file.clone_into(&mut self.file);
        match &mut self.errors {
            Some(errors) => errors.begin(file, columns),
            None => Ok(()),
        }
    }

    fn end(&mut self, file: &str, noun: Option<Noun>, summary: &Summary) -> Result<()> {
        if summary.rows() == 0 {
            self.ctx.ui.note(&format!("{file} has no rows"));
            return Ok(());
        }
        self.ctx.ui.note(&format!(
            "{file}: {} created, {} updated, {} unchanged, {} skipped, {} rejected",
            summary.created, summary.updated, summary.unchanged, summary.skipped, summary.rejected
        ));
        tell_of(self.ctx, noun, summary);
        Ok(())
    }
}
