//! What is done about customers who are one, or are not: merged, taken apart, told apart. Each is one operation.

use crm::domain::id::Id;
use crm::domain::noun::Noun;
use crm::domain::value::Link;
use crm::error::Result;
use crm::ops::merge::{self, Choice, Choices};
use crm::ops::{bulk, dupes};
use crm::store::{ReadTx, WriteTx, links};

use crate::tui::deed::Done;

/// One of these.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Same {
    /// The first becomes a part of the second.
    Merge(Box<Union>),
    /// Somebody who became a part of another lives alone again.
    Apart(Link),
    /// These are never shown as one again.
    Distinct(Vec<Link>),
}

/// Two customers who become one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Union {
    /// Who stays.
    pub(crate) winner: Link,
    pub(crate) loser: Link,
    /// Fields, each with the customer whose value is taken.
    pub(crate) choices: Vec<(String, Link)>,
    /// Also if their tax ids differ.
    pub(crate) force: bool,
    /// What was looked at: the versions of both. None if nobody looked.
    pub(crate) versions: Option<(i64, i64)>,
}

impl Union {
    /// The usual merge of two, at which nobody has looked yet.
    pub(crate) fn new(winner: Link, loser: Link) -> Union {
        Union {
            winner,
            loser,
            choices: Vec::new(),
            force: false,
            versions: None,
        }
    }

    /// The choices as the operation takes them.
    pub(crate) fn choices(&self) -> Choices {
        let fields = self.choices.iter().map(|(field, from)| Choice {
            field: field.clone(),
            from: from.id,
        });
        Choices {
            fields: fields.collect(),
            force: self.force,
        }
    }
}

impl Same {
    /// The records that it is about.
    pub(crate) fn subjects(&self) -> &[Link] {
        match self {
            Same::Merge(union) => std::slice::from_ref(&union.winner),
            Same::Apart(link) => std::slice::from_ref(link),
            Same::Distinct(of) => of,
        }
    }

    /// Does it.
    ///
    /// # Errors
    ///
    /// `Conflict` if one of two that are merged has changed since somebody looked; whatever else the operation refuses.
    pub(crate) fn run(&self, tx: &WriteTx<'_>) -> Result<Done> {
        let ids: Vec<Id> = match self {
            Same::Merge(union) => {
                if let Some((winner, loser)) = union.versions {
                    bulk::at_version(tx, Noun::Customer, union.winner.id, winner)?;
                    bulk::at_version(tx, Noun::Customer, union.loser.id, loser)?;
                }
                vec![merge::merge(tx, union.winner.id, &[union.loser.id], &union.choices())?.id]
            }
            Same::Apart(link) => {
                let apart = merge::unmerge(tx, link.id)?;
                vec![apart.customer, apart.survivor]
            }
            Same::Distinct(of) => {
                let ids: Vec<Id> = of.iter().map(|link| link.id).collect();
                dupes::distinguish(tx, &ids)?;
                ids
            }
        };
        Ok(Done {
            records: all(tx, &ids)?,
            ..Done::default()
        })
    }

    /// The words of the command that does the same.
    pub(crate) fn words(&self) -> Vec<String> {
        let reference = |link: &Link| link.reference().to_string();
        let mut words: Vec<String> = Vec::new();
        match self {
            Same::Merge(union) => {
                words.extend(["customer", "merge"].map(str::to_owned));
                words.extend([reference(&union.winner), reference(&union.loser)]);
                for (field, from) in &union.choices {
                    words.extend(["--choose".to_owned(), format!("{field}={}", reference(from))]);
                }
                words.extend(union.force.then(|| "--force".to_owned()));
            }
            Same::Apart(link) => {
                words.extend(["customer", "unmerge"].map(str::to_owned));
                words.push(reference(link));
            }
            Same::Distinct(of) => {
                words.extend(["dupes", "--not"].map(str::to_owned));
                words.extend(of.iter().map(reference));
            }
        }
        words
    }
}

fn all(tx: &ReadTx<'_>, ids: &[Id]) -> Result<Vec<Link>> {
    let mut found = Vec::with_capacity(ids.len());
    for id in ids {
        found.extend(links::link(tx, Noun::Customer, *id)?);
    }
    Ok(found)
}
