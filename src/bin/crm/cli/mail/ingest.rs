//! `crm mail ingest`: messages from a mail program, a filter or a mailbox.

use std::path::PathBuf;

use clap::{ArgMatches, Args, Command, ValueEnum};
use crm::domain::actor::Via;
use crm::domain::field::FieldType;
use crm::domain::value::{Link, Value};
use crm::error::{Error, Kind, Result};
use crm::ops::attachment::New;
use crm::ops::mail::ingest::{self, Bulk, Options, Unknown};
use crm::ops::mail::verdict::{Judged, Sink, Summary, Verdict};
use crm::wire::column::Column;
use crm::wire::mail::letter::File;

use super::source::Sources;
use crate::cli::copies::{self, Copies};
use crate::cli::output::Writer;
use crate::cli::ui::Progress;
use crate::cli::{parsed, records};
use crate::ctx::{Access, Ctx};

/// Take in messages: they become activities of the customers on them
#[derive(Debug, Args)]
#[command(after_help = "\
Who has an address on a message takes part in it; what one of us wrote went out. Our own addresses are those \
of the users, and --own. A message comes in once, however often and from wherever it is read. Where a customer \
has one open deal, or the conversation is about one, it is linked. Newsletters, mailing lists and automatic \
answers are passed over; a report that a message could not be delivered marks the address.

From procmail: `:0 c` and below it `| crm mail ingest -q -`; from mutt and aerc: pipe the message to `crm mail ingest -`.
The exit code is 0 when everything was dealt with, 5 for what is no message, 6 if some of several are none, 7 while the \
base is busy.

Examples:
  printf 'From: zhangwei@yunfan.example\\n\\n好的，谢谢！\\n' | crm mail ingest -
  printf 'From: eve@strange.example\\n\\nHello\\n' | crm mail ingest --fail-empty   # exit 3
  printf 'From: eve@x.example\\n\\nHello\\n' | crm mail ingest --unknown create --own @us.example
  printf 'From: zhangwei@yunfan.example\\n\\n好的\\n' | crm mail ingest --attachments --deal D65 -n
  printf 'From: zhangwei@yunfan.example\\n\\n新\\n' | crm mail ingest --bulk log --format csv")]
