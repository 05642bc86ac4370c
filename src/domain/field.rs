//! Fields: one flat table per noun, the single source of every name a field has.
//!
//! The canonical name is the JSON key, the filter name, the `-F` name, the `--map` target and the CSV header.
//! The tables themselves stand in the file of their noun; here is what a line of them says.

use crate::domain::noun::Noun;
use crate::domain::{
    activity, article, assignment, calendar, custom, customer, deal, feedback, form, order, pipeline, pool,
    product, quote, rule, score, sla, survey, tag, task, team, ticket, user, view,
};

/// What sort of value a field holds. It decides how input is read, how filters compare and how formats write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldType {
    /// The ref of the record, `C42`; for nouns named by a key, the key.
    Ref,
    /// The text form of the id.
    Uid,
    /// One line of text.
    Text,
    /// Several lines of text.
    LongText,
    /// One of a fixed list of words that the rules of the program know.
    Word(&'static [&'static str]),
    /// A key of the picklist with this name; the entries are data.
    Choice(&'static str),
    /// Several keys of the picklist with this name.
    Choices(&'static str),
    /// A whole number.
    Integer,
    /// A number with at most six decimal places.
    Decimal,
    /// 0 to 100; written `60%` or `60`.
    Percent,
    /// An amount with its currency.
    Money,
    /// Yes or no.
    Bool,
    /// A calendar day.
    Date,
    /// Days from a first to a last one, both included.
    Days,
    /// A time of day, `09:30`.
    Time,
    /// A day of the year with or without the year: `1985-05-17`, `--05-17`.
    Birthday,
    /// A calendar day with or without a time of day, in the zone of the task.
    Due,
    /// An instant.
    Instant,
    /// A length of time, in seconds.
    Duration,
    /// An ISO 3166 country code, or the text as it was given where the country is not known.
    Country,
    /// A web address.
    Url,
    /// Another record of this noun: the ref and the name; only the key for nouns that are named by a key.
    Link(Noun),
    /// Several records of this noun.
    Links(Noun),
    /// E-mail addresses, primary first.
    Emails,
    /// Telephone numbers in E.164, primary first.
    Phones,
    /// Addresses in other services, `wechat:zhangwei`.
    Handles,
    /// Labels.
    Tags,
    /// Identities in other systems, `system:value`.
    ExternalIds,
    /// Named parts with a fixed meaning of their own (details of an address, stages, intervals); full exports only.
    Parts,
}

/// Who may give the field a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Anybody who may write the record.
    Write,
    /// Kept by the program. A full-fidelity import restores some of these.
    Read,
}

/// One line of a field table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Field {
    /// The canonical name.
    pub name: &'static str,
    /// Other names that filters, flags and headers of foreign files may use, English and Chinese.
    pub aliases: &'static [&'static str],
    /// What sort of value it holds.
    pub kind: FieldType,
    /// Who may give it a value.
    pub access: Access,
    /// One line for `filter fields` and the manual: what it is and, where it is not plain, in which unit.
    pub help: &'static str,
}

impl Field {
    // What stands alike in the tables of most nouns.

    /// The identity across bases, which every record has.
    pub(crate) const UID: Field = Field::read(
        "uid",
        FieldType::Uid,
        &[],
        "identity that never changes and is unique across bases",
    );

    /// The labels of a record.
    pub(crate) const TAGS: Field = Field::write("tags", FieldType::Tags, &["tag", "标签"], "labels");

    /// Free text about a record.
    pub(crate) const NOTE: Field = Field::write(
        "note",
        FieldType::LongText,
        &["notes", "description", "备注"],
        "free text",
    );

    /// The files and links of a record.
    pub(crate) const ATTACHMENTS: Field = Field::read(
        "attachments",
        FieldType::Parts,
        &["files", "附件"],
        "files and links, with size and hash",
    );

    /// When a record was made.
    pub(crate) const CREATED_AT: Field = Field::read(
        "created_at",
        FieldType::Instant,
        &["created"],
        "when the record was made",
    );

    /// Who made a record.
    pub(crate) const CREATED_BY: Field = Field::read(
        "created_by",
        FieldType::Link(Noun::User),
        &[],
        "user who made the record",
    );

    /// When a record was last changed.
    pub(crate) const UPDATED_AT: Field = Field::read(
        "updated_at",
        FieldType::Instant,
        &["updated"],
        "when the record was last changed",
    );

    /// Who last changed a record.
    pub(crate) const UPDATED_BY: Field = Field::read(
        "updated_by",
        FieldType::Link(Noun::User),
        &[],
        "user who last changed the record",
    );

    /// When a record went to the trash.
    pub(crate) const DELETED_AT: Field = Field::read(
        "deleted_at",
        FieldType::Instant,
        &[],
        "when the record went to the trash",
    );

    /// How often a record was changed.
    pub(crate) const VERSION: Field =
        Field::read("version", FieldType::Integer, &[], "rises with every change");

