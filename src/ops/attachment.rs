//! Files and links on any record. What is in a file is the caller's to read: here come its size and its hash.

use crate::domain::id::Id;
use crate::domain::near::near;
use crate::domain::noun::Noun;
use crate::domain::value::Link;
use crate::error::{Error, Kind, Result};
use crate::ops::{Outcome, typed};
use crate::store::attachments::{self, Attachment};
use crate::store::{ReadTx, WriteTx, links};

/// What is to be attached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct New {
    /// A web address, an absolute path, or a path from the folder of the base for a file that was copied beside it.
    pub location: String,
    /// What it is called; none for what it was, or the last part of the location.
    pub title: Option<String>,
    /// What is in the file; none for a link.
    pub content: Option<Content>,
}

/// What is in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Content {
    /// How much.
    pub bytes: u64,
    /// Its SHA-256, in hexadecimal.
    pub sha256: String,
}

/// Whether `text` is an address and no path: it begins with a scheme.
pub fn is_link(text: &str) -> bool {
    let scheme = |scheme: &str| {
        scheme.len() > 1
            && scheme.starts_with(|letter: char| letter.is_ascii_alphabetic())
            && scheme
                .chars()
                .all(|letter| letter.is_ascii_alphanumeric() || "+-.".contains(letter))
    };
    text.split_once("://")
        .is_some_and(|(head, rest)| scheme(head) && !rest.is_empty())
        || text.strip_prefix("mailto:").is_some_and(|rest| !rest.is_empty())
}

/// The last part of a path or an address, which people know it by.
pub fn last_part(location: &str) -> &str {
    let path = location.split(['?', '#']).next().filter(|_| is_link(location));
    let path = path.unwrap_or(location).trim_end_matches(['/', '\\']);
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}

/// Attaches files and links to a record. What is attached already, at the same place, is looked at anew: its size, its
/// hash and, if one is given, its title.
///
/// # Errors
///
/// `Invalid` for a noun without refs, and for a place that no list could show.
pub fn attach(tx: &WriteTx<'_>, noun: Noun, id: Id, all: &[New]) -> Result<Outcome> {
    if noun.prefix().is_none() {
        let message = format!("attachments: nothing can be attached to a {noun}");
        return Err(Error::invalid("attachments", message));
    }
    let changes = tx.changes();
    for new in all {
        put(tx, noun, id, new)?;
    }
    let names: Vec<&str> = all.iter().map(|new| last_part(&new.location)).collect();
    tx.describe(format!(
        "Attached {} to {}",
        names.join(", "),
        label(tx, noun, id)?
    ));
    Ok(Outcome {
        id,
        created: false,
        changed: tx.changes() != changes,
    })
}

fn put(tx: &WriteTx<'_>, noun: Noun, id: Id, new: &New) -> Result<()> {
    if new.location.is_empty() || new.location.chars().any(char::is_control) {
        let message = format!("attachments: {:?} cannot be kept as a place", new.location);
        return Err(Error::invalid("attachments", message));
    }
    let title = new
        .title
        .as_deref()
        .map(|title| typed::clean("title", title))
        .transpose()?;
    let bytes = match &new.content {
        Some(content) => Some(
            i64::try_from(content.bytes)
                .map_err(|_| Error::invalid("attachments", "attachments: no file is so large"))?,
        ),
        None => None,
    };
    let known = attachments::of(tx, id)?;
    let known = known.into_iter().find(|known| known.location == new.location);
    let attachment = Attachment {
        id: known.as_ref().map_or(id, |known| known.id),
        location: new.location.clone(),
        title: title
            .or_else(|| known.as_ref().map(|known| known.title.clone()))
            .unwrap_or_else(|| last_part(&new.location).to_owned()),
        bytes,
        sha256: new
            .content
            .as_ref()
            .map_or_else(String::new, |content| content.sha256.clone()),
        created_at: tx.caller().clock.now_ms(),
        created_by: tx.caller().actor.id,
    };
    match known {
        Some(_) => attachments::set(tx, &attachment).map(drop),
        None => attachments::add(tx, noun, id, &attachment),
    }
}

