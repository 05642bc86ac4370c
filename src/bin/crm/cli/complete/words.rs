//! The words that may stand where one is being typed: from the tree of commands, from tables, and from the base.

use std::cell::OnceCell;

use clap::{Arg, Command};
use crm::config::dashboard::TOKENS;
use crm::config::settings::SETTINGS;
use crm::domain::field::{self, Access, Field, FieldType};
use crm::domain::fold::fold;
use crm::domain::noun::Noun;
use crm::error::Result;
use crm::ops::complete::{self, Word};
use crm::ops::propose::{self, matching};
use crm::store::ReadTx;

use crate::cli::complete::kind::{self, Kind};
use crate::cli::complete::line::{Line, Place};
use crate::cli::help::{KEYS, TOPICS};
use crate::cli::open_tui;
use crate::ctx::{Ctx, Session};

/// The most words that are offered.
pub(super) const MOST: usize = 50;

/// The base, opened when the first word is wanted of it; without one, there are no words.
pub(super) struct Base<'c> {
    ctx: &'c Ctx,
    session: OnceCell<Option<Session>>,
}

impl<'c> Base<'c> {
    pub(super) fn new(ctx: &'c Ctx) -> Base<'c> {
        Base {
            ctx,
            session: OnceCell::new(),
        }
    }

    /// What `work` reads; nothing where it fails, because nobody can be told.
    fn read<T: Default>(&self, work: impl FnOnce(&ReadTx<'_>) -> Result<T>) -> T {
        let session = self.session.get_or_init(|| self.ctx.look().ok());
        let Some(session) = session else {
            return T::default();
        };
        session.store.read(&session.caller, work).unwrap_or_default()
    }
}

/// What can stand at the end of a line.
pub(super) struct Offer {
    /// What stays of the last word.
    pub(super) before: String,
    /// What may follow it.
    pub(super) words: Vec<Word>,
    /// The shell is to look for files.
    pub(super) files: bool,
}

/// The words that may stand at the end of `line`.
pub(super) fn at(line: &Line, base: &Base<'_>, by_address: bool) -> Offer {
    let mut offer = Offer {
        before: line.before.clone(),
        words: Vec::new(),
        files: false,
    };
    let asked = Asked {
        line,
        base,
        by_address,
    };
    match &line.place {
        Place::Flag(args) => offer.words = flags(args, &line.typed),
        Place::Value(arg) => asked.fill(&mut offer, &kind::of(line, arg), &line.typed),
        Place::Word { verbs, argument } => {
            let verbs = verbs.iter().map(|(name, about)| Word::new(name, about));
            offer.words = matching(verbs, &line.typed);
            if let Some(argument) = argument {
                asked.fill(&mut offer, &kind::of(line, argument), &line.typed);
            }
        }
    }
    offer.words.truncate(MOST);
    offer
}

/// The flags that begin with `typed`, long ones before short ones.
fn flags(args: &[Arg], typed: &str) -> Vec<Word> {
    let help = |arg: &Arg| arg.get_help().map(ToString::to_string).unwrap_or_default();
    let long = args.iter().filter_map(|arg| {
        let equals = if arg.is_require_equals_set() && typed.starts_with("--") && typed.len() > 3 {
            "="
        } else {
            ""
        };
        Some(Word::new(format!("--{}{equals}", arg.get_long()?), help(arg)))
    });
    let short = args
        .iter()
        .filter_map(|arg| Some(Word::new(format!("-{}", arg.get_short()?), help(arg))));
    let all = long.chain(short.filter(|_| typed == "-"));
    all.filter(|word| word.value.starts_with(typed)).collect()
}

/// A word that is asked for.
struct Asked<'a, 'c> {
    line: &'a Line,
    base: &'a Base<'c>,
    /// The word has an `@` that the shell would not replace: addresses are offered, not refs.
    by_address: bool,
}

impl Asked<'_, '_> {
    /// Adds what a word of this kind may be.
    fn fill(&self, offer: &mut Offer, kind: &Kind, typed: &str) {
        match kind {
            Kind::Free => {}
            Kind::File => offer.files = true,
            Kind::Fields(noun) => self.field_list(offer, *noun, typed),
            Kind::Filter(noun) => self.filter(offer, *noun, typed),
            Kind::Assignment(noun) => self.assignment(offer, *noun, typed),
            Kind::Mapping(noun) => {
                if let Some((column, name)) = typed.split_once('=') {
                    offer.before.push_str(column);
                    offer.before.push('=');
                    offer.words.extend(self.fields(*noun, name, Some(Access::Write)));
                }
            }
            Kind::RecordsAndFields(noun) => {
                if !typed.contains('=') {
                    offer.words.extend(self.records(&[*noun], typed));
                }
                // Fields first come to mind when a record is there.
                if !self.line.words.is_empty() || self.line.flag("where").is_some() {
                    self.assignment(offer, *noun, typed);
                }
            }
            Kind::RecordsAnd(noun, last) => {
                // The last word comes to mind when a record is there.
                if !self.line.words.is_empty() || self.line.flag("where").is_some() {
                    self.fill(offer, last, typed);
                }
                offer.words.extend(self.records(&[*noun], typed));
            }
            Kind::Value(FieldType::Tags) => self.value(offer, FieldType::Tags, None, typed),
            kind => offer.words.extend(self.simple(kind, typed)),
        }
    }

    /// Words that are taken as they are.
    fn simple(&self, kind: &Kind, typed: &str) -> Vec<Word> {
        let plain =
            |names: Vec<(String, String)>| names.into_iter().map(|(name, note)| Word::new(name, note));
        match kind {
            Kind::Fixed(words) => matching(words.iter().map(|word| Word::new(word, "")), typed),
            Kind::Records(nouns) => self.records(nouns, typed),
            Kind::Value(kind) => matching(self.base.read(|tx| complete::values(tx, *kind, None)), typed),
            Kind::Stage => self.stages(typed),
            Kind::Noun => {
                let nouns = Noun::ALL.iter().map(|noun| Word::new(noun.name(), ""));
                matching(
                    nouns.chain(["contact", "company"].map(|name| Word::new(name, ""))),
                    typed,
                )
            }
            Kind::Report => {
                let reports = crm::report::REPORTS.iter();
                matching(reports.map(|report| Word::new(report.name, report.help)), typed)
            }
            Kind::Template => {
                let names = crate::cli::mail::template::names(self.base.ctx);
                matching(names.into_iter().map(|name| Word::new(name, "")), typed)
            }
            Kind::Setting => {
                let single = SETTINGS.iter();
                let single = single.map(|setting| Word::new(setting.name, setting.help));
                let columns = Noun::ALL.map(|noun| Word::new(format!("columns.{noun}"), ""));
                let styles = TOKENS.map(|token| Word::new(format!("theme.{token}"), ""));
                let keys = open_tui::actions();
                let keys = keys.map(|(id, title)| Word::new(format!("keys.{id}"), title));
                // Entries of tables are many: they come when their table is typed.
                let entries = columns.into_iter().chain(styles).chain(keys);
                matching(single.chain(entries.filter(|_| typed.contains('.'))), typed)
            }
            Kind::SettingValue => self.setting(typed),
            Kind::Topic => {
                let mut root = crate::cli::tree::command();
                let mut names: Vec<(String, String)> = Vec::new();
                for word in &self.line.words {
                    root = root.find_subcommand(word).cloned().unwrap_or_default();
                    root.build();
                }
                if self.line.words.is_empty() {
                    let topics = TOPICS.iter().map(|(name, _)| *name).chain([KEYS]);
                    names.extend(topics.map(|name| (name.to_owned(), "topic".to_owned())));
                }
                names.extend(
                    root.get_subcommands()
                        .filter(|command| !command.is_hide_set())
                        .map(named),
                );
                matching(plain(names), typed)
            }
            Kind::Zone => {
                let zones = jiff::tz::db()
                    .available()
                    .map(|name| Word::new(name.as_str(), ""));
                matching(zones, typed)
            }
            _ => Vec::new(),
        }
    }

    /// Records by ref, name, address or pinyin; by key, where a noun is named by one.
    fn records(&self, nouns: &[Noun], typed: &str) -> Vec<Word> {
        let mut words = Vec::new();
        if typed == "@" {
            words.push(Word::new("@last", "the record that was shown or made last"));
        }
        for noun in nouns {
            if noun.prefix().is_none() {
                words.extend(matching(self.base.read(|tx| complete::keys(tx, *noun)), typed));
            } else if self.by_address && typed.contains('@') {
                words.extend(self.base.read(|tx| complete::addresses(tx, typed, MOST)));
            } else {
                let found = self.base.read(|tx| complete::records(tx, *noun, typed, MOST));
                let found = found
                    .iter()
                    .map(|found| Word::new(&found.reference, found.line()));
                words.extend(found.filter(|word| !self.line.words.contains(&word.value)));
            }
        }
        words
    }

    /// The stages of the pipeline that the line names, or of that of its deal.
    fn stages(&self, typed: &str) -> Vec<Word> {
        let line = self.line;
        let stages = self.base.read(|tx| {
            let named = match (line.path.first().map(String::as_str), line.words.first()) {
                (Some("pipeline"), Some(name)) => Some(name.clone()),
                (Some("deal"), Some(deal)) if line.path.iter().any(|verb| verb == "move") => {
                    complete::pipeline_of(tx, deal)?
                }
                _ => line.flag("pipeline").map(str::to_owned),
            };
            complete::stages(tx, named.as_deref())
        });
        matching(stages, typed)
    }

    fn setting(&self, typed: &str) -> Vec<Word> {
        let name = self.line.words.first().map(String::as_str);
        match name {
            Some("zone") => self.simple(&Kind::Zone, typed),
            Some("user") => self.records(&[Noun::User], typed),
            _ => {
                let setting = SETTINGS.iter().find(|setting| name == Some(setting.name));
                let words = setting.map(|setting| (setting.words)()).unwrap_or_default();
                matching(words.into_iter().map(|word| Word::new(word, "")), typed)
            }
        }
    }

    /// The fields of a noun by their names or other names, custom ones behind, and through links: `company.city`.
    fn fields(&self, noun: Noun, typed: &str, access: Option<Access>) -> Vec<Word> {
        if let Some((head, rest)) = typed.split_once('.')
            && let Some(FieldType::Link(linked)) = field::find(noun, head).map(|field| field.kind)
        {
            let fields = self.fields(linked, rest, None).into_iter();
            return fields
                .map(|word| Word::new(format!("{head}.{}", word.value), word.note))
                .collect();
        }
        let wanted = fold(typed);
        let fits = |field: &&Field| {
            let mut names = std::iter::once(&field.name).chain(field.aliases);
            access.is_none_or(|access| field.access == access)
                && names
                    .any(|name| fold(name).starts_with(&wanted) && (*name == field.name || !typed.is_empty()))
        };
        let own = field::fields(noun).iter().filter(fits);
        let mut words: Vec<Word> = own.map(|field| Word::new(field.name, field.help)).collect();
        // Those that are called so come before those that are also called so.
        words.sort_by_key(|word| !word.value.starts_with(&wanted));
        words.extend(matching(self.base.read(|tx| complete::customs(tx, noun)), typed));
        words
    }

    /// A list of fields with commas, each perhaps with a sign before it.
    fn field_list(&self, offer: &mut Offer, noun: Noun, typed: &str) {
        let (given, last) = typed
            .rsplit_once(',')
            .map_or(("", typed), |(given, last)| (given, last));
        let name = last.trim_start_matches(['+', '-']);
        offer
            .before
            .push_str(typed.strip_suffix(name).unwrap_or_default());
        let given: Vec<&str> = given
            .split(',')
            .map(|name| name.trim_start_matches(['+', '-']))
            .collect();
        let fields = self.fields(noun, name, None).into_iter();
        offer
            .words
            .extend(fields.filter(|word| !given.contains(&word.value.as_str())));
    }

    /// `FIELD=`, and behind it what the field takes.
    fn assignment(&self, offer: &mut Offer, noun: Noun, typed: &str) {
        let Some((name, value)) = typed.split_once('=') else {
            let fields = self.fields(noun, typed, Some(Access::Write)).into_iter();
            offer
                .words
                .extend(fields.map(|word| Word::new(format!("{}=", word.value), word.note)));
            return;
        };
        offer.before.push_str(name);
        offer.before.push('=');
        let (kind, list) = self.field_type(noun, name.trim_end_matches('+'));
        self.value(offer, kind, list.as_deref(), value);
    }

    /// The type of a field, and the picklist of a custom one.
    fn field_type(&self, noun: Noun, name: &str) -> (FieldType, Option<String>) {
        if let Some(field) = field::find(noun, name) {
            return (field.kind, None);
        }
        if let Some((head, rest)) = name.split_once('.')
            && let Some(FieldType::Link(linked)) = field::find(noun, head).map(|field| field.kind)
        {
            return self.field_type(linked, rest);
        }
        let key = name.strip_prefix("fields.").unwrap_or(name);
        let custom = self.base.read(|tx| complete::custom(tx, noun, key));
        custom.map_or((FieldType::Text, None), |(kind, list)| (kind, Some(list)))
    }

    /// What a value of a field may be; of a list of labels, its last one.
    fn value(&self, offer: &mut Offer, kind: FieldType, list: Option<&str>, typed: &str) {
        let last = match kind {
            FieldType::Tags | FieldType::Choices(_) => typed.rsplit(',').next().unwrap_or(typed),
            _ => typed,
        };
        offer
            .before
            .push_str(typed.strip_suffix(last).unwrap_or_default());
        let is_choice = matches!(kind, FieldType::Choice(_) | FieldType::Choices(_));
        let choices = is_choice.then_some(list).flatten();
        if choices.is_some() {
            offer.words.extend(matching(
                self.base.read(|tx| complete::values(tx, kind, choices)),
                last,
            ));
            return;
        }
        match kind::of_type(kind) {
            Kind::Value(kind) => {
                offer.words.extend(matching(
                    self.base.read(|tx| complete::values(tx, kind, None)),
                    last,
                ));
            }
            other => offer.words.extend(self.simple(&other, last)),
        }
    }

    /// The last term of a filter.
    fn filter(&self, offer: &mut Offer, noun: Noun, typed: &str) {
        let proposal = self.base.read(|tx| propose::filter(tx, noun, typed, MOST));
        offer.before.push_str(&proposal.before);
        offer.words.extend(proposal.words);
    }
}

/// A command and its line in the help.
fn named(command: &Command) -> (String, String) {
    let about = command.get_about().map(ToString::to_string).unwrap_or_default();
    (command.get_name().to_owned(), about)
}
