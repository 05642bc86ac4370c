//! Records in an editor, which a script stands for.

use std::fs;
use std::path::PathBuf;

use crate::env::{Env, Run};
use crate::pty::Terminal;

fn base() -> Env {
    let env = Env::new();
    env.ok("company add 'Hafen GmbH'");
    env.ok("customer add 'Ada \"the first\" Byron' --city Ulm --company C1 --tag vip");
    env.ok("customer add 张伟 --city 上海");
    env.ok("deal add 'Big one' --customer C1 --amount 12000EUR --close 2026-12-20");
    env.ok("task add Call --for C2 --due 'tomorrow 15:00'");
    env
}

/// Runs `crm LINE` with a script for an editor, in which `$1` is the file.
fn edited(env: &Env, script: &str, line: &str) -> Run {
    fs::write(env.home().join("editor"), script).expect("a script");
    let output = env.command(line).env("CRM_EDITOR", "sh editor").output();
    Run::of(output.expect("it starts"))
}

/// A script that replaces text in the file.
fn replaces(from: &str, to: &str) -> String {
    format!("sed 's/{from}/{to}/' \"$1\" > changed && cat changed > \"$1\"")
}

/// The places of texts that were kept, as the talk tells them.
fn kept(run: &Run) -> PathBuf {
    let place = run
        .stderr
        .lines()
        .find_map(|line| line.strip_prefix("your text is kept at "))
        .unwrap_or_else(|| panic!("nothing is kept: {}", run.stderr));
    PathBuf::from(place)
}

#[test]
fn one_record_is_a_form() {
    let env = base();
    let run = edited(
        &env,
        "cat \"$1\" > seen; ls -l \"$1\" > mode; echo \"$1\" > place",
        "customer edit C2 --yes",
    );
    assert_eq!((run.code, run.stdout.as_str()), (0, ""), "{}", run.stderr);
    assert!(run.stderr.contains("nothing to change"), "{}", run.stderr);
    let read = |name: &str| fs::read_to_string(env.home().join(name)).expect("the editor was there");
    let seen = read("seen");
    assert!(
        seen.starts_with("# customer C2 Ada \"the first\" Byron\n"),
        "{seen}"
    );
    assert!(seen.contains("name = \"Ada \\\"the first\\\" Byron\""), "{seen}");
    assert!(seen.contains("tags = [\"vip\"]"), "{seen}");
    assert!(
        seen.contains("company = \"C1\"") && seen.contains("now Hafen GmbH"),
        "{seen}"
    );
    assert!(
        seen.contains("type = \"person\"") && seen.contains(": person, company"),
        "{seen}"
    );
    assert!(
        !seen.contains("created_at") && !seen.contains("external_ids"),
        "{seen}"
    );
    assert!(read("mode").starts_with("-rw-------"), "{}", read("mode"));
    assert!(!PathBuf::from(read("place").trim()).exists(), "the file is gone");

    let run = edited(
        &env,
        &replaces("city = \"Ulm\"", "city = \"Łódź\""),
        "customer edit C2 --yes",
    );
    assert_eq!((run.code, run.stdout.as_str()), (0, "C2\n"), "{}", run.stderr);
    assert!(run.stderr.contains("city  Ulm → Łódź"), "{}", run.stderr);
    assert_eq!(
        env.ok("customer show C2 --template '{city}|{company.name}|{tags}'"),
        "Łódź|Hafen GmbH|vip\n"
    );
    env.ok("undo");
    assert_eq!(env.ok("customer show C2 --template '{city}'"), "Ulm\n");
}

#[test]
fn nothing_is_written_without_a_yes() {
    let env = base();
    let script = replaces("\"Ulm\"", "\"Bonn\"");
    let run = edited(&env, &script, "customer edit C2");
    assert_eq!(run.code, 8, "{}", run.stderr);
    let text = fs::read_to_string(kept(&run)).expect("it is there");
    assert!(text.contains("city = \"Bonn\""), "{text}");
    fs::remove_file(kept(&run)).expect("it can go");
    let run = edited(&env, &script, "customer edit C2 --dry-run");
    assert_eq!(
        (run.code, run.stdout.as_str()),
        (0, "C2\tcity\tUlm\tBonn\n"),
        "{}",
        run.stderr
    );
    assert_eq!(env.ok("customer show C2 --template '{city}'"), "Ulm\n");
}

