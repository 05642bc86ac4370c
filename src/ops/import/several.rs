//! Importing several files as one operation: each is recognised by what it says, and what is referred to comes first.
//!
//! The files stay with the caller, who opens one as often as it is asked for; each is read as a stream.

use std::io::Read;

use crate::domain::noun::Noun;
use crate::error::{Error, Kind, Result};
use crate::ops::load;
use crate::ops::typed::OnMissing;
use crate::ops::view;
use crate::store::WriteTx;
use crate::wire::read::rows::{Options, Reader};

use super::sheet::{self, Sheet};
use super::source;
use super::verdict::{Sink, Summary};
use super::{OnDuplicate, Request};

/// Opens the file at a place among those that were named, from its beginning.
pub type Open<'f> = &'f dyn Fn(usize) -> Result<Box<dyn Read>>;

/// What was asked for all files alike.
#[derive(Debug, Clone)]
pub struct Asked {
    /// The system from which external ids are, of files that do not tell by themselves.
    pub system: String,
    /// What happens to a row whose record is there already.
    pub on_duplicate: OnDuplicate,
    /// What happens where a row names what does not exist.
    pub on_missing: Option<OnMissing>,
    /// The encoding, where it cannot be found out.
    pub encoding: Option<String>,
}

/// What is to be imported, in order, and what is not.
#[derive(Debug, Default)]
pub struct Plan {
    files: Vec<Planned>,
    /// Files that are left out, and why.
    pub left: Vec<(String, String)>,
}

/// One file and what it holds.
#[derive(Debug)]
struct Planned {
    at: usize,
    name: String,
    what: What,
}

#[derive(Debug, Clone)]
enum What {
    Records(Box<Request>),
    Sheet(Sheet),
}

/// Who hears of every row of every file.
pub trait Files: Sink {
    /// A file begins, with these columns; none for JSON.
    ///
    /// # Errors
    ///
    /// Ends the import, of which nothing stays.
    fn begin(&mut self, file: &str, columns: Option<&[String]>) -> Result<()>;

    /// The file has come to its end.
    ///
    /// # Errors
    ///
    /// Ends the import, of which nothing stays.
    fn end(&mut self, file: &str, noun: Option<Noun>, summary: &Summary) -> Result<()>;
}

impl Plan {
    /// Finds out what each file is. Reads the beginning of each.
    ///
    /// # Errors
    ///
    /// `Usage` for an encoding that does not exist.
    pub fn new(names: &[String], open: Open<'_>, asked: &Asked) -> Result<Plan> {
        let mut plan = Plan::default();
        for (at, name) in names.iter().enumerate() {
            match recognise(at, name, open, asked) {
                Ok(Ok(what)) => plan.files.push(Planned {
                    at,
                    name: name.clone(),
                    what,
                }),
                Ok(Err(reason)) => plan.left.push((name.clone(), reason)),
                Err(error) if error.kind() == Kind::Usage => return Err(error),
                Err(error) => plan.left.push((name.clone(), error.to_string())),
            }
        }
        plan.files.sort_by(|one, other| {
            let key = |planned: &Planned| (rank(&planned.what), planned.name.clone());
            key(one).cmp(&key(other))
        });
        Ok(plan)
    }

    /// True if no file is imported.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// The files that are imported, in order.
    pub fn files(&self) -> impl Iterator<Item = &str> {
        self.files.iter().map(|planned| planned.name.as_str())
    }
}

