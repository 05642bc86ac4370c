//! `NOUN edit`: records in the editor of a person, one as a form, several as a table; what was changed is shown before
//! it is written.

use std::collections::HashMap;

use clap::Args;
use crm::domain::field::{self, Access as Writing, Field, FieldType};
use crm::domain::id::Id;
use crm::domain::noun::Noun;
use crm::error::{Error, Kind, Result};
use crm::ops::bulk::{self as many, Going, Plan, Tally};
use crm::ops::draft::Lists;
use crm::ops::revise::{self, Change};
use crm::ops::typed::Policy;
use crm::ops::{list, refer};
use crm::store::records::{Fetch, Selected};
use crm::store::{ReadTx, WriteTx, fields, links};
use crm::wire::form::{self, Item, Line};
use crm::wire::sheet::{self, Row};

use crate::cli::args::TargetArgs;
use crate::cli::bulk;
use crate::cli::editor::Draft;
use crate::cli::{records, written};
use crate::ctx::{Access, Ctx, Session};
use crate::text::{cut, width};

/// So many changes are shown before the question; the rest is counted.
const SHOWN: usize = 200;

/// A value is shown in so many cells.
const WIDEST: usize = 60;

/// What a line begins with that tells of a mistake in the text below.
const MISTAKE: &str = "#! ";

// Records, and the columns of the table.
#[derive(Debug, Args)]
pub(crate) struct EditArgs {
    #[command(flatten)]
    target: TargetArgs,
    /// Edit these fields in a table, also of one record: name,city
    #[arg(short = 'F', long, value_name = "FIELDS", value_delimiter = ',')]
    fields: Vec<String>,
}

/// What is in the editor, and how it is read back.
struct Copy {
    noun: Noun,
    ids: Vec<Id>,
    lines: Vec<Line>,
    rows: Vec<Row>,
    head: String,
}

/// Changes of each record.
type Changes = HashMap<Id, Vec<Change>>;

/// `NOUN edit REF…`.
pub(crate) fn edit(ctx: &Ctx, noun: Noun, args: &EditArgs, edit: records::Edit) -> Result<()> {
    let mut session = ctx.open(Access::Write)?;
    let references = records::with_stdin(&args.target.references)?;
    let copy = session.store.read(&session.caller, |tx| {
        let ids = bulk::chosen(tx, noun, &args.target.bulk, &references)?;
        copied(tx, noun, ids, &args.fields)
    })?;
    if copy.ids.is_empty() {
        ctx.ui.note(&format!("no {} are selected", noun.plural()));
        return Ok(());
    }
    let draft = Draft::new(copy.extension(), &copy.text())?;
    let mut touched = false;
    let outcome = revise(
        ctx,
        &mut session,
        &copy,
        &draft,
        edit,
        args.target.bulk.keep_going,
        &mut touched,
    );
    if outcome.is_err() && touched {
        draft.keep(ctx);
    }
    outcome
}

/// Opens the editor until the text can be written or the person gives up, shows what changed, asks, and writes it.
fn revise(
    ctx: &Ctx,
    session: &mut Session,
    copy: &Copy,
    draft: &Draft,
    edit: records::Edit,
    keep_going: bool,
    touched: &mut bool,
) -> Result<()> {
    let going = if keep_going { Going::On } else { Going::Nowhere };
    let mut last = copy.text();
    let mut last_mistake = String::new();
    loop {
        let soon = draft.open(ctx)?;
        let read = draft.read();
        // What cannot even be read was changed by somebody.
        *touched |= read.is_err();
        let text = without_mistakes(&read?);
        let was_touched = text != last;
        if !was_touched && !*touched {
            ctx.ui.note("nothing to change");
            if soon {
                ctx.ui.hint("the editor came back at once; one with windows of its own needs a flag to wait, as in `code --wait`");
            }
            return Ok(());
        }
        *touched = true;
        session.caller.clock = ctx.clock_by_now();
        let mistake = match copy.changes(&text).and_then(|changes| {
            let seen = rehearse(session, copy.noun, &changes, edit, going)?;
            Ok((changes, seen))
        }) {
            Ok((changes, seen)) => return write(ctx, session, copy, &changes, &seen, edit, going),
            Err(error) => error,
        };
        // What somebody else has changed meanwhile is not mended by another word; and who leaves the text as it is
        // does not know a better one. A script that makes its mistake anew each time would do so for ever.
        let again = !ctx.can_ask() && last_mistake == mistake.message();
        if !is_mistake(&mistake) || ctx.global.no_input || !was_touched || again {
            return Err(mistake);
        }
        mistake.message().clone_into(&mut last_mistake);
        draft.write(&format!("{}{text}", told(&mistake)))?;
        last = text;
    }
}

