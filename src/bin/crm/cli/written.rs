//! What every write has alike: a yes where it is needed, the day that a phrase was taken to mean, and what was done.

use std::io::BufRead;

use crm::domain::id::Id;
use crm::domain::noun::Noun;
use crm::domain::value::Value;
use crm::domain::when::{When, show};
use crm::error::{Error, Kind, Result};
use crm::ops::list;
use crm::store::{links, log, records as rows};

use crate::cli::output::{Format, Writer};
use crate::cli::records::{format, options, remember, wire_columns, write_records};
use crate::ctx::{Ctx, Session};

/// Refuses to do what cannot be seen at a glance without a yes.
pub(crate) fn confirmed(ctx: &Ctx, what: &str) -> Result<()> {
    if ctx.global.yes || ctx.global.dry_run {
        return Ok(());
    }
    let question = format!("{what}?");
    if !ctx.can_ask() {
        return Err(Error::new(
            Kind::Unconfirmed,
            format!("{question} this needs a yes"),
        ));
    }
    ctx.ui.note(&format!("{question} [y/N]"));
    let mut answer = String::new();
    std::io::stdin().lock().read_line(&mut answer)?;
    if answer.trim().eq_ignore_ascii_case("y") {
        return Ok(());
    }
    Err(Error::new(Kind::Unconfirmed, "nothing was changed"))
}

/// Says back what the phrase for a day was taken to mean.
pub(crate) fn echo(ctx: &Ctx, session: &Session, noun: Noun, id: Id, field: &str) -> Result<()> {
    if ctx.global.dry_run {
        return Ok(());
    }
    let day = session.store.read(&session.caller, |tx| {
        let column = list::column(tx, noun, field)?;
        Ok(rows::get(tx, noun, id, &[column])?.and_then(|row| row.into_iter().next()))
    })?;
    let when = match day {
        Some(Value::Date(day)) => When::Day(day),
        Some(Value::DateTime(moment)) => When::Moment(moment),
        _ => return Ok(()),
    };
    let name = field.replace('_', " ");
    ctx.ui.note(&format!("{name} {}", show::echo(when, &ctx.clock)));
    Ok(())
}

/// Says what a write did that made or changed no record with a ref.
pub(crate) fn told(ctx: &Ctx, op: Option<&log::Op>) {
    told_with(ctx, op, None);
}

/// The same, with the command that naturally comes next.
fn told_with(ctx: &Ctx, op: Option<&log::Op>, next: Option<&str>) {
    match op {
        _ if ctx.global.dry_run => ctx.ui.note("dry run: nothing was changed"),
        Some(op) => {
            ctx.ui.note(&op.title);
            let next = next.map_or_else(String::new, |next| format!("; {next}"));
            ctx.ui.hint(&format!("`crm undo {}` takes it back{next}", op.no));
        }
        None => ctx.ui.note("nothing to change"),
    }
}

/// Says what a write made, and what people do next with such a record.
pub(crate) fn added(
    ctx: &Ctx,
    session: &Session,
    noun: Noun,
    id: Id,
    about: Option<&str>,
    op: Option<&log::Op>,
) -> Result<()> {
    if ctx.global.dry_run {
        return report(ctx, session, noun, &[id], op);
    }
    let link = session
        .store
        .read(&session.caller, |tx| links::link(tx, noun, id))?;
    let reference = link.map(|link| link.reference().to_string()).unwrap_or_default();
    let about = about.unwrap_or(&reference);
    let next = match noun {
        Noun::Customer => Some(format!("`crm log {about} call TEXT` notes the first talk")),
        Noun::Quote => Some(format!("`crm quote send {about}` notes that the customer has it")),
        Noun::Order => Some(format!("`crm order confirm {about}` makes it binding")),
        Noun::Ticket => Some(format!("`crm ticket reply {about} TEXT` answers the customer")),
        Noun::Feedback => Some(format!(
            "`crm feedback acknowledge {about}` tells that it was heard"
        )),
        Noun::Deal | Noun::Activity => Some(format!(
            "`crm task add TITLE --for {about} --due friday` plans the next step"
        )),
        _ => None,
    };
    reported(ctx, session, noun, &[id], op, next.as_deref())
}

/// Says what a write did: the title and how to take it back for people, the refs or the records for programs.
pub(crate) fn report(
    ctx: &Ctx,
    session: &Session,
    noun: Noun,
    ids: &[Id],
    op: Option<&log::Op>,
) -> Result<()> {
    reported(ctx, session, noun, ids, op, None)
}

fn reported(
    ctx: &Ctx,
    session: &Session,
    noun: Noun,
    ids: &[Id],
    op: Option<&log::Op>,
    next: Option<&str>,
) -> Result<()> {
    let format = format(ctx)?;
    if ctx.global.dry_run {
        told(ctx, op);
        return Ok(());
    }
    session
        .store
        .read(&session.caller, |tx| remember(ctx, tx, noun, ids))?;
    if matches!(format, Format::Table) {
        told_with(ctx, op, next);
        return Ok(());
    }
    session.store.read(&session.caller, |tx| {
        if format.is_json() {
            return write_records(ctx, tx, noun, ids, ids.len() == 1);
        }
        let mut out = ctx.ui.out();
        let key = match noun {
            _ if noun.is_keyed() => "key",
            _ if noun.prefix().is_none() => "name",
            _ => "id",
        };
        let columns = vec![list::column(tx, noun, key)?];
        let mut writer = Writer::begin(
            Format::Ids,
            options(ctx),
            &mut out,
            &wire_columns(&columns),
            noun.name(),
        )?;
        let fetch = rows::Fetch::new(tx, noun, &columns)?;
        for id in ids {
            if let Some(row) = fetch.get(tx, *id)? {
                writer.row(&row)?;
            }
        }
        writer.finish()?;
        Ok(())
    })
}
