//! `crm backup`: copies of the base that are taken while others write, checked before they count, and restored.

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::{ArgMatches, Args, Command};
use crm::domain::field::FieldType;
use crm::domain::value::Value;
use crm::error::{Error, Kind, Result};
use crm::store::backup;
use jiff::civil::DateTime;

use crate::cli::{parsed, records};
use crate::ctx::Ctx;
use crate::paths::Paths;

/// Copy the base
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
struct BackupArgs {
    /// File to write, or folder to put it into; `backups` beside the base without one
    #[arg(value_name = "FILE|FOLDER")]
    place: Option<PathBuf>,
    /// Keep so many copies in the folder, and take away older ones that `crm backup` has made
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    keep: Option<u32>,
}

/// Check copies
#[derive(Debug, Args)]
struct VerifyArgs {
    /// Copy
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
}

/// Make the base what a copy is
#[derive(Debug, Args)]
struct RestoreArgs {
    /// Copy
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Name of the base's file, to say that it is meant
    #[arg(long, value_name = "NAME")]
    confirm: Option<String>,
}

/// Print what makes a copy every night
#[derive(Debug, Args)]
struct ScheduleArgs {
    /// hour, day or week
    #[arg(long, value_name = "SPAN", default_value = "day", value_parser = ["hour", "day", "week"])]
    every: String,
    /// Copies that are kept
    #[arg(long, value_name = "N", default_value = "14")]
    keep: u32,
}

pub(crate) fn define(command: Command) -> Command {
    let verb = |name: &'static str, about: &'static str| Command::new(name).about(about);
    BackupArgs::augment_args(command)
        .subcommand(verb("list", "List the copies beside the base"))
        .subcommand(
            verb("verify", "Check copies: ours, whole, nothing loose").defer(VerifyArgs::augment_args),
        )
        .subcommand(
            verb(
                "restore",
                "Make the base what a copy is; what was there is kept as a copy too",
            )
            .defer(RestoreArgs::augment_args),
        )
        .subcommand(
            verb("schedule", "Print a line for cron and a unit for systemd")
                .defer(ScheduleArgs::augment_args),
        )
}

pub(crate) fn run(ctx: &Ctx, matches: &ArgMatches) -> Result<()> {
    match matches.subcommand() {
        Some(("list", _)) => list(ctx),
        Some(("verify", matches)) => verify(ctx, &parsed(matches)?),
        Some(("restore", matches)) => restore(ctx, &parsed(matches)?),
        Some(("schedule", matches)) => schedule(ctx, &parsed(matches)?),
        _ => make(ctx, &parsed(matches)?),
    }
}

fn existing(ctx: &Ctx) -> Result<PathBuf> {
    let base = ctx.base()?;
    if base.exists() {
        return Ok(base);
    }
    Err(Error::new(
        Kind::Missing,
        format!("there is no base at {}", base.display()),
    ))
}

fn stem(base: &Path) -> String {
    let stem = base.file_stem().unwrap_or_default();
    stem.to_string_lossy().into_owned()
}

/// The name of a copy that is made now.
fn name(ctx: &Ctx, base: &Path) -> String {
    format!("{}-{}.db", stem(base), ctx.clock.zoned().strftime(STAMP))
}

/// How the moment of a copy stands in its name.
const STAMP: &str = "%Y%m%d-%H%M%S";

fn make(ctx: &Ctx, args: &BackupArgs) -> Result<()> {
    let base = existing(ctx)?;
    let target = match &args.place {
        Some(place) if place.is_dir() => place.join(name(ctx, &base)),
        Some(file) => file.clone(),
        None => Paths::backups(&base).join(name(ctx, &base)),
    };
    if ctx.global.dry_run {
        ctx.ui.note(&format!("dry run: would write {}", target.display()));
        return Ok(());
    }
    backup::copy(&base, &target)?;
    writeln!(ctx.ui.out(), "{}", target.display())?;
    if let (Some(keep), Some(folder)) = (args.keep, target.parent()) {
        let copies = copies(folder, &stem(&base))?;
        let surplus = copies
            .len()
            .saturating_sub(usize::try_from(keep).unwrap_or(usize::MAX));
        for copy in copies.into_iter().take(surplus) {
            std::fs::remove_file(&copy.path)
                .map_err(|error| Error::from(error).context(copy.path.display()))?;
            ctx.ui.detail(&format!("took away {}", copy.path.display()));
        }
    }
    Ok(())
}

/// A copy that `crm backup` has made, by its name.
struct Copy {
    path: PathBuf,
    at: DateTime,
    bytes: u64,
}

