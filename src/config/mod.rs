//! The settings file: its text to a [`Config`]. Where the file is, and what flags and the environment say against
//! it, is not known here.
//!
//! Whatever a setting is, it is in [`SETTINGS`], which the parser, the file of defaults and `config` commands all
//! go by; only the columns of lists, one list per noun, are a table of their own.

pub mod edit;
mod place;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::fmt;

use jiff::civil::Weekday;
use jiff::tz::TimeZone;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::config::place::Place;
use crate::domain::field;
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
    /// What a power cut may cost.
    pub durability: Option<Durability>,
    /// How far back operations can be undone.
    pub undo_horizon: Option<Horizon>,
    /// When colour is used.
    pub color: Option<Color>,
    /// The columns of lists, canonical names, by noun.
    pub columns: BTreeMap<Noun, Vec<String>>,
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

/// One setting.
pub struct Setting {
    /// Its name in the file.
    pub name: &'static str,
    /// What it is for, an imperative or a noun phrase, without a period.
    pub help: &'static str,
    /// The value that stands, commented out, in the file of defaults.
    pub example: &'static str,
    /// What it accepts, to follow "takes".
    accepts: &'static str,
    /// Takes a text; false if it is not acceptable.
    set: fn(&mut Config, &str) -> bool,
    /// The value as it would be written.
    get: fn(&Config) -> Option<String>,
}

impl fmt::Debug for Setting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

/// The settings, in the order of the file of defaults; each takes a text.
pub const SETTINGS: &[Setting] = &[
    Setting {
        name: "user",
        help: "The user who acts, by key",
        example: "self",
        accepts: "the key of a user",
        set: |config, text| put(&mut config.user, not_blank(text)),
        get: |config| config.user.clone(),
    },
    Setting {
        name: "database",
        help: "The database file; `~/` is the home folder, and a relative path starts at the folder of this file",
        example: "~/sales/crm.db",
        accepts: "a path",
        set: |config, text| put(&mut config.database, not_blank(text)),
        get: |config| config.database.clone(),
    },
    Setting {
        name: "region",
        help: "The country of phone numbers that are written without one, two letters",
        example: "DE",
        accepts: "a country code of two letters",
        set: |config, text| put(&mut config.region, country_code(text)),
        get: |config| config.region.clone(),
    },
    Setting {
        name: "currency",
        help: "The currency in which a new base makes its sums, USD if not set; a base keeps the one it was made with",
        example: "EUR",
        accepts: "an ISO 4217 currency code",
        set: |config, text| put(&mut config.currency, Currency::parse(text)),
        get: |config| config.currency.map(|currency| currency.code().to_owned()),
    },
    Setting {
        name: "zone",
        help: "The time zone, by its IANA name; that of the system if not set",
        example: "Europe/Berlin",
        accepts: "the IANA name of a time zone",
        set: |config, text| put(&mut config.zone, TimeZone::get(text).ok()),
        get: |config| {
            config
                .zone
                .as_ref()
                .and_then(|zone| zone.iana_name().map(str::to_owned))
        },
    },
    Setting {
        name: "date_order",
        help: "How 1/2/2026 is read, dmy or mdy; such dates are refused if not set",
        example: "dmy",
        accepts: "dmy or mdy",
        set: |config, text| put(&mut config.date_order, word(text, &DATE_ORDERS)),
        get: |config| config.date_order.and_then(|order| name_of(&DATE_ORDERS, &order)),
    },
    Setting {
        name: "week_start",
        help: "The first day of the week",
        example: "monday",
        accepts: "a day of the week",
        set: |config, text| put(&mut config.week_start, word(text, &WEEKDAYS)),
        get: |config| config.week_start.and_then(|day| name_of(&WEEKDAYS, &day)),
    },
    Setting {
        name: "durability",
        help: "What a power cut may cost: the last moments with normal, nothing with full, which is slower",
        example: "normal",
        accepts: "normal or full",
        set: |config, text| put(&mut config.durability, word(text, &DURABILITIES)),
        get: |config| {
            config
                .durability
                .and_then(|durability| name_of(&DURABILITIES, &durability))
        },
    },
    Setting {
        name: "undo_horizon",
        help: "How far back operations can be undone; `crm compact` forgets older ones, and none if this is not set",
        example: "1 year",
        accepts: "90 days, 12 weeks, 6 months, 2 years, 1000 operations or forever",
        set: |config, text| put(&mut config.undo_horizon, text.parse().ok()),
        get: |config| config.undo_horizon.map(|horizon| horizon.to_string()),
    },
    Setting {
        name: "color",
        help: "When colour is used: auto, always or never",
        example: "auto",
        accepts: "auto, always or never",
        set: |config, text| put(&mut config.color, word(text, &COLORS)),
        get: |config| config.color.and_then(|color| name_of(&COLORS, &color)),
    },
];

/// The table of the columns of lists.
const COLUMNS: &str = "columns";

const DURABILITIES: [(&str, Durability); 2] = [("normal", Durability::Normal), ("full", Durability::Full)];
const DATE_ORDERS: [(&str, DateOrder); 2] =
    [("dmy", DateOrder::DayMonthYear), ("mdy", DateOrder::MonthDayYear)];
