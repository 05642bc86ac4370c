//! The program: reads the command line, runs one command, chooses the exit code.

mod cli;
mod ctx;
mod editor;
mod hooks;
mod paths;
mod reaction;
mod runner;
#[cfg(unix)]
mod signals;
mod text;
mod tui;
#[cfg(test)]
mod twins;

use std::process::ExitCode;

fn main() -> ExitCode {
    let tell = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        if !crm::fault::is_caught() {
            tell(info);
        }
    }));
    ExitCode::from(cli::main(&ctx::Environment::read()))
}
