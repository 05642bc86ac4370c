//! How the dashboard begins and ends: the terminal is as it was, whatever happened.

use crate::dashboard::{SIZE, base, started};
use crate::env::{Env, have};
use crate::pty::{Terminal, kill};

/// Modes of the keyboard and the screen that are on while the dashboard has the terminal.
const MODES: [&str; 9] = [
    "1000", "1002", "1004", "1006", "1049", "2004", "cursor", "title", "x",
];

/// Fails unless all was undone that was done to the terminal.
#[track_caller]
fn is_as_it_was(terminal: &Terminal) {
    assert_eq!(terminal.modes(), [""; 0]);
    assert!(!terminal.screen().alternate_screen());
    assert!(!terminal.screen().hide_cursor());
}

/// A shell that starts the dashboard, and says what it ended with and whether the lines of the terminal are as before.
fn in_a_shell(env: &Env, variables: &[(&str, &str)]) -> Terminal {
    let line =
        "before=$(stty -g); crm tui; code=$?; test \"$(stty -g)\" = \"$before\" && echo \"same $code\"";
    Terminal::sized(env, SIZE, "sh", &["-c", line], variables)
}

#[test]
fn row_01_quit_leaves_the_terminal_as_it_was() {
    let env = base();
    for keys in [&["q"][..], &["\u{3}", "\u{3}"]] {
        let mut terminal = in_a_shell(&env, &[]);
        terminal.settled();
        let on: Vec<&str> = MODES.iter().copied().filter(|mode| *mode != "x").collect();
        assert_eq!(terminal.modes(), on);
        for key in keys {
            terminal.input(key, 1);
        }
        terminal.end();
        assert_eq!(terminal.text(), "same 0");
        is_as_it_was(&terminal);
        assert!(!String::from_utf8_lossy(terminal.log()).contains("1003"));
    }
}

#[test]
fn row_01_a_signal_leaves_the_terminal_as_it_was() {
    let env = base();
    for (signal, code) in [("TERM", 143), ("HUP", 129), ("INT", 130), ("QUIT", 131)] {
        let mut terminal = started(&env);
        terminal.signal(signal);
        assert_eq!(terminal.end(), code, "{signal}");
        assert_eq!(terminal.text(), "");
        is_as_it_was(&terminal);
    }
}

#[test]
fn row_02_a_fault_is_told_on_the_normal_screen() {
    let env = base();
    for place in ["view", "update"] {
        let mut terminal = in_a_shell(&env, &[("CRM_TEST_PANIC", place)]);
        terminal.settled();
        terminal.input("j", 1);
        terminal.end();
        let text = terminal.text();
        assert!(text.contains("the dashboard has a fault"), "{text}");
        assert!(text.contains("Your data is safe"), "{text}");
        assert!(text.contains("panic.log"), "{text}");
        assert!(text.contains("same 1"), "{text}");
        is_as_it_was(&terminal);
    }
    let log = env.home().join(".local/state/crm/panic.log");
    let log = std::fs::read_to_string(log).expect("a log");
    assert!(
        log.contains("a fault was asked for in View") && log.contains("in Update"),
        "{log}"
    );
    assert!(env.ok("doctor").contains("ok"), "the base is sound");
}

#[test]
fn row_02_a_fault_in_a_worker_is_a_message() {
    let env = base();
    let mut terminal = Terminal::dashboard(&env, SIZE, &[("CRM_TEST_PANIC", "reader")]);
    terminal.shows("a fault was asked for in Reader");
    assert!(terminal.screen().alternate_screen());
    terminal.input("q", 1);
    assert_eq!(terminal.end(), 0);
    is_as_it_was(&terminal);
}

#[test]
fn row_02_a_fault_in_the_writer_loses_nothing_that_was_typed() {
    let env = base();
    let mut terminal = Terminal::dashboard(&env, SIZE, &[("CRM_TEST_PANIC", "writer")]);
    terminal.press("2");
    terminal.press("n");
    terminal.enter("王小明");
    terminal.press("\u{13}");
    terminal.shows("a fault was asked for in Writer");
    terminal.shows("王小明");
    // It is kept, too, when the terminal goes away.
    terminal.signal("HUP");
    assert_eq!(terminal.end(), 129);
    is_as_it_was(&terminal);
    assert!(env.ok("doctor").contains("ok"), "the base is sound");
    let mut terminal = started(&env);
    terminal.press("2");
    terminal.press("n");
    terminal.shows("A draft of");
    terminal.press("\r");
    terminal.shows("王小明");
}