/// True for what a person can mend in the text.
fn is_mistake(error: &Error) -> bool {
    matches!(
        error.kind(),
        Kind::Invalid | Kind::Usage | Kind::NotFound | Kind::Ambiguous | Kind::Duplicate
    )
}

/// A mistake as comments above the text.
fn told(error: &Error) -> String {
    let mut lines: Vec<String> = error.message().lines().map(str::to_owned).collect();
    lines.extend(error.candidates().iter().map(|candidate| {
        format!(
            "  {} {}: {}",
            candidate.reference, candidate.name, candidate.detail
        )
    }));
    if !error.near().is_empty() {
        lines.push(format!("did you mean {}?", error.near().join(", ")));
    }
    let lines = lines
        .iter()
        .map(|line| format!("{MISTAKE}{}\n", crate::text::sanitise::line(line)));
    lines.collect()
}

fn without_mistakes(text: &str) -> String {
    let lines = text
        .split_inclusive('\n')
        .filter(|line| !line.starts_with(MISTAKE.trim_end()));
    lines.collect()
}

/// Reads what is to be edited: one record as a form with all fields, several or named fields as a table.
fn copied(tx: &ReadTx<'_>, noun: Noun, ids: Vec<Id>, named: &[String]) -> Result<Copy> {
    let mut copy = Copy {
        noun,
        ids,
        lines: Vec::new(),
        rows: Vec::new(),
        head: String::new(),
    };
    if let ([id], true) = (copy.ids.as_slice(), named.is_empty()) {
        let columns = writable(tx, noun)?;
        let row = Fetch::new(tx, noun, &columns)?.get(tx, *id)?;
        let row = row.ok_or_else(|| Error::not_found(noun, &id.uid()))?;
        for (column, value) in columns.iter().zip(&row) {
            copy.lines.push(Line {
                name: column.name.clone(),
                help: help(tx, noun, column, value)?,
                item: Item::of(value),
            });
        }
        copy.head = format!(
            "{}\nChange values and save. A line that is taken out leaves its field alone, an empty value clears it.\n\
             What changes is shown before anything is written.",
            refer::name(tx, noun, *id)?
        );
        return Ok(copy);
    }
    let columns = match named.is_empty() {
        true => {
            let usual = field::columns(noun);
            let mut columns = writable(tx, noun)?;
            columns.retain(|column| usual.contains(&column.name.as_str()));
            columns
        }
        false => named
            .iter()
            .map(|name| editable(tx, noun, name))
            .collect::<Result<_>>()?,
    };
    copy.lines = columns
        .iter()
        .map(|column| Line {
            name: column.name.clone(),
            help: String::new(),
            item: Item::One(String::new()),
        })
        .collect();
    let fetch = Fetch::new(tx, noun, &columns)?;
    for id in &copy.ids {
        let row = fetch
            .get(tx, *id)?
            .ok_or_else(|| Error::not_found(noun, &id.uid()))?;
        copy.rows.push(Row {
            id: bulk::reference(tx, noun, *id)?,
            items: row.iter().map(Item::of).collect(),
        });
    }
    copy.head = format!(
        "{}: change cells and save. A line that is taken out leaves its record alone, an empty cell clears the field.\n\
         What changes is shown before anything is written.",
        bulk::counted(noun, copy.ids.len())
    );
    Ok(copy)
}

/// The fields that a person can change, custom ones last.
fn writable(tx: &ReadTx<'_>, noun: Noun) -> Result<Vec<Selected>> {
    let own = field::fields(noun).iter().filter(|field| is_writable(field));
    let mut columns: Vec<Selected> = own.map(Selected::field).collect();
    columns.extend(fields::customs(tx, noun)?.into_iter().map(Selected::custom));
    Ok(columns)
}

