//! `crm privacy`: what is held of a person, and its erasure for good.

use std::fs;
use std::path::{Path, PathBuf};

use clap::{ArgMatches, Args, Command};
use crm::domain::field::FieldType;
use crm::domain::value::Value;
use crm::error::{Error, Result};
use crm::ops::privacy::{self, Entry, Erased};
use crm::store::erasures;
use jiff::Timestamp;
use serde_json::{Value as Json, json};

use crate::cli::output::Format;
use crate::cli::{parsed, records, written};
use crate::ctx::{Access, Ctx, Session};
use crate::paths::Paths;

// One person. No doc: clap would take it for what the command does.
#[derive(Debug, Args)]
struct PersonArgs {
    /// Person: ref, e-mail, phone, handle, or whatever else names one
    #[arg(value_name = "REF")]
    reference: String,
}

#[derive(Debug, Args)]
struct EraseArgs {
    /// Person: ref, e-mail, phone, handle, or whatever else names one
    #[arg(value_name = "REF")]
    reference: String,
    /// Why, as it is kept with the erasure; no word of the person
    #[arg(long, value_name = "TEXT", default_value = "")]
    reason: String,
}

#[derive(Debug, Args)]
struct LiftArgs {
    /// E-mail address, phone number, handle or system:value that may come back
    #[arg(value_name = "ADDRESS")]
    address: String,
}

pub(crate) fn define(command: Command) -> Command {
    let verb = |name: &'static str, about: &'static str, examples: &'static str| {
        Command::new(name).about(about).after_help(examples)
    };
    command
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommand(
            verb(
                "show",
                "Show what is held of a person, in numbers",
                "Examples:\n  crm privacy show C8\n  crm privacy show zhangwei@yunfan.example --format json",
            )
            .defer(PersonArgs::augment_args),
        )
        .subcommand(
            verb(
                "export",
                "Write everything that is held of a person, for whoever asks for it",
                "Each line is one thing: the record as programs read it, every row of every table, every line of the \
                 log.\n\nExamples:\n  crm privacy export C8 --format ndjson\n  crm privacy export C8 -o data.json",
            )
            .defer(PersonArgs::augment_args),
        )
        .subcommand(
            verb(
                "erase",
                "Erase everything that is held of a person, for good",
                "Deals, activities and tasks stay as rows without what they said, so that figures keep their sums; what the \
                 log held of the person goes too, and those operations can no longer be taken back. The addresses are \
                 kept out from then on by their hashes: an import skips them and says so. Backups are not touched.\n\n\
                 Examples:\n  crm privacy erase C8 --reason 'asked by letter' --yes\n  crm privacy erase C8 --dry-run\n  \
                 crm privacy erase C8   # exit 8",
            )
            .defer(EraseArgs::augment_args),
        )
        .subcommand(verb(
            "list",
            "List erasures",
            "Examples:\n  crm privacy erase C8 --yes -q && crm privacy list",
        ))
        .subcommand(
            verb(
                "lift",
                "Let an address come back that is kept out",
                "Examples:\n  crm privacy erase C8 --yes -q && crm privacy lift zhangwei@yunfan.example",
            )
            .defer(LiftArgs::augment_args),
        )
}

pub(crate) fn run(ctx: &Ctx, matches: &ArgMatches) -> Result<()> {
    match matches.subcommand() {
        Some(("show", matches)) => show(ctx, &parsed(matches)?),
        Some(("export", matches)) => export(ctx, &parsed(matches)?),
        Some(("erase", matches)) => erase(ctx, &parsed(matches)?),
        Some(("list", _)) => list(ctx),
        Some(("lift", matches)) => lift(ctx, &parsed(matches)?),
        _ => Err(Error::usage("no verb was given")),
    }
}

fn entries(ctx: &Ctx, args: &PersonArgs) -> Result<Vec<Entry>> {
    let session = ctx.open(Access::Read)?;
    session.store.read(&session.caller, |tx| {
        let person = privacy::person(tx, &args.reference)?;
        privacy::entries(tx, person)
    })
}

