//! `crm`: customer relationship management over one SQLite file. This is the library; the program is one user of it.
//!
//! # The rooms
//!
//! * [`domain`]: pure nouns and rules. What a customer is, how a date phrase is read, how a name is folded. Knows no
//!   clock, file, SQL or terminal.
//! * [`query`]: the filter language, from text to a checked plan. Pure too.
//! * [`store`]: the only room that speaks SQL. Transactions are types; every write is noted in the operation log.
//! * [`ops`]: use-cases. One operation, one transaction, an outcome as a value.
//! * [`report`]: numbers, each defined once. Never writes.
//! * [`wire`]: shapes that leave the process, and readers of foreign files. Every promise to outsiders is here.
//! * [`config`]: settings from text; the caller reads the file.
//!
//! # What holds
//!
//! The library never prints, asks the time, reads the environment or starts a thread. Ids, times and random bits are
//! parameters. A base is one plain SQLite file, which any stock `sqlite3` opens.
//!
//! # Files on disk
//!
//! The base, with `-wal` and `-shm` beside it while it is open; a verified copy `NAME.schema-N.backup` from before a
//! migration; hidden files while one of them is built. Copies of attached files, which the program keeps in `NAME.files`.

pub mod config;
pub mod domain;
pub mod error;
pub mod fault;
pub mod ops;
pub mod query;
pub mod report;
pub mod store;
pub mod wire;

pub use error::{Error, Result};
