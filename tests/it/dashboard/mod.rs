//! The dashboard in a real terminal, by the rows of the list of what has to hold there.
//!
//! Files are those of this folder; those of `src/bin/crm/tui` test the same program without a terminal.
//!
//! | Row | What | Where |
//! |---|---|---|
//! | 1 | start and end | `life.rs` |
//! | 2 | faults | `life.rs` |
//! | 3 | killed in the middle of a write | `life.rs`, drafts in `forms.rs` |
//! | 4 | suspend and resume | `life.rs` |
//! | 5 | editors | `editor.rs`, `forms.rs` |
//! | 6, 7 | no terminal, one that does not answer | `life.rs` |
//! | 8 | storm of sizes | `size.rs`, what is open in `tui/row_tests/draw.rs` |
//! | 9 | anything in any order | `tui/fuzz.rs`; a hundred thousand steps take hours |
//! | 10 | designed sizes | `tui/tests.rs` and the tests of each page |
//! | 11, 13 | hostile and wide text | `tui/page/tests/hostile.rs`; screenshots of other terminals need a person |
//! | 12 | ASCII | `tui/row_tests/draw.rs` |
//! | 14 | layers | `tui/row_tests/draw.rs` |
//! | 15, 16, 17 | colour | `color.rs`, contrast in `tui/theme` |
//! | 18 | greyscale | styles of `mono` in `tui/tests.rs`; looking at it needs a person |
//! | 19 | pastes | `input.rs`, `tui/row_tests/input.rs` |
//! | 20 | a key that is held | `input.rs`; how it feels is measured by `benches/dashboard` |
//! | 21, 22 | Esc, letters of all scripts | `input.rs`; an input method needs a person |
//! | 23 | other keyboards | `tui/row_tests/input.rs`, `tui/overlay_tests.rs` |
//! | 24 | mouse | `input.rs`, `tui/row_tests/input.rs`; selecting text needs a person |
//! | 25 | keys that do nothing | `input.rs`, `tui/overlay_tests.rs` |
//! | 26 | keys that are let go | `input.rs` |
//! | 27, 28 | speed | `benches/dashboard`, because a test has no clock |
//! | 29 | idle | `idle.rs`; what it costs is measured by `benches/dashboard` |
//! | 30 | locked base | `data.rs` |
//! | 31 | eight hours | nowhere: it takes eight hours |
//! | 32 | slow line | nowhere: it needs another machine; bytes are bounded in `input.rs` (24) and `idle.rs` |
//! | 33 | much to show | `tui/row_tests/data.rs` |
//! | 34, 36 | several writers, undo | `data.rs` |
//! | 35 | changed out of the filter | `tui/page/records/tests.rs` |
//! | 37 | a base that cannot be written | `data.rs`, `tui/row_tests/data.rs` |
//! | 38 | midnight, sleep, zone | `tui/row_tests/data.rs`; reminders once only in `remind.rs` of the commands |
//! | 39 | unsaved text | `forms.rs`, `life.rs`, `tui/row_tests/data.rs` |
//! | 40 | merge and undo | `data.rs` |
//! | 41 | keys that are hammered | `tui/row_tests/data.rs`, `tui/modal/form/tests.rs` |
//! | 42, 43 | a new user, one who knows vim | nowhere: it needs a person; the way itself is in `story.rs` |
//! | 44 | mouse alone, no Ctrl | `tui/overlay_tests.rs` as far as every action can be reached; the rest needs a person |
//! | 45 | screen reader | commands print lines (`terminal.rs`, `view.rs`); listening needs a person |
//! | 46 | settings that do not fit | `settings.rs` |
//! | 47 | one table of keys | `tui/overlay_tests.rs` |
//!
//! Of the terminals of the list tmux, the console of Linux and a dumb one are tried in `tmux.rs`; the others are not here.

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
