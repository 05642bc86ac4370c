//! The program.

mod cli;
mod text;

fn main() {}
