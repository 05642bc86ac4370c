//! The dashboard.

#![allow(dead_code, reason = "the screens stand on it")]

pub(crate) mod component;
pub(crate) mod key;
