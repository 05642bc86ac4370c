//! `crm pick`: choose records by typing parts of them, in a few lines below the prompt. The refs go to stdout, so that
//! any command can be completed by a choice.

mod draw;
mod model;
mod terminal;

use clap::{ArgMatches, Args, Command};
use crm::domain::id::Id;
use crm::domain::noun::Noun;
use crm::error::{Error, Kind, Result};
use crm::ops::complete::{self, Found};
use crm::ops::list;
use crm::ops::view;
use crm::store::{ReadTx, records as rows};
use crm::wire::cell;
use crossterm::event::{self, Event};

use crate::cli::output::{Format, Writer};
use crate::cli::pick::draw::View;
use crate::cli::pick::model::{Act, Model};
use crate::cli::pick::terminal::Lines;
use crate::cli::{parsed, records};
use crate::ctx::{Access, Ctx, Session};

/// The most records that are found at once.
const MOST: usize = 200;

/// Choose records by typing parts of them
#[derive(Debug, Args)]
#[command(
    after_help = "Type parts of names, pinyin, e-mail or phone; up, down, Ctrl+N and Ctrl+P move; Enter takes; Esc leaves with exit code 130.

Examples:
  crm task add 'Call back' --for \"$(crm pick customer --query 张伟 --select-1)\" --due friday
  crm customer show \"$(crm pick company -w city:杭州 --query yunfan --select-1 --print name)\"
  crm deal tag $(crm pick deal --multi --preview) key   # exit 2

The last one waits for you where there is a terminal; without one the picker ends with 2."
)]
struct PickArgs {
    /// Kind of record: customer, contact, company, deal, task, activity, product …
    #[arg(default_value = "customer")]
    noun: String,
    /// Filter; several have to hold together
    #[arg(short = 'w', long = "where", value_name = "EXPR", allow_hyphen_values = true)]
    filters: Vec<String>,
    /// Words to begin with
    #[arg(long, value_name = "WORDS")]
    query: Option<String>,
    /// Take the only one that is found, without asking
    #[arg(long)]
    select_1: bool,
    /// Let several be marked
    #[arg(long)]
    multi: bool,
    /// Show more of the record that is pointed at
    #[arg(long)]
    preview: bool,
    /// Field to print in place of the ref
    #[arg(long, value_name = "FIELD")]
    print: Option<String>,
}

pub(crate) fn define(command: Command) -> Command {
    PickArgs::augment_args(command)
}

/// What is picked from.
struct Source<'s> {
    session: &'s Session,
    noun: Noun,
    filters: Vec<String>,
}

pub(crate) fn run(ctx: &Ctx, matches: &ArgMatches) -> Result<()> {
    let args: PickArgs = parsed(matches)?;
    let noun = view::noun(&args.noun)?;
    let mut filters = args.filters.clone();
    match args.noun.as_str() {
        "contact" | "contacts" | "person" => filters.push("type:person".to_owned()),
        "company" | "companies" => filters.push("type:company".to_owned()),
        _ => {}
    }
    let session = ctx.open(Access::Read)?;
    let source = Source {
        session: &session,
        noun,
        filters,
    };
    let mut model = Model::new(args.query.clone().unwrap_or_default(), args.multi);
    model.show(source.find(&model.query)?);
    let only = args.select_1 && model.found.len() == 1;
    if !only && !choose(ctx, &source, &mut model, &args)? {
        // Whoever leaves knows; a script sees it by the exit code.
        return Err(Error::new(Kind::Interrupted, ""));
    }
    let ids = model.taken();
    session.store.read(&session.caller, |tx| {
        write(ctx, tx, noun, &ids, args.print.as_deref())
    })
}

