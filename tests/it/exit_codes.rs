//! The table of exit codes, row by row, and the same errors as JSON.

use crate::env::Env;

#[test]
fn every_row_of_the_table() {
    let env = Env::new();
    assert_eq!(
        env.run("customer list").code,
        10,
        "a base that was named is not there"
    );
    env.ok("init");
    env.ok("customer add Anna --email a@acme.example");
    env.ok("customer add Twin");
    env.ok("customer add Twin");
    for (line, code) in [
        ("customer list", 0),
        ("customer nonsense", 2),
        ("customer list --nonsense", 2),
        ("customer list -w 'citty:x'", 2),
        ("customer list --format nonsense", 2),
        ("customer list --now nonsense", 2),
        ("customer show C99", 3),
        ("customer show nobody", 3),
        ("find nobody --fail-empty", 3),
        ("customer show Twin", 4),
        ("customer add Bob --email A@ACME.example", 4),
        ("customer add Bob --email nonsense", 5),
        ("customer set C1 lifecycle=nonsense", 5),
        ("customer set -w is:person city=Berlin", 8),
        ("customer set -w is:person city=Berlin --yes", 0),
        ("init", 4),
        ("redo", 3),
        ("customer list --as nobody", 3),
    ] {
        let run = env.run(line);
        assert_eq!(run.code, code, "crm {line}\n{}", run.stderr);
        assert!(
            code == 0 || run.stdout.is_empty(),
            "crm {line} wrote data although it failed"
        );
    }
}

#[test]
fn foreign_and_newer_files_are_left_alone() {
    let env = Env::new();
    std::fs::write(
        env.base(),
        "this is no database, and it is long enough to be looked at as one by a reader",
    )
    .expect("write");
    assert_eq!(env.run("customer list").code, 10);
    let kept = std::fs::read(env.base()).expect("read");
    assert!(kept.starts_with(b"this is no database"));
}

/// A connection past the program.
#[expect(
    clippy::disallowed_methods,
    reason = "the test does what another process would"
)]
fn connect(env: &Env) -> rusqlite::Connection {
    rusqlite::Connection::open(env.base()).expect("a base")
}

/// The code of an error in words and as JSON, which have to agree.
#[track_caller]
fn fails(env: &Env, line: &str, code: i32, word: &str) {
    let run = env.run(line);
    assert_eq!(run.code, code, "crm {line}\n{}", run.stderr);
    assert!(
        run.stderr.starts_with("error: ") || run.stderr.contains("\nerror: "),
        "crm {line}\n{}",
        run.stderr
    );
    let run = env.run(&format!("{line} --format json"));
    assert_eq!(
        (run.code, run.stdout.as_str()),
        (code, ""),
        "crm {line} as JSON\n{}",
        run.stderr
    );
    let last = run.stderr.lines().last().unwrap_or_default();
    let error: serde_json::Value = serde_json::from_str(last).expect("one line of JSON");
    let part = |name: &str| error.pointer(&format!("/error/{name}"));
    assert_eq!(part("exit"), Some(&code.into()), "crm {line}");
    assert_eq!(part("code"), Some(&word.into()), "crm {line}");
    let message = part("message").and_then(|message| message.as_str());
    assert!(message.is_some_and(|message| !message.is_empty()));
}

#[test]
fn every_error_has_its_code_in_words_and_as_json() {
    let env = Env::new();
    fails(&env, "customer list", 10, "no_base");
    env.ok("init");
    env.ok("customer add Anna --email a@acme.example");
    env.ok("customer add Twin");
    env.ok("customer add Twin");
    fails(&env, "customer list -w citty:x", 2, "usage");
    fails(&env, "customer show C99", 3, "not_found");
    fails(&env, "customer show Twin", 4, "ambiguous_ref");
    fails(&env, "customer add Bob --email a@acme.example", 4, "duplicate");
    fails(&env, "customer set C1 lifecycle=nonsense", 5, "invalid");
    fails(&env, "customer set -w is:person city=Berlin", 8, "unconfirmed");
    env.ok("customer set C1 city=Berlin");
    env.ok("customer set C1 city=Bonn");
    fails(&env, "undo 4", 4, "conflict");
}

