//! The dashboard: customers, follow-ups and the pipeline on one screen, for people who never leave the keyboard.
//!
//! Input, answers and the clock come as events. `update` changes the model by them, without a clock, a base or a
//! terminal of its own, and returns what is to be done; workers do it and answer by events. `view` draws the model.

pub(crate) mod act;
pub(crate) mod action;
pub(crate) mod app;
#[cfg(test)]
mod captures;
mod child;
pub(crate) mod clipboard;
pub(crate) mod command;
pub(crate) mod component;
pub(crate) mod decode;
pub(crate) mod deed;
mod drafts;
#[cfg(test)]
pub(crate) mod driver;
pub(crate) mod effect;
pub(crate) mod event;
mod fault;
mod frame;
#[cfg(test)]
mod fuzz;
pub(crate) mod idle;
pub(crate) mod input;
pub(crate) mod key;
pub(crate) mod keymap;
#[cfg(test)]
mod late_tests;
pub(crate) mod modal;
pub(crate) mod orders;
pub(crate) mod overlay;
#[cfg(test)]
mod overlay_tests;
pub(crate) mod page;
mod panic;
pub(crate) mod probe;
pub(crate) mod program;
pub(crate) mod query;
#[cfg(test)]
mod row_tests;
mod run;
pub(crate) mod said;
pub(crate) mod same;
pub(crate) mod settings;
pub(crate) mod signals;
#[cfg(test)]
pub(crate) mod snapshot;
pub(crate) mod terminal;
#[cfg(test)]
mod tests;
pub(crate) mod theme;
pub(crate) mod ticket;
mod update;
mod verbs;
pub(crate) mod view;
mod worker;
pub(crate) mod world;
pub(crate) mod written;

pub(crate) use probe::refusal;
pub(crate) use run::{Opening, run};
