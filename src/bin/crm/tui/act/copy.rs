//! Copying records: as names, addresses and refs, and in the formats of the command line.

use crm::domain::field::{self, FieldType};
use crm::domain::noun::Noun;
use crm::domain::value::{Link, Value};
use crm::error::{Error, Result};
use crm::ops::schema;
use crm::store::{ReadTx, records};
use crm::wire::column::Column;
use crm::wire::{cell, csv, json};

use crate::text::{markdown, number, shell};

/// Records of one noun with every field that they have in JSON.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Rows {
    pub(crate) links: Vec<Link>,
    columns: Vec<Column>,
    rows: Vec<Vec<Value>>,
}

/// One thing that can be copied of records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Form {
    /// The letter that chooses it.
    pub(crate) letter: char,
    /// What it is called.
    pub(crate) name: &'static str,
    /// What was copied, to follow "copied".
    pub(crate) what: String,
    /// Itself; none where the records have nothing such.
    pub(crate) text: Option<String>,
}

/// Reads records of one noun; those that are gone are left out.
///
/// # Errors
///
/// The base cannot be read.
pub(crate) fn rows(tx: &ReadTx<'_>, links: &[Link]) -> Result<Rows> {
    let Some(noun) = links.first().map(|link| link.noun) else {
        return Err(Error::usage("no record is chosen"));
    };
    let selected = schema::columns(tx, noun)?;
    let fetch = records::Fetch::new(tx, noun, &selected)?;
    let mut read = Rows {
        columns: selected
            .iter()
            .map(|column| Column::new(column.name.clone(), column.kind))
            .collect(),
        ..Rows::default()
    };
    for link in links {
        if let Some(row) = fetch.get(tx, link.id)? {
            read.links.push(link.clone());
            read.rows.push(row);
        }
    }
    Ok(read)
}

impl Rows {
    /// Of which noun they are.
    pub(crate) fn noun(&self) -> Noun {
        self.links.first().map_or(Noun::Customer, |link| link.noun)
    }

    /// One object a line, as programs get them.
    pub(crate) fn lines(&self) -> String {
        let objects = self.objects();
        objects.map(|object| format!("{object}\n")).collect()
    }

    fn objects(&self) -> impl Iterator<Item = serde_json::Value> {
        let kind = self.noun().name();
        self.rows
            .iter()
            .map(move |row| json::record(kind, &self.columns, row))
    }

    /// Everything that can be copied.
    pub(crate) fn forms(&self) -> Vec<Form> {
        let each = |text: &dyn Fn(&Link) -> String| {
            let lines: Vec<String> = self.links.iter().map(text).collect();
            Some(lines.join("\n"))
        };
        let form = |letter, name, what: String, text: Option<String>| Form {
            letter,
            name,
            what,
            text: text.filter(|text| !text.trim().is_empty()),
        };
        let reference = |link: &Link| match link.noun.prefix() {
            Some(_) => link.reference().to_string(),
            None => link.name.clone(),
        };
        let mut forms = vec![form(
            'n',
            "name",
            self.counted("name"),
            each(&|link| link.name.clone()),
        )];
        if self.noun() == Noun::Customer {
            for (letter, name, field) in [('e', "e-mail", "emails"), ('p', "phone", "phones")] {
                let (text, what) = self.addresses(name, field);
                forms.push(form(letter, name, what, text));
            }
        }
        let show = || {
            let mut words = vec![self.noun().name().to_owned(), "show".to_owned()];
            words.extend(self.links.iter().map(reference));
            format!("crm {}", shell::line(&words))
        };
        forms.extend([
            form('r', "ref", self.counted("ref"), each(&reference)),
            form('t', "row, TSV", self.records("TSV"), Some(self.tsv())),
            form('j', "JSON", self.records("JSON"), Some(self.json())),
            form('m', "Markdown", self.records("Markdown"), Some(self.markdown())),
            form('c', "command", "the command".to_owned(), Some(show())),
        ]);
        forms
    }