/// An identity in another system is given by an import; parts are only written by a full export.
fn is_writable(field: &Field) -> bool {
    field.access == Writing::Write && !matches!(field.kind, FieldType::Parts | FieldType::ExternalIds)
}

fn editable(tx: &ReadTx<'_>, noun: Noun, name: &str) -> Result<Selected> {
    let column = list::column(tx, noun, name)?;
    let known = writable(tx, noun)?;
    match known.into_iter().find(|known| known.name == column.name) {
        Some(known) => Ok(known),
        None => Err(Error::usage(format!("{name} of a {noun} cannot be edited"))),
    }
}

/// What a field is, what it can be, and the name behind a reference.
fn help(tx: &ReadTx<'_>, noun: Noun, column: &Selected, value: &crm::domain::value::Value) -> Result<String> {
    let custom = match column.name.strip_prefix("fields.") {
        Some(key) => fields::custom(tx, noun, key)?,
        None => None,
    };
    let mut text = match (&custom, field::find(noun, &column.name)) {
        (Some(custom), _) if custom.label.is_empty() => custom.key.clone(),
        (Some(custom), _) => custom.label.clone(),
        (None, Some(field)) => field.help.to_owned(),
        (None, None) => String::new(),
    };
    let words: Vec<String> = match (column.kind, &custom) {
        (FieldType::Word(words), _) => words.iter().map(|word| (*word).to_owned()).collect(),
        (FieldType::Choice(_), Some(custom)) => keys(tx, &custom.list())?,
        (FieldType::Choice(list), None) => keys(tx, list)?,
        _ => Vec::new(),
    };
    if !words.is_empty() {
        text.push_str(&format!(": {}", words.join(", ")));
    }
    if let crm::domain::value::Value::Link(link) = value
        && link.noun.prefix().is_some()
    {
        text.push_str(&format!("; now {}", link.name));
    }
    Ok(text)
}

fn keys(tx: &ReadTx<'_>, list: &str) -> Result<Vec<String>> {
    Ok(fields::choices(tx, list)?
        .into_iter()
        .map(|choice| choice.key)
        .collect())
}

impl Copy {
    fn is_form(&self) -> bool {
        self.rows.is_empty()
    }

    fn extension(&self) -> &'static str {
        if self.is_form() { ".toml" } else { ".tsv" }
    }

    fn columns(&self) -> Vec<String> {
        self.lines.iter().map(|line| line.name.clone()).collect()
    }

    fn text(&self) -> String {
        match self.is_form() {
            true => form::write(&self.head, &self.lines, width::width),
            false => sheet::write(&self.head, &self.columns(), &self.rows, width::width),
        }
    }

    /// What a person has changed.
    fn changes(&self, text: &str) -> Result<Changes> {
        let mut changes = Changes::new();
        let changed = match self.is_form() {
            true => vec![(0, form::read(text, &self.lines)?)],
            false => sheet::read(text, &self.columns(), &self.rows)?,
        };
        for (at, values) in changed {
            let Some(id) = self.ids.get(at) else { continue };
            let of_record = values.into_iter().filter_map(|(name, wanted)| {
                let place = self.lines.iter().position(|line| line.name == name)?;
                let before = match self.rows.get(at) {
                    Some(row) => row.items.get(place)?,
                    None => &self.lines.get(place)?.item,
                };
                Some(Change {
                    name,
                    before: before.clone(),
                    wanted,
                })
            });
            changes.insert(*id, of_record.collect());
        }
        changes.retain(|_, changes| !changes.is_empty());
        Ok(changes)
    }
}

/// One value that would be another.
struct Seen {
    id: Id,
    field: String,
    old: String,
    new: String,
}

/// Writes the changes of one record, unless somebody else was there before.
fn apply(tx: &WriteTx<'_>, noun: Noun, id: Id, changes: &Changes, edit: records::Edit) -> Result<()> {
    let Some(changes) = changes.get(&id) else {
        return Ok(());
    };
    revise::unmoved(tx, noun, id, changes)?;
    let assignments = revise::assignments(changes);
    edit(tx, id, &assignments, Lists::Replace, &Policy::strict()).map(drop)
}

