//! The program: reads the command line, runs one command, chooses the exit code.

mod cli;
mod ctx;
mod editor;
mod paths;
#[cfg(unix)]
mod signals;
mod text;
mod tui;
#[cfg(test)]
mod twins;

use std::process::ExitCode;

fn main() -> ExitCode {
    ExitCode::from(cli::main(&ctx::Environment::read()))
}
