//! The command line.

pub(crate) mod output;
pub(crate) mod ui;