#[test]
fn notes_of_several_lines_and_custom_fields_come_back() {
    let env = base();
    env.ok("field add customer.size type=select options=S,L label=规模");
    let script = "cat > \"$1\" <<'TEXT'\nnote = \"\"\"\n他说: \"很好\"\nC:\\\\dir\\\\\n\"\"\"\n[fields]\nsize = \"L\"\nTEXT\n";
    let run = edited(&env, script, "customer edit C3 --yes");
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert_eq!(
        env.ok("customer show C3 --json=note,fields.size,city"),
        "{\"kind\":\"customer\",\"note\":\"他说: \\\"很好\\\"\\nC:\\\\dir\\\\\",\"fields\":{\"size\":\"l\"},\"city\":\"上海\"}\n"
    );
    let run = edited(&env, "true", "customer edit C3 --yes");
    assert!(run.stderr.contains("nothing to change"), "{}", run.stderr);
    for line in [
        "deal edit D1",
        "task edit T1",
        "user edit self",
        "field edit customer.size",
        "pipeline edit sales",
    ] {
        let run = edited(&env, "cat \"$1\" > seen", &format!("{line} --yes"));
        assert_eq!(run.code, 0, "{line}: {}", run.stderr);
        // Every value can be given again: written anew as it is, nothing is another.
        let run = edited(&env, "printf '# touched\\n' >> \"$1\"", &format!("{line} --yes"));
        assert_eq!(run.code, 0, "{line}: {}", run.stderr);
        assert!(run.stderr.contains("nothing to change"), "{line}: {}", run.stderr);
    }
}

#[test]
fn several_records_are_a_table() {
    let env = base();
    let script = "cat \"$1\" > seen; grep -v '^C1' \"$1\" | sed 's/Ulm/Kiel/; s/张伟/张 伟/' | sort -r > changed; \
                  (grep '^id' changed; grep '^C' changed) > \"$1\"";
    let run = edited(&env, script, "customer edit --all -F name,city,level --yes");
    assert_eq!(run.code, 0, "{}", run.stderr);
    let seen = fs::read_to_string(env.home().join("seen")).expect("the editor was there");
    let starts: Vec<&str> = seen.lines().filter(|line| !line.starts_with('#')).collect();
    assert_eq!(starts[0].split('\t').next(), Some("id"));
    assert_eq!(starts.len(), 4, "{seen}");
    assert_eq!(
        env.ok("customer list --sort uid -F id,name,city"),
        "C1\tHafen GmbH\t\nC2\tAda \"the first\" Byron\tKiel\nC3\t张 伟\t上海\n"
    );
    assert!(
        env.ok("op list --limit 1 --format tsv")
            .contains("Edited 2 customers")
    );
    env.ok("undo");
    assert!(env.ok("customer list -F name,city").contains("Ulm"));
    let run = edited(
        &env,
        "printf 'C9\\tNew\\n' >> \"$1\"",
        "customer edit C2 C3 -F name --yes",
    );
    assert_eq!(run.code, 5, "{}", run.stderr);
    assert!(
        run.stderr.contains("\"C9\" is none of these records"),
        "{}",
        run.stderr
    );
    fs::remove_file(kept(&run)).expect("it can go");
    assert_eq!(edited(&env, "true", "customer edit C2 -F version").code, 2);
}

