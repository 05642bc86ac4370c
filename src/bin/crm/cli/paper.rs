//! `crm order print`, `crm quote print`: an order or a quote as a document for the customer.

use std::io::Write;

use clap::{Args, Command};
use crm::domain::noun::Noun;
use crm::domain::paper::{Language, Paper, Party};
use crm::error::{Error, Result};
use crm::ops::refer;
use crm::report::paper::{self, Frame};
use crm::wire;

use crate::ctx::{Access, Ctx};
use crate::text::sanitise;

/// Print a document for the customer
///
/// Written as Markdown, or with --format html or -o NAME.html as a page that prints on A4. Who sells stands in the settings
/// seller, seller_address, seller_tax_id and seller_account.
#[derive(Debug, Args)]
pub(crate) struct PrintArgs {
    /// The order or quote
    #[arg(value_name = "REF")]
    reference: String,
    /// Language: en, zh; that of the customer if none is given
    #[arg(long, value_name = "LANG")]
    lang: Option<String>,
}

/// Adds the verb, which is about this.
pub(crate) fn define(command: Command, about: &'static str) -> Command {
    let verb = Command::new("print").about(about).defer(PrintArgs::augment_args);
    command.subcommand(verb)
}

/// Prints an order or a quote.
pub(crate) fn run(ctx: &Ctx, noun: Noun, args: &PrintArgs) -> Result<()> {
    let write = format(ctx)?;
    let frame = frame(ctx, args.lang.as_deref())?;
    let session = ctx.open(Access::Read)?;
    let paper = session.store.read(&session.caller, |tx| {
        let id = refer::one(tx, noun, &args.reference)?;
        match noun {
            Noun::Quote => paper::of_quote(tx, id, frame),
            _ => paper::of_order(tx, id, frame),
        }
    })?;
    let text = write(&paper);
    let shown = match ctx.ui.options().stdout_tty {
        true => sanitise::stream(&text),
        false => text.as_str().into(),
    };
    Ok(ctx.ui.out().write_all(shown.as_bytes())?)
}

/// What is written: as the format says, or else as the name of the file does.
fn format(ctx: &Ctx) -> Result<fn(&Paper) -> String> {
    let extension = ctx.global.output.as_deref().and_then(|path| path.extension());
    let extension = extension.map(|extension| extension.to_string_lossy().to_lowercase());
    let name = match (ctx.global.format.as_deref(), extension.as_deref()) {
        (Some("auto") | None, Some("html" | "htm")) => "html",
        (Some("auto") | None, _) => "markdown",
        (Some(name), _) => name,
    };
    match name {
        "markdown" => Ok(wire::paper::markdown),
        "html" => Ok(wire::paper::html),
        other => Err(Error::usage(format!(
            "a document is printed as markdown or html, not as {other:?}"
        ))),
    }
}

/// The language that was asked for, and who sells by the settings.
fn frame(ctx: &Ctx, lang: Option<&str>) -> Result<Frame> {
    let language = match lang {
        None => None,
        Some(tag) => Some(
            Language::parse(tag)
                .ok_or_else(|| Error::usage(format!("documents are in en and zh, not in {tag:?}")))?,
        ),
    };
    let config = &ctx.config;
    let lines = |text: &Option<String>| -> Vec<String> {
        let text = text.as_deref().unwrap_or_default();
        let lines = text.split(['\n', ';', '；']).map(str::trim);
        lines.filter(|line| !line.is_empty()).map(str::to_owned).collect()
    };
    let seller = Party {
        name: config.seller.clone().unwrap_or_default(),
        contact: String::new(),
        lines: lines(&config.seller_address),
        tax_id: config.seller_tax_id.clone().unwrap_or_default(),
    };
    Ok(Frame {
        language,
        seller: Some(seller).filter(|seller| *seller != Party::default()),
        account: lines(&config.seller_account),
    })
}
