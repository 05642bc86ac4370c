//! What every noun's commands have alike: list, show, set, and how records are written out.

use std::io::{BufRead, Write};
use std::ops::ControlFlow;
use std::path::Path;

use crm::domain::field::FieldType;
use crm::domain::id::Id;
use crm::domain::input::{Assignment, Input};
use crm::domain::noun::Noun;
use crm::domain::value::Value;
use crm::error::{Error, Kind, Result};
use crm::ops::draft::Lists;
use crm::ops::list::{self, Request};
use crm::ops::typed::Policy;
use crm::ops::{self, Outcome, schema, view};
use crm::store::records::{self, Listing, Selected};
use crm::store::{ReadTx, WriteTx, links};
use crm::wire::column::Column;
use crm::wire::vcard::write::Version;

use crate::cli::args::{AssignArgs, ListArgs, SetArgs};
use crate::cli::bulk::{self, Deed};
use crate::cli::output::detail::Line;
use crate::cli::output::{Format, Options, Writer};
use crate::ctx::{Access, Ctx, Session};
use crate::text::number;

/// How many records a list shows on a terminal unless it is told otherwise.
const SCREENFUL: u64 = 50;

/// The format that the flags ask for.
pub(crate) fn format(ctx: &Ctx) -> Result<Format> {
    if ctx.global.json.is_some() {
        return Ok(Format::Json);
    }
    let name = match (&ctx.global.format, &ctx.global.template) {
        (Some(name), _) => name.as_str(),
        (None, Some(_)) => "template",
        (None, None) => ctx
            .global
            .output
            .as_deref()
            .and_then(by_extension)
            .unwrap_or("auto"),
    };
    Ok(Format::parse(name, ctx.global.template.as_deref())?.resolve(ctx.ui.options().stdout_tty))
}

/// The format of a file by the end of its name.
pub(crate) fn by_extension(path: &Path) -> Option<&'static str> {
    let extension = path.extension()?.to_string_lossy().to_lowercase();
    match extension.as_str() {
        "csv" => Some("csv"),
        "tsv" | "tab" => Some("tsv"),
        "json" => Some("json"),
        "ndjson" | "jsonl" => Some("ndjson"),
        "md" | "markdown" => Some("markdown"),
        "xlsx" => Some("xlsx"),
        "vcf" => Some("vcard"),
        "ics" => Some("ics"),
        _ => None,
    }
}

/// The columns that `--json=a,b` names.
pub(crate) fn json_fields(ctx: &Ctx) -> Vec<String> {
    let named = ctx.global.json.as_deref().unwrap_or_default();
    named
        .split(',')
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
        .collect()
}

/// How values are to be written.
pub(crate) fn options(ctx: &Ctx) -> Options<'_> {
    let mut options = Options::new(&ctx.clock);
    let shown = ctx.ui.options();
    options.header = match (ctx.global.header, ctx.global.no_header) {
        (true, _) => Some(true),
        (_, true) => Some(false),
        _ => None,
    };
    options.bom = ctx.global.bom;
    options.csv_safe = ctx.global.csv_safe;
    options.null = ctx.global.null;
    let version = ctx.global.vcard_version.as_deref();
    options.vcard = version.and_then(Version::parse).unwrap_or_default();
    options.terminal = shown.stdout_tty;
    options.width = shown.width;
    options.color = shown.color;
    options.counted = Some(&ctx.ui.rows);
    options
}

/// `NOUN list`.
pub(crate) fn list(ctx: &Ctx, noun: Noun, args: &ListArgs, extra: &[String]) -> Result<()> {
    let session = ctx.open(Access::Read)?;
    list_in(ctx, &session, noun, args, extra)
}

