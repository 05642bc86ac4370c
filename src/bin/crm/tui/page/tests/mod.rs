//! What holds for every page.

mod hostile;
mod log;
mod orders;
mod screens;
