//! What a command reads: a file or stdin, as rows, whatever sort of table it is. It can be read more than once.

use std::cell::RefCell;
use std::fs::File;
use std::io::{ErrorKind, Read, Seek, SeekFrom};
use std::path::Path;
use std::rc::Rc;

use clap::Args;
use crm::error::{Error, Kind, Result};
use crm::wire::read::rows::{Options, Reader, Source};
use crm::wire::read::workbook::{self, Workbook};

use crate::ctx::Ctx;

/// How the file is to be read
#[derive(Debug, Args)]
pub(crate) struct InputArgs {
    /// Input format: csv, tsv, json, ndjson, vcard or ics; found out where it is not given, as workbooks (.xlsx, .xls, .ods) are
    #[arg(long, value_name = "F")]
    pub(crate) from: Option<String>,
    /// Character encoding, where it cannot be found out
    #[arg(long, value_name = "NAME")]
    pub(crate) encoding: Option<String>,
    /// Character between the cells, where it cannot be found out
    #[arg(long, value_name = "CHARACTER")]
    pub(crate) delimiter: Option<char>,
    /// Sheet of a workbook, by name or number; the first one that says anything where it is not given
    #[arg(long, value_name = "NAME|N")]
    pub(crate) sheet: Option<String>,
}

/// So much of stdin is kept in memory, and more in a file without a name.
const SPOOLED: usize = 8 << 20;

/// What can be read again.
pub(crate) trait Again: Read + Seek {}

impl<T: Read + Seek> Again for T {}

/// Something that was opened.
pub(crate) struct Input {
    bytes: Rc<RefCell<Box<dyn Again>>>,
    options: Options,
}

/// The bytes of an input, for one who reads them.
struct Shared(Rc<RefCell<Box<dyn Again>>>);

impl Read for Shared {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        self.0.borrow_mut().read(out)
    }
}

impl Input {
    /// Opens the file at `path`, `-` for stdin.
    ///
    /// # Errors
    ///
    /// There is no such file or sheet, it cannot be read, or it is a workbook that is damaged.
    pub(crate) fn open(ctx: &Ctx, path: &Path, args: &InputArgs) -> Result<Input> {
        let source = match args.from.as_deref().map(Source::parse) {
            Some(None) => return Err(Error::usage("--from takes csv, tsv, json, ndjson, vcard or ics")),
            Some(source) => source,
            None => None,
        };
        let mut options = Options {
            source,
            extension: path
                .extension()
                .map(|extension| extension.to_string_lossy().into_owned()),
            encoding: args.encoding.clone(),
            delimiter: args.delimiter,
        };
        let mut bytes = bytes(path)?;
        let kind = match source {
            None => workbook::recognise(&mut bytes)?,
            Some(_) => None,
        };
        let bytes = match (kind, args.sheet.as_deref()) {
            (Some(kind), said) => {
                options = Options {
                    source: Some(Source::Tsv),
                    encoding: Some("utf-8".to_owned()),
                    ..Options::default()
                };
                sheet(ctx, Workbook::open(bytes, kind)?, said)?
            }
            (None, Some(_)) => return Err(Error::usage("this is no workbook, and has no sheets")),
            (None, None) if source.is_none() && is_called_workbook(&options) => {
                return Err(Error::new(
                    Kind::Invalid,
                    format!(
                        "{} is no workbook, whatever its name says; --from csv reads it as text",
                        path.display()
                    ),
                ));
            }
            (None, None) => bytes,
        };
        Ok(Input {
            bytes: Rc::new(RefCell::new(bytes)),
            options,
        })
    }

    /// The rows from the first one on. Whoever read before is at an end.
    ///
    /// # Errors
    ///
    /// The encoding cannot be told, the header is not well formed, or reading fails.
    pub(crate) fn rows(&self) -> Result<Reader> {
        self.bytes.borrow_mut().seek(SeekFrom::Start(0))?;
        Reader::open(Box::new(Shared(Rc::clone(&self.bytes))), &self.options)
    }
}

/// True for a name that is only ever that of a workbook. A table that is called `.xls` is common.
fn is_called_workbook(options: &Options) -> bool {
    options.extension.as_deref().is_some_and(|extension| {
        ["xlsx", "xlsm", "ods"]
            .iter()
            .any(|known| extension.eq_ignore_ascii_case(known))
    })
}

/// The bytes of a file. Stdin and pipes are read to their end first: whoever writes to them may take long, and nobody else
/// can write to the base while rows are imported.
fn bytes(path: &Path) -> Result<Box<dyn Again>> {
    if path == Path::new("-") {
        return spooled(std::io::stdin().lock());
    }
    let name = path.display();
    if path.is_dir() {
        return Err(Error::usage(format!("{name} is a folder; name a file in it")));
    }
    let mut file = File::open(path).map_err(|error| match error.kind() {
        ErrorKind::NotFound => Error::new(Kind::NotFound, format!("there is no file {name}")),
        _ => Error::from(error).context(name),
    })?;
    match file.stream_position() {
        Ok(_) => Ok(Box::new(file)),
        Err(_) => spooled(file),
    }
}

/// All of `from`, in memory or else in a file without a name.
///
/// # Errors
///
/// Reading fails, or there is no room.
pub(crate) fn spooled(mut from: impl Read) -> Result<Box<dyn Again>> {
    let mut spool = tempfile::spooled_tempfile(SPOOLED);
    std::io::copy(&mut from, &mut spool)?;
    spool.seek(SeekFrom::Start(0))?;
    Ok(Box::new(spool))
}

/// The text of a sheet: the one that was named, else the first that is shown and says anything.
fn sheet(ctx: &Ctx, mut book: Workbook<Box<dyn Again>>, said: Option<&str>) -> Result<Box<dyn Again>> {
    let sheets = book.sheets().to_vec();
    let mut places: Vec<usize> = match said {
        Some(said) => vec![book.find(said)?],
        None => (0..sheets.len()).collect(),
    };
    if said.is_none() {
        places.sort_by_key(|place| sheets.get(*place).is_none_or(|sheet| sheet.hidden));
    }
    let mut copied = tempfile::spooled_tempfile(SPOOLED);
    for place in places {
        let mut copy = tempfile::spooled_tempfile(SPOOLED);
        if book.copy(place, &mut copy)? > 0 {
            let others = sheets.iter().enumerate().filter(|(other, _)| *other != place);
            let names: Vec<&str> = others.map(|(_, sheet)| sheet.name.as_str()).collect();
            if said.is_none() && !names.is_empty() {
                let name = sheets.get(place).map_or("", |sheet| sheet.name.as_str());
                ctx.ui.note(&format!(
                    "sheet {name} is read; --sheet reads another: {}",
                    names.join(", ")
                ));
            }
            copied = copy;
            break;
        }
    }
    copied.seek(SeekFrom::Start(0))?;
    Ok(Box::new(copied))
}
