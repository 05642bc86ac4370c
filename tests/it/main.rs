//! The program from outside: one binary, one module per subject.

mod article;
mod assignment;
mod bulk;
mod cards;
mod convention;
mod customer;
#[cfg(unix)]
mod dashboard;
mod demo;
mod dupes;
#[cfg(unix)]
mod edit;
mod env;
mod examples;
mod exchange;
mod exit_codes;
mod foreign;
mod form;
mod handover;
mod help;
#[cfg(unix)]
mod hostile;
mod hours;
mod import;
mod keyed;
#[cfg(unix)]
mod kill;
#[cfg(unix)]
mod machines;
mod mail;
mod manual;
mod merging;
mod old_bases;
mod order;
#[cfg(unix)]
mod pick;
#[cfg(unix)]
mod pool;
mod privacy;
mod process;
mod pty;
mod qualification;
mod readme;
mod remind;
mod report;
mod rule;
mod sales;
mod score;
mod search;
mod settings;
mod several;
#[cfg(unix)]
mod shells;
mod spreadsheet;
mod sqlite;
mod story;
#[cfg(unix)]
mod terminal;
mod ticket;
mod tidy;
mod ties;
mod today;
mod told;
mod typos;
mod upkeep;
mod view;
mod week;
#[cfg(unix)]
mod writers;
