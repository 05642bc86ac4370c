//! What is held of a person: shown, handed over, erased for good.

use std::fs;

use crate::env::Env;

#[test]
fn whoever_is_erased_does_not_come_back() {
    let env = Env::new();
    env.ok("init");
    env.ok("customer add 'Eve Moss' --email eve@moss.example --note secret");
    fs::write(env.home().join("letter.txt"), "secret").unwrap();
    env.ok("attach C1 letter.txt --copy");
    env.ok("log C1 call 'said so'");
    env.ok("backup");
    let files = env.home().join("base.files");
    assert_eq!(fs::read_dir(&files).unwrap().count(), 1);
    let shown = env.ok("privacy show eve@moss.example --format csv");
    assert!(
        shown.contains("email,1") && shown.contains("attachment,1"),
        "{shown}"
    );
    let exported = env.ok("privacy export C1");
    assert!(exported.lines().all(|line| line.starts_with('{')), "{exported}");
    assert!(
        exported.contains("said so") && exported.contains("eve@moss.example"),
        "{exported}"
    );

    assert_eq!(env.run("privacy erase C1").code, 8);
    env.ok("privacy erase C1 --dry-run");
    assert!(env.ok("customer show C1").contains("Eve"));
    let run = env.run("privacy erase eve@moss.example --reason asked --yes");
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(run.stderr.contains("1 copies of the base"), "{}", run.stderr);
    assert_eq!(fs::read_dir(&files).unwrap().count(), 0);
    assert!(env.ok("privacy list --format csv").contains("C1,"));
    for line in [
        "op list --format json",
        "privacy export C1",
        "customer list",
        "find moss",
        "find secret",
    ] {
        let said = env.ok(line).to_lowercase();
        for secret in ["moss", "secret", "said so"] {
            assert!(!said.contains(secret), "crm {line}: {said}");
        }
    }
    assert_eq!(env.run("undo").code, 4);
    env.ok("check");

    assert_eq!(env.run("customer add Eve --email Eve@Moss.example").code, 5);
    fs::write(
        env.home().join("people.csv"),
        "name,email\nEve,eve@moss.example\nBo,bo@hill.example\n",
    )
    .unwrap();
    let run = env.run("import customer people.csv");
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(
        run.stderr.contains("line 2 skipped: emails: eve@moss.example"),
        "{}",
        run.stderr
    );
    assert!(
        run.stderr
            .contains("1 created, 0 updated, 0 unchanged, 1 skipped"),
        "{}",
        run.stderr
    );
    env.ok("privacy lift eve@moss.example");
    env.ok("customer add Eve --email eve@moss.example");
    assert_eq!(env.run("privacy lift eve@moss.example").code, 3);
    assert_eq!(env.run("customer restore C1").code, 4);
}
