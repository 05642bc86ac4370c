//! `crm form html`: a form as a page.

use std::io::Write;

use clap::{Args, Command};
use crm::domain::field::FieldType;
use crm::domain::form::entry::Entry;
use crm::error::Result;
use crm::ops::form::{self, Form, Target};
use crm::wire::submission::html::{Control, Kind, Page};

use crate::ctx::{Access, Ctx};
use crate::text::sanitise;

/// Print a form as a page without scripts
#[derive(Debug, Args)]
pub(super) struct HtmlArgs {
    /// Form
    #[arg(value_name = "KEY")]
    name: String,
    /// Address to which the browser sends it; that of the page if none is given
    #[arg(long, value_name = "URL")]
    action: Option<String>,
    /// Language of labels and words: en, zh
    #[arg(long, value_name = "LANG", default_value = "en")]
    lang: String,
}

pub(super) fn define(command: Command) -> Command {
    command.defer(HtmlArgs::augment_args).after_help(
        "Examples:\n  crm form add web -e name -e email! && crm form html web --action /contact\n  \
         crm form add web -e '姓名=name;label.en=Name' && crm form html web --lang zh -o web.html",
    )
}

pub(super) fn html(ctx: &Ctx, args: &HtmlArgs) -> Result<()> {
    let session = ctx.open(Access::Read)?;
    let form = session
        .store
        .read(&session.caller, |tx| form::named(tx, &args.name))?;
    let page = Page {
        heading: form.title().to_owned(),
        action: args.action.clone().unwrap_or_default(),
        language: args.lang.clone(),
        controls: form
            .entries
            .iter()
            .map(|(entry, target)| control(&form, entry, target, &args.lang))
            .collect(),
        honeypot: form.guard.honeypot.clone(),
    };
    let html = page.html();
    let shown = match ctx.ui.options().stdout_tty {
        true => sanitise::stream(&html),
        false => html.as_str().into(),
    };
    Ok(ctx.ui.out().write_all(shown.as_bytes())?)
}

fn control(form: &Form, entry: &Entry, target: &Target, language: &str) -> Control {
    let is_consent = *target == Target::Consent;
    let help = match (entry.help(language), is_consent) {
        ("", true) => form.consent.0.as_str(),
        (help, _) => help,
    };
    Control {
        name: entry.name.clone(),
        label: entry.label(language).to_owned(),
        help: help.to_owned(),
        value: entry.default.clone(),
        required: entry.required,
        longest: entry.longest,
        options: options(form, entry, target),
        kind: match entry.hidden {
            true => Kind::Hidden,
            false => kind(target),
        },
    }
}

/// What alone can be chosen: what the form says, or the scale of its survey.
fn options(form: &Form, entry: &Entry, target: &Target) -> Vec<String> {
    match (target, &form.survey) {
        (Target::Feedback("score"), Some(survey)) if entry.options.is_empty() => {
            survey.kind.scale().map(|score| score.to_string()).collect()
        }
        _ => entry.options.clone(),
    }
}

/// How a field is filled, and what a browser may fill in by itself.
fn kind(target: &Target) -> Kind {
    match target {
        Target::Message | Target::Feedback("comment") => return Kind::Text,
        Target::Consent => return Kind::Tick,
        Target::FirstName => return Kind::Line("text", "given-name"),
        Target::LastName => return Kind::Line("text", "family-name"),
        Target::Campaign | Target::Key | Target::Started => return Kind::Hidden,
        Target::Kept | Target::Feedback(_) | Target::Field(_) => {}
    }
    match target.kind() {
        Some(FieldType::Emails) => return Kind::Line("email", "email"),
        Some(FieldType::Phones) => return Kind::Line("tel", "tel"),
        Some(FieldType::LongText) => return Kind::Text,
        Some(FieldType::Url) => return Kind::Line("url", "url"),
        _ => {}
    }
    Kind::Line(
        "text",
        match target.field() {
            Some("name") => "name",
            Some("company") => "organization",
            Some("title") => "organization-title",
            Some("city") => "address-level2",
            Some("postal_code") => "postal-code",
            Some("country") => "country-name",
            Some("address") => "street-address",
            _ => "",
        },
    )
}
