//! `crm article`: canned replies and articles of knowledge.

use clap::{ArgMatches, Args, Command};
use crm::domain::article::{PUBLISHED, REPLY, TYPES};
use crm::domain::field::FieldType;
use crm::domain::input::Assignment;
use crm::domain::noun::Noun;
use crm::domain::value::Value;
use crm::error::{Error, Kind, Result};
use crm::ops::article;
use crm::ops::article::suggest::{self, Suggestion};
use crm::ops::refer;
use crm::ops::typed::{self, Policy};

use crate::cli::args::TagArgs;
use crate::cli::given::{many, one};
use crate::cli::{note, nouns, parsed, records, tags, written};
use crate::ctx::{Access, Ctx};

/// Write an article or a canned reply
#[derive(Debug, Args)]
struct AddArgs {
    /// Name of the article
    #[arg(value_name = "KEY")]
    name: String,
    /// What it says, in Markdown; `-` reads it from stdin, `@FILE` from a file
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    body: Option<String>,
    /// What it is about, in one line; without it, the first heading of the body
    #[arg(long, value_name = "TEXT")]
    title: Option<String>,
    /// A canned reply, for `crm ticket reply --canned`
    #[arg(long)]
    reply: bool,
    /// Publish it at once; it is a draft otherwise
    #[arg(long)]
    publish: bool,
    /// Language that it is written in: en, zh
    #[arg(long, value_name = "TAG")]
    language: Option<String>,
    /// What part of our work it is about, in free words
    #[arg(long, value_name = "TEXT")]
    topic: Option<String>,
    /// Label; may be given several times
    #[arg(long, value_name = "T")]
    tag: Vec<String>,
    /// Further fields: status=archived
    #[arg(value_name = "FIELD=VALUE")]
    more: Vec<String>,
}

const ADD: &str = "\
In a canned reply, values of the ticket, of its customer and contact, and of whoever answers stand in braces: ticket.id, \
ticket.name, ticket.due_at …, customer.name, customer.first_name …, contact.name …, actor.name, today. What is not known \
of them is no empty text: the reply is refused, unless it says `default(…)` or asks with `if`.

Examples:
  crm article add paper --body '# Paper jam' --topic printers --language en
  crm article add 卡纸 --body '# 打印机卡纸怎么办' --topic 打印机 --language zh --tag 硬件 --publish
  crm article add hi --reply --publish --body 'Dear {{ contact.name | default(customer.name) }}'
  crm article add 受理 --reply --title 工单受理 --body '{{ customer.name }}，{{ ticket.id }} 已受理。'
  crm article add old --body 'How it was' status=archived
  printf '# Start\\n\\nPress both keys.' | crm article add start --body -";

// The ticket, and how much is wanted.
#[derive(Debug, Args)]
struct SuggestArgs {
    /// The ticket
    #[arg(value_name = "REF")]
    ticket: String,
    /// Only these: reply or article
    #[arg(long = "type", value_name = "TYPE")]
    kind: Option<String>,
    /// At most so many; 0 for all
    #[arg(long, value_name = "N", default_value_t = 5)]
    limit: usize,
    /// Exit with 3 if there is nothing
    #[arg(long)]
    fail_empty: bool,
}

const SUGGEST: &str = "\
Published articles that share words with the subject and the description of a ticket, best first: a rare word says more than \
one that many articles have, and one in the title more than one in the text.

Examples:
  crm article add lamp --body '# The lamp stays dark' --publish && crm article suggest K8
  crm article suggest K1 --type reply --limit 1 --json=key,words
  crm article suggest K3 --fail-empty   # exit 3";

pub(crate) fn define(command: Command) -> Command {
    nouns::trash_verbs(nouns::verbs(command))
        .subcommand(
            Command::new("add")
                .about("Write an article or a canned reply")
                .defer(AddArgs::augment_args)
                .after_help(ADD),
        )
        .subcommand(
            Command::new("suggest")
                .about("Find articles that may help a ticket")
                .defer(SuggestArgs::augment_args)
                .after_help(SUGGEST),
        )
        .subcommand(
            Command::new("tag")
                .about("Put labels on articles")
                .defer(TagArgs::augment_args),
        )
        .subcommand(
            Command::new("untag")
                .about("Take labels off articles")
                .defer(TagArgs::augment_args),
        )
}

pub(crate) fn run(ctx: &Ctx, matches: &ArgMatches) -> Result<()> {
    match matches.subcommand() {
        Some(("add", matches)) => add(ctx, parsed(matches)?),
        Some(("suggest", matches)) => suggest(ctx, &parsed(matches)?),
        Some(("tag", matches)) => tags::tag(ctx, Noun::Article, &parsed(matches)?),
        Some(("untag", matches)) => tags::untag(ctx, Noun::Article, &parsed(matches)?),
        _ => nouns::common(ctx, matches, Noun::Article, article::edit),
    }
}

fn add(ctx: &Ctx, args: AddArgs) -> Result<()> {
    let body = args.body.as_deref().map(note::text).transpose()?;
    let mut fields: Vec<Assignment> = [
        one("key", Some(args.name)),
        one("body", body),
        one("title", args.title),
        one("type", args.reply.then(|| REPLY.to_owned())),
        one("status", args.publish.then(|| PUBLISHED.to_owned())),
        one("language", args.language),
        one("topic", args.topic),
        many("tags", args.tag),
    ]
    .into_iter()
    .flatten()
    .collect();
    for text in &args.more {
        fields.push(records::assignment(text)?);
    }
    let mut session = ctx.open(Access::Create)?;
    let (outcome, op) = session.write(ctx, |tx| article::add(tx, &fields, &Policy::strict()))?;
    written::report(ctx, &session, Noun::Article, &[outcome.id], op.as_ref())
}

/// The columns of a list of suggestions.
const COLUMNS: &[(&str, FieldType)] = &[
    ("key", FieldType::Text),
    ("type", FieldType::Text),
    ("title", FieldType::Text),
    ("words", FieldType::Tags),
    ("linked", FieldType::Bool),
];

fn suggest(ctx: &Ctx, args: &SuggestArgs) -> Result<()> {
    let kind = match &args.kind {
        Some(word) => Some(typed::word("type", TYPES, word)?),
        None => None,
    };
    let limit = if args.limit == 0 { usize::MAX } else { args.limit };
    let session = ctx.open(Access::Read)?;
    let found = session.store.read(&session.caller, |tx| {
        let id = refer::one(tx, Noun::Ticket, &args.ticket)?;
        suggest::suggest(tx, id, kind, limit)
    })?;
    if found.is_empty() {
        if args.fail_empty {
            return Err(Error::new(Kind::NotFound, "no article shares a word with it"));
        }
        ctx.ui.note("no article shares a word with it");
    }
    records::table(ctx, "suggestion", COLUMNS, found.into_iter().map(row))
}

fn row(suggestion: Suggestion) -> Vec<Value> {
    let words = suggestion.words.into_iter().map(Value::Text);
    vec![
        Value::Text(suggestion.article.key),
        Value::Text(suggestion.article.kind),
        Value::Text(suggestion.article.title),
        Value::List(words.collect()),
        Value::Bool(suggestion.is_linked),
    ]
}
