//! `NOUN edit`: records in the editor of a person, one as a form, several as a table; what was changed is shown before
//! it is written.

use clap::Args;
use crm::domain::id::Id;
use crm::domain::noun::Noun;
use crm::error::Result;
use crm::ops::bulk::{self as many, Going, Plan, Tally};
use crm::ops::draft::Lists;
use crm::ops::revise;
use crm::ops::transcript::{self, Changes, Transcript};
use crm::ops::typed::Policy;
use crm::store::{ReadTx, WriteTx, links};

use crate::cli::args::TargetArgs;
use crate::cli::bulk;
use crate::cli::{editor, records, written};
use crate::ctx::{Access, Ctx, Session};
use crate::editor::{Draft, TOO_SOON};
use crate::text::{cut, mistake, width};

/// So many changes are shown before the question; the rest is counted.
const SHOWN: usize = 200;

/// A value is shown in so many cells.
const WIDEST: usize = 60;

// Records, and the columns of the table.
#[derive(Debug, Args)]
pub(crate) struct EditArgs {
    #[command(flatten)]
    target: TargetArgs,
    /// Edit these fields in a table, also of one record: name,city
    #[arg(short = 'F', long, value_name = "FIELDS", value_delimiter = ',')]
    fields: Vec<String>,
}

/// `NOUN edit REF…`.
pub(crate) fn edit(ctx: &Ctx, noun: Noun, args: &EditArgs, edit: records::Edit) -> Result<()> {
    let mut session = ctx.open(Access::Write)?;
    let references = records::with_stdin(&args.target.references)?;
    let copy = session.store.read(&session.caller, |tx| {
        let ids = bulk::chosen(tx, noun, &args.target.bulk, &references)?;
        transcript::transcribe(tx, noun, ids, &args.fields)
    })?;
    if copy.ids.is_empty() {
        ctx.ui.note(&format!("no {} are selected", noun.plural()));
        return Ok(());
    }
    let draft = Draft::new(copy.extension(), &copy.text(width::width))?;
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
        editor::keep(ctx, draft);
    }
    outcome
}

/// Opens the editor until the text can be written or the person gives up, shows what changed, asks, and writes it.
fn revise(
    ctx: &Ctx,
    session: &mut Session,
    copy: &Transcript,
    draft: &Draft,
    edit: records::Edit,
    keep_going: bool,
    touched: &mut bool,
) -> Result<()> {
    let going = if keep_going { Going::On } else { Going::Nowhere };
    let mut last = copy.text(width::width);
    let mut last_mistake = String::new();
    loop {
        let soon = editor::open_draft(ctx, draft)?;
        let read = draft.read();
        // What cannot even be read was changed by somebody.
        *touched |= read.is_err();
        let text = mistake::removed(&read?);
        let was_touched = text != last;
        if !was_touched && !*touched {
            ctx.ui.note("nothing to change");
            if soon {
                ctx.ui.hint(TOO_SOON);
            }
            return Ok(());
        }
        *touched = true;
        session.caller.clock = ctx.clock_by_now();
        let error = match copy.changes(&text).and_then(|changes| {
            let seen = rehearse(session, copy.noun, &changes, edit, going)?;
            Ok((changes, seen))
        }) {
            Ok((changes, seen)) => return write(ctx, session, copy, &changes, &seen, edit, going),
            Err(error) => error,
        };
        // What somebody else has changed meanwhile is not mended by another word; and who leaves the text as it is
        // does not know a better one. A script that makes its mistake anew each time would do so for ever.
        let again = !ctx.can_ask() && last_mistake == error.message();
        if !mistake::is_mendable(&error) || ctx.global.no_input || !was_touched || again {
            return Err(error);
        }
        error.message().clone_into(&mut last_mistake);
        draft.write(&format!("{}{text}", mistake::told(&error)))?;
        last = text;
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
        let columns = transcript::writable(tx, noun)?;
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
    copy: &Transcript,
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
