//! Presets: what the files of another program mean, said as data, so that they import untouched.
//!
//! A preset is a TOML file: those in `vendors/` are built in, and anybody can write one. Nothing in the code knows a vendor.
//!
//! ```toml
//! name = "zoho"                     # what --preset takes; the system of its external ids
//! title = "Zoho CRM"                # how people know it
//!
//! [[shape]]                         # one kind of file that the program writes
//! title = "contacts"                # what is in it, as told: "read as Zoho CRM contacts"
//! object = "contact"                # only where ids of several kinds of customers may be alike: they are kept as
//!                                   # zoho.contact:ID; without it as zoho:ID
//! files = ["contacts*"]             # how it is called in a folder or zip; a hint, the header decides
//! signature = ["record id", "contact owner", ["last name", "nachname"]]   # headers that tell it; a list within is one
//!                                   # header of which any will do
//! enough = 2                        # so many of them; all where it is not said
//! without = ["deal name"]           # headers that a file of this kind does not have
//! skip = { "isdeleted" = ["1", "true"] }   # rows that are left out; "" stands for blank
//! history = true                    # its rows make nothing: each tells a stage in which a deal was, by id, stage, stage_since
//! need = ["first name", "email"]    # a row in which all of these are blank is left out
//! footer = ["grand total*"]         # a row of which one cell alone is filled, like this, is no row: it ends a report
//! after = ["account"]               # titles of shapes whose files of the same folder go first
//! dates = "dmy"                     # ymd, dmy or mdy, where the program always writes them so
//!
//! [[shape.record]]                  # what a row makes: one record, or several in order
//! noun = "customer"                 # customer, deal, task, activity, product, user … (not what only a base has)
//! name = "person"                   # for later records of the row, below
//! like = "employer"                 # the columns of that earlier record as well, except those that it names itself
//! set = { type = "person", text = "{subject} ({status})" }   # the same for every row; {header} is a cell
//! when = ["last name", "email"]     # only where one of these cells is filled
//! with = ["company"]                # and one of these is filled, too
//! unless = ["branch"]               # and all of these are blank
//! only = { "status" = ["held"] }    # and all of these that the file has, at least one, hold one of the values
//! else = true                       # and no record before it was made of the row
//! prefix = "person"                 # its headers may begin with `Person - `
//! link = { company = "firm" }       # a field that leads to an earlier record of the row, by its name; of a list of names
//!                                   # to the one that the row makes
//! main = true                       # gets the note of what nothing takes; else the last record that the row makes
//!
//! [shape.record.columns]            # header -> field; a header in any case, the field by a name that --map takes
//! "record id" = "id"                # an identity in the system
//! "first name" = "given_name"       # then middle_name family_name prefix suffix: joined as the language of the name does
//! "mobile" = "phones.mobile"        # a label after the point
//! "tag" = { field = "tags", split = ";" }               # several values in one cell
//! "account name.id" = { field = "company", link = "account" }   # a record by its id; "account" is the object of that shape,
//! "account name" = "company"                                    # "" for a system without; and by name, where the id is unknown
//! "lead status" = { field = "lifecycle", values = "lead_status" }   # a map of values, below
//! "stage" = { field = "stage", values = "stage" }       # of stages and pipelines only what the base does not know is mapped
//! "close date" = "closes_on"        # of a deal: the day when it closed, or when it should if it is open
//! "create date" = "created_at"      # when the record was made
//! "stage entered" = "stage_since"   # of a deal: when it came into its stage
//! "call duration" = { field = "duration", as = "milliseconds" }     # or minutes, hours (1:30); amounts in
//!                                   # millionths; a share of one, as percent: as = "share"
//! "more emails" = { field = "emails", as = "list" }     # several values as JSON, or in quotes with commas between
//! "contact owner" = { field = "owner", as = "user" }    # a user by name, e-mail address or `Name (address)`
//! "contact" = { field = "customer", as = "person" }     # a person by name, who is not made; else a company, which is
//! "id" = { field = "id", key = "salesforce" }           # a key in its one form: salesforce (15 letters become 18), zoho
//! "body" = { field = "note", as = "html" }              # marked-up text becomes plain
//! "e-mail {n} - value" = { field = "emails", split = " ::: ", label = ["e-mail {n} - label", "e-mail {n} - type"] }
//! "address {n} - street" = "addresses.{n}.street"       # blocks of one address: street city region postal_code country
//! "address {n} - label" = "addresses.{n}.label"         # po_box extended; the first one that is filled is the main address
//! "home city" = "addresses.home.city"                   # a group may have a name, which is its label
//! "custom {n} - value" = { field = "note", label = ["custom {n} - label"] }   # a line `label: value` of the note
//! "details" = { field = "note", title = "Details" }     # a line `Details: value`
//! "email opt out" = "email_opt_out"                     # yes: the addresses of the row are not to be written to; phone_opt_out
//! "bounced" = "email_invalid"                           # yes: they do not work; phone_invalid
//! "contact name" = { field = "people", link = "contact" }   # further people in a deal or an activity
//! "formatted" = { field = "note", redundant = true }    # in the note, unless all its words stand in other cells of the row
//!
//! [shape.values.lead_status]        # a value in any case -> ours; "" for nothing; [values.NAME] is for all shapes
//! "open - not contacted" = "lead"
//! "-none-" = ""
//! ```
//!
//! A column that is not named stands in the note of the main record, `Header: value`; so does one that no record of the row
//! takes. Several columns may feed one field: lists get all values, texts are joined in the order of the preset (addresses by a
//! comma, long texts by a line, `join = " "` for something else), of anything else the first that is filled counts and the
//! others stand in the note. A column may feed several fields: `"name" = ["name", { field = "note", title = "Was" }]`.
//!
//! What cannot be read as its field (an address without `@`, a date that is none) stands in the note too, and is told; only
//! amounts and dates of deals refuse the row. A value that no map knows is kept as it is where the field is a picklist.
//!
//! # Files
//!
//! * `read.rs`: a preset from its text, with the line of what is wrong.
//! * `header.rs`: headers as they are compared.
//! * `recognise.rs`: which preset a header belongs to; the built-in ones.
//! * `feeds.rs`: what a value can feed; `plan.rs`: what each column of a file feeds.
//! * `cells.rs`: a row of the file as rows of ours.
//! * `history.rs`: rows that tell the past of deals.
//! * `typed.rs`: which columns hold numbers and days.
//! * `deal.rs`: where a deal is, by the words of the file.
//! * `values.rs`: what single cells need; `compose.rs`: names and addresses from their parts;
//!   `naming.rs`: cells that name other records.
//! * `wanted.rs`: what such a row wants of its record; `link.rs`: the records that cells name.
//! * `resolve.rs`: what a row says in its words, in those of the base.
//! * `record.rs`: one record that a row makes; `run.rs`: all rows of a file, as one operation.

