//! Changes of many records: which ones, what would become of them, a yes where it is needed, and what was refused.

use std::cell::RefCell;

use crm::domain::field::FieldType;
use crm::domain::id::Id;
use crm::domain::noun::Noun;
use crm::domain::value::Value;
use crm::error::{Error, Kind, Result};
use crm::ops::bulk::{self, Act, Going, Plan, Tally};
use crm::ops::{list, refer};
use crm::store::records::{self as rows, Selected};
use crm::store::{ReadTx, links, log};
use crm::wire::cell;
use crm::wire::column::Column;

use crate::cli::args::BulkArgs;
use crate::cli::output::Writer;
use crate::cli::{records, written};
use crate::ctx::{Access, Ctx, Session};
use crate::text::{cut, number, width};

/// So many values are shown before the question.
const SHOWN: usize = 10;

/// So many records are tried before the question; what becomes of the others is seen when it happens.
const TRIED: usize = 500;

/// From so many records on there is a question.
const MANY: usize = 3;

/// When a yes is needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Grade {
    /// For several records.
    Several,
    /// For several records that a filter has selected: nobody has named them.
    Selected,
}

/// What is to be said about a record; nothing for none.
pub(crate) type Afterword<'d> = dyn Fn(&ReadTx<'_>, Id) -> Result<Option<String>> + 'd;

/// What is done to records.
pub(crate) struct Deed<'d> {
    pub(crate) noun: Noun,
    /// As the question says it: `change`.
    pub(crate) verb: &'d str,
    /// The title of the operation for several records, which are said for it: `3 customers`.
    pub(crate) title: &'d dyn Fn(&str) -> String,
    /// The fields whose values change.
    pub(crate) fields: &'d [&'d str],
    pub(crate) grade: Grade,
    /// The records are in the trash.
    pub(crate) from_trash: bool,
    /// The field with a day that is said back, of a single record.
    pub(crate) told: Option<&'d str>,
    /// Where the deed notes what it makes of each record, which programs are told of instead of the records.
    pub(crate) made: Option<(Noun, &'d RefCell<Vec<Id>>)>,
    /// What is to be said about a record once it has changed.
    pub(crate) afterword: Option<&'d Afterword<'d>>,
    /// Refuses a record before the first is changed.
    pub(crate) check: Option<&'d Act<'d>>,
    /// Changes one record.
    pub(crate) act: &'d Act<'d>,
}

