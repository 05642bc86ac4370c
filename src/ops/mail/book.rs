//! The address book of mail programs: whoever words find, with each address that may be written to.

use crate::domain::id::Id;
use crate::domain::noun::Noun;
use crate::error::Result;
use crate::ops::find;
use crate::store::customers::{self, Channel};
use crate::store::{ReadTx, links, refusals};

/// One address of somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The address.
    pub email: String,
    /// Whose it is.
    pub name: String,
    /// What tells the holder from others: the title and the company, and why not to write.
    pub detail: String,
    /// The ref of the holder.
    pub reference: String,
}

/// Whether those who want no mail are in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whom {
    /// Only those who may be written to.
    Willing,
    /// Everybody.
    All,
}

/// The addresses of those whom `words` find, at most `limit`, the best first.
///
/// # Errors
///
/// Whatever the store fails with.
pub fn look_up(tx: &ReadTx<'_>, words: &str, whom: Whom, limit: usize) -> Result<Vec<Entry>> {
    let mut entries = Vec::new();
    for hit in find::find(tx, words, Some(Noun::Customer), limit)? {
        let id = hit.link.id;
        let quiet = customers::wants_no_contact(tx, id)?;
        let place = place(tx, id)?;
        for address in customers::addresses(tx, id, Channel::Email)? {
            let refuses = quiet || refusals::stands(tx, Channel::Email, &address.key)?;
            let warning = match (refuses, address.validity == "invalid") {
                (true, _) => "wants no mail",
                (_, true) => "does not work",
                _ => "",
            };
            if whom == Whom::Willing && !warning.is_empty() {
                continue;
            }
            let detail = [place.as_str(), address.label.as_str(), warning];
            let detail: Vec<&str> = detail.into_iter().filter(|part| !part.is_empty()).collect();
            entries.push(Entry {
                email: address.text,
                name: hit.link.name.clone(),
                detail: detail.join(" · "),
                reference: hit.link.reference().to_string(),
            });
            if entries.len() >= limit {
                return Ok(entries);
            }
        }
    }
    Ok(entries)
}

/// The title and the company of somebody.
fn place(tx: &ReadTx<'_>, id: Id) -> Result<String> {
    let title = customers::title(tx, id)?;
    let company = match customers::employer(tx, id)? {
        Some(employment) => links::link(tx, Noun::Customer, employment.company)?.map(|link| link.name),
        None => None,
    };
    Ok(match (title.as_str(), company) {
        ("", company) => company.unwrap_or_default(),
        (title, None) => title.to_owned(),
        (title, Some(company)) => format!("{title}, {company}"),
    })
}
