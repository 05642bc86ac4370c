//! The settings file: its text to a [`Config`]. Where the file is, and what flags and the environment say against
//! it, is not known here.
//!
//! Whatever has one value is in [`SETTINGS`], which the parser, the file of defaults and `config` commands all go by.
//! What has one per noun, per part of a screen or per action is a table (`tables.rs`), whose entries have a name with
//! a dot: `columns.customer`, `theme.accent`, `keys.customer.log`.

pub mod dashboard;
pub mod edit;
pub mod pen;
mod place;
pub mod settings;
mod tables;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::fmt;

use jiff::civil::Weekday;
use jiff::tz::TimeZone;
use toml::de::{DeTable, DeValue};

use crate::config::dashboard::Dashboard;
use crate::config::place::Place;
use crate::config::settings::{SETTINGS, Setting, Shape};
use crate::config::tables::TABLES;
use crate::domain::horizon::Horizon;
use crate::domain::money::Currency;
use crate::domain::near::near;
use crate::domain::noun::Noun;
use crate::domain::when::DateOrder;
use crate::error::{Error, Kind, Result};

/// What the settings say; none where they say nothing.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Config {
    /// The key of the user who acts.
    pub user: Option<String>,
    /// The database file, as written: it may begin with `~/` or be relative.
    pub database: Option<String>,
    /// The country of phone numbers written without one, two upper-case letters.
    pub region: Option<String>,
    /// The currency in which a new base makes its sums.
    pub currency: Option<Currency>,
    /// The time zone in which a day is a day.
    pub zone: Option<TimeZone>,
    /// How `1/2/2026` is to be read.
    pub date_order: Option<DateOrder>,
    /// The first day of the week.
    pub week_start: Option<Weekday>,
    /// How many days a quote is good for.
    pub quote_days: Option<u16>,
    /// What a power cut may cost.
    pub durability: Option<Durability>,
    /// How far back operations can be undone.
    pub undo_horizon: Option<Horizon>,
    /// Whether rules of the base may run programs of this machine.
    pub rule_commands: Option<bool>,
    /// When colour is used.
    pub color: Option<Color>,
    /// Who sells, as printed documents call it.
    pub seller: Option<String>,
    /// The address of the seller, `;` between lines.
    pub seller_address: Option<String>,
    /// The number of the seller with the tax office.
    pub seller_tax_id: Option<String>,
    /// How the seller is paid, `;` between lines.
    pub seller_account: Option<String>,
    /// The columns of lists, canonical names, by noun.
    pub columns: BTreeMap<Noun, Vec<String>>,
    /// How the dashboard looks and what its keys are.
    pub dashboard: Dashboard,
}

/// What a power cut may cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// The last moments; the file is whole all the same.
    Normal,
    /// Nothing that was acknowledged.
    Full,
}

/// When colour is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Color {
    /// On a terminal that has it.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// Something in the file that was passed over; the rest holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong, lower case, no period.
    pub message: String,
    /// The nearest names to what was written, best first.
    pub near: Vec<String>,
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.message)
    }
}

impl Config {
    /// Reads the text of a settings file (TOML). What it does not know is passed over with a warning.
    ///
    /// # Errors
    ///
    /// Usage when the text is no TOML or a setting has a value that it cannot take; the message has the line of
    /// the file under it, with carets under the part at fault.
    pub fn parse(text: &str) -> Result<(Config, Vec<Warning>)> {
        let place = Place::new(text);
        let table = DeTable::parse(text).map_err(|error| {
            let span = error.span().unwrap_or(text.len()..text.len());
            place.refuse(&span, error.message())
        })?;
        let mut config = Config::default();
        let mut warnings = Vec::new();
        for (key, value) in table.get_ref() {
            let name = key.get_ref().as_ref();
            if TABLES.contains(&name) && (value.get_ref().is_table() || settings::find(name).is_none()) {
                config.read_table(name, value, &place, &mut warnings)?;
            } else if let Some(setting) = settings::find(name) {
                let text = written(setting, value.get_ref()).ok_or_else(|| {
                    let quotes = if setting.shape == Shape::Text {
                        ", in quotes"
                    } else {
                        ""
                    };
                    let found = described(value.get_ref());
                    let message = format!("{name} takes {}{quotes}, not {found}", setting.accepts);
                    place.refuse(&value.span(), &message).on_field(setting.name)
                })?;
                config.set(name, text).map_err(|error| {
                    place
                        .refuse(&value.span(), error.message())
                        .on_field(setting.name)
                })?;
            } else {
                let names = SETTINGS.iter().map(|setting| setting.name);
                warnings.push(Warning {
                    line: place.line(key.span().start),
                    message: format!("there is no setting {name:?}"),
                    near: near(name, names.chain(TABLES)),
                });
            }
        }
        warnings.sort_by_key(|warning| warning.line);
        Ok((config, warnings))
    }