fn show(ctx: &Ctx, args: &PersonArgs) -> Result<()> {
    let entries = entries(ctx, args)?;
    let mut counts: Vec<(&str, i64)> = Vec::new();
    for entry in entries.iter().filter(|entry| entry.what != "record") {
        match counts.iter_mut().find(|(what, _)| *what == entry.what) {
            Some((_, count)) => *count += 1,
            None => counts.push((&entry.what, 1)),
        }
    }
    let columns = [
        ("what", FieldType::Text),
        ("count", FieldType::Integer),
        ("meaning", FieldType::Text),
    ];
    let rows = counts
        .into_iter()
        .map(|(what, count)| vec![Value::text(what), Value::Int(count), Value::text(meaning(what))]);
    records::table(ctx, "", &columns, rows)
}

/// What the things that are held are to people.
fn meaning(what: &str) -> &'static str {
    match what {
        "customer" => "the record, and those that were merged into it",
        "email" => "e-mail addresses",
        "phone" => "telephone numbers",
        "handle" => "names in messengers and networks",
        "address" => "further postal addresses",
        "employment" => "jobs",
        "relationship" => "how others are related",
        "not_duplicate" => "others who only look alike",
        "tagging" => "tags",
        "custom_value" => "values of custom fields",
        "external_id" => "ids in other systems",
        "value_interval" => "values as they were before",
        "activity" => "calls, meetings, messages and notes",
        "activity_customer" => "parts taken in activities",
        "letter" => "texts of messages",
        "task" => "tasks",
        "reminder" => "reminders of tasks",
        "deal" => "deals",
        "deal_person" => "parts taken in deals",
        "quote" => "quotes",
        "sales_order" => "orders",
        "attachment" => "files and links",
        "form_submission" => "what was sent by forms",
        "assignment_log" => "who got them by which rule",
        "rule_log" => "what rules did to them",
        "notification" => "what users were told of them",
        "erasure" => "erasures",
        "log" => "changes that the log has noted",
        _ => "",
    }
}

fn export(ctx: &Ctx, args: &PersonArgs) -> Result<()> {
    let entries = entries(ctx, args)?;
    let format = records::format(ctx)?;
    let is_named = ctx.global.format.is_some() || ctx.global.json.is_some() || ctx.global.template.is_some();
    if format.is_json() || !is_named {
        let objects: Vec<Json> = entries
            .iter()
            .map(|entry| json!({"what": entry.what, "id": entry.id, "data": entry.data}))
            .collect();
        // What is asked for in no format is for programs all the same.
        let format = if format.is_json() { format } else { Format::Ndjson };
        return records::json_objects(ctx, &format, &objects, false);
    }
    let columns = [
        ("what", FieldType::Text),
        ("id", FieldType::Text),
        ("data", FieldType::Text),
    ];
    let rows = entries.into_iter().map(|entry| {
        vec![
            Value::text(entry.what),
            Value::text(entry.id),
            Value::text(entry.data.to_string()),
        ]
    });
    records::table(ctx, "", &columns, rows)
}

fn erase(ctx: &Ctx, args: &EraseArgs) -> Result<()> {
    let base = ctx.base()?;
    let mut session = ctx.open(Access::Write)?;
    let (person, name) = session.store.read(&session.caller, |tx| {
        let person = privacy::person(tx, &args.reference)?;
        let noun = crm::domain::noun::Noun::Customer;
        Ok((person, crm::ops::refer::name(tx, noun, person)?))
    })?;
    written::confirmed(ctx, &format!("erase all data of {name}; nothing brings it back"))?;
    // The command line may name the person.
    session.caller.command = "crm privacy erase".to_owned();
    let (erased, _) = session.write(ctx, |tx| privacy::erase(tx, person, &args.reason))?;
    if !ctx.global.dry_run {
        scrub(ctx, &mut session);
    }
    tell(ctx, &erased);
    for file in &erased.files {
        forget(ctx, &base, file);
    }
    let holding = match copies(&base) {
        0 => None,
        1 => Some("1 copy of the base from before holds".to_owned()),
        copies => Some(format!("{copies} copies of the base from before hold")),
    };
    if let Some(holding) = holding {
        ctx.ui.warn(&format!(
            "{holding} the data still: see `crm backup list`, and {}",
            base.parent().unwrap_or(&base).display()
        ));
    }
    if ctx.global.dry_run {
        ctx.ui.note("dry run: nothing was changed");
    }
    Ok(())
}