/// Imports the files of a plan within the operation `tx`, which gets its title from all of them; `from` is what they came
/// from.
///
/// # Errors
///
/// Whatever reading a file or the store fails with, with the name of the file. A row that is refused is no error.
pub fn run(
    tx: &WriteTx<'_>,
    plan: &Plan,
    open: Open<'_>,
    asked: &Asked,
    from: &str,
    sink: &mut dyn Files,
) -> Result<Summary> {
    let mut total = Summary::default();
    let mut counts: Vec<(&'static str, &'static str, u64)> = Vec::new();
    let mut again = Vec::new();
    let has_users = plan
        .files
        .iter()
        .any(|planned| planned.what.noun() == Some(Noun::User));
    for planned in &plan.files {
        // Teams and users name each other: the managers of teams come when the users are there.
        if has_users && planned.what.noun() == Some(Noun::Team) {
            again.push(planned);
        }
    }
    for planned in &plan.files {
        if planned
            .what
            .noun()
            .is_none_or(|noun| noun != Noun::Team && noun != Noun::User)
        {
            for team in again.drain(..) {
                one(tx, team, open, asked, &mut Hushed)?;
            }
        }
        let summary = one(tx, planned, open, asked, sink)?;
        let (singular, plural) = planned.what.words();
        match counts.iter_mut().find(|(known, ..)| *known == singular) {
            Some((.., count)) => *count += summary.created,
            None => counts.push((singular, plural, summary.created)),
        }
        total.add(summary);
    }
    for team in again {
        one(tx, team, open, asked, &mut Hushed)?;
    }
    tx.describe(title(&counts, &total, from));
    Ok(total)
}

/// Imports one file.
fn one(
    tx: &WriteTx<'_>,
    planned: &Planned,
    open: Open<'_>,
    asked: &Asked,
    sink: &mut dyn Files,
) -> Result<Summary> {
    let in_file = |error: Error| error.context(&planned.name);
    let reader = read(planned.at, &planned.name, open, asked).map_err(in_file)?;
    let columns = reader.columns().map(<[String]>::to_vec);
    let columns = columns.as_deref();
    sink.begin(&planned.name, columns)?;
    let summary = match &planned.what {
        What::Records(request) => source::run(tx, reader, None, request, sink),
        What::Sheet(sheet) => sheet::run(tx, *sheet, columns, reader, &planned.name, sink),
    };
    let summary = summary.map_err(in_file)?;
    sink.end(&planned.name, planned.what.noun(), &summary)?;
    Ok(summary)
}

/// Nobody hears of a file that is read a second time.
struct Hushed;

impl Sink for Hushed {
    fn judged(&mut self, _: &super::verdict::Judged<'_>) -> Result<()> {
        Ok(())
    }
}

impl Files for Hushed {
    fn begin(&mut self, _: &str, _: Option<&[String]>) -> Result<()> {
        Ok(())
    }

    fn end(&mut self, _: &str, _: Option<Noun>, _: &Summary) -> Result<()> {
        Ok(())
    }
}

impl What {
    fn noun(&self) -> Option<Noun> {
        match self {
            What::Records(request) => Some(request.noun),
            What::Sheet(_) => None,
        }
    }

    /// What its rows are called, one and several.
    fn words(&self) -> (&'static str, &'static str) {
        match self {
            What::Records(request) => match (request.noun, request.kind) {
                (Noun::Customer, Some("company")) => ("company", "companies"),
                (Noun::Customer, Some("person")) => ("person", "people"),
                (noun, _) => (noun.name(), noun.plural()),
            },
            What::Sheet(Sheet::Rate) => ("rate", "rates"),
            What::Sheet(Sheet::Option) => ("option", "options"),
            What::Sheet(Sheet::Suppression) => ("suppression", "suppressions"),
            What::Sheet(Sheet::Setting) => ("setting", "settings"),
        }
    }
}

/// What comes before what: the lower the earlier.
fn rank(what: &What) -> (usize, usize) {
    match what {
        What::Sheet(sheet) => (0, Sheet::ALL.iter().position(|other| other == sheet).unwrap_or(0)),
        What::Records(request) => {
            let noun = load::ORDER.iter().position(|noun| *noun == request.noun);
            let kind = match request.kind {
                Some("company") => 0,
                Some(_) => 1,
                None => 2,
            };
            (1 + noun.unwrap_or(load::ORDER.len()), kind)
        }
    }
}