mod cells;
mod compose;
mod deal;
mod feeds;
mod header;
mod history;
mod link;
mod naming;
mod plan;
mod read;
mod recognise;
mod record;
mod resolve;
mod run;
mod typed;
mod values;
mod wanted;

#[cfg(test)]
mod tests;

pub use plan::{Asked, Plan};
pub use recognise::{BUILT_IN, Choice, built_in, meaning};
pub use run::run;

use crate::domain::noun::Noun;
use crate::error::Result;

/// What the files of one program mean.
#[derive(Debug, Clone)]
pub struct Preset {
    /// What `--preset` takes, and the system of external ids.
    pub name: String,
    /// How people know the program.
    pub title: String,
    /// The kinds of files that it writes.
    pub shapes: Vec<Shape>,
}

impl Preset {
    /// Reads a preset; `source` names the text in errors.
    ///
    /// # Errors
    ///
    /// `Usage` with the line of what is wrong, and what to write.
    pub fn parse(text: &str, source: &str) -> Result<Preset> {
        read::preset(text, source)
    }
}

/// The order of day, month and year in dates of digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dates {
    /// 2026-01-31.
    Ymd,
    /// 31.1.2026.
    Dmy,
    /// 1/31/2026.
    Mdy,
}

/// One kind of file.
#[derive(Debug, Clone, Default)]
pub struct Shape {
    /// What is in it.
    pub title: String,
    /// What its external ids are called; empty where ids of all kinds differ.
    pub object: String,
    /// Patterns of its name, `*` for anything.
    pub files: Vec<String>,
    /// Headers that tell it; of each list any will do.
    pub signature: Vec<Vec<String>>,
    /// How many of them must be there.
    pub enough: usize,
    /// Headers that it does not have.
    pub without: Vec<String>,
    /// Columns and the values with which a row is left out.
    pub skip: Vec<(String, Vec<String>)>,
    /// Columns of which one must be filled.
    pub need: Vec<String>,
    /// Whether its rows tell the past of deals, and make nothing.
    pub history: bool,
    /// Patterns of what ends a report.
    pub footer: Vec<String>,
    /// Titles of shapes that go first.
    pub after: Vec<String>,
    /// The order in its dates, if it is always the same.
    pub dates: Option<Dates>,
    records: Vec<Record>,
    values: Vec<(String, Vec<(String, String)>)>,
}

