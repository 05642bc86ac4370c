//! The program from outside: one binary, one module per subject.

mod customer;
mod demo;
mod env;
mod exit_codes;
mod keyed;
#[cfg(unix)]
mod kill;
mod sqlite;
mod tidy;
mod today;
