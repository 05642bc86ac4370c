//! The dashboard.

#![allow(dead_code, reason = "the screens stand on it")]

pub(crate) mod clipboard;
pub(crate) mod component;
pub(crate) mod key;
#[cfg(test)]
pub(crate) mod snapshot;
pub(crate) mod theme;
