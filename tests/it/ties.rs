//! How records hang together: relationships, jobs, people of deals, files and links.

use crate::env::Env;

/// Two companies, three people, a deal.
fn base() -> Env {
    let env = Env::new();
    env.ok("init --currency EUR");
    env.ok("company add 'Acme GmbH'");
    env.ok("company add 蓝海电子");
    env.ok("customer add 'Anna Keller' --company C1 --title CTO");
    env.ok("customer add 张伟 --company C2");
    env.ok("customer add 'Łukasz Wójcik'");
    env.ok("deal add Rollout --customer C1 --amount 48000");
    env
}

#[test]
fn customers_are_related_from_either_side_and_survive_export_and_import() {
    let env = base();
    assert_eq!(
        env.ok("customer relate C3 reports_to C4 --note 'since May'"),
        "C3\n"
    );
    env.ok("customer relate C5 介绍人 C4");
    env.ok("customer relate C3 spouse C5");
    env.ok("customer employ C4 C1 --title 顾问 --from 2026-01-01 --beside");
    env.ok("deal person D1 C3 --role 决策人 --main");
    env.ok("attach D1 https://cloud.example/offer.pdf --title Offer");
    assert_eq!(env.ok("customer list -w related:C4 -F id"), "C5\nC3\n");
    let run = env.run("customer relate C3 reprots_to C4");
    assert_eq!(run.code, 5);
    assert!(run.stderr.contains("did you mean reports_to"), "{}", run.stderr);
    assert_eq!(env.run("customer relate C3 friend C3").code, 5);
    assert_eq!(env.run("customer unrelate C4 C1").code, 5);

    let copy = Env::new();
    for noun in ["customer", "deal"] {
        let text = env.ok(&format!("export {noun} --format ndjson"));
        std::fs::write(copy.home().join(format!("{noun}.ndjson")), text).expect("a file");
        copy.ok(&format!("import {noun} {noun}.ndjson"));
    }
    for words in [
        "customer list --sort id --format json -F id,name,title,employments,relationships,attachments",
        "deal list --sort id --format json -F id,name,person_details,attachments",
    ] {
        assert_eq!(copy.ok(words), env.ok(words), "{words}");
    }
}

#[test]
fn a_job_move_shows_and_is_taken_back() {
    let env = base();
    env.ok("customer employ C3 蓝海电子 --title CEO --from 2026-10-01");
    assert_eq!(
        env.ok("customer show C3 --template '{company.name} {title}'"),
        "蓝海电子 CEO\n"
    );
    assert_eq!(env.ok("customer list -w employers:C1 -F id"), "C3\n");
    let run = env.run("customer leave C3 C1");
    assert_eq!(run.code, 5);
    assert!(run.stderr.contains("works at C2"), "{}", run.stderr);
    env.ok("customer leave C3 C2 --on yesterday");
    assert_eq!(
        env.ok("customer show C3 --template '{company.name}{title}'"),
        "\n"
    );
    env.ok("undo");
    env.ok("undo");
    assert_eq!(
        env.ok("customer show C3 --template '{company.name} {title}'"),
        "Acme GmbH CTO\n"
    );
    assert_eq!(env.run("customer employ C3 C4").code, 5);
    assert_eq!(
        env.run("customer employ C3 C2 --from 2026-02-01 --to 2026-01-01")
            .code,
        5
    );
    assert_eq!(env.run("customer employ C3 C2 --from nonsense").code, 5);
}

#[test]
fn people_of_a_deal_are_listed_with_their_parts() {
    let env = base();
    env.ok("deal person D1 C4 --role champion");
    env.ok("deal person D1 C3 --role decision_maker --main");
    assert_eq!(
        env.ok("deal person D1 --format tsv"),
        "C3\tAnna Keller\tdecision_maker\ttrue\nC4\t张伟\tchampion\tfalse\n"
    );
    let run = env.run("deal person D1 C3 --role boss");
    assert_eq!(run.code, 5);
    env.ok("deal person D1 C3 --remove");
    assert_eq!(env.ok("deal person D1 --format ids"), "C4\n");
}

