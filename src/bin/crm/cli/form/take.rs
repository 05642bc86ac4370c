//! `crm form submit` and `confirm`: one body in, answers out.

use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};

use clap::{Args, Command};
use crm::error::{Error, Kind, Result};
use crm::ops::form::intake::{self, Answer, Name, Token};
use crm::ops::form::{self, Form};
use crm::store::WriteTx;
use crm::wire::submission::{self, Body, Options, Sent, Source};

use super::replies::{self, Replies};
use crate::ctx::{Access, Ctx, Session};

/// Take in what was sent by a form
#[derive(Debug, Args)]
pub(super) struct SubmitArgs {
    /// Form
    #[arg(value_name = "KEY")]
    name: String,
    /// Body to read, one submission or several; `-` for stdin
    #[arg(value_name = "FILE|-", default_value = "-")]
    file: PathBuf,
    #[command(flatten)]
    body: BodyArgs,
    /// What the sender calls the submission: it is taken in once, however often it comes
    #[arg(long, value_name = "TEXT")]
    key: Option<String>,
}

// How a body is to be read.
#[derive(Debug, Args)]
pub(super) struct BodyArgs {
    /// How the body is written: json, ndjson, urlencoded or multipart; found out where it is not given
    #[arg(long, value_name = "F")]
    from: Option<String>,
    /// Character encoding, where it cannot be found out
    #[arg(long, value_name = "NAME")]
    encoding: Option<String>,
}

/// Take in what its sender has confirmed
#[derive(Debug, Args)]
pub(super) struct ConfirmArgs {
    /// What the sender was given; `-` reads it from stdin
    #[arg(value_name = "TOKEN|-")]
    token: String,
}

pub(super) fn define(command: Command) -> Command {
    command.defer(SubmitArgs::augment_args).after_help(SUBMIT)
}

/// What the answers are, in the help.
const SUBMIT: &str = "\
Each submission is answered by a line of JSON: what became of it (created, updated, matched, pending_confirm, spam or \
rejected), the customer, and for each field at fault the reason. Refused ones are kept too, see `crm form submissions`. \
The exit code is 6 if any was refused.

Examples:
  crm form add web -e email! && echo '{\"email\":\"ann@firm.example\"}' | crm form submit web -
  crm form add web -e email! && echo email=ann@firm.example | crm form submit web --key 4711
  crm form add web -e email! && echo email=nobody | crm form submit web --from urlencoded   # exit 6
  crm form add web -e email! && echo email=a@b.example | crm form submit web --encoding gbk";

pub(super) fn define_confirm(command: Command) -> Command {
    command.defer(ConfirmArgs::augment_args).after_help(
        "Examples:\n  crm form confirm 0123456789abcdef0123456789abcdef   # exit 3\n  \
         printf 0123456789abcdef0123456789abcdef | crm form confirm -   # exit 3",
    )
}

impl BodyArgs {
    /// How a body is to be read.
    ///
    /// # Errors
    ///
    /// `Usage` for a way of writing that is not known.
    pub(super) fn options(&self) -> Result<Options> {
        let source = match self.from.as_deref().map(Source::parse) {
            Some(None) => {
                let names = Source::NAMES.join(", ");
                return Err(Error::usage(format!("--from takes one of {names}")));
            }
            Some(source) => source,
            None => None,
        };
        Ok(Options {
            source,
            encoding: self.encoding.clone(),
        })
    }
}

pub(super) fn submit(ctx: &Ctx, args: &SubmitArgs) -> Result<()> {
    let options = args.body.options()?;
    let mut session = ctx.open(Access::Write)?;
    let form = session
        .store
        .read(&session.caller, |tx| form::named(tx, &args.name))?;
    form.open()?;
    let body = body(&args.file, &options)?;
    if body.submissions.is_empty() {
        return Err(Error::new(Kind::Invalid, "nothing was sent: the body is empty"));
    }
    if args.key.is_some() && body.submissions.len() > 1 {
        return Err(Error::usage(
            "--key names one submission, and the body holds several",
        ));
    }
    let name = args.key.as_ref().map(|key| Name::Sender(key.clone()));
    let replies = all(ctx, &mut session, &form, &body, &|_| name.clone())?;
    replies.write(ctx)?;
    replies.verdict(ctx)
}

pub(super) fn confirm(ctx: &Ctx, args: &ConfirmArgs) -> Result<()> {
    let token = match args.token.as_str() {
        "-" => {
            // No token is that long.
            let mut text = String::new();
            std::io::stdin().lock().take(1024).read_to_string(&mut text)?;
            text
        }
        token => token.to_owned(),
    };
    if token.trim().is_empty() {
        return Err(Error::usage("there is no token: what was read is empty"));
    }
    let hash = replies::hash(&token);
    let mut session = ctx.open(Access::Write)?;
    let (answer, _) = session.write(ctx, |tx| intake::confirm(tx, &hash))?;
    let mut replies = Replies::default();
    replies.add(&session, ctx, None, answer)?;
    replies.write(ctx)?;
    replies.verdict(ctx)
}

/// A body to its end: whoever sends it may take long, and holds up nobody who writes to the base.
fn body(path: &Path, options: &Options) -> Result<Body> {
    if path == Path::new("-") {
        return submission::read(std::io::stdin().lock(), options);
    }
    let name = path.display();
    if path.is_dir() {
        let message = format!("{name} is a folder; `crm form spool {name}` takes in what lies there");
        return Err(Error::usage(message));
    }
    let file = File::open(path).map_err(|error| match error.kind() {
        ErrorKind::NotFound => Error::new(Kind::NotFound, format!("there is no file {name}")),
        _ => Error::from(error).context(&name),
    })?;
    submission::read(file, options).map_err(|error| error.context(&name))
}

/// Takes in every submission of a body, each by itself.
///
/// # Errors
///
/// What the first fails with. If others went before it, they are in: `Partial`, with the reason.
pub(super) fn all(
    ctx: &Ctx,
    session: &mut Session,
    form: &Form,
    body: &Body,
    name: &dyn Fn(&Sent) -> Option<Name>,
) -> Result<Replies> {
    let mut replies = Replies::default();
    for sent in &body.submissions {
        let taken = one(ctx, session, |tx, token| {
            // Somebody may have changed it since.
            let form = form::load(tx, form.id)?;
            intake::submit(tx, &form, sent, name(sent).as_ref(), token)
        });
        match taken {
            Ok(answer) => replies.add(session, ctx, Some(sent.line), answer)?,
            Err(error) if replies.all().is_empty() => return Err(error),
            Err(error) => {
                replies.write(ctx)?;
                let message = format!("line {}: {error}; what stands before it is in", sent.line);
                return Err(Error::new(Kind::Partial, message).with_source(error));
            }
        }
    }
    Ok(replies)
}

/// One operation of a form, with a secret at hand.
///
/// # Errors
///
/// Whatever it fails with.
pub(super) fn one(
    ctx: &Ctx,
    session: &mut Session,
    work: impl Fn(&WriteTx<'_>, &dyn Fn() -> Token) -> Result<Answer>,
) -> Result<Answer> {
    let token = replies::token()?;
    let (answer, _) = session.write(ctx, |tx| work(tx, &|| token.clone()))?;
    Ok(answer)
}
