//! Shapes that leave the process or come from outside: what outsiders are promised. No rules, lookups or SQL.

pub mod brief;
pub mod calendar;
pub mod cell;
pub mod column;
pub(crate) mod content;
pub mod csv;
pub mod flow;
pub mod form;
pub mod json;
pub mod mail;
pub mod paper;
pub mod read;
pub mod rejects;
pub mod report;
pub mod schema;
pub mod sheet;
pub mod submission;
pub mod template;
pub mod time;
pub mod vcard;