#[test]
fn files_are_known_by_their_hash_and_missed_when_they_go() {
    let env = base();
    let file = env.home().join("合同 v2.txt");
    std::fs::write(&file, "abc").expect("a file");
    env.ok("attach C3 '合同 v2.txt' https://cloud.example/offer.pdf");
    let listed: serde_json::Value = serde_json::from_str(&env.ok("attachment list C3 --json")).expect("JSON");
    assert_eq!(listed[0]["title"], "合同 v2.txt");
    assert_eq!(listed[0]["bytes"], 3);
    assert_eq!(
        listed[0]["sha256"],
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    );
    assert!(listed[1]["bytes"].is_null());
    assert_eq!(env.ok("attachment verify"), "");
    assert_eq!(env.ok("attachment verify --all").lines().count(), 2);
    std::fs::write(&file, "abd").expect("a file");
    let run = env.run("attachment verify");
    assert_eq!(run.code, 11);
    assert!(run.stdout.starts_with("C3\t1\tchanged\t"), "{}", run.stdout);
    env.ok("attach C3 '合同 v2.txt'");
    assert_eq!(env.run("attachment verify C3").code, 0);
    std::fs::remove_file(&file).expect("it goes");
    assert!(env.run("attachment verify C3 D1").stdout.contains("\tmissing\t"));
    let run = env.run("-o problems.tsv attachment verify");
    assert_eq!(run.code, 11);
    assert!(
        std::fs::read_to_string(env.home().join("problems.tsv"))
            .expect("it is kept")
            .contains("missing")
    );
    assert_eq!(env.run("attach C3 nowhere.txt").code, 3);
    assert_eq!(env.run("attach C99 https://cloud.example/x").code, 3);
    assert_eq!(env.run("attach C3 .").code, 5);
    assert_eq!(env.run("attachment rm C3 7").code, 3);
    env.ok("attachment rm C3 offer.pdf");
    assert_eq!(
        env.ok("attachment list C3 --format json")
            .matches("\"no\"")
            .count(),
        1
    );
    env.ok("undo");
    assert_eq!(
        env.ok("attachment open C3 2 --print"),
        "https://cloud.example/offer.pdf\n"
    );
    assert_eq!(env.run("attachment open C3 --print").code, 4);
    assert_eq!(env.run("attachment list D1 --fail-empty").code, 3);
}

#[test]
fn a_copy_stands_beside_the_base_and_moves_with_it() {
    let env = base();
    std::fs::write(env.home().join("contract.txt"), "signed").expect("a file");
    env.ok("attach D1 contract.txt --copy --dry-run");
    assert!(
        !env.home().join("base.files").exists(),
        "a rehearsal copies nothing"
    );
    env.ok("attach D1 contract.txt --copy");
    std::fs::remove_file(env.home().join("contract.txt")).expect("it goes");
    assert_eq!(
        env.ok("attachment list --format tsv").split('\t').nth(2),
        Some("contract.txt")
    );
    assert_eq!(env.run("attachment verify").code, 0);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode =
            |path: &std::path::Path| path.metadata().expect("it is there").permissions().mode() & 0o777;
        let folder = env.home().join("base.files");
        assert_eq!(mode(&folder), 0o700);
        let copy = std::fs::read_dir(&folder)
            .expect("a folder")
            .flatten()
            .next()
            .expect("a copy");
        assert_eq!(mode(&copy.path()), 0o600);
    }
    let moved = env.home().join("moved");
    std::fs::create_dir(&moved).expect("a folder");
    for name in ["base.db", "base.files"] {
        std::fs::rename(env.home().join(name), moved.join(name)).expect("it moves");
    }
    assert_eq!(env.run("--db moved/base.db attachment verify").code, 0);
}