/// Takes files and links off a record, each named as [`find`] says; the files themselves stay where they are.
///
/// # Errors
///
/// As [`find`].
pub fn detach(tx: &WriteTx<'_>, noun: Noun, id: Id, which: &[String]) -> Result<Outcome> {
    let mut found: Vec<Attachment> = Vec::new();
    for text in which {
        // All are found before the first goes: the numbers are those that were seen.
        let (_, one) = find(tx, noun, id, text)?;
        if !found.contains(&one) {
            found.push(one);
        }
    }
    for one in &found {
        attachments::remove(tx, one.id)?;
    }
    let names: Vec<&str> = found.iter().map(|one| one.title.as_str()).collect();
    tx.describe(format!("Took {} off {}", names.join(", "), label(tx, noun, id)?));
    Ok(Outcome {
        id,
        created: false,
        changed: !found.is_empty(),
    })
}

/// What stands with one record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// The record.
    pub record: Link,
    /// Its files and links; their numbers are their places in it, from one.
    pub attachments: Vec<Attachment>,
}

/// What stands with the records, or with every record that the caller sees.
pub fn held(tx: &ReadTx<'_>, records: Option<&[(Noun, Id)]>) -> Result<Vec<Held>> {
    let all;
    let records = match records {
        Some(records) => records,
        None => {
            all = attachments::holders(tx)?;
            &all
        }
    };
    let mut found = Vec::new();
    for (noun, id) in records {
        if let Some(record) = links::link(tx, *noun, *id)? {
            found.push(Held {
                record,
                attachments: attachments::of(tx, *id)?,
            });
        }
    }
    Ok(found)
}

/// A way in which a text may name the attachment of a number.
type Way<'a> = dyn Fn(usize, &Attachment) -> bool + 'a;

/// The one that `text` names on a record, and its number: by that number, its uid, its place, its title, or the last
/// part of its place.
///
/// # Errors
///
/// `NotFound` with what is near, or `Ambiguous`.
pub fn find(tx: &ReadTx<'_>, noun: Noun, id: Id, text: &str) -> Result<(usize, Attachment)> {
    let all: Vec<(usize, Attachment)> = (1..).zip(attachments::of(tx, id)?).collect();
    let by = |fits: &Way<'_>| -> Vec<(usize, Attachment)> {
        let fitting = all.iter().filter(|(no, one)| fits(*no, one));
        fitting.cloned().collect()
    };
    let ways: [&Way<'_>; 3] = [
        &|no, one| text.parse() == Ok(no) || one.id.uid() == text,
        &|_, one| one.location == text || one.title == text,
        &|_, one| last_part(&one.location) == text,
    ];
    for way in ways {
        let mut found = by(way);
        match found.len() {
            0 => {}
            1 => return Ok(found.remove(0)),
            several => {
                let numbers: Vec<String> = found.iter().map(|(no, _)| no.to_string()).collect();
                return Err(Error::new(
                    Kind::Ambiguous,
                    format!("{text:?} names {several} attachments: {}", numbers.join(", ")),
                ));
            }
        }
    }
    let names = all.iter().map(|(_, one)| one.title.as_str());
    let message = format!("{} has no attachment {text:?}", label(tx, noun, id)?);
    Err(Error::new(Kind::NotFound, message).with_near(near(text, names)))
}

/// The ref and the name of a record.
fn label(tx: &ReadTx<'_>, noun: Noun, id: Id) -> Result<String> {
    let link = links::link(tx, noun, id)?;
    Ok(link.map_or_else(String::new, |link| format!("{} {}", link.reference(), link.name)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_address_is_told_from_a_path() {
        for link in [
            "https://acme.example",
            "ftp://x",
            "mailto:a@b.example",
            "wechat+x://y",
        ] {
            assert!(is_link(link), "{link}");
        }
        for path in [
            "/tmp/a.pdf",
            "a.pdf",
            "C://x",
            "://x",
            "https://",
            "合同.pdf",
            "1a://x",
            "mailto:",
        ] {
            assert!(!is_link(path), "{path}");
        }
    }

    #[test]
    fn the_last_part_is_what_people_know_it_by() {
        for (location, part) in [
            ("/tmp/合同 v2.pdf", "合同 v2.pdf"),
            ("https://acme.example/offer.pdf?x=1/2", "offer.pdf"),
            ("https://acme.example/", "acme.example"),
            ("a?b#c.txt", "a?b#c.txt"),
            ("crm.files/0a-b.pdf", "0a-b.pdf"),
        ] {
            assert_eq!(last_part(location), part, "{location}");
        }
    }

    proptest! {
        #[test]
        fn any_text_has_a_last_part(text in ".*") {
            let _ = (is_link(&text), last_part(&text));
        }
    }
}