#[test]
fn an_import_that_refuses_some_rows_is_partly_done() {
    let env = Env::new();
    env.ok("init");
    std::fs::write(
        env.home().join("some.csv"),
        "name,email\nAnna,anna@acme.example\nBen,nonsense\n",
    )
    .expect("a file");
    fails(&env, "import customer some.csv", 6, "partial");
    assert_eq!(env.ok("customer list -F name"), "Anna\n", "what was good is kept");
}

#[test]
fn a_base_that_another_process_writes_to_is_busy() {
    let env = Env::new();
    env.ok("init");
    let other = connect(&env);
    other.execute_batch("BEGIN IMMEDIATE").expect("the lock");
    fails(&env, "customer add Anna --timeout 1", 7, "busy");
    env.ok("customer list");
    other.execute_batch("ROLLBACK").expect("given back");
    env.ok("customer add Anna --timeout 1");
}

#[test]
fn a_base_of_a_newer_program_is_refused_untouched() {
    let env = Env::new();
    env.ok("init");
    let other = connect(&env);
    other
        .execute_batch("INSERT INTO migration (version, applied_at, program) VALUES (9999, 0, 'crm 99')")
        .expect("a version");
    drop(other);
    let before = std::fs::read(env.base()).expect("a base");
    fails(&env, "customer list", 10, "newer_schema");
    fails(&env, "customer add Anna", 10, "newer_schema");
    assert!(
        std::fs::read(env.base()).expect("a base") == before,
        "it was written to"
    );
}

#[test]
fn a_damaged_base_says_so() {
    let env = Env::new();
    env.ok("init");
    for number in 0..30 {
        env.ok(&format!(
            "customer add 'Person {number}' --note '{}'",
            "words ".repeat(100)
        ));
    }
    let mut bytes = std::fs::read(env.base()).expect("a base");
    for at in (4096..bytes.len()).step_by(4096) {
        bytes[at..at + 64].fill(0x5a);
    }
    std::fs::write(env.base(), bytes).expect("written");
    fails(&env, "customer list", 11, "corrupt");
}

#[cfg(unix)]
#[test]
fn a_base_that_cannot_be_written_is_read_only() {
    use std::os::unix::fs::PermissionsExt;
    use std::os::unix::process::CommandExt;
    let env = Env::new();
    env.ok("init");
    env.ok("customer add Anna");
    let set = |path: std::path::PathBuf, mode: u32| {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).expect("rights");
    };
    // Somebody without any rights may not even reach the folder in which the program was built.
    let program = env.home().join("crm");
    // By another process: a file that is open for writing here, in a child of another test too, cannot be run.
    let copied = std::process::Command::new("cp")
        .arg(env!("CARGO_BIN_EXE_crm"))
        .arg(&program)
        .status();
    assert!(copied.expect("a copy").success());
    set(program.clone(), 0o555);
    set(env.base(), 0o444);
    set(env.home(), 0o555);
    // Rights do not hold root back: then somebody else is sent.
    let is_root = std::fs::OpenOptions::new().write(true).open(env.base()).is_ok();
    let run = |line: &str| {
        let usual = env.command(line);
        let mut command = std::process::Command::new(&program);
        command.args(usual.get_args()).env_clear();
        for (name, value) in usual.get_envs() {
            command.env(name, value.expect("the harness sets variables"));
        }
        if is_root {
            command.uid(65_534).gid(65_534);
        }
        crate::env::Run::of(command.output().expect("it runs"))
    };
    let add = run("customer add Ben");
    assert_eq!(add.code, 9, "{}", add.stderr);
    let list = run("customer list -F name");
    assert_eq!(
        (list.code, list.stdout.as_str()),
        (0, "Anna\n"),
        "{}",
        list.stderr
    );
    set(env.home(), 0o755);
    set(env.base(), 0o600);
}

/// Lets a command heed a signal that whoever runs the tests may ignore, as a shell does for what it starts beside itself.
#[cfg(unix)]
#[expect(
    unsafe_code,
    reason = "the standard library has no way to set a signal's action"
)]
fn heed(command: &mut std::process::Command, signal: i32) {
    use std::os::unix::process::CommandExt;
    // SAFETY: between fork and exec only `signal` is called, which may be called there.
    unsafe {
        command.pre_exec(move || {
            libc::signal(signal, libc::SIG_DFL);
            Ok(())
        });
    }
}