impl Shape {
    /// The nouns that its rows make, in order, each once.
    pub fn nouns(&self) -> Vec<Noun> {
        let mut nouns: Vec<Noun> = Vec::new();
        for record in &self.records {
            if !nouns.contains(&record.noun) {
                nouns.push(record.noun);
            }
        }
        nouns
    }

    /// True if its rows make records of `noun`, of this type if there is one.
    pub fn makes(&self, noun: Noun, kind: Option<&str>) -> bool {
        self.records.iter().any(|record| {
            record.noun == noun && (kind.is_none() || record.kind().is_none_or(|own| Some(own) == kind))
        })
    }
}

/// One record that a row makes.
#[derive(Debug, Clone)]
struct Record {
    noun: Noun,
    name: String,
    set: Vec<(String, String)>,
    when: Vec<String>,
    with: Vec<String>,
    unless: Vec<String>,
    /// Columns and the values that they must hold.
    only: Vec<(String, Vec<String>)>,
    /// Whether it is made only if no record before it was.
    otherwise: bool,
    prefix: String,
    link: Vec<(String, String)>,
    main: bool,
    columns: Vec<(String, Vec<Rule>)>,
}

impl Default for Record {
    fn default() -> Record {
        Record {
            noun: Noun::Customer,
            name: String::new(),
            set: Vec::new(),
            when: Vec::new(),
            with: Vec::new(),
            unless: Vec::new(),
            only: Vec::new(),
            otherwise: false,
            prefix: String::new(),
            link: Vec::new(),
            main: false,
            columns: Vec::new(),
        }
    }
}

impl Record {
    /// The type that all its records have.
    fn kind(&self) -> Option<&str> {
        let kind = self.set.iter().find(|(name, _)| name == "type");
        kind.map(|(_, text)| text.as_str())
            .filter(|text| !text.contains('{'))
    }
}

/// What a cell is, beyond text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum As {
    Text,
    User,
    Person,
    Html,
    List,
    Milliseconds,
    Minutes,
    Hours,
    Millionths,
    Share,
}

/// The one form of a key that is written in several.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Key {
    Plain,
    Salesforce,
    Zoho,
}

/// What becomes of a cell.
#[derive(Debug, Clone)]
struct Rule {
    field: String,
    /// The object by whose id the cell names a record.
    link: Option<String>,
    split: Option<String>,
    /// The name of a map of values.
    values: Option<String>,
    reading: As,
    key: Key,
    label: Vec<String>,
    title: Option<String>,
    join: Option<String>,
    redundant: bool,
}

impl Rule {
    /// A rule that only says the field.
    pub(super) fn of(field: &str) -> Rule {
        Rule {
            field: field.to_owned(),
            link: None,
            split: None,
            values: None,
            reading: As::Text,
            key: Key::Plain,
            label: Vec::new(),
            title: None,
            join: None,
            redundant: false,
        }
    }
}
