//! `NOUN note`: something written down about a record.

use std::io::Read;

use clap::Args;
use crm::domain::input::{Assignment, Input};
use crm::domain::noun::Noun;
use crm::error::{Error, Result};
use crm::ops::activity::{self, Follow};
use crm::ops::typed::Policy;
use crm::ops::{feedback, order, quote, refer, task, ticket};

use crate::cli::written;
use crate::ctx::{Access, Ctx};

// What is written down, and about whom. No doc: clap would take it for what the command does.
#[derive(Debug, Args)]
pub(crate) struct NoteArgs {
    /// Record
    #[arg(value_name = "REF")]
    reference: String,
    /// Text; `-` reads it from stdin, `@FILE` from a file
    #[arg(allow_hyphen_values = true)]
    text: String,
}

/// On a customer or a deal it is an activity of type note, on a task, a quote, an order or feedback it is added to its own, on a
/// ticket it is for us alone.
pub(crate) fn note(ctx: &Ctx, noun: Noun, args: &NoteArgs) -> Result<()> {
    let text = text(&args.text)?;
    let mut session = ctx.open(Access::Write)?;
    if matches!(
        noun,
        Noun::Task | Noun::Quote | Noun::Order | Noun::Ticket | Noun::Feedback
    ) {
        let (outcome, op) = session.write(ctx, |tx| {
            let id = refer::one(tx, noun, &args.reference)?;
            match noun {
                Noun::Quote => quote::note(tx, id, &text),
                Noun::Order => order::note(tx, id, &text),
                Noun::Ticket => ticket::talk::note(tx, id, &text),
                Noun::Feedback => feedback::note(tx, id, &text),
                _ => task::note(tx, id, &text),
            }
        })?;
        return written::report(ctx, &session, noun, &[outcome.id], op.as_ref());
    }
    let owner = session.caller.actor.name.clone();
    let (outcome, op) = session.write(ctx, |tx| {
        let about = refer::one(tx, noun, &args.reference)?;
        let assignments: Vec<Assignment> = vec![
            ("type".to_owned(), Input::text("note")),
            ("text".to_owned(), Input::text(text.as_str())),
            ("owner".to_owned(), Input::text(owner.as_str())),
            (noun.name().to_owned(), Input::text(about.uid())),
        ];
        activity::log(tx, &assignments, &Follow::default(), &Policy::strict())
    })?;
    written::report(ctx, &session, Noun::Activity, &[outcome.id], op.as_ref())
}

/// The text itself, or what stdin or a file holds.
pub(crate) fn text(given: &str) -> Result<String> {
    let text = match (given, given.strip_prefix('@')) {
        ("-", _) => {
            let mut text = String::new();
            std::io::stdin().lock().read_to_string(&mut text)?;
            text
        }
        (_, Some(path)) if !path.is_empty() => {
            std::fs::read_to_string(path).map_err(|error| Error::from(error).context(path))?
        }
        _ => given.to_owned(),
    };
    let text = text.trim();
    if text.is_empty() {
        return Err(Error::invalid("text", "text: there is nothing to write down"));
    }
    Ok(text.to_owned())
}
