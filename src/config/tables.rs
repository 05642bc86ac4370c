//! The settings that are tables: the columns of lists by noun, the styles of the dashboard, and its keys by action.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::config::dashboard::TOKENS;
use crate::config::pen::{self, Pen};
use crate::config::place::Place;
use crate::config::{Config, Warning, described};
use crate::domain::field;
use crate::domain::near::near;
use crate::domain::noun::Noun;
use crate::error::{Error, Kind, Result};
use crate::wire::form::quoted;

/// The columns of lists, a list of names by noun.
const COLUMNS: &str = "columns";

/// The styles of the dashboard by token, and `base` for the theme that they change.
pub(super) const THEME: &str = "theme";

/// The keys of the dashboard, by action.
const KEYS: &str = "keys";

/// The theme in the table of styles.
pub(super) const BASE: &str = "base";

/// The tables.
pub(super) const TABLES: [&str; 3] = [COLUMNS, THEME, KEYS];

/// An empty list on a command line, where an empty text means no setting at all.
const NONE: &str = "none";

/// The table and the key of a name with a dot.
pub(super) fn entry(name: &str) -> Option<(&str, &str)> {
    let (table, key) = name.split_once('.')?;
    (TABLES.contains(&table) && !key.is_empty()).then_some((table, key))
}

impl Config {
    /// What is set in tables: names with a dot, and the values as texts, lists with commas.
    pub fn entries(&self) -> Vec<(String, String)> {
        let list = |items: &[String]| match items {
            [] => NONE.to_owned(),
            items => items.join(", "),
        };
        let columns = self.columns.iter();
        let columns = columns.map(|(noun, columns)| (format!("{COLUMNS}.{noun}"), list(columns)));
        let styles = self.dashboard.styles.iter();
        let styles = styles.map(|(token, pen)| (format!("{THEME}.{token}"), pen.to_string()));
        let keys = self.dashboard.keys.iter();
        let keys = keys.map(|(action, keys)| (format!("{KEYS}.{action}"), list(keys)));
        columns.chain(styles).chain(keys).collect()
    }

    /// Gives an entry of a table the value that `text` means, lists with commas.
    pub(super) fn set_entry(&mut self, table: &str, key: &str, text: &str) -> Result<()> {
        let none = Error::usage(format!("there is no setting \"{table}.{key}\""));
        let refused = |error: Error| error.on_field(format!("{table}.{key}"));
        let text = text.trim();
        match table {
            COLUMNS => {
                let Some(noun) = noun(key) else {
                    return Err(none.with_near(near(key, Noun::ALL.iter().map(|noun| noun.name()))));
                };
                let mut columns = Vec::new();
                for item in items(text) {
                    match column_name(noun, item) {
                        Some(column) => columns.push(column),
                        None => {
                            let names = field::fields(noun).iter().map(|field| field.name);
                            let error = Error::usage(format!("{noun} has no field {item:?}"));
                            return Err(refused(error.with_near(near(item, names))));
                        }
                    }
                }
                self.columns.insert(noun, columns);
            }
            THEME if key == BASE => self.set(THEME, text)?,
            THEME => {
                let Some(token) = token(key) else {
                    return Err(none.with_near(near(key, TOKENS)));
                };
                let pen = style(token, text).map_err(refused)?;
                self.dashboard.styles.insert(token, pen);
            }
            _ => {
                let keys = items(text).map(str::to_owned).collect();
                self.dashboard.keys.insert(key.to_owned(), keys);
            }
        }
        Ok(())
    }

    /// An entry as it is written in the file, behind its key.
    pub(super) fn entry_written(&self, table: &str, key: &str) -> Option<String> {
        let list = |items: &Vec<String>| {
            let items: Vec<String> = items.iter().map(|item| quoted(item)).collect();
            format!("[{}]", items.join(", "))
        };
        match table {
            COLUMNS => self.columns.get(&noun(key)?).map(list),
            THEME if key == BASE => self.get(THEME).map(|theme| quoted(&theme)),
            THEME => self.dashboard.styles.get(key).map(|pen| quoted(&pen.to_string())),
            _ => self.dashboard.keys.get(key).map(list),
        }
    }

    /// Reads a table of the file.
    ///
    /// # Errors
    ///
    /// Usage, with the place, for a value of the wrong shape; names that are not known are warned of.
    pub(super) fn read_table(
        &mut self,
        name: &str,
        value: &Spanned<DeValue<'_>>,
        place: &Place<'_>,
        warnings: &mut Vec<Warning>,
    ) -> Result<()> {
        let mut reader = Reader {
            table: name,
            place,
            warnings,
        };
        let what = match name {
            COLUMNS => "columns is a table of lists by noun",
            THEME => "theme is the name of a theme or a table of styles",
            _ => "keys is a table of keys by action",
        };
        let table = value
            .get_ref()
            .as_table()
            .ok_or_else(|| reader.refuse(value, what))?;
        match name {
            COLUMNS => self.read_columns(table, &mut reader),
            THEME => self.read_styles(table, &mut reader),
            _ => self.read_keys("", table, &reader),
        }
    }

