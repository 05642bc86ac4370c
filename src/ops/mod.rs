//! Use-cases: one operation, one transaction. Outcomes are values, never text for people.
//!
//! Every function here takes a transaction and does one thing that a person could name. The front ends call them
//! inside [`crate::store::Store::read`] or [`crate::store::Store::write`]; nothing here begins or commits.

pub mod activity;
pub mod article;
pub mod assignment;
pub mod attachment;
pub mod board;
pub mod bulk;
pub mod calendar;
pub mod complete;
pub mod custom;
pub mod customer;
pub mod deal;
pub mod demo;
pub mod draft;
pub mod dump;
pub mod dupes;
pub mod employment;
pub mod feedback;
pub mod field;
pub mod find;
pub mod forecast;
pub mod form;
pub mod found;
pub mod handover;
pub mod hook;
pub mod import;
mod keyed;
pub mod list;
pub mod load;
pub mod mail;
pub mod merge;
pub mod notify;
pub mod order;
pub mod pipeline;
pub mod pool;
pub mod privacy;
pub mod process;
pub mod product;
pub mod propose;
pub mod qualification;
pub mod quote;
pub mod rate;
pub mod refer;
pub mod relationship;
pub mod remind;
pub mod repeat;
pub mod revise;
pub mod rule;
mod sale;
pub mod schema;
pub mod score;
pub mod sla;
pub mod survey;
pub mod tag;
pub mod tagging;
pub mod task;
pub mod team;
#[cfg(test)]
pub(crate) mod tests;
pub mod ticket;
pub mod today;
pub mod transcript;
pub mod trash;
pub mod typed;
pub mod understand;
pub mod undo;
pub mod user;
pub mod vdir;
pub mod view;
pub mod watch;
pub mod why;
pub mod window;

use crate::domain::id::Id;

/// A record as it stands after an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outcome {
    /// The record.
    pub id: Id,
    /// Whether it was made just now.
    pub created: bool,
    /// Whether anything was different.
    pub changed: bool,
}

impl Outcome {
    /// A record that was made just now.
    pub(crate) fn made(id: Id) -> Outcome {
        Outcome {
            id,
            created: true,
            changed: true,
        }
    }

    /// A record that was there before.
    pub(crate) fn kept(id: Id, changed: bool) -> Outcome {
        Outcome {
            id,
            created: false,
            changed,
        }
    }
}