#[test]
fn a_mistake_opens_the_editor_again() {
    let env = base();
    // The first time a level that there is not, then the message is read and mended.
    let script = "if grep -q '^#! ' \"$1\"; then cp \"$1\" seen; sed 's/\"Z\"/\"A\"/' \"$1\" > changed; \
                  else sed 's/level = \"\"/level = \"Z\"/' \"$1\" > changed; fi; cat changed > \"$1\"";
    let run = edited(&env, script, "customer edit C2 --yes");
    assert_eq!(run.code, 0, "{}", run.stderr);
    let seen = fs::read_to_string(env.home().join("seen")).expect("it was opened again");
    assert!(seen.starts_with("#! level: \"Z\" is none of A, B, C\n"), "{seen}");
    assert_eq!(env.ok("customer show C2 --template '{level}'"), "A\n");

    let script = "echo 'no toml' >> \"$1\"; echo x >> runs";
    let run = edited(&env, script, "customer edit C2 --yes --no-input");
    assert_eq!(run.code, 5, "{}", run.stderr);
    assert!(kept(&run).exists());
    fs::remove_file(kept(&run)).expect("it can go");
    let runs = || {
        fs::read_to_string(env.home().join("runs"))
            .expect("it ran")
            .lines()
            .count()
    };
    assert_eq!(runs(), 1);
    // Who leaves the mistake as it is has given up.
    let run = edited(
        &env,
        "grep -q '^no toml' \"$1\" || echo 'no toml' >> \"$1\"; echo x >> runs",
        "customer edit C2 --yes",
    );
    assert_eq!(run.code, 5, "{}", run.stderr);
    assert_eq!(runs(), 3);
    fs::remove_file(kept(&run)).expect("it can go");
    let run = edited(&env, "exit 3", "customer edit C2");
    assert_eq!(run.code, 1, "{}", run.stderr);
}

#[test]
fn who_changed_the_same_field_meanwhile_is_named() {
    let env = base();
    let crm = env!("CARGO_BIN_EXE_crm");
    let meanwhile = |field: &str| {
        format!(
            "'{crm}' customer set C2 {field} >/dev/null 2>&1; {}",
            replaces("\"Ulm\"", "\"Bonn\"")
        )
    };
    let run = edited(&env, &meanwhile("city=Kiel"), "customer edit C2 --yes");
    assert_eq!(run.code, 4, "{}", run.stderr);
    assert!(
        run.stderr
            .contains("changed by self on 2026-11-21 at 10:00: city was \"Ulm\", is \"Kiel\" now, and was to be \"Bonn\""),
        "{}",
        run.stderr
    );
    fs::remove_file(kept(&run)).expect("it can go");
    env.ok("undo");
    // Another field is no conflict, and neither is the same value.
    let run = edited(&env, &meanwhile("level=B"), "customer edit C2 --yes");
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert_eq!(env.ok("customer show C2 --template '{city} {level}'"), "Bonn B\n");
}

#[test]
fn on_a_terminal_the_changes_are_shown_and_asked_for() {
    let env = base();
    fs::write(env.home().join("editor"), replaces("\"Ulm\"", "\"Bonn\"")).expect("a script");
    let variables = [("CRM_EDITOR", "sh editor")];
    let mut terminal = Terminal::start(&env, "crm", &["customer", "edit", "C2"], &variables);
    terminal.shows("write 1 value of 1 customer? [y/N]");
    assert!(
        terminal.text().contains("C2  Ada \"the first\" Byron"),
        "{}",
        terminal.text()
    );
    assert!(
        terminal.text().contains("city  Ulm → Bonn"),
        "{}",
        terminal.text()
    );
    terminal.send("y\n");
    terminal.shows("Changed customer C2");
    assert_eq!(env.ok("customer show C2 --template '{city}'"), "Bonn\n");
    let words = ["customer", "set", "--all", "city=Kiel"];
    let mut terminal = Terminal::start(&env, "crm", &words, &[]);
    terminal.shows("change 3 customers? [y/N]");
    assert!(terminal.text().contains("Bonn → Kiel"), "{}", terminal.text());
    terminal.send("n\n");
    terminal.shows("nothing was changed");
    assert_eq!(env.ok("customer list -w city:kiel --format ids"), "");
}
