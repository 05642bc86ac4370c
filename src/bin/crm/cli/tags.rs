//! `NOUN tag` and `NOUN untag`: labels on any record.

use crm::domain::id::Id;
use crm::domain::noun::Noun;
use crm::error::{Error, Result};
use crm::ops::tagging;
use crm::store::WriteTx;

use crate::cli::args::TagArgs;
use crate::cli::bulk::{self, Deed, Grade};
use crate::ctx::Ctx;

/// `NOUN tag REF… TAG`.
pub(crate) fn tag(ctx: &Ctx, noun: Noun, args: &TagArgs) -> Result<()> {
    let (name, references) = words(args)?;
    let act = |tx: &WriteTx<'_>, id: Id| tagging::tag(tx, noun, &[id], name);
    let deed = Deed {
        title: &|what| format!("Tagged {what} with {name}"),
        grade: Grade::Selected,
        ..Deed::new(noun, "tag", &["tags"], &act)
    };
    bulk::run(ctx, &args.bulk, references, &deed)
}

/// `NOUN untag REF… TAG`.
pub(crate) fn untag(ctx: &Ctx, noun: Noun, args: &TagArgs) -> Result<()> {
    let (name, references) = words(args)?;
    let act = |tx: &WriteTx<'_>, id: Id| tagging::untag(tx, noun, &[id], name);
    let deed = Deed {
        title: &|what| format!("Took {name} off {what}"),
        grade: Grade::Selected,
        ..Deed::new(noun, "untag", &["tags"], &act)
    };
    bulk::run(ctx, &args.bulk, references, &deed)
}

/// The label, and the references before it.
fn words(args: &TagArgs) -> Result<(&str, &[String])> {
    let (name, references) = args
        .words
        .split_last()
        .ok_or_else(|| Error::usage("name a label"))?;
    Ok((name, references))
}
