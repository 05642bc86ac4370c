//! Settings, copies of the base, and what a terminal remembers.

use std::path::Path;

use crate::env::{Env, Run};

#[test]
fn a_flag_goes_before_the_environment_and_that_before_the_file() {
    let env = Env::new();
    let told = |line: &str, variables: &[(&str, &str)]| {
        let mut command = env.command(line);
        command.env_remove("CRM_DB").env_remove("CRM_TZ");
        for (name, value) in variables {
            command.env(name, value);
        }
        let run = Run::of(command.output().expect("it runs"));
        assert_eq!(run.code, 0, "{line}: {}", run.stderr);
        run.stdout.trim().to_owned()
    };
    let home = env.home().display().to_string();
    let default = format!("{home}/.local/share/crm/crm.db");
    for (key, unset, file, variable, flag) in [
        ("database", default.as_str(), "~/sales.db", "CRM_DB", "--db"),
        ("user", "self", "ada", "CRM_USER", "--as"),
        ("region", "", "DE", "CRM_REGION", "--region"),
        ("zone", "", "Asia/Shanghai", "CRM_TZ", "--tz"),
        ("color", "auto", "never", "CRM_COLOR", "--color"),
        ("currency", "USD", "EUR", "", ""),
        ("durability", "normal", "full", "", ""),
    ] {
        let get = format!("config get {key}");
        if !unset.is_empty() {
            assert_eq!(told(&get, &[]), unset, "{key} without a word");
        }
        told(&format!("config set {key} {file}"), &[]);
        let written = file.replace('~', &home);
        assert_eq!(told(&get, &[]), written, "{key} of the file");
        let (over, above) = match key {
            "database" => ("/srv/v.db", "/srv/f.db"),
            "zone" => ("Europe/Paris", "Europe/Berlin"),
            "color" => ("always", "auto"),
            _ => ("FR", "GB"),
        };
        if !variable.is_empty() && key != "user" {
            assert_eq!(told(&get, &[(variable, over)]), over, "{key} of {variable}");
            assert_eq!(
                told(&format!("{get} {flag} {above}"), &[(variable, over)]),
                above,
                "{key} of {flag}"
            );
        }
        told(&format!("config set {key} ''"), &[]);
        if !unset.is_empty() {
            assert_eq!(told(&get, &[]), unset, "{key} taken out");
        }
    }
}

#[test]
fn settings_that_cannot_be_read_stop_everything_but_their_mending() {
    let env = Env::new();
    env.ok("init");
    let path = env.ok("config path").trim().to_owned();
    std::fs::create_dir_all(Path::new(&path).parent().expect("a folder")).expect("made");
    std::fs::write(&path, "user = 'self'\ncurrency = 'gold'\n").expect("written");
    let run = env.run("customer list");
    assert_eq!(run.code, 2, "{}", run.stderr);
    assert!(run.stderr.contains("line 2: currency takes"), "{}", run.stderr);
    assert!(run.stderr.contains(&path), "{}", run.stderr);
    assert_eq!(env.ok("config path").trim(), path);
    env.ok("locate");
    assert_eq!(env.run("config check").code, 2);
    // An editor that mends it; its words are kept apart from the file's name.
    let mut command = env.command("config edit");
    command.env("CRM_EDITOR", "sed -i s/gold/EUR/");
    let run = Run::of(command.output().expect("it runs"));
    assert_eq!(run.code, 0, "{}", run.stderr);
    env.ok("customer list");
    assert_eq!(env.ok("config get currency"), "EUR\n");
}

#[test]
fn settings_shape_lists_and_new_bases() {
    let env = Env::new();
    env.ok("config set currency CHF");
    env.ok("config set region DE");
    env.ok("customer add Anna --phone '030 23125 100'");
    assert_eq!(
        env.ok("customer show C1 --template '{phones}'"),
        "+493023125100\n"
    );
    env.ok("deal add Big --customer C1 --amount 10");
    assert_eq!(env.ok("deal show D1 --template '{amount.currency}'"), "CHF\n");
    let path = env.ok("config path").trim().to_owned();
    let text = std::fs::read_to_string(&path).expect("settings");
    std::fs::write(&path, text + "[columns]\ncustomer = ['name', 'city']\n").expect("written");
    assert_eq!(env.ok("customer list --header"), "name\tcity\nAnna\t\n");
    assert!(env.ok("customer list --format csv").starts_with("id,name,"));
}

