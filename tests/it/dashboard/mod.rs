//! The dashboard in a real terminal, by the rows of the list of what has to hold there.

mod color;
mod command;
mod data;
mod editor;
mod forms;
mod idle;
mod input;
mod life;
mod settings;
mod size;
mod story;
mod tmux;

use crate::env::Env;
use crate::pty::Terminal;

/// Rows and columns.
const SIZE: (u16, u16) = (24, 100);

/// A base with a few customers.
fn base() -> Env {
    let env = Env::new();
    for line in [
        "company add 云帆科技 --city 杭州",
        "customer add 张伟 --company C1 --city 杭州 --tag vip",
        "customer add 'Anna Keller' --city Berlin --title 'Head of IT'",
        "customer add 'Anna Kowalski' --tag vip",
        "deal add 'Fleet renewal' --customer C3 --amount 5k",
    ] {
        env.ok(line);
    }
    env
}

/// The dashboard on it, in a terminal that knows what terminals know today.
#[track_caller]
fn started(env: &Env) -> Terminal {
    Terminal::dashboard(env, SIZE, &[])
}

/// What the screen shows, line by line, with what it stands out by. Blanks at the end say nothing.
fn shown(terminal: &Terminal) -> Vec<String> {
    let (_, columns) = terminal.screen().size();
    let lines = terminal.screen().rows_formatted(0, columns.get());
    let bare = |line: String| line.trim_end().trim_end_matches("\u{1b}[m").trim_end().to_owned();
    lines.map(bare).collect()
}
