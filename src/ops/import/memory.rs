//! What a person chose for a file is remembered by its header, and holds for the next file with the same one.

use jiff::Timestamp;

use crate::domain::fold::fold;
use crate::domain::input::Input;
use crate::error::{Error, Kind, Result};
use crate::store::choices::{self, Stored};
use crate::store::{ReadTx, WriteTx};
use crate::wire::read::json;

/// What was chosen of how a file is read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Choices {
    /// The name of a preset, or `none`.
    pub preset: Option<String>,
    /// What becomes of columns that feed no field.
    pub unknown: Option<String>,
    /// Columns and the fields that they feed.
    pub map: Vec<(String, String)>,
}

/// Choices for a header, and where they are from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remembered {
    /// Its place in the list of all, from 1.
    pub number: usize,
    /// The noun that was said; empty if the file said it.
    pub noun: String,
    /// The file for which they were made.
    pub file: String,
    /// The columns of that file.
    pub columns: Vec<String>,
    /// What was chosen.
    pub choices: Choices,
    /// When.
    pub at: Timestamp,
}

impl Choices {
    /// True if nothing was chosen.
    pub fn is_empty(&self) -> bool {
        *self == Choices::default()
    }

    /// The words of a command line that say the same.
    pub fn words(&self) -> String {
        let preset = self.preset.iter().map(|name| format!("--preset {name}"));
        let unknown = self.unknown.iter().map(|what| format!("--unknown {what}"));
        let map = self
            .map
            .iter()
            .map(|(column, field)| format!("--map '{column}={field}'"));
        preset.chain(unknown).chain(map).collect::<Vec<_>>().join(" ")
    }

    fn text(&self) -> String {
        let text = |text: &Option<String>| text.as_deref().map_or(Input::Clear, Input::text);
        let map = self.map.iter().map(|(column, field)| {
            Input::List(vec![Input::text(column.as_str()), Input::text(field.as_str())])
        });
        let parts = [
            ("preset".to_owned(), text(&self.preset)),
            ("unknown".to_owned(), text(&self.unknown)),
            ("map".to_owned(), Input::List(map.collect())),
        ];
        let mut written = String::new();
        json::write_object(&parts, &mut written);
        written
    }

    fn parse(text: &str) -> Choices {
        let Ok(parts) = json::parse(text) else {
            return Choices::default();
        };
        let text = |name: &str| parts.part(name).and_then(Input::as_text).map(str::to_owned);
        let pairs = match parts.part("map") {
            Some(Input::List(items)) => items.as_slice(),
            _ => &[],
        };
        let pair = |item: &Input| match item {
            Input::List(pair) => match pair.as_slice() {
                [column, field] => Some((column.as_text()?.to_owned(), field.as_text()?.to_owned())),
                _ => None,
            },
            _ => None,
        };
        Choices {
            preset: text("preset"),
            unknown: text("unknown"),
            map: pairs.iter().filter_map(pair).collect(),
        }
    }
}

/// What was chosen for a file with these columns, if anything was; `noun` is the word that was said, empty for none.
///
/// # Errors
///
/// The base cannot be read.
pub fn remembered(tx: &ReadTx<'_>, columns: &[String], noun: &str) -> Result<Option<Remembered>> {
    let header = fingerprint(columns);
    let all = choices::all(tx)?;
    let found = all.into_iter().enumerate();
    let mut found = found.filter(|(_, stored)| stored.header == header && stored.noun == noun);
    Ok(found.next().map(|(at, stored)| told(at, stored)))
}

/// Everything that is remembered, the oldest first.
///
/// # Errors
///
/// The base cannot be read.
pub fn all(tx: &ReadTx<'_>) -> Result<Vec<Remembered>> {
    let all = choices::all(tx)?.into_iter().enumerate();
    Ok(all.map(|(at, stored)| told(at, stored)).collect())
}