/// A list of an open base.
pub(crate) fn list_in(
    ctx: &Ctx,
    session: &Session,
    noun: Noun,
    args: &ListArgs,
    extra: &[String],
) -> Result<()> {
    let format = format(ctx)?;
    let terminal = matches!(format, Format::Table);
    let limit = match args.limit {
        Some(0) => None,
        Some(limit) => Some(limit),
        None if terminal && ctx.ui.options().stdout_tty => Some(SCREENFUL),
        None => None,
    };
    let mut named = args.fields.clone();
    named.extend(json_fields(ctx));
    let request = Request {
        filters: args.filters.iter().chain(extra).cloned().collect(),
        columns: named,
        sort: args.sort.clone(),
        // One more tells whether there are more.
        limit: limit.map(|limit| limit + 1),
    };
    let rows = session.store.read(&session.caller, |tx| {
        let (request, mut listing) = match &args.view {
            Some(name) => begun(tx, noun, name, request)?,
            None => {
                let listing = list::listing(tx, noun, &request)?;
                (request, listing)
            }
        };
        if request.columns.is_empty() {
            listing.columns = default_columns(ctx, tx, noun, &format)?;
        }
        let written = write_rows(ctx, format, &listing, tx, limit)?;
        if let (true, Some(limit)) = (written.more, limit) {
            let all = crm::store::listing::count(tx, noun, &listing.condition)?;
            ctx.ui.note(&format!(
                "showing {limit} of {}; --limit 0 shows all",
                number::count(all)
            ));
        }
        Ok(written.rows)
    })?;
    if rows == 0 && args.fail_empty {
        return Err(Error::new(Kind::NotFound, format!("no {} found", noun.plural())));
    }
    Ok(())
}

/// A request that goes on from a saved view, and its listing.
fn begun(tx: &ReadTx<'_>, noun: Noun, name: &str, request: Request) -> Result<(Request, Listing)> {
    let view = view::named(tx, name)?;
    // What is wrong with the line itself is said without the view.
    list::condition(tx, noun, &request.filters)?;
    let request = view.begin(noun, request)?;
    let listing =
        list::listing(tx, noun, &request).map_err(|error| error.context(format!("view {}", view.key)))?;
    Ok((request, listing))
}

/// JSON shows every field that a record has by itself, and what a list shows; other formats a screenful.
pub(crate) fn default_columns(
    ctx: &Ctx,
    tx: &ReadTx<'_>,
    noun: Noun,
    format: &Format,
) -> Result<Vec<Selected>> {
    if let Format::Template(text) = format {
        let template = crate::cli::output::template::Template::parse(text)?;
        return template
            .names()
            .map(|name| {
                list::column(tx, noun, name).or_else(|error| match name.rsplit_once('.') {
                    // A part of a value, which the template takes itself: `amount.currency`.
                    Some((value, _)) => list::column(tx, noun, value).map_err(|_| error),
                    None => Err(error),
                })
            })
            .collect();
    }
    if format.is_whole() {
        return list::whole_columns(tx, noun);
    }
    if !format.is_json() {
        // Settings shape what nobody asked for in particular; a named format is a promise to programs.
        let chosen = ctx
            .config
            .columns
            .get(&noun)
            .filter(|_| ctx.global.format.is_none());
        if let Some(chosen) = chosen.filter(|chosen| !chosen.is_empty()) {
            return chosen.iter().map(|name| list::column(tx, noun, name)).collect();
        }
        let usual = crm::domain::field::columns(noun);
        return usual.iter().map(|name| list::column(tx, noun, name)).collect();
    }
    schema::columns(tx, noun)
}

/// The same for records that are known already; filters and order of `args` mean nothing here.
pub(crate) fn listed(ctx: &Ctx, session: &Session, noun: Noun, ids: &[Id], args: &ListArgs) -> Result<()> {
    let format = format(ctx)?;
    let mut named = args.fields.clone();
    named.extend(json_fields(ctx));
    let limit = args.limit.filter(|limit| *limit > 0);
    let limit = limit.map_or(usize::MAX, |limit| usize::try_from(limit).unwrap_or(usize::MAX));
    session.store.read(&session.caller, |tx| {
        let request = Request {
            columns: named.clone(),
            ..Request::default()
        };
        let columns = match named.is_empty() {
            true => default_columns(ctx, tx, noun, &format)?,
            false => list::listing(tx, noun, &request)?.columns,
        };
        let mut out = ctx.ui.out();
        let wire = wire_columns(&columns);
        let mut writer = Writer::begin(format, options(ctx), &mut out, &wire, noun.name())?;
        for id in ids.iter().take(limit) {
            if let Some(row) = records::get(tx, noun, *id, &columns)? {
                writer.row(&row)?;
            }
        }
        writer.finish()?;
        Ok(())
    })?;
    if ids.is_empty() && args.fail_empty {
        return Err(Error::new(Kind::NotFound, format!("no {} found", noun.plural())));
    }
    Ok(())
}

struct Written {
    rows: u64,
    more: bool,
}

