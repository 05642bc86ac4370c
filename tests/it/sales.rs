//! What a seller does all day beside adding and listing: merging, noting, putting off, rates, and asking what a filter
//! means.

use crate::env::Env;

#[test]
fn customers_who_are_the_same_become_one() {
    let env = Env::new();
    env.ok("customer add 'Anna Keller' --email anna@acme.example");
    env.ok("customer add 'A. Keller' --phone '+49 30 23125 100' --title CTO --city Berlin");
    env.ok("deal add Big --customer C2");
    env.ok("log C2 call 'Asked for a quote'");
    let run = env.run("customer merge C1 C2");
    assert_eq!(run.code, 8, "{}", run.stderr);
    // What cannot be done is not asked for.
    let run = env.run("customer merge C2 C2");
    assert_eq!(run.code, 2, "{}", run.stderr);
    assert!(run.stderr.contains("C2 is named twice"), "{}", run.stderr);
    env.ok("customer merge C1 C2 --dry-run");
    assert_eq!(env.ok("customer list --format ids"), "C2\nC1\n");
    env.ok("customer merge C1 C2 --choose name=C2 --yes");
    assert_eq!(
        env.ok("customer show C2 --template '{id} {name} {title} {city} {emails} {phones}'"),
        "C1 A. Keller CTO Berlin anna@acme.example +493023125100\n"
    );
    assert_eq!(env.ok("deal show D1 --template '{customer.id}'"), "C1\n");
    assert_eq!(
        env.ok("customer list -w 'has:last_activity' --format ids"),
        "C1\n"
    );
    env.ok("undo");
    assert_eq!(env.ok("customer list --format ids"), "C2\nC1\n");
    assert_eq!(env.ok("deal show D1 --template '{customer.id}'"), "C2\n");
    env.ok("customer add 'Acme' --type company");
    assert_eq!(
        env.run("customer merge C1 C3 --yes").code,
        5,
        "a person is no company"
    );
    assert_eq!(env.run("customer merge C1 C1 --yes").code, 2);
    assert_eq!(env.run("customer merge C1 C2 --choose name=C3 --yes").code, 2);
}

#[test]
fn a_customer_is_found_by_the_words_of_talks() {
    let env = Env::new();
    env.ok("customer add Anna");
    env.ok("customer add 'Warranty Ltd' --type company");
    env.ok("log C1 call 'Wants the longer warranty'");
    env.ok("log C1 call 'About the warranty again'");
    let found = |line: &str| env.ok(&format!("find {line} --template '{{id}} {{detail}}'"));
    // Who is called so comes first, and nobody comes twice.
    assert_eq!(
        found("warranty --kind customer"),
        "C2 \nC1 A2 About the warranty again\n"
    );
    assert_eq!(found("warranty"), "C2 \nA2 \nA1 \n");
    env.ok("undo");
    assert_eq!(found("again --kind customer"), "");
    let run = env.run("find -4711");
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
}

#[test]
fn notes_are_kept_where_they_belong() {
    let env = Env::new();
    env.ok("customer add Anna");
    env.ok("deal add Big --customer C1");
    env.ok("task add Call --for C1 --note First");
    env.ok("customer note C1 'Likes tea'");
    env.ok("deal note D1 '-5 percent is the limit'");
    env.ok("task note T1 Second");
    let texts = env.ok("activity list --template '{type} {text}'");
    assert_eq!(texts, "note -5 percent is the limit\nnote Likes tea\n");
    assert_eq!(
        env.ok("task show T1 --json=note").trim(),
        "{\"kind\":\"task\",\"note\":\"First\\n\\nSecond\"}"
    );
    // A note is no contact.
    assert_eq!(env.ok("customer list -w no:last_activity --format ids"), "C1\n");
    std::fs::write(env.home().join("note.txt"), "From a file\n").expect("written");
    env.ok("customer note C1 @note.txt");
    assert_eq!(
        env.ok("find 'from a file' --kind activity --template '{id}'"),
        "A3\n"
    );
    assert_eq!(env.run("customer note C1 ''").code, 5);
    assert_eq!(env.run("customer note C9 text").code, 3);
}

