//! The program.

mod cli;
mod paths;
mod text;

fn main() {}