/// Writes the file of the base anew. The erasure stands where that fails, so that it is no error of the command.
fn scrub(ctx: &Ctx, session: &mut Session) {
    let left = match session.store.scrub() {
        Ok(true) => return,
        Ok(false) => "another program reads the base".to_owned(),
        Err(error) => format!("the file could not be written anew ({error})"),
    };
    ctx.ui.warn(&format!(
        "{left}; until `crm compact`, the files of the base may hold some of the data"
    ));
}

fn tell(ctx: &Ctx, erased: &Erased) {
    let counted = |count: usize, one: &str, many: &str| match count {
        1 => format!("1 {one}"),
        count => format!("{count} {many}"),
    };
    let rows = counted(erased.rows, "row", "rows");
    let addresses = counted(erased.kept_out, "address", "addresses");
    let reference = &erased.reference;
    ctx.ui.note(&match (ctx.global.dry_run, erased.kept_out) {
        (true, _) => {
            format!("Would erase the data of {reference}: {rows}; would keep out {addresses} from then on")
        }
        (false, 1) => format!("Erased the data of {reference}: {rows}; 1 address is kept out from now on"),
        (false, _) => format!("Erased the data of {reference}: {rows}; {addresses} are kept out from now on"),
    });
    if !erased.mentions.is_empty() {
        let more = match erased.mentions.len() {
            privacy::MOST_MENTIONS => " and maybe more",
            _ => "",
        };
        let stays = if ctx.global.dry_run { "would stay" } else { "stays" };
        ctx.ui.warn(&format!(
            "what others are told of or have said {stays}, and mentions the name or an address: {}{more}",
            erased.mentions.join(" ")
        ));
    }
    for address in &erased.shared {
        ctx.ui.note(&format!(
            "{address} is somebody else's too and may go on being used"
        ));
    }
}

/// Takes away a copy that was kept beside the base; a file elsewhere is the user's own.
fn forget(ctx: &Ctx, base: &Path, location: &str) {
    let own = Paths::files(base);
    let folder = own.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let inside = location
        .strip_prefix(&folder)
        .and_then(|rest| rest.strip_prefix('/'))
        .filter(|name| !name.contains('/') && *name != "..");
    let Some(name) = inside else {
        let stays = if ctx.global.dry_run { "would stay" } else { "stays" };
        ctx.ui.warn(&format!("the file {location} {stays} where it is"));
        return;
    };
    let path: PathBuf = own.join(name);
    if ctx.global.dry_run {
        ctx.ui.note(&format!("Would take away {}", path.display()));
        return;
    }
    if let Err(error) = fs::remove_file(&path)
        && error.kind() != std::io::ErrorKind::NotFound
    {
        ctx.ui
            .warn(&format!("{} could not be taken away: {error}", path.display()));
    }
}

/// How many copies of the base there are beside it.
fn copies(base: &Path) -> usize {
    let stem = base
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    let names = |folder: &Path| {
        let entries = fs::read_dir(folder).into_iter().flatten().flatten();
        entries.map(|entry| entry.file_name().to_string_lossy().into_owned())
    };
    let is_old = |name: &String| name.starts_with(&format!("{stem}.schema-")) && name.ends_with(".backup");
    let beside = base
        .parent()
        .map_or(0, |folder| names(folder).filter(is_old).count());
    let kept = names(&Paths::backups(base));
    beside + kept.filter(|name| !name.starts_with('.')).count()
}

fn list(ctx: &Ctx) -> Result<()> {
    let session = ctx.open(Access::Read)?;
    let all = session.store.read(&session.caller, erasures::all)?;
    let columns = [
        ("id", FieldType::Text),
        ("at", FieldType::Instant),
        ("by", FieldType::Text),
        ("addresses", FieldType::Integer),
        ("reason", FieldType::Text),
    ];
    let rows = all.into_iter().map(|one| {
        let at = Timestamp::from_millisecond(one.at_ms).map(Value::Instant);
        vec![
            Value::text(format!("C{}", one.no)),
            at.unwrap_or(Value::Null),
            Value::text(one.by),
            Value::Int(one.addresses),
            Value::text(one.reason),
        ]
    });
    records::table(ctx, "erasure", &columns, rows)
}

fn lift(ctx: &Ctx, args: &LiftArgs) -> Result<()> {
    let mut session = ctx.open(Access::Write)?;
    session.caller.command = "crm privacy lift".to_owned();
    let (_, op) = session.write(ctx, |tx| privacy::lift(tx, &args.address))?;
    written::told(ctx, op.as_ref());
    Ok(())
}
