//! The dashboard.

#![allow(dead_code, reason = "the screens stand on it")]

pub(crate) mod component;
pub(crate) mod decode;
pub(crate) mod idle;
pub(crate) mod input;
pub(crate) mod key;
pub(crate) mod panic;
pub(crate) mod probe;
pub(crate) mod signals;
pub(crate) mod terminal;
