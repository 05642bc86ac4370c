//! `crm brief`: what to know before a call, on one screen.

use clap::{ArgMatches, Args, Command};
use crm::domain::field::FieldType;
use crm::domain::noun::Noun;
use crm::domain::value::Value;
use crm::error::Result;
use crm::ops::refer;
use crm::report::brief::{self, Ask, Brief};
use crm::wire;

use crate::cli::output::detail::{self, Line, Section, View};
use crate::cli::output::{Format, story};
use crate::cli::{parsed, records};
use crate::ctx::{Access, Ctx};
use crate::text::{brief as words, number, relative};

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
    /// Customer; or a deal, quote, order, ticket, task or activity, for the customer it is about
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
        let object = wire::brief::brief(&brief, |ask| words::words(ask, &ctx.clock));
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
                    .map(|contact| {
                        let day = self.ctx.clock.day_of(contact.at);
                        line(&day.to_string(), words::contact(contact))
                    })
                    .collect(),
            ),
            section(
                "Open",
                brief
                    .open
                    .iter()
                    .map(|open| {
                        let reference = open.record.reference().to_string();
                        line(&reference, words::open(open, &self.ctx.clock))
                    })
                    .collect(),
            ),
            section("Ask", brief.ask.iter().map(|ask| self.ask(ask)).collect()),
        ]
    }

    /// Who it is, in as few lines as there is something to say.
    fn who(&self, brief: &Brief) -> Vec<Line> {
        let text = |name: &str| words::known(brief, name, &self.ctx.clock);
        let words = |names: &[&str]| words::all_known(brief, names, &self.ctx.clock);
        let about = brief.about.as_ref().map_or_else(String::new, words::named);
        let people: Vec<String> = brief
            .people
            .iter()
            .map(|(link, what)| {
                if what.is_empty() {
                    words::named(link)
                } else {
                    format!("{} ({what})", words::named(link))
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
        let with: Vec<String> = brief.parties.iter().skip(1).map(words::named).collect();
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

    fn ask(&self, ask: &Ask) -> Line {
        let (question, reason) = words::words(ask, &self.ctx.clock);
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

fn title(brief: &Brief) -> String {
    format!("{}  {}", brief.customer.reference(), brief.customer.name)
}
