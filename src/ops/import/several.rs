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

use super::convention::{self, Conventions};
use super::mapping;
use super::named;
use super::preset::{self, Choice, Preset};
use super::sheet::{self, Sheet};
use super::source;
use super::verdict::{self, Sink, Summary};
use super::{OnDuplicate, Request, Unknown};

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
    /// How the files write numbers and days, as far as somebody said it.
    pub conventions: Conventions,
    /// What was said of presets.
    pub preset: Choice,
    /// Presets of the user.
    pub own: Vec<Preset>,
    /// The system of external ids, if it was said.
    pub said_system: Option<String>,
    /// What becomes of columns that feed no field.
    pub unknown: Unknown,
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
    Foreign(Box<preset::Plan>, Box<Request>),
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
        plan.agree(names, open, asked)?;
        plan.files.sort_by(|one, other| {
            let key = |planned: &Planned| (rank(&planned.what), planned.name.clone());
            key(one).cmp(&key(other))
        });
        put_in_order(&mut plan.files);
        Ok(plan)
    }

    /// Files of one program lie together: what more than half of those that are known are of, the others are too if they can
    /// be.
    fn agree(&mut self, names: &[String], open: Open<'_>, asked: &Asked) -> Result<()> {
        let of: Vec<&str> = self
            .files
            .iter()
            .filter_map(|planned| planned.what.preset())
            .collect();
        let count = |name: &str| of.iter().filter(|other| **other == name).count();
        let most = of
            .iter()
            .copied()
            .find(|name| count(name) * 2 > of.len() && count(name) > 1);
        let Some(most) = most.filter(|_| matches!(asked.preset, Choice::Recognise)) else {
            return Ok(());
        };
        let preset = match asked.own.iter().find(|own| own.name == most) {
            Some(own) => own.clone(),
            None => preset::built_in(most)?,
        };
        let is_other = |name: &String| {
            let planned = self.files.iter().find(|planned| planned.name == *name);
            planned.is_none_or(|planned| planned.what.preset() != Some(preset.name.as_str()))
        };
        let others: Vec<(usize, &String)> = names
            .iter()
            .enumerate()
            .filter(|(_, name)| is_other(name))
            .collect();
        let wish = Asked {
            preset: Choice::Preset(Box::new(preset.clone())),
            ..asked.clone()
        };
        for (at, name) in others {
            let Some(Ok(reader)) = named::is_table(name).then(|| read(at, name, open, asked)) else {
                continue;
            };
            if !reader
                .columns()
                .is_some_and(|columns| preset.knows(columns, name))
            {
                continue;
            }
            if let Ok(Ok(what)) = recognise(at, name, open, &wish) {
                self.files.retain(|planned| planned.name != *name);
                self.left.retain(|(left, _)| left != name);
                self.files.push(Planned {
                    at,
                    name: name.clone(),
                    what,
                });
            }
        }
        Ok(())
    }

    /// True if no file is imported.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// The files that are imported, in order, each with the title of what it is if a preset knows it.
    pub fn files(&self) -> impl Iterator<Item = (&str, Option<&str>)> {
        self.files.iter().map(|planned| {
            let title = match &planned.what {
                What::Foreign(plan, _) => Some(plan.title.as_str()),
                _ => None,
            };
            (planned.name.as_str(), title)
        })
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
        let made = match summary.records.as_slice() {
            [] => vec![(planned.what.words(), summary.created)],
            records => {
                let records = records.iter();
                records
                    .map(|(noun, kind, count)| (verdict::words(*noun, *kind), *count))
                    .collect()
            }
        };
        for ((singular, plural), made) in made {
            match counts.iter_mut().find(|(known, ..)| *known == singular) {
                Some((.., count)) => *count += made,
                None => counts.push((singular, plural, made)),
            }
        }
        total.add(summary);
    }
    for team in again {
        one(tx, team, open, asked, &mut Hushed)?;
    }
    tx.describe(verdict::title(&counts, &total, from));
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
    let mut reader = read(planned.at, &planned.name, open, asked).map_err(in_file)?;
    let columns = reader.columns().map(<[String]>::to_vec);
    let columns = columns.as_deref();
    sink.begin(&planned.name, columns)?;
    let again = || read(planned.at, &planned.name, open, asked);
    let agreed = |plan: Option<&preset::Plan>, request: &Request| -> Result<Request> {
        let survey = convention::survey(tx, &mut again()?, plan, request)?;
        Ok(Request {
            conventions: survey.certain()?,
            ..request.clone()
        })
    };
    let summary = match &planned.what {
        What::Records(request) => {
            agreed(None, request).and_then(|request| source::run(tx, &mut reader, None, &request, sink))
        }
        What::Sheet(sheet) => sheet::run(tx, *sheet, columns, &mut reader, &planned.name, sink),
        What::Foreign(plan, request) => {
            agreed(Some(plan), request).and_then(|request| preset::run(tx, plan, &mut reader, &request, sink))
        }
    };
    let mut summary = summary.map_err(in_file)?;
    summary.encoding = reader.assumed_encoding();
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
    /// The name of the preset that knows it.
    fn preset(&self) -> Option<&str> {
        match self {
            What::Foreign(plan, _) => Some(&plan.preset),
            _ => None,
        }
    }

    fn noun(&self) -> Option<Noun> {
        match self {
            What::Records(request) => Some(request.noun),
            What::Foreign(plan, _) => Some(plan.about().0),
            What::Sheet(_) => None,
        }
    }

    /// What its rows are called, one and several.
    fn words(&self) -> (&'static str, &'static str) {
        match self {
            What::Records(request) => verdict::words(request.noun, request.kind),
            What::Foreign(plan, _) => {
                let (noun, kind) = plan.about();
                verdict::words(noun, kind)
            }
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
        What::Records(request) => rank_of(request.noun, request.kind),
        What::Foreign(plan, _) => {
            let (noun, kind) = plan.about();
            rank_of(noun, kind)
        }
    }
}

