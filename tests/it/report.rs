//! Reports from outside: flags, formats, what is kept, what is listed behind a figure.

use crate::env::Env;

/// A base in euros with deals of two quarters, on 2026-11-21.
fn sales() -> Env {
    let env = Env::new();
    for line in [
        "init --currency EUR",
        "user add Lena",
        "customer add '张伟' --city 上海",
        "deal add Won --customer C1 --amount 1000 --owner Lena --close 2026-11-30",
        "deal add Sure --customer C1 --amount 500 --stage negotiation --close 2026-12-10",
        "deal add Late --no-customer --amount 70 --stage proposal --close 2026-11-01",
        "deal win D1 --on 2026-11-21",
        "log C1 call 'Said yes' --deal D1",
    ] {
        env.ok(line);
    }
    env
}

/// The lines of a file, ended as everywhere else.
fn csv(env: &Env, line: &str) -> String {
    env.ok(&format!("{line} --format csv")).replace("\r\n", "\n")
}

#[test]
fn reports_are_listed_with_what_they_are_made_of() {
    let env = Env::new();
    env.ok("init");
    let list = csv(&env, "report list");
    assert_eq!(list, csv(&env, "report"));
    assert!(list.starts_with("name,what,counts,period,by,columns\n"), "{list}");
    let help = env.ok("report --help");
    for line in list.lines().skip(1) {
        let name = line.split(',').next().unwrap();
        assert!(help.contains(&format!("  {name} ")), "{name} in {help}");
        let columns = line.rsplit(',').next().unwrap().trim_matches('"');
        let object: serde_json::Value =
            serde_json::from_str(&env.ok(&format!("report {name} --json"))).expect("JSON");
        assert_eq!(object["report"], name);
        for key in ["definition", "as_of", "period", "filter", "rows", "totals"] {
            assert!(object.get(key).is_some(), "{name} says its {key}");
        }
        if let Some(totals) = object["totals"].as_object() {
            let names: Vec<&str> = totals.keys().map(String::as_str).collect();
            assert_eq!(names.join(" "), columns, "{name}");
        }
    }
}

#[test]
fn a_forecast_is_kept_and_held_against_what_came() {
    let env = sales();
    assert_eq!(
        csv(&env, "report forecast --no-header -w amount:1.."),
        "all,1000.00,EUR,500.00,EUR,70.00,EUR,0.00,EUR,1442.00,EUR,1500.00,EUR,1570.00,EUR,570.00,EUR,2,0,1,70.00,EUR\n\
         total,1000.00,EUR,500.00,EUR,70.00,EUR,0.00,EUR,1442.00,EUR,1500.00,EUR,1570.00,EUR,570.00,EUR,2,0,1,70.00,EUR\n"
    );
    let run = env.run("report forecast --snapshot --dry-run");
    assert_eq!((run.code, run.stdout.as_str()), (0, ""), "{}", run.stderr);
    assert_eq!(csv(&env, "report forecast-accuracy --no-header"), "");
    let run = env.run("report forecast --snapshot");
    assert_eq!((run.code, run.stdout.as_str()), (0, ""), "{}", run.stderr);
    assert!(
        run.stderr.starts_with("Kept the forecast of 2026-Q4\n"),
        "{}",
        run.stderr
    );
    env.ok("deal win D2 --on 2026-12-01 --now 2026-12-01");
    assert_eq!(
        csv(&env, "report forecast-accuracy --no-header --now 2027-01-02"),
        "2026-11-21,2026-Q4,all,1500.00,EUR,1500.00,EUR,100.00%,1570.00,EUR,95.33%,1442.00,EUR,96.13%,\n"
    );
    let by_owner = env.ok("report forecast-accuracy --by owner --json --now 2027-01-02");
    let object: serde_json::Value = serde_json::from_str(&by_owner).expect("JSON");
    assert_eq!(object["rows"][0]["group"], "Lena");
    assert_eq!(object["rows"][0]["commit_accuracy"], 1.0);
    assert!(object["totals"].is_null());
    assert!(
        env.ok("op list --limit 3 --template '{title}'")
            .contains("Kept the forecast of 2026-Q4")
    );
    env.ok("undo 8");
    assert_eq!(csv(&env, "report forecast-accuracy --no-header"), "");
}

