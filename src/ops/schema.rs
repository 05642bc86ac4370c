//! What a record looks like to programs: its keys, with what may stand in them.

use crate::domain::field::{self, FieldType};
use crate::domain::noun::Noun;
use crate::error::Result;
use crate::ops::list;
use crate::store::records::Selected;
use crate::store::{ReadTx, fields};
use crate::wire::column::Column;
use crate::wire::schema::Member;

/// The columns of a record in JSON where none are named: every field, the custom ones too, but named parts only where a
/// list shows them.
pub fn columns(tx: &ReadTx<'_>, noun: Noun) -> Result<Vec<Selected>> {
    let mut all = list::all_columns(tx, noun)?;
    let usual = field::columns(noun);
    all.retain(|column| column.kind != FieldType::Parts || usual.contains(&column.name.as_str()));
    Ok(all)
}

/// The keys of a record of `noun` in JSON.
pub fn members(tx: &ReadTx<'_>, noun: Noun) -> Result<Vec<Member>> {
    let customs = fields::customs(tx, noun)?;
    let mut members = Vec::new();
    for column in columns(tx, noun)? {
        let custom = column
            .name
            .strip_prefix("fields.")
            .and_then(|key| customs.iter().find(|custom| custom.key == key));
        // The keys of other picklists are data, and new ones come all the time; those of a custom field are its definition.
        let (help, choices) = match custom {
            Some(custom) => (custom.help.clone(), fields::choices(tx, &custom.list())?),
            None => (help_of(noun, &column.name), Vec::new()),
        };
        let words = choices.into_iter().map(|choice| choice.key).collect();
        members.push(Member {
            column: Column::new(column.name, column.kind),
            help,
            words,
        });
    }
    Ok(members)
}

fn help_of(noun: Noun, name: &str) -> String {
    field::find(noun, name).map_or_else(String::new, |field| field.help.to_owned())
}
