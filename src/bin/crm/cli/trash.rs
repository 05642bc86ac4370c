//! `crm trash`: what was put into the trash, of all nouns.

use std::cmp::Reverse;
use std::ops::ControlFlow;

use clap::{ArgMatches, Args, Command};
use crm::domain::field::{self, FieldType};
use crm::domain::noun::Noun;
use crm::domain::value::Value;
use crm::error::{Error, Result};
use crm::ops::list::{self, Request};
use crm::store::ReadTx;
use crm::store::records as rows;
use jiff::Timestamp;

use crate::cli::{bulk, parsed, records};
use crate::ctx::{Access, Ctx};

// What of the trash is listed.
#[derive(Debug, Args)]
struct ListArgs {
    /// Only records of this noun
    #[arg(long, value_name = "NOUN")]
    noun: Option<String>,
}

pub(crate) fn define(command: Command) -> Command {
    command
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommand(
            Command::new("list")
                .about("List what is in the trash, the latest first; `NOUN restore` takes it out")
                .defer(ListArgs::augment_args),
        )
}

pub(crate) fn run(ctx: &Ctx, matches: &ArgMatches) -> Result<()> {
    match matches.subcommand() {
        Some(("list", matches)) => list(ctx, &parsed(matches)?),
        _ => Err(Error::usage("no verb was given")),
    }
}

fn list(ctx: &Ctx, args: &ListArgs) -> Result<()> {
    let only = match &args.noun {
        Some(word) => Some(Noun::parse(word).ok_or_else(|| {
            let names = Noun::ALL.map(Noun::name);
            let near = crm::domain::near::near(word, names);
            Error::usage(format!("there is no noun {word:?}")).with_near(near)
        })?),
        None => None,
    };
    let session = ctx.open(Access::Read)?;
    session.store.read(&session.caller, |tx| {
        let mut found = Vec::new();
        for noun in Noun::ALL {
            if only.is_none_or(|only| only == noun) {
                trashed(tx, noun, &mut found)?;
            }
        }
        found.sort_by_key(|(at, _)| Reverse(*at));
        let columns = [
            ("id", FieldType::Text),
            ("noun", FieldType::Text),
            ("name", FieldType::Text),
            ("deleted_at", FieldType::Instant),
            ("updated_by", FieldType::Text),
        ];
        records::table(ctx, "trash", &columns, found.into_iter().map(|(_, row)| row))
    })
}

/// The records of a noun in the trash, with the moment at which they came there. A merged customer is none of them: it
/// lives on in another.
fn trashed(tx: &ReadTx<'_>, noun: Noun, found: &mut Vec<(Option<Timestamp>, Vec<Value>)>) -> Result<()> {
    if field::find(noun, "deleted_at").is_none() {
        return Ok(());
    }
    let name = match noun {
        Noun::Task => "title",
        Noun::Activity => "text",
        _ if noun.is_keyed() => "key",
        _ => "name",
    };
    let mut filters = vec!["is:trashed".to_owned()];
    if noun == Noun::Customer {
        filters.push("no:merged_into".to_owned());
    }
    // What is named by a key does not show who changed it.
    let names = ["deleted_at", name, "updated_by"].into_iter();
    let request = Request {
        filters,
        columns: names
            .filter(|name| field::find(noun, name).is_some())
            .map(str::to_owned)
            .collect(),
        ..Request::default()
    };
    let listing = list::listing(tx, noun, &request)?;
    rows::select(tx, &listing, |id, row| {
        let mut row = row.into_iter();
        let at = row.next().unwrap_or(Value::Null);
        let moment = match &at {
            Value::Instant(moment) => Some(*moment),
            _ => None,
        };
        let (name, by) = (
            row.next().unwrap_or(Value::Null),
            row.next().unwrap_or(Value::Null),
        );
        found.push((
            moment,
            vec![
                Value::Text(bulk::reference(tx, noun, id)?),
                Value::text(noun.name()),
                name,
                at,
                by,
            ],
        ));
        Ok(ControlFlow::Continue(()))
    })
}