    /// Gives the setting called `name` the value that `text` means.
    ///
    /// # Errors
    ///
    /// Usage when there is no such setting or the text is no value of it.
    pub fn set(&mut self, name: &str, text: &str) -> Result<()> {
        if let Some((table, key)) = tables::entry(name) {
            return self.set_entry(table, key, text);
        }
        let setting = settings::named(name)?;
        if (setting.set)(self, text.trim()) {
            return Ok(());
        }
        let message = format!("{name} takes {}, not {text:?}", setting.accepts);
        Err(Error::new(Kind::Usage, message).on_field(setting.name))
    }

    /// The value of the setting called `name` as a text; none if it is not set or there is no such setting.
    pub fn get(&self, name: &str) -> Option<String> {
        match settings::find(name) {
            Some(setting) => (setting.get)(self),
            None => {
                let mut entries = self.entries().into_iter();
                entries.find(|(entry, _)| entry == name).map(|(_, value)| value)
            }
        }
    }

    /// Every setting that is set, by name, as a text.
    fn said(&self) -> BTreeMap<String, String> {
        let single = SETTINGS
            .iter()
            .filter_map(|setting| Some((setting.name.to_owned(), (setting.get)(self)?)));
        single.chain(self.entries()).collect()
    }

    /// These settings, and where they say nothing those of `below`.
    #[must_use]
    pub fn over(self, below: Config) -> Config {
        let mut columns = below.columns;
        columns.extend(self.columns);
        Config {
            user: self.user.or(below.user),
            database: self.database.or(below.database),
            region: self.region.or(below.region),
            currency: self.currency.or(below.currency),
            zone: self.zone.or(below.zone),
            date_order: self.date_order.or(below.date_order),
            week_start: self.week_start.or(below.week_start),
            quote_days: self.quote_days.or(below.quote_days),
            durability: self.durability.or(below.durability),
            undo_horizon: self.undo_horizon.or(below.undo_horizon),
            rule_commands: self.rule_commands.or(below.rule_commands),
            color: self.color.or(below.color),
            seller: self.seller.or(below.seller),
            seller_address: self.seller_address.or(below.seller_address),
            seller_tax_id: self.seller_tax_id.or(below.seller_tax_id),
            seller_account: self.seller_account.or(below.seller_account),
            columns,
            dashboard: self.dashboard.over(below.dashboard),
        }
    }
}

/// What holds after the text of the file has changed.
#[derive(Debug)]
pub struct Reloaded {
    /// The settings; those from before where the text cannot be read.
    pub config: Config,
    /// What was passed over.
    pub warnings: Vec<Warning>,
    /// Why the text cannot be read.
    pub error: Option<Error>,
}

/// Reads the text again, and keeps to `old` where it cannot be read.
pub fn reload(old: &Config, text: &str) -> Reloaded {
    match Config::parse(text) {
        Ok((config, warnings)) => Reloaded {
            config,
            warnings,
            error: None,
        },
        Err(error) => Reloaded {
            config: old.clone(),
            warnings: Vec::new(),
            error: Some(error),
        },
    }
}

/// The text of a settings file that sets nothing: every setting with what it is for, commented out.
pub fn defaults() -> String {
    let mut text =
        String::from("# Settings of crm (TOML). A flag or a variable of the environment goes before them.\n");
    for Setting {
        name,
        help,
        example,
        shape,
        ..
    } in SETTINGS
    {
        let example = match shape {
            Shape::Text => format!("{example:?}"),
            Shape::Truth => (*example).to_owned(),
        };
        text.push_str(&format!("\n# {help}.\n# {name} = {example}\n"));
    }
    text.push_str(&tables::defaults());
    text
}

/// A value of `setting` as a text; none if it has the wrong shape. `"true"` is as good as `true`.
fn written<'v>(setting: &Setting, value: &'v DeValue<'_>) -> Option<&'v str> {
    match (setting.shape, value) {
        (_, DeValue::String(text)) => Some(text),
        (Shape::Truth, DeValue::Boolean(true)) => Some("true"),
        (Shape::Truth, DeValue::Boolean(false)) => Some("false"),
        _ => None,
    }
}

/// What a value is, to follow "not".
fn described(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) | DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}