fn write_rows(
    ctx: &Ctx,
    format: Format,
    listing: &Listing,
    tx: &ReadTx<'_>,
    limit: Option<u64>,
) -> Result<Written> {
    let columns = wire_columns(&listing.columns);
    let mut out = ctx.ui.out();
    let mut writer = Writer::begin(format, options(ctx), &mut out, &columns, listing.noun.name())?;
    let mut rows = 0;
    let mut more = false;
    records::select(tx, listing, |_, row| {
        if limit == Some(rows) {
            more = true;
            return Ok(ControlFlow::Break(()));
        }
        writer.row(&row)?;
        rows += 1;
        Ok(ControlFlow::Continue(()))
    })?;
    let summary = writer.finish()?;
    drop(out);
    summary.tell_hidden(&ctx.ui);
    Ok(Written { rows, more })
}

/// Writes rows that are no records: rates, copies, operations, settings.
pub(crate) fn table(
    ctx: &Ctx,
    kind: &str,
    columns: &[(&str, FieldType)],
    rows: impl IntoIterator<Item = Vec<Value>>,
) -> Result<()> {
    let columns: Vec<Column> = columns
        .iter()
        .map(|(name, kind)| Column::new(*name, *kind))
        .collect();
    let format = format(ctx)?;
    let mut out = ctx.ui.out();
    let mut writer = Writer::begin(format, options(ctx), &mut out, &columns, kind)?;
    for row in rows {
        writer.row(&row)?;
    }
    let summary = writer.finish()?;
    drop(out);
    summary.tell_hidden(&ctx.ui);
    Ok(())
}

/// Writes objects that have no columns in common: an array, one object, or a line for each.
pub(crate) fn json_objects(
    ctx: &Ctx,
    format: &Format,
    objects: &[serde_json::Value],
    single: bool,
) -> Result<()> {
    let terminal = ctx.ui.options().stdout_tty;
    let mut text = String::new();
    let shown = |object: &serde_json::Value| {
        let line = object.to_string();
        if terminal {
            crate::cli::output::json::harmless(&line)
        } else {
            line
        }
    };
    let lines: Vec<String> = objects.iter().map(shown).collect();
    if single || *format == Format::Ndjson {
        lines.iter().for_each(|line| text.push_str(&format!("{line}\n")));
    } else if lines.is_empty() {
        text.push_str("[]\n");
    } else {
        text.push_str(&format!("[\n{}\n]\n", lines.join(",\n")));
    }
    ctx.ui
        .rows
        .set(ctx.ui.rows.get() + u64::try_from(objects.len()).unwrap_or(0));
    ctx.ui.out().write_all(text.as_bytes())?;
    Ok(())
}

/// The columns as formats know them.
pub(crate) fn wire_columns(columns: &[Selected]) -> Vec<Column> {
    columns
        .iter()
        .map(|column| Column::new(column.name.clone(), column.kind))
        .collect()
}

/// Writes whole records: objects in JSON, rows otherwise.
pub(crate) fn write_records(ctx: &Ctx, tx: &ReadTx<'_>, noun: Noun, ids: &[Id], single: bool) -> Result<()> {
    let format = format(ctx)?;
    let named = json_fields(ctx);
    let columns = if named.is_empty() {
        default_columns(ctx, tx, noun, &format)?
    } else {
        named
            .iter()
            .map(|name| list::column(tx, noun, name))
            .collect::<Result<_>>()?
    };
    remember(ctx, tx, noun, ids)?;
    let fetch = records::Fetch::new(tx, noun, &columns)?;
    let row = |id: &Id| {
        let row = fetch.get(tx, *id)?;
        row.ok_or_else(|| Error::not_found(noun, &id.uid()))
    };
    let mut out = ctx.ui.out();
    let mut options = options(ctx);
    options.single = single;
    let mut writer = Writer::begin(format, options, &mut out, &wire_columns(&columns), noun.name())?;
    for id in ids {
        writer.row(&row(id)?)?;
    }
    writer.finish()?;
    Ok(())
}

/// Lets `@last` mean a record that was shown or made by itself.
pub(crate) fn remember(ctx: &Ctx, tx: &ReadTx<'_>, noun: Noun, ids: &[Id]) -> Result<()> {
    if let [id] = ids
        && let Some(link) = links::link(tx, noun, *id)?
    {
        ctx.remember(&link.reference().to_string());
    }
    Ok(())
}

/// Fields that a person who reads a record does not ask for.
const MACHINE: &[&str] = &["uid", "version", "created_by", "updated_by", "sort_key"];

