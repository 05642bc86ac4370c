//! `crm help`, plural nouns, words with a leading hyphen, and flags anywhere on the line.

use crate::env::Env;

#[test]
fn help_explains_topics_and_commands_and_needs_no_base() {
    let env = Env::new();
    for topic in ["filter", "dates", "formats", "exit-codes", "env"] {
        let text = env.ok(&format!("help {topic}"));
        assert!(text.lines().count() > 10, "{topic}: {text}");
        assert!(text.lines().all(|line| line.chars().count() <= 100), "{topic}");
    }
    assert!(env.ok("help").contains("exit-codes"));
    assert_eq!(env.ok("help customer add"), env.ok("customer add --help"));
    let run = env.run("help filtre");
    assert_eq!((run.code, run.stdout.as_str()), (2, ""));
    assert!(run.stderr.contains("filter"), "{}", run.stderr);
    assert_eq!(env.run("help customer nonsense").code, 2);
    assert!(!env.base().exists());
}

#[test]
fn nouns_have_a_plural_that_is_shown_nowhere() {
    let env = Env::new();
    env.ok("company add Acme");
    env.ok("contacts add Anna");
    assert_eq!(env.ok("customers list -F name"), "Anna\nAcme\n");
    assert_eq!(env.ok("companies list -F name"), "Acme\n");
    assert_eq!(env.ok("contacts list -F name"), "Anna\n");
    for plural in [
        "deals",
        "tasks",
        "activities",
        "products",
        "pipelines",
        "users",
        "teams",
        "tags",
        "fields",
        "forms",
    ] {
        env.ok(&format!("{plural} list"));
    }
    assert_eq!(
        env.run("custom list").code,
        2,
        "nothing is guessed from a beginning"
    );
    assert!(!env.ok("--help").contains("customers"));
}

#[test]
fn words_may_begin_with_a_hyphen_and_flags_stand_anywhere() {
    let env = Env::new();
    env.ok("customer add Anna --note 'likes -sharp cheese' --tag vip");
    env.ok("customer add Ben --note 'a -blunt knife'");
    for line in [
        "find -sharp",
        "find -sharp --kind customer",
        "--format tsv find --limit 3 -sharp cheese",
        "find cheese -sharp --format tsv",
        "find -- -sharp",
    ] {
        assert!(env.ok(line).contains("\tAnna\t"), "{line}");
    }
    assert_eq!(
        env.run("find cheese --limt 3").code,
        2,
        "a mistyped flag is no word"
    );
    assert_eq!(env.run("customer list -x").code, 2);
    assert_eq!(env.run("--db find customer show -x").code, 2);
    assert_eq!(
        env.ok("--format csv customer list -w -vip -F -phones,-emails --header"),
        env.ok("customer list --header -F -phones,-emails --format csv -w -vip")
    );
    assert_eq!(env.ok("customer list -w -vip -F name"), "Ben\n");
    let tsv = env.ok("filter explain customers -vip name:b --format tsv");
    let canonical: Vec<&str> = tsv
        .lines()
        .filter_map(|line| line.strip_prefix("canonical\t"))
        .collect();
    assert_eq!(canonical, ["name:b", "-vip"]);
}
