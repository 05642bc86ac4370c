//! Use-cases: one operation, one transaction. Outcomes are values, never text for people.
//!
//! Every function here takes a transaction and does one thing that a person could name. The front ends call them
//! inside [`crate::store::Store::read`] or [`crate::store::Store::write`]; nothing here begins or commits.

pub mod customer;
pub mod deal;
pub mod draft;
pub mod found;
pub mod list;
pub mod pipeline;
pub mod refer;
pub mod typed;