impl<'d> Deed<'d> {
    /// What is done to records outside the trash, and needs a yes for several.
    pub(crate) fn new(noun: Noun, verb: &'d str, fields: &'d [&'d str], act: &'d Act<'d>) -> Deed<'d> {
        Deed {
            noun,
            verb,
            title: &|what| format!("Changed {what}"),
            fields,
            grade: Grade::Several,
            from_trash: false,
            told: None,
            made: None,
            afterword: None,
            check: None,
            act,
        }
    }

    fn plan(&self) -> Plan<'_> {
        Plan {
            noun: self.noun,
            check: self.check,
            act: self.act,
        }
    }

    /// The columns in which a change can be seen: what is set, and what follows from it.
    fn columns(&self, tx: &ReadTx<'_>) -> Result<Vec<Selected>> {
        let follows: &[&str] = match self.noun {
            Noun::Deal => &[
                "stage",
                "status",
                "probability",
                "category",
                "closed_on",
                "lost_reason",
            ],
            Noun::Quote => &[
                "status",
                "total",
                "sent_on",
                "valid_until",
                "decided_on",
                "reason",
            ],
            Noun::Feedback => &["status", "action"],
            Noun::Order => &["status", "total", "payment_status", "fulfilment_status"],
            Noun::Ticket => &[
                "step",
                "wait",
                "status",
                "assignee",
                "owner",
                "solution",
                "resolved_at",
            ],
            Noun::Task => &["status", "completed_at"],
            Noun::Customer => &["title"],
            _ => &[],
        };
        let mut columns: Vec<Selected> = Vec::new();
        for name in self.fields.iter().copied().chain(follows.iter().copied()) {
            // A part of a list (`phones.mobile`) is seen in the list; a name that is none is met when it is set.
            let head = name.split('.').next().unwrap_or_default();
            let found = list::column(tx, self.noun, name).or_else(|_| list::column(tx, self.noun, head));
            if let Ok(column) = found
                && columns.iter().all(|known| known.name != column.name)
            {
                columns.push(column);
            }
        }
        Ok(columns)
    }
}

/// Does the deed to the records that are named or selected, as one operation.
pub(crate) fn run(ctx: &Ctx, args: &BulkArgs, references: &[String], deed: &Deed<'_>) -> Result<()> {
    let piped = references.iter().any(|reference| reference == "-");
    let references = records::with_stdin(references)?;
    let mut session = ctx.open(Access::Write)?;
    let ids = match references.is_empty() && piped {
        true => Vec::new(),
        false => session.store.read(&session.caller, |tx| match deed.from_trash {
            true => trashed(tx, deed.noun, args, &references),
            false => chosen(tx, deed.noun, args, &references),
        })?,
    };
    on(ctx, &mut session, args, &ids, deed)
}

/// Does the deed to these records, as one operation.
pub(crate) fn on(
    ctx: &Ctx,
    session: &mut Session,
    args: &BulkArgs,
    ids: &[Id],
    deed: &Deed<'_>,
) -> Result<()> {
    if ids.is_empty() {
        ctx.ui.note(&format!("no {} are selected", deed.noun.plural()));
    }
    let going = match args.keep_going {
        true => Going::On,
        false => Going::Nowhere,
    };
    if ctx.global.dry_run {
        return rehearse(ctx, session, ids, deed, going);
    }
    let asks = match deed.grade {
        Grade::Several => true,
        Grade::Selected => args.all || !args.filters.is_empty(),
    };
    if asks && ids.len() >= MANY && !ctx.global.yes {
        if ctx.can_ask() {
            preview(ctx, session, ids, deed)?;
        }
        let what = format!("{} {}", deed.verb, counted(deed.noun, ids.len()));
        written::confirmed(ctx, &what)?;
    }
    let (tally, op) = session.write(ctx, |tx| {
        let tally = bulk::each(tx, &deed.plan(), ids)?.verdict(deed.noun, going)?;
        if ids.len() > 1 {
            let changed = usize::try_from(tally.changed).unwrap_or(usize::MAX);
            tx.describe((deed.title)(&counted(deed.noun, changed)));
        }
        Ok(tally)
    })?;
    if let (Some(field), [id]) = (deed.told, tally.accepted.as_slice()) {
        written::echo(ctx, session, deed.noun, *id, field)?;
    }
    if let (Some(afterword), Some(_)) = (deed.afterword, &op) {
        session.store.read(&session.caller, |tx| {
            for id in tally.accepted.iter().take(SHOWN) {
                if let Some(line) = afterword(tx, *id)? {
                    ctx.ui.note(&line);
                }
            }
            Ok(())
        })?;
    }
    match deed.made {
        Some((noun, made)) => {
            written::report(ctx, session, noun, &made.borrow(), op.as_ref())?;
            after(ctx, deed.noun, &tally)
        }
        None => settle(ctx, session, deed.noun, &tally, op.as_ref()),
    }
}

/// Says what was done, and what was refused.
pub(crate) fn settle(
    ctx: &Ctx,
    session: &Session,
    noun: Noun,
    tally: &Tally,
    op: Option<&log::Op>,
) -> Result<()> {
    written::report(ctx, session, noun, &tally.accepted, op)?;
    after(ctx, noun, tally)
}

/// Says which records were so before, and which were refused.
fn after(ctx: &Ctx, noun: Noun, tally: &Tally) -> Result<()> {
    if tally.changed > 0 && tally.unchanged() > 0 {
        ctx.ui
            .note(&format!("{} unchanged", many(noun, tally.unchanged())));
    }
    refused(ctx, noun, tally)
}

/// Names the records that were refused while the others went on.
fn refused(ctx: &Ctx, noun: Noun, tally: &Tally) -> Result<()> {
    if tally.refused == 0 {
        return Ok(());
    }
    for reason in &tally.reasons {
        ctx.ui.warn(&format!(
            "{} {}: {}",
            reason.reference, reason.name, reason.detail
        ));
    }
    let message = format!("{} refused", many(noun, tally.refused));
    Err(Error::new(Kind::Partial, message))
}

/// The records that a command is about: by reference or by filter, never everything by default.
pub(crate) fn chosen(tx: &ReadTx<'_>, noun: Noun, args: &BulkArgs, references: &[String]) -> Result<Vec<Id>> {
    match filters(noun, args, references)? {
        None => refer::all(tx, noun, references),
        Some(filters) => rows::ids(tx, noun, &list::condition(tx, noun, &filters)?),
    }
}

/// The same for records in the trash.
fn trashed(tx: &ReadTx<'_>, noun: Noun, args: &BulkArgs, references: &[String]) -> Result<Vec<Id>> {
    match filters(noun, args, references)? {
        None => references
            .iter()
            .map(|reference| refer::trashed(tx, noun, reference))
            .collect(),
        Some(mut filters) => {
            filters.push("is:trashed".to_owned());
            rows::ids(tx, noun, &list::condition(tx, noun, &filters)?)
        }
    }
}

/// The filters that select the records; none if they are named.
fn filters(noun: Noun, args: &BulkArgs, references: &[String]) -> Result<Option<Vec<String>>> {
    let filters: Vec<String> = args
        .filters
        .iter()
        .filter(|filter| !filter.trim().is_empty())
        .cloned()
        .collect();
    match (references.is_empty(), args.filters.is_empty(), args.all) {
        (false, true, false) => Ok(None),
        (false, ..) => Err(Error::usage("either refs, or -w and --all")),
        (true, true, false) => Err(Error::usage("name records, or select them with -w")),
        (true, false, false) if filters.is_empty() => Err(Error::usage(format!(
            "an empty filter selects all {}; --all says that it is meant",
            noun.plural()
        ))),
        (true, ..) => Ok(Some(filters)),
    }
}

/// The columns of changes that were not made.
const COLUMNS: [(&str, FieldType); 4] = [
    ("id", FieldType::Text),
    ("field", FieldType::Text),
    ("old", FieldType::Text),
    ("new", FieldType::Text),
];

/// Writes changes that were not made: record, field, old and new value.
pub(crate) fn changes(ctx: &Ctx, rows: Vec<[String; 4]>) -> Result<()> {
    let rows = rows.into_iter().map(|row| row.map(Value::text).to_vec());
    records::table(ctx, "change", &COLUMNS, rows)
}

/// Does everything and takes it back, and writes what would change: one row for each value.
fn rehearse(ctx: &Ctx, session: &mut Session, ids: &[Id], deed: &Deed<'_>, going: Going) -> Result<()> {
    let columns = COLUMNS.map(|(name, kind)| Column::new(name, kind));
    let format = records::format(ctx)?;
    let mut out = ctx.ui.out();
    let mut writer = Writer::begin(format, records::options(ctx), &mut out, &columns, "change")?;
    let (tally, _) = session.write(ctx, |tx| {
        let watched = deed.columns(tx)?;
        let tally = bulk::watched(tx, &deed.plan(), ids, &watched, &mut |id, column, old, new| {
            writer.row(&[
                Value::Text(reference(tx, deed.noun, id)?),
                Value::text(column.name.clone()),
                Value::text(shown(old)),
                Value::text(shown(new)),
            ])?;
            Ok(())
        })?;
        tally.verdict(deed.noun, going)
    })?;
    writer.finish()?;
    drop(out);
    let changed = usize::try_from(tally.changed).unwrap_or(usize::MAX);
    let mut told = format!(
        "dry run: nothing was changed; {} would change",
        counted(deed.noun, changed)
    );
    if tally.unchanged() > 0 {
        told.push_str(&format!(", {} would not", many(deed.noun, tally.unchanged())));
    }
    ctx.ui.note(&told);
    refused(ctx, deed.noun, &tally)
}

/// Shows what would become of the first records.
fn preview(ctx: &Ctx, session: &mut Session, ids: &[Id], deed: &Deed<'_>) -> Result<()> {
    let first = ids.get(..TRIED).unwrap_or(ids);
    let mut lines: Vec<(String, String, String, String)> = Vec::new();
    let mut values = 0_u64;
    let caller = session.caller.clone();
    let tally = session.store.rehearse(&caller, |tx| {
        let watched = deed.columns(tx)?;
        bulk::watched(tx, &deed.plan(), first, &watched, &mut |id, column, old, new| {
            values += 1;
            if lines.len() < SHOWN {
                let name = links::link(tx, deed.noun, id)?.map_or_else(String::new, |link| link.name);
                let id = match deed.noun.prefix() {
                    Some(_) => format!("{}  {name}", reference(tx, deed.noun, id)?),
                    None => name,
                };
                lines.push((id, column.name.clone(), shown(old), shown(new)));
            }
            Ok(())
        })
    })?;
    let line = |text: &str| cut::cut(&crate::text::sanitise::line(text), 30).into_owned();
    let lines: Vec<_> = lines
        .iter()
        .map(|(id, field, old, new)| (line(id), field.clone(), line(old), line(new)))
        .collect();
    let widest = |of: fn(&(String, String, String, String)) -> &String| {
        lines.iter().map(|line| width::width(of(line))).max().unwrap_or(0)
    };
    let (ids_wide, fields_wide) = (widest(|line| &line.0), widest(|line| &line.1));
    for (id, field, old, new) in &lines {
        let head = format!(
            "  {}  {}",
            width::pad(id, ids_wide),
            width::pad(field, fields_wide)
        );
        ctx.ui.change(&head, old, new);
    }
    let more = values - u64::try_from(lines.len()).unwrap_or(0);
    if more > 0 {
        ctx.ui.note(&format!(
            "  … and {} more values",
            number::grouped(i64::try_from(more).unwrap_or(0))
        ));
    }
    if first.len() < ids.len() {
        ctx.ui.note(&format!(
            "  (of the first {} of {})",
            number::grouped(i64::try_from(first.len()).unwrap_or(0)),
            counted(deed.noun, ids.len())
        ));
    }
    if tally.unchanged() > 0 {
        ctx.ui
            .note(&format!("  {} unchanged", many(deed.noun, tally.unchanged())));
    }
    if tally.refused > 0 {
        ctx.ui
            .note(&format!("  {} refused", many(deed.noun, tally.refused)));
    }
    Ok(())
}

/// A record as it can be typed back.
pub(crate) fn reference(tx: &ReadTx<'_>, noun: Noun, id: Id) -> Result<String> {
    let described = refer::described(tx, noun, &[id])?.into_iter().next();
    Ok(described.map_or_else(|| id.uid(), |candidate| candidate.reference))
}

/// A value in a cell of its own.
pub(crate) fn shown(value: &Value) -> String {
    match value {
        Value::Money(money) => format!("{} {}", money.decimal(), money.currency.code()),
        Value::Link(link) if link.noun.prefix().is_some() => format!("{} {}", link.reference(), link.name),
        other => cell::cell(other),
    }
}

/// `1 customer`, `3 customers`.
pub(crate) fn counted(noun: Noun, count: usize) -> String {
    let word = if count == 1 { noun.name() } else { noun.plural() };
    format!(
        "{} {word}",
        number::grouped(i64::try_from(count).unwrap_or(i64::MAX))
    )
}

fn many(noun: Noun, count: u64) -> String {
    counted(noun, usize::try_from(count).unwrap_or(usize::MAX))
}