#[test]
fn figures_are_shown_with_the_records_behind_them() {
    let env = sales();
    for (line, ids) in [
        ("report won --records --format ids", "D1\n"),
        ("report forecast --records --format ids", "D3\nD2\nD1\n"),
        (
            "report pipeline --records --format ids -w 'stage:proposal'",
            "D3\n",
        ),
        ("report activity --records --format ids", "A1\n"),
        ("report team --records --format ids", "D1\n"),
        ("report lead-response --records --format ids", "C1\n"),
        ("report slippage --records --format ids", ""),
        (
            "report stale --kind customer --days 7 --format ids --now 2027-01-01",
            "C1\n",
        ),
    ] {
        assert_eq!(env.ok(line), ids, "{line}");
    }
    assert_eq!(
        env.ok("report won --records -F name,customer --format tsv"),
        "Won\tC1\n"
    );
    env.ok("deal set D2 expected_close=2027-02-01");
    assert_eq!(
        env.ok("report slippage --records --format tsv -F id,name"),
        "D2\tSure\n"
    );
    assert_eq!(
        csv(&env, "report slippage"),
        "group,expected,expected_amount,expected_amount_currency,slipped,amount,amount_currency,pushes,slip_rate\n\
         all,0,0.00,EUR,1,500.00,EUR,1,–\ntotal,0,0.00,EUR,1,500.00,EUR,1,–\n"
    );
    assert_eq!(
        csv(&env, "report overview --period 2026-11").lines().nth(1),
        Some("revenue,1000.00,0.00,1000.00,–,better,up,EUR")
    );
    assert_eq!(
        csv(
            &env,
            "report won --period 2026-11 --by customer --compare --no-header"
        ),
        "张伟,1,1000.00,EUR,0.00,EUR,1000.00,EUR,–,1000.00,EUR,1000.00,EUR,0.0,0.0\n\
         total,1,1000.00,EUR,0.00,EUR,1000.00,EUR,–,1000.00,EUR,1000.00,EUR,0.0,0.0\n"
    );
}

#[test]
fn what_makes_no_sense_is_refused() {
    let env = sales();
    for (line, code) in [
        ("report forcast", 2),
        ("report won --snapshot", 2),
        ("report won --days 3", 2),
        ("report won --kind deal", 2),
        ("report won --limit 3", 2),
        ("report won --compare", 2),
        ("report won --compare --records --period 2026-11", 2),
        ("report won --by owner --records", 2),
        ("report forecast --by owner --snapshot", 2),
        ("report velocity --records", 2),
        ("report pipeline --value", 2),
        ("report forecast --by stage", 2),
        ("report team --by month", 2),
        ("report team --by owner", 0),
        ("report stale --period 2026-11", 2),
        ("report stale --days 0", 2),
        ("report stale --kind task", 2),
        ("report stale --kind nonsense", 2),
        ("report slippage --period all", 2),
        ("report overview --period ..2026-01", 2),
        ("report won -F name", 2),
        ("report activity -w 'amount:1'", 2),
        ("report lost --fail-empty", 3),
        ("report lost --records --fail-empty", 3),
        ("report slippage --records --fail-empty", 3),
        ("report won --fail-empty", 0),
    ] {
        let run = env.run(line);
        assert_eq!(run.code, code, "{line}: {}", run.stderr);
    }
    let run = env.run("report forcast");
    assert!(run.stderr.contains("forecast"), "{}", run.stderr);
}

#[test]
fn json_gives_the_columns_that_are_named() {
    let env = Env::new();
    env.ok("init --currency EUR");
    env.ok("deal add Crane --no-customer --amount 100");
    env.ok("deal win D1");
    let shown = env.ok("report won --json=amount,won");
    assert!(
        shown.contains("\"rows\": [\n    {\n      \"amount\": {"),
        "{shown}"
    );
    assert!(!shown.contains("\"group\""), "{shown}");
    let run = env.run("report won --json=amout");
    assert_eq!(run.code, 2, "{}", run.stderr);
    assert!(run.stderr.contains("amount"), "{}", run.stderr);
}

#[test]
fn what_is_to_be_mended_is_said_of_each_customer() {
    let env = Env::new();
    for line in [
        "init",
        "customer add 张伟 --phone '+86 138 0013 8000'",
        "customer add Firm --type company --email info@firm.example --owner self --city Kiel --country DE",
        "customer add 'Ann Lee' --company Firm --title Boss --city Kiel --country DE --source website --owner self",
        "log C3 call 'Said yes'",
        "customer set C1 owner=",
    ] {
        env.ok(line);
    }
    // The firm can be reached and is looked after; what else is not known of it can wait.
    assert_eq!(
        csv(&env, "report data-quality --records"),
        "id,name,lacks\nC3,Ann Lee,reachable; email; phone\n\
         C1,张伟,email; company; title; city; country; source; owner; contacted\n"
    );
    assert_eq!(env.ok("report data-quality --records --format ids"), "C3\nC1\n");
    let one = env.ok("report data-quality --records --limit 1 --json");
    assert!(
        one.contains(r#""lacks":["reachable","email","phone"]"#) && !one.contains("C1"),
        "{one}"
    );
    assert_eq!(
        csv(&env, "report data-quality --records -F name"),
        "name\nAnn Lee\n张伟\n"
    );
    assert_eq!(
        env.run("report data-quality --records -w name:firm --fail-empty")
            .code,
        3
    );
}