    fn read_columns(&mut self, table: &DeTable<'_>, reader: &mut Reader<'_, '_>) -> Result<()> {
        for (key, list) in table {
            let name = key.get_ref().as_ref();
            let Some(noun) = noun(name) else {
                let names = Noun::ALL.iter().map(|noun| noun.name());
                reader.warn(
                    key.span().start,
                    format!("there is no noun {name:?}"),
                    near(name, names),
                );
                continue;
            };
            let list = list
                .get_ref()
                .as_array()
                .ok_or_else(|| reader.refuse(list, &format!("the columns of {noun} are a list of names")))?;
            let mut columns = Vec::new();
            for item in list.iter() {
                let column = item
                    .get_ref()
                    .as_str()
                    .ok_or_else(|| reader.refuse(item, "a column is a name in quotes"))?;
                match column_name(noun, column) {
                    Some(column) => columns.push(column),
                    None => {
                        let names = field::fields(noun).iter().map(|field| field.name);
                        let message = format!("{noun} has no field {column:?}");
                        reader.warn(item.span().start, message, near(column, names));
                    }
                }
            }
            self.columns.insert(noun, columns);
        }
        Ok(())
    }

    fn read_styles(&mut self, table: &DeTable<'_>, reader: &mut Reader<'_, '_>) -> Result<()> {
        for (key, value) in table {
            let name = key.get_ref().as_ref();
            if name != BASE && token(name).is_none() {
                let names = TOKENS.into_iter().chain([BASE]);
                let message = format!("no part of a screen is called {name:?}");
                reader.warn(key.span().start, message, near(name, names));
                continue;
            }
            let text = value.get_ref().as_str().ok_or_else(|| {
                let what = if name == BASE {
                    "the name of a theme"
                } else {
                    "a style"
                };
                reader.refuse(value, &format!("theme.{name} takes {what} in quotes"))
            })?;
            self.set_entry(THEME, name, text)
                .map_err(|error| reader.at(value, error.message()))?;
        }
        Ok(())
    }

    /// Reads keys. A name without quotes, `customer.log`, is a table in a table.
    fn read_keys(&mut self, above: &str, table: &DeTable<'_>, reader: &Reader<'_, '_>) -> Result<()> {
        for (key, value) in table {
            let action = match above {
                "" => key.get_ref().to_string(),
                above => format!("{above}.{}", key.get_ref()),
            };
            let what = format!("the keys of {action} are texts in quotes, one or a list");
            let mut keys = Vec::new();
            match value.get_ref() {
                DeValue::Table(inner) => {
                    self.read_keys(&action, inner, reader)?;
                    continue;
                }
                DeValue::String(text) => keys.push(text.to_string()),
                DeValue::Array(list) => {
                    for item in list.iter() {
                        let text = item.get_ref().as_str();
                        keys.push(text.ok_or_else(|| reader.refuse(item, &what))?.to_owned());
                    }
                }
                _ => return Err(reader.refuse(value, &what)),
            }
            self.dashboard.keys.insert(action, keys);
        }
        Ok(())
    }
}

/// Where a table is read, and what is found on the way.
struct Reader<'t, 'w> {
    table: &'t str,
    place: &'t Place<'t>,
    warnings: &'w mut Vec<Warning>,
}

impl Reader<'_, '_> {
    fn at(&self, value: &Spanned<DeValue<'_>>, message: &str) -> Error {
        self.place.refuse(&value.span(), message).on_field(self.table)
    }

    fn refuse(&self, value: &Spanned<DeValue<'_>>, what: &str) -> Error {
        self.at(value, &format!("{what}, not {}", described(value.get_ref())))
    }

    fn warn(&mut self, offset: usize, message: String, near: Vec<String>) {
        self.warnings.push(Warning {
            line: self.place.line(offset),
            message,
            near,
        });
    }
}

/// The tables in the file of defaults, commented out.
pub(super) fn defaults() -> String {
    let mut text = String::from(
        "\n# The columns of lists, by noun; the names are those that `-F` takes.\n# [columns]\n",
    );
    for noun in Noun::ALL {
        let columns = field::columns(noun);
        if !columns.is_empty() {
            text.push_str(&format!("# {noun} = {columns:?}\n"));
        }
    }
    text.push_str(&format!(
        "\n# Keys of the dashboard, by action; they stand in place of those that the action has.\n# [{KEYS}]\n\
         # mark = [\"space\", \"ctrl-t\"]\n\
         \n# Styles of the dashboard, and the theme that they change; this is in place of the line `theme` above.\n\
         # They name attributes, one of the sixteen colours, 0 to 255 or #rrggbb, and `on` with the colour behind.\n\
         # [{THEME}]\n# {BASE} = \"default\"\n# accent = \"bold #88c0d0\"\n# overdue = \"bold red on 230\"\n"
    ));
    text
}

fn noun(name: &str) -> Option<Noun> {
    Noun::ALL.into_iter().find(|noun| noun.name() == name)
}

fn token(name: &str) -> Option<&'static str> {
    TOKENS.into_iter().find(|token| *token == name)
}

fn style(token: &str, text: &str) -> Result<Pen> {
    Pen::parse(text).map_err(|word| {
        let example = "such as \"bold red\", \"#88c0d0 on black\" or \"underline 214\"";
        let message = match word.as_str() {
            "" => format!("{THEME}.{token} takes a style, {example}, not \"\""),
            word => format!("{THEME}.{token} takes a style, {example}, in which {word:?} has no place"),
        };
        Error::new(Kind::Usage, message).with_near(near(&word, pen::words()))
    })
}

/// The parts of a text with commas.
fn items(text: &str) -> impl Iterator<Item = &str> {
    let text = if text.eq_ignore_ascii_case(NONE) { "" } else { text };
    text.split([',', '，'])
        .map(str::trim)
        .filter(|item| !item.is_empty())
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