#[test]
fn row_02_a_fault_while_the_editor_has_the_terminal() {
    let env = base();
    let variables = [("CRM_TEST_PANIC", "editor"), ("EDITOR", "true")];
    let mut terminal = in_a_shell(&env, &variables);
    terminal.settled();
    terminal.press("2");
    terminal.press("n");
    terminal.enter("王小明");
    // The field goes to the editor.
    terminal.input("\u{7}", 1);
    terminal.end();
    let text = terminal.text();
    assert!(text.contains("the dashboard has a fault"), "{text}");
    assert!(text.contains("kept as a draft"), "{text}");
    assert!(text.contains("same 1"), "{text}");
    is_as_it_was(&terminal);
    let mut terminal = started(&env);
    terminal.press("2");
    terminal.press("n");
    terminal.shows("A draft of");
    terminal.press("\r");
    terminal.shows("王小明");
}

#[test]
fn row_03_a_bulk_write_that_is_killed_is_whole_or_not_there() {
    let env = base();
    for number in 0..40 {
        env.ok(&format!("customer add 'Newcomer {number}'"));
    }
    // Before the writer has its turn, and whenever it comes.
    for is_locked in [true, false, false] {
        let mut terminal = started(&env);
        terminal.press("2");
        terminal.press("*");
        terminal.press("d");
        terminal.shows("Move 44 customers to the trash?");
        #[expect(clippy::disallowed_methods, reason = "another program that has the base")]
        let other = rusqlite::Connection::open(env.base()).expect("the base");
        if is_locked {
            other.execute_batch("BEGIN IMMEDIATE").expect("a lock");
        }
        terminal.input("y", 1);
        terminal.signal("KILL");
        terminal.end();
        drop(other);
        assert!(env.ok("doctor").contains("ok"));
        let left = env.ok("customer list --format ids").lines().count();
        match is_locked {
            true => assert_eq!(left, 44),
            false => assert!(left == 0 || left == 44, "{left} of 44 are left"),
        }
        if left == 0 {
            env.ok("undo");
        }
    }
}

#[test]
fn row_03_after_kill_9_the_base_is_sound_and_the_next_start_goes() {
    let env = base();
    let mut terminal = started(&env);
    terminal.signal("KILL");
    terminal.end();
    assert!(env.ok("doctor").contains("ok"));
    let mut terminal = started(&env);
    terminal.shows("Keller");
    terminal.input("q", 1);
    assert_eq!(terminal.end(), 0);
}

/// An interactive shell.
fn shell(env: &Env) -> Terminal {
    let words = ["--noprofile", "--norc", "-i"];
    let mut terminal = Terminal::sized(env, SIZE, "bash", &words, &[("PS1", "> ")]);
    terminal.shows("> ");
    terminal
}

/// Starts the dashboard in it by a line.
fn starts(terminal: &mut Terminal, line: &str) {
    terminal.send(line);
    terminal.send("\r");
    terminal.shows("Keller");
    terminal.settled();
}

#[test]
fn row_04_suspend_and_resume_with_another_size() {
    if !have("bash") {
        return;
    }
    let env = base();
    for line in ["crm tui", "sh -c 'crm tui; echo ended $?'"] {
        let mut terminal = shell(&env);
        starts(&mut terminal, line);
        let on: Vec<String> = terminal.modes();
        terminal.input("\u{1a}", 1);
        terminal.shows("Stopped");
        terminal.until("the normal screen", |terminal| {
            !terminal.screen().alternate_screen()
        });
        assert!(
            terminal.text().contains("fg brings it back"),
            "{}",
            terminal.text()
        );
        terminal.resize((20, 60));
        terminal.send("fg\r");
        terminal.until("the dashboard", |terminal| terminal.screen().alternate_screen());
        terminal.settled();
        terminal.shows("Keller");
        assert_eq!(terminal.modes(), on);
        // Keys come.
        terminal.press("j");
        terminal.input("q", 1);
        terminal.until("the shell", |terminal| !terminal.screen().alternate_screen());
        terminal.send("stty -a | grep -c ' icanon'; exit\r");
        terminal.end();
        assert!(terminal.text().contains("\n1\n"), "{}", terminal.text());
    }
}

