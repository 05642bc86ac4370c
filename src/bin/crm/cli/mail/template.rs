//! `crm mail templates`, and where templates are: files in `templates` beside the settings.

use std::fs;
use std::io::{ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

use clap::{ArgMatches, Args, Command};
use crm::domain::field::FieldType;
use crm::domain::near::near;
use crm::domain::value::Value;
use crm::error::{Error, Kind, Result};
use crm::ops::mail::draft::{self, Request};
use crm::wire::mail::template::{self, SAMPLE, Template};

use crate::cli::{parsed, records};
use crate::ctx::{Access, Ctx};

/// The ends of the names of template files.
const ENDS: [&str; 3] = ["eml", "txt", "md"];

/// List templates of messages, make one, or show what they may ask for
#[derive(Debug, Args)]
#[command(after_help = "\
A template is a file NAME.eml in `templates` beside the settings: headers, of which `Subject:` is needed and `Cc:`, `Bcc:` \
and `Reply-To:` are understood, an empty line, and the text. In all of it stand values: {{ customer.first_name }}, \
{{ company.name | default('your company') }}, {% if deal %}{{ deal.name }}{% endif %}.

Examples:
  crm mail templates
  crm mail templates --new offer && crm mail draft offer C8 --as 'Mara Lindholm'
  crm mail templates --values C8 --as 'Mara Lindholm' --format csv")]
struct TemplatesArgs {
    /// Make a template of this name to begin with, and print where it is
    #[arg(long, value_name = "NAME", conflicts_with = "values")]
    new: Option<String>,
    /// Show every value that a template may ask for, as it is for this customer, deal or message
    #[arg(long, value_name = "REF")]
    values: Option<String>,
}

pub(super) fn define(command: Command) -> Command {
    TemplatesArgs::augment_args(command)
}

pub(super) fn run(ctx: &Ctx, matches: &ArgMatches) -> Result<()> {
    let args: TemplatesArgs = parsed(matches)?;
    match (&args.new, &args.values) {
        (Some(name), _) => make(ctx, name),
        (None, Some(about)) => values(ctx, about),
        (None, None) => list(ctx),
    }
}

fn list(ctx: &Ctx) -> Result<()> {
    let folder = folder(ctx)?;
    let columns = [
        ("name", FieldType::Text),
        ("subject", FieldType::Text),
        ("needs", FieldType::Text),
        ("file", FieldType::Text),
    ];
    let mut rows = Vec::new();
    for (name, path) in found(&folder)? {
        let file = Value::text(path.display().to_string());
        // A template that cannot be used is listed all the same, so that somebody mends it.
        let (subject, needs) = match read(&name, &path) {
            Ok(template) => {
                let needed = template.wanted().into_iter().filter(|wanted| wanted.is_required);
                let needed: Vec<String> = needed.map(|wanted| wanted.path).collect();
                (template.subject().to_owned(), needed.join(" "))
            }
            Err(error) => {
                ctx.ui.warn(error.message());
                (String::new(), String::new())
            }
        };
        rows.push(vec![
            Value::text(name),
            Value::text(subject),
            Value::text(needs),
            file,
        ]);
    }
    if rows.is_empty() {
        ctx.ui.note(&format!(
            "there are no templates in {}; `crm mail templates --new NAME` makes one",
            folder.display()
        ));
    }
    records::table(ctx, "template", &columns, rows)
}

fn make(ctx: &Ctx, name: &str) -> Result<()> {
    if !is_name(name) {
        return Err(Error::usage(format!("{name:?} is no name for a template")));
    }
    let folder = folder(ctx)?;
    if let Some((_, path)) = found(&folder)?.into_iter().find(|(known, _)| known == name) {
        return Err(Error::new(
            Kind::Duplicate,
            format!("there is a template {name} already: {}", path.display()),
        ));
    }
    let path = folder.join(format!("{name}.eml"));
    if ctx.global.dry_run {
        ctx.ui.note("dry run: nothing was changed");
    } else {
        let failed = |error: std::io::Error| Error::from(error).context(path.display());
        fs::create_dir_all(&folder).map_err(failed)?;
        fs::write(&path, SAMPLE).map_err(failed)?;
    }
    writeln!(ctx.ui.out(), "{}", path.display())?;
    Ok(())
}

fn values(ctx: &Ctx, about: &str) -> Result<()> {
    let session = ctx.open(Access::Read)?;
    let request = Request {
        about: about.to_owned(),
        ..Request::default()
    };
    let values = session
        .store
        .read(&session.caller, |tx| draft::values(tx, &request))?;
    let columns = [("value", FieldType::Text), ("now", FieldType::Text)];
    let rows = template::paths_of(&values).into_iter().map(|path| {
        let at = path
            .split('.')
            .try_fold(&values, |at, key| at.get(key))
            .map(|at| at.as_str().map_or_else(|| at.to_string(), str::to_owned));
        let now = at.filter(|text| !matches!(text.as_str(), "null" | "[]" | ""));
        vec![Value::text(path), now.map_or(Value::Null, Value::text)]
    });
    records::table(ctx, "value", &columns, rows)
}

/// The template that a word of the command line means: a name, a path, or stdin.
///
/// # Errors
///
/// `NotFound` with what is near; `Invalid` for a file that is no template.
pub(super) fn named(ctx: &Ctx, word: &str) -> Result<Template> {
    if word == "-" {
        let mut text = String::new();
        std::io::stdin()
            .lock()
            .read_to_string(&mut text)
            .map_err(|error| Error::from(error).context("stdin"))?;
        return Template::parse("on stdin", &text);
    }
    let path = Path::new(word);
    if path.components().count() > 1 || path.is_file() {
        return read(word, path);
    }
    let all = found(&folder(ctx)?)?;
    match all.iter().find(|(name, _)| name == word) {
        Some((name, path)) => read(name, path),
        None => {
            let names = near(word, all.iter().map(|(name, _)| name.as_str()));
            let cure = match is_name(word) {
                true => format!(", and `crm mail templates --new {word}` makes it"),
                false => String::new(),
            };
            let message =
                format!("there is no template {word:?}; `crm mail templates` lists those there are{cure}");
            Err(Error::new(Kind::NotFound, message).with_near(names))
        }
    }
}

/// The names of all templates, for completion.
pub(crate) fn names(ctx: &Ctx) -> Vec<String> {
    let all = folder(ctx).and_then(|folder| found(&folder));
    all.unwrap_or_default()
        .into_iter()
        .map(|(name, _)| name)
        .collect()
}

fn folder(ctx: &Ctx) -> Result<PathBuf> {
    Ok(ctx.settings()?.with_file_name("templates"))
}

fn read(name: &str, path: &Path) -> Result<Template> {
    let text = fs::read_to_string(path).map_err(|error| match error.kind() {
        ErrorKind::NotFound => Error::new(Kind::NotFound, format!("there is no file {}", path.display())),
        ErrorKind::InvalidData => {
            Error::invalid("template", "it is not written in UTF-8").context(path.display())
        }
        _ => Error::from(error).context(path.display()),
    })?;
    Template::parse(name, &text)
}

/// The templates of a folder by name, in order; none where there is no folder.
fn found(folder: &Path) -> Result<Vec<(String, PathBuf)>> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(Error::from(error).context(folder.display())),
    };
    let mut all = Vec::new();
    for entry in entries {
        let path = entry
            .map_err(|error| Error::from(error).context(folder.display()))?
            .path();
        let is_template = path
            .extension()
            .is_some_and(|end| ENDS.iter().any(|known| end.eq_ignore_ascii_case(known)));
        if let (true, Some(stem)) = (is_template && path.is_file(), path.file_stem()) {
            all.push((stem.to_string_lossy().into_owned(), path));
        }
    }
    all.sort();
    Ok(all)
}

fn is_name(name: &str) -> bool {
    !name.is_empty()
        && !name.starts_with(['.', '-'])
        && !name
            .chars()
            .any(|letter| letter.is_control() || "/\\:*?\"<>|".contains(letter))
}
