//! The program from outside: one binary, one module per subject.

mod customer;
mod demo;
mod env;
mod examples;
mod exchange;
mod exit_codes;
mod help;
#[cfg(unix)]
mod hostile;
mod import;
mod keyed;
#[cfg(unix)]
mod kill;
mod readme;
mod sales;
mod search;
mod settings;
mod sqlite;
#[cfg(unix)]
mod terminal;
mod tidy;
mod today;
mod view;
