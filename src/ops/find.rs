//! Finding records by any fragment that a person would type.

use crate::domain::field::FieldType;
use crate::domain::noun::Noun;
use crate::domain::value::{Link, Value};
use crate::error::Result;
use crate::ops::customer;
use crate::store::{ReadTx, activities, articles, links, search};

/// One record that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// The record.
    pub link: Link,
    /// What tells it from others of the same name.
    pub detail: String,
}

/// The columns of a list of hits.
pub const COLUMNS: &[(&str, FieldType)] = &[
    ("kind", FieldType::Text),
    ("id", FieldType::Text),
    ("name", FieldType::Text),
    ("detail", FieldType::Text),
];

impl Hit {
    /// The values of [`COLUMNS`].
    pub fn row(&self) -> [Value; 4] {
        let [id, name, detail] = match self.link.noun.prefix() {
            Some(_) => [
                self.link.reference().to_string(),
                self.link.name.clone(),
                self.detail.clone(),
            ],
            // What is named by a key is told by what it is about.
            None => [self.link.name.clone(), self.detail.clone(), String::new()],
        };
        [self.link.noun.name().to_owned(), id, name, detail].map(Value::text)
    }
}

/// The records that `words` find, at most `limit`: whole names and addresses first, then beginnings of names, then
/// the newest first.
///
/// Who looks for customers finds, behind those who are called so, those with whom it was talked about.
pub fn find(tx: &ReadTx<'_>, words: &str, noun: Option<Noun>, limit: usize) -> Result<Vec<Hit>> {
    let mut hits = Vec::new();
    let found = search::hits(tx, words, noun, limit)?;
    for link in found.links {
        let detail = match link.noun {
            Noun::Customer => customer::summary(tx, link.id)?,
            Noun::Article => articles::get(tx, link.id)?.map_or_else(String::new, |article| article.title),
            _ => String::new(),
        };
        hits.push(Hit { link, detail });
    }
    if noun == Some(Noun::Customer) && hits.len() < limit && !found.settled {
        talked_about(tx, words, limit, &mut hits)?;
    }
    Ok(hits)
}

/// Adds the customers of activities that `words` find, unless they are there.
fn talked_about(tx: &ReadTx<'_>, words: &str, limit: usize, hits: &mut Vec<Hit>) -> Result<()> {
    for activity in search::hits(tx, words, Some(Noun::Activity), limit)?.links {
        let Some(customer) = activities::about(tx, activity.id)?.customer else {
            continue;
        };
        if hits.len() >= limit || hits.iter().any(|hit| hit.link.id == customer) {
            continue;
        }
        if let Some(link) = links::link(tx, Noun::Customer, customer)? {
            let detail = format!("{} {}", activity.reference(), activity.name);
            hits.push(Hit { link, detail });
        }
    }
    Ok(())
}