    /// A field that can be written.
    pub(crate) const fn write(
        name: &'static str,
        kind: FieldType,
        aliases: &'static [&'static str],
        help: &'static str,
    ) -> Field {
        Field {
            name,
            aliases,
            kind,
            access: Access::Write,
            help,
        }
    }

    /// A field that the program keeps.
    pub(crate) const fn read(
        name: &'static str,
        kind: FieldType,
        aliases: &'static [&'static str],
        help: &'static str,
    ) -> Field {
        Field {
            name,
            aliases,
            kind,
            access: Access::Read,
            help,
        }
    }
}

/// The field table of `noun`, in the order of its JSON keys. Custom fields are not in it.
pub fn fields(noun: Noun) -> &'static [Field] {
    match noun {
        Noun::Customer => customer::FIELDS,
        Noun::Activity => activity::FIELDS,
        Noun::Task => task::FIELDS,
        Noun::Deal => deal::FIELDS,
        Noun::Quote => quote::FIELDS,
        Noun::Order => order::FIELDS,
        Noun::Ticket => ticket::FIELDS,
        Noun::Feedback => feedback::FIELDS,
        Noun::Pipeline => pipeline::FIELDS,
        Noun::Product => product::FIELDS,
        Noun::User => user::FIELDS,
        Noun::Team => team::FIELDS,
        Noun::Tag => tag::FIELDS,
        Noun::Field => custom::FIELDS,
        Noun::View => view::FIELDS,
        Noun::Form => form::FIELDS,
        Noun::Assignment => assignment::FIELDS,
        Noun::Calendar => calendar::FIELDS,
        Noun::Sla => sla::FIELDS,
        Noun::Article => article::FIELDS,
        Noun::Score => score::FIELDS,
        Noun::Pool => pool::FIELDS,
        Noun::Survey => survey::FIELDS,
        Noun::Rule => rule::FIELDS,
    }
}

/// The columns of `list` where none are named: a screenful, the identity first.
pub fn columns(noun: Noun) -> &'static [&'static str] {
    match noun {
        Noun::Customer => customer::COLUMNS,
        Noun::Activity => activity::COLUMNS,
        Noun::Task => task::COLUMNS,
        Noun::Deal => deal::COLUMNS,
        Noun::Quote => quote::COLUMNS,
        Noun::Order => order::COLUMNS,
        Noun::Ticket => ticket::COLUMNS,
        Noun::Feedback => feedback::COLUMNS,
        Noun::Pipeline => pipeline::COLUMNS,
        Noun::Product => product::COLUMNS,
        Noun::User => user::COLUMNS,
        Noun::Team => team::COLUMNS,
        Noun::Tag => tag::COLUMNS,
        Noun::Field => custom::COLUMNS,
        Noun::View => view::COLUMNS,
        Noun::Form => form::COLUMNS,
        Noun::Assignment => assignment::COLUMNS,
        Noun::Calendar => calendar::COLUMNS,
        Noun::Sla => sla::COLUMNS,
        Noun::Article => article::COLUMNS,
        Noun::Score => score::COLUMNS,
        Noun::Pool => pool::COLUMNS,
        Noun::Survey => survey::COLUMNS,
        Noun::Rule => rule::COLUMNS,
    }
}

/// The field of `noun` with this canonical name or alias.
///
/// Letters compare without case; blanks, `-` and `_` are one, so that a header `Lead Source` finds `lead_source`.
pub fn find(noun: Noun, name: &str) -> Option<&'static Field> {
    let table = fields(noun);
    // The program itself says canonical names, and says them for every value of every record.
    let exact = table.iter().find(|field| field.name == name);
    let by_name = || table.iter().find(|field| same(field.name, name));
    let by_alias = || {
        table
            .iter()
            .find(|field| field.aliases.iter().any(|alias| same(alias, name)))
    };
    exact.or_else(by_name).or_else(by_alias)
}

/// Whether two names are the same as they are compared.
fn same(one: &str, other: &str) -> bool {
    normal(one).eq(normal(other))
}

/// The letters of a name as they are compared.
fn normal(name: &str) -> impl Iterator<Item = char> {
    let letters = name.trim().chars().flat_map(char::to_lowercase);
    letters.map(|letter| if matches!(letter, ' ' | '-') { '_' } else { letter })
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_name_means_one_field_and_columns_exist() {
        for noun in Noun::ALL {
            let mut seen = HashSet::new();
            for field in fields(noun) {
                assert!(!field.help.is_empty(), "{noun} {} has no help", field.name);
                for name in std::iter::once(&field.name).chain(field.aliases) {
                    assert!(
                        seen.insert(normal(name).collect::<String>()),
                        "{noun}: {name} stands for two fields"
                    );
                }
            }
            for column in columns(noun) {
                assert!(
                    find(noun, column).is_some_and(|field| field.name == *column),
                    "{noun}: column {column}"
                );
            }
        }
    }

    #[test]
    fn headers_of_other_programs_are_found() {
        assert_eq!(
            find(Noun::Customer, "E-Mail").map(|field| field.name),
            Some("emails")
        );
        assert_eq!(
            find(Noun::Deal, "Expected Close").map(|field| field.name),
            Some("expected_close")
        );
        assert_eq!(
            find(Noun::Customer, "手机").map(|field| field.name),
            Some("phones")
        );
        assert_eq!(find(Noun::Customer, "nonsense"), None);
    }
}