/// Whoever waits for the program is told the signal, which a shell says as 128 and its number: 129, 130, 143.
#[cfg(unix)]
#[test]
fn a_signal_takes_back_what_was_begun() {
    use std::os::unix::process::ExitStatusExt;
    let env = Env::new();
    env.ok("init");
    env.ok("customer add Anna");
    let before = env.ok("op list --format ids");
    let rows: String = (0..4_000)
        .map(|at| format!("Person {at},p{at}@long.example\n"))
        .collect();
    std::fs::write(env.home().join("long.csv"), format!("name,email\n{rows}")).expect("a file");
    let other = connect(&env);
    other
        .busy_timeout(std::time::Duration::ZERO)
        .expect("no patience");
    for (name, number) in [("HUP", 1), ("INT", 2), ("TERM", 15)] {
        let mut command = env.command("import customer long.csv");
        command
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::null());
        heed(&mut command, number);
        let mut child = command.spawn().expect("it starts");
        // It is in the middle of its work as soon as nobody else can write.
        while other.execute_batch("BEGIN IMMEDIATE; ROLLBACK").is_ok() {
            assert!(child.try_wait().expect("a child").is_none(), "it ended by itself");
            std::thread::yield_now();
        }
        let sent = std::process::Command::new("kill")
            .args(["-s", name, &child.id().to_string()])
            .status()
            .expect("kill");
        assert!(sent.success());
        let status = child.wait().expect("it ends");
        assert!(
            status.signal() == Some(number) || status.code() == Some(128 + number),
            "{name}: {status}"
        );
        assert_eq!(env.ok("customer list -F name"), "Anna\n", "{name}");
        assert_eq!(env.ok("op list --format ids"), before, "{name}");
    }
    let left: Vec<_> = std::fs::read_dir(env.home())
        .expect("a folder")
        .map(|entry| entry.expect("an entry").file_name())
        .filter(|name| !name.to_string_lossy().starts_with("base.db"))
        .collect();
    assert_eq!(left, ["long.csv"], "something was left behind");
    env.ok("customer add Ben");
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_an_error_and_what_was_written_stays() {
    let env = Env::new();
    env.ok("init");
    env.ok("customer add Anna");
    let full = || {
        std::fs::OpenOptions::new()
            .write(true)
            .open("/dev/full")
            .expect("/dev/full")
    };
    for line in ["customer list", "customer list --format json", "customer add Ben"] {
        let output = env.command(line).stdout(full()).output().expect("it runs");
        let told = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "crm {line}: {told}");
        assert!(told.contains("error"), "crm {line}: {told}");
        if line.ends_with("json") {
            let error: serde_json::Value = serde_json::from_str(told.trim()).expect("one line of JSON");
            assert_eq!(error.pointer("/error/exit"), Some(&1.into()));
        }
    }
    assert_eq!(env.ok("customer list -F name"), "Ben\nAnna\n");
}

#[test]
fn errors_are_json_where_json_is_asked_for() {
    let env = Env::new();
    env.ok("init");
    env.ok("customer add Twin");
    env.ok("customer add Twin --email t@acme.example");
    let run = env.run("customer show Twin --json");
    let error: serde_json::Value = serde_json::from_str(&run.stderr).expect("one line of JSON");
    assert_eq!(error["error"]["code"], "ambiguous_ref");
    assert_eq!(error["error"]["exit"], 4);
    assert_eq!(error["error"]["candidates"].as_array().map(Vec::len), Some(2));
}

#[test]
fn a_missing_default_base_is_empty_and_stays_missing() {
    let env = Env::new();
    let run = crate::env::Run::of(
        env.command("customer list --format json")
            .env_remove("CRM_DB")
            .output()
            .expect("it runs"),
    );
    assert_eq!(
        (run.code, run.stdout.split_whitespace().collect::<String>()),
        (0, "[]".to_owned()),
        "{}",
        run.stderr
    );
    assert!(!env.base().exists());
}

#[test]
fn a_closed_pipe_is_silence_and_success() {
    use std::io::Read;
    use std::process::Stdio;
    let env = Env::new();
    env.ok("init");
    for number in 0..40 {
        env.ok(&format!(
            "customer add 'Customer {number}' --note '{}'",
            "long ".repeat(500)
        ));
    }
    let mut child = env
        .command("customer list --format ndjson")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    let mut first = [0_u8; 10];
    child
        .stdout
        .take()
        .expect("piped")
        .read_exact(&mut first)
        .expect("a first line");
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}
