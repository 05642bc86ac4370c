//! `crm brief`: what to know before a call, on one screen.

use clap::{ArgMatches, Args, Command};
use crm::domain::field::FieldType;
use crm::domain::noun::Noun;
use crm::domain::value::{Link, Value};
use crm::error::Result;
use crm::ops::refer;
use crm::report::brief::{self, Ask, Brief, Contact, Open, Rule};
use crm::wire;

use crate::cli::output::detail::{self, Line, Section, View};
use crate::cli::output::{Format, story};
use crate::cli::{parsed, records};
use crate::ctx::{Access, Ctx};
use crate::text::{display, number, relative};

/// What to know before a call
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  crm brief C2
  crm brief D1
  crm brief C1 --json
  crm brief C1 --format tsv

Who it is, the relation in numbers, the last contacts, what is open, and what to ask next, each
with the reason. The numbers count the deals of the customer and, of a person, of the employer.")]
struct BriefArgs {
    /// Customer; or a deal, task or activity, for the customer it is about
    #[arg(value_name = "REF")]
    reference: String,
}

pub(crate) fn define(command: Command) -> Command {
    BriefArgs::augment_args(command)
}

pub(crate) fn run(ctx: &Ctx, matches: &ArgMatches) -> Result<()> {
    let args: BriefArgs = parsed(matches)?;
    let session = ctx.open(Access::Read)?;
    let brief = session.store.read(&session.caller, |tx| {
        let (noun, id) = refer::any(tx, &args.reference)?;
        let brief = brief::of(tx, noun, id)?;
        records::remember(ctx, tx, Noun::Customer, &[brief.customer.id])?;
        Ok(brief)
    })?;
    let format = records::format(ctx)?;
    if format.is_json() {
        let object = wire::brief::brief(&brief, |ask| words(ctx, ask));
        return records::json_objects(ctx, &format, &[object], true);
    }
    let page = Page { ctx };
    match format {
        Format::Table => page.screen(&brief),
        Format::Markdown => page.markdown(&brief),
        _ => page.rows(&brief),
    }
}

struct Page<'c> {
    ctx: &'c Ctx,
}