/// Remembers what was chosen for a file; what was remembered for its header goes.
///
/// # Errors
///
/// The base cannot be written.
pub fn remember(
    tx: &WriteTx<'_>,
    columns: &[String],
    noun: &str,
    file: &str,
    chosen: &Choices,
) -> Result<()> {
    let wanted = Stored {
        header: fingerprint(columns),
        noun: noun.to_owned(),
        file: file.to_owned(),
        columns: columns.join("\n"),
        choices: chosen.text(),
        created_at: tx.caller().clock.now(),
    };
    for (id, known) in choices::of(tx, &wanted.header, noun)? {
        if known.choices == wanted.choices {
            return Ok(());
        }
        choices::remove(tx, id)?;
    }
    choices::add(tx, &wanted)
}

/// Forgets what is remembered at a place of the list; gives what it was.
///
/// # Errors
///
/// `NotFound` if there is no such place.
pub fn forget(tx: &WriteTx<'_>, number: usize) -> Result<Remembered> {
    let at = number.checked_sub(1);
    let Some((at, stored)) = at.and_then(|at| Some((at, choices::all(tx).ok()?.into_iter().nth(at)?))) else {
        let message = format!("nothing is remembered at {number}");
        return Err(Error::new(Kind::NotFound, message));
    };
    for (id, _) in choices::of(tx, &stored.header, &stored.noun)? {
        choices::remove(tx, id)?;
    }
    tx.describe(format!("Forgot how {} is imported", stored.file));
    Ok(told(at, stored))
}

fn told(at: usize, stored: Stored) -> Remembered {
    Remembered {
        number: at + 1,
        noun: stored.noun,
        file: stored.file,
        columns: stored.columns.split('\n').map(str::to_owned).collect(),
        choices: Choices::parse(&stored.choices),
        at: stored.created_at,
    }
}

/// 128 bits that stand for a header, whatever its case and spacing (FNV-1a).
fn fingerprint(columns: &[String]) -> String {
    const BASIS: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
    const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013b;
    let mut hash = BASIS;
    for column in columns {
        for byte in fold(column).bytes().chain([0]) {
            hash = (hash ^ u128::from(byte)).wrapping_mul(PRIME);
        }
    }
    format!("{hash:032x}")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::ops::tests::Base;

    fn chosen() -> impl Strategy<Value = Choices> {
        let pairs = prop::collection::vec(("\\PC{0,8}", "[a-z.]{0,8}"), 0..4);
        (
            prop::option::of("[a-z]{1,8}"),
            prop::option::of("[a-z]{1,5}"),
            pairs,
        )
            .prop_map(|(preset, unknown, map)| Choices { preset, unknown, map })
    }

    proptest! {
        #[test]
        fn what_was_chosen_comes_back(chosen in chosen()) {
            prop_assert_eq!(Choices::parse(&chosen.text()), chosen);
        }
    }

    #[test]
    fn the_last_choice_for_a_header_and_a_noun_holds_until_it_is_forgotten() {
        let mut base = Base::importing();
        let columns = ["Who".to_owned(), "Mail".to_owned()];
        let other = ["WHO ".to_owned(), "mail".to_owned()];
        let choose = |field: &str| Choices {
            map: vec![("Who".to_owned(), field.to_owned())],
            ..Choices::default()
        };
        for field in ["title", "name", "name"] {
            base.write(|tx| remember(tx, &columns, "customer", "a.csv", &choose(field)));
        }
        let found = base
            .read(|tx| remembered(tx, &other, "customer"))
            .expect("it is remembered");
        assert_eq!((found.number, found.choices), (1, choose("name")));
        assert_eq!(base.read(|tx| remembered(tx, &columns, "deal")), None);
        assert_eq!(base.read(all).len(), 1);
        base.write(|tx| forget(tx, 1));
        assert_eq!(base.read(all), []);
        base.undo();
        assert_eq!(base.read(all).len(), 1);
        assert_eq!(base.refused(|tx| forget(tx, 7)).1, "nothing is remembered at 7");
    }
}
