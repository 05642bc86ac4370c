//! The dashboard inside tmux as it comes, and on terminals that are called otherwise.

use std::process::Command;

use crate::dashboard::{SIZE, base};
use crate::env::{Env, have};
use crate::pty::Terminal;

/// A server of its own, which ends with the test.
struct Server<'a> {
    env: &'a Env,
    terminal: Terminal,
}

impl Drop for Server<'_> {
    fn drop(&mut self) {
        // Where everything has ended there is no server any more.
        let _ = tmux(self.env).arg("kill-server").output();
    }
}

/// The client of that server, without the settings of anybody.
fn tmux(env: &Env) -> Command {
    let mut command = Command::new("tmux");
    command.env_clear().env("PATH", "/usr/local/bin:/usr/bin:/bin");
    command.args(["-f", "/dev/null", "-S"]).arg(socket(env));
    command
}

fn socket(env: &Env) -> String {
    env.home().join("tmux").display().to_string()
}

/// A pane with a shell that starts the dashboard after `before`, and says what it ended with. What the terminal shows is
/// what tmux makes of it.
fn pane<'a>(env: &'a Env, before: &str, variables: &[(&str, &str)]) -> Server<'a> {
    let line = format!("echo above; {before} crm tui; echo ended $?; read line");
    let socket = socket(env);
    let words = ["-f", "/dev/null", "-S", &socket, "-u", "new-session", &line];
    let mark = env.home().join("mark").display().to_string();
    let mut all = vec![("CRM_TEST_IDLE_MARK", mark.as_str()), ("SHELL", "/bin/sh")];
    all.extend_from_slice(variables);
    let terminal = Terminal::sized(env, SIZE, "tmux", &words, &all);
    Server { env, terminal }
}

/// A look at the customers, a popup that Esc closes, another size, and the end.
#[track_caller]
fn visited(server: &mut Server<'_>) {
    let terminal = &mut server.terminal;
    terminal.shows("Today");
    terminal.send("2");
    terminal.shows("Customers 4");
    terminal.shows("张伟");
    terminal.send("?");
    terminal.shows("Help");
    terminal.send("\u{1b}");
    terminal.until("the list alone", |terminal| !terminal.text().contains("Help ·"));
    terminal.resize((20, 70));
    terminal.until("the list at another size", |terminal| {
        let text = terminal.text();
        text.contains("Customers 4") && text.contains("Anna Keller") && text.lines().count() <= 20
    });
    // The footer is above the status line of tmux, as it is below nothing else.
    terminal.shows("? help");
    terminal.send("q");
    terminal.shows("ended 0");
    let text = terminal.text();
    assert!(text.starts_with("above\nended 0"), "{text}");
}

#[test]
fn tmux_as_it_comes() {
    if !have("tmux") {
        return;
    }
    let env = base();
    let mut server = pane(&env, "", &[]);
    visited(&mut server);
}

#[test]
fn tmux_with_the_name_of_screen() {
    if !have("tmux") {
        return;
    }
    let env = base();
    let mut server = pane(&env, "TERM=screen-256color", &[]);
    visited(&mut server);
}

#[test]
fn the_console_of_linux_has_ascii_alone() {
    if !have("tmux") {
        return;
    }
    let env = base();
    let mut server = pane(&env, "TERM=linux", &[]);
    server.terminal.shows("Today");
    server.terminal.send("2");
    server.terminal.shows("Anna Keller");
    let text = server.terminal.text();
    let strange: Vec<char> = text.chars().filter(|letter| !letter.is_ascii()).collect();
    let own = |letter: &char| "张伟云帆科技杭州".contains(*letter);
    assert!(strange.iter().all(own), "{strange:?} in\n{text}");
    visited(&mut server);
}

#[test]
fn a_dumb_terminal_is_told_so() {
    if !have("tmux") {
        return;
    }
    let env = base();
    let mut server = pane(&env, "TERM=dumb", &[]);
    server.terminal.shows("ended 2");
    assert!(
        server
            .terminal
            .text()
            .contains("cannot be drawn on a dumb terminal"),
        "{}",
        server.terminal.text()
    );
}

#[test]
fn tmux_without_colour() {
    if !have("tmux") {
        return;
    }
    let env = base();
    let mut server = pane(&env, "NO_COLOR=1", &[]);
    server.terminal.shows("Today");
    server.terminal.send("2");
    server.terminal.shows("Customers 4");
    // The rows may come a frame later than their number.
    server.terminal.shows("Anna Keller");
    let captured = tmux(&env).args(["capture-pane", "-p", "-e"]).output();
    let captured = String::from_utf8_lossy(&captured.expect("tmux answers").stdout).into_owned();
    assert!(captured.contains("Anna Keller"), "{captured}");
    let codes = captured.split("\u{1b}[").skip(1);
    let codes: Vec<&str> = codes.filter_map(|rest| rest.split('m').next()).collect();
    let is_color = |code: &str| {
        let numbers = code
            .split([';', ':'])
            .filter_map(|number| number.parse::<u16>().ok());
        numbers
            .into_iter()
            .any(|number| matches!(number, 30..=38 | 40..=48 | 90..=107))
    };
    assert!(!codes.iter().any(|code| is_color(code)), "{codes:?}");
    // What is chosen stands out by other means.
    assert!(!codes.is_empty());
    visited(&mut server);
}