fn title(counts: &[(&str, &str, u64)], total: &Summary, from: &str) -> String {
    let made: Vec<String> = counts
        .iter()
        .filter(|(.., count)| *count > 0)
        .map(|(one, many, count)| format!("{count} {}", if *count == 1 { one } else { many }))
        .collect();
    let made = if made.is_empty() {
        "nothing new".to_owned()
    } else {
        made.join(", ")
    };
    let rest: Vec<String> = [(total.updated, "updated"), (total.rejected, "rejected")]
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, word)| format!("{count} {word}"))
        .collect();
    match rest.is_empty() {
        true => format!("Imported {made} from {from}"),
        false => format!("Imported {made} from {from} ({})", rest.join(", ")),
    }
}

/// Opens a file as rows.
fn read(at: usize, name: &str, open: Open<'_>, asked: &Asked) -> Result<Reader> {
    let options = Options {
        extension: extension(name),
        encoding: asked.encoding.clone(),
        ..Options::default()
    };
    Reader::open(open(at)?, &options)
}

/// The end of a name, without the dot.
fn extension(name: &str) -> Option<String> {
    let file = name.rsplit('/').next()?;
    file.rsplit_once('.')
        .map(|(_, extension)| extension.to_ascii_lowercase())
}

/// The ends of names that rows are read from.
const TABLES: [&str; 9] = [
    "csv", "tsv", "tab", "txt", "json", "ndjson", "jsonl", "vcf", "ics",
];

/// What a file holds, or why it is left out.
fn recognise(
    at: usize,
    name: &str,
    open: Open<'_>,
    asked: &Asked,
) -> Result<std::result::Result<What, String>> {
    if !extension(name).is_some_and(|extension| TABLES.contains(&extension.as_str())) {
        return Ok(Err("this is no table".to_owned()));
    }
    let mut reader = read(at, name, open, asked)?;
    if let Some(noun) = source::noun(reader.source()) {
        return Ok(what(noun.name(), name, asked).ok_or_else(|| "nothing says what its rows are".to_owned()));
    }
    let said = match reader.columns() {
        // A table of ours tells of its noun by its name alone.
        Some(_) => None,
        None => match reader.next() {
            None => return Ok(Err("it has no rows".to_owned())),
            Some(row) => kind(row?.ok()),
        },
    };
    let Some(word) = said.or_else(|| word(name)) else {
        return Ok(Err("nothing says what its rows are".to_owned()));
    };
    Ok(what(&word, name, asked).ok_or_else(|| "nothing says what its rows are".to_owned()))
}

/// What an object of ours says that it is.
fn kind(row: Option<crate::wire::read::rows::Row>) -> Option<String> {
    let cells = row?.cells;
    let (_, input) = cells.iter().find(|(name, _)| name == "kind")?;
    input.as_text().map(str::to_owned)
}

/// The first word of the name of a file that says what its rows are: `2026/deals-open.csv`.
fn word(name: &str) -> Option<String> {
    let file = name.rsplit('/').next()?;
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    stem.split(|letter: char| !letter.is_alphanumeric())
        .map(str::to_lowercase)
        .find(|word| Sheet::parse(word).is_some() || view::noun(word).is_ok())
}

fn what(word: &str, name: &str, asked: &Asked) -> Option<What> {
    if let Some(sheet) = Sheet::parse(word) {
        return Some(What::Sheet(sheet));
    }
    let noun = view::noun(word).ok()?;
    let kind = match word {
        "contact" | "contacts" | "person" | "people" => Some("person"),
        "company" | "companies" => Some("company"),
        _ => None,
    };
    Some(What::Records(Box::new(Request {
        kind,
        on_duplicate: asked.on_duplicate,
        on_missing: asked.on_missing,
        ..Request::new(noun, name, asked.system.clone())
    })))
}
