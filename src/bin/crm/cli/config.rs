//! `crm config`: the settings file.

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::{ArgMatches, Args, Command};
use crm::config::edit::with_setting;
use crm::config::settings::{SETTINGS, check_name};
use crm::config::{Config, defaults};
use crm::domain::field::FieldType;
use crm::domain::value::Value;
use crm::error::{Error, Result};

use crate::cli::{editor, open_tui, parsed, records};
use crate::ctx::Ctx;
use crate::paths::Said;

/// Show settings
#[derive(Debug, Args)]
struct ShowArgs {
    /// Say where each value comes from
    #[arg(long)]
    origin: bool,
}

/// Print one setting
#[derive(Debug, Args)]
struct GetArgs {
    /// Name of the setting; an entry of a table is columns.NOUN, theme.PART or keys.ACTION
    key: String,
}

/// Change one setting
#[derive(Debug, Args)]
struct SetArgs {
    /// Name of the setting; an entry of a table is columns.NOUN, theme.PART or keys.ACTION
    key: String,
    /// Value, lists with commas; an empty one takes the setting out
    value: String,
}

pub(crate) fn define(command: Command) -> Command {
    let verb = |name: &'static str, about: &'static str| Command::new(name).about(about);
    command
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommand(verb("show", "Show all settings").defer(ShowArgs::augment_args))
        .subcommand(verb("get", "Print one setting").defer(GetArgs::augment_args))
        .subcommand(verb("set", "Change one setting in the file").defer(SetArgs::augment_args))
        .subcommand(verb("path", "Print where the file is"))
        .subcommand(verb(
            "edit",
            "Open the file in your editor, and check it afterwards",
        ))
        .subcommand(verb("check", "Check the file"))
}

pub(crate) fn run(ctx: &Ctx, matches: &ArgMatches) -> Result<()> {
    match matches.subcommand() {
        Some(("show", matches)) => show(ctx, &parsed(matches)?),
        Some(("get", matches)) => get(ctx, &parsed(matches)?),
        Some(("set", matches)) => set(ctx, &parsed(matches)?),
        Some(("path", _)) => Ok(writeln!(ctx.ui.out(), "{}", ctx.settings()?.display())?),
        Some(("edit", _)) => edit(ctx),
        Some(("check", _)) => check(ctx),
        _ => Err(Error::usage("no verb was given")),
    }
}

/// The text of the file; the defaults, which set nothing, where there is none.
fn text(path: &Path) -> Result<String> {
    match std::fs::read_to_string(path) {
        Ok(text) => Ok(text),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(defaults()),
        Err(error) => Err(Error::from(error).context(path.display())),
    }
}

fn show(ctx: &Ctx, args: &ShowArgs) -> Result<()> {
    let path = ctx.settings()?;
    let file = Config::parse(&text(&path)?).map_err(|error| error.context(path.display()));
    let mut columns = vec![
        ("name", FieldType::Text),
        ("value", FieldType::Text),
        ("origin", FieldType::Text),
    ];
    columns.truncate(if args.origin { 3 } else { 2 });
    let mut rows = Vec::new();
    let entries = ctx.config.entries();
    let single = SETTINGS.iter().map(|setting| setting.name);
    for name in single.chain(entries.iter().map(|(name, _)| name.as_str())) {
        let (value, origin) = effective(ctx, name)?;
        let mut row = vec![Value::text(name), Value::text(value), Value::text(origin)];
        row.truncate(columns.len());
        rows.push(row);
    }
    records::table(ctx, "", &columns, rows)?;
    file.map(|_| ())
}

/// What holds for a setting in this call, and who says so.
fn effective(ctx: &Ctx, name: &str) -> Result<(String, String)> {
    let file = || {
        ctx.settings()
            .map_or_else(|_| String::new(), |path| path.display().to_string())
    };
    if name == "database" {
        let (path, said) = ctx.place()?;
        let origin = match said {
            Said::Flag => "--db".to_owned(),
            Said::Variable => "CRM_DB".to_owned(),
            Said::Config => file(),
            Said::Default => "default".to_owned(),
        };
        return Ok((path.display().to_string(), origin));
    }
    let global = &ctx.global;
    let above = match name {
        "user" => global.user.clone().map(|user| (user, "--as")),
        "region" => global
            .region
            .clone()
            .map(|region| (region, "--region or CRM_REGION")),
        "zone" => global.tz.clone().map(|zone| (zone, "--tz or CRM_TZ")),
        "color" => global.color.clone().map(|color| (color, "--color or CRM_COLOR")),
        _ => None,
    };
    if let Some((value, origin)) = above {
        return Ok((value, origin.to_owned()));
    }
    match ctx.config.get(name) {
        Some(value) => Ok((value, file())),
        None => Ok((fallback(ctx, name), "default".to_owned())),
    }
}

