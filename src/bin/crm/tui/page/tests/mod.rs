//! What holds for every page.

mod hostile;
mod log;
mod notices;
mod orders;
mod screens;
mod tickets;