impl Page<'_> {
    fn screen(&self, brief: &Brief) -> Result<()> {
        let view = View {
            clock: &self.ctx.clock,
            width: self.ctx.ui.options().width,
            paint: self.ctx.ui.paint(),
        };
        detail::write(&mut self.ctx.ui.out(), &title(brief), &self.sections(brief), view)?;
        Ok(())
    }

    fn markdown(&self, brief: &Brief) -> Result<()> {
        let terminal = self.ctx.ui.options().stdout_tty;
        story::page(
            &mut self.ctx.ui.out(),
            &title(brief),
            &self.sections(brief),
            terminal,
        )?;
        Ok(())
    }

    /// One row for each line, for programs that want no JSON.
    fn rows(&self, brief: &Brief) -> Result<()> {
        let columns = [
            ("section", FieldType::Text),
            ("what", FieldType::Text),
            ("text", FieldType::Text),
        ];
        let mut rows = Vec::new();
        for section in self.sections(brief) {
            let title = section.title.unwrap_or_default().to_lowercase();
            let title = if title.is_empty() { "who".to_owned() } else { title };
            for line in section.lines.into_iter().filter(|line| !line.value.is_empty()) {
                rows.push(vec![
                    Value::text(title.as_str()),
                    Value::text(line.label),
                    line.value,
                ]);
            }
        }
        records::table(self.ctx, "", &columns, rows)
    }

    fn sections(&self, brief: &Brief) -> Vec<Section> {
        let section = |title: &str, lines: Vec<Line>| Section {
            title: (!title.is_empty()).then(|| title.to_owned()),
            lines,
        };
        vec![
            section("", self.who(brief)),
            section("In numbers", self.numbers(brief)),
            section(
                "Last contacts",
                brief
                    .contacts
                    .iter()
                    .map(|contact| self.contact(contact))
                    .collect(),
            ),
            section("Open", brief.open.iter().map(|open| self.open(open)).collect()),
            section("Ask", brief.ask.iter().map(|ask| self.ask(ask)).collect()),
        ]
    }

    /// Who it is, in as few lines as there is something to say.
    fn who(&self, brief: &Brief) -> Vec<Line> {
        let value = |name: &str| brief.who.iter().find(|(known, ..)| *known == name);
        let text = |name: &str| match value(name) {
            Some((_, value, kind)) => match value {
                Value::List(_) => display::lines(value, *kind, &self.ctx.clock).replace('\n', ", "),
                Value::Link(_) => display::lines(value, *kind, &self.ctx.clock),
                _ => display::cell(value, *kind, &self.ctx.clock),
            },
            None => String::new(),
        };
        let words = |names: &[&str]| {
            let known: Vec<String> = names
                .iter()
                .map(|name| text(name))
                .filter(|text| !text.is_empty())
                .collect();
            known.join(" · ")
        };
        let about = brief.about.as_ref().map_or_else(String::new, named);
        let people: Vec<String> = brief
            .people
            .iter()
            .map(|(link, what)| {
                if what.is_empty() {
                    named(link)
                } else {
                    format!("{} ({what})", named(link))
                }
            })
            .collect();
        let warning = if text("do_not_contact") == "yes" {
            "asked not to be contacted"
        } else {
            ""
        };
        [
            ("careful", warning.to_owned()),
            ("about", about),
            (
                "who",
                words(&["title", "company", "industry", "city", "country", "language"]),
            ),
            ("reach", words(&["phones", "emails", "handles"])),
            ("standing", words(&["lifecycle", "level", "owner", "tags"])),
            ("people", people.join(", ")),
            ("birthday", text("birthday")),
            ("needs", text("needs")),
            ("interests", text("interests")),
            ("note", text("note")),
        ]
        .into_iter()
        .map(|(label, text)| line(label, text))
        .collect()
    }

    fn numbers(&self, brief: &Brief) -> Vec<Line> {
        let numbers = &brief.numbers;
        let worth = |count: i64, amount: Option<crm::domain::money::Money>, word: &str| match amount {
            Some(amount) if count > 0 => format!("{count} {word} ({})", number::money(amount)),
            _ => format!("{count} {word}"),
        };
        let deals = [
            worth(numbers.won, numbers.won_amount, "won"),
            format!("{} lost", numbers.lost),
            worth(numbers.open, numbers.open_amount, "open"),
        ];
        let with: Vec<String> = brief.parties.iter().skip(1).map(named).collect();
        let with = if with.is_empty() {
            String::new()
        } else {
            format!(", with those of {}", with.join(", "))
        };
        let since = [
            numbers.known_since.map(|day| format!("known since {day}")),
            numbers.customer_since.map(|day| format!("customer since {day}")),
        ];
        let since: Vec<String> = since.into_iter().flatten().collect();
        let last = numbers.last_contact.map_or_else(
            || "none yet".to_owned(),
            |day| {
                format!(
                    "{}, the last {}",
                    numbers.contacts,
                    relative::day(day, &self.ctx.clock)
                )
            },
        );
        vec![
            line("since", since.join(", ")),
            line("deals", format!("{}{with}", deals.join(", "))),
            line("contacts", last),
        ]
    }

    fn contact(&self, contact: &Contact) -> Line {
        let with = contact
            .with
            .as_ref()
            .map_or_else(String::new, |link| format!("with {}", named(link)));
        let kind = match contact.direction.as_str() {
            "" => contact.kind.clone(),
            direction => format!("{} {direction}", contact.kind),
        };
        let outcome = contact.outcome.replace('_', " ");
        let parts = [
            kind,
            outcome,
            contact.activity.name.clone(),
            with,
            contact.by.clone(),
        ];
        line(&self.ctx.clock.day_of(contact.at).to_string(), joined(parts))
    }

    fn open(&self, open: &Open) -> Line {
        let due = match (&open.due, open.is_overdue) {
            (None, _) => String::new(),
            (Some(due), overdue) => {
                let when = display::cell(due, FieldType::Due, &self.ctx.clock);
                let word = match (open.record.noun, overdue) {
                    (Noun::Deal, true) => "should have closed",
                    (Noun::Deal, false) => "closes",
                    (_, true) => "overdue, due",
                    (_, false) => "due",
                };
                format!("{word} {when}")
            }
        };
        let amount = open.amount.map_or_else(String::new, number::money);
        let next = match (&open.next, open.record.noun) {
            (Some(next), _) => format!("next: {}", named(next)),
            (None, Noun::Deal) => "no next step".to_owned(),
            (None, _) => String::new(),
        };
        let parts = [
            open.record.name.clone(),
            open.kind.replace('_', " "),
            amount,
            due,
            next,
        ];
        line(&open.record.reference().to_string(), joined(parts))
    }

    fn ask(&self, ask: &Ask) -> Line {
        let (question, reason) = words(self.ctx, ask);
        let label = ask
            .about
            .as_ref()
            .map_or_else(String::new, |link| link.reference().to_string());
        line(
            if label.is_empty() { "-" } else { &label },
            format!("{question}: {reason}"),
        )
    }
}

