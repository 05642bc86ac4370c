//! `crm demo`: believable on every day of the year, and the same for the same clock.

use crate::env::{Env, Run};

fn demo(env: &Env, now: &str) -> Run {
    let mut command = env.command("demo --format json");
    Run::of(command.arg("--now").arg(now).output().expect("it runs"))
}

#[test]
fn every_section_of_the_agenda_has_a_row_whatever_the_day() {
    let env = Env::new();
    let first: jiff::civil::Date = "2026-02-25".parse().expect("a day");
    // Steps of 29 days meet every weekday twice, ends of months, the end of a year and both clock changes' months.
    for step in 0..14 {
        let day = first.saturating_add(jiff::Span::new().days(step * 29));
        let run = demo(&env, &day.to_string());
        assert_eq!(run.code, 0, "{day}: {}", run.stderr);
        let rows: Vec<serde_json::Value> = serde_json::from_str(&run.stdout).expect("JSON");
        for section in ["overdue", "today", "week", "quotes", "deals", "quiet"] {
            assert!(
                rows.iter().any(|row| row["section"] == section),
                "{day}: nothing in {section}"
            );
        }
    }
}

#[test]
fn the_same_clock_gives_the_same_base() {
    let (one, other) = (Env::new(), Env::new());
    let now = "2026-11-21T10:00:00+01:00";
    assert_eq!(demo(&one, now).stdout, demo(&other, now).stdout);
    let all = |env: &Env| {
        let list = |noun: &str| {
            let path = env.home().join(".local/share/crm/demo.db");
            env.ok(&format!("{noun} list --format csv --db {}", path.display()))
        };
        ["customer", "deal", "quote", "task", "activity"].map(list)
    };
    assert_eq!(all(&one), all(&other));
}

#[test]
fn real_data_is_left_alone() {
    let env = Env::new();
    env.ok("init");
    env.ok("customer add Anna");
    let base = env.base();
    assert_eq!(env.run(&format!("demo --db {}", base.display())).code, 4);
    env.ok("demo");
    assert_eq!(env.ok("customer list -F name"), "Anna\n");
}
