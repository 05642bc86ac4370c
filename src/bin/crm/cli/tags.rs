//! `NOUN tag` and `NOUN untag`: labels on any record.

use crm::domain::id::Id;
use crm::domain::noun::Noun;
use crm::error::{Error, Result};
use crm::ops::tagging;
use crm::store::WriteTx;

use crate::cli::args::{TagArgs, TargetArgs};
use crate::cli::{records, written};
use crate::ctx::{Access, Ctx};

/// `NOUN tag REF… TAG`.
pub(crate) fn tag(ctx: &Ctx, noun: Noun, args: &TagArgs) -> Result<()> {
    apply(ctx, noun, args, tagging::tag)
}

/// `NOUN untag REF… TAG`.
pub(crate) fn untag(ctx: &Ctx, noun: Noun, args: &TagArgs) -> Result<()> {
    apply(ctx, noun, args, tagging::untag)
}

fn apply(
    ctx: &Ctx,
    noun: Noun,
    args: &TagArgs,
    act: fn(&WriteTx<'_>, Noun, &[Id], &str) -> Result<()>,
) -> Result<()> {
    let Some((name, references)) = args.words.split_last() else {
        return Err(Error::usage("name a label"));
    };
    let target = TargetArgs {
        references: references.to_vec(),
        filters: args.filters.clone(),
    };
    let references = records::with_stdin(references)?;
    let mut session = ctx.open(Access::Write)?;
    let ids = session.store.read(&session.caller, |tx| {
        records::targets(tx, noun, &target, &references)
    })?;
    let (_, op) = session.write(ctx, |tx| act(tx, noun, &ids, name))?;
    written::report(ctx, &session, noun, &ids, op.as_ref())
}