fn line(label: &str, text: String) -> Line {
    Line {
        label: label.to_owned(),
        kind: FieldType::LongText,
        value: Value::text(text),
    }
}

fn joined(parts: impl IntoIterator<Item = String>) -> String {
    let known: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    known.join(" · ")
}

fn named(link: &Link) -> String {
    format!("{} {}", link.name, link.reference())
}

fn title(brief: &Brief) -> String {
    format!("{}  {}", brief.customer.reference(), brief.customer.name)
}

/// What to ask, and why.
fn words(ctx: &Ctx, ask: &Ask) -> (String, String) {
    let (question, reason) = match &ask.about {
        Some(deal) => return of_deal(ctx, ask, &deal.name),
        None => match ask.rule {
            Rule::DoNotContact => ("Do not call without a reason", "asked not to be contacted"),
            Rule::BirthdaySoon => {
                return (
                    "Congratulate".to_owned(),
                    format!("birthday on {}", when(ctx, ask)),
                );
            }
            Rule::Quiet => {
                let reason = format!("silent since {}, longer than usual", when(ctx, ask));
                return ("Ask how things are".to_owned(), reason);
            }
            Rule::NeverContacted => ("Introduce yourself", "there has been no contact yet"),
            Rule::NoPeople => ("Ask whom to talk to", "no person of the company is known"),
            Rule::NoPhone => ("Ask for a telephone number", "none is known"),
            Rule::NoEmail => ("Ask for an e-mail address", "none is known"),
            Rule::NoUsableEmail => (
                "Ask for another e-mail address",
                "those that are known are invalid or opted out",
            ),
            Rule::NoCompany => ("Ask where they work", "no employer is known"),
            Rule::NoTitle => ("Ask what they do", "no job title is known"),
            Rule::NoNeeds => ("Ask what they need", "no needs are written down"),
            Rule::NoBirthday => ("Ask for the birthday", "it is not known"),
            other => ("Ask", other.name()),
        },
    };
    (question.to_owned(), reason.to_owned())
}

/// What to ask about a deal, and why.
fn of_deal(ctx: &Ctx, ask: &Ask, name: &str) -> (String, String) {
    let when = when(ctx, ask);
    match ask.rule {
        Rule::ClosePassed => (
            format!("Ask when {name} can close"),
            format!("it should have closed on {when}"),
        ),
        Rule::Rotting => (
            format!("Ask what holds {name} up"),
            format!("no news for too long, rotting since {when}"),
        ),
        Rule::NoNextStep => (
            format!("Agree on the next step for {name}"),
            "it has no open task".to_owned(),
        ),
        Rule::NoDecisionMaker => (
            format!("Ask who decides on {name}"),
            "no decision maker or economic buyer is known".to_owned(),
        ),
        Rule::NoAmount => (
            format!("Ask what budget there is for {name}"),
            "it has no amount".to_owned(),
        ),
        Rule::NoExpectedClose => (
            format!("Ask when {name} is to be decided"),
            "it has no expected close".to_owned(),
        ),
        Rule::LostLastTime => {
            let reason = match ask.word.as_str() {
                "" => String::new(),
                word => format!(" for {}", word.replace('_', " ")),
            };
            (
                format!("Ask what has changed since {name}"),
                format!("the last deal was lost{reason} on {when}"),
            )
        }
        other => (format!("Ask about {name}"), other.name().replace('_', " ")),
    }
}

/// The day that a reason speaks of, with its distance where it is near.
fn when(ctx: &Ctx, ask: &Ask) -> String {
    let Some(day) = ask.day else { return String::new() };
    match relative::near(day, &ctx.clock) {
        Some(near) => format!("{day}, {near}"),
        None => day.to_string(),
    }
}