fn sorted(changes: &Changes) -> Vec<Id> {
    let mut ids: Vec<Id> = changes.keys().copied().collect();
    ids.sort_unstable();
    ids
}

/// Does everything and takes it back; gives every value that would be another.
fn rehearse(
    session: &mut Session,
    noun: Noun,
    changes: &Changes,
    edit: records::Edit,
    going: Going,
) -> Result<Vec<Seen>> {
    let mut seen = Vec::new();
    let caller = session.caller.clone();
    let act = |tx: &WriteTx<'_>, id: Id| apply(tx, noun, id, changes, edit);
    let plan = Plan {
        noun,
        check: None,
        act: &act,
    };
    session.store.rehearse(&caller, |tx| {
        let columns = writable(tx, noun)?;
        let tally = many::watched(
            tx,
            &plan,
            &sorted(changes),
            &columns,
            &mut |id, column, old, new| {
                seen.push(Seen {
                    id,
                    field: column.name.clone(),
                    old: bulk::shown(old),
                    new: bulk::shown(new),
                });
                Ok(())
            },
        )?;
        tally.verdict(noun, going)
    })?;
    Ok(seen)
}

/// Shows what changes, asks, and writes it.
fn write(
    ctx: &Ctx,
    session: &mut Session,
    copy: &Copy,
    changes: &Changes,
    seen: &[Seen],
    edit: records::Edit,
    going: Going,
) -> Result<()> {
    let noun = copy.noun;
    if seen.is_empty() {
        ctx.ui.note("nothing to change");
        return Ok(());
    }
    if ctx.global.dry_run {
        let rows = session.store.read(&session.caller, |tx| {
            seen.iter()
                .map(|seen| {
                    let id = bulk::reference(tx, noun, seen.id)?;
                    Ok([id, seen.field.clone(), seen.old.clone(), seen.new.clone()])
                })
                .collect::<Result<Vec<_>>>()
        })?;
        bulk::changes(ctx, rows)?;
        ctx.ui.note("dry run: nothing was changed");
        return Ok(());
    }
    let records = sorted(changes).len();
    session
        .store
        .read(&session.caller, |tx| show(ctx, tx, noun, seen))?;
    let values = if seen.len() == 1 { "value" } else { "values" };
    written::confirmed(
        ctx,
        &format!(
            "write {} {values} of {}",
            seen.len(),
            bulk::counted(noun, records)
        ),
    )?;
    let act = |tx: &WriteTx<'_>, id: Id| apply(tx, noun, id, changes, edit);
    let (tally, op) = session.write(ctx, |tx| {
        let plan = Plan {
            noun,
            check: None,
            act: &act,
        };
        let tally: Tally = many::each(tx, &plan, &sorted(changes))?.verdict(noun, going)?;
        if records > 1 {
            let changed = usize::try_from(tally.changed).unwrap_or(usize::MAX);
            tx.describe(format!("Edited {}", bulk::counted(noun, changed)));
        }
        Ok(tally)
    })?;
    bulk::settle(ctx, session, noun, &tally, op.as_ref())
}

/// Shows every value that changes, in the order of the records.
fn show(ctx: &Ctx, tx: &ReadTx<'_>, noun: Noun, seen: &[Seen]) -> Result<()> {
    let widest = seen
        .iter()
        .map(|seen| width::width(&seen.field))
        .max()
        .unwrap_or(0);
    let mut last = None;
    for seen in seen.iter().take(SHOWN) {
        if last != Some(seen.id) {
            last = Some(seen.id);
            let name = links::link(tx, noun, seen.id)?.map_or_else(String::new, |link| link.name);
            let id = bulk::reference(tx, noun, seen.id)?;
            ctx.ui.note(&match noun.prefix() {
                Some(_) => format!("{id}  {}", crate::text::sanitise::line(&name)),
                None => id,
            });
        }
        let short = |text: &str| cut::cut(&crate::text::sanitise::line(text), WIDEST).into_owned();
        let head = format!("  {}", width::pad(&seen.field, widest));
        ctx.ui.change(&head, &short(&seen.old), &short(&seen.new));
    }
    if seen.len() > SHOWN {
        ctx.ui.note(&format!("… and {} more values", seen.len() - SHOWN));
    }
    Ok(())
}