/// What holds where nobody says anything; empty for nothing.
fn fallback(ctx: &Ctx, name: &str) -> String {
    match name {
        "user" => crm::ops::found::FIRST_USER.to_owned(),
        "currency" => ctx.currency().code().to_owned(),
        "zone" => ctx.clock.zone().iana_name().unwrap_or_default().to_owned(),
        "week_start" => "monday".to_owned(),
        "quote_days" => crm::domain::quote::VALID_DAYS.to_string(),
        "durability" => "normal".to_owned(),
        "color" | "symbols" | "clipboard" => "auto".to_owned(),
        "start_screen" => "today".to_owned(),
        "theme" | "keymap" => "default".to_owned(),
        "charts" => "blocks".to_owned(),
        "mouse" => "true".to_owned(),
        _ => String::new(),
    }
}

fn get(ctx: &Ctx, args: &GetArgs) -> Result<()> {
    check_name(&args.key)?;
    let (value, _) = effective(ctx, &args.key)?;
    Ok(writeln!(ctx.ui.out(), "{}", crate::text::sanitise::line(&value))?)
}

/// The text of the settings with one of them changed, and where they are.
fn edited(ctx: &Ctx, key: &str, value: Option<&str>) -> Result<(PathBuf, String)> {
    let path = ctx.settings()?;
    let edited = with_setting(&text(&path)?, key, value).map_err(|error| error.context(path.display()))?;
    Ok((path, edited))
}

/// Whether a setting could be kept.
///
/// # Errors
///
/// There is no place for settings, they cannot be read, or the value is none.
pub(crate) fn could_keep(ctx: &Ctx, key: &str, value: &str) -> Result<()> {
    edited(ctx, key, Some(value)).map(drop)
}

/// Keeps a setting that another command was told, and says so.
///
/// # Errors
///
/// Those of [`could_keep`], or the file cannot be written.
pub(crate) fn keep(ctx: &Ctx, key: &str, value: &str) -> Result<()> {
    let (path, text) = edited(ctx, key, Some(value))?;
    write(&path, &text)?;
    ctx.ui
        .note(&format!("{key} is {value} for all bases, by {}", path.display()));
    Ok(())
}

fn set(ctx: &Ctx, args: &SetArgs) -> Result<()> {
    let value = Some(args.value.as_str()).filter(|value| !value.is_empty());
    let (path, edited) = edited(ctx, &args.key, value)?;
    if ctx.global.dry_run {
        ctx.ui.note("dry run: nothing was changed");
        return Ok(());
    }
    write(&path, &edited)?;
    match value {
        Some(value) => ctx.ui.note(&format!("{} is {value}", args.key)),
        None => ctx.ui.note(&format!("{} is not set", args.key)),
    }
    Ok(())
}

/// Writes the file beside and puts it in place, so that it is never half there.
fn write(path: &Path, text: &str) -> Result<()> {
    let attempt = || -> std::io::Result<()> {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        let building = path.with_extension("part");
        std::fs::write(&building, text)?;
        std::fs::rename(&building, path)
    };
    attempt().map_err(|error| Error::from(error).context(path.display()))
}

fn edit(ctx: &Ctx) -> Result<()> {
    let path = ctx.settings()?;
    if !path.exists() {
        write(&path, &defaults())?;
    }
    editor::open(ctx, &path)?;
    check(ctx)
}

fn check(ctx: &Ctx) -> Result<()> {
    let path = ctx.settings()?;
    let (config, warnings) = Config::parse(&text(&path)?).map_err(|error| error.context(path.display()))?;
    let keys = open_tui::wrong_keys(&config);
    if warnings.is_empty() && keys.is_empty() {
        ctx.ui.note(&format!("{} is fine", path.display()));
    }
    for warning in warnings {
        let near = warning.near.first();
        let meant = near.map_or_else(String::new, |near| format!("; did you mean {near}?"));
        ctx.ui.warn(&format!("{warning}{meant}"));
    }
    for wrong in keys {
        ctx.ui.warn(&wrong);
    }
    Ok(())
}