#[test]
fn row_04_stopped_from_outside() {
    if !have("bash") {
        return;
    }
    let env = base();
    let mut terminal = shell(&env);
    starts(&mut terminal, "sh -c 'echo $$ > pid; exec crm tui'");
    let id = std::fs::read_to_string(env.home().join("pid")).expect("a pid");
    let id: u32 = id.trim().parse().expect("a pid");
    // With its own consent, and without.
    for signal in ["TSTP", "STOP"] {
        kill(signal, id);
        terminal.shows("Stopped");
        terminal.send("fg\r");
        // It may be that it was never noticed that the terminal was with somebody else.
        terminal.until("the dashboard", |terminal| {
            terminal.screen().alternate_screen() && terminal.text().contains("Keller")
        });
        terminal.press("j");
    }
    terminal.input("q", 1);
    terminal.until("the shell", |terminal| !terminal.screen().alternate_screen());
    terminal.send("exit\r");
    terminal.end();
}

#[test]
fn row_06_without_a_terminal_no_escape_bytes() {
    let env = base();
    for (name, value) in [("TERM", "dumb"), ("TERM", ""), ("TERM", "unknown")] {
        let mut terminal = Terminal::sized(&env, SIZE, "crm", &["tui"], &[(name, value)]);
        assert_eq!(terminal.end(), 2, "{name}={value}");
        let log = String::from_utf8_lossy(terminal.log()).into_owned();
        assert!(!log.contains('\u{1b}'), "{log:?}");
        assert!(log.contains("crm today"), "{log}");
    }
    for line in ["crm tui > out", "crm tui < /dev/null"] {
        let mut terminal = Terminal::sized(
            &env,
            SIZE,
            "sh",
            &["-c", &format!("{line}; echo $?; cat out 2>&1")],
            &[],
        );
        terminal.end();
        let log = String::from_utf8_lossy(terminal.log()).into_owned();
        // The error may be red on a terminal.
        assert!(!log.contains("\u{1b}[?"), "{line}: {log:?}");
        assert!(terminal.text().contains("needs a terminal"), "{line}: {log}");
        assert!(terminal.text().contains("\n2"), "{line}: {log}");
    }
}

#[test]
fn row_07_answers_that_come_late_or_never_are_not_typed() {
    let env = base();
    let mut terminal = Terminal::sized(&env, SIZE, "crm", &["tui"], &[]);
    terminal.answers = "";
    terminal.settled();
    terminal.shows("Keller");
    // All but the last line, which says that the last key does nothing.
    let above = |terminal: &Terminal| {
        let text = terminal.text();
        text.lines()
            .take(usize::from(SIZE.0) - 1)
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let before = above(&terminal);
    for late in [
        "\u{1b}]11;rgb:1e1e/1e1e/2e2e\u{1b}\\",
        "\u{1b}[?2026;2$y\u{1b}[?62;22c",
        "\u{1b}]11;rgb:ffff/",
        "ffff/ffff\u{7}",
        "\u{1b}P>|XTerm(390)\u{1b}\\",
        "\u{1b}[?997;1n",
    ] {
        terminal.input(late, 0);
    }
    // A key after them shows that all were taken.
    terminal.press("\u{1b}[23~");
    assert_eq!(above(&terminal), before);
    terminal.input("q", 1);
    assert_eq!(terminal.end(), 0);
}

#[test]
fn row_07_the_shell_does_not_get_the_answers() {
    let env = base();
    let line = "stty -echo; echo ready; crm tui; echo over; cat";
    let mut terminal = Terminal::sized(&env, SIZE, "sh", &["-c", line], &[]);
    terminal.shows("ready");
    // It ends before it has read what the terminal says.
    terminal.input("q", 1);
    terminal.shows("over");
    terminal.send("typed\r\u{4}");
    terminal.end();
    assert_eq!(terminal.text(), "ready\nover\ntyped");
}