#[test]
fn settings_of_the_dashboard_are_shown_changed_and_checked_like_all() {
    let env = Env::new();
    assert_eq!(env.ok("config get mouse"), "true\n");
    env.ok("config set mouse false");
    env.ok("config set theme dark");
    env.ok("config set theme.overdue 'bold red'");
    env.ok("config set keys.customer.log 'l, ctrl-l'");
    env.ok("config set columns.deal name,amount");
    let path = env.ok("config path").trim().to_owned();
    let text = std::fs::read_to_string(&path).expect("settings");
    for line in [
        "\nmouse = false\n",
        "\n[theme]\nbase = \"dark\"\noverdue = \"bold red\"\n",
        "\n[keys]\n\"customer.log\" = [\"l\", \"ctrl-l\"]\n",
        "\n[columns]\ndeal = [\"name\", \"amount\"]\n",
    ] {
        assert!(text.contains(line), "{line} in {text}");
    }
    let shown = env.ok("config show --origin --format tsv");
    for (name, value) in [
        ("mouse", "false"),
        ("theme", "dark"),
        ("theme.overdue", "bold red"),
        ("keys.customer.log", "l, ctrl-l"),
        ("columns.deal", "name, amount"),
    ] {
        assert!(shown.contains(&format!("{name}\t{value}\t{path}\n")), "{shown}");
        assert_eq!(env.ok(&format!("config get {name}")), format!("{value}\n"));
    }
    assert!(shown.contains("charts\tblocks\tdefault\n"), "{shown}");
    env.ok("config set keys.customer.log ''");
    assert_eq!(env.ok("config get keys.customer.log"), "\n");
    for (line, said) in [
        ("config set mouse perhaps", "mouse takes true or false"),
        ("config set theme.overdue rde", "did you mean red?"),
        ("config get mous", "did you mean mouse?"),
        ("config set start_screen tdoay", "today, customers, pipeline"),
    ] {
        let run = env.run(line);
        assert_eq!(run.code, 2, "{line}: {}", run.stderr);
        assert!(run.stderr.contains(said), "{line}: {}", run.stderr);
    }
    std::fs::write(&path, text + "[looks]\na = 1\n").expect("written");
    let run = env.run("config check");
    assert!(
        run.stderr.contains("there is no setting \"looks\""),
        "{}",
        run.stderr
    );
}

#[test]
fn a_copy_is_whole_and_brings_back_what_was() {
    let env = Env::new();
    env.ok("init");
    env.ok("customer add Anna --email anna@acme.example");
    let copy = env.ok("backup").trim().to_owned();
    assert!(copy.ends_with("backups/base-20261121-100000.db"), "{copy}");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(&copy).expect("a file").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    env.ok(&format!("backup verify {copy}"));
    assert_eq!(env.run("backup").code, 5, "a copy is never written over");
    env.ok("customer add Ben");
    let run = env.run(&format!("backup restore {copy}"));
    assert_eq!(run.code, 8, "{}", run.stderr);
    assert_eq!(env.ok("customer list -F name"), "Ben\nAnna\n");
    env.ok(&format!("backup restore {copy} --confirm=base.db"));
    assert_eq!(env.ok("customer list -F name"), "Anna\n");
    assert_eq!(env.ok("find anna --template '{id}'"), "C1\n");
    // What was there before is a copy too.
    let kept = env.home().join("backups/base-before-restore-20261121-100000.db");
    let all = format!("customer list -F name --db {}", kept.display());
    assert_eq!(env.ok(&all), "Ben\nAnna\n");
}

#[test]
fn a_damaged_base_is_known_kept_and_replaced_and_a_damaged_copy_is_refused() {
    let env = Env::new();
    env.ok("init");
    for number in 0..40 {
        env.ok(&format!(
            "customer add 'Person {number}' --note '{}'",
            "words ".repeat(100)
        ));
    }
    let copy = env.ok("backup").trim().to_owned();
    let damage = |path: &Path| {
        let mut bytes = std::fs::read(path).expect("a base");
        let page = 4096;
        for at in (page..bytes.len()).step_by(page) {
            bytes[at..at + 64].fill(0x5a);
        }
        std::fs::write(path, bytes).expect("written");
    };
    let bad = env.home().join("bad.db");
    std::fs::copy(&copy, &bad).expect("a copy");
    damage(&bad);
    for line in ["backup verify bad.db", "backup restore bad.db --confirm=base.db"] {
        let run = env.run(line);
        assert_eq!(run.code, 11, "{line}: {}", run.stderr);
    }
    std::fs::write(env.home().join("foreign.db"), "no base at all").expect("written");
    assert_eq!(env.run("backup verify foreign.db").code, 10);
    assert_eq!(env.run("backup verify nothing.db").code, 10);
    damage(&env.base());
    assert_eq!(env.run("customer list").code, 11);
    env.ok(&format!("backup restore {copy} --confirm=base.db"));
    assert_eq!(env.ok("customer list --format ids").lines().count(), 40);
    assert!(
        env.home()
            .join("backups/base-before-restore-20261121-100000.db")
            .exists()
    );
}

#[test]
fn only_copies_of_the_program_are_rotated() {
    let env = Env::new();
    env.ok("init");
    let folder = env.home().join("backups");
    for hour in 10..15 {
        env.ok(&format!("backup --keep 3 --now 2026-11-21T{hour}:00:00+01:00"));
        std::fs::write(folder.join("base-of-mine.db"), "mine").expect("written");
    }
    let mut names: Vec<String> = std::fs::read_dir(&folder)
        .expect("a folder")
        .map(|entry| {
            entry
                .expect("an entry")
                .file_name()
                .to_string_lossy()
                .into_owned()
        })
        .collect();
    names.sort();
    assert_eq!(
        names,
        [
            "base-20261121-120000.db",
            "base-20261121-130000.db",
            "base-20261121-140000.db",
            "base-of-mine.db"
        ]
    );
    let listed = env.ok("backup list --format csv");
    assert_eq!(listed.lines().count(), 4, "{listed}");
    let schedule = env.ok("backup schedule --keep 7");
    assert!(schedule.contains("backup --keep 7 --quiet"), "{schedule}");
    assert!(schedule.contains(&env.base().display().to_string()), "{schedule}");
}