fn rank_of(noun: Noun, kind: Option<&str>) -> (usize, usize) {
    let noun = load::ORDER.iter().position(|known| *known == noun);
    let kind = match kind {
        Some("company") => 0,
        Some(_) => 1,
        None => 2,
    };
    (1 + noun.unwrap_or(load::ORDER.len()), kind)
}

/// Moves files behind those of which their preset says that they go first.
fn put_in_order(files: &mut Vec<Planned>) {
    let waits = |file: &Planned, other: &Planned| match (&file.what, &other.what) {
        (What::Foreign(one, _), What::Foreign(two, _)) => {
            one.preset == two.preset && one.after.contains(&two.shape) && one.shape != two.shape
        }
        _ => false,
    };
    // A circle of wishes ends, too: each file moves once for each other at most.
    let mut moves = files.len() * files.len();
    let mut at = 0;
    while let Some(file) = files.get(at) {
        let last = files
            .iter()
            .rposition(|other| waits(file, other))
            .filter(|last| *last > at);
        match last {
            Some(last) if moves > 0 => {
                moves -= 1;
                let file = files.remove(at);
                files.insert(last, file);
            }
            _ => at += 1,
        }
    }
}

/// Opens a file as rows.
fn read(at: usize, name: &str, open: Open<'_>, asked: &Asked) -> Result<Reader> {
    let options = Options {
        extension: named::extension(name),
        encoding: asked.encoding.clone(),
        ..Options::default()
    };
    Reader::open(open(at)?, &options)
}

/// What a file holds, or why it is left out.
fn recognise(
    at: usize,
    name: &str,
    open: Open<'_>,
    asked: &Asked,
) -> Result<std::result::Result<What, String>> {
    if !named::is_table(name) {
        return Ok(Err("this is no table".to_owned()));
    }
    let mut reader = read(at, name, open, asked)?;
    if let Some(noun) = source::noun(reader.source()) {
        return Ok(Ok(What::Records(Box::new(request((noun, None), name, asked)))));
    }
    if let Some(columns) = reader.columns() {
        let wish = preset::Asked {
            system: asked.said_system.as_deref(),
            unknown: asked.unknown,
            ..preset::Asked::default()
        };
        if let Some(plan) = preset::meaning(&asked.preset, &asked.own, columns, name, &wish)? {
            let request = request(plan.about(), name, asked);
            return Ok(Ok(What::Foreign(Box::new(plan), Box::new(request))));
        }
    }
    let said = match reader.columns() {
        // A table of ours tells of its noun by its name alone.
        Some(_) => None,
        None => match reader.next() {
            None => return Ok(Err("it has no rows".to_owned())),
            Some(row) => kind(row?.ok()),
        },
    };
    let Some(word) = said.or_else(|| named::word(name)) else {
        return Ok(Err("nothing says what its rows are".to_owned()));
    };
    let Some(what) = what(&word, name, asked) else {
        return Ok(Err("nothing says what its rows are".to_owned()));
    };
    match (&what, reader.columns()) {
        (What::Records(request), Some(columns)) if !mapping::name_records(request.noun, columns) => {
            let (noun, plural) = (request.noun, what.words().1);
            Ok(Err(format!(
                "its name speaks of {plural}, but no column is the name of one; `crm import {noun} FILE --map COLUMN=FIELD` says \
                 what they are"
            )))
        }
        _ => Ok(Ok(what)),
    }
}

/// What an object of ours says that it is.
fn kind(row: Option<crate::wire::read::rows::Row>) -> Option<String> {
    let cells = row?.cells;
    let (_, input) = cells.iter().find(|(name, _)| name == "kind")?;
    input.as_text().map(str::to_owned)
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
    Some(What::Records(Box::new(request((noun, kind), name, asked))))
}

fn request((noun, kind): (Noun, Option<&'static str>), name: &str, asked: &Asked) -> Request {
    Request {
        kind,
        on_duplicate: asked.on_duplicate,
        on_missing: asked.on_missing,
        unknown: asked.unknown,
        conventions: asked.conventions.clone(),
        ..Request::new(noun, name, asked.system.clone())
    }
}
