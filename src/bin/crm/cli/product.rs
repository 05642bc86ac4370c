//! `crm product`: what can be sold.

use clap::{ArgMatches, Args, Command};
use crm::domain::noun::Noun;
use crm::error::Result;
use crm::ops::product;

use crate::cli::args::TagArgs;
use crate::cli::{keyed, parsed, tags};
use crate::ctx::Ctx;

/// Add a product
#[derive(Debug, Args)]
struct AddArgs {
    /// Name
    name: String,
    /// Unique code of the article
    #[arg(long)]
    sku: Option<String>,
    /// Group of products
    #[arg(long)]
    category: Option<String>,
    /// List price: 550, 48kEUR
    #[arg(long)]
    price: Option<String>,
    /// Unit in which it is sold
    #[arg(long)]
    unit: Option<String>,
    /// Label; may be given several times
    #[arg(long, value_name = "T")]
    tag: Vec<String>,
    /// Any other field, or a custom one as fields.KEY
    #[arg(long = "field", value_name = "K=V")]
    fields: Vec<String>,
}

pub(crate) fn define(command: Command) -> Command {
    keyed::define(command, Noun::Product)
        .subcommand(
            Command::new("add")
                .about("Add a product")
                .defer(AddArgs::augment_args),
        )
        .subcommand(
            Command::new("tag")
                .about("Put labels on products")
                .defer(TagArgs::augment_args),
        )
        .subcommand(
            Command::new("untag")
                .about("Take labels off products")
                .defer(TagArgs::augment_args),
        )
}

pub(crate) fn run(ctx: &Ctx, matches: &ArgMatches) -> Result<()> {
    match matches.subcommand() {
        Some(("add", matches)) => add(ctx, parsed(matches)?),
        Some(("tag", matches)) => tags::tag(ctx, Noun::Product, &parsed(matches)?),
        Some(("untag", matches)) => tags::untag(ctx, Noun::Product, &parsed(matches)?),
        _ => keyed::run(ctx, Noun::Product, matches, product::edit),
    }
}

fn add(ctx: &Ctx, args: AddArgs) -> Result<()> {
    let tags = (!args.tag.is_empty()).then(|| args.tag.join(";"));
    let given = [
        ("name", Some(args.name)),
        ("sku", args.sku),
        ("category", args.category),
        ("price", args.price),
        ("unit", args.unit),
        ("tags", tags),
    ];
    keyed::add(ctx, Noun::Product, given, &args.fields, product::add)
}
