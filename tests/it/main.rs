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
#[cfg(unix)]
mod machines;
#[cfg(unix)]
mod manual;
#[cfg(unix)]
mod pick;
#[cfg(unix)]
mod pty;
mod readme;
mod remind;
mod sales;
mod search;
mod settings;
#[cfg(unix)]
mod shells;
mod sqlite;
#[cfg(unix)]
mod terminal;
mod tidy;
mod ties;
mod today;
#[cfg(unix)]
mod writers;