impl Source<'_> {
    /// What the words find, within the filters.
    fn find(&self, words: &str) -> Result<Vec<Found>> {
        let (noun, caller) = (self.noun, &self.session.caller);
        self.session.store.read(caller, |tx| {
            if self.filters.is_empty() && noun.prefix().is_some() {
                return complete::records(tx, noun, words, MOST);
            }
            let mut filters = self.filters.clone();
            if noun.prefix().is_some() {
                // A word is a word, whatever it means in a filter.
                let words = words
                    .split_whitespace()
                    .map(|word| word.replace(['"', '“', '”', '\\'], ""));
                filters.extend(
                    words
                        .filter(|word| !word.is_empty())
                        .map(|word| format!("\"{word}\"")),
                );
                return complete::newest(tx, noun, &filters, MOST);
            }
            let mut all = complete::newest(tx, noun, &filters, usize::MAX)?;
            let wanted = crm::domain::fold::fold(words.trim());
            all.retain(|found| crm::domain::fold::fold(&found.line()).contains(&wanted));
            Ok(all)
        })
    }

    /// A few lines on a record.
    fn preview(&self, found: Option<&Found>) -> Result<Vec<String>> {
        let Some(found) = found else { return Ok(Vec::new()) };
        let (noun, caller) = (self.noun, &self.session.caller);
        self.session.store.read(caller, |tx| {
            let mut columns = list::all_columns(tx, noun)?;
            columns.retain(|column| !HIDDEN.contains(&column.name.as_str()));
            columns.retain(|column| column.kind != crm::domain::field::FieldType::Parts);
            let row = rows::get(tx, noun, found.id, &columns)?.unwrap_or_default();
            let texts = columns
                .iter()
                .zip(&row)
                .map(|(column, value)| (column.name.replace('_', " "), cell::cell(value)));
            let known = texts.filter(|(_, text)| !NOTHING.contains(&text.as_str()) && *text != found.name);
            let pairs: Vec<String> = known.map(|(name, text)| format!("{name} {text}")).collect();
            Ok(pairs.chunks(4).map(|line| line.join("  ·  ")).collect())
        })
    }
}

/// Fields that tell nobody which record it is.
const HIDDEN: &[&str] = &[
    "id",
    "uid",
    "version",
    "created_by",
    "updated_by",
    "sort_key",
    "created_at",
    "updated_at",
];

/// Values that say nothing.
const NOTHING: &[&str] = &["", "0", "false"];

/// Lets a person choose; false if nothing was chosen.
fn choose(ctx: &Ctx, source: &Source<'_>, model: &mut Model, args: &PickArgs) -> Result<bool> {
    if !ctx.has_terminal() {
        return Err(Error::usage(
            "a choice needs a terminal; `crm find WORDS --format ids` and `crm NOUN list -w EXPR --format ids` need none",
        ));
    }
    let size = || crossterm::terminal::size().unwrap_or((80, 24));
    let (columns, rows) = size();
    let mut view = View {
        columns: usize::from(columns),
        rows: usize::from(rows),
        paint: ctx.terminal_paint(),
        noun: &args.noun,
        preview: args.preview,
    };
    let mut lines = Lines::take(view.height())?;
    loop {
        let preview = match args.preview {
            true => source.preview(model.current())?,
            false => Vec::new(),
        };
        let (text, cursor) = draw::lines(model, &view, &preview);
        lines.draw(&text, cursor)?;
        let act = loop {
            match event::read()? {
                Event::Key(key) => match model.key(key) {
                    Act::Rest => {}
                    act => break act,
                },
                Event::Resize(columns, rows) => {
                    (view.columns, view.rows) = (usize::from(columns), usize::from(rows));
                    lines.reserve(view.height())?;
                    break Act::Draw;
                }
                _ => {}
            }
        };
        match act {
            Act::Search => model.show(source.find(&model.query)?),
            Act::Take => return Ok(true),
            Act::Leave => return Ok(false),
            Act::Draw | Act::Rest => {}
        }
    }
}

/// Writes what was chosen: refs, another field, or whole records where a format is named.
fn write(ctx: &Ctx, tx: &ReadTx<'_>, noun: Noun, ids: &[Id], field: Option<&str>) -> Result<()> {
    records::remember(ctx, tx, noun, ids)?;
    let named = ctx.global.format.is_some() || ctx.global.json.is_some() || ctx.global.template.is_some();
    if named && field.is_none() {
        return records::write_records(ctx, tx, noun, ids, ids.len() == 1);
    }
    let key = match noun {
        _ if noun.is_keyed() => "key",
        _ if noun.prefix().is_none() => "name",
        _ => "id",
    };
    let columns = vec![list::column(tx, noun, field.unwrap_or(key))?];
    let mut out = ctx.ui.out();
    let shape = records::wire_columns(&columns);
    let mut writer = Writer::begin(Format::Ids, records::options(ctx), &mut out, &shape, noun.name())?;
    for id in ids {
        if let Some(row) = rows::get(tx, noun, *id, &columns)? {
            writer.row(&row)?;
        }
    }
    writer.finish()?;
    Ok(())
}