/// A record as details: its ref and name, and a line for each further field of which anything is known.
pub(crate) fn details(columns: &[Selected], row: &[Value]) -> (String, Vec<Line>) {
    let value = |name: &str| {
        columns
            .iter()
            .position(|column| column.name == name)
            .and_then(|at| row.get(at))
            .cloned()
            .unwrap_or(Value::Null)
    };
    let text = |value: &Value| crm::wire::cell::cell(value);
    let name = ["name", "title", "text", "key"]
        .iter()
        .map(|name| text(&value(name)))
        .find(|name| !name.is_empty());
    let title = format!("{}  {}", text(&value("id")), name.unwrap_or_default());
    let lines = columns
        .iter()
        .zip(row)
        .filter(|(column, value)| !value.is_empty() && !MACHINE.contains(&column.name.as_str()))
        .filter(|(column, _)| !matches!(column.name.as_str(), "id" | "name"))
        .map(|(column, value)| Line {
            label: column.name.replace('_', " "),
            kind: column.kind,
            value: value.clone(),
        })
        .collect();
    (title.trim().to_owned(), lines)
}

/// The references, with those from stdin in place of `-`.
pub(crate) fn with_stdin(references: &[String]) -> Result<Vec<String>> {
    let mut all = Vec::new();
    for reference in references {
        if reference != "-" {
            all.push(reference.clone());
            continue;
        }
        for line in std::io::stdin().lock().split(b'\n') {
            let line = line?;
            let line = String::from_utf8_lossy(&line);
            all.extend(
                line.split('\0')
                    .map(|part| part.trim().to_owned())
                    .filter(|part| !part.is_empty()),
            );
        }
    }
    Ok(all)
}

/// `FIELD=VALUE` as an assignment; `FIELD=` and `FIELD=none` clear.
pub(crate) fn assignment(text: &str) -> Result<Assignment> {
    let (field, value) = text
        .split_once('=')
        .ok_or_else(|| Error::usage(format!("{text:?} is not FIELD=VALUE")))?;
    let input = if value.is_empty() {
        Input::Clear
    } else {
        Input::text(value)
    };
    Ok((field.trim().to_owned(), input))
}

/// What changes one record of a noun.
pub(crate) type Edit = fn(&WriteTx<'_>, Id, &[Assignment], Lists, &Policy) -> Result<Outcome>;

/// `NOUN set REF… FIELD=VALUE…`.
pub(crate) fn set(ctx: &Ctx, noun: Noun, args: &SetArgs, edit: Edit) -> Result<()> {
    let (values, references): (Vec<String>, Vec<String>) =
        args.words.iter().cloned().partition(|word| word.contains('='));
    if values.is_empty() {
        return Err(Error::usage("name a field to set: FIELD=VALUE"));
    }
    let mut replaced = Vec::new();
    let mut added = Vec::new();
    for text in &values {
        let (name, input) = assignment(text)?;
        match name.strip_suffix('+') {
            Some(name) => added.push((name.trim().to_owned(), input)),
            None => replaced.push((name, input)),
        }
    }
    let named: Vec<&str> = replaced
        .iter()
        .chain(&added)
        .map(|(name, _)| name.as_str())
        .collect();
    let policy = Policy::strict();
    let act = |tx: &WriteTx<'_>, id: Id| {
        if let Some(version) = args.if_version {
            ops::bulk::at_version(tx, noun, id, version)?;
        }
        if !replaced.is_empty() {
            edit(tx, id, &replaced, Lists::Replace, &policy)?;
        }
        if !added.is_empty() {
            edit(tx, id, &added, Lists::Add, &policy)?;
        }
        Ok(())
    };
    let deed = Deed {
        title: &|what| format!("Changed {what}: {}", values.join(" ")),
        ..Deed::new(noun, "change", &named, &act)
    };
    bulk::run(ctx, &args.bulk, &references, &deed)
}

/// `NOUN assign REF… USER`.
pub(crate) fn assign(ctx: &Ctx, noun: Noun, args: &AssignArgs, edit: Edit) -> Result<()> {
    let Some((user, references)) = args.words.split_last() else {
        return Err(Error::usage("name a user"));
    };
    let field = if noun == Noun::Task { "assignee" } else { "owner" };
    let owner = [(field.to_owned(), Input::text(user.as_str()))];
    let act = |tx: &WriteTx<'_>, id: Id| edit(tx, id, &owner, Lists::Replace, &Policy::strict()).map(drop);
    let named = [field];
    let deed = Deed {
        title: &|what| format!("Assigned {what} to {user}"),
        ..Deed::new(noun, "assign", &named, &act)
    };
    bulk::run(ctx, &args.bulk, references, &deed)
}
