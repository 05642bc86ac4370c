//! Products, pipelines, users, teams, tags and custom fields from outside; and the trash.

use crate::env::Env;

#[test]
fn each_noun_is_added_changed_trashed_and_restored() {
    let env = Env::new();
    for (noun, add, reference, set, shown) in [
        (
            "product",
            "Widget sku=W1 price=55",
            "W1",
            "category=Tools",
            ("category", "Tools"),
        ),
        (
            "user",
            "Mona email=mona@seller.example",
            "Mona",
            "scope=own",
            ("scope", "own"),
        ),
        ("team", "North manager=self", "North", "manager=", ("manager", "")),
        (
            "tag",
            "vip description=Important",
            "vip",
            "description=Big",
            ("description", "Big"),
        ),
        (
            "field",
            "deal.size type=select options=S,M,L",
            "deal.size",
            "label=Size",
            ("label", "Size"),
        ),
        (
            "pipeline",
            "partners --stage talk --stage offer",
            "partners",
            "label=Partners",
            ("label", "Partners"),
        ),
    ] {
        env.ok(&format!("{noun} add {add}"));
        env.ok(&format!("{noun} set {reference} {set}"));
        let (name, value) = shown;
        let template = format!("--template '{{{name}}}'");
        assert_eq!(
            env.ok(&format!("{noun} show {reference} {template}")).trim(),
            value,
            "{noun}"
        );
        env.ok(&format!("{noun} rm {reference}"));
        assert_eq!(env.run(&format!("{noun} show {reference}")).code, 3, "{noun}");
        let trashed = if noun == "product" { "P1" } else { reference };
        env.ok(&format!("{noun} restore {trashed}"));
        env.ok(&format!("{noun} show {reference}"));
        env.ok("undo");
        assert_eq!(env.run(&format!("{noun} show {reference}")).code, 3, "{noun}");
        assert_eq!(env.run(&format!("{noun} restore Nothing")).code, 3, "{noun}");
    }
}

#[test]
fn stages_are_shaped_from_the_shell() {
    let env = Env::new();
    env.ok("pipeline add partners default=yes --stage talk --stage offer");
    env.ok("pipeline stage add partners Pilot --probability 70% --category commit --rot-days 9");
    env.ok("pipeline stage move partners pilot 1");
    env.ok("pipeline stage set partners talk --label 'First talk'");
    let keys = "pipeline stage list partners --template '{position} {key} {type} {probability}'";
    assert_eq!(
        env.ok(keys),
        "1 pilot open 70%\n2 talk open 33%\n3 offer open 66%\n4 won won 100%\n5 lost lost 0%\n"
    );
    env.ok("deal add 'Big one' --no-customer --stage 'first talk'");
    let run = env.run("pipeline stage rm partners talk");
    assert_eq!(run.code, 5, "{}", run.stderr);
    assert!(run.stderr.contains("deals are in talk (1)"), "{}", run.stderr);
    env.ok("pipeline stage rm partners talk --to pilot");
    assert_eq!(
        env.ok("deal show D1 --template '{pipeline} {stage}'"),
        "partners pilot\n"
    );
    env.ok("pipeline default sales");
    env.ok("deal add 'Other one' --no-customer");
    assert_eq!(env.ok("deal show D2 --template '{stage}'"), "prospecting\n");
}

#[test]
fn records_with_refs_go_to_the_trash_and_come_back() {
    let env = Env::new();
    env.ok("customer add Acme --type company --email info@acme.example");
    env.ok("deal add 'Big one' --customer C1");
    for (noun, reference) in [("customer", "C1"), ("deal", "D1")] {
        env.ok(&format!("{noun} rm {reference}"));
        assert_eq!(env.ok(&format!("{noun} list --format ids")), "", "{noun}");
        env.ok(&format!("{noun} restore {reference}"));
        assert_eq!(env.ok(&format!("{noun} list --format ids")).trim(), reference);
    }
    env.ok("customer rm C1");
    env.ok("customer add Other --email info@acme.example");
    assert_eq!(env.run("customer restore C1").code, 4);
}