#[test]
fn the_last_record_of_a_terminal_has_a_name() {
    let env = Env::new();
    let run = |terminal: &str, line: &str| {
        let mut command = env.command(line);
        Run::of(command.env("CRM_SESSION", terminal).output().expect("it runs"))
    };
    env.ok("init");
    assert_eq!(run("one", "customer show @last").code, 3);
    run("one", "customer add Anna");
    run("two", "customer add Ben");
    run("one", "task add Call --for @last --due tomorrow");
    assert_eq!(
        run("one", "task show @last --template '{customer}'").stdout,
        "C1\n"
    );
    assert_eq!(
        run("two", "customer show @last --template '{name}'").stdout,
        "Ben\n"
    );
    // A pipe has no terminal, and no memory.
    assert_eq!(env.run("customer show @last").code, 3);
}

#[test]
fn what_is_written_to_a_file_is_there_whole_or_not_at_all() {
    let env = Env::new();
    env.ok("init");
    env.ok("customer add Anna --city Berlin");
    let read = |name: &str| std::fs::read_to_string(env.home().join(name)).expect("a file");
    env.ok("customer list -F name,city -o list.csv");
    assert_eq!(read("list.csv"), "name,city\r\nAnna,Berlin\r\n");
    env.ok("-o list.json customer list -F name");
    assert_eq!(
        read("list.json"),
        "[\n{\"kind\":\"customer\",\"name\":\"Anna\"}\n]\n"
    );
    env.ok("report pipeline -o pipeline.md");
    assert!(read("pipeline.md").is_empty() || read("pipeline.md").starts_with("| group |"));
    env.ok("today -w is:overdue -o late.txt");
    assert_eq!(read("late.txt"), "");
    // A failure leaves the file as it was, and nothing beside it.
    assert_eq!(env.run("customer list -w citty:x -o list.csv").code, 2);
    assert_eq!(read("list.csv"), "name,city\r\nAnna,Berlin\r\n");
    for (line, code, told) in [
        (
            "customer add Nobody -o nowhere/list.csv",
            3,
            "nowhere/list.csv: there is no folder nowhere",
        ),
        (
            "export customers -o nowhere/list.xlsx",
            3,
            "nowhere/list.xlsx: there is no folder nowhere",
        ),
        ("customer list -o .", 2, ". is a folder"),
    ] {
        let run = env.run(line);
        assert!(
            run.code == code && run.stderr.contains(told),
            "{line}: {}",
            run.stderr
        );
        assert!(
            !run.stderr.contains("exported") && !run.stderr.contains(".part"),
            "{}",
            run.stderr
        );
    }
    assert_eq!(env.run("customer show Nobody").code, 3, "nothing was done before");
    let names = std::fs::read_dir(env.home()).expect("a folder").flatten();
    assert!(
        names
            .map(|entry| entry.file_name())
            .all(|name| !name.to_string_lossy().ends_with(".part"))
    );
}

#[test]
fn statistics_are_one_line_of_json() {
    let env = Env::new();
    env.ok("init");
    let stats = |line: &str| -> serde_json::Value {
        let run = env.run(line);
        let last = run.stderr.lines().last().unwrap_or_default().to_owned();
        serde_json::from_str(&last).unwrap_or_else(|_| panic!("{line}: {}", run.stderr))
    };
    let added = stats("customer add Anna --stats");
    assert_eq!(
        (&added["op"], &added["exit"]),
        (&serde_json::json!(1), &serde_json::json!(0))
    );
    env.ok("customer add Ben");
    let listed = stats("customer list --stats --format json");
    assert_eq!(
        (&listed["rows"], &listed["op"]),
        (&serde_json::json!(2), &serde_json::Value::Null)
    );
    assert!(listed["ms"].is_number());
    assert_eq!(stats("customer show C9 --stats")["exit"], 3);
}

#[test]
fn a_region_that_is_said_to_init_is_kept() {
    let env = Env::new();
    let run = env.run("init --region ZZ9");
    assert_eq!(run.code, 2, "{}", run.stderr);
    assert!(!env.base().exists(), "nothing was made");
    let run = env.run("init --region cn");
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(
        run.stderr.contains("region is CN for all bases"),
        "{}",
        run.stderr
    );
    assert_eq!(env.ok("config get region"), "CN\n");
    env.ok("customer add 李娜 --phone 13800138000");
    assert_eq!(env.ok("customer list -F phones"), "+8613800138000\n");
    let run = env.run("init --db other.db --region DE");
    assert_eq!(run.code, 2, "{}", run.stderr);
    assert!(run.stderr.contains("crm config set region DE"), "{}", run.stderr);
    env.ok("init --db other.db --region CN");
}
