//! What holds for every page.

mod hostile;
mod log;
mod screens;