struct IngestArgs {
    /// Messages, mailboxes (mbox) and folders (Maildir, MH); `-`, or nothing, for stdin
    #[arg(value_name = "FILE|-|DIR")]
    sources: Vec<PathBuf>,
    /// What becomes of people whom nobody knows: skip, or create customers of who wrote to us or got a message of ours
    #[arg(long, value_name = "WHAT", value_enum, default_value_t = UnknownArg::Skip)]
    unknown: UnknownArg,
    /// What becomes of newsletters, lists and automatic answers: skip or log
    #[arg(long, value_name = "WHAT", value_enum, default_value_t = BulkArg::Skip)]
    bulk: BulkArg,
    /// Further address of ours, or @firm.example for all of a domain
    #[arg(long, value_name = "ADDRESS")]
    own: Vec<String>,
    /// Deal that all of it is about
    #[arg(long, value_name = "REF")]
    deal: Option<String>,
    /// Keep the files that come with messages beside the base
    #[arg(long)]
    attachments: bool,
    /// Exit with 3 if nothing was logged
    #[arg(long)]
    fail_empty: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum UnknownArg {
    Skip,
    Create,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum BulkArg {
    Skip,
    Log,
}

/// What is told of each message.
const VERDICTS: [(&str, FieldType); 6] = [
    ("place", FieldType::Text),
    ("verdict", FieldType::Text),
    ("id", FieldType::Text),
    ("customer", FieldType::Text),
    ("subject", FieldType::Text),
    ("reason", FieldType::Text),
];

pub(super) fn define(command: Command) -> Command {
    IngestArgs::augment_args(command)
}

pub(super) fn run(ctx: &Ctx, matches: &ArgMatches) -> Result<()> {
    let mut args: IngestArgs = parsed(matches)?;
    if args.sources.is_empty() {
        args.sources.push(PathBuf::from("-"));
    }
    let sources = Sources::find(&args.sources)?;
    if sources.left_out > 0 {
        ctx.ui
            .note(&format!("{} other files are no messages", sources.left_out));
    }
    let options = options(&args, &sources);
    let base = ctx.base()?;
    let mut session = ctx.open(Access::Write)?;
    session.caller.via = Via::Import;
    let format = records::format(ctx)?;
    let is_asked = ctx.global.format.is_some() || ctx.global.json.is_some() || ctx.global.template.is_some();
    let mut out = ctx.ui.out();
    let verdicts = match ctx.global.dry_run || is_asked {
        true => Some(Writer::begin(
            format,
            records::options(ctx),
            &mut out,
            &VERDICTS.map(|(name, kind)| Column::new(name, kind)),
            "",
        )?),
        false => None,
    };
    let mut told = Told {
        ctx,
        base,
        keeps: args.attachments,
        copies: Copies::default(),
        verdicts,
        refused: 0,
        judged: 0,
        last: None,
        progress: ctx.ui.progress("reading messages", 0),
    };
    let mut messages = sources.messages(args.attachments);
    let done = session.write_once(ctx, |tx| ingest::run(tx, &mut messages, &options, &mut told));
    let (summary, op) = done.inspect_err(|_| told.copies.take_back())?;
    let last = told.last.take();
    told.finish()?;
    drop(out);
    if let (Some(last), false) = (last, ctx.global.dry_run) {
        ctx.remember(&last);
    }
    tell(ctx, &summary);
    if let Some(op) = op {
        ctx.ui.hint(&format!("`crm undo {}` takes all of it back", op.no));
    }
    outcome(&args, &summary)
}

fn options(args: &IngestArgs, sources: &Sources) -> Options {
    let source = match args.sources.as_slice() {
        [one] if one.as_os_str() == "-" => "stdin".to_owned(),
        [one] => one
            .file_name()
            .unwrap_or(one.as_os_str())
            .to_string_lossy()
            .into_owned(),
        _ => format!("{} files", sources.count()),
    };
    Options {
        unknown: match args.unknown {
            UnknownArg::Skip => Unknown::Skip,
            UnknownArg::Create => Unknown::Create,
        },
        bulk: match args.bulk {
            BulkArg::Skip => Bulk::Skip,
            BulkArg::Log => Bulk::Log,
        },
        own: args.own.clone(),
        deal: args.deal.clone(),
        source,
    }
}

/// Says how many messages became what.
fn tell(ctx: &Ctx, summary: &Summary) {
    for (reason, count) in &summary.skipped {
        ctx.ui.note(&format!("skipped {count}: {reason}"));
    }
    for address in &summary.dead {
        ctx.ui.note(&format!("{address} takes no mail any more"));
    }
    if summary.is_ours_unknown && summary.logged > 0 {
        ctx.ui.warn(
            "no user has an e-mail address, so that incoming and outgoing mail cannot be told apart for sure; \
             `crm user set NAME email=ADDRESS` says it",
        );
    }
    match summary.undated {
        0 => {}
        1 => ctx
            .ui
            .note("1 message has no date that can be right, and is logged as of now"),
        count => ctx.ui.note(&format!(
            "{count} messages have no date that can be right, and are logged as of now"
        )),
    }
    if summary.messages() == 0 {
        ctx.ui.note("there are no messages");
        return;
    }
    let mut counts = vec![
        (summary.logged, "logged"),
        (summary.known, "known"),
        (summary.left_out(), "skipped"),
        (summary.bounced, "undelivered"),
        (summary.rejected, "rejected"),
    ];
    counts.retain(|(count, word)| *count > 0 || *word == "logged");
    let counts: Vec<String> = counts
        .into_iter()
        .map(|(count, word)| format!("{count} {word}"))
        .collect();
    let made = match summary.made.len() {
        0 => String::new(),
        1 => "; 1 customer created".to_owned(),
        count => format!("; {count} customers created"),
    };
    let named = match summary.named.len() {
        0 => String::new(),
        1 => "; 1 customer got a name in place of the address".to_owned(),
        count => format!("; {count} customers got names in place of the address"),
    };
    ctx.ui.note(&format!("{}{made}{named}", counts.join(", ")));
    if ctx.global.dry_run {
        ctx.ui.note("dry run: nothing was changed");
    }
}

/// What the exit code says.
fn outcome(args: &IngestArgs, summary: &Summary) -> Result<()> {
    match (summary.rejected, summary.messages()) {
        (0, _) if args.fail_empty && summary.logged == 0 => {
            Err(Error::new(Kind::NotFound, "nothing was logged"))
        }
        (0, _) => Ok(()),
        (rejected, all) if rejected == all => Err(Error::new(
            Kind::Invalid,
            match all {
                1 => "what was read is no message that can be kept".to_owned(),
                _ => format!("none of {all} could be kept"),
            },
        )),
        (rejected, all) => Err(Error::new(
            Kind::Partial,
            format!("{rejected} of {all} could not be kept; the others were dealt with"),
        )),
    }
}

/// At most so many that were refused are told one by one.
const MOST_TOLD: usize = 20;

/// What is told of every message, and where the files are put that came with it.
struct Told<'c> {
    ctx: &'c Ctx,
    base: PathBuf,
    keeps: bool,
    copies: Copies,
    verdicts: Option<Writer<'c>>,
    refused: usize,
    judged: u64,
    /// The activity of the last message.
    last: Option<String>,
    progress: Progress<'c>,
}

impl Told<'_> {
    fn finish(self) -> Result<()> {
        if let Some(verdicts) = self.verdicts {
            verdicts.finish()?;
        }
        Ok(())
    }
}

