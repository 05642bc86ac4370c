//! Columns that feed no field: what they say stands in the note, in custom fields, or is left out.

use crate::domain::fold::fold;
use crate::domain::id::Id;
use crate::domain::input::Input;
use crate::domain::noun::Noun;
use crate::domain::pinyin;
use crate::error::Result;
use crate::ops::typed::Policy;
use crate::ops::{field, list};
use crate::store::{ReadTx, WriteTx, fields, records};
use crate::wire::cell;

use super::entry::{note_field, with_lines};
use super::rows::Wanted;

/// What becomes of columns that feed no field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Unknown {
    /// Their cells are lines of the note, `Column: cell`.
    #[default]
    Note,
    /// They are left out, and told.
    Drop,
    /// Custom fields are made for them.
    Field,
}

/// The longest key of a field that is made, in letters.
const LONGEST_KEY: usize = 40;

/// The custom field of `noun` for a column, by its name `fields.KEY`; made if there is none of its key or label.
///
/// # Errors
///
/// Whatever making it fails with.
pub(super) fn field_for(tx: &WriteTx<'_>, noun: Noun, column: &str) -> Result<String> {
    let wanted = fold(column);
    let known = fields::customs(tx, noun)?;
    if let Some(field) = known
        .iter()
        .find(|field| fold(&field.label) == wanted || field.key == wanted)
    {
        return Ok(format!("fields.{}", field.key));
    }
    let stem = key(column);
    let mut key = stem.clone();
    let mut count = 2;
    while known.iter().any(|field| field.key == key) {
        key = format!("{stem}_{count}");
        count += 1;
    }
    let given = [
        ("noun", noun.name()),
        ("key", key.as_str()),
        ("type", "text"),
        ("label", column),
    ];
    let given = given.map(|(name, text)| (name.to_owned(), Input::text(text)));
    field::add(tx, &given, &Policy::strict())?;
    Ok(format!("fields.{key}"))
}

/// A key for a header: its letters, or of a Chinese one how it is spoken.
fn key(column: &str) -> String {
    let folded = fold(column);
    let spoken = match pinyin::is_chinese(&folded) {
        true => pinyin::readings(&folded)
            .into_iter()
            .next()
            .unwrap_or_default()
            .join("_"),
        false => folded,
    };
    let mut key = String::new();
    for letter in spoken.chars().take(LONGEST_KEY) {
        match letter {
            'a'..='z' | '0'..='9' => key.push(letter),
            _ if key.ends_with('_') || key.is_empty() => {}
            _ => key.push('_'),
        }
    }
    let key = key.trim_matches('_');
    match key.chars().next() {
        Some('a'..='z') => key.to_owned(),
        Some(_) => format!("column_{key}"),
        None => "column".to_owned(),
    }
}

/// Puts what no field takes at the end of the note of a new record.
pub(super) fn put_into_note(noun: Noun, wanted: &mut Wanted) {
    let Some(note) = note_field(noun).filter(|_| !wanted.lines.is_empty()) else {
        return;
    };
    let text = with_lines(wanted.text(note).unwrap_or_default(), &wanted.lines);
    wanted.drop(note);
    wanted.assignments.push((note.to_owned(), Input::Text(text)));
}

/// Adds what no field takes to the note of a record, unless it stands there.
pub(super) fn add_to_note(tx: &ReadTx<'_>, noun: Noun, id: Id, wanted: &mut Wanted) -> Result<()> {
    let Some(note) = note_field(noun).filter(|_| !wanted.lines.is_empty()) else {
        return Ok(());
    };
    let known = match wanted.text(note) {
        Some(text) => text.to_owned(),
        None => {
            let columns = [list::column(tx, noun, note)?];
            let values = records::get(tx, noun, id, &columns)?.unwrap_or_default();
            values.first().map(cell::cell).unwrap_or_default()
        }
    };
    let text = with_lines(&known, &wanted.lines);
    wanted.drop(note);
    wanted.assignments.push((note.to_owned(), Input::Text(text)));
    Ok(())
}