#[test]
fn tasks_are_put_off_from_when_they_are_due() {
    let env = Env::new();
    env.ok("customer add Anna");
    let add = env.run("task add Call --for C1 --due 'tue 15:00'");
    assert_eq!(add.stderr, "due Tue 24 Nov 2026 15:00 (in 3 days)\n");
    let due = || env.ok("task show T1 --template '{due}'").trim().to_owned();
    for (phrase, expected) in [
        ("+2d", "2026-11-26T15:00"),
        ("+1w", "2026-12-03T15:00"),
        ("-1d", "2026-12-02T15:00"),
        ("monday", "2026-11-23"),
        ("+1d", "2026-11-24"),
        ("yesterday", "2026-11-20"),
        ("+1d", "2026-11-22"),
    ] {
        let run = env.run(&format!("task snooze T1 {phrase}"));
        assert_eq!(run.code, 0, "{phrase}: {}", run.stderr);
        assert_eq!(due(), expected, "{phrase}");
        assert!(run.stderr.starts_with("due "), "{phrase}: {}", run.stderr);
    }
    env.ok("task cancel T1");
    assert_eq!(env.ok("task list -w is:open --format ids"), "");
    env.ok("task reopen T1");
    assert_eq!(env.ok("task list -w is:open --format ids"), "T1\n");
    env.ok("log C1 call 'No answer' --next 'Try again' --due 'mon 9:00'");
    let log = env.ok("op list --limit 1 --template '{title}'");
    assert_eq!(
        log,
        "Logged A1 with C1 Anna; next T2 Try again, Mon 23 Nov 2026 09:00\n"
    );
}

#[test]
fn other_currencies_count_at_their_rates() {
    let env = Env::new();
    env.ok("init --currency EUR");
    env.ok("deal add One --no-customer --amount '100 GBP'");
    env.ok("deal add Two --no-customer --amount '10 EUR'");
    env.ok("deal add Three --no-customer --amount '1000 JPY'");
    env.ok("deal win D3");
    let pipeline = || {
        let report: serde_json::Value =
            serde_json::from_str(&env.ok("report pipeline --json")).expect("a report");
        let totals = &report["totals"];
        (
            totals["amount"]["amount"].as_str().map(str::to_owned),
            report["left_out"].to_string(),
        )
    };
    let (amount, left_out) = pipeline();
    assert_eq!(amount.as_deref(), Some("10.00"));
    assert!(left_out.contains("\"deals\":1"), "{left_out}");
    env.ok("rate set GBP 1.2 --on 2026-11-01");
    assert_eq!(pipeline().0.as_deref(), Some("130.00"));
    env.ok("rate set GBP 1.5");
    assert_eq!(pipeline().0.as_deref(), Some("160.00"));
    env.ok("undo");
    assert_eq!(pipeline().0.as_deref(), Some("130.00"));
    // What was won before its rate was known counts as soon as it is.
    let won = || {
        env.ok("report won --format csv")
            .lines()
            .nth(1)
            .unwrap_or_default()
            .to_owned()
    };
    assert!(
        won().starts_with("all,1,,") || won().starts_with("all,1,0.00,"),
        "{}",
        won()
    );
    env.ok("rate set JPY 0.006 --on 2026-01-01");
    assert!(won().starts_with("all,1,6.00,EUR"), "{}", won());
    assert_eq!(
        env.ok("rate list --format tsv"),
        "GBP\t2026-11-01\t1.2\nJPY\t2026-01-01\t0.006\n"
    );
    env.ok("rate rm GBP --on 2026-11-01");
    assert_eq!(pipeline().0.as_deref(), Some("10.00"));
    for (line, code) in [
        ("rate set EUR 1", 5),
        ("rate set XXL 1", 5),
        ("rate set GBP -1", 2),
        ("rate set GBP much", 5),
        ("rate rm GBP --on 2026-11-01", 3),
    ] {
        assert_eq!(env.run(line).code, code, "{line}");
    }
}

#[test]
fn a_filter_says_what_it_means_and_what_it_can_say() {
    let env = Env::new();
    env.ok("init");
    let explained = env.ok("filter explain customer 'owner:@me last_contact:..-30d' --format table");
    insta::assert_snapshot!(explained, @r"
    canonical
      owner:@me last_activity:..-30d

    meaning
      all of
        owner is self
        last_activity to 2026-10-22

    plan
      SEARCH r USING INDEX customer_owner (owner_id=? AND rowid>?)
      SCALAR SUBQUERY 1
        SEARCH user USING INDEX user_name (name_key=?)
    ");
    let fields = env.ok("filter fields deal --format csv");
    assert!(fields.starts_with("name,takes,help,aliases"), "{fields}");
    assert!(
        fields.lines().any(|line| line.starts_with("expected_close,")),
        "{fields}"
    );
    let run = env.run("filter explain deal 'citty:x'");
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("^^^^^"), "{}", run.stderr);
    assert_eq!(env.run("filter fields dael").code, 2);
    env.ok("customer add Anna --tag vip");
    env.ok("filter explain customer -vip");
}
