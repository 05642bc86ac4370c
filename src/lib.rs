//! `crm`: customer relationship management over one SQLite file.

pub mod config;
pub mod domain;
pub mod error;
pub mod ops;
pub mod query;
pub mod report;
pub mod store;
pub mod wire;

pub use error::{Error, Result};