impl Sink for Told<'_> {
    fn judged(&mut self, message: &Judged<'_>) -> Result<()> {
        self.judged += 1;
        self.progress.tick(self.judged, self.ctx.elapsed_ms());
        let reference = |link: &Option<Link>| link.as_ref().map(|link| link.reference().to_string());
        if message.verdict == Verdict::Logged {
            self.last = reference(&message.activity);
        }
        if message.verdict == Verdict::Rejected {
            match self.refused {
                at if at < MOST_TOLD => self
                    .ctx
                    .ui
                    .warn(&format!("{}: {}", message.place, message.reason)),
                MOST_TOLD => self.ctx.ui.warn("and more; --dry-run --format csv lists all"),
                _ => {}
            }
            self.refused += 1;
        } else if message.verdict == Verdict::Logged && !message.reason.is_empty() {
            self.ctx
                .ui
                .warn(&format!("{}: {}", message.place, message.reason));
        }
        let Some(verdicts) = &mut self.verdicts else {
            return Ok(());
        };
        let text = |text: &str| match text {
            "" => Value::Null,
            text => Value::text(text),
        };
        let customer = message
            .customer
            .as_ref()
            .map(|link| format!("{} {}", link.reference(), link.name));
        verdicts.row(&[
            Value::text(message.place),
            Value::text(message.verdict.name()),
            text(&reference(&message.activity).unwrap_or_default()),
            text(&customer.unwrap_or_default()),
            text(message.subject),
            text(message.reason),
        ])
    }

    fn keeps(&self) -> bool {
        self.keeps
    }

    fn keep(&mut self, file: &File) -> Result<New> {
        match self.ctx.global.dry_run {
            true => Ok(copies::would_keep(&self.base, &file.name, &file.bytes)),
            false => copies::keep(&self.base, &file.name, &file.bytes, &mut self.copies),
        }
    }
}