const WEEKDAYS: [(&str, Weekday); 7] = [
    ("monday", Weekday::Monday),
    ("tuesday", Weekday::Tuesday),
    ("wednesday", Weekday::Wednesday),
    ("thursday", Weekday::Thursday),
    ("friday", Weekday::Friday),
    ("saturday", Weekday::Saturday),
    ("sunday", Weekday::Sunday),
];
const COLORS: [(&str, Color); 3] = [
    ("auto", Color::Auto),
    ("always", Color::Always),
    ("never", Color::Never),
];

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
            if name == COLUMNS {
                config.read_columns(value, &place, &mut warnings)?;
            } else if let Some(setting) = setting(name) {
                let text = value.get_ref().as_str().ok_or_else(|| {
                    let found = described(value.get_ref());
                    let message = format!("{name} takes {}, in quotes, not {found}", setting.accepts);
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
                    near: near(name, names.chain([COLUMNS])),
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
        let Some(setting) = setting(name) else {
            let names = SETTINGS.iter().map(|setting| setting.name);
            return Err(Error::usage(format!("there is no setting {name:?}")).with_near(near(name, names)));
        };
        if (setting.set)(self, text.trim()) {
            return Ok(());
        }
        let message = format!("{name} takes {}, not {text:?}", setting.accepts);
        Err(Error::new(Kind::Usage, message).on_field(setting.name))
    }

    /// The value of the setting called `name` as it would be written; none if it is not set or there is no such
    /// setting.
    pub fn get(&self, name: &str) -> Option<String> {
        setting(name).and_then(|setting| (setting.get)(self))
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
            durability: self.durability.or(below.durability),
            undo_horizon: self.undo_horizon.or(below.undo_horizon),
            color: self.color.or(below.color),
            columns,
        }
    }

    fn read_columns(
        &mut self,
        value: &Spanned<DeValue<'_>>,
        place: &Place<'_>,
        warnings: &mut Vec<Warning>,
    ) -> Result<()> {
        let refuse = |value: &Spanned<DeValue<'_>>, what: &str| {
            let message = format!("{what}, not {}", described(value.get_ref()));
            place.refuse(&value.span(), &message).on_field(COLUMNS)
        };
        let table = value
            .get_ref()
            .as_table()
            .ok_or_else(|| refuse(value, "columns is a table of lists by noun"))?;
        for (key, list) in table {
            let name = key.get_ref().as_ref();
            let Some(noun) = Noun::ALL.into_iter().find(|noun| noun.name() == name) else {
                warnings.push(Warning {
                    line: place.line(key.span().start),
                    message: format!("there is no noun {name:?}"),
                    near: near(name, Noun::ALL.iter().map(|noun| noun.name())),
                });
                continue;
            };
            let list = list
                .get_ref()
                .as_array()
                .ok_or_else(|| refuse(list, &format!("the columns of {noun} are a list of names")))?;
            let mut columns = Vec::new();
            for item in list.iter() {
                let column = item
                    .get_ref()
                    .as_str()
                    .ok_or_else(|| refuse(item, "a column is a name in quotes"))?;
                match column_name(noun, column) {
                    Some(column) => columns.push(column),
                    None => warnings.push(Warning {
                        line: place.line(item.span().start),
                        message: format!("{noun} has no field {column:?}"),
                        near: near(column, field::fields(noun).iter().map(|field| field.name)),
                    }),
                }
            }
            self.columns.insert(noun, columns);
        }
        Ok(())
    }
}

/// The text of a settings file that sets nothing: every setting with what it is for, commented out.
pub fn defaults() -> String {
    let mut text =
        String::from("# Settings of crm (TOML). A flag or a variable of the environment goes before them.\n");
    for Setting {
        name, help, example, ..
    } in SETTINGS
    {
        text.push_str(&format!("\n# {help}.\n# {name} = {example:?}\n"));
    }
    text.push_str("\n# The columns of lists, by noun; the names are those that `-F` takes.\n# [columns]\n");
    for noun in Noun::ALL {
        let columns = field::columns(noun);
        if !columns.is_empty() {
            text.push_str(&format!("# {noun} = {columns:?}\n"));
        }
    }
    text
}

fn setting(name: &str) -> Option<&'static Setting> {
    SETTINGS.iter().find(|setting| setting.name == name)
}

/// The canonical name of a column. Custom fields and the parts of a field cannot be checked without a base and
/// are taken as they are.
fn column_name(noun: Noun, name: &str) -> Option<String> {
    match name.split_once('.') {
        Some(("fields", key)) if !key.is_empty() => Some(name.to_owned()),
        Some((field, part)) if !part.is_empty() => {
            field::find(noun, field).map(|field| format!("{}.{part}", field.name))
        }
        _ => field::find(noun, name).map(|field| field.name.to_owned()),
    }
}

fn put<T>(place: &mut Option<T>, value: Option<T>) -> bool {
    let taken = value.is_some();
    if taken {
        *place = value;
    }
    taken
}

fn not_blank(text: &str) -> Option<String> {
    (!text.is_empty() && !text.contains('\0')).then(|| text.to_owned())
}

fn country_code(text: &str) -> Option<String> {
    let two_letters = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_alphabetic());
    two_letters.then(|| text.to_ascii_uppercase())
}

/// What `text` means in a table of words; case is ignored.
fn word<T: Copy>(text: &str, words: &[(&str, T)]) -> Option<T> {
    let found = words.iter().find(|(word, _)| word.eq_ignore_ascii_case(text));
    found.map(|&(_, value)| value)
}

fn name_of<T: PartialEq>(words: &[(&str, T)], value: &T) -> Option<String> {
    let found = words.iter().find(|(_, other)| other == value);
    found.map(|(word, _)| (*word).to_owned())
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
