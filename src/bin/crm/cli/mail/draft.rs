//! `crm mail draft`: a message from a template, for a mail program to send.

use std::io::Write;

use clap::{ArgMatches, Args, Command};
use crm::error::{Error, Result};
use crm::ops::mail::draft::{self, Request, Written};
use crm::wire::mail::letter::Mailbox;
use serde_json::json;

use super::template;
use crate::cli::output::Format;
use crate::cli::{parsed, records};
use crate::ctx::{Access, Ctx};
use crate::text::sanitise;

/// Write a message from a template, for a mail program to send
#[derive(Debug, Args)]
#[command(after_help = "\
The message goes to stdout, or to a file with -o: `crm mail draft offer C8 --log -o m.eml && mutt -H m.eml`, \
or `… | sendmail -t`, or `… | aerc :recall`. An answer to a message stays in its conversation. Who does not want to be \
contacted is refused. --log notes it as sent; the sent message is recognised when it is read with `crm mail ingest`.

Examples:
  printf 'Subject: 你好\\n\\n{{ customer.name }}，您好！\\n' | crm mail draft - C8 --from me@us.example
  crm mail templates --new offer && crm mail draft offer D65 --as 'Mara Lindholm' --log -o m.eml
  printf 'Subject: Hi\\n\\n{{ a }}\\n' | crm mail draft - C8 --as 陈晓 --set a=Hello --deal D65 --json
  printf 'Subject: Hi\\n\\nHello\\n' | crm mail draft - C8 --as 陈晓 --to other@yunfan.example
  crm mail draft nothing C8   # exit 3")]
struct DraftArgs {
    /// Template: a name that `crm mail templates` lists, a file, or `-` for stdin
    #[arg(value_name = "TEMPLATE")]
    name: String,
    /// Customer, deal, or message (A99) to be answered
    #[arg(value_name = "REF")]
    reference: String,
    /// Deal that it is about
    #[arg(long, value_name = "REF")]
    deal: Option<String>,
    /// Address that it goes to, in place of the first one that may be written to
    #[arg(long, value_name = "ADDRESS")]
    to: Option<String>,
    /// Address that it comes from, in place of that of the user
    #[arg(long, value_name = "ADDRESS")]
    from: Option<String>,
    /// Further value for the template
    #[arg(long = "set", value_name = "NAME=VALUE")]
    sets: Vec<String>,
    /// Log it as an e-mail to the customer
    #[arg(long)]
    log: bool,
}

pub(super) fn define(command: Command) -> Command {
    DraftArgs::augment_args(command)
}

pub(super) fn run(ctx: &Ctx, matches: &ArgMatches) -> Result<()> {
    let args: DraftArgs = parsed(matches)?;
    let is_json = format(ctx)?;
    let template = template::named(ctx, &args.name)?;
    let request = Request {
        about: args.reference.clone(),
        deal: args.deal.clone(),
        to: args.to.clone(),
        from: args.from.clone(),
        sets: args.sets.iter().map(|text| set(text)).collect::<Result<_>>()?,
    };
    if !args.log {
        let session = ctx.open(Access::Read)?;
        let written = session
            .store
            .read(&session.caller, |tx| draft::write(tx, &template, &request))?;
        return show(ctx, &written, is_json, None);
    }
    let mut session = ctx.open(Access::Write)?;
    let ((written, reference), op) = session.write(ctx, |tx| {
        let written = draft::write(tx, &template, &request)?;
        let logged = draft::log(tx, &written)?;
        let link = crm::store::links::link(tx, crm::domain::noun::Noun::Activity, logged.id)?;
        Ok((written, link.map(|link| link.reference().to_string())))
    })?;
    if let (Some(reference), false) = (&reference, ctx.global.dry_run) {
        ctx.remember(reference);
    }
    show(ctx, &written, is_json, reference.as_deref())?;
    match op {
        Some(op) => {
            ctx.ui.note(&op.title);
            ctx.ui
                .hint(&format!("`crm undo {}` forgets it; it does not unsend it", op.no));
        }
        None => ctx.ui.note("dry run: nothing was changed"),
    }
    Ok(())
}

/// Whether the message is wanted as JSON; it has no columns for other formats.
fn format(ctx: &Ctx) -> Result<bool> {
    let is_named = ctx.global.format.as_deref().is_some_and(|name| name != "auto");
    match records::format(ctx)? {
        format if format.is_json() => Ok(true),
        _ if !is_named && ctx.global.template.is_none() => Ok(false),
        Format::Table => Ok(false),
        _ => Err(Error::usage(
            "a message is written as it is, or as json: it has no columns",
        )),
    }
}

fn set(text: &str) -> Result<(String, String)> {
    let (name, value) = text
        .split_once('=')
        .ok_or_else(|| Error::usage(format!("{text:?} is not NAME=VALUE")))?;
    Ok((name.trim().to_owned(), value.to_owned()))
}

fn show(ctx: &Ctx, written: &Written, is_json: bool, logged: Option<&str>) -> Result<()> {
    if is_json {
        let mailbox = |one: &Mailbox| json!({"name": one.name, "email": one.address});
        let draft = &written.draft;
        let object = json!({
            "kind": "message",
            "from": mailbox(&draft.from),
            "to": draft.to.iter().map(mailbox).collect::<Vec<_>>(),
            "subject": draft.subject,
            "text": draft.text,
            "message_id": draft.id,
            "activity": logged,
        });
        let format = records::format(ctx)?;
        return records::json_objects(ctx, &format, &[object], true);
    }
    let mut out = ctx.ui.out();
    if ctx.ui.options().stdout_tty {
        let text = String::from_utf8_lossy(&written.bytes);
        writeln!(out, "{}", sanitise::block(text.trim_end()))?;
    } else {
        out.write_all(&written.bytes)?;
    }
    Ok(())
}