    /// `the name`, `3 names`.
    fn counted(&self, what: &str) -> String {
        match self.links.len() {
            1 => format!("the {what}"),
            count => format!("{} {what}s", number::many(count as u64)),
        }
    }

    /// `the customer as JSON`, `3 customers as JSON`.
    fn records(&self, format: &str) -> String {
        let noun = self.noun();
        match self.links.len() {
            1 => format!("the {noun} as {format}"),
            count => format!("{} {} as {format}", number::many(count as u64), noun.plural()),
        }
    }

    /// The first address of each, without those who are not to be contacted where there are several: such a list is
    /// made for writing to all of them.
    fn addresses(&self, name: &str, field: &str) -> (Option<String>, String) {
        let at = |name: &str| self.columns.iter().position(|column| column.name == name);
        let is_asked_not = |row: &[Value]| {
            let value = at("do_not_contact").and_then(|at| row.get(at));
            value == Some(&Value::Bool(true))
        };
        let several = self.rows.len() > 1;
        let (mut found, mut left_out) = (Vec::new(), 0_usize);
        for row in &self.rows {
            let value = at(field).and_then(|at| row.get(at));
            let first = match value {
                Some(Value::List(items)) => items.first().map(cell::cell),
                Some(value) => Some(cell::cell(value)).filter(|text| !text.is_empty()),
                None => None,
            };
            match first {
                Some(_) if several && is_asked_not(row) => left_out += 1,
                Some(address) => found.push(address),
                None => {}
            }
        }
        let mut what = match found.len() {
            1 if !several => format!("the {name}"),
            count => format!("{} {name}s", number::many(count as u64)),
        };
        if left_out > 0 {
            what.push_str(&format!(" without {left_out} who are not to be contacted"));
        }
        (Some(found.join("\n")), what)
    }

    /// The columns of lists, with the rows of these.
    fn usual(&self) -> (Vec<Column>, Vec<Vec<Value>>) {
        let usual = field::columns(self.noun());
        let at: Vec<usize> = usual
            .iter()
            .filter_map(|name| self.columns.iter().position(|column| column.name == *name))
            .collect();
        let columns = at.iter().filter_map(|at| self.columns.get(*at)).cloned();
        let rows = self
            .rows
            .iter()
            .map(|row| at.iter().filter_map(|at| row.get(*at)).cloned().collect());
        (columns.collect(), rows.collect())
    }

    fn tsv(&self) -> String {
        let (columns, rows) = self.usual();
        let mut cells = Vec::new();
        let mut text = String::new();
        for row in rows {
            cell::expand_row(&columns, &row, &mut cells);
            for (at, cell) in cells.iter().enumerate() {
                if at > 0 {
                    text.push('\t');
                }
                csv::push_tsv_cell(cell, &mut text);
            }
            text.push('\n');
        }
        text
    }

    fn json(&self) -> String {
        let objects: Vec<serde_json::Value> = self.objects().collect();
        let text = match objects.as_slice() {
            [one] => serde_json::to_string_pretty(one),
            all => serde_json::to_string_pretty(all),
        };
        // What is written has keys of text alone, so that it can be.
        text.unwrap_or_default() + "\n"
    }

    fn markdown(&self) -> String {
        let (columns, rows) = self.usual();
        let mut text = markdown::head(&columns);
        for row in rows {
            text.push_str(&markdown::row(columns.len(), &row));
        }
        text
    }

    /// The fields that a person may change, by name.
    pub(crate) fn writable(&self) -> impl Iterator<Item = &str> {
        let noun = self.noun();
        let names = self.columns.iter().filter(move |column| {
            let field = field::find(noun, &column.name);
            let is_kept = field.is_some_and(|field| field.access == field::Access::Read);
            !is_kept && column.kind != FieldType::Parts
        });
        names.map(|column| column.name.as_str())
    }
}