/// The copies of a base in a folder, the oldest first. No folder is no copies.
fn copies(folder: &Path, stem: &str) -> Result<Vec<Copy>> {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(Error::from(error).context(folder.display())),
    };
    let mut copies = Vec::new();
    for entry in entries {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let stamp = name
            .strip_prefix(stem)
            .and_then(|rest| rest.strip_prefix('-'))
            .and_then(|rest| rest.strip_suffix(".db"));
        if let Some(at) = stamp.and_then(|stamp| DateTime::strptime(STAMP, stamp).ok()) {
            copies.push(Copy {
                path: entry.path(),
                at,
                bytes: entry.metadata()?.len(),
            });
        }
    }
    copies.sort_by_key(|copy| copy.at);
    Ok(copies)
}

fn list(ctx: &Ctx) -> Result<()> {
    let base = ctx.base()?;
    let columns = [
        ("file", FieldType::Text),
        ("at", FieldType::Text),
        ("bytes", FieldType::Integer),
    ];
    let copies = copies(&Paths::backups(&base), &stem(&base))?;
    let rows = copies.into_iter().rev().map(|copy| {
        vec![
            Value::text(copy.path.display().to_string()),
            Value::text(copy.at.strftime("%Y-%m-%dT%H:%M:%S").to_string()),
            Value::Int(i64::try_from(copy.bytes).unwrap_or(i64::MAX)),
        ]
    });
    records::table(ctx, "backup", &columns, rows)
}

fn verify(ctx: &Ctx, args: &VerifyArgs) -> Result<()> {
    for file in &args.files {
        backup::verify(file)?;
        ctx.ui.note(&format!("{} is whole", file.display()));
    }
    Ok(())
}

fn restore(ctx: &Ctx, args: &RestoreArgs) -> Result<()> {
    let base = ctx.base()?;
    backup::verify(&args.file)?;
    let name = base
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    if base.exists() && args.confirm.as_deref() != Some(name.as_str()) {
        return Err(Error::new(
            Kind::Unconfirmed,
            format!(
                "this replaces {}; say --confirm={name} if it is meant",
                base.display()
            ),
        ));
    }
    if ctx.global.dry_run {
        ctx.ui.note("dry run: nothing was changed");
        return Ok(());
    }
    let stamp = ctx.clock.zoned().strftime(STAMP);
    let kept = Paths::backups(&base).join(format!("{}-before-restore-{stamp}.db", stem(&base)));
    let was_there = base.exists();
    backup::restore(&base, &args.file, &kept)?;
    ctx.ui.note(&format!(
        "{} is now what {} is",
        base.display(),
        args.file.display()
    ));
    if was_there {
        ctx.ui
            .note(&format!("what was there is kept at {}", kept.display()));
    }
    Ok(())
}

fn schedule(ctx: &Ctx, args: &ScheduleArgs) -> Result<()> {
    let base = ctx.base()?;
    let (cron, calendar) = match args.every.as_str() {
        "hour" => ("17 * * * *", "hourly"),
        "week" => ("17 2 * * 1", "weekly"),
        _ => ("17 2 * * *", "daily"),
    };
    let quoted = |path: &Path| format!("'{}'", path.display().to_string().replace('\'', "'\\''"));
    let command = format!(
        "{} --db {} backup --keep {} --quiet",
        quoted(&ctx.program()),
        quoted(&base),
        args.keep
    );
    let mut out = ctx.ui.out();
    writeln!(out, "# cron: add this line with `crontab -e`")?;
    // A percent sign ends the command in a crontab.
    writeln!(out, "{cron} {} > /dev/null", command.replace('%', "\\%"))?;
    writeln!(out)?;
    writeln!(out, "# systemd: ~/.config/systemd/user/crm-backup.service")?;
    writeln!(
        out,
        "[Service]\nType=oneshot\nExecStart={}",
        command.replace('%', "%%")
    )?;
    writeln!(out)?;
    writeln!(out, "# systemd: ~/.config/systemd/user/crm-backup.timer, then")?;
    writeln!(out, "# systemctl --user enable --now crm-backup.timer")?;
    writeln!(
        out,
        "[Timer]\nOnCalendar={calendar}\nPersistent=true\n\n[Install]\nWantedBy=timers.target"
    )?;
    Ok(())
}

/// The newest copy of a base in the usual folder, and when it was made.
pub(crate) fn newest(base: &Path) -> Option<(PathBuf, DateTime)> {
    let copies = copies(&Paths::backups(base), &stem(base)).ok()?;
    copies.into_iter().next_back().map(|copy| (copy.path, copy.at))
}
