//! `crm assignment`: rules that give leads away, from the first one to the log that says why.

use crate::env::Env;

fn with_leads() -> Env {
    let env = Env::new();
    env.ok("user add Ann");
    env.ok("user add 陈晓");
    for name in ["张伟", "Nora", "Olaf"] {
        env.ok(&format!("customer add {name} --lifecycle lead --owner ''"));
    }
    env
}

#[test]
fn leads_are_given_away_in_turn_and_the_log_says_why() {
    let env = with_leads();
    env.ok("assignment add web -m Ann -m '陈晓;cap=30'");
    let rehearsed = env.ok("assignment run --dry-run --format csv");
    assert_eq!(
        env.ok("customer list -w no:owner --format ids").lines().count(),
        3
    );
    let run = env.ok("assignment run --format csv");
    assert_eq!(run, rehearsed);
    assert_eq!(
        run.lines().nth(2),
        Some("C2,Nora,陈晓,web,round robin: 陈晓 comes after Ann")
    );
    // For cron: a run without anything to do says nothing.
    let again = env.run("assignment run");
    assert_eq!(
        (again.code, again.stdout.as_str(), again.stderr.as_str()),
        (0, "", "")
    );
    assert_eq!(env.run("assignment run --fail-empty").code, 3);
    assert_eq!(
        env.ok("assignment log web --customer C3 --format tsv"),
        "2026-11-21T09:00:00Z\tC3\tOlaf\tAnn\tweb\tround robin: Ann comes after 陈晓\n"
    );
    let line: serde_json::Value =
        serde_json::from_str(&env.ok("assignment log --limit 1 --format ndjson")).expect("a line of JSON");
    assert_eq!(
        (&line["customer"]["id"], &line["user"]),
        (&"C3".into(), &"Ann".into())
    );
    assert_eq!(
        env.ok("sql 'SELECT customer_ref, user FROM v_assignment_log WHERE why LIKE \"%begins\"'"),
        "C1\tAnn\n"
    );
    env.ok("undo");
    assert_eq!(env.run("assignment log --fail-empty").code, 3);
}

#[test]
fn a_new_customer_goes_to_whose_turn_it_is() {
    let env = with_leads();
    env.ok("assignment add cn -m 陈晓 -w city:北京 --position 1");
    env.ok("assignment add rest -m Ann --position 2");
    let run = env.run("customer add 李雷 --city 北京 --assign");
    assert!(run.stderr.contains("assigned to 陈晓 by cn"), "{}", run.stderr);
    env.ok("customer add Pia --lifecycle lead --assign");
    assert_eq!(
        env.ok("customer list --sort name -F owner -w 'Pia or 李雷'"),
        "陈晓\nAnn\n"
    );
    let run = env.run("customer add Quinn --assign");
    assert!(run.stderr.contains("no rule of assignment"), "{}", run.stderr);
    assert_eq!(env.run("customer add Rob --assign --owner Ann").code, 2);

    // A form that names nobody itself asks the rules; one that does has its own turn.
    env.ok("form add open -e name");
    env.ok("form add own -e name --assign 陈晓");
    for (form, name) in [("open", "Sam"), ("own", "Tom")] {
        let file = env.home().join("sent.json");
        std::fs::write(&file, format!("{{\"name\": \"{name}\"}}")).expect("a file");
        env.ok(&format!("form submit {form} sent.json"));
    }
    assert_eq!(
        env.ok("customer list --sort name -F owner -w 'Sam or Tom'"),
        "Ann\n陈晓\n"
    );
}

#[test]
fn a_rule_is_a_record_like_any_other() {
    let env = with_leads();
    env.ok("assignment add web -m 'Ann;weight=2' -m 陈晓 --strategy weighted --fallback self");
    env.ok("assignment set web position=5 description='All of them'");
    assert_eq!(
        env.ok("assignment list -F key,position,filter,strategy,fallback --format tsv"),
        "web\t5\tlifecycle:lead\tweighted\tself\n"
    );
    assert!(
        env.ok("assignment show web --format json")
            .contains("All of them")
    );
    for line in [
        "assignment add web -m Ann",
        "assignment add other -m Nobody",
        "assignment add other -m Ann --strategy random",
        "assignment add other -m Ann -w citty:Bonn",
        "assignment run -w citty:Bonn",
        "assignment log nobody",
    ] {
        let run = env.run(line);
        assert!(run.code != 0 && !run.stderr.is_empty(), "{line}: {}", run.code);
    }
    env.ok("assignment run");
    env.ok("dump out");
    assert_eq!(env.run("--db other.db load out").code, 0);
    for line in [
        "assignment list --format ndjson",
        "assignment log --format ndjson",
    ] {
        assert_eq!(env.ok(&format!("--db other.db {line}")), env.ok(line), "{line}");
    }
    env.ok("export assignment --format ndjson -o rules.ndjson");
    env.ok("assignment rm web");
    assert_eq!(env.ok("assignment list --format ids"), "");
    assert_eq!(env.ok("assignment run --format ids"), "");
    env.ok("assignment restore web");
    assert_eq!(env.ok("assignment list --format ids"), "web\n");
    let run = env.run("import assignment rules.ndjson --dry-run");
    assert_eq!(run.code, 0, "{}", run.stderr);
}

#[test]
fn whom_an_import_makes_is_given_away_with_it() {
    let env = with_leads();
    env.ok("assignment add web -m Ann -m 陈晓");
    let file = env.home().join("leads.csv");
    std::fs::write(
        &file,
        "name,lifecycle,owner\n李雷,lead,\nPia,lead,\nRob,lead,self\nSam,prospect,\n",
    )
    .expect("a file");
    let run = env.run("import customer leads.csv --assign");
    assert!(
        run.stderr.contains("2 customers assigned by rule"),
        "{}",
        run.stderr
    );
    // Who was there before belongs to nobody still; so does whom no rule is about.
    assert_eq!(
        env.ok("customer list --sort name -w 'not no:owner' -F name,owner"),
        "李雷\tAnn\nPia\t陈晓\nRob\tself\n"
    );
    let last = env.ok("op list --limit 1 --template '{title}'");
    assert!(last.contains("mport"), "{last}");
    env.ok("undo");
    assert_eq!(env.run("assignment log --fail-empty").code, 3);
    assert_eq!(env.run("import customer leads.csv --assign --dry-run").code, 0);
}
